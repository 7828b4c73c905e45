package demo

import (
	"fmt"

	"dangan/internal/calendar"
	"dangan/internal/custody"
	"dangan/internal/dossier"
	"dangan/internal/retirement"
)

// The persons of the center whose retirement is under way, from this place in its list on.
const pensioners = 5

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
// counted by one person, back with the approval form filed, at their end. The last of
// them nobody took up.
func (b *builder) retirements() error {
	o, err := b.open("500000")
	if err != nil || len(o.persons) < pensioners+8 {
		return err
	}
	for i, c := range []struct {
		ago   int
		until retirement.State
	}{{6, retirement.Checking}, {20, retirement.Ready}, {15, retirement.Listed}, {22, retirement.Out}, {45, retirement.Back}, {70, retirement.Kept}, {30, retirement.Counted}} {
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
	// What goes to the reviewer has a catalog: its return is held against it piece by piece.
	if at >= o.part() {
		batch, err := b.in.Dossiers.EnterCatalog(b.ctx, o.clerk, id, lines(p))
		if err != nil {
			return err
		}
		if err := b.review(o, batch); err != nil {
			return err
		}
	}
	d, err := dossier.Get(b.ctx, b.in.DB, id)
	if err != nil {
		return err
	}
	if c, err = k.Check(b.ctx, o.clerk, c.ID, retirement.Check{Materials: d.Materials, Pages: d.Pages, Note: "已当面告知本人并列在送审清单上（演示）"}); err != nil || until == retirement.Ready {
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
	// One packet came back a page short: what the second person has yet to look at.
	back, short := retirement.Return{Materials: c.Materials, Pages: c.Pages, Packet: custody.Intact, Result: retirement.Approved, ApprovalNo: fmt.Sprintf("演示退审〔%d〕%d号", b.today.Year(), at), ApprovedOn: approved}, until == retirement.Counted
	if short {
		back.Pages, back.Difference = c.Pages-1, "第1项末页误留审核卷宗，已当场追回补送（演示）"
	}
	v, err := k.After(b.ctx, o.clerk, c.ID)
	if err != nil {
		return err
	}
	for i, l := range v.Items {
		f := retirement.Found{LineNo: l.LineNo, Result: retirement.Agrees}
		if short && i == 0 && l.Pages > 1 {
			f.Result, f.Pages = retirement.PagesOff, l.Pages-1
		}
		back.Found = append(back.Found, f)
	}
	if c, err = k.Returned(b.ctx, o.clerk, c.ID, back); err != nil || short {
		return err
	}
	b.at(ago-25, 15, 10+at)
	if c, err = k.Countersign(b.ctx, o.reviewer, c.ID); err != nil {
		return err
	}
	if err := b.approve(o, c, calendar.Date(approved), ago-26); err != nil || until == retirement.Back {
		return err
	}
	_, err = k.Finish(b.ctx, o.clerk, c.ID, retirement.Keep, "本人选择继续存档（演示）")
	return err
}

// approve files the approval form, after which a case can end.
func (b *builder) approve(o *office, c retirement.Case, approved calendar.Date, ago int) error {
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
	_, err = b.in.Custody.PutBack(b.ctx, o.keeper, c.DossierID, custody.Shelf{Packet: custody.Intact})
	return err
}
