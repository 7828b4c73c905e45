package certificate

import (
	"dangan/internal/intake"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/death"
	"dangan/internal/dossier"
	"dangan/internal/identity"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/statement"
	"dangan/internal/store"
)

// Kind is what is certified.
type Kind string

// Kinds of certificates (forms.md 11–13).
const (
	Custody Kind = "custody" // 存档证明
	History Kind = "history" // 经历证明
	Kinship Kind = "kinship" // 亲属关系证明
	Facts   Kind = "facts"   // 档案记载情况证明: birth date, start of work, education and degree, joining the Party
)

// Kinds lists them in the order of forms.
var Kinds = []Kind{Custody, History, Kinship, Facts}

var kindNames = map[Kind]string{Custody: "存档证明", History: "经历证明", Kinship: "亲属关系证明", Facts: "档案记载情况证明"}

// Name is the kind as screens and papers say it.
func (k Kind) Name() string { return kindNames[k] }

// States is what a certificate of the kind takes its sentences from.
func (k Kind) States() statement.Kind { return statement.Kind(k) }

// State tells how far a certificate is.
type State string

// States of a certificate.
const (
	Draft      State = "draft"      // 草稿: statements not yet chosen, or the packet is being pulled
	Submitted  State = "submitted"  // 待审核
	Returned   State = "returned"   // 退回修改
	Issued     State = "issued"     // 已签发
	Withdrawn  State = "withdrawn"  // 已撤回
	Refused    State = "refused"    // 不予出具, with a notice (29.8)
	Unrecorded State = "unrecorded" // 查无记载: nothing of what was asked is recorded; told in a paper that is no certificate
	Void       State = "void"       // 已作废
	Superseded State = "superseded" // 已更正: a new number names this one
)

var states = map[State]struct{ name, tone string }{
	Draft: {"草稿", "plain"}, Submitted: {"待审核", "run"}, Returned: {"退回修改", "wait"}, Issued: {"已签发", "done"}, Unrecorded: {"查无记载", "done"},
	Withdrawn: {"已撤回", "void"}, Refused: {"不予出具", "bad"}, Void: {"已作废", "void"}, Superseded: {"已更正", "void"},
}

// Name is the state as screens say it.
func (s State) Name() string { return states[s].name }

// Tone is the state's color on screens (design/README).
func (s State) Tone() string { return states[s].tone }

// Who applies (23).
const (
	Self = "self" // 本人
	Kin  = "kin"  // 亲属
	Unit = "unit" // 单位, with the person's written consent

	Agent = "agent" // the person, by an agent on a 委托书 (12a)
)

// Certificate is one application and what became of it.
type Certificate struct {
	ID           string    `db:"id"`
	Version      int64     `db:"version"`
	Kind         Kind      `db:"kind"`
	State        State     `db:"state"`
	Agency       string    `db:"agency"`
	DossierID    string    `db:"dossier_id"`
	Use          string    `db:"use_for"`
	Applicant    string    `db:"applicant"`             // self, kin, unit, agent
	Name         string    `db:"applicant_name,secret"` // of the applicant or the unit's worker
	IDNo         string    `db:"applicant_id,null,secret"`
	Relation     string    `db:"relation,null"` // of kin to the person: slug of the kin list
	RightOf      string    `db:"right_of,null"` // of kin: which right of theirs is concerned, slug of Rights
	RightProof   string    `db:"right_proof,null"`
	Asks         string    `db:"asks,null"`      // of Facts: what is asked for, slugs parted by |
	Absent       string    `db:"absent,null"`    // JSON of what was found unrecorded
	NoticeID     string    `db:"notice_id,null"` // 查无记载告知单
	NoticeNo     string    `db:"notice_no,null"`
	Wording      int64     `db:"wording"` // version of the text it was issued with, 0: the system's own
	UnitName     string    `db:"unit,null"`
	UnitCode     string    `db:"unit_code,null"`
	Letter       string    `db:"letter,null"`        // the unit's letter
	Consent      string    `db:"consent,null"`       // the person's written consent
	Seen         string    `db:"seen"`               // documents seen at the window
	Keys         string    `db:"chosen,null"`        // what is stated: keys of records parted by |
	Stated       string    `db:"stated,null,secret"` // JSON of the lines as submitted
	Asked        bool      `db:"asked"`              // the keeper was asked for the packet
	AppliedOn    string    `db:"applied_on"`
	DraftedBy    string    `db:"drafted_by"`
	SubmittedBy  string    `db:"submitted_by,null"`
	SubmittedAt  time.Time `db:"submitted_at,null"`
	ReviewedBy   string    `db:"reviewed_by,null"`
	ReviewedAt   time.Time `db:"reviewed_at,null"`
	ReviewNote   string    `db:"review_note,null"`
	DocumentID   string    `db:"document_id,null"`
	Number       string    `db:"number,null"`
	ValidUntil   string    `db:"valid_until,null"`
	Replaces     string    `db:"replaces,null"`         // certificate this one corrects
	SupersededBy string    `db:"superseded_by,null"`    // certificate that corrects this one
	Reason       string    `db:"reason,null"`           // of a withdrawal, a voiding or a correction
	Hindrance    string    `db:"hindrance,null,secret"` // JSON of why the applicant may not apply, who insisted nevertheless
	Refusal      string    `db:"refusal,null,secret"`   // JSON of the reasons of 不予出具
	ChangedAt    time.Time `db:"changed_at"`

	sent intake.Sender // who applied over the net, in an act of theirs
}

