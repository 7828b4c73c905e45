package dossier

import (
	"context"
	"fmt"
	"strings"

	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Review is a reviewer's answer to a batch.
type Review struct {
	Accept bool
	Checks map[string]bool // material id → found right; every drawn one stands in it
	Note   string
}

// check holds a review to the drawn sample: all looked at, none wrong in what is accepted.
func (r Review) check(b Batch) error {
	var missing, wrong int
	for _, id := range b.Drawn() {
		ok, looked := r.Checks[id]
		if !looked {
			missing++
		} else if !ok {
			wrong++
		}
	}
	switch {
	case r.Accept && missing > 0:
		return rule.Complete(rule.Reason{Rule: "13a", Slug: "sample_open", Message: fmt.Sprintf("抽查的材料还有 %d 份未核对。", missing), Next: "请逐份对照原件核对后再归档。"})
	case r.Accept && wrong > 0:
		return rule.Refuse(rule.Reason{Rule: "13a", Slug: "sample_wrong", Message: fmt.Sprintf("抽查有 %d 份不符，本批不能归档。", wrong), Next: "请退回本批，由经办更正后重新提交。"})
	case !r.Accept && strings.TrimSpace(r.Note) == "":
		return rule.Mistake(rule.Reason{Rule: "13a", Slug: "review_note", Field: "note", Message: "退回批次须说明原因。", Next: "请写明哪些材料不符、怎样更正。"})
	}
	return nil
}

// ReviewBatch files a batch or sends it back to the clerk. Filing gives each
// material its number within the class and the dossier a new catalog version.
func (k *Desk) ReviewBatch(ctx context.Context, by policy.Actor, id string, r Review) (b Batch, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: "material.review_batch", Rules: []rule.ID{"13a"}}, func(tx *gate.Tx) error {
		// A batch and its dossiers are locked in one order everywhere: dossiers first.
		ids, err := batchIDs(tx, id)
		if err != nil {
			return err
		}
		dossiers, err := store.List[Dossier](ctx, tx, "WHERE id IN (SELECT dossier_id FROM material WHERE batch_id=?) ORDER BY id"+tx.ForUpdate(), id)
		if err != nil {
			return err
		}
		if b, err = store.Get[Batch](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
			return err
		}
		for _, d := range dossiers {
			if err := permit(tx, d, map[string]any{"submittedBy": b.SubmittedBy}); err != nil {
				return err
			}
		}
		tx.About("Filing", b.ID)
		if err := tx.Expect(b.Version); err != nil {
			return err
		}
		if b.State != BatchWaiting {
			return rule.Refuse(rule.Reason{Rule: "13a", Slug: "batch_closed", Message: "本批次已审核。", Next: "请刷新后查看。"})
		}
		if err := r.check(b); err != nil {
			return err
		}
		list, err := store.List[Material](ctx, tx, "WHERE id IN ("+store.Marks(len(ids))+") ORDER BY dossier_id, class, id"+tx.ForUpdate(), store.Args(ids)...)
		if err != nil {
			return err
		}
		for _, m := range list {
			if m.AppraisedBy == by.ID {
				return rule.Refuse(rule.Reason{Rule: "13a", Slug: "own_appraisal_filed", Message: "这一批中有您鉴别的材料，须由鉴别人以外的人员审核归档。", Next: "请由本机构另一名审核人员抽查后归档。"})
			}
		}
		b.ReviewedBy, b.ReviewedAt, b.Note, b.State = by.ID, tx.Now(), strings.TrimSpace(r.Note), BatchRejected
		if r.Accept {
			b.State = BatchAccepted
		}
		tx.Note("accepted", r.Accept)
		if r.Accept {
			// Those with a term: register 5 is held to the sum of these (N3).
			var filed int
			for _, m := range list {
				if m.DueOn != "" {
					filed++
				}
			}
			tx.Note("filed", filed)
		}
		for i := range dossiers {
			d := &dossiers[i]
			var own []Material
			for _, m := range list {
				if m.DossierID == d.ID {
					own = append(own, m)
				}
			}
			if r.Accept {
				if b.Kind == BatchFiling && d.Place == PlaceStore {
					return rule.Refuse(rule.Reason{Rule: "13a", Slug: "packet_in_store", Message: fmt.Sprintf("档案 %s 尚未提出，材料不能入档。", d.No), Next: "请库管按提档单提出后再审核归档。"})
				}
				if b.Kind == BatchFiling { // what a paper's catalog numbers keeps its numbers: as it was entered
					own = inPlace(own)
				}
				err = k.fileLoose(tx, d, own, by.ID)
			} else {
				err = k.unbatch(tx, d, b, own, r)
			}
			if err != nil {
				return err
			}
			if err := k.Finish(tx, d, b.Ref()); err != nil {
				return err
			}
			if b.Kind == BatchCatalog {
				if err := k.Finish(tx, d, packetRef(*d)); err != nil {
					return err
				}
			}
			if err := Save(tx, d); err != nil {
				return err
			}
		}
		return tx.Update(&b)
	})
	return b, err
}

func batchIDs(tx *gate.Tx, batch string) ([]string, error) {
	rows, err := tx.Query(tx.Context(), "SELECT id FROM material WHERE batch_id=? ORDER BY id", batch)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	if err := rows.Err(); err != nil || len(out) > 0 {
		return out, err
	}
	return nil, store.ErrNotFound
}

// unbatch gives a rejected batch's materials back: those found wrong to the
// appraisal, the others stay classified.
func (k *Desk) unbatch(tx *gate.Tx, d *Dossier, b Batch, list []Material, r Review) error {
	for _, m := range list {
		m.BatchID = ""
		if b.Kind == BatchCatalog {
			// Entered by hand and not confirmed: it never was part of the catalog.
			m.State, m.Reason = Returned, "目录录入未通过核对："+b.Note
			if d.Loose > 0 {
				d.Loose--
			}
		} else if ok, looked := r.Checks[m.ID]; looked && !ok {
			m.State, m.Decision, m.Reason = Appraising, "", b.Note
		}
		if err := tx.Update(&m); err != nil {
			return err
		}
	}
	return nil
}
