package dossier

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/gate"
	"dangan/internal/mandate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Ways a material comes in.
const (
	FromWindow = "window"   // handed in at the window by an agent or unit
	FromUnit   = "unit"     // sent by the unit that formed it
	FromPerson = "person"   // handed in by the person: verified with the unit (14b)
	Cited      = "cited"    // entered from the paper dossier's own catalog
	FromScans  = "delivery" // came with a contractor's scans
)

// Intake is what is entered when a material is received.
type Intake struct {
	DossierID string
	Origin    string // FromWindow, FromUnit, FromPerson
	Giver     string // who handed it in
	MandateID string // of an agent who hands it in for the person
	Maker     string // the unit that formed it
	Secrecy   int
	Guard     string // of the class, where it is trade or privacy
	Description
}

// Deadlines computes the two clocks of a material: filed within two months of
// receipt (13a), and the days by which it came later than a month after it was
// formed (14b). A date known to the month or year only counts as its last day.
func Deadlines(c *calendar.Calendar, received calendar.Date, d Description) (due calendar.Date, tentative bool, late int64) {
	due, tentative = c.AddMonths(received, 2)
	formed := calendar.New(int(d.Year), int(d.Month), int(d.Day))
	switch {
	case d.Year == 0:
		return due, tentative, 0
	case d.Month == 0:
		formed = calendar.New(int(d.Year), 12, 31)
	case d.Day == 0:
		formed = calendar.Date(calendar.New(int(d.Year), int(d.Month), 1).Time().AddDate(0, 1, -1).Format("2006-01-02"))
	}
	term, _ := c.AddMonths(formed, 1)
	if received > term {
		late = int64(received.Time().Sub(term.Time()).Hours() / 24)
	}
	return due, tentative, late
}

// Receive registers a material; both clocks run from this day. A state-secret
// item becomes a stub on paper: no title, no text, no image (15).
func (k *Desk) Receive(ctx context.Context, by policy.Actor, n Intake) (Material, error) {
	return k.ReceiveAnd(ctx, by, n, func(*gate.Tx, Material) error { return nil })
}

// ReceiveAnd is Receive together with what another room writes in the same act, such as the
// mark on what a person handed in over the net.
func (k *Desk) ReceiveAnd(ctx context.Context, by policy.Actor, n Intake, also func(tx *gate.Tx, m Material) error) (m Material, err error) {
	today := k.gate.Today()
	secret := n.Secrecy >= Secret
	reasons := n.check(today, secret, secret)
	if !slices.Contains([]string{FromWindow, FromUnit, FromPerson}, n.Origin) {
		reasons = append(reasons, rule.Reason{Rule: "14b", Slug: "material_origin", Field: "origin", Message: "来源应为窗口、单位或本人。", Next: "请选择材料由谁交来。"})
	}
	if strings.TrimSpace(n.Giver) == "" {
		reasons = append(reasons, rule.Reason{Rule: "14b", Slug: "material_giver", Field: "giver", Message: "交来人（单位）不能为空。", Next: "请填写交来材料的单位或个人。"})
	}
	if n.Secrecy < Open || n.Secrecy > TopSecret {
		reasons = append(reasons, rule.Reason{Rule: "15", Slug: "material_secrecy", Field: "secrecy", Message: "没有这个密级。", Next: "请从普通、工作秘密、秘密、机密、绝密中选择。"})
	}
	if slices.ContainsFunc(reasons, func(r rule.Reason) bool { return r.Slug == "secret_on_paper_only" }) {
		// 15 forbids it whatever else is wrong: the text was not kept anywhere.
		_, err = k.act(ctx, by, "material.receive", []rule.ID{"15"}, n.DossierID, func(*gate.Tx, *Dossier) error {
			return rule.Refuse(secretTitle("title"))
		})
		return m, err
	}
	if err := mistakes(reasons); err != nil {
		return m, err
	}
	_, err = k.act(ctx, by, "material.receive", []rule.ID{"13a", "14b"}, n.DossierID, func(tx *gate.Tx, d *Dossier) error {
		if err := d.takesIn(); err != nil {
			return err
		}
		seq, err := tx.Number(fmt.Sprintf("%s/收件/%d", d.Agency, today.Year()))
		if err != nil {
			return err
		}
		due, tentative, late := Deadlines(tx.Calendar(), today, n.Description)
		m = Material{ID: gate.NewID(), Version: 1, DossierID: d.ID, State: Received, Origin: n.Origin, Source: strings.TrimSpace(n.Giver), Maker: strings.TrimSpace(n.Maker), Secrecy: n.Secrecy, Guard: Class(n.Guard).Guard(),
			IntakeNo: fmt.Sprintf("SJ-%s-%d-%05d", d.Agency, today.Year(), seq), ReceivedOn: string(today), DueOn: string(due), DueTentative: tentative, LateDays: late, Handler: by.ID}
		agent, err := ByAgent(tx, *d, n.MandateID, mandate.Materials, "Material:"+m.ID, nil)
		if err != nil {
			return err
		}
		if agent != nil {
			tx.Note("agent", agent.No)
		}
		n.apply(&m)
		if !secret {
			m.Class = ""
			m.KeyFacts = strings.Join(codes.Proves(m.Title, ""), "|")
		}
		if late > 0 {
			tx.Note("late_days", late)
		}
		if err := k.came(tx, d, m); err != nil {
			return err
		}
		return also(tx, m)
	})
	return m, err
}

