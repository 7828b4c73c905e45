package collect

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/staff"
	"dangan/internal/store"
	"dangan/internal/work"
)

// What stands open of a request, in SQL as StateOf says it: an item is handed in once a
// piece came for it and was not returned.
const (
	openItem = "EXISTS (SELECT 1 FROM supplement s WHERE s.case_ref='Collection:'||collection.id AND s.state='open')"
	owedItem = "EXISTS (SELECT 1 FROM supplement s WHERE s.case_ref='Collection:'||collection.id AND s.state='open' AND s.handed_id IS NULL)"
	stateSQL = "(CASE WHEN collection.withdrawn_on IS NOT NULL THEN 'withdrawn' WHEN " + owedItem + " THEN 'waiting' WHEN " + openItem + " THEN 'handed' ELSE 'done' END)"
)

// served holds for a request to the agency's own staff while who has it in hand is in service as a
// clerk; at what moment. Whoever left, or has not the post any more, leaves it to the head.
const served = "EXISTS (SELECT 1 FROM staff m JOIN post p ON p.staff_id=m.id WHERE m.id=coalesce(collection.handler,collection.opened_by) AND m.state='active' AND p.post='clerk' AND p.org=m.agency AND p.ended_at IS NULL AND (p.until_at IS NULL OR p.until_at>?))"

// views of the list.
var views = map[string]string{
	"waiting": "collection.ended_on IS NULL AND " + owedItem,
	"overdue": "collection.ended_on IS NULL AND collection.due_on<? AND " + owedItem,
	"vacant":  "collection.ended_on IS NULL AND collection.target='office' AND " + owedItem + " AND NOT " + served,
	"ended":   "(collection.ended_on IS NOT NULL OR NOT " + owedItem + ")",
}

// Listed is a request with its dossier, person and items.
type Listed struct {
	Request
	DossierNo, PersonName string
	Items                 []Item
	State                 State
	Late                  int  // days overdue
	Vacant                bool // asked of the own staff, and nobody in service has it in hand
}

// scope is the SQL predicate for the requests that collection.read lets an actor see:
// post, reach, clearance, recusal.
func scope(by policy.Actor) (string, []any) { return dossier.CaseScope(by, "collection", posts...) }

// itemsOf reads the items of a page of requests at once.
func itemsOf(ctx context.Context, q store.Querier, list []Request) (map[string][]Item, error) {
	out := map[string][]Item{}
	if len(list) == 0 {
		return out, nil
	}
	refs := make([]string, len(list))
	for i, r := range list {
		refs[i] = r.Ref()
	}
	rows, err := store.List[dossier.Supplement](ctx, q, "WHERE case_ref IN ("+store.Marks(len(refs))+") ORDER BY id", store.Args(refs)...)
	if err != nil {
		return nil, err
	}
	for _, s := range rows {
		id := strings.TrimPrefix(s.CaseRef, "Collection:")
		out[id] = append(out[id], Item{s})
	}
	return out, nil
}

// Find is a request with its items, for rooms that take in what it asks for: they tell which
// dossier it is of, as in acts.
func Find(ctx context.Context, q store.Querier, id string) (Request, []Item, error) {
	r, err := store.Get[Request](ctx, q, "WHERE id=?", id)
	if err != nil {
		return r, nil, err
	}
	items, err := itemsOf(ctx, q, []Request{r})
	if err != nil {
		return r, nil, err
	}
	if of := items[r.ID]; len(of) > 0 {
		r.DossierID = of[0].DossierID
	}
	return r, items[r.ID], nil
}

func (k *Desk) listed(ctx context.Context, q store.Querier, rows []Request) ([]Listed, error) {
	items, err := itemsOf(ctx, q, rows)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.DossierID
	}
	heads, err := dossier.Heads(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	var hands []string
	for _, r := range rows {
		if r.Target == Office && r.EndedOn == "" {
			hands = append(hands, r.InHand())
		}
	}
	serving, err := staff.Serving(ctx, q, staff.Clerk, k.gate.Now(), hands...)
	if err != nil {
		return nil, err
	}
	out := make([]Listed, len(rows))
	for i, r := range rows {
		state := StateOf(r, items[r.ID])
		out[i] = Listed{Request: r, DossierNo: heads[r.DossierID].No, PersonName: heads[r.DossierID].Name, Items: items[r.ID], State: state, Late: r.Late(state, k.gate.Today())}
		out[i].Vacant = r.Target == Office && (state == Waiting || state == Handed) && !serving[r.InHand()]
	}
	return out, nil
}

