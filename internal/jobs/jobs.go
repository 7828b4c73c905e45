package jobs

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"dangan/internal/clock"
	"dangan/internal/gate"
	"dangan/internal/store"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// Queue takes jobs and runs them. Safe for concurrent use once started.
type Queue struct {
	db       *store.DB
	clock    clock.Clock
	log      *slog.Logger
	mu       sync.Mutex
	handlers map[string]func(context.Context, []byte) error
	timers   []timer
	client   *river.Client[*sql.Tx]
}

type timer struct {
	kind  string
	every time.Duration
	run   func(context.Context) error
}

func init() {
	store.Register("job_runner", store.Transient, "执行后台任务的进程及其最近报到时间")
}

// New makes a queue that takes jobs; Start makes it run them.
func New(db *store.DB, c clock.Clock, log *slog.Logger) *Queue {
	return &Queue{db: db, clock: c, log: log, handlers: map[string]func(context.Context, []byte) error{}}
}

// Handle says what is done with jobs of a kind. Rooms call it when they are opened.
func (q *Queue) Handle(kind string, run func(ctx context.Context, payload []byte) error) {
	if _, twice := q.handlers[kind]; twice {
		panic("jobs: two handlers for " + kind)
	}
	q.handlers[kind] = run
}

// Every runs something at an interval, on one process of all, and once after the start.
func (q *Queue) Every(kind string, every time.Duration, run func(ctx context.Context) error) {
	q.Handle(kind, func(ctx context.Context, _ []byte) error { return run(ctx) })
	q.timers = append(q.timers, timer{kind, every, run})
}

// Timers lists the kinds of timers, in the order they were registered.
func (q *Queue) Timers() []string {
	out := make([]string, len(q.timers))
	for i, t := range q.timers {
		out[i] = t.kind
	}
	return out
}

// Tick runs a timer now, in the caller's own time: for tests and `dangan doctor`.
func (q *Queue) Tick(ctx context.Context, kind string) error {
	i := slices.IndexFunc(q.timers, func(t timer) bool { return t.kind == kind })
	if i < 0 {
		return fmt.Errorf("no timer %q", kind)
	}
	return q.timers[i].run(ctx)
}

