package loan

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"dangan/internal/account"
	"dangan/internal/calendar"
	"dangan/internal/clock"
	"dangan/internal/death"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/introduction"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
)

// NewPerson is one of the unit's people as the form says it. ID names one that is on the
// form already and whose number, shown masked, was left as it is.
type NewPerson struct {
	ID, Name, IDNo, Post, Political, NonMember, Card string
	Carries, Keeps, Declared, Pledged                bool
}

// Application is the form as the clerk fills it in (forms.md 8, 9 and 10).
type Application struct {
	DossierID                               string
	UnitKind, Unit, UnitCode, Superior      string
	Purpose, Reason, Basis                  string
	WhyNotHere, KeptAt                      string
	PaperName, PaperNo, PaperOn, PaperUntil string
	Sealed, Matches, FormSigned             bool
	FormBy                                  string
	Pledged                                 bool
	Days                                    int64
	Way                                     string
	People                                  []NewPerson
}

// shape checks what can't be right, beside the fields (29.8), and brings the values to the
// form in which they are kept.
func (k *Desk) shape(a Application, today calendar.Date) (Case, []Person, error) {
	var out []rule.Reason
	wrong := func(id rule.ID, slug, field, message, next string) {
		out = append(out, reason(id, slug, field, message, next))
	}
	trim := strings.TrimSpace
	c := Case{DossierID: a.DossierID, UnitKind: a.UnitKind, Unit: trim(a.Unit), Superior: trim(a.Superior), Purpose: a.Purpose, Reason: trim(a.Reason), Basis: trim(a.Basis), WhyNotHere: trim(a.WhyNotHere), KeptAt: trim(a.KeptAt),
		PaperName: trim(a.PaperName), PaperNo: trim(a.PaperNo), PaperOn: a.PaperOn, PaperUntil: a.PaperUntil, Sealed: a.Sealed, Matches: a.Matches, FormSigned: a.FormSigned, FormBy: trim(a.FormBy), Pledged: a.Pledged, Days: a.Days, Way: a.Way}
	letter := c.letter()
	letter.UnitCode = a.UnitCode
	out = append(out, letter.Wrong(words, today)...)
	c.UnitCode = letter.UnitCode
	if ways[c.Way] == "" {
		wrong("22", "way_unknown", "way", "未选定取送方式。", "请选专人送取或机要通信；不能邮寄，不能由存档人员自带。")
	}
	if most := k.MostDays(); c.Days < 1 || c.Days > most {
		wrong("22", "days_out_of_range", "days", fmt.Sprintf("借阅期限应为1至%d天。", most), "请更正；确需更长的，到期前可以续借一次。")
	}
	people := make([]Person, len(a.People))
	for i, n := range a.People {
		people[i] = Person{Name: trim(n.Name), IDNo: n.IDNo, Post: trim(n.Post), Political: n.Political, NonMember: trim(n.NonMember), Card: trim(n.Card), Carries: n.Carries, Keeps: n.Keeps, Declared: n.Declared, Pledged: n.Pledged}
	}
	sent := introduced(people)
	out = append(out, introduction.WrongPeople(sent, words, today)...)
	for i, p := range sent {
		people[i].IDNo, people[i].IDIndex = p.IDNo, k.keys.Index(person.IndexPurpose, p.IDNo)
	}
	if len(out) > 0 {
		return c, nil, rule.Mistake(out...)
	}
	return c, people, nil
}

// ofTheDead refuses purposes that nobody can have with the dossier of the dead (20c).
func ofTheDead(ctx context.Context, q store.Querier, c Case) error {
	_, dead, err := death.Of(ctx, q, c.DossierID)
	if err != nil || !dead {
		return err
	}
	return death.Consult(c.Purpose)
}

