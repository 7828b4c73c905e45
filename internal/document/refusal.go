package document

import (
	"cmp"
	"fmt"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/paper"
	"dangan/internal/rule"
)

// Refusal is what a notice of 不予办理 says (29.8; forms.md 18).
type Refusal struct {
	Fields            []paper.Field // who asked for what, and when
	Doing             string        // 查阅, 出具: 不予…的理由
	Reasons           []rule.Reason
	Next              string
	Issuer, Authority agency.Agency
	Handler, Reviewer string
	// ObjectionDays is how long the notice can be objected to, AnswerDays how soon that is
	// answered, in working days: as the province has set them (forms.md 18).
	ObjectionDays, AnswerDays int
}

// Write lays the notice out: the stub that stays, and the part for the applicant.
func (r Refusal) Write(p *paper.Document, i Issue) {
	p.Part(paper.Part{Label: "存根", Note: "由出具机构留存"})
	p.Fields(2, r.Fields...)
	p.Part(paper.Part{Label: "正本", Note: "交申请人"})
	p.Fields(2, r.Fields...)
	p.Heading(1, "一、不予"+r.Doing+"的理由")
	t := paper.Table{Columns: []paper.Column{{Title: "序号", Width: 8, Align: paper.AlignCenter}, {Title: "事实和理由", Width: 54}, {Title: "依据", Width: 38}}}
	for n, x := range r.Reasons {
		t.Rows = append(t.Rows, []string{fmt.Sprint(n + 1), x.Message, Basis(x.Rule)})
	}
	p.Table(t)
	p.Heading(1, "二、可以怎样办")
	p.Paragraph(r.Next)
	p.Heading(1, "三、异议")
	authority, phone := cmp.Or(r.Authority.Name, r.Issuer.Name), cmp.Or(r.Authority.Complaints(), r.Issuer.Complaints())
	p.Paragraph(fmt.Sprintf("对本告知有异议的，可自收到之日起%d日内（%s前）向%s提出，联系电话%s；%d个工作日内答复。", r.ObjectionDays, calendar.Of(i.At).AddDays(r.ObjectionDays).Long(), authority, phone, r.AnswerDays))
	p.Note("本服务不收取任何费用。")
	p.Close(paper.Closing{Issuer: r.Issuer.Name, Date: i.At, Seal: i.Seal, Left: []string{"经办人：" + r.Handler, "审核人：" + r.Reviewer}})
	p.Signatures("签收人", "签收日期")
}

// Basis is a rule's clause as papers cite it.
func Basis(id rule.ID) string {
	if known, ok := rule.Get(id); ok {
		return "《流动人员人事档案管理服务规定》" + known.Paper
	}
	return ""
}
