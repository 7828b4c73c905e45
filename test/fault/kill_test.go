package fault

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dangan/internal/instance"
	"dangan/internal/store"
	"dangan/internal/testkit"
)

// rounds on each database.
func rounds(t *testing.T) int {
	t.Helper()
	text := os.Getenv("DANGAN_SOAK")
	if text == "" {
		return 5
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("DANGAN_SOAK=%q: %v", text, err)
	}
	return n
}

// killed is one province that is killed again and again.
type killed struct {
	t      *testing.T
	bin    string
	where  []string // --data …, --database …
	data   string
	url    string
	base   string
	tokens map[string]string
	rand   *rand.Rand
	mu     sync.Mutex
	next   int
	acked  map[int]string // application number → transfer id, "" where only the repetition was answered
	open   []int          // sent, not acknowledged

	dossiers []string   // of those who are transferred, in the order they set out
	started  int        // how many set out
	way      []*carried // on their way
	arrived  []*carried // received
	disk     string     // of deliveries
	leaves   [pagesEach][]byte
	answered atomic.Int64 // of this round
	cut      int          // publishers killed before they came to their end
}

// transfersEach is how many dossiers may set out in a round.
const transfersEach = 30

func TestKillAtRandomMoments(t *testing.T) {
	bin := filepath.Join(t.TempDir(), "dangan")
	if out, err := exec.Command("go", "build", "-o", bin, "../../cmd/dangan").CombinedOutput(); err != nil {
		t.Fatalf("build: %v: %s", err, out)
	}
	for _, engine := range []store.Engine{store.SQLite, store.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			seed := uint64(time.Now().UnixNano())
			t.Logf("seed %d", seed)
			k := &killed{t: t, bin: bin, data: filepath.Join(t.TempDir(), "data"), tokens: map[string]string{}, rand: rand.New(rand.NewPCG(seed, 1)), acked: map[int]string{}, disk: t.TempDir(), leaves: leaves()}
			k.where = []string{"--data", k.data}
			if engine == store.Postgres {
				k.url = testkit.Database(t)
				k.where = append(k.where, "--database", k.url)
			}
			k.run(0, "demo", "--people", "0", "--seed", "1", "--password", testkit.Password, "--build-only")
			for _, who := range []string{"clerk-500101", "reviewer-500101", "clerk-500108", "reviewer-500108", "keeper-500108", "supervisor-500000"} {
				var made struct{ Token string }
				if err := json.Unmarshal(k.run(0, "token", "new", "fault", "--as", who, "--json"), &made); err != nil {
					t.Fatal(err)
				}
				k.tokens[who] = made.Token
			}
			k.register(rounds(t), transfersEach*rounds(t))
			for round := range rounds(t) {
				k.round(round)
				k.publisher(round)
			}
			k.settle(rounds(t))
		})
	}
}

// run does one command to its end.
func (k *killed) run(want int, command string, args ...string) []byte {
	k.t.Helper()
	cmd := k.command(command, args...)
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	err := cmd.Run()
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != want {
		k.t.Fatalf("dangan %s: %v: %s%s", command, err, out.String(), errOut.String())
	}
	return out.Bytes()
}

func (k *killed) command(command string, args ...string) *exec.Cmd {
	head := strings.Fields(command)
	if command == "token" {
		head = append(head, args[0])
		args = args[1:]
	}
	return exec.Command(k.bin, append(append(head, args...), k.where...)...)
}

// serve starts the server and waits until it answers.
func (k *killed) serve() *exec.Cmd {
	k.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		k.t.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		k.t.Fatal(err)
	}
	cmd := k.command("serve", "--listen", address)
	var log bytes.Buffer
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		k.t.Fatal(err)
	}
	k.base = "http://" + address
	for range 300 {
		if res, err := http.Get(k.base + "/healthz"); err == nil {
			_ = res.Body.Close()
			return cmd
		}
		time.Sleep(50 * time.Millisecond)
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	k.t.Fatalf("the server does not answer: %s", log.String())
	return nil
}

// round works on the province from all sides and kills server, import and ingest in the middle.
func (k *killed) round(n int) {
	k.t.Helper()
	server := k.serve()
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { k.carry(stop) })
	}
	for range 2 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				n := k.number()
				if n >= firstCarried { // made-up persons are told apart up to 16,800
					return
				}
				if !k.apply(n) {
					return
				}
			}
		})
	}
	wg.Go(func() { k.check() })
	roster := k.command("import roster", "../../internal/roster/testdata/roster-500108.xlsx", "--agency", "50010801", "--as", "clerk-500108", "--basis", "存量清册（演示）", "--json")
	if err := roster.Start(); err != nil {
		k.t.Fatal(err)
	}
	scans := k.command("ingest", k.deliver(n), "--agency", "50010801", "--as", "scanner-500108", "--json")
	if err := scans.Start(); err != nil {
		k.t.Fatal(err)
	}
	// Some time, so that import and ingest are at any place, and some acts, so that a
	// slow machine does not only kill programs that begin.
	begun, some := time.Now(), int64(k.rand.IntN(60))
	k.answered.Store(0)
	time.Sleep(time.Duration(200+k.rand.IntN(1200)) * time.Millisecond)
	for k.answered.Load() < some && time.Since(begun) < 8*time.Second {
		time.Sleep(5 * time.Millisecond)
	}
	wait := time.Since(begun)
	for _, i := range k.rand.Perm(3) {
		_ = []*exec.Cmd{roster, scans, server}[i].Process.Kill()
		time.Sleep(time.Duration(k.rand.IntN(150)) * time.Millisecond)
	}
	close(stop)
	wg.Wait()
	_, _, _ = roster.Wait(), scans.Wait(), server.Wait()
	k.t.Logf("round %d: killed after %s and %d answers", n, wait.Round(time.Millisecond), k.answered.Load())
}

