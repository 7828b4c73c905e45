package supplement

import (
	"context"
	"slices"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/register"
	"dangan/internal/rule"
	"dangan/internal/store"
	"dangan/internal/work"
)

// posts see what is owed.
var posts = []string{"clerk", "reviewer", "head", "supervisor"}

// scope is the SQL predicate for the supplements that supplement.read lets an actor see.
func scope(by policy.Actor, column string) (string, []any) {
	if !slices.ContainsFunc(posts, by.Has) {
		return "1=0", nil
	}
	where, args := dossier.Scope(by)
	return "EXISTS (SELECT 1 FROM dossier WHERE dossier.id=" + column + " AND " + where + ")", args
}

// soon is how many days ahead a term counts as near.
const soon = 30

// views of the list; a question mark is today, two are today and the last day of the near ones.
var views = map[string]string{
	"overdue":   followed + " AND supplement.due_on<?",
	"soon":      followed + " AND supplement.due_on>=? AND supplement.due_on<=?",
	"asked":     followed + " AND supplement.asked_until IS NOT NULL",
	"escalated": followed + " AND supplement.escalated>0",
	"open":      followed,
}

func (k *Desk) where(by policy.Actor, f Filter) (string, []any, error) {
	part, known := views[f.View]
	if !known {
		return "", nil, rule.Mistake(reason("20.4b", "view_unknown", "view", "没有这一栏。", "请从页面所列各栏中选择。"))
	}
	where, args := scope(by, "supplement.dossier_id")
	where += " AND " + part
	today := k.gate.Today()
	switch f.View {
	case "overdue":
		args = append(args, today.String())
	case "soon":
		args = append(args, today.String(), today.AddDays(soon).String())
	}
	if f.Agency != "" {
		where, args = where+" AND EXISTS (SELECT 1 FROM dossier a WHERE a.id=supplement.dossier_id AND a.agency=?)", append(args, f.Agency)
	}
	switch f.Promised {
	case "yes":
		where += " AND supplement.promised=1"
	case "no":
		where += " AND supplement.promised=0"
	}
	return where, args, nil
}

// Filter is what the list asks for.
type Filter struct {
	View     string
	Agency   string
	Promised string // yes, no, "" for both
	After    string // id of the last one seen
	Limit    int
}

// Listed is a supplement with its dossier and person, and what may be done about it.
type Listed struct {
	Owed
	DossierNo, PersonName, Agency string
	Late                          int
	Possible                      []gate.Possible
}

// List is a page of what is owed, the longest overdue first.
func (k *Desk) List(ctx context.Context, by policy.Actor, f Filter) (list []Listed, next string, err error) {
	where, args, err := k.where(by, f)
	if err != nil {
		return nil, "", err
	}
	if f.After != "" {
		where, args = where+" AND (supplement.due_on, supplement.id)>(SELECT x.due_on, x.id FROM supplement x WHERE x.id=?)", append(args, f.After)
	}
	rows, err := store.List[dossier.Supplement](ctx, k.gate.DB(), "WHERE "+where+" ORDER BY supplement.due_on, supplement.id LIMIT ?", append(args, f.Limit+1)...)
	if err != nil {
		return nil, "", err
	}
	if len(rows) > f.Limit {
		rows = rows[:f.Limit]
		next = rows[f.Limit-1].ID
	}
	list, err = k.listed(ctx, by, rows)
	return list, next, err
}

