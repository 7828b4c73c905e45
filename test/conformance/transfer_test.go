package conformance

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"dangan/internal/agency"
	"dangan/internal/clock"
	"dangan/internal/dossier"
	"dangan/internal/founding"
	"dangan/internal/staff"
	"dangan/internal/testkit"
	"dangan/internal/transfer"
)

type j = map[string]any

// moving is one transfer from 南岸 (500108) to 万州 (500101), driven from outside.
type moving struct {
	t  *testing.T
	p  *testkit.Province
	n  int // the made-up person
	d  dossier.Dossier
	id string

	more j // what the application says besides
}

// move puts the n-th person's paper-only dossier on 南岸's shelf.
func move(t *testing.T, p *testkit.Province, n int, change func(*dossier.Dossier)) *moving {
	return &moving{t: t, p: p, n: n, d: testkit.Stock(p, "50010801", n, change)}
}

func (m *moving) post(who, path string, body any) *testkit.Answer {
	m.t.Helper()
	return m.p.Client(who).Post("/api/v1/transfers/"+m.id+"/"+path, body)
}

func (m *moving) application() j {
	b := j{"direction": "inner", "name": testkit.Name(m.n), "idNo": testkit.IDNo(m.n), "document": "居民身份证", "holder": "50010801", "applicant": testkit.Name(m.n),
		"reason": "流动就业", "regionBasis": "户籍地", "tiePlace": "500101"}
	maps.Copy(b, m.more)
	return b
}

func (m *moving) apply() *testkit.Answer {
	m.t.Helper()
	a := m.p.Client("clerk-500101").Post("/api/v1/transfers", m.application()).OK()
	m.id = a.String("id")
	return a
}

func (m *moving) lettered() *moving {
	m.t.Helper()
	m.apply()
	m.post("clerk-500101", "letter", nil).OK()
	return m
}

// letter is what stands on the paper: number and code.
func (m *moving) letter() (no, code string) {
	m.t.Helper()
	a := m.p.Client("clerk-500101").Get("/api/v1/transfers/" + m.id)
	return a.String("letterNo"), a.String("letterCode")
}

func (m *moving) registered() *moving {
	m.t.Helper()
	m.lettered()
	no, code := m.letter()
	m.post("clerk-500108", "register", j{"letterNo": no, "code": code, "receivedOn": "2026-11-23"}).OK()
	return m
}

func (m *moving) pulled() *moving {
	m.t.Helper()
	m.registered()
	m.p.Client("keeper-500108").Post("/api/v1/custody/dossiers/"+m.d.ID+"/pull", j{"packet": "intact"}).OK()
	return m
}

// outsideReceipt is a receipt as it is filled in outside, for what the cases of a packet were sent with.
func outsideReceipt(p *testkit.Province, clerk string, more j, of ...*moving) j {
	out := j{"on": "2026-11-23", "intact": true, "match": true, "outcome": "接收", "receivedBy": "收发室（演示）", "checkedBy": "档案室（演示）"}
	var sum struct{ Volumes, Copies, Pages int64 }
	for _, m := range of {
		var v struct{ Volumes, Copies, Pages int64 }
		p.Client(clerk).Get("/api/v1/transfers/" + m.id).JSON(&v)
		sum.Volumes, sum.Copies, sum.Pages = sum.Volumes+v.Volumes, sum.Copies+v.Copies, sum.Pages+v.Pages
	}
	out["volumes"], out["materials"], out["pages"] = sum.Volumes, sum.Copies, sum.Pages
	maps.Copy(out, more)
	return out
}

// whole is a list that proves every key fact of a worker (4.1).
var whole = []j{
	{"class": "1", "title": "履历表", "copies": 1, "pages": 8, "keyFacts": []string{"birth_date", "work_start", "work_history"}},
	{"class": "4-1", "title": "高等学校毕业生登记表", "copies": 1, "pages": 4, "keyFacts": []string{"education_degree", "birth_date"}},
	{"class": "9-2", "title": "劳动合同书", "copies": 1, "pages": 6},
	{"class": "", "title": "年度考核表（未归档）", "copies": 1, "pages": 2, "loose": true},
}

func (m *moving) listed(lines []j) *moving {
	m.t.Helper()
	m.pulled()
	m.p.Client("clerk-500108").Put("/api/v1/transfers/"+m.id+"/list", j{"lines": lines}).OK()
	return m
}

func (m *moving) packed(lines []j) *moving {
	m.t.Helper()
	m.listed(lines)
	m.post("reviewer-500108", "review", j{"note": "关键信息齐全"}).OK()
	m.post("clerk-500108", "pack", j{"sealNo": "N-20871", "volumes": 1}).OK()
	return m
}

func (m *moving) sent(lines []j) *moving {
	m.t.Helper()
	m.packed(lines)
	m.post("clerk-500108", "dispatch", j{"way": "confidential_post", "trackingNo": "渝机0001", "office": "重庆市机要通信局", "on": "2026-11-23"}).OK()
	return m
}

func (m *moving) arrived(lines []j) *moving {
	m.t.Helper()
	m.sent(lines)
	m.post("clerk-500101", "arrive", j{"on": "2026-11-23", "intact": true}).OK()
	return m
}

func (m *moving) checked(lines []j) *moving {
	m.t.Helper()
	m.arrived(lines)
	var results []j
	for n := range lines {
		results = append(results, j{"lineNo": n + 1, "check": "ok"})
	}
	m.post("clerk-500101", "check", j{"results": results}).OK()
	return m
}

func (m *moving) received(lines []j) *moving {
	m.t.Helper()
	m.checked(lines)
	m.post("reviewer-500101", "receive", nil).OK()
	return m
}

// thin proves nothing: every key fact is a gap.
var thin = []j{{"class": "10", "title": "其他可供参考的材料", "copies": 1, "pages": 1}}

