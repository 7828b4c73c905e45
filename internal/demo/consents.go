package demo

import (
	"dangan/internal/consent"
	"dangan/internal/policy"
	"dangan/internal/portal"
)

// consents are verifications under consent (N2): a requester in force and one whose registration
// waits for the second person; of the first's requests one waits, one was answered, one was
// declined and one taken back.
func (b *builder) consents() error {
	o, err := b.open("500108")
	if err != nil || len(o.persons) < smallest {
		return err
	}
	top, err := b.as("supervisor", "500000")
	if err != nil {
		return err
	}
	guard, err := b.as("secadmin", "500000")
	if err != nil {
		return err
	}
	until := b.today.AddDays(300).String()
	b.plan("核验单位", func() error {
		b.at(1, 9, 35)
		_, _, err := b.in.Consents.Register(b.ctx, top, consent.Draft{Name: "浮图关人才服务（演示）有限公司", USCC: "91500000202800110K", Basis: "数据核验协议2026-7号（演示）", Until: until})
		return err
	})
	b.plan("同意核验", func() error {
		b.at(12, 9, 30)
		r, _, err := b.in.Consents.Register(b.ctx, top, consent.Draft{Name: "两江会计师事务所（演示）", USCC: "91500106MA5UPR0189", Basis: "数据核验协议2026-3号（演示）", Until: until})
		if err != nil {
			return err
		}
		b.at(11, 10, 5)
		if r, err = b.in.Consents.Confirm(b.ctx, guard, r.ID); err != nil {
			return err
		}
		by := r.Actor()
		for i, what := range []string{consent.ActAnswer, consent.ActRevoke, consent.ActDecline, consent.ActAsk} {
			p := o.persons[2+3*i]
			b.at(10-3*i, 9, 40)
			v, err := b.in.Consents.Ask(b.ctx, by, consent.Form{IDNo: p.IDNo, Purpose: "recruit", Matter: "招聘审计助理", Days: 30, Questions: []consent.Asking{
				{Kind: consent.EducationAtLeast, Value: "bachelor"}, {Kind: consent.BirthYear, Value: p.IDNo[6:10]}, {Kind: consent.CustodyAt, Value: "50010801"}}})
			if err != nil {
				return err
			}
			if what == consent.ActAsk {
				continue
			}
			b.at(9-3*i, 20, 15)
			_, visit, err := b.in.Portal.Enter(b.ctx, portal.Identity{Kind: policy.Citizen, Provider: "demo", Name: p.Name, IDNo: p.IDNo}, "127.0.0.1", "demo")
			if err != nil {
				return err
			}
			if what == consent.ActDecline {
				if _, err := b.in.Consents.Decline(b.ctx, visit.Actor, v.ID); err != nil {
					return err
				}
				continue
			}
			if _, err := b.in.Consents.Grant(b.ctx, visit.Actor, v.ID, 15, visit.Session.CreatedAt); err != nil {
				return err
			}
			b.at(8-3*i, 10, 20)
			if _, err := b.in.Consents.Answer(b.ctx, by, v.ID); err != nil {
				return err
			}
			if what == consent.ActRevoke {
				b.at(8-3*i, 21, 5)
				if _, err := b.in.Consents.Revoke(b.ctx, visit.Actor, v.ID); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return nil
}
