package statement

import (
	"slices"

	"dangan/internal/dossier"
)

// FactKinds are the key facts of which a certificate states what materials record (23),
// in the order of its form.
var FactKinds = []string{"birth_date", "work_start", "education_degree", "party_joining"}

// facts states every writing of a key fact with its material, and the decisions of
// competent departments beside them. Nothing is chosen among writings that differ: they
// are named together, with what disagrees (29.7). An entry counts once another person
// confirmed it (29.2).
func (r Record) facts() []Proposal {
	var out []Proposal
	var facts []dossier.Fact // what lies behind out, for comparing
	for _, kind := range FactKinds {
		for _, e := range r.Facts {
			if e.Kind != kind {
				continue
			}
			p := Proposal{Line: Line{Key: "fact:" + e.ID, Kind: kind, Written: e.Written}, Entry: e.ID, EntryKind: "fact", EnteredBy: e.EnteredBy}
			p.Source, p.Recorded, p.Hindrance = r.source(e.MaterialID, e.Cite, e.ConfirmedBy, e.PageNo)
			out, facts = append(out, confirmed(p, e.ConfirmedBy).waits()), append(facts, e)
		}
		for _, e := range r.Decisions {
			if e.Kind != kind {
				continue
			}
			p := Proposal{Line: Line{Key: "determination:" + e.ID, Kind: kind, Written: e.Written, Authority: e.Authority}, Entry: e.ID, EntryKind: "determination", EnteredBy: e.EnteredBy}
			p.Source, p.Recorded, p.Hindrance = r.source(e.MaterialID, e.Cite, e.ConfirmedBy, e.PageNo)
			out, facts = append(out, confirmed(p, e.ConfirmedBy).waits()), append(facts, dossier.Fact{Kind: kind, Written: e.Written, Value: e.Value})
		}
	}
	for i := range out {
		for j := range out {
			a, b := &out[i], out[j]
			if i == j || a.Kind != b.Kind || !dossier.Disagree(facts[i], facts[j]) {
				continue
			}
			a.beside(b, together)
		}
	}
	return out
}

// together is what the remark says of records that are stated beside each other.
const together = "档案中对此有不同记载，一并列出"

// confirmed holds an entry to the second person's word, wherever it was read.
func confirmed(p Proposal, by string) Proposal {
	if p.Hindrance == nil && by == "" {
		p.Hindrance = unconfirmed("这条记载还没有经第二人核对。")
	}
	return p
}

// Lacks says of which key facts asked for nothing can be stated, in the order of the form.
func Lacks(proposals []Proposal, asked []string) []string {
	var out []string
	for _, kind := range FactKinds {
		if slices.Contains(asked, kind) && !slices.ContainsFunc(proposals, func(p Proposal) bool { return p.Kind == kind && p.Hindrance == nil }) {
			out = append(out, kind)
		}
	}
	return out
}
