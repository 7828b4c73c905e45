package intake

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/message"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
)

// Try does the application at its own room, as an actor. The room of intakes only ever
// tries it, with a context of gate.Dry.
type Try func(ctx context.Context, by policy.Actor) error

// Desk is the room's door.
type Desk struct {
	gate     *gate.Gate
	settings *setting.Desk
	keys     person.Indexer
	press    *document.Press
	actorOf  func(ctx context.Context, staffID string) (policy.Actor, error)

	// TellUnit tells the authorized worker of a unit that has an account at an agency: which
	// stands above this room.
	TellUnit func(tx *gate.Tx, code, uscc, unit, template, matter, caseRef string) error
	// Online keeps which worker of a unit sent, completed or withdrew over the net (12c): it is account.Online.
	Online func(tx *gate.Tx, code, ref string) error
}

// New opens the room. actorOf is the actor of an account as it is now.
func New(g *gate.Gate, settings *setting.Desk, keys person.Indexer, press *document.Press, actorOf func(ctx context.Context, staffID string) (policy.Actor, error)) *Desk {
	return &Desk{gate: g, settings: settings, keys: keys, press: press, actorOf: actorOf}
}

var rules = []rule.ID{"28", "29.8"}

// most bounds an application as it was filled in.
const most = 20_000

// Entry is an application that was not taken in, as it was filled in.
type Entry struct {
	ID          string // a record that goes on: what it says now counts
	Matter      string
	Application json.RawMessage
	Name        string // of the person, or of the unit
	IDNo        string // of the person; "" where a dossier or a unit is named
	DossierID   string
	Applicant   string // "" is the person of the dossier
	Contact     string
	More        []string // what else is missing, beside what the room found: all is told at once
}

func (e *Entry) check() error {
	for _, s := range []*string{&e.Name, &e.IDNo, &e.DossierID, &e.Applicant, &e.Contact} {
		*s = strings.TrimSpace(*s)
	}
	var wrong []rule.Reason
	known := false
	for _, m := range Matters {
		known = known || m.Code == e.Matter
	}
	if !known {
		wrong = append(wrong, reason("28", "matter_unknown", "matter", "没有这种申请。", "请从受理页面登记。"))
	}
	if len(e.Application) == 0 || len(e.Application) > most || !json.Valid(e.Application) {
		wrong = append(wrong, reason("28", "application_unreadable", "application", "申请内容无法识别。", "请从受理页面登记。"))
	}
	if e.Applicant == "" && e.DossierID == "" {
		wrong = append(wrong, reason("29.8", "applicant_missing", "applicant", "没有登记申请人。", "请填写申请人姓名或者单位名称，告知单据此送达。"))
	}
	if len(wrong) > 0 {
		return rule.Mistake(wrong...)
	}
	return nil
}

// judge asks the application's own room, which changes nothing. What comes back is what
// is missing or what stands against it; an application that can be taken in is.
func judge(ctx context.Context, by policy.Actor, try Try) (*rule.Refusal, error) {
	err := try(gate.Dry(ctx), by)
	var said *rule.Refusal
	switch {
	case err == nil:
		return nil, nil
	case errors.As(err, &said) && said.Kind != rule.Invalid:
		return said, nil
	}
	return nil, err
}

func takeable() error {
	return rule.Refuse(reason("29.8", "nothing_against", "", "这件申请没有需要补正的内容，也没有不予办理的情形。", "请直接受理。"))
}

