package access

import (
	"dangan/internal/intake"
	"dangan/internal/introduction"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/dossier"
	"dangan/internal/policy"
	"dangan/internal/rule"
)

// State tells how far a consultation is.
type State string

// States of a consultation.
const (
	Draft      State = "draft"      // 草稿
	Incomplete State = "incomplete" // 待补正: told once what is missing, the case waits
	Checking   State = "checking"   // 待核对: originals against the form
	Approving  State = "approving"  // 待审批
	Heading    State = "heading"    // 待负责人批准 (21b, 21a)
	Ready      State = "ready"      // 待查阅
	Reading    State = "reading"    // 查阅中
	Closed     State = "closed"     // 已结束
	Refused    State = "refused"    // 不予查阅
	Withdrawn  State = "withdrawn"  // 已撤回
	Expired    State = "expired"    // 已过期
)

// States lists them in the order of screens.
var States = []State{Draft, Checking, Incomplete, Approving, Heading, Ready, Reading, Closed, Refused, Withdrawn, Expired}

var stateNames = map[State]string{
	Draft: "草稿", Incomplete: "待补正", Checking: "待核对", Approving: "待审批", Heading: "待负责人批准", Ready: "待查阅",
	Reading: "查阅中", Closed: "已结束", Refused: "不予查阅", Withdrawn: "已撤回", Expired: "已过期",
}

// Name is the state as screens say it.
func (s State) Name() string { return stateNames[s] }

// Open says whether something can still happen to a case in this state.
func (s State) Open() bool {
	return s != Closed && s != Refused && s != Withdrawn && s != Expired
}

// Kinds of units that consult.
const (
	Enterprise = introduction.Enterprise
	Organ      = introduction.Organ
)

// Kinds of scope, asked for and granted.
const (
	Whole     = "whole"     // the default (B.8)
	Classes   = "classes"   // chosen classes of the catalog
	Materials = "materials" // chosen materials
)

// Ways of reading.
const (
	Digital = "digital" // images at the reading desk
	Paper   = "paper"   // the packet itself, pulled by the keeper
)

// Case is one consultation: one unit, one dossier, one purpose (forms.md 8).
type Case struct {
	ID             string    `db:"id"`
	Version        int64     `db:"version"`
	No             string    `db:"no"` // CY-50010801-2026-00001
	Agency         string    `db:"agency"`
	DossierID      string    `db:"dossier_id"`
	State          State     `db:"state"`
	UnitKind       string    `db:"unit_kind"`
	Unit           string    `db:"unit"`
	UnitCode       string    `db:"unit_code,null"`
	Purpose        string    `db:"purpose"`
	Reason         string    `db:"reason,null"`      // the matter in words
	Basis          string    `db:"basis,null"`       // legal basis, for a purpose beyond the list
	PaperName      string    `db:"paper_name,null"`  // 介绍信, 调查取证通知书 …
	PaperNo        string    `db:"paper_no,null"`    // its number
	PaperOn        string    `db:"paper_on,null"`    // its day
	PaperUntil     string    `db:"paper_until,null"` // as written in it; empty: 15 days (forms.md 9)
	Sealed         bool      `db:"sealed"`           // the unit's seal was seen on it
	Matches        bool      `db:"matches"`          // addressee, subject and readers are those of the form
	FormSigned     bool      `db:"form_signed"`      // the application form bears the unit's opinion and seal
	FormBy         string    `db:"form_by,null"`     // who signed for the unit
	AskedKind      string    `db:"asked_kind"`
	Asked          string    `db:"asked,null"` // classes parted by |
	Way            string    `db:"way"`
	AppliedBy      string    `db:"applied_by"`
	AppliedAt      time.Time `db:"applied_at"`
	Missing        string    `db:"missing,null"` // JSON of the reasons told
	ToldOn         string    `db:"told_on,null"`
	ToldDue        string    `db:"told_due,null"`
	CheckedBy      string    `db:"checked_by,null"`
	CheckedAt      time.Time `db:"checked_at,null"`
	ApprovedBy     string    `db:"approved_by,null"`
	ApprovedAt     time.Time `db:"approved_at,null"`
	Opinion        string    `db:"opinion,null"`
	NeedsHead      bool      `db:"needs_head"`
	HeadBy         string    `db:"head_by,null"`
	HeadAt         time.Time `db:"head_at,null"`
	HeadOpinion    string    `db:"head_opinion,null"`
	GrantKind      string    `db:"grant_kind,null"`
	Granted        string    `db:"granted,null"` // classes or material ids parted by |
	GrantReason    string    `db:"grant_reason,null"`
	Minutes        int64     `db:"minutes"`
	MaxPages       int64     `db:"max_pages"`
	ValidUntil     string    `db:"valid_until,null"`
	ValidTentative bool      `db:"valid_tentative"`
	ClosedAt       time.Time `db:"closed_at,null"`
	ClosedWhy      string    `db:"closed_why,null"` // hand, time, or the reason of a withdrawal
	Refusal        string    `db:"refusal,null"`    // JSON of the reasons of 不予查阅
	ChangedAt      time.Time `db:"changed_at"`

	sent intake.Sender // who applied over the net, in an act of theirs
}

