package digital

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"dangan/internal/blob"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
)

// UploadState tells how far a delivery is that came through the browser.
type UploadState string

// States of an upload.
const (
	UploadWaiting   UploadState = "waiting"   // 等待接收
	UploadRunning   UploadState = "running"   // 接收中
	UploadEnded     UploadState = "ended"     // 已接收完
	UploadCancelled UploadState = "cancelled" // 已取消
	UploadFailed    UploadState = "failed"    // 没有完成
)

// Name is the state as screens say it.
func (s UploadState) Name() string {
	return map[UploadState]string{UploadWaiting: "等待接收", UploadRunning: "接收中", UploadEnded: "已接收完", UploadCancelled: "已取消", UploadFailed: "没有完成"}[s]
}

// Upload is a delivery on its way from a browser into the dossiers: it lies in the
// staging folder until the same ingest as the command line's has read it. What the
// ingest does is on record as always; this row only tells how far it is.
type Upload struct {
	ID          string      `db:"id"`
	Agency      string      `db:"agency"`
	StaffID     string      `db:"staff_id"`
	Label       string      `db:"label"`
	State       UploadState `db:"state"`
	Files       int64       `db:"files"`
	Bytes       int64       `db:"bytes"`
	Done        int64       `db:"done"` // folders
	Total       int64       `db:"total"`
	Cancel      bool        `db:"cancel"`
	Owner       string      `db:"owner,null"`
	BeatAt      time.Time   `db:"beat_at"`
	DeliveryID  string      `db:"delivery_id,null"`
	Ingested    int64       `db:"ingested"`
	Quarantined int64       `db:"quarantined"`
	Already     int64       `db:"already"`
	Trouble     string      `db:"trouble,null"`
	At          time.Time   `db:"at"`
}

// Table names the table of uploads.
func (Upload) Table() string { return "delivery_upload" }

func init() {
	store.Register("delivery_upload", store.Transient, "网页上传的接收进度；接收结果另有存证，可以重传")
	store.Describe(Upload{})
}

// JobUpload takes an uploaded delivery in.
const JobUpload = "digital.upload"

type jobOf struct {
	Upload string `json:"upload"`
}

// lease is how long a process that takes an upload in may be silent before another goes on.
const lease = 30 * time.Second

// Incoming is what a browser sends.
type Incoming struct {
	Name    string // of the folder or archive on the contractor's disk
	Format  string // Tar, Zip
	Content io.Reader
	Size    int64 // as announced, -1 when it was not
}

// UploadLimit is how many bytes one upload may have.
func (d *Desk) UploadLimit() int64 { return int64(d.settings.Int(setting.ScanUpload)) << 20 }

// Upload receives a delivery for the actor's agency and has it taken in. Nothing
// stays of one that is cut, too large or no archive.
func (d *Desk) Upload(ctx context.Context, by policy.Actor, in Incoming) (u Upload, err error) {
	if err := d.mayIngest(ctx, by, by.Org); err != nil {
		return Upload{}, err
	}
	limit := d.UploadLimit()
	if in.Size > limit {
		return Upload{}, tooLarge(limit)
	}
	u = Upload{ID: gate.NewID(), Agency: by.Org, StaffID: by.ID, State: UploadWaiting}
	dir := filepath.Join(d.Staging, u.ID)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return Upload{}, fmt.Errorf("make staging folder: %w", err)
	}
	defer func() {
		if err != nil {
			_ = os.RemoveAll(dir) // an error of removing leaves it to Sweep
		}
	}()
	u.Label = labelOf(in)
	s := stage{dir: dir, label: u.Label, limit: limit}
	if err := s.receive(ctx, in); err != nil {
		return Upload{}, err
	}
	u.Files, u.Bytes = s.files, s.bytes
	_, err = d.gate.Do(ctx, gate.Act{Actor: by, Action: "digital.upload", Rules: ingestRules, On: "Agency:" + by.Org}, func(tx *gate.Tx) error {
		if err := tx.Permit(Delivery{Agency: by.Org}.Resource()); err != nil {
			return err
		}
		tx.Note("files", u.Files)
		tx.Note("bytes", u.Bytes)
		u.At = tx.Now()
		u.BeatAt = u.At.Add(-lease)
		tx.Enqueue(gate.Job{Kind: JobUpload, Payload: jobOf{u.ID}})
		return tx.Exec(`INSERT INTO delivery_upload(id,agency,staff_id,label,state,files,bytes,done,total,cancel,owner,beat_at,delivery_id,ingested,quarantined,already,trouble,at)
 VALUES(?,?,?,?,?,?,?,0,0,0,NULL,?,NULL,0,0,0,NULL,?)`, u.ID, u.Agency, u.StaffID, u.Label, string(u.State), u.Files, u.Bytes, u.BeatAt, u.At)
	})
	return u, err
}

