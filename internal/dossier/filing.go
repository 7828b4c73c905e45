package dossier

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
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

// Decisions of an appraisal (materials.md 6).
const (
	ToCatalog = "file"
	ToCure    = "cure"
	ToReturn  = "return"
	ToVerify  = "verify" // asked of the unit that formed it; stays in appraisal
)

// Intake is what is entered when a material is received.
type Intake struct {
	DossierID string
	Origin    string // FromWindow, FromUnit, FromPerson
	Giver     string // who handed it in
	Maker     string // the unit that formed it
	Secrecy   int
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
func (k *Desk) Receive(ctx context.Context, by policy.Actor, n Intake) (m Material, err error) {
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
		reasons = append(reasons, rule.Reason{Rule: "15", Slug: "material_secrecy", Field: "secrecy", Message: "没有这个密级。", Next: "请从未定密、工作秘密、秘密、机密、绝密中选择。"})
	}
	if slices.ContainsFunc(reasons, func(r rule.Reason) bool { return r.Slug == "secret_on_paper_only" }) {
		// 15 forbids it whatever else is wrong: the text was not kept anywhere.
		_, err = k.act(ctx, by, "material.receive", []rule.ID{"15"}, n.DossierID, 0, nil, func(*gate.Tx, *Dossier) error {
			return rule.Refuse(secretTitle("title"))
		})
		return m, err
	}
	if err := mistakes(reasons); err != nil {
		return m, err
	}
	_, err = k.act(ctx, by, "material.receive", []rule.ID{"13a", "14b"}, n.DossierID, 0, nil, func(tx *gate.Tx, d *Dossier) error {
		if d.State == Left {
			return rule.Refuse(rule.Reason{Rule: "29.6", Slug: "dossier_left", Message: "档案已转出本市，不再收材料。", Next: "材料请交现保管单位。"})
		}
		seq, err := tx.Number(fmt.Sprintf("%s/收件/%d", d.Agency, today.Year()))
		if err != nil {
			return err
		}
		due, tentative, late := Deadlines(tx.Calendar(), today, n.Description)
		m = Material{ID: gate.NewID(), Version: 1, DossierID: d.ID, State: Received, Origin: n.Origin, Source: strings.TrimSpace(n.Giver), Maker: strings.TrimSpace(n.Maker), Secrecy: n.Secrecy,
			IntakeNo: fmt.Sprintf("SJ-%s-%d-%05d", d.Agency, today.Year(), seq), ReceivedOn: string(today), DueOn: string(due), DueTentative: tentative, LateDays: late, Handler: by.ID}
		n.apply(&m)
		if !secret {
			m.Class = ""
			m.KeyFacts = strings.Join(codes.Proves(m.Title, ""), "|")
		}
		if late > 0 {
			tx.Note("late_days", late)
		}
		return k.came(tx, d, m)
	})
	return m, err
}

// came writes a loose material and counts it.
func (k *Desk) came(tx *gate.Tx, d *Dossier, m Material) error {
	tx.About("Material", m.ID)
	if err := tx.Insert(m); err != nil {
		return err
	}
	d.Loose++
	d.Secrecy = max(d.Secrecy, m.Secrecy)
	return Save(tx, d)
}

// onMaterial performs one act on a material and its dossier, both locked.
func (k *Desk) onMaterial(ctx context.Context, by policy.Actor, action string, rules []rule.ID, id string, want int64, fn func(tx *gate.Tx, d *Dossier, m *Material) error) (m Material, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: action, Rules: rules}, func(tx *gate.Tx) error {
		if m, err = store.Get[Material](ctx, tx, "WHERE id=?", id); err != nil {
			return err
		}
		d, err := Load(tx, m.DossierID) // the dossier first, so that acts on one dossier queue up
		if err != nil {
			return err
		}
		if m, err = store.Get[Material](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
			return err
		}
		attrs := map[string]any{}
		if m.AppraisedBy != "" {
			attrs["appraisedBy"] = m.AppraisedBy
		}
		if err := permit(tx, d, attrs); err != nil {
			return err
		}
		tx.About("Material", m.ID)
		if err := expect("material", m.ID, want, m.Version); err != nil {
			return err
		}
		if err := fn(tx, &d, &m); err != nil {
			return err
		}
		if err := tx.Update(&m); err != nil {
			return err
		}
		return Save(tx, &d)
	})
	return m, err
}