// Table names the table of consultations.
func (Case) Table() string { return "consultation" }

// Ref names the case in papers, custody and time lines.
func (c Case) Ref() string { return "Consultation:" + c.ID }

// Binds names the case's dossier, and its version.
func (c Case) Binds() (string, int64) { return c.DossierID, c.Version }

// Resource is the case as the policies see it.
func (c Case) Resource(d dossier.Dossier) policy.Resource {
	attrs := map[string]any{
		"person": d.PersonID, "state": string(c.State), "needsHead": c.NeedsHead,
		"appliedBy": c.AppliedBy, "checkedBy": c.CheckedBy, "approvedBy": c.ApprovedBy,
	}
	c.sent.Attrs(attrs)
	return policy.Resource{Type: "Consultation", ID: c.ID, Agencies: []string{c.Agency}, Secrecy: d.Secrecy, Attrs: attrs}
}

// Reader is one of the two or more who read (21.2). Rows stay when an
// application is changed: one that was taken off the form is marked.
type Reader struct {
	ID        string `db:"id"`
	Version   int64  `db:"version"`
	CaseID    string `db:"case_id"`
	Seq       int64  `db:"seq"`
	Off       bool   `db:"off"`
	Name      string `db:"name,secret"`
	IDNo      string `db:"id_no,secret"`
	IDIndex   []byte `db:"id_ix"`
	Post      string `db:"post,null"` // unit and post
	Political string `db:"political,null"`
	NonMember string `db:"non_member,null"` // reason for a reader who is no Party member
	Card      string `db:"card,null"`       // number of the work card that was seen
	Declared  bool   `db:"declared"`        // signed: no kinship (21c)
	Pledged   bool   `db:"pledged"`         // signed: secrecy
}

// Table names the table of readers.
func (Reader) Table() string { return "consultation_reader" }

// Reasons of an end.
const (
	EndedByHand = "hand"
	EndedByTime = "time"
)

// step holds an act to the states it is possible in (29.6).
func (c Case) step(what string, states ...State) error {
	if slices.Contains(states, c.State) {
		return nil
	}
	names := make([]string, len(states))
	for i, s := range states {
		names[i] = s.Name()
	}
	return rule.Refuse(rule.Reason{Rule: "29.6", Slug: "step_out_of_order",
		Message: fmt.Sprintf("本件现为“%s”，不能%s。", c.State.Name(), what),
		Next:    fmt.Sprintf("%s须在“%s”时办理；请按查阅程序先完成前面的步骤。", what, strings.Join(names, "”或“")),
		Facts:   map[string]any{"state": string(c.State)}})
}

func reason(id rule.ID, slug, field, message, next string) rule.Reason {
	return rule.Reason{Rule: id, Slug: slug, Field: field, Message: message, Next: next}
}

// words are how this room calls what a unit wants.
var words = introduction.Words{Verb: "查阅", Whose: "被查阅人", People: "readers"}

// Standards are the settings that the check of an application depends on.
type Standards struct {
	Today           calendar.Date
	CandidateCounts bool // 中共预备党员 counts as a member
	CourtOrders     bool // the province lets lawyers read on a court's order
}

// letter is the application as the law of letters sees it.
func (c Case) letter() introduction.Letter {
	return introduction.Letter{UnitKind: c.UnitKind, Unit: c.Unit, UnitCode: c.UnitCode, Purpose: c.Purpose, Reason: c.Reason, Basis: c.Basis,
		PaperNo: c.PaperNo, PaperOn: c.PaperOn, PaperUntil: c.PaperUntil, Sealed: c.Sealed, Matches: c.Matches, FormSigned: c.FormSigned}
}

