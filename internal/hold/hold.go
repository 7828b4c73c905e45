package hold

import (
	"fmt"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// State is where a hold stands.
type State string

// States of a hold.
const (
	Asked    State = "asked"    // 待确认: entered by one, in force once another confirms
	Active   State = "active"   // 限制中
	Lifting  State = "lifting"  // 待确认解除: still in force
	Lifted   State = "lifted"   // 已解除, by the organ's document
	Extended State = "extended" // 已续期: a further document of the organ took its place
	Expired  State = "expired"  // 已到期
	Refused  State = "refused"  // 不予登记
)

// InForce says whether the dossier may not leave.
func (s State) InForce() bool { return s == Active || s == Lifting }

var stateNames = map[State]string{Asked: "待确认", Active: "限制中", Lifting: "待确认解除", Lifted: "已解除", Extended: "已续期", Expired: "已到期", Refused: "不予登记"}

// Name is the state as screens say it.
func (s State) Name() string { return stateNames[s] }

// Tone is how screens color it.
func (s State) Tone() string {
	switch s {
	case Asked, Lifting:
		return "wait"
	case Active:
		return "run"
	case Refused:
		return "void"
	}
	return "plain"
}

// Basis is a law on which an organ may hold a dossier back.
type Basis struct {
	Slug string `json:"slug"`
	Name string `json:"name"`
}

// Bases lists the laws, the most frequent first.
func Bases() []Basis {
	return []Basis{
		{"civil", "《中华人民共和国民事诉讼法》（人民法院协助执行、证据保全）"},
		{"criminal", "《中华人民共和国刑事诉讼法》（公安、检察机关调取、扣押证据）"},
		{"supervision", "《中华人民共和国监察法》（监察机关调查措施）"},
		{"archives", "《中华人民共和国档案法》（档案主管部门查处违法行为）"},
		{"security", "《中华人民共和国国家安全法》等（国家安全机关）"},
	}
}

// BasisName is a basis as papers say it; empty when there is no such one.
func BasisName(slug string) string {
	for _, b := range Bases() {
		if b.Slug == slug {
			return b.Name
		}
	}
	return ""
}

// maxYears is the longest term of one document: that of a seizure by a court (最高人民
// 法院关于适用民事诉讼法的解释, 485条: three years at most). A longer one is extended.
const maxYears = 3

// Order is the organ's document.
type Order struct {
	Organ   string // who holds it back
	Basis   string // slug of Bases
	Name    string // of the document, such as 协助执行通知书
	No      string
	On      calendar.Date // its date
	Until   calendar.Date // the last day it holds
	Contact string        // who at the organ answers questions, with a telephone number
	Extends string        // id of the hold in force that it extends; empty for a first one
}

func mistake(slug, field, message, next string) rule.Reason {
	return rule.Reason{Rule: "20.2a", Slug: slug, Field: field, Message: message, Next: next}
}

// Check says all that is missing or can't be right, at once.
func (o *Order) Check(today calendar.Date) error {
	o.Organ, o.Name, o.No, o.Contact = strings.TrimSpace(o.Organ), strings.TrimSpace(o.Name), strings.TrimSpace(o.No), strings.TrimSpace(o.Contact)
	var wrong []rule.Reason
	lacks := func(bad bool, slug, field, message, next string) {
		if bad {
			wrong = append(wrong, mistake(slug, field, message, next))
		}
	}
	lacks(o.Organ == "", "organ_missing", "organ", "没有写明由哪个机关限制。", "请照法律文书填写机关全称。")
	lacks(BasisName(o.Basis) == "", "basis_missing", "basis", "没有法律依据，不能限制转出。", "请照法律文书选择所依据的法律；没有依据的，不得限制。")
	lacks(o.Name == "", "order_missing", "name", "没有写明法律文书的名称。", "请填写，例如：协助执行通知书。")
	lacks(o.No == "", "order_number_missing", "no", "没有写明法律文书的文号。", "请照文书填写文号。")
	wrong = append(wrong, dates(o.On, today)...)
	switch {
	case !o.Until.Valid():
		lacks(true, "end_missing", "until", "没有写明限制到哪一天。", "请照法律文书填写截止日期；文书没有写的，请向该机关问明。")
	case o.Until < today:
		lacks(true, "end_past", "until", "限制的截止日期已过。", "请核对法律文书；已经到期的不再限制。")
	case o.On != "" && o.Until > calendar.Of(o.On.Time().AddDate(maxYears, 0, 0)):
		lacks(true, "end_too_far", "until", fmt.Sprintf("一份文书的限制不超过%d年。", maxYears), "请核对截止日期；期满仍须限制的，凭该机关的续期文书续期。")
	}
	if len(wrong) > 0 {
		return rule.Mistake(wrong...)
	}
	return nil
}

// dates holds the date of a document against the calendar.
func dates(on, today calendar.Date) []rule.Reason {
	if !on.Valid() {
		return []rule.Reason{mistake("order_date_missing", "on", "没有写明法律文书的日期。", "请照文书填写落款日期。")}
	}
	if on > today {
		return []rule.Reason{mistake("order_date_future", "on", "法律文书的日期晚于今天。", "请核对落款日期。")}
	}
	return nil
}

// Hold is one document that keeps a dossier from leaving, and what became of it.
type Hold struct {
	ID        string        `db:"id"`
	Version   int64         `db:"version"`
	No        string        `db:"no"` // XZ-50010801-2026-0001
	State     State         `db:"state"`
	Agency    string        `db:"agency"`
	DossierID string        `db:"dossier_id"`
	Organ     string        `db:"organ"`
	Basis     string        `db:"basis"`
	OrderName string        `db:"order_name"`
	OrderNo   string        `db:"order_no"`
	OrderOn   calendar.Date `db:"order_on"`
	Until     calendar.Date `db:"until_on"`
	Contact   string        `db:"contact,null"`
	Extends   string        `db:"extends,null"` // the hold it takes the place of
	AskedBy   string        `db:"asked_by"`
	AskedAt   time.Time     `db:"asked_at"`
	DecidedBy string        `db:"decided_by,null"`
	DecidedAt time.Time     `db:"decided_at,null"`
	Note      string        `db:"note,null"`      // why it was not entered, or not lifted
	LiftName  string        `db:"lift_name,null"` // the organ's document that lifts it
	LiftNo    string        `db:"lift_no,null"`
	LiftOn    calendar.Date `db:"lift_on,null"`
	LiftBy    string        `db:"lift_by,null"`
	LiftAt    time.Time     `db:"lift_at,null"`
	LiftOkBy  string        `db:"lift_ok_by,null"`
	EndedAt   time.Time     `db:"ended_at,null"`
	ChangedAt time.Time     `db:"changed_at"`
}

// Table names the table of holds.
func (Hold) Table() string { return "legal_hold" }

func init() {
	store.Describe(Hold{})
	store.Register("legal_hold", store.Audited, "限制转出：机关、依据、文书、期限，登记与确认，续期、解除或到期")
}

// Ref names the hold in work items and time lines.
func (h Hold) Ref() string { return "Hold:" + h.ID }

// Binds names the hold's dossier, and its version.
func (h Hold) Binds() (string, int64) { return h.DossierID, h.Version }

// Resource is the hold as the policies see it.
func (h Hold) Resource(d dossier.Dossier) policy.Resource {
	return policy.Resource{Type: "Hold", ID: h.ID, Agencies: []string{h.Agency}, Secrecy: d.Secrecy,
		Attrs: map[string]any{"agency": h.Agency, "person": d.PersonID, "state": string(h.State), "askedBy": h.AskedBy, "liftBy": h.LiftBy}}
}

// Order is the document as one line: name, number.
func (h Hold) Order() string { return titled(h.OrderName, h.OrderNo) }

// Release is the document that lifts it, as one line; empty while there is none.
func (h Hold) Release() string {
	if h.LiftName == "" {
		return ""
	}
	return titled(h.LiftName, h.LiftNo)
}

// titled joins a document's name and number; a court's number begins with the year in brackets.
func titled(name, no string) string {
	if strings.HasPrefix(no, "（") {
		return name + no
	}
	return name + "（" + no + "）"
}

// Sentence is what a dossier, a refusal and an answer say of a hold in force.
func (h Hold) Sentence() string {
	return fmt.Sprintf("%s以%s限制，至%s", h.Organ, h.Order(), h.Until.Long())
}

// in refuses what the state does not allow.
func (h Hold) in(what string, states ...State) error {
	for _, s := range states {
		if h.State == s {
			return nil
		}
	}
	return rule.Refuse(rule.Reason{Rule: "20.2a", Slug: "hold_state", Message: "这项限制现为“" + h.State.Name() + "”，不能" + what + "。", Next: "请刷新后查看。"})
}

// Confirm puts an entered hold in force; old is the one it extends, nil for a first one.
func (h *Hold) Confirm(old *Hold, by string, today calendar.Date, now time.Time) error {
	if err := h.in("确认", Asked); err != nil {
		return err
	}
	if h.Until < today {
		return rule.Refuse(rule.Reason{Rule: "20.2a", Slug: "hold_over", Message: "文书所写的限制已于" + h.Until.Long() + "到期。", Next: "请不予登记；仍须限制的，由该机关出具新的文书。"})
	}
	if old != nil && (old.State == Extended || old.State == Lifted) {
		return rule.Refuse(rule.Reason{Rule: "20.2a", Slug: "hold_ended", Message: "原限制" + old.State.Name() + "，不能再续期。", Next: "请不予登记；仍须限制的，凭该机关的文书另行登记。"})
	}
	h.State, h.DecidedBy, h.DecidedAt = Active, by, now
	if old != nil && old.State.InForce() {
		old.State, old.EndedAt = Extended, now
	}
	return nil
}

// Refuse leaves an entered hold without effect, with the reason.
func (h *Hold) Refuse(note, by string, now time.Time) error {
	if err := h.in("退回", Asked); err != nil {
		return err
	}
	if err := why(note); err != nil {
		return err
	}
	h.State, h.Note, h.DecidedBy, h.DecidedAt, h.EndedAt = Refused, strings.TrimSpace(note), by, now, now
	return nil
}

func why(note string) error {
	if strings.TrimSpace(note) == "" {
		return rule.Mistake(mistake("hold_note_missing", "note", "没有写明理由。", "请写明理由，供经办核对。"))
	}
	return nil
}

// Release is the organ's document that lifts a hold.
type Release struct {
	Name, No string
	On       calendar.Date
}

// Lift enters the document; the hold stays in force until another person confirms.
func (h *Hold) Lift(r Release, by string, today calendar.Date, now time.Time) error {
	if err := h.in("解除", Active); err != nil {
		return err
	}
	r.Name, r.No = strings.TrimSpace(r.Name), strings.TrimSpace(r.No)
	wrong := dates(r.On, today)
	if r.Name == "" || r.No == "" {
		wrong = append(wrong, mistake("release_missing", "name", "没有写明解除文书的名称和文号。", "请照"+h.Organ+"的解除文书填写；没有文书的，不得提前解除。"))
	}
	if len(wrong) == 0 && r.On < h.OrderOn {
		wrong = append(wrong, mistake("release_too_early", "on", "解除文书的日期早于限制文书。", "请核对落款日期。"))
	}
	if len(wrong) > 0 {
		return rule.Mistake(wrong...)
	}
	h.State, h.LiftName, h.LiftNo, h.LiftOn, h.LiftBy, h.LiftAt = Lifting, r.Name, r.No, r.On, by, now
	return nil
}

// ConfirmLift ends the hold.
func (h *Hold) ConfirmLift(by string, now time.Time) error {
	if err := h.in("确认解除", Lifting); err != nil {
		return err
	}
	h.State, h.LiftOkBy, h.EndedAt = Lifted, by, now
	return nil
}

// Keep leaves the hold in force: the document does not lift it.
func (h *Hold) Keep(note string) error {
	if err := h.in("退回解除", Lifting); err != nil {
		return err
	}
	if err := why(note); err != nil {
		return err
	}
	h.State, h.Note = Active, strings.TrimSpace(note)
	h.LiftName, h.LiftNo, h.LiftOn, h.LiftBy, h.LiftAt = "", "", "", "", time.Time{}
	return nil
}

// Expire ends a hold whose last day is over; one not yet confirmed has no effect any more.
func (h *Hold) Expire(today calendar.Date, now time.Time) error {
	if err := h.in("到期", Asked, Active, Lifting); err != nil {
		return err
	}
	if h.Until >= today {
		return rule.Refuse(rule.Reason{Rule: "20.2a", Slug: "hold_not_over", Message: "限制到" + h.Until.Long() + "为止，尚未到期。", Next: "提前解除须凭该机关的解除文书。"})
	}
	h.State, h.EndedAt = Expired, now
	return nil
}
