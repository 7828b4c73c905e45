package access

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/clock"
	"dangan/internal/codes"
	"dangan/internal/custody"
	"dangan/internal/digital"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
)

// CloseJob ends a session at its time; the timer does it again for what a stopped
// server missed.
const CloseJob = "reading.close"

// Desk is the room's door.
type Desk struct {
	gate     *gate.Gate
	agencies *agency.Registry
	settings *setting.Desk
	keys     person.Indexer
	press    *document.Press
	pages    *digital.Desk
}

// New opens the room.
func New(g *gate.Gate, agencies *agency.Registry, settings *setting.Desk, keys person.Indexer, press *document.Press, pages *digital.Desk) *Desk {
	return &Desk{gate: g, agencies: agencies, settings: settings, keys: keys, press: press, pages: pages}
}

// system is the clock's actor.
var system = policy.Actor{ID: "system", Kind: policy.System, Name: "系统"}

// NewReader is a reader as the form says it. ID names one that is on the form
// already and whose number, shown masked, was left as it is.
type NewReader struct {
	ID, Name, IDNo, Post, Political, NonMember, Card string
	Declared, Pledged                                bool
}

// Application is the form as the clerk fills it in (forms.md 8 and 9).
type Application struct {
	DossierID                               string
	UnitKind, Unit, UnitCode                string
	Purpose, Reason, Basis                  string
	PaperName, PaperNo, PaperOn, PaperUntil string
	Sealed, Matches, FormSigned             bool
	FormBy                                  string
	Classes                                 []string // empty: the whole dossier
	Way                                     string
	Readers                                 []NewReader
}

// mostReaders bounds the form.
const mostReaders = 10

// shape checks what can't be right, beside the fields (29.8), and brings the
// values to the form in which they are kept.
func (k *Desk) shape(a Application, today calendar.Date) (Case, []Reader, error) {
	var out []rule.Reason
	wrong := func(id rule.ID, slug, field, message, next string) {
		out = append(out, reason(id, slug, field, message, next))
	}
	c := Case{DossierID: a.DossierID, UnitKind: a.UnitKind, Unit: strings.TrimSpace(a.Unit), Purpose: a.Purpose, Reason: strings.TrimSpace(a.Reason),
		Basis: strings.TrimSpace(a.Basis), PaperName: strings.TrimSpace(a.PaperName), PaperNo: strings.TrimSpace(a.PaperNo), PaperOn: a.PaperOn, PaperUntil: a.PaperUntil,
		Sealed: a.Sealed, Matches: a.Matches, FormSigned: a.FormSigned, FormBy: strings.TrimSpace(a.FormBy), AskedKind: Whole, Way: a.Way}
	if c.Unit == "" {
		wrong("21.1", "unit_missing", "unit", "查阅单位名称不能为空。", "请照介绍信填写单位全称。")
	}
	switch {
	case c.UnitKind == Organ && strings.TrimSpace(a.UnitCode) == "":
	case c.UnitKind == Organ, c.UnitKind == Enterprise:
		code, problem, _ := identity.CheckCredit(a.UnitCode)
		if c.UnitCode = code; problem != "" {
			wrong("12c", "credit_code_invalid", "unitCode", "统一社会信用代码"+identity.ProblemText(problem)+"。", "请照单位证照核对。")
		}
	default:
		wrong("21.1", "unit_kind", "unitKind", "未选定单位类型。", "请选“单位”或“机关”。")
	}
	if c.Way != Digital && c.Way != Paper {
		wrong("21.1", "way_unknown", "way", "未选定查阅方式。", "请选数字影像或纸质原件。")
	}
	for _, d := range []struct{ field, value, what string }{{"paperOn", a.PaperOn, "日期"}, {"paperUntil", a.PaperUntil, "有效期"}} {
		if d.value != "" && !calendar.Date(d.value).Valid() {
			wrong("21.1", "date_invalid", d.field, d.what+"无法识别。", "请按 2026-11-25 的写法填写。")
		}
	}
	if calendar.Date(a.PaperOn).Valid() && a.PaperOn > today.String() {
		wrong("21.1", "letter_in_future", "paperOn", "文书日期在今天之后。", "请照原件核对日期。")
	}
	for _, class := range a.Classes {
		if _, ok := codes.FindClass(class); !ok {
			wrong("21.1", "class_unknown", "classes", "没有“"+class+"”这一类别。", "请从十类中选择。")
			break
		}
	}
	if len(a.Classes) > 0 {
		c.AskedKind, c.Asked = Classes, strings.Join(a.Classes, "|")
	}
	if len(a.Readers) > mostReaders {
		wrong("21.2", "too_many_readers", "readers", fmt.Sprintf("查阅人不超过%d人。", mostReaders), "请减少查阅人。")
	}
	readers := make([]Reader, 0, len(a.Readers))
	seen := map[string]bool{}
	for i, n := range a.Readers {
		at := func(f string) string { return fmt.Sprintf("readers.%d.%s", i, f) }
		r := Reader{Name: strings.TrimSpace(n.Name), Post: strings.TrimSpace(n.Post), Political: n.Political, NonMember: strings.TrimSpace(n.NonMember),
			Card: strings.TrimSpace(n.Card), Declared: n.Declared, Pledged: n.Pledged}
		if r.Name == "" {
			wrong("21.2", "reader_name", at("name"), "查阅人姓名不能为空。", "请照身份证填写。")
		}
		id, problem := identity.Parse(n.IDNo, today)
		if problem != "" {
			wrong("12b", "identity_number_invalid", at("idNo"), "公民身份号码"+identity.ProblemText(problem)+"。", "请照身份证核对。")
		} else if seen[id.Number] {
			wrong("21.2", "reader_twice", at("idNo"), "同一人登记了两次。", "请登记另一名查阅人。")
		}
		if n.Political != "" && codes.Name(codes.Politicals(), n.Political) == "" {
			wrong("21.2", "political_unknown", at("political"), "没有这种政治面貌。", "请从列表中选择。")
		}
		seen[id.Number] = true
		r.IDNo, r.IDIndex = id.Number, k.keys.Index(person.IndexPurpose, id.Number)
		readers = append(readers, r)
	}
	if len(out) > 0 {
		return c, nil, rule.Mistake(out...)
	}
	return c, readers, nil
}

