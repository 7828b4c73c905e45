package bench

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"dangan/internal/agency"
	"dangan/internal/dossier"
	"dangan/internal/founding"
	"dangan/internal/gate"
	"dangan/internal/person"
	"dangan/internal/store"
	"dangan/internal/testkit"

	"github.com/jackc/pgx/v5"
)

// stock is a province filled for reading: persons, dossiers and their search keys
// by plain SQL, past the gate, in a database of the benchmark's own.
type stock struct {
	*testkit.Province
	people   int
	open     bool                                                    // each dossier has a material that waits
	sealed   func(d dossier.Dossier, m dossier.Material) []store.Row // more rows of each dossier, with fields that only their own keys open
	agencies []string                                                // but the asked one
	later    []string                                                // cursors of later pages
}

// namesakes: every fortieth person has this name, so that a page by name is full
// in the smallest agency, too.
const (
	namesakes = 40
	namesake  = "欧阳云岫"
)

// filled founds a province of all districts and fills it with n dossiers: a tenth
// in the office that is asked, the rest over the others.
func filled(b *testing.B, engine store.Engine, n int) *stock {
	b.Helper()
	return fill(b, &stock{Province: testkit.New(b, engine), people: n})
}

func fill(b *testing.B, s *stock) *stock {
	b.Helper()
	ctx := context.Background()
	tree, err := s.Agencies.Tree(ctx)
	if err != nil {
		b.Fatal(err)
	}
	for _, d := range founding.Districts() {
		if _, known := tree.Get(d.Code); known {
			continue
		}
		if _, err := s.Agencies.Found(ctx, founding.By, agency.Agency{ID: d.Code + "01", Name: d.Name, Short: d.Name, Kind: agency.Office, Parent: "500000", Region: d.Code}); err != nil {
			b.Fatal(err)
		}
	}
	if tree, err = s.Agencies.Tree(ctx); err != nil {
		b.Fatal(err)
	}
	for _, a := range tree.Keepers() {
		if a.ID != office {
			s.agencies = append(s.agencies, a.ID)
		}
	}
	w := s.writer(b)
	w.indexes(false)
	s.fill(b, w)
	w.indexes(true)
	w.done()
	return s
}

// of is the k-th dossier and its person.
func (s *stock) of(k int) (dossier.Dossier, person.Person) {
	code := office
	if k%10 != 0 {
		code = s.agencies[k%len(s.agencies)]
	}
	name := namesake
	if k/10%namesakes != 0 {
		name = testkit.Name(k) + string(rune(0x4e00+k*7%5000))
	}
	unit, credit := testUnit(k)
	p := person.Person{Version: 1, Name: name, Sex: "1", BirthDate: "1990-01-01", IDNo: testNumber(k), Political: "13", Employer: unit, EmployerUSCC: credit, Synthetic: true}
	p.IDIndex = s.Keys.Index(person.IndexPurpose, p.IDNo)
	d := dossier.Dossier{Version: 1, Agency: code, No: fmt.Sprintf("%s-2019-%07d", code, k), State: dossier.InStore, Place: dossier.PlaceStore, Shelfmark: fmt.Sprintf("01-A-%06d", k),
		Category: fmt.Sprintf("4.%d", 1+k%7), Basis: "stock", ReceivedOn: "2019-06-18", Forced: dossier.ForcedUnknown, ChangedAt: testkit.Day.Add(time.Duration(k) * time.Millisecond)}
	if k%50 < 10 {
		d.Loose, d.Attention = 1, true
	}
	return d, p
}

func (s *stock) fill(b *testing.B, w *filler) {
	b.Helper()
	keys := map[string][][2]string{} // agency → key, dossier
	people, dossiers, materials := store.PlanOf(reflect.TypeFor[person.Person]()), store.PlanOf(reflect.TypeFor[dossier.Dossier]()), store.PlanOf(reflect.TypeFor[dossier.Material]())
	put := func(plan *store.Plan, row store.Row) {
		values, err := plan.Values(s.DB.Cipher(), row)
		if err != nil {
			b.Fatal(err)
		}
		w.put(plan.Table, plan.Columns, values)
	}
	for k := range s.people {
		d, p := s.of(k)
		p.ID, d.ID = gate.NewID(), gate.NewID()
		d.PersonID = p.ID
		put(people, p)
		put(dossiers, d)
		if s.open {
			m := waiting(k, d)
			put(materials, m)
			if s.sealed != nil {
				for _, row := range s.sealed(d, m) {
					put(store.PlanOf(reflect.TypeOf(row)), row)
				}
			}
		}
		for _, key := range dossier.Keys(d, p) {
			keys[d.Agency] = append(keys[d.Agency], [2]string{strings.Clone(key), d.ID})
		}
	}
	for _, code := range append([]string{office}, s.agencies...) {
		list := keys[code]
		slices.SortFunc(list, func(a, b [2]string) int {
			if c := strings.Compare(a[0], b[0]); c != 0 {
				return c
			}
			return strings.Compare(a[1], b[1])
		})
		for _, k := range list {
			w.put("name_key", "agency,key,dossier_id", []any{code, k[0], k[1]})
		}
		delete(keys, code)
	}
	w.close()
}

