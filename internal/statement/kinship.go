package statement

import (
	"slices"

	"dangan/internal/codes"
)

// single are relations of which a person has one at a time: two names for one contradict each other.
var single = []string{"father", "mother", "husband", "wife", "spouse"}

func (r Record) kinship() []Proposal {
	out := make([]Proposal, 0, len(r.Family))
	for _, e := range r.Family {
		p := Proposal{Line: Line{Key: "family:" + e.ID, Name: e.Name, Relation: codes.KinName(e.Relation), IDNo: e.IDNo, Kind: e.Relation}, Entry: e.ID, EntryKind: "family", EnteredBy: e.EnteredBy}
		p.Source, p.Recorded, p.Hindrance = r.source(e.MaterialID, e.Cite, e.ConfirmedBy, e.PageNo)
		out = append(out, p.waits())
	}
	for i := range out {
		for j := range out {
			a, b := out[i].Line, out[j].Line
			sameName, sameKind := a.Name == b.Name, a.Kind == b.Kind
			if i != j && out[j].Hindrance == nil && (sameName && !sameKind || sameKind && !sameName && slices.Contains(single, a.Kind)) {
				out[i].Conflicts = append(out[i].Conflicts, b.Key)
				out[i].Remark = "档案中对此有不同记载，一并列出"
			}
		}
	}
	return out
}
