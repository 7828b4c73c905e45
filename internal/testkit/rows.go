package testkit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
)

// rows are what a founded PostgreSQL database holds, and the databases that tests are done
// with. Such a database is set back to these rows and serves the next test: to make one
// takes a file for each table and index, two thousand of them, and to drop it as many.
type rows struct {
	tables    map[string][]byte // as COPY wrote them
	relations int               // of any kind: a database with others is not used again
	names     []string          // of the tables, sorted
	counters  []counter

	mu     sync.Mutex
	spares []spare
}

// spare is a database that is as it was founded.
type spare struct {
	name string
	base uint64 // what later transactions wrote is not of the pattern
}

// counter is a sequence.
type counter struct {
	name   string
	last   int64
	called bool
}

// read takes the rows of a database that was just founded.
func read(ctx context.Context, link string) (*rows, error) {
	conn, err := pgx.Connect(ctx, link)
	if err != nil {
		return nil, err
	}
	r := &rows{tables: map[string][]byte{}}
	err = func() error {
		if err := conn.QueryRow(ctx, `SELECT count(*) FROM pg_class`).Scan(&r.relations); err != nil {
			return err
		}
		sequences, err := conn.Query(ctx, `SELECT relname FROM pg_class WHERE relkind = 'S'`)
		if err != nil {
			return err
		}
		names, err := pgx.CollectRows(sequences, pgx.RowTo[string])
		if err != nil {
			return err
		}
		for _, name := range names {
			c := counter{name: name}
			if err := conn.QueryRow(ctx, `SELECT last_value, is_called FROM "`+name+`"`).Scan(&c.last, &c.called); err != nil {
				return err
			}
			r.counters = append(r.counters, c)
		}
		found, err := conn.Query(ctx, `SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`)
		if err != nil {
			return err
		}
		if r.names, err = pgx.CollectRows(found, pgx.RowTo[string]); err != nil {
			return err
		}
		slices.Sort(r.names)
		for _, name := range r.names {
			var out bytes.Buffer
			if _, err := conn.PgConn().CopyTo(ctx, &out, `COPY "`+name+`" TO STDOUT`); err != nil {
				return err
			}
			r.tables[name] = out.Bytes()
		}
		return nil
	}()
	return r, errors.Join(err, conn.Close(ctx))
}

// database is one as it was founded, for one test: set back, or copied from the pattern.
func (r *rows) database(t testing.TB, pattern string) string {
	t.Helper()
	ctx := context.Background()
	r.mu.Lock()
	var s spare
	if n := len(r.spares); n > 0 {
		s, r.spares = r.spares[n-1], r.spares[:n-1]
	}
	r.mu.Unlock()
	var err error
	if s.name == "" {
		s, err = made(ctx, pattern)
	}
	if err != nil {
		t.Fatal(err)
	}
	link, err := address(s.name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.restore(ctx, link, &s); err != nil {
			// Such as a database with a table more: the next test gets a new one.
			if err := drop(s.name); err != nil {
				t.Errorf("drop test database: %v", err)
			}
			return
		}
		r.mu.Lock()
		r.spares = append(r.spares, s)
		r.mu.Unlock()
	})
	return link
}

func made(ctx context.Context, pattern string) (spare, error) {
	s := spare{name: newName()}
	link, err := create(s.name, " TEMPLATE "+pattern)
	if err != nil {
		return s, err
	}
	conn, err := pgx.Connect(ctx, link)
	if err != nil {
		return s, err
	}
	err = conn.QueryRow(ctx, `SELECT pg_current_xact_id()::text::bigint`).Scan(&s.base)
	return s, errors.Join(err, conn.Close(ctx))
}

// restore sets a database back to the rows it was founded with.
func (r *rows) restore(ctx context.Context, link string, s *spare) (err error) {
	conn, err := pgx.Connect(ctx, link)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	// What a test left behind, such as a process that was killed, writes no more.
	if _, err := conn.Exec(ctx, `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`); err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		var relations int
		if err := tx.QueryRow(ctx, `SELECT count(*) FROM pg_class`).Scan(&relations); err != nil {
			return err
		}
		if relations != r.relations {
			return fmt.Errorf("%d relations, not %d", relations, r.relations)
		}
		var ask strings.Builder
		for i, name := range r.names {
			if i > 0 {
				ask.WriteString(" UNION ALL ")
			}
			fmt.Fprintf(&ask, `SELECT '%s' FROM "%s" HAVING count(*) <> %d OR count(*) FILTER (WHERE xmin::text::bigint > %d) > 0`,
				name, name, bytes.Count(r.tables[name], []byte("\n")), s.base)
		}
		changed, err := tx.Query(ctx, ask.String())
		if err != nil {
			return err
		}
		names, err := pgx.CollectRows(changed, pgx.RowTo[string])
		if err != nil {
			return err
		}
		// Neither the triggers that keep rows from being deleted nor foreign keys hold here.
		if _, err := tx.Exec(ctx, `SET LOCAL session_replication_role = replica`); err != nil {
			return err
		}
		for _, name := range names {
			if _, err := tx.Exec(ctx, `DELETE FROM "`+name+`"`); err != nil {
				return err
			}
			if _, err := tx.Conn().PgConn().CopyFrom(ctx, bytes.NewReader(r.tables[name]), `COPY "`+name+`" FROM STDIN`); err != nil {
				return err
			}
		}
		for _, c := range r.counters {
			if _, err := tx.Exec(ctx, `SELECT setval($1::regclass, $2, $3)`, c.name, c.last, c.called); err != nil {
				return err
			}
		}
		return tx.QueryRow(ctx, `SELECT pg_current_xact_id()::text::bigint`).Scan(&s.base)
	})
}
