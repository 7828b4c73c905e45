package transfer

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"

	"dangan/internal/account"
	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/clock"
	"dangan/internal/codes"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/paper"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/staff"
	"dangan/internal/store"
	"dangan/internal/undertaking"
)

// foot is said on every paper (forms.md 19.6), beside the free statement and the hotline that the layout adds.
const foot = "本件为电子件打印，真伪请扫码验证"

// handler is a member of staff as papers name one.
func handler(ctx context.Context, q store.Querier, id string) string {
	m, err := staff.Get(ctx, q, id)
	if err != nil {
		return ""
	}
	return m.Name
}

// draft is what every paper of a case has.
func (c Case) draft(kind string, by agency.Agency, addressee string) document.Draft {
	return document.Draft{Kind: kind, Agency: by, CaseRef: c.Ref(), DossierID: c.DossierID, Addressee: addressee, Notice: foot, IDTail: identity.LastFour(c.IDNo)}
}

func long(day string) string { return calendar.Date(day).Long() }

// birth is 1990年3月 of the identity number.
func (c Case) birth() string {
	return c.IDNo[6:10] + "年" + strings.TrimPrefix(c.IDNo[10:12], "0") + "月"
}

func closing(a agency.Agency, p document.Issue, left ...string) paper.Closing {
	return paper.Closing{Issuer: a.Name, Date: p.At, Seal: p.Seal, Left: left}
}

// issueAcceptance is the 受理回执 every application gets (29.8).
func (k *Desk) issueAcceptance(tx *gate.Tx, c Case, own agency.Agency) error {
	came, err := account.CameField(tx, c.Ref())
	if err != nil {
		return err
	}
	says := "你（单位）提出的档案转入申请已受理。我单位将向原存档机构（单位）开具调档函；原存档机构自收到调档函之日起15个工作日内审核、密封并寄送档案，无需本人携带。档案到达并核对后，由我单位告知。办到哪一步，可凭本回执的编号和验证码在文书验证页随时查看。"
	switch {
	case c.PassedBy != "":
		says = "你（单位）提出的档案转入申请已由我单位受理，并转交" + c.ReceiverName + "办理，无需重新申请。" + c.ReceiverName + "将向原存档机构（单位）开具调档函；原存档机构自收到调档函之日起15个工作日内审核、密封并寄送档案，无需本人携带。"
	case c.Reason == ReasonFound:
		says = "由个人交来、已封存并经原存档单位核实的档案，现按《流动人员人事档案管理服务规定》第二十条逐份核对后接收。核对情况和缺少的材料，由我单位一次告知，无需本人取送。"
	}
	return k.press.Accept(tx, c.draft(document.Acceptance, own, c.Applicant), document.Taken{To: c.Applicant, Says: []string{says},
		Fields: append([]paper.Field{{Label: "申请事项", Value: "人事档案转入"}, {Label: "案号", Value: c.No},
			{Label: "存档人员", Value: c.PersonName}, {Label: "公民身份号码", Value: identity.Mask(c.IDNo)},
			{Label: "核验证件", Value: c.Document}, {Label: "存档依据", Value: c.Tie()},
			{Label: "原存档机构", Value: c.HolderName, Wide: true},
			{Label: "受理日期", Value: long(c.AppliedOn)}, {Label: "办理方式", Value: c.nextStep()}}, came...)})
}

// issueLetterTaken is the 受理回执 of an outside organ's letter, for one or for many: until when
// the dossier is sent or refused in writing, and what ends the matter (20.2b, 29.8).
func (k *Desk) issueLetterTaken(tx *gate.Tx, d document.Draft, no, whom, letterNo, receivedOn, dueOn string) error {
	return k.press.Accept(tx, d, document.Taken{To: d.Addressee,
		Fields: []paper.Field{{Label: "来函事项", Value: "人事档案转出"}, {Label: "案号", Value: no}, {Label: "存档人员", Value: whom}, {Label: "来函编号", Value: letterNo},
			{Label: "收函日期", Value: long(receivedOn)}, {Label: "办理期限", Value: long(dueOn) + "前"}},
		Says: []string{"你单位来函已登记受理。我单位自收函之日起15个工作日内审核、密封，按规定的方式寄送；暂不能转出的，在同一期限内书面答复全部理由和异议途径。档案不交由个人携带。收到并核对档案后，请即退回转递通知单回执，本件随之办结。办到哪一步，可凭本回执的编号和验证码在文书验证页随时查看。"}})
}

// nextStep is what the acceptance slip says comes next.
func (c Case) nextStep() string {
	if c.Reason == ReasonFound {
		return "即办逐份核对"
	}
	return "即办调档函"
}

