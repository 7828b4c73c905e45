package hold

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/message"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Actions on a hold, as the policies name them.
const (
	ActAsk        = "hold.ask"
	ActDecide     = "hold.decide"
	ActLift       = "hold.lift"
	ActDecideLift = "hold.decide_lift"
	ActExpire     = "hold.expire"
	ActRead       = "hold.read"
)

// Desk is the room's door.
type Desk struct{ gate *gate.Gate }

// New opens the room.
func New(g *gate.Gate) *Desk { return &Desk{gate: g} }

// system is who ends what is over.
var system = policy.Actor{ID: "system", Kind: policy.System, Name: "系统"}

var rules = []rule.ID{"20.2a"}

// on performs one act on a hold and brings the dossier's sentence up to date.
func (k *Desk) on(ctx context.Context, by policy.Actor, action, id string, fn func(tx *gate.Tx, h *Hold, d *dossier.Dossier) error) (Hold, error) {
	load := func(tx *gate.Tx) (Hold, error) {
		h, err := store.Get[Hold](tx.Context(), tx, "WHERE id=?", id)
		if err != nil {
			return h, err
		}
		// The dossier first, as every act locks them.
		if _, err := dossier.Load(tx, h.DossierID); err != nil {
			return h, err
		}
		return store.Get[Hold](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), id)
	}
	return dossier.On(ctx, k.gate, gate.Act{Actor: by, Action: action, Rules: rules}, load, func(tx *gate.Tx, h *Hold, d *dossier.Dossier) error {
		tx.About("Hold", h.ID)
		if err := fn(tx, h, d); err != nil {
			return err
		}
		h.ChangedAt = tx.Now()
		if err := tx.Update(h); err != nil {
			return err
		}
		if err := tell(tx, d); err != nil {
			return err
		}
		return inform(tx, *h)
	})
}

// inform tells the clerk who entered the organ's document what was decided on it, and all
// clerks of the keeper that a hold is over: what waited for its end may leave.
func inform(tx *gate.Tx, h Hold) error {
	n := message.Notice{Agency: h.Agency, Post: "clerk", DossierID: h.DossierID, CaseRef: "Hold:" + h.ID, Link: "/holds/" + h.ID}
	switch a := tx.Action(); {
	case a == ActDecide && h.State == Refused:
		n.StaffID, n.Subject, n.Text = h.AskedBy, "限制不予登记", "请查看理由，并告知来文机关。"
	case a == ActDecide:
		n.StaffID, n.Subject, n.Text = h.AskedBy, "限制转出已生效", "档案不得转出；在办的转递，请在期限内书面答复。"
	case a == ActDecideLift && h.State == Lifted:
		n.Subject, n.Text = "限制转出已解除", "可以接着办理转递。"
	case a == ActDecideLift:
		n.Subject, n.Text = "限制转出未解除", "请查看理由，向出具文书的机关核对。"
	case a == ActExpire && h.DecidedBy != "":
		n.Subject, n.Text = "限制转出到期解除", "可以接着办理转递。"
	case a == ActExpire:
		n.StaffID, n.Subject, n.Text = h.AskedBy, "限制未经确认已到期", "文书所写的期限已过；仍须限制的，凭新的文书登记。"
	default:
		return nil
	}
	return message.Inform(tx, n)
}

// tell writes on the dossier what is in force.
func tell(tx *gate.Tx, d *dossier.Dossier) error {
	list, err := store.List[Hold](tx.Context(), tx, "WHERE dossier_id=? AND state IN ('active','lifting') ORDER BY until_on, id LIMIT 20", d.ID)
	if err != nil {
		return err
	}
	var all []string
	for _, h := range list {
		all = append(all, h.Sentence())
	}
	d.Hold = strings.Join(all, "；")
	return dossier.Save(tx, d)
}

// Ask enters an organ's document on a dossier. It holds nothing back until another
// person has confirmed it.
func (k *Desk) Ask(ctx context.Context, by policy.Actor, dossierID string, o Order) (h Hold, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActAsk, Rules: rules}, func(tx *gate.Tx) error {
		d, err := dossier.Load(tx, dossierID)
		if err != nil {
			return err
		}
		h = Hold{ID: gate.NewID(), Version: 1, State: Asked, Agency: d.Agency, DossierID: d.ID, AskedBy: by.ID, AskedAt: tx.Now(), ChangedAt: tx.Now()}
		tx.About("Dossier", d.ID)
		tx.About("Hold", h.ID)
		if err := tx.Permit(h.Resource(d)); err != nil {
			return err
		}
		if err := here(d); err != nil {
			return err
		}
		if err := o.Check(tx.Today()); err != nil {
			return err
		}
		h.Organ, h.Basis, h.OrderName, h.OrderNo, h.OrderOn, h.Until, h.Contact = o.Organ, o.Basis, o.Name, o.No, o.On, o.Until, o.Contact
		if o.Extends != "" {
			if err := extends(tx, &h, o.Extends); err != nil {
				return err
			}
		}
		again, err := store.Count(ctx, tx, "SELECT count(*) FROM legal_hold WHERE dossier_id=? AND organ=? AND order_no=? AND state IN ('asked','active','lifting')", d.ID, h.Organ, h.OrderNo)
		if err != nil {
			return err
		}
		if again > 0 {
			return rule.Refuse(rule.Reason{Rule: "20.2a", Slug: "hold_twice", Message: "这份文书已经登记在这卷档案上。", Next: "请在档案页的“限制转出”中查看。"})
		}
		year := tx.Today().Year()
		n, err := tx.Number(fmt.Sprintf("%s/限制/%d", h.Agency, year))
		if err != nil {
			return err
		}
		h.No = fmt.Sprintf("XZ-%s-%d-%04d", h.Agency, year, n)
		tx.Note("basis", h.Basis)
		if err := tx.Insert(h); err != nil {
			return err
		}
		return dossier.Save(tx, &d)
	})
	return h, err
}