func (k *Desk) standards(today calendar.Date) Standards {
	return Standards{Today: today, CandidateCounts: k.settings.Int(setting.CandidateCounts) == 1, CourtOrders: k.settings.Int(setting.CourtOrders) == 1}
}

// Limits are the province's bounds of a session.
func (k *Desk) Limits() Limits {
	return Limits{Minutes: int64(k.settings.Int(setting.ReadingMinutes)), Pages: int64(k.settings.Int(setting.ReadingPages))}
}

// kin says whether a reader is the dossier's person or stands within the set of
// 21c, as recorded families and staff declarations tell.
func kin(ctx context.Context, q store.Querier, dossierID string, readers []Reader) (bool, error) {
	for _, r := range readers {
		found, err := dossier.KinOf(ctx, q, dossierID, r.IDIndex, r.Name)
		if err != nil {
			return false, fmt.Errorf("kin of reader: %w", err)
		}
		if found {
			return true, nil
		}
	}
	return false, nil
}

// held says why a dossier can't be consulted here at all (29.6).
func held(d dossier.Dossier) error {
	switch d.State {
	case dossier.Left, dossier.InTransit, dossier.Arriving:
		return rule.Refuse(reason("29.6", "not_in_custody", "dossierId", "档案"+d.State.Name()+"，本机构现在不能受理查阅。", "请向现保管机构申请；转入核对完成后也可在本机构申请。"))
	}
	return nil
}

// Apply takes an application in as a draft: it may still lack papers.
func (k *Desk) Apply(ctx context.Context, by policy.Actor, a Application) (Case, error) {
	c, readers, err := k.shape(a, k.gate.Today())
	if err != nil {
		return c, err
	}
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: "consultation.apply", Rules: []rule.ID{"21.1", "21.2", "29.8"}}, func(tx *gate.Tx) error {
		d, err := dossier.Load(tx, a.DossierID)
		if err != nil {
			return err
		}
		c.ID, c.Version, c.Agency, c.State = gate.NewID(), 1, d.Agency, Draft
		c.AppliedBy, c.AppliedAt, c.NeedsHead = by.ID, tx.Now(), Level(d, c.Purpose)
		if err := tx.Permit(c.Resource(d)); err != nil {
			return err
		}
		if err := held(d); err != nil {
			return err
		}
		year := tx.Now().In(clock.Shanghai).Year()
		n, err := tx.Number(fmt.Sprintf("%s/查阅/%d", c.Agency, year))
		if err != nil {
			return err
		}
		c.No, c.ChangedAt = fmt.Sprintf("CY-%s-%d-%05d", c.Agency, year, n), tx.Now()
		tx.About("Dossier", d.ID)
		if err := tx.Insert(c); err != nil {
			return err
		}
		return keepReaders(tx, c.ID, readers)
	})
	return c, err
}

