package random

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dangan/internal/gate"
	"dangan/internal/rule"
	"dangan/internal/testkit"

	"pgregory.net/rapid"
)

// walkers do the acts: the posts of two districts, the province's and those who only read.
var walkers = []string{"clerk-500108", "clerk-500108", "clerk-500108", "reviewer-500108", "reviewer-500108", "reviewer-500108", "keeper-500108", "keeper-500108", "head-500108", "scanner-500108",
	"supervisor-500108", "supervisor-500000", "supervisor-500000", "clerk-500103", "reviewer-500103", "keeper-500103", "clerk-500000", "reviewer-500000", "organization-500000", "auditor-500000"}

// near is how many of them work at the agency whose cases are met most.
const near = 10

// walk is one province that is walked through again and again.
type walk struct {
	p     *testkit.Province
	d     *document
	w     *world
	known map[string]bool // rule ids

	clients map[string]*testkit.Client
	server  *process            // nil: in this one
	able    map[string][]string // who did an operation, by its id
	desks   map[string][]string // what lies on them, forgotten now and then

	trace    []string          // acts of this sequence
	accepted map[string]int    // by operation
	last     map[string]string // how each was refused last
	asked    map[string]int
	refused  int
	lost     int // races
	broken   int // requests cut off
}

// answer is what came back, or nothing when the request was cut off.
type answer struct {
	status int
	etag   string
	body   []byte
}

// step draws one act and does it: mostly one that the page of a case offers to somebody.
func (k *walk) step(rt *rapid.T) {
	w := k.w
	who, op := w.draw(walkers, ""), k.d.operations[w.below(len(k.d.operations))]
	// A third of the steps goes where nothing came through yet, and does not give up soon.
	patience := 3
	if idle := k.unmoved(); len(idle) > 0 && w.below(3) == 0 {
		op, patience = idle[w.below(len(idle))], 12
	}
	id, version := w.draw(w.ids[op.segment()], ""), ""
	if strings.Contains(op.path, "{") && id == "" {
		return
	}
	segment := op.segment()
	if patience == 3 && w.below(2) == 0 {
		if at, found := k.desk(rt, who); found != "" {
			segment, id = at, found
		}
	}
	w.page, w.table = map[string][]string{}, tableOf(segment)
	for tries := 0; k.d.pages[segment] && w.below(8) > 0 && tries < 4; tries++ {
		page := k.send(rt, who, "GET", "/api/v1/"+segment+"/"+id, nil, "")
		version = page.etag
		if offered := k.offered(segment, page.body); len(offered) > 0 {
			op = offered[w.below(len(offered))]
			break
		}
		who = w.draw(walkers, "")
	}
	if w.below(2) > 0 && len(k.able[op.id]) > 0 {
		who = k.somebody(op)
	}
	path := w.fill(op, id)
	if w.below(4) == 0 {
		version = ""
	}
	k.asked[op.id]++
	// What is seen and came through before is worth a race: most of what is drawn nobody wins.
	if version != "" && k.accepted[op.id] > 0 && w.below(6) == 0 {
		k.race(rt, who, op, path, k.body(op), version)
		return
	}
	switch w.below(20) {
	case 0:
		k.race(rt, who, op, path, k.body(op), version)
	case 1:
		k.cut(rt, who, op, path, k.body(op))
	default:
		// Who may not leaves it to another; who is told that something is wrong writes something else.
		for range patience {
			a := k.send(rt, who, op.method, path, k.body(op), version)
			k.judge(rt, who, op, a)
			switch {
			case a.status/100 == 2 || a.status == 0:
				return
			case bytes.Contains(a.body, []byte("post_not_entitled")):
				who = w.draw(named(a.body), k.somebody(op))
			case a.status == http.StatusNotFound:
				who = k.somebody(op)
			case op.body == nil || a.status == http.StatusForbidden || a.status == http.StatusConflict:
				return
			}
		}
	}
}

