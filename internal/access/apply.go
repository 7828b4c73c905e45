package access

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"dangan/internal/account"
	"dangan/internal/calendar"
	"dangan/internal/clock"
	"dangan/internal/codes"
	"dangan/internal/custody"
	"dangan/internal/death"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/intake"
	"dangan/internal/introduction"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
)

// NewReader is a reader as the form says it. ID names one that is on the form
// already and whose number, shown masked, was left as it is.
type NewReader struct {
	ID, Name, IDNo, Post, Political, NonMember, Card string
	Declared, Pledged                                bool
}

// Application is the form as the clerk fills it in (forms.md 8 and 9).
type Application struct {
	DossierID                               string
	UnitKind, Unit, UnitCode                string
	Purpose, Reason, Basis                  string
	PaperName, PaperNo, PaperOn, PaperUntil string
	Sealed, Matches, FormSigned             bool
	FormBy                                  string
	Classes                                 []string // empty: the whole dossier
	Way                                     string
	Readers                                 []NewReader
	IntakeID                                string // the record of the application, where it came over the net (29.8)
}

// shape checks what can't be right, beside the fields (29.8), and brings the
// values to the form in which they are kept.
func (k *Desk) shape(a Application, today calendar.Date) (Case, []Reader, error) {
	var out []rule.Reason
	wrong := func(id rule.ID, slug, field, message, next string) {
		out = append(out, reason(id, slug, field, message, next))
	}
	c := Case{DossierID: a.DossierID, UnitKind: a.UnitKind, Unit: strings.TrimSpace(a.Unit), Purpose: a.Purpose, Reason: strings.TrimSpace(a.Reason),
		Basis: strings.TrimSpace(a.Basis), PaperName: strings.TrimSpace(a.PaperName), PaperNo: strings.TrimSpace(a.PaperNo), PaperOn: a.PaperOn, PaperUntil: a.PaperUntil,
		Sealed: a.Sealed, Matches: a.Matches, FormSigned: a.FormSigned, FormBy: strings.TrimSpace(a.FormBy), AskedKind: Whole, Way: a.Way}
	letter := c.letter()
	letter.UnitCode = a.UnitCode
	out = append(out, letter.Wrong(words, today)...)
	c.UnitCode = letter.UnitCode
	if c.Way != Digital && c.Way != Paper {
		wrong("21.1", "way_unknown", "way", "未选定查阅方式。", "请选数字影像或纸质原件。")
	}
	for _, class := range a.Classes {
		if _, ok := codes.FindClass(class); !ok {
			wrong("21.1", "class_unknown", "classes", "没有“"+class+"”这一类别。", "请从十类中选择。")
			break
		}
	}
	if len(a.Classes) > 0 {
		c.AskedKind, c.Asked = Classes, strings.Join(a.Classes, "|")
	}
	readers := make([]Reader, len(a.Readers))
	for i, n := range a.Readers {
		readers[i] = Reader{Name: strings.TrimSpace(n.Name), IDNo: n.IDNo, Post: strings.TrimSpace(n.Post), Political: n.Political, NonMember: strings.TrimSpace(n.NonMember),
			Card: strings.TrimSpace(n.Card), Declared: n.Declared, Pledged: n.Pledged}
	}
	people := introduced(readers)
	out = append(out, introduction.WrongPeople(people, words, today)...)
	for i, p := range people {
		readers[i].IDNo, readers[i].IDIndex = p.IDNo, k.keys.Index(person.IndexPurpose, p.IDNo)
	}
	if len(out) > 0 {
		return c, nil, rule.Mistake(out...)
	}
	return c, readers, nil
}

// Wrong says what can't be right in an application; what is only missing is told with the case.
func (k *Desk) Wrong(a Application) error {
	_, _, err := k.shape(a, k.gate.Today())
	return err
}

func (k *Desk) standards(today calendar.Date) Standards {
	return Standards{Today: today, CandidateCounts: k.settings.Int(setting.CandidateCounts) == 1, CourtOrders: k.settings.Int(setting.CourtOrders) == 1}
}

// Limits are the province's bounds of a session.
func (k *Desk) Limits() Limits {
	return Limits{Minutes: int64(k.settings.Int(setting.ReadingMinutes)), Pages: int64(k.settings.Int(setting.ReadingPages))}
}

