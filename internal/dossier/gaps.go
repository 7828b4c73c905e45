package dossier

import (
	"context"
	"slices"

	"dangan/internal/codes"
	"dangan/internal/store"
)

// Gap is a key fact that no sound material covers (20.4a), or a missing non-key
// material of the category's checklist (20.4b).
type Gap struct {
	KeyFact     string   // empty: non-key
	Title       string   // what is asked for first
	Class       string   // its class
	Others      []string // titles that would do as well
	Consequence string   // what the lack means for the person
}

// Consequences of a missing key material by key fact (forms.md 4).
var Consequences = map[string]string{
	"birth_date":       "影响退休年龄认定、待遇核定和公务员录用",
	"work_start":       "影响工龄（视同缴费年限）认定",
	"party_joining":    "影响党员身份和党龄确认、组织关系接转",
	"education_degree": "影响职称评审、招考资格审查",
	"work_history":     "影响工龄、职称任职年限认定和政审考察",
}

// Held is one piece that is there: filed, listed by hand, or cited.
type Held struct{ Title, Class string }

// keyFactsOf says which of the five key facts a dossier of a category must
// prove: those its checklist asks for, joining the Party for members only.
func keyFactsOf(category, subtype string, member bool) []string {
	var out []string
	for _, fact := range KeyFacts {
		asked := fact == "party_joining" && member
		for _, w := range codes.Checklist(category, subtype) {
			asked = asked || fact != "party_joining" && w.Level == "required" && slices.Contains(w.KeyFacts, fact)
		}
		if asked {
			out = append(out, fact)
		}
	}
	return out
}

// FindGaps compares what is there with the checklist of the category and the
// evidence of the key facts. 就业报到证 is asked of nobody.
func FindGaps(category, subtype string, member bool, held []Held) []Gap {
	covered, have := map[string]bool{}, map[string]bool{}
	for _, h := range held {
		have[codes.Canonical(h.Title)] = true
		for _, fact := range codes.Proves(h.Title, h.Class) {
			covered[fact] = true
		}
	}
	out := []Gap{}
	for _, fact := range keyFactsOf(category, subtype, member) {
		if covered[fact] {
			continue
		}
		g := Gap{KeyFact: fact, Consequence: Consequences[fact]}
		wanted := codes.Checklist(category, subtype)
		slices.SortStableFunc(wanted, func(a, b codes.Wanted) int { return leads(b, fact) - leads(a, fact) })
		for _, w := range wanted {
			if !slices.Contains(w.KeyFacts, fact) || w.Level == "if-applicable" && fact != "party_joining" || !slices.Contains(codes.Proves(w.Title, w.Class), fact) {
				continue
			}
			if g.Title == "" {
				g.Title, g.Class = w.Title, w.Class
			} else if len(g.Others) < 4 && !slices.Contains(g.Others, w.Title) {
				g.Others = append(g.Others, w.Title)
			}
		}
		if g.Title == "" {
			g.Title, g.Class = firstEvidence(fact)
		}
		out = append(out, g)
	}
	for _, w := range codes.Checklist(category, subtype) {
		if w.Level == "required" && len(w.KeyFacts) == 0 && !have[codes.Canonical(w.Title)] {
			out = append(out, Gap{Title: w.Title, Class: w.Class})
		}
	}
	return out
}

// Expected are the materials that the checklist of a category expects and nobody must have
// (materials.md 4): a plan shows them, no notice of arrival and no undertaking names them.
func Expected(category, subtype string, held []Held) []Gap {
	have := map[string]bool{}
	for _, h := range held {
		have[codes.Canonical(h.Title)] = true
	}
	out := []Gap{}
	for _, w := range codes.Checklist(category, subtype) {
		if w.Level == "expected" && !have[codes.Canonical(w.Title)] {
			out = append(out, Gap{Title: w.Title, Class: w.Class})
		}
	}
	return out
}

// leads orders what to ask for: required before expected, the fact as the main one before others.
func leads(w codes.Wanted, fact string) int {
	n := 0
	if w.Level == "required" {
		n += 2
	}
	if len(w.KeyFacts) > 0 && w.KeyFacts[0] == fact {
		n++
	}
	return n
}

func firstEvidence(fact string) (title, class string) {
	for _, e := range codes.KeyFactEvidence() {
		if e.KeyFact == fact && e.Weight == "primary" {
			return e.Title, e.Class
		}
	}
	return "", ""
}

// Gaps computes what a dossier lacks from its catalog and from what was cited by
// hand and confirmed. For a paper-only dossier nothing is known of the packet's
// content until somebody looked: ok is false, and nothing is asserted.
func Gaps(ctx context.Context, q store.Querier, d Dossier) (gaps []Gap, ok bool, err error) {
	gaps, _, ok, err = Lacks(ctx, q, d)
	return gaps, ok, err
}

// Lacks is Gaps together with what the checklist expects and is not there.
func Lacks(ctx context.Context, q store.Querier, d Dossier) (gaps, expected []Gap, ok bool, err error) {
	if d.Catalog == 0 {
		return nil, nil, false, nil
	}
	var held []Held
	catalog, err := CatalogOf(ctx, q, d.ID)
	if err != nil {
		return nil, nil, false, err
	}
	for _, m := range catalog {
		held = append(held, Held{m.Title, m.Class})
	}
	facts, err := FactsOf(ctx, q, d.ID)
	if err != nil {
		return nil, nil, false, err
	}
	for _, f := range facts {
		if f.ConfirmedBy != "" && f.Cite != "" {
			class, title := ParseCite(f.Cite)
			held = append(held, Held{title, class})
		}
	}
	var political string
	if err := q.QueryRow(ctx, "SELECT coalesce(political,'') FROM person WHERE id=?", d.PersonID).Scan(&political); err != nil {
		return nil, nil, false, store.Classify(err)
	}
	return FindGaps(d.Category, d.Subtype, political == "01" || political == "02", held), Expected(d.Category, d.Subtype, held), true, nil
}
