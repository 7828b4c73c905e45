package collect

import (
	"context"

	"dangan/internal/agency"
	"dangan/internal/gate"
	"dangan/internal/store"
)

// Succeed makes the successor of a merged agency collect what is still open. Against a
// closing the dossiers themselves stand, so no Hinder is needed.
func Succeed(tx *gate.Tx, from, to agency.Agency) (int, error) {
	_, err := agency.HandOver(tx, "agency=? AND ended_on IS NULL", []any{from.ID}, func(r *Request) error {
		r.Agency = to.ID
		tx.About("Collection", r.ID)
		return tx.Update(r)
	})
	return 0, err
}

// UnderWay counts what is collected for the dossiers of an agency.
func UnderWay(ctx context.Context, q store.Querier, code string) (agency.Open, error) {
	return agency.CountOpen(ctx, q, agency.Line{Name: "在收集的材料", Unit: "件", Table: "collection", Due: "due_on", Since: "opened_on", From: "通知", Link: "/collections"}, "agency=? AND ended_on IS NULL", code)
}