// Apply takes an application in as a draft: it may still lack papers.
func (k *Desk) Apply(ctx context.Context, by policy.Actor, a Application) (Case, error) {
	c, readers, err := k.shape(a, k.gate.Today())
	if err != nil {
		return c, err
	}
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: "consultation.apply", Rules: []rule.ID{"21.1", "21.2", "29.8"}}, func(tx *gate.Tx) error {
		d, err := dossier.Load(tx, a.DossierID)
		if err != nil {
			return err
		}
		c.ID, c.Version, c.Agency, c.State = gate.NewID(), 1, d.Agency, Draft
		c.AppliedBy, c.AppliedAt, c.NeedsHead = by.ID, tx.Now(), Level(d, c.Purpose)
		if err := tx.Permit(c.Resource(d)); err != nil {
			return err
		}
		if err := held(d); err != nil {
			return err
		}
		if err := ofTheDead(ctx, tx, c); err != nil {
			return err
		}
		if err := onScreen(ctx, tx, c, d); err != nil {
			return err
		}
		year := tx.Now().In(clock.Shanghai).Year()
		n, err := tx.Number(fmt.Sprintf("%s/查阅/%d", c.Agency, year))
		if err != nil {
			return err
		}
		c.No, c.ChangedAt = fmt.Sprintf("CY-%s-%d-%05d", c.Agency, year, n), tx.Now()
		p, err := person.Get(ctx, tx, d.PersonID)
		if err != nil {
			return err
		}
		if err := intake.Take(tx, a.IntakeID, intake.Consultation, c.Ref(), intake.OfDossier(d.ID), intake.OfPerson(p.IDIndex)); err != nil {
			return err
		}
		tx.About("Dossier", d.ID)
		who := make([]string, len(readers))
		for i, r := range readers {
			who[i] = r.IDNo
		}
		if err := account.Came(tx, c.Agency, account.Unit{USCC: c.UnitCode, Name: c.Unit}, account.Bearer{Introduced: who}, c.Ref()); err != nil {
			return err
		}
		if err := tx.Insert(c); err != nil {
			return err
		}
		return keepReaders(tx, c.ID, readers)
	})
	return c, err
}

// ofTheDead refuses purposes that nobody can have with the dossier of the dead (20c).
func ofTheDead(ctx context.Context, q store.Querier, c Case) error {
	_, dead, err := death.Of(ctx, q, c.DossierID)
	if err != nil || !dead {
		return err
	}
	return death.Consult(c.Purpose)
}

// Edit changes the form of a draft or of a case that waits for papers.
func (k *Desk) Edit(ctx context.Context, by policy.Actor, id string, a Application) (Case, error) {
	known, err := Readers(ctx, k.gate.DB(), id)
	if err != nil {
		return Case{}, err
	}
	for i, n := range a.Readers {
		at := slices.IndexFunc(known, func(r Reader) bool { return r.ID == n.ID })
		if at >= 0 && (n.IDNo == "" || n.IDNo == identity.Mask(known[at].IDNo)) {
			a.Readers[i].IDNo = known[at].IDNo
		}
	}
	fresh, readers, err := k.shape(a, k.gate.Today())
	if err != nil {
		return fresh, err
	}
	return k.act(ctx, by, "consultation.edit", []rule.ID{"21.1", "29.8"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := c.step("更改申请", Draft, Incomplete); err != nil {
			return err
		}
		if a.DossierID != c.DossierID {
			return rule.Mistake(reason("21.1", "other_dossier", "dossierId", "不能改换被查阅人。", "查阅另一人的，请另行申请。"))
		}
		old := *c
		*c = fresh
		c.ID, c.Version, c.No, c.Agency, c.State = old.ID, old.Version, old.No, old.Agency, old.State
		c.AppliedBy, c.AppliedAt, c.NeedsHead = old.AppliedBy, old.AppliedAt, Level(*d, fresh.Purpose)
		c.Missing, c.ToldOn, c.ToldDue = old.Missing, old.ToldOn, old.ToldDue
		if err := ofTheDead(ctx, tx, *c); err != nil {
			return err
		}
		if err := onScreen(ctx, tx, *c, *d); err != nil {
			return err
		}
		return keepReaders(tx, c.ID, readers)
	})
}

// Submit hands an application in. What is missing is told once with everything:
// the case then waits, and lacks names what for.
func (k *Desk) Submit(ctx context.Context, by policy.Actor, id string) (c Case, lacks []rule.Reason, err error) {
	c, err = k.act(ctx, by, "consultation.submit", []rule.ID{"21a", "21.1", "21.2", "21c", "29.8"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		readers, err := Readers(tx.Context(), tx, c.ID)
		if err != nil {
			return err
		}
		found, err := related(tx.Context(), tx, c.DossierID, readers)
		if err != nil {
			return err
		}
		due, _ := tx.Calendar().AddWorkdays(tx.Today(), k.settings.Int(setting.CompletionDays))
		first := c.ToldOn == ""
		accepted := c.State == Draft
		if lacks, err = c.Submit(readers, found, k.standards(tx.Today()), due); err != nil {
			return err
		}
		if err := held(*d); err != nil {
			return err
		}
		if err := onScreen(ctx, tx, *c, *d); err != nil {
			return err
		}
		if accepted {
			if err := k.acceptance(tx, *c, *d); err != nil {
				return err
			}
		}
		if len(lacks) == 0 {
			return nil
		}
		slugs := make([]string, len(lacks))
		for i, l := range lacks {
			slugs[i] = string(l.Rule) + "/" + l.Slug
		}
		tx.Note("lacks", slugs)
		if first {
			return k.completion(tx, *c, *d, lacks)
		}
		return nil
	})
	return c, lacks, err
}

// Withdraw takes an application back at the unit's wish.
func (k *Desk) Withdraw(ctx context.Context, by policy.Actor, id, why string) (Case, error) {
	return k.act(ctx, by, "consultation.withdraw", []rule.ID{"21.1"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if c.sent.No != "" {
			why = "申请单位网上撤回"
		}
		if err := c.Withdraw(tx.Now(), why); err != nil {
			return err
		}
		if err := account.Online(tx, c.Agency, c.Ref()); err != nil {
			return err
		}
		if err := c.sent.GivenUp(tx, c.Ref(), "/consultations/"+c.ID); err != nil {
			return err
		}
		return custody.Finish(tx, d, c.Ref())
	})
}
