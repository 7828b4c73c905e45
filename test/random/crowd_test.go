package random

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"testing"

	"dangan/internal/dossier"
	"dangan/internal/store"
	"dangan/internal/testkit"
)

// crowd is how many clerks are at it at once.
const crowd = 50

// Fifty clerks at once on one dossier, one unit and one class: each act is done or lost to
// another with a 409 that says so, none is done twice, none fails, nothing waits for ever.
func TestFiftyClerksAtOnce(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		hot, _ := testkit.Volume(p, "50010801", 1, nil, testkit.Piece{Class: "1", Title: "流动人员履历表", Pages: 2})
		clerk, reviewer := p.Client("clerk-500108"), p.Client("reviewer-500108")
		version := clerk.Get("/api/v1/dossiers/" + hot.ID).OK().ETag()

		t.Run("one version of one dossier", func(t *testing.T) {
			// All of them read the same version; one may build on it.
			got := all(t, func(n int) *testkit.Answer {
				return clerk.Post("/api/v1/dossiers/"+hot.ID+"/catalog", map[string]any{"lines": []map[string]any{{"class": "10", "title": fmt.Sprintf("其他材料之%d", n), "copies": 1, "pages": 1}}}, "If-Match", version)
			})
			if got[http.StatusOK] != 1 || got[http.StatusConflict] != crowd-1 {
				t.Errorf("one was to come through and the others to lose: %v", got)
			}
		})
		t.Run("one dossier, each in another way", func(t *testing.T) {
			got := all(t, func(n int) *testkit.Answer {
				switch n % 5 {
				case 0:
					return clerk.Post("/api/v1/dossiers/"+hot.ID+"/packet", nil)
				case 1:
					return reviewer.Post("/api/v1/dossiers/"+hot.ID+"/comparison/print", nil)
				case 2:
					return clerk.Get("/api/v1/dossiers/" + hot.ID)
				case 3:
					return clerk.Post("/api/v1/dossiers/"+hot.ID+"/holds", map[string]any{"organ": "演示区人民法院", "basis": "civil", "name": "协助执行通知书", "no": fmt.Sprintf("（2026）渝演执%d号", n), "on": "2026-11-20", "until": "2027-11-20"})
				default:
					return clerk.Post("/api/v1/dossiers/"+hot.ID+"/materials", map[string]any{"origin": "unit", "giver": "演示单位", "maker": "演示单位", "title": fmt.Sprintf("年度考核表之%d", n), "year": 2026, "month": 11, "copies": 1, "pages": 1})
				}
			})
			t.Log(got)
			if got[http.StatusOK] < crowd/5 {
				t.Errorf("hardly anything was done: %v", got)
			}
		})
		t.Run("one person applied for at once", func(t *testing.T) {
			// Fifty windows take the same person's application in: one of them stands (2, 20.1).
			got := all(t, func(int) *testkit.Answer {
				return clerk.Post("/api/v1/transfers", map[string]any{"direction": "in", "name": testkit.Name(2), "idNo": testkit.IDNo(2), "document": "居民身份证", "holderName": "云岫智能（演示）有限公司", "holderKind": "other",
					"applicant": testkit.Name(2), "reason": "流动就业", "regionBasis": "户籍地", "tiePlace": "500108", "category": "4.1", "subtype": "private_enterprise", "evidence": "劳动合同"})
			})
			if n, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM transfer WHERE state='applied'"); err != nil || n != 1 || got[http.StatusOK] != 1 {
				t.Errorf("%d applications stand, %v answered, %v", n, got, err)
			}
		})
		t.Run("one unit's dossiers", func(t *testing.T) {
			for n := 10; n < 10+crowd; n++ {
				testkit.Stock(p, "50010801", n, func(d *dossier.Dossier) { d.AccountKind, d.AccountUnit = "collective", "演示热点有限公司" })
			}
			list := testkit.IDs(stored(t, p), func(d dossier.Dossier) string { return d.ID })
			got := all(t, func(n int) *testkit.Answer {
				return clerk.Post("/api/v1/dossiers/"+list[n]+"/packet", nil)
			})
			if got[http.StatusOK]+got[http.StatusNoContent] != crowd {
				t.Errorf("acts on neighbors hinder each other: %v", got)
			}
		})
		t.Run("one collective account", func(t *testing.T) { unitAtOnce(t, p) })
		t.Run("one class list", func(t *testing.T) {
			// A school's list is scanned by everybody, each packet twice; all sign what was scanned.
			list := "姓名,身份证号,毕业院校,转递编号\n"
			for n := range crowd / 2 {
				list += fmt.Sprintf("%s,%s,南山学院（演示）,RD-%d\n", testkit.Name(900+n), testkit.IDNo(900+n), n)
			}
			clerk.Do("POST", "/api/v1/graduate-lists?name=a.csv", list, "Content-Type", "application/octet-stream").OK()
			got := all(t, func(n int) *testkit.Answer {
				return clerk.Post("/api/v1/graduate-scans", map[string]any{"number": fmt.Sprintf("RD-%d", n/2), "seal": "intact"})
			})
			if got[http.StatusOK] != crowd/2 {
				t.Errorf("each packet was to be scanned once: %v", got)
			}
			batch := clerk.Get("/api/v1/graduate-batches/open").String("batch.id")
			signed := all(t, func(int) *testkit.Answer {
				return clerk.Post("/api/v1/graduate-batches/"+batch+"/sign", map[string]any{"packets": crowd / 2})
			})
			if n, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM dossier WHERE basis='graduate'"); err != nil || n != crowd/2 || signed[http.StatusOK] != 1 {
				t.Errorf("%d dossiers are there, %v signed, %v", n, signed, err)
			}
		})
		report(t, p)
	})
}

