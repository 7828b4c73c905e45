package demo_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dangan/internal/clock"
	"dangan/internal/demo"
	"dangan/internal/founding"
	"dangan/internal/instance"
	"dangan/internal/ledger"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/store"
	"dangan/internal/testkit"
)

// build builds a demo in a folder and reads what is the same for a seed.
func build(ctx context.Context, dir string, people int, seed int64) (persons, dossiers []string, err error) {
	c := clock.NewManual(testkit.Day)
	in, err := instance.Create(ctx, instance.Config{Data: dir, Demo: true, Version: "test", Clock: c}, founding.Province)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	if err := demo.Build(ctx, in, c, demo.Options{People: people, Seed: seed, PasswordHash: "x", Step: func(string) {}}); err != nil {
		return nil, nil, err
	}
	if !c.Now().Equal(testkit.Day) {
		return nil, nil, fmt.Errorf("the clock stands at %v after the build", c.Now())
	}
	list, err := store.List[person.Person](ctx, in.DB, "ORDER BY name, birth_date LIMIT 100000")
	if err != nil {
		return nil, nil, err
	}
	for _, p := range list {
		if !p.Synthetic {
			return nil, nil, fmt.Errorf("%s is not marked as made up", p.Name)
		}
		persons = append(persons, p.Name+p.IDNo+p.Employer)
	}
	rows, err := in.DB.Query(ctx, "SELECT agency||no||state||place||category||received_on FROM dossier ORDER BY no, agency")
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, nil, err
		}
		dossiers = append(dossiers, s)
	}
	return persons, dossiers, rows.Err()
}

// built is the sample province that the tests of this package read: of the size of the
// browser tests', with something of every kind and state in it.
var built = sync.OnceValue(func() (p struct {
	dir               string
	persons, dossiers []string
	err               error
}) {
	if p.dir, p.err = os.MkdirTemp("", "dangan-demo-test-"); p.err == nil {
		p.persons, p.dossiers, p.err = build(context.Background(), p.dir, 200, 7)
	}
	return p
})

func TestMain(m *testing.M) {
	code := m.Run()
	if err := os.RemoveAll(built().dir); err != nil {
		code = 1
	}
	os.Exit(code)
}

// sample opens the built province.
func sample(t *testing.T) *instance.Instance {
	t.Helper()
	p := built()
	if p.err != nil {
		t.Fatal(p.err)
	}
	in, err := instance.Open(t.Context(), instance.Config{Data: p.dir, Clock: clock.NewManual(testkit.Day)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := in.Close(); err != nil {
			t.Error(err)
		}
	})
	return in
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
	first := built()
	if first.err != nil {
		t.Fatal(first.err)
	}
	persons, dossiers, err := build(t.Context(), t.TempDir(), 200, 7)
	if err != nil {
		t.Fatal(err)
	}
	if len(persons) != 200 || same(persons, first.persons) != 200 {
		t.Errorf("%d persons, %d the same the second time", len(persons), same(persons, first.persons))
	}
	if len(dossiers) != len(first.dossiers) || same(dossiers, first.dossiers) != len(dossiers) {
		t.Errorf("%d dossiers, %d the same the second time", len(dossiers), same(dossiers, first.dossiers))
	}
	other, _, err := build(t.Context(), t.TempDir(), 100, 8)
	if err != nil || len(other) != 100 {
		t.Fatalf("%d persons, %v", len(other), err)
	}
	for _, p := range other {
		if slices.Contains(persons, p) {
			t.Error("another seed gives one of the same persons")
		}
	}
	if m, err := demo.Read(first.dir); err != nil || !m.Done || m.People != 200 || m.StartDay != "2026-11-23" {
		t.Errorf("marker %+v %v", m, err)
	}
	if _, err := demo.Read(t.TempDir()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an empty folder's marker: %v", err)
	}
}

func TestAgenciesAndStaffOnly(t *testing.T) {
	persons, _, err := build(t.Context(), t.TempDir(), 0, 1)
	if err != nil || len(persons) != 0 {
		t.Errorf("%d persons, want none: %v", len(persons), err)
	}
}

