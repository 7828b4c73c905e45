package retirement

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// State tells how far one person's matter is.
type State string

// States of a case.
const (
	Checking State = "checking" // 核对中
	Ready    State = "ready"    // 待送审
	Listed   State = "listed"   // 已列入送审
	Out      State = "out"      // 送审在外
	Counted  State = "counted"  // 退回待复核: one person has counted
	Back     State = "back"     // 审批表待归档
	Kept     State = "kept"     // 已办结·继续保管
	Passed   State = "passed"   // 已办结·转出
	Dropped  State = "dropped"  // 不再办理
)

var states = map[State]struct{ name, tone string }{
	Checking: {"核对中", "run"}, Ready: {"待送审", "run"}, Listed: {"已列入送审", "run"}, Out: {"送审在外", "wait"}, Counted: {"退回待复核", "run"}, Back: {"审批表待归档", "run"},
	Kept: {"已退休，继续保管", "done"}, Passed: {"已退休，转出", "done"}, Dropped: {"不再办理", "void"},
}

// Name is the state as screens say it.
func (s State) Name() string { return states[s].name }

// Tone is the state's color on screens.
func (s State) Tone() string { return states[s].tone }

// What a person chose (decision of 2024-09-13, 3).
const (
	OnTime  = "statutory"
	Earlier = "early"
	Later   = "late"
)

var choices = map[string]string{OnTime: "按法定退休年龄", Earlier: "弹性提前", Later: "弹性延迟"}

// ChoiceName is a choice as screens say it.
func ChoiceName(c string) string { return choices[c] }

// Results of a review.
const (
	Approved = "approved"
	Declined = "declined"
)

var results = map[string]string{Approved: "审核通过", Declined: "未通过，退回"}

// Case is one person's way to the pension.
type Case struct {
	ID          string `db:"id"`
	Version     int64  `db:"version"`
	DossierID   string `db:"dossier_id"`
	Agency      string `db:"agency"`
	State       State  `db:"state"`
	Group       string `db:"kind"`
	Ground      string `db:"ground"` // what the group rests on
	BornOn      string `db:"born_on"`
	BornBy      string `db:"born_by"` // the paper the birth date rests on
	StatutoryOn string `db:"statutory_on"`
	Choice      string `db:"choice"`
	DueOn       string `db:"due_on"`
	ChoicePaper string `db:"choice_paper,null"`
	// ChoicePaperOn is the day it was given or agreed on.
	ChoicePaperOn string    `db:"choice_paper_on,null"`
	OpenedBy      string    `db:"opened_by"`
	OpenedAt      time.Time `db:"opened_at"`
	Findings      string    `db:"findings,null"` // of the check, one a line
	Note          string    `db:"note,null"`     // what was said to them
	Materials     int64     `db:"materials"`     // as counted
	Pages         int64     `db:"pages"`
	CheckedBy     string    `db:"checked_by,null"`
	CheckedAt     time.Time `db:"checked_at,null"`
	ListID        string    `db:"list_id,null"`
	Result        string    `db:"result,null"`
	ApprovalNo    string    `db:"approval_no,null"`
	ApprovedOn    string    `db:"approved_on,null"`
	Difference    string    `db:"difference,null"` // found on the return
	ReturnedBy    string    `db:"returned_by,null"`
	ReturnedAt    time.Time `db:"returned_at,null"`
	Disputed      string    `db:"disputed,null"` // what the second person found otherwise; counted again since: none
	SignedBy      string    `db:"signed_by,null"`
	SignedAt      time.Time `db:"signed_at,null"`
	Settled       string    `db:"settled,null"` // what became of the difference
	SettledBy     string    `db:"settled_by,null"`
	SettledAt     time.Time `db:"settled_at,null"`
	Basis         string    `db:"basis,null"` // of the end, or why it was given up
	EndedBy       string    `db:"ended_by,null"`
	EndedAt       time.Time `db:"ended_at,null"`
	ChangedAt     time.Time `db:"changed_at"`
}

// Table names the table of cases.
func (Case) Table() string { return "retirement" }