func TestTransferByRule(t *testing.T) {
	n := 100
	next := func() int { n++; return n }
	type run = func(*testing.T, *testkit.Province) *testkit.Answer
	withDo := func(change func(j)) run {
		return func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil)
			body := m.application()
			change(body)
			return p.Client("clerk-500101").Post("/api/v1/transfers", body)
		}
	}
	check(t, append(heldToLaw(next), []Case{
		{Rule: "6a", Name: "依法设立的机构受理转入", Run: withDo(func(j) {})},
		{Rule: "6a", Name: "授权到期的机构不再新接收", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return unauthorized(t, p, next())
		}},
		{Rule: "12b", Name: "核验身份证后受理", Run: withDo(func(j) {})},
		{Rule: "12b", Name: "身份证号码校验位不对", Refused: true, Run: withDo(func(b j) {
			id := b["idNo"].(string)
			b["idNo"] = id[:17] + map[bool]string{true: "0", false: "1"}[id[17] != '0']
		})},
		{Rule: "12b", Name: "没有核验证件", Refused: true, Run: withDo(func(b j) { b["document"] = "" })},
		{Rule: "12b", Name: "姓名与证件不一致", Refused: true, Run: withDo(func(b j) { b["name"] = "某某某" })},
		{Rule: "29.5", Name: "外来档案没有类别证明", Refused: true, Run: withDo(func(b j) {
			b["direction"], b["holderName"], b["holderKind"], b["idNo"] = "in", "贵阳市人才市场", "service", testkit.IDNo(90001)
		})},
		{Rule: "20.1", Name: "凭申请开具调档函", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil)
			m.apply()
			return m.post("clerk-500101", "letter", nil)
		}},
		{Rule: "20.1", Name: "没有调档函不能登记转出", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil).lettered()
			return m.post("clerk-500108", "register", j{"letterNo": "", "receivedOn": "2026-11-23"})
		}},
		{Rule: "20.1", Name: "验证码与登记簿不符", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil).lettered()
			no, _ := m.letter()
			return m.post("clerk-500108", "register", j{"letterNo": no, "code": "AAAA-2222", "receivedOn": "2026-11-23"})
		}},
		{Rule: "20.1", Name: "没有验证码的函电话核实后登记", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil).lettered()
			no, _ := m.letter()
			return m.post("clerk-500108", "register", j{"letterNo": no, "telephone": "023-58000000", "spoke": "彭见山", "receivedOn": "2026-11-23"})
		}},
		{Rule: "20.1", Name: "档案已在本机构", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil)
			body := m.application()
			body["holder"] = "50010101"
			return p.Client("clerk-500108").Post("/api/v1/transfers", body)
		}},
		{Rule: "20b", Name: "凭外单位的函转出", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return outside(move(t, p, next(), nil), nil)
		}},
		{Rule: "20b", Name: "接收方没有写明单位", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return outside(move(t, p, next(), nil), j{"receiverName": " "})
		}},
		{Rule: "20.2a", Name: "无四种情形，审核通过", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return move(t, p, next(), nil).listed(whole).post("reviewer-500108", "review", j{})
		}},
		{Rule: "20.2a", Name: "没有清单", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return move(t, p, next(), nil).pulled().post("reviewer-500108", "review", j{})
		}},
		{Rule: "20.2a", Name: "档案处于限制状态", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil).listed(whole)
			restrain(m)
			return m.post("reviewer-500108", "review", j{})
		}},
		{Rule: "20.2a", Name: "限制状态，书面告知不予转出", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil).listed(whole)
			restrain(m)
			return m.post("reviewer-500108", "decline", nil)
		}},
		{Rule: "29.8", Name: "没有规定情形不得不予转出", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return move(t, p, next(), nil).listed(whole).post("reviewer-500108", "decline", nil)
		}},
		{Rule: "20.2b", Name: "装封，出具清单和通知单", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil).listed(whole)
			m.post("reviewer-500108", "review", j{}).OK()
			return m.post("clerk-500108", "pack", j{"sealNo": "N-1", "volumes": 2})
		}},
		{Rule: "20.2b", Name: "没有封条", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil).listed(whole)
			m.post("reviewer-500108", "review", j{}).OK()
			return m.post("clerk-500108", "pack", j{"sealNo": "", "volumes": 1})
		}},
		{Rule: "20.2b", Name: "清单没有内容", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil).pulled()
			return p.Client("clerk-500108").Put("/api/v1/transfers/"+m.id+"/list", j{"lines": []j{}})
		}},
		{Rule: "15", Name: "涉密材料在清单上不列名称", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil).pulled()
			return p.Client("clerk-500108").Put("/api/v1/transfers/"+m.id+"/list", j{"lines": []j{{"class": "5", "title": "某涉密文件", "copies": 1, "pages": 1, "secret": true}}})
		}},
		{Rule: "20.3a", Name: "机要通信", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return move(t, p, next(), nil).packed(whole).post("clerk-500108", "dispatch", j{"way": "confidential_post", "trackingNo": "渝机0001", "office": "重庆市机要通信局", "on": "2026-11-23"})
		}},
		{Rule: "20.2b", Name: "交寄日期早于装封的不登记：逾期不能倒填成按期", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil)
			m.id = outside(m, j{"receivedOn": "2026-11-19"}).OK().String("id")
			p.Client("keeper-500108").Post("/api/v1/custody/dossiers/"+m.d.ID+"/pull", j{}).OK()
			p.Client("clerk-500108").Put("/api/v1/transfers/"+m.id+"/list", j{"lines": whole}).OK()
			m.post("reviewer-500108", "review", j{}).OK()
			m.post("clerk-500108", "pack", j{"sealNo": "N-77", "volumes": 1}).OK()
			a := m.post("clerk-500108", "dispatch", j{"way": "confidential_post", "trackingNo": "渝机0077", "office": "重庆市机要通信局", "on": "2026-11-20"})
			if got := a.Problem().Reasons[0]; got.Slug != "dispatched_on_early" || !strings.Contains(got.Message, "2026年11月23日") {
				t.Errorf("refused for %s: %s", got.Slug, got.Message)
			}
			return a
		}},
		{Rule: "20.3a", Name: "机要通信没有登记交寄的机要通信局", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return move(t, p, next(), nil).packed(whole).post("clerk-500108", "dispatch", j{"way": "confidential_post", "trackingNo": "渝机0001", "on": "2026-11-23"})
		}},
		{Rule: "20.3a", Name: "普通快递", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return move(t, p, next(), nil).packed(whole).post("clerk-500108", "dispatch", j{"way": "courier", "trackingNo": "SF1", "on": "2026-11-23"})
		}},
		{Rule: "20.3b", Name: "没有登记经历的不得邮寄", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return move(t, p, next(), nil).packed(whole).post("clerk-500108", "dispatch", j{"way": "registered_mail", "trackingNo": "EX123456785CN", "office": "重庆市机要通信局", "on": "2026-11-23"})
		}},
		{Rule: "20.3b", Name: "经历登记并由第二人确认、无所列身份的可以邮寄", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil)
			history(m, "soe_worker")
			return m.packed(whole).post("clerk-500108", "dispatch", j{"way": "registered_mail", "trackingNo": "EX123456785CN", "office": "重庆市机要通信局", "on": "2026-11-23"})
		}},
		{Rule: "20.3b", Name: "曾任事业单位专业技术人员的不得邮寄", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil)
			history(m, "institution_professional")
			return m.packed(whole).post("clerk-500108", "dispatch", j{"way": "registered_mail", "trackingNo": "EX123456785CN", "office": "重庆市机要通信局", "on": "2026-11-23"})
		}},
		{Rule: "20.3a", Name: "邮件号校验位不符", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil)
			history(m, "soe_worker")
			a := m.packed(whole).post("clerk-500108", "dispatch", j{"way": "registered_mail", "trackingNo": "EX123456789CN", "office": "重庆市机要通信局", "on": "2026-11-23"})
			if r := a.Problem().Reasons[0]; !strings.Contains(r.Message, "校验位是 5") || r.Slug != "tracking_checksum" {
				t.Errorf("the refusal does not say what is wrong: %s", a.Body)
			}
			return a
		}},
		{Rule: "20.3a", Name: "误投的包裹改投接收单位", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil).sent(whole)
			m.post("clerk-500101", "fault", j{"kind": "misdelivered", "on": "2026-11-23", "place": "万州区某单位收发室"}).OK()
			a := m.post("clerk-500108", "fault/redeliver", j{"way": "confidential_post", "trackingNo": "渝机0031", "office": "重庆市机要通信局", "on": "2026-11-23"})
			if a.String("state") != "in_transit" || a.String("custodian") != "holder" {
				t.Errorf("sent on: %s", a.Body)
			}
			return a
		}},
		{Rule: "20.3a", Name: "没有向承运方查询就报遗失", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return move(t, p, next(), nil).sent(whole).post("clerk-500108", "fault", j{"kind": "lost", "on": "2026-11-23"})
		}},
		{Rule: "20.5", Name: "寄出当天不算逾期未到", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return move(t, p, next(), nil).sent(whole).post("clerk-500101", "fault", j{"kind": "late", "on": "2026-11-23"})
		}},
		{Rule: "29.8", Name: "拒收没有写明理由", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return move(t, p, next(), nil).sent(whole).post("clerk-500108", "fault", j{"kind": "refused", "on": "2026-11-23", "place": "万州区某单位"})
		}},
		{Rule: "20.2b", Name: "拒收退回的包裹封存完好，重新寄送", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil).sent(whole)
			m.post("clerk-500108", "fault", j{"kind": "refused", "on": "2026-11-23", "place": "万州区某单位", "seen": "收件单位已搬迁"}).OK()
			back := m.post("clerk-500108", "fault/came-back", j{"on": "2026-11-23", "intact": true}).OK()
			if back.String("state") != "packed" || back.String("sentFirst") != "2026-11-23" {
				t.Errorf("came back: %s", back.Body)
			}
			return m.post("clerk-500108", "dispatch", j{"way": "confidential_post", "trackingNo": "渝机0032", "office": "重庆市机要通信局", "on": "2026-11-23"})
		}},
		{Rule: "20.3a", Name: "接收机构不能替转出机构登记退回到件", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil).sent(whole)
			m.post("clerk-500101", "fault", j{"kind": "misdelivered", "on": "2026-11-23", "place": "某单位"}).OK()
			return m.post("clerk-500101", "fault/came-back", j{"on": "2026-11-23", "intact": true})
		}},
		{Rule: "20.3a", Name: "外来的包裹要登记怎样送来的", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return lettersOut(t, p, next()).post("clerk-500101", "arrive", j{"on": "2026-11-23", "intact": true, "volumes": 1})
		}},
		{Rule: "20.3c", Name: "本人带来的不作到件登记，按个人手中档案办", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return lettersOut(t, p, next()).post("clerk-500101", "arrive", j{"on": "2026-11-23", "intact": true, "volumes": 1, "way": "person"})
		}},
		{Rule: "20.3a", Name: "来件编号与寄送登记不同的，记入差异", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := move(t, p, next(), nil).sent(whole).post("clerk-500101", "arrive", j{"on": "2026-11-23", "intact": true, "way": "confidential_post", "carrier": "万州机要通信站", "trackingNo": "渝机9999"})
			if !strings.Contains(a.String("differences"), "渝机9999") || !strings.Contains(a.String("came"), "万州机要通信站") {
				t.Errorf("how it came: %s", a.Body)
			}
			return a
		}},
		{Rule: "20.2a", Name: "登记过记载的，信息核对表随包裹转递，列入清单", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil)
			p.Client("clerk-500108").Post("/api/v1/dossiers/"+m.d.ID+"/facts", j{"kind": "birth_date", "written": "1990年3月5日", "source": j{"class": "1", "title": "职工履历表", "page": 1}}).OK()
			a := m.packed(whole).post("clerk-500108", "dispatch", j{"way": "confidential_post", "trackingNo": "渝机0777", "office": "重庆市机要通信局", "on": "2026-11-23"}).OK()
			received := p.Client("clerk-500101").Get("/api/v1/transfers/" + m.id)
			for _, end := range []*testkit.Answer{a, received} {
				var v struct {
					Items     []struct{ Title, Note string }
					Documents []struct{ Kind, Number string }
				}
				end.JSON(&v)
				last := v.Items[len(v.Items)-1]
				if last.Title != "信息核对表" || !strings.Contains(last.Note, "核") || !strings.Contains(string(end.Body), `"kind":"comparison"`) {
					t.Errorf("what travels: %+v, papers %+v", v.Items, v.Documents)
				}
			}
			return received
		}},
		{Rule: "20.5", Name: "承运方答复已投递的，催要回执；催而不回的登记投递无回执", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil).sent(whole)
			m.post("clerk-500101", "fault", j{"kind": "misdelivered", "on": "2026-11-23", "place": "不明"}).OK()
			m.post("clerk-500108", "fault/inquiry", j{"carrier": "渝中机要通信局"}).OK()
			a := m.post("clerk-500108", "fault/answer", j{"answer": "delivered", "on": "2026-11-23", "note": "2026-11-23 已投万州，签收人收发室"}).OK()
			if a.String("deliveredOn") != "2026-11-23" || strings.Contains(string(a.Body), "faultName") {
				t.Errorf("delivered: %s", a.Body)
			}
			m.post("clerk-500108", "chase", nil).OK()
			return a
		}},
		{Rule: "20.4a", Name: "拆封的包裹由第二人签认后逐份核对", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return torn(move(t, p, next(), nil)).post("reviewer-500101", "fault/sign", j{"note": "封条已揭开，卷内材料未散"})
		}},
		{Rule: "20.4a", Name: "签认人就是登记到件的人", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return torn(move(t, p, next(), nil)).post("clerk-500101", "fault/sign", j{"note": "封条已揭开"})
		}},
		{Rule: "20.4a", Name: "包封异常没有签认就签收", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := torn(move(t, p, next(), nil))
			m.post("clerk-500101", "check", j{"results": []j{{"lineNo": 1, "check": "ok"}}}).OK()
			return m.post("reviewer-500101", "receive", nil)
		}},
		{Rule: "29.5", Name: "遗失的经上级批准后重建，转递继续", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := searched(move(t, p, next(), nil))
			m.post("clerk-500108", "fault/rebuild", j{"recordNo": "南岸查〔2026〕1号", "record": "查明在分拣环节灭失，责任已认定，材料可由形成单位复制"}).OK()
			a := m.post("supervisor-500108", "fault/decide", j{"approve": true})
			if a.String("state") != "pulled" || a.String("custodian") != "holder" {
				t.Errorf("rebuilt: %s", a.Body)
			}
			return a
		}},
		{Rule: "29.5", Name: "没有调查记录不能申请重建", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return searched(move(t, p, next(), nil)).post("clerk-500108", "fault/rebuild", j{})
		}},
		{Rule: "29.5", Name: "没有写明理由不能退回重建申请", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := searched(move(t, p, next(), nil))
			m.post("clerk-500108", "fault/rebuild", j{"recordNo": "南岸查〔2026〕2号", "record": "查明在分拣环节灭失，责任已认定，材料可由形成单位复制"}).OK()
			return m.post("supervisor-500108", "fault/decide", j{"approve": false})
		}},
		{Rule: "29.5", Name: "保管机构不能自己批复重建", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := searched(move(t, p, next(), nil))
			m.post("clerk-500108", "fault/rebuild", j{"recordNo": "南岸查〔2026〕3号", "record": "查明在分拣环节灭失，责任已认定，材料可由形成单位复制"}).OK()
			return m.post("head-500108", "fault/decide", j{"approve": true})
		}},
		{Rule: "20.3c", Name: "两名工作人员专送", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return move(t, p, next(), nil).packed(whole).post("clerk-500108", "dispatch", j{"way": "messenger", "on": "2026-11-23",
				"messengers": []j{sentBy("甲某", 70001), sentBy("乙某", 70002)}})
		}},
		{Rule: "20.3c", Name: "本人自带", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil).packed(whole)
			return m.post("clerk-500108", "dispatch", j{"way": "messenger", "on": "2026-11-23", "messengers": []j{{"name": testkit.Name(m.n), "idNo": testkit.IDNo(m.n)}}})
		}},
		{Rule: "20.4a", Name: "二人逐份核对后签收", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return move(t, p, next(), nil).checked(whole).post("reviewer-500101", "receive", nil)
		}},
		{Rule: "20.4a", Name: "没有核对完就签收", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return move(t, p, next(), nil).arrived(whole).post("reviewer-500101", "receive", nil)
		}},
		{Rule: "20.4a", Name: "复核人就是核对人", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return move(t, p, next(), nil).checked(whole).post("clerk-500101", "receive", nil)
		}},
		{Rule: "20.4a", Name: "没有登记结果的不算核对", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return move(t, p, next(), nil).checked(whole).post("clerk-500101", "check", j{"results": []j{}})
		}},
		{Rule: "20.4a", Name: "开始核对后清单不再更改，多出的不丢", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := fromOutside(t, p, next(), thin)
			return p.Client("clerk-500101").Put("/api/v1/transfers/"+m.id+"/list", j{"lines": whole})
		}},
		{Rule: "2", Name: "途中另立了一卷的，不再立第二卷，写明怎样办", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := fromOutside(t, p, next(), whole)
			testkit.Stock(p, "50010101", m.n, nil)
			a := m.post("reviewer-500101", "receive", nil)
			if !strings.Contains(string(a.Body), "登记为一人多档") {
				t.Errorf("answered %s", a.Body)
			}
			return a
		}},
		{Rule: "15", Name: "清单不录入带国家秘密标志的名称", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil).pulled()
			return p.Client("clerk-500108").Put("/api/v1/transfers/"+m.id+"/list", j{"lines": []j{{"class": "1", "title": "（机密）参研人员名单", "copies": 1, "pages": 2}}})
		}},
		{Rule: "20.4a", Name: "缺关键材料，本人书面承诺后接收", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil).received(thin)
			m.post("clerk-500101", "tell", nil).OK()
			return m.post("clerk-500101", "promise", j{"signed": true, "statement": "本人知悉并承诺补充", "on": "2026-11-23"})
		}},
		{Rule: "20.4a", Name: "缺关键材料而没有书面承诺", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil).received(thin)
			m.post("clerk-500101", "tell", nil).OK()
			return m.post("clerk-500101", "promise", j{"signed": false})
		}},
		{Rule: "20.4a", Name: "第二次告知", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil).received(thin)
			m.post("clerk-500101", "tell", nil).OK()
			return m.post("clerk-500101", "tell", nil)
		}},
		{Rule: "20.4a", Name: "机构之间不得退回", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return move(t, p, next(), nil).arrived(whole).post("clerk-500101", "return", j{"agreement": "与南岸商定"})
		}},
		{Rule: "29.8", Name: "凭受理回执的编号和验证码查看办到哪一步，不带个人信息", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil).sent(thin)
			m.post("clerk-500101", "fault", j{"kind": "misdelivered", "on": "2026-11-23", "place": "某单位"}).OK()
			var number, code string
			if err := p.DB.QueryRow(context.Background(), "SELECT number, code FROM document WHERE case_ref=? AND kind='acceptance'", "Transfer:"+m.id).Scan(&number, &code); err != nil {
				t.Fatal(err)
			}
			ask := func(code string) *testkit.Answer {
				return p.Client("").Get("/api/v1/verify?" + url.Values{"number": {number}, "code": {code}}.Encode())
			}
			if a := ask("AAAA-2222"); a.Status != 404 {
				t.Errorf("a wrong code: %d", a.Status)
			}
			a := ask(code)
			if body := string(a.Body); !strings.Contains(body, "途中异常") || !strings.Contains(body, "签收核对") || strings.Contains(body, testkit.Name(m.n)) || strings.Contains(body, testkit.IDNo(m.n)) || strings.Contains(body, "某单位") {
				t.Errorf("the slip's progress: %s", body)
			}
			return a
		}},
		{Rule: "20.4a", Name: "本人在屏幕上签名承诺", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil).received(thin)
			m.post("clerk-500101", "tell", nil).OK()
			a := m.post("clerk-500101", "promise", j{"signed": true, "signing": "screen", "strokes": [][]int{{10, 20, 40, 60, 80, 20, 120, 60}, {200, 40, 260, 200, 300, 40, 340, 200}}, "statement": "本人知悉并承诺补充", "on": "2026-11-23"}).OK()
			if a.String("signing") != "screen" || !strings.Contains(string(a.Body), "-B\"") {
				t.Errorf("no paper with the signature: %s", a.Body)
			}
			return a
		}},
		{Rule: "20.4a", Name: "屏幕上没有签名", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil).received(thin)
			m.post("clerk-500101", "tell", nil).OK()
			return m.post("clerk-500101", "promise", j{"signed": true, "signing": "screen", "statement": "本人知悉并承诺补充", "on": "2026-11-23"})
		}},
		{Rule: "20.4a", Name: "联系不上本人，登记后代管待承诺，不出保管", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil).received(thin)
			m.post("clerk-500101", "tell", nil).OK()
			a := m.post("clerk-500101", "contact", j{"way": "电话", "on": "2026-11-23", "note": "号码停机"})
			if a.String("stateName") != "代管待承诺" || a.String("custodian") != "receiver" {
				t.Errorf("not kept for: %s", a.Body)
			}
			return a
		}},
		{Rule: "20.4a", Name: "出具告知承诺书以前先联系本人", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return move(t, p, next(), nil).received(thin).post("clerk-500101", "contact", j{"way": "电话", "on": "2026-11-23", "note": "号码停机"})
		}},
		{Rule: "20.4a", Name: "联系情况没有写明结果", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil).received(thin)
			m.post("clerk-500101", "tell", nil).OK()
			return m.post("clerk-500101", "contact", j{"way": "电话", "on": "2026-11-23"})
		}},
		{Rule: "20.4a", Name: "未到期限，负责人不必处置", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil).received(thin)
			m.post("clerk-500101", "tell", nil).OK()
			return m.post("head-500101", "dispose", j{"note": "继续联系"})
		}},
		{Rule: "20.4a", Name: "核对不符的出具二人签名的差异记录", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := later(move(t, p, next(), nil))
			if !strings.Contains(string(a.Body), "difference_record") {
				t.Errorf("no record of differences: %s", a.Body)
			}
			return a
		}},
		{Rule: "20.4b", Name: "缺非关键材料先存后补", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return later(move(t, p, next(), nil))
		}},
		{Rule: "20.4b", Name: "关键材料齐全不得以缺少其他材料退回", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return fromOutside(t, p, next(), whole).post("clerk-500101", "return", j{"agreement": "与原单位商定"})
		}},
		{Rule: "20.4a", Name: "缺关键材料与原单位协商退回", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return fromOutside(t, p, next(), thin).post("clerk-500101", "return", j{"agreement": "11月23日与原单位人事处商定，补劳动合同后再转"})
		}},
		{Rule: "20.3b", Name: "协商退回，来件经历没有登记的不得邮寄", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return agreed(t, p, next()).post("clerk-500101", "send-back", back("registered_mail"))
		}},
		{Rule: "20.3b", Name: "协商退回，机要通信", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return agreed(t, p, next()).post("clerk-500101", "send-back", back("confidential_post"))
		}},
		{Rule: "20.3b", Name: "协商退回，经历登记而没有第二人核对的不得邮寄", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return recorded(agreed(t, p, next()), "soe_worker").post("clerk-500101", "send-back", back("registered_mail"))
		}},
		{Rule: "20.3b", Name: "核对经历的不得是登记的人", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return recorded(agreed(t, p, next()), "soe_worker").post("clerk-500101", "history/confirm", nil)
		}},
		{Rule: "20.3b", Name: "协商退回，经历核对后无所列身份的可以邮寄", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := recorded(agreed(t, p, next()), "soe_worker")
			m.post("reviewer-500101", "history/confirm", nil).OK()
			return m.post("clerk-500101", "send-back", back("registered_mail"))
		}},
		{Rule: "20.3b", Name: "协商退回，来件载有事业单位专业技术人员经历的不得邮寄", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := recorded(agreed(t, p, next()), "institution_professional")
			m.post("reviewer-500101", "history/confirm", nil).OK()
			return m.post("clerk-500101", "send-back", back("registered_mail"))
		}},
		{Rule: "20.3c", Name: "协商退回也不得由本人带走", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := agreed(t, p, next())
			body := back("messenger")
			body["messengers"] = []j{{"name": testkit.Name(m.n), "idNo": testkit.IDNo(m.n)}}
			return m.post("clerk-500101", "send-back", body)
		}},
		{Rule: "20.5", Name: "协商退回，原单位回执登记后办结", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := agreed(t, p, next())
			m.post("clerk-500101", "send-back", back("confidential_post")).OK()
			return m.post("clerk-500101", "receipt", outsideReceipt(p, "clerk-500101", j{"no": "回1号", "outcome": ""}, m))
		}},
		{Rule: "29.5", Name: "退回途中遗失的，没有调查记录不能报请", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return lostBack(t, p, next()).post("clerk-500101", "fault/rebuild", j{})
		}},
		{Rule: "29.5", Name: "退回途中遗失的，上级批准由原单位重建，本件办结", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := lostBack(t, p, next())
			m.post("clerk-500101", "fault/rebuild", j{"recordNo": "万州查〔2026〕1号", "record": "查明在退回途中灭失，责任已认定，清单可供原单位重建"}).OK()
			a := m.post("supervisor-500101", "fault/decide", j{"approve": true})
			if a.String("state") != "returned" || a.String("custodian") != "holder" || !strings.Contains(a.String("outcome"), "原单位") {
				t.Errorf("lost on its way back: %s", a.Body)
			}
			return a
		}},
		{Rule: "7b", Name: "存档依据在服务区域内", Run: withDo(func(j) {})},
		{Rule: "7b", Name: "没有登记存档依据是哪个区县", Refused: true, Run: withDo(func(b j) { b["tiePlace"] = "" })},
		{Rule: "7b", Name: "存档依据在别的区县，列出有联系的机构", Refused: true, Run: withDo(func(b j) { b["tiePlace"] = "500103" })},
		{Rule: "7b", Name: "一步转交有联系的机构", Run: withDo(func(b j) { b["tiePlace"], b["passTo"] = "500103", "50010301" })},
		{Rule: "7b", Name: "不得转交没有联系的机构", Refused: true, Run: withDo(func(b j) { b["tiePlace"], b["passTo"] = "500101", "50010301" })},
		{Rule: "7b", Name: "写明理由仍在本机构受理", Run: withDo(func(b j) { b["tiePlace"], b["tieDespite"] = "500103", "本人在万州参加社会保险" })},
		{Rule: "7b", Name: "没有联系而受理的列入台账，上级看到依据、理由和有联系的机构", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			const path = "/api/v1/registers/tie-despite?from=2026-01-01&until=2026-12-31"
			a := p.Client("supervisor-500000").Get(path).OK()
			for _, want := range []string{"户籍地（渝中区）", "渝中区公共就业和人才服务中心", "本人在万州参加社会保险"} {
				if !strings.Contains(string(a.Body), want) {
					t.Errorf("the register is silent on %s: %s", want, a.Body)
				}
			}
			if b := p.Client("supervisor-500103").Get(path).OK(); strings.Contains(string(b.Body), "万州") {
				t.Errorf("another district's supervisor reads it: %s", b.Body)
			}
			if b := p.Client("clerk-500101").Get(path); b.Status == 200 && strings.Contains(string(b.Body), "本人在万州参加社会保险") {
				t.Errorf("a clerk reads it: %s", b.Body)
			}
			return a
		}},
		{Rule: "4.1", Name: "外来档案的类别没有选到具体一种", Refused: true, Run: withDo(func(b j) {
			b["direction"], b["holder"], b["holderName"], b["holderKind"], b["category"], b["evidence"] = "in", "", "贵州某集团（演示）", "state_firm", "4.1", "劳动合同"
			b["name"], b["idNo"] = testkit.Name(8700), testkit.IDNo(8700)
		})},
		{Rule: "7b", Name: "市级中心服务全市，已撤销区县的居民也在内", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil)
			body := m.application()
			body["tiePlace"], body["passTo"] = "500112", "50000001" // 渝北 is no more
			return p.Client("clerk-500101").Post("/api/v1/transfers", body)
		}},
		{Rule: "7b", Name: "已受理的一步转交：案号和受理日期不变，新的回执写明由谁办理", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil)
			body := m.application()
			body["tiePlace"], body["tieDespite"] = "500103", "本人在万州参加社会保险"
			first := p.Client("clerk-500101").Post("/api/v1/transfers", body).OK()
			id := first.String("id")
			if a := p.Client("clerk-500101").Post("/api/v1/transfers/"+id+"/forward", j{"to": "50010901"}); a.Status != 422 && a.Status != 403 {
				t.Errorf("passed on to one without a tie: %d", a.Status)
			}
			a := p.Client("clerk-500101").Post("/api/v1/transfers/"+id+"/forward", j{"to": "50010301"}).OK()
			if a.String("no") != first.String("no") || a.String("appliedOn") != first.String("appliedOn") {
				t.Errorf("%s of %s became %s of %s", first.String("no"), first.String("appliedOn"), a.String("no"), a.String("appliedOn"))
			}
			if papers := string(p.Client("clerk-500101").Get("/api/v1/documents?case=Transfer:" + id).Body); strings.Count(papers, `"kindName":"受理回执"`) != 2 || !strings.Contains(papers, "superseded") {
				t.Errorf("the slip was not issued anew: %s", papers)
			}
			return p.Client("clerk-500103").Post("/api/v1/transfers/"+id+"/letter", nil)
		}},
		{Rule: "7b", Name: "不得转交没有联系的机构，已受理的也一样", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil)
			id := p.Client("clerk-500101").Post("/api/v1/transfers", m.application()).String("id")
			return p.Client("clerk-500101").Post("/api/v1/transfers/"+id+"/forward", j{"to": "50010301"})
		}},
		{Rule: "7b", Name: "全市不以参保地为依据的，参保地不作数，写明可以作数的", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			set := func(key, value string) {
				p.Client("supervisor-500000").Put("/api/v1/settings/"+key, j{"value": value}).OK()
			}
			m := move(t, p, next(), nil)
			body := m.application()
			body["regionBasis"] = "参保地"
			set("tie_insurance", "0")
			defer set("tie_insurance", "1")
			if choices := string(p.Client("clerk-500101").Get("/api/v1/transfers/choices").Body); strings.Contains(choices, "参保地") || !strings.Contains(choices, "生源地") {
				t.Error("the form still offers it")
			}
			return p.Client("clerk-500101").Post("/api/v1/transfers", body)
		}},
		{Rule: "7b", Name: "全市规定没有依据不予受理的，写明理由也不行，列出可转交的机构", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			set := func(value string) {
				p.Client("supervisor-500000").Put("/api/v1/settings/tie_refuse", j{"value": value}).OK()
			}
			m := move(t, p, next(), nil)
			body := m.application()
			body["tiePlace"], body["tieDespite"] = "500103", "本人在万州参加社会保险"
			set("参保地")
			defer set("")
			if a := p.Client("clerk-500101").Post("/api/v1/transfers", body); a.Status == 403 {
				t.Errorf("refused for a tie that is not on the list: %s", a.Body)
			} else {
				p.Client("clerk-500101").Post("/api/v1/transfers/"+a.OK().String("id")+"/withdraw", j{"why": "本人要求", "paper": "撤回申请 1 号"}).OK()
			}
			set("户籍地,现工作单位所在地")
			a := p.Client("clerk-500101").Post("/api/v1/transfers", body)
			if a.Status != 403 || !strings.Contains(string(a.Body), "50010301") {
				t.Errorf("%d: %s", a.Status, a.Body)
			}
			return a
		}},
		{Rule: "7b", Name: "没有选项的存档依据不能列入不予受理", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("supervisor-500000").Put("/api/v1/settings/tie_refuse", j{"value": "籍贯"})
		}},
		{Rule: "7b", Name: "存档依据不在本机构的，同缺少的材料一次告知，列在前面", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			body := move(t, p, next(), nil).application()
			body["tiePlace"], body["document"] = "500103", ""
			a := p.Client("clerk-500101").Post("/api/v1/transfers", body)
			if r := a.Problem().Reasons; len(r) != 2 || r[0].Slug != "tie_elsewhere" || r[1].Slug != "document_not_seen" {
				t.Errorf("%s", a.Body)
			}
			return a
		}},
		{Rule: "29.5", Name: "外来档案凭类别证明接收", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return fromOutside(t, p, next(), whole).post("reviewer-500101", "receive", nil)
		}},
		{Rule: "20.5", Name: "外单位回执登记后办结", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := outsideSent(move(t, p, next(), nil))
			a := m.post("clerk-500108", "receipt", outsideReceipt(p, "clerk-500108", j{"no": "组收1号", "outcome": "先存后补接收"}, m)).OK()
			if said := a.String("answered"); !strings.HasPrefix(said, "实收1卷") || !strings.Contains(said, "先存后补接收") || !strings.Contains(said, "收件人收发室（演示）") {
				t.Errorf("the receipt says %q", said)
			}
			return a
		}},
		{Rule: "20.5", Name: "回执没有写实收、收件人、核对人和处理的", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := outsideSent(move(t, p, next(), nil)).post("clerk-500108", "receipt", j{"no": "组收1号", "on": "2026-11-23", "intact": true, "match": true})
			for _, slug := range []string{"receipt_count_missing", "receipt_by_missing", "receipt_checker_missing", "receipt_outcome_missing"} {
				if !strings.Contains(string(a.Body), slug) {
					t.Errorf("nothing is said of %s: %s", slug, a.Body)
				}
			}
			return a
		}},
		{Rule: "20.5", Name: "回执写相符，实收页数却与寄出的不同", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := outsideSent(move(t, p, next(), nil))
			return m.post("clerk-500108", "receipt", outsideReceipt(p, "clerk-500108", j{"pages": 1}, m))
		}},
		{Rule: "20.4a", Name: "接收单位不得在回执上以材料不全退回", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := outsideSent(move(t, p, next(), nil))
			return m.post("clerk-500108", "receipt", outsideReceipt(p, "clerk-500108", j{"outcome": "协商退回"}, m))
		}},
		{Rule: "24", Name: "党员的调档函没有党组织关系接转抬头", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return memberApplied(t, p, next()).post("clerk-500101", "letter", nil)
		}},
		{Rule: "24", Name: "党员的调档函写明党组织关系接转抬头", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := memberApplied(t, p, next()).post("clerk-500101", "letter", j{"partyHeading": "中共重庆市万州区人才中心委员会（演示）"}).OK()
			if a.String("partyHeading") != "中共重庆市万州区人才中心委员会（演示）" {
				t.Errorf("%s", a.Body)
			}
			return a
		}},
		{Rule: "20.5", Name: "回执日期早于寄出", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := outsideSent(move(t, p, next(), nil))
			return m.post("clerk-500108", "receipt", outsideReceipt(p, "clerk-500108", j{"on": "2026-11-20"}, m))
		}},
		{Rule: "20.5", Name: "寄出后催办回执", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return outsideSent(move(t, p, next(), nil)).post("clerk-500108", "chase", nil)
		}},
		{Rule: "20.5", Name: "同一天再次催办", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := outsideSent(move(t, p, next(), nil))
			m.post("clerk-500108", "chase", nil).OK()
			return m.post("clerk-500108", "chase", nil)
		}},
		{Rule: "20.1", Name: "催办未答复的调档函", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return move(t, p, next(), nil).lettered().post("clerk-500101", "chase", nil)
		}},
		{Rule: "20.1", Name: "对方不能替开函机构催办", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return move(t, p, next(), nil).lettered().post("clerk-500108", "chase", nil)
		}},
		{Rule: "29.6", Name: "寄出前申请人撤回", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return move(t, p, next(), nil).packed(whole).post("clerk-500101", "withdraw", j{"why": "本人申请撤回", "paper": "撤回申请 1 号"})
		}},
		{Rule: "20.1", Name: "对方登记前更正调档原因，换发调档函，两端和本人知道", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil).lettered()
			old, code := m.letter()
			a := m.post("clerk-500101", "correct", j{"changes": []j{{"field": "reason", "value": "录用聘用"}, {"field": "applicantKind", "value": "unit"}, {"field": "applicant", "value": "三峡实业有限公司（演示）"}, {"field": "applicantDoc", "value": "介绍信〔2026〕9号"}, {"field": "applicantUscc", "value": "91500106ma5upr0189"}}, "why": "照单位介绍信更正"}).OK()
			var v struct {
				Corrections []struct{ Field, Was, Became, Why, LetterNo, ReplacedBy string }
			}
			a.JSON(&v)
			if no, _ := m.letter(); no == old || len(v.Corrections) != 5 {
				t.Fatalf("letter %s was not replaced, or corrections are missing: %+v", old, v)
			}
			for _, c := range v.Corrections {
				if c.Why == "" || c.Field == "转递原因" && (c.Was != "流动就业" || c.LetterNo != old || c.ReplacedBy == "") {
					t.Fatalf("the old value is not kept: %+v", c)
				}
			}
			if told := p.Client("clerk-500108").Get("/api/v1/inbox?limit=1"); !strings.Contains(string(told.Body), "转递信息已更正") {
				t.Fatalf("the holder was not told: %s", told.Body)
			}
			if slug := m.post("clerk-500108", "register", j{"letterNo": old, "code": code, "receivedOn": "2026-11-23"}).Problem().Reasons[0].Slug; slug != "letter_number_mismatch" {
				t.Fatalf("the replaced letter was taken: %s", slug)
			}
			if lines := p.Client("reviewer-500101").Get("/api/v1/registers/letters?from=2026-01-01&until=2026-12-31").OK(); !strings.Contains(string(lines.Body), "更正前的 "+old+" 作废") {
				t.Fatalf("the register lost an issued number: %s", lines.Body)
			}
			return a
		}},
		{Rule: "20.1", Name: "对方登记以后更正函上所写", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return move(t, p, next(), nil).registered().post("clerk-500101", "correct", j{"changes": []j{{"field": "reason", "value": "录用聘用"}}, "why": "写错"})
		}},
		{Rule: "20.1", Name: "另一端更正申请", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return move(t, p, next(), nil).lettered().post("clerk-500108", "correct", j{"changes": []j{{"field": "reason", "value": "录用聘用"}}, "why": "写错"})
		}},
		{Rule: "20.1", Name: "装封前更正外单位来函的接收单位", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil)
			m.id = outside(m, nil).OK().String("id")
			return m.post("clerk-500108", "correct", j{"changes": []j{{"field": "receiverAddr", "value": "渝中区演示路 2 号"}}, "why": "来函单位来电更正"})
		}},
		{Rule: "20.3a", Name: "在途更正机要编号", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return move(t, p, next(), nil).sent(whole).post("clerk-500108", "correct-way", j{"way": "confidential_post", "trackingNo": "渝机0002", "office": "重庆市机要通信局", "on": "2026-11-23", "why": "照交寄单核对"})
		}},
		{Rule: "20.3c", Name: "更正时把送取人改成本人", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil).sent(whole)
			return m.post("clerk-500108", "correct-way", j{"way": "messenger", "on": "2026-11-23", "messengers": []j{{"name": testkit.Name(m.n), "idNo": testkit.IDNo(m.n)}}, "why": "改为本人自取"})
		}},
		{Rule: "29.6", Name: "没有审核就寄送", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return move(t, p, next(), nil).listed(whole).post("clerk-500108", "dispatch", j{"way": "confidential_post", "trackingNo": "1", "office": "重庆市机要通信局", "on": "2026-11-23"})
		}},
		{Rule: "29.6", Name: "寄出以后撤回", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return move(t, p, next(), nil).sent(whole).post("clerk-500101", "withdraw", j{"why": "本人申请撤回", "paper": "撤回申请 1 号"})
		}},
		{Rule: "29.6", Name: "同一人第二件在办转递", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil).lettered()
			return p.Client("clerk-500103").Post("/api/v1/transfers", m.application())
		}},
		{Rule: "16b", Name: "提档单未办完不得入库", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil).pulled()
			return p.Client("keeper-500108").Post("/api/v1/custody/dossiers/"+m.d.ID+"/put-back", j{})
		}},
		{Rule: "29.2", Name: "没有提档单不得提出", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil)
			return p.Client("keeper-500108").Post("/api/v1/custody/dossiers/"+m.d.ID+"/pull", j{})
		}},
		{Rule: "20.4b", Name: "承诺补充的材料列入补充清单", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			var held []string
			for range 3 {
				m := move(t, p, next(), nil).received(thin)
				m.post("clerk-500101", "tell", nil).OK()
				m.post("clerk-500101", "promise", j{"signed": true, "statement": "本人承诺六个月内补充", "on": "2026-11-23"}).OK()
				held = append(held, m.d.ID)
			}
			a := p.Client("clerk-500101").Get("/api/v1/supplements?view=open&limit=200")
			var list struct {
				Items []promised
			}
			a.JSON(&list)
			owings[p.Clock] = nil
			for _, d := range held {
				at := slices.IndexFunc(list.Items, func(i promised) bool { return i.DossierID == d && i.Promised })
				if at < 0 {
					t.Fatalf("nothing is owed for the thin packet of %s: %+v", d, list)
				}
				owings[p.Clock] = append(owings[p.Clock], owing{t, p, list.Items[at].ID, list.Items[at].DueOn})
			}
			return a
		}},
		// Last: the clock goes on by months.
		{Rule: "20.4a", Name: "长期联系不上的提醒本人，依次报负责人、上级，处置后继续代管", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, next(), nil).received(thin)
			m.post("clerk-500101", "tell", nil).OK()
			for _, months := range []int{2, 5} {
				p.Clock.Set(testkit.Day.AddDate(0, months, 5))
				for range 2 { // once a term, however often the timer runs
					if err := p.Transfers.Timers(context.Background()); err != nil {
						t.Fatal(err)
					}
				}
			}
			p.Forget()
			c, err := transfer.Get(context.Background(), p.DB, m.id)
			if err != nil || c.Escalated != 2 || c.Reminded != 2 || c.Custodian() != transfer.Receiving || !c.State.Open() {
				t.Fatalf("escalated %d, reminded %d, %s: %v", c.Escalated, c.Reminded, c.State, err)
			}
			if a := m.post("head-500101", "dispose", j{}); a.Status != 422 {
				t.Errorf("disposed of without a word: %s", a.Body)
			}
			return m.post("supervisor-500101", "dispose", j{"note": "由社区协助联系，继续代管"})
		}},
		{Rule: "20.4b", Name: "期限届满告知本人，催补，长期不补的报负责人处置，延期一次由另一人批准", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			s := lapsed(t, p)
			s.post("clerk-500101", "remind", j{"note": "电话联系，本人称学校补办中"}).OK()
			p.Clock.Set(p.Clock.Now().AddDate(0, 0, 40))
			s.timers()
			p.Forget()
			s.post("head-500101", "dispose", j{"note": "由经办上门联系一次"}).OK()
			s.post("clerk-500101", "ask", j{"until": p.Clock.Now().AddDate(0, 3, 0).Format("2006-01-02"), "why": "毕业学校正在补办"}).OK()
			a := s.post("reviewer-500101", "grant", j{"note": "情况属实"}).OK()
			var v struct {
				FirstDue string
				LateDays int
				Steps    []struct{ What string }
			}
			a.JSON(&v)
			if v.FirstDue == "" || v.LateDays != 0 || len(v.Steps) != 6 {
				t.Fatalf("after the extension: %+v", v)
			}
			if got := s.post("clerk-500101", "ask", j{"until": p.Clock.Now().AddDate(0, 5, 0).Format("2006-01-02"), "why": "再延"}).Problem().Reasons[0].Slug; got != "extended_once" {
				t.Fatalf("a second extension: %s", got)
			}
			return a
		}},
		{Rule: "20.4b", Name: "经办人员自己批准延期", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			s := lapsed(t, p)
			s.post("clerk-500101", "ask", j{"until": p.Clock.Now().AddDate(0, 3, 0).Format("2006-01-02"), "why": "毕业学校正在补办"}).OK()
			return s.post("clerk-500101", "grant", nil)
		}},
		{Rule: "20.4a", Name: "同一天再次催补承诺的材料", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			s := lapsed(t, p)
			s.post("clerk-500101", "remind", nil).OK()
			return s.post("clerk-500101", "remind", nil)
		}},
	}...))
}

