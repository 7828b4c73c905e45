package death

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
	runningCases = "agency=? AND state NOT IN ('rejected','revoked','handed')"
	runningLists = "agency=? AND state IN ('preparing','delivered')"
)

// Succeed makes the successor of a merged agency go on: the five years run on, lists not
// yet receipted are its own.
func Succeed(tx *gate.Tx, from, to agency.Agency) (int, error) {
	if _, err := agency.HandOver(tx, runningCases, []any{from.ID}, func(c *Case) error {
		c.Agency = to.ID
		tx.About("Death", c.ID)
		return tx.Update(c)
	}); err != nil {
		return 0, err
	}
	_, err := agency.HandOver(tx, runningLists, []any{from.ID}, func(h *Handover) error {
		h.Agency = to.ID
		tx.About("Handover", h.ID)
		return tx.Update(h)
	})
	return 0, err
}

// Moved gives what is open of a dossier to its new keeper: a death reported while the packet
// was on its way is confirmed where the dossier is now (20c). One that nobody confirmed ends
// where the dossier left for an outside keeper.
func Moved(tx *gate.Tx, d dossier.Dossier, from string) error {
	list, err := store.List[Case](tx.Context(), tx, "WHERE dossier_id=? AND agency=? AND state IN ('reported','kept','retained') ORDER BY id LIMIT 10"+tx.ForUpdate(), d.ID, from)
	if err != nil {
		return err
	}
	for _, c := range list {
		switch {
		case d.State != dossier.Left:
			c.Agency = d.Agency
		case c.State == Reported:
			c.State, c.Basis, c.DecidedBy, c.DecidedAt = Rejected, "档案已转出，请由现保管单位登记", tx.Actor().ID, tx.Now()
		default:
			continue
		}
		c.ChangedAt = tx.Now()
		tx.About("Death", c.ID)
		if err := tx.Update(&c); err != nil {
			return err
		}
	}
	return nil
}

// Hinder says which handovers under way stand against an agency's closing. Deaths by
// themselves do not: their dossiers do (custody).
func Hinder(ctx context.Context, q store.Querier, code, successor string) ([]rule.Reason, error) {
	if successor != "" {
		return nil, nil
	}
	n, err := store.Count(ctx, q, "SELECT count(*) FROM death_handover WHERE "+runningLists, code)
	if err != nil || n == 0 {
		return nil, err
	}
	return []rule.Reason{{Rule: "6a", Slug: "handovers_open", Message: fmt.Sprintf("该机构还有 %d 份死亡档案移交清单没有签收。", n), Next: "请先登记回执或取消清单，或办理合并由承接机构继续办理。"}}, nil
}

// UnderWay counts what an agency has of this room, for its page.
func UnderWay(ctx context.Context, q store.Querier, code string) (agency.Open, error) {
	return agency.CountOpen(ctx, q, agency.Line{Name: "未签收的死亡档案移交清单", Unit: "份", Table: "death_handover", Since: "prepared_at", From: "拟定", Link: "/deaths/lists"}, runningLists, code)
}

// Registered counts the registered deaths whose dossiers an agency still keeps.
func Registered(ctx context.Context, q store.Querier, code string) (agency.Open, error) {
	return agency.CountOpen(ctx, q, agency.Line{Name: "死亡登记（档案未移交）", Unit: "件", Table: "death", Due: "term_ends_on", Since: "registered_at", From: "登记", Link: "/deaths"}, runningCases, code)
}
