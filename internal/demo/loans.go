package demo

import (
	"fmt"

	"dangan/internal/calendar"
	"dangan/internal/custody"
	"dangan/internal/dossier"
	"dangan/internal/loan"
)

// loans stand at every step: waiting for the head, for the messengers, outside in time and
// overdue, counted by one person with a page missing, back.
func (b *builder) loans() error {
	o, err := b.open("500106") // whose dossiers no other case stands on
	if err != nil {
		return err
	}
	r := b.rand("borrowers")
	someone := func(keeps bool) loan.NewPerson {
		male := r.IntN(2) == 0
		return loan.NewPerson{Name: name(r, male), IDNo: idNumber(r, "500103", day(r, "1975-01-01", "1995-12-31"), male), Post: "审查调查室", Political: "01", Carries: true, Keeps: keeps, Declared: true, Pledged: true}
	}
	for i, c := range []struct {
		ago   int
		until loan.State
		days  int64
	}{{16, loan.Out, 10}, {3, loan.Ready, 10}, {2, loan.Heading, 10}, {14, loan.Counted, 15}, {6, loan.Out, 15}, {24, loan.Closed, 15}} {
		if i >= len(o.ids) {
			return nil // a small province
		}
		signer, people := name(r, true), []loan.NewPerson{someone(true), someone(false)}
		unit := "沙坪坝区监察委员会（演示）"
		if i == 0 { // who owes one is lent no other
			unit = "重庆市公安局沙坪坝区分局（演示）"
		}
		b.plan(fmt.Sprintf("借阅 %d", i+1), func() error {
			b.at(c.ago, 9, 20+i)
			id := o.ids[i]
			batch, err := b.in.Dossiers.EnterCatalog(b.ctx, o.clerk, id, lines(o.persons[i])) // its return is held against it
			if err != nil {
				return err
			}
			if err := b.review(o, batch); err != nil {
				return err
			}
			a := loan.Application{DossierID: id, UnitKind: loan.Organ, Unit: unit, Superior: "重庆市监察委员会（演示）", Purpose: "vetting", Reason: "专项核查，依据核查通知", WhyNotHere: "须与外调卷宗原件逐页比对，卷宗不得带离本单位",
				KeptAt: "本单位档案室2号保险柜", PaperName: "介绍信", PaperNo: fmt.Sprintf("沙监信〔%d〕%d号", b.today.Year(), 20+i), PaperOn: calendar.Of(b.clock.Now()).String(), Sealed: true, Matches: true, FormSigned: true, FormBy: signer, Pledged: true,
				Days: c.days, Way: loan.Messenger, People: people}
			return b.lend(o, a, c.ago, c.until)
		})
	}
	return nil
}

// lend drives one loan as far as it is to stand.
func (b *builder) lend(o *office, a loan.Application, ago int, until loan.State) error {
	k := b.in.Loans
	c, err := k.Apply(b.ctx, o.clerk, a)
	if err != nil {
		return err
	}
	if _, _, err := k.Submit(b.ctx, o.clerk, c.ID); err != nil {
		return err
	}
	if _, err := k.Check(b.ctx, o.clerk, c.ID); err != nil {
		return err
	}
	b.at(ago, 11, 5)
	if _, err := k.Approve(b.ctx, o.reviewer, c.ID, a.Days, "确需借出比对"); err != nil || until == loan.Heading {
		return err
	}
	b.at(ago, 15, 40)
	if _, err := k.Confirm(b.ctx, o.headOf, c.ID, "同意借阅，按期归还"); err != nil || until == loan.Ready {
		return err
	}
	b.at(ago-1, 9, 50)
	if _, err := b.in.Custody.Pull(b.ctx, o.keeper, a.DossierID, custody.Handling{Packet: custody.Intact}); err != nil {
		return err
	}
	filed, err := dossier.CatalogOf(b.ctx, b.in.DB, a.DossierID)
	if err != nil {
		return err
	}
	loose, err := dossier.LooseOf(b.ctx, b.in.DB, a.DossierID)
	if err != nil {
		return err
	}
	people, err := loan.People(b.ctx, b.in.DB, c.ID)
	if err != nil {
		return err
	}
	h := loan.Handing{Seal: fmt.Sprintf("演示封%04d", ago)}
	for _, m := range append(filed, loose...) {
		h.Materials, h.Pages = h.Materials+1, h.Pages+m.Pages
	}
	for _, p := range people {
		h.Came = append(h.Came, p.ID)
	}
	if _, err := k.HandOut(b.ctx, o.keeper, c.ID, h); err != nil || until == loan.Out {
		return err
	}
	b.at(ago-10, 14, 30)
	items, err := loan.Items(b.ctx, b.in.DB, c.ID)
	if err != nil {
		return err
	}
	r := loan.Return{Materials: h.Materials, Pages: h.Pages, Packet: custody.Intact, BroughtBy: people[0].Name + "、" + people[1].Name}
	short := until == loan.Counted
	for n, i := range items {
		f := loan.Found{LineNo: i.LineNo, Result: loan.Agrees}
		if short && n == 0 && i.Pages > 1 {
			f.Result, f.Pages = loan.PagesOff, i.Pages-1
			r.Pages, r.Difference = h.Pages-1, "第1项末页误留核查卷宗，三日内补送（演示）"
		}
		r.Found = append(r.Found, f)
	}
	if _, err := k.Returned(b.ctx, o.keeper, c.ID, r); err != nil || short {
		return err
	}
	b.at(ago-10, 15, 10)
	if _, err = k.Countersign(b.ctx, o.reviewer, c.ID); err != nil {
		return err
	}
	b.at(ago-10, 16, 0)
	_, err = b.in.Custody.PutBack(b.ctx, o.keeper, a.DossierID, custody.Shelf{})
	return err
}
