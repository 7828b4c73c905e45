package rating

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/ledger"
	"dangan/internal/message"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
	"dangan/internal/window"
)

// Desk is the room's door.
type Desk struct {
	gate      *gate.Gate
	settings  *setting.Desk
	documents *document.Desk
	messages  *message.Desk
}

// New opens the room.
func New(g *gate.Gate, settings *setting.Desk, documents *document.Desk, messages *message.Desk) *Desk {
	return &Desk{gate: g, settings: settings, documents: documents, messages: messages}
}

// Public is whoever holds a slip and is not signed in.
var Public = policy.Actor{ID: "public", Kind: policy.Public}

var system = policy.Actor{ID: "system", Kind: policy.System}

// Rate takes what an applicant says of the service, once. Who is signed in and rates nameless
// is nobody in the ledger too.
func (k *Desk) Rate(ctx context.Context, by policy.Actor, e Entry) error {
	c, err := k.documents.Check(ctx, e.Number, e.Code)
	if err != nil {
		return err
	}
	if e.Nameless {
		by = Public
	}
	id := gate.NewID()
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActRate, Rules: rules}, func(tx *gate.Tx) error {
		// Two who send at once wait for each other here.
		d, err := store.Get[document.Document](ctx, tx, "WHERE id=?"+tx.ForUpdate(), c.ID)
		if err != nil {
			return err
		}
		ended, err := window.Ended(ctx, tx, []string{d.CaseRef})
		if err != nil {
			return err
		}
		ref, done := ended[d.CaseRef]
		done = done && c.Intact && d.Kind == document.Acceptance && d.State == document.Issued
		if !done {
			return rule.Refuse(reason("not_ended", "number", "这张回执所载的申请还没有办结，或者不是可以评价的事项。", "请在办结后评价；办理中有意见的，可以向机构提出或者投诉。"))
		}
		if err := tx.Permit(policy.Resource{Type: "Rating", ID: id, Agencies: []string{d.Agency}, Attrs: map[string]any{"ended": done}}); err != nil {
			return err
		}
		if err := e.check(); err != nil {
			return err
		}
		n, err := store.Count(ctx, tx, "SELECT count(*) FROM rating WHERE case_ref=?", ref)
		if err != nil {
			return err
		}
		if n > 0 {
			return rule.Refuse(reason("rated_already", "number", "这件申请已经评价过，一件申请评价一次。", "评价不能修改；对服务还有意见的，可以投诉。"))
		}
		kind, _, _ := strings.Cut(ref, ":")
		r := Rating{ID: id, Version: 1, CaseRef: ref, Agency: d.Agency, Kind: kind, Handler: d.IssuedBy, Grade: e.Grade, Reasons: strings.Join(e.Reasons, ","), Text: e.Text, Channel: e.Channel, Nameless: e.Nameless, RatedAt: tx.Now()}
		tx.About("Rating", id)
		if err := tx.Insert(r); err != nil || !e.Bad() {
			return err
		}
		return k.open(tx, r, d, e.Contact)
	})
	return err
}

// open begins the call-back that a bad rating asks for.
func (k *Desk) open(tx *gate.Tx, r Rating, d document.Document, contact string) error {
	ctx := tx.Context()
	own, err := agency.Get(ctx, tx, d.Agency)
	if err != nil {
		return err
	}
	hands, err := handlers(ctx, tx, r.CaseRef, d.CaseRef)
	if err != nil {
		return err
	}
	due, _ := tx.Calendar().AddWorkdays(tx.Today(), k.settings.Int(setting.RatingDays))
	n, err := tx.Number(fmt.Sprintf("%s/差评回访/%d", d.Agency, tx.Today().Year()))
	if err != nil {
		return err
	}
	c := Case{ID: gate.NewID(), Version: 1, No: fmt.Sprintf("HF-%s-%d-%05d", d.Agency, tx.Today().Year(), n), RatingID: r.ID, Agency: d.Agency, Authority: own.Parent, Kind: r.Kind, Grade: r.Grade, Reasons: r.Reasons, Text: r.Text,
		Nameless: r.Nameless, Handlers: hands, OpenedOn: tx.Today().String(), DueOn: due.String(), State: Open, ChangedAt: tx.Now()}
	if !r.Nameless {
		c.CaseRef, c.ReceiptNo, c.Who, c.Contact, c.DossierID = r.CaseRef, d.Number, d.Addressee, contact, d.DossierID
	}
	tx.About("RatingCase", c.ID)
	if err := tx.Insert(c); err != nil {
		return err
	}
	post := "head"
	if !own.Keeps() {
		post = "supervisor"
	}
	return message.Inform(tx, message.Notice{Agency: own.ID, Post: post, Subject: "收到差评，请安排回访", Text: c.KindName() + "，" + GradeName(c.Grade) + "，应于" + due.Long() + "前由没有经手的工作人员回访办结", CaseRef: c.Ref(), Link: "/ratings/" + c.ID})
}

