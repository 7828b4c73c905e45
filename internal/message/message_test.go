package message_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"dangan/internal/dossier"
	"dangan/internal/message"
	"dangan/internal/store"
	"dangan/internal/testkit"
)

// gateway is an SMS gateway as docs/sms-gateway.md describes one: it takes a key once.
type gateway struct {
	mu    sync.Mutex
	down  bool
	lose  int // takes so many and dies before it answers
	no    bool
	taken map[string]string
	times int
}

func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.times++
	raw, _ := io.ReadAll(r.Body)
	var m struct{ ID, To, Text string }
	switch _ = json.Unmarshal(raw, &m); {
	case g.down:
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	case g.no:
		w.WriteHeader(http.StatusUnprocessableEntity)
		fmt.Fprint(w, `{"reason":"空号"}`)
		return
	case r.Header.Get("Idempotency-Key") != m.ID || r.Header.Get("X-Dangan-Signature") == "":
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if _, again := g.taken[m.ID]; again {
		w.WriteHeader(http.StatusConflict)
		return
	}
	g.taken[m.ID] = m.Text
	if g.lose > 0 {
		g.lose--
		panic(http.ErrAbortHandler)
	}
	fmt.Fprintf(w, `{"id":"g-%d"}`, len(g.taken))
}

func begin(t *testing.T, p *testkit.Province) (*gateway, dossier.Dossier) {
	t.Helper()
	g := &gateway{taken: map[string]string{}}
	server := httptest.NewServer(g)
	t.Cleanup(server.Close)
	p.Messages.Senders[message.SMS] = message.NewGateway(server.URL, []byte("a key of the test's own"))
	d := testkit.Stock(p, "50010801", 1, nil)
	if err := p.Messages.SetContact(t.Context(), p.As("clerk-500108"), d.ID, message.SMS, "13800000001"); err != nil {
		t.Fatal(err)
	}
	return g, d
}

// ask has a certificate applied for, which tells the person.
func ask(t *testing.T, p *testkit.Province, n int, d dossier.Dossier) {
	t.Helper()
	p.Client("clerk-500108").Post("/api/v1/certificates", map[string]any{"kind": "custody", "dossierId": d.ID, "use": "办理落户", "applicant": "self", "name": testkit.Name(n), "idNo": testkit.IDNo(n), "seen": []string{"居民身份证"}}).OK()
}

func all(t *testing.T, p *testkit.Province) []message.Message {
	t.Helper()
	list, err := store.List[message.Message](t.Context(), p.DB, "ORDER BY created_at, id LIMIT 1000")
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// A gateway that is down for a day loses nothing, and one that dies after it took a message
// sends nothing twice.
func TestNothingIsLostAndNothingSentTwice(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		g, d := begin(t, p)
		g.down = true
		ask(t, p, 1, d)
		send := func() {
			t.Helper()
			if err := p.Messages.Send(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		for range 24 {
			send()
			p.Clock.Set(p.Clock.Now().Add(time.Hour))
		}
		if m := all(t, p)[0]; m.State != message.Queued || g.times < 12 {
			t.Fatalf("%s after a day of %d tries", m.State, g.times)
		}
		g.down, g.lose = false, 1
		for range 3 {
			p.Clock.Set(p.Clock.Now().Add(2 * time.Hour))
			send()
		}
		if m := all(t, p)[0]; m.State != message.Sent || len(g.taken) != 1 {
			t.Errorf("%s, taken %v", m.State, g.taken)
		}
		times := g.times
		p.Clock.Set(p.Clock.Now().Add(24 * time.Hour))
		if send(); g.times != times {
			t.Error("what was sent is sent again")
		}
		for _, text := range g.taken {
			if strings.Contains(text, testkit.IDNo(1)) || strings.Contains(text, testkit.Name(1)) || !strings.Contains(text, "*") {
				t.Errorf("it says too much: %s", text)
			}
		}
	})
}

func TestWhatDoesNotArriveIsToldByHand(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		g, d := begin(t, p)
		g.no = true
		ask(t, p, 1, d)
		p.RunJobs()
		m := all(t, p)[0]
		if m.State != message.Failed || !strings.Contains(m.Why, "空号") {
			t.Fatalf("%s: %s", m.State, m.Why)
		}
		clerk := p.As("clerk-500108")
		if items, err := p.Messages.Work(t.Context(), clerk); err != nil || len(items) != 1 {
			t.Errorf("%d items for the clerk, %v", len(items), err)
		}
		if err := p.Messages.SetContact(t.Context(), clerk, d.ID, message.SMS, "13900000002"); err != nil {
			t.Fatal(err)
		}
		g.no = false
		if _, err := p.Messages.Resend(t.Context(), clerk, m.ID); err != nil {
			t.Fatal(err)
		}
		p.RunJobs()
		if list := all(t, p); len(list) != 2 || list[0].State != message.Replaced || list[1].State != message.Sent || list[1].Address != "13900000002" {
			t.Errorf("after sending again: %+v", list)
		}
	})
}