// act is the frame of every act on a case: load, permit, expect, do, save.
func (k *Desk) act(ctx context.Context, by policy.Actor, action string, rules []rule.ID, id string, fn func(tx *gate.Tx, c *Case, d *dossier.Dossier) error) (Case, error) {
	var c Case
	_, err := k.gate.Do(ctx, gate.Act{Actor: by, Action: action, Rules: rules, On: "Consultation:" + id}, func(tx *gate.Tx) error {
		var err error
		if c, err = load(tx, id); err != nil {
			return err
		}
		d, err := dossier.Load(tx, c.DossierID)
		if err != nil {
			return err
		}
		if err := tx.Permit(c.Resource(d)); err != nil {
			return err
		}
		if err := tx.Expect(c.Version); err != nil {
			return err
		}
		tx.About("Dossier", d.ID)
		if err := fn(tx, &c, &d); err != nil {
			return err
		}
		tx.Note("state", string(c.State))
		return save(tx, &c)
	})
	return c, err
}

// Edit changes the form of a draft or of a case that waits for papers.
func (k *Desk) Edit(ctx context.Context, by policy.Actor, id string, a Application) (Case, error) {
	known, err := Readers(ctx, k.gate.DB(), id)
	if err != nil {
		return Case{}, err
	}
	for i, n := range a.Readers {
		at := slices.IndexFunc(known, func(r Reader) bool { return r.ID == n.ID })
		if at >= 0 && (n.IDNo == "" || n.IDNo == identity.Mask(known[at].IDNo)) {
			a.Readers[i].IDNo = known[at].IDNo
		}
	}
	fresh, readers, err := k.shape(a, k.gate.Today())
	if err != nil {
		return fresh, err
	}
	return k.act(ctx, by, "consultation.edit", []rule.ID{"21.1", "29.8"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := c.step("更改申请", Draft, Incomplete); err != nil {
			return err
		}
		if a.DossierID != c.DossierID {
			return rule.Mistake(reason("21.1", "other_dossier", "dossierId", "不能改换被查阅人。", "查阅另一人的，请另行申请。"))
		}
		old := *c
		*c = fresh
		c.ID, c.Version, c.No, c.Agency, c.State = old.ID, old.Version, old.No, old.Agency, old.State
		c.AppliedBy, c.AppliedAt, c.NeedsHead = old.AppliedBy, old.AppliedAt, Level(*d, fresh.Purpose)
		c.Missing, c.ToldOn, c.ToldDue = old.Missing, old.ToldOn, old.ToldDue
		return keepReaders(tx, c.ID, readers)
	})
}

// completionDays is how long papers may be completed, in working days.
const completionDays = 10

// Submit hands an application in. What is missing is told once with everything:
// the case then waits, and lacks names what for.
func (k *Desk) Submit(ctx context.Context, by policy.Actor, id string) (c Case, lacks []rule.Reason, err error) {
	c, err = k.act(ctx, by, "consultation.submit", []rule.ID{"21a", "21.1", "21.2", "21c", "29.8"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		readers, err := Readers(tx.Context(), tx, c.ID)
		if err != nil {
			return err
		}
		related, err := kin(tx.Context(), tx, c.DossierID, readers)
		if err != nil {
			return err
		}
		due, _ := tx.Calendar().AddWorkdays(tx.Today(), completionDays)
		first := c.ToldOn == ""
		accepted := c.State == Draft
		if lacks, err = c.Submit(readers, related, k.standards(tx.Today()), due); err != nil {
			return err
		}
		if err := held(*d); err != nil {
			return err
		}
		if accepted {
			if err := k.acceptance(tx, *c, *d); err != nil {
				return err
			}
		}
		if len(lacks) == 0 {
			return nil
		}
		slugs := make([]string, len(lacks))
		for i, l := range lacks {
			slugs[i] = string(l.Rule) + "/" + l.Slug
		}
		tx.Note("lacks", slugs)
		if first {
			return k.completion(tx, *c, *d, lacks)
		}
		return nil
	})
	return c, lacks, err
}

// Check records that the originals agree with the form (初审).
func (k *Desk) Check(ctx context.Context, by policy.Actor, id string) (Case, error) {
	return k.act(ctx, by, "consultation.check", []rule.ID{"21.1", "21.2", "21c"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		readers, err := Readers(tx.Context(), tx, c.ID)
		if err != nil {
			return err
		}
		related, err := kin(tx.Context(), tx, c.DossierID, readers)
		if err != nil {
			return err
		}
		// What touches secrets may have changed since the form was filled in.
		c.NeedsHead = Level(*d, c.Purpose)
		return c.Check(by.ID, tx.Now(), readers, related, k.standards(tx.Today()))
	})
}

