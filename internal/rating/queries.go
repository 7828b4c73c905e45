package rating

import (
	"context"
	"slices"
	"strings"

	"dangan/internal/calendar"
	"dangan/internal/document"
	"dangan/internal/gate"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/register"
	"dangan/internal/rule"
	"dangan/internal/store"
	"dangan/internal/window"
	"dangan/internal/work"
)

// posts see call-backs.
var posts = []string{"clerk", "reviewer", "head", "supervisor"}

// Slip is what names a slip.
type Slip struct{ Number, Code string }

// Waiting says which of some applications can be rated now, with the slip to rate on. refs are
// those of their cases, or of the records they began as.
func (k *Desk) Waiting(ctx context.Context, refs []string) (map[string]Slip, error) {
	if len(refs) == 0 {
		return nil, nil
	}
	q := k.gate.DB()
	ended, err := window.Ended(ctx, q, refs)
	if err != nil {
		return nil, err
	}
	var applications []string
	for _, a := range ended {
		applications = append(applications, a)
	}
	if len(applications) == 0 {
		return nil, nil
	}
	rated, err := store.List[Rating](ctx, q, "WHERE case_ref IN ("+store.Marks(len(applications))+")", store.Args(applications)...)
	if err != nil {
		return nil, err
	}
	done := map[string]bool{}
	for _, r := range rated {
		done[r.CaseRef] = true
	}
	all := append(slices.Clone(applications), refs...)
	slips, err := store.List[document.Document](ctx, q, "WHERE kind='"+document.Acceptance+"' AND state='"+document.Issued+"' AND case_ref IN ("+store.Marks(len(all))+") ORDER BY issued_at, id", store.Args(all)...)
	if err != nil {
		return nil, err
	}
	out := map[string]Slip{}
	for ref, application := range ended {
		if done[application] {
			continue
		}
		for _, d := range slips {
			if d.CaseRef == ref || d.CaseRef == application {
				out[ref] = Slip{d.Number, d.Code}
				break
			}
		}
	}
	return out, nil
}

// Asked says of a slip whether it can be rated ("open"), was ("done"), or not yet (""): which
// grade was given nobody is told.
func (k *Desk) Asked(ctx context.Context, d document.Document) (string, error) {
	if d.Kind != document.Acceptance || d.State != document.Issued {
		return "", nil
	}
	ended, err := window.Ended(ctx, k.gate.DB(), []string{d.CaseRef})
	if err != nil || ended[d.CaseRef] == "" {
		return "", err
	}
	n, err := store.Count(ctx, k.gate.DB(), "SELECT count(*) FROM rating WHERE case_ref=?", ended[d.CaseRef])
	if n > 0 {
		return "done", err
	}
	return "open", err
}

// View is a call-back's page.
type View struct {
	Case
	Phone    string // where the person is called
	Calls    []Call
	Possible []gate.Possible
}

// Read gives a case; on record.
func (k *Desk) Read(ctx context.Context, by policy.Actor, id string) (v View, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActRead, Rules: rules, On: "RatingCase:" + id}, func(tx *gate.Tx) error {
		if v.Case, err = store.Get[Case](ctx, tx, "WHERE id=?", id); err != nil {
			return err
		}
		d, err := v.of(ctx, tx)
		if err != nil {
			return err
		}
		return tx.Permit(v.Resource(d))
	})
	if err != nil {
		return View{}, err
	}
	return k.After(ctx, by, v.Case)
}

