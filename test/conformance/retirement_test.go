package conformance

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"dangan/internal/testkit"
)

var pensioners sync.Map // by province: how many were born

// born is the next of the made-up persons born in May 1976; numbers from 16,800 on are of
// another year, so each province counts its own.
func born(p *testkit.Province) int {
	n, _ := pensioners.LoadOrStore(p.DB, new(atomic.Int64))
	return 12016 + 120*int(n.(*atomic.Int64).Add(1))
}

// pensioner is a woman born in May 1976, near the age of one group and not of the other.
type pensioner struct {
	p           *testkit.Province
	dossier, id string
}

func nearly(p *testkit.Province) *pensioner {
	n := born(p)
	return &pensioner{p: p, dossier: testkit.Stock(p, "50010801", n, nil).ID}
}

func (r *pensioner) open(pairs ...any) *testkit.Answer {
	a := r.p.Client("clerk-500108").Post("/api/v1/retirements", merge(map[string]any{"dossierId": r.dossier, "group": "women_50", "ground": "劳动合同书"}, pairs...))
	if a.Status == 200 {
		r.id = a.String("id")
	}
	return a
}

func (r *pensioner) post(user, act string, body any) *testkit.Answer {
	return r.p.Client(user).Post("/api/v1/retirements/"+r.id+"/"+act, body)
}

// facts enters what the paper says of birth and start of work.
func (r *pensioner) facts(born string) {
	for kind, written := range map[string]string{"birth_date": born, "work_start": "1996年7月"} {
		r.p.Client("clerk-500108").Post("/api/v1/dossiers/"+r.dossier+"/facts", map[string]any{"kind": kind, "written": written, "source": map[string]any{"class": "1", "title": "职工履历表", "page": 1}}).OK()
	}
}

var packetCount = map[string]any{"materials": 12, "pages": 48, "note": "已告知本人：入职材料待补，审核单位认定"}

// ready is checked.
func (r *pensioner) ready() *pensioner {
	r.open().OK()
	r.facts("1976年5月")
	r.post("clerk-500108", "check", packetCount).OK()
	return r
}

func (r *pensioner) list() *testkit.Answer {
	return r.p.Client("clerk-500108").Post("/api/v1/retirement-lists", map[string]any{"cases": []string{r.id}, "recipient": "南岸区社会保险局"})
}

// out is with the reviewer; the path of its list.
func (r *pensioner) out() string {
	list := "/api/v1/retirement-lists/" + r.ready().list().OK().String("id")
	pull(r.p, r.dossier)
	r.p.Client("reviewer-500108").Post(list+"/deliver", map[string]any{"on": r.p.Gate.Today().String(), "taker": "审核员"}).OK()
	return list
}

func (r *pensioner) back(pairs ...any) *testkit.Answer {
	return r.post("clerk-500108", "return", merge(map[string]any{"materials": 12, "pages": 48, "packet": "intact", "result": "approved", "approvalNo": "南退审〔2026〕1号", "approvedOn": r.p.Gate.Today().String()}, pairs...))
}

// catalogued is a pensioner whose packet has a catalog of two pieces.
func catalogued(p *testkit.Province) *pensioner {
	n := born(p)
	d, _ := testkit.Volume(p, "50010801", n, nil, testkit.Piece{Class: "1", Title: "职工履历表", Pages: 4}, testkit.Piece{Class: "3", Title: "年度考核登记表", Pages: 2})
	return &pensioner{p: p, dossier: d.ID}
}

// signed is the second person's word.
func (r *pensioner) signed() *testkit.Answer { return r.post("reviewer-500108", "countersign", nil) }

func line(no int, result string, pairs ...any) map[string]any {
	return merge(map[string]any{"lineNo": no, "result": result}, pairs...)
}

