package hold_test

import (
	"errors"
	"strings"
	"testing"

	"dangan/internal/dossier"
	"dangan/internal/hold"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/testkit"
)

func order() hold.Order {
	return hold.Order{Organ: "重庆市南岸区人民法院（演示）", Basis: "civil", Name: "协助执行通知书", No: "（2026）渝0108执123号", On: "2026-11-20", Until: "2026-12-20"}
}

func asked(t testing.TB, p *testkit.Province, agency string, n int, change func(*dossier.Dossier)) (hold.Hold, dossier.Dossier) {
	t.Helper()
	d := testkit.Stock(p, agency, n, change)
	by := p.As("clerk-" + agency[:6])
	by.Clearance = dossier.TopSecret
	h, err := p.Holds.Ask(t.Context(), by, d.ID, order())
	if err != nil {
		t.Fatal(err)
	}
	return h, d
}

func TestListedIsPermitted(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		var all []testkit.Held[hold.Hold]
		for n := range 12 {
			h, d := asked(t, p, testkit.Offices[n%4], n, func(d *dossier.Dossier) { d.Secrecy = n % 5 % 3 })
			all = append(all, testkit.Held[hold.Hold]{ID: h.ID, Case: h, Dossier: d})
		}
		testkit.ListedIsPermitted(t, p, testkit.Rows[hold.Hold]{
			Read: hold.ActRead, All: all,
			Resource: func(x testkit.Held[hold.Hold]) policy.Resource { return x.Case.Resource(x.Dossier) },
			List: func(a policy.Actor) (ids []string, err error) {
				for after := ""; ; {
					page, next, err := p.Holds.List(t.Context(), a, "asked", after, 5)
					if err != nil {
						return nil, err
					}
					ids = append(ids, testkit.IDs(page, func(l hold.Listed) string { return l.ID })...)
					if after = next; next == "" {
						return ids, nil
					}
				}
			},
			Count: func(a policy.Actor) (int, error) {
				counts, err := p.Holds.Counts(t.Context(), a)
				return int(counts["asked"]), err
			},
			OnPage: func(a policy.Actor, id string) (int, error) {
				cases, err := p.Holds.Cases(t.Context(), p.DB, a, id)
				return len(cases), err
			},
		})
	})
}

// The dossier says what is in force: from the confirmation to the day after the last,
// by each organ for itself.
func TestTheDossierSaysWhatIsInForce(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		ctx, reviewer, clerk := t.Context(), p.As("reviewer-500108"), p.As("clerk-500108")
		h, d := asked(t, p, "50010801", 40, nil)
		says := func() string {
			got, err := dossier.Get(ctx, p.DB, d.ID)
			if err != nil {
				t.Fatal(err)
			}
			return got.Hold
		}
		if s := says(); s != "" {
			t.Errorf("held back before anybody confirmed: %s", s)
		}
		if _, err := p.Holds.Decide(ctx, reviewer, h.ID, true, ""); err != nil {
			t.Fatal(err)
		}
		if s := says(); s != "重庆市南岸区人民法院（演示）以协助执行通知书（2026）渝0108执123号限制，至2026年12月20日" {
			t.Errorf("the dossier says %q", s)
		}
		second := order()
		second.Organ, second.Basis, second.No, second.Until = "南岸区监察委员会（演示）", "supervision", "南监〔2026〕9号", "2027-01-10"
		other, err := p.Holds.Ask(ctx, clerk, d.ID, second)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Holds.Decide(ctx, reviewer, other.ID, true, ""); err != nil {
			t.Fatal(err)
		}
		if s := says(); strings.Count(s, "限制，至") != 2 {
			t.Errorf("two organs hold it, the dossier says %q", s)
		}
		// The court extends; its first document is over, the extension is in force.
		further := order()
		further.No, further.Until, further.Extends = "（2026）渝0108执123号之一", "2027-03-20", h.ID
		longer, err := p.Holds.Ask(ctx, clerk, d.ID, further)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Holds.Decide(ctx, reviewer, longer.ID, true, ""); err != nil {
			t.Fatal(err)
		}
		if s := says(); strings.Contains(s, "2026年12月20日") || !strings.Contains(s, "2027年3月20日") {
			t.Errorf("extended, the dossier says %q", s)
		}
		p.Clock.Set(p.Clock.Now().AddDate(0, 2, 0)) // 23 January: the committee's is over
		if err := p.Holds.Timers(ctx); err != nil {
			t.Fatal(err)
		}
		if s := says(); strings.Contains(s, "监察") || !strings.Contains(s, "法院") {
			t.Errorf("in January the dossier says %q", s)
		}
		p.Clock.Set(p.Clock.Now().AddDate(0, 2, 0))
		for range 2 { // twice: nothing ends twice
			if err := p.Holds.Timers(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if s := says(); s != "" {
			t.Errorf("all is over, the dossier says %q", s)
		}
		var refused *rule.Refusal
		if _, err := p.Holds.Lift(ctx, clerk, longer.ID, hold.Release{Name: "解除通知书", No: "1号", On: "2027-03-01"}); !errors.As(err, &refused) {
			t.Errorf("what is over was lifted: %v", err)
		}
	})
}