func introduced(readers []Reader) []introduction.Person {
	out := make([]introduction.Person, len(readers))
	for i, r := range readers {
		out[i] = introduction.Person{Name: r.Name, IDNo: r.IDNo, Political: r.Political, NonMember: r.NonMember, Card: r.Card, Declared: r.Declared, Pledged: r.Pledged}
	}
	return out
}

// Lacks lists every paper and statement that is missing from an application, all
// at once (21.1, 21.2, 21c; 补正). Purposes beyond the list are refused, not
// completed: see Beyond.
func (c Case) Lacks(readers []Reader, s Standards) []rule.Reason {
	return c.letter().Lacks(introduced(readers), words, introduction.Standards{Today: s.Today, CandidateCounts: s.CandidateCounts})
}

// Beyond says what forbids the application whatever papers are brought: a purpose
// that is not on the list (21a), and readers who are the person or kin (21c, told
// without naming who or how).
func (c Case) Beyond(kin bool, s Standards) []rule.Reason {
	out := words.Unlisted(c.Purpose)
	if c.Purpose == "court_order" && !s.CourtOrders {
		out = append(out, reason("21a", "purpose_not_open", "purpose", "本市尚未开放律师持法院调查令查阅。", "请人民法院依法调取，或由市级主管部门开放此项。"))
	}
	if kin {
		out = append(out, KinReason())
	}
	return out
}

// KinReason is the one sentence of 21c: it tells neither who nor which kinship.
func KinReason() rule.Reason {
	return reason("21c", "reader_is_person_or_kin", "", "查阅人中有不得查阅该档案的人员（本人或规定范围内的亲属）。", "请查阅单位更换查阅人。")
}

// Submit hands the application in. With something missing the case waits for it,
// told once with everything; without, it goes to the check.
func (c *Case) Submit(readers []Reader, kin bool, s Standards, due calendar.Date) (lacks []rule.Reason, err error) {
	if err := c.step("提交申请", Draft, Incomplete); err != nil {
		return nil, err
	}
	if beyond := c.Beyond(kin, s); len(beyond) > 0 {
		return nil, rule.Refuse(beyond...)
	}
	lacks = c.Lacks(readers, s)
	if len(lacks) == 0 {
		c.State, c.Missing = Checking, ""
		return nil, nil
	}
	raw, err := json.Marshal(lacks)
	if err != nil {
		return nil, err
	}
	if c.ToldOn == "" {
		c.ToldOn, c.ToldDue = s.Today.String(), due.String()
	}
	c.State, c.Missing = Incomplete, string(raw)
	return lacks, nil
}

// Check records that the originals were compared with the form (初审).
func (c *Case) Check(by string, now time.Time, readers []Reader, kin bool, s Standards) error {
	if err := c.step("核对原件", Checking); err != nil {
		return err
	}
	if beyond := c.Beyond(kin, s); len(beyond) > 0 {
		return rule.Refuse(beyond...)
	}
	if lacks := c.Lacks(readers, s); len(lacks) > 0 {
		return rule.Complete(lacks...)
	}
	c.State, c.CheckedBy, c.CheckedAt = Approving, by, now
	return nil
}

// Grant is what an approver decides: how much, how long, and why less than all.
type Grant struct {
	Opinion string
	Kind    string // Whole, Classes, Materials
	List    []string
	Reason  string // for less than was asked
	Minutes int64
	Pages   int64
}

// Limits are the province's bounds of a session (21.4).
type Limits struct{ Minutes, Pages int64 }

