package transfer

import (
	"strings"
	"time"

	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Reinstate opens a case again whose 不予转出, or whose withdrawal, was objected to and did not
// hold (29.8). What was not sent stands where the letter was registered, with its working days
// from today; what was withdrawn against the applicant's will stands as an application, whose
// letter is opened anew, an outside organ's letter as registered. It runs inside the act that
// upholds the objection.
func Reinstate(tx *gate.Tx, id string) error {
	c, err := Get(tx.Context(), tx, id)
	if err != nil {
		return err
	}
	var d dossier.Dossier
	if c.DossierID != "" {
		if d, err = dossier.Load(tx, c.DossierID); err != nil {
			return err
		}
	}
	if c, err = load(tx, id); err != nil {
		return err
	}
	if c.State == Withdrawn && !c.Packet() {
		return resume(tx, &c, &d)
	}
	if c.State != NotSent {
		return rule.Refuse(reason("29.8", "not_refused", "本件现为“"+c.State.Name()+"”，没有可以恢复的不予转出或者撤回。", "请刷新查看现在的状态。"))
	}
	c.State, c.ClosedAt, c.ReviewedBy, c.ReviewedAt = Registered, time.Time{}, "", time.Time{}
	c.alone() // the others did not wait for it
	c.term(tx.Calendar(), tx.Today(), workdays)
	c.Review = strings.TrimSpace(c.Review + " 异议成立，恢复办理")
	if err := begin(tx, &c, &d); err != nil {
		return err
	}
	return save(tx, &c)
}

// resume undoes a withdrawal.
func resume(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
	other, err := store.Count(tx.Context(), tx, "SELECT count(*) FROM transfer WHERE id_ix=? AND id<>? AND "+running, c.IDIndex, c.ID)
	if err != nil {
		return err
	}
	if other > 0 {
		return rule.Refuse(reason("29.6", "transfer_open", "该同志另有在办的转递，不能恢复已撤回的一件。", "请在在办的一件中接着办理，答复中写明。"))
	}
	c.undo()
	if c.Direction == Out {
		c.State, c.RegisteredOn = Registered, tx.Today().String()
		c.term(tx.Calendar(), tx.Today(), workdays)
		if err := begin(tx, c, d); err != nil {
			return err
		}
	}
	return save(tx, c)
}

// undo makes of a withdrawn case the application it was: the letter and what followed are void.
func (c *Case) undo() {
	registeredBy, letterNo, letterOn, valid, verified := c.RegisteredBy, c.LetterNo, c.LetterOn, c.ValidUntil, c.Verified
	c.reopen()
	c.State, c.ClosedAt, c.WithdrawnWhy, c.WithdrawnBy, c.WithdrawnDoc = Applied, time.Time{}, "", "", ""
	c.LetterNo, c.LetterCode, c.LetterBy, c.LetterOn, c.ValidUntil, c.Verified = "", "", "", "", "", ""
	c.RegisteredOn, c.RegisteredBy, c.DueOn, c.DueTentative, c.TermFrom, c.TermDays, c.PulledAt, c.PulledBy = "", "", "", false, "", 0, time.Time{}, ""
	c.Way, c.TrackingNo, c.Office, c.DispatchedOn, c.ChasedOn, c.Chased, c.ListID, c.PartyHeading = "", "", "", "", "", 0, "", ""
	if c.Direction == Out { // the outside organ's letter stands
		c.RegisteredBy, c.LetterNo, c.LetterOn, c.ValidUntil, c.Verified = registeredBy, letterNo, letterOn, valid, verified
	}
	c.Review = "异议成立，撤回不生效，恢复办理"
}
