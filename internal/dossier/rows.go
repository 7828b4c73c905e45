package dossier

import (
	"context"
	"fmt"

	"dangan/internal/gate"
	"dangan/internal/person"
	"dangan/internal/store"
)

// Get reads a dossier; store.ErrNotFound if there is none.
func Get(ctx context.Context, q store.Querier, id string) (Dossier, error) {
	return store.Get[Dossier](ctx, q, "WHERE id=?", id)
}

// Load reads a dossier inside an act and locks it until the act's end.
func Load(tx *gate.Tx, id string) (Dossier, error) {
	return store.Get[Dossier](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), id)
}

// Save writes a changed dossier and stamps the time.
func Save(tx *gate.Tx, d *Dossier) error {
	d.ChangedAt = tx.Now()
	tx.About("Dossier", d.ID)
	return tx.Update(d)
}

// Add writes a new dossier of a person who is written in the same act, with its
// search keys. One person has one dossier (2): the database holds it too.
func Add(tx *gate.Tx, d *Dossier, p person.Person) error {
	if d.ID == "" {
		d.ID = gate.NewID()
	}
	d.Version, d.PersonID, d.ChangedAt = 1, p.ID, tx.Now()
	if d.Forced == "" {
		d.Forced = ForcedUnknown
	}
	tx.About("Dossier", d.ID)
	if err := tx.Insert(*d); err != nil {
		return err
	}
	return IndexName(tx, *d, p.Name)
}

// NextNumber draws the next dossier number of an agency and year: 50010801-2026-000123.
func NextNumber(tx *gate.Tx, agencyCode string, year int) (string, error) {
	n, err := tx.Number(fmt.Sprintf("%s/档案/%d", agencyCode, year))
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s-%d-%06d", agencyCode, year, n), nil
}

// OldNumber is a number that a dossier had at an earlier keeper.
type OldNumber struct {
	ID        string `db:"id"`
	DossierID string `db:"dossier_id"`
	Agency    string `db:"agency"`
	No        string `db:"no"`
	UntilAt   int64  `db:"until_at"`
}

// Table names the table of old numbers.
func (OldNumber) Table() string { return "dossier_number" }
