package transfer

import (
	"context"
	"strings"

	"dangan/internal/agency"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/region"
	"dangan/internal/rule"
)

// Forward passes an application that was taken in here on to an agency that has a tie
// (7b), before a letter was opened. It keeps its number and the day it was taken in, from
// which it is counted; a new slip tells the applicant who goes on with it. place is where
// the tie lies, "" where the one on record holds.
func (k *Desk) Forward(ctx context.Context, by policy.Actor, id, to, place string) (Case, error) {
	return k.on(ctx, by, "transfer.forward", []rule.ID{"7b"}, id, func(tx *gate.Tx, c *Case, _ *dossier.Dossier) error {
		if err := c.Step("transfer.forward"); err != nil {
			return err
		}
		own, err := agency.Get(ctx, tx, c.Receiver)
		if err != nil {
			return err
		}
		receiver, err := passOn(ctx, tx, Application{PassTo: to, Holder: c.Holder}, own)
		if err != nil {
			return err
		}
		if place = strings.TrimSpace(place); place != "" {
			if !region.Known(place) {
				return rule.Mistake(rule.Reason{Rule: "7b", Slug: "tie_place_unknown", Field: "tiePlace", Message: "没有这个区县。", Next: "请从区县列表中选择。"})
			}
			c.TiePlace = place
		}
		c.TieDespite = ""
		missing, err := k.heldTo(tx, receiver, *c, nil)
		if err != nil {
			return err
		}
		if len(missing) > 0 {
			return rule.Complete(missing...)
		}
		c.PassedBy, c.Receiver, c.ReceiverName, c.ReceiverAddr = own.ID, receiver.ID, receiver.Name, receiver.Mail()
		if err := setPapers(tx, c.Ref(), document.Superseded, document.Acceptance); err != nil {
			return err
		}
		return k.issueAcceptance(tx, *c, own)
	})
}
