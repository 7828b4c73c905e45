package demo

import (
	"fmt"

	"dangan/internal/account"
	"dangan/internal/standing"
)

// accounts are units' collective accounts (12c, 12d): one that is used, one of a unit that
// was deregistered, closed by one signature, whose persons are still to be told.
func (b *builder) accounts() error {
	o, err := b.open("500108")
	if err != nil || len(o.persons) < smallest {
		return err
	}
	units := []account.Opening{{Unit: "南坪精密机械（演示）有限公司", USCC: "91500103MA5U00011H", Paper: "business_licence"}, {Unit: "铜元局商贸（演示）有限公司", USCC: "91500000202800110K", Paper: "business_licence"}}
	b.plan("集体账户", func() error {
		workers := make([]string, len(units))
		for i, u := range units {
			b.at(152-i, 9, 30)
			u.Worker = account.Authorization{Name: "经办甲（演示）", IDNo: o.persons[len(o.persons)-1-i].IDNo, LetterNo: fmt.Sprintf("单位授权书〔%d〕%d号（演示）", b.today.Year(), i+1), Until: b.today.AddDays(200), Address: fmt.Sprintf("1380000%04d", 8802+2*i)}
			u.Notice = account.Accepting{No: "2026-1", Way: account.OnPaper, By: "经办甲（演示）"}
			a, err := b.in.Accounts.Open(b.ctx, o.clerk, u)
			if err != nil {
				return err
			}
			came, err := b.in.Accounts.Workers(b.ctx, a.ID)
			if err != nil {
				return err
			}
			workers[i] = came[0].ID
		}
		for i := range 8 {
			u, at := units[i/5], 2+i
			if i >= 5 {
				at = o.part() + i - 5 // on paper only: no certificate is being written of them
			}
			b.at(150-i, 10, 5)
			c, err := b.in.Standing.Apply(b.ctx, o.clerk, standing.Application{Kind: standing.Account, DossierID: o.ids[at], SeenBy: "何树林", SeenOn: b.today.AddDays(i - 150), Reason: "随单位集体存档", Document: "单位存档委托书、经办人居民身份证（演示）", Worker: workers[i/5],
				Content: standing.Content{AccountKind: account.Collective, AccountUnit: u.Unit, AccountUSCC: u.USCC, AccountPaper: u.Paper, NoticeNo: "2026-1", NoticeWay: account.OnPaper, NoticeBy: o.persons[at].Name}})
			if err != nil {
				return err
			}
			b.at(150-i, 15, 40)
			if _, err := b.in.Standing.Decide(b.ctx, o.reviewer, c.ID, true, ""); err != nil {
				return err
			}
		}
		return nil
	})
	b.plan("须知接受", func() error {
		b.at(4, 9, 40)
		away, err := b.as("clerk", "500101") // its packets came by transfer
		if err != nil {
			return err
		}
		owed, _, err := b.in.Accounts.Owed(b.ctx, away, account.Never, "", 2)
		if err != nil {
			return err
		}
		for i, p := range owed {
			if i == 0 { // the packet came, the person was called, nothing came of it yet
				_, err = b.in.Accounts.Remind(b.ctx, away, p.ID, "电话")
			} else {
				_, err = b.in.Accounts.Accept(b.ctx, away, p.DossierID, account.Accepting{No: "2026-1", Way: account.OnPaper, By: p.Name})
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	b.plan("集体账户销户", func() error {
		b.at(6, 11, 10)
		list, err := b.in.Accounts.List(b.ctx, o.reviewer, "open", units[1].Unit, "", 1)
		if err != nil || len(list) == 0 {
			return err
		}
		seen, err := b.in.Accounts.Preview(b.ctx, o.reviewer, list[0].ID)
		if err != nil {
			return err
		}
		on, err := b.in.Accounts.Members(b.ctx, o.reviewer, list[0].ID, "", 1)
		if err != nil || len(on) == 0 {
			return err
		}
		_, err = b.in.Accounts.Settle(b.ctx, o.reviewer, list[0].ID, account.Settlement{Seen: seen.Token, Choices: []account.Choice{{DossierID: on[0].ID, To: "50010301", Tie: "户籍地"}},
			Closing: account.Closing{Why: account.Deregistered, Document: "准予注销登记通知书（演示）", DocumentOn: b.today.AddDays(-20)}})
		return err
	})
	return nil
}