// Table names the table of certificates.
func (Certificate) Table() string { return "certificate" }

func init() {
	store.Describe(Certificate{})
	store.Register("certificate", store.Audited, "出具证明：申请、所依据的记载、审核与签发，申请人信息加密")
}

// Ref names the case in papers, work items and the custody record.
func (c Certificate) Ref() string { return "Certificate:" + c.ID }

// Binds names the certificate's dossier, and its version.
func (c Certificate) Binds() (string, int64) { return c.DossierID, c.Version }

// Resource is the certificate as the policies see it.
func (c Certificate) Resource(d dossier.Dossier) policy.Resource {
	attrs := map[string]any{"agency": c.Agency, "person": d.PersonID, "state": string(c.State), "draftedBy": c.DraftedBy, "submittedBy": c.SubmittedBy}
	c.sent.Attrs(attrs)
	return policy.Resource{Type: "Certificate", ID: c.ID, Agencies: []string{c.Agency}, Secrecy: d.Secrecy, Attrs: attrs}
}

// Actions on a certificate, as the policies name them.
const (
	ActPropose  = "certificate.propose"
	ActOpen     = "certificate.open"
	ActRead     = "certificate.read"
	ActPull     = "certificate.pull"
	ActSubmit   = "certificate.submit"
	ActReturn   = "certificate.return"
	ActIssue    = "certificate.issue"
	ActWithdraw = "certificate.withdraw"
	ActRefuse   = "certificate.refuse"
	ActVoid     = "certificate.void"
	ActCorrect  = "certificate.correct"
	ActWord     = "certificate.word"
)

// from lists the states in which an action is done.
var from = map[string][]State{
	ActPull: {Draft, Returned}, ActSubmit: {Draft, Returned}, ActReturn: {Submitted}, ActIssue: {Submitted},
	ActWithdraw: {Draft, Returned, Submitted}, ActRefuse: {Draft, Returned, Submitted}, ActVoid: {Issued, Unrecorded}, ActCorrect: {Issued},
}

// onceHindered is what can still be done with the application of one who may not
// apply: it is refused by a reviewer with a notice, or taken back (29.8).
var onceHindered = []string{ActRefuse, ActWithdraw}

