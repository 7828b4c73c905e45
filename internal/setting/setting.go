package setting

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Key names a setting.
type Key string

// Settings of the province.
const (
	LetterDays       Key = "letter_valid_days"         // 调档函有效期, days (forms.md 1)
	ReceiptDays      Key = "receipt_due_days"          // 回执期限, days (forms.md 2)
	ReceiptReminder  Key = "receipt_reminder_days"     // first reminder, days
	PromiseReminder  Key = "promise_reminder_days"     // how often a person is reminded of the undertaking, days
	SupplementLate   Key = "supplement_late_days"      // how long a supplement may be overdue before the head, then the superior is told, days
	PromiseEscalate  Key = "promise_escalate_days"     // how long a person may not be reached before the head, then the superior is told, days
	TransitDays      Key = "transit_days"              // how long a packet may be on its way before it counts as late, days
	CarrierDays      Key = "carrier_answer_days"       // 承运方查询答复期限, working days
	SearchDays       Key = "search_days"               // 遗失查找期限, days
	ResendDays       Key = "resend_days"               // 退回后重新寄送期限, working days
	PromiseMonths    Key = "promise_months"            // 承诺补充期限, months (forms.md 4)
	CertificateMonth Key = "certificate_months"        // 证明有效期, months (forms.md 11)
	CureDays         Key = "cure_days"                 // 限期补办, days
	FilingSample     Key = "filing_sample_percent"     // share of a batch a second person looks at
	ScanSample       Key = "scan_sample_percent"       // digitization.md 1: ≥ 5 %
	ScanUpload       Key = "scan_upload_mb"            // S-07
	ScanPass         Key = "scan_pass_percent"         // digitization.md 1: ≥ 95 %
	ReadingMinutes   Key = "reading_minutes"           // longest reading session (21.4)
	ReadingPages     Key = "reading_pages"             // most pages a session
	ReadingExtend    Key = "reading_extend"            // longest prolonging, once a session (21.4)
	ReadingClose     Key = "reading_close"             // hour at which the reading room closes; 24: midnight
	ReadingDim       Key = "reading_dim"               // seconds without a hand on it until the screen dims
	ReadingIdle      Key = "reading_idle"              // seconds without a hand on it until it locks
	ObjectionDays    Key = "objection_days"            // 异议期限, days (forms.md 18)
	ObjectionAnswer  Key = "objection_answer_days"     // 异议答复, working days (forms.md 18)
	RatingDays       Key = "rating_days"               // 28: 差评回访, working days
	ApplicationDays  Key = "application_days"          // 28: no end of a case that got a receipt, where its room sets no term, working days
	IntakeDays       Key = "intake_days"               // 29.8: 不予办理的审核、应予受理的继续受理, working days
	CompletionDays   Key = "completion_days"           // 29.8: 补正期限, working days
	InquiryDays      Key = "inquiry_days"              // 核实函答复期限, working days (6b)
	CandidateCounts  Key = "party_candidate_as_member" // 21.2: 中共预备党员 counts as a member, 1 or 0
	CourtOrders      Key = "court_order_open"          // 21a: lawyers may read on a court's order, 1 or 0
	TieOrigin        Key = "tie_origin"                // 7b: ties that the province admits beside household and present employer, 1 or 0
	TieInsurance     Key = "tie_insurance"
	TieResidence     Key = "tie_residence"
	TieAbroad        Key = "tie_abroad"
	TieRefuse        Key = "tie_refuse"     // 7b: the province's list of ties for which who has none here is refused
	ProofMinutes     Key = "proof_minutes"  // security.md 6: how old a proof of identity may be for what asks for one
	PasswordDays     Key = "password_days"  // 等保: passwords are changed; 0 asks for none
	AgentPersons     Key = "agent_persons"  // 29.9: for how many persons a year one agent may stand before the head is asked
	UnusedDays       Key = "unused_days"    // 等保: unused accounts are suspended
	RetireMonths     Key = "retire_months"  // 退休: how many months before the age a person is listed
	RetireReturn     Key = "retire_return"  // 22: working days within which packets come back from the reviewer
	RetireEarlier    Key = "retire_earlier" // 退休: how many months before an earlier day notice of it is given
	RetireLater      Key = "retire_later"   // 退休: how many months before the statutory day a later one is agreed on
	DeathReview      Key = "death_review"   // 20c: after how many months what was kept on is looked through again
	DeathNearDays    Key = "death_near"     // 20c: how many days before the five years end a dossier is listed
	LoanDays         Key = "loan_days"      // 22: longest term of a loan, and of its one extension, days (forms.md 10)
	LoanLate         Key = "loan_late_days" // 22: after how many days overdue the supervisor is told
)

// Definition is one setting as the screen shows it.
type Definition struct {
	Key     Key
	Label   string
	Unit    string
	Default int
	Min     int
	Max     int
	Rule    rule.ID
}