// Uploads lists the latest uploads of the actor's agency, newest first.
func (d *Desk) Uploads(ctx context.Context, by policy.Actor) ([]Upload, []gate.Possible, error) {
	r := Delivery{Agency: by.Org}.Resource()
	if err := d.gate.Allowed(by, "digital.read", r); err != nil {
		return nil, nil, err
	}
	var can []gate.Possible
	if p, ok := d.gate.Possible(by, "digital.receive", "上传成果", r, nil); ok && p.Refusal == nil {
		can = append(can, p)
	}
	list, err := store.List[Upload](ctx, d.gate.DB(), "WHERE agency=? ORDER BY id DESC LIMIT 5", by.Org)
	return list, can, err
}

// CancelUpload stops the taking in after the folder at hand; what was taken in stays.
func (d *Desk) CancelUpload(ctx context.Context, by policy.Actor, id string) (u Upload, err error) {
	_, err = d.gate.Do(ctx, gate.Act{Actor: by, Action: "digital.cancel", Rules: ingestRules, On: "Agency:" + by.Org}, func(tx *gate.Tx) error {
		if u, err = store.Get[Upload](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
			return err
		}
		if err := tx.Permit(Delivery{Agency: u.Agency}.Resource()); err != nil {
			return err
		}
		if u.State != UploadWaiting && u.State != UploadRunning {
			return rule.Refuse(rule.Reason{Rule: "18a", Slug: "upload_ended", Message: "这次接收已经结束。", Next: "无需取消；结果见批次。"})
		}
		u.Cancel = true
		return tx.Exec("UPDATE delivery_upload SET cancel=1 WHERE id=?", u.ID)
	})
	return u, err
}

// HandleUpload takes an uploaded delivery in: the job of Upload.
func (d *Desk) HandleUpload(ctx context.Context, payload []byte) error {
	var job jobOf
	if err := json.Unmarshal(payload, &job); err != nil {
		return err
	}
	return d.runUpload(gate.WithRequest(ctx, gate.Request{Via: "job"}), job.Upload)
}

// SweepUploads goes on with uploads that a stopped process left, and clears what
// no upload needs any more: a timer calls it.
func (d *Desk) SweepUploads(ctx context.Context) error {
	now := d.gate.Now()
	list, err := store.List[Upload](ctx, d.gate.DB(), "WHERE state IN ('waiting','running') AND beat_at<=? ORDER BY id LIMIT 20", now.Add(-lease))
	if err != nil {
		return err
	}
	var errs []error
	for _, u := range list {
		errs = append(errs, d.runUpload(gate.WithRequest(ctx, gate.Request{Via: "job"}), u.ID))
	}
	errs = append(errs, d.gate.Touch(ctx, "DELETE FROM delivery_upload WHERE state IN ('ended','cancelled','failed') AND at<?", now.AddDate(0, 0, -30)), d.clear(ctx))
	return errors.Join(errs...)
}

// clear removes staging folders a day old that no open upload owns: of requests
// that were killed while they came in.
func (d *Desk) clear(ctx context.Context) error {
	entries, err := os.ReadDir(d.Staging)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return fmt.Errorf("read staging folder: %w", err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || time.Since(info.ModTime()) < 24*time.Hour {
			continue
		}
		var open int
		if err := d.gate.DB().QueryRow(ctx, "SELECT count(*) FROM delivery_upload WHERE id=? AND state IN ('waiting','running')", e.Name()).Scan(&open); err != nil {
			return fmt.Errorf("look up upload: %w", err)
		}
		if open == 0 {
			if err := os.RemoveAll(filepath.Join(d.Staging, e.Name())); err != nil {
				return fmt.Errorf("clear staging folder: %w", err)
			}
		}
	}
	return nil
}