// Record puts an application down that its room does not take in as it is, with the slip,
// and tells at once what is missing, or proposes 不予办理 to another person. A record that
// goes on (Entry.ID) is judged anew; its papers are asked for only once.
func (k *Desk) Record(ctx context.Context, by policy.Actor, e Entry, try Try) (c Case, err error) {
	if err := e.check(); err != nil {
		return c, err
	}
	said, err := judge(ctx, by, try)
	if err != nil {
		return c, err
	}
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActRecord, Rules: rules, On: on(e.ID)}, func(tx *gate.Tx) error {
		fresh := e.ID == ""
		if fresh {
			c = Case{ID: gate.NewID(), Version: 1, Agency: by.Org, Matter: e.Matter, Name: e.Name, RecordedBy: by.ID, RecordedAt: tx.Now()}
		} else if c, err = load(tx, e.ID); err != nil {
			return err
		}
		secrecy, err := k.place(tx, &c, e)
		if err != nil {
			return err
		}
		if err := tx.Permit(c.Resource(secrecy)); err != nil {
			return err
		}
		if said == nil {
			return takeable()
		}
		if fresh {
			if err := alone(tx, c); err != nil {
				return err
			}
		} else {
			if err := tx.Expect(c.Version); err != nil {
				return err
			}
			if err := c.must("登记", Sent, Completing, Returned); err != nil {
				return err
			}
			if c.Matter != e.Matter {
				return other()
			}
			c.RecordedBy = by.ID
		}
		if said.Kind == rule.Incomplete {
			for _, m := range e.More {
				if m = strings.TrimSpace(m); m != "" {
					said.Reasons = append(said.Reasons, reason("29.8", "paper_missing", "", m, "请补齐后交到窗口。"))
				}
			}
		}
		if err := c.Judged(said, k.within(tx, setting.CompletionDays), k.within(tx, setting.IntakeDays)); err != nil {
			return err
		}
		c.Application, c.Applicant, c.Contact, c.ChangedAt = string(e.Application), e.Applicant, e.Contact, tx.Now()
		if c.Applicant == "" { // the person of the dossier
			c.Applicant = c.Name
		}
		tx.Note("matter", c.Matter)
		tx.Note("state", c.State)
		return k.put(tx, &c, fresh)
	})
	return c, err
}

// within is the day until which something is due, in working days of a setting.
func (k *Desk) within(tx *gate.Tx, days setting.Key) calendar.Date {
	due, _ := tx.Calendar().AddWorkdays(tx.Today(), k.settings.Int(days))
	return due
}

func on(id string) string {
	if id == "" {
		return ""
	}
	return "Intake:" + id
}

func other() error {
	return rule.Mistake(reason("29.8", "intake_of_another", "intake", "登记的是另一件申请。", "请从该件登记的页面继续受理。"))
}

// place finds whom an application is about, and how secret the dossier is.
func (k *Desk) place(tx *gate.Tx, c *Case, e Entry) (secrecy int, err error) {
	var d dossier.Dossier
	subject, ctx, was := OfUnit(e.Name), tx.Context(), c.IDNo
	switch {
	case e.DossierID != "":
		if d, err = dossier.Get(ctx, tx, e.DossierID); err != nil {
			return 0, err
		}
		p, err := person.Get(ctx, tx, d.PersonID)
		if err != nil {
			return 0, err
		}
		subject, c.Name, c.IDNo, c.PersonID = OfDossier(d.ID), p.Name, p.IDNo, p.ID
	case e.IDNo != "":
		who, problem := identity.Parse(e.IDNo, tx.Today())
		if problem != "" {
			return 0, rule.Mistake(reason("12b", "identity_number_invalid", "idNo", "公民身份号码有误："+identity.ProblemText(problem)+"。", "请对照证件原件核对后重新填写。"))
		}
		index := k.keys.Index(person.IndexPurpose, who.Number)
		subject, c.IDNo = OfPerson(index), who.Number
		p, err := person.KnownTo(ctx, tx, k.keys, tx.Actor(), who.Number)
		if errors.Is(err, store.ErrNotFound) {
			break
		} else if err != nil {
			return 0, err
		}
		c.PersonID = p.ID
		if d, err = store.Get[dossier.Dossier](ctx, tx, "WHERE person_id=?", p.ID); err != nil && !errors.Is(err, store.ErrNotFound) {
			return 0, err
		}
	case e.Name == "":
		return 0, rule.Mistake(reason("29.8", "subject_missing", "name", "没有填写是谁的申请。", "请填写姓名或者单位名称。"))
	}
	if c.Subject != "" && c.Subject != subject && (c.Sender == "" || was == "" || was != c.IDNo) {
		return 0, other()
	}
	if c.Sender == "" || c.Subject == "" {
		c.Subject = subject
	}
	c.DossierID = d.ID
	return d.Secrecy, nil
}

