package dossier

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/codes"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Rearrangement is an application to number the materials of one class anew
// (13a): late additions take the next number until the dossier is rearranged, which
// is a new version of the catalog beside the old one (materials.md 5.2).
type Rearrangement struct {
	ID        string    `db:"id"`
	Version   int64     `db:"version"`
	DossierID string    `db:"dossier_id"`
	Agency    string    `db:"agency"`
	Class     string    `db:"class"`
	State     string    `db:"state"`        // as of corrections: asked, approved, refused
	Proposed  string    `db:"proposed"`     // JSON list of material ids in the new order
	Annexes   string    `db:"annexes,null"` // JSON of attachment to main paper, by id
	Reason    string    `db:"reason"`
	Applicant string    `db:"applicant"`
	AppliedAt time.Time `db:"applied_at"`
	DecidedBy string    `db:"decided_by,null"`
	DecidedAt time.Time `db:"decided_at,null"`
	Note      string    `db:"note,null"`
}

// Table names the table of rearrangements.
func (Rearrangement) Table() string { return "rearrangement" }

// Order lists the materials in the order that is asked for.
func (r Rearrangement) Order() []string {
	var out []string
	_ = json.Unmarshal([]byte(r.Proposed), &out)
	return out
}

// Layout is the order that is asked for, with its attachments.
func (r Rearrangement) Layout() Layout {
	l := Layout{Order: r.Order(), Annexes: map[string]string{}}
	if r.Annexes != "" {
		_ = json.Unmarshal([]byte(r.Annexes), &l.Annexes)
	}
	return l
}

func init() {
	store.Describe(Rearrangement{})
	store.Register("rearrangement", store.Audited, "目录重新编号：申请、批准、理由")
}

// Layout is an order of a class: each material once, and of which main paper some of them are
// the attachments, which share its number (13a, materials.md 5.2).
type Layout struct {
	Order   []string
	Annexes map[string]string // attachment → main paper
}

// place is what the layout makes of one of its materials: its place among those numbered for
// themselves, and how manieth of its main paper's attachments it is, 0 for none.
type place struct {
	seq, annex int64
	main       string
}

func (l Layout) places() map[string]place {
	out, seq, annex := map[string]place{}, int64(0), int64(0)
	for _, id := range l.Order {
		if main := l.Annexes[id]; main != "" {
			annex++
			out[id] = place{seq, annex, main}
			continue
		}
		seq, annex = seq+1, 0
		out[id] = place{seq: seq}
	}
	return out
}

// now is the layout in which the materials of a class stand.
func now(present []Material) Layout {
	l := Layout{Annexes: map[string]string{}}
	for _, m := range present {
		l.Order = append(l.Order, m.ID)
		if m.MainID != "" {
			l.Annexes[m.ID] = m.MainID
		}
	}
	return l
}

// check holds a layout to the materials that stand in the class now: each of them once and no
// other, an attachment behind its main paper, and not as they already stand.
func (l Layout) check(present []Material) error {
	stand := now(present)
	if !slices.Equal(slices.Sorted(slices.Values(stand.Order)), slices.Sorted(slices.Values(l.Order))) {
		return rule.Refuse(rule.Reason{Rule: "13a", Slug: "order_outdated", Field: "order", Message: "本类的材料已有变化，排列与目录不符。", Next: "请刷新目录后重新排列，每份材料列一次。"})
	}
	main := ""
	for _, id := range l.Order {
		if of := l.Annexes[id]; of == "" {
			main = id
		} else if of != main {
			return rule.Refuse(rule.Reason{Rule: "13a", Slug: "annex_apart", Field: "annexes", Message: "附件须紧随其主件，与主件同号。", Next: "请把附件移到主件之后；附件不能再带附件。"})
		}
	}
	for id := range l.Annexes {
		if !slices.Contains(l.Order, id) {
			return rule.Refuse(rule.Reason{Rule: "13a", Slug: "order_outdated", Field: "annexes", Message: "附件不在本类之中。", Next: "请刷新目录后重新排列。"})
		}
	}
	places := l.places()
	for _, m := range present {
		if places[m.ID] != (place{m.Seq, m.Annex, m.MainID}) {
			return nil
		}
	}
	return rule.Mistake(rule.Reason{Rule: "13a", Slug: "order_same", Field: "order", Message: "与现有顺序相同，不需要重新编号。", Next: "请调整顺序后再提交。"})
}

