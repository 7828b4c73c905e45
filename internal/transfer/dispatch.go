package transfer

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"dangan/internal/codes"
	"dangan/internal/custody"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/kin"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
)

// Send dispatches the packet by one of the three ways (20.3).
// A packet that came back goes again by an act of its own: it was sent once already.
func (k *Desk) Send(ctx context.Context, by policy.Actor, id string, s Dispatch) (Case, error) {
	first, err := Get(ctx, k.gate.DB(), id)
	if err != nil {
		return first, err
	}
	action := "transfer.dispatch"
	if first.SentFirst != "" {
		action = "transfer.resend"
	}
	return k.on(ctx, by, action, []rule.ID{"20.3a", "20.3b", "20.3c"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := c.Step(action); err != nil {
			return err
		}
		if err := c.inList(); err != nil {
			return err
		}
		h, err := k.hindrances(ctx, tx, *c, *d)
		if err != nil {
			return err
		}
		if reasons := h.Reasons(); len(reasons) > 0 {
			return rule.Refuse(reasons...)
		}
		messengers, err := k.checkWay(tx, *c, *d, &s)
		if err != nil {
			return err
		}
		if err := c.Dispatched(s, messengers, by.ID, tx.Today(), k.settings.Int(setting.ReceiptDays)); err != nil {
			return err
		}
		if err := k.issueSentOf(tx, *c); err != nil {
			return err
		}
		if c.Packet() {
			return nil
		}
		if err := custody.Send(tx, d, c.Ref(), WayName(s.Way)); err != nil {
			return err
		}
		d.State = dossier.InTransit
		return dossier.Save(tx, d)
	})
}

// checkWay asks the pure rule of 20.3 with what the province knows: the recorded
// history and the recorded families. It gives the messengers as a case keeps them.
func (k *Desk) checkWay(tx *gate.Tx, c Case, d dossier.Dossier, s *Dispatch) (string, error) {
	bound, err := boundBy(tx.Context(), tx, c, d)
	if err != nil {
		return "", err
	}
	if s.Way == RegisteredMail {
		s.TrackingNo = mailNo(s.TrackingNo)
	}
	var wrong []rule.Reason
	for i := range s.Messengers {
		m := &s.Messengers[i]
		m.Name, m.Unit, m.Letter = strings.TrimSpace(m.Name), strings.TrimSpace(m.Unit), strings.TrimSpace(m.Letter)
		who, problem := identity.Parse(m.IDNo, tx.Today())
		if m.Name == "" || problem != "" {
			wrong = append(wrong, rule.Reason{Rule: "20.3a", Slug: "messenger_identity", Field: fmt.Sprintf("messengers[%d].idNo", i), Message: fmt.Sprintf("第%d名送取人的姓名或公民身份号码有误。", i+1), Next: "请对照证件填写。"})
		}
		m.IDNo = who.Number
	}
	if s.Way == Messenger && len(wrong) > 0 {
		return "", rule.Mistake(wrong...)
	}
	var circle *kin.Circle
	var failed error
	related := func(idNo, name string) (found bool) {
		if circle == nil { // asked of messengers alone
			circle, failed = kin.Of(tx.Context(), tx, cmp.Or(d.ID, c.JoinsID))
		}
		if failed == nil {
			found, failed = circle.Has(tx.Context(), k.keys.Index(person.IndexPurpose, idNo), name)
		}
		return found
	}
	err = CheckWay(*s, bound, c.IDNo, c.AgentIDNo, related)
	if failed != nil {
		return "", failed
	}
	if err != nil || s.Way != Messenger {
		return "", err
	}
	raw, err := json.Marshal(s.Messengers)
	return string(raw), err
}

// What to record where nothing is recorded yet, as the refusal of 20.3b says it.
const (
	recordInDossier = "在档案“关键信息”中登记工作经历（起止年月、单位、身份，注明出自哪份材料），由第二人核对"
	recordInCase    = "在本件“登记经历”中照清单材料登记单位、起止年月、身份和出处，由第二人核对"
)