func init() {
	store.Describe(Case{}, List{}, Sending{}, Item{})
	store.Register("retirement", store.Audited, "退休送审：到龄、核对、送审、退回核对、审批表归档与去向")
	store.Register("retirement_list", store.Audited, "退休送审清单：接收审核单位、双方经手人、应还日期")
	store.Register("retirement_item", store.Audited, "送审的每一份材料：送出时的份数页数、退回核对的结果")
	store.Register("retirement_sending", store.Audited, "送审的每一卷：送出与退回的份数页数、审核结果")
}

// Ref names the case in papers and work items.
func (c Case) Ref() string { return "Retirement:" + c.ID }

// Binds names the case's dossier, and its version.
func (c Case) Binds() (string, int64) { return c.DossierID, c.Version }

// Resource is the case as the policies see it.
func (c Case) Resource(d dossier.Dossier) policy.Resource {
	return policy.Resource{Type: "Retirement", ID: c.ID, Agencies: []string{c.Agency}, Secrecy: d.Secrecy, Attrs: map[string]any{"agency": c.Agency, "person": d.PersonID, "returnedBy": c.ReturnedBy}}
}

// Actions of the room, as the policies name them.
const (
	ActOpen = "retirement.open"
	// ActPrintNear issues the month's list of those near the age.
	ActPrintNear = "retirement.print_near"
	ActCheck     = "retirement.check"
	ActDrop      = "retirement.drop"
	ActReturn    = "retirement.return"
	// ActCountersign is the second person's word on what came back, ActDispute that it was miscounted.
	ActCountersign = "retirement.countersign"
	ActDispute     = "retirement.dispute"
	// ActSettle records what became of a difference.
	ActSettle = "retirement.settle"
	ActFinish = "retirement.finish"
	ActRead   = "retirement.read"
)

// from lists the states in which an action is done.
var from = map[string][]State{ActCheck: {Checking, Ready}, ActDrop: {Checking, Ready}, ActReturn: {Out, Counted}, ActCountersign: {Counted}, ActDispute: {Counted}, ActFinish: {Back}}

// Open says whether the case is not at its end.
func (c Case) Open() bool { return c.State != Kept && c.State != Passed && c.State != Dropped }

// Found counts what the check found.
func (c Case) Found() int {
	if c.Findings == "" {
		return 0
	}
	return strings.Count(c.Findings, "\n") + 1
}

func reason(slug, field, message, next string) rule.Reason {
	return rule.Reason{Rule: "22", Slug: slug, Field: field, Message: message, Next: next}
}

// service is a reason of the service itself (7.4): who may be taken up, and how.
func service(slug, field, message, next string) rule.Reason {
	r := reason(slug, field, message, next)
	r.Rule = "7.4"
	return r
}

// May says whether the state lets an action happen; nil if it does.
func (c Case) May(action string) error {
	if slices.Contains(from[action], c.State) {
		return nil
	}
	return rule.Refuse(reason("state_"+string(c.State), "", "该退休事项"+c.State.Name()+"，不能再办此项。", "请刷新查看现在的状态。"))
}

// Opening is what is entered when a person's matter is taken up.
type Opening struct {
	DossierID string
	Group     string
	Ground    string // post, title or contract that puts a woman in her group
	Choice    string
	DueOn     string // chosen; empty: statutory
	Paper     string // by which the person chose
	PaperOn   string // the day it was given, or agreed on
	MandateID string // of an agent who asks for the person (12a)
}

// Notice is how many months before a chosen day it is told to the unit (earlier), or agreed
// on before the statutory one (later): settings of the province, from what was told of the
// 实施弹性退休制度暂行办法 of 2024-12-31.
type Notice struct{ Earlier, Later int }