func (k *walk) body(op operation) any {
	if op.body == nil {
		return nil
	}
	return k.w.body(k.d, "", op.body)
}

// desk draws what lay on somebody's desk when they looked last: the first part of its path,
// and its id.
func (k *walk) desk(rt *rapid.T, who string) (segment, id string) {
	if k.desks[who] == nil {
		k.desks[who] = k.items(rt, who)
	}
	segment, id, _ = strings.Cut(k.w.draw(k.desks[who], ""), "/")
	return segment, id
}

func (k *walk) items(rt *rapid.T, who string) []string {
	var v struct {
		Groups []struct{ Items []struct{ Link string } }
	}
	if json.Unmarshal(k.send(rt, who, "GET", "/api/v1/work", nil, "").body, &v) != nil {
		return []string{}
	}
	all := []string{}
	for _, g := range v.Groups {
		for _, item := range g.Items {
			link, _, _ := strings.Cut(item.Link, "?")
			if parts := strings.Split(strings.Trim(link, "/"), "/"); len(parts) == 2 && len(k.w.ids[parts[0]]) > 0 {
				all = append(all, parts[0]+"/"+parts[1])
			}
		}
	}
	return all
}

// somebody draws one who has done the like before, or one of those near.
func (k *walk) somebody(op operation) string {
	return k.w.draw(k.able[op.id], k.w.draw(walkers[:near], ""))
}

// posts are the walkers' posts as refusals name them.
var posts = map[string]string{"经办": "clerk", "审核": "reviewer", "库管": "keeper", "扫描": "scanner", "负责人": "head", "监督": "supervisor", "审计管理员": "auditor"}

// named are the walkers whose post a refusal says may do it.
func named(refusal []byte) (out []string) {
	for _, post := range sorted(posts) {
		for _, who := range walkers {
			if bytes.Contains(refusal, []byte(post)) && strings.HasPrefix(who, posts[post]) {
				out = append(out, who)
			}
		}
	}
	return out
}

// offered are the operations to the acts that a page says are possible now.
func (k *walk) offered(segment string, page []byte) []operation {
	var view struct {
		Possible []struct {
			Action  string
			Allowed bool
		}
	}
	var all any
	if json.Unmarshal(page, &view) != nil || json.Unmarshal(page, &all) != nil {
		return nil
	}
	var out []operation
	for _, may := range view.Possible {
		for _, op := range k.d.operations {
			if may.Allowed && op.does(may.Action, segment) {
				out = append(out, op)
			}
		}
	}
	if len(out) > 0 {
		k.w.look(all, "")
	}
	return out
}

// judge holds an answer to what every answer must be.
func (k *walk) judge(rt *rapid.T, who string, op operation, a answer) {
	switch {
	case a.status == 0: // the server was killed in the middle
		k.broken++
		return
	case a.status >= 500:
		rt.Fatalf("%s was answered %d: %s%s", op.id, a.status, a.body, k.story())
	case a.status/100 == 2:
		k.accepted[op.id]++
		if !slices.Contains(k.able[op.id], who) {
			k.able[op.id] = append(k.able[op.id], who)
		}
		return
	}
	var no testkit.Problem
	if err := json.Unmarshal(a.body, &no); err != nil || no.Kind == "" || no.Title == "" {
		rt.Fatalf("%s was answered %d without a problem: %s%s", op.id, a.status, a.body, k.story())
	}
	k.refused++
	k.last[op.id] = fmt.Sprintf("%d %s %s", a.status, who, bytes.TrimSpace(a.body))
	if no.Kind != "refused" && no.Kind != "incomplete" {
		return
	}
	if len(no.Reasons) == 0 {
		rt.Fatalf("%s was refused without a reason: %s%s", op.id, a.body, k.story())
	}
	for _, reason := range no.Reasons {
		if !k.known[reason.Rule] || reason.Message == "" || reason.Next == "" {
			rt.Fatalf("%s was refused without rule, reason or way on: %s%s", op.id, a.body, k.story())
		}
	}
}

