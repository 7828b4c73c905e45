package transfer

import (
	"dangan/internal/calendar"
	"dangan/internal/undertaking"
	"fmt"
	"strings"

	"dangan/internal/agency"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/paper"
)

// packet is what every paper about a packet on its way says of it.
func (f Fault) packet(c Case) []paper.Field {
	notice := c.NoticeNo
	if c.BackNo != "" {
		notice = c.BackNo
	}
	out := []paper.Field{{Label: "异常编号", Value: f.No}, {Label: "异常情形", Value: FaultName(f.Kind)}, {Label: "案号", Value: c.No}, {Label: "通知单编号", Value: notice},
		{Label: "发出单位", Value: c.HolderName, Wide: true}, {Label: "接收单位", Value: c.ReceiverName, Wide: true},
		{Label: "转递方式", Value: WayName(f.Way)}, {Label: "编号（邮件号）", Value: f.TrackingNo}, {Label: "交寄局（网点）", Value: f.Office}, {Label: "寄出日期", Value: long(f.DispatchedOn)}, {Label: "封条编号", Value: c.SealNo}}
	if f.Place != "" {
		out = append(out, paper.Field{Label: "投到何处（由谁拒收）", Value: f.Place, Wide: true})
	}
	return out
}

// issueInquiry is the 查询函 to the carrier: no name and no number of the person, who need not be known to it.
func (k *Desk) issueInquiry(tx *gate.Tx, c Case, f *Fault) error {
	own, err := agency.Get(tx.Context(), tx, c.sender())
	if err != nil {
		return err
	}
	d := c.draft(document.CarrierInquiry, own, f.Carrier)
	d.Form, d.ValidUntil, d.IDTail = true, f.InquiryDue, ""
	name := tx.Actor().Name
	fields := f.packet(c)
	d.Write = func(doc *paper.Document, p document.Issue) {
		doc.Part(paper.Part{Label: "正联", Note: "交承运方"})
		doc.Addressee(f.Carrier)
		doc.Paragraph("我单位于" + long(f.DispatchedOn) + "交由你单位（处）传递的密封公文包裹一件，至今未见妥投。请查明去向、现在何处、由谁签收，于" + long(f.InquiryDue) + "前书面答复，并妥善保护封存状态，不得开拆。")
		doc.Fields(2, fields...)
		doc.Close(closing(own, p, "经办人："+name))
		doc.Part(paper.Part{Label: "回执", Note: "由承运方填写后退回", Title: "档案转递查询函回执"})
		doc.Fields(2, paper.Field{Label: "查询结果", Value: paper.Choose([]string{"仍在途中", "已投递", "投递到他处", "查无下落"}), Wide: true},
			paper.Field{Label: "投递日期", Value: "　　年　　月　　日"}, paper.Field{Label: "签收人", Value: ""}, paper.Field{Label: "说明", Value: "", Wide: true})
		doc.Close(paper.Closing{Issuer: "承运方（盖章）：", Left: []string{"经办人："}})
	}
	doc, err := k.press.Issue(tx, d)
	f.InquiryNo = doc.Number
	return err
}

// issueLoss is the 遗失报告 to the superior department.
func (k *Desk) issueLoss(tx *gate.Tx, c Case, f *Fault) error {
	own, err := agency.Get(tx.Context(), tx, c.sender())
	if err != nil {
		return err
	}
	above, err := agency.Get(tx.Context(), tx, own.Parent)
	if err != nil {
		return err
	}
	answer := "查询函到期未答复"
	if f.Answer != "" {
		answer = AnswerName(f.Answer) + "（" + long(f.AnswerOn) + "）：" + f.AnswerNote
	}
	d := c.draft(document.LossReport, own, above.Name)
	d.Form = true
	name := tx.Actor().Name
	fields := append([]paper.Field{{Label: "姓名", Value: c.PersonName}, {Label: "公民身份号码", Value: identity.Mask(c.IDNo)}}, f.packet(c)...)
	fields = append(fields, paper.Field{Label: "查询函", Value: f.InquiryNo + "，致" + f.Carrier, Wide: true}, paper.Field{Label: "承运方答复", Value: answer, Wide: true}, paper.Field{Label: "查找期限", Value: long(f.SearchDue), Wide: true})
	d.Write = func(doc *paper.Document, p document.Issue) {
		doc.Addressee(above.Name)
		doc.Paragraph("下列人事档案在转递途中下落不明，经向承运方查询仍未找到。我单位继续承担保管责任，正在查找；查找结束后报送调查记录。确认遗失的，按规定报请批准后重建，不擅自重建。")
		doc.Fields(2, fields...)
		doc.Close(closing(own, p, "报告人："+name))
	}
	doc, err := k.press.Issue(tx, d)
	f.ReportNo = doc.Number
	return err
}

