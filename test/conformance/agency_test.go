package conformance

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dangan/internal/account"
	"dangan/internal/dossier"
	"dangan/internal/graduate"
	"dangan/internal/ledger"
	"dangan/internal/store"
	"dangan/internal/testkit"
)

func order(document, day string, more j) j {
	out := j{"document": document, "effectiveOn": day}
	for k, v := range more {
		out[k] = v
	}
	return out
}

func TestAgencies(t *testing.T) {
	const top = "supervisor-500000"
	post := func(who, path string, body j) func(*testing.T, *testkit.Province) *testkit.Answer {
		return func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(who).Post("/api/v1/agencies"+path, body)
		}
	}
	site := j{"code": "50010891", "name": "南岸区演示人才有限公司", "short": "演示人才", "parent": "500108", "basisKind": "authorized", "validUntil": "2027-12-31"}
	endless := j{"code": "50010892", "name": "无期限公司", "short": "无期", "parent": "500108", "basisKind": "authorized"}
	below := j{"code": "50010893", "name": "下设站点", "short": "下设", "parent": "50010801", "basisKind": "established"}
	check(t, []Case{
		{Rule: "6a", Name: "市级授权一个单位", Run: post(top, "", order("渝人社授〔2026〕3号", "2026-01-01", site))},
		{Rule: "6a", Name: "授权没有期限", Refused: true, Run: post(top, "", order("渝人社授〔2026〕4号", "2026-01-01", endless))},
		{Rule: "6a", Name: "没有文号", Refused: true, Run: post(top, "/50010891/authorize", order("", "2026-01-01", j{"validUntil": "2028-12-31"}))},
		{Rule: "6a", Name: "区县监督不能授权", Refused: true, Run: post("supervisor-500108", "/50010891/authorize", order("南岸授〔2026〕1号", "2026-01-01", j{"validUntil": "2028-12-31"}))},
		{Rule: "5", Name: "机构不能设在另一机构之下", Refused: true, Run: post(top, "", order("渝编〔2026〕9号", "2026-01-01", below))},
		{Rule: "5", Name: "区县监督看本区机构的沿革", Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("supervisor-500108").Get("/api/v1/agencies/50010801")
		}},
		{Rule: "6b", Name: "还有档案的机构不能撤销", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			testkit.Stock(p.In(t), "50010301", 61, nil)
			return p.Client(top).Post("/api/v1/agencies/50010301/close", order("渝编〔2026〕10号", "2026-01-01", nil))
		}},
		{Rule: "6a", Name: "没有档案和在办事项的机构可以撤销", Run: post(top, "/50010891/close", order("渝人社授〔2026〕8号", "2026-01-01", nil))},
	})
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		if a := p.Client("supervisor-500108").Get("/api/v1/agencies/50010301"); a.Status != 404 {
			t.Errorf("another district's agency answered %d, want 404 (5)", a.Status)
		}
		c := p.Client(top)
		c.Post("/api/v1/agencies/50010801/rename", order("渝编〔2026〕11号", "2026-06-01", j{"name": "南岸区人才发展中心"})).OK()
		if got := c.Get("/api/v1/agencies/50010801?on=2026-05-31").String("nameOn"); got != "南岸区公共就业和人才服务中心" {
			t.Errorf("name on the day before: %s", got)
		}
		if got := c.Get("/api/v1/agencies/50010801").String("name"); got != "南岸区人才发展中心" {
			t.Errorf("name now: %s", got)
		}
	})
}

