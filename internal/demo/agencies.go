package demo

import (
	"dangan/internal/agency"
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
	return nil
}

func (b *builder) authorize() error {
	by, err := b.as("supervisor", "500000")
	if err != nil {
		return err
	}
	return b.in.Agencies.Establish(b.ctx, by, agency.Agency{ID: dissolved, Name: "南岸区演示劳务服务公司", Short: "演示劳务", Parent: "500108", BasisKind: agency.Authorized,
		ValidUntil: b.today.AddDays(400).String()}, agency.Change{Document: "渝人社授〔2026〕6号（演示）", EffectiveOn: b.today.AddDays(-95).String()})
}
