package loan

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/dossier"
	"dangan/internal/introduction"
	"dangan/internal/policy"
	"dangan/internal/rule"
)

// State tells how far a loan is.
type State string

// States of a loan.
const (
	Draft      State = "draft"      // 草稿
	Incomplete State = "incomplete" // 待补正: told once what is missing, the case waits
	Checking   State = "checking"   // 待核对: originals against the form
	Approving  State = "approving"  // 待审核
	Heading    State = "heading"    // 待负责人批准: always (22)
	Ready      State = "ready"      // 待交接
	Out        State = "out"        // 借阅在外
	Counted    State = "counted"    // 归还核对: one person counted, another signs
	Disputed   State = "disputed"   // 核对有差异: two signed it, it is not cleared up
	Closed     State = "closed"     // 已归还
	Refused    State = "refused"    // 不予借阅
	Withdrawn  State = "withdrawn"  // 已撤回
	Expired    State = "expired"    // 已过期
)

var states = map[State]struct{ name, tone string }{
	Draft: {"草稿", "plain"}, Incomplete: {"待补正", "wait"}, Checking: {"待核对", "run"}, Approving: {"待审核", "run"}, Heading: {"待负责人批准", "run"}, Ready: {"待交接", "plain"},
	Out: {"借阅在外", "wait"}, Counted: {"归还核对", "run"}, Disputed: {"核对有差异", "bad"}, Closed: {"已归还", "done"}, Refused: {"不予借阅", "bad"}, Withdrawn: {"已撤回", "void"}, Expired: {"已过期", "void"},
}

// ended are the states nothing follows.
const ended = "('closed','refused','withdrawn','expired')"

// Name is the state as screens say it.
func (s State) Name() string { return states[s].name }

// Tone is how a state looks (design/README, Color).
func (s State) Tone() string { return states[s].tone }

// Open says whether something can still happen to a case in this state.
func (s State) Open() bool {
	return s != Closed && s != Refused && s != Withdrawn && s != Expired
}

// Kinds of units that borrow.
const (
	Enterprise = introduction.Enterprise
	Organ      = introduction.Organ
)

// Ways a packet goes and comes back.
const (
	Messenger    = "messenger"    // 专人送取: two persons
	Confidential = "confidential" // 机要通信
)

var ways = map[string]string{Messenger: "专人送取", Confidential: "机要通信"}

// WayName is a way as screens say it.
func WayName(way string) string { return ways[way] }

