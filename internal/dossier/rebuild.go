package dossier

import (
	"context"
	"fmt"

	"dangan/internal/person"
	"dangan/internal/store"
)

func init() {
	store.Describe(Material{}, Fact{}, Period{}, Family{}, Batch{}, Correction{}, Inquiry{})
	columns := []string{"agency", "key", "dossier_id"}
	store.Derive("name_key", store.Rebuild{Key: columns, Columns: columns, From: "dossier", Rows: rebuildNameKeys})
}

// rebuildNameKeys gives the search keys that dossiers should have.
func rebuildNameKeys(ctx context.Context, view *store.Snapshot, share string, emit func([]store.Value) error) error {
	var row [3]store.Value
	err := view.Scan(ctx, `SELECT d.id, d.agency, d.account_unit, p.name, p.employer, p.employer_uscc
FROM (SELECT id, agency, account_unit, person_id FROM dossier WHERE `+share+`) AS d JOIN person p ON p.id=d.person_id`, nil, func(v []store.Value) error {
		d := Dossier{AccountUnit: v[2].String()}
		p := person.Person{Name: v[3].String(), Employer: v[4].String(), EmployerUSCC: v[5].String()}
		row[0], row[2] = v[1], v[0]
		for _, key := range Keys(d, p) {
			row[1] = store.ValueOf(key)
			if err := emit(row[:]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("rebuild name keys: %w", err)
	}
	return nil
}
