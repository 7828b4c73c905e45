package roster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/rule"
	"dangan/internal/sheet"
	"dangan/internal/store"
)

// Progress is how far a check or run is.
type Progress struct {
	ImportID    string    `db:"import_id"`
	Phase       string    `db:"phase"` // checking, checked, running, ended, failed
	Owner       string    `db:"owner,null"`
	BeatAt      time.Time `db:"beat_at"`
	Cancel      bool      `db:"cancel"`
	Done        int64     `db:"done"`
	Total       int64     `db:"total"`
	Accepted    int64     `db:"accepted"`
	Warned      int64     `db:"warned"`
	Rejected    int64     `db:"rejected"`
	AlreadyHere int64     `db:"already_here"`
	TookMS      int64     `db:"took_ms"`
	Trouble     string    `db:"trouble,null"`
}

// Table names the table of progress.
func (Progress) Table() string { return "roster_progress" }

// Phases of the work on a file.
const (
	Checking = "checking"
	Checked  = "checked"
	Working  = "running"
	Ended    = "ended"
	Stuck    = "failed"
)

// lease is how long a process that works at an import may be silent before another goes on.
const lease = 30 * time.Second

var errTaken = errors.New("another process works at this import")

// holder is one process's hold on an import.
type holder struct {
	desk  *Desk
	p     Progress
	begun time.Time
	clear bool // rows of an earlier check are dropped with the first ones written
}

// hold takes an import for this process, unless another one does work at it.
func (d *Desk) hold(ctx context.Context, id, phase string) (*holder, error) {
	now := d.gate.Now()
	w := &holder{desk: d, begun: now, clear: true, p: Progress{ImportID: id, Phase: phase, Owner: gate.NewID(), BeatAt: now}}
	err := d.gate.Touch(ctx, `INSERT INTO roster_progress(import_id,phase,owner,beat_at,cancel,done,total,accepted,warned,rejected,already_here,took_ms,trouble)
 VALUES(?,?,?,?,0,0,0,0,0,0,0,0,NULL)
 ON CONFLICT(import_id) DO UPDATE SET phase=excluded.phase, owner=excluded.owner, beat_at=excluded.beat_at, cancel=0, done=0, total=0, accepted=0, warned=0,
  rejected=0, already_here=0, took_ms=0, trouble=NULL
 WHERE roster_progress.phase NOT IN ('checking','running') OR roster_progress.beat_at <= ?`, id, phase, w.p.Owner, now, now.Add(-lease))
	if err != nil {
		return nil, err
	}
	p, err := store.Get[Progress](ctx, d.gate.DB(), "WHERE import_id=?", id)
	if err != nil {
		return nil, err
	}
	if p.Owner != w.p.Owner {
		return nil, errTaken
	}
	return w, nil
}

// beat tells how far it is and hears whether to stop. It writes at most every other second.
func (w *holder) beat(ctx context.Context, r *Report, total int) error {
	if w.desk.gate.Now().Sub(w.p.BeatAt) < time.Second && r.Rows != total && r.Rows > BatchSize {
		return nil
	}
	if err := w.save(ctx, r, total); err != nil {
		return err
	}
	p, err := store.Get[Progress](ctx, w.desk.gate.DB(), "WHERE import_id=?", w.p.ImportID)
	switch {
	case err != nil:
		return err
	case p.Owner != w.p.Owner:
		return errTaken
	case p.Cancel:
		return context.Canceled
	}
	return nil
}

func (w *holder) save(ctx context.Context, r *Report, total int) error {
	w.p.BeatAt = w.desk.gate.Now()
	return w.desk.gate.Touch(ctx, `UPDATE roster_progress SET phase=?, beat_at=?, done=?, total=?, accepted=?, warned=?, rejected=?, already_here=?, took_ms=?, trouble=?
 WHERE import_id=? AND owner=?`, w.p.Phase, w.p.BeatAt, r.Rows, total, r.Accepted, r.Warned, r.Rejected, r.AlreadyHere,
		w.p.BeatAt.Sub(w.begun).Milliseconds(), nullable(w.p.Trouble), w.p.ImportID, w.p.Owner)
}