// filler writes rows fast and unsafely.
type filler struct {
	b      *testing.B
	lite   *sql.DB
	pg     *pgx.Conn
	tables map[string]*filling
	kept   []string // index definitions to be made again
	full   chan full
	end    chan struct{}
}

// full is what one transaction writes, while the next is made.
type full struct {
	table, columns string
	rows           [][]any
}

type filling struct {
	columns string
	rows    [][]any
}

func (s *stock) writer(b *testing.B) *filler {
	b.Helper()
	w := &filler{b: b, tables: map[string]*filling{}, full: make(chan full, 1), end: make(chan struct{})}
	go func() {
		defer close(w.end)
		for f := range w.full {
			w.write(f.table, f.columns, f.rows)
		}
	}()
	var err error
	if s.URL != "" {
		w.pg, err = pgx.Connect(context.Background(), s.URL)
	} else {
		w.lite, err = sql.Open("sqlite", "file:"+filepath.Join(s.Dir, "dangan.db")+"?_pragma=busy_timeout(20000)&_pragma=synchronous(OFF)&_pragma=cache_size(-200000)")
		w.lite.SetMaxOpenConns(1)
	}
	if err != nil {
		b.Fatal(err)
	}
	return w
}

// put keeps a row until there are enough for one statement.
func (w *filler) put(table, columns string, row []any) {
	f := w.tables[table]
	if f == nil {
		f = &filling{columns: columns}
		w.tables[table] = f
	}
	if f.rows = append(f.rows, row); len(f.rows) == 20_000 {
		w.full <- full{table, f.columns, f.rows}
		f.rows = nil
	}
}

// close writes what is left and waits.
func (w *filler) close() {
	for _, table := range []string{"person", "dossier", "material", "name_key", "transfer", "found_packet", "window_matter"} {
		if f := w.tables[table]; f != nil {
			w.full <- full{table, f.columns, f.rows}
		}
	}
	close(w.full)
	<-w.end
}

func (w *filler) write(table, columns string, rows [][]any) {
	ctx := context.Background()
	if w.pg != nil {
		if _, err := w.pg.CopyFrom(ctx, pgx.Identifier{table}, strings.Split(columns, ","), pgx.CopyFromRows(rows)); err != nil {
			panic(err) // not b.Fatal: this is another goroutine
		}
		return
	}
	tx, err := w.lite.Begin()
	if err != nil {
		panic(err) // not b.Fatal: this is another goroutine
	}
	insert := map[int]*sql.Stmt{}
	for part := range slices.Chunk(rows, 100) {
		stmt := insert[len(part)]
		if stmt == nil {
			marks := "(" + store.Marks(len(part[0])) + ")"
			if stmt, err = tx.Prepare("INSERT INTO " + table + "(" + columns + ") VALUES" + marks + strings.Repeat(","+marks, len(part)-1)); err != nil {
				panic(err) // not b.Fatal: this is another goroutine
			}
			insert[len(part)] = stmt
		}
		if _, err := stmt.Exec(slices.Concat(part...)...); err != nil {
			panic(err) // not b.Fatal: this is another goroutine
		}
	}
	if err := tx.Commit(); err != nil {
		panic(err) // not b.Fatal: this is another goroutine
	}
}

// indexes drops the indexes that are no constraints, or makes them again.
func (w *filler) indexes(back bool) {
	w.b.Helper()
	if back {
		for _, sql := range w.kept {
			w.exec(sql)
		}
		return
	}
	query := "SELECT name, sql FROM sqlite_master WHERE type='index' AND sql IS NOT NULL AND tbl_name IN ('dossier','person','material','name_key','transfer','found_packet','window_matter')"
	if w.pg != nil {
		query = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname=current_schema() AND indexdef LIKE 'CREATE INDEX%' AND tablename IN ('dossier','person','material','name_key','transfer','found_packet','window_matter')"
	}
	for _, i := range w.pairs(query) {
		w.kept = append(w.kept, i[1])
		w.exec("DROP INDEX " + i[0])
	}
}

func (w *filler) exec(query string) {
	w.b.Helper()
	var err error
	if w.pg != nil {
		_, err = w.pg.Exec(context.Background(), query)
	} else {
		_, err = w.lite.Exec(query)
	}
	if err != nil {
		w.b.Fatalf("%s: %v", query, err)
	}
}

func (w *filler) pairs(query string) (out [][2]string) {
	w.b.Helper()
	if w.pg != nil {
		rows, err := w.pg.Query(context.Background(), query)
		if err != nil {
			w.b.Fatal(err)
		}
		out, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (pair [2]string, err error) {
			err = r.Scan(&pair[0], &pair[1])
			return pair, err
		})
		if err != nil {
			w.b.Fatal(err)
		}
		return out
	}
	rows, err := w.lite.Query(query)
	if err != nil {
		w.b.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var pair [2]string
		if err := rows.Scan(&pair[0], &pair[1]); err != nil {
			w.b.Fatal(err)
		}
		out = append(out, pair)
	}
	if err := rows.Err(); err != nil {
		w.b.Fatal(err)
	}
	return out
}

// done leaves the database as a running province has it: statistics gathered, log in the file.
func (w *filler) done() {
	if w.pg != nil {
		w.exec("VACUUM ANALYZE")
		_ = w.pg.Close(context.Background())
		return
	}
	w.exec("PRAGMA wal_checkpoint(TRUNCATE)")
	_ = w.lite.Close()
}
