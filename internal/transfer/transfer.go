package transfer

import (
	"dangan/internal/account"
	"dangan/internal/intake"
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/codes"
	"dangan/internal/dossier"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
	"dangan/internal/undertaking"
)

// Directions of a transfer.
const (
	Inner = "inner" // between two agencies of the province
	In    = "in"    // from an outside organ, unit or another province
	Out   = "out"   // to an outside organ or unit, on its letter (20b)
)

// State tells how far a case is.
type State string

// States of a transfer.
const (
	Applied    State = "applied"    // 已申请
	Lettered   State = "lettered"   // 已开函
	Registered State = "registered" // 已登记: the clock runs
	Pulled     State = "pulled"     // 提档中 done: in the arranging room, under review
	Approved   State = "approved"   // 审核 passed, to be packed
	Packed     State = "packed"     // 待寄送
	InTransit  State = "in_transit" // 在途
	Checking   State = "checking"   // 核对中
	Promising  State = "promising"  // 待承诺: received, custody moved, undertaking asked for
	Shelving   State = "shelving"   // received, waits for its shelf
	Closed     State = "closed"     // 已办结
	Awaiting   State = "awaiting"   // 待回执: sent to an outside organ, or back to a former employer
	Returning  State = "returning"  // 待退回: the return is agreed, the packet not yet sent (20.3)
	NotSent    State = "not_sent"   // 不予转出
	Withdrawn  State = "withdrawn"  // 已撤回
	Expired    State = "expired"    // 函已过期
	Returned   State = "returned"   // 协商退回: agreed with a former employer (20.4a)
	Missing    State = "missing"    // 查找中: reported as lost on its way, the sender answers for it
)

var stateNames = map[State]string{
	Applied: "已申请", Lettered: "已开函", Registered: "已登记", Pulled: "审核中", Approved: "待装封", Packed: "待寄送", InTransit: "在途",
	Checking: "核对中", Promising: "待承诺", Shelving: "待入库", Closed: "已办结", Awaiting: "待回执", NotSent: "不予转出", Withdrawn: "已撤回", Expired: "函已过期", Returning: "待退回", Returned: "协商退回", Missing: "查找中",
}

// Name is the state as screens say it.
func (s State) Name() string { return stateNames[s] }

// Open says whether a case in this state still binds the dossier.
func (s State) Open() bool {
	return s != Closed && s != NotSent && s != Withdrawn && s != Expired && s != Returned
}

// Ways of 20.3a.
const (
	ConfidentialPost = "confidential_post"
	Messenger        = "messenger"
	RegisteredMail   = "registered_mail"
)