func TestWhoDoesNotWantItIsNotToldAndADeadPersonNever(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		_, d := begin(t, p)
		if err := p.Messages.SetContact(t.Context(), p.As("clerk-500108"), d.ID, message.None, ""); err != nil {
			t.Fatal(err)
		}
		ask(t, p, 1, d)
		p.Messages.Dead = func(context.Context, store.Querier, string) (bool, error) { return true, nil }
		ask(t, p, 2, testkit.Stock(p, "50010801", 2, nil))
		if list := all(t, p); len(list) != 0 {
			t.Errorf("told: %+v", list)
		}
	})
}

// An e-mail whose fate a crash left open is not sent twice: a clerk is asked to look.
func TestAMailOfUnknownFateIsNotSentTwice(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		d := testkit.Stock(p, "50010801", 1, nil)
		if err := p.Messages.SetContact(t.Context(), p.As("clerk-500108"), d.ID, message.Email, "li@example.cn"); err != nil {
			t.Fatal(err)
		}
		died := &dies{}
		p.Messages.Senders[message.Email] = died
		ask(t, p, 1, d)
		ctx, cancel := context.WithCancel(t.Context())
		died.kill = cancel
		if err := p.Messages.Send(ctx); err == nil {
			t.Fatal("it did not die")
		}
		p.Clock.Set(p.Clock.Now().Add(time.Hour))
		if err := p.Messages.Send(t.Context()); err != nil {
			t.Fatal(err)
		}
		if m := all(t, p)[0]; m.State != message.Doubtful || died.times != 1 {
			t.Errorf("%s after %d times", m.State, died.times)
		}
	})
}

// dies stands for the program's death between handing a mail over and noting it.
type dies struct {
	kill  func()
	times int
}

func (d *dies) Check(context.Context) error { return nil }
func (d *dies) Send(ctx context.Context, _, _, _ string) (string, error) {
	d.times++
	d.kill()
	return "", ctx.Err()
}

func TestNoWordingTellsTooMuch(t *testing.T) {
	for _, tmpl := range message.Templates {
		if no := message.Check(tmpl.Text); no != nil {
			t.Errorf("%s: %v", tmpl.Name, no)
		}
	}
	for text, slug := range map[string]string{
		"":                                "wording_empty",
		"{机构}：{身份证号}":                     "wording_field",
		"您的档案已接收":                         "wording_agency",
		"{机构}：500108199001010011已受理":      "wording_number",
		"{机构}：您的处分决定已归档":                  "wording_sensitive",
		"{机构}：{姓名":                        "wording_braces",
		"{机构}" + strings.Repeat("长", 300): "wording_long",
	} {
		no := message.Check(text)
		if no == nil || no.Reasons[0].Slug != slug || no.Reasons[0].Rule != "29.3" {
			t.Errorf("%q: %v, want %s", text, no, slug)
		}
	}
}
