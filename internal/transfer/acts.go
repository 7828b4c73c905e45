package transfer

import (
	"context"
	"dangan/internal/intake"
	"fmt"
	"slices"

	"dangan/internal/account"
	"dangan/internal/agency"
	"dangan/internal/custody"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
)

// Desk is the room's door.
type Desk struct {
	gate     *gate.Gate
	agencies *agency.Registry
	settings *setting.Desk
	keys     person.Indexer
	press    *document.Press

	beside map[string]BesideRoom

	// Comparison issues the 信息核对表 of a dossier for a case, false where there is nothing to
	// compare; the room of dossiers gives it.
	Comparison func(tx *gate.Tx, d dossier.Dossier, caseRef string) (document.Document, bool, error)

	// TellUnit tells the authorized worker of a unit that has an account at an agency; the
	// room of accounts is opened later.
	TellUnit func(tx *gate.Tx, code string, u account.Unit, template, matter, caseRef string) error

	// Second puts a packet on the shelf for the unclear whose person turned out at the check to have
	// a dossier already (2); the room of those packets gives it.
	Second func(tx *gate.Tx, c Case, s Second) error

	// Moved are told inside the act that moves custody: what other rooms have open of the
	// dossier at its old keeper is the new one's, or ends where it left for an outside one.
	Moved []func(tx *gate.Tx, d dossier.Dossier, from string) error
}

// moved tells the rooms above that a dossier has another keeper.
func (k *Desk) moved(tx *gate.Tx, d dossier.Dossier, from string) error {
	for _, f := range k.Moved {
		if err := f(tx, d, from); err != nil {
			return err
		}
	}
	return nil
}

// New opens the room. The keeper's pull and shelving carry its cases on.
func New(g *gate.Gate, agencies *agency.Registry, settings *setting.Desk, keys person.Indexer, press *document.Press, keeper *custody.Desk) *Desk {
	k := &Desk{gate: g, agencies: agencies, settings: settings, keys: keys, press: press, beside: map[string]BesideRoom{}}
	keeper.Follow("Transfer", custody.Follower{Pulled: k.pulled, Shelved: k.shelved})
	return k
}

// on performs one act on a case and saves it.
func (k *Desk) on(ctx context.Context, by policy.Actor, action string, rules []rule.ID, id string, fn func(tx *gate.Tx, c *Case, d *dossier.Dossier) error) (Case, error) {
	act := gate.Act{Actor: by, Action: action, Rules: rules, On: "Transfer:" + id}
	return dossier.On(ctx, k.gate, act, func(tx *gate.Tx) (Case, error) { return load(tx, id) }, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := fn(tx, c, d); err != nil {
			return err
		}
		if err := save(tx, c); err != nil {
			return err
		}
		return k.tellUnit(tx, *c)
	})
}

// load locks a case: its dossier first, as the keeper's acts do, which carry the case on.
func load(tx *gate.Tx, id string) (Case, error) {
	c, err := Get(tx.Context(), tx, id)
	if err != nil {
		return c, err
	}
	if c.DossierID != "" {
		if _, err := dossier.Load(tx, c.DossierID); err != nil {
			return c, err
		}
	}
	joins := c
	if err := joins.joined(func(id string) (dossier.Dossier, error) { return dossier.Load(tx, id) }); err != nil {
		return c, err
	}
	c, err = store.Get[Case](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), id)
	if err != nil {
		return c, err
	}
	c.joins = joins.joins
	c.online, err = intake.SenderOf(tx, c.Ref())
	return c, err
}

// caseNo draws the next number of a case: ZD-2026-00001.
func caseNo(tx *gate.Tx) (string, error) {
	year := tx.Today().Year()
	n, err := tx.Number(fmt.Sprintf("转递案号/%d", year))
	return fmt.Sprintf("ZD-%d-%05d", year, n), err
}

// voidPapers marks the issued papers of some kinds as void; their numbers stay in the register.
func voidPapers(tx *gate.Tx, caseRef string, kinds ...string) error {
	return setPapers(tx, caseRef, document.Void, kinds...)
}

func setPapers(tx *gate.Tx, caseRef, state string, kinds ...string) error {
	papers, err := document.Of(tx.Context(), tx, caseRef)
	if err != nil {
		return err
	}
	for _, p := range papers {
		if p.State == document.Issued && slices.Contains(kinds, p.Kind) {
			if err := document.SetState(tx, p.ID, state); err != nil {
				return err
			}
		}
	}
	return nil
}
