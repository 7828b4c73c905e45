package store

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
)

// QueueDriver is the driver of the job queue for this engine. On SQLite the queue
// works on a connection of its own, as one more process would: River's work must
// not wait behind the writer that an act holds, nor the act behind River's pool.
func (db *DB) QueueDriver() (riverdriver.Driver[*sql.Tx], error) {
	pool, err := db.queuePool()
	if err != nil {
		return nil, err
	}
	if db.Engine == Postgres {
		return riverdatabasesql.New(pool), nil
	}
	return riversqlite.New(pool), nil
}

func (db *DB) queuePool() (*sql.DB, error) {
	if db.Engine == Postgres {
		return db.write, nil
	}
	if db.queue == nil {
		pool, err := sql.Open("sqlite", sqliteWriter(db.path))
		if err != nil {
			return nil, fmt.Errorf("open queue: %w", err)
		}
		pool.SetMaxOpenConns(1)
		db.queue = pool
	}
	return db.queue, nil
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

// Beat says that a runner of jobs lives at now, and gives back to the queue what runners had
// in hand that were last heard of before lost: a killed process says goodbye to nobody, and a
// job it ran would stand as running, a timer's next run waiting behind it. A job tried as often as
// tries is left to River, which sets it aside.
func (db *DB) Beat(ctx context.Context, runner string, now, lost time.Time, tries int) error {
	pool, err := db.queuePool()
	if err != nil {
		return err
	}
	last := "attempted_by[array_upper(attempted_by, 1)]"
	if db.Engine == SQLite {
		last = "attempted_by ->> '$[#-1]'"
	}
	if _, err := pool.ExecContext(ctx, "INSERT INTO job_runner (id, seen_at) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at", runner, now.UnixMilli()); err != nil {
		return fmt.Errorf("runner of jobs: %w", err)
	}
	if _, err := pool.ExecContext(ctx, "DELETE FROM job_runner WHERE seen_at < $1", lost.UnixMilli()); err != nil {
		return fmt.Errorf("lost runners of jobs: %w", err)
	}
	if _, err := pool.ExecContext(ctx, "UPDATE river_job SET state = 'available' WHERE state = 'running' AND attempt < $1 AND "+last+" NOT IN (SELECT id FROM job_runner)", tries); err != nil {
		return fmt.Errorf("jobs of lost runners: %w", err)
	}
	return nil
}

// Leave takes a runner that has put down its jobs off the list.
func (db *DB) Leave(ctx context.Context, runner string) error {
	pool, err := db.queuePool()
	if err != nil {
		return err
	}
	if _, err := pool.ExecContext(ctx, "DELETE FROM job_runner WHERE id = $1", runner); err != nil {
		return fmt.Errorf("runner of jobs: %w", err)
	}
	return nil
}