// The browser tests stand on 200 persons: there is something of every kind and state.
func TestASmallProvinceHasCasesOfEveryKindAndState(t *testing.T) {
	in := sample(t)
	for table, want := range map[string][]string{
		"transfer":         {"applied", "lettered", "registered", "pulled", "approved", "packed", "in_transit", "checking", "promising", "shelving", "closed", "not_sent", "withdrawn", "expired", "awaiting", "missing"},
		"transfer_fault":   {"inquired", "searching", "closed"},
		"transfer_stray":   {"sent"},
		"transfer_list":    {"open", "sent"},
		"supplement":       {"open"},
		"material":         {"received", "appraising", "curing", "returned", "to_file", "filed"},
		"consultation":     {"draft", "checking", "approving", "ready", "closed", "refused"},
		"mandate":          {"valid", "waiting", "revoked"},
		"intake":           {"sent", "completing", "proposed", "refused", "returned", "taken", "lapsed"},
		"certificate":      {"draft", "submitted", "returned", "issued", "unrecorded", "withdrawn", "void", "superseded"},
		"death":            {"reported", "kept", "retained", "listed", "sent", "rejected"},
		"window_matter":    {"received", "answered"},
		"rating_case":      {"open", "closed"},
		"found_packet":     {"registered", "sealed", "asked", "verified", "received"},
		"death_handover":   {"preparing", "delivered"},
		"delivery":         {"accepted", "received"},
		"filing_batch":     {"waiting", "accepted"},
		"feed_file":        {"finished", "stopped"},
		"correction":       {"asked", "approved", "refused"},
		"sitting":          {"signed"},
		"sitting_piece":    {"received", "aside"},
		"unclear_packet":   {"open", "resolved"},
		"distinct_persons": {"stated", "undone"},
		"person_case":      {"asked", "approved", "refused"},
		"legal_hold":       {"asked", "active", "lifted", "expired"},
		"secrecy_change":   {"done", "asked", "approved", "refused"},
		"unit_account":     {"open", "closed"},
		"hand_in":          {"waiting", "returned"},
		"consent":          {"asked", "granted", "declined", "revoked"},
		"retirement":       {"checking", "ready", "listed", "out", "counted", "back", "kept"},
		"retirement_list":  {"preparing", "delivered", "returned"},
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
	for user, want := range map[string]int{"clerk-500108": 2, "clerk-500101": 1, "supervisor-500000": 2} {
		by, err := in.Staff.ByUsername(t.Context(), user)
		if err != nil {
			t.Fatal(err)
		}
		if list, _, err := in.Doubles.Open(t.Context(), by, "", 50); err != nil || len(list) != want {
			t.Errorf("%s sees %d likely doubles, want %d: %v", user, len(list), want, err)
		}
	}
	// Rows of other departments of every outcome, and sources at every stage.
	for _, q := range []string{
		"SELECT count(*) FROM feed_fact WHERE outcome='opened' AND collection_id IS NOT NULL", "SELECT count(*) FROM feed_fact WHERE outcome='differs'", "SELECT count(*) FROM feed_refusal",
		"SELECT count(*) FROM feed_file WHERE elsewhere>0", "SELECT count(*) FROM feed_source WHERE confirmed_by IS NULL", "SELECT count(*) FROM feed_source WHERE revoked_by IS NOT NULL",
	} {
		if n, err := store.Count(t.Context(), in.DB, q); err != nil || n == 0 {
			t.Errorf("%s: %d, %v", q, n, err)
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

func TestRegistersAgreeWithTheLedger(t *testing.T) {
	testkit.RegistersAgree(t, sample(t))
}

// The manual's table says of every register what a line is.
func TestTheManualNamesEveryRegister(t *testing.T) {
	manual, err := os.ReadFile("../../docs/manual/12-registers.md")
	if err != nil {
		t.Fatal(err)
	}
	all := policy.Actor{ID: "reader", Kind: policy.Staff, Posts: []string{"clerk", "reviewer", "keeper", "scanner", "head", "supervisor"}}
	offered := sample(t).Registers.Offered(all)
	if len(offered) < 30 {
		t.Fatalf("only %d registers", len(offered))
	}
	for _, r := range offered {
		if line := fmt.Sprintf("| %d %s |", r.No, r.Name); !strings.Contains(string(manual), line) {
			t.Errorf("not in the manual: %s %s; %s", line, r.Note, r.Date)
		}
	}
}
