package certificate

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/paper"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/staff"
	"dangan/internal/statement"
)

var paperKinds = map[Kind]string{Custody: document.CustodyCert, History: document.HistoryCert, Kinship: document.KinshipCert, Facts: document.RecordCert}

// content is all a certificate says.
type content struct {
	Certificate
	person          person.Person
	agency          agency.Agency
	lines           []statement.Line
	maker, reviewer string
	old             string // number of the certificate this one corrects
	words           Words
}

// draft is the certificate as the press takes it.
func (c content) draft(oldDocument string) document.Draft {
	return document.Draft{Kind: paperKinds[c.Kind], Agency: c.agency, CaseRef: c.Ref(), DossierID: c.DossierID, ValidUntil: c.ValidUntil, Replaces: oldDocument,
		IDTail: identity.LastFour(c.person.IDNo), Notice: document.Foot, Write: func(d *paper.Document, i document.Issue) { c.write(d, i.At, i.Seal) }}
}

// who is the person as the body names them, identity number in full: the holder
// needs it, and the check page shows its last four only.
func (c content) who() string {
	return fmt.Sprintf("%s（%s，公民身份号码%s）", c.person.Name, codes.Name(codes.Sexes(), c.person.Sex), c.person.IDNo)
}

func (c content) write(d *paper.Document, at time.Time, seal *paper.Seal) {
	switch c.Kind {
	case Custody:
		c.custody(d, at)
	case History:
		c.history(d)
	case Kinship:
		c.kinship(d)
	case Facts:
		c.facts(d)
	}
	d.Paragraph("用途：" + c.Use + "。申请人：" + c.applicantText() + "。本证明有效期至" + calendar.Date(c.ValidUntil).Long() + "。")
	if c.old != "" {
		d.Paragraph("本证明更正并代替" + c.old + "，原证明同时失效。")
	}
	d.Paragraph("特此证明。")
	d.Close(paper.Closing{Issuer: c.agency.Name, Date: at, Seal: seal, Left: []string{"经办人：" + c.maker, "审核人：" + c.reviewer}})
}

func (c content) custody(d *paper.Document, at time.Time) {
	line := c.lines[0]
	since := calendar.Date(line.From).Long()
	if line.To == "" {
		d.Paragraph(fmt.Sprintf("兹证明%s的人事档案自%s起由我单位管理，截至%s仍在我单位。", c.who(), since, paper.Date(at)))
	} else {
		d.Paragraph(fmt.Sprintf("兹证明%s的人事档案自%s起由我单位管理，已于%s转出。", c.who(), since, calendar.Date(line.To).Long()))
	}
	if line.Post != "" {
		text := "账户类型：" + line.Post
		if line.Unit != "" {
			text += "（" + line.Unit + "）"
		}
		d.Paragraph(text + "。")
	}
	d.Paragraph("依据：" + line.Source + "。" + c.words.Closing)
}

var periodNames = map[string]string{dossier.Study: "学习", dossier.Work: "工作", dossier.Service: "服役"}

func (c content) history(d *paper.Document) {
	d.Paragraph(c.words.opening(c.who()))
	t := paper.Table{Columns: []paper.Column{{Title: "起止时间", Width: 24, Align: paper.AlignCenter}, {Title: "类型", Width: 9, Align: paper.AlignCenter},
		{Title: "单位（学校）", Width: 30}, {Title: "职务（岗位、专业）", Width: 20}, {Title: "依据材料", Width: 34}}}
	for _, l := range c.lines {
		source := l.Source
		if l.Recorded != "" {
			source += "（" + l.Recorded + "形成）"
		}
		t.Rows = append(t.Rows, []string{statement.Span(l.From, l.To), periodNames[l.Kind], l.Unit, l.Post, source})
		if l.Remark != "" {
			t.Rows = append(t.Rows, []string{"注：" + l.Remark + "。"})
		}
	}
	d.Table(t)
	d.Space(2)
	d.Paragraph(c.words.Closing)
}

func (c content) kinship(d *paper.Document) {
	for _, l := range c.lines {
		formed := ""
		if l.Recorded != "" {
			formed = "（" + l.Recorded + "形成）"
		}
		number := ""
		if l.IDNo != "" {
			number = "（公民身份号码" + l.IDNo + "）"
		}
		text := fmt.Sprintf("据%s人事档案中%s%s记载，%s%s系其%s。", c.who(), l.Source, formed, l.Name, number, l.Relation)
		if l.Remark != "" {
			text += l.Remark + "。"
		}
		d.Paragraph(text)
	}
	if slices.ContainsFunc(c.lines, func(l statement.Line) bool { return l.Kind == "spouse" || l.Kind == "husband" || l.Kind == "wife" }) {
		d.Paragraph("配偶关系为材料形成时的记载，本证明不对现时婚姻状况作证明。")
	}
	d.Paragraph(c.words.Closing)
}

// facts says of each key fact what each material writes, all writings beside each other.
func (c content) facts(d *paper.Document) {
	d.Paragraph(c.words.opening(c.who()))
	t := paper.Table{Columns: []paper.Column{{Title: "事项", Width: 22, Align: paper.AlignCenter}, {Title: "记载内容（照材料原文）", Width: 48}, {Title: "依据材料", Width: 47}}}
	differ := ""
	for _, l := range c.lines {
		source := "据" + l.Source
		if l.Recorded != "" {
			source += "（" + l.Recorded + "形成）"
		}
		written := l.Written
		if l.Authority != "" {
			written += "（" + l.Authority + "认定）"
		}
		t.Rows = append(t.Rows, []string{dossier.KeyFactName(l.Kind), written, source + "记载"})
		if l.Remark != "" && l.Kind+l.Remark != differ {
			differ = l.Kind + l.Remark
			t.Rows = append(t.Rows, []string{"注：" + dossier.KeyFactName(l.Kind) + "，" + l.Remark + "。"})
		}
	}
	d.Table(t)
	d.Space(2)
	d.Paragraph(c.words.Closing)
}

