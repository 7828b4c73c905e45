package secrecy

import (
	"dangan/internal/gate"
	"dangan/internal/store"
)

// SameReaders says whether the same persons are named for both dossiers as a whole (15,
// 21b): only then may one become part of the other, since whoever knows one would learn
// of the other.
func SameReaders(tx *gate.Tx, one, other string) (bool, error) {
	n, err := store.Count(tx.Context(), tx, `SELECT count(*) FROM secrecy_reader a WHERE a.dossier_id IN (?,?) AND a.material_id IS NULL AND a.ended_at IS NULL
 AND NOT EXISTS (SELECT 1 FROM secrecy_reader b WHERE b.dossier_id IN (?,?) AND b.dossier_id<>a.dossier_id AND b.material_id IS NULL AND b.ended_at IS NULL AND b.staff_id=a.staff_id)`,
		one, other, one, other)
	return n == 0, err
}

// FollowMaterials has the persons named for closed materials, now and before, go with
// these to another dossier; only: of these materials, nil for all.
func FollowMaterials(tx *gate.Tx, from, to string, only map[string]bool) error {
	list, err := store.List[Reader](tx.Context(), tx, "WHERE dossier_id=? AND material_id IS NOT NULL ORDER BY id"+tx.ForUpdate(), from)
	if err != nil {
		return err
	}
	for i := range list {
		if only != nil && !only[list[i].MaterialID] {
			continue
		}
		list[i].DossierID = to
		if err := tx.Update(&list[i]); err != nil {
			return err
		}
	}
	return nil
}
