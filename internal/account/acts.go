package account

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/intake"
	"dangan/internal/message"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Starter starts the transfer of a dossier kept here to another agency, inside the act; it
// answers the reference of the case. The room of transfers is above this one.
type Starter func(tx *gate.Tx, d dossier.Dossier, to, tie string, by Asking) (ref string, err error)

// Asking is the unit in whose name a transfer is started, on which paper.
type Asking struct {
	Unit     Unit
	Document string
	Itself   bool // the unit asks; else the agency acts for those of a unit that is gone
}

// Desk is the room's door.
type Desk struct {
	gate     *gate.Gate
	press    *document.Press
	messages *message.Desk
	Start    Starter
	Dead     func(ctx context.Context, q store.Querier, dossierID string) (bool, error) // 20c: the room of the dead is above this one
	Keys     person.Indexer                                                             // makes the secret of a link
	Public   string                                                                     // address of the system for persons
}

// New opens the room.
func New(g *gate.Gate, press *document.Press, messages *message.Desk) *Desk {
	return &Desk{gate: g, press: press, messages: messages}
}

// most bounds what one act moves, and what one account may hold to be closed by it.
const most = 5000

const hangs = "agency=? AND account_unit=? AND account_kind='collective' AND state<>'left'"

// Open opens an account on the unit's papers, or registers one of the stock.
func (k *Desk) Open(ctx context.Context, by policy.Actor, o Opening) (a Account, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActOpen, Rules: []rule.ID{"12c"}}, func(tx *gate.Tx) error {
		a = Account{ID: gate.NewID(), Version: 1, Agency: by.Org}
		if err := tx.Permit(a.Resource()); err != nil {
			return err
		}
		own, err := agency.Get(ctx, tx, by.Org)
		if err != nil {
			return err
		}
		if refused := own.MayTakeIn(tx.Today()); refused != nil && !o.Stock {
			return refused
		}
		if err := o.check(ctx, tx, tx.Today()); err != nil {
			return err
		}
		if o.Stock {
			where, args := dossier.Scope(by)
			n, err := store.Count(ctx, tx, "SELECT count(*) FROM (SELECT 1 FROM dossier WHERE "+where+" AND "+hangs+" LIMIT 1) AS x", append(args, by.Org, o.Unit)...)
			if err != nil {
				return err
			}
			if n == 0 {
				return rule.Complete(rule.Reason{Rule: "12c", Slug: "no_stock", Field: "unit", Message: "本机构没有挂在这一单位的存量档案。", Next: "请凭单位证照开户。"})
			}
		}
		if a, err = open(tx, by.Org, o); err != nil || o.Stock {
			return err
		}
		if err := intake.Take(tx, o.IntakeID, intake.Account, a.Ref(), intake.OfUnit(o.Unit)); err != nil {
			return err
		}
		if o.IntakeID == "" { // else it goes on under the receipt of its record
			if err := k.acceptOpening(tx, a, o.Worker); err != nil {
				return err
			}
		}
		if err := k.issueAgreement(tx, a, o.Notice, o.Worker); err != nil {
			return err
		}
		return k.tellWorkers(tx, a, message.Decided, "集体户开立", a.Ref())
	})
	return a, err
}

// open writes a new account, inside an act.
func open(tx *gate.Tx, code string, o Opening) (Account, error) {
	basis := Opened
	if o.Stock {
		basis = Stock
	}
	year := tx.Today().Year()
	n, err := tx.Number(fmt.Sprintf("%s/集体户/%d", code, year))
	if err != nil {
		return Account{}, err
	}
	a := Account{ID: gate.NewID(), Version: 1, No: fmt.Sprintf("JTH-%s-%d-%04d", code, year, n), Agency: code, Unit: o.Unit, USCC: o.USCC, Paper: o.Paper, PaperNo: o.PaperNo,
		Basis: basis, State: Open, OpenedBy: tx.Actor().ID, OpenedAt: tx.Now(), ChangedAt: tx.Now()}
	tx.About("UnitAccount", a.ID)
	if err := tx.Insert(a); errors.Is(err, store.ErrUnique) {
		return a, rule.Refuse(rule.Reason{Rule: "12c", Slug: "account_open", Field: "unit", Message: "这一单位或这一信用代码在本机构已有集体账户。", Next: "请在“集体户”中查找原账户办理。"})
	} else if err != nil {
		return a, err
	}
	if !o.Stock {
		if err := authorize(tx, a, o.Worker); err != nil {
			return a, err
		}
		if err := o.Notice.Record(tx, code, a.ID, ""); err != nil {
			return a, err
		}
	}
	return a, record(tx, a, Change{Kind: ChangeOpened})
}

