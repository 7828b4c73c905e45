package demo

import (
	"fmt"

	"dangan/internal/dossier"
	"dangan/internal/founding"
	"dangan/internal/mandate"
)

// mandates are persons for whom others came (12a): a relative who asks where the dossier
// is, a mandate taken back, and one agent for so many that the head is asked (29.9).
func (b *builder) mandates() error {
	o, err := b.open("500108")
	if err != nil || len(o.persons) < smallest {
		return err
	}
	b.plan("委托代办", func() error {
		r := b.rand("agent")
		relative, busy := name(r, false), name(r, true)
		relativeNo := idNumber(r, o.division, day(r, "1965-01-01", "1975-12-31"), false)
		busyNo := idNumber(r, o.division, day(r, "1980-01-01", "1990-12-31"), true)
		for i := range 8 {
			b.at(18-2*i, 10, 50)
			p := o.persons[(41+3*i)%len(o.persons)]
			paper := mandate.Paper{Principal: p.Name, PrincipalNo: p.IDNo, PrincipalDoc: mandate.Documents[0], Agent: busy, AgentNo: busyNo, AgentDoc: mandate.Documents[0], Relation: "所在单位人员",
				Matters: []string{mandate.Certificate, mandate.Whereabouts}, On: b.today.AddDays(-20 + 2*i - 1), Until: b.today.AddDays(60), Originals: true, Unpaid: true}
			if i < 2 {
				paper.Agent, paper.AgentNo, paper.Relation = relative, relativeNo, "近亲属"
			}
			m, err := b.in.Mandates.Register(b.ctx, o.clerk, paper)
			if err != nil {
				return fmt.Errorf("委托书 %d：%w", i+1, err)
			}
			switch i {
			case 0:
				_, _, err = b.in.Dossiers.Whereabouts(b.ctx, o.clerk, dossier.Question{Agency: founding.AgencyOf(o.division), Name: p.Name, IDNo: p.IDNo, Document: "居民身份证", Mandate: m.ID})
			case 1:
				_, err = b.in.Mandates.Revoke(b.ctx, o.clerk, m.ID, "委托人电话告知改由本人办理，次日当面签字（演示）")
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	return nil
}
