package fault

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/ledger"
	"dangan/internal/store"
	"dangan/internal/testkit"
)

// carried is one dossier on its way from 南岸 to 万州, through every act of a
// transfer. Each act has a key of its own: an act whose answer was lost is sent
// again under it before the next one.
type carried struct {
	n       int // the made-up person
	dossier string
	id      string
	letter  string
	code    string
	done    int   // acts that are acknowledged
	lost    []int // acts whose first answer was lost
}

// act is one step: who does it, where, with what.
type act struct {
	who, path string
	body      func(c *carried, today string) any
	put       bool
	action    string // as the ledger names it
}

type object = map[string]any

var route = []act{
	{who: "clerk-500101", path: "/api/v1/transfers", action: "transfer.apply", body: func(c *carried, _ string) any {
		return object{"direction": "inner", "name": testkit.Name(c.n), "idNo": testkit.IDNo(c.n), "document": "居民身份证", "holder": "50010801", "applicant": testkit.Name(c.n),
			"reason": "流动就业", "regionBasis": "户籍地", "tiePlace": "500101"}
	}},
	{who: "clerk-500101", path: "/api/v1/transfers/{id}/letter", action: "transfer.letter"},
	{who: "clerk-500108", path: "/api/v1/transfers/{id}/register", action: "transfer.register", body: func(c *carried, today string) any {
		return object{"letterNo": c.letter, "code": c.code, "receivedOn": today}
	}},
	{who: "keeper-500108", path: "/api/v1/custody/dossiers/{dossier}/pull", action: "custody.pull", body: func(*carried, string) any { return object{"packet": "intact"} }},
	{who: "clerk-500108", path: "/api/v1/transfers/{id}/list", put: true, action: "transfer.list", body: func(*carried, string) any { return object{"lines": packing} }},
	{who: "reviewer-500108", path: "/api/v1/transfers/{id}/review", action: "transfer.review", body: func(*carried, string) any { return object{"note": "关键信息齐全"} }},
	{who: "clerk-500108", path: "/api/v1/transfers/{id}/pack", action: "transfer.pack", body: func(c *carried, _ string) any { return object{"sealNo": fmt.Sprintf("N-%d", c.n), "volumes": 1} }},
	{who: "clerk-500108", path: "/api/v1/transfers/{id}/dispatch", action: "transfer.dispatch", body: func(c *carried, today string) any {
		return object{"way": "confidential_post", "trackingNo": fmt.Sprintf("渝机%d", c.n), "office": "重庆市机要通信局", "on": today}
	}},
	{who: "clerk-500101", path: "/api/v1/transfers/{id}/arrive", action: "transfer.arrive", body: func(_ *carried, today string) any { return object{"on": today, "intact": true} }},
	{who: "clerk-500101", path: "/api/v1/transfers/{id}/check", action: "transfer.check", body: func(*carried, string) any {
		results := make([]object, len(packing))
		for i := range packing {
			results[i] = object{"lineNo": i + 1, "check": "ok"}
		}
		return object{"results": results}
	}},
	{who: "reviewer-500101", path: "/api/v1/transfers/{id}/receive", action: "transfer.receive"},
}

var packing = []object{
	{"class": "1", "title": "履历表", "copies": 1, "pages": 8, "keyFacts": []string{"birth_date", "work_start", "work_history"}},
	{"class": "4-1", "title": "高等学校毕业生登记表", "copies": 1, "pages": 4, "keyFacts": []string{"education_degree", "birth_date"}},
	{"class": "9-2", "title": "劳动合同书", "copies": 1, "pages": 6},
}

// firstCarried is the first person whose dossier is transferred.
const firstCarried = 9_000

// carry takes dossiers through their transfers until it is stopped or killed.
func (k *killed) carry(stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		default:
		}
		c := k.nextCarried()
		if c == nil {
			return
		}
		again := k.onward(c, stop)
		k.mu.Lock()
		if c.done == len(route) {
			k.arrived = append(k.arrived, c)
		} else {
			k.way = append(k.way, c)
		}
		k.mu.Unlock()
		if !again {
			return
		}
	}
}

// nextCarried goes on with a dossier on its way, or begins with another one.
func (k *killed) nextCarried() *carried {
	k.mu.Lock()
	defer k.mu.Unlock()
	if n := len(k.way); n > 0 {
		c := k.way[n-1]
		k.way = k.way[:n-1]
		return c
	}
	if k.started == len(k.dossiers) {
		return nil
	}
	c := &carried{n: firstCarried + k.started, dossier: k.dossiers[k.started]}
	k.started++
	return c
}

