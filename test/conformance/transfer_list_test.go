package conformance

import (
	"strings"
	"testing"

	"dangan/internal/dossier"
	"dangan/internal/testkit"
)

// school is one letter of a school that names several; each is paper-only on 南岸's shelf.
type school struct {
	t  *testing.T
	p  *testkit.Province
	of []*moving
	id string
}

func admitted(t *testing.T, p *testkit.Province, change func(*dossier.Dossier), ns ...int) *school {
	s := &school{t: t, p: p}
	for _, n := range ns {
		s.of = append(s.of, move(t, p, n, change))
	}
	return s
}

func (s *school) letter(change j) *testkit.Answer {
	s.t.Helper()
	var named []j
	for _, m := range s.of {
		named = append(named, j{"name": testkit.Name(m.n), "idNo": testkit.IDNo(m.n)})
	}
	body := j{"receiverName": "某某大学研究生院（演示）", "receiverAddr": "大学路1号", "reason": "升学", "letterNo": "研招调〔2026〕7号", "letterOn": "2026-11-18", "receivedOn": "2026-11-23", "telephone": "023-61000000", "spoke": "李老师", "persons": named}
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

func (s *school) packed() *school {
	s.t.Helper()
	s.listed().post("reviewer-500108", "review", j{}).OK()
	s.post("clerk-500108", "pack", j{"sealNo": "N-501"}).OK()
	return s
}

func (s *school) sent() *school {
	s.t.Helper()
	s.packed().post("clerk-500108", "dispatch", j{"way": "confidential_post", "trackingNo": "渝机0501", "on": "2026-11-23"}).OK()
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
		body["direction"], body["holder"], body["holderName"], body["province"], body["onlineNo"] = "in", "", "贵阳市人才市场（演示）", "52", "KS-2026-000123"
		body["category"], body["evidence"] = "4.1", "劳动合同"
		m.id = p.Client("clerk-500101").Post("/api/v1/transfers", body).OK().String("id")
		m.post("clerk-500101", "letter", nil).OK()
		return m
	}
	electronic := func(t *testing.T, p *testkit.Province, change j) *testkit.Answer {
		body := j{"province": "51", "onlineNo": "KS-2026-000456", "telephone": "", "spoke": "", "receiverName": "成都市人才流动服务中心（演示）", "reason": "流动就业"}
		for k, v := range change {
			body[k] = v
		}
		m := move(t, p, next(), nil)
		a := outside(m, body)
		return a
	}
	check(t, []Case{
		{Rule: "20b", Name: "一函多人的升学来函逐人立案", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := admitted(t, p, nil, next(), next()).letter(nil)
			if v := seen(a); v.Persons != 2 {
				t.Errorf("on the list: %d", v.Persons)
			}
			return a
		}},
		{Rule: "20b", Name: "函上有人的档案不在本机构的，写明理由，其他人照办", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			s := admitted(t, p, nil, next())
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
			return admitted(t, p, nil, next()).letter(j{"telephone": ""})
		}},
		{Rule: "20.2a", Name: "一次签名审核全批", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			s := admitted(t, p, nil, next(), next()).listed()
			a := s.post("reviewer-500108", "review", j{"note": "齐全"})
			if v := seen(a); len(v.Cases) != 2 || v.Cases[0].State != "approved" || v.Cases[1].State != "approved" {
				t.Errorf("after one signature: %s", a.Body)
			}
			return a
		}},
		{Rule: "20.2a", Name: "经办不能审核全批", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return admitted(t, p, nil, next()).listed().post("clerk-500108", "review", j{})
		}},
		{Rule: "20.2a", Name: "全批都有限制的不能审核", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return admitted(t, p, func(d *dossier.Dossier) { d.Hold = "法院查封" }, next()).listed().post("reviewer-500108", "review", j{})
		}},
		{Rule: "20.2b", Name: "一个包封、一份通知单、一份清单；没有审核的单独办理", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			s := admitted(t, p, nil, next(), next())
			late := s.of[1]
			s.listed()
			late.post("reviewer-500108", "decline", nil) // refused: nothing hinders it
			s.post("reviewer-500108", "review", j{}).OK()
			late.post("clerk-500108", "reopen", nil).OK()
			a := s.post("clerk-500108", "pack", j{"sealNo": "N-502"})
			v := seen(a)
			if v.Persons != 1 || len(v.Documents) != 2 || len(v.Cases) != 1 || v.Cases[0].State != "packed" {
				t.Errorf("packed: %s", a.Body)
			}
			return a
		}},
		{Rule: "20.2b", Name: "已随批装封的不能单独拆出", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return admitted(t, p, nil, next()).packed().of[0].post("clerk-500108", "reopen", nil)
		}},
		{Rule: "20.3b", Name: "有一人经历不明的，全批不得邮寄", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			s := admitted(t, p, nil, next(), next())
			history(s.of[0], "soe_worker")
			return s.packed().post("clerk-500108", "dispatch", j{"way": "registered_mail", "trackingNo": "EX123456785CN", "on": "2026-11-23"})
		}},
		{Rule: "20.3a", Name: "全批以机要通信寄送", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return admitted(t, p, nil, next(), next()).packed().post("clerk-500108", "dispatch", j{"way": "confidential_post", "trackingNo": "渝机0502", "on": "2026-11-23"})
		}},
		{Rule: "20.5", Name: "学校一份回执办结全批，写明没有收到的除外", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			s := admitted(t, p, nil, next(), next()).sent()
			a := s.post("clerk-500108", "receipt", j{"no": "研回1号", "on": "2026-11-23", "intact": true, "match": false, "note": "缺一人", "absent": []string{s.of[1].id}})
			if got := p.Client("clerk-500108").Get("/api/v1/transfers/" + s.of[1].id).String("state"); got != "awaiting" || a.String("state") != "sent" {
				t.Errorf("the absent one is %s, the list %s", got, a.String("state"))
			}
			a = s.post("clerk-500108", "receipt", j{"no": "研回2号", "on": "2026-11-23", "intact": true, "match": true})
			if a.OK().String("state") != "done" {
				t.Errorf("after the last receipt the list is %s", a.String("state"))
			}
			return a
		}},
		{Rule: "20.5", Name: "没有收到的一人单独回执后，本批也办结", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			s := admitted(t, p, nil, next(), next()).sent()
			s.post("clerk-500108", "receipt", j{"on": "2026-11-23", "intact": true, "match": false, "note": "缺一人", "absent": []string{s.of[1].id}}).OK()
			a := s.of[1].post("clerk-500108", "receipt", j{"no": "研回3号", "on": "2026-11-23", "intact": true, "match": true})
			if got := p.Client("clerk-500108").Get("/api/v1/transfer-lists/" + s.id).String("state"); got != "done" {
				t.Errorf("the list is %s", got)
			}
			return a
		}},
		{Rule: "20b", Name: "补登同一来函的其他人员，凭袋面档案编号", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			s := admitted(t, p, nil, next())
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
			s := admitted(t, p, nil, next()).packed()
			more := move(t, p, next(), nil)
			return s.post("clerk-500108", "add", j{"persons": []j{{"name": testkit.Name(more.n), "idNo": testkit.IDNo(more.n)}}})
		}},
		{Rule: "12b", Name: "名单有误的逐行指出，一行也不登记", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := admitted(t, p, nil, next()).letter(j{"persons": []j{{"name": "", "idNo": testkit.IDNo(601)}, {"name": "甲某", "idNo": "500108199001011"}, {"name": "乙某", "idNo": testkit.IDNo(602)}, {"name": "乙某", "idNo": testkit.IDNo(602)}}})
			for _, field := range []string{"persons[0].name", "persons[1].idNo", "persons[3].idNo"} {
				if !strings.Contains(string(a.Body), `"field":"`+field+`"`) {
					t.Errorf("nothing is said of %s: %s", field, a.Body)
				}
			}
			return a
		}},
		{Rule: "20.5", Name: "一份也没有收到的不登记回执", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			s := admitted(t, p, nil, next()).sent()
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
			body["applicantKind"], body["applicant"], body["applicantDoc"] = "unit", "重庆某某科技有限公司（演示）", "介绍信 2026-31"
			return p.Client("clerk-500101").Post("/api/v1/transfers", body)
		}},
		{Rule: "20.1", Name: "单位申请没有函件", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil)
			body := m.application()
			body["applicantKind"], body["applicant"] = "unit", "重庆某某科技有限公司（演示）"
			return p.Client("clerk-500101").Post("/api/v1/transfers", body)
		}},
		{Rule: "20.1", Name: "代办没有委托书", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil)
			body := m.application()
			body["applicantKind"], body["agent"], body["agentIdNo"] = "agent", "丙某", testkit.IDNo(70003)
			return p.Client("clerk-500101").Post("/api/v1/transfers", body)
		}},
	})
}
