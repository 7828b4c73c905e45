package transfer

import (
	"context"

	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
)

// Pack seals the packet and issues packing list and notice (20.2b).
func (k *Desk) Pack(ctx context.Context, by policy.Actor, id string, s Seal) (Case, error) {
	return k.on(ctx, by, "transfer.pack", []rule.ID{"20.2b"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := c.Pack(s, by.ID, tx.Now()); err != nil {
			return err
		}
		c.alone()
		if err := k.travel(tx, *c, *d); err != nil {
			return err
		}
		items, err := ItemsOf(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		return k.issueNotice(tx, c, *d, items)
	})
}

// Reopen puts a packet back under review; notice and list become void.
func (k *Desk) Reopen(ctx context.Context, by policy.Actor, id string) (Case, error) {
	return k.on(ctx, by, "transfer.reopen", []rule.ID{"20.2a"}, id, func(tx *gate.Tx, c *Case, _ *dossier.Dossier) error {
		if err := c.inList(); err != nil {
			return err
		}
		if err := c.Reopen(); err != nil {
			return err
		}
		return voidPapers(tx, c.Ref(), leavingPapers...)
	})
}
