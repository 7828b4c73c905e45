package dossier

import (
	"context"
	"errors"
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

// Decisions of an appraisal (materials.md 6).
const (
	ToCatalog = "file"
	ToCure    = "cure"
	ToReturn  = "return"
	ToForward = "transfer" // to the department whose business it is, or to who keeps the right dossier
	ToVerify  = "verify"   // asked of the unit that formed it; stays in appraisal
)

func noClass() rule.Reason {
	return rule.Reason{Rule: "13a", Slug: "material_class", Field: "class", Message: "类号须为十类之一，第四、第九类归到小类。", Next: "请选择类号，例如 4-1、9-2。"}
}

// Judgement is the outcome of an appraisal.
type Judgement struct {
	Decision string
	Defects  []string
	Note     string
	Class    string // with ToCatalog: classified at once
	Main     string // with Class: it is an attachment of this material
	CureBy   string // with ToCure

	ForwardTo string // with ToForward
}

// Judge is the pure rule of appraising: which decision the defects allow (13b).
func Judge(j Judgement) error {
	var wrong, blocked []rule.Reason
	mistake := func(field, message, next string) {
		wrong = append(wrong, rule.Reason{Rule: "13b", Slug: "judgement_" + field, Field: field, Message: message, Next: next})
	}
	noted := true
	var chosen []codes.Defect
	for _, code := range j.Defects {
		d, ok := codes.FindDefect(code)
		if !ok {
			mistake("defects", "没有这种缺陷。", "请从缺陷列表中选择。")
			continue
		}
		chosen = append(chosen, d)
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
		if against := wayOf(j.Decision, chosen); len(wrong) == 0 && len(against) > 0 {
			return rule.Refuse(against...)
		}
	case ToForward:
		if strings.TrimSpace(j.ForwardTo) == "" {
			mistake("forwardTo", "没有写明转给哪个单位。", "请填写有关部门的全称；材料属于他人的，填写所属档案的保管机构。")
		}
		if strings.TrimSpace(j.Note) == "" {
			mistake("note", "转交须写明理由。", "请写明材料是什么、为什么归这个单位处理。")
		}
		if len(chosen) > 0 {
			if against := wayOf(j.Decision, chosen); len(wrong) == 0 && len(against) > 0 {
				return rule.Refuse(against...)
			}
		}
	case ToVerify:
		if strings.TrimSpace(j.Note) == "" {
			mistake("note", "核实须写明向谁核实什么。", "请填写核实事项。")
		}
	default:
		mistake("decision", "鉴别结论应为归档、限期补办、退回、转交或核实。", "请选择鉴别结论。")
	}
	return mistakes(wrong)
}

// wayOf holds a decision to the ways of its defects (materials.md 6, 13b): what is to be
// returned is not cured, and what the unit can cure, a repair mends or its maker answers for
// is not sent away. Where defects of both kinds stand together, the piece is returned.
func wayOf(decision string, chosen []codes.Defect) []rule.Reason {
	open := func(d codes.Defect, ways ...string) bool {
		return slices.ContainsFunc(ways, func(w string) bool { return slices.Contains(d.Ways, w) })
	}
	var out []rule.Reason
	against := func(d codes.Defect, what, next string) {
		out = append(out, rule.Reason{Rule: "13b", Slug: "defect_way", Field: "decision", Message: d.Text + "，" + what, Next: next, Facts: map[string]any{"defect": d.Code, "way": d.Way}})
	}
	if decision == ToCure {
		for _, d := range chosen {
			if open(d, "return", "refuse") && !open(d, "cure") {
				against(d, "不能补办。", "请退回形成单位，出具退回通知单和存根；重新形成的另行登记，与本件相连。")
			}
		}
		return out
	}
	if slices.ContainsFunc(chosen, func(d codes.Defect) bool { return open(d, "return", "refuse") }) {
		return nil
	}
	not := "不退回。"
	if decision == ToForward {
		not = "不转交。"
	}
	for _, d := range chosen {
		switch d.Way {
		case "repair":
			against(d, "修复后归档，"+not, "请修复、裱糊后归档，并写明处理情况。")
		case "case":
			against(d, "不因此退回、转交。", "请选“核实”，向形成单位核实后再作结论。")
		default:
			against(d, "可以补办，"+not, "请选“补办”，写明期限；逾期不补的再退回。")
		}
	}
	return out
}

// Appraise records what the appraisal found; a material to be cured or returned
// waits for another person's review, who sends it back with a slip.
func (k *Desk) Appraise(ctx context.Context, by policy.Actor, id string, j Judgement) (Material, error) {
	if err := Judge(j); err != nil {
		var refusal *rule.Refusal
		if errors.As(err, &refusal) && refusal.Kind == rule.Invalid {
			return Material{}, err
		}
		return k.onMaterial(ctx, by, "material.appraise", []rule.ID{"13b"}, id, func(_ *gate.Tx, _ *Dossier, m *Material) error {
			if err := m.need("鉴别", Received, Appraising); err != nil {
				return err
			}
			if err := m.running(); err != nil {
				return err
			}
			return refusal
		})
	}
	return k.onMaterial(ctx, by, "material.appraise", []rule.ID{"13a", "13b"}, id, func(tx *gate.Tx, d *Dossier, m *Material) error {
		if err := m.need("鉴别", Received, Appraising); err != nil {
			return err
		}
		if err := m.running(); err != nil {
			return err
		}
		if err := m.onlyPaper(j.Note, j.ForwardTo); err != nil {
			return err
		}
		if err := reported(ctx, tx, m.ID); err != nil {
			return err
		}
		if err := dropMove(tx, m.ID); err != nil {
			return err
		}
		answers, err := VerificationsOf(ctx, tx, m.ID)
		if err != nil {
			return err
		}
		kinds, err := suspected(*m, j, answers)
		if err != nil {
			return err
		}
		if err := k.report(tx, *d, *m, kinds, strings.TrimSpace(j.Note)); err != nil {
			return err
		}
		if j.Decision == ToCatalog {
			if err := verified(*m, answers); err != nil {
				return err
			}
			tasks, err := MakerTasksOf(ctx, tx, m.ID)
			if err != nil {
				return err
			}
			if err := asked(tasks); err != nil {
				return err
			}
		}
		if j.Decision == ToVerify { // the question is a task with a term, not only a remark
			if err := k.askMaker(tx, d, *m, strings.TrimSpace(j.Note)); err != nil {
				return err
			}
		}
		m.State, m.Decision, m.Defects, m.CureBy = Appraising, j.Decision, strings.Join(j.Defects, "|"), ""
		if m.ForwardTo = ""; j.Decision == ToForward {
			m.ForwardTo = strings.TrimSpace(j.ForwardTo)
		}
		m.AppraisedBy, m.AppraisedOn, m.Reason = by.ID, string(calendar.Of(tx.Now())), strings.TrimSpace(j.Note)
		if j.Decision == ToCure {
			m.CureBy = j.CureBy
			if !calendar.Date(m.CureBy).Valid() || m.CureBy < m.AppraisedOn {
				m.CureBy = string(calendar.Of(tx.Now()).AddDays(k.settings.Int(setting.CureDays)))
			}
		}
		if j.Decision == ToCatalog && j.Class != "" {
			if err := classAs(tx, m, j.Class, j.Main); err != nil {
				return err
			}
		}
		tx.Note("decision", j.Decision)
		if m.Defects != "" {
			tx.Note("defects", m.Defects)
		}
		return nil
	})
}

// classAs gives a material its class and, where it is an attachment, its main paper: one of the
// same dossier and class that is no attachment itself (materials.md 5.2).
func classAs(tx *gate.Tx, m *Material, class, main string) error {
	if main != "" {
		of, err := store.Get[Material](tx.Context(), tx, "WHERE id=? AND dossier_id=?", main, m.DossierID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		var own int
		if err := tx.QueryRow(tx.Context(), "SELECT count(*) FROM material WHERE main_id=? AND state<>'superseded'", m.ID).Scan(&own); err != nil {
			return err
		}
		if of.ID == "" || of.ID == m.ID || of.Class != class || of.MainID != "" || own > 0 || of.State != Filed && of.State != ToFile {
			return rule.Refuse(rule.Reason{Rule: "13a", Slug: "annex_of", Field: "main", Message: "所选的主件不能带这份附件。", Next: "主件应是同一档案、同一类中已归档或待归档的材料，且主件自己不是附件；带有附件的材料也不能再作附件。"})
		}
	}
	m.Class, m.State, m.MainID, m.Annex = class, ToFile, main, 0
	m.KeyFacts = strings.Join(codes.Proves(m.Title, class), "|")
	return nil
}

// Classify gives a material that passed the appraisal its class, and its main paper where it is
// an attachment; it then waits for a batch.
func (k *Desk) Classify(ctx context.Context, by policy.Actor, id, class, main string) (Material, error) {
	if _, ok := codes.FindClass(class); !ok {
		return Material{}, rule.Mistake(noClass())
	}
	return k.onMaterial(ctx, by, "material.classify", []rule.ID{"13a"}, id, func(tx *gate.Tx, _ *Dossier, m *Material) error {
		if err := m.need("归类", Appraising, ToFile); err != nil {
			return err
		}
		if err := m.running(); err != nil {
			return err
		}
		if m.Decision != ToCatalog {
			return rule.Refuse(rule.Reason{Rule: "13a", Slug: "not_appraised", Message: "材料尚未鉴别合格，不能归类。", Next: "请先鉴别；需补办、退回的按退回通知单办理。"})
		}
		if m.BatchID != "" {
			return rule.Refuse(rule.Reason{Rule: "13a", Slug: "in_batch", Message: "材料已提交归档批次，待审核。", Next: "审核退回后方可改类。"})
		}
		tx.Note("class", class)
		return classAs(tx, m, class, main)
	})
}