// May says whether the state lets an action happen; nil if it does.
func (c Certificate) May(action string) error {
	if c.Hindrance != "" && c.State == Submitted && !slices.Contains(onceHindered, action) {
		var why []rule.Reason
		if err := json.Unmarshal([]byte(c.Hindrance), &why); err != nil {
			return fmt.Errorf("certificate %s: hindrance: %w", c.ID, err)
		}
		return rule.Refuse(why...)
	}
	if slices.Contains(from[action], c.State) {
		if action == ActPull && c.Asked {
			return rule.Refuse(rule.Reason{Rule: "23", Slug: "asked_already", Message: "已请库管提档。", Next: "请在库管交接后对照原件引用。"})
		}
		return nil
	}
	reason := rule.Reason{Rule: "29.7", Slug: "state_" + string(c.State), Message: "该证明" + c.State.Name() + "，不能再办此项。", Next: "请刷新查看现在的状态。"}
	switch {
	case c.State == Unrecorded:
		reason.Message, reason.Next = "已经告知查无记载，内容不能改动。", "后来查到或者补充了材料的，请申请人重新申请。"
	case c.State == Issued:
		reason.Message, reason.Next = "证明已签发，内容不能改动。", "内容有误的，请办理更正：另出新证明并注明代替原件；不应出具的，请作废并写明原因。"
	case action == ActIssue || action == ActReturn:
		reason.Message, reason.Next = "证明还没有提交审核。", "请由经办人员选定所依据的记载后提交审核。"
	case action == ActVoid || action == ActCorrect:
		reason.Message, reason.Next = "证明尚未签发。", "未签发的可以直接撤回。"
	}
	return rule.Refuse(reason)
}

// Submit fixes what is stated and hands it to a reviewer.
func (c *Certificate) Submit(by string, at time.Time, keys []string, stated, absent string) error {
	if err := c.May(ActSubmit); err != nil {
		return err
	}
	c.State, c.Keys, c.Stated, c.Absent = Submitted, strings.Join(keys, "|"), stated, absent
	c.SubmittedBy, c.SubmittedAt = by, at
	return nil
}

// Return gives it back to the clerk with what is to be changed.
func (c *Certificate) Return(by string, at time.Time, note string) error {
	if err := c.May(ActReturn); err != nil {
		return err
	}
	if strings.TrimSpace(note) == "" {
		return rule.Mistake(rule.Reason{Rule: "23", Slug: "return_note", Field: "note", Message: "退回须写明需要修改之处。", Next: "请填写退回意见。"})
	}
	c.State, c.ReviewedBy, c.ReviewedAt, c.ReviewNote = Returned, by, at, strings.TrimSpace(note)
	return nil
}

// Issue is the reviewer's word that the records say it. stated are the lines as
// the records give them now: they must be those submitted (29.7).
func (c *Certificate) Issue(by string, at time.Time, stated string) error {
	if err := c.May(ActIssue); err != nil {
		return err
	}
	if by == c.DraftedBy || by == c.SubmittedBy {
		return rule.Refuse(rule.Reason{Rule: "29.7", Slug: "own_draft", Message: "制作人不能审核自己制作的证明。", Next: "请由本机构另一名审核人员对照档案记载审核。"})
	}
	if stated != c.Stated {
		return rule.Refuse(rule.Reason{Rule: "29.7", Slug: "record_changed", Message: "提交之后，所依据的档案记载有了变化，与拟出具的内容不一致。", Next: "请退回经办人员，按现在的记载重新选定后再提交。"})
	}
	c.State, c.ReviewedBy, c.ReviewedAt, c.ReviewNote = Issued, by, at, ""
	if c.Keys == "" {
		c.State = Unrecorded
	}
	return nil
}

// Hinder registers the application of one who may not apply and insists: for a
// reviewer, who refuses it with a notice (29.8).
func (c *Certificate) Hinder(by string, at time.Time, why []rule.Reason) error {
	raw, err := json.Marshal(why)
	if err != nil {
		return err
	}
	c.State, c.Hindrance, c.SubmittedBy, c.SubmittedAt = Submitted, string(raw), by, at
	return nil
}

// Withdraw ends an application before it is issued.
func (c *Certificate) Withdraw(reason string) error {
	if err := c.May(ActWithdraw); err != nil {
		return err
	}
	return c.end(Withdrawn, reason)
}

// refusable are the rules a refusal may rest on (29.8: none without a rule).
var refusable = []rule.ID{"23", "29.7", "15", "20c"}

