package backup

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"dangan/internal/instance"
	"dangan/internal/store"

	"github.com/klauspost/compress/zstd"
)

// Restore checks a backup and puts it into a data folder whose keys are there
// already (`dangan key import`), and into an empty database. A failure leaves
// the database empty; files that were copied do no harm when it is tried again.
func Restore(ctx context.Context, dir string, cfg instance.Config, progress func(string)) (Manifest, error) {
	if progress == nil {
		progress = func(string) {}
	}
	progress("核对备份")
	m, err := Check(ctx, dir)
	if err != nil {
		return m, err
	}
	if !instance.Exists(cfg.Data) {
		return m, fmt.Errorf("%s 中没有密钥：请先用 dangan key import 恢复密钥", cfg.Data)
	}
	if _, err := os.Stat(filepath.Join(cfg.Data, "log", "checkpoint")); !errors.Is(err, fs.ErrNotExist) {
		return m, fmt.Errorf("%s 中已有存证日志，不能在其上恢复，请换一个空的数据目录", cfg.Data)
	}
	for _, folder := range folders {
		progress(folder)
		seen := Manifest{Files: map[string]Stamp{}}
		if err := seen.copyTree(ctx, dir, cfg.Data, folder); err != nil {
			return m, fmt.Errorf("restore files: %w", err)
		}
	}
	if err := m.load(ctx, cfg, dir, progress); err != nil {
		return m, err
	}
	// Opening brings an older backup's database to this program's migration.
	in, err := instance.Open(ctx, cfg)
	if err != nil {
		return m, err
	}
	return m, in.Close()
}

func (m *Manifest) load(ctx context.Context, cfg instance.Config, dir string, progress func(string)) error {
	db, err := store.Open(ctx, store.Config{Dir: cfg.Data, URL: cfg.Database, UpTo: m.Migration})
	if err != nil {
		return err
	}
	defer db.Close()
	loader, err := db.Load(ctx)
	if err != nil {
		return err
	}
	defer loader.Rollback()
	for _, table := range m.Order {
		progress(table)
		n, err := undump(filepath.Join(dir, rowsDir, table+".zst"), len(m.Columns[table]), func(values []any) error {
			return loader.Row(ctx, table, m.Columns[table], values)
		})
		if err != nil {
			return fmt.Errorf("restore %s: %w", table, err)
		}
		if n != m.Rows[table] {
			return fmt.Errorf("%w：%s 应有 %d 行，实有 %d 行", ErrDamaged, table, m.Rows[table], n)
		}
	}
	return loader.Commit(ctx)
}

func undump(path string, columns int, fn func([]any) error) (int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	z, err := zstd.NewReader(f)
	if err != nil {
		return 0, err
	}
	defer z.Close()
	r := rowReader{bufio.NewReaderSize(z, 1<<20)}
	var n int64
	for {
		values, err := r.row(columns)
		if errors.Is(err, io.EOF) {
			return n, nil
		} else if err != nil {
			return n, fmt.Errorf("%w：%w", ErrDamaged, err)
		}
		if err := fn(values); err != nil {
			return n, err
		}
		n++
	}
}
