package found

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

// State tells how far a packet is.
type State string

// States of a packet. None of them leads back into private hands.
const (
	Registered State = "registered" // 待封存
	Sealed     State = "sealed"     // 待核实: in the agency's custody
	Asked      State = "asked"      // 核实中: an inquiry is out
	Verified   State = "verified"   // 已核实: to be received
	Received   State = "received"   // 已转接收: goes on as a transfer that arrived
	Joined     State = "joined"     // 已并入: its person's dossier is kept here
)

var states = map[State]struct{ name, tone string }{
	Registered: {"待封存", "wait"}, Sealed: {"待核实", "wait"}, Asked: {"核实中", "run"}, Verified: {"已核实", "run"}, Received: {"已转接收", "done"}, Joined: {"已并入", "done"},
}

var order = []State{Registered, Sealed, Asked, Verified, Received, Joined}

// Name is the state as screens say it.
func (s State) Name() string { return states[s].name }

// Tone is the state's color on screens.
func (s State) Tone() string { return states[s].tone }

// What a clerk chooses from: how the packet came, and the state of its seal.
var (
	Ways  = []string{"本人携带", "亲属携带", "单位人员携带", "寄到本人后交来", "拾得交来"}
	Seals = []string{"包封完好", "包封破损", "已经拆封", "没有包封"}
)

// Packet is one packet and what is known of how it came.
type Packet struct {
	ID           string    `db:"id"`
	Version      int64     `db:"version"`
	No           string    `db:"no"`
	Agency       string    `db:"agency"`
	State        State     `db:"state"`
	PersonName   string    `db:"person_name"` // as the cover or the bringer names whose it is
	IDNo         string    `db:"id_no,null,secret"`
	PersonID     string    `db:"person_id,null"` // of one the province knows: for recusal
	Bringer      string    `db:"bringer,secret"`
	BringerPaper string    `db:"bringer_paper,null"` // the document that was seen
	Relation     string    `db:"relation"`
	Phone        string    `db:"phone,null,secret"`
	Came         string    `db:"came"`
	Seal         string    `db:"seal"`
	Seen         string    `db:"seen,null"` // what is wrong with cover or seal
	Volumes      int64     `db:"volumes"`
	Keeper       string    `db:"keeper,null"` // last keeper, as cover or bringer say
	RegisteredBy string    `db:"registered_by"`
	RegisteredAt time.Time `db:"registered_at"`
	SealedBy     string    `db:"sealed_by,null"` // the second of the two before whom it was sealed
	SealedAt     time.Time `db:"sealed_at,null"`
	SealNo       string    `db:"seal_no,null"`
	Shelf        string    `db:"shelf,null"`
	Holder       string    `db:"holder,null"`   // who answered that it is genuine
	ProofNo      string    `db:"proof_no,null"` // number of that answer
	VerifiedAt   time.Time `db:"verified_at,null"`
	TransferID   string    `db:"transfer_id,null"`
	DossierID    string    `db:"dossier_id,null"` // it was joined to
	ChangedAt    time.Time `db:"changed_at"`
}

// Table names the table of packets.
func (Packet) Table() string { return "found_packet" }

// Ref names the case in papers.
func (p Packet) Ref() string { return "Found:" + p.ID }

// Resource is the packet as the policies see it.
func (p Packet) Resource() policy.Resource {
	attrs := map[string]any{"agency": p.Agency, "registeredBy": p.RegisteredBy}
	if p.PersonID != "" {
		attrs["person"] = p.PersonID
	}
	return policy.Resource{Type: "Found", ID: p.ID, Agencies: []string{p.Agency}, Attrs: attrs}
}

// Inquiry is one letter of inquiry and its answer.
type Inquiry struct {
	ID         string `db:"id"`
	Version    int64  `db:"version"`
	PacketID   string `db:"packet_id"`
	Kind       string `db:"kind"`
	Addressee  string `db:"addressee"`
	DocumentID string `db:"document_id"`
	Number     string `db:"number"`
	SentBy     string `db:"sent_by"`
	SentOn     string `db:"sent_on"`
	DueOn      string `db:"due_on"`
	Reminded   int64  `db:"reminded"`
	RemindedOn string `db:"reminded_on,null"`
	Result     string `db:"result,null"`
	AnswerNo   string `db:"answer_no,null"`
	AnsweredOn string `db:"answered_on,null"`
	Answer     string `db:"answer,null"`
	AnsweredBy string `db:"answered_by,null"`
}

// Table names the table of inquiries.
func (Inquiry) Table() string { return "found_inquiry" }

