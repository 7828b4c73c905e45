package conformance

import (
	"strings"
	"testing"
	"time"

	"dangan/internal/dossier"
	"dangan/internal/store"
	"dangan/internal/testkit"
)

// appraised is a piece of a dossier with the decision of its appraisal.
func appraised(p *testkit.Province, dossierID, title string, body j) (id string, a *testkit.Answer) {
	clerk := p.Client("clerk-500108")
	id = clerk.Post("/api/v1/dossiers/"+dossierID+"/materials", piece(title, nil)).OK().String("id")
	return id, clerk.Post("/api/v1/materials/"+id+"/appraise", body)
}

// TestForwarded is a piece that goes on to another department, or to who keeps the dossier of the
// person it is about: by two, with a slip and its receipt (13b).
func TestForwarded(t *testing.T) {
	var d dossier.Dossier
	var id string
	post := func(p *testkit.Province, user, path string, body j) *testkit.Answer {
		return p.Client(user).Post("/api/v1/materials/"+id+path, body)
	}
	express := j{"way": "给据邮件", "tracking": "XA98765432150"}
	book := func(p *testkit.Province) string {
		return string(p.Client("clerk-500108").Get("/api/v1/registers/returned?from=2026-01-01&until=2027-12-31").OK().Body)
	}
	check(t, []Case{
		{Rule: "13b", Name: "转交不写转给谁、为什么，不受理", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			d = stock(p, nil)
			_, a := appraised(p, d.ID, "行政处罚案卷材料", j{"decision": "transfer", "defects": []string{"not-dossier-material"}})
			return a
		}},
		{Rule: "13b", Name: "可以补办的缺陷不因此转交", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			_, a := appraised(p, d.ID, "年度考核登记表", j{"decision": "transfer", "forwardTo": "南岸区某局", "note": "缺公章", "defects": []string{"missing-seal"}})
			return a
		}},
		{Rule: "13b", Name: "鉴别人自己不出转交单", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			var a *testkit.Answer
			id, a = appraised(p, d.ID, "行政处罚案卷材料", j{"decision": "transfer", "forwardTo": "南岸区市场监督管理局（演示）", "note": "行政处罚案卷，归办案机关", "defects": []string{"not-dossier-material"}})
			a.OK()
			return post(p, "clerk-500108", "/forward", express)
		}},
		{Rule: "13b", Name: "没有邮件号，不出转交单", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return post(p, "reviewer-500108", "/forward", j{"way": "给据邮件"})
		}},
		{Rule: "13b", Name: "结论是转交的，不按退回办理", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return post(p, "reviewer-500108", "/send-back", express)
		}},
		{Rule: "13b", Name: "还没有转交的，不登记回执", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return post(p, "clerk-500108", "/forward-receipt", j{"on": "2026-11-23", "signedBy": "某人"})
		}},
		{Rule: "13b", Name: "审核人员出具转交单，附存根和回执；材料不再待归档，记入台账", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			if far := p.Client("reviewer-500103").Post("/api/v1/materials/"+id+"/forward", express); far.Status != 404 {
				t.Errorf("another agency: %d", far.Status)
			}
			a := post(p, "reviewer-500108", "/forward", express)
			a.OK()
			if pdf := p.Client("clerk-500108").Get("/api/v1/documents/" + a.String("id") + "/pdf"); !strings.HasPrefix(string(pdf.Body), "%PDF") {
				t.Errorf("the slip: %d", pdf.Status)
			}
			if !strings.Contains(a.String("number"), "交〔2026〕") || !strings.Contains(book(p), a.String("number")) {
				t.Errorf("not in the register: %s", a.Body)
			}
			m := p.Client("clerk-500108").Get("/api/v1/materials/" + id).OK()
			if m.String("stateName") != "已转交" || m.String("forward.recipient") != "南岸区市场监督管理局（演示）" {
				t.Errorf("%s", m.Body)
			}
			if again := post(p, "clerk-500108", "/resubmit", j{"title": "行政处罚案卷材料", "class": "", "copies": 1, "pages": 3}); again.Status != 403 {
				t.Errorf("what was forwarded comes again: %s", again.Body)
			}
			return a
		}},
		{Rule: "13b", Name: "逾期没有回执的，列入经办的我的工作", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			p.Clock.Advance(40 * 24 * time.Hour)
			p.Forget()
			a := p.Client("clerk-500108").Get("/api/v1/work")
			if !strings.Contains(string(a.Body), "催南岸区市场监督管理局（演示）寄回转交单回执") {
				t.Errorf("%s", a.Body)
			}
			return a
		}},
		{Rule: "13b", Name: "签收日期早于转交之日，不登记回执", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return post(p, "clerk-500108", "/forward-receipt", j{"on": "2026-11-01", "signedBy": "王核收"})
		}},
		{Rule: "13b", Name: "回执登记后办结，写入台账", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := post(p, "clerk-500108", "/forward-receipt", j{"on": "2026-12-01", "signedBy": "王核收"})
			a.OK()
			if !strings.Contains(book(p), "王核收 2026-12-01") {
				t.Errorf("%s", book(p))
			}
			if twice := post(p, "clerk-500108", "/forward-receipt", j{"on": "2026-12-01", "signedBy": "王核收"}); twice.Status != 403 {
				t.Errorf("twice: %d", twice.Status)
			}
			return a
		}},
		{Rule: "13b", Name: "他人的材料、档案在其他机构的，转交其保管机构；送交的一联不写原登记在谁名下", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			var a *testkit.Answer
			id, a = appraised(p, d.ID, "劳动合同书", j{"decision": "transfer", "forwardTo": "渝中区公共就业和人才服务中心", "note": "身份证号与本卷不一致", "defects": []string{"wrong-person"}})
			a.OK()
			return post(p, "reviewer-500108", "/forward", express)
		}},
	})
}

