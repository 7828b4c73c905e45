package certificate

import (
	"dangan/internal/gate"
	"dangan/internal/intake"
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
