package transfer

import (
	"context"

	"dangan/internal/custody"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
)

// Withdraw ends a case before its packet has left.
func (k *Desk) Withdraw(ctx context.Context, by policy.Actor, id string, why string) (Case, error) {
	return k.on(ctx, by, "transfer.withdraw", []rule.ID{"29.6"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := c.inList(); err != nil {
			return err
		}
		if err := c.Withdraw(why, tx.Now()); err != nil {
			return err
		}
		if err := voidPapers(tx, c.Ref(), append([]string{document.TransferLetter}, leavingPapers...)...); err != nil {
			return err
		}
		if f := k.besideRoom(*c).Withdrawn; f != nil {
			if err := f(tx, *c); err != nil {
				return err
			}
		}
		return giveBack(tx, c, d)
	})
}

// giveBack ends a case at the holder: the keeper gets the packet back.
func giveBack(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
	if d.ID == "" || c.RegisteredOn == "" {
		return nil
	}
	if err := custody.Finish(tx, d, c.Ref()); err != nil {
		return err
	}
	if d.State == dossier.Leaving {
		d.State = dossier.Arranging
		if d.Place == dossier.PlaceStore {
			d.State = dossier.InStore
		}
	}
	return dossier.Save(tx, d)
}
