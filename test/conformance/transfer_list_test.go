package conformance

import (
	"strings"
	"testing"

	"dangan/internal/testkit"
)

// school is one letter of a school that names several; each is paper-only on 南岸's shelf.
type school struct {
	t  *testing.T
	p  *testkit.Province
	of []*moving
	id string
}

func admitted(t *testing.T, p *testkit.Province, ns ...int) *school {
	s := &school{t: t, p: p}
	for _, n := range ns {
		s.of = append(s.of, move(t, p, n, nil))
	}
	return s
}

func (s *school) letter(change j) *testkit.Answer {
	s.t.Helper()
	var named []j
	for _, m := range s.of {
		named = append(named, j{"name": testkit.Name(m.n), "idNo": testkit.IDNo(m.n)})
	}
	body := j{"receiverName": "某某大学研究生院（演示）", "receiverKind": "school", "receiverAddr": "大学路1号", "reason": "升学", "letterNo": "研招调〔2026〕7号", "letterOn": "2026-11-18", "receivedOn": "2026-11-23", "telephone": "023-61000000", "spoke": "李老师", "persons": named}
	for k, v := range change {
		body[k] = v
	}
	return s.p.Client("clerk-500108").Post("/api/v1/transfer-lists", body)
}

func (s *school) post(who, path string, body any) *testkit.Answer {
	s.t.Helper()
	return s.p.Client(who).Post("/api/v1/transfer-lists/"+s.id+"/"+path, body)
}

// listed brings every dossier out of the store and lists it.
func (s *school) listed() *school {
	s.t.Helper()
	a := s.letter(nil).OK()
	s.id = a.String("id")
	var v struct{ Cases []struct{ ID, Name string } }
	a.JSON(&v)
	for _, m := range s.of {
		for _, c := range v.Cases {
			if c.Name == testkit.Name(m.n) {
				m.id = c.ID
			}
		}
		s.p.Client("keeper-500108").Post("/api/v1/custody/dossiers/"+m.d.ID+"/pull", j{}).OK()
		s.p.Client("clerk-500108").Put("/api/v1/transfers/"+m.id+"/list", j{"lines": whole}).OK()
	}
	return s
}

// held has a court hold every dossier of the letter back.
func (s *school) held() *school {
	s.t.Helper()
	for _, m := range s.of {
		restrain(m)
	}
	return s
}

func (s *school) packed() *school {
	s.t.Helper()
	s.listed().post("reviewer-500108", "review", j{}).OK()
	s.post("clerk-500108", "pack", j{"sealNo": "N-501"}).OK()
	return s
}

func (s *school) sent() *school {
	s.t.Helper()
	s.packed().post("clerk-500108", "dispatch", j{"way": "confidential_post", "trackingNo": "渝机0501", "office": "重庆市机要通信局", "on": "2026-11-23"}).OK()
	return s
}

// shown is what a list's or a case's answer says.
type shown struct {
	State     string
	Persons   int
	LeftOut   []struct{ Reasons []struct{ Slug string } }
	Cases     []struct{ State string }
	Documents []struct{ Number string }
	Exchange  []struct{ State string }
}

func seen(a *testkit.Answer) (v shown) {
	a.JSON(&v)
	return v
}

