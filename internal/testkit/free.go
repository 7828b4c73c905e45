package testkit

import (
	"bytes"
	"context"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"dangan/internal/document"
	"dangan/internal/store"
)

// What a charge is called (8, 29.9, 29.10). The browser tests hold the screens they walk to
// the same words (test/e2e/harness.mjs). What materials record, such as pay (工资), and the
// budget of article 9 (经费) are none.
var (
	charge = regexp.MustCompile(`收费|费用|价格|价款|金额|支付|缴费|付款|收款|交费|押金|发票|计费|¥|￥`)
	// allowed are the sentences that name a charge to say that there is none, what pension law calls years of
	// work, and titles of materials of social insurance.
	allowed = regexp.MustCompile(`不收取(任何)?费用|不得收费|视同缴费年限|实际缴费年限|缴费年限|参保缴费(证明|凭证)|养老保险缴费明细|收取保管、查阅、证明、转递等费用|捆绑或变相收费`)
)

// ChargeIn is the first word of a text that speaks of a charge, "" for none.
func ChargeIn(text string) string {
	return charge.FindString(allowed.ReplaceAllString(strings.Join(strings.Fields(text), ""), ""))
}

// FreePapers holds the newest paper of each kind that a province issued to saying that the
// service is free, and to no word of a charge otherwise; those of skip are passed by. It
// returns the kinds it read.
func FreePapers(t testing.TB, db *store.DB, press *document.Press, skip func(kind string) bool) (kinds []string) {
	t.Helper()
	ctx := context.Background() // a test's own has ended when it cleans up
	list, err := store.List[document.Document](ctx, db, "WHERE id IN (SELECT max(id) FROM document GROUP BY kind) ORDER BY kind")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range list {
		if skip(d.Kind) {
			continue
		}
		pdf, err := press.Content(ctx, d)
		if err != nil {
			t.Fatal(err)
		}
		text := PaperText(t, pdf)
		if w := ChargeIn(text); w != "" {
			t.Errorf("%s %s speaks of %s:\n%s", d.KindName(), d.Number, w, text)
		}
		if said := strings.Join(strings.Fields(text), ""); !strings.Contains(said, "不收取任何费用") && !strings.Contains(said, "免费") {
			t.Errorf("%s %s does not say that it is free:\n%s", d.KindName(), d.Number, text)
		}
		kinds = append(kinds, d.Kind)
	}
	return kinds
}

// PaperText is what a paper says, cell by cell as it was written.
func PaperText(t testing.TB, pdf []byte) string {
	t.Helper()
	cmd := exec.CommandContext(context.Background(), "pdftotext", "-raw", "-", "-")
	cmd.Stdin = bytes.NewReader(pdf)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	return string(out)
}