// Case is one loan: one unit, one packet, one purpose (forms.md 10).
type Case struct {
	ID             string    `db:"id"`
	Version        int64     `db:"version"`
	No             string    `db:"no"` // JY-50010801-2026-00001
	Agency         string    `db:"agency"`
	DossierID      string    `db:"dossier_id"`
	State          State     `db:"state"`
	UnitKind       string    `db:"unit_kind"`
	Unit           string    `db:"unit"`
	UnitCode       string    `db:"unit_code,null"`
	Superior       string    `db:"superior,null"` // of the unit: reads a copy of what asks for the packet
	Purpose        string    `db:"purpose"`
	Reason         string    `db:"reason,null"`
	Basis          string    `db:"basis,null"`        // legal basis, for a purpose beyond the list
	WhyNotHere     string    `db:"why_not_here,null"` // why it can't be read in the house
	KeptAt         string    `db:"kept_at,null"`      // where the unit keeps it
	PaperName      string    `db:"paper_name,null"`
	PaperNo        string    `db:"paper_no,null"`
	PaperOn        string    `db:"paper_on,null"`
	PaperUntil     string    `db:"paper_until,null"`
	Sealed         bool      `db:"sealed"`
	Matches        bool      `db:"matches"`
	FormSigned     bool      `db:"form_signed"`
	FormBy         string    `db:"form_by,null"`
	Pledged        bool      `db:"pledged"` // the unit's promise of safety and secrecy
	Days           int64     `db:"days"`    // asked for; after the approval, granted
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
	HeadBy         string    `db:"head_by,null"`
	HeadAt         time.Time `db:"head_at,null"`
	HeadOpinion    string    `db:"head_opinion,null"`
	ValidUntil     string    `db:"valid_until,null"`
	ValidTentative bool      `db:"valid_tentative"`
	Number         string    `db:"number,null"` // of the approval: 南岸人才借〔2026〕1号
	HandedBy       string    `db:"handed_by,null"`
	HandedAt       time.Time `db:"handed_at,null"`
	TakenBy        string    `db:"taken_by,null"` // who signed for the unit
	Tracking       string    `db:"tracking,null"` // 机要号
	Seal           string    `db:"seal,null"`
	Materials      int64     `db:"materials"`
	Pages          int64     `db:"pages"`
	DueOn          string    `db:"due_on,null"`
	ExtendedOn     string    `db:"extended_on,null"`
	ExtendedBy     string    `db:"extended_by,null"`
	ExtendedWhy    string    `db:"extended_why,null"`
	RecalledOn     string    `db:"recalled_on,null"`
	RecalledBy     string    `db:"recalled_by,null"`
	RecalledWhy    string    `db:"recalled_why,null"`
	ChasedOn       string    `db:"chased_on,null"`
	EscalatedOn    string    `db:"escalated_on,null"`
	ReturnedBy     string    `db:"returned_by,null"`
	ReturnedAt     time.Time `db:"returned_at,null"`
	BroughtBy      string    `db:"brought_by,null"`
	BackMaterials  int64     `db:"back_materials"`
	BackPages      int64     `db:"back_pages"`
	Packet         string    `db:"packet,null"`
	Difference     string    `db:"difference,null"`
	DifferenceNo   string    `db:"difference_no,null"`
	Recount        string    `db:"recount,null"` // why the second person had it counted again
	SignedBy       string    `db:"signed_by,null"`
	SignedAt       time.Time `db:"signed_at,null"`
	Settled        string    `db:"settled,null"`
	SettledBy      string    `db:"settled_by,null"`
	SettledAt      time.Time `db:"settled_at,null"`
	ClosedAt       time.Time `db:"closed_at,null"`
	ClosedWhy      string    `db:"closed_why,null"`
	Refusal        string    `db:"refusal,null"`
	ChangedAt      time.Time `db:"changed_at"`
}

// Table names the table of loans.
func (Case) Table() string { return "loan" }

// Ref names the case in papers, custody and time lines.
func (c Case) Ref() string { return "Loan:" + c.ID }

// Binds names the case's dossier, and its version.
func (c Case) Binds() (string, int64) { return c.DossierID, c.Version }

// Resource is the case as the policies see it.
func (c Case) Resource(d dossier.Dossier) policy.Resource {
	return policy.Resource{Type: "Loan", ID: c.ID, Agencies: []string{c.Agency}, Secrecy: d.Secrecy, Attrs: map[string]any{
		"agency": c.Agency, "person": d.PersonID, "state": string(c.State),
		"appliedBy": c.AppliedBy, "checkedBy": c.CheckedBy, "approvedBy": c.ApprovedBy, "returnedBy": c.ReturnedBy}}
}

// Person is one of the two or more of the unit who read the dossier, keep it or carry it.
// Rows stay when an application is changed: one that was taken off the form is marked.
type Person struct {
	ID        string `db:"id"`
	Version   int64  `db:"version"`
	LoanID    string `db:"loan_id"`
	Seq       int64  `db:"seq"`
	Off       bool   `db:"off"`
	Name      string `db:"name,secret"`
	IDNo      string `db:"id_no,secret"`
	IDIndex   []byte `db:"id_ix"`
	Post      string `db:"post,null"`
	Political string `db:"political,null"`
	NonMember string `db:"non_member,null"` // reason for one who is no Party member
	Card      string `db:"card,null"`       // number of the work card that was seen
	Carries   bool   `db:"carries"`         // 取送人
	Keeps     bool   `db:"keeps"`           // 保管责任人
	Declared  bool   `db:"declared"`        // signed: no kinship (21c)
	Pledged   bool   `db:"pledged"`         // signed: secrecy
}

// Table names the table of the unit's people.
func (Person) Table() string { return "loan_person" }

// step holds an act to the states it is possible in (29.6).
func (c Case) step(what string, in ...State) error {
	if slices.Contains(in, c.State) {
		return nil
	}
	names := make([]string, len(in))
	for i, s := range in {
		names[i] = s.Name()
	}
	return rule.Refuse(rule.Reason{Rule: "29.6", Slug: "step_out_of_order",
		Message: fmt.Sprintf("本件现为“%s”，不能%s。", c.State.Name(), what),
		Next:    fmt.Sprintf("%s须在“%s”时办理；请按借阅程序先完成前面的步骤。", what, strings.Join(names, "”或“")),
		Facts:   map[string]any{"state": string(c.State)}})
}