// Case is one transfer. Receiver and Holder are codes of agencies, empty for an
// outside organ whose name stands beside.
type Case struct {
	ID                string    `db:"id"`
	Version           int64     `db:"version"`
	No                string    `db:"no"` // ZD-2026-00001
	Direction         string    `db:"direction"`
	State             State     `db:"state"`
	DossierID         string    `db:"dossier_id,null"` // empty until acceptance when it comes from outside
	PersonName        string    `db:"person_name"`
	IDNo              string    `db:"id_no,secret"`
	IDIndex           []byte    `db:"id_ix"`
	Sex               string    `db:"sex,null"`
	Receiver          string    `db:"receiver,null"`
	ReceiverName      string    `db:"receiver_name"`
	ReceiverAddr      string    `db:"receiver_addr,null"`
	Holder            string    `db:"holder,null"`
	HolderName        string    `db:"holder_name"`
	OutsideKind       string    `db:"outside_kind,null"` // what the outside end is: see OutsideKinds
	Applicant         string    `db:"applicant"`
	Agent             string    `db:"agent,null"`
	Contact           string    `db:"contact,null,secret"`  // telephone or mailbox of the person, for what is told of the case
	ApplicantKind     string    `db:"applicant_kind,null"`  // person, unit, agent
	ApplicantDoc      string    `db:"applicant_paper,null"` // the unit's letter, or the authorization of an agent
	ApplicantUSCC     string    `db:"applicant_uscc,null"`  // of a unit: who it is, whatever its name
	AgentIDNo         string    `db:"agent_id_no,null,secret"`
	Reason            string    `db:"reason"`
	RegionBasis       string    `db:"region_basis,null"`
	TiePlace          string    `db:"tie_place,null"`   // 7b: division the tie lies in
	TieDespite        string    `db:"tie_despite,null"` // 7b: why it is taken in here without a tie
	PassedBy          string    `db:"passed_by,null"`   // 7b: agency that took the application in and passed it on
	Employer          string    `db:"employer,null"`
	Category          string    `db:"category,null"`
	Subtype           string    `db:"subtype,null"`
	Evidence          string    `db:"evidence,null"`
	Political         string    `db:"political,null"`    // GB/T 4762, of a person the province does not know yet
	Document          string    `db:"document,null"`     // 12b: the identity document that was seen
	WayRequired       string    `db:"way_required,null"` // what the letter asks for
	AppliedOn         string    `db:"applied_on,null"`
	AppliedBy         string    `db:"applied_by,null"`
	LetterNo          string    `db:"letter_no,null"`
	LetterCode        string    `db:"letter_code,null"`
	LetterOn          string    `db:"letter_on,null"`
	ValidUntil        string    `db:"valid_until,null"`
	LetterBy          string    `db:"letter_by,null"`
	PartyHeading      string    `db:"party_heading,null"` // 24: to whom the membership letter is addressed, of a member
	Verified          string    `db:"verified,null"`      // code, or telephone with whom and when
	RegisteredOn      string    `db:"registered_on,null"`
	RegisteredBy      string    `db:"registered_by,null"`
	DueOn             string    `db:"due_on,null"` // 20.2b: 15 working days from the day the letter came
	DueTentative      bool      `db:"due_tentative"`
	TermFrom          string    `db:"term_from,null"` // the day the term is counted from; empty: registered_on
	TermDays          int64     `db:"term_days,null"` // in working days; empty: fifteen
	PulledAt          time.Time `db:"pulled_at,null"`
	PulledBy          string    `db:"pulled_by,null"`
	ListedBy          string    `db:"listed_by,null"` // who entered the packing list line by line
	ListedAt          time.Time `db:"listed_at,null"`
	ReviewedAt        time.Time `db:"reviewed_at,null"`
	ReviewedBy        string    `db:"reviewed_by,null"`
	Review            string    `db:"review,null"`
	PackedAt          time.Time `db:"packed_at,null"`
	PackedBy          string    `db:"packed_by,null"`
	SealNo            string    `db:"seal_no,null"`
	NoticeNo          string    `db:"notice_no,null"`
	Volumes           int64     `db:"volumes"`         // as they were packed
	VolumesIn         int64     `db:"volumes_in,null"` // as the receiver counted them
	Way               string    `db:"way,null"`
	TrackingNo        string    `db:"tracking_no,null"`
	Office            string    `db:"office,null"`            // of the post, where it was handed over
	Messengers        string    `db:"messengers,null,secret"` // JSON
	Draft             string    `db:"draft,null,secret"`      // JSON: a dispatch entered and not yet registered
	DispatchedOn      string    `db:"dispatched_on,null"`
	DispatchedBy      string    `db:"dispatched_by,null"`
	ReceiptDue        string    `db:"receipt_due,null"`
	ArrivedOn         string    `db:"arrived_on,null"`
	ArrivedBy         string    `db:"arrived_by,null"`
	Intact            bool      `db:"intact"`
	CameWay           string    `db:"came_way,null"` // how the packet came, as the receiver saw it
	CameCarrier       string    `db:"came_carrier,null"`
	CameNo            string    `db:"came_no,null"`
	DeliveredOn       string    `db:"delivered_on,null"` // the carrier says so, and no receipt came yet
	CheckedAt         time.Time `db:"checked_at,null"`
	CheckedBy         string    `db:"checked_by,null"`
	Checkers          string    `db:"checkers,null"` // all who entered a result of the check, by |
	SecondChecker     string    `db:"second_checker,null"`
	CheckResult       string    `db:"check_result,null"` // 相符, 不符
	Differences       string    `db:"differences,null"`
	Outcome           string    `db:"outcome,null"`
	ReceiptNo         string    `db:"receipt_no,null"`
	ReceiptOn         string    `db:"receipt_on,null"`
	ReceiptVolumes    int64     `db:"receipt_volumes,null"` // what the receipt of an outside end says that came
	ReceiptCopies     int64     `db:"receipt_copies,null"`
	ReceiptPages      int64     `db:"receipt_pages,null"`
	ReceiptMissing    string    `db:"receipt_missing,null"` // key materials it says are missing
	ReceiptBy         string    `db:"receipt_by,null"`      // who took the packet in there
	ReceiptChecker    string    `db:"receipt_checker,null"`
	ReceivedAt        time.Time `db:"received_at,null"` // custody moved: once, here
	ShelvedAt         time.Time `db:"shelved_at,null"`
	ChasedOn          string    `db:"chased_on,null"`
	Chased            int64     `db:"chased"`
	Gaps              string    `db:"gaps,null"` // JSON
	ToldOn            string    `db:"told_on,null"`
	PromisedOn        string    `db:"promised_on,null"`
	Statement         string    `db:"statement,null"` // 20.4a: the person's own words
	PromiseDue        string    `db:"promise_due,null"`
	Agreement         string    `db:"agreement,null"`     // 20.4a: with whom and when a return was agreed
	History           string    `db:"history,null"`       // JSON: what a packet from outside records, for 20.3b on its way back
	HistoryBy         string    `db:"history_by,null"`    // who entered it
	HistoryOkBy       string    `db:"history_ok_by,null"` // the second person who confirmed it
	BackNo            string    `db:"back_no,null"`       // number of the notice a returned packet went with
	WithdrawnWhy      string    `db:"withdrawn_why,null"`
	WithdrawnBy       string    `db:"withdrawn_by,null"`    // whose word it was: see Askers
	WithdrawnDoc      string    `db:"withdrawn_paper,null"` // the number of the paper it stands on
	Watched           int64     `db:"watched,null"`         // 20.2b: 1 the head was told that its term is over, 2 the superior too
	ClosedAt          time.Time `db:"closed_at,null"`
	Refusal           string    `db:"refusal,null"`   // JSON of the reasons of 不予转出
	Province          string    `db:"province,null"`  // two digits: the other end is in that province (跨省通办)
	OnlineNo          string    `db:"online_no,null"` // number of the application on the national platform
	Answer            string    `db:"answer,null"`    // preliminary answer to the letter: agree, decline
	AnswerOn          string    `db:"answer_on,null"`
	AnswerNote        string    `db:"answer_note,null"`
	AnswerBy          string    `db:"answer_by,null"`
	PacketRef         string    `db:"packet_ref,null"` // the packet it moves, which is no dossier of its own
	JoinsID           string    `db:"joins_id,null"`   // the dossier that packet belongs to
	ListID            string    `db:"list_id,null"`    // the list on which it goes with others to one school
	Fault             string    `db:"fault,null"`      // kind of what is wrong with the packet on its way, while it is not dealt with
	SentFirst         string    `db:"sent_first,null"` // the day it was first sent, of a packet that came back and goes again
	Tries             int64     `db:"tries,null"`      // how often the person was not reached
	undertaking.Clock           // 20.4a: how long the undertaking is waited for
	Signing           string    `db:"signing,null"` // how the undertaking was signed: paper, screen
	ChangedAt         time.Time `db:"changed_at"`

	joins  dossier.Dossier // of JoinsID, read with the case
	online intake.Sender   // who applied over the net, in an act of theirs
	left   string          // the list it left in this act
}

