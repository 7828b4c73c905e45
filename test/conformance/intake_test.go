package conformance

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"dangan/internal/testkit"
)

// applicants number the persons of these cases, apart from those of other tests.
var applicants atomic.Int32

func next() int { return 61_000 + int(applicants.Add(1)) }

// record puts down an application that was not taken in.
func record(p *testkit.Province, user, matter string, application any, pairs ...any) *testkit.Answer {
	return p.Client(user).Post("/api/v1/intakes", merge(map[string]any{"matter": matter, "application": application, "contact": "电话"}, pairs...))
}

func decide(p *testkit.Province, user, id, what, note string) *testkit.Answer {
	return p.Client(user).Post("/api/v1/intakes/"+id+"/"+what, map[string]any{"note": note})
}

// papersOf are the kinds and numbers of the papers of a case.
func papersOf(p *testkit.Province, user, ref string) map[string]string {
	var list struct {
		Items []struct{ Kind, Number string }
	}
	p.Client(user).Get("/api/v1/documents?case=" + ref).OK().JSON(&list)
	out := map[string]string{}
	for _, d := range list.Items {
		out[d.Kind] = d.Number
	}
	return out
}

// slipOf is what anybody sees who holds the slip of a record.
func slipOf(p *testkit.Province, id string) (state string, steps []string) {
	var list struct {
		Items []struct{ Kind, Number, Code string }
	}
	p.Client("clerk-500108").Get("/api/v1/documents?case=Intake:" + id).OK().JSON(&list)
	for _, d := range list.Items {
		if d.Kind != "acceptance" {
			continue
		}
		var v struct {
			ProgressState string
			Progress      []struct{ Name, State string }
		}
		p.Client("").Get("/api/v1/verify?" + url.Values{"number": {d.Number}, "code": {d.Code}}.Encode()).OK().JSON(&v)
		for _, s := range v.Progress {
			steps = append(steps, s.Name+" "+s.State)
		}
		return v.ProgressState, steps
	}
	return "", nil
}

// here is an application for a dossier that 南岸 keeps already, made at 南岸.
func here(t *testing.T, p *testkit.Province) j {
	body := move(t, p, next(), nil).application()
	body["holder"], body["tiePlace"] = "50010101", "500108"
	return body
}

// without is an application for a certificate by a unit without the person's consent.
func without(c *certifying) map[string]any {
	return c.application("custody", "applicant", "unit", "unit", "演示公司", "name", "经办甲", "idNo", testkit.IDNo(3), "letter", "演示〔2026〕1号", "seen", []string{"居民身份证", "单位介绍信"})
}

// ground is an application that one reason stands against.
type ground struct {
	clerk, matter, slug string
	application         map[string]any
}

// upheld is an application that was refused for its reason, and the objection to that held.
func upheld(t *testing.T, p *testkit.Province, g ground) (id, notice string) {
	t.Helper()
	_, district, _ := strings.Cut(g.clerk, "-")
	a := record(p, g.clerk, g.matter, g.application).OK()
	if id = a.String("id"); a.String("state") != "proposed" || !strings.Contains(string(a.Body), `"`+g.slug+`"`) {
		t.Fatalf("%s: nothing of %s stands against it: %s", g.matter, g.slug, a.Body)
	}
	notice = decide(p, "reviewer-"+district, id, "refuse", "").OK().String("noticeNo")
	objection := say(p, g.clerk, "kind", "objection", "about", "", "notice", notice, "who", "申请人", "contact", "电话").OK().String("id")
	answered(p, "supervisor-"+district, objection, true).OK()
	return id, notice
}