func TestMergingMovesEverything(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		m := move(t, p, 70, nil)
		m.lettered()
		ofSchool := admitted(t, p, 71)
		ofSchool.id = ofSchool.letter(nil).OK().String("id")
		const more = 1200
		for n := range more {
			testkit.Stock(p, "50010801", 1000+n, nil)
		}
		school := []byte(fmt.Sprintf("姓名,身份证号,毕业院校,转递编号\n%s,%s,南山学院,ZD-1\n", testkit.Name(900), testkit.IDNo(900)))
		if _, err := p.Graduates.Import(t.Context(), p.As("clerk-500108"), graduate.Source{Agency: "50010801", FileName: "名单.csv", Content: bytes.NewReader(school), Size: int64(len(school))}); err != nil {
			t.Fatal(err)
		}
		// One unit, by its credit code, has an account at both, under its old name and its new one.
		named := testkit.Stock(p, "50010801", 2500, func(d *dossier.Dossier) {
			d.AccountKind, d.AccountUnit = account.Collective, "甲（演示）有限公司"
		})
		for clerk, unit := range map[string]string{"clerk-500108": "甲（演示）有限公司", "clerk-500103": "甲（演示）集团有限公司"} {
			if _, err := p.Accounts.Open(t.Context(), p.As(clerk), account.Opening{Unit: unit, USCC: "91500103MA5U00011H", Paper: "business_licence",
				Worker: account.Authorization{Name: "周知行", IDNo: testkit.IDNo(9001), LetterNo: "授权书1号（演示）", Until: "2027-12-31"},
				Notice: account.Accepting{No: "2026-1", Way: account.OnPaper, By: "周知行"}}); err != nil {
				t.Fatal(err)
			}
		}
		// A pile lies half scanned on a clerk's table (13a).
		sitting := p.Client("clerk-500108").Post("/api/v1/material-sittings", pile(j{"expected": 2})).OK().String("id")
		scan := func(n int) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/material-sittings/"+sitting+"/scan", j{"number": testkit.IDNo(n)})
		}
		scan(1000).OK()
		// A bad rating waits to be called back on (28).
		_, rated := unhappy(t, p)
		held := func(code string) int64 {
			n, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM dossier WHERE agency=?", code)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		top := p.Client("supervisor-500000")
		// A list of the dead that nobody has receipted stands against closing (20c), not against merging.
		dead := died(t, p, "2020-03-01")
		list := dead.plan().OK().String("id")
		if a := top.Post("/api/v1/agencies/50010801/close", order("渝编〔2026〕19号", "2026-06-01", nil)); a.Status != 403 || !strings.Contains(string(a.Body), "死亡档案移交清单") {
			t.Errorf("closing over a list under way answered %d: %s", a.Status, a.Body)
		}
		// A transfer runs between the two: nothing moves at all.
		if a := top.Post("/api/v1/agencies/50010801/merge", order("渝编〔2026〕20号", "2026-06-01", j{"successor": "50010101"})); a.Status != 403 && a.Status != 422 || held("50010801") != more+5 {
			t.Fatalf("merging with a transfer between the two answered %d: %s", a.Status, a.Body)
		}
		top.Post("/api/v1/agencies/50010801/merge", order("渝编〔2026〕21号", "2026-06-01", j{"successor": "50010301"})).OK()
		if held("50010801") != 0 || held("50010301") != more+5 {
			t.Errorf("held %d and %d after merging", held("50010801"), held("50010301"))
		}
		events, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM custody_event WHERE kind='succeeded' AND agency='50010301'")
		if err != nil || events != more+5 {
			t.Errorf("%d handovers told, %v", events, err)
		}
		if d, err := dossier.Get(t.Context(), p.DB, named.ID); err != nil || d.AccountUnit != "甲（演示）集团有限公司" {
			t.Errorf("the dossier hangs on %q, an account that is closed: %v", d.AccountUnit, err)
		}
		// A packet that a school sends on the merged agency's list arrives at the successor (12).
		p.Client("clerk-500103").Post("/api/v1/graduate-packets", map[string]string{"number": "ZD-1", "seal": "intact"}).OK()
		// The five years run on at the successor, and the list is its own to receipt.
		for path, key := range map[string]string{"/api/v1/deaths/" + dead.id: "state", "/api/v1/death-handovers/" + list: "state"} {
			if got := p.Client("clerk-500103").Get(path).OK().String(key); got == "" {
				t.Errorf("%s is nowhere", path)
			}
		}
		for _, table := range []string{"death", "death_handover"} {
			if n, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM "+table+" WHERE agency='50010301'"); n != 1 || err != nil {
				t.Errorf("%d rows of %s went over, %v", n, table, err)
			}
		}
		// The successor calls back on the bad rating, and its authority hears if nobody does.
		p.Client("head-500103").Post("/api/v1/rating-cases/"+rated+"/calls", j{"way": "phone", "reached": true, "said": "等了很久"}).OK()
		if n, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM rating_case WHERE agency='50010301' AND authority='500103'"); n != 1 || err != nil {
			t.Errorf("%d call-backs went over, %v", n, err)
		}
		// The running transfer goes on with the successor, and with the staff of the merged agency.
		if got := p.Client("clerk-500101").Get("/api/v1/transfers/" + m.id).String("holder"); got != "渝中区公共就业和人才服务中心" {
			t.Errorf("holder of the running transfer: %s", got)
		}
		p.Client("clerk-500103").Get("/api/v1/transfers/" + m.id).OK()
		p.Client("clerk-500108").Get("/api/v1/dossiers/" + m.d.ID).OK()
		scan(1001).OK()
		if got := p.Client("clerk-500108").Post("/api/v1/material-sittings/"+sitting+"/sign", j{"pieces": 2}).Status; got >= 300 {
			t.Errorf("the pile that lay half scanned can't be signed for: %d", got)
		}
		// So do a school's list and what the inbox of the merged agency said.
		if got := p.Client("clerk-500103").Get("/api/v1/transfer-lists/" + ofSchool.id).OK().String("state"); got != "open" {
			t.Errorf("the list of the school is %s", got)
		}
		if list := inboxOf(p.Client("clerk-500103").Get("/api/v1/inbox")); len(list) != 1 || list[0].Subject != "收到调档函" {
			t.Errorf("inbox of the successor: %v", list)
		}
		if a := top.Post("/api/v1/agencies/50010801/rename", order("渝编〔2026〕22号", "2026-06-01", j{"name": "旧"})); a.Status != 403 && a.Status != 422 {
			t.Errorf("a merged agency was renamed: %d", a.Status)
		}
	})
}