// record writes a line of the register.
func record(tx *gate.Tx, a Account, c Change) error {
	c.ID, c.Version, c.AccountID, c.Agency, c.Unit, c.ChangedBy, c.ChangedAt = gate.NewID(), 1, a.ID, a.Agency, a.Unit, tx.Actor().ID, tx.Now()
	return tx.Insert(c)
}

// find locks the open account on which dossiers of an agency hang that bear a unit's name.
func find(tx *gate.Tx, code, unit string) (*Account, error) {
	a, err := store.Get[Account](tx.Context(), tx, "WHERE agency=? AND unit=? AND state='open'"+tx.ForUpdate(), code, unit)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	return &a, nil
}

// Move gives a dossier another account inside the act that decides it: the one it leaves
// and the one it joins are on record, and the notice the person accepted (12a). A unit is
// joined on its open account, by its worker; stock's account gets the papers that were seen.
// The dossier was loaded in the act; it is saved here.
func Move(tx *gate.Tx, press *document.Press, d *dossier.Dossier, kind string, o Opening, ref string) error {
	if d.AccountKind == Collective {
		if err := leave(tx, *d, ChangeLeft, ref); err != nil {
			return err
		}
	} else if err := End(tx, d.ID, EndJoined, ref); err != nil {
		return err
	}
	// The version was held to when it was accepted; one published since is put to the person at the next contact.
	if missing := o.Notice.lacks(); len(missing) > 0 {
		return rule.Complete(missing...)
	}
	if err := o.Notice.Record(tx, d.Agency, "", d.ID); err != nil {
		return err
	}
	d.AccountKind, d.AccountUnit = kind, ""
	if kind == Collective {
		a, err := joins(tx, d.Agency, Unit{o.USCC, o.Unit}, tx.ForUpdate())
		if err != nil {
			return err
		}
		if a.USCC == "" {
			a.USCC, a.Paper, a.PaperNo, a.ChangedAt = o.USCC, o.Paper, o.PaperNo, tx.Now()
			if err := tx.Update(a); errors.Is(err, store.ErrUnique) {
				return rule.Mistake(rule.Reason{Rule: "12c", Slug: "uscc_taken", Field: "accountUscc", Message: "本机构另一集体账户已登记这一信用代码。", Next: "请对照单位证照核对；两个名称是同一单位的，先办理单位更名。"})
			} else if err != nil {
				return err
			}
		}
		if err := mayApply(tx.Context(), tx, *a, tx.Today()); err != nil {
			return err
		}
		d.AccountUnit = a.Unit
		tx.About("UnitAccount", a.ID)
		if err := record(tx, *a, Change{Kind: ChangeJoined, DossierID: d.ID, CaseRef: ref}); err != nil {
			return err
		}
	} else {
		p, err := openPersonal(tx, *d, ByChange, ref, &o.Notice)
		if err != nil {
			return err
		}
		if err := issueTerms(tx, press, p, o.Notice); err != nil {
			return err
		}
	}
	return rehang(tx, d)
}

// Leaves holds a unit's application that a dossier leave its account to the dossiers that hang
// on it: none speaks for the people of another (12c).
func Leaves(tx *gate.Tx, d dossier.Dossier, u Unit) error {
	a, err := at(tx.Context(), tx, d.Agency, u, "")
	if err != nil {
		return err
	}
	if a == nil || d.AccountKind != Collective || d.AccountUnit != a.Unit {
		return rule.Refuse(rule.Reason{Rule: "12c", Slug: "account_of_another", Message: "这份档案不在申请单位的集体户上，单位不能替存档人员退出。", Next: "请核对姓名和身份证号；确实不在的，告知单位并按不予办理报审核，本人要求变更账户的由本人申请。"})
	}
	return nil
}

