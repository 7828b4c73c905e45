package rating

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
	"dangan/internal/window"
)

// Grades of a rating; below Content it is a bad one.
const (
	Best    = 5
	Content = 3 // the lowest that counts as content (Q04)
	Worst   = 1
)

var gradeNames = map[int64]string{5: "非常满意", 4: "满意", 3: "基本满意", 2: "不满意", 1: "非常不满意"}

// GradeName is a grade as screens say it.
func GradeName(grade int64) string { return gradeNames[grade] }

// Choice is one of a list.
type Choice struct{ Key, Name string }

// Reasons are what a bad rating can be for.
var Reasons = []Choice{
	{"told", "没有一次说清要带什么"}, {"again", "多次往返"}, {"slow", "办理时间太长"}, {"attitude", "服务态度不好"},
	{"wrong", "办理结果有误"}, {"unclear", "不知道办到哪一步"}, {"fee", "要求付钱或购买服务"}, {"other", "其他"},
}

// Praises are what a good rating can be for.
var Praises = []Choice{{"clear", "一次说清"}, {"fast", "办得快"}, {"kind", "态度好"}, {"online", "网上能办"}}

func reasonNames(keys string) []string {
	var out []string
	for _, key := range split(keys) {
		for _, c := range slices.Concat(Reasons, Praises) {
			if c.Key == key {
				out = append(out, c.Name)
			}
		}
	}
	return out
}

func split(keys string) []string {
	if keys == "" {
		return nil
	}
	return strings.Split(keys, ",")
}

// Channels a rating comes by.
const (
	AtWindow = "window" // on the second screen
	ByCode   = "code"   // on the slip's number and code
	Portal   = "portal" // signed in
)

var channelNames = map[string]string{AtWindow: "窗口", ByCode: "扫码", Portal: "网上办事"}

// Rating is what one applicant said; nothing in the program shows its line to staff.
type Rating struct {
	ID       string    `db:"id"`
	Version  int64     `db:"version"`
	CaseRef  string    `db:"case_ref"`
	Agency   string    `db:"agency"`
	Kind     string    `db:"kind"` // of the case
	Handler  string    `db:"handler,null"`
	Grade    int64     `db:"grade"`
	Reasons  string    `db:"reasons,null"`
	Text     string    `db:"text,null,secret"`
	Channel  string    `db:"channel"`
	Nameless bool      `db:"nameless"`
	RatedAt  time.Time `db:"rated_at"`
}

// Table names the table of ratings.
func (Rating) Table() string { return "rating" }

// States of a call-back.
const (
	Open   = "open"   // 待回访
	Called = "called" // 已回访，待办结
	Closed = "closed" // 已办结
)

var stateNames = map[string]string{Open: "待回访", Called: "已回访，待办结", Closed: "已办结"}

// Results of looking into a bad rating.
var Results = []Choice{{"true", "反映属实"}, {"partly", "部分属实"}, {"untrue", "与事实不符"}, {"unclear", "无法核实"}}

func nameOf(list []Choice, key string) string {
	for _, c := range list {
		if c.Key == key {
			return c.Name
		}
	}
	return ""
}

// ResultName is a result as screens say it.
func ResultName(key string) string { return nameOf(Results, key) }

// Ways of calling back.
var Ways = []Choice{{"phone", "电话"}, {"window", "窗口面谈"}, {"visit", "上门"}, {"message", "短信、邮件"}}

// WayName is a way as screens say it.
func WayName(key string) string { return nameOf(Ways, key) }