// judged are applications that were refused by a judgment.
func judged(t *testing.T, p *testkit.Province) []ground {
	t.Helper()
	certify := func(slug string, application func(c *certifying) map[string]any) ground {
		return ground{"clerk-500108", "certificate", slug, application(atWindow(t, p))}
	}
	dead := func(slug string, pairs ...any) ground {
		c := atWindow(t, p)
		bury(t, p, c.dossier)
		return ground{"clerk-500108", "certificate", slug, c.application("custody", pairs...)}
	}
	return []ground{
		certify("applicant_not_person", func(c *certifying) map[string]any { return c.application("custody", "idNo", testkit.IDNo(1)) }),
		certify("kin_is_person", func(c *certifying) map[string]any {
			return c.application("custody", "applicant", "kin", "relation", "father", "seen", []string{"居民身份证", "户口簿"}, "right", "notary", "proof", "公证处受理通知书（演示）")
		}),
		certify("unit_not_entitled", func(c *certifying) map[string]any {
			return c.application("kinship", "applicant", "unit", "unit", "演示公司", "name", "经办甲", "idNo", testkit.IDNo(3), "letter", "演示〔2026〕1号", "consent", "2026年11月20日", "seen", []string{"居民身份证", "单位介绍信", "本人书面同意书"})
		}),
		dead("person_dead"),
		unheld(t, p),
		entrusted(t, p, "agent_declined"),
		dead("unit_matter", "applicant", "unit", "unit", "演示公司", "name", "经办甲", "idNo", testkit.IDNo(3), "letter", "演示〔2026〕1号", "seen", []string{"居民身份证", "单位介绍信"}),
	}
}

// bury registers that a dossier's person is dead.
func bury(t *testing.T, p *testkit.Province, dossierID string) {
	t.Helper()
	d := &deceased{p: p, dossier: dossierID}
	d.report("clerk-500108", "2026-09-01").OK()
	d.post("reviewer-500108", "confirm", nil).OK()
}

// unheld is a unit's application after its worker's authorization was withdrawn.
func unheld(t *testing.T, p *testkit.Province) ground {
	t.Helper()
	unit := "演示授权公司" + unique()
	a := p.Client("clerk-500101").Post("/api/v1/unit-accounts", papers(j{"unit": unit})).OK()
	var v struct {
		ID      string
		Workers []struct{ ID string }
	}
	a.JSON(&v)
	p.Client("clerk-500101").Post("/api/v1/unit-accounts/"+v.ID+"/workers/"+v.Workers[0].ID+"/revoke", j{"why": "单位来函"}).OK()
	return ground{"clerk-500101", "transfer", "worker_not_authorized", merge(move(t, p, next(), nil).application(), "applicantKind", "unit", "applicant", unit, "applicantDoc", "演示函1号", "applicantUscc", "91500103MA5U00011H")}
}

// entrusted is a question by an agent who stands for more than are usual; declined, the head
// said no.
func entrusted(t *testing.T, p *testkit.Province, slug string) ground {
	t.Helper()
	agent := next()
	for range 5 {
		mandated(p, "clerk-500108", next(), agent, nil).OK()
	}
	n := next()
	testkit.Stock(p, "50010801", n, nil)
	id := mandated(p, "clerk-500101", n, agent, j{"matters": []string{"whereabouts"}}).OK().String("id")
	if slug == "agent_declined" {
		p.Client("head-500101").Post("/api/v1/mandates/"+id+"/decide", j{"confirm": false, "note": "委托人说付了报酬"}).OK()
	}
	return ground{"clerk-500101", "whereabouts", slug, j{"name": testkit.Name(n), "idNo": testkit.IDNo(n), "document": "居民身份证", "agent": true, "mandateId": id}}
}

// registered are applications against which a register stands.
func registered(t *testing.T, p *testkit.Province) []ground {
	t.Helper()
	m := move(t, p, next(), nil)
	m.apply()
	c := atWindow(t, p)
	buried := move(t, p, next(), nil)
	bury(t, p, buried.d.ID)
	return []ground{
		{"clerk-500108", "transfer", "already_here", here(t, p)},
		entrusted(t, p, "agent_unconfirmed"),
		{"clerk-500101", "transfer", "transfer_open", m.application()},
		{"clerk-500101", "transfer", "person_dead", buried.application()},
		{"clerk-500108", "standing", "identity_same", map[string]any{"kind": "identity", "dossierId": c.dossier, "name": testkit.Name(c.n), "document": "户口簿", "seenBy": "甲", "seenOn": p.Gate.Today().String(), "reason": "更名"}},
	}
}

