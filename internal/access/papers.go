package access

import (
	"errors"
	"fmt"
	"strings"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/paper"
	"dangan/internal/person"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/staff"
	"dangan/internal/store"
)

// sheet is what every paper of a case is written from.
type sheet struct {
	agency  agency.Agency
	bureau  agency.Agency
	person  person.Person
	dossier dossier.Dossier
	c       Case
	readers []Reader
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
	s.readers, err = Readers(ctx, tx, c.ID)
	return s, err
}

func (s sheet) draft(kind string) document.Draft {
	return document.Draft{Kind: kind, Agency: s.agency, CaseRef: s.c.Ref(), DossierID: s.dossier.ID, Addressee: s.c.Unit, Form: true,
		IDTail: identity.LastFour(s.person.IDNo), Notice: document.Foot}
}

// purposeText is the purpose with the matter in words.
func (c Case) purposeText() string {
	p, _ := codes.FindPurpose(c.Purpose)
	return p.Name
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
		Fields: []paper.Field{{Label: "申请单位", Value: c.Unit, Wide: true},
			{Label: "申请事项", Value: "查阅流动人员人事档案"}, {Label: "受理编号", Value: c.No},
			{Label: "查阅事由", Value: c.purposeText()}, {Label: "受理日期", Value: paper.Date(tx.Now())},
			{Label: "查阅人", Value: names(s.readers), Wide: true}},
		Says: []string{"您的查阅申请已受理。材料不齐的，另行一次性告知需补正的内容；审批结果由本机构告知。"}})
}

// completion tells once, with everything, what is to be completed (29.8).
func (k *Desk) completion(tx *gate.Tx, c Case, d dossier.Dossier, lacks []rule.Reason) error {
	s, err := k.sheet(tx, c, d)
	if err != nil {
		return err
	}
	handler, err := staffName(tx, tx.Actor().ID)
	if err != nil {
		return err
	}
	rows := make([][]string, len(lacks))
	for i, l := range lacks {
		rows[i] = []string{fmt.Sprint(i + 1), l.Message, basisOf(l.Rule), l.Next}
	}
	draft := s.draft(document.Completion)
	draft.ValidUntil = c.ToldDue
	draft.Write = func(p *paper.Document, i document.Issue) {
		p.Addressee(c.Unit)
		p.Paragraph(fmt.Sprintf("你单位%s提出的查阅申请（%s）收悉。下列内容需要补正，现一次性告知：", paper.Date(c.AppliedAt), c.No))
		p.Table(paper.Table{Columns: []paper.Column{{Title: "序号", Width: 8, Align: paper.AlignCenter}, {Title: "需补正的内容", Width: 38}, {Title: "依据", Width: 22}, {Title: "办法", Width: 32}}, Rows: rows})
		p.Paragraph("请于" + calendar.Date(c.ToldDue).Long() + "前补正。补正后本件继续办理；逾期未补正的，本件终止，可重新申请。" + free)
		p.Close(paper.Closing{Issuer: s.agency.Name, Date: i.At, Seal: i.Seal, Left: []string{"经办人：" + handler}})
	}
	_, err = k.press.Issue(tx, draft)
	return err
}

// basisOf is a clause as papers cite it.
func basisOf(id rule.ID) string {
	r, ok := rule.Get(id)
	if !ok {
		return ""
	}
	return "《流动人员人事档案管理服务规定》" + r.Paper
}

// refusal is the notice of 不予查阅 (29.8; forms.md 18).
func (k *Desk) refusal(tx *gate.Tx, c Case, d dossier.Dossier, reasons []rule.Reason, next string) error {
	s, err := k.sheet(tx, c, d)
	if err != nil {
		return err
	}
	handler, err := staffName(tx, c.AppliedBy)
	if err != nil {
		return err
	}
	reviewer, err := staffName(tx, tx.Actor().ID)
	if err != nil {
		return err
	}
	draft := s.draft(document.RefusalNotice)
	draft.Write = document.Refusal{Doing: "查阅", Reasons: reasons, Next: next, ObjectionDays: k.settings.Int(setting.ObjectionDays), AnswerDays: k.settings.Int(setting.ObjectionAnswer), Issuer: s.agency, Authority: s.bureau, Handler: handler, Reviewer: reviewer, Fields: []paper.Field{
		{Label: "申请单位", Value: c.Unit, Wide: true}, {Label: "统一社会信用代码", Value: c.UnitCode}, {Label: "受理编号", Value: c.No},
		{Label: "申请事项", Value: "查阅流动人员人事档案（" + c.purposeText() + "）"}, {Label: "申请时间", Value: paper.DateTime(c.AppliedAt)}}}.Write
	_, err = k.press.Issue(tx, draft)
	return err
}