func TestListsAndProvincesByRule(t *testing.T) {
	n := 600
	next := func() int { n++; return n }
	across := func(t *testing.T, p *testkit.Province) *moving {
		m := &moving{t: t, p: p, n: next()}
		body := m.application()
		body["direction"], body["holder"], body["holderName"], body["holderKind"], body["province"], body["onlineNo"] = "in", "", "贵阳市人才市场（演示）", "service", "52", "KS-2026-000123"
		body["category"], body["subtype"], body["evidence"] = "4.1", "private_enterprise", "劳动合同"
		m.id = p.Client("clerk-500101").Post("/api/v1/transfers", body).OK().String("id")
		m.post("clerk-500101", "letter", nil).OK()
		return m
	}
	electronic := func(t *testing.T, p *testkit.Province, change j) *testkit.Answer {
		body := j{"province": "51", "onlineNo": "KS-2026-000456", "telephone": "", "spoke": "", "receiverName": "成都市人才流动服务中心（演示）", "receiverKind": "service", "reason": "流动就业"}
		for k, v := range change {
			body[k] = v
		}
		m := move(t, p, next(), nil)
		a := outside(m, body)
		return a
	}
	check(t, []Case{
		{Rule: "20b", Name: "一函多人的升学来函逐人立案", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := admitted(t, p, next(), next()).letter(nil)
			if v := seen(a); v.Persons != 2 {
				t.Errorf("on the list: %d", v.Persons)
			}
			return a
		}},
		{Rule: "20b", Name: "函上有人的档案不在本机构的，写明理由，其他人照办", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			s := admitted(t, p, next())
			s.of = append(s.of, &moving{t: t, p: p, n: 99001})
			a := s.letter(nil)
			if v := seen(a); v.Persons != 1 || len(v.LeftOut) != 1 || v.LeftOut[0].Reasons[0].Slug != "dossier_unknown" {
				t.Errorf("left out: %s", a.Body)
			}
			return a
		}},
		{Rule: "20.1", Name: "函上没有一人的档案在本机构", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			s := &school{t: t, p: p, of: []*moving{{t: t, p: p, n: 99002}}}
			return s.letter(j{"letterNo": "研招调〔2026〕8号"})
		}},
		{Rule: "20.1", Name: "学校的函没有核实", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return admitted(t, p, next()).letter(j{"telephone": ""})
		}},
		{Rule: "20.2a", Name: "一次签名审核全批", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			s := admitted(t, p, next(), next()).listed()
			a := s.post("reviewer-500108", "review", j{"note": "齐全"})
			if v := seen(a); len(v.Cases) != 2 || v.Cases[0].State != "approved" || v.Cases[1].State != "approved" {
				t.Errorf("after one signature: %s", a.Body)
			}
			return a
		}},
		{Rule: "20.2a", Name: "经办不能审核全批", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return admitted(t, p, next()).listed().post("clerk-500108", "review", j{})
		}},
		{Rule: "20.2a", Name: "全批都有限制的不能审核", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return admitted(t, p, next()).listed().held().post("reviewer-500108", "review", j{})
		}},
		{Rule: "20.2b", Name: "一个包封、一份通知单、一份清单；没有审核的单独办理", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			s := admitted(t, p, next(), next())
			late := s.of[1]
			s.listed()
			late.post("reviewer-500108", "decline", nil) // refused: nothing hinders it
			s.post("reviewer-500108", "review", j{}).OK()
			late.post("clerk-500108", "reopen", nil).OK()
			a := s.post("clerk-500108", "pack", j{"sealNo": "N-502"})
			v := seen(a)
			if v.Persons != 1 || len(v.Documents) != 3 || len(v.Cases) != 1 || v.Cases[0].State != "packed" {
				t.Errorf("packed: %s", a.Body)
			}
			return a
		}},
		{Rule: "20.2b", Name: "已随批装封的不能单独拆出", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return admitted(t, p, next()).packed().of[0].post("clerk-500108", "reopen", nil)
		}},
		{Rule: "20.3b", Name: "有一人经历不明的，全批不得邮寄", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			s := admitted(t, p, next(), next())
			history(s.of[0], "soe_worker")
			return s.packed().post("clerk-500108", "dispatch", j{"way": "registered_mail", "trackingNo": "EX123456785CN", "office": "重庆市机要通信局", "on": "2026-11-23"})
		}},
		{Rule: "20.3a", Name: "全批以机要通信寄送", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return admitted(t, p, next(), next()).packed().post("clerk-500108", "dispatch", j{"way": "confidential_post", "trackingNo": "渝机0502", "office": "重庆市机要通信局", "on": "2026-11-23"})
		}},
		{Rule: "20.5", Name: "学校一份回执办结全批，写明没有收到的除外", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			s := admitted(t, p, next(), next()).sent()
			a := s.post("clerk-500108", "receipt", outsideReceipt(p, "clerk-500108", j{"no": "研回1号", "match": false, "note": "缺一人", "absent": []string{s.of[1].id}}, s.of[0]))
			if got := p.Client("clerk-500108").Get("/api/v1/transfers/" + s.of[1].id).String("state"); got != "awaiting" || a.String("state") != "sent" {
				t.Errorf("the absent one is %s, the list %s", got, a.String("state"))
			}
			a = s.post("clerk-500108", "receipt", outsideReceipt(p, "clerk-500108", j{"no": "研回2号"}, s.of[1]))
			if a.OK().String("state") != "done" {
				t.Errorf("after the last receipt the list is %s", a.String("state"))
			}
			return a
		}},
		{Rule: "20.5", Name: "全批回执写相符，实收份数却与寄出的不同", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			s := admitted(t, p, next(), next()).sent()
			return s.post("clerk-500108", "receipt", outsideReceipt(p, "clerk-500108", nil, s.of[0]))
		}},
		{Rule: "20.3a", Name: "全批机要通信没有登记交寄的机要通信局", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return admitted(t, p, next(), next()).packed().post("clerk-500108", "dispatch", j{"way": "confidential_post", "trackingNo": "渝机0502", "on": "2026-11-23"})
		}},
		{Rule: "20.5", Name: "没有收到的一人单独回执后，本批也办结", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			s := admitted(t, p, next(), next()).sent()
			s.post("clerk-500108", "receipt", outsideReceipt(p, "clerk-500108", j{"match": false, "note": "缺一人", "absent": []string{s.of[1].id}}, s.of[0])).OK()
			a := s.of[1].post("clerk-500108", "receipt", outsideReceipt(p, "clerk-500108", j{"no": "研回3号"}, s.of[1]))
			if got := p.Client("clerk-500108").Get("/api/v1/transfer-lists/" + s.id).String("state"); got != "done" {
				t.Errorf("the list is %s", got)
			}
			return a
		}},
		{Rule: "20.5", Name: "登记异常的一人随第二份回执办结，异常一并了结", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			s := admitted(t, p, next(), next()).sent()
			s.post("clerk-500108", "receipt", outsideReceipt(p, "clerk-500108", j{"match": false, "note": "缺一人", "absent": []string{s.of[1].id}}, s.of[0])).OK()
			s.of[1].post("clerk-500108", "fault", j{"kind": "misdelivered", "on": "2026-11-23", "place": "某学院收发室"}).OK()
			a := s.post("clerk-500108", "receipt", outsideReceipt(p, "clerk-500108", j{"no": "研回4号"}, s.of[1]))
			if now := p.Client("clerk-500108").Get("/api/v1/transfers/" + s.of[1].id); now.String("state") != "closed" || strings.Contains(string(now.Body), `"faultName"`) || a.String("state") != "done" {
				t.Errorf("after its receipt: %s", now.Body)
			}
			return a
		}},
		{Rule: "29.6", Name: "全批人员都已撤函的，本批随之终止", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			s := admitted(t, p, next(), next()).listed()
			var a *testkit.Answer
			for _, m := range s.of {
				a = m.post("clerk-500108", "withdraw", j{"why": "学校撤函", "paper": "撤函3号"}).OK()
			}
			if got := p.Client("clerk-500108").Get("/api/v1/transfer-lists/" + s.id).String("state"); got != "ended" {
				t.Errorf("the list is %s", got)
			}
			return a
		}},
		{Rule: "20.5", Name: "催办全批回执：一件包封一份催办函", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			s := admitted(t, p, next(), next()).sent()
			a := s.post("clerk-500108", "chase", nil).OK()
			if n := strings.Count(string(a.Body), `"kind":"chase_letter"`); n > 1 {
				t.Errorf("%d letters: %s", n, a.Body)
			}
			return a
		}},
		{Rule: "20.5", Name: "全批一天催办一次", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			s := admitted(t, p, next(), next()).sent()
			s.post("clerk-500108", "chase", nil).OK()
			return s.post("clerk-500108", "chase", nil)
		}},
		{Rule: "20.5", Name: "随批寄出的一人不单独催办", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return admitted(t, p, next(), next()).sent().of[0].post("clerk-500108", "chase", nil)
		}},
		{Rule: "20.2b", Name: "全批的交寄日期不早于收函", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := admitted(t, p, next()).packed().post("clerk-500108", "dispatch", j{"way": "confidential_post", "trackingNo": "渝机0503", "office": "重庆市机要通信局", "on": "2026-11-20"})
			if got := a.Problem().Reasons[0]; got.Slug != "dispatched_on_early" {
				t.Errorf("refused for %s", got.Slug)
			}
			return a
		}},
		{Rule: "20b", Name: "补登同一来函的其他人员，凭袋面档案编号", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			s := admitted(t, p, next())
			s.of = append(s.of, &moving{t: t, p: p, n: 99003})
			s.id = s.letter(nil).OK().String("id")
			more := move(t, p, next(), nil)
			a := s.post("clerk-500108", "add", j{"persons": []j{{"name": testkit.Name(more.n), "idNo": more.d.No}}})
			if v := seen(a); v.Persons != 2 || len(v.LeftOut) != 1 {
				t.Errorf("added: %s", a.Body)
			}
			return a
		}},
		{Rule: "29.6", Name: "已装封的不能补登人员", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			s := admitted(t, p, next()).packed()
			more := move(t, p, next(), nil)
			return s.post("clerk-500108", "add", j{"persons": []j{{"name": testkit.Name(more.n), "idNo": testkit.IDNo(more.n)}}})
		}},
		{Rule: "12b", Name: "名单有误的逐行指出，一行也不登记", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := admitted(t, p, next()).letter(j{"persons": []j{{"name": "", "idNo": testkit.IDNo(601)}, {"name": "甲某", "idNo": "500108199001011"}, {"name": "乙某", "idNo": testkit.IDNo(602)}, {"name": "乙某", "idNo": testkit.IDNo(602)}}})
			for _, field := range []string{"persons[0].name", "persons[1].idNo", "persons[3].idNo"} {
				if !strings.Contains(string(a.Body), `"field":"`+field+`"`) {
					t.Errorf("nothing is said of %s: %s", field, a.Body)
				}
			}
			return a
		}},
		{Rule: "20.5", Name: "一份也没有收到的不登记回执", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			s := admitted(t, p, next()).sent()
			return s.post("clerk-500108", "receipt", j{"on": "2026-11-23", "intact": true, "match": true, "absent": []string{s.of[0].id}})
		}},
		{Rule: "20.1", Name: "跨省转入登记预审同意和对方寄出", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := across(t, p)
			m.post("clerk-500101", "answer", j{"answer": "agree", "on": "2026-11-23"}).OK()
			a := m.post("clerk-500101", "forwarded", j{"way": "registered_mail", "trackingNo": "EX123456785CN", "on": "2026-11-23", "noticeNo": "黔转〔2026〕1号"})
			if v := seen(a); v.State != "in_transit" || len(v.Exchange) != 5 || v.Exchange[3].State != "done" || v.Exchange[4].State != "now" {
				t.Errorf("exchange: %s", a.Body)
			}
			return a
		}},
		{Rule: "20.2b", Name: "对方不予转出而没有写明理由", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return across(t, p).post("clerk-500101", "answer", j{"answer": "decline", "on": "2026-11-23"})
		}},
		{Rule: "20.2b", Name: "对方书面答复不予转出，理由在案", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := across(t, p).post("clerk-500101", "answer", j{"answer": "decline", "on": "2026-11-23", "note": "法院限制转出，至2027年1月"})
			if a.String("state") != "not_sent" {
				t.Errorf("state %s", a.String("state"))
			}
			return a
		}},
		{Rule: "20b", Name: "外省电子调档函凭全国平台编号核实", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer { return electronic(t, p, nil) }},
		{Rule: "20.1", Name: "没有全国平台编号的外省函须电话核实", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return electronic(t, p, j{"onlineNo": ""})
		}},
		{Rule: "20.1", Name: "对外省来函作出预审答复，出具回执", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := &moving{t: t, p: p, id: electronic(t, p, nil).OK().String("id")}
			return m.post("clerk-500108", "answer", j{"answer": "agree"})
		}},
		{Rule: "20.1", Name: "不跨省的来函不单独预审", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil)
			m.id = outside(m, nil).OK().String("id")
			return m.post("clerk-500108", "answer", j{"answer": "agree"})
		}},
		{Rule: "20.1", Name: "单位凭介绍信申请", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil)
			body := m.application()
			body["applicantKind"], body["applicant"], body["applicantDoc"], body["applicantUscc"] = "unit", "重庆某某科技有限公司（演示）", "介绍信 2026-31", "91500106MA5UPR0189"
			return p.Client("clerk-500101").Post("/api/v1/transfers", body)
		}},
		{Rule: "20.1", Name: "单位申请没有函件", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil)
			body := m.application()
			body["applicantKind"], body["applicant"] = "unit", "重庆某某科技有限公司（演示）"
			return p.Client("clerk-500101").Post("/api/v1/transfers", body)
		}},
		{Rule: "12c", Name: "单位申请没有信用代码", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			body := move(t, p, next(), nil).application()
			body["applicantKind"], body["applicant"], body["applicantDoc"] = "unit", "重庆某某科技有限公司（演示）", "介绍信 2026-32"
			return p.Client("clerk-500101").Post("/api/v1/transfers", body)
		}},
		{Rule: "12c", Name: "单位申请的信用代码校验位不对", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			body := move(t, p, next(), nil).application()
			body["applicantKind"], body["applicant"], body["applicantDoc"], body["applicantUscc"] = "unit", "重庆某某科技有限公司（演示）", "介绍信 2026-33", "91500106MA5UPR0188"
			return p.Client("clerk-500101").Post("/api/v1/transfers", body)
		}},
		{Rule: "12a", Name: "代办没有委托书", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil)
			return m.byAgent("")
		}},
	})
}

