package transfer

import (
	"fmt"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/rule"
)

// Letter puts the letter on the case.
func (c *Case) Letter(no, code, by string, on, until calendar.Date) error {
	if err := c.Step("transfer.letter"); err != nil {
		return err
	}
	c.LetterNo, c.LetterCode, c.LetterBy, c.LetterOn, c.ValidUntil, c.State = no, code, by, on.String(), until.String(), Lettered
	return nil
}

// Registration is what the holder enters about a letter that came.
type Registration struct {
	LetterNo   string
	Code       string // on the letter; checked against the register
	Telephone  string // number that was called, for a letter without code or from outside
	Spoke      string // with whom
	Online     string // number on the national platform, over which an electronic letter of another province came
	ReceivedOn calendar.Date
	verified   string // how the letter was verified before, for another person of it
}

// workdays is the term of 20.2b.
const workdays = 15

// Register starts the holder's clock: 15 working days from the day the letter came (20.2b).
func (c *Case) Register(r Registration, by string, today calendar.Date, cal *calendar.Calendar) error {
	if err := c.Step("transfer.register"); err != nil {
		return err
	}
	return c.register(r, by, today, cal)
}

func (c *Case) register(r Registration, by string, today calendar.Date, cal *calendar.Calendar) error {
	var wrong []rule.Reason
	mistake := func(field, slug, message, next string) {
		wrong = append(wrong, rule.Reason{Rule: "20.1", Slug: slug, Field: field, Message: message, Next: next})
	}
	r.LetterNo, r.Code, r.Telephone, r.Spoke = strings.TrimSpace(r.LetterNo), strings.TrimSpace(r.Code), strings.TrimSpace(r.Telephone), strings.TrimSpace(r.Spoke)
	switch {
	case r.LetterNo == "":
		return rule.Complete(rule.Reason{Rule: "20.1", Slug: "letter_missing", Field: "letterNo", Message: "没有调档函，不能办理转出。", Next: "请凭接收单位开具的调档函登记；填写函上的编号。"})
	case c.Direction == Inner && sameNo(r.LetterNo) != sameNo(c.LetterNo):
		mistake("letterNo", "letter_number_mismatch", "函号与本件登记的调档函不一致。", "请核对函上的编号。")
	}
	if !r.ReceivedOn.Valid() || r.ReceivedOn > today || r.ReceivedOn < calendar.Date(c.LetterOn) {
		mistake("receivedOn", "received_on_wrong", "收函日期应在发函之后、今天以前。", "请填写实际收到调档函的日期，15 个工作日自该日起算。")
	}
	if last := c.bookBy(cal); c.Direction == Inner && r.ReceivedOn.Valid() && last != "" && r.ReceivedOn > last {
		mistake("receivedOn", "received_on_late", "系统内开具的调档函当日即达，收函日期最迟为"+last.Long()+"。", "15 个工作日自收函日期起算，登记晚了不顺延；请按"+last.Long()+"或者更早的实际日期登记。")
	}
	switch {
	case r.Code != "" && c.Direction == Inner && plainCode(r.Code) != plainCode(c.LetterCode):
		mistake("code", "letter_code_mismatch", "验证码与调档函登记簿不符。", "请核对函上的验证码；仍不符的，电话向开函机构核实，不要发档。")
	case r.Code == "" && r.Online == "" && r.verified == "" && (r.Telephone == "" || r.Spoke == ""):
		return rule.Complete(rule.Reason{Rule: "20.1", Slug: "letter_unverified", Field: "telephone", Message: "调档函没有验证码或来自外单位，尚未核实。", Next: "请电话向开函单位核实，并登记所拨电话和接听人。"})
	}
	if len(wrong) > 0 {
		return rule.Mistake(wrong...)
	}
	if c.ValidUntil != "" && r.ReceivedOn > calendar.Date(c.ValidUntil) {
		return rule.Refuse(rule.Reason{Rule: "20.1", Slug: "letter_expired", Message: "调档函已于" + calendar.Date(c.ValidUntil).Long() + "过期。", Next: "请接收单位重新开具调档函；重新开函不收费、不影响本人。"})
	}
	c.Verified = "函上验证码核对一致"
	switch {
	case r.verified != "":
		c.Verified = r.verified
	case r.Code == "" && r.Telephone == "":
		c.Verified = "全国平台电子调档函：" + r.Online
	case r.Code == "":
		c.Verified = fmt.Sprintf("电话核实：%s，接听人%s", r.Telephone, r.Spoke)
	}
	c.RegisteredOn, c.RegisteredBy, c.State = r.ReceivedOn.String(), by, Registered
	c.term(cal, r.ReceivedOn, workdays)
	return nil
}

