package transfer_test

import (
	"context"
	"slices"
	"testing"

	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/testkit"
	"dangan/internal/transfer"

	"pgregory.net/rapid"
)

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

// For random actors and cases, at either end, passed on or from outside: in the
// list, in its counts and on the dossier's page exactly when the policies permit
// reading the case.
func TestListedIsPermitted(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		ctx := context.Background()
		agencies := []string{"50010801", "50010301", "50010101"}
		type held struct {
			c transfer.Case
			d dossier.Dossier
		}
		var all []held
		var persons []string
		for n := range 12 {
			holder, receiver := agencies[n%3], agencies[(n+1)%3]
			a := transfer.Application{Direction: transfer.Inner, Name: testkit.Name(n), IDNo: testkit.IDNo(n), Document: "居民身份证", Holder: holder, Applicant: testkit.Name(n),
				Reason: "流动就业", RegionBasis: "户籍地", TiePlace: receiver[:6]}
			var d dossier.Dossier
			if n%4 == 3 { // from outside: the province has no dossier yet
				a.Direction, a.Holder, a.HolderName, a.Category, a.Evidence = transfer.In, "", "贵州某集团（演示）", "4.1", "劳动合同"
			} else {
				d = testkit.Stock(p, holder, n, func(d *dossier.Dossier) { d.Secrecy = n % 3 })
				persons = append(persons, d.PersonID)
			}
			by := p.As("clerk-" + receiver[:6])
			if n%5 == 4 { // taken in at a third window and passed on
				a.PassTo, by = receiver, p.As("clerk-"+agencies[(n+2)%3][:6])
			}
			by.Clearance = 2
			all = append(all, held{ok(p.Transfers.Apply(ctx, by, a)), d})
		}
		rapid.Check(t, func(rt *rapid.T) {
			a := someone(rt, agencies, persons)
			list, err := p.Transfers.Cases(ctx, a, transfer.Filter{Limit: 100})
			if err != nil {
				rt.Fatal(err)
			}
			counts, err := p.Transfers.Counts(ctx, a)
			if err != nil || counts.Open != int64(len(list)) {
				rt.Fatalf("the counts know of %d, the list of %d: %v", counts.Open, len(list), err)
			}
			for _, x := range all {
				listed := slices.ContainsFunc(list, func(c transfer.Case) bool { return c.ID == x.c.ID })
				if permitted := p.Gate.Decide(a, "transfer.read", x.c.Resource(x.d.PersonID, x.d.Secrecy)).Allowed(); listed != permitted {
					rt.Fatalf("%s (secrecy %d, %s to %s, passed by %q): listed %v, permitted %v, actor %+v", x.c.No, x.d.Secrecy, x.c.Holder, x.c.Receiver, x.c.PassedBy, listed, permitted, a)
				}
				if x.d.ID == "" {
					continue
				}
				cases, err := p.Transfers.About(ctx, p.DB, a, x.d.ID)
				if err != nil || (len(cases) == 1) != listed {
					rt.Fatalf("%s: %d on the dossier's page, listed %v: %v", x.c.No, len(cases), listed, err)
				}
			}
		})
	})
}