// TestMovedToTheRightDossier is a namesake's piece: moved by two to the dossier of this agency that
// it belongs to, and nobody learns of a dossier they may not know (13b, 15).
func TestMovedToTheRightDossier(t *testing.T) {
	var wrong, right, secret, far dossier.Dossier
	var id, hidden string
	why := "材料上的身份证号与所选档案一致"
	propose := func(p *testkit.Province, user, material, to string) *testkit.Answer {
		return p.Client(user).Post("/api/v1/materials/"+material+"/move", j{"dossierId": to, "why": why})
	}
	taken := func(p *testkit.Province) string {
		return p.Client("clerk-500108").Post("/api/v1/dossiers/"+wrong.ID+"/materials", piece("劳动合同书", nil)).OK().String("id")
	}
	check(t, []Case{
		{Rule: "13b", Name: "不写凭什么认定，不能提出移入", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			wrong, right, far = stock(p, nil), stock(p, nil), testkit.Stock(p, "50010301", int(person.Add(1)), nil)
			secret = stock(p, func(d *dossier.Dossier) { d.Secrecy = dossier.Secret })
			id = taken(p)
			return p.Client("clerk-500108").Post("/api/v1/materials/"+id+"/move", j{"dossierId": right.ID})
		}},
		{Rule: "13b", Name: "移入原来那一卷不受理；不可知悉的、外机构的与不存在的档案答复一样", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			absent := propose(p, "clerk-500108", id, "00000000-0000-0000-0000-000000000000")
			for name, to := range map[string]string{"concealed": secret.ID, "another agency's": far.ID} {
				if a := propose(p, "clerk-500108", id, to); a.Status != 404 || string(a.Body) != string(absent.Body) {
					t.Errorf("%s: %d %s, not %s", name, a.Status, a.Body, absent.Body)
				}
			}
			return propose(p, "clerk-500108", id, wrong.ID)
		}},
		{Rule: "13b", Name: "没有提出的不能核对移入", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("reviewer-500108").Post("/api/v1/materials/"+id+"/move/accept", nil)
		}},
		{Rule: "13b", Name: "提出的人自己不能核对移入", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			propose(p, "clerk-500108", id, right.ID).OK()
			if w := string(p.Client("reviewer-500108").Get("/api/v1/work").OK().Body); !strings.Contains(w, "核对同名异人的材料属于哪一卷") {
				t.Errorf("%s", w)
			}
			return p.Client("clerk-500108").Post("/api/v1/materials/"+id+"/move/accept", nil)
		}},
		{Rule: "13b", Name: "不予移入的，写明理由退给经办", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			if bare := p.Client("reviewer-500108").Post("/api/v1/materials/"+id+"/move/refuse", j{"note": " "}); bare.Status != 422 {
				t.Errorf("without a reason: %d", bare.Status)
			}
			return p.Client("reviewer-500108").Post("/api/v1/materials/"+id+"/move/refuse", j{"note": "出生日期不一致"})
		}},
		{Rule: "13b", Name: "第二人核对后移入：在所属档案成为零散材料，期限从原收到之日起算，原登记留存", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			propose(p, "clerk-500108", id, right.ID).OK()
			a := p.Client("reviewer-500108").Post("/api/v1/materials/"+id+"/move/accept", nil)
			a.OK()
			if a.String("stateName") != "不属于本人，已另行处理" || strings.Contains(string(a.Body), right.No) {
				t.Errorf("%s", a.Body)
			}
			old, err := store.Get[dossier.Material](t.Context(), p.DB, "WHERE id=?", id)
			if err != nil {
				t.Fatal(err)
			}
			m, err := store.Get[dossier.Material](t.Context(), p.DB, "WHERE moved_from=?", id)
			if err != nil || m.DossierID != right.ID || m.State != dossier.Received || m.DueOn != old.DueOn || m.ReceivedOn != old.ReceivedOn || m.Class != "" || m.Defects != "" {
				t.Errorf("%+v %v", m, err)
			}
			there := p.Client("clerk-500108").Get("/api/v1/materials/" + m.ID).OK()
			if !strings.Contains(string(there.Body), `"movedIn":true`) || strings.Contains(string(there.Body), id) || strings.Contains(string(there.Body), wrong.No) {
				t.Errorf("%s", there.Body)
			}
			for of, want := range map[string]int64{wrong.ID: 0, right.ID: 1} {
				if n, err := store.Count(t.Context(), p.DB, "SELECT loose FROM dossier WHERE id=?", of); n != want || err != nil {
					t.Errorf("%d loose pieces, want %d, %v", n, want, err)
				}
			}
			book := string(p.Client("clerk-500108").Get("/api/v1/registers/returned?from=2026-01-01&until=2026-12-31").OK().Body)
			if !strings.Contains(book, "本机构另行处理") || strings.Contains(book, right.No) {
				t.Errorf("%s", book)
			}
			return there
		}},
		{Rule: "13b", Name: "已经移入的不再移", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("reviewer-500108").Post("/api/v1/materials/"+id+"/move/accept", nil)
		}},
		{Rule: "13b", Name: "所属档案有密级的，由知悉范围以内的人提出；其他人看来只是未作结论的材料，办理的答复与没有提出一样", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			hidden = taken(p)
			clerk := cleared(t, p, "clerk")
			propose(p, clerk, hidden, secret.ID).OK()
			m := p.Client("reviewer-500108").Get("/api/v1/materials/" + hidden).OK()
			if strings.Contains(string(m.Body), `"move":`) || strings.Contains(string(m.Body), secret.No) || strings.Contains(string(m.Body), "material.move") {
				t.Errorf("%s", m.Body)
			}
			if w := string(p.Client("reviewer-500108").Get("/api/v1/work").OK().Body); strings.Contains(w, "/materials/"+hidden) {
				t.Errorf("%s", w)
			}
			none := p.Client("reviewer-500108").Post("/api/v1/materials/"+taken(p)+"/move/accept", nil)
			a := p.Client("reviewer-500108").Post("/api/v1/materials/"+hidden+"/move/accept", nil)
			if string(a.Body) != string(none.Body) {
				t.Errorf("%s, not %s", a.Body, none.Body)
			}
			return a
		}},
		{Rule: "13b", Name: "知悉范围以内的审核人员核对后移入", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			reviewer := cleared(t, p, "reviewer")
			a := p.Client(reviewer).Post("/api/v1/materials/"+hidden+"/move/accept", nil)
			if seen := p.Client("reviewer-500108").Get("/api/v1/materials/" + hidden).OK(); strings.Contains(string(seen.Body), secret.No) || strings.Contains(string(seen.Body), secret.ID) {
				t.Errorf("%s", seen.Body)
			}
			return a
		}},
	})
}

