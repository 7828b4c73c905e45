package conformance

import (
	"maps"
	"strings"
	"testing"

	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/store"
	"dangan/internal/testkit"
	"dangan/internal/transfer"
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
	if body["why"] == "asked" && body["workerId"] == nil {
		body["workerId"] = bearer(p, user, p.Client(user).Get("/api/v1/unit-accounts/"+id).String("uscc"))
	}
	body["choices"] = append([]j{}, choices...)
	return p.Client(user).Post("/api/v1/unit-accounts/"+id+"/settle", body)
}

// bearer is a worker who may come for a unit to a user's agency today; "" for none.
func bearer(p *testkit.Province, user, uscc string) string {
	var v struct{ Items []struct{ ID string } }
	p.Client(user).Get("/api/v1/unit-workers?uscc=" + uscc).OK().JSON(&v)
	if len(v.Items) == 0 {
		return ""
	}
	return v.Items[0].ID
}

// issuedText is what the papers of a case say, for a user who may read them.
func issuedText(t *testing.T, p *testkit.Province, user, ref string) (out string) {
	t.Helper()
	var v struct{ Items []struct{ ID string } }
	p.Client(user).Get("/api/v1/documents?case=" + ref).OK().JSON(&v)
	for _, d := range v.Items {
		out += testkit.PaperText(t, p.Client(user).Get("/api/v1/documents/"+d.ID+"/pdf").OK().Body)
	}
	return out
}

// papers are what an account is opened on: the unit's paper, its worker, the terms.
func papers(more j) j {
	b := j{"uscc": "91500103MA5U00011H", "paper": "business_licence", "workerName": "周知行", "workerIdNo": testkit.IDNo(9001), "workerLetter": "授权书1号（演示）", "workerUntil": "2026-12-31",
		"noticeNo": "2026-1", "noticeWay": "paper", "noticeBy": "周知行"}
	for k, v := range more {
		b[k] = v
	}
	return b
}