// need holds an act to the states it is possible in. A filed material is told
// the one way on: a correction.
func (m Material) need(what string, states ...MaterialState) error {
	if slices.Contains(states, m.State) {
		return nil
	}
	if m.State == Filed || m.State == Superseded {
		return rule.Refuse(rule.Reason{Rule: "29.2", Slug: "filed_never_changes", Message: "材料已归档，不得抽取、撤换、添加或涂改。", Next: "确有错漏的，申请更正：由他人批准后形成新版本，原版本保留。"})
	}
	names := make([]string, len(states))
	for i, s := range states {
		names[i] = s.Name()
	}
	return rule.Refuse(rule.Reason{Rule: "13a", Slug: "material_step", Message: fmt.Sprintf("材料现为“%s”，不能%s。", m.State.Name(), what), Next: fmt.Sprintf("%s在“%s”时办理。", what, strings.Join(names, "”或“"))})
}

func noClass() rule.Reason {
	return rule.Reason{Rule: "13a", Slug: "material_class", Field: "class", Message: "类号须为十类之一，第四、第九类归到小类。", Next: "请选择类号，例如 4-1、9-2。"}
}

// Judgement is the outcome of an appraisal.
type Judgement struct {
	Decision string
	Defects  []string
	Note     string
	Class    string // with ToCatalog: classified at once
	CureBy   string // with ToCure
}

// Judge is the pure rule of appraising: which decision the defects allow (13b).
func Judge(j Judgement) error {
	var wrong, blocked []rule.Reason
	mistake := func(field, message, next string) {
		wrong = append(wrong, rule.Reason{Rule: "13b", Slug: "judgement_" + field, Field: field, Message: message, Next: next})
	}
	noted := true
	for _, code := range j.Defects {
		d, ok := codes.FindDefect(code)
		if !ok {
			mistake("defects", "没有这种缺陷。", "请从缺陷列表中选择。")
			continue
		}
		switch d.Way {
		case "cure", "return", "refuse":
			blocked = append(blocked, rule.Reason{Rule: "13b", Slug: "defect_not_cured", Message: d.Text + "。", Next: "请限期补办或退回形成单位，补办合格后再归档。", Facts: map[string]any{"defect": d.Code}})
		default:
			noted = strings.TrimSpace(j.Note) != ""
		}
	}
	switch j.Decision {
	case ToCatalog:
		if len(wrong) == 0 && len(blocked) > 0 {
			return rule.Refuse(blocked...)
		}
		if !noted {
			mistake("note", "带缺陷归档的须写明处理情况。", "请注明修复、核对或另行核查的情况。")
		}
		if j.Class != "" {
			if _, ok := codes.FindClass(j.Class); !ok {
				wrong = append(wrong, noClass())
			}
		}
	case ToCure, ToReturn:
		if len(j.Defects) == 0 {
			mistake("defects", "补办或退回须列明缺陷。", "请选择至少一项缺陷，一次告知。")
		}
	case ToVerify:
		if strings.TrimSpace(j.Note) == "" {
			mistake("note", "核实须写明向谁核实什么。", "请填写核实事项。")
		}
	default:
		mistake("decision", "鉴别结论应为归档、限期补办、退回或核实。", "请选择鉴别结论。")
	}
	return mistakes(wrong)
}

