package retirement

import (
	"context"
	"fmt"

	"dangan/internal/agency"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/rule"
	"dangan/internal/store"
)

const (
	runningCases = "agency=? AND state NOT IN ('kept','passed','dropped')"
	runningLists = "agency=? AND state IN ('preparing','delivered')"
)

// Succeed makes the successor of a merged agency go on with cases and lists.
func Succeed(tx *gate.Tx, from, to agency.Agency) (int, error) {
	if _, err := agency.HandOver(tx, runningCases, []any{from.ID}, func(c *Case) error {
		c.Agency = to.ID
		tx.About("Retirement", c.ID)
		return tx.Update(c)
	}); err != nil {
		return 0, err
	}
	_, err := agency.HandOver(tx, runningLists, []any{from.ID}, func(l *List) error {
		l.Agency = to.ID
		tx.About("ReviewList", l.ID)
		return tx.Update(l)
	})
	return 0, err
}

// Died ends, inside the act that confirms a death, a matter that has not gone to the review
// (20c); what is with the reviewer comes back and is filed.
func Died(tx *gate.Tx, d *dossier.Dossier, _ string) error {
	list, err := store.List[Case](tx.Context(), tx, "WHERE dossier_id=? AND state IN ('checking','ready') ORDER BY id LIMIT 10"+tx.ForUpdate(), d.ID)
	if err != nil {
		return err
	}
	for _, c := range list {
		if err := c.Drop(tx.Actor().ID, "本人已去世，不再送审", tx.Now()); err != nil {
			return err
		}
		c.ChangedAt = tx.Now()
		tx.About("Retirement", c.ID)
		if err := tx.Update(&c); err != nil {
			return err
		}
	}
	return nil
}

// Moved gives what is open of a dossier to its new keeper, or ends it where the dossier left
// for an outside one: who keeps the dossier sends it to the review.
func Moved(tx *gate.Tx, d dossier.Dossier, from string) error {
	list, err := store.List[Case](tx.Context(), tx, "WHERE dossier_id=? AND agency=? AND state IN ('checking','ready','back') ORDER BY id LIMIT 10"+tx.ForUpdate(), d.ID, from)
	if err != nil {
		return err
	}
	for _, c := range list {
		switch {
		case d.State != dossier.Left:
			c.Agency = d.Agency
		case c.State == Back: // its form is filed wherever the dossier is
			continue
		default:
			if err := c.Drop(tx.Actor().ID, "档案已转出，由现保管单位办理", tx.Now()); err != nil {
				return err
			}
		}
		c.ChangedAt = tx.Now()
		tx.About("Retirement", c.ID)
		if err := tx.Update(&c); err != nil {
			return err
		}
	}
	return nil
}

// Hinder says which packets out for review stand against an agency's closing.
func Hinder(ctx context.Context, q store.Querier, code, successor string) ([]rule.Reason, error) {
	if successor != "" {
		return nil, nil
	}
	n, err := store.Count(ctx, q, "SELECT count(*) FROM retirement_list WHERE "+runningLists, code)
	if err != nil || n == 0 {
		return nil, err
	}
	return []rule.Reason{{Rule: "6a", Slug: "reviews_open", Message: fmt.Sprintf("该机构还有 %d 份退休送审清单没有退回。", n), Next: "请先登记退回或取消清单，或办理合并由承接机构继续办理。"}}, nil
}

// UnderWay counts what an agency has of this room, for its page.
func UnderWay(ctx context.Context, q store.Querier, code string) (agency.Open, error) {
	return agency.CountOpen(ctx, q, agency.Line{Name: "未退回的退休送审清单", Unit: "份", Table: "retirement_list", Due: "due_back", Since: "prepared_at", From: "拟定", Link: "/retirements/lists"}, runningLists, code)
}

// Reviewing counts the retirements an agency checks or has sent for review.
func Reviewing(ctx context.Context, q store.Querier, code string) (agency.Open, error) {
	return agency.CountOpen(ctx, q, agency.Line{Name: "在办退休送审", Unit: "件", Table: "retirement", Due: "due_on", Since: "opened_at", From: "受理", Link: "/retirements"}, runningCases, code)
}