func TestRightsAndDuties(t *testing.T) {
	const unit, ends = "黄桷垭传媒（演示）有限公司", "2026-11-23"
	var id, worker, dossierID, outside string
	terms := "一、权利：存档和各项服务不收取任何费用，有权知道缺少的材料，可以申请证明、转递，可以提出异议。二、义务：信息真实，材料一个月内移交，不私自保管档案。"
	join := func(more j) j {
		b := j{"kind": "account", "accountKind": "collective", "accountUnit": unit, "accountUscc": "91500112MAABCDEF8N", "accountPaper": "business_licence", "noticeNo": "2026-1", "noticeWay": "screen", "noticeBy": testkit.Name(90)}
		for k, v := range more {
			b[k] = v
		}
		return b
	}
	check(t, []Case{
		{Rule: "12a", Name: "没有接受权利义务协议的，不能开户", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/unit-accounts", papers(j{"unit": unit, "uscc": "91500112MAABCDEF8N", "noticeWay": ""}))
		}},
		{Rule: "12c", Name: "没有经办人授权的，不能开户", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("clerk-500108").Post("/api/v1/unit-accounts", papers(j{"unit": unit, "uscc": "91500112MAABCDEF8N", "workerName": "", "workerIdNo": "", "workerLetter": "", "workerUntil": ""}))
			if n := len(a.Problem().Reasons); n != 4 {
				t.Errorf("%d reasons, all are told at once: %s", n, a.Body)
			}
			return a
		}},
		{Rule: "12a", Name: "开户：登记协议版本、由谁怎样接受", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("clerk-500108").Post("/api/v1/unit-accounts", papers(j{"unit": unit, "uscc": "91500112MAABCDEF8N", "workerUntil": ends})).OK()
			var v struct {
				ID       string
				Workers  []struct{ ID, StateName string }
				Accepted []struct{ NoticeNo, Way, By string }
			}
			a.JSON(&v)
			if len(v.Workers) != 1 || v.Workers[0].StateName != "有效" || len(v.Accepted) != 1 || v.Accepted[0].Way != "纸质签字" || v.Accepted[0].By != "周知行" {
				t.Errorf("%+v", v)
			}
			id, worker = v.ID, v.Workers[0].ID
			return a
		}},
		{Rule: "12a", Name: "转入集体户，本人没有接受须知的不受理", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			dossierID = testkit.Stock(p, "50010801", 90, nil).ID
			return asked(p, dossierID, join(j{"noticeWay": ""}))
		}},
		{Rule: "12c", Name: "没有集体账户的单位，不能挂入", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return asked(p, dossierID, join(j{"accountUnit": "没有账户（演示）有限公司"}))
		}},
		{Rule: "12c", Name: "经办人授权有效的，转入集体户", Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			other := testkit.Stock(p, "50010801", 91, nil)
			return granted(p, other.ID, join(j{"workerId": worker}))
		}},
		{Rule: "12c", Name: "没有登记单位由谁来办的，告知补正", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return asked(p, dossierID, join(nil))
		}},
		{Rule: "12c", Name: "来人不是单位登记的经办人，不受理", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return asked(p, dossierID, join(j{"workerId": "somebody"}))
		}},
		{Rule: "12c", Name: "谁来办的记在件上、回执上和集体户的页面上", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("clerk-500108").Get("/api/v1/unit-accounts/" + id).OK()
			var v struct {
				Calls []struct{ Name, Did, Case string }
			}
			if a.JSON(&v); len(v.Calls) != 1 || v.Calls[0].Name != "周知行" {
				t.Fatalf("%+v", v)
			}
			_, one, _ := strings.Cut(v.Calls[0].Case, ":")
			page := p.Client("clerk-500108").Get("/api/v1/standing/" + one).OK()
			if !strings.Contains(string(page.Body), `"bearer":{"name":"周知行"`) {
				t.Errorf("the page of the case: %s", page.Body)
			}
			if text := issuedText(t, p, "clerk-500108", "PersonCase:"+one); !strings.Contains(text, "周知行（授权书1号（演示）") {
				t.Errorf("the slip: %s", text)
			}
			return a
		}},
		{Rule: "12a", Name: "经办不发布须知", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/account-notices", j{"kind": "personal", "text": terms})
		}},
		{Rule: "8", Name: "须知须写明免费", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("supervisor-500000").Post("/api/v1/account-notices", j{"kind": "personal", "text": strings.ReplaceAll(terms, "不收取任何费用", "按规定办理")})
		}},
		{Rule: "12a", Name: "市级监督发布新版本", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("supervisor-500000").Post("/api/v1/account-notices", j{"kind": "personal", "text": terms})
			if !strings.HasPrefix(string(a.Body), `{"items":[{"no":"2026-2"`) {
				t.Errorf("the newest is not the first: %s", a.Body)
			}
			return a
		}},
		{Rule: "12a", Name: "接受旧版本的不作数", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/dossiers/"+dossierID+"/notice", j{"noticeNo": "2026-1", "noticeWay": "paper", "noticeBy": "本人"})
		}},
		{Rule: "12a", Name: "登记本人接受现行须知", Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/dossiers/"+dossierID+"/notice", j{"noticeNo": "2026-2", "noticeWay": "paper", "noticeBy": "本人"})
		}},
		{Rule: "12a", Name: "同一版本不登记两次", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/dossiers/"+dossierID+"/notice", j{"noticeNo": "2026-2", "noticeWay": "paper", "noticeBy": "本人"})
		}},
		{Rule: "12c", Name: "授权到期后，经办人不能再为单位申请", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			p.Clock.Set(p.Clock.Now().AddDate(0, 0, 1))
			return asked(p, dossierID, join(j{"noticeNo": "2026-2"}))
		}},
		{Rule: "12c", Name: "授权到期后，单位也不能申请转入档案", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			testkit.Stock(p, "50010301", 92, nil)
			b := j{"direction": "inner", "name": testkit.Name(92), "idNo": testkit.IDNo(92), "document": "居民身份证", "holder": "50010301", "applicant": unit, "reason": "集体户转入", "regionBasis": "现工作单位所在地", "tiePlace": "500108", "employer": unit}
			a := p.Client("clerk-500108").Post("/api/v1/transfers", b)
			b["applicant"] = testkit.Name(92)
			outside = p.Client("clerk-500108").Post("/api/v1/transfers", b).OK().String("id")
			return a
		}},
		{Rule: "12c", Name: "授权到期后，单位不能申请销户，写明怎么办", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := settled(p, "reviewer-500108", id, ending(nil))
			if !strings.Contains(string(a.Body), "新的授权书") || outside == "" {
				t.Errorf("no way on: %s", a.Body)
			}
			return a
		}},
		{Rule: "12c", Name: "凭新的授权书续期", Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/unit-accounts/"+id+"/workers", j{"workerName": "周知行", "workerIdNo": testkit.IDNo(9001), "workerUntil": "2027-11-30", "workerLetter": "授权书2号（演示）"})
		}},
		{Rule: "12c", Name: "续期后可以申请", Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return granted(p, dossierID, join(j{"noticeNo": "2026-2", "workerId": bearer(p, "clerk-500108", "91500112MAABCDEF8N")}))
		}},
		{Rule: "12c", Name: "已被新授权替代的，不能再终止", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/unit-accounts/"+id+"/workers/"+worker+"/revoke", j{"why": "单位来函"})
		}},
		{Rule: "12c", Name: "凭单位来函终止授权，此后不能申请", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			var v struct{ Workers []struct{ ID string } }
			p.Client("clerk-500108").Get("/api/v1/unit-accounts/" + id).JSON(&v)
			a := p.Client("clerk-500108").Post("/api/v1/unit-accounts/"+id+"/workers/"+v.Workers[0].ID+"/revoke", j{"why": "单位来函更换经办人"}).OK()
			if x := settled(p, "reviewer-500108", id, ending(nil)); x.Status != 403 {
				t.Errorf("a unit without worker applied: %d", x.Status)
			}
			return a
		}},
	})
}

