package dossier

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
	"dangan/internal/work"
)

// States of a move.
const (
	MoveOpen    = "open"    // 待核对
	MoveDone    = "done"    // 已移入
	MoveRefused = "refused" // 不移
	MoveDropped = "dropped" // 另作鉴别
)

// Move is a piece that came to a namesake's dossier and belongs to another one of the same agency:
// proposed by the clerk who knows both, decided by a second person who may know both (13b, 15).
// To everybody else the piece is one that is not judged yet, and later one that is not this person's.
type Move struct {
	ID         string `db:"id"`
	Version    int64  `db:"version"`
	DossierID  string `db:"dossier_id"`
	MaterialID string `db:"material_id"`
	ToID       string `db:"to_id"`
	Why        string `db:"why"` // by what the right person is known
	State      string `db:"state"`
	ProposedBy string `db:"proposed_by"`
	ProposedOn string `db:"proposed_on"`
	DecidedBy  string `db:"decided_by,null"`
	DecidedOn  string `db:"decided_on,null"`
	Note       string `db:"note,null"`
	MovedID    string `db:"moved_id,null"` // the loose piece there
}

// Table names the table of moves.
func (Move) Table() string { return "material_move" }

func init() {
	store.Describe(Move{})
	store.Register("material_move", store.Audited, "同名异人的材料移入本机构所属档案：提出、核对")
}

// ToMove is the decision on a piece that is in another dossier now.
const ToMove = "move"

// ProposeMove says to which dossier of this agency a piece belongs. The dossier has to be one that
// the clerk may know: any other is as one that is not there.
func (k *Desk) ProposeMove(ctx context.Context, by policy.Actor, id, to, why string) (Material, error) {
	why = strings.TrimSpace(why)
	var wrong []rule.Reason
	if strings.TrimSpace(to) == "" {
		wrong = append(wrong, rule.Reason{Rule: "13b", Slug: "move_to", Field: "dossierId", Message: "没有选择所属的档案。", Next: "请按身份证号查找；查不到的，退回交来单位或转交所属档案的保管机构。"})
	}
	if why == "" {
		wrong = append(wrong, rule.Reason{Rule: "13b", Slug: "move_why", Field: "why", Message: "没有写明凭什么认定。", Next: "请写明核对了材料上的哪些内容，如公民身份号码、单位、出生日期。"})
	}
	if err := mistakes(wrong); err != nil {
		return Material{}, err
	}
	return k.onMaterial(ctx, by, "material.propose_move", []rule.ID{"13b"}, id, func(tx *gate.Tx, d *Dossier, m *Material) error {
		if err := m.need("移入所属档案", Received, Appraising); err != nil {
			return err
		}
		if err := m.running(); err != nil {
			return err
		}
		if err := m.onlyPaper(why); err != nil {
			return err
		}
		if err := reported(ctx, tx, m.ID); err != nil {
			return err
		}
		target, err := Get(ctx, tx, to)
		if err != nil {
			return err
		}
		if !k.gate.Decide(by, "material.propose_move", target.Resource()).Allowed() || target.Agency != d.Agency || target.MergedInto != "" {
			return store.ErrNotFound
		}
		if target.ID == d.ID {
			return rule.Mistake(rule.Reason{Rule: "13b", Slug: "move_same", Field: "dossierId", Message: "选择的就是材料现在登记的档案。", Next: "请选择材料所属的另一卷档案。"})
		}
		if err := target.takesIn(); err != nil {
			return err
		}
		if err := dropMove(tx, m.ID); err != nil {
			return err
		}
		if err := tx.Insert(Move{ID: gate.NewID(), Version: 1, DossierID: d.ID, MaterialID: m.ID, ToID: target.ID, Why: why, State: MoveOpen, ProposedBy: by.ID, ProposedOn: tx.Today().String()}); err != nil {
			return err
		}
		m.State, m.Decision, m.Defects, m.CureBy, m.ForwardTo = Appraising, "", wrongPerson, "", ""
		m.AppraisedBy, m.AppraisedOn, m.Reason = by.ID, tx.Today().String(), "不属于本人，核对中"
		tx.Note("defects", m.Defects)
		return nil
	})
}

