package testkit

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"dangan/internal/gate"
)

// Client asks the API from outside, as one account or unsigned.
type Client struct {
	t     testing.TB
	base  string
	token string
}

// Client is a client with an account's bearer token; username "" stays unsigned.
// All clients of a province share one server.
func (p *Province) Client(username string) *Client {
	p.t.Helper()
	if p.server == nil {
		p.server = p.Serve()
	}
	c := &Client{t: p.t, base: p.server.URL}
	if username != "" {
		if p.tokens[username] == "" {
			p.tokens[username] = p.Token(username)
		}
		c.token = p.tokens[username]
	}
	return c
}

// At is the same account at another server, such as a process of its own.
func (c *Client) At(base string) *Client { return &Client{t: c.t, base: base, token: c.token} }

// Forget has every later client get a new token: those there were may have expired.
func (p *Province) Forget() { clear(p.tokens) }

// Answer is what the API said.
type Answer struct {
	t       testing.TB
	Request string // method and path, for messages
	Status  int
	Header  http.Header
	Body    []byte
}

// Get asks for path, such as /api/v1/dossiers.
func (c *Client) Get(path string) *Answer { c.t.Helper(); return c.Do("GET", path, nil) }

// Post sends body as JSON with an Idempotency-Key of its own; headers are name, value pairs.
func (c *Client) Post(path string, body any, headers ...string) *Answer {
	c.t.Helper()
	return c.Do("POST", path, body, headers...)
}

// Put is Post with PUT.
func (c *Client) Put(path string, body any, headers ...string) *Answer {
	c.t.Helper()
	return c.Do("PUT", path, body, headers...)
}

// Delete asks to delete.
func (c *Client) Delete(path string) *Answer { c.t.Helper(); return c.Do("DELETE", path, nil) }

// Do sends any request; body nil sends none, []byte and string are sent as they are.
func (c *Client) Do(method, path string, body any, headers ...string) *Answer {
	c.t.Helper()
	a, err := c.Try(context.Background(), method, path, body, headers...)
	if err != nil {
		c.t.Fatal(err)
	}
	return a
}

// Try is Do for who expects that no answer may come.
func (c *Client) Try(ctx context.Context, method, path string, body any, headers ...string) (*Answer, error) {
	var content io.Reader
	switch b := body.(type) {
	case nil:
	case []byte:
		content = bytes.NewReader(b)
	case string:
		content = strings.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			return nil, err
		}
		content = bytes.NewReader(raw)
	}
	r, err := http.NewRequestWithContext(ctx, method, c.base+path, content)
	if err != nil {
		return nil, err
	}
	if method != "GET" {
		r.Header.Set("Idempotency-Key", gate.NewID())
	}
	if content != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	return &Answer{t: c.t, Request: method + " " + path, Status: res.StatusCode, Header: res.Header, Body: raw}, nil
}

// JSON reads the answer into v; anything but 2xx ends the test.
func (a *Answer) JSON(v any) {
	a.t.Helper()
	a.OK()
	if err := json.Unmarshal(a.Body, v); err != nil {
		a.t.Fatalf("%s: %v in %s", a.Request, err, a.Body)
	}
}

// OK ends the test unless the answer is 2xx.
func (a *Answer) OK() *Answer {
	a.t.Helper()
	if a.Status/100 != 2 {
		a.t.Fatalf("%s answered %d: %s", a.Request, a.Status, a.Body)
	}
	return a
}

// String reads one field of the answer, parted by dots: "id", "body.state".
func (a *Answer) String(path string) string {
	a.t.Helper()
	var v any
	a.JSON(&v)
	for _, key := range strings.Split(path, ".") {
		m, _ := v.(map[string]any)
		v = m[key]
	}
	s, ok := v.(string)
	if !ok {
		a.t.Fatalf("%s: no text at %s in %s", a.Request, path, a.Body)
	}
	return s
}

// Problem is what a refusal says.
type Problem struct {
	Kind    string
	Title   string
	Detail  string
	Reasons []struct {
		Rule, Slug, Message, Next, Field, Clause string
	}
}

// Problem reads problem+json.
func (a *Answer) Problem() Problem {
	a.t.Helper()
	var p Problem
	if err := json.Unmarshal(a.Body, &p); err != nil {
		a.t.Fatalf("%s: no problem in %s", a.Request, a.Body)
	}
	return p
}

// Rules lists the rule ids of a refusal.
func (a *Answer) Rules() []string {
	a.t.Helper()
	var out []string
	for _, r := range a.Problem().Reasons {
		out = append(out, r.Rule)
	}
	return out
}

// ETag is the version for If-Match.
func (a *Answer) ETag() string { return a.Header.Get("ETag") }

type serving struct {
	server *httptest.Server
	tokens map[string]string
}
