package consent

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/identity"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Actions of the room.
const (
	ActRegister = "requester.register"
	ActConfirm  = "requester.confirm"
	ActRenew    = "requester.renew"
	ActEnd      = "requester.end"
	ActAsk      = "consent.ask"
	ActGrant    = "consent.grant"
	ActDecline  = "consent.decline"
	ActRevoke   = "consent.revoke"
	ActAnswer   = "consent.answer"
)

// Limits of the room; docs/manual/07c-consent.md says why.
const (
	MaxDays     = 90               // how long a consent holds
	askDays     = 30               // how long a request waits for the person
	maxAsks     = 1000             // requests of one requester in a day
	signInFresh = 30 * time.Minute // how old a sign-in may be to consent
	keyYears    = 1                // how long a registration holds at most
)

// Requester is a program outside that may ask, and the digest of its key.
type Requester struct {
	ID           string    `db:"id"`
	Version      int64     `db:"version"`
	Agency       string    `db:"agency"` // the province's authority
	Name         string    `db:"name"`
	USCC         string    `db:"uscc"`
	Basis        string    `db:"basis"` // number of the agreement
	ValidUntil   string    `db:"valid_until"`
	KeyDigest    []byte    `db:"key_digest"`
	RegisteredBy string    `db:"registered_by"`
	RegisteredAt time.Time `db:"registered_at"`
	ConfirmedBy  string    `db:"confirmed_by,null"`
	ConfirmedAt  time.Time `db:"confirmed_at,null"`
	EndedBy      string    `db:"ended_by,null"`
	EndedAt      time.Time `db:"ended_at,null"`
	EndedWhy     string    `db:"ended_why,null"`
}

// Table names the table of requesters.
func (Requester) Table() string { return "requester" }

// resource is the requester as the policies see it; top says that its agency is the province's.
func (r Requester) resource(top bool) policy.Resource {
	out := policy.Resource{Type: "Requester", ID: r.ID, Agencies: []string{r.Agency}, Attrs: map[string]any{"agency": r.Agency, "top": top}}
	if r.RegisteredBy != "" {
		out.Attrs["registeredBy"] = r.RegisteredBy
	}
	return out
}

// Actor is the requester as who acts.
func (r Requester) Actor() policy.Actor {
	return policy.Actor{ID: r.ID, Kind: policy.Requester, Name: r.Name, Org: r.USCC}
}

// Standing is where a requester stands on a day, as screens say it.
func (r Requester) Standing(today calendar.Date) (name, tone string) {
	switch {
	case r.EndedBy != "":
		return "已停用", "void"
	case r.ConfirmedBy == "":
		return "待确认", "wait"
	case r.ValidUntil < today.String():
		return "已过有效期", "bad"
	}
	return "有效", "done"
}

// Lapsed says why a requester's key opens nothing on a day; nil: it does.
func (r Requester) Lapsed(today calendar.Date) *rule.Refusal {
	next := "请联系登记本单位的主管部门。"
	switch {
	case r.EndedBy != "":
		return rule.Refuse(reason("N2", "requester_ended", "", "本单位的核验权限已经停用。", next))
	case r.ConfirmedBy == "":
		return rule.Refuse(reason("N2", "requester_unconfirmed", "", "本单位的登记还没有经第二人确认，密钥尚未启用。", next))
	case r.ValidUntil < today.String():
		return rule.Refuse(reason("N2", "requester_expired", "", "本单位的登记已于"+calendar.Date(r.ValidUntil).Long()+"到期。", next))
	}
	return nil
}

// Draft is what is entered of a requester.
type Draft struct{ Name, USCC, Basis, Until string }

// check holds what was entered to its form and brings the code into the one that is kept.
func (d *Draft) check(today calendar.Date) error {
	var reasons []rule.Reason
	d.Name, d.Basis = strings.TrimSpace(d.Name), strings.TrimSpace(d.Basis)
	if d.Name == "" {
		reasons = append(reasons, reason("N2", "requester_name", "name", "没有填写单位全称。", "请照营业执照或法人证书填写，本人同意时看到的就是这个名称。"))
	}
	if d.Basis == "" {
		reasons = append(reasons, reason("N2", "requester_basis", "basis", "没有填写依据。", "请填写同意其接入的协议号或文号。"))
	}
	code, wrong, _ := identity.CheckCredit(d.USCC)
	if wrong != "" {
		reasons = append(reasons, reason("N2", "requester_uscc", "uscc", "统一社会信用代码不对："+identity.ProblemText(wrong)+"。", "请照营业执照或法人证书填写18位代码。"))
	}
	d.USCC = code
	until := calendar.Date(d.Until)
	if last := calendar.Of(today.Moment().AddDate(keyYears, 0, 0)); !until.Valid() || until < today || until > last {
		reasons = append(reasons, reason("N2", "requester_until", "until", "有效期应在今天之后，最长一年。", "请填写"+last.Long()+"或更早的日期；到期重新登记。"))
	}
	if len(reasons) > 0 {
		return rule.Mistake(reasons...)
	}
	return nil
}

