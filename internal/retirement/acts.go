package retirement

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/custody"
	"dangan/internal/death"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/mandate"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
)

// Desk is the room's door.
type Desk struct {
	gate     *gate.Gate
	settings *setting.Desk
	dossiers *dossier.Desk
	press    *document.Press
	last     ages
}

// New opens the room.
func New(g *gate.Gate, settings *setting.Desk, dossiers *dossier.Desk, press *document.Press) *Desk {
	return &Desk{gate: g, settings: settings, dossiers: dossiers, press: press}
}

var (
	rules = []rule.ID{"7.4"}
	loan  = []rule.ID{"7.4", "22"}
)

// tableID names the table of ages among the province's settings.
const tableID = "retirement-ages"

// ReplaceTable replaces the table of ages for the whole province; it holds for whoever is
// taken up from now on.
func (k *Desk) ReplaceTable(ctx context.Context, by policy.Actor, text string) (gate.Receipt, error) {
	if _, err := ParseTable(strings.NewReader(text)); err != nil {
		return gate.Receipt{}, unreadable(err)
	}
	return k.settings.ReplaceTable(ctx, by, tableID, text)
}

// horizon is the last day of those who are near their age.
func (k *Desk) horizon(today calendar.Date) calendar.Date {
	return after(today, k.settings.Int(setting.RetireMonths))
}

// byNumber is what a birth date rests on that nobody decided.
const byNumber = "公民身份号码"

// born is the birth date that a pension goes by: as the competent department decided it,
// else the one of the identity number.
func born(ctx context.Context, q store.Querier, d dossier.Dossier, p person.Person) (on calendar.Date, paper string, err error) {
	list, err := dossier.DeterminationsOf(ctx, q, d.ID)
	if err != nil {
		return "", "", err
	}
	for _, e := range list {
		if on := calendar.Date(e.Value); e.Kind == "birth_date" && e.ConfirmedBy != "" && on.Valid() {
			return on, e.Authority + " " + e.DocNo, nil
		}
	}
	return calendar.Date(p.BirthDate), byNumber, nil
}

// Open takes up the matter of a person who is near the age, or chose to retire early.
func (k *Desk) Open(ctx context.Context, by policy.Actor, o Opening) (c Case, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActOpen, Rules: rules}, func(tx *gate.Tx) error {
		d, err := dossier.Load(tx, o.DossierID)
		if err != nil {
			return err
		}
		tx.About("Dossier", d.ID)
		if err := tx.Permit(Case{Agency: d.Agency}.Resource(d)); err != nil {
			return err
		}
		if err := free(ctx, tx, d); err != nil {
			return err
		}
		p, err := person.Get(ctx, tx, d.PersonID)
		if err != nil {
			return err
		}
		on, paper, err := born(ctx, tx, d, p)
		if err != nil {
			return err
		}
		if !on.Valid() {
			return rule.Complete(reason("birth_unknown", "dossierId", "出生日期没有登记。", "请先办理信息变更，补登公民身份号码或出生日期。"))
		}
		term, err := o.check(k.Table(), k.Notice(), p.Sex, on, tx.Today(), k.horizon(tx.Today()))
		if err != nil {
			return err
		}
		c = Case{ID: gate.NewID(), Version: 1, DossierID: d.ID, Agency: d.Agency, State: Checking, Group: o.Group, Ground: o.Ground, BornOn: on.String(), BornBy: paper,
			StatutoryOn: term.Statutory.String(), Choice: o.Choice, DueOn: o.DueOn, ChoicePaper: o.Paper, ChoicePaperOn: o.PaperOn, OpenedBy: by.ID, OpenedAt: tx.Now(), ChangedAt: tx.Now()}
		tx.About("Retirement", c.ID)
		tx.Note("due", c.DueOn)
		if _, err := dossier.ByAgent(tx, d, o.MandateID, mandate.Retirement, c.Ref(), nil); err != nil {
			return err
		}
		return tx.Insert(c)
	})
	return c, err
}