// runUpload ingests one upload unless another process does.
func (d *Desk) runUpload(ctx context.Context, id string) error {
	u, err := d.hold(ctx, id)
	if err != nil || u.ID == "" {
		return err
	}
	by, err := d.ActorOf(ctx, u.StaffID)
	if err != nil {
		return d.ended(ctx, u, Report{}, err, false)
	}
	work, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	far := &progress{desk: d, upload: u}
	beaten := make(chan struct{})
	go func() { defer close(beaten); far.beat(work, cancel) }()
	var report Report
	if !u.Cancel {
		report, err = d.Ingest(work, by, Source{Dir: filepath.Join(d.Staging, u.ID, u.Label), Agency: u.Agency, Progress: far.set})
	}
	stopped := context.Cause(work)
	cancel(nil)
	<-beaten
	switch {
	case errors.Is(stopped, errTaken):
		return nil
	case ctx.Err() != nil:
		return ctx.Err() // the process stops: another goes on
	}
	return d.ended(ctx, u, report, err, u.Cancel || errors.Is(stopped, errCancelled))
}

var (
	errTaken     = errors.New("another process takes this upload in")
	errCancelled = errors.New("upload cancelled")
)

// hold takes an upload for this process; an empty one: it is taken or ended.
func (d *Desk) hold(ctx context.Context, id string) (Upload, error) {
	now, owner := d.gate.Now(), gate.NewID()
	err := d.gate.Touch(ctx, "UPDATE delivery_upload SET state='running', owner=?, beat_at=? WHERE id=? AND state IN ('waiting','running') AND beat_at<=?", owner, now, id, now.Add(-lease))
	if err != nil {
		return Upload{}, err
	}
	u, err := store.Get[Upload](ctx, d.gate.DB(), "WHERE id=?", id)
	if err != nil || u.Owner != owner {
		return Upload{}, err
	}
	return u, nil
}

// ended says what became of an upload; its files are gone from the staging folder:
// what was taken in or quarantined lies in the store.
func (d *Desk) ended(ctx context.Context, u Upload, report Report, failure error, cancelled bool) error {
	u.State, u.Trouble = UploadEnded, ""
	var refusal *rule.Refusal
	switch {
	case cancelled:
		u.State, u.Trouble = UploadCancelled, "已取消；已接收的保留，重新上传同一成果可以接着接收"
	case errors.As(failure, &refusal):
		u.State, u.Trouble = UploadFailed, refusal.Reasons[0].Message+refusal.Reasons[0].Next
	case errors.Is(failure, blob.ErrFull) || errors.Is(store.Classify(failure), store.ErrDiskFull):
		u.State, u.Trouble = UploadFailed, "服务器存储空间不足，已接收的保留；腾出空间后重新上传同一成果可以接着接收"
	case failure != nil:
		u.State, u.Trouble = UploadFailed, "没有完成，已接收的保留；重新上传同一成果可以接着接收"
	}
	err := d.gate.Touch(ctx, "UPDATE delivery_upload SET state=?, trouble=?, delivery_id=?, done=?, total=?, ingested=?, quarantined=?, already=?, beat_at=? WHERE id=? AND owner=?",
		string(u.State), nullable(u.Trouble), nullable(report.Delivery), report.Ingested+report.Quarantined+report.AlreadyIngested, report.Dossiers,
		report.Ingested, report.Quarantined, report.AlreadyIngested, d.gate.Now(), u.ID, u.Owner)
	if refusal != nil || cancelled {
		failure = nil // said on the screen; the log is for failures
	}
	return errors.Join(err, os.RemoveAll(filepath.Join(d.Staging, u.ID)), failure)
}

func nullable(s string) any {
	if s == "" {
		return nil
	}
	return s
}
