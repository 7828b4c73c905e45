package loan

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
	"dangan/internal/work"
)

// readers of cases, as loan.read of loan.cedar names them.
var readingPosts = []string{"clerk", "reviewer", "keeper", "head", "supervisor"}

// scope is the SQL predicate over loans that holds exactly for the cases the policies let an
// actor read.
func scope(actor policy.Actor) (string, []any) {
	return dossier.CaseScope(actor, "loan", readingPosts...)
}

// Line is a case in the list, with whose dossier it is.
type Line struct {
	Case
	PersonName, DossierNo string
}

// Cursor is where the list goes on after a line.
func (l Line) Cursor() string {
	return strconv.FormatInt(l.ChangedAt.UnixMicro(), 10) + "." + l.ID
}

// Filter narrows the list.
type Filter struct {
	States []State
	Late   bool   // only what should be back
	Text   string // number, unit, or name, pinyin, initials of the person
	After  string // cursor
	Limit  int
}

// List lists cases in the actor's scope, the last changed first; one more than Limit when
// there are more.
func (k *Desk) List(ctx context.Context, actor policy.Actor, f Filter) ([]Line, error) {
	where, args := scope(actor)
	if f.Late {
		where, args = where+" AND state=? AND due_on<?", append(args, string(Out), k.gate.Today().String())
	} else if len(f.States) > 0 {
		where += " AND state IN (" + store.Marks(len(f.States)) + ")"
		args = append(args, store.Args(f.States)...)
	}
	if text := strings.ToLower(strings.TrimSpace(f.Text)); text != "" {
		like := strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(text) + "%"
		where += ` AND (no=? OR unit LIKE ? ESCAPE '\' OR EXISTS (SELECT 1 FROM name_key n WHERE n.dossier_id=loan.dossier_id AND n.key>=? AND n.key<?)
 OR EXISTS (SELECT 1 FROM dossier d WHERE d.id=loan.dossier_id AND d.no=?))`
		args = append(args, strings.ToUpper(text), "%"+like, text, text+"\U0010ffff", strings.ToUpper(text))
	}
	if at, id, ok := strings.Cut(f.After, "."); ok {
		micro, err := strconv.ParseInt(at, 10, 64)
		if err != nil {
			return nil, rule.Mistake(reason("22", "cursor_invalid", "after", "翻页位置无效。", "请从第一页重新载入。"))
		}
		where += " AND (changed_at<? OR (changed_at=? AND id<?))"
		args = append(args, micro, micro, id)
	}
	list, err := store.List[Case](ctx, k.gate.DB(), "WHERE "+where+" ORDER BY changed_at DESC, id DESC LIMIT ?", append(args, f.Limit+1)...)
	if err != nil {
		return nil, err
	}
	return k.lines(ctx, list)
}

func (k *Desk) lines(ctx context.Context, list []Case) ([]Line, error) {
	ids := make([]string, len(list))
	for i, c := range list {
		ids[i] = c.DossierID
	}
	heads, err := dossier.Heads(ctx, k.gate.DB(), ids)
	if err != nil {
		return nil, err
	}
	out := make([]Line, len(list))
	for i, c := range list {
		out[i] = Line{c, heads[c.DossierID].Name, heads[c.DossierID].No}
	}
	return out, nil
}

// Counts says how many cases of the actor's scope stand in each open state, of as many as
// counting looks at; "late" is how many of those outside should be back.
func (k *Desk) Counts(ctx context.Context, actor policy.Actor) (map[string]int64, error) {
	where, args := scope(actor)
	rows, err := k.gate.DB().Query(ctx, "SELECT state, late, COUNT(*) FROM (SELECT state, CASE WHEN state='out' AND due_on<? THEN 1 ELSE 0 END AS late FROM loan WHERE "+where+" AND state NOT IN "+ended+" LIMIT ?) AS c GROUP BY state, late",
		slices.Concat([]any{k.gate.Today().String()}, args, []any{k.gate.DB().CountCap})...)
	if err != nil {
		return nil, fmt.Errorf("count loans: %w", err)
	}
	defer rows.Close()
	out := map[string]int64{}
	for rows.Next() {
		var state string
		var late, n int64
		if err := rows.Scan(&state, &late, &n); err != nil {
			return nil, err
		}
		out[state] += n
		if late == 1 {
			out["late"] += n
		}
	}
	return out, rows.Err()
}

