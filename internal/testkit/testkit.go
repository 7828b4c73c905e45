package testkit

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"dangan/internal/api"
	"dangan/internal/clock"
	"dangan/internal/founding"
	"dangan/internal/instance"
	"dangan/internal/policy"
	"dangan/internal/staff"
	"dangan/internal/store"

	_ "github.com/jackc/pgx/v5/stdlib" // the administrative connection
)

// Password is every account's.
const Password = "Ce-Shi-Kou-Ling-42"

// Day is when tests begin: Monday 2026-11-23, 09:00 in Chongqing.
var Day = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)

// Passwords is the cost of the tests' passwords: they sign in thousands of times, and what a
// true hash takes is no concern of theirs.
var Passwords = staff.Cost{Memory: 64, Passes: 1, Lanes: 1}

var passwordHash = sync.OnceValue(func() string {
	h, err := Passwords.Hash(Password)
	if err != nil {
		panic(err)
	}
	return h
})

// Province is a small province of its own, gone when the test ends.
type Province struct {
	*instance.Instance
	Clock   *clock.Manual
	Dir     string
	URL     string // PostgreSQL, "" on SQLite
	t       testing.TB
	founder testing.TB // whose end is the province's end
	*serving
}

// Each runs a test on SQLite and on PostgreSQL.
func Each(t *testing.T, fn func(t *testing.T, p *Province)) {
	for _, engine := range []store.Engine{store.SQLite, store.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			fn(t, New(t, engine))
		})
	}
}

// New is a province of its own on one engine, as it was founded. All of them have the
// same keys.
func New(t testing.TB, engine store.Engine) *Province {
	t.Helper()
	return open(t, engine, founded[engine]())
}

// Other is one with keys of its own, as the next province has.
func Other(t testing.TB, engine store.Engine) *Province {
	t.Helper()
	return open(t, engine, found(engine))
}

// Of is a province that the test made itself, such as the sample province.
func Of(t testing.TB, in *instance.Instance, c *clock.Manual, dir, url string) *Province {
	return &Province{Instance: in, Clock: c, Dir: dir, URL: url, t: t, founder: t, serving: &serving{tokens: map[string]string{}}}
}

// open copies a pattern and opens the copy.
func open(t testing.TB, engine store.Engine, made pattern) *Province {
	t.Helper()
	p := &Province{Clock: clock.NewManual(Day), Dir: t.TempDir(), t: t, founder: t, serving: &serving{tokens: map[string]string{}}}
	if made.err != nil {
		t.Fatal(made.err)
	}
	if err := copyTree(made.dir, p.Dir); err != nil {
		t.Fatal(err)
	}
	if engine == store.Postgres {
		p.URL = made.rows.database(t, made.name)
	}
	var err error
	if p.Instance, err = instance.Open(context.Background(), config(p.Dir, p.URL, p.Clock)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

func config(dir, url string, c clock.Clock) instance.Config {
	return instance.Config{Public: "https://dangan.example", Data: dir, Database: url, Demo: true, Version: "test", Clock: c, Passwords: Passwords, Log: slog.New(slog.DiscardHandler)}
}

// pattern is a founded province that is copied: its folder, and on PostgreSQL its database.
type pattern struct {
	dir, name string
	rows      *rows // of the database
	err       error
}

// founded are made once a program and engine: a copy takes a tenth of the time.
var founded = map[store.Engine]func() pattern{
	store.SQLite:   sync.OnceValue(func() pattern { return found(store.SQLite) }),
	store.Postgres: sync.OnceValue(func() pattern { return found(store.Postgres) }),
}

// found founds the pattern, beside the test server's own files, which go with it.
func found(engine store.Engine) (made pattern) {
	ctx, link := context.Background(), ""
	if made.dir, made.err = os.MkdirTemp(os.Getenv("DANGAN_TEST_PGDIR"), "province-"); made.err != nil {
		return made
	}
	if engine == store.Postgres {
		made.name = newName()
		if link, made.err = create(made.name, ""); made.err != nil {
			return made
		}
	}
	in, err := instance.Create(ctx, config(made.dir, link, clock.NewManual(Day)), founding.Province)
	if err != nil {
		made.err = err
		return made
	}
	_, err = founding.Found(ctx, in, founding.Options{Districts: []string{"500108", "500103", "500101"}, Staff: true, PasswordHash: passwordHash()})
	made.err = errors.Join(err, in.Close())
	if engine == store.Postgres && made.err == nil {
		made.rows, made.err = read(ctx, link)
	}
	return made
}

// copyTree copies a folder with the modes of its files: keys are for their owner only.
func copyTree(from, to string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, name)
		if d.IsDir() {
			if name == "." {
				return nil
			}
			return os.Mkdir(target, info.Mode().Perm())
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(target, raw, info.Mode().Perm())
	})
}

