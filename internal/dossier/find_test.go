package dossier_test

import (
	"context"
	"slices"
	"testing"

	"dangan/internal/dossier"
	"dangan/internal/policy"
	"dangan/internal/testkit"
)

func TestListedIsPermitted(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		ctx := context.Background()
		var all []testkit.Held[struct{}]
		for i := range 24 {
			d := testkit.Stock(p, testkit.Offices[i%4], i, func(d *dossier.Dossier) { d.Secrecy, d.Senior = i%5%3, i%7 == 0 })
			all = append(all, testkit.Held[struct{}]{ID: d.ID, Dossier: d})
		}
		testkit.ListedIsPermitted(t, p, testkit.Rows[struct{}]{
			Read: "dossier.read", All: all,
			Resource: func(x testkit.Held[struct{}]) policy.Resource { return x.Dossier.Resource() },
			List: func(a policy.Actor) ([]string, error) {
				list, err := p.Dossiers.Find(ctx, a, dossier.Filter{Limit: 100})
				return testkit.IDs(list.Items, func(f dossier.Found) string { return f.Dossier.ID }), err
			},
			Count: func(a policy.Actor) (n int, err error) {
				where, args := dossier.Scope(a)
				err = p.DB.QueryRow(ctx, "SELECT count(*) FROM dossier WHERE "+where, args...).Scan(&n)
				return n, err
			},
		})
	})
}

func TestFind(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		ctx := context.Background()
		for i := range 30 {
			testkit.Stock(p, "50010801", i, nil)
		}
		clerk := p.As("clerk-500108")
		seen := map[string]bool{}
		f := dossier.Filter{Limit: 7}
		for {
			page, err := p.Dossiers.Find(ctx, clerk, f)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range page.Items {
				if seen[x.Dossier.ID] {
					t.Fatalf("%s stands on two pages", x.Dossier.No)
				}
				seen[x.Dossier.ID] = true
			}
			if page.Next == "" {
				break
			}
			f.Cursor = page.Next
		}
		if len(seen) != 30 {
			t.Errorf("%d of 30 listed", len(seen))
		}
		one := testkit.Stock(p, "50010801", 100, func(d *dossier.Dossier) { d.AccountUnit = "重庆云岫智能（演示）有限公司" })
		row, err := p.Dossiers.Find(ctx, clerk, dossier.Filter{Q: one.No})
		if err != nil || len(row.Items) != 1 {
			t.Fatalf("by number: %v %v", row, err)
		}
		who := row.Items[0].Person
		runes := []rune(who.Name)
		for _, q := range []string{who.Name, string(runes[len(runes)-1:]), who.IDNo, "云岫智能", "重庆云岫", one.No[:12]} {
			page, err := p.Dossiers.Find(ctx, clerk, dossier.Filter{Q: q, Limit: 100})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(page.Items, func(x dossier.Found) bool { return x.Dossier.ID == one.ID }) {
				t.Errorf("%q does not find %s", q, who.Name)
			}
			ids := map[string]bool{}
			for _, x := range page.Items {
				if ids[x.Dossier.ID] {
					t.Errorf("%q lists %s twice", q, x.Dossier.No)
				}
				ids[x.Dossier.ID] = true
			}
		}
		if page, _ := p.Dossiers.Find(ctx, p.As("clerk-500103"), dossier.Filter{Q: who.IDNo}); len(page.Items) != 0 {
			t.Error("another agency's clerk finds the dossier")
		}
		counts, err := p.Dossiers.Counts(ctx, clerk)
		if err != nil || counts["all"] != (dossier.Tally{N: 31}) {
			t.Errorf("counts %v %v", counts, err)
		}
	})
}

// Every view and filter lists, and counts, exactly the dossiers it describes.
func TestFiltersListAndCountWhatTheyDescribe(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		ctx := context.Background()
		var all []dossier.Dossier
		for i := range 40 {
			all = append(all, testkit.Stock(p, "50010801", i, func(d *dossier.Dossier) {
				d.Category = []string{"4.1", "4.2", "4.6"}[i%3]
				d.AccountKind = []string{"", "personal", "collective", ""}[i%4]
				d.Images = int64(i % 2)
				d.Forced = []dossier.Forced{dossier.ForcedUnknown, dossier.ForcedNo, dossier.ForcedYes}[i/2%3]
				if i%8 == 3 {
					d.Hold = "核查中"
				}
				if i%7 == 6 {
					d.Category, d.Subtype = "4.7", []string{"other", "retired_soldier"}[i/7%2]
				}
				if i%5 == 2 {
					d.Owed = 1
				}
				if i%9 == 4 {
					d.State = dossier.Arranging
				}
			}))
		}
		clerk := p.As("clerk-500108")
		has := func(f dossier.Filter, d dossier.Dossier) bool {
			view := map[string]bool{"": true, "all": true, "attention": d.Attention, "owed": d.Owed > 0, "paper": d.Images == 0, "forced": d.Forced != dossier.ForcedNo, "other": d.Category == "4.7" && d.Subtype == "other", "hold": d.Hold != ""}[f.View]
			account := f.Account == "" || f.Account == d.AccountKind || f.Account == "none" && d.AccountKind == ""
			return view && account && (f.State == "" || f.State == string(d.State)) && (f.Category == "" || f.Category == d.Category) && (f.Place == "" || f.Place == d.Place)
		}
		for _, view := range []string{"", "attention", "owed", "paper", "forced", "hold", "other"} {
			for _, f := range []dossier.Filter{{}, {State: "in_store"}, {State: "arranging"}, {Category: "4.2"}, {Account: "personal"}, {Account: "none"}, {Place: "store"}, {Place: "reading"},
				{State: "in_store", Category: "4.1", Account: "collective"}, {From: "2026-11-23", To: "2026-11-23"}, {From: "2026-11-24"}} {
				f.View = view
				var want int
				for _, d := range all {
					if has(f, d) && f.From != "2026-11-24" {
						want++
					}
				}
				for _, q := range []string{"", "云岫智能"} {
					f.Q, f.Limit, f.Cursor = q, 7, ""
					got := 0
					for {
						page, err := p.Dossiers.Find(ctx, clerk, f)
						if err != nil {
							t.Fatal(err)
						}
						for _, x := range page.Items {
							if got++; !has(f, x.Dossier) {
								t.Errorf("%+v lists %s", f, x.Dossier.No)
							}
						}
						if f.Cursor = page.Next; f.Cursor == "" {
							break
						}
					}
					if got != want {
						t.Errorf("%+v lists %d, want %d", f, got, want)
					}
				}
				if n, err := p.Dossiers.Count(ctx, clerk, f); err != nil || n != (dossier.Tally{N: int64(want)}) {
					t.Errorf("%+v counts %v, want %d (%v)", f, n, want, err)
				}
			}
			counts, err := p.Dossiers.Counts(ctx, clerk)
			var want int64
			for _, d := range all {
				if has(dossier.Filter{View: view}, d) {
					want++
				}
			}
			if view != "" && (err != nil || counts[view].N != want) {
				t.Errorf("%s counts %v, want %d (%v)", view, counts[view], want, err)
			}
		}
	})
}