func init() {
	store.Describe(Packet{}, Inquiry{})
	store.Register("found_packet", store.Audited, "个人手中档案：来源、封存、核实与去向，交来人和证件号加密")
	store.Register("found_inquiry", store.Audited, "个人手中档案的核实函与答复")
}

// Kinds of those who are asked (6b), in the order they are asked.
var Kinds = []struct{ Key, Name string }{{"keeper", "最后存档单位"}, {"successor", "承继单位"}, {"bureau", "主管部门"}, {"school", "毕业院校"}}

// KindName is a kind of addressee as screens say it.
func KindName(kind string) string {
	for _, k := range Kinds {
		if k.Key == kind {
			return k.Name
		}
	}
	return ""
}

// Results of an answer.
const (
	Genuine = "genuine" // 属实
	Unknown = "unknown" // 查无记载
	Differs = "differs" // 与记载不符
)

var results = map[string]string{Genuine: "属实", Unknown: "查无记载", Differs: "与记载不符"}

// ResultName is an answer as screens say it.
func ResultName(r string) string { return results[r] }

// Actions of the room.
const (
	ActRegister = "found.register"
	ActSeal     = "found.seal"
	ActAsk      = "found.ask"
	ActRemind   = "found.remind"
	ActAnswer   = "found.answer"
	ActReceive  = "found.receive"
	ActJoin     = "found.join"
	ActPicture  = "found.picture"
	ActRead     = "found.read"
)

// from lists the states in which an action is done.
var from = map[string][]State{
	ActSeal: {Registered}, ActAsk: {Sealed}, ActRemind: {Asked}, ActAnswer: {Asked}, ActReceive: {Verified}, ActJoin: {Verified}, ActPicture: {Registered, Sealed, Asked, Verified},
}

func reason(slug, field, message, next string) rule.Reason {
	return rule.Reason{Rule: "6b", Slug: slug, Field: field, Message: message, Next: next}
}

// May says whether the state lets an action happen; nil if it does.
func (p Packet) May(action string) error {
	if slices.Contains(from[action], p.State) {
		return nil
	}
	next := "请刷新查看现在的状态。"
	switch p.State {
	case Registered:
		next = "请先由另一名工作人员当面封存。"
	case Sealed:
		next = "请先向最后存档单位、其承继单位、主管部门或者毕业院校发函核实。"
	case Asked:
		next = "请先登记答复；逾期未答复的催复，或登记查无后向下一单位核实。"
	}
	return rule.Refuse(reason("state_"+string(p.State), "", "该档案"+p.State.Name()+"，不能办理此项。", next))
}

// Arrival is what is entered when somebody brings a packet.
type Arrival struct {
	PersonName, IDNo                       string
	Bringer, BringerPaper, Relation, Phone string
	Came, Seal, Seen                       string
	Volumes                                int64
	Keeper                                 string
}

func (a *Arrival) trim() {
	for _, s := range []*string{&a.PersonName, &a.IDNo, &a.Bringer, &a.BringerPaper, &a.Relation, &a.Phone, &a.Came, &a.Seal, &a.Seen, &a.Keeper} {
		*s = strings.TrimSpace(*s)
	}
}

// check holds an arrival to its shape. Nothing that is unknown of the packet is a ground
// to turn it away: a number the cover does not bear may be missing.
func (a *Arrival) check(today calendar.Date) error {
	var wrong []rule.Reason
	if a.IDNo != "" {
		who, problem := identity.Parse(a.IDNo, today)
		if problem != "" {
			wrong = append(wrong, rule.Reason{Rule: "12b", Slug: "identity_number_invalid", Field: "idNo", Message: "公民身份号码有误：" + identity.ProblemText(problem) + "。", Next: "请照证件或封面核对；封面没有的可以不填，核实时补登。"})
		}
		a.IDNo = who.Number
	}
	if a.PersonName == "" {
		wrong = append(wrong, reason("name_missing", "personName", "没有填写是谁的档案。", "请照封面或交来人所述填写。"))
	}
	if a.Bringer == "" || a.Relation == "" {
		wrong = append(wrong, reason("bringer_missing", "bringer", "没有登记交来人和与存档人的关系。", "请填写交来人姓名和关系，例如 本人、配偶、原单位人事。"))
	}
	if !slices.Contains(Ways, a.Came) {
		wrong = append(wrong, reason("came_unknown", "came", "没有选择怎样来的。", "请从列表中选择。"))
	}
	if !slices.Contains(Seals, a.Seal) {
		wrong = append(wrong, reason("seal_unknown", "seal", "没有选择包封状态。", "请当面查看后从列表中选择。"))
	}
	if a.Seal != "" && a.Seal != Seals[0] && a.Seen == "" {
		wrong = append(wrong, reason("seen_missing", "seen", "包封不完好的，须写明情况。", "请写明破损、拆封的位置和程度。"))
	}
	if a.Volumes < 1 || a.Volumes > 99 {
		wrong = append(wrong, reason("volumes_wrong", "volumes", "卷（袋）数应为 1 至 99。", "请清点后填写。"))
	}
	if len(wrong) > 0 {
		return rule.Mistake(wrong...)
	}
	return nil
}