// issueLetter is the 调档函 in three parts (forms.md 1).
func (k *Desk) issueLetter(tx *gate.Tx, c Case, until calendar.Date) (document.Document, error) {
	own, err := agency.Get(tx.Context(), tx, c.Receiver)
	if err != nil {
		return document.Document{}, err
	}
	d := c.draft(document.TransferLetter, own, c.HolderName)
	d.Title, d.Form, d.ValidUntil = "流动人员人事档案调档函", true, until.String()
	way := "机要通信、专人送取或邮政特快专递等给据邮件（依规定）"
	if c.WayRequired != "" {
		way = WayName(c.WayRequired)
	}
	name := tx.Actor().Name
	applicant := c.Applicant
	if c.Agent != "" {
		applicant += "（代办人 " + c.Agent + "）"
	}
	person := []paper.Field{{Label: "姓名", Value: c.PersonName}, {Label: "性别", Value: codes.Name(codes.Sexes(), c.Sex)}, {Label: "出生年月", Value: c.birth()},
		{Label: "公民身份号码", Value: c.IDNo}, {Label: "调档原因", Value: c.Reason}, {Label: "存档依据", Value: c.Tie()}, {Label: "申请人", Value: applicant, Wide: true}}
	if c.Employer != "" {
		person = append(person, paper.Field{Label: "现工作单位", Value: c.Employer, Wide: true})
	}
	if c.PartyHeading != "" { // 24: to whom the holder's Party organization addresses the membership letter
		person = append(person, paper.Field{Label: "党组织关系接转抬头（党员）", Value: c.PartyHeading, Wide: true})
	}
	d.Write = func(doc *paper.Document, p document.Issue) {
		doc.Part(paper.Part{Label: "存根", Note: "由开函机构留存"})
		doc.Fields(2, append([]paper.Field{{Label: "原存档机构", Value: c.HolderName, Wide: true}}, person[:4]...)...)
		doc.Fields(2, paper.Field{Label: "有效期至", Value: until.Long()}, paper.Field{Label: "验证码", Value: p.Code}, paper.Field{Label: "经办人", Value: name}, paper.Field{Label: "案号", Value: c.No})
		doc.Part(paper.Part{Label: "正联", Note: "交原存档机构（单位）"})
		doc.Addressee(c.HolderName)
		doc.Paragraph("因" + c.Reason + "，" + c.PersonName + "同志（公民身份号码" + c.IDNo + "）的人事档案拟由我单位管理。请于收到本函后15个工作日内，按规定审核、包封，将档案及材料目录清单、转递通知单转至我单位。严禁个人自带档案。")
		doc.Fields(2, append(person, paper.Field{Label: "接收机构", Value: own.Name, Wide: true}, paper.Field{Label: "接收地址", Value: own.Address + " " + own.Desk, Wide: true},
			paper.Field{Label: "邮政编码", Value: own.Postcode}, paper.Field{Label: "联系电话", Value: own.Phone}, paper.Field{Label: "机要通信地址", Value: own.PostNo},
			paper.Field{Label: "有效期至", Value: until.Long()}, paper.Field{Label: "转递方式", Value: way, Wide: true})...)
		doc.Close(closing(own, p, "经办人："+name))
		doc.Part(paper.Part{Label: "回执", Note: "由原存档机构（单位）填写后退回", Title: "流动人员人事档案调档函回执"})
		doc.Fields(2, paper.Field{Label: "姓名", Value: c.PersonName}, paper.Field{Label: "收函日期", Value: blankDay},
			paper.Field{Label: "办理意见", Value: paper.Choose([]string{"同意转出", "不符合转递规定（附理由）"}), Wide: true}, paper.Field{Label: "理由", Value: "", Wide: true})
		doc.Close(paper.Closing{Issuer: "原存档机构（单位）盖章：", Left: []string{"经办人："}})
	}
	return k.press.Issue(tx, d)
}

// postWays are the ways of 20.3a as papers let one choose.
var (
	postWays = []string{"机要通信", "专人送取", "给据邮件"}
	postWay  = map[string]string{ConfidentialPost: postWays[0], Messenger: postWays[1], RegisteredMail: postWays[2]}
)

// blankDay is a day that is written in by hand.
const blankDay = "　　年　　月　　日"

// leaving is a packet that goes out, for its notice and list.
type leaving struct {
	own                     agency.Agency
	to, basis, reason       string // whom it goes to, on what paper, and why
	first, second, secondAs string // who packed, and who looked at it beside
}

// issueNotice makes the papers a packet leaves with (20.2b).
func (k *Desk) issueNotice(tx *gate.Tx, c *Case, held dossier.Dossier, items []Item) error {
	own, err := agency.Get(tx.Context(), tx, c.Holder)
	if err != nil {
		return err
	}
	basis := c.LetterNo
	if c.Packet() {
		basis = c.Document
	}
	c.NoticeNo, err = k.issueLeaving(tx, *c, held, items, leaving{own: own, to: c.ReceiverName, basis: basis, reason: c.Reason,
		first: tx.Actor().Name, second: handler(tx.Context(), tx, c.ReviewedBy), secondAs: "审核人"})
	return err
}