// Appraise records what the appraisal found; a material to be cured or returned
// waits for another person's review, who sends it back with a slip.
func (k *Desk) Appraise(ctx context.Context, by policy.Actor, id string, j Judgement, want int64) (Material, error) {
	if err := Judge(j); err != nil {
		var refusal *rule.Refusal
		if r, ok := err.(*rule.Refusal); ok && r.Kind == rule.Invalid {
			return Material{}, err
		} else if ok {
			refusal = r
		}
		return k.onMaterial(ctx, by, "material.appraise", []rule.ID{"13b"}, id, want, func(_ *gate.Tx, _ *Dossier, m *Material) error {
			if err := m.need("鉴别", Received, Appraising); err != nil {
				return err
			}
			return refusal
		})
	}
	return k.onMaterial(ctx, by, "material.appraise", []rule.ID{"13a", "13b"}, id, want, func(tx *gate.Tx, _ *Dossier, m *Material) error {
		if err := m.need("鉴别", Received, Appraising); err != nil {
			return err
		}
		m.State, m.Decision, m.Defects, m.CureBy = Appraising, j.Decision, strings.Join(j.Defects, "|"), ""
		m.AppraisedBy, m.AppraisedOn, m.Reason = by.ID, string(calendar.Of(tx.Now())), strings.TrimSpace(j.Note)
		if j.Decision == ToCure {
			m.CureBy = j.CureBy
			if !calendar.Date(m.CureBy).Valid() || m.CureBy < m.AppraisedOn {
				m.CureBy = string(calendar.Of(tx.Now()).AddDays(k.settings.Int(setting.CureDays)))
			}
		}
		if j.Decision == ToCatalog && j.Class != "" {
			classify(m, j.Class)
		}
		tx.Note("decision", j.Decision)
		if m.Defects != "" {
			tx.Note("defects", m.Defects)
		}
		return nil
	})
}

func classify(m *Material, class string) {
	m.Class, m.State = class, ToFile
	m.KeyFacts = strings.Join(codes.Proves(m.Title, class), "|")
}

// Classify gives a material that passed the appraisal its class; it then waits
// for a batch.
func (k *Desk) Classify(ctx context.Context, by policy.Actor, id, class string, want int64) (Material, error) {
	if _, ok := codes.FindClass(class); !ok {
		return Material{}, rule.Mistake(noClass())
	}
	return k.onMaterial(ctx, by, "material.classify", []rule.ID{"13a"}, id, want, func(tx *gate.Tx, _ *Dossier, m *Material) error {
		if err := m.need("归类", Appraising, ToFile); err != nil {
			return err
		}
		if m.Decision != ToCatalog {
			return rule.Refuse(rule.Reason{Rule: "13a", Slug: "not_appraised", Message: "材料尚未鉴别合格，不能归类。", Next: "请先鉴别；需补办、退回的按退回通知单办理。"})
		}
		if m.BatchID != "" {
			return rule.Refuse(rule.Reason{Rule: "13a", Slug: "in_batch", Message: "材料已提交归档批次，待审核。", Next: "审核退回后方可改类。"})
		}
		classify(m, class)
		tx.Note("class", class)
		return nil
	})
}

// Resubmit registers that a material came back cured: both clocks begin anew (13a).
func (k *Desk) Resubmit(ctx context.Context, by policy.Actor, id string, n Description, want int64) (Material, error) {
	if err := mistakes(n.check(k.gate.Today(), false, false)); err != nil {
		return Material{}, err
	}
	return k.onMaterial(ctx, by, "material.resubmit", []rule.ID{"13a"}, id, want, func(tx *gate.Tx, _ *Dossier, m *Material) error {
		if err := m.need("登记补办后收到", Curing); err != nil {
			return err
		}
		today := calendar.Of(tx.Now())
		due, tentative, late := Deadlines(tx.Calendar(), today, n)
		n.apply(m)
		m.Class = ""
		m.State, m.Decision, m.Defects, m.CureBy, m.AppraisedBy, m.AppraisedOn = Received, "", "", "", "", ""
		m.ReceivedOn, m.DueOn, m.DueTentative, m.LateDays, m.Handler = string(today), string(due), tentative, late, by.ID
		return nil
	})
}

// maxBatch bounds a batch: one person reviews it in one sitting.
const maxBatch = 200

