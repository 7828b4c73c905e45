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
}

// New opens the room.
func New(g *gate.Gate) *Registry { return &Registry{gate: g} }

// Found establishes or authorizes an agency, or sets up an authority (5, 6a).
func (r *Registry) Found(ctx context.Context, by policy.Actor, a Agency) (gate.Receipt, error) {
	a.Version = 1
	receipt, err := r.gate.Do(ctx, gate.Act{Actor: by, Action: "agency.found", Rules: []rule.ID{"5", "6a"}}, func(tx *gate.Tx) error {
		if err := tx.Permit(policy.Resource{Type: "Agency", ID: a.ID, Attrs: map[string]any{"kind": a.Kind}}); err != nil {
			return err
		}
		return tx.Insert(a)
	})
	r.tree.Store(nil)
	return receipt, err
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
