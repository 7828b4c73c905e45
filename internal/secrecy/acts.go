package secrecy

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"dangan/internal/codes"
	"dangan/internal/digital"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/staff"
	"dangan/internal/store"
)

// Actions of the room, as the policies name them.
const (
	ActRaise   = "secrecy.raise"
	ActPropose = "secrecy.propose"
	ActDecide  = "secrecy.decide"
	ActName    = "secrecy.name"
	ActUnname  = "secrecy.unname"
	ActRead    = "secrecy.read"
)

var rules = []rule.ID{"15"}

// Desk is the room's door.
type Desk struct{ gate *gate.Gate }

// New opens the room.
func New(g *gate.Gate) *Desk { return &Desk{gate: g} }

// item is what a class is on: the dossier, or one material of it.
type item struct {
	d *dossier.Dossier
	m *dossier.Material // nil: the dossier itself
}

func (x item) class(tx *gate.Tx) (dossier.Class, error) {
	if x.m != nil {
		return x.m.Mark(), nil
	}
	own, err := ownLevel(tx.Context(), tx, *x.d)
	return dossier.OfLevel(own), err
}

// ownLevel is the dossier's class beside that of its materials. A dossier registered with a
// class before classes had a history has it as its own.
func ownLevel(ctx context.Context, q store.Querier, d dossier.Dossier) (int, error) {
	inside, err := highest(ctx, q, d.ID)
	if err == nil && d.Secrecy > max(inside, d.OwnSecrecy) {
		return d.Secrecy, nil
	}
	return d.OwnSecrecy, err
}

func highest(ctx context.Context, q store.Querier, dossierID string) (n int, err error) {
	err = q.QueryRow(ctx, "SELECT coalesce(max(secrecy),0) FROM material WHERE dossier_id=? AND state NOT IN ('superseded','returned')", dossierID).Scan(&n)
	return n, store.Classify(err)
}

// assign gives the item its class and the dossier the highest of all.
func (x item) assign(tx *gate.Tx, to dossier.Class) error {
	own, err := ownLevel(tx.Context(), tx, *x.d)
	if err != nil {
		return err
	}
	if x.m == nil {
		own = to.Level()
	} else if err := x.mark(tx, to); err != nil {
		return err
	}
	inside, err := highest(tx.Context(), tx, x.d.ID)
	if err != nil {
		return err
	}
	x.d.OwnSecrecy, x.d.Secrecy = own, max(own, inside)
	return dossier.Save(tx, x.d)
}

// mark writes a material's class on it and on what it said before. For a state secret all
// that could tell its content goes: words, entries read in it, images (security.md 1).
func (x item) mark(tx *gate.Tx, to dossier.Class) error {
	before, err := store.List[dossier.Material](tx.Context(), tx, "WHERE dossier_id=? AND superseded_by=? ORDER BY id LIMIT 1000", x.d.ID, x.m.ID)
	if err != nil {
		return err
	}
	for i := range before {
		before[i].Assign(to)
		if err := tx.Update(&before[i]); err != nil {
			return err
		}
	}
	images := x.m.Images
	x.m.Assign(to)
	if to.State() {
		if x.m.State == dossier.Filed {
			x.d.Images -= images
		}
		if err := dossier.Bare(tx, x.m.ID); err != nil {
			return err
		}
		if err := digital.Withdraw(tx, x.m.ID); err != nil {
			return err
		}
	}
	return tx.Update(x.m)
}

// Entry is what is entered for a change of class.
type Entry struct {
	DossierID, MaterialID string
	To                    dossier.Class
	Class                 string // of the catalog, for a piece that has none yet and becomes a placeholder
	Basis
}

// on loads dossier and material, and asks the policies.
func (k *Desk) on(ctx context.Context, by policy.Actor, action, kind string, n Entry, fn func(tx *gate.Tx, x item, c Change) error) error {
	_, err := k.gate.Do(ctx, gate.Act{Actor: by, Action: action, Rules: rules}, func(tx *gate.Tx) error {
		d, err := dossier.Load(tx, n.DossierID)
		if err != nil {
			return err
		}
		x := item{d: &d}
		c := Change{ID: gate.NewID(), Version: 1, DossierID: d.ID, MaterialID: n.MaterialID, Agency: d.Agency, Kind: kind, To: n.To, AskedBy: by.ID, AskedAt: tx.Now(), ChangedAt: tx.Now()}
		tx.About("Dossier", d.ID)
		tx.About("SecrecyChange", c.ID)
		if err := tx.Permit(c.Resource(d)); err != nil {
			return err
		}
		if d.State == dossier.Left {
			return rule.Refuse(rule.Reason{Rule: "15", Slug: "dossier_left", Message: "档案已转出，不由本机构定密。", Next: "请书面告知现保管单位。"})
		}
		if n.MaterialID != "" {
			m, err := store.Get[dossier.Material](ctx, tx, "WHERE id=? AND dossier_id=?"+tx.ForUpdate(), n.MaterialID, d.ID)
			if err != nil {
				return err
			}
			if !counted(m.State) {
				return rule.Refuse(rule.Reason{Rule: "15", Slug: "not_in_dossier", Message: "这份材料" + m.State.Name() + "，不在卷内。", Next: "请在目录中选择现行的材料。"})
			}
			tx.About("Material", m.ID)
			x.m = &m
		}
		if c.From, err = x.class(tx); err != nil {
			return err
		}
		b := n.trimmed()
		if err := Direct(kind, c.From, c.To, x.m != nil, b, tx.Today()); err != nil {
			return err
		}
		c.Reason, c.Organ, c.DocName, c.DocNo, c.DocOn = b.Reason, b.Organ, b.DocName, b.DocNo, b.DocOn
		year := tx.Today().Year()
		no, err := tx.Number(fmt.Sprintf("%s/定密/%d", d.Agency, year))
		if err != nil {
			return err
		}
		c.No = fmt.Sprintf("DM-%s-%d-%04d", d.Agency, year, no)
		return fn(tx, x, c)
	})
	return err
}

