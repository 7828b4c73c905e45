package loan_test

import (
	"context"
	"fmt"
	"testing"

	"dangan/internal/dossier"
	"dangan/internal/loan"
	"dangan/internal/policy"
	"dangan/internal/testkit"
)

// applied is an application by an agency's clerk for the n-th made-up person; some dossiers
// are work secrets, which not everybody may know of.
func applied(t *testing.T, p *testkit.Province, agency string, n int) (loan.Case, dossier.Dossier) {
	t.Helper()
	d := testkit.Stock(p, agency, n, func(d *dossier.Dossier) { d.Secrecy, d.Senior = n%5%2, n%7 == 0 })
	by := p.As("clerk-" + agency[:6])
	by.Clearance = dossier.TopSecret
	var people []loan.NewPerson
	for i := range 2 {
		people = append(people, loan.NewPerson{Name: testkit.Name(900 + i), IDNo: testkit.IDNo(900 + i), Post: "审查室", Political: "01", Carries: true, Keeps: i == 0, Declared: true, Pledged: i == n%2})
	}
	c, err := p.Loans.Apply(context.Background(), by, loan.Application{DossierID: d.ID, UnitKind: loan.Organ, Unit: fmt.Sprintf("演示单位%d", n), Purpose: "vetting", Reason: "核查", WhyNotHere: "须与卷宗比对",
		KeptAt: "302室", PaperName: "介绍信", PaperNo: "1号", PaperOn: "2026-11-20", Sealed: true, Matches: true, FormSigned: true, Pledged: true, Days: 10, Way: loan.Messenger, People: people})
	if err == nil && n%2 == 0 {
		c, _, err = p.Loans.Submit(context.Background(), by, c.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	return c, d
}

func TestListedIsPermitted(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		ctx := context.Background()
		var all []testkit.Held[loan.Case]
		for n := range 20 {
			c, d := applied(t, p, testkit.Offices[n%4], n)
			all = append(all, testkit.Held[loan.Case]{ID: c.ID, Case: c, Dossier: d})
		}
		testkit.ListedIsPermitted(t, p, testkit.Rows[loan.Case]{
			Read: loan.ActRead, All: all,
			Resource: func(x testkit.Held[loan.Case]) policy.Resource { return x.Case.Resource(x.Dossier) },
			List: func(a policy.Actor) ([]string, error) {
				list, err := p.Loans.List(ctx, a, loan.Filter{Limit: 100})
				return testkit.IDs(list, func(l loan.Line) string { return l.ID }), err
			},
			Count: func(a policy.Actor) (n int, err error) {
				counts, err := p.Loans.Counts(ctx, a)
				for _, c := range counts {
					n += int(c)
				}
				return n, err
			},
			OnPage: func(a policy.Actor, id string) (int, error) {
				cases, err := p.Loans.Cases(ctx, p.DB, a, id)
				return len(cases), err
			},
		})
	})
}
