package statement

import "dangan/internal/codes"

// single are relations of which a person has one at a time: two names for one contradict each
// other, in whatever words a spouse is written.
var single = map[string]string{"father": "father", "mother": "mother", "husband": "spouse", "wife": "spouse", "spouse": "spouse"}

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
			if i == j {
				continue
			}
			sameName, sameKind := a.Name == b.Name, a.Kind == b.Kind || single[a.Kind] != "" && single[a.Kind] == single[b.Kind]
			if sameName && !sameKind || sameKind && !sameName && single[a.Kind] != "" {
				out[i].beside(out[j], together)
			}
		}
	}
	return out
}
