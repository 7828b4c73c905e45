package transfer

import (
	"context"
	"strings"
	"time"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/paper"
	"dangan/internal/policy"
	"dangan/internal/region"
	"dangan/internal/rule"
)

// provinces are the first two digits of GB/T 2260, without the municipality's own.
var provinces = strings.Fields("11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 51 52 53 54 61 62 63 64 65 66 71 81 82")

// corps has a code of its own on the national platform, and none in GB/T 2260.
const corps = "66"

// Provinces are the others, for choosing.
func Provinces() []codes.Code {
	var out []codes.Code
	for _, p := range provinces {
		out = append(out, codes.Code{Code: p, Name: ProvinceName(p)})
	}
	return out
}

// ProvinceName is another province's name; empty for what is none.
func ProvinceName(code string) string {
	for _, p := range provinces {
		switch {
		case p != code:
		case p == corps:
			return "新疆生产建设兵团"
		default:
			return region.Name(p + "0000")
		}
	}
	return ""
}

// Preliminary answers to a letter (跨省通办 预审).
const (
	Agreed   = "agree"
	Declined = "decline"
)

// Answering is the preliminary answer to a letter: the other province's, that came, or ours.
type Answering struct {
	Answer string
	On     calendar.Date
	Note   string // their reasons where they decline
}

// answer puts the preliminary answer on the case. Our own is always agreement:
// what can't go is declined with all reasons, by the reviewer (20.2b).
func (c *Case) answer(a Answering, by string, today calendar.Date, at time.Time) error {
	if err := c.Step("transfer.answer"); err != nil {
		return err
	}
	if c.Direction == Out && c.Province == "" {
		return rule.Refuse(notAcross())
	}
	if c.AnswerOn != "" {
		return rule.Refuse(reason("20.1", "answered_already", "预审答复已于"+calendar.Date(c.AnswerOn).Long()+"登记。", "请继续办理寄送。"))
	}
	a.Note = strings.TrimSpace(a.Note)
	var wrong []rule.Reason
	if a.Answer != Agreed && (a.Answer != Declined || c.Direction == Out) {
		wrong = append(wrong, rule.Reason{Rule: "20.1", Slug: "answer_unknown", Field: "answer", Message: "预审答复应为同意转出或者不予转出。", Next: "请重新选择；本机构不予转出的，由审核人员出具告知单。"})
	}
	if !a.On.Valid() || a.On > today || a.On.String() < c.LetterOn {
		wrong = append(wrong, rule.Reason{Rule: "20.1", Slug: "answered_on_wrong", Field: "on", Message: "答复日期应在发函之后、今天以前。", Next: "请照答复填写。"})
	}
	if a.Answer == Declined && a.Note == "" {
		wrong = append(wrong, rule.Reason{Rule: "20.2b", Slug: "answer_without_reasons", Field: "note", Message: "对方不予转出的，须写明全部理由。", Next: "请照对方的书面答复抄录。"})
	}
	if len(wrong) > 0 {
		return rule.Mistake(wrong...)
	}
	c.Answer, c.AnswerOn, c.AnswerNote, c.AnswerBy = a.Answer, a.On.String(), a.Note, by
	if a.Answer == Declined {
		c.State, c.ClosedAt = NotSent, at
	}
	return nil
}

func notAcross() rule.Reason {
	return reason("20.1", "not_across_provinces", "本件不是跨省转递，不单独作预审答复。", "请直接提档、审核，按期寄送。")
}

// forwarded notes that the outside holder has sent the packet.
func (c *Case) forwarded(d Dispatch, noticeNo string, today calendar.Date) error {
	if err := c.Step("transfer.forwarded"); err != nil {
		return err
	}
	on := calendar.Date(d.On)
	var wrong []rule.Reason
	if !on.Valid() || on > today || on.String() < c.LetterOn {
		wrong = append(wrong, rule.Reason{Rule: "20.2b", Slug: "dispatched_on_wrong", Field: "on", Message: "寄出日期应在发函之后、今天以前。", Next: "请照对方告知的日期填写。"})
	}
	if WayName(d.Way) == d.Way {
		wrong = append(wrong, rule.Reason{Rule: "20.3a", Slug: "way_unknown", Field: "way", Message: "转递方式只能是机要通信、专人送取、给据邮件三种之一。", Next: "请照对方告知的方式选择；对方让本人自带的，请对方改按规定转递。"})
	}
	if d.Way == RegisteredMail && strings.TrimSpace(d.TrackingNo) != "" {
		d.TrackingNo = mailNo(d.TrackingNo)
		if r := checkMail(d.TrackingNo); r != nil {
			wrong = append(wrong, *r)
		}
	}
	if len(wrong) > 0 {
		return rule.Mistake(wrong...)
	}
	c.Way, c.TrackingNo, c.DispatchedOn, c.NoticeNo, c.State = d.Way, strings.TrimSpace(d.TrackingNo), on.String(), strings.TrimSpace(noticeNo), InTransit
	c.ClosedAt = time.Time{} // a letter that had expired runs again
	return nil
}

