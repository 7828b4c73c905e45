package double

import (
	"context"
	"encoding/hex"
	"errors"
	"slices"
	"strings"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/message"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Actions of the room, as the policies name them.
const (
	ActState = "double.state"
	ActUndo  = "double.undo"
	ActRead  = "double.list"
)

var rules = []rule.ID{"2"}

// Desk is the room's door.
type Desk struct {
	gate *gate.Gate
	keys person.Indexer
}

// New opens the room.
func New(g *gate.Gate, keys person.Indexer) *Desk { return &Desk{gate: g, keys: keys} }

// Statement is that two people of one name and birth date are two: the persons of two
// dossiers, or of a dossier and somebody who is not kept yet.
type Statement struct {
	DossierID string
	OtherID   string     // the other dossier
	Candidate *Candidate // instead of it
	Reason    string
	Document  string // what was seen
	SeenBy    string
	SeenOn    calendar.Date
}

// check says everything that is missing at once.
func (s *Statement) check(today calendar.Date) error {
	var missing []rule.Reason
	lacks := func(slug, field, message, next string) {
		missing = append(missing, rule.Reason{Rule: "2", Slug: slug, Field: field, Message: message, Next: next})
	}
	for _, t := range []*string{&s.Reason, &s.Document, &s.SeenBy} {
		*t = strings.TrimSpace(*t)
	}
	if s.Reason == "" {
		lacks("reason_missing", "reason", "没有写明为什么不是同一人。", "请写明，例如：父母姓名、籍贯、毕业院校均不同。")
	}
	if s.Document == "" {
		lacks("document_missing", "document", "没有写明查看了什么证件或材料。", "请写明，例如：两人的居民身份证、户口簿，袋内履历表。")
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

// resource is what was said as the policies see it, about one of the two dossiers.
func resource(agency string, d dossier.Dossier) policy.Resource {
	return policy.Resource{Type: "DistinctPersons", ID: d.ID, Agencies: []string{agency, d.Agency}, Secrecy: d.Secrecy, Attrs: map[string]any{"agency": agency, "person": d.PersonID}}
}

// State puts on record that two people are two. From then on the one comes in beside the
// other, and the pair is on the list of likely doubles no more.
func (k *Desk) State(ctx context.Context, by policy.Actor, s Statement) (out person.Distinct, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActState, Rules: rules}, func(tx *gate.Tx) error {
		p, err := k.known(tx, s.DossierID)
		if err != nil {
			return err
		}
		out = person.Distinct{ID: gate.NewID(), Version: 1, Agency: by.Org, State: person.Stated, BirthDate: p.BirthDate, StatedBy: by.ID, StatedAt: tx.Now()}
		if s.OtherID != "" {
			err = k.beside(tx, &out, p, s.OtherID)
		} else {
			err = claimed(&out, p, s.Candidate)
		}
		if err != nil {
			return err
		}
		if err := s.check(tx.Today()); err != nil {
			return err
		}
		out.Reason, out.Document, out.SeenBy, out.SeenOn = s.Reason, s.Document, s.SeenBy, string(s.SeenOn)
		if err := tx.Insert(out); errors.Is(err, store.ErrUnique) {
			return rule.Refuse(rule.Reason{Rule: "2", Slug: "distinct_stated", Message: "这两人已认定不是同一人。", Next: "无需再次认定，请重新提交原来的事项。"})
		} else if err != nil {
			return err
		}
		return k.tell(tx, out, "另一机构认定，与这一卷姓名、出生日期相同的另一人不是同一人，理由和依据见“已认定不是同一人”；有误的请告知该机构撤销。")
	})
	return out, err
}

// tell writes what was said into the inbox of the other agencies that keep a dossier of the two;
// who may not know of the dossier does not see it (10b, 15).
func (k *Desk) tell(tx *gate.Tx, said person.Distinct, text string) error {
	pairs, err := k.pairs(tx.Context(), tx, policy.Actor{Clearance: dossier.TopSecret}, []person.Distinct{said})
	if err != nil {
		return err
	}
	for _, l := range pairs[0].Likely {
		if l.Dossier.Agency == tx.Actor().Org || l.Dossier.State == dossier.Left {
			continue
		}
		n := message.Notice{Agency: l.Dossier.Agency, Post: "clerk", DossierID: l.Dossier.ID, CaseRef: "DistinctPersons:" + said.ID, Link: "/unclear?view=distinct", Subject: "认定不是同一人", Text: text}
		if said.State == person.Undone {
			n.Subject, n.Link = "可能重复的档案", "/unclear?view=doubles"
		}
		if err := message.Inform(tx, n); err != nil {
			return err
		}
	}
	return nil
}

var notAlike = rule.Reason{Rule: "2", Slug: "not_alike", Message: "这两人的姓名、出生日期并不都相同。", Next: "无需认定，请重新载入。"}

// Part puts on record, inside the act of a room that found it out, that somebody is another
// person than a dossier's.
func Part(tx *gate.Tx, of dossier.Dossier, c Candidate, s Statement) error {
	p, err := person.Get(tx.Context(), tx, of.PersonID)
	if err != nil {
		return err
	}
	out := person.Distinct{ID: gate.NewID(), Version: 1, Agency: tx.Actor().Org, State: person.Stated, BirthDate: p.BirthDate, StatedBy: tx.Actor().ID, StatedAt: tx.Now(),
		Reason: s.Reason, Document: s.Document, SeenBy: s.SeenBy, SeenOn: string(s.SeenOn)}
	if err := claimed(&out, p, &c); err != nil {
		return err
	}
	if apart, err := person.ApartIndexes(tx.Context(), tx, out.OneIndex, out.Other); err != nil || apart {
		return err
	}
	return tx.Insert(out)
}

// known reads a dossier that a statement names, with its person.
func (k *Desk) known(tx *gate.Tx, id string) (p person.Person, err error) {
	d, err := dossier.Load(tx, id)
	if err != nil {
		return p, err
	}
	if err := tx.Permit(resource(tx.Actor().Org, d)); err != nil {
		return p, err
	}
	if d.MergedInto != "" {
		return p, rule.Refuse(rule.Reason{Rule: "2", Slug: "dossier_merged", Message: "这一卷已并入另一卷。", Next: "并错了的，请申请拆档。"})
	}
	tx.About("Dossier", d.ID)
	tx.About("Person", d.PersonID)
	return person.Get(tx.Context(), tx, d.PersonID)
}

// beside says of the person of another dossier that they are another one.
func (k *Desk) beside(tx *gate.Tx, out *person.Distinct, p person.Person, otherID string) error {
	o, err := k.known(tx, otherID)
	if err != nil {
		return err
	}
	// Alike leaves out who was said to be another one already, which Insert finds by its key.
	apart, err := person.Apart(tx.Context(), tx, p, o)
	if err != nil {
		return err
	}
	alike, err := person.Alike(tx.Context(), tx, k.keys, []person.Candidate{p.Candidate()})
	if err != nil {
		return err
	}
	if !apart && !slices.ContainsFunc(alike[0], func(x person.Person) bool { return x.ID == o.ID }) {
		return rule.Refuse(notAlike)
	}
	out.Name = p.Name
	out.Of(p.IDIndex, o.IDIndex)
	return nil
}

// claimed says of somebody who is not kept yet that they are another one.
func claimed(out *person.Distinct, p person.Person, c *Candidate) error {
	if c == nil {
		return rule.Mistake(rule.Reason{Rule: "2", Slug: "other_missing", Field: "otherId", Message: "没有指明另一人是谁。", Next: "请从可能重复的档案，或被拦下的事项中认定。"})
	}
	ix, err := hex.DecodeString(c.Number)
	if err != nil || len(ix) != len(p.IDIndex) {
		return rule.Mistake(rule.Reason{Rule: "2", Slug: "candidate_invalid", Field: "candidate", Message: "另一人的号码不能识别。", Next: "请重新提交原来的事项，从提示中认定。"})
	}
	if slices.Equal(ix, p.IDIndex) {
		return rule.Refuse(rule.Reason{Rule: "2", Slug: "number_same", Message: "两人是同一个身份证号，就是同一人。", Next: "一人只有一卷档案，请在已有的一卷上办理。"})
	}
	out.Name = strings.TrimSpace(c.Name)
	out.Of(ix, p.IDIndex)
	return nil
}

// Undo takes back, with a reason, what was found to be wrong.
func (k *Desk) Undo(ctx context.Context, by policy.Actor, id, why string) (out person.Distinct, err error) {
	why = strings.TrimSpace(why)
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActUndo, Rules: rules, On: "DistinctPersons:" + id}, func(tx *gate.Tx) error {
		if out, err = store.Get[person.Distinct](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
			return err
		}
		pairs, err := k.pairs(ctx, tx, by, []person.Distinct{out})
		if err != nil {
			return err
		}
		if pairs[0].Hidden {
			return store.ErrNotFound // 15: of what the actor may not know
		}
		// By the agency that said so, or by those above it.
		r := policy.Resource{Type: "DistinctPersons", ID: out.ID, Agencies: []string{out.Agency}, Attrs: map[string]any{"agency": out.Agency}}
		if err := tx.Permit(r); err != nil {
			return err
		}
		if err := tx.Expect(out.Version); err != nil {
			return err
		}
		if out.State != person.Stated {
			return rule.Refuse(rule.Reason{Rule: "2", Slug: "distinct_undone", Message: "这一认定已经撤销。", Next: "请重新载入。"})
		}
		if why == "" {
			return rule.Complete(rule.Reason{Rule: "2", Slug: "undo_reason", Field: "reason", Message: "没有写明为什么撤销。", Next: "请写明发现了什么。"})
		}
		for _, l := range pairs[0].Likely {
			tx.About("Dossier", l.Dossier.ID)
		}
		out.State, out.UndoneBy, out.UndoneAt, out.UndoneWhy = person.Undone, by.ID, tx.Now(), why
		if err := tx.Update(&out); err != nil {
			return err
		}
		return k.tell(tx, out, "另一机构撤销了不是同一人的认定，这一卷与另一卷又列为可能重复。")
	})
	return out, err
}