var noForm = strings.NewReplacer(" ", "", "　", "", "[", "〔", "]", "〕", "(", "〔", ")", "〕", "（", "〔", "）", "〕", "【", "〔", "】", "〕")

func sameNo(no string) string { return noForm.Replace(no) }

func plainCode(code string) string {
	return strings.ToUpper(strings.NewReplacer("-", "", " ", "", "－", "", "—", "").Replace(code))
}

// term begins a term of the holder's: what it is counted from stays on the case, so that it is
// counted again from there once a year's holidays are known.
func (c *Case) term(cal *calendar.Calendar, from calendar.Date, days int) {
	due, tentative := cal.AddWorkdays(from, days)
	c.TermFrom, c.TermDays, c.DueOn, c.DueTentative, c.Watched = from.String(), int64(days), due.String(), tentative, 0
}

// Term is what the holder's term is counted from, and its working days.
func (c Case) Term() (from calendar.Date, days int) {
	if c.TermFrom == "" {
		return calendar.Date(c.RegisteredOn), workdays
	}
	return calendar.Date(c.TermFrom), int(c.TermDays)
}

// Recount computes a provisional term anew (codes.md 1) and says whether it changed.
func (c *Case) Recount(cal *calendar.Calendar) bool {
	from, days := c.Term()
	due, tentative := cal.AddWorkdays(from, days)
	changed := due.String() != c.DueOn || tentative != c.DueTentative
	c.DueOn, c.DueTentative = due.String(), tentative
	return changed
}

// Pull follows the keeper's pull.
func (c *Case) Pull(by string, at time.Time) error {
	if err := c.Step("transfer.pulled"); err != nil {
		return err
	}
	c.PulledBy, c.PulledAt, c.State = by, at, Pulled
	return nil
}

// Approve is the review of 20.2a: nothing but the four hindrances stands in the way.
func (c *Case) Approve(h Hindrances, note, by string, at time.Time) error {
	if err := c.Step("transfer.review"); err != nil {
		return err
	}
	if reasons := h.Reasons(); len(reasons) > 0 {
		return rule.Refuse(reasons...)
	}
	c.Review, c.ReviewedBy, c.ReviewedAt, c.State = note, by, at, Approved
	return nil
}

// Decline says that the dossier is not sent, with all reasons (20.2b). Only a
// hindrance of 20.2a is a reason: the agency's own backlog is none. A catalog can
// be entered in the case by a clerk at any time, so its lack keeps nobody.
func (c *Case) Decline(h Hindrances, by string, at time.Time) ([]rule.Reason, error) {
	if err := c.Step("transfer.decline"); err != nil {
		return nil, err
	}
	h.NoCatalog = false
	reasons := h.Reasons()
	if len(reasons) == 0 {
		return nil, rule.Refuse(rule.Reason{Rule: "29.8", Slug: "refusal_without_rule", Message: "没有规定的不予转出情形：无未还借阅、无正在进行的查阅、无限制，目录已有或可以登记。",
			Next: "请继续办理转出；材料欠缺、待归档、记载不一致的，随档案注明，不影响转出。"})
	}
	c.ReviewedBy, c.ReviewedAt, c.State, c.ClosedAt = by, at, NotSent, at
	return reasons, nil
}

// Seal is what is entered when a packet is sealed.
type Seal struct {
	SealNo  string
	Volumes int64
}

// Pack seals the packet; the papers are issued in the same act.
func (c *Case) Pack(s Seal, by string, at time.Time) error {
	if err := c.Step("transfer.pack"); err != nil {
		return err
	}
	if err := c.seal(s); err != nil {
		return err
	}
	c.PackedBy, c.PackedAt, c.State = by, at, Packed
	return nil
}