// dropMove ends an open move: the piece is judged otherwise.
func dropMove(tx *gate.Tx, materialID string) error {
	v, err := openMove(tx.Context(), tx, materialID, tx.ForUpdate())
	if errors.Is(err, store.ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	v.State, v.DecidedBy, v.DecidedOn = MoveDropped, tx.Actor().ID, tx.Today().String()
	return tx.Update(&v)
}

func openMove(ctx context.Context, q store.Querier, materialID, lock string) (Move, error) {
	return store.Get[Move](ctx, q, "WHERE material_id=? AND state='open'"+lock, materialID)
}

// noMove says that nothing is to be moved: also to who may not know the other dossier.
func noMove() error {
	return rule.Refuse(rule.Reason{Rule: "13b", Slug: "move_none", Message: "这份材料没有待核对的移入。", Next: "请由经办鉴别。"})
}

// AcceptMove is the second person's word that a piece belongs to the other dossier: it becomes a
// loose piece there with the clock of the day it was received, and here stays the record of it.
func (k *Desk) AcceptMove(ctx context.Context, by policy.Actor, id string) (m Material, err error) {
	return k.onMove(ctx, by, "material.move", id, func(tx *gate.Tx, d, to *Dossier, m *Material, v *Move) error {
		if to.Agency != d.Agency || to.MergedInto != "" {
			return rule.Refuse(rule.Reason{Rule: "13b", Slug: "move_elsewhere", Message: "所属档案已不在本机构。", Next: "请不予移入，由经办改为转交其保管机构。"})
		}
		if err := to.takesIn(); err != nil {
			return err
		}
		seq, err := tx.Number(fmt.Sprintf("%s/收件/%d", d.Agency, tx.Today().Year()))
		if err != nil {
			return err
		}
		n := *m
		n.ID, n.Version, n.DossierID, n.State = gate.NewID(), 1, to.ID, Received
		n.IntakeNo = fmt.Sprintf("SJ-%s-%d-%05d", d.Agency, tx.Today().Year(), seq)
		n.Decision, n.Defects, n.AppraisedBy, n.AppraisedOn, n.Reason, n.CureBy, n.ForwardTo, n.Reviewer, n.Resubmits = "", "", "", "", "", "", "", "", ""
		n.MovedFrom, n.MainID = m.ID, ""
		n.KeyFacts = strings.Join(codes.Proves(n.Title, ""), "|")
		if err := k.came(tx, to, n); err != nil {
			return err
		}
		v.State, v.MovedID = MoveDone, n.ID
		m.Decision, m.Reason = ToMove, "不属于本人，已另行处理"
		if _, err := k.forwardSlip(tx, *d, *m, "", Return{}); err != nil {
			return err
		}
		return gone(tx, d, m)
	})
}

// RefuseMove sends a piece back to its clerk: it is not shown that it belongs to the other dossier.
func (k *Desk) RefuseMove(ctx context.Context, by policy.Actor, id, note string) (Material, error) {
	note = strings.TrimSpace(note)
	if note == "" {
		return Material{}, rule.Mistake(rule.Reason{Rule: "13b", Slug: "move_note", Field: "note", Message: "没有写明为什么不移。", Next: "请写明核对中不一致的地方。"})
	}
	return k.onMove(ctx, by, "material.refuse_move", id, func(_ *gate.Tx, _, _ *Dossier, m *Material, v *Move) error {
		v.State, v.Note = MoveRefused, note
		m.Defects, m.Reason = "", "移入所属档案未通过核对，请重新鉴别"
		return nil
	})
}

// onMove performs the second person's act on an open move. Both dossiers are locked, in the order
// of their ids, before the piece.
func (k *Desk) onMove(ctx context.Context, by policy.Actor, action, id string, fn func(tx *gate.Tx, d, to *Dossier, m *Material, v *Move) error) (m Material, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: action, Rules: []rule.ID{"13b"}}, func(tx *gate.Tx) error {
		if m, err = store.Get[Material](ctx, tx, "WHERE id=?", id); err != nil {
			return err
		}
		v, err := openMove(ctx, tx, id, "")
		open := err == nil
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		ids := []string{m.DossierID}
		if open {
			ids = append(ids, v.ToID)
		}
		slices.Sort(ids)
		of := map[string]*Dossier{}
		for _, x := range ids {
			d, err := Load(tx, x)
			if err != nil {
				return err
			}
			of[x] = &d
		}
		d, to := of[m.DossierID], of[v.ToID]
		if m, err = store.Get[Material](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
			return err
		}
		if err := permit(tx, *d, map[string]any{"appraisedBy": m.AppraisedBy}); err != nil {
			return err
		}
		tx.About("Material", m.ID)
		if to == nil || !k.gate.Decide(by, action, to.Resource()).Allowed() {
			return noMove()
		}
		if err := tx.Expect(m.Version); err != nil {
			return err
		}
		if v, err = openMove(ctx, tx, id, tx.ForUpdate()); errors.Is(err, store.ErrNotFound) {
			return noMove()
		} else if err != nil {
			return err
		}
		if err := m.need("移入所属档案", Appraising); err != nil {
			return err
		}
		if err := m.running(); err != nil {
			return err
		}
		v.DecidedBy, v.DecidedOn = by.ID, tx.Today().String()
		if err := fn(tx, d, to, &m, &v); err != nil {
			return err
		}
		if err := tx.Update(&v); err != nil {
			return err
		}
		if err := tx.Update(&m); err != nil {
			return err
		}
		return Save(tx, d)
	})
	return m, err
}