// issueBack makes the papers a packet goes back with to a former employer.
func (k *Desk) issueBack(tx *gate.Tx, c *Case, held dossier.Dossier, items []Item) error {
	own, err := agency.Get(tx.Context(), tx, c.Receiver)
	if err != nil {
		return err
	}
	basis := c.NoticeNo
	if basis == "" {
		basis = c.LetterNo
	}
	c.BackNo, err = k.issueLeaving(tx, *c, held, items, leaving{own: own, to: c.HolderName, basis: basis, reason: "缺少关键材料，协商退回原单位补充",
		first: tx.Actor().Name, second: other(handler(tx.Context(), tx, c.CheckedBy), tx.Actor().Name), secondAs: "核对人"})
	return err
}

// other is a second person's name, or nothing where it is the same one.
func other(name, first string) string {
	if name == first {
		return ""
	}
	return name
}

// signers are who stands at the foot of a leaving packet's papers.
func (l leaving) signers(first string) []string {
	if l.second == "" {
		return []string{first + "：" + l.first}
	}
	return []string{first + "：" + l.first, l.secondAs + "：" + l.second}
}

// issueLeaving makes the 转递通知单 in three parts and the 材料目录清单 that shares its
// number, and gives the number.
func (k *Desk) issueLeaving(tx *gate.Tx, c Case, held dossier.Dossier, items []Item, l leaving) (string, error) {
	own := l.own
	copies, pages, loose := totals(items)
	digital := "无"
	if held.Images > 0 {
		n, sum, err := dossier.ImageSum(tx.Context(), tx, held.ID)
		if err != nil {
			return "", err
		}
		digital = fmt.Sprintf("有，影像%d页，校验值 %s", n, sum)
	}
	bound, err := boundBy(tx.Context(), tx, c, held)
	if err != nil {
		return "", err
	}
	ways := postWays
	if bound.Any() {
		ways = ways[:2]
	}
	d := c.draft(document.TransferNotice, own, l.to)
	d.Title, d.Form = "流动人员人事档案转递通知单", true
	main := []paper.Field{{Label: "接收单位", Value: l.to, Wide: true}, {Label: "姓名", Value: c.PersonName}, {Label: "公民身份号码", Value: c.IDNo},
		{Label: "依据编号", Value: l.basis}, {Label: "转递原因", Value: l.reason},
		{Label: "正本／副本", Value: fmt.Sprintf("%d卷／0卷", c.Volumes)}, {Label: "材料份数／页数", Value: fmt.Sprintf("%d份／%d页", copies, pages)},
		{Label: "零散材料", Value: fmt.Sprintf("%d份", loose)}, {Label: "封条编号", Value: c.SealNo}, {Label: "数字档案", Value: digital, Wide: true},
		{Label: "转递方式", Value: paper.Choose(ways), Wide: true}, {Label: "编号或送取人", Value: ""}, {Label: "发出日期", Value: blankDay}}
	d.Write = func(doc *paper.Document, p document.Issue) {
		doc.Part(paper.Part{Label: "存根", Note: "由发出单位留存"})
		doc.Fields(2, main[:7]...)
		doc.Signatures("经办人", l.secondAs, "日期")
		doc.Part(paper.Part{Label: "通知单", Note: "随档案转递"})
		doc.Fields(2, main...)
		doc.Close(closing(own, p, l.signers("经办人")...))
		doc.Part(paper.Part{Label: "回执", Note: "由接收单位填写后退回", Title: "流动人员人事档案转递通知单回执"})
		doc.Fields(2, paper.Field{Label: "姓名", Value: c.PersonName}, paper.Field{Label: "收到日期", Value: blankDay},
			paper.Field{Label: "包封、封条", Value: paper.Choose([]string{"完好", "有损"})}, paper.Field{Label: "与目录核对", Value: paper.Choose([]string{"相符", "不符"})},
			paper.Field{Label: "实收", Value: "　　卷　　　份　　　页", Wide: true}, paper.Field{Label: "缺少关键材料", Value: "", Wide: true}, paper.Field{Label: "处理", Value: paper.Choose(Outcomes), Wide: true},
			paper.Field{Label: "不符情况", Value: "", Wide: true}, paper.Field{Label: "寄回", Value: own.Name + "，" + own.Address + " " + own.Desk + "，邮编" + own.Postcode, Wide: true})
		doc.Close(paper.Closing{Issuer: "接收单位（盖章）：", Left: []string{"收件人：", "核对人："}})
	}
	notice, err := k.press.Issue(tx, d)
	if err != nil {
		return "", err
	}
	return notice.Number, k.issueList(tx, c, notice.Number, held, items, l)
}

