package conformance

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"dangan/internal/dossier"
	"dangan/internal/policy"
	"dangan/internal/portal"
	"dangan/internal/store"
	"dangan/internal/testkit"
)

// credits are made-up units that verify.
var credits = []string{"91500103MA5U00011H", "91500106MA5UPR0189", "91500112MAABCDEF8N", "91500000202800110K"}

// verifier is a requester's program.
type verifier struct{ key string }

func (v verifier) do(p *testkit.Province, method, path string, body any) *testkit.Answer {
	return p.Client("").Do(method, "/api/v1/requester"+path, body, "Requester-Key", v.key)
}

// asks puts questions, pairs of kind and value, before the person with a number.
func (v verifier) asks(p *testkit.Province, n int, pairs ...string) *testkit.Answer {
	questions := []j{}
	for i := 0; i < len(pairs); i += 2 {
		questions = append(questions, j{"kind": pairs[i], "value": pairs[i+1]})
	}
	return v.do(p, "POST", "/consents", j{"idNo": testkit.IDNo(n), "purpose": "recruit", "matter": "招聘会计岗位（演示）", "days": 30, "questions": questions})
}

func enrolled(p *testkit.Province, name, uscc string) (id string, v verifier) {
	a := p.Client("supervisor-500000").Post("/api/v1/requesters", j{"name": name, "uscc": uscc, "basis": "数据核验协议2026-1号（演示）", "until": "2027-06-30"}).OK()
	return a.String("id"), verifier{a.String("key")}
}

// citizen is a person signed in on the portal.
func citizen(t *testing.T, p *testkit.Province, n int) visitor {
	return entered(t, p, portal.Identity{Kind: policy.Citizen, Name: testkit.Name(n), IDNo: testkit.IDNo(n)})
}

func (v visitor) decides(p *testkit.Province, consent, act string) *testkit.Answer {
	return v.do(p, "POST", "/api/v1/portal/consents/"+consent+"/"+act, j{})
}

// heard are the answers of a consent, by kind.
func heard(a *testkit.Answer) string {
	var v struct {
		Questions []struct{ Kind, Answer string }
	}
	a.OK().JSON(&v)
	var out []string
	for _, q := range v.Questions {
		out = append(out, q.Kind+"="+q.Answer)
	}
	return strings.Join(out, " ")
}

