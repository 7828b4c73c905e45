package retirement

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"dangan/internal/calendar"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
	"dangan/internal/work"
)

// ages is the province's table as it was last parsed.
type ages struct {
	sync.Mutex
	text  string
	table Table
}

// Table is the table of ages that holds: the province's own, else the decision's.
func (k *Desk) Table() Table {
	text := k.settings.Table(tableID)
	if text == "" {
		return Default
	}
	k.last.Lock()
	defer k.last.Unlock()
	if k.last.text != text {
		t, err := ParseTable(strings.NewReader(text))
		if err != nil {
			return Default // it was checked when it was loaded
		}
		k.last.text, k.last.table = text, t
	}
	return k.last.table
}

// Own says whether the province replaced the table.
func (k *Desk) Own() bool { return k.settings.Table(tableID) != "" }

// PossibleTable says whether an actor may replace the table.
func (k *Desk) PossibleTable(by policy.Actor) []gate.Possible { return k.settings.Possible(by) }

// Months is how many months before the age a person is listed.
func (k *Desk) Months() int { return k.settings.Int(setting.RetireMonths) }

// Notice is how long before it another day is told or agreed on.
func (k *Desk) Notice() Notice {
	return Notice{k.settings.Int(setting.RetireEarlier), k.settings.Int(setting.RetireLater)}
}

// View is a case as its page shows it.
type View struct {
	Case
	Person   person.Person
	Dossier  dossier.Dossier
	Term     Term
	List     *List
	Facts    []dossier.Compared // as they are now
	Form     dossier.Material   // the approval form, if it came
	Sendings []Sending
	Items    []Item            // of the last sending
	Record   document.Document // of the difference two persons signed, if there was one
	Possible []gate.Possible
}

// Read gives a case; the reading is on record.
func (k *Desk) Read(ctx context.Context, by policy.Actor, id string) (v View, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActRead, Rules: rules}, func(tx *gate.Tx) error {
		if v, err = k.view(ctx, tx, id); err != nil {
			return err
		}
		tx.About("Dossier", v.DossierID)
		return tx.Permit(v.Resource(v.Dossier))
	})
	if err != nil {
		return View{}, err
	}
	v.Possible = k.possible(by, v)
	return v, nil
}

// After is the case as its actor sees it after an act, which is on record itself.
func (k *Desk) After(ctx context.Context, by policy.Actor, id string) (View, error) {
	v, err := k.view(ctx, k.gate.DB(), id)
	if err != nil {
		return View{}, err
	}
	if err := k.gate.Allowed(by, ActRead, v.Resource(v.Dossier)); err != nil {
		return View{}, err
	}
	v.Possible = k.possible(by, v)
	return v, nil
}

func (k *Desk) view(ctx context.Context, q store.Querier, id string) (v View, err error) {
	if v.Case, err = store.Get[Case](ctx, q, "WHERE id=?", id); err != nil {
		return v, err
	}
	if v.Dossier, err = dossier.Get(ctx, q, v.DossierID); err != nil {
		return v, err
	}
	if v.Person, err = person.Get(ctx, q, v.Dossier.PersonID); err != nil {
		return v, err
	}
	v.Term = k.Table().Term(v.Group, calendar.Date(v.BornOn))
	if v.Facts, err = k.dossiers.Weigh(ctx, q, v.Person, v.Dossier); err != nil {
		return v, err
	}
	if v.Form, err = approval(ctx, q, v.Case); err != nil {
		return v, err
	}
	if v.Sendings, err = store.List[Sending](ctx, q, "WHERE case_id=? ORDER BY sent_at, id LIMIT 20", id); err != nil {
		return v, err
	}
	if n := len(v.Sendings); n > 0 {
		if v.Items, err = linesOf(ctx, q, v.Sendings[n-1].ID); err != nil {
			return v, err
		}
		v.Items = slices.DeleteFunc(v.Items, func(i Item) bool { return i.Result == Struck })
	}
	papers, err := document.Of(ctx, q, v.Ref())
	if err != nil {
		return v, err
	}
	for _, p := range papers {
		if p.Kind == document.DifferenceRecord {
			v.Record = p
		}
	}
	if v.ListID != "" {
		l, err := store.Get[List](ctx, q, "WHERE id=?", v.ListID)
		if err != nil {
			return v, err
		}
		v.List = &l
	}
	return v, nil
}