// Table names the table of transfers.
func (Case) Table() string { return "transfer" }

// alone takes the case off its list: it goes on without the others.
func (c *Case) alone() {
	if c.ListID != "" {
		c.left, c.ListID = c.ListID, ""
	}
}

// Ref names the case in papers, custody and time lines.
func (c Case) Ref() string { return "Transfer:" + c.ID }

// unit is whose worker applied, of what a unit applied for.
func (c Case) unit() account.Unit {
	if c.ApplicantKind != Unit {
		return account.Unit{}
	}
	return account.Unit{USCC: c.ApplicantUSCC, Name: c.Applicant}
}

// Binds names the dossier, "" while there is none, and the version.
func (c Case) Binds() (string, int64) { return c.DossierID, c.Version }

// Resource is the case as the policies see it; both ends may know of it. The
// person is the dossier's, for recusal; empty while nobody in the province knows the dossier.
func (c Case) Resource(d dossier.Dossier) policy.Resource {
	if d.PersonID == "" {
		d = c.joins // 10b, 15: the packet is as its person's dossier
	}
	attrs := map[string]any{"receiver": c.Receiver, "holder": c.Holder, "direction": c.way(), "state": string(c.State),
		"registeredBy": c.RegisteredBy, "listedBy": c.ListedBy, "checkedBy": c.CheckedBy, "checkers": c.checkers(), "passedBy": c.PassedBy, "historyBy": c.HistoryBy,
		"arrivedBy": c.ArrivedBy, "sender": c.sender()}
	c.online.Attrs(attrs)
	if d.PersonID != "" {
		attrs["person"] = d.PersonID
	}
	var agencies []string
	for _, a := range []string{c.Holder, c.Receiver, c.PassedBy} {
		if a != "" && !slices.Contains(agencies, a) {
			agencies = append(agencies, a)
		}
	}
	return policy.Resource{Type: "Transfer", ID: c.ID, Agencies: agencies, Secrecy: d.Secrecy, Attrs: attrs}
}