// Gone records that a dossier left its account with its transfer; the room that receives
// it writes the dossier.
func Gone(tx *gate.Tx, d dossier.Dossier, ref string) error {
	if d.ID == "" || d.State == dossier.Left {
		return nil
	}
	if d.AccountKind != Collective {
		return End(tx, d.ID, EndMoved, ref)
	}
	return leave(tx, d, ChangeMoved, ref)
}

// Died closes the account of a dead person inside the act that confirms the death (20c): nobody
// is left whom it is kept for, nor to accept a notice. The dossier stays, and kin and the units
// that settle survivors' matters are served on it.
func Died(tx *gate.Tx, d *dossier.Dossier, ref string) error {
	if d.AccountKind == Collective {
		a, err := find(tx, d.Agency, d.AccountUnit)
		if err != nil {
			return err
		}
		if a != nil { // without an account the name on the dossier is all that a revocation can go back to
			tx.About("UnitAccount", a.ID)
			if err := record(tx, *a, Change{Kind: ChangeDied, DossierID: d.ID, CaseRef: ref}); err != nil {
				return err
			}
			d.AccountUnit = ""
		}
	} else if err := End(tx, d.ID, EndDied, ref); err != nil {
		return err
	}
	d.AccountKind = ""
	return rehang(tx, d)
}

// Revived gives back, inside the act that revokes a death, what its confirmation took: the
// dossier hangs on its unit's account again if that is open here, else its person gets an account.
// The notice accepted before holds.
func Revived(tx *gate.Tx, d *dossier.Dossier, ref string) error {
	if d.AccountKind != "" {
		return nil
	}
	ctx := tx.Context()
	if d.AccountUnit != "" {
		d.AccountKind = Collective
		return rehang(tx, d)
	}
	left, err := store.List[Change](ctx, tx, "WHERE dossier_id=? AND kind=? AND case_ref=? ORDER BY changed_at DESC, id DESC LIMIT 1", d.ID, ChangeDied, ref)
	if err != nil {
		return err
	}
	if len(left) == 0 {
		ended, err := store.Count(ctx, tx, "SELECT count(*) FROM personal_account WHERE dossier_id=? AND ended_ref=?", d.ID, ref)
		if err != nil || ended == 0 { // one that nobody had claimed yet has no account to go back to
			return err
		}
	} else {
		a, err := store.Get[Account](ctx, tx, "WHERE id=?"+tx.ForUpdate(), left[0].AccountID)
		if err != nil {
			return err
		}
		if a.State == Open && a.Agency == d.Agency {
			d.AccountKind, d.AccountUnit = Collective, a.Unit
			tx.About("UnitAccount", a.ID)
			if err := record(tx, a, Change{Kind: ChangeJoined, DossierID: d.ID, CaseRef: ref}); err != nil {
				return err
			}
			return rehang(tx, d)
		}
	}
	d.AccountKind = Personal
	if err := OpenedFor(tx, *d, ByRevival, ref); err != nil {
		return err
	}
	return rehang(tx, d)
}

func leave(tx *gate.Tx, d dossier.Dossier, kind, ref string) error {
	a, err := find(tx, d.Agency, d.AccountUnit)
	if err != nil || a == nil {
		return err
	}
	tx.About("UnitAccount", a.ID)
	return record(tx, *a, Change{Kind: kind, DossierID: d.ID, CaseRef: ref})
}

// rehang writes a dossier whose account was changed, and its search keys anew.
func rehang(tx *gate.Tx, d *dossier.Dossier) error {
	if d.AccountOn = string(tx.Today()); d.AccountKind == "" {
		d.AccountOn = ""
	}
	p, err := person.Get(tx.Context(), tx, d.PersonID)
	if err != nil {
		return err
	}
	if err := dossier.DropName(tx, d.ID); err != nil {
		return err
	}
	if err := dossier.IndexName(tx, *d, p.Name); err != nil {
		return err
	}
	return dossier.Save(tx, d)
}