func (r *Requester) confirm(by string, at time.Time) error {
	switch {
	case r.EndedBy != "":
		return r.over()
	case r.ConfirmedBy != "":
		return rule.Refuse(reason("N2", "requester_confirmed", "", "这个单位已经确认过了。", "请刷新后查看。"))
	}
	r.ConfirmedBy, r.ConfirmedAt = by, at
	return nil
}

func (r Requester) over() error {
	return rule.Refuse(reason("N2", "requester_ended", "", "这个单位已经停用。", "需要恢复的，请重新登记。"))
}

func (r *Requester) end(by, why string, at time.Time) error {
	if r.EndedBy != "" {
		return r.over()
	}
	if why = strings.TrimSpace(why); why == "" {
		return rule.Mistake(reason("N2", "requester_why", "why", "没有写明停用的原因。", "请写明，如密钥泄露、协议终止。"))
	}
	r.EndedBy, r.EndedAt, r.EndedWhy = by, at, why
	return nil
}

// State is where a consent stands; that its time ran out is told by the day.
type State string

// States of a consent.
const (
	Asked    State = "asked"
	Granted  State = "granted"
	Declined State = "declined"
	Revoked  State = "revoked"
	Expired  State = "expired" // never stored
)

var states = map[State]struct{ name, tone string }{Asked: {"等本人同意", "wait"}, Granted: {"本人已同意", "run"}, Declined: {"本人不同意", "void"}, Revoked: {"本人已撤回", "void"}, Expired: {"已到期", "plain"}}

// Name is the state as screens say it.
func (s State) Name() string { return states[s].name }

// Tone is the state's color on screens.
func (s State) Tone() string { return states[s].tone }

// Consent is what a requester asks a person to consent to, and what became of it.
type Consent struct {
	ID          string    `db:"id"`
	Version     int64     `db:"version"`
	No          string    `db:"no"`
	Agency      string    `db:"agency"`
	RequesterID string    `db:"requester_id"`
	Subject     string    `db:"subject"` // id of the signed-in person, who need never have signed in
	Ref         string    `db:"ref,null"`
	Purpose     string    `db:"purpose"`
	Matter      string    `db:"matter"`
	Days        int64     `db:"days"`
	State       State     `db:"state"`
	AskedAt     time.Time `db:"asked_at"`
	AskUntil    string    `db:"ask_until"`
	ValidUntil  string    `db:"valid_until,null"`
	GrantedAt   time.Time `db:"granted_at,null"`
	EndedAt     time.Time `db:"ended_at,null"`
	AnsweredAt  time.Time `db:"answered_at,null"`
	EntryID     string    `db:"entry_id,null"` // of the act that answered
}

// Table names the table of consents.
func (Consent) Table() string { return "consent" }

func (c Consent) resource() policy.Resource {
	return policy.Resource{Type: "Consent", ID: c.ID, Attrs: map[string]any{"requester": c.RequesterID, "subject": c.Subject}}
}

// On is the state on a day.
func (c Consent) On(today calendar.Date) State {
	if c.State == Asked && c.AskUntil < today.String() || c.State == Granted && c.ValidUntil < today.String() {
		return Expired
	}
	return c.State
}

// Question is one of what is asked.
type Question struct {
	ID        string `db:"id"`
	Version   int64  `db:"version"`
	ConsentID string `db:"consent_id"`
	No        int64  `db:"no"`
	Kind      string `db:"kind"`
	Value     string `db:"value"`
}

// Table names the table of questions.
func (Question) Table() string { return "consent_question" }

// Answer is what a requester heard.
type Answer struct {
	ID          string    `db:"id"`
	Version     int64     `db:"version"`
	QuestionID  string    `db:"question_id"`
	ConsentID   string    `db:"consent_id"`
	RequesterID string    `db:"requester_id"`
	Agency      string    `db:"agency"`
	Subject     string    `db:"subject"`
	Kind        string    `db:"kind"`
	Value       string    `db:"value"`
	Outcome     Outcome   `db:"outcome"`
	EntryID     string    `db:"entry_id"`
	AnsweredAt  time.Time `db:"answered_at"`
}

// Table names the table of answers.
func (Answer) Table() string { return "consent_answer" }

func init() {
	store.Describe(Requester{}, Consent{}, Question{}, Answer{})
	store.Register("requester", store.Audited, "核验单位：名称、代码、依据、密钥的摘要，一人登记、一人确认")
	store.Register("consent", store.Audited, "同意核验：谁为什么目的问谁，本人何时同意、撤回；不存号码")
	store.Register("consent_question", store.Audited, "同意核验的问题：种类和所比的值")
	store.Register("consent_answer", store.Audited, "核验答复：是、否、未见记载，一问一条，不改")
}

