package ledger

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"dangan/internal/rule"
	"dangan/internal/store"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// ProofFormat names the form of a proof's file; docs/manual/10-prove.md describes it.
const ProofFormat = "dangan-proof/1"

// ErrNotPublished says that an act is in no checkpoint yet: half a second later it is.
var ErrNotPublished = rule.Refuse(rule.Reason{Rule: "29.1", Slug: "not_published", Message: "这一条还没有进入定时存证点，不能出具凭证。", Next: "请稍候再试；系统每半秒公布一次。"})

// Proof shows to anybody who has the log's public key that one act stands in the
// log: the entry, its salt, the way from its leaf to the root, and the signed
// checkpoint. It holds no more about a person than the entry does.
type Proof struct {
	Format string     `json:"format"`
	Log    string     `json:"log" doc:"存证日志的公开核验密钥"`
	Number int64      `json:"number" doc:"第几条，从 1 起"`
	Entry  ProofEntry `json:"entry"`
	Index  int64      `json:"index" doc:"在树中的位置，从 0 起"`
	Size   int64      `json:"size" doc:"定时存证点的条目数"`
	Hashes [][]byte   `json:"hashes" nullable:"false" doc:"从叶到根的旁支，Base64"`
	// Checkpoint is the signed text.
	Checkpoint string `json:"checkpoint"`
}

// ProofEntry is what the leaf commits to.
type ProofEntry struct {
	ID    string `json:"id"`
	Body  string `json:"body" doc:"条目原文（JSON 文本，逐字节）"`
	Trace string `json:"trace" doc:"涉及的行及其防改标记（逐字节）"`
	Salt  []byte `json:"salt" doc:"Base64"`
}

// EntryAt reads the entry with a number; store.ErrNotFound if there is none.
func EntryAt(ctx context.Context, q store.Querier, number int64) (Entry, error) {
	return store.Get[Entry](ctx, q, "WHERE seq=?", number)
}

// EntryOf reads an entry by its id.
func EntryOf(ctx context.Context, q store.Querier, id string) (Entry, error) {
	return store.Get[Entry](ctx, q, "WHERE id=?", id)
}

// Find reads the entry that a voucher, a number or an id names; a voucher whose
// check digits are wrong names none.
func Find(ctx context.Context, q store.Querier, name string) (Entry, error) {
	number, voucher, ok := ParseVoucher(name)
	if !ok {
		return EntryOf(ctx, q, strings.TrimSpace(name))
	}
	e, err := EntryAt(ctx, q, number)
	if err == nil && voucher != "" && e.Voucher() != voucher {
		return Entry{}, store.ErrNotFound
	}
	return e, err
}

// Prove makes the proof of an entry from the published log in dir.
func Prove(dir string, v note.Verifier, key string, e Entry) (Proof, error) {
	at, err := Latest(dir, v)
	if err != nil || e.Seq == 0 || e.Seq > at.Size {
		return Proof{}, ErrNotPublished
	}
	tree := tlog.Tree{N: at.Size, Hash: at.Root}
	hashes, err := tlog.ProveRecord(at.Size, e.Seq-1, tlog.TileHashReader(tree, tileReader(dir)))
	if err != nil {
		return Proof{}, fmt.Errorf("prove entry %d: %w", e.Seq, err)
	}
	if err := tlog.CheckRecord(hashes, at.Size, at.Root, e.Seq-1, e.LeafHash()); err != nil {
		return Proof{}, fmt.Errorf("第 %d 条与公布的防改树不符，不能出具凭证，请做全量核验：%w", e.Seq, err)
	}
	p := Proof{Format: ProofFormat, Log: key, Number: e.Seq, Entry: ProofEntry{e.ID, e.Body, e.Trace, e.Salt},
		Index: e.Seq - 1, Size: at.Size, Hashes: [][]byte{}, Checkpoint: string(at.Note)}
	for _, h := range hashes {
		p.Hashes = append(p.Hashes, h[:])
	}
	return p, nil
}

// Check proves a proof with the key that one trusts, and reads what it shows.
func (p Proof) Check(v note.Verifier) (Entry, Checkpoint, error) {
	e := Entry{ID: p.Entry.ID, Seq: p.Number, Body: p.Entry.Body, Trace: p.Entry.Trace, Salt: p.Entry.Salt}
	if p.Format != ProofFormat {
		return e, Checkpoint{}, errors.New("不是存证凭证文件")
	}
	at, err := ParseCheckpoint([]byte(p.Checkpoint), v)
	if err != nil {
		return e, at, errors.New("定时存证点的签名不是本省存证密钥所签")
	}
	body, err := e.Parse()
	if err != nil || body.ID != e.ID || p.Index != p.Number-1 || p.Size != at.Size {
		return e, at, errors.New("凭证各部分彼此不符")
	}
	proof := make(tlog.RecordProof, 0, len(p.Hashes))
	for _, h := range p.Hashes {
		if len(h) != tlog.HashSize {
			return e, at, errors.New("包含证明的长度不对")
		}
		proof = append(proof, tlog.Hash(h))
	}
	if err := tlog.CheckRecord(proof, at.Size, at.Root, p.Index, e.LeafHash()); err != nil {
		return e, at, errors.New("条目或包含证明被改动，复算的根与所签的不符")
	}
	return e, at, nil
}

// Voucher is the short number by which people ask for an entry: CZ-1172540-7F2C.
func (e Entry) Voucher() string {
	h := e.LeafHash()
	return fmt.Sprintf("CZ-%d-%02X%02X", e.Seq, h[0], h[1])
}

// ParseVoucher reads the entry's number from what somebody typed: a voucher or a
// bare number. The check digits, if any, are compared by the caller's Voucher.
func ParseVoucher(text string) (number int64, voucher string, ok bool) {
	text = strings.ToUpper(strings.TrimSpace(text))
	var check string
	if n, err := fmt.Sscanf(text, "CZ-%d-%s", &number, &check); n == 2 && err == nil {
		return number, text, number > 0 && len(check) == 4
	}
	if _, err := fmt.Sscanf(text+"\n", "%d\n", &number); err != nil {
		return 0, "", false
	}
	return number, "", number > 0
}