// Close closes an account on which nothing hangs.
func (k *Desk) Close(ctx context.Context, by policy.Actor, id string, c Closing) (a Account, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActClose, Rules: []rule.ID{"12d"}}, func(tx *gate.Tx) error {
		if a, err = c.on(tx, id); err != nil {
			return err
		}
		n, err := store.Count(ctx, tx, "SELECT count(*) FROM dossier WHERE "+hangs, a.Agency, a.Unit)
		if err != nil {
			return err
		}
		if n == 0 { // what hangs there stands in the way whoever came
			if err := c.byWorker(tx, a); err != nil {
				return err
			}
		}
		return k.finish(tx, &a, c, n, nil)
	})
	return a, err
}

// on is the locked account that is to be closed, and what the closing itself lacks.
func (c *Closing) on(tx *gate.Tx, id string) (Account, error) {
	a, err := store.Get[Account](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), id)
	if err != nil {
		return a, err
	}
	if err := tx.Permit(a.Resource()); err != nil {
		return a, err
	}
	if err := tx.Expect(a.Version); err != nil {
		return a, err
	}
	return a, c.check(tx.Today())
}

// Asks says what stands against a unit's own request to close its account, and does nothing.
// What hangs there does not: where it goes is chosen with the closing (12d).
func (k *Desk) Asks(ctx context.Context, by policy.Actor, id string, c Closing) error {
	_, err := k.gate.Do(gate.Dry(ctx), gate.Act{Actor: by, Action: ActClose, Rules: []rule.ID{"12d"}}, func(tx *gate.Tx) error {
		a, err := c.on(tx, id)
		if err != nil {
			return err
		}
		if err := c.byWorker(tx, a); err != nil {
			return err
		}
		return a.close(c, by.ID, tx.Now(), 0)
	})
	return err
}

// byWorker holds what the unit itself asks for to its worker's authorization, unless an
// objection set that aside.
func (c Closing) byWorker(tx *gate.Tx, a Account) error {
	if c.Why != Asked || a.State != Open {
		return nil
	}
	waiver, err := intake.Waived(tx.Context(), tx, c.IntakeID)
	if err != nil {
		return err
	}
	if err := waiver.Pass(a.came(tx, Bearer{Worker: c.Worker}, a.Ref())); err != nil {
		return err
	}
	if waiver != nil && waiver.Used {
		tx.Note("despite", waiver.Notice)
	}
	return nil
}

// finish closes the account and issues its paper.
func (k *Desk) finish(tx *gate.Tx, a *Account, c Closing, hanging int64, lines []line) error {
	if err := a.close(c, tx.Actor().ID, tx.Now(), hanging); err != nil {
		return err
	}
	if a.Why == Asked { // one that is deregistered or can't be found is told on paper only
		if err := k.tellWorkers(tx, *a, message.Decided, "集体户注销", a.Ref()); err != nil {
			return err
		}
	}
	no, err := k.issue(tx, *a, lines)
	if err != nil {
		return err
	}
	if a.Why == Asked { // else nobody applied
		tx.About("UnitClosing", a.ID)
		if err := intake.Take(tx, c.IntakeID, intake.Closing, a.ClosingRef(), intake.OfUnit(a.Unit)); err != nil {
			return err
		}
		if c.IntakeID == "" { // else it goes on under the receipt of its record
			if err := k.acceptClosing(tx, *a, no, len(lines)); err != nil {
				return err
			}
		}
	}
	for _, l := range lines {
		change := Change{Kind: ChangeConverted, DossierID: l.dossier.ID, CaseRef: l.ref, ToAgency: l.to.ID, Document: no}
		if l.to.ID != "" {
			change.Kind = ChangeSent
		}
		if err := record(tx, *a, change); err != nil {
			return err
		}
	}
	if err := tx.Update(a); err != nil {
		return err
	}
	return record(tx, *a, Change{Kind: ChangeClosed, Document: no})
}

// line is a dossier of an account that is closed, and where it goes.
type line struct {
	dossier dossier.Dossier
	person  person.Person
	to      agency.Agency // ID "" for a personal account
	ref     string        // of the transfer
}