// Case is a bad rating that is called back on. Of a nameless one it says neither whose it is
// nor of which application.
type Case struct {
	ID         string    `db:"id"`
	Version    int64     `db:"version"`
	No         string    `db:"no"`
	RatingID   string    `db:"rating_id"`
	Agency     string    `db:"agency"`
	Authority  string    `db:"authority,null"` // that is told when it is overdue
	Kind       string    `db:"kind"`
	Grade      int64     `db:"grade"`
	Reasons    string    `db:"reasons,null"`
	Text       string    `db:"text,null,secret"`
	Nameless   bool      `db:"nameless"`
	CaseRef    string    `db:"case_ref,null"`
	ReceiptNo  string    `db:"receipt_no,null"`
	Who        string    `db:"who,null,secret"`
	Contact    string    `db:"contact,null,secret"`
	DossierID  string    `db:"dossier_id,null"`
	Handlers   string    `db:"handlers"` // JSON: who had a hand in the matter
	OpenedOn   string    `db:"opened_on"`
	DueOn      string    `db:"due_on"`
	State      string    `db:"state"`
	Result     string    `db:"result,null"`
	Corrected  bool      `db:"corrected"`
	Answer     string    `db:"answer,null"`
	FinishedBy string    `db:"finished_by,null"`
	FinishedOn string    `db:"finished_on,null"`
	ToldOn     string    `db:"told_on,null"` // the authority was told that it is overdue
	ChangedAt  time.Time `db:"changed_at"`
}

// Table names the table of call-backs.
func (Case) Table() string { return "rating_case" }

// Call is one attempt to hear the person.
type Call struct {
	ID      string    `db:"id"`
	Version int64     `db:"version"`
	CaseID  string    `db:"case_id"`
	Way     string    `db:"way"`
	Reached bool      `db:"reached"`
	Said    string    `db:"said,null,secret"`
	ByID    string    `db:"by_id"`
	At      time.Time `db:"at"`
}

// Table names the table of calls.
func (Call) Table() string { return "rating_call" }

func init() {
	store.Describe(Rating{}, Case{}, Call{})
	store.Register("rating", store.Audited, "好差评：一件申请一次，不改，不向工作人员显示")
	store.Register("rating_case", store.Audited, "差评回访：期限、结果、是否整改；姓名、电话和说明加密")
	store.Register("rating_call", store.Audited, "差评回访的每一次联系")
}

// Actions of the room.
const (
	ActRate   = "rating.rate"
	ActCall   = "rating.call"
	ActFinish = "rating.finish"
	ActRead   = "rating.read"
	ActRemind = "rating.remind"
)

var rules = []rule.ID{"28"}

func reason(slug, field, message, next string) rule.Reason {
	return rule.Reason{Rule: "28", Slug: slug, Field: field, Message: message, Next: next}
}

// Entry is what an applicant sends.
type Entry struct {
	Number, Code string // of the slip
	Grade        int64
	Reasons      []string
	Text         string
	Nameless     bool
	Contact      string // to be called at, other than the one on record
	Channel      string
}

const longest = 500

// check holds an entry to its shape.
func (e *Entry) check() error {
	e.Text, e.Contact = strings.TrimSpace(e.Text), strings.TrimSpace(e.Contact)
	var wrong []rule.Reason
	if gradeNames[e.Grade] == "" {
		wrong = append(wrong, reason("grade_missing", "grade", "没有选择满意程度。", "请从五级中选择一级。"))
	}
	for _, key := range e.Reasons {
		if len(reasonNames(key)) != 1 {
			wrong = append(wrong, reason("reason_unknown", "reasons", "所选的原因不在列表中。", "请重新选择。"))
			break
		}
	}
	slices.Sort(e.Reasons)
	e.Reasons = slices.Compact(e.Reasons)
	if channelNames[e.Channel] == "" {
		e.Channel = ByCode
	}
	switch {
	case utf8.RuneCountInString(e.Text) > longest:
		wrong = append(wrong, reason("text_long", "text", "说明超过500字。", "请写得简短一些。"))
	case e.Bad() && len(e.Reasons) == 0 && e.Text == "":
		wrong = append(wrong, reason("why_missing", "reasons", "没有说明哪里不满意。", "请至少选择一项原因，或者写几个字，以便核实改进。"))
	}
	if e.Nameless { // who gives a telephone is not nameless
		e.Contact = ""
	}
	if len(wrong) > 0 {
		return rule.Mistake(wrong...)
	}
	return nil
}

// Bad says whether the grade asks for a call back.
func (e Entry) Bad() bool { return e.Grade < Content }

// Overdue says whether it is not dealt with in its term.
func (c Case) Overdue(today calendar.Date) bool { return c.State != Closed && c.DueOn < today.String() }

