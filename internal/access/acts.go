package access

import (
	"context"

	"dangan/internal/agency"
	"dangan/internal/digital"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/kin"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
)

// CloseJob ends a session at its time; the timer does it again for what a stopped
// server missed.
const CloseJob = "reading.close"

// Desk is the room's door.
type Desk struct {
	gate     *gate.Gate
	agencies *agency.Registry
	settings *setting.Desk
	keys     person.Indexer
	press    *document.Press
	pages    *digital.Desk
}

// New opens the room.
func New(g *gate.Gate, agencies *agency.Registry, settings *setting.Desk, keys person.Indexer, press *document.Press, pages *digital.Desk) *Desk {
	return &Desk{gate: g, agencies: agencies, settings: settings, keys: keys, press: press, pages: pages}
}

// system is the clock's actor.
var system = policy.Actor{ID: "system", Kind: policy.System, Name: "系统"}

// related says whether a reader is the dossier's person or stands within the set of 21c,
// as recorded families and the declarations of staff tell.
func related(ctx context.Context, q store.Querier, dossierID string, readers []Reader) (bool, error) {
	who := make([]kin.Named, len(readers))
	for i, p := range readers {
		who[i] = kin.Named{Index: p.IDIndex, Name: p.Name}
	}
	return kin.Among(ctx, q, dossierID, who)
}

// held says why a dossier can't be consulted here at all (29.6).
func held(d dossier.Dossier) error {
	switch d.State {
	case dossier.Left, dossier.InTransit, dossier.Arriving:
		return rule.Refuse(reason("29.6", "not_in_custody", "dossierId", "档案"+d.State.Name()+"，本机构现在不能受理查阅。", "请向现保管机构申请；转入核对完成后也可在本机构申请。"))
	}
	return nil
}

// on is the frame of every act on a case: load, permit, expect, do; fn saves.
func (k *Desk) on(ctx context.Context, by policy.Actor, action string, rules []rule.ID, id string, fn func(tx *gate.Tx, c *Case, d *dossier.Dossier) error) (Case, error) {
	act := gate.Act{Actor: by, Action: action, Rules: rules, On: "Consultation:" + id}
	return dossier.On(ctx, k.gate, act, func(tx *gate.Tx) (Case, error) { return load(tx, id) }, fn)
}

// act is on for what changes the case itself.
func (k *Desk) act(ctx context.Context, by policy.Actor, action string, rules []rule.ID, id string, fn func(tx *gate.Tx, c *Case, d *dossier.Dossier) error) (Case, error) {
	return k.on(ctx, by, action, rules, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := fn(tx, c, d); err != nil {
			return err
		}
		tx.Note("state", string(c.State))
		if err := inform(tx, *c); err != nil {
			return err
		}
		return save(tx, c)
	})
}

// noKin asks again at each decision: families are recorded every day.
func (k *Desk) noKin(tx *gate.Tx, c Case) error {
	readers, err := Readers(tx.Context(), tx, c.ID)
	if err != nil {
		return err
	}
	found, err := related(tx.Context(), tx, c.DossierID, readers)
	if err != nil {
		return err
	}
	if found {
		return rule.Refuse(KinReason())
	}
	return nil
}
