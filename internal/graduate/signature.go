package graduate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"dangan/internal/blob"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/scan"
	"dangan/internal/store"
)

// Signature is what the clerk wrote on the signing pad to take over a batch. It is given for what
// lay in the batch at that moment: a packet more or less, and it has to be given again.
type Signature struct {
	ID      string    `db:"id"`
	Version int64     `db:"version"`
	BatchID string    `db:"batch_id"`
	No      int64     `db:"no"`
	Blob    string    `db:"blob"`
	Bytes   int64     `db:"bytes"`
	Format  string    `db:"format"`
	Scanned int64     `db:"scanned"`
	Packets int64     `db:"packets"`
	AddedBy string    `db:"added_by"`
	AddedAt time.Time `db:"added_at"`
}

// Table names the table of signatures.
func (Signature) Table() string { return "graduate_signature" }

func init() {
	store.Describe(Signature{})
	store.Register("graduate_signature", store.Audited, "接收批次在签名板上的签名")
}

// Bounds of a signature.
const (
	MaxSignatureBytes = 2 << 20
	maxSignatures     = 20 // of one batch, as it changes
)

// Of says whether the signature was given for the batch as it is: numbers given to packets only
// rise, so no two contents of a batch have both counts in common.
func (s Signature) Of(b Batch) bool { return s.Scanned == b.Scanned && s.Packets == b.Packets }

func signatureRefusal(slug, message, next string) rule.Reason {
	return rule.Reason{Rule: "12", Slug: slug, Field: "file", Message: message, Next: next}
}

// maySign is the pure rule of a signature on the pad: by who scanned, over an open batch in which
// something lies.
func (b Batch) maySign(by string) error {
	return b.ready(by, b.Packets)
}

// signedFor refuses a signature that was given for other packets than are taken over now.
func (b Batch) signedFor(s Signature) error {
	if s.ID == "" || s.Of(b) {
		return nil
	}
	return rule.Refuse(signatureRefusal("signature_stale", fmt.Sprintf("签名以后这一批又有变动：签名时 %d 袋，现在 %d 袋。", s.Packets, b.Packets), "请在签名板上重新签名、上传，再签收。"))
}

// lastSignature is the last signature of a batch; none: no id.
func lastSignature(ctx context.Context, q store.Querier, batch string) (Signature, error) {
	s, err := store.Get[Signature](ctx, q, "WHERE batch_id=? ORDER BY no DESC LIMIT 1", batch)
	if errors.Is(err, store.ErrNotFound) {
		return Signature{}, nil
	}
	return s, err
}

// AddSignature keeps what the signing pad gave for a batch that is about to be taken over: judged
// by its content before anything is kept. Its digest goes to the ledger with the act.
func (d *Desk) AddSignature(ctx context.Context, by policy.Actor, id string, content []byte) error {
	page, problem, err := scan.Signature(content, MaxSignatureBytes)
	if err != nil {
		return err
	}
	if problem != "" {
		return rule.Mistake(signatureRefusal("signature_unusable", "签名文件"+problem+"。", "请在签名板上重新签名，存为 PNG、JPG 或一页的 PDF 后上传。"))
	}
	b, err := store.Get[Batch](ctx, d.gate.DB(), "WHERE id=?", id)
	if err != nil {
		return err
	}
	if err := d.gate.Ready(by, "graduate.signature", b.Resource()); err != nil { // nobody fills the store who may not
		return err
	}
	if err := blob.Keep(ctx, d.press.Blobs, content, page.Digest); err != nil {
		return fmt.Errorf("keep signature of a batch: %w", err)
	}
	_, err = d.gate.Do(ctx, gate.Act{Actor: by, Action: "graduate.signature", On: b.Ref(), Rules: rules}, func(tx *gate.Tx) error {
		b, err := store.Get[Batch](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id)
		if err != nil {
			return err
		}
		if err := tx.Permit(b.Resource()); err != nil {
			return err
		}
		if err := b.maySign(by.ID); err != nil {
			return err
		}
		last, err := lastSignature(ctx, tx, b.ID)
		if err != nil {
			return err
		}
		if last.No >= maxSignatures {
			return rule.Refuse(signatureRefusal("signatures_many", fmt.Sprintf("这一批已签名 %d 次。", maxSignatures), "请核对档案袋后不带签名文件签收，或者先把袋子取出，另起一批。"))
		}
		// A picture of a signature that was given for something else is none for this.
		switch _, err := store.Get[Signature](ctx, tx, "WHERE blob=? LIMIT 1", page.Digest); {
		case err == nil:
			return rule.Refuse(signatureRefusal("signature_reused", "这个签名文件已经用过。", "签名只对签名时的一批档案袋有效，请在签名板上重新签名。"))
		case !errors.Is(err, store.ErrNotFound):
			return err
		}
		if err := tx.File(page.Digest, page.Size, "graduate"); err != nil {
			return err
		}
		return tx.Insert(Signature{ID: gate.NewID(), Version: 1, BatchID: b.ID, No: last.No + 1, Blob: page.Digest, Bytes: page.Size, Format: page.Format, Scanned: b.Scanned, Packets: b.Packets, AddedBy: by.ID, AddedAt: tx.Now()})
	})
	return err
}

// SignatureOf is the last signature of a batch that the caller has read; none: no id.
func (d *Desk) SignatureOf(ctx context.Context, b Batch) (Signature, error) {
	return lastSignature(ctx, d.gate.DB(), b.ID)
}

// LookSignature shows a batch's signature to who may see the batch, on record.
func (d *Desk) LookSignature(ctx context.Context, by policy.Actor, id string) (mime string, content []byte, err error) {
	var s Signature
	_, err = d.gate.Do(ctx, gate.Act{Actor: by, Action: "graduate.signature_look", On: "GraduateBatch:" + id, Rules: rules}, func(tx *gate.Tx) error {
		b, err := store.Get[Batch](ctx, tx, "WHERE id=?", id)
		if err != nil {
			return err
		}
		if err := tx.Permit(b.Resource()); err != nil {
			return err
		}
		if s, err = lastSignature(ctx, tx, b.ID); err == nil && s.ID == "" {
			err = store.ErrNotFound
		}
		return err
	})
	if err != nil {
		return "", nil, err
	}
	in, err := d.press.Blobs.Open(ctx, s.Blob)
	if err != nil {
		return "", nil, fmt.Errorf("open signature of a batch: %w", err)
	}
	defer in.Close()
	return scan.Show(in, in.Size(), s.Format)
}
