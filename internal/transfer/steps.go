package transfer

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/rule"
)

// Ends of a transfer.
const (
	Receiving = "receiver"
	Holding   = "holder"
)

// step is one act of a case: by direction, at which end and from which states.
type step struct {
	action, label string
	by            map[string]plan
}

type plan struct {
	end  string
	from []State
}

// steps are all acts of a case in the order of its way. What a case offers
// (Possible) and what its acts accept come from this one table.
var steps = []step{
	{action: "transfer.letter", label: "开具调档函", by: map[string]plan{Inner: {Receiving, []State{Applied}}, In: {Receiving, []State{Applied}}}},
	{action: "transfer.register", label: "登记来函", by: map[string]plan{Inner: {Holding, []State{Lettered}}}},
	{action: "transfer.answer", label: "登记预审答复", by: map[string]plan{In: {Receiving, []State{Lettered}}, Out: {Holding, []State{Registered, Pulled}}}},
	{action: "transfer.forwarded", label: "登记对方寄出", by: map[string]plan{In: {Receiving, []State{Lettered, Expired}}}},
	{action: "transfer.list", label: "登记清单", by: map[string]plan{besideOut: {Holding, []State{Pulled}}, besideWay: {Holding, []State{Pulled}}, Inner: {Holding, []State{Pulled}}, Out: {Holding, []State{Pulled}}, In: {Receiving, []State{Checking}}}},
	{action: "transfer.review", label: "审核通过", by: map[string]plan{besideOut: {Holding, []State{Pulled}}, besideWay: {Holding, []State{Pulled}}, Inner: {Holding, []State{Pulled}}, Out: {Holding, []State{Pulled}}}},
	{action: "transfer.pack", label: "登记装封", by: map[string]plan{besideOut: {Holding, []State{Approved}}, besideWay: {Holding, []State{Approved}}, Inner: {Holding, []State{Approved}}, Out: {Holding, []State{Approved}}}},
	{action: "transfer.dispatch", label: "登记寄送", by: map[string]plan{besideOut: {Holding, []State{Packed}}, besideWay: {Holding, []State{Packed}}, Inner: {Holding, []State{Packed}}, Out: {Holding, []State{Packed}}}},
	{action: "transfer.resend", label: "重新寄送", by: map[string]plan{besideOut: {Holding, []State{Packed}}, besideWay: {Holding, []State{Packed}}, Inner: {Holding, []State{Packed}}, Out: {Holding, []State{Packed}}}},
	{action: "transfer.arrive", label: "登记到件", by: map[string]plan{besideWay: {Receiving, []State{InTransit, Missing}}, Inner: {Receiving, []State{InTransit, Missing}}, In: {Receiving, []State{Lettered, Expired, InTransit}}}},
	{action: "transfer.check", label: "逐份核对", by: map[string]plan{besideWay: {Receiving, []State{Checking}}, Inner: {Receiving, []State{Checking}}, In: {Receiving, []State{Checking}}}},
	{action: "transfer.receive", label: "复核签收", by: map[string]plan{besideWay: {Receiving, []State{Checking}}, Inner: {Receiving, []State{Checking}}, In: {Receiving, []State{Checking, Returning}}}},
	{action: "transfer.second", label: "登记为一人多档", by: map[string]plan{In: {Receiving, []State{Checking}}}},
	{action: "transfer.tell", label: "一次告知", by: map[string]plan{Inner: {Receiving, []State{Promising}}, In: {Receiving, []State{Promising}}}},
	{action: "transfer.promise", label: "登记承诺", by: map[string]plan{Inner: {Receiving, []State{Promising}}, In: {Receiving, []State{Promising}}}},
	{action: "transfer.send_back", label: "登记退回寄送", by: map[string]plan{In: {Receiving, []State{Returning}}}},
	{action: "transfer.receipt", label: "登记回执", by: map[string]plan{besideOut: {Holding, []State{Awaiting, Missing}}, Out: {Holding, []State{Awaiting, Missing}}, In: {Receiving, []State{Awaiting, Missing}}}},
	{action: "transfer.history", label: "登记经历", by: map[string]plan{In: {Receiving, []State{Returning}}}},
	{action: "transfer.confirm_history", label: "核对经历", by: map[string]plan{In: {Receiving, []State{Returning}}}},
	{action: "transfer.draft", label: "存草稿", by: map[string]plan{besideOut: {Holding, []State{Packed}}, besideWay: {Holding, []State{Packed}}, Inner: {Holding, []State{Packed}}, Out: {Holding, []State{Packed}}}},
	{action: "transfer.reopen", label: "退回审核", by: map[string]plan{besideOut: {Holding, []State{Approved, Packed}}, besideWay: {Holding, []State{Approved, Packed}}, Inner: {Holding, []State{Approved, Packed}}, Out: {Holding, []State{Approved, Packed}}}},
	{action: "transfer.decline", label: "不予转出", by: map[string]plan{Inner: {Holding, []State{Registered, Pulled}}, Out: {Holding, []State{Registered, Pulled}}}},
	{action: "transfer.return", label: "协商退回", by: map[string]plan{Inner: {Receiving, []State{Checking}}, In: {Receiving, []State{Checking}}}},
	{action: "transfer.withdraw", label: "撤回申请", by: map[string]plan{
		besideWay: {Holding, []State{Pulled, Approved, Packed}}, besideOut: {Holding, []State{Pulled, Approved, Packed}},
		Inner: {Receiving, []State{Applied, Lettered, Registered, Pulled, Approved, Packed}}, In: {Receiving, []State{Applied, Lettered, InTransit}}, // what an outside keeper sent and never came
		Out: {Holding, []State{Registered, Pulled, Approved, Packed}}}},
	// What was entered wrongly is put right while it still can be; correctables says which field when.
	{action: "transfer.correct", label: "更正", by: map[string]plan{Inner: {Receiving, untilReceived}, In: {Receiving, untilReceived}, Out: {Holding, []State{Registered, Pulled, Approved, Packed}}}},
	{action: "transfer.correct_way", label: "更正寄送登记", by: onTheWay},
	{action: "transfer.forward", label: "转交有关机构", by: map[string]plan{Inner: {Receiving, []State{Applied}}, In: {Receiving, []State{Applied}}}},
	// A person who can't be reached: the dossier is kept all the same (代管待承诺).
	{action: "transfer.contact", label: "登记联系情况", by: promising},
	{action: "transfer.dispose", label: "处置代管", by: promising},
	{action: "transfer.untold", label: "提醒一次告知", by: promising},
	{action: "transfer.remind", label: "提醒承诺", by: promising},
	{action: "transfer.escalate", label: "报请处置", by: promising},
	// What goes wrong on the way: who sent the packet answers for it, and deals with it.
	{action: "transfer.fault", label: "登记异常", by: onTheWay},
	{action: "transfer.redeliver", label: "改投", by: onTheWay},
	{action: "transfer.inquire", label: "向承运方查询", by: lostToo},
	{action: "transfer.inquiry_answer", label: "登记查询答复", by: lostToo},
	{action: "transfer.came_back", label: "登记退回到件", by: lostToo},
	{action: "transfer.lost", label: "报告遗失", by: onTheWay},
	{action: "transfer.search_ask", label: "申请重建", by: map[string]plan{In: {Receiving, []State{Missing}}, besideOut: {Holding, []State{Missing}}, besideWay: {Holding, []State{Missing}}, Inner: {Holding, []State{Missing}}, Out: {Holding, []State{Missing}}}},
	{action: "transfer.search_decide", label: "批复重建", by: map[string]plan{In: {Receiving, []State{Missing}}, besideOut: {Holding, []State{Missing}}, besideWay: {Holding, []State{Missing}}, Inner: {Holding, []State{Missing}}, Out: {Holding, []State{Missing}}}},
	{action: "transfer.fault_sign", label: "第二人签认", by: map[string]plan{besideWay: {Receiving, []State{Checking}}, Inner: {Receiving, []State{Checking}}, In: {Receiving, []State{Checking}}}},
	// The keeper and the timers act on the case too.
	{action: "transfer.pulled", label: "提档", by: map[string]plan{Inner: {Holding, []State{Registered}}, Out: {Holding, []State{Registered}}}},
	{action: "transfer.buried", label: "本人去世", by: map[string]plan{Inner: {Receiving, []State{Promising}}, In: {Receiving, []State{Promising}}}},
	{action: "transfer.shelved", label: "入库", by: map[string]plan{Inner: {Receiving, []State{Promising, Shelving}}, In: {Receiving, []State{Promising, Shelving}}}},
	{action: "transfer.expire", label: "函已过期", by: map[string]plan{Inner: {Receiving, []State{Lettered}}, In: {Receiving, []State{Lettered}}}},
	{action: "transfer.overdue", label: "逾期提示", by: map[string]plan{besideOut: {Holding, []State{Pulled, Approved, Packed}}, besideWay: {Holding, []State{Pulled, Approved, Packed}}, Inner: {Holding, []State{Lettered, Registered, Pulled, Approved, Packed}}, Out: {Holding, []State{Registered, Pulled, Approved, Packed}}}},
	{action: "transfer.chase", label: "催办回执", by: map[string]plan{besideOut: {Holding, []State{Awaiting}}, besideWay: {Holding, []State{InTransit, Checking}}, Inner: {Holding, []State{InTransit, Checking}}, Out: {Holding, []State{Awaiting}}, In: {Receiving, []State{Awaiting}}}},
	{action: "transfer.stray", label: "登记误投", by: lostToo},
	{action: "transfer.unreceipted", label: "登记投递无回执", by: onTheWay},
	{action: "transfer.urge", label: "催办调档函", by: map[string]plan{Inner: {Receiving, []State{Lettered}}, In: {Receiving, []State{Lettered, InTransit}}}},
}

