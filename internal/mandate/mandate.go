package mandate

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/identity"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// State is what a mandate is worth, as far as somebody decided it; its days count beside it.
type State string

// States of a mandate.
const (
	Valid    State = "valid"    // 有效
	Waiting  State = "waiting"  // 待负责人确认: the agent stands for unusually many
	Declined State = "declined" // 不予认可
	Revoked  State = "revoked"  // 已撤销 by the principal
)

// Matters a mandate can name: all that a person may apply for or declare at the window.
const (
	Transfer    = "transfer"
	Certificate = "certificate"
	Whereabouts = "whereabouts"
	Standing    = "standing"
	Notice      = "notice"
	Claim       = "claim"
	Undertaking = "undertaking"
	Supplement  = "supplement"
	Materials   = "materials"
	Objection   = "objection"
	Retirement  = "retirement"
	Death       = "death" // the principal is kin of the dead person
)

// Matters lists them with their names, as the form does: the one table that rooms, form and
// papers read.
var Matters = []codes.Code{{Code: Transfer, Name: "转递档案"}, {Code: Certificate, Name: "出具证明"}, {Code: Whereabouts, Name: "查询档案去向"}, {Code: Standing, Name: "变更与账户转入转出"},
	{Code: Notice, Name: "接受存档须知"}, {Code: Claim, Name: "毕业生开户认领"}, {Code: Undertaking, Name: "缺材料的说明和承诺"}, {Code: Supplement, Name: "补充材料延期"}, {Code: Materials, Name: "交存材料"}, {Code: Objection, Name: "对不予办理提出异议"},
	{Code: Retirement, Name: "退休送审"}, {Code: Death, Name: "告知亲属死亡（委托人为亲属）"}}

// Personal is what no agent does, with the reason: rooms that ask for it admit none.
var Personal = []codes.Code{{Code: "20.3c", Name: "领取、携带、送交档案：任何个人不得携带"}, {Code: "21.1", Name: "查阅、借阅档案：只凭单位介绍信，由单位派人；本人及亲属不得查阅"},
	{Code: "12a", Name: "凭手机链接、网上登录办理：只由本人"}, {Code: "20c", Name: "委托人死亡以后的事项：委托随之终止，由亲属自行申请，告知死亡可以由亲属另行委托"}}

// Documents by which principal and agent are known (12b), and what an agent is to the principal.
var (
	Documents = []string{"居民身份证", "社会保障卡", "港澳台居民居住证", "护照或其他有效证件"}
	Relations = []string{"近亲属", "其他亲属", "同事或朋友", "所在单位人员", "律师或公证员", "其他"}
)

// MatterNames are matters as papers and screens say them.
func MatterNames(matters []string) string {
	names := make([]string, len(matters))
	for i, m := range matters {
		names[i] = codes.Name(Matters, m)
	}
	return strings.Join(names, "、")
}

// Mandate is one 委托书 as it was seen.
type Mandate struct {
	ID             string    `db:"id"`
	Version        int64     `db:"version"`
	No             string    `db:"no"` // WT-50010801-2026-00001
	Agency         string    `db:"agency"`
	State          State     `db:"state"`
	Principal      string    `db:"principal"`
	PrincipalNo    string    `db:"principal_no,secret"`
	PrincipalIndex []byte    `db:"principal_ix"`
	PrincipalDoc   string    `db:"principal_doc"`
	Agent          string    `db:"agent"`
	AgentNo        string    `db:"agent_no,secret"`
	AgentIndex     []byte    `db:"agent_ix"`
	AgentDoc       string    `db:"agent_doc"`
	Relation       string    `db:"relation"`
	Phone          string    `db:"phone,null,secret"`
	Matters        string    `db:"matters"` // slugs parted by |
	PaperOn        string    `db:"paper_on"`
	ValidUntil     string    `db:"valid_until"` // the last day it holds
	Unpaid         bool      `db:"unpaid"`      // 29.9: the agent declared that nobody is paid
	Persons        int64     `db:"persons"`     // for how many the agent stood within a year, this one included
	SeenBy         string    `db:"seen_by"`     // who saw the originals
	SeenAt         time.Time `db:"seen_at"`
	DecidedBy      string    `db:"decided_by,null"`
	DecidedAt      time.Time `db:"decided_at,null"`
	Note           string    `db:"note,null"`
	EndedBy        string    `db:"ended_by,null"`
	EndedAt        time.Time `db:"ended_at,null"`
	EndReason      string    `db:"end_reason,null"`
	Unknown        bool      `db:"unknown"` // who saw it knew of no dossier of the principal (15)
	ChangedAt      time.Time `db:"changed_at"`
}

