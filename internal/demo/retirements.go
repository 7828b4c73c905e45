package demo

import (
	"fmt"

	"dangan/internal/calendar"
	"dangan/internal/custody"
	"dangan/internal/dossier"
	"dangan/internal/retirement"
)

// The persons of the center whose retirement is under way, from this place in its list on.
const pensioners = 6

// nearRetirement says who of an office is some weeks or months from the retirement age.
func nearRetirement(division string, i int) bool {
	switch division {
	case "500000":
		return i >= pensioners && i < pensioners+8
	case "500108":
		return i == 1 || i == 2 || i == 6
	}
	return false
}

// retirements stand at every step: being checked, checked, on a list, with the reviewer,
// back and waiting for the approval form, at their end. The last of them nobody took up.
func (b *builder) retirements() error {
	o, err := b.open("500000")
	if err != nil || len(o.persons) < pensioners+8 {
		return err
	}
	for i, c := range []struct {
		ago   int
		until retirement.State
	}{{6, retirement.Checking}, {20, retirement.Ready}, {15, retirement.Listed}, {22, retirement.Out}, {45, retirement.Back}, {70, retirement.Kept}} {
		b.plan(fmt.Sprintf("退休送审 %d", i+1), func() error { return b.retire(o, pensioners+i, c.ago, c.until) })
	}
	return nil
}

// retire drives one case as far as it is to stand.
func (b *builder) retire(o *office, at, ago int, until retirement.State) error {
	k, p, id := b.in.Retirements, o.persons[at], o.ids[at]
	b.at(ago, 9, 10+at)
	opening := retirement.Opening{DossierID: id, Group: retirement.Men}
	if p.Sex == "女" {
		opening.Group, opening.Ground = retirement.Women50, "劳动合同书（生产岗位，演示）"
	}
	c, err := k.Open(b.ctx, o.clerk, opening)
	if err != nil || until == retirement.Checking {
		return err
	}
	born := p.Birth.Year()
	if until == retirement.Ready { // the history says another year: told, and left to the reviewer
		born--
	}
	for kind, written := range map[string]string{"birth_date": fmt.Sprintf("%d年%d月", born, int(p.Birth.Time().Month())), "work_start": fmt.Sprintf("%d年7月", p.Birth.Year()+20)} {
		if _, err := b.in.Dossiers.AddFact(b.ctx, o.clerk, id, dossier.NewFact{Kind: kind, Written: written, Source: dossier.Source{Class: "1", Title: "职工履历表", Page: 1}}); err != nil {
			return err
		}
	}
	b.at(ago-1, 9, 10+at)
	if c, err = k.Check(b.ctx, o.clerk, c.ID, retirement.Check{Materials: int64(9 + at), Pages: int64(40 + 3*at), Note: "已当面告知本人并列在送审清单上（演示）"}); err != nil || until == retirement.Ready {
		return err
	}
	b.at(ago-2, 10, 10+at)
	l, err := k.Prepare(b.ctx, o.clerk, retirement.Plan{Cases: []string{c.ID}, Recipient: "重庆市社会保险局（演示）"})
	if err != nil || until == retirement.Listed {
		return err
	}
	if _, err := b.in.Custody.Pull(b.ctx, o.keeper, id, custody.Handling{Packet: custody.Intact}); err != nil {
		return err
	}
	b.at(ago-3, 15, 10+at)
	today := func() string { return calendar.Of(b.clock.Now()).String() }
	if _, err = k.Deliver(b.ctx, o.reviewer, l.ID, retirement.Handing{On: today(), Taker: "演示审核员"}); err != nil || until == retirement.Out {
		return err
	}
	b.at(ago-25, 11, 10+at)
	approved := today()
	if c, err = k.Returned(b.ctx, o.clerk, c.ID, retirement.Return{Materials: c.Materials, Pages: c.Pages, Packet: custody.Intact, Result: retirement.Approved, ApprovalNo: fmt.Sprintf("演示退审〔%d〕%d号", b.today.Year(), at), ApprovedOn: approved}); err != nil || until == retirement.Back {
		return err
	}
	return b.pensioned(o, c, calendar.Date(approved), ago-26)
}

// pensioned files the approval form and ends the case.
func (b *builder) pensioned(o *office, c retirement.Case, approved calendar.Date, ago int) error {
	b.at(ago, 10, 30)
	on := approved.Time()
	m, err := b.in.Dossiers.Receive(b.ctx, o.clerk, dossier.Intake{DossierID: c.DossierID, Origin: dossier.FromUnit, Giver: "重庆市社会保险局（演示）", Maker: "重庆市社会保险局（演示）",
		Description: dossier.Description{Title: retirement.Form, Year: int64(on.Year()), Month: int64(on.Month()), Day: int64(on.Day()), Copies: 1, Pages: 2}})
	if err != nil {
		return err
	}
	if _, err := b.in.Dossiers.Appraise(b.ctx, o.clerk, m.ID, dossier.Judgement{Decision: dossier.ToCatalog, Class: "9-2"}); err != nil {
		return err
	}
	batch, err := b.in.Dossiers.SubmitBatch(b.ctx, o.clerk, []string{m.ID})
	if err != nil {
		return err
	}
	if _, err := b.in.Custody.Pull(b.ctx, o.keeper, c.DossierID, custody.Handling{}); err != nil {
		return err
	}
	b.at(ago-1, 10, 30)
	if err := b.review(o, batch); err != nil {
		return err
	}
	b.at(ago-2, 16, 0)
	if _, err := b.in.Custody.PutBack(b.ctx, o.keeper, c.DossierID, custody.Shelf{Packet: custody.Intact}); err != nil {
		return err
	}
	_, err = b.in.Retirements.Finish(b.ctx, o.clerk, c.ID, retirement.Keep, "本人选择继续存档（演示）")
	return err
}
