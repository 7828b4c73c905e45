package dossier

import (
	"time"

	"dangan/internal/store"
)

// Supplement is a material promised or owed later.
type Supplement struct {
	ID          string    `db:"id"`
	Version     int64     `db:"version"`
	DossierID   string    `db:"dossier_id"`
	CaseRef     string    `db:"case_ref"`
	KeyFact     string    `db:"key_fact,null"`
	Title       string    `db:"title"`
	Class       string    `db:"class,null"`
	Consequence string    `db:"consequence,null"`
	State       string    `db:"state"` // open, done, closed
	DueOn       string    `db:"due_on,null"`
	Promised    bool      `db:"promised"`
	MaterialID  string    `db:"material_id,null"`
	ClosedAt    time.Time `db:"closed_at,null"`
	ClosedWhy   string    `db:"closed_why,null"`
}

// Table names the table of supplements.
func (Supplement) Table() string { return "supplement" }

func init() { store.Register("supplement", store.Audited, "承诺补充与先存后补的材料") }