// alone refuses to put the same application down twice while the first has no end.
func alone(tx *gate.Tx, c Case) error {
	had, err := store.Get[Case](tx.Context(), tx, "WHERE agency=? AND matter=? AND subject=? AND sender IS NULL AND state IN ('completing','proposed','returned') LIMIT 1", c.Agency, c.Matter, c.Subject)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	return rule.Refuse(rule.Reason{Rule: "29.8", Slug: "recorded_already", Message: "这件申请已经登记（" + had.No + "，" + stateNames[had.State].name + "）。", Next: "请在原登记上办理。", Facts: map[string]any{"intake": had.ID}})
}

// put writes a record that was judged, and its papers: the slip once, and what is missing.
func (k *Desk) put(tx *gate.Tx, c *Case, fresh bool) error {
	own, err := agency.Get(tx.Context(), tx, c.Agency)
	if err != nil {
		return err
	}
	if c.DossierID != "" {
		tx.About("Dossier", c.DossierID)
	}
	if fresh {
		if err := c.number(tx); err != nil {
			return err
		}
		tx.About("Intake", c.ID)
		tx.Note("no", c.No)
	}
	if fresh || c.Sender != "" && !c.Slip {
		if err := k.issueSlip(tx, *c, own); err != nil {
			return err
		}
		c.Slip = c.Sender != ""
	}
	if c.State == Completing {
		if err := k.issueCompletion(tx, *c, own); err != nil {
			return err
		}
		if err := k.tellSender(tx, *c, message.UnitMore); err != nil {
			return err
		}
	}
	if fresh {
		return tx.Insert(*c)
	}
	return tx.Update(c)
}

// load reads a record for change.
func load(tx *gate.Tx, id string) (Case, error) {
	return store.Get[Case](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), id)
}

// secrecy is that of the dossier a record is about, 0 without one.
func (c Case) secrecy(ctx context.Context, q store.Querier) (int, error) {
	if c.DossierID == "" {
		return 0, nil
	}
	d, err := dossier.Get(ctx, q, c.DossierID)
	return d.Secrecy, err
}

// act performs one act on a record and saves it.
func (k *Desk) act(ctx context.Context, by policy.Actor, action, id string, fn func(tx *gate.Tx, c *Case) error) (c Case, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: action, Rules: rules, On: on(id)}, func(tx *gate.Tx) error {
		if c, err = load(tx, id); err != nil {
			return err
		}
		secrecy, err := c.secrecy(ctx, tx)
		if err != nil {
			return err
		}
		if err := tx.Permit(c.Resource(secrecy)); err != nil {
			return err
		}
		if err := tx.Expect(c.Version); err != nil {
			return err
		}
		if c.DossierID != "" {
			tx.About("Dossier", c.DossierID)
		}
		if err := fn(tx, &c); err != nil {
			return err
		}
		c.ChangedAt = tx.Now()
		return tx.Update(&c)
	})
	return c, err
}

// Refuse agrees to 不予办理: the notice goes out, and on the list of the supervisors. What
// stood against the application must still stand: its room is asked again, as for who
// recorded it.
func (k *Desk) Refuse(ctx context.Context, by policy.Actor, id, note string, try func(Case) Try) (Case, error) {
	c, err := k.Get(ctx, id)
	if err != nil {
		return c, err
	}
	var said *rule.Refusal
	if c.State == Proposed {
		clerk, err := k.actorOf(ctx, c.RecordedBy)
		if err != nil {
			return c, err
		}
		if said, err = judge(ctx, clerk, try(c)); err != nil {
			return c, err
		}
		if said != nil && said.Reasons[0].Slug == "intake_"+Proposed { // nothing stood against it but this record
			said = nil
		}
	}
	return k.act(ctx, by, ActRefuse, id, func(tx *gate.Tx, c *Case) error {
		if err := c.Decide(true, note, by.ID, tx.Now(), ""); err != nil {
			return err
		}
		if said == nil || !c.stands(said) {
			return rule.Refuse(reason("29.8", "stands_no_longer", "", "重新核对，登记时的不予办理情形已不再成立，或者登记人已不在岗。", "请退回受理，由经办人继续办理；有新的情形的，重新登记。"))
		}
		own, err := agency.Get(ctx, tx, c.Agency)
		if err != nil {
			return err
		}
		if err := k.issueRefusal(tx, c, own); err != nil {
			return err
		}
		return k.tellSender(tx, *c, message.UnitDeclined)
	})
}

