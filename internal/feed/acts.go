package feed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"dangan/internal/blob"
	"dangan/internal/collect"
	"dangan/internal/crypto"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Desk is the room's door.
type Desk struct {
	gate    *gate.Gate
	keys    person.Indexer
	blobs   blob.Store
	collect *collect.Desk
	// actorOf finds the clerk in whose name a job goes on, as he stands now.
	actorOf func(ctx context.Context, staffID string) (policy.Actor, error)
}

// New opens the room.
func New(g *gate.Gate, keys person.Indexer, blobs blob.Store, c *collect.Desk, actorOf func(ctx context.Context, staffID string) (policy.Actor, error)) *Desk {
	return &Desk{gate: g, keys: keys, blobs: blobs, collect: c, actorOf: actorOf}
}

// JobRun judges the rows of a file.
const JobRun = "feed.run"

type jobOf struct {
	File string `json:"file"`
}

var (
	signed = []rule.ID{"18b"}
	rules  = []rule.ID{"14a", "18b"}
)

// Register takes down a source and the key its files are signed with. Nothing is taken
// from it before a second person has confirmed the key.
func (k *Desk) Register(ctx context.Context, by policy.Actor, d Draft) (s Source, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActRegister, Rules: signed}, func(tx *gate.Tx) error {
		s = Source{ID: gate.NewID(), Version: 1, Agency: by.Org}
		if err := tx.Permit(s.Resource()); err != nil {
			return err
		}
		if err := d.check(); err != nil {
			return err
		}
		_, canonical, fingerprint, err := crypto.ParsePublic([]byte(d.PublicKey))
		if err != nil {
			return rule.Mistake(reason("18b", "feed_key", "publicKey", "公钥无法识别，或者强度不够。", "请粘贴来源单位的 PEM 公钥或证书：SM2、ECDSA（P-256 以上）或 RSA（2048 位以上）；不要粘贴私钥。"))
		}
		n, err := store.Count(tx.Context(), tx, "SELECT count(*) FROM feed_source WHERE agency=? AND kind=? AND fingerprint=? AND revoked_by IS NULL", by.Org, d.Kind, fingerprint)
		if err != nil {
			return err
		}
		if n > 0 {
			return rule.Refuse(reason("18b", "feed_key_twice", "publicKey", "这把公钥已经登记为"+KindOf(d.Kind).Name+"数据的来源。", "不需要重复登记；更换单位名称的，请先停用原来的。"))
		}
		s.Kind, s.Name, s.Basis, s.PublicKey, s.Fingerprint, s.RegisteredBy, s.RegisteredAt = d.Kind, d.Name, d.Basis, string(canonical), fingerprint, by.ID, tx.Now()
		s.ValidFrom, s.ValidUntil = d.From.String(), d.Until.String()
		tx.Note("fingerprint", fingerprint)
		return tx.Insert(s)
	})
	return s, err
}

func (k *Desk) onSource(ctx context.Context, by policy.Actor, action, id string, fn func(tx *gate.Tx, s *Source) error) (s Source, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: action, Rules: signed, On: "FeedSource:" + id}, func(tx *gate.Tx) error {
		if s, err = store.Get[Source](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
			return err
		}
		if err := tx.Permit(s.Resource()); err != nil {
			return err
		}
		if err := tx.Expect(s.Version); err != nil {
			return err
		}
		if err := fn(tx, &s); err != nil {
			return err
		}
		tx.Note("fingerprint", s.Fingerprint)
		return tx.Update(&s)
	})
	return s, err
}

// Confirm puts a source in force: another person has compared the fingerprint with it.
func (k *Desk) Confirm(ctx context.Context, by policy.Actor, id string) (Source, error) {
	return k.onSource(ctx, by, ActConfirm, id, func(tx *gate.Tx, s *Source) error { return s.Confirm(by.ID, tx.Now()) })
}

// Revoke ends a source; what it sent before stays as it is.
func (k *Desk) Revoke(ctx context.Context, by policy.Actor, id, why string) (Source, error) {
	return k.onSource(ctx, by, ActRevoke, id, func(tx *gate.Tx, s *Source) error { return s.Revoke(by.ID, why, tx.Now()) })
}

// Delivery is a file as it comes, with the signature beside it.
type Delivery struct {
	SourceID  string
	FileName  string
	Content   io.Reader
	Signature string // base64
}

// MaxBytes is how large a file may be.
const MaxBytes = 128 << 20

