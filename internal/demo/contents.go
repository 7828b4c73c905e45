package demo

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"dangan/internal/custody"
	"dangan/internal/dossier"
	"dangan/internal/founding"
	"dangan/internal/policy"
	"dangan/internal/roster"
)

// office is one division's people at work.
type office struct {
	division                        string
	clerk, reviewer, keeper, headOf policy.Actor
	persons                         []made
	ids                             []string // dossiers, beside persons
}

// open gathers an office: its staff, and the dossiers of its list.
func (b *builder) open(division string) (*office, error) {
	o := &office{division: division}
	for _, p := range []struct {
		post string
		to   *policy.Actor
	}{{"clerk", &o.clerk}, {"reviewer", &o.reviewer}, {"keeper", &o.keeper}, {"head", &o.headOf}} {
		var err error
		if *p.to, err = b.as(p.post, division); err != nil {
			return nil, err
		}
	}
	code := founding.AgencyOf(division)
	o.persons = people(b.rand("people/"+code), division, b.shares()[code], b.today)
	byNo := map[string]string{}
	rows, err := b.in.DB.Query(b.ctx, "SELECT no, id FROM dossier WHERE agency=?", code)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var no, id string
		if err := rows.Scan(&no, &id); err != nil {
			return nil, err
		}
		byNo[no] = id
	}
	for _, p := range o.persons {
		o.ids = append(o.ids, byNo[p.No])
	}
	return o, rows.Err()
}

// part is how many dossiers of an office have their catalog and records in the
// system; the others are on paper only, which is the normal case.
func (o *office) part() int {
	if o.division == "500108" {
		return min(160, len(o.persons)*2/5)
	}
	return min(12, len(o.persons)/4)
}

// contents enters catalogs and what the materials record, in the four busiest offices.
func (b *builder) contents() error {
	for k, division := range []string{"500108", "500103", "500101", "500000"} {
		o, err := b.open(division)
		if err != nil {
			return err
		}
		for i := range o.part() {
			b.plan("录入目录和记载 "+o.persons[i].No, func() error {
				b.at(330-2*i%290-k, 9+i%8, i%60)
				return b.enter(o, i, b.rand("contents/"+o.persons[i].No))
			})
		}
	}
	return nil
}

// lines are the catalog of a person's dossier.
func lines(p made) []dossier.Description {
	born := int64(p.Birth.Year())
	received := int64(p.Received.Year())
	graduated := min(born+22, received)
	out := []dossier.Description{
		{Title: "流动人员履历表", Class: "1", Year: received, Month: int64(p.Received.Time().Month()), Copies: 1, Pages: 8},
		{Title: "自传", Class: "2", Year: graduated, Month: 5, Copies: 1, Pages: 3},
		{Title: "毕业生鉴定表", Class: "3", Year: graduated, Month: 6, Copies: 1, Pages: 2},
		{Title: "普通高等学校毕业生登记表", Class: "4-1", Year: graduated, Month: 6, Day: 20, Copies: 1, Pages: 4},
		{Title: "学习成绩单", Class: "4-1", Year: graduated, Month: 6, Copies: 1, Pages: 2},
	}
	if p.Political == "中共党员" {
		out = append(out, dossier.Description{Title: "入党志愿书", Class: "6", Year: min(graduated+2, received), Month: 7, Day: 1, Copies: 1, Pages: 10})
	}
	if p.Employer != "" {
		out = append(out, dossier.Description{Title: "劳动合同书", Class: "9-2", Year: received, Month: 3, Copies: 1, Pages: 6})
	}
	return append(out, dossier.Description{Title: "档案转递通知单回执", Class: "10", Year: received, Month: int64(p.Received.Time().Month()), Copies: 1, Pages: 1})
}

// enter has the clerk enter a paper catalog and what it records, and the reviewer compare both.
func (b *builder) enter(o *office, i int, r *rand.Rand) error {
	p, id := o.persons[i], o.ids[i]
	batch, err := b.in.Dossiers.EnterCatalog(b.ctx, o.clerk, id, lines(p))
	if err != nil {
		return err
	}
	if i%20 == 19 {
		return nil // waits for the reviewer
	}
	if err := b.review(o, batch); err != nil {
		return err
	}
	if err := b.record(o, i, r); err != nil {
		return err
	}
	return nil
}

