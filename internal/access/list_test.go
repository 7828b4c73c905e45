package access_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"dangan/internal/access"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/testkit"

	"pgregory.net/rapid"
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

// someone is a random member of staff: posts, reach, clearance, relatives among persons.
func someone(rt *rapid.T, agencies, persons []string) policy.Actor {
	posts := []string{"clerk", "reviewer", "keeper", "scanner", "head", "supervisor", "statistician", "sysadmin", "secadmin", "auditor"}
	a := policy.Actor{ID: gate.NewID(), Kind: policy.Staff, Org: "50010801", Clearance: rapid.IntRange(0, 2).Draw(rt, "clearance")}
	a.Posts = rapid.SliceOfNDistinct(rapid.SampledFrom(posts), 0, 3, rapid.ID[string]).Draw(rt, "posts")
	a.Reach = rapid.SliceOfNDistinct(rapid.SampledFrom(append([]string{"500108", "500000"}, agencies...)), 0, 4, rapid.ID[string]).Draw(rt, "reach")
	a.Persons = rapid.SliceOfNDistinct(rapid.SampledFrom(persons), 0, 3, rapid.ID[string]).Draw(rt, "kin")
	slices.Sort(a.Reach)
	slices.Sort(a.Persons)
	return a
}

// For random actors and cases: in the list, in its counts and on the dossier's page
// exactly when the policies permit reading it.
func TestListedIsPermitted(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		ctx := context.Background()
		agencies := []string{"50010801", "50010301", "50010101", "50000001"}
		type held struct {
			c access.Case
			d dossier.Dossier
		}
		var all []held
		var persons []string
		for n := range 20 {
			c, d := applied(t, p, agencies[n%4], n)
			all, persons = append(all, held{c, d}), append(persons, d.PersonID)
		}
		rapid.Check(t, func(rt *rapid.T) {
			a := someone(rt, agencies, persons)
			list, err := p.Access.List(ctx, a, access.Filter{Limit: 100})
			if err != nil {
				rt.Fatal(err)
			}
			counts, err := p.Access.Counts(ctx, a)
			if err != nil {
				rt.Fatal(err)
			}
			counted := 0
			for _, n := range counts {
				counted += int(n)
			}
			if counted != len(list) {
				rt.Fatalf("the counts know of %d, the list of %d", counted, len(list))
			}
			for _, x := range all {
				listed := slices.ContainsFunc(list, func(l access.Line) bool { return l.ID == x.c.ID })
				if permitted := p.Gate.Decide(a, "consultation.read", x.c.Resource(x.d)).Allowed(); listed != permitted {
					rt.Fatalf("%s (secrecy %d, %s): listed %v, permitted %v, actor %+v", x.c.No, x.d.Secrecy, x.d.Agency, listed, permitted, a)
				}
				cases, err := p.Access.Cases(ctx, p.DB, a, x.d.ID)
				if err != nil || (len(cases) == 1) != listed {
					rt.Fatalf("%s: %d on the dossier's page, listed %v: %v", x.c.No, len(cases), listed, err)
				}
			}
		})
	})
}
