package undertaking

import (
	"context"
	"fmt"
	"time"

	"dangan/internal/blob"
	"dangan/internal/gate"
	"dangan/internal/rule"
	"dangan/internal/scan"
	"dangan/internal/store"
)

// File is a scan of the undertaking that the person signed on paper (20.4a): a copy beside the
// record, no material of the dossier (forms.md 4). It is of a transfer or of a graduate's claim.
type File struct {
	ID         string    `db:"id"`
	Version    int64     `db:"version"`
	TransferID string    `db:"transfer_id,null"`
	GraduateID string    `db:"graduate_id,null"`
	No         int64     `db:"no"`
	Blob       string    `db:"blob"`
	Bytes      int64     `db:"bytes"`
	Format     string    `db:"format"`
	Pages      int64     `db:"pages"`
	AddedBy    string    `db:"added_by"`
	AddedAt    time.Time `db:"added_at"`
}

// Table names the table of scans.
func (File) Table() string { return "undertaking_file" }

func init() {
	store.Describe(File{})
	store.Register("undertaking_file", store.Audited, "本人纸面签名的告知承诺书的扫描件")
}

// Bounds of a scan.
const (
	MaxBytes = 10 << 20
	most     = 5
	maxPages = 10
)

// Of is whose scans are meant: one of the two.
type Of struct{ TransferID, GraduateID string }

func (o Of) where() (string, string) {
	if o.TransferID != "" {
		return "transfer_id=?", o.TransferID
	}
	return "graduate_id=?", o.GraduateID
}

// FilesOf lists the scans of a case's undertaking.
func FilesOf(ctx context.Context, q store.Querier, of Of) ([]File, error) {
	where, id := of.where()
	return store.List[File](ctx, q, "WHERE "+where+" ORDER BY no LIMIT ?", id, most)
}

// FileOf finds one scan by its number.
func FileOf(ctx context.Context, q store.Querier, of Of, no int64) (File, error) {
	where, id := of.where()
	return store.Get[File](ctx, q, "WHERE "+where+" AND no=?", id, no)
}

// MayAttach says whether there is an undertaking that was signed on paper.
func MayAttach(promisedOn, signing string) error {
	if promisedOn == "" {
		return rule.Refuse(rule.Reason{Rule: "20.4a", Slug: "not_promised", Message: "还没有登记本人的书面承诺。", Next: "请先登记承诺，再上传签署件的扫描件。"})
	}
	if signing == OnScreen {
		return rule.Refuse(rule.Reason{Rule: "20.4a", Slug: "signed_on_screen", Message: "本件承诺是在屏幕上签名的，签署件已在文书中。", Next: "无需再上传扫描件。"})
	}
	return nil
}

// Scan is content that was looked at and can be attached.
type Scan struct {
	page  scan.Page
	pages int
}

// Look judges what was sent, before anybody is asked whether it may be kept.
func Look(content []byte) (Scan, error) {
	page, pages, problem, err := scan.Copy(content, MaxBytes, maxPages)
	if err == nil && problem != "" {
		err = rule.Mistake(rule.Reason{Rule: "20.4a", Slug: "scan_unusable", Field: "file", Message: "扫描件" + problem + "。", Next: "请重新拍照或扫描，存为 JPG 或 PDF 后上传。"})
	}
	return Scan{page, pages}, err
}

// Put keeps the content in the store, before the act that attaches it.
func (s Scan) Put(ctx context.Context, blobs blob.Store, content []byte) error {
	if err := blob.Keep(ctx, blobs, content, s.page.Digest); err != nil {
		return fmt.Errorf("keep scan of an undertaking: %w", err)
	}
	return nil
}

// Attach keeps a scan beside the case, inside the act that does.
func (s Scan) Attach(tx *gate.Tx, of Of) error {
	list, err := FilesOf(tx.Context(), tx, of)
	if err != nil {
		return err
	}
	if len(list) >= most {
		return rule.Refuse(rule.Reason{Rule: "20.4a", Slug: "scans_many", Message: fmt.Sprintf("本件承诺书已有 %d 个扫描件。", most), Next: "请合成一个 PDF。"})
	}
	for _, f := range list {
		if f.Blob == s.page.Digest {
			return rule.Refuse(rule.Reason{Rule: "20.4a", Slug: "scan_twice", Message: "这个扫描件已经上传过。", Next: "无需再次上传。"})
		}
	}
	if err := tx.File(s.page.Digest, s.page.Size, "undertaking"); err != nil {
		return err
	}
	return tx.Insert(File{ID: gate.NewID(), Version: 1, TransferID: of.TransferID, GraduateID: of.GraduateID, No: int64(len(list) + 1), Blob: s.page.Digest, Bytes: s.page.Size, Format: s.page.Format,
		Pages: int64(s.pages), AddedBy: tx.Actor().ID, AddedAt: tx.Now()})
}

// Show gives one scan as it is shown. A photo is drawn anew: what else the bytes might be is left
// behind.
func (f File) Show(ctx context.Context, blobs blob.Store) (mime string, content []byte, err error) {
	in, err := blobs.Open(ctx, f.Blob)
	if err != nil {
		return "", nil, fmt.Errorf("open scan of an undertaking: %w", err)
	}
	defer in.Close()
	return scan.Show(in, in.Size(), f.Format)
}