// review has the reviewer find the drawn sample right and accept the batch.
func (b *builder) review(o *office, batch dossier.Batch) error {
	checks := map[string]bool{}
	for _, id := range batch.Drawn() {
		checks[id] = true
	}
	_, err := b.in.Dossiers.ReviewBatch(b.ctx, o.reviewer, batch.ID, dossier.Review{Accept: true, Checks: checks})
	return err
}

// record enters key facts, history and family with their sources; a second
// person confirms most of them.
func (b *builder) record(o *office, i int, r *rand.Rand) error {
	p, id := o.persons[i], o.ids[i]
	form, history := dossier.Source{Class: "4-1", Title: "普通高等学校毕业生登记表", Page: 1}, dossier.Source{Class: "1", Title: "流动人员履历表", Page: 2}
	born := p.Birth.Year()
	work := fmt.Sprintf("%d-07", min(born+22, p.Received.Year()))
	facts := []dossier.NewFact{
		{Kind: "birth_date", Written: fmt.Sprintf("%d年%d月", born, int(p.Birth.Time().Month())), Source: form},
		{Kind: "education_degree", Written: p.Education, Source: form},
	}
	if p.Category != "4.3" {
		facts = append(facts, dossier.NewFact{Kind: "work_start", Written: work[:4] + "年7月", Source: history})
	}
	if i%11 == 3 { // materials contradict each other: shown side by side
		facts = append(facts, dossier.NewFact{Kind: "birth_date", Written: fmt.Sprintf("%d年%d月", born+1, int(p.Birth.Time().Month())), Source: dossier.Source{Class: "2", Title: "自传", Page: 1}})
	}
	confirm := func(kind, entry string, err error) error {
		if err != nil || i%9 == 8 {
			return err
		}
		_, err = b.in.Dossiers.Confirm(b.ctx, o.reviewer, kind, entry)
		return err
	}
	for _, n := range facts {
		f, err := b.in.Dossiers.AddFact(b.ctx, o.clerk, id, n)
		if err := confirm(dossier.EntryFact, f.ID, err); err != nil {
			return err
		}
	}
	if i%22 == 3 { // and of some the competent department decided, with its paper
		e, err := b.in.Dossiers.Determine(b.ctx, o.clerk, id, dossier.NewDetermination{Kind: "birth_date", Written: fmt.Sprintf("%d年%d月", born, int(p.Birth.Time().Month())), Authority: "重庆市某区人力资源和社会保障局（演示）",
			DocNo: "人社审〔2025〕18号（演示）", On: "2025-05-20", Source: dossier.Source{Class: "5", Title: "干部基本信息审核认定表", Page: 1}})
		if err := confirm(dossier.EntryDecision, e.ID, err); err != nil {
			return err
		}
	}
	for _, n := range periods(p, work, history, r) {
		f, err := b.in.Dossiers.AddPeriod(b.ctx, o.clerk, id, n)
		if err := confirm(dossier.EntryPeriod, f.ID, err); err != nil {
			return err
		}
	}
	for _, relation := range []string{"father", "mother"} {
		member := dossier.NewFamily{Relation: relation, Name: kinName(r, p.Name, relation == "father"), Source: history}
		if r.IntN(2) == 0 {
			member.IDNo = idNumber(r, p.IDNo[:6], day(r, "1940-01-01", "1962-12-31"), relation == "father")
		}
		f, err := b.in.Dossiers.AddFamily(b.ctx, o.clerk, id, member)
		if err := confirm(dossier.EntryFamily, f.ID, err); err != nil {
			return err
		}
	}
	if i%3 != 0 || i%9 == 8 {
		return nil
	}
	if _, err := b.in.Dossiers.StateHistory(b.ctx, o.clerk, id); err != nil {
		return err
	}
	_, err := b.in.Dossiers.ConfirmHistory(b.ctx, o.reviewer, id)
	return err
}

// kinName is a parent's name: the father's begins as the child's.
func kinName(r *rand.Rand, child string, father bool) string {
	n := []rune(name(r, father))
	if father {
		n[0] = []rune(child)[0]
	}
	return string(n)
}