// free refuses a second case, one of a dossier that is elsewhere, and one of the dead.
func free(ctx context.Context, q store.Querier, d dossier.Dossier) error {
	if d.State == dossier.Left || d.State == dossier.InTransit {
		return rule.Refuse(reason("not_held", "dossierId", "档案"+d.State.Name()+"，不由本机构办理。", "请由现保管机构办理。"))
	}
	if _, dead, err := death.Of(ctx, q, d.ID); err != nil {
		return err
	} else if dead {
		return rule.Refuse(rule.Reason{Rule: "20c", Slug: "person_dead", Field: "dossierId", Message: "存档人已登记死亡。", Next: "养老保险待遇结算等由有关单位申请证明；登记有误的，先撤销死亡登记。"})
	}
	n, err := store.Count(ctx, q, "SELECT count(*) FROM retirement WHERE dossier_id=? AND state<>'dropped'", d.ID)
	if err != nil || n == 0 {
		return err
	}
	return rule.Refuse(reason("opened_already", "dossierId", "该存档人已有退休事项。", "请在“退休送审”中查看原事项。"))
}

// act performs one act on a case and saves it.
func (k *Desk) act(ctx context.Context, by policy.Actor, action, id string, rules []rule.ID, fn func(tx *gate.Tx, c *Case, d *dossier.Dossier) error) (Case, error) {
	act := gate.Act{Actor: by, Action: action, Rules: rules, On: "Retirement:" + id}
	return dossier.On(ctx, k.gate, act, func(tx *gate.Tx) (Case, error) { return loadCase(tx, id) }, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := fn(tx, c, d); err != nil {
			return err
		}
		c.ChangedAt = tx.Now()
		return tx.Update(c)
	})
}

func loadCase(tx *gate.Tx, id string) (Case, error) {
	return store.Get[Case](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), id)
}

// Check lays the key facts side by side and counts the packet; what is missing becomes a
// supplement of the person's, which a later filing closes.
func (k *Desk) Check(ctx context.Context, by policy.Actor, id string, n Check) (Case, error) {
	return k.act(ctx, by, ActCheck, id, rules, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if d.Agency != c.Agency {
			return rule.Refuse(reason("moved", "", "档案已转由其他机构保管。", "请登记不再办理，由现保管机构办理。"))
		}
		p, err := person.Get(ctx, tx, d.PersonID)
		if err != nil {
			return err
		}
		facts, err := k.dossiers.Weigh(ctx, tx, p, *d)
		if err != nil {
			return err
		}
		lines, missing, err := findings(facts)
		if err != nil {
			return err
		}
		if err := c.Checked(n, lines, by.ID, tx.Now()); err != nil {
			return err
		}
		tx.Note("findings", len(lines))
		return k.owe(tx, c, d, missing)
	})
}

// owe asks the person for what no material proves, once.
func (k *Desk) owe(tx *gate.Tx, c *Case, d *dossier.Dossier, missing []string) error {
	if len(missing) == 0 {
		return nil
	}
	owed, err := dossier.Owing(tx.Context(), tx, d.ID)
	if err != nil {
		return err
	}
	gaps, _, err := dossier.Gaps(tx.Context(), tx, *d)
	if err != nil {
		return err
	}
	due := after(tx.Today(), k.settings.Int(setting.PromiseMonths))
	for _, g := range gaps {
		if !slices.Contains(missing, g.KeyFact) || slices.ContainsFunc(owed, func(s dossier.Supplement) bool { return s.KeyFact == g.KeyFact }) {
			continue
		}
		if err := dossier.Owe(tx, d, dossier.Supplement{CaseRef: c.Ref(), KeyFact: g.KeyFact, Title: g.Title, Class: g.Class, Consequence: g.Consequence, DueOn: due.String()}); err != nil {
			return err
		}
	}
	return dossier.Save(tx, d)
}

// Drop gives a case up.
func (k *Desk) Drop(ctx context.Context, by policy.Actor, id, why string) (Case, error) {
	return k.act(ctx, by, ActDrop, id, rules, func(tx *gate.Tx, c *Case, _ *dossier.Dossier) error { return c.Drop(by.ID, why, tx.Now()) })
}