func (a Arrival) packet(id, no, agency, by string, at time.Time) Packet {
	return Packet{ID: id, Version: 1, No: no, Agency: agency, State: Registered, PersonName: a.PersonName, IDNo: a.IDNo, Bringer: a.Bringer, BringerPaper: a.BringerPaper, Relation: a.Relation,
		Phone: a.Phone, Came: a.Came, Seal: a.Seal, Seen: a.Seen, Volumes: a.Volumes, Keeper: a.Keeper, RegisteredBy: by, RegisteredAt: at, ChangedAt: at}
}

// OnSeal seals the packet before two: who registered it and another.
func (p *Packet) OnSeal(sealNo, shelf, by string, at time.Time) error {
	if err := p.May(ActSeal); err != nil {
		return err
	}
	if by == p.RegisteredBy {
		return rule.Refuse(ownSeal)
	}
	p.SealNo, p.Shelf = strings.TrimSpace(sealNo), strings.TrimSpace(shelf)
	if p.SealNo == "" || p.Shelf == "" {
		return rule.Complete(reason("seal_missing", "sealNo", "没有登记封条号和存放位置。", "请贴封条、二人签名后登记封条号，并写明待核实专柜的位置。"))
	}
	p.State, p.SealedBy, p.SealedAt = Sealed, by, at
	return nil
}

var ownSeal = reason("own_seal", "", "封存须有两名工作人员在场，登记人不能一人封存。", "请由本机构另一名工作人员当面清点、贴封后登记。")

// Answered puts an answer on the inquiry and the packet.
func (p *Packet) Answered(q *Inquiry, a Answer, by string, today calendar.Date, at time.Time) error {
	if err := p.May(ActAnswer); err != nil {
		return err
	}
	on := calendar.Date(a.On)
	var wrong []rule.Reason
	if results[a.Result] == "" {
		wrong = append(wrong, reason("result_unknown", "result", "没有选择核实结果。", "请照答复选择：属实、查无记载或与记载不符。"))
	}
	if !on.Valid() || on > today || a.On < q.SentOn {
		wrong = append(wrong, reason("answered_on_wrong", "on", "答复日期应在发函之后、今天以前。", "请照答复函填写。"))
	}
	if len(wrong) > 0 {
		return rule.Mistake(wrong...)
	}
	if a.No == "" && a.Result == Genuine {
		return rule.Complete(reason("answer_paper_missing", "no", "属实的须有书面答复。", "请收到书面答复后登记其文号；没有文号的写明出具单位和日期。"))
	}
	if a.Note == "" {
		return rule.Complete(reason("answer_text_missing", "note", "没有写明答复内容。", "请摘要登记答复内容，例如 属实，1998年7月至2003年6月由我单位保管。"))
	}
	q.Result, q.AnswerNo, q.AnsweredOn, q.Answer, q.AnsweredBy = a.Result, a.No, a.On, a.Note, by
	p.State = Sealed
	if a.Result == Genuine {
		p.State, p.Holder, p.ProofNo, p.VerifiedAt = Verified, q.Addressee, a.No, at
	}
	return nil
}

// Answer is what is entered of an answer.
type Answer struct {
	Result, No, On, Note string
	IDNo                 string // where the cover did not bear it
}

// Remind notes that an answer was asked for again: once a day, after its day.
func (q *Inquiry) Remind(today calendar.Date) error {
	if q.DueOn >= today.String() {
		return rule.Refuse(reason("not_due", "", "核实函答复期限到"+calendar.Date(q.DueOn).Long()+"，还不需要催复。", "逾期未答复的再催复。"))
	}
	if q.RemindedOn == today.String() {
		return rule.Refuse(reason("reminded_today", "", "今天已经催复过。", fmt.Sprintf("已催复 %d 次；仍无答复的，可登记查无后向承继单位、主管部门或毕业院校核实。", q.Reminded)))
	}
	q.Reminded, q.RemindedOn = q.Reminded+1, today.String()
	return nil
}
