package agency

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
	"dangan/internal/work"
)

// Acts on decisions whose day has come.
const (
	actTakeEffect = "agency.take_effect"
	actLapse      = "agency.lapse"
	actSettle     = "agency.settle"
)

// States of a decision.
const (
	Waiting = "waiting" // its day has not come, or the timer has not run yet
	Applied = "applied"
	Lapsed  = "lapsed" // something stood against it on its day: 未生效, for good
)

// State is where a decision stands. Nothing leads out of Lapsed: a decision whose day went
// by without it can't hold from that day any more, so those who decided decide anew.
func (c Change) State() string {
	switch {
	case !c.AppliedAt.IsZero():
		return Applied
	case !c.LapsedAt.IsZero():
		return Lapsed
	}
	return Waiting
}

// Unsettled says whether a lapsed decision still waits for those who decided it.
func (c Change) Unsettled() bool { return c.State() == Lapsed && c.SettledAt.IsZero() }

// Reasons are what stood against a lapsed decision on its day.
func (c Change) Reasons() ([]rule.Reason, error) {
	if c.Lapsed == "" {
		return nil, nil
	}
	var out []rule.Reason
	err := json.Unmarshal([]byte(c.Lapsed), &out)
	return out, err
}

// Lapse records that a decision did not take effect on its day, and why.
func (c *Change) Lapse(against *rule.Refusal, now time.Time) error {
	raw, err := json.Marshal(against.Reasons)
	if err != nil {
		return err
	}
	c.LapsedAt, c.Lapsed = now, string(raw)
	return nil
}

// Settle closes a lapsed decision with what was made of it.
func (c *Change) Settle(note, by string, now time.Time) error {
	switch note = strings.TrimSpace(note); {
	case c.State() != Lapsed:
		return rule.Refuse(rule.Reason{Rule: "6a", Slug: "not_lapsed", Message: "这项变动不是未生效的变动，不需要了结。", Next: "请在机构沿革中查看它的状态。"})
	case !c.SettledAt.IsZero():
		return rule.Refuse(rule.Reason{Rule: "6a", Slug: "settled_already", Message: "这项未生效的变动已经了结。", Next: "请在机构沿革中查看处理情况。"})
	case note == "":
		return rule.Mistake(mistake("6a", "settled_how_missing", "note", "没有写明怎样处理。", "请写明处理情况，例如“妨碍办结后另行报批”或“不再办理”。"))
	default:
		c.SettledAt, c.SettledBy, c.Settled = now, by, note
		return nil
	}
}

// stood carries what stood against a decision out of the act that was to apply it. It is no
// refusal on the way: the decision's own entry says why, once.
type stood struct{ against *rule.Refusal }

func (s stood) Error() string { return "a decision can't take effect: " + s.against.Error() }

// errOver says that somebody else has dealt with a decision since it was listed.
var errOver = errors.New("the decision does not wait any more")

// TakeEffect applies the decisions whose day has come: the timer. One that something stands
// against lapses, one that fails otherwise is tried again; neither keeps another back.
func (r *Registry) TakeEffect(ctx context.Context) error {
	today := calendar.Of(r.gate.Now()).String()
	var failed error
	for on, id := "", ""; ; {
		due, err := store.List[Change](ctx, r.gate.DB(), "WHERE applied_at IS NULL AND lapsed_at IS NULL AND effective_on<=? AND (effective_on>? OR effective_on=? AND id>?) ORDER BY effective_on, id LIMIT 100", today, on, on, id)
		if err != nil {
			return errors.Join(failed, err)
		}
		for _, c := range due {
			on, id = c.EffectiveOn, c.ID
			failed = errors.Join(failed, r.takeEffect(ctx, c))
		}
		if len(due) < 100 {
			return failed
		}
	}
}

