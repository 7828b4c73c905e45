package hold

import (
	"context"

	"dangan/internal/agency"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/message"
	"dangan/internal/store"
)

// Moved ends what nobody confirmed before the dossier left: the new keeper is who the organ
// serves its document on (20.2a). What was in force has kept it here.
func Moved(tx *gate.Tx, d dossier.Dossier, from string) error {
	list, err := store.List[Hold](tx.Context(), tx, "WHERE dossier_id=? AND agency=? AND state='asked' ORDER BY id LIMIT 100"+tx.ForUpdate(), d.ID, from)
	if err != nil {
		return err
	}
	for _, h := range list {
		if err := h.Refuse("确认之前档案已转出，限制没有生效；请书面告知来文机关档案去向，由其向现保管单位送达。", tx.Actor().ID, tx.Now()); err != nil {
			return err
		}
		h.ChangedAt = tx.Now()
		tx.About("Hold", h.ID)
		if err := tx.Update(&h); err != nil {
			return err
		}
		if err := message.Inform(tx, message.Notice{Agency: h.Agency, Post: "clerk", StaffID: h.AskedBy, DossierID: h.DossierID, CaseRef: "Hold:" + h.ID, Link: "/holds/" + h.ID, Subject: "限制未生效：档案已转出", Text: "请书面告知来文机关档案去向。"}); err != nil {
			return err
		}
	}
	return nil
}

// Succeed makes the successor of a merged agency go on with what holds its dossiers
// back. Against a closing the dossiers themselves stand, so no Hinder is needed.
func Succeed(tx *gate.Tx, from, to agency.Agency) (int, error) {
	_, err := agency.HandOver(tx, "agency=? AND state IN ('asked','active','lifting')", []any{from.ID}, func(h *Hold) error {
		h.Agency = to.ID
		tx.About("Hold", h.ID)
		return tx.Update(h)
	})
	return 0, err
}

// UnderWay counts what holds dossiers of an agency back.
func UnderWay(ctx context.Context, q store.Querier, code string) (agency.Open, error) {
	return agency.CountOpen(ctx, q, agency.Line{Name: "限制转出", Unit: "件", Table: "legal_hold", Due: "until_on", Since: "asked_at", From: "登记", Link: "/holds"}, "agency=? AND state IN ('asked','active','lifting')", code)
}