// Approve is the reviewer's decision to let read, in full or narrowed (21.3).
func (k *Desk) Approve(ctx context.Context, by policy.Actor, id string, g Grant) (Case, error) {
	return k.act(ctx, by, "consultation.approve", []rule.ID{"21.3", "21.4", "21c"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := k.noKin(tx, *c); err != nil {
			return err
		}
		if err := ownMaterials(tx, d.ID, g); err != nil {
			return err
		}
		c.NeedsHead = c.NeedsHead || Level(*d, c.Purpose)
		if err := c.Approve(by.ID, tx.Now(), g, k.Limits(), tx.Calendar()); err != nil {
			return err
		}
		return k.readied(tx, *c, d)
	})
}

// Confirm is the head's approval, one level higher (21b, 21a).
func (k *Desk) Confirm(ctx context.Context, by policy.Actor, id, opinion string) (Case, error) {
	return k.act(ctx, by, "consultation.confirm", []rule.ID{"21b", "21.3"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := k.noKin(tx, *c); err != nil {
			return err
		}
		if err := c.Confirm(by.ID, tx.Now(), opinion, tx.Calendar()); err != nil {
			return err
		}
		return k.readied(tx, *c, d)
	})
}

// noKin asks again at each decision: families are recorded every day.
func (k *Desk) noKin(tx *gate.Tx, c Case) error {
	readers, err := Readers(tx.Context(), tx, c.ID)
	if err != nil {
		return err
	}
	related, err := kin(tx.Context(), tx, c.DossierID, readers)
	if err != nil {
		return err
	}
	if related {
		return rule.Refuse(KinReason())
	}
	return nil
}

// ownMaterials holds a grant by materials to the dossier's own, open ones.
func ownMaterials(tx *gate.Tx, dossierID string, g Grant) error {
	if g.Kind != Materials || len(g.List) == 0 {
		return nil
	}
	var n int
	args := append([]any{dossierID, string(dossier.Filed)}, store.Args(g.List)...)
	if err := tx.QueryRow(tx.Context(), "SELECT COUNT(*) FROM material WHERE dossier_id=? AND state=? AND secrecy=0 AND id IN ("+store.Marks(len(g.List))+")", args...).Scan(&n); err != nil {
		return fmt.Errorf("granted materials: %w", err)
	}
	if n != len(g.List) {
		return rule.Mistake(reason("21.3", "material_unknown", "list", "所选材料不在该档案的目录中，或者涉密。", "请从目录中重新选择。"))
	}
	return nil
}

// readied follows the last approval: the form is issued, the packet asked for.
func (k *Desk) readied(tx *gate.Tx, c Case, d *dossier.Dossier) error {
	if c.State != Ready {
		return nil
	}
	if err := k.form(tx, c, *d); err != nil {
		return err
	}
	if c.Way == Paper {
		return custody.Ask(tx, d, c.Ref(), custody.ForReading)
	}
	return nil
}

// RefuseReason is one reason of 不予查阅: the clause and the fact in words.
type RefuseReason struct {
	Rule rule.ID
	Fact string
}

// Refuse is 不予查阅 (29.8): the notice is issued with every reason. A fact under
// 21c is always told in the one sentence that names neither reader nor kinship.
func (k *Desk) Refuse(ctx context.Context, by policy.Actor, id string, facts []RefuseReason, next string) (Case, error) {
	return k.act(ctx, by, "consultation.refuse", []rule.ID{"29.8", "21.3"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if strings.TrimSpace(next) == "" {
			return rule.Mistake(reason("29.8", "next_missing", "next", "未写明可以怎样办。", "请告知查阅单位下一步，例如更换查阅人后重新申请。"))
		}
		reasons := make([]rule.Reason, len(facts))
		for i, f := range facts {
			if reasons[i] = reason(f.Rule, "consultation_refused", "", strings.TrimSpace(f.Fact), strings.TrimSpace(next)); f.Rule == "21c" {
				reasons[i] = KinReason()
			}
		}
		if err := c.Refuse(tx.Now(), reasons); err != nil {
			return err
		}
		tx.Note("rules", ruleIDs(reasons))
		return k.refusal(tx, *c, *d, reasons, strings.TrimSpace(next))
	})
}

func ruleIDs(reasons []rule.Reason) []string {
	out := make([]string, len(reasons))
	for i, r := range reasons {
		out[i] = string(r.Rule)
	}
	return out
}

// Withdraw takes an application back at the unit's wish.
func (k *Desk) Withdraw(ctx context.Context, by policy.Actor, id, why string) (Case, error) {
	return k.act(ctx, by, "consultation.withdraw", []rule.ID{"21.1"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := c.Withdraw(tx.Now(), why); err != nil {
			return err
		}
		return custody.Finish(tx, d, c.Ref())
	})
}