func (k *Desk) listed(ctx context.Context, by policy.Actor, rows []dossier.Supplement) ([]Listed, error) {
	ids := make([]string, len(rows))
	for i, s := range rows {
		ids[i] = s.DossierID
	}
	q := k.gate.DB()
	heads, err := dossier.Heads(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	of := map[string]dossier.Dossier{}
	if len(ids) > 0 {
		kept, err := store.List[dossier.Dossier](ctx, q, "WHERE id IN ("+store.Marks(len(ids))+")", store.Args(ids)...)
		if err != nil {
			return nil, err
		}
		for _, d := range kept {
			of[d.ID] = d
		}
	}
	today := k.gate.Today()
	out := make([]Listed, len(rows))
	for i, s := range rows {
		o, d := Owed{s}, of[s.DossierID]
		out[i] = Listed{Owed: o, DossierNo: heads[s.DossierID].No, PersonName: heads[s.DossierID].Name, Agency: d.Agency, Late: o.Late(today), Possible: k.possible(by, o, d)}
	}
	return out, nil
}

// possible lists the acts of an open supplement, from the rules that the acts ask.
func (k *Desk) possible(by policy.Actor, o Owed, d dossier.Dossier) []gate.Possible {
	out := []gate.Possible{}
	if o.State != dossier.Owed {
		return out
	}
	today, r := k.gate.Today(), o.Resource(d)
	add := func(action, label string, hindered error) {
		if p, ok := k.gate.Possible(by, action, label, r, hindered); ok {
			p.Primary = p.Refusal == nil && len(out) == 0
			out = append(out, p)
		}
	}
	if o.AskedUntil != "" {
		grant := o
		add(ActGrant, "同意延期", grant.Grant(today))
		add(ActDeny, "不同意", nil)
	}
	if o.Escalated > 0 {
		add(ActDispose, "处置", nil)
	}
	remind := o
	add(ActRemind, "催补", remind.Remind(today))
	add(ActAsk, "申请延期", o.mayAsk())
	return out
}

// Counts counts each view, no further than the cap of counting.
func (k *Desk) Counts(ctx context.Context, by policy.Actor, f Filter) (map[string]int64, error) {
	out := map[string]int64{}
	for view := range views {
		f.View = view
		where, args, err := k.where(by, f)
		if err != nil {
			return nil, err
		}
		n, err := store.Count(ctx, k.gate.DB(), "SELECT count(*) FROM (SELECT 1 FROM supplement WHERE "+where+" LIMIT ?) AS c", append(args, k.gate.DB().CountCap)...)
		if err != nil {
			return nil, err
		}
		out[view] = n
	}
	return out, nil
}

// Tally is what one agency's people owe.
type Tally struct {
	Agency                                    string
	Open, Overdue, Promised, Asked, Escalated int64
	Oldest                                    string // the term that passed first
}

// Agencies tallies what is owed by agency, those with most overdue first: for the superior.
func (k *Desk) Agencies(ctx context.Context, by policy.Actor) ([]Tally, error) {
	where, args := scope(by, "supplement.dossier_id")
	today := k.gate.Today().String()
	rows, err := k.gate.DB().Query(ctx, `SELECT h.agency, count(*), sum(CASE WHEN supplement.due_on<? THEN 1 ELSE 0 END), sum(CASE WHEN supplement.due_on<? AND supplement.promised=1 THEN 1 ELSE 0 END),
 sum(CASE WHEN supplement.asked_until IS NOT NULL THEN 1 ELSE 0 END), sum(CASE WHEN supplement.escalated>0 THEN 1 ELSE 0 END), coalesce(min(CASE WHEN supplement.due_on<? THEN supplement.due_on END),'')
 FROM supplement JOIN dossier h ON h.id=supplement.dossier_id WHERE `+where+" AND "+followed+" GROUP BY h.agency ORDER BY 3 DESC, 1 LIMIT 200", append([]any{today, today, today}, args...)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []Tally{}
	for rows.Next() {
		var t Tally
		if err := rows.Scan(&t.Agency, &t.Open, &t.Overdue, &t.Promised, &t.Asked, &t.Escalated, &t.Oldest); err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, rows.Err()
}

// View is a supplement with what was done about it.
type View struct {
	Listed
	Steps []Step
}

// Show reads one supplement; the reading is on record.
func (k *Desk) Show(ctx context.Context, by policy.Actor, id string) (View, error) {
	_, err := k.gate.Do(ctx, gate.Act{Actor: by, Action: ActRead, Rules: rules, On: "Supplement:" + id}, func(tx *gate.Tx) error {
		s, err := store.Get[dossier.Supplement](ctx, tx, "WHERE id=?", id)
		if err != nil {
			return err
		}
		d, err := dossier.Get(ctx, tx, s.DossierID)
		if err != nil {
			return err
		}
		tx.About("Dossier", d.ID)
		return tx.Permit(Owed{s}.Resource(d))
	})
	if err != nil {
		return View{}, err
	}
	return k.After(ctx, by, id)
}

// After is the supplement as an act of the same request left it.
func (k *Desk) After(ctx context.Context, by policy.Actor, id string) (v View, err error) {
	s, err := store.Get[dossier.Supplement](ctx, k.gate.DB(), "WHERE id=?", id)
	if err != nil {
		return v, err
	}
	list, err := k.listed(ctx, by, []dossier.Supplement{s})
	if err != nil {
		return v, err
	}
	v.Listed = list[0]
	v.Steps, err = store.List[Step](ctx, k.gate.DB(), "WHERE supplement_id=? ORDER BY at DESC, id DESC LIMIT 100", id)
	return v, err
}

// Work lists what waits: overdue ones at the clerk, extensions at who grants them, what was put
// before the head or the superior.
func (k *Desk) Work(ctx context.Context, by policy.Actor) ([]work.Item, error) {
	var out []work.Item
	take := func(f Filter, waits func(l Listed) (todo, verb string, ok bool)) error {
		f.Limit = 50
		list, _, err := k.List(ctx, by, f)
		if err != nil {
			return err
		}
		for _, l := range list {
			todo, verb, ok := waits(l)
			if !ok {
				continue
			}
			out = append(out, work.Item{Room: "supplement", Kind: "补充材料", Subject: l.PersonName, SubjectNote: l.DossierNo + "·" + l.Title, DossierID: l.DossierID, Link: "/supplements/" + l.ID, Lane: work.Todo,
				Since: calendar.Date(l.DueOn).Time(), DueOn: l.DueOn, Basis: string(l.under()), Todo: todo, Action: verb})
		}
		return nil
	}
	if by.Has("clerk") {
		week := k.gate.Today().AddDays(-7).String()
		if err := take(Filter{View: "overdue"}, func(l Listed) (string, string, bool) {
			return "催补逾期材料", "催补", l.Agency == by.Org && l.RemindedOn < week && l.AskedUntil == ""
		}); err != nil {
			return nil, err
		}
	}
	if by.Has("reviewer") || by.Has("head") {
		if err := take(Filter{View: "asked"}, func(l Listed) (string, string, bool) {
			return "审批延期补充", "审批", l.Agency == by.Org && l.AskedBy != by.ID
		}); err != nil {
			return nil, err
		}
	}
	if by.Has("head") || by.Has("supervisor") {
		if err := take(Filter{View: "escalated"}, func(l Listed) (string, string, bool) {
			return "处置长期未补的材料", "处置", l.Escalated == 1 && by.Has("head") && l.Agency == by.Org || l.Escalated == 2 && by.Has("supervisor") && l.Agency != by.Org
		}); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(out, func(a, b work.Item) int { return a.Since.Compare(b.Since) })
	return out, nil
}

// Registers are the registers of this room (N3): everything done about what did not come.
func (k *Desk) Registers() []register.Register {
	return []register.Register{register.Of(register.Register{Key: "supplement-steps", No: 42, Name: "补充催办与延期", Elsewhere: true, Rule: "20.4b", Date: "办理日期", Heads: []string{"材料", "事项", "当时期限", "延至", "说明"}, Widths: []float64{30, 20, 14, 14, 34},
		Posts: posts, Table: "supplement_step", Note: "补充材料的届满告知、催补、报请、处置、延期，一次一条。"},
		register.Source[Step]{DB: func() store.Querier { return k.gate.DB() }, Scope: func(by policy.Actor) (string, []any) { return scope(by, "supplement_step.dossier_id") }, At: "supplement_step.at", Dossier: "supplement_step.dossier_id",
			Place: func(s Step) (string, string) { return register.Micro(s.At), s.ID }, Rows: k.stepRows})}
}

func (k *Desk) stepRows(ctx context.Context, list []Step) ([]register.Row, error) {
	rows := make([]register.Row, len(list))
	if len(list) == 0 {
		return rows, nil
	}
	var ids, held []string
	for _, s := range list {
		ids, held = append(ids, s.SupplementID), append(held, s.DossierID)
	}
	owed, err := store.List[dossier.Supplement](ctx, k.gate.DB(), "WHERE id IN ("+store.Marks(len(ids))+")", store.Args(ids)...)
	if err != nil {
		return nil, err
	}
	title := map[string]string{}
	for _, s := range owed {
		title[s.ID] = s.Title
	}
	kept, err := store.List[dossier.Dossier](ctx, k.gate.DB(), "WHERE id IN ("+store.Marks(len(held))+")", store.Args(held)...)
	if err != nil {
		return nil, err
	}
	agency := map[string]string{}
	for _, d := range kept {
		agency[d.ID] = d.Agency
	}
	for i, s := range list {
		rows[i] = register.Row{On: calendar.Of(s.At).String(), Agency: agency[s.DossierID], Handler: handler(s.MadeBy), DossierID: s.DossierID, State: KindName(s.Kind), Tone: tones[s.Kind], Link: "/supplements/" + s.SupplementID,
			Own: []string{title[s.SupplementID], KindName(s.Kind), s.DueOn, s.UntilOn, s.Note}}
	}
	return rows, nil
}

// handler is nobody for what the program did by itself.
func handler(id string) string {
	if id == system.ID {
		return ""
	}
	return id
}

var tones = map[string]string{ActRemind: "run", ActLapse: "wait", ActEscalate: "bad", ActDispose: "done", ActAsk: "wait", ActGrant: "done", ActDeny: "bad", stepReinstated: "wait"}
