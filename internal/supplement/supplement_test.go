package supplement

import (
	"testing"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
)

func owed(change func(*Owed)) Owed {
	o := Owed{dossier.Supplement{State: dossier.Owed, DueOn: "2026-11-01", Promised: true}}
	if change != nil {
		change(&o)
	}
	return o
}

// What may be done about a supplement, and what may not: the term that runs is not reminded of,
// a longer one is given once, and only who waited long enough is put before the head.
func TestFollowingASupplement(t *testing.T) {
	const today, latest = calendar.Date("2026-12-05"), calendar.Date("2027-06-05")
	for name, c := range map[string]struct {
		change func(*Owed)
		do     func(*Owed) error
		ok     bool
	}{
		"remind":                   {nil, func(o *Owed) error { return o.Remind(today) }, true},
		"remind before the term":   {func(o *Owed) { o.DueOn = "2026-12-05" }, func(o *Owed) error { return o.Remind(today) }, false},
		"remind twice a day":       {func(o *Owed) { o.RemindedOn = today.String() }, func(o *Owed) error { return o.Remind(today) }, false},
		"remind what came":         {func(o *Owed) { o.State = dossier.Supplied }, func(o *Owed) error { return o.Remind(today) }, false},
		"lapse":                    {nil, func(o *Owed) error { return o.Lapse(today) }, true},
		"lapse twice":              {func(o *Owed) { o.LapsedOn = "2026-11-02" }, func(o *Owed) error { return o.Lapse(today) }, false},
		"escalate":                 {nil, func(o *Owed) error { return o.Escalate(today, 30) }, true},
		"escalate too early":       {nil, func(o *Owed) error { return o.Escalate(today, 60) }, false},
		"escalate again too early": {func(o *Owed) { o.Escalated, o.EscalatedOn = 1, "2026-12-01" }, func(o *Owed) error { return o.Escalate(today, 30) }, false},
		"escalate a third time":    {func(o *Owed) { o.Escalated, o.EscalatedOn = 2, "2026-10-01" }, func(o *Owed) error { return o.Escalate(today, 30) }, false},
		"escalate while asked":     {func(o *Owed) { o.AskedUntil = "2027-01-01" }, func(o *Owed) error { return o.Escalate(today, 30) }, false},
		"dispose":                  {func(o *Owed) { o.Escalated = 1 }, func(o *Owed) error { return o.Dispose("由经办上门", today) }, true},
		"dispose without a word":   {func(o *Owed) { o.Escalated = 1 }, func(o *Owed) error { return o.Dispose(" ", today) }, false},
		"dispose of nothing":       {nil, func(o *Owed) error { return o.Dispose("由经办上门", today) }, false},
		"ask":                      {nil, func(o *Owed) error { return o.Ask("2027-03-01", "学校补办中", "c", today, latest) }, true},
		"ask too long":             {nil, func(o *Owed) error { return o.Ask("2027-06-06", "学校补办中", "c", today, latest) }, false},
		"ask for the past":         {nil, func(o *Owed) error { return o.Ask("2026-12-05", "学校补办中", "c", today, latest) }, false},
		"ask without a reason":     {nil, func(o *Owed) error { return o.Ask("2027-03-01", "", "c", today, latest) }, false},
		"ask a second time":        {func(o *Owed) { o.Extended = 1 }, func(o *Owed) error { return o.Ask("2027-03-01", "学校补办中", "c", today, latest) }, false},
		"ask while asked":          {func(o *Owed) { o.AskedUntil = "2027-01-01" }, func(o *Owed) error { return o.Ask("2027-03-01", "学校补办中", "c", today, latest) }, false},
		"grant":                    {func(o *Owed) { o.AskedUntil = "2027-01-01" }, func(o *Owed) error { return o.Grant(today) }, true},
		"grant nothing":            {nil, func(o *Owed) error { return o.Grant(today) }, false},
		"grant what is over":       {func(o *Owed) { o.AskedUntil = "2026-12-05" }, func(o *Owed) error { return o.Grant(today) }, false},
		"deny":                     {func(o *Owed) { o.AskedUntil = "2027-01-01" }, func(o *Owed) error { return o.Deny("材料本人即可取得") }, true},
		"deny without a reason":    {func(o *Owed) { o.AskedUntil = "2027-01-01" }, func(o *Owed) error { return o.Deny("") }, false},
	} {
		o := owed(c.change)
		if err := c.do(&o); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
	o := owed(func(o *Owed) { o.AskedUntil, o.LapsedOn, o.Escalated = "2027-01-01", "2026-11-02", 1 })
	if err := o.Grant(today); err != nil || o.DueOn != "2027-01-01" || o.FirstDue != "2026-11-01" || o.Extended != 1 || o.LapsedOn != "" || o.Escalated != 0 || o.Late(today) != 0 {
		t.Fatalf("after an extension: %v %+v", err, o)
	}
}
