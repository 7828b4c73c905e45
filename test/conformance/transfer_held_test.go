package conformance

import (
	"context"
	"strings"
	"testing"

	"dangan/internal/dossier"
	"dangan/internal/testkit"
)

// heldToLaw are cases of what a transfer is held to that stand beside its usual way.
func heldToLaw(next func() int) []Case {
	return []Case{
		{Rule: "20.4a", Name: "证明关键信息的材料没有来，登记过的信息不作数，须本人承诺", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil)
			known(m, "work_start", "2009-07")
			m.arrived(whole[:2])
			m.post("clerk-500101", "check", j{"results": []j{{"lineNo": 1, "check": "missing"}, {"lineNo": 2, "check": "ok"}, {"lineNo": 3, "check": "ok"}}}).OK() // the third is the 信息核对表
			a := m.post("reviewer-500101", "receive", nil).OK()
			if a.String("outcome") != "告知承诺后接收" || !strings.Contains(string(a.Body), `"keyFact":"work_start"`) || strings.Contains(string(a.Body), `"keyFact":"birth_date"`) {
				t.Errorf("what two pieces prove and one proves alone: %s", a.Body)
			}
			return a
		}},
		{Rule: "20.4a", Name: "类别不要求而来件独证的关键信息，没有来的也是缺关键材料", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil)
			m.arrived(append(whole[:3:3], j{"class": "7", "title": "入党志愿书", "copies": 1, "pages": 12, "keyFacts": []string{"party_joining"}}))
			m.post("clerk-500101", "check", j{"results": []j{{"lineNo": 1, "check": "ok"}, {"lineNo": 2, "check": "ok"}, {"lineNo": 3, "check": "missing"}, {"lineNo": 4, "check": "ok"}}}).OK()
			a := m.post("reviewer-500101", "receive", nil).OK()
			if a.String("outcome") != "告知承诺后接收" || strings.Count(string(a.Body), `"keyFact":"party_joining"`) != 1 {
				t.Errorf("outcome %s: %s", a.String("outcome"), a.Body)
			}
			return a
		}},
		{Rule: "20.4a", Name: "页数不符没有写明实收页数", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return move(t, p, next(), nil).arrived(whole).post("clerk-500101", "check", j{"results": []j{{"lineNo": 1, "check": "pages"}}})
		}},
		{Rule: "20.4a", Name: "少页的材料不作证明，核对人确认仍能证明的除外", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			short := func(proves bool) *testkit.Answer {
				m := move(t, p, next(), nil).arrived(whole[:2])
				m.post("clerk-500101", "check", j{"results": []j{{"lineNo": 1, "check": "pages", "pages": 2, "proves": proves}, {"lineNo": 2, "check": "ok"}}}).OK()
				return m.post("reviewer-500101", "receive", nil).OK()
			}
			if a := short(true); a.String("outcome") == "告知承诺后接收" || !strings.Contains(a.String("differences"), "清单8页、实收2页") {
				t.Errorf("confirmed: %s, %s", a.String("outcome"), a.String("differences"))
			}
			a := short(false)
			if a.String("outcome") != "告知承诺后接收" {
				t.Errorf("two pages of eight proved the history: %s", a.Body)
			}
			return a
		}},
		{Rule: "20.4a", Name: "再次转递不重复列入欠缺的关键材料", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil)
			owe := func() (n int) {
				if err := p.DB.QueryRow(context.Background(), "SELECT count(*) FROM supplement WHERE dossier_id=? AND key_fact IS NOT NULL", m.d.ID).Scan(&n); err != nil {
					t.Fatal(err)
				}
				return n
			}
			m.received(thin)
			m.post("clerk-500101", "tell", nil).OK()
			a := m.post("clerk-500101", "promise", j{"signed": true, "statement": "本人承诺补充", "on": "2026-11-23"}).OK()
			first := owe()
			if first == 0 {
				t.Fatal("nothing is owed for a thin packet")
			}
			p.Client("keeper-500101").Post("/api/v1/custody/dossiers/"+m.d.ID+"/put-back", j{"shelfmark": "02-A-001-01-1-01"}).OK()
			again(m)
			m.post("clerk-500108", "tell", nil).OK()
			m.post("clerk-500108", "promise", j{"signed": true, "statement": "本人承诺补充", "on": "2026-11-23"}).OK()
			if n := owe(); n != first {
				t.Errorf("after the second transfer %d are owed, after the first %d", n, first)
			}
			return a
		}},
		{Rule: "2", Name: "途中已由另一途径归来的档案，不得从其保管机构取走", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := outsideSent(move(t, p, next(), nil))
			m.post("clerk-500108", "receipt", outsideReceipt(p, "clerk-500108", j{"no": "组收2号"}, m)).OK()
			in := fromOutside(t, p, m.n, whole)
			write(t, p, "UPDATE dossier SET state='in_store', place='store' WHERE id=?", m.d.ID)
			return in.post("reviewer-500101", "receive", nil)
		}},
		{Rule: "29.6", Name: "函过期后另有在办的，原函的包裹到件不再登记成第二件", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := lettersOut(t, p, next())
			write(t, p, "UPDATE transfer SET state='expired', valid_until='2026-11-01' WHERE id=?", m.id)
			lettersOut(t, p, m.n)
			if a := m.post("clerk-500101", "forwarded", j{"way": "confidential_post", "on": "2026-11-23"}); !strings.Contains(string(a.Body), "transfer_open") {
				t.Errorf("the letter runs again: %s", a.Body)
			}
			return m.post("clerk-500101", "arrive", j{"on": "2026-11-23", "intact": true, "volumes": 1, "way": "confidential_post", "trackingNo": "黔机0702"})
		}},
		{Rule: "15", Name: "清单中有涉密材料的，经历无碍也不得邮寄", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil)
			history(m, "soe_worker")
			a := m.packed(append(whole[:3:3], j{"class": "10", "title": "", "copies": 1, "pages": 2, "secret": true})).post("clerk-500108", "dispatch", j{"way": "registered_mail", "trackingNo": "EX123456785CN", "office": "重庆市机要通信局", "on": "2026-11-23"})
			if b := m.p.Client("clerk-500108").Get("/api/v1/transfers/" + m.id); !strings.Contains(b.String("secretWhy"), "涉密材料") {
				t.Errorf("the page does not say so: %s", b.Body)
			}
			m.post("clerk-500108", "dispatch", j{"way": "confidential_post", "trackingNo": "渝机0041", "office": "重庆市机要通信局", "on": "2026-11-23"}).OK()
			return a
		}},
		{Rule: "20b", Name: "没有写明接收单位性质", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return outside(move(t, p, next(), nil), j{"receiverKind": ""})
		}},
		{Rule: "20b", Name: "民营单位不得接收档案", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return outside(move(t, p, next(), nil), j{"receiverName": "某贸易有限公司（演示）", "receiverKind": "other"})
		}},
		{Rule: "20.4a", Name: "外省档案机构转来的不得退回", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return fromEnd(t, p, next(), "service").post("clerk-500101", "return", j{"agreement": "与对方商定"})
		}},
		{Rule: "20.4a", Name: "学校不是原工作单位，不得退回", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return fromEnd(t, p, next(), "school").post("clerk-500101", "return", j{"agreement": "与对方商定"})
		}},
		{Rule: "20.3a", Name: "送取人没有单位、介绍信和声明", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return move(t, p, next(), nil).packed(whole).post("clerk-500108", "dispatch", j{"way": "messenger", "on": "2026-11-23", "messengers": []j{{"name": "甲某", "idNo": testkit.IDNo(70001)}}})
		}},
		{Rule: "20.3a", Name: "两名送取人登记的是同一人", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return move(t, p, next(), nil).packed(whole).post("clerk-500108", "dispatch", j{"way": "messenger", "on": "2026-11-23", "messengers": []j{sentBy("甲某", 70001), sentBy("甲某", 70001)}})
		}},
		{Rule: "29.8", Name: "没有申请人的书面材料不得撤回", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return move(t, p, next(), nil).lettered().post("clerk-500101", "withdraw", j{"why": "本人不办了"})
		}},
		{Rule: "29.8", Name: "撤回告知申请人，撤函送外单位，列入台账供上级核查", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := lettersOut(t, p, next())
			a := m.post("clerk-500101", "withdraw", j{"why": "本人改在原单位存档", "paper": "撤回申请 9 号"}).OK()
			if body := string(a.Body); !strings.Contains(body, "转递撤回告知书") || !strings.Contains(body, "撤销调档函通知") {
				t.Errorf("no papers: %s", body)
			}
			b := p.Client("supervisor-500101").Get("/api/v1/registers/transfer-withdrawn?from=2026-01-01&until=2026-12-31").OK()
			if !strings.Contains(string(b.Body), "撤回申请 9 号") {
				t.Errorf("the register is silent: %s", b.Body)
			}
			return a
		}},
		{Rule: "20.1", Name: "系统内的函晚登记，期限不从登记日起算", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil).lettered()
			no, code := m.letter()
			write(t, p, "UPDATE transfer SET letter_on='2026-11-10' WHERE id=?", m.id)
			if a := p.Client("clerk-500108").Get("/api/v1/transfers?due=unbooked"); !strings.Contains(string(a.Body), m.id) {
				t.Errorf("the late letter is in no list: %s", a.Body)
			}
			if err := p.Transfers.Timers(context.Background()); err != nil {
				t.Fatal(err)
			}
			if a := p.Client("head-500108").Get("/api/v1/inbox"); !strings.Contains(string(a.Body), "来函逾期未登记") {
				t.Errorf("the head was not told: %s", a.Body)
			}
			return m.post("clerk-500108", "register", j{"letterNo": no, "code": code, "receivedOn": "2026-11-23"})
		}},
		{Rule: "29.8", Name: "没有登记清单不是不予转出的理由", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return move(t, p, next(), nil).pulled().post("reviewer-500108", "decline", nil)
		}},
	}
}

