package random

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"dangan/internal/store"
	"dangan/internal/testkit"
)

// The same walks against a server that is killed without warning in the middle of one
// sequence in ten, and started again. Behind make soak: every death costs a start.
func TestRandomSequencesAndKills(t *testing.T) {
	if os.Getenv("DANGAN_SOAK_SEQUENCES") == "" {
		t.Skip("make soak")
	}
	bin := binary(t)
	for _, engine := range []store.Engine{store.SQLite, store.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			k := begin(t, engine)
			k.p.Clock.Set(time.Now())
			k.server = serve(t, k, bin)
			k.signIn()
			died := 0
			k.walk(t, func() {
				if !k.server.dead() {
					if k.w.below(10) == 0 {
						go k.server.killAfter(time.Duration(k.w.below(400)) * time.Millisecond)
					}
					return
				}
				died++
				k.server = serve(t, k, bin)
				k.p.Clock.Set(time.Now())
				k.signIn()
			})
			t.Logf("killed %d times", died)
			if died == 0 {
				t.Error("the server was never killed")
			}
			k.server.killAfter(0)
		})
	}
}

// The ordinary walk begins against a server of its own, which dies without warning in the
// sequences crashes names; after the last of lives `dangan verify` finds nothing, and the
// walk goes on in this process.
var crashes = []int{4, 9}

const lives = 12

// begun starts the walk's server; what it returns is done between two sequences and says
// whether the walk is still against it. A clock before the sample's day could not go on.
func (k *walk) begun(t *testing.T) func() bool {
	now := time.Now()
	if now.Before(testkit.Day) {
		t.Logf("the machine's clock is before %s: nothing is killed", testkit.Day.Format(time.DateOnly))
		return func() bool { return false }
	}
	bin, n, died := binary(t), 0, 0
	var dying sync.WaitGroup
	k.p.Clock.Set(now)
	k.server = serve(t, k, bin)
	again := func() {
		died++
		k.server = serve(t, k, bin)
		k.p.Clock.Set(time.Now())
		k.signIn()
	}
	return func() bool {
		if k.server == nil {
			return false
		}
		if n++; n == lives {
			dying.Wait() // sequences of refusals may all be over before a death that was meant for them
		}
		if k.server.dead() {
			again()
		}
		if slices.Contains(crashes, n) {
			dying.Wait()
			if k.server.dead() {
				again()
			}
			after, s := time.Duration(k.w.below(60))*time.Millisecond, k.server
			dying.Go(func() { s.killAfter(after) })
		}
		if n < lives {
			return true
		}
		if died != len(crashes) {
			t.Errorf("the server died %d times of %d", died, len(crashes))
		}
		k.server.killAfter(0)
		k.server = nil
		args := []string{"verify", "--data", k.p.Dir}
		if k.p.URL != "" {
			args = append(args, "--database", k.p.URL)
		}
		if out, err := exec.Command(bin, args...).CombinedOutput(); err != nil {
			t.Errorf("dangan verify after the kills: %v: %s", err, out)
		}
		k.p.Clock.Set(time.Now())
		k.signIn()
		return true
	}
}

// binary is the program, built once.
func binary(t *testing.T) string {
	t.Helper()
	bin, err := program()
	if err != nil {
		t.Fatal(err)
	}
	return bin
}

// home is where it lies while the tests run.
var home string

var program = sync.OnceValues(func() (string, error) {
	bin := filepath.Join(home, "dangan")
	if out, err := exec.Command("go", "build", "-ldflags=-w", "-o", bin, "../../cmd/dangan").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w: %s", err, out)
	}
	return bin, nil
})

// process is one life of the server.
type process struct {
	base string
	cmd  *exec.Cmd
	over chan struct{}
}

func serve(t *testing.T, k *walk, bin string) *process {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	args := []string{"serve", "--listen", address, "--data", k.p.Dir}
	if k.p.URL != "" {
		args = append(args, "--database", k.p.URL)
	}
	s := &process{base: "http://" + address, cmd: exec.Command(bin, args...), over: make(chan struct{})}
	var log bytes.Buffer
	s.cmd.Stderr = &log
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = s.cmd.Wait()
		close(s.over)
	}()
	for range 300 {
		if res, err := http.Get(s.base + "/healthz"); err == nil {
			_ = res.Body.Close()
			return s
		}
		time.Sleep(50 * time.Millisecond)
	}
	s.killAfter(0)
	t.Fatalf("the server does not answer: %s", log.String())
	return nil
}

func (s *process) killAfter(d time.Duration) {
	time.Sleep(d)
	_ = s.cmd.Process.Kill()
	<-s.over
}

func (s *process) dead() bool {
	select {
	case <-s.over:
		return true
	default:
		return false
	}
}