func (c Consent) standing(today calendar.Date, want State) error {
	if c.On(today) == want {
		return nil
	}
	return rule.Refuse(reason("N2", "consent_"+string(c.On(today)), "", "这次核验"+c.On(today).Name()+"。", "需要再核验的，由核验单位重新提出，本人重新同意。"))
}

// grant puts a consent in force for days, or what the requester asked for if that is less.
func (c *Consent) grant(days int64, signedIn, now time.Time) error {
	today := calendar.Of(now)
	if err := c.standing(today, Asked); err != nil {
		return err
	}
	if now.Sub(signedIn) > signInFresh {
		return rule.Refuse(reason("29.3", "sign_in_again", "", "您登录已超过30分钟，同意核验前须重新登录。", "请退出后重新登录，再回到这一页。"))
	}
	if days == 0 {
		days = c.Days
	}
	if days < 1 || days > c.Days {
		return rule.Mistake(reason("N2", "consent_days", "days", fmt.Sprintf("同意的天数应为1至%d天。", c.Days), "可以比对方要求的短，不能更长。"))
	}
	c.State, c.GrantedAt, c.ValidUntil = Granted, now, today.AddDays(int(days)).String()
	return nil
}

func (c *Consent) decline(now time.Time) error {
	if err := c.standing(calendar.Of(now), Asked); err != nil {
		return err
	}
	c.State, c.EndedAt = Declined, now
	return nil
}

func (c *Consent) revoke(now time.Time) error {
	if err := c.standing(calendar.Of(now), Granted); err != nil {
		return err
	}
	c.State, c.EndedAt = Revoked, now
	return nil
}

// Purposes are what may be verified for, in the order of the list.
var Purposes = []struct{ Key, Name string }{{"recruit", "招聘录用背景核实"}, {"credit", "人才信用评价"}, {"title", "职称评审、职业资格"}, {"admission", "报名资格审查"}}

// PurposeName is a purpose as people say it.
func PurposeName(key string) string {
	for _, p := range Purposes {
		if p.Key == key {
			return p.Name
		}
	}
	return key
}

// Form is what a requester asks for.
type Form struct {
	IDNo, Ref, Purpose, Matter string
	Days                       int64
	Questions                  []Asking
}

// Asking is one question as it is asked.
type Asking struct{ Kind, Value string }

// check holds a request to its form; who says whom a number names.
func (f *Form) check(today calendar.Date, keeps func(code string) bool) error {
	var reasons []rule.Reason
	add := func(slug, field, message, next string) {
		reasons = append(reasons, reason("N2", slug, field, message, next))
	}
	citizen, wrong := identity.Parse(f.IDNo, today)
	if wrong != "" {
		add("consent_id_no", "idNo", "公民身份号码不对："+identity.ProblemText(wrong)+"。", "请向本人核对后重新提交。")
	}
	f.IDNo, f.Matter, f.Ref = citizen.Number, strings.TrimSpace(f.Matter), strings.TrimSpace(f.Ref)
	if !slices.ContainsFunc(Purposes, func(p struct{ Key, Name string }) bool { return p.Key == f.Purpose }) {
		add("consent_purpose", "purpose", "没有这一种目的。", "请从公布的目的中选择一种；一次核验只有一个目的。")
	}
	if f.Matter == "" {
		add("consent_matter", "matter", "没有写明具体事项。", "请写明，如“招聘会计岗位”；本人同意时会看到。")
	}
	if f.Days < 1 || f.Days > MaxDays {
		add("consent_days", "days", fmt.Sprintf("同意的期限应为1至%d天。", MaxDays), "请缩短；到期后需要的，重新请本人同意。")
	}
	if len(f.Questions) == 0 {
		add("consent_questions", "questions", "没有要核验的问题。", "请从公布的问题中选择。")
	}
	seen := map[string]bool{}
	for _, q := range f.Questions {
		k, known := KindOf(q.Kind)
		switch {
		case !known:
			add("question_kind", "questions", "没有这一种问题。", "请从公布的问题中选择；不能自拟问题。")
			continue
		case seen[q.Kind]:
			add("question_twice", "questions", "同一种问题问了两个值。", "一次核验每种问题只问一个值，请只留一个。")
		case !k.allows(q.Value, today, keeps):
			add("question_value", "questions", "“"+k.Name+"”所比的值不对。", k.Hint)
		}
		seen[q.Kind] = true
	}
	if len(reasons) > 0 {
		return rule.Mistake(reasons...)
	}
	return nil
}

func reason(id rule.ID, slug, field, message, next string) rule.Reason {
	return rule.Reason{Rule: id, Slug: slug, Field: field, Message: message, Next: next}
}