// notice says what is wrong with the day of a paper by which somebody chose a day.
func (o Opening) notice(n Notice, term Term, due, today calendar.Date) []rule.Reason {
	on := calendar.Date(o.PaperOn)
	switch {
	case o.Choice == OnTime:
		return nil
	case !on.Valid() || on > today:
		return []rule.Reason{service("notice_on", "paperOn", "书面材料的日期没有填写，或在今天之后。", "请照书面告知、书面约定的落款填写日期。")}
	case o.Choice == Earlier && on > after(due, -n.Earlier):
		return []rule.Reason{service("notice_early", "paperOn", fmt.Sprintf("弹性提前须至少在所选退休日期前%d个月书面告知，告知日期%s距%s不足%d个月。", n.Earlier, on.Long(), due.Long(), n.Earlier), "请与本人改选"+after(on, n.Earlier).Long()+"或以后的日期，重新出具书面告知。")}
	case o.Choice == Later && on > after(term.Statutory, -n.Later):
		return []rule.Reason{service("notice_late", "paperOn", fmt.Sprintf("弹性延迟须在法定退休日期前%d个月，即%s以前书面约定，约定日期是%s。", n.Later, after(term.Statutory, -n.Later).Long(), on.Long()), "没有按期约定的，按法定退休年龄办理。")}
	}
	return nil
}

// check holds an opening to its shape, to the table and to the months in which cases are taken up.
func (o *Opening) check(t Table, n Notice, sex string, born, today, horizon calendar.Date) (Term, error) {
	for _, s := range []*string{&o.Ground, &o.DueOn, &o.Paper, &o.PaperOn} {
		*s = strings.TrimSpace(*s)
	}
	var wrong, missing []rule.Reason
	if o.Choice == "" {
		o.Choice = OnTime
	}
	if groups[o.Group] == "" || sexOf(o.Group) != sex {
		return Term{}, rule.Mistake(service("group_wrong", "group", "所选类别与档案记载的性别不符。", "请选择本人所属的类别；性别记载有误的，先办理信息变更。"))
	}
	if choices[o.Choice] == "" {
		wrong = append(wrong, service("choice_unknown", "choice", "没有这种退休方式。", "请从按期、弹性提前、弹性延迟中选择。"))
	}
	term := t.Term(o.Group, born)
	due := calendar.Date(o.DueOn)
	switch o.Choice {
	case OnTime:
		due, o.DueOn = term.Statutory, term.Statutory.String()
	case Earlier:
		if !due.Valid() || due < term.Earliest || due >= term.Statutory {
			wrong = append(wrong, service("early_limits", "dueOn", "弹性提前最早至"+term.Earliest.Long()+"（最多提前3年，不低于原法定退休年龄），并在"+term.Statutory.Long()+"以前。", "请填写本人书面选择、在此范围内的日期。"))
		}
	case Later:
		if !due.Valid() || due <= term.Statutory || due > term.Latest {
			wrong = append(wrong, service("late_limits", "dueOn", "弹性延迟应在"+term.Statutory.Long()+"以后，最迟至"+term.Latest.Long()+"（最多延迟3年）。", "请填写双方书面约定、在此范围内的日期。"))
		}
	}
	if len(wrong) > 0 {
		return term, rule.Mistake(wrong...)
	}
	if o.Choice != OnTime && o.Paper == "" {
		missing = append(missing, service("choice_paper_missing", "paper", "没有登记本人自愿选择的书面材料。", "请填写弹性退休书面告知（约定）的名称和日期。"))
	}
	if o.Group != Men && o.Ground == "" {
		missing = append(missing, service("ground_missing", "ground", "没有写明所属类别的依据。", "请填写据以判断岗位身份的材料，例如劳动合同、聘任审批表。"))
	}
	if len(missing) > 0 {
		return term, rule.Complete(missing...)
	}
	if late := o.notice(n, term, due, today); len(late) > 0 {
		if late[0].Slug == "notice_on" {
			return term, rule.Complete(late...)
		}
		return term, rule.Refuse(late...)
	}
	if o.Choice == OnTime && due > horizon {
		return term, rule.Refuse(service("not_near", "dossierId", "距法定退休年龄（"+AgeName(term.Months)+"，"+term.Statutory.Long()+"）还早，暂不办理。", "到龄前列入名单时再办；本人选择弹性提前的，请按弹性提前登记。"))
	}
	if due > horizon && o.Choice == Earlier {
		return term, rule.Refuse(service("not_near", "dueOn", "距所选退休日期还早，暂不办理。", "临近所选日期时再办。"))
	}
	return term, nil
}

// needed are the key facts that a pension rests on: without a mention there is nothing to check.
var needed = []string{"birth_date", "work_start"}

