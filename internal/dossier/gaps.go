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
	Because     string   // of what the checklist asks only under a condition: what shows that it holds
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
type Held struct {
	Title, Class string
	Maker        string // who formed it, as far as it is known
	Year         int64  // of its forming; 0: not known
	Quiet        bool   // closed to some (15): it covers what it covers, and nothing is said of it
}

// Recorded is what is known of a person and a dossier, from which its gaps follow.
type Recorded struct {
	Category, Subtype string
	Held              []Held
	Proved            []string           // key facts that two persons read in a piece that is there
	Conditions        map[string]Showing // the conditions of the checklist that are known to hold
}

// holds says whether a line of the checklist applies: its condition, if it has one, is known to hold.
func (r Recorded) holds(w codes.Wanted) (Showing, bool) {
	if w.Condition == "" {
		return Showing{}, w.Level != "if-applicable"
	}
	s, known := r.Conditions[w.Condition]
	return s, known
}

// wants says whether the absence of a line's material is a gap (materials.md 4).
func (r Recorded) wants(w codes.Wanted) (Showing, bool) {
	s, applies := r.holds(w)
	return s, applies && w.Level != "expected"
}

// keyFactsOf says which of the five key facts a dossier must prove: those its checklist asks
// for, those that a condition known to hold brings as its main one; joining the Party for
// members only.
func keyFactsOf(r Recorded, list []codes.Wanted) []string {
	var out []string
	for _, fact := range KeyFacts {
		_, asked := r.Conditions["party"]
		asked = asked && fact == "party_joining"
		for _, w := range list {
			if fact == "party_joining" {
				break
			}
			_, wants := r.wants(w)
			asked = asked || w.Level == "required" && slices.Contains(w.KeyFacts, fact) || wants && len(w.KeyFacts) > 0 && w.KeyFacts[0] == fact
		}
		if asked {
			out = append(out, fact)
		}
	}
	return out
}

// FindGaps compares what is there with the checklist of the category and the evidence of the
// key facts. What the checklist requires and is not there is always a gap: of a key fact that
// another material proves, a non-key one (materials.md 4). 就业报到证 is asked of nobody.
func FindGaps(r Recorded) []Gap {
	covered, have := map[string]bool{}, map[string]bool{}
	for _, fact := range r.Proved {
		covered[fact] = true
	}
	for _, h := range r.Held {
		have[codes.Canonical(h.Title)] = true
		for _, fact := range codes.Proves(h.Title, h.Class) {
			covered[fact] = true
		}
	}
	list := codes.Checklist(r.Category, r.Subtype)
	out, first := []Gap{}, map[string]bool{}
	for _, fact := range keyFactsOf(r, list) {
		if covered[fact] {
			continue
		}
		g := Gap{KeyFact: fact, Consequence: Consequences[fact]}
		wanted := slices.Clone(list)
		slices.SortStableFunc(wanted, func(a, b codes.Wanted) int { return r.leads(b, fact) - r.leads(a, fact) })
		for _, w := range wanted {
			s, applies := r.holds(w)
			if !slices.Contains(w.KeyFacts, fact) || !applies && w.Level != "required" && fact != "party_joining" || !slices.Contains(codes.Proves(w.Title, w.Class), fact) {
				continue
			}
			if g.Title == "" {
				g.Title, g.Class, g.Because = w.Title, w.Class, s.Because
			} else if len(g.Others) < 4 && !slices.Contains(g.Others, w.Title) {
				g.Others = append(g.Others, w.Title)
			}
		}
		if g.Title == "" {
			g.Title, g.Class = firstEvidence(fact)
		}
		first[g.Title] = true
		out = append(out, g)
	}
	for _, w := range list {
		s, wants := r.wants(w)
		if !wants || first[w.Title] || have[codes.Canonical(w.Title)] && !s.Again {
			continue
		}
		first[w.Title] = true
		out = append(out, Gap{Title: w.Title, Class: w.Class, Because: s.Because})
	}
	return out
}

// Expected are the materials that the checklist of a category expects and nobody must have
// (materials.md 4): a plan shows them, no notice of arrival and no undertaking names them.
func Expected(r Recorded) []Gap {
	have := map[string]bool{}
	for _, h := range r.Held {
		have[codes.Canonical(h.Title)] = true
	}
	out := []Gap{}
	for _, w := range codes.Checklist(r.Category, r.Subtype) {
		s := r.Conditions[codes.ConditionOf(w.Title, w.Class)] // what shows that it was formed, and of which year
		if w.Level == "expected" && (!have[codes.Canonical(w.Title)] || s.Again) {
			out = append(out, Gap{Title: w.Title, Class: w.Class, Because: s.Because})
		}
	}
	return out
}

// leads orders what to ask for: what is wanted before what is expected, the fact as the main
// one before others.
func (r Recorded) leads(w codes.Wanted, fact string) int {
	n := 0
	if _, wants := r.wants(w); wants {
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
	hidden := map[string]bool{}
	for _, m := range catalog {
		hidden[m.ID] = m.Guard != ""
		held = append(held, Held{Title: m.Title, Class: m.Class, Maker: m.maker(), Year: m.FormedYear, Quiet: hidden[m.ID]})
	}
	facts, err := FactsOf(ctx, q, d.ID)
	if err != nil {
		return nil, nil, false, err
	}
	for _, f := range facts {
		if f.ConfirmedBy != "" && f.Cite != "" {
			class, title := ParseCite(f.Cite)
			held = append(held, Held{Title: title, Class: class})
		}
	}
	r, err := RecordedOf(ctx, q, d, held, hidden)
	if err != nil {
		return nil, nil, false, err
	}
	stated, err := NotFormedOf(ctx, q, d.ID)
	if err != nil {
		return nil, nil, false, err
	}
	return FindGaps(r), formed(Expected(r), stated), true, nil
}