func TestConsent(t *testing.T) {
	const whose, nobody = 961, 962 // nobody has no dossier here
	var requester, consent string
	var v, other verifier
	var me, stranger visitor
	var c *certifying
	check(t, []Case{
		{Rule: "N2", Name: "区县主管部门不登记核验单位", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("supervisor-500108").Post("/api/v1/requesters", j{"name": "演示公司", "uscc": credits[0], "basis": "协议", "until": "2027-01-01"})
		}},
		{Rule: "N2", Name: "没有依据、代码不对、有效期超过一年的不能登记", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("supervisor-500000").Post("/api/v1/requesters", j{"name": "演示公司", "uscc": "91500103MA5U00011Y", "until": "2030-01-01"})
			if n := len(a.Problem().Reasons); n != 3 {
				t.Errorf("%d reasons: %s", n, a.Body)
			}
			return a
		}},
		{Rule: "N2", Name: "省级主管部门登记核验单位，密钥只显示一次", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			requester, v = enrolled(p, "两江会计师事务所（演示）", credits[0])
			a := p.Client("supervisor-500000").Get("/api/v1/requesters")
			if strings.Contains(string(a.Body), v.key) {
				t.Error("the key is shown again")
			}
			return a
		}},
		{Rule: "N2", Name: "没有经第二人确认的密钥不能用", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return v.asks(p, whose, "birth_year", "1990")
		}},
		{Rule: "N2", Name: "登记人不能自己确认", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("supervisor-500000").Post("/api/v1/requesters/"+requester+"/confirm", nil)
		}},
		{Rule: "N2", Name: "另一人确认后密钥可用", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			p.Client("secadmin-500000").Post("/api/v1/requesters/"+requester+"/confirm", nil).OK()
			id, second := enrolled(p, "歌乐山人才服务（演示）有限公司", credits[1])
			other = second
			p.Client("secadmin-500000").Post("/api/v1/requesters/"+id+"/confirm", nil).OK()
			if x := (verifier{"wrong"}).do(p, "GET", "", nil); x.Status != http.StatusUnauthorized {
				t.Errorf("a wrong key: %d", x.Status)
			}
			if x := p.Client("supervisor-500000").Get("/api/v1/requester/consents"); x.Status != http.StatusUnauthorized {
				t.Errorf("staff at the requesters' door: %d", x.Status)
			}
			return v.do(p, "GET", "", nil)
		}},
		{Rule: "29.3", Name: "密钥打不开工作人员的功能", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			for _, path := range []string{"/api/v1/dossiers", "/api/v1/portal/consents"} {
				if x := p.Client("").Do("GET", path, nil, "Requester-Key", v.key); x.Status != http.StatusUnauthorized {
					t.Errorf("%s: %d", path, x.Status)
				}
			}
			return v.do(p, "GET", "/consents", nil)
		}},
		{Rule: "N2", Name: "不能自拟问题，不能问早晚，不能问多于九十天，一个号码不对", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := v.do(p, "POST", "/consents", j{"idNo": "123", "purpose": "recruit", "matter": "招聘", "days": 91, "questions": []j{{"kind": "born_before", "value": "1990"}, {"kind": "birth_year", "value": "<1990"}}})
			if n := len(a.Problem().Reasons); n != 4 {
				t.Errorf("%d reasons: %s", n, a.Body)
			}
			return a
		}},
		{Rule: "N2", Name: "一次核验同一种问题只问一个值", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return v.asks(p, whose, "birth_year", "1990", "birth_year", "1991")
		}},
		{Rule: "N2", Name: "核验单位提出请求，不论有没有档案，回答一样", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c = atWindow(t, p)
			c.fact("birth_date", "1991年3月14日", "入团志愿书", true)
			c.fact("education_degree", "重庆大学 本科 2013年6月毕业", "毕业生登记表", true)
			c.fact("work_start", "2013年7月", "履历表", false)
			a := v.asks(p, c.n, "birth_year", "1991", "education_at_least", "bachelor", "work_start_year", "2013", "party_recorded", "recorded", "custody_at", "50010801").OK()
			consent = a.String("id")
			b := v.asks(p, nobody, "birth_year", "1991").OK()
			if strings.Contains(string(a.Body), testkit.IDNo(c.n)) || b.String("state") != "asked" {
				t.Errorf("%s %s", a.Body, b.Body)
			}
			return a
		}},
		{Rule: "N2", Name: "本人没有同意，不答复", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return v.do(p, "POST", "/consents/"+consent+"/answers", nil)
		}},
		{Rule: "N2", Name: "对同一人一次只有一件请求", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return v.asks(p, c.n, "birth_year", "1990")
		}},
		{Rule: "29.3", Name: "登录超过三十分钟，须重新登录才能同意", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			stranger = citizen(t, p, nobody)
			me = citizen(t, p, c.n)
			if x := stranger.decides(p, consent, "grant"); x.Status != http.StatusNotFound {
				t.Errorf("somebody else consents: %d %s", x.Status, x.Body)
			}
			if x := stranger.do(p, "GET", "/api/v1/portal/consents/"+consent, nil); x.Status != http.StatusNotFound {
				t.Errorf("somebody else reads it: %d", x.Status)
			}
			p.Clock.Advance(20 * time.Minute)
			me.do(p, "GET", "/api/v1/portal/consents", nil).OK()
			p.Clock.Advance(20 * time.Minute)
			return me.decides(p, consent, "grant")
		}},
		{Rule: "N2", Name: "本人登录，看到谁为什么目的问什么，同意", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			me = citizen(t, p, c.n)
			a := me.do(p, "GET", "/api/v1/portal/consents/"+consent, nil).OK()
			for _, want := range []string{"两江会计师事务所（演示）", credits[0], "招聘录用背景核实", "招聘会计岗位（演示）", "出生年份是否为1991年", "学历是否不低于本科", "consent.grant"} {
				if !strings.Contains(string(a.Body), want) {
					t.Errorf("no %s in %s", want, a.Body)
				}
			}
			return me.decides(p, consent, "grant")
		}},
		{Rule: "N2", Name: "答复只有是、否、未见记载，不给材料、原文和值", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			if x := other.do(p, "POST", "/consents/"+consent+"/answers", nil); x.Status != http.StatusNotFound {
				t.Errorf("another requester hears it: %d", x.Status)
			}
			a := v.do(p, "POST", "/consents/"+consent+"/answers", nil)
			if got := heard(a); got != "birth_year=yes education_at_least=yes work_start_year=not_recorded party_recorded=not_recorded custody_at=yes" {
				t.Errorf("%s", got)
			}
			for _, never := range []string{"3月", "重庆大学", "入团志愿书", testkit.Name(c.n), testkit.IDNo(c.n), c.dossier} {
				if strings.Contains(string(a.Body), never) {
					t.Errorf("%s in %s", never, a.Body)
				}
			}
			return a
		}},
		{Rule: "N2", Name: "再取还是同一答复，不另记一条", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			first := v.do(p, "GET", "/consents/"+consent, nil).OK()
			c.fact("birth_date", "1989年1月1日", "履历表", true) // records that disagree from now on
			a := v.do(p, "POST", "/consents/"+consent+"/answers", nil)
			if string(a.Body) != string(first.Body) {
				t.Errorf("%s\n%s", a.Body, first.Body)
			}
			n, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM consent_answer WHERE consent_id=?", consent)
			if err != nil || n != 5 {
				t.Errorf("%d rows, %v", n, err)
			}
			return a
		}},
		{Rule: "N2", Name: "每次答复有存证凭证，凭证不含档案", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			if err := p.Publish(t.Context()); err != nil {
				t.Fatal(err)
			}
			a := v.do(p, "GET", "/consents/"+consent+"/proof", nil).OK()
			if s := string(a.Body); !strings.Contains(s, "consent.answer") || strings.Contains(s, c.dossier) {
				t.Errorf("%s", s)
			}
			return a
		}},
		{Rule: "29.7", Name: "记载互相矛盾的，答复未见记载", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			id := other.asks(p, c.n, "birth_year", "1991", "education_at_least", "master").OK().String("id")
			me.decides(p, id, "grant").OK()
			a := other.do(p, "POST", "/consents/"+id+"/answers", nil)
			if got := heard(a); got != "birth_year=not_recorded education_at_least=no" {
				t.Errorf("%s", got)
			}
			return a
		}},
		{Rule: "29.3", Name: "涉密的、没有档案的，答复与未见记载逐字节一样", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			secret := int(certified.Add(1))
			d := testkit.Stock(p, "50010801", secret, func(d *dossier.Dossier) { d.Secrecy, d.OwnSecrecy = 1, 1 })
			bare := atWindow(t, p)
			var bodies []string
			for _, n := range []int{secret, 963, bare.n} {
				id := other.asks(p, n, "birth_year", "1991", "party_recorded", "recorded").OK().String("id")
				citizen(t, p, n).decides(p, id, "grant").OK()
				a := other.do(p, "POST", "/consents/"+id+"/answers", nil).OK()
				said := regexp.MustCompile(`[0-9a-f-]{36}|HY-500000-2026-\d+`).ReplaceAllString(string(a.Body), "U")
				said = regexp.MustCompile(`202\d-[^"]*`).ReplaceAllString(said, "T")
				bodies = append(bodies, said)
				if strings.Contains(string(a.Body), d.ID) {
					t.Error("the dossier is named")
				}
			}
			if bodies[0] != bodies[1] || bodies[1] != bodies[2] || !strings.Contains(bodies[0], "not_recorded") {
				t.Errorf("%s\n%s\n%s", bodies[0], bodies[1], bodies[2])
			}
			return other.do(p, "GET", "/consents", nil)
		}},
		{Rule: "N2", Name: "本人撤回后不再答复，答复过的也取不到", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			again := func() *testkit.Answer { // a program that repeats its request, key and all
				return p.Client("").Do("POST", "/api/v1/requester/consents/"+consent+"/answers", nil, "Requester-Key", v.key, "Idempotency-Key", "the-same-request")
			}
			again().OK()
			me.decides(p, consent, "revoke").OK()
			if x := again(); x.Status/100 == 2 || strings.Contains(string(x.Body), `"answer"`) {
				t.Errorf("a repeated request is answered after the consent was taken back: %d %s", x.Status, x.Body)
			}
			a := v.do(p, "GET", "/consents/"+consent, nil).OK()
			if strings.Contains(string(a.Body), `"answer"`) || a.String("state") != "revoked" {
				t.Errorf("%s", a.Body)
			}
			if x := v.do(p, "GET", "/consents/"+consent+"/proof", nil); x.Status != http.StatusForbidden {
				t.Errorf("its proof: %d", x.Status)
			}
			if x := me.do(p, "GET", "/api/v1/portal/consents/"+consent, nil).OK(); !strings.Contains(string(x.Body), `"answer":"yes"`) {
				t.Errorf("the person no longer sees what was answered: %s", x.Body)
			}
			return v.do(p, "POST", "/consents/"+consent+"/answers", nil)
		}},
		{Rule: "N2", Name: "本人不同意的，不答复", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			id := v.asks(p, c.n, "custody_at", "50010301").OK().String("id")
			me.decides(p, id, "decline").OK()
			return v.do(p, "POST", "/consents/"+id+"/answers", nil)
		}},
		{Rule: "N2", Name: "换一个单位接着试，超过一年内的次数不能再同意", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			var a *testkit.Answer
			for i, year := range []string{"1990", "1992", "1989"} { // 1991 was compared
				who := []verifier{v, other}[i%2]
				id := who.asks(p, c.n, "birth_year", year).OK().String("id")
				if a = me.decides(p, id, "grant"); i < 2 {
					a.OK()
				}
			}
			return a
		}},
		{Rule: "N2", Name: "同意到期后不答复", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			id := v.asks(p, nobody, "custody_at", "50010801")
			if id.Status != http.StatusForbidden { // one still waits from the start
				t.Errorf("%d %s", id.Status, id.Body)
			}
			stranger = citizen(t, p, nobody)
			var list struct{ Items []struct{ ID string } }
			stranger.do(p, "GET", "/api/v1/portal/consents", nil).JSON(&list)
			stranger.decides(p, list.Items[0].ID, "grant").OK()
			p.Clock.Set(p.Clock.Now().AddDate(0, 0, 31))
			p.Forget()
			return v.do(p, "POST", "/consents/"+list.Items[0].ID+"/answers", nil)
		}},
		{Rule: "N2", Name: "台账每问一条，不列姓名和答复", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			testkit.RegistersAgree(t, p.Instance)
			a := p.Client("supervisor-500000").Get("/api/v1/registers/consent-answers?from=2026-01-01&until=2027-12-31").OK()
			if s := string(a.Body); !strings.Contains(s, "两江会计师事务所（演示）") || strings.Contains(s, testkit.Name(c.n)) || strings.Contains(s, "未见记载") {
				t.Errorf("%s", s)
			}
			return a
		}},
		{Rule: "N2", Name: "停用核验单位后密钥失效", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			p.Client("secadmin-500000").Post("/api/v1/requesters/"+requester+"/end", j{"why": "协议终止（演示）"}).OK()
			return v.do(p, "GET", "/consents", nil)
		}},
	})
}

