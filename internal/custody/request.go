package custody

import (
	"regexp"
	"time"

	"dangan/internal/dossier"
	"dangan/internal/policy"
	"dangan/internal/rule"
)

// Purposes for which a case needs the packet.
const (
	ForTransfer    = "transfer"    // 转出
	ForReading     = "reading"     // 查阅
	ForLoan        = "loan"        // 借阅
	ForCertificate = "certificate" // 出具证明
	ForFiling      = "filing"      // 收集归档
	ForScanning    = "scanning"    // 数字化
	ForShelf       = "shelf"       // 转入后入库
	ForHandover    = "handover"    // 死亡档案移交
	ForReview      = "review"      // 退休送审
)

var purposes = map[string]struct{ name, place string }{
	ForTransfer: {"转出", dossier.PlaceArranging}, ForReading: {"查阅", dossier.PlaceReading}, ForLoan: {"借阅", dossier.PlaceReading},
	ForCertificate: {"出具证明", dossier.PlaceArranging}, ForFiling: {"收集归档", dossier.PlaceArranging}, ForScanning: {"数字化", dossier.PlaceArranging},
	ForShelf: {"转入入库", dossier.PlaceArranging}, ForHandover: {"死亡档案移交", dossier.PlaceArranging},
	ForReview: {"退休送审", dossier.PlaceArranging},
}

// PurposeName is a purpose as screens say it.
func PurposeName(purpose string) string {
	if p, known := purposes[purpose]; known {
		return p.name
	}
	return purpose
}

// PlaceFor is the room a purpose asks for.
func PlaceFor(purpose string) string {
	if p, known := purposes[purpose]; known {
		return p.place
	}
	return dossier.PlaceArranging
}

// States of a request.
const (
	Asked  = "asked"  // 待提档
	Out    = "out"    // 已提出, the case works with it
	Back   = "back"   // 待入库: the case is done with it
	Closed = "closed" // 已归还, or no longer needed
)

var requestStates = map[string]string{Asked: "待提档", Out: "已提出", Back: "待入库", Closed: "已办结"}

// StateName is a request's state as screens say it.
func StateName(state string) string { return requestStates[state] }

// Request is one 提档单. A case has at most one open request for a dossier; several
// cases may need the same packet, and it goes back when the last is done with it.
type Request struct {
	ID         string    `db:"id"`
	Version    int64     `db:"version"`
	DossierID  string    `db:"dossier_id"`
	Agency     string    `db:"agency"`
	CaseRef    string    `db:"case_ref"`
	Purpose    string    `db:"purpose"`
	State      string    `db:"state"`
	AskedBy    string    `db:"asked_by"`
	AskedAt    time.Time `db:"asked_at"`
	PulledBy   string    `db:"pulled_by,null"`
	PulledAt   time.Time `db:"pulled_at,null"`
	Place      string    `db:"place,null"`
	FinishedAt time.Time `db:"finished_at,null"`
	ClosedBy   string    `db:"closed_by,null"`
	ClosedAt   time.Time `db:"closed_at,null"`
}

// Table names the table of requests.
func (Request) Table() string { return "pull_request" }

// Resource is a dossier as the policies of this room see it.
func Resource(d dossier.Dossier) policy.Resource { return d.Resource() }

// shelfmarkForm is store-zone-rack-section-shelf-box, such as 01-A-012-03-5-08.
var shelfmarkForm = regexp.MustCompile(`^\d{2}-[A-Z]{1,2}-\d{3}-\d{2}-\d{1,2}-\d{2}$`)

// CheckShelfmark holds a shelfmark to its form.
func CheckShelfmark(shelfmark string) error {
	if shelfmarkForm.MatchString(shelfmark) {
		return nil
	}
	return rule.Mistake(rule.Reason{Rule: "16b", Slug: "shelfmark_form", Field: "shelfmark", Message: "库位写法不对。", Next: "请按 库房-区-架-节-层-盒 填写，例如 01-A-012-03-5-08。"})
}

// rooms are the places a packet can be handed to within an agency.
var rooms = map[string]bool{dossier.PlaceArranging: true, dossier.PlaceReading: true, dossier.PlaceWindow: true}

// serves says whether a case with that purpose can work with a packet in that room:
// readers read in the reading room and nowhere else (16b); what the staff does may
// also be done at the window.
func serves(purpose, room string) bool {
	place := PlaceFor(purpose)
	return place == room || place == dossier.PlaceArranging && room == dossier.PlaceWindow
}

