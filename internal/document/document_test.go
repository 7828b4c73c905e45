package document_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dangan/internal/agency"
	"dangan/internal/document"
	"dangan/internal/gate"
	"dangan/internal/paper"
	"dangan/internal/policy"
	"dangan/internal/store"
	"dangan/internal/testkit"
)

const rare = "𠮷田·𡈽𪚥"

// issue lets an act of the clerk issue one acceptance slip; fail makes the act fail afterwards.
func issue(p *testkit.Province, name string, fail error) (d document.Document, err error) {
	ctx := context.Background()
	_, err = p.Gate.Do(ctx, gate.Act{Actor: p.As("clerk-500108"), Action: "document.read"}, func(tx *gate.Tx) error {
		if err := tx.Permit(policy.Resource{Type: "Document", Agencies: []string{"50010801"}}); err != nil {
			return err
		}
		a, err := agency.Get(ctx, tx, "50010801")
		if err != nil {
			return err
		}
		d, err = p.Press.Issue(tx, document.Draft{Kind: document.Acceptance, Agency: a, CaseRef: "Test:" + gate.NewID(), IDTail: "4229", ValidUntil: "2026-12-31",
			Write: func(doc *paper.Document, i document.Issue) {
				doc.Paragraph("兹受理" + name + "的申请。").Close(paper.Closing{Issuer: a.Name, Date: i.At, Seal: i.Seal})
			}})
		return errors.Join(err, fail)
	})
	return d, err
}

func tool(t *testing.T, pdf []byte, name string, args ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "paper.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	for i := range args {
		args[i] = strings.ReplaceAll(args[i], "FILE", file)
	}
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil && name != "pdfsig" {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

func TestAPaperIsNumberedSignedAndReadOnRecord(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		d, err := issue(p, rare, nil)
		if err != nil {
			t.Fatal(err)
		}
		if d.Number != "南岸人才受〔2026〕1号" {
			t.Errorf("number %s", d.Number)
		}
		a := p.Client("clerk-500108").Get("/api/v1/documents/" + d.ID + "/pdf").OK()
		if said := tool(t, a.Body, "pdfsig", "-nocert", "FILE"); !strings.Contains(said, "Signature is Valid.") || !strings.Contains(said, "Total document signed") {
			t.Errorf("pdfsig: %s", said)
		}
		text := strings.Join(strings.Fields(tool(t, a.Body, "pdftotext", "FILE", "-")), "")
		for _, want := range []string{rare, d.Code, "本服务不收取任何费用"} {
			if !strings.Contains(text, want) {
				t.Errorf("text lacks %s: %s", want, text)
			}
		}
		var reads int
		if err := p.DB.QueryRow(context.Background(), "SELECT count(*) FROM ledger_subject WHERE subject=?", "Document:"+d.ID).Scan(&reads); err != nil || reads != 2 {
			t.Errorf("%d entries about the paper, want issue and reading (%v)", reads, err)
		}
		if a := p.Client("clerk-500103").Get("/api/v1/documents/" + d.ID + "/pdf"); a.Status != 404 {
			t.Errorf("another agency's clerk got %d", a.Status)
		}
		if a := p.Client("scanner-500108").Get("/api/v1/documents/" + d.ID + "/pdf"); a.Status != 403 {
			t.Errorf("a scanner got %d", a.Status)
		}
		if a := p.Client("").Get("/api/v1/documents/" + d.ID + "/pdf"); a.Status != 401 {
			t.Errorf("the unsigned got %d", a.Status)
		}
		if n := len(list(t, p, "clerk-500108", d.CaseRef)); n != 1 {
			t.Errorf("the case lists %d papers", n)
		}
		if n := len(list(t, p, "clerk-500103", d.CaseRef)); n != 0 {
			t.Errorf("another agency sees %d papers", n)
		}
		p.Documents.Share("Test", func(context.Context, store.Querier, string) ([]string, error) { return []string{"50010301"}, nil })
		if n := len(list(t, p, "clerk-500103", d.CaseRef)); n != 1 {
			t.Errorf("who takes part in the case sees %d papers", n)
		}
	})
}

func list(t *testing.T, p *testkit.Province, user, caseRef string) []any {
	t.Helper()
	var page struct{ Items []any }
	p.Client(user).Get("/api/v1/documents?case=" + caseRef).JSON(&page)
	return page.Items
}

