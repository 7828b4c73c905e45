package undertaking

import (
	"testing"

	"dangan/internal/calendar"
)

// An undertaking that nobody signs comes before the head, then the superior; a decision starts
// the term anew, and none is given before.
func TestAnUnsignedUndertakingRises(t *testing.T) {
	const today = calendar.Date("2026-11-23")
	var c Clock
	if err := c.Dispose("继续联系", today); err == nil {
		t.Fatal("decided before it was put before anybody")
	}
	c.Remind(today)
	if c.Reminded != 1 || c.RemindedOn != today.String() || c.Before(true, true) {
		t.Fatalf("reminded: %+v", c)
	}
	if to := c.Escalate(today); to != "负责人" || !c.Before(true, false) || c.Before(false, true) {
		t.Fatalf("first before %s: %+v", to, c)
	}
	if to := c.Escalate(today); to != "上级监督" || !c.Before(false, true) {
		t.Fatalf("then before %s: %+v", to, c)
	}
	if err := c.Dispose(" ", today); err == nil {
		t.Fatal("decided without a word")
	}
	if err := c.Dispose("由经办每月电话联系", today); err != nil || c.Escalated != 0 || c.EscalatedOn != today.String() {
		t.Fatalf("decided: %v %+v", err, c)
	}
}
