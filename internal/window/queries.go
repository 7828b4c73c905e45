package window

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"dangan/internal/calendar"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/register"
	"dangan/internal/rule"
	"dangan/internal/store"
	"dangan/internal/work"
)

// View is a matter's page.
type View struct {
	Matter
	Possible []gate.Possible
}

// Read gives a matter; on record.
func (k *Desk) Read(ctx context.Context, by policy.Actor, id string) (v View, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActRead, Rules: rules}, func(tx *gate.Tx) error {
		if v.Matter, err = store.Get[Matter](ctx, tx, "WHERE id=?", id); err != nil {
			return err
		}
		tx.About("Matter", id)
		d, err := v.of(ctx, tx)
		if err != nil {
			return err
		}
		return tx.Permit(v.Resource(d))
	})
	if err != nil {
		return View{}, err
	}
	return k.After(ctx, by, v.Matter)
}

// After is the matter as its actor sees it after an act.
func (k *Desk) After(ctx context.Context, by policy.Actor, m Matter) (View, error) {
	d, err := m.of(ctx, k.gate.DB())
	if err != nil {
		return View{}, err
	}
	if err := k.gate.Allowed(by, ActRead, m.Resource(d)); err != nil {
		return View{}, err
	}
	return k.view(by, m, d), nil
}

// view keeps who complained from the agency it is about: only who answers knows.
func (k *Desk) view(by policy.Actor, m Matter, d dossier.Dossier) View {
	v := View{Matter: m}
	if m.Kind == Complaint && by.Org != m.Authority && by.ID != m.ReceivedBy {
		v.Who, v.Contact = "", ""
	}
	if m.State == Received {
		if p, ok := k.gate.Possible(by, ActAnswer, "答复", m.Resource(d), nil); ok {
			p.Primary = true
			v.Possible = append(v.Possible, p)
		}
	}
	return v
}

// posts see matters.
var posts = []string{"clerk", "reviewer", "head", "supervisor"}

// scope is the SQL predicate for what window.read lets an actor see.
func scope(by policy.Actor) (string, []any) {
	if by.Kind != policy.Staff || len(by.Reach) == 0 || !slices.ContainsFunc(posts, by.Has) {
		return "1=0", nil
	}
	where, args := "window_matter.agency IN ("+store.Marks(len(by.Reach))+") AND (window_matter.dossier_id IS NULL OR EXISTS (SELECT 1 FROM dossier d WHERE d.id=window_matter.dossier_id AND d.secrecy<=?", append(store.Args(by.Reach), by.Clearance)
	if len(by.Persons) > 0 {
		where += " AND d.person_id NOT IN (" + store.Marks(len(by.Persons)) + ")"
		args = append(args, store.Args(by.Persons)...)
	}
	return where + "))", args
}

// Filter is what the list asks for.
type Filter struct {
	View   string // open, overdue, answered
	Cursor string
	Limit  int
}

func (k *Desk) part(view string) (string, []any, error) {
	switch view {
	case "":
		return "1=1", nil, nil
	case "open":
		return "state='received'", nil, nil
	case "overdue":
		return "state='received' AND due_on<?", []any{k.gate.Today().String()}, nil
	case "answered":
		return "state='answered'", nil, nil
	}
	return "", nil, rule.Mistake(reason("28", "view_unknown", "view", "没有这一栏。", "请从页面所列各栏中选择。"))
}

// List gives the matters in the actor's scope, what is due first at the top.
func (k *Desk) List(ctx context.Context, by policy.Actor, f Filter) (out []Matter, next string, err error) {
	part, more, err := k.part(f.View)
	if err != nil {
		return nil, "", err
	}
	where, args := scope(by)
	where, args = dossier.InOrder(by, "window_matter", where)+" AND "+part, append(args, more...)
	if f.Cursor != "" {
		due, id, ok := strings.Cut(f.Cursor, "|")
		if !ok {
			return nil, "", rule.Mistake(reason("28", "cursor", "cursor", "翻页位置无法识别。", "请从第一页重新查看。"))
		}
		where, args = where+" AND (due_on>? OR due_on=? AND id>?)", append(args, due, due, id)
	}
	limit := min(max(f.Limit, 1), 100)
	if out, err = store.List[Matter](ctx, k.gate.DB(), "WHERE "+where+fmt.Sprintf(" ORDER BY due_on, id LIMIT %d", limit+1), args...); err != nil {
		return nil, "", err
	}
	if len(out) > limit {
		out = out[:limit]
		next = out[limit-1].DueOn + "|" + out[limit-1].ID
	}
	return out, next, nil
}

