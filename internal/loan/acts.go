package loan

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"dangan/internal/account"
	"dangan/internal/agency"
	"dangan/internal/custody"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/kin"
	"dangan/internal/message"
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

	// TellUnit writes to the workers of a unit that has an account here.
	TellUnit func(tx *gate.Tx, code string, u account.Unit, template, matter, caseRef string) error
}

// New opens the room.
func New(g *gate.Gate, agencies *agency.Registry, settings *setting.Desk, keys person.Indexer, press *document.Press) *Desk {
	return &Desk{gate: g, agencies: agencies, settings: settings, keys: keys, press: press}
}

// system is the clock's actor.
var system = policy.Actor{ID: "system", Kind: policy.System, Name: "系统"}

// exception is what every act of lending rests on.
var exception = []rule.ID{"22", "29.6"}

// MostDays is the longest term of a loan, and of its one extension (22).
func (k *Desk) MostDays() int64 { return int64(k.settings.Int(setting.LoanDays)) }

// related says whether one of the unit's people is the dossier's person or stands within the
// set of 21c, as recorded families and the declarations of staff tell.
func related(ctx context.Context, q store.Querier, dossierID string, people []Person) (bool, error) {
	who := make([]kin.Named, len(people))
	for i, p := range people {
		who[i] = kin.Named{Index: p.IDIndex, Name: p.Name}
	}
	return kin.Among(ctx, q, dossierID, who)
}

// held says why a dossier can't be lent from here at all (22, 29.6).
func held(c Case, d dossier.Dossier) error {
	if d.Agency != c.Agency {
		return rule.Refuse(reason("29.6", "not_in_custody", "dossierId", "档案已不由本机构保管，不能办理借阅。", "请向现保管机构申请。"))
	}
	if d.Hold != "" {
		return rule.Refuse(reason("20.2a", "on_hold", "dossierId", "该档案登记有限制转出的文书，不得离开本机构。", "请在本机构就地查阅；限制解除后再申请。"))
	}
	switch d.State {
	case dossier.Lent:
		return rule.Refuse(reason("22", "lent_already", "dossierId", "该档案已借阅在外。", "归还并核对后再申请。"))
	case dossier.Left, dossier.InTransit, dossier.Arriving, dossier.Leaving:
		return rule.Refuse(reason("29.6", "not_in_custody", "dossierId", "档案"+d.State.Name()+"，不能受理借阅。", "请向现保管机构申请；在办的转递办结后也可在保管机构申请。"))
	}
	if d.Secrecy >= dossier.Secret {
		return rule.Refuse(secretNotLent)
	}
	return nil
}

// standards are the settings and records that the check of an application depends on.
func (k *Desk) standards(tx *gate.Tx, c Case) (Standards, error) {
	s := Standards{Today: tx.Today(), CandidateCounts: k.settings.Int(setting.CandidateCounts) == 1, MostDays: k.MostDays()}
	list, err := store.List[Case](tx.Context(), tx, "WHERE agency=? AND state=? AND due_on<? AND (unit=? OR unit_code=?) ORDER BY due_on LIMIT 1",
		c.Agency, string(Out), tx.Today().String(), c.Unit, c.UnitCode)
	if err == nil && len(list) > 0 {
		s.Owes = list[0].No
	}
	return s, err
}

// owes keeps a unit that has not brought back another packet in time from the next one.
func (k *Desk) owes(tx *gate.Tx, c Case) error {
	s, err := k.standards(tx, c)
	if err != nil || s.Owes == "" {
		return err
	}
	return rule.Refuse(reason("22", "unit_overdue", "", "借阅单位有逾期未还的档案（"+s.Owes+"）。", "请借阅单位先归还并核对，再办理本件。"))
}

// act is the frame of every act on a case: load, permit, expect, do, save.
func (k *Desk) act(ctx context.Context, by policy.Actor, action string, rules []rule.ID, id string, fn func(tx *gate.Tx, c *Case, d *dossier.Dossier) error) (Case, error) {
	act := gate.Act{Actor: by, Action: action, Rules: rules, On: "Loan:" + id}
	return dossier.On(ctx, k.gate, act, func(tx *gate.Tx) (Case, error) { return load(tx, id) }, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := fn(tx, c, d); err != nil {
			return err
		}
		tx.Note("state", string(c.State))
		if err := inform(tx, *c); err != nil {
			return err
		}
		return save(tx, c)
	})
}

