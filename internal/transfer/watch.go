package transfer

import (
	"context"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/message"
	"dangan/internal/rule"
)

// superiorDays are the working days after a term's end in which the holder's head may see to
// it, before the superior is told.
const superiorDays = 5

// bookBy is the day by which a letter of the system is to be booked: it is there at once, so
// who is watched does not choose when the clock starts (20.2b). Empty for other letters.
func (c Case) bookBy(cal *calendar.Calendar) calendar.Date {
	if c.Direction != Inner || c.LetterOn == "" {
		return ""
	}
	last, _ := cal.AddWorkdays(calendar.Date(c.LetterOn), bookingDays)
	return last
}

// endOf is the day a term of the holder's ends: of booking the letter, then of sending.
func (c Case) endOf(cal *calendar.Calendar) calendar.Date {
	if c.State == Lettered {
		return c.bookBy(cal)
	}
	return calendar.Date(c.DueOn)
}

// unbookedSince is the newest day of a letter that should be booked by now.
func unbookedSince(cal *calendar.Calendar, today calendar.Date) calendar.Date {
	on := today
	for {
		if last, _ := cal.AddWorkdays(on, bookingDays); last < today {
			return on
		}
		on = on.AddDays(-1)
	}
}

// Watch notes that a term is over and who is told: the head at its end, the superior
// superiorDays later. Each is told once a term.
func (c *Case) Watch(cal *calendar.Calendar, today calendar.Date) (post string, err error) {
	if err := c.Step("transfer.overdue"); err != nil {
		return "", err
	}
	end := c.endOf(cal)
	later, _ := cal.AddWorkdays(end, superiorDays)
	switch {
	case end == "" || today <= end || c.Watched >= 2 || c.Watched == 1 && today <= later:
		return "", rule.Refuse(reason("20.2b", "term_runs", "期限未满，或者已经提示。", "到期后自动提示。"))
	case c.Watched == 1:
		c.Watched = 2
		return "supervisor", nil
	}
	c.Watched = 1
	return "head", nil
}

// overdue tells the head, then the superior, of letters that nobody booked and of dossiers
// that were not sent in time: the timer's part (20.2b).
func (k *Desk) overdue(ctx context.Context) error {
	today, cal := k.gate.Today(), k.gate.Calendar()
	before := today
	for {
		if later, _ := cal.AddWorkdays(before, superiorDays); later < today {
			break
		}
		before = before.AddDays(-1)
	}
	return k.each(ctx, "transfer.overdue", "20.2b", func(tx *gate.Tx, c *Case, _ *dossier.Dossier) error {
		post, err := c.Watch(tx.Calendar(), tx.Today())
		if err != nil {
			return err
		}
		tx.Note("to", post)
		own, err := agency.Get(tx.Context(), tx, c.Holder)
		if err != nil {
			return err
		}
		at := own.ID
		if post == "supervisor" {
			at = own.Parent
		}
		n := message.Notice{Agency: at, Post: post, Subject: "转出逾期", Text: own.Name + "有一件转出已过" + long(c.DueOn) + "的期限，应当在 15 个工作日内转出或者书面答复，请督办。", DossierID: c.DossierID, CaseRef: c.Ref(), Link: "/transfers/" + c.ID}
		if c.State == Lettered {
			n.Subject, n.Text = "来函逾期未登记", own.Name+"有一件调档函（"+c.LetterNo+"）应于"+c.endOf(tx.Calendar()).Long()+"前登记，至今没有登记；15 个工作日自收函起算，请督办。"
		}
		return message.Inform(tx, n)
	}, `WHERE holder IS NOT NULL AND (state IN ('registered','pulled','approved','packed') AND (coalesce(watched,0)=0 AND due_on<? OR watched=1 AND due_on<=?)
		OR state='lettered' AND direction='inner' AND (coalesce(watched,0)=0 AND letter_on<=? OR watched=1 AND letter_on<=?)) ORDER BY id LIMIT 500`,
		today.String(), before.String(), unbookedSince(cal, today).String(), unbookedSince(cal, before).String())
}