// Returned registers that a packet came back, held line by line against what went out by
// one person (22). The packet is in the house again; a second person signs before it goes
// to its shelf.
func (k *Desk) Returned(ctx context.Context, by policy.Actor, id string, r Return) (Case, error) {
	return k.act(ctx, by, ActReturn, id, loan, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		s, items, err := sent(tx, *c)
		if err != nil {
			return err
		}
		anew := c.State == Counted
		held, err := r.hold(items)
		if err != nil {
			return err
		}
		if err := c.Returned(&r, held, by.ID, tx.Now(), tx.Today()); err != nil {
			return err
		}
		for n, i := range held {
			switch {
			case n >= len(items):
				i.ID, i.Version, i.SendingID, i.DossierID = gate.NewID(), 1, s.ID, d.ID
				err = tx.Insert(i)
			case i != items[n]:
				err = tx.Update(&i)
			}
			if err != nil {
				return err
			}
		}
		s.State, s.BackPieces, s.BackPages, s.Packet, s.Difference, s.ReturnedBy, s.ReturnedOn = string(Counted), r.Materials, r.Pages, r.Packet, r.Difference, by.ID, tx.Today().String()
		if err := tx.Update(&s); err != nil || anew {
			return err
		}
		l, err := store.Get[List](ctx, tx, "WHERE id=?"+tx.ForUpdate(), c.ListID)
		if err != nil {
			return err
		}
		l.cameBack()
		l.ChangedAt = tx.Now()
		tx.About("ReviewList", l.ID)
		if err := tx.Update(&l); err != nil {
			return err
		}
		if err := custody.Restore(tx, d, l.Ref(), r.Packet, strings.Join(slices.DeleteFunc([]string{"退休送审归还", r.Difference}, func(s string) bool { return s == "" }), "：")); err != nil {
			return err
		}
		return dossier.Save(tx, d)
	})
}

// sent is a case's sending under way, with its lines.
func sent(tx *gate.Tx, c Case) (s Sending, items []Item, err error) {
	if err := c.May(ActReturn); err != nil {
		return s, nil, err
	}
	if s, err = store.Get[Sending](tx.Context(), tx, "WHERE case_id=? AND list_id=?"+tx.ForUpdate(), c.ID, c.ListID); err != nil {
		return s, nil, err
	}
	items, err = linesOf(tx.Context(), tx, s.ID)
	return s, items, err
}

func linesOf(ctx context.Context, q store.Querier, sending string) ([]Item, error) {
	return store.List[Item](ctx, q, "WHERE sending_id=? ORDER BY line_no LIMIT 6000", sending)
}

// Countersign is the second person's word on the count: the packet may go to its shelf, and
// a difference goes on a record that both signed.
func (k *Desk) Countersign(ctx context.Context, by policy.Actor, id string) (Case, error) {
	return k.act(ctx, by, ActCountersign, id, loan, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		list := c.ListID
		if err := c.Countersign(by.ID, tx.Now()); err != nil {
			return err
		}
		s, err := store.Get[Sending](ctx, tx, "WHERE case_id=? AND list_id=?"+tx.ForUpdate(), c.ID, list)
		if err != nil {
			return err
		}
		s.State, s.SignedBy, s.SignedOn = c.Result, by.ID, tx.Today().String()
		if err := tx.Update(&s); err != nil {
			return err
		}
		l, err := store.Get[List](ctx, tx, "WHERE id=?", list)
		if err != nil {
			return err
		}
		tx.About("ReviewList", l.ID)
		if c.Difference != "" {
			if err := k.issueDifference(tx, *c, s, l, *d); err != nil {
				return err
			}
		}
		if err := custody.Finish(tx, d, l.Ref()); err != nil {
			return err
		}
		return dossier.Save(tx, d)
	})
}

// Dispute has a packet counted again.
func (k *Desk) Dispute(ctx context.Context, by policy.Actor, id, why string) (Case, error) {
	return k.act(ctx, by, ActDispute, id, loan, func(_ *gate.Tx, c *Case, _ *dossier.Dossier) error { return c.Dispute(by.ID, why) })
}

// Settle records what became of a difference.
func (k *Desk) Settle(ctx context.Context, by policy.Actor, id, what string) (Case, error) {
	return k.act(ctx, by, ActSettle, id, loan, func(tx *gate.Tx, c *Case, _ *dossier.Dossier) error { return c.Settle(by.ID, what, tx.Now()) })
}