// arrive holds a delivery to the key of its source, before anything of it is kept.
// Close what is staged, if it is there.
func (k *Desk) arrive(ctx context.Context, by policy.Actor, in Delivery) (s Source, staged *blob.Staged, sum []byte, err error) {
	if err := k.gate.Allowed(by, ActImport, resource("FeedFile", "", by.Org)); err != nil {
		return s, nil, nil, k.refuse(ctx, by, err)
	}
	s, err = store.Get[Source](ctx, k.gate.DB(), "WHERE id=? AND agency=?", in.SourceID, by.Org)
	if errors.Is(err, store.ErrNotFound) {
		return s, nil, nil, k.refuse(ctx, by, rule.Mistake(reason("18b", "feed_source_unknown", "source", "没有选择数据来源。", "请选择本机构登记的来源单位；没有登记的，先登记其公钥。")))
	} else if err != nil {
		return s, nil, nil, err
	}
	if staged, err = k.blobs.Stage(ctx, io.LimitReader(in.Content, MaxBytes+1)); err != nil {
		return s, nil, nil, fmt.Errorf("take file in: %w", err)
	}
	if staged.Size() > MaxBytes {
		return s, staged, nil, k.refuse(ctx, by, wrongFile("feed_large", "文件超过 128 MB。", "请来源单位分成几份导出，分别签名。"))
	}
	if sum, err = s.digest(staged.Whole()); err != nil {
		return s, staged, nil, err
	}
	if err := s.verify(sum, in.Signature, k.gate.Today()); err != nil {
		return s, staged, nil, k.refuse(ctx, by, err)
	}
	return s, staged, sum, nil
}