// Raise gives a higher class at once.
func (k *Desk) Raise(ctx context.Context, by policy.Actor, n Entry) (Change, error) {
	var out Change
	err := k.on(ctx, by, ActRaise, Raise, n, func(tx *gate.Tx, x item, c Change) error {
		if x.m != nil && x.m.Class == "" && c.To.State() {
			if _, ok := codes.FindClass(n.Class); !ok {
				return rule.Mistake(mistake("class_missing", "class", "涉密件只登记类号、页数和密级，请给出类号。", "请选择类号，例如 4-1、10。"))
			}
			x.m.Class = n.Class
		}
		open, err := store.List[Change](ctx, tx, "WHERE dossier_id=? AND state='asked' ORDER BY id LIMIT 50"+tx.ForUpdate(), x.d.ID)
		if err != nil {
			return err
		}
		for i := range open {
			if o := &open[i]; o.MaterialID == c.MaterialID {
				o.State, o.Note, o.ChangedAt = Lapsed, "密级已另行提高", tx.Now()
				if err := tx.Update(o); err != nil {
					return err
				}
			}
		}
		c.State = Done
		if x.m != nil && c.To.State() {
			papers, err := dossier.Naming(tx, x.d.ID, x.m.ID)
			if err != nil {
				return err
			}
			if len(papers) > 0 {
				c.Note = "此前出具、可能写有题名的文书，请收回：" + strings.Join(papers, "、")
			}
		}
		if err := tx.Insert(c); err != nil {
			return err
		}
		out = c
		return x.assign(tx, c.To)
	})
	return out, err
}

// Propose asks that a class be lowered, on the deciding organ's document.
func (k *Desk) Propose(ctx context.Context, by policy.Actor, n Entry) (Change, error) {
	var out Change
	err := k.on(ctx, by, ActPropose, Lower, n, func(tx *gate.Tx, x item, c Change) error {
		open, err := store.Count(ctx, tx, "SELECT count(*) FROM secrecy_change WHERE dossier_id=? AND coalesce(material_id,'')=? AND state='asked'", c.DossierID, c.MaterialID)
		if err != nil {
			return err
		}
		if open > 0 {
			return rule.Refuse(rule.Reason{Rule: "15", Slug: "change_open", Message: "已有一项降低密级的申请待批准。", Next: "请等负责人批准后再提出。"})
		}
		c.State = Asked
		out = c
		if err := tx.Insert(c); err != nil {
			return err
		}
		return dossier.Save(tx, x.d)
	})
	return out, err
}

// Decide lowers a class as proposed, or refuses with a note. The proposer can't decide.
func (k *Desk) Decide(ctx context.Context, by policy.Actor, id string, approve bool, note string) (Change, error) {
	load := func(tx *gate.Tx) (Change, error) {
		c, err := store.Get[Change](tx.Context(), tx, "WHERE id=?", id)
		if err != nil {
			return c, err
		}
		if _, err := dossier.Load(tx, c.DossierID); err != nil { // the dossier first, as every act locks them
			return c, err
		}
		return store.Get[Change](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), id)
	}
	return dossier.On(ctx, k.gate, gate.Act{Actor: by, Action: ActDecide, Rules: rules}, load, func(tx *gate.Tx, c *Change, d *dossier.Dossier) error {
		tx.About("SecrecyChange", c.ID)
		tx.Note("approved", approve)
		if err := c.decide(approve, note, by.ID, tx.Now()); err != nil {
			return err
		}
		c.ChangedAt = tx.Now()
		if err := tx.Update(c); err != nil {
			return err
		}
		if !approve {
			return dossier.Save(tx, d)
		}
		x := item{d: d}
		if c.MaterialID != "" {
			m, err := store.Get[dossier.Material](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), c.MaterialID)
			if err != nil {
				return err
			}
			tx.About("Material", m.ID)
			x.m = &m
		}
		now, err := x.class(tx)
		if err != nil {
			return err
		}
		if now != c.From {
			return rule.Refuse(rule.Reason{Rule: "15", Slug: "class_changed", Message: "密级已变为“" + now.Name() + "”，与提出时不同。", Next: "请不予批准，由提出人按现密级重新提出。"})
		}
		return x.assign(tx, c.To)
	})
}

