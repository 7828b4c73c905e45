package undertaking

import (
	"strings"

	"dangan/internal/calendar"
	"dangan/internal/rule"
)

// Clock is how long an undertaking that was told is waited for: the person is reminded, then it
// lies before the head, then before the superior; the dossier is in custody all along (20.4a).
type Clock struct {
	Reminded    int64  `db:"reminded,null"`
	RemindedOn  string `db:"reminded_on,null"`
	Escalated   int64  `db:"escalated,null"` // 1: before the head, 2: before the superior
	EscalatedOn string `db:"escalated_on,null"`
}

// RemindDue is the condition by which a row is reminded of, told on the day of a column, with the
// day of the term before today twice.
func RemindDue(told string) string {
	return told + "<=? AND (reminded_on IS NULL OR reminded_on<=?)"
}

// EscalateDue is the condition by which a row is put before the next one, with the day of the term
// before today twice.
func EscalateDue(told string) string {
	return "coalesce(escalated,0)<2 AND " + told + "<=? AND (escalated_on IS NULL OR escalated_on<=?)"
}

// Remind notes that the person was reminded.
func (c *Clock) Remind(today calendar.Date) {
	c.Reminded, c.RemindedOn = c.Reminded+1, today.String()
}

// Escalate puts the case before the head, then the superior, and says before whom.
func (c *Clock) Escalate(today calendar.Date) (before string) {
	c.Escalated, c.EscalatedOn = c.Escalated+1, today.String()
	if c.Escalated == 1 {
		return "负责人"
	}
	return "上级监督"
}

// Before says that the case lies before somebody: the head from the first term on, the superior
// from the second.
func (c Clock) Before(head, superior bool) bool {
	return c.Escalated >= 1 && head || c.Escalated >= 2 && superior
}

// MayDispose refuses a decision that nothing was put before anybody for.
func (c Clock) MayDispose() error {
	if c.Escalated > 0 {
		return nil
	}
	return rule.Refuse(rule.Reason{Rule: "20.4a", Slug: "not_escalated", Message: "本件还没有到报负责人处置的期限。", Next: "请经办人员继续联系本人；到期后自动列入负责人的待办。"})
}

// Dispose is the head's or the superior's word on a person who was not reached: the dossier stays
// in custody and is never sent back; the term begins anew.
func (c *Clock) Dispose(note string, today calendar.Date) error {
	if err := c.MayDispose(); err != nil {
		return err
	}
	if strings.TrimSpace(note) == "" {
		return rule.Complete(rule.Reason{Rule: "20.4a", Slug: "disposal_missing", Field: "note", Message: "没有写明怎样处置。", Next: "请写明继续代管期间由谁、用什么方式继续联系；档案不退回。"})
	}
	c.Escalated, c.EscalatedOn = 0, today.String()
	return nil
}

// Told starts the wait for the person: what was waited for before was the clerk.
func (c *Clock) Told() { c.RemindedOn, c.Escalated, c.EscalatedOn = "", 0, "" }

// Signed ends the wait.
func (c *Clock) Signed() { c.Escalated, c.EscalatedOn = 0, "" }
