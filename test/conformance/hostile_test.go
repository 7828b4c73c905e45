package conformance

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"dangan/internal/gate"
	"dangan/internal/testkit"
)

// posts are the accounts that try: one a post, and one of another district.
var posts = []string{"clerk-500108", "reviewer-500108", "keeper-500108", "scanner-500108", "head-500108", "supervisor-500108", "supervisor-500000",
	"statistician-500000", "organization-500108", "archives-500000", "sysadmin-500000", "secadmin-500000", "auditor-500000", "clerk-500103"}

// document is what these tests read of the API's own description.
type document struct {
	Paths      map[string]map[string]operation
	Components struct{ Schemas map[string]*schema }
}

type operation struct {
	OperationID string
	Security    *[]any
	Parameters  []struct {
		Name, In string
		Schema   *schema
	}
	RequestBody *struct {
		Content map[string]struct{ Schema *schema }
	}
}

type schema struct {
	Ref        string `json:"$ref"`
	Type       any
	Properties map[string]*schema
	Items      *schema
	Enum       []any
}

func described(t *testing.T, p *testkit.Province) document {
	t.Helper()
	var d document
	p.Client("").Get("/api/openapi.json").JSON(&d)
	if len(d.Paths) < 100 {
		t.Fatalf("the document describes %d paths", len(d.Paths))
	}
	return d
}

func (d document) resolve(s *schema) *schema {
	for s != nil && s.Ref != "" {
		s = d.Components.Schemas[s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]]
	}
	return s
}

func (s *schema) is(kind string) bool {
	switch t := s.Type.(type) {
	case string:
		return t == kind
	case []any:
		for _, one := range t {
			if one == kind {
				return true
			}
		}
	}
	return false
}

// value makes a JSON value for a schema: of the right type with text for every
// string, or (wrong) of another type throughout.
func (d document) value(s *schema, text string, wrong bool, depth int) any {
	if s = d.resolve(s); s == nil || depth > 5 {
		return nil
	}
	switch {
	case s.is("object"):
		out := map[string]any{}
		for name, p := range s.Properties {
			if name != "$schema" {
				out[name] = d.value(p, text, wrong, depth+1)
			}
		}
		return out
	case s.is("array"):
		if wrong {
			return text
		}
		return []any{d.value(s.Items, text, wrong, depth+1), d.value(s.Items, text, wrong, depth+1)}
	case s.is("integer"), s.is("number"):
		if wrong {
			return text
		}
		return -9007199254740993
	case s.is("boolean"):
		if wrong {
			return "yes"
		}
		return true
	default:
		switch {
		case wrong:
			return 20.5
		case len(s.Enum) > 0 && len(text) < 20:
			return s.Enum[0]
		}
		return text
	}
}

// bodies are what a hostile client sends to one operation.
func (d document) bodies(s *schema) map[string]any {
	raw := func(v any) any {
		b, _ := json.Marshal(v)
		return b
	}
	return map[string]any{
		"nothing":      nil,
		"a list":       "[]",
		"cut":          `{"name":"何`,
		"not JSON":     "PK\x03\x04\x00\x00",
		"nonsense":     raw(d.value(s, "无", false, 0)),
		"an id":        raw(d.value(s, "018f0000-0000-7000-8000-000000000000", false, 0)),
		"a date":       raw(d.value(s, "2026-02-30", false, 0)),
		"wrong types":  raw(d.value(s, "甲", true, 0)),
		"long":         raw(d.value(s, strings.Repeat("𠮷", 3000), false, 0)),
		"control":      raw(d.value(s, "a\x00b\u202e'; DROP TABLE person; --", false, 0)),
		"bare surrogs": `{"name":"\ud842","reason":"\udfb7\ud842"}`,
		"nulls":        `{"name":null,"reason":null,"lines":null,"readers":[null],"posts":{},"defects":[[]]}`,
		"deep":         strings.Repeat(`{"a":[`, 20_000) + "1" + strings.Repeat("]}", 20_000),
	}
}

