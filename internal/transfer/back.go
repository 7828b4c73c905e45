package transfer

import (
	"context"

	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
)

// Return gives a packet back to a former employer as agreed with it (20.4a).
func (k *Desk) Return(ctx context.Context, by policy.Actor, id string, agreement string) (Case, error) {
	return k.on(ctx, by, "transfer.return", []rule.ID{"20.4a"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		items, err := ItemsOf(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		gaps, err := k.gaps(tx, *c, *d, items)
		if err != nil {
			return err
		}
		return c.Return(agreement, gaps, tx.Now())
	})
}