// Full is a case with everything its page shows.
type Full struct {
	Case
	Dossier  dossier.Dossier
	Person   person.Person
	People   []Person
	Items    []Item // as they went out; before that, as the catalog has them
	Late     bool
	Possible []gate.Possible
}

// Show reads a case for its page.
func (k *Desk) Show(ctx context.Context, actor policy.Actor, id string) (f Full, err error) {
	q := k.gate.DB()
	if f.Case, err = Get(ctx, q, id); err != nil {
		return f, err
	}
	if f.Dossier, err = dossier.Get(ctx, q, f.DossierID); err != nil {
		return f, err
	}
	if decision := k.gate.Decide(actor, ActRead, f.Resource(f.Dossier)); decision.Hidden {
		return f, gate.ErrHidden
	} else if decision.Refusal != nil {
		return f, decision.Refusal
	}
	if f.Person, err = person.Get(ctx, q, f.Dossier.PersonID); err != nil {
		return f, err
	}
	if f.People, err = People(ctx, q, id); err != nil {
		return f, err
	}
	if f.Items, err = Items(ctx, q, id); err != nil {
		return f, err
	}
	if f.State == Ready {
		if f.Items, err = contents(ctx, q, f.DossierID); err != nil {
			return f, err
		}
	}
	f.Late = f.Case.Late(k.gate.Today())
	f.Possible = k.possible(actor, f)
	return f, nil
}

// possible asks the policies and the state machine what this actor may do now.
func (k *Desk) possible(actor policy.Actor, f Full) []gate.Possible {
	c, now, today := f.Case, k.gate.Now(), k.gate.Today()
	try := func(fn func(c *Case) error) error { x := c; return fn(&x) }
	s := Standards{Today: today, MostDays: k.MostDays()}
	submit := "提交申请"
	if c.State == Incomplete {
		submit = "补正申请"
	}
	acts := []struct {
		action, label string
		primary       []State
		hindered      error
	}{
		{ActSubmit, submit, []State{Draft, Incomplete}, c.step("提交申请", Draft, Incomplete)},
		{ActEdit, "更改申请", nil, c.step("更改申请", Draft)},
		{ActCheck, "核对原件", []State{Checking}, c.step("核对原件", Checking)},
		{ActApprove, "审核同意", []State{Approving}, c.step("审核", Approving)},
		{ActConfirm, "批准借阅", []State{Heading}, c.step("负责人批准", Heading)},
		{ActRefuse, "告知不予借阅", nil, try(func(x *Case) error { return x.Refuse(now, []rule.Reason{{Rule: "22", Message: "依据"}}) })},
		{ActHandOut, "借出交接", []State{Ready}, c.mayHandOut(f.Dossier, today.String())},
		{ActReturn, map[bool]string{false: "登记归还", true: "重新清点"}[c.State == Counted], []State{Out}, c.step("登记归还", Out, Counted)},
		{ActCountersign, "复核归还", []State{Counted}, try(func(x *Case) error { return x.Countersign("", now) })},
		{ActDispute, "退回清点", nil, c.step("退回重新清点", Counted)},
		{ActSettle, "查清差异", []State{Disputed}, c.step("查清差异", Disputed)},
		{ActExtend, "同意续借", nil, try(func(x *Case) error { return x.Extend("", 1, "续借", today, s, k.gate.Calendar()) })},
		{ActRecall, "召回档案", nil, try(func(x *Case) error { return x.Recall("", today.String(), "召回", today) })},
		{ActWithdraw, "撤回申请", nil, try(func(x *Case) error { return x.Withdraw(now, "撤回") })},
	}
	var out []gate.Possible
	for _, a := range acts {
		// A step that is past or far ahead is no hindrance.
		if outOfOrder(a.hindered) {
			continue
		}
		p, ok := k.gate.Possible(actor, a.action, a.label, c.Resource(f.Dossier), a.hindered)
		if !ok {
			continue
		}
		p.Primary = slices.Contains(a.primary, c.State)
		out = append(out, p)
	}
	return out
}

