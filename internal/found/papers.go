package found

import (
	"strconv"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/document"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/paper"
)

// issueSlip is the 接收登记单: the stub that stays, and the receipt for who brought it.
func (k *Desk) issueSlip(tx *gate.Tx, p Packet) (document.Document, error) {
	own, err := agency.Get(tx.Context(), tx, p.Agency)
	if err != nil {
		return document.Document{}, err
	}
	number := identity.Mask(p.IDNo)
	if p.IDNo == "" {
		number = "封面未载明"
	}
	fields := []paper.Field{{Label: "登记号", Value: p.No}, {Label: "存档人姓名", Value: p.PersonName}, {Label: "公民身份号码", Value: number}, {Label: "交来人", Value: p.Bringer + "（" + p.Relation + "）"},
		{Label: "核验证件", Value: p.BringerPaper}, {Label: "怎样来的", Value: p.Came}, {Label: "卷（袋）数", Value: strconv.FormatInt(p.Volumes, 10)}, {Label: "包封状态", Value: paper.Choose(Seals, p.Seal)},
		{Label: "包封情况", Value: p.Seen, Wide: true}, {Label: "最后存档单位（交来人所述、封面所载）", Value: p.Keeper, Wide: true}, {Label: "登记日期", Value: calendar.Of(p.RegisteredAt).Long()}}
	return k.press.Issue(tx, document.Draft{Kind: document.FoundSlip, Agency: own, CaseRef: p.Ref(), Addressee: p.Bringer, IDTail: identity.LastFour(p.IDNo), Form: true, Notice: document.Foot,
		Write: func(out *paper.Document, i document.Issue) {
			out.Part(paper.Part{Label: "存根", Note: "由登记机构留存"})
			out.Fields(2, fields...)
			out.Signatures("交来人", "登记人", "封存人")
			out.Part(paper.Part{Label: "收据", Note: "交交来人"})
			out.Fields(2, fields...)
			out.Paragraph("个人不得保管本人或者他人的人事档案（《流动人员人事档案管理服务规定》第六条）。上列档案已由我机构当面登记，由两名工作人员封存保管；由我机构向原存档单位等核实，无需您携带往返。核实后按规定接收，并告知存档人。")
			out.Note("登记、封存、核实和接收均免费办理。")
			out.Close(paper.Closing{Issuer: own.Name, Date: i.At, Seal: i.Seal, Left: []string{"登记人：" + tx.Actor().Name}})
		}})
}

// issueInquiry is the 核实函, with the form of the answer below it.
func (k *Desk) issueInquiry(tx *gate.Tx, p Packet, q Inquiry) (document.Document, error) {
	own, err := agency.Get(tx.Context(), tx, p.Agency)
	if err != nil {
		return document.Document{}, err
	}
	return k.press.Issue(tx, document.Draft{Kind: document.FoundInquiry, Agency: own, CaseRef: p.Ref(), Addressee: q.Addressee, IDTail: identity.LastFour(p.IDNo), Form: true, Notice: document.Foot,
		Write: func(out *paper.Document, i document.Issue) {
			out.Part(paper.Part{Label: "正本", Note: "送" + KindName(q.Kind)})
			out.Addressee(q.Addressee)
			out.Paragraph("我机构于" + calendar.Of(p.RegisteredAt).Long() + "登记一份由个人交来的人事档案，已由两名工作人员封存（封条号 " + p.SealNo + "）。据封面或交来人所述，该档案曾由你单位（或你单位承继、主管的单位）保管。请核实是否属实，并于" + calendar.Date(q.DueOn).Long() + "前书面答复。")
			number := p.IDNo
			if number == "" {
				number = "封面未载明，请一并告知"
			}
			out.Fields(2, paper.Field{Label: "姓名", Value: p.PersonName}, paper.Field{Label: "公民身份号码", Value: number}, paper.Field{Label: "登记号", Value: p.No}, paper.Field{Label: "卷（袋）数", Value: strconv.FormatInt(p.Volumes, 10)},
				paper.Field{Label: "包封状态", Value: p.Seal}, paper.Field{Label: "怎样来的", Value: p.Came})
			out.Paragraph("核实属实的，我机构按《流动人员人事档案管理服务规定》第二十条接收，不再交由个人携带。")
			out.Close(paper.Closing{Issuer: own.Name, Date: i.At, Seal: i.Seal, Left: []string{"经办人：" + tx.Actor().Name, "联系电话：" + own.Phone}})
			out.Part(paper.Part{Label: "答复", Note: "由" + KindName(q.Kind) + "填写后寄回"})
			out.Fields(2, paper.Field{Label: "核实结果", Value: paper.Choose([]string{"属实", "查无记载", "与记载不符"}, ""), Wide: true}, paper.Field{Label: "保管起止、离开原因", Value: "", Wide: true}, paper.Field{Label: "答复文号", Value: ""}, paper.Field{Label: "日期", Value: ""})
			out.Signatures("答复人", "单位盖章")
		}})
}
