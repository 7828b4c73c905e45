package custody

import (
	"time"

	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/store"
)

// Kinds of handovers.
const (
	Taken      = "taken"      // 转入接收, or stock registered
	Shelved    = "shelved"    // 入库
	Pulled     = "pulled"     // 提档、出库
	Handed     = "handed"     // 交接 between rooms
	Dispatched = "dispatched" // 寄送
	Arrived    = "arrived"    // 签收
	Merged     = "merged"     // 并档: two packets of one person become one (2)
	Parted     = "parted"     // 拆档: a packet wrongly merged stands by itself again
	Rebuilt    = "rebuilt"    // 重建: of what was lost, on an investigation record (29.5)
	CameBack   = "came_back"  // 退回: a packet that was sent is at its sender again
	Succeeded  = "succeeded"  // 机构合并: the custodian changes, the packet does not move
	Lent       = "lent"       // 交出: with somebody outside for a while (22), the keeper stays the same
	Restored   = "restored"   // 归还
	Strayed    = "strayed"    // 误投: with an agency that is neither end of its transfer (20.3a)
	Beside     = "beside"     // 另袋: another packet of the same person, until it is joined (2)
)

var kindNames = map[string]string{Taken: "接收", Shelved: "入库", Pulled: "出库", Handed: "交接", Dispatched: "寄送", Arrived: "签收", CameBack: "退回到件", Merged: "并档", Parted: "拆档", Rebuilt: "重建", Succeeded: "机构合并接管", Lent: "交出", Restored: "归还", Beside: "另袋", Strayed: "误投代管"}

// KindName is a kind of handover as screens say it.
func KindName(kind string) string { return kindNames[kind] }

var placeNames = map[string]string{
	dossier.PlaceStore: "库房", dossier.PlaceArranging: "整理室", dossier.PlaceReading: "阅档室", dossier.PlaceWindow: "窗口",
	dossier.PlaceTransit: "途中", dossier.PlaceOutside: "外单位", dossier.PlaceJoined: "并入他卷",
}

// PlaceName is a place as screens say it.
func PlaceName(place string) string { return placeNames[place] }

// Event is one handover. Places are those of dossier; a reference names the case.
type Event struct {
	ID        string    `db:"id"`
	DossierID string    `db:"dossier_id"`
	At        time.Time `db:"at"`
	Kind      string    `db:"kind"`
	Agency    string    `db:"agency"` // who holds it afterwards; for the way, who sent it
	FromPlace string    `db:"from_place"`
	ToPlace   string    `db:"to_place"`
	CaseRef   string    `db:"case_ref,null"` // "Transfer:<id>"
	StaffID   string    `db:"staff_id"`
	Packet    string    `db:"packet,null"` // Intact or Broken, where somebody looked
	Note      string    `db:"note,null"`
}

// What was seen of a packet at a handover.
const (
	Intact = "intact" // 封存完好
	Broken = "broken" // 封存有损
)

// Table names the table of handovers.
func (Event) Table() string { return "custody_event" }

func init() { store.Describe(Event{}, Request{}) }

func init() {
	store.Register("custody_event", store.Audited, "出入库与交接，逐次登记，只增不改")
	store.Register("pull_request", store.Audited, "提档单：谁为哪件事需要档案，何时提出、何时归还")
}

// Move records a handover and sets the dossier's place; the caller saves the
// dossier with whatever else changed.
func Move(tx *gate.Tx, d *dossier.Dossier, kind, to, caseRef, note string) error {
	return move(tx, d, Event{Kind: kind, ToPlace: to, CaseRef: caseRef, Note: note})
}

// Note records on a dossier what becomes of another packet of the same person, which lies
// with an agency of its own; the dossier itself does not move.
func Note(tx *gate.Tx, d dossier.Dossier, agency, caseRef, packet, note string) error {
	return tx.Insert(Event{ID: gate.NewID(), DossierID: d.ID, At: tx.Now(), Kind: Beside, Agency: agency, FromPlace: d.Place, ToPlace: d.Place, CaseRef: caseRef, StaffID: tx.Actor().ID, Packet: packet, Note: note})
}

func move(tx *gate.Tx, d *dossier.Dossier, e Event) error {
	e.ID, e.DossierID, e.At, e.Agency, e.FromPlace, e.StaffID = gate.NewID(), d.ID, tx.Now(), d.Agency, d.Place, tx.Actor().ID
	d.Place = e.ToPlace
	return tx.Insert(e)
}
