package dossier

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/agency"
	"dangan/internal/document"
	"dangan/internal/gate"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
)

// Desk is the room's door.
type Desk struct {
	gate     *gate.Gate
	agencies *agency.Registry
	settings *setting.Desk
	keys     person.Indexer

	// Press issues the room's papers: return slips, catalogs, whereabouts.
	Press *document.Press
	// Ask and Finish have the keeper pull and put back a packet; custody, which
	// stands on this room, gives them when the instance is put together.
	Ask    func(tx *gate.Tx, d *Dossier, caseRef, purpose string) error
	Finish func(tx *gate.Tx, d *Dossier, caseRef string) error
	// Applications are the records of questions that were not answered as they came; intake,
	// which stands on this room, gives them.
	Applications Applications
	// Cases are the rooms that have cases about a dossier; each registers itself
	// when the instance is put together.
	Cases []CaseSource
	// Acts are the rooms that have acts on a dossier, shown on its page.
	Acts []ActSource
	// Numbers are the rooms that know dossiers by numbers of their own.
	Numbers []NumberSource
}

// New opens the room.
func New(g *gate.Gate, agencies *agency.Registry, settings *setting.Desk, keys person.Indexer) *Desk {
	return &Desk{gate: g, agencies: agencies, settings: settings, keys: keys}
}

// act performs one act on a dossier that is locked and permitted; an act that
// rests on what was seen asks tx.Expect.
func (k *Desk) act(ctx context.Context, by policy.Actor, action string, rules []rule.ID, id string, fn func(tx *gate.Tx, d *Dossier) error) (gate.Receipt, error) {
	return k.gate.Do(ctx, gate.Act{Actor: by, Action: action, Rules: rules}, func(tx *gate.Tx) error {
		d, err := Load(tx, id)
		if err != nil {
			return err
		}
		if err := permit(tx, d, nil); err != nil {
			return err
		}
		return fn(tx, &d)
	})
}

// permit asks the policies on a dossier with further attributes.
func permit(tx *gate.Tx, d Dossier, attrs map[string]any) error {
	r := d.Resource()
	for k, v := range attrs {
		r.Attrs[k] = v
	}
	return tx.Permit(r)
}

// Read records that the dossier's page was opened and returns dossier and person.
func (k *Desk) Read(ctx context.Context, by policy.Actor, id string) (d Dossier, p person.Person, err error) {
	_, err = k.act(ctx, by, "dossier.read", []rule.ID{"29.3"}, id, func(tx *gate.Tx, locked *Dossier) error {
		d = *locked
		p, err = person.Get(ctx, tx, d.PersonID)
		return err
	})
	return d, p, err
}

// Revealed is what a reveal shows: the sensitive fields in full (security.md 8).
type Revealed struct {
	IDNo      string
	IDWritten string
	Phone     string
}

// Reveal shows identity number and phone in full; the reason stays on record.
func (k *Desk) Reveal(ctx context.Context, by policy.Actor, id, reason string) (out Revealed, err error) {
	if strings.TrimSpace(reason) == "" {
		return out, rule.Mistake(rule.Reason{Rule: "29.3", Slug: "reveal_reason", Field: "reason", Message: "查看完整证件号码须说明用途。", Next: "请填写本次查看的用途。"})
	}
	_, err = k.act(ctx, by, "dossier.reveal", []rule.ID{"29.3"}, id, func(tx *gate.Tx, d *Dossier) error {
		p, err := person.Get(ctx, tx, d.PersonID)
		if err != nil {
			return err
		}
		out = Revealed{p.IDNo, p.IDWritten, p.Phone}
		tx.About("Person", p.ID)
		return tx.Insert(Revelation{ID: gate.NewID(), DossierID: d.ID, StaffID: by.ID, Reason: strings.TrimSpace(reason), At: tx.Now()})
	})
	return out, err
}

// FamilyOf reads the recorded family, which is on record as a reading of its own.
func (k *Desk) FamilyOf(ctx context.Context, by policy.Actor, id string) (out []Family, err error) {
	_, err = k.act(ctx, by, "dossier.read_family", []rule.ID{"29.3"}, id, func(tx *gate.Tx, d *Dossier) error {
		out, err = FamilyOf(ctx, tx, d.ID)
		return err
	})
	return out, err
}