func (r *Registry) takeEffect(ctx context.Context, c Change) error {
	defer r.tree.Store(nil)
	err := r.due(ctx, actTakeEffect, c, func(tx *gate.Tx, a Agency, c *Change) error {
		err := r.apply(tx, a, c)
		var against *rule.Refusal
		if errors.As(err, &against) {
			return stood{against}
		}
		return err
	})
	var no stood
	if !errors.As(err, &no) {
		return err
	}
	return r.due(ctx, actLapse, c, func(tx *gate.Tx, _ Agency, c *Change) error {
		slugs := make([]string, len(no.against.Reasons))
		for i, reason := range no.against.Reasons {
			slugs[i] = string(reason.Rule) + "/" + reason.Slug
		}
		tx.Note("kind", c.Kind)
		tx.Note("effective_on", c.EffectiveOn)
		tx.Note("reasons", slugs)
		return c.Lapse(no.against, tx.Now())
	})
}

// due does one of the program's acts on a decision that still waits; nothing, and no entry,
// when another process was first.
func (r *Registry) due(ctx context.Context, action string, listed Change, fn func(tx *gate.Tx, a Agency, c *Change) error) error {
	_, err := r.gate.Do(ctx, gate.Act{Actor: system, Action: action, On: "Agency:" + listed.Agency, Rules: []rule.ID{"5", "6a"}}, func(tx *gate.Tx) error {
		c, err := store.Get[Change](ctx, tx, "WHERE id=?"+tx.ForUpdate(), listed.ID)
		if err != nil {
			return err
		}
		a, err := load(tx, c.Agency)
		if err != nil {
			return err
		}
		if err := tx.Permit(a.Resource()); err != nil {
			return err
		}
		if c.State() != Waiting {
			return errOver
		}
		if err := fn(tx, a, &c); err != nil {
			return err
		}
		return tx.Update(&c)
	})
	if errors.Is(err, errOver) {
		return nil
	}
	return err
}

var system = policy.Actor{ID: "system", Kind: policy.System, Name: "系统"}

// Settle closes a decision that did not take effect, with what was made of it: for those
// who may decide on agencies.
func (r *Registry) Settle(ctx context.Context, by policy.Actor, id, note string) (Change, error) {
	c, err := store.Get[Change](ctx, r.gate.DB(), "WHERE id=?", id)
	if err != nil {
		return c, err
	}
	_, err = r.gate.Do(ctx, gate.Act{Actor: by, Action: actSettle, On: "Agency:" + c.Agency, Rules: []rule.ID{"6a"}}, func(tx *gate.Tx) error {
		if c, err = store.Get[Change](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
			return err
		}
		a, err := load(tx, c.Agency)
		if err != nil {
			return err
		}
		if err := tx.Permit(a.Resource()); err != nil {
			return err
		}
		if err := tx.Expect(c.Version); err != nil {
			return err
		}
		if err := c.Settle(note, by.ID, tx.Now()); err != nil {
			return err
		}
		return tx.Update(&c)
	})
	return c, err
}

// decidedAnew settles the lapsed decisions that a new one of the same kind takes up.
func decidedAnew(tx *gate.Tx, c Change) error {
	old, err := store.List[Change](tx.Context(), tx, "WHERE agency=? AND kind=? AND lapsed_at IS NOT NULL AND settled_at IS NULL ORDER BY id LIMIT 100"+tx.ForUpdate(), c.Agency, c.Kind)
	if err != nil {
		return err
	}
	for _, o := range old {
		if err := o.Settle("已另行登记："+c.Document, c.DecidedBy, tx.Now()); err != nil {
			return err
		}
		if err := tx.Update(&o); err != nil {
			return err
		}
	}
	return nil
}

// MaySettle says whether the actor can close a decision that did not take effect.
func (r *Registry) MaySettle(by policy.Actor, a Agency) (gate.Possible, bool) {
	return r.gate.Possible(by, actSettle, "了结", a.Resource(), nil)
}

// warned is how long before its end an authorization is on the lists.
const warned = 90

// Ending is an authorization that ends soon or has ended.
type Ending struct {
	Agency Agency
	Days   int // left, the last one included as 0; below 0: over
}

