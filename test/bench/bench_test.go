package bench

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dangan/internal/store"
	"dangan/internal/testkit"
)

// report prints one figure.
func report(name string, value float64, unit string, ratio float64) {
	fmt.Printf("BENCH %s %.0f %s %.2f\n", name, value, unit, ratio)
}

// measured is how long each figure is taken.
const measured = 2 * time.Second

// rate calls fn from several goroutines until the time is up.
func rate(writers int, fn func()) float64 {
	var n atomic.Int64
	var wg sync.WaitGroup
	begin := time.Now()
	for range writers {
		wg.Go(func() {
			for time.Since(begin) < measured {
				fn()
				n.Add(1)
			}
		})
	}
	wg.Wait()
	return float64(n.Load()) / time.Since(begin).Seconds()
}

// BenchmarkIntake compares the intake of one dossier through the gate with bare
// inserts of the same rows, the entry's included, in a transaction each.
func BenchmarkIntake(b *testing.B) {
	for _, engine := range []store.Engine{store.SQLite, store.Postgres} {
		for _, writers := range []int{1, 8} {
			p := testkit.New(b, engine)
			var next atomic.Int64
			clerk := p.As("clerk-500108")
			act := func() { testkit.StockAs(p, clerk, office, int(next.Add(1)), nil) }
			act()
			bare := bareInserts(b, p)
			bare()
			// Turn by turn, so that a busy machine burdens both.
			var through, reference float64
			for range 2 {
				reference += rate(writers, bare) / 2
				through += rate(writers, act) / 2
			}
			report(fmt.Sprintf("intake-%s-%d", engine, writers), through, "acts/s", through/reference)
		}
	}
}

// plain opens the province's database without the gate, with the same durability.
func plain(b *testing.B, p *testkit.Province) (db *sql.DB, postgres bool) {
	b.Helper()
	driver, source := "sqlite", "file:"+filepath.Join(p.Dir, "dangan.db")+"?_txlock=immediate&_pragma=busy_timeout(20000)&_pragma=synchronous(FULL)&_pragma=foreign_keys(ON)"
	if p.URL != "" {
		driver, source = "pgx", p.URL
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	if p.URL == "" {
		db.SetMaxOpenConns(1)
	} else {
		db.SetMaxOpenConns(16)
	}
	return db, p.URL != ""
}

// bareInserts copies the rows of one intake, with new keys, by plain SQL.
func bareInserts(b *testing.B, p *testkit.Province) func() {
	b.Helper()
	db, _ := plain(b, p)
	ctx := context.Background()
	view, err := p.DB.Snapshot(ctx)
	if err != nil {
		b.Fatal(err)
	}
	defer view.Close()
	var list []*copied
	for _, t := range []struct{ table, where string }{
		{"person", "ORDER BY id DESC LIMIT 1"}, {"dossier", "ORDER BY id DESC LIMIT 1"}, {"name_key", "WHERE dossier_id=(SELECT max(id) FROM dossier)"},
		{"custody_event", "ORDER BY id DESC LIMIT 1"}, {"ledger_entry", "ORDER BY seq DESC LIMIT 1"},
		{"ledger_subject", "WHERE ord=(SELECT max(ord) FROM ledger_entry)"},
	} {
		c := &copied{table: t.table}
		if c.columns, err = view.Columns(ctx, t.table); err != nil {
			b.Fatal(err)
		}
		rows, err := view.Query(ctx, "SELECT * FROM "+t.table+" "+t.where)
		if err != nil {
			b.Fatal(err)
		}
		for rows.Next() {
			row, at := make([]any, len(c.columns)), make([]any, len(c.columns))
			for i := range row {
				at[i] = &row[i]
			}
			if err := rows.Scan(at...); err != nil {
				b.Fatal(err)
			}
			c.rows = append(c.rows, row)
		}
		if err := rows.Err(); err != nil {
			b.Fatal(err)
		}
		_ = rows.Close()
		c.prepare(b, db, p.URL != "")
		list = append(list, c)
	}
	var n atomic.Int64
	return func() {
		k := n.Add(1)
		tx, err := db.Begin()
		if err != nil {
			panic(err)
		}
		for _, c := range list {
			for i, row := range c.rows {
				if _, err := tx.Stmt(c.insert).Exec(c.renewed(row, k, i)...); err != nil {
					panic(fmt.Sprintf("bare %s: %v", c.table, err))
				}
			}
		}
		if err := tx.Commit(); err != nil {
			panic(err) // not b.Fatal: others wait for the connection
		}
	}
}

type copied struct {
	table   string
	columns []string
	rows    [][]any
	insert  *sql.Stmt
}

func (c *copied) prepare(b *testing.B, db *sql.DB, postgres bool) {
	b.Helper()
	columns, marks := "", ""
	for i, name := range c.columns {
		if i > 0 {
			columns, marks = columns+",", marks+","
		}
		columns += name
		if postgres {
			marks += fmt.Sprintf("$%d", i+1)
		} else {
			marks += "?"
		}
	}
	var err error
	if c.insert, err = db.Prepare("INSERT INTO " + c.table + "(" + columns + ") VALUES(" + marks + ")"); err != nil {
		b.Fatal(err)
	}
}

// renewed gives a row new keys.
func (c *copied) renewed(row []any, k int64, i int) []any {
	out := append([]any(nil), row...)
	for at, name := range c.columns {
		switch name {
		case "id", "person_id", "dossier_id", "entry_id":
			out[at] = fmt.Sprintf("f%035d", k)
		case "id_ix":
			out[at] = fmt.Appendf(nil, "%032d", k)
		case "seq", "ord": // below those of real entries, whose numbers go on
			out[at] = -k
		case "key":
			out[at] = fmt.Sprintf("%v%d", row[at], i)
		case "subject":
			out[at] = fmt.Sprintf("%v%d", row[at], i)
		}
	}
	return out
}

// BenchmarkVerify checks a province of fifty thousand dossiers as a whole.
func BenchmarkVerify(b *testing.B) {
	for _, engine := range []store.Engine{store.SQLite, store.Postgres} {
		p := testkit.New(b, engine)
		Many(b, p, 50_000)
		if err := p.Publish(b.Context()); err != nil {
			b.Fatal(err)
		}
		best := 0.0
		for range 3 {
			r, err := p.Vault().Verify(b.Context(), nil, time.Now(), nil)
			if err != nil {
				b.Fatal(err)
			}
			if !r.OK {
				b.Fatalf("differences: %+v", r.Differences[:min(3, len(r.Differences))])
			}
			best = max(best, float64(r.Rows+r.Entries+r.Derived)/r.Seconds)
		}
		report("verify-"+string(engine), best, "rows/s", best/400_000)
	}
}
