package death

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/account"
	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/custody"
	"dangan/internal/digital"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/identity"
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
	agencies *agency.Registry
	settings *setting.Desk
	keys     person.Indexer
	press    *document.Press
	digital  *digital.Desk

	// Confirmed are told inside the act that confirms a death: what waits for the dead person
	// in other rooms ends.
	Confirmed []func(tx *gate.Tx, d *dossier.Dossier, ref string) error
	// Revoked are told inside the act that takes a death back: the person is served as before.
	Revoked []func(tx *gate.Tx, d *dossier.Dossier, ref string) error
}

// New opens the room.
func New(g *gate.Gate, agencies *agency.Registry, settings *setting.Desk, keys person.Indexer, press *document.Press, images *digital.Desk) *Desk {
	return &Desk{gate: g, agencies: agencies, settings: settings, keys: keys, press: press, digital: images}
}

var rules = []rule.ID{"20c"}

// Report registers a death; it holds once a second person has confirmed it.
func (k *Desk) Report(ctx context.Context, by policy.Actor, r Report) (c Case, err error) {
	r.trim()
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActReport, Rules: rules}, func(tx *gate.Tx) error {
		d, err := dossier.Load(tx, r.DossierID)
		if err != nil {
			return err
		}
		tx.About("Dossier", d.ID)
		if err := tx.Permit(Case{Agency: d.Agency}.Resource(d)); err != nil {
			return err
		}
		p, err := person.Get(ctx, tx, d.PersonID)
		if err != nil {
			return err
		}
		if err := r.check(tx.Today(), p.BirthDate); err != nil {
			return err
		}
		if err := free(ctx, tx, d); err != nil {
			return err
		}
		c = r.open(gate.NewID(), d, by.ID, tx.Now())
		tx.About("Death", c.ID)
		if r.MandateID != "" {
			if _, err := mandate.Rest(tx, mandate.Application{MandateID: r.MandateID, Matter: mandate.Death, Ref: c.Ref(), Principal: [][]byte{p.IDIndex}, Kin: r.Informant, Agencies: []string{d.Agency}}); err != nil {
				return err
			}
		}
		return tx.Insert(c)
	})
	return c, err
}

// free refuses a second open registration, and one of a dossier that is elsewhere.
func free(ctx context.Context, q store.Querier, d dossier.Dossier) error {
	if d.State == dossier.Left {
		return rule.Refuse(reason("not_held", "dossierId", "档案已转出，不由本机构保管。", "请由现保管单位登记。"))
	}
	n, err := store.Count(ctx, q, "SELECT count(*) FROM death WHERE dossier_id=? AND state NOT IN ('rejected','revoked')", d.ID)
	if err != nil || n == 0 {
		return err
	}
	return rule.Refuse(reason("registered_already", "dossierId", "该存档人已有死亡登记。", "请在“死亡档案”中查看原登记；有误的先撤销或不予确认。"))
}

// Line is one row of other authorities' data.
type Line struct{ IDNo, DiedOn string }

// MostLines bounds a batch of data.
const MostLines = 500

// Imported says what became of the lines of a batch.
type Imported struct {
	Registered int
	Already    int      // registered before
	Elsewhere  int      // nobody whose dossier this clerk may handle
	Wrong      []string // lines that can't be right, by their place
}

// Import registers the deaths a batch of data tells of, each to be confirmed by a
// second person as one that was told at the window: data alone changes nothing.
func (k *Desk) Import(ctx context.Context, by policy.Actor, evidence, batch string, lines []Line) (out Imported, err error) {
	batch = strings.TrimSpace(batch)
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActImport, Rules: rules}, func(tx *gate.Tx) error {
		if err := tx.Permit(policy.Resource{Type: "Death", Agencies: []string{by.Org}, Attrs: map[string]any{"agency": by.Org}}); err != nil {
			return err
		}
		switch {
		case !slices.Contains(fromData, evidence):
			return rule.Mistake(reason("evidence_unknown", "evidence", "未选定数据的来源。", "请选民政、公安或社会保险的数据。"))
		case len(lines) == 0 || len(lines) > MostLines:
			return rule.Mistake(reason("batch_size", "lines", fmt.Sprintf("一批应有 1 至 %d 行。", MostLines), "请每行填写公民身份号码和死亡日期；超过的分批导入。"))
		case batch == "":
			return rule.Complete(reason("evidence_no_missing", "batch", "没有登记数据批次。", "请填写数据的批次号或交换日期。"))
		}
		seen := map[string]bool{}
		for i, l := range lines {
			who, problem := identity.Parse(l.IDNo, tx.Today())
			r := Report{DiedOn: strings.TrimSpace(l.DiedOn), Evidence: evidence, EvidenceNo: batch}
			if problem != "" || r.check(tx.Today(), who.Birth.String()) != nil {
				out.Wrong = append(out.Wrong, fmt.Sprintf("第 %d 行", i+1))
				continue
			}
			if seen[who.Number] {
				out.Already++
				continue
			}
			seen[who.Number] = true
			d, err := k.held(tx, by, who.Number)
			switch {
			case err != nil:
				return err
			case d.ID == "":
				out.Elsewhere++
				continue
			}
			var refused *rule.Refusal
			if err := free(ctx, tx, d); errors.As(err, &refused) {
				out.Already++
				continue
			} else if err != nil {
				return err
			}
			c := r.open(gate.NewID(), d, by.ID, tx.Now())
			tx.About("Death", c.ID)
			tx.About("Dossier", d.ID)
			if err := tx.Insert(c); err != nil {
				return err
			}
			out.Registered++
		}
		tx.Note("lines", len(lines))
		tx.Note("registered", out.Registered)
		return nil
	})
	return out, err
}

