package collect

import (
	"dangan/internal/agency"
	"dangan/internal/gate"
)

// Succeed makes the successor of a merged agency collect what is still open. Against a
// closing the dossiers themselves stand, so no Hinder is needed.
func Succeed(tx *gate.Tx, from, to agency.Agency) (int, error) {
	_, err := agency.HandOver(tx, "agency=? AND ended_on IS NULL", []any{from.ID}, func(r *Request) error {
		r.Agency = to.ID
		tx.About("Collection", r.ID)
		return tx.Update(r)
	})
	return 0, err
}
