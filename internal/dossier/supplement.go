package dossier

import (
	"context"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/width"

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
	Maker       string    `db:"maker,null"`     // who forms it: a unit, or SelfMade; empty: not known
	HandedID    string    `db:"handed_id,null"` // the piece that came for it, until it is filed or sent back
	HandedOn    string    `db:"handed_on,null"`
	MaterialID  string    `db:"material_id,null"`
	ClosedAt    time.Time `db:"closed_at,null"`
	ClosedWhy   string    `db:"closed_why,null"`
	FirstDue    string    `db:"first_due,null"` // the term before it was put off
	LapsedOn    string    `db:"lapsed_on,null"` // the day the person was told that the term had passed
	Reminded    int64     `db:"reminded,null"`
	RemindedOn  string    `db:"reminded_on,null"`
	Escalated   int64     `db:"escalated,null"` // 1: before the head, 2: before the superior
	EscalatedOn string    `db:"escalated_on,null"`
	AskedUntil  string    `db:"asked_until,null"` // a longer term that waits for its answer
	AskedBy     string    `db:"asked_by,null"`
	AskedWhy    string    `db:"asked_why,null"`
	Extended    int64     `db:"extended,null"`
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

// SelfMade is the maker of what the person writes: an autobiography, an application.
const SelfMade = "本人"

var unitMarks = strings.NewReplacer(" ", "", "　", "", "（", "", "）", "", "(", "", ")", "", "“", "", "”", "", "\"", "", "·", "")

// SameMaker tells whether two writings name one maker: width, blanks and brackets apart.
func SameMaker(a, b string) bool {
	fold := func(s string) string { return unitMarks.Replace(width.Fold.String(s)) }
	return fold(a) == fold(b)
}

// handsOwn says whether who handed a piece in formed it: the unit itself, or an office of it.
func (m Material) handsOwn() bool {
	fold := func(s string) string { return unitMarks.Replace(width.Fold.String(s)) }
	return m.Maker == "" || strings.HasPrefix(fold(m.Source), fold(m.Maker))
}

// maker is who formed a material, as far as it is known.
func (m Material) maker() string {
	switch {
	case m.Maker == "" && m.Origin == FromUnit:
		return m.Source
	case m.Origin == FromPerson && m.Maker != "" && SameMaker(m.Maker, m.Source):
		return SelfMade
	}
	return m.Maker
}

// answered are those of the open supplements that a material answers: of its title (by any
// name the lists know it by) or of a key fact that it proves, and of its maker. A supplement
// that names no maker is answered by anybody's; a material whose maker is not known answers
// a named one only where no other is owed of its title.
func answered(m Material, open []Supplement) []Supplement {
	title, maker := codes.Canonical(m.Title), m.maker()
	of := func(s Supplement) bool {
		return codes.Canonical(s.Title) == title || s.KeyFact != "" && slices.Contains(codes.Proves(m.Title, m.Class), s.KeyFact)
	}
	named := 0
	for _, s := range open {
		if s.Maker != "" && of(s) {
			named++
		}
	}
	return slices.DeleteFunc(slices.Clone(open), func(s Supplement) bool {
		return !of(s) || s.Maker != "" && (maker == "" && named > 1 || maker != "" && !SameMaker(maker, s.Maker))
	})
}

// supplied closes the supplements that a filed material answers.
func supplied(tx *gate.Tx, d *Dossier, m Material) error {
	if d.Owed == 0 {
		return nil
	}
	open, err := Owing(tx.Context(), tx, d.ID)
	if err != nil {
		return err
	}
	for _, s := range answered(m, open) {
		if err := CloseOwed(tx, d, s, m.ID, ""); err != nil {
			return err
		}
	}
	return nil
}

// handed marks what a piece answers when it is registered: it is not waited for any more,
// and owed until the piece is filed.
func handed(tx *gate.Tx, d *Dossier, m Material) error {
	if d.Owed == 0 || m.Title == "" {
		return nil
	}
	open, err := Owing(tx.Context(), tx, d.ID)
	if err != nil {
		return err
	}
	for _, s := range answered(m, open) {
		if s.HandedID != "" {
			continue
		}
		s.HandedID, s.HandedOn = m.ID, m.ReceivedOn
		if err := tx.Update(&s); err != nil {
			return err
		}
	}
	return nil
}

// sentBack makes what a returned piece came for waited for again.
func sentBack(tx *gate.Tx, d *Dossier, m Material) error {
	if d.Owed == 0 {
		return nil
	}
	list, err := store.List[Supplement](tx.Context(), tx, "WHERE dossier_id=? AND state='open' AND handed_id=?", d.ID, m.ID)
	if err != nil {
		return err
	}
	for _, s := range list {
		s.HandedID, s.HandedOn = "", ""
		if err := tx.Update(&s); err != nil {
			return err
		}
	}
	return nil
}