func TestTreeBoundsWhatIsSeen(t *testing.T) {
	const top = "supervisor-500000"
	check(t, []Case{
		{Rule: "5", Name: "区县组织部门看本区机构的依据和沿革", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			testkit.Stock(p.In(t), "50010801", 71, nil)
			testkit.Stock(p.In(t), "50010301", 72, nil)
			if a := p.Client("organization-500108").Get("/api/v1/agencies/50010301"); a.Status != 404 {
				t.Errorf("another district's agency answered %d, want 404", a.Status)
			}
			return p.Client("organization-500108").Get("/api/v1/agencies/50010801")
		}},
		{Rule: "5", Name: "档案主管部门只查看，不办理机构变动", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("archives-500000").Post("/api/v1/agencies/50010801/rename", order("渝档〔2026〕1号", "2026-06-01", j{"name": "改名"}))
		}},
		{Rule: "29.3", Name: "组织部门不看档案内容", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			d := testkit.Stock(p.In(t), "50010801", 73, nil)
			return p.Client("organization-500108").Get("/api/v1/dossiers/" + d.ID)
		}},
		{Rule: "6a", Name: "区县监督不能预先查看合并影响", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("supervisor-500108").Get("/api/v1/agencies/50010801/foresee?kind=merged&successor=50010101")
		}},
		{Rule: "6a", Name: "撤销前看到妨碍，不作改动", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client(top).Get("/api/v1/agencies/50010801/foresee?kind=closed")
			if !bytes.Contains(a.Body, []byte("dossiers_held")) {
				t.Errorf("what stands against closing is not told: %s", a.Body)
			}
			return a
		}},
		{Rule: "6a", Name: "合并前看到由谁接续", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client(top).Get("/api/v1/agencies/50010801/foresee?kind=merged&successor=50010101&effectiveOn=2027-03-01")
			for _, want := range []string{"由万州区公共就业和人才服务中心接续", "2027年3月1日由系统执行"} {
				if !bytes.Contains(a.Body, []byte(want)) {
					t.Errorf("foreseen without %s: %s", want, a.Body)
				}
			}
			return a
		}},
	})
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		for i, agency := range []string{"50010801", "50010801", "50010301"} {
			testkit.Stock(p, agency, 81+i, nil)
		}
		var tree struct {
			Items []struct{ Code, Parent string } `json:"items"`
		}
		for who, want := range map[string]string{"organization-500108": "500108", "archives-500103": "500103", "supervisor-500108": "500108"} {
			p.Client(who).Get("/api/v1/agencies/tree").JSON(&tree)
			if len(tree.Items) != 2 || tree.Items[0].Code != want || tree.Items[1].Parent != want {
				t.Errorf("%s sees %v, want its bureau and agency", who, tree.Items)
			}
		}
		if p.Client("organization-500000").Get("/api/v1/agencies/tree").JSON(&tree); len(tree.Items) != 8 {
			t.Errorf("the province's organization department sees %d nodes, want 8", len(tree.Items))
		}
		// Lists, search and counts: the own subtree for supervisors, nothing for those who only read figures.
		var found struct {
			Items []struct {
				ID string `json:"id"`
			} `json:"items"`
		}
		for who, want := range map[string]int{"supervisor-500108": 2, "supervisor-500103": 1, "supervisor-500000": 3, "organization-500108": 0, "archives-500000": 0} {
			c := p.Client(who)
			found.Items = nil
			if a := c.Get("/api/v1/dossiers"); a.Status == 200 {
				a.JSON(&found)
			}
			if len(found.Items) != want {
				t.Errorf("%s lists %d dossiers, want %d", who, len(found.Items), want)
			}
			found.Items = nil
			if a := c.Get("/api/v1/dossiers?q=" + testkit.IDNo(83)); a.Status == 200 {
				a.JSON(&found)
			}
			if hit := map[string]int{"supervisor-500103": 1, "supervisor-500000": 1}[who]; len(found.Items) != hit {
				t.Errorf("%s finds %d by another district's number, want %d", who, len(found.Items), hit)
			}
		}
		var view struct {
			Open []struct {
				Name string `json:"name"`
				N    int64  `json:"n"`
			} `json:"open"`
		}
		if p.Client("archives-500000").Get("/api/v1/agencies/50010801").JSON(&view); len(view.Open) == 0 || view.Open[0].N != 2 {
			t.Errorf("figures of the agency: %v", view.Open)
		}
	})
}

func TestAfterAnAuthorization(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		top := p.Client("supervisor-500000")
		top.Post("/api/v1/agencies", order("渝人社授〔2026〕30号", "2026-01-01", j{"code": "50010895", "name": "南岸区演示授权单位", "short": "演示授权", "parent": "500108", "basisKind": "authorized", "validUntil": "2026-03-31"})).OK()
		a := top.Get("/api/v1/agencies/50010895?on=2026-02-01").OK()
		if a.String("standing.basis") != "渝人社授〔2026〕30号" || !bytes.Contains(a.Body, []byte(`"takesIn":true`)) || !bytes.Contains(a.Body, []byte(`"ended":true`)) {
			t.Errorf("as it was in February, and ended now: %s", a.Body)
		}
		ending := func(who string) (out []int) {
			var tree struct {
				Ending []struct {
					Code string
					Days int
				}
			}
			p.Client(who).Get("/api/v1/agencies/tree").OK().JSON(&tree)
			for _, e := range tree.Ending {
				if e.Code == "50010895" {
					out = append(out, e.Days)
				}
			}
			return out
		}
		for who, want := range map[string]int{"supervisor-500000": 1, "supervisor-500108": 1, "organization-500108": 1, "supervisor-500103": 0} {
			if got := ending(who); len(got) != want || want == 1 && got[0] != -237 {
				t.Errorf("%s is shown %v ended authorizations", who, got)
			}
		}
		// What runs at an agency is counted by kind, with the earliest day; only who works there is led to it.
		m := move(t, p, 73, nil)
		m.lettered()
		for who, link := range map[string]string{"supervisor-500108": "/transfers?agency=50010801", "head-500108": "/transfers", "organization-500108": ""} {
			var v struct {
				Open []struct {
					Name, Due, Link, Since, From string
					N                            int64
				}
			}
			p.Client(who).Get("/api/v1/agencies/50010801").OK().JSON(&v)
			i := slices.IndexFunc(v.Open, func(o struct {
				Name, Due, Link, Since, From string
				N                            int64
			}) bool {
				return o.Name == "在办转递"
			})
			if i < 0 || v.Open[i].N != 1 || v.Open[i].Link != link || v.Open[i].Since != p.Gate.Today().String() || v.Open[i].From != "申请" || len(v.Open) != 21 {
				t.Errorf("%s: %+v", who, v.Open)
			}
		}
		top.Post("/api/v1/agencies/50010895/authorize", order("渝人社授〔2026〕31号", "2026-06-01", j{"validUntil": "2028-12-31"})).OK()
		if a := top.Get("/api/v1/agencies/50010895?on=2026-02-01"); a.String("standing.validUntil") != "2026-03-31" {
			t.Errorf("the later authorization changed February: %s", a.Body)
		}
		if a := top.Get("/api/v1/agencies/50010895?on=2025-12-31"); !bytes.Contains(a.Body, []byte(`"there":false`)) {
			t.Errorf("it was there before it was set up: %s", a.Body)
		}
	})
}