func reason(id rule.ID, slug, field, message, next string) rule.Reason {
	return rule.Reason{Rule: id, Slug: slug, Field: field, Message: message, Next: next}
}

// Standards are what the check of an application depends on beside the form.
type Standards struct {
	Today           calendar.Date
	CandidateCounts bool // 中共预备党员 counts as a member
	MostDays        int64
	Owes            string // number of a loan of the same unit that is overdue here
}

// words are how this room calls what a unit wants.
var words = introduction.Words{Verb: "借阅", Whose: "存档人员", People: "people"}

// letter is the application as the law of letters sees it.
func (c Case) letter() introduction.Letter {
	return introduction.Letter{UnitKind: c.UnitKind, Unit: c.Unit, UnitCode: c.UnitCode, Purpose: c.Purpose, Reason: c.Reason, Basis: c.Basis,
		PaperNo: c.PaperNo, PaperOn: c.PaperOn, PaperUntil: c.PaperUntil, Sealed: c.Sealed, Matches: c.Matches, FormSigned: c.FormSigned}
}

func introduced(people []Person) []introduction.Person {
	out := make([]introduction.Person, len(people))
	for i, p := range people {
		out[i] = introduction.Person{Name: p.Name, IDNo: p.IDNo, Political: p.Political, NonMember: p.NonMember, Card: p.Card, Declared: p.Declared, Pledged: p.Pledged}
	}
	return out
}

// Lacks lists every paper and statement that is missing from an application, all at
// once (22, 21.1, 21.2, 21c; 补正).
func (c Case) Lacks(people []Person, s Standards) []rule.Reason {
	var out []rule.Reason
	add := func(id rule.ID, slug, field, message, next string) {
		out = append(out, reason(id, slug, field, message, next))
	}
	if strings.TrimSpace(c.WhyNotHere) == "" {
		add("22", "exception_unsaid", "whyNotHere", "档案一般不外借，未写明为什么不能就地查阅。", "请借阅单位写明不能在阅档室查阅、也不能以复制摘录代替的理由；没有的，请改办查阅。")
	}
	out = append(out, c.letter().Lacks(introduced(people), words, introduction.Standards{Today: s.Today, CandidateCounts: s.CandidateCounts})...)
	if strings.TrimSpace(c.KeptAt) == "" {
		add("22", "place_missing", "keptAt", "未写明借出后的存放地点。", "请写明存放的房间和铁皮柜（保险柜）。")
	}
	if !c.Pledged {
		add("22", "unit_pledge_missing", "pledged", "借阅单位未签署安全保密、按期归还的承诺。", "请借阅单位签署并盖章后提交。")
	}
	if s.Owes != "" {
		add("22", "unit_overdue", "unit", "该单位借阅的档案期限已到，尚未归还（"+s.Owes+"）。", "归还并核对后再申请。")
	}
	keeps, carries := 0, 0
	for _, p := range people {
		if p.Keeps {
			keeps++
		}
		if p.Carries {
			carries++
		}
	}
	if keeps == 0 {
		add("22", "keeper_missing", "people", "未指明借出后的保管责任人。", "请在借阅人中勾选一名保管责任人。")
	}
	if c.Way == Messenger && carries < 2 {
		add("22", "too_few_messengers", "people", fmt.Sprintf("专人送取须两人，现有%d人。", carries), "请在借阅人中勾选两名取送人；派不出的，改用机要通信。")
	}
	return out
}

// Beyond says what forbids the application whatever papers are brought: a purpose that is
// not on the list (21a), a lawyer's order, a state secret (15), and people of the unit who
// are the person or kin (21c, told without naming who or how).
func (c Case) Beyond(d dossier.Dossier, kin bool) []rule.Reason {
	out := words.Unlisted(c.Purpose)
	if c.Purpose == "court_order" {
		out = append(out, reason("22", "order_not_lent", "purpose", "律师持调查令不能借出档案。", "请在阅档室查阅；确需原件的，由人民法院依法调取。"))
	}
	if d.Secrecy >= dossier.Secret {
		out = append(out, secretNotLent)
	}
	if kin {
		out = append(out, KinReason())
	}
	return out
}

