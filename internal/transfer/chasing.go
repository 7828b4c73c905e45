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
	d := c.draft(document.ChaseLetter, own, to)
	return k.sendChase(tx, d, chaser{own: own, to: to, no: c.No, what: what, text: text, fields: fields, link: "/transfers/" + c.ID})
}

// issueListChase is the one 催办函 for a packet with many dossiers: who of it has no receipt (20.5).
func (k *Desk) issueListChase(tx *gate.Tx, l List, waiting []Case) error {
	own, err := agency.Get(tx.Context(), tx, l.Agency)
	if err != nil {
		return err
	}
	t := paper.Table{Columns: []paper.Column{{Title: "序号", Width: 8, Align: paper.AlignCenter}, {Title: "姓名", Width: 24}, {Title: "公民身份号码", Width: 40}, {Title: "案号", Width: 30}, {Title: "情况（收函单位填）", Width: 40}}}
	for i, c := range waiting {
		t.Rows = append(t.Rows, []string{fmt.Sprint(i + 1), c.PersonName, identity.Mask(c.IDNo), c.No, ""})
	}
	d := document.Draft{Kind: document.ChaseLetter, Agency: own, CaseRef: l.Ref(), Addressee: l.ReceiverName, Notice: foot}
	return k.sendChase(tx, d, chaser{own: own, to: l.ReceiverName, no: l.No, what: "催要档案转递通知单回执", table: &t, link: "/transfers/lists/" + l.ID,
		text:   fmt.Sprintf("我单位于%s以%s寄出的密封档案一件（批量），下列%d人至今未收到转递通知单回执。请收到档案后即逐人核对、退回回执；未收到的，请查找收发登记并书面告知我单位，由我单位向承运方查询。", long(l.DispatchedOn), WayName(l.Way), len(waiting)),
		fields: []paper.Field{{Label: "批号", Value: l.No}, {Label: "通知单编号", Value: l.NoticeNo}, {Label: "依据编号", Value: l.LetterNo}, {Label: "没有回执", Value: fmt.Sprintf("%d人（全批%d人）", len(waiting), l.Persons)}, {Label: "第几次催办", Value: fmt.Sprint(l.Chased)}, {Label: "原定期限", Value: long(l.ReceiptDue)}}})
}

// chaser is what a 催办函 says.
type chaser struct {
	own                      agency.Agency
	to, no, what, text, link string
	fields                   []paper.Field
	table                    *paper.Table
}

// sendChase issues a 催办函; where a timer asked, the clerks are told to send it.
func (k *Desk) sendChase(tx *gate.Tx, d document.Draft, c chaser) error {
	var left []string
	if tx.Actor().Kind == policy.Staff {
		left = []string{"经办人：" + tx.Actor().Name}
	}
	d.Form = true
	d.Write = func(doc *paper.Document, p document.Issue) {
		doc.Part(paper.Part{Label: "正联", Note: c.what})
		doc.Addressee(c.to)
		doc.Paragraph(c.text)
		doc.Fields(2, append(c.fields, paper.Field{Label: "联系电话", Value: c.own.Phone}, paper.Field{Label: "地址", Value: c.own.Address + " " + c.own.Desk})...)
		if c.table != nil {
			doc.Table(*c.table)
		}
		doc.Close(closing(c.own, p, left...))
		doc.Part(paper.Part{Label: "回复", Note: "由收函单位填写后退回", Title: "催办函回复单"})
		doc.Fields(2, paper.Field{Label: "案号", Value: c.no}, paper.Field{Label: "收函日期", Value: blankDay}, paper.Field{Label: "情况", Value: paper.Choose([]string{"已办理", "正在办理", "未收到", "不能办理（附理由）"}), Wide: true}, paper.Field{Label: "说明", Value: "", Wide: true})
		doc.Close(paper.Closing{Issuer: "收函单位（盖章）：", Left: []string{"经办人："}})
	}
	letter, err := k.press.Issue(tx, d)
	if err != nil || tx.Actor().Kind == policy.Staff {
		return err
	}
	return message.Inform(tx, message.Notice{Agency: c.own.ID, Post: "clerk", Subject: "催办函待寄", Text: "已出具" + letter.Number + "（" + c.what + "），请打印后寄送" + c.to + "。", DossierID: d.DossierID, CaseRef: d.CaseRef, Link: c.link})
}
