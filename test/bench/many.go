package bench

import (
	"context"
	"fmt"
	"testing"

	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/person"
	"dangan/internal/testkit"
)

// office is where everything lies.
const office = "50010801"

// Many registers n made-up dossiers of one agency through the gate, in batches.
func Many(b testing.TB, p *testkit.Province, n int) {
	b.Helper()
	by := p.As("clerk-500108")
	const batch = 500
	for from := 0; from < n; from += batch {
		acts := make([]gate.Act, min(batch, n-from))
		for i := range acts {
			acts[i] = gate.Act{Actor: by, Action: "roster.register"}
		}
		out, err := p.Gate.DoBatch(context.Background(), acts, func(i int, tx *gate.Tx) error {
			k := from + i
			d := dossier.Dossier{Agency: office, No: fmt.Sprintf("%s-2019-%06d", office, k+1), State: dossier.InStore, Place: dossier.PlaceStore,
				Shelfmark: fmt.Sprintf("01-A-%06d", k), Category: "4.1", Basis: "stock", ReceivedOn: "2019-06-18"}
			r := d.Resource()
			r.Attrs = map[string]any{"agency": d.Agency}
			if err := tx.Permit(r); err != nil {
				return err
			}
			who := person.Person{Name: testkit.Name(k), Sex: "2", IDNo: fmt.Sprintf("bench-%09d", k), BirthDate: "1990-01-01", Political: "13", Synthetic: true}
			if err := person.Add(tx, p.Keys, &who); err != nil {
				return err
			}
			return dossier.Add(tx, &d, who)
		})
		if err != nil {
			b.Fatal(err)
		}
		for _, o := range out {
			if o.Err != nil {
				b.Fatal(o.Err)
			}
		}
	}
}