// Table names the table of mandates.
func (Mandate) Table() string { return "mandate" }

// Use is one application that rests on a mandate.
type Use struct {
	ID        string    `db:"id"`
	Version   int64     `db:"version"`
	MandateID string    `db:"mandate_id"`
	Matter    string    `db:"matter"`
	CaseRef   string    `db:"case_ref"` // such as Transfer:<id>
	UsedBy    string    `db:"used_by"`
	UsedAt    time.Time `db:"used_at"`
}

// Table names the table of what was applied for on mandates.
func (Use) Table() string { return "mandate_use" }

func init() {
	store.Describe(Mandate{}, Use{})
	store.Register("mandate", store.Audited, "委托书：委托人、代办人、事项、有效期、查验与确认，证件号加密")
	store.Register("mandate_use", store.Audited, "凭委托书受理的申请")
}

// Resource is the mandate as the policies see it. person is the principal where the
// province knows them, for recusal.
func (m Mandate) Resource(person string, secrecy int) policy.Resource {
	attrs := map[string]any{"agency": m.Agency, "state": string(m.State)}
	if m.SeenBy != "" {
		attrs["seenBy"] = m.SeenBy
	}
	if person != "" {
		attrs["person"] = person
	}
	return policy.Resource{Type: "Mandate", ID: m.ID, Agencies: []string{m.Agency}, Secrecy: secrecy, Attrs: attrs}
}

// List are the matters it names.
func (m Mandate) List() []string { return strings.Split(m.Matters, "|") }

// Standing is a mandate's state with its days counted, and the state's color.
func (m Mandate) Standing(today calendar.Date) (slug, name, tone string) {
	switch {
	case m.State == Declined:
		return "declined", "不予认可", "bad"
	case m.State == Revoked:
		return "revoked", "已撤销", "void"
	case today > calendar.Date(m.ValidUntil):
		return "expired", "已过期", "void"
	case m.State == Waiting:
		return "waiting", "待负责人确认", "wait"
	}
	return "valid", "有效", "done"
}

// For is the agent with whom they stand for, as records of other rooms name who came.
func (m Mandate) For() string { return m.Agent + "（受" + m.Principal + "委托，" + m.No + "）" }

// Cite is a mandate in one line, for papers and records of other rooms.
func (m Mandate) Cite() string {
	return fmt.Sprintf("委托书 %s（%s起，至%s）", m.No, calendar.Date(m.PaperOn).Long(), calendar.Date(m.ValidUntil).Long())
}

// Paper is what a clerk enters from the 委托书 and the two documents.
type Paper struct {
	Principal, PrincipalNo, PrincipalDoc string
	Agent, AgentNo, AgentDoc             string
	Relation, Phone                      string
	Matters                              []string
	On, Until                            calendar.Date
	Originals                            bool // paper and both documents were seen in the original
	Unpaid                               bool
}

func reason(id rule.ID, slug, field, message, next string) rule.Reason {
	return rule.Reason{Rule: id, Slug: slug, Field: field, Message: message, Next: next}
}

