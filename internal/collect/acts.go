package collect

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"dangan/internal/account"
	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/message"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/staff"
	"dangan/internal/store"
)

// Desk is the room's door.
type Desk struct {
	gate  *gate.Gate
	press *document.Press

	// TellUnit tells the authorized worker of a unit that has an account at an agency.
	TellUnit func(tx *gate.Tx, code string, u account.Unit, template, matter, caseRef string) error
	// ActorOf is the actor of a member of staff as it is now: staff, which reads it from the tree
	// and the families, gives it when the instance is put together.
	ActorOf func(ctx context.Context, staffID string) (policy.Actor, error)
}

// New opens the room.
func New(g *gate.Gate, press *document.Press) *Desk { return &Desk{gate: g, press: press} }

var rules = []rule.ID{"14a", "14b"}

// Open asks for materials: one notice, an open item for each of them.
func (k *Desk) Open(ctx context.Context, by policy.Actor, dossierID string, o Order) (r Request, err error) {
	if o.Target == Office && o.Handler != "" {
		if o.hand, err = k.member(ctx, o.Handler); err != nil {
			return r, err
		}
	}
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActOpen, Rules: rules}, func(tx *gate.Tx) error {
		r, err = k.OpenIn(tx, dossierID, o)
		return err
	})
	return r, err
}

// member is the actor that a member of staff is now: read before the act begins, as it asks the
// pool. Nobody for an id that nobody has.
func (k *Desk) member(ctx context.Context, id string) (policy.Actor, error) {
	a, err := k.ActorOf(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return policy.Actor{}, nil
	}
	return a, err
}

// mayHave says why a request is not put into somebody's hands: they are no clerk of the agency that
// keeps the dossier, or may not handle it. It does not say which: who is kin, or knows what, is
// theirs (10b, 15).
func (k *Desk) mayHave(to policy.Actor, d dossier.Dossier) error {
	if to.ID != "" && to.Org == d.Agency && k.gate.Decide(to, "material.receive", d.Resource()).Allowed() {
		return nil
	}
	return rule.Refuse(reason("14a", "collection_handler", "handler", "这名人员不能办理这份档案的材料收集：须是保管机构在岗的经办，并且可以办理这份档案。", "请选择本机构另一名经办人员。"))
}

// OpenIn is Open inside an act of collection.open that another room begins, which writes
// beside the notice what it was opened for. It asks the policy.
func (k *Desk) OpenIn(tx *gate.Tx, dossierID string, o Order) (r Request, err error) {
	ctx, by := tx.Context(), tx.Actor()
	d, err := dossier.Load(tx, dossierID)
	if err != nil {
		return r, err
	}
	r = Request{ID: gate.NewID(), Version: 1, Agency: d.Agency, DossierID: d.ID}
	tx.About("Dossier", d.ID)
	tx.About("Collection", r.ID)
	if err := tx.Permit(r.Resource(d)); err != nil {
		return r, err
	}
	if err := here(d); err != nil {
		return r, err
	}
	if err := o.check(tx.Today()); err != nil {
		return r, err
	}
	who, err := person.Get(ctx, tx, d.PersonID)
	if err != nil {
		return r, err
	}
	switch o.Target {
	case Person:
		o.Addressee = who.Name
	case Office:
		if o.Handler == "" {
			o.hand = by
		}
		if err := k.mayHave(o.hand, d); err != nil {
			return r, err
		}
		o.Addressee, r.Handler = o.hand.Name, o.hand.ID
	}
	asked, err := k.asked(ctx, tx, d.ID)
	if err != nil {
		return r, err
	}
	for _, t := range o.Titles {
		if before, twice := alreadyAsked(asked[codes.Canonical(t)], o.Maker); twice {
			next := "请不要重复通知；需要催收的在该通知单上办理。"
			if before.Maker == "" || o.Maker == "" {
				next = "请不要重复通知；另一单位形成的同名材料，两张通知单都写明形成单位的可以分别收集。"
			}
			return r, rule.Refuse(reason("14a", "collection_twice", "titles", "《"+t+"》已经由 "+before.No+" 收集，尚未交来。", next))
		}
	}
	n, err := tx.Number(fmt.Sprintf("%s/收集/%d", d.Agency, tx.Today().Year()))
	if err != nil {
		return r, err
	}
	r.No, r.Target, r.Addressee, r.Event, r.FormedOn = fmt.Sprintf("SJTZ-%s-%d-%05d", d.Agency, tx.Today().Year(), n), o.Target, o.Addressee, o.Event, o.FormedOn.String()
	if err := k.known(tx, &r); err != nil {
		return r, err
	}
	r.OpenedBy, r.OpenedAt, r.OpenedOn, r.ChangedAt = by.ID, tx.Now(), tx.Today().String(), tx.Now()
	r.DueOn = Due(tx.Calendar(), tx.Today(), o.FormedOn).String()
	tx.Note("target", string(r.Target))
	tx.Note("due", r.DueOn)
	doc, err := k.issue(tx, r, d, who, o)
	if err != nil {
		return r, err
	}
	r.Number, r.DocumentID = doc.Number, doc.ID
	if err := tx.Insert(r); err != nil {
		return r, err
	}
	items := make([]dossier.Supplement, len(o.Titles))
	for i, t := range o.Titles {
		items[i] = dossier.Supplement{CaseRef: r.Ref(), Title: t, Class: codes.ClassOf(t), Maker: o.Maker, DueOn: r.DueOn}
	}
	if err := dossier.Owe(tx, &d, items...); err != nil {
		return r, err
	}
	if err := k.tell(tx, r, d); err != nil {
		return r, err
	}
	if err := k.toHand(tx, r, r.Handler, "交给您一项材料收集", "请在"+calendar.Date(r.DueOn).Long()+"前向形成单位或有关部门调取，收到后登记收件"); err != nil {
		return r, err
	}
	return r, dossier.Save(tx, &d)
}

