package dossier

import (
	"dangan/internal/agency"
	"dangan/internal/gate"
)

// Succeed makes the successor of a merged agency go on with what this room has under
// way there; the dossiers themselves are moved by custody.
func Succeed(tx *gate.Tx, from, to agency.Agency) error {
	if err := tx.Exec("UPDATE name_key SET agency=? WHERE agency=?", to.ID, from.ID); err != nil {
		return err
	}
	if _, err := agency.HandOver(tx, "agency=? AND reviewed_at IS NULL", []any{from.ID}, func(b *Batch) error {
		b.Agency = to.ID
		return tx.Update(b)
	}); err != nil {
		return err
	}
	_, err := agency.HandOver(tx, "agency=? AND state=?", []any{from.ID, CorrectionAsked}, func(c *Correction) error {
		c.Agency = to.ID
		return tx.Update(c)
	})
	return err
}
