package transfer

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"dangan/internal/calendar"
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

// packet is a case with the dossier it moves, or a dossier that has no case.
type packet struct {
	Case
	dossier.Dossier
}

// checkWay asks the pure rule of 20.3 with what the province knows: the recorded
// history and the recorded families. It gives the messengers as a case keeps them.
func (k *Desk) checkWay(tx *gate.Tx, c Case, d dossier.Dossier, s *Dispatch) (string, error) {
	var refused error
	messengers, err := k.checkWays(tx, []packet{{c, d}}, s, func(_ Case, err error) { refused = err })
	return messengers, cmp.Or(err, refused)
}

// checkWays is checkWay for everything that goes in one packet, in as many queries as for one
// dossier; each one that may not go so is told to wrong.
func (k *Desk) checkWays(tx *gate.Tx, all []packet, s *Dispatch, wrong func(Case, error)) (string, error) {
	bounds, err := boundsOf(tx.Context(), tx, all)
	if err != nil {
		return "", err
	}
	if s.Way == RegisteredMail {
		s.TrackingNo = mailNo(s.TrackingNo)
	}
	if err := checkCarriers(s, tx.Today()); err != nil {
		return "", err
	}
	circles := map[string]*kin.Circle{}
	if s.Way == Messenger { // asked of messengers alone
		if circles, err = circlesOf(tx.Context(), tx, all); err != nil {
			return "", err
		}
	}
	for i, p := range all {
		var failed error
		related := func(idNo, name string) (found bool) {
			if circle := circles[cmp.Or(p.Dossier.ID, p.JoinsID)]; circle != nil && failed == nil {
				found, failed = circle.Has(tx.Context(), k.keys.Index(person.IndexPurpose, idNo), name)
			}
			return found
		}
		err := CheckWay(*s, bounds[i], p.IDNo, p.AgentIDNo, related)
		if failed != nil {
			return "", failed
		}
		if err != nil {
			wrong(p.Case, err)
		}
	}
	if s.Way != Messenger {
		return "", nil
	}
	raw, err := json.Marshal(s.Messengers)
	return string(raw), err
}

// checkCarriers holds the messengers of a dispatch to their form.
func checkCarriers(s *Dispatch, today calendar.Date) error {
	var wrong []rule.Reason
	for i := range s.Messengers {
		m := &s.Messengers[i]
		m.Name, m.Unit, m.Letter = strings.TrimSpace(m.Name), strings.TrimSpace(m.Unit), strings.TrimSpace(m.Letter)
		who, problem := identity.Parse(m.IDNo, today)
		if m.Name == "" || problem != "" {
			wrong = append(wrong, rule.Reason{Rule: "20.3a", Slug: "messenger_identity", Field: fmt.Sprintf("messengers[%d].idNo", i), Message: fmt.Sprintf("第%d名送取人的姓名或公民身份号码有误。", i+1), Next: "请对照证件填写。"})
		}
		m.IDNo = who.Number
	}
	if s.Way == Messenger && len(wrong) > 0 {
		return rule.Mistake(wrong...)
	}
	return nil
}