// StateName is the state as screens say it, with its color.
func (c Case) StateName(today calendar.Date) (name, tone string) {
	switch {
	case c.Overdue(today):
		return "逾期未办结", "bad"
	case c.State == Closed:
		return "已办结", "done"
	case c.Nameless:
		return "待核实", "wait"
	}
	return stateNames[c.State], "wait"
}

// KindName is what was applied for.
func (c Case) KindName() string { return window.ReceiptName(c.Kind) }

// Why are the reasons that were given.
func (c Case) Why() []string { return reasonNames(c.Reasons) }

// Ref names the case.
func (c Case) Ref() string { return "RatingCase:" + c.ID }

func (c Case) handlers() (out []string) {
	_ = json.Unmarshal([]byte(c.Handlers), &out) // written by this room
	return out
}

// Resource is the case as the policies see it.
func (c Case) Resource(d dossier.Dossier) policy.Resource {
	r := policy.Resource{Type: "RatingCase", ID: c.ID, Agencies: []string{c.Agency}, Attrs: map[string]any{"agency": c.Agency, "authority": c.Authority, "handlers": c.handlers()}}
	if c.DossierID != "" {
		r.Secrecy, r.Attrs["person"] = d.Secrecy, d.PersonID
	}
	return r
}

// tries is on how many days the person was not reached before the case may end without their word.
const tries = 3

// enter holds a call to its shape and the case's state.
func (c *Case) enter(call *Call) error {
	call.Said = strings.TrimSpace(call.Said)
	switch {
	case c.State == Closed:
		return rule.Refuse(reason("finished_already", "", "已于"+calendar.Date(c.FinishedOn).Long()+"办结。", "请刷新查看。"))
	case c.Nameless:
		return rule.Refuse(reason("nameless", "", "这是匿名评价，没有可以回访的人。", "请按所述情况核实后直接办结。"))
	}
	var wrong []rule.Reason
	if WayName(call.Way) == "" {
		wrong = append(wrong, reason("way_missing", "way", "没有选择回访方式。", "请从列表中选择。"))
	}
	if call.Reached && call.Said == "" {
		wrong = append(wrong, reason("said_missing", "said", "没有记录评价人所述。", "请照评价人所述记录。"))
	}
	if len(wrong) > 0 {
		return rule.Mistake(wrong...)
	}
	if call.Reached {
		c.State = Called
	}
	return nil
}

// Finishing is how a case ends.
type Finishing struct {
	Result    string
	Corrected bool
	Answer    string // what was found and put right, or why not
}

// finish ends a case. missed is on how many days the person was called and not reached.
func (c *Case) finish(f Finishing, missed int, by string, today calendar.Date) error {
	f.Answer = strings.TrimSpace(f.Answer)
	switch {
	case c.State == Closed:
		return rule.Refuse(reason("finished_already", "", "已于"+calendar.Date(c.FinishedOn).Long()+"办结。", "请刷新查看。"))
	case c.State == Open && !c.Nameless && missed < tries:
		return rule.Refuse(reason("not_called", "", "还没有回访到评价人。", "请先登记回访；联系不上的，在三个不同的日子各联系一次后可以办结。"))
	}
	var wrong []rule.Reason
	if ResultName(f.Result) == "" {
		wrong = append(wrong, reason("result_missing", "result", "没有选择核实结果。", "请从列表中选择。"))
	}
	if f.Answer == "" {
		wrong = append(wrong, reason("answer_missing", "answer", "没有写明核实的情况和处理。", "请写明查明的情况、怎样整改；没有整改的写明原因。"))
	}
	if f.Corrected && (f.Result == "untrue" || f.Result == "unclear") {
		wrong = append(wrong, reason("corrected_nothing", "corrected", "核实结果不是属实，却登记为已整改。", "请核对核实结果。"))
	}
	if len(wrong) > 0 {
		return rule.Mistake(wrong...)
	}
	c.State, c.Result, c.Corrected, c.Answer, c.FinishedBy, c.FinishedOn = Closed, f.Result, f.Corrected, f.Answer, by, today.String()
	return nil
}
