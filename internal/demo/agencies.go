package demo

import (
	"dangan/internal/agency"
	"dangan/internal/policy"
)

// dissolved is the code of a unit that was authorized and closed again before anything
// was entrusted to it.
const dissolved = "50010881"

// agencies has a unit authorized and closed, and a change of its name that was decided for
// a later day not take effect (6a).
func (b *builder) agencies() error {
	b.plan("机构变动", func() error {
		resolve := func(daysAgo, effectiveAgo int, c agency.Change) error {
			b.at(daysAgo, 9, 50)
			c.Agency, c.EffectiveOn = dissolved, b.today.AddDays(-effectiveAgo).String()
			top, err := b.as("supervisor", "500000") // anew: reach grows with the tree
			if err != nil {
				return err
			}
			_, err = b.in.Agencies.Resolve(b.ctx, top, c)
			return err
		}
		b.at(95, 10, 0)
		if err := b.authorize(); err != nil {
			return err
		}
		if err := resolve(70, 20, agency.Change{Kind: agency.Renamed, Document: "渝人社授〔2026〕17号（演示）", NewName: "南岸区演示人力资源服务公司"}); err != nil {
			return err
		}
		if err := resolve(45, 45, agency.Change{Kind: agency.Closing, Document: "渝人社授〔2026〕21号（演示）"}); err != nil {
			return err
		}
		b.at(20, 1, 5)
		return b.in.Agencies.TakeEffect(b.ctx)
	})
	b.plan("主管部门变动", b.authorities)
	b.plan("机构联系方式", b.reached)
	b.plan("授权将到期", func() error {
		b.at(90, 9, 20)
		by, err := b.as("supervisor", "500000")
		if err != nil {
			return err
		}
		return b.in.Agencies.Establish(b.ctx, by, agency.Agency{ID: "50010883", Name: "南岸区演示外包服务公司", Short: "演示外包", Parent: "500108", BasisKind: agency.Authorized,
			ValidUntil: b.today.AddDays(40).String()}, agency.Change{Document: "渝人社授〔2026〕8号（演示）", EffectiveOn: b.today.AddDays(-90).String()})
	})
	return nil
}

// reached has a district's agency given a telephone of its own for supervision, and one that moves on a coming day.
func (b *builder) reached() error {
	head, err := b.as("head", "500108")
	if err != nil {
		return err
	}
	change := func(daysAgo, effectiveAgo int, why string, set agency.Details) error {
		b.at(daysAgo, 10, 20)
		_, err := b.in.Agencies.Resolve(b.ctx, head, agency.Change{Agency: "50010801", Kind: agency.Contact, EffectiveOn: b.today.AddDays(-effectiveAgo).String(), Evidence: why, Details: set.String()})
		return err
	}
	if err := change(33, 33, "监督电话单设、党组织关系接转抬头（演示）", agency.Details{"oversight": "023-00000009", "partyHeading": "中共重庆市南岸区人才中心委员会（演示）"}); err != nil {
		return err
	}
	return change(6, -25, "办公地点搬迁通知（演示）", agency.Details{"address": "重庆市南岸区新办公路8号（演示）", "postcode": "400060"})
}

// authorities has two districts become one (7b): their bureaus were merged from a later day,
// the agencies below went along, one was merged in its turn, the other waits for its day.
func (b *builder) authorities() error {
	const into = "500157"
	on := func(daysAgo int) string { return b.today.AddDays(-daysAgo).String() }
	top := func() policy.Actor {
		by, err := b.as("supervisor", "500000")
		if err != nil {
			panic(err) // founded with the province
		}
		return by
	}
	b.at(118, 9, 40)
	for _, d := range []struct{ code, name, short string }{{"500105", "江北区", "江北"}, {"500112", "渝北区", "渝北"}} {
		paper := agency.Change{Document: d.short + "府〔2012〕16号（演示）", EffectiveOn: "2012-06-01", Dated: "2012-05-18", Evidence: "关于设立" + d.name + "人力资源和社会保障局的通知，原件"}
		if err := b.in.Agencies.Establish(b.ctx, top(), agency.Agency{ID: d.code, Kind: agency.Bureau, Name: d.name + "人力资源和社会保障局", Short: d.short + "人社"}, paper); err != nil {
			return err
		}
		paper.Document, paper.Evidence = d.short+"编〔2012〕8号（演示）", ""
		if err := b.in.Agencies.Establish(b.ctx, top(), agency.Agency{ID: d.code + "01", Name: d.name + "公共就业和人才服务中心", Short: d.short + "人才", Parent: d.code, BasisKind: agency.Established}, paper); err != nil {
			return err
		}
	}
	resolve := func(c agency.Change, code string) error {
		c.Agency = code
		_, err := b.in.Agencies.Resolve(b.ctx, top(), c)
		return err
	}
	b.at(90, 10, 20)
	merger := agency.Change{Kind: agency.Merging, Successor: into, Document: "渝府〔2026〕7号（演示）", EffectiveOn: on(60), Dated: on(92), Evidence: "关于两江新区机构设置的通知，复印件与原件核对一致"}
	for _, code := range []string{"500105", "500112"} {
		if err := resolve(merger, code); err != nil {
			return err
		}
	}
	b.at(60, 1, 5)
	if err := b.in.Agencies.TakeEffect(b.ctx); err != nil {
		return err
	}
	b.at(33, 14, 10)
	for _, m := range []struct{ code, day string }{{"50010501", on(33)}, {"50011201", on(-40)}} {
		if err := resolve(agency.Change{Kind: agency.Merging, Successor: into + "01", Document: "两江编〔2026〕3号（演示）", EffectiveOn: m.day}, m.code); err != nil {
			return err
		}
	}
	return b.in.Agencies.Establish(b.ctx, top(), agency.Agency{ID: into + "02", Name: "两江新区人才服务站（演示）", Short: "两江站", Parent: into, BasisKind: agency.Established},
		agency.Change{Document: "两江编〔2026〕4号（演示）", EffectiveOn: on(-40)})
}

func (b *builder) authorize() error {
	by, err := b.as("supervisor", "500000")
	if err != nil {
		return err
	}
	return b.in.Agencies.Establish(b.ctx, by, agency.Agency{ID: dissolved, Name: "南岸区演示劳务服务公司", Short: "演示劳务", Parent: "500108", BasisKind: agency.Authorized,
		ValidUntil: b.today.AddDays(400).String()}, agency.Change{Document: "渝人社授〔2026〕6号（演示）", EffectiveOn: b.today.AddDays(-95).String()})
}