// handlers are the staff who had a hand in an application, by the ledger: whoever acted on it,
// other than by reading.
func handlers(ctx context.Context, q store.Querier, refs ...string) (string, error) {
	entries, err := ledger.AboutAny(ctx, q, refs, 500)
	if err != nil {
		return "", err
	}
	out := []string{}
	for _, e := range entries {
		b, err := e.Parse()
		if err != nil {
			return "", err
		}
		if b.Kind == policy.Staff && b.Outcome == ledger.Done && !strings.HasSuffix(b.Action, ".read") && !slices.Contains(out, b.Actor) {
			out = append(out, b.Actor)
		}
	}
	raw, err := json.Marshal(out)
	return string(raw), err
}

// load reads a case for an act on it, and asks whether the actor may.
func (k *Desk) load(tx *gate.Tx, id string) (c Case, err error) {
	if c, err = store.Get[Case](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
		return c, err
	}
	d, err := c.of(tx.Context(), tx)
	if err != nil {
		return c, err
	}
	if err := tx.Permit(c.Resource(d)); err != nil {
		return c, err
	}
	return c, tx.Expect(c.Version)
}

// of is the dossier of the application; none for many.
func (c Case) of(ctx context.Context, q store.Querier) (dossier.Dossier, error) {
	if c.DossierID == "" {
		return dossier.Dossier{}, nil
	}
	return dossier.Get(ctx, q, c.DossierID)
}

// Call records one attempt to hear the person.
func (k *Desk) Call(ctx context.Context, by policy.Actor, id string, call Call) (c Case, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActCall, Rules: rules, On: "RatingCase:" + id}, func(tx *gate.Tx) error {
		if c, err = k.load(tx, id); err != nil {
			return err
		}
		if err := c.enter(&call); err != nil {
			return err
		}
		call.ID, call.Version, call.CaseID, call.ByID, call.At = gate.NewID(), 1, c.ID, by.ID, tx.Now()
		if err := tx.Insert(call); err != nil {
			return err
		}
		c.ChangedAt = tx.Now()
		return tx.Update(&c)
	})
	return c, err
}

// Finish ends a call-back; the person is told that their word was dealt with.
func (k *Desk) Finish(ctx context.Context, by policy.Actor, id string, f Finishing) (c Case, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActFinish, Rules: rules, On: "RatingCase:" + id}, func(tx *gate.Tx) error {
		if c, err = k.load(tx, id); err != nil {
			return err
		}
		calls, err := callsOf(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		if err := c.finish(f, missedDays(calls), by.ID, tx.Today()); err != nil {
			return err
		}
		c.ChangedAt = tx.Now()
		if err := tx.Update(&c); err != nil || c.DossierID == "" {
			return err
		}
		// Not about the dossier: whoever handled the matter reads its time line.
		return k.messages.TellApart(tx, c.DossierID, message.Rated, "服务评价", c.handlers())
	})
	return c, err
}

func missedDays(calls []Call) int {
	days := map[calendar.Date]bool{}
	for _, c := range calls {
		if !c.Reached {
			days[calendar.Of(c.At)] = true
		}
	}
	return len(days)
}

// Remind tells the authority above of each call-back that is overdue, once.
func (k *Desk) Remind(ctx context.Context) error {
	list, err := store.List[Case](ctx, k.gate.DB(), "WHERE state<>'closed' AND due_on<? AND told_on IS NULL ORDER BY due_on, id LIMIT 500", k.gate.Today().String())
	if err != nil {
		return err
	}
	var errs []error
	for _, c := range list {
		_, err := k.gate.Do(ctx, gate.Act{Actor: system, Action: ActRemind, Rules: rules, On: c.Ref()}, func(tx *gate.Tx) error {
			c, err := k.load(tx, c.ID)
			if err != nil || c.ToldOn != "" || !c.Overdue(tx.Today()) {
				return err
			}
			c.ToldOn, c.ChangedAt = tx.Today().String(), tx.Now()
			if err := tx.Update(&c); err != nil {
				return err
			}
			told := message.Notice{Agency: c.Authority, Post: "supervisor", Subject: "差评回访逾期没有办结", Text: c.No + "，" + c.KindName() + "，应于" + calendar.Date(c.DueOn).Long() + "前办结", CaseRef: c.Ref(), Link: "/ratings/" + c.ID}
			if told.Agency == "" {
				told.Agency = c.Agency
			}
			return message.Inform(tx, told)
		})
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