var labels = []struct {
	action, label string
	primary       bool
}{{ActCheck, "核对信息", true}, {ActReturn, "登记退回", true}, {ActCountersign, "复核退回", true}, {ActDispute, "清点有误", false}, {ActSettle, "差异查清", false}, {ActFinish, "办结", true}, {ActDrop, "终止办理", false}}

func (k *Desk) possible(by policy.Actor, v View) (out []gate.Possible) {
	for _, l := range labels {
		if v.May(l.action) != nil && (l.action != ActSettle || !v.Unsettled()) {
			continue
		}
		label, err := l.label, error(nil)
		switch {
		case l.action == ActCountersign && v.Disputed != "":
			continue // it is counted again first
		case l.action == ActReturn && v.State == Counted:
			label = "重新清点"
		case l.action == ActFinish && v.Unsettled():
			err = rule.Refuse(openDifference())
		}
		if l.action == ActCheck && v.State == Ready {
			label = "重新核对"
		}
		if p, ok := k.gate.Possible(by, l.action, label, v.Resource(v.Dossier), err); ok {
			p.Primary = l.primary && (l.action != ActCheck || v.State != Ready) && (l.action != ActReturn || v.State != Counted || v.Disputed != "")
			out = append(out, p)
		}
	}
	return out
}

// Filter is what a list of cases asks for.
type Filter struct {
	View   string // open, out, back, ended; "" all
	List   string // of one list
	Cursor string
	Limit  int
}

// Row is one row of the list.
type Row struct {
	Case
	PersonName, DossierNo string
	Sent                  *Sending // of the list asked for
}

var views = map[string]string{
	"":      "1=1",
	"open":  "retirement.state IN ('checking','ready')",
	"out":   "retirement.state IN ('listed','out','counted')",
	"back":  "retirement.state='back'",
	"ended": "retirement.state IN ('kept','passed','dropped')",
}

type cursor struct {
	End string `json:"e"`
	ID  string `json:"i"`
}

