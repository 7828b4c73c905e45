package demo_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"dangan/internal/api"
	"dangan/internal/document"
	"dangan/internal/store"
)

// What a charge is called (8, 29.9, 29.10). The browser tests hold the screens they walk to
// the same words (test/e2e/harness.mjs). What materials record, such as pay (工资), and the
// budget of article 9 (经费) are none.
var (
	charge = regexp.MustCompile(`收费|费用|价格|价款|金额|支付|缴费|付款|收款|交费|押金|发票|计费|¥|￥`)
	price  = regexp.MustCompile(`(?i)^(charges?|prices?|fees?|payments?|amounts?|costs?|paid|invoices?|money|currency|deposits?)$`)
	// allowed are the sentences that name a charge to say that there is none, what pension law calls years of
	// work, and titles of materials of social insurance.
	allowed = regexp.MustCompile(`不收取(任何)?费用|不得收费|视同缴费年限|实际缴费年限|缴费年限|参保缴费(证明|凭证)|养老保险缴费明细|收取保管、查阅、证明、转递等费用|捆绑或变相收费`)
	word    = regexp.MustCompile(`[A-Z]?[a-z]+|[A-Z]+`)
)

func chargeIn(text string) string {
	return charge.FindString(allowed.ReplaceAllString(strings.Join(strings.Fields(text), ""), ""))
}

func priceIn(name string) string {
	for _, w := range word.FindAllString(name, -1) {
		if price.MatchString(w) {
			return w
		}
	}
	return ""
}

// No field anywhere asks for a charge, a price or a payment: not in the schema, nor in what programs see.
func TestNoFieldAsksForACharge(t *testing.T) {
	in := sample(t)
	columns := 0
	rows, err := in.DB.Query(t.Context(), "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type='table'")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			t.Fatal(err)
		}
		columns++
		for _, name := range []string{table, column} {
			if w := priceIn(name); w != "" {
				t.Errorf("table %s, column %s: %s", table, column, w)
			}
		}
	}
	if err := rows.Err(); err != nil || columns < 300 {
		t.Fatalf("%d columns seen: %v", columns, err)
	}
	raw, err := api.Document("test")
	if err != nil {
		t.Fatal(err)
	}
	var doc any
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	names := 0
	var walk func(at string, v any)
	walk = func(at string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for k, inner := range v {
				names++
				if w := priceIn(k); w != "" {
					t.Errorf("OpenAPI %s: %s", at, k)
				}
				walk(at+"/"+k, inner)
			}
		case []any:
			for i, inner := range v {
				walk(fmt.Sprintf("%s[%d]", at, i), inner)
			}
		case string:
			if w := chargeIn(v); w != "" {
				t.Errorf("OpenAPI %s: %q speaks of %s", at, v, w)
			}
		}
	}
	walk("", doc)
	if names < 3000 {
		t.Fatalf("%d names seen", names)
	}
}

// Every paper of the sample province says that the service is free, and none of them
// speaks of a charge otherwise. One of each kind is read, of the newest.
func TestEveryPaperSaysItIsFree(t *testing.T) {
	in := sample(t)
	list, err := store.List[document.Document](t.Context(), in.DB, "WHERE id IN (SELECT max(id) FROM document GROUP BY kind) ORDER BY kind")
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 15 {
		t.Fatalf("%d kinds of papers", len(list))
	}
	for _, d := range list {
		pdf, err := in.Press.Content(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		text := textOf(t.Context(), t, pdf)
		if w := chargeIn(text); w != "" {
			t.Errorf("%s %s speaks of %s", d.KindName(), d.Number, w)
		}
		if said := strings.Join(strings.Fields(text), ""); !strings.Contains(said, "不收取任何费用") && !strings.Contains(said, "免费") {
			t.Errorf("%s %s does not say that it is free:\n%s", d.KindName(), d.Number, text)
		}
	}
}

func textOf(ctx context.Context, t *testing.T, pdf []byte) string {
	t.Helper()
	cmd := exec.CommandContext(ctx, "pdftotext", "-layout", "-", "-")
	cmd.Stdin = bytes.NewReader(pdf)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	return string(out)
}