// SubmitBatch gathers classified materials for another person's review, draws the
// sample and has the keeper pull the packets they go into.
func (k *Desk) SubmitBatch(ctx context.Context, by policy.Actor, ids []string) (b Batch, err error) {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	if len(ids) == 0 || len(ids) > maxBatch {
		return b, rule.Mistake(rule.Reason{Rule: "13a", Slug: "batch_size", Field: "materials", Message: fmt.Sprintf("每批 1 至 %d 份材料。", maxBatch), Next: "请选择材料后提交；过多的分批提交。"})
	}
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: "material.submit_batch", Rules: []rule.ID{"13a"}}, func(tx *gate.Tx) error {
		list, dossiers, err := k.gather(tx, ids)
		if err != nil {
			return err
		}
		var reasons []rule.Reason
		for _, m := range list {
			if m.State != ToFile || m.BatchID != "" {
				reasons = append(reasons, rule.Reason{Rule: "13a", Slug: "not_ready", Message: fmt.Sprintf("“%s”现为“%s”，不能提交归档。", m.Label(), m.State.Name()), Next: "材料须先鉴别合格并归类，且不在其他批次中。"})
			}
		}
		if len(reasons) > 0 {
			return rule.Refuse(reasons...)
		}
		b, err = k.submit(tx, by, BatchFiling, list, dossiers)
		return err
	})
	return b, err
}

// gather locks materials and their dossiers, dossiers first and in order, and
// asks the policies on each dossier.
func (k *Desk) gather(tx *gate.Tx, ids []string) ([]Material, []*Dossier, error) {
	ctx := tx.Context()
	in := "(" + store.Marks(len(ids)) + ")"
	dossiers, err := store.List[Dossier](ctx, tx, "WHERE id IN (SELECT dossier_id FROM material WHERE id IN "+in+") ORDER BY id"+tx.ForUpdate(), store.Args(ids)...)
	if err != nil {
		return nil, nil, err
	}
	list, err := store.List[Material](ctx, tx, "WHERE id IN "+in+" ORDER BY id"+tx.ForUpdate(), store.Args(ids)...)
	if err != nil {
		return nil, nil, err
	}
	if len(list) != len(ids) {
		return nil, nil, gate.ErrHidden
	}
	out := make([]*Dossier, len(dossiers))
	for i := range dossiers {
		if err := permit(tx, dossiers[i], nil); err != nil {
			return nil, nil, err
		}
		if dossiers[i].Agency != dossiers[0].Agency {
			return nil, nil, rule.Refuse(rule.Reason{Rule: "13a", Slug: "batch_agency", Message: "一个批次只含一个机构的档案。", Next: "请按机构分批提交。"})
		}
		out[i] = &dossiers[i]
	}
	return list, out, nil
}

// submit writes a batch of materials that are ready and draws its sample.
func (k *Desk) submit(tx *gate.Tx, by policy.Actor, kind string, list []Material, dossiers []*Dossier) (Batch, error) {
	year := calendar.Of(tx.Now()).Year()
	agency := dossiers[0].Agency
	seq, err := tx.Number(fmt.Sprintf("%s/归档/%d", agency, year))
	if err != nil {
		return Batch{}, err
	}
	sample, err := draw(list, k.settings.Int(setting.FilingSample))
	if err != nil {
		return Batch{}, err
	}
	raw, err := json.Marshal(sample)
	if err != nil {
		return Batch{}, err
	}
	b := Batch{ID: gate.NewID(), Version: 1, No: fmt.Sprintf("GD-%s-%d-%04d", agency, year, seq), Agency: agency, Kind: kind, State: BatchWaiting, Materials: int64(len(list)), Dossiers: int64(len(dossiers)),
		Sample: string(raw), SubmittedBy: by.ID, SubmittedAt: tx.Now()}
	tx.About("Filing", b.ID)
	tx.Note("materials", len(list))
	tx.Note("sample", len(sample))
	if err := tx.Insert(b); err != nil {
		return b, err
	}
	for i := range list {
		list[i].BatchID = b.ID
		if err := tx.Update(&list[i]); err != nil {
			return b, err
		}
	}
	for _, d := range dossiers {
		if kind == BatchFiling {
			if err := k.Ask(tx, d, b.Ref(), "filing"); err != nil {
				return b, err
			}
		}
		if err := Save(tx, d); err != nil {
			return b, err
		}
	}
	return b, nil
}

