package ledger_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"dangan/internal/clock"
	"dangan/internal/demo"
	"dangan/internal/founding"
	"dangan/internal/gate"
	"dangan/internal/instance"
	"dangan/internal/ledger"
	"dangan/internal/policy"
	"dangan/internal/setting"
	"dangan/internal/store"
	"dangan/internal/testkit"
)

// sample is a small demo province, published, with its owner's own connection:
// triggers and keys off, as somebody who runs the database may have it.
type sample struct {
	t      *testing.T
	in     *instance.Instance
	dir    string
	engine store.Engine
	owner  *sql.DB
	base   map[ledger.Difference]bool // what dropping the triggers is reported as
	tables map[string][]column
}

type column struct{ name, kind string }

func newSample(t *testing.T, engine store.Engine) *sample {
	t.Helper()
	s := &sample{t: t, dir: t.TempDir(), engine: engine, base: map[ledger.Difference]bool{}, tables: map[string][]column{}}
	url := ""
	if engine == store.Postgres {
		url = testkit.Database(t)
	}
	hash, err := testkit.Passwords.Hash(testkit.Password)
	if err != nil {
		t.Fatal(err)
	}
	now := clock.NewManual(testkit.Day)
	s.in, err = instance.Create(t.Context(), instance.Config{Data: s.dir, Database: url, Demo: true, Version: "test", Clock: now, Log: slog.New(slog.DiscardHandler)}, founding.Province)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.in.Close() })
	if err := demo.Build(t.Context(), s.in, now, demo.Options{People: 80, Seed: 1, PasswordHash: hash, Step: func(string) {}}); err != nil {
		t.Fatal(err)
	}
	s.acts()
	s.fill()
	if err := s.in.Publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	if r := s.verify(); !r.OK {
		t.Fatalf("before anything was touched: %+v", r.Differences)
	}
	if engine == store.Postgres {
		s.owner, err = sql.Open("pgx", url)
	} else {
		s.owner, err = sql.Open("sqlite", "file:"+filepath.Join(s.dir, "dangan.db")+"?_pragma=busy_timeout(10000)")
	}
	if err != nil {
		t.Fatal(err)
	}
	s.owner.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = s.owner.Close() })
	if engine == store.Postgres {
		s.exec("SET session_replication_role=replica")
	} else {
		s.exec("PRAGMA foreign_keys=OFF")
	}
	return s
}

// acts adds what the demo lacks: rows of the smaller tables.
func (s *sample) acts() {
	s.t.Helper()
	ctx := context.Background()
	if _, err := s.in.Settings.Change(ctx, founding.By, setting.Key("letter_valid_days"), "45"); err != nil {
		s.t.Fatal(err)
	}
	by, err := s.in.Staff.ByUsername(ctx, "clerk-500108")
	if err != nil {
		s.t.Fatal(err)
	}
	if _, _, err := s.in.Staff.NewToken(ctx, by, "test", 30); err != nil {
		s.t.Fatal(err)
	}
}

// fill adds, by an act through the gate, a row of every audited table of which the
// demo made none yet: whatever table a room adds is in this test from its first day.
func (s *sample) fill() {
	s.t.Helper()
	ctx := context.Background()
	view, err := s.in.DB.Snapshot(ctx)
	if err != nil {
		s.t.Fatal(err)
	}
	references, err := view.ForeignKeys(ctx)
	view.Close()
	if err != nil {
		s.t.Fatal(err)
	}
	count := func(table string) (n int) {
		if err := s.in.DB.QueryRow(ctx, "SELECT count(*) FROM "+table).Scan(&n); err != nil {
			return -1
		}
		return n
	}
	for again := true; again; {
		again = false
		for _, table := range store.TablesOf(store.Audited) {
			plan := store.PlanFor(table)
			if plan == nil || count(table) != 0 {
				continue
			}
			filled := map[string]string{"id": gate.NewID()}
			for column, other := range references[table] {
				id := filled["id"] // a row that refers to its own table: itself
				if other == table {
					filled[column] = id
					continue
				}
				if s.in.DB.QueryRow(ctx, "SELECT id FROM "+other+" ORDER BY id LIMIT 1").Scan(&id) == nil {
					filled[column] = id
				}
			}
			if len(filled) <= len(references[table]) {
				continue // the other one first
			}
			s.one(ctx, plan, filled)
			again = true
		}
	}
}

