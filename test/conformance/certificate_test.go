package conformance

import (
	"bytes"
	"encoding/json"
	"strings"
	"sync/atomic"
	"testing"

	"dangan/internal/testkit"
)

var certified atomic.Int64

func init() { certified.Store(500) }

// certifying is a dossier on paper only with its person at the window.
type certifying struct {
	t       *testing.T
	p       *testkit.Province
	dossier string
	n       int
	id      string
}

func atWindow(t *testing.T, p *testkit.Province) *certifying {
	n := int(certified.Add(1))
	return &certifying{t: t, p: p, n: n, dossier: testkit.Stock(p, "50010801", n, nil).ID}
}

func (c *certifying) application(kind string, pairs ...any) map[string]any {
	return merge(map[string]any{"kind": kind, "dossierId": c.dossier, "use": "办理落户", "applicant": "self", "name": testkit.Name(c.n), "idNo": testkit.IDNo(c.n),
		"seen": []string{"居民身份证"}}, pairs...)
}

func (c *certifying) apply(kind string, pairs ...any) *testkit.Answer {
	a := c.p.Client("clerk-500108").Post("/api/v1/certificates", c.application(kind, pairs...))
	if a.Status == 200 {
		c.id = a.String("id")
	}
	return a
}

func (c *certifying) post(user, act string, body any) *testkit.Answer {
	return c.p.Client(user).Post("/api/v1/certificates/"+c.id+"/"+act, body)
}

// period cites a piece of the paper dossier; confirmed by the reviewer if asked for.
func (c *certifying) period(confirmed bool) string {
	id := c.p.Client("clerk-500108").Post("/api/v1/dossiers/"+c.dossier+"/periods", map[string]any{"kind": "work", "from": "2013-07", "to": "2019-05", "unit": "南岸机械厂", "post": "技术员",
		"source": map[string]any{"class": "1", "title": "履历表", "page": 3}}).String("id")
	if confirmed {
		c.p.Client("reviewer-500108").Post("/api/v1/entries/period/"+id+"/confirm", nil).OK()
	}
	return "period:" + id
}

func (c *certifying) kin(relation, name string) string {
	id := c.p.Client("clerk-500108").Post("/api/v1/dossiers/"+c.dossier+"/family", map[string]any{"relation": relation, "name": name,
		"source": map[string]any{"class": "1", "title": "履历表", "page": 5}}).String("id")
	c.p.Client("reviewer-500108").Post("/api/v1/entries/family/"+id+"/confirm", nil).OK()
	return "family:" + id
}

// fact cites what a piece of the paper dossier writes of a key fact.
func (c *certifying) fact(kind, written, title string, confirmed bool) string {
	id := c.p.Client("clerk-500108").Post("/api/v1/dossiers/"+c.dossier+"/facts", map[string]any{"kind": kind, "written": written,
		"source": map[string]any{"class": "1", "title": title, "page": 2}}).String("id")
	if confirmed {
		c.p.Client("reviewer-500108").Post("/api/v1/entries/fact/"+id+"/confirm", nil).OK()
	}
	return "fact:" + id
}

// pulled has the keeper hand the packet out for this certificate.
func (c *certifying) pulled() {
	c.post("clerk-500108", "pull", nil).OK()
	c.p.Client("keeper-500108").Post("/api/v1/custody/dossiers/"+c.dossier+"/pull", map[string]any{"packet": "intact"}).OK()
}

