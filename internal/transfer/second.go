package transfer

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/double"
	"dangan/internal/gate"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Second is what the second checker found: the packet is another one of a person whose dossier
// is held (2). It is kept apart until two persons have said which dossier it joins.
type Second struct {
	DossierID string // of one that is likely theirs; the one under the same number is found by it
	Shelf     string // where the packet is kept meanwhile
	Document  string // what was compared
	SeenBy    string
	SeenOn    calendar.Date

	Held  dossier.Dossier // which was found
	Alike bool            // by name and birth date, not by the number
}

// KeptApart is how a case ends whose packet is a second one.
const KeptApart = "一人多档，另行保管"

// check says everything that is missing at once.
func (s *Second) check(today calendar.Date) error {
	var missing []rule.Reason
	lacks := func(slug, field, message, next string) {
		missing = append(missing, rule.Reason{Rule: "2", Slug: slug, Field: field, Message: message, Next: next})
	}
	for _, t := range []*string{&s.Shelf, &s.Document, &s.SeenBy} {
		*t = strings.TrimSpace(*t)
	}
	if s.Shelf == "" {
		lacks("shelf_missing", "shelf", "没有写明这一包放在何处。", "请填写库位，例如：待核柜 01。")
	}
	if s.Document == "" {
		lacks("document_missing", "document", "没有写明对照了什么材料。", "请写明，例如：来件履历表与在管档案的姓名、出生日期、学历。")
	}
	if s.SeenBy == "" {
		lacks("seen_by_missing", "seenBy", "没有写明由谁查看。", "请填写查看人姓名。")
	}
	if !s.SeenOn.Valid() || s.SeenOn > today {
		lacks("seen_on_invalid", "seenOn", "查看日期没有填写，或晚于今天。", "请填写实际查看的日期。")
	}
	if len(missing) > 0 {
		return rule.Complete(missing...)
	}
	return nil
}

// Keep ends the case: the packet came and is answered for, and no dossier grows out of it.
func (c *Case) Keep(items []Item, by string, at time.Time) error {
	if err := c.Step("transfer.second"); err != nil {
		return err
	}
	if c.CheckedAt.IsZero() {
		return rule.Refuse(unchecked())
	}
	if c.damaged() {
		return rule.Refuse(unsigned())
	}
	c.compare(items)
	c.SecondChecker, c.ReceivedAt, c.ReceiptOn, c.ClosedAt = by, at, calendar.Of(at).String(), at
	c.Outcome, c.State = KeptApart, Closed
	return nil
}

// KeepSecond is the second checker's word that the packet is a second one of a person whose
// dossier is held. In one act the receipt goes back, which ends the sender's duty, and the
// packet stands among those that serve nobody until it is resolved.
func (k *Desk) KeepSecond(ctx context.Context, by policy.Actor, id string, s Second) (Case, error) {
	return k.on(ctx, by, "transfer.second", []rule.ID{"2", "20.5"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		items, err := ItemsOf(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		if err := c.Keep(items, by.ID, tx.Now()); err != nil {
			return err
		}
		if err := k.heldAlready(tx, *c, *d, &s); err != nil {
			return err
		}
		if err := s.check(tx.Today()); err != nil {
			return err
		}
		if err := k.issueReceipt(tx, c, dossier.Dossier{}, items, nil); err != nil {
			return err
		}
		if c.CheckResult == "不符" {
			if err := k.issueDifference(tx, *c, dossier.Dossier{}, items); err != nil {
				return err
			}
		}
		if err := setPapers(tx, c.Ref(), document.Answered, document.TransferNotice, document.TransferLetter); err != nil {
			return err
		}
		tx.Note("document", s.Document)
		return k.Second(tx, *c, s)
	})
}

// notSecond refuses to call a packet a second one of a person of whom no dossier is held.
var notSecond = rule.Reason{Rule: "2", Slug: "not_second", Field: "dossierId", Message: "全市在管档案中没有此人的一卷，也没有姓名、出生日期都相同的。", Next: "请照常复核签收。"}

// heldAlready finds the dossier that is held: under the same number, or the one that was chosen
// among those of the same name and birth date. One above the actor's clearance is as unknown as none (15).
func (k *Desk) heldAlready(tx *gate.Tx, c Case, d dossier.Dossier, s *Second) error {
	ctx := tx.Context()
	who, err := person.ByIDNo(ctx, tx, k.keys, c.IDNo)
	if err == nil {
		if d, err = store.Get[dossier.Dossier](ctx, tx, "WHERE person_id=? AND state<>?"+tx.ForUpdate(), who.ID, string(dossier.Left)); err == nil {
			s.Held = d
			if d.Secrecy > tx.Actor().Clearance || slices.Contains(tx.Actor().Barred, d.PersonID) {
				return rule.Refuse(notSecond)
			}
			tx.About("Dossier", d.ID)
			return nil
		}
	}
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	found, err := double.Find(ctx, tx, k.keys, tx.Actor(), []person.Candidate{person.CandidateOf(c.PersonName, c.IDNo)})
	if err != nil {
		return err
	}
	alike := slices.DeleteFunc(found[0], func(l double.Likely) bool { return l.Dossier.State == dossier.Left })
	if len(alike) == 0 {
		return rule.Refuse(notSecond)
	}
	at := slices.IndexFunc(alike, func(l double.Likely) bool { return l.Dossier.ID == s.DossierID || s.DossierID == "" && len(alike) == 1 })
	if at < 0 {
		return rule.Mistake(rule.Reason{Rule: "2", Slug: "second_of_whom", Field: "dossierId", Message: "姓名、出生日期相同的不止一卷，没有选是哪一卷。", Next: "请对照材料选择；都不是的，认定不是同一人后复核签收。"})
	}
	s.Held, s.Alike = alike[at].Dossier, true // not what the act is about: it may be another person's
	return nil
}

// SecondOf tells, for the page of a case at its check, the dossiers that its person is known or
// likely to have: then the packet is a second one (2).
func (k *Desk) SecondOf(ctx context.Context, by policy.Actor, c Case) ([]double.Likely, error) {
	if c.Direction != In || c.State != Checking || c.Packet() {
		return nil, nil
	}
	q := k.gate.DB()
	who, err := person.ByIDNo(ctx, q, k.keys, c.IDNo)
	if err == nil {
		kept, err := double.KeptOf(ctx, q, by, []person.Person{who})
		if err != nil {
			return nil, err
		}
		if d, ok := kept[who.ID]; ok && d.State != dossier.Left {
			return []double.Likely{{Dossier: d, Person: who}}, nil
		}
		return nil, nil
	} else if !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	found, err := double.Find(ctx, q, k.keys, by, []person.Candidate{person.CandidateOf(c.PersonName, c.IDNo)})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(found[0], func(l double.Likely) bool { return l.Dossier.State == dossier.Left }), nil
}