// takesIn says whether materials can be added: what is received while the dossier is on its way
// would be in no packing list and in nobody's hands (20.2b, 29.6).
func (d Dossier) takesIn() error {
	switch d.State {
	case Left:
		return rule.Refuse(rule.Reason{Rule: "29.6", Slug: "dossier_left", Message: "档案已转出本市，不再收材料。", Next: "材料请交现保管单位。"})
	case InTransit:
		return rule.Refuse(rule.Reason{Rule: "29.6", Slug: "dossier_in_transit", Message: "档案正在转递途中，不收材料。", Next: "请交材料的单位、本人改交接收机构；确须由本机构转交的，待接收机构回执后移交。"})
	}
	return nil
}

// came writes a loose material and counts it.
func (k *Desk) came(tx *gate.Tx, d *Dossier, m Material) error {
	tx.About("Material", m.ID)
	if err := tx.Insert(m); err != nil {
		return err
	}
	d.Loose++
	d.Secrecy = max(d.Secrecy, m.Secrecy)
	if err := handed(tx, d, m); err != nil {
		return err
	}
	// 14b: before it is filed, its maker is asked. A pile comes with its maker's list, which is the answer.
	if m.State == Received && slices.Contains(Needed(m), WithMaker) {
		if err := k.askMaker(tx, d, m, handedIn); err != nil {
			return err
		}
	}
	return Save(tx, d)
}

// Redescribe puts right what was entered wrongly of a loose piece: it is not filed yet, so that no
// correction is asked for (29.2), and not appraised any more, as that was of something else. The
// days by which it came late are computed anew (14b).
func (k *Desk) Redescribe(ctx context.Context, by policy.Actor, id, giver, maker string, n Description) (Material, error) {
	giver, maker = strings.TrimSpace(giver), strings.TrimSpace(maker)
	reasons := n.check(k.gate.Today(), false, false)
	if giver == "" {
		reasons = append(reasons, rule.Reason{Rule: "14b", Slug: "material_giver", Field: "giver", Message: "交来人（单位）不能为空。", Next: "请填写交来材料的单位或个人。"})
	}
	if err := mistakes(reasons); err != nil {
		return Material{}, err
	}
	return k.onMaterial(ctx, by, "material.describe", []rule.ID{"13a", "14b"}, id, func(tx *gate.Tx, d *Dossier, m *Material) error {
		if err := m.need("更正登记", Received, Appraising, ToFile); err != nil {
			return err
		}
		if m.BatchID != "" {
			return rule.Refuse(rule.Reason{Rule: "13a", Slug: "in_batch", Message: "材料已提交归档批次，待审核。", Next: "请审核人员退回本批后更正登记。"})
		}
		if m.Origin == Cited || m.Origin == FromScans {
			return rule.Refuse(rule.Reason{Rule: "13a", Slug: "not_received", Message: "这一条是目录录入或数字化的结果，不是收下的材料。", Next: "请在目录录入或数字化验收中退回更正。"})
		}
		if err := m.running(); err != nil {
			return err
		}
		if err := m.onlyPaper(n.Title, n.Note, maker); err != nil {
			return err
		}
		if m.Describe().same(n) && m.Source == giver && m.Maker == maker {
			return rule.Mistake(rule.Reason{Rule: "13a", Slug: "nothing_changes", Field: "title", Message: "与现有登记相同，没有要更正的内容。", Next: "请填写更正后的内容。"})
		}
		if err := reported(ctx, tx, m.ID); err != nil {
			return err
		}
		if err := dropMove(tx, m.ID); err != nil {
			return err
		}
		class := m.Class
		n.apply(m)
		m.Class, m.Source, m.Maker = class, giver, maker
		m.KeyFacts = strings.Join(codes.Proves(m.Title, m.Class), "|")
		_, _, m.LateDays = Deadlines(tx.Calendar(), calendar.Date(m.ReceivedOn), n)
		if m.State != Received {
			m.State, m.Decision = Appraising, ""
			tx.Note("appraised_anew", true)
		}
		// What it answers and whom to ask of it may be others now.
		if err := sentBack(tx, d, *m); err != nil {
			return err
		}
		if err := handed(tx, d, *m); err != nil {
			return err
		}
		if err := answer(tx, m.ID, "", TaskDropped); err != nil {
			return err
		}
		if slices.Contains(Needed(*m), WithMaker) {
			return k.askMaker(tx, d, *m, handedIn)
		}
		return nil
	})
}

