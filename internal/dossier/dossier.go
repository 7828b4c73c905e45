package dossier

import (
	"time"

	"dangan/internal/policy"
	"dangan/internal/store"
)

// State tells where in its life a dossier is.
type State string

// States of a dossier. Only custody moves (the transfer's end) change the agency.
const (
	InStore   State = "in_store"   // 在库
	Arranging State = "arranging"  // 整理中: pulled for work in the arranging room
	Reading   State = "reading"    // 查阅中: a reading session is open
	Lent      State = "lent"       // 借阅在外
	Leaving   State = "leaving"    // 转出办理中
	InTransit State = "in_transit" // 在途
	Arriving  State = "arriving"   // 转入核对中
	Left      State = "left"       // 已转出: to a keeper outside the province, or 已并入 another dossier
)

// Names of the states as screens say them.
var stateNames = map[State]string{
	InStore: "在库", Arranging: "整理中", Reading: "查阅中", Lent: "借阅在外",
	Leaving: "转出办理中", InTransit: "在途", Arriving: "转入核对中", Left: "已转出",
}

// Name is the state as screens say it.
func (s State) Name() string { return stateNames[s] }

// Places a packet can be at, apart from agencies' rooms named in custody.
const (
	PlaceStore     = "store"     // 库房: on its shelf
	PlaceArranging = "arranging" // 整理室
	PlaceReading   = "reading"   // 阅档室
	PlaceWindow    = "window"    // 窗口: until the day's end at most
	PlaceTransit   = "transit"   // on the way between two keepers
	PlaceOutside   = "outside"   // with an outside keeper
	PlaceJoined    = "joined"    // part of the packet it was merged into (2)
)

// Forced says whether 20.3b forces confidential post or messenger.
type Forced string

// Unknown counts as yes (20.3b).
const (
	ForcedUnknown Forced = "unknown" // no history recorded
	ForcedYes     Forced = "yes"
	ForcedNo      Forced = "no" // a recorded and confirmed history without a forcing identity
)

// Dossier is the record. Agency is the present keeper; for one that left the
// province it is the last keeper.
type Dossier struct {
	ID           string    `db:"id"`
	Version      int64     `db:"version"`
	PersonID     string    `db:"person_id"`
	Agency       string    `db:"agency"`
	No           string    `db:"no"`
	State        State     `db:"state"`
	Place        string    `db:"place"`
	Shelfmark    string    `db:"shelfmark,null"`
	Category     string    `db:"category"` // 4.1 … 4.7
	Subtype      string    `db:"subtype,null"`
	Evidence     string    `db:"evidence,null"` // of the category, as seen
	Basis        string    `db:"basis"`         // how it came to be here: stock, transfer, new
	ReceivedOn   string    `db:"received_on"`   // 2006-01-02
	ReceivedFrom string    `db:"received_from,null"`
	Secrecy      int       `db:"secrecy"`          // highest of its materials
	OwnSecrecy   int       `db:"own_secrecy,null"` // its own class, whatever lies in it
	Senior       bool      `db:"senior"`           // 21b: senior professional
	Hold         string    `db:"hold,null"`
	AccountKind  string    `db:"account_kind,null"` // personal, collective
	AccountUnit  string    `db:"account_unit,null"`
	AccountOn    string    `db:"account_on,null"`
	Catalog      int64     `db:"catalog"` // version of the catalog in the system, 0: paper only
	Materials    int64     `db:"materials"`
	Pages        int64     `db:"pages"`
	Images       int64     `db:"images"`
	Forced       Forced    `db:"forced"`
	Notes        string    `db:"notes,null"` // JSON: columns of a roster nobody knew
	Remark       string    `db:"remark,null"`
	Loose        int64     `db:"loose"`              // materials received and not yet filed or returned
	Owed         int64     `db:"owed"`               // supplements still open
	Attention    bool      `db:"attention"`          // something moves or waits; set by Save
	HistoryBy    string    `db:"history_by,null"`    // who stated that the recorded history is complete
	HistoryOkBy  string    `db:"history_ok_by,null"` // the second person who confirmed it
	MergedInto   string    `db:"merged_into,null"`   // the dossier whose part it became (2); its state is Left
	ChangedAt    time.Time `db:"changed_at"`
}

// waits says whether something moves or waits on the dossier.
func (d Dossier) waits() bool {
	return d.State != InStore && d.State != Left || d.Loose > 0 || d.Owed > 0 || d.Hold != ""
}

// BasisName is how the dossier came to be here, as screens say it.
func (d Dossier) BasisName() string {
	if name, known := map[string]string{"stock": "存量登记", "transfer": "转入", "new": "新建", "rebuilt": "重建", "graduate": "毕业生接收"}[d.Basis]; known {
		return name
	}
	return d.Basis
}

// Table names the table of dossiers.
func (Dossier) Table() string { return "dossier" }

func init() { store.Describe(Dossier{}) }

// Resource is the dossier as the policies see it. also lists further agencies
// that may know of it, such as the receiver of a running transfer.
func (d Dossier) Resource(also ...string) policy.Resource {
	return policy.Resource{
		Type: "Dossier", ID: d.ID, Agencies: append([]string{d.Agency}, also...), Secrecy: d.Secrecy,
		Attrs: map[string]any{"agency": d.Agency, "person": d.PersonID, "state": string(d.State), "senior": d.Senior, "hold": d.Hold != ""},
	}
}

func init() {
	store.Register("dossier", store.Audited, "档案：一人一档，状态、保管机构、类别与依据")
	store.Register("dossier_number", store.Audited, "档案曾用编号，旧号仍可查到")
	store.Register("material", store.Audited, "材料：从接收、鉴别到归档，版本不覆盖")
	store.Register("fact", store.Audited, "材料所记关键信息，逐条注明出处")
	store.Register("history_period", store.Audited, "材料所记经历，逐条注明出处")
	store.Register("family_member", store.Audited, "材料所记家庭成员，加密保存")
	store.Register("name_key", store.Derived, "姓名、拼音、首字母检索键，由人员姓名与档案保管机构重建")
}