// next is the oldest request that waits for the packet in a room; in any, if room is
// empty. Nil if none does.
func next(open []Request, room string) *Request {
	for i := range open {
		if r := &open[i]; r.State == Asked && (room == "" || serves(r.Purpose, room)) {
			return r
		}
	}
	return nil
}

// CheckPull is the pure rule of taking a packet from where it is for the cases
// that asked (16b, 29.2).
func CheckPull(d dossier.Dossier, open []Request, to string) error {
	if to != "" && !rooms[to] {
		return rule.Mistake(rule.Reason{Rule: "16b", Slug: "room_unknown", Field: "to", Message: "档案只能提到整理室、阅档室或窗口。", Next: "请选择其中一处。"})
	}
	if err := here(d, "提档"); err != nil {
		return err
	}
	if next(open, to) != nil {
		return nil
	}
	if next(open, "") != nil {
		return rule.Mistake(rule.Reason{Rule: "16b", Slug: "room_not_asked", Field: "to", Message: "没有要求提到" + PlaceName(to) + "的提档单。", Next: "请按提档单所列用途提到相应的房间：查阅到阅档室，其余到整理室或窗口。"})
	}
	return rule.Refuse(rule.Reason{Rule: "29.2", Slug: "pull_without_request", Message: "没有待办的提档单，档案不得擅自提出。", Next: "由办理该事项的经办人员在业务中发起，提档单随即到库房。"})
}

// CheckHandover is the pure rule of handing a packet from room to room.
func CheckHandover(d dossier.Dossier, to string) error {
	switch {
	case to == dossier.PlaceStore:
		return rule.Refuse(rule.Reason{Rule: "16b", Slug: "shelf_by_put_back", Message: "入库须登记库位，不作为室间交接办理。", Next: "请办理入库。"})
	case !rooms[to]:
		return rule.Mistake(rule.Reason{Rule: "16b", Slug: "room_unknown", Field: "to", Message: "档案只能交到整理室、阅档室或窗口。", Next: "请选择其中一处。"})
	case d.Place == dossier.PlaceStore:
		return rule.Refuse(rule.Reason{Rule: "16b", Slug: "on_its_shelf", Message: "档案在库房，未提出。", Next: "先按提档单办理提档。"})
	case d.Place == to:
		return rule.Refuse(rule.Reason{Rule: "16b", Slug: "already_there", Message: "档案已在" + PlaceName(to) + "。", Next: "请选择另一处，或办理入库。"})
	}
	return here(d, "交接")
}

// CheckPutBack is the pure rule of shelving: only in a store, on a known
// shelfmark, and when no case works with the packet any more.
func CheckPutBack(d dossier.Dossier, open []Request, room, shelfmark string) error {
	if room != "" && room != dossier.PlaceStore {
		return rule.Refuse(rule.Reason{Rule: "16b", Slug: "room_function_mismatch", Message: PlaceName(room) + "不是库房，不得上架。", Next: "请送库房上架；整理室过夜的须锁存并登记。"})
	}
	if d.Place == dossier.PlaceStore {
		return rule.Refuse(rule.Reason{Rule: "16b", Slug: "on_its_shelf", Message: "档案已在库房。", Next: "无需办理；库位有误的，在盘点中更正。"})
	}
	if err := here(d, "入库"); err != nil {
		return err
	}
	for _, r := range open {
		if r.State == Out {
			return rule.Refuse(rule.Reason{Rule: "16b", Slug: "still_in_use", Message: "“" + PurposeName(r.Purpose) + "”尚未办完，档案还不能入库。", Next: "该事项办结后即可入库；需要换地方的，办理室间交接。"})
		}
	}
	if shelfmark == "" {
		shelfmark = d.Shelfmark
	} else if shelfmark != d.Shelfmark {
		if err := CheckShelfmark(shelfmark); err != nil {
			return err
		}
	}
	if shelfmark == "" {
		return rule.Mistake(rule.Reason{Rule: "16b", Slug: "shelfmark_missing", Field: "shelfmark", Message: "入库须登记库位。", Next: "请扫描或填写库位，例如 01-A-012-03-5-08。"})
	}
	return nil
}

// here refuses what can't be done with a packet that is not in the house.
func here(d dossier.Dossier, what string) error {
	if d.Place != dossier.PlaceTransit && d.Place != dossier.PlaceOutside && d.State != dossier.Lent {
		return nil
	}
	where := PlaceName(d.Place)
	if d.State == dossier.Lent {
		where = "借阅单位"
	}
	return rule.Refuse(rule.Reason{Rule: "16b", Slug: "not_in_house", Message: "档案现在" + where + "，不在本机构，不能" + what + "。", Next: "收到并核对后再办理。"})
}