// circlesOf are those around the persons of a packet, by dossier.
func circlesOf(ctx context.Context, q store.Querier, all []packet) (map[string]*kin.Circle, error) {
	var list []dossier.Dossier
	for _, p := range all {
		switch {
		case p.Dossier.ID != "":
			list = append(list, p.Dossier)
		case p.joins.ID != "":
			list = append(list, p.joins)
		}
	}
	return kin.OfAll(ctx, q, list)
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
func boundBy(ctx context.Context, q store.Querier, c Case, d dossier.Dossier) (Bound, error) {
	all, err := boundsOf(ctx, q, []packet{{c, d}})
	if err != nil {
		return Bound{}, err
	}
	return all[0], nil
}

// boundsOf says what binds the way of each of some packets.
func boundsOf(ctx context.Context, q store.Querier, all []packet) ([]Bound, error) {
	var of, cases []string
	for _, p := range all {
		if id := p.history().ID; id != "" {
			of = append(of, id)
		}
		cases = append(cases, p.Case.ID)
	}
	periods, err := dossier.PeriodsOfAll(ctx, q, of)
	if err != nil {
		return nil, err
	}
	secrets, err := store.Counts(ctx, q, "SELECT transfer_id, count(*) FROM transfer_item WHERE void=0 AND secret=1 AND transfer_id IN ("+store.Marks(len(cases))+") GROUP BY transfer_id", store.Args(cases)...)
	if err != nil {
		return nil, err
	}
	out, by := make([]Bound, len(all)), make([]dossier.Period, len(all))
	var cited []string
	for i, p := range all {
		out[i].Forced, out[i].Why, by[i] = p.forced(periods[p.history().ID])
		if by[i].MaterialID != "" {
			cited = append(cited, by[i].MaterialID)
		}
		switch n := secrets[p.Case.ID]; {
		case p.Dossier.Secrecy > dossier.Open:
			out[i].Secret = "档案定有密级（" + dossier.OfLevel(p.Dossier.Secrecy).Name() + "）"
		case n > 0:
			out[i].Secret = fmt.Sprintf("清单中有 %d 份涉密材料", n)
		}
	}
	places, err := placesOf(ctx, q, cited)
	if err != nil {
		return nil, err
	}
	for i := range out {
		if out[i].Forced == dossier.ForcedYes {
			out[i].Why = told(by[i], cmp.Or(places[by[i].MaterialID], by[i].Cite))
		}
	}
	return out, nil
}

// history is the dossier whose recorded history binds the packet: what the province knows of
// the person forces the way of every packet of theirs.
func (p packet) history() dossier.Dossier {
	if p.Dossier.ID == "" && p.Packet() {
		return p.joins
	}
	return p.Dossier
}

// forced says whether 20.3b forces the way, and by which period; where it is not known, what to
// record. For a packet from outside the history recorded in the case counts beside what the
// province knew of it before: meanwhile it was kept elsewhere.
func (p packet) forced(periods []dossier.Period) (dossier.Forced, string, dossier.Period) {
	complete, record := p.history().HistoryOkBy != "", recordInDossier
	if p.Direction == In {
		periods, complete, record = append(slices.Clip(periods), p.periods()...), p.Case.HistoryOkBy != "", recordInCase
	}
	forced, by := dossier.ForcedBy(periods, complete)
	if forced != dossier.ForcedUnknown {
		record = ""
	}
	return forced, record, by
}

// placesOf are the places of materials in their catalogs: 9-2-2.
func placesOf(ctx context.Context, q store.Querier, ids []string) (map[string]string, error) {
	out := map[string]string{}
	if len(ids) == 0 {
		return out, nil
	}
	list, err := store.List[dossier.Material](ctx, q, "WHERE id IN ("+store.Marks(len(ids))+")", store.Args(ids)...)
	for _, m := range list {
		out[m.ID] = fmt.Sprintf("%s-%d", m.Class, m.Seq)
	}
	return out, err
}

// told is a period that forces the way, with its source: 曾任…（2009.7—2015.3，见 9-2-2).
func told(p dossier.Period, source string) string {
	name := p.Unit + "工作人员（身份未注明）"
	if id, ok := codes.FindIdentity(p.Identity); ok {
		name = id.Name
	}
	span := dotted(p.FromMonth) + "—至今"
	if p.ToMonth != "" {
		span = dotted(p.FromMonth) + "—" + dotted(p.ToMonth)
	}
	return name + "（" + span + "，见 " + source + "）"
}

// dotted is 2009-07 as papers write it: 2009.7.
func dotted(month string) string {
	year, m, _ := strings.Cut(month, "-")
	return year + "." + strings.TrimPrefix(m, "0")
}

// office is where the packet was handed over to the post; a messenger takes it from the agency.
func (d Dispatch) office() string {
	if d.Way == Messenger {
		return ""
	}
	return strings.TrimSpace(d.Office)
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
