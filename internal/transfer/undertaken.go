package transfer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/scan"
	"dangan/internal/store"
)

// Signed is a scan of the undertaking that the person signed on paper (20.4a): a copy beside
// the record, no material of the dossier (forms.md 4).
type Signed struct {
	ID         string    `db:"id"`
	Version    int64     `db:"version"`
	TransferID string    `db:"transfer_id"`
	No         int64     `db:"no"`
	Blob       string    `db:"blob"`
	Bytes      int64     `db:"bytes"`
	Format     string    `db:"format"`
	Pages      int64     `db:"pages"`
	AddedBy    string    `db:"added_by"`
	AddedAt    time.Time `db:"added_at"`
}

// Table names the table of scans.
func (Signed) Table() string { return "undertaking_file" }

func init() {
	store.Describe(Signed{})
	store.Register("undertaking_file", store.Audited, "本人纸面签名的告知承诺书的扫描件")
}

// Bounds of a scan.
const (
	MaxSignedBytes = 10 << 20
	maxSigned      = 5
	maxSignedPages = 10
	signedSide     = 2200 // pixels of a photo as it is shown
)

// mayAttach says whether the case has an undertaking that was signed on paper.
func (c Case) mayAttach() error {
	if c.PromisedOn == "" {
		return rule.Refuse(reason("20.4a", "not_promised", "还没有登记本人的书面承诺。", "请先登记承诺，再上传签署件的扫描件。"))
	}
	if c.Signing == OnScreen {
		return rule.Refuse(reason("20.4a", "signed_on_screen", "本件承诺是在屏幕上签名的，签署件已在文书中。", "无需再上传扫描件。"))
	}
	return nil
}

// SignedOf lists the scans of a case's undertaking.
func SignedOf(ctx context.Context, q store.Querier, caseID string) ([]Signed, error) {
	return store.List[Signed](ctx, q, "WHERE transfer_id=? ORDER BY no LIMIT ?", caseID, maxSigned)
}

// AttachSigned keeps a scan of the undertaking beside the case.
func (k *Desk) AttachSigned(ctx context.Context, by policy.Actor, id string, content []byte) (Case, error) {
	page, pages, problem, err := scan.Copy(content, MaxSignedBytes, maxSignedPages)
	if err != nil {
		return Case{}, err
	}
	if problem != "" {
		return Case{}, rule.Mistake(rule.Reason{Rule: "20.4a", Slug: "scan_unusable", Field: "file", Message: "扫描件" + problem + "。", Next: "请重新拍照或扫描，存为 JPG 或 PDF 后上传。"})
	}
	c, err := Get(ctx, k.gate.DB(), id)
	if err != nil {
		return c, err
	}
	r, err := resource(ctx, k.gate.DB(), c)
	if err != nil {
		return c, err
	}
	if err := k.gate.Ready(by, "transfer.attach", r); err != nil { // nobody fills the store who may not
		return c, err
	}
	ref, err := k.press.Blobs.Put(ctx, bytes.NewReader(content))
	if err == nil && ref.Digest != page.Digest {
		err = errors.New("the store answers another digest")
	}
	if err != nil {
		return c, fmt.Errorf("keep scan of an undertaking: %w", err)
	}
	return k.on(ctx, by, "transfer.attach", []rule.ID{"20.4a"}, id, func(tx *gate.Tx, c *Case, _ *dossier.Dossier) error {
		if err := c.mayAttach(); err != nil {
			return err
		}
		list, err := SignedOf(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		if len(list) >= maxSigned {
			return rule.Refuse(reason("20.4a", "scans_many", fmt.Sprintf("本件承诺书已有 %d 个扫描件。", maxSigned), "请合成一个 PDF。"))
		}
		for _, s := range list {
			if s.Blob == page.Digest {
				return rule.Refuse(reason("20.4a", "scan_twice", "这个扫描件已经上传过。", "无需再次上传。"))
			}
		}
		if err := tx.File(page.Digest, page.Size, "undertaking"); err != nil {
			return err
		}
		return tx.Insert(Signed{ID: gate.NewID(), Version: 1, TransferID: c.ID, No: int64(len(list) + 1), Blob: page.Digest, Bytes: page.Size, Format: page.Format, Pages: int64(pages), AddedBy: by.ID, AddedAt: tx.Now()})
	})
}

// LookSigned shows one scan to who may read the case, on record. A photo is drawn anew: what
// else the bytes might be is left behind.
func (k *Desk) LookSigned(ctx context.Context, by policy.Actor, id string, no int64) (mime string, content []byte, err error) {
	var s Signed
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: "transfer.read", Rules: []rule.ID{"29.3"}, On: "Transfer:" + id}, func(tx *gate.Tx) error {
		c, err := Get(ctx, tx, id)
		if err != nil {
			return err
		}
		r, err := resource(ctx, tx, c)
		if err != nil {
			return err
		}
		if err := tx.Permit(r); err != nil {
			return err
		}
		tx.Note("file", no)
		s, err = store.Get[Signed](ctx, tx, "WHERE transfer_id=? AND no=?", id, no)
		return err
	})
	if err != nil {
		return "", nil, err
	}
	in, err := k.press.Blobs.Open(ctx, s.Blob)
	if err != nil {
		return "", nil, fmt.Errorf("open scan of an undertaking: %w", err)
	}
	defer in.Close()
	if s.Format == scan.PDF {
		content = make([]byte, s.Bytes)
		if _, err = in.ReadAt(content, 0); errors.Is(err, io.EOF) {
			err = nil
		}
		return "application/pdf", content, err
	}
	content, err = scan.Reduce(in, in.Size(), s.Format, signedSide)
	return "image/jpeg", content, err
}