// fromEnd is a thin packet of an outside end of a kind, checked.
func fromEnd(t *testing.T, p *testkit.Province, n int, kind string) *moving {
	t.Helper()
	m := fromOutside(t, p, n, thin)
	m.post("clerk-500101", "correct", j{"changes": []j{{"field": "holderKind", "value": kind}}, "why": "照来件更正"}).OK()
	return m
}

// sentBy is a messenger with all that is asked of one.
func sentBy(name string, n int) j {
	return j{"name": name, "idNo": testkit.IDNo(n), "unit": "南岸区公共就业和人才服务中心", "letter": "介〔2026〕1号", "notKin": true}
}

// write puts rows into a state that takes weeks to come to by acts.
func write(t *testing.T, p *testkit.Province, query string, args ...any) {
	t.Helper()
	tx, err := p.DB.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), query, args...); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}

// known records one key fact, confirmed by a second person.
func known(m *moving, kind, written string) {
	m.t.Helper()
	ctx := context.Background()
	f, err := m.p.Dossiers.AddFact(ctx, m.p.As("clerk-500108"), m.d.ID, dossier.NewFact{Kind: kind, Written: written, Source: dossier.Source{Class: "1", Title: "履历表", Page: 1}})
	if err != nil {
		m.t.Fatal(err)
	}
	if _, err := m.p.Dossiers.Confirm(ctx, m.p.As("reviewer-500108"), dossier.EntryFact, f.ID); err != nil {
		m.t.Fatal(err)
	}
}

