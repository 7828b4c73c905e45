package access

import (
	"context"
	"fmt"

	"dangan/internal/agency"
	"dangan/internal/gate"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Succeed makes the successor of a merged agency go on with every running consultation.
func Succeed(tx *gate.Tx, from, to agency.Agency) (int, error) {
	_, err := agency.HandOver(tx, "agency=? AND state NOT IN ('closed','refused','withdrawn','expired')", []any{from.ID}, func(c *Case) error {
		c.Agency = to.ID
		tx.About("Consultation", c.ID)
		return tx.Update(c)
	})
	return 0, err
}

// Hinder says what of this room stands against an agency's end: a reading session that
// is open, and for closing any consultation under way.
func Hinder(ctx context.Context, q store.Querier, code, successor string) ([]rule.Reason, error) {
	n, err := store.Count(ctx, q, "SELECT count(*) FROM reading_session WHERE agency=? AND ended_at IS NULL", code)
	if err != nil {
		return nil, err
	}
	if n > 0 {
		return []rule.Reason{{Rule: "21.4", Slug: "reading_open", Message: fmt.Sprintf("该机构有 %d 场查阅正在进行。", n), Next: "请在查阅结束后办理。"}}, nil
	}
	if successor != "" {
		return nil, nil
	}
	n, err = store.Count(ctx, q, "SELECT count(*) FROM consultation WHERE agency=? AND state NOT IN ('closed','refused','withdrawn','expired')", code)
	if err != nil || n == 0 {
		return nil, err
	}
	return []rule.Reason{{Rule: "6a", Slug: "consultations_open", Message: fmt.Sprintf("该机构还有 %d 件查阅没有办结。", n), Next: "请先办结，或办理合并由承接机构继续办理。"}}, nil
}

// UnderWay counts what an agency has of this room, for its page.
func UnderWay(ctx context.Context, q store.Querier, code string) (agency.Open, error) {
	return agency.CountOpen(ctx, q, agency.Line{Name: "在办查阅", Unit: "件", Table: "consultation", Since: "applied_at", From: "申请", Link: "/consultations"}, "agency=? AND state NOT IN ('closed','refused','withdrawn','expired')", code)
}
