package random

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"dangan/internal/testkit"
)

// operation is one change that the OpenAPI document offers.
type operation struct {
	id, method, path string
	body             *schema // nil: it takes none
	choices          map[string][]string
}

// does says whether the operation does an act that a page of the segment offers: "hold.ask"
// is askHold, and "transfer.pack" the last word of /transfers/{id}/pack.
func (o operation) does(action, segment string) bool {
	noun, verb, _ := strings.Cut(action, ".")
	return o.segment() == segment && o.verb() == verb || o.id == camel(verb)+strings.ToUpper(noun[:1])+camel(noun[1:]) || o.id == camel(verb)
}

// segment is the part of the path after the version: "transfers".
func (o operation) segment() string { return strings.Split(o.path, "/")[3] }

// verb is the last part of the path, as an act is called: "send_back".
func (o operation) verb() string {
	return strings.ReplaceAll(o.path[strings.LastIndex(o.path, "/")+1:], "-", "_")
}

type schema struct {
	Ref        string             `json:"$ref"`
	Type       any                `json:"type"`
	Enum       []any              `json:"enum"`
	Properties map[string]*schema `json:"properties"`
	Required   []string           `json:"required"`
	Items      *schema            `json:"items"`
	MaxLength  int                `json:"maxLength"`
}

// kind is the type without null.
func (s *schema) kind() string {
	switch t := s.Type.(type) {
	case string:
		return t
	case []any:
		for _, x := range t {
			if x != "null" {
				return x.(string)
			}
		}
	}
	return ""
}

type document struct {
	operations []operation
	schemas    map[string]*schema
	pages      map[string]bool // segments of which one thing can be read
}

func (d *document) resolve(s *schema) *schema {
	for s.Ref != "" {
		s = d.schemas[s.Ref[strings.LastIndex(s.Ref, "/")+1:]]
	}
	return s
}

// left out are the walkers' own sign-ins, and what would take the walkers away.
var left = []string{"/api/v1/account", "/api/v1/session", "/api/v1/portal", "/api/v1/requester/", "/api/v1/staff", "/api/v1/setup", "/api/v1/ledger/proofs"}

// read reads every change from the document; bodies that are files are not walked, their
// readers are fuzzed.
func read(t *testing.T, p *testkit.Province) *document {
	t.Helper()
	var raw struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
			Parameters  []struct {
				Name, In string
				Schema   schema
			}
			RequestBody *struct {
				Content map[string]struct{ Schema *schema }
			}
		}
		Components struct{ Schemas map[string]*schema }
	}
	if err := json.Unmarshal(p.Client("").Get("/api/openapi.json").OK().Body, &raw); err != nil {
		t.Fatal(err)
	}
	d := &document{schemas: raw.Components.Schemas, pages: map[string]bool{}}
	for _, path := range slices.Sorted(maps.Keys(raw.Paths)) {
		if slices.ContainsFunc(left, func(head string) bool { return strings.HasPrefix(path, head) }) {
			continue
		}
		for method, o := range raw.Paths[path] {
			if method == "get" {
				if parts := strings.Split(path, "/"); len(parts) == 5 && strings.HasPrefix(parts[4], "{") {
					d.pages[parts[3]] = true
				}
				continue
			}
			op := operation{id: o.OperationID, method: strings.ToUpper(method), path: path, choices: map[string][]string{}}
			for _, par := range o.Parameters {
				for _, value := range par.Schema.Enum {
					op.choices[par.Name] = append(op.choices[par.Name], value.(string))
				}
			}
			if o.RequestBody != nil {
				content, ok := o.RequestBody.Content["application/json"]
				if !ok {
					continue
				}
				op.body = content.Schema
			}
			d.operations = append(d.operations, op)
		}
	}
	slices.SortFunc(d.operations, func(a, b operation) int {
		return cmp.Or(cmp.Compare(a.path, b.path), cmp.Compare(a.method, b.method))
	})
	return d
}
