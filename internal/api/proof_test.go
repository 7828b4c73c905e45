package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"dangan/internal/gate"
	"dangan/internal/testkit"
)

// browser sends requests with the cookie of one session, as a browser does.
type browser struct {
	c      *testkit.Client
	cookie string
}

func (b *browser) post(path string, body any, headers ...string) *testkit.Answer {
	a := b.c.Post(path, body, append(headers, "Cookie", b.cookie)...)
	if set := a.Header.Get("Set-Cookie"); set != "" {
		b.cookie, _, _ = strings.Cut(set, ";")
	}
	return a
}

// From outside: a session that is old is asked for a proof, with a problem of its own
// type; the same request, key and all, is done once it is given.
func TestAnOldSessionProvesItselfAndRepeatsTheAct(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		d := testkit.Stock(p, "50010801", 1, nil)
		b := &browser{c: p.Client("")}
		b.post("/api/v1/session", map[string]any{"username": "clerk-500108", "password": testkit.Password}).OK()
		path := "/api/v1/dossiers/" + d.ID + "/reveal"
		reveal := func(key string) *testkit.Answer {
			return b.post(path, map[string]any{"reason": "核对来函"}, "Idempotency-Key", key)
		}
		reveal(gate.NewID()).OK()
		p.Clock.Advance(6 * time.Minute)
		key := gate.NewID()
		a := reveal(key)
		problem := a.Problem()
		if a.Status != http.StatusForbidden || problem.Kind != "proof" || !strings.Contains(string(a.Body), "urn:dangan:problem:fresh-proof") || !strings.Contains(problem.Title, "显示完整号码") {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		if strings.Contains(string(a.Body), testkit.IDNo(1)) {
			t.Error("the number came without the proof")
		}
		before := b.cookie
		if a := b.post("/api/v1/account/step-up", map[string]any{"password": "Falsch-12345678"}); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("a wrong password answered %d", a.Status)
		}
		if a := reveal(key); a.Problem().Kind != "proof" {
			t.Errorf("after a wrong password: %s", a.Body)
		}
		b.post("/api/v1/account/step-up", map[string]any{"password": testkit.Password}).OK()
		if b.cookie == before {
			t.Error("the session kept its id")
		}
		if got := reveal(key).String("idNo"); got != testkit.IDNo(1) {
			t.Errorf("revealed %q", got)
		}
		if a := p.Client("clerk-500108").Post(path, map[string]any{"reason": "接口核对"}); a.Status != http.StatusOK {
			t.Errorf("a program's token is no session: %d %s", a.Status, a.Body)
		}
	})
}
