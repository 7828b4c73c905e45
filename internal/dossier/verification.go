package dossier

import (
	"context"
	"slices"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// What a material is verified against before it may be filed.
const (
	WithMaker    = "maker"    // a person handed it in: asked of the unit that formed it (14b)
	WithOriginal = "original" // a copy: compared with the original (13b)
)

// Verification is the answer to one question about a material: what was asked of whom,
// in which way, and what came of it. A later answer counts over an earlier one.
type Verification struct {
	ID         string    `db:"id"`
	Version    int64     `db:"version"`
	DossierID  string    `db:"dossier_id"`
	MaterialID string    `db:"material_id"`
	Kind       string    `db:"kind"`
	Party      string    `db:"party"` // who answered, or who holds the original
	Way        string    `db:"way"`
	Agrees     bool      `db:"agrees"`
	Answer     string    `db:"answer,null"`
	AnsweredOn string    `db:"answered_on"`
	ByStaff    string    `db:"by_staff"`
	At         time.Time `db:"at"`
}

// Table names the table of verifications.
func (Verification) Table() string { return "verification" }

func init() {
	store.Describe(Verification{})
	store.Register("verification", store.Audited, "材料核实：向形成单位核实、与原件核对的结果")
}

var verifyWays = map[string][]string{
	WithMaker:    {"函件", "电话", "当面", "数据比对"},
	WithOriginal: {"当面核对原件", "原件保管单位核对盖章"},
}

// Needed lists what a material must still be verified against before it is filed.
func Needed(m Material) []string {
	var out []string
	// 14b: a person hands it in, or somebody other than who formed it.
	if m.Origin == FromPerson || (m.Origin == FromUnit || m.Origin == FromWindow) && !m.handsOwn() {
		out = append(out, WithMaker)
	}
	if m.IsCopy && m.Origin != Cited && m.Origin != FromScans {
		out = append(out, WithOriginal)
	}
	return out
}

// needed is Needed together with what an open task asks of the maker.
func needed(m Material, tasks []MakerTask) []string {
	out := Needed(m)
	if asked(tasks) != nil && !slices.Contains(out, WithMaker) {
		out = append([]string{WithMaker}, out...)
	}
	return out
}

// verified is the pure rule of filing after verification: each question that the
// material raises was answered, and the last answer to it agrees.
func verified(m Material, answers []Verification) error {
	var reasons []rule.Reason
	for _, kind := range Needed(m) {
		last := -1
		for i, a := range answers {
			if a.Kind == kind {
				last = i
			}
		}
		switch {
		case last < 0 && kind == WithMaker:
			reasons = append(reasons, rule.Reason{Rule: "14b", Slug: "not_verified_with_maker", Message: "材料不是形成单位交来的，尚未向形成单位核实，不能归档。", Next: "请向形成单位核实后登记结果；不得因此拒收。"})
		case last < 0:
			reasons = append(reasons, rule.Reason{Rule: "13b", Slug: "copy_not_compared", Message: "复制件尚未与原件核对，不能归档。", Next: "请核对原件，或由原件保管单位核对盖章，并登记结果。"})
		case !answers[last].Agrees && kind == WithMaker:
			reasons = append(reasons, rule.Reason{Rule: "13b", Slug: "maker_denies", Message: "形成单位答复与材料不符，不能归档。", Next: "请退回形成单位，或核实清楚后重新登记结果。"})
		case !answers[last].Agrees:
			reasons = append(reasons, rule.Reason{Rule: "13b", Slug: "copy_differs", Message: "复制件与原件不符，不能归档。", Next: "请退回，由形成单位提供原件或核对盖章的复制件。"})
		}
	}
	if len(reasons) > 0 {
		return rule.Refuse(reasons...)
	}
	return nil
}

// NewVerification is an answer as it is entered.
type NewVerification struct {
	Kind, Party, Way, Answer, On string
	Agrees                       bool
}

func (n NewVerification) check(today calendar.Date) error {
	var reasons []rule.Reason
	add := func(field, message, next string) {
		reasons = append(reasons, rule.Reason{Rule: "14b", Slug: "verification_" + field, Field: field, Message: message, Next: next})
	}
	ways, ok := verifyWays[n.Kind]
	if !ok {
		add("kind", "没有这种核实。", "请选择向形成单位核实或与原件核对。")
	}
	if ok && !slices.Contains(ways, n.Way) {
		add("way", "没有这种核实方式。", "请选择："+strings.Join(ways, "、")+"。")
	}
	if strings.TrimSpace(n.Party) == "" {
		add("party", "须写明答复的单位和人，或原件由谁保管。", "请填写单位名称、答复人。")
	}
	if on := calendar.Date(n.On); !on.Valid() || on > today {
		add("on", "核实日期不对，或在今天之后。", "请填写得到答复的日期。")
	}
	if !n.Agrees && strings.TrimSpace(n.Answer) == "" {
		add("answer", "不符的须写明不符之处。", "请照答复填写。")
	}
	return mistakes(reasons)
}

// Verify records what came of verifying a material with the unit that formed it, or of
// comparing a copy with its original.
func (k *Desk) Verify(ctx context.Context, by policy.Actor, id string, n NewVerification) (Material, error) {
	if err := n.check(k.gate.Today()); err != nil {
		return Material{}, err
	}
	return k.onMaterial(ctx, by, "material.verify", []rule.ID{"13b", "14b"}, id, func(tx *gate.Tx, d *Dossier, m *Material) error {
		if err := m.need("登记核实结果", Received, Appraising); err != nil {
			return err
		}
		if err := m.onlyPaper(n.Answer); err != nil {
			return err
		}
		open, err := MakerTasksOf(ctx, tx, m.ID)
		if err != nil {
			return err
		}
		if !slices.Contains(needed(*m, open), n.Kind) {
			return rule.Refuse(rule.Reason{Rule: "14b", Slug: "nothing_to_verify", Field: "kind", Message: "这份材料不需要这项核实。", Next: "不是形成单位交来的材料向形成单位核实，复制件与原件核对。"})
		}
		tx.Note("kind", n.Kind)
		tx.Note("agrees", n.Agrees)
		v := Verification{ID: gate.NewID(), Version: 1, DossierID: d.ID, MaterialID: m.ID, Kind: n.Kind, Party: strings.TrimSpace(n.Party), Way: n.Way, Agrees: n.Agrees,
			Answer: strings.TrimSpace(n.Answer), AnsweredOn: n.On, ByStaff: by.ID, At: tx.Now()}
		if err := tx.Insert(v); err != nil {
			return err
		}
		if n.Kind != WithMaker {
			return nil
		}
		state := TaskAgreed
		if !n.Agrees {
			state = TaskDenied
		}
		return answer(tx, m.ID, v.ID, state)
	})
}

// VerificationsOf lists the answers about a material, oldest first.
func VerificationsOf(ctx context.Context, q store.Querier, materialID string) ([]Verification, error) {
	return store.List[Verification](ctx, q, "WHERE material_id=? ORDER BY at, id LIMIT 100", materialID)
}
