package conformance

import (
	"strings"
	"testing"

	"dangan/internal/testkit"
)

// A packet that came to who is neither end (20.3a), and what an application, an undertaking and
// a chaser bear beside (20.1, 20.4a, 20.5).
func TestStrayPacketsByRule(t *testing.T) {
	n := 1700
	next := func() int { n++; return n }
	const third = "clerk-500103"
	stray := func(m *moving, change j) *testkit.Answer {
		body := j{"no": m.p.Client("clerk-500108").Get("/api/v1/transfers/" + m.id).String("noticeNo"), "on": "2026-11-23", "intact": true}
		for k, v := range change {
			body[k] = v
		}
		return m.p.Client(third).Post("/api/v1/strays", body)
	}
	sent := func(t *testing.T, p *testkit.Province) *moving { return move(t, p, next(), nil).sent(whole) }
	way := func(to string) j {
		return j{"to": to, "way": "confidential_post", "trackingNo": "渝机7701", "office": "重庆市机要通信局", "on": "2026-11-23"}
	}
	check(t, []Case{
		{Rule: "20.3a", Name: "第三方机构登记误投的包裹，原封代管，两端都知道，看不到是谁的", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := sent(t, p)
			a := stray(m, nil).OK()
			if body := string(a.Body); a.String("state") != "held" || strings.Contains(body, testkit.Name(m.n)) || strings.Contains(body, testkit.IDNo(m.n)) {
				t.Errorf("what the third agency sees: %s", body)
			}
			for _, end := range []string{"clerk-500108", "clerk-500101"} {
				c := p.Client(end).Get("/api/v1/transfers/" + m.id)
				if body := string(c.Body); c.String("state") != "in_transit" || c.String("custodian") != "holder" || !strings.Contains(body, "原封代管") || !strings.Contains(body, "误投包裹登记单") {
					t.Errorf("%s sees %s", end, body)
				}
				if box := p.Client(end).Get("/api/v1/inbox"); !strings.Contains(string(box.Body), "包裹误投到") {
					t.Errorf("%s was not told: %s", end, box.Body)
				}
			}
			return a
		}},
		{Rule: "20.3a", Name: "没有这个编号的在途包裹", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(third).Post("/api/v1/strays", j{"no": "不存在转〔2026〕1号", "on": "2026-11-23", "intact": true})
		}},
		{Rule: "20.3a", Name: "包封有损而没有写明情况", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return stray(sent(t, p), j{"intact": false})
		}},
		{Rule: "20.3a", Name: "寄给本机构的包裹不登记误投", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := sent(t, p)
			return p.Client("clerk-500101").Post("/api/v1/strays", j{"no": p.Client("clerk-500108").Get("/api/v1/transfers/" + m.id).String("noticeNo"), "on": "2026-11-23", "intact": true})
		}},
		{Rule: "20.3a", Name: "登记误投由经办", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("reviewer-500103").Post("/api/v1/strays", j{"no": "南岸人才转〔2026〕1号", "on": "2026-11-23", "intact": true})
		}},
		{Rule: "20.3a", Name: "误投的包裹由第三方机构转送接收单位，接收单位照常登记到件", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := sent(t, p)
			id := stray(m, nil).OK().String("id")
			a := p.Client(third).Post("/api/v1/strays/"+id+"/send", way("receiver")).OK()
			if a.String("state") != "sent" || a.String("stateName") != "已转送接收单位" {
				t.Errorf("after sending on: %s", a.Body)
			}
			c := p.Client("clerk-500108").Get("/api/v1/transfers/" + m.id)
			if c.String("trackingNo") != "渝机7701" || strings.Contains(string(c.Body), `"faultName"`) {
				t.Errorf("the case: %s", c.Body)
			}
			return m.post("clerk-500101", "arrive", j{"on": "2026-11-23", "intact": true})
		}},
		{Rule: "20.2b", Name: "误投的包裹退回发出单位，登记退回到件后重新寄送", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := sent(t, p)
			id := stray(m, j{"intact": false, "seen": "右下角破损，未开拆"}).OK().String("id")
			p.Client(third).Post("/api/v1/strays/"+id+"/send", way("sender")).OK()
			a := m.post("clerk-500108", "fault/came-back", j{"on": "2026-11-23", "intact": true}).OK()
			if a.String("state") != "packed" {
				t.Errorf("came back: %s", a.Body)
			}
			return a
		}},
		{Rule: "20.3b", Name: "经历不明的误投包裹不得邮寄转送", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			id := stray(sent(t, p), nil).OK().String("id")
			return p.Client(third).Post("/api/v1/strays/"+id+"/send", j{"to": "receiver", "way": "registered_mail", "trackingNo": "EX123456785CN", "office": "重庆市机要通信局", "on": "2026-11-23"})
		}},
		{Rule: "20.3a", Name: "没有选择转送还是退回", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			id := stray(sent(t, p), nil).OK().String("id")
			return p.Client(third).Post("/api/v1/strays/"+id+"/send", way(""))
		}},
		{Rule: "20.3a", Name: "第三方机构代管时，发出单位不能登记改投", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := sent(t, p)
			stray(m, nil).OK()
			return m.post("clerk-500108", "fault/redeliver", j{"way": "confidential_post", "trackingNo": "渝机7702", "office": "重庆市机要通信局", "on": "2026-11-23"})
		}},
		{Rule: "20.3a", Name: "已转送的不能再转送", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			id := stray(sent(t, p), nil).OK().String("id")
			p.Client(third).Post("/api/v1/strays/"+id+"/send", way("receiver")).OK()
			return p.Client(third).Post("/api/v1/strays/"+id+"/send", way("receiver"))
		}},
		{Rule: "20.3a", Name: "两端不能打开第三方机构的登记", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			id := stray(sent(t, p), nil).OK().String("id")
			if a := p.Client("clerk-500101").Get("/api/v1/strays/" + id); a.Status != 404 {
				t.Errorf("another agency opens it: %d", a.Status)
			}
			a := p.Client(third).Get("/api/v1/registers/strays?from=2026-01-01&until=2026-12-31")
			if !strings.Contains(string(a.Body), "误投") && !strings.Contains(string(a.Body), "代为保管") {
				t.Errorf("the register: %s", a.Body)
			}
			return a
		}},
		{Rule: "20.4a", Name: "纸面签名的承诺书上传扫描件，能打开", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil).received(thin)
			m.post("clerk-500101", "tell", nil).OK()
			m.post("clerk-500101", "promise", j{"signed": true, "statement": "本人知悉并承诺补充", "on": "2026-11-23"}).OK()
			a := p.Client("clerk-500101").Do("POST", "/api/v1/transfers/"+m.id+"/undertaking", portable("", 1), "Content-Type", "application/octet-stream").OK()
			if !strings.Contains(string(a.Body), `"format":"pdf"`) {
				t.Errorf("no scan: %s", a.Body)
			}
			if look := p.Client("clerk-500101").Get("/api/v1/transfers/" + m.id + "/undertaking/1"); !strings.HasPrefix(string(look.Body), "%PDF") {
				t.Errorf("the scan: %d", look.Status)
			}
			return a
		}},
		{Rule: "20.4a", Name: "没有登记承诺的不收扫描件", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil).received(thin)
			m.post("clerk-500101", "tell", nil).OK()
			return p.Client("clerk-500101").Do("POST", "/api/v1/transfers/"+m.id+"/undertaking", portable("", 1), "Content-Type", "application/octet-stream")
		}},
		{Rule: "20.4a", Name: "会动的 PDF 不收", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil).received(thin)
			m.post("clerk-500101", "tell", nil).OK()
			m.post("clerk-500101", "promise", j{"signed": true, "statement": "本人知悉并承诺补充", "on": "2026-11-23"}).OK()
			return p.Client("clerk-500101").Do("POST", "/api/v1/transfers/"+m.id+"/undertaking", portable("/OpenAction << /S /JavaScript /JS (app.alert(1)) >>", 1), "Content-Type", "application/octet-stream")
		}},
		{Rule: "20.1", Name: "催办外单位出具催办函", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := lettersOut(t, p, next())
			a := m.post("clerk-500101", "chase", nil).OK()
			if !strings.Contains(string(a.Body), "催办函") {
				t.Errorf("no letter: %s", a.Body)
			}
			return a
		}},
		{Rule: "20.1", Name: "申请时留的联系方式用来告知，档案还没有来的也告知", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := &moving{t: t, p: p, n: next()}
			body := m.application()
			body["direction"], body["holder"], body["holderName"], body["holderKind"], body["contact"] = "in", "", "贵州某集团（演示）", "state_firm", "13900001111"
			body["category"], body["subtype"], body["evidence"] = "4.1", "private_enterprise", "劳动合同"
			a := p.Client("clerk-500101").Post("/api/v1/transfers", body).OK()
			m.id = a.String("id")
			m.post("clerk-500101", "letter", nil).OK()
			told := string(p.Client("clerk-500101").Get("/api/v1/messages?view=all").Body)
			if !strings.Contains(told, "Transfer:"+m.id) && !strings.Contains(told, "（申请人）") {
				t.Errorf("nobody was told: %s", told)
			}
			if strings.Contains(string(a.Body), "13900001111") {
				t.Errorf("the number is shown whole: %s", a.Body)
			}
			return a
		}},
		{Rule: "20.2b", Name: "监督按机构统计转递时限，经办没有", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			move(t, p, next(), nil).registered()
			if a := p.Client("clerk-500108").Get("/api/v1/transfer-tally"); strings.Contains(string(a.Body), "50010801") {
				t.Errorf("a clerk oversees: %s", a.Body)
			}
			a := p.Client("supervisor-500108").Get("/api/v1/transfer-tally")
			if !strings.Contains(string(a.Body), `"agency":"50010801"`) {
				t.Errorf("the tally: %s", a.Body)
			}
			return a
		}},
		{Rule: "29.8", Name: "联系方式不是手机号也不是邮箱", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil)
			body := m.application()
			body["contact"] = "12345"
			return p.Client("clerk-500101").Post("/api/v1/transfers", body)
		}},
		{Rule: "4.1", Name: "市内转入改填类别的，须到具体一种", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil)
			body := m.application()
			body["category"], body["evidence"] = "4.1", "劳动合同"
			return p.Client("clerk-500101").Post("/api/v1/transfers", body)
		}},
		{Rule: "29.8", Name: "外单位来函出具受理回执，凭编号查看办到哪一步", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := outside(move(t, p, next(), nil), nil).OK()
			if !strings.Contains(string(a.Body), `"kind":"acceptance"`) {
				t.Errorf("no slip: %s", a.Body)
			}
			return a
		}},
	})
}