// draw picks the share of a batch that the reviewer looks at, at least one.
func draw(list []Material, percent int) ([]string, error) {
	n := (len(list)*percent + 99) / 100
	n = min(max(n, 1), len(list))
	ids := make([]string, len(list))
	for i, m := range list {
		ids[i] = m.ID
	}
	for i := range n {
		j, err := rand.Int(rand.Reader, big.NewInt(int64(len(ids)-i)))
		if err != nil {
			return nil, err
		}
		k := i + int(j.Int64())
		ids[i], ids[k] = ids[k], ids[i]
	}
	return ids[:n], nil
}

// Review is a reviewer's answer to a batch.
type Review struct {
	Accept bool
	Checks map[string]bool // material id → found right; every drawn one stands in it
	Note   string
}

// check holds a review to the drawn sample: all looked at, none wrong in what is accepted.
func (r Review) check(b Batch) error {
	var missing, wrong int
	for _, id := range b.Drawn() {
		ok, looked := r.Checks[id]
		if !looked {
			missing++
		} else if !ok {
			wrong++
		}
	}
	switch {
	case r.Accept && missing > 0:
		return rule.Complete(rule.Reason{Rule: "13a", Slug: "sample_open", Message: fmt.Sprintf("抽查的材料还有 %d 份未核对。", missing), Next: "请逐份对照原件核对后再归档。"})
	case r.Accept && wrong > 0:
		return rule.Refuse(rule.Reason{Rule: "13a", Slug: "sample_wrong", Message: fmt.Sprintf("抽查有 %d 份不符，本批不能归档。", wrong), Next: "请退回本批，由经办更正后重新提交。"})
	case !r.Accept && strings.TrimSpace(r.Note) == "":
		return rule.Mistake(rule.Reason{Rule: "13a", Slug: "review_note", Field: "note", Message: "退回批次须说明原因。", Next: "请写明哪些材料不符、怎样更正。"})
	}
	return nil
}

// ReviewBatch files a batch or sends it back to the clerk. Filing gives each
// material its number within the class and the dossier a new catalog version.
func (k *Desk) ReviewBatch(ctx context.Context, by policy.Actor, id string, r Review, want int64) (b Batch, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: "material.review_batch", Rules: []rule.ID{"13a"}}, func(tx *gate.Tx) error {
		// A batch and its dossiers are locked in one order everywhere: dossiers first.
		ids, err := batchIDs(tx, id)
		if err != nil {
			return err
		}
		dossiers, err := store.List[Dossier](ctx, tx, "WHERE id IN (SELECT dossier_id FROM material WHERE batch_id=?) ORDER BY id"+tx.ForUpdate(), id)
		if err != nil {
			return err
		}
		if b, err = store.Get[Batch](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
			return err
		}
		for _, d := range dossiers {
			if err := permit(tx, d, map[string]any{"submittedBy": b.SubmittedBy}); err != nil {
				return err
			}
		}
		tx.About("Filing", b.ID)
		if err := expect("filing_batch", b.ID, want, b.Version); err != nil {
			return err
		}
		if b.State != BatchWaiting {
			return rule.Refuse(rule.Reason{Rule: "13a", Slug: "batch_closed", Message: "本批次已审核。", Next: "请刷新后查看。"})
		}
		if err := r.check(b); err != nil {
			return err
		}
		list, err := store.List[Material](ctx, tx, "WHERE id IN ("+store.Marks(len(ids))+") ORDER BY dossier_id, class, formed_year, formed_month, formed_day, id"+tx.ForUpdate(), store.Args(ids)...)
		if err != nil {
			return err
		}
		b.ReviewedBy, b.ReviewedAt, b.Note, b.State = by.ID, tx.Now(), strings.TrimSpace(r.Note), BatchRejected
		if r.Accept {
			b.State = BatchAccepted
		}
		tx.Note("accepted", r.Accept)
		for i := range dossiers {
			d := &dossiers[i]
			var own []Material
			for _, m := range list {
				if m.DossierID == d.ID {
					own = append(own, m)
				}
			}
			if r.Accept {
				if b.Kind == BatchFiling && d.Place == PlaceStore {
					return rule.Refuse(rule.Reason{Rule: "13a", Slug: "packet_in_store", Message: fmt.Sprintf("档案 %s 尚未提出，材料不能入档。", d.No), Next: "请库管按提档单提出后再审核归档。"})
				}
				err = k.fileLoose(tx, d, own, by.ID)
			} else {
				err = k.unbatch(tx, d, b, own, r)
			}
			if err != nil {
				return err
			}
			if err := k.Finish(tx, d, b.Ref()); err != nil {
				return err
			}
			if err := Save(tx, d); err != nil {
				return err
			}
		}
		return tx.Update(&b)
	})
	return b, err
}