// toHand tells a member of staff of the request in their hands; nobody where it is in none.
func (k *Desk) toHand(tx *gate.Tx, r Request, staffID, subject, text string) error {
	if staffID == "" {
		return nil
	}
	return message.Inform(tx, message.Notice{Agency: r.Agency, Post: staff.Clerk, StaffID: staffID, Subject: subject, Text: text + "（" + r.No + "）", DossierID: r.DossierID, CaseRef: r.Ref(), Link: "/collections/" + r.ID})
}

// Assign puts a request to the agency's own staff into the hands of another member, who gets a
// notice of their own; the one that names the other is void.
func (k *Desk) Assign(ctx context.Context, by policy.Actor, id, handler string) (Request, error) {
	to, err := k.member(ctx, handler)
	if err != nil {
		return Request{}, err
	}
	return k.on(ctx, by, ActAssign, id, func(tx *gate.Tx, r *Request, items []Item, d *dossier.Dossier) error {
		before := r.InHand()
		serving, err := staff.Serving(ctx, tx, staff.Clerk, tx.Now(), before)
		if err != nil {
			return err
		}
		if err := r.Assign(StateOf(*r, items), to, !serving[before]); err != nil {
			return err
		}
		if err := k.mayHave(to, *d); err != nil {
			return err
		}
		tx.Note("target", string(r.Target))
		tx.Note("due", r.DueOn)
		tx.About("Staff", to.ID)
		who, err := person.Get(ctx, tx, d.PersonID)
		if err != nil {
			return err
		}
		o := Order{Target: r.Target, Addressee: r.Addressee}
		for _, i := range items {
			if i.State == dossier.Owed {
				o.Titles, o.Maker = append(o.Titles, i.Title), i.Maker
			}
		}
		if err := document.SetState(tx, r.DocumentID, document.Void); err != nil {
			return err
		}
		doc, err := k.issue(tx, *r, *d, who, o)
		if err != nil {
			return err
		}
		r.Number, r.DocumentID = doc.Number, doc.ID
		if err := k.toHand(tx, *r, before, "材料收集已改由"+to.Name+"办理", "这项任务不再由您办理"); err != nil {
			return err
		}
		return k.toHand(tx, *r, to.ID, "交给您一项材料收集", "请在"+calendar.Date(r.DueOn).Long()+"前向形成单位或有关部门调取，收到后登记收件")
	})
}

