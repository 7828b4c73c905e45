package certificate

import (
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"dangan/internal/agency"
	"dangan/internal/codes"
	"dangan/internal/custody"
	"dangan/internal/dossier"
	"dangan/internal/paper"
	"dangan/internal/person"

	"pgregory.net/rapid"
)

// drawn is a random record: materials in every state, entries that rest on them, on
// pieces cited by hand, or on nothing of this dossier. Every value is a mark of its
// own, so that a printed one can be traced to the entry it came from.
func drawn(rt *rapid.T) record {
	r := record{dossier: dossier.Dossier{ID: "d", State: dossier.InStore, ReceivedOn: "2019-06-18", AccountKind: "personal"}, materials: map[string]dossier.Material{}}
	pick := func(label string, n int) int { return rapid.IntRange(0, n-1).Draw(rt, label) }
	states := []dossier.MaterialState{dossier.Filed, dossier.Filed, dossier.Filed, dossier.Received, dossier.ToFile, dossier.Returned, dossier.Superseded, dossier.Delivered}
	for i := range pick("materials", 6) {
		m := dossier.Material{ID: fmt.Sprint("m", i), DossierID: "d", State: states[pick("state", len(states))], Class: "4-1", Seq: int64(i + 1), Title: fmt.Sprintf("材料%d号", i), FormedYear: int64(1990 + i)}
		if pick("secret", 4) == 0 {
			m.Secrecy = 1 + pick("level", 4)
		}
		r.materials[m.ID] = m
	}
	// An entry's source: a material (perhaps of another dossier), or cited by hand.
	source := func(i int) (material, cite, confirmed string) {
		if pick("cited", 3) == 0 {
			return "", dossier.Cite("1", fmt.Sprintf("纸质%d号", i)), []string{"", "second"}[pick("confirmed", 2)]
		}
		return fmt.Sprint("m", pick("material", 8)), "", ""
	}
	for i := range pick("periods", 6) {
		e := dossier.Period{ID: fmt.Sprint("p", i), Kind: []string{dossier.Study, dossier.Work}[pick("kind", 2)], FromMonth: fmt.Sprintf("20%02d-01", 10+i), ToMonth: fmt.Sprintf("20%02d-12", 12+i),
			Unit: fmt.Sprintf("单位%d号", pick("unit", 3)), Post: fmt.Sprintf("岗位%d号", i), PageNo: 2}
		e.MaterialID, e.Cite, e.ConfirmedBy = source(i)
		r.periods = append(r.periods, e)
	}
	for i := range pick("family", 6) {
		e := dossier.Family{ID: fmt.Sprint("f", i), Relation: []string{"father", "mother", "son"}[pick("relation", 3)], Name: fmt.Sprintf("亲属%d号", pick("name", 4)), PageNo: 3}
		e.MaterialID, e.Cite, e.ConfirmedBy = source(100 + i)
		r.family = append(r.family, e)
	}
	switch pick("custody", 4) {
	case 0:
		r.dossier.ReceivedOn = ""
	case 1:
		r.dossier.State = dossier.Left
	case 2:
		r.dossier.State = dossier.Left
		r.chain = []custody.Event{{Kind: custody.Taken, At: time.Date(2019, 6, 18, 1, 0, 0, 0, time.UTC)}, {Kind: custody.Dispatched, At: time.Date(2024, 3, 5, 1, 0, 0, 0, time.UTC)}}
	}
	return r
}

// carries says whether an entry's source may carry a statement, told anew from the
// rule: a filed, open material of this dossier, or a piece cited by one and
// confirmed by another (29.7, 15).
func carries(r record, material, cite, confirmed string) bool {
	if material == "" {
		return cite != "" && confirmed != ""
	}
	m, here := r.materials[material]
	return here && m.State == dossier.Filed && m.Secrecy == 0
}

// rests says whether a line is what an entry that may carry it says, word for word.
func rests(r record, l Line) bool {
	kind, id, _ := strings.Cut(l.Key, ":")
	switch kind {
	case "custody":
		return l.From != "" && l.From == r.dossier.ReceivedOn && (r.dossier.State == dossier.Left) == (l.To != "")
	case "period":
		return slices.ContainsFunc(r.periods, func(e dossier.Period) bool {
			return e.ID == id && carries(r, e.MaterialID, e.Cite, e.ConfirmedBy) && l.Kind == e.Kind && l.From == e.FromMonth && l.To == e.ToMonth && l.Unit == e.Unit && l.Post == e.Post
		})
	case "family":
		return slices.ContainsFunc(r.family, func(e dossier.Family) bool {
			return e.ID == id && carries(r, e.MaterialID, e.Cite, e.ConfirmedBy) && l.Name == e.Name && l.Relation == codes.KinName(e.Relation)
		})
	}
	return false
}

