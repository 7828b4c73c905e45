package statement

// history states the recorded periods. The same spell told with other dates, and another
// unit for the same spell, are said beside both.
func (r Record) history() []Proposal {
	out := make([]Proposal, 0, len(r.Periods))
	for _, e := range r.Periods {
		p := Proposal{Line: Line{Key: "period:" + e.ID, Kind: e.Kind, From: e.FromMonth, To: e.ToMonth, Unit: e.Unit, Post: e.Post}, Entry: e.ID, EntryKind: "period", EnteredBy: e.EnteredBy}
		p.Source, p.Recorded, p.Hindrance = r.source(e.MaterialID, e.Cite, e.ConfirmedBy, e.PageNo)
		out = append(out, p.waits())
	}
	for i := range out {
		for j := range out {
			a, b := out[i].Line, out[j].Line
			if i == j || a.Kind != b.Kind {
				continue
			}
			says := ""
			switch sameSpan := a.From == b.From && a.To == b.To; {
			case a.Unit == b.Unit && !sameSpan && overlap(a, b):
				says = Span(b.From, b.To)
			case a.Unit != b.Unit && sameSpan:
				says = b.Unit
			default:
				continue
			}
			out[i].beside(out[j], "档案记载不一致，"+b.Source+"记为"+says)
		}
	}
	return out
}

func overlap(a, b Line) bool {
	end := func(s string) string {
		if s == "" {
			return "9999-12"
		}
		return s
	}
	return a.From <= end(b.To) && b.From <= end(a.To)
}
