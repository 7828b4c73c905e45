package gate_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
	"dangan/internal/testkit"
)

// bulk performs one act a name by DoBulk: each writes a setting and draws a number,
// then does what the case adds. It tells how often the function was called.
func bulk(t *testing.T, p *testkit.Province, names []string, more func(i int, tx *gate.Tx) error) (out []gate.Outcome, numbers []int64, calls int) {
	t.Helper()
	acts := make([]gate.Act, len(names))
	for i := range acts {
		acts[i] = act()
	}
	numbers = make([]int64, len(names))
	out, err := p.Gate.DoBulk(t.Context(), acts, func(i int, tx *gate.Tx) error {
		calls++
		if err := tx.Permit(policy.Resource{Type: "Setting", ID: names[i]}); err != nil {
			return err
		}
		if err := tx.Insert(setting.Value{ID: names[i], Version: 1, Value: "x"}); err != nil {
			return err
		}
		var err error
		if numbers[i], err = tx.Number("50010801/档案/2026"); err != nil {
			return err
		}
		return more(i, tx)
	})
	if err != nil {
		t.Fatal(err)
	}
	return out, numbers, calls
}

// sound sees that the whole check finds nothing.
func sound(t *testing.T, p *testkit.Province) {
	t.Helper()
	if err := p.Publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	r, err := p.Vault().Verify(t.Context(), nil, time.Now(), nil)
	if err != nil || !r.OK {
		t.Fatalf("%v %+v", err, r.Differences)
	}
}

func TestABulkKeepsWhatIsRightAndTakesNoNumberForWhatIsNot(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		before := entries(t, p)
		no := rule.Refuse(rule.Reason{Rule: "N1", Slug: "for_the_test", Message: "不行。", Next: "换一个。"})
		failed := errors.New("no")
		out, numbers, calls := bulk(t, p, []string{"a", "b", "c", "d", "e"}, func(i int, _ *gate.Tx) error {
			return []error{nil, no, nil, failed, nil}[i]
		})
		for i, name := range []string{"a", "b", "c", "d", "e"} {
			right := i != 1 && i != 3
			if (value(t, p, name) == "x") != right || (out[i].Err == nil) != right {
				t.Errorf("%s: %q, %v", name, value(t, p, name), out[i].Err)
			}
		}
		if calls != 5 || numbers[0] != 1 || numbers[2] != 2 || numbers[4] != 3 {
			t.Errorf("numbers %v in %d calls: those drawn by refused acts go to the next", numbers, calls)
		}
		if got := entries(t, p) - before; got != 4 {
			t.Errorf("%d entries, want three acts and a refusal", got)
		}
		_, numbers, _ = bulk(t, p, []string{"f"}, func(int, *gate.Tx) error { return nil })
		if numbers[0] != 4 {
			t.Errorf("the next chunk goes on with %d", numbers[0])
		}
		sound(t, p)
	})
}

func TestABulkWithATakenKeyIsReplayedActByAct(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		before := entries(t, p)
		out, numbers, calls := bulk(t, p, []string{"a", "b", "a", "c"}, func(int, *gate.Tx) error { return nil })
		for i, right := range []bool{true, true, false, true} {
			if (out[i].Err == nil) != right || !right && !errors.Is(out[i].Err, store.ErrUnique) {
				t.Errorf("act %d: %v", i, out[i].Err)
			}
		}
		if calls != 8 {
			t.Errorf("%d calls, want the chunk twice", calls)
		}
		if !slices.Equal([]int64{numbers[0], numbers[1], numbers[3]}, []int64{1, 2, 3}) {
			t.Errorf("numbers %v", numbers)
		}
		if got := entries(t, p) - before; got != 3 {
			t.Errorf("%d entries, want three", got)
		}
		sound(t, p)
	})
}

func TestABulkThatChangesRowsIsReplayedActByAct(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		_, _, calls := bulk(t, p, []string{"a", "b"}, func(i int, tx *gate.Tx) error {
			if i == 0 {
				return nil
			}
			return tx.Update(&setting.Value{ID: "a", Version: 1, Value: "y"})
		})
		if calls != 4 || value(t, p, "a") != "y" || value(t, p, "b") != "x" {
			t.Errorf("%d calls, a is %q, b is %q", calls, value(t, p, "a"), value(t, p, "b"))
		}
		sound(t, p)
	})
}