// issueSent completes the sender's stub once the packet is on its way: how, under which
// number, with whom and when (forms.md 2). The notice itself travels in the packet, sealed
// before any of it is known, and is written in by hand.
func (k *Desk) issueSent(tx *gate.Tx, own agency.Agency, d document.Draft, notice, whom, way, by, on, seal string) error {
	papers, err := document.Of(tx.Context(), tx, d.CaseRef)
	if err != nil {
		return err
	}
	before := 0
	for _, p := range papers {
		if strings.HasPrefix(p.Number, notice+"-F") {
			before++
		}
	}
	d.Title, d.Form, d.NumberOf, d.Suffix = "流动人员人事档案转递通知单存根\n（发出登记）", true, notice, "-F"
	if before > 0 { // the second try leaves the first on record
		d.Suffix = fmt.Sprintf("-F%d", before+1)
	}
	name := tx.Actor().Name
	d.Write = func(doc *paper.Document, p document.Issue) {
		doc.Part(paper.Part{Label: "存根", Note: "由发出单位留存"})
		doc.Fields(2, paper.Field{Label: "转递通知单编号", Value: notice}, paper.Field{Label: "存档人员", Value: whom}, paper.Field{Label: "封条编号", Value: seal}, paper.Field{Label: "接收单位", Value: d.Addressee, Wide: true},
			paper.Field{Label: "转递方式", Value: paper.Choose(postWays, postWay[way]), Wide: true}, paper.Field{Label: "编号或送取人", Value: by, Wide: true}, paper.Field{Label: "发出日期", Value: long(on)})
		doc.Close(closing(own, p, "经办人："+name))
	}
	_, err = k.press.Issue(tx, d)
	return err
}

// issueSentOf completes the stub of one dossier's packet, out or back.
func (k *Desk) issueSentOf(tx *gate.Tx, c Case) error {
	at, to, notice := c.sender(), c.ReceiverName, c.NoticeNo
	if c.Direction == In {
		to, notice = c.HolderName, c.BackNo
	}
	own, err := agency.Get(tx.Context(), tx, at)
	if err != nil {
		return err
	}
	return k.issueSent(tx, own, c.draft(document.TransferNotice, own, to), notice, c.PersonName, c.Way, byWhat(c.TrackingNo, c.Office, c.Carriers()), c.DispatchedOn, c.SealNo)
}

// notice is the 转递通知单 of a packet with many dossiers: everybody by name.
func (l List) notice(own agency.Agency, parts []part, clerk, reviewer string) document.Draft {
	t := paper.Table{Columns: []paper.Column{{Title: "序号", Width: 8, Align: paper.AlignCenter}, {Title: "姓名", Width: 18}, {Title: "公民身份号码", Width: 46}, {Title: "案号", Width: 38},
		{Title: "卷数", Width: 9, Align: paper.AlignCenter}, {Title: "份数", Width: 9, Align: paper.AlignCenter}, {Title: "页数", Width: 9, Align: paper.AlignCenter}, {Title: "零散", Width: 9, Align: paper.AlignCenter},
		{Title: "数字档案", Width: 24}, {Title: "实收卷／份／页", Width: 20, Align: paper.AlignCenter}}}
	var volumes, copies, pages, loose int64
	for i, c := range parts {
		n, p, free := totals(c.items)
		volumes, copies, pages, loose = volumes+c.Volumes, copies+n, pages+p, loose+free
		digital := "无"
		if c.images > 0 {
			digital = fmt.Sprintf("有，%d页，%s", c.images, c.sum)
		}
		t.Rows = append(t.Rows, []string{fmt.Sprint(i + 1), c.PersonName, identity.Mask(c.IDNo), c.No, fmt.Sprint(c.Volumes), fmt.Sprint(n), fmt.Sprint(p), fmt.Sprint(free), digital, ""})
	}
	t.Total = []string{"", "合计", fmt.Sprintf("%d人", len(parts)), "", fmt.Sprint(volumes), fmt.Sprint(copies), fmt.Sprint(pages), fmt.Sprint(loose), "", ""}
	main := []paper.Field{{Label: "接收单位", Value: l.ReceiverName, Wide: true}, {Label: "依据编号", Value: l.LetterNo}, {Label: "转递原因", Value: l.Reason}, {Label: "批号", Value: l.No}, {Label: "封条编号", Value: l.SealNo},
		{Label: "人数", Value: fmt.Sprintf("%d人", len(parts))}, {Label: "卷数／份数／页数", Value: fmt.Sprintf("%d卷／%d份／%d页", volumes, copies, pages)}, {Label: "零散材料", Value: fmt.Sprintf("%d份", loose)}}
	way := []paper.Field{{Label: "转递方式", Value: paper.Choose(postWays), Wide: true}, {Label: "编号或送取人", Value: ""}, {Label: "发出日期", Value: blankDay}}
	d := document.Draft{Kind: document.TransferNotice, Agency: own, CaseRef: l.Ref(), Addressee: l.ReceiverName, Notice: foot, Form: true, Title: "流动人员人事档案转递通知单（批量）"}
	d.Write = func(doc *paper.Document, p document.Issue) {
		doc.Part(paper.Part{Label: "存根", Note: "由发出单位留存"})
		doc.Fields(2, main...)
		doc.Signatures("经办人", "审核人", "日期")
		doc.Part(paper.Part{Label: "通知单", Note: "随档案转递"})
		doc.Addressee(l.ReceiverName)
		doc.Fields(2, append(main, way...)...)
		doc.Table(t)
		doc.Close(closing(own, p, "经办人："+clerk, "审核人："+reviewer))
		doc.Part(paper.Part{Label: "回执", Note: "由接收单位填写后退回", Title: "流动人员人事档案转递通知单回执（批量）"})
		doc.Fields(2, paper.Field{Label: "收到日期", Value: blankDay}, paper.Field{Label: "实收", Value: "　　人　　卷　　份　　页"},
			paper.Field{Label: "包封、封条", Value: paper.Choose([]string{"完好", "有损"})}, paper.Field{Label: "与目录核对", Value: paper.Choose([]string{"相符", "不符"})},
			paper.Field{Label: "不符情况", Value: "", Wide: true}, paper.Field{Label: "未收到的人员", Value: "", Wide: true}, paper.Field{Label: "缺少关键材料", Value: "", Wide: true}, paper.Field{Label: "处理", Value: paper.Choose(Outcomes), Wide: true}, paper.Field{Label: "寄回", Value: own.Name + "，" + own.Address + " " + own.Desk + "，邮编" + own.Postcode, Wide: true})
		doc.Close(paper.Closing{Issuer: "接收单位（盖章）：", Left: []string{"收件人：", "核对人："}})
	}
	return d
}

