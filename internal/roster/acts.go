package roster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"dangan/internal/agency"
	"dangan/internal/blob"
	"dangan/internal/calendar"
	"dangan/internal/gate"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/sheet"
	"dangan/internal/store"
	"dangan/internal/transfer"
)

// Desk is the room's door.
type Desk struct {
	gate  *gate.Gate
	keys  person.Indexer
	blobs blob.Store
	// transfers carry a packet to the agency that keeps the person's dossier.
	transfers *transfer.Desk
	// actorOf finds the clerk in whose name a job goes on.
	actorOf func(ctx context.Context, staffID string) (policy.Actor, error)
}

// New opens the room. actorOf gives the actor of an account as it is now.
func New(g *gate.Gate, keys person.Indexer, blobs blob.Store, transfers *transfer.Desk, actorOf func(ctx context.Context, staffID string) (policy.Actor, error)) *Desk {
	d := &Desk{gate: g, keys: keys, blobs: blobs, transfers: transfers, actorOf: actorOf}
	transfers.Carry("UnclearPacket", transfer.BesideRoom{Received: d.Received, Withdrawn: d.Withdrawn})
	transfers.Second = d.second
	return d
}

// Jobs of the room.
const (
	JobCheck = "roster.check"
	JobRun   = "roster.run"
)

// Source is a workbook that is imported in one go, from the command line or a program.
type Source struct {
	Agency   string
	FileName string
	Basis    string
	Content  io.ReaderAt
	Size     int64
	Options  Options
	DryRun   bool
	Errors   io.Writer // takes the workbook of rejected rows, if any; may be nil
	Progress func(done, total int)
}