// MoveOf is the open move of a piece as who may know the other dossier sees it; no id for
// everybody else, as where there is none.
func (k *Desk) MoveOf(ctx context.Context, q store.Querier, by policy.Actor, materialID string) (v Move, to Head, err error) {
	v, err = openMove(ctx, q, materialID, "")
	if errors.Is(err, store.ErrNotFound) {
		return Move{}, Head{}, nil
	} else if err != nil {
		return v, to, err
	}
	d, err := Get(ctx, q, v.ToID)
	if err != nil {
		return v, to, err
	}
	if !k.gate.Decide(by, "dossier.read", d.Resource()).Allowed() {
		return Move{}, Head{}, nil
	}
	heads, err := Heads(ctx, q, []string{d.ID})
	return v, heads[d.ID], err
}

// openMoves are the moves that wait for a second person, for who may know both dossiers; those the
// actor proposed stand apart.
func (k *Desk) openMoves(ctx context.Context, by policy.Actor) (out []work.Item, own map[string]bool, err error) {
	own = map[string]bool{}
	where, args := Scope(by)
	list, err := store.List[Move](ctx, k.gate.DB(), "WHERE material_move.state='open' AND EXISTS (SELECT 1 FROM dossier WHERE dossier.id=material_move.dossier_id AND dossier.agency=? AND "+where+") AND EXISTS (SELECT 1 FROM dossier WHERE dossier.id=material_move.to_id AND "+where+") ORDER BY material_move.proposed_on, material_move.id LIMIT 50",
		slices.Concat([]any{by.Org}, args, args)...)
	if err != nil || len(list) == 0 {
		return nil, own, err
	}
	var dossiers, materials []string
	for _, v := range list {
		dossiers, materials = append(dossiers, v.DossierID), append(materials, v.MaterialID)
	}
	heads, byID, err := k.pieces(ctx, by, dossiers, materials)
	if err != nil {
		return nil, own, err
	}
	for _, v := range list {
		if own[v.MaterialID] = v.ProposedBy == by.ID; own[v.MaterialID] || !by.Has("reviewer") {
			continue
		}
		out = append(out, work.Item{Room: "dossier", Kind: "材料·移入", Subject: heads[v.DossierID].Name, SubjectNote: titleOf(byID[v.MaterialID]), DossierID: v.DossierID, Link: "/materials/" + v.MaterialID, Lane: work.Todo, Since: calendar.Date(v.ProposedOn).Time(), Basis: "13b",
			Todo: "核对同名异人的材料属于哪一卷", Action: "核对"})
	}
	return out, own, nil
}