func (k *killed) number() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.next++
	return k.next
}

// apply sends the n-th application under a key of its own: sent again, it is the same
// one. False when no answer came.
func (k *killed) apply(n int) bool {
	body, err := json.Marshal(map[string]any{"direction": "in", "name": testkit.Name(n), "idNo": testkit.IDNo(n), "document": "居民身份证", "holderName": "云岫智能（演示）有限公司", "holderKind": "other",
		"applicant": testkit.Name(n), "reason": "流动就业", "regionBasis": "户籍地", "tiePlace": "500101", "category": "4.1", "subtype": "private_enterprise", "evidence": "劳动合同"})
	if err != nil {
		panic(err)
	}
	status, answer := k.request(http.MethodPost, "clerk-500101", "/api/v1/transfers", fmt.Sprintf("application-%d", n), body)
	var made struct{ ID string }
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case status == 0 || status >= 500: // killed in the middle
		k.open = append(k.open, n)
		return false
	case status == http.StatusConflict && bytes.Contains(answer, []byte("先前已经办理")): // done, and killed before it was said
		k.acked[n] = ""
	case status/100 != 2 || json.Unmarshal(answer, &made) != nil || made.ID == "":
		if !k.t.Failed() {
			k.t.Errorf("application %d was answered %d: %s", n, status, answer)
		}
	default:
		k.acked[n] = made.ID
	}
	return true
}

// check has the whole ledger checked, which is killed too.
func (k *killed) check() {
	k.request(http.MethodPost, "supervisor-500000", "/api/v1/ledger/checks", fmt.Sprintf("check-%d", time.Now().UnixNano()), nil)
}

// vault opens what is there, to be read.
func (k *killed) vault() *instance.Vault {
	k.t.Helper()
	v, err := instance.OpenVault(context.Background(), instance.Config{Data: k.data, Database: k.url})
	if err != nil {
		k.t.Fatal(err)
	}
	return v
}

// verify expects no difference in what the kill left.
func (k *killed) verify(after string) {
	k.t.Helper()
	cmd := k.command("verify", "--json")
	out, err := cmd.Output()
	if err != nil {
		k.t.Fatalf("%s: verify: %v: %s", after, err, out)
	}
}

// settle sends again what was not acknowledged, brings every dossier on its way to
// its receiver, imports and ingests to the end, and counts.
func (k *killed) settle(rounds int) {
	k.t.Helper()
	server := k.serve()
	k.started = len(k.dossiers) // nobody sets out any more
	k.carry(nil)
	if len(k.way) > 0 {
		k.t.Errorf("%d dossiers do not come to their receiver", len(k.way))
	}
	open := k.open
	k.open = nil
	for _, n := range open {
		k.apply(n)
	}
	if len(k.open) > 0 {
		k.t.Errorf("%d applications are still not answered", len(k.open))
	}
	_ = server.Process.Signal(os.Interrupt)
	if err := server.Wait(); err != nil {
		k.t.Errorf("the server did not end gracefully: %v", err)
	}
	var want struct{ Rows, Accepted int }
	raw, err := os.ReadFile("../../internal/roster/testdata/roster-500108.expected.json")
	if err != nil {
		k.t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &want); err != nil {
		k.t.Fatal(err)
	}
	k.run(0, "import roster", "../../internal/roster/testdata/roster-500108.xlsx", "--agency", "50010801", "--as", "clerk-500108", "--basis", "存量清册（演示）", "--json")
	for n := range rounds {
		k.run(0, "ingest", filepath.Join(k.disk, fmt.Sprintf("交付-%03d", n)), "--agency", "50010801", "--as", "scanner-500108", "--json")
	}
	v := k.vault()
	defer v.Close()
	count := func(query string, args ...any) (n int) {
		k.t.Helper()
		if err := v.DB.QueryRow(k.t.Context(), query, args...).Scan(&n); err != nil {
			k.t.Fatal(err)
		}
		return n
	}
	if n := count("SELECT count(*) FROM dossier WHERE agency IN (?,?) AND state<>'left'", "50010801", "50010101"); n != want.Accepted+rounds*(foldersEach+transfersEach) {
		k.t.Errorf("%d dossiers are kept, want %d", n, want.Accepted+rounds*(foldersEach+transfersEach))
	}
	if n := count("SELECT count(*) FROM transfer"); n != len(k.acked)+len(k.arrived) {
		k.t.Errorf("%d transfers are there, %d were acknowledged", n, len(k.acked)+len(k.arrived))
	}
	k.delivered(v.DB)
	k.scanned(v.DB, rounds)
	for n, id := range k.acked {
		if id != "" && count("SELECT count(*) FROM transfer WHERE id=?", id) != 1 {
			k.t.Errorf("application %d was acknowledged as %s and is not there", n, id)
		}
	}
	k.verify("at the end")
	k.t.Logf("%d publishers killed before their end", k.cut)
	k.t.Logf("%d applications, %d of them in flight when it was killed", len(k.acked), len(open))
}