func outside(m *moving, change j) *testkit.Answer {
	m.t.Helper()
	body := j{"dossierId": m.d.ID, "receiverName": "重庆市某区委组织部（演示）", "receiverKind": "organ", "receiverAddr": "人民路1号", "reason": "录用聘用", "letterNo": "某组调〔2026〕12号", "letterOn": "2026-11-18",
		"receivedOn": "2026-11-23", "telephone": "023-60000000", "spoke": "周南星"}
	for k, v := range change {
		body[k] = v
	}
	return m.p.Client("clerk-500108").Post("/api/v1/transfers/outside-letters", body)
}

// torn is a packet that was opened on its way.
func torn(m *moving) *moving {
	m.t.Helper()
	m.sent(thin)
	m.post("clerk-500101", "arrive", j{"on": "2026-11-23", "intact": false, "opened": true, "seen": "封条被揭开"}).OK()
	return m
}

// searched is a packet that the carrier could not find: reported to the superior.
func searched(m *moving) *moving {
	m.t.Helper()
	m.sent(thin)
	m.post("clerk-500101", "fault", j{"kind": "misdelivered", "on": "2026-11-23", "place": "某单位"}).OK()
	m.post("clerk-500108", "fault/inquiry", j{"carrier": "南岸区机要通信局（演示）"}).OK()
	m.post("clerk-500108", "fault/answer", j{"answer": "lost", "on": "2026-11-23", "note": "分拣记录中断，查无下落"}).OK()
	if a := m.post("head-500108", "fault/lost", nil).OK(); a.String("state") != "missing" || a.String("custodian") != "holder" {
		m.t.Errorf("lost: %s", a.Body)
	}
	return m
}