// one writes one row of a plan with something in every column.
func (s *sample) one(ctx context.Context, plan *store.Plan, filled map[string]string) {
	s.t.Helper()
	row := reflect.New(plan.Type)
	for _, f := range reflect.VisibleFields(plan.Type) {
		column, _, _ := strings.Cut(f.Tag.Get("db"), ",")
		if column == "" || column == "-" {
			continue
		}
		v := row.Elem().FieldByIndex(f.Index)
		switch x := v.Addr().Interface().(type) {
		case *time.Time:
			*x = testkit.Day
		case *[]byte:
			*x = []byte{1, 2, 3}
		default:
			switch v.Kind() {
			case reflect.String:
				v.SetString("例")
				if id := filled[column]; id != "" {
					v.SetString(id)
				}
			case reflect.Int, reflect.Int64:
				v.SetInt(1)
			case reflect.Bool:
				v.SetBool(true)
			}
		}
	}
	_, err := s.in.Gate.Do(ctx, gate.Act{Actor: founding.By, Action: "setting.change"}, func(tx *gate.Tx) error {
		if err := tx.Permit(policy.Resource{Type: "Setting", ID: plan.Table}); err != nil {
			return err
		}
		return tx.Insert(row.Interface().(store.Row))
	})
	if err != nil {
		s.t.Fatalf("a row of %s: %v", plan.Table, err)
	}
}