// unitAtOnce has everybody at the account of one unit: opening it, joining, leaving, asking
// for transfers in the unit's name, and closing it with all that hangs on it (12, 12d).
func unitAtOnce(t *testing.T, p *testkit.Province) {
	const unit, code = "演示热门单位有限公司", "91500112MAABCDEF8N"
	clerk, reviewer := p.Client("clerk-500108"), p.Client("reviewer-500108")
	opening := map[string]any{"unit": unit, "uscc": code, "paper": "business_licence", "workerName": "周知行", "workerIdNo": testkit.IDNo(9001), "workerLetter": "授权书1号（演示）", "workerUntil": "2026-12-31",
		"noticeNo": "2026-1", "noticeWay": "paper", "noticeBy": "周知行"}
	opened := all(t, func(int) *testkit.Answer { return clerk.Post("/api/v1/unit-accounts", opening) })
	if opened[http.StatusOK] != 1 {
		t.Fatalf("one account was to be opened: %v", opened)
	}
	var found struct{ Items []struct{ ID string } }
	clerk.Get("/api/v1/unit-accounts?q=" + url.QueryEscape(unit)).OK().JSON(&found)
	if len(found.Items) != 1 {
		t.Fatalf("%d accounts of the unit", len(found.Items))
	}
	account := found.Items[0].ID
	var workers struct{ Items []struct{ ID string } }
	clerk.Get("/api/v1/unit-workers?uscc=" + code).OK().JSON(&workers)
	worker := workers.Items[0].ID

	// Twenty-five persons, two windows each.
	moving := make([]string, crowd/2)
	for n := range moving {
		moving[n] = testkit.Stock(p, "50010801", 200+n, nil).ID
	}
	ask := func(n int, kind string) *testkit.Answer {
		body := map[string]any{"kind": "account", "accountKind": kind, "reason": "本人申请", "document": "居民身份证", "seenBy": "周知行", "seenOn": "2026-11-20", "noticeNo": "2026-1", "noticeWay": "screen", "noticeBy": testkit.Name(200 + n/2)}
		if kind == "collective" {
			body["accountUnit"], body["accountUscc"], body["accountPaper"], body["workerId"] = unit, code, "business_licence", worker
		}
		return clerk.Post("/api/v1/dossiers/"+moving[n/2]+"/standing", body)
	}
	for _, kind := range []string{"collective", "personal"} {
		asked := all(t, func(n int) *testkit.Answer { return ask(n, kind) })
		waiting := open(t, p)
		if asked[http.StatusOK] != len(moving) || len(waiting) != len(moving) {
			t.Fatalf("each was to be applied for once as %s: %v, %d wait", kind, asked, len(waiting))
		}
		if kind == "personal" { // half of them stay, the account is to have something to settle
			waiting = waiting[:len(waiting)/2]
		}
		versions := make([]string, len(waiting))
		for n, id := range waiting {
			versions[n] = reviewer.Get("/api/v1/standing/" + id).OK().ETag()
		}
		decided := all(t, func(n int) *testkit.Answer {
			return reviewer.Post("/api/v1/standing/"+waiting[n%len(waiting)]+"/decide", map[string]any{"approve": true, "note": "同意"}, "If-Match", versions[n%len(waiting)])
		})
		if decided[http.StatusOK] != len(waiting) || decided[http.StatusConflict] != crowd-len(waiting) {
			t.Fatalf("each was to be decided once as %s, the others to lose: %v of %d", kind, decided, len(waiting))
		}
	}

	// While the unit asks for dossiers from elsewhere and people join, fifty sign its end.
	for n := range crowd / 5 {
		testkit.Stock(p, "50010301", 300+n, nil)
	}
	seen := reviewer.Get("/api/v1/unit-accounts/" + account + "/settlement").OK().String("seen")
	version := reviewer.Get("/api/v1/unit-accounts/" + account).OK().ETag()
	ended := all(t, func(n int) *testkit.Answer {
		switch {
		case n%5 == 0:
			return clerk.Post("/api/v1/transfers", map[string]any{"direction": "inner", "name": testkit.Name(300 + n/5), "idNo": testkit.IDNo(300 + n/5), "document": "居民身份证", "holder": "50010301",
				"applicant": unit, "workerId": worker, "reason": "集体户转入", "regionBasis": "现工作单位所在地", "tiePlace": "500108", "employer": unit})
		case n%5 == 1:
			return ask(n, "collective")
		default:
			return reviewer.Post("/api/v1/unit-accounts/"+account+"/settle", map[string]any{"why": "asked", "workerId": worker, "document": "销户申请（盖章）、经办人居民身份证", "documentOn": "2026-11-20", "seen": seen, "choices": []any{}}, "If-Match", version)
		}
	})
	t.Log(ended)
	left, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM dossier WHERE account_unit=? AND account_kind='collective'", unit)
	state := clerk.Get("/api/v1/unit-accounts/" + account).OK().String("state")
	if err != nil || state == "closed" && left != 0 || state != "closed" && left == 0 {
		t.Errorf("the account is %s and %d dossiers hang on it, %v", state, left, err)
	}
}