// held is the dossier of a number in the actor's own agency and within what the actor
// may know of; none otherwise, so that a batch of numbers tells nothing of others.
func (k *Desk) held(tx *gate.Tx, by policy.Actor, number string) (d dossier.Dossier, err error) {
	p, err := person.ByIDNo(tx.Context(), tx, k.keys, number)
	if errors.Is(err, store.ErrNotFound) {
		return d, nil
	} else if err != nil {
		return d, err
	}
	d, err = store.Get[dossier.Dossier](tx.Context(), tx, "WHERE person_id=?"+tx.ForUpdate(), p.ID)
	if errors.Is(err, store.ErrNotFound) {
		return dossier.Dossier{}, nil
	}
	if d.Agency != by.Org || d.State == dossier.Left || d.Secrecy > by.Clearance || slices.Contains(by.Persons, d.PersonID) {
		return dossier.Dossier{}, err
	}
	return d, err
}

// act performs one act on a case and saves it.
func (k *Desk) act(ctx context.Context, by policy.Actor, action, id string, fn func(tx *gate.Tx, c *Case, d *dossier.Dossier) error) (Case, error) {
	act := gate.Act{Actor: by, Action: action, Rules: rules, On: "Death:" + id}
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

// Confirm makes a death hold.
func (k *Desk) Confirm(ctx context.Context, by policy.Actor, id string) (Case, error) {
	return k.act(ctx, by, ActConfirm, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		moving := ""
		switch d.State {
		case dossier.Leaving, dossier.InTransit, dossier.Arriving, dossier.Left:
			moving = d.State.Name()
		}
		if d.Agency != c.Agency {
			moving = "已转由其他机构保管"
		}
		if err := c.Confirm(by.ID, tx.Now(), moving); err != nil {
			return err
		}
		for _, f := range k.Confirmed {
			if err := f(tx, d, c.Ref()); err != nil {
				return err
			}
		}
		return nil
	})
}

// Reject says that the evidence does not hold.
func (k *Desk) Reject(ctx context.Context, by policy.Actor, id, why string) (Case, error) {
	return k.act(ctx, by, ActReject, id, func(tx *gate.Tx, c *Case, _ *dossier.Dossier) error { return c.Reject(by.ID, tx.Now(), why) })
}

// Honor records an honor that makes the dossier one for an archive.
func (k *Desk) Honor(ctx context.Context, by policy.Actor, id, merit string) (Case, error) {
	return k.act(ctx, by, ActHonor, id, func(_ *gate.Tx, c *Case, _ *dossier.Dossier) error { return c.Honor(merit) })
}

// Retain keeps a dossier on after its term, until a day; none: as long as the province's
// setting says.
func (k *Desk) Retain(ctx context.Context, by policy.Actor, id, basis, until string) (Case, error) {
	return k.keepOn(ctx, by, ActRetain, id, until, func(c *Case, until, today calendar.Date) error { return c.Retain(basis, until, today) })
}

// Review looks through what was kept on, and keeps it until another day.
func (k *Desk) Review(ctx context.Context, by policy.Actor, id, basis, until string) (Case, error) {
	return k.keepOn(ctx, by, ActReview, id, until, func(c *Case, until, today calendar.Date) error { return c.Review(basis, until, today) })
}