func inClass(ctx context.Context, q store.Querier, dossierID, class string) ([]Material, error) {
	return store.List[Material](ctx, q, "WHERE dossier_id=? AND class=? AND state='filed' ORDER BY seq, coalesce(annex,0), id LIMIT 5000", dossierID, class)
}

// Proposal lays a class out by the rules of its order (materials.md 5.2), for a person to go on
// from. What an actor may not know the title of goes by its date alone.
func (k *Desk) Proposal(ctx context.Context, by policy.Actor, dossierID, class string) (Layout, error) {
	d, err := k.May(ctx, by, "dossier.read", dossierID)
	if err != nil {
		return Layout{}, err
	}
	if _, ok := codes.FindClass(class); !ok {
		return Layout{}, rule.Mistake(noClass())
	}
	list, err := inClass(ctx, k.gate.DB(), d.ID, class)
	if err != nil {
		return Layout{}, err
	}
	for i := range list {
		list[i] = k.Seen(by, list[i])
	}
	return propose(class, list), nil
}

// propose is the layout that the rules of a class's order give its materials.
func propose(class string, list []Material) Layout {
	l := Layout{Order: []string{}, Annexes: Annexed(class, list)}
	list = slices.Clone(list)
	for i := range list {
		list[i].MainID = l.Annexes[list[i].ID]
	}
	for _, m := range Arrange(class, list) {
		l.Order = append(l.Order, m.ID)
	}
	return l
}

// Rearrange asks that a class be numbered anew in the given order; another person decides.
func (k *Desk) Rearrange(ctx context.Context, by policy.Actor, dossierID, class string, layout Layout, reason string) (r Rearrangement, err error) {
	if _, ok := codes.FindClass(class); !ok {
		return r, rule.Mistake(noClass())
	}
	if strings.TrimSpace(reason) == "" {
		return r, rule.Mistake(rule.Reason{Rule: "29.2", Slug: "rearrange_reason", Field: "reason", Message: "重新编号须说明理由。", Next: "请写明为何重新排列，例如补充归档后按形成时间排列。"})
	}
	_, err = k.act(ctx, by, "material.rearrange", []rule.ID{"13a", "29.2"}, dossierID, func(tx *gate.Tx, d *Dossier) error {
		if err := tx.Expect(d.Version); err != nil {
			return err
		}
		present, err := inClass(ctx, tx, d.ID, class)
		if err != nil {
			return err
		}
		if layout.Annexes == nil {
			layout.Annexes = now(present).Annexes
		}
		if err := layout.check(present); err != nil {
			return err
		}
		var open int
		if err := tx.QueryRow(ctx, "SELECT count(*) FROM rearrangement WHERE dossier_id=? AND state='asked'", d.ID).Scan(&open); err != nil {
			return err
		}
		if open > 0 {
			return rule.Refuse(rule.Reason{Rule: "13a", Slug: "rearrangement_open", Message: "这份档案已有重新编号的申请待审批。", Next: "请等审批后再申请。"})
		}
		raw, err := json.Marshal(layout.Order)
		if err != nil {
			return err
		}
		annexes, err := json.Marshal(layout.Annexes)
		if err != nil {
			return err
		}
		r = Rearrangement{ID: gate.NewID(), Version: 1, DossierID: d.ID, Agency: d.Agency, Class: class, State: CorrectionAsked, Proposed: string(raw), Annexes: string(annexes), Reason: strings.TrimSpace(reason), Applicant: by.ID, AppliedAt: tx.Now()}
		tx.Note("class", class)
		return entered(tx, d, r)
	})
	return r, err
}

