package dossier

import (
	"context"
	"fmt"

	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
)

// Recount computes the filing terms again that reached past the last year of the
// calendar (暂定), once that year's holidays are loaded (13a; codes.md 1).
func (k *Desk) Recount(ctx context.Context) error {
	rows, err := k.gate.DB().Query(ctx, "SELECT id FROM material WHERE due_tentative=1 AND "+openStates+" ORDER BY id LIMIT 20000")
	if err != nil {
		return fmt.Errorf("tentative terms: %w", err)
	}
	defer rows.Close()
	var ids []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return err
		}
		ids = append(ids, id)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	system := policy.Actor{ID: "system", Kind: policy.System}
	for _, id := range ids {
		_, err := k.onMaterial(ctx, system, "material.recount", []rule.ID{"13a"}, id, func(tx *gate.Tx, _ *Dossier, m *Material) error {
			if m.ReceivedOn == "" {
				return nil
			}
			due, tentative := m.term(tx.Calendar())
			m.DueOn, m.DueTentative = string(due), tentative
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
