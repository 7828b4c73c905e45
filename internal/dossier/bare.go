package dossier

import (
	"errors"
	"fmt"

	"dangan/internal/document"
	"dangan/internal/gate"
	"dangan/internal/store"
)

// onPaper is why an entry no longer counts: its source became a state secret.
const onPaper = "出处已定为国家秘密，只登记纸质"

// secretPiece is the name of what may have none.
const secretPiece = "涉密件（纸质）"

// Naming lists the numbers of the papers about a dossier that may name a material, the newest
// first: they left the system before it became a state secret, and are called back (15).
func Naming(tx *gate.Tx, dossierID, materialID string) ([]string, error) {
	kinds := []string{document.Catalog, document.PackingList, document.Comparison, document.CollectNotice, document.Supplement, document.Undertaking, document.MaterialReceipt}
	list, err := store.List[document.Document](tx.Context(), tx, "WHERE case_ref=? OR case_ref IN (SELECT 'Sitting:' || sitting_id FROM sitting_piece WHERE material_id=?) OR dossier_id=? AND kind IN ("+store.Marks(len(kinds))+") ORDER BY id DESC LIMIT 20",
		append([]any{"Material:" + materialID, materialID, dossierID}, store.Args(kinds)...)...)
	var out []string
	for _, d := range list {
		out = append(out, d.Number)
	}
	return out, err
}

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
		rewrite(tx, materialID, func(r *Move) { r.Why, r.Note = "", "" }),
		rewrite(tx, materialID, func(r *Report) { r.Found, r.Finding = onPaper, "" }),
		rewrite(tx, materialID, func(r *MakerTask) { r.Party, r.Question = "", onPaper }),
		// What was asked for under its title, and the order it was to stand in.
		rewriteWhere(tx, "material_id=? OR handed_id=?", []any{materialID, materialID}, func(r *Supplement) { r.Title, r.Consequence, r.Maker, r.ClosedWhy = secretPiece, "", "", "" }),
		rewriteWhere(tx, "dossier_id=(SELECT dossier_id FROM material WHERE id=?) AND proposed LIKE ?", []any{materialID, "%" + materialID + "%"}, func(r *Rearrangement) { r.Reason, r.Note = "", "" }),
	}
	if err := errors.Join(steps...); err != nil {
		return err
	}
	// What it was in a namesake's dossier, before it was moved, names it too.
	before, err := store.List[Material](tx.Context(), tx, "WHERE id=(SELECT moved_from FROM material WHERE id=?)", materialID)
	for _, m := range before {
		m.bare()
		if err := errors.Join(tx.Update(&m), Bare(tx, m.ID)); err != nil {
			return err
		}
	}
	return err
}

// rewrite changes every row of a table that names a material.
func rewrite[T store.Row, P interface {
	*T
	store.Row
}](tx *gate.Tx, materialID string, change func(P)) error {
	return rewriteWhere(tx, "material_id=?", []any{materialID}, change)
}

func rewriteWhere[T store.Row, P interface {
	*T
	store.Row
}](tx *gate.Tx, where string, args []any, change func(P)) error {
	list, err := store.List[T](tx.Context(), tx, "WHERE "+where+" ORDER BY id LIMIT 5000", args...)
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