// staffRow is one row of a unit's list of staff.
func staffRow(n int, state string) string {
	return testkit.Name(n) + "," + testkit.IDNo(n) + "," + state + "\n"
}

// roll uploads a unit's list of staff.
func roll(p *testkit.Province, user, id, query, rows string) *testkit.Answer {
	return p.Client(user).Do("POST", "/api/v1/unit-accounts/"+id+"/staff?name=a.csv"+query, "姓名,身份证号,状态\n"+rows, "Content-Type", "application/octet-stream")
}

// renaming is what a unit's change of name is registered on.
func renaming(to string) j {
	return j{"unit": to, "uscc": "91500106MA5UPR0189", "from": "2026-11-10", "document": "准予变更登记通知书（演示）第1号", "documentOn": "2026-11-10"}
}

func TestCollectiveAccounts(t *testing.T) {
	const unit, woven, renamed, gone = "渝东机械（演示）有限公司", "嘉陵织造（演示）有限公司", "嘉陵新材料（演示）有限公司", "失联贸易（演示）有限公司"
	var id, weaver, lost, token string
	var owing []string
	var on []dossier.Dossier
	check(t, []Case{
		{Rule: "12c", Name: "没有单位证照和信用代码，不能开户，所缺一次说全", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("clerk-500108").Post("/api/v1/unit-accounts", papers(j{"unit": unit, "uscc": "91500103MA5U00011X", "paper": ""}))
			if n := len(a.Problem().Reasons); n != 2 {
				t.Errorf("%d reasons: %s", n, a.Body)
			}
			return a
		}},
		{Rule: "12c", Name: "库管不开立集体账户", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("keeper-500108").Post("/api/v1/unit-accounts", papers(j{"unit": unit}))
		}},
		{Rule: "12c", Name: "凭营业执照开立集体账户", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("clerk-500108").Post("/api/v1/unit-accounts", papers(j{"unit": unit})).OK()
			id = a.String("id")
			if other := p.Client("clerk-500103").Get("/api/v1/unit-accounts/" + id); other.Status != 404 {
				t.Errorf("another district reads it: %d", other.Status)
			}
			return a
		}},
		{Rule: "29.8", Name: "开户的单位当场得到受理回执，办结后可以评价", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			if n := issuedOf(t, p, "UnitAccount:"+id, "acceptance"); n != 1 {
				t.Errorf("%d receipts", n)
			}
			number, code := slip(t, p, "UnitAccount:"+id)
			return grade(p, number, code, 5)
		}},
		{Rule: "28", Name: "开户评价过的，不能再评一次", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			number, code := slip(t, p, "UnitAccount:"+id)
			return grade(p, number, code, 1, "text", "再评")
		}},
		{Rule: "12c", Name: "同一单位在本机构只有一个集体账户", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/unit-accounts", papers(j{"unit": unit, "uscc": "91500000202800110K"}))
		}},
		{Rule: "12c", Name: "没有存量档案的单位不能只登记", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/unit-accounts", j{"unit": gone, "stock": true})
		}},
		{Rule: "12c", Name: "存量档案所挂的单位先登记账户", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			onAccount(p, gone, 80, 2)
			a := p.Client("clerk-500108").Post("/api/v1/unit-accounts", j{"unit": gone, "stock": true})
			lost = a.String("id")
			if n := issuedOf(t, p, "UnitAccount:"+lost, "acceptance"); n != 0 { // nobody applied
				t.Errorf("%d receipts", n)
			}
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
			x := settled(p, "reviewer-500108", a.String("id"), ending(j{"why": "deregistered"}))
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
			if n := issuedOf(t, p, "UnitClosing:"+id, "acceptance"); n != 1 { // 29.8
				t.Errorf("%d receipts of the closing", n)
			}
			number, code := slip(t, p, "UnitClosing:"+id)
			grade(p, number, code, 4).OK() // though the opening was rated
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
		{Rule: "12a", Name: "销户转来的个人账户没有接受须知的，列在待接受名单和待办中", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			if w := string(p.Client("clerk-500108").Get("/api/v1/work").Body); !strings.Contains(w, "请本人阅读、接受存档须知") || !strings.Contains(w, "7 人") {
				t.Errorf("nothing waits: %s", w)
			}
			a := p.Client("clerk-500108").Get("/api/v1/personal-accounts?limit=2")
			var v struct {
				Items  []struct{ ID, DossierID, HowName string }
				Next   string
				Counts map[string]int
			}
			a.JSON(&v)
			if len(v.Items) != 2 || v.Next == "" || v.Counts["never"] != 7 || v.Items[0].HowName != "集体户销户转入" {
				t.Errorf("%s", a.Body)
			}
			owing = nil
			for _, x := range []string{on[1].ID, on[2].ID, on[3].ID} {
				var page struct{ Cases []struct{ Ref, Kind string } }
				p.Client("clerk-500108").Get("/api/v1/dossiers/" + x).JSON(&page)
				for _, c := range page.Cases {
					if strings.HasPrefix(c.Ref, "PersonalAccount:") {
						owing = append(owing, strings.TrimPrefix(c.Ref, "PersonalAccount:"))
					}
				}
			}
			if len(owing) != 3 {
				t.Fatalf("the dossiers' pages name %d personal accounts", len(owing))
			}
			if x := p.Client("clerk-500103").Get("/api/v1/personal-accounts/" + owing[0]); x.Status != 404 {
				t.Errorf("another district reads it: %d", x.Status)
			}
			return a
		}},
		{Rule: "12a", Name: "库管不看待接受名单", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("keeper-500108").Post("/api/v1/personal-accounts/"+owing[0]+"/remind", j{"way": "电话"})
		}},
		{Rule: "12a", Name: "没有联系方式的，不发链接", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/personal-accounts/"+owing[0]+"/remind", j{"way": "link"})
		}},
		{Rule: "12a", Name: "电话提醒，记下次数", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("clerk-500108").Post("/api/v1/personal-accounts/"+owing[0]+"/remind", j{"way": "电话"})
			if n := number(a, "reminded"); n != 1 {
				t.Errorf("%s", a.Body)
			}
			return a
		}},
		{Rule: "12a", Name: "发送一次性链接，链接不见于消息", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			p.Client("clerk-500108").Put("/api/v1/dossiers/"+on[1].ID+"/contact", j{"way": "sms", "address": "13800000003"}).OK()
			a := p.Client("clerk-500108").Post("/api/v1/personal-accounts/"+owing[0]+"/remind", j{"way": "link"}).OK()
			at, err := p.Accounts.Address(t.Context(), owing[0])
			_, secret, found := strings.Cut(at, "/notice#")
			if err != nil || !found {
				t.Fatalf("%s: %v", at, err)
			}
			token = secret
			if told := p.Client("clerk-500108").Get("/api/v1/messages?view=all&dossier=" + on[1].ID).OK(); strings.Contains(string(told.Body), token) || !strings.Contains(string(told.Body), "〔一次性链接〕") {
				t.Errorf("%s", told.Body)
			}
			return a
		}},
		{Rule: "12a", Name: "链接的页面只有机构和须知，不说是谁", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("").Do("GET", "/api/v1/notice-link", nil, "Link-Token", token).OK()
			for _, secret := range []string{testkit.Name(71), on[1].No, on[1].ID, owing[0]} {
				if strings.Contains(string(a.Body), secret) {
					t.Errorf("%q is told: %s", secret, a.Body)
				}
			}
			if !strings.Contains(string(a.Body), "不收取任何费用") {
				t.Errorf("%s", a.Body)
			}
			return a
		}},
		{Rule: "12a", Name: "姓名、证件后四位不符的，不作数", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("").Do("POST", "/api/v1/notice-link", j{"noticeNo": "2026-1", "name": testkit.Name(71), "idTail": "0000", "agreed": true}, "Link-Token", token)
		}},
		{Rule: "12a", Name: "本人凭链接接受，出具须知，链接失效", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			// Nobody is signed in: a request that is sent again is answered as the first time, and a
			// stranger who sends the same under the same key meets a link that is used up.
			key := gate.NewID()
			sign := func(client, link string) *testkit.Answer {
				return p.Client("").Do("POST", "/api/v1/notice-link", j{"noticeNo": "2026-1", "name": testkit.Name(71), "idTail": testkit.IDNo(71)[14:], "agreed": true}, "Link-Token", link, "User-Agent", client, "Idempotency-Key", key)
			}
			a := sign("the person's telephone", token).OK()
			if again := sign("the person's telephone", token).OK(); again.Header.Get("Idempotent-Replayed") == "" || string(again.Body) != string(a.Body) {
				t.Errorf("sent again: %s, first %s", again.Body, a.Body)
			}
			if x := sign("a stranger's", token); x.Status != 404 || x.Header.Get("Idempotent-Replayed") != "" {
				t.Errorf("a stranger under the same key: %d %s", x.Status, x.Body)
			}
			if x := sign("the person's telephone", "aaaabbbbccccddddeeeeffffgggghhhh"); x.Status != 409 {
				t.Errorf("another link under the same key: %d %s", x.Status, x.Body)
			}
			if x := p.Client("").Do("GET", "/api/v1/notice-link", nil, "Link-Token", token); x.Status != 404 {
				t.Errorf("the link is open: %d", x.Status)
			}
			page := string(p.Client("clerk-500108").Get("/api/v1/personal-accounts/" + owing[0]).Body)
			if !strings.Contains(page, `"way":"网上链接"`) || !strings.Contains(page, `"noticeNo":"2026-1"`) || !strings.Contains(page, `"owes":""`) {
				t.Errorf("%s", page)
			}
			if docs := string(p.Client("clerk-500108").Get("/api/v1/documents?case=PersonalAccount:" + owing[0]).Body); strings.Count(docs, `"kindName":"个人存档须知"`) != 1 {
				t.Errorf("%s", docs)
			}
			return a
		}},
		{Rule: "12a", Name: "已接受的不再提醒", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/personal-accounts/"+owing[0]+"/remind", j{"way": "电话"})
		}},
		{Rule: "12a", Name: "窗口签字接受，当场出具须知", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("clerk-500108").Post("/api/v1/dossiers/"+on[2].ID+"/notice", j{"noticeNo": "2026-1", "noticeWay": "paper", "noticeBy": testkit.Name(72)}).OK()
			if docs := string(p.Client("clerk-500108").Get("/api/v1/documents?case=PersonalAccount:" + owing[1]).Body); !strings.Contains(docs, "-X2026-1") {
				t.Errorf("%s", docs)
			}
			return a
		}},
		{Rule: "12a", Name: "新版本要求重新接受的，已接受旧版本的回到名单，收件箱有通知", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("supervisor-500000").Post("/api/v1/account-notices", j{"kind": "personal", "again": true, "text": "一、权利：存档和各项服务不收取任何费用，有权知道缺少的材料，可以申请证明、转递，可以提出异议。二、义务：信息真实，材料一个月内移交，不私自保管档案。"}).OK()
			list := string(p.Client("clerk-500108").Get("/api/v1/personal-accounts?view=again").Body)
			if strings.Count(list, `"noticeNo":"2026-1"`) != 2 || !strings.Contains(list, `"again":2`) {
				t.Errorf("%s", list)
			}
			if inbox := string(p.Client("clerk-500108").Get("/api/v1/inbox").Body); !strings.Contains(inbox, "个人存档须知有新版本") {
				t.Errorf("%s", inbox)
			}
			return a
		}},
		{Rule: "12c", Name: "没有经办人授权的单位，不能接受协议", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			var v struct{ Items []struct{ ID, Unit string } }
			p.Client("clerk-500108").Get("/api/v1/unit-accounts?view=unagreed").JSON(&v)
			if len(v.Items) != 1 || v.Items[0].Unit != "岩土（演示）研究所" {
				t.Fatalf("%+v", v)
			}
			id = v.Items[0].ID
			return p.Client("clerk-500108").Post("/api/v1/unit-accounts/"+id+"/agree", j{"noticeNo": "2026-1", "noticeWay": "paper", "noticeBy": "周知行"})
		}},
		{Rule: "12a", Name: "存量单位补登授权后由经办人接受协议，出具协议，名单不列涉密的", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			p.Client("clerk-500108").Post("/api/v1/unit-accounts/"+id+"/workers", j{"workerName": "周知行", "workerIdNo": testkit.IDNo(9001), "workerUntil": "2027-11-30", "workerLetter": "授权书9号（演示）"}).OK()
			a := p.Client("clerk-500108").Post("/api/v1/unit-accounts/"+id+"/agree", j{"noticeNo": "2026-1", "noticeWay": "paper", "noticeBy": "周知行"}).OK()
			if docs := string(p.Client("clerk-500108").Get("/api/v1/documents?case=UnitAccount:" + id).Body); strings.Count(docs, `"kindName":"集体存档协议"`) != 1 {
				t.Errorf("%s", docs)
			}
			if list := string(p.Client("clerk-500108").Get("/api/v1/unit-accounts?view=unagreed").Body); strings.Contains(list, id) {
				t.Errorf("%s", list)
			}
			return a
		}},
		{Rule: "12b", Name: "台账列出个人账户", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("clerk-500108").Get("/api/v1/registers/personal-accounts?from=2026-11-01&until=2026-11-30")
			if n := strings.Count(string(a.Body), "集体户销户转入"); n != 7 {
				t.Errorf("%d lines: %s", n, a.Body)
			}
			return a
		}},
		{Rule: "12c", Name: "没有变更证明、代码不同的，不登记更名，所缺一次说全", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			weaver = p.Client("clerk-500108").Post("/api/v1/unit-accounts", papers(j{"unit": woven, "uscc": "91500106MA5UPR0189"})).OK().String("id")
			a := p.Client("clerk-500108").Post("/api/v1/unit-accounts/"+weaver+"/rename", j{"unit": renamed, "uscc": "91500000202800110K", "from": "2026-11-30"})
			if n := len(a.Problem().Reasons); n != 4 {
				t.Errorf("%d reasons: %s", n, a.Body)
			}
			return a
		}},
		{Rule: "12c", Name: "审核不登记更名", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("reviewer-500108").Post("/api/v1/unit-accounts/"+weaver+"/rename", renaming(renamed))
		}},
		{Rule: "12c", Name: "凭登记机关变更证明更名：名下档案改挂，原名仍可查到，原来的记录不变", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			d := onAccount(p, woven, 66, 1)[0]
			a := p.Client("clerk-500108").Post("/api/v1/unit-accounts/"+weaver+"/rename", renaming(renamed)).OK()
			if a.String("unit") != renamed || number(a, "dossiers") != 1 || !strings.Contains(string(a.Body), woven) {
				t.Errorf("%s", a.Body)
			}
			if x := p.Client("clerk-500108").Get("/api/v1/dossiers/" + d.ID); x.String("account.unit") != renamed {
				t.Errorf("the dossier: %s", x.Body)
			}
			for _, name := range []string{woven, renamed} {
				if x := p.Client("clerk-500108").Get("/api/v1/unit-accounts?q=" + name); !strings.Contains(string(x.Body), weaver) {
					t.Errorf("%s finds: %s", name, x.Body)
				}
			}
			if x := string(p.Client("clerk-500108").Get("/api/v1/registers/accounts?from=2026-11-01&until=2026-11-30").Body); strings.Count(x, woven) < 1 || !strings.Contains(x, `"state":"更名"`) {
				t.Errorf("the register: %s", x)
			}
			// Who joins comes by code: another's code is told from a name of before.
			x := testkit.Stock(p, "50010801", 67, nil)
			join := func(name, code string) *testkit.Answer {
				return p.Client("clerk-500108").Post("/api/v1/dossiers/"+x.ID+"/standing", j{"kind": "account", "accountKind": "collective", "accountUnit": name, "accountUscc": code, "accountPaper": "business_licence", "reason": "集体存档", "document": "单位申请", "seenBy": "经办", "seenOn": "2026-11-20", "workerId": bearer(p, "clerk-500108", code),
					"noticeNo": "2026-2", "noticeWay": "paper", "noticeBy": testkit.Name(67)})
			}
			for want, x := range map[string]*testkit.Answer{"unit_other": join("别家公司", "91500106MA5UPR0189"), "uscc_other": join(renamed, "91500103MA5U00011H")} {
				if r := x.Problem().Reasons; len(r) == 0 || r[0].Slug != want {
					t.Errorf("%s: %s", want, x.Body)
				}
			}
			join(woven, "91500106MA5UPR0189").OK()
			p.Client("clerk-500108").Post("/api/v1/unit-accounts/"+weaver+"/rename", renaming(woven)).OK()
			return a
		}},
		{Rule: "12c", Name: "单位名册有一行不对，整份不登记，逐行写明", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := roll(p, "clerk-500108", weaver, "", staffRow(66, "")+staffRow(66, "")+"无名,110105194912310021,\n"+testkit.Name(67)+"甲,"+testkit.IDNo(67)+",离开\n")
			for _, want := range []string{"3 行需改正", "与第 2 行重复", "身份证号不正确", "状态应为在职或离职"} {
				if !strings.Contains(string(a.Body), want) {
					t.Errorf("%s: %s", want, a.Body)
				}
			}
			if x := string(p.Client("clerk-500108").Get("/api/v1/unit-accounts/" + weaver + "/staff").OK().Body); strings.Contains(x, "DWMC-") {
				t.Errorf("half done: %s", x)
			}
			return a
		}},
		{Rule: "12c", Name: "审核不登记单位名册", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return roll(p, "reviewer-500108", weaver, "", staffRow(66, ""))
		}},
		{Rule: "12c", Name: "单位名册先预检后登记，逐行写明会怎样办；同一份再传没有变化", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			onAccount(p, woven, 63, 2)
			testkit.Stock(p, "50010301", 68, nil)
			testkit.Stock(p, "50010801", 61, func(d *dossier.Dossier) {
				d.AccountKind, d.AccountUnit, d.Secrecy = "collective", woven, dossier.TopSecret
			})
			file := staffRow(66, "在职") + staffRow(63, "离职") + staffRow(67, "") + staffRow(68, "") + staffRow(69, "") + staffRow(61, "")
			seen := roll(p, "clerk-500108", weaver, "&preview=true", file).OK()
			var v struct {
				ListNo   string
				Already  bool
				Missing  int
				Outcomes []struct {
					Key string
					N   int
				}
			}
			check := func(a *testkit.Answer) map[string]int {
				v.Already, v.Outcomes = false, nil
				a.JSON(&v)
				got := map[string]int{}
				for _, o := range v.Outcomes {
					got[o.Key] = o.N
				}
				return got
			}
			// One above the clerk's clearance is as unknown as one that is nowhere.
			want := map[string]int{"on": 1, "left": 1, "personal": 1, "elsewhere": 1, "none": 2}
			if got := check(seen); !maps.Equal(got, want) || v.Missing != 1 || v.ListNo != "" {
				t.Errorf("previewed %v, %d missing: %s", got, v.Missing, seen.Body)
			}
			if strings.Contains(string(seen.Body), testkit.IDNo(66)) {
				t.Error("a whole number is shown")
			}
			a := roll(p, "clerk-500108", weaver, "", file).OK()
			first := a.String("listNo")
			if got := check(a); !maps.Equal(got, want) || v.Already || first == "" {
				t.Errorf("registered %v: %s", got, a.Body)
			}
			if check(roll(p, "clerk-500108", weaver, "", file).OK()); !v.Already || v.ListNo != first {
				t.Errorf("the same file again: %s", a.Body)
			}
			if n, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM unit_staff_list"); err != nil || n != 1 {
				t.Errorf("%d lists, %v", n, err)
			}
			if w := string(p.Client("clerk-500108").Get("/api/v1/work").Body); !strings.Contains(w, "已离职、仍在集体户下") {
				t.Errorf("nobody is told to see to who left: %s", w)
			}
			// A newer list takes its place; the old one stays.
			roll(p, "clerk-500108", weaver, "", staffRow(66, "")+staffRow(63, "")).OK()
			a = p.Client("clerk-500108").Get("/api/v1/unit-accounts/" + weaver + "/staff").OK()
			if a.String("listNo") == first {
				t.Errorf("the old list still counts: %s", a.Body)
			}
			if other := p.Client("clerk-500103").Get("/api/v1/unit-accounts/" + weaver + "/staff"); other.Status != 404 {
				t.Errorf("another district reads it: %d", other.Status)
			}
			return a
		}},
		{Rule: "12a", Name: "原有的个人账户没有接受须知的，也列入待接受名单，一人一条", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			old := testkit.Stock(p, "50010801", 62, func(d *dossier.Dossier) { d.AccountKind = "personal" })
			for range 2 {
				if err := p.Accounts.Adopt(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if n, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM personal_account WHERE dossier_id=? AND how='stock' AND state='open'", old.ID); err != nil || n != 1 {
				t.Errorf("%d accounts, %v", n, err)
			}
			a := p.Client("clerk-500108").Get("/api/v1/personal-accounts?limit=50").OK()
			if !strings.Contains(string(a.Body), old.ID) {
				t.Errorf("not on the list: %s", a.Body)
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

// TestUnitsByCode: a unit is who its credit code says it is, wherever its dossiers go (12c, 12d).
func TestUnitsByCode(t *testing.T) {
	const unit, code, other = "同名（演示）有限公司", "91500103MA5U00011H", "91500106MA5UPR0189"
	var here, there string
	opens := func(p *testkit.Province, clerk, name, code string) *testkit.Answer {
		return p.Client(clerk).Post("/api/v1/unit-accounts", papers(j{"unit": name, "uscc": code, "workerUntil": "2027-12-31"})).OK()
	}
	merges := func(p *testkit.Province) *testkit.Answer {
		return p.Client("supervisor-500000").Post("/api/v1/agencies/50010801/merge", order("渝编〔2026〕31号", "2026-06-01", j{"successor": "50010301"}))
	}
	check(t, []Case{
		{Rule: "12c", Name: "单位为职工申请转入的，签收后挂在单位的集体户上", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			id := opens(p, "clerk-500101", unit, code).String("id")
			m := move(t, p, 860, nil)
			m.more = j{"applicantKind": "unit", "applicant": unit, "applicantUscc": code, "applicantDoc": "介绍信 8 号", "workerId": bearer(p, "clerk-500101", code)}
			m.received(thin)
			d, err := dossier.Get(t.Context(), p.DB, m.d.ID)
			if err != nil || d.Agency != "50010101" || d.AccountKind != "collective" || d.AccountUnit != unit {
				t.Errorf("%s hangs on %s %q: %v", d.Agency, d.AccountKind, d.AccountUnit, err)
			}
			if page := p.Client("clerk-500101").Get("/api/v1/transfers/" + m.id).OK(); !strings.Contains(string(page.Body), `"bearer":{"name":"周知行"`) {
				t.Errorf("who came: %s", page.Body)
			}
			if x := string(p.Client("clerk-500101").Get("/api/v1/unit-accounts/" + id + "/changes").OK().Body); !strings.Contains(x, "转入集体户") {
				t.Errorf("changes of the account: %s", x)
			}
			return p.Client("clerk-500101").Get("/api/v1/unit-accounts/" + id + "/dossiers")
		}},
		{Rule: "12b", Name: "本人申请转入的，开立个人账户", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, 861, nil).received(thin)
			if d, err := dossier.Get(t.Context(), p.DB, m.d.ID); err != nil || d.AccountKind != "personal" {
				t.Errorf("%+v %v", d.AccountKind, err)
			}
			return p.Client("clerk-500101").Get("/api/v1/transfers/" + m.id)
		}},
		{Rule: "12d", Name: "单位申请销户启动的转递，带着单位的信用代码", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			id := opens(p, "clerk-500103", unit, code).String("id")
			d := testkit.Stock(p, "50010301", 862, func(d *dossier.Dossier) { d.AccountKind, d.AccountUnit = "collective", unit })
			settled(p, "reviewer-500103", id, ending(nil), j{"dossierId": d.ID, "to": "50010101", "tie": "户籍地"}).OK()
			c, err := store.Get[transfer.Case](t.Context(), p.DB, "WHERE dossier_id=?", d.ID)
			if err != nil || c.ApplicantUSCC != code || c.ApplicantKind != transfer.Unit || c.Applicant != unit {
				t.Errorf("%+v %v", c, err)
			}
			return p.Client("clerk-500101").Get("/api/v1/transfers/" + c.ID)
		}},
		{Rule: "12c", Name: "两家机构同名而代码不同的单位，不能随机构合并混在一起", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			here, there = opens(p, "clerk-500108", unit, code).String("id"), opens(p, "clerk-500103", unit, other).String("id")
			a := merges(p)
			if !strings.Contains(string(a.Body), code) {
				t.Errorf("which unit: %s", a.Body)
			}
			return a
		}},
		{Rule: "12c", Name: "更名后合并，两个单位各有各的账户；没有代码的存量户按名称并入", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			onAccount(p, "存量（演示）有限公司", 863, 1)
			p.Client("clerk-500108").Post("/api/v1/unit-accounts", j{"unit": "存量（演示）有限公司", "stock": true}).OK()
			seen := opens(p, "clerk-500103", "存量（演示）有限公司", "91500112MAABCDEF8N").String("id")
			p.Client("clerk-500103").Post("/api/v1/unit-accounts/"+there+"/rename", j{"unit": "同名（演示）渝中有限公司", "uscc": other, "from": "2026-11-20", "document": "变更证明（演示）", "documentOn": "2026-11-20"}).OK()
			merges(p).OK()
			for id, want := range map[string]string{here: "open", there: "open", seen: "open"} {
				if x := p.Client("clerk-500103").Get("/api/v1/unit-accounts/" + id).OK(); x.String("state") != want || x.String("agency") != "50010301" {
					t.Errorf("%s", x.Body)
				}
			}
			return p.Client("clerk-500103").Get("/api/v1/unit-accounts/" + seen)
		}},
	})
}