// Finish ends a case once the approval form is filed.
func (k *Desk) Finish(ctx context.Context, by policy.Actor, id, way, basis string) (Case, error) {
	return k.act(ctx, by, ActFinish, id, []rule.ID{"7.4", "13a"}, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		form, err := approval(ctx, tx, *c)
		if err != nil {
			return err
		}
		return c.Finish(way, basis, form.State == dossier.Filed, *d, by.ID, tx.Now())
	})
}

// Form is the title of the approval form in the tables of materials (9-2).
const Form = "退休（退职）审批表"

// approval is the approval form that came for a case, the filed one first; none: zero.
func approval(ctx context.Context, q store.Querier, c Case) (m dossier.Material, err error) {
	if c.ApprovedOn == "" {
		return m, nil
	}
	list, err := store.List[dossier.Material](ctx, q, "WHERE dossier_id=? AND state NOT IN ('returned') AND received_on>=? ORDER BY received_on DESC, id DESC LIMIT 200", c.DossierID, c.ApprovedOn)
	if err != nil {
		return m, err
	}
	for _, x := range list {
		if isForm(x.Title) && (m.ID == "" || x.State == dossier.Filed) {
			m = x
		}
	}
	return m, nil
}

func isForm(title string) bool {
	t := codes.Canonical(title)
	return t == codes.Canonical(Form) || strings.Contains(title, "退休") && strings.Contains(title, "审批表")
}

// line is one packet of a list.
type line struct {
	Case    Case
	dossier dossier.Dossier
	person  person.Person
}

// lock loads cases with their dossiers, the dossiers first and in order, so that two
// lists and the keeper's acts wait for each other and never in a ring.
func lock(tx *gate.Tx, cases []Case) ([]line, error) {
	slices.SortFunc(cases, func(a, b Case) int { return strings.Compare(a.DossierID, b.DossierID) })
	lines := make([]line, len(cases))
	for i, c := range cases {
		d, err := dossier.Load(tx, c.DossierID)
		if err != nil {
			return nil, err
		}
		lines[i].dossier = d
	}
	for i, c := range cases {
		var err error
		if lines[i].Case, err = loadCase(tx, c.ID); err != nil {
			return nil, err
		}
		if lines[i].person, err = person.Get(tx.Context(), tx, lines[i].dossier.PersonID); err != nil {
			return nil, err
		}
	}
	return lines, nil
}

// Prepare makes a list of packets to go to the reviewer and has the keeper bring them:
// all that are named, or none.
func (k *Desk) Prepare(ctx context.Context, by policy.Actor, p Plan) (l List, err error) {
	p.Recipient = strings.TrimSpace(p.Recipient)
	slices.Sort(p.Cases)
	p.Cases = slices.Compact(p.Cases)
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActPrepare, Rules: loan}, func(tx *gate.Tx) error {
		l = List{ID: gate.NewID(), Version: 1, Agency: by.Org, State: Preparing, Recipient: p.Recipient, PreparedBy: by.ID, PreparedAt: tx.Now(), ChangedAt: tx.Now()}
		if err := tx.Permit(l.Resource()); err != nil {
			return err
		}
		if err := p.check(); err != nil {
			return err
		}
		cases, err := store.List[Case](ctx, tx, "WHERE id IN ("+store.Marks(len(p.Cases))+") LIMIT 200", store.Args(p.Cases)...)
		if err != nil {
			return err
		}
		if len(cases) != len(p.Cases) {
			return gate.ErrHidden
		}
		lines, err := lock(tx, cases)
		if err != nil {
			return err
		}
		for _, x := range lines { // 10b, 15: the list is no way around recusal and clearance
			if err := tx.Permit(x.Case.Resource(x.dossier)); err != nil {
				return err
			}
			if err := x.Case.Takes(); err != nil {
				return err
			}
			l.Secrecy = max(l.Secrecy, x.dossier.Secrecy)
		}
		year := tx.Today().Year()
		n, err := tx.Number(fmt.Sprintf("%s/退休送审/%d", l.Agency, year))
		if err != nil {
			return err
		}
		l.No, l.Persons = fmt.Sprintf("TX-%s-%d-%05d", l.Agency, year, n), int64(len(lines))
		tx.Note("no", l.No)
		tx.Note("persons", l.Persons)
		if err := tx.Insert(l); err != nil {
			return err
		}
		return move(tx, lines, Listed, func(x *line) error {
			x.Case.ListID = l.ID
			return custody.Ask(tx, &x.dossier, l.Ref(), custody.ForReview)
		})
	})
	return l, err
}