// TestNoRequestBreaksTheServer sends to every operation, as every post, what a
// person who wants to break it would: each answer is a result or a problem in
// Chinese, none a failure of ours, and the ledger still holds.
func TestNoRequestBreaksTheServer(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		d := described(t, p)
		ids := somethingOfEverything(t, p)
		asked := 0
		for path, methods := range d.Paths {
			for method, op := range methods {
				method = strings.ToUpper(method)
				bodies := map[string]any{"nothing": nil}
				if op.RequestBody != nil {
					for kind, content := range op.RequestBody.Content {
						if kind == "application/json" {
							bodies = d.bodies(content.Schema)
							if p.URL != "" { // refused before any database is asked: once is enough
								for _, name := range []string{"a list", "cut", "not JSON", "wrong types", "deep"} {
									delete(bodies, name)
								}
							}
						} else {
							bodies = map[string]any{"nothing": nil, "not what it says": "PK\x03\x04\x00\x00", "text": "序号,姓名"}
						}
					}
				}
				var queries []string
				for _, q := range op.Parameters {
					if q.In == "query" {
						queries = append(queries, q.Name+"="+url.QueryEscape("-1"), q.Name+"="+url.QueryEscape("'\x00%_甲"), q.Name+"="+strings.Repeat("9", 40))
					}
				}
				places := ids.places(path)
				ends := []string{places[0], places[len(places)-1]}
				turn := 0
				for name, body := range bodies {
					// Every post says the sensible nonsense; the rest goes round.
					who, where := []string{posts[turn%len(posts)]}, ends
					if name == "nonsense" || len(bodies) == 1 {
						who, where = posts, places
						if p.URL != "" { // what a post may see differs by no engine: two of them go round
							who = []string{posts[asked%len(posts)], posts[(asked+len(posts)/2)%len(posts)]}
						}
					}
					turn++
					for _, user := range who {
						for _, place := range where {
							sound(t, p.Client(user).Do(method, place, body, "If-Match", `"1"`), user+" sends "+name)
							asked++
						}
					}
				}
				for _, q := range queries {
					sound(t, p.Client(posts[turn%len(posts)]).Do(method, places[0]+"?"+q, nil), "query "+q)
					turn++
					asked++
				}
				if op.Security == nil { // not open to everybody
					if a := p.Client("").Do(method, places[0], nil); a.Status != 401 && a.Status != 404 {
						t.Errorf("%s unsigned answered %d", a.Request, a.Status)
					}
				}
			}
		}
		p.RunJobs()
		if err := p.Publish(t.Context()); err != nil {
			t.Fatal(err)
		}
		r, err := p.Vault().Verify(t.Context(), nil, time.Now(), nil)
		if err != nil || !r.OK {
			t.Errorf("the check afterwards: %v, %d differences: %+v", err, r.Found, r.Differences[:min(5, len(r.Differences))])
		}
		if asked < 2500 {
			t.Errorf("only %d requests were made", asked)
		}
	})
}

// sound holds an answer to what every answer must be.
func sound(t *testing.T, a *testkit.Answer, what string) {
	t.Helper()
	switch {
	case a.Status >= 500:
		t.Errorf("%s: %s answered %d: %s", what, a.Request, a.Status, a.Body)
	case a.Status >= 400:
		var p testkit.Problem
		if err := json.Unmarshal(a.Body, &p); err != nil || !strings.HasPrefix(a.Header.Get("Content-Type"), "application/problem+json") {
			t.Errorf("%s: %s answered %d without a problem: %.200s", what, a.Request, a.Status, a.Body)
		} else if !chinese(p.Title) || !chinese(p.Detail) {
			t.Errorf("%s: %s answered in no Chinese: %.300s", what, a.Request, a.Body)
		}
	}
}

