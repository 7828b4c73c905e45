package blob

import (
	"bytes"
	"context"
	"errors"
	"io"
)

// Errors of every store.
var (
	// ErrNotFound says that no file of this digest is there.
	ErrNotFound = errors.New("file not in the store")
	// ErrCorrupt says that a file is there but is not what was put.
	ErrCorrupt = errors.New("file in the store is damaged")
	// ErrFull says that the disk or a limit took no more; nothing was kept.
	ErrFull = errors.New("存储空间不足，文件没有保存")
)

// Ref names a stored file.
type Ref struct {
	Digest string // SHA-256 of the plain content, hex
	Size   int64  // bytes of the plain content
}

// Reader reads a stored file, from any place.
type Reader interface {
	io.ReadSeekCloser
	io.ReaderAt
	Size() int64
}

// Keys hides addresses and derives each file's key.
type Keys interface {
	BlobKey(nonce []byte) [32]byte
	BlobAddress(digest []byte) []byte
	BlobDigest(address []byte) ([]byte, bool)
}

// Store is a content store. Safe for concurrent use, also by several processes.
type Store interface {
	// Put stores what r gives, durably before it returns; the same content twice is one file.
	Put(ctx context.Context, r io.Reader) (Ref, error)
	// Stage takes content in and digests it without keeping it. Close it.
	Stage(ctx context.Context, r io.Reader) (*Staged, error)
	// Open opens a file by its digest.
	Open(ctx context.Context, digest string) (Reader, error)
	// Check reads a whole file and compares digest and size: ErrNotFound, ErrCorrupt.
	Check(ctx context.Context, digest string, size int64) error
	// Each visits every file in the store by the name it is stored under.
	Each(ctx context.Context, fn func(name string, bytes int64) error) error
	// Name is the name a digest is stored under.
	Name(digest string) (string, error)
	// Digest is the digest whose content belongs under a name; false for a name no Put ever gave.
	Digest(name string) (string, bool)
}

// Keep puts a content that was judged before, whose digest is known.
func Keep(ctx context.Context, s Store, content []byte, digest string) error {
	ref, err := s.Put(ctx, bytes.NewReader(content))
	if err == nil && ref.Digest != digest {
		err = errors.New("the store answers another digest")
	}
	return err
}
