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
	// A pile that is being scanned, under review or sent back, or of which pieces still lie aside.
	if _, err := agency.HandOver(tx, "agency=? AND (state=? OR aside>0 OR batch_id IN (SELECT id FROM filing_batch WHERE state<>?))", []any{from.ID, SittingOpen, BatchAccepted}, func(s *Sitting) error {
		s.Agency = to.ID
		return tx.Update(s)
	}); err != nil {
		return err
	}
	if _, err := agency.HandOver(tx, "agency=? AND sitting_id IN (SELECT id FROM sitting WHERE agency=?)", []any{from.ID, to.ID}, func(p *Piece) error {
		p.Agency = to.ID
		return tx.Update(p)
	}); err != nil {
		return err
	}
	_, err := agency.HandOver(tx, "agency=? AND state=?", []any{from.ID, CorrectionAsked}, func(c *Correction) error {
		c.Agency = to.ID
		return tx.Update(c)
	})
	return err
}