func (k *Desk) keepOn(ctx context.Context, by policy.Actor, action, id, until string, decide func(c *Case, until, today calendar.Date) error) (Case, error) {
	return k.act(ctx, by, action, id, func(tx *gate.Tx, c *Case, _ *dossier.Dossier) error {
		day := calendar.Date(strings.TrimSpace(until))
		if day == "" {
			day = k.NextReview()
		}
		if err := decide(c, day, tx.Today()); err != nil {
			return err
		}
		tx.Note("until", c.ReviewOn)
		return tx.Insert(Look{ID: gate.NewID(), Version: 1, CaseID: c.ID, DossierID: c.DossierID, By: by.ID, At: tx.Now(), UntilOn: c.ReviewOn, Reason: c.Basis})
	})
}

// NextReview is the day until which something is kept on if nobody says another.
func (k *Desk) NextReview() calendar.Date {
	t := k.gate.Today().Time()
	first := time.Date(t.Year(), t.Month()+time.Month(k.settings.Int(setting.DeathReview)), 1, 0, 0, 0, 0, time.UTC)
	return calendar.New(first.Year(), int(first.Month()), min(t.Day(), first.AddDate(0, 1, -1).Day()))
}

// Revoke takes a confirmed death back.
func (k *Desk) Revoke(ctx context.Context, by policy.Actor, id, basis string) (Case, error) {
	return k.act(ctx, by, ActRevoke, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := c.Revoke(by.ID, basis); err != nil {
			return err
		}
		for _, f := range k.Revoked {
			if err := f(tx, d, c.Ref()); err != nil {
				return err
			}
		}
		return nil
	})
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

// Prepare makes a list of packets to be handed over and has the keeper bring them:
// all that are named, or none.
func (k *Desk) Prepare(ctx context.Context, by policy.Actor, p Plan) (h Handover, err error) {
	p.Recipient, p.Basis = strings.TrimSpace(p.Recipient), strings.TrimSpace(p.Basis)
	slices.Sort(p.Cases)
	p.Cases = slices.Compact(p.Cases)
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActPrepare, Rules: rules}, func(tx *gate.Tx) error {
		h = Handover{ID: gate.NewID(), Version: 1, Agency: by.Org, State: Preparing, Reason: p.Reason, RecipientKind: p.RecipientKind, Recipient: p.Recipient, Basis: p.Basis,
			PreparedBy: by.ID, PreparedAt: tx.Now(), ChangedAt: tx.Now()}
		if err := tx.Permit(h.Resource()); err != nil {
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
		for _, l := range lines { // 10b, 15: the list is no way around recusal and clearance
			if err := tx.Permit(l.Case.Resource(l.dossier)); err != nil {
				return err
			}
			if err := l.Case.Takes(p.Reason, tx.Today()); err != nil {
				return err
			}
			h.Secrecy = max(h.Secrecy, l.dossier.Secrecy)
		}
		year := tx.Today().Year()
		n, err := tx.Number(fmt.Sprintf("%s/死亡档案移交/%d", h.Agency, year))
		if err != nil {
			return err
		}
		h.No, h.Persons = fmt.Sprintf("SY-%s-%d-%05d", h.Agency, year, n), int64(len(lines))
		tx.Note("no", h.No)
		tx.Note("persons", h.Persons)
		if err := tx.Insert(h); err != nil {
			return err
		}
		for _, l := range lines {
			l.Case.State, l.Case.HandoverID, l.Case.ChangedAt = Listed, h.ID, tx.Now()
			if err := custody.Ask(tx, &l.dossier, h.Ref(), custody.ForHandover); err != nil {
				return err
			}
			if err := tx.Update(&l.Case); err != nil {
				return err
			}
		}
		return nil
	})
	return h, err
}

// onList performs one act on a list and all its packets.
func (k *Desk) onList(ctx context.Context, by policy.Actor, action, id string, fn func(tx *gate.Tx, h *Handover, lines []line) error) (h Handover, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: action, Rules: rules, On: "Handover:" + id}, func(tx *gate.Tx) error {
		cases, err := store.List[Case](ctx, tx, "WHERE handover_id=? LIMIT 200", id)
		if err != nil {
			return err
		}
		lines, err := lock(tx, cases)
		if err != nil {
			return err
		}
		if h, err = store.Get[Handover](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
			return err
		}
		if err := tx.Permit(h.Resource()); err != nil {
			return err
		}
		if err := tx.Expect(h.Version); err != nil {
			return err
		}
		for _, l := range lines {
			tx.About("Dossier", l.dossier.ID)
			tx.About("Death", l.Case.ID)
		}
		if err := fn(tx, &h, lines); err != nil {
			return err
		}
		h.ChangedAt = tx.Now()
		return tx.Update(&h)
	})
	return h, err
}