// issueLossAnswer is the superior's 批复.
func (k *Desk) issueLossAnswer(tx *gate.Tx, c Case, f Fault, approve bool) error {
	own, err := agency.Get(tx.Context(), tx, tx.Actor().Org)
	if err != nil {
		return err
	}
	sender, err := agency.Get(tx.Context(), tx, c.sender())
	if err != nil {
		return err
	}
	d := c.draft(document.LossAnswer, own, sender.Name)
	name := tx.Actor().Name
	choice, text := "继续查找", "经审查，暂不同意重建。请继续查找："+f.DecidedNote+"。"
	if approve {
		choice, text = "同意重建", "经审查，同意依据调查记录重建该同志的人事档案。重建材料须来自形成单位或者有效留存，逐份注明来源；原件找到后并入。"
		if c.Direction == In {
			text = "经审查，同意由" + c.HolderName + "依据你单位核对过的材料目录清单和调查记录重建该同志的人事档案。请你单位书面告知原单位并提供清单；原件找到后送原单位并入。"
		}
	}
	d.Write = func(doc *paper.Document, p document.Issue) {
		doc.Addressee(sender.Name)
		doc.Paragraph("你单位" + f.ReportNo + "号报告及调查记录收悉。" + text)
		doc.Fields(2, paper.Field{Label: "姓名", Value: c.PersonName}, paper.Field{Label: "公民身份号码", Value: identity.Mask(c.IDNo)}, paper.Field{Label: "异常编号", Value: f.No}, paper.Field{Label: "案号", Value: c.No},
			paper.Field{Label: "调查记录", Value: f.RecordNo, Wide: true}, paper.Field{Label: "调查结论", Value: f.Record, Wide: true},
			paper.Field{Label: "批复", Value: paper.Choose([]string{"同意重建", "继续查找"}, choice), Wide: true}, paper.Field{Label: "意见", Value: f.DecidedNote, Wide: true})
		doc.Close(closing(own, p, "批复人："+name))
	}
	_, err = k.press.Issue(tx, d)
	return err
}