// placed resolves a source to what the row keeps. A material must be a filed one
// of this dossier.
func placed(tx *gate.Tx, d Dossier, s Source) (materialID, cite string, page int64, err error) {
	if s.MaterialID == "" {
		return "", Cite(s.Class, s.Title), s.Page, nil
	}
	m, err := store.Get[Material](tx.Context(), tx, "WHERE id=? AND dossier_id=?", s.MaterialID, d.ID)
	if errors.Is(err, store.ErrNotFound) || err == nil && m.State != Filed {
		return "", "", 0, rule.Mistake(rule.Reason{Rule: "29.2", Slug: "source_not_filed", Field: "source.materialId", Message: "出处须是本档案中已归档的材料。", Next: "请从目录中选择；材料尚未归档的，先归档。"})
	}
	if err == nil && m.Secrecy >= Secret {
		return "", "", 0, rule.Refuse(rule.Reason{Rule: "15", Slug: "secret_source", Field: "source.materialId", Message: "该材料只登记纸质，其内容不得录入系统。", Next: "请在纸质原件上核对；需要记载的，另以不涉密的材料为据。"})
	}
	if err == nil && m.Pages > 0 && s.Page > m.Pages {
		return "", "", 0, rule.Mistake(rule.Reason{Rule: "29.2", Slug: "source_page_beyond", Field: "source.page", Message: fmt.Sprintf("这份材料只有 %d 页。", m.Pages), Next: "请填写记载所在的页；目录页数有误的，先申请更正。"})
	}
	return s.MaterialID, "", s.Page, err
}

// AddFact enters a mention of a key fact; it counts once another person confirms it.
func (k *Desk) AddFact(ctx context.Context, by policy.Actor, dossierID string, n NewFact) (f Fact, err error) {
	if err := n.check(); err != nil {
		return f, err
	}
	_, err = k.act(ctx, by, "dossier.enter", []rule.ID{"29.2"}, dossierID, func(tx *gate.Tx, d *Dossier) error {
		f = Fact{ID: gate.NewID(), Version: 1, DossierID: d.ID, Kind: n.Kind, Written: strings.TrimSpace(n.Written), Value: n.normalized(), EnteredBy: by.ID, At: tx.Now()}
		if f.MaterialID, f.Cite, f.PageNo, err = placed(tx, *d, n.Source); err != nil {
			return err
		}
		tx.Note("entered", "fact")
		return entered(tx, d, f)
	})
	return f, err
}

// entered writes a new entry and touches the dossier, so that lists show it.
func entered(tx *gate.Tx, d *Dossier, row store.Row) error {
	if err := tx.Insert(row); err != nil {
		return err
	}
	return Save(tx, d)
}

// AddPeriod enters a period of study, work or service. A history stated as
// complete is open again, and the way of transfer is computed anew (20.3b).
func (k *Desk) AddPeriod(ctx context.Context, by policy.Actor, dossierID string, n NewPeriod) (p Period, err error) {
	if err := n.check(); err != nil {
		return p, err
	}
	_, err = k.act(ctx, by, "dossier.enter", []rule.ID{"20.3b", "29.2"}, dossierID, func(tx *gate.Tx, d *Dossier) error {
		p = Period{ID: gate.NewID(), Version: 1, DossierID: d.ID, Kind: n.Kind, FromMonth: n.FromMonth, ToMonth: n.ToMonth, Unit: strings.TrimSpace(n.Unit),
			Post: strings.TrimSpace(n.Post), Identity: n.Identity, EnteredBy: by.ID, At: tx.Now()}
		if p.MaterialID, p.Cite, p.PageNo, err = placed(tx, *d, n.Source); err != nil {
			return err
		}
		tx.Note("entered", "period")
		if err := tx.Insert(p); err != nil {
			return err
		}
		d.HistoryBy, d.HistoryOkBy = "", ""
		return Recompute(tx, d)
	})
	return p, err
}

// AddFamily enters a member of the family; identity number and name are
// encrypted, and compared by 21c from the moment of entering.
func (k *Desk) AddFamily(ctx context.Context, by policy.Actor, dossierID string, n NewFamily) (m Family, err error) {
	idNo, err := n.check(k.gate.Now())
	if err != nil {
		return m, err
	}
	_, err = k.act(ctx, by, "dossier.enter", []rule.ID{"21c", "29.2"}, dossierID, func(tx *gate.Tx, d *Dossier) error {
		m = Family{ID: gate.NewID(), Version: 1, DossierID: d.ID, Relation: n.Relation, Name: strings.TrimSpace(n.Name), NameIndex: k.keys.Index("kin_name", plainName(n.Name)),
			IDNo: idNo, EnteredBy: by.ID, At: tx.Now()}
		if idNo != "" {
			m.IDIndex = k.keys.Index(person.IndexPurpose, idNo)
		}
		if m.MaterialID, m.Cite, m.PageNo, err = placed(tx, *d, n.Source); err != nil {
			return err
		}
		tx.Note("entered", "family")
		return entered(tx, d, m)
	})
	return m, err
}

