package hold

import (
	"context"
	"fmt"
	"slices"

	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
	"dangan/internal/work"
)

// Views of the list, with what each asks of the rows. An ended hold stays on record.
var views = map[string]string{
	"asked":   "legal_hold.state IN ('asked','lifting')",
	"running": "legal_hold.state IN ('active','lifting')",
	"ended":   "legal_hold.state IN ('lifted','extended','expired','refused')",
}

// Listed is a hold with its dossier and person.
type Listed struct {
	Hold
	DossierNo, PersonName string
}

// scope is the SQL predicate for the holds that the policy of hold.read lets an
// actor see: post, reach, clearance, recusal.
func scope(by policy.Actor) (string, []any) {
	return dossier.CaseScope(by, "legal_hold", "clerk", "reviewer", "keeper", "head", "supervisor")
}

// List is a page of holds an actor may see, those that end first before the others; the
// ended ones, the last first. after is the id of the last one seen.
func (k *Desk) List(ctx context.Context, by policy.Actor, view, after string, limit int) (list []Listed, next string, err error) {
	where, args := scope(by)
	only, known := views[view]
	if !known {
		return nil, "", rule.Mistake(mistake("view_unknown", "view", "没有这种视图。", "请从待确认、限制中、已结束中选择。"))
	}
	order, sign := " ORDER BY legal_hold.until_on, legal_hold.id LIMIT ?", ">"
	if view == "ended" {
		order, sign = " ORDER BY legal_hold.until_on DESC, legal_hold.id DESC LIMIT ?", "<"
	}
	if where += " AND " + only; view == "running" {
		where = dossier.InOrder(by, "legal_hold", where)
	}
	if after != "" {
		where += " AND (legal_hold.until_on, legal_hold.id)" + sign + "(SELECT until_on, id FROM legal_hold WHERE id=?)"
		args = append(args, after)
	}
	rows, err := store.List[Hold](ctx, k.gate.DB(), "WHERE "+where+order, append(args, limit+1)...)
	if err != nil {
		return nil, "", err
	}
	if len(rows) > limit {
		rows = rows[:limit]
		next = rows[limit-1].ID
	}
	list, err = named(ctx, k.gate.DB(), rows)
	return list, next, err
}

// Counts counts each view; no further than the cap of counting.
func (k *Desk) Counts(ctx context.Context, by policy.Actor) (map[string]int64, error) {
	out := map[string]int64{}
	for view, only := range views {
		where, args := scope(by)
		n, err := store.Count(ctx, k.gate.DB(), "SELECT count(*) FROM (SELECT 1 FROM legal_hold WHERE "+where+" AND "+only+" LIMIT ?) AS c", append(args, k.gate.DB().CountCap)...)
		if err != nil {
			return nil, err
		}
		out[view] = n
	}
	return out, nil
}

// named adds person and dossier number to a page of rows.
func named(ctx context.Context, q store.Querier, rows []Hold) ([]Listed, error) {
	ids := make([]string, len(rows))
	for i, h := range rows {
		ids[i] = h.DossierID
	}
	heads, err := dossier.Heads(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Listed, len(rows))
	for i, h := range rows {
		out[i] = Listed{h, heads[h.DossierID].No, heads[h.DossierID].Name}
	}
	return out, nil
}

// View is a hold with what an actor may do.
type View struct {
	Listed
	Before   *Hold // the one it extends
	Possible []gate.Possible
}

// Show reads one hold; the reading is on record.
func (k *Desk) Show(ctx context.Context, by policy.Actor, id string) (v View, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActRead, Rules: rules}, func(tx *gate.Tx) error {
		h, err := store.Get[Hold](ctx, tx, "WHERE id=?", id)
		if err != nil {
			return err
		}
		d, err := dossier.Get(ctx, tx, h.DossierID)
		if err != nil {
			return err
		}
		tx.About("Hold", h.ID)
		tx.About("Dossier", d.ID)
		if err := tx.Permit(h.Resource(d)); err != nil {
			return err
		}
		v, err = k.view(ctx, tx, by, h, d)
		return err
	})
	return v, err
}

// After is the hold as an act of the same request left it: the act is on record.
func (k *Desk) After(ctx context.Context, by policy.Actor, h Hold) (View, error) {
	d, err := dossier.Get(ctx, k.gate.DB(), h.DossierID)
	if err != nil {
		return View{}, err
	}
	return k.view(ctx, k.gate.DB(), by, h, d)
}

func (k *Desk) view(ctx context.Context, q store.Querier, by policy.Actor, h Hold, d dossier.Dossier) (v View, err error) {
	list, err := named(ctx, q, []Hold{h})
	if err != nil {
		return v, err
	}
	v.Listed = list[0]
	if h.Extends != "" {
		old, err := store.Get[Hold](ctx, q, "WHERE id=?", h.Extends)
		if err != nil {
			return v, err
		}
		v.Before = &old
	}
	v.Possible = k.possible(by, h, d)
	return v, nil
}

