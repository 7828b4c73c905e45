package window

import (
	"context"

	"dangan/internal/agency"
	"dangan/internal/gate"
	"dangan/internal/store"
)

const open = "agency=? AND state='received'"

// Succeed makes the successor of a merged agency, and who stands above it, go on with what waits for an answer.
func Succeed(tx *gate.Tx, from, to agency.Agency) (int, error) {
	_, err := agency.HandOver(tx, open, []any{from.ID}, func(m *Matter) error {
		m.Agency, m.Authority = to.ID, to.Parent
		tx.About("Matter", m.ID)
		return tx.Update(m)
	})
	return 0, err
}

// UnderWay counts what an agency has of this room, for its page.
func UnderWay(ctx context.Context, q store.Querier, code string) (agency.Open, error) {
	return agency.CountOpen(ctx, q, "待答复的异议、投诉", "件", "window_matter", open, code)
}
