package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"regexp"
	"sort"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// dialectFS hands goose the one set of migrations in the engine's own words.
// They are written for SQLite: INTEGER, TEXT, BLOB and `) STRICT;`.
type dialectFS struct {
	fs.FS
	engine Engine
}

var (
	reInteger = regexp.MustCompile(`\bINTEGER\b`)
	reBlob    = regexp.MustCompile(`\bBLOB\b`)
	reText    = regexp.MustCompile(`\bTEXT\b`)
	reStrict  = regexp.MustCompile(`\)\s*STRICT;`)
)

func (d dialectFS) Open(name string) (fs.File, error) {
	f, err := d.FS.Open(name)
	if err != nil || d.engine == SQLite || !strings.HasSuffix(name, ".sql") {
		return f, err
	}
	defer f.Close()
	raw, err := fs.ReadFile(d.FS, name)
	if err != nil {
		return nil, err
	}
	s := reInteger.ReplaceAllString(string(raw), "BIGINT")
	s = reBlob.ReplaceAllString(s, "BYTEA")
	// C collation: byte order, as SQLite's, and prefixes that an index can answer.
	s = reText.ReplaceAllString(s, `TEXT COLLATE "C"`)
	s = reStrict.ReplaceAllString(s, ");")
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	return &memFile{Reader: strings.NewReader(s), info: info}, nil
}

type memFile struct {
	*strings.Reader
	info fs.FileInfo
}

func (f *memFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *memFile) Close() error               { return nil }

func (db *DB) migrate(ctx context.Context, upTo int64) error {
	sub, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return err
	}
	dialect := database.DialectSQLite3
	if db.Engine == Postgres {
		dialect = database.DialectPostgres
	}
	provider, err := goose.NewProvider(dialect, db.write, dialectFS{sub, db.Engine})
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	unlock, err := db.migrationLock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	if upTo > 0 {
		_, err = provider.UpTo(ctx, upTo)
	} else {
		_, err = provider.Up(ctx)
	}
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if err := db.migrateQueue(ctx); err != nil {
		return err
	}
	return db.guard(ctx)
}

// migrationLock keeps two processes that start together from migrating at once.
// SQLite needs none: the writer's immediate transactions queue up.
func (db *DB) migrationLock(ctx context.Context) (func(), error) {
	if db.Engine == SQLite {
		return func() {}, nil
	}
	conn, err := db.write.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("migration lock: %w", err)
	}
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock(7110)"); err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("migration lock: %w", err)
	}
	return func() {
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock(7110)")
		_ = conn.Close()
	}, nil
}

// What the database says when it refuses, and the trigger that keeps entries.
const (
	noDelete     = "audited rows are never deleted (29.4)"
	entriesFixed = "ledger entries never change (29.1)"
	entryFixed   = "ledger_entry_fixed"
)

// raising is the body of a trigger function that refuses.
func raising(says string) string { return "\nBEGIN RAISE EXCEPTION '" + says + "'; END " }

// guard sets the triggers by which the database itself refuses to delete from
// audited tables (29.4). It is idempotent and runs after every migration.
func (db *DB) guard(ctx context.Context) error {
	existing, err := db.TableNames(ctx)
	if err != nil {
		return err
	}
	var stmts []string
	if db.Engine == Postgres {
		stmts = append(stmts, "CREATE OR REPLACE FUNCTION dangan_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$"+raising(noDelete)+"$$")
	}
	// The entries themselves: only the number may be set, once (29.1).
	if db.Engine == SQLite {
		stmts = append(stmts, `CREATE TRIGGER IF NOT EXISTS ledger_entry_fixed BEFORE UPDATE ON ledger_entry
WHEN OLD.seq IS NOT NULL OR OLD.id<>NEW.id OR OLD.ord<>NEW.ord OR OLD.body<>NEW.body OR OLD.trace<>NEW.trace OR OLD.salt<>NEW.salt OR OLD.mac<>NEW.mac
BEGIN SELECT RAISE(ABORT, 'ledger entries never change (29.1)'); END`)
	} else {
		stmts = append(stmts, `CREATE SEQUENCE IF NOT EXISTS ledger_ord`,
			"CREATE OR REPLACE FUNCTION dangan_entry_fixed() RETURNS trigger LANGUAGE plpgsql AS $$"+raising(entriesFixed)+"$$",
			`CREATE OR REPLACE TRIGGER ledger_entry_fixed BEFORE UPDATE ON ledger_entry FOR EACH ROW
WHEN (OLD.seq IS NOT NULL OR OLD.id<>NEW.id OR OLD.ord<>NEW.ord OR OLD.body<>NEW.body OR OLD.trace<>NEW.trace OR OLD.salt<>NEW.salt OR OLD.mac<>NEW.mac)
EXECUTE FUNCTION dangan_entry_fixed()`)
	}
	guarded, err := db.guarded(ctx)
	if err != nil {
		return err
	}
	for _, name := range existing {
		if tables[name].Kind != Audited || guarded[name] {
			continue
		}
		if db.Engine == SQLite {
			stmts = append(stmts, fmt.Sprintf(`CREATE TRIGGER IF NOT EXISTS %s_no_delete BEFORE DELETE ON %s
BEGIN SELECT RAISE(ABORT, 'audited rows are never deleted (29.4)'); END`, name, name))
			continue
		}
		stmts = append(stmts, fmt.Sprintf(`CREATE OR REPLACE TRIGGER %s_no_delete BEFORE DELETE OR TRUNCATE ON %s
FOR EACH STATEMENT EXECUTE FUNCTION dangan_no_delete()`, name, name))
	}
	for _, s := range stmts {
		if _, err := db.write.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("guard tables: %w", err)
		}
	}
	return nil
}

