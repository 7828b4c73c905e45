package transfer

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/message"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
	"dangan/internal/undertaking"
)

// AttemptWays are how a person is looked for.
var AttemptWays = []string{"电话", "短信", "邮寄", "上门", "向单位或亲属了解"}

// disposal is what the head or the superior decided, among the attempts.
const disposal = "处置"

// Attempt is one try at reaching a person whose undertaking is waited for, or what was
// decided about a person who was not reached. The dossier is in custody all along (20.4a).
type Attempt struct {
	ID         string    `db:"id"`
	Version    int64     `db:"version"`
	TransferID string    `db:"transfer_id"`
	At         time.Time `db:"at"`
	TriedOn    string    `db:"tried_on"`
	TriedBy    string    `db:"tried_by"`
	Way        string    `db:"way"`
	Reached    bool      `db:"reached"`
	Note       string    `db:"note"`
}

// Table names the table of attempts.
func (Attempt) Table() string { return "transfer_attempt" }

// AttemptsOf lists the attempts of a case, newest first.
func AttemptsOf(ctx context.Context, q store.Querier, caseID string) ([]Attempt, error) {
	return store.List[Attempt](ctx, q, "WHERE transfer_id=? ORDER BY at DESC, id DESC LIMIT 50", caseID)
}

// StateName is the case's state as screens say it: who was not reached is kept for.
func (c Case) StateName() string {
	if c.State == Promising && c.Tries > 0 {
		return "代管待承诺"
	}
	return c.State.Name()
}

// Try notes one attempt.
func (c *Case) Try(a Attempt, today calendar.Date) error {
	if err := c.Step("transfer.contact"); err != nil {
		return err
	}
	var wrong []rule.Reason
	if !slices.Contains(AttemptWays, a.Way) {
		wrong = append(wrong, rule.Reason{Rule: "20.4a", Slug: "attempt_way", Field: "way", Message: "没有选择联系方式。", Next: "请从" + strings.Join(AttemptWays, "、") + "中选择。"})
	}
	if on := calendar.Date(a.TriedOn); !on.Valid() || on > today || a.TriedOn < c.ReceiptOn {
		wrong = append(wrong, rule.Reason{Rule: "20.4a", Slug: "attempt_on", Field: "on", Message: "联系日期应在收档之后、今天以前。", Next: "请填写实际联系的日期。"})
	}
	if strings.TrimSpace(a.Note) == "" {
		wrong = append(wrong, rule.Reason{Rule: "20.4a", Slug: "attempt_note", Field: "note", Message: "没有写明联系的结果。", Next: "请写明拨打的号码末四位、接听人或者未接通的情况。"})
	}
	if len(wrong) > 0 {
		return rule.Mistake(wrong...)
	}
	if !a.Reached {
		c.Tries++
	}
	return nil
}

// Dispose is the head's or the superior's word on a person who was not reached: the dossier
// stays in custody and is never sent back; the term begins anew.
func (c *Case) Dispose(note string, today calendar.Date) error {
	if err := c.Step("transfer.dispose"); err != nil {
		return err
	}
	return c.Clock.Dispose(note, today)
}

// Try books one attempt at reaching the person.
func (k *Desk) Try(ctx context.Context, by policy.Actor, id string, a Attempt) (Case, error) {
	return k.on(ctx, by, "transfer.contact", []rule.ID{"20.4a"}, id, func(tx *gate.Tx, c *Case, _ *dossier.Dossier) error {
		if err := c.Try(a, tx.Today()); err != nil {
			return err
		}
		return addAttempt(tx, *c, a)
	})
}

func addAttempt(tx *gate.Tx, c Case, a Attempt) error {
	a.ID, a.Version, a.TransferID, a.At, a.TriedBy, a.Note = gate.NewID(), 1, c.ID, tx.Now(), tx.Actor().ID, strings.TrimSpace(a.Note)
	return tx.Insert(a)
}