// Check holds a paper to what it must say and brings the numbers to their form: first
// what can't be right, then what is still missing, each kind all at once (29.8).
func (p *Paper) Check(today calendar.Date) error {
	var wrong, missing []rule.Reason
	for _, s := range []*string{&p.Principal, &p.PrincipalNo, &p.PrincipalDoc, &p.Agent, &p.AgentNo, &p.AgentDoc, &p.Relation, &p.Phone} {
		*s = strings.TrimSpace(*s)
	}
	for _, one := range []struct {
		who, field string
		name, no   *string
	}{{"委托人", "principal", &p.Principal, &p.PrincipalNo}, {"代办人", "agent", &p.Agent, &p.AgentNo}} {
		if *one.name == "" {
			wrong = append(wrong, reason("12a", one.field+"_name_missing", one.field, one.who+"姓名不能为空。", "请对照证件填写。"))
		}
		c, problem := identity.Parse(*one.no, today)
		if problem != "" {
			wrong = append(wrong, reason("12a", one.field+"_number_invalid", one.field+"No", one.who+"公民身份号码"+identity.ProblemText(problem)+"。", "请对照证件原件核对后重新填写。"))
			continue
		}
		*one.no = c.Number
	}
	if len(wrong) == 0 && p.PrincipalNo == p.AgentNo {
		wrong = append(wrong, reason("12a", "agent_is_principal", "agentNo", "代办人与委托人是同一人。", "本人到场的，请按本人申请办理，不需要委托书。"))
	}
	for _, m := range p.Matters {
		if codes.Name(Matters, m) == "" {
			wrong = append(wrong, reason("12a", "matter_unknown", "matters", "没有这种委托事项。", "请从所列事项中选择。"))
		}
	}
	switch {
	case p.On != "" && (!p.On.Valid() || p.On > today):
		wrong = append(wrong, reason("12a", "paper_day_invalid", "on", "委托书日期有误，或晚于今天。", "请照委托书填写。"))
	case p.Until != "" && (!p.Until.Valid() || p.Until < p.On):
		wrong = append(wrong, reason("12a", "validity_invalid", "until", "委托的截止日期有误，或早于委托书日期。", "请照委托书填写。"))
	}
	if len(wrong) > 0 {
		return rule.Mistake(wrong...)
	}
	if p.On == "" {
		missing = append(missing, reason("12a", "paper_missing", "on", "没有出示委托书，或委托书没有日期。", "请委托人出具写明事项、日期和有效期并签名的委托书。"))
	}
	if p.Until == "" {
		missing = append(missing, reason("12a", "validity_missing", "until", "委托书没有写明有效期。", "请委托人在委托书上写明有效期。"))
	} else if p.Until < today {
		missing = append(missing, reason("12a", "mandate_expired", "until", "委托书已于"+p.Until.Long()+"到期。", "请委托人重新出具委托书，或由本人到场办理。"))
	}
	if len(p.Matters) == 0 {
		missing = append(missing, reason("12a", "scope_missing", "matters", "委托书没有写明委托事项。", "请委托人写明委托办理哪些事项。"))
	}
	if !slices.Contains(Documents, p.PrincipalDoc) {
		missing = append(missing, reason("12a", "principal_document_missing", "principalDoc", "没有查验委托人的身份证件。", "请代办人出示委托人的居民身份证、社会保障卡等有效证件。"))
	}
	if !slices.Contains(Documents, p.AgentDoc) {
		missing = append(missing, reason("12a", "agent_document_missing", "agentDoc", "没有查验代办人的身份证件。", "请代办人出示本人的居民身份证、社会保障卡等有效证件。"))
	}
	if !slices.Contains(Relations, p.Relation) {
		missing = append(missing, reason("29.9", "relation_missing", "relation", "没有登记代办人与委托人的关系。", "请询问代办人后选择。"))
	}
	if !p.Originals {
		missing = append(missing, reason("12a", "originals_not_seen", "originals", "没有核对委托书和双方证件的原件。", "请当面核对原件后勾选；核对人即登记人。"))
	}
	if !p.Unpaid {
		missing = append(missing, reason("29.9", "unpaid_not_declared", "unpaid", "代办人没有声明不是有偿中介。", "请代办人当面声明不收取任何费用；有偿代办的不予受理，请本人办理，本服务全程免费。"))
	}
	if len(missing) > 0 {
		return rule.Complete(missing...)
	}
	slices.Sort(p.Matters)
	p.Matters = slices.Compact(p.Matters)
	return nil
}