// baseName is a file's name without the folders that some browsers send along.
func baseName(name string) string { return path.Base(strings.ReplaceAll(name, `\`, "/")) }

// before is the file of the same content that was imported; its ID is empty when none was.
func (k *Desk) before(ctx context.Context, agency, digest string) (File, error) {
	f, err := store.Get[File](ctx, k.gate.DB(), "WHERE agency=? AND digest=?", agency, digest)
	if errors.Is(err, store.ErrNotFound) {
		return File{}, nil
	}
	return f, err
}

// How much of a file is shown before it is imported.
const (
	previewRows     = 20
	previewFindings = 50
)

// PreviewRow is a row as it will be read.
type PreviewRow struct {
	Row              int64
	Name, IDNo, Unit string
	Events           []string
}

// Preview is what stands in a file, before anything of it is kept: nothing is compared
// with dossiers, so that nobody learns from it whose dossier is here.
type Preview struct {
	Source               Source
	FileName, Digest     string
	Lines, Wrong, Events int64
	Before               File // imported already
	Rows                 []PreviewRow
	Findings             []Refusal
}

// Preview reads a file that is signed by its source, and keeps nothing of it.
func (k *Desk) Preview(ctx context.Context, by policy.Actor, in Delivery) (p Preview, err error) {
	s, staged, _, err := k.arrive(ctx, by, in)
	if staged != nil {
		defer func() { _ = staged.Close() }() // what it was staged for has ended by now
	}
	if err != nil {
		return p, err
	}
	p = Preview{Source: s, FileName: baseName(in.FileName), Digest: staged.Digest}
	if p.Before, err = k.before(ctx, by.Org, staged.Digest); err != nil {
		return p, err
	}
	err = read(KindOf(s.Kind), staged, k.gate.Today(), func(l told) error {
		p.Lines++
		if len(l.faults) > 0 {
			if p.Wrong++; len(p.Findings) < previewFindings {
				p.Findings = append(p.Findings, Refusal{Row: int64(l.row), Problems: strings.Join(l.faults, "\n")})
			}
			return ctx.Err()
		}
		p.Events += int64(len(l.events))
		if len(p.Rows) < previewRows {
			row := PreviewRow{Row: int64(l.row), Name: l.name, IDNo: identity.Mask(l.idNo), Unit: l.unit}
			for _, h := range l.events {
				row.Events = append(row.Events, EventOf(h.slug).Name+" "+written(h.on))
			}
			p.Rows = append(p.Rows, row)
		}
		return ctx.Err()
	})
	return p, k.refuse(ctx, by, err)
}

// Import keeps a file whose signature is its source's and has its rows judged as a job.
// The same file again is the one that is there: nothing is done twice.
func (k *Desk) Import(ctx context.Context, by policy.Actor, in Delivery) (f File, again bool, err error) {
	s, staged, sum, err := k.arrive(ctx, by, in)
	if staged != nil {
		defer func() { _ = staged.Close() }() // what it was staged for has ended by now
	}
	if err != nil {
		return f, false, err
	}
	f = File{ID: gate.NewID(), Version: 1, Agency: by.Org, SourceID: s.ID, Kind: s.Kind, FileName: baseName(in.FileName), Digest: staged.Digest, Bytes: staged.Size(), Signature: strings.TrimSpace(in.Signature), State: Running, ImportedBy: by.ID}
	if before, err := k.before(ctx, by.Org, f.Digest); err != nil {
		return f, false, err
	} else if before.ID != "" {
		f, err = k.Read(ctx, by, before.ID)
		return f, true, err
	}
	// What is wrong with the file as a whole is said before any of it is used.
	if err := read(KindOf(f.Kind), staged, k.gate.Today(), func(told) error { f.Lines++; return ctx.Err() }); err != nil {
		return f, false, k.refuse(ctx, by, err)
	}
	kept, err := k.blobs.Put(ctx, staged.Whole())
	if err != nil {
		return f, false, fmt.Errorf("keep file: %w", err)
	}
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActImport, Rules: rules}, func(tx *gate.Tx) error {
		if err := tx.Permit(f.Resource()); err != nil {
			return err
		}
		// The source as it is now; its lock has two imports of one file follow each other.
		if s, err = store.Get[Source](ctx, tx, "WHERE id=?"+tx.ForUpdate(), s.ID); err != nil {
			return err
		}
		if err := s.verify(sum, in.Signature, tx.Today()); err != nil {
			return err
		}
		n, err := tx.Number(fmt.Sprintf("%s/部门数据/%d", by.Org, tx.Today().Year()))
		if err != nil {
			return err
		}
		f.No, f.ImportedAt, f.TouchedAt = fmt.Sprintf("BMSJ-%s-%d-%05d", by.Org, tx.Today().Year(), n), tx.Now(), tx.Now()
		tx.About("FeedSource", s.ID)
		tx.Note("no", f.No)
		tx.Note("digest", f.Digest)
		if err := tx.File(kept.Digest, kept.Size, "feed"); err != nil {
			return err
		}
		tx.Enqueue(gate.Job{Kind: JobRun, Payload: jobOf{f.ID}})
		return tx.Insert(f)
	})
	if errors.Is(err, store.ErrUnique) { // another request brought the same file meanwhile
		before, err := k.before(ctx, by.Org, f.Digest)
		return before, true, err
	}
	return f, false, err
}

// refuse puts a refusal on record that was found before the act began.
func (k *Desk) refuse(ctx context.Context, by policy.Actor, why error) error {
	var refusal *rule.Refusal
	if !errors.As(why, &refusal) {
		return why
	}
	_, err := k.gate.Do(ctx, gate.Act{Actor: by, Action: ActImport, Rules: rules, On: "Agency:" + by.Org}, func(*gate.Tx) error { return why })
	return err
}

func (k *Desk) onFile(ctx context.Context, by policy.Actor, action, id string, fn func(tx *gate.Tx, f *File) error) (f File, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: action, Rules: rules, On: "FeedFile:" + id}, func(tx *gate.Tx) error {
		if f, err = store.Get[File](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
			return err
		}
		if err := tx.Permit(f.Resource()); err != nil {
			return err
		}
		if err := fn(tx, &f); err != nil {
			return err
		}
		f.TouchedAt = tx.Now()
		return tx.Update(&f)
	})
	return f, err
}

// Stop ends the work on a file at the row it has come to; what was opened stays.
func (k *Desk) Stop(ctx context.Context, by policy.Actor, id string) (File, error) {
	return k.onFile(ctx, by, ActStop, id, func(_ *gate.Tx, f *File) error {
		if f.State != Running {
			return rule.Refuse(reason("14a", "feed_not_running", "", "这份文件“"+f.State.Name()+"”，没有在核对。", "请刷新后查看。"))
		}
		f.State, f.Note = Stopped, "由工作人员停止；已开的收集通知保留，可以接着核对"
		return nil
	})
}

// Resume goes on behind the last row that was judged.
func (k *Desk) Resume(ctx context.Context, by policy.Actor, id string) (File, error) {
	return k.onFile(ctx, by, ActResume, id, func(tx *gate.Tx, f *File) error {
		if f.State != Stopped && f.State != Failed {
			return rule.Refuse(reason("14a", "feed_not_stopped", "", "这份文件“"+f.State.Name()+"”，不需要继续。", "请刷新后查看。"))
		}
		f.State, f.Note, f.ImportedBy = Running, "", by.ID
		tx.Enqueue(gate.Job{Kind: JobRun, Payload: jobOf{f.ID}})
		return nil
	})
}