// Refuse is 不予出具: by rules of the regulation, all reasons at once (29.8). Papers
// that are only missing are completed, not refused.
func (c *Certificate) Refuse(by string, at time.Time, reasons []rule.Reason) error {
	if err := c.May(ActRefuse); err != nil {
		return err
	}
	if len(reasons) == 0 {
		return rule.Refuse(rule.Reason{Rule: "29.8", Slug: "refusal_without_rule", Message: "不予出具须注明依据。", Next: "请选择依据的条款并写明事实；只是材料不齐的，请申请人补正。"})
	}
	for _, r := range reasons {
		if !slices.Contains(refusable, r.Rule) {
			return rule.Refuse(rule.Reason{Rule: "29.8", Slug: "refusal_without_rule", Message: "所选条款不能作为不予出具的依据。", Next: "请选择出具证明、保密的有关条款；没有依据的不得拒绝。"})
		}
		if strings.TrimSpace(r.Message) == "" {
			return rule.Mistake(rule.Reason{Rule: "29.8", Slug: "fact_missing", Field: "reasons", Message: "未写明不予出具的事实。", Next: "请逐条写明事实。"})
		}
		if strings.TrimSpace(r.Next) == "" {
			return rule.Mistake(rule.Reason{Rule: "29.8", Slug: "next_missing", Field: "next", Message: "未写明可以怎样办。", Next: "请告知申请人下一步，例如向户籍、公证等部门或材料形成单位申请。"})
		}
	}
	raw, err := json.Marshal(reasons)
	if err != nil {
		return err
	}
	c.State, c.Refusal, c.ReviewedBy, c.ReviewedAt = Refused, string(raw), by, at
	return nil
}

// Cancel takes an issued certificate out of force; its number stays in the register.
func (c *Certificate) Cancel(reason string) error {
	if err := c.May(ActVoid); err != nil {
		return err
	}
	return c.end(Void, reason)
}

func (c *Certificate) end(s State, reason string) error {
	if strings.TrimSpace(reason) == "" {
		return rule.Mistake(rule.Reason{Rule: "29.7", Slug: "reason_missing", Field: "reason", Message: "须写明原因。", Next: "请填写原因，将随登记长期保存。"})
	}
	c.State, c.Reason = s, strings.TrimSpace(reason)
	return nil
}

// Supersede marks an issued certificate as replaced by the one that corrects it.
func (c *Certificate) Supersede(by string) error {
	if err := c.May(ActCorrect); err != nil {
		return err
	}
	c.State, c.SupersededBy = Superseded, by
	return nil
}

// Open says whether the case still binds anybody.
func (c Certificate) Open() bool { return slices.Contains(from[ActWithdraw], c.State) }

// Until is the last day a certificate issued on a day is valid.
func Until(day calendar.Date, months int) calendar.Date {
	t := day.Time()
	last := time.Date(t.Year(), t.Month()+time.Month(months)+1, 0, 0, 0, 0, 0, time.UTC) // of the month it ends in
	end := min(t.Day(), last.Day())
	return calendar.New(last.Year(), int(last.Month()), end).AddDays(-1)
}

// Application is who asks for what.
type Application struct {
	Kind      Kind
	DossierID string
	Use       string
	Applicant string
	Name      string
	IDNo      string
	Relation  string
	RightOf   string   // of kin: which right is concerned
	Proof     string   // of kin: the paper that shows it
	Asks      []string // of Facts: key facts asked for
	UnitName  string
	UnitCode  string // its credit code, where the letter or the licence says it
	Letter    string
	Consent   string
	MandateID string // of an agent
	Seen      []string
	Replaces  string // number to be corrected: id of the issued certificate
	Reason    string // what was wrong with it
	Keys      []string
	IntakeID  string // the record of the application, where papers had to be completed first (29.8)
	// Insists: one who may not apply wants the decision in writing (29.8).
	Insists bool
	// Dead: the person is dead (20c); set by the room from the record.
	Dead bool
	// Recorded are the relations that the dossier records of kin who applies, by number or,
	// where no number is recorded, by name; set by the room.
	Recorded []string
	// Waive passes what an objection that held set aside (29.8); set by the room.
	Waive func(error) error
}

// Documents that can be seen at the window.
var Documents = []string{"居民身份证", "社会保障卡", "电子身份凭证", "护照", "户口簿", "结婚证", "出生医学证明", "收养登记证", "公证书", "单位介绍信", "本人书面同意书"}

