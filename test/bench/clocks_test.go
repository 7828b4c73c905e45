package bench

import (
	"context"
	"encoding/hex"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"dangan/internal/access"
	"dangan/internal/collect"
	"dangan/internal/death"
	"dangan/internal/dossier"
	"dangan/internal/found"
	"dangan/internal/hold"
	"dangan/internal/policy"
	"dangan/internal/retirement"
	"dangan/internal/store"
	"dangan/internal/supplement"
	"dangan/internal/testkit"
	"dangan/internal/transfer"
	"dangan/internal/window"
)

// clock is a table whose rows have a term: one row for every dossier, made from a pattern
// by the database itself. Of the dossier come its keys, of its waiting material (m) the day
// of the term, some of them past and some to come.
type clock struct {
	pattern store.Row
	of      map[string]string // column → expression over d (dossier) and m (material)
}

func clocks() []clock {
	day := testkit.Day
	keys := func(more ...string) map[string]string {
		of := map[string]string{"id": "m.id", "dossier_id": "d.id", "agency": "d.agency"}
		for i := 0; i < len(more); i += 2 {
			of[more[i]] = more[i+1]
		}
		return of
	}
	return []clock{
		{dossier.Supplement{Version: 1, CaseRef: "Transfer:x", Title: "劳动合同书", Class: "9-2", State: dossier.Owed}, keys("case_ref", "'Transfer:'||m.id", "due_on", "m.due_on")},
		{collect.Request{Version: 1, Target: collect.Unit, Addressee: "云岫甲（演示）有限公司", OpenedBy: "bench", OpenedAt: day, OpenedOn: "2026-10-01", Number: "1", DocumentID: "1", ChangedAt: day}, keys("no", "m.intake_no", "due_on", "m.due_on")},
		{dossier.Supplement{Version: 1, Title: "年度考核表", Class: "3", State: dossier.Owed}, keys("id", "'c-'||m.id", "case_ref", "'Collection:'||m.id", "due_on", "m.due_on")},
		{hold.Hold{Version: 1, State: hold.Active, Organ: "演示区人民法院", Basis: "civil", OrderName: "协助执行通知书", OrderNo: "1", OrderOn: "2026-01-01", Until: "2026-12-01", AskedBy: "bench", AskedAt: day, ChangedAt: day}, keys("no", "m.intake_no", "until_on", "m.due_on")},
		{access.Case{Version: 1, State: access.Reading, ChangedAt: day}, keys("no", "m.intake_no", "due_on", "m.due_on", "changed_at", "d.changed_at")},
		{death.Case{Version: 1, State: death.Kept, Source: death.Notice, DiedOn: "2021-11-01", Evidence: "死亡证明", EvidenceNo: "1", RegisteredBy: "bench", RegisteredAt: day, ChangedAt: day}, keys("term_ends_on", "m.due_on")},
		{retirement.List{Version: 1, State: retirement.Delivered, Recipient: "某局", Persons: 1, Away: 1, PreparedBy: "bench", PreparedAt: day, HandedOn: "2026-10-01", ChangedAt: day}, map[string]string{"id": "m.id", "agency": "d.agency", "no": "m.intake_no", "due_back": "m.due_on", "changed_at": "d.changed_at"}},
		{retirement.Case{Version: 1, State: retirement.Checking, Group: retirement.Men, BornOn: "1966-01-01", BornBy: "公民身份号码", StatutoryOn: "2026-11-01", Choice: retirement.OnTime, OpenedBy: "bench", OpenedAt: day, ChangedAt: day}, keys("due_on", "m.due_on")},
	}
}

// sealed are the clocks whose rows have encrypted fields, which the database can't copy.
func sealed(d dossier.Dossier, m dossier.Material) []store.Row {
	day := testkit.Day
	return []store.Row{
		transfer.Case{ID: m.ID, Version: 1, No: m.IntakeNo, Direction: transfer.Inner, State: "registered", DossierID: d.ID, PersonName: "某", IDNo: "1", IDIndex: []byte(m.ID), Receiver: d.Agency, ReceiverName: "甲", Holder: "500000", HolderName: "乙",
			Applicant: "某", Reason: "流动就业", LetterNo: "1", DueOn: m.DueOn, ReceiptDue: m.DueOn, ChangedAt: d.ChangedAt},
		found.Packet{ID: m.ID, Version: 1, No: m.IntakeNo, Agency: d.Agency, State: found.Registered, PersonName: "某", Bringer: "某", Relation: "本人", Came: "window", Seal: "intact", Volumes: 1, RegisteredBy: "bench", RegisteredAt: d.ChangedAt, ChangedAt: d.ChangedAt},
		window.Matter{ID: m.ID, Version: 1, No: m.IntakeNo, Kind: window.Complaint, Agency: d.Agency, Authority: "500000", DossierID: d.ID, Text: "某事", ReceivedBy: "bench", ReceivedAt: day, DueOn: m.DueOn, State: window.Received, ChangedAt: day},
	}
}

