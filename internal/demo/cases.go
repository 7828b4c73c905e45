package demo

import (
	"errors"
	"fmt"
	"slices"

	"dangan/internal/access"
	"dangan/internal/calendar"
	"dangan/internal/certificate"
	"dangan/internal/custody"
	"dangan/internal/dossier"
	"dangan/internal/founding"
	"dangan/internal/hold"
	"dangan/internal/statement"
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
	promised // the undertaking was given
	shelved
	declined
	withdrawn
)

// unreached is a person who could not be told in person.
const unreached = "unreached"

// partyHeading is to whom membership letters of Party members among the synthetic persons are addressed (24).
const partyHeading = "中共重庆市人才服务中心委员会（演示）"

// packing is what lies in a packet that has no catalog in the system.
var packing = []transfer.Line{
	{Class: "1", Title: "流动人员履历表", Copies: 1, Pages: 8, KeyFacts: []string{"birth_date", "work_start", "work_history"}},
	{Class: "4-1", Title: "普通高等学校毕业生登记表", Copies: 1, Pages: 4, KeyFacts: []string{"education_degree", "birth_date"}},
	{Class: "9-2", Title: "劳动合同书", Copies: 1, Pages: 6},
	{Title: "年度考核表（未归档）", Copies: 1, Pages: 2, Loose: true},
}

// lean proves little: the receiver finds gaps.
var lean = []transfer.Line{{Class: "10", Title: "其他可供参考的材料", Copies: 1, Pages: 2}}

// smallest is how many persons an office must have for its cases of every kind and
// state to stand on dossiers of their own.
const smallest = 40

// travelling are the last dossiers of an office: each in a transfer of its own.
const travelling = 22

// onPaper is the i-th of eight dossiers that lie still and are read on paper: without
// a catalog, or in a small office the last ones with one.
func (o *office) onPaper(i int) string {
	if len(o.ids) < 5*smallest {
		return o.ids[o.part()-1-i]
	}
	return o.ids[len(o.ids)-travelling-1-i]
}

// scanned lists the dossiers of an office whose pages were accepted, by number.
func (b *builder) scanned(o *office) ([]string, error) {
	rows, err := b.in.DB.Query(b.ctx, "SELECT id FROM dossier WHERE agency=? AND EXISTS (SELECT 1 FROM page WHERE page.dossier_id=dossier.id AND page.state='accepted') ORDER BY no LIMIT 20", founding.AgencyOf(o.division))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, rows.Err()
}

// transfers run between 南岸 and its neighbors, one at every step, some late.
func (b *builder) transfers() error {
	home, err := b.open("500108")
	if err != nil || len(home.persons) < smallest {
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
		wrong string // what went wrong with the packet on its way
	}{
		{2, applied, nil, ""}, {5, lettered, nil, ""}, {9, registered, packing, ""}, {40, registered, packing, ""}, {11, pulled, packing, ""}, {33, listed, packing, ""}, {14, listed, packing, ""}, {15, reviewed, packing, ""},
		{16, packed, packing, ""}, {18, sent, packing, transfer.FaultLate}, {44, sent, packing, transfer.FaultLost}, {17, arrived, packing, transfer.FaultOpened}, {19, checked, packing, ""}, {48, received, packing, ""},
		{34, received, lean, unreached}, {60, shelved, packing, transfer.FaultAstray}, {80, promised, lean, ""}, {21, declined, nil, ""}, {13, withdrawn, nil, ""}, {52, lettered, nil, ""},
		{50, sent, packing, transfer.FaultUnreceipted},
	} {
		if c.wrong == transfer.FaultUnreceipted && b.o.People < 10*smallest {
			continue // a small office needs its dossiers for the other cases
		}
		from, to, at := home, away, len(home.persons)-1-i
		if i%3 == 2 && len(away.persons) > 24 {
			from, to, at = away, home, len(away.persons)-1-i/3
		}
		b.plan("转递 "+from.persons[at].No, func() error { return b.transfer(from, to, at, c.ago, c.until, c.lines, c.wrong) })
	}
	b.plan("从市外转入", func() error { return b.fromOutside(home) })
	b.plan("收件箱", func() error { // what came before last week was read
		b.at(8, 17, 20)
		return b.in.Messages.MarkRead(b.ctx, home.clerk, nil)
	})
	b.plan("从外省转入", func() error { return b.acrossProvinces(home) })
	center, err := b.open("500000")
	if err != nil {
		return err
	}
	if last := len(center.persons); last >= 12 { // but not the very last, kin of the keeper
		b.plan("升学批量转出", func() error { return b.admitted(center, last-2, 45, true) })
		b.plan("升学批量转出，审核中", func() error { return b.admitted(center, last-6, 6, false) })
	}
	b.plan("向外单位转出", func() error { return b.toOutside(home, len(home.persons)-travelling) })
	// The timers as they would have run all along: letters that nobody answered expire, what
	// nobody signs rises, a packet that was delivered and has no receipt is a fault.
	b.plan("到期的调档函", func() error {
		b.at(0, 7, 0)
		return b.in.Transfers.Timers(b.ctx)
	})
	return nil
}