// race has two send the same at once, as each other's neighbor would.
func (k *walk) race(rt *rapid.T, who string, op operation, path string, body any, version string) {
	var answers [2]answer
	var both sync.WaitGroup
	for i := range answers {
		both.Go(func() { answers[i] = k.send(rt, who, op.method, path, body, version) })
	}
	both.Wait()
	won := 0
	for _, a := range answers {
		k.judge(rt, who, op, a)
		if a.status/100 == 2 {
			won++
		} else if a.status == http.StatusConflict || a.status == http.StatusPreconditionFailed {
			k.lost++
		}
	}
	// Both may come through only where the first left the version as it was.
	if won == 2 && version != "" && answers[0].etag != "" && answers[0].etag != version && answers[1].etag != version && answers[0].etag != answers[1].etag {
		rt.Fatalf("%s was done twice on version %s: %s and %s%s", op.id, version, answers[0].etag, answers[1].etag, k.story())
	}
}

// cut breaks the connection off in the middle of an act, which is then done or not done.
func (k *walk) cut(rt *rapid.T, who string, op operation, path string, body any) {
	after := time.Duration(50+k.w.below(4000)) * time.Microsecond
	ctx, cancel := context.WithTimeout(context.Background(), after)
	defer cancel()
	if a, err := k.request(ctx, who, op.method, path, body, ""); err == nil {
		k.judge(rt, who, op, a)
	} else {
		k.broken++
	}
}

func (k *walk) send(rt *rapid.T, who, method, path string, body any, version string) answer {
	a, err := k.request(context.Background(), who, method, path, body, version)
	if err != nil && k.server == nil {
		rt.Fatalf("%s %s: %v", method, path, err)
	}
	return a
}

func (k *walk) request(ctx context.Context, who, method, path string, body any, version string) (answer, error) {
	headers := []string{"Idempotency-Key", gate.NewID()}
	if version != "" {
		headers = append(headers, "If-Match", version)
	}
	a, err := k.clients[who].Try(ctx, method, path, body, headers...)
	if err != nil {
		k.note(fmt.Sprintf("%s %s %s: %v", who, method, path, err))
		return answer{}, err
	}
	if method != "GET" {
		raw, _ := json.Marshal(body)
		k.note(fmt.Sprintf("%s %s %s %s → %d", who, method, path, raw, a.Status))
	}
	return answer{a.Status, a.ETag(), a.Body}, nil
}

var noting sync.Mutex

func (k *walk) note(line string) {
	noting.Lock()
	defer noting.Unlock()
	k.trace = append(k.trace, line)
}

// story is what was done in this sequence: the province is the same for all of them, so
// that one is not found again by its draws alone.
func (k *walk) story() string { return "\n" + strings.Join(k.trace, "\n") }

// rules are those that a refusal may cite.
func rules() map[string]bool {
	out := map[string]bool{}
	for _, r := range rule.All() {
		out[string(r.ID)] = true
	}
	return out
}

// unmoved are the operations of rooms of which none ever came through.
func (k *walk) unmoved() (out []operation) {
	moved := map[string]bool{}
	for _, op := range k.d.operations {
		moved[op.segment()] = moved[op.segment()] || k.accepted[op.id] > 0
	}
	for _, op := range k.d.operations {
		if !moved[op.segment()] {
			out = append(out, op)
		}
	}
	return out
}

// idle are the operations that never once came through, for the log.
func (k *walk) idle() []string {
	var out []string
	for _, op := range k.d.operations {
		if k.accepted[op.id] == 0 {
			out = append(out, fmt.Sprintf("%s(%d)", op.id, k.asked[op.id]))
		}
	}
	return out
}

func (k *walk) log(t *testing.T) {
	done := 0
	for _, n := range k.accepted {
		done += n
	}
	t.Logf("%d acts done by %d of %d operations, %d refused, %d races lost, %d cut off; never done: %v", done, len(k.accepted), len(k.d.operations), k.refused, k.lost, k.broken, k.idle())
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
