package access

import (
	"context"
	"fmt"
	"strings"

	"dangan/internal/custody"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Check records that the originals agree with the form (初审).
func (k *Desk) Check(ctx context.Context, by policy.Actor, id string) (Case, error) {
	return k.act(ctx, by, "consultation.check", []rule.ID{"21.1", "21.2", "21c"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		readers, err := Readers(tx.Context(), tx, c.ID)
		if err != nil {
			return err
		}
		found, err := related(tx.Context(), tx, c.DossierID, readers)
		if err != nil {
			return err
		}
		// What touches secrets may have changed since the form was filled in.
		c.NeedsHead = Level(*d, c.Purpose)
		return c.Check(by.ID, tx.Now(), readers, found, k.standards(tx.Today()))
	})
}

// Approve is the reviewer's decision to let read, in full or narrowed (21.3).
func (k *Desk) Approve(ctx context.Context, by policy.Actor, id string, g Grant) (Case, error) {
	return k.act(ctx, by, "consultation.approve", []rule.ID{"21.3", "21.4", "21c"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := k.noKin(tx, *c); err != nil {
			return err
		}
		if err := ownMaterials(tx, d.ID, g); err != nil {
			return err
		}
		c.NeedsHead = c.NeedsHead || Level(*d, c.Purpose)
		if err := c.Approve(by.ID, tx.Now(), g, k.Limits(), tx.Calendar()); err != nil {
			return err
		}
		if err := onScreen(ctx, tx, *c, *d); err != nil {
			return err
		}
		return k.readied(tx, *c, d)
	})
}

// Confirm is the head's approval, one level higher (21b, 21a).
func (k *Desk) Confirm(ctx context.Context, by policy.Actor, id, opinion string) (Case, error) {
	return k.act(ctx, by, "consultation.confirm", []rule.ID{"21b", "21.3"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := k.noKin(tx, *c); err != nil {
			return err
		}
		c.NeedsHead = c.NeedsHead || Level(*d, c.Purpose)
		if err := onScreen(ctx, tx, *c, *d); err != nil {
			return err
		}
		late := c.State == Ready // the level rose after the approval: the packet is asked for already
		if err := c.Confirm(by.ID, tx.Now(), opinion, tx.Calendar()); err != nil {
			return err
		}
		if late {
			return nil
		}
		return k.readied(tx, *c, d)
	})
}

// ownMaterials holds a grant by materials to the dossier's own, open ones.
func ownMaterials(tx *gate.Tx, dossierID string, g Grant) error {
	if g.Kind != Materials || len(g.List) == 0 {
		return nil
	}
	var n int
	args := append([]any{dossierID, string(dossier.Filed)}, store.Args(g.List)...)
	if err := tx.QueryRow(tx.Context(), "SELECT COUNT(*) FROM material WHERE dossier_id=? AND state=? AND secrecy=0 AND id IN ("+store.Marks(len(g.List))+")", args...).Scan(&n); err != nil {
		return fmt.Errorf("granted materials: %w", err)
	}
	if n != len(g.List) {
		return rule.Mistake(reason("21.3", "material_unknown", "list", "所选材料不在该档案的目录中，或者涉密。", "请从目录中重新选择。"))
	}
	return nil
}

// readied follows the last approval: the form is issued, the packet asked for.
func (k *Desk) readied(tx *gate.Tx, c Case, d *dossier.Dossier) error {
	if c.State != Ready {
		return nil
	}
	if err := k.form(tx, c, *d); err != nil {
		return err
	}
	if c.Way == Paper {
		return custody.Ask(tx, d, c.Ref(), custody.ForReading)
	}
	return nil
}

// RefuseReason is one reason of 不予查阅: the clause and the fact in words.
type RefuseReason struct {
	Rule rule.ID
	Fact string
}

// Refuse is 不予查阅 (29.8): the notice is issued with every reason. A fact under
// 21c is always told in the one sentence that names neither reader nor kinship.
func (k *Desk) Refuse(ctx context.Context, by policy.Actor, id string, facts []RefuseReason, next string) (Case, error) {
	return k.act(ctx, by, "consultation.refuse", []rule.ID{"29.8", "21.3"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if strings.TrimSpace(next) == "" {
			return rule.Mistake(reason("29.8", "next_missing", "next", "未写明可以怎样办。", "请告知查阅单位下一步，例如更换查阅人后重新申请。"))
		}
		reasons := make([]rule.Reason, len(facts))
		for i, f := range facts {
			if reasons[i] = reason(f.Rule, "consultation_refused", "", strings.TrimSpace(f.Fact), strings.TrimSpace(next)); f.Rule == "21c" {
				reasons[i] = KinReason()
			}
		}
		if err := c.Refuse(tx.Now(), reasons); err != nil {
			return err
		}
		tx.Note("rules", ruleIDs(reasons))
		return k.refusal(tx, *c, *d, reasons, strings.TrimSpace(next))
	})
}

func ruleIDs(reasons []rule.Reason) []string {
	out := make([]string, len(reasons))
	for i, r := range reasons {
		out[i] = string(r.Rule)
	}
	return out
}