// Settlement is the one act that closes an account on which dossiers hang: every one
// becomes a personal account unless its choice says that its transfer is started.
type Settlement struct {
	Closing
	Seen    string // what hung there when it was previewed: Preview.Token
	Choices []Choice
}

// token stands for a list of dossiers: who signs, signs for these and no others.
func token(ids []string) string {
	sum := sha256.Sum256([]byte(strings.Join(ids, "\n")))
	return hex.EncodeToString(sum[:12])
}

var listChanged = rule.Reason{Rule: "12d", Slug: "list_changed", Message: "账户下的档案在您核对之后有变动，没有办理任何一卷。", Next: "请重新载入名单，核对后再签批。"}

// Settle does it: all or none.
func (k *Desk) Settle(ctx context.Context, by policy.Actor, id string, s Settlement) (a Account, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActSettle, Rules: []rule.ID{"12d"}}, func(tx *gate.Tx) error {
		if a, err = store.Get[Account](ctx, tx, "WHERE id=?", id); err != nil {
			return err
		}
		if err := tx.Permit(a.Resource()); err != nil {
			return err
		}
		if err := s.check(tx.Today()); err != nil {
			return err
		}
		// The dossiers first and in order, as every act locks them, then the account.
		list, err := store.List[dossier.Dossier](ctx, tx, fmt.Sprintf("WHERE "+hangs+" ORDER BY id LIMIT %d", most+1)+tx.ForUpdate(), a.Agency, a.Unit)
		if err != nil {
			return err
		}
		if a, err = store.Get[Account](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
			return err
		}
		if err := tx.Expect(a.Version); err != nil {
			return err
		}
		lines, err := k.plan(tx, a, s, list)
		if err != nil {
			return err
		}
		if err := s.byWorker(tx, a); err != nil {
			return err
		}
		for i := range lines {
			l := &lines[i]
			if l.to.ID != "" {
				if l.ref, err = k.Start(tx, l.dossier, l.to.ID, s.tie(l.dossier.ID), Asking{Unit{a.USCC, a.Unit}, s.Document, s.Why == Asked}); err != nil {
					return about(err, l.dossier.No)
				}
			}
			l.dossier.AccountKind, l.dossier.AccountUnit = Personal, ""
			if err := rehang(tx, &l.dossier); err != nil {
				return err
			}
			if _, err := openPersonal(tx, l.dossier, ByClosing, a.Ref(), nil); err != nil {
				return err
			}
		}
		n, err := store.Count(ctx, tx, "SELECT count(*) FROM dossier WHERE "+hangs, a.Agency, a.Unit)
		if err != nil {
			return err
		}
		if n > 0 { // one joined between the list and the lock
			return rule.Refuse(listChanged)
		}
		tx.Note("why", s.Why)
		return k.finish(tx, &a, s.Closing, 0, lines)
	})
	return a, err
}

// about has a refusal of one dossier say which, and that none was done.
func about(err error, no string) error {
	var refused *rule.Refusal
	if !errors.As(err, &refused) {
		return err
	}
	out := *refused
	out.Reasons = slices.Clone(refused.Reasons)
	for i := range out.Reasons {
		out.Reasons[i].Field = "choices"
		out.Reasons[i].Message = no + "：" + out.Reasons[i].Message + "没有办理任何一卷。"
	}
	return &out
}

func (s Settlement) tie(id string) string {
	for _, c := range s.Choices {
		if c.DossierID == id {
			return c.Tie
		}
	}
	return ""
}

