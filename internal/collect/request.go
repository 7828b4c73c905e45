package collect

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/dossier"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Actions of the room, as the policies name them.
const (
	ActOpen     = "collection.open"
	ActUrge     = "collection.urge"
	ActWithdraw = "collection.withdraw"
	ActEnd      = "collection.end"
	ActRemind   = "collection.remind"
	ActAssign   = "collection.assign"
	ActRead     = "collection.read"
)

// Target is whom a material is asked of.
type Target string

// Targets (14b): the unit that forms it, the person, or the agency's own staff, who fetch
// what another department holds.
const (
	Unit   Target = "unit"
	Person Target = "person"
	Office Target = "office"
)

// Targets in the order of screens.
var Targets = []Target{Unit, Person, Office}

var targetNames = map[Target]string{Unit: "形成单位", Person: "本人", Office: "本机构"}

// Name is the target as screens say it.
func (t Target) Name() string { return targetNames[t] }

// State is where a request stands; it follows from its items.
type State string

// States of a request.
const (
	Waiting   State = "waiting"   // 待交
	Handed    State = "handed"    // 已交待归档: everything was handed in, not all is filed
	Done      State = "done"      // 已收齐
	Withdrawn State = "withdrawn" // 已撤回
)

// States in the order of screens.
var States = []State{Waiting, Handed, Done, Withdrawn}

var stateNames = map[State]string{Waiting: "待交", Handed: "已交待归档", Done: "已收齐", Withdrawn: "已撤回"}

// Name is the state as screens say it.
func (s State) Name() string { return stateNames[s] }

// Tone is how screens color it.
func (s State) Tone() string {
	return map[State]string{Waiting: "wait", Handed: "run", Done: "done", Withdrawn: "void"}[s]
}

// most is how many materials one notice asks for.
const most = 20

// Request is one notice and what became of it.
type Request struct {
	ID          string    `db:"id"`
	Version     int64     `db:"version"`
	No          string    `db:"no"`
	Agency      string    `db:"agency"`
	DossierID   string    `db:"dossier_id"`
	Target      Target    `db:"target"`
	Addressee   string    `db:"addressee"`
	USCC        string    `db:"uscc,null"`      // credit code of a unit that has an account here: by it the unit finds the request on the net
	Event       string    `db:"event,null"`     // slug; empty: what the checklist lacks
	FormedOn    string    `db:"formed_on,null"` // day of the event: the month of 14b runs from it
	OpenedBy    string    `db:"opened_by"`
	OpenedAt    time.Time `db:"opened_at"`
	OpenedOn    string    `db:"opened_on"`
	DueOn       string    `db:"due_on"`
	Number      string    `db:"number"` // of the 材料收集通知单
	DocumentID  string    `db:"document_id"`
	Urged       int64     `db:"urged"`
	UrgedOn     string    `db:"urged_on,null"`
	WithdrawnOn string    `db:"withdrawn_on,null"`
	WithdrawnBy string    `db:"withdrawn_by,null"`
	Why         string    `db:"why,null"`
	EndedOn     string    `db:"ended_on,null"` // withdrawn, or every material was filed
	ChangedAt   time.Time `db:"changed_at"`
	Reminded    Stage     `db:"reminded,null"` // how far the program has reminded by itself
	RemindedOn  string    `db:"reminded_on,null"`
	Handler     string    `db:"handler,null"` // of what the own staff fetch: in whose hands it is
}

// InHand is the member of staff who fetches what is asked of the agency itself; of what was
// asked before there were handlers, who opened it.
func (r Request) InHand() string {
	if r.Target == Office && r.Handler == "" {
		return r.OpenedBy
	}
	return r.Handler
}

// Table names the table of requests.
func (Request) Table() string { return "collection" }

func init() {
	store.Describe(Request{})
	store.Register("collection", store.Audited, "材料收集：向谁收集什么、期限、催收与撤回")
}

// Ref names the case in papers and supplements.
func (r Request) Ref() string { return "Collection:" + r.ID }

// Binds names its dossier and version.
func (r Request) Binds() (dossierID string, version int64) { return r.DossierID, r.Version }

