package dossier

import (
	"context"
	"fmt"

	"dangan/internal/person"
	"dangan/internal/store"
)

func init() {
	store.Describe(Material{}, Fact{}, Period{}, Family{}, Batch{}, Correction{}, Inquiry{})
	store.Derive("name_key", store.Rebuild{Key: []string{"agency", "key", "dossier_id"}, Columns: []string{"agency", "key", "dossier_id"}, Rows: rebuildNameKeys})
}

// rebuildNameKeys gives the search keys that every dossier should have.
func rebuildNameKeys(ctx context.Context, q store.Querier, emit func(values ...any) error) error {
	rows, err := q.Query(ctx, `SELECT d.id, d.agency, coalesce(d.account_unit,''), p.name, coalesce(p.employer,''), coalesce(p.employer_uscc,'')
FROM dossier d JOIN person p ON p.id=d.person_id`)
	if err != nil {
		return fmt.Errorf("rebuild name keys: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var d Dossier
		var p person.Person
		if err := rows.Scan(&d.ID, &d.Agency, &d.AccountUnit, &p.Name, &p.Employer, &p.EmployerUSCC); err != nil {
			return err
		}
		for _, key := range Keys(d, p) {
			if err := emit(d.Agency, key, d.ID); err != nil {
				return err
			}
		}
	}
	return rows.Err()
}