// plan holds a settlement to what hangs on the account now.
func (k *Desk) plan(tx *gate.Tx, a Account, s Settlement, list []dossier.Dossier) ([]line, error) {
	ctx, by := tx.Context(), tx.Actor()
	if a.State != Open {
		return nil, a.close(s.Closing, by.ID, tx.Now(), 0)
	}
	if len(list) > most {
		return nil, rule.Refuse(rule.Reason{Rule: "12d", Slug: "too_many", Message: fmt.Sprintf("账户下的档案多于 %d 卷，不能一次销户。", most), Next: "请先在“变更与并档”中把一部分转为个人账户。"})
	}
	ids := make([]string, len(list))
	for i, d := range list {
		ids[i] = d.ID
		// Whether it is kept from them by its class or by kinship is not said: neither is theirs to know.
		if d.Secrecy > by.Clearance || slices.Contains(by.Persons, d.PersonID) {
			return nil, rule.Refuse(rule.Reason{Rule: "10b", Slug: "not_all_yours", Message: "账户下有您不能办理的档案。", Next: "请由本机构另一名审核人员或负责人签批。"})
		}
	}
	if s.Seen != token(ids) {
		return nil, rule.Refuse(listChanged)
	}
	targets := map[string]agency.Agency{}
	for _, c := range s.Choices {
		if _, there := slices.BinarySearch(ids, c.DossierID); !there {
			return nil, rule.Refuse(listChanged)
		}
		if c.To == "" || targets[c.To].ID != "" {
			continue
		}
		to, err := agency.Get(ctx, tx, c.To)
		if err != nil {
			if errors.Is(err, store.ErrNotFound) {
				return nil, rule.Mistake(rule.Reason{Rule: "12d", Slug: "target_unknown", Field: "choices", Message: "没有这个档案管理服务机构。", Next: "请从机构列表中选择。"})
			}
			return nil, err
		}
		targets[c.To] = to
	}
	people, err := peopleOf(tx, list)
	if err != nil {
		return nil, err
	}
	lines := make([]line, len(list))
	for i, d := range list {
		lines[i] = line{dossier: d, person: people[d.PersonID]}
		for _, c := range s.Choices {
			if c.DossierID == d.ID && c.To != "" {
				lines[i].to = targets[c.To]
			}
		}
	}
	return lines, nil
}

// Tell records that persons were told what became of their accounts: those named, or all
// of the account that were not told yet.
func (k *Desk) Tell(ctx context.Context, by policy.Actor, id string, changes []string, way string, on calendar.Date) (a Account, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActTell, Rules: []rule.ID{"12d"}}, func(tx *gate.Tx) error {
		if a, err = store.Get[Account](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
			return err
		}
		if err := tx.Permit(a.Resource()); err != nil {
			return err
		}
		if on == "" {
			on = tx.Today()
		}
		if !on.Valid() || on > tx.Today() || on < calendar.Of(a.ClosedAt) {
			return rule.Mistake(rule.Reason{Rule: "12d", Slug: "told_on_wrong", Field: "on", Message: "告知日期应在销户以后、今天以前。", Next: "请填写实际告知的日期。"})
		}
		if !slices.Contains(Ways, way) {
			return rule.Mistake(rule.Reason{Rule: "12d", Slug: "told_way_unknown", Field: "way", Message: "没有选择告知方式。", Next: "请从列表中选择一种。"})
		}
		where, args := "account_id=? AND kind IN ('converted','sent') AND told_on IS NULL", []any{a.ID}
		if len(changes) > 0 {
			where, args = where+" AND id IN ("+store.Marks(len(changes))+")", append(args, store.Args(changes)...)
		}
		mine, with := visible(by)
		list, err := store.List[Change](ctx, tx, fmt.Sprintf("WHERE %s AND %s ORDER BY id LIMIT %d", where, mine, most)+tx.ForUpdate(), append(args, with...)...)
		if err != nil {
			return err
		}
		if len(list) == 0 || len(changes) > 0 && len(list) != len(changes) {
			return rule.Refuse(rule.Reason{Rule: "12d", Slug: "told_already", Message: "所选人员已经告知，或不在名单上。", Next: "请刷新后查看。"})
		}
		for i := range list {
			c := &list[i]
			c.ToldWay, c.ToldOn, c.ToldBy = way, string(on), by.ID
			tx.About("Dossier", c.DossierID)
			if err := tx.Update(c); err != nil {
				return err
			}
		}
		tx.Note("told", len(list))
		return nil
	})
	return a, err
}

// masked is a number as papers that many read say it.
func masked(p person.Person) string { return identity.Mask(p.IDNo) }