// applicantText names the applicant as the paper does.
func (c content) applicantText() string {
	switch c.Applicant {
	case Kin:
		text := c.Name + "（存档人的" + codes.KinName(c.Relation)
		if name := RightName(c.RightOf); name != "" {
			text += "，所涉权益：" + name
		}
		return text + "）"
	case Agent:
		return c.Name + "（本人委托的代办人，" + c.Letter + "）"
	case Unit:
		return c.UnitName + "（经存档人书面同意）"
	}
	return c.Name + "（本人）"
}

// issueAcceptance gives every application its 受理回执 (29.8).
func (k *Desk) issueAcceptance(tx *gate.Tx, c Certificate, p person.Person) error {
	a, err := agency.Get(tx.Context(), tx, c.Agency)
	if err != nil {
		return err
	}
	return k.press.Accept(tx, document.Draft{Agency: a, CaseRef: c.Ref(), DossierID: c.DossierID, IDTail: identity.LastFour(p.IDNo)}, document.Taken{
		Fields: []paper.Field{{Label: "申请事项", Value: "出具" + c.Kind.Name()}, {Label: "申请日期", Value: paper.Date(tx.Now())},
			{Label: "存档人", Value: p.Name}, {Label: "公民身份号码", Value: identity.Mask(p.IDNo)},
			{Label: "申请人", Value: content{Certificate: c}.applicantText()}, {Label: "用途", Value: c.Use},
			{Label: "查验证件", Value: c.Seen, Wide: true}},
		Says: []string{"您的申请已受理。证明只依据档案记载出具，档案没有记载的事项不能证明；不能出具的，我机构将一次性告知理由和办理途径。"}})
}

// issueRefusal gives the applicant the notice with every reason (29.8; forms.md 18).
func (k *Desk) issueRefusal(tx *gate.Tx, c Certificate, d dossier.Dossier, reasons []rule.Reason, next string) error {
	ctx := tx.Context()
	a, err := agency.Get(ctx, tx, c.Agency)
	if err != nil {
		return err
	}
	var above agency.Agency
	if a.Parent != "" {
		if above, err = agency.Get(ctx, tx, a.Parent); err != nil {
			return err
		}
	}
	p, err := person.Get(ctx, tx, d.PersonID)
	if err != nil {
		return err
	}
	maker, err := staff.Get(ctx, tx, c.DraftedBy)
	if err != nil {
		return err
	}
	_, err = k.press.Issue(tx, document.Draft{Kind: document.RefusalNotice, Title: "不予办理告知单", Agency: a, CaseRef: c.Ref(), DossierID: d.ID, Addressee: c.Name, Form: true, Notice: document.Foot,
		IDTail: identity.LastFour(p.IDNo), Write: document.Refusal{Doing: "出具", Reasons: reasons, Next: next, ObjectionDays: k.settings.Int(setting.ObjectionDays), AnswerDays: k.settings.Int(setting.ObjectionAnswer), Issuer: a, Authority: above, Handler: maker.Name, Reviewer: tx.Actor().Name, Fields: []paper.Field{
			{Label: "申请人", Value: content{Certificate: c}.applicantText()}, {Label: "公民身份号码", Value: identity.Mask(c.IDNo)},
			{Label: "存档人", Value: p.Name}, {Label: "档案编号", Value: d.No},
			{Label: "申请事项", Value: "出具" + c.Kind.Name() + "（" + c.Use + "）"}, {Label: "申请日期", Value: calendar.Date(c.AppliedOn).Long()}}}.Write})
	return err
}

// Preview lays out what would be issued, without number, seal and signature. It
// is part of reading the case, which is on record.
func (k *Desk) Preview(ctx context.Context, by policy.Actor, id string) ([]byte, error) {
	v, err := k.Read(ctx, by, id)
	if err != nil {
		return nil, err
	}
	p, err := person.Get(ctx, k.gate.DB(), v.Person.ID)
	if err != nil {
		return nil, err
	}
	tree, err := k.agencies.Tree(ctx)
	if err != nil {
		return nil, err
	}
	a, _ := tree.Get(v.Agency)
	maker := ""
	if m, err := staff.Get(ctx, k.gate.DB(), v.SubmittedBy); err == nil {
		maker = m.Name
	}
	if len(v.Lines) == 0 {
		return nil, NothingToPreview()
	}
	words, err := wordsOf(ctx, k.gate.DB(), v.Kind)
	if err != nil {
		return nil, err
	}
	now := k.gate.Now()
	c := content{words: words, Certificate: v.Certificate, person: p, agency: a, lines: v.Lines, maker: maker, reviewer: "（待审核）"}
	c.ValidUntil = Until(calendar.Of(now), k.settings.Int(setting.CertificateMonth)).String()
	if v.Old != nil {
		c.old = v.Old.Number
	}
	d := paper.New(paper.Options{Title: c.Kind.Name(), Number: "（审核预览，签发时编号）", Issuer: a.Name, Hotline: a.Hotline, Oversight: a.Oversight, Notice: "审核预览，不作证明", Created: now})
	c.write(d, now, nil)
	var out bytes.Buffer
	err = d.Render(&out)
	return out.Bytes(), err
}
