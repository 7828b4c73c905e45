package graduate

import (
	"context"

	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/store"
)

// Lists lists the own agency's lists, newest first.
func (d *Desk) Lists(ctx context.Context, by policy.Actor, before string, limit int) ([]List, error) {
	if err := d.gate.Allowed(by, "graduate.list", List{Agency: by.Org}.Resource()); err != nil {
		return nil, err
	}
	return store.List[List](ctx, d.gate.DB(), "WHERE agency=? AND (?='' OR id<?) ORDER BY id DESC LIMIT ?", by.Org, before, before, limit)
}

// ListOf reads a list with how many of its people are in each state.
func (d *Desk) ListOf(ctx context.Context, by policy.Actor, id string) (List, map[State]int64, error) {
	l, err := store.Get[List](ctx, d.gate.DB(), "WHERE id=?", id)
	if err != nil {
		return l, nil, err
	}
	if err := d.gate.Allowed(by, "graduate.list", l.Resource()); err != nil {
		return List{}, nil, err
	}
	counts := map[State]int64{Awaited: 0, Unclaimed: 0, Claimed: 0, Elsewhere: 0}
	rows, err := d.gate.DB().Query(ctx, "SELECT state, count(*) FROM graduate WHERE list_id=? GROUP BY state", id)
	if err != nil {
		return l, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var s State
		var n int64
		if err := rows.Scan(&s, &n); err != nil {
			return l, nil, err
		}
		counts[s] = n
	}
	return l, counts, rows.Err()
}

// People lists a list's people in a state, all when it is empty.
func (d *Desk) People(ctx context.Context, by policy.Actor, list string, state State, after string, limit int) ([]Graduate, error) {
	if _, _, err := d.ListOf(ctx, by, list); err != nil {
		return nil, err
	}
	return store.List[Graduate](ctx, d.gate.DB(), "WHERE list_id=? AND (?='' OR state=?) AND id>? ORDER BY id LIMIT ?", list, string(state), string(state), after, limit)
}

// Of reads one person of a list and what may be done.
func (d *Desk) Of(ctx context.Context, by policy.Actor, id string) (Graduate, []gate.Possible, error) {
	g, err := store.Get[Graduate](ctx, d.gate.DB(), "WHERE id=?", id)
	if err != nil {
		return g, nil, err
	}
	if err := d.gate.Allowed(by, "graduate.list", g.Resource()); err != nil {
		return Graduate{}, nil, err
	}
	var out []gate.Possible
	for _, a := range [][2]string{{"graduate.tell", "告知本人"}, {"graduate.claim", "认领"}} {
		if x, ok := d.gate.Possible(by, a[0], a[1], g.Resource(), g.waits()); ok {
			x.Primary = a[0] == "graduate.claim" && x.Refusal == nil
			out = append(out, x)
		}
	}
	return g, out, nil
}