func TestNumbersHaveNoGaps(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		for i := range 3 {
			if _, err := issue(p, "甲", nil); err != nil {
				t.Fatal(err)
			}
			if _, err := issue(p, "乙", errors.New("the act fails")); err == nil {
				t.Fatal("a failing act came through")
			}
			var missing *paper.MissingGlyph
			if _, err := issue(p, "\U0010FFFD", nil); !errors.As(err, &missing) {
				t.Fatalf("a character nobody can print gave %v", err)
			}
			d, err := issue(p, "丙", nil)
			if want := fmt.Sprintf("南岸人才受〔2026〕%d号", 2*i+2); err != nil || d.Number != want {
				t.Errorf("number %s, want %s (%v)", d.Number, want, err)
			}
		}
	})
}

func TestAnyoneChecksAPaperByNumberAndCode(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		d, err := issue(p, "甲", nil)
		if err != nil {
			t.Fatal(err)
		}
		q := func(number, code string) string { return "/api/v1/verify?number=" + number + "&code=" + code }
		var v map[string]any
		p.Client("").Get(q("南岸人才受[2026]%201号", strings.ToLower(strings.ReplaceAll(d.Code, "-", "%20")))).JSON(&v)
		want := map[string]any{"kind": "受理回执", "number": d.Number, "state": "valid", "stateName": "有效", "agency": "南岸区公共就业和人才服务中心", "issuedOn": "2026-11-23",
			"validUntil": "2026-12-31", "validDays": 38.0, "idTail": "4229", "checkedAt": "2026-11-23T01:00:00Z", "hotline": "023-00000000"}
		if fmt.Sprint(v) != fmt.Sprint(want) {
			t.Errorf("the check says\n%v, want\n%v", v, want)
		}
		for _, wrong := range []string{q(d.Number, "2222-2222"), q("南岸人才受〔2026〕9号", d.Code), q("x", "y")} {
			start := time.Now()
			a := p.Client("").Get(wrong)
			if a.Status != 404 || a.Problem().Title != "没有查到" {
				t.Errorf("%s answered %d %s", wrong, a.Status, a.Body)
			}
			if took := time.Since(start); took < 200*time.Millisecond {
				t.Errorf("an unknown paper is told in %v, sooner than a known one", took)
			}
		}
		p.Clock.Advance(60 * 24 * time.Hour)
		if s := p.Client("").Get(q(d.Number, d.Code)).String("state"); s != "expired" {
			t.Errorf("after its last day the paper is %s", s)
		}
		many := 0
		for range 20 {
			if p.Client("").Get(q(d.Number, "2222-2222")).Status == 429 {
				many++
			}
		}
		if many == 0 {
			t.Error("more than twenty checks a minute are answered")
		}
		trust := p.Client("").Get("/api/v1/verify/trust")
		if trust.Status != 429 && !bytes.HasPrefix(trust.Body, []byte("-----BEGIN CERTIFICATE-----")) {
			t.Errorf("trust is %s", trust.Body)
		}
	})
}

// A code can't be guessed: long enough, each character as likely as any other; typed by hand
// in any way it is found, also one of before, of 8 characters.
func TestCodes(t *testing.T) {
	const rounds = 4000
	seen, count := map[string]bool{}, map[rune]int{}
	for range rounds {
		code := document.NewCode()
		if seen[code] || len(code) != 14 || code[4] != '-' || code[9] != '-' {
			t.Fatalf("code %q", code)
		}
		seen[code] = true
		for _, r := range code {
			count[r]++
		}
		if typed := " " + strings.ToLower(strings.ReplaceAll(code, "-", " ")); document.NormalCode(typed) != code {
			t.Fatalf("%q typed is %q", code, document.NormalCode(typed))
		}
	}
	mean := rounds * 12 / (len(count) - 1)
	for r, n := range count {
		if r != '-' && (n < mean*8/10 || n > mean*12/10) {
			t.Errorf("%c came %d times, of %d", r, n, mean)
		}
	}
	if got := document.NormalCode("7k3m9qxt"); got != "7K3M-9QXT" {
		t.Errorf("a code of before is %s", got)
	}
}