// noKin asks again at each decision: families are recorded every day.
func noKin(tx *gate.Tx, c Case) error {
	people, err := People(tx.Context(), tx, c.ID)
	if err != nil {
		return err
	}
	found, err := related(tx.Context(), tx, c.DossierID, people)
	if err != nil {
		return err
	}
	if found {
		return rule.Refuse(KinReason())
	}
	return nil
}

// Check records that the originals agree with the form (初审).
func (k *Desk) Check(ctx context.Context, by policy.Actor, id string) (Case, error) {
	return k.act(ctx, by, ActCheck, []rule.ID{"22", "21.1", "21.2", "21c"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
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
		return c.Check(by.ID, tx.Now(), people, *d, found, s)
	})
}

// Approve is the reviewer's opinion, with the term as asked for or shorter.
func (k *Desk) Approve(ctx context.Context, by policy.Actor, id string, days int64, opinion string) (Case, error) {
	return k.act(ctx, by, ActApprove, exception, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := noKin(tx, *c); err != nil {
			return err
		}
		if err := held(*c, *d); err != nil {
			return err
		}
		return c.Approve(by.ID, tx.Now(), days, opinion, Standards{MostDays: k.MostDays()})
	})
}

// Confirm is the head's approval: the form is issued, the packet asked for.
func (k *Desk) Confirm(ctx context.Context, by policy.Actor, id, opinion string) (Case, error) {
	return k.act(ctx, by, ActConfirm, exception, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := noKin(tx, *c); err != nil {
			return err
		}
		if err := held(*c, *d); err != nil {
			return err
		}
		if err := k.owes(tx, *c); err != nil {
			return err
		}
		if err := c.Confirm(by.ID, tx.Now(), opinion, tx.Calendar()); err != nil {
			return err
		}
		if err := k.form(tx, c, *d); err != nil {
			return err
		}
		return custody.Ask(tx, d, c.Ref(), custody.ForLoan)
	})
}

// HandOut lets the packet go: it stays in this agency's custody and is shown as being
// outside until it is back.
func (k *Desk) HandOut(ctx context.Context, by policy.Actor, id string, h Handing) (Case, error) {
	return k.act(ctx, by, ActHandOut, []rule.ID{"22", "16b", "29.2"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := noKin(tx, *c); err != nil {
			return err
		}
		if err := k.owes(tx, *c); err != nil {
			return err
		}
		if d.Hold != "" {
			return held(*c, *d)
		}
		people, err := People(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		items, err := contents(ctx, tx, d.ID)
		if err != nil {
			return err
		}
		if err := c.HandOut(by.ID, tx.Now(), h, people, items, *d, tx.Calendar()); err != nil {
			return err
		}
		if err := custody.Lend(tx, d, c.Ref(), "借阅："+c.Unit); err != nil {
			return err
		}
		for _, i := range items {
			i.ID, i.Version, i.LoanID, i.DossierID = gate.NewID(), 1, c.ID, d.ID
			if err := tx.Insert(i); err != nil {
				return err
			}
		}
		tx.Note("pages", c.Pages)
		tx.Note("due", c.DueOn)
		if err := k.handedOut(tx, *c, *d, items); err != nil {
			return err
		}
		return dossier.Save(tx, d)
	})
}

// Extend gives the unit more days, once (22).
func (k *Desk) Extend(ctx context.Context, by policy.Actor, id string, days int64, why string) (Case, error) {
	return k.act(ctx, by, ActExtend, exception, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := noKin(tx, *c); err != nil {
			return err
		}
		// What would not be lent today is not lent for longer (22, 20c).
		if d.Secrecy >= dossier.Secret {
			return rule.Refuse(secretNotLent)
		}
		if err := ofTheDead(ctx, tx, *c); err != nil {
			return err
		}
		if err := c.Extend(by.ID, days, why, tx.Today(), Standards{MostDays: k.MostDays()}, tx.Calendar()); err != nil {
			return err
		}
		return k.card(tx, *c, *d)
	})
}