// Item is one line of the packing list (20.2b), checked line by line on arrival (20.4a).
type Item struct {
	ID            string `db:"id"`
	Version       int64  `db:"version"`
	TransferID    string `db:"transfer_id"`
	LineNo        int64  `db:"line_no"`
	MaterialID    string `db:"material_id,null"`
	Class         string `db:"class,null"`
	Seq           int64  `db:"seq,null"`
	Title         string `db:"title,null"` // empty for a state-secret item (15)
	Formed        string `db:"formed,null"`
	Copies        int64  `db:"copies"`
	Pages         int64  `db:"pages"`
	IsCopy        bool   `db:"is_copy"`
	KeyFacts      string `db:"key_facts,null"` // slugs parted by |
	HasImage      bool   `db:"has_image"`
	Loose         bool   `db:"loose"` // 零散材料: not yet filed
	Secret        bool   `db:"secret"`
	Void          bool   `db:"void"`                // struck out before the list was issued
	ReceiverCheck string `db:"receiver_check,null"` // ok, missing, pages, content, extra
	Note          string `db:"note,null"`
	GotPages      int64  `db:"got_pages,null"`    // of a piece whose pages do not agree: what really came
	ProvesStill   int64  `db:"proves_still,null"` // 1: fewer pages came, and the checker says it proves its key facts all the same
}

// Sound says whether a piece came and proves what it proves: one that came with fewer pages
// only if the checker said so (20.4a).
func (i Item) Sound() bool {
	switch {
	case i.Void:
		return false
	case i.ReceiverCheck == LinePages:
		return i.GotPages >= i.Pages || i.ProvesStill > 0
	}
	return i.ReceiverCheck == LineOK || i.ReceiverCheck == LineExtra
}

// Got is how many pages of a piece came.
func (i Item) Got() int64 {
	if i.ReceiverCheck == LinePages && i.GotPages > 0 {
		return i.GotPages
	}
	return i.Pages
}

// Table names the table of packing lists.
func (Item) Table() string { return "transfer_item" }

func init() { store.Describe(Case{}, Item{}, Fault{}, Attempt{}) }

