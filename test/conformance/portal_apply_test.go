package conformance

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"dangan/internal/dossier"
	persons "dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/portal"
	"dangan/internal/store"
	"dangan/internal/testkit"
)

// online sends a form: its first part, and a photo for each paper.
func (v visitor) online(p *testkit.Province, path, part string, first any, raw []byte, papers ...string) *testkit.Answer {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	text, ok := first.(string)
	if !ok {
		b, err := json.Marshal(first)
		if err != nil {
			panic(err)
		}
		text = string(b)
	}
	if err := w.WriteField(part, text); err != nil {
		panic(err)
	}
	for _, name := range papers {
		f, err := w.CreateFormFile(name, "photo.jpg")
		if err == nil {
			_, err = f.Write(raw)
		}
		if err != nil {
			panic(err)
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return v.do(p, "POST", "/api/v1/portal/applications"+path, body.Bytes(), "Content-Type", w.FormDataContentType(), "Page-Session", "a page of these tests, "+unique()+unique())
}

func (v visitor) applies(p *testkit.Province, matter string, with j, papers ...string) *testkit.Answer {
	body := j{"matter": matter, matter: with, "contact": "电话"}
	if agency, ok := with["agency"]; ok {
		body["agency"] = agency
		delete(with, "agency")
	}
	return v.online(p, "", "application", body, snap(1500, 2000), papers...)
}

// onlineCases are what units and persons apply for over the net; they are run in the
// province of TestCollection.
func onlineCases() []Case {
	const unit, uscc = "南山电气（演示）有限公司", "91500112MAABCDEF8N"
	var mine, me, stranger visitor
	var d dossier.Dossier
	var who persons.Person
	var cert, asked, moving, reading, refused string
	clerk := func(p *testkit.Province) *testkit.Client { return p.Client("clerk-500108") }
	view := func(p *testkit.Province, v visitor, id string) *testkit.Answer {
		return v.do(p, "GET", "/api/v1/portal/applications/"+id, nil)
	}
	reads := func(n int) j {
		return j{"name": testkit.Name(9100 + n), "idNo": testkit.IDNo(9100 + n), "post": "干部科", "political": "01"}
	}
	wants := func(name, idNo string, readers ...j) j {
		return j{"agency": "50010801", "name": name, "idNo": idNo, "purpose": "vetting", "reason": "考察", "paperName": "介绍信", "paperNo": "1号", "paperOn": "2026-11-20", "readers": readers}
	}
	return []Case{
		{Rule: "23", Name: "本人网上申请证明，只是一件待受理的申请，什么都没有生效", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			d = stock(p, nil)
			var err error
			if who, err = persons.Get(t.Context(), p.DB, d.PersonID); err != nil {
				t.Fatal(err)
			}
			me = entered(t, p, portal.Identity{Kind: policy.Citizen, Name: who.Name, IDNo: who.IDNo})
			stranger = entered(t, p, portal.Identity{Kind: policy.Citizen, Name: "路人", IDNo: testkit.IDNo(9105)})
			a := me.applies(p, "certificate", j{"kind": "custody", "use": "办理社会保险"}, "other").OK()
			cert = a.String("id")
			if n, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM certificate WHERE dossier_id=?", d.ID); err != nil || n != 0 {
				t.Errorf("%d certificates, %v", n, err)
			}
			if s := string(a.Body); a.String("stateName") != "待受理" || strings.Contains(s, who.IDNo) || strings.Contains(s, d.ID) || strings.Contains(s, d.No) {
				t.Errorf("%s", s)
			}
			if work := string(clerk(p).Get("/api/v1/work").OK().Body); !strings.Contains(work, "/intakes/"+cert) {
				t.Errorf("not in the clerk's work: %s", work)
			}
			if list := string(clerk(p).Get("/api/v1/intakes?view=sent").OK().Body); !strings.Contains(list, cert) {
				t.Errorf("not on the list: %s", list)
			}
			return a
		}},
		{Rule: "23", Name: "没有档案的和档案涉密的，网上得到同样的答复", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			closed := stock(p, func(d *dossier.Dossier) { d.Secrecy = 2 })
			n, err := persons.Get(t.Context(), p.DB, closed.PersonID)
			if err != nil {
				t.Fatal(err)
			}
			hidden := entered(t, p, portal.Identity{Kind: policy.Citizen, Name: n.Name, IDNo: n.IDNo})
			one, two := hidden.applies(p, "certificate", j{"kind": "custody", "use": "落户"}), stranger.applies(p, "certificate", j{"kind": "custody", "use": "落户"})
			if one.Status != two.Status || strings.Join(one.Rules(), " ") != strings.Join(two.Rules(), " ") || !strings.Contains(string(one.Body), "nothing_online") || !strings.Contains(string(two.Body), "nothing_online") {
				t.Errorf("told apart: %s %s", one.Body, two.Body)
			}
			if a, b := hidden.do(p, "GET", "/api/v1/portal/choices", nil).OK(), stranger.do(p, "GET", "/api/v1/portal/choices", nil).OK(); !bytes.Equal(a.Body, b.Body) {
				t.Error("the lists tell them apart")
			}
			return one
		}},
		{Rule: "23", Name: "没有写用途的申请，在该项旁边写明", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return me.applies(p, "certificate", j{"kind": "custody", "use": " "})
		}},
		{Rule: "28", Name: "附来的不是照片也不是 PDF 的不收", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := me.online(p, "", "application", j{"matter": "certificate", "certificate": j{"kind": "custody", "use": "落户"}}, []byte("<html><script>alert(1)</script></html>"), "other")
			if n, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM intake WHERE sender IS NOT NULL"); err != nil || n != 1 {
				t.Errorf("%d applications, %v", n, err)
			}
			return a
		}},
		{Rule: "28", Name: "内容无法识别的申请不收", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return me.online(p, "", "application", j{"matter": "certificate", "certificate": j{"kind": "custody", "use": "落户", "seen": []string{"居民身份证"}}}, nil)
		}},
		{Rule: "28", Name: "工作人员查看附件留痕；一次性告知补正，出具受理回执和补正告知单", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			v := clerk(p).Get("/api/v1/intakes/" + cert).OK()
			if s := string(v.Body); !strings.Contains(s, "存档证明") || !strings.Contains(s, "办理社会保险") || v.String("sender") != who.Name {
				t.Errorf("%s", s)
			}
			if a := clerk(p).Get("/api/v1/intakes/" + cert + "/files/1").OK(); !bytes.HasPrefix(a.Body, []byte{0xff, 0xd8}) {
				t.Error("no photo")
			}
			looks, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM ledger_entry e JOIN ledger_subject s ON s.entry_id=e.id WHERE s.subject=? AND e.body LIKE '%intake.look%'", "Intake:"+cert)
			if err != nil || looks != 1 {
				t.Errorf("%d looks on record, %v", looks, err)
			}
			if x := me.do(p, "GET", "/api/v1/intakes/"+cert+"/files/1", nil); x.Status != http.StatusForbidden {
				t.Errorf("the sender reads by the office's door: %d", x.Status)
			}
			a := clerk(p).Post("/api/v1/intakes/"+cert+"/ask", j{"missing": []string{"请写明用于哪一项社会保险业务", "请附单位开具的办理通知"}}).OK()
			if papers := papersOf(p, "clerk-500108", "Intake:"+cert); papers["acceptance"] == "" || papers["completion"] == "" {
				t.Errorf("papers %v", papers)
			}
			mine := view(p, me, cert).OK()
			if s := string(mine.Body); mine.String("stateName") != "待补正" || !strings.Contains(s, "哪一项社会保险业务") || !strings.Contains(s, "受理回执") || mine.String("dueOn") == "" {
				t.Errorf("%s", s)
			}
			return a
		}},
		{Rule: "29.8", Name: "没有写明需要补正什么的，不能告知", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			asked = me.applies(p, "certificate", j{"kind": "history", "use": "落户"}).OK().String("id")
			return clerk(p).Post("/api/v1/intakes/"+asked+"/ask", j{"missing": []string{" "}})
		}},
		{Rule: "29.8", Name: "别人的申请看不到，不能补正，不能撤回", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			for what, x := range map[string]*testkit.Answer{
				"read":     view(p, stranger, cert),
				"answer":   stranger.online(p, "/"+cert+"/answer", "answer", "补正", nil),
				"withdraw": stranger.do(p, "POST", "/api/v1/portal/applications/"+cert+"/withdraw", nil),
			} {
				if x.Status != http.StatusNotFound {
					t.Errorf("%s: %d %s", what, x.Status, x.Body)
				}
			}
			if s := string(stranger.do(p, "GET", "/api/v1/portal/applications", nil).OK().Body); strings.Contains(s, cert) {
				t.Errorf("listed: %s", s)
			}
			return view(p, me, cert)
		}},
		{Rule: "29.8", Name: "空的补正不收", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return me.online(p, "/"+cert+"/answer", "answer", "", nil)
		}},
		{Rule: "29.8", Name: "网上补正后回到经办", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := me.online(p, "/"+cert+"/answer", "answer", "用于养老保险转移", snap(1500, 2000), "more").OK()
			if v := clerk(p).Get("/api/v1/intakes/" + cert).OK(); v.String("state") != "sent" || !strings.Contains(string(v.Body), "养老保险转移") {
				t.Errorf("%s", v.Body)
			}
			return a
		}},
		{Rule: "29.8", Name: "补正只告知一次，不能再提出新的要求", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return clerk(p).Post("/api/v1/intakes/"+cert+"/ask", j{"missing": []string{"再补一份"}})
		}},
		{Rule: "29.8", Name: "仍未补齐的只能勾选原来告知的；不再另出告知单", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := clerk(p).Post("/api/v1/intakes/"+cert+"/ask", j{"still": []int{1}}).OK()
			if s := string(a.Body); !strings.Contains(s, "办理通知") || strings.Contains(s, "哪一项社会保险业务") {
				t.Errorf("%s", s)
			}
			return me.online(p, "/"+cert+"/answer", "answer", "通知见附件", snap(1500, 2000), "more")
		}},
		{Rule: "23", Name: "经办照网上申请受理，受理后申请人看到办到哪一步", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			v := clerk(p).Get("/api/v1/intakes/" + cert).OK()
			var body struct{ Application map[string]any }
			v.JSON(&body)
			a := clerk(p).Post("/api/v1/certificates", merge(body.Application, "intakeId", cert)).OK()
			if v := clerk(p).Get("/api/v1/intakes/" + cert).OK(); v.String("state") != "taken" || v.String("case") != "/certificates/"+a.String("id") {
				t.Errorf("%s", v.Body)
			}
			if s := view(p, me, cert).OK().String("stateName"); s != "已受理，草稿" {
				t.Errorf("the applicant sees %q", s)
			}
			if s := string(me.do(p, "GET", "/api/v1/portal/applications", nil).OK().Body); strings.Count(s, "已受理，草稿") != 1 || strings.Contains(s, a.String("id")) {
				t.Errorf("shown twice or not at all: %s", s)
			}
			return a
		}},
		{Rule: "29.8", Name: "受理以后、出具以前，申请人仍可网上撤回：所办事项随之终止，经办得到通知；别人撤回不了", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			if s := string(view(p, me, cert).OK().Body); !strings.Contains(s, `"withdraw":true`) {
				t.Errorf("not offered: %s", s)
			}
			if x := stranger.do(p, "POST", "/api/v1/portal/applications/"+cert+"/withdraw", nil); x.Status != http.StatusNotFound {
				t.Errorf("a stranger withdraws: %d %s", x.Status, x.Body)
			}
			a := me.do(p, "POST", "/api/v1/portal/applications/"+cert+"/withdraw", nil).OK()
			if a.String("stateName") != "已受理，已撤回" || strings.Contains(string(a.Body), `"withdraw":true`) {
				t.Errorf("%s", a.Body)
			}
			if n, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM certificate WHERE dossier_id=? AND state='withdrawn' AND reason='申请人网上撤回'", d.ID); err != nil || n != 1 {
				t.Errorf("%d withdrawn, %v", n, err)
			}
			inboxTells(t, p, "clerk-500108", "受理后网上撤回")
			return a
		}},
		{Rule: "29.8", Name: "已经终止的不能再撤回，写明到哪里去问", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return me.do(p, "POST", "/api/v1/portal/applications/"+cert+"/withdraw", nil)
		}},
		{Rule: "29.8", Name: "受理之前申请人可以撤回，不用说明理由", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := me.do(p, "POST", "/api/v1/portal/applications/"+asked+"/withdraw", nil).OK()
			if a.String("stateName") != "已撤回" {
				t.Errorf("%s", a.Body)
			}
			if v := clerk(p).Get("/api/v1/intakes/" + asked).OK(); v.String("state") != "withdrawn" {
				t.Errorf("%s", v.Body)
			}
			return a
		}},
		{Rule: "20.1", Name: "单位网上申请转入，没有附申请函的不收", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			clerk(p).Post("/api/v1/unit-accounts", papers(j{"unit": unit, "uscc": uscc, "workerUntil": "2026-12-31"})).OK()
			mine = entered(t, p, portal.Identity{Kind: policy.Unit, USCC: uscc, Unit: unit, Name: "周知行", IDNo: testkit.IDNo(9001)})
			testkit.Stock(p, "50010301", 9150, nil)
			return mine.applies(p, "transfer", j{"agency": "50010801", "name": testkit.Name(9150), "idNo": testkit.IDNo(9150), "direction": "inner", "holder": "50010301", "reason": "集体户转入", "regionBasis": "现工作单位所在地", "tiePlace": "500108"})
		}},
		{Rule: "12c", Name: "单位只能向有集体户、授权有效的机构申请", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return mine.applies(p, "transfer", j{"agency": "50010301", "name": testkit.Name(9150), "idNo": testkit.IDNo(9150), "direction": "inner", "holder": "50010801", "reason": "集体户转入", "regionBasis": "现工作单位所在地", "tiePlace": "500103"}, "letter")
		}},
		{Rule: "20.1", Name: "单位网上申请转入，经办核验证件后照申请受理", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			moving = mine.applies(p, "transfer", j{"agency": "50010801", "name": testkit.Name(9150), "idNo": testkit.IDNo(9150), "direction": "inner", "holder": "50010301", "reason": "集体户转入", "regionBasis": "现工作单位所在地", "tiePlace": "500108"}, "letter", "identity").OK().String("id")
			var body struct{ Application map[string]any }
			clerk(p).Get("/api/v1/intakes/" + moving).OK().JSON(&body)
			if x := clerk(p).Post("/api/v1/transfers", merge(body.Application, "intakeId", moving)); x.Status != 422 || !strings.Contains(string(x.Body), "document_not_seen") {
				t.Errorf("taken in without a document seen: %d %s", x.Status, x.Body)
			}
			a := clerk(p).Post("/api/v1/transfers", merge(body.Application, "intakeId", moving, "document", "居民身份证")).OK()
			if s := view(p, mine, moving).OK().String("stateName"); !strings.HasPrefix(s, "已受理，") {
				t.Errorf("the unit sees %q", s)
			}
			return a
		}},
		{Rule: "20.1", Name: "本人网上申请从外省转入，电子身份凭证即是核验的证件", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			id := stranger.applies(p, "transfer", j{"agency": "50010801", "direction": "in", "holderName": "成都市人才流动服务中心", "holderKind": "service", "province": "51", "onlineNo": "KS-1", "reason": "流动就业", "regionBasis": "户籍地", "tiePlace": "500108", "category": "4.7/other"}, "tie", "category").OK().String("id")
			var body struct{ Application map[string]any }
			clerk(p).Get("/api/v1/intakes/" + id).OK().JSON(&body)
			if body.Application["document"] != "电子身份凭证" || body.Application["onlineNo"] != "KS-1" {
				t.Errorf("%v", body.Application)
			}
			return clerk(p).Post("/api/v1/transfers", merge(body.Application, "intakeId", id, "evidence", "劳动合同"))
		}},
		{Rule: "29.8", Name: "单位网上申请的转入受理后撤回：出撤回通知，凭的是网上申请的编号", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := mine.do(p, "POST", "/api/v1/portal/applications/"+moving+"/withdraw", nil).OK()
			if a.String("stateName") != "已受理，已撤回" {
				t.Errorf("%s", a.Body)
			}
			if n, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM transfer t JOIN intake i ON i.case_ref='Transfer:'||t.id WHERE i.id=? AND t.state='withdrawn' AND t.withdrawn_by='applicant' AND t.withdrawn_paper='网上申请 '||i.no", moving); err != nil || n != 1 {
				t.Errorf("%d withdrawn, %v", n, err)
			}
			// 12c: who of the unit took it back, on which authorization, stands beside the case.
			if n, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM unit_visit v JOIN intake i ON i.case_ref=v.case_ref JOIN account_worker w ON w.id=v.worker_id WHERE i.id=? AND v.act='transfer.withdraw'", moving); err != nil || n != 1 {
				t.Errorf("%d workers withdrew, %v", n, err)
			}
			return a
		}},
		{Rule: "29.3", Name: "单位不能从窗口的门撤回，别的单位的也撤回不了", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			other := mine.applies(p, "transfer", j{"agency": "50010801", "name": testkit.Name(9150), "idNo": testkit.IDNo(9150), "direction": "inner", "holder": "50010301", "reason": "集体户转入", "regionBasis": "现工作单位所在地", "tiePlace": "500108"}, "letter").OK().String("id")
			if x := me.do(p, "POST", "/api/v1/portal/applications/"+other+"/withdraw", nil); x.Status != http.StatusNotFound {
				t.Errorf("%d %s", x.Status, x.Body)
			}
			return mine.do(p, "POST", "/api/v1/transfers/"+other+"/withdraw", j{"why": "撤回", "paper": "1"})
		}},
		{Rule: "12b", Name: "号码有误的申请，在该项旁边写明", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return mine.applies(p, "standing", j{"agency": "50010801", "name": "某人", "idNo": "500108199001010000"}, "letter")
		}},
		{Rule: "21.2", Name: "网上申请查阅，查阅人不足两人的不收", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return mine.applies(p, "consultation", wants(who.Name, who.IDNo, reads(0)), "letter")
		}},
		{Rule: "21.1", Name: "网上申请查阅，没有附介绍信的不收", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return mine.applies(p, "consultation", wants(who.Name, who.IDNo, reads(0), reads(1)))
		}},
		{Rule: "21.1", Name: "单位网上申请查阅，答复不透露有没有这份档案；本人看不到；经办核对后登记", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := mine.applies(p, "consultation", wants(who.Name, who.IDNo, reads(0), reads(1)), "letter").OK()
			b := mine.applies(p, "consultation", wants(testkit.Name(9199), testkit.IDNo(9199), reads(0), reads(1)), "letter").OK()
			if a.String("stateName") != b.String("stateName") || a.String("agencyName") != b.String("agencyName") {
				t.Errorf("told apart: %s %s", a.Body, b.Body)
			}
			reading, refused = a.String("id"), b.String("id")
			if s := string(me.do(p, "GET", "/api/v1/portal/applications", nil).OK().Body); strings.Contains(s, reading) {
				t.Errorf("the person sees who consults: %s", s)
			}
			v := clerk(p).Get("/api/v1/intakes/" + reading).OK()
			var body struct{ Application map[string]any }
			v.JSON(&body)
			if !strings.Contains(string(v.Body), `"keptHere":true`) {
				t.Errorf("%s", v.Body)
			}
			delete(body.Application, "personName")
			delete(body.Application, "personIdNo")
			c := clerk(p).Post("/api/v1/consultations", merge(body.Application, "intakeId", reading, "dossierId", d.ID)).OK()
			if s := view(p, mine, reading).OK().String("stateName"); s != "已受理，草稿" {
				t.Errorf("the unit sees %q", s)
			}
			if s := mine.do(p, "POST", "/api/v1/portal/applications/"+reading+"/withdraw", nil).OK().String("stateName"); s != "已受理，已撤回" {
				t.Errorf("the unit withdraws and sees %q", s)
			}
			return c
		}},
		{Rule: "29.8", Name: "本机构没有的档案，报另一人审核后不予办理，单位登录看到告知单", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			var body struct{ Application map[string]any }
			clerk(p).Get("/api/v1/intakes/" + refused).OK().JSON(&body)
			record(p, "clerk-500108", "consultation", body.Application, "intake", refused).OK()
			a := decide(p, "reviewer-500108", refused, "refuse", "").OK()
			s := string(view(p, mine, refused).OK().Body)
			if !strings.Contains(s, a.String("noticeNo")) || !strings.Contains(s, "没有保管") || !strings.Contains(s, "不予办理") {
				t.Errorf("%s", s)
			}
			return a
		}},
		{Rule: "12", Name: "单位网上申请加入集体户，本人接受须知后由经办受理，另一人审批", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			id := mine.applies(p, "standing", j{"agency": "50010801", "name": who.Name, "idNo": who.IDNo}, "letter").OK().String("id")
			var body struct{ Application map[string]any }
			clerk(p).Get("/api/v1/intakes/" + id).OK().JSON(&body)
			for _, key := range []string{"dossierId", "personName", "personIdNo"} {
				delete(body.Application, key)
			}
			a := clerk(p).Post("/api/v1/dossiers/"+d.ID+"/standing", merge(body.Application, "intakeId", id, "accountPaper", "business_licence", "noticeNo", "2026-1", "noticeWay", "paper", "noticeBy", "本人", "seenBy", "经办", "seenOn", "2026-11-23")).OK()
			if v := clerk(p).Get("/api/v1/intakes/" + id).OK(); v.String("state") != "taken" {
				t.Errorf("%s", v.Body)
			}
			if now := accountOf(t, p, d.ID); now.AccountKind == "collective" {
				t.Errorf("on an account before it was decided: %+v", now)
			}
			decided(p, "reviewer-500108", a.String("id"), j{"approve": true}).OK()
			if now := accountOf(t, p, d.ID); now.AccountKind != "collective" || now.AccountUnit != unit {
				t.Errorf("%+v", now)
			}
			return a
		}},
		{Rule: "20.1", Name: "单位网上申请退出集体户，须附申请函", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			if x := stranger.applies(p, "standing", j{"agency": "50010801", "name": who.Name, "idNo": who.IDNo, "leave": true}, "letter"); x.Status != 422 || !strings.Contains(string(x.Body), "matter_not_online") {
				t.Errorf("a person applies for a unit: %d %s", x.Status, x.Body)
			}
			return mine.applies(p, "standing", j{"agency": "50010801", "name": who.Name, "idNo": who.IDNo, "leave": true})
		}},
		{Rule: "12c", Name: "单位不能替别的单位集体户上的人退出", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			other := onAccount(p, "别家单位（演示）有限公司", 9170, 1)[0]
			id := mine.applies(p, "standing", j{"agency": "50010801", "name": testkit.Name(9170), "idNo": testkit.IDNo(9170), "leave": true}, "letter").OK().String("id")
			a := takenOff(p, id, other.ID)
			if now := accountOf(t, p, other.ID); now.AccountKind != "collective" || !strings.Contains(string(a.Body), "account_of_another") {
				t.Errorf("%+v %s", now, a.Body)
			}
			return a
		}},
		{Rule: "12", Name: "单位网上申请退出集体户：经办受理、另一人审批后转为个人账户，档案仍在原机构", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			sent := mine.applies(p, "standing", j{"agency": "50010801", "name": who.Name, "idNo": who.IDNo, "leave": true}, "letter").OK()
			id := sent.String("id")
			if s := string(sent.Body); !strings.Contains(s, "退出集体户，转为个人账户") || strings.Contains(s, d.No) {
				t.Errorf("%s", s)
			}
			a := takenOff(p, id, d.ID).OK()
			if s := view(p, mine, id).OK().String("stateName"); s != "已受理" {
				t.Errorf("the unit sees %q", s)
			}
			if x := mine.do(p, "POST", "/api/v1/portal/applications/"+id+"/withdraw", nil); x.Status != http.StatusUnprocessableEntity && x.Status != http.StatusForbidden || !strings.Contains(string(x.Body), "withdraw_at_window") {
				t.Errorf("a change is withdrawn at the window: %d %s", x.Status, x.Body)
			}
			decided(p, "reviewer-500108", a.String("id"), j{"approve": true}).OK()
			if now := accountOf(t, p, d.ID); now.AccountKind != "personal" || now.AccountUnit != "" || now.Agency != "50010801" || now.State == dossier.Left {
				t.Errorf("%+v", now)
			}
			if n, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM account_change WHERE dossier_id=? AND kind='left'", d.ID); err != nil || n != 1 {
				t.Errorf("%d leavings on record, %v", n, err)
			}
			return a
		}},
		{Rule: "28", Name: "一个人的网上申请积压过多的，先办结再申请", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			a := me.applies(p, "certificate", j{"kind": "custody", "use": "落户"})
			for range 25 {
				if a.Status != http.StatusOK {
					break
				}
				a = me.applies(p, "certificate", j{"kind": "custody", "use": "落户"})
			}
			return a
		}},
	}
}

// takenOff takes in, as a clerk, what a unit sent: that a person leave its account.
func takenOff(p *testkit.Province, id, dossierID string) *testkit.Answer {
	var body struct{ Application map[string]any }
	p.Client("clerk-500108").Get("/api/v1/intakes/" + id).OK().JSON(&body)
	for _, key := range []string{"dossierId", "personName", "personIdNo"} {
		delete(body.Application, key)
	}
	return p.Client("clerk-500108").Post("/api/v1/dossiers/"+dossierID+"/standing", merge(body.Application, "intakeId", id, "noticeNo", "2026-1", "noticeWay", "paper", "noticeBy", "本人", "seenBy", "经办", "seenOn", "2026-11-23"))
}

// accountOf is a dossier as it stands, with the account it hangs on.
func accountOf(t *testing.T, p *testkit.Province, id string) dossier.Dossier {
	t.Helper()
	d, err := dossier.Get(t.Context(), p.DB, id)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
