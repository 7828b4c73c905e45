package supplement

import (
	"context"
	"strings"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/mandate"
	"dangan/internal/message"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
)

// Desk is the room's door.
type Desk struct {
	gate     *gate.Gate
	settings *setting.Desk
	press    *document.Press
}

// New opens the room.
func New(g *gate.Gate, settings *setting.Desk, press *document.Press) *Desk {
	return &Desk{gate: g, settings: settings, press: press}
}

var rules = []rule.ID{"20.4a", "20.4b"}

// system is who runs the timers.
var system = policy.Actor{ID: "system", Kind: policy.System, Name: "系统"}

// load locks a supplement: its dossier first, as every act does.
func load(tx *gate.Tx, id string) (Owed, error) {
	s, err := store.Get[dossier.Supplement](tx.Context(), tx, "WHERE id=?", id)
	if err != nil {
		return Owed{}, err
	}
	if _, err := dossier.Load(tx, s.DossierID); err != nil {
		return Owed{}, err
	}
	s, err = store.Get[dossier.Supplement](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), id)
	return Owed{s}, err
}

// on performs one act on a supplement, saves it and writes the step.
func (k *Desk) on(ctx context.Context, by policy.Actor, action, id, note string, fn func(tx *gate.Tx, o *Owed, d *dossier.Dossier) error) (Owed, error) {
	act := gate.Act{Actor: by, Action: action, Rules: rules, On: "Supplement:" + id}
	if action == ActAsk || action == ActDeny { // an application, and its 不予办理
		act.Rules = []rule.ID{"20.4a", "20.4b", "29.8"}
	}
	return dossier.On(ctx, k.gate, act, func(tx *gate.Tx) (Owed, error) { return load(tx, id) }, func(tx *gate.Tx, o *Owed, d *dossier.Dossier) error {
		was := *o
		if err := fn(tx, o, d); err != nil {
			return err
		}
		tx.Note("due", o.DueOn)
		if err := tx.Update(&o.Supplement); err != nil {
			return err
		}
		s := Step{ID: gate.NewID(), SupplementID: o.ID, DossierID: o.DossierID, Kind: action, At: tx.Now(), MadeBy: by.ID, DueOn: was.DueOn, UntilOn: was.AskedUntil, Note: strings.TrimSpace(note)}
		if action == ActAsk {
			s.UntilOn = o.AskedUntil
		}
		return tx.Insert(s)
	})
}

// inform tells a post of the agency that keeps the dossier, or of its superior.
func inform(tx *gate.Tx, o Owed, d dossier.Dossier, at, post, subject, text string) error {
	return message.Inform(tx, message.Notice{Agency: at, Post: post, Subject: subject, Text: text, DossierID: d.ID, CaseRef: o.Ref(), Link: "/supplements/" + o.ID})
}

// Remind asks the person again for what is overdue; the message says so without naming it.
func (k *Desk) Remind(ctx context.Context, by policy.Actor, id, note string) (Owed, error) {
	return k.on(ctx, by, ActRemind, id, note, func(tx *gate.Tx, o *Owed, _ *dossier.Dossier) error { return o.Remind(tx.Today()) })
}

// Ask asks for a longer term, which another person grants.
func (k *Desk) Ask(ctx context.Context, by policy.Actor, id string, until calendar.Date, why, mandateID string) (Owed, error) {
	return k.on(ctx, by, ActAsk, id, why, func(tx *gate.Tx, o *Owed, d *dossier.Dossier) error {
		latest, _ := tx.Calendar().AddMonths(tx.Today(), k.settings.Int(setting.PromiseMonths))
		if err := o.Ask(until, why, by.ID, tx.Today(), latest); err != nil {
			return err
		}
		agent, err := dossier.ByAgent(tx, *d, mandateID, mandate.Supplement, o.Ref(), nil)
		if err != nil {
			return err
		}
		if err := k.accept(tx, *o, *d, agent); err != nil {
			return err
		}
		return inform(tx, *o, *d, d.Agency, "head", "补充材料申请延期", "经办人员申请延长补充期限一次，请审批。")
	})
}

// Grant puts the term off, once.
func (k *Desk) Grant(ctx context.Context, by policy.Actor, id, note string) (Owed, error) {
	return k.on(ctx, by, ActGrant, id, note, func(tx *gate.Tx, o *Owed, d *dossier.Dossier) error {
		if err := o.Grant(tx.Today()); err != nil {
			return err
		}
		return inform(tx, *o, *d, d.Agency, "clerk", "同意延期补充", "补充期限已延长，只能延一次；本人同时得到告知。")
	})
}