func makeCursor(end, id string) string {
	raw, err := json.Marshal(cursor{end, id})
	if err != nil {
		return "" // two strings always have a form
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

func parseCursor(text string) (c cursor, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(raw, &c) != nil {
		return c, rule.Mistake(rule.Reason{Rule: "29.3", Slug: "cursor", Field: "cursor", Message: "翻页位置无法识别。", Next: "请从第一页重新查看。"})
	}
	return c, nil
}

// List reads the cases of a view, by the day of retirement.
func (k *Desk) List(ctx context.Context, by policy.Actor, f Filter) (out []Row, next string, err error) {
	where, args, err := k.where(by, f)
	if err != nil {
		return nil, "", err
	}
	if f.Cursor != "" {
		c, err := parseCursor(f.Cursor)
		if err != nil {
			return nil, "", err
		}
		where, args = where+" AND (retirement.due_on>? OR retirement.due_on=? AND retirement.id>?)", append(args, c.End, c.End, c.ID)
	}
	if f.View == "open" {
		where = dossier.InOrder(by, "retirement", where)
	}
	limit := min(max(f.Limit, 1), 100)
	rows, err := store.List[Case](ctx, k.gate.DB(), "WHERE "+where+fmt.Sprintf(" ORDER BY retirement.due_on, retirement.id LIMIT %d", limit+1), args...)
	if err != nil {
		return nil, "", err
	}
	if len(rows) > limit {
		rows = rows[:limit]
		next = makeCursor(rows[limit-1].DueOn, rows[limit-1].ID)
	}
	if out, err = k.named(ctx, rows); err != nil || f.List == "" {
		return out, next, err
	}
	sent, err := store.List[Sending](ctx, k.gate.DB(), "WHERE list_id=? LIMIT 200", f.List)
	for i := range sent {
		for j := range out {
			if out[j].ID == sent[i].CaseID {
				out[j].Sent = &sent[i]
			}
		}
	}
	return out, next, err
}

// Counts says how many stand in each part of the page.
func (k *Desk) Counts(ctx context.Context, by policy.Actor) (map[string]int64, error) {
	out := map[string]int64{}
	var err error
	for _, v := range []string{Near, Past, Unsure} {
		table, args, err := k.candidates(by, v)
		if err != nil {
			return nil, err
		}
		if out[v], err = store.Count(ctx, k.gate.DB(), "SELECT count(*) FROM (SELECT 1 FROM "+table+" LIMIT 5000) y", args...); err != nil {
			return nil, err
		}
	}
	for _, v := range []string{"open", "out", "back", "ended"} {
		where, args, err := k.where(by, Filter{View: v})
		if err != nil {
			return nil, err
		}
		if out[v], err = store.Count(ctx, k.gate.DB(), "SELECT count(*) FROM (SELECT 1 FROM retirement WHERE "+where+" LIMIT 50000) x", args...); err != nil {
			return nil, err
		}
	}
	return out, err
}

func (k *Desk) where(by policy.Actor, f Filter) (string, []any, error) {
	part, known := views[f.View]
	if !known {
		return "", nil, rule.Mistake(reason("view_unknown", "view", "没有这一栏。", "请从页面所列各栏中选择。"))
	}
	where, args := scope(by)
	where += " AND " + part
	if f.List != "" {
		// A packet that was sent back unapproved has left its list's cases and stays on its paper.
		where, args = where+" AND (retirement.list_id=? OR retirement.id IN (SELECT case_id FROM retirement_sending WHERE list_id=?))", append(args, f.List, f.List)
	}
	return where, args, nil
}

func (k *Desk) named(ctx context.Context, rows []Case) ([]Row, error) {
	ids := make([]string, len(rows))
	for i, c := range rows {
		ids[i] = c.DossierID
	}
	heads, err := dossier.Heads(ctx, k.gate.DB(), ids)
	if err != nil {
		return nil, err
	}
	out := make([]Row, len(rows))
	for i, c := range rows {
		h := heads[c.DossierID]
		out[i].Case, out[i].DossierNo, out[i].PersonName = c, h.No, h.Name
	}
	return out, nil
}

// posts see cases and lists.
var posts = []string{"clerk", "reviewer", "head", "supervisor"}

// scope is the SQL predicate for the cases retirement.read lets an actor see.
func scope(by policy.Actor) (string, []any) { return dossier.CaseScope(by, "retirement", posts...) }

func scopeSendings(by policy.Actor) (string, []any) {
	return dossier.CaseScope(by, "retirement_sending", posts...)
}

// scopeLists is the same of retirement.open_list.
func scopeLists(by policy.Actor) (string, []any) {
	if by.Kind != policy.Staff || len(by.Reach) == 0 || !slices.ContainsFunc(posts, by.Has) {
		return "1=0", nil
	}
	return "retirement_list.agency IN (" + store.Marks(len(by.Reach)) + ") AND secrecy<=?", append(store.Args(by.Reach), by.Clearance)
}

// ListView is a list's page.
type ListView struct {
	List
	Lines    []Row
	Possible []gate.Possible
}

// OpenList gives a list with those on it the actor may know of; on record.
func (k *Desk) OpenList(ctx context.Context, by policy.Actor, id string) (v ListView, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActOpenList, Rules: loan}, func(tx *gate.Tx) error {
		if v.List, err = store.Get[List](ctx, tx, "WHERE id=?", id); err != nil {
			return err
		}
		return tx.Permit(v.Resource())
	})
	if err != nil {
		return ListView{}, err
	}
	return k.listView(ctx, by, v.List)
}

// AfterList is the list as its actor sees it after an act.
func (k *Desk) AfterList(ctx context.Context, by policy.Actor, l List) (ListView, error) {
	if err := k.gate.Allowed(by, ActOpenList, l.Resource()); err != nil {
		return ListView{}, err
	}
	return k.listView(ctx, by, l)
}

