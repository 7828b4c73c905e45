package conformance

import (
	"slices"
	"strings"
	"testing"

	"dangan/internal/testkit"
)

// oneOf is a made-up dossier on the shelf of 南岸, by number.
func oneOf(t *testing.T, p *testkit.Province, n int) string {
	t.Helper()
	p = p.In(t)
	return testkit.Stock(p, "50010801", n, nil).ID
}

var cited = map[string]any{"class": "9-2", "title": "聘用合同书", "page": 2}

func TestDossierRecord(t *testing.T) {
	var id, period, sheet string
	check(t, []Case{
		{Rule: "20.2a", Name: "核对表并列姓名、农历出生日期、入党和转正时间，提示不合常理之处，不作认定", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			clerk, reviewer := p.Client("clerk-500108"), p.Client("reviewer-500108")
			sheet = "/api/v1/dossiers/" + oneOf(t, p, 9)
			d := sheet
			for kind, written := range map[string]string{"birth_date": "农历1991年正月廿九", "party_joining": "1986年6月", "party_full": "1986年12月", "name": "某某某", "native_place": "重庆万州"} {
				id := clerk.Post(d+"/facts", map[string]any{"kind": kind, "written": written, "source": cited}).OK().String("id")
				reviewer.Post("/api/v1/entries/fact/"+id+"/confirm", nil).OK()
			}
			var c struct {
				Flags []struct{ Kind string }
				Facts []struct {
					Kind, Adopted string
					Mentions      []struct {
						Value, Conversion string
						Checked           []struct{ By, At string }
					}
				}
			}
			a := clerk.Get(d + "/comparison")
			a.JSON(&c)
			kinds := map[string]bool{}
			for _, f := range c.Flags {
				kinds[f.Kind] = true
			}
			for _, want := range []string{"party_age", "probation", "name"} {
				if !kinds[want] {
					t.Errorf("no flag %s in %+v", want, c.Flags)
				}
			}
			for _, f := range c.Facts {
				if f.Adopted != "" {
					t.Errorf("%s was decided: %s", f.Kind, f.Adopted)
				}
				if f.Kind == "birth_date" && (f.Mentions[0].Value != "1991-03-15" || f.Mentions[0].Conversion == "" || len(f.Mentions[0].Checked) != 1 || f.Mentions[0].Checked[0].At == "") {
					t.Errorf("birth %+v", f.Mentions[0])
				}
			}
			return clerk.Post(d+"/comparison/print", nil)
		}},
		{Rule: "29.2", Name: "农历没有这一天的出生日期不能登记", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post(sheet+"/facts", map[string]any{"kind": "birth_date", "written": "农历1991年正月三十", "source": cited})
		}},
		{Rule: "12b", Name: "完整证件号码只有说明用途才显示", Refused: false, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			id = oneOf(t, p, 1)
			page := p.Client("clerk-500108").Get("/api/v1/dossiers/" + id)
			if strings.Contains(string(page.Body), testkit.IDNo(1)) {
				t.Error("the page shows the whole identity number")
			}
			page.OK()
			a := p.Client("clerk-500108").Post("/api/v1/dossiers/"+id+"/reveal", map[string]any{"reason": "核对转档手续"})
			if !strings.Contains(string(a.Body), testkit.IDNo(1)) {
				t.Errorf("not revealed: %s", a.Body)
			}
			return a
		}},
		{Rule: "29.3", Name: "不说明用途，不显示完整证件号码", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/dossiers/"+id+"/reveal", map[string]any{"reason": " "})
		}},
		{Rule: "29.2", Name: "登记记载须注明类号、材料名称和页码", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/dossiers/"+id+"/facts", map[string]any{"kind": "birth_date", "written": "1991年3月14日", "source": map[string]any{"title": "高中毕业生登记表"}})
		}},
		{Rule: "20.3b", Name: "登记一段事业单位专业技术人员经历，注明出处", Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("clerk-500108").Post("/api/v1/dossiers/"+id+"/periods", map[string]any{"kind": "work", "from": "2013-07", "to": "2019-05", "unit": "南岸区某中学", "identity": "institution_professional", "source": cited})
			period = a.String("id")
			return a
		}},
		{Rule: "29.2", Name: "登记人不能核对自己的登记", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/entries/period/"+period+"/confirm", nil)
		}},
		{Rule: "29.2", Name: "另一人核对后，记载有效", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("reviewer-500108").Post("/api/v1/entries/period/"+period+"/confirm", nil)
			if f := p.Client("clerk-500108").Get("/api/v1/dossiers/" + id).String("forced.code"); f != "yes" {
				t.Errorf("way of transfer %s, want yes", f)
			}
			return a
		}},
	})
}

