package digital

import (
	"context"
	"errors"
	"fmt"

	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/person"
	"dangan/internal/store"
)

// owners finds dossiers of one agency by identity number.
type owners struct {
	desk   *Desk
	agency string
}

// Owner finds the dossier that the agency keeps of a number; 15 places are completed first.
func (o owners) Owner(ctx context.Context, idNo string) (Owner, bool, error) {
	c, problem := identity.Parse(identity.Normalize(idNo), o.desk.gate.Today())
	if problem != "" {
		return Owner{}, false, nil
	}
	q := o.desk.gate.DB()
	p, err := person.ByIDNo(ctx, q, o.desk.keys, c.Number)
	if errors.Is(err, store.ErrNotFound) {
		return Owner{}, false, nil
	} else if err != nil {
		return Owner{}, false, err
	}
	d, err := store.Get[dossier.Dossier](ctx, q, "WHERE person_id=?", p.ID)
	if errors.Is(err, store.ErrNotFound) {
		return Owner{}, false, nil
	} else if err != nil {
		return Owner{}, false, err
	}
	return Owner{d.ID, p.Name}, d.Agency == o.agency && d.State != dossier.Left, nil
}

// hereOf lists what a dossier has: materials with a place in the catalog and
// their pages. An attachment shares its main paper's number, by which no delivery can name it.
func hereOf(ctx context.Context, q store.Querier, dossierID string) (map[item]there, error) {
	out := map[item]there{}
	if dossierID == "" {
		return out, nil
	}
	list, err := store.List[dossier.Material](ctx, q, "WHERE dossier_id=? AND state IN ('filed','delivered') AND class IS NOT NULL AND seq IS NOT NULL AND annex IS NULL ORDER BY id LIMIT 10000", dossierID)
	if err != nil {
		return nil, err
	}
	byID := map[string]item{}
	for _, m := range list {
		at := item{m.Class, int(m.Seq)}
		byID[m.ID] = at
		out[at] = there{id: m.ID, title: m.Title, secret: m.Secrecy >= dossier.Secret, filed: m.State == dossier.Filed, pages: int(m.Pages), blobs: map[int]string{}}
	}
	err = store.Each(ctx, q, "WHERE dossier_id=? AND state<>'rejected' ORDER BY id", []any{dossierID}, func(p Page) error {
		if at, ok := byID[p.MaterialID]; ok {
			out[at].blobs[int(p.No)] = p.Blob
		}
		return nil
	})
	return out, err
}

func load(tx *gate.Tx, id string) (Delivery, error) {
	return store.Get[Delivery](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), id)
}

// pagesOf lists the pages of a material in order, rejected ones left out.
func pagesOf(ctx context.Context, q store.Querier, materialID string) ([]Page, error) {
	return store.List[Page](ctx, q, "WHERE material_id=? AND state<>'rejected' ORDER BY no LIMIT 1000", materialID)
}

// tallyOf counts the verdicts of a delivery.
func tallyOf(ctx context.Context, q store.Querier, deliveryID string) (t tally, err error) {
	rows, err := q.Query(ctx, "SELECT verdict, count(*) FROM delivery_sample WHERE delivery_id=? GROUP BY verdict", deliveryID)
	if err != nil {
		return t, fmt.Errorf("count sample: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var verdict string
		var n int64
		if err := rows.Scan(&verdict, &n); err != nil {
			return t, err
		}
		t.sample += n
		switch verdict {
		case Pass:
			t.passed = n
		case Fail:
			t.failed = n
		}
	}
	return t, rows.Err()
}
