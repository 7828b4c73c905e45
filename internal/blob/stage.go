package blob

import (
	"bytes"
	"context"
	"encoding/hex"
	"io"
	"path/filepath"

	"github.com/minio/sio"
)

// Staged is content that was taken in and digested, but is not in the store: it can be
// judged before it is kept, and closing it leaves nothing.
type Staged struct {
	Ref
	*io.SectionReader
	draft *draft
}

// Stage takes content in without keeping it.
func (f *Folder) Stage(ctx context.Context, r io.Reader) (*Staged, error) {
	draft := newDraft(filepath.Join(f.dir, tmpDir))
	if err := draft.fill(ctx, r); err != nil {
		draft.discard()
		return nil, classify(err)
	}
	var at io.ReaderAt = bytes.NewReader(draft.mem)
	if draft.file != nil {
		plain, err := sio.DecryptReaderAt(draft.file, draft.config())
		if err != nil {
			draft.discard()
			return nil, err
		}
		at = plain
	}
	return &Staged{Ref: Ref{Digest: hex.EncodeToString(draft.digest.Sum(nil)), Size: draft.size}, SectionReader: io.NewSectionReader(at, 0, draft.size), draft: draft}, nil
}

// Size is the content's length.
func (s *Staged) Size() int64 { return s.Ref.Size }

// Whole reads the content from its beginning, as Put takes it.
func (s *Staged) Whole() io.Reader { return io.NewSectionReader(s.SectionReader, 0, s.Ref.Size) }

// Close discards it.
func (s *Staged) Close() error {
	s.draft.discard()
	return nil
}
