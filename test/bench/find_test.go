package bench

import (
	"context"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"dangan/internal/dossier"
	"dangan/internal/policy"
	"dangan/internal/store"
)

// small and large are the two stocks that are compared.
const (
	small = 10_000
	large = 1_000_000
)

// asked is how often each question is put to each stock, turn by turn.
const asked = 41

// question is one way to find. Of a stock it makes the n-th filter of its kind;
// page is how many rows the answer has in both.
type question struct {
	name string
	page int
	of   func(s *stock, n int) dossier.Filter
}

var questions = []question{
	{"number", 1, func(s *stock, n int) dossier.Filter { d, _ := s.of(s.pick(n)); return dossier.Filter{Q: d.No} }},
	{"identity", 1, func(s *stock, n int) dossier.Filter { _, p := s.of(s.pick(n)); return dossier.Filter{Q: p.IDNo} }},
	{"list-first", 20, func(*stock, int) dossier.Filter { return dossier.Filter{} }},
	{"list-later", 20, func(s *stock, n int) dossier.Filter { return dossier.Filter{Cursor: s.later[n%len(s.later)]} }},
	{"list-attention", 20, func(*stock, int) dossier.Filter { return dossier.Filter{View: "attention"} }},
	{"list-by-number", 20, func(*stock, int) dossier.Filter { return dossier.Filter{Sort: "no"} }},
	{"name-full", 20, func(*stock, int) dossier.Filter { return dossier.Filter{Q: namesake} }},
	{"name-prefix", 20, func(*stock, int) dossier.Filter { return dossier.Filter{Q: "欧阳"} }},
	{"name-substring", 20, func(*stock, int) dossier.Filter { return dossier.Filter{Q: "云岫"} }},
	{"name-pinyin", 20, func(*stock, int) dossier.Filter { return dossier.Filter{Q: "ouyangyunxiu"} }},
	{"name-initials", 20, func(*stock, int) dossier.Filter { return dossier.Filter{Q: "oyyx"} }},
	{"unit", 20, func(*stock, int) dossier.Filter { return dossier.Filter{Q: "云岫甲智（演示）有限公司"} }},
}

// pick spreads questions over the asked office's dossiers.
func (s *stock) pick(n int) int { return n * 7919 % (s.people / 10) * 10 }

// BenchmarkFind compares finding among a million dossiers with finding among ten
// thousand: the ratio is the time of the one by the time of the other, medians.
func BenchmarkFind(b *testing.B) {
	for _, engine := range []store.Engine{store.SQLite, store.Postgres} {
		if engine == store.Postgres && os.Getenv("DANGAN_BENCH_MILLION") == "" {
			continue // filling takes some minutes
		}
		few := filled(b, engine, small)
		begin := time.Now()
		many := filled(b, engine, large)
		b.Logf("%s: a million dossiers written in %v", engine, time.Since(begin).Round(time.Second))
		for _, scope := range []struct{ name, account string }{{"agency", "clerk-500108"}, {"province", "supervisor-500000"}} {
			fewBy, manyBy := few.As(scope.account), many.As(scope.account)
			few.turn(b, fewBy)
			many.turn(b, manyBy)
			for _, q := range questions {
				var a, z []time.Duration
				for n := range asked {
					a = append(a, few.ask(b, fewBy, q, n))
					z = append(z, many.ask(b, manyBy, q, n))
				}
				short, long := median(a), median(z)
				report(fmt.Sprintf("find-%s-%s-%s", engine, q.name, scope.name), float64(long.Microseconds()), "us", float64(long)/float64(short))
			}
		}
	}
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}

// turn walks some pages of the list, for later ones to be asked.
func (s *stock) turn(b *testing.B, by policy.Actor) {
	b.Helper()
	s.later = nil
	f := dossier.Filter{}
	for range 40 {
		page, err := s.Dossiers.Find(context.Background(), by, f)
		if err != nil {
			b.Fatal(err)
		}
		f.Cursor = page.Next
		s.later = append(s.later, page.Next)
	}
}

func (s *stock) ask(b *testing.B, by policy.Actor, q question, n int) time.Duration {
	b.Helper()
	f := q.of(s, n)
	begin := time.Now()
	page, err := s.Dossiers.Find(context.Background(), by, f)
	took := time.Since(begin)
	if err != nil || len(page.Items) != q.page {
		b.Fatalf("%s among %d: %d rows instead of %d, %v", q.name, s.people, len(page.Items), q.page, err)
	}
	return took
}
