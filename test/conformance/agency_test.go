package conformance

import (
	"bytes"
	"fmt"
	"testing"

	"dangan/internal/graduate"
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
		const more = 1200
		for n := range more {
			testkit.Stock(p, "50010801", 1000+n, nil)
		}
		school := []byte(fmt.Sprintf("姓名,身份证号,毕业院校,转递编号\n%s,%s,南山学院,ZD-1\n", testkit.Name(900), testkit.IDNo(900)))
		if _, err := p.Graduates.Import(t.Context(), p.As("clerk-500108"), graduate.Source{Agency: "50010801", FileName: "名单.csv", Content: bytes.NewReader(school), Size: int64(len(school))}); err != nil {
			t.Fatal(err)
		}
		held := func(code string) int64 {
			n, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM dossier WHERE agency=?", code)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		top := p.Client("supervisor-500000")
		// A transfer runs between the two: nothing moves at all.
		if a := top.Post("/api/v1/agencies/50010801/merge", order("渝编〔2026〕20号", "2026-06-01", j{"successor": "50010101"})); a.Status != 403 && a.Status != 422 || held("50010801") != more+1 {
			t.Fatalf("merging with a transfer between the two answered %d: %s", a.Status, a.Body)
		}
		top.Post("/api/v1/agencies/50010801/merge", order("渝编〔2026〕21号", "2026-06-01", j{"successor": "50010301"})).OK()
		if held("50010801") != 0 || held("50010301") != more+1 {
			t.Errorf("held %d and %d after merging", held("50010801"), held("50010301"))
		}
		events, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM custody_event WHERE kind='succeeded' AND agency='50010301'")
		if err != nil || events != more+1 {
			t.Errorf("%d handovers told, %v", events, err)
		}
		// A packet that a school sends on the merged agency's list arrives at the successor (12).
		p.Client("clerk-500103").Post("/api/v1/graduate-packets", map[string]string{"number": "ZD-1", "seal": "intact"}).OK()
		// The running transfer goes on with the successor, and with the staff of the merged agency.
		if got := p.Client("clerk-500101").Get("/api/v1/transfers/" + m.id).String("holder"); got != "渝中区公共就业和人才服务中心" {
			t.Errorf("holder of the running transfer: %s", got)
		}
		p.Client("clerk-500103").Get("/api/v1/transfers/" + m.id).OK()
		p.Client("clerk-500108").Get("/api/v1/dossiers/" + m.d.ID).OK()
		if a := top.Post("/api/v1/agencies/50010801/rename", order("渝编〔2026〕22号", "2026-06-01", j{"name": "旧"})); a.Status != 403 && a.Status != 422 {
			t.Errorf("a merged agency was renamed: %d", a.Status)
		}
	})
}