func TestFactsAndSilenceByRule(t *testing.T) {
	facts := func(c *certifying, pairs ...any) *testkit.Answer { return c.apply("facts", pairs...) }
	silent := func(subjects ...string) map[string]any {
		list := []map[string]any{}
		for _, s := range subjects {
			list = append(list, map[string]any{"subject": s})
		}
		return map[string]any{"keys": []string{}, "absent": list}
	}
	text := func(t *testing.T, p *testkit.Province, id string) string {
		return strings.Join(strings.Fields(testkit.PaperText(t, p.Client("clerk-500108").Get("/api/v1/documents/"+id+"/pdf").OK().Body)), "")
	}
	check(t, []Case{
		{Rule: "23", Name: "档案记载情况证明照材料原文写出，注明材料和页", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := atWindow(t, p)
			key := c.fact("birth_date", "1991年3月", "入团志愿书", true)
			facts(c, "asks", []string{"birth_date"}, "keys", []string{key}).OK()
			a := c.post("reviewer-500108", "issue", nil).OK()
			if said := text(t, p, a.String("documentId")); !strings.Contains(said, "1991年3月") || !strings.Contains(said, "《入团志愿书》第2页") {
				t.Errorf("the certificate says %s", said)
			}
			return a
		}},
		{Rule: "23", Name: "没有写明证明哪些事项", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return facts(atWindow(t, p))
		}},
		{Rule: "23", Name: "没有申请的事项不能写进证明", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := atWindow(t, p)
			return facts(c, "asks", []string{"birth_date"}, "keys", []string{c.fact("birth_date", "1991年3月", "入团志愿书", true), c.fact("work_start", "2013年7月", "履历表", true)})
		}},
		{Rule: "29.7", Name: "未经第二人核对的记载不能证明", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := atWindow(t, p)
			return facts(c, "asks", []string{"birth_date"}, "keys", []string{c.fact("birth_date", "1991年3月", "入团志愿书", false)})
		}},
		{Rule: "29.7", Name: "两份材料记载不同，只证明一种会失实", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := atWindow(t, p)
			c.fact("birth_date", "1990年3月", "履历表", true)
			return facts(c, "asks", []string{"birth_date"}, "keys", []string{c.fact("birth_date", "1991年3月", "入团志愿书", true)})
		}},
		{Rule: "29.7", Name: "不同的记载一并列出，不作认定", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := atWindow(t, p)
			keys := []string{c.fact("birth_date", "1990年3月", "履历表", true), c.fact("birth_date", "1991年3月", "入团志愿书", true)}
			facts(c, "asks", []string{"birth_date"}, "keys", keys).OK()
			a := c.post("reviewer-500108", "issue", nil).OK()
			if said := text(t, p, a.String("documentId")); !strings.Contains(said, "1990年3月") || !strings.Contains(said, "1991年3月") || !strings.Contains(said, "不同记载") {
				t.Errorf("the certificate says %s", said)
			}
			return a
		}},
		{Rule: "29.7", Name: "另有未核对的不同记载，先核对再证明", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := atWindow(t, p)
			c.fact("birth_date", "1990年3月", "履历表", false)
			return facts(c, "asks", []string{"birth_date"}, "keys", []string{c.fact("birth_date", "1991年3月", "入团志愿书", true)})
		}},
		{Rule: "23", Name: "提档查找后没有记载，出具告知单，不是证明", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := atWindow(t, p)
			facts(c, "asks", []string{"party_joining"}).OK()
			c.pulled()
			c.post("clerk-500108", "submit", silent("party_joining")).OK()
			a := c.post("reviewer-500108", "issue", nil).OK()
			if a.String("state") != "unrecorded" || strings.Contains(string(a.Body), `"number"`) || a.String("noticeNo") == "" {
				t.Errorf("what is not recorded is told as %s", a.Body)
			}
			said := text(t, p, a.String("noticeId"))
			if !strings.Contains(said, "未查到记载") || !strings.Contains(said, "不是证明") || strings.Contains(said, "特此证明") || strings.Contains(said, "未入党") {
				t.Errorf("the notice says %s", said)
			}
			return a
		}},
		{Rule: "23", Name: "一件申请，有记载的证明，没有记载的告知", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := atWindow(t, p)
			key := c.fact("birth_date", "1991年3月", "入团志愿书", true)
			facts(c, "asks", []string{"birth_date", "party_joining"}).OK()
			c.pulled()
			c.post("clerk-500108", "submit", map[string]any{"keys": []string{key}, "absent": []map[string]any{{"subject": "party_joining"}}}).OK()
			a := c.post("reviewer-500108", "issue", nil).OK()
			if a.String("state") != "issued" || a.String("number") == "" || a.String("noticeNo") == "" {
				t.Errorf("told as %s", a.Body)
			}
			return a
		}},
		{Rule: "23", Name: "申请的事项既没有证明也没有告知", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := atWindow(t, p)
			return facts(c, "asks", []string{"birth_date", "party_joining"}, "keys", []string{c.fact("birth_date", "1991年3月", "入团志愿书", true)})
		}},
		{Rule: "23", Name: "没有提档查找纸质档案，不能告知查无记载", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := atWindow(t, p)
			facts(c, "asks", []string{"party_joining"}).OK()
			return c.post("clerk-500108", "submit", silent("party_joining"))
		}},
		{Rule: "23", Name: "有记载的不能告知查无记载", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := atWindow(t, p)
			c.fact("birth_date", "1991年3月", "入团志愿书", true)
			facts(c, "asks", []string{"birth_date"}).OK()
			c.pulled()
			return c.post("clerk-500108", "submit", silent("birth_date"))
		}},
		{Rule: "23", Name: "提交之后登记了记载，不能再告知查无记载", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := atWindow(t, p)
			facts(c, "asks", []string{"birth_date"}).OK()
			c.pulled()
			c.post("clerk-500108", "submit", silent("birth_date")).OK()
			c.fact("birth_date", "1991年3月", "入团志愿书", true)
			return c.post("reviewer-500108", "issue", nil)
		}},
		{Rule: "23", Name: "没有经历记载，提档查找后告知", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := atWindow(t, p)
			c.apply("history").OK()
			c.pulled()
			c.post("clerk-500108", "submit", silent("whole")).OK()
			return c.post("reviewer-500108", "issue", nil)
		}},
		{Rule: "23", Name: "亲属申请须有所涉权益的材料", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return atWindow(t, p).apply("custody", "applicant", "kin", "relation", "father", "name", "演示父", "idNo", testkit.IDNo(2), "seen", []string{"居民身份证", "户口簿"}, "keys", []string{"custody"})
		}},
		{Rule: "23", Name: "所称关系与档案记载不一致", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := atWindow(t, p)
			c.kin("mother", "演示母")
			return c.apply("custody", "applicant", "kin", "relation", "sister", "name", "演示母", "idNo", testkit.IDNo(2), "seen", []string{"居民身份证", "户口簿"}, "right", "notary", "proof", "公证处受理通知书（演示）", "keys", []string{"custody"})
		}},
		{Rule: "29.7", Name: "同一申请两次，所证明的内容相同", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := atWindow(t, p)
			key := c.fact("birth_date", "1991年3月", "入团志愿书", true)
			one := facts(c, "asks", []string{"birth_date"}, "keys", []string{key}).OK()
			two := facts(c, "asks", []string{"birth_date"}, "keys", []string{key}).OK()
			var a, b struct{ Lines json.RawMessage }
			one.JSON(&a)
			two.JSON(&b)
			if len(a.Lines) < 10 || !bytes.Equal(a.Lines, b.Lines) {
				t.Errorf("told once %s, then %s", a.Lines, b.Lines)
			}
			return two
		}},
		{Rule: "29.7", Name: "市级监督岗发布证明用语，今后签发的用新版本", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("supervisor-500000").Put("/api/v1/certificate-wordings/custody", map[string]any{"closing": "本证明只说明档案存放情况，不对档案以外的任何事项作证明。"}).OK()
			c := atWindow(t, p)
			c.apply("custody", "keys", []string{"custody"}).OK()
			if said := text(t, p, c.post("reviewer-500108", "issue", nil).String("documentId")); !strings.Contains(said, "任何事项") {
				t.Errorf("the certificate says %s", said)
			}
			return a
		}},
		{Rule: "29.7", Name: "固定用语里不能写入内容", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("supervisor-500000").Put("/api/v1/certificate-wordings/custody", map[string]any{"closing": "该同志2013年入党，档案不对其他事项作证明。"})
		}},
		{Rule: "29.7", Name: "区县人员不能发布证明用语", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("supervisor-500108").Put("/api/v1/certificate-wordings/custody", map[string]any{"closing": "本证明只说明档案存放，不对其他事项作证明。"})
		}},
	})
}