// Bound is what binds the way of a packet: a secret in it (15, 21b), or the person's history (20.3b).
type Bound struct {
	Forced dossier.Forced
	Why    string // the identity that forces the way, with its source, or what to record while it is unknown
	Secret string // what in the packet is secret; empty: nothing
}

// Any says whether the packet may not go by mail.
func (b Bound) Any() bool { return b.Secret != "" || b.Forced != dossier.ForcedNo }

// boundBy says what binds the way of a case's packet, or of a dossier that has no case.
func boundBy(ctx context.Context, q store.Querier, c Case, d dossier.Dossier) (b Bound, err error) {
	if b.Forced, b.Why, err = forcedBy(ctx, q, c, d); err != nil {
		return b, err
	}
	if d.Secrecy > dossier.Open {
		b.Secret = "档案定有密级（" + dossier.OfLevel(d.Secrecy).Name() + "）"
		return b, nil
	}
	secret, err := store.Count(ctx, q, "SELECT count(*) FROM transfer_item WHERE transfer_id=? AND void=0 AND secret=1", c.ID)
	if secret > 0 {
		b.Secret = fmt.Sprintf("清单中有 %d 份涉密材料", secret)
	}
	return b, err
}

// forcedBy says whether 20.3b forces the way, and by what: 曾任…（2009.7—2015.3，见
// 9-2-2); where it is not known, what to record. For a packet from outside the history
// recorded in the case counts beside what the province knew of it before: meanwhile
// it was kept elsewhere.
func forcedBy(ctx context.Context, q store.Querier, c Case, d dossier.Dossier) (dossier.Forced, string, error) {
	var periods []dossier.Period
	var err error
	if d.ID == "" && c.Packet() {
		d = c.joins // what the province knows of the person forces the way of every packet of theirs
	}
	if d.ID != "" {
		if periods, err = dossier.PeriodsOf(ctx, q, d.ID); err != nil {
			return "", "", err
		}
	}
	complete, record := d.HistoryOkBy != "", recordInDossier
	if c.Direction == In {
		periods, complete, record = append(periods, c.periods()...), c.HistoryOkBy != "", recordInCase
	}
	forced, p := dossier.ForcedBy(periods, complete)
	switch forced {
	case dossier.ForcedUnknown:
		return forced, record, nil
	case dossier.ForcedNo:
		return forced, "", nil
	}
	name := p.Unit + "工作人员（身份未注明）"
	if id, ok := codes.FindIdentity(p.Identity); ok {
		name = id.Name
	}
	span := dotted(p.FromMonth) + "—至今"
	if p.ToMonth != "" {
		span = dotted(p.FromMonth) + "—" + dotted(p.ToMonth)
	}
	source := p.Cite
	if p.MaterialID != "" {
		m, err := store.Get[dossier.Material](ctx, q, "WHERE id=?", p.MaterialID)
		if err != nil {
			return "", "", err
		}
		source = fmt.Sprintf("%s-%d", m.Class, m.Seq)
	}
	return forced, name + "（" + span + "，见 " + source + "）", nil
}

// dotted is 2009-07 as papers write it: 2009.7.
func dotted(month string) string {
	year, m, _ := strings.Cut(month, "-")
	return year + "." + strings.TrimPrefix(m, "0")
}

// Carriers reads who carried the packet.
func (c Case) Carriers() []MessengerID {
	var out []MessengerID
	_ = json.Unmarshal([]byte(c.Messengers), &out) // written by Send, or empty
	return out
}

// Keep saves a dispatch that is entered and not yet registered: nothing is checked, nothing moves.
func (k *Desk) Keep(ctx context.Context, by policy.Actor, id string, s Dispatch) (Case, error) {
	return k.on(ctx, by, "transfer.draft", []rule.ID{"20.3a"}, id, func(_ *gate.Tx, c *Case, _ *dossier.Dossier) error {
		if err := c.Step("transfer.draft"); err != nil {
			return err
		}
		raw, err := json.Marshal(s)
		c.Draft = string(raw)
		return err
	})
}

// Kept reads the saved draft of a dispatch; nil when there is none.
func (c Case) Kept() *Dispatch {
	var out Dispatch
	if c.Draft == "" || json.Unmarshal([]byte(c.Draft), &out) != nil {
		return nil
	}
	return &out
}
