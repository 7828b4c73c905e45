package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// Tx is a write transaction. Only the gate begins one.
type Tx struct {
	db   *DB
	raw  *sql.Tx
	conn *sql.Conn // PostgreSQL only: the transaction's own, for COPY
}

// Begin opens a write transaction: immediate on SQLite, read committed on
// PostgreSQL. It is the gate's (and the queue's) door; test/arch fails the
// build when another package calls it.
func (db *DB) Begin(ctx context.Context) (*Tx, error) {
	if db.write == nil {
		return nil, fmt.Errorf("begin: database is open read-only")
	}
	if err := db.prepareWanted(ctx); err != nil {
		return nil, Classify(err)
	}
	if db.Engine == SQLite {
		raw, err := db.write.BeginTx(ctx, nil)
		if err != nil {
			return nil, Classify(fmt.Errorf("begin: %w", err))
		}
		return &Tx{db: db, raw: raw}, nil
	}
	conn, err := db.write.Conn(ctx)
	if err != nil {
		return nil, Classify(fmt.Errorf("begin: %w", err))
	}
	raw, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return nil, Classify(errors.Join(fmt.Errorf("begin: %w", err), conn.Close()))
	}
	return &Tx{db: db, raw: raw, conn: conn}, nil
}

// Raw is the driver's transaction, for the job queue that inserts in it.
func (tx *Tx) Raw() *sql.Tx { return tx.raw }

// Engine tells on which engine the transaction runs.
func (tx *Tx) Engine() Engine { return tx.db.Engine }

// Cipher returns the cipher of secret columns.
func (tx *Tx) Cipher() Cipher { return tx.db.cipher }

// Query reads inside the transaction.
func (tx *Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if stmt := tx.stmt(ctx, query); stmt != nil {
		return stmt.QueryContext(ctx, normalize(args)...)
	}
	return tx.raw.QueryContext(ctx, tx.db.bind(query), normalize(args)...)
}

// QueryRow reads one row inside the transaction.
func (tx *Tx) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	if stmt := tx.stmt(ctx, query); stmt != nil {
		return stmt.QueryRowContext(ctx, normalize(args)...)
	}
	return tx.raw.QueryRowContext(ctx, tx.db.bind(query), normalize(args)...)
}

// Exec writes and returns the number of rows touched.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	var res sql.Result
	var err error
	if stmt := tx.stmt(ctx, query); stmt != nil {
		res, err = stmt.ExecContext(ctx, normalize(args)...)
	} else {
		res, err = tx.raw.ExecContext(ctx, tx.db.bind(query), normalize(args)...)
	}
	if err != nil {
		return 0, Classify(err)
	}
	return res.RowsAffected()
}

// InsertRows writes many rows by few statements: values holds the rows one
// after the other, each width columns wide, and is not to be used afterwards.
func (tx *Tx) InsertRows(ctx context.Context, table, columns string, width int, values []any) error {
	if len(values)/width >= manyRows && tx.conn != nil {
		return tx.copyRows(ctx, table, columns, width, values)
	}
	for rows := len(values) / width; rows > 0; rows = len(values) / width {
		size := min(rows, exactRows)
		if rows >= manyRows {
			size = manyRows
		}
		if _, err := tx.Exec(ctx, insertSQL(table, columns, width, size), values[:size*width]...); err != nil {
			return fmt.Errorf("insert %s: %w", table, err)
		}
		values = values[size*width:]
	}
	return nil
}

// Rows go by the hundred and, what is left, by up to sixteen: few statements, each
// prepared once and used again.
const (
	manyRows  = 128
	exactRows = 16
)

// copyRows writes rows by COPY: PostgreSQL takes in a chunk of an import so in half
// the time of multi-row inserts. A key that is taken is an error as there.
func (tx *Tx) copyRows(ctx context.Context, table, columns string, width int, values []any) error {
	at := 0
	rows := pgx.CopyFromFunc(func() ([]any, error) {
		if at == len(values) {
			return nil, nil
		}
		row := normalize(values[at : at+width])
		at += width
		return row, nil
	})
	err := tx.conn.Raw(func(raw any) error {
		c, ok := raw.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("driver %T can't copy", raw)
		}
		_, err := c.Conn().CopyFrom(ctx, pgx.Identifier{table}, strings.Split(columns, ","), rows)
		return err
	})
	if err != nil {
		return fmt.Errorf("insert %s: %w", table, Classify(err))
	}
	return nil
}

type insertKey struct {
	table, columns string
	size           int
}

var inserts sync.Map // insertKey → string

func insertSQL(table, columns string, width, size int) string {
	key := insertKey{table, columns, size}
	if q, ok := inserts.Load(key); ok {
		return q.(string)
	}
	row := "(" + Marks(width) + ")"
	q := "INSERT INTO " + table + "(" + columns + ") VALUES" + row + strings.Repeat(","+row, size-1)
	inserts.Store(key, q)
	return q
}

// stmt prepares on the transaction's own connection: the pool has no second
// writer to prepare on, and asking it from inside would wait for ever.
func (tx *Tx) stmt(ctx context.Context, query string) *sql.Stmt {
	if tx.db.Engine != SQLite {
		return nil
	}
	key := stmtKey{tx.db.write, query}
	if s, ok := tx.db.stmts.Load(key); ok {
		return tx.raw.StmtContext(ctx, s.(*sql.Stmt))
	}
	tx.db.wanted.Store(query, nil)
	return nil
}

// keptStatements bounds what is kept prepared, should a query's text vary without end.
const keptStatements = 400