var secretNotLent = reason("15", "secret_not_lent", "", "涉及国家秘密的档案不外借。", "请按保密规定在本机构查阅，或由借阅单位按保密规定另行商办。")

// KinReason is the one sentence of 21c: it tells neither who nor which kinship.
func KinReason() rule.Reason {
	return reason("21c", "borrower_is_person_or_kin", "", "借阅人、保管责任人或取送人中有不得接触该档案的人员（本人或规定范围内的亲属）。", "请借阅单位更换人员。")
}

// Submit hands the application in. With something missing the case waits for it, told once
// with everything; without, it goes to the check.
func (c *Case) Submit(people []Person, d dossier.Dossier, kin bool, s Standards, due calendar.Date) (lacks []rule.Reason, err error) {
	if err := c.step("提交申请", Draft, Incomplete); err != nil {
		return nil, err
	}
	if beyond := c.Beyond(d, kin); len(beyond) > 0 {
		return nil, rule.Refuse(beyond...)
	}
	if lacks = c.Lacks(people, s); len(lacks) == 0 {
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
func (c *Case) Check(by string, now time.Time, people []Person, d dossier.Dossier, kin bool, s Standards) error {
	if err := c.step("核对原件", Checking); err != nil {
		return err
	}
	if beyond := c.Beyond(d, kin); len(beyond) > 0 {
		return rule.Refuse(beyond...)
	}
	if lacks := c.Lacks(people, s); len(lacks) > 0 {
		return rule.Complete(lacks...)
	}
	c.State, c.CheckedBy, c.CheckedAt = Approving, by, now
	return nil
}

// term holds a number of days to what the province allows (22).
func term(field string, days, most int64) error {
	if days >= 1 && days <= most {
		return nil
	}
	return rule.Mistake(reason("22", "days_out_of_range", field, fmt.Sprintf("借阅期限应为1至%d天。", most), "请更正；确需更长的，到期前可以续借一次。"))
}

// Approve is the reviewer's opinion, with the term as asked for or shorter.
func (c *Case) Approve(by string, now time.Time, days int64, opinion string, s Standards) error {
	if err := c.step("审核", Approving); err != nil {
		return err
	}
	if err := term("days", days, min(c.Days, s.MostDays)); err != nil {
		return err
	}
	c.State, c.ApprovedBy, c.ApprovedAt, c.Days, c.Opinion = Heading, by, now, days, strings.TrimSpace(opinion)
	return nil
}

// validDays is how long an approval waits for the unit, in working days (forms.md 8).
const validDays = 10

// Confirm is the head's approval, without which nothing leaves (22).
func (c *Case) Confirm(by string, now time.Time, opinion string, cal *calendar.Calendar) error {
	if err := c.step("负责人批准", Heading); err != nil {
		return err
	}
	until, tentative := cal.AddWorkdays(calendar.Of(now), validDays)
	c.State, c.HeadBy, c.HeadAt, c.HeadOpinion, c.ValidUntil, c.ValidTentative = Ready, by, now, strings.TrimSpace(opinion), until.String(), tentative
	return nil
}

// Handing is what is written down when the packet goes (forms.md 10).
type Handing struct {
	Materials, Pages int64
	Seal             string   // number of the paper that seals the packet
	Came             []string // ids of the messengers who came, by their cards
	TakenBy          string   // who signed for the unit, where 机要通信 took it
	Tracking         string   // 机要号
}

// HandOut lets the packet go: within the approval's term, pulled, counted by the page as its
// catalog says, sealed, to two messengers of the form or to 机要通信.
func (c *Case) HandOut(by string, now time.Time, h Handing, people []Person, items []Item, d dossier.Dossier, cal *calendar.Calendar) error {
	if err := c.step("借出交接", Ready); err != nil {
		return err
	}
	today := calendar.Of(now)
	if c.ValidUntil < today.String() {
		return rule.Refuse(reason("22", "approval_expired", "", "借阅批准已于"+calendar.Date(c.ValidUntil).Long()+"到期。", "请借阅单位重新申请。"))
	}
	if by == c.AppliedBy {
		return rule.Refuse(ownHandOut)
	}
	if d.Secrecy >= dossier.Secret {
		return rule.Refuse(secretNotLent)
	}
	h.Seal, h.TakenBy, h.Tracking = strings.TrimSpace(h.Seal), strings.TrimSpace(h.TakenBy), strings.TrimSpace(h.Tracking)
	var out []rule.Reason
	if h.Materials < 1 || h.Pages < 1 || h.Pages > 20000 {
		out = append(out, reason("22", "count_missing", "pages", "没有逐页清点借出的份数、页数。", "请逐页清点后填写。"))
	} else if pieces, pages := sum(items); len(items) > 0 && (pieces != h.Materials || pages != h.Pages) {
		out = append(out, reason("22", "count_differs", "pages", fmt.Sprintf("目录所列%d份%d页，清点为%d份%d页。", pieces, pages, h.Materials, h.Pages), "请当场查清；目录有误的先更正目录，缺损的先按差异登记，再借出。"))
	}
	if h.Seal == "" {
		out = append(out, reason("22", "seal_missing", "seal", "没有登记密封条号。", "请当面密封并登记密封条的编号。"))
	}
	var names []string
	for _, p := range people {
		if p.Carries && slices.Contains(h.Came, p.ID) {
			names = append(names, p.Name)
		}
	}
	switch {
	case c.Way == Messenger && len(names) < 2:
		out = append(out, reason("22", "messengers_absent", "came", fmt.Sprintf("到场的取送人不足两人（%d人）。", len(names)), "请申请表所列取送人两人到场，逐人核验身份证。"))
	case c.Way == Confidential && h.Tracking == "":
		out = append(out, reason("22", "tracking_missing", "tracking", "没有登记机要号。", "请照机要通信的收件凭据填写。"))
	case c.Way == Confidential && h.TakenBy == "":
		out = append(out, reason("22", "taker_missing", "takenBy", "没有登记机要通信的接收人。", "请照收件凭据填写。"))
	}
	if len(out) > 0 {
		return rule.Complete(out...)
	}
	if c.Way == Messenger {
		h.TakenBy, h.Tracking = strings.Join(names, "、"), ""
	}
	c.State, c.HandedBy, c.HandedAt, c.TakenBy, c.Tracking, c.Seal, c.Materials, c.Pages = Out, by, now, h.TakenBy, h.Tracking, h.Seal, h.Materials, h.Pages
	c.DueOn = workday(today.AddDays(int(c.Days)), cal).String()
	return nil
}

var ownHandOut = reason("22", "own_hand_out", "", "借出须由两人经手，登记申请的人不能自己交出档案。", "请由库管或另一名工作人员核对后交出。")

// workday is the day itself or, where it is a day off, the next working day (Civil Code 203).
func workday(on calendar.Date, cal *calendar.Calendar) calendar.Date {
	day, _ := cal.AddWorkdays(on.AddDays(-1), 1)
	return day
}

// Late says whether a packet should be back.
func (c Case) Late(today calendar.Date) bool { return c.State == Out && c.DueOn < today.String() }

// Extend gives a loan more days, once, before it is overdue, and never after a recall.
func (c *Case) Extend(by string, days int64, why string, today calendar.Date, s Standards, cal *calendar.Calendar) error {
	if err := c.step("续借", Out); err != nil {
		return err
	}
	switch {
	case c.ExtendedOn != "":
		return rule.Refuse(reason("22", "extended_once", "", "本件已经续借过一次。", "请借阅单位按期归还；仍需使用的，归还并核对后重新申请。"))
	case c.RecalledOn != "":
		return rule.Refuse(reason("22", "recalled", "", "该档案已召回，不能续借。", "请借阅单位按召回的期限归还。"))
	case c.Late(today):
		return rule.Refuse(reason("22", "overdue_not_extended", "", "借阅期限已过，不能续借。", "请借阅单位立即归还；仍需使用的，归还并核对后重新申请。"))
	}
	if err := term("days", days, s.MostDays); err != nil {
		return err
	}
	if c.ExtendedWhy = strings.TrimSpace(why); c.ExtendedWhy == "" {
		return rule.Complete(reason("22", "reason_missing", "reason", "没有写明续借的理由。", "请照借阅单位的续借函填写理由和文号。"))
	}
	c.ExtendedOn, c.ExtendedBy, c.DueOn = today.String(), by, workday(calendar.Date(c.DueOn).AddDays(int(days)), cal).String()
	return nil
}

// Recall asks for a packet before its day.
func (c *Case) Recall(by, on, why string, today calendar.Date) error {
	if err := c.step("召回", Out); err != nil {
		return err
	}
	if c.RecalledOn != "" {
		return rule.Refuse(reason("22", "recalled", "", "该档案已召回。", "请催促借阅单位按召回的期限归还。"))
	}
	if day := calendar.Date(on); !day.Valid() || day < today || on > c.DueOn && !c.Late(today) {
		return rule.Mistake(reason("22", "recall_day_wrong", "dueOn", "召回的归还日期应在今天以后、原定期限以前。", "请更正日期。"))
	}
	if c.RecalledWhy = strings.TrimSpace(why); c.RecalledWhy == "" {
		return rule.Complete(reason("22", "reason_missing", "reason", "没有写明召回的理由。", "请写明因何提前收回，例如转出、核查。"))
	}
	c.RecalledOn, c.RecalledBy, c.DueOn, c.ChasedOn, c.EscalatedOn = today.String(), by, on, "", ""
	return nil
}

// chaseEvery is after how many days an overdue packet is asked for again.
const chaseEvery = 7

// Chase asks the unit for what is overdue, and again every week.
func (c *Case) Chase(today calendar.Date) error {
	if !c.Late(today) || c.ChasedOn != "" && calendar.Date(c.ChasedOn).AddDays(chaseEvery) > today {
		return notOver
	}
	c.ChasedOn = today.String()
	return nil
}

// Escalate tells the supervisor, once, after the days the province sets.
func (c *Case) Escalate(today calendar.Date, after int) error {
	if !c.Late(today) || c.EscalatedOn != "" || calendar.Date(c.DueOn).AddDays(after) > today {
		return notOver
	}
	c.EscalatedOn = today.String()
	return nil
}

var notOver = rule.Refuse(reason("29.6", "not_over", "", "期限未到。", "到期后由系统自动办理。"))

// Withdraw takes the application back, before the packet is out.
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

// Lapse ends a case whose term passed: an approval nobody came for, papers that were not
// completed in time.
func (c *Case) Lapse(now time.Time) error {
	today := calendar.Of(now).String()
	if over := c.State == Ready && c.ValidUntil < today || c.State == Incomplete && c.ToldDue < today; !over {
		return notOver
	}
	c.State, c.ClosedAt, c.ClosedWhy = Expired, now, "逾期"
	return nil
}

// refusable are the rules a refusal may rest on (29.8: none without a rule).
var refusable = []rule.ID{"15", "21a", "21.1", "21.2", "21c", "22", "29.6"}

// Refuse is 不予借阅: by rules of the regulation, all reasons at once (29.8).
func (c *Case) Refuse(now time.Time, reasons []rule.Reason) error {
	if err := c.step("不予借阅", Draft, Incomplete, Checking, Approving, Heading); err != nil {
		return err
	}
	if len(reasons) == 0 {
		return rule.Refuse(reason("29.8", "refusal_without_rule", "", "不予借阅须注明依据。", "请选择依据的条款并写明事实；只是材料不齐的，办理补正告知。"))
	}
	for _, r := range reasons {
		if !slices.Contains(refusable, r.Rule) {
			return rule.Refuse(reason("29.8", "refusal_without_rule", "", "所选条款不能作为不予借阅的依据。", "请选择查（借）阅、保密的有关条款；没有依据的不得拒绝。"))
		}
		if strings.TrimSpace(r.Message) == "" {
			return rule.Mistake(reason("29.8", "fact_missing", "facts", "未写明不予借阅的事实。", "请逐条写明事实。"))
		}
	}
	raw, err := json.Marshal(reasons)
	if err != nil {
		return err
	}
	c.State, c.Refusal, c.ClosedAt = Refused, string(raw), now
	return nil
}

// Ends is the day a case waits for, empty when it does not.
func (c Case) Ends() string {
	switch c.State {
	case Ready:
		return c.ValidUntil
	case Incomplete:
		return c.ToldDue
	case Out:
		return c.DueOn
	}
	return ""
}

// PurposeText is the purpose as papers say it.
func (c Case) PurposeText() string {
	p, _ := codes.FindPurpose(c.Purpose)
	return p.Name
}