// Filter is what the list asks for.
type Filter struct {
	View   string
	Target string
	Hand   string // in the hands of this member of staff
	After  string // id of the last one seen
	Limit  int
}

func (k *Desk) where(by policy.Actor, view string) (string, []any, error) {
	part, known := views[view]
	if !known {
		return "", nil, rule.Mistake(reason("14b", "view_unknown", "view", "没有这一栏。", "请从页面所列各栏中选择。"))
	}
	where, args := scope(by)
	if by.Kind == policy.Unit || by.Kind == policy.Citizen {
		where, args = outside(by)
	}
	switch view {
	case "overdue":
		args = append(args, k.gate.Today().String())
	case "vacant":
		args = append(args, k.gate.Now())
	}
	return where + " AND " + part, args, nil
}

// List is a page of requests, those due first before the others; ended ones, the last first.
func (k *Desk) List(ctx context.Context, by policy.Actor, f Filter) (list []Listed, next string, err error) {
	where, args, err := k.where(by, f.View)
	if err != nil {
		return nil, "", err
	}
	if f.View != "ended" {
		where = dossier.InOrder(by, "collection", where)
	}
	return k.page(ctx, f, where, args)
}

// page is a page of the requests for which a predicate holds.
func (k *Desk) page(ctx context.Context, f Filter, where string, args []any) (list []Listed, next string, err error) {
	if f.Target != "" {
		where, args = where+" AND collection.target=?", append(args, f.Target)
	}
	if f.Hand != "" {
		where, args = where+" AND coalesce(collection.handler,collection.opened_by)=?", append(args, f.Hand)
	}
	order, sign := " ORDER BY collection.due_on, collection.id LIMIT ?", ">"
	if f.View == "ended" {
		order, sign = " ORDER BY collection.due_on DESC, collection.id DESC LIMIT ?", "<"
	}
	if f.After != "" {
		where += " AND (collection.due_on, collection.id)" + sign + "(SELECT due_on, id FROM collection WHERE id=?)"
		args = append(args, f.After)
	}
	rows, err := store.List[Request](ctx, k.gate.DB(), "WHERE "+where+order, append(args, f.Limit+1)...)
	if err != nil {
		return nil, "", err
	}
	if len(rows) > f.Limit {
		rows = rows[:f.Limit]
		next = rows[f.Limit-1].ID
	}
	list, err = k.listed(ctx, k.gate.DB(), rows)
	return list, next, err
}

// Counts counts each view, no further than the cap of counting.
func (k *Desk) Counts(ctx context.Context, by policy.Actor) (map[string]int64, error) {
	out := map[string]int64{}
	for view := range views {
		where, args, err := k.where(by, view)
		if err != nil {
			return nil, err
		}
		n, err := store.Count(ctx, k.gate.DB(), "SELECT count(*) FROM (SELECT 1 FROM collection WHERE "+where+" LIMIT ?) AS c", append(args, k.gate.DB().CountCap)...)
		if err != nil {
			return nil, err
		}
		out[view] = n
	}
	return out, nil
}

// View is a request with what an actor may do.
type View struct {
	Listed
	Staff    []staff.Member // to whom it may be given, for who may give it
	Possible []gate.Possible
}

// Show reads one request; the reading is on record.
func (k *Desk) Show(ctx context.Context, by policy.Actor, id string) (v View, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActRead, Rules: rules}, func(tx *gate.Tx) error {
		r, err := store.Get[Request](ctx, tx, "WHERE id=?", id)
		if err != nil {
			return err
		}
		d, err := dossier.Get(ctx, tx, r.DossierID)
		if err != nil {
			return err
		}
		tx.About("Collection", r.ID)
		tx.About("Dossier", d.ID)
		if err := tx.Permit(r.Resource(d)); err != nil {
			return err
		}
		v, err = k.view(ctx, tx, by, r, d)
		return err
	})
	return v, err
}

// After is the request as an act of the same request left it: the act is on record.
func (k *Desk) After(ctx context.Context, by policy.Actor, r Request) (View, error) {
	d, err := dossier.Get(ctx, k.gate.DB(), r.DossierID)
	if err != nil {
		return View{}, err
	}
	return k.view(ctx, k.gate.DB(), by, r, d)
}

