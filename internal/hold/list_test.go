package hold_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/hold"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/testkit"

	"pgregory.net/rapid"
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

// For random actors and holds: in the list and on the dossier's page exactly when the
// policies permit reading it.
func TestListedIsPermitted(t *testing.T) {
	posts := []string{"clerk", "reviewer", "keeper", "scanner", "head", "supervisor", "statistician", "sysadmin", "secadmin", "auditor"}
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		agencies := []string{"50010801", "50010301", "50010101", "50000001"}
		type held struct {
			h hold.Hold
			d dossier.Dossier
		}
		var all []held
		var persons []string
		for n := range 12 {
			h, d := asked(t, p, agencies[n%4], n, func(d *dossier.Dossier) { d.Secrecy = n % 5 % 3 })
			all, persons = append(all, held{h, d}), append(persons, d.PersonID)
		}
		rapid.Check(t, func(rt *rapid.T) {
			a := policy.Actor{ID: gate.NewID(), Kind: policy.Staff, Org: "50010801", Clearance: rapid.IntRange(0, 2).Draw(rt, "clearance")}
			a.Posts = rapid.SliceOfNDistinct(rapid.SampledFrom(posts), 0, 3, rapid.ID[string]).Draw(rt, "posts")
			a.Reach = rapid.SliceOfNDistinct(rapid.SampledFrom(append([]string{"500108", "500000"}, agencies...)), 0, 4, rapid.ID[string]).Draw(rt, "reach")
			a.Persons = rapid.SliceOfNDistinct(rapid.SampledFrom(persons), 0, 3, rapid.ID[string]).Draw(rt, "kin")
			slices.Sort(a.Reach)
			slices.Sort(a.Persons)
			var list []hold.Listed
			for after := ""; ; {
				page, next, err := p.Holds.List(t.Context(), a, "asked", after, 5)
				if err != nil {
					rt.Fatal(err)
				}
				list = append(list, page...)
				if after = next; next == "" {
					break
				}
			}
			counts, err := p.Holds.Counts(t.Context(), a)
			if err != nil || counts["asked"] != int64(len(list)) {
				rt.Fatalf("%d listed, counted %v: %v", len(list), counts, err)
			}
			for _, x := range all {
				listed := slices.ContainsFunc(list, func(l hold.Listed) bool { return l.ID == x.h.ID })
				if permitted := p.Gate.Decide(a, hold.ActRead, x.h.Resource(x.d)).Allowed(); listed != permitted {
					rt.Fatalf("%s (secrecy %d, %s): listed %v, permitted %v, actor %+v", x.h.No, x.d.Secrecy, x.d.Agency, listed, permitted, a)
				}
				cases, err := p.Holds.Cases(t.Context(), p.DB, a, x.d.ID)
				if err != nil || (len(cases) == 1) != listed {
					rt.Fatalf("%s: %d on the dossier's page, listed %v: %v", x.h.No, len(cases), listed, err)
				}
			}
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