func (s *sample) verify() ledger.Report {
	s.t.Helper()
	r, err := s.in.Vault().Verify(s.t.Context(), nil, testkit.Day, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

func (s *sample) exec(query string, args ...any) int64 {
	s.t.Helper()
	if s.engine == store.Postgres {
		for n := 1; strings.Contains(query, "?"); n++ {
			query = strings.Replace(query, "?", fmt.Sprintf("$%d", n), 1)
		}
	}
	res, err := s.owner.Exec(query, args...)
	if err != nil {
		s.t.Fatalf("owner: %s: %v", query, err)
	}
	n, _ := res.RowsAffected()
	return n
}

func (s *sample) row(query string, args ...any) []any {
	s.t.Helper()
	if s.engine == store.Postgres {
		for n := 1; strings.Contains(query, "?"); n++ {
			query = strings.Replace(query, "?", fmt.Sprintf("$%d", n), 1)
		}
	}
	rows, err := s.owner.Query(query, args...)
	if err != nil {
		s.t.Fatalf("owner: %s: %v", query, err)
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			s.t.Fatalf("owner: %s: %v", query, err)
		}
		return nil
	}
	names, _ := rows.Columns()
	out, at := make([]any, len(names)), make([]any, len(names))
	for i := range out {
		at[i] = &out[i]
	}
	if err := rows.Scan(at...); err != nil {
		s.t.Fatal(err)
	}
	return out
}

// dropTriggers takes the database's own guards away, and expects each to be missed.
func (s *sample) dropTriggers() {
	s.t.Helper()
	for _, table := range append(store.TablesOf(store.Audited), store.TablesOf(store.Derived)...) {
		cols := s.columns(table)
		if len(cols) == 0 {
			continue
		}
		s.tables[table] = cols
		if store.KindOf(table) != store.Audited {
			continue
		}
		drop := "DROP TRIGGER " + table + "_no_delete"
		if s.engine == store.Postgres {
			drop += " ON " + table
		}
		s.exec(drop)
	}
	drop := "DROP TRIGGER ledger_entry_fixed"
	if s.engine == store.Postgres {
		drop += " ON ledger_entry"
	}
	s.exec(drop)
	r := s.verify()
	for table := range s.tables {
		if store.KindOf(table) == store.Audited && !found(r, table, "trigger "+table+"_no_delete") {
			s.t.Errorf("the missing trigger of %s was not found", table)
		}
	}
	if !found(r, "ledger_entry", "trigger ledger_entry_fixed") {
		s.t.Error("the missing trigger of the entries was not found")
	}
	for _, d := range r.Differences {
		if d.Kind != ledger.Removed || !strings.HasPrefix(d.Key, "trigger ") {
			s.t.Errorf("only triggers were dropped, found %+v", d)
		}
		s.base[d] = true
	}
}

func (s *sample) columns(table string) []column {
	s.t.Helper()
	rows, err := s.owner.Query("SELECT * FROM " + table + " WHERE 1=0")
	if err != nil {
		return nil // of a room that has no migration yet
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err != nil {
		s.t.Fatal(err)
	}
	var out []column
	for _, c := range types {
		kind := map[string]string{"TEXT": "text", "INTEGER": "int", "INT8": "int", "BLOB": "blob", "BYTEA": "blob"}[c.DatabaseTypeName()]
		if kind == "" {
			s.t.Fatalf("%s.%s has type %s", table, c.Name(), c.DatabaseTypeName())
		}
		out = append(out, column{c.Name(), kind})
	}
	if err := rows.Err(); err != nil {
		s.t.Fatal(err)
	}
	return out
}

func found(r ledger.Report, table, key string) bool {
	return slices.ContainsFunc(r.Differences, func(d ledger.Difference) bool { return d.Table == table && d.Key == key })
}

// new lists the differences that dropping the triggers does not explain.
func (s *sample) fresh(r ledger.Report) []ledger.Difference {
	return slices.DeleteFunc(slices.Clone(r.Differences), func(d ledger.Difference) bool { return s.base[d] })
}

func (s *sample) clean(after string) {
	s.t.Helper()
	if more := s.fresh(s.verify()); len(more) > 0 {
		s.t.Fatalf("after %s was put right there remain %+v", after, more[:min(3, len(more))])
	}
}

// other is another value of the same kind.
func other(v any, kind string, n int) any {
	switch v := v.(type) {
	case int64:
		return v + int64(1000000+n)
	case string:
		return v + fmt.Sprintf("改%d", n)
	case []byte:
		out := bytes.Clone(v)
		if len(out) == 0 {
			return []byte{byte(n)}
		}
		out[len(out)-1] ^= 1
		return out
	}
	switch kind {
	case "int":
		return int64(7000000 + n)
	case "blob":
		return []byte{1, byte(n), byte(n >> 8)}
	}
	return fmt.Sprintf("改%d", n)
}

func (s *sample) keyColumns(table string) []string {
	if r, ok := store.RebuildOf(table); ok {
		return r.Key
	}
	return []string{"id"}
}

// where names one row by the key it has now.
func where(keys []string) string { return strings.Join(keys, "=? AND ") + "=?" }

func keyText(values []any) string {
	var parts []string
	for _, v := range values {
		parts = append(parts, fmt.Sprint(v))
	}
	return strings.Join(parts, "/")
}

func names(cols []column) string {
	var out []string
	for _, c := range cols {
		out = append(out, c.name)
	}
	return strings.Join(out, ",")
}

func TestWhatTheDatabasesOwnerDoesIsFound(t *testing.T) {
	for _, engine := range []store.Engine{store.SQLite, store.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			s := newSample(t, engine)
			s.dropTriggers()
			s.changeEveryColumn()
			s.deleteInsertSwap()
			s.forgeEntries()
			s.renumber()
			s.earlierContent()
			s.schema()
			s.files()
			s.log()
		})
	}
}

// abreast is how many rows of a table are changed at once, each in another column.
const abreast = 4

