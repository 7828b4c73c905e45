package digital

import (
	"context"
	"errors"
	"fmt"

	"dangan/internal/blob"
	"dangan/internal/gate"
	"dangan/internal/store"
)

// open opens the record of the delivery with the first folder that needs it, or
// goes on with the one that a stopped process left.
func (r *run) open(ctx context.Context) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.delivery.ID != "" {
		return r.delivery.ID, nil
	}
	var v Delivery
	_, err := r.desk.gate.Do(ctx, gate.Act{Actor: r.by, Action: "digital.receive", Rules: ingestRules}, func(tx *gate.Tx) error {
		left, err := store.Get[Delivery](ctx, tx, "WHERE agency=? AND name=? AND sums=? AND state IN ('running','stopped') ORDER BY id DESC LIMIT 1"+tx.ForUpdate(), r.agency, r.label, r.sums)
		switch {
		case err == nil:
			v = left
			if err := tx.Permit(v.Resource()); err != nil {
				return err
			}
			v.State, v.Note, v.StaffID = Running, "", r.by.ID
			return tx.Update(&v)
		case !errors.Is(err, store.ErrNotFound):
			return err
		}
		v = Delivery{ID: gate.NewID(), Version: 1, Agency: r.agency, Label: r.label, Sums: r.sums, State: Running, StaffID: r.by.ID, StartedAt: tx.Now()}
		if err := tx.Permit(v.Resource()); err != nil {
			return err
		}
		n, err := tx.Number(fmt.Sprintf("%s/数字化/%d", r.agency, tx.Today().Year()))
		if err != nil {
			return err
		}
		v.No = fmt.Sprintf("%s-S%d-%04d", r.agency, tx.Today().Year(), n)
		return tx.Insert(v)
	})
	if err == nil {
		r.delivery = v
	}
	return v.ID, err
}

// left says whether a process stopped with this delivery open: killed after the last
// folder, it left nothing to take in and a record without an end.
func (r *run) left(ctx context.Context) (bool, error) {
	var n int
	err := r.desk.gate.DB().QueryRow(ctx, "SELECT count(*) FROM delivery WHERE agency=? AND name=? AND sums=? AND state IN ('running','stopped')", r.agency, r.label, r.sums).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("look for open delivery: %w", err)
	}
	return n > 0, nil
}

// close ends the record with what became of the delivery.
func (r *run) close(ctx context.Context, report Report, failure error) (string, error) {
	if r.delivery.ID == "" {
		if left, err := r.left(ctx); err != nil || !left || failure != nil {
			return "", err
		}
		if _, err := r.open(ctx); err != nil {
			return "", err
		}
	}
	ctx = context.WithoutCancel(ctx)
	_, err := r.desk.gate.Do(ctx, gate.Act{Actor: r.by, Action: "digital.finish", Rules: ingestRules}, func(tx *gate.Tx) error {
		v, err := load(tx, r.delivery.ID)
		if err != nil {
			return err
		}
		if err := tx.Permit(v.Resource()); err != nil {
			return err
		}
		var pages *int64
		err = tx.QueryRow(ctx, "SELECT count(CASE WHEN state='waiting' THEN 1 END), count(CASE WHEN state='quarantined' THEN 1 END), CAST(coalesce(sum(CASE WHEN state='waiting' THEN pages ELSE 0 END),0) AS BIGINT) FROM delivery_item WHERE delivery_id=?", v.ID).
			Scan(&v.Ingested, &v.Quarantined, &pages)
		if err != nil {
			return err
		}
		v.Pages, v.Folders, v.Already = *pages, int64(report.Dossiers), int64(report.AlreadyIngested)
		// Of those that are here already, some came with this very delivery before it was stopped.
		v.Already = min(v.Already, max(0, v.Folders-v.Ingested-v.Quarantined))
		switch {
		case errors.Is(failure, context.Canceled):
			v.State, v.Note = Stopped, "已取消；已接收的保留，用同一目录可以接着接收"
		case failure != nil:
			v.State, v.Note = Stopped, stopNote(failure)
		case v.Ingested > 0:
			v.State = Received
		default:
			v.State = Faulty
		}
		v.EndedAt = tx.Now()
		tx.Note("ingested", v.Ingested)
		tx.Note("quarantined", v.Quarantined)
		return tx.Update(&v)
	})
	return r.delivery.ID, err
}

func stopNote(failure error) string {
	if errors.Is(failure, blob.ErrFull) || errors.Is(failure, store.ErrDiskFull) {
		return "存储空间不足，已接收的保留；腾出空间后用同一目录接着接收"
	}
	return "没有完成，已接收的保留；用同一目录可以接着接收"
}