// periods are the study and work that the resume form records.
func periods(p made, work string, source dossier.Source, r *rand.Rand) []dossier.NewPeriod {
	born := p.Birth.Year()
	out := []dossier.NewPeriod{{Kind: dossier.Study, FromMonth: fmt.Sprintf("%d-09", min(born+18, p.Received.Year()-1)), ToMonth: work, Unit: pick(r, origins), Post: "学生", Source: source}}
	if p.Category == "4.3" {
		return out
	}
	left := min(p.Received.Year(), born+28)
	if fmt.Sprintf("%d-03", left) > work {
		first := dossier.NewPeriod{Kind: dossier.Work, FromMonth: work, ToMonth: fmt.Sprintf("%d-03", left), Unit: pick(r, trades) + "有限公司（演示）", Post: "职员", Identity: "none", Source: source}
		switch r.IntN(5) {
		case 0:
			first.Unit, first.Post, first.Identity = "重庆机床（国有）公司（演示）", "技术员", "soe_professional"
		case 1:
			first.Unit, first.Post, first.Identity = "嘉陵中学（演示）", "教师", ""
		}
		out = append(out, first)
	}
	if p.Employer != "" {
		out = append(out, dossier.NewPeriod{Kind: dossier.Work, FromMonth: fmt.Sprintf("%d-04", max(left, p.Received.Year())), Unit: p.Employer, Post: "员工", Identity: "none", Source: source})
	}
	return out
}

// materials come in and stand at every step: received, asked about, being cured, waiting
// for review, filed, returned with a slip; of the filed ones some are corrected (29.2).
func (b *builder) materials() error {
	o, err := b.open("500108")
	if err != nil || len(o.persons) < smallest {
		return err
	}
	b.plan("收集归档", func() error { return b.collect(o) })
	b.plan("鉴别的其他去向", func() error { return b.aside(o) })
	return nil
}

func (b *builder) collect(o *office) error {
	// From the twentieth on where there are enough with a catalog.
	at := func(k int) string { return o.ids[min(20, o.part()-16)+k%16] }
	title := []string{"专业技术职务任职资格评审表", "年度考核登记表", "解除劳动合同证明书", "在职研究生学历登记表", "先进工作者审批表"}
	class := []string{"4-2", "3", "9-2", "4-1", "7"}
	maker := b.rand("maker")
	for k := range 2 { // overlooked: past the two months by now
		b.at(75, 14, 10*k)
		formed := b.today.Time().AddDate(0, 0, -90)
		if _, err := b.in.Dossiers.Receive(b.ctx, o.clerk, dossier.Intake{DossierID: at(14 + k), Origin: dossier.FromUnit, Giver: "渝水勘测设计院（演示）组织人事处", Maker: "渝水勘测设计院（演示）",
			Description: dossier.Description{Title: "年度考核登记表", Year: int64(formed.Year()), Month: int64(formed.Month()), Copies: 1, Pages: 2}}); err != nil {
			return err
		}
	}
	var toFile []string
	var returned dossier.Material
	var asked []string
	for k := range 18 {
		ago := 34 - k
		b.at(ago, 9+k%7, 15)
		formed := b.today.Time().AddDate(0, 0, -ago-20-k*5)
		unit := pick(maker, trades) + "有限公司（演示）"
		m, err := b.in.Dossiers.Receive(b.ctx, o.clerk, dossier.Intake{DossierID: at(k), Origin: []string{dossier.FromUnit, dossier.FromWindow, dossier.FromPerson}[k%3],
			Giver: unit + "人力资源部", Maker: unit,
			Description: dossier.Description{Title: title[k%5], Year: int64(formed.Year()), Month: int64(formed.Month()), Day: int64(formed.Day()), Copies: 1, Pages: int64(1 + k%6)}})
		if err != nil {
			return err
		}
		judge := dossier.Judgement{Decision: dossier.ToCatalog, Class: class[k%5]}
		switch {
		case k >= 14:
			continue // received, not yet looked at
		case k >= 12:
			judge = dossier.Judgement{Decision: dossier.ToVerify, Note: "向形成单位核实落款日期"}
			asked = append(asked, m.ID)
		case k == 11:
			judge = dossier.Judgement{Decision: dossier.ToCure, Defects: []string{"missing-seal"}, Note: "请形成单位补盖公章", CureBy: b.today.AddDays(9).String()}
		case k == 10:
			judge = dossier.Judgement{Decision: dossier.ToReturn, Defects: []string{"wrong-seal"}, Note: "缺少形成单位公章"}
		}
		if k%3 == 2 && judge.Decision == dossier.ToCatalog { // handed in by the person: the unit that formed it is asked
			if _, err := b.in.Dossiers.Verify(b.ctx, o.clerk, m.ID, dossier.NewVerification{Kind: dossier.WithMaker, Party: m.Maker + " 人力资源部", Way: "电话", Agrees: true, On: m.ReceivedOn}); err != nil {
				return err
			}
		}
		if _, err := b.in.Dossiers.Appraise(b.ctx, o.clerk, m.ID, judge); err != nil {
			return err
		}
		if k < 10 {
			toFile = append(toFile, m.ID)
		} else if k < 12 {
			b.at(ago-1, 9, 0)
			if k == 10 {
				returned = m
			}
			if _, _, err := b.in.Dossiers.SendBack(b.ctx, o.reviewer, m.ID, dossier.Return{Way: "窗口领取", Receiver: "罗以宁"}); err != nil {
				return err
			}
		}
	}
	for k, id := range asked {
		b.at(17, 15, 10*k)
		if _, _, err := b.in.Dossiers.Inquire(b.ctx, o.clerk, id, ""); err != nil {
			return err
		}
	}
	for k, id := range asked { // the clock stands while the maker is asked; one has answered
		b.at(16, 15, 10*k)
		if _, err := b.in.Dossiers.PauseClock(b.ctx, o.reviewer, id, "maker_asked", fmt.Sprintf("演示核函〔%d〕%d号", b.today.Year(), 5+k)); err != nil {
			return err
		}
	}
	b.at(14, 10, 0)
	if _, err := b.in.Dossiers.ResumeClock(b.ctx, o.clerk, asked[0], "形成单位已答复相符"); err != nil {
		return err
	}
	b.at(13, 15, 0)
	again := returned.Describe() // formed anew, with the right seal this time
	if _, err := b.in.Dossiers.Resubmit(b.ctx, o.clerk, returned.ID, again); err != nil {
		return err
	}
	b.at(12, 10, 0)
	filed, err := b.in.Dossiers.SubmitBatch(b.ctx, o.clerk, toFile[:6])
	if err != nil {
		return err
	}
	for k := range 6 {
		if _, err := b.in.Custody.Pull(b.ctx, o.keeper, at(k), custody.Handling{Packet: custody.Intact}); err != nil {
			return err
		}
	}
	b.at(11, 10, 0)
	if err := b.review(o, filed); err != nil {
		return err
	}
	for k := range 5 { // the sixth still lies in the arranging room
		if _, err := b.in.Custody.PutBack(b.ctx, o.keeper, at(k), custody.Shelf{Packet: custody.Intact}); err != nil {
			return err
		}
	}
	return b.correct(o, toFile)
}