func init() {
	store.Register("transfer", store.Audited, "转递：转入转出全程")
	store.Register("transfer_item", store.Audited, "转递材料目录清单，逐份核对结果")
	store.Register("transfer_attempt", store.Audited, "联系本人的经过，代管待承诺的处置")
	store.Register("transfer_fault", store.Audited, "包裹异常：逾期、误投、拒收、遗失、破损、拆封，查询与了结")
}

// refuse builds one reason of this room.
func reason(id rule.ID, slug, message, next string) rule.Reason {
	return rule.Reason{Rule: id, Slug: slug, Message: message, Next: next}
}

// answerInTime is the way on that is left to every hindrance (20.2b).
const answerInTime = "十五个工作日内仍不能转出的，向来函单位和本人出具书面答复。"

// Hindrances are the only things that may keep a dossier from leaving (20.2a).
// Backlog of the agency is none of them.
type Hindrances struct {
	OpenLoan    bool
	OpenReading bool
	Hold        string // by whom it is held back by law, by which document, until when
	NoCatalog   bool   // neither a catalog in the system nor one entered for this case
}

// Reasons lists all that hinder, each with its rule and the way on.
func (h Hindrances) Reasons() []rule.Reason {
	var out []rule.Reason
	if h.OpenLoan {
		out = append(out, reason("20.2a", "open_loan", "有未归还的借阅。", "请催还并核对页数，归还后即可转出；"+answerInTime))
	}
	if h.OpenReading {
		out = append(out, reason("20.2a", "reading_in_progress", "档案正在查阅。", "查阅结束、档案交回后即可转出；"+answerInTime))
	}
	if h.Hold != "" {
		out = append(out, reason("20.2a", "hold_active", "档案限制转出："+h.Hold+"。", "限制到期，或该机关书面解除后即可转出；"+answerInTime))
	}
	if h.NoCatalog {
		out = append(out, reason("20.2a", "catalog_missing", "尚无材料目录清单。", "请在本件中对照实物逐份登记清单。"))
	}
	return out
}

// MessengerID is who carries a packet: at least one, two is the custom (20.3a).
type MessengerID struct {
	Name   string `json:"name"`
	IDNo   string `json:"idNo"`
	Unit   string `json:"unit,omitempty"`
	Letter string `json:"letter,omitempty" doc:"派遣单位介绍信的编号"`
	NotKin bool   `json:"notKin,omitempty" doc:"本人书面声明与存档人员没有亲属关系、不代本人携带"`
}

// Dispatch is what is entered when a packet is sent.
type Dispatch struct {
	Way        string
	TrackingNo string
	Office     string // of the post, where the packet was handed over
	Messengers []MessengerID
	On         string // 2006-01-02
	SealNo     string
}