// Resource is the request as the policies see it.
func (r Request) Resource(d dossier.Dossier) policy.Resource {
	return policy.Resource{Type: "Collection", ID: r.ID, Agencies: []string{r.Agency}, Secrecy: d.Secrecy, Attrs: map[string]any{"agency": r.Agency, "person": d.PersonID, "target": string(r.Target), "uscc": r.USCC}}
}

// Item is one material that is asked for. A piece that came for it, and was not returned,
// counts as handed in: filing it is the agency's own term (13a).
type Item struct{ dossier.Supplement }

// Name is where the item stands, as screens say it.
func (i Item) Name() string {
	switch {
	case i.State == dossier.Supplied:
		return "已归档"
	case i.State == dossier.Waived:
		return "已撤回"
	case i.HandedOn != "":
		return "已交待归档"
	}
	return "待交"
}

// Tone is how screens color the item.
func (i Item) Tone() string {
	switch {
	case i.State == dossier.Supplied:
		return "done"
	case i.State == dossier.Waived:
		return "void"
	case i.HandedOn != "":
		return "run"
	}
	return "wait"
}

// StateOf tells where a request stands from its items.
func StateOf(r Request, items []Item) State {
	if r.WithdrawnOn != "" {
		return Withdrawn
	}
	state := Done
	for _, i := range items {
		switch {
		case i.State == dossier.Owed && i.HandedOn == "":
			return Waiting
		case i.State == dossier.Owed:
			state = Handed
		}
	}
	return state
}

// Late is how many days a request is overdue on a day; 0 when nothing is waited for.
func (r Request) Late(state State, today calendar.Date) int {
	if state != Waiting || r.DueOn >= today.String() {
		return 0
	}
	return int(today.Time().Sub(calendar.Date(r.DueOn).Time()).Hours() / 24)
}

// Order is what a clerk asks for.
type Order struct {
	Target    Target
	Addressee string // of a unit: its full name
	Event     string
	FormedOn  calendar.Date // day of the event
	Maker     string        // who forms them, where the person or the staff fetch them; of a unit: itself
	Handler   string        // of the agency's own staff: the member's id; empty: who opens it
	Titles    []string

	hand policy.Actor // the handler as they are now
}

func reason(id rule.ID, slug, field, message, next string) rule.Reason {
	return rule.Reason{Rule: id, Slug: slug, Field: field, Message: message, Next: next}
}

// check holds an order to its form.
func (o *Order) check(today calendar.Date) error {
	var out []rule.Reason
	o.Addressee, o.Maker = strings.TrimSpace(o.Addressee), strings.TrimSpace(o.Maker)
	if o.Target == Unit {
		o.Maker = o.Addressee
	}
	if o.Target.Name() == "" {
		out = append(out, reason("14b", "collection_target", "target", "没有写明向谁收集。", "请从形成单位、本人、本机构中选择。"))
	}
	if o.Target == Unit && o.Addressee == "" {
		out = append(out, reason("14b", "collection_unit", "addressee", "没有写明材料形成单位。", "请填写单位全称，通知单开给该单位。"))
	}
	if e, known := FindEvent(o.Event); o.Event != "" && (!known || !o.FormedOn.Valid() || o.FormedOn > today) {
		if !known {
			out = append(out, reason("14a", "collection_event", "event", "没有这种事项。", "请从列出的事项中选择。"))
		} else {
			out = append(out, reason("14b", "collection_day", "formedOn", "“"+e.Name+"”的日期缺失或晚于今天。", "请填写事项发生的日期，一个月的期限从这一天算起。"))
		}
	}
	var titles []string
	for _, t := range o.Titles {
		if t = strings.TrimSpace(t); t != "" && !slices.ContainsFunc(titles, func(x string) bool { return codes.Canonical(x) == codes.Canonical(t) }) {
			titles = append(titles, t)
		}
	}
	o.Titles = titles
	switch {
	case len(titles) == 0:
		out = append(out, reason("14a", "collection_empty", "titles", "没有选择要收集的材料。", "请勾选缺少的材料，或填写材料名称。"))
	case len(titles) > most:
		out = append(out, reason("14a", "collection_many", "titles", fmt.Sprintf("一张通知单最多 %d 份材料。", most), "请分开开具。"))
	case slices.ContainsFunc(append(titles, o.Addressee, o.Maker), dossier.SecretMark):
		out = append(out, reason("15", "state_secret_electronic", "titles", "材料名称带有国家秘密标志，不得录入，也不得印在通知单上。", "涉密材料由形成单位按保密规定移交，本系统只登记占位。"))
	case slices.ContainsFunc(titles, func(t string) bool { return len([]rune(t)) > 60 }):
		out = append(out, reason("14a", "collection_title", "titles", "材料名称超过 60 字。", "请填写材料的名称，不写内容。"))
	}
	if len(out) == 0 {
		return nil
	}
	return rule.Mistake(out...)
}