// correct has wrong entries of the catalog corrected: one approved, one refused, one waiting.
func (b *builder) correct(o *office, filed []string) error {
	for k, note := range []string{"", "与原件不符，原件所载形成日期无误", ""} {
		b.at(8-2*k, 10, 30)
		page, err := b.in.Dossiers.MaterialOf(b.ctx, o.clerk, filed[k])
		if err != nil {
			return err
		}
		right := page.Material.Describe()
		right.Pages++
		c, err := b.in.Dossiers.RequestCorrection(b.ctx, o.clerk, filed[k], right, "录入时页数点错", "已对照原件逐页清点")
		if err != nil {
			return err
		}
		if k == 2 {
			break
		}
		b.at(7-2*k, 15, 30)
		if _, err := b.in.Dossiers.DecideCorrection(b.ctx, o.headOf, c.ID, note == "", note); err != nil {
			return err
		}
	}
	b.at(2, 16, 0)
	if _, err := b.in.Dossiers.SubmitBatch(b.ctx, o.clerk, filed[6:9]); err != nil {
		return err
	}
	if err := b.pile(o); err != nil {
		return err
	}
	return b.rearranged(o)
}

// pile has what a school handed over for its former students scanned in one sitting and
// signed for; it waits for review, and one piece of nobody lies aside.
func (b *builder) pile(o *office) error {
	b.at(2, 16, 20)
	formed := b.today.AddDays(-70).Time()
	s, err := b.in.Dossiers.OpenSitting(b.ctx, o.clerk, dossier.Pile{Maker: "南山演示学院", Expected: 8, Description: dossier.Description{Title: "教育培训结业登记表", Class: "4-4",
		Year: int64(formed.Year()), Month: int64(formed.Month()), Day: int64(formed.Day()), Copies: 1, Pages: 2}})
	if err != nil {
		return err
	}
	var pieces int64
	for i := range 8 {
		number := fmt.Sprintf("NS-%d-9%03d", formed.Year(), i) // on no list
		if i != 5 {
			d, err := dossier.Get(b.ctx, b.in.DB, o.ids[min(20, o.part()-16)+i])
			if err != nil {
				return err
			}
			number = d.No
		}
		p, err := b.in.Dossiers.Scan(b.ctx, o.clerk, s.ID, number)
		if err != nil {
			return err
		}
		if p.State == dossier.PieceReady {
			pieces++
		}
	}
	_, err = b.in.Dossiers.SignSitting(b.ctx, o.clerk, s.ID, pieces)
	return err
}

