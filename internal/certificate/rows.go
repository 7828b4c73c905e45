package certificate

import (
	"context"
	"dangan/internal/intake"

	"dangan/internal/custody"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/store"
)

// load reads a certificate inside an act and locks it.
func load(tx *gate.Tx, id string) (Certificate, error) {
	c, err := store.Get[Certificate](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), id)
	if err != nil {
		return c, err
	}
	c.sent, err = intake.SenderOf(tx, c.Ref())
	return c, err
}

// read gathers as much of a dossier's record as a kind rests on.
func read(ctx context.Context, q store.Querier, d dossier.Dossier, kind Kind) (r record, err error) {
	r = record{dossier: d, materials: map[string]dossier.Material{}}
	var sources []string
	switch kind {
	case Custody:
		r.chain, err = custody.Chain(ctx, q, d.ID)
		return r, err
	case History:
		r.periods, err = dossier.PeriodsOf(ctx, q, d.ID)
		for _, p := range r.periods {
			sources = append(sources, p.MaterialID)
		}
	case Kinship:
		r.family, err = store.List[dossier.Family](ctx, q, "WHERE dossier_id=? AND void IS NULL ORDER BY id LIMIT 200", d.ID)
		for _, f := range r.family {
			sources = append(sources, f.MaterialID)
		}
	}
	if err != nil {
		return r, err
	}
	list, err := store.List[dossier.Material](ctx, q, "WHERE dossier_id=? AND id IN ("+store.Marks(len(sources)+1)+")", append([]any{d.ID, ""}, store.Args(sources)...)...)
	for _, m := range list {
		r.materials[m.ID] = m
	}
	return r, err
}