// Lapse ends a case whose term passed.
func (k *Desk) lapse(ctx context.Context, id string) error {
	_, err := k.act(ctx, system, "consultation.lapse", []rule.ID{"21.4"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := c.Lapse(tx.Now()); err != nil {
			return err
		}
		return custody.Finish(tx, d, c.Ref())
	})
	return err
}

// Sweep ends every session whose time is over and every case whose term passed:
// a server that stood still catches up here.
func (k *Desk) Sweep(ctx context.Context) error {
	var errs []error
	over, err := store.List[Session](ctx, k.gate.DB(), "WHERE ended_at IS NULL AND ends_at<=? ORDER BY ends_at LIMIT 500", k.gate.Now())
	if err != nil {
		return err
	}
	for _, s := range over {
		errs = append(errs, k.closeOver(ctx, s.ID))
	}
	today := k.gate.Today().String()
	lapsed, err := store.List[Case](ctx, k.gate.DB(), "WHERE (state=? AND valid_until<?) OR (state=? AND told_due<?) ORDER BY id LIMIT 500", string(Ready), today, string(Incomplete), today)
	if err != nil {
		return err
	}
	for _, c := range lapsed {
		errs = append(errs, k.lapse(ctx, c.ID))
	}
	return errors.Join(errs...)
}

// HandleClose is the job at a session's end.
func (k *Desk) HandleClose(ctx context.Context, payload []byte) error {
	var p struct{ Session string }
	if err := json.Unmarshal(payload, &p); err != nil {
		return err
	}
	return k.closeOver(ctx, p.Session)
}

// Present is who sits at the desk: which readers of the form came.
type Present struct {
	Readers []string // ids of Reader
}

// Open begins the reading: all that the approval asks for, two readers present,
// the packet in the reading room when it is read on paper (21.2, 21.4).
func (k *Desk) Open(ctx context.Context, by policy.Actor, id string, present Present) (s Session, err error) {
	_, err = k.act(ctx, by, "reading.open", []rule.ID{"21.2", "21.4"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := c.Start(tx.Today()); err != nil {
			return err
		}
		if err := k.noKin(tx, *c); err != nil {
			return err
		}
		readers, err := Readers(tx.Context(), tx, c.ID)
		if err != nil {
			return err
		}
		came := map[string]bool{}
		for _, r := range readers {
			if slices.Contains(present.Readers, r.ID) {
				came[r.ID] = true
			}
		}
		var reasons []rule.Reason
		if len(came) < 2 {
			reasons = append(reasons, reason("21.2", "too_few_readers", "readers", fmt.Sprintf("到场的查阅人不足两人（%d人）。", len(came)), "请申请表所列查阅人至少两人到场，并逐人核验身份证。"))
		}
		switch {
		case d.State != dossier.InStore && d.State != dossier.Arranging && d.State != dossier.Reading:
			reasons = append(reasons, reason("29.6", "dossier_not_at_hand", "", "档案现为“"+d.State.Name()+"”，不能开始查阅。", "请待该事项办结后再查阅。"))
		case c.Way == Paper && d.Place != dossier.PlaceReading:
			reasons = append(reasons, reason("21.4", "packet_not_here", "", "档案原件尚未送到阅档室。", "请库管提档并交接到阅档室。"))
		}
		if other, err := OpenReading(tx.Context(), tx, d.ID); err != nil {
			return err
		} else if other != "" {
			reasons = append(reasons, reason("29.6", "reading_in_progress", "", "该档案正由其他查阅人查阅（"+other+"）。", "请待其结束后再开始。"))
		}
		if len(reasons) > 0 {
			return rule.Refuse(reasons...)
		}
		year := tx.Now().In(clock.Shanghai).Year()
		n, err := tx.Number(fmt.Sprintf("%s/查阅号/%d", c.Agency, year))
		if err != nil {
			return err
		}
		s = Session{ID: gate.NewID(), Version: 1, CaseID: c.ID, DossierID: d.ID, Agency: c.Agency, No: fmt.Sprintf("Y-%s-%d-%05d", c.Agency, year, n), Way: c.Way,
			Monitor: by.ID, OpenedAt: tx.Now(), EndsAt: tx.Now().Add(time.Duration(c.Minutes) * time.Minute), MaxPages: c.MaxPages}
		if err := tx.Insert(s); err != nil {
			return err
		}
		tx.About("Reading", s.ID)
		tx.Enqueue(gate.Job{Kind: CloseJob, Payload: map[string]string{"session": s.ID}, At: s.EndsAt})
		d.State = dossier.Reading
		return dossier.Save(tx, d)
	})
	return s, err
}

