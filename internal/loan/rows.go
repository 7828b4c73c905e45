package loan

import (
	"context"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/store"
)

func init() {
	store.Describe(Case{}, Person{}, Item{})
	store.Register("loan", store.Audited, "借阅：申请、审批、交接、归还核对")
	store.Register("loan_person", store.Audited, "借阅人、保管责任人、取送人，证件号加密")
	store.Register("loan_item", store.Audited, "借阅清单：借出与归还逐份核对")
}

// Get reads a loan; store.ErrNotFound if there is none.
func Get(ctx context.Context, q store.Querier, id string) (Case, error) {
	return store.Get[Case](ctx, q, "WHERE id=?", id)
}

func load(tx *gate.Tx, id string) (Case, error) {
	return store.Get[Case](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), id)
}

func save(tx *gate.Tx, c *Case) error {
	c.ChangedAt = tx.Now()
	return tx.Update(c)
}

// People lists who of the unit borrows, in the order of the form.
func People(ctx context.Context, q store.Querier, id string) ([]Person, error) {
	return store.List[Person](ctx, q, "WHERE loan_id=? AND off=0 ORDER BY seq LIMIT 20", id)
}

// Items lists what went out, line by line.
func Items(ctx context.Context, q store.Querier, id string) ([]Item, error) {
	return store.List[Item](ctx, q, "WHERE loan_id=? ORDER BY line_no LIMIT 6000", id)
}

// contents are the lines of the packet as it lies there.
func contents(ctx context.Context, q store.Querier, dossierID string) ([]Item, error) {
	filed, err := dossier.CatalogOf(ctx, q, dossierID)
	if err != nil {
		return nil, err
	}
	loose, err := dossier.LooseOf(ctx, q, dossierID)
	if err != nil {
		return nil, err
	}
	return itemsOf(append(filed, loose...)), nil
}

// keepPeople writes the people of a form: rows by their place, those that are no longer on
// it marked.
func keepPeople(tx *gate.Tx, id string, people []Person) error {
	old, err := store.List[Person](tx.Context(), tx, "WHERE loan_id=? ORDER BY seq LIMIT 40"+tx.ForUpdate(), id)
	if err != nil {
		return err
	}
	for i := range max(len(old), len(people)) {
		switch {
		case i >= len(people):
			if old[i].Off {
				continue
			}
			old[i].Off = true
			err = tx.Update(&old[i])
		case i >= len(old):
			p := people[i]
			p.ID, p.Version, p.LoanID, p.Seq = gate.NewID(), 1, id, int64(i+1)
			err = tx.Insert(p)
		default:
			p := people[i]
			p.ID, p.Version, p.LoanID, p.Seq = old[i].ID, old[i].Version, id, old[i].Seq
			err = tx.Update(&p)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// dayOf is the day of a moment here.
func dayOf(at time.Time) string { return calendar.Of(at).String() }
