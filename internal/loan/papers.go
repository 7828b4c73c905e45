package loan

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"dangan/internal/account"
	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/message"
	"dangan/internal/paper"
	"dangan/internal/person"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/staff"
	"dangan/internal/store"
)

// sheet is what every paper of a case is written from.
type sheet struct {
	agency, bureau agency.Agency
	person         person.Person
	dossier        dossier.Dossier
	c              Case
	people         []Person
}

func (k *Desk) sheet(tx *gate.Tx, c Case, d dossier.Dossier) (s sheet, err error) {
	s.c, s.dossier = c, d
	ctx := tx.Context()
	if s.agency, err = agency.Get(ctx, tx, c.Agency); err != nil {
		return s, err
	}
	if s.agency.Parent != "" {
		if s.bureau, err = agency.Get(ctx, tx, s.agency.Parent); err != nil {
			return s, err
		}
	}
	if s.person, err = person.Get(ctx, tx, d.PersonID); err != nil {
		return s, err
	}
	s.people, err = People(ctx, tx, c.ID)
	return s, err
}

func (s sheet) draft(kind string) document.Draft {
	return document.Draft{Kind: kind, Agency: s.agency, CaseRef: s.c.Ref(), DossierID: s.dossier.ID, Addressee: s.c.Unit, Form: true, IDTail: identity.LastFour(s.person.IDNo), Notice: document.Foot}
}

func staffName(tx *gate.Tx, id string) (string, error) {
	if id == "" {
		return "", nil
	}
	m, err := staff.Get(tx.Context(), tx, id)
	if errors.Is(err, store.ErrNotFound) {
		return "系统", nil
	}
	return m.Name, err
}

func staffNames(tx *gate.Tx, ids ...string) ([]string, error) {
	out := make([]string, len(ids))
	for i, id := range ids {
		var err error
		if out[i], err = staffName(tx, id); err != nil {
			return nil, err
		}
	}
	return out, nil
}

const free = "本服务不收取任何费用。"

// acceptance is the slip every application gets (29.8).
func (k *Desk) acceptance(tx *gate.Tx, c Case, d dossier.Dossier) error {
	s, err := k.sheet(tx, c, d)
	if err != nil {
		return err
	}
	handler, err := staffName(tx, c.AppliedBy)
	if err != nil {
		return err
	}
	return k.press.Accept(tx, s.draft(document.Acceptance), document.Taken{By: handler,
		Fields: []paper.Field{{Label: "申请单位", Value: c.Unit, Wide: true}, {Label: "申请事项", Value: "借阅流动人员人事档案"}, {Label: "受理编号", Value: c.No},
			{Label: "借阅事由", Value: c.PurposeText()}, {Label: "受理日期", Value: paper.Date(tx.Now())}, {Label: "借阅人", Value: names(s.people), Wide: true}},
		Says: []string{"您的借阅申请已受理。档案一般不外借，须经机构负责人批准；材料不齐的，另行一次性告知需补正的内容；审批结果由本机构告知。"}})
}

func names(people []Person) string {
	out := make([]string, len(people))
	for i, p := range people {
		out[i] = p.Name
	}
	return strings.Join(out, "、")
}

// completion tells once, with everything, what is to be completed (29.8).
func (k *Desk) completion(tx *gate.Tx, c Case, d dossier.Dossier, lacks []rule.Reason) error {
	s, err := k.sheet(tx, c, d)
	if err != nil {
		return err
	}
	rows := make([][]string, len(lacks))
	for i, l := range lacks {
		rows[i] = []string{strconv.Itoa(i + 1), l.Message, document.Basis(l.Rule), l.Next}
	}
	draft := s.draft(document.Completion)
	draft.ValidUntil = c.ToldDue
	draft.Write = func(p *paper.Document, i document.Issue) {
		p.Addressee(c.Unit)
		p.Paragraph(fmt.Sprintf("你单位%s提出的借阅申请（%s）收悉。下列内容需要补正，现一次性告知：", paper.Date(c.AppliedAt), c.No))
		p.Table(paper.Table{Columns: []paper.Column{{Title: "序号", Width: 8, Align: paper.AlignCenter}, {Title: "需补正的内容", Width: 38}, {Title: "依据", Width: 22}, {Title: "办法", Width: 32}}, Rows: rows})
		p.Paragraph("请于" + calendar.Date(c.ToldDue).Long() + "前补正。补正后本件继续办理；逾期未补正的，本件终止，可重新申请。" + free)
		p.Close(paper.Closing{Issuer: s.agency.Name, Date: i.At, Seal: i.Seal, Left: []string{"经办人：" + tx.Actor().Name}})
	}
	_, err = k.press.Issue(tx, draft)
	return err
}

