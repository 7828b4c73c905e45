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
// by itself: what is opened now has its row from the first day.
func (k *Desk) Adopt(ctx context.Context) error {
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
			p, err := openPersonal(tx, d, ByStock, "", nil)
			if err != nil {
				return err
			}
			if dead, err := k.Dead(tx.Context(), tx, d.ID); err != nil || !dead {
				return err
			}
			p.Waived = true
			return tx.Update(&p)
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