// transfer drives one case as far as it is to stand.
func (b *builder) transfer(from, to *office, at, ago int, until stop, lines []transfer.Line, wrong string) error {
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
		{lettered, func() error { next(0, 11); c, err = k.Letter(b.ctx, to.clerk, c.ID, partyHeading); return err }},
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
			c, err = k.Send(b.ctx, from.clerk, c.ID, transfer.Dispatch{Way: transfer.ConfidentialPost, TrackingNo: fmt.Sprintf("渝机%06d", 100+at), Office: "重庆市机要通信局", On: today().String()})
			return err
		}},
		{arrived, func() error {
			next(3, 9)
			a := transfer.Arrival{On: today(), Intact: true, Volumes: 1, Way: transfer.ConfidentialPost, No: fmt.Sprintf("渝机%06d", 100+at)}
			if wrong == transfer.FaultOpened {
				a.Intact, a.Opened, a.Seen = false, true, "右侧封条被揭开约 5 厘米，包封有折痕"
			}
			if c, err = k.Arrive(b.ctx, to.clerk, c.ID, a); err == nil && !a.Intact {
				next(0, 10)
				c, err = k.SignFault(b.ctx, to.reviewer, c.ID, "封条确已揭开，卷内材料未散失，逐份核对")
			}
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
		if err != nil || s.at > min(until, received) {
			break
		}
		switch {
		case until == declined && s.at > pulled, until == withdrawn && s.at > lettered:
		default:
			err = s.do()
		}
		if err == nil && s.at == sent {
			if c, err = b.astray(from, to, c, at, wrong, next, today); c.State == transfer.Missing {
				break
			}
		}
	}
	if err != nil {
		return err
	}
	next(1, 15)
	if wrong == unreached && c.State == transfer.Promising {
		if c, err = k.Tell(b.ctx, to.clerk, c.ID); err != nil {
			return err
		}
		for _, a := range []transfer.Attempt{{Way: "电话", Note: "登记的号码停机"}, {Way: "向单位或亲属了解", Note: "原单位称已离职，转告其联系本机构"}} {
			next(2, 11)
			a.TriedOn = today().String()
			if c, err = k.Try(b.ctx, to.clerk, c.ID, a); err != nil {
				return err
			}
		}
		return nil
	}
	switch until {
	case promised:
		if c.State != transfer.Promising {
			return nil // a category whose checklist asks for no key material
		}
		if _, err = k.Tell(b.ctx, to.clerk, c.ID); err == nil {
			next(2, 9)
			_, err = k.Promise(b.ctx, to.clerk, c.ID, transfer.Promised{Signed: true, Statement: "本人知悉所缺材料及影响，承诺十日内补充", On: today(), Due: today().AddDays(10)})
		}
		if err == nil {
			err = b.overdue(to, c.DossierID)
		}
	case shelved:
		_, err = b.in.Custody.PutBack(b.ctx, to.keeper, c.DossierID, custody.Shelf{Shelfmark: fmt.Sprintf("03-C-%03d-02-1-01", 1+at%900), Packet: custody.Intact})
	case declined: // what a court asks for is a hindrance; the agency's own backlog is none (20.2a)
		h, asked := b.in.Holds.Ask(b.ctx, from.clerk, c.DossierID, hold.Order{Organ: "重庆市南岸区人民法院（演示）", Basis: "civil", Name: "协助执行通知书", No: fmt.Sprintf("（%d）渝0108执%d号", b.today.Year(), 1900+at), On: today(), Until: today().AddDays(180), Contact: "执行局 023-00000000"})
		if err = asked; err == nil {
			next(0, 15)
			_, err = b.in.Holds.Decide(b.ctx, from.reviewer, h.ID, true, "")
		}
		if err == nil {
			next(1, 9)
			_, err = k.Decline(b.ctx, from.reviewer, c.ID)
		}
	case lettered:
		if c.Direction == transfer.Inner { // put right while nobody has registered it: the letter is issued anew
			next(1, 11)
			_, err = k.Correct(b.ctx, to.clerk, c.ID, []transfer.Change{{Field: "reason", Value: "工作单位存档"}}, "申请人补交劳动合同，原因登错", "")
		}
	case withdrawn:
		_, err = k.Withdraw(b.ctx, to.clerk, c.ID, transfer.Withdrawal{Why: "申请人改在原机构存档", Paper: "撤回申请（演示）"})
	}
	return err
}

