package certificate_test

import (
	"context"
	"slices"
	"testing"

	"dangan/internal/certificate"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/testkit"

	"pgregory.net/rapid"
)

// opened is an application by the n-th made-up person at an agency's window.
func opened(t *testing.T, p *testkit.Province, agency string, n int) (certificate.Certificate, dossier.Dossier) {
	t.Helper()
	d := testkit.Stock(p, agency, n, func(d *dossier.Dossier) { d.Secrecy = n % 5 % 3 })
	by := p.As("clerk-" + agency[:6])
	by.Clearance = dossier.TopSecret
	a := certificate.Application{Kind: certificate.Custody, DossierID: d.ID, Use: "办理落户", Applicant: certificate.Self, Name: testkit.Name(n), IDNo: testkit.IDNo(n), Seen: []string{"居民身份证"}}
	if n%2 == 0 {
		a.Keys = []string{"custody"}
	}
	c, err := p.Certificates.Open(context.Background(), by, a)
	if err != nil {
		t.Fatal(err)
	}
	return c, d
}

// For random actors and cases: in the list and on the dossier's page exactly when
// the policies permit reading it.
func TestListedIsPermitted(t *testing.T) {
	posts := []string{"clerk", "reviewer", "keeper", "scanner", "head", "supervisor", "statistician", "sysadmin", "secadmin", "auditor"}
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		ctx := context.Background()
		agencies := []string{"50010801", "50010301", "50010101", "50000001"}
		type held struct {
			c certificate.Certificate
			d dossier.Dossier
		}
		var all []held
		var persons []string
		for n := range 20 {
			c, d := opened(t, p, agencies[n%4], n)
			all, persons = append(all, held{c, d}), append(persons, d.PersonID)
		}
		rapid.Check(t, func(rt *rapid.T) {
			a := policy.Actor{ID: gate.NewID(), Kind: policy.Staff, Org: "50010801", Clearance: rapid.IntRange(0, 2).Draw(rt, "clearance")}
			a.Posts = rapid.SliceOfNDistinct(rapid.SampledFrom(posts), 0, 3, rapid.ID[string]).Draw(rt, "posts")
			a.Reach = rapid.SliceOfNDistinct(rapid.SampledFrom(append([]string{"500108", "500000"}, agencies...)), 0, 4, rapid.ID[string]).Draw(rt, "reach")
			a.Persons = rapid.SliceOfNDistinct(rapid.SampledFrom(persons), 0, 3, rapid.ID[string]).Draw(rt, "kin")
			slices.Sort(a.Reach)
			slices.Sort(a.Persons)
			list, _, err := p.Certificates.List(ctx, a, certificate.Filter{Limit: 100})
			if err != nil {
				rt.Fatal(err)
			}
			for _, x := range all {
				listed := slices.ContainsFunc(list, func(l certificate.Listed) bool { return l.ID == x.c.ID })
				if permitted := p.Gate.Decide(a, certificate.ActRead, x.c.Resource(x.d)).Allowed(); listed != permitted {
					rt.Fatalf("%s (secrecy %d, %s): listed %v, permitted %v, actor %+v", x.c.ID, x.d.Secrecy, x.d.Agency, listed, permitted, a)
				}
				cases, err := p.Certificates.Cases(ctx, p.DB, a, x.d.ID)
				if err != nil || (len(cases) == 1) != listed {
					rt.Fatalf("%s: %d on the dossier's page, listed %v: %v", x.c.ID, len(cases), listed, err)
				}
			}
		})
	})
}