// Kinds of entries that a second person confirms.
const (
	EntryFact     = "fact"
	EntryPeriod   = "period"
	EntryFamily   = "family"
	EntryDecision = "determination"

	EntryNotFormed = "not_formed"
)

// Confirm is the second person's word that an entry stands as its source writes it.
func (k *Desk) Confirm(ctx context.Context, by policy.Actor, kind, id string) (gate.Receipt, error) {
	return k.onEntry(ctx, by, "dossier.confirm", kind, id, func(tx *gate.Tx, _ *Dossier, e *entry) error {
		if *e.confirmed != "" {
			return rule.Refuse(rule.Reason{Rule: "29.2", Slug: "already_confirmed", Message: "这条记载已核对。", Next: "无需重复核对。"})
		}
		*e.confirmed = by.ID
		if e.at != nil {
			*e.at = tx.Now()
		}
		return nil
	})
}

// Withdraw takes an entry out of use with a reason: the entry was wrong, the
// material stays as it is. Nothing is deleted.
func (k *Desk) Withdraw(ctx context.Context, by policy.Actor, kind, id, reason string) (gate.Receipt, error) {
	if strings.TrimSpace(reason) == "" {
		return gate.Receipt{}, rule.Mistake(rule.Reason{Rule: "29.2", Slug: "withdraw_reason", Field: "reason", Message: "撤销登记须说明原因。", Next: "请填写登记有误之处。"})
	}
	return k.onEntry(ctx, by, "dossier.confirm", kind, id, func(_ *gate.Tx, d *Dossier, e *entry) error {
		*e.void, *e.confirmed = strings.TrimSpace(reason), ""
		if e.at != nil {
			*e.at = time.Time{}
		}
		if kind == EntryPeriod {
			d.HistoryBy, d.HistoryOkBy = "", ""
		}
		return nil
	})
}

// entry is what facts, periods and family members have in common.
type entry struct {
	row             store.Row
	dossierID       string
	enteredBy       string
	confirmed, void *string
	at              *time.Time // of the confirmation, where the row keeps it
}

func loadEntry(tx *gate.Tx, kind, id string) (*entry, error) {
	tail := "WHERE id=?" + tx.ForUpdate()
	switch kind {
	case EntryFact:
		r, err := store.Get[Fact](tx.Context(), tx, tail, id)
		return &entry{row: &r, dossierID: r.DossierID, enteredBy: r.EnteredBy, confirmed: &r.ConfirmedBy, void: &r.Void, at: &r.ConfirmedAt}, err
	case EntryPeriod:
		r, err := store.Get[Period](tx.Context(), tx, tail, id)
		return &entry{row: &r, dossierID: r.DossierID, enteredBy: r.EnteredBy, confirmed: &r.ConfirmedBy, void: &r.Void, at: &r.ConfirmedAt}, err
	case EntryFamily:
		r, err := store.Get[Family](tx.Context(), tx, tail, id)
		return &entry{row: &r, dossierID: r.DossierID, enteredBy: r.EnteredBy, confirmed: &r.ConfirmedBy, void: &r.Void}, err
	}
	if kind == EntryNotFormed {
		r, err := store.Get[NotFormed](tx.Context(), tx, tail, id)
		return &entry{row: &r, dossierID: r.DossierID, enteredBy: r.EnteredBy, confirmed: &r.ConfirmedBy, void: &r.Void}, err
	}
	if kind == EntryDecision {
		r, err := store.Get[Determination](tx.Context(), tx, tail, id)
		return &entry{row: &r, dossierID: r.DossierID, enteredBy: r.EnteredBy, confirmed: &r.ConfirmedBy, void: &r.Void, at: &r.ConfirmedAt}, err
	}
	return nil, store.ErrNotFound
}

func (k *Desk) onEntry(ctx context.Context, by policy.Actor, action, kind, id string, fn func(tx *gate.Tx, d *Dossier, e *entry) error) (gate.Receipt, error) {
	return k.gate.Do(ctx, gate.Act{Actor: by, Action: action, Rules: []rule.ID{"29.2"}}, func(tx *gate.Tx) error {
		e, err := loadEntry(tx, kind, id)
		if err != nil {
			return err
		}
		d, err := Load(tx, e.dossierID)
		if err != nil {
			return err
		}
		if err := permit(tx, d, map[string]any{"enteredBy": e.enteredBy}); err != nil {
			return err
		}
		if *e.void != "" {
			return rule.Refuse(rule.Reason{Rule: "29.2", Slug: "entry_withdrawn", Message: "这条登记已撤销。", Next: "需要时请重新登记。"})
		}
		if err := fn(tx, &d, e); err != nil {
			return err
		}
		if err := tx.Update(e.row); err != nil {
			return err
		}
		tx.Note("entry", kind)
		if kind == EntryPeriod {
			return Recompute(tx, &d)
		}
		return Save(tx, &d)
	})
}

