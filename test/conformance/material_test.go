package conformance

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"dangan/internal/api"
	"dangan/internal/dossier"
	"dangan/internal/store"
	"dangan/internal/testkit"
)

func piece(title string, more map[string]any) map[string]any {
	m := map[string]any{"origin": "unit", "giver": "云岫智能（演示）有限公司", "maker": "云岫智能（演示）有限公司", "title": title, "year": 2026, "month": 11, "day": 2, "copies": 1, "pages": 3}
	for k, v := range more {
		m[k] = v
	}
	return m
}

// filed takes one material all the way to the catalog and returns its id.
func filed(t *testing.T, p *testkit.Province, dossier, title, class string) string {
	t.Helper()
	clerk, reviewer := p.Client("clerk-500108"), p.Client("reviewer-500108")
	id := clerk.Post("/api/v1/dossiers/"+dossier+"/materials", piece(title, nil)).String("id")
	clerk.Post("/api/v1/materials/"+id+"/appraise", map[string]any{"decision": "file", "class": class}).OK()
	batch := clerk.Post("/api/v1/filing/batches", map[string]any{"materials": []string{id}}).String("id")
	pull(p, dossier)
	reviewer.Post("/api/v1/filing/batches/"+batch+"/review", map[string]any{"accept": true, "checks": map[string]bool{id: true}}).OK()
	return id
}

// pull has the keeper take the packet from its shelf.
func pull(p *testkit.Province, dossier string) {
	p.Client("keeper-500108").Post("/api/v1/custody/dossiers/"+dossier+"/pull", map[string]any{}).OK()
}