// TestWhatRunsLeadsToItsList makes something run in many rooms, and follows every line of an
// agency's page: its day is told, and the list it leads to takes the agency for a condition, in
// the scope of who asks.
func TestWhatRunsLeadsToItsList(t *testing.T) {
	lists := map[string]string{"/dossiers": "/dossiers?", "/intakes": "/intakes?", "/transfers": "/transfers?", "/consultations": "/consultations?", "/loans": "/loans?", "/certificates": "/certificates?", "/holds": "/holds?", "/collections": "/collections?", "/supplements": "/supplements?view=open&",
		"/deaths": "/deaths?", "/deaths/lists": "/death-handovers?", "/retirements": "/retirements?", "/retirements/lists": "/retirement-lists?", "/standing": "/standing?", "/found": "/found-packets?", "/window": "/matters?", "/ratings": "/rating-cases?", "/deliveries": "/deliveries?", "/unclear": "/unclear?", "/graduates": "/graduates?"}
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		// The same in two districts under one supervisor.
		move(t, p, 9101, nil).lettered()
		testkit.Stock(p, "50010301", 9103, nil)
		ready(p, stock(p, nil), with("way", "paper"))
		atWindow(t, p).apply("custody").OK()
		sealed(p)
		var v struct {
			Open []struct {
				Name, Due, Link, Since, From string
				N                            int64
			}
		}
		top := p.Client("supervisor-500000")
		top.Get("/api/v1/agencies/50010801").OK().JSON(&v)
		told := 0
		for _, o := range v.Open {
			path, query, _ := strings.Cut(o.Link, "?")
			list := lists[path]
			if list == "" || query != "agency=50010801" {
				t.Errorf("%s leads to %s", o.Name, o.Link)
				continue
			}
			if o.N > 0 && o.Name != "在管档案" {
				if told++; o.Since == "" && o.Due == "" || (o.Since == "") != (o.From == "") {
					t.Errorf("%s has no day: %+v", o.Name, o)
				}
			}
			var all, here, beside struct{ Items []any }
			top.Get("/api/v1" + list + "limit=100").OK().JSON(&all)
			top.Get("/api/v1" + list + "limit=100&agency=50010801").OK().JSON(&here)
			top.Get("/api/v1" + list + "limit=100&agency=50019999").OK().JSON(&beside)
			if len(here.Items) > len(all.Items) || len(beside.Items) > 0 || path != "/dossiers" && len(here.Items) != len(all.Items) || path == "/dossiers" && len(here.Items) != len(all.Items)-1 {
				t.Errorf("%s: %d of all, %d here, %d at an agency that is not there", path, len(all.Items), len(here.Items), len(beside.Items))
			}
			// A clerk of another district does not see further by naming the agency.
			p.Client("supervisor-500103").Get("/api/v1" + list + "limit=100&agency=50010801").OK().JSON(&beside)
			if len(beside.Items) > 0 {
				t.Errorf("%s of another district: %d", path, len(beside.Items))
			}
		}
		if told < 4 {
			t.Errorf("%d kinds run", told)
		}
	})
}

// decisions of an agency as its page tells them, the last first.
func decisions(p *testkit.Province, code string) []decision {
	var v struct{ Changes []decision }
	p.Client("supervisor-500000").Get("/api/v1/agencies/" + code).JSON(&v)
	slices.Reverse(v.Changes)
	return v.Changes
}

type decision struct {
	ID, Document, State, Settled string
	Version                      int64
	Reasons                      []struct{ Rule, Slug, Message, Next string }
}

// told counts what the ledger says of an agency: action and outcome.
func told(t *testing.T, p *testkit.Province, code, action, outcome string) (n int) {
	t.Helper()
	entries, err := ledger.About(t.Context(), p.DB, "Agency:"+code, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		body, err := e.Parse()
		if err != nil {
			t.Fatal(err)
		}
		if body.Action == action && body.Outcome == outcome {
			n++
		}
	}
	return n
}

