package person

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/store"

	"golang.org/x/text/width"
)

// Candidate is somebody who may be a person the province knows already (2): as they are
// about to come in, or as they are kept. IDNo is the number of 18 characters, or "".
type Candidate struct {
	ID          string // of a person who is kept
	Name        string
	FormerNames string // parted by 、
	IDNo        string
	BirthDate   string // 2006-01-02
}

// Candidate is the person as one who may be another.
func (p Person) Candidate() Candidate {
	return Candidate{ID: p.ID, Name: p.Name, FormerNames: p.FormerNames, IDNo: p.IDNo, BirthDate: p.BirthDate}
}

// CandidateOf is somebody with a number of 18 characters that was found right, which says the day of birth.
func CandidateOf(name, idNo string) Candidate {
	return Candidate{Name: name, IDNo: idNo, BirthDate: idNo[6:10] + "-" + idNo[10:12] + "-" + idNo[12:14]}
}

// PlainSQL is a name as it is compared, in both engines' words and in those of the index
// person_alike: without blanks and dots, Latin letters in capitals.
const PlainSQL = "upper(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(name,'·',''),'•',''),'・',''),'‧',''),'∙',''),'．',''),'･',''),'.',''),' ',''),'　',''))"

// undotted takes out what PlainSQL does, and the blanks that no keyboard shows.
var undotted = strings.NewReplacer("·", "", "•", "", "・", "", "‧", "", "∙", "", "．", "", "･", "", ".", "", " ", "", "　", "", "\t", "", "\u00a0", "", "\u200b", "", "\ufeff", "")

// Plain is a name as it is compared: without blanks and the dots of minority names, which
// keyboards write in many ways, letters in half width and capitals. Characters are compared
// as they are written: a traditional form may be another person's name.
func Plain(name string) string {
	return strings.ToUpper(width.Narrow.String(undotted.Replace(name)))
}