// rearranged has a class with a late addition asked to be numbered anew by time formed.
func (b *builder) rearranged(o *office) error {
	at := func(k int) string { return o.ids[min(20, o.part()-16)+k%16] }
	b.at(1, 10, 0)
	for k := range 6 {
		catalog, err := dossier.CatalogOf(b.ctx, b.in.DB, at(k))
		if err != nil {
			return err
		}
		byClass := map[string][]dossier.Material{}
		for _, m := range catalog {
			byClass[m.Class] = append(byClass[m.Class], m)
		}
		for _, m := range catalog {
			now := byClass[m.Class]
			then := dossier.Arrange(m.Class, now)
			if slices.Equal(now, then) {
				continue
			}
			order := make([]string, len(then))
			for i, m := range then {
				order[i] = m.ID
			}
			_, err := b.in.Dossiers.Rearrange(b.ctx, o.clerk, at(k), m.Class, dossier.Layout{Order: order}, "补充归档后按规定顺序排列")
			return err
		}
	}
	return nil
}

// unclear are packets on the shelf whose person is not certain (2): registered, asked
// about, one found out and confirmed.
func (b *builder) unclear() error {
	o, err := b.open("500108")
	if err != nil || len(o.persons) < smallest {
		return err
	}
	b.plan("身份待核", func() error {
		list, known := people(b.rand("unclear"), o.division, 3, b.today), o.persons[9]
		list[0].Name = known.Name
		for i := range list {
			list[i].No, list[i].Shelfmark = fmt.Sprintf("%s-D%04d", o.division, i+1), fmt.Sprintf("09-D-01-%d", i+1)
			list[i].Birth = ""
		}
		digits := "0123456789X"
		wrong := digits[(strings.Index(digits, list[2].IDNo[17:])+1)%11] // a check character that is not right
		list[0].IDNo, list[1].IDNo, list[2].IDNo = "", "", list[2].IDNo[:17]+string(wrong)
		b.at(45, 14, 0)
		r, err := b.enroll(o, list, "清库补登花名册", "〔2026〕3号 清库记录")
		if err != nil {
			return err
		}
		if _, err := b.in.Rosters.TakeUnclear(b.ctx, o.clerk, r.Import, roster.Taking{Seal: roster.Sealed}); err != nil {
			return err
		}
		found, err := b.in.Rosters.Packets(b.ctx, o.clerk, roster.Open, "", 10)
		if err != nil {
			return err
		}
		for _, p := range found {
			if p.Name != known.Name {
				continue
			}
			b.at(20, 11, 0)
			if _, err := b.in.Rosters.Propose(b.ctx, o.clerk, p.ID, roster.Proposal{Ending: roster.AsSame, DossierNo: known.No, Document: "袋内履历表与现存档案履历表", SeenBy: "何树林", SeenOn: b.today.AddDays(-20)}); err != nil {
				return err
			}
			b.at(19, 9, 30)
			if _, err := b.in.Rosters.Confirm(b.ctx, o.reviewer, p.ID); err != nil {
				return err
			}
		}
		return nil
	})
	return nil
}

// asked has persons at the window ask where their dossiers are (查档去向).
func (b *builder) asked() error {
	o, err := b.open("500108")
	if err != nil || len(o.persons) < smallest {
		return err
	}
	b.plan("查档去向", func() error {
		for k := range 5 {
			b.at(9-k, 10+k, 20)
			p := o.persons[(40+3*k)%len(o.persons)]
			if _, _, err := b.in.Dossiers.Whereabouts(b.ctx, o.clerk, dossier.Question{Agency: founding.AgencyOf(o.division), Name: p.Name, IDNo: p.IDNo, Document: "居民身份证", Print: k == 0}); err != nil {
				return err
			}
		}
		return nil
	})
	return nil
}