// Covers says whether an application may rest on a mandate today: by the principal it is
// about, in a matter it names, within its days, and once the head agreed where one must.
func (m Mandate) Covers(matter string, today calendar.Date, principal ...[]byte) error {
	if !slices.ContainsFunc(principal, func(ix []byte) bool { return bytes.Equal(m.PrincipalIndex, ix) }) {
		return rule.Complete(reason("12a", "other_principal", "mandateId", "委托书的委托人不是这位存档人员。", "请存档人员本人出具委托书；委托人另有其人的，请核对所选的委托书。"))
	}
	switch slug, _, _ := m.Standing(today); slug {
	case "revoked":
		return rule.Complete(reason("12a", "mandate_revoked", "mandateId", "委托书已由委托人撤销。", "请委托人重新出具委托书，或由本人到场办理。"))
	case "expired":
		return rule.Complete(reason("12a", "mandate_expired", "mandateId", "委托书已于"+calendar.Date(m.ValidUntil).Long()+"到期。", "请委托人重新出具委托书，或由本人到场办理。"))
	case "declined":
		return rule.Refuse(reason("29.9", "agent_declined", "mandateId", "负责人不认可这一代办："+m.Note+"。", "请存档人员本人到场，或改托不取报酬的亲友；本服务全程免费，不需要中介。"))
	case "waiting":
		return unconfirmed(m)
	}
	if !slices.Contains(m.List(), matter) {
		return rule.Complete(reason("12a", "out_of_scope", "mandateId", "委托书没有委托办理“"+codes.Name(Matters, matter)+"”，只委托了"+MatterNames(m.List())+"。", "请委托人另行出具写明该事项的委托书，或由本人到场办理。"))
	}
	return nil
}

// unconfirmed refuses what rests on an agent who stands for many while the head said nothing.
func unconfirmed(m Mandate) error {
	return rule.Refuse(reason("29.9", "agent_unconfirmed", "mandateId", fmt.Sprintf("代办人一年内已为 %d 人代办，人数异常，须由负责人确认不是有偿中介。", m.Persons), "请负责人在“委托代办”中确认；急办的可由本人到场办理。"))
}

// flagged says whether an agent stands for so many that the head must agree (29.9).
func flagged(persons int64, most int) bool { return persons > int64(most) }

// Decide is the head's word on an agent who stands for many; how it was found out that
// nobody is paid, or why it is believed that somebody is, stays on record.
func (m *Mandate) Decide(by string, at time.Time, confirm bool, note string) error {
	note = strings.TrimSpace(note)
	if m.State != Waiting {
		return rule.Refuse(reason("29.9", "not_waiting", "", "这份委托书不在待确认中。", "请刷新查看现在的状态。"))
	}
	if note == "" {
		return rule.Mistake(reason("29.9", "decision_note", "note", "没有写明核实情况。", "请写明怎样核实了代办人是否有偿代办，例如 电话询问委托人。"))
	}
	m.State = Valid
	if !confirm {
		m.State = Declined
	}
	m.DecidedBy, m.DecidedAt, m.Note = by, at, strings.TrimRight(note, "。")
	return nil
}

// Revoke ends a mandate on the principal's word; what was applied for on it stays.
func (m *Mandate) Revoke(by string, at time.Time, why string) error {
	if m.State != Valid && m.State != Waiting {
		return rule.Refuse(reason("12a", "mandate_ended", "", "这份委托书已经失效。", "请刷新查看现在的状态。"))
	}
	if why = strings.TrimSpace(why); why == "" {
		return rule.Mistake(reason("12a", "revoke_reason", "reason", "没有写明委托人怎样撤销。", "请写明，例如 委托人书面撤销。"))
	}
	m.State, m.EndedBy, m.EndedAt, m.EndReason = Revoked, by, at, why
	return nil
}