// DecideRearrangement numbers the class anew, as a new version of the catalog in which
// what each material was numbered before stays, or refuses it with a note.
func (k *Desk) DecideRearrangement(ctx context.Context, by policy.Actor, id string, approve bool, note string) (r Rearrangement, err error) {
	if !approve && strings.TrimSpace(note) == "" {
		return r, rule.Mistake(rule.Reason{Rule: "29.2", Slug: "correction_note", Field: "note", Message: "不批准须说明理由。", Next: "请填写理由，供申请人补充依据。"})
	}
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: "material.decide_rearrangement", Rules: []rule.ID{"13a", "29.2"}}, func(tx *gate.Tx) error {
		if r, err = store.Get[Rearrangement](ctx, tx, "WHERE id=?", id); err != nil {
			return err
		}
		d, err := Load(tx, r.DossierID) // the dossier is locked first, as everywhere
		if err != nil {
			return err
		}
		if r, err = store.Get[Rearrangement](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
			return err
		}
		if err := permit(tx, d, map[string]any{"applicant": r.Applicant}); err != nil {
			return err
		}
		if err := tx.Expect(r.Version); err != nil {
			return err
		}
		if r.State != CorrectionAsked {
			return rule.Refuse(rule.Reason{Rule: "29.2", Slug: "correction_closed", Message: "这份申请已审批。", Next: "请刷新后查看。"})
		}
		r.State, r.DecidedBy, r.DecidedAt, r.Note = CorrectionRefused, by.ID, tx.Now(), strings.TrimSpace(note)
		if approve {
			r.State = CorrectionApproved
			if err := renumber(tx, &d, r); err != nil {
				return err
			}
		}
		tx.Note("approved", approve)
		if err := tx.Update(&r); err != nil {
			return err
		}
		return Save(tx, &d)
	})
	return r, err
}

func renumber(tx *gate.Tx, d *Dossier, r Rearrangement) error {
	present, err := inClass(tx.Context(), tx, d.ID, r.Class)
	if err != nil {
		return err
	}
	layout := r.Layout()
	if err := layout.check(present); err != nil {
		return err
	}
	places := layout.places()
	next, err := startVersion(tx, d)
	if err != nil {
		return err
	}
	for _, m := range present {
		to := places[m.ID]
		if to == (place{m.Seq, m.Annex, m.MainID}) {
			continue
		}
		old, err := supersede(tx, m, next.version)
		if err != nil {
			return err
		}
		m.Replaces, m.Seq, m.Annex, m.MainID, m.CatalogFrom, m.Reason = old, to.seq, to.annex, to.main, next.version, r.Reason
		if err := tx.Update(&m); err != nil {
			return err
		}
	}
	return nil
}

// Rearrangements lists the applications of an actor's dossiers, newest first.
func (k *Desk) Rearrangements(ctx context.Context, by policy.Actor, state string, limit int) ([]Rearrangement, error) {
	where, args := Scope(by)
	where = "WHERE EXISTS (SELECT 1 FROM dossier WHERE dossier.id=rearrangement.dossier_id AND " + where + ")"
	if state != "" {
		where += " AND state=?"
		args = append(args, state)
	}
	return store.List[Rearrangement](ctx, k.gate.DB(), where+" ORDER BY applied_at DESC, id LIMIT ?", append(args, limit)...)
}

// OrderLine is one material in the order that is asked for, with its present number.
type OrderLine struct {
	Number string
	Title  string
	Formed string
	Annex  bool // shares the number of the main paper above it
}

// Laid lists what a rearrangement asks for, line by line.
func (k *Desk) Laid(ctx context.Context, r Rearrangement) ([]OrderLine, error) {
	layout := r.Layout()
	ids := layout.Order
	if len(ids) == 0 {
		return nil, nil
	}
	list, err := store.List[Material](ctx, k.gate.DB(), "WHERE dossier_id=? AND id IN ("+store.Marks(len(ids))+")", append([]any{r.DossierID}, store.Args(ids)...)...)
	if err != nil {
		return nil, err
	}
	out := make([]OrderLine, len(ids))
	for _, m := range list {
		m = m.Public()
		title := m.Title
		if title == "" {
			title = "涉密件（纸质）"
		}
		if i := slices.Index(ids, m.ID); i >= 0 {
			out[i] = OrderLine{m.Number(), title, m.Formed(), layout.Annexes[m.ID] != ""}
		}
	}
	return out, nil
}

// supersede keeps what a material said till a version of the catalog as a row of its own.
func supersede(tx *gate.Tx, m Material, version int64) (id string, err error) {
	old := m
	old.ID, old.Version, old.State, old.SupersededBy, old.CatalogTo, old.BatchID = gate.NewID(), 1, Superseded, m.ID, version, ""
	if err := tx.Insert(old); err != nil {
		return "", fmt.Errorf("supersede %s: %w", m.ID, err)
	}
	return old.ID, nil
}