// Apply takes an application in as a draft: it may still lack papers.
func (k *Desk) Apply(ctx context.Context, by policy.Actor, a Application) (Case, error) {
	c, people, err := k.shape(a, k.gate.Today())
	if err != nil {
		return c, err
	}
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActApply, Rules: []rule.ID{"22", "21.1", "21.2", "29.8"}}, func(tx *gate.Tx) error {
		d, err := dossier.Load(tx, a.DossierID)
		if err != nil {
			return err
		}
		c.ID, c.Version, c.Agency, c.State, c.AppliedBy, c.AppliedAt, c.ChangedAt = gate.NewID(), 1, d.Agency, Draft, by.ID, tx.Now(), tx.Now()
		if err := tx.Permit(c.Resource(d)); err != nil {
			return err
		}
		if err := held(c, d); err != nil {
			return err
		}
		if err := ofTheDead(ctx, tx, c); err != nil {
			return err
		}
		other, err := store.List[Case](ctx, tx, "WHERE dossier_id=? AND state NOT IN "+ended+" ORDER BY id LIMIT 1", d.ID)
		if err != nil {
			return err
		}
		if len(other) > 0 {
			return rule.Refuse(reason("22", "loan_open", "dossierId", "该档案已有在办的借阅（"+other[0].No+"）。", "请先办结或撤回那一件；档案归还并核对后再申请。"))
		}
		year := tx.Now().In(clock.Shanghai).Year()
		n, err := tx.Number(fmt.Sprintf("%s/借阅/%d", c.Agency, year))
		if err != nil {
			return err
		}
		c.No = fmt.Sprintf("JY-%s-%d-%05d", c.Agency, year, n)
		tx.About("Dossier", d.ID)
		who := make([]string, len(people))
		for i, p := range people {
			who[i] = p.IDNo
		}
		if err := account.Came(tx, c.Agency, account.Unit{USCC: c.UnitCode, Name: c.Unit}, account.Bearer{Introduced: who}, c.Ref()); err != nil {
			return err
		}
		if err := tx.Insert(c); err != nil {
			return err
		}
		return keepPeople(tx, c.ID, people)
	})
	return c, err
}

// Edit changes the form of a draft or of a case that waits for papers.
func (k *Desk) Edit(ctx context.Context, by policy.Actor, id string, a Application) (Case, error) {
	known, err := People(ctx, k.gate.DB(), id)
	if err != nil {
		return Case{}, err
	}
	for i, n := range a.People {
		at := slices.IndexFunc(known, func(p Person) bool { return p.ID == n.ID })
		if at >= 0 && (n.IDNo == "" || n.IDNo == identity.Mask(known[at].IDNo)) {
			a.People[i].IDNo = known[at].IDNo
		}
	}
	fresh, people, err := k.shape(a, k.gate.Today())
	if err != nil {
		return fresh, err
	}
	return k.act(ctx, by, ActEdit, []rule.ID{"22", "21.1", "29.8"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := c.step("更改申请", Draft, Incomplete); err != nil {
			return err
		}
		if a.DossierID != c.DossierID {
			return rule.Mistake(reason("21.1", "other_dossier", "dossierId", "不能改换存档人员。", "借阅另一人的，请另行申请。"))
		}
		old := *c
		*c = fresh
		c.ID, c.Version, c.No, c.Agency, c.State, c.AppliedBy, c.AppliedAt = old.ID, old.Version, old.No, old.Agency, old.State, old.AppliedBy, old.AppliedAt
		c.Missing, c.ToldOn, c.ToldDue = old.Missing, old.ToldOn, old.ToldDue
		if err := ofTheDead(ctx, tx, *c); err != nil {
			return err
		}
		return keepPeople(tx, c.ID, people)
	})
}

// Submit hands an application in. What is missing is told once with everything: the case
// then waits, and lacks names what for.
func (k *Desk) Submit(ctx context.Context, by policy.Actor, id string) (c Case, lacks []rule.Reason, err error) {
	c, err = k.act(ctx, by, ActSubmit, []rule.ID{"22", "21a", "21.1", "21.2", "21c", "29.8"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		people, err := People(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		found, err := related(ctx, tx, c.DossierID, people)
		if err != nil {
			return err
		}
		s, err := k.standards(tx, *c)
		if err != nil {
			return err
		}
		due, _ := tx.Calendar().AddWorkdays(tx.Today(), k.settings.Int(setting.CompletionDays))
		first, accepted := c.ToldOn == "", c.State == Draft
		if lacks, err = c.Submit(people, *d, found, s, due); err != nil {
			return err
		}
		if err := held(*c, *d); err != nil {
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