func (k *Desk) listView(ctx context.Context, by policy.Actor, l List) (v ListView, err error) {
	v.List = l
	if v.Lines, _, err = k.List(ctx, by, Filter{List: l.ID, Limit: Most}); err != nil {
		return v, err
	}
	for _, x := range []struct{ action, label string }{{ActDeliver, "送审移交"}, {ActCancel, "取消清单"}} {
		if l.May(x.action) != nil {
			continue
		}
		if p, ok := k.gate.Possible(by, x.action, x.label, l.Resource(), nil); ok {
			p.Primary = x.action != ActCancel
			v.Possible = append(v.Possible, p)
		}
	}
	return v, nil
}

// Lists gives the lists in the actor's scope, the last changed first.
func (k *Desk) Lists(ctx context.Context, by policy.Actor, limit int) ([]List, error) {
	where, args := scopeLists(by)
	return store.List[List](ctx, k.gate.DB(), "WHERE "+dossier.InOrder(by, "retirement_list", where)+fmt.Sprintf(" ORDER BY changed_at DESC, id DESC LIMIT %d", min(max(limit, 1), 100)), args...)
}

// Work lists what waits: those near the age and checks for the clerk, lists to be handed
// over by a reviewer who did not make them, packets outside with the day they are due back.
func (k *Desk) Work(ctx context.Context, by policy.Actor) ([]work.Item, error) {
	where, args := scope(by)
	if where == "1=0" {
		return nil, nil
	}
	var out []work.Item
	if by.Has("clerk") {
		own := by
		own.Reach = []string{by.Org}
		near, args, err := k.candidates(own, Near)
		if err != nil {
			return nil, err
		}
		n, err := store.Count(ctx, k.gate.DB(), "SELECT count(*) FROM (SELECT 1 FROM "+near+" LIMIT 5000) y", args...)
		if err != nil {
			return nil, err
		}
		printed := int64(0)
		if n > 0 {
			if printed, err = store.Count(ctx, k.gate.DB(), "SELECT count(*) FROM document WHERE case_ref=?", nearRef(by.Org, k.gate.Today())); err != nil {
				return nil, err
			}
		}
		if n > 0 && printed == 0 {
			out = append(out, work.Item{Room: "retirement", Kind: "退休送审", Subject: "本月将到龄名单", Todo: fmt.Sprintf("打印名单（%d 人），交负责人安排核对", n), Action: "打印", Link: "/retirements", Lane: work.Todo, Basis: "7.4"})
		}
		if n > 0 {
			out = append(out, work.Item{Room: "retirement", Kind: "退休送审", Subject: fmt.Sprintf("将到龄 %d 人", n), Todo: fmt.Sprintf("%d个月内到退休年龄，核对档案", k.Months()), Action: "查看名单", Link: "/retirements", Lane: work.Todo})
		}
	}
	rows, err := store.List[Case](ctx, k.gate.DB(), "WHERE retirement.state IN ('checking','ready','counted','back') AND "+where+" ORDER BY retirement.due_on, retirement.id LIMIT 100", args...)
	if err != nil {
		return nil, err
	}
	list, err := k.named(ctx, rows)
	if err != nil {
		return nil, err
	}
	for _, c := range list {
		item := work.Item{Room: "retirement", Kind: "退休送审", Subject: c.PersonName, SubjectNote: c.DossierNo, DossierID: c.DossierID, Link: "/retirements/" + c.ID, Lane: work.Todo, Since: c.ChangedAt}
		if c.Agency != by.Org {
			continue
		}
		if c.State == Counted && c.Disputed == "" && by.Has("reviewer") && c.ReturnedBy != by.ID {
			item.Todo, item.Action, item.Basis = "对照实物复核送审退回的清点", "复核", "22"
			out = append(out, item)
			continue
		}
		if !by.Has("clerk") || c.State == Counted && c.Disputed == "" {
			continue
		}
		switch c.State {
		case Counted:
			item.Todo, item.Action, item.Basis = "复核认为清点有误："+c.Disputed, "重新清点", "22"
		case Checking:
			item.Todo, item.Action, item.DueOn, item.Basis = "核对关键信息、清点档案", "核对", c.DueOn, "7.4"
		case Ready:
			item.Todo, item.Action, item.DueOn, item.Basis = "列入送审清单", "送审", c.DueOn, "7.4"
		default:
			item.Todo, item.Action = "退休审批表归档后办结", "办理"
		}
		if c.Unsettled() {
			item.Todo, item.Action, item.Basis = "退回时有差异，追查后登记查清", "查清", "22"
		}
		out = append(out, item)
	}
	where, args = scopeLists(by)
	lists, err := store.List[List](ctx, k.gate.DB(), "WHERE state IN ('preparing','delivered') AND "+where+" ORDER BY changed_at, id LIMIT 100", args...)
	if err != nil {
		return nil, err
	}
	for _, l := range lists {
		item := work.Item{Room: "retirement", Kind: "退休送审清单", Subject: l.Recipient, SubjectNote: l.No, Link: "/retirements/lists/" + l.ID, Lane: work.Todo, Since: l.ChangedAt}
		switch {
		case l.Agency != by.Org:
			continue
		case l.State == Preparing && by.Has("reviewer") && l.PreparedBy != by.ID:
			item.Todo, item.Action = fmt.Sprintf("核对实物后送审 %d 卷", l.Persons), "送审移交"
		case l.State == Delivered && by.Has("clerk"):
			item.Todo, item.Action, item.Lane, item.DueOn, item.Basis = fmt.Sprintf("%d 卷待退回", l.Away), "登记退回", work.Sent, l.DueBack, "22"
		default:
			continue
		}
		out = append(out, item)
	}
	return out, nil
}

