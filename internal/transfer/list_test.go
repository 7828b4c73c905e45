package transfer_test

import (
	"context"
	"testing"

	"dangan/internal/dossier"
	"dangan/internal/policy"
	"dangan/internal/testkit"
	"dangan/internal/transfer"
)

// For cases at either end, passed on or from outside.
func TestListedIsPermitted(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		ctx := context.Background()
		agencies := testkit.Offices[:3]
		var all []testkit.Held[transfer.Case]
		for n := range 12 {
			holder, receiver := agencies[n%3], agencies[(n+1)%3]
			a := transfer.Application{Direction: transfer.Inner, Name: testkit.Name(n), IDNo: testkit.IDNo(n), Document: "居民身份证", Holder: holder, Applicant: testkit.Name(n),
				Reason: "流动就业", RegionBasis: "户籍地", TiePlace: receiver[:6]}
			var d dossier.Dossier
			if n%4 == 3 { // from outside: the province has no dossier yet
				a.Direction, a.Holder, a.HolderName, a.HolderKind, a.Category, a.Subtype, a.Evidence = transfer.In, "", "贵州某集团（演示）", transfer.EndStateFirm, "4.1", "private_enterprise", "劳动合同"
			} else {
				d = testkit.Stock(p, holder, n, func(d *dossier.Dossier) { d.Secrecy = n % 3 })
			}
			by := p.As("clerk-" + receiver[:6])
			if n%5 == 4 { // taken in at a third window and passed on
				a.PassTo, by = receiver, p.As("clerk-"+agencies[(n+2)%3][:6])
			}
			by.Clearance = 2
			c := ok(p.Transfers.Apply(ctx, by, a))
			all = append(all, testkit.Held[transfer.Case]{ID: c.ID, Case: c, Dossier: d})
		}
		testkit.ListedIsPermitted(t, p, testkit.Rows[transfer.Case]{
			Read: "transfer.read", All: all,
			Resource: func(x testkit.Held[transfer.Case]) policy.Resource { return x.Case.Resource(x.Dossier) },
			List: func(a policy.Actor) ([]string, error) {
				list, err := p.Transfers.Cases(ctx, a, transfer.Filter{Limit: 100})
				return testkit.IDs(list, func(c transfer.Case) string { return c.ID }), err
			},
			Count: func(a policy.Actor) (int, error) {
				counts, err := p.Transfers.Counts(ctx, a)
				return int(counts.Open), err
			},
			OnPage: func(a policy.Actor, id string) (int, error) {
				cases, err := p.Transfers.About(ctx, p.DB, a, id)
				return len(cases), err
			},
		})
	})
}
