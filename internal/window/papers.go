package window

import (
	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/document"
	"dangan/internal/gate"
	"dangan/internal/paper"
	"dangan/internal/rule"
)

func (m Matter) named() string {
	if m.Who == "" {
		return "匿名"
	}
	return m.Who
}

func (m Matter) fields(about agency.Agency) []paper.Field {
	what := "对不予办理告知单 " + m.NoticeNo + " 的异议"
	if a, ok := AboutOf(m.About); ok {
		what = "投诉：" + a.Name
		if m.About == "fee" || m.About == "bundled" {
			what = "投诉：涉及第八条免费规定"
		}
	}
	return []paper.Field{{Label: "编号", Value: m.No}, {Label: "提出人", Value: m.named()}, {Label: "事项", Value: what, Wide: true}, {Label: "所涉机构", Value: about.Name}, {Label: "提出日期", Value: calendar.Of(m.ReceivedAt).Long()}}
}

// acknowledge is the 受理回执 that everybody gets (29.8).
func (k *Desk) acknowledge(tx *gate.Tx, m Matter, issuer, about, above agency.Agency) error {
	return k.press.Accept(tx, document.Draft{Agency: issuer, CaseRef: m.Ref(), Addressee: m.named()}, document.Taken{To: m.named(), Fields: m.fields(about), Role: "登记人",
		Says: []string{"您提出的" + KindName(m.Kind) + "已登记，由" + above.Name + "办理，于" + calendar.Date(m.DueOn).Long() + "前答复。"}})
}

// issueAnswer is the 答复书.
func (k *Desk) issueAnswer(tx *gate.Tx, m *Matter) error {
	about, err := agency.Get(tx.Context(), tx, m.Agency)
	if err != nil {
		return err
	}
	issuer, err := agency.Get(tx.Context(), tx, m.Authority)
	if err != nil {
		return err
	}
	result := KindName(m.Kind) + "不成立，维持原办理结果。"
	switch {
	case m.Upheld && m.Kind == Objection:
		result = "异议成立。原不予办理告知撤销，该件已恢复办理，您无需重新申请。"
	case m.Upheld:
		result = "投诉属实，已责成所涉机构改正。"
	case m.Kind == Complaint:
		result = "投诉不属实。"
	}
	id := rule.ID("29.8")
	if a, ok := AboutOf(m.About); ok {
		id = a.Rule
	}
	basis := ""
	if known, ok := rule.Get(id); ok {
		basis = "《流动人员人事档案管理服务规定》" + known.Paper
	}
	doc, err := k.press.Issue(tx, document.Draft{Kind: document.MatterAnswer, Agency: issuer, CaseRef: m.Ref(), Addressee: m.named(), Form: true, Notice: document.Foot,
		Write: func(out *paper.Document, i document.Issue) {
			out.Part(paper.Part{Label: "正本", Note: "送提出人；匿名的留存备查"})
			out.Addressee(m.named())
			out.Fields(2, m.fields(about)...)
			out.Heading(1, "一、答复")
			out.Paragraph(result)
			out.Heading(1, "二、事实和依据")
			out.Paragraph(m.Answer)
			out.Paragraph("依据：" + basis)
			out.Note("办理免费。")
			out.Close(paper.Closing{Issuer: issuer.Name, Date: i.At, Seal: i.Seal, Left: []string{"答复人：" + tx.Actor().Name}})
			out.Signatures("签收人", "签收日期")
		}})
	m.DocumentID = doc.ID
	return err
}
