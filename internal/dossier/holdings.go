package dossier

import (
	"context"
	"fmt"
	"strconv"

	"dangan/internal/policy"
	"dangan/internal/store"
)

// Holding is what one agency keeps: figures for those who inspect (5).
type Holding struct {
	Agency   string
	Total    int64
	InStore  int64
	Out      int64            // being arranged, read or lent
	Moving   int64            // leaving, on the way, arriving
	Category map[string]int64 // by category of persons (4)
}

// Holdings counts the dossiers of each agency in an actor's reach. Whether the actor may have
// figures at all is asked by the room that shows them; what a number may not tell of is left
// out here: dossiers above the clearance (15) and those of the actor and kin (10b).
func (k *Desk) Holdings(ctx context.Context, by policy.Actor) (map[string]Holding, error) {
	if by.Kind != policy.Staff || len(by.Reach) == 0 {
		return nil, nil
	}
	out := map[string]Holding{}
	count := func(where string, args []any, add func(h *Holding, key string, n int64), column string) error {
		rows, err := k.gate.DB().Query(ctx, "SELECT agency, "+column+", count(*) FROM dossier WHERE agency IN ("+store.Marks(len(by.Reach))+")"+where+" GROUP BY agency, "+column, append(store.Args(by.Reach), args...)...)
		if err != nil {
			return fmt.Errorf("count what is kept: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			var agency, key string
			var n int64
			if err := rows.Scan(&agency, &key, &n); err != nil {
				return err
			}
			h, there := out[agency]
			if !there {
				h = Holding{Agency: agency, Category: map[string]int64{}}
			}
			add(&h, key, n)
			out[agency] = h
		}
		return rows.Err()
	}
	state := func(sign int64) func(h *Holding, key string, n int64) {
		return func(h *Holding, key string, n int64) {
			n *= sign
			switch State(key) {
			case Left:
				return
			case InStore:
				h.InStore += n
			case Arranging, Reading, Lent:
				h.Out += n
			default:
				h.Moving += n
			}
			h.Total += n
		}
	}
	category := func(sign int64) func(h *Holding, key string, n int64) {
		return func(h *Holding, key string, n int64) { h.Category[key] += sign * n }
	}
	// All are counted from the agencies' indexes alone; what does not belong to it is little, has
	// indexes of its own, and is taken off.
	hidden, args := "secrecy>"+strconv.Itoa(by.Clearance), []any(nil)
	if len(by.Persons) > 0 {
		hidden, args = "("+hidden+" OR person_id IN ("+store.Marks(len(by.Persons))+"))", store.Args(by.Persons)
	}
	hidden = " AND state<>'left' AND " + hidden
	for _, c := range []struct {
		where  string
		args   []any
		add    func(h *Holding, key string, n int64)
		column string
	}{
		{"", nil, state(1), "state"}, {hidden, args, state(-1), "state"},
		{"", nil, category(1), "category"}, {" AND state='left'", nil, category(-1), "category"}, {hidden, args, category(-1), "category"},
	} {
		if err := count(c.where, c.args, c.add, c.column); err != nil {
			return nil, err
		}
	}
	return out, nil
}
