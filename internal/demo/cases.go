package demo

import (
	"errors"
	"fmt"

	"dangan/internal/access"
	"dangan/internal/calendar"
	"dangan/internal/custody"
	"dangan/internal/founding"
	"dangan/internal/transfer"
)

// stop is how far a transfer has come.
type stop int

const (
	applied stop = iota
	lettered
	registered
	pulled
	listed
	reviewed
	packed
	sent
	arrived
	checked
	received
)

// packing is what lies in a packet that has no catalog in the system.
var packing = []transfer.Line{
	{Class: "1", Title: "流动人员履历表", Copies: 1, Pages: 8, KeyFacts: []string{"birth_date", "work_start", "work_history"}},
	{Class: "4-1", Title: "普通高等学校毕业生登记表", Copies: 1, Pages: 4, KeyFacts: []string{"education_degree", "birth_date"}},
	{Class: "9-2", Title: "劳动合同书", Copies: 1, Pages: 6},
	{Title: "年度考核表（未归档）", Copies: 1, Pages: 2, Loose: true},
}

// lean proves little: the receiver finds gaps.
var lean = []transfer.Line{{Class: "10", Title: "其他可供参考的材料", Copies: 1, Pages: 2}, {Class: "9-2", Title: "劳动合同书", Copies: 1, Pages: 6}}

// transfers run between 南岸 and its neighbors, one at every step, some late.
func (b *builder) transfers() error {
	home, err := b.open("500108")
	if err != nil || len(home.persons) < 200 {
		return err
	}
	away, err := b.open("500101")
	if err != nil {
		return err
	}
	for i, c := range []struct {
		ago   int // days since the application
		until stop
		lines []transfer.Line
	}{
		{2, applied, nil}, {5, lettered, nil}, {9, registered, packing}, {40, registered, packing}, {11, pulled, packing}, {33, listed, packing}, {14, listed, packing}, {15, reviewed, packing},
		{16, packed, packing}, {18, sent, packing}, {44, sent, packing}, {17, arrived, packing}, {19, checked, packing}, {26, received, packing}, {28, received, lean}, {60, received, packing},
	} {
		from, to, at := home, away, len(home.persons)-30+i
		if i%3 == 2 && len(away.persons) > 24 {
			from, to, at = away, home, len(away.persons)-1-i/3
		}
		if err := b.transfer(from, to, at, c.ago, c.until, c.lines); err != nil {
			return fmt.Errorf("transfer of %s: %w", from.persons[at].No, err)
		}
	}
	return nil
}

// transfer drives one case as far as it is to stand.
func (b *builder) transfer(from, to *office, at, ago int, until stop, lines []transfer.Line) error {
	k, p, id := b.in.Transfers, from.persons[at], from.ids[at]
	b.at(ago, 10, at%60)
	c, err := k.Apply(b.ctx, to.clerk, transfer.Application{Direction: transfer.Inner, Name: p.Name, IDNo: p.IDNo, Document: "居民身份证", Holder: founding.AgencyOf(from.division),
		Applicant: p.Name, Reason: "流动就业", RegionBasis: "户籍地", TiePlace: to.division})
	step := ago
	next := func(days, hour int) {
		step = max(step-days, 0)
		b.at(step, hour, at%60)
	}
	today := func() calendar.Date { return calendar.Of(b.clock.Now()) }
	for _, s := range []struct {
		at stop
		do func() error
	}{
		{lettered, func() error { next(0, 11); c, err = k.Letter(b.ctx, to.clerk, c.ID); return err }},
		{registered, func() error {
			next(2, 9)
			c, err = k.Register(b.ctx, from.clerk, c.ID, transfer.Registration{LetterNo: c.LetterNo, Code: c.LetterCode, ReceivedOn: today()})
			return err
		}},
		{pulled, func() error {
			next(1, 14)
			_, err := b.in.Custody.Pull(b.ctx, from.keeper, id, custody.Handling{Packet: custody.Intact})
			return err
		}},
		{listed, func() error { next(1, 10); c, err = k.List(b.ctx, from.clerk, c.ID, lines); return err }},
		{reviewed, func() error {
			next(0, 15)
			c, err = k.Review(b.ctx, from.reviewer, c.ID, "关键材料已核对")
			return err
		}},
		{packed, func() error {
			next(1, 10)
			c, err = k.Pack(b.ctx, from.clerk, c.ID, transfer.Seal{SealNo: fmt.Sprintf("N-%05d", 20000+at), Volumes: 1})
			return err
		}},
		{sent, func() error {
			next(0, 16)
			c, err = k.Send(b.ctx, from.clerk, c.ID, transfer.Dispatch{Way: transfer.ConfidentialPost, TrackingNo: fmt.Sprintf("渝机%06d", 100+at), On: today().String()})
			return err
		}},
		{arrived, func() error {
			next(3, 9)
			c, err = k.Arrive(b.ctx, to.clerk, c.ID, transfer.Arrival{On: today(), Intact: true, Volumes: 1})
			return err
		}},
		{checked, func() error {
			next(0, 11)
			var results []transfer.Result
			for n := range lines {
				results = append(results, transfer.Result{LineNo: int64(n + 1), Check: transfer.LineOK})
			}
			c, err = k.Check(b.ctx, to.clerk, c.ID, results, nil)
			return err
		}},
		{received, func() error { next(1, 10); c, err = k.Receive(b.ctx, to.reviewer, c.ID); return err }},
	} {
		if err != nil || s.at > until {
			return err
		}
		err = s.do()
	}
	return err
}