// packing is the 材料目录清单 of a packet with many dossiers, each under its own heading with
// what a single list says at its head; loose pieces stand after the catalog's, under theirs.
func (l List) packing(own agency.Agency, parts []part, clerk, reviewer string) document.Draft {
	t := paper.Table{Columns: listColumns()}
	var copies, pages int64
	for i, c := range parts {
		n, p := Size(c.items)
		copies, pages = copies+n, pages+p
		t.Rows = append(t.Rows, []string{fmt.Sprintf("%d　%s　%s　档案编号%s　%s　%d卷%d份%d页", i+1, c.PersonName, identity.Mask(c.IDNo), c.held.No, listSource(c.held.Catalog), c.Volumes, n, p)})
		loose := false
		for _, m := range c.items {
			if m.Loose && !loose {
				loose = true
				t.Rows = append(t.Rows, []string{looseHeading})
			}
			t.Rows = append(t.Rows, m.listed())
		}
	}
	t.Total = []string{"", "", "合计", "", fmt.Sprint(copies), fmt.Sprint(pages), "", "", "", "", ""}
	d := document.Draft{Kind: document.PackingList, Agency: own, CaseRef: l.Ref(), Addressee: l.ReceiverName, Notice: foot, Form: true, Title: "流动人员人事档案材料目录清单（批量）", NumberOf: l.NoticeNo, Suffix: "-M"}
	d.Write = func(doc *paper.Document, p document.Issue) {
		doc.Fields(2, paper.Field{Label: "转递通知单编号", Value: l.NoticeNo}, paper.Field{Label: "人数", Value: fmt.Sprintf("%d人", len(parts))}, paper.Field{Label: "接收单位", Value: l.ReceiverName}, paper.Field{Label: "生成时间", Value: p.At.In(clock.Shanghai).Format("2006年1月2日 15:04")})
		doc.Table(t)
		doc.Close(closing(own, p, "整理人："+clerk, "审核人："+reviewer, "接收方核对人（二人）：", "核对日期："))
	}
	return d
}

// looseHeading is over the pieces that are not filed yet.
const looseHeading = "零散材料（未归档）"

// listColumns are those of a 材料目录清单 (forms.md 3).
func listColumns() []paper.Column {
	return []paper.Column{{Title: "序号", Width: 8, Align: paper.AlignCenter}, {Title: "类号", Width: 12, Align: paper.AlignCenter}, {Title: "材料名称", Width: 42},
		{Title: "形成时间", Width: 18, Align: paper.AlignCenter}, {Title: "份数", Width: 8, Align: paper.AlignCenter}, {Title: "页数", Width: 8, Align: paper.AlignCenter},
		{Title: "关键材料", Width: 16, Align: paper.AlignCenter}, {Title: "影像", Width: 8, Align: paper.AlignCenter}, {Title: "发出", Width: 8, Align: paper.AlignCenter},
		{Title: "接收", Width: 8, Align: paper.AlignCenter}, {Title: "备注", Width: 14}}
}