func batchIDs(tx *gate.Tx, batch string) ([]string, error) {
	rows, err := tx.Query(tx.Context(), "SELECT id FROM material WHERE batch_id=? ORDER BY id", batch)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	if err := rows.Err(); err != nil || len(out) > 0 {
		return out, err
	}
	return nil, store.ErrNotFound
}

// fileLoose files materials of one dossier that were loose until now.
func (k *Desk) fileLoose(tx *gate.Tx, d *Dossier, list []Material, reviewer string) error {
	next, err := startVersion(tx, d)
	if err != nil {
		return err
	}
	for _, m := range list {
		m.Reviewer = reviewer
		next.last[m.Class]++
		m.Seq = next.last[m.Class]
		if err := next.file(tx, d, &m); err != nil {
			return err
		}
		if err := tx.Update(&m); err != nil {
			return err
		}
		if d.Loose > 0 {
			d.Loose--
		}
	}
	return nil
}

// FileDelivered makes delivered materials part of the catalog, inside the act by
// which a reviewer accepts them. They keep the number they were delivered with
// where it is free, since it stands on the paper (materials.md 5.3). The caller
// saves the dossier.
func FileDelivered(tx *gate.Tx, d *Dossier, list []Material) error {
	next, err := startVersion(tx, d)
	if err != nil {
		return err
	}
	taken := map[string]bool{}
	catalog, err := CatalogOf(tx.Context(), tx, d.ID)
	if err != nil {
		return err
	}
	for _, m := range catalog {
		taken[m.Number()] = true
	}
	for i := range list {
		m := &list[i]
		if m.State != Delivered {
			return fmt.Errorf("material %s is %s, not delivered", m.ID, m.State)
		}
		m.Reviewer = tx.Actor().ID
		if m.KeyFacts == "" {
			m.KeyFacts = strings.Join(codes.Proves(m.Title, m.Class), "|")
		}
		if m.Seq == 0 || taken[m.Number()] {
			next.last[m.Class]++
			m.Seq = next.last[m.Class]
		}
		taken[m.Number()] = true
		if err := next.file(tx, d, m); err != nil {
			return err
		}
		if err := tx.Update(m); err != nil {
			return err
		}
	}
	return nil
}

// numbering gives the next numbers within each class of one dossier, for one
// new version of its catalog.
type numbering struct {
	last    map[string]int64
	version int64
}