// overdue is a promise whose term passed: the person was told, the head asked; one piece is asked
// for again and more time for it was denied, one waits for more time, one was put off.
func (b *builder) overdue(to *office, dossierID string) error {
	k := b.in.Supplements
	b.at(50, 8, 0)
	if err := k.Timers(b.ctx); err != nil {
		return err
	}
	b.at(20, 8, 0)
	if err := k.Timers(b.ctx); err != nil {
		return err
	}
	list, err := dossier.Owing(b.ctx, b.in.DB, dossierID)
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(s dossier.Supplement) bool { return !s.Promised })
	for i, s := range list {
		b.at(6, 10, 10+i)
		switch i % 3 {
		case 0:
			if _, err = k.Remind(b.ctx, to.clerk, s.ID, "电话联系，本人称在外地"); err == nil {
				_, err = k.Ask(b.ctx, to.clerk, s.ID, b.today.AddDays(120), "本人在外地，没有时间回来办理", "")
			}
		case 1:
			_, err = k.Ask(b.ctx, to.clerk, s.ID, b.today.AddDays(60), "毕业学校正在补办，本人已提交申请回执", "")
		case 2:
			_, err = k.Ask(b.ctx, to.clerk, s.ID, b.today.AddDays(90), "原单位已改制，档案室正在查找", "")
		}
		if err != nil {
			return err
		}
	}
	for i, s := range list {
		b.at(5, 9, 30+i)
		switch i % 3 {
		case 0: // 29.8: with its notice, in register 17
			_, err = k.Deny(b.ctx, to.reviewer, s.ID, "户籍地派出所可以凭身份证网上开具，邮寄本机构即可，不必延期")
		case 2:
			_, err = k.Grant(b.ctx, to.reviewer, s.ID, "情况属实")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// astray is what became of a packet on its way: asked for, lost, or sent on from where it was left.
func (b *builder) astray(from, to *office, c transfer.Case, at int, wrong string, next func(days, hour int), today func() calendar.Date) (transfer.Case, error) {
	k := b.in.Transfers
	var err error
	do := func(days, hour int, act func() (transfer.Case, error)) {
		if err == nil {
			next(days, hour)
			c, err = act()
		}
	}
	inquire := func() (transfer.Case, error) {
		return k.Inquire(b.ctx, from.clerk, c.ID, "区机要通信局（演示）")
	}
	late := func() (transfer.Case, error) {
		return k.Report(b.ctx, to.clerk, c.ID, transfer.Trouble{Kind: transfer.FaultLate, On: today(), Seen: "至今没有到件"})
	}
	switch wrong {
	case transfer.FaultUnreceipted: // the carrier says it was delivered; the timers ask for the receipt in vain
		do(11, 9, late)
		do(0, 15, inquire)
		do(5, 10, func() (transfer.Case, error) {
			return k.CarrierAnswered(b.ctx, from.clerk, c.ID, transfer.CarrierAnswer{Answer: transfer.AnswerDone, On: today(), Note: "已投递，收发室签收，区机要通信局王某答复（演示）"})
		})
	case transfer.FaultLate:
		do(10, 9, late)
		do(0, 15, inquire)
	case transfer.FaultLost:
		do(12, 9, late)
		do(0, 11, inquire)
		do(9, 16, func() (transfer.Case, error) {
			return k.CarrierAnswered(b.ctx, from.clerk, c.ID, transfer.CarrierAnswer{Answer: transfer.AnswerNone, On: today(), Note: "出站登记以后没有记录，书面答复查无下落（演示）"})
		})
		do(1, 10, func() (transfer.Case, error) { return k.Lost(b.ctx, from.headOf, c.ID) })
	case transfer.FaultAstray: // to an agency that is neither end, which sends it on
		third, e := b.open("500000")
		if e != nil {
			return c, e
		}
		var stray transfer.Stray
		again := func(e error) (transfer.Case, error) {
			if e != nil {
				return c, e
			}
			return transfer.Get(b.ctx, b.in.DB, c.ID)
		}
		do(2, 9, func() (transfer.Case, error) {
			var e error
			stray, e = k.ReportStray(b.ctx, third.clerk, transfer.Came{No: c.NoticeNo, On: today(), Intact: true})
			return again(e)
		})
		do(0, 15, func() (transfer.Case, error) {
			_, e := k.SendStray(b.ctx, third.clerk, stray.ID, transfer.ToReceiver, transfer.Dispatch{Way: transfer.ConfidentialPost, TrackingNo: fmt.Sprintf("渝机%06d", 700+at), Office: "重庆市机要通信局", On: today().String()})
			return again(e)
		})
	}
	return c, err
}

// fromOutside has a packet asked for from outside the province (20b).
func (b *builder) fromOutside(o *office) error {
	k := b.in.Transfers
	b.at(10, 14, 0)
	r := b.rand("outside")
	male := r.IntN(2) == 0
	who := name(r, male)
	in, err := k.Apply(b.ctx, o.clerk, transfer.Application{Direction: transfer.In, Name: who, IDNo: idNumber(r, o.division, day(r, "1985-01-01", "1999-12-31"), male), Document: "居民身份证",
		HolderName: "成都市武侯区人才服务中心（演示）", HolderKind: transfer.EndService, Applicant: who, Reason: "流动就业", RegionBasis: "户籍地", TiePlace: o.division, Category: "4.6", Subtype: "flexible", Evidence: "灵活就业登记（演示）", Political: "13"})
	if err != nil {
		return err
	}
	b.at(10, 15, 0)
	if _, err = k.Letter(b.ctx, o.clerk, in.ID, partyHeading); err != nil {
		return err
	}
	// Taken in although the tie leads elsewhere, with the reason (7b).
	b.at(8, 10, 30)
	who = name(r, !male)
	_, err = k.Apply(b.ctx, o.clerk, transfer.Application{Direction: transfer.In, Name: who, IDNo: idNumber(r, o.division, day(r, "1985-01-01", "1999-12-31"), !male), Document: "居民身份证",
		HolderName: "贵州某集团人力资源部（演示）", HolderKind: transfer.EndStateFirm, Applicant: who, Reason: "流动就业", RegionBasis: "户籍地", TiePlace: "500101", TieDespite: "本人行动不便，随子女在本区居住，请求就近存档（演示）",
		Category: "4.6", Subtype: "freelance", Evidence: "本人声明（演示）", Political: "13"})
	return err
}

// acrossProvinces is a packet that a unit asked for and another province has sent, in the
// states of 跨省通办.
func (b *builder) acrossProvinces(o *office) error {
	k := b.in.Transfers
	b.at(12, 9, 40)
	r := b.rand("across")
	who := name(r, true)
	c, err := k.Apply(b.ctx, o.clerk, transfer.Application{Direction: transfer.In, Name: who, IDNo: idNumber(r, o.division, day(r, "1985-01-01", "1999-12-31"), true), Document: "居民身份证",
		HolderName: "贵阳市人才服务中心（演示）", HolderKind: transfer.EndService, Province: "52", OnlineNo: fmt.Sprintf("KS-%d-000123", b.today.Year()), ApplicantKind: "unit", Applicant: "重庆演示机械有限公司", ApplicantUSCC: "91500106MA5UPR0189", ApplicantDoc: "介绍信 演机〔2026〕12号",
		Reason: "流动就业", RegionBasis: "户籍地", TiePlace: o.division, Category: "4.1", Subtype: "private_enterprise", Evidence: "劳动合同（演示）", Political: "13"})
	if err != nil {
		return err
	}
	b.at(12, 10, 20)
	if c, err = k.Letter(b.ctx, o.clerk, c.ID, partyHeading); err != nil {
		return err
	}
	b.at(9, 15, 10)
	if _, err = k.Answer(b.ctx, o.clerk, c.ID, transfer.Answering{Answer: transfer.Agreed, On: b.today.AddDays(-9)}); err != nil {
		return err
	}
	b.at(3, 9, 15)
	_, err = k.Forwarded(b.ctx, o.clerk, c.ID, transfer.Dispatch{Way: transfer.ConfidentialPost, TrackingNo: "黔机004512", Office: "重庆市机要通信局", On: b.today.AddDays(-4).String()}, "黔转〔2026〕88号")
	return err
}

// admitted are four whom one university asks for on one letter (20b); sent: their packet
// is there, and the receipt of all but one has come back.
func (b *builder) admitted(o *office, last, ago int, sent bool) error {
	k := b.in.Transfers
	b.at(ago, 9, 20)
	on := calendar.Of(b.in.Clock.Now())
	var named []transfer.Named
	for i := range 4 {
		named = append(named, transfer.Named{Name: o.persons[last-i].Name, IDNo: o.persons[last-i].IDNo})
	}
	school, no := "演示大学研究生院", 31
	if !sent {
		school, no = "演示科技大学研究生院", 32
		r := b.rand("admitted elsewhere") // of the letter, but kept elsewhere: told to the school
		named = append(named, transfer.Named{Name: name(r, true), IDNo: idNumber(r, "500112", day(r, "1999-01-01", "2002-12-31"), true)})
	}
	l, err := k.RegisterList(b.ctx, o.clerk, transfer.OutsideLetter{ReceiverName: school + "（演示）", Kind: transfer.EndSchool, ReceiverAddr: "演示市学府路1号", Reason: "升学", LetterOn: on.AddDays(-4),
		Registration: transfer.Registration{LetterNo: fmt.Sprintf("研招调〔%d〕%d号", on.Year(), no), Telephone: "023-61000000", Spoke: "李老师", ReceivedOn: on}}, named)
	if err != nil {
		return err
	}
	v, err := k.ListView(b.ctx, o.clerk, l.ID)
	if err != nil {
		return err
	}
	b.at(ago-1, 9, 30)
	for i, c := range v.Cases {
		if !sent && i == 3 {
			break // still on its shelf
		}
		if _, err := b.in.Custody.Pull(b.ctx, o.keeper, c.DossierID, custody.Handling{Packet: custody.Intact}); err != nil {
			return err
		}
		d, err := dossier.Get(b.ctx, b.in.DB, c.DossierID)
		if err != nil {
			return err
		}
		if d.Catalog == 0 {
			if _, err := k.List(b.ctx, o.clerk, c.ID, packing); err != nil {
				return err
			}
		}
	}
	if !sent {
		return nil
	}
	b.at(ago-3, 10, 0)
	if _, err := k.ReviewList(b.ctx, o.reviewer, l.ID, "关键材料已核对"); err != nil {
		return err
	}
	b.at(ago-4, 14, 0)
	if _, err := k.PackList(b.ctx, o.clerk, l.ID, "N-50031", nil); err != nil {
		return err
	}
	b.at(ago-5, 9, 0)
	if _, err := k.DispatchList(b.ctx, o.clerk, l.ID, transfer.Dispatch{Way: transfer.ConfidentialPost, TrackingNo: "渝机005031", Office: "重庆市机要通信局", On: calendar.Of(b.in.Clock.Now()).String()}); err != nil {
		return err
	}
	b.at(ago-20, 15, 0)
	_, err = k.ReceiptList(b.ctx, o.clerk, l.ID, transfer.OutsideReceipt{No: "研回〔2026〕31号", On: calendar.Of(b.in.Clock.Now()).AddDays(-6), Intact: true, Match: false, Volumes: 5, Copies: 60, Pages: 240, Outcome: "接收", By: "研究生院收发室（演示）", Checker: "研究生院档案室（演示）", Note: "包内缺一人档案袋，查找中"}, []string{v.Cases[3].ID})
	return err
}

// toOutside has one go to an organ on its letter (20b).
func (b *builder) toOutside(o *office, at int) error {
	k, p := b.in.Transfers, o.persons[at]
	b.at(30, 9, 0)
	c, err := k.RegisterOutside(b.ctx, o.clerk, transfer.OutsideLetter{DossierID: o.ids[at], ReceiverName: "贵州省遵义市某局组织人事科（演示）", Kind: transfer.EndOrgan, ReceiverAddr: "贵州省遵义市汇川区（演示）", Reason: "录用聘用",
		LetterOn: b.today.AddDays(-33), Registration: transfer.Registration{LetterNo: fmt.Sprintf("遵组函〔%d〕8号", b.today.Year()), Telephone: "0851-00000000", Spoke: "张科长", ReceivedOn: b.today.AddDays(-30)}})
	if err != nil {
		return err
	}
	b.at(29, 14, 0)
	if _, err := b.in.Custody.Pull(b.ctx, o.keeper, o.ids[at], custody.Handling{Packet: custody.Intact}); err != nil {
		return err
	}
	for i, do := range []func() error{
		func() error { _, err := k.List(b.ctx, o.clerk, c.ID, packing); return err },
		func() error { _, err := k.Review(b.ctx, o.reviewer, c.ID, "关键材料已核对"); return err },
		func() error {
			_, err := k.Pack(b.ctx, o.clerk, c.ID, transfer.Seal{SealNo: fmt.Sprintf("N-%05d", 30000+at), Volumes: 1})
			return err
		},
		func() error {
			_, err := k.Send(b.ctx, o.clerk, c.ID, transfer.Dispatch{Way: transfer.ConfidentialPost, TrackingNo: fmt.Sprintf("渝机%06d", 900+at), Office: "重庆市机要通信局", On: b.today.AddDays(-25).String()})
			return err
		},
	} {
		b.at(28-i, 10, 0)
		if err := do(); err != nil {
			return fmt.Errorf("%s: %w", p.No, err)
		}
	}
	return nil
}

// consultations stand at every step: drafts, waiting for approval, ready, read, refused.
func (b *builder) consultations() error {
	o, err := b.open("500108")
	if err != nil || len(o.persons) < smallest {
		return err
	}
	r := b.rand("readers")
	reader := func() access.NewReader {
		male := r.IntN(2) == 0
		return access.NewReader{Name: name(r, male), IDNo: idNumber(r, "500103", day(r, "1975-01-01", "1995-12-31"), male), Post: "干部科", Political: "01", Declared: true, Pledged: true}
	}
	for i, until := range []int{0, 1, 2, 3, 3, 4, 5, 2} {
		unit := pick(r, []string{"南岸区委组织部（演示）", "渝中区人力资源和社会保障局（演示）", "重庆市公安局南岸区分局（演示）"})
		signer, readers := name(r, true), []access.NewReader{reader(), reader()}
		b.plan(fmt.Sprintf("查阅 %d", i+1), func() error {
			b.at(12-i, 9, 30+i)
			scanned, err := b.scanned(o)
			if err != nil {
				return err
			}
			id, way := o.onPaper(i), access.Paper
			// Every other one is read on the screen, which takes accepted images: first the one that is ready.
			if nth := []int{2, 1, 0, 3}[i/2]; i%2 == 0 && nth < len(scanned) {
				id, way = scanned[nth], access.Digital
			}
			c, err := b.in.Access.Apply(b.ctx, o.clerk, access.Application{DossierID: id, UnitKind: "organ", Unit: unit, Purpose: "vetting",
				Reason: "拟任职考察，依据干部考察通知", PaperName: "介绍信", PaperNo: fmt.Sprintf("南组信〔%d〕%d号", b.today.Year(), 10+i), PaperOn: calendar.Of(b.clock.Now()).String(),
				Sealed: true, Matches: true, FormSigned: true, FormBy: signer, Way: way, Readers: readers})
			if err != nil {
				return err
			}
			return b.consult(o, id, c.ID, until)
		})
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

// certificates stand at every state: drafts, waiting, returned, issued, void, corrected, refused.
func (b *builder) certificates() error {
	o, err := b.open("500108")
	if err != nil || len(o.persons) < smallest {
		return err
	}
	for i, until := range []certificate.State{certificate.Issued, certificate.Draft, certificate.Submitted, certificate.Returned, certificate.Issued, certificate.Withdrawn, certificate.Void, certificate.Superseded, certificate.Refused, certificate.Issued, certificate.Unrecorded} {
		b.plan(fmt.Sprintf("证明 %d", i+1), func() error { return b.certify(o, i, until) })
	}
	return nil
}

// certify drives a certificate of the i-th person as far as it is to stand.
func (b *builder) certify(o *office, i int, until certificate.State) (err error) {
	k := b.in.Certificates
	at, kind := i, certificate.Custody
	switch i {
	case 2, 8:
		kind = certificate.Kinship
	case 4:
		kind = certificate.History
	case 9:
		at, kind = 0, certificate.Facts
	case 10:
		at, kind = 5, certificate.Facts
	}
	p, id := o.persons[at], o.ids[at]
	step := max(20-2*i, 2)
	b.at(step, 9, 40)
	a := certificate.Application{Kind: kind, DossierID: id, Use: "办理落户", Applicant: certificate.Self, Name: p.Name, IDNo: p.IDNo, Seen: []string{"居民身份证"}}
	switch {
	case until == certificate.Unrecorded:
		a.Asks = []string{"party_joining"}
	case kind == certificate.Facts:
		a.Asks = []string{"birth_date"}
	}
	if until != certificate.Draft && until != certificate.Refused && until != certificate.Unrecorded {
		if a.Keys, err = b.stated(o, id, kind); err != nil {
			return err
		}
	}
	c, err := k.Open(b.ctx, o.clerk, a)
	if err != nil {
		return err
	}
	b.at(step, 15, 10)
	switch until {
	case certificate.Returned:
		_, err = k.Return(b.ctx, o.reviewer, c.ID, "请核对存档起始日期")
	case certificate.Refused:
		_, err = k.Refuse(b.ctx, o.reviewer, c.ID, []certificate.RefuseReason{{Rule: "23", Fact: "档案材料中没有申请人所述养父母的记载。"}}, "请向户籍、民政部门或者公证机构申请。")
	case certificate.Unrecorded:
		if _, err = k.Pull(b.ctx, o.clerk, c.ID); err != nil {
			return err
		}
		if _, err = b.in.Custody.Pull(b.ctx, o.keeper, c.DossierID, custody.Handling{Packet: custody.Intact}); err != nil {
			return err
		}
		v, err := k.Read(b.ctx, o.clerk, c.ID)
		if err != nil {
			return err
		}
		absent := statement.Absent{Subject: "party_joining"}
		for _, m := range v.Unread["party_joining"] {
			absent.Looked = append(absent.Looked, m.ID)
		}
		if _, err = k.Submit(b.ctx, o.clerk, c.ID, certificate.Choice{Absent: []statement.Absent{absent}}); err != nil {
			return err
		}
		b.at(step-1, 10, 0)
		_, err = k.Issue(b.ctx, o.reviewer, c.ID)
		return err
	case certificate.Withdrawn:
		_, err = k.Withdraw(b.ctx, o.clerk, c.ID, "申请人不再需要")
	case certificate.Issued, certificate.Void, certificate.Superseded:
		if c, err = k.Issue(b.ctx, o.reviewer, c.ID); err != nil {
			break
		}
		b.at(step-1, 10, 0)
		if until == certificate.Void {
			_, err = k.Void(b.ctx, o.reviewer, c.ID, "申请人提供的用途不实")
		}
		if until == certificate.Superseded {
			a.Replaces, a.Reason = c.ID, "用途填写有误"
			a.Use = "办理职称申报"
			if c, err = k.Open(b.ctx, o.clerk, a); err == nil {
				_, err = k.Issue(b.ctx, o.reviewer, c.ID)
			}
		}
	}
	return err
}

// stated picks what a certificate can state without hindrance.
func (b *builder) stated(o *office, dossierID string, kind certificate.Kind) ([]string, error) {
	list, err := b.in.Certificates.Propose(b.ctx, o.clerk, dossierID, kind)
	var keys []string
	for _, p := range list {
		if p.Hindrance == nil && len(p.Conflicts) == 0 && (kind != certificate.Facts || p.Kind == "birth_date") {
			keys = append(keys, p.Key)
		}
	}
	return keys, err
}