// onList performs one act on a list and all its packets.
func (k *Desk) onList(ctx context.Context, by policy.Actor, action, id string, fn func(tx *gate.Tx, l *List, lines []line) error) (l List, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: action, Rules: loan, On: "ReviewList:" + id}, func(tx *gate.Tx) error {
		cases, err := store.List[Case](ctx, tx, "WHERE list_id=? LIMIT 200", id)
		if err != nil {
			return err
		}
		lines, err := lock(tx, cases)
		if err != nil {
			return err
		}
		if l, err = store.Get[List](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
			return err
		}
		if err := tx.Permit(l.Resource()); err != nil {
			return err
		}
		if err := tx.Expect(l.Version); err != nil {
			return err
		}
		for _, x := range lines {
			tx.About("Dossier", x.dossier.ID)
			tx.About("Retirement", x.Case.ID)
		}
		if err := fn(tx, &l, lines); err != nil {
			return err
		}
		l.ChangedAt = tx.Now()
		return tx.Update(&l)
	})
	return l, err
}

// move sets the state of every case of a list.
func move(tx *gate.Tx, lines []line, to State, fn func(x *line) error) error {
	for i := range lines {
		x := &lines[i]
		if err := fn(x); err != nil {
			return err
		}
		x.Case.State, x.Case.ChangedAt = to, tx.Now()
		if err := tx.Update(&x.Case); err != nil {
			return err
		}
	}
	return nil
}

// Deliver hands the packets to the reviewer by the numbered list. They stay in this
// agency's custody and are shown as being outside until they are back.
func (k *Desk) Deliver(ctx context.Context, by policy.Actor, id string, h Handing) (List, error) {
	return k.onList(ctx, by, ActDeliver, id, func(tx *gate.Tx, l *List, lines []line) error {
		due, _ := tx.Calendar().AddWorkdays(calendar.Date(h.On), k.settings.Int(setting.RetireReturn))
		if err := l.Deliver(by.ID, h, tx.Today(), due, lines); err != nil {
			return err
		}
		if err := k.issueList(tx, l, lines); err != nil {
			return err
		}
		return move(tx, lines, Out, func(x *line) error {
			if err := custody.Lend(tx, &x.dossier, l.Ref(), "送审："+l.Recipient); err != nil {
				return err
			}
			if err := dossier.Save(tx, &x.dossier); err != nil {
				return err
			}
			s := Sending{ID: gate.NewID(), Version: 1, CaseID: x.Case.ID, ListID: l.ID, DossierID: x.dossier.ID, Agency: l.Agency, State: string(Out),
				Materials: x.Case.Materials, Pages: x.Case.Pages, SentBy: by.ID, SentAt: tx.Now()}
			if err := tx.Insert(s); err != nil {
				return err
			}
			return writeLines(tx, s)
		})
	})
}

// writeLines writes down the lines of a packet that goes out: its return is held against them.
func writeLines(tx *gate.Tx, s Sending) error {
	filed, err := dossier.CatalogOf(tx.Context(), tx, s.DossierID)
	if err != nil {
		return err
	}
	loose, err := dossier.LooseOf(tx.Context(), tx, s.DossierID)
	if err != nil {
		return err
	}
	for _, i := range itemsOf(append(filed, loose...)) {
		i.ID, i.Version, i.SendingID, i.DossierID = gate.NewID(), 1, s.ID, s.DossierID
		if err := tx.Insert(i); err != nil {
			return err
		}
	}
	return nil
}

// Cancel gives a list up: its packets go back to their shelves, the cases wait again.
func (k *Desk) Cancel(ctx context.Context, by policy.Actor, id, why string) (List, error) {
	return k.onList(ctx, by, ActCancel, id, func(tx *gate.Tx, l *List, lines []line) error {
		if err := l.Cancel(why); err != nil {
			return err
		}
		return move(tx, lines, Ready, func(x *line) error {
			x.Case.ListID = ""
			return custody.Finish(tx, &x.dossier, l.Ref())
		})
	})
}