func TestCertificatesByRule(t *testing.T) {
	custody := []string{"custody"}
	check(t, []Case{
		{Rule: "23", Name: "本人持身份证申请存档证明，审核后签发", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := atWindow(t, p)
			c.apply("custody", "keys", custody).OK()
			return c.post("reviewer-500108", "issue", nil)
		}},
		{Rule: "23", Name: "档案没有记载的经历不能证明", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return atWindow(t, p).apply("history", "keys", []string{"period:00000000-0000-7000-8000-000000000000"})
		}},
		{Rule: "23", Name: "纸质档案引用并经第二人核对后出具经历证明", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := atWindow(t, p)
			c.apply("history").OK()
			c.post("clerk-500108", "pull", nil).OK()
			c.post("clerk-500108", "submit", map[string]any{"keys": []string{c.period(true)}}).OK()
			return c.post("reviewer-500108", "issue", nil)
		}},
		{Rule: "29.7", Name: "引自纸质档案未经第二人核对的不能证明", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := atWindow(t, p)
			return c.apply("history", "keys", []string{c.period(false)})
		}},
		{Rule: "29.7", Name: "提交后档案出现不一致的记载，不能按原内容签发", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := atWindow(t, p)
			one := c.period(true)
			c.apply("history", "keys", []string{one}).OK()
			other := p.Client("clerk-500108").Post("/api/v1/dossiers/"+c.dossier+"/periods", map[string]any{"kind": "work", "from": "2013-08", "to": "2019-05", "unit": "南岸机械厂",
				"source": map[string]any{"class": "9-1", "title": "工资审批表", "page": 1}}).String("id")
			p.Client("reviewer-500108").Post("/api/v1/entries/period/"+other+"/confirm", nil).OK()
			return c.post("reviewer-500108", "issue", nil)
		}},
		{Rule: "29.7", Name: "制作人不能审核自己制作的证明", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := atWindow(t, p)
			c.apply("custody", "keys", custody).OK()
			return c.post("clerk-500108", "issue", nil)
		}},
		{Rule: "23", Name: "他人持自己的身份证不能按本人申请", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return atWindow(t, p).apply("custody", "idNo", testkit.IDNo(1), "keys", custody)
		}},
		{Rule: "29.8", Name: "不能申请的人坚持申请，登记后由审核人员出具告知单", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := atWindow(t, p)
			a := c.apply("custody", "idNo", testkit.IDNo(1), "keys", custody, "insists", true).OK()
			if a.String("state") != "submitted" || !strings.Contains(string(a.Body), "applicant_not_person") {
				t.Errorf("registered as %s", a.Body)
			}
			c.post("reviewer-500108", "refuse", map[string]any{"reasons": []map[string]any{{"rule": "23", "fact": "所持证件与该档案的存档人不是同一人。"}}, "next": "请按亲属申请办理并查验关系证明"}).OK()
			if papers := p.Client("clerk-500108").Get("/api/v1/documents?case=Certificate:" + c.id).OK(); strings.Count(string(papers.Body), `"number"`) != 2 {
				t.Errorf("受理回执 and 告知单 are given: %s", papers.Body)
			}
			return p.Client("supervisor-500108").Get("/api/v1/certificates?state=refused&limit=1")
		}},
		{Rule: "23", Name: "不能申请的人坚持申请，也不能签发", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := atWindow(t, p)
			c.apply("custody", "idNo", testkit.IDNo(1), "keys", custody, "insists", true).OK()
			return c.post("reviewer-500108", "issue", nil)
		}},
		{Rule: "12b", Name: "申请人证件号码校验未通过", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return atWindow(t, p).apply("custody", "idNo", "500108199001010000", "keys", custody)
		}},
		{Rule: "23", Name: "亲属持户口簿申请亲属关系证明，审核后签发", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := atWindow(t, p)
			c.apply("kinship", "applicant", "kin", "relation", "father", "name", "演示父", "idNo", testkit.IDNo(2), "seen", []string{"居民身份证", "户口簿"}, "right", "inheritance", "proof", "公证处受理通知书（演示）", "keys", []string{c.kin("father", "演示父")}).OK()
			return c.post("reviewer-500108", "issue", nil)
		}},
		{Rule: "23", Name: "亲属没有关系证明材料须补正", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return atWindow(t, p).apply("custody", "applicant", "kin", "relation", "father", "name", "演示父", "idNo", testkit.IDNo(2), "keys", custody)
		}},
		{Rule: "29.7", Name: "相互矛盾的亲属记载不能只证明一种", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := atWindow(t, p)
			c.kin("father", "演示父")
			return c.apply("kinship", "keys", []string{c.kin("father", "另一人")})
		}},
		{Rule: "23", Name: "单位持介绍信和本人书面同意申请存档证明", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return atWindow(t, p).apply("custody", "applicant", "unit", "unit", "演示公司", "name", "经办甲", "idNo", testkit.IDNo(3), "letter", "演示〔2026〕1号", "consent", "2026年11月20日",
				"seen", []string{"居民身份证", "单位介绍信", "本人书面同意书"}, "keys", custody)
		}},
		{Rule: "23", Name: "单位不能申请亲属关系证明", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return atWindow(t, p).apply("kinship", "applicant", "unit", "unit", "演示公司", "name", "经办甲", "idNo", testkit.IDNo(3))
		}},
		{Rule: "29.7", Name: "有误的证明更正后原证明失效", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := atWindow(t, p)
			c.apply("custody", "keys", custody).OK()
			first := c.post("reviewer-500108", "issue", nil)
			old := c.id
			c.apply("custody", "keys", custody, "replaces", old, "reason", "用途写错").OK()
			second := c.post("reviewer-500108", "issue", nil)
			if first.String("number") == second.String("number") {
				t.Error("the correction has the number it corrects")
			}
			if s := p.Client("clerk-500108").Get("/api/v1/certificates/" + old).String("state"); s != "superseded" {
				t.Errorf("the corrected certificate is %s", s)
			}
			code := p.Client("clerk-500108").Get("/api/v1/documents/" + first.String("documentId")).String("code")
			if s := p.Client("").Get("/api/v1/verify?number=" + first.String("number") + "&code=" + code).String("state"); s != "superseded" {
				t.Errorf("the check page says %s", s)
			}
			return second
		}},
		{Rule: "29.7", Name: "已签发的证明不能再改", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := atWindow(t, p)
			c.apply("custody", "keys", custody).OK()
			c.post("reviewer-500108", "issue", nil).OK()
			return c.post("clerk-500108", "submit", map[string]any{"keys": custody})
		}},
		{Rule: "29.8", Name: "档案没有记载，不予出具并出具告知单", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := atWindow(t, p)
			c.apply("history").OK()
			c.post("reviewer-500108", "refuse", map[string]any{"reasons": []map[string]any{{"rule": "23", "fact": "档案材料中没有申请人所述2001年至2005年工作经历的记载"}}, "next": "请向材料形成单位申请"}).OK()
			return paperOf(t, p, "Certificate:"+c.id, "refusal_notice")
		}},
		{Rule: "29.8", Name: "不予出具须注明依据", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := atWindow(t, p)
			c.apply("history").OK()
			return c.post("reviewer-500108", "refuse", map[string]any{"reasons": []any{}, "next": "请向材料形成单位申请"})
		}},
		{Rule: "29.8", Name: "与出具证明无关的条款不能作为依据", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := atWindow(t, p)
			c.apply("history").OK()
			return c.post("reviewer-500108", "refuse", map[string]any{"reasons": []map[string]any{{"rule": "20.1", "fact": "工作繁忙"}}, "next": "改日再来"})
		}},
		{Rule: "29.7", Name: "制作人自己不能不予出具", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := atWindow(t, p)
			c.apply("history").OK()
			return c.post("clerk-500108", "refuse", map[string]any{"reasons": []map[string]any{{"rule": "23", "fact": "没有记载"}}, "next": "请向材料形成单位申请"})
		}},
		{Rule: "29.7", Name: "审核人员作废证明并写明原因", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := atWindow(t, p)
			c.apply("custody", "keys", custody).OK()
			c.post("reviewer-500108", "issue", nil).OK()
			return c.post("reviewer-500108", "void", map[string]any{"reason": "申请人撤回用途"})
		}},
	})
}