// refusal is the notice of 不予借阅 (29.8; forms.md 18).
func (k *Desk) refusal(tx *gate.Tx, c Case, d dossier.Dossier, reasons []rule.Reason, next string) error {
	s, err := k.sheet(tx, c, d)
	if err != nil {
		return err
	}
	handler, err := staffName(tx, c.AppliedBy)
	if err != nil {
		return err
	}
	draft := s.draft(document.RefusalNotice)
	draft.Write = document.Refusal{Doing: "借阅", Reasons: reasons, Next: next, ObjectionDays: k.settings.Int(setting.ObjectionDays), AnswerDays: k.settings.Int(setting.ObjectionAnswer), Issuer: s.agency, Authority: s.bureau, Handler: handler, Reviewer: tx.Actor().Name, Fields: []paper.Field{
		{Label: "申请单位", Value: c.Unit, Wide: true}, {Label: "统一社会信用代码", Value: c.UnitCode}, {Label: "受理编号", Value: c.No},
		{Label: "申请事项", Value: "借阅流动人员人事档案（" + c.PurposeText() + "）"}, {Label: "申请时间", Value: paper.DateTime(c.AppliedAt)}}}.Write
	_, err = k.press.Issue(tx, draft)
	return err
}

func roles(p Person) string {
	var out []string
	if p.Keeps {
		out = append(out, "保管责任人")
	}
	if p.Carries {
		out = append(out, "取送人")
	}
	if len(out) == 0 {
		return "借阅人"
	}
	return strings.Join(out, "、")
}

// form is the application with the approvals (forms.md 10), issued with the head's.
func (k *Desk) form(tx *gate.Tx, c *Case, d dossier.Dossier) error {
	s, err := k.sheet(tx, *c, d)
	if err != nil {
		return err
	}
	by, err := staffNames(tx, c.AppliedBy, c.CheckedBy, c.ApprovedBy, c.HeadBy)
	if err != nil {
		return err
	}
	rows := make([][]string, len(s.people))
	for i, p := range s.people {
		member := codes.Name(codes.Politicals(), p.Political)
		if p.NonMember != "" {
			member += "（" + p.NonMember + "）"
		}
		rows[i] = []string{strconv.Itoa(i + 1), p.Name, identity.Mask(p.IDNo), p.Post, member, roles(p), "已声明，已承诺"}
	}
	letter := "介绍信"
	if p, _ := codes.FindPurpose(c.Purpose); p.Powers {
		letter = "法律文书"
	}
	unit := "凭" + c.PaperName + "及工作证件借阅"
	if c.FormSigned {
		unit = join("　", "已签署意见并盖章", c.FormBy)
	}
	draft := s.draft(document.Loan)
	draft.Title, draft.ValidUntil = "档案借阅申请审批表", c.ValidUntil
	draft.Write = func(p *paper.Document, i document.Issue) {
		p.Fields(2, paper.Field{Label: "借阅单位", Value: c.Unit}, paper.Field{Label: "统一社会信用代码", Value: c.UnitCode},
			paper.Field{Label: "存档人员", Value: s.person.Name}, paper.Field{Label: "公民身份号码", Value: identity.Mask(s.person.IDNo)},
			paper.Field{Label: "档案编号", Value: d.No}, paper.Field{Label: "借阅范围", Value: "全卷"},
			paper.Field{Label: "借阅事由", Value: c.PurposeText(), Wide: true}, paper.Field{Label: "事由说明", Value: join("；", c.Reason, c.Basis), Wide: true},
			paper.Field{Label: "不能就地查阅的理由", Value: c.WhyNotHere, Wide: true},
			paper.Field{Label: letter, Value: join("　", c.PaperName, c.PaperNo)}, paper.Field{Label: "文书日期", Value: calendar.Date(c.PaperOn).Long()},
			paper.Field{Label: "存放地点", Value: c.KeptAt}, paper.Field{Label: "取送方式", Value: WayName(c.Way)})
		p.Table(paper.Table{Columns: []paper.Column{{Title: "序号", Width: 7, Align: paper.AlignCenter}, {Title: "借阅人", Width: 12}, {Title: "公民身份号码", Width: 24}, {Title: "单位职务", Width: 17},
			{Title: "政治面貌", Width: 13}, {Title: "分工", Width: 14}, {Title: "回避、保密", Width: 13}}, Rows: rows})
		p.Fields(1, paper.Field{Label: "借阅单位意见", Value: unit + "；承诺安全保密、按期归还"},
			paper.Field{Label: "初审", Value: "原件已核对。" + by[1] + "　" + paper.DateTime(c.CheckedAt)},
			paper.Field{Label: "审核", Value: join("　", opinion(c.Opinion), by[2], paper.DateTime(c.ApprovedAt))},
			paper.Field{Label: "机构负责人批准", Value: join("　", opinion(c.HeadOpinion), by[3], paper.DateTime(c.HeadAt))})
		p.Fields(2, paper.Field{Label: "借阅期限", Value: fmt.Sprintf("自交接之日起%d天，可续借一次", c.Days)}, paper.Field{Label: "批准有效期至", Value: calendar.Date(c.ValidUntil).Long()})
		p.Note("借出期间档案仍由本机构管理；不得改动、抽取、添加、涂改、转借、复制，不得交存档人员本人及其亲属。" + free)
		p.Close(paper.Closing{Issuer: s.agency.Name, Date: i.At, Seal: i.Seal, Left: []string{"经办人：" + by[0], "批准人：" + by[3]}})
	}
	doc, err := k.press.Issue(tx, draft)
	c.Number = doc.Number
	return err
}

