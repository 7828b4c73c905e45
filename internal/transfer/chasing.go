package transfer

import (
	"fmt"

	"dangan/internal/agency"
	"dangan/internal/document"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/message"
	"dangan/internal/paper"
	"dangan/internal/policy"
)

// issueChase is the 催办函 to an end that is outside the province's system: what an agency
// finds in its inbox, an outside holder or receiver gets on paper (20.1, 20.5). The clerks are
// told to print and send it where a timer asked.
func (k *Desk) issueChase(tx *gate.Tx, c Case) error {
	if c.Direction == Inner {
		return nil
	}
	at, to := c.Holder, c.ReceiverName
	if c.Direction == In {
		at, to = c.Receiver, c.HolderName
	}
	own, err := agency.Get(tx.Context(), tx, at)
	if err != nil {
		return err
	}
	what, text := "催要档案转递通知单回执", fmt.Sprintf("我单位于%s以%s寄出的密封档案一件，至今未收到转递通知单回执。请收到档案后即核对退回回执；未收到的，请查找收发登记并书面告知我单位，由我单位向承运方查询。", long(c.DispatchedOn), WayName(c.Way))
	notice := c.NoticeNo
	if c.Direction == In {
		notice = c.BackNo
	}
	fields := []paper.Field{{Label: "案号", Value: c.No}, {Label: "通知单编号", Value: notice}, {Label: "姓名", Value: c.PersonName}, {Label: "公民身份号码", Value: identity.Mask(c.IDNo)}, {Label: "第几次催办", Value: fmt.Sprint(c.Chased)}, {Label: "原定期限", Value: long(c.ReceiptDue)}}
	if action, _ := c.chasing(); action == "transfer.urge" {
		what, text = "催办调档函", fmt.Sprintf("我单位%s开具的调档函（%s）至今未收到档案或者书面答复。请自收函之日起15个工作日内审核、密封，按规定的方式转至我单位；不符合转递规定的，请书面告知全部理由。请勿将档案交由个人携带。", long(c.LetterOn), c.LetterNo)
		fields[1] = paper.Field{Label: "调档函编号", Value: c.LetterNo}
		fields[5] = paper.Field{Label: "函有效期至", Value: long(c.ValidUntil)}
	}
	var left []string
	if tx.Actor().Kind == policy.Staff {
		left = []string{"经办人：" + tx.Actor().Name}
	}
	d := c.draft(document.ChaseLetter, own, to)
	d.Form = true
	d.Write = func(doc *paper.Document, p document.Issue) {
		doc.Part(paper.Part{Label: "正联", Note: what})
		doc.Addressee(to)
		doc.Paragraph(text)
		doc.Fields(2, append(fields, paper.Field{Label: "联系电话", Value: own.Phone}, paper.Field{Label: "地址", Value: own.Address + " " + own.Desk})...)
		doc.Close(closing(own, p, left...))
		doc.Part(paper.Part{Label: "回复", Note: "由收函单位填写后退回", Title: "催办函回复单"})
		doc.Fields(2, paper.Field{Label: "案号", Value: c.No}, paper.Field{Label: "收函日期", Value: blankDay}, paper.Field{Label: "情况", Value: paper.Choose([]string{"已办理", "正在办理", "未收到", "不能办理（附理由）"}), Wide: true}, paper.Field{Label: "说明", Value: "", Wide: true})
		doc.Close(paper.Closing{Issuer: "收函单位（盖章）：", Left: []string{"经办人："}})
	}
	letter, err := k.press.Issue(tx, d)
	if err != nil || tx.Actor().Kind == policy.Staff {
		return err
	}
	return message.Inform(tx, message.Notice{Agency: at, Post: "clerk", Subject: "催办函待寄", Text: "已出具" + letter.Number + "（" + what + "），请打印后寄送" + to + "。", DossierID: c.DossierID, CaseRef: c.Ref(), Link: "/transfers/" + c.ID})
}
