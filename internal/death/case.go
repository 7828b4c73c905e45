package death

import (
	"slices"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// State tells how far the matter of a dead person's dossier is.
type State string

// States of a case.
const (
	Reported State = "reported" // 待确认
	Rejected State = "rejected" // 未予确认
	Kept     State = "kept"     // 保管中: confirmed; due when the term ends
	Retained State = "retained" // 期满续管: kept on by the present channel
	Listed   State = "listed"   // 已列入移交清单
	Sent     State = "sent"     // 已移交待回执
	Handed   State = "handed"   // 已移交
	Revoked  State = "revoked"  // 已撤销: the person is alive
)

var states = map[State]struct{ name, tone string }{
	Reported: {"待确认", "wait"}, Rejected: {"未予确认", "void"}, Kept: {"保管中", "run"}, Retained: {"期满续管", "done"},
	Listed: {"已列入移交", "run"}, Sent: {"移交待回执", "run"}, Handed: {"已移交", "done"}, Revoked: {"已撤销", "void"},
}

// States in their order.
var order = []State{Reported, Kept, Retained, Listed, Sent, Handed, Revoked, Rejected}

// Name is the state as screens say it.
func (s State) Name() string { return states[s].name }

// Tone is the state's color on screens.
func (s State) Tone() string { return states[s].tone }

// Where the knowledge comes from (20c).
const (
	Notice = "notice" // kin or a unit told it at the window
	Data   = "data"   // lists of civil affairs, public security, social insurance
)

var sources = map[string]string{Notice: "亲属、单位告知", Data: "数据比对"}

// SourceName is a source as screens say it.
func SourceName(s string) string { return sources[s] }

// Evidences are the papers and data a death is proved by (forms.md 17).
var Evidences = []string{"死亡证明", "户口注销证明", "火化证明", "法院宣告死亡判决书", "民政部门数据", "公安机关数据", "社会保险待遇停发数据"}

// fromData are those of Evidences that come as data.
var fromData = Evidences[4:]

// Case is what is known of one death and what became of the dossier.
type Case struct {
	ID           string    `db:"id"`
	Version      int64     `db:"version"`
	DossierID    string    `db:"dossier_id"`
	Agency       string    `db:"agency"`
	State        State     `db:"state"`
	Source       string    `db:"source"`
	DiedOn       string    `db:"died_on"`
	Evidence     string    `db:"evidence"`
	EvidenceNo   string    `db:"evidence_no"`           // number of the paper or of the batch
	Informant    string    `db:"informant,null,secret"` // who told it
	Relation     string    `db:"relation,null"`         // 配偶, 原单位 …
	LastPost     string    `db:"last_post,null"`        // 原单位及职务
	Merit        string    `db:"merit,null"`            // 荣誉称号、授予机关、年份
	RegisteredBy string    `db:"registered_by"`
	RegisteredAt time.Time `db:"registered_at"`
	DecidedBy    string    `db:"decided_by,null"` // who confirmed or did not
	DecidedAt    time.Time `db:"decided_at,null"`
	TermEndsOn   string    `db:"term_ends_on"`
	Volumes      int64     `db:"volumes,null"`   // counted as the dossier was handed over
	Remark       string    `db:"remark,null"`    // on its line of the list
	ReviewOn     string    `db:"review_on,null"` // kept on until then: the day of the next look
	Basis        string    `db:"basis,null"`     // on which it was kept on or revoked, or not confirmed
	HandoverID   string    `db:"handover_id,null"`
	ChangedAt    time.Time `db:"changed_at"`
}

// Table names the table of deaths.
func (Case) Table() string { return "death" }

func init() {
	store.Describe(Case{}, Handover{}, Look{}, Check{})
	store.Register("death", store.Audited, "死亡登记：来源、依据、第二人确认、五年期与去向，告知人加密")
	store.Register("death_review", store.Audited, "期满续管的复核：谁、何时、续管到哪一天、理由")
	store.Register("death_check", store.Audited, "移交清单所列档案的四性检测：页数、校验值、四项结果与所见问题")
	store.Register("death_handover", store.Audited, "死亡人员档案移交清单：接收单位、依据、双方经手人与回执")
}

// Ref names the case in papers and work items.
func (c Case) Ref() string { return "Death:" + c.ID }

// Binds names the case's dossier, and its version.
func (c Case) Binds() (string, int64) { return c.DossierID, c.Version }

// Resource is the case as the policies see it.
func (c Case) Resource(d dossier.Dossier) policy.Resource {
	return policy.Resource{Type: "Death", ID: c.ID, Agencies: []string{c.Agency}, Secrecy: d.Secrecy,
		Attrs: map[string]any{"agency": c.Agency, "person": d.PersonID, "registeredBy": c.RegisteredBy}}
}

// Actions of the room, as the policies name them.
const (
	ActReport  = "death.report"
	ActImport  = "death.import"
	ActConfirm = "death.confirm"
	ActReject  = "death.reject"
	ActHonor   = "death.honor"
	ActRetain  = "death.retain"
	ActReview  = "death.review"
	ActRevoke  = "death.revoke"
	ActRead    = "death.read"
)

// from lists the states in which an action is done.
var from = map[string][]State{
	ActConfirm: {Reported}, ActReject: {Reported}, ActHonor: {Reported, Kept, Retained}, ActRetain: {Kept}, ActReview: {Retained}, ActRevoke: {Kept, Retained},
}

// Years is the term of 20c.
const Years = 5

// TermEnds is the day the term of 20c ends: the same day five years on, or the month's
// last where there is none (民法典 202).
func TermEnds(died calendar.Date) calendar.Date {
	t := died.Time()
	last := time.Date(t.Year()+Years, t.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
	return calendar.New(t.Year()+Years, int(t.Month()), min(t.Day(), last))
}

// Due says whether the term has ended: the day itself still belongs to it.
func (c Case) Due(today calendar.Date) bool { return calendar.Date(c.TermEndsOn) < today }

// Holds says whether the death stands: confirmed and not revoked.
func (c Case) Holds() bool { return slices.Contains(holding, c.State) }

var holding = []State{Kept, Retained, Listed, Sent, Handed}

// Open says whether the case still binds somebody.
func (c Case) Open() bool {
	return c.State == Reported || c.State == Kept || c.State == Listed || c.State == Sent
}

func reason(slug, field, message, next string) rule.Reason {
	return rule.Reason{Rule: "20c", Slug: slug, Field: field, Message: message, Next: next}
}

// May says whether the state lets an action happen; nil if it does.
func (c Case) May(action string, today calendar.Date) error {
	if !slices.Contains(from[action], c.State) {
		return rule.Refuse(reason("state_"+string(c.State), "", "该死亡登记"+c.State.Name()+"，不能再办此项。", "请刷新查看现在的状态。"))
	}
	if action == ActRetain && !c.Due(today) {
		return rule.Refuse(reason("term_running", "", "去世未满5年（"+calendar.Date(c.TermEndsOn).Long()+"届满），档案由本机构继续保管，无需办理续管。", "届满后列入到期清单，再按现行渠道移交或者续管。"))
	}
	return nil
}

// Report is what is entered of a death.
type Report struct {
	DossierID           string
	DiedOn              string
	Evidence            string
	EvidenceNo          string
	Informant, Relation string
	LastPost, Merit     string
	MandateID           string // of an agent who tells it for kin
}

// check holds a report to its shape, then to what it must bring.
func (r Report) check(today calendar.Date, born string) error {
	var wrong []rule.Reason
	died := calendar.Date(r.DiedOn)
	switch {
	case !died.Valid() || died > today:
		wrong = append(wrong, reason("died_on_wrong", "diedOn", "死亡日期应是今天以前的日期。", "请照死亡证明等填写。"))
	case born != "" && r.DiedOn < born:
		wrong = append(wrong, reason("died_before_birth", "diedOn", "死亡日期早于出生日期。", "请核对是不是同一人，再照证明填写。"))
	}
	if !slices.Contains(Evidences, r.Evidence) {
		wrong = append(wrong, reason("evidence_unknown", "evidence", "未选定死亡的依据。", "请从列表中选择所查验的证明或数据。"))
	}
	if len(wrong) > 0 {
		return rule.Mistake(wrong...)
	}
	var missing []rule.Reason
	if r.EvidenceNo == "" {
		missing = append(missing, reason("evidence_no_missing", "evidenceNo", "没有登记证明的编号。", "请填写证明编号、文号或数据批次；没有编号的写明出具机关和日期。"))
	}
	if r.MandateID != "" && r.source() == Data {
		return rule.Mistake(reason("data_by_agent", "mandateId", "数据比对得知的死亡，没有人告知，不凭委托书登记。", "请改选所查验的证明；或者去掉代办人。"))
	}
	if r.source() == Notice && (r.Informant == "" || r.Relation == "") {
		missing = append(missing, reason("informant_missing", "informant", "没有登记告知人和与死者的关系。", "请填写告知人姓名和关系，例如 配偶、子女、原单位。"))
	}
	if len(missing) > 0 {
		return rule.Complete(missing...)
	}
	return nil
}

func (r Report) source() string {
	if slices.Contains(fromData, r.Evidence) {
		return Data
	}
	return Notice
}

func (r *Report) trim() {
	for _, s := range []*string{&r.DiedOn, &r.Evidence, &r.EvidenceNo, &r.Informant, &r.Relation, &r.LastPost, &r.Merit} {
		*s = strings.TrimSpace(*s)
	}
}

// open makes the case of a checked report.
func (r Report) open(id string, d dossier.Dossier, by string, at time.Time) Case {
	return Case{ID: id, Version: 1, DossierID: d.ID, Agency: d.Agency, State: Reported, Source: r.source(), DiedOn: r.DiedOn, Evidence: r.Evidence, EvidenceNo: r.EvidenceNo,
		Informant: r.Informant, Relation: r.Relation, LastPost: r.LastPost, Merit: r.Merit, RegisteredBy: by, RegisteredAt: at,
		TermEndsOn: TermEnds(calendar.Date(r.DiedOn)).String(), ChangedAt: at}
}

// decide is the second person's word, for or against.
func (c *Case) decide(action string, to State, by string, at time.Time) error {
	if err := c.May(action, ""); err != nil {
		return err
	}
	if by == c.RegisteredBy {
		return rule.Refuse(ownReport)
	}
	c.State, c.DecidedBy, c.DecidedAt = to, by, at
	return nil
}

var ownReport = reason("own_report", "", "登记人不能确认自己登记的死亡信息。", "请由本机构另一名审核人员对照证明或数据确认。")

// Confirm makes the death hold; moving says in words why the dossier is not at rest here.
func (c *Case) Confirm(by string, at time.Time, moving string) error {
	if err := c.decide(ActConfirm, Kept, by, at); err != nil {
		return err
	}
	if moving != "" {
		return rule.Refuse(reason("dossier_moving", "", "档案"+moving+"，不能在本机构确认死亡。", "请先办结转递或撤回；已转出的，由现保管机构登记。"))
	}
	return nil
}

// Reject says that the evidence does not hold.
func (c *Case) Reject(by string, at time.Time, why string) error {
	if err := c.decide(ActReject, Rejected, by, at); err != nil {
		return err
	}
	return c.because(why)
}

// Look is one decision to keep a dossier on: the first when the five years ended, and each
// review after it.
type Look struct {
	ID        string    `db:"id"`
	Version   int64     `db:"version"`
	CaseID    string    `db:"case_id"`
	DossierID string    `db:"dossier_id"`
	By        string    `db:"made_by"`
	At        time.Time `db:"at"`
	UntilOn   string    `db:"until_on"`
	Reason    string    `db:"reason"`
}

// Table names the table of looks.
func (Look) Table() string { return "death_review" }

// ReviewDue says whether what was kept on waits to be looked through again. What was kept
// on before there was a day for it waits at once.
func (c Case) ReviewDue(today calendar.Date) bool {
	return c.State == Retained && (c.ReviewOn == "" || calendar.Date(c.ReviewOn) <= today)
}

// Retain keeps the dossier on after its term, by the present channel, until a day on which
// it is looked through again.
func (c *Case) Retain(basis string, until, today calendar.Date) error {
	if err := c.May(ActRetain, today); err != nil {
		return err
	}
	c.State = Retained
	return c.keepOn(basis, until, today)
}

// Review looks a dossier that was kept on through again: it stays until another day. What
// is handed on instead goes by a list, as any.
func (c *Case) Review(basis string, until, today calendar.Date) error {
	if err := c.May(ActReview, today); err != nil {
		return err
	}
	return c.keepOn(basis, until, today)
}

func (c *Case) keepOn(basis string, until, today calendar.Date) error {
	if longest := TermEnds(today); !until.Valid() || until <= today || until > longest {
		return rule.Mistake(reason("until_wrong", "until", "续管截止日期应在今天以后、"+longest.Long()+"以前。", "请填写下次复核的日期，一次最长5年。"))
	}
	c.ReviewOn = until.String()
	return c.because(basis)
}

// Revoke takes a death back: the person lives, or a court says so.
func (c *Case) Revoke(by, basis string) error {
	if err := c.May(ActRevoke, ""); err != nil {
		return err
	}
	if by == c.RegisteredBy {
		return rule.Refuse(ownReport)
	}
	c.State = Revoked
	return c.because(basis)
}

func (c *Case) because(basis string) error {
	if c.Basis = strings.TrimSpace(basis); c.Basis == "" {
		return rule.Complete(reason("basis_missing", "basis", "没有写明依据。", "请填写依据的文件、判决或核实的情况，将随登记长期保存。"))
	}
	return nil
}

// Honor records what makes the dossier one of a hero or model.
func (c *Case) Honor(merit string) error {
	if err := c.May(ActHonor, ""); err != nil {
		return err
	}
	if c.Merit = strings.TrimSpace(merit); c.Merit == "" {
		return rule.Complete(reason("merit_missing", "merit", "没有写明荣誉称号。", "请填写荣誉称号、授予机关和年份。"))
	}
	return nil
}