// same says whether two descriptions of a loose piece say the same; its class is given later.
func (n Description) same(o Description) bool {
	n.Class, o.Class = "", ""
	return n == o
}

// Resubmit registers that what was sent back came again, cured or formed anew: a piece of its
// own with both clocks from today, that names the first. Of the first everything stays as the
// slip says it: defects, decision, days (13a, 13b).
func (k *Desk) Resubmit(ctx context.Context, by policy.Actor, id string, n Description) (Material, error) {
	first, err := store.Get[Material](ctx, k.gate.DB(), "WHERE id=?", id)
	if err != nil {
		return Material{}, err
	}
	secret := first.Secrecy >= Secret
	if secret {
		n.Class = first.Class
	}
	if err := mistakes(n.check(k.gate.Today(), secret, secret)); err != nil {
		return Material{}, err
	}
	var again Material
	_, err = k.onMaterial(ctx, by, "material.resubmit", []rule.ID{"13a", "13b"}, id, func(tx *gate.Tx, d *Dossier, m *Material) error {
		if err := m.comesAgain(ctx, tx); err != nil {
			return err
		}
		if err := d.takesIn(); err != nil {
			return err
		}
		if err := m.onlyPaper(n.Title, n.Note); err != nil {
			return err
		}
		today := tx.Today()
		seq, err := tx.Number(fmt.Sprintf("%s/收件/%d", d.Agency, today.Year()))
		if err != nil {
			return err
		}
		due, tentative, late := Deadlines(tx.Calendar(), today, n)
		again = Material{ID: gate.NewID(), Version: 1, DossierID: d.ID, State: Received, Origin: m.Origin, Source: m.Source, Maker: m.Maker, Secrecy: m.Secrecy, Guard: m.Guard, Resubmits: m.ID,
			IntakeNo: fmt.Sprintf("SJ-%s-%d-%05d", d.Agency, today.Year(), seq), ReceivedOn: string(today), DueOn: string(due), DueTentative: tentative, LateDays: late, Handler: by.ID}
		n.apply(&again)
		if !secret {
			again.Class = ""
			again.KeyFacts = strings.Join(codes.Proves(again.Title, ""), "|")
		}
		if m.State == Curing {
			m.State = Cured
			d.Loose--
		}
		tx.Note("first", m.ID)
		return k.came(tx, d, again)
	})
	return again, err
}

// comesAgain says whether a piece that was sent back may come again: once.
func (m Material) comesAgain(ctx context.Context, q store.Querier) error {
	if err := m.need("登记补办后收到", Curing, Returned, Cured); err != nil {
		return err
	}
	if m.State == Returned && m.Decision != ToReturn { // a line of a catalog or of a delivery that was not confirmed
		return rule.Refuse(rule.Reason{Rule: "13a", Slug: "never_received", Message: "这一条是未通过核对的录入，不是退回形成单位的材料。", Next: "请重新录入或另行收材料。"})
	}
	second, err := store.Get[Material](ctx, q, "WHERE resubmits=? AND state<>'superseded'", m.ID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil
	case err != nil:
		return err
	}
	return rule.Refuse(rule.Reason{Rule: "13b", Slug: "came_again", Message: "补办件已经收到，登记号 " + second.IntakeNo + "。", Next: "补办件仍不合格的，就补办件再次退回。"})
}