// Dispose books what the head or the superior decided.
func (k *Desk) Dispose(ctx context.Context, by policy.Actor, id, note string) (Case, error) {
	return k.on(ctx, by, "transfer.dispose", []rule.ID{"20.4a"}, id, func(tx *gate.Tx, c *Case, _ *dossier.Dossier) error {
		if err := c.Dispose(note, tx.Today()); err != nil {
			return err
		}
		return addAttempt(tx, *c, Attempt{TriedOn: tx.Today().String(), Way: disposal, Note: note})
	})
}

// tellDays are the working days after the receipt in which the one notice is given (20.4a): the
// person can't promise what nobody told them.
const tellDays = 5

// tellBy is the day by which the one notice is to be given.
func (c Case) tellBy(cal *calendar.Calendar) calendar.Date {
	by, _ := cal.AddWorkdays(calendar.Date(c.ReceiptOn), tellDays)
	return by
}

// Untold notes that the clerk was reminded of the one notice.
func (c *Case) Untold(cal *calendar.Calendar, today calendar.Date, again int) error {
	if err := c.Step("transfer.untold"); err != nil {
		return err
	}
	if c.ToldOn != "" || today <= c.tellBy(cal) || c.RemindedOn != "" && today < calendar.Date(c.RemindedOn).AddDays(again) {
		return rule.Refuse(reason("20.4a", "tell_term_runs", "已经一次性告知，或者还没有到提醒的日期。", "到期后自动提醒。"))
	}
	c.RemindedOn = today.String()
	return nil
}

// promises reminds the clerk of the one notice that was not given, the person of the undertaking
// that was asked for, and puts before the head, then the superior, what lies for too long: the
// timer's part. Each act happens once a term.
func (k *Desk) promises(ctx context.Context) error {
	today, cal, again := k.gate.Today(), k.gate.Calendar(), k.settings.Int(setting.PromiseReminder)
	before := today.AddDays(-again).String()
	since := today
	for (Case{ReceiptOn: since.String()}).tellBy(cal) >= today {
		since = since.AddDays(-1)
	}
	untold := k.each(ctx, "transfer.untold", "20.4a", func(tx *gate.Tx, c *Case, _ *dossier.Dossier) error {
		if err := c.Untold(tx.Calendar(), tx.Today(), again); err != nil {
			return err
		}
		return message.Inform(tx, message.Notice{Agency: c.Receiver, Post: "clerk", Subject: "尚未一次性告知", Text: "本件" + long(c.ReceiptOn) + "签收，缺少关键材料，至今没有出具告知承诺书。请一次告知全部所缺材料；联系不上本人的，先出具并寄送。", DossierID: c.DossierID, CaseRef: c.Ref(), Link: "/transfers/" + c.ID})
	}, "WHERE state='promising' AND told_on IS NULL AND receipt_on<=? AND (reminded_on IS NULL OR reminded_on<=?) ORDER BY receipt_on, id LIMIT 500", since.String(), before)
	remind := k.each(ctx, "transfer.remind", "20.4a", func(tx *gate.Tx, c *Case, _ *dossier.Dossier) error {
		if err := c.Step("transfer.remind"); err != nil {
			return err
		}
		c.Clock.Remind(tx.Today())
		return nil
	}, "WHERE state='promising' AND "+undertaking.RemindDue("told_on")+" ORDER BY told_on, id LIMIT 500", before, before)
	// Who was not told in time is put before the head sooner than who can't be reached.
	longer := today.AddDays(-k.settings.Int(setting.PromiseEscalate)).String()
	escalate := k.each(ctx, "transfer.escalate", "20.4a", func(tx *gate.Tx, c *Case, _ *dossier.Dossier) error {
		if err := c.Step("transfer.escalate"); err != nil {
			return err
		}
		tx.Note("to", c.Clock.Escalate(tx.Today()))
		return nil
	}, "WHERE state='promising' AND ("+undertaking.EscalateDue("told_on")+" OR told_on IS NULL AND "+undertaking.EscalateDue("receipt_on")+") ORDER BY id LIMIT 500", longer, longer, before, before)
	return errors.Join(untold, remind, escalate)
}