// possible asks the same rules as the acts.
func (k *Desk) possible(by policy.Actor, h Hold, d dossier.Dossier) []gate.Possible {
	out := []gate.Possible{}
	for _, s := range []struct {
		action, label string
		against       error
		fits          bool
	}{
		{ActDecide, "确认限制", h.in("确认", Asked), h.State == Asked},
		{ActDecideLift, "确认解除", h.in("确认解除", Lifting), h.State == Lifting},
		{ActAsk, "登记续期", h.in("续期", Active, Lifting), h.State.InForce()},
		{ActLift, "登记解除", h.in("解除", Active), h.State == Active},
	} {
		if !s.fits {
			continue
		}
		if p, ok := k.gate.Possible(by, s.action, s.label, h.Resource(d), s.against); ok {
			p.Primary = p.Refusal == nil && (s.action == ActDecide || s.action == ActDecideLift)
			out = append(out, p)
		}
	}
	return out
}

// Offers is what a dossier's page says of holds: one can be entered, or why not (20.2a).
func (k *Desk) Offers(_ context.Context, _ store.Querier, by policy.Actor, d dossier.Dossier) ([]gate.Possible, error) {
	p, ok := k.gate.Possible(by, ActAsk, "登记限制转出", Hold{Agency: d.Agency}.Resource(d), here(d))
	if !ok {
		return nil, nil
	}
	return []gate.Possible{p}, nil
}

// Cases lists a dossier's holds for its page.
func (k *Desk) Cases(ctx context.Context, q store.Querier, by policy.Actor, dossierID string) ([]dossier.Case, error) {
	where, args := scope(by)
	rows, err := store.List[Hold](ctx, q, "WHERE legal_hold.dossier_id=? AND "+where+" ORDER BY legal_hold.changed_at DESC, legal_hold.id DESC LIMIT 50", append([]any{dossierID}, args...)...)
	if err != nil {
		return nil, err
	}
	out := make([]dossier.Case, len(rows))
	for i, h := range rows {
		out[i] = dossier.Case{Ref: h.Ref(), Room: "hold", Kind: "限制转出", No: h.No, State: string(h.State), StateName: h.State.Name(), Tone: h.State.Tone(),
			Since: h.OrderOn.String(), Note: h.Organ + "，至" + h.Until.Long(), Link: "/holds/" + h.ID, Open: h.State == Asked || h.State.InForce()}
	}
	return out, nil
}

// maxWork bounds what one room puts on a first page.
const maxWork = 100

// Work lists what waits for an actor: holds to be confirmed by another than who entered
// them, and those about to end, of which the organ may want more time.
func (k *Desk) Work(ctx context.Context, by policy.Actor) ([]work.Item, error) {
	where, args := scope(by)
	var rows []Hold
	take := func(where, only string, more ...any) error {
		list, err := store.List[Hold](ctx, k.gate.DB(), "WHERE "+where+" AND "+only+fmt.Sprintf(" ORDER BY legal_hold.until_on, legal_hold.id LIMIT %d", maxWork), slices.Concat(args, more)...)
		rows = append(rows, list...)
		return err
	}
	// Who asked sees what waits for another, whatever the post.
	if err := take(dossier.PastAgency("legal_hold", where), "legal_hold.state IN ('asked','lifting')"); err != nil {
		return nil, err
	}
	if by.Has("clerk") {
		soon, _ := k.gate.Calendar().AddWorkdays(k.gate.Today(), 3)
		if err := take(dossier.InOrder(by, "legal_hold", where), views["running"]+" AND legal_hold.state='active' AND legal_hold.until_on<=?", soon.String()); err != nil {
			return nil, err
		}
	}
	list, err := named(ctx, k.gate.DB(), rows)
	if err != nil {
		return nil, err
	}
	var out []work.Item
	for _, h := range list {
		item := work.Item{Room: "hold", Kind: "限制转出", Subject: h.PersonName, SubjectNote: h.DossierNo, DossierID: h.DossierID, Link: "/holds/" + h.ID, Lane: work.Todo, Since: h.ChangedAt}
		decides := by.Has("reviewer") || by.Has("head")
		switch {
		case h.State == Asked && decides && h.AskedBy != by.ID:
			item.Todo, item.Action = "对照"+h.Organ+"的文书，确认限制", "确认"
		case h.State == Lifting && decides && h.LiftBy != by.ID:
			item.Todo, item.Action = "对照"+h.Organ+"的解除文书，确认解除", "确认"
		case h.State == Asked && h.AskedBy == by.ID, h.State == Lifting && h.LiftBy == by.ID:
			item.Todo, item.Action, item.Lane = "待另一人确认", "查看", work.Sent
		case h.State == Active && by.Has("clerk"):
			item.Todo, item.Action, item.DueOn, item.Basis = "限制即将到期：问明"+h.Organ+"是否续期，否则到期自动解除", "查看", h.Until.String(), "20.2a"
		default:
			continue
		}
		out = append(out, item)
	}
	return out, nil
}
