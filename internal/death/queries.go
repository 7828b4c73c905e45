package death

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/register"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
	"dangan/internal/work"
)

// View is a case as its page shows it.
type View struct {
	Case
	Person   person.Person
	Dossier  dossier.Dossier
	List     *Handover
	Looks    []Look // for how long it was kept on, the first first
	Possible []gate.Possible
}

// Read gives a case; the reading is on record.
func (k *Desk) Read(ctx context.Context, by policy.Actor, id string) (v View, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActRead, Rules: rules}, func(tx *gate.Tx) error {
		if v, err = view(ctx, tx, id); err != nil {
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
	v, err := view(ctx, k.gate.DB(), id)
	if err != nil {
		return View{}, err
	}
	if err := k.gate.Allowed(by, ActRead, v.Resource(v.Dossier)); err != nil {
		return View{}, err
	}
	v.Possible = k.possible(by, v)
	return v, nil
}

func view(ctx context.Context, q store.Querier, id string) (v View, err error) {
	if v.Case, err = store.Get[Case](ctx, q, "WHERE id=?", id); err != nil {
		return v, err
	}
	if v.Dossier, err = dossier.Get(ctx, q, v.DossierID); err != nil {
		return v, err
	}
	if v.Person, err = person.Get(ctx, q, v.Dossier.PersonID); err != nil {
		return v, err
	}
	if v.Looks, err = store.List[Look](ctx, q, "WHERE case_id=? ORDER BY at, id LIMIT 50", id); err != nil {
		return v, err
	}
	if v.HandoverID != "" {
		h, err := store.Get[Handover](ctx, q, "WHERE id=?", v.HandoverID)
		if err != nil {
			return v, err
		}
		v.List = &h
	}
	return v, nil
}

var labels = []struct {
	action, label string
	primary       bool
}{{ActConfirm, "确认死亡", true}, {ActReject, "不予确认", false}, {ActRetain, "期满续管", false}, {ActReview, "复核续管", true}, {ActHonor, "登记荣誉称号", false}, {ActRevoke, "撤销登记", false}}

func (k *Desk) possible(by policy.Actor, v View) (out []gate.Possible) {
	for _, l := range labels {
		if !slices.Contains(from[l.action], v.State) {
			continue
		}
		if p, ok := k.gate.Possible(by, l.action, l.label, v.Resource(v.Dossier), v.May(l.action, k.gate.Today())); ok {
			p.Primary = l.primary && (l.action != ActReview || v.ReviewDue(k.gate.Today()))
			out = append(out, p)
		}
	}
	return out
}

// Filter is what a list asks for.
type Filter struct {
	View   string // reported, running, near, due, review, retained, moving, ended; "" all
	Merit  bool   // only those with an honor
	List   string // of one handover
	Cursor string
	Limit  int
}

// Row is one row of the list.
type Row struct {
	Case
	PersonName, DossierNo string
	Secrecy               int
}

// views are the parts of the list; due days are told by the term's end.
var views = map[string]string{
	"":         "1=1",
	"reported": "death.state='reported'",
	"running":  "death.state IN ('kept','retained') AND death.term_ends_on>=?",
	"near":     "death.state='kept' AND death.term_ends_on>=? AND death.term_ends_on<=?",     // the days of the setting before the term ends
	"retained": "death.state='retained'",                                                     // kept on: looked through again, and may still be handed over
	"review":   "death.state='retained' AND (death.review_on IS NULL OR death.review_on<=?)", // the day until which it was kept on has come
	"due":      "death.state='kept' AND death.term_ends_on<?",
	"moving":   "death.state IN ('listed','sent')",
	"ended":    "death.state IN ('handed','rejected','revoked')",
}

type cursor struct {
	End string `json:"e"`
	ID  string `json:"i"`
}

// List gives the cases in the actor's scope, by the end of their term.
func (k *Desk) List(ctx context.Context, by policy.Actor, f Filter) (out []Row, next string, err error) {
	where, args, err := k.where(by, f)
	if err != nil {
		return nil, "", err
	}
	if f.Cursor != "" {
		var c cursor
		raw, err := base64.RawURLEncoding.DecodeString(f.Cursor)
		if err != nil || json.Unmarshal(raw, &c) != nil {
			return nil, "", rule.Mistake(rule.Reason{Rule: "29.3", Slug: "cursor", Field: "cursor", Message: "翻页位置无法识别。", Next: "请从第一页重新查看。"})
		}
		where, args = where+" AND (death.term_ends_on>? OR death.term_ends_on=? AND death.id>?)", append(args, c.End, c.End, c.ID)
	}
	if f.View == "due" || f.View == "near" {
		where = dossier.InOrder(by, "death", where)
	}
	limit := min(max(f.Limit, 1), 100)
	rows, err := store.List[Case](ctx, k.gate.DB(), "WHERE "+where+fmt.Sprintf(" ORDER BY death.term_ends_on, death.id LIMIT %d", limit+1), args...)
	if err != nil {
		return nil, "", err
	}
	if len(rows) > limit {
		rows = rows[:limit]
		raw, err := json.Marshal(cursor{rows[limit-1].TermEndsOn, rows[limit-1].ID})
		if err != nil {
			return nil, "", err
		}
		next = base64.RawURLEncoding.EncodeToString(raw)
	}
	out, err = k.named(ctx, rows)
	return out, next, err
}

// Counts says how many stand in each part of the list.
func (k *Desk) Counts(ctx context.Context, by policy.Actor) (map[string]int64, error) {
	out := map[string]int64{}
	for _, v := range []string{"reported", "running", "near", "due", "review", "retained", "moving", "ended"} {
		where, args, err := k.where(by, Filter{View: v})
		if err != nil {
			return nil, err
		}
		if out[v], err = store.Count(ctx, k.gate.DB(), "SELECT count(*) FROM (SELECT 1 FROM death WHERE "+where+" LIMIT 50000) x", args...); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (k *Desk) where(by policy.Actor, f Filter) (string, []any, error) {
	part, known := views[f.View]
	if !known {
		return "", nil, rule.Mistake(reason("view_unknown", "view", "没有这一栏。", "请从页面所列各栏中选择。"))
	}
	where, args := scope(by)
	where += " AND " + part
	switch today := k.gate.Today(); f.View {
	case "running", "due", "review":
		args = append(args, today.String())
	case "near":
		args = append(args, today.String(), today.AddDays(k.settings.Int(setting.DeathNearDays)).String())
	}
	if f.Merit {
		where += " AND death.merit IS NOT NULL"
	}
	if f.List != "" {
		where, args = where+" AND death.handover_id=?", append(args, f.List)
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
		out[i].Case, out[i].DossierNo, out[i].PersonName, out[i].Secrecy = c, h.No, h.Name, h.Secrecy
	}
	return out, nil
}

// posts see cases and lists.
var posts = []string{"clerk", "reviewer", "head", "supervisor"}

// scope is the SQL predicate for the cases death.read lets an actor see.
func scope(by policy.Actor) (string, []any) { return dossier.CaseScope(by, "death", posts...) }

// scopeLists is the same of death.open_list.
func scopeLists(by policy.Actor) (string, []any) {
	if by.Kind != policy.Staff || len(by.Reach) == 0 || !slices.ContainsFunc(posts, by.Has) {
		return "1=0", nil
	}
	return "agency IN (" + store.Marks(len(by.Reach)) + ") AND secrecy<=?", append(store.Args(by.Reach), by.Clearance)
}

// ListView is a handover's page.
type ListView struct {
	Handover
	Lines    []Row
	Checks   map[string]Check // the last one of each case
	Possible []gate.Possible
}

// OpenList gives a handover with those on it the actor may know of; on record.
func (k *Desk) OpenList(ctx context.Context, by policy.Actor, id string) (v ListView, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActOpen, Rules: rules}, func(tx *gate.Tx) error {
		if v.Handover, err = store.Get[Handover](ctx, tx, "WHERE id=?", id); err != nil {
			return err
		}
		return tx.Permit(v.Resource())
	})
	if err != nil {
		return ListView{}, err
	}
	return k.listView(ctx, by, v.Handover)
}

// AfterList is the list as its actor sees it after an act.
func (k *Desk) AfterList(ctx context.Context, by policy.Actor, h Handover) (ListView, error) {
	if err := k.gate.Allowed(by, ActOpen, h.Resource()); err != nil {
		return ListView{}, err
	}
	return k.listView(ctx, by, h)
}

func (k *Desk) listView(ctx context.Context, by policy.Actor, h Handover) (v ListView, err error) {
	v.Handover = h
	if v.Lines, _, err = k.List(ctx, by, Filter{List: h.ID, Limit: Most}); err != nil {
		return v, err
	}
	if v.Checks, err = checksOf(ctx, k.gate.DB(), h.ID); err != nil {
		return v, err
	}
	unchecked := slices.ContainsFunc(v.Lines, func(r Row) bool { return v.Checks[r.ID].ID == "" })
	for _, l := range []struct{ action, label string }{{ActCheck, "四性检测"}, {ActDeliver, "移交"}, {ActReceipt, "登记回执"}, {ActStrike, "移出一人"}, {ActCancel, "取消清单"}} {
		if h.May(l.action) != nil || l.action == ActStrike && h.Persons < 2 {
			continue
		}
		if p, ok := k.gate.Possible(by, l.action, l.label, h.Resource(), nil); ok {
			p.Primary = l.action != ActCancel && l.action != ActStrike && (l.action != ActCheck || unchecked && h.RecipientKind == Archive)
			v.Possible = append(v.Possible, p)
		}
	}
	return v, nil
}

// Lists gives the handovers in the actor's scope, the last changed first.
func (k *Desk) Lists(ctx context.Context, by policy.Actor, limit int) ([]Handover, error) {
	where, args := scopeLists(by)
	return store.List[Handover](ctx, k.gate.DB(), "WHERE "+where+fmt.Sprintf(" ORDER BY changed_at DESC, id DESC LIMIT %d", min(max(limit, 1), 100)), args...)
}

// Work lists what waits: confirmations and deliveries for a reviewer who did not begin
// them, due dossiers and receipts for the clerk.
func (k *Desk) Work(ctx context.Context, by policy.Actor) ([]work.Item, error) {
	var out []work.Item
	today := k.gate.Today()
	where, args := scope(by)
	if where == "1=0" {
		return nil, nil
	}
	var rows []Case
	take := func(only, order string, more ...any) error {
		list, err := store.List[Case](ctx, k.gate.DB(), "WHERE "+where+" AND death.agency=? AND "+only+" ORDER BY "+order+", death.id LIMIT 100", slices.Concat(args, []any{by.Org}, more)...)
		rows = append(rows, list...)
		return err
	}
	if by.Has("reviewer") {
		if err := errors.Join(take(views["reported"], "death.term_ends_on"), take(views["review"], "death.review_on", today.String())); err != nil {
			return nil, err
		}
	}
	if by.Has("clerk") {
		if err := take(views["due"], "death.term_ends_on", today.String()); err != nil {
			return nil, err
		}
	}
	list, err := k.named(ctx, rows)
	if err != nil {
		return nil, err
	}
	for _, c := range list {
		item := work.Item{Room: "death", Kind: "死亡档案", Subject: c.PersonName, SubjectNote: c.DossierNo, DossierID: c.DossierID, Link: "/deaths/" + c.ID, Lane: work.Todo, Since: c.ChangedAt}
		switch {
		case c.State == Reported && by.Has("reviewer") && c.RegisteredBy != by.ID:
			item.Todo, item.Action = "对照"+c.Evidence+"确认死亡", "确认"
		case c.State == Kept && by.Has("clerk"):
			item.Todo, item.Action, item.DueOn, item.Basis = "去世满5年，移交或续管", "办理", c.TermEndsOn, "20c"
		case c.ReviewDue(today) && by.Has("reviewer"):
			item.Todo, item.Action, item.DueOn, item.Basis = "续管期限已到，复核是否继续保管", "复核", c.ReviewOn, "20c"
		default:
			continue
		}
		out = append(out, item)
	}
	where, args = scopeLists(by)
	lists, err := store.List[Handover](ctx, k.gate.DB(), "WHERE state IN ('preparing','delivered') AND "+where+" ORDER BY changed_at, id LIMIT 100", args...)
	if err != nil {
		return nil, err
	}
	for _, h := range lists {
		item := work.Item{Room: "death", Kind: "死亡档案移交", Subject: h.Recipient, SubjectNote: h.No, Link: "/deaths/lists/" + h.ID, Lane: work.Todo, Since: h.ChangedAt}
		switch {
		case h.Agency != by.Org:
			continue
		case h.State == Preparing && by.Has("reviewer") && h.PreparedBy != by.ID:
			item.Todo, item.Action = fmt.Sprintf("核对实物后移交 %d 卷", h.Persons), "移交"
		case h.State == Delivered && by.Has("clerk"):
			item.Todo, item.Action, item.Lane = "待接收单位回执", "登记", work.Sent
		default:
			continue
		}
		out = append(out, item)
	}
	return out, nil
}

// Cases lists a dossier's registrations for its page.
func (k *Desk) Cases(ctx context.Context, q store.Querier, by policy.Actor, dossierID string) ([]dossier.Case, error) {
	where, args := scope(by)
	rows, err := store.List[Case](ctx, q, "WHERE death.dossier_id=? AND "+where+" ORDER BY death.changed_at DESC, death.id DESC LIMIT 20", append([]any{dossierID}, args...)...)
	if err != nil {
		return nil, err
	}
	out := make([]dossier.Case, len(rows))
	for i, c := range rows {
		out[i] = dossier.Case{Ref: c.Ref(), Room: "death", Kind: "死亡档案", State: string(c.State), StateName: c.State.Name(), Tone: c.State.Tone(), Since: calendar.Of(c.RegisteredAt).String(),
			Note: "死亡日期 " + calendar.Date(c.DiedOn).Long() + "，5年期至 " + calendar.Date(c.TermEndsOn).Long(), Link: "/deaths/" + c.ID, Open: c.Open()}
	}
	return out, nil
}

// Offers is what a dossier's page says: a death can be registered, or why not.
func (k *Desk) Offers(ctx context.Context, q store.Querier, by policy.Actor, d dossier.Dossier) ([]gate.Possible, error) {
	err := free(ctx, q, d)
	if p, ok := k.gate.Possible(by, ActReport, "登记死亡", Case{Agency: d.Agency}.Resource(d), err); ok && (p.Refusal == nil || err == nil) {
		return []gate.Possible{p}, nil
	}
	return nil, nil
}

// Registers are the registers of this room (N3): 18 死亡档案, a line for every death confirmed.
func (k *Desk) Registers() []register.Register {
	var choices []register.Choice
	for _, s := range order {
		if s != Reported && s != Rejected {
			choices = append(choices, register.Choice{Key: string(s), Name: s.Name()})
		}
	}
	return []register.Register{register.Of(register.Register{Key: "deaths", No: 18, Name: "死亡档案", Rule: "20c", Date: "确认日期", Heads: []string{"死亡日期", "来源、依据", "5年届满", "去向"}, Widths: []float64{12, 26, 12, 28},
		States: choices, Posts: posts, Acts: []string{ActConfirm}, Note: "经第二人确认的死亡登记，一人一条；撤销的保留。"},
		register.Source[Case]{DB: func() store.Querier { return k.gate.DB() }, Scope: scope, Only: "death.decided_at IS NOT NULL AND death.state<>'rejected'", At: "death.decided_at", State: "death.state", Dossier: "death.dossier_id",
			Place: func(c Case) (string, string) { return register.Micro(c.DecidedAt), c.ID },
			Rows: func(ctx context.Context, list []Case) ([]register.Row, error) {
				var ids []string
				for _, c := range list {
					ids = append(ids, c.HandoverID)
				}
				lists, err := store.List[Handover](ctx, k.gate.DB(), "WHERE id IN ("+store.Marks(len(ids)+1)+")", append(store.Args(ids), "")...)
				if err != nil {
					return nil, err
				}
				went := map[string]string{}
				for _, h := range lists {
					went[h.ID] = h.Recipient + "（" + h.No + "）"
				}
				rows := make([]register.Row, len(list))
				for i, c := range list {
					to := went[c.HandoverID]
					if to == "" {
						to = c.Basis
						if c.State == Retained && c.ReviewOn != "" {
							to = "续管至" + c.ReviewOn + "：" + c.Basis
						}
					}
					rows[i] = register.Row{On: calendar.Of(c.DecidedAt).String(), Agency: c.Agency, Handler: c.DecidedBy, DossierID: c.DossierID, State: c.State.Name(), Tone: c.State.Tone(), Link: "/deaths/" + c.ID,
						Own: []string{c.DiedOn, SourceName(c.Source) + "：" + c.Evidence, c.TermEndsOn, to}}
				}
				return rows, nil
			}})}
}