func TestMaterialFiling(t *testing.T) {
	var id, secret, material, first, other, batch, matter string
	again := map[string]any{"title": "劳动合同书", "class": "", "year": 2026, "month": 11, "day": 20, "copies": 1, "pages": 3}
	check(t, append([]Case{
		{Rule: "14b", Name: "单位移交劳动合同书：登记收到之日，算出两个月期限和迟交天数", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			id = oneOf(t, p, 21)
			a := p.Client("clerk-500108").Post("/api/v1/dossiers/"+id+"/materials", piece("劳动合同书", map[string]any{"month": 3, "day": 2}))
			var m struct {
				ID, DueOn string
				LateDays  int
			}
			a.JSON(&m)
			material = m.ID
			// Formed on 2 March, due on 2 April; received on 23 November.
			if m.DueOn != "2027-01-25" && m.DueOn != "2027-01-23" || m.LateDays != 235 {
				t.Errorf("due %s, %d days late", m.DueOn, m.LateDays)
			}
			return a
		}},
		{Rule: "14b", Name: "不写明谁交来的材料，不予登记", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/dossiers/"+id+"/materials", piece("劳动合同书", map[string]any{"giver": ""}))
		}},
		{Rule: "15", Name: "涉密件录入了题名，不予登记", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			secret = oneOf(t, p, 22)
			return p.Client("clerk-500108").Post("/api/v1/dossiers/"+secret+"/materials", piece("某工程参研情况", map[string]any{"secrecy": 2, "class": "10"}))
		}},
		{Rule: "15", Name: "题名带密级标志的，不予登记", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/dossiers/"+secret+"/materials", piece("机密★五年 参研情况", nil))
		}},
		{Rule: "15", Name: "涉密件只登记类号、页数和密级", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("clerk-500108").Post("/api/v1/dossiers/"+secret+"/materials", piece("", map[string]any{"secrecy": 2, "class": "10"}))
			a.OK()
			if b := p.Client("clerk-500108").Get("/api/v1/dossiers/" + secret); b.Status != 404 {
				t.Errorf("who is not cleared reads it: %d", b.Status)
			}
			return a
		}},
		{Rule: "13b", Name: "缺公章的材料不能直接归档", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/materials/"+material+"/appraise", map[string]any{"decision": "file", "class": "9-2", "defects": []string{"missing-seal"}})
		}},
		{Rule: "13b", Name: "缺公章可以补办，不退回", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/materials/"+material+"/appraise", map[string]any{"decision": "return", "defects": []string{"missing-seal"}})
		}},
		{Rule: "13b", Name: "有涂改的须退回，不能补办", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/materials/"+material+"/appraise", map[string]any{"decision": "cure", "defects": []string{"missing-seal", "altered"}})
		}},
		{Rule: "13b", Name: "缺公章的材料由经办鉴别、审核出具退回通知单，限期补办", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			p.Client("clerk-500108").Post("/api/v1/materials/"+material+"/appraise", map[string]any{"decision": "cure", "defects": []string{"missing-seal"}}).OK()
			a := p.Client("reviewer-500108").Post("/api/v1/materials/"+material+"/send-back", map[string]any{"way": "给据邮件", "tracking": "XA12345678950"})
			if n := a.String("slip.number"); !strings.Contains(n, "退〔2026〕") {
				t.Errorf("slip %s", n)
			}
			if s := a.String("material.state"); s != "curing" {
				t.Errorf("state %s", s)
			}
			return a
		}},
		{Rule: "13a", Name: "没有鉴别的材料不能归类", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			other = p.Client("clerk-500108").Post("/api/v1/dossiers/"+id+"/materials", piece("年度考核登记表", nil)).String("id")
			return p.Client("clerk-500108").Post("/api/v1/materials/"+other+"/classify", map[string]any{"class": "3"})
		}},
		{Rule: "13a", Name: "第九类须归到小类", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/materials/"+other+"/appraise", map[string]any{"decision": "file", "class": "9"})
		}},
		{Rule: "13b", Name: "补办件另立一份，注明原件；原件的缺陷、退回单照旧，两边都看得到", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			clerk := p.Client("clerk-500108")
			first = material
			a := clerk.Post("/api/v1/materials/"+first+"/resubmit", again)
			material = a.String("id")
			type side struct {
				ID, State, IntakeNo string
				Defects             []struct{ Code string }
			}
			var was, is struct {
				side
				First, Again *side
			}
			clerk.Get("/api/v1/materials/" + first).JSON(&was)
			clerk.Get("/api/v1/materials/" + material).JSON(&is)
			if was.State != "cured" || len(was.Defects) != 1 || was.Again == nil || was.Again.ID != material {
				t.Errorf("the first is %+v, again %+v", was.side, was.Again)
			}
			if is.State != "received" || is.IntakeNo == was.IntakeNo || len(is.Defects) != 0 || is.First == nil || is.First.ID != first || len(is.First.Defects) != 1 {
				t.Errorf("the cure is %+v of %+v", is.side, is.First)
			}
			if slips := clerk.Get("/api/v1/documents?case=Material:" + first); !strings.Contains(string(slips.Body), "退〔2026〕") {
				t.Errorf("the slip of the first: %s", slips.Body)
			}
			return a
		}},
		{Rule: "13b", Name: "补办件只登记一次", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/materials/"+first+"/resubmit", again)
		}},
		{Rule: "13a", Name: "补办件鉴别归类后提交批次", Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			clerk := p.Client("clerk-500108")
			clerk.Post("/api/v1/materials/"+material+"/appraise", map[string]any{"decision": "file", "class": "9-2"}).OK()
			clerk.Post("/api/v1/materials/"+other+"/appraise", map[string]any{"decision": "file"}).OK()
			clerk.Post("/api/v1/materials/"+other+"/classify", map[string]any{"class": "3"}).OK()
			a := clerk.Post("/api/v1/filing/batches", map[string]any{"materials": []string{material, other}})
			batch = a.String("id")
			return a
		}},
		{Rule: "13a", Name: "待鉴别的材料逐页列出，不因前面有待归档的而漏掉", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			clerk := p.Client("clerk-500108")
			waiting := clerk.Post("/api/v1/dossiers/"+oneOf(t, p, 24)+"/materials", piece("职称评审表", nil)).String("id")
			a := clerk.Get("/api/v1/materials?limit=1&state=received&state=appraising")
			var list struct {
				Items []struct{ ID, State string }
				Next  *string
			}
			a.JSON(&list)
			if len(list.Items) != 1 || list.Items[0].ID != waiting || list.Items[0].State != "received" || list.Next != nil {
				t.Errorf("the two pieces to file come first by their term, and the one to appraise is %+v", list)
			}
			return a
		}},
		{Rule: "13a", Name: "抽查未逐份核对，不能归档", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("reviewer-500108").Post("/api/v1/filing/batches/"+batch+"/review", map[string]any{"accept": true})
		}},
		{Rule: "13a", Name: "档案还在库房，材料不能归入", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("reviewer-500108").Post("/api/v1/filing/batches/"+batch+"/review", map[string]any{"accept": true, "checks": map[string]bool{material: true, other: true}})
		}},
		{Rule: "13a", Name: "提出档案、抽查相符后归档，类内编号，目录升版", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			pull(p, id)
			a := p.Client("reviewer-500108").Post("/api/v1/filing/batches/"+batch+"/review", map[string]any{"accept": true, "checks": map[string]bool{material: true, other: true}})
			var d struct {
				Catalog struct{ Version, Materials int }
				Loose   []any
			}
			p.Client("clerk-500108").Get("/api/v1/dossiers/" + id).JSON(&d)
			if d.Catalog.Version != 1 || d.Catalog.Materials != 2 || len(d.Loose) != 0 {
				t.Errorf("catalog %+v, %d loose", d.Catalog, len(d.Loose))
			}
			if n := p.Client("clerk-500108").Get("/api/v1/materials/" + material).String("number"); n != "9-2-1" {
				t.Errorf("number %s", n)
			}
			return a
		}},
		{Rule: "29.2", Name: "已归档的材料不能再鉴别、改类", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			if a := p.Client("clerk-500108").Post("/api/v1/materials/"+material+"/appraise", map[string]any{"decision": "return", "defects": []string{"altered"}}); a.Status != 403 {
				t.Errorf("a filed material was appraised: %d", a.Status)
			}
			return p.Client("clerk-500108").Post("/api/v1/materials/"+material+"/classify", map[string]any{"class": "10"})
		}},
		{Rule: "29.2", Name: "申请人不能批准自己的更正", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			c := p.Client("reviewer-500108").Post("/api/v1/materials/"+other+"/corrections", map[string]any{"reason": "题名漏字", "basis": "原件", "proposed": map[string]any{"title": "事业单位工作人员年度考核登记表", "class": "3", "year": 2026, "month": 11, "day": 2, "copies": 1, "pages": 3}})
			return p.Client("reviewer-500108").Post("/api/v1/corrections/"+c.String("id")+"/decide", map[string]any{"approve": true})
		}},
		{Rule: "29.2", Name: "更正经他人批准成为新版本，旧版本保留", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := p.Client("clerk-500108").Post("/api/v1/materials/"+material+"/corrections", map[string]any{"reason": "页数点错", "basis": "原件", "proposed": map[string]any{"title": "劳动合同书", "class": "9-2", "year": 2026, "month": 11, "day": 20, "copies": 1, "pages": 5}})
			a := p.Client("head-500108").Post("/api/v1/corrections/"+c.String("id")+"/decide", map[string]any{"approve": true})
			var m struct {
				Pages    int
				Versions []struct {
					Pages int
					State string
				}
			}
			p.Client("clerk-500108").Get("/api/v1/materials/" + material).JSON(&m)
			if m.Pages != 5 || len(m.Versions) != 1 || m.Versions[0].Pages != 3 || m.Versions[0].State != "superseded" {
				t.Errorf("versions %+v", m)
			}
			return a
		}},
		{Rule: "13a", Name: "库管、经办导出目录为表格和数据，内容与目录一致，导出留痕", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			clerk := p.Client("clerk-500108")
			if a := clerk.Get("/api/v1/dossiers/" + id + "/catalog.xlsx"); !strings.HasPrefix(string(a.Body), "PK") {
				t.Errorf("no workbook: %d", a.Status)
			}
			a := clerk.Get("/api/v1/dossiers/" + id + "/catalog.json")
			var f struct {
				Version, Materials int
				Classes            []struct {
					Code  string
					Items []struct{ Number, Title string }
				}
			}
			a.JSON(&f)
			if f.Materials != 2 || f.Version != 2 || len(f.Classes) != 2 || f.Classes[1].Items[0].Number != "9-2-1" || f.Classes[1].Items[0].Title != "劳动合同书" {
				t.Errorf("catalog %+v", f)
			}
			return a
		}},
		{Rule: "29.3", Name: "扫描人员不能导出目录", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("scanner-500108").Get("/api/v1/dossiers/" + id + "/catalog.xlsx")
		}},
		{Rule: "13a", Name: "题名的类号建议至多三个，各有理由，由人决定", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			clerk := p.Client("clerk-500108")
			piece := clerk.Post("/api/v1/dossiers/"+id+"/materials", piece("见习期满转正定级考核鉴定表", nil)).String("id")
			a := clerk.Get("/api/v1/materials/" + piece)
			var m struct {
				Suggested []struct{ Class, Reason string }
			}
			a.JSON(&m)
			if n := len(m.Suggested); n < 2 || n > 3 || m.Suggested[0].Reason == "" {
				t.Errorf("suggestions %+v", m.Suggested)
			}
			// Against every suggestion: what the person says is what counts.
			return clerk.Post("/api/v1/materials/"+piece+"/appraise", map[string]any{"decision": "file", "class": "10"})
		}},
		{Rule: "13a", Name: "补充归档后按形成时间重新编号：另一人批准，目录升一版，原编号保留", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			clerk, head := p.Client("clerk-500108"), p.Client("head-500108")
			late := filed(t, p, oneOf(t, p, 25), "劳动合同书", "9-2")
			dossier := clerk.Get("/api/v1/materials/" + late).String("dossierId")
			early := clerk.Post("/api/v1/dossiers/"+dossier+"/materials", piece("录用审批表", map[string]any{"year": 2019, "month": 7, "day": 1})).String("id")
			clerk.Post("/api/v1/materials/"+early+"/appraise", map[string]any{"decision": "file", "class": "9-2"}).OK()
			b := clerk.Post("/api/v1/filing/batches", map[string]any{"materials": []string{early}}).String("id")
			p.Client("reviewer-500108").Post("/api/v1/filing/batches/"+b+"/review", map[string]any{"accept": true, "checks": map[string]bool{early: true}}).OK()
			ask := clerk.Post("/api/v1/dossiers/"+dossier+"/rearrangements", map[string]any{"class": "9-2", "order": []string{early, late}, "reason": "补充归档后按形成时间排列"})
			a := head.Post("/api/v1/rearrangements/"+ask.String("id")+"/decide", map[string]any{"approve": true})
			var m struct {
				Number   string
				Versions []struct{ Seq int }
			}
			clerk.Get("/api/v1/materials/" + late).JSON(&m)
			if m.Number != "9-2-2" || len(m.Versions) != 1 || m.Versions[0].Seq != 1 || clerk.Get("/api/v1/materials/"+early).String("number") != "9-2-1" {
				t.Errorf("renumbered %+v", m)
			}
			if a := clerk.Post("/api/v1/dossiers/"+dossier+"/rearrangements", map[string]any{"class": "9-2", "order": []string{early}, "reason": "漏列一份"}); a.Status != 403 {
				t.Errorf("an order that leaves a material out was taken: %d", a.Status)
			}
			other = dossier
			return a
		}},
		{Rule: "13a", Name: "第八类按事项编号：处分决定在前，先形成的调查报告作附件，与它同号", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			clerk := p.Client("clerk-500108")
			d := oneOf(t, p, 26)
			report := clerk.Post("/api/v1/dossiers/"+d+"/materials", piece("关于违反纪律问题的调查报告", map[string]any{"year": 2020, "month": 3, "day": 2})).String("id")
			decision := clerk.Post("/api/v1/dossiers/"+d+"/materials", piece("关于给予警告处分的决定", map[string]any{"year": 2020, "month": 5, "day": 6})).String("id")
			lifted := clerk.Post("/api/v1/dossiers/"+d+"/materials", piece("关于解除警告处分的决定", map[string]any{"year": 2020, "month": 11, "day": 6})).String("id")
			for _, id := range []string{lifted, decision} {
				clerk.Post("/api/v1/materials/"+id+"/appraise", map[string]any{"decision": "file", "class": "8"}).OK()
			}
			var page struct {
				Mains []struct {
					ID       string
					Proposed bool
				}
			}
			clerk.Get("/api/v1/materials/" + report).JSON(&page)
			proposed := ""
			for _, m := range page.Mains {
				if m.Proposed {
					proposed += m.ID
				}
			}
			if proposed != decision {
				t.Errorf("the report goes behind %q, not the decision: %+v", proposed, page.Mains)
			}
			clerk.Post("/api/v1/materials/"+report+"/appraise", map[string]any{"decision": "file", "class": "8", "main": decision}).OK()
			if a := clerk.Post("/api/v1/filing/batches", map[string]any{"materials": []string{report}}); a.Status != 403 || a.Problem().Reasons[0].Slug != "annex_main" {
				t.Errorf("an attachment was filed without its main paper: %d %s", a.Status, a.Body)
			}
			b := clerk.Post("/api/v1/filing/batches", map[string]any{"materials": []string{report, lifted, decision}}).String("id")
			pull(p, d)
			checks := map[string]bool{report: true, lifted: true, decision: true}
			a := p.Client("reviewer-500108").Post("/api/v1/filing/batches/"+b+"/review", map[string]any{"accept": true, "checks": checks})
			number := func(id string) string { return clerk.Get("/api/v1/materials/" + id).String("number") }
			if got := []string{number(decision), number(report), number(lifted)}; !slices.Equal(got, []string{"8-1", "8-1", "8-2"}) {
				t.Errorf("numbered %v", got)
			}
			matter = d
			return a
		}},
		{Rule: "13a", Name: "作建议的顺序与目录一致；附件离开主件的排列不予受理", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			clerk := p.Client("clerk-500108")
			var l struct {
				Order   []string
				Annexes []map[string]string
			}
			clerk.Get("/api/v1/dossiers/" + matter + "/arrangement?class=8").JSON(&l)
			if len(l.Order) != 3 || len(l.Annexes) != 1 || l.Annexes[0]["id"] != l.Order[1] || l.Annexes[0]["mainId"] != l.Order[0] {
				t.Fatalf("proposed %+v", l)
			}
			if a := p.Client("clerk-500103").Get("/api/v1/dossiers/" + matter + "/arrangement?class=8"); a.Status != 404 {
				t.Errorf("another agency is told: %d", a.Status)
			}
			return clerk.Post("/api/v1/dossiers/"+matter+"/rearrangements", map[string]any{"class": "8", "order": []string{l.Order[0], l.Order[2], l.Order[1]}, "annexes": l.Annexes, "reason": "附件移到后面"})
		}},
		{Rule: "13a", Name: "附件改为单独编号：另一人批准，目录升一版", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			clerk := p.Client("clerk-500108")
			var l struct{ Order []string }
			clerk.Get("/api/v1/dossiers/" + matter + "/arrangement?class=8").JSON(&l)
			if a := clerk.Post("/api/v1/materials/"+l.Order[0]+"/corrections", map[string]any{"reason": "归错类", "proposed": map[string]any{"title": "关于给予警告处分的决定", "class": "10", "year": 2020, "month": 5, "day": 6, "copies": 1, "pages": 2}}); a.Status != 403 || a.Problem().Reasons[0].Slug != "has_annexes" {
				t.Errorf("a main paper left its attachments: %d %s", a.Status, a.Body)
			}
			ask := clerk.Post("/api/v1/dossiers/"+matter+"/rearrangements", map[string]any{"class": "8", "order": l.Order, "annexes": []any{}, "reason": "调查报告单独编号"})
			a := p.Client("head-500108").Post("/api/v1/rearrangements/"+ask.String("id")+"/decide", map[string]any{"approve": true})
			if n := clerk.Get("/api/v1/materials/" + l.Order[1]).String("number"); n != "8-2" {
				t.Errorf("numbered %s", n)
			}
			return a
		}},
		{Rule: "29.2", Name: "申请人不能批准自己的重新编号", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			var d struct {
				Catalog struct {
					Classes []struct {
						Code  string
						Items []struct{ ID string }
					}
				}
			}
			reviewer := p.Client("reviewer-500108")
			reviewer.Get("/api/v1/dossiers/" + other).JSON(&d)
			var order []string
			for _, c := range d.Catalog.Classes {
				for _, m := range c.Items {
					order = append([]string{m.ID}, order...)
				}
			}
			ask := reviewer.Post("/api/v1/dossiers/"+other+"/rearrangements", map[string]any{"class": "9-2", "order": order, "reason": "倒排"})
			return reviewer.Post("/api/v1/rearrangements/"+ask.String("id")+"/decide", map[string]any{"approve": true})
		}},
		{Rule: "14b", Name: "别的单位交来的，形成单位不是它：同样先向形成单位核实", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			clerk := p.Client("clerk-500108")
			id := clerk.Post("/api/v1/dossiers/"+oneOf(t, p, 47)+"/materials", piece("职称证书", map[string]any{"origin": "unit", "giver": "某人力资源公司（演示）", "maker": "重庆市职称办（演示）"})).OK().String("id")
			return clerk.Post("/api/v1/materials/"+id+"/appraise", map[string]any{"decision": "file"})
		}},
		{Rule: "13a", Name: "收下时登记错的，归档前直接更正，迟交天数重算；没有改动的不算更正", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			clerk := p.Client("clerk-500108")
			wrong := piece("年度考和登记表", map[string]any{"origin": "unit", "giver": "甲单位", "maker": "甲单位", "year": 2019, "month": 1, "day": 5})
			id := clerk.Post("/api/v1/dossiers/"+oneOf(t, p, 48)+"/materials", wrong).OK().String("id")
			right := map[string]any{"title": "年度考核登记表", "class": "", "year": 2026, "month": 11, "day": 2, "copies": 1, "pages": 2, "giver": "甲单位", "maker": "甲单位"}
			clerk.Post("/api/v1/materials/"+id+"/describe", right).OK()
			m, err := store.Get[dossier.Material](t.Context(), p.DB, "WHERE id=?", id)
			if err != nil || m.Title != "年度考核登记表" || m.LateDays != 0 {
				t.Errorf("put right: %+v %v", m, err)
			}
			return clerk.Post("/api/v1/materials/"+id+"/describe", right)
		}},
		{Rule: "14b", Name: "本人提交的材料未向形成单位核实，不能归档", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			other = p.Client("clerk-500108").Post("/api/v1/dossiers/"+id+"/materials", piece("职工登记表", map[string]any{"origin": "person", "giver": "本人", "isCopy": true})).String("id")
			a := p.Client("clerk-500108").Post("/api/v1/materials/"+other+"/appraise", map[string]any{"decision": "file", "class": "1"})
			if n := len(a.Rules()); n != 2 {
				t.Errorf("both reasons are told at once: %v", a.Rules())
			}
			return a
		}},
		{Rule: "13b", Name: "复制件与原件不符的，不能归档", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			clerk := p.Client("clerk-500108")
			clerk.Post("/api/v1/materials/"+other+"/verifications", map[string]any{"kind": "maker", "party": "云岫智能（演示）有限公司 人事王", "way": "电话", "agrees": true, "on": "2026-11-20"}).OK()
			clerk.Post("/api/v1/materials/"+other+"/verifications", map[string]any{"kind": "original", "party": "本人", "way": "当面核对原件", "agrees": false, "answer": "第二页缺签名", "on": "2026-11-20"}).OK()
			return clerk.Post("/api/v1/materials/"+other+"/appraise", map[string]any{"decision": "file", "class": "1"})
		}},
		{Rule: "14b", Name: "向形成单位核实、与原件核对相符后归档，核实结果留存", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			clerk := p.Client("clerk-500108")
			clerk.Post("/api/v1/materials/"+other+"/verifications", map[string]any{"kind": "original", "party": "云岫智能（演示）有限公司", "way": "原件保管单位核对盖章", "agrees": true, "on": "2026-11-21"}).OK()
			a := clerk.Post("/api/v1/materials/"+other+"/appraise", map[string]any{"decision": "file", "class": "1"})
			var m struct{ Verifications []struct{ Agrees bool } }
			clerk.Get("/api/v1/materials/" + other).JSON(&m)
			if len(m.Verifications) != 3 || m.Verifications[1].Agrees {
				t.Errorf("verifications %+v", m.Verifications)
			}
			return a
		}},
		{Rule: "14b", Name: "收到本人提交的材料即开出核实任务，有期限；形成单位答复后办结，列入台账", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			clerk := p.Client("clerk-500108")
			own := clerk.Post("/api/v1/dossiers/"+id+"/materials", piece("就业登记表", map[string]any{"origin": "person", "giver": "本人"})).String("id")
			type page struct {
				Tasks []struct{ No, State, DueOn, ClosedOn, Party string }
			}
			var before, after page
			clerk.Get("/api/v1/materials/" + own).JSON(&before)
			if len(before.Tasks) != 1 || before.Tasks[0].State != "open" || before.Tasks[0].DueOn <= "2026-11-23" || before.Tasks[0].Party == "" || !strings.HasPrefix(before.Tasks[0].No, "HS-50010801-2026-") {
				t.Fatalf("tasks %+v", before.Tasks)
			}
			letter := clerk.Post("/api/v1/materials/"+own+"/inquiry", map[string]any{}).OK()
			if n := letter.String("number"); !strings.Contains(n, "询〔2026〕") {
				t.Errorf("letter %s", letter.Body)
			}
			a := clerk.Post("/api/v1/materials/"+own+"/verifications", map[string]any{"kind": "maker", "party": "云岫智能（演示）有限公司 人事王", "way": "电话", "agrees": true, "on": "2026-11-20"})
			clerk.Get("/api/v1/materials/" + own).JSON(&after)
			if len(after.Tasks) != 1 || after.Tasks[0].State != "agreed" || after.Tasks[0].ClosedOn == "" {
				t.Errorf("tasks %+v", after.Tasks)
			}
			if book := clerk.Get("/api/v1/registers/maker_tasks?from=2026-01-01&until=2026-12-31").OK(); !strings.Contains(string(book.Body), before.Tasks[0].No) {
				t.Errorf("not in the register: %s", book.Body)
			}
			return a
		}},
		{Rule: "14b", Name: "没有待答复的核实任务，不开核实函", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			sent := p.Client("clerk-500108").Post("/api/v1/dossiers/"+id+"/materials", piece("奖励审批（登记）表", nil)).String("id")
			return p.Client("clerk-500108").Post("/api/v1/materials/"+sent+"/inquiry", map[string]any{})
		}},
		{Rule: "13b", Name: "鉴别结论为核实的，形成单位答复前不能归档", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			clerk := p.Client("clerk-500108")
			doubted := clerk.Post("/api/v1/dossiers/"+id+"/materials", piece("工资变动审批表", nil)).String("id")
			clerk.Post("/api/v1/materials/"+doubted+"/appraise", map[string]any{"decision": "verify", "note": "落款日期早于单位成立", "defects": []string{"false-or-suspect"}}).OK()
			return clerk.Post("/api/v1/materials/"+doubted+"/appraise", map[string]any{"decision": "file", "class": "9-1"})
		}},
		{Rule: "13a", Name: "纸质档案照原目录录入，第二人核对后生效", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			paper := oneOf(t, p, 23)
			line := map[string]any{"title": "高中毕业生登记表", "class": "4-1", "year": 2009, "month": 6, "copies": 1, "pages": 2}
			b := p.Client("clerk-500108").Post("/api/v1/dossiers/"+paper+"/catalog", map[string]any{"lines": []any{line}})
			var v struct{ Sample []string }
			b.JSON(&v)
			a := p.Client("reviewer-500108").Post("/api/v1/filing/batches/"+b.String("id")+"/review", map[string]any{"accept": true, "checks": map[string]bool{v.Sample[0]: true}})
			old := p.Client("clerk-500108").Post("/api/v1/dossiers/"+paper+"/catalog/print?sheet=16k", nil)
			if pdf := p.Client("clerk-500108").Get("/api/v1/documents/" + old.String("id") + "/pdf"); !strings.Contains(string(pdf.Body), "/MediaBox [0 0 521.57 737.01]") {
				t.Errorf("the old sheet: %d %.60s", pdf.Status, pdf.Body)
			}
			d := p.Client("clerk-500108").Post("/api/v1/dossiers/"+paper+"/catalog/print", nil)
			if n := d.String("number"); !strings.Contains(n, "目〔2026〕") {
				t.Errorf("catalog %s", n)
			}
			return a
		}},
	}, slices.Concat(sittings(), pauses(), lateCure(), receipts())...))
}