func chinese(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// things are ids that the paths can be filled with, by collection.
type things map[string][]string

// places fills a path's parameters: with what is there, what is not, and with
// what can't be.
func (x things) places(path string) []string {
	if !strings.Contains(path, "{") {
		return []string{path}
	}
	collection := strings.Split(strings.TrimPrefix(path, "/api/v1/"), "/")[0]
	fill := func(id string) string {
		parts := strings.Split(path, "/")
		first := true
		for i, part := range parts {
			if strings.HasPrefix(part, "{") {
				parts[i] = url.PathEscape(id)
				if !first {
					parts[i] = "1"
				}
				first = false
			}
		}
		return strings.Join(parts, "/")
	}
	var out []string
	for _, id := range x[collection] {
		out = append(out, fill(id))
	}
	return append(out, fill("018f0000-0000-7000-8000-000000000000"), fill("' OR 1=1 --\x00"))
}

// somethingOfEverything makes dossiers and cases of several kinds and states.
func somethingOfEverything(t *testing.T, p *testkit.Province) things {
	t.Helper()
	x := things{}
	elsewhere := testkit.Stock(p, "50010301", 7001, nil)
	sent := move(t, p, 7002, nil).sent(whole)
	lettered := move(t, p, 7003, nil).lettered()
	c := ready(p, stock(p, nil), with("way", "paper"))
	w := atWindow(t, p)
	certificate := w.apply("custody").OK().String("id")
	own := stock(p, nil)
	a := p.Client("clerk-500108").Post("/api/v1/dossiers/"+own.ID+"/materials", piece("劳动合同书", nil)).OK()
	x["dossiers"] = []string{own.ID, elsewhere.ID, sent.d.ID}
	x["custody"] = x["dossiers"]
	x["transfers"] = []string{sent.id, lettered.id}
	x["consultations"] = []string{c.id}
	x["certificates"] = []string{certificate}
	x["loans"] = []string{borrowed(p, stock(p, nil)).id}
	x["materials"] = []string{a.String("id")}
	x["rosters"] = []string{upload(p, "clerk-500108", stockList(t, 7100, 3)).OK().String("id")}
	x["staff"] = []string{idOf(t, p, "keeper-500103")} // who sends nothing here
	x["settings"] = []string{"transfer.days"}
	x["ledger"] = []string{"1"}
	x["codes"] = []string{"purposes"}
	return x
}

// TestAGigabyteIsNotRead sends a body of a gigabyte: it is refused without being read.
func TestAGigabyteIsNotRead(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		server, token := p.Serve(), p.Token("clerk-500108")
		for path, kind := range map[string]string{"/api/v1/certificates": "application/json", "/api/v1/rosters": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"} {
			sent := &counted{r: io.LimitReader(blanks{}, 1<<30)}
			r, err := http.NewRequest(http.MethodPost, server.URL+path, sent)
			if err != nil {
				t.Fatal(err)
			}
			r.ContentLength = 1 << 30
			r.Header.Set("Content-Type", kind)
			r.Header.Set("Authorization", "Bearer "+token)
			r.Header.Set("Idempotency-Key", gate.NewID())
			res, err := http.DefaultClient.Do(r)
			if err != nil {
				// The server may close the connection on a client that goes on sending.
				if sent.n > 1<<29 {
					t.Errorf("%s: %v after %d bytes", path, err, sent.n)
				}
				continue
			}
			raw, _ := io.ReadAll(res.Body)
			_ = res.Body.Close()
			if res.StatusCode != http.StatusRequestEntityTooLarge || !chinese(string(raw)) {
				t.Errorf("%s answered %d: %.200s", path, res.StatusCode, raw)
			}
			if sent.n > 1<<29 {
				t.Errorf("%s: %d bytes were read", path, sent.n)
			}
		}
	})
}

// blanks never end.
type blanks struct{}

func (blanks) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = ' '
	}
	return len(b), nil
}

