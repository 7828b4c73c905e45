package hold

import (
	"errors"
	"slices"
	"testing"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/rule"

	"pgregory.net/rapid"
)

const today calendar.Date = "2026-11-23"

func order() Order {
	return Order{Organ: "重庆市南岸区人民法院（演示）", Basis: "civil", Name: "协助执行通知书", No: "（2026）渝0108执123号", On: "2026-11-20", Until: "2027-05-20"}
}

func TestAnOrderHasBasisAndEnd(t *testing.T) {
	for _, c := range []struct {
		slug   string
		change func(*Order)
	}{
		{"", func(*Order) {}},
		{"", func(o *Order) { o.Until = today }}, // the last day still holds
		{"", func(o *Order) { o.Until = "2029-11-20" }},
		{"organ_missing", func(o *Order) { o.Organ = "  " }},
		{"basis_missing", func(o *Order) { o.Basis = "backlog" }},
		{"order_missing", func(o *Order) { o.Name = "" }},
		{"order_number_missing", func(o *Order) { o.No = "" }},
		{"order_date_missing", func(o *Order) { o.On = "" }},
		{"order_date_missing", func(o *Order) { o.On = "2026-13-01" }},
		{"order_date_future", func(o *Order) { o.On = "2026-11-24" }},
		{"end_missing", func(o *Order) { o.Until = "" }},
		{"end_past", func(o *Order) { o.Until = "2026-11-22" }},
		{"end_too_far", func(o *Order) { o.Until = "2029-11-21" }},
	} {
		o := order()
		c.change(&o)
		err := o.Check(today)
		if got := slug(err); got != c.slug {
			t.Errorf("%+v: %q, want %q", o, got, c.slug)
		}
	}
	empty := Order{}
	var r *rule.Refusal
	if err := empty.Check(today); !errors.As(err, &r) || len(r.Reasons) != 6 || r.Kind != rule.Invalid {
		t.Errorf("all that is missing is not told at once: %v", err)
	}
}

func slug(err error) string {
	var r *rule.Refusal
	if !errors.As(err, &r) {
		return ""
	}
	return r.Reasons[0].Slug
}

// Random acts by anyone at any time: a hold is in force only between a confirmation and
// its end, an ended one never comes back, and a refused act changes nothing.
func TestAHoldInForceWasConfirmedAndIsNotOver(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
		o := order()
		h := Hold{State: Asked, AskedBy: "a", Organ: o.Organ, OrderOn: o.On, Until: o.Until}
		confirmed, ended := false, false
		for range rapid.IntRange(1, 30).Draw(t, "acts") {
			now = now.AddDate(0, 0, rapid.IntRange(0, 40).Draw(t, "days"))
			day := calendar.Of(now)
			before := h
			var err error
			switch rapid.IntRange(0, 6).Draw(t, "act") {
			case 0:
				if err = h.Confirm(nil, "b", day, now); err == nil {
					confirmed = true
				}
			case 1:
				err = h.Refuse(rapid.SampledFrom([]string{"", "文号不符"}).Draw(t, "note"), "b", now)
			case 2:
				err = h.Lift(Release{Name: "解除通知书", No: "1号", On: rapid.SampledFrom([]calendar.Date{day, "2026-11-01", "2030-01-01", ""}).Draw(t, "on")}, "a", day, now)
			case 3:
				err = h.ConfirmLift("b", now)
			case 4:
				err = h.Keep(rapid.SampledFrom([]string{"", "不是原机关"}).Draw(t, "note"))
			case 5:
				err = h.Expire(day, now)
			case 6:
				next := Hold{State: Asked, Until: "2028-01-01"}
				err = next.Confirm(&h, "b", day, now)
			}
			if err != nil && h != before {
				t.Fatalf("refused (%v), and yet %+v became %+v", err, before, h)
			}
			if h.State.InForce() && (!confirmed || !h.EndedAt.IsZero()) {
				t.Fatalf("in force unconfirmed, or after its end: %+v", h)
			}
			over := slices.Contains([]State{Lifted, Extended, Expired, Refused}, h.State)
			if over != !h.EndedAt.IsZero() || ended && h != before {
				t.Fatalf("an end that is none: %+v", h)
			}
			ended = over
			if h.State == Expired && h.Until >= day {
				t.Fatalf("ended before its last day was over: %+v on %s", h, day)
			}
		}
	})
}
