package certificate

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"dangan/internal/agency"
	"dangan/internal/dossier"
	"dangan/internal/paper"
	"dangan/internal/person"
	"dangan/internal/statement"
	"dangan/internal/statement/statementtest"

	"pgregory.net/rapid"
)

// extract reads a page of text back from a PDF.
func extract(t interface{ Fatal(...any) }, pdf []byte) string {
	cmd := exec.Command("pdftotext", "-layout", "-", "-")
	cmd.Stdin = strings.NewReader(string(pdf))
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(out)), "")
}

// The same on paper: the marks that are printed are those of entries that may
// carry a statement and were chosen; no mark of another entry, of a material that
// is not filed, secret or another's, ever reaches the sheet.
func TestNothingElseIsPrinted(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		kind := rapid.SampledFrom([]Kind{History, Kinship, Facts}).Draw(rt, "kind")
		r := statementtest.Record(rt)
		proposals := r.Propose(kind.States())
		var keys []string
		for _, p := range proposals {
			if p.Hindrance == nil {
				keys = append(keys, p.Key)
			}
		}
		if kind == History && len(keys) > 1 {
			keys = keys[:rapid.IntRange(1, len(keys)).Draw(rt, "some")]
		}
		lines, err := statement.Choose(kind.States(), proposals, keys)
		if err != nil {
			return
		}
		c := content{words: firstWords[kind], Certificate: Certificate{Kind: kind, Use: "办理落户", Applicant: Self, Name: "程砚清", ValidUntil: "2027-02-24"}, lines: lines, maker: "经办甲", reviewer: "审核乙",
			person: person.Person{Name: "程砚清", Sex: "2", IDNo: "500108199103140022"}, agency: agency.Agency{Name: "演示人才中心"}}
		at := time.Date(2026, 11, 25, 2, 0, 0, 0, time.UTC)
		d := paper.New(paper.Options{Title: kind.Name(), Number: "演人才证〔2026〕1号", Issuer: c.agency.Name, Created: at})
		c.write(d, at, nil)
		var pdf strings.Builder
		if err := d.Render(&pdf); err != nil {
			rt.Fatal(err)
		}
		text := extract(rt, []byte(pdf.String()))
		for _, l := range lines {
			for _, want := range []string{l.Post, l.Name, l.Written} {
				if want != "" && !strings.Contains(text, want) {
					rt.Fatalf("%s is stated and not printed: %s", want, text)
				}
			}
		}
		for _, m := range r.Materials {
			// A filed, open material may be named as a source or as what disagrees.
			if strings.Contains(text, m.Title) && (m.State != dossier.Filed || m.Secrecy > 0) {
				rt.Fatalf("%s (%s, secrecy %d) is printed: %s", m.Title, m.State, m.Secrecy, text)
			}
		}
		for _, e := range r.Periods {
			stated := slices.ContainsFunc(lines, func(l statement.Line) bool { return l.Key == "period:"+e.ID })
			if strings.Contains(text, e.Post) && !stated {
				rt.Fatalf("%s was not chosen and is printed: %s", e.Post, text)
			}
		}
		for _, e := range r.Family {
			stated := slices.ContainsFunc(lines, func(l statement.Line) bool { return l.Name == e.Name })
			if strings.Contains(text, e.Name) && !stated {
				rt.Fatalf("%s was not chosen and is printed: %s", e.Name, text)
			}
		}
	})
}
