package handin

import (
	"context"

	"dangan/internal/agency"
	"dangan/internal/gate"
	"dangan/internal/store"
)

// Succeed makes the successor of a merged agency go on with what waits to be looked at, and
// with links that are still out.
func Succeed(tx *gate.Tx, from, to agency.Agency) (int, error) {
	if _, err := agency.HandOver(tx, "agency=? AND state='open'", []any{from.ID}, func(l *Link) error {
		l.Agency = to.ID
		tx.About("HandInLink", l.ID)
		return tx.Update(l)
	}); err != nil {
		return 0, err
	}
	_, err := agency.HandOver(tx, "agency=? AND state='waiting'", []any{from.ID}, func(h *HandIn) error {
		h.Agency = to.ID
		tx.About("HandIn", h.ID)
		return tx.Update(h)
	})
	return 0, err
}

// UnderWay counts what was handed in over the net and waits to be looked at.
func UnderWay(ctx context.Context, q store.Querier, code string) (agency.Open, error) {
	return agency.CountOpen(ctx, q, agency.Line{Name: "网上交来待查看的材料", Unit: "件", Table: "hand_in", Since: "sent_on", From: "交来", Link: "/collections"}, "agency=? AND state='waiting'", code)
}
