package demo

import (
	"fmt"

	"dangan/internal/collect"
	"dangan/internal/dossier"
	"dangan/internal/founding"
	"dangan/internal/policy"
	"dangan/internal/staff"
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
	b.fetched(o)
	return b.feeds()
}

// fetched are what the agency's own staff fetch (14a): one in a colleague's hands, one that the head
// put into other hands, one whose member has left and that waits for the head.
func (b *builder) fetched(o *office) {
	var colleague, leaver policy.Actor
	b.plan("两名经办到岗", func() error {
		b.at(61, 9, 0)
		admin, err := b.as("sysadmin", "500000")
		if err != nil {
			return err
		}
		guard, err := b.as("secadmin", "500000")
		if err != nil {
			return err
		}
		for _, x := range []struct {
			username string
			to       *policy.Actor
		}{{"clerk2-500108", &colleague}, {"clerk3-500108", &leaver}} {
			m, _, err := b.in.Staff.Create(b.ctx, admin, staff.NewMember{Username: x.username, Name: staffName(b.o.Seed, x.username), Agency: founding.AgencyOf(o.division), PasswordHash: b.o.PasswordHash})
			if err != nil {
				return err
			}
			if _, err := b.in.Staff.Grant(b.ctx, guard, staff.Appointment{StaffID: m.ID, Post: staff.Clerk, Reason: "新到岗（演示）"}); err != nil {
				return err
			}
			if *x.to, err = b.in.Staff.ByUsername(b.ctx, x.username); err != nil {
				return err
			}
		}
		order := func(to string, title, maker string) collect.Order {
			return collect.Order{Target: collect.Office, Handler: to, Titles: []string{title}, Maker: maker}
		}
		ids := []string{o.ids[o.part()-2], o.ids[o.part()-6], o.ids[o.part()-8]}
		b.at(45, 10, 30)
		if _, err := b.in.Collections.Open(b.ctx, o.clerk, ids[0], order(leaver.ID, "社会保险参保缴费证明", "南岸区社会保险局（演示）")); err != nil {
			return err
		}
		b.at(20, 10, 40)
		if _, err := b.in.Collections.Open(b.ctx, o.clerk, ids[1], order(colleague.ID, "就业登记表", "南岸区就业服务管理局（演示）")); err != nil {
			return err
		}
		b.at(15, 10, 50)
		r, err := b.in.Collections.Open(b.ctx, o.clerk, ids[2], order("", "普通高等学校毕业生登记表", "南山演示学院"))
		if err != nil {
			return err
		}
		b.at(10, 17, 0)
		if err := b.in.Staff.Leave(b.ctx, guard, leaver.ID); err != nil {
			return err
		}
		b.at(5, 9, 30)
		_, err = b.in.Collections.Assign(b.ctx, o.headOf, r.ID, colleague.ID)
		return err
	})
}