func (k *Desk) view(ctx context.Context, q store.Querier, by policy.Actor, r Request, d dossier.Dossier) (v View, err error) {
	list, err := k.listed(ctx, q, []Request{r})
	if err != nil {
		return v, err
	}
	v.Listed = list[0]
	if v.State == Done || v.State == Withdrawn {
		return v, nil
	}
	try := r
	hindered := try.Urge(v.State, k.gate.Today())
	if r.Target == Office && r.InHand() == by.ID {
		hindered = ownTask()
	}
	if p, ok := k.gate.Possible(by, ActUrge, "催收", r.Resource(d), hindered); ok && v.State == Waiting {
		p.Primary = p.Refusal == nil && v.Late > 0
		v.Possible = append(v.Possible, p)
	}
	if p, ok := k.gate.Possible(by, ActAssign, "改交他人办理", r.Resource(d), nil); ok && r.Target == Office {
		p.Primary = p.Refusal == nil && v.Vacant
		v.Possible = append(v.Possible, p)
		if p.Refusal == nil {
			if v.Staff, err = staff.Holders(ctx, q, r.Agency, staff.Clerk, k.gate.Now()); err != nil {
				return v, err
			}
		}
	}
	if p, ok := k.gate.Possible(by, ActWithdraw, "撤回", r.Resource(d), nil); ok {
		v.Possible = append(v.Possible, p)
	}
	return v, nil
}

// Asked is an open request that asks for a title: whom is told by the maker, where it names one.
type Asked struct{ No, Maker string }

// asked are, by canonical title, the open requests of a dossier.
func (k *Desk) asked(ctx context.Context, q store.Querier, dossierID string) (map[string][]Asked, error) {
	rows, err := q.Query(ctx, "SELECT s.title, c.no, coalesce(s.maker,'') FROM supplement s JOIN collection c ON s.case_ref='Collection:'||c.id WHERE s.dossier_id=? AND s.state='open' ORDER BY c.no LIMIT 500", dossierID)
	if err != nil {
		return nil, fmt.Errorf("what is asked for already: %w", err)
	}
	defer rows.Close()
	out := map[string][]Asked{}
	for rows.Next() {
		var title string
		var a Asked
		if err := rows.Scan(&title, &a.No, &a.Maker); err != nil {
			return nil, err
		}
		out[codes.Canonical(title)] = append(out[codes.Canonical(title)], a)
	}
	return out, rows.Err()
}

// alreadyAsked is the request that asks for a material of a title and maker. Two employers
// owe a contract each; of what names no maker it is not known to be another.
func alreadyAsked(open []Asked, maker string) (Asked, bool) {
	i := slices.IndexFunc(open, func(a Asked) bool { return a.Maker == "" || maker == "" || dossier.SameMaker(a.Maker, maker) })
	if i < 0 {
		return Asked{}, false
	}
	return open[i], true
}

// Plan is what a dossier lacks (14a).
type Plan struct {
	Wanted    []Wanted
	Filed     map[string]bool     // titles, as the checklists write them, of which something is filed
	NotFormed []dossier.NotFormed // stated as not formed
	Staff     []staff.Member      // the agency's clerks, to whom a task may be given
	Known     bool                // false for a packet nobody has looked into: then nothing is said of it
}

// Plan reads what a dossier lacks; the reading is on record.
func (k *Desk) Plan(ctx context.Context, by policy.Actor, dossierID string) (out Plan, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActRead, Rules: rules}, func(tx *gate.Tx) error {
		d, err := dossier.Get(ctx, tx, dossierID)
		if err != nil {
			return err
		}
		tx.About("Dossier", d.ID)
		if err := tx.Permit(Request{Agency: d.Agency, DossierID: d.ID}.Resource(d)); err != nil {
			return err
		}
		gaps, expected, ok, err := dossier.Lacks(ctx, tx, d)
		if err != nil {
			return err
		}
		asked, err := k.asked(ctx, tx, d.ID)
		if err != nil {
			return err
		}
		out = Plan{Wanted: plan(gaps, expected, asked), Filed: map[string]bool{}, Known: ok}
		if out.Staff, err = staff.Holders(ctx, tx, d.Agency, staff.Clerk, tx.Now()); err != nil {
			return err
		}
		if out.NotFormed, err = dossier.NotFormedOf(ctx, tx, d.ID); err != nil {
			return err
		}
		catalog, err := dossier.CatalogOf(ctx, tx, d.ID)
		for _, m := range catalog {
			if m.Guard == "" {
				out.Filed[codes.Canonical(m.Title)] = true
			}
		}
		return err
	})
	return out, err
}

