package backup_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dangan/internal/backup"
	"dangan/internal/crypto"
	"dangan/internal/instance"
	"dangan/internal/ledger"
	"dangan/internal/setting"
	"dangan/internal/store"
	"dangan/internal/testkit"
)

// publish writes the log as a running server does.
func publish(t *testing.T, p *testkit.Province) *ledger.Publisher {
	t.Helper()
	pub, err := ledger.NewPublisher(ledger.PublisherConfig{DB: p.DB, Dir: p.Dir, Keys: p.Keys, Clock: p.Clock})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pub.Publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	return pub
}

// target is an empty data folder with the province's keys from escrow.
func target(t *testing.T, p *testkit.Province, engine store.Engine) instance.Config {
	t.Helper()
	cfg := instance.Config{Data: t.TempDir(), Version: "test", Clock: p.Clock}
	if engine == store.Postgres {
		cfg.Database = testkit.Database(t)
	}
	var escrow bytes.Buffer
	if err := p.Keys.Export(&escrow); err != nil {
		t.Fatal(err)
	}
	if err := crypto.Import(filepath.Join(cfg.Data, instance.KeysFolder), &escrow); err != nil {
		t.Fatal(err)
	}
	return cfg
}

func TestABackupTakenWhileActsGoOnRestoresOnEitherEngine(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		if _, err := p.Blobs.Put(t.Context(), strings.NewReader("一页（演示）")); err != nil {
			t.Fatal(err)
		}
		pub := publish(t, p)
		dir := t.TempDir()
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() {
			for i := 0; ; i++ {
				if ctx.Err() != nil {
					done <- nil
					return
				}
				if _, err := p.Settings.Change(context.Background(), p.As("supervisor-500000"), setting.LetterDays, []string{"30", "45"}[i%2]); err != nil {
					done <- err
					return
				}
				if _, err := pub.Publish(context.Background()); err != nil {
					done <- err
					return
				}
			}
		}()
		made, err := backup.Make(t.Context(), p.Instance, dir, nil)
		stop()
		if err := errors.Join(err, <-done); err != nil {
			t.Fatal(err)
		}
		if _, err := backup.Check(t.Context(), dir); err != nil {
			t.Fatal(err)
		}
		for _, engine := range []store.Engine{store.SQLite, store.Postgres} {
			cfg := target(t, p, engine)
			if _, err := backup.Restore(t.Context(), dir, cfg, nil); err != nil {
				t.Fatalf("restore on %s: %v", engine, err)
			}
			in, err := instance.Open(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			var n int64
			if err := in.DB.QueryRow(t.Context(), "SELECT count(*) FROM ledger_entry").Scan(&n); err != nil || n != made.Entries {
				t.Errorf("%s: %d entries, want %d (%v)", engine, n, made.Entries, err)
			}
			// The restored province goes on: its log extends the one published before.
			by, err := in.Staff.ByUsername(t.Context(), "supervisor-500000")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := in.Settings.Change(t.Context(), by, setting.PromiseMonths, "5"); err != nil {
				t.Fatal(err)
			}
			pub, err := ledger.NewPublisher(ledger.PublisherConfig{DB: in.DB, Dir: cfg.Data, Keys: in.Keys, Clock: p.Clock})
			if err != nil {
				t.Fatal(err)
			}
			if size, err := pub.Publish(t.Context()); err != nil || size != made.Entries+1 {
				t.Errorf("%s: published %d, want %d (%v)", engine, size, made.Entries+1, err)
			}
			if err := in.Close(); err != nil {
				t.Error(err)
			}
			if _, err := backup.Restore(t.Context(), dir, cfg, nil); err == nil {
				t.Error("restored over a province that is there")
			}
		}
	})
}

func TestADamagedBackupIsNotRestored(t *testing.T) {
	p := testkit.New(t, store.SQLite)
	publish(t, p)
	dir := t.TempDir()
	if _, err := backup.Make(t.Context(), p.Instance, dir, nil); err != nil {
		t.Fatal(err)
	}
	rows := filepath.Join(dir, "rows", "staff.zst")
	whole, err := os.ReadFile(rows)
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func() error{
		"a byte flipped": func() error {
			raw := bytes.Clone(whole)
			raw[len(raw)/2] ^= 1
			return os.WriteFile(rows, raw, 0o600)
		},
		"cut":          func() error { return os.WriteFile(rows, whole[:len(whole)-9], 0o600) },
		"gone":         func() error { return os.Remove(rows) },
		"not finished": func() error { return os.Remove(filepath.Join(dir, "manifest.json")) },
	} {
		manifest, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
		if err != nil {
			t.Fatal(err)
		}
		if err := spoil(); err != nil {
			t.Fatal(err)
		}
		cfg := target(t, p, store.SQLite)
		if _, err := backup.Restore(t.Context(), dir, cfg, nil); !errors.Is(err, backup.ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := os.Stat(filepath.Join(cfg.Data, "dangan.db")); err == nil {
			t.Errorf("%s: something was restored", name)
		}
		if err := errors.Join(os.WriteFile(rows, whole, 0o600), os.WriteFile(filepath.Join(dir, "manifest.json"), manifest, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
}
