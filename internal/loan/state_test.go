package loan

import (
	"errors"
	"slices"
	"testing"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/rule"
)

var (
	cal   = calendar.Default()
	today = calendar.Date("2026-11-23")
	noon  = time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)
)

func slugs(err error) []string {
	var r *rule.Refusal
	if !errors.As(err, &r) {
		return nil
	}
	var out []string
	for _, x := range r.Reasons {
		out = append(out, x.Slug)
	}
	return out
}

// TestEveryStepHasItsStates tries every act in every state: what a state does not let through
// is refused as a step out of order, and changes nothing (29.6).
func TestEveryStepHasItsStates(t *testing.T) {
	s := Standards{Today: today, MostDays: 15}
	acts := map[string]struct {
		from []State
		do   func(c *Case) error
	}{
		"approve":     {[]State{Approving}, func(c *Case) error { return c.Approve("b", noon, 5, "", s) }},
		"confirm":     {[]State{Heading}, func(c *Case) error { return c.Confirm("h", noon, "", cal) }},
		"extend":      {[]State{Out}, func(c *Case) error { return c.Extend("h", 5, "未完", today, s, cal) }},
		"recall":      {[]State{Out}, func(c *Case) error { return c.Recall("b", "2026-11-25", "转出", today) }},
		"countersign": {[]State{Counted}, func(c *Case) error { return c.Countersign("b", noon) }},
		"dispute":     {[]State{Counted}, func(c *Case) error { return c.Dispute("b", "少一页") }},
		"settle":      {[]State{Disputed}, func(c *Case) error { return c.Settle("b", "补送", noon) }},
		"withdraw":    {[]State{Draft, Incomplete, Checking, Approving, Heading, Ready}, func(c *Case) error { return c.Withdraw(noon, "不借了") }},
		"refuse": {[]State{Draft, Incomplete, Checking, Approving, Heading}, func(c *Case) error {
			return c.Refuse(noon, []rule.Reason{{Rule: "22", Message: "可以就地查阅"}})
		}},
	}
	for name, a := range acts {
		for state := range states {
			c := Case{State: state, Days: 10, DueOn: "2026-12-03", ReturnedBy: "k", ReturnedAt: noon}
			err := a.do(&c)
			if in := slices.Contains(a.from, state); in != (err == nil) {
				t.Errorf("%s from %s: %v", name, state, err)
			} else if !in && (c.State != state || slugs(err)[0] != "step_out_of_order") {
				t.Errorf("%s from %s went to %s: %v", name, state, c.State, slugs(err))
			}
		}
	}
}

func TestATermEndsOnAWorkingDay(t *testing.T) {
	c := Case{State: Ready, Way: Confidential, Days: 5, ValidUntil: "2026-12-04"} // five days on is a Saturday
	h := Handing{Materials: 2, Pages: 8, Seal: "F1", Tracking: "J1", TakenBy: "机要室"}
	if err := c.HandOut("k", noon, h, nil, nil, dossier.Dossier{}, cal); err != nil || c.DueOn != "2026-11-30" {
		t.Fatalf("due %s: %v", c.DueOn, err)
	}
	if c.Late("2026-11-30") || !c.Late("2026-12-01") {
		t.Error("a packet is late on the day after its day, and not on it")
	}
	if err := c.Chase("2026-11-30"); err == nil {
		t.Error("asked for on its day")
	}
	for on, asked := range map[calendar.Date]bool{"2026-12-01": true, "2026-12-07": false, "2026-12-08": true} {
		x := c
		if on != "2026-12-01" {
			x.ChasedOn = "2026-12-01"
		}
		if err := x.Chase(on); (err == nil) != asked {
			t.Errorf("asked for on %s: %v", on, err)
		}
	}
	if err := c.Escalate("2026-12-06", 7); err == nil {
		t.Error("told the supervisor before the days were over")
	}
	if err := c.Escalate("2026-12-07", 7); err != nil {
		t.Error(err)
	}
	if err := c.Escalate("2026-12-20", 7); err == nil {
		t.Error("told the supervisor twice")
	}
}
