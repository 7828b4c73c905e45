package digital

import (
	"context"
	"fmt"

	"dangan/internal/agency"
	"dangan/internal/gate"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Succeed makes the successor of a merged agency go on with deliveries of scans.
func Succeed(tx *gate.Tx, from, to agency.Agency) (int, error) {
	if _, err := agency.HandOver(tx, "agency=? AND state NOT IN ('accepted','sent_back')", []any{from.ID}, func(d *Delivery) error {
		d.Agency = to.ID
		return tx.Update(d)
	}); err != nil {
		return 0, err
	}
	_, err := agency.HandOver(tx, "agency=? AND state IN ('waiting','quarantined')", []any{from.ID}, func(i *Item) error {
		i.Agency = to.ID
		return tx.Update(i)
	})
	return 0, err
}

// Hinder says which delivery stands against an agency's end: one that is being taken
// in now writes into dossiers that would change hands under it.
func Hinder(ctx context.Context, q store.Querier, code, _ string) ([]rule.Reason, error) {
	n, err := store.Count(ctx, q, "SELECT count(*) FROM delivery_upload WHERE agency=? AND state IN ('waiting','running')", code)
	if err != nil {
		return nil, err
	}
	more, err := store.Count(ctx, q, "SELECT count(*) FROM delivery WHERE agency=? AND state='running'", code)
	if err != nil || n+more == 0 {
		return nil, err
	}
	return []rule.Reason{{Rule: "18a", Slug: "delivery_running", Message: fmt.Sprintf("该机构有 %d 批影像正在接收。", max(n, more)), Next: "请在接收完成或取消后办理。"}}, nil
}

// UnderWay counts what an agency has of this room, for its page.
func UnderWay(ctx context.Context, q store.Querier, code string) (agency.Open, error) {
	return agency.CountOpen(ctx, q, agency.Line{Name: "未验收的影像批次", Unit: "批", Table: "delivery", Since: "started_at", From: "交付", Link: "/deliveries"}, "agency=? AND state NOT IN ('accepted','sent_back')", code)
}