// YesNo stands where others have a unit: 1 is yes, 0 is no, and nobody need know that.
const YesNo = "是否"

// TieNowhere is on the list of ties when those are refused too whose tie lies where no agency
// of the province serves, and whom nobody else could take (7b).
const TieNowhere = "所填地区在市内没有机构"

// lists are the settings whose value is any of these, none by default.
var lists = map[Key][]string{TieRefuse: {"户籍地", "现工作单位所在地", "生源地", "参保地", "常住地", "出国（境）前户籍地", TieNowhere}}

// Choices are what may be chosen for a setting that is a list; nil for one that is a number.
func (d Definition) Choices() []string { return lists[d.Key] }

// Definitions lists all settings in the order of the screen.
var Definitions = []Definition{
	{LetterDays, "调档函有效期", "天", 30, 30, 90, "20.1"},
	{ReceiptDays, "转递通知单回执期限", "天", 30, 10, 60, "20.5"},
	{ReceiptReminder, "调档函、回执首次催办", "天", 15, 5, 60, "20.5"},
	{PromiseReminder, "代管待承诺提醒间隔", "天", 30, 7, 90, "20.4a"},
	{PromiseEscalate, "代管待承诺报负责人、再报上级的期限", "天", 60, 15, 180, "20.4a"},
	{SupplementLate, "补充材料逾期报负责人、再报上级的期限", "天", 30, 7, 180, "20.4b"},
	{TransitDays, "在途多少天未到算逾期", "天", 10, 3, 60, "20.5"},
	{CarrierDays, "承运方查询答复期限", "个工作日", 10, 3, 30, "20.3a"},
	{SearchDays, "遗失档案查找期限", "天", 60, 15, 180, "29.5"},
	{ResendDays, "退回后重新寄送期限", "个工作日", 5, 1, 15, "20.2b"},
	{PromiseMonths, "承诺补充材料期限", "个月", 6, 1, 24, "20.4a"},
	{CertificateMonth, "证明有效期", "个月", 3, 1, 12, "23"},
	{CureDays, "材料限期补办", "天", 30, 7, 90, "13b"},
	{FilingSample, "归档批次抽查比例", "%", 10, 5, 100, "13a"},
	{ScanSample, "数字化成果人工抽查比例", "%", 5, 5, 100, "18a"},
	{ScanUpload, "网页上传数字化成果上限", "MB", 4096, 1, 65536, "18a"},
	{ScanPass, "数字化成果抽查合格线", "%", 95, 95, 100, "18a"},
	{ReadingMinutes, "单次查阅最长时间", "分钟", 60, 15, 240, "21.4"},
	{ReadingPages, "单次查阅最多页数", "页", 300, 20, 2000, "21.4"},
	{ReadingExtend, "单次查阅延长的最长时间（只能延长一次）", "分钟", 30, 5, 120, "21.4"},
	{ReadingClose, "阅档室闭室时间，查阅不得超过", "时", 24, 12, 24, "21.4"},
	{ReadingDim, "查阅台无人操作变暗", "秒", 60, 15, 600, "18c"},
	{ReadingIdle, "查阅台无人操作锁屏", "秒", 180, 30, 1800, "21.2"},
	{ObjectionDays, "对不予办理提出异议的期限", "天", 60, 30, 180, "29.8"},
	{ObjectionAnswer, "异议答复期限", "个工作日", 15, 5, 30, "29.8"},
	{RatingDays, "差评回访办结期限", "个工作日", 15, 3, 30, "28"},
	{ApplicationDays, "受理回执所载申请的办结期限（另有期限的从其期限）", "个工作日", 20, 5, 60, "28"},
	{IntakeDays, "不予办理的审核和应予受理后继续受理的期限", "个工作日", 3, 1, 10, "29.8"},
	{CompletionDays, "补正期限", "个工作日", 10, 5, 30, "29.8"},
	{InquiryDays, "核实函答复期限", "个工作日", 15, 5, 60, "6b"},
	{CandidateCounts, "预备党员视为党员（查阅人）", YesNo, 1, 0, 1, "21.2"},
	{CourtOrders, "律师持法院调查令可以查阅", YesNo, 0, 0, 1, "21a"},
	{TieOrigin, "存档依据：生源地", YesNo, 1, 0, 1, "7b"},
	{TieInsurance, "存档依据：参保地", YesNo, 1, 0, 1, "7b"},
	{TieResidence, "存档依据：常住地", YesNo, 1, 0, 1, "7b"},
	{TieAbroad, "存档依据：出国（境）前户籍地", YesNo, 1, 0, 1, "7b"},
	{TieRefuse, "存档依据不在服务区域的不予受理（只能转交）", "可多选，不选的一律可以受理", 0, 0, 0, "7b"},
	{ProofMinutes, "批准、导出、授权前身份确认的有效时间", "分钟", 5, 1, 5, "29.3"},
	{PasswordDays, "口令使用期限（0 不限）", "天", 90, 0, 365, "29.3"},
	{RetireMonths, "到龄前列入退休名单", "个月", 6, 1, 24, "7.4"},
	{LoanDays, "借阅期限（续借一次，另计）", "天", 15, 1, 30, "22"},
	{LoanLate, "借阅逾期报上级监督的期限", "天", 7, 1, 30, "22"},
	{RetireReturn, "退休送审档案退回期限", "个工作日", 20, 5, 60, "22"},
	{RetireEarlier, "弹性提前退休的书面告知，至少提前", "个月", 3, 1, 12, "7.4"},
	{RetireLater, "弹性延迟退休的书面约定，至少提前", "个月", 1, 1, 12, "7.4"},
	{DeathNearDays, "死亡档案满5年前列入名单", "天", 180, 30, 365, "20c"},
	{DeathReview, "期满续管的死亡档案复核间隔", "个月", 12, 3, 60, "20c"},
	{AgentPersons, "同一代办人一年内代办多少人以上须负责人确认", "人", 5, 2, 50, "29.9"},
	{UnusedDays, "账户未使用自动停用", "天", 90, 30, 90, "29.3"},
}

