package bench

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/store"
	"dangan/internal/testkit"
	"dangan/internal/work"
)

// waiting is the material of the k-th dossier, whose two months end within half a year
// around the day of the tests (13a).
func waiting(k int, d dossier.Dossier) dossier.Material {
	day := calendar.Of(testkit.Day)
	return dossier.Material{ID: gate.NewID(), Version: 1, DossierID: d.ID, State: dossier.Received, Origin: dossier.FromUnit, Source: "云岫甲（演示）有限公司", Title: "年度考核表", Copies: 1, Pages: 2,
		IntakeNo: fmt.Sprintf("SJ-%s-2026-%07d", d.Agency, k), ReceivedOn: day.AddDays(-150 + k*7919%180).String(), DueOn: day.AddDays(-90 + k*7919%180).String(), Handler: "bench"}
}

// BenchmarkOverdue compares the lists of what is overdue among a million running terms with
// those among ten thousand: the ratio is the time of the one by the time of the other.
func BenchmarkOverdue(b *testing.B) {
	for _, engine := range []store.Engine{store.SQLite, store.Postgres} {
		if engine == store.Postgres && os.Getenv("DANGAN_BENCH_MILLION") == "" {
			continue // filling takes some minutes
		}
		few := fill(b, &stock{Province: testkit.New(b, engine), people: small, open: true})
		many := fill(b, &stock{Province: testkit.New(b, engine), people: large, open: true})
		for _, scope := range []struct{ name, account string }{{"agency", "clerk-500108"}, {"province", "supervisor-500000"}} {
			fewBy, manyBy := few.As(scope.account), many.As(scope.account)
			for name, list := range overdue {
				var a, z []time.Duration
				for range asked {
					a = append(a, timed(b, few, fewBy, list))
					z = append(z, timed(b, many, manyBy, list))
				}
				short, long := median(a), median(z)
				report(fmt.Sprintf("overdue-%s-%s-%s", engine, name, scope.name), float64(long.Microseconds()), "us", float64(long)/float64(short))
			}
		}
	}
}

// overdue are the lists, each of a full page in both stocks.
var overdue = map[string]func(ctx context.Context, s *stock, by policy.Actor) (rows int, err error){
	"list": func(ctx context.Context, s *stock, by policy.Actor) (int, error) {
		list, _, err := s.Dossiers.LooseMaterials(ctx, by, dossier.LooseFilter{Overdue: true, Limit: 50})
		return len(list), err
	},
	"waiting": func(ctx context.Context, s *stock, by policy.Actor) (int, error) {
		list, _, err := s.Dossiers.LooseMaterials(ctx, by, dossier.LooseFilter{Limit: 50})
		return len(list), err
	},
	"backlogs": func(ctx context.Context, s *stock, by policy.Actor) (int, error) {
		list, more, err := s.Dossiers.Backlogs(ctx, by)
		if err == nil && len(list) == 0 && !more {
			return 0, nil
		}
		return 50, err
	},
	"first-page": func(ctx context.Context, s *stock, by policy.Actor) (int, error) {
		if !by.Has("clerk") {
			return 50, nil // who does no business has none
		}
		var list []work.Item
		list, err := s.Dossiers.Work(ctx, by)
		return min(len(list), 50), err
	},
}

func timed(b *testing.B, s *stock, by policy.Actor, list func(context.Context, *stock, policy.Actor) (int, error)) time.Duration {
	b.Helper()
	begin := time.Now()
	rows, err := list(context.Background(), s, by)
	took := time.Since(begin)
	if err != nil || rows != 50 {
		b.Fatalf("%d rows among %d: %v", rows, s.people, err)
	}
	return took
}
