package transfer

import (
	"context"
	"encoding/json"
	"slices"

	"dangan/internal/codes"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/mandate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/undertaking"
)

// Tell issues the one notice of all that is missing (20.4a).
func (k *Desk) Tell(ctx context.Context, by policy.Actor, id string) (Case, error) {
	return k.on(ctx, by, "transfer.tell", []rule.ID{"20.4a"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := c.Tell(tx.Today()); err != nil {
			return err
		}
		due, _ := tx.Calendar().AddMonths(tx.Today(), k.settings.Int(setting.PromiseMonths))
		return k.issueUndertaking(tx, *c, *d, due)
	})
}

// Promise records the person's signed undertaking; what is owed becomes open
// supplements with reminders.
func (k *Desk) Promise(ctx context.Context, by policy.Actor, id string, p Promised) (Case, error) {
	return k.on(ctx, by, "transfer.promise", []rule.ID{"20.4a"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		latest, _ := tx.Calendar().AddMonths(tx.Today(), k.settings.Int(setting.PromiseMonths))
		if err := c.Promise(p, tx.Today(), latest, tx.Now()); err != nil {
			return err
		}
		agent, err := dossier.ByAgent(tx, *d, p.MandateID, mandate.Undertaking, c.Ref(), nil)
		if err != nil {
			return err
		}
		if agent != nil {
			c.Statement = agent.For() + "：" + c.Statement
		}
		if c.Signing == undertaking.OnScreen {
			if err := k.issueSigned(tx, *c, *d, p.Strokes); err != nil {
				return err
			}
		}
		key, _ := split(c.gaps())
		before, err := dossier.Owing(ctx, tx, d.ID)
		if err != nil {
			return err
		}
		var owed []dossier.Supplement
		for _, g := range key {
			if slices.ContainsFunc(before, func(s dossier.Supplement) bool {
				return s.KeyFact == g.KeyFact || codes.Canonical(s.Title) == codes.Canonical(g.Title)
			}) {
				continue // owed since an earlier transfer: not asked for twice
			}
			owed = append(owed, dossier.Supplement{CaseRef: c.Ref(), KeyFact: g.KeyFact, Title: g.Title, Class: g.Class, Consequence: g.Consequence, DueOn: c.PromiseDue, Promised: true})
		}
		if err := dossier.Owe(tx, d, owed...); err != nil {
			return err
		}
		if err := setPapers(tx, c.Ref(), document.Answered, document.Undertaking); err != nil {
			return err
		}
		return dossier.Save(tx, d)
	})
}

// gaps reads what was found missing at the receipt.
func (c Case) gaps() []Gap {
	var out []Gap
	_ = json.Unmarshal([]byte(c.Gaps), &out) // written by Receive, or empty
	return out
}

// Missing reads what was found missing at the receipt.
func (c Case) Missing() []Gap { return c.gaps() }