// on performs one act on a request. Its items tell which dossier it is of: after a merge
// of two dossiers (2) they hang on the one that is kept.
func (k *Desk) on(ctx context.Context, by policy.Actor, action, id string, fn func(tx *gate.Tx, r *Request, items []Item, d *dossier.Dossier) error) (Request, error) {
	load := func(tx *gate.Tx) (Request, error) {
		r, err := store.Get[Request](ctx, tx, "WHERE id=?", id)
		if err != nil {
			return r, err
		}
		items, err := itemsOf(ctx, tx, []Request{r})
		if err != nil {
			return r, err
		}
		at := items[r.ID][0].DossierID
		// The dossier first, as every act locks them.
		if _, err := dossier.Load(tx, at); err != nil {
			return r, err
		}
		r, err = store.Get[Request](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id)
		r.DossierID = at
		return r, err
	}
	return dossier.On(ctx, k.gate, gate.Act{Actor: by, Action: action, Rules: rules}, load, func(tx *gate.Tx, r *Request, d *dossier.Dossier) error {
		tx.About("Collection", r.ID)
		items, err := itemsOf(ctx, tx, []Request{*r})
		if err != nil {
			return err
		}
		if err := fn(tx, r, items[r.ID], d); err != nil {
			return err
		}
		r.ChangedAt = tx.Now()
		return tx.Update(r)
	})
}

// Urge asks again for what was not handed in.
func (k *Desk) Urge(ctx context.Context, by policy.Actor, id string) (Request, error) {
	return k.on(ctx, by, ActUrge, id, func(tx *gate.Tx, r *Request, items []Item, d *dossier.Dossier) error {
		tx.Note("target", string(r.Target))
		tx.Note("due", r.DueOn)
		if err := r.Urge(StateOf(*r, items), tx.Today()); err != nil {
			return err
		}
		if r.Target == Office {
			if r.InHand() == by.ID {
				return ownTask()
			}
			return k.toHand(tx, *r, r.InHand(), "催办材料收集", "期限"+calendar.Date(r.DueOn).Long()+"，请抓紧调取")
		}
		if err := k.known(tx, r); err != nil {
			return err
		}
		return k.tell(tx, *r, *d)
	})
}

// ownTask says why nobody asks themselves again.
func ownTask() error {
	return rule.Refuse(reason("14b", "collection_own", "", "这项任务在您自己手里，不必催收。", "调取到材料后登记收件；确实办不了的，请负责人改交他人。"))
}

// known finds the unit that is asked among the accounts of the agency; one that opened its
// account after the notice is found when it is asked again.
func (k *Desk) known(tx *gate.Tx, r *Request) (err error) {
	if r.Target == Unit && r.USCC == "" {
		r.USCC, err = account.CreditOf(tx.Context(), tx, r.Agency, r.Addressee)
	}
	return err
}

// tell tells the worker of a unit that is known here that something waits on the net; of a
// dossier with a security class nothing goes out.
func (k *Desk) tell(tx *gate.Tx, r Request, d dossier.Dossier) error {
	if r.USCC == "" || d.Secrecy > 0 || k.TellUnit == nil {
		return nil
	}
	return k.TellUnit(tx, r.Agency, account.Unit{USCC: r.USCC, Name: r.Addressee}, message.UnitAsked, "材料收集", r.Ref())
}

// Withdraw ends a request whose materials are not to come: there are none, or another
// keeps them. What was filed stays closed by its material.
func (k *Desk) Withdraw(ctx context.Context, by policy.Actor, id, why string) (Request, error) {
	why = strings.TrimSpace(why)
	if why == "" {
		return Request{}, rule.Mistake(reason("14a", "collection_why", "why", "没有写明为什么不再收集。", "请写明理由，如：该单位书面说明没有形成此材料。"))
	}
	return k.on(ctx, by, ActWithdraw, id, func(tx *gate.Tx, r *Request, items []Item, d *dossier.Dossier) error {
		if s := StateOf(*r, items); s == Withdrawn || s == Done {
			return rule.Refuse(reason("14a", "collection_over", "", "这张通知单“"+s.Name()+"”。", "请刷新后查看。"))
		}
		for _, i := range items {
			if i.State != dossier.Owed {
				continue
			}
			if err := dossier.CloseOwed(tx, d, i.Supplement, "", why); err != nil {
				return err
			}
		}
		if err := k.toHand(tx, *r, r.InHand(), "材料收集已撤回", "这项任务不必再办"); err != nil {
			return err
		}
		r.WithdrawnOn, r.WithdrawnBy, r.Why, r.EndedOn = tx.Today().String(), by.ID, why, tx.Today().String()
		if err := document.SetState(tx, r.DocumentID, document.Void); err != nil {
			return err
		}
		return dossier.Save(tx, d)
	})
}

// system is who ends what is complete.
var system = policy.Actor{ID: "system", Kind: policy.System, Name: "系统"}

