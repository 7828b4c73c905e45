package conformance

import (
	"fmt"
	"testing"

	"dangan/internal/testkit"
)

func TestGraduates(t *testing.T) {
	const clerk = "clerk-500108"
	list := func(rows ...string) string {
		out := "姓名,身份证号,毕业院校,转递编号\n"
		for _, r := range rows {
			out += r + "\n"
		}
		return out
	}
	one := func(n int, number string) string {
		return fmt.Sprintf("%s,%s,南山学院,%s", testkit.Name(n), testkit.IDNo(n), number)
	}
	upload := func(query, content string) func(*testing.T, *testkit.Province) *testkit.Answer {
		return func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(clerk).Do("POST", "/api/v1/graduate-lists?name=a.csv"+query, content, "Content-Type", "application/octet-stream")
		}
	}
	post := func(user, path string, body any) func(*testing.T, *testkit.Province) *testkit.Answer {
		return func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(user).Post("/api/v1/"+path, body)
		}
	}
	type m = map[string]any
	packet := func(number string) m { return m{"number": number, "seal": "intact"} }
	first := func(p *testkit.Province, path string) string {
		var v struct {
			Items []struct {
				ID string `json:"id"`
			} `json:"items"`
		}
		p.Client(clerk).Get("/api/v1/" + path).JSON(&v)
		if len(v.Items) == 0 {
			return "none"
		}
		return v.Items[0].ID
	}
	batch := func(_ *testing.T, p *testkit.Province) string {
		return p.Client(clerk).Get("/api/v1/graduate-batches/open").String("batch.id")
	}
	sign := func(n int) func(*testing.T, *testkit.Province) *testkit.Answer {
		return func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(clerk).Post("/api/v1/graduate-batches/"+batch(t, p)+"/sign", m{"packets": n})
		}
	}
	on := func(number, act string, body m) func(*testing.T, *testkit.Province) *testkit.Answer {
		return func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			id := first(p, "graduate-packets?number="+number)
			return p.Client(clerk).Post("/api/v1/graduates/"+id+"/"+act, body)
		}
	}
	promised := func(p *testkit.Province) (id string) {
		if err := p.DB.QueryRow(t.Context(), "SELECT id FROM supplement WHERE state='open' AND case_ref LIKE 'Graduate:%'").Scan(&id); err != nil {
			t.Fatal(err)
		}
		return id
	}
	class := list(one(900, "ZD-1"), one(901, "ZD-2"), one(902, "ZD-3"), one(903, "ZD-4"))
	check(t, []Case{
		{Rule: "12", Name: "空名单不登记", Refused: true, Run: upload("", list())},
		{Rule: "12", Name: "名单预检，不登记", Run: upload("&preview=true", class)},
		{Rule: "12", Name: "名单登记", Run: upload("", class)},
		{Rule: "12", Name: "名单所列毕业生的档案没有申请也接收保管，登记待认领", Run: post(clerk, "graduate-packets", packet("ZD-1"))},
		{Rule: "12", Name: "名单没有的档案袋不登记", Refused: true, Run: post(clerk, "graduate-packets", packet("ZD-9"))},
		{Rule: "12", Name: "扫描放入批次", Run: post(clerk, "graduate-scans", packet("ZD-2"))},
		{Rule: "12", Name: "扫过的不重复扫", Refused: true, Run: post(clerk, "graduate-scans", packet("ZD-2"))},
		{Rule: "12", Name: "身份证查找放入批次", Run: post(clerk, "graduate-scans", packet(testkit.IDNo(902)))},
		{Rule: "12", Name: "从批次中取出", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			id := first(p, "graduate-packets?number=ZD-3")
			return p.Client(clerk).Post("/api/v1/graduate-batches/"+batch(t, p)+"/drop", m{"graduate": id})
		}},
		{Rule: "12", Name: "点数多于扫描数，不签收", Refused: true, Run: sign(2)},
		{Rule: "12", Name: "点数与扫描数相同，一次签收", Run: sign(1)},
		{Rule: "12", Name: "签收后不能再取出", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			c := p.Client(clerk)
			id := first(p, "graduate-packets?number=ZD-2")
			return c.Post("/api/v1/graduate-batches/"+first(p, "graduate-batches")+"/drop", m{"graduate": id})
		}},
		{Rule: "12", Name: "告知要写明方式", Refused: true, Run: on("ZD-2", "tell", m{})},
		{Rule: "12", Name: "告知本人", Run: on("ZD-2", "tell", m{"way": "短信"})},
		{Rule: "12b", Name: "认领要查验证件", Refused: true, Run: on("ZD-2", "claim", m{"noticeVersion": "2026-1", "whole": true})},
		{Rule: "20.4a", Name: "没有对照清单的不能认领", Refused: true, Run: on("ZD-2", "claim", m{"document": "居民身份证", "noticeVersion": "2026-1"})},
		{Rule: "20.4a", Name: "缺关键材料而没有书面承诺的不能认领，档案不退", Refused: true, Run: on("ZD-2", "claim", m{"document": "居民身份证", "noticeVersion": "2026-1", "missing": []string{"education_degree"}})},
		{Rule: "20.4a", Name: "所列不是关键材料的，不登记", Refused: true, Run: on("ZD-2", "claim", m{"document": "居民身份证", "noticeVersion": "2026-1", "missing": []string{"入团志愿书"}, "undertaking": true})},
		{Rule: "12a", Name: "认领：查验证件、交告知书，缺的一次告知并承诺，开个人户", Run: on("ZD-2", "claim", m{"document": "居民身份证", "noticeVersion": "2026-1", "missing": []string{"education_degree"}, "undertaking": true})},
		{Rule: "20.4b", Name: "补充材料不能拿另一份档案的材料办结", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			other := p.Client(clerk).Post("/api/v1/dossiers/"+stock(p, nil).ID+"/materials", piece("劳动合同书", nil)).OK().String("id")
			return p.Client(clerk).Post("/api/v1/supplements/"+promised(p)+"/close", m{"materialId": other})
		}},
		{Rule: "20.4b", Name: "没有材料的写明情况后办结", Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(clerk).Post("/api/v1/supplements/"+promised(p)+"/close", m{"why": "学校书面答复：学籍材料已毁于水灾"})
		}},
		{Rule: "12", Name: "未到的不能认领", Refused: true, Run: on("ZD-4", "claim", m{"document": "居民身份证", "noticeVersion": "2026-1", "whole": true})},
	})
}