// findings are what the reviewer is told: what contradicts itself and what is missing. What
// nothing was entered of can't be checked.
func findings(facts []dossier.Compared) (lines []string, missing []string, err error) {
	var silent []rule.Reason
	for _, f := range facts {
		switch f.Verdict {
		case dossier.Silent:
			if slices.Contains(needed, f.Kind) {
				silent = append(silent, rule.Reason{Rule: "7.4", Slug: "fact_silent", Field: "facts", Message: "信息核对表中没有登记" + f.Name + "。", Next: "请先对照原件登记每份材料的记载，由第二人核对后再核对。"})
			}
		case dossier.Missing:
			lines, missing = append(lines, f.Name+"："+f.Note), append(missing, f.Kind)
		case dossier.Differs:
			lines = append(lines, f.Name+"：记载不一致，"+f.Note)
		}
	}
	if len(silent) > 0 {
		return nil, nil, rule.Complete(silent...)
	}
	return lines, missing, nil
}

// Check is what a clerk found and counted.
type Check struct {
	Materials, Pages int64
	Note             string
}

// Checked records the check. Contradictions are told and travel along; they hold up nothing.
func (c *Case) Checked(n Check, lines []string, by string, at time.Time) error {
	if err := c.May(ActCheck); err != nil {
		return err
	}
	if n.Materials < 1 || n.Pages < n.Materials || n.Pages > 20000 {
		return rule.Mistake(reason("count_wrong", "pages", "份数、页数不对。", "请清点实物，份数至少为1，页数不少于份数。"))
	}
	n.Note = strings.TrimSpace(n.Note)
	if len(lines) > 0 && n.Note == "" {
		return rule.Complete(rule.Reason{Rule: "7.4", Slug: "findings_unsaid", Field: "note", Message: fmt.Sprintf("核对发现 %d 处不一致或缺失，没有写明怎样告知本人。", len(lines)), Next: "请写明已告知本人（单位）的情况和补充的安排；不一致的记载由审核单位认定，本机构不作认定。"})
	}
	c.State, c.Materials, c.Pages, c.Note, c.Findings, c.CheckedBy, c.CheckedAt = Ready, n.Materials, n.Pages, n.Note, strings.Join(lines, "\n"), by, at
	return nil
}

// Drop gives a case up.
func (c *Case) Drop(by, why string, at time.Time) error {
	if err := c.May(ActDrop); err != nil {
		return err
	}
	if c.Basis = strings.TrimSpace(why); c.Basis == "" {
		return rule.Complete(reason("basis_missing", "basis", "没有写明不再办理的原因。", "请写明原因，例如已在单位办理退休、改选弹性延迟。"))
	}
	c.State, c.EndedBy, c.EndedAt = Dropped, by, at
	return nil
}

// Ways on after retirement.
const (
	Keep = "keep"
	Pass = "pass"
)

// Finish ends the case: the approval form is filed, and it is said where the dossier stays.
func (c *Case) Finish(way, basis string, filed bool, d dossier.Dossier, by string, at time.Time) error {
	if err := c.May(ActFinish); err != nil {
		return err
	}
	if way != Keep && way != Pass {
		return rule.Mistake(reason("way_unknown", "way", "没有选定档案的去向。", "请选继续保管或转出。"))
	}
	if c.Unsettled() {
		return rule.Refuse(openDifference())
	}
	if !filed {
		return rule.Refuse(rule.Reason{Rule: "13a", Slug: "approval_not_filed", Message: "退休审批表还没有归档。", Next: "请在档案页登记收到退休（退职）审批表，鉴别归档后再办结。"})
	}
	if way == Pass && d.State != dossier.Leaving && d.State != dossier.InTransit && d.State != dossier.Left {
		return rule.Refuse(rule.Reason{Rule: "20.1", Slug: "no_letter", Field: "way", Message: "还没有登记接收单位的调档函，不能按转出办结。", Next: "请凭调档函在“转递”办理转出后再办结；没有接收单位的，由本机构继续保管。"})
	}
	if c.State = Kept; way == Pass {
		c.State = Passed
	}
	c.Basis, c.EndedBy, c.EndedAt = strings.TrimSpace(basis), by, at
	return nil
}