// onSession is the frame of every act on a session. Over is what to do when the
// clock has ended it: the session is closed first, in an act of its own.
func (k *Desk) onSession(ctx context.Context, by policy.Actor, action string, rules []rule.ID, caseID string, fn func(tx *gate.Tx, s *Session, c *Case, d *dossier.Dossier) error) (Session, error) {
	if err := k.catchUp(ctx, caseID); err != nil {
		return Session{}, err
	}
	var s Session
	_, err := k.gate.Do(ctx, gate.Act{Actor: by, Action: action, Rules: rules, On: "Consultation:" + caseID}, func(tx *gate.Tx) error {
		c, err := load(tx, caseID)
		if err != nil {
			return err
		}
		d, err := dossier.Load(tx, c.DossierID)
		if err != nil {
			return err
		}
		if err := tx.Permit(c.Resource(d)); err != nil {
			return err
		}
		if s, err = store.Get[Session](tx.Context(), tx, "WHERE case_id=?"+tx.ForUpdate(), caseID); errors.Is(err, store.ErrNotFound) {
			return c.step("查阅", Reading)
		} else if err != nil {
			return err
		}
		tx.About("Dossier", d.ID)
		tx.About("Reading", s.ID)
		if !s.EndedAt.IsZero() {
			return s.Readable(tx.Now(), true)
		}
		if err := fn(tx, &s, &c, &d); err != nil {
			return err
		}
		return tx.Update(&s)
	})
	return s, err
}

// catchUp closes a session whose time is over before anything is done with it.
func (k *Desk) catchUp(ctx context.Context, caseID string) error {
	s, err := SessionOf(ctx, k.gate.DB(), caseID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	if s.Over(k.gate.Now()) {
		return k.closeOver(ctx, s.ID)
	}
	return nil
}

// closeOver ends a session at its time. Doing it twice does nothing.
func (k *Desk) closeOver(ctx context.Context, sessionID string) error {
	s, err := store.Get[Session](ctx, k.gate.DB(), "WHERE id=?", sessionID)
	if err != nil {
		return err
	}
	if !s.Over(k.gate.Now()) {
		return nil
	}
	// The readers' request is no repetition of this act, whatever key it carries.
	_, err = k.gate.Do(gate.WithRequest(ctx, gate.Request{Via: "job"}), gate.Act{Actor: system, Action: "reading.close", Rules: []rule.ID{"21.4"}, On: "Consultation:" + s.CaseID}, func(tx *gate.Tx) error {
		c, err := load(tx, s.CaseID)
		if err != nil {
			return err
		}
		d, err := dossier.Load(tx, c.DossierID)
		if err != nil {
			return err
		}
		if err := tx.Permit(c.Resource(d)); err != nil {
			return err
		}
		s, err := store.Get[Session](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), sessionID)
		if err != nil || !s.Over(tx.Now()) {
			return err
		}
		// What ended it is the clock, at its time, however late that was noticed.
		if err := k.finish(tx, &s, &c, &d, s.EndsAt, EndedByTime); err != nil {
			return err
		}
		return tx.Update(&s)
	})
	return err
}

// finish ends session and case, gives the dossier back its state and the packet
// its way to the shelf, and issues the record of what was read.
func (k *Desk) finish(tx *gate.Tx, s *Session, c *Case, d *dossier.Dossier, at time.Time, why string) error {
	if err := c.Finish(at, why); err != nil {
		return err
	}
	s.EndedAt, s.EndedWhy, s.EndedBy = at, why, tx.Actor().ID
	// A packet in the reading room stays 查阅中 until the keeper has it back.
	switch {
	case d.State != dossier.Reading, d.Place == dossier.PlaceReading:
	case d.Place == dossier.PlaceStore:
		d.State = dossier.InStore
	default:
		d.State = dossier.Arranging
	}
	tx.About("Dossier", d.ID)
	tx.Note("pages", s.Pages)
	if err := dossier.Save(tx, d); err != nil {
		return err
	}
	if err := custody.Finish(tx, d, c.Ref()); err != nil {
		return err
	}
	if err := save(tx, c); err != nil {
		return err
	}
	return k.record(tx, *s, *c, *d)
}

// End ends the reading by the monitor's hand.
func (k *Desk) End(ctx context.Context, by policy.Actor, caseID string) (Session, error) {
	return k.onSession(ctx, by, "reading.end", []rule.ID{"21.4"}, caseID, func(tx *gate.Tx, s *Session, c *Case, d *dossier.Dossier) error {
		return k.finish(tx, s, c, d, tx.Now(), EndedByHand)
	})
}