func nullable(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// end says how it ended.
func (w *holder) end(ctx context.Context, r *Report, failure error) error {
	w.p.Phase = map[string]string{Checking: Checked, Working: Ended}[w.p.Phase]
	if failure != nil {
		w.p.Phase, w.p.Trouble = Stuck, trouble(failure)
	}
	return errors.Join(failure, w.save(context.WithoutCancel(ctx), r, r.Rows))
}

// trouble is what the screen says about a failure; details are in the log.
func trouble(err error) string {
	var file *sheet.Error
	var refusal *rule.Refusal
	switch {
	case errors.As(err, &file):
		return file.Error()
	case errors.As(err, &refusal):
		return refusal.Reasons[0].Message + refusal.Reasons[0].Next
	case errors.Is(err, store.ErrDiskFull):
		return "服务器存储空间不足，没有完成。请联系系统管理员。"
	}
	return "系统出错，没有完成。请重试；仍不行请联系系统管理员。"
}

// Line is the fate of one row as the screen shows it.
type Line struct {
	Row      int         `json:"row"`
	Name     string      `json:"name"`
	Identity string      `json:"identity"` // masked
	Outcome  Outcome     `json:"outcome"`
	Dossier  string      `json:"dossier,omitempty"`
	Findings []Statement `json:"findings" nullable:"false"`
}

// Statement is one finding in words.
type Statement struct {
	Code    Code   `json:"code"`
	Warning bool   `json:"warning"`
	Column  string `json:"column"`
	Problem string `json:"problem"`
	Remedy  string `json:"remedy,omitempty"`
	Basis   string `json:"basis"`
}

// lineOf puts a judged row in words.
func lineOf(j *Judged) Line {
	l := Line{Row: j.Row.Number, Name: j.Facts.Name, Outcome: j.Outcome, Dossier: j.Held.Dossier, Findings: []Statement{}}
	if l.Identity = identity.Mask(identity.Normalize(blankless(j.Facts.Written))); j.Facts.Identity != "" {
		l.Identity = identity.Mask(j.Facts.Identity)
	}
	for i, list := range [][]Finding{j.Errors, j.Warnings} {
		for _, f := range list {
			l.Findings = append(l.Findings, Statement{f.Code, i == 1, f.Column(), f.Problem(), f.Remedy(), f.Basis()})
		}
	}
	return l
}

// flag sorts rows for the screen's filter.
func flag(j *Judged) int64 {
	switch {
	case eligible(j):
		return 3
	case j.Outcome == Rejected:
		return 2
	case j.Outcome == Accepted && len(j.Warnings) > 0:
		return 1
	}
	return 0
}

// keep writes the fates of a batch for the screen.
func (w *holder) keep(ctx context.Context, batch []*Judged) error {
	values := make([]any, 0, 4*len(batch))
	for _, j := range batch {
		raw, err := json.Marshal(lineOf(j))
		if err != nil {
			return err
		}
		sealed, err := w.desk.gate.DB().Cipher().SealField(raw, aad(w.p.ImportID, j.Row.Number))
		if err != nil {
			return err
		}
		values = append(values, w.p.ImportID, int64(j.Row.Number), flag(j), sealed)
	}
	clear, args := "", []any(nil)
	if w.clear {
		clear, args, w.clear = "DELETE FROM roster_row WHERE import_id=?", []any{w.p.ImportID}, false
	}
	return w.desk.gate.Keep(ctx, clear, args, "roster_row", "import_id,row_no,flag,body", values)
}

func aad(id string, row int) string { return fmt.Sprintf("roster_row.body:%s/%d", id, row) }

// HandleCheck judges an uploaded file and writes nothing but the fates for the screen.
func (d *Desk) HandleCheck(ctx context.Context, payload []byte) error {
	var job jobOf
	if err := json.Unmarshal(payload, &job); err != nil {
		return err
	}
	m, err := store.Get[Import](ctx, d.gate.DB(), "WHERE id=?", job.Import)
	if err != nil || m.State != Uploaded {
		return err
	}
	work, err := d.hold(ctx, m.ID, Checking)
	if err != nil {
		return err // tried again: the check under way may have read the old choice of columns
	}
	w, done, err := d.walkOf(ctx, m)
	if err != nil {
		return settled(work.end(ctx, &Report{}, err))
	}
	defer done()
	w.each = func(batch []*Judged) error { return work.keep(ctx, batch) }
	w.beat = func(r *Report, total int) error { return work.beat(ctx, r, total) }
	return settled(work.end(ctx, &w.report, w.do(ctx)))
}

// settled drops a failure that trying again would only repeat: the screen says it.
func settled(err error) error {
	var file *sheet.Error
	var refusal *rule.Refusal
	if errors.As(err, &file) || errors.As(err, &refusal) || errors.Is(err, errTaken) || errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// HandleRun registers a file that somebody started.
func (d *Desk) HandleRun(ctx context.Context, payload []byte) error {
	var job jobOf
	if err := json.Unmarshal(payload, &job); err != nil {
		return err
	}
	return d.runImport(gate.WithRequest(ctx, gate.Request{Via: "job"}), job.Import)
}

func (d *Desk) runImport(ctx context.Context, id string) error {
	m, err := store.Get[Import](ctx, d.gate.DB(), "WHERE id=?", id)
	if err != nil || m.State != Running {
		return err
	}
	by, err := d.actorOf(ctx, m.StaffID)
	if err != nil {
		return err
	}
	work, err := d.hold(ctx, m.ID, Working)
	if errors.Is(err, errTaken) {
		return nil
	} else if err != nil {
		return err
	}
	w, done, err := d.walkOf(ctx, m)
	if err != nil {
		return work.end(ctx, &Report{}, err)
	}
	defer done()
	w.run = &run{desk: d, actor: by, imp: m, resumed: true}
	w.each = func(batch []*Judged) error { return work.keep(ctx, batch) }
	w.beat = func(r *Report, total int) error { return work.beat(ctx, r, total) }
	failure := w.do(ctx)
	if errors.Is(failure, errTaken) {
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err() // the process stops: another goes on
	}
	err = d.close(ctx, w, failure)
	return settled(work.end(ctx, &w.report, err))
}
