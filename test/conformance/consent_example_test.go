package conformance

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"

	"dangan/internal/testkit"
)

// TestTheExampleClientVerifies runs docs/examples/requester.py as its readers would, against a
// real server: what the manual shows is what works (N2).
func TestTheExampleClientVerifies(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3 here")
	}
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		c := atWindow(t, p)
		c.fact("birth_date", "1991年3月14日", "入团志愿书", true)
		id, v := enrolled(p, "示例核验单位（演示）", credits[0])
		url := p.Serve().URL
		run := func(stdin string, args ...string) (out, said string, code int) {
			cmd := exec.CommandContext(t.Context(), python, append([]string{"../../docs/examples/requester.py"}, args...)...)
			var stderr strings.Builder
			cmd.Stdin, cmd.Stderr = strings.NewReader(stdin), &stderr
			cmd.Env = []string{"DANGAN_URL=" + url, "DANGAN_REQUESTER_KEY=" + v.key, "PYTHONIOENCODING=utf-8"}
			raw, err := cmd.Output()
			var exit *exec.ExitError
			if errors.As(err, &exit) {
				return string(raw), stderr.String(), exit.ExitCode()
			} else if err != nil {
				t.Fatal(err)
			}
			return string(raw), stderr.String(), 0
		}
		if _, said, code := run("", "kinds"); code != 3 || !strings.Contains(said, "第二人确认") {
			t.Errorf("before it is confirmed: %d %s", code, said)
		}
		p.Client("secadmin-500000").Post("/api/v1/requesters/"+id+"/confirm", nil).OK()
		if out, said, code := run("", "kinds"); code != 0 || !strings.Contains(out, "education_at_least") {
			t.Errorf("kinds: %d %s %s", code, out, said)
		}
		if _, said, code := run("123\n", "ask", "--purpose", "recruit", "--matter", "招聘会计岗位", "--question", "birth_year=1991"); code != 2 || !strings.Contains(said, "公民身份号码不对") {
			t.Errorf("a wrong number: %d %s", code, said)
		}
		out, said, code := run(testkit.IDNo(c.n)+"\n", "ask", "--purpose", "recruit", "--matter", "招聘会计岗位", "--question", "birth_year=1991", "--question", "party_recorded=recorded")
		var asked struct{ ID, State string }
		if err := json.Unmarshal([]byte(out), &asked); err != nil || code != 0 || asked.State != "asked" {
			t.Fatalf("ask: %d %s %s", code, out, said)
		}
		if _, said, code := run("", "answers", asked.ID); code != 3 || !strings.Contains(said, "等本人同意") {
			t.Errorf("before the person consented: %d %s", code, said)
		}
		citizen(t, p, c.n).decides(p, asked.ID, "grant").OK()
		out, said, code = run("", "answers", asked.ID)
		if code != 0 || !strings.Contains(out, `"answer": "yes"`) || !strings.Contains(out, `"answer": "not_recorded"`) || strings.Contains(out, "3月14日") {
			t.Errorf("answers: %d %s %s", code, out, said)
		}
		if err := p.Publish(t.Context()); err != nil {
			t.Fatal(err)
		}
		// The key goes to the address that was registered: not in clear, and not where that one sends on to.
		var stray atomic.Bool
		elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { stray.Store(r.Header.Get("Requester-Key") != "") }))
		sends := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusFound))
		defer elsewhere.Close()
		defer sends.Close()
		whole := url
		for at, want := range map[string]int{sends.URL: 4, "http://dangan.example.cn": 2} {
			url = at
			if _, said, code := run("", "kinds"); code != want || stray.Load() {
				t.Errorf("%s: %d %s, the key went elsewhere: %v", at, code, said, stray.Load())
			}
		}
		url = whole
		if out, said, code := run("", "proof", asked.ID); code != 0 || !strings.Contains(out, "dangan-proof/1") {
			t.Errorf("proof: %d %s %s", code, out, said)
		}
	})
}