var promising = map[string]plan{Inner: {Receiving, []State{Promising}}, In: {Receiving, []State{Promising}}}

// onTheWay are the states of a packet that was sent and has not come; a return to a
// former employer goes its way from the receiver.
var onTheWay = map[string]plan{besideOut: {Holding, []State{Awaiting}}, besideWay: {Holding, []State{InTransit}}, Inner: {Holding, []State{InTransit}}, Out: {Holding, []State{Awaiting}}, In: {Receiving, []State{Awaiting}}}

// lostToo are those states and the search that follows a loss.
var lostToo = map[string]plan{besideOut: {Holding, []State{Awaiting, Missing}}, besideWay: {Holding, []State{InTransit, Missing}}, Inner: {Holding, []State{InTransit, Missing}}, Out: {Holding, []State{Awaiting, Missing}}, In: {Receiving, []State{Awaiting, Missing}}}

func stepOf(action string) step {
	i := slices.IndexFunc(steps, func(s step) bool { return s.action == action })
	return steps[i]
}

// Has says whether an act exists at all in the case's direction, and at which end.
func (c Case) Has(action string) (end string, ok bool) {
	p, ok := stepOf(action).by[c.way()]
	return p.end, ok
}

// Step holds an act to the states it is possible in.
func (c Case) Step(action string) error {
	s := stepOf(action)
	p, ok := s.by[c.way()]
	if !ok {
		return rule.Refuse(rule.Reason{Rule: "29.6", Slug: "step_of_other_way", Message: "本件不办理“" + s.label + "”。", Next: "请按本件所列步骤办理。"})
	}
	if slices.Contains(p.from, c.State) {
		return nil
	}
	names := make([]string, len(p.from))
	for i, f := range p.from {
		names[i] = f.Name()
	}
	return rule.Refuse(rule.Reason{Rule: "29.6", Slug: "step_out_of_order",
		Message: fmt.Sprintf("本件现为“%s”，不能办理“%s”。", c.State.Name(), s.label),
		Next:    fmt.Sprintf("“%s”在“%s”时办理；请先完成前面的步骤。", s.label, strings.Join(names, "”或“")),
		Facts:   map[string]any{"state": string(c.State)}})
}