// reminding are the requests that a stage has come to and that somebody can be told of: a
// unit through a worker whose authorization holds here, the agency's own staff in their inbox,
// which keeps what is classified from who is not cleared. What waits for a look is handed in.
const reminding = "collection.ended_on IS NULL AND EXISTS (SELECT 1 FROM supplement s JOIN dossier d ON d.id=s.dossier_id WHERE s.case_ref='Collection:'||collection.id AND s.state='open' AND s.handed_id IS NULL AND (d.secrecy=0 OR collection.target='office') AND d.state<>'left' AND " + unsent + ")" +
	" AND (collection.target='office' OR collection.target='person' AND collection.due_on<? OR collection.target='unit' AND EXISTS (SELECT 1 FROM unit_account a JOIN account_worker w ON w.account_id=a.id" +
	" WHERE a.agency=collection.agency AND a.state='open' AND (a.uscc=collection.uscc OR collection.uscc IS NULL AND a.unit=collection.addressee) AND w.ended_on IS NULL AND w.from_on<=? AND w.until_on>=?))" +
	" AND (collection.due_on<? AND coalesce(collection.reminded,'')<>'over' OR collection.due_on>=? AND collection.due_on<=? AND collection.reminded IS NULL)"

// Remind tells units of what falls due within a week, and units and persons of what is over,
// each stage once: the timer. A unit that is asked by many notices hears once a day.
func (k *Desk) Remind(ctx context.Context) error {
	day := k.gate.Today().String()
	ids, err := store.Texts(ctx, k.gate.DB(), "SELECT id FROM collection WHERE "+reminding+" ORDER BY collection.due_on, collection.id LIMIT 500", day, day, day, day, day, k.gate.Today().AddDays(ahead).String())
	if err != nil {
		return fmt.Errorf("requests to remind of: %w", err)
	}
	for _, id := range ids {
		if _, err := k.on(ctx, system, ActRemind, id, func(tx *gate.Tx, r *Request, items []Item, _ *dossier.Dossier) error {
			if err := r.Remind(StateOf(*r, items), tx.Today()); err != nil {
				return err
			}
			tx.Note("target", string(r.Target))
			tx.Note("due", r.DueOn)
			tx.Note("stage", string(r.Reminded))
			if r.Target == Office {
				return k.remindHand(tx, *r)
			}
			if r.Target == Person || k.TellUnit == nil {
				return nil // the person is told as this act's event (room message)
			}
			if err := k.known(tx, r); err != nil {
				return err
			}
			template := message.UnitDue
			if r.Reminded == Over {
				template = message.UnitOver
			}
			return k.TellUnit(tx, r.Agency, account.Unit{USCC: r.USCC, Name: r.Addressee}, template, "材料收集", r.Ref())
		}); err != nil {
			return err
		}
	}
	return nil
}

// remindHand reminds who has a request in hand, and the heads where nobody in service has: it is
// theirs to give.
func (k *Desk) remindHand(tx *gate.Tx, r Request) error {
	hand := r.InHand()
	serving, err := staff.Serving(tx.Context(), tx, staff.Clerk, tx.Now(), hand)
	if err != nil {
		return err
	}
	n := message.Notice{Agency: r.Agency, Post: staff.Clerk, StaffID: hand, Subject: "材料收集期限将满", Text: "期限" + calendar.Date(r.DueOn).Long(), DossierID: r.DossierID, CaseRef: r.Ref(), Link: "/collections/" + r.ID}
	if r.Reminded == Over {
		n.Subject = "材料收集期限已过"
	}
	if n.Text += "（" + r.No + "）"; !serving[hand] {
		n.Post, n.StaffID, n.Text = staff.Head, "", "办理人已不在岗，请交由他人办理；"+n.Text
	}
	return message.Inform(tx, n)
}

// Settle ends the requests whose materials were all filed: the timer.
func (k *Desk) Settle(ctx context.Context) error {
	list, err := store.List[Request](ctx, k.gate.DB(), "WHERE collection.ended_on IS NULL AND NOT "+openItem+" ORDER BY collection.due_on, collection.id LIMIT 500")
	if err != nil {
		return fmt.Errorf("requests that are complete: %w", err)
	}
	for _, r := range list {
		if _, err := k.on(ctx, system, ActEnd, r.ID, func(tx *gate.Tx, r *Request, items []Item, _ *dossier.Dossier) error {
			if s := StateOf(*r, items); s != Done {
				return rule.Refuse(reason("14b", "collection_incomplete", "", "这张通知单“"+s.Name()+"”，材料还没有收齐。", "请刷新后查看。"))
			}
			r.EndedOn = tx.Today().String()
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}