// listed is a line of the list. The sender's check is the review of this very list; the
// receiver fills its own column.
func (i Item) listed() []string {
	note, image := i.Note, "无"
	if i.IsCopy {
		note = strings.TrimSpace("复制件 " + note)
	}
	if i.HasImage {
		image = "有"
	}
	return []string{fmt.Sprint(i.LineNo), i.Number(), i.Text(), i.Formed, fmt.Sprint(i.Copies), fmt.Sprint(i.Pages), i.proves(), image, "√", "", note}
}

// listSource is what a list was made from.
func listSource(catalog int64) string {
	if catalog == 0 {
		return "对照实物逐份登记"
	}
	return fmt.Sprintf("目录第%d版", catalog)
}

// issueList is the 材料目录清单: by class, loose pieces under their own heading, a
// state-secret item without title.
func (k *Desk) issueList(tx *gate.Tx, c Case, noticeNo string, held dossier.Dossier, items []Item, l leaving) error {
	copies, pages, _ := totals(items)
	d := c.draft(document.PackingList, l.own, l.to)
	d.Title, d.Form, d.NumberOf, d.Suffix = "流动人员人事档案材料目录清单", true, noticeNo, "-M"
	t := paper.Table{
		Columns: listColumns(),
		Total:   []string{"", "", "合计", "", fmt.Sprint(copies), fmt.Sprint(pages), "", "", "", "", ""},
	}
	heading := ""
	for _, i := range items {
		h := looseHeading
		if !i.Loose {
			h = className(i.Class)
		}
		if h != heading {
			t.Rows, heading = append(t.Rows, []string{h}), h
		}
		t.Rows = append(t.Rows, i.listed())
	}
	catalog := held.Catalog
	if c.Direction == In {
		catalog = 0
	}
	d.Write = func(doc *paper.Document, p document.Issue) {
		fields := []paper.Field{{Label: "姓名", Value: c.PersonName}, {Label: "公民身份号码", Value: identity.Mask(c.IDNo)}, {Label: "转递通知单编号", Value: noticeNo},
			{Label: "目录来源", Value: listSource(catalog)}, {Label: "生成时间", Value: p.At.In(clock.Shanghai).Format("2006年1月2日 15:04")}}
		if held.No != "" {
			fields = append(fields, paper.Field{Label: "档案编号", Value: held.No})
		}
		doc.Fields(2, fields...)
		doc.Table(t)
		doc.Close(closing(l.own, p, append(l.signers("整理人"), "接收方核对人（二人）：", "核对日期：")...))
	}
	_, err := k.press.Issue(tx, d)
	return err
}

func className(code string) string {
	main, _, _ := strings.Cut(code, "-")
	n, err := strconv.Atoi(main)
	if err != nil {
		return "第" + code + "类"
	}
	for _, c := range codes.Classes() {
		if c.Code == main {
			return "第" + paper.Numeral(n) + "类　" + c.Name
		}
	}
	return "第" + paper.Numeral(n) + "类"
}

// Number is the place in the catalog, class and sequence; a loose piece has none.
func (i Item) Number() string {
	if i.Loose || i.Seq == 0 {
		return "—"
	}
	return fmt.Sprintf("%s-%d", i.Class, i.Seq)
}

// Text is the title as lists print it; a state-secret item has none (15).
func (i Item) Text() string {
	if i.Secret {
		return "涉密材料（纸质随转）"
	}
	return i.Title
}

// proves is what a piece proves, as lists print it: of a closed one it would tell what it is (15).
func (i Item) proves() string {
	if i.Title == dossier.Withheld {
		return keyNames("")
	}
	return keyNames(i.KeyFacts)
}

func keyNames(slugs string) string {
	if slugs == "" {
		return "—"
	}
	var names []string
	for _, s := range strings.Split(slugs, "|") {
		names = append(names, dossier.KeyFactName(s))
	}
	return strings.Join(names, "、")
}