// After is the case as its actor sees it after an act.
func (k *Desk) After(ctx context.Context, by policy.Actor, c Case) (v View, err error) {
	q := k.gate.DB()
	d, err := c.of(ctx, q)
	if err != nil {
		return v, err
	}
	r := c.Resource(d)
	if err := k.gate.Allowed(by, ActRead, r); err != nil {
		return v, err
	}
	v = View{Case: c, Phone: c.Contact}
	if v.Phone == "" && d.PersonID != "" {
		p, err := person.Get(ctx, q, d.PersonID)
		if err != nil {
			return v, err
		}
		v.Phone = p.Phone
	}
	if v.Calls, err = callsOf(ctx, q, c.ID); err != nil || c.State == Closed {
		return v, err
	}
	if !c.Nameless {
		if p, ok := k.gate.Possible(by, ActCall, "登记回访", r, nil); ok {
			p.Primary = c.State == Open
			v.Possible = append(v.Possible, p)
		}
	}
	var hindered error
	if c.State == Open && !c.Nameless && missedDays(v.Calls) < tries {
		hindered = rule.Refuse(reason("not_called", "", "还没有回访到评价人。", "请先登记回访；联系不上的，在三个不同的日子各联系一次后可以办结。"))
	}
	if p, ok := k.gate.Possible(by, ActFinish, "办结", r, hindered); ok {
		p.Primary = hindered == nil
		v.Possible = append(v.Possible, p)
	}
	return v, nil
}

func callsOf(ctx context.Context, q store.Querier, id string) ([]Call, error) {
	return store.List[Call](ctx, q, "WHERE case_id=? ORDER BY at, id LIMIT 200", id)
}

// scope is the SQL predicate for what rating.read lets an actor see.
func scope(by policy.Actor) (string, []any) {
	where, args := register.OfAgency("rating_case.agency", "rating_case.dossier_id", posts...)(by)
	if where == "1=0" {
		return where, args
	}
	return where + " AND rating_case.handlers NOT LIKE ?", append(args, `%"`+by.ID+`"%`)
}

// Filter is what the list asks for.
type Filter struct {
	View   string // open, overdue, closed
	Cursor string
	Limit  int
}

func (k *Desk) part(view string) (string, []any, error) {
	switch view {
	case "":
		return "1=1", nil, nil
	case "open":
		return "state<>'closed'", nil, nil
	case "overdue":
		return "state<>'closed' AND due_on<?", []any{k.gate.Today().String()}, nil
	case "closed":
		return "state='closed'", nil, nil
	}
	return "", nil, rule.Mistake(reason("view_unknown", "view", "没有这一栏。", "请从页面所列各栏中选择。"))
}