// Due is the last day to hand in (14b): one month from the day of the event; where that is
// over, or nothing happened on a day that is known, one month from the notice.
func Due(c *calendar.Calendar, today, formed calendar.Date) calendar.Date {
	if formed != "" {
		if due, _ := c.AddMonths(formed, 1); due > today {
			return due
		}
	}
	due, _ := c.AddMonths(today, 1)
	return due
}

// here says why nothing is collected for a dossier.
func here(d dossier.Dossier) error {
	if d.State == dossier.Left || d.State == dossier.InTransit {
		return rule.Refuse(reason("14a", "collection_not_in_house", "", "档案"+d.State.Name()+"，不由本机构收集材料。", "材料请由形成单位交现保管单位。"))
	}
	return nil
}

// Stage is how far who was asked has been reminded by the program.
type Stage string

// Stages: in the last week of the term, and once it is over. Each is told once.
const (
	Near Stage = "near"
	Over Stage = "over"
)

// Name is the stage as screens say it.
func (s Stage) Name() string { return map[Stage]string{Near: "期满前", Over: "期满后"}[s] }

// ahead is how many days before its end a term is reminded of.
const ahead = 7

// Remind goes to the stage that a day has come to, once. A person is reminded of what falls
// due with all else they owe (room message), here only of what is over.
func (r *Request) Remind(state State, today calendar.Date) error {
	stage := Over
	if r.DueOn >= today.String() {
		stage = Near
	}
	switch {
	case state != Waiting:
		return rule.Refuse(reason("14b", "collection_not_waiting", "", "这张通知单没有待交来的材料。", "请刷新后查看。"))
	case r.Reminded == stage, r.Reminded == Over:
		return rule.Refuse(reason("14b", "collection_reminded", "", "这一阶段已经提醒过。", "仍未交来的由经办催收。"))
	case stage == Near && (r.Target == Person || r.DueOn > today.AddDays(ahead).String()):
		return rule.Refuse(reason("14b", "collection_early", "", "还不到提醒的时候。", fmt.Sprintf("期满前 %d 天内提醒单位和本机构办理人，期满后另提醒本人。", ahead)))
	}
	r.Reminded, r.RemindedOn = stage, today.String()
	return nil
}

// Urge asks again, once a day.
func (r *Request) Urge(state State, today calendar.Date) error {
	switch {
	case state != Waiting:
		return rule.Refuse(reason("14b", "collection_not_waiting", "", "这张通知单“"+state.Name()+"”，没有待交的材料。", "请刷新后查看。"))
	case r.UrgedOn == today.String():
		return rule.Refuse(reason("14b", "collection_urged", "", "今天已经催收过。", "明天仍未交来的再催；单位一直不交的，可书面告知其主管部门。"))
	}
	r.Urged, r.UrgedOn = r.Urged+1, today.String()
	return nil
}

// Assign puts a request to the agency's own staff into other hands. The reminders of its term
// begin anew: the one who has it now has heard nothing yet.
func (r *Request) Assign(state State, to policy.Actor, vacant bool) error {
	switch {
	case r.Target != Office:
		return rule.Refuse(reason("14a", "collection_not_office", "handler", "这张通知单向"+r.Target.Name()+"收集，不在本机构工作人员手里。", "向单位或本人收集的，由经办催收。"))
	case state != Waiting && state != Handed:
		return rule.Refuse(reason("14b", "collection_over", "", "这张通知单“"+state.Name()+"”。", "请刷新后查看。"))
	case r.InHand() == to.ID && !vacant:
		return rule.Refuse(reason("14a", "collection_same_hand", "handler", "这项任务已经由"+to.Name+"办理。", "请选择另一名经办人员。"))
	}
	r.Handler, r.Addressee, r.Reminded, r.RemindedOn = to.ID, to.Name, "", ""
	return nil
}