// move sets the state of every case of a list.
func move(tx *gate.Tx, lines []line, to State, fn func(l *line) error) error {
	for i := range lines {
		l := &lines[i]
		if err := fn(l); err != nil {
			return err
		}
		l.Case.State, l.Case.ChangedAt = to, tx.Now()
		if err := tx.Update(&l.Case); err != nil {
			return err
		}
	}
	return nil
}

// Deliver hands the packets over by the numbered list: they are on the way until the
// taker's receipt.
func (k *Desk) Deliver(ctx context.Context, by policy.Actor, id, on string, counted []Counted) (Handover, error) {
	return k.onList(ctx, by, ActDeliver, id, func(tx *gate.Tx, h *Handover, lines []line) error {
		if err := h.Deliver(by.ID, calendar.Date(on), tx.Today(), lines, counted); err != nil {
			return err
		}
		checks, err := checked(tx, *h, lines)
		if err != nil {
			return err
		}
		if err := k.issueList(tx, h, lines, checks); err != nil {
			return err
		}
		return move(tx, lines, Sent, func(l *line) error {
			if err := custody.Send(tx, &l.dossier, h.Ref(), h.Recipient); err != nil {
				return err
			}
			l.dossier.State = dossier.InTransit
			return dossier.Save(tx, &l.dossier)
		})
	})
}

// Receipt closes a handover: custody ends here.
func (k *Desk) Receipt(ctx context.Context, by policy.Actor, id string, r Receipt) (Handover, error) {
	return k.onList(ctx, by, ActReceipt, id, func(tx *gate.Tx, h *Handover, lines []line) error {
		if err := h.Receive(r, tx.Today()); err != nil {
			return err
		}
		if h.State == Receipted {
			if err := document.SetState(tx, h.DocumentID, document.Answered); err != nil {
				return err
			}
		}
		taken, err := r.taken(lines)
		if err != nil {
			return err
		}
		return move(tx, taken, Handed, func(l *line) error {
			if err := custody.Move(tx, &l.dossier, custody.Arrived, dossier.PlaceOutside, h.Ref(), h.Recipient+"接收"); err != nil {
				return err
			}
			if err := account.End(tx, l.dossier.ID, account.EndHanded, h.Ref()); err != nil {
				return err
			}
			l.dossier.State, l.dossier.Shelfmark = dossier.Left, ""
			return dossier.Save(tx, &l.dossier)
		})
	})
}

// Cancel gives a list up: its packets go back to their shelves, the cases to what they were.
func (k *Desk) Cancel(ctx context.Context, by policy.Actor, id, why string) (Handover, error) {
	return k.onList(ctx, by, ActCancel, id, func(tx *gate.Tx, h *Handover, lines []line) error {
		if err := h.Cancel(why); err != nil {
			return err
		}
		for i := range lines {
			if err := lines[i].putBack(tx, *h); err != nil {
				return err
			}
		}
		return nil
	})
}

// putBack takes a packet off a list: it goes to its shelf, the case to what it was.
func (l *line) putBack(tx *gate.Tx, h Handover) error {
	if err := custody.Finish(tx, &l.dossier, h.Ref()); err != nil {
		return err
	}
	c := &l.Case
	// Basis stands since the dossier was kept on; without one it never was.
	c.HandoverID, c.ChangedAt, c.State = "", tx.Now(), Kept
	if c.Basis != "" {
		c.State = Retained
	}
	return tx.Update(c)
}

// Strike takes one person off a list, so that what keeps one dossier does not keep the others.
func (k *Desk) Strike(ctx context.Context, by policy.Actor, id, caseID, why string) (Handover, error) {
	return k.onList(ctx, by, ActStrike, id, func(tx *gate.Tx, h *Handover, lines []line) error {
		at := slices.IndexFunc(lines, func(l line) bool { return l.Case.ID == caseID })
		if at < 0 {
			return gate.ErrHidden
		}
		if err := tx.Permit(lines[at].Case.Resource(lines[at].dossier)); err != nil { // 10b, 15
			return err
		}
		if err := h.Strike(why); err != nil {
			return err
		}
		tx.Note("struck", lines[at].dossier.No)
		tx.Note("why", strings.TrimSpace(why))
		return lines[at].putBack(tx, *h)
	})
}