// unverified are the settings whose default was not held against an official text: the
// domain's sources mark them [unverified], or it comes from what the press told of a text.
// The screen says so, for the province to confirm.
var unverified = map[Key]bool{
	LetterDays:       true,
	ReceiptDays:      true,
	PromiseMonths:    true,
	CertificateMonth: true,
	ScanSample:       true,
	ScanPass:         true,
	CandidateCounts:  true,
	LoanDays:         true,
	RetireEarlier:    true, // 实施弹性退休制度暂行办法 (2024-12-31), by press reports
	RetireLater:      true,
}

// Unverified says whether the default still waits to be held against an official text.
func (d Definition) Unverified() bool { return unverified[d.Key] }

// Define finds a setting's definition.
func Define(k Key) (Definition, bool) {
	for _, d := range Definitions {
		if d.Key == k {
			return d, true
		}
	}
	return Definition{}, false
}

// list reads the value of a setting that is a list, in the order of its choices. Before there
// were lists 1 stood for all and 0 for none.
func (d Definition) list(value string) (chosen []string, unknown string) {
	if value == "1" {
		return d.Choices(), ""
	}
	named := strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == '，' })
	for _, n := range named {
		if !slices.Contains(d.Choices(), n) && n != "0" {
			unknown = n
		}
	}
	for _, c := range d.Choices() {
		if slices.Contains(named, c) {
			chosen = append(chosen, c)
		}
	}
	return chosen, unknown
}

// ParseList reads the value of a setting that is a list: choices with commas between.
func (d Definition) ParseList(value string) (string, error) {
	chosen, unknown := d.list(strings.TrimSpace(value))
	if unknown != "" {
		return "", rule.Mistake(rule.Reason{Rule: d.Rule, Slug: "setting_choice_unknown", Field: "value", Message: "“" + d.Label + "”没有“" + unknown + "”这一项。", Next: "可以选择：" + strings.Join(d.Choices(), "、") + "。"})
	}
	return strings.Join(chosen, ","), nil
}

// Parse reads a value and holds it to the bounds.
func (d Definition) Parse(value string) (int, error) {
	n, err := strconv.Atoi(value)
	if d.Unit == YesNo && (err != nil || n < d.Min || n > d.Max) {
		return 0, rule.Mistake(rule.Reason{Rule: d.Rule, Slug: "setting_out_of_range", Field: "value",
			Message: fmt.Sprintf("“%s”只能为是（1）或否（0）。", d.Label), Next: "请更正后保存。"})
	}
	if err != nil || n < d.Min || n > d.Max {
		return 0, rule.Mistake(rule.Reason{Rule: d.Rule, Slug: "setting_out_of_range", Field: "value",
			Message: fmt.Sprintf("“%s”应为 %d 至 %d 之间的整数（%s）。", d.Label, d.Min, d.Max, d.Unit), Next: "请更正后保存。"})
	}
	return n, nil
}

// Value is one stored value; its id is the key, or holidays-2027.
type Value struct {
	ID      string `db:"id"`
	Version int64  `db:"version"`
	Value   string `db:"value"`
}

// Table names the table of settings.
func (Value) Table() string { return "setting" }

func init() { store.Describe(Value{}) }

func init() {
	store.Register("setting", store.Audited, "全市参数与放假安排，变更留痕")
}

func (v Value) resource() policy.Resource { return policy.Resource{Type: "Setting", ID: v.ID} }
