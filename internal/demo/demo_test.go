package demo_test

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"dangan/internal/clock"
	"dangan/internal/demo"
	"dangan/internal/founding"
	"dangan/internal/instance"
	"dangan/internal/ledger"
	"dangan/internal/person"
	"dangan/internal/store"
	"dangan/internal/testkit"
)

// build builds a demo in a folder of its own and reads what is the same for a seed.
func build(t *testing.T, people int, seed int64) (dir string, persons, dossiers []string) {
	t.Helper()
	ctx := context.Background()
	dir = t.TempDir()
	c := clock.NewManual(testkit.Day)
	in, err := instance.Create(ctx, instance.Config{Data: dir, Demo: true, Version: "test", Clock: c}, founding.Province)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if err := demo.Build(ctx, in, c, demo.Options{People: people, Seed: seed, PasswordHash: "x", Step: func(string) {}}); err != nil {
		t.Fatal(err)
	}
	if !c.Now().Equal(testkit.Day) {
		t.Errorf("the clock stands at %v after the build", c.Now())
	}
	list, err := store.List[person.Person](ctx, in.DB, "ORDER BY name, birth_date LIMIT 100000")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range list {
		if !p.Synthetic {
			t.Errorf("%s is not marked as made up", p.Name)
		}
		persons = append(persons, p.Name+p.IDNo+p.Employer)
	}
	rows, err := in.DB.Query(ctx, "SELECT agency||no||state||place||category||received_on FROM dossier ORDER BY no, agency")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		dossiers = append(dossiers, s)
	}
	return dir, persons, dossiers
}

func same(a, b []string) int {
	n := 0
	for i := range min(len(a), len(b)) {
		if a[i] == b[i] {
			n++
		}
	}
	return n
}

func TestTheSameSeedGivesTheSameProvince(t *testing.T) {
	dir, persons, dossiers := build(t, 300, 7)
	_, persons2, dossiers2 := build(t, 300, 7)
	if len(persons) != 300 || same(persons, persons2) != 300 {
		t.Errorf("%d persons, %d the same the second time", len(persons), same(persons, persons2))
	}
	if len(dossiers) != len(dossiers2) || same(dossiers, dossiers2) != len(dossiers) {
		t.Errorf("%d dossiers, %d the same the second time", len(dossiers), same(dossiers, dossiers2))
	}
	_, other, _ := build(t, 300, 8)
	if same(persons, other) > 30 {
		t.Errorf("another seed gives %d of the same persons", same(persons, other))
	}
	if m, err := demo.Read(dir); err != nil || !m.Done || m.People != 300 || m.StartDay != "2026-11-23" {
		t.Errorf("marker %+v %v", m, err)
	}
	if _, err := demo.Read(t.TempDir()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an empty folder's marker: %v", err)
	}
}

func TestAgenciesAndStaffOnly(t *testing.T) {
	if _, persons, _ := build(t, 0, 1); len(persons) != 0 {
		t.Errorf("%d persons, want none", len(persons))
	}
}

// The browser tests stand on 200 persons: there is something of every kind and state.
func TestASmallProvinceHasCasesOfEveryKindAndState(t *testing.T) {
	dir, _, _ := build(t, 200, 1)
	in, err := instance.Open(t.Context(), instance.Config{Data: dir, Clock: clock.NewManual(testkit.Day)})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	for table, want := range map[string][]string{
		"transfer":       {"applied", "lettered", "registered", "pulled", "approved", "packed", "in_transit", "checking", "promising", "shelving", "closed", "not_sent", "withdrawn", "expired", "awaiting"},
		"material":       {"received", "appraising", "curing", "returned", "to_file", "filed"},
		"consultation":   {"draft", "checking", "approving", "ready", "closed", "refused"},
		"certificate":    {"draft", "submitted", "returned", "issued", "withdrawn", "void", "superseded"},
		"delivery":       {"accepted", "received"},
		"filing_batch":   {"waiting", "accepted"},
		"correction":     {"asked", "approved", "refused"},
		"unclear_packet": {"open", "resolved"},
		"legal_hold":     {"asked", "active", "lifted", "expired"},
	} {
		got := map[string]int{}
		rows, err := in.DB.Query(t.Context(), "SELECT state, count(*) FROM "+table+" GROUP BY state")
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var state string
			var n int
			if err := rows.Scan(&state, &n); err != nil {
				t.Fatal(err)
			}
			got[state] = n
		}
		rows.Close()
		for _, state := range want {
			if got[state] == 0 {
				t.Errorf("%s: none is %s: %v", table, state, got)
			}
		}
	}
	// What was done later stands later in the ledger, as where people acted.
	list, err := store.List[ledger.Entry](t.Context(), in.DB, "ORDER BY ord LIMIT 100000")
	if err != nil || len(list) < 200 {
		t.Fatalf("%d entries, %v", len(list), err)
	}
	var last int64
	for _, e := range list {
		body, err := e.Parse()
		if err != nil {
			t.Fatal(err)
		}
		if body.At < last {
			t.Errorf("entry %d, %s, is %s older than the one before it", e.Ord, body.Action, time.Duration(last-body.At)*time.Microsecond)
		}
		last = body.At
	}
}
