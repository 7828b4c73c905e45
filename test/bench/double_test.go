package bench

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"dangan/internal/double"
	"dangan/internal/person"
	"dangan/internal/roster"
	"dangan/internal/store"
	"dangan/internal/testkit"
)

// guarded is how many persons the province keeps when the guard is measured.
// DANGAN_BENCH_GUARDED sets another number.
const guarded = 100_000

// comers are the rows that come beside them, askedAtOnce how many the guard is asked about in one go.
const comers, askedAtOnce = 10_000, 500

// BenchmarkGuard measures what one person, one dossier (2) costs beside persons that are kept
// already: a list that is looked up row by row, by number, name and birth date, imported into a
// full province as a ratio to an empty one; and the look-ups by themselves to that import.
func BenchmarkGuard(b *testing.B) {
	n := guarded
	if other, err := strconv.Atoi(os.Getenv("DANGAN_BENCH_GUARDED")); err == nil && other > 0 {
		n = other
	}
	stock, next := stockList(b, n), stockListFrom(b, n, comers)
	for _, engine := range []store.Engine{store.SQLite, store.Postgres} {
		ctx := context.Background()
		enter := func(p *testkit.Province, file []byte, want int) float64 {
			begin := time.Now()
			r, err := p.Rosters.Import(ctx, p.As("clerk-500108"), roster.Source{Agency: office, FileName: "list.xlsx", Basis: "bench", Content: bytes.NewReader(file), Size: int64(len(file))})
			if err != nil || r.Accepted != want {
				b.Fatalf("%d of %d accepted: %v", r.Accepted, want, err)
			}
			return float64(want) / time.Since(begin).Seconds()
		}
		empty := enter(testkit.New(b, engine), next, comers)
		p := testkit.New(b, engine)
		enter(p, stock, n)
		full := enter(p, next, comers)
		report(fmt.Sprintf("guard-import-%s", engine), full, "rows/s", full/empty)
		begin := time.Now()
		for from := 0; from < comers; from += askedAtOnce {
			var list []person.Candidate
			for i := from; i < from+askedAtOnce; i++ { // nobody who is kept, of days and names that are
				list = append(list, person.CandidateOf(testkit.Name(i+1), testNumber(i)))
			}
			if _, err := double.Find(ctx, p.DB, p.Keys, p.As("clerk-500108"), list); err != nil {
				b.Fatal(err)
			}
		}
		alone := comers / time.Since(begin).Seconds()
		report(fmt.Sprintf("guard-asked-%s", engine), alone, "rows/s", alone/full)
	}
}
