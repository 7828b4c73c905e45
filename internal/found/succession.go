package found

import (
	"context"
	"fmt"

	"dangan/internal/agency"
	"dangan/internal/gate"
	"dangan/internal/rule"
	"dangan/internal/store"
)

const open = "agency=? AND state NOT IN ('received','joined')"

// Succeed makes the successor of a merged agency keep and verify what is still open.
func Succeed(tx *gate.Tx, from, to agency.Agency) (int, error) {
	_, err := agency.HandOver(tx, open, []any{from.ID}, func(p *Packet) error {
		p.Agency = to.ID
		tx.About("Found", p.ID)
		return tx.Update(p)
	})
	return 0, err
}

// Hinder says that packets in custody stand against an agency's closing without successor.
func Hinder(ctx context.Context, q store.Querier, code, successor string) ([]rule.Reason, error) {
	if successor != "" {
		return nil, nil
	}
	n, err := store.Count(ctx, q, "SELECT count(*) FROM found_packet WHERE "+open, code)
	if err != nil || n == 0 {
		return nil, err
	}
	return []rule.Reason{{Rule: "6b", Slug: "found_open", Message: fmt.Sprintf("该机构还保管着 %d 件待核实的个人手中档案。", n), Next: "请先核实接收，或办理合并由承接机构继续保管。"}}, nil
}

// UnderWay counts what an agency has of this room, for its page.
func UnderWay(ctx context.Context, q store.Querier, code string) (agency.Open, error) {
	return agency.CountOpen(ctx, q, agency.Line{Name: "待核实的个人手中档案", Unit: "件", Table: "found_packet", Since: "registered_at", From: "登记", Link: "/found"}, open, code)
}
