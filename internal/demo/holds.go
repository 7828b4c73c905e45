package demo

import (
	"fmt"

	"dangan/internal/hold"
)

// holds stand at every step (20.2a): waiting for the second person, running, about to
// end, lifted by the court, over.
func (b *builder) holds() error {
	o, err := b.open("500108")
	if err != nil || len(o.persons) < smallest {
		return err
	}
	court := hold.Order{Organ: "重庆市南岸区人民法院（演示）", Basis: "civil", Name: "协助执行通知书", Contact: "执行局 023-00000000"}
	panel := hold.Order{Organ: "重庆市南岸区监察委员会（演示）", Basis: "supervision", Name: "协助调查通知书", Contact: "第三调查室 023-00000000"}
	for i, c := range []struct {
		order     hold.Order
		ago, days int // entered so many days ago, for so many days from then
		decided   bool
		lifted    int // days ago; 0: not
	}{
		{court, 60, 365, true, 0}, {panel, 45, 48, true, 0}, {court, 80, 180, true, 20}, {panel, 70, 40, true, 0}, {court, 1, 180, false, 0},
	} {
		id := o.ids[o.part()-1-2*i] // with a catalog: they lie still
		b.plan(fmt.Sprintf("限制转出 %d", i+1), func() error {
			b.at(c.ago, 14, 20)
			order := c.order
			order.No, order.On, order.Until = fmt.Sprintf("（%d）渝0108执%d号", b.today.Year(), 1200+37*i), b.today.AddDays(-c.ago-1), b.today.AddDays(c.days-c.ago)
			if order.Basis == "supervision" {
				order.No = fmt.Sprintf("南监协〔%d〕%d号", b.today.Year(), 11+i)
			}
			h, err := b.in.Holds.Ask(b.ctx, o.clerk, id, order)
			if err != nil || !c.decided {
				return err
			}
			b.at(c.ago, 16, 5)
			if _, err := b.in.Holds.Decide(b.ctx, o.reviewer, h.ID, true, ""); err != nil || c.lifted == 0 {
				return err
			}
			b.at(c.lifted, 9, 40)
			if _, err := b.in.Holds.Lift(b.ctx, o.clerk, h.ID, hold.Release{Name: "解除协助执行通知书", No: order.No + "之一", On: b.today.AddDays(-c.lifted - 1)}); err != nil {
				return err
			}
			b.at(c.lifted, 11, 0)
			_, err = b.in.Holds.DecideLift(b.ctx, o.headOf, h.ID, true, "")
			return err
		})
	}
	b.plan("到期的限制", func() error {
		b.at(29, 1, 0)
		return b.in.Holds.Timers(b.ctx)
	})
	return nil
}
