package loan

import (
	"context"
	"fmt"
	"time"

	"dangan/internal/agency"
	"dangan/internal/custody"
	"dangan/internal/death"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/rule"
	"dangan/internal/store"
)

const running = "agency=? AND state NOT IN " + ended

// Succeed makes the successor of a merged agency go on with every running loan.
func Succeed(tx *gate.Tx, from, to agency.Agency) (int, error) {
	_, err := agency.HandOver(tx, running, []any{from.ID}, func(c *Case) error {
		c.Agency = to.ID
		tx.About("Loan", c.ID)
		return tx.Update(c)
	})
	return 0, err
}

// waiting are the loans of a dossier whose packet has not gone.
func waiting(tx *gate.Tx, dossierID string) ([]Case, error) {
	return store.List[Case](tx.Context(), tx, "WHERE dossier_id=? AND state IN ('draft','incomplete','checking','approving','heading','ready') ORDER BY id LIMIT 10"+tx.ForUpdate(), dossierID)
}

func drop(tx *gate.Tx, c Case, d *dossier.Dossier, why string) error {
	if err := c.Withdraw(tx.Now(), why); err != nil {
		return err
	}
	tx.About("Loan", c.ID)
	if err := custody.Finish(tx, d, c.Ref()); err != nil {
		return err
	}
	return save(tx, &c)
}

// Died ends, inside the act that confirms a death, an application for what nobody can have
// with the dossier of the dead (20c); what is out comes back as it would.
func Died(tx *gate.Tx, d *dossier.Dossier, _ string) error {
	list, err := waiting(tx, d.ID)
	if err != nil {
		return err
	}
	for _, c := range list {
		if death.Consult(c.Purpose) == nil {
			continue
		}
		if err := drop(tx, c, d, "存档人已去世，没有这种借阅用途"); err != nil {
			return err
		}
	}
	return nil
}

// Moved ends what is open of a dossier that went to another keeper: who keeps it lends it.
func Moved(tx *gate.Tx, d dossier.Dossier, from string) error {
	list, err := waiting(tx, d.ID)
	if err != nil {
		return err
	}
	for _, c := range list {
		if c.Agency != from {
			continue
		}
		if err := drop(tx, c, &d, "档案已转出，请向现保管机构申请"); err != nil {
			return err
		}
	}
	return nil
}

// Hinder says what of this room stands against an agency's end: packets that are out, and
// for closing any loan under way.
func Hinder(ctx context.Context, q store.Querier, code, successor string) ([]rule.Reason, error) {
	if successor != "" {
		return nil, nil
	}
	n, err := store.Count(ctx, q, "SELECT count(*) FROM loan WHERE "+running, code)
	if err != nil || n == 0 {
		return nil, err
	}
	return []rule.Reason{{Rule: "6a", Slug: "loans_open", Message: fmt.Sprintf("该机构还有 %d 件借阅没有办结。", n), Next: "请先收回并核对借出的档案，或办理合并由承接机构继续办理。"}}, nil
}

// UnderWay counts what an agency has of this room, for its page.
func UnderWay(ctx context.Context, q store.Querier, code string) (agency.Open, error) {
	return agency.CountOpen(ctx, q, agency.Line{Name: "在办借阅", Unit: "件", Table: "loan", Due: "due_on", Since: "applied_at", From: "申请", Link: "/loans"}, running, code)
}

// Reinstate opens an application again whose 不予借阅 was objected to and did not hold (29.8):
// it is checked anew. It runs inside the act that upholds the objection.
func Reinstate(tx *gate.Tx, id string) error {
	c, err := load(tx, id)
	if err != nil {
		return err
	}
	if c.State != Refused {
		return rule.Refuse(reason("29.8", "not_refused", "", "本件没有可以恢复的不予借阅。", "请刷新查看现在的状态。"))
	}
	d, err := dossier.Load(tx, c.DossierID)
	if err != nil {
		return err
	}
	if err := held(c, d); err != nil {
		return err
	}
	if err := ofTheDead(tx.Context(), tx, c); err != nil {
		return err
	}
	open, err := store.Count(tx.Context(), tx, "SELECT count(*) FROM loan WHERE dossier_id=? AND id<>? AND state NOT IN ('closed','refused','withdrawn','expired')", c.DossierID, c.ID)
	if err != nil {
		return err
	}
	if open > 0 {
		return rule.Refuse(reason("22", "loan_open", "", "该档案另有一件借阅在办。", "请先办结或撤回那一件，再恢复本件。"))
	}
	c.State, c.ClosedAt, c.ClosedWhy = Checking, time.Time{}, ""
	c.CheckedBy, c.ApprovedBy, c.Opinion = "", "", ""
	return save(tx, &c)
}