// maxReaders bounds who is named at once.
const maxReaders = 50

// Name names the persons who know a dossier, or one closed material. Who names is on the
// list of a dossier too: the list could else be ended by nobody.
func (k *Desk) Name(ctx context.Context, by policy.Actor, dossierID, materialID string, staffIDs []string, reason string) error {
	var wrong []rule.Reason
	if reason = strings.TrimSpace(reason); reason == "" {
		wrong = append(wrong, mistake("reason_missing", "reason", "须写明为何需要知悉。", "请写明承办的工作，不要写材料的内容。"))
	}
	if len(staffIDs) == 0 || len(staffIDs) > maxReaders {
		wrong = append(wrong, mistake("readers_missing", "staff", fmt.Sprintf("请指定 1 至 %d 人。", maxReaders), "请从本机构在岗人员中选择。"))
	}
	if len(wrong) > 0 {
		return rule.Mistake(wrong...)
	}
	_, err := k.gate.Do(ctx, gate.Act{Actor: by, Action: ActName, Rules: []rule.ID{"15", "21b"}}, func(tx *gate.Tx) error {
		d, err := dossier.Load(tx, dossierID)
		if err != nil {
			return err
		}
		tx.About("Dossier", d.ID)
		if err := tx.Permit(d.Resource()); err != nil {
			return err
		}
		if err := nameable(tx, d, materialID); err != nil {
			return err
		}
		if materialID == "" {
			staffIDs = append(staffIDs, by.ID)
		} else {
			tx.About("Material", materialID)
		}
		for _, id := range staffIDs {
			if err := name(tx, d, materialID, id, reason, by.ID); err != nil {
				return err
			}
		}
		return dossier.Save(tx, &d)
	})
	return err
}

func nothingConfined() rule.Reason {
	return rule.Reason{Rule: "15", Slug: "nothing_confined", Message: "没有定密，不降低密级，也不限定知悉人员。", Next: "请先标定密级。"}
}

// nameable says what can be confined to named persons: what has a class.
func nameable(tx *gate.Tx, d dossier.Dossier, materialID string) error {
	none := rule.Refuse(nothingConfined())
	if materialID == "" {
		if d.Secrecy == dossier.Open {
			return none
		}
		return nil
	}
	m, err := store.Get[dossier.Material](tx.Context(), tx, "WHERE id=? AND dossier_id=?", materialID, d.ID)
	if err != nil {
		return err
	}
	if m.Guard == "" {
		return none
	}
	return nil
}

func name(tx *gate.Tx, d dossier.Dossier, materialID, staffID, reason, by string) error {
	m, err := staff.Get(tx.Context(), tx, staffID)
	serves := false
	if err == nil {
		serves, err = staff.Serves(tx.Context(), tx, m, d.Agency)
	}
	if errors.Is(err, store.ErrNotFound) || err == nil && !serves {
		return rule.Mistake(mistake("reader_unknown", "staff", "所选人员不是本机构在岗人员。", "请从本机构在岗人员中选择。"))
	}
	if err != nil {
		return err
	}
	if materialID == "" && m.Clearance < d.Secrecy {
		return rule.Refuse(rule.Reason{Rule: "15", Slug: "reader_not_cleared", Field: "staff", Message: m.Name + "的知悉范围低于本档案的密级。", Next: "请先由安全管理员核定其知悉范围，或另选人员。"})
	}
	there, err := store.Count(tx.Context(), tx, "SELECT count(*) FROM secrecy_reader WHERE dossier_id=? AND coalesce(material_id,'')=? AND staff_id=? AND ended_at IS NULL", d.ID, materialID, staffID)
	if err != nil || there > 0 {
		return err
	}
	return tx.Insert(Reader{ID: gate.NewID(), Version: 1, DossierID: d.ID, MaterialID: materialID, StaffID: staffID, Reason: reason, NamedBy: by, NamedAt: tx.Now()})
}

// Unname ends one person's naming; the last head of a dossier's list ends the whole list.
func (k *Desk) Unname(ctx context.Context, by policy.Actor, readerID string) (r Reader, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActUnname, Rules: []rule.ID{"15", "21b"}}, func(tx *gate.Tx) error {
		if r, err = store.Get[Reader](ctx, tx, "WHERE id=?", readerID); err != nil {
			return err
		}
		d, err := dossier.Load(tx, r.DossierID)
		if err != nil {
			return err
		}
		tx.About("Dossier", d.ID)
		if err := tx.Permit(d.Resource()); err != nil {
			return err
		}
		if r, err = store.Get[Reader](ctx, tx, "WHERE id=?"+tx.ForUpdate(), readerID); err != nil {
			return err
		}
		if !r.EndedAt.IsZero() {
			return rule.Refuse(rule.Reason{Rule: "15", Slug: "reader_ended", Message: "已不再指定此人。", Next: "请刷新后查看。"})
		}
		r.EndedBy, r.EndedAt = by.ID, tx.Now()
		if err := tx.Update(&r); err != nil {
			return err
		}
		return dossier.Save(tx, &d)
	})
	return r, err
}
