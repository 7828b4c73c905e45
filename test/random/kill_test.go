package random

import (
	"bytes"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"dangan/internal/store"
)

// The same walks against a server that is killed without warning in the middle of one
// sequence in ten, and started again. Behind make soak: every death costs a start.
func TestRandomSequencesAndKills(t *testing.T) {
	if os.Getenv("DANGAN_SOAK_SEQUENCES") == "" {
		t.Skip("make soak")
	}
	bin := filepath.Join(t.TempDir(), "dangan")
	if out, err := exec.Command("go", "build", "-o", bin, "../../cmd/dangan").CombinedOutput(); err != nil {
		t.Fatalf("build: %v: %s", err, out)
	}
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