// changeEveryColumn changes, round by round, columns of every table: one column a row,
// of up to four rows of a table at once.
func (s *sample) changeEveryColumn() {
	s.t.Helper()
	most := 0
	rows := map[string]int{}
	for table, cols := range s.tables {
		rows[table] = int(min(s.row("SELECT count(*) FROM " + table)[0].(int64), abreast))
		if rows[table] == 0 {
			if store.PlanFor(table) != nil || store.KindOf(table) == store.Derived {
				s.t.Errorf("the sample has no row of %s", table)
			}
			continue
		}
		most = max(most, (len(cols)+rows[table]-1)/rows[table])
	}
	type change struct {
		table, column string
		keys          []string
		was, now      []any // key before and after
		value         any
	}
	for round := range most {
		var done []change
		for table, cols := range s.tables {
			keys := s.keyColumns(table)
			// The rows are chosen before the first is changed: a changed key moves a row.
			var chosen [][]any
			for n := range rows[table] {
				chosen = append(chosen, s.row("SELECT "+names(cols)+" FROM "+table+" ORDER BY "+strings.Join(keys, ",")+fmt.Sprintf(" LIMIT 1 OFFSET %d", n)))
			}
			for n, row := range chosen {
				at := round*rows[table] + n
				// The sealed bytes are the same on both engines: PostgreSQL has every other column.
				if at >= len(cols) || s.engine == store.Postgres && at%2 == 1 {
					continue
				}
				c := cols[at]
				ch := change{table: table, column: c.name, keys: keys, value: row[at]}
				for _, k := range keys {
					ch.was = append(ch.was, row[slices.IndexFunc(cols, func(c column) bool { return c.name == k })])
				}
				value := other(ch.value, c.kind, round*abreast+n)
				s.exec("UPDATE "+table+" SET "+c.name+"=? WHERE "+where(keys), append([]any{value}, ch.was...)...)
				ch.now = slices.Clone(ch.was)
				if i := slices.Index(keys, c.name); i >= 0 {
					ch.now[i] = value
				}
				done = append(done, ch)
			}
		}
		r := s.verify()
		for _, ch := range done {
			if !found(r, ch.table, keyText(ch.now)) {
				s.t.Errorf("%s.%s of %v was changed from %v and not found; the report: %+v", ch.table, ch.column, keyText(ch.was), ch.value, s.fresh(r))
			}
		}
		for _, ch := range done {
			s.exec("UPDATE "+ch.table+" SET "+ch.column+"=? WHERE "+where(ch.keys), append([]any{ch.value}, ch.now...)...)
		}
	}
	s.clean("every column")
}

// deleteInsertSwap does to one row of every table what an owner may do: first it is
// taken away, then a forged one stands beside it, then two have exchanged what they say.
func (s *sample) deleteInsertSwap() {
	s.t.Helper()
	type victim struct {
		table               string
		cols                []column
		keys                []string
		row, key, forgedKey []any
	}
	var victims []victim
	for table, cols := range s.tables {
		if table == "ledger_entry" {
			continue
		}
		keys := s.keyColumns(table)
		row := s.row("SELECT " + names(cols) + " FROM " + table + " ORDER BY " + strings.Join(keys, ",") + " LIMIT 1")
		if row == nil {
			continue
		}
		var key []any
		for _, k := range keys {
			key = append(key, row[slices.IndexFunc(cols, func(c column) bool { return c.name == k })])
		}
		victims = append(victims, victim{table: table, cols: cols, keys: keys, row: row, key: key})
	}
	for _, v := range victims {
		s.exec("DELETE FROM "+v.table+" WHERE "+where(v.keys), v.key...)
	}
	r := s.verify()
	for _, v := range victims {
		if !found(r, v.table, keyText(v.key)) {
			s.t.Errorf("a row deleted from %s was not found", v.table)
		}
		s.insert(v.table, v.cols, v.row)
	}
	// A copy under another key, every unique column changed.
	for n, v := range victims {
		forged := slices.Clone(v.row)
		for i, c := range v.cols {
			if slices.Contains(v.keys, c.name) {
				forged[i] = other(v.row[i], c.kind, 9)
				victims[n].forgedKey = append(victims[n].forgedKey, forged[i])
			} else if s.unique(v.table, c.name) {
				forged[i] = other(v.row[i], c.kind, 9)
			}
		}
		s.insert(v.table, v.cols, forged)
	}
	r = s.verify()
	for _, v := range victims {
		if !found(r, v.table, keyText(v.forgedKey)) {
			s.t.Errorf("a row inserted in %s was not found", v.table)
		}
		s.exec("DELETE FROM "+v.table+" WHERE "+where(v.keys), v.forgedKey...)
	}
	swapped := map[string][2][]any{}
	for _, v := range victims {
		if store.KindOf(v.table) != store.Audited {
			continue
		}
		if a, b := s.unlike(v.table, v.cols); b != nil {
			x, y := slices.Clone(b), slices.Clone(a)
			x[0], y[0] = a[0], b[0]
			s.put(v.table, v.cols, x, y)
			swapped[v.table] = [2][]any{a, b}
		}
	}
	r = s.verify()
	for _, v := range victims {
		rows, was := swapped[v.table]
		if !was {
			continue
		}
		for _, row := range rows {
			if !found(r, v.table, fmt.Sprint(row[0])) {
				s.t.Errorf("rows swapped in %s: %v was not found", v.table, row[0])
			}
		}
		s.put(v.table, v.cols, rows[0], rows[1])
	}
	s.clean("rows deleted, inserted and swapped")
}

