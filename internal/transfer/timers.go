package transfer

import (
	"context"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
)

// system is who runs the timers.
var system = policy.Actor{ID: "system", Kind: policy.System, Name: "系统"}

// Timers expires letters nobody registered, asks the holder again for what a letter asks,
// and for receipts that are late (20.1, 20.5). Run daily or oftener: each act happens once.
func (k *Desk) Timers(ctx context.Context) error {
	today := k.gate.Today()
	cal := k.gate.Calendar()
	last := today
	for !lapsed(cal, last, today) {
		last = last.AddDays(-1)
	}
	expired, err := k.ids(ctx, "WHERE state='lettered' AND valid_until<=? ORDER BY id LIMIT 500", last.String())
	if err != nil {
		return err
	}
	for _, id := range expired {
		if _, err := k.on(ctx, system, "transfer.expire", []rule.ID{"20.1"}, id, func(tx *gate.Tx, c *Case, _ *dossier.Dossier) error {
			tx.Note("office", c.Receiver)
			return c.Expire(tx.Calendar(), tx.Today(), tx.Now())
		}); err != nil {
			return err
		}
	}
	first := today.AddDays(-k.settings.Int(setting.ReceiptReminder))
	late, err := k.ids(ctx, "WHERE (state='awaiting' OR state IN ('in_transit','checking') AND direction<>'in') AND fault IS NULL AND (dispatched_on<=? AND (chased_on IS NULL OR chased_on<=?) OR delivered_on IS NOT NULL AND (chased_on IS NULL OR chased_on<delivered_on)) ORDER BY id LIMIT 500", first.String(), first.String())
	if err != nil {
		return err
	}
	for _, id := range late {
		if _, err := k.on(ctx, system, "transfer.chase", []rule.ID{"20.5"}, id, func(tx *gate.Tx, c *Case, _ *dossier.Dossier) error {
			if err := c.Chase(tx.Today()); err != nil {
				return err
			}
			return k.issueChase(tx, *c)
		}); err != nil {
			return err
		}
	}
	silent, err := k.ids(ctx, "WHERE state='lettered' AND valid_until>=? AND letter_on<=? AND (chased_on IS NULL OR chased_on<=?) ORDER BY id LIMIT 500", today.String(), first.String(), first.String())
	if err != nil {
		return err
	}
	for _, id := range silent {
		if _, err := k.on(ctx, system, "transfer.urge", []rule.ID{"20.1"}, id, func(tx *gate.Tx, c *Case, _ *dossier.Dossier) error {
			if err := c.Urge(tx.Today()); err != nil {
				return err
			}
			return k.issueChase(tx, *c)
		}); err != nil {
			return err
		}
	}
	if err := k.overdue(ctx); err != nil {
		return err
	}
	if err := k.unreceipted(ctx); err != nil {
		return err
	}
	return k.promises(ctx)
}

// Recount computes 暂定 terms anew once a year's holidays are loaded (codes.md 1).
func (k *Desk) Recount(ctx context.Context) error {
	ids, err := k.ids(ctx, "WHERE due_tentative=1 AND state IN ('registered','pulled','approved','packed') ORDER BY id LIMIT 5000")
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, err := k.on(ctx, system, "transfer.recount", []rule.ID{"20.2b"}, id, func(tx *gate.Tx, c *Case, _ *dossier.Dossier) error {
			c.Recount(tx.Calendar())
			return nil
		}); err != nil {
			return err
		}
	}
	lists, err := store.List[List](ctx, k.gate.DB(), "WHERE due_tentative=1 AND state IN ('open','packed') ORDER BY id LIMIT 1000")
	if err != nil {
		return err
	}
	for _, l := range lists {
		if _, err := k.gate.Do(ctx, gate.Act{Actor: system, Action: "transfer.list_recount", Rules: []rule.ID{"20.2b"}, On: l.Ref()}, func(tx *gate.Tx) error {
			l, err := store.Get[List](ctx, tx, "WHERE id=?"+tx.ForUpdate(), l.ID)
			if err != nil {
				return err
			}
			if err := tx.Permit(l.Resource()); err != nil {
				return err
			}
			due, tentative := tx.Calendar().AddWorkdays(calendar.Date(l.ReceivedOn), workdays)
			l.DueOn, l.DueTentative = due.String(), tentative
			return tx.Update(&l)
		}); err != nil {
			return err
		}
	}
	return nil
}

func (k *Desk) ids(ctx context.Context, tail string, args ...any) ([]string, error) {
	return store.Texts(ctx, k.gate.DB(), "SELECT id FROM transfer "+tail, args...)
}