// StateHistory says that the recorded history is the whole one that the dossier
// holds. The way of transfer stays unknown until another person confirms it.
func (k *Desk) StateHistory(ctx context.Context, by policy.Actor, dossierID string) (gate.Receipt, error) {
	return k.act(ctx, by, "dossier.enter", []rule.ID{"20.3b"}, dossierID, func(tx *gate.Tx, d *Dossier) error {
		if err := tx.Expect(d.Version); err != nil {
			return err
		}
		d.HistoryBy, d.HistoryOkBy = by.ID, ""
		tx.Note("entered", "history")
		return Recompute(tx, d)
	})
}

// ConfirmHistory is the second person's word that the history is complete.
func (k *Desk) ConfirmHistory(ctx context.Context, by policy.Actor, dossierID string) (gate.Receipt, error) {
	return k.gate.Do(ctx, gate.Act{Actor: by, Action: "dossier.confirm", Rules: []rule.ID{"20.3b"}}, func(tx *gate.Tx) error {
		d, err := Load(tx, dossierID)
		if err != nil {
			return err
		}
		if err := permit(tx, d, map[string]any{"enteredBy": d.HistoryBy}); err != nil {
			return err
		}
		if err := tx.Expect(d.Version); err != nil {
			return err
		}
		if d.HistoryBy == "" {
			return rule.Complete(rule.Reason{Rule: "20.3b", Slug: "history_not_stated", Message: "尚未登记“经历已登记完整”。", Next: "请先由经办人员逐段登记经历，并登记完整。"})
		}
		periods, err := PeriodsOf(ctx, tx, d.ID)
		if err != nil {
			return err
		}
		for _, p := range periods {
			if p.ConfirmedBy == "" {
				return rule.Complete(rule.Reason{Rule: "20.3b", Slug: "periods_unconfirmed", Message: "还有经历未经第二人核对。", Next: "请逐段核对后再确认。"})
			}
		}
		d.HistoryOkBy = by.ID
		tx.Note("entry", "history")
		return Recompute(tx, &d)
	})
}

// Recompute derives the way of transfer from the recorded history (20.3b) and
// saves the dossier.
func Recompute(tx *gate.Tx, d *Dossier) error {
	periods, err := PeriodsOf(tx.Context(), tx, d.ID)
	if err != nil {
		return err
	}
	d.Forced, _ = ForcedBy(periods, d.HistoryOkBy != "")
	tx.Note("forced", string(d.Forced))
	return Save(tx, d)
}

// Supply closes an open supplement: the material came and is filed, or there is none and why.
// A piece that came and is not filed yet is noted beside it, and may still go back (13b).
func (k *Desk) Supply(ctx context.Context, by policy.Actor, supplementID, materialID, why string) (gate.Receipt, error) {
	if materialID == "" && strings.TrimSpace(why) == "" {
		return gate.Receipt{}, rule.Mistake(rule.Reason{Rule: "20.4b", Slug: "supplement_why", Field: "why", Message: "没有材料的，须写明情况。", Next: "请填写“无此材料”的说明，或选择已收到的材料。"})
	}
	return k.gate.Do(ctx, gate.Act{Actor: by, Action: "dossier.supplement", Rules: []rule.ID{"20.4b"}}, func(tx *gate.Tx) error {
		s, err := store.Get[Supplement](ctx, tx, "WHERE id=?"+tx.ForUpdate(), supplementID)
		if err != nil {
			return err
		}
		d, err := Load(tx, s.DossierID)
		if err != nil {
			return err
		}
		var attrs map[string]any
		if materialID == "" && (s.Promised || s.KeyFact != "") {
			attrs = map[string]any{"owed": "key"}
		}
		if err := permit(tx, d, attrs); err != nil {
			return err
		}
		if materialID != "" {
			m, err := store.Get[Material](ctx, tx, "WHERE id=? AND dossier_id=?", materialID, d.ID)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
			if s.State == Owed && err == nil && slices.Contains([]MaterialState{Received, Appraising, Curing, ToFile}, m.State) {
				s.HandedID, s.HandedOn = m.ID, m.ReceivedOn
				tx.About("Material", m.ID)
				if err := tx.Update(&s); err != nil {
					return err
				}
				return Save(tx, &d)
			}
			if err != nil || m.State != Filed {
				return rule.Mistake(rule.Reason{Rule: "20.4b", Slug: "supplement_material", Field: "materialId", Message: "所选材料不是这份档案已收到的材料。", Next: "请从本档案收到的材料中选择。"})
			}
		}
		if err := CloseOwed(tx, &d, s, materialID, why); err != nil {
			return err
		}
		return Save(tx, &d)
	})
}