// seal puts seal and volumes on the case.
func (c *Case) seal(s Seal) error {
	var wrong []rule.Reason
	if strings.TrimSpace(s.SealNo) == "" {
		wrong = append(wrong, rule.Reason{Rule: "20.2b", Slug: "seal_missing", Field: "sealNo", Message: "档案须密封，封条编号不能为空。", Next: "请填写封条上的编号。"})
	}
	if s.Volumes < 1 || s.Volumes > 99 {
		wrong = append(wrong, rule.Reason{Rule: "20.2b", Slug: "volumes_wrong", Field: "volumes", Message: "卷数应为 1 至 99。", Next: "请填写实际卷数。"})
	}
	if len(wrong) > 0 {
		return rule.Mistake(wrong...)
	}
	c.SealNo, c.Volumes = strings.TrimSpace(s.SealNo), s.Volumes
	return nil
}

// Reopen puts a packet back under review; its papers are void.
func (c *Case) Reopen() error {
	if err := c.Step("transfer.reopen"); err != nil {
		return err
	}
	c.reopen()
	return nil
}

func (c *Case) reopen() {
	c.SealNo, c.Volumes, c.NoticeNo, c.PackedBy, c.PackedAt, c.Draft = "", 0, "", "", time.Time{}, ""
	c.Review, c.ReviewedBy, c.ReviewedAt, c.State = "", "", time.Time{}, Pulled
}

// Dispatched sends the packet on its way; CheckWay has passed.
func (c *Case) Dispatched(d Dispatch, messengers, by string, today calendar.Date, receiptDays int) error {
	if err := c.Step("transfer.dispatch"); err != nil {
		return err
	}
	if err := c.sent(d, c.readyOn(), messengers, by, today, receiptDays); err != nil {
		return err
	}
	c.State = InTransit
	if c.Direction == Out {
		c.State = Awaiting
	}
	return nil
}

// reached is a day before which a packet can't have left, and what was done on it.
type reached struct{ on, what string }

// latest is the last of the days that a packet had to wait for; those that are not known don't count.
func latest(days ...reached) (last reached) {
	for _, d := range days {
		if d.on > last.on {
			last = d
		}
	}
	return last
}

// dayOf is the day of a moment, "" where it did not come yet.
func dayOf(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return calendar.Of(at).String()
}

// readyOn is the day from which a packet can have left: the letter was there, the review passed,
// the packet sealed; one that came back was there again. Otherwise a late packet could be entered
// as sent in time (20.2b).
func (c Case) readyOn() reached {
	days := []reached{{c.RegisteredOn, "收函"}, {dayOf(c.ReviewedAt), "审核"}, {dayOf(c.PackedAt), "装封"}}
	if c.Direction == In { // a return: sealed in the act that sends it
		days = []reached{{c.ArrivedOn, "到件"}, {dayOf(c.CheckedAt), "逐份核对"}}
	}
	if c.SentFirst != "" {
		days = append(days, reached{c.SentFirst, "首次寄出"}, reached{c.TermFrom, "退回到件"})
	}
	return latest(days...)
}

// sent writes down how a packet went, not before a day.
func (c *Case) sent(d Dispatch, after reached, messengers, by string, today calendar.Date, receiptDays int) error {
	on := calendar.Date(d.On)
	switch {
	case !on.Valid() || on > today:
		return rule.Mistake(rule.Reason{Rule: "20.2b", Slug: "dispatched_on_wrong", Field: "on", Message: "交寄日期应在收函（收件）之后、今天以前。", Next: "请填写实际交寄的日期。"})
	case on.String() < after.on:
		return rule.Mistake(rule.Reason{Rule: "20.2b", Slug: "dispatched_on_early", Field: "on", Message: fmt.Sprintf("交寄日期%s早于%s日期%s，包裹那时还不可能寄出。", on.Long(), after.what, long(after.on)), Next: "请照交寄凭证填写实际日期，不早于" + long(after.on) + "；前面的步骤登记晚了的，时限不顺延，也不倒填。"})
	}
	c.DeliveredOn = ""
	c.Way, c.TrackingNo, c.Office, c.Messengers, c.Draft = d.Way, strings.TrimSpace(d.TrackingNo), d.office(), messengers, ""
	c.DispatchedOn, c.DispatchedBy, c.ReceiptDue = on.String(), by, on.AddDays(receiptDays).String()
	return nil
}