// lateCure moves the clock, so that it comes last.
func lateCure() []Case {
	return []Case{
		{Rule: "13b", Name: "证书原件退给本人，不寄学校", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			clerk := p.Client("clerk-500108")
			diploma := clerk.Post("/api/v1/dossiers/"+oneOf(t, p, 47048)+"/materials", piece("普通高等学校毕业证书", map[string]any{"origin": "unit", "giver": "南山演示学院", "maker": "南山演示学院"})).OK().String("id")
			clerk.Post("/api/v1/materials/"+diploma+"/appraise", map[string]any{"decision": "return", "defects": []string{"original-certificate"}}).OK()
			a := p.Client("reviewer-500108").Post("/api/v1/materials/"+diploma+"/send-back", map[string]any{"way": "窗口领取", "receiver": "罗以宁"})
			a.OK()
			var to, name string
			if err := p.DB.QueryRow(t.Context(), "SELECT document.addressee, person.name FROM document JOIN dossier ON dossier.id=document.dossier_id JOIN person ON person.id=dossier.person_id WHERE document.case_ref=?", "Material:"+diploma).Scan(&to, &name); err != nil || to != name {
				t.Errorf("the slip is addressed to %q, not to %q (%v)", to, name, err)
			}
			return a
		}},
		{Rule: "13b", Name: "限期补办的，期满前不作退回；期满未补的退回，再出一份通知单", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			clerk, reviewer := p.Client("clerk-500108"), p.Client("reviewer-500108")
			id := clerk.Post("/api/v1/dossiers/"+oneOf(t, p, 49)+"/materials", piece("年度考核登记表", map[string]any{"origin": "unit", "giver": "甲单位", "maker": "甲单位"})).OK().String("id")
			clerk.Post("/api/v1/materials/"+id+"/appraise", map[string]any{"decision": "cure", "defects": []string{"missing-seal"}, "cureBy": p.Clock.Now().Format(time.DateOnly)}).OK()
			back := map[string]any{"way": "窗口领取", "receiver": "罗以宁"}
			reviewer.Post("/api/v1/materials/"+id+"/send-back", back).OK()
			early := reviewer.Post("/api/v1/materials/"+id+"/send-back", back)
			p.Clock.Advance(48 * time.Hour)
			if a := p.Client("reviewer-500108").Post("/api/v1/materials/"+id+"/send-back", back).OK(); a.String("material.state") != "returned" {
				t.Errorf("over its term it is %s", a.Body)
			}
			return early
		}},
	}
}

