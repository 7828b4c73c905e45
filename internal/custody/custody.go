package custody

import (
	"context"
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
)

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
	Note      string    `db:"note,null"`
}

// Table names the table of handovers.
func (Event) Table() string { return "custody_event" }

func init() {
	store.Register("custody_event", store.Audited, "出入库与交接，逐次登记，只增不改")
}

// Move records a handover and sets the dossier's place; the caller saves the
// dossier with whatever else changed.
func Move(tx *gate.Tx, d *dossier.Dossier, kind, to, caseRef, note string) error {
	e := Event{ID: gate.NewID(), DossierID: d.ID, At: tx.Now(), Kind: kind, Agency: d.Agency,
		FromPlace: d.Place, ToPlace: to, CaseRef: caseRef, StaffID: tx.Actor().ID, Note: note}
	d.Place = to
	return tx.Insert(e)
}

// Chain lists the handovers of a dossier, oldest first.
func Chain(ctx context.Context, q store.Querier, dossierID string) ([]Event, error) {
	return store.List[Event](ctx, q, "WHERE dossier_id=? ORDER BY at, id LIMIT 500", dossierID)
}