// consultations stand at every step: drafts, waiting for approval, ready, read, refused.
func (b *builder) consultations() error {
	o, err := b.open("500108")
	if err != nil || o.part() < 100 {
		return err
	}
	r := b.rand("readers")
	reader := func() access.NewReader {
		male := r.IntN(2) == 0
		return access.NewReader{Name: name(r, male), IDNo: idNumber(r, "500103", day(r, "1975-01-01", "1995-12-31"), male), Post: "干部科", Political: "01", Declared: true, Pledged: true}
	}
	for i, until := range []int{0, 1, 2, 3, 3, 4, 5, 2} {
		b.at(12-i, 9, 30+i)
		// Every other one is read on the screen, which takes a dossier whose images were accepted.
		id, way := o.ids[60+4*i], access.Paper
		if i%2 == 0 {
			id, way = o.ids[o.part()+i], access.Digital
		}
		c, err := b.in.Access.Apply(b.ctx, o.clerk, access.Application{DossierID: id, UnitKind: "organ", Unit: pick(r, []string{"南岸区委组织部（演示）", "渝中区人力资源和社会保障局（演示）", "重庆市公安局南岸区分局（演示）"}), Purpose: "vetting",
			Reason: "拟任职考察，依据干部考察通知", PaperName: "介绍信", PaperNo: fmt.Sprintf("南组信〔%d〕%d号", b.today.Year(), 10+i), PaperOn: calendar.Of(b.clock.Now()).String(),
			Sealed: true, Matches: true, FormSigned: true, FormBy: name(r, true), Way: way, Readers: []access.NewReader{reader(), reader()}})
		if err != nil {
			return err
		}
		if err := b.consult(o, id, c.ID, until); err != nil {
			return fmt.Errorf("consultation %d: %w", i, err)
		}
	}
	return nil
}

// consult drives a consultation: 1 submitted, 2 checked, 3 approved, 4 read and ended, 5 refused.
func (b *builder) consult(o *office, dossierID, id string, until int) error {
	k := b.in.Access
	if until < 1 {
		return nil
	}
	if _, lacks, err := k.Submit(b.ctx, o.clerk, id); err != nil || len(lacks) > 0 {
		return errors.Join(err, fmt.Errorf("lacks %v", lacks))
	}
	if until < 2 {
		return nil
	}
	if _, err := k.Check(b.ctx, o.clerk, id); err != nil {
		return err
	}
	switch until {
	case 2:
		return nil
	case 5:
		_, err := k.Refuse(b.ctx, o.reviewer, id, []access.RefuseReason{{Rule: "21.1", Fact: "介绍信所列事由与查阅用途不一致。"}}, "请由查阅单位重新出具介绍信。")
		return err
	}
	c, err := k.Approve(b.ctx, o.reviewer, id, access.Grant{Kind: access.Whole, Minutes: 60, Pages: 100, Opinion: "同意查阅"})
	if err != nil || until < 4 {
		return err
	}
	v, err := k.Show(b.ctx, o.clerk, c.ID)
	if err != nil {
		return err
	}
	var readers []string
	for _, x := range v.Readers {
		readers = append(readers, x.ID)
	}
	if c.Way == "paper" {
		if _, err := b.in.Custody.Pull(b.ctx, o.keeper, dossierID, custody.Handling{Packet: custody.Intact}); err != nil {
			return err
		}
	}
	if _, err := k.Open(b.ctx, o.keeper, c.ID, access.Present{Readers: readers}); err != nil {
		return err
	}
	if c.Way == "paper" {
		if _, err := k.RecordPaper(b.ctx, o.keeper, c.ID, []access.Piece{{Class: "1", Title: "流动人员履历表", Pages: 8}}); err != nil {
			return err
		}
	}
	_, err = k.End(b.ctx, o.keeper, c.ID)
	return err
}