func TestWhereabouts(t *testing.T) {
	check(t, []Case{
		{Rule: "12b", Name: "证件号码校验不符，不能答复去向", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500103").Post("/api/v1/inquiries", map[string]any{"name": "王可", "idNo": "500108196001011231", "document": "居民身份证"})
		}},
		{Rule: "7.4", Name: "在任一窗口答复到场的本人档案在何处，不说库位", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			oneOf(t, p, 31)
			a := p.Client("clerk-500103").Post("/api/v1/inquiries", map[string]any{"name": testkit.Name(31), "idNo": testkit.IDNo(31), "document": "居民身份证", "print": true})
			if s := a.String("answer"); !strings.Contains(s, "南岸区公共就业和人才服务中心") || strings.Contains(s, "01-A-") {
				t.Errorf("answer %s", s)
			}
			if a.String("paper") == "" {
				t.Error("no paper")
			}
			return a
		}},
		{Rule: "10b", Name: "答复过的去向，亲属的不在自己的清单里", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			head := p.Client("head-500103")
			if a := head.Get("/api/v1/inquiries").OK(); !strings.Contains(string(a.Body), testkit.Name(31)) {
				t.Errorf("the head sees %s", a.Body)
			}
			head.Post("/api/v1/account/kin", map[string]any{"name": testkit.Name(31), "relation": "spouse", "idNo": testkit.IDNo(31)}).OK()
			a := head.Get("/api/v1/inquiries").OK()
			if strings.Contains(string(a.Body), testkit.Name(31)) {
				t.Errorf("kin stand in the list: %s", a.Body)
			}
			return a
		}},
		{Rule: "7.4", Name: "库管不办理查档去向", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("keeper-500108").Post("/api/v1/inquiries", map[string]any{"name": testkit.Name(31), "idNo": testkit.IDNo(31), "document": "居民身份证"})
		}},
	})
}