// Moved says whether custody has moved: exactly once, by receive or receipt.
func (c Case) Moved() bool { return !c.ReceivedAt.IsZero() }

// Custodian is the end that answers for the packet now; never none, never both.
func (c Case) Custodian() string {
	if c.Moved() {
		return Receiving
	}
	return Holding
}

// Whose word ends a case before its time.
const (
	ByApplicant = "applicant" // the person, the unit or the agent who applied, by a paper of theirs
	ByWriter    = "writer"    // the outside organ whose letter it is, by another letter
)

// askers are who may have a case withdrawn, as papers say it.
var askers = map[string]string{ByApplicant: "申请人", ByWriter: "来函单位"}

// AskerName is who had a case withdrawn, as papers say it.
func AskerName(by string) string { return askers[by] }

// Withdrawal is what a case is withdrawn on: never on a clerk's own word, which would be a
// refusal in disguise (29.8).
type Withdrawal struct {
	Why   string
	Paper string // number of the applicant's paper, or of the organ's letter
}

// Withdraw ends a case before the packet has left.
func (c *Case) Withdraw(w Withdrawal, at time.Time) error {
	if err := c.Step("transfer.withdraw"); err != nil {
		return err
	}
	w.Why, w.Paper = strings.TrimSpace(w.Why), strings.TrimSpace(w.Paper)
	if w.Why == "" {
		return rule.Mistake(rule.Reason{Rule: "29.6", Slug: "withdraw_reason_missing", Field: "why", Message: "撤回须写明原因。", Next: "请填写撤回原因，例如：本人改在原机构存档。"})
	}
	by, next := ByApplicant, "请由申请人书面提出并登记编号；机构不得自行撤回，不能办理的，按不予办理书面告知。"
	if c.Direction == Out {
		by, next = ByWriter, "请凭来函单位的撤函登记文号；机构不得自行撤回，不能转出的，按不予转出书面答复。"
	}
	if c.Packet() { // nobody applied for it: who sends a packet beside a dossier may choose another way
		c.WithdrawnWhy, c.State, c.ClosedAt = w.Why, Withdrawn, at
		return nil
	}
	if w.Paper == "" {
		return rule.Complete(rule.Reason{Rule: "29.8", Slug: "withdraw_paper_missing", Field: "paper", Message: "没有登记" + askers[by] + "要求撤回的书面材料。", Next: next})
	}
	c.WithdrawnWhy, c.WithdrawnBy, c.WithdrawnDoc, c.State, c.ClosedAt = w.Why, by, w.Paper, Withdrawn, at
	return nil
}