// check holds a grant to its shape.
func (g Grant) check(l Limits) error {
	var out []rule.Reason
	switch {
	case g.Kind == Whole:
	case g.Kind != Classes && g.Kind != Materials:
		out = append(out, reason("21.3", "grant_kind", "kind", "未选定查阅范围。", "请选全卷、按类或按份。"))
	case len(g.List) == 0:
		out = append(out, reason("21.3", "grant_empty", "list", "未选定可查阅的类别或材料。", "请至少选一项；都不同意的，办理不予查阅。"))
	case strings.TrimSpace(g.Reason) == "":
		out = append(out, reason("21.3", "narrowed_without_reason", "reason", "缩小查阅范围须写明理由。", "请写明理由，将随申请表告知查阅单位。"))
	}
	if g.Kind == Classes && slices.ContainsFunc(g.List, func(class string) bool { _, ok := codes.FindClass(class); return !ok }) {
		out = append(out, reason("21.3", "class_unknown", "list", "没有这一类别。", "请从十类中选择。"))
	}
	if g.Minutes < 5 || g.Minutes > l.Minutes {
		out = append(out, reason("21.4", "minutes_out_of_range", "minutes", fmt.Sprintf("查阅时限应为5至%d分钟。", l.Minutes), "请更正；确需更长的，分次申请。"))
	}
	if g.Pages < 1 || g.Pages > l.Pages {
		out = append(out, reason("21.4", "pages_out_of_range", "pages", fmt.Sprintf("页数上限应为1至%d页。", l.Pages), "请更正。"))
	}
	if len(out) > 0 {
		return rule.Mistake(out...)
	}
	return nil
}

// validDays is how long an approval holds, in working days (forms.md 8).
const validDays = 10

// Approve is the reviewer's approval (21.3). The case then waits for the head
// where 21b or 21a asks for one level more, else for the readers.
func (c *Case) Approve(by string, now time.Time, g Grant, l Limits, cal *calendar.Calendar) error {
	if err := c.step("审批", Approving); err != nil {
		return err
	}
	if err := g.check(l); err != nil {
		return err
	}
	if c.AskedKind == Classes {
		asked := strings.Split(c.Asked, "|")
		switch {
		case g.Kind == Whole: // all that was asked for
			g.Kind, g.List = Classes, asked
		case g.Kind == Classes && slices.ContainsFunc(g.List, func(class string) bool { return !slices.Contains(asked, class) }):
			return rule.Mistake(reason("21.3", "wider_than_asked", "list", "所选类别超出申请的范围。", "请在申请的类别内选择。"))
		}
	}
	c.ApprovedBy, c.ApprovedAt, c.Opinion = by, now, strings.TrimSpace(g.Opinion)
	c.GrantKind, c.Granted, c.GrantReason = g.Kind, strings.Join(g.List, "|"), strings.TrimSpace(g.Reason)
	c.Minutes, c.MaxPages = g.Minutes, g.Pages
	if c.NeedsHead {
		c.State = Heading
		return nil
	}
	c.ready(now, cal)
	return nil
}

// Confirm is the head's approval (21b; 21a beyond the list).
func (c *Case) Confirm(by string, now time.Time, opinion string, cal *calendar.Calendar) error {
	// Once more where the dossier's level rose between approval and reading (21b).
	if missed := c.State == Ready && c.NeedsHead && c.HeadBy == ""; !missed {
		if err := c.step("负责人批准", Heading); err != nil {
			return err
		}
	}
	c.HeadBy, c.HeadAt, c.HeadOpinion = by, now, strings.TrimSpace(opinion)
	c.ready(now, cal)
	return nil
}

func (c *Case) ready(now time.Time, cal *calendar.Calendar) {
	until, tentative := cal.AddWorkdays(calendar.Of(now), validDays)
	c.State, c.ValidUntil, c.ValidTentative = Ready, until.String(), tentative
}

// OnPaper changes the way of reading before the last approval, which the form states.
func (c *Case) OnPaper() error {
	if err := c.step("改为纸质原件", Draft, Incomplete, Checking, Approving, Heading); err != nil {
		return err
	}
	if c.Way == Paper {
		return rule.Mistake(reason("21.4", "paper_already", "way", "本件已是纸质原件查阅。", "请按现在的方式继续办理。"))
	}
	c.Way = Paper
	return nil
}

// Start begins the reading: within the approval's term, the packet at hand.
func (c *Case) Start(today calendar.Date) error {
	if err := c.step("开始查阅", Ready); err != nil {
		return err
	}
	if c.ValidUntil < today.String() {
		return rule.Refuse(reason("21.4", "approval_expired", "", "查阅批准已于"+calendar.Date(c.ValidUntil).Long()+"到期。", "请查阅单位重新申请。"))
	}
	c.State = Reading
	return nil
}

// Finish ends the reading.
func (c *Case) Finish(now time.Time, why string) error {
	if err := c.step("结束查阅", Reading); err != nil {
		return err
	}
	c.State, c.ClosedAt, c.ClosedWhy = Closed, now, why
	return nil
}