// issueReceipt is the 回执 (20.5): it closes the sender's case.
func (k *Desk) issueReceipt(tx *gate.Tx, c *Case, held dossier.Dossier, items []Item, gaps []Gap) error {
	own, err := agency.Get(tx.Context(), tx, c.Receiver)
	if err != nil {
		return err
	}
	copies, pages := received(items)
	key, _ := split(gaps)
	var missing []string
	for _, g := range key {
		missing = append(missing, dossier.KeyFactName(g.KeyFact))
	}
	noticeNo := c.NoticeNo
	if noticeNo == "" {
		noticeNo = "（来件未附通知单）"
	}
	first, second := handler(tx.Context(), tx, c.CheckedBy), tx.Actor().Name
	d := c.draft(document.ReceiptSlip, own, c.HolderName)
	d.Title, d.Form, d.DossierID = "流动人员人事档案转递通知单回执", true, held.ID
	if c.Direction == Inner {
		d.NumberOf, d.Suffix = c.NoticeNo, "-H"
	}
	intact := "有损"
	if c.Intact {
		intact = "完好"
	}
	handled := paper.Choose(Outcomes, c.Outcome)
	if c.Outcome == KeptApart {
		handled = paper.Choose(Outcomes, "接收") + "　来件已收存，另行核实后归档"
	}
	d.Write = func(doc *paper.Document, p document.Issue) {
		doc.Addressee(c.HolderName)
		doc.Fields(2, paper.Field{Label: "通知单编号", Value: noticeNo}, paper.Field{Label: "姓名", Value: c.PersonName},
			paper.Field{Label: "收到日期", Value: long(c.ArrivedOn)}, paper.Field{Label: "包封、封条", Value: paper.Choose([]string{"完好", "有损"}, intact)},
			paper.Field{Label: "与目录核对", Value: paper.Choose([]string{"相符", "不符"}, c.CheckResult)}, paper.Field{Label: "实收", Value: fmt.Sprintf("%d卷／%d份／%d页", c.came(), copies, pages)},
			paper.Field{Label: "不符情况", Value: c.Differences, Wide: true}, paper.Field{Label: "缺少关键材料", Value: strings.Join(missing, "、"), Wide: true},
			paper.Field{Label: "处理", Value: handled, Wide: true})
		doc.Close(closing(own, p, "收件人："+first, "核对人："+second))
	}
	receipt, err := k.press.Issue(tx, d)
	c.ReceiptNo = receipt.Number
	return err
}

// undertaken is what both parts of the case's 告知承诺书 say (forms.md 4).
func (c Case) undertaken(own agency.Agency, held dossier.Dossier) undertaking.Paper {
	key, _ := split(c.gaps())
	return undertaking.Paper{Agency: own, CaseRef: c.Ref(), Dossier: held, Name: c.PersonName, IDNo: c.IDNo, From: paper.Field{Label: "原存档机构", Value: c.HolderName}, Checked: "材料目录清单", Gaps: key, Notice: foot}
}

// issueUndertaking is the 告知承诺书: part A told by the agency, part B for the person's signature.
func (k *Desk) issueUndertaking(tx *gate.Tx, c Case, held dossier.Dossier, due calendar.Date) error {
	own, err := agency.Get(tx.Context(), tx, c.Receiver)
	if err != nil {
		return err
	}
	_, err = k.press.Issue(tx, c.undertaken(own, held).Told(due, tx.Actor().Name))
	return err
}

// issueSupplement is the 先存后补通知书 (forms.md 5).
func (k *Desk) issueSupplement(tx *gate.Tx, c Case, held dossier.Dossier, other []Gap, due calendar.Date) error {
	own, err := agency.Get(tx.Context(), tx, c.Receiver)
	if err != nil {
		return err
	}
	t := paper.Table{Columns: []paper.Column{{Title: "序号", Width: 8, Align: paper.AlignCenter}, {Title: "需补充材料", Width: 44}, {Title: "类号", Width: 12, Align: paper.AlignCenter}, {Title: "形成单位", Width: 34}, {Title: "提交途径", Width: 36}}}
	for n, g := range other {
		t.Rows = append(t.Rows, []string{fmt.Sprint(n + 1), g.Title, g.Class, codes.FormedBy(g.Class), "网上、窗口、邮寄、形成单位移交"})
	}
	name := tx.Actor().Name
	d := c.draft(document.Supplement, own, c.PersonName)
	d.Form, d.DossierID = true, held.ID
	d.Write = func(doc *paper.Document, p document.Issue) {
		doc.Part(paper.Part{Label: "通知", Note: "交本人"})
		doc.Addressee(c.PersonName)
		doc.Fields(2, paper.Field{Label: "姓名", Value: c.PersonName}, paper.Field{Label: "公民身份号码", Value: identity.Mask(c.IDNo)}, paper.Field{Label: "档案编号", Value: held.No, Wide: true})
		doc.Paragraph("你的人事档案已接收，不影响办理其他服务。下列材料请于" + due.Long() + "前补充：")
		doc.Table(t)
		doc.Close(closing(own, p, "经办人："+name))
		doc.Part(paper.Part{Label: "回复", Note: "由本人或形成单位填写", Title: "先存后补回复单"})
		doc.Fields(2, paper.Field{Label: "姓名", Value: c.PersonName}, paper.Field{Label: "情况", Value: paper.Choose([]string{"已补充", "无此材料"})}, paper.Field{Label: "说明", Value: "", Wide: true})
		doc.Signatures("填写人", "日期")
	}
	_, err = k.press.Issue(tx, d)
	return err
}