// handedOut are the two papers of the hand-out: what the taker signs for, and what stands on
// the shelf in the packet's place.
func (k *Desk) handedOut(tx *gate.Tx, c Case, d dossier.Dossier, items []Item) error {
	s, err := k.sheet(tx, c, d)
	if err != nil {
		return err
	}
	table := lineTable("借出份／页", "归还核对")
	for _, i := range items {
		table.Rows = append(table.Rows, []string{strconv.FormatInt(i.LineNo, 10), dash(i.Number), i.Text(), fmt.Sprintf("%d／%d", i.Copies, i.Pages), "", ""})
	}
	draft := s.draft(document.LoanSlip)
	draft.NumberOf, draft.Suffix, draft.Title, draft.ValidUntil = c.Number, "-J", "档案借阅交接登记单", c.DueOn
	draft.Write = func(p *paper.Document, i document.Issue) {
		p.Fields(2, paper.Field{Label: "借阅单位", Value: c.Unit}, paper.Field{Label: "审批编号", Value: c.Number}, paper.Field{Label: "存档人员", Value: s.person.Name}, paper.Field{Label: "档案编号", Value: d.No},
			paper.Field{Label: "借出日期", Value: paper.Date(c.HandedAt)}, paper.Field{Label: "应还日期", Value: calendar.Date(c.DueOn).Long()},
			paper.Field{Label: "份数、页数", Value: fmt.Sprintf("1卷，%d份，%d页", c.Materials, c.Pages)}, paper.Field{Label: "密封条号", Value: c.Seal},
			paper.Field{Label: "取送方式", Value: join("　", WayName(c.Way), c.Tracking)}, paper.Field{Label: "经手人", Value: c.TakenBy})
		if len(table.Rows) > 0 {
			p.Table(table)
		}
		p.Paragraph("上列材料双方当面逐页清点、密封。借阅单位承诺：由保管责任人在“" + c.KeptAt + "”保管；不抽取、添加、涂改、转借，不交本人及其亲属；按期密封送还。")
		p.Close(paper.Closing{Issuer: s.agency.Name, Date: i.At, Seal: i.Seal, Left: []string{"交出人：" + tx.Actor().Name}})
		p.Signatures("取送人签字", "取送人签字", "日期")
	}
	if _, err := k.press.Issue(tx, draft); err != nil {
		return err
	}
	return k.card(tx, c, d)
}

