package conformance

import (
	"strings"
	"testing"

	"dangan/internal/dossier"
	"dangan/internal/store"
	"dangan/internal/testkit"
)

// ask opens a request for materials.
func ask(p *testkit.Province, user, dossierID string, more j) *testkit.Answer {
	b := j{"target": "unit", "addressee": "云岫智能（演示）有限公司", "titles": []string{"年度考核登记表"}}
	for k, v := range more {
		b[k] = v
	}
	return p.Client(user).Post("/api/v1/dossiers/"+dossierID+"/collections", b)
}

func TestCollection(t *testing.T) {
	var d, closed dossier.Dossier
	var id string
	stands := func(t *testing.T, p *testkit.Province, want string) *testkit.Answer {
		t.Helper()
		a := p.Client("clerk-500108").Get("/api/v1/collections/" + id)
		if s := a.String("state"); s != want {
			t.Errorf("state %s, want %s: %s", s, want, a.Body)
		}
		return a
	}
	check(t, []Case{
		{Rule: "14a", Name: "对照类别的清单列出缺少的材料，每项写明影响", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			d = stock(p, func(d *dossier.Dossier) { d.Category, d.Subtype = "4.2", "former_soe_professional" })
			a := p.Client("clerk-500108").Get("/api/v1/dossiers/" + d.ID + "/collection-plan")
			var plan struct {
				Known  bool
				Wanted []struct {
					Title, Consequence string
					Key                bool
				}
				Events []struct{ Slug string }
			}
			a.JSON(&plan)
			if !plan.Known || len(plan.Wanted) == 0 || len(plan.Events) < 10 {
				t.Errorf("%+v", plan)
			}
			for _, w := range plan.Wanted {
				if w.Title == "" || w.Key != (w.Consequence != "") {
					t.Errorf("%+v", w)
				}
			}
			return a
		}},
		{Rule: "14a", Name: "没有写明要收集什么，不开通知", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return ask(p, "clerk-500108", d.ID, j{"titles": []string{" "}})
		}},
		{Rule: "15", Name: "带国家秘密标志的材料名称不印在通知单上", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return ask(p, "clerk-500108", d.ID, j{"titles": []string{"（绝密）某型号任务书"}})
		}},
		{Rule: "14b", Name: "向单位收集而不写单位，不开通知", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return ask(p, "clerk-500108", d.ID, j{"addressee": ""})
		}},
		{Rule: "14b", Name: "事项的日期晚于今天，不开通知", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return ask(p, "clerk-500108", d.ID, j{"event": "review", "formedOn": "2027-01-01"})
		}},
		{Rule: "14a", Name: "审核人员不开通知", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer { return ask(p, "reviewer-500108", d.ID, nil) }},
		{Rule: "14b", Name: "向形成单位开具通知，期限为形成之日起一个月", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := ask(p, "clerk-500108", d.ID, j{"event": "review", "formedOn": "2026-11-10", "titles": []string{"年度考核登记表", "奖励审批（登记）表"}})
			id = a.String("id")
			if other := p.Client("clerk-500103").Get("/api/v1/collections/" + id); other.Status != 404 {
				t.Errorf("another agency reads it: %d", other.Status)
			}
			if other := ask(p, "clerk-500103", d.ID, nil); other.Status != 404 {
				t.Errorf("another agency asks: %d", other.Status)
			}
			if due := a.String("dueOn"); due != "2026-12-10" {
				t.Errorf("due %s", due)
			}
			if !strings.HasPrefix(a.String("no"), "SJTZ-50010801-2026-") {
				t.Errorf("%s", a.Body)
			}
			if pdf := p.Client("clerk-500108").Get("/api/v1/documents/" + a.String("documentId") + "/pdf"); pdf.Status != 200 || !strings.HasPrefix(string(pdf.Body), "%PDF") {
				t.Errorf("the notice: %d", pdf.Status)
			}
			return a
		}},
		{Rule: "14a", Name: "同一材料不通知两次", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer { return ask(p, "clerk-500108", d.ID, nil) }},
		{Rule: "14b", Name: "逾期可以催收", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("clerk-500108").Post("/api/v1/collections/"+id+"/urge", j{})
			if !strings.Contains(string(a.Body), `"urged":1`) {
				t.Errorf("%s", a.Body)
			}
			return a
		}},
		{Rule: "14b", Name: "一天只催一次", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/collections/"+id+"/urge", j{})
		}},
		{Rule: "14b", Name: "材料收到即算交来，归档后自动办结", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			clerk := p.Client("clerk-500108")
			clerk.Post("/api/v1/dossiers/"+d.ID+"/materials", piece("奖励审批（登记）表", nil)).OK()
			stands(t, p, "waiting")
			filed(t, p, d.ID, "年度考核登记表", "3")
			return stands(t, p, "handed")
		}},
		{Rule: "14a", Name: "撤回须写明理由", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/collections/"+id+"/withdraw", j{})
		}},
		{Rule: "14a", Name: "单位书面说明没有形成的，写明理由撤回；已归档的不受影响", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("clerk-500108").Post("/api/v1/collections/"+id+"/withdraw", j{"why": "单位函告未形成奖励材料"})
			if !strings.Contains(string(a.Body), "已归档") || !strings.Contains(string(a.Body), "已撤回") {
				t.Errorf("%s", a.Body)
			}
			return a
		}},
		{Rule: "14b", Name: "已撤回的不再催收", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/collections/"+id+"/urge", j{})
		}},
		{Rule: "14b", Name: "迟交清单按单位、按人列出超过一个月的天数；涉密件不列", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			clerk := p.Client("clerk-500108")
			late := stock(p, nil)
			clerk.Post("/api/v1/dossiers/"+late.ID+"/materials", piece("劳动合同书", j{"giver": "迟交（演示）有限公司", "month": 3, "day": 2})).OK()
			clerk.Post("/api/v1/dossiers/"+late.ID+"/materials", piece("年度考核登记表", j{"origin": "person", "giver": "本人", "month": 9, "day": 1})).OK()
			units := clerk.Get("/api/v1/collections/tardy?by=unit&from=2026-01-01&until=2026-12-31").OK()
			if !strings.Contains(string(units.Body), `"name":"迟交（演示）有限公司","materials":1,"days":235,"longest":235`) {
				t.Errorf("%s", units.Body)
			}
			if other := p.Client("clerk-500103").Get("/api/v1/collections/tardy?by=unit&from=2026-01-01&until=2026-12-31").OK(); strings.Contains(string(other.Body), "迟交（演示）") {
				t.Errorf("another agency sees it: %s", other.Body)
			}
			a := clerk.Get("/api/v1/collections/tardy?by=person&from=2026-01-01&until=2026-12-31").OK()
			if !strings.Contains(string(a.Body), late.ID) {
				t.Errorf("%s", a.Body)
			}
			return a
		}},
		{Rule: "14b", Name: "起止颠倒的迟交清单", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Get("/api/v1/collections/tardy?by=unit&from=2026-12-31&until=2026-01-01")
		}},
		{Rule: "14a", Name: "向本人收集的，通知开给本人", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			closed = stock(p, func(d *dossier.Dossier) { d.Category, d.Subtype = "4.2", "former_soe_professional" })
			a := ask(p, "clerk-500108", closed.ID, j{"target": "person", "addressee": ""})
			id = a.String("id")
			if a.String("addressee") == "" || a.String("dueOn") != "2026-12-23" {
				t.Errorf("%s", a.Body)
			}
			return a
		}},
		{Rule: "14b", Name: "全部归档的，由系统记为收齐，不再列为待交", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			filed(t, p, closed.ID, "年度考核登记表", "3")
			if err := p.Collections.Settle(t.Context()); err != nil {
				t.Fatal(err)
			}
			if n, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM collection WHERE id=? AND ended_on IS NOT NULL", id); err != nil || n != 1 {
				t.Errorf("%d ended, %v", n, err)
			}
			if list := p.Client("clerk-500108").Get("/api/v1/collections?view=ended").OK(); !strings.Contains(string(list.Body), id) {
				t.Errorf("not among the ended: %s", list.Body)
			}
			return stands(t, p, "done")
		}},
	})
}