// byAgent applies for a transfer on a mandate.
func (m *moving) byAgent(mandate string) *testkit.Answer {
	m.t.Helper()
	body := m.application()
	body["applicantKind"], body["mandateId"] = "agent", mandate
	return m.p.Client("clerk-500101").Post("/api/v1/transfers", body)
}

// scanned uploads a file of a 委托书.
func scanned(p *testkit.Province, user, id string, content []byte) *testkit.Answer {
	return p.Client(user).Do("POST", "/api/v1/mandates/"+id+"/scans", content, "Content-Type", "application/octet-stream")
}

// mandated enters a 委托书 of person n for an agent.
func mandated(p *testkit.Province, clerk string, n, agent int, change j) *testkit.Answer {
	body := j{"principal": testkit.Name(n), "principalNo": testkit.IDNo(n), "principalDoc": "居民身份证", "agent": "丙某", "agentNo": testkit.IDNo(agent), "agentDoc": "居民身份证",
		"relation": "近亲属", "matters": []string{"transfer"}, "on": "2026-11-01", "until": "2026-12-31", "originals": true, "unpaid": true}
	for k, v := range change {
		body[k] = v
	}
	return p.Client(clerk).Post("/api/v1/mandates", body)
}

func TestAgentsByRule(t *testing.T) {
	const agent, busy, clerk, home = 70003, 70004, "clerk-500101", "clerk-500108"
	n := 700
	next := func() int { n++; return n }
	var m *moving
	var one, seventh string
	check(t, []Case{
		{Rule: "12a", Name: "委托书没有日期、有效期和事项的，一次说全", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := mandated(p, clerk, next(), agent, j{"on": "", "until": "", "matters": []string{}})
			if r := a.Problem().Reasons; len(r) != 3 {
				t.Errorf("told %d of three", len(r))
			}
			return a
		}},
		{Rule: "12a", Name: "委托书过期", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return mandated(p, clerk, n, agent, j{"until": "2026-11-10"})
		}},
		{Rule: "12a", Name: "没有查验代办人证件", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return mandated(p, clerk, n, agent, j{"agentDoc": ""})
		}},
		{Rule: "12a", Name: "代办人就是本人", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return mandated(p, clerk, n, n, nil)
		}},
		{Rule: "29.9", Name: "代办人没有声明不收费", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return mandated(p, clerk, n, agent, j{"unpaid": false})
		}},
		{Rule: "12a", Name: "审核不登记委托书", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return mandated(p, "reviewer-500101", n, agent, nil)
		}},
		{Rule: "12a", Name: "查验委托书和双方证件，登记", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m = move(t, p, n, nil)
			a := mandated(p, clerk, n, agent, nil)
			one = a.String("id")
			if strings.Contains(string(a.Body), testkit.IDNo(agent)) || a.String("state") != "valid" {
				t.Errorf("entered: %s", a.Body)
			}
			if other := p.Client("reviewer-500103").Get("/api/v1/mandates/" + one); other.Status != 404 {
				t.Errorf("another district reads it: %d", other.Status)
			}
			return a
		}},
		{Rule: "12a", Name: "委托书扫描件：网页改名的、审核上传的不收", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			if a := scanned(p, "reviewer-500101", one, snap(800, 1100)); a.Status != 403 {
				return a
			}
			return scanned(p, clerk, one, []byte("<html><script>alert(1)</script></html>"))
		}},
		{Rule: "12a", Name: "委托书扫描件随委托书保存，看得到委托书的人才能看", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := scanned(p, clerk, one, snap(800, 1100)).OK()
			if x := scanned(p, clerk, one, snap(800, 1100)); x.Status != 403 && x.Status != 422 {
				t.Errorf("the same file again: %d", x.Status)
			}
			path := "/api/v1/mandates/" + one + "/scans/1"
			if x := p.Client("reviewer-500101").Get(path); x.Status != 200 || len(x.Body) == 0 {
				t.Errorf("who sees the mandate does not see its scan: %d", x.Status)
			}
			for _, user := range []string{"reviewer-500103", "keeper-500101"} {
				if x := p.Client(user).Get(path); x.Status == 200 {
					t.Errorf("%s looks at it: %d", user, x.Status)
				}
			}
			return a
		}},
		{Rule: "12a", Name: "委托人不是存档人员的，不受理", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return move(t, p, next(), nil).byAgent(one)
		}},
		{Rule: "12a", Name: "委托书没有写的事项，不受理", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(clerk).Post("/api/v1/inquiries", j{"name": testkit.Name(m.n), "idNo": testkit.IDNo(m.n), "document": "居民身份证", "mandateId": one})
		}},
		{Rule: "12a", Name: "凭委托书受理转入申请，记下代办人", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m.p, m.t = p, t
			a := m.byAgent(one).OK()
			var v struct {
				Agent   string
				Mandate struct{ ID string }
			}
			a.JSON(&v)
			if v.Agent != "丙某" || v.Mandate.ID != one {
				t.Errorf("rests on %+v", v)
			}
			if page := p.Client(clerk).Get("/api/v1/mandates/" + one).OK(); !strings.Contains(string(page.Body), "Transfer:"+a.String("id")) {
				t.Errorf("what was applied for on it: %s", page.Body)
			}
			return a
		}},
		{Rule: "12a", Name: "凭委托书答复查档去向", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			id := mandated(p, clerk, m.n, agent, j{"matters": []string{"whereabouts"}}).String("id")
			a := p.Client(clerk).Post("/api/v1/inquiries", j{"name": testkit.Name(m.n), "idNo": testkit.IDNo(m.n), "document": "居民身份证", "mandateId": id})
			if who := a.String("asker"); !strings.Contains(who, "丙某") || !strings.Contains(who, "WT-50010101-2026-") {
				t.Errorf("asked by %s", who)
			}
			return a
		}},
		{Rule: "12a", Name: "凭委托书申请存档证明", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			id := mandated(p, home, m.n, agent, j{"matters": []string{"certificate", "standing"}}).String("id")
			a := p.Client(home).Post("/api/v1/certificates", j{"kind": "custody", "dossierId": m.d.ID, "use": "办理落户", "applicant": "agent", "mandateId": id, "keys": []string{"custody"}})
			if a.String("name") != "丙某" || a.String("applicant") != "agent" {
				t.Errorf("applied by %s", a.Body)
			}
			asked(p, m.d.ID, j{"kind": "identity", "name": "甲新名", "reason": "代办", "mandateId": id}).OK()
			return a
		}},
		{Rule: "10b", Name: "代办人是审核人申报的亲属的，审核人不能办理，也不能查看", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			p.Client("reviewer-500108").Post("/api/v1/account/kin", j{"relation": "spouse", "name": "丙某", "idNo": testkit.IDNo(agent)}).OK()
			var list struct {
				Items []struct{ ID string }
			}
			p.Client(home).Get("/api/v1/standing").JSON(&list)
			return decided(p, "reviewer-500108", list.Items[0].ID, j{"approve": true})
		}},
		{Rule: "12a", Name: "并档由机构提出，不凭委托书", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return asked(p, m.d.ID, j{"kind": "merge", "other": "1", "mandateId": one})
		}},
		{Rule: "10b", Name: "经办人的亲属代办，经办人回避", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			p.Client(clerk).Post("/api/v1/account/kin", j{"relation": "spouse", "name": "丁某", "idNo": testkit.IDNo(70005)}).OK()
			return mandated(p, clerk, m.n, 70005, nil)
		}},
		{Rule: "12a", Name: "委托人撤销后，不再凭此受理", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			other := move(t, p, next(), nil)
			id := mandated(p, clerk, n, agent, nil).String("id")
			p.Client(clerk).Post("/api/v1/mandates/"+id+"/revoke", j{"reason": "委托人书面撤销"}).OK()
			return other.byAgent(id)
		}},
		{Rule: "29.9", Name: "代办人数异常的，负责人确认前不受理", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			for range 5 {
				if a := mandated(p, home, next(), busy, nil); a.String("state") != "valid" {
					t.Errorf("of five: %s", a.Body)
				}
			}
			m = move(t, p, next(), nil)
			a := mandated(p, clerk, n, busy, nil)
			if seventh = a.String("id"); a.String("state") != "waiting" {
				t.Errorf("the sixth in the province: %s", a.Body)
			}
			return m.byAgent(seventh)
		}},
		{Rule: "29.9", Name: "以前登记的，人数超过后也不能凭以受理，由其机构负责人确认", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			var list struct{ Items []struct{ ID string } }
			p.Client(home).Get("/api/v1/mandates?view=waiting").JSON(&list)
			if len(list.Items) != 5 {
				t.Fatalf("%d of the five wait at the other agency", len(list.Items))
			}
			return p.Client(home).Post("/api/v1/inquiries", j{"name": testkit.Name(n - 1), "idNo": testkit.IDNo(n - 1), "document": "居民身份证", "mandateId": list.Items[0].ID})
		}},
		{Rule: "29.9", Name: "经办不能确认代办人", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(clerk).Post("/api/v1/mandates/"+seventh+"/decide", j{"confirm": true, "note": "问过"})
		}},
		{Rule: "29.9", Name: "负责人没有写明怎样核实", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("head-500101").Post("/api/v1/mandates/"+seventh+"/decide", j{"confirm": true})
		}},
		{Rule: "29.9", Name: "负责人核实后确认，可以受理；主管部门看到代办人", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			if work := p.Client("head-500101").Get("/api/v1/work"); !strings.Contains(string(work.Body), "核实是否有偿中介") {
				t.Errorf("the head is not asked: %s", work.Body)
			}
			p.Client("head-500101").Post("/api/v1/mandates/"+seventh+"/decide", j{"confirm": true, "note": "电话询问委托人，同一单位同事，没有付费"}).OK()
			var list struct {
				Items []struct {
					Name    string
					Persons int
					Flagged bool
				}
				Next *string
			}
			p.Client("supervisor-500000").Get("/api/v1/agents?limit=1").JSON(&list)
			if len(list.Items) != 1 || list.Items[0].Persons != 5 || list.Next == nil {
				t.Errorf("first among agents: %+v", list)
			}
			p.Client("supervisor-500000").Get("/api/v1/agents?limit=50&cursor=" + *list.Next).JSON(&list)
			if len(list.Items) < 2 || list.Items[0].Persons > 5 || list.Items[0].Name == "" {
				t.Errorf("the others: %+v", list)
			}
			m.p, m.t = p, t
			return m.byAgent(seventh)
		}},
		{Rule: "29.9", Name: "已经确认的，不再确认", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("head-500101").Post("/api/v1/mandates/"+seventh+"/decide", j{"confirm": false, "note": "再看"})
		}},
	})
}