// card is the 代卷卡: it stands on the shelf and names nobody on its outside. One of a loan
// that was extended takes the place of the first.
func (k *Desk) card(tx *gate.Tx, c Case, d dossier.Dossier) error {
	s, err := k.sheet(tx, c, d)
	if err != nil {
		return err
	}
	draft := s.draft(document.LoanCard)
	draft.NumberOf, draft.Suffix, draft.Title, draft.ValidUntil, draft.IDTail = c.Number, "-D", "代卷卡", c.DueOn, ""
	if c.ExtendedOn != "" {
		draft.Suffix = "-D2"
		old, err := store.List[document.Document](tx.Context(), tx, "WHERE case_ref=? AND kind=? AND state=? ORDER BY id LIMIT 5", c.Ref(), document.LoanCard, document.Issued)
		if err != nil {
			return err
		}
		for _, o := range old {
			draft.Replaces = o.ID
			if err := document.SetState(tx, o.ID, document.Superseded); err != nil {
				return err
			}
		}
	}
	draft.Write = func(p *paper.Document, i document.Issue) {
		p.Fields(1, paper.Field{Label: "档案编号", Value: d.No}, paper.Field{Label: "库位", Value: d.Shelfmark}, paper.Field{Label: "借阅单位", Value: c.Unit},
			paper.Field{Label: "借出日期", Value: paper.Date(c.HandedAt)}, paper.Field{Label: "应还日期", Value: calendar.Date(c.DueOn).Long()}, paper.Field{Label: "审批编号", Value: c.Number})
		p.Note("本卡放在原库位，代替借出的档案；归还核对后撤下，附入审批表。")
		p.Close(paper.Closing{Issuer: s.agency.Name, Date: i.At, Seal: i.Seal})
	}
	_, err = k.press.Issue(tx, draft)
	return err
}

// ask is the paper by which the unit is asked for the packet: recalled or overdue. A copy goes
// to its superior.
func (k *Desk) ask(tx *gate.Tx, c Case, d dossier.Dossier, title, matter, why string) error {
	s, err := k.sheet(tx, c, d)
	if err != nil {
		return err
	}
	draft := s.draft(document.ChaseLetter)
	draft.Title = title
	draft.Write = func(p *paper.Document, i document.Issue) {
		p.Addressee(c.Unit)
		p.Paragraph(fmt.Sprintf("你单位于%s向本机构借阅档案一卷（审批编号%s，档案编号%s）。", paper.Date(c.HandedAt), c.Number, d.No))
		if why != "" {
			p.Paragraph("因" + strings.TrimSuffix(why, "。") + "，现召回该卷档案，请于" + calendar.Date(c.DueOn).Long() + "前密封送还。")
		} else {
			p.Paragraph("借阅期限已于" + calendar.Date(c.DueOn).Long() + "届满，至今没有归还。请立即派取送人两人密封送还；不能归还的，请书面说明档案现在何处、因何不能归还。")
		}
		p.Paragraph("借阅期限届满不归还的，本机构报请上级主管部门督促，未归还前不再受理你单位的借阅申请。")
		if c.Superior != "" {
			p.Note("抄送：" + c.Superior)
		}
		p.Close(paper.Closing{Issuer: s.agency.Name, Date: i.At, Seal: i.Seal})
	}
	if _, err := k.press.Issue(tx, draft); err != nil {
		return err
	}
	if k.TellUnit == nil {
		return nil
	}
	return k.TellUnit(tx, c.Agency, account.Unit{USCC: c.UnitCode, Name: c.Unit}, message.LoanBack, matter, c.Ref())
}

// receipt is the 归还回执: what came back, counted by two.
func (k *Desk) receipt(tx *gate.Tx, c Case, d dossier.Dossier) error {
	s, err := k.sheet(tx, c, d)
	if err != nil {
		return err
	}
	by, err := staffNames(tx, c.ReturnedBy, c.SignedBy)
	if err != nil {
		return err
	}
	result := "逐份逐页核对相符"
	if c.Difference != "" {
		result = c.Difference
	}
	draft := s.draft(document.LoanReceipt)
	draft.NumberOf, draft.Suffix, draft.Title = c.Number, "-H", "档案借阅归还回执"
	draft.Write = func(p *paper.Document, i document.Issue) {
		p.Addressee(c.Unit)
		p.Fields(2, paper.Field{Label: "存档人员", Value: s.person.Name}, paper.Field{Label: "档案编号", Value: d.No}, paper.Field{Label: "借出日期", Value: paper.Date(c.HandedAt)}, paper.Field{Label: "应还日期", Value: calendar.Date(c.DueOn).Long()},
			paper.Field{Label: "归还日期", Value: paper.Date(c.ReturnedAt)}, paper.Field{Label: "归还人", Value: c.BroughtBy},
			paper.Field{Label: "借出", Value: fmt.Sprintf("%d份%d页", c.Materials, c.Pages)}, paper.Field{Label: "归还", Value: fmt.Sprintf("%d份%d页", c.BackMaterials, c.BackPages)},
			paper.Field{Label: "密封", Value: packets[c.Packet]}, paper.Field{Label: "核对结果", Value: result, Wide: true})
		if c.Difference != "" {
			p.Paragraph("有差异的，请你单位在收到差异记录后查明、补送，并书面说明。")
		}
		p.Close(paper.Closing{Issuer: s.agency.Name, Date: i.At, Seal: i.Seal, Left: []string{"核对人：" + by[0] + "、" + by[1]}})
	}
	_, err = k.press.Issue(tx, draft)
	return err
}

