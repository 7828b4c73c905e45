package intake

import (
	"fmt"
	"strings"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/document"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/paper"
	"dangan/internal/setting"
	"dangan/internal/staff"
)

// draft is what every paper of a record has.
func (c Case) draft(kind string, own agency.Agency) document.Draft {
	d := document.Draft{Kind: kind, Agency: own, CaseRef: c.Ref(), DossierID: c.DossierID, Addressee: c.Applicant, Form: true, Notice: document.Foot}
	if c.IDNo != "" {
		d.IDTail = identity.LastFour(c.IDNo)
	}
	return d
}

func (c Case) fields() []paper.Field {
	out := []paper.Field{{Label: "申请人", Value: c.Applicant}, {Label: "收件编号", Value: c.No}, {Label: "申请事项", Value: c.MatterName()}, {Label: "申请日期", Value: calendar.Of(c.RecordedAt).Long()}}
	if c.IDNo == "" {
		return append(out, paper.Field{Label: "单位名称", Value: c.Name, Wide: true})
	}
	return append(out, paper.Field{Label: "存档人员", Value: c.Name}, paper.Field{Label: "公民身份号码", Value: identity.Mask(c.IDNo)})
}

// issueSlip is the 受理回执 that every application gets (29.8).
func (k *Desk) issueSlip(tx *gate.Tx, c Case, own agency.Agency) error {
	due := calendar.Date(c.DueOn).Long()
	says := "你（单位）提出的申请已收件登记。经办人认为有规定的不予办理情形，由另一人审核，" + due + "前作出决定：应予受理的继续办理；不予办理的出具告知单，写明理由、依据和提出异议的办法。"
	if c.State == Completing {
		says = "你（单位）提出的申请已收件登记。需要补正的内容见补正告知单，已一次性告知；" + due + "前补正齐全的，继续办理，无需重新填写。"
	}
	return k.press.Accept(tx, c.draft(document.Acceptance, own), document.Taken{To: c.Applicant, Fields: c.fields(), Says: []string{says}})
}

// issueCompletion is the 补正告知单: everything that is missing, once.
func (k *Desk) issueCompletion(tx *gate.Tx, c Case, own agency.Agency) error {
	d := c.draft(document.Completion, own)
	d.ValidUntil = c.DueOn
	d.Write = func(out *paper.Document, i document.Issue) {
		out.Addressee(c.Applicant)
		out.Fields(2, c.fields()...)
		out.Paragraph("你（单位）提出的申请收悉。下列内容需要补正，现一次性告知：")
		t := paper.Table{Columns: []paper.Column{{Title: "序号", Width: 8, Align: paper.AlignCenter}, {Title: "需补正的内容", Width: 38}, {Title: "依据", Width: 22}, {Title: "办法", Width: 32}}}
		for n, r := range c.Why() {
			t.Rows = append(t.Rows, []string{fmt.Sprint(n + 1), r.Message, document.Basis(r.Rule), r.Next})
		}
		out.Table(t)
		out.Paragraph("请于" + calendar.Date(c.DueOn).Long() + "前补正。补正后本件继续办理，不再要求其他材料；逾期未补正的，本件终止，可以重新申请。")
		out.Note("本服务不收取任何费用。")
		out.Close(paper.Closing{Issuer: own.Name, Date: i.At, Seal: i.Seal, Left: []string{"经办人：" + tx.Actor().Name}})
		out.Signatures("签收人", "签收日期")
	}
	_, err := k.press.Issue(tx, d)
	return err
}

// issueRefusal is the 不予办理告知单 (forms.md 18).
func (k *Desk) issueRefusal(tx *gate.Tx, c *Case, own agency.Agency) error {
	above := own
	if own.Parent != "" {
		var err error
		if above, err = agency.Get(tx.Context(), tx, own.Parent); err != nil {
			return err
		}
	}
	clerk, err := staff.Get(tx.Context(), tx, c.RecordedBy)
	if err != nil {
		return err
	}
	var next []string
	for _, r := range c.Why() {
		next = append(next, r.Next)
	}
	d := c.draft(document.RefusalNotice, own)
	d.Write = document.Refusal{Fields: c.fields(), Doing: "受理", Reasons: c.Why(), Next: strings.Join(next, ""), Issuer: own, Authority: above, Handler: clerk.Name, Reviewer: tx.Actor().Name,
		ObjectionDays: k.settings.Int(setting.ObjectionDays), AnswerDays: k.settings.Int(setting.ObjectionAnswer)}.Write
	doc, err := k.press.Issue(tx, d)
	c.NoticeID, c.NoticeNo = doc.ID, doc.Number
	return err
}