func (s *sample) insert(table string, cols []column, values []any) {
	s.t.Helper()
	s.exec("INSERT INTO "+table+"("+names(cols)+") VALUES("+store.Marks(len(cols))+")", values...)
}

// unique says whether a column takes part in a unique key.
func (s *sample) unique(table, name string) bool {
	query := `SELECT 1 FROM pragma_index_list(?) l, pragma_index_info(l.name) i WHERE l."unique"=1 AND i.name=?`
	if s.engine == store.Postgres {
		query = `SELECT 1 FROM pg_index i JOIN pg_class c ON c.oid=i.indrelid JOIN pg_attribute a ON a.attrelid=c.oid AND a.attnum=ANY(i.indkey)
WHERE i.indisunique AND c.relname=? AND a.attname=?`
	}
	return s.row(query, table, name) != nil
}

// unlike is two rows of a table that say something else: alike rows can't be told when swapped.
func (s *sample) unlike(table string, cols []column) (a, b []any) {
	s.t.Helper()
	a = s.row("SELECT " + names(cols) + " FROM " + table + " ORDER BY id LIMIT 1")
	for n := 1; ; n++ {
		b = s.row("SELECT " + names(cols) + " FROM " + table + " ORDER BY id LIMIT 1 OFFSET " + fmt.Sprint(n))
		if b == nil || !reflect.DeepEqual(a[1:], b[1:]) {
			return a, b
		}
	}
}

// put writes two rows in place of those with their keys.
func (s *sample) put(table string, cols []column, first, second []any) {
	s.t.Helper()
	for _, row := range [][]any{first, second} {
		s.exec("DELETE FROM "+table+" WHERE id=?", row[0])
	}
	s.insert(table, cols, first)
	s.insert(table, cols, second)
}

// forgeEntries copies a row together with its entry, and takes the last entries away.
func (s *sample) forgeEntries() {
	s.t.Helper()
	cols := s.tables["ledger_entry"]
	at := func(name string) int { return slices.IndexFunc(cols, func(c column) bool { return c.name == name }) }
	entry := s.row("SELECT " + names(cols) + " FROM ledger_entry ORDER BY seq DESC LIMIT 1")
	last := entry[at("seq")].(int64)
	for _, number := range []any{last + 1, nil} {
		forged := slices.Clone(entry)
		forged[at("id")], forged[at("seq")], forged[at("ord")] = "01990000-0000-7000-8000-00000000000f", number, entry[at("ord")].(int64)+50
		s.insert("ledger_entry", cols, forged)
		setting := s.tables["setting"]
		row := s.row("SELECT " + names(setting) + " FROM setting LIMIT 1")
		copied := slices.Clone(row)
		copied[0] = fmt.Sprint(row[0], "_2")
		s.insert("setting", setting, copied)
		r := s.verify()
		if !found(r, "ledger_entry", "01990000-0000-7000-8000-00000000000f") || !found(r, "setting", fmt.Sprint(copied[0])) {
			s.t.Errorf("a row copied with its entry (number %v) was not found: %+v", number, s.fresh(r))
		}
		s.exec("DELETE FROM setting WHERE id=?", copied[0])
		s.exec("DELETE FROM ledger_entry WHERE id=?", forged[at("id")])
	}
	// In the middle, and at the end.
	for _, offset := range []int{10, 0} {
		gone := s.row("SELECT " + names(cols) + fmt.Sprintf(" FROM ledger_entry ORDER BY seq DESC LIMIT 1 OFFSET %d", offset))
		s.exec("DELETE FROM ledger_entry WHERE id=?", gone[at("id")])
		kind, key := ledger.Removed, fmt.Sprintf("第 %d 条", gone[at("seq")])
		if offset == 0 {
			kind, key = ledger.RolledBack, fmt.Sprintf("%d–%d", last, last)
		}
		r := s.verify()
		if !slices.ContainsFunc(r.Differences, func(d ledger.Difference) bool { return d.Kind == kind && d.Key == key }) {
			s.t.Errorf("entry %v deleted: want %s %s, got %+v", gone[at("seq")], kind, key, s.fresh(r))
		}
		s.insert("ledger_entry", cols, gone)
	}
	s.clean("entries forged and deleted")
}