// issueDifference is the 核对差异记录, signed by the two who checked (20.4a, forms.md 2 and 3).
func (k *Desk) issueDifference(tx *gate.Tx, c Case, held dossier.Dossier, items []Item) error {
	own, err := agency.Get(tx.Context(), tx, c.Receiver)
	if err != nil {
		return err
	}
	t := paper.Table{Columns: []paper.Column{{Title: "清单序号", Width: 12, Align: paper.AlignCenter}, {Title: "类号", Width: 14, Align: paper.AlignCenter}, {Title: "材料名称", Width: 58},
		{Title: "清单份／页", Width: 18, Align: paper.AlignCenter}, {Title: "核对结果", Width: 18, Align: paper.AlignCenter}, {Title: "说明", Width: 36}}}
	for _, i := range items {
		if i.Void || i.ReceiverCheck == LineOK {
			continue
		}
		listed := fmt.Sprintf("%d／%d", i.Copies, i.Pages)
		if i.ReceiverCheck == LineExtra {
			listed = "未列"
		}
		note := i.Note
		if i.ReceiverCheck == LinePages && i.GotPages > 0 {
			note = strings.TrimSpace(fmt.Sprintf("实收%d页 %s", i.GotPages, note))
		}
		t.Rows = append(t.Rows, []string{fmt.Sprint(i.LineNo), i.Number(), i.Text(), listed, LineName(i.ReceiverCheck), note})
	}
	first, second := handler(tx.Context(), tx, c.CheckedBy), tx.Actor().Name
	d := c.draft(document.DifferenceRecord, own, c.HolderName)
	d.Form, d.DossierID = true, held.ID
	d.Write = func(doc *paper.Document, p document.Issue) {
		doc.Addressee(c.HolderName)
		doc.Fields(2, paper.Field{Label: "姓名", Value: c.PersonName}, paper.Field{Label: "公民身份号码", Value: identity.Mask(c.IDNo)}, paper.Field{Label: "案号", Value: c.No}, paper.Field{Label: "通知单编号", Value: c.NoticeNo},
			paper.Field{Label: "收到日期", Value: long(c.ArrivedOn)}, paper.Field{Label: "包封、封条", Value: paper.Choose([]string{"完好", "有损"}, map[bool]string{true: "完好", false: "有损"}[c.Intact])})
		doc.Table(t)
		doc.Paragraph("上列差异由二人对照实物逐份核对确认。清单以外多出的材料一并保管，不丢弃；缺少的请发出单位查明补送。本记录随通知单回执送发出单位，不影响接收。")
		doc.Close(closing(own, p, "核对人（第一人）："+first, "核对人（第二人）："+second))
	}
	_, err = k.press.Issue(tx, d)
	return err
}

// issueSigned is part B of the 告知承诺书 as it was signed on the screen.
func (k *Desk) issueSigned(tx *gate.Tx, c Case, held dossier.Dossier, strokes [][]int) error {
	own, err := agency.Get(tx.Context(), tx, c.Receiver)
	if err != nil {
		return err
	}
	answers, err := undertaking.Issued(tx, c.Ref())
	if err != nil {
		return err
	}
	signed := Promised{Statement: c.Statement, Strokes: strokes, On: calendar.Date(c.PromisedOn), Due: calendar.Date(c.PromiseDue)}
	_, err = k.press.Issue(tx, c.undertaken(own, held).Signed(answers, c.ToldOn, signed, tx.Actor().Name))
	return err
}

// issueRecord is the 包封异常记录, signed by two who saw the packet.
func (k *Desk) issueRecord(tx *gate.Tx, c Case, held dossier.Dossier, f Fault) error {
	own, err := agency.Get(tx.Context(), tx, c.Receiver)
	if err != nil {
		return err
	}
	first, second := handler(tx.Context(), tx, f.FoundBy), tx.Actor().Name
	d := c.draft(document.PacketRecord, own, c.HolderName)
	d.Form, d.DossierID = true, held.ID
	fields := f.packet(c)
	d.Write = func(doc *paper.Document, p document.Issue) {
		doc.Addressee(c.HolderName)
		doc.Fields(2, append([]paper.Field{{Label: "姓名", Value: c.PersonName}, {Label: "公民身份号码", Value: identity.Mask(c.IDNo)}}, fields...)...)
		doc.Fields(2, paper.Field{Label: "收到日期", Value: long(f.FoundOn)}, paper.Field{Label: "情形", Value: paper.Choose([]string{"破损", "拆封"}, FaultName(f.Kind))},
			paper.Field{Label: "第一人所见", Value: f.Seen, Wide: true}, paper.Field{Label: "第二人所见", Value: f.SignedNote, Wide: true})
		doc.Paragraph("包裹由二人共同查验，随后逐份对照清单核对；核对结果另见通知单回执。回执以前，档案仍由发出单位负责；请发出单位向承运方查明原因。")
		doc.Close(closing(own, p, "第一人（登记）："+first, "第二人（签认）："+strings.TrimSpace(second)))
	}
	_, err = k.press.Issue(tx, d)
	return err
}
