package ledger

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"runtime"
	"sort"
	"sync"
	"sync/atomic"
	"time"

	"dangan/internal/blob"
	"dangan/internal/store"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Kinds of differences.
const (
	Changed    = "changed"     // is there, but is not what the ledger says
	Added      = "added"       // no act made it
	Removed    = "removed"     // an act made it, and it is gone
	Reordered  = "reordered"   // an entry stands at another number than was published
	Unreadable = "unreadable"  // can't be read or decrypted
	RolledBack = "rolled-back" // is what an earlier act left, or older than its checkpoint
)

// LogTable stands where a difference lies in the published log, and FilesTable
// where it lies in the file store: their keys are paths.
const (
	LogTable   = "log"
	FilesTable = "blobs"
)

// Difference is one row or file that is not what the ledger says.
type Difference struct {
	Kind   string `json:"kind"`
	Table  string `json:"table"`
	Key    string `json:"key"`
	Detail string `json:"detail"`
}

// listedDifferences bounds a report: who lost a whole table need not read every row of it.
const listedDifferences = 5000

// VerifyConfig says what is checked. Nothing of it is written.
type VerifyConfig struct {
	DB       *store.DB // may be open read-only
	Dir      string    // data folder; the published log lies in Dir/log
	Files    blob.Store
	Auth     Authenticator
	Verifier note.Verifier
	Against  []byte         // a checkpoint kept elsewhere, or nil
	Workers  int            // 0: one a processor
	Now      time.Time      // for the report
	Progress func(Progress) // may be nil; called from several goroutines, one at a time
}

// Progress is how far a check is.
type Progress struct {
	Stage string `json:"stage"`
	Done  int64  `json:"done"`
	Total int64  `json:"total"`
}

// Stages of a check, in their order.
const (
	StageSchema  = "表结构"
	StageEntries = "存证条目"
	StageRows    = "业务记录"
	StageDerived = "检索与派生表"
	StageFiles   = "影像与文书"
)

// Report is the result of a whole check.
type Report struct {
	OK          bool             `json:"ok"`
	StartedAt   time.Time        `json:"startedAt"`
	Seconds     float64          `json:"seconds"`
	Entries     int64            `json:"entries"`     // each authenticated
	Published   int64            `json:"published"`   // of them in the published tree
	Root        string           `json:"root"`        // of the published tree
	SignedAt    *time.Time       `json:"signedAt"`    // when it was signed
	Checkpoints int64            `json:"checkpoints"` // signatures and roots checked
	Rows        int64            `json:"rows"`        // audited rows held against their last seal
	Derived     int64            `json:"derived"`     // rows of derived tables compared
	Files       int64            `json:"files"`
	Bytes       int64            `json:"bytes"`
	Unclaimed   int64            `json:"unclaimed"` // files whose act never came to its end; whole
	Tables      map[string]int64 `json:"tables"`
	Differences []Difference     `json:"differences"`
	Found       int64            `json:"found"` // how many differences there are, should they be more than are listed
}

// check is one whole check under way.
type check struct {
	VerifyConfig
	ctx    context.Context
	views  []*store.Snapshot
	report Report
	seals  *sealTable
	log    *logCheck

	mu      sync.Mutex
	seen    map[Difference]bool
	stage   string
	done    atomic.Int64
	total   int64
	toldAt  time.Time
	rebuilt map[string]*multiset
	explain map[string]explained // rows to be told more about, by table and key
}

// Verify re-computes everything and reports what differs. An error means that the
// check itself could not be done (cancelled, database gone); what can't be read
// is a difference.
func Verify(ctx context.Context, cfg VerifyConfig) (Report, error) {
	if cfg.Workers == 0 {
		cfg.Workers = max(1, min(runtime.NumCPU(), 8))
	}
	c := &check{VerifyConfig: cfg, ctx: ctx, seen: map[Difference]bool{}, rebuilt: map[string]*multiset{}, explain: map[string]explained{}}
	c.report = Report{StartedAt: cfg.Now.UTC(), Tables: map[string]int64{}, Differences: []Difference{}}
	began := time.Now()
	if err := c.run(); err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return Report{}, fmt.Errorf("verify: %w", err)
	}
	r := &c.report
	sort.SliceStable(r.Differences, func(a, b int) bool {
		x, y := r.Differences[a], r.Differences[b]
		if x.Table != y.Table {
			return x.Table < y.Table
		}
		return x.Key < y.Key
	})
	r.OK, r.Seconds = r.Found == 0, time.Since(began).Seconds()
	return *r, nil
}

func (c *check) run() error {
	// The published log is read first: the snapshot is then never older than it.
	var err error
	if c.log, err = c.openLog(); err != nil {
		return err
	}
	if c.views, err = c.DB.Snapshots(c.ctx, c.Workers); err != nil {
		return err
	}
	defer func() {
		for _, s := range c.views {
			s.Close()
		}
	}()
	steps := []func() error{c.schema, c.entries, c.rows, c.derived, c.files, c.explainRows}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
		if err := c.ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

// found notes one difference.
func (c *check) found(kind, table, key, detail string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	d := Difference{kind, table, key, detail}
	if c.seen[d] {
		return
	}
	c.report.Found++
	if len(c.report.Differences) >= listedDifferences {
		return
	}
	c.seen[d] = true
	c.report.Differences = append(c.report.Differences, d)
}

// tell begins a stage.
func (c *check) tell(stage string, total int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stage, c.total = stage, total
	c.done.Store(0)
	if c.Progress != nil {
		c.Progress(Progress{stage, 0, total})
	}
}

// tellEvery is how often progress is told.
const tellEvery = 200 * time.Millisecond

func (c *check) advance(n int64) {
	done := c.done.Add(n)
	if c.Progress == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := time.Now(); now.Sub(c.toldAt) > tellEvery {
		c.toldAt = now
		c.Progress(Progress{c.stage, done, c.total})
	}
}

// share lets every view work on jobs until none is left.
func (c *check) share(n int, work func(view *store.Snapshot, job int) error) error {
	var next atomic.Int64
	errs := make([]error, len(c.views))
	var wg sync.WaitGroup
	for i, view := range c.views {
		wg.Go(func() {
			for c.ctx.Err() == nil {
				job := int(next.Add(1)) - 1
				if job >= n {
					return
				}
				if errs[i] = work(view, job); errs[i] != nil {
					next.Store(int64(n))
					return
				}
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// schema compares tables, columns, triggers and keys with what the migrations made.
func (c *check) schema() error {
	c.tell(StageSchema, 1)
	list, err := c.views[0].Drift(c.ctx)
	if err != nil {
		return err
	}
	for _, d := range list {
		c.found(d.Kind, d.Table, d.Key, d.Detail)
	}
	return nil
}

// unreadable notes a table that could not be read to its end, unless the check was called off.
func (c *check) unreadable(table string, err error) error {
	if err == nil || c.ctx.Err() != nil {
		return c.ctx.Err()
	}
	c.found(Unreadable, table, "", "读取失败："+err.Error())
	return nil
}

// RootText is a root as people compare it.
func RootText(h tlog.Hash) string { return hex.EncodeToString(h[:]) }

var kindNames = map[string]string{Changed: "被改动", Added: "多出", Removed: "缺失", Reordered: "次序被改", Unreadable: "无法读取", RolledBack: "被退回"}

// KindName is a kind of differences in Chinese.
func KindName(kind string) string { return kindNames[kind] }