// renumber exchanges the numbers of two entries.
func (s *sample) renumber() {
	s.t.Helper()
	a, b := s.row("SELECT id FROM ledger_entry WHERE seq=20")[0], s.row("SELECT id FROM ledger_entry WHERE seq=21")[0]
	swap := func(x, y int) {
		s.exec("UPDATE ledger_entry SET seq=NULL WHERE id=?", a)
		s.exec("UPDATE ledger_entry SET seq=? WHERE id=?", x, b)
		s.exec("UPDATE ledger_entry SET seq=? WHERE id=?", y, a)
	}
	swap(20, 21)
	r := s.verify()
	for _, id := range []any{a, b} {
		if !slices.ContainsFunc(r.Differences, func(d ledger.Difference) bool { return d.Kind == ledger.Reordered && d.Key == id }) {
			s.t.Errorf("entries renumbered: %v not found in %+v", id, s.fresh(r))
		}
	}
	swap(21, 20)
	s.exec("UPDATE ledger_entry SET seq=NULL WHERE id=?", a)
	if r := s.verify(); !slices.ContainsFunc(r.Differences, func(d ledger.Difference) bool { return d.Kind == ledger.Reordered && d.Key == a }) {
		s.t.Errorf("an entry without its number: not found in %+v", s.fresh(r))
	}
	s.exec("UPDATE ledger_entry SET seq=20 WHERE id=?", a)
	s.clean("numbers")
}

// earlierContent puts a row, and then the whole database, back to what it was.
func (s *sample) earlierContent() {
	s.t.Helper()
	cols := s.tables["setting"]
	before := s.row("SELECT " + names(cols) + " FROM setting WHERE id='letter_valid_days'")
	entries := s.row("SELECT count(*) FROM ledger_entry")[0]
	if _, err := s.in.Settings.Change(context.Background(), founding.By, setting.Key("letter_valid_days"), "50"); err != nil {
		s.t.Fatal(err)
	}
	after := s.row("SELECT " + names(cols) + " FROM setting WHERE id='letter_valid_days'")
	s.exec("DELETE FROM setting WHERE id='letter_valid_days'")
	s.insert("setting", cols, before)
	isRolledBack := func(table, key string) {
		s.t.Helper()
		if r := s.verify(); !slices.ContainsFunc(r.Differences, func(d ledger.Difference) bool {
			return d.Kind == ledger.RolledBack && d.Table == table && d.Key == key
		}) {
			s.t.Errorf("%s %s was put back and not found: %+v", table, key, s.fresh(r))
		}
	}
	isRolledBack("setting", "letter_valid_days")
	// With its entries gone too the database is an earlier one, whole in itself.
	if err := s.in.Publish(context.Background()); err != nil {
		s.t.Fatal(err)
	}
	ec, sc := s.tables["ledger_entry"], s.tables["ledger_subject"]
	entry := s.row("SELECT "+names(ec)+" FROM ledger_entry WHERE seq>?", entries)
	subject := s.row("SELECT "+names(sc)+" FROM ledger_subject WHERE ord=?", entry[2])
	s.exec("DELETE FROM ledger_entry WHERE seq>?", entries)
	s.exec("DELETE FROM ledger_subject WHERE entry_id=?", entry[0])
	isRolledBack("ledger_entry", fmt.Sprintf("%d–%d", entries.(int64)+1, entries.(int64)+1))
	s.insert("ledger_entry", ec, entry)
	s.insert("ledger_subject", sc, subject)
	s.exec("DELETE FROM setting WHERE id='letter_valid_days'")
	s.insert("setting", cols, after)
	s.clean("an earlier copy")
}

