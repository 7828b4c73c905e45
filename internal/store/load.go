package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// ErrNotEmpty says that a database already holds a province; nothing is loaded over it.
var ErrNotEmpty = errors.New("数据库中已有数据，不能在其上恢复")

// Columns lists the columns of a table in the order the database keeps them. PostgreSQL's
// catalog is asked: a prepared SELECT * fails once its table was altered, and with it the
// snapshot that is to say so.
func (s *Snapshot) Columns(ctx context.Context, table string) ([]string, error) {
	query := "SELECT name FROM pragma_table_info(?) ORDER BY cid"
	if s.db.Engine == Postgres {
		query = "SELECT column_name FROM information_schema.columns WHERE table_schema=current_schema() AND table_name=? ORDER BY ordinal_position"
	}
	rows, err := s.Query(ctx, query, table)
	if err != nil {
		return nil, fmt.Errorf("columns of %s: %w", table, err)
	}
	defer rows.Close()
	var columns []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, fmt.Errorf("columns of %s: %w", table, err)
		}
		columns = append(columns, name)
	}
	if err := rows.Err(); err != nil || len(columns) > 0 {
		return columns, err
	}
	return nil, fmt.Errorf("columns of %s: there is no such table", table)
}

// Dump streams every row of a table as stored values (int64, string, []byte,
// nil), in the order of the named columns. The slice is reused.
func (s *Snapshot) Dump(ctx context.Context, table string, columns []string, fn func([]any) error) error {
	rows, err := s.Query(ctx, "SELECT "+strings.Join(columns, ",")+" FROM "+table)
	if err != nil {
		return fmt.Errorf("dump %s: %w", table, err)
	}
	defer rows.Close()
	values := make([]any, len(columns))
	holders := make([]any, len(columns))
	for i := range holders {
		holders[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(holders...); err != nil {
			return fmt.Errorf("dump %s: %w", table, err)
		}
		if err := fn(values); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Loader fills an empty database from a backup, in one transaction. It is no act:
// what it writes was sealed before, and verify holds every row against its seal.
type Loader struct{ tx *Tx }

// Load begins to fill a database that holds no province yet.
func (db *DB) Load(ctx context.Context) (*Loader, error) {
	tx, err := db.Begin(ctx)
	if err != nil {
		return nil, err
	}
	var n int
	if err := tx.QueryRow(ctx, "SELECT count(*) FROM (SELECT 1 FROM ledger_entry LIMIT 1) AS any_entry").Scan(&n); err != nil || n > 0 {
		tx.Rollback()
		return nil, errors.Join(err, ErrNotEmpty)
	}
	return &Loader{tx}, nil
}

// Row writes one row.
func (l *Loader) Row(ctx context.Context, table string, columns []string, values []any) error {
	_, err := l.tx.Exec(ctx, "INSERT INTO "+table+"("+strings.Join(columns, ",")+") VALUES("+Marks(len(columns))+")", values...)
	if err != nil {
		return fmt.Errorf("load %s: %w", table, err)
	}
	return nil
}

// Commit makes it whole; the ledger goes on where it stopped.
func (l *Loader) Commit(ctx context.Context) error {
	if l.tx.Engine() == Postgres {
		if _, err := l.tx.Exec(ctx, "SELECT setval('ledger_ord', (SELECT coalesce(max(ord),0)+1 FROM ledger_entry))"); err != nil {
			return fmt.Errorf("ledger order: %w", err)
		}
	}
	return l.tx.Commit()
}

// Rollback leaves the database empty; harmless after Commit.
func (l *Loader) Rollback() { l.tx.Rollback() }

// Migration is the version of the newest migration in the snapshot.
func (s *Snapshot) Migration(ctx context.Context) (int64, error) {
	var v int64
	err := s.QueryRow(ctx, "SELECT coalesce(max(version_id),0) FROM goose_db_version").Scan(&v)
	return v, err
}

// References lists, for every table, the tables its foreign keys point to: a
// loader fills those first.
func (s *Snapshot) References(ctx context.Context) (map[string][]string, error) {
	keys, err := s.ForeignKeys(ctx)
	if err != nil {
		return nil, err
	}
	out := map[string][]string{}
	for from, columns := range keys {
		for _, to := range columns {
			out[from] = append(out[from], to)
		}
	}
	return out, nil
}

// ForeignKeys lists, for every table, which column points to which table.
func (s *Snapshot) ForeignKeys(ctx context.Context) (map[string]map[string]string, error) {
	query := "SELECT m.name, f.\"from\", f.\"table\" FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type='table'"
	if s.db.Engine == Postgres {
		query = `SELECT c.relname, a.attname, r.relname FROM pg_constraint k JOIN pg_class c ON c.oid=k.conrelid JOIN pg_class r ON r.oid=k.confrelid
JOIN pg_attribute a ON a.attrelid=c.oid AND a.attnum=k.conkey[1] WHERE k.contype='f' AND c.relnamespace=current_schema()::regnamespace`
	}
	rows, err := s.Query(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("foreign keys: %w", err)
	}
	defer rows.Close()
	out := map[string]map[string]string{}
	for rows.Next() {
		var from, column, to string
		if err := rows.Scan(&from, &column, &to); err != nil {
			return nil, err
		}
		if out[from] == nil {
			out[from] = map[string]string{}
		}
		out[from][column] = to
	}
	return out, rows.Err()
}