// args is River's job: one kind for all, since kinds are rows here and not types.
type args struct {
	Name    string          `json:"name"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// Kind names River's kind.
func (args) Kind() string { return "dangan" }

// attempts is how often a job is tried, over some two days, before it is set aside.
const attempts = 12

// Runners say this often that they live, and count as lost when not heard of for so long: what a
// killed process had in hand is then taken up by another, or by itself after its restart.
const (
	beat = 10 * time.Second
	lost = 45 * time.Second
)

// longest bounds a job: a whole check of a large province takes about an hour.
const longest = 6 * time.Hour

// Enqueue takes an act's follow-ups in the act's own transaction.
func (q *Queue) Enqueue(ctx context.Context, tx *store.Tx, list []gate.Job) error {
	client, err := q.open()
	if err != nil {
		return err
	}
	for _, j := range list {
		if _, known := q.handlers[j.Kind]; !known {
			return fmt.Errorf("no handler for job %q", j.Kind)
		}
		payload, err := json.Marshal(j.Payload)
		if err != nil {
			return fmt.Errorf("job %s: %w", j.Kind, err)
		}
		opts := &river.InsertOpts{MaxAttempts: attempts}
		// The act's clock may not be the machine's: what counts is how long from now.
		if wait := j.At.Sub(q.clock.Now()); wait > 0 {
			opts.ScheduledAt = time.Now().Add(wait)
		}
		if _, err := client.InsertTx(ctx, tx.Raw(), args{j.Kind, payload}, opts); err != nil {
			return fmt.Errorf("queue %s: %w", j.Kind, err)
		}
	}
	return nil
}

// open makes, once, the client that takes jobs.
func (q *Queue) open() (*river.Client[*sql.Tx], error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.client != nil {
		return q.client, nil
	}
	client, err := q.newClient(&river.Config{})
	q.client = client
	return client, err
}

func (q *Queue) newClient(config *river.Config) (*river.Client[*sql.Tx], error) {
	driver, err := q.db.QueueDriver()
	if err != nil {
		return nil, err
	}
	config.Logger = slog.New(slog.DiscardHandler)
	client, err := river.NewClient(driver, config)
	if err != nil {
		return nil, fmt.Errorf("open queue: %w", err)
	}
	return client, nil
}

// runner makes a client of a name that runs jobs, with or without the timers.
func (q *Queue) runner(id string, timers bool) (*river.Client[*sql.Tx], error) {
	workers := river.NewWorkers()
	if err := river.AddWorkerSafely(workers, river.WorkFunc(q.work)); err != nil {
		return nil, err
	}
	config := &river.Config{
		ID:                     id,
		Queues:                 map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 4}},
		Workers:                workers,
		JobTimeout:             longest,
		RescueStuckJobsAfter:   longest + time.Minute,
		FetchPollInterval:      time.Second,
		ErrorHandler:           reporter{q.log},
		LeaderElectionDisabled: !timers,
	}
	if !timers {
		return q.newClient(config)
	}
	for _, t := range q.timers {
		config.PeriodicJobs = append(config.PeriodicJobs, river.NewPeriodicJob(river.PeriodicInterval(t.every), func() (river.JobArgs, *river.InsertOpts) {
			return args{Name: t.kind}, &river.InsertOpts{MaxAttempts: 1, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: unfinished}}
		}, &river.PeriodicJobOpts{RunOnStart: true}))
	}
	return q.newClient(config)
}

// unfinished are the states in which a timer's last job still stands in the way of the next.
var unfinished = []rivertype.JobState{rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning, rivertype.JobStateRetryable, rivertype.JobStateScheduled}

func (q *Queue) work(ctx context.Context, job *river.Job[args]) error {
	run, known := q.handlers[job.Args.Name]
	if !known {
		return fmt.Errorf("no handler for job %q", job.Args.Name)
	}
	return run(ctx, job.Args.Payload)
}

// Start begins to run jobs and timers; the returned function lets running ones
// finish for as long as its context allows, then cancels them: they are tried again.
func (q *Queue) Start(ctx context.Context) (stop func(context.Context) error, err error) {
	r, err := q.start(ctx, true)
	if err != nil {
		return nil, err
	}
	return r.stop, nil
}

// running is a client at work, and what it does to be known as alive.
type running struct {
	id     string
	db     *store.DB
	client *river.Client[*sql.Tx]
	rest   context.CancelFunc
	beats  sync.WaitGroup
}

func (q *Queue) start(ctx context.Context, timers bool) (*running, error) {
	ctx = context.WithoutCancel(ctx)
	r := &running{id: rand.Text(), db: q.db}
	var err error
	if r.client, err = q.runner(r.id, timers); err != nil {
		return nil, err
	}
	if err := r.beat(ctx); err != nil {
		return nil, err
	}
	if err := r.client.Start(ctx); err != nil {
		return nil, fmt.Errorf("start queue: %w", errors.Join(err, r.db.Leave(ctx, r.id)))
	}
	var living context.Context
	living, r.rest = context.WithCancel(ctx)
	r.beats.Go(func() {
		each := time.NewTicker(beat)
		defer each.Stop()
		for {
			select {
			case <-living.Done():
				return
			case <-each.C:
				if err := r.beat(living); err != nil && living.Err() == nil {
					q.log.WarnContext(living, "jobs: not reported as alive", "error", err)
				}
			}
		}
	})
	return r, nil
}

func (r *running) beat(ctx context.Context) error {
	now := time.Now()
	return r.db.Beat(ctx, r.id, now, now.Add(-lost), attempts)
}

func (r *running) stop(ctx context.Context) error {
	err := r.client.Stop(ctx)
	if err != nil {
		hard, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		err = r.client.StopAndCancel(hard)
	}
	r.rest()
	r.beats.Wait()
	return errors.Join(err, r.db.Leave(context.WithoutCancel(ctx), r.id))
}

// busy tells whether a job is due or in its hand. What others have in hand, killed ones among
// them, is theirs.
func (r *running) busy(ctx context.Context) (bool, error) {
	list, err := r.client.JobList(ctx, river.NewJobListParams().States(rivertype.JobStateAvailable, rivertype.JobStateRunning).First(50))
	if err != nil {
		return false, fmt.Errorf("drain: %w", err)
	}
	return slices.ContainsFunc(list.Jobs, func(j *rivertype.JobRow) bool {
		return j.State == rivertype.JobStateAvailable || j.AttemptedBy[len(j.AttemptedBy)-1] == r.id
	}), nil
}

// Drain runs queued jobs that are due until none is left, without the timers:
// for commands that end, and for tests.
func (q *Queue) Drain(ctx context.Context) error {
	r, err := q.start(ctx, false)
	if err != nil {
		return err
	}
	for busy := true; busy && ctx.Err() == nil; time.Sleep(50 * time.Millisecond) {
		if busy, err = r.busy(ctx); err != nil {
			break
		}
	}
	return errors.Join(err, ctx.Err(), r.stop(context.WithoutCancel(ctx)))
}

// reporter logs what failed; River tries again by itself.
type reporter struct{ log *slog.Logger }

func (r reporter) HandleError(ctx context.Context, job *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	r.log.ErrorContext(ctx, "job failed", "job", name(job), "attempt", job.Attempt, "error", err)
	return nil
}

func (r reporter) HandlePanic(ctx context.Context, job *rivertype.JobRow, panicVal any, trace string) *river.ErrorHandlerResult {
	r.log.ErrorContext(ctx, "job panicked", "job", name(job), "attempt", job.Attempt, "panic", fmt.Sprint(panicVal), "trace", trace)
	return nil
}

func name(job *rivertype.JobRow) string {
	var a args
	_ = json.Unmarshal(job.EncodedArgs, &a)
	return a.Name
}
