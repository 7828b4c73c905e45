package message

import (
	"encoding/json"
	"time"

	"dangan/internal/dossier"
	"dangan/internal/policy"
	"dangan/internal/store"
)

// States of a message.
const (
	Queued      = "queued"      // 待发送
	Sent        = "sent"        // 已发送: the gateway or the mail server took it
	Failed      = "failed"      // 未送达: it was turned down for good, or a week has gone by
	Doubtful    = "doubtful"    // 是否发出不明: the program died in the middle of an e-mail
	Unaddressed = "unaddressed" // 无联系方式
	ByHand      = "by_hand"     // 已人工告知
	Replaced    = "replaced"    // 已重发: another message says the same
)

var stateNames = map[string]string{Queued: "待发送", Sent: "已发送", Failed: "未送达", Doubtful: "是否发出不明", Unaddressed: "无联系方式", ByHand: "已人工告知", Replaced: "已重发"}

// StateName is a state as screens say it.
func StateName(state string) string { return stateNames[state] }

// Tone is how a screen colors a state.
func Tone(state string) string {
	switch state {
	case Failed, Doubtful:
		return "bad"
	case Queued:
		return "run"
	case Unaddressed:
		return "wait"
	}
	return "plain"
}

// Ways a person is told.
const (
	SMS   = "sms"
	Email = "email"
	None  = "none" // asks not to be written to
)

// WayName is a way as screens say it.
func WayName(way string) string {
	return map[string]string{SMS: "短信", Email: "电子邮件", None: "不接收消息"}[way]
}

// Message is one message to one person, or to whom a unit authorized.
type Message struct {
	ID        string    `db:"id"`
	Version   int64     `db:"version"`
	State     string    `db:"state"`
	Agency    string    `db:"agency"`
	DossierID string    `db:"dossier_id,null"` // none of one to a unit
	CaseRef   string    `db:"case_ref"`
	Template  string    `db:"template"`
	Wording   int64     `db:"wording"`
	Way       string    `db:"way"`
	Address   string    `db:"address,null,secret"`
	Text      string    `db:"text"`
	Why       string    `db:"why,null"`     // of what did not arrive
	Receipt   string    `db:"receipt,null"` // the gateway's number
	CreatedAt time.Time `db:"created_at"`
	EndedAt   time.Time `db:"ended_at,null"`
	HandledBy string    `db:"handled_by,null"`
	Note      string    `db:"note,null"` // how the person was told by hand
	Unit      string    `db:"unit,null"` // to its worker, or to who applied for a dossier that is not here yet; not to a person of a dossier
	WorkerID  string    `db:"worker_id,null"`
	KeptFrom  string    `db:"kept_from,null"` // JSON: staff who do not see it
}

// Table names the table of messages.
func (Message) Table() string { return "message" }

// Wording is a version of a template's text.
type Wording struct {
	ID          string    `db:"id"`
	Template    string    `db:"template"`
	Wording     int64     `db:"wording"`
	Text        string    `db:"text"`
	PublishedBy string    `db:"published_by"`
	PublishedAt time.Time `db:"published_at"`
}

// Table names the table of wordings.
func (Wording) Table() string { return "message_template" }

// Contact is how a person wants to be told.
type Contact struct {
	ID       string    `db:"id"`
	Version  int64     `db:"version"`
	PersonID string    `db:"person_id"`
	Way      string    `db:"way"`
	Address  string    `db:"address,null,secret"`
	NotedBy  string    `db:"noted_by"`
	NotedAt  time.Time `db:"noted_at"`
}

// Table names the table of contacts.
func (Contact) Table() string { return "message_contact" }

func init() {
	store.Describe(Message{}, Wording{}, Contact{})
	store.Register("message", store.Audited, "发给本人、单位经办人的消息：内容、方式、结果，号码加密")
	store.Register("message_template", store.Audited, "消息用语，逐版保存")
	store.Register("message_contact", store.Audited, "本人选择的告知方式，号码加密")
	store.Register("message_try", store.Transient, "消息的发送尝试")
}

// Resource is the message as the policies see it.
func (m Message) Resource(d dossier.Dossier) policy.Resource {
	r := d.Resource()
	var kept []string
	_ = json.Unmarshal([]byte(m.KeptFrom), &kept) // written by this room, or empty
	return policy.Resource{Type: "Message", ID: m.ID, Agencies: []string{m.Agency}, Secrecy: r.Secrecy, Attrs: map[string]any{"agency": m.Agency, "person": d.PersonID, "state": m.State, "keptFrom": kept}}
}