func startVersion(tx *gate.Tx, d *Dossier) (*numbering, error) {
	n := &numbering{last: map[string]int64{}, version: d.Catalog + 1}
	rows, err := tx.Query(tx.Context(), "SELECT class, max(seq) FROM material WHERE dossier_id=? AND class IS NOT NULL AND seq IS NOT NULL GROUP BY class", d.ID)
	if err != nil {
		return nil, fmt.Errorf("number materials: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var class string
		var seq int64
		if err := rows.Scan(&class, &seq); err != nil {
			return nil, err
		}
		n.last[class] = seq
	}
	d.Catalog = n.version
	tx.Note("catalog", n.version)
	return n, rows.Err()
}

// file makes one numbered material part of the catalog and counts it in its dossier.
func (n *numbering) file(tx *gate.Tx, d *Dossier, m *Material) error {
	m.State, m.FiledAt, m.CatalogFrom = Filed, tx.Now(), n.version
	d.Materials++
	d.Pages += m.Pages
	d.Images += m.Images
	d.Secrecy = max(d.Secrecy, m.Secrecy)
	return supplied(tx, d, *m)
}

// unbatch gives a rejected batch's materials back: those found wrong to the
// appraisal, the others stay classified.
func (k *Desk) unbatch(tx *gate.Tx, d *Dossier, b Batch, list []Material, r Review) error {
	for _, m := range list {
		m.BatchID = ""
		if b.Kind == BatchCatalog {
			// Entered by hand and not confirmed: it never was part of the catalog.
			m.State, m.Reason = Returned, "目录录入未通过核对："+b.Note
			if d.Loose > 0 {
				d.Loose--
			}
		} else if ok, looked := r.Checks[m.ID]; looked && !ok {
			m.State, m.Decision, m.Reason = Appraising, "", b.Note
		}
		if err := tx.Update(&m); err != nil {
			return err
		}
	}
	return nil
}

// EnterCatalog enters the lines of the paper dossier's own catalog; they count
// once another person has compared them with the packet (B.12).
func (k *Desk) EnterCatalog(ctx context.Context, by policy.Actor, dossierID string, lines []Description, want int64) (b Batch, err error) {
	if len(lines) == 0 || len(lines) > maxBatch {
		return b, rule.Mistake(rule.Reason{Rule: "13a", Slug: "catalog_lines", Field: "lines", Message: fmt.Sprintf("每次录入 1 至 %d 条目录。", maxBatch), Next: "请逐份录入；过多的分次录入。"})
	}
	var reasons []rule.Reason
	for i, n := range lines {
		for _, r := range n.check(k.gate.Today(), true, false) {
			r.Field = fmt.Sprintf("lines.%d.%s", i, r.Field)
			r.Message = fmt.Sprintf("第 %d 条：%s", i+1, r.Message)
			reasons = append(reasons, r)
		}
	}
	if err := mistakes(reasons); err != nil {
		return b, err
	}
	_, err = k.act(ctx, by, "material.enter_catalog", []rule.ID{"13a"}, dossierID, want, nil, func(tx *gate.Tx, d *Dossier) error {
		var list []Material
		for _, n := range lines {
			m := Material{ID: gate.NewID(), Version: 1, DossierID: d.ID, State: ToFile, Origin: Cited, Decision: ToCatalog, AppraisedBy: by.ID, Handler: by.ID, ReceivedOn: string(calendar.Of(tx.Now()))}
			n.apply(&m)
			if err := tx.Insert(m); err != nil {
				return err
			}
			d.Loose++
			list = append(list, m)
		}
		b, err = k.submit(tx, by, BatchCatalog, list, []*Dossier{d})
		return err
	})
	return b, err
}

// RequestCorrection asks that what the catalog says of a filed material be
// corrected (29.2): applicant, reason, and the paper it rests on.
func (k *Desk) RequestCorrection(ctx context.Context, by policy.Actor, materialID string, n Description, reason, basis string, want int64) (c Correction, err error) {
	reasons := n.check(k.gate.Today(), true, false)
	if strings.TrimSpace(reason) == "" {
		reasons = append(reasons, rule.Reason{Rule: "29.2", Slug: "correction_reason", Field: "reason", Message: "更正须说明理由。", Next: "请写明原记载何处有误、依据什么更正。"})
	}
	if err := mistakes(reasons); err != nil {
		return c, err
	}
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: "material.request_correction", Rules: []rule.ID{"29.2"}}, func(tx *gate.Tx) error {
		m, err := store.Get[Material](ctx, tx, "WHERE id=?", materialID)
		if err != nil {
			return err
		}
		d, err := Load(tx, m.DossierID)
		if err != nil {
			return err
		}
		if err := permit(tx, d, nil); err != nil {
			return err
		}
		tx.About("Material", m.ID)
		if err := expect("material", m.ID, want, m.Version); err != nil {
			return err
		}
		if m.State != Filed {
			return rule.Refuse(rule.Reason{Rule: "29.2", Slug: "not_filed", Message: "只有已归档的材料才需申请更正。", Next: "未归档的材料请在鉴别、归类时直接更正。"})
		}
		if m.Describe() == n {
			return rule.Mistake(rule.Reason{Rule: "29.2", Slug: "nothing_changes", Field: "title", Message: "与现有记载相同，没有要更正的内容。", Next: "请填写更正后的内容。"})
		}
		var open int
		if err := tx.QueryRow(ctx, "SELECT count(*) FROM correction WHERE material_id=? AND state='asked'", m.ID).Scan(&open); err != nil {
			return err
		}
		if open > 0 {
			return rule.Refuse(rule.Reason{Rule: "29.2", Slug: "correction_open", Message: "这份材料已有更正申请待审批。", Next: "请等审批后再申请。"})
		}
		raw, err := json.Marshal(n)
		if err != nil {
			return err
		}
		c = Correction{ID: gate.NewID(), Version: 1, MaterialID: m.ID, DossierID: d.ID, Agency: d.Agency, State: CorrectionAsked, Proposed: string(raw), Reason: strings.TrimSpace(reason), Basis: strings.TrimSpace(basis), Applicant: by.ID, AppliedAt: tx.Now()}
		if err := tx.Insert(c); err != nil {
			return err
		}
		return Save(tx, &d)
	})
	return c, err
}

