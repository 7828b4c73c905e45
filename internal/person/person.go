package person

import (
	"context"

	"dangan/internal/gate"
	"dangan/internal/store"
)

// Person is whose dossier it is. Codes are those of internal/codes.
type Person struct {
	ID            string `db:"id"`
	Version       int64  `db:"version"`
	Name          string `db:"name"`
	Sex           string `db:"sex"`        // GB/T 2261.1
	BirthDate     string `db:"birth_date"` // 2006-01-02, from the identity number
	IDNo          string `db:"id_no,secret"`
	IDIndex       []byte `db:"id_ix"`
	IDWritten     string `db:"id_written,null,secret"` // as the document or roster wrote it, when different
	Ethnic        string `db:"ethnic,null"`
	Political     string `db:"political,null"`
	Education     string `db:"education,null"`
	Phone         string `db:"phone,null,secret"`
	Household     string `db:"household,null"` // division code of the household registration
	Employer      string `db:"employer,null"`
	EmployerUSCC  string `db:"employer_uscc,null"`
	EmployerPlace string `db:"employer_place,null"` // division code
	FormerNames   string `db:"former_names,null"`   // parted by 、
	Synthetic     bool   `db:"synthetic"`           // made up: demo and tests
}

// Table names the table of persons.
func (Person) Table() string { return "person" }

func init() { store.Describe(Person{}) }

func init() {
	store.Register("person", store.Audited, "存档人员基本信息，证件号与电话加密")
}

// IndexPurpose is the purpose of the keyed index of identity numbers: one for
// persons, staff, readers and kin, so that they can be compared.
const IndexPurpose = "identity"

// Indexer makes keyed indexes.
type Indexer interface {
	Index(purpose, value string) []byte
}

// ByIDNo finds the person with an identity number of 18 characters.
func ByIDNo(ctx context.Context, q store.Querier, keys Indexer, idNo string) (Person, error) {
	return store.Get[Person](ctx, q, "WHERE id_ix=?", keys.Index(IndexPurpose, idNo))
}

// Get reads a person by id.
func Get(ctx context.Context, q store.Querier, id string) (Person, error) {
	return store.Get[Person](ctx, q, "WHERE id=?", id)
}

// Add writes a new person inside an act that makes its dossier; in a sample province,
// as one made up.
func Add(tx *gate.Tx, keys Indexer, p *Person) error {
	if p.ID == "" {
		p.ID = gate.NewID()
	}
	p.Synthetic = tx.Sample()
	p.Version, p.IDIndex = 1, keys.Index(IndexPurpose, p.IDNo)
	tx.About("Person", p.ID)
	return tx.Insert(*p)
}