// Counts says how many stand in each part of the list.
func (k *Desk) Counts(ctx context.Context, by policy.Actor) (map[string]int64, error) {
	out := map[string]int64{}
	for _, v := range []string{"open", "overdue", "answered"} {
		part, more, err := k.part(v)
		if err != nil {
			return nil, err
		}
		where, args := scope(by)
		if out[v], err = store.Count(ctx, k.gate.DB(), "SELECT count(*) FROM (SELECT 1 FROM window_matter WHERE "+where+" AND "+part+" LIMIT 50000) x", append(args, more...)...); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Figure is one agency's (28, Q03, Q05).
type Figure struct {
	Agency                                                          string
	Refusals, Objections, Upheld, Complaints, Fees, Overdue, Justly int64
}

// Figures counts by agency in the actor's reach: numbers only, nobody's name.
func (k *Desk) Figures(ctx context.Context, by policy.Actor) ([]Figure, error) {
	where, args := scope(by)
	if where == "1=0" {
		return nil, nil
	}
	at := map[string]*Figure{}
	of := func(code string) *Figure {
		if at[code] == nil {
			at[code] = &Figure{Agency: code}
		}
		return at[code]
	}
	rows, err := k.gate.DB().Query(ctx, "SELECT agency, kind, count(*), sum(CASE WHEN upheld=1 THEN 1 ELSE 0 END), sum(CASE WHEN about IN ('fee','bundled','paid') THEN 1 ELSE 0 END), sum(CASE WHEN state='received' AND due_on<? OR answered_on>due_on THEN 1 ELSE 0 END) FROM window_matter WHERE "+where+" GROUP BY agency, kind",
		append([]any{k.gate.Today().String()}, args...)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var code, kind string
		var n, upheld, fees, late int64
		if err := rows.Scan(&code, &kind, &n, &upheld, &fees, &late); err != nil {
			return nil, err
		}
		f := of(code)
		f.Overdue += late
		if kind == Objection {
			f.Objections, f.Upheld = n, upheld
		} else {
			f.Complaints, f.Justly, f.Fees = n, upheld, fees
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	// As register 17 lists them: a difference between the two would count what is concealed (15).
	where, args = register.OfAgency("document.agency", "document.dossier_id", posts...)(by)
	told, err := k.gate.DB().Query(ctx, "SELECT agency, count(*) FROM document WHERE kind=? AND "+where+" GROUP BY agency", append([]any{document.RefusalNotice}, args...)...)
	if err != nil {
		return nil, err
	}
	defer told.Close()
	for told.Next() {
		var code string
		var n int64
		if err := told.Scan(&code, &n); err != nil {
			return nil, err
		}
		of(code).Refusals = n
	}
	out := make([]Figure, 0, len(at))
	for _, f := range at {
		out = append(out, *f)
	}
	slices.SortFunc(out, func(a, b Figure) int { return strings.Compare(a.Agency, b.Agency) })
	return out, told.Err()
}

// Work lists what the authority has to answer.
func (k *Desk) Work(ctx context.Context, by policy.Actor) ([]work.Item, error) {
	where, args := scope(by)
	if where == "1=0" || !by.Has("supervisor") {
		return nil, nil
	}
	rows, err := store.List[Matter](ctx, k.gate.DB(), "WHERE state='received' AND authority=? AND "+dossier.PastAgency("window_matter", where)+" ORDER BY due_on, id LIMIT 100", append([]any{by.Org}, args...)...)
	if err != nil {
		return nil, err
	}
	out := make([]work.Item, len(rows))
	for i, m := range rows {
		out[i] = work.Item{Room: "window", Kind: KindName(m.Kind), Subject: m.No, SubjectNote: m.NoticeNo, Link: "/window/" + m.ID, Lane: work.Todo, Since: m.ReceivedAt, DueOn: m.DueOn, Basis: "29.8", Todo: "查明后答复" + KindName(m.Kind), Action: "答复"}
	}
	return out, nil
}

// Registers are the registers of this room (N3).
func (k *Desk) Registers() []register.Register {
	return []register.Register{register.Of(register.Register{Key: "matters", No: 17, Name: "异议、投诉", Rule: "29.8", Date: "登记日期", Heads: []string{"编号", "类别", "事项", "答复期限、答复"}, Widths: []float64{22, 8, 30, 22},
		States: []register.Choice{{Key: Received, Name: "待答复"}, {Key: Answered, Name: "已答复"}}, Posts: posts, Acts: []string{ActReceive}, Note: "窗口登记的异议和投诉，一件一条，不列提出人。"},
		register.Source[Matter]{DB: func() store.Querier { return k.gate.DB() }, Scope: scope, At: "window_matter.received_at", State: "window_matter.state", Dossier: "window_matter.dossier_id", Numbers: []string{"window_matter.no", "window_matter.notice_no"},
			Place: func(m Matter) (string, string) { return register.Micro(m.ReceivedAt), m.ID },
			Rows: func(_ context.Context, list []Matter) ([]register.Row, error) {
				rows := make([]register.Row, len(list))
				for i, m := range list {
					what := "告知单 " + m.NoticeNo
					if a, ok := AboutOf(m.About); ok {
						what = a.Name
					}
					name, tone := m.StateName(k.gate.Today())
					term := m.DueOn
					if m.AnsweredOn != "" {
						term += "，" + m.AnsweredOn + "答复"
					}
					rows[i] = register.Row{On: calendar.Of(m.ReceivedAt).String(), Agency: m.Agency, Handler: m.ReceivedBy, State: name, Tone: tone, Link: "/window/" + m.ID, Own: []string{m.No, KindName(m.Kind), what, term}}
				}
				return rows, nil
			}})}
}
