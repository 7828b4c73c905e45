package mandate

import (
	"context"
	"fmt"
	"time"

	"dangan/internal/blob"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/scan"
	"dangan/internal/store"
)

// Scan is one file of a 委托书: a photo, or a PDF of its pages.
type Scan struct {
	ID        string    `db:"id"`
	Version   int64     `db:"version"`
	MandateID string    `db:"mandate_id"`
	No        int64     `db:"no"`
	Blob      string    `db:"blob"`
	Bytes     int64     `db:"bytes"`
	Format    string    `db:"format"`
	Pages     int64     `db:"pages"`
	AddedBy   string    `db:"added_by"`
	AddedAt   time.Time `db:"added_at"`
}

// Table names the table of scans.
func (Scan) Table() string { return "mandate_file" }

func init() {
	store.Describe(Scan{})
	store.Register("mandate_file", store.Audited, "委托书的扫描件")
}

// Bounds of a scan.
const (
	MaxScanBytes = 10 << 20
	maxScans     = 10
	maxScanPages = 20
)

// AddScan keeps a file of the 委托书 beside its record: judged by its content, whatever it is
// called, before anything is kept.
func (k *Desk) AddScan(ctx context.Context, by policy.Actor, id string, content []byte) (Mandate, error) {
	wrong := func(message string) error {
		return rule.Mistake(reason("12a", "scan_unusable", "file", "扫描件"+message+"。", "请重新拍照或扫描，存为 JPG 或 PDF 后上传。"))
	}
	page, pages, problem, err := scan.Copy(content, MaxScanBytes, maxScanPages)
	if err != nil {
		return Mandate{}, err
	}
	if problem != "" {
		return Mandate{}, wrong(problem)
	}
	m, err := store.Get[Mandate](ctx, k.gate.DB(), "WHERE id=?", id)
	if err != nil {
		return m, err
	}
	r, err := k.resource(ctx, k.gate.DB(), by, m)
	if err != nil {
		return m, err
	}
	if err := k.gate.Ready(by, ActScan, r); err != nil { // nobody fills the store who may not
		return m, err
	}
	if err := blob.Keep(ctx, k.Blobs, content, page.Digest); err != nil {
		return m, fmt.Errorf("keep scan of a mandate: %w", err)
	}
	return k.on(ctx, by, ActScan, id, func(tx *gate.Tx, m *Mandate) error {
		list, err := scansOf(ctx, tx, m.ID)
		if err != nil {
			return err
		}
		if len(list) >= maxScans {
			return rule.Refuse(reason("12a", "scans_many", "file", fmt.Sprintf("这份委托书已有 %d 个扫描件。", maxScans), "请合成一个 PDF。"))
		}
		for _, s := range list {
			if s.Blob == page.Digest {
				return rule.Refuse(reason("12a", "scan_twice", "file", "这个扫描件已经上传过。", "无需再次上传。"))
			}
		}
		if err := tx.File(page.Digest, page.Size, "mandate"); err != nil {
			return err
		}
		return tx.Insert(Scan{ID: gate.NewID(), Version: 1, MandateID: m.ID, No: int64(len(list) + 1), Blob: page.Digest, Bytes: page.Size, Format: page.Format, Pages: int64(pages), AddedBy: by.ID, AddedAt: tx.Now()})
	})
}

func scansOf(ctx context.Context, q store.Querier, id string) ([]Scan, error) {
	return store.List[Scan](ctx, q, "WHERE mandate_id=? ORDER BY no LIMIT ?", id, maxScans)
}

// Look shows one scan to who may see the mandate, on record. A photo is drawn anew: what else
// the bytes might be is left behind.
func (k *Desk) Look(ctx context.Context, by policy.Actor, id string, no int64) (mime string, content []byte, err error) {
	var s Scan
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActRead, Rules: rules}, func(tx *gate.Tx) error {
		m, err := store.Get[Mandate](ctx, tx, "WHERE id=?", id)
		if err != nil {
			return err
		}
		r, err := k.resource(ctx, tx, by, m)
		if err != nil {
			return err
		}
		tx.About("Mandate", m.ID)
		if err := tx.Permit(r); err != nil {
			return err
		}
		tx.Note("file", no)
		s, err = store.Get[Scan](ctx, tx, "WHERE mandate_id=? AND no=?", m.ID, no)
		return err
	})
	if err != nil {
		return "", nil, err
	}
	in, err := k.Blobs.Open(ctx, s.Blob)
	if err != nil {
		return "", nil, fmt.Errorf("open scan of a mandate: %w", err)
	}
	defer in.Close()
	return scan.Show(in, in.Size(), s.Format)
}