// Import judges every row and, unless it is a dry run, registers the accepted
// ones, each as an act of its own. Cancelling the context leaves what was
// registered; the same file again goes on. What is wrong with the workbook as a
// whole comes back as *sheet.Error.
func (d *Desk) Import(ctx context.Context, by policy.Actor, s Source) (report Report, err error) {
	a, err := d.agency(ctx, by, s.Agency)
	if err != nil {
		return Report{}, err
	}
	book, err := sheet.Read(s.Content, s.Size, sheet.Limits{})
	if err != nil {
		return Report{}, err
	}
	s.Options.Known, err = d.headers(ctx, a.ID)
	if err != nil {
		return Report{}, err
	}
	f, err := Find(book, s.Options)
	if err != nil {
		return Report{}, err
	}
	w := &walk{desk: d, file: f, agency: a, progress: s.Progress}
	w.report = Report{File: path.Base(strings.ReplaceAll(s.FileName, `\`, "/")), Agency: a.ID, Items: []Item{}}
	if s.Errors != nil {
		if w.errors, err = NewErrorBook(f); err != nil {
			return Report{}, err
		}
		defer func() { _ = w.errors.Discard() }()
	}
	if !s.DryRun {
		imp, err := d.receive(ctx, by, a, f, s, Running)
		if err != nil {
			return Report{}, err
		}
		held, err := d.hold(ctx, imp.ID, Working)
		if err != nil {
			return Report{}, err
		}
		w.report.Import = imp.ID
		w.run = &run{desk: d, actor: by, imp: imp}
		w.beat = func(r *Report, total int) error { return held.beat(ctx, r, total) }
		defer func() { err = held.end(ctx, &w.report, err) }()
	}
	err = w.do(ctx)
	if w.run != nil {
		err = d.close(ctx, w, err)
	}
	if err == nil && s.Errors != nil && w.errors.Rows > 0 {
		err = w.errors.Finish(s.Errors)
	}
	return w.report, err
}

// agency finds the importing agency and sees that the actor may import for it
// and that it may take in dossiers at all (6a). A refusal is put on record.
func (d *Desk) agency(ctx context.Context, by policy.Actor, code string) (agency.Agency, error) {
	a, err := agency.Get(ctx, d.gate.DB(), code)
	if errors.Is(err, store.ErrNotFound) {
		return a, rule.Mistake(rule.Reason{Rule: "6a", Slug: "agency_unknown", Field: "agency", Message: "没有编码为 " + code + " 的机构。", Next: "请核对机构编码，例如 50010801。"})
	} else if err != nil {
		return a, err
	}
	refused := d.gate.Allowed(by, "roster.start", importOf(a.ID))
	if no := a.MayTakeIn(calendar.Of(d.gate.Now())); refused == nil && no != nil {
		refused = no
	}
	if refused == nil {
		return a, nil
	}
	_, err = d.gate.Do(ctx, gate.Act{Actor: by, Action: "roster.start", Rules: startRules, On: "Agency:" + a.ID}, func(*gate.Tx) error { return refused })
	return a, err
}

var startRules = []rule.ID{"2", "6a", "29.5"}

func importOf(agency string) policy.Resource {
	return Import{Agency: agency}.Resource()
}

// Receive keeps an uploaded workbook and finds its columns; nothing is registered yet.
func (d *Desk) Receive(ctx context.Context, by policy.Actor, s Source) (Import, *File, error) {
	a, err := d.agency(ctx, by, s.Agency)
	if err != nil {
		return Import{}, nil, err
	}
	book, err := sheet.Read(s.Content, s.Size, sheet.Limits{})
	if err != nil {
		return Import{}, nil, err
	}
	if s.Options.Known, err = d.headers(ctx, a.ID); err != nil {
		return Import{}, nil, err
	}
	f, err := Find(book, s.Options)
	if err != nil {
		return Import{}, nil, err
	}
	imp, err := d.receive(ctx, by, a, f, s, Uploaded)
	return imp, f, err
}

// receive keeps the file and opens the record.
func (d *Desk) receive(ctx context.Context, by policy.Actor, a agency.Agency, f *File, s Source, state State) (Import, error) {
	kept, err := d.blobs.Put(ctx, io.NewSectionReader(s.Content, 0, s.Size))
	if err != nil {
		return Import{}, fmt.Errorf("keep workbook: %w", err)
	}
	columns, err := json.Marshal(s.Options.Columns)
	if err != nil {
		return Import{}, err
	}
	m := Import{ID: gate.NewID(), Version: 1, Agency: a.ID, FileName: path.Base(strings.ReplaceAll(s.FileName, `\`, "/")), Blob: kept.Digest, Bytes: kept.Size,
		Sheet: f.Sheet, HeaderRow: int64(f.HeaderRow), Columns: string(columns), Basis: s.Basis, State: state, StaffID: by.ID}
	action := "roster.upload"
	if state == Running {
		action = "roster.start"
	}
	_, err = d.gate.Do(ctx, gate.Act{Actor: by, Action: action, Rules: startRules}, func(tx *gate.Tx) error {
		m.UploadedAt = tx.Now()
		if state == Running {
			m.StartedAt = tx.Now()
		}
		if err := tx.Permit(m.Resource()); err != nil {
			return err
		}
		if no := a.MayTakeIn(calendar.Of(tx.Now())); no != nil {
			return no
		}
		if err := tx.File(kept.Digest, kept.Size, "roster"); err != nil {
			return err
		}
		if err := superseded(tx, a.ID, kept.Digest); err != nil {
			return err
		}
		if state == Uploaded {
			tx.Enqueue(gate.Job{Kind: JobCheck, Payload: jobOf{m.ID}})
		}
		return tx.Insert(m)
	})
	return m, err
}

// superseded closes runs of the same file that a stopped process left: the new one goes on with it.
func superseded(tx *gate.Tx, code, digest string) error {
	left, err := store.List[Import](tx.Context(), tx, `WHERE agency=? AND blob=? AND state='running' AND id NOT IN (SELECT import_id FROM roster_progress WHERE beat_at > ?) LIMIT 20`+tx.ForUpdate(),
		code, digest, tx.Now().Add(-lease))
	if err != nil {
		return err
	}
	for i := range left {
		left[i].State, left[i].EndedAt, left[i].Note = Failed, tx.Now(), "中断；由新的一次导入接着完成"
		if err := tx.Update(&left[i]); err != nil {
			return err
		}
	}
	return nil
}

// close ends the record of a run with what became of it and keeps the workbook of rejected rows.
func (d *Desk) close(ctx context.Context, w *walk, failure error) error {
	ctx = context.WithoutCancel(ctx)
	m, state, note := w.run.imp, Finished, ""
	switch {
	case errors.Is(failure, context.Canceled):
		state, note, w.report.Cancelled = Cancelled, "已取消，已登记的保留；用同一文件可以接着导入", true
	case failure != nil:
		state, note = Failed, "没有完成，已登记的保留；用同一文件可以接着导入"
	}
	var kept blob.Ref
	if failure == nil && w.kept != nil && w.kept.Rows > 0 {
		var err error
		if kept, err = w.keepErrors(ctx); err != nil {
			return fmt.Errorf("keep rejected rows: %w", err)
		}
	}
	r := w.report
	_, err := d.gate.Do(ctx, gate.Act{Actor: w.run.actor, Action: "roster.finish", Rules: startRules}, func(tx *gate.Tx) error {
		now, err := load(tx, m.ID)
		if err != nil {
			return err
		}
		if err := tx.Permit(now.Resource()); err != nil {
			return err
		}
		if kept.Digest != "" {
			if err := tx.File(kept.Digest, kept.Size, "roster-errors"); err != nil {
				return err
			}
		}
		now.State, now.Note, now.EndedAt, now.ErrorsBlob = state, note, tx.Now(), kept.Digest
		now.Rows, now.Accepted, now.Warned, now.Rejected, now.AlreadyHere = int64(r.Rows), int64(r.Accepted), int64(r.Warned), int64(r.Rejected), int64(r.AlreadyHere)
		tx.Note("accepted", r.Accepted)
		tx.Note("rejected", r.Rejected)
		tx.Note("already_here", r.AlreadyHere)
		return tx.Update(&now)
	})
	if state == Cancelled {
		return err // to be cancelled is an outcome, not a failure
	}
	return errors.Join(failure, err)
}

// Map sets what the columns are imported as, and checks again.
func (d *Desk) Map(ctx context.Context, by policy.Actor, id string, columns map[int]Field) (Import, error) {
	fields := Fields()
	for n, f := range columns {
		if n < 1 || n > 16_384 || f != "" && !slices.Contains(fields, f) {
			return Import{}, rule.Mistake(rule.Reason{Rule: "2", Slug: "column_unknown", Field: "columns", Message: "没有这个字段或这一列。", Next: "请从列表中选择字段。"})
		}
		for other, g := range columns {
			if other < n && f == g && f != "" {
				return Import{}, rule.Mistake(rule.Reason{Rule: "2", Slug: "column_twice", Field: "columns", Message: "有两列都对应“" + f.Label() + "”。", Next: "请只留一列，其余存为备注。"})
			}
		}
	}
	raw, err := json.Marshal(columns)
	if err != nil {
		return Import{}, err
	}
	return d.change(ctx, by, "roster.map", id, func(tx *gate.Tx, m *Import) error {
		if m.State != Uploaded {
			return begun()
		}
		m.Columns = string(raw)
		tx.Enqueue(gate.Job{Kind: JobCheck, Payload: jobOf{m.ID}})
		return nil
	})
}

// Start registers an uploaded file, as a job.
func (d *Desk) Start(ctx context.Context, by policy.Actor, id string, basis string) (Import, error) {
	a, err := d.of(ctx, id)
	if err != nil {
		return Import{}, err
	}
	return d.change(ctx, by, "roster.start", id, func(tx *gate.Tx, m *Import) error {
		if no := a.MayTakeIn(calendar.Of(tx.Now())); no != nil {
			return no
		}
		if m.State == Finished || m.State == Running {
			return begun()
		}
		m.State, m.Basis, m.StartedAt, m.EndedAt, m.Note, m.StaffID = Running, basis, tx.Now(), time.Time{}, "", by.ID
		tx.Enqueue(gate.Job{Kind: JobRun, Payload: jobOf{m.ID}})
		return nil
	})
}

// Cancel drops an upload, or stops a run at the next rows; what was registered stays.
func (d *Desk) Cancel(ctx context.Context, by policy.Actor, id string) (Import, error) {
	m, err := d.change(ctx, by, "roster.cancel", id, func(tx *gate.Tx, m *Import) error {
		switch m.State {
		case Uploaded:
			m.State, m.EndedAt, m.Note = Cancelled, tx.Now(), "导入前取消，没有登记任何档案"
		case Running:
			return tx.Exec("UPDATE roster_progress SET cancel=1 WHERE import_id=?", m.ID)
		default:
			return rule.Refuse(rule.Reason{Rule: "2", Slug: "import_ended", Message: "这次导入已经结束。", Next: "无需取消；导错的档案请按更正流程办理。"})
		}
		return nil
	})
	return m, err
}

// SaveTemplate keeps what this file's columns were matched to, for the agency's next file.
func (d *Desk) SaveTemplate(ctx context.Context, by policy.Actor, id string) error {
	m, err := store.Get[Import](ctx, d.gate.DB(), "WHERE id=?", id)
	if err != nil {
		return err
	}
	f, done, err := d.open(ctx, m)
	if err != nil {
		return err
	}
	defer done()
	_, err = d.gate.Do(ctx, gate.Act{Actor: by, Action: "roster.template", Rules: []rule.ID{"2"}}, func(tx *gate.Tx) error {
		if err := tx.Permit(m.Resource()); err != nil {
			return err
		}
		t, err := store.Get[Template](ctx, tx, "WHERE id=?"+tx.ForUpdate(), m.Agency)
		fresh := errors.Is(err, store.ErrNotFound)
		if err != nil && !fresh {
			return err
		}
		known := map[string]Field{}
		if !fresh {
			if err := json.Unmarshal([]byte(t.Headers), &known); err != nil {
				return fmt.Errorf("template of %s: %w", m.Agency, err)
			}
		}
		for _, c := range f.Columns {
			if w := headerWord(c.Header); w != "" && c.Field != Ours {
				known[w] = c.Field
			}
		}
		raw, err := json.Marshal(known)
		if err != nil {
			return err
		}
		if t.Headers = string(raw); fresh {
			t.ID, t.Version = m.Agency, 1
			return tx.Insert(t)
		}
		return tx.Update(&t)
	})
	return err
}

// change performs one act on the record of an import.
func (d *Desk) change(ctx context.Context, by policy.Actor, action, id string, fn func(tx *gate.Tx, m *Import) error) (Import, error) {
	var m Import
	_, err := d.gate.Do(ctx, gate.Act{Actor: by, Action: action, Rules: startRules}, func(tx *gate.Tx) error {
		var err error
		if m, err = load(tx, id); err != nil {
			return err
		}
		if err := tx.Permit(m.Resource()); err != nil {
			return err
		}
		if err := tx.Expect(m.Version); err != nil {
			return err
		}
		if err := fn(tx, &m); err != nil {
			return err
		}
		return tx.Update(&m)
	})
	return m, err
}

func begun() *rule.Refusal {
	return rule.Refuse(rule.Reason{Rule: "2", Slug: "import_begun", Message: "这次导入已经开始或完成。", Next: "请重新载入查看结果；要改字段对应的，请取消后重新上传。"})
}

// of is the agency of an import.
func (d *Desk) of(ctx context.Context, id string) (agency.Agency, error) {
	m, err := store.Get[Import](ctx, d.gate.DB(), "WHERE id=?", id)
	if err != nil {
		return agency.Agency{}, err
	}
	return agency.Get(ctx, d.gate.DB(), m.Agency)
}

// headers are the agency's own names of columns.
func (d *Desk) headers(ctx context.Context, code string) (map[string]Field, error) {
	t, err := store.Get[Template](ctx, d.gate.DB(), "WHERE id=?", code)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	var known map[string]Field
	if err := json.Unmarshal([]byte(t.Headers), &known); err != nil {
		return nil, fmt.Errorf("template of %s: %w", code, err)
	}
	return known, nil
}
