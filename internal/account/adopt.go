package account

import (
	"context"

	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// system is who runs the timers.
var system = policy.Actor{ID: "system", Kind: policy.System, Name: "系统"}

// adoptedAtOnce bounds one transaction.
const adoptedAtOnce = 200

const bare = "account_kind='personal' AND state<>'left' AND NOT EXISTS (SELECT 1 FROM personal_account p WHERE p.dossier_id=dossier.id AND p.state='open')"

// Adopt gives the personal accounts of before accounts had rows of their own a row each, so
// that their persons stand on the list of notices until they accept one (12a, 12b). It ends
// by itself: what is opened now has its row from the first day. What a death left open is closed.
func (k *Desk) Adopt(ctx context.Context) error {
	if err := k.bury(ctx); err != nil {
		return err
	}
	after := ""
	for {
		list, err := store.List[dossier.Dossier](ctx, k.gate.DB(), "WHERE "+bare+" AND id>? ORDER BY id LIMIT ?", after, adoptedAtOnce)
		if err != nil || len(list) == 0 {
			return err
		}
		after = list[len(list)-1].ID
		acts := make([]gate.Act, len(list))
		for i := range acts {
			acts[i] = gate.Act{Actor: system, Action: ActAdopt, Rules: []rule.ID{"12a", "12b"}}
		}
		done, err := k.gate.DoBatch(ctx, acts, func(i int, tx *gate.Tx) error {
			d, err := dossier.Load(tx, list[i].ID)
			if err != nil {
				return err
			}
			if err := tx.Permit(d.Resource()); err != nil {
				return err
			}
			tx.About("Dossier", d.ID)
			if p, err := current(tx, d.ID); err != nil || p != nil || d.AccountKind != Personal || d.State == dossier.Left {
				return err
			}
			if dead, err := k.Dead(tx.Context(), tx, d.ID); err != nil {
				return err
			} else if dead { // 20c: none is opened for the dead
				d.AccountKind = ""
				return rehang(tx, &d)
			}
			_, err = openPersonal(tx, d, ByStock, "", nil)
			return err
		})
		if err != nil {
			return err
		}
		for _, o := range done {
			if o.Err != nil {
				return o.Err
			}
		}
	}
}

// bury closes the accounts that stood open for the dead before a confirmed death closed one (20c):
// those on which the notice was waived, since nobody is left to accept it.
func (k *Desk) bury(ctx context.Context) error {
	for after := ""; ; {
		list, err := store.List[PersonalAccount](ctx, k.gate.DB(), "WHERE state='open' AND waived IS NOT NULL AND id>? ORDER BY id LIMIT ?", after, adoptedAtOnce)
		if err != nil || len(list) == 0 {
			return err
		}
		after = list[len(list)-1].ID
		acts := make([]gate.Act, len(list))
		for i := range acts {
			acts[i] = gate.Act{Actor: system, Action: ActAdopt, Rules: []rule.ID{"20c", "12b"}}
		}
		done, err := k.gate.DoBatch(ctx, acts, func(i int, tx *gate.Tx) error {
			d, err := dossier.Load(tx, list[i].DossierID)
			if err != nil {
				return err
			}
			if err := tx.Permit(d.Resource()); err != nil {
				return err
			}
			tx.About("Dossier", d.ID)
			if dead, err := k.Dead(tx.Context(), tx, d.ID); err != nil || !dead || d.AccountKind != Personal {
				return err
			}
			if err := End(tx, d.ID, EndDied, ""); err != nil {
				return err
			}
			d.AccountKind = ""
			return rehang(tx, &d)
		})
		if err != nil {
			return err
		}
		for _, o := range done {
			if o.Err != nil {
				return o.Err
			}
		}
	}
}
