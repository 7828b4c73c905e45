package dossier

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"dangan/internal/calendar"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
)

// maxBatch bounds a batch: one person reviews it in one sitting.
const maxBatch = 200

// SubmitBatch gathers classified materials for another person's review, draws the
// sample and has the keeper pull the packets they go into.
func (k *Desk) SubmitBatch(ctx context.Context, by policy.Actor, ids []string) (b Batch, err error) {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	if len(ids) == 0 || len(ids) > maxBatch {
		return b, rule.Mistake(rule.Reason{Rule: "13a", Slug: "batch_size", Field: "materials", Message: fmt.Sprintf("每批 1 至 %d 份材料。", maxBatch), Next: "请选择材料后提交；过多的分批提交。"})
	}
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: "material.submit_batch", Rules: []rule.ID{"13a"}}, func(tx *gate.Tx) error {
		list, dossiers, err := k.gather(tx, ids)
		if err != nil {
			return err
		}
		var reasons []rule.Reason
		for _, m := range list {
			if m.PausedOn != "" {
				reasons = append(reasons, rule.Reason{Rule: "13a", Slug: "clock_paused", Message: fmt.Sprintf("“%s”的归档期限已暂停计算。", m.Public().Label()), Next: "请先恢复计时，再提交归档。"})
			}
			if m.State != ToFile || m.BatchID != "" {
				reasons = append(reasons, rule.Reason{Rule: "13a", Slug: "not_ready", Message: fmt.Sprintf("“%s”现为“%s”，不能提交归档。", m.Public().Label(), m.State.Name()), Next: "材料须先鉴别合格并归类，且不在其他批次中。"})
			}
		}
		if len(reasons) > 0 {
			return rule.Refuse(reasons...)
		}
		if err := withMains(tx, list); err != nil {
			return err
		}
		b, err = k.submit(tx, by, BatchFiling, list, dossiers)
		return err
	})
	return b, err
}

// withMains holds attachments to their main papers: filed already, or in the same batch.
func withMains(tx *gate.Tx, list []Material) error {
	for _, m := range list {
		if m.MainID == "" || slices.ContainsFunc(list, func(x Material) bool { return x.ID == m.MainID && x.Class == m.Class && x.MainID == "" }) {
			continue
		}
		main, err := store.Get[Material](tx.Context(), tx, "WHERE id=? AND dossier_id=?", m.MainID, m.DossierID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if main.State != Filed || main.Class != m.Class || main.MainID != "" {
			return mainNotFiled(m)
		}
	}
	return nil
}

// gather locks materials and their dossiers, dossiers first and in order, and
// asks the policies on each dossier.
func (k *Desk) gather(tx *gate.Tx, ids []string) ([]Material, []*Dossier, error) {
	ctx := tx.Context()
	in := "(" + store.Marks(len(ids)) + ")"
	dossiers, err := store.List[Dossier](ctx, tx, "WHERE id IN (SELECT dossier_id FROM material WHERE id IN "+in+") ORDER BY id"+tx.ForUpdate(), store.Args(ids)...)
	if err != nil {
		return nil, nil, err
	}
	list, err := store.List[Material](ctx, tx, "WHERE id IN "+in+" ORDER BY id"+tx.ForUpdate(), store.Args(ids)...)
	if err != nil {
		return nil, nil, err
	}
	if len(list) != len(ids) {
		return nil, nil, gate.ErrHidden
	}
	out := make([]*Dossier, len(dossiers))
	for i := range dossiers {
		if err := permit(tx, dossiers[i], nil); err != nil {
			return nil, nil, err
		}
		if dossiers[i].Agency != dossiers[0].Agency {
			return nil, nil, rule.Refuse(rule.Reason{Rule: "13a", Slug: "batch_agency", Message: "一个批次只含一个机构的档案。", Next: "请按机构分批提交。"})
		}
		out[i] = &dossiers[i]
	}
	return list, out, nil
}

// submit writes a batch of materials that are ready and draws its sample.
func (k *Desk) submit(tx *gate.Tx, by policy.Actor, kind string, list []Material, dossiers []*Dossier) (Batch, error) {
	year := calendar.Of(tx.Now()).Year()
	agency := dossiers[0].Agency
	seq, err := tx.Number(fmt.Sprintf("%s/归档/%d", agency, year))
	if err != nil {
		return Batch{}, err
	}
	id := gate.NewID()
	sample := draw(id, list, k.settings.Int(setting.FilingSample))
	raw, err := json.Marshal(sample)
	if err != nil {
		return Batch{}, err
	}
	b := Batch{ID: id, Version: 1, No: fmt.Sprintf("GD-%s-%d-%04d", agency, year, seq), Agency: agency, Kind: kind, State: BatchWaiting, Materials: int64(len(list)), Dossiers: int64(len(dossiers)),
		Sample: string(raw), SubmittedBy: by.ID, SubmittedAt: tx.Now()}
	tx.About("Filing", b.ID)
	tx.Note("materials", len(list))
	tx.Note("sample", len(sample))
	if err := tx.Insert(b); err != nil {
		return b, err
	}
	for i := range list {
		list[i].BatchID = b.ID
		if err := tx.Update(&list[i]); err != nil {
			return b, err
		}
	}
	for _, d := range dossiers {
		if kind == BatchFiling {
			if err := k.Ask(tx, d, b.Ref(), "filing"); err != nil {
				return b, err
			}
		}
		if err := Save(tx, d); err != nil {
			return b, err
		}
	}
	return b, nil
}

// draw picks the share of a batch that the reviewer looks at, at least one: those whose
// SHA-256 of batch and material comes first. Who submits does not know the batch's id before
// it is drawn, and anybody can draw again from the two ids.
func draw(batch string, list []Material, percent int) []string {
	n := (len(list)*percent + 99) / 100
	n = min(max(n, 1), len(list))
	ids := make([]string, len(list))
	place := make(map[string]string, len(list))
	for i, m := range list {
		sum := sha256.Sum256([]byte(batch + "/" + m.ID))
		ids[i], place[m.ID] = m.ID, string(sum[:])
	}
	slices.SortFunc(ids, func(a, b string) int { return strings.Compare(place[a], place[b]) })
	return ids[:n]
}