// TestSuspectedFalsification is what seems false: verified before it goes anywhere, and reported to
// the head when its maker denies it or key information was altered (13b, 29.1).
func TestSuspectedFalsification(t *testing.T) {
	var d dossier.Dossier
	var id, changed string
	judge := func(p *testkit.Province, material string, body j) *testkit.Answer {
		return p.Client("clerk-500108").Post("/api/v1/materials/"+material+"/appraise", body)
	}
	back := j{"decision": "return", "defects": []string{"false-or-suspect"}, "note": "形成单位答复没有出具过"}
	answered := func(p *testkit.Province, material string, agrees bool) {
		judge(p, material, j{"decision": "verify", "note": "落款日期早于单位成立"}).OK()
		p.Client("clerk-500108").Post("/api/v1/materials/"+material+"/verifications", j{"kind": "maker", "party": "云岫智能 人力资源部", "way": "函件", "agrees": agrees, "answer": "没有出具过这份合同", "on": "2026-11-23"}).OK()
	}
	slip := j{"way": "窗口领取", "receiver": "罗以宁"}
	decide := func(p *testkit.Province, user, material string, body j) *testkit.Answer {
		return p.Client(user).Post("/api/v1/materials/"+material+"/report", body)
	}
	check(t, []Case{
		{Rule: "13b", Name: "真实性存疑的，没有核实结果不能退回", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			d = stock(p, nil)
			var a *testkit.Answer
			id, a = appraised(p, d.ID, "劳动合同书", back)
			return a
		}},
		{Rule: "13b", Name: "也不能转交", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return judge(p, id, j{"decision": "transfer", "forwardTo": "南岸区公安分局（演示）", "note": "疑似伪造", "defects": []string{"false-or-suspect"}})
		}},
		{Rule: "13b", Name: "形成单位答复相符的，不再以存疑退回", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			other, _ := appraised(p, d.ID, "年度考核登记表", j{"decision": "verify", "note": "落款日期早于单位成立"})
			answered(p, other, true)
			return judge(p, other, back)
		}},
		{Rule: "29.1", Name: "核实不符而没有写明发现什么，不受理", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			answered(p, id, false)
			return judge(p, id, j{"decision": "return", "defects": []string{"false-or-suspect"}})
		}},
		{Rule: "29.1", Name: "核实不符的退回，同时报告负责人，列入其我的工作和台账", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := judge(p, id, back)
			a.OK()
			if w := string(p.Client("head-500108").Get("/api/v1/work").OK().Body); !strings.Contains(w, "处理报告：经核实不实") {
				t.Errorf("%s", w)
			}
			m := string(p.Client("head-500108").Get("/api/v1/materials/" + id).OK().Body)
			if !strings.Contains(m, `"no":"SX-50010801-2026-`) || !strings.Contains(m, "material.decide_report") {
				t.Errorf("%s", m)
			}
			if book := string(p.Client("clerk-500108").Get("/api/v1/registers/material-reports?from=2026-01-01&until=2026-12-31").OK().Body); !strings.Contains(book, "SX-50010801-2026-") {
				t.Errorf("%s", book)
			}
			return a
		}},
		{Rule: "29.1", Name: "负责人处理之前，材料不退回", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			if a := judge(p, id, j{"decision": "file", "class": "9-2"}); a.Status != 403 {
				t.Errorf("judged otherwise: %s", a.Body)
			}
			return p.Client("reviewer-500108").Post("/api/v1/materials/"+id+"/send-back", slip)
		}},
		{Rule: "29.1", Name: "经办、审核不处理报告", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			if a := decide(p, "reviewer-500108", id, j{"refer": false, "finding": "没有问题"}); a.Status != 403 {
				t.Errorf("%s", a.Body)
			}
			if a := decide(p, "head-500103", id, j{"refer": false, "finding": "没有问题"}); a.Status != 404 {
				t.Errorf("another agency's head: %d", a.Status)
			}
			return decide(p, "clerk-500108", id, j{"refer": false, "finding": "没有问题"})
		}},
		{Rule: "29.1", Name: "报送而不写主管部门，不受理", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return decide(p, "head-500108", id, j{"refer": true, "finding": "属实"})
		}},
		{Rule: "29.1", Name: "负责人报送主管部门，出具情况报告；此后可以退回", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := decide(p, "head-500108", id, j{"refer": true, "recipient": "南岸区人力资源和社会保障局（演示）", "finding": "复制件留存，建议调查"})
			a.OK()
			if papers := papersOf(p, "clerk-500108", "Material:"+id); !strings.Contains(papers["falsity_report"], "疑〔2026〕") {
				t.Errorf("%v", papers)
			}
			p.Client("reviewer-500108").Post("/api/v1/materials/"+id+"/send-back", slip).OK()
			return a
		}},
		{Rule: "29.1", Name: "没有待处理的报告", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return decide(p, "head-500108", id, j{"refer": false, "finding": "没有问题"})
		}},
		{Rule: "29.1", Name: "证明关键信息的材料有涂改，报告负责人；不涉及关键信息的材料照常退回", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			plain, a := appraised(p, d.ID, "军训情况说明", j{"decision": "return", "defects": []string{"altered"}})
			a.OK()
			p.Client("reviewer-500108").Post("/api/v1/materials/"+plain+"/send-back", slip).OK()
			changed, a = appraised(p, d.ID, "劳动合同书", j{"decision": "return", "defects": []string{"altered"}, "note": "起始年份由 2011 改为 2001"})
			a.OK()
			if held := p.Client("reviewer-500108").Post("/api/v1/materials/"+changed+"/send-back", slip); held.Status != 403 || !strings.Contains(string(held.Body), "report_open") {
				t.Errorf("%s", held.Body)
			}
			return a
		}},
		{Rule: "29.1", Name: "负责人核查不属于涂改的，写明理由办结，由经办重新鉴别，不再报告", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := decide(p, "head-500108", changed, j{"refer": false, "finding": "更正处有形成单位校对章"})
			a.OK()
			judge(p, changed, j{"decision": "return", "defects": []string{"altered"}, "note": "无关处另有涂改"}).OK()
			p.Client("reviewer-500108").Post("/api/v1/materials/"+changed+"/send-back", slip).OK()
			return a
		}},
	})
}