// Key facts: every mention with its page, contradictions named, decisions only of a competent department.
func TestKeyFacts(t *testing.T) {
	var id, paper, decision string
	mention := func(p *testkit.Province, written, material string, page int) *testkit.Answer {
		return p.Client("clerk-500108").Post("/api/v1/dossiers/"+id+"/facts", map[string]any{"kind": "birth_date", "written": written, "source": map[string]any{"materialId": material, "page": page}})
	}
	decide := func(p *testkit.Province, more map[string]any) *testkit.Answer {
		body := map[string]any{"kind": "birth_date", "written": "1991年3月", "authority": "南岸区人力资源和社会保障局", "docNo": "南人社审〔2026〕12号", "on": "2026-11-02", "source": map[string]any{"class": "5", "title": "干部基本信息审核认定表", "page": 1}}
		for k, v := range more {
			body[k] = v
		}
		return p.Client("clerk-500108").Post("/api/v1/dossiers/"+id+"/determinations", body)
	}
	check(t, []Case{
		{Rule: "29.2", Name: "页码超过材料页数的记载不予登记", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			id = oneOf(t, p, 61)
			paper = filed(t, p, id, "高中毕业生登记表", "4-1")
			if a := mention(p, "1991年3月14日", paper, 0); a.Status/100 == 2 {
				t.Error("a mention without its page was taken")
			}
			return mention(p, "1991年3月14日", paper, 4)
		}},
		{Rule: "20.4a", Name: "同一信息的各处记载并列，指出最早的记载和相差多少，经历的空白列出", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			clerk := p.Client("clerk-500108")
			mention(p, "1991年3月14日", paper, 2).OK()
			late := clerk.Post("/api/v1/dossiers/"+id+"/facts", map[string]any{"kind": "birth_date", "written": "1991.6", "source": map[string]any{"class": "1", "title": "履历表", "page": 1}})
			late.OK()
			for _, span := range [][2]string{{"2013-07", "2016-03"}, {"2017-01", ""}} {
				clerk.Post("/api/v1/dossiers/"+id+"/periods", map[string]any{"kind": "work", "from": span[0], "to": span[1], "unit": "单位" + span[0], "source": cited}).OK()
			}
			a := clerk.Get("/api/v1/dossiers/" + id + "/comparison")
			var v struct {
				Facts []struct {
					Kind, Verdict string
					Mentions      []struct {
						Written, Against string
						Earliest         bool
						Page             int
					}
				}
				Intervals []struct {
					Kind   string
					Months int
				}
			}
			a.JSON(&v)
			birth := v.Facts[0]
			if birth.Verdict != "differ" || len(birth.Mentions) != 3 || !birth.Mentions[0].Earliest || birth.Mentions[0].Page != 2 || birth.Mentions[1].Against != "相差 3 个月" {
				t.Errorf("birth date %+v", birth)
			}
			if len(v.Intervals) != 1 || v.Intervals[0].Kind != "gap" || v.Intervals[0].Months != 9 {
				t.Errorf("intervals %+v", v.Intervals)
			}
			return a
		}},
		{Rule: "20.4a", Name: "两项学历不是记载不一致：逐项比较，最高全日制和最高在职分别列出", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			clerk := p.Client("clerk-500108")
			for _, written := range []string{"全日制本科，重庆某某大学", "大学本科", "在职硕士研究生"} {
				clerk.Post("/api/v1/dossiers/"+id+"/facts", map[string]any{"kind": "education_degree", "written": written, "source": map[string]any{"class": "4-1", "title": "普通高等学校毕业生登记表", "page": 1}}).OK()
			}
			a := clerk.Get("/api/v1/dossiers/" + id + "/comparison")
			var v struct {
				Facts []struct {
					Kind, Verdict string
					Highest       []string
					Mentions      []struct{ Against string }
				}
			}
			a.JSON(&v)
			at := 0
			for i, f := range v.Facts {
				if f.Kind == "education_degree" {
					at = i
				}
			}
			if f := v.Facts[at]; f.Kind != "education_degree" || f.Verdict == "differ" || len(f.Highest) != 2 || len(f.Mentions) != 3 {
				t.Errorf("education %+v", f)
			}
			return a
		}},
		{Rule: "29.2", Name: "档案机构自己认定关键信息，不予登记", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return decide(p, map[string]any{"authority": "南岸区公共就业和人才服务中心"})
		}},
		{Rule: "29.2", Name: "没有认定材料的认定，不予登记", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return decide(p, map[string]any{"source": map[string]any{"materialId": paper, "page": 1}})
		}},
		{Rule: "20.4a", Name: "主管部门的认定凭认定材料登记，登记人以外的人核对后列入信息核对表，原记载不动", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			decision = decide(p, nil).String("id")
			if a := p.Client("clerk-500108").Post("/api/v1/entries/determination/"+decision+"/confirm", nil); a.Status != 403 {
				t.Errorf("who entered it confirmed it: %d", a.Status)
			}
			p.Client("reviewer-500108").Post("/api/v1/entries/determination/"+decision+"/confirm", nil).OK()
			var v struct {
				Facts []struct {
					Verdict, Note, Adopted string
					Mentions               []struct{ Doubts []string }
				}
			}
			p.Client("clerk-500108").Get("/api/v1/dossiers/" + id + "/comparison").JSON(&v)
			if f := v.Facts[0]; f.Verdict != "decided" || f.Adopted == "" || len(f.Mentions) != 3 || len(f.Mentions[1].Doubts) == 0 || !strings.Contains(f.Note, "人力资源和社会保障局") {
				t.Errorf("decided %+v", f)
			}
			return p.Client("clerk-500108").Post("/api/v1/dossiers/"+id+"/comparison/print", nil)
		}},
		{Rule: "29.2", Name: "扫描人员不能登记认定", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("scanner-500108").Post("/api/v1/dossiers/"+id+"/determinations", map[string]any{"kind": "birth_date", "written": "1991年3月", "authority": "甲", "docNo": "1", "on": "2026-11-02", "source": map[string]any{"class": "5", "title": "认定表", "page": 1}})
		}},
	})
}