// Answer books the preliminary answer to a letter: what the outside holder said, or, to
// another province, our own, which goes as a paper.
func (k *Desk) Answer(ctx context.Context, by policy.Actor, id string, a Answering) (Case, error) {
	return k.on(ctx, by, "transfer.answer", []rule.ID{"20.1", "20.2a"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if c.Direction == Out {
			a.On = tx.Today()
			h, err := k.hindrances(ctx, tx, *c, *d)
			if err != nil {
				return err
			}
			h.NoCatalog = false // the list is made while the case runs: no reason to keep the dossier
			if reasons := h.Reasons(); len(reasons) > 0 {
				return rule.Refuse(reasons...)
			}
		}
		if err := c.answer(a, by.ID, tx.Today(), tx.Now()); err != nil {
			return err
		}
		tx.Note("answer", c.Answer)
		switch {
		case c.Direction == Out:
			return k.issueAnswer(tx, *c)
		case c.Answer == Declined:
			return setPapers(tx, c.Ref(), document.Answered, document.TransferLetter)
		}
		return nil
	})
}

// Forwarded books that the outside holder has sent the packet, by which way.
func (k *Desk) Forwarded(ctx context.Context, by policy.Actor, id string, d Dispatch, noticeNo string) (Case, error) {
	return k.on(ctx, by, "transfer.forwarded", []rule.ID{"20.2b", "20.3a"}, id, func(tx *gate.Tx, c *Case, _ *dossier.Dossier) error {
		was := c.State
		if err := c.forwarded(d, noticeNo, tx.Today()); err != nil {
			return err
		}
		return k.again(tx, was, *c)
	})
}

// Exchange lays a case across provinces out in the five states of 跨省通办; nil for others.
func (c Case) Exchange() []Stage {
	if c.Province == "" {
		return nil
	}
	online := c.AppliedOn
	if online == "" {
		online = c.LetterOn // of an application elsewhere we know by its letter
	}
	note := "窗口申请"
	if c.OnlineNo != "" {
		note = c.OnlineNo
	}
	answer := map[string]string{Agreed: "同意转出", Declined: "不予转出"}[c.Answer]
	if c.State == NotSent && c.Answer == "" {
		answer = "不予转出"
	}
	received := c.ReceiptOn
	if received == "" && c.Direction == In {
		received = c.ArrivedOn
	}
	out := []Stage{{Name: "申请", On: online, Note: note}, {Name: "电子调档函", On: c.LetterOn, Note: shortNo(c.LetterNo)}, {Name: "预审答复", On: c.AnswerOn, Note: answer},
		{Name: "已寄出", On: c.DispatchedOn, Note: c.TrackingNo}, {Name: "已接收", On: received, Note: shortNo(c.ReceiptNo)}}
	last := 0
	for n := range out {
		if out[n].No = n + 1; out[n].On != "" {
			last = n
		}
	}
	for n := range out {
		switch {
		case n == 2 && answer == "不予转出":
			out[n].State = "stopped"
		case n <= last:
			out[n].State = "done"
		case n == last+1 && c.State.Open():
			out[n].State = "now"
		default:
			out[n].State = "todo"
		}
	}
	return out
}

// issueAnswer is the 调档函回执: that the dossier will be sent (forms.md 1, part 回执).
func (k *Desk) issueAnswer(tx *gate.Tx, c Case) error {
	own, err := agency.Get(tx.Context(), tx, c.Holder)
	if err != nil {
		return err
	}
	d := c.draft(document.LetterAnswer, own, c.ReceiverName)
	d.Title, d.Form = "流动人员人事档案调档函回执", true
	name := tx.Actor().Name
	d.Write = func(doc *paper.Document, p document.Issue) {
		doc.Addressee(c.ReceiverName)
		doc.Paragraph("你单位来函收悉。经预审，" + c.PersonName + "同志的人事档案在我单位保管，同意转出。我单位将自收函之日起15个工作日内审核、密封，按规定方式寄送，不交本人携带。")
		doc.Fields(2, paper.Field{Label: "姓名", Value: c.PersonName}, paper.Field{Label: "公民身份号码", Value: identity.Mask(c.IDNo)}, paper.Field{Label: "调档函编号", Value: c.LetterNo},
			paper.Field{Label: "收函日期", Value: long(c.RegisteredOn)}, paper.Field{Label: "办理意见", Value: paper.Choose([]string{"同意转出", "不符合转递规定（附理由）"}, "同意转出"), Wide: true},
			paper.Field{Label: "办理时限", Value: long(c.DueOn)}, paper.Field{Label: "网上申请编号", Value: c.OnlineNo}, paper.Field{Label: "说明", Value: c.AnswerNote, Wide: true})
		doc.Close(closing(own, p, "经办人："+name))
	}
	_, err = k.press.Issue(tx, d)
	return err
}