// Tardy is how late one unit or person is (14b): with what came in a period, and with what
// was asked for and did not come to this day.
type Tardy struct {
	Name      string
	DossierID string // of a person
	Materials int64  // came late
	Days      int64  // all together
	Longest   int64
	Owed      int64 // did not come: the term of the notice is over
	OwedDays  int64 // from the term to today, all together
	OwedMost  int64
}

// maxTardy bounds the list of the late.
const maxTardy = 200

// unsent holds for an item for which nothing waits to be looked at: who sent it over the net
// has handed in, as far as it is theirs to do.
const unsent = "NOT EXISTS (SELECT 1 FROM hand_in h JOIN hand_in_file f ON f.hand_in_id=h.id WHERE h.collection_id=collection.id AND h.state='waiting' AND f.item_id=s.id)"

// Tardy lists units, or persons, by how late they are: with what came in a period beyond a
// month from the day it was formed, and with what they were asked for by a notice whose term
// ended by the period's end and did not hand in to this day. That is late throughout the
// period however long ago the term was, so its beginning does not bound it. Those with a
// security class or guard are not counted (15).
func (k *Desk) Tardy(ctx context.Context, by policy.Actor, target Target, from, until calendar.Date) ([]Tardy, error) {
	if !from.Valid() || !until.Valid() || until < from {
		return nil, rule.Mistake(reason("14b", "period", "from", "起止日期缺失或颠倒。", "请填写起止日期。"))
	}
	where, args := dossier.Scope(by)
	if !slices.ContainsFunc(posts, by.Has) {
		where, args = "1=0", nil
	}
	asked, askedArgs := scope(by)
	// Late is who formed a piece, whoever brought it (14b); what did not come, who was asked.
	origin, name, owedName, key := "('unit','window')", "coalesce(nullif(material.maker,''),material.source)", "collection.addressee", "''"
	if target == Person {
		origin, name, owedName, key = "('person')", "person.name", "person.name", "dossier.id"
	}
	today := k.gate.Today()
	rows, err := k.gate.DB().Query(ctx, `SELECT name, ref, sum(1-owed), sum((1-owed)*n), max((1-owed)*n), sum(owed), sum(owed*n), max(owed*n) FROM (
 SELECT `+name+` AS name, `+key+` AS ref, 0 AS owed, material.late_days AS n FROM material
 JOIN dossier ON dossier.id=material.dossier_id JOIN person ON person.id=dossier.person_id
 WHERE material.late_days>0 AND coalesce(material.decision,'')<>'move' AND material.received_on>=? AND material.received_on<=? AND material.secrecy=0 AND material.guard IS NULL AND material.source IS NOT NULL AND material.origin IN `+origin+` AND `+where+`
 UNION ALL SELECT `+owedName+`, `+key+`, 1, ?-`+store.DayNumber("collection.due_on")+` FROM collection
 JOIN supplement s ON s.case_ref='Collection:'||collection.id JOIN dossier ON dossier.id=s.dossier_id JOIN person ON person.id=dossier.person_id
 WHERE collection.ended_on IS NULL AND collection.due_on<? AND collection.due_on<=? AND collection.target=? AND s.state='open' AND s.handed_id IS NULL AND dossier.secrecy=0 AND dossier.state<>'left' AND `+unsent+` AND `+asked+`) AS tardy
 GROUP BY name, ref`+fmt.Sprintf(" ORDER BY sum(n) DESC, name, ref LIMIT %d", maxTardy), slices.Concat([]any{from.String(), until.String()}, args, []any{store.Day(today.Time()), today.String(), until.String(), string(target)}, askedArgs)...)
	if err != nil {
		return nil, fmt.Errorf("who is late: %w", err)
	}
	defer rows.Close()
	out := []Tardy{}
	for rows.Next() {
		var t Tardy
		if err := rows.Scan(&t.Name, &t.DossierID, &t.Materials, &t.Days, &t.Longest, &t.Owed, &t.OwedDays, &t.OwedMost); err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, rows.Err()
}

// Offers is what a dossier's page says of collection.
func (k *Desk) Offers(_ context.Context, _ store.Querier, by policy.Actor, d dossier.Dossier) ([]gate.Possible, error) {
	p, ok := k.gate.Possible(by, ActOpen, "收集材料", Request{Agency: d.Agency}.Resource(d), here(d))
	if !ok {
		return nil, nil
	}
	return []gate.Possible{p}, nil
}

// Cases lists a dossier's requests for its page.
func (k *Desk) Cases(ctx context.Context, q store.Querier, by policy.Actor, dossierID string) ([]dossier.Case, error) {
	where, args := scope(by)
	rows, err := store.List[Request](ctx, q, "WHERE collection.dossier_id=? AND "+where+" ORDER BY collection.changed_at DESC, collection.id DESC LIMIT 50", append([]any{dossierID}, args...)...)
	if err != nil {
		return nil, err
	}
	items, err := itemsOf(ctx, q, rows)
	if err != nil {
		return nil, err
	}
	out := make([]dossier.Case, len(rows))
	for i, r := range rows {
		s := StateOf(r, items[r.ID])
		out[i] = dossier.Case{Ref: r.Ref(), Room: "collect", Kind: "材料收集", No: r.No, State: string(s), StateName: s.Name(), Tone: s.Tone(), Since: r.OpenedOn, DueOn: r.DueOn,
			Note: fmt.Sprintf("向%s收集 %d 份", r.Addressee, len(items[r.ID])), Link: "/collections/" + r.ID, Open: s == Waiting || s == Handed}
	}
	return out, nil
}

// Work lists what is in an actor's hands and what is overdue, for the clerk who fetches or asks
// again; for the head what is in nobody's hands, or was not fetched in time.
func (k *Desk) Work(ctx context.Context, by policy.Actor) ([]work.Item, error) {
	var out []work.Item
	add := func(r Listed, todo, action string) {
		out = append(out, work.Item{Room: "collect", Kind: "材料收集", Subject: r.PersonName, SubjectNote: r.DossierNo, DossierID: r.DossierID, Link: "/collections/" + r.ID, Lane: work.Todo, Since: r.ChangedAt, DueOn: r.DueOn, Basis: "14b", Todo: todo, Action: action})
	}
	if by.Has("clerk") {
		own, _, err := k.List(ctx, by, Filter{View: "waiting", Target: string(Office), Hand: by.ID, Limit: 50})
		if err != nil {
			return nil, err
		}
		for _, r := range own {
			if r.Agency == by.Org {
				add(r, "调取"+r.wanted(), "办理")
			}
		}
		late, _, err := k.List(ctx, by, Filter{View: "overdue", Limit: 50})
		if err != nil {
			return nil, err
		}
		for _, r := range late {
			if r.Agency == by.Org && r.Target != Office && r.UrgedOn < k.gate.Today().AddDays(-7).String() { // not asked again within the week
				add(r, "向"+r.Addressee+"催收材料", "催收")
			}
		}
	}
	if by.Has("head") {
		vacant, _, err := k.List(ctx, by, Filter{View: "vacant", Limit: 50})
		if err != nil {
			return nil, err
		}
		for _, r := range vacant {
			if r.Agency == by.Org {
				add(r, r.Addressee+"已不在岗，材料收集交由他人办理", "交办")
			}
		}
		late, _, err := k.List(ctx, by, Filter{View: "overdue", Target: string(Office), Limit: 50})
		if err != nil {
			return nil, err
		}
		for _, r := range late {
			if r.Agency == by.Org && !r.Vacant && r.InHand() != by.ID {
				add(r, r.Addressee+"逾期未调取材料", "查看")
			}
		}
	}
	return out, nil
}

// wanted names what did not come yet, the first and how many more.
func (r Listed) wanted() string {
	var titles []string
	for _, i := range r.Items {
		if i.State == dossier.Owed && i.HandedOn == "" {
			titles = append(titles, i.Title)
		}
	}
	if len(titles) > 1 {
		return fmt.Sprintf("《%s》等 %d 份材料", titles[0], len(titles))
	}
	return "《" + strings.Join(titles, "") + "》"
}