// wind starts the clocks: every dossier of the stock gets a row of each.
func (s *stock) wind(b *testing.B) *stock {
	b.Helper()
	w := s.writer(b)
	close(w.full) // nothing is put row by row
	<-w.end
	for _, c := range clocks() {
		plan := store.PlanOf(reflect.TypeOf(c.pattern))
		values, err := plan.Values(s.DB.Cipher(), c.pattern)
		if err != nil {
			b.Fatal(err)
		}
		columns := strings.Split(plan.Columns, ",")
		for i, column := range columns {
			if from, ok := c.of[column]; ok {
				values[i] = from
			} else {
				values[i] = literal(values[i], w.pg != nil)
			}
		}
		var made []string
		for _, v := range values {
			made = append(made, v.(string))
		}
		w.table(plan.Table, "INSERT INTO "+plan.Table+"("+plan.Columns+") SELECT "+strings.Join(made, ",")+" FROM material m JOIN dossier d ON d.id=m.dossier_id")
	}
	w.done()
	return s
}

// table fills one table with its indexes put aside.
func (w *filler) table(name, insert string) {
	w.b.Helper()
	query := "SELECT name, sql FROM sqlite_master WHERE type='index' AND sql LIKE 'CREATE INDEX%' AND tbl_name='" + name + "'"
	if w.pg != nil {
		query = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname=current_schema() AND indexdef LIKE 'CREATE INDEX%' AND tablename='" + name + "'"
	}
	aside := w.pairs(query)
	for _, i := range aside {
		w.exec("DROP INDEX " + i[0])
	}
	w.exec(insert)
	for _, i := range aside {
		w.exec(i[1])
	}
}

// literal writes a stored value into a statement.
func literal(v any, pg bool) string {
	switch v := v.(type) {
	case nil:
		return "NULL"
	case string:
		return "'" + strings.ReplaceAll(v, "'", "''") + "'"
	case []byte:
		if pg {
			return `'\x` + hex.EncodeToString(v) + `'::bytea`
		}
		return "X'" + hex.EncodeToString(v) + "'"
	case bool:
		return map[bool]string{true: "1", false: "0"}[v]
	case int64:
		return strconv.FormatInt(v, 10)
	default:
		return fmt.Sprint(v)
	}
}

// BenchmarkClocks compares every list that shows what is overdue, or due next, among a
// million open terms of its kind with the same among ten thousand: the ratio is the time of
// the one by the time of the other, medians. DANGAN_BENCH_CLOCKS: another number than a million.
func BenchmarkClocks(b *testing.B) {
	n := large
	if m, err := strconv.Atoi(os.Getenv("DANGAN_BENCH_CLOCKS")); err == nil {
		n = m
	}
	for _, engine := range []store.Engine{store.SQLite, store.Postgres} {
		if engine == store.Postgres && os.Getenv("DANGAN_BENCH_MILLION") == "" {
			continue // filling takes some minutes
		}
		begin := time.Now()
		few := fill(b, &stock{Province: testkit.New(b, engine), people: small, open: true, sealed: sealed}).wind(b)
		many := fill(b, &stock{Province: testkit.New(b, engine), people: n, open: true, sealed: sealed}).wind(b)
		b.Logf("%s: %d open terms of each kind written in %v", engine, n, time.Since(begin).Round(time.Second))
		for _, scope := range []struct{ name, account string }{{"agency", "clerk-500108"}, {"province", "supervisor-500000"}} {
			fewBy, manyBy := few.As(scope.account), many.As(scope.account)
			for _, name := range names(dueLists) {
				list := dueLists[name]
				var a, z []time.Duration
				for range asked / 2 {
					a = append(a, timed(b, few, fewBy, list))
					z = append(z, timed(b, many, manyBy, list))
				}
				short, long := median(a), median(z)
				report(fmt.Sprintf("clocks-%s-%s-%s", engine, name, scope.name), float64(long.Microseconds()), "us", float64(long)/float64(short))
			}
		}
	}
}

