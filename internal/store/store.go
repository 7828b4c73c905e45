package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // registers the "pgx" driver
	sqlite "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Engine names a database engine.
type Engine string

// The two engines; relatives of PostgreSQL count as Postgres.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// Errors that cross layers. Unique and Conflict reach people as 409.
var (
	// ErrNotFound says that no row answers the question.
	ErrNotFound = errors.New("not found")
	// ErrUnique says that a row with the same unique key is there already.
	ErrUnique = errors.New("unique key taken")
	// ErrDiskFull says that the file system or a size limit took no more bytes; nothing was changed.
	ErrDiskFull = errors.New("disk full")
	// ErrBusy says that another process held the database for longer than the busy timeout.
	ErrBusy = errors.New("database busy")
)

// Cipher seals the columns marked `secret`. aad binds a value to its table,
// column and row, so that a value copied elsewhere can't be read.
type Cipher interface {
	SealField(plain []byte, aad string) ([]byte, error)
	OpenField(sealed []byte, aad string) ([]byte, error)
}

// Config says which database to open.
type Config struct {
	Dir      string // data folder; dangan.db lies in it when URL is empty
	URL      string // postgres://…, or empty for SQLite
	Cipher   Cipher // nil only where no secret column is read or written
	ReadOnly bool   // runs no migration and can't write
	UpTo     int64  // stop at this migration, for loading an older backup; 0: the newest
}

// DB is an open database: one writer on SQLite, a pool on PostgreSQL, and a
// pool of readers. Safe for concurrent use.
type DB struct {
	Engine Engine
	// CountCap is how many rows a count above a list looks at: an agency's stock is
	// counted to the last, a province's is not (a million took 1.4 s, fifty thousand 70 ms).
	CountCap int64
	write    *sql.DB
	read     *sql.DB
	queue    *sql.DB // SQLite only: the job queue's own connection
	path     string  // SQLite only
	cipher   Cipher
	binds    sync.Map // query with ? → query as the engine wants it
	stmts    sync.Map // stmtKey → *sql.Stmt, SQLite only (pgx keeps its own)
	wanted   sync.Map // queries a transaction would have liked prepared
	kept     atomic.Int64
}

const countCap = 50_000

type stmtKey struct {
	pool  *sql.DB
	query string
}

// Open opens the database and, unless ReadOnly, brings it to the newest
// migration and sets the triggers that forbid deleting.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	db := &DB{CountCap: countCap, cipher: cfg.Cipher}
	var err error
	if cfg.URL != "" {
		err = db.openPostgres(cfg)
	} else {
		err = db.openSQLite(cfg)
	}
	if err != nil {
		return nil, err
	}
	if err := db.read.PingContext(ctx); err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("open database: %w", err)
	}
	if !cfg.ReadOnly {
		if err := db.migrate(ctx, cfg.UpTo); err != nil {
			_ = db.Close()
			return nil, err
		}
	}
	return db, nil
}

func (db *DB) openSQLite(cfg Config) error {
	db.Engine = SQLite
	path := sqlitePath(cfg.Dir)
	if cfg.ReadOnly {
		if _, err := os.Stat(path); err != nil {
			return fmt.Errorf("open database: %w", err)
		}
	} else if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	db.path = path
	var err error
	if db.read, err = sql.Open("sqlite", sqliteReader(path)); err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	db.read.SetMaxOpenConns(max(4, runtime.NumCPU()*2))
	db.read.SetMaxIdleConns(max(4, runtime.NumCPU()*2))
	if cfg.ReadOnly {
		return nil
	}
	if db.write, err = sql.Open("sqlite", sqliteWriter(path)); err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	db.write.SetMaxOpenConns(1)
	// The writer makes file and WAL before the first reader comes.
	if err := db.write.PingContext(context.Background()); err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	return nil
}