// open are the applications for a change of account that wait.
func open(t *testing.T, p *testkit.Province) []string {
	t.Helper()
	rows, err := p.DB.Query(t.Context(), "SELECT id FROM person_case WHERE state='asked' AND kind='account' ORDER BY id LIMIT 200")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var out []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			t.Fatal(err)
		}
		out = append(out, id)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func stored(t *testing.T, p *testkit.Province) []dossier.Dossier {
	t.Helper()
	list, err := store.List[dossier.Dossier](t.Context(), p.DB, "WHERE account_unit=? ORDER BY id LIMIT 100", "演示热点有限公司")
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// all has everybody act at once and counts the answers by status.
func all(t *testing.T, act func(n int) *testkit.Answer) map[int]int {
	t.Helper()
	got, begin := map[int]int{}, make(chan struct{})
	var mu sync.Mutex
	var wg sync.WaitGroup
	for n := range crowd {
		wg.Go(func() {
			<-begin
			a := act(n)
			mu.Lock()
			defer mu.Unlock()
			got[a.Status]++
			if a.Status >= 500 || a.Status == http.StatusConflict && !bytes.Contains(a.Body, []byte("请")) || a.Status == http.StatusUnprocessableEntity {
				t.Errorf("%s was answered %d: %s", a.Request, a.Status, a.Body)
			}
		})
	}
	close(begin)
	wg.Wait()
	return got
}