// again moves the dossier back to 南岸 with the same list, as far as the receipt.
func again(m *moving) {
	m.t.Helper()
	body := m.application()
	body["holder"], body["tiePlace"] = "50010101", "500108"
	m.id = m.p.Client("clerk-500108").Post("/api/v1/transfers", body).OK().String("id")
	l := m.post("clerk-500108", "letter", nil).OK()
	m.post("clerk-500101", "register", j{"letterNo": l.String("letterNo"), "code": l.String("letterCode"), "receivedOn": "2026-11-23"}).OK()
	m.p.Client("keeper-500101").Post("/api/v1/custody/dossiers/"+m.d.ID+"/pull", j{"packet": "intact"}).OK()
	m.p.Client("clerk-500101").Put("/api/v1/transfers/"+m.id+"/list", j{"lines": thin}).OK()
	m.post("reviewer-500101", "review", j{}).OK()
	m.post("clerk-500101", "pack", j{"sealNo": "N-31", "volumes": 1}).OK()
	m.post("clerk-500101", "dispatch", j{"way": "confidential_post", "trackingNo": "渝机0042", "office": "重庆市机要通信局", "on": "2026-11-23"}).OK()
	m.post("clerk-500108", "arrive", j{"on": "2026-11-23", "intact": true}).OK()
	m.post("clerk-500108", "check", j{"results": []j{{"lineNo": 1, "check": "ok"}}}).OK()
	m.post("reviewer-500108", "receive", nil).OK()
}

// lettersOut is an application for a dossier from outside, its letter opened.
func lettersOut(t *testing.T, p *testkit.Province, n int) *moving {
	t.Helper()
	m := &moving{t: t, p: p, n: n}
	m.id = p.Client("clerk-500101").Post("/api/v1/transfers", m.fromCompany()).OK().String("id")
	m.post("clerk-500101", "letter", nil).OK()
	return m
}

// fromCompany is an application for a dossier that a former employer keeps.
func (m *moving) fromCompany() j {
	body := m.application()
	body["direction"], body["holder"], body["holderName"], body["holderKind"], body["category"], body["subtype"], body["evidence"] = "in", "", "贵州某集团人力资源部（演示）", "state_firm", "4.1", "private_enterprise", "劳动合同"
	return body
}
