package window

import (
	"context"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Kinds of matters.
const (
	Objection = "objection" // 异议: to a notice of 不予办理
	Complaint = "complaint" // 投诉
)

var kindNames = map[string]string{Objection: "异议", Complaint: "投诉"}

// KindName is a kind as screens say it.
func KindName(kind string) string { return kindNames[kind] }

// About is what a complaint is about, with the rule that was broken if it is true.
type About struct {
	Key, Name string
	Rule      rule.ID
}

// Abouts lists what complaints are about.
var Abouts = []About{
	{"fee", "收取保管、查阅、证明、转递等费用", "29.10"}, {"bundled", "捆绑或变相收费", "8"}, {"paid", "与有偿业务挂钩", "29.9"},
	{"refused", "拒收、推诿、不出具告知", "29.8"}, {"attitude", "服务态度", "28"}, {"delay", "超期办理", "28"}, {"other", "其他", "28"},
}

// AboutOf finds what a complaint is about.
func AboutOf(key string) (About, bool) {
	for _, a := range Abouts {
		if a.Key == key {
			return a, true
		}
	}
	return About{}, false
}

// Conduct are the rules of conduct that the window shows (28).
var Conduct = []string{
	"文明服务，首问负责，一次性告知。", "能办的当场办；要补正的一次说清；不予办理的写明依据，出具告知单。", "不收取任何费用，不与有偿业务挂钩。",
	"本人及亲属的档案主动回避，不泄露所知悉的内容。", "每件申请都有受理回执和办理结果；对结果不服的可以提出异议。",
}

// States of a matter.
const (
	Received = "received" // 待答复
	Answered = "answered" // 已答复
)

// Matter is one objection or complaint.
type Matter struct {
	ID         string    `db:"id"`
	Version    int64     `db:"version"`
	No         string    `db:"no"`
	Kind       string    `db:"kind"`
	About      string    `db:"about,null"`
	Agency     string    `db:"agency"`    // it is about
	Authority  string    `db:"authority"` // that answers: the one above
	NoticeID   string    `db:"notice_id,null"`
	NoticeNo   string    `db:"notice_no,null"`
	CaseRef    string    `db:"case_ref,null"`
	DossierID  string    `db:"dossier_id,null"`
	Who        string    `db:"who,null,secret"` // empty: anonymous
	Contact    string    `db:"contact,null,secret"`
	Text       string    `db:"text,secret"`
	ReceivedBy string    `db:"received_by"`
	ReceivedAt time.Time `db:"received_at"`
	DueOn      string    `db:"due_on"`
	State      string    `db:"state"`
	Upheld     bool      `db:"upheld"`
	Answer     string    `db:"answer,null"`
	DocumentID string    `db:"document_id,null"`
	AnsweredBy string    `db:"answered_by,null"`
	AnsweredOn string    `db:"answered_on,null"`
	ChangedAt  time.Time `db:"changed_at"`
}

// Table names the table of matters.
func (Matter) Table() string { return "window_matter" }

func init() {
	store.Describe(Matter{})
	store.Register("window_matter", store.Audited, "异议与投诉：事由、答复机构、期限与答复，提出人加密，可以匿名")
}

// Ref names the matter in papers.
func (m Matter) Ref() string { return "Matter:" + m.ID }

// Overdue says whether its answer is late.
func (m Matter) Overdue(today calendar.Date) bool {
	return m.State == Received && m.DueOn < today.String()
}

// StateName is the state as screens say it, Tone its color.
func (m Matter) StateName(today calendar.Date) (name, tone string) {
	switch {
	case m.Overdue(today):
		return "逾期未答复", "bad"
	case m.State == Received:
		return "待答复", "wait"
	case m.Upheld:
		return "成立", "done"
	}
	return "不成立", "void"
}

// Resource is the matter as the policies see it. What is objected to tells of a dossier: who
// keeps away from its person, or is not cleared for it, keeps away from the matter (10b, 15).
func (m Matter) Resource(d dossier.Dossier) policy.Resource {
	r := policy.Resource{Type: "Matter", ID: m.ID, Agencies: []string{m.Agency}, Attrs: map[string]any{"agency": m.Agency, "authority": m.Authority}}
	if m.DossierID != "" {
		r.Secrecy, r.Attrs["person"] = d.Secrecy, d.PersonID
	}
	return r
}

// of is the dossier that a matter is about; none for most complaints.
func (m Matter) of(ctx context.Context, q store.Querier) (dossier.Dossier, error) {
	if m.DossierID == "" {
		return dossier.Dossier{}, nil
	}
	return dossier.Get(ctx, q, m.DossierID)
}

// Actions of the room.
const (
	ActReceive = "window.receive"
	ActAnswer  = "window.answer"
	ActRead    = "window.read"
)

// Entry is what is entered of an objection or a complaint.
type Entry struct {
	Kind, About, Agency, Notice string
	Who, Contact, Text          string
	MandateID                   string // of an agent who objects for the person
}

func (e *Entry) trim() {
	for _, s := range []*string{&e.Kind, &e.About, &e.Agency, &e.Notice, &e.Who, &e.Contact, &e.Text} {
		*s = strings.TrimSpace(*s)
	}
}

func reason(id rule.ID, slug, field, message, next string) rule.Reason {
	return rule.Reason{Rule: id, Slug: slug, Field: field, Message: message, Next: next}
}

// check holds an entry to its shape. A complaint needs no name; an objection is made by
// the applicant, who gets the answer.
func (e Entry) check() error {
	var wrong []rule.Reason
	switch e.Kind {
	case Objection:
		if e.Notice == "" {
			wrong = append(wrong, reason("29.8", "notice_missing", "notice", "没有填写不予办理告知单的编号。", "请照告知单填写编号；没有出具告知单的，按投诉“拒收、推诿、不出具告知”登记。"))
		}
		if e.Who == "" || e.Contact == "" {
			wrong = append(wrong, reason("29.8", "who_missing", "who", "没有登记提出人和联系方式。", "请登记申请人姓名（单位名称）和电话或地址，答复书据此送达。"))
		}
	case Complaint:
		if _, known := AboutOf(e.About); !known {
			wrong = append(wrong, reason("28", "about_unknown", "about", "没有选择投诉事项。", "请从列表中选择。"))
		}
	default:
		wrong = append(wrong, reason("28", "kind_unknown", "kind", "没有选择是异议还是投诉。", "请重新选择。"))
	}
	if e.Text == "" {
		wrong = append(wrong, reason("28", "text_missing", "text", "没有写明事实和理由。", "请照提出人所述记录。"))
	}
	if len(wrong) > 0 {
		return rule.Mistake(wrong...)
	}
	return nil
}

// Reply closes a matter.
func (m *Matter) Reply(upheld bool, text, by string, today calendar.Date) error {
	if m.State != Received {
		return rule.Refuse(reason("28", "answered_already", "", "已于"+calendar.Date(m.AnsweredOn).Long()+"答复。", "请刷新查看答复内容。"))
	}
	if m.Answer = strings.TrimSpace(text); m.Answer == "" {
		return rule.Complete(reason("28", "answer_missing", "text", "没有写明答复的事实和依据。", "请写明查明的情况、依据和处理，将随答复书送达。"))
	}
	m.State, m.Upheld, m.AnsweredBy, m.AnsweredOn = Answered, upheld, by, today.String()
	return nil
}