// maxEnding bounds the list; a province authorizes far fewer.
const maxEnding = 200

// Endings lists the authorizations in an actor's scope that end within the warning time or
// have, the nearest first (6a).
func (r *Registry) Endings(ctx context.Context, by policy.Actor) ([]Ending, error) {
	tree, err := r.Tree(ctx)
	if err != nil {
		return nil, err
	}
	today := r.gate.Today()
	var out []Ending
	for _, a := range tree.Keepers() {
		if !a.ends(today) || r.gate.Allowed(by, "agency.read", a.Resource()) != nil {
			continue
		}
		out = append(out, Ending{a, int(calendar.Date(a.ValidUntil).Time().Sub(today.Time()).Hours() / 24)})
	}
	slices.SortStableFunc(out, func(a, b Ending) int { return a.Days - b.Days })
	return out[:min(len(out), maxEnding)], nil
}

// ends says whether an authorization ends within the warning time, or has.
func (a Agency) ends(today calendar.Date) bool {
	return a.BasisKind == Authorized && a.ValidUntil != "" && a.ValidUntil <= today.AddDays(warned).String()
}

// ending lists the authorizations that end within the next days, or have: from that day on the
// agency takes nothing in, and what runs there goes on under its authority (6a).
func ending(tree *Tree, today calendar.Date, mine func(Agency) bool) (out []work.Item) {
	for _, a := range tree.Keepers() {
		if !a.ends(today) || !mine(a) {
			continue
		}
		last := calendar.Date(a.ValidUntil)
		item := work.Item{Room: "agency", Kind: "机构授权到期", Subject: a.Name, SubjectNote: a.Basis, Todo: "授权" + last.Long() + "到期：办理续期、合并或撤销", Link: "/agencies/" + a.ID, Action: "查看", Basis: "6a", Lane: work.Todo, Since: last.AddDays(-warned).Time(), DueOn: a.ValidUntil}
		if a.ValidUntil < today.String() {
			item.Todo = "授权已到期，停止新接收：在办事项由上级主管部门督促办结，续期、合并或撤销"
		}
		out = append(out, item)
	}
	return out
}

// Work lists the decisions that did not take effect, for those who decide.
func (r *Registry) Work(ctx context.Context, actor policy.Actor) ([]work.Item, error) {
	anywhere := policy.Resource{Type: "Agency", Attrs: map[string]any{"kind": Office}}
	if !r.gate.Decide(actor, actSettle, anywhere).Allowed() {
		// The agency itself and the authority above it are told of the end in time.
		if actor.Kind != policy.Staff || !actor.Has("head") && !actor.Has("supervisor") {
			return nil, nil
		}
		tree, err := r.Tree(ctx)
		if err != nil {
			return nil, err
		}
		return ending(tree, r.gate.Today(), func(a Agency) bool { return actor.Org == a.ID || actor.Has("supervisor") && actor.Org == a.Parent }), nil
	}
	tree, err := r.Tree(ctx)
	if err != nil {
		return nil, err
	}
	out := ending(tree, r.gate.Today(), func(a Agency) bool { return true })
	list, err := store.List[Change](ctx, r.gate.DB(), "WHERE lapsed_at IS NOT NULL AND settled_at IS NULL ORDER BY lapsed_at, id LIMIT 100")
	if err != nil {
		return nil, err
	}
	for _, c := range list {
		reasons, err := c.Reasons()
		if err != nil {
			return nil, err
		}
		note := c.Document
		if len(reasons) > 0 {
			note += "：" + reasons[0].Message
		}
		out = append(out, work.Item{Room: "agency", Kind: "机构变动·未生效", Subject: tree.Name(c.Agency), SubjectNote: note,
			Todo: c.KindName() + "到期未生效：另行登记或了结", Link: "/agencies/" + c.Agency, Action: "处理", Basis: work.Agreed, Lane: work.Todo, Since: c.LapsedAt})
	}
	return out, nil
}