var packets = map[string]string{"intact": "完好", "broken": "有损"}

// PacketName is the state of the seal as screens say it.
func PacketName(packet string) string { return packets[packet] }

// difference is the 核对差异记录 of what came back, signed by the two who counted; its number
// is that of the difference's case (forms.md 10).
func (k *Desk) difference(tx *gate.Tx, c *Case, d dossier.Dossier) error {
	s, err := k.sheet(tx, *c, d)
	if err != nil {
		return err
	}
	by, err := staffNames(tx, c.ReturnedBy, c.SignedBy)
	if err != nil {
		return err
	}
	items, err := Items(tx.Context(), tx, c.ID)
	if err != nil {
		return err
	}
	table := lineTable("借出份／页", "归还核对")
	for _, i := range items {
		if !i.differs() {
			continue
		}
		went, found := fmt.Sprintf("%d／%d", i.Copies, i.Pages), i.ResultName()
		switch i.Result {
		case Extra:
			went, found = "未列", fmt.Sprintf("多出%d份%d页", i.Copies, i.Pages)
		case PagesOff:
			found = fmt.Sprintf("归还%d页", i.BackPages)
		}
		table.Rows = append(table.Rows, []string{strconv.FormatInt(i.LineNo, 10), dash(i.Number), i.Text(), went, found, i.Note})
	}
	draft := s.draft(document.DifferenceRecord)
	draft.Title = "借阅归还核对差异记录"
	draft.Write = func(p *paper.Document, i document.Issue) {
		p.Addressee(c.Unit)
		p.Fields(2, paper.Field{Label: "存档人员", Value: s.person.Name}, paper.Field{Label: "档案编号", Value: d.No}, paper.Field{Label: "审批编号", Value: c.Number}, paper.Field{Label: "密封", Value: packets[c.Packet]},
			paper.Field{Label: "借出", Value: fmt.Sprintf("%s，%d份%d页", paper.Date(c.HandedAt), c.Materials, c.Pages)}, paper.Field{Label: "归还", Value: fmt.Sprintf("%s，%d份%d页", paper.Date(c.ReturnedAt), c.BackMaterials, c.BackPages)},
			paper.Field{Label: "差异", Value: c.Difference, Wide: true})
		if len(table.Rows) > 0 {
			p.Table(table)
		}
		p.Paragraph("上列差异由二人对照借出的清单逐份逐页核对确认。请借阅单位查明，缺少的补送，多出的说明来源；多出的材料一并保管，不丢弃。")
		p.Close(paper.Closing{Issuer: s.agency.Name, Date: i.At, Seal: i.Seal, Left: []string{"清点人（第一人）：" + by[0], "复核人（第二人）：" + by[1]}})
	}
	doc, err := k.press.Issue(tx, draft)
	c.DifferenceNo = doc.Number
	return err
}

func lineTable(went, back string) paper.Table {
	return paper.Table{Columns: []paper.Column{{Title: "序号", Width: 9, Align: paper.AlignCenter}, {Title: "类号", Width: 13, Align: paper.AlignCenter}, {Title: "材料名称", Width: 58},
		{Title: went, Width: 20, Align: paper.AlignCenter}, {Title: back, Width: 22, Align: paper.AlignCenter}, {Title: "说明", Width: 34}}}
}

func dash(number string) string {
	if number == "" {
		return "—"
	}
	return number
}

func join(sep string, parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, sep)
}

func opinion(text string) string {
	if text == "" {
		return "同意借阅。"
	}
	return text
}
