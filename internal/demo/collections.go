package demo

import (
	"fmt"

	"dangan/internal/collect"
	"dangan/internal/dossier"
)

// collections are notices that ask for materials (14a): overdue and asked again, waiting,
// handed in but not filed, withdrawn.
func (b *builder) collections() error {
	o, err := b.open("500108")
	if err != nil || len(o.persons) < smallest {
		return err
	}
	unit := "云岫智能（演示）有限公司"
	for i, c := range []struct {
		ago    int
		order  collect.Order
		urged  int // days ago; 0: not
		handed int
		why    string
		also   string // another employer that owes a material of the same title
	}{
		{52, collect.Order{Target: collect.Unit, Addressee: unit, Event: "review", Titles: []string{"年度考核登记表"}}, 9, 0, "", ""},
		{40, collect.Order{Target: collect.Person, Titles: []string{"毕业证书复印件（审核盖章）"}, Maker: "南山演示学院"}, 0, 0, "", ""},
		{12, collect.Order{Target: collect.Unit, Addressee: unit, Event: "title", Titles: []string{"专业技术职务任职资格评审（认定）表"}}, 0, 0, "", ""},
		{20, collect.Order{Target: collect.Unit, Addressee: unit, Event: "award", Titles: []string{"奖励审批（登记）表"}}, 0, 3, "", ""},
		{30, collect.Order{Target: collect.Unit, Addressee: "嘉陵中学（演示）", Event: "hired", Titles: []string{"录用（聘用）审批表"}}, 0, 0, "单位书面说明：按劳动合同用工，没有形成录用审批表", ""},
		{16, collect.Order{Target: collect.Unit, Addressee: unit, Event: "left", Titles: []string{"解除（终止）劳动合同证明书"}}, 0, 4, "", "长江物流（演示）有限公司"},
	} {
		id := o.ids[o.part()-2-2*i] // with a catalog: they lie still
		b.plan(fmt.Sprintf("材料收集 %d", i+1), func() error {
			b.at(c.ago, 10, 10+i)
			order := c.order
			if order.Event != "" {
				order.FormedOn = b.today.AddDays(-c.ago - 4)
			}
			r, err := b.in.Collections.Open(b.ctx, o.clerk, id, order)
			if err != nil {
				return err
			}
			if c.also != "" { // left two employers: each forms a certificate of its own
				second := order
				second.Addressee = c.also
				if _, err := b.in.Collections.Open(b.ctx, o.clerk, id, second); err != nil {
					return err
				}
			}
			switch {
			case c.urged > 0:
				b.at(c.urged, 15, 20)
				_, err = b.in.Collections.Urge(b.ctx, o.clerk, r.ID)
			case c.handed > 0:
				b.at(c.handed, 11, 5)
				formed := order.FormedOn.Time()
				_, err = b.in.Dossiers.Receive(b.ctx, o.clerk, dossier.Intake{DossierID: id, Origin: dossier.FromUnit, Giver: unit, Maker: unit,
					Description: dossier.Description{Title: order.Titles[0], Year: int64(formed.Year()), Month: int64(formed.Month()), Day: int64(formed.Day()), Copies: 1, Pages: 2}})
			case c.why != "":
				b.at(c.ago-6, 9, 50)
				_, err = b.in.Collections.Withdraw(b.ctx, o.clerk, r.ID, c.why)
			}
			return err
		})
	}
	return b.feeds()
}
