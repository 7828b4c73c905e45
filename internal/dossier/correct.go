package dossier

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// RequestCorrection asks that what the catalog says of a filed material be
// corrected (29.2): applicant, reason, and the paper it rests on.
func (k *Desk) RequestCorrection(ctx context.Context, by policy.Actor, materialID string, n Description, reason, basis string) (c Correction, err error) {
	reasons := n.check(k.gate.Today(), true, false)
	if strings.TrimSpace(reason) == "" {
		reasons = append(reasons, rule.Reason{Rule: "29.2", Slug: "correction_reason", Field: "reason", Message: "更正须说明理由。", Next: "请写明原记载何处有误、依据什么更正。"})
	}
	if err := mistakes(reasons); err != nil {
		return c, err
	}
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: "material.request_correction", Rules: []rule.ID{"29.2"}}, func(tx *gate.Tx) error {
		m, err := store.Get[Material](ctx, tx, "WHERE id=?", materialID)
		if err != nil {
			return err
		}
		d, err := Load(tx, m.DossierID)
		if err != nil {
			return err
		}
		if err := permit(tx, d, nil); err != nil {
			return err
		}
		tx.About("Material", m.ID)
		if err := tx.Expect(m.Version); err != nil {
			return err
		}
		if m.State != Filed {
			return rule.Refuse(rule.Reason{Rule: "29.2", Slug: "not_filed", Message: "只有已归档的材料才需申请更正。", Next: "未归档的材料请点“更正登记”直接更正，更正后重新鉴别。"})
		}
		if err := m.onlyPaper(n.Title, n.Note, reason, basis); err != nil {
			return err
		}
		if err := freeToMove(tx, m, n); err != nil {
			return err
		}
		if m.Describe() == n {
			return rule.Mistake(rule.Reason{Rule: "29.2", Slug: "nothing_changes", Field: "title", Message: "与现有记载相同，没有要更正的内容。", Next: "请填写更正后的内容。"})
		}
		var open int
		if err := tx.QueryRow(ctx, "SELECT count(*) FROM correction WHERE material_id=? AND state='asked'", m.ID).Scan(&open); err != nil {
			return err
		}
		if open > 0 {
			return rule.Refuse(rule.Reason{Rule: "29.2", Slug: "correction_open", Message: "这份材料已有更正申请待审批。", Next: "请等审批后再申请。"})
		}
		raw, err := json.Marshal(n)
		if err != nil {
			return err
		}
		c = Correction{ID: gate.NewID(), Version: 1, MaterialID: m.ID, DossierID: d.ID, Agency: d.Agency, State: CorrectionAsked, Proposed: string(raw), Reason: strings.TrimSpace(reason), Basis: strings.TrimSpace(basis), Applicant: by.ID, AppliedAt: tx.Now()}
		if err := tx.Insert(c); err != nil {
			return err
		}
		return Save(tx, &d)
	})
	return c, err
}

// freeToMove holds a main paper in its class as long as attachments share its number there.
func freeToMove(tx *gate.Tx, m Material, n Description) error {
	if n.Class == m.Class {
		return nil
	}
	var own int
	if err := tx.QueryRow(tx.Context(), "SELECT count(*) FROM material WHERE main_id=? AND state='filed'", m.ID).Scan(&own); err != nil {
		return err
	}
	if own > 0 {
		return rule.Refuse(rule.Reason{Rule: "13a", Slug: "has_annexes", Field: "class", Message: fmt.Sprintf("这份材料带有 %d 份附件，与它同号，不能单独改类。", own), Next: "请先申请重新编号，把附件改为单独编号，再逐份更正类号。"})
	}
	return nil
}

// DecideCorrection approves a correction, which makes a new version of the
// material, or refuses it with a note. The row keeps its id, so that images and
// citations stay with it; what it said before stands beside it as 旧版本.
func (k *Desk) DecideCorrection(ctx context.Context, by policy.Actor, id string, approve bool, note string) (c Correction, err error) {
	if !approve && strings.TrimSpace(note) == "" {
		return c, rule.Mistake(rule.Reason{Rule: "29.2", Slug: "correction_note", Field: "note", Message: "不批准须说明理由。", Next: "请填写理由，供申请人补充依据。"})
	}
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: "material.decide_correction", Rules: []rule.ID{"29.2"}}, func(tx *gate.Tx) error {
		if c, err = store.Get[Correction](ctx, tx, "WHERE id=?", id); err != nil {
			return err
		}
		d, err := Load(tx, c.DossierID)
		if err != nil {
			return err
		}
		if c, err = store.Get[Correction](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
			return err
		}
		if err := permit(tx, d, map[string]any{"applicant": c.Applicant}); err != nil {
			return err
		}
		tx.About("Material", c.MaterialID)
		if err := tx.Expect(c.Version); err != nil {
			return err
		}
		if c.State != CorrectionAsked {
			return rule.Refuse(rule.Reason{Rule: "29.2", Slug: "correction_closed", Message: "这份申请已审批。", Next: "请刷新后查看。"})
		}
		c.State, c.DecidedBy, c.DecidedAt, c.Note = CorrectionRefused, by.ID, tx.Now(), strings.TrimSpace(note)
		if approve {
			c.State = CorrectionApproved
			if err := newVersion(tx, &d, c); err != nil {
				return err
			}
		}
		tx.Note("approved", approve)
		if err := tx.Update(&c); err != nil {
			return err
		}
		return Save(tx, &d)
	})
	return c, err
}

// newVersion keeps what a material said as a row of its own and writes the
// corrected content in a new catalog version.
func newVersion(tx *gate.Tx, d *Dossier, c Correction) error {
	m, err := store.Get[Material](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), c.MaterialID)
	if err != nil {
		return err
	}
	var n Description
	if err := json.Unmarshal([]byte(c.Proposed), &n); err != nil {
		return fmt.Errorf("correction %s: %w", c.ID, err)
	}
	if err := freeToMove(tx, m, n); err != nil {
		return err
	}
	next, err := startVersion(tx, d)
	if err != nil {
		return err
	}
	old, err := supersede(tx, m, next.version)
	if err != nil {
		return err
	}
	d.Pages += n.Pages - m.Pages
	if n.Class != m.Class {
		next.last[n.Class]++
		m.Seq, m.MainID, m.Annex = next.last[n.Class], "", 0
	}
	n.apply(&m)
	m.Replaces, m.Reason, m.CatalogFrom, m.Handler, m.Reviewer = old, c.Reason, next.version, c.Applicant, c.DecidedBy
	return tx.Update(&m)
}
