package api_test

import (
	"context"
	"fmt"
	"testing"

	"dangan/internal/access"
	"dangan/internal/custody"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/testkit"
	"dangan/internal/transfer"
)

// Every list counts up to the cap and says so, and is read page by page to its end,
// each row once, however small the page.
func TestCountsStopAtTheCap(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		ctx := context.Background()
		const there = 4
		by := p.As("clerk-500108")
		for n := range there {
			d := testkit.Stock(p, "50010801", n, nil)
			_, err := p.Gate.Do(ctx, gate.Act{Actor: by, Action: "dossier.enter"}, func(tx *gate.Tx) error {
				d, err := dossier.Load(tx, d.ID)
				if err != nil {
					return err
				}
				if err := tx.Permit(d.Resource()); err != nil {
					return err
				}
				if err := custody.Ask(tx, &d, fmt.Sprintf("Test:%d", n), "核对"); err != nil {
					return err
				}
				return dossier.Save(tx, &d)
			})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := p.Transfers.Apply(ctx, p.As("clerk-500103"), transfer.Application{Direction: transfer.Inner, Name: testkit.Name(n), IDNo: testkit.IDNo(n), Document: "居民身份证", Holder: "50010801",
				Applicant: testkit.Name(n), Reason: "流动就业", RegionBasis: "户籍地", TiePlace: "500103"}); err != nil {
				t.Fatal(err)
			}
			if _, err := p.Access.Apply(ctx, by, access.Application{DossierID: d.ID, UnitKind: access.Organ, Unit: "演示单位", Purpose: "vetting", Reason: "考察", PaperName: "介绍信", PaperNo: "1号", PaperOn: "2026-11-20",
				Sealed: true, Matches: true, FormSigned: true, Way: access.Paper, Readers: []access.NewReader{
					{Name: testkit.Name(900), IDNo: testkit.IDNo(900), Post: "干部科", Political: "01", Declared: true, Pledged: true},
					{Name: testkit.Name(901), IDNo: testkit.IDNo(901), Post: "干部科", Political: "01", Declared: true, Pledged: true}}}); err != nil {
				t.Fatal(err)
			}
		}
		clerk := p.Client("clerk-500108")
		type answer struct {
			Items  []struct{ ID string }
			Next   *string
			Counts map[string]int64
			Open   int64
			Total  int64
			More   bool
		}
		for _, list := range []struct{ path, cursor, count string }{
			{"/api/v1/dossiers", "cursor", "/api/v1/dossiers/count"}, {"/api/v1/custody/requests", "after", ""}, {"/api/v1/transfers", "after", ""}, {"/api/v1/consultations", "after", ""},
		} {
			for _, limit := range []int64{2, there + 1} {
				p.DB.CountCap = limit
				var a answer
				path := list.path
				if list.count != "" {
					path = list.count
				}
				clerk.Get(path).JSON(&a)
				n := a.Open + a.Total
				for _, c := range a.Counts {
					n += c
				}
				if n != min(limit, there) || a.More != (limit < there) {
					t.Errorf("%s, looking at %d of %d: %d counted, more %v", path, limit, there, n, a.More)
				}
			}
			seen := map[string]bool{}
			for path := list.path + "?limit=1"; path != ""; {
				var a answer
				clerk.Get(path).JSON(&a)
				for _, x := range a.Items {
					if seen[x.ID] {
						t.Fatalf("%s: %s stands on two pages", list.path, x.ID)
					}
					seen[x.ID] = true
				}
				if path = ""; a.Next != nil && len(a.Items) > 0 {
					path = list.path + "?limit=1&" + list.cursor + "=" + *a.Next
				}
			}
			if len(seen) != there {
				t.Errorf("%s: %d rows on all pages, want %d", list.path, len(seen), there)
			}
		}
	})
}
