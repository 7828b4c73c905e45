package transfer

import (
	"encoding/json"
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

// listMost is how many dossiers one letter may name: what one signature stands for can be counted by hand.
const listMost = 200

// States of a list: one letter of a school or unit that names many (升学, 20b).
const (
	ListOpen   = "open"   // cases under way, to be reviewed
	ListPacked = "packed" // sealed in one packet
	ListSent   = "sent"
	ListDone   = "done"
	ListEnded  = "ended" // nobody of it went on with the others: nothing is sent, or what was came to nobody
)

// ListStateName is a list's state as screens say it.
func ListStateName(state string) string {
	return map[string]string{ListOpen: "审核中", ListPacked: "待寄送", ListSent: "待回执", ListDone: "已办结", ListEnded: "已终止"}[state]
}

// List is what goes to one school on one letter: one review, one signature, one packet
// with one list. Each dossier in it is a case of its own.
type List struct {
	ID             string    `db:"id"`
	Version        int64     `db:"version"`
	No             string    `db:"no"`
	State          string    `db:"state"`
	Agency         string    `db:"agency"`
	ReceiverName   string    `db:"receiver_name"`
	ReceiverKind   string    `db:"receiver_kind,null"`
	ReceiverAddr   string    `db:"receiver_addr,null"`
	Province       string    `db:"province,null"`
	Reason         string    `db:"reason"`
	LetterNo       string    `db:"letter_no"`
	LetterOn       string    `db:"letter_on"`
	Verified       string    `db:"verified"`
	ReceivedOn     string    `db:"received_on"`
	DueOn          string    `db:"due_on"`
	DueTentative   bool      `db:"due_tentative"`
	Persons        int64     `db:"persons"`
	LeftOut        string    `db:"left_out,null,secret"` // JSON: whom the letter names and who is not on the list, with the reasons
	RegisteredBy   string    `db:"registered_by"`
	RegisteredAt   time.Time `db:"registered_at"`
	ReviewedBy     string    `db:"reviewed_by,null"`
	ReviewedAt     time.Time `db:"reviewed_at,null"`
	PackedBy       string    `db:"packed_by,null"`
	PackedAt       time.Time `db:"packed_at,null"`
	SealNo         string    `db:"seal_no,null"`
	NoticeNo       string    `db:"notice_no,null"`
	Way            string    `db:"way,null"`
	TrackingNo     string    `db:"tracking_no,null"`
	Office         string    `db:"office,null"`
	Messengers     string    `db:"messengers,null,secret"`
	DispatchedOn   string    `db:"dispatched_on,null"`
	DispatchedBy   string    `db:"dispatched_by,null"`
	ReceiptDue     string    `db:"receipt_due,null"`
	ReceiptNo      string    `db:"receipt_no,null"`
	ReceiptOn      string    `db:"receipt_on,null"`
	ReceiptVolumes int64     `db:"receipt_volumes,null"` // by all its receipts
	ReceiptCopies  int64     `db:"receipt_copies,null"`
	ReceiptPages   int64     `db:"receipt_pages,null"`
	ReceiptOutcome string    `db:"receipt_outcome,null"` // by the last of them
	ReceiptBy      string    `db:"receipt_by,null"`
	ReceiptChecker string    `db:"receipt_checker,null"`
	ChasedOn       string    `db:"chased_on,null"`
	Chased         int64     `db:"chased,null"`
	ChangedAt      time.Time `db:"changed_at"`
}

// Table names the table of lists.
func (List) Table() string { return "transfer_list" }

func init() {
	store.Describe(List{})
	store.Register("transfer_list", store.Audited, "批量转出：一函一批，一次审核、一次签名、一个包封")
}

// Tone is the state's color on screens.
func (l List) Tone() string {
	switch l.State {
	case ListSent:
		return "wait"
	case ListDone:
		return "done"
	case ListEnded:
		return "void"
	}
	return "run"
}

// Carriers are who brings the packet, where it goes by messenger.
func (l List) Carriers() []MessengerID { return Case{Messengers: l.Messengers}.Carriers() }

// Ref names the list in papers and in the ledger.
func (l List) Ref() string { return "TransferList:" + l.ID }

// Resource is the list as the policies see it.
func (l List) Resource() policy.Resource {
	return policy.Resource{Type: "TransferList", ID: l.ID, Agencies: []string{l.Agency}, Attrs: map[string]any{"holder": l.Agency, "state": l.State, "registeredBy": l.RegisteredBy}}
}

// Named is one person the letter names: by the identity number on it, or by the number on
// the packet that was found for the name.
type Named struct {
	Name      string `json:"name"`
	IDNo      string `json:"idNo,omitempty"`
	DossierNo string `json:"dossierNo,omitempty"`
}

// number is by what the person is told apart from others of the letter.
func (n Named) number() string { return n.IDNo + n.DossierNo }

// read takes a line as it was entered: what looks like an identity number is one, anything
// else is the number of a dossier.
func (n *Named) read(today calendar.Date) (field, message string) {
	raw := strings.ToUpper(strings.TrimSpace(n.IDNo))
	n.Name, n.IDNo, n.DossierNo = strings.TrimSpace(n.Name), identity.Normalize(raw), ""
	switch {
	case n.IDNo == "":
		return "idNo", "没有公民身份号码或档案编号"
	case strings.Contains(raw, "-"): // 50010801-2026-000001
		n.IDNo, n.DossierNo = "", raw
	default:
		who, bad := identity.Parse(n.IDNo, today)
		if bad != "" {
			return "idNo", "公民身份号码有误：" + identity.ProblemText(bad)
		}
		n.IDNo = who.Number
	}
	if n.Name == "" {
		return "name", "没有姓名"
	}
	return "", ""
}

// readNamed holds the persons of a letter to their shape: all mistakes at once, each by its line.
func readNamed(named []Named, room int, today calendar.Date) (wrong []rule.Reason) {
	if len(named) == 0 || len(named) > room {
		return []rule.Reason{{Rule: "20b", Slug: "list_size", Field: "persons", Message: fmt.Sprintf("一函所列最多 %d 人，现在还可以登记 1 至 %d 人。", listMost, max(room, 0)), Next: "请照函逐人登记；人数更多的，按函的附页分批登记。"}}
	}
	seen := map[string]int{}
	for i := range named {
		mistake := func(slug, field, message, next string) {
			wrong = append(wrong, rule.Reason{Rule: "12b", Slug: slug, Field: fmt.Sprintf("persons[%d].%s", i, field), Message: fmt.Sprintf("第%d人%s。", i+1, message), Next: next})
		}
		field, problem := named[i].read(today)
		at, twice := seen[named[i].number()]
		switch {
		case field == "name":
			mistake("name_missing", field, problem, "请照函填写姓名，与号码在同一行。")
		case field != "":
			mistake("identity_number_invalid", field, problem, "请照函核对。")
		case twice:
			mistake("named_twice", "idNo", fmt.Sprintf("与第%d人是同一人", at+1), "请删去重复的一行。")
		}
		seen[named[i].number()] = i
	}
	return wrong
}

// Left is a person of the letter, or of the list, that does not go on with the others.
type Left struct {
	Named
	CaseID  string        `json:"caseId,omitempty"`
	Reasons []rule.Reason `json:"reasons"`
}

// LeftOuts reads who of the letter is not on the list.
func (l List) LeftOuts() []Left {
	var out []Left
	_ = json.Unmarshal([]byte(l.LeftOut), &out) // written by RegisterList, or empty
	return out
}

// step holds an act to a list's states.
func (l List) step(label string, from ...string) error {
	if slices.Contains(from, l.State) {
		return nil
	}
	return rule.Refuse(rule.Reason{Rule: "29.6", Slug: "step_out_of_order", Message: fmt.Sprintf("本批现为“%s”，不能%s。", ListStateName(l.State), label), Next: "请重新载入，按本批所列步骤办理。"})
}