func outOfOrder(err error) bool {
	var r *rule.Refusal
	return errors.As(err, &r) && r.Reasons[0].Slug == "step_out_of_order"
}

// mayHandOut is HandOut with what stands in the way at the window.
func (c Case) mayHandOut(d dossier.Dossier, today string) error {
	if err := c.step("借出交接", Ready); err != nil {
		return err
	}
	if d.Place != dossier.PlaceReading && d.Place != dossier.PlaceArranging && d.Place != dossier.PlaceWindow {
		return rule.Refuse(reason("22", "packet_not_here", "", "档案还在库房，没有提出。", "请库管按提档单提出后交接。"))
	}
	if c.ValidUntil < today {
		return rule.Refuse(reason("22", "approval_expired", "", "借阅批准已到期。", "请借阅单位重新申请。"))
	}
	return nil
}

// Offers is what a dossier's page says of loans: an application can be taken in, or why not.
func (k *Desk) Offers(_ context.Context, _ store.Querier, by policy.Actor, d dossier.Dossier) ([]gate.Possible, error) {
	p, ok := k.gate.Possible(by, ActApply, "受理借阅", Case{Agency: d.Agency, State: Draft}.Resource(d), held(Case{Agency: d.Agency}, d))
	if !ok {
		return nil, nil
	}
	return []gate.Possible{p}, nil
}

// Cases lists the loans of a dossier for its page.
func (k *Desk) Cases(ctx context.Context, q store.Querier, actor policy.Actor, dossierID string) ([]dossier.Case, error) {
	where, args := scope(actor)
	list, err := store.List[Case](ctx, q, "WHERE "+where+" AND dossier_id=? ORDER BY applied_at DESC, id DESC LIMIT 50", append(args, dossierID)...)
	if err != nil {
		return nil, err
	}
	today := k.gate.Today()
	out := make([]dossier.Case, len(list))
	for i, c := range list {
		out[i] = dossier.Case{Ref: c.Ref(), Room: "loan", Kind: "借阅", No: c.No, State: string(c.State), StateName: c.Name(today), Tone: c.Tone(today),
			Since: calendar.Of(c.AppliedAt).String(), DueOn: c.Ends(), Note: c.Unit, Link: "/loans/" + c.ID, Open: c.State.Open()}
	}
	return out, nil
}

// Name is the state as screens say it on a day.
func (c Case) Name(today calendar.Date) string {
	if c.Late(today) {
		return "逾期未还"
	}
	return c.State.Name()
}

// Tone is how it looks on a day.
func (c Case) Tone(today calendar.Date) string {
	if c.Late(today) {
		return "bad"
	}
	return c.State.Tone()
}

