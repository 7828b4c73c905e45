package intake

import (
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Matters are what can be asked for at the window.
const (
	Transfer     = "transfer"
	Certificate  = "certificate"
	Standing     = "standing"
	Account      = "account"
	Whereabouts  = "whereabouts"
	Consultation = "consultation"
	Closing      = "closing"
	Claim        = "claim"
)

// Matters lists them.
var Matters = []codes.Code{
	{Code: Transfer, Name: "档案转入"},
	{Code: Certificate, Name: "出具证明"},
	{Code: Standing, Name: "档案信息变更"},
	{Code: Account, Name: "开立集体户"},
	{Code: Whereabouts, Name: "查档去向"},
	{Code: Consultation, Name: "查阅档案"},
	{Code: Closing, Name: "注销集体户"},
	{Code: Claim, Name: "毕业生认领"},
}

// States of a record.
const (
	Sent       = "sent"       // 待受理: came over the net, a clerk is to look at it
	Completing = "completing" // 待补正: told once, its papers are waited for
	Proposed   = "proposed"   // 拟不予办理: another person decides
	Refused    = "refused"    // 不予办理: the notice is out
	Returned   = "returned"   // 应予受理: the reviewer did not agree, or an objection held
	Taken      = "taken"      // its room took it in
	Lapsed     = "lapsed"     // papers did not come in time
	Withdrawn  = "withdrawn"  // the applicant gave it up
)

var stateNames = map[string]struct{ name, tone string }{
	Sent:       {"待受理", "run"},
	Completing: {"待补正", "wait"},
	Proposed:   {"待审核", "run"},
	Refused:    {"不予办理", "bad"},
	Returned:   {"应予受理", "wait"},
	Taken:      {"已受理", "done"},
	Lapsed:     {"逾期未补正", "void"},
	Withdrawn:  {"已撤回", "void"},
}

// open are the states in which somebody still has to do something.
var open = []string{Sent, Completing, Proposed, Returned}

// Case is one application that was not taken in as it came.
type Case struct {
	ID          string    `db:"id"`
	Version     int64     `db:"version"`
	No          string    `db:"no"`
	Agency      string    `db:"agency"`
	Matter      string    `db:"matter"`
	State       string    `db:"state"`
	Name        string    `db:"name"`    // whom or which unit it is about
	Subject     string    `db:"subject"` // the same, for comparing: see OfPerson
	IDNo        string    `db:"id_no,null,secret"`
	PersonID    string    `db:"person_id,null"`
	DossierID   string    `db:"dossier_id,null"`
	Applicant   string    `db:"applicant"`
	Contact     string    `db:"contact,null,secret"`
	Application string    `db:"application,secret"` // as it was filled in, so that it goes on without being filled in anew
	Reasons     string    `db:"reasons"`
	Told        bool      `db:"told"` // 补正 was told; a second time there is none
	DueOn       string    `db:"due_on"`
	RecordedBy  string    `db:"recorded_by"`
	RecordedAt  time.Time `db:"recorded_at"`
	DecidedBy   string    `db:"decided_by,null"`
	DecidedAt   time.Time `db:"decided_at,null"`
	Note        string    `db:"note,null"`
	NoticeID    string    `db:"notice_id,null"`
	NoticeNo    string    `db:"notice_no,null"`
	Upheld      bool      `db:"upheld"`      // an objection to the notice held
	Waived      string    `db:"waived,null"` // grounds that objections set aside
	CaseRef     string    `db:"case_ref,null"`
	EndedOn     string    `db:"ended_on,null"`
	ChangedAt   time.Time `db:"changed_at"`
	Sender      string    `db:"sender,null"`      // who sent it over the net; "" at the window
	SenderUSCC  string    `db:"sender_uscc,null"` // of the unit the sender acts for
	Session     string    `db:"session,null"`     // digest of what the sender's page alone knows
	Answer      string    `db:"answer,null,secret"`
	AnsweredOn  string    `db:"answered_on,null"`
	Slip        bool      `db:"slip,null"` // over the net: the slip was issued
}

// Table names the table of records.
func (Case) Table() string { return "intake" }

func init() {
	store.Describe(Case{})
	store.Register("intake", store.Audited, "未能当场受理的申请：申请内容、需补正的内容或不予办理的理由、期限与结果")
}

// Ref names the record in papers.
func (c Case) Ref() string { return "Intake:" + c.ID }

// MatterName is what was asked for, as papers say it.
func (c Case) MatterName() string { return codes.Name(Matters, c.Matter) }

// Why are the reasons that stood against it, or what was missing.
func (c Case) Why() (out []rule.Reason) {
	_ = json.Unmarshal([]byte(c.Reasons), &out) // written by this room
	return out
}

// Open says whether somebody still has to do something.
func (c Case) Open() bool { return slices.Contains(open, c.State) }

// Overdue says whether its term passed without an end.
func (c Case) Overdue(today calendar.Date) bool { return c.Open() && c.DueOn < today.String() }

// StateName is the state as screens say it, with its color.
func (c Case) StateName(today calendar.Date) (name, tone string) {
	s := stateNames[c.State]
	if c.Overdue(today) && c.State != Completing {
		return s.name + "，逾期", "bad"
	}
	return s.name, s.tone
}

// Resource is the record as the policies see it. secrecy is that of the dossier it is about.
func (c Case) Resource(secrecy int) policy.Resource {
	r := policy.Resource{Type: "Intake", ID: c.ID, Agencies: []string{c.Agency}, Secrecy: secrecy, Attrs: map[string]any{"agency": c.Agency, "recordedBy": c.RecordedBy}}
	if c.PersonID != "" {
		r.Attrs["person"] = c.PersonID
	}
	if c.SenderUSCC != "" {
		r.Attrs["uscc"] = c.SenderUSCC
	} else if c.Sender != "" {
		r.Attrs["sender"] = c.Sender
	}
	return r
}

// OfPerson is the subject of a person's application, as OfDossier and OfUnit are of others:
// who takes it up later takes it up for the same.
func OfPerson(index []byte) string { return "person:" + hex.EncodeToString(index) }

// OfDossier is the subject of an application on a dossier.
func OfDossier(id string) string { return "dossier:" + id }

// OfUnit is the subject of a unit's application.
func OfUnit(name string) string { return "unit:" + strings.TrimSpace(name) }

// Actions of the room.
const (
	ActRecord   = "intake.record"
	ActRefuse   = "intake.refuse"
	ActReturn   = "intake.return"
	ActWithdraw = "intake.withdraw"
	ActLapse    = "intake.lapse"
	ActRead     = "intake.read"
	ActApply    = "intake.apply"
	ActAsk      = "intake.ask"
	ActAnswer   = "intake.answer"
	ActLook     = "intake.look"
)

func reason(id rule.ID, slug, field, message, next string) rule.Reason {
	return rule.Reason{Rule: id, Slug: slug, Field: field, Message: message, Next: next}
}

// must refuses what the record's state does not admit.
func (c Case) must(what string, states ...string) error {
	if slices.Contains(states, c.State) {
		return nil
	}
	return rule.Refuse(reason("29.8", "intake_"+c.State, "", "本件现为“"+stateNames[c.State].name+"”，不能"+what+"。", "请刷新查看现在的状态。"))
}

// Judged puts down what the room said: papers that are missing are told once and whole,
// everything else waits for another person's word.
func (c *Case) Judged(said *rule.Refusal, completeBy, decideBy calendar.Date) error {
	raw, err := json.Marshal(said.Reasons)
	if err != nil {
		return err
	}
	if said.Kind == rule.Refused {
		if err := c.barred(said); err != nil {
			return err
		}
		c.State, c.Reasons, c.DueOn = Proposed, string(raw), decideBy.String()
		return nil
	}
	if c.Told {
		return rule.Refuse(reason("29.8", "told_once", "", "这件申请已经一次性告知过需补正的内容，不能再次告知。", "补正齐全的，继续受理；仍缺的等到补正期满，或者由申请人撤回后重新申请。"))
	}
	c.State, c.Reasons, c.DueOn, c.Told = Completing, string(raw), completeBy.String(), true
	return nil
}

// Decide is the other person's word on what was proposed.
func (c *Case) Decide(agree bool, note, by string, now time.Time, takeBy calendar.Date) error {
	if err := c.must("审核", Proposed); err != nil {
		return err
	}
	if c.Note = strings.TrimSpace(note); !agree && c.Note == "" {
		return rule.Complete(reason("29.8", "return_without_reason", "note", "退回受理的，要写明为什么应予受理。", "请写明查明的情况，经办人据此继续办理。"))
	}
	c.DecidedBy, c.DecidedAt = by, now
	if agree {
		c.State, c.EndedOn = Refused, calendar.Of(now).String()
		return nil
	}
	c.State, c.DueOn = Returned, takeBy.String()
	return nil
}

// end closes a record.
func (c *Case) end(state string, today calendar.Date) { c.State, c.EndedOn = state, today.String() }

// stands says whether something of what the record bears is said still.
func (c Case) stands(said *rule.Refusal) bool {
	return said.Kind == rule.Refused && slices.ContainsFunc(c.Why(), func(had rule.Reason) bool {
		return slices.ContainsFunc(said.Reasons, func(r rule.Reason) bool { return r.Rule == had.Rule && r.Slug == had.Slug })
	})
}
