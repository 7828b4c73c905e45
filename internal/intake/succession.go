package intake

import (
	"context"
	"fmt"

	"dangan/internal/agency"
	"dangan/internal/gate"
	"dangan/internal/rule"
	"dangan/internal/store"
)

const underWay = "agency=? AND state IN ('sent','completing','proposed','returned')"

// Succeed makes the successor of a merged agency go on with what has no end yet. Where the
// same application waits there too, it stays one: the successor's.
func Succeed(tx *gate.Tx, from, to agency.Agency) (int, error) {
	_, err := agency.HandOver(tx, underWay, []any{from.ID}, func(c *Case) error {
		// What came over the net stays its sender's, whoever else applies.
		twice, err := store.Count(tx.Context(), tx, "SELECT count(*) FROM intake WHERE matter=? AND subject=? AND sender IS NULL AND "+underWay, c.Matter, c.Subject, to.ID)
		if err != nil {
			return err
		}
		c.Agency = to.ID
		if twice > 0 && c.Sender == "" {
			c.Note = "合并前在两个机构分别登记，由" + to.Name + "按其登记办理"
			c.end(Withdrawn, tx.Today())
		}
		tx.About("Intake", c.ID)
		return tx.Update(c)
	})
	return 0, err
}

// Hinder says why an agency can't be closed: applications wait there for a word that nobody
// could give any more (29.8).
func Hinder(ctx context.Context, q store.Querier, code, successor string) ([]rule.Reason, error) {
	if successor != "" {
		return nil, nil
	}
	n, err := store.Count(ctx, q, "SELECT count(*) FROM (SELECT 1 FROM intake WHERE "+underWay+" LIMIT 1000) AS x", code)
	if err != nil || n == 0 {
		return nil, err
	}
	return []rule.Reason{{Rule: "29.8", Slug: "intakes_open", Message: fmt.Sprintf("该机构还有 %d 件申请待补正、待审核或应予受理。", n), Next: "请先办结或由申请人撤回；办理合并的，由承接机构继续办理。"}}, nil
}

// UnderWay counts what an agency has of this room, for its page.
func UnderWay(ctx context.Context, q store.Querier, code string) (agency.Open, error) {
	return agency.CountOpen(ctx, q, agency.Line{Name: "网上待受理、待补正、待审核和应予受理的申请", Unit: "件", Table: "intake", Due: "due_on", Since: "recorded_at", From: "申请", Link: "/intakes"}, underWay, code)
}
