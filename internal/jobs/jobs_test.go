package jobs_test

import (
	"context"
	"encoding/json"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"dangan/internal/founding"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/testkit"
)

func TestFollowUpsRunOnceTheActIsCommitted(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		var got atomic.Value
		var ticks atomic.Int64
		p.Jobs.Handle("test.follow", func(_ context.Context, payload []byte) error {
			var s string
			err := json.Unmarshal(payload, &s)
			got.Store(s)
			return err
		})
		p.Jobs.Every("test.tick", time.Hour, func(context.Context) error { ticks.Add(1); return nil })
		act := gate.Act{Actor: founding.By, Action: "setting.change"}
		about := policy.Resource{Type: "Setting", ID: "x"}
		failed := errors.New("changed my mind")
		if _, err := p.Gate.Do(t.Context(), act, func(tx *gate.Tx) error {
			tx.Enqueue(gate.Job{Kind: "test.follow", Payload: "never"})
			return errors.Join(tx.Permit(about), failed)
		}); !errors.Is(err, failed) {
			t.Fatal(err)
		}
		if _, err := p.Gate.Do(t.Context(), act, func(tx *gate.Tx) error {
			tx.Enqueue(gate.Job{Kind: "test.follow", Payload: "done"})
			tx.Enqueue(gate.Job{Kind: "test.follow", Payload: "later", At: tx.Now().Add(time.Hour)})
			return tx.Permit(about)
		}); err != nil {
			t.Fatal(err)
		}
		p.RunJobs()
		if got.Load() != "done" {
			t.Errorf("job got %v, want done", got.Load())
		}
		if ticks.Load() != 1 {
			t.Errorf("timer ran %d times, want once", ticks.Load())
		}
		if _, err := p.Gate.Do(t.Context(), act, func(tx *gate.Tx) error {
			tx.Enqueue(gate.Job{Kind: "test.unknown"})
			return tx.Permit(about)
		}); err == nil {
			t.Error("a job nobody handles was taken")
		}
	})
}