// onward does a dossier's acts one after the other; false when no answer came.
func (k *killed) onward(c *carried, stop <-chan struct{}) bool {
	for ; c.done < len(route); c.done++ {
		select {
		case <-stop:
			return false
		default:
		}
		if c.done == 2 && !k.readLetter(c) {
			return false
		}
		a := route[c.done]
		var body []byte
		if a.body != nil {
			var err error
			if body, err = json.Marshal(a.body(c, calendar.Of(time.Now()).String())); err != nil {
				panic(err)
			}
		}
		method := http.MethodPost
		if a.put {
			method = http.MethodPut
		}
		path := strings.NewReplacer("{id}", c.id, "{dossier}", c.dossier).Replace(a.path)
		status, answer := k.request(method, a.who, path, fmt.Sprintf("carry-%d-%d", c.n, c.done), body)
		var made struct{ ID string }
		switch {
		case status == 0 || status >= 500: // killed in the middle
			c.lost = append(c.lost, c.done)
			return false
		case status == http.StatusConflict && bytes.Contains(answer, []byte("先前已经办理")): // done, and killed before it was said
			if c.done == 0 && !k.findTransfer(c) {
				return false
			}
		case status/100 != 2:
			if !k.t.Failed() {
				k.t.Errorf("%s of dossier %d was answered %d: %s", a.action, c.n, status, answer)
			}
			return false
		case c.done == 0:
			if err := json.Unmarshal(answer, &made); err != nil || made.ID == "" {
				k.t.Errorf("application of dossier %d: %s", c.n, answer)
				return false
			}
			c.id = made.ID
		}
	}
	return true
}

// readLetter reads what stands on the letter; false when no answer came.
func (k *killed) readLetter(c *carried) bool {
	status, answer := k.request(http.MethodGet, "clerk-500101", "/api/v1/transfers/"+c.id, "", nil)
	var t struct{ LetterNo, LetterCode string }
	if status != http.StatusOK {
		return false
	}
	if err := json.Unmarshal(answer, &t); err != nil || t.LetterNo == "" {
		k.t.Errorf("letter of dossier %d: %s", c.n, answer)
		return false
	}
	c.letter, c.code = t.LetterNo, t.LetterCode
	return true
}

// findTransfer looks for the transfer whose application was done without an answer.
func (k *killed) findTransfer(c *carried) bool {
	v := k.vault()
	defer v.Close()
	if err := v.DB.QueryRow(context.Background(), "SELECT id FROM transfer WHERE dossier_id=?", c.dossier).Scan(&c.id); err != nil {
		k.t.Errorf("application of dossier %d was done and its transfer is not there: %v", c.n, err)
		return false
	}
	return true
}

// request sends one request; status 0 means that no answer came.
func (k *killed) request(method, who, path, key string, body []byte) (int, []byte) {
	r, err := http.NewRequest(method, k.base+path, bytes.NewReader(body))
	if err != nil {
		panic(err)
	}
	r.Header.Set("Authorization", "Bearer "+k.tokens[who])
	r.Header.Set("Content-Type", "application/json")
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, nil
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, nil
	}
	k.answered.Add(1)
	return res.StatusCode, answer
}

// delivered holds the transfers to what was acknowledged: every act once, custody
// with the receiver once, none between two keepers.
func (k *killed) delivered(q store.Querier) {
	k.t.Helper()
	ctx := context.Background()
	lost := 0
	for _, c := range k.arrived {
		lost += len(c.lost)
		var agency, state string
		var open int
		if err := q.QueryRow(ctx, "SELECT agency, state FROM dossier WHERE id=?", c.dossier).Scan(&agency, &state); err != nil {
			k.t.Fatal(err)
		}
		if err := q.QueryRow(ctx, "SELECT count(*) FROM transfer WHERE dossier_id=?", c.dossier).Scan(&open); err != nil {
			k.t.Fatal(err)
		}
		if agency != "50010101" || open != 1 {
			k.t.Errorf("dossier %d is with %s (%s) after %d transfers", c.n, agency, state, open)
		}
		entries, err := ledger.About(ctx, q, "Dossier:"+c.dossier, 0, 1000)
		if err != nil {
			k.t.Fatal(err)
		}
		times := map[string]int{}
		for _, e := range entries {
			b, err := e.Parse()
			if err != nil {
				k.t.Fatal(err)
			}
			if b.Outcome == ledger.Done {
				times[b.Action]++
			}
		}
		for _, a := range route {
			if n := times[a.action]; n != 1 {
				k.t.Errorf("%s of dossier %d stands %d times in the ledger: %v", a.action, c.n, n, times)
			}
		}
	}
	k.t.Logf("%d dossiers transferred, %d acts in flight when it was killed", len(k.arrived), lost)
}