// List gives the call-backs in the actor's scope, what is due first at the top.
func (k *Desk) List(ctx context.Context, by policy.Actor, f Filter) (out []Case, next string, err error) {
	part, more, err := k.part(f.View)
	if err != nil {
		return nil, "", err
	}
	where, args := scope(by)
	where, args = where+" AND "+part, append(args, more...)
	if f.Cursor != "" {
		due, id, ok := strings.Cut(f.Cursor, "|")
		if !ok {
			return nil, "", rule.Mistake(reason("cursor", "cursor", "翻页位置无法识别。", "请从第一页重新查看。"))
		}
		where, args = where+" AND (due_on>? OR due_on=? AND id>?)", append(args, due, due, id)
	}
	limit := min(max(f.Limit, 1), 100)
	if out, err = store.List[Case](ctx, k.gate.DB(), "WHERE "+where+" ORDER BY due_on, id LIMIT ?", append(args, limit+1)...); err != nil {
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
	for _, v := range []string{"open", "overdue", "closed"} {
		part, more, err := k.part(v)
		if err != nil {
			return nil, err
		}
		where, args := scope(by)
		if out[v], err = store.Count(ctx, k.gate.DB(), "SELECT count(*) FROM (SELECT 1 FROM rating_case WHERE "+where+" AND "+part+" LIMIT 50000) x", append(args, more...)...); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Few is below how many ratings grades are not shown: one of three would be known by whoever
// remembers the three.
const Few = 5

// Figure counts the ratings of an agency, a matter or a member of staff: numbers, nobody's name
// but the last's.
type Figure struct {
	Key                string // agency, kind of the case, account
	Ended, Rated       int64
	Hidden             bool     // too few to tell the grades
	Grades             [6]int64 // by grade, from 1
	Calls, Late, Fixed int64    // of bad ratings: all, not dealt with in time, put right
}

// Content is how many count as content (Q04).
func (f Figure) Content() int64 { return f.Grades[3] + f.Grades[4] + f.Grades[5] }

// overseers see figures.
var overseers = []string{"head", "supervisor"}

// Groups that figures can be of.
var groups = map[string]struct{ rating, application, call string }{
	"agency": {"r.agency", "a.agency", "c.agency"},
	"matter": {"r.kind", "CASE WHEN a.ref LIKE 'Transfer:%' THEN 'Transfer' WHEN a.ref LIKE 'Certificate:%' THEN 'Certificate' WHEN a.ref LIKE 'Consultation:%' THEN 'Consultation' WHEN a.ref LIKE 'Loan:%' THEN 'Loan' WHEN a.ref LIKE 'PersonCase:%' THEN 'PersonCase' ELSE 'Intake' END", "c.kind"},
	"clerk":  {"r.handler", "a.handler", "(SELECT h.handler FROM rating h WHERE h.id=c.rating_id)"},
}

// Figures counts what was rated in a period and what could have been, in the actor's reach.
func (k *Desk) Figures(ctx context.Context, by policy.Actor, group string, from, until calendar.Date) ([]Figure, error) {
	g, ok := groups[group]
	if !ok || !from.Valid() || !until.Valid() || from > until {
		return nil, rule.Mistake(reason("figures_unknown", "by", "统计的方式或期间不对。", "请从页面选择。"))
	}
	if by.Kind != policy.Staff || len(by.Reach) == 0 || !slices.ContainsFunc(overseers, by.Has) {
		return nil, nil
	}
	in, reach := " IN ("+store.Marks(len(by.Reach))+")", store.Args(by.Reach)
	since, to := from.Moment().UnixMicro(), until.AddDays(1).Moment().UnixMicro()
	at := map[string]*Figure{}
	each := func(add func(f *Figure, n, x, y int64), query string, args ...any) error {
		rows, err := k.gate.DB().Query(ctx, query, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var key string
			var n, x, y int64
			if err := rows.Scan(&key, &n, &x, &y); err != nil {
				return err
			}
			if at[key] == nil {
				at[key] = &Figure{Key: key}
			}
			add(at[key], n, x, y)
		}
		return rows.Err()
	}
	if err := each(func(f *Figure, n, _, _ int64) { f.Ended = n },
		"SELECT coalesce("+g.application+",''), count(DISTINCT a.ref), 0, 0 FROM ("+window.Applications()+") a WHERE a.agency"+in+" GROUP BY 1", append([]any{since, to}, reach...)...); err != nil {
		return nil, err
	}
	if err := each(func(f *Figure, n, grade, _ int64) {
		f.Rated += n
		f.Grades[grade] = n
	}, "SELECT coalesce("+g.rating+",''), count(*), r.grade, 0 FROM rating r WHERE r.rated_at>=? AND r.rated_at<? AND r.agency"+in+" GROUP BY 1, r.grade", append([]any{since, to}, reach...)...); err != nil {
		return nil, err
	}
	if err := each(func(f *Figure, n, late, fixed int64) { f.Calls, f.Late, f.Fixed = n, late, fixed },
		"SELECT coalesce("+g.call+",''), count(*), sum(CASE WHEN c.state<>'closed' AND c.due_on<? OR c.finished_on>c.due_on THEN 1 ELSE 0 END), sum(CASE WHEN c.corrected=1 THEN 1 ELSE 0 END) FROM rating_case c WHERE c.opened_on>=? AND c.opened_on<=? AND c.agency"+in+" GROUP BY 1",
		append([]any{k.gate.Today().String(), from.String(), until.String()}, reach...)...); err != nil {
		return nil, err
	}
	out := make([]Figure, 0, len(at))
	for _, f := range at {
		if f.Rated > 0 && f.Rated < Few {
			f.Hidden, f.Grades, f.Calls, f.Late, f.Fixed = true, [6]int64{}, 0, 0, 0
		}
		out = append(out, *f)
	}
	slices.SortFunc(out, func(a, b Figure) int { return strings.Compare(a.Key, b.Key) })
	return out, nil
}

// Work lists what waits to be called back on, for who may; what is overdue for the authority.
func (k *Desk) Work(ctx context.Context, by policy.Actor) ([]work.Item, error) {
	where, args := scope(by)
	if where == "1=0" {
		return nil, nil
	}
	var whose []string
	if by.Has("head") || by.Has("reviewer") || by.Has("clerk") {
		whose, args = append(whose, "agency=?"), append(args, by.Org)
	}
	if by.Has("supervisor") {
		whose, args = append(whose, "authority=? AND due_on<?"), append(args, by.Org, k.gate.Today().String())
	}
	if len(whose) == 0 {
		return nil, nil
	}
	rows, err := store.List[Case](ctx, k.gate.DB(), "WHERE state<>'closed' AND "+where+" AND ("+strings.Join(whose, " OR ")+") ORDER BY due_on, id LIMIT 100", args...)
	if err != nil {
		return nil, err
	}
	out := make([]work.Item, len(rows))
	for i, c := range rows {
		todo, action := "回访评价人，核实整改", "回访"
		switch {
		case c.Agency != by.Org:
			todo, action = "逾期未办结，督促或直接回访", "查看"
		case c.Nameless:
			todo, action = "核实匿名差评，整改后办结", "核实"
		case c.State == Called:
			todo, action = "核实整改后办结", "办结"
		}
		out[i] = work.Item{Room: "rating", Kind: "差评回访", Subject: c.No, SubjectNote: c.KindName() + "，" + GradeName(c.Grade), Link: "/ratings/" + c.ID, Lane: work.Todo, Since: calendar.Date(c.OpenedOn).Moment(), DueOn: c.DueOn, Basis: "28", Todo: todo, Action: action}
	}
	return out, nil
}

// Registers are the registers of this room (N3).
func (k *Desk) Registers() []register.Register {
	return []register.Register{register.Of(register.Register{Key: "ratings", No: 46, Name: "差评回访", Elsewhere: true, Rule: "28", Date: "评价日期", Heads: []string{"编号", "事项", "评价", "原因", "期限、办结", "核实结果", "整改"}, Widths: []float64{26, 14, 12, 34, 24, 14, 8},
		States: []register.Choice{{Key: Open, Name: "待回访"}, {Key: Called, Name: "已回访，待办结"}, {Key: Closed, Name: "已办结"}}, Posts: posts, Table: "rating_case", Note: "不满意、非常不满意的评价，一件一条，不列评价人，也不列所评的申请；本人经手的不列。"},
		register.Source[Case]{DB: func() store.Querier { return k.gate.DB() }, Scope: scope, At: "rating_case.opened_on", Day: true, State: "rating_case.state", Dossier: "", Numbers: []string{"rating_case.no"},
			Place: func(c Case) (string, string) { return c.OpenedOn, c.ID },
			Rows: func(_ context.Context, list []Case) ([]register.Row, error) {
				rows := make([]register.Row, len(list))
				for i, c := range list {
					name, tone := c.StateName(k.gate.Today())
					term, fixed := c.DueOn, ""
					if c.State == Closed {
						term, fixed = term+"，"+c.FinishedOn+"办结", map[bool]string{true: "已整改", false: "无"}[c.Corrected]
					}
					rows[i] = register.Row{On: c.OpenedOn, Agency: c.Agency, Handler: c.FinishedBy, State: name, Tone: tone, Link: "/ratings/" + c.ID,
						Own: []string{c.No, c.KindName(), GradeName(c.Grade), strings.Join(c.Why(), "、"), term, ResultName(c.Result), fixed}}
				}
				return rows, nil
			}})}
}