// issueCustodyProof is the 收档凭证 (forms.md 7).
func (k *Desk) issueCustodyProof(tx *gate.Tx, c Case, held dossier.Dossier, items []Item, gaps []Gap) error {
	own, err := agency.Get(tx.Context(), tx, c.Receiver)
	if err != nil {
		return err
	}
	copies, _ := received(items)
	acceptance := map[string]string{"接收": "齐全接收", "告知承诺后接收": "告知承诺接收", "先存后补接收": "先存后补接收"}[c.Outcome]
	noticeNo := c.NoticeNo
	if noticeNo == "" {
		noticeNo = "—"
	}
	name := tx.Actor().Name
	d := c.draft(document.CustodyProof, own, c.PersonName)
	d.Form, d.DossierID = true, held.ID
	kind, unit := "个人账户", ""
	if held.AccountKind == account.Collective {
		kind, unit = "集体账户", held.AccountUnit
	}
	fields := []paper.Field{{Label: "姓名", Value: c.PersonName}, {Label: "公民身份号码", Value: identity.Mask(c.IDNo)}, {Label: "档案编号", Value: held.No}, {Label: "账户类型", Value: kind},
		{Label: "转入来源", Value: c.HolderName}, {Label: "转递通知单编号", Value: noticeNo}, {Label: "收到日期", Value: long(c.ArrivedOn)}, {Label: "接收方式", Value: acceptance},
		{Label: "待补充材料", Value: fmt.Sprintf("%d项", len(gaps))}, {Label: "案号", Value: c.No}}
	copiesTo := []string{"交本人"}
	if unit != "" { // the unit whose account it stands on gets its own
		fields = append(fields, paper.Field{Label: "集体存档单位", Value: unit, Wide: true})
		copiesTo = append(copiesTo, "交集体存档单位")
	}
	d.Write = func(doc *paper.Document, p document.Issue) {
		doc.Part(paper.Part{Label: "存根", Note: "由出具机构留存"})
		doc.Fields(2, fields...)
		for _, to := range copiesTo {
			doc.Part(paper.Part{Label: "凭证", Note: to})
			doc.Paragraph(fmt.Sprintf("兹收到%s同志的人事档案%d卷%d份，已办理存档手续。", c.PersonName, c.came(), copies))
			doc.Fields(2, fields...)
			doc.Close(closing(own, p, "经办人："+name))
		}
	}
	_, err = k.press.Issue(tx, d)
	return err
}

// issueRefusal is the 不予转出 answer in writing: all reasons, each with its clause
// and the way on, and where to object (forms.md 18).
func (k *Desk) issueRefusal(tx *gate.Tx, c Case, reasons []rule.Reason) error {
	own, err := agency.Get(tx.Context(), tx, c.Holder)
	if err != nil {
		return err
	}
	above, err := store.Get[agency.Agency](tx.Context(), tx, "WHERE id=?", own.Parent)
	if err != nil {
		return fmt.Errorf("authority above %s: %w", own.ID, err)
	}
	t := paper.Table{Columns: []paper.Column{{Title: "序号", Width: 8, Align: paper.AlignCenter}, {Title: "不予转出的理由", Width: 50}, {Title: "依据", Width: 44}, {Title: "可以怎样办", Width: 44}}}
	for n, r := range reasons {
		basis := ""
		if known, ok := rule.Get(r.Rule); ok {
			basis = "《流动人员人事档案管理服务规定》" + known.Paper
		}
		t.Rows = append(t.Rows, []string{fmt.Sprint(n + 1), r.Message, basis, r.Next})
	}
	phone := cmp.Or(above.Complaints(), own.Complaints())
	reviewer, registrar := tx.Actor().Name, handler(tx.Context(), tx, c.RegisteredBy)
	d := c.draft(document.RefusalNotice, own, c.ReceiverName)
	d.Title, d.Form = "不予转出告知单", true
	fields := []paper.Field{{Label: "申请人", Value: c.ReceiverName}, {Label: "存档人员", Value: c.PersonName}, {Label: "公民身份号码", Value: identity.Mask(c.IDNo)},
		{Label: "申请事项", Value: "人事档案转出"}, {Label: "调档函编号", Value: c.LetterNo}, {Label: "收函日期", Value: long(c.RegisteredOn)}}
	d.Write = func(doc *paper.Document, p document.Issue) {
		doc.Part(paper.Part{Label: "存根", Note: "由出具机构留存"})
		doc.Fields(2, fields...)
		doc.Part(paper.Part{Label: "正本", Note: "送接收机构和本人"})
		doc.Addressee(c.ReceiverName + "、" + c.PersonName)
		doc.Fields(2, fields...)
		doc.Table(t)
		doc.Paragraph("事由消除后，可凭有效调档函重新办理，不需本人往返。对本告知有异议的，可自收到之日起" + strconv.Itoa(k.settings.Int(setting.ObjectionDays)) + "日内向" + above.Name + "提出，电话" + phone + "；" + strconv.Itoa(k.settings.Int(setting.ObjectionAnswer)) + "个工作日内答复。")
		doc.Close(closing(own, p, "经办人："+registrar, "审核人："+reviewer))
		doc.Fields(2, paper.Field{Label: "送达方式", Value: paper.Choose([]string{"当面", "邮寄", "网上"})}, paper.Field{Label: "签收", Value: ""})
	}
	_, err = k.press.Issue(tx, d)
	return err
}