// Unknown stays unknown until the history is stated as complete by one person and confirmed by another.
func TestForcedUntilConfirmed(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		id := testkit.Stock(p, "50010801", 3, nil).ID
		clerk, reviewer := p.Client("clerk-500108"), p.Client("reviewer-500108")
		forced := func() string { return clerk.Get("/api/v1/dossiers/" + id).String("forced.code") }
		entry := clerk.Post("/api/v1/dossiers/"+id+"/periods", map[string]any{"kind": "work", "from": "2013-07", "unit": "云岫智能（演示）有限公司", "identity": "none", "source": cited}).String("id")
		if forced() != "unknown" {
			t.Error("an unconfirmed history decides")
		}
		if a := reviewer.Post("/api/v1/dossiers/"+id+"/history/confirm", nil); a.Status != 422 || !slices.Contains(a.Rules(), "20.3b") {
			t.Errorf("confirmed before it was stated: %d %s", a.Status, a.Body)
		}
		clerk.Post("/api/v1/dossiers/"+id+"/history/state", nil).OK()
		if a := clerk.Post("/api/v1/dossiers/"+id+"/history/confirm", nil); a.Status != 403 {
			t.Errorf("confirmed by who stated it: %d", a.Status)
		}
		if a := reviewer.Post("/api/v1/dossiers/"+id+"/history/confirm", nil); a.Status != 422 {
			t.Errorf("confirmed with an unconfirmed period: %d", a.Status)
		}
		reviewer.Post("/api/v1/entries/period/"+entry+"/confirm", nil).OK()
		reviewer.Post("/api/v1/dossiers/"+id+"/history/confirm", nil).OK()
		if forced() != "no" {
			t.Errorf("forced %s after the history was confirmed", forced())
		}
		clerk.Post("/api/v1/dossiers/"+id+"/periods", map[string]any{"kind": "work", "from": "2010-07", "to": "2013-06", "unit": "某区财政局", "source": cited}).OK()
		if forced() != "yes" {
			t.Error("a period at an organ without a recorded post does not count as forcing")
		}
	})
}
