package certificate

import (
	"context"
	"fmt"

	"dangan/internal/agency"
	"dangan/internal/gate"
	"dangan/internal/rule"
	"dangan/internal/store"
)

const running = "agency=? AND state IN ('draft','submitted','returned')"

// Succeed makes the successor of a merged agency go on with certificates not yet issued.
func Succeed(tx *gate.Tx, from, to agency.Agency) (int, error) {
	_, err := agency.HandOver(tx, running, []any{from.ID}, func(c *Certificate) error {
		c.Agency = to.ID
		tx.About("Certificate", c.ID)
		return tx.Update(c)
	})
	return 0, err
}

// Hinder says which certificates under way stand against an agency's closing.
func Hinder(ctx context.Context, q store.Querier, code, successor string) ([]rule.Reason, error) {
	if successor != "" {
		return nil, nil
	}
	n, err := store.Count(ctx, q, "SELECT count(*) FROM certificate WHERE "+running, code)
	if err != nil || n == 0 {
		return nil, err
	}
	return []rule.Reason{{Rule: "6a", Slug: "certificates_open", Message: fmt.Sprintf("该机构还有 %d 件证明没有办结。", n), Next: "请先办结，或办理合并由承接机构继续办理。"}}, nil
}

// UnderWay counts what an agency has of this room, for its page.
func UnderWay(ctx context.Context, q store.Querier, code string) (agency.Open, error) {
	return agency.CountOpen(ctx, q, agency.Line{Name: "未出具的证明", Unit: "件", Table: "certificate", Since: "applied_on", From: "申请", Link: "/certificates"}, running, code)
}