func outsideSent(m *moving) *moving {
	m.t.Helper()
	m.id = outside(m, nil).OK().String("id")
	m.p.Client("keeper-500108").Post("/api/v1/custody/dossiers/"+m.d.ID+"/pull", j{}).OK()
	m.p.Client("clerk-500108").Put("/api/v1/transfers/"+m.id+"/list", j{"lines": whole}).OK()
	m.post("reviewer-500108", "review", j{}).OK()
	m.post("clerk-500108", "pack", j{"sealNo": "N-9", "volumes": 1}).OK()
	m.post("clerk-500108", "dispatch", j{"way": "confidential_post", "trackingNo": "渝机0009", "office": "重庆市机要通信局", "on": "2026-11-23"}).OK()
	return m
}

// history records one period of work, confirmed by a second person, as the whole history.
func history(m *moving, identity string) {
	m.t.Helper()
	ctx, clerk, reviewer := context.Background(), m.p.As("clerk-500108"), m.p.As("reviewer-500108")
	must := func(err error) {
		if err != nil {
			m.t.Fatal(err)
		}
	}
	period, err := m.p.Dossiers.AddPeriod(ctx, clerk, m.d.ID, dossier.NewPeriod{Kind: dossier.Work, FromMonth: "2009-07", ToMonth: "2015-03", Unit: "某单位", Post: "职员", Identity: identity,
		Source: dossier.Source{Class: "9-2", Title: "工资审批表", Page: 1}})
	must(err)
	_, err = m.p.Dossiers.Confirm(ctx, reviewer, dossier.EntryPeriod, period.ID)
	must(err)
	_, err = m.p.Dossiers.StateHistory(ctx, clerk, m.d.ID)
	must(err)
	_, err = m.p.Dossiers.ConfirmHistory(ctx, reviewer, m.d.ID)
	must(err)
}