// guarded are PostgreSQL's tables whose trigger stands as guard would set it: to set it anew
// locks each of them, and an office that starts a second process would wait for the first.
func (db *DB) guarded(ctx context.Context) (map[string]bool, error) {
	out := map[string]bool{}
	if db.Engine == SQLite {
		return out, nil // IF NOT EXISTS costs nothing
	}
	// 42: before delete (8) or truncate (32), once a statement, before it (2).
	rows, err := db.Query(ctx, `SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid=t.tgrelid JOIN pg_proc p ON p.oid=t.tgfoid
WHERE c.relnamespace=current_schema()::regnamespace AND t.tgname=c.relname||'_no_delete' AND p.proname='dangan_no_delete'
AND t.tgenabled='O' AND t.tgtype=42 AND t.tgqual IS NULL`)
	if err != nil {
		return nil, fmt.Errorf("guarded tables: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		out[name] = true
	}
	return out, rows.Err()
}

// TableNames lists the tables that are in the database, sorted.
func (db *DB) TableNames(ctx context.Context) ([]string, error) {
	return tableNames(ctx, db, db.Engine)
}

// TableNames lists the tables of the snapshot, sorted.
func (s *Snapshot) TableNames(ctx context.Context) ([]string, error) {
	return tableNames(ctx, s, s.db.Engine)
}

func tableNames(ctx context.Context, q Querier, engine Engine) ([]string, error) {
	query := "SELECT name FROM sqlite_master WHERE type='table'"
	if engine == Postgres {
		query = "SELECT tablename FROM pg_tables WHERE schemaname=current_schema()"
	}
	rows, err := q.Query(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("list tables: %w", err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		out = append(out, name)
	}
	sort.Strings(out)
	return out, rows.Err()
}

// Schema lists every table that is in the database with its kind. A table
// nobody registered is an error: no data may stand outside the three kinds.
func (db *DB) Schema(ctx context.Context) ([]Table, error) {
	names, err := db.TableNames(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Table, 0, len(names))
	for _, name := range names {
		t, ok := lookup(name)
		if !ok {
			return nil, fmt.Errorf("table %s has no kind: register it", name)
		}
		out = append(out, t)
	}
	return out, nil
}

func lookup(name string) (Table, bool) {
	if t, ok := tables[name]; ok {
		return t, true
	}
	switch {
	case strings.HasPrefix(name, "river_"):
		return Table{name, Transient, "River 任务队列自己的表：任务可以重做，结果都另有存证"}, true
	case strings.HasPrefix(name, "sqlite_"):
		return Table{name, Transient, "SQLite 的内部表"}, true
	}
	return Table{}, false
}

// MayWrite says whether the connection's account may write at all.
func (db *DB) MayWrite(ctx context.Context) error {
	if db.Engine == SQLite {
		return nil
	}
	var readOnly string
	if err := db.read.QueryRowContext(ctx, "SHOW transaction_read_only").Scan(&readOnly); err != nil {
		return err
	}
	if readOnly == "on" {
		return fmt.Errorf("the database accepts no writes: a standby, or a read-only account")
	}
	return nil
}