// Database makes an empty PostgreSQL database on the server that the test command
// started (DANGAN_TEST_POSTGRES) and drops it when the test ends.
func Database(t testing.TB) string {
	t.Helper()
	name := newName()
	link, err := create(name, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := drop(name); err != nil {
			t.Errorf("drop test database: %v", err)
		}
	})
	return link
}

func drop(name string) error {
	return administer("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)")
}

func newName() string {
	raw := make([]byte, 6)
	_, _ = rand.Read(raw)
	return "t_" + hex.EncodeToString(raw)
}

// create makes a database and returns where it is.
func create(name, how string) (string, error) {
	if err := administer("CREATE DATABASE " + name + how); err != nil {
		return "", err
	}
	return address(name)
}

// address is where a database of the test server is.
func address(name string) (string, error) {
	u, err := url.Parse(os.Getenv("DANGAN_TEST_POSTGRES"))
	if err != nil {
		return "", err
	}
	u.Path = "/" + name
	return u.String(), nil
}

var errNoServer = errors.New("DANGAN_TEST_POSTGRES is not set: run the tests by `make test`, or `eval \"$(scripts/postgres.sh)\"` first")

func administer(statement string) error {
	server := os.Getenv("DANGAN_TEST_POSTGRES")
	if server == "" {
		return errNoServer
	}
	admin, err := sql.Open("pgx", server)
	if err != nil {
		return err
	}
	_, err = admin.Exec(statement)
	return errors.Join(err, admin.Close())
}

// As is the actor of an account, such as clerk-500108.
func (p *Province) As(username string) policy.Actor {
	p.t.Helper()
	a, err := p.Staff.ByUsername(context.Background(), username)
	if err != nil {
		p.t.Fatalf("actor %s: %v", username, err)
	}
	return a
}

// Serve starts the API; the server is gone when the test ends.
func (p *Province) Serve() *httptest.Server {
	s := httptest.NewServer(api.New(p.Instance, slog.New(slog.DiscardHandler)).Handler())
	p.founder.Cleanup(s.Close)
	return s
}

// Token is a bearer token of an account.
func (p *Province) Token(username string) string {
	p.t.Helper()
	token, _, err := p.Staff.NewToken(context.Background(), p.As(username), "test", 30)
	if err != nil {
		p.t.Fatal(fmt.Errorf("token of %s: %w", username, err))
	}
	return token
}

// In is the same province as another (sub)test sees it: what fails, fails there.
func (p *Province) In(t testing.TB) *Province {
	q := *p
	q.t = t
	return &q
}

// RunJobs runs every timer once and then every job that is due, until none is left.
func (p *Province) RunJobs() {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for _, kind := range p.Jobs.Timers() {
		if err := p.Jobs.Tick(ctx, kind); err != nil {
			p.t.Fatalf("timer %s: %v", kind, err)
		}
	}
	if err := p.Jobs.Drain(ctx); err != nil {
		p.t.Fatalf("jobs: %v", err)
	}
}