func TestRetirementByRule(t *testing.T) {
	check(t, []Case{
		{Rule: "7.4", Name: "六个月内到龄的列入名单，办理后不再列", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			r := nearly(p)
			due := func() string {
				return string(p.Client("clerk-500108").Get("/api/v1/retirements/due?view=near&limit=100").OK().Body)
			}
			if !strings.Contains(due(), r.dossier) || !strings.Contains(due(), `"statutoryOn":"2027-02-`) {
				t.Errorf("not listed: %s", due())
			}
			a := r.open().OK()
			if strings.Contains(due(), r.dossier) || a.String("state") != "checking" {
				t.Errorf("listed still, %s", a.String("state"))
			}
			return a
		}},
		{Rule: "20c", Name: "死亡确认后尚未送审的退休事项随之终止", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			r := nearly(p)
			r.open().OK()
			d := &deceased{p: p, dossier: r.dossier}
			d.report("clerk-500108", p.Gate.Today().AddDays(-3).String()).OK()
			a := d.post("reviewer-500108", "confirm", nil).OK()
			if v := p.Client("clerk-500108").Get("/api/v1/retirements/" + r.id).OK(); v.String("state") != "dropped" {
				t.Errorf("still %s", v.String("state"))
			}
			return a
		}},
		{Rule: "7.4", Name: "距法定退休年龄还早的暂不办理", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return nearly(p).open("group", "women_55")
		}},
		{Rule: "7.4", Name: "弹性提前不得低于原法定退休年龄", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return nearly(p).open("choice", "early", "dueOn", "2026-04-30", "paper", "书面告知")
		}},
		{Rule: "7.4", Name: "本人书面选择弹性延迟的按所选日期办理", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := nearly(p).open("choice", "late", "dueOn", "2028-02-01", "paper", "弹性延迟退休协议", "paperOn", "2026-11-02")
			if a.String("dueOn") != "2028-02-01" {
				t.Errorf("%s", a.Body)
			}
			return a
		}},
		{Rule: "7.4", Name: "弹性提前没有在所选日期前三个月书面告知的不受理", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return nearly(p).open("choice", "early", "dueOn", "2026-12-15", "paper", "书面告知", "paperOn", "2026-10-08")
		}},
		{Rule: "7.4", Name: "出生日期经认定的，按认定列入将到龄名单", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			n := born(p) + 8 // born in 1984 by the number
			d := testkit.Stock(p, "50010801", n, nil)
			listed := func() bool {
				return strings.Contains(string(p.Client("clerk-500108").Get("/api/v1/retirements/due?view=near&limit=100").OK().Body), d.ID)
			}
			if listed() {
				t.Error("listed by the number")
			}
			a := p.Client("clerk-500108").Post("/api/v1/dossiers/"+d.ID+"/determinations", map[string]any{"kind": "birth_date", "written": "1976年6月5日", "authority": "南岸区委组织部", "docNo": "南组认〔2026〕3号", "on": "2026-10-12", "source": map[string]any{"class": "5", "title": "出生日期认定材料", "page": 1}}).OK()
			if listed() {
				t.Error("listed by a decision nobody confirmed")
			}
			p.Client("reviewer-500108").Post("/api/v1/entries/determination/"+a.String("id")+"/confirm", nil).OK()
			if !listed() {
				t.Error("not listed by the birth date that was decided")
			}
			return p.Client("clerk-500108").Post("/api/v1/retirement-near-list", nil)
		}},
		{Rule: "7.4", Name: "审核人员不打印将到龄名单", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("reviewer-500108").Post("/api/v1/retirement-near-list", nil)
		}},
		{Rule: "7.4", Name: "关键信息没有登记的不能核对完毕", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			r := nearly(p)
			r.open().OK()
			return r.post("clerk-500108", "check", packetCount)
		}},
		{Rule: "7.4", Name: "记载不一致的须告知，机构不作认定", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			r := nearly(p)
			r.open().OK()
			r.facts("1975年5月")
			return r.post("clerk-500108", "check", map[string]any{"materials": 12, "pages": 48})
		}},
		{Rule: "7.4", Name: "没有核对的不能列入送审清单", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			r := nearly(p)
			r.open().OK()
			return r.list()
		}},
		{Rule: "22", Name: "送审由两人经手，拟定清单的人不能自己移交", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			list := nearly(p).ready().list().OK().String("id")
			return p.Client("clerk-500108").Post("/api/v1/retirement-lists/"+list+"/deliver", map[string]any{"on": p.Gate.Today().String(), "taker": "审核员"})
		}},
		{Rule: "22", Name: "还在库房的不能送审", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			list := nearly(p).ready().list().OK().String("id")
			return p.Client("reviewer-500108").Post("/api/v1/retirement-lists/"+list+"/deliver", map[string]any{"on": p.Gate.Today().String(), "taker": "审核员"})
		}},
		{Rule: "16b", Name: "送审期间如实显示借阅在外，不能提档", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			r := nearly(p)
			list := p.Client("reviewer-500108").Get(r.out()).OK()
			if list.String("dueBack") <= p.Gate.Today().String() || !strings.Contains(list.String("number"), "休") {
				t.Errorf("%s", list.Body)
			}
			if d := p.Client("clerk-500108").Get("/api/v1/dossiers/" + r.dossier).OK(); d.String("state") != "lent" {
				t.Errorf("dossier %s", d.String("state"))
			}
			return p.Client("keeper-500108").Post("/api/v1/custody/dossiers/"+r.dossier+"/pull", map[string]any{})
		}},
		{Rule: "22", Name: "退回时页数不符须写明差异", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			r := nearly(p)
			r.out()
			return r.back("pages", 47)
		}},
		{Rule: "22", Name: "退回时须逐份核对，漏一份的不能登记", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			r := catalogued(p)
			r.out()
			return r.back("found", []any{line(1, "ok")})
		}},
		{Rule: "22", Name: "清点的人不能自己复核", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			r := nearly(p)
			r.out()
			r.back().OK()
			return r.post("clerk-500108", "countersign", nil)
		}},
		{Rule: "22", Name: "复核认为清点有误的，重新清点后才能复核", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			r := nearly(p)
			r.out()
			r.back().OK()
			r.post("reviewer-500108", "dispute", map[string]any{"basis": "少点一份"}).OK()
			return r.signed()
		}},
		{Rule: "16b", Name: "复核以前档案不归还入库", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			r := nearly(p)
			r.out()
			r.back().OK()
			return p.Client("keeper-500108").Post("/api/v1/custody/dossiers/"+r.dossier+"/put-back", map[string]any{"packet": "intact"})
		}},
		{Rule: "22", Name: "逐份核对的差异由二人签名，出具差异记录，查清前不能办结", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			r := catalogued(p)
			r.out()
			wrong := map[string]any{"pages": 47, "difference": "末页误留审核卷宗，次日补送", "found": []any{line(1, "ok"), line(2, "missing")}}
			r.back("pages", 47, "difference", "说明", "found", wrong["found"]).OK()
			r.post("reviewer-500108", "dispute", map[string]any{"basis": "第2项在卷内，缺第1项末页"}).OK()
			if w := p.Client("clerk-500108").Get("/api/v1/work").OK(); !strings.Contains(string(w.Body), "重新清点") {
				t.Errorf("nobody is told to count again: %s", w.Body)
			}
			wrong["found"] = []any{line(1, "pages", "pages", 3), line(2, "ok")}
			r.back("pages", 47, "difference", wrong["difference"], "found", wrong["found"], "beyond", []any{map[string]any{"title": "他人体检表", "copies": 1, "pages": 1}}).OK()
			a := r.signed().OK()
			if no := a.String("recordNo"); a.String("state") != "back" || !strings.Contains(no, "录") || !strings.Contains(a.String("difference"), "送出4页，退回3页") || !strings.Contains(a.String("difference"), "多出") {
				t.Errorf("%s", a.Body)
			}
			if b := p.Client("supervisor-500108").Get("/api/v1/registers/retirements?from=2026-01-01&until=2026-12-31").OK(); !strings.Contains(string(b.Body), "退回3页") {
				t.Errorf("register: %s", b.Body)
			}
			filed(t, p, r.dossier, "退休（退职）审批表", "9-2")
			return r.post("clerk-500108", "finish", map[string]any{"way": "keep"})
		}},
		{Rule: "22", Name: "差异查清后办结", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			r := nearly(p)
			r.out()
			r.back("pages", 47, "difference", "一页误留审核卷宗").OK()
			r.signed().OK()
			if w := p.Client("clerk-500108").Get("/api/v1/work").OK(); !strings.Contains(string(w.Body), "退回时有差异") {
				t.Errorf("the difference is forgotten: %s", w.Body)
			}
			r.post("clerk-500108", "settle", map[string]any{"basis": "缺页已于次日追回，对照入卷"}).OK()
			filed(t, p, r.dossier, "退休（退职）审批表", "9-2")
			return r.post("clerk-500108", "finish", map[string]any{"way": "keep"})
		}},
		{Rule: "7.4", Name: "弹性退休的书面告知期限由市级在限度内设定", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("supervisor-500000").Put("/api/v1/settings/retire_earlier", map[string]any{"value": "0"})
		}},
		{Rule: "22", Name: "未通过的退回后重新核对，台账留一条", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			r := nearly(p)
			list := r.out()
			r.back("result", "declined", "why", "工龄材料不足").OK()
			a := r.signed().OK()
			if a.String("state") != "checking" {
				t.Errorf("%s", a.Body)
			}
			if l := p.Client("clerk-500108").Get(list).OK(); l.String("state") != "returned" || !strings.Contains(string(l.Body), `"returned":"相符"`) {
				t.Errorf("%s", l.Body)
			}
			return a
		}},
		{Rule: "13a", Name: "退休审批表没有归档的不能办结", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			r := nearly(p)
			r.out()
			r.back().OK()
			r.signed().OK()
			return r.post("clerk-500108", "finish", map[string]any{"way": "keep"})
		}},
		{Rule: "13a", Name: "审批表按收件、鉴别、归档入卷后办结，继续保管", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			r := nearly(p)
			r.out()
			r.back().OK()
			r.signed().OK()
			if d := p.Client("clerk-500108").Get("/api/v1/dossiers/" + r.dossier).OK(); d.String("state") != "arranging" {
				t.Errorf("dossier %s", d.String("state"))
			}
			filed(t, p, r.dossier, "退休（退职）审批表", "9-2")
			a := r.post("clerk-500108", "finish", map[string]any{"way": "keep"}).OK()
			if b := p.Client("supervisor-500108").Get("/api/v1/registers/retirements?from=2026-01-01&until=2026-12-31").OK(); !strings.Contains(string(b.Body), "南岸区社会保险局") {
				t.Errorf("register: %s", b.Body)
			}
			return a
		}},
		{Rule: "20.1", Name: "没有调档函的不能按转出办结", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			r := nearly(p)
			r.out()
			r.back().OK()
			r.signed().OK()
			filed(t, p, r.dossier, "退休（退职）审批表", "9-2")
			return r.post("clerk-500108", "finish", map[string]any{"way": "pass"})
		}},
		{Rule: "22", Name: "未送出的清单可以取消，不再办理写明原因", Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			r := nearly(p)
			list := r.ready().list().OK().String("id")
			p.Client("clerk-500108").Post("/api/v1/retirement-lists/"+list+"/cancel", map[string]any{"basis": "改由本人送审"}).OK()
			return r.post("reviewer-500108", "drop", map[string]any{"basis": "已在单位办理退休"})
		}},
		{Rule: "N1", Name: "对照表由市级整体替换，写法不对的不收", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("supervisor-500000").Put("/api/v1/retirement-ages", map[string]any{"table": "group,born_from,age_months\nmen,1900-01,720\n"})
		}},
		{Rule: "N1", Name: "区县不能替换对照表", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("supervisor-500108").Put("/api/v1/retirement-ages", map[string]any{"table": "group,born_from,age_months\nmen,1900-01,720\nwomen_55,1900-01,660\nwomen_50,1900-01,600\n"})
		}},
	})
}