// DecideCorrection approves a correction, which makes a new version of the
// material, or refuses it with a note. The row keeps its id, so that images and
// citations stay with it; what it said before stands beside it as 旧版本.
func (k *Desk) DecideCorrection(ctx context.Context, by policy.Actor, id string, approve bool, note string, want int64) (c Correction, err error) {
	if !approve && strings.TrimSpace(note) == "" {
		return c, rule.Mistake(rule.Reason{Rule: "29.2", Slug: "correction_note", Field: "note", Message: "不批准须说明理由。", Next: "请填写理由，供申请人补充依据。"})
	}
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: "material.decide_correction", Rules: []rule.ID{"29.2"}}, func(tx *gate.Tx) error {
		if c, err = store.Get[Correction](ctx, tx, "WHERE id=?", id); err != nil {
			return err
		}
		d, err := Load(tx, c.DossierID)
		if err != nil {
			return err
		}
		if c, err = store.Get[Correction](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
			return err
		}
		if err := permit(tx, d, map[string]any{"applicant": c.Applicant}); err != nil {
			return err
		}
		tx.About("Material", c.MaterialID)
		if err := expect("correction", c.ID, want, c.Version); err != nil {
			return err
		}
		if c.State != CorrectionAsked {
			return rule.Refuse(rule.Reason{Rule: "29.2", Slug: "correction_closed", Message: "这份申请已审批。", Next: "请刷新后查看。"})
		}
		c.State, c.DecidedBy, c.DecidedAt, c.Note = CorrectionRefused, by.ID, tx.Now(), strings.TrimSpace(note)
		if approve {
			c.State = CorrectionApproved
			if err := newVersion(tx, &d, c); err != nil {
				return err
			}
		}
		tx.Note("approved", approve)
		if err := tx.Update(&c); err != nil {
			return err
		}
		return Save(tx, &d)
	})
	return c, err
}

// newVersion keeps what a material said as a row of its own and writes the
// corrected content in a new catalog version.
func newVersion(tx *gate.Tx, d *Dossier, c Correction) error {
	m, err := store.Get[Material](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), c.MaterialID)
	if err != nil {
		return err
	}
	var n Description
	if err := json.Unmarshal([]byte(c.Proposed), &n); err != nil {
		return fmt.Errorf("correction %s: %w", c.ID, err)
	}
	next, err := startVersion(tx, d)
	if err != nil {
		return err
	}
	old := m
	old.ID, old.Version, old.State, old.SupersededBy, old.CatalogTo, old.BatchID = gate.NewID(), 1, Superseded, m.ID, next.version, ""
	if err := tx.Insert(old); err != nil {
		return err
	}
	d.Pages += n.Pages - m.Pages
	if n.Class != m.Class {
		next.last[n.Class]++
		m.Seq = next.last[n.Class]
	}
	n.apply(&m)
	m.Replaces, m.Reason, m.CatalogFrom, m.Handler, m.Reviewer = old.ID, c.Reason, next.version, c.Applicant, c.DecidedBy
	return tx.Update(&m)
}
