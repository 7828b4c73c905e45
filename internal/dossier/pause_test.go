package dossier

import (
	"errors"
	"testing"

	"dangan/internal/calendar"
	"dangan/internal/rule"

	"pgregory.net/rapid"
)

// TestTheClockStandsStillForThePauseOnly says that a term is two months from receipt and the
// days on which the clock stood, whatever was paused and resumed in which order (13a).
func TestTheClockStandsStillForThePauseOnly(t *testing.T) {
	c := calendar.Default()
	rapid.Check(t, func(rt *rapid.T) {
		received := calendar.New(2025, 1, 1).AddDays(rapid.IntRange(0, 300).Draw(rt, "received"))
		m := Material{State: Received, ReceivedOn: received.String()}
		due, tentative := m.term(c)
		m.DueOn, m.DueTentative = due.String(), tentative
		today, stood := received, 0
		for range rapid.IntRange(1, 12).Draw(rt, "acts") {
			gone := rapid.IntRange(0, 40).Draw(rt, "days")
			if m.PausedOn != "" {
				stood += gone
			}
			today = today.AddDays(gone)
			if m.PausedOn == "" {
				before := m
				err := m.pause(today)
				if late := before.DueOn < today.String(); late != (err != nil) {
					rt.Fatalf("on %s, due %s: %v", today, before.DueOn, err)
				}
				if err != nil && m != before {
					rt.Fatalf("a refusal changed it: %+v", m)
				}
				if err == nil && m.DueOn != "" {
					rt.Fatalf("a stopped clock has the term %s", m.DueOn)
				}
				continue
			}
			if err := m.pause(today); err == nil {
				rt.Fatal("a stopped clock was stopped again")
			}
			if _, err := m.resume(c, today); err != nil {
				rt.Fatal(err)
			}
			want, _ := c.AddMonthsDays(received, 2, stood)
			if m.DueOn != want.String() || m.PausedDays != int64(stood) {
				rt.Fatalf("received %s, stood %d days: due %s, want %s", received, stood, m.DueOn, want)
			}
		}
		var refusal *rule.Refusal
		if m.PausedOn == "" {
			if _, err := m.resume(c, today); !errors.As(err, &refusal) || refusal.Reasons[0].Rule != "13a" {
				rt.Fatalf("a running clock was resumed: %v", err)
			}
		}
	})
}
