package person

import (
	"context"
	"errors"
	"fmt"
	"time"

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
	MergedInto    string `db:"merged_into,null"`    // the person this one turned out to be (2)
}

// Table names the table of persons.
func (Person) Table() string { return "person" }

// Number is an identity number a person had before; it still finds them (2).
type Number struct {
	ID       string    `db:"id"`
	PersonID string    `db:"person_id"`
	IDNo     string    `db:"id_no,secret"`
	IDIndex  []byte    `db:"id_ix"`
	UntilAt  time.Time `db:"until_at"`
	CaseRef  string    `db:"case_ref"` // by which decision it was given up
}

// Table names the table of former numbers.
func (Number) Table() string { return "person_number" }

func init() { store.Describe(Person{}, Number{}) }

func init() {
	store.Register("person", store.Audited, "存档人员基本信息，证件号与电话加密")
	store.Register("person_number", store.Audited, "存档人员曾用的身份证号，加密，旧号仍可查到本人")
}

// IndexPurpose is the purpose of the keyed index of identity numbers: one for
// persons, staff, readers and kin, so that they can be compared.
const IndexPurpose = "identity"

// Indexer makes keyed indexes.
type Indexer interface {
	Index(purpose, value string) []byte
}

// ByIDNo finds the person with an identity number of 18 characters, theirs now or
// before. It is the guard at every entry (2): a number that was registered twice
// finds the one person it turned out to be, so that no second dossier is opened.
func ByIDNo(ctx context.Context, q store.Querier, keys Indexer, idNo string) (Person, error) {
	ix := keys.Index(IndexPurpose, idNo)
	p, err := store.Get[Person](ctx, q, "WHERE id_ix=?", ix)
	if errors.Is(err, store.ErrNotFound) {
		p, err = store.Get[Person](ctx, q, "WHERE id IN (SELECT person_id FROM person_number WHERE id_ix=?) ORDER BY id LIMIT 1", ix)
	}
	if err != nil || p.MergedInto == "" {
		return p, err
	}
	return Get(ctx, q, p.MergedInto)
}

// ByIDNos is ByIDNo for many numbers in a few queries; who is not here is not in the answer.
func ByIDNos(ctx context.Context, q store.Querier, keys Indexer, numbers []string) (map[string]Person, error) {
	out, of := map[string]Person{}, map[string]string{} // index → number
	args := make([]any, len(numbers))
	for i, n := range numbers {
		ix := keys.Index(IndexPurpose, n)
		args[i], of[string(ix)] = ix, n
	}
	if len(numbers) == 0 {
		return out, nil
	}
	list, err := store.List[Person](ctx, q, "WHERE id_ix IN ("+store.Marks(len(args))+")", args...)
	if err != nil {
		return nil, err
	}
	later := map[string][]string{} // person → numbers that led to it
	for _, p := range list {
		n := of[string(p.IDIndex)]
		if out[n] = p; p.MergedInto != "" {
			later[p.MergedInto] = append(later[p.MergedInto], n)
		}
	}
	rows, err := q.Query(ctx, "SELECT person_number.id_ix, coalesce(person.merged_into, person.id) FROM person_number JOIN person ON person.id=person_number.person_id WHERE person_number.id_ix IN ("+store.Marks(len(args))+") ORDER BY person.id DESC", args...)
	if err != nil {
		return nil, fmt.Errorf("persons of former numbers: %w", err)
	}
	defer rows.Close()
	former := map[string]string{}
	for rows.Next() {
		var ix []byte
		var id string
		if err := rows.Scan(&ix, &id); err != nil {
			return nil, err
		}
		n := of[string(ix)]
		if _, now := out[n]; now {
			continue
		}
		former[n] = id // the first by id stands last
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for n, id := range former {
		later[id] = append(later[id], n)
	}
	if len(later) == 0 {
		return out, nil
	}
	ids := make([]string, 0, len(later))
	for id := range later {
		ids = append(ids, id)
	}
	list, err = store.List[Person](ctx, q, "WHERE id IN ("+store.Marks(len(ids))+")", store.Args(ids)...)
	for _, p := range list {
		for _, n := range later[p.ID] {
			out[n] = p
		}
	}
	return out, err
}

// Known tells for keyed indexes of numbers, present or former, whose they are: the id of the
// person, by the string of the index. A person who was merged into another is that other one.
func Known(ctx context.Context, q store.Querier, indexes [][]byte) (map[string]string, error) {
	out := map[string]string{}
	if len(indexes) == 0 {
		return out, nil
	}
	in, args := "("+store.Marks(len(indexes))+")", store.Args(indexes)
	rows, err := q.Query(ctx, `SELECT id_ix, coalesce(merged_into, id), 0 AS before FROM person WHERE id_ix IN `+in+`
 UNION ALL SELECT n.id_ix, coalesce(p.merged_into, p.id), 1 FROM person_number n JOIN person p ON p.id=n.person_id WHERE n.id_ix IN `+in+`
 ORDER BY before DESC`, append(args, args...)...)
	if err != nil {
		return nil, fmt.Errorf("whose numbers: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var ix []byte
		var id string
		var before int
		if err := rows.Scan(&ix, &id, &before); err != nil {
			return nil, err
		}
		out[string(ix)] = id // who has it now stands last
	}
	return out, rows.Err()
}

// Get reads a person by id.
func Get(ctx context.Context, q store.Querier, id string) (Person, error) {
	return store.Get[Person](ctx, q, "WHERE id=?", id)
}

// MergedInto tells of some persons into whom they were merged; who was not is not named.
func MergedInto(ctx context.Context, q store.Querier, ids []string) (map[string]string, error) {
	out := map[string]string{}
	if len(ids) == 0 {
		return out, nil
	}
	list, err := store.List[Person](ctx, q, "WHERE merged_into IS NOT NULL AND id IN ("+store.Marks(len(ids))+")", store.Args(ids)...)
	for _, p := range list {
		out[p.ID] = p.MergedInto
	}
	return out, err
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