// intakes are the cases of the window's test: they share its provinces.
var intakes = []Case{
	{Rule: "29.8", Name: "规则不允许受理的申请登记为一件，出具受理回执，报另一人审核", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
		body := here(t, p)
		if a := p.Client("clerk-500108").Post("/api/v1/transfers", body); a.Status != 403 {
			t.Fatalf("it was taken in: %s", a.Body)
		}
		a := record(p, "clerk-500108", "transfer", body).OK()
		if a.String("state") != "proposed" || !strings.Contains(string(a.Body), "already_here") || a.String("dueOn") <= p.Gate.Today().String() {
			t.Errorf("%s", a.Body)
		}
		if papers := papersOf(p, "clerk-500108", "Intake:"+a.String("id")); papers["acceptance"] == "" || papers["refusal_notice"] != "" {
			t.Errorf("papers %v", papers)
		}
		if state, steps := slipOf(p, a.String("id")); state != "待审核" || !slices.Contains(steps, "审核 now") {
			t.Errorf("who holds the slip sees %s: %v", state, steps)
		}
		if list := string(p.Client("supervisor-500108").Get("/api/v1/intakes?view=proposed").OK().Body); !strings.Contains(list, a.String("id")) {
			t.Errorf("the supervisor does not see it: %s", list)
		}
		return a
	}},
	{Rule: "29.8", Name: "没有规则不允许、材料也齐的申请，不能登记为不予受理", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
		m := move(t, p, next(), nil)
		a := record(p, "clerk-500101", "transfer", m.application())
		if list := string(p.Client("clerk-500101").Get("/api/v1/transfers?limit=100").Body); strings.Contains(list, testkit.Name(m.n)) {
			t.Error("trying it took it in")
		}
		return a
	}},
	{Rule: "29.8", Name: "同一申请不重复登记", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
		body := here(t, p)
		record(p, "clerk-500108", "transfer", body).OK()
		return record(p, "clerk-500108", "transfer", body)
	}},
	{Rule: "29.8", Name: "经办人不能自己审核不予受理", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
		id := record(p, "clerk-500108", "transfer", here(t, p)).OK().String("id")
		return decide(p, "clerk-500108", id, "refuse", "")
	}},
	{Rule: "29.8", Name: "审核同意的出具不予办理告知单，列入不予办理台账", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
		id := record(p, "clerk-500108", "transfer", here(t, p)).OK().String("id")
		a := decide(p, "reviewer-500108", id, "refuse", "").OK()
		no := a.String("noticeNo")
		if a.String("state") != "refused" || no == "" || papersOf(p, "clerk-500108", "Intake:"+id)["refusal_notice"] != no {
			t.Errorf("%s", a.Body)
		}
		for _, key := range []string{"refusals", "intakes"} {
			if lines := string(p.Client("supervisor-500108").Get("/api/v1/registers/" + key + "?from=2026-01-01&until=2026-12-31&limit=100").OK().Body); !strings.Contains(lines, no) {
				t.Errorf("not in the register %s: %s", key, lines)
			}
		}
		return a
	}},
	{Rule: "29.8", Name: "登记后情形已经消除的，不能再出具不予办理告知单", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
		m := move(t, p, next(), nil)
		m.apply()
		id := record(p, "clerk-500101", "transfer", m.application()).OK().String("id")
		m.post("clerk-500101", "withdraw", j{"why": "本人要求", "paper": "撤回申请 1 号"}).OK()
		return decide(p, "reviewer-500101", id, "refuse", "")
	}},
	{Rule: "29.8", Name: "审核认为应予受理的写明理由退回，照原申请继续受理，不用重新填写", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
		m := move(t, p, next(), nil)
		m.apply()
		body := m.application()
		id := record(p, "clerk-500101", "transfer", body).OK().String("id")
		m.post("clerk-500101", "withdraw", j{"why": "本人要求", "paper": "撤回申请 1 号"}).OK()
		if a := decide(p, "reviewer-500101", id, "return", ""); a.Status != 422 {
			t.Errorf("returned without a word: %d", a.Status)
		}
		decide(p, "reviewer-500101", id, "return", "原件已撤回，应予受理").OK()
		v := p.Client("clerk-500101").Get("/api/v1/intakes/" + id).OK()
		if v.String("application.idNo") != body["idNo"] {
			t.Errorf("what was filled in is gone: %s", v.Body)
		}
		if v := p.Client("head-500101").Get("/api/v1/intakes/" + id).OK(); strings.Contains(string(v.Body), body["idNo"].(string)) {
			t.Error("the number is told to who does not take it in")
		}
		body["intakeId"] = id
		a := p.Client("clerk-500101").Post("/api/v1/transfers", body).OK()
		if v := p.Client("clerk-500101").Get("/api/v1/intakes/" + id).OK(); v.String("state") != "taken" || v.String("case") != "/transfers/"+a.String("id") {
			t.Errorf("its record has no end: %s", v.Body)
		}
		return a
	}},
	{Rule: "7b", Name: "全市规定没有依据不予受理的，异议成立后照原申请受理，不再以同一理由拒绝", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
		set := func(value string) {
			p.Client("supervisor-500000").Put("/api/v1/settings/tie_refuse", j{"value": value}).OK()
		}
		body := move(t, p, next(), nil).application()
		body["tiePlace"] = "500103"
		set("户籍地,现工作单位所在地")
		defer set("")
		id := record(p, "clerk-500101", "transfer", body).OK().String("id")
		no := decide(p, "reviewer-500101", id, "refuse", "").OK().String("noticeNo")
		objection := say(p, "clerk-500101", "kind", "objection", "about", "", "notice", no, "who", "申请人", "contact", "电话").OK().String("id")
		body["intakeId"] = id
		if a := p.Client("clerk-500101").Post("/api/v1/transfers", body); a.Status != 403 {
			t.Errorf("taken in before the answer: %s", a.Body)
		}
		answered(p, "supervisor-500101", objection, true).OK()
		if v := p.Client("clerk-500101").Get("/api/v1/intakes/" + id).OK(); v.String("state") != "returned" {
			t.Errorf("%s", v.Body)
		}
		a := p.Client("clerk-500101").Post("/api/v1/transfers", body).OK()
		if !strings.Contains(string(a.Body), no) {
			t.Errorf("it does not say why it was taken in: %s", a.Body)
		}
		return a
	}},
	{Rule: "29.8", Name: "异议成立后，判断性的理由不再拒绝：申请人身份、单位经办人授权、负责人不认可的代办、死者的申请人", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
		var last *testkit.Answer
		for _, g := range judged(t, p) {
			id, no := upheld(t, p, g)
			body := merge(g.application, "intakeId", id)
			a := p.Client(g.clerk).Post("/api/v1/"+map[string]string{"certificate": "certificates", "transfer": "transfers", "whereabouts": "inquiries"}[g.matter], body)
			if a.Status != 200 {
				t.Errorf("%s %s: taken up again it is answered %d: %s", g.matter, g.slug, a.Status, a.Body)
				continue
			}
			v := p.Client(g.clerk).Get("/api/v1/intakes/" + id).OK()
			if v.String("state") != "taken" || no == "" {
				t.Errorf("%s %s has no end: %s", g.matter, g.slug, v.Body)
			}
			last = a
		}
		return last
	}},
	{Rule: "29.8", Name: "异议成立后，登记所载的情形先更正登记，不能以同一理由再次不予办理", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
		var last *testkit.Answer
		for _, g := range registered(t, p) {
			id, _ := upheld(t, p, g)
			if a := record(p, g.clerk, g.matter, g.application, "intake", id); a.Status != 403 || !strings.Contains(string(a.Body), "objection_held") {
				t.Errorf("%s %s is proposed again: %d %s", g.matter, g.slug, a.Status, a.Body)
			} else {
				last = a
			}
			if v := p.Client(g.clerk).Get("/api/v1/intakes/" + id).OK(); v.String("state") != "returned" {
				t.Errorf("%s", v.Body)
			}
		}
		return last
	}},
	{Rule: "29.8", Name: "异议成立后补正过材料的，被撤销的理由仍不再拒绝", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
		g := ground{"clerk-500108", "certificate", "applicant_not_person", atWindow(t, p).application("custody", "idNo", testkit.IDNo(1))}
		id, _ := upheld(t, p, g)
		lacking := merge(maps.Clone(g.application), "seen", []string{})
		if a := record(p, g.clerk, g.matter, lacking, "intake", id).OK(); a.String("state") != "completing" {
			t.Errorf("%s", a.Body)
		}
		return p.Client(g.clerk).Post("/api/v1/certificates", merge(g.application, "intakeId", id))
	}},
	{Rule: "29.8", Name: "单位申请销户、经办人授权已终止的报审核不予受理；异议成立后照原申请注销", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
		const clerk = "clerk-500101"
		unit := "演示销户公司" + unique()
		var v struct {
			ID      string
			Workers []struct{ ID string }
		}
		p.Client(clerk).Post("/api/v1/unit-accounts", papers(j{"unit": unit, "uscc": "91500106MA5UPR0189"})).OK().JSON(&v)
		p.Client(clerk).Post("/api/v1/unit-accounts/"+v.ID+"/workers/"+v.Workers[0].ID+"/revoke", j{"why": "单位来函"}).OK()
		request := ending(j{"accountId": v.ID})
		if a := record(p, "clerk-500108", "closing", request); a.Status != 404 {
			t.Errorf("another agency's account: %d %s", a.Status, a.Body)
		}
		if a := record(p, clerk, "closing", merge(maps.Clone(request), "why", "unreachable")); a.Status == 200 {
			t.Errorf("recorded though nobody applied: %s", a.Body)
		}
		id, no := upheld(t, p, ground{clerk, "closing", "worker_not_authorized", request})
		a := p.Client(clerk).Post("/api/v1/unit-accounts/"+v.ID+"/close", ending(j{"intakeId": id})).OK()
		if x := p.Client(clerk).Get("/api/v1/intakes/" + id).OK(); x.String("state") != "taken" || x.String("case") != "/units/"+v.ID || no == "" {
			t.Errorf("its record has no end: %s", x.Body)
		}
		return a
	}},
	{Rule: "29.8", Name: "单位申请销户，名下仍有档案不是不予受理的理由", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
		const clerk = "clerk-500108"
		unit := "演示存档公司" + unique()
		var v struct {
			ID      string
			Workers []struct{ ID string }
		}
		p.Client(clerk).Post("/api/v1/unit-accounts", papers(j{"unit": unit})).OK().JSON(&v)
		onAccount(p, unit, next(), 1)
		request := ending(j{"workerId": v.Workers[0].ID})
		if a := p.Client(clerk).Post("/api/v1/unit-accounts/"+v.ID+"/close", request); a.Status != 403 {
			t.Errorf("closed: %s", a.Body)
		}
		return record(p, clerk, "closing", merge(request, "accountId", v.ID))
	}},
	{Rule: "28", Name: "查档去向没有出示证件的一次性告知补正，补齐后照原申请答复", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
		n := next()
		testkit.Stock(p, "50010801", n, nil)
		question := j{"name": testkit.Name(n), "idNo": testkit.IDNo(n), "document": ""}
		a := record(p, "clerk-500108", "whereabouts", question).OK()
		id := a.String("id")
		if papers := papersOf(p, "clerk-500108", "Intake:"+id); a.String("state") != "completing" || papers["acceptance"] == "" || papers["completion"] == "" {
			t.Errorf("%s %v", a.Body, papers)
		}
		if again := record(p, "clerk-500108", "whereabouts", question, "intake", id); again.Status != 403 {
			t.Errorf("told twice: %s", again.Body)
		}
		answer := p.Client("clerk-500108").Post("/api/v1/inquiries", merge(maps.Clone(question), "document", "居民身份证", "intakeId", id)).OK()
		if v := p.Client("clerk-500108").Get("/api/v1/intakes/" + id).OK(); v.String("state") != "taken" || v.String("case") == "" {
			t.Errorf("%s", v.Body)
		}
		return answer
	}},
	{Rule: "12a", Name: "代办查档去向没有委托书的，须补正，不按本人答复", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
		n := next()
		testkit.Stock(p, "50010801", n, nil)
		return p.Client("clerk-500108").Post("/api/v1/inquiries", j{"name": testkit.Name(n), "idNo": testkit.IDNo(n), "document": "居民身份证", "agent": true})
	}},
	{Rule: "7b", Name: "登记过的申请不能用来受理另一个人的", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
		m := move(t, p, next(), nil)
		m.apply()
		id := record(p, "clerk-500101", "transfer", m.application()).OK().String("id")
		other := move(t, p, next(), nil).application()
		other["intakeId"] = id
		a := p.Client("clerk-500101").Post("/api/v1/transfers", other)
		if !slices.Contains(a.Rules(), "29.8") {
			t.Errorf("%s", a.Body)
		}
		other["tiePlace"] = "500103"
		return p.Client("clerk-500101").Post("/api/v1/transfers", other)
	}},
	{Rule: "28", Name: "材料不齐的一次性告知，出具受理回执和补正告知单，补齐后继续受理", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
		c := atWindow(t, p)
		a := record(p, "clerk-500108", "certificate", without(c), "more", []string{"单位介绍信没有写明用途"}).OK()
		id := a.String("id")
		if a.String("state") != "completing" || !strings.Contains(string(a.Body), "unit_consent") || !strings.Contains(string(a.Body), "没有写明用途") {
			t.Errorf("%s", a.Body)
		}
		if papers := papersOf(p, "clerk-500108", "Intake:"+id); papers["acceptance"] == "" || papers["completion"] == "" {
			t.Errorf("papers %v", papers)
		}
		whole := merge(without(c), "consent", "2026-11-20", "seen", []string{"居民身份证", "单位介绍信", "本人书面同意书"}, "intakeId", id)
		taken := p.Client("clerk-500108").Post("/api/v1/certificates", whole).OK()
		if state, steps := slipOf(p, id); state != "已受理" || !slices.Equal(steps, []string{"收件登记 done", "补正 done", "受理 done"}) {
			t.Errorf("who holds the slip sees %s: %v", state, steps)
		}
		if v := p.Client("clerk-500108").Get("/api/v1/intakes/" + id).OK(); v.String("state") != "taken" || v.String("case") != "/certificates/"+taken.String("id") {
			t.Errorf("%s", v.Body)
		}
		return taken
	}},
	{Rule: "29.8", Name: "补正只告知一次，不能再次要求补正", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
		c := atWindow(t, p)
		id := record(p, "clerk-500108", "certificate", without(c)).OK().String("id")
		return record(p, "clerk-500108", "certificate", without(c), "intake", id, "more", []string{"再补一份"})
	}},
	{Rule: "28", Name: "信息变更的申请一样可以一次性告知补正", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
		c := atWindow(t, p)
		return record(p, "clerk-500108", "standing", map[string]any{"kind": "identity", "dossierId": c.dossier, "name": "新名"}).OK()
	}},
	{Rule: "28", Name: "集体户开户一样可以一次性告知补正", Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
		return record(p, "clerk-500108", "account", map[string]any{"unit": "演示补正公司" + unique()}).OK()
	}},
	{Rule: "29.8", Name: "逾期未补正的终止，不能再凭它受理", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
		c := atWindow(t, p)
		id := record(p, "clerk-500108", "certificate", without(c)).OK().String("id")
		now := p.Clock.Now()
		p.Clock.Set(now.AddDate(0, 0, 30))
		err := p.Intakes.Sweep(context.Background())
		p.Clock.Set(now)
		if err != nil {
			t.Error(err)
		}
		if v := p.Client("clerk-500108").Get("/api/v1/intakes/" + id).OK(); v.String("state") != "lapsed" {
			t.Errorf("%s", v.Body)
		}
		return p.Client("clerk-500108").Post("/api/v1/certificates", merge(without(c), "consent", "2026-11-20", "seen", []string{"居民身份证", "单位介绍信", "本人书面同意书"}, "intakeId", id))
	}},
	{Rule: "29.8", Name: "申请人撤回的登记为撤回，写明原因", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
		id := record(p, "clerk-500108", "transfer", here(t, p)).OK().String("id")
		if a := decide(p, "clerk-500108", id, "withdraw", ""); a.Status != 422 {
			t.Errorf("withdrawn without a word: %d", a.Status)
		}
		return decide(p, "clerk-500108", id, "withdraw", "本人自己查到了")
	}},
	{Rule: "10b", Name: "亲属的申请不由本人登记", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
		m := move(t, p, next(), nil)
		p.Client("clerk-500103").Post("/api/v1/account/kin", j{"relation": "wife", "name": testkit.Name(m.n), "idNo": testkit.IDNo(m.n)}).OK()
		body := m.application()
		body["tiePlace"] = "500103"
		return record(p, "clerk-500103", "transfer", body)
	}},
}
