package transfer

import (
	"context"
	"fmt"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/store"
)

// Stage is one step of a case as its page draws it: in a lane, done, present or to come.
type Stage struct {
	No    int
	End   string // Receiving or Holding
	Name  string
	State string // done, now, todo, stopped
	On    string // 2006-01-02
	Note  string
}

// Stages lays a case out along its way (picture 5): the receipt stands before the undertaking.
func (c Case) Stages(items []Item) []Stage {
	copies, pages, _ := totals(items)
	day := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return calendar.Of(t).String()
	}
	size := ""
	if len(items) > 0 {
		size = fmt.Sprintf("%d份 %d页", copies, pages)
	}
	applied := Stage{End: Receiving, Name: "申请", On: c.AppliedOn, Note: c.Applicant}
	letter := Stage{End: Receiving, Name: "调档函", On: c.LetterOn, Note: shortNo(c.LetterNo)}
	register := Stage{End: Holding, Name: "来函登记", On: c.RegisteredOn, Note: "核对验证码或电话核实"}
	if c.Verified != "" {
		register.Note, _, _ = strings.Cut(strings.Replace(c.Verified, "函上验证码核对一致", "验证通过", 1), "：")
	}
	pull := Stage{End: Holding, Name: "提档", On: day(c.PulledAt), Note: "库房出库"}
	review := Stage{End: Holding, Name: "审核", On: day(c.ReviewedAt), Note: "对照实物审核"}
	pack := Stage{End: Holding, Name: "装封", On: day(c.PackedAt), Note: size}
	send := Stage{End: Holding, Name: "寄送", On: c.DispatchedOn, Note: "待登记"}
	if c.Way != "" {
		send.Note = WayName(c.Way)
	}
	check := Stage{End: Receiving, Name: "签收核对", On: day(c.CheckedAt), Note: "逐份对照清单"}
	receipt := Stage{End: Receiving, Name: "回执", On: c.ReceiptOn, Note: "核对后即退回"}
	last := Stage{End: Receiving, Name: "告知承诺/接收入库", On: day(c.ClosedAt), Note: "缺关键材料的先承诺"}
	if c.State == Promising && !c.ShelvedAt.IsZero() {
		last.Note = "代管待承诺"
	}
	var out []Stage
	var at int // how many are done
	switch {
	case c.Packet():
		out, at = c.stagesBeside(review, pack, send, check, receipt)
	case c.Direction == Inner:
		out = []Stage{applied, letter, register, pull, review, pack, send, check, receipt, last}
		at = map[State]int{Applied: 1, Lettered: 2, Registered: 3, Pulled: 4, Approved: 5, Packed: 6, InTransit: 7, Missing: 7, Checking: 7, Promising: 9, Shelving: 9, Closed: 10}[c.State]
	case c.Direction == In:
		theirs := Stage{End: Holding, Name: "对方寄送", On: c.ArrivedOn, Note: "外单位审核转递"}
		if c.DispatchedOn != "" && c.BackNo == "" {
			theirs.On, theirs.Note = c.DispatchedOn, WayName(c.Way)
		}
		out = []Stage{applied, letter, theirs, check, receipt, last}
		at = map[State]int{Applied: 1, Lettered: 2, InTransit: 3, Checking: 3, Promising: 5, Shelving: 5, Closed: 6}[c.State]
		if c.Outcome == KeptApart {
			last.Name, last.Note = "另行保管", "一人多档，待核实归并"
		}
		if c.State == Returning || c.State == Awaiting || c.State == Returned {
			send.End, send.Name = Receiving, "退回寄送"
			back := Stage{End: Holding, Name: "对方回执", On: c.ReceiptOn, Note: "收到后登记"}
			out = append(out[:4], send, back)
			at = map[State]int{Returning: 4, Awaiting: 5, Returned: 6}[c.State]
		}
	case c.Direction == Out:
		letter.Name, receipt.Name = "对方来函", "回执"
		receipt.Note = "收到后登记"
		out = []Stage{letter, register, pull, review, pack, send, receipt}
		at = map[State]int{Registered: 2, Pulled: 3, Approved: 4, Packed: 5, Awaiting: 6, Missing: 6, Closed: 7}[c.State]
	}
	if c.State == NotSent || c.State == Withdrawn || c.State == Expired {
		at = 0
		for at < len(out) && out[at].On != "" && out[at].On <= day(c.ClosedAt) && (out[at].Name != "审核" || c.State != NotSent) {
			at++
		}
	}
	for n := range out {
		out[n].No = n + 1
		switch {
		case n < at:
			out[n].State = "done"
		case n > at:
			out[n].State, out[n].On = "todo", ""
		case c.State.Open():
			out[n].State, out[n].On = "now", ""
		default:
			out[n].State, out[n].On, out[n].Note = "stopped", day(c.ClosedAt), c.State.Name()
		}
	}
	if at < len(out) && out[at].State == "now" && out[at].End == Holding && c.DueOn != "" {
		out[at].On = c.DueOn
	}
	return out
}

// Progress is what the holder of an application's slip may know of the case: names of steps,
// days and states, nothing of the person or the dossier; the receipt closes it for nobody else.
func (k *Desk) Progress(ctx context.Context, caseRef string) (state string, steps []Stage, err error) {
	id, ok := strings.CutPrefix(caseRef, "Transfer:")
	if !ok {
		return "", nil, store.ErrNotFound
	}
	c, err := Get(ctx, k.gate.DB(), id)
	if err != nil {
		return "", nil, err
	}
	for _, s := range c.Stages(nil) {
		if s.State == "now" { // a term is the agency's, not a day something was done
			s.On = ""
		}
		steps = append(steps, Stage{No: s.No, End: s.End, Name: s.Name, State: s.State, On: s.On})
	}
	state = c.StateName()
	if c.Fault != "" {
		state += "（途中异常，正在查询处理）"
	}
	return state, steps, nil
}

// shortNo is 〔2026〕904号 of a letter's number.
func shortNo(no string) string {
	if at := strings.Index(no, "〔"); at > 0 {
		return no[at:]
	}
	return no
}

// Day is one cell of the fifteen.
type Day struct {
	On    string
	State string // past, today, ahead, due
}

// Days are the working days of the holder's term as it runs now, the last one being the due day.
func (k *Desk) Days(c Case) []Day {
	if c.RegisteredOn == "" {
		return nil
	}
	today := k.gate.Today()
	var out []Day
	from, days := c.Term()
	for n := 1; n <= days; n++ {
		on, _ := k.gate.Calendar().AddWorkdays(from, n)
		d := Day{On: on.String(), State: "ahead"}
		switch {
		case on < today:
			d.State = "past"
		case on == today:
			d.State = "today"
		case n == days:
			d.State = "due"
		}
		out = append(out, d)
	}
	return out
}

// Left is how many working days are left to the due day, negative when overdue.
func (k *Desk) Left(c Case) int {
	if c.DueOn == "" {
		return 0
	}
	return k.gate.Calendar().Workdays(k.gate.Today(), calendar.Date(c.DueOn))
}

// Tone is a state's color and shape (design/README, Color).
func (s State) Tone() string {
	switch s {
	case Applied:
		return "plain"
	case Awaiting, Promising, Returning:
		return "wait"
	case Closed:
		return "done"
	case NotSent, Missing:
		return "bad"
	case Withdrawn, Expired, Returned:
		return "void"
	}
	return "run"
}