// What is decided for a later day holds from that day, lapses once when something stands
// against it, and keeps nothing else back (5, 6a).
func TestDecisionsOfALaterDay(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		top := p.Client("supervisor-500000")
		decide := func(code, act, document, day string, more j) {
			t.Helper()
			top.Post("/api/v1/agencies/"+code+"/"+act, order(document, day, more)).OK()
		}
		comes := func(day string) {
			t.Helper()
			d, err := time.Parse(time.DateOnly, day)
			if err != nil {
				t.Fatal(err)
			}
			p.Clock.Set(d.Add(time.Hour))
			if err := p.Agencies.TakeEffect(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		state := func(code, document string) decision {
			t.Helper()
			for _, d := range decisions(p, code) {
				if d.Document == document {
					return d
				}
			}
			t.Fatalf("%s has no decision %s", code, document)
			return decision{}
		}
		site := func(code, until string) {
			t.Helper()
			top.Post("/api/v1/agencies", order("授"+code, "2026-01-01", j{"code": code, "name": "演示授权单位" + code, "short": code, "parent": "500108", "basisKind": "authorized", "validUntil": until})).OK()
		}
		site("50010895", "2026-12-15")
		site("50010896", "2027-12-31")
		decide("50010801", "rename", "更名一号", "2026-12-01", j{"name": "南岸区人才发展中心"})
		decide("50010896", "close", "撤销一号", "2026-12-02", nil)
		decide("50010801", "merge", "合并一号", "2026-12-03", j{"successor": "50010101"})
		decide("50010301", "rename", "更名二号", "2026-12-03", j{"name": "渝中区人才发展中心"})
		decide("50010801", "merge", "合并二号", "2026-12-05", j{"successor": "50010895"})
		decide("50010801", "rename", "更名三号", "2026-12-10", j{"name": "不会有的名称"})
		decide("50010895", "authorize", "授权二号", "2026-12-18", j{"validUntil": "2028-12-31"})

		// Under way: a transfer between the two of the first merger, a consultation, a legal hold.
		m := move(t, p, 70, nil)
		m.lettered()
		c := checked(p, stock(p, nil))
		held := p.Client("clerk-500108").Post("/api/v1/dossiers/"+shelved(p, nil).ID+"/holds", court(nil)).String("id")

		comes("2026-11-30")
		if got := top.Get("/api/v1/agencies/50010801").String("name"); got != "南岸区公共就业和人才服务中心" {
			t.Errorf("renamed before its day: %s", got)
		}
		comes("2026-12-02")
		if got := top.Get("/api/v1/agencies/50010801").String("name"); got != "南岸区人才发展中心" {
			t.Errorf("name from its day: %s", got)
		}
		if got := top.Get("/api/v1/agencies/50010896").String("state"); got != "closed" {
			t.Errorf("closed on its day: %s", got)
		}

		// Something stands against the merger; the other decision of the day holds all the same.
		for range 3 {
			comes("2026-12-03")
		}
		lapsed := state("50010801", "合并一号")
		if lapsed.State != "lapsed" || len(lapsed.Reasons) != 1 || lapsed.Reasons[0].Slug != "transfer_between" || lapsed.Reasons[0].Next == "" {
			t.Errorf("a merger with a transfer between the two: %+v", lapsed)
		}
		if got := state("50010301", "更名二号").State; got != "applied" {
			t.Errorf("another decision of the same day is %s", got)
		}
		if n, again := told(t, p, "50010801", "agency.lapse", "done"), told(t, p, "50010801", "agency.take_effect", "refused"); n != 1 || again != 0 {
			t.Errorf("told %d times that it lapsed and %d times refused, want once and never", n, again)
		}
		if body := top.Get("/api/v1/work").Body; !bytes.Contains(body, []byte("合并到期未生效")) {
			t.Errorf("nobody is told: %s", body)
		}
		for _, who := range []string{"clerk-500108", "supervisor-500108"} {
			if body := p.Client(who).Get("/api/v1/work").Body; bytes.Contains(body, []byte("到期未生效")) {
				t.Errorf("%s, who decides nothing, is told: %s", who, body)
			}
		}

		// The second merger: everything goes on with the successor.
		comes("2026-12-05")
		if got := state("50010801", "合并二号").State; got != "applied" {
			t.Fatalf("the second merger is %s", got)
		}
		for table, id := range map[string]string{"transfer": m.id, "consultation": c.id, "legal_hold": held} {
			column := map[string]string{"transfer": "holder"}[table]
			if column == "" {
				column = "agency"
			}
			if n, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM "+table+" WHERE id=? AND "+column+"='50010895'", id); err != nil || n != 1 {
				t.Errorf("the running %s does not go on with the successor (%v)", table, err)
			}
		}
		comes("2026-12-10")
		if d := state("50010801", "更名三号"); d.State != "lapsed" || d.Reasons[0].Slug != "agency_ended" {
			t.Errorf("an agency that is no more was to be renamed: %+v", d)
		}

		// The authorization ends: nothing new, what runs goes on; the next one holds from its day.
		intake := func() *testkit.Answer {
			n := int(person.Add(1))
			testkit.Stock(p, "50010301", n, nil)
			b := m.application()
			b["name"], b["applicant"], b["idNo"], b["holder"], b["tiePlace"] = testkit.Name(n), testkit.Name(n), testkit.IDNo(n), "50010301", "500108"
			return p.Client("clerk-500108").Post("/api/v1/transfers", b)
		}
		intake().OK()
		comes("2026-12-16")
		if a := intake(); a.Status != 403 && a.Status != 422 || !slices.Contains(a.Rules(), "6a") {
			t.Errorf("taken in after the authorization ended: %d %s", a.Status, a.Body)
		}
		no, code := m.letter()
		m.post("clerk-500108", "register", j{"letterNo": no, "code": code, "receivedOn": "2026-11-25"}).OK()
		c.post("reviewer-500108", "/approve", wholeGrant).OK()
		p.Client("reviewer-500108").Post("/api/v1/holds/"+held+"/decide", j{"confirm": true}).OK()
		comes("2026-12-18")
		intake().OK()
	})
}