// Right is what kin need a certificate for: a right of their own must be concerned (23).
type Right struct{ Slug, Name, Proof string }

// Rights in the order of the form, with an example of the paper that shows each.
var Rights = []Right{
	{"inheritance", "继承", "公证处或者法院的受理材料"}, {"survivors", "抚恤、丧葬待遇", "社会保险经办机构的办理告知"}, {"insurance", "社会保险待遇", "社会保险经办机构的办理告知"},
	{"litigation", "诉讼、仲裁", "法院或者仲裁机构的受理通知书"}, {"settlement", "落户、探亲、定居", "公安、出入境管理机构的办理告知"}, {"notary", "公证", "公证处的受理通知书"}, {"other", "其他合法权益", "能说明与本人有关的材料"},
}

// RightName is a right as screens and papers say it.
func RightName(slug string) string {
	for _, r := range Rights {
		if r.Slug == slug {
			return r.Name
		}
	}
	return ""
}

// proofs of kinship among Documents.
var proofs = []string{"户口簿", "结婚证", "出生医学证明", "收养登记证", "公证书"}

var identityDocuments = []string{"居民身份证", "社会保障卡", "电子身份凭证", "护照"}

// Check holds an application to 23: what can't be right, what is missing, who
// may not apply. personName and samePerson are the dossier's own.
func (a Application) Check(personName string, samePerson bool) error {
	if err := a.Shape(); err != nil {
		return err
	}
	entitled := a.entitled(personName, samePerson)
	if a.Waive != nil {
		entitled = a.Waive(entitled)
	}
	if entitled != nil {
		return entitled
	}
	return a.papers()
}

// Shape says what can't be right in an application, whoever looks at it.
func (a Application) Shape() error {
	var wrong []rule.Reason
	add := func(field, message, next string) {
		wrong = append(wrong, rule.Reason{Rule: "23", Slug: "application_" + field, Field: field, Message: message, Next: next})
	}
	if a.Kind.Name() == "" {
		add("kind", "没有这种证明。", "请从存档证明、经历证明、亲属关系证明、档案记载情况证明中选择。")
	}
	if a.Kind == Facts && len(a.Asks) == 0 {
		add("asks", "没有写明要证明哪些事项。", "请在出生日期、参加工作时间、学历学位、入党时间中选择。")
	}
	for _, ask := range a.Asks {
		if a.Kind != Facts || !slices.Contains(statement.FactKinds, ask) {
			add("asks", "没有这一事项。", "请在出生日期、参加工作时间、学历学位、入党时间中选择；其他证明不选事项。")
			break
		}
	}
	if a.Applicant == Kin && a.RightOf != "" && RightName(a.RightOf) == "" {
		add("right", "没有这种权益事由。", "请从列表中选择。")
	}
	if strings.TrimSpace(a.Use) == "" {
		add("use", "用途不能为空。", "请按申请人所述填写，例如 办理落户。")
	}
	if !slices.Contains([]string{Self, Kin, Unit, Agent}, a.Applicant) {
		add("applicant", "申请人身份应为本人、亲属、单位或代办人。", "请重新选择。")
	}
	if strings.TrimSpace(a.Name) == "" {
		add("name", "申请人（经办人）姓名不能为空。", "请按所持证件填写。")
	}
	if a.Applicant == Kin && (a.Relation == "self" || !slices.ContainsFunc(codes.Kins(), func(k codes.Kin) bool { return k.Slug == a.Relation })) {
		add("relation", "没有这种亲属关系。", "请从亲属关系列表中选择。")
	}
	if a.Applicant == Unit && strings.TrimSpace(a.UnitName) == "" {
		add("unit", "单位名称不能为空。", "请填写介绍信上的单位全称。")
	}
	if strings.TrimSpace(a.UnitCode) != "" && a.Applicant == Unit {
		if _, problem, _ := identity.CheckCredit(a.UnitCode); problem != "" {
			wrong = append(wrong, rule.Reason{Rule: "12c", Slug: "uscc_invalid", Field: "unitCode", Message: "统一社会信用代码" + identity.ProblemText(problem) + "。", Next: "请照单位证照录入 18 位代码；介绍信没有写明的可不填。"})
		}
	}
	for _, s := range a.Seen {
		if !slices.Contains(Documents, s) {
			add("seen", "没有“"+s+"”这种证件。", "请从所列证件中勾选。")
		}
	}
	if len(wrong) > 0 {
		return rule.Mistake(wrong...)
	}
	return nil
}