// Recall asks for the packet before its day, on paper and in the unit's inbox.
func (k *Desk) Recall(ctx context.Context, by policy.Actor, id, on, why string) (Case, error) {
	return k.act(ctx, by, ActRecall, exception, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := c.Recall(by.ID, on, why, tx.Today()); err != nil {
			return err
		}
		return k.ask(tx, *c, *d, "借阅档案召回函", "提前召回", c.RecalledWhy)
	})
}

// Returned writes down what one person counted of the packet that came back.
func (k *Desk) Returned(ctx context.Context, by policy.Actor, id string, r Return) (Case, error) {
	return k.act(ctx, by, ActReturn, []rule.ID{"22", "29.2"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		items, err := Items(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		if err := c.step("登记归还", Out, Counted); err != nil {
			return err
		}
		held, err := r.hold(items)
		if err != nil {
			return err
		}
		first := c.State == Out
		if err := c.Returned(&r, held, by.ID, tx.Now()); err != nil {
			return err
		}
		for n, i := range held {
			if n < len(items) {
				if err := tx.Update(&i); err != nil {
					return err
				}
				continue
			}
			i.ID, i.Version, i.LoanID, i.DossierID = gate.NewID(), 1, c.ID, d.ID
			if err := tx.Insert(i); err != nil {
				return err
			}
		}
		if !first {
			return nil
		}
		if err := custody.Restore(tx, d, c.Ref(), r.Packet, "借阅归还："+c.Unit); err != nil {
			return err
		}
		return dossier.Save(tx, d)
	})
}

// Countersign is the second person's word on the count: the unit gets its receipt, the packet
// may go to its shelf, and a difference goes on a record that both signed.
func (k *Desk) Countersign(ctx context.Context, by policy.Actor, id string) (Case, error) {
	return k.act(ctx, by, ActCountersign, exception, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := c.Countersign(by.ID, tx.Now()); err != nil {
			return err
		}
		if err := k.receipt(tx, *c, *d); err != nil {
			return err
		}
		if c.State == Disputed {
			if err := k.difference(tx, c, *d); err != nil {
				return err
			}
		}
		if err := custody.Finish(tx, d, c.Ref()); err != nil {
			return err
		}
		return dossier.Save(tx, d)
	})
}

// Dispute has a packet counted again.
func (k *Desk) Dispute(ctx context.Context, by policy.Actor, id, why string) (Case, error) {
	return k.act(ctx, by, ActDispute, exception, id, func(_ *gate.Tx, c *Case, _ *dossier.Dossier) error { return c.Dispute(by.ID, why) })
}

// Settle records what became of a difference.
func (k *Desk) Settle(ctx context.Context, by policy.Actor, id, what string) (Case, error) {
	return k.act(ctx, by, ActSettle, []rule.ID{"22", "29.2"}, id, func(tx *gate.Tx, c *Case, _ *dossier.Dossier) error { return c.Settle(by.ID, what, tx.Now()) })
}

// Withdraw takes an application back at the unit's wish.
func (k *Desk) Withdraw(ctx context.Context, by policy.Actor, id, why string) (Case, error) {
	return k.act(ctx, by, ActWithdraw, []rule.ID{"22"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := c.Withdraw(tx.Now(), why); err != nil {
			return err
		}
		return custody.Finish(tx, d, c.Ref())
	})
}

// RefuseReason is one reason of 不予借阅: the clause and the fact in words.
type RefuseReason struct {
	Rule rule.ID
	Fact string
}

// Refuse is 不予借阅 (29.8): the notice is issued with every reason. A fact under 21c is
// always told in the one sentence that names neither who nor which kinship.
func (k *Desk) Refuse(ctx context.Context, by policy.Actor, id string, facts []RefuseReason, next string) (Case, error) {
	return k.act(ctx, by, ActRefuse, []rule.ID{"29.8", "22"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		next = strings.TrimSpace(next)
		if next == "" {
			return rule.Mistake(reason("29.8", "next_missing", "next", "未写明可以怎样办。", "请告知借阅单位下一步，例如改为到阅档室查阅。"))
		}
		reasons, ids := make([]rule.Reason, len(facts)), make([]string, len(facts))
		for i, f := range facts {
			if reasons[i] = reason(f.Rule, "loan_refused", "", strings.TrimSpace(f.Fact), next); f.Rule == "21c" {
				reasons[i] = KinReason()
			}
			ids[i] = string(f.Rule)
		}
		if err := c.Refuse(tx.Now(), reasons); err != nil {
			return err
		}
		tx.Note("rules", ids)
		return k.refusal(tx, *c, *d, reasons, next)
	})
}

