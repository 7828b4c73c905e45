package conformance

import (
	"strings"
	"testing"

	"dangan/internal/dossier"
	"dangan/internal/testkit"
)

func ending(more j) j {
	b := j{"why": "asked", "document": "销户申请（盖章）、经办人居民身份证", "documentOn": "2026-11-20"}
	for k, v := range more {
		b[k] = v
	}
	return b
}

// onAccount puts dossiers of the stock on a unit.
func onAccount(p *testkit.Province, unit string, from, n int) (out []dossier.Dossier) {
	for i := range n {
		out = append(out, testkit.Stock(p, "50010801", from+i, func(d *dossier.Dossier) { d.AccountKind, d.AccountUnit = "collective", unit }))
	}
	return out
}

// settled signs for what hangs on an account now.
func settled(p *testkit.Province, user, id string, body j, choices ...j) *testkit.Answer {
	body["seen"] = p.Client(user).Get("/api/v1/unit-accounts/" + id + "/settlement").String("seen")
	body["choices"] = append([]j{}, choices...)
	return p.Client(user).Post("/api/v1/unit-accounts/"+id+"/settle", body)
}

func TestCollectiveAccounts(t *testing.T) {
	const unit, gone = "渝东机械（演示）有限公司", "失联贸易（演示）有限公司"
	var id, lost string
	var on []dossier.Dossier
	check(t, []Case{
		{Rule: "12c", Name: "没有单位证照和信用代码，不能开户，所缺一次说全", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("clerk-500108").Post("/api/v1/unit-accounts", j{"unit": unit, "uscc": "91500103MA5U00011X"})
			if n := len(a.Problem().Reasons); n != 2 {
				t.Errorf("%d reasons: %s", n, a.Body)
			}
			return a
		}},
		{Rule: "12c", Name: "库管不开立集体账户", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("keeper-500108").Post("/api/v1/unit-accounts", j{"unit": unit, "uscc": "91500103MA5U00011H", "paper": "business_licence"})
		}},
		{Rule: "12c", Name: "凭营业执照开立集体账户", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("clerk-500108").Post("/api/v1/unit-accounts", j{"unit": unit, "uscc": "91500103MA5U00011H", "paper": "business_licence"}).OK()
			id = a.String("id")
			if other := p.Client("clerk-500103").Get("/api/v1/unit-accounts/" + id); other.Status != 404 {
				t.Errorf("another district reads it: %d", other.Status)
			}
			return a
		}},
		{Rule: "12c", Name: "同一单位在本机构只有一个集体账户", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/unit-accounts", j{"unit": unit, "uscc": "91500000202800110K", "paper": "business_licence"})
		}},
		{Rule: "12c", Name: "没有存量档案的单位不能只登记", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/unit-accounts", j{"unit": gone, "stock": true})
		}},
		{Rule: "12c", Name: "存量档案所挂的单位先登记账户", Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			onAccount(p, gone, 80, 2)
			a := p.Client("clerk-500108").Post("/api/v1/unit-accounts", j{"unit": gone, "stock": true})
			lost = a.String("id")
			return a
		}},
		{Rule: "12d", Name: "名下仍有档案的，不能注销", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			on = onAccount(p, unit, 70, 4)
			return p.Client("clerk-500108").Post("/api/v1/unit-accounts/"+id+"/close", ending(nil))
		}},
		{Rule: "12d", Name: "没有依据材料，不能销户", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return settled(p, "reviewer-500108", id, ending(j{"document": ""}))
		}},
		{Rule: "12d", Name: "经办不签批销户", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return settled(p, "clerk-500108", id, ending(nil))
		}},
		{Rule: "12d", Name: "核对之后名单有变动的，一卷也不办", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			body := ending(j{"seen": p.Client("reviewer-500108").Get("/api/v1/unit-accounts/" + id + "/settlement").String("seen"), "choices": []j{}})
			on = append(on, onAccount(p, unit, 74, 1)...)
			return p.Client("reviewer-500108").Post("/api/v1/unit-accounts/"+id+"/settle", body)
		}},
		{Rule: "7b", Name: "一卷的转递没有依据，全部不办", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := settled(p, "reviewer-500108", id, ending(nil), j{"dossierId": on[0].ID, "to": "50010301"})
			if n := number(p.Client("reviewer-500108").Get("/api/v1/unit-accounts/"+id), "dossiers"); n != 5 {
				t.Errorf("%d of 5 still hang there", n)
			}
			return a
		}},
		{Rule: "10b", Name: "名下有本人不能办理的档案的，由另一人签批，不说明缘由", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			testkit.Stock(p, "50010801", 79, func(d *dossier.Dossier) {
				d.AccountKind, d.AccountUnit, d.Secrecy = "collective", "岩土（演示）研究所", dossier.TopSecret
			})
			onAccount(p, "岩土（演示）研究所", 78, 1)
			a := p.Client("clerk-500108").Post("/api/v1/unit-accounts", j{"unit": "岩土（演示）研究所", "stock": true})
			if n := number(a, "dossiers"); n != 1 {
				t.Errorf("the clerk counts %d", n)
			}
			x := settled(p, "reviewer-500108", a.String("id"), ending(nil))
			if strings.Contains(string(x.Body), "密") {
				t.Errorf("the refusal tells of a class: %s", x.Body)
			}
			return x
		}},
		{Rule: "12d", Name: "一次签批：一卷启动转递，其余转个人账户，一卷不漏，账户注销", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := settled(p, "reviewer-500108", id, ending(nil), j{"dossierId": on[0].ID, "to": "50010301", "tie": "户籍地"}).OK()
			if s, n := a.String("state"), number(a, "untold"); s != "closed" || n != 5 {
				t.Errorf("%s, %d untold", s, n)
			}
			for _, d := range on {
				if s := p.Client("clerk-500108").Get("/api/v1/dossiers/" + d.ID).String("account.kind"); s != "personal" {
					t.Errorf("%s is %s", d.No, s)
				}
			}
			if papers := string(p.Client("reviewer-500108").Get("/api/v1/documents?case=UnitAccount:" + id).Body); strings.Count(papers, `"kindName":"账户变更告知书"`) != 1 || strings.Count(papers, `"kindName":"集体账户销户通知单"`) != 1 {
				t.Errorf("papers: %s", papers)
			}
			if list := string(p.Client("clerk-500103").Get("/api/v1/transfers").Body); !strings.Contains(list, testkit.Name(70)) {
				t.Errorf("the other agency does not see the application: %s", list)
			}
			return a
		}},
		{Rule: "12d", Name: "经办的待办：告知本人", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("clerk-500108").Get("/api/v1/work")
			if !strings.Contains(string(a.Body), "告知本人账户已变更") {
				t.Errorf("nobody is told to tell: %s", a.Body)
			}
			return a
		}},
		{Rule: "12d", Name: "没有方式的告知不登记", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/unit-accounts/"+id+"/tell", j{"way": "心领神会"})
		}},
		{Rule: "12d", Name: "登记告知全部本人", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("clerk-500108").Post("/api/v1/unit-accounts/"+id+"/tell", j{"way": "短信"})
			if n := number(a, "untold"); n != 0 {
				t.Errorf("%d untold", n)
			}
			return a
		}},
		{Rule: "12d", Name: "单位失联的，没有写明联系经过不能转", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return settled(p, "head-500108", lost, ending(j{"why": "unreachable", "document": "退回的挂号信"}))
		}},
		{Rule: "12d", Name: "单位失联的，机构凭依据自行转为个人账户并通知本人", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := settled(p, "head-500108", lost, ending(j{"why": "unreachable", "document": "退回的挂号信（演示）", "reason": "11月3日、11月12日两次电话无人接听，挂号信退回"})).OK()
			if n := number(a, "untold"); n != 2 {
				t.Errorf("%d untold", n)
			}
			return a
		}},
		{Rule: "12d", Name: "台账逐卷列出集体户变动", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("clerk-500108").Get("/api/v1/registers/accounts?from=2026-11-01&until=2026-11-30")
			for want, n := range map[string]int{`"state":"销户转个人账户"`: 6, `"state":"销户启动转递"`: 1, "2026-11-23 短信": 5} {
				if has := strings.Count(string(a.Body), want); has != n {
					t.Errorf("%s stands %d times, want %d", want, has, n)
				}
			}
			return a
		}},
	})
}

func number(a *testkit.Answer, key string) (n int) {
	var m map[string]any
	a.JSON(&m)
	f, _ := m[key].(float64)
	return int(f)
}