// Withdraw takes the application back, before reading began.
func (c *Case) Withdraw(now time.Time, why string) error {
	if err := c.step("撤回申请", Draft, Incomplete, Checking, Approving, Heading, Ready); err != nil {
		return err
	}
	if strings.TrimSpace(why) == "" {
		return rule.Mistake(reason("29.8", "reason_missing", "reason", "未写明撤回原因。", "请写明谁提出、因何撤回。"))
	}
	c.State, c.ClosedAt, c.ClosedWhy = Withdrawn, now, strings.TrimSpace(why)
	return nil
}

// Lapse ends a case whose term passed: an approval nobody came for, papers that
// were not completed in time.
func (c *Case) Lapse(now time.Time) error {
	today := calendar.Of(now).String()
	over := c.State == Ready && c.ValidUntil < today || c.State == Incomplete && c.ToldDue < today
	if !over {
		return rule.Refuse(reason("29.6", "not_over", "", "期限未到。", "到期后由系统自动办理。"))
	}
	c.State, c.ClosedAt, c.ClosedWhy = Expired, now, "逾期"
	return nil
}

// refusable are the rules a refusal may rest on (29.8: none without a rule).
var refusable = []rule.ID{"15", "21a", "21.1", "21.2", "21.3", "21b", "21c", "29.6"}

// Refuse is 不予查阅: by rules of the regulation, all reasons at once (29.8).
func (c *Case) Refuse(now time.Time, reasons []rule.Reason) error {
	if err := c.step("不予查阅", Draft, Incomplete, Checking, Approving, Heading); err != nil {
		return err
	}
	if len(reasons) == 0 {
		return rule.Refuse(reason("29.8", "refusal_without_rule", "", "不予查阅须注明依据。", "请选择依据的条款并写明事实；只是材料不齐的，办理补正告知。"))
	}
	for _, r := range reasons {
		if !slices.Contains(refusable, r.Rule) {
			return rule.Refuse(reason("29.8", "refusal_without_rule", "", "所选条款不能作为不予查阅的依据。", "请选择查阅、保密的有关条款；没有依据的不得拒绝。"))
		}
		if strings.TrimSpace(r.Message) == "" {
			return rule.Mistake(reason("29.8", "fact_missing", "facts", "未写明不予查阅的事实。", "请逐条写明事实。"))
		}
	}
	raw, err := json.Marshal(reasons)
	if err != nil {
		return err
	}
	c.State, c.Refusal, c.ClosedAt = Refused, string(raw), now
	return nil
}

// Level decides who approves: one level higher for senior professionals, dossiers
// that touch secrets (21b) and purposes beyond the list (21a).
func Level(d dossier.Dossier, purpose string) (head bool) {
	p, _ := codes.FindPurpose(purpose)
	return d.Senior || d.Secrecy > 0 || p.Basis
}

// Covers says whether the granted scope takes in a material. Secret parts stay
// closed whatever was granted (15); a trade secret or private piece is open only where the
// approver names it.
func (c Case) Covers(m dossier.Material) bool {
	if m.Secrecy > 0 || m.State != dossier.Filed {
		return false
	}
	switch c.GrantKind {
	case Whole:
		return !m.Closed()
	case Classes:
		return !m.Closed() && slices.ContainsFunc(strings.Split(c.Granted, "|"), func(class string) bool {
			return m.Class == class || strings.HasPrefix(m.Class, class+"-")
		})
	case Materials:
		return slices.Contains(strings.Split(c.Granted, "|"), m.ID)
	}
	return false
}

// GrantText is the granted scope as papers say it.
func (c Case) GrantText() string { return scopeText(c.GrantKind, c.Granted) }

// AskedText is the scope asked for as papers say it.
func (c Case) AskedText() string { return scopeText(c.AskedKind, c.Asked) }

func scopeText(kind, list string) string {
	parts := strings.Split(list, "|")
	switch kind {
	case Classes:
		names := make([]string, len(parts))
		for i, class := range parts {
			c, _ := codes.FindClass(class)
			names[i] = class + " " + c.Short
		}
		return strings.Join(names, "、")
	case Materials:
		return fmt.Sprintf("指定材料%d份", len(parts))
	}
	return "全卷"
}
