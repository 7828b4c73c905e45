package supplement

import (
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Acts of this room.
const (
	ActRemind   = "supplement.remind"
	ActLapse    = "supplement.lapse"
	ActEscalate = "supplement.escalate"
	ActDispose  = "supplement.dispose"
	ActAsk      = "supplement.ask"
	ActGrant    = "supplement.grant"
	ActDeny     = "supplement.deny"
	ActRead     = "supplement.read"

	// stepReinstated is no act of this room: an objection held, and the authority's answer to it is the act.
	stepReinstated = "supplement.reinstated"
)

// Owed is a supplement as this room handles it.
type Owed struct{ dossier.Supplement }

// Ref names it in messages and the inbox.
func (o Owed) Ref() string { return "Supplement:" + o.ID }

// Binds names the dossier and the version.
func (o Owed) Binds() (string, int64) { return o.DossierID, o.Version }

// Resource is the supplement as the policies see it.
func (o Owed) Resource(d dossier.Dossier) policy.Resource {
	return policy.Resource{Type: "Supplement", ID: o.ID, Agencies: []string{d.Agency}, Secrecy: d.Secrecy,
		Attrs: map[string]any{"agency": d.Agency, "person": d.PersonID, "state": o.State, "askedBy": o.AskedBy}}
}

// Step is one thing done about a supplement that did not come.
type Step struct {
	ID           string    `db:"id"`
	SupplementID string    `db:"supplement_id"`
	DossierID    string    `db:"dossier_id"`
	Kind         string    `db:"kind"`
	At           time.Time `db:"at"`
	MadeBy       string    `db:"made_by"`
	DueOn        string    `db:"due_on,null"`   // the term as it stood
	UntilOn      string    `db:"until_on,null"` // the term that was asked for or granted
	Note         string    `db:"note,null"`
}

// Table names the table of steps.
func (Step) Table() string { return "supplement_step" }

func init() {
	store.Describe(Step{})
	store.Register("supplement_step", store.Audited, "补充材料的催补、报请、处置和延期")
}

// kinds are the steps as screens say them, by the act that makes one.
var kinds = map[string]string{ActRemind: "催补", ActLapse: "期限届满，告知本人", ActEscalate: "报请处置", ActDispose: "处置", ActAsk: "申请延期", ActGrant: "同意延期", ActDeny: "不同意延期", stepReinstated: "异议成立，恢复审批"}

// KindName is a kind of step as screens say it.
func KindName(kind string) string { return kinds[kind] }

func reason(id rule.ID, slug, field, message, next string) rule.Reason {
	return rule.Reason{Rule: id, Slug: slug, Field: field, Message: message, Next: next}
}

// under is the rule a supplement's term stands on: a promise (20.4a), or what comes later (20.4b).
func (o Owed) under() rule.ID {
	if o.Promised {
		return "20.4a"
	}
	return "20.4b"
}

// Late says how many days the term has passed; 0 while it runs.
func (o Owed) Late(today calendar.Date) int {
	if o.State != dossier.Owed || o.DueOn == "" || o.DueOn >= today.String() {
		return 0
	}
	return int(today.Time().Sub(calendar.Date(o.DueOn).Time()).Hours() / 24)
}

func (o Owed) open() error {
	if o.State != dossier.Owed {
		return rule.Refuse(reason(o.under(), "supplement_closed", "", "这一项已办结。", "请刷新后查看。"))
	}
	return nil
}

// overdue refuses what is only done once the term has passed.
func (o Owed) overdue(today calendar.Date) error {
	if err := o.open(); err != nil {
		return err
	}
	if o.Late(today) == 0 {
		return rule.Refuse(reason(o.under(), "supplement_not_due", "", "补充期限还没有过。", "期限前七天系统自动提醒本人；逾期以后再催补。"))
	}
	return nil
}

// Remind asks again for what is overdue, once a day at most.
func (o *Owed) Remind(today calendar.Date) error {
	if err := o.overdue(today); err != nil {
		return err
	}
	if o.RemindedOn == today.String() {
		return rule.Refuse(reason(o.under(), "reminded_today", "", "今天已经催补过。", "明天仍未补充的可以再催，或者电话联系本人。"))
	}
	o.Reminded, o.RemindedOn = o.Reminded+1, today.String()
	return nil
}

// Lapse notes that the person was told that the term has passed: once for each term.
func (o *Owed) Lapse(today calendar.Date) error {
	if err := o.overdue(today); err != nil {
		return err
	}
	if o.LapsedOn != "" {
		return rule.Refuse(reason(o.under(), "lapse_told", "", "期限届满已告知本人。", "请催补，或者办理延期。"))
	}
	o.LapsedOn = today.String()
	return nil
}

// Escalate puts what stays overdue before the head, then before the superior.
func (o *Owed) Escalate(today calendar.Date, after int) error {
	if err := o.overdue(today); err != nil {
		return err
	}
	since := o.DueOn
	if o.EscalatedOn > since {
		since = o.EscalatedOn
	}
	if o.Escalated >= 2 || o.AskedUntil != "" || calendar.Date(since).AddDays(after) > today {
		return rule.Refuse(reason(o.under(), "escalate_early", "", "还没有到报请处置的期限。", "请经办人员继续催补。"))
	}
	o.Escalated, o.EscalatedOn = o.Escalated+1, today.String()
	return nil
}

// Dispose is the head's or the superior's word on what does not come; the dossier stays where
// it is, and the time until it is put before them again begins anew.
func (o *Owed) Dispose(note string, today calendar.Date) error {
	if err := o.open(); err != nil {
		return err
	}
	if o.Escalated == 0 {
		return rule.Refuse(reason(o.under(), "not_escalated", "", "这一项还没有报请处置。", "逾期满全市参数规定的天数后自动报负责人。"))
	}
	if strings.TrimSpace(note) == "" {
		return rule.Complete(reason(o.under(), "disposal_missing", "note", "没有写明怎样处置。", "请写明由谁、用什么方式继续催补，或者办理延期、书面说明无此材料；档案不退回。"))
	}
	o.Escalated, o.EscalatedOn = 0, today.String()
	return nil
}

// Ask asks for a longer term: once, with a reason, no longer than a promise may last (months).
func (o *Owed) Ask(until calendar.Date, why, by string, today, latest calendar.Date) error {
	if r := o.mayAsk(); r != nil {
		return r
	}
	var wrong []rule.Reason
	if !until.Valid() || until <= today || until.String() <= o.DueOn || until > latest {
		wrong = append(wrong, reason(o.under(), "extension_until", "until", "延期的日期应在原期限和今天以后、"+latest.Long()+"以前。", "请与本人商定一个能够补齐的日期。"))
	}
	if strings.TrimSpace(why) == "" {
		wrong = append(wrong, reason(o.under(), "extension_why", "why", "没有写明延期的理由。", "请写明本人的困难和正在办理的情况，例如：毕业学校正在补办。"))
	}
	if len(wrong) > 0 {
		return rule.Mistake(wrong...)
	}
	o.AskedUntil, o.AskedBy, o.AskedWhy = until.String(), by, strings.TrimSpace(why)
	return nil
}

func (o Owed) mayAsk() error {
	if err := o.open(); err != nil {
		return err
	}
	switch {
	case o.Extended > 0:
		return rule.Refuse(reason(o.under(), "extended_once", "", "期限已经延过一次。", "请催补；确无此材料的，凭书面说明办结。"))
	case o.AskedUntil != "":
		return rule.Refuse(reason(o.under(), "extension_pending", "", "延期申请正在等待批准。", "请由另一名审核人员或者负责人批准。"))
	case o.DueOn == "":
		return rule.Refuse(reason(o.under(), "no_term", "", "这一项没有期限。", "无需延期。"))
	}
	return nil
}

func (o Owed) pending() error {
	if err := o.open(); err != nil {
		return err
	}
	if o.AskedUntil == "" {
		return rule.Refuse(reason(o.under(), "extension_none", "", "没有等待批准的延期申请。", "请由经办人员先申请。"))
	}
	return nil
}

// Grant puts the term off; the first one stays on record.
func (o *Owed) Grant(today calendar.Date) error {
	if err := o.pending(); err != nil {
		return err
	}
	if o.AskedUntil <= today.String() {
		return rule.Refuse(reason(o.under(), "extension_over", "", "所申请的日期已经过了。", "请退回，由经办人员重新申请。"))
	}
	o.FirstDue, o.DueOn, o.Extended, o.LapsedOn, o.Escalated, o.EscalatedOn = o.DueOn, o.AskedUntil, 1, "", 0, ""
	o.AskedUntil, o.AskedBy, o.AskedWhy = "", "", ""
	return nil
}

// Deny leaves the term as it is, with the reason.
func (o *Owed) Deny(note string) error {
	if err := o.pending(); err != nil {
		return err
	}
	if strings.TrimSpace(note) == "" {
		return rule.Complete(reason(o.under(), "deny_why", "note", "没有写明不同意的理由。", "请写明理由：它写在不予办理告知单上，交给本人。"))
	}
	o.AskedUntil, o.AskedBy, o.AskedWhy = "", "", ""
	return nil
}

var notDenied = reason("29.8", "not_denied", "", "本项没有可以恢复的不同意延期。", "请刷新查看现在的状态。")

// Reinstate brings back what was asked for and denied. Where the day that was asked for has passed
// meanwhile, the person gets as many days as they asked for, from today: nobody loses the term
// over an objection that held.
func (o *Owed) Reinstate(asked Step, today calendar.Date) error {
	if err := o.mayAsk(); err != nil {
		return err
	}
	until := calendar.Date(asked.UntilOn)
	if !until.Valid() {
		return rule.Refuse(notDenied)
	}
	if until <= today {
		until = today.AddDays(max(1, int(until.Time().Sub(calendar.Date(asked.DueOn).Time()).Hours()/24)))
	}
	o.AskedUntil, o.AskedBy, o.AskedWhy = until.String(), asked.MadeBy, asked.Note
	return nil
}
