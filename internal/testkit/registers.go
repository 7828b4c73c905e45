package testkit

import (
	"context"
	"fmt"
	"slices"
	"testing"

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
		want := 0
		for _, action := range r.Acts {
			want += acts[action]
		}
		if r.Table != "" {
			want += rows[r.Table]
		}
		if n != want && (len(r.Acts) > 0 || r.Table != "") {
			t.Errorf("%s: %d lines, the ledger says %d", r.Name, n, want)
		}
		if len(r.Acts) == 0 && r.Table == "" && r.Key != "filed" { // filing by batches touches other materials too
			t.Errorf("%s: nothing in the ledger is named to hold it to", r.Name)
		}
		sum, months := 0, 0
		for _, code := range all.Reach {
			f := whole
			f.Agency = code
			sum += count(ctx, t, in, all, r.Key, f)
		}
		f := whole
		for year := 2000; year <= 2030; year++ {
			f.From, f.Until = day(year, 1, 1), day(year, 6, 30)
			months += count(ctx, t, in, all, r.Key, f)
			f.From, f.Until = day(year, 7, 1), day(year, 12, 31)
			months += count(ctx, t, in, all, r.Key, f)
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

// counted reads the whole ledger: acts done by action, and rows it saw for the first time by table.
func counted(ctx context.Context, t *testing.T, in *instance.Instance) (acts, rows map[string]int) {
	t.Helper()
	acts, rows = map[string]int{}, map[string]int{}
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
		if body.Outcome == ledger.Done {
			acts[body.Action]++
		}
		seals, err := e.Seals()
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range seals {
			if key := s.Table + " " + s.Key; !seen[key] {
				seen[key] = true
				rows[s.Table]++
			}
		}
	}
	return acts, rows
}