// here refuses what has gone already: its present keeper is who may hold it.
func here(d dossier.Dossier) error {
	if d.State == dossier.Left || d.State == dossier.InTransit {
		return elsewhere("档案" + d.State.Name())
	}
	return nil
}

func elsewhere(what string) error {
	return rule.Refuse(rule.Reason{Rule: "20.2a", Slug: "not_in_house", Message: what + "，不由本机构保管，不能限制。", Next: "请书面告知来文机关档案去向，由其向现保管单位送达。"})
}

// extends holds a further document to the hold whose place it takes.
func extends(tx *gate.Tx, h *Hold, id string) error {
	old, err := store.Get[Hold](tx.Context(), tx, "WHERE id=? AND dossier_id=?", id, h.DossierID)
	if err != nil {
		return err
	}
	switch {
	case !old.State.InForce():
		return rule.Refuse(rule.Reason{Rule: "20.2a", Slug: "hold_ended", Message: "原限制已" + strings.TrimPrefix(old.State.Name(), "已") + "，不能续期。", Next: "请按新的限制登记。"})
	case old.Organ != h.Organ:
		return rule.Mistake(mistake("other_organ", "organ", "续期须由原机关"+old.Organ+"作出。", "请核对文书；其他机关的限制另行登记。"))
	case h.Until <= old.Until:
		return rule.Mistake(mistake("end_not_later", "until", "续期的截止日期不晚于原截止日期"+old.Until.Long()+"。", "请核对文书；提前结束的，按解除办理。"))
	}
	h.Extends = old.ID
	return nil
}

// Decide confirms an entered hold, or leaves it without effect with a note.
func (k *Desk) Decide(ctx context.Context, by policy.Actor, id string, confirm bool, note string) (Hold, error) {
	return k.on(ctx, by, ActDecide, id, func(tx *gate.Tx, h *Hold, d *dossier.Dossier) error {
		tx.Note("confirmed", confirm)
		if !confirm {
			return h.Refuse(note, by.ID, tx.Now())
		}
		if err := here(*d); err != nil { // it may have left since the document was entered
			return err
		}
		if d.Agency != h.Agency {
			return elsewhere("档案已由另一机构保管")
		}
		var old *Hold
		if h.Extends != "" {
			o, err := store.Get[Hold](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), h.Extends)
			if err != nil {
				return err
			}
			old = &o
		}
		if err := h.Confirm(old, by.ID, tx.Today(), tx.Now()); err != nil {
			return err
		}
		if old != nil && old.State == Extended {
			old.ChangedAt = tx.Now()
			tx.About("Hold", old.ID)
			return tx.Update(old)
		}
		return nil
	})
}

// Lift enters the organ's document that lifts a hold before its end.
func (k *Desk) Lift(ctx context.Context, by policy.Actor, id string, r Release) (Hold, error) {
	return k.on(ctx, by, ActLift, id, func(tx *gate.Tx, h *Hold, _ *dossier.Dossier) error { return h.Lift(r, by.ID, tx.Today(), tx.Now()) })
}

// DecideLift confirms that a hold is lifted, or leaves it in force with a note.
func (k *Desk) DecideLift(ctx context.Context, by policy.Actor, id string, confirm bool, note string) (Hold, error) {
	return k.on(ctx, by, ActDecideLift, id, func(tx *gate.Tx, h *Hold, _ *dossier.Dossier) error {
		tx.Note("confirmed", confirm)
		if !confirm {
			return h.Keep(note)
		}
		return h.ConfirmLift(by.ID, tx.Now())
	})
}

// Timers ends the holds whose last day is over. Run hourly: each ends once.
func (k *Desk) Timers(ctx context.Context) error {
	today := k.gate.Today()
	over, err := store.List[Hold](ctx, k.gate.DB(), "WHERE state IN ('asked','active','lifting') AND until_on<? ORDER BY until_on, id LIMIT 500", today.String())
	if err != nil {
		return err
	}
	for _, h := range over { // one that can't be ended keeps none of the others
		_, failed := k.on(ctx, system, ActExpire, h.ID, func(tx *gate.Tx, h *Hold, _ *dossier.Dossier) error { return h.Expire(tx.Today(), tx.Now()) })
		err = errors.Join(err, failed)
	}
	return err
}