// asked are keys of what the desk proposes, or of anything, also what is in nobody's record.
func asked(rt *rapid.T, proposals []Proposal) []string {
	anything, offered := []string{"custody", "period:x", "family:x", ""}, []string{}
	for _, p := range proposals {
		anything = append(anything, p.Key)
		if p.Hindrance == nil {
			offered = append(offered, p.Key)
		}
	}
	if len(offered) == 0 || rapid.IntRange(0, 3).Draw(rt, "anything") == 0 {
		return rapid.SliceOfN(rapid.SampledFrom(anything), 0, 4).Draw(rt, "keys")
	}
	return rapid.SliceOfNDistinct(rapid.SampledFrom(offered), 1, len(offered), rapid.ID[string]).Draw(rt, "keys")
}

// 29.7: whatever is asked for, what comes out rests on a filed material or the
// custody record, says what stands there, names where, and leaves no known
// contradiction out; if anything asked for does not, nothing comes out.
func TestEveryLineRestsOnTheRecord(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		kind := rapid.SampledFrom([]Kind{Custody, History, Kinship}).Draw(rt, "kind")
		r := drawn(rt)
		proposals := propose(kind, r)
		keys := asked(rt, proposals)
		lines, err := Choose(kind, proposals, keys)
		if err != nil {
			if len(lines) > 0 {
				rt.Fatalf("refused, and %d lines given all the same", len(lines))
			}
			return
		}
		if len(lines) == 0 {
			rt.Fatal("a certificate without a statement")
		}
		for _, k := range keys {
			if !slices.ContainsFunc(lines, func(l Line) bool { return l.Key == k }) {
				rt.Fatalf("%q was asked for and left out in silence", k)
			}
		}
		for _, l := range lines {
			if !rests(r, l) || l.Source == "" || !slices.Contains(keys, l.Key) {
				rt.Fatalf("%+v rests on nothing", l)
			}
			for _, other := range lines {
				if kind == Kinship && l.Relation == "父亲" && other.Relation == "父亲" && l.Name != other.Name && l.Remark == "" {
					rt.Fatalf("two fathers and no word about it: %+v", l)
				}
			}
		}
	})
}

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
		kind := rapid.SampledFrom([]Kind{History, Kinship}).Draw(rt, "kind")
		r := drawn(rt)
		proposals := propose(kind, r)
		var keys []string
		for _, p := range proposals {
			if p.Hindrance == nil {
				keys = append(keys, p.Key)
			}
		}
		if kind == History && len(keys) > 1 {
			keys = keys[:rapid.IntRange(1, len(keys)).Draw(rt, "some")]
		}
		lines, err := Choose(kind, proposals, keys)
		if err != nil {
			return
		}
		c := content{Certificate: Certificate{Kind: kind, Use: "办理落户", Applicant: Self, Name: "程砚清", ValidUntil: "2027-02-24"}, lines: lines, maker: "经办甲", reviewer: "审核乙",
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
			for _, want := range []string{l.Post, l.Name} {
				if want != "" && !strings.Contains(text, want) {
					rt.Fatalf("%s is stated and not printed: %s", want, text)
				}
			}
		}
		for _, m := range r.materials {
			// A filed, open material may be named as a source or as what disagrees.
			if strings.Contains(text, m.Title) && (m.State != dossier.Filed || m.Secrecy > 0) {
				rt.Fatalf("%s (%s, secrecy %d) is printed: %s", m.Title, m.State, m.Secrecy, text)
			}
		}
		for _, e := range r.periods {
			stated := slices.ContainsFunc(lines, func(l Line) bool { return l.Key == "period:"+e.ID })
			if strings.Contains(text, e.Post) && !stated {
				rt.Fatalf("%s was not chosen and is printed: %s", e.Post, text)
			}
		}
		for _, e := range r.family {
			stated := slices.ContainsFunc(lines, func(l Line) bool { return l.Name == e.Name })
			if strings.Contains(text, e.Name) && !stated {
				rt.Fatalf("%s was not chosen and is printed: %s", e.Name, text)
			}
		}
	})
}
