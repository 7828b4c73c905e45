package demo

import (
	"dangan/internal/policy"
	"dangan/internal/standing"
)

// standing are changes of whose a dossier is and under what it is kept (2, 4, 12): one
// approved, one refused, one that waits for the reviewer, and a lost one for the superior.
func (b *builder) standing() error {
	o, err := b.open("500108")
	if err != nil || len(o.persons) < smallest {
		return err
	}
	above, err := b.as("supervisor", "500108")
	if err != nil {
		return err
	}
	ask := func(daysAgo, person int, a standing.Application) (string, error) {
		b.at(daysAgo, 10, 20)
		a.DossierID, a.SeenBy, a.SeenOn = o.ids[person], "何树林", b.today.AddDays(-daysAgo)
		c, err := b.in.Standing.Apply(b.ctx, o.clerk, a)
		return c.ID, err
	}
	decide := func(daysAgo int, by policy.Actor, id string, approve bool, note string) error {
		b.at(daysAgo, 15, 10)
		_, err := b.in.Standing.Decide(b.ctx, by, id, approve, note)
		return err
	}
	b.plan("变更与并档", func() error {
		last := len(o.ids) - 1
		id, err := ask(40, last, standing.Application{Kind: standing.Category, Reason: "已与原单位解除劳动关系，灵活就业", Document: "本人灵活就业声明、社会保险参保记录（演示）", Content: standing.Content{Category: "4.6", Subtype: "flexible"}})
		if err != nil {
			return err
		}
		if err := decide(39, o.reviewer, id, true, ""); err != nil {
			return err
		}
		if id, err = ask(30, last-1, standing.Application{Kind: standing.Identity, Reason: "本人称已改名", Document: "本人书面说明（演示）", Content: standing.Content{Name: "何改之"}}); err != nil {
			return err
		}
		if err := decide(29, o.reviewer, id, false, "没有公安机关的更名记载，请补户口簿变更页。"); err != nil {
			return err
		}
		if id, err = ask(25, last-2, standing.Application{Kind: standing.Rebuild, Reason: "搬库后清点不见，查找三个月无果", Document: "档案遗失调查报告及处理意见（演示）"}); err != nil {
			return err
		}
		if err := decide(18, above, id, true, "同意按调查报告所列重建。"); err != nil {
			return err
		}
		// None of the kinds fits: the superior sees the reason in its list (4).
		if id, err = ask(12, last, standing.Application{Kind: standing.Category, Reason: "不再灵活就业", Document: "本机构书面说明：长期在家照料亲属，不属于所列各类（演示）", Content: standing.Content{Category: "4.7", Subtype: "other"}}); err != nil {
			return err
		}
		if err := decide(11, o.reviewer, id, true, ""); err != nil {
			return err
		}
		_, err = ask(2, last-3, standing.Application{Kind: standing.Account, Reason: "本人离职，转为个人存档", Document: "居民身份证、离职证明（演示）", Content: standing.Content{AccountKind: standing.Personal, NoticeNo: "2026-1", NoticeWay: "screen", NoticeBy: o.persons[last-3].Name}})
		return err
	})
	return nil
}
