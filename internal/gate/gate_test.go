package gate_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"dangan/internal/founding"
	"dangan/internal/gate"
	"dangan/internal/ledger"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
	"dangan/internal/testkit"
)

var about = policy.Resource{Type: "Setting", ID: "gate-test"}

func act() gate.Act { return gate.Act{Actor: founding.By, Action: "setting.change"} }

func entries(t *testing.T, p *testkit.Province) int {
	t.Helper()
	var n int
	if err := p.DB.QueryRow(t.Context(), "SELECT count(*) FROM ledger_entry").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func value(t *testing.T, p *testkit.Province, id string) string {
	t.Helper()
	v, err := store.Get[setting.Value](t.Context(), p.DB, "WHERE id=?", id)
	if errors.Is(err, store.ErrNotFound) {
		return ""
	} else if err != nil {
		t.Fatal(err)
	}
	return v.Value
}

func TestNothingIsWrittenBeforeAPolicyWasAsked(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		before := entries(t, p)
		for name, fn := range map[string]func(*gate.Tx) error{
			"insert before permit": func(tx *gate.Tx) error { return tx.Insert(setting.Value{ID: "a", Version: 1, Value: "x"}) },
			"derived before permit": func(tx *gate.Tx) error {
				return tx.Exec("DELETE FROM name_key WHERE dossier_id=?", "x")
			},
			"nobody was asked": func(*gate.Tx) error { return nil },
			"audited by plain SQL": func(tx *gate.Tx) error {
				return errors.Join(tx.Permit(about), tx.Exec("UPDATE setting SET value=? WHERE id=?", "x", "y"))
			},
			"a table nobody registered": func(tx *gate.Tx) error {
				return errors.Join(tx.Permit(about), tx.Exec("UPDATE sqlite_master SET name=?", "x"))
			},
		} {
			if _, err := p.Gate.Do(t.Context(), act(), fn); err == nil {
				t.Errorf("%s was done", name)
			}
		}
		if got := entries(t, p); got != before {
			t.Errorf("%d entries were left by what failed", got-before)
		}
		if err := p.Gate.Touch(t.Context(), "UPDATE setting SET value='x'"); err == nil {
			t.Error("touch wrote an audited table")
		}
	})
}

func TestARefusalUndoesTheActAndIsItselfRecorded(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		before := entries(t, p)
		_, err := p.Gate.Do(t.Context(), act(), func(tx *gate.Tx) error {
			if err := errors.Join(tx.Permit(about), tx.Insert(setting.Value{ID: about.ID, Version: 1, Value: "x"})); err != nil {
				return err
			}
			return rule.Refuse(rule.Reason{Rule: "N1", Slug: "for_the_test", Message: "不行。", Next: "换一个。"})
		})
		var refusal *rule.Refusal
		if !errors.As(err, &refusal) {
			t.Fatalf("got %v", err)
		}
		if value(t, p, about.ID) != "" {
			t.Error("a refused act left its row")
		}
		list, err := ledger.About(t.Context(), p.DB, "Setting:"+about.ID, 0, 5)
		if err != nil || len(list) != 1 || entries(t, p) != before+1 {
			t.Fatalf("%d entries about it, %v", len(list), err)
		}
		if body, err := list[0].Parse(); err != nil || body.Outcome != ledger.Refused || body.Reasons[0] != "N1/for_the_test" {
			t.Errorf("recorded as %+v, %v", body, err)
		}
		if seals, _ := list[0].Seals(); len(seals) != 0 {
			t.Error("a refusal seals rows")
		}
	})
}

func TestTheSameRequestIsDoneOnce(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		done := 0
		do := func(key, hash string) error {
			ctx := gate.WithRequest(t.Context(), gate.Request{Key: key, Hash: hash, Via: "api"})
			_, err := p.Gate.Do(ctx, act(), func(tx *gate.Tx) error {
				if err := tx.Permit(about); err != nil {
					return err
				}
				done++
				return tx.Insert(setting.Value{ID: about.ID, Version: 1, Value: "x"})
			})
			return err
		}
		if err := do("k", "h"); err != nil {
			t.Fatal(err)
		}
		if err := do("k", "h"); !errors.Is(err, gate.ErrReplay) {
			t.Errorf("the same request: %v", err)
		}
		if err := do("k", "other"); !errors.Is(err, gate.ErrKeyReused) {
			t.Errorf("the same key for something else: %v", err)
		}
		if done != 1 {
			t.Errorf("done %d times", done)
		}
		all := func(hash string) error {
			ctx := gate.WithRequest(t.Context(), gate.Request{Key: "all", Hash: hash, Via: "api"})
			_, err := p.Gate.DoAll(ctx, []gate.Act{act(), act()}, func(_ int, tx *gate.Tx) error {
				done++
				return tx.Permit(about)
			})
			return err
		}
		if err := all("h"); err != nil {
			t.Fatal(err)
		}
		before := entries(t, p)
		if err := all("h"); !errors.Is(err, gate.ErrReplay) {
			t.Errorf("the same bulk: %v", err)
		}
		if err := all("other"); !errors.Is(err, gate.ErrKeyReused) {
			t.Errorf("the same key for another bulk: %v", err)
		}
		if got := entries(t, p); done != 3 || got != before {
			t.Errorf("two acts in bulk done %d times, %d entries more", done-1, got-before)
		}
	})
}