// schema adds and loosens what the migrations made.
func (s *sample) schema() {
	s.t.Helper()
	s.exec("CREATE TABLE beside (id TEXT PRIMARY KEY, v TEXT)")
	s.exec("ALTER TABLE agency ADD COLUMN beside TEXT")
	s.exec("DROP INDEX dossier_agency_no")
	r := s.verify()
	for table, key := range map[string]string{"beside": "", "agency": "column beside", "dossier": "index dossier_agency_no"} {
		if !found(r, table, key) {
			s.t.Errorf("%s %s not found: %+v", table, key, s.fresh(r))
		}
	}
	s.exec("DROP TABLE beside")
	s.exec("ALTER TABLE agency DROP COLUMN beside")
	s.exec("CREATE INDEX dossier_agency_no ON dossier(agency, no, id)")
	s.clean("the schema")
}

// mangle changes files one way after the other and puts them back.
func (s *sample) mangle(table string, paths []string, base string) {
	s.t.Helper()
	ways := map[string]func(path string, raw []byte) error{
		"flipped": func(path string, raw []byte) error {
			raw[len(raw)/2] ^= 1
			return os.WriteFile(path, raw, 0o600)
		},
		"cut":     func(path string, raw []byte) error { return os.WriteFile(path, raw[:len(raw)/2], 0o600) },
		"deleted": func(path string, _ []byte) error { return os.Remove(path) },
	}
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			s.t.Fatal(err)
		}
		name, err := filepath.Rel(base, path)
		if err != nil {
			s.t.Fatal(err)
		}
		for way, do := range ways {
			if err := os.Chmod(path, 0o600); err != nil {
				s.t.Fatal(err)
			}
			if err := do(path, bytes.Clone(raw)); err != nil {
				s.t.Fatal(err)
			}
			if r := s.verify(); !found(r, table, name) {
				s.t.Errorf("%s %s was %s and not found: %+v", table, name, way, s.fresh(r))
			}
			if err := os.WriteFile(path, raw, 0o600); err != nil {
				s.t.Fatal(err)
			}
		}
	}
	s.clean(table)
}

func (s *sample) filesUnder(dir string) []string {
	s.t.Helper()
	var out []string
	if err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !strings.HasPrefix(d.Name(), ".") {
			out = append(out, path)
		}
		return err
	}); err != nil {
		s.t.Fatal(err)
	}
	return out
}

func (s *sample) files() {
	s.t.Helper()
	base := filepath.Join(s.dir, "blobs")
	list := s.filesUnder(base)
	if len(list) < 2 {
		s.t.Fatalf("the sample has %d files", len(list))
	}
	s.mangle(ledger.FilesTable, list[:2], base)
	// Two files in each other's place, and one that nobody stored.
	swap := func() {
		for _, step := range [][2]string{{list[0], list[0] + ".x"}, {list[1], list[0]}, {list[0] + ".x", list[1]}} {
			if err := os.Rename(step[0], step[1]); err != nil {
				s.t.Fatal(err)
			}
		}
	}
	swap()
	planted := filepath.Join(base, "00", "00", hex.EncodeToString(bytes.Repeat([]byte{7}, 48)))
	if err := os.MkdirAll(filepath.Dir(planted), 0o700); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(planted, []byte("not ours"), 0o600); err != nil {
		s.t.Fatal(err)
	}
	r := s.verify()
	for _, path := range []string{list[0], list[1], planted} {
		if name, _ := filepath.Rel(base, path); !found(r, ledger.FilesTable, name) {
			s.t.Errorf("file %s not found: %+v", name, s.fresh(r))
		}
	}
	swap()
	if err := os.Remove(planted); err != nil {
		s.t.Fatal(err)
	}
	// A file whose act was refused is whole: no difference.
	if _, err := s.in.Blobs.Put(context.Background(), io.LimitReader(strings.NewReader("left behind by an act that came to nothing"), 100)); err != nil {
		s.t.Fatal(err)
	}
	if r := s.verify(); r.Unclaimed == 0 || len(s.fresh(r)) > 0 {
		s.t.Errorf("an unclaimed file: %d, %+v", r.Unclaimed, s.fresh(r))
	}
}

