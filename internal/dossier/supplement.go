package dossier

import (
	"context"
	"strings"
	"time"

	"dangan/internal/codes"
	"dangan/internal/gate"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// States of a supplement.
const (
	Owed     = "open"
	Supplied = "done"   // the material was filed
	Waived   = "closed" // there is none, with the statement why
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

func init() { store.Describe(Supplement{}) }

func init() { store.Register("supplement", store.Audited, "承诺补充与先存后补的材料") }

// Owe records what a person or unit still owes, within another room's act; the
// caller saves the dossier.
func Owe(tx *gate.Tx, d *Dossier, list ...Supplement) error {
	for _, s := range list {
		s.ID, s.Version, s.DossierID, s.State = gate.NewID(), 1, d.ID, Owed
		if err := tx.Insert(s); err != nil {
			return err
		}
		d.Owed++
	}
	return nil
}

// CloseOwed closes an open supplement with the material that came or the reason
// why there is none; the caller saves the dossier.
func CloseOwed(tx *gate.Tx, d *Dossier, s Supplement, materialID, why string) error {
	if s.State != Owed {
		return rule.Refuse(rule.Reason{Rule: "20.4b", Slug: "supplement_closed", Message: "这一项已办结。", Next: "请刷新后查看。"})
	}
	s.State, s.MaterialID, s.ClosedWhy, s.ClosedAt = Waived, materialID, strings.TrimSpace(why), tx.Now()
	if materialID != "" {
		s.State = Supplied
	}
	if d.Owed > 0 {
		d.Owed--
	}
	return tx.Update(&s)
}

// Owing lists the open supplements of a dossier.
func Owing(ctx context.Context, q store.Querier, dossierID string) ([]Supplement, error) {
	return store.List[Supplement](ctx, q, "WHERE dossier_id=? AND state='open' ORDER BY due_on, id LIMIT 200", dossierID)
}

// supplied closes the supplements that a filed material answers: the same
// title, or the key fact that it proves.
func supplied(tx *gate.Tx, d *Dossier, m Material) error {
	if d.Owed == 0 {
		return nil
	}
	open, err := Owing(tx.Context(), tx, d.ID)
	if err != nil {
		return err
	}
	for _, s := range open {
		answers := codes.Canonical(s.Title) == codes.Canonical(m.Title)
		for _, fact := range codes.Proves(m.Title, m.Class) {
			answers = answers || fact == s.KeyFact
		}
		if answers {
			if err := CloseOwed(tx, d, s, m.ID, ""); err != nil {
				return err
			}
		}
	}
	return nil
}
