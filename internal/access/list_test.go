package access_test

import (
	"context"
	"fmt"
	"testing"

	"dangan/internal/access"
	"dangan/internal/dossier"
	"dangan/internal/policy"
	"dangan/internal/testkit"
)

// applied is an application by an agency's clerk for the n-th made-up person.
func applied(t *testing.T, p *testkit.Province, agency string, n int) (access.Case, dossier.Dossier) {
	t.Helper()
	d := testkit.Stock(p, agency, n, func(d *dossier.Dossier) { d.Secrecy, d.Senior = n%5%3, n%7 == 0 })
	by := p.As("clerk-" + agency[:6])
	by.Clearance = dossier.TopSecret
	var readers []access.NewReader
	for i := range 2 {
		readers = append(readers, access.NewReader{Name: testkit.Name(900 + i), IDNo: testkit.IDNo(900 + i), Post: "干部科", Political: "01", Declared: true, Pledged: i == n%2})
	}
	c, err := p.Access.Apply(context.Background(), by, access.Application{DossierID: d.ID, UnitKind: access.Organ, Unit: fmt.Sprintf("演示单位%d", n), Purpose: "vetting", Reason: "考察",
		PaperName: "介绍信", PaperNo: "1号", PaperOn: "2026-11-20", Sealed: true, Matches: true, FormSigned: true, Way: access.Paper, Readers: readers})
	if err == nil && n%2 == 0 {
		c, _, err = p.Access.Submit(context.Background(), by, c.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	return c, d
}

func TestListedIsPermitted(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		ctx := context.Background()
		var all []testkit.Held[access.Case]
		for n := range 20 {
			c, d := applied(t, p, testkit.Offices[n%4], n)
			all = append(all, testkit.Held[access.Case]{ID: c.ID, Case: c, Dossier: d})
		}
		testkit.ListedIsPermitted(t, p, testkit.Rows[access.Case]{
			Read: "consultation.read", All: all,
			Resource: func(x testkit.Held[access.Case]) policy.Resource { return x.Case.Resource(x.Dossier) },
			List: func(a policy.Actor) ([]string, error) {
				list, err := p.Access.List(ctx, a, access.Filter{Limit: 100})
				return testkit.IDs(list, func(l access.Line) string { return l.ID }), err
			},
			Count: func(a policy.Actor) (n int, err error) {
				counts, err := p.Access.Counts(ctx, a)
				for _, c := range counts {
					n += int(c)
				}
				return n, err
			},
			OnPage: func(a policy.Actor, id string) (int, error) {
				cases, err := p.Access.Cases(ctx, p.DB, a, id)
				return len(cases), err
			},
		})
	})
}