// Work lists what waits for an actor's posts.
func (k *Desk) Work(ctx context.Context, actor policy.Actor) ([]work.Item, error) {
	if actor.Kind != policy.Staff {
		return nil, nil
	}
	wants := []struct {
		state              State
		post, todo, action string
		lane               string
		not                string // the column of whoever did the step before
	}{
		{Draft, "clerk", "补全并提交借阅申请", "办理", work.Todo, ""}, {Checking, "clerk", "核对介绍信、证件原件", "核对", work.Todo, ""},
		{Incomplete, "clerk", "等待借阅单位补正", "查看", work.Sent, ""}, {Approving, "reviewer", "审核借阅申请", "审核", work.Todo, "checked_by"},
		{Heading, "head", "批准借阅", "批准", work.Todo, "approved_by"}, {Ready, "keeper", "取送人到场后借出交接", "交接", work.Todo, ""},
		{Out, "keeper", "到期归还时逐份核对", "归还", work.Sent, ""}, {Counted, "keeper", "第二人复核归还的档案", "复核", work.Todo, "returned_by"},
		{Counted, "reviewer", "第二人复核归还的档案", "复核", work.Todo, "returned_by"}, {Disputed, "reviewer", "查清归还的差异", "查清", work.Todo, ""},
	}
	own, args := scope(actor)
	var out []work.Item
	done := map[State]bool{}
	for _, w := range wants {
		if !actor.Has(w.post) || done[w.state] {
			continue
		}
		done[w.state] = true
		where, with := own+" AND state=?", append(slices.Clone(args), string(w.state))
		if w.state == Draft {
			where, with = where+" AND applied_by=?", append(with, actor.ID)
		}
		if w.not != "" {
			where, with = where+" AND coalesce("+w.not+",'')<>?", append(with, actor.ID)
		}
		list, err := store.List[Case](ctx, k.gate.DB(), "WHERE "+where+" ORDER BY changed_at, id LIMIT 100", with...)
		if err != nil {
			return nil, err
		}
		lines, err := k.lines(ctx, list)
		if err != nil {
			return nil, err
		}
		for _, l := range lines {
			i := work.Item{Room: "loan", Kind: "借阅", Subject: l.PersonName, SubjectNote: l.Unit, DossierID: l.DossierID, Todo: w.todo, Link: "/loans/" + l.ID, Action: w.action, DueOn: l.Ends(), Lane: w.lane, Since: l.ChangedAt}
			if i.DueOn != "" {
				i.Basis, i.Tentative = work.Agreed, l.State == Ready && l.ValidTentative
			}
			if l.State == Out {
				i.Basis = "22"
			}
			if l.Late(k.gate.Today()) {
				i.Todo, i.Lane = "借阅逾期，催还", work.Todo
			}
			out = append(out, i)
		}
	}
	slices.SortStableFunc(out, func(a, b work.Item) int { return strings.Compare(dueLast(a.DueOn), dueLast(b.DueOn)) })
	return out, nil
}

func dueLast(due string) string {
	if due == "" {
		return "9999"
	}
	return due
}

// Finished counts the loans that ended, on time or late.
func (k *Desk) Finished(ctx context.Context, actor policy.Actor, from, until time.Time) ([]work.Tally, error) {
	where, args := scope(actor)
	if where == "1=0" {
		return nil, nil
	}
	t, err := work.CountOnTime(ctx, k.gate.DB(), work.Consulted, "returned_at", "due_on",
		"loan WHERE "+where+" AND state IN (?,?) AND returned_at>=? AND returned_at<?", append(args, string(Closed), string(Disputed), from.UnixMicro(), until.UnixMicro())...)
	return []work.Tally{t}, err
}

// Parts lists the loans an actor has a part in that changed since a moment.
func (k *Desk) Parts(ctx context.Context, actor policy.Actor, since time.Time) ([]work.Part, error) {
	where, args := scope(actor)
	list, err := store.List[Case](ctx, k.gate.DB(), "WHERE "+where+" AND changed_at>=? AND (applied_by=? OR checked_by=? OR approved_by=? OR head_by=? OR handed_by=? OR returned_by=?) ORDER BY changed_at DESC, id DESC LIMIT 40",
		append(args, since.UnixMicro(), actor.ID, actor.ID, actor.ID, actor.ID, actor.ID, actor.ID)...)
	if err != nil {
		return nil, err
	}
	lines, err := k.lines(ctx, list)
	if err != nil {
		return nil, err
	}
	out := make([]work.Part, len(lines))
	for i, l := range lines {
		out[i] = work.Part{Ref: l.Ref(), Kind: "借阅", Subject: l.PersonName, Link: "/loans/" + l.ID}
	}
	return out, nil
}
