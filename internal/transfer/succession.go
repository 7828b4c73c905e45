package transfer

import (
	"context"
	"fmt"

	"dangan/internal/agency"
	"dangan/internal/gate"
	"dangan/internal/rule"
	"dangan/internal/store"
)

const running = "state NOT IN ('closed','not_sent','withdrawn','expired','returned')"

// Succeed makes the successor of a merged agency a party to every running transfer and list:
// clocks and papers go on, papers already issued keep the name of their day.
func Succeed(tx *gate.Tx, from, to agency.Agency) (int, error) {
	_, err := agency.HandOver(tx, "(holder=? OR receiver=?) AND "+running, []any{from.ID, from.ID}, func(c *Case) error {
		if c.Holder == from.ID {
			c.Holder, c.HolderName = to.ID, to.Name
		}
		if c.Receiver == from.ID {
			c.Receiver, c.ReceiverName = to.ID, to.Name
			if to.Address != "" {
				c.ReceiverAddr = to.Mail()
			}
		}
		tx.About("Transfer", c.ID)
		return tx.Update(c)
	})
	if err != nil {
		return 0, err
	}
	if _, err = agency.HandOver(tx, "agency=? AND state='held'", []any{from.ID}, func(s *Stray) error {
		s.Agency, s.ChangedAt = to.ID, tx.Now()
		tx.About("Stray", s.ID)
		return tx.Update(s)
	}); err != nil {
		return 0, err
	}
	_, err = agency.HandOver(tx, "agency=? AND state<>'done'", []any{from.ID}, func(l *List) error {
		l.Agency, l.ChangedAt = to.ID, tx.Now()
		tx.About("TransferList", l.ID)
		return tx.Update(l)
	})
	return 0, err
}

// Hinder says which running transfers stand against an agency's end: any against its
// closing, those between the two against a merger, where one agency would send to itself.
func Hinder(ctx context.Context, q store.Querier, code, successor string) ([]rule.Reason, error) {
	query, args := "SELECT count(*) FROM transfer WHERE (holder=? OR receiver=?) AND "+running, []any{code, code}
	if successor != "" {
		query, args = "SELECT count(*) FROM transfer WHERE (holder=? AND receiver=? OR receiver=? AND holder=?) AND "+running, []any{code, successor, code, successor}
	}
	if successor == "" {
		held, err := store.Count(ctx, q, "SELECT count(*) FROM transfer_stray WHERE agency=? AND state='held'", code)
		if err != nil {
			return nil, err
		}
		if held > 0 {
			return []rule.Reason{{Rule: "6b", Slug: "strays_held", Message: fmt.Sprintf("该机构还代管着 %d 个误投的包裹。", held), Next: "请先转送或退回。"}}, nil
		}
	}
	n, err := store.Count(ctx, q, query, args...)
	if err != nil || n == 0 {
		return nil, err
	}
	if successor != "" {
		return []rule.Reason{{Rule: "6b", Slug: "transfer_between", Message: fmt.Sprintf("两机构之间还有 %d 件转递没有办结。", n), Next: "请先办结或撤回两机构之间的转递，再办理合并。"}}, nil
	}
	return []rule.Reason{{Rule: "6b", Slug: "transfers_open", Message: fmt.Sprintf("该机构还有 %d 件转递没有办结。", n), Next: "请先办结，或办理合并由承接机构继续办理。"}}, nil
}

// UnderWay counts what an agency has of this room, for its page.
func UnderWay(ctx context.Context, q store.Querier, code string) (agency.Open, error) {
	return agency.CountOpen(ctx, q, agency.Line{Name: "在办转递", Unit: "件", Table: "transfer", Due: "due_on", Since: "applied_on", From: "申请", Link: "/transfers"}, "(holder=? OR receiver=?) AND "+running, code, code)
}
