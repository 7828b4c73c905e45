package agency

import (
	"context"
	"sync/atomic"

	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Registry is the room's door.
type Registry struct {
	gate *gate.Gate
	tree atomic.Pointer[Tree]

	// What other rooms do inside an act of this one; set at the start only. Succeed
	// moves what a room holds or has under way to the successor and says how many
	// dossiers that were; Hinder says what stands against an end, successor "" for closing.
	Succeed []func(tx *gate.Tx, from, to Agency) (int, error)
	Hinder  []func(ctx context.Context, q store.Querier, from, successor string) ([]rule.Reason, error)
	// Placed is told that an agency went under another authority.
	Placed []func(tx *gate.Tx, a Agency) error
	// Open counts what a room holds or has under way at an agency.
	Open []func(ctx context.Context, q store.Querier, code string) (Open, error)
}

// New opens the room.
func New(g *gate.Gate) *Registry { return &Registry{gate: g} }

// Found sets an agency or an authority up without asking for more than its code: the
// program's own first start. Staff go through Establish (5, 6a).
func (r *Registry) Found(ctx context.Context, by policy.Actor, a Agency) (gate.Receipt, error) {
	receipt, err := r.gate.Do(ctx, gate.Act{Actor: by, Action: "agency.found", On: "Agency:" + a.ID, Rules: []rule.ID{"5", "6a"}}, func(tx *gate.Tx) error {
		if err := tx.Permit(a.Resource()); err != nil {
			return err
		}
		a.Version, a.State = 1, Active
		if err := tx.Insert(a); err != nil {
			return err
		}
		return tx.Insert(founding(tx, a, Change{Document: a.Basis, EffectiveOn: tx.Today().String()}))
	})
	r.tree.Store(nil)
	return receipt, err
}

// founding is the change that sets an agency up, complete: applied at once, or waiting
// where the agency stands pending.
func founding(tx *gate.Tx, a Agency, c Change) Change {
	c.ID, c.Version, c.Agency, c.Kind = gate.NewID(), 1, a.ID, Established
	if a.BasisKind == Authorized {
		c.Kind = Authorized
	}
	c.NewName, c.NewShort, c.NewParent, c.ValidUntil = a.Name, a.Short, a.Parent, a.ValidUntil
	c.DecidedBy, c.DecidedAt = tx.Actor().ID, tx.Now()
	if a.State == Active {
		c.AppliedAt = tx.Now()
	}
	return c
}

// Tree returns the tree of agencies; read once, and again after a change made here
// or when Forget was called.
func (r *Registry) Tree(ctx context.Context) (*Tree, error) {
	if t := r.tree.Load(); t != nil {
		return t, nil
	}
	all, err := store.List[Agency](ctx, r.gate.DB(), "ORDER BY id")
	if err != nil {
		return nil, err
	}
	t := NewTree(all)
	if len(all) > 0 {
		r.tree.Store(t)
	}
	return t, nil
}

// Forget drops the tree kept in memory: another process may have changed it.
func (r *Registry) Forget() { r.tree.Store(nil) }

// Get reads one node inside an act.
func Get(ctx context.Context, q store.Querier, code string) (Agency, error) {
	return store.Get[Agency](ctx, q, "WHERE id=?", code)
}