type counted struct {
	r io.Reader
	n int64
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += int64(n)
	return n, err
}

// TestTwoClerksOnOneCase lets two clerks act on the same version at the same time:
// one is served, the other told who was first; nothing is done twice.
func TestTwoClerksOnOneCase(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		m := move(t, p, 7201, nil)
		m.apply()
		version := p.Client("clerk-500101").Get("/api/v1/transfers/" + m.id).ETag()
		answers := make([]*testkit.Answer, 2)
		clients := []*testkit.Client{p.Client("clerk-500101"), p.Client("clerk-500101")}
		var wg sync.WaitGroup
		for i := range answers {
			wg.Go(func() {
				answers[i] = clients[i].Post("/api/v1/transfers/"+m.id+"/letter", nil, "If-Match", version)
			})
		}
		wg.Wait()
		first, second := answers[0], answers[1]
		if first.Status/100 != 2 {
			first, second = second, first
		}
		first.OK()
		if second.Status != http.StatusConflict || !chinese(second.Problem().Detail) {
			t.Errorf("the second clerk was answered %d: %s", second.Status, second.Body)
		}
		if a := m.p.Client("clerk-500101").Get("/api/v1/transfers/" + m.id); a.String("state") != "lettered" {
			t.Errorf("state %s", a.String("state"))
		}
	})
}

// TestAKeyStandsForOneRequest repeats a request under its key, and sends another one under it.
func TestAKeyStandsForOneRequest(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		d, key := stock(p, nil), gate.NewID()
		send := func(title string) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/dossiers/"+d.ID+"/materials", piece(title, nil), "Idempotency-Key", key)
		}
		id := send("劳动合同书").OK().String("id")
		again := send("劳动合同书").OK()
		if again.String("id") != id || again.Header.Get("Idempotent-Replayed") == "" {
			t.Errorf("the repetition was answered anew: %s", again.Body)
		}
		if other := send("履历表"); other.Status != http.StatusConflict || !chinese(other.Problem().Detail) {
			t.Errorf("another request under the key was answered %d: %s", other.Status, other.Body)
		}
		var list struct{ Items []any }
		p.Client("clerk-500108").Get(fmt.Sprintf("/api/v1/materials?dossier=%s", d.ID)).JSON(&list)
		if len(list.Items) != 1 {
			t.Errorf("%d materials were received", len(list.Items))
		}
	})
}

// TestAnotherAgencysCasesAreNotThere asks for and acts on cases of another district by their ids.
func TestAnotherAgencysCasesAreNotThere(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		ids := somethingOfEverything(t, p)
		stranger := p.Client("clerk-500103")
		for path, id := range map[string]string{"/api/v1/dossiers/": ids["dossiers"][0], "/api/v1/consultations/": ids["consultations"][0], "/api/v1/certificates/": ids["certificates"][0],
			"/api/v1/transfers/": ids["transfers"][0], "/api/v1/materials/": ids["materials"][0], "/api/v1/rosters/": ids["rosters"][0]} {
			there, nowhere := stranger.Get(path+id), stranger.Get(path+"018f0000-0000-7000-8000-000000000000")
			if there.Status != http.StatusNotFound || string(there.Body) != string(nowhere.Body) {
				t.Errorf("%s tells a stranger %d: %s", path, there.Status, there.Body)
			}
		}
		for path, body := range map[string]any{"/api/v1/consultations/" + ids["consultations"][0] + "/withdraw": j{"reason": "误登"},
			"/api/v1/certificates/" + ids["certificates"][0] + "/withdraw": j{"reason": "误登"}, "/api/v1/dossiers/" + ids["dossiers"][0] + "/materials": piece("劳动合同书", nil)} {
			if a := stranger.Post(path, body); a.Status != http.StatusNotFound {
				t.Errorf("%s answered a stranger %d: %s", path, a.Status, a.Body)
			}
		}
	})
}