// Cases lists a dossier's cases for its page.
func (k *Desk) Cases(ctx context.Context, q store.Querier, by policy.Actor, dossierID string) ([]dossier.Case, error) {
	where, args := scope(by)
	rows, err := store.List[Case](ctx, q, "WHERE retirement.dossier_id=? AND "+where+" ORDER BY retirement.changed_at DESC, retirement.id DESC LIMIT 20", append([]any{dossierID}, args...)...)
	if err != nil {
		return nil, err
	}
	out := make([]dossier.Case, len(rows))
	for i, c := range rows {
		out[i] = dossier.Case{Ref: c.Ref(), Room: "retirement", Kind: "退休送审", State: string(c.State), StateName: c.State.Name(), Tone: c.State.Tone(), Since: calendar.Of(c.OpenedAt).String(),
			Note: ChoiceName(c.Choice) + "，" + calendar.Date(c.DueOn).Long(), Link: "/retirements/" + c.ID, Open: c.Open()}
	}
	return out, nil
}

// Offers is what a dossier's page says: a person near the age can be taken up. Of others
// the page says nothing.
func (k *Desk) Offers(ctx context.Context, q store.Querier, by policy.Actor, d dossier.Dossier) ([]gate.Possible, error) {
	if err := free(ctx, q, d); err != nil {
		var refused *rule.Refusal
		if errors.As(err, &refused) {
			err = nil
		}
		return nil, err
	}
	p, err := person.Get(ctx, q, d.PersonID)
	if err != nil {
		return nil, err
	}
	on, _, err := born(ctx, q, d, p)
	if err != nil || !on.Valid() {
		return nil, err
	}
	horizon := after(k.gate.Today(), k.Months()+flexible) // who chooses to retire early is near three years before
	if !slices.ContainsFunc(Groups, func(g string) bool { return sexOf(g) == p.Sex && k.Table().Term(g, on).Statutory <= horizon }) {
		return nil, nil
	}
	if o, ok := k.gate.Possible(by, ActOpen, "办理退休送审", Case{Agency: d.Agency}.Resource(d), nil); ok && o.Refusal == nil {
		return []gate.Possible{o}, nil
	}
	return nil, nil
}
