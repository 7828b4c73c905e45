package hold

import (
	"dangan/internal/agency"
	"dangan/internal/gate"
)

// Succeed makes the successor of a merged agency go on with what holds its dossiers
// back. Against a closing the dossiers themselves stand, so no Hinder is needed.
func Succeed(tx *gate.Tx, from, to agency.Agency) (int, error) {
	_, err := agency.HandOver(tx, "agency=? AND state IN ('asked','active','lifting')", []any{from.ID}, func(h *Hold) error {
		h.Agency = to.ID
		tx.About("Hold", h.ID)
		return tx.Update(h)
	})
	return 0, err
}