func TestSettlingWhatDidNotTakeEffect(t *testing.T) {
	const top = "supervisor-500000"
	authority := func(who, code, document, day string, more j) func(*testing.T, *testkit.Province) *testkit.Answer {
		return func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			b := order(document, day, j{"kind": "bureau", "code": code, "name": "区划" + code + "人力资源和社会保障局", "short": code, "dated": "2012-05-18", "evidence": "批复，原件"})
			for k, v := range more {
				b[k] = v
			}
			return p.Client(who).Post("/api/v1/agencies", b)
		}
	}
	decide := func(path, document, day string, more j) func(*testing.T, *testkit.Province) *testkit.Answer {
		return func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			b := order(document, day, j{"dated": "2026-11-01", "evidence": "通知，复印件"})
			for k, v := range more {
				b[k] = v
			}
			return p.Client(top).Post("/api/v1/agencies"+path, b)
		}
	}
	var matter, imported string
	var certified *certifying
	var read consultation
	var path string
	var version int64
	settle := func(who, note string) func(*testing.T, *testkit.Province) *testkit.Answer {
		return func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(who).Post(path, j{"note": note}, "If-Match", fmt.Sprintf(`"%d"`, version))
		}
	}
	check(t, []Case{
		{Rule: "6a", Name: "已有妨碍的后日更名到期不生效", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := p.Client(top)
			c.Post("/api/v1/agencies", order("授", "2026-01-01", j{"code": "50010897", "name": "演示单位", "short": "演示", "parent": "500108", "basisKind": "authorized", "validUntil": "2027-12-31"})).OK()
			for i, day := range []string{"2026-11-25", "2026-11-26"} {
				c.Post("/api/v1/agencies/50010897/rename", order(fmt.Sprintf("更名%d", i), day, j{"name": "新名称"})).OK()
			}
			c.Post("/api/v1/agencies/50010897/close", order("撤销", "2026-11-23", nil)).OK()
			p.Clock.Set(testkit.Day.AddDate(0, 0, 3))
			if err := p.Agencies.TakeEffect(t.Context()); err != nil {
				t.Fatal(err)
			}
			d := decisions(p, "50010897")[0]
			path, version = "/api/v1/agency-changes/"+d.ID+"/settle", d.Version
			if d.State != "lapsed" {
				t.Errorf("state %s", d.State)
			}
			return c.Get("/api/v1/agencies/50010897")
		}},
		{Rule: "6a", Name: "区县监督不能了结未生效的变动", Refused: true, Run: settle("supervisor-500108", "不再办理")},
		{Rule: "6a", Name: "了结须写明怎样处理", Refused: true, Run: settle(top, " ")},
		{Rule: "5", Name: "组织部门不了结未生效的变动", Refused: true, Run: settle("organization-500000", "不再办理")},
		{Rule: "6a", Name: "市级监督写明处理后了结，待办消失", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := settle(top, "机构已撤销，不再更名")(t, p)
			if d := decisions(p, "50010897")[0]; d.Settled != "机构已撤销，不再更名" {
				t.Errorf("settled: %+v", d)
			}
			if n := strings.Count(string(p.Client(top).Get("/api/v1/work").Body), "更名到期未生效"); n != 1 {
				t.Errorf("%d items wait, want the other one", n)
			}
			return a
		}},
		{Rule: "6a", Name: "已了结的不再了结", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(top).Post(path, j{"note": "再次"})
		}},
		{Rule: "6a", Name: "另行登记同类变动，未生效的随之了结", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := p.Client(top)
			c.Post("/api/v1/agencies", order("授", "2026-01-01", j{"code": "50010898", "name": "又一单位", "short": "又一", "parent": "500108", "basisKind": "authorized", "validUntil": "2027-12-31"})).OK()
			c.Post("/api/v1/agencies/50010801/merge", order("合并甲", "2026-11-28", j{"successor": "50010898"})).OK()
			c.Post("/api/v1/agencies/50010898/close", order("撤销乙", "2026-11-25", nil)).OK()
			p.Clock.Set(testkit.Day.AddDate(0, 0, 6))
			if err := p.Agencies.TakeEffect(t.Context()); err != nil {
				t.Fatal(err)
			}
			if d := decisions(p, "50010801")[0]; d.State != "lapsed" || d.Settled != "" {
				t.Errorf("a merger into an agency that was closed: %+v", d)
			}
			a := c.Post("/api/v1/agencies/50010801/merge", order("合并丙", "2026-12-28", j{"successor": "50010301"}))
			for _, d := range decisions(p, "50010801") {
				if d.Document == "合并甲" && d.Settled != "已另行登记：合并丙" {
					t.Errorf("decided anew: %+v", d)
				}
			}
			return a
		}},
		// 江北 and 渝北 become 两江新区 (7b), each step on paper, from a coming day.
		{Rule: "5", Name: "设立当时有效的区划的主管部门", Run: authority(top, "500105", "渝府〔2012〕1号", "2012-06-01", nil)},
		{Rule: "5", Name: "已撤销的区划不再设立主管部门", Refused: true, Run: authority(top, "500112", "渝府〔2026〕1号", "2026-11-01", nil)},
		{Rule: "5", Name: "设立主管部门没有登记批准文件", Refused: true, Run: authority(top, "500112", "渝府〔2012〕2号", "2012-06-01", j{"evidence": ""})},
		{Rule: "6a", Name: "区县监督不能设立主管部门", Refused: true, Run: authority("supervisor-500108", "500112", "渝府〔2012〕2号", "2012-06-01", nil)},
		{Rule: "6a", Name: "功能区的机构用功能区代码", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			authority(top, "50GXQ0", "渝府〔2019〕3号", "2019-06-01", nil)(t, p).OK()
			return p.Client(top).Post("/api/v1/agencies", order("高新编〔2019〕1号", "2019-06-01", j{"code": "50GXQ001", "name": "高新区人才中心", "short": "高新人才", "parent": "50GXQ0", "basisKind": "established"}))
		}},
		{Rule: "6a", Name: "机构编码的前六位不是区划代码", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(top).Post("/api/v1/agencies", order("编〔2019〕1号", "2019-06-01", j{"code": "99999901", "name": "无区划", "short": "无", "parent": "50GXQ0", "basisKind": "established"}))
		}},
		{Rule: "5", Name: "后日设立主管部门，到日之前不在设", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			authority(top, "500112", "渝府〔2012〕2号", "2012-06-01", nil)(t, p).OK()
			for _, code := range []string{"500105", "500112"} {
				p.Client(top).Post("/api/v1/agencies", order("编〔2012〕1号", "2012-06-01", j{"code": code + "01", "name": "人才中心" + code, "short": "人才" + code, "parent": code, "basisKind": "established"})).OK()
			}
			matter = p.Client(top).Post("/api/v1/matters", j{"kind": "complaint", "about": "attitude", "text": "事实", "agency": "500105"}).OK().String("id")
			a := authority(top, "500157", "国函〔2026〕1号", "2026-12-01", nil)(t, p).OK()
			if got := a.String("state"); got != "pending" {
				t.Errorf("an authority of a coming day is %s", got)
			}
			return a
		}},
		{Rule: "5", Name: "设立生效前不办理变动", Refused: true, Run: decide("/500157/rename", "渝府〔2026〕6号", "2026-11-20", j{"name": "改名"})},
		{Rule: "5", Name: "还有下属机构的主管部门不能撤销", Refused: true, Run: decide("/500105/close", "渝府〔2026〕7号", "2026-12-01", nil)},
		{Rule: "5", Name: "主管部门不由档案机构承接", Refused: true, Run: decide("/500105/merge", "渝府〔2026〕7号", "2026-12-01", j{"successor": "50010301"})},
		{Rule: "5", Name: "主管部门合并没有发文日期", Refused: true, Run: decide("/500105/merge", "渝府〔2026〕7号", "2026-12-01", j{"successor": "500157", "dated": ""})},
		{Rule: "5", Name: "承接的主管部门届时不在设", Refused: true, Run: decide("/500105/merge", "渝府〔2026〕7号", "2026-11-30", j{"successor": "500157"})},
		{Rule: "5", Name: "全市主管部门不撤销", Refused: true, Run: decide("/500000/close", "国函〔2026〕2号", "2026-12-01", nil)},
		{Rule: "5", Name: "机构不改由档案机构主管", Refused: true, Run: decide("/50011201/assign", "渝府〔2026〕8号", "2026-11-28", j{"parent": "50010301"})},
		{Rule: "5", Name: "机构改由另一主管部门主管", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return decide("/50GXQ001/assign", "渝府〔2026〕8号", "2026-11-28", j{"parent": "500108"})(t, p)
		}},
		{Rule: "5", Name: "没有下属机构的主管部门可以撤销", Run: decide("/50GXQ0/close", "渝府〔2026〕9号", "2026-11-29", nil)},
		{Rule: "7b", Name: "两区主管部门后日并入新区，下属机构随之改隶", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := p.Client(top)
			a := c.Get("/api/v1/agencies/500105/foresee?kind=merged&successor=500157&effectiveOn=2026-12-01").OK()
			if !bytes.Contains(a.Body, []byte("下属机构 1 个（人才中心500105）")) {
				t.Errorf("foreseen: %s", a.Body)
			}
			for _, code := range []string{"500105", "500112"} {
				decide("/"+code+"/merge", "国函〔2026〕1号", "2026-12-01", j{"successor": "500157"})(t, p).OK()
			}
			p.Clock.Set(time.Date(2026, 12, 1, 1, 0, 0, 0, time.UTC))
			if err := p.Agencies.TakeEffect(t.Context()); err != nil {
				t.Fatal(err)
			}
			a = c.Get("/api/v1/agencies/500105").OK()
			if a.String("state") != "merged" || a.String("successor") != "500157" || c.Get("/api/v1/agencies/50010501").String("parent") != "500157" {
				t.Errorf("after the day: %s", a.Body)
			}
			var then, now struct {
				Below []struct{ Code string } `json:"below"`
			}
			c.Get("/api/v1/agencies/500105?on=2026-11-30").JSON(&then)
			c.Get("/api/v1/agencies/500157").JSON(&now)
			if len(then.Below) != 1 || then.Below[0].Code != "50010501" || len(now.Below) != 2 {
				t.Errorf("below it before %v, below its successor now %v", then.Below, now.Below)
			}
			if got := c.Get("/api/v1/agencies/50010501?on=2026-11-30").String("standing.parent"); got != "500105" {
				t.Errorf("above the agency on the day before: %s", got)
			}
			// What the merged authority was complained of, the province goes on with; what is new about its past goes to the successor.
			c.Get("/api/v1/matters/" + matter).OK()
			if n, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM window_matter WHERE id=? AND agency='500157' AND authority='500000'", matter); n != 1 || err != nil {
				t.Errorf("the complaint did not go along (%v)", err)
			}
			return c.Get("/api/v1/agencies/500157")
		}},
		{Rule: "5", Name: "并入的主管部门不再办理变动", Refused: true, Run: decide("/500105/rename", "渝府〔2026〕10号", "2026-12-01", j{"name": "旧"})},
		// An authorization ends: nothing new by any door, while what is held is served under the superior.
		{Rule: "6a", Name: "授权有效期内登记个人手中档案，接收毕业生档案袋", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			certified, read = atWindow(t, p), checked(p, stock(p, nil))
			p.Client(top).Post("/api/v1/agencies", order("授", "2026-01-01", j{"code": "50010899", "name": "期限单位", "short": "期限", "parent": "500108", "basisKind": "authorized", "validUntil": "2026-12-05"})).OK()
			decide("/50010801/merge", "渝府〔2026〕11号", "2026-12-01", j{"successor": "50010899"})(t, p).OK()
			imported = upload(p, "clerk-500108", unclearList(t)).String("id")
			p.RunJobs()
			p.Client("clerk-500108").Post("/api/v1/rosters/"+imported+"/start", j{"basis": "清册"}).OK()
			p.RunJobs()
			_, a := bring(p, "clerk-500108")
			a.OK()
			school := "姓名,身份证号,毕业院校,转递编号\n"
			for n := 950; n < 953; n++ {
				school += fmt.Sprintf("%s,%s,南山学院,ZD-%d\n", testkit.Name(n), testkit.IDNo(n), n)
			}
			p.Client("clerk-500108").Do("POST", "/api/v1/graduate-lists?name=a.csv", school, "Content-Type", "application/octet-stream").OK()
			p.Client("clerk-500108").Post("/api/v1/graduate-scans", j{"number": "ZD-952", "seal": "intact"}).OK()
			a = p.Client("clerk-500108").Post("/api/v1/graduate-packets", j{"number": "ZD-950", "seal": "intact"}).OK()
			p.Clock.Set(time.Date(2026, 12, 7, 1, 0, 0, 0, time.UTC))
			return a
		}},
		{Rule: "6a", Name: "授权到期后，到期前名单所列的档案袋也不再接收，写明由上级指定谁接收", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("clerk-500108").Post("/api/v1/graduate-packets", j{"number": "ZD-951", "seal": "intact"})
			if next := a.Problem().Reasons[0].Next; !strings.Contains(next, "南岸区人力资源和社会保障局") || !strings.Contains(next, "不退回学校") {
				t.Errorf("who takes it: %s", a.Body)
			}
			return a
		}},
		{Rule: "6a", Name: "授权到期前扫描、到期后签收的一批，一袋也不接收", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			batch := p.Client("clerk-500108").Get("/api/v1/graduate-batches/open").String("batch.id")
			return p.Client("clerk-500108").Post("/api/v1/graduate-batches/"+batch+"/sign", j{"packets": 1})
		}},
		{Rule: "6a", Name: "授权到期后不再登记个人手中档案", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			_, a := bring(p, "clerk-500108")
			return a
		}},
		{Rule: "6a", Name: "授权到期后不再登记身份待核的档案袋", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/rosters/"+imported+"/unclear", j{"seal": "intact", "shelf": "02-B-099"})
		}},
		{Rule: "6a", Name: "授权到期后照常出具证明，上级可见", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			certified.p, certified.t = p, t
			certified.apply("custody", "keys", []string{"custody"}).OK()
			certified.post("reviewer-500108", "issue", nil).OK()
			return p.Client("supervisor-500108").Get("/api/v1/certificates/" + certified.id)
		}},
		{Rule: "6a", Name: "授权到期后在办的查阅照常办理", Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			read.p = p
			return read.post("reviewer-500108", "/approve", wholeGrant)
		}},
	})
}

