package dossier

import (
	"context"
	"fmt"
	"slices"
	"time"

	"dangan/internal/codes"
	"dangan/internal/gate"
	"dangan/internal/person"
	"dangan/internal/store"
)

// Get reads a dossier; store.ErrNotFound if there is none.
func Get(ctx context.Context, q store.Querier, id string) (Dossier, error) {
	return store.Get[Dossier](ctx, q, "WHERE id=?", id)
}

// Load reads a dossier inside an act and locks it until the act's end.
func Load(tx *gate.Tx, id string) (Dossier, error) {
	return store.Get[Dossier](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), id)
}

// Save writes a changed dossier and stamps the time.
func Save(tx *gate.Tx, d *Dossier) error {
	d.ChangedAt, d.Attention = tx.Now(), d.waits()
	tx.About("Dossier", d.ID)
	return tx.Update(d)
}

// Add writes a new dossier of a person who is written in the same act, with its
// search keys. One person has one dossier (2): the database holds it too.
func Add(tx *gate.Tx, d *Dossier, p person.Person) error {
	if d.ID == "" {
		d.ID = gate.NewID()
	}
	d.Version, d.PersonID, d.ChangedAt, d.Attention = 1, p.ID, tx.Now(), d.waits()
	if d.Forced == "" {
		d.Forced = ForcedUnknown
	}
	tx.About("Dossier", d.ID)
	if err := tx.Insert(*d); err != nil {
		return err
	}
	return index(tx, *d, p)
}

// NextNumber draws the next dossier number of an agency and year: 50010801-2026-000123.
func NextNumber(tx *gate.Tx, agencyCode string, year int) (string, error) {
	n, err := tx.Number(fmt.Sprintf("%s/档案/%d", agencyCode, year))
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s-%d-%06d", agencyCode, year, n), nil
}

// OldNumber is a number that a dossier had at an earlier keeper.
type OldNumber struct {
	ID        string `db:"id"`
	DossierID string `db:"dossier_id"`
	Agency    string `db:"agency"`
	No        string `db:"no"`
	UntilAt   int64  `db:"until_at"`
}

// Table names the table of old numbers.
func (OldNumber) Table() string { return "dossier_number" }

func init() {
	store.Register("revelation", store.Audited, "查看完整证件号码的登记：谁、何时、用途")
}

// Revelation is one showing of the full identity number, with its reason.
type Revelation struct {
	ID        string    `db:"id"`
	DossierID string    `db:"dossier_id"`
	StaffID   string    `db:"staff_id"`
	Reason    string    `db:"reason"`
	At        time.Time `db:"at"`
}

// Table names the table of revelations.
func (Revelation) Table() string { return "revelation" }

func init() { store.Describe(OldNumber{}, Revelation{}) }

// FactsOf lists the key facts entered for a dossier, those withdrawn left out.
func FactsOf(ctx context.Context, q store.Querier, dossierID string) ([]Fact, error) {
	return store.List[Fact](ctx, q, "WHERE dossier_id=? AND void IS NULL ORDER BY kind, value, id LIMIT 500", dossierID)
}

// PeriodsOf lists the history entered for a dossier, oldest first.
func PeriodsOf(ctx context.Context, q store.Querier, dossierID string) ([]Period, error) {
	return store.List[Period](ctx, q, "WHERE dossier_id=? AND void IS NULL ORDER BY from_month, id LIMIT 500", dossierID)
}

// PeriodsOfAll lists the histories entered for many dossiers, by dossier.
func PeriodsOfAll(ctx context.Context, q store.Querier, dossierIDs []string) (map[string][]Period, error) {
	out := map[string][]Period{}
	if len(dossierIDs) == 0 {
		return out, nil
	}
	list, err := store.List[Period](ctx, q, "WHERE dossier_id IN ("+store.Marks(len(dossierIDs))+") AND void IS NULL ORDER BY dossier_id, from_month, id LIMIT ?", append(store.Args(dossierIDs), 500*len(dossierIDs))...)
	for _, p := range list {
		out[p.DossierID] = append(out[p.DossierID], p)
	}
	return out, err
}

// FamilyOf lists the family entered for a dossier.
func FamilyOf(ctx context.Context, q store.Querier, dossierID string) ([]Family, error) {
	return store.List[Family](ctx, q, "WHERE dossier_id=? AND void IS NULL ORDER BY id LIMIT 200", dossierID)
}

// CatalogOf lists the filed materials in the order of the catalog.
func CatalogOf(ctx context.Context, q store.Querier, dossierID string) ([]Material, error) {
	list, err := store.List[Material](ctx, q, "WHERE dossier_id=? AND state=? ORDER BY class, seq, coalesce(annex,0), id LIMIT 5000", dossierID, string(Filed))
	slices.SortStableFunc(list, func(a, b Material) int { return codes.ClassOrder(a.Class) - codes.ClassOrder(b.Class) })
	return list, err
}

// LooseOf lists what was received and is neither filed nor returned.
func LooseOf(ctx context.Context, q store.Querier, dossierID string) ([]Material, error) {
	return store.List[Material](ctx, q, "WHERE dossier_id=? AND state IN ('received','appraising','curing','to_file') ORDER BY received_on, id LIMIT 500", dossierID)
}

// microTime is a stored moment.
func microTime(at int64) time.Time { return time.UnixMicro(at).UTC() }

// Head is what lists of cases say of a dossier: its number, whose it is, its class.
type Head struct {
	No, Name string
	Secrecy  int
}

// Heads reads the heads of the dossiers of a page, by id. Who may see them the page's own
// query has asked.
func Heads(ctx context.Context, q store.Querier, ids []string) (map[string]Head, error) {
	out := map[string]Head{}
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := q.Query(ctx, "SELECT dossier.id,dossier.no,person.name,dossier.secrecy FROM dossier JOIN person ON person.id=dossier.person_id WHERE dossier.id IN ("+store.Marks(len(ids))+")", store.Args(ids)...)
	if err != nil {
		return nil, fmt.Errorf("heads of dossiers: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var h Head
		if err := rows.Scan(&id, &h.No, &h.Name, &h.Secrecy); err != nil {
			return nil, err
		}
		out[id] = h
	}
	return out, rows.Err()
}