// Lock hides the pages: a reader left the desk (21.2).
func (k *Desk) Lock(ctx context.Context, by policy.Actor, caseID string) (Session, error) {
	return k.onSession(ctx, by, "reading.lock", []rule.ID{"21.2"}, caseID, func(tx *gate.Tx, s *Session, _ *Case, _ *dossier.Dossier) error {
		if s.LockedAt.IsZero() {
			s.LockedAt = tx.Now()
		}
		return nil
	})
}

// Unlock shows them again when both are back.
func (k *Desk) Unlock(ctx context.Context, by policy.Actor, caseID string) (Session, error) {
	return k.onSession(ctx, by, "reading.unlock", []rule.ID{"21.2"}, caseID, func(tx *gate.Tx, s *Session, _ *Case, _ *dossier.Dossier) error {
		s.LockedAt = time.Time{}
		return nil
	})
}

// Piece is a material read on paper: one of the catalog, or cited by hand.
type Piece struct {
	MaterialID   string
	Class, Title string
	Pages        int64
}

// RecordPaper puts on record what the readers read on paper, ticked by the monitor.
func (k *Desk) RecordPaper(ctx context.Context, by policy.Actor, caseID string, pieces []Piece) (Session, error) {
	return k.onSession(ctx, by, "reading.record", []rule.ID{"21.4"}, caseID, func(tx *gate.Tx, s *Session, c *Case, d *dossier.Dossier) error {
		if err := s.Readable(tx.Now(), true); err != nil {
			return err
		}
		if len(pieces) == 0 {
			return rule.Mistake(reason("21.4", "nothing_ticked", "pieces", "没有选定所阅材料。", "请勾选，或按类号、材料名称登记。"))
		}
		for i, p := range pieces {
			v, err := k.ticked(tx, *s, *c, i, p)
			if err != nil {
				return err
			}
			if v.MaterialID != "" {
				var n int
				if err := tx.QueryRow(tx.Context(), "SELECT COUNT(*) FROM reading_view WHERE session_id=? AND kind=? AND material_id=?", s.ID, Paper, v.MaterialID).Scan(&n); err != nil {
					return fmt.Errorf("pieces read: %w", err)
				}
				if n > 0 {
					continue // ticked before
				}
			}
			if s.Pages+v.Pages > s.MaxPages {
				return rule.Refuse(reason("21.4", "page_limit_reached", "", fmt.Sprintf("已达本次查阅的页数上限（%d页）。", s.MaxPages), "还需查阅的，请查阅单位另行申请。"))
			}
			s.Pages += v.Pages
			if err := tx.Insert(v); err != nil {
				return err
			}
		}
		return nil
	})
}

// ticked makes the row of one piece, or says why it may not be read.
func (k *Desk) ticked(tx *gate.Tx, s Session, c Case, i int, p Piece) (View, error) {
	v := View{ID: gate.NewID(), SessionID: s.ID, DossierID: s.DossierID, Kind: Paper, At: tx.Now(), StaffID: tx.Actor().ID}
	at := func(f string) string { return fmt.Sprintf("pieces.%d.%s", i, f) }
	if p.MaterialID != "" {
		m, err := store.Get[dossier.Material](tx.Context(), tx, "WHERE id=? AND dossier_id=?", p.MaterialID, s.DossierID)
		if err != nil {
			return v, err
		}
		if err := mayRead(c, m); err != nil {
			return v, err
		}
		v.MaterialID, v.Class, v.Title, v.Pages = m.ID, m.Class, m.Title, m.Pages
		return v, nil
	}
	class, known := codes.FindClass(p.Class)
	var wrong []rule.Reason
	if !known {
		wrong = append(wrong, reason("21.4", "class_unknown", at("class"), "没有这一类别。", "请从十类中选择。"))
	}
	if strings.TrimSpace(p.Title) == "" {
		wrong = append(wrong, reason("21.4", "title_missing", at("title"), "材料名称不能为空。", "请照材料原名填写。"))
	}
	if p.Pages < 1 || p.Pages > 500 {
		wrong = append(wrong, reason("21.4", "pages_wrong", at("pages"), "页数应为1至500。", "请照实填写。"))
	}
	if len(wrong) > 0 {
		return v, rule.Mistake(wrong...)
	}
	if c.GrantKind != Whole && !c.Covers(dossier.Material{State: dossier.Filed, Class: class.Code}) {
		return v, rule.Refuse(outsideGrant())
	}
	v.Class, v.Title, v.Pages = class.Code, strings.TrimSpace(p.Title), p.Pages
	return v, nil
}

func outsideGrant() rule.Reason {
	return reason("21.3", "outside_grant", "", "该材料不在批准的查阅范围内。", "请在批准的范围内查阅；需要扩大范围的，请查阅单位另行申请。")
}

