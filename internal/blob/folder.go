package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/minio/sio"
)

// Folder is a store in a directory: two levels of folders, one file a content.
type Folder struct {
	dir  string
	keys Keys
}

const tmpDir = "tmp"

// OpenFolder opens, and makes when needed, a store in dir.
func OpenFolder(dir string, keys Keys) (*Folder, error) {
	if err := os.MkdirAll(filepath.Join(dir, tmpDir), 0o700); err != nil && !errors.Is(err, fs.ErrPermission) && !errors.Is(err, syscall.EROFS) {
		return nil, fmt.Errorf("open store: %w", err)
	}
	return &Folder{dir: dir, keys: keys}, nil
}

// Name is the path a digest is stored under, relative to the folder.
func (f *Folder) Name(digest string) (string, error) {
	raw, err := hex.DecodeString(digest)
	if err != nil || len(raw) != sha256.Size {
		return "", fmt.Errorf("digest %q: %w", digest, ErrNotFound)
	}
	address := hex.EncodeToString(f.keys.BlobAddress(raw))
	return filepath.Join(address[:2], address[2:4], address), nil
}

// Digest reads a name back.
func (f *Folder) Digest(name string) (string, bool) {
	address, err := hex.DecodeString(filepath.Base(name))
	if err != nil {
		return "", false
	}
	raw, ok := f.keys.BlobDigest(address)
	if !ok {
		return "", false
	}
	digest := hex.EncodeToString(raw)
	if again, err := f.Name(digest); err != nil || again != name {
		return "", false
	}
	return digest, true
}

func (f *Folder) config(digest []byte) sio.Config {
	key := f.keys.BlobKey(digest)
	return sio.Config{MinVersion: sio.Version20, MaxVersion: sio.Version20, Key: key[:]}
}

// Put streams into a temporary file while it digests, then encrypts under the
// content's own key and links the result to its place. The plain text never
// touches the disk: the temporary file is encrypted with a random key.
func (f *Folder) Put(ctx context.Context, r io.Reader) (Ref, error) {
	draft := newDraft(filepath.Join(f.dir, tmpDir))
	defer draft.discard()
	if err := draft.fill(ctx, r); err != nil {
		return Ref{}, classify(err)
	}
	sum := draft.digest.Sum(nil)
	ref := Ref{Digest: hex.EncodeToString(sum), Size: draft.size}
	name, err := f.Name(ref.Digest)
	if err != nil {
		return Ref{}, err
	}
	path := filepath.Join(f.dir, name)
	if info, err := os.Stat(path); err == nil {
		if info.Size() == encryptedSize(ref.Size) {
			return ref, nil
		}
		return Ref{}, fmt.Errorf("put %s: %w", ref.Digest[:12], ErrCorrupt)
	}
	if err := f.seal(draft, sum, path); err != nil {
		return Ref{}, classify(err)
	}
	return ref, nil
}

// seal writes the draft under its own key and moves it to its place, durably.
func (f *Folder) seal(draft *draft, sum []byte, path string) error {
	plain, err := draft.reader()
	if err != nil {
		return err
	}
	final, err := os.CreateTemp(filepath.Join(f.dir, tmpDir), "put-*")
	if err != nil {
		return err
	}
	defer os.Remove(final.Name())
	defer final.Close()
	if draft.size > 0 {
		if _, err := sio.Encrypt(final, plain, f.config(sum)); err != nil {
			return err
		}
	}
	if err := errors.Join(final.Chmod(0o400), final.Sync(), final.Close()); err != nil {
		return err
	}
	parent := filepath.Dir(path)
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return err
	}
	// A link fails when another process was first: the same content, so all is well.
	if err := os.Link(final.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return errors.Join(syncDir(parent), syncDir(filepath.Dir(parent)), syncDir(f.dir))
}

// Open opens a file by its digest.
func (f *Folder) Open(_ context.Context, digest string) (Reader, error) {
	name, err := f.Name(digest)
	if err != nil {
		return nil, err
	}
	file, err := os.Open(filepath.Join(f.dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("file %s: %w", digest[:12], ErrNotFound)
	} else if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	if info.Size() == 0 {
		return &reader{SectionReader: io.NewSectionReader(strings.NewReader(""), 0, 0), file: file}, nil
	}
	raw, _ := hex.DecodeString(digest)
	plain, err := sio.DecryptReaderAt(file, f.config(raw))
	size, err2 := sio.DecryptedSize(uint64(info.Size()))
	if err := errors.Join(err, err2); err != nil {
		return nil, errors.Join(fmt.Errorf("file %s: %w", digest[:12], ErrCorrupt), file.Close())
	}
	return &reader{SectionReader: io.NewSectionReader(plain, 0, int64(size)), file: file}, nil
}

type reader struct {
	*io.SectionReader
	file *os.File
}

func (r *reader) Close() error { return r.file.Close() }

// Check reads a whole file and compares. A cut at a package's border decrypts
// without an error: only size and digest tell.
func (f *Folder) Check(ctx context.Context, digest string, size int64) error {
	r, err := f.Open(ctx, digest)
	if err != nil {
		return err
	}
	defer r.Close()
	h := sha256.New()
	n, err := io.Copy(h, &cancellable{ctx, r})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil || n != size || hex.EncodeToString(h.Sum(nil)) != digest {
		return fmt.Errorf("file %s: %w", digest[:12], ErrCorrupt)
	}
	return nil
}

// Each visits every stored file by the name it is stored under.
func (f *Folder) Each(ctx context.Context, fn func(name string, bytes int64) error) error {
	err := filepath.WalkDir(f.dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case d.IsDir() && d.Name() == tmpDir:
			return filepath.SkipDir
		case d.IsDir():
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		name, err := filepath.Rel(f.dir, path)
		if err != nil {
			return err
		}
		return fn(name, info.Size())
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// encryptedSize is how many bytes a plain size takes on the disk.
func encryptedSize(plain int64) int64 {
	if plain == 0 {
		return 0
	}
	n, err := sio.EncryptedSize(uint64(plain))
	if err != nil {
		return -1
	}
	return int64(n)
}

func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// classify names a full disk or a reached limit as such.
func classify(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EFBIG) || errors.Is(err, syscall.EDQUOT) {
		return fmt.Errorf("%w: %w", ErrFull, err)
	}
	return err
}

// draft is content on its way in: small ones stay in memory, others lie in an
// unlinked temporary file under a random key.
type draft struct {
	dir    string
	mem    []byte
	file   *os.File
	key    [32]byte
	digest hash.Hash
	size   int64
}

// draftInMemory is the size up to which a draft needs no file: a page does not.
const draftInMemory = 8 << 20

func newDraft(dir string) *draft { return &draft{dir: dir, digest: sha256.New()} }