// later is a packet of which a piece without key fact did not come.
func later(m *moving) *testkit.Answer {
	m.t.Helper()
	m.arrived(whole)
	m.post("clerk-500101", "check", j{"results": []j{{"lineNo": 1, "check": "ok"}, {"lineNo": 2, "check": "ok"}, {"lineNo": 3, "check": "ok"}, {"lineNo": 4, "check": "missing"}}}).OK()
	a := m.post("reviewer-500101", "receive", nil).OK()
	if a.String("outcome") != "先存后补接收" || a.String("state") != "shelving" {
		m.t.Errorf("outcome %s, state %s", a.String("outcome"), a.String("state"))
	}
	return a
}

// lostBack is a packet that was lost on its way back to the former employer.
func lostBack(t *testing.T, p *testkit.Province, n int) *moving {
	t.Helper()
	m := agreed(t, p, n)
	m.post("clerk-500101", "send-back", j{"way": "confidential_post", "trackingNo": "渝机8801", "office": "重庆市机要通信局", "on": "2026-11-23", "sealNo": "N-88", "volumes": 1}).OK()
	m.post("clerk-500101", "fault", j{"kind": "misdelivered", "on": "2026-11-23", "place": "不明"}).OK()
	m.post("clerk-500101", "fault/inquiry", j{"carrier": "万州区机要通信局（演示）"}).OK()
	m.post("clerk-500101", "fault/answer", j{"answer": "lost", "on": "2026-11-23", "note": "查无下落"}).OK()
	m.post("head-500101", "fault/lost", nil).OK()
	return m
}

