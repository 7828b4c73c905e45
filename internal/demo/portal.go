package demo

import (
	"bytes"
	"math/rand/v2"
	"mime/multipart"

	"dangan/internal/collect"
	"dangan/internal/policy"
	"dangan/internal/portal"
)

// online are notices to a unit whose worker signs in and answers over the net (14): one that
// waits to be looked at, one that was returned.
func (b *builder) online() error {
	o, err := b.open("500108")
	if err != nil || len(o.persons) < smallest {
		return err
	}
	const unit, uscc = "南坪精密机械（演示）有限公司", "91500103MA5U00011H"
	for i, c := range []struct {
		titles []string
		back   string
	}{{[]string{"年度考核登记表"}, ""}, {[]string{"奖励审批（登记）表"}, "unsigned"}} {
		id := o.ids[o.part()-12-2*i] // with a catalog: they lie still
		b.plan("单位网上交件", func() error {
			b.at(15+i, 9, 20+i)
			r, err := b.in.Collections.Open(b.ctx, o.clerk, id, collect.Order{Target: collect.Unit, Addressee: unit, Titles: c.titles})
			if err != nil {
				return err
			}
			b.at(3+i, 14, 10+i)
			_, v, err := b.in.Portal.Enter(b.ctx, portal.Identity{Kind: policy.Unit, Provider: "demo", USCC: uscc, Unit: unit, Name: "经办甲（演示）", IDNo: o.persons[len(o.persons)-1].IDNo}, "127.0.0.1", "demo")
			if err != nil {
				return err
			}
			asked, err := b.in.HandIns.Asked(b.ctx, v.Actor, r.ID)
			if err != nil {
				return err
			}
			p, err := newPen()
			if err != nil {
				return err
			}
			page, err := p.draw(rand.New(rand.NewPCG(uint64(b.o.Seed), uint64(90+i))), form{title: c.titles[0], year: b.today.Year() - 1, rows: [][]string{{"单位", unit, "年度", "上一年度"}}, text: []string{"单位意见：", "按期完成岗位任务，考核合格。"}}) //nolint:gosec // a drawn page
			if err != nil {
				return err
			}
			var body bytes.Buffer
			w := multipart.NewWriter(&body)
			part, err := w.CreateFormFile(asked.Items[0].ID, "page.jpg")
			if err != nil {
				return err
			}
			if _, err := part.Write(page); err != nil {
				return err
			}
			if err := w.Close(); err != nil {
				return err
			}
			h, err := b.in.HandIns.SubmitAs(b.ctx, v.Actor, r.ID, "a page of the demo, of no browser", &body, w.Boundary())
			if err != nil || c.back == "" {
				return err
			}
			b.at(2, 10, 40)
			_, err = b.in.HandIns.Return(b.ctx, o.clerk, h.ID, c.back)
			return err
		})
	}
	return nil
}
