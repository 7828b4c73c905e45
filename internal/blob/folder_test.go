package blob_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"dangan/internal/blob"
	"dangan/internal/crypto"
)

func open(t *testing.T) (*blob.Folder, string) {
	t.Helper()
	keys, err := crypto.Create(t.TempDir(), "500000")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	f, err := blob.OpenFolder(dir, keys)
	if err != nil {
		t.Fatal(err)
	}
	return f, dir
}

func content(n int) []byte {
	out := make([]byte, n)
	r := rand.NewChaCha8([32]byte{byte(n), byte(n >> 8), byte(n >> 16)})
	_, _ = r.Read(out)
	return out
}

func put(t *testing.T, f *blob.Folder, raw []byte) blob.Ref {
	t.Helper()
	ref, err := f.Put(t.Context(), bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

func TestWhatWasPutIsFoundByItsDigest(t *testing.T) {
	f, dir := open(t)
	for _, n := range []int{0, 1, 65535, 65536, 65537, 9 << 20} {
		raw := content(n)
		ref := put(t, f, raw)
		sum := sha256.Sum256(raw)
		if ref.Digest != hex.EncodeToString(sum[:]) || ref.Size != int64(n) {
			t.Errorf("%d bytes became %+v", n, ref)
		}
		r, err := f.Open(t.Context(), ref.Digest)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(r)
		_ = r.Close()
		if err != nil || !bytes.Equal(got, raw) {
			t.Errorf("%d bytes come back as %d, %v", n, len(got), err)
		}
		if again := put(t, f, raw); again != ref {
			t.Errorf("the same content twice: %+v and %+v", ref, again)
		}
		if err := f.Check(t.Context(), ref.Digest, ref.Size); err != nil {
			t.Error(err)
		}
	}
	files := 0
	err := f.Each(t.Context(), func(name string, _ int64) error {
		files++
		raw, err := os.ReadFile(filepath.Join(dir, name))
		sum := sha256.Sum256(content(65537))
		if strings.Contains(name, hex.EncodeToString(sum[:])) || bytes.Contains(raw, content(65537)[:64]) {
			t.Errorf("%s shows what it holds", name)
		}
		return err
	})
	if err != nil || files != 6 {
		t.Errorf("%d files, %v", files, err)
	}
	if _, err := f.Open(t.Context(), strings.Repeat("0", 64)); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("what was never put: %v", err)
	}
}

func TestEveryDamageIsFound(t *testing.T) {
	f, dir := open(t)
	ref := put(t, f, content(200000))
	name, err := f.Name(ref.Digest)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, name)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	flip := func(at int) []byte { b := bytes.Clone(whole); b[at] ^= 1; return b }
	const packet = 65536 + 32 // DARE 2.0: 64 KiB with header and tag
	for what, raw := range map[string][]byte{
		"first byte": flip(0), "middle": flip(len(whole) / 2), "last byte": flip(len(whole) - 1),
		"cut inside a package": whole[:len(whole)-7], "cut at a package's border": whole[:packet], "longer": append(bytes.Clone(whole), 0), "empty": {},
	} {
		if err := errors.Join(os.Chmod(path, 0o600), os.WriteFile(path, raw, 0o600)); err != nil {
			t.Fatal(err)
		}
		if err := f.Check(t.Context(), ref.Digest, ref.Size); !errors.Is(err, blob.ErrCorrupt) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := f.Check(t.Context(), ref.Digest, ref.Size); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("gone: %v", err)
	}
}

func TestManyPutTheSameAtOnce(t *testing.T) {
	f, _ := open(t)
	raw := content(300000)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := f.Put(context.Background(), bytes.NewReader(raw)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	files := 0
	if err := f.Each(t.Context(), func(string, int64) error { files++; return nil }); err != nil || files != 1 {
		t.Errorf("%d files, %v", files, err)
	}
}

type broken struct{ after int }

func (b *broken) Read(p []byte) (int, error) {
	if b.after <= 0 {
		return 0, errors.New("the scanner's disk went away")
	}
	n := min(len(p), b.after)
	b.after -= n
	return n, nil
}

func TestABrokenSourceLeavesNothing(t *testing.T) {
	f, dir := open(t)
	for _, n := range []int{10, 9 << 20} {
		if _, err := f.Put(t.Context(), &broken{n}); err == nil {
			t.Error("a broken source was taken")
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.Put(ctx, bytes.NewReader(content(10))); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
	left, err := os.ReadDir(filepath.Join(dir, "tmp"))
	if err != nil || len(left) != 0 {
		t.Errorf("%d drafts left, %v", len(left), err)
	}
}

// A file size limit stands for a full disk: the process is started again under it.
func TestAFullDiskIsNamedAndLeavesNothing(t *testing.T) {
	if dir := os.Getenv("DANGAN_TEST_FULL"); dir != "" {
		keys, err := crypto.Create(filepath.Join(dir, "keys"), "500000")
		if err != nil {
			t.Fatal(err)
		}
		f, err := blob.OpenFolder(filepath.Join(dir, "blobs"), keys)
		if err != nil {
			t.Fatal(err)
		}
		limit := syscall.Rlimit{Cur: 1 << 20, Max: 1 << 20}
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
			t.Fatal(err)
		}
		put(t, f, content(1000))
		for _, n := range []int{2 << 20, 12 << 20} {
			if _, err := f.Put(t.Context(), bytes.NewReader(content(n))); !errors.Is(err, blob.ErrFull) {
				t.Errorf("%d bytes on a full disk: %v", n, err)
			}
		}
		files := 0
		if err := f.Each(t.Context(), func(string, int64) error { files++; return nil }); err != nil || files != 1 {
			t.Errorf("%d files, %v", files, err)
		}
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run", t.Name())
	cmd.Env = append(os.Environ(), "DANGAN_TEST_FULL="+t.TempDir())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

func TestWhatIsStagedIsReadFromAnyPlaceAndNotKept(t *testing.T) {
	store, dir := open(t)
	for _, n := range []int{0, 100, 9 << 20} { // in memory, and in an unlinked file
		want := content(n)
		staged, err := store.Stage(t.Context(), bytes.NewReader(want))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(staged.Whole())
		if err != nil || !bytes.Equal(got, want) || staged.Size() != int64(n) {
			t.Errorf("%d bytes: %d read of %d, %v", n, len(got), staged.Size(), err)
		}
		if n > 0 {
			last := make([]byte, 1)
			if _, err := staged.ReadAt(last, int64(n-1)); err != nil || last[0] != want[n-1] {
				t.Errorf("the last of %d bytes: %v", n, err)
			}
		}
		digest := staged.Digest
		if err := staged.Close(); err != nil {
			t.Error(err)
		}
		if _, err := store.Open(t.Context(), digest); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("%d bytes that were only staged are in the store: %v", n, err)
		}
	}
	left, err := os.ReadDir(filepath.Join(dir, "tmp"))
	if err != nil || len(left) != 0 {
		t.Errorf("%d files left, %v", len(left), err)
	}
}