// Deny leaves the term: a 不予办理, with its notice to the person (29.8).
func (k *Desk) Deny(ctx context.Context, by policy.Actor, id, note string) (Owed, error) {
	return k.on(ctx, by, ActDeny, id, note, func(tx *gate.Tx, o *Owed, d *dossier.Dossier) error {
		was := *o
		if err := o.Deny(note); err != nil {
			return err
		}
		if err := k.issueRefusal(tx, was, *d, strings.TrimSpace(note)); err != nil {
			return err
		}
		return inform(tx, *o, *d, d.Agency, "clerk", "不同意延期补充", "期限不变；请把不予办理告知单交给本人。")
	})
}

// Dispose books what the head or the superior decided.
func (k *Desk) Dispose(ctx context.Context, by policy.Actor, id, note string) (Owed, error) {
	return k.on(ctx, by, ActDispose, id, note, func(tx *gate.Tx, o *Owed, d *dossier.Dossier) error {
		if err := o.Dispose(note, tx.Today()); err != nil {
			return err
		}
		return inform(tx, *o, *d, d.Agency, "clerk", "补充逾期已作处置", "请按处置意见继续催补或者办结。")
	})
}

// Died closes, inside the act that confirms a death, what only the person could still bring
// (20c); what a unit or the agency's own staff was asked for is waited for.
func Died(tx *gate.Tx, d *dossier.Dossier, _ string) error {
	ids, err := store.Texts(tx.Context(), tx, "SELECT s.id FROM supplement s LEFT JOIN collection c ON s.case_ref='Collection:'||c.id WHERE s.dossier_id=? AND s.state='open' AND (c.id IS NULL OR c.target='person') ORDER BY s.id LIMIT 500", d.ID)
	if err != nil {
		return err
	}
	for _, id := range ids {
		s, err := store.Get[dossier.Supplement](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), id)
		if err != nil {
			return err
		}
		if err := dossier.CloseOwed(tx, d, s, "", "本人已去世"); err != nil {
			return err
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return dossier.Save(tx, d)
}

// followed are the supplements this room follows: with a term, of a dossier that is kept here,
// not asked for by a notice of collection, which has its own term.
const followed = "supplement.state='open' AND supplement.due_on IS NOT NULL AND supplement.case_ref NOT LIKE 'Collection:%' AND EXISTS (SELECT 1 FROM dossier k WHERE k.id=supplement.dossier_id AND k.state<>'left')"

// Timers tells who let a term pass, once, and puts what stays overdue before the head and then
// the superior. Run daily or oftener.
func (k *Desk) Timers(ctx context.Context) error {
	today := k.gate.Today()
	ids, err := store.Texts(ctx, k.gate.DB(), "SELECT id FROM supplement WHERE "+followed+" AND lapsed_on IS NULL AND due_on<? ORDER BY due_on, id LIMIT 500", today.String())
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, err := k.on(ctx, system, ActLapse, id, "", func(tx *gate.Tx, o *Owed, d *dossier.Dossier) error {
			if err := o.Lapse(tx.Today()); err != nil {
				return err
			}
			return inform(tx, *o, *d, d.Agency, "clerk", "补充期限已过", "承诺或应补充的材料到期没有补来，请催补、办理延期，或者凭书面说明办结。")
		}); err != nil {
			return err
		}
	}
	days := k.settings.Int(setting.SupplementLate)
	before := today.AddDays(-days).String()
	ids, err = store.Texts(ctx, k.gate.DB(), "SELECT id FROM supplement WHERE "+followed+" AND asked_until IS NULL AND coalesce(escalated,0)<2 AND due_on<=? AND (escalated_on IS NULL OR escalated_on<=?) ORDER BY due_on, id LIMIT 500", before, before)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, err := k.on(ctx, system, ActEscalate, id, "", func(tx *gate.Tx, o *Owed, d *dossier.Dossier) error {
			if err := o.Escalate(tx.Today(), days); err != nil {
				return err
			}
			at, post := d.Agency, "head"
			if o.Escalated == 2 {
				own, err := agency.Get(tx.Context(), tx, d.Agency)
				if err != nil {
					return err
				}
				at, post = own.Parent, "supervisor"
			}
			tx.Note("to", post)
			return inform(tx, *o, *d, at, post, "补充逾期报请处置", "应补充的材料长期没有补来，请提出处置意见；档案不退回。")
		}); err != nil {
			return err
		}
	}
	return nil
}
