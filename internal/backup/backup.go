package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"dangan/internal/instance"
	"dangan/internal/ledger"
	"dangan/internal/store"

	"github.com/klauspost/compress/zstd"
)

// Names inside a backup.
const (
	manifestFile = "manifest.json"
	rowsDir      = "rows"
	format       = 1
)

// Folders of the data folder that are copied as they are: they are never rewritten in place.
var folders = []string{"log", "blobs"}

// Manifest says what a backup holds.
type Manifest struct {
	Format    int                 `json:"format"`
	Version   string              `json:"version"`   // of the program
	Migration int64               `json:"migration"` // of the database
	MadeAt    time.Time           `json:"madeAt"`
	Entries   int64               `json:"entries"` // of the ledger
	Rows      map[string]int64    `json:"rows"`
	Columns   map[string][]string `json:"columns"`
	Order     []string            `json:"order"` // tables, those first that others refer to
	Files     map[string]Stamp    `json:"files"`
}

// Stamp is a file's length and SHA-256.
type Stamp struct {
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// ErrDamaged says that a backup is not what was written; nothing is restored from it.
var ErrDamaged = errors.New("备份不完整或已损坏")

// Make writes a backup of an open province into dir. Progress may be nil.
//
// The log comes first and the files last: the snapshot is then never older than
// the checkpoint, and no row refers to a file that is not there.
func Make(ctx context.Context, in *instance.Instance, dir string, progress func(string)) (Manifest, error) {
	if progress == nil {
		progress = func(string) {}
	}
	m := Manifest{Format: format, Version: in.Version, MadeAt: in.Clock.Now(), Rows: map[string]int64{}, Columns: map[string][]string{}, Files: map[string]Stamp{}}
	if err := os.MkdirAll(filepath.Join(dir, rowsDir), 0o700); err != nil {
		return m, fmt.Errorf("backup: %w", err)
	}
	if err := os.Remove(filepath.Join(dir, manifestFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return m, fmt.Errorf("backup: %w", err)
	}
	progress("存证日志")
	var snapshot *store.Snapshot
	err := ledger.Still(ctx, in.Data, func() error {
		if err := os.RemoveAll(filepath.Join(dir, "log")); err != nil {
			return err
		}
		if err := m.copyTree(ctx, in.Data, dir, "log"); err != nil {
			return err
		}
		var err error
		snapshot, err = in.DB.Snapshot(ctx)
		return err
	})
	if err != nil {
		return m, fmt.Errorf("backup log: %w", err)
	}
	defer snapshot.Close()
	if err := m.tables(ctx, snapshot, dir, progress); err != nil {
		return m, err
	}
	progress("影像与文书")
	if err := m.copyTree(ctx, in.Data, dir, "blobs"); err != nil {
		return m, fmt.Errorf("backup files: %w", err)
	}
	raw, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return m, err
	}
	return m, write(filepath.Join(dir, manifestFile), raw)
}

// tables dumps every table that is not transient.
func (m *Manifest) tables(ctx context.Context, s *store.Snapshot, dir string, progress func(string)) error {
	names, err := s.TableNames(ctx)
	if err != nil {
		return err
	}
	references, err := s.References(ctx)
	if err != nil {
		return err
	}
	if m.Migration, err = s.Migration(ctx); err != nil {
		return err
	}
	for _, name := range ordered(names, references) {
		if k := store.KindOf(name); k != store.Audited && k != store.Derived {
			continue
		}
		progress(name)
		if m.Columns[name], err = s.Columns(ctx, name); err != nil {
			return err
		}
		path := filepath.Join(rowsDir, name+".zst")
		if m.Rows[name], err = dump(ctx, s, name, m.Columns[name], filepath.Join(dir, path)); err != nil {
			return err
		}
		if m.Files[path], err = stamp(filepath.Join(dir, path)); err != nil {
			return err
		}
		m.Order = append(m.Order, name)
	}
	m.Entries = m.Rows["ledger_entry"]
	return nil
}

// ordered puts every table behind those it refers to.
func ordered(names []string, references map[string][]string) []string {
	var out []string
	seen := map[string]bool{}
	var visit func(string)
	visit = func(n string) {
		if seen[n] {
			return
		}
		seen[n] = true
		for _, r := range references[n] {
			visit(r)
		}
		out = append(out, n)
	}
	for _, n := range names {
		visit(n)
	}
	return out
}

func dump(ctx context.Context, s *store.Snapshot, table string, columns []string, path string) (n int64, err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, fmt.Errorf("backup %s: %w", table, err)
	}
	defer func() { err = errors.Join(err, f.Sync(), f.Close()) }()
	z, err := zstd.NewWriter(f)
	if err != nil {
		return 0, err
	}
	w := rowWriter{w: z}
	if err := s.Dump(ctx, table, columns, func(values []any) error { n++; return w.row(values) }); err != nil {
		return n, err
	}
	return n, z.Close()
}

// copyTree copies what lies under one folder and is not there yet.
func (m *Manifest) copyTree(ctx context.Context, from, to, folder string) error {
	return filepath.WalkDir(filepath.Join(from, folder), func(path string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil // a draft that was finished or dropped meanwhile
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case d.IsDir() && d.Name() == "tmp":
			return filepath.SkipDir
		case d.IsDir() || strings.HasPrefix(d.Name(), "."):
			return nil
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		m.Files[name], err = copyFile(path, filepath.Join(to, name))
		return err
	})
}

func copyFile(from, to string) (Stamp, error) {
	in, err := os.Open(from)
	if err != nil {
		return Stamp{}, err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return Stamp{}, err
	}
	want, err := stamp(from)
	if err != nil {
		return Stamp{}, err
	}
	if had, err := os.Stat(to); err == nil && had.Size() == info.Size() {
		if has, err := stamp(to); err == nil && has == want {
			return want, nil
		}
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return Stamp{}, err
	}
	out, err := os.CreateTemp(filepath.Dir(to), ".part-")
	if err != nil {
		return Stamp{}, err
	}
	defer os.Remove(out.Name())
	_, err = io.Copy(out, in)
	if err := errors.Join(err, out.Chmod(info.Mode().Perm()), out.Sync(), out.Close()); err != nil {
		return Stamp{}, err
	}
	return want, os.Rename(out.Name(), to)
}

func stamp(path string) (Stamp, error) {
	f, err := os.Open(path)
	if err != nil {
		return Stamp{}, err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	return Stamp{n, hex.EncodeToString(h.Sum(nil))}, err
}

func write(path string, raw []byte) error {
	if err := os.WriteFile(path+".part", raw, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".part", path)
}

// Check reads a whole backup and compares every file with the manifest.
func Check(ctx context.Context, dir string) (Manifest, error) {
	var m Manifest
	raw, err := os.ReadFile(filepath.Join(dir, manifestFile))
	if err != nil {
		return m, fmt.Errorf("%w：没有 %s，备份可能没有做完", ErrDamaged, manifestFile)
	}
	if err := json.Unmarshal(raw, &m); err != nil || m.Format != format {
		return m, fmt.Errorf("%w：%s 无法读取", ErrDamaged, manifestFile)
	}
	var bad []string
	for name, want := range m.Files {
		if ctx.Err() != nil {
			return m, ctx.Err()
		}
		if has, err := stamp(filepath.Join(dir, name)); err != nil || has != want {
			bad = append(bad, name)
		}
	}
	if len(bad) > 0 {
		sort.Strings(bad)
		return m, fmt.Errorf("%w：%d 个文件缺失或与登记不符，如 %s", ErrDamaged, len(bad), bad[0])
	}
	return m, nil
}