func (db *DB) openPostgres(cfg Config) error {
	db.Engine = Postgres
	pool, err := sql.Open("pgx", cfg.URL)
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	pool.SetMaxOpenConns(16)
	pool.SetMaxIdleConns(16)
	db.read = pool
	if !cfg.ReadOnly {
		db.write = pool
	}
	return nil
}

// Close closes all connections.
func (db *DB) Close() error {
	var errs []error
	if db.write != nil && db.write != db.read {
		errs = append(errs, db.write.Close())
	}
	if db.queue != nil {
		errs = append(errs, db.queue.Close())
	}
	errs = append(errs, db.read.Close())
	return errors.Join(errs...)
}

// Ping asks the database for a sign of life.
func (db *DB) Ping(ctx context.Context) error { return db.read.PingContext(ctx) }

// Querier is what reads: the database, a snapshot, or a transaction.
type Querier interface {
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRow(ctx context.Context, query string, args ...any) *sql.Row
	Cipher() Cipher
}

// Cipher returns the cipher of secret columns.
func (db *DB) Cipher() Cipher { return db.cipher }

// Query reads outside of any transaction.
func (db *DB) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if db.Engine == SQLite {
		stmt, err := db.prepared(ctx, db.read, query)
		if err != nil {
			return nil, err
		}
		return stmt.QueryContext(ctx, normalize(args)...)
	}
	return db.read.QueryContext(ctx, db.bind(query), normalize(args)...)
}

// QueryRow reads one row outside of any transaction.
func (db *DB) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	if db.Engine == SQLite {
		if stmt, err := db.prepared(ctx, db.read, query); err == nil {
			return stmt.QueryRowContext(ctx, normalize(args)...)
		}
	}
	return db.read.QueryRowContext(ctx, db.bind(query), normalize(args)...)
}

// prepared keeps one statement a pool and query: preparing costs SQLite as much as a look-up.
func (db *DB) prepared(ctx context.Context, pool *sql.DB, query string) (*sql.Stmt, error) {
	key := stmtKey{pool, query}
	if s, ok := db.stmts.Load(key); ok {
		return s.(*sql.Stmt), nil
	}
	stmt, err := pool.PrepareContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("prepare %q: %w", query, err)
	}
	if kept, loaded := db.stmts.LoadOrStore(key, stmt); loaded {
		_ = stmt.Close()
		return kept.(*sql.Stmt), nil
	}
	return stmt, nil
}

// bind rewrites ? to $1… for PostgreSQL. Question marks inside quotes stay.
func (db *DB) bind(query string) string {
	if db.Engine == SQLite {
		return query
	}
	if q, ok := db.binds.Load(query); ok {
		return q.(string)
	}
	var b strings.Builder
	n, quoted := 0, false
	for _, r := range query {
		switch {
		case r == '\'':
			quoted = !quoted
			b.WriteRune(r)
		case r == '?' && !quoted:
			n++
			fmt.Fprintf(&b, "$%d", n)
		default:
			b.WriteRune(r)
		}
	}
	db.binds.Store(query, b.String())
	return b.String()
}

// Classify turns an engine's error into one of this package's, keeping the cause.
func Classify(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code {
		case "23505":
			return fmt.Errorf("%w: %w", ErrUnique, err)
		case "53100":
			return fmt.Errorf("%w: %w", ErrDiskFull, err)
		case "40P01", "40001": // two transactions in each other's way: try again
			return fmt.Errorf("%w: %w", ErrBusy, err)
		}
		return err
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		switch lite.Code() {
		case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
			return fmt.Errorf("%w: %w", ErrUnique, err)
		}
		switch lite.Code() & 0xff {
		case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR:
			return fmt.Errorf("%w: %w", ErrDiskFull, err)
		case sqlite3.SQLITE_BUSY:
			return fmt.Errorf("%w: %w", ErrBusy, err)
		}
	}
	return err
}

func sqliteFile(path string) string {
	return "file:" + strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
}