// A packet that the carrier says it delivered is asked for; without a receipt it becomes a fault (20.5).
func TestDeliveredWithoutReceipt(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		m := move(t, p, 31, nil).sent(whole)
		m.post("clerk-500101", "fault", j{"kind": "misdelivered", "on": "2026-11-23", "place": "不明"}).OK()
		m.post("clerk-500108", "fault/inquiry", j{"carrier": "渝中机要通信局"}).OK()
		m.post("clerk-500108", "fault/answer", j{"answer": "delivered", "on": "2026-11-23", "note": "已投万州，签收人收发室"}).OK()
		state := func() (fault, delivered string, chased int) {
			t.Helper()
			if err := p.DB.QueryRow(t.Context(), "SELECT coalesce(fault,''), coalesce(delivered_on,''), chased FROM transfer WHERE id=?", m.id).Scan(&fault, &delivered, &chased); err != nil {
				t.Fatal(err)
			}
			return fault, delivered, chased
		}
		timers := func() {
			t.Helper()
			if err := p.Transfers.Timers(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		timers()
		if fault, delivered, chased := state(); fault != "" || delivered != "2026-11-23" || chased != 1 {
			t.Errorf("delivered: %q %q, chased %d", fault, delivered, chased)
		}
		p.Clock.Advance(16 * 24 * time.Hour)
		timers()
		timers()
		if fault, delivered, _ := state(); fault != transfer.FaultUnreceipted || delivered != "" {
			t.Errorf("without a receipt: %q %q", fault, delivered)
		}
		var faults int
		if err := p.DB.QueryRow(t.Context(), "SELECT count(*) FROM transfer_fault WHERE transfer_id=? AND kind='unreceipted' AND closed_on IS NULL", m.id).Scan(&faults); err != nil || faults != 1 {
			t.Errorf("%d faults, %v", faults, err)
		}
		// It was at the receiver's post room after all.
		if a := m.post("clerk-500101", "arrive", j{"on": "2026-12-09", "intact": true}).OK(); a.String("state") != "checking" {
			t.Errorf("found: %s", a.Body)
		}
	})
}