// aside are pieces that are neither filed nor returned (13b, 29.1): one forwarded whose receipt is
// awaited, one forwarded and answered, one that waits to be moved to a namesake's dossier, one whose
// altered date waits for the head, and one that its maker denied, reported to the department.
func (b *builder) aside(o *office) error {
	k, at := b.in.Dossiers, func(i int) string { return o.ids[min(20, o.part()-16)+i%16] }
	take := func(i int, title, maker string) (dossier.Material, error) {
		return k.Receive(b.ctx, o.clerk, dossier.Intake{DossierID: at(i), Origin: dossier.FromUnit, Giver: maker, Maker: maker, Description: dossier.Description{Title: title, Year: int64(b.today.Year()), Month: 1, Copies: 1, Pages: 3}})
	}
	for i, to := range []string{"南岸区市场监督管理局（演示）", "渝中区公共就业和人才服务中心（演示）"} {
		b.at(44-30*i, 9, 40)
		m, err := take(6+i, []string{"行政处罚决定书", "年度考核登记表"}[i], "云岫智能（演示）有限公司")
		if err != nil {
			return err
		}
		judge := dossier.Judgement{Decision: dossier.ToForward, ForwardTo: to, Defects: []string{[]string{"not-dossier-material", "wrong-person"}[i]}, Note: []string{"行政处罚案卷，归办案机关保存", "身份证号与本卷不一致，档案在该机构"}[i]}
		if _, err = k.Appraise(b.ctx, o.clerk, m.ID, judge); err != nil {
			return err
		}
		b.at(43-30*i, 10, 0)
		if _, _, err = k.Forward(b.ctx, o.reviewer, m.ID, dossier.Return{Way: "给据邮件", Tracking: fmt.Sprintf("XA1234567%d150", i)}); err != nil {
			return err
		}
		if i == 1 {
			b.at(11, 11, 0)
			if _, err = k.ForwardReceipt(b.ctx, o.clerk, m.ID, b.today.AddDays(-12).String(), "档案管理科 万里"); err != nil {
				return err
			}
		}
	}
	b.at(8, 10, 20)
	m, err := take(8, "先进工作者审批表", "云岫智能（演示）有限公司")
	if err != nil {
		return err
	}
	if _, err = k.ProposeMove(b.ctx, o.clerk, m.ID, at(9), "表上的公民身份号码与该卷一致，与本卷不一致"); err != nil {
		return err
	}
	b.at(7, 10, 20)
	if m, err = take(10, "劳动合同书", "长江物流（演示）有限公司"); err != nil {
		return err
	}
	if _, err = k.Appraise(b.ctx, o.clerk, m.ID, dossier.Judgement{Decision: dossier.ToReturn, Defects: []string{"altered"}, Note: "合同起始年份有刮擦，原为 2013，现为 2003，没有校对章"}); err != nil {
		return err
	}
	return b.denied(o, at(11))
}

// denied is a piece that seemed false: its maker was asked, denied it, and the head referred it.
func (b *builder) denied(o *office, id string) error {
	k, unit := b.in.Dossiers, "嘉陵中学（演示）"
	b.at(6, 9, 0)
	m, err := k.Receive(b.ctx, o.clerk, dossier.Intake{DossierID: id, Origin: dossier.FromUnit, Giver: unit, Maker: unit, Description: dossier.Description{Title: "专业技术职务任职资格评审表", Year: int64(b.today.Year()), Month: 3, Copies: 1, Pages: 4}})
	if err != nil {
		return err
	}
	if _, err = k.Appraise(b.ctx, o.clerk, m.ID, dossier.Judgement{Decision: dossier.ToVerify, Defects: []string{"false-or-suspect"}, Note: "评审委员会印章与同年其他材料不同"}); err != nil {
		return err
	}
	b.at(4, 9, 0)
	if _, err = k.Verify(b.ctx, o.clerk, m.ID, dossier.NewVerification{Kind: dossier.WithMaker, Party: unit + "人事科", Way: "函件", Answer: "当年没有推荐过该同志", On: b.today.AddDays(-4).String()}); err != nil {
		return err
	}
	if _, err = k.Appraise(b.ctx, o.clerk, m.ID, dossier.Judgement{Decision: dossier.ToReturn, Defects: []string{"false-or-suspect"}, Note: "形成单位书面答复没有推荐过，印章不是其使用的"}); err != nil {
		return err
	}
	b.at(3, 15, 0)
	_, _, err = k.DecideReport(b.ctx, o.headOf, m.ID, dossier.Reporting{Refer: true, Recipient: "南岸区人力资源和社会保障局（演示）", Finding: "材料原样留存，建议调查"})
	return err
}
