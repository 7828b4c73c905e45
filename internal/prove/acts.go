package prove

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"dangan/internal/blob"
	"dangan/internal/gate"
	"dangan/internal/ledger"
	"dangan/internal/policy"
	"dangan/internal/store"

	"golang.org/x/mod/sumdb/note"
)

// JobCheck is the job that does a check.
const JobCheck = "ledger.check"

// Config wires the room.
type Config struct {
	Gate     *gate.Gate
	Files    blob.Store
	Dir      string // data folder, with the published log
	Key      string // the log's public key
	Verifier note.Verifier
	Check    func(ctx context.Context, progress func(ledger.Progress)) (ledger.Report, error)
}

// Desk is the room's door.
type Desk struct {
	Config
	gate *gate.Gate
	days dayCounts
}

// New opens the room.
func New(c Config) *Desk { return &Desk{Config: c, gate: c.Gate} }

// system does what no member of staff does.
var system = policy.Actor{ID: "system", Kind: policy.System, Name: "系统"}

// log is the ledger as a resource; everybody may know of it.
func log(id string) policy.Resource { return policy.Resource{Type: "Ledger", ID: id} }

// Start has the whole ledger checked, one check at a time.
func (d *Desk) Start(ctx context.Context, by policy.Actor) (Check, error) {
	c := Check{ID: gate.NewID(), Version: 1, State: Running, StartedBy: by.ID}
	_, err := d.gate.Do(ctx, gate.Act{Actor: by, Action: "ledger.check"}, func(tx *gate.Tx) error {
		if err := tx.Permit(log(c.ID)); err != nil {
			return err
		}
		var running int
		if err := tx.QueryRow(ctx, "SELECT count(*) FROM ledger_check WHERE state=?", string(Running)).Scan(&running); err != nil {
			return err
		}
		if running > 0 {
			return alreadyRunning()
		}
		c.StartedAt = tx.Now()
		tx.Enqueue(gate.Job{Kind: JobCheck, Payload: c.ID})
		return tx.Insert(c)
	})
	return c, err
}

// Cancel calls a running check off.
func (d *Desk) Cancel(ctx context.Context, by policy.Actor, id string) (Check, error) {
	return d.change(ctx, by, "ledger.cancel", id, func(tx *gate.Tx, c *Check) error { return c.cancel(tx.Now()) })
}

func (d *Desk) change(ctx context.Context, by policy.Actor, action, id string, fn func(tx *gate.Tx, c *Check) error) (Check, error) {
	var c Check
	_, err := d.gate.Do(ctx, gate.Act{Actor: by, Action: action}, func(tx *gate.Tx) error {
		var err error
		if c, err = store.Get[Check](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id); errors.Is(err, store.ErrNotFound) {
			return gate.ErrHidden
		} else if err != nil {
			return err
		}
		if err := tx.Permit(log(id)); err != nil {
			return err
		}
		if err := tx.Expect(c.Version); err != nil {
			return err
		}
		if err := fn(tx, &c); err != nil {
			return err
		}
		return tx.Update(&c)
	})
	return c, err
}

// lease is how long a process that does a check may be silent before another does it.
const lease = time.Minute

// beatEvery is how often progress is written down.
const beatEvery = time.Second

// HandleCheck does the check that a job names.
func (d *Desk) HandleCheck(ctx context.Context, payload []byte) error {
	var id string
	if err := json.Unmarshal(payload, &id); err != nil {
		return fmt.Errorf("ledger check: %w", err)
	}
	return d.run(ctx, id)
}

