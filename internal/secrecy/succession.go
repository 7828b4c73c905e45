package secrecy

import (
	"dangan/internal/agency"
	"dangan/internal/gate"
)

// Succeed makes the successor of a merged agency decide what was proposed, and keep the marked zones. Against a
// closing the dossiers themselves stand.
func Succeed(tx *gate.Tx, from, to agency.Agency) (int, error) {
	_, err := agency.HandOver(tx, "agency=? AND state='asked'", []any{from.ID}, func(c *Change) error {
		c.Agency = to.ID
		tx.About("SecrecyChange", c.ID)
		return tx.Update(c)
	})
	if err != nil {
		return 0, err
	}
	_, err = agency.HandOver(tx, "agency=? AND ended_at IS NULL", []any{from.ID}, func(z *Zone) error {
		z.Agency = to.ID
		tx.About("SecretZone", z.ID)
		return tx.Update(z)
	})
	return 0, err
}