// prepareWanted prepares, between two transactions, what the last ones asked for.
func (db *DB) prepareWanted(ctx context.Context) error {
	if db.Engine != SQLite {
		return nil
	}
	var err error
	db.wanted.Range(func(query, _ any) bool {
		db.wanted.Delete(query)
		if db.kept.Add(1) > keptStatements {
			return true
		}
		_, err = db.prepared(ctx, db.write, query.(string))
		return err == nil
	})
	return err
}

// Commit makes everything durable.
func (tx *Tx) Commit() error {
	err := tx.raw.Commit()
	tx.release()
	if err != nil {
		return Classify(fmt.Errorf("commit: %w", err))
	}
	return nil
}

// Rollback undoes everything; harmless after Commit.
func (tx *Tx) Rollback() {
	_ = tx.raw.Rollback()
	tx.release()
}

// release gives the connection back to the pool; harmless when it was.
func (tx *Tx) release() {
	if tx.conn != nil {
		_ = tx.conn.Close()
	}
}

// Savepoint marks a point that RollbackTo returns to.
func (tx *Tx) Savepoint(ctx context.Context, name string) error {
	_, err := tx.raw.ExecContext(ctx, "SAVEPOINT "+name)
	return Classify(err)
}

// RollbackTo undoes what came after the savepoint and releases it.
func (tx *Tx) RollbackTo(ctx context.Context, name string) error {
	if _, err := tx.raw.ExecContext(ctx, "ROLLBACK TO SAVEPOINT "+name); err != nil {
		return Classify(err)
	}
	return tx.Release(ctx, name)
}

// Release forgets the savepoint and keeps what came after it.
func (tx *Tx) Release(ctx context.Context, name string) error {
	_, err := tx.raw.ExecContext(ctx, "RELEASE SAVEPOINT "+name)
	return Classify(err)
}

// Places tries to take a lock that lasts until the end of the transaction, and
// draws n places from a sequence, in one statement. free is false if another
// transaction holds the lock. On SQLite writers queue up anyway: it is always
// free, and there are no places (nil).
func (tx *Tx) Places(ctx context.Context, lock int64, sequence string, n int) (free bool, places []int64, err error) {
	if tx.db.Engine == SQLite {
		return true, nil, nil
	}
	rows, err := tx.Query(ctx, "SELECT pg_try_advisory_xact_lock(?), nextval(?) FROM generate_series(1, CAST(? AS BIGINT))", lock, sequence, n)
	if err != nil {
		return false, nil, err
	}
	defer rows.Close()
	places = make([]int64, 0, n)
	for rows.Next() {
		var place int64
		if err := rows.Scan(&free, &place); err != nil {
			return false, nil, err
		}
		places = append(places, place)
	}
	return free, places, rows.Err()
}

// Lock waits for the lock of Places.
func (tx *Tx) Lock(ctx context.Context, key int64) error {
	if tx.db.Engine == SQLite {
		return nil
	}
	_, err := tx.raw.ExecContext(ctx, "SELECT pg_advisory_xact_lock($1)", key)
	return err
}

// ForUpdate is the clause that locks the rows of a SELECT, empty on SQLite.
func (tx *Tx) ForUpdate() string {
	if tx.db.Engine == SQLite {
		return ""
	}
	return " FOR UPDATE"
}

// Snapshot is a read-only view of one moment, for verify and backup.
type Snapshot struct {
	db   *DB
	conn *sql.Conn
	raw  *sql.Tx
}

// Snapshot opens a view that no later commit changes.
func (db *DB) Snapshot(ctx context.Context) (*Snapshot, error) {
	opts := &sql.TxOptions{ReadOnly: true}
	if db.Engine == Postgres {
		opts.Isolation = sql.LevelRepeatableRead
	}
	conn, err := db.read.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("snapshot: %w", err)
	}
	raw, err := conn.BeginTx(ctx, opts)
	if err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("snapshot: %w", err)
	}
	s := &Snapshot{db: db, conn: conn, raw: raw}
	// SQLite takes its snapshot at the first read, not at BEGIN.
	if db.Engine == SQLite {
		var n int
		if err := raw.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_master").Scan(&n); err != nil {
			s.Close()
			return nil, fmt.Errorf("snapshot: %w", err)
		}
	}
	return s, nil
}

// Engine tells on which engine the snapshot reads.
func (s *Snapshot) Engine() Engine { return s.db.Engine }

// Cipher returns the cipher of secret columns.
func (s *Snapshot) Cipher() Cipher { return s.db.cipher }

// Query reads in the snapshot.
func (s *Snapshot) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return s.raw.QueryContext(ctx, s.db.bind(query), normalize(args)...)
}

// QueryRow reads one row in the snapshot.
func (s *Snapshot) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	return s.raw.QueryRowContext(ctx, s.db.bind(query), normalize(args)...)
}

// Export names the snapshot so that another connection can read the same
// moment; PostgreSQL only ("" on SQLite).
func (s *Snapshot) Export(ctx context.Context) (string, error) {
	if s.db.Engine == SQLite {
		return "", nil
	}
	var id string
	err := s.raw.QueryRowContext(ctx, "SELECT pg_export_snapshot()").Scan(&id)
	return id, err
}

// Join opens a second view of an exported snapshot (PostgreSQL only).
func (db *DB) Join(ctx context.Context, exported string) (*Snapshot, error) {
	s, err := db.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := s.raw.ExecContext(ctx, "SET TRANSACTION SNAPSHOT '"+exported+"'"); err != nil {
		s.Close()
		return nil, fmt.Errorf("join snapshot: %w", err)
	}
	return s, nil
}

// Close ends the view.
func (s *Snapshot) Close() {
	_ = s.raw.Rollback()
	_ = s.conn.Close()
}