func names[V any](m map[string]V) (out []string) {
	for name := range m {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// dueLists are the lists, each of a full page in both stocks.
var dueLists = map[string]func(ctx context.Context, s *stock, by policy.Actor) (rows int, err error){
	"transfers-overdue": func(ctx context.Context, s *stock, by policy.Actor) (int, error) {
		list, err := s.Transfers.Cases(ctx, by, transfer.Filter{Due: "overdue", Limit: 50})
		return len(list), err
	},
	"transfers-soon": func(ctx context.Context, s *stock, by policy.Actor) (int, error) {
		list, err := s.Transfers.Cases(ctx, by, transfer.Filter{Due: "soon", Limit: 50})
		return len(list), err
	},
	"transfers-counts": func(ctx context.Context, s *stock, by policy.Actor) (int, error) {
		_, err := s.Transfers.Counts(ctx, by)
		return 50, err
	},
	"supplements-overdue": func(ctx context.Context, s *stock, by policy.Actor) (int, error) {
		list, _, err := s.Supplements.List(ctx, by, supplement.Filter{View: "overdue", Limit: 50})
		return len(list), err
	},
	"supplements-soon": func(ctx context.Context, s *stock, by policy.Actor) (int, error) {
		list, _, err := s.Supplements.List(ctx, by, supplement.Filter{View: "soon", Limit: 50})
		return len(list), err
	},
	"collections-overdue": func(ctx context.Context, s *stock, by policy.Actor) (int, error) {
		list, _, err := s.Collections.List(ctx, by, collect.Filter{View: "overdue", Limit: 50})
		return len(list), err
	},
	"collections-waiting": func(ctx context.Context, s *stock, by policy.Actor) (int, error) {
		list, _, err := s.Collections.List(ctx, by, collect.Filter{View: "waiting", Limit: 50})
		return len(list), err
	},
	"found-waiting": func(ctx context.Context, s *stock, by policy.Actor) (int, error) {
		list, _, err := s.Found.List(ctx, by, found.Filter{View: "waiting", Limit: 50})
		return len(list), err
	},
	"matters-overdue": func(ctx context.Context, s *stock, by policy.Actor) (int, error) {
		list, _, err := s.Window.List(ctx, by, window.Filter{View: "overdue", Limit: 50})
		return len(list), err
	},
	"holds-running": func(ctx context.Context, s *stock, by policy.Actor) (int, error) {
		list, _, err := s.Holds.List(ctx, by, "running", "", 50)
		return len(list), err
	},
	"loans": func(ctx context.Context, s *stock, by policy.Actor) (int, error) {
		list, err := s.Access.List(ctx, by, access.Filter{States: []access.State{access.Reading}, Limit: 50})
		return min(len(list), 50), err
	},
	"deaths-due": func(ctx context.Context, s *stock, by policy.Actor) (int, error) {
		list, _, err := s.Deaths.List(ctx, by, death.Filter{View: "due", Limit: 50})
		return len(list), err
	},
	"deaths-near": func(ctx context.Context, s *stock, by policy.Actor) (int, error) {
		list, _, err := s.Deaths.List(ctx, by, death.Filter{View: "near", Limit: 50})
		return len(list), err
	},
	"reviews-out": func(ctx context.Context, s *stock, by policy.Actor) (int, error) {
		list, err := s.Retirements.Lists(ctx, by, 50)
		return len(list), err
	},
	"retirements-open": func(ctx context.Context, s *stock, by policy.Actor) (int, error) {
		list, _, err := s.Retirements.List(ctx, by, retirement.Filter{View: "open", Limit: 50})
		return len(list), err
	},
	"work-transfers": func(ctx context.Context, s *stock, by policy.Actor) (int, error) {
		_, err := s.Transfers.Work(ctx, by)
		return 50, err
	},
	"work-supplements": func(ctx context.Context, s *stock, by policy.Actor) (int, error) {
		_, err := s.Supplements.Work(ctx, by)
		return 50, err
	},
	"work-collections": func(ctx context.Context, s *stock, by policy.Actor) (int, error) {
		_, err := s.Collections.Work(ctx, by)
		return 50, err
	},
	"work-window": func(ctx context.Context, s *stock, by policy.Actor) (int, error) {
		_, err := s.Window.Work(ctx, by)
		return 50, err
	},
	"work-holds": func(ctx context.Context, s *stock, by policy.Actor) (int, error) {
		_, err := s.Holds.Work(ctx, by)
		return 50, err
	},
	"work-deaths": func(ctx context.Context, s *stock, by policy.Actor) (int, error) {
		_, err := s.Deaths.Work(ctx, by)
		return 50, err
	},
}
