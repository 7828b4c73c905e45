package dossier

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// onMaterial performs one act on a material and its dossier, both locked.
func (k *Desk) onMaterial(ctx context.Context, by policy.Actor, action string, rules []rule.ID, id string, fn func(tx *gate.Tx, d *Dossier, m *Material) error) (m Material, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: action, Rules: rules}, func(tx *gate.Tx) error {
		if m, err = store.Get[Material](ctx, tx, "WHERE id=?", id); err != nil {
			return err
		}
		d, err := Load(tx, m.DossierID) // the dossier first, so that acts on one dossier queue up
		if err != nil {
			return err
		}
		if m, err = store.Get[Material](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
			return err
		}
		attrs := map[string]any{}
		if m.AppraisedBy != "" {
			attrs["appraisedBy"] = m.AppraisedBy
		}
		if m.Handler != "" {
			attrs["handler"] = m.Handler
		}
		if err := permit(tx, d, attrs); err != nil {
			return err
		}
		tx.About("Material", m.ID)
		if err := tx.Expect(m.Version); err != nil {
			return err
		}
		if err := fn(tx, &d, &m); err != nil {
			return err
		}
		if err := tx.Update(&m); err != nil {
			return err
		}
		return Save(tx, &d)
	})
	return m, err
}

// need holds an act to the states it is possible in. A filed material is told
// the one way on: a correction.
func (m Material) need(what string, states ...MaterialState) error {
	if slices.Contains(states, m.State) {
		return nil
	}
	if m.State == Filed || m.State == Superseded {
		return rule.Refuse(rule.Reason{Rule: "29.2", Slug: "filed_never_changes", Message: "材料已归档，不得抽取、撤换、添加或涂改。", Next: "确有错漏的，申请更正：由他人批准后形成新版本，原版本保留。"})
	}
	names := make([]string, len(states))
	for i, s := range states {
		names[i] = s.Name()
	}
	return rule.Refuse(rule.Reason{Rule: "13a", Slug: "material_step", Message: fmt.Sprintf("材料现为“%s”，不能%s。", m.State.Name(), what), Next: fmt.Sprintf("%s在“%s”时办理。", what, strings.Join(names, "”或“"))})
}
