package mandate

import (
	"dangan/internal/agency"
	"dangan/internal/gate"
)

// Succeed makes the successor of a merged agency go on with what it may still take
// applications on; a mandate stands in no closing's way.
func Succeed(tx *gate.Tx, from, to agency.Agency) (int, error) {
	_, err := agency.HandOver(tx, "agency=? AND state IN ('valid','waiting')", []any{from.ID}, func(m *Mandate) error {
		m.Agency = to.ID
		tx.About("Mandate", m.ID)
		return tx.Update(m)
	})
	return 0, err
}
