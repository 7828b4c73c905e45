package window_test

import (
	"context"
	"fmt"
	"testing"

	"dangan/internal/dossier"
	"dangan/internal/found"
	"dangan/internal/gate"
	"dangan/internal/intake"
	"dangan/internal/policy"
	"dangan/internal/testkit"
	"dangan/internal/window"
)

// TestListedIsPermitted holds the lists of the rooms of the window, objections with complaints,
// applications not taken in and packets found in private hands, to their policies: who keeps away from a
// person or is not cleared for a dossier meets neither text nor number of what tells of it.
func TestListedIsPermitted(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		ctx := context.Background()
		var matters []testkit.Held[window.Matter]
		var packets []testkit.Held[found.Packet]
		for n := range 16 {
			office := testkit.Offices[n%4]
			by := p.As("clerk-" + office[:6])
			d := testkit.Stock(p, office, n, func(d *dossier.Dossier) { d.Secrecy = n % 3 })
			m := window.Matter{ID: gate.NewID(), Version: 1, No: fmt.Sprintf("YT-%d", n), Kind: window.Objection, Agency: office, Authority: office[:6], Text: "事实", ReceivedBy: by.ID, ReceivedAt: p.Gate.Now(),
				DueOn: "2026-12-20", State: window.Received, DossierID: d.ID, ChangedAt: p.Gate.Now()}
			f := found.Packet{ID: gate.NewID(), Version: 1, No: fmt.Sprintf("GS-%d", n), Agency: office, State: found.Registered, PersonName: testkit.Name(n), PersonID: d.PersonID, Bringer: "某人", Relation: "本人", Came: found.Ways[0],
				Seal: found.Seals[0], Volumes: 1, RegisteredBy: by.ID, RegisteredAt: p.Gate.Now(), ChangedAt: p.Gate.Now()}
			if n%5 == 4 { // a complaint of nobody's dossier, a packet of somebody unknown
				m.Kind, m.About, m.DossierID, d, f.PersonID = window.Complaint, "delay", "", dossier.Dossier{}, ""
			}
			write := func(act string, r policy.Resource, row interface{ Table() string }) {
				r.Secrecy = 0
				if _, err := p.Gate.Do(ctx, gate.Act{Actor: by, Action: act}, func(tx *gate.Tx) error {
					if err := tx.Permit(r); err != nil {
						return err
					}
					return tx.Insert(row)
				}); err != nil {
					t.Fatal(err)
				}
			}
			write(window.ActReceive, m.Resource(d), m)
			write(found.ActRegister, f.Resource(), f)
			matters = append(matters, testkit.Held[window.Matter]{ID: m.ID, Case: m, Dossier: d})
			packets = append(packets, testkit.Held[found.Packet]{ID: f.ID, Case: f, Dossier: d})
		}
		var intakes []testkit.Held[intake.Case]
		for n, h := range matters {
			by := p.As("clerk-" + h.Case.Agency[:6])
			c := intake.Case{ID: gate.NewID(), Version: 1, No: fmt.Sprintf("SL-%d", n), Agency: h.Case.Agency, Matter: intake.Transfer, State: intake.Proposed, Name: testkit.Name(n), Subject: fmt.Sprint("person:", n), Applicant: "申请人", Application: "{}", Reasons: "[]",
				DossierID: h.Dossier.ID, PersonID: h.Dossier.PersonID, DueOn: "2026-12-20", RecordedBy: by.ID, RecordedAt: p.Gate.Now(), ChangedAt: p.Gate.Now()}
			if _, err := p.Gate.Do(ctx, gate.Act{Actor: by, Action: intake.ActRecord}, func(tx *gate.Tx) error {
				if err := tx.Permit(c.Resource(0)); err != nil {
					return err
				}
				return tx.Insert(c)
			}); err != nil {
				t.Fatal(err)
			}
			intakes = append(intakes, testkit.Held[intake.Case]{ID: c.ID, Case: c, Dossier: h.Dossier})
		}
		sum := func(counts map[string]int64, err error, parts ...string) (n int, _ error) {
			for _, part := range parts {
				n += int(counts[part])
			}
			return n, err
		}
		testkit.ListedIsPermitted(t, p, testkit.Rows[window.Matter]{
			Read: window.ActRead, All: matters,
			Resource: func(x testkit.Held[window.Matter]) policy.Resource { return x.Case.Resource(x.Dossier) },
			List: func(a policy.Actor) ([]string, error) {
				list, _, err := p.Window.List(ctx, a, window.Filter{Limit: 100})
				return testkit.IDs(list, func(m window.Matter) string { return m.ID }), err
			},
			Count: func(a policy.Actor) (int, error) {
				counts, err := p.Window.Counts(ctx, a)
				return sum(counts, err, "open", "answered")
			},
		})
		testkit.ListedIsPermitted(t, p, testkit.Rows[intake.Case]{
			Read: intake.ActRead, All: intakes,
			Resource: func(x testkit.Held[intake.Case]) policy.Resource { return x.Case.Resource(x.Dossier.Secrecy) },
			List: func(a policy.Actor) ([]string, error) {
				list, _, err := p.Intakes.List(ctx, a, "", "", 100)
				return testkit.IDs(list, func(c intake.Case) string { return c.ID }), err
			},
			Count: func(a policy.Actor) (int, error) {
				counts, err := p.Intakes.Counts(ctx, a)
				return sum(counts, err, "proposed", "completing", "returned", "refused", "ended")
			},
		})
		testkit.ListedIsPermitted(t, p, testkit.Rows[found.Packet]{
			Read: found.ActRead, All: packets,
			Resource: func(x testkit.Held[found.Packet]) policy.Resource { return x.Case.Resource() },
			List: func(a policy.Actor) ([]string, error) {
				list, _, err := p.Found.List(ctx, a, found.Filter{Limit: 100})
				return testkit.IDs(list, func(f found.Packet) string { return f.ID }), err
			},
			Count: func(a policy.Actor) (int, error) {
				counts, err := p.Found.Counts(ctx, a)
				return sum(counts, err, "waiting", "verified", "ended")
			},
		})
	})
}
