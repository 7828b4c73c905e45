package transfer

import (
	"context"
	"errors"
	"fmt"

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
// What fails for one case keeps neither the others nor the timers that follow; the job tells it.
func (k *Desk) Timers(ctx context.Context) error {
	var failed []error
	for _, timer := range []func(context.Context) error{k.expired, k.late, k.lateLists, k.silent, k.overdue, k.unreceipted, k.promises} {
		failed = append(failed, timer(ctx))
	}
	return errors.Join(failed...)
}

// each performs a timer's act on each case that a query names. One that can't be acted on is
// told and keeps nobody else waiting.
func (k *Desk) each(ctx context.Context, action string, under rule.ID, fn func(tx *gate.Tx, c *Case, d *dossier.Dossier) error, tail string, args ...any) error {
	ids, err := k.ids(ctx, tail, args...)
	if err != nil {
		return fmt.Errorf("%s: %w", action, err)
	}
	return eachOf(ctx, action, ids, func(id string) error {
		_, err := k.on(ctx, system, action, []rule.ID{under}, id, fn)
		return err
	})
}

func eachOf(ctx context.Context, action string, ids []string, act func(id string) error) error {
	var failed []error
	for _, id := range ids {
		if err := ctx.Err(); err != nil {
			return errors.Join(append(failed, err)...)
		}
		if err := act(id); err != nil {
			failed = append(failed, fmt.Errorf("%s of %s: %w", action, id, err))
		}
	}
	return errors.Join(failed...)
}

func (k *Desk) expired(ctx context.Context) error {
	today, cal := k.gate.Today(), k.gate.Calendar()
	last := today
	for !lapsed(cal, last, today) {
		last = last.AddDays(-1)
	}
	return k.each(ctx, "transfer.expire", "20.1", func(tx *gate.Tx, c *Case, _ *dossier.Dossier) error {
		tx.Note("office", c.Receiver)
		return c.Expire(tx.Calendar(), tx.Today(), tx.Now())
	}, "WHERE state='lettered' AND valid_until<=? ORDER BY id LIMIT 500", last.String())
}

// chaseFrom is the newest day of what is asked for again today.
func (k *Desk) chaseFrom() string {
	return k.gate.Today().AddDays(-k.settings.Int(setting.ReceiptReminder)).String()
}

// late asks for the receipts of packets with one dossier; of those with many, only for one that
// the carrier says it delivered.
func (k *Desk) late(ctx context.Context) error {
	first := k.chaseFrom()
	return k.each(ctx, "transfer.chase", "20.5", func(tx *gate.Tx, c *Case, _ *dossier.Dossier) error {
		if err := c.Chase(tx.Today()); err != nil {
			return err
		}
		return k.issueChase(tx, *c)
	}, "WHERE (state='awaiting' OR state IN ('in_transit','checking') AND direction<>'in') AND fault IS NULL AND (list_id IS NULL OR delivered_on IS NOT NULL) AND (dispatched_on<=? AND (chased_on IS NULL OR chased_on<=?) OR delivered_on IS NOT NULL AND (chased_on IS NULL OR chased_on<delivered_on)) ORDER BY id LIMIT 500", first, first)
}

// lateLists asks once for the receipts of everybody in one packet.
func (k *Desk) lateLists(ctx context.Context) error {
	const action = "transfer.list_chase"
	first := k.chaseFrom()
	ids, err := store.Texts(ctx, k.gate.DB(), `SELECT id FROM transfer_list WHERE state='sent' AND dispatched_on<=? AND (chased_on IS NULL OR chased_on<=?)
		AND EXISTS (SELECT 1 FROM transfer c WHERE c.list_id=transfer_list.id AND c.state='awaiting' AND c.fault IS NULL AND c.delivered_on IS NULL) ORDER BY id LIMIT 200`, first, first)
	if err != nil {
		return fmt.Errorf("%s: %w", action, err)
	}
	return eachOf(ctx, action, ids, func(id string) error {
		_, err := k.ChaseList(ctx, system, id)
		return err
	})
}

// silent asks again for what a letter asks.
func (k *Desk) silent(ctx context.Context) error {
	first := k.chaseFrom()
	return k.each(ctx, "transfer.urge", "20.1", func(tx *gate.Tx, c *Case, _ *dossier.Dossier) error {
		if err := c.Urge(tx.Today()); err != nil {
			return err
		}
		return k.issueChase(tx, *c)
	}, "WHERE state='lettered' AND valid_until>=? AND letter_on<=? AND (chased_on IS NULL OR chased_on<=?) ORDER BY id LIMIT 500", k.gate.Today().String(), first, first)
}

// Recount computes 暂定 terms anew once a year's holidays are loaded (codes.md 1).
func (k *Desk) Recount(ctx context.Context) error {
	failed := []error{k.each(ctx, "transfer.recount", "20.2b", func(tx *gate.Tx, c *Case, _ *dossier.Dossier) error {
		c.Recount(tx.Calendar())
		return nil
	}, "WHERE due_tentative=1 AND state IN ('registered','pulled','approved','packed') ORDER BY id LIMIT 5000")}
	const action = "transfer.list_recount"
	ids, err := store.Texts(ctx, k.gate.DB(), "SELECT id FROM transfer_list WHERE due_tentative=1 AND state IN ('open','packed') ORDER BY id LIMIT 1000")
	if err != nil {
		return errors.Join(append(failed, err)...)
	}
	failed = append(failed, eachOf(ctx, action, ids, func(id string) error {
		_, err := k.gate.Do(ctx, gate.Act{Actor: system, Action: action, Rules: []rule.ID{"20.2b"}, On: "TransferList:" + id}, func(tx *gate.Tx) error {
			l, err := store.Get[List](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id)
			if err != nil {
				return err
			}
			if err := tx.Permit(l.Resource()); err != nil {
				return err
			}
			due, tentative := tx.Calendar().AddWorkdays(calendar.Date(l.ReceivedOn), workdays)
			l.DueOn, l.DueTentative = due.String(), tentative
			return tx.Update(&l)
		})
		return err
	}))
	return errors.Join(failed...)
}

func (k *Desk) ids(ctx context.Context, tail string, args ...any) ([]string, error) {
	return store.Texts(ctx, k.gate.DB(), "SELECT id FROM transfer "+tail, args...)
}