// written are the ways in which a name may stand in PlainSQL's words: letters of either width,
// or of both as they came.
func written(name string) []string {
	plain := Plain(name)
	out := []string{plain}
	if !strings.ContainsFunc(plain, func(r rune) bool { return r < 0x80 }) {
		return out
	}
	mixed := strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' {
			return r - 'a' + 'A'
		}
		return r
	}, undotted.Replace(name))
	for _, w := range []string{width.Widen.String(plain), mixed} {
		if !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// names are what somebody is or was called.
func names(name, former string) []string {
	var out []string
	for _, n := range append([]string{name}, strings.Split(former, "、")...) {
		if n = strings.TrimSpace(n); n != "" && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

// SameName says whether two writings are one name.
func SameName(a, b string) bool { return Plain(a) == Plain(b) }

// Called says whether somebody is or was called a name.
func (p Person) Called(name string) bool {
	return slices.ContainsFunc(names(p.Name, p.FormerNames), func(n string) bool { return SameName(n, name) })
}

// alikeMost is how many persons are named beside one candidate.
const alikeMost = 10

// Alike finds for each candidate the persons who are likely the same one (2): born on the same day
// and of the same name, present or former, under another number. Whom somebody said, on evidence,
// to be another person is left out, and so is who is certainly the same one: that is ByIDNo.
// A person who was merged into another is answered for by that one. It asks a few queries,
// however many the candidates are.
func Alike(ctx context.Context, q store.Querier, keys Indexer, list []Candidate) ([][]Person, error) {
	out := make([][]Person, len(list))
	found, err := likely(ctx, q, list)
	if err != nil || len(found) == 0 {
		return out, err
	}
	var ids []string
	for _, f := range found {
		ids = append(ids, f...)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	people, err := store.List[Person](ctx, q, "WHERE id IN ("+store.Marks(len(ids))+") ORDER BY id", store.Args(ids)...)
	if err != nil {
		return nil, err
	}
	for i := range found {
		if id := list[i].ID; id != "" {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	numbers, err := NumbersOf(ctx, q, slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	said, err := saidOf(ctx, q, numbers)
	if err != nil {
		return nil, err
	}
	for i, among := range found {
		c := list[i]
		own := numbers[c.ID]
		if c.IDNo != "" {
			own = append(own[:len(own):len(own)], keys.Index(IndexPurpose, c.IDNo))
		}
		for _, p := range people {
			if p.ID == c.ID || len(out[i]) == alikeMost || !slices.Contains(among, p.ID) || shares(own, numbers[p.ID]) || said.apart(own, numbers[p.ID]) {
				continue
			}
			out[i] = append(out[i], p)
		}
	}
	return out, nil
}

// likely are the ids of the persons whose name and birth date are a candidate's, by the
// candidate's place in the list.
func likely(ctx context.Context, q store.Querier, list []Candidate) (map[int][]string, error) {
	at := map[[2]string][]int{} // birth date and name → candidates
	byName, byDay := []any{}, []any{}
	days := map[string]bool{}
	for i, c := range list {
		if c.BirthDate == "" {
			continue
		}
		for _, n := range names(c.Name, c.FormerNames) {
			for _, w := range written(n) {
				k := [2]string{c.BirthDate, w}
				if at[k] == nil {
					byName = append(byName, c.BirthDate, w)
				}
				if !slices.Contains(at[k], i) {
					at[k] = append(at[k], i)
				}
			}
		}
		if !days[c.BirthDate] {
			days[c.BirthDate], byDay = true, append(byDay, c.BirthDate)
		}
	}
	out := map[int][]string{}
	if len(byName) == 0 {
		return out, nil
	}
	byName, byDay = padded(byName, 2), padded(byDay, 1)
	add := func(id, birth string, called ...string) {
		for _, n := range called {
			for _, w := range written(n) {
				for _, i := range at[[2]string{birth, w}] {
					if !slices.Contains(out[i], id) {
						out[i] = append(out[i], id)
					}
				}
			}
		}
	}
	rows, err := q.Query(ctx, "WITH c(birth, plain) AS (VALUES "+strings.TrimSuffix(strings.Repeat("(?,?),", len(byName)/2), ",")+") SELECT p.id, p.birth_date, p.name FROM c JOIN person p ON p.birth_date=c.birth AND "+
		strings.Replace(PlainSQL, "(name,", "(p.name,", 1)+"=c.plain AND p.merged_into IS NULL", byName...)
	if err != nil {
		return nil, fmt.Errorf("names and birth dates alike: %w", err)
	}
	if err := each(rows, 3, func(v []string) { add(v[0], v[1], v[2]) }); err != nil {
		return nil, err
	}
	rows, err = q.Query(ctx, "SELECT coalesce(merged_into, id), birth_date, name, coalesce(former_names,'') FROM person WHERE birth_date IN ("+store.Marks(len(byDay))+") AND (former_names IS NOT NULL OR merged_into IS NOT NULL)", byDay...)
	if err != nil {
		return nil, fmt.Errorf("former names and birth dates alike: %w", err)
	}
	return out, each(rows, 4, func(v []string) { add(v[0], v[1], names(v[2], v[3])...) })
}

// padded repeats the last item of n arguments until the items are a power of two: few
// statements for every number of candidates.
func padded(args []any, n int) []any {
	size := n
	for size < len(args) {
		size *= 2
	}
	last := args[len(args)-n:]
	for len(args) < size {
		args = append(args, last...)
	}
	return args
}

// each reads rows of texts.
func each(rows interface {
	Next() bool
	Scan(...any) error
	Err() error
	Close() error
}, n int, fn func(v []string)) error {
	defer rows.Close()
	v, at := make([]string, n), make([]any, n)
	for i := range v {
		at[i] = &v[i]
	}
	for rows.Next() {
		if err := rows.Scan(at...); err != nil {
			return err
		}
		fn(v)
	}
	return rows.Err()
}

// NumbersOf are the keyed indexes of every number of persons, by their ids: the present one,
// former ones, and those of persons who were merged into them.
func NumbersOf(ctx context.Context, q store.Querier, ids []string) (map[string][][]byte, error) {
	out := map[string][][]byte{}
	if len(ids) == 0 {
		return out, nil
	}
	in, args := "("+store.Marks(len(ids))+")", store.Args(ids)
	rows, err := q.Query(ctx, "SELECT id, id_ix FROM person WHERE id IN "+in+" UNION ALL SELECT merged_into, id_ix FROM person WHERE merged_into IN "+in+
		" UNION ALL SELECT person_id, id_ix FROM person_number WHERE person_id IN "+in+
		" UNION ALL SELECT p.merged_into, n.id_ix FROM person p JOIN person_number n ON n.person_id=p.id WHERE p.merged_into IN "+in, slices.Concat(args, args, args, args)...)
	if err != nil {
		return nil, fmt.Errorf("numbers of persons: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var ix []byte
		if err := rows.Scan(&id, &ix); err != nil {
			return nil, err
		}
		out[id] = append(out[id], ix)
	}
	return out, rows.Err()
}

func shares(a, b [][]byte) bool {
	return slices.ContainsFunc(a, func(x []byte) bool { return slices.ContainsFunc(b, func(y []byte) bool { return bytes.Equal(x, y) }) })
}

// States of what was said of two numbers.
const (
	Stated = "stated"
	Undone = "undone" // taken back, with a reason
)

// Distinct says that two numbers are of two persons, whose names and birth dates are alike
// (2): who found that out, and on what evidence.
type Distinct struct {
	ID        string    `db:"id"`
	Version   int64     `db:"version"`
	OneIndex  []byte    `db:"one_ix"` // the lesser of the two
	Other     []byte    `db:"other_ix"`
	Name      string    `db:"name"`
	BirthDate string    `db:"birth_date"`
	Agency    string    `db:"agency"` // whose clerk said so
	State     string    `db:"state"`
	Reason    string    `db:"reason"`
	Document  string    `db:"document"`
	SeenBy    string    `db:"seen_by"`
	SeenOn    string    `db:"seen_on"`
	StatedBy  string    `db:"stated_by"`
	StatedAt  time.Time `db:"stated_at"`
	UndoneBy  string    `db:"undone_by,null"`
	UndoneAt  time.Time `db:"undone_at,null"`
	UndoneWhy string    `db:"undone_why,null"`
}

// Table names the table of what was said.
func (Distinct) Table() string { return "distinct_persons" }

func init() {
	store.Describe(Distinct{})
	store.Register("distinct_persons", store.Audited, "姓名、出生日期相同的两人各有其人的认定：依据、查看人，可撤销；号码只存检索键")
}

// Of puts the two numbers in the order in which they are kept.
func (d *Distinct) Of(a, b []byte) {
	if bytes.Compare(a, b) > 0 {
		a, b = b, a
	}
	d.OneIndex, d.Other = a, b
}

// said is what is in force, as pairs of indexes.
type said map[[2]string]bool

func (s said) apart(a, b [][]byte) bool {
	for _, x := range a {
		for _, y := range b {
			if s[[2]string{string(x), string(y)}] || s[[2]string{string(y), string(x)}] {
				return true
			}
		}
	}
	return false
}

// saidOf reads what was said of persons' numbers.
func saidOf(ctx context.Context, q store.Querier, numbers map[string][][]byte) (said, error) {
	var args []any
	for _, list := range numbers {
		for _, ix := range list {
			args = append(args, ix)
		}
	}
	out := said{}
	if len(args) == 0 {
		return out, nil
	}
	in := "(" + store.Marks(len(args)) + ")"
	rows, err := q.Query(ctx, "SELECT one_ix, other_ix FROM distinct_persons WHERE state='stated' AND (one_ix IN "+in+" OR other_ix IN "+in+")", slices.Concat(args, args)...)
	if err != nil {
		return nil, fmt.Errorf("what was said of persons: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var a, b []byte
		if err := rows.Scan(&a, &b); err != nil {
			return nil, err
		}
		out[[2]string{string(a), string(b)}] = true
	}
	return out, rows.Err()
}

// ApartNumbers says, of each pair of numbers of 18 characters, whether they were said to be of two persons.
func ApartNumbers(ctx context.Context, q store.Querier, keys Indexer, pairs [][2]string) ([]bool, error) {
	all := map[string][][]byte{}
	for _, p := range pairs {
		for _, n := range p {
			all[n] = [][]byte{keys.Index(IndexPurpose, n)}
		}
	}
	s, err := saidOf(ctx, q, all)
	if err != nil {
		return nil, err
	}
	out := make([]bool, len(pairs))
	for i, p := range pairs {
		out[i] = s.apart(all[p[0]], all[p[1]])
	}
	return out, nil
}

// ApartIndexes says whether two keyed indexes of numbers were said to be of two persons.
func ApartIndexes(ctx context.Context, q store.Querier, a, b []byte) (bool, error) {
	s, err := saidOf(ctx, q, map[string][][]byte{"": {a, b}})
	return s.apart([][]byte{a}, [][]byte{b}), err
}

// Apart says whether two persons who are kept were said to be two.
func Apart(ctx context.Context, q store.Querier, a, b Person) (bool, error) {
	numbers, err := NumbersOf(ctx, q, []string{a.ID, b.ID})
	if err != nil {
		return false, err
	}
	s, err := saidOf(ctx, q, numbers)
	return s.apart(numbers[a.ID], numbers[b.ID]), err
}