// TestBisectionIsStopped has many colluding requesters try to find a birth year, with a person
// who consents to whatever is put before them: what they learn together is three years.
func TestBisectionIsStopped(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		c := atWindow(t, p)
		c.fact("birth_date", "1991年3月14日", "入团志愿书", true)
		var crowd []verifier
		for i, code := range credits {
			id, v := enrolled(p, fmt.Sprintf("串通单位%d（演示）", i+1), code)
			p.Client("secadmin-500000").Post("/api/v1/requesters/"+id+"/confirm", nil).OK()
			crowd = append(crowd, v)
		}
		learned, refused := 0, 0
		for year := 1980; year < 2000; year++ {
			v := crowd[year%len(crowd)]
			a := v.asks(p, c.n, "birth_year", fmt.Sprint(year))
			if a.Status == http.StatusForbidden { // still waits for the year before
				refused++
				continue
			}
			me := citizen(t, p, c.n)
			if me.decides(p, a.OK().String("id"), "grant").Status != http.StatusOK {
				refused++
				continue
			}
			if got := heard(v.do(p, "POST", "/consents/"+a.String("id")+"/answers", nil)); got != "birth_year=no" {
				t.Errorf("%d: %s", year, got)
			}
			learned++
		}
		if learned != 3 || refused != 17 {
			t.Errorf("they learned of %d years, %d were refused", learned, refused)
		}
	})
}
