package testkit

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"os"
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

var passwordHash = sync.OnceValue(func() string {
	h, err := staff.HashPassword(Password)
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

// New founds a province on one engine.
func New(t testing.TB, engine store.Engine) *Province {
	t.Helper()
	p := &Province{Clock: clock.NewManual(Day), Dir: t.TempDir(), t: t, founder: t, serving: &serving{tokens: map[string]string{}}}
	if engine == store.Postgres {
		p.URL = Database(t)
	}
	ctx := context.Background()
	var err error
	p.Instance, err = instance.Create(ctx, instance.Config{Data: p.Dir, Database: p.URL, Demo: true, Version: "test", Clock: p.Clock, Log: slog.New(slog.DiscardHandler)}, founding.Province)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	if _, err := founding.Found(ctx, p.Instance, founding.Options{Districts: []string{"500108", "500103", "500101"}, Staff: true, PasswordHash: passwordHash()}); err != nil {
		t.Fatal(err)
	}
	return p
}

// Database makes an empty PostgreSQL database on the server that the test command
// started (DANGAN_TEST_POSTGRES) and drops it when the test ends.
func Database(t testing.TB) string {
	t.Helper()
	server := os.Getenv("DANGAN_TEST_POSTGRES")
	if server == "" {
		t.Fatal("DANGAN_TEST_POSTGRES is not set: run the tests by `make test`, or `eval \"$(scripts/postgres.sh)\"` first")
	}
	raw := make([]byte, 6)
	_, _ = rand.Read(raw)
	name := "t_" + hex.EncodeToString(raw)
	admin, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	if _, err := admin.Exec("CREATE DATABASE " + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		admin, err := sql.Open("pgx", server)
		if err == nil {
			_, err = admin.Exec("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)")
			_ = admin.Close()
		}
		if err != nil {
			t.Errorf("drop test database: %v", err)
		}
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
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