// fromOutside is a packet from an outside unit, arrived, listed by hand and checked.
func fromOutside(t *testing.T, p *testkit.Province, n int, lines []j) *moving {
	t.Helper()
	m := lettersOut(t, p, n)
	m.post("clerk-500101", "arrive", j{"on": "2026-11-23", "intact": true, "noticeNo": "黔转〔2026〕7号", "volumes": 1, "way": "confidential_post", "carrier": "贵阳机要通信局", "trackingNo": "黔机0701"}).OK()
	p.Client("clerk-500101").Put("/api/v1/transfers/"+m.id+"/list", j{"lines": lines}).OK()
	var results []j
	for n := range lines {
		results = append(results, j{"lineNo": n + 1, "check": "ok"})
	}
	m.post("clerk-500101", "check", j{"results": results}).OK()
	return m
}

// agreed is a packet from outside whose return was agreed with the former employer.
func agreed(t *testing.T, p *testkit.Province, n int) *moving {
	t.Helper()
	m := fromOutside(t, p, n, thin)
	m.post("clerk-500101", "return", j{"agreement": "11月23日与原单位人事处商定，补劳动合同后再转"}).OK()
	return m
}

// recorded enters what the packet records, on its only piece.
func recorded(m *moving, identity string) *moving {
	m.t.Helper()
	m.p.Client("clerk-500101").Put("/api/v1/transfers/"+m.id+"/history", j{"periods": []j{{"unit": "贵州某集团（演示）", "from": "2009-07", "to": "2015-03", "identity": identity, "lineNo": 1}}}).OK()
	return m
}

