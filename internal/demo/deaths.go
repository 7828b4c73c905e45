package demo

import (
	"fmt"

	"dangan/internal/calendar"
	"dangan/internal/custody"
	"dangan/internal/death"
	"dangan/internal/mandate"
)

// near stands for a death whose five years are nearly over.
const near = -1

// deaths stand at every step (20c): told and not yet confirmed, within the five years,
// due, nearly due, kept on and to be looked through again, on a list, handed over and waiting for the receipt.
func (b *builder) deaths() error {
	o, err := b.open("500108")
	if err != nil || len(o.persons) < smallest {
		return err
	}
	away, err := b.open("500102")
	if err != nil || len(away.persons) < 2 {
		return err
	}
	for i, c := range []struct {
		years int // since the death, and two months; near: five years but three months
		merit string
		until death.State
	}{{2, "全国劳动模范，国务院，2005年（演示）", death.Sent}, {6, "", death.Listed}, {1, "", death.Kept}, {6, "", death.Kept}, {0, "", death.Reported}, {7, "", death.Retained}, {0, "", death.Rejected}, {5, "", death.Kept}, {near, "", death.Kept}} {
		// Those that travel lie still otherwise, in an office with little else; the others
		// are read for vetting like any.
		from, at := away, i
		if i > 1 {
			from, at = o, o.part()+1-i
		}
		b.plan(fmt.Sprintf("死亡 %d", i+1), func() error { return b.died(from, at, i, c.years, c.merit, c.until) })
	}
	return nil
}

// died drives one death as far as it is to stand.
func (b *builder) died(o *office, at, i, years int, merit string, until death.State) error {
	k, ago := b.in.Deaths, 40-i
	b.at(ago, 9, 5+i)
	died := calendar.Of(b.today.Moment().AddDate(-years, 0, -60))
	if years == near {
		died = calendar.Of(b.today.Moment().AddDate(-death.Years, 0, 90))
	}
	told := death.Report{DossierID: o.ids[at], DiedOn: died.String(), Evidence: death.Evidences[i%4], EvidenceNo: fmt.Sprintf("演示证〔%d〕%d号", died.Year(), i+1),
		Informant: "演示家属", Relation: "子女", Merit: merit}
	if until == death.Reported { // told by an agent of the kin
		r := b.rand("death agent")
		m, err := b.in.Mandates.Register(b.ctx, o.clerk, mandate.Paper{Principal: told.Informant, PrincipalNo: idNumber(r, o.division, day(r, "1975-01-01", "1985-12-31"), true), PrincipalDoc: mandate.Documents[0],
			Agent: name(r, false), AgentNo: idNumber(r, o.division, day(r, "1970-01-01", "1990-12-31"), false), AgentDoc: mandate.Documents[0], Relation: "近亲属",
			Matters: []string{mandate.Death}, On: calendar.Of(b.in.Gate.Now()), Until: b.today.AddDays(30), Originals: true, Unpaid: true})
		if err != nil {
			return err
		}
		told.MandateID = m.ID
	}
	c, err := k.Report(b.ctx, o.clerk, told)
	if err != nil || until == death.Reported {
		return err
	}
	b.at(ago, 15, 5+i)
	if until == death.Rejected {
		_, err = k.Reject(b.ctx, o.reviewer, c.ID, "与户籍登记核对，系同名的另一人")
		return err
	}
	if c, err = k.Confirm(b.ctx, o.reviewer, c.ID); err != nil {
		return err
	}
	plan := death.Plan{Cases: []string{c.ID}, Reason: death.ForTerm, RecipientKind: death.Archive, Recipient: "演示区档案馆", Basis: "演示档发〔2026〕9号"}
	b.at(ago-1, 10, 5+i)
	switch until {
	case death.Retained:
		// Kept on until a few days ago: it waits to be looked through again.
		_, err = k.Retain(b.ctx, o.reviewer, c.ID, "演示区人社局专题会议纪要〔2026〕3号", b.today.AddDays(-3).String())
	case death.Listed:
		_, err = k.Prepare(b.ctx, o.clerk, plan)
	case death.Sent:
		plan.Reason = death.ForMerit
		h, err := k.Prepare(b.ctx, o.clerk, plan)
		if err != nil {
			return err
		}
		if _, err = b.in.Custody.Pull(b.ctx, o.keeper, c.DossierID, custody.Handling{}); err != nil {
			return err
		}
		b.at(ago-2, 10, 5+i)
		if _, err = k.CheckList(b.ctx, o.clerk, h.ID); err != nil {
			return err
		}
		_, err = k.Deliver(b.ctx, o.reviewer, h.ID, calendar.Of(b.in.Clock.Now()).String(), []death.Counted{{CaseID: c.ID, Volumes: 2, Remark: "副本一卷随交"}})
		return err
	}
	return err
}
