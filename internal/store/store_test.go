package store_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"dangan/internal/crypto"
	"dangan/internal/store"
	"dangan/internal/testkit"
)

// sample is a row of every kind of column, on the table of staff declarations.
type sample struct {
	ID       string    `db:"id"`
	Version  int64     `db:"version"`
	StaffID  string    `db:"staff_id"`
	Relation string    `db:"relation"`
	Name     string    `db:"name,secret"`
	IDNo     string    `db:"id_no,secret"`
	IDIndex  []byte    `db:"id_ix"`
	At       time.Time `db:"at"`
}

func (sample) Table() string { return "kin_declaration" }

func each(t *testing.T, fn func(t *testing.T, cfg store.Config, keys *crypto.Keyring)) {
	for _, engine := range []store.Engine{store.SQLite, store.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			keys, err := crypto.Create(t.TempDir(), "500000")
			if err != nil {
				t.Fatal(err)
			}
			cfg := store.Config{Dir: t.TempDir(), Cipher: keys}
			if engine == store.Postgres {
				cfg.URL = testkit.Database(t)
			}
			fn(t, cfg, keys)
		})
	}
}

func opened(t *testing.T, cfg store.Config) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// The same row gives the same digest on both engines, before and after it was stored.
func TestARowComesBackAsItWasSealed(t *testing.T) {
	each(t, func(t *testing.T, cfg store.Config, keys *crypto.Keyring) {
		db := opened(t, cfg)
		row := sample{ID: "k1", Version: 1, StaffID: "s1", Relation: "son", Name: "𠮷·阿木", IDNo: "500103199003071239", IDIndex: []byte{0, 1, 255}, At: testkit.Day.Add(123456 * time.Microsecond)}
		plan := store.PlanOf(reflect.TypeOf(row))
		values, err := plan.Values(keys, row)
		if err != nil {
			t.Fatal(err)
		}
		sealed, err := store.NewCanon(plan.Table, plan.Names()).Sum(values)
		if err != nil {
			t.Fatal(err)
		}
		tx, err := db.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer tx.Rollback()
		if _, err := tx.Exec(t.Context(), `INSERT INTO staff(id,version,username,name,agency,state,party_member,clearance,must_change,totp_on,locks,created_at) VALUES('s1',1,'u','n','a','active',0,0,0,0,0,0)`); err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(t.Context(), plan.InsertSQL(), values...); err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(t.Context(), plan.InsertSQL(), values...); !errors.Is(err, store.ErrUnique) {
			t.Errorf("the same key twice: %v", err)
		}
		tx.Rollback()
		if tx, err = db.Begin(t.Context()); err != nil {
			t.Fatal(err)
		}
		defer tx.Rollback()
		for _, stmt := range []string{`INSERT INTO staff(id,version,username,name,agency,state,party_member,clearance,must_change,totp_on,locks,created_at) VALUES('s1',1,'u','n','a','active',0,0,0,0,0,0)`} {
			if _, err := tx.Exec(t.Context(), stmt); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := tx.Exec(t.Context(), plan.InsertSQL(), values...); err != nil {
			t.Fatal(err)
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
		back, err := store.Get[sample](t.Context(), db, "WHERE id=?", "k1")
		if err != nil || back.Name != row.Name || back.IDNo != row.IDNo || !back.At.Equal(row.At) {
			t.Errorf("%+v came back as %+v, %v", row, back, err)
		}
		s, err := db.Snapshot(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		columns, err := s.Columns(t.Context(), plan.Table)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Dump(t.Context(), plan.Table, columns, func(stored []any) error {
			again, err := store.NewCanon(plan.Table, columns).Sum(stored)
			if again != sealed {
				t.Errorf("stored as %v, sealed as %v", stored, values)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}

func TestASnapshotSeesOneMoment(t *testing.T) {
	each(t, func(t *testing.T, cfg store.Config, _ *crypto.Keyring) {
		db := opened(t, cfg)
		count := func(q store.Querier) (n int) {
			if err := q.QueryRow(t.Context(), "SELECT count(*) FROM signin_failure").Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		s, err := db.Snapshot(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		before := count(s)
		tx, err := db.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(t.Context(), "INSERT INTO signin_failure(subject,at) VALUES('x',1)"); err != nil {
			t.Fatal(err)
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
		if count(s) != before || count(db) != before+1 {
			t.Errorf("snapshot sees %d, database %d, before %d", count(s), count(db), before)
		}
	})
}

func TestReadOnlyWritesNothing(t *testing.T) {
	each(t, func(t *testing.T, cfg store.Config, _ *crypto.Keyring) {
		readOnly := cfg
		readOnly.ReadOnly = true
		if cfg.URL == "" {
			if _, err := store.Open(t.Context(), readOnly); err == nil {
				t.Error("a database that is not there was opened for reading")
			}
			if _, err := os.Stat(filepath.Join(cfg.Dir, "dangan.db")); err == nil {
				t.Error("looking made a database")
			}
		}
		opened(t, cfg)
		db := opened(t, readOnly)
		if _, err := db.Begin(t.Context()); err == nil {
			t.Error("a write began")
		}
	})
}

// An older data folder is brought to the newest migration, one that was stopped
// in the middle too, and nothing in it is lost.
func TestAnOlderDatabaseIsMigrated(t *testing.T) {
	each(t, func(t *testing.T, cfg store.Config, _ *crypto.Keyring) {
		older := cfg
		older.UpTo = 2
		db := opened(t, older)
		tx, err := db.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(t.Context(), "INSERT INTO setting(id,version,value) VALUES('kept',1,'x')"); err != nil {
			t.Fatal(err)
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
		if names, err := db.TableNames(t.Context()); err != nil || slices.Contains(names, "dossier") {
			t.Fatalf("older than it is: %v %v", names, err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		db = opened(t, cfg)
		var kept string
		if err := db.QueryRow(t.Context(), "SELECT value FROM setting WHERE id='kept'").Scan(&kept); err != nil || kept != "x" {
			t.Errorf("kept %q, %v", kept, err)
		}
		if names, err := db.TableNames(t.Context()); err != nil || !slices.Contains(names, "dossier") {
			t.Errorf("not migrated: %v %v", names, err)
		}
	})
}

func TestSecretsOfAnotherRowOrKeyCantBeRead(t *testing.T) {
	keys, err := crypto.Create(t.TempDir(), "500000")
	if err != nil {
		t.Fatal(err)
	}
	other, err := crypto.Create(t.TempDir(), "500000")
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := keys.SealField([]byte("500103199003071239"), "person.id_no:p1")
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := keys.OpenField(sealed, "person.id_no:p1"); err != nil || string(plain) != "500103199003071239" {
		t.Errorf("%q %v", plain, err)
	}
	if _, err := keys.OpenField(sealed, "person.id_no:p2"); err == nil {
		t.Error("a value copied to another row was read")
	}
	if _, err := other.OpenField(sealed, "person.id_no:p1"); err == nil {
		t.Error("another province's key read it")
	}
}

// A file size limit stands for a full disk: the process is started again under it.
func TestAFullDiskUndoesTheTransaction(t *testing.T) {
	if dir := os.Getenv("DANGAN_TEST_FULL"); dir != "" {
		db, err := store.Open(context.Background(), store.Config{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		limit := syscall.Rlimit{Cur: 3 << 20, Max: 3 << 20}
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
			t.Fatal(err)
		}
		tx, err := db.Begin(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		big := strings.Repeat("x", 1<<20)
		for range 60 {
			if _, err = tx.Exec(context.Background(), "INSERT INTO signin_failure(subject,at) VALUES(?,1)", big); err != nil {
				break
			}
		}
		if err == nil {
			err = tx.Commit()
		}
		if !errors.Is(err, store.ErrDiskFull) {
			t.Fatalf("a full disk is said as %v", err)
		}
		tx.Rollback()
		var n int
		if err := db.QueryRow(context.Background(), "SELECT count(*) FROM signin_failure").Scan(&n); err != nil || n != 0 {
			t.Errorf("%d rows are left, %v", n, err)
		}
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run", t.Name())
	cmd.Env = append(os.Environ(), "DANGAN_TEST_FULL="+t.TempDir())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// Days are counted alike by both engines and by the program, over leap years and centuries.
func TestDaysAreCountedInSQL(t *testing.T) {
	each(t, func(t *testing.T, cfg store.Config, _ *crypto.Keyring) {
		db := opened(t, cfg)
		for day := time.Date(1899, 12, 25, 0, 0, 0, 0, time.UTC); day.Year() < 2101; day = day.AddDate(0, 7, 11) {
			n, err := store.Count(t.Context(), db, "SELECT "+store.DayNumber("d")+" FROM (SELECT CAST(? AS TEXT) AS d) AS x", day.Format(time.DateOnly))
			if err != nil || n != store.Day(day) {
				t.Fatalf("%s: %d, want %d, %v", day, n, store.Day(day), err)
			}
		}
	})
}