// 29.1, 29.4: nothing of a dossier can be deleted or replaced, by no method on no
// operation of the document, by nobody.
func TestNothingIsDeletedOrReplaced(t *testing.T) {
	raw, err := api.Document("test")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Paths map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	// What a person keeps for the own use, and what the province sets for all: no record of a dossier.
	own := map[string]bool{"/api/v1/session": true, "/api/v1/account/sessions/{id}": true, "/api/v1/dossier-views": true, "/api/v1/settings/{key}": true}
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		id := testkit.Stock(p, "50010801", 41, nil).ID
		material := filed(t, p, id, "劳动合同书", "9-2")
		before := p.Client("clerk-500108").Get("/api/v1/materials/" + material).Body
		tried := 0
		for _, c := range []struct{ Rule, Method string }{{Rule: "29.4", Method: http.MethodDelete}, {Rule: "29.1", Method: http.MethodPut}, {Rule: "29.1", Method: http.MethodPatch}} {
			for path := range doc.Paths {
				if own[path] {
					continue
				}
				target := path
				for _, name := range []string{"{id}", "{entry}", "{material}", "{page}", "{key}"} {
					value := material
					if strings.Contains(path, "/dossiers/{id}") {
						value = id
					}
					target = strings.ReplaceAll(target, name, value)
				}
				target = strings.NewReplacer("{kind}", "fact").Replace(target)
				for _, who := range []string{"clerk-500108", "reviewer-500108", "head-500108", "sysadmin-500000"} {
					a := p.Client(who).Do(c.Method, target, map[string]any{"title": "改"})
					tried++
					if a.Status/100 == 2 {
						t.Errorf("%s %s %s by %s answered %d", c.Rule, c.Method, path, who, a.Status)
					}
					if a.Status == http.StatusMethodNotAllowed && (a.Header.Get("Content-Type") != "application/problem+json" || a.Problem().Title != "没有这种操作" || !strings.Contains(a.Header.Get("Allow"), "T")) {
						t.Errorf("%s %s: %s, allowed %q: %s", c.Method, path, a.Header.Get("Content-Type"), a.Header.Get("Allow"), a.Body)
					}
					if a.Status >= 500 {
						t.Errorf("%s %s answered %d", c.Method, path, a.Status)
					}
				}
			}
		}
		if tried == 0 {
			t.Fatal("no operation was tried")
		}
		after := p.Client("clerk-500108").Get("/api/v1/materials/" + material).Body
		if string(before) != string(after) {
			t.Errorf("the filed material changed:\n%s\n%s", before, after)
		}
	})
}