// form is the application form with the approvals (forms.md 8), issued when the
// last approval is given.
func (k *Desk) form(tx *gate.Tx, c Case, d dossier.Dossier) error {
	s, err := k.sheet(tx, c, d)
	if err != nil {
		return err
	}
	var by [4]string
	for i, id := range []string{c.AppliedBy, c.CheckedBy, c.ApprovedBy, c.HeadBy} {
		if by[i], err = staffName(tx, id); err != nil {
			return err
		}
	}
	rows := make([][]string, len(s.readers))
	for i, r := range s.readers {
		member := codes.Name(codes.Politicals(), r.Political)
		if r.NonMember != "" {
			member += "（" + r.NonMember + "）"
		}
		rows[i] = []string{fmt.Sprint(i + 1), r.Name, identity.Mask(r.IDNo), r.Post, member, "无规定范围内的亲属关系，已声明"}
	}
	draft := s.draft(document.Consultation)
	draft.Title, draft.ValidUntil = "流动人员人事档案查阅申请表", c.ValidUntil
	draft.Write = func(p *paper.Document, i document.Issue) {
		p.Fields(2, paper.Field{Label: "查阅单位", Value: c.Unit}, paper.Field{Label: "统一社会信用代码", Value: c.UnitCode},
			paper.Field{Label: "被查阅人", Value: s.person.Name}, paper.Field{Label: "公民身份号码", Value: identity.Mask(s.person.IDNo)},
			paper.Field{Label: "档案编号", Value: d.No}, paper.Field{Label: "现单位", Value: s.person.Employer},
			paper.Field{Label: "查阅事由", Value: c.purposeText(), Wide: true}, paper.Field{Label: "事由说明", Value: join("；", c.Reason, c.Basis), Wide: true},
			paper.Field{Label: paperLabel(c), Value: join("　", c.PaperName, c.PaperNo)}, paper.Field{Label: "文书日期", Value: calendar.Date(c.PaperOn).Long()},
			paper.Field{Label: "申请查阅内容", Value: c.AskedText()}, paper.Field{Label: "查阅方式", Value: wayName(c.Way)})
		p.Table(paper.Table{Columns: []paper.Column{{Title: "序号", Width: 7, Align: paper.AlignCenter}, {Title: "查阅人", Width: 12}, {Title: "公民身份号码", Width: 25}, {Title: "单位职务", Width: 20},
			{Title: "政治面貌", Width: 16}, {Title: "回避声明", Width: 20}}, Rows: rows})
		p.Fields(1, paper.Field{Label: "查阅单位意见", Value: unitOpinion(c)},
			paper.Field{Label: "初审", Value: "原件已核对。" + by[1] + "　" + paper.DateTime(c.CheckedAt)},
			paper.Field{Label: "审批", Value: join("　", opinion(c.Opinion), by[2], paper.DateTime(c.ApprovedAt))},
			paper.Field{Label: "准予查阅范围", Value: join("；", c.GrantText(), c.GrantReason) + "（涉密材料除外）"})
		if c.HeadBy != "" {
			p.Fields(1, paper.Field{Label: "机构负责人批准", Value: join("　", opinion(c.HeadOpinion), by[3], paper.DateTime(c.HeadAt))})
		}
		p.Fields(2, paper.Field{Label: "查阅时限", Value: fmt.Sprintf("一次，%d分钟以内，%d页以内", c.Minutes, c.MaxPages)}, paper.Field{Label: "批准有效期至", Value: calendar.Date(c.ValidUntil).Long()})
		p.Note("查阅须两人以上同时在场，由工作人员监阅；不得拍照、抄录，不得泄露或擅自公布所阅内容。" + free)
		p.Close(paper.Closing{Issuer: s.agency.Name, Date: i.At, Seal: i.Seal, Left: []string{"经办人：" + by[0], "审批人：" + join("、", by[2], by[3])}})
	}
	_, err = k.press.Issue(tx, draft)
	return err
}

