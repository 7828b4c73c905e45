package store

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"path/filepath"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
)

// QueueDriver is the driver of the job queue for this engine. On SQLite the queue
// works on a connection of its own, as one more process would: River's work must
// not wait behind the writer that an act holds, nor the act behind River's pool.
func (db *DB) QueueDriver() (riverdriver.Driver[*sql.Tx], error) {
	if db.Engine == Postgres {
		return riverdatabasesql.New(db.write), nil
	}
	if db.queue == nil {
		pool, err := sql.Open("sqlite", sqliteWriter(db.path))
		if err != nil {
			return nil, fmt.Errorf("open queue: %w", err)
		}
		pool.SetMaxOpenConns(1)
		db.queue = pool
	}
	return riversqlite.New(db.queue), nil
}

// migrateQueue makes River's own tables.
func (db *DB) migrateQueue(ctx context.Context) error {
	var driver riverdriver.Driver[*sql.Tx] = riverdatabasesql.New(db.write)
	if db.Engine == SQLite {
		driver = riversqlite.New(db.write)
	}
	m, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return fmt.Errorf("queue migrations: %w", err)
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate queue: %w", err)
	}
	return nil
}

// Full durability, and savepoint journals in memory: they halve batches otherwise.
const sqlitePragmas = "_pragma=busy_timeout(20000)&_pragma=synchronous(FULL)&_pragma=foreign_keys(ON)&_pragma=temp_store(MEMORY)&_pragma=cache_size(-16000)"

// sqliteWriter opens immediate transactions: the busy timeout does not cover the
// upgrade from read to write.
func sqliteWriter(path string) string {
	return sqliteFile(path) + "?_txlock=immediate&_pragma=journal_mode(WAL)&" + sqlitePragmas
}

func sqliteReader(path string) string {
	return sqliteFile(path) + "?mode=ro&_pragma=query_only(1)&" + sqlitePragmas
}

func sqlitePath(dir string) string { return filepath.Join(dir, "dangan.db") }