// receipts are the cases of the 材料接收回单; they come last, as they leave loose pieces.
func receipts() []Case {
	var id string
	var pieces []string
	hand := func(p *testkit.Province, post string, list []string) *testkit.Answer {
		return p.Client(post).Post("/api/v1/dossiers/"+id+"/material-receipts", map[string]any{"materials": list})
	}
	return []Case{
		{Rule: "14b", Name: "交来材料的，当场出具一份接收回单，列明各件登记号和归档期限", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			id, pieces = oneOf(t, p, 2141), nil
			for _, title := range []string{"职称评审表", "培训登记表"} {
				pieces = append(pieces, p.Client("clerk-500108").Post("/api/v1/dossiers/"+id+"/materials", piece(title, nil)).OK().String("id"))
			}
			a := hand(p, "clerk-500108", pieces)
			if n := a.String("number"); !strings.Contains(n, "收〔2026〕") {
				t.Errorf("receipt %s", n)
			}
			return a
		}},
		{Rule: "13a", Name: "审核人员不收材料，不出具接收回单", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return hand(p, "reviewer-500108", pieces)
		}},
		{Rule: "14b", Name: "不同的人交来的材料，不能列入一份回单", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			more := p.Client("clerk-500108").Post("/api/v1/dossiers/"+id+"/materials", piece("进修鉴定表", map[string]any{"giver": "另一交来单位"})).OK().String("id")
			return hand(p, "clerk-500108", append([]string{more}, pieces...))
		}},
		{Rule: "14b", Name: "没有选材料，不能出具回单", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return hand(p, "clerk-500108", []string{})
		}},
	}
}