// mayRead says why a material may not be read: secret (15) or outside the grant.
func mayRead(c Case, m dossier.Material) error {
	switch {
	case m.Secrecy > 0:
		return rule.Refuse(reason("15", "secret_closed", "", "该材料涉密，不在查阅之列。", "请查阅其他材料；确需了解的，由查阅单位按保密规定另行商办。"))
	case !c.Covers(m):
		return rule.Refuse(outsideGrant())
	}
	return nil
}

// Turn shows one page to the readers of an open session: an act of theirs, on
// record, one row a page. The monitor is the member of staff who asked. What goes
// out is a reduced rendering with readers, unit, minute and session burned in.
func (k *Desk) Turn(ctx context.Context, monitor policy.Actor, caseID, materialID string, no int64) ([]byte, error) {
	if err := k.catchUp(ctx, caseID); err != nil {
		return nil, err
	}
	at, err := k.desk(ctx, monitor, caseID)
	if err != nil {
		return nil, err
	}
	var page digital.Page
	mark := digital.Watermark{Who: names(at.readers) + " " + at.c.Unit, Case: "查阅号 " + at.session.No}
	_, err = k.gate.Do(ctx, gate.Act{Actor: at.session.Actor(at.c.Unit, names(at.readers)), Action: "reading.page", Rules: []rule.ID{"18c", "21.4", "29.3"}, On: "Reading:" + at.session.ID}, func(tx *gate.Tx) error {
		s, err := store.Get[Session](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), at.session.ID)
		if err != nil {
			return err
		}
		m, err := store.Get[dossier.Material](tx.Context(), tx, "WHERE id=? AND dossier_id=?", materialID, s.DossierID)
		if err != nil {
			return err
		}
		if err := tx.Permit(policy.Resource{Type: "Material", ID: m.ID, Secrecy: m.Secrecy, Attrs: map[string]any{"session": s.ID, "granted": s.Way == Digital && at.c.Covers(m)}}); err != nil {
			return err
		}
		var before int
		if err := tx.QueryRow(tx.Context(), "SELECT COUNT(*) FROM reading_view WHERE session_id=? AND material_id=? AND page_no=?", s.ID, m.ID, no).Scan(&before); err != nil {
			return fmt.Errorf("pages read: %w", err)
		}
		if err := s.Readable(tx.Now(), before > 0); err != nil {
			return err
		}
		if page, err = store.Get[digital.Page](tx.Context(), tx, "WHERE material_id=? AND no=? AND state=?", m.ID, no, string(digital.PageAccepted)); err != nil {
			return err
		}
		tx.About("Consultation", s.CaseID)
		tx.About("Dossier", s.DossierID)
		tx.Note("page", no)
		tx.Note("monitor", monitor.ID)
		mark.At = tx.Now()
		if before == 0 {
			s.Pages++
			if err := tx.Update(&s); err != nil {
				return err
			}
		}
		return tx.Insert(View{ID: gate.NewID(), SessionID: s.ID, DossierID: s.DossierID, Kind: Digital, MaterialID: m.ID, Class: m.Class, Title: m.Title, PageNo: no, Pages: 1, At: tx.Now(), StaffID: monitor.ID})
	})
	if err != nil {
		return nil, err
	}
	return k.pages.Draw(ctx, page.ID, mark)
}

// atDesk is a reading as the monitor's terminal stands in it.
type atDesk struct {
	c       Case
	session Session
	readers []Reader
}

// desk finds the session of a case for a member of staff who may monitor.
func (k *Desk) desk(ctx context.Context, monitor policy.Actor, caseID string) (atDesk, error) {
	q := k.gate.DB()
	c, err := Get(ctx, q, caseID)
	if err != nil {
		return atDesk{}, err
	}
	d, err := dossier.Get(ctx, q, c.DossierID)
	if err != nil {
		return atDesk{}, err
	}
	if decision := k.gate.Decide(monitor, "reading.open", c.Resource(d)); decision.Hidden {
		return atDesk{}, gate.ErrHidden
	} else if decision.Refusal != nil {
		return atDesk{}, decision.Refusal
	}
	s, err := SessionOf(ctx, q, caseID)
	if errors.Is(err, store.ErrNotFound) {
		return atDesk{}, rule.Refuse(reason("18c", "no_open_session", "", "没有正在进行的查阅，不能翻阅。", "请在批准的时限内到阅档室，由监阅人开始查阅。"))
	} else if err != nil {
		return atDesk{}, err
	}
	readers, err := Readers(ctx, q, caseID)
	return atDesk{c, s, readers}, err
}

func names(readers []Reader) string {
	out := make([]string, len(readers))
	for i, r := range readers {
		out[i] = r.Name
	}
	return strings.Join(out, "、")
}
