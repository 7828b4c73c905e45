package dossier

import (
	"errors"
	"fmt"

	"dangan/internal/gate"
	"dangan/internal/store"
)

// onPaper is why an entry no longer counts: its source became a state secret.
const onPaper = "出处已定为国家秘密，只登记纸质"

// Bare takes out of the system what was read in a material that became a state secret
// (15): entries lose their words and count no more, what was asked to be corrected and
// what was answered about it too. The rows stay, sealed as they are now.
func Bare(tx *gate.Tx, materialID string) error {
	steps := []error{
		rewrite(tx, materialID, func(r *Fact) { r.Written, r.Value, r.Void, r.ConfirmedBy = "", "", onPaper, "" }),
		rewrite(tx, materialID, func(r *Period) {
			r.Unit, r.Post, r.Identity, r.FromMonth, r.ToMonth, r.Void, r.ConfirmedBy = "", "", "", "", "", onPaper, ""
		}),
		rewrite(tx, materialID, func(r *Family) {
			r.Name, r.NameIndex, r.IDNo, r.IDIndex, r.Void, r.ConfirmedBy = "", []byte{}, "", nil, onPaper, ""
		}),
		rewrite(tx, materialID, func(r *Determination) {
			r.Written, r.Value, r.Authority, r.DocNo, r.Void, r.ConfirmedBy = "", "", "", "", onPaper, ""
		}),
		rewrite(tx, materialID, func(r *Correction) {
			r.Proposed, r.Reason, r.Basis, r.Note = "{}", "", "", onPaper
			if r.State == CorrectionAsked {
				r.State = CorrectionRefused
			}
		}),
		rewrite(tx, materialID, func(r *Pause) { r.Basis, r.Outcome = "", "" }),
		rewrite(tx, materialID, func(r *Verification) { r.Party, r.Answer = "", "" }),
	}
	return errors.Join(steps...)
}

// rewrite changes every row of a table that names a material.
func rewrite[T store.Row, P interface {
	*T
	store.Row
}](tx *gate.Tx, materialID string, change func(P)) error {
	list, err := store.List[T](tx.Context(), tx, "WHERE material_id=? ORDER BY id LIMIT 5000", materialID)
	if err != nil {
		return err
	}
	for i := range list {
		change(&list[i])
		if err := tx.Update(P(&list[i])); err != nil {
			return fmt.Errorf("take out of the system: %w", err)
		}
	}
	return nil
}
