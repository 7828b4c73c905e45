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

// A job whose process was killed is taken up by another once that one counts as lost, and only
// then; draining does not wait for it meanwhile.
func TestJobsOfALostRunnerGoBack(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		began := make(chan int64, 2)
		again := make(chan struct{})
		var runs atomic.Int64
		p.Jobs.Handle("test.long", func(context.Context, []byte) error {
			n := runs.Add(1)
			began <- n
			if n == 1 {
				<-again
			}
			return nil
		})
		act := gate.Act{Actor: founding.By, Action: "setting.change"}
		if _, err := p.Gate.Do(t.Context(), act, func(tx *gate.Tx) error {
			tx.Enqueue(gate.Job{Kind: "test.long"})
			return tx.Permit(policy.Resource{Type: "Setting", ID: "x"})
		}); err != nil {
			t.Fatal(err)
		}
		stop, err := p.Jobs.Start(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := stop(context.WithoutCancel(t.Context())); err != nil {
				t.Error(err)
			}
		}()
		defer close(again)
		<-began
		if err := p.Jobs.Drain(t.Context()); err != nil {
			t.Fatalf("drained beside a job in another's hand: %v", err)
		}
		if n := runs.Load(); n != 1 {
			t.Fatalf("a job in a living runner's hand ran %d times", n)
		}
		later := time.Now().Add(time.Hour)
		if err := p.DB.Beat(t.Context(), "another", later, later.Add(-time.Minute), 12); err != nil {
			t.Fatal(err)
		}
		select {
		case n := <-began:
			if n != 2 {
				t.Errorf("taken up %d times, want twice", n)
			}
		case <-time.After(30 * time.Second):
			t.Error("a lost runner's job was never taken up")
		}
	})
}