// CheckWay is the pure rule of 20.3: the way is one of three with its papers; a
// packet with a secret in it goes by confidential post or messenger only (15), and so does
// one whose history forces it, unknown counting as forced (20.3b); the messenger is neither the person nor kin. kin answers for a messenger's
// identity number.
func CheckWay(d Dispatch, b Bound, personIDNo, agentIDNo string, kin func(idNo, name string) bool) error {
	var reasons, mistakes []rule.Reason
	switch d.Way {
	case ConfidentialPost:
		if strings.TrimSpace(d.TrackingNo) == "" {
			mistakes = append(mistakes, rule.Reason{Rule: "20.3a", Slug: "tracking_missing", Field: "trackingNo", Message: "机要通信须登记机要编号。", Next: "请填写机要编号。"})
		}
		if strings.TrimSpace(d.Office) == "" {
			mistakes = append(mistakes, rule.Reason{Rule: "20.3a", Slug: "office_missing", Field: "office", Message: "机要通信须登记交寄的机要通信局（站）。", Next: "请照交寄单填写。"})
		}
	case RegisteredMail:
		if wrong := checkMail(d.TrackingNo); wrong != nil {
			mistakes = append(mistakes, *wrong)
		}
		if strings.TrimSpace(d.Office) == "" {
			mistakes = append(mistakes, rule.Reason{Rule: "20.3a", Slug: "office_missing", Field: "office", Message: "给据邮件须登记收寄的邮政网点。", Next: "请照邮件收据填写。"})
		}
		if b.Secret != "" {
			reasons = append(reasons, rule.Reason{Rule: "15", Slug: "way_not_allowed", Message: b.Secret + "，不得以邮寄方式转递。", Next: "请改用机要通信或专人送取。"})
		}
		why := b.Why
		switch b.Forced {
		case dossier.ForcedYes:
			reasons = append(reasons, rule.Reason{Rule: "20.3b", Slug: "way_not_allowed", Message: "该同志曾任" + why + "，其档案不得以邮寄方式转递。",
				Next: "请改用机要通信或专人送取。", Facts: map[string]any{"identity": why}})
		case dossier.ForcedUnknown:
			reasons = append(reasons, rule.Reason{Rule: "20.3b", Slug: "way_not_allowed", Message: "尚未登记工作经历，不能确认是否曾任公职或国有单位管理、专业技术人员，按须机要或专送办理。",
				Next: "请改用机要通信或专人送取；或先" + why + "。", Facts: map[string]any{"identity": "unknown"}})
		}
	case Messenger:
		if len(d.Messengers) == 0 {
			mistakes = append(mistakes, rule.Reason{Rule: "20.3a", Slug: "messenger_missing", Field: "messengers", Message: "专人送取须登记送取人身份。", Next: "请填写送取人姓名和公民身份号码（一般为两人）。"})
		}
		for n, m := range d.Messengers {
			lacks := func(slug, field, message, next string) {
				mistakes = append(mistakes, rule.Reason{Rule: "20.3a", Slug: slug, Field: fmt.Sprintf("messengers[%d].%s", n, field), Message: fmt.Sprintf("第%d名送取人%s。", n+1, message), Next: next})
			}
			if m.Unit == "" {
				lacks("messenger_unit", "unit", "没有登记单位", "专人由发出或者接收单位派出；请照工作证件填写单位。")
			}
			if m.Letter == "" {
				lacks("messenger_letter", "letter", "没有登记派遣单位的介绍信", "请核验介绍信并登记编号。")
			}
			if !m.NotKin {
				lacks("messenger_declaration", "notKin", "没有作出书面声明", "请送取人书面声明与存档人员没有亲属关系、档案不交本人携带，再作登记。")
			}
			if slices.ContainsFunc(d.Messengers[:n], func(o MessengerID) bool { return o.IDNo == m.IDNo }) {
				lacks("messenger_twice", "idNo", "与前一名是同一人", "请登记另一名送取人，或者只登记一名。")
			}
		}
		for _, m := range d.Messengers {
			if m.IDNo == personIDNo || kin(m.IDNo, m.Name) {
				reasons = append(reasons, reason("20.3c", "messenger_is_person_or_kin", "送取人不得为本人或其亲属，严禁个人自带档案。", "请更换送取人，或改用机要通信。"))
				break
			}
			if agentIDNo != "" && m.IDNo == agentIDNo {
				reasons = append(reasons, reason("20.3c", "messenger_is_agent", "送取人不得为本件的代办人：代办申请不含携带档案，严禁个人自带档案。", "请由发出或者接收单位另派工作人员，或改用机要通信。"))
				break
			}
		}
	default:
		reasons = append(reasons, reason("20.3a", "way_unknown", "转递方式只能是机要通信、专人送取、给据邮件三种之一。", "请选择其中一种；个人自带、普通快递均不可。"))
	}
	if len(reasons) > 0 {
		return rule.Refuse(append(reasons, mistakes...)...)
	}
	if len(mistakes) > 0 {
		return rule.Mistake(mistakes...)
	}
	return nil
}

// WayName is a way as papers say it.
func WayName(way string) string {
	for _, w := range codes.TransferWays() {
		if w.Slug == way {
			return w.Name
		}
	}
	return way
}