// record is the print of what was read, issued when the session ends; it shares
// the form's number.
func (k *Desk) record(tx *gate.Tx, session Session, c Case, d dossier.Dossier) error {
	s, err := k.sheet(tx, c, d)
	if err != nil {
		return err
	}
	monitor, err := staffName(tx, session.Monitor)
	if err != nil {
		return err
	}
	views, err := Views(tx.Context(), tx, session.ID)
	if err != nil {
		return err
	}
	left, err := Leaves(tx.Context(), tx, session.ID)
	if err != nil {
		return err
	}
	readers, err := came(tx.Context(), tx, session.ID, s.readers, false)
	if err != nil {
		return err
	}
	prolonged := ""
	if session.ExtendedBy != "" {
		by, err := staffName(tx, session.ExtendedBy)
		if err != nil {
			return err
		}
		prolonged = join("　", paper.DayTime(session.ExtendedAt), by, session.ExtendedBecause)
	}
	form, err := store.Get[document.Document](tx.Context(), tx, "WHERE case_ref=? AND kind=?", c.Ref(), document.Consultation)
	if err != nil {
		return fmt.Errorf("form of the consultation: %w", err)
	}
	var rows [][]string
	for _, r := range Digest(views, left) {
		rows = append(rows, []string{fmt.Sprint(len(rows) + 1), r.Class, r.Title, r.What, fmt.Sprint(r.Pages), paper.DayTime(r.First), spent(r)})
	}
	draft := s.draft(document.ReadingRecord)
	draft.NumberOf, draft.Suffix = form.Number, "-J"
	draft.Write = func(p *paper.Document, i document.Issue) {
		p.Fields(2, paper.Field{Label: "查阅单位", Value: c.Unit}, paper.Field{Label: "查阅号", Value: session.No},
			paper.Field{Label: "被查阅人", Value: s.person.Name}, paper.Field{Label: "档案编号", Value: d.No},
			paper.Field{Label: "查阅人", Value: names(readers)}, paper.Field{Label: "监阅人", Value: monitor},
			paper.Field{Label: "实际起止", Value: paper.DayTime(session.OpenedAt) + "—" + paper.DayTime(session.EndedAt), Wide: true},
			paper.Field{Label: "结束方式", Value: endName(session.EndedWhy)}, paper.Field{Label: "所阅页数", Value: fmt.Sprintf("%d页", session.Pages)})
		if prolonged != "" {
			p.Fields(1, paper.Field{Label: "延长一次", Value: prolonged})
		}
		if len(rows) > 0 {
			p.Table(paper.Table{Columns: []paper.Column{{Title: "序号", Width: 8, Align: paper.AlignCenter}, {Title: "类号", Width: 9}, {Title: "材料名称", Width: 32}, {Title: "所阅", Width: 18}, {Title: "页数", Width: 8}, {Title: "开始时间", Width: 17}, {Title: "显示时长", Width: 12}}, Rows: rows})
		} else {
			p.Paragraph("本次查阅没有翻阅任何材料。")
		}
		p.Close(paper.Closing{Issuer: s.agency.Name, Date: i.At, Seal: i.Seal})
		p.Signatures("查阅人", "查阅人", "监阅人", "日期")
	}
	_, err = k.press.Issue(tx, draft)
	return err
}

// spent is how long pages stood on the screen, as the record says it; of paper nobody measured it.
func spent(r ReadLine) string {
	if r.Kind == Paper {
		return "—"
	}
	return fmt.Sprintf("%d分%02d秒", int(r.Shown.Minutes()), int(r.Shown.Seconds())%60)
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
		return "同意查阅。"
	}
	return text
}

func unitOpinion(c Case) string {
	if !c.FormSigned {
		return "凭" + c.PaperName + "及工作证件查阅"
	}
	return join("　", "已签署意见并盖章", c.FormBy)
}

func paperLabel(c Case) string {
	if p, _ := codes.FindPurpose(c.Purpose); p.Powers {
		return "法律文书"
	}
	return "介绍信"
}

func wayName(way string) string {
	if way == Paper {
		return "纸质原件"
	}
	return "数字影像"
}

func endName(why string) string {
	if why == EndedByTime {
		return "时限到，自动结束"
	}
	return "监阅人结束"
}
