package transfer

import (
	"errors"
	"testing"
	"time"

	"dangan/internal/rule"
)

func TestAThirdAgencyHasThePacket(t *testing.T) {
	at := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	on := func(change func(*Case)) Case {
		c := Case{ID: "c", Direction: Inner, State: InTransit, Holder: "h", Receiver: "r", DispatchedOn: "2026-11-10", Way: ConfidentialPost, TrackingNo: "1"}
		if change != nil {
			change(&c)
		}
		return c
	}
	for name, w := range map[string]struct {
		change func(*Case)
		came   Came
		want   State
		slug   string
	}{
		"on its way":              {nil, Came{On: "2026-11-20", Intact: true}, InTransit, ""},
		"a search is over":        {func(c *Case) { c.State, c.Fault = Missing, FaultLost }, Came{On: "2026-11-20", Intact: true}, InTransit, ""},
		"to an outside organ":     {func(c *Case) { c.Direction, c.State, c.Fault = Out, Missing, FaultLost }, Came{On: "2026-11-20"}, Awaiting, ""},
		"before it was sent":      {nil, Came{On: "2026-11-09"}, InTransit, "stray_on_wrong"},
		"it has arrived":          {func(c *Case) { c.State = Checking }, Came{On: "2026-11-20"}, Checking, "step_out_of_order"},
		"the holder is outside":   {func(c *Case) { c.Direction, c.State = In, Lettered }, Came{On: "2026-11-20"}, Lettered, "step_out_of_order"},
		"back to a former keeper": {func(c *Case) { c.Direction, c.State = In, Awaiting }, Came{On: "2026-11-20"}, Awaiting, ""},
	} {
		c := on(w.change)
		f := Fault{Kind: c.Fault, State: FaultSearch}
		err := c.Stray(&f, w.came, "渝中", "u", "t", "2026-11-23", at)
		if got := slugOf(err); got != w.slug || c.State != w.want {
			t.Errorf("%s: %q and %s, want %q and %s", name, got, c.State, w.slug, w.want)
		}
		if err == nil && (c.Fault != FaultAstray || f.State != FaultTold || f.Place != "渝中" || f.mayRedeliver() != nil) {
			t.Errorf("%s: %+v", name, f)
		}
	}
	s := Stray{State: StrayHeld, FoundOn: "2026-11-20"}
	if err := s.Send(ToSender, Dispatch{Way: ConfidentialPost, On: "2026-11-19"}, "", "u", "2026-11-23"); slugOf(err) != "dispatched_on_wrong" {
		t.Errorf("sent before it came: %v", err)
	}
	if err := s.Send(ToSender, Dispatch{Way: ConfidentialPost, TrackingNo: "2", Office: "重庆市机要通信局", On: "2026-11-21"}, "", "u", "2026-11-23"); err != nil || s.StateName() != "已退回发出单位" {
		t.Errorf("sent back: %v, %s", err, s.StateName())
	}
	if err := s.Send(ToReceiver, Dispatch{On: "2026-11-22"}, "", "u", "2026-11-23"); slugOf(err) != "stray_sent" {
		t.Errorf("sent twice: %v", err)
	}
}

func slugOf(err error) string {
	var refused *rule.Refusal
	if !errors.As(err, &refused) {
		return ""
	}
	return refused.Reasons[0].Slug
}
