package certificate_test

import (
	"context"
	"testing"

	"dangan/internal/certificate"
	"dangan/internal/dossier"
	"dangan/internal/policy"
	"dangan/internal/testkit"
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

func TestListedIsPermitted(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		ctx := context.Background()
		var all []testkit.Held[certificate.Certificate]
		for n := range 20 {
			c, d := opened(t, p, testkit.Offices[n%4], n)
			all = append(all, testkit.Held[certificate.Certificate]{ID: c.ID, Case: c, Dossier: d})
		}
		testkit.ListedIsPermitted(t, p, testkit.Rows[certificate.Certificate]{
			Read: certificate.ActRead, All: all,
			Resource: func(x testkit.Held[certificate.Certificate]) policy.Resource { return x.Case.Resource(x.Dossier) },
			List: func(a policy.Actor) ([]string, error) {
				list, _, err := p.Certificates.List(ctx, a, certificate.Filter{Limit: 100})
				return testkit.IDs(list, func(l certificate.Listed) string { return l.ID }), err
			},
			OnPage: func(a policy.Actor, id string) (int, error) {
				cases, err := p.Certificates.Cases(ctx, p.DB, a, id)
				return len(cases), err
			},
		})
	})
}
