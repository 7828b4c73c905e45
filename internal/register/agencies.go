package register

import (
	"cmp"
	"context"
	"slices"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/gate"
	"dangan/internal/store"
)

// Agencies is the register of decisions on agencies (5, 6a): founded, authorized, renamed,
// merged, closed, on which document and from which day. It stands here because the room of
// agencies lies below that of registers.
func Agencies(g *gate.Gate) Register {
	posts := []string{"head", "supervisor"}
	var states []Choice
	for _, kind := range []string{agency.Established, agency.Authorized, agency.Renamed, agency.Merging, agency.Closing, agency.Assigned, agency.Contact} {
		states = append(states, Choice{Key: kind, Name: agency.Change{Kind: kind}.KindName()})
	}
	return Of(Register{Key: "agency-changes", No: 27, Name: "机构变动", Elsewhere: true, Rule: "6a", Date: "登记日期", Heads: []string{"批准文号", "生效日期", "变动内容", "授权至", "移交卷数", "执行"}, Widths: []float64{30, 12, 34, 12, 10, 16},
		States: states, Posts: posts, Table: "agency_change", Note: "机构设立、授权、更名、合并、撤销、调整隶属的决定和联系方式的变更，一件一条；到期未生效的保留。"},
		Source[agency.Change]{DB: func() store.Querier { return g.DB() }, Scope: OfAgency("agency_change.agency", "", posts...), At: "agency_change.decided_at", State: "agency_change.kind", Numbers: []string{"agency_change.document", "agency_change.agency"},
			Place: func(c agency.Change) (string, string) { return Micro(c.DecidedAt), c.ID },
			Rows: func(ctx context.Context, list []agency.Change) ([]Row, error) {
				var codes []string
				for _, c := range list {
					codes = append(codes, c.Successor, c.NewParent)
				}
				into, err := store.List[agency.Agency](ctx, g.DB(), "WHERE id IN ("+store.Marks(len(codes)+1)+")", append(store.Args(codes), "")...)
				if err != nil {
					return nil, err
				}
				rows := make([]Row, len(list))
				for i, c := range list {
					what, done, tone := c.NewName, "待生效", "wait"
					switch c.Kind {
					case agency.Merging:
						if j := slices.IndexFunc(into, func(a agency.Agency) bool { return a.ID == c.Successor }); j >= 0 {
							what = "并入" + into[j].Name
						}
					case agency.Assigned:
						if j := slices.IndexFunc(into, func(a agency.Agency) bool { return a.ID == c.NewParent }); j >= 0 {
							what = "改由" + into[j].Name + "主管"
						}
					case agency.Contact:
						set, err := c.Contacts()
						if err != nil {
							return nil, err
						}
						for k, d := range set {
							if k > 0 {
								what += "；"
							}
							what += d.Name + "改为" + cmp.Or(d.New, "（无）")
						}
					case agency.Renamed:
						what = c.OldName + " → " + c.NewName
					}
					switch {
					case !c.AppliedAt.IsZero():
						done, tone = calendar.Of(c.AppliedAt).String()+"生效", "done"
					case !c.SettledAt.IsZero():
						done, tone = calendar.Of(c.SettledAt).String()+"了结", "void"
					case !c.LapsedAt.IsZero():
						done, tone = calendar.Of(c.LapsedAt).String()+"未生效", "bad"
					}
					rows[i] = Row{On: calendar.Of(c.DecidedAt).String(), Agency: c.Agency, Handler: c.DecidedBy, State: c.KindName(), Tone: tone, Link: "/agencies/" + c.Agency,
						Own: []string{c.Document, c.EffectiveOn, what, c.ValidUntil, Count(c.Moved), done}}
				}
				return rows, nil
			}})
}