func (a Application) entitled(personName string, samePerson bool) error {
	if a.Dead {
		applicant := a.Applicant
		if applicant == Agent { // a mandate ends with the principal's life
			applicant = Self
		}
		if err := death.Certify(applicant, a.Use); err != nil {
			return err
		}
	}
	switch {
	case a.Applicant == Self && (!samePerson || strings.TrimSpace(a.Name) != personName):
		return rule.Refuse(rule.Reason{Rule: "23", Slug: "applicant_not_person", Field: "idNo", Message: "所持证件与该档案的存档人不是同一人。", Next: "请核对证件与档案；申请人是亲属的，请按亲属申请办理并查验关系证明。"})
	case a.Applicant == Kin && samePerson:
		return rule.Refuse(rule.Reason{Rule: "23", Slug: "kin_is_person", Field: "idNo", Message: "所持证件就是存档人本人的证件，不能按亲属申请办理。", Next: "请按本人申请办理；亲属申请的，请查验亲属自己的证件。"})
	case a.Applicant == Kin && len(a.Recorded) > 0 && !slices.Contains(a.Recorded, a.Relation):
		return rule.Refuse(rule.Reason{Rule: "23", Slug: "relation_differs", Field: "relation", Message: "所称的亲属关系与档案记载的不一致。", Next: "请核对关系证明，照证明填写；证明与档案记载确实不同的，请申请人先向户籍、民政部门或者公证机构申请认定。"})
	case a.Applicant == Unit && a.Kind == Kinship:
		return rule.Refuse(rule.Reason{Rule: "23", Slug: "unit_not_entitled", Field: "applicant", Message: "亲属关系证明由本人或者亲属申请，单位不能申请。", Next: "请由本人或亲属申请；单位因政审、考察需要了解的，请按查阅档案办理。"})
	}
	return nil
}

func (a Application) papers() error {
	var missing []rule.Reason
	add := func(field, slug, message, next string) {
		missing = append(missing, rule.Reason{Rule: "23", Slug: slug, Field: field, Message: message, Next: next})
	}
	has := func(list []string) bool {
		return slices.ContainsFunc(a.Seen, func(s string) bool { return slices.Contains(list, s) })
	}
	if a.Applicant == Agent { // seen with the mandate, both of them
		return nil
	}
	if !has(identityDocuments) {
		add("seen", "identity_not_seen", "没有查验申请人（经办人）的身份证件。", "请查验居民身份证等有效证件后勾选。")
	}
	if strings.TrimSpace(a.IDNo) == "" {
		add("idNo", "identity_number", "没有登记申请人（经办人）的公民身份号码。", "请按所持证件录入。")
	}
	if a.Applicant == Kin && !has(proofs) {
		add("seen", "kin_proof_not_seen", "没有查验能证明亲属关系的证件。", "请查验户口簿、结婚证、出生医学证明等后勾选；没有的，请申请人补齐。")
	}
	if a.Applicant == Kin && (a.RightOf == "" || strings.TrimSpace(a.Proof) == "") {
		add("right", "right_concerned", "亲属申请，没有登记所涉的权益和证明材料。", "请查验能说明与申请人权益有关的材料，例如公证处的受理通知书，并登记名称、文号。")
	}
	if a.Applicant == Unit {
		if strings.TrimSpace(a.Letter) == "" {
			add("letter", "unit_letter", "没有登记单位介绍信。", "请登记介绍信的文号和日期。")
		}
		// The dead give no consent: what the unit settles stands in the use (20c).
		if !a.Dead && (strings.TrimSpace(a.Consent) == "" || !slices.Contains(a.Seen, "本人书面同意书")) {
			add("consent", "unit_consent", "单位申请须有存档人本人书面同意。", "请查验本人书面同意书并登记日期；也可由本人直接申请。")
		}
	}
	if len(missing) > 0 {
		return rule.Complete(missing...)
	}
	return nil
}