// informed is what the clerk who took an application in finds in the inbox.
var informed = map[string]struct{ subject, text string }{
	ActConfirm:  {"借阅已批准", "请通知借阅单位取送人两人持证件取档；批准有期限。"},
	ActRefuse:   {"不予借阅", "请将告知单交借阅单位，说明异议的途径。"},
	ActLapse:    {"借阅已过期", "期限已过，没有取档或补正；仍需借阅的，请借阅单位重新申请。"},
	ActChase:    {"借阅逾期未还", "已出具催还函，请送达借阅单位，并电话催还。"},
	ActEscalate: {"借阅逾期已报上级", "长期没有归还，已报上级监督；请继续催还。"},
}

// inform tells the clerk who took the application in what became of it.
func inform(tx *gate.Tx, c Case) error {
	n, tells := informed[tx.Action()]
	if !tells {
		return nil
	}
	return message.Inform(tx, message.Notice{Agency: c.Agency, Post: "clerk", StaffID: c.AppliedBy, Subject: n.subject, Text: n.text, DossierID: c.DossierID, CaseRef: c.Ref(), Link: "/loans/" + c.ID})
}

// Timers ends what nobody came for or completed, asks for what is overdue and tells the
// supervisor of what stays out (22). Each act happens once; what fails for one case keeps no
// other waiting.
func (k *Desk) Timers(ctx context.Context) error {
	today := k.gate.Today()
	late := k.settings.Int(setting.LoanLate)
	failed := []error{
		k.each(ctx, ActLapse, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
			if err := c.Lapse(tx.Now()); err != nil {
				return err
			}
			return custody.Finish(tx, d, c.Ref())
		}, "(state='ready' AND valid_until<?) OR (state='incomplete' AND told_due<?)", today.String(), today.String()),
		k.each(ctx, ActChase, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
			if err := c.Chase(tx.Today()); err != nil {
				return err
			}
			return k.ask(tx, *c, *d, "借阅档案催还函", "借阅逾期", "")
		}, "state='out' AND due_on<? AND (chased_on IS NULL OR chased_on<=?)", today.String(), today.AddDays(-chaseEvery).String()),
		k.each(ctx, ActEscalate, func(tx *gate.Tx, c *Case, _ *dossier.Dossier) error {
			if err := c.Escalate(tx.Today(), late); err != nil {
				return err
			}
			own, err := agency.Get(ctx, tx, c.Agency)
			if err != nil {
				return err
			}
			for _, to := range []struct{ at, post string }{{own.ID, "head"}, {own.Parent, "supervisor"}} {
				if err := message.Inform(tx, message.Notice{Agency: to.at, Post: to.post, Subject: "借阅档案逾期未还", Text: fmt.Sprintf("%s借阅的档案应于%s归还，催还后仍未归还，请督促。", c.Unit, c.DueOn), DossierID: c.DossierID, CaseRef: c.Ref(), Link: "/loans/" + c.ID}); err != nil {
					return err
				}
			}
			return nil
		}, "state='out' AND escalated_on IS NULL AND due_on<=?", today.AddDays(-late).String()),
	}
	return errors.Join(failed...)
}

func (k *Desk) each(ctx context.Context, action string, fn func(tx *gate.Tx, c *Case, d *dossier.Dossier) error, where string, args ...any) error {
	ids, err := store.Texts(ctx, k.gate.DB(), "SELECT id FROM loan WHERE "+where+" ORDER BY id LIMIT 500", args...)
	if err != nil {
		return fmt.Errorf("%s: %w", action, err)
	}
	var failed []error
	for _, id := range ids {
		if err := ctx.Err(); err != nil {
			return errors.Join(append(failed, err)...)
		}
		if _, err := k.act(ctx, system, action, []rule.ID{"22"}, id, fn); err != nil {
			failed = append(failed, fmt.Errorf("%s of %s: %w", action, id, err))
		}
	}
	return errors.Join(failed...)
}