// TestWhereAnAgencyIsReached holds that its contact details change from a day, by whom they
// may be changed, and that a paper prints those of its own day (26).
func TestWhereAnAgencyIsReached(t *testing.T) {
	contact := func(who, code, day string, set map[string]string) func(*testing.T, *testkit.Province) *testkit.Answer {
		return func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			list := []j{}
			for _, key := range []string{"address", "postcode", "desk", "phone", "hotline", "oversight"} {
				if v, ok := set[key]; ok {
					list = append(list, j{"key": key, "value": v})
				}
			}
			return p.Client(who).Post("/api/v1/agencies/"+code+"/contact", j{"effectiveOn": day, "evidence": "办公地点搬迁通知", "contacts": list})
		}
	}
	const head, here, today = "head-500101", "50010101", "2026-11-23"
	moved := map[string]string{"address": "重庆市万州区新城路9号", "postcode": "404100", "phone": "023-58200001", "oversight": "023-58200009"}
	check(t, []Case{
		{Rule: "26", Name: "经办不能变更联系方式", Refused: true, Run: contact("clerk-500101", here, today, moved)},
		{Rule: "26", Name: "区县监督不能变更联系方式", Refused: true, Run: contact("supervisor-500101", here, today, moved)},
		{Rule: "5", Name: "组织部门不变更联系方式", Refused: true, Run: contact("organization-500000", here, today, moved)},
		{Rule: "26", Name: "办公电话写法不对", Refused: true, Run: contact(head, here, today, map[string]string{"phone": "见门口"})},
		{Rule: "26", Name: "地址不能为空", Refused: true, Run: contact(head, here, today, map[string]string{"address": " "})},
		{Rule: "26", Name: "联系方式不能从过去的日期起变更", Refused: true, Run: contact(head, here, "2026-11-01", moved)},
		{Rule: "26", Name: "没有改动的不登记", Refused: true, Run: contact(head, here, today, map[string]string{})},
		{Rule: "26", Name: "负责人变更本机构的联系方式，此后的调档函印新地址，已出具的不变", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			before := move(t, p, 71, nil).lettered()
			a := contact(head, here, today, moved)(t, p).OK()
			after := move(t, p, 72, nil).lettered()
			if old := issuedText(t, p, "clerk-500101", "Transfer:"+before.id); strings.Contains(old, "新城路9号") {
				t.Errorf("a paper issued before prints the new address: %s", old)
			}
			text := issuedText(t, p, "clerk-500101", "Transfer:"+after.id)
			for _, want := range []string{"新城路9号", "404100", "023-58200001", "监督电话：023-58200009"} {
				if !strings.Contains(strings.Join(strings.Fields(text), ""), want) {
					t.Errorf("a paper issued after does not print %s: %s", want, text)
				}
			}
			if got := p.Client("clerk-500101").Get("/api/v1/transfers/" + before.id).String("receiverAddr"); !strings.Contains(got, "新城路9号") {
				t.Errorf("a packet not sent yet would go to %s", got)
			}
			return a
		}},
		{Rule: "26", Name: "市级监督登记后日起用的联系方式，到日生效，历史可查", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			top := p.Client("supervisor-500000")
			a := contact("supervisor-500000", here, "2026-12-01", map[string]string{"hotline": "023-12333"})(t, p).OK()
			contacts := func(on string) string {
				var v struct {
					Contacts []struct{ Key, Value string }
				}
				top.Get("/api/v1/agencies/" + here + "?on=" + on).OK().JSON(&v)
				out := ""
				for _, d := range v.Contacts {
					out += d.Key + "=" + d.Value + ";"
				}
				return out
			}
			if got := contacts(today); strings.Contains(got, "hotline=023-12333") {
				t.Errorf("holds before its day: %s", got)
			}
			p.Clock.Set(testkit.Day.AddDate(0, 0, 8))
			if err := p.Agencies.TakeEffect(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := contacts("2026-12-01"); !strings.Contains(got, "hotline=023-12333") || !strings.Contains(got, "oversight=023-58200009") {
				t.Errorf("on its day: %s", got)
			}
			if got := contacts("2026-11-30"); strings.Contains(got, "hotline=023-12333") || !strings.Contains(got, "address=重庆市万州区新城路9号") {
				t.Errorf("on the day before: %s", got)
			}
			if got := contacts("2026-11-22"); strings.Contains(got, "新城路") {
				t.Errorf("before all of it: %s", got)
			}
			return a
		}},
	})
}