func back(way string) j {
	no := "渝机0021"
	if way == "registered_mail" {
		no = "EX123456785CN"
	}
	return j{"way": way, "trackingNo": no, "office": "重庆市机要通信局", "on": "2026-11-23", "sealNo": "N-21", "volumes": 1}
}

// memberApplied is an application of a Party member whose packet is outside.
func memberApplied(t *testing.T, p *testkit.Province, n int) *moving {
	t.Helper()
	m := &moving{t: t, p: p, n: n}
	body := m.application()
	body["direction"], body["holder"], body["holderName"], body["holderKind"] = "in", "", "贵州某集团（演示）", "state_firm"
	body["category"], body["subtype"], body["evidence"], body["political"] = "4.1", "private_enterprise", "劳动合同", "01"
	m.id = p.Client("clerk-500101").Post("/api/v1/transfers", body).OK().String("id")
	return m
}

// unauthorized is an application at an agency whose authorization has ended.
func unauthorized(t *testing.T, p *testkit.Province, n int) *testkit.Answer {
	t.Helper()
	ctx := context.Background()
	if _, err := p.Staff.ByUsername(ctx, "clerk-ended"); err != nil {
		if _, err := p.Agencies.Found(ctx, founding.By, agency.Agency{ID: "50010802", Name: "某授权服务机构（演示）", Short: "某机构", Kind: agency.Office, Parent: "500108", Region: "500108",
			BasisKind: agency.Authorized, Basis: "渝人社授〔2023〕1号", ValidUntil: "2026-06-30"}); err != nil {
			t.Fatal(err)
		}
		m, _, err := p.Staff.Create(ctx, founding.By, staff.NewMember{Username: "clerk-ended", Name: "丁测试", Agency: "50010802", PasswordHash: "x"})
		if err == nil {
			_, err = p.Staff.Grant(ctx, founding.By, staff.Appointment{StaffID: m.ID, Post: staff.Clerk, Org: "50010802", Reason: "测试"})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	m := move(t, p, n, nil)
	return p.Client("clerk-ended").Post("/api/v1/transfers", m.application())
}

// owing is a supplement that a thin packet left open.
type owing struct {
	t     *testing.T
	p     *testkit.Province
	id    string
	dueOn string
}

// promised is a line of the list of what is owed.
type promised struct {
	ID, DossierID, DueOn string
	Promised             bool
}

// owings are opened while the clock is early, and used when it has gone on.
var owings = map[*clock.Manual][]owing{}

// lapsed is one a day after its term: the person was told.
func lapsed(t *testing.T, p *testkit.Province) owing {
	t.Helper()
	if len(owings[p.Clock]) == 0 {
		t.Fatal("no supplement is open")
	}
	s := owings[p.Clock][0]
	owings[p.Clock], s.t = owings[p.Clock][1:], t
	due, err := time.Parse("2006-01-02", s.dueOn)
	if err != nil {
		t.Fatal(err)
	}
	if day := due.AddDate(0, 0, 1).Add(4 * time.Hour); day.After(p.Clock.Now()) {
		p.Clock.Set(day)
		p.Forget()
	}
	s.timers()
	return s
}

func (s owing) timers() {
	s.t.Helper()
	if err := s.p.Supplements.Timers(context.Background()); err != nil {
		s.t.Fatal(err)
	}
}

func (s owing) post(who, path string, body any) *testkit.Answer {
	if body == nil {
		body = j{}
	}
	return s.p.Client(who).Post("/api/v1/supplements/"+s.id+"/"+path, body)
}