func (s *sample) log() {
	s.t.Helper()
	base := filepath.Join(s.dir, "log")
	var list []string
	for _, path := range s.filesUnder(base) {
		// The beginnings of tiles that earlier checkpoints needed may go any time.
		if strings.Contains(path, ".p/") && !strings.HasSuffix(path, fmt.Sprint(".p/", s.published()%256)) {
			continue
		}
		if strings.Contains(path, "tile/") {
			list = append(list, path)
		}
	}
	s.mangle(ledger.LogTable, append(list[:min(4, len(list))], filepath.Join(base, "checkpoint")), base)
	kept, err := os.ReadFile(filepath.Join(base, "checkpoint"))
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.in.Settings.Change(context.Background(), founding.By, setting.Key("letter_valid_days"), "55"); err != nil {
		s.t.Fatal(err)
	}
	if err := s.in.Publish(context.Background()); err != nil {
		s.t.Fatal(err)
	}
	against := func(raw []byte) ledger.Report {
		s.t.Helper()
		r, err := s.in.Vault().Verify(s.t.Context(), raw, testkit.Day, nil)
		if err != nil {
			s.t.Fatal(err)
		}
		return r
	}
	if more := s.fresh(against(kept)); len(more) > 0 {
		s.t.Errorf("an older checkpoint of the same log: %+v", more)
	}
	// The whole log taken away, with entries of a year in the database.
	if err := os.Rename(base, base+".away"); err != nil {
		s.t.Fatal(err)
	}
	if r := s.verify(); !found(r, ledger.LogTable, "checkpoint") {
		s.t.Errorf("the whole log is gone and not found: %+v", s.fresh(r))
	}
	if err := os.Rename(base+".away", base); err != nil {
		s.t.Fatal(err)
	}
	s.clean("the log")
}

func (s *sample) published() int64 { return s.verify().Published }

// The whole folder put back to an older copy is whole in itself: only a checkpoint
// kept elsewhere tells.
func TestWholeFolderPutBackNeedsACheckpointFromElsewhere(t *testing.T) {
	p := testkit.New(t, store.SQLite)
	if err := p.Publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	old := t.TempDir()
	if err := os.CopyFS(old, os.DirFS(p.Dir)); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Settings.Change(t.Context(), founding.By, setting.Key("letter_valid_days"), "55"); err != nil {
		t.Fatal(err)
	}
	if err := p.Publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	newer, err := os.ReadFile(filepath.Join(p.Dir, "log", "checkpoint"))
	if err != nil {
		t.Fatal(err)
	}
	v, err := instance.OpenVault(t.Context(), instance.Config{Data: old})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	for _, c := range []struct {
		against []byte
		ok      bool
	}{{nil, true}, {newer, false}} {
		r, err := v.Verify(t.Context(), c.against, time.Now(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if r.OK != c.ok {
			t.Errorf("with a checkpoint %v: %+v", c.against != nil, r.Differences)
		}
	}
	if _, err := v.Verify(t.Context(), []byte("nothing signed"), time.Now(), nil); err == nil {
		t.Error("a checkpoint nobody signed was taken")
	}
}

// Every audited table names its row type, and every derived one how it is rebuilt.
func TestEveryTableCanBeChecked(t *testing.T) {
	p := testkit.New(t, store.SQLite)
	list, err := p.DB.Schema(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range list {
		switch table.Kind {
		case store.Audited:
			// Units are registered by no room yet: whoever writes the first one describes it.
			if table.Name != "ledger_entry" && table.Name != "unit" && store.PlanFor(table.Name) == nil {
				t.Errorf("%s: say store.Describe beside its Register", table.Name)
			}
		case store.Derived:
			if _, ok := store.RebuildOf(table.Name); !ok {
				t.Errorf("%s: say store.Derive beside its Register", table.Name)
			}
		}
	}
}