// bookingDays are the working days in which a letter that came on its last day may still be
// booked: received in time is in time (20.1), whenever it is entered.
const bookingDays = 2

// lapsed says that a letter can't have been received in time any more.
func lapsed(cal *calendar.Calendar, until, today calendar.Date) bool {
	last, _ := cal.AddWorkdays(until, bookingDays)
	return last < today
}

// Expire ends a letter nobody registered in time.
func (c *Case) Expire(cal *calendar.Calendar, today calendar.Date, at time.Time) error {
	if err := c.Step("transfer.expire"); err != nil {
		return err
	}
	if !lapsed(cal, calendar.Date(c.ValidUntil), today) {
		return rule.Refuse(rule.Reason{Rule: "20.1", Slug: "letter_valid", Message: "调档函仍在有效期内，或在期满后的登记期间。", Next: "到期后自动登记。"})
	}
	c.State, c.ClosedAt = Expired, at
	return nil
}

// Chase notes that the receipt was asked for (20.5), Urge that an answer to the
// letter was (20.1): once a day at most.
func (c *Case) Chase(today calendar.Date) error { return c.ask("transfer.chase", "20.5", today) }

// Urge asks the holder again for what the letter asks.
func (c *Case) Urge(today calendar.Date) error { return c.ask("transfer.urge", "20.1", today) }

func (c *Case) ask(action string, under rule.ID, today calendar.Date) error {
	if err := c.Step(action); err != nil {
		return err
	}
	if c.chasedWithList() {
		return rule.Refuse(reason("20.5", "chased_with_list", "本件随批寄出，回执与全批一并催办。", "请在本批中催办：一件包封一份催办函。"))
	}
	if r := c.chasedToday(under, today); r != nil {
		return rule.Refuse(*r)
	}
	c.ChasedOn, c.Chased = today.String(), c.Chased+1
	return nil
}

func (c Case) chasedToday(under rule.ID, today calendar.Date) *rule.Reason {
	if c.ChasedOn != today.String() {
		return nil
	}
	r := askedToday(under)
	return &r
}

func askedToday(under rule.ID) rule.Reason {
	return reason(under, "chased_today", "今天已经催办过。", "明天仍未答复的，可以再次催办，或者电话联系对方。")
}
