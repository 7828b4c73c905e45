package testkit

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/instance"
	"dangan/internal/ledger"
	"dangan/internal/policy"
	"dangan/internal/register"
	"dangan/internal/store"
)

// RegistersAgree holds every register to the ledger, to the unit (N3): it has as many lines
// as acts were done that make one, whole and month by month; and its agencies together have
// as many as the province.
func RegistersAgree(t *testing.T, in *instance.Instance) {
	t.Helper()
	ctx := context.Background()
	acts, rows := counted(ctx, t, in)
	tree, err := in.Agencies.Tree(ctx)
	if err != nil {
		t.Fatal(err)
	}
	all := policy.Actor{ID: "inspector", Kind: policy.Staff, Posts: []string{"clerk", "reviewer", "keeper", "scanner", "head", "supervisor"}, Reach: tree.Subtree("500000"), Clearance: 4}
	slices.Sort(all.Reach)
	whole := register.Filter{From: "2000-01-01", Until: "2030-12-31"}
	lines := 0
	for _, r := range in.Registers.Offered(all) {
		n := count(ctx, t, in, all, r.Key, whole)
		lines += n
		var made []done
		for _, action := range r.Acts {
			for _, e := range acts[action] {
				if r.Tally != "" {
					e.lines = e.facts[r.Tally]
				}
				made = append(made, e)
			}
		}
		made = append(made, rows[r.Table]...)
		want := 0
		for _, e := range made {
			want += e.lines
		}
		if n != want {
			t.Errorf("%s: %d lines, the ledger says %d", r.Name, n, want)
		}
		if len(r.Acts) == 0 && r.Table == "" {
			t.Errorf("%s: nothing in the ledger is named to hold it to", r.Name)
		}
		// Each agency's and each half-year's figure against the acts of that agency and time.
		byOrg, byHalf := map[string]int{}, map[string]int{}
		for _, e := range made {
			byOrg[tree.Now(e.org)] += e.lines
			byHalf[half(calendar.Of(time.UnixMicro(e.at)))] += e.lines
		}
		// What a merged agency did is its successor's, wherever the line stands.
		sum, months, owns := 0, 0, map[string]int{}
		for _, code := range all.Reach {
			f := whole
			f.Agency = code
			own := count(ctx, t, in, all, r.Key, f)
			sum += own
			owns[tree.Now(code)] += own
		}
		for _, code := range all.Reach {
			if !r.Elsewhere && owns[code] != byOrg[code] {
				t.Errorf("%s: %d lines of %s, the ledger says %d", r.Name, owns[code], code, byOrg[code])
			}
		}
		f := whole
		for year := 2000; year <= 2030; year++ {
			for _, f.From = range []calendar.Date{day(year, 1, 1), day(year, 7, 1)} {
				f.Until = day(year, 6, 30)
				if f.From != day(year, 1, 1) {
					f.Until = day(year, 12, 31)
				}
				own := count(ctx, t, in, all, r.Key, f)
				if months += own; !r.Stated && own != byHalf[half(f.From)] {
					t.Errorf("%s: %d lines in %s, the ledger says %d", r.Name, own, half(f.From), byHalf[half(f.From)])
				}
			}
		}
		if sum != n || months != n {
			t.Errorf("%s: %d lines, %d over the agencies, %d over half years", r.Name, n, sum, months)
		}
		listed := 0
		f = whole
		for f.Limit = 100; ; {
			page, err := in.Registers.List(ctx, all, r.Key, f)
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range page.Rows {
				if len(row.Own) != len(r.Heads) || len(r.Widths) != len(r.Heads) {
					t.Fatalf("%s: %d cells under %d heads", r.Name, len(row.Own), len(r.Heads))
				}
				if row.On == "" || row.Agency == "" || row.State == "" {
					t.Errorf("%s: a line without day, agency or state: %+v", r.Name, row)
				}
			}
			if listed += len(page.Rows); page.Next == "" {
				break
			}
			f.After = page.Next
		}
		if listed != n {
			t.Errorf("%s: %d lines counted, %d listed", r.Name, n, listed)
		}
	}
	if lines == 0 {
		t.Error("the registers are empty")
	}
}

func day(year, month, day int) calendar.Date {
	return calendar.Date(fmt.Sprintf("%d-%02d-%02d", year, month, day))
}

func count(ctx context.Context, t *testing.T, in *instance.Instance, by policy.Actor, key string, f register.Filter) int {
	t.Helper()
	n, err := in.Registers.Count(ctx, by, key, f)
	if err != nil {
		t.Fatal(err)
	}
	return int(n)
}

// half names the half-year of a day.
func half(d calendar.Date) string {
	if d.String()[5:7] <= "06" {
		return d.String()[:4] + " I"
	}
	return d.String()[:4] + " II"
}

// done is what the ledger says of one act, or of the first time it saw a row.
type done struct {
	at    int64
	org   string
	lines int
	facts map[string]int
}

// counted reads the whole ledger: acts done by action, and rows it saw for the first time by table.
func counted(ctx context.Context, t *testing.T, in *instance.Instance) (acts, rows map[string][]done) {
	t.Helper()
	acts, rows = map[string][]done{}, map[string][]done{}
	seen := map[string]bool{}
	entries, err := store.List[ledger.Entry](ctx, in.DB, "ORDER BY ord LIMIT 1000000")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		body, err := e.Parse()
		if err != nil {
			t.Fatal(err)
		}
		one := done{at: body.At, org: body.Org, lines: 1, facts: map[string]int{}}
		for name, v := range body.Facts {
			if n, ok := v.(float64); ok {
				one.facts[name] = int(n)
			}
		}
		if body.Outcome == ledger.Done {
			acts[body.Action] = append(acts[body.Action], one)
		}
		seals, err := e.Seals()
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range seals {
			if key := s.Table + " " + s.Key; !seen[key] {
				seen[key] = true
				rows[s.Table] = append(rows[s.Table], one)
			}
		}
	}
	return acts, rows
}