// Return says that the application is to be taken in.
func (k *Desk) Return(ctx context.Context, by policy.Actor, id, note string) (Case, error) {
	return k.act(ctx, by, ActReturn, id, func(tx *gate.Tx, c *Case) error {
		return c.Decide(false, note, by.ID, tx.Now(), k.within(tx, setting.IntakeDays))
	})
}

// Withdraw registers that the applicant gives the application up; over the net the
// applicant does it without a reason.
func (k *Desk) Withdraw(ctx context.Context, by policy.Actor, id, note string) (Case, error) {
	return k.act(ctx, by, ActWithdraw, id, func(tx *gate.Tx, c *Case) error {
		if err := c.must("撤回", open...); err != nil {
			return err
		}
		if c.Note = strings.TrimSpace(note); c.Note == "" && by.Kind != policy.Staff {
			c.Note = "申请人网上撤回"
		}
		if c.Note == "" {
			return rule.Complete(reason("29.8", "withdraw_without_reason", "note", "没有写明申请人为什么撤回。", "请照申请人所述填写；经办人不得劝退。"))
		}
		c.end(Withdrawn, tx.Today())
		if by.Kind != policy.Staff {
			if err := k.Online(tx, c.Agency, c.Ref()); err != nil {
				return err
			}
			return c.tellClerk(tx, "网上撤回："+c.MatterName(), "申请人已撤回，不需要再办理。")
		}
		return nil
	})
}

var system = policy.Actor{ID: "system", Kind: policy.System}

// Sweep ends what was not completed in time: the notice said so.
func (k *Desk) Sweep(ctx context.Context) error {
	late, err := store.List[Case](ctx, k.gate.DB(), "WHERE state='completing' AND due_on<? ORDER BY due_on, id LIMIT 500", k.gate.Today().String())
	if err != nil {
		return err
	}
	var errs []error
	for _, c := range late {
		_, err := k.act(ctx, system, ActLapse, c.ID, func(tx *gate.Tx, c *Case) error {
			if !c.Overdue(tx.Today()) {
				return c.must("终止") // somebody was faster
			}
			c.end(Lapsed, tx.Today())
			return nil
		})
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// Take ends a record inside the act by which a room takes its application in. "" is an
// application that came without one. What came over the net may name the person where the
// room names the dossier: either is the subject.
func Take(tx *gate.Tx, id, matter, ref string, subjects ...string) error {
	if id == "" {
		return nil
	}
	c, err := load(tx, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && (c.Agency != tx.Actor().Org || c.Matter != matter || !slices.Contains(subjects, c.Subject)) {
		return other()
	} else if err != nil {
		return err
	}
	if err := c.must("继续受理", Sent, Completing, Returned); err != nil {
		return err
	}
	c.CaseRef, c.ChangedAt = ref, tx.Now()
	c.end(Taken, tx.Today())
	tx.About("Intake", c.ID)
	return tx.Update(&c)
}

// Reinstate lets an application go on whose refusal was objected to and did not hold; it
// runs inside the act that upholds the objection.
func (k *Desk) Reinstate(tx *gate.Tx, id string) error {
	c, err := load(tx, id)
	if err != nil {
		return err
	}
	if err := c.must("恢复受理", Refused); err != nil {
		return err
	}
	c.setAside()
	c.State, c.Upheld, c.EndedOn, c.DueOn, c.ChangedAt = Returned, true, "", k.within(tx, setting.IntakeDays).String(), tx.Now()
	return tx.Update(&c)
}
