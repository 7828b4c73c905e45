package transfer

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/rule"
)

// Outcomes are what a receipt says was done with a packet, as the form lets one choose (forms.md 2).
var Outcomes = []string{"接收", "告知承诺后接收", "先存后补接收", "协商退回"}

// OutsideReceipt is a receipt that came back on paper, as it was filled in there.
type OutsideReceipt struct {
	No      string
	On      calendar.Date // the day the outside keeper received the packet
	Intact  bool
	Match   bool
	Volumes int64
	Copies  int64
	Pages   int64
	Outcome string // one of Outcomes; none of a return, of which the former employer took everything back
	Missing string // key materials it says are missing
	By      string // 收件人
	Checker string // 核对人
	Note    string
}

// size is how much a packet holds.
type size struct{ volumes, copies, pages int64 }

func (s size) String() string { return fmt.Sprintf("%d卷%d份%d页", s.volumes, s.copies, s.pages) }

// sizeOf is what a case was sent with.
func (c Case) sizeOf(items []Item) size {
	copies, pages := Size(items)
	return size{c.Volumes, copies, pages}
}

// check holds a receipt to its form and to what was sent: all mistakes at once.
func (r *OutsideReceipt) check(sent size, sentOn string, today calendar.Date, back bool) error {
	r.No, r.Note, r.Missing, r.By, r.Checker = strings.TrimSpace(r.No), strings.TrimSpace(r.Note), strings.TrimSpace(r.Missing), strings.TrimSpace(r.By), strings.TrimSpace(r.Checker)
	var wrong []rule.Reason
	mistake := func(slug, field, message, next string) {
		wrong = append(wrong, rule.Reason{Rule: "20.5", Slug: slug, Field: field, Message: message, Next: next})
	}
	if !r.On.Valid() || r.On > today || r.On.String() < sentOn {
		mistake("receipt_on_wrong", "on", "收到日期应在寄出之后、今天以前。", "请按回执填写。")
	}
	if (!r.Intact || !r.Match) && r.Note == "" {
		mistake("difference_missing", "note", "包封不完好或核对不符的，须写明情况。", "请照回执抄录。")
	}
	came := size{r.Volumes, r.Copies, r.Pages}
	switch {
	case r.Volumes < 1 || r.Copies < 1 || r.Pages < 1:
		mistake("receipt_count_missing", "volumes", "没有登记回执所写的实收卷数、份数、页数。", "请照回执逐项填写；回执上没有写的，电话向对方核实后填写。")
	case r.Match && came != sent:
		mistake("receipt_count_differs", "volumes", "回执写明相符，实收"+came.String()+"却与寄出的"+sent.String()+"不同。", "请核对回执；确实不符的，按“与清单不符”登记并写明情况。")
	}
	if r.By == "" {
		mistake("receipt_by_missing", "receivedBy", "没有登记回执上的收件人。", "请照回执填写收件人姓名。")
	}
	if r.Checker == "" {
		mistake("receipt_checker_missing", "checkedBy", "没有登记回执上的核对人。", "请照回执填写核对人姓名。")
	}
	if !back && !slices.Contains(Outcomes, r.Outcome) {
		mistake("receipt_outcome_missing", "outcome", "没有登记回执所写的处理。", "请照回执选择"+strings.Join(Outcomes, "、")+"。")
	}
	if len(wrong) > 0 {
		return rule.Mistake(wrong...)
	}
	if !back && r.Outcome == Outcomes[3] {
		return rule.Refuse(rule.Reason{Rule: "20.4a", Slug: "receipt_return", Field: "outcome", Message: "协商退回只对原工作单位；本机构发出的档案，接收单位不得以材料不全为由退回。", Next: "请与对方联系，由其告知本人、接收后补充，再登记回执；整包已退回的，在本件登记包裹异常“拒收”，收到后登记退回到件。"})
	}
	return nil
}

// Receipt closes a transfer to an outside keeper: custody moves here.
func (c *Case) Receipt(r OutsideReceipt, items []Item, today calendar.Date, at time.Time) error {
	if err := c.Step("transfer.receipt"); err != nil {
		return err
	}
	if err := r.check(c.sizeOf(items), c.DispatchedOn, today, c.Direction == In); err != nil {
		return err
	}
	c.ReceiptVolumes, c.ReceiptCopies, c.ReceiptPages = r.Volumes, r.Copies, r.Pages
	c.answered(r, today, at)
	return nil
}

// answered puts a receipt that was held to its form on the case.
func (c *Case) answered(r OutsideReceipt, today calendar.Date, at time.Time) {
	c.ReceiptNo, c.ReceiptOn = r.No, today.String()
	c.ReceiptMissing, c.ReceiptBy, c.ReceiptChecker = r.Missing, r.By, r.Checker
	if c.Direction == In { // a return: custody was the former employer's all along
		if r.Note != "" {
			c.Differences = r.Note
		}
		c.ClosedAt, c.State = at, Returned
		return
	}
	c.ArrivedOn, c.Intact, c.CheckResult, c.Outcome = r.On.String(), r.Intact, "相符", r.Outcome
	if !r.Match {
		c.CheckResult = "不符"
	}
	c.Differences = r.Note
	c.ReceivedAt, c.ClosedAt, c.State = at, at, Closed
}

// receipt holds the receipt of a packet with many to its form, and adds what came to what came
// before: it may be answered in parts (20.5).
func (l *List) receipt(r *OutsideReceipt, sent size, today calendar.Date) error {
	if err := r.check(sent, l.DispatchedOn, today, false); err != nil {
		return err
	}
	l.ReceiptNo, l.ReceiptOn, l.ReceiptOutcome, l.ReceiptBy, l.ReceiptChecker = r.No, today.String(), r.Outcome, r.By, r.Checker
	l.ReceiptVolumes, l.ReceiptCopies, l.ReceiptPages = l.ReceiptVolumes+r.Volumes, l.ReceiptCopies+r.Copies, l.ReceiptPages+r.Pages
	return nil
}

// Answered is what a case's receipt says that came, was done and by whom; "" before it came.
func (c Case) Answered() string {
	return answered(c.ReceiptOn, size{c.ReceiptVolumes, c.ReceiptCopies, c.ReceiptPages}, c.Outcome, c.ReceiptBy, c.ReceiptChecker)
}

// Answered is what the receipts of a list say.
func (l List) Answered() string {
	return answered(l.ReceiptOn, size{l.ReceiptVolumes, l.ReceiptCopies, l.ReceiptPages}, l.ReceiptOutcome, l.ReceiptBy, l.ReceiptChecker)
}

func answered(on string, came size, outcome, by, checker string) string {
	if on == "" {
		return ""
	}
	var out []string
	if came.volumes > 0 {
		out = append(out, "实收"+came.String())
	}
	if outcome != "" {
		out = append(out, outcome)
	}
	if by != "" {
		out = append(out, "收件人"+by)
	}
	if checker != "" {
		out = append(out, "核对人"+checker)
	}
	return strings.Join(out, "，")
}