func TestALostRaceSaysWhoWasFirst(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		by := p.As("supervisor-500000")
		if _, err := p.Settings.Change(t.Context(), by, setting.LetterDays, "40"); err != nil {
			t.Fatal(err)
		}
		stale, err := store.Get[setting.Value](t.Context(), p.DB, "WHERE id=?", string(setting.LetterDays))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Settings.Change(t.Context(), by, setting.LetterDays, "50"); err != nil {
			t.Fatal(err)
		}
		_, err = p.Gate.Do(t.Context(), act(), func(tx *gate.Tx) error {
			return errors.Join(tx.Permit(policy.Resource{Type: "Setting", ID: stale.ID}), tx.Update(&stale))
		})
		var c *gate.Conflict
		if !errors.As(err, &c) || c.By != by.ID || c.Has != 2 || c.At.IsZero() {
			t.Fatalf("got %v (%+v)", err, c)
		}
		if value(t, p, stale.ID) != "50" {
			t.Error("the later one was overwritten")
		}
	})
}

func TestABatchKeepsWhatIsRightAndRecordsWhatIsNot(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		before := entries(t, p)
		names := []string{"b1", "b2", "b3", "b4"}
		out, err := p.Gate.DoBatch(t.Context(), []gate.Act{act(), act(), act(), act()}, func(i int, tx *gate.Tx) error {
			if err := tx.Permit(policy.Resource{Type: "Setting", ID: names[i]}); err != nil {
				return err
			}
			if err := tx.Insert(setting.Value{ID: names[i], Version: 1, Value: "x"}); err != nil {
				return err
			}
			switch i {
			case 1:
				return rule.Refuse(rule.Reason{Rule: "N1", Slug: "for_the_test", Message: "不行。", Next: "换一个。"})
			case 2:
				return tx.Insert(setting.Value{ID: "b1", Version: 1, Value: "again"})
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []string{"x", "", "", "x"} {
			if got := value(t, p, names[i]); got != want || (out[i].Err == nil) != (want != "") {
				t.Errorf("%s is %q, want %q (%v)", names[i], got, want, out[i].Err)
			}
		}
		if got := entries(t, p) - before; got != 3 {
			t.Errorf("%d entries, want two acts and a refusal", got)
		}
		failed := errors.New("no")
		if _, err := p.Gate.DoAll(t.Context(), []gate.Act{act(), act()}, func(i int, tx *gate.Tx) error {
			if err := errors.Join(tx.Permit(about), tx.Insert(setting.Value{ID: []string{"c1", "c2"}[i], Version: 1, Value: "x"})); err != nil || i == 0 {
				return err
			}
			return failed
		}); !errors.Is(err, failed) || value(t, p, "c1") != "" {
			t.Errorf("all or none: %v, c1 is %q", err, value(t, p, "c1"))
		}
	})
}

// The database itself refuses what the interfaces have no way to ask for (29.4, 29.1).
func TestTheDatabaseRefusesToDelete(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		for _, query := range []string{"DELETE FROM agency", "DELETE FROM ledger_entry", "UPDATE ledger_entry SET body='{}'"} {
			tx, err := p.DB.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := tx.Exec(t.Context(), query); err == nil || !strings.Contains(err.Error(), "29.") {
				t.Errorf("%s: %v", query, err)
			}
			tx.Rollback()
		}
	})
}

func TestNumbersHaveNoGapsUnderManyWriters(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		var mu sync.Mutex
		drawn := map[int64]bool{}
		failed := errors.New("changed my mind")
		var wg sync.WaitGroup
		for w := range 8 {
			wg.Go(func() {
				for i := range 10 {
					var n int64
					_, err := p.Gate.Do(context.Background(), act(), func(tx *gate.Tx) error {
						if err := tx.Permit(about); err != nil {
							return err
						}
						var err error
						if n, err = tx.Number("50010801/调/2026"); err == nil && (w+i)%3 == 0 {
							err = failed
						}
						return err
					})
					switch {
					case errors.Is(err, failed):
					case err != nil:
						t.Error(err)
					default:
						mu.Lock()
						if drawn[n] {
							t.Errorf("number %d was drawn twice", n)
						}
						drawn[n] = true
						mu.Unlock()
					}
				}
			})
		}
		wg.Wait()
		for n := int64(1); n <= int64(len(drawn)); n++ {
			if !drawn[n] {
				t.Errorf("number %d is missing of %d", n, len(drawn))
			}
		}
		var holes int
		if err := p.DB.QueryRow(t.Context(), "SELECT max(seq)-count(*) FROM ledger_entry WHERE seq IS NOT NULL").Scan(&holes); err != nil || holes != 0 {
			t.Errorf("%d holes in the ledger's numbers (%v)", holes, err)
		}
	})
}
