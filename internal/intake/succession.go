package intake

import (
	"context"

	"dangan/internal/agency"
	"dangan/internal/gate"
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

// UnderWay counts what an agency has of this room, for its page.
func UnderWay(ctx context.Context, q store.Querier, code string) (agency.Open, error) {
	return agency.CountOpen(ctx, q, "网上待受理、待补正、待审核和应予受理的申请", "件", "intake", underWay, code)
}