// Resume does again what a process left that was stopped in the middle.
func (d *Desk) Resume(ctx context.Context) error {
	list, err := store.List[Check](ctx, d.gate.DB(), "WHERE state=? ORDER BY started_at LIMIT 5", string(Running))
	if err != nil {
		return err
	}
	for _, c := range list {
		if p, err := d.Progress(ctx, c.ID); err == nil && p.Owner != "" && d.gate.Now().Sub(p.BeatAt) > lease {
			if err := d.run(ctx, c.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// run does a check, unless it is over or another process does it.
func (d *Desk) run(ctx context.Context, id string) error {
	owner := gate.NewID()
	now := d.gate.Now()
	if err := d.gate.Touch(ctx, `INSERT INTO ledger_check_progress(check_id,owner,beat_at,stage,done,total) VALUES(?,?,?,'',0,0)
ON CONFLICT(check_id) DO UPDATE SET owner=excluded.owner, beat_at=excluded.beat_at WHERE ledger_check_progress.beat_at<=?`, id, owner, now, now.Add(-lease)); err != nil {
		return err
	}
	c, err := store.Get[Check](ctx, d.gate.DB(), "WHERE id=?", id)
	if err != nil {
		return err
	}
	if p, err := d.Progress(ctx, id); err != nil || p.Owner != owner || c.State != Running {
		return err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var told time.Time
	report, err := d.Check(ctx, func(p ledger.Progress) {
		if time.Since(told) < beatEvery {
			return
		}
		told = time.Now()
		if err := d.beat(ctx, id, owner, p); err != nil {
			stop(err)
		}
	})
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, errCalledOff):
		return nil
	case cause != nil: // the process stops: another goes on
		return cause
	}
	trouble := ""
	if err != nil {
		trouble = err.Error()
	}
	return d.finish(context.WithoutCancel(ctx), id, report, trouble)
}

var errCalledOff = errors.New("the check was called off")

// beat writes progress down and hears whether to stop.
func (d *Desk) beat(ctx context.Context, id, owner string, p ledger.Progress) error {
	if err := d.gate.Touch(ctx, "UPDATE ledger_check_progress SET beat_at=?, stage=?, done=?, total=? WHERE check_id=? AND owner=?",
		d.gate.Now(), p.Stage, p.Done, p.Total, id, owner); err != nil {
		return err
	}
	c, err := store.Get[Check](ctx, d.gate.DB(), "WHERE id=?", id)
	if err == nil && c.State != Running {
		err = errCalledOff
	}
	return err
}

// finish keeps the report and writes down what was found.
func (d *Desk) finish(ctx context.Context, id string, r ledger.Report, trouble string) error {
	var file blob.Ref
	if trouble == "" {
		raw, err := json.Marshal(r)
		if err != nil {
			return err
		}
		if file, err = d.Files.Put(ctx, bytes.NewReader(raw)); err != nil {
			return fmt.Errorf("keep report: %w", err)
		}
	}
	_, err := d.change(ctx, system, "ledger.report", id, func(tx *gate.Tx, c *Check) error {
		if c.State != Running {
			return errCalledOff
		}
		c.EndedAt = tx.Now()
		if trouble != "" {
			c.State, c.Trouble = Failed, trouble
			return nil
		}
		c.State, c.Entries, c.Published, c.Rows, c.Files, c.Bytes = Done, r.Entries, r.Published, r.Rows, r.Files, r.Bytes
		c.Signed, c.Found, c.Report = r.Checkpoints, r.Found, file.Digest
		tx.Note("found", r.Found)
		tx.Note("entries", r.Entries)
		if r.Root != "" {
			tx.Note("root", r.Root)
		}
		return tx.File(file.Digest, file.Size, "report")
	})
	if errors.Is(err, errCalledOff) {
		return nil
	}
	return err
}

// Prove takes the proof of an act out of the log: an act itself.
func (d *Desk) Prove(ctx context.Context, by policy.Actor, name string) (proof ledger.Proof, err error) {
	_, err = d.gate.Do(ctx, gate.Act{Actor: by, Action: "ledger.prove"}, func(tx *gate.Tx) error {
		e, body, err := find(ctx, tx, name)
		if err != nil {
			return err
		}
		if err := tx.Permit(ofEntry(body)); err != nil {
			return err
		}
		proof, err = ledger.Prove(d.Dir, d.Verifier, d.Key, e)
		tx.Note("number", e.Seq)
		return err
	})
	return proof, err
}

// find reads an entry; ErrHidden if there is none.
func find(ctx context.Context, q store.Querier, name string) (ledger.Entry, ledger.Body, error) {
	e, err := ledger.Find(ctx, q, name)
	if errors.Is(err, store.ErrNotFound) {
		return e, ledger.Body{}, gate.ErrHidden
	} else if err != nil {
		return e, ledger.Body{}, err
	}
	body, err := e.Parse()
	return e, body, err
}

// ofEntry is an act as a resource: of the agency it was done for.
func ofEntry(b ledger.Body) policy.Resource {
	r := policy.Resource{Type: "Ledger", ID: b.ID}
	if b.Org != "" {
		r.Agencies = []string{b.Org}
	}
	return r
}
