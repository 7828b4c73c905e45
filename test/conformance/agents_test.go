package conformance

import (
	"strings"
	"testing"

	"dangan/internal/mandate"
	"dangan/internal/store"
	"dangan/internal/testkit"
	"dangan/internal/transfer"
)

// TestAgentsEverywhere: whatever a person may ask for or declare at the window, an agent may on
// a mandate that names it, and on no other (12a, 29.9).
func TestAgentsEverywhere(t *testing.T) {
	agent := 70021
	n := 8700
	next := func() int { n++; return n }
	on := func(t *testing.T, p *testkit.Province, clerk string, who int, matters ...string) string {
		t.Helper()
		agent++ // who stands for many is another matter
		return mandated(p, clerk, who, agent, j{"matters": matters}).OK().String("id")
	}
	notice := func(p *testkit.Province, id, mandate string) *testkit.Answer {
		return p.Client("clerk-500108").Post("/api/v1/dossiers/"+id+"/notice", j{"noticeNo": "2026-1", "noticeWay": "paper", "noticeBy": "丙某", "mandateId": mandate})
	}
	promise := func(m *moving, mandate string) *testkit.Answer {
		return m.post("clerk-500101", "promise", j{"signed": true, "statement": "知悉并承诺补充", "on": "2026-11-23", "due": "2026-12-20", "mandateId": mandate})
	}
	owing := func(p *testkit.Province, dossierID string) string {
		var id string
		if err := p.DB.QueryRow(t.Context(), "SELECT min(id) FROM supplement WHERE dossier_id=? AND promised=1", dossierID).Scan(&id); err != nil {
			t.Fatal(err)
		}
		return id
	}
	var m *moving
	var d, both string
	check(t, []Case{
		{Rule: "12a", Name: "代办人凭委托书替本人接受须知，须知上写明受谁委托", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			who := next()
			d = testkit.Stock(p, "50010801", who, nil).ID
			a := notice(p, d, on(t, p, "clerk-500108", who, mandate.Notice)).OK()
			if by := a.String("by"); !strings.HasPrefix(by, "丙某（受"+testkit.Name(who)+"委托，WT-") {
				t.Errorf("accepted by %q", by)
			}
			return a
		}},
		{Rule: "12a", Name: "委托书没有委托接受须知的，不作数", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			who := next()
			return notice(p, testkit.Stock(p, "50010801", who, nil).ID, on(t, p, "clerk-500108", who, mandate.Transfer))
		}},
		{Rule: "12a", Name: "说是代办而没有登记委托书的，不当作本人", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return notice(p, testkit.Stock(p, "50010801", next(), nil).ID, " ")
		}},
		{Rule: "12a", Name: "别人的委托书不能用", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return notice(p, testkit.Stock(p, "50010801", next(), nil).ID, on(t, p, "clerk-500108", next(), mandate.Notice))
		}},
		{Rule: "14b", Name: "代办人交存材料，委托书上记下这一件", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			who := next()
			x := testkit.Stock(p, "50010801", who, nil)
			paper := on(t, p, "clerk-500108", who, mandate.Materials)
			p.Client("clerk-500108").Post("/api/v1/dossiers/"+x.ID+"/materials", piece("毕业证书复印件（审核盖章）", j{"origin": "person", "giver": "丙某", "mandateId": paper})).OK()
			a := p.Client("clerk-500108").Get("/api/v1/mandates/" + paper).OK()
			if !strings.Contains(string(a.Body), `"matter":"materials"`) {
				t.Errorf("%s", a.Body)
			}
			return a
		}},
		{Rule: "20.4a", Name: "代办人替本人签承诺，件上写明", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m = move(t, p, next(), nil)
			both = on(t, p, "clerk-500101", m.n, mandate.Transfer, mandate.Undertaking, mandate.Supplement)
			m.more = j{"applicantKind": "agent", "mandateId": both}
			m.received(thin)
			m.post("clerk-500101", "tell", nil).OK()
			a := promise(m, both).OK()
			c, err := store.Get[transfer.Case](t.Context(), p.DB, "WHERE id=?", m.id)
			if err != nil || !strings.Contains(string(a.Body), `"promiser":{`) || !strings.HasPrefix(c.Statement, "丙某（受") {
				t.Errorf("%q %v", c.Statement, err)
			}
			return a
		}},
		{Rule: "12a", Name: "委托书没有委托承诺的，不能替签", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			other := move(t, p, next(), nil).received(thin)
			other.post("clerk-500101", "tell", nil).OK()
			return promise(other, on(t, p, "clerk-500101", other.n, mandate.Transfer))
		}},
		{Rule: "20.4a", Name: "代办人申请延期补充", Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500101").Post("/api/v1/supplements/"+owing(p, m.d.ID)+"/ask", j{"until": "2027-01-15", "why": "学校正在补办", "mandateId": both})
		}},
		{Rule: "20.4b", Name: "申请延期的人自己不能不同意", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500101").Post("/api/v1/supplements/"+owing(p, m.d.ID)+"/deny", j{"note": "材料本人即可取得"})
		}},
		{Rule: "20.4a", Name: "没有理由的不同意，不出具告知单", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			id := owing(p, m.d.ID)
			a := p.Client("reviewer-500101").Post("/api/v1/supplements/"+id+"/deny", j{"note": " "})
			if n := issuedOf(t, p, "Supplement:"+id, "refusal_notice"); n != 0 {
				t.Errorf("%d notices", n)
			}
			return a
		}},
		{Rule: "29.8", Name: "延期补充有受理回执；不同意的出具告知单，列入不予办理台账，异议成立的恢复审批，再申请的回执代替前一张", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			id := owing(p, m.d.ID)
			ref := "Supplement:" + id
			if n := issuedOf(t, p, ref, "acceptance"); n != 1 {
				t.Fatalf("%d receipts", n)
			}
			late, code := receiptOf(t, p, ref)
			if a := grade(p, late, code, 5); a.Status == 200 {
				t.Errorf("one that waits is rated: %s", a.Body)
			}
			deny := func() string {
				p.Client("reviewer-500101").Post("/api/v1/supplements/"+id+"/deny", j{"note": "材料本人即可取得"}).OK()
				var no string
				if err := p.DB.QueryRow(t.Context(), "SELECT number FROM document WHERE case_ref=? AND kind='refusal_notice' ORDER BY id DESC LIMIT 1", ref).Scan(&no); err != nil {
					t.Fatal(err)
				}
				return no
			}
			no := deny()
			book := p.Client("head-500101").Get("/api/v1/registers/refusals?from=2026-01-01&until=2026-12-31").OK()
			if !strings.Contains(string(book.Body), no) || !strings.Contains(string(book.Body), "延期补充") {
				t.Errorf("%s is not in register 17: %s", no, book.Body)
			}
			held := say(p, "clerk-500101", "kind", "objection", "about", "", "notice", no, "who", "申请人", "contact", "电话").OK().String("id")
			answered(p, "supervisor-500101", held, true).OK()
			v := p.Client("clerk-500101").Get("/api/v1/supplements/" + id).OK()
			if v.String("askedUntil") != "2027-01-15" || v.String("askedWhy") != "学校正在补办" || !strings.Contains(string(v.Body), "异议成立，恢复审批") {
				t.Errorf("after the objection: %s", v.Body)
			}
			deny()
			p.Client("clerk-500101").Post("/api/v1/supplements/"+id+"/ask", j{"until": "2027-01-15", "why": "学校出具了补办回执"}).OK()
			if n := issuedOf(t, p, ref, "acceptance"); n != 1 {
				t.Errorf("%d receipts are looked after", n)
			}
			a := p.Client("reviewer-500101").Post("/api/v1/supplements/"+id+"/grant", j{"note": "情况属实"}).OK()
			number, code := receiptOf(t, p, ref)
			grade(p, number, code, 5).OK()
			return a
		}},
		{Rule: "20.4a", Name: "已经延过一次的，异议成立也没有可以恢复的审批", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			var no string
			if err := p.DB.QueryRow(t.Context(), "SELECT number FROM document WHERE case_ref=? AND kind='refusal_notice' ORDER BY id DESC LIMIT 1", "Supplement:"+owing(p, m.d.ID)).Scan(&no); err != nil {
				t.Fatal(err)
			}
			id := say(p, "clerk-500101", "kind", "objection", "about", "", "notice", no, "who", "申请人", "contact", "电话").OK().String("id")
			return answered(p, "supervisor-500101", id, true)
		}},
		{Rule: "29.8", Name: "代办人凭委托书提出异议，件上写明受谁委托，主管部门照样答复", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c, no := turnedDown(t, p)
			a := object(p, no, "mandateId", on(t, p, "clerk-500108", c.n, mandate.Objection)).OK()
			if a.String("mandate.no") == "" {
				t.Errorf("no line leads back to the mandate: %s", a.Body)
			}
			return answered(p, "supervisor-500108", a.String("id"), true)
		}},
		{Rule: "12a", Name: "材料、延期、须知各页写明所凭的委托书，看不到委托书的岗位没有这一行", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			who := next()
			x := testkit.Stock(p, "50010801", who, nil)
			paper := on(t, p, "clerk-500108", who, mandate.Materials)
			id := p.Client("clerk-500108").Post("/api/v1/dossiers/"+x.ID+"/materials", piece("毕业证书复印件（审核盖章）", j{"origin": "person", "giver": "丙某", "mandateId": paper})).OK().String("id")
			for path, user := range map[string]string{"/api/v1/materials/" + id: "clerk-500108", "/api/v1/supplements/" + owing(p, m.d.ID): "clerk-500101"} {
				if got := p.Client(user).Get(path).OK(); got.String("mandate.agent") == "" {
					t.Errorf("%s says nothing of its mandate: %s", path, got.Body)
				}
			}
			if got := p.Client("keeper-500108").Get("/api/v1/materials/" + id); strings.Contains(string(got.Body), `"mandate":`) {
				t.Errorf("the keeper is led to a mandate: %s", got.Body)
			}
			return p.Client("clerk-500108").Get("/api/v1/mandates/" + paper)
		}},
		{Rule: "7.4", Name: "代办人替本人提出退休送审，件上有这份委托书", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			who := born(p)
			r := &pensioner{p: p, dossier: testkit.Stock(p, "50010801", who, nil).ID}
			a := r.open("mandateId", on(t, p, "clerk-500108", who, mandate.Retirement)).OK()
			if a.String("mandate.no") == "" {
				t.Errorf("no line leads back to the mandate: %s", a.Body)
			}
			return a
		}},
		{Rule: "12a", Name: "委托书没有委托退休送审的，不作数", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			who := born(p)
			r := &pensioner{p: p, dossier: testkit.Stock(p, "50010801", who, nil).ID}
			return r.open("mandateId", on(t, p, "clerk-500108", who, mandate.Transfer))
		}},
		{Rule: "20c", Name: "亲属委托代办人告知死亡：告知人是委托的亲属，件上有这份委托书", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			x, kin := found(t, p), next()
			a := x.report("clerk-500108", "2026-11-01", "informant", testkit.Name(kin), "mandateId", on(t, p, "clerk-500108", kin, mandate.Death)).OK()
			if a.String("mandate.principal") != testkit.Name(kin) {
				t.Errorf("on whose behalf: %s", a.Body)
			}
			return a
		}},
		{Rule: "20c", Name: "死者生前出具的委托书已经终止，不能凭它告知死亡", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			x := found(t, p)
			return x.report("clerk-500108", "2026-11-01", "informant", testkit.Name(x.n), "mandateId", on(t, p, "clerk-500108", x.n, mandate.Death))
		}},
		{Rule: "12a", Name: "告知人不是委托人的，委托书不作数", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return found(t, p).report("clerk-500108", "2026-11-01", "mandateId", on(t, p, "clerk-500108", next(), mandate.Death))
		}},
		{Rule: "20c", Name: "数据比对得知的死亡，没有人告知，不凭委托书", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return found(t, p).report("clerk-500108", "2026-11-01", "evidence", "民政部门数据", "mandateId", on(t, p, "clerk-500108", next(), mandate.Death))
		}},
		{Rule: "6b", Name: "个人手中的档案核实后，代办人替本人申请存档，转接收的件上有这份委托书", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			b := proved(p)
			a := b.receive("mandateId", on(t, p, "clerk-500108", b.n, mandate.Transfer)).OK()
			if c := p.Client("clerk-500108").Get("/api/v1/transfers/" + a.String("transferId")).OK(); c.String("mandate.agent") != "丙某" || c.String("applicantKind") != "委托代办" {
				t.Errorf("%s, %s", c.String("mandate.agent"), c.String("applicantKind"))
			}
			return a
		}},
		{Rule: "12a", Name: "个人手中的档案，别人的委托书不能用来申请存档", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return proved(p).receive("mandateId", on(t, p, "clerk-500108", next(), mandate.Transfer))
		}},
		{Rule: "12a", Name: "代办人凭委托书申请证明，证明的件上有这份委托书", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := atWindow(t, p)
			a := c.apply("custody", "applicant", "agent", "keys", []string{"custody"}, "mandateId", on(t, p, "clerk-500108", c.n, mandate.Certificate)).OK()
			if x := p.Client("clerk-500108").Get("/api/v1/certificates/" + c.id).OK(); x.String("mandate.agent") != "丙某" {
				t.Errorf("%s", x.Body)
			}
			return a
		}},
		{Rule: "12a", Name: "委托书没有委托出具证明的，不能替人申请", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := atWindow(t, p)
			return c.apply("custody", "applicant", "agent", "keys", []string{"custody"}, "mandateId", on(t, p, "clerk-500108", c.n, mandate.Transfer))
		}},
		{Rule: "12a", Name: "对他人的告知单提出异议，委托书的委托人不是申请人的，不受理", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			_, no := turnedDown(t, p)
			return object(p, no, "mandateId", on(t, p, "clerk-500108", next(), mandate.Objection))
		}},
	})
}

// TestWorkersOnLetters: who comes for a unit on a letter of introduction of its own is matched with
// the workers it authorized, by the number on their card (12c, 21.1, 23).
func TestWorkersOnLetters(t *testing.T) {
	const unit, code, clerk = "铜元局设备（演示）有限公司", "91500103MA5U00011H", "clerk-500108"
	var account string
	worker := reader(1) // the worker that papers authorizes
	worker["name"] = "周知行"
	asks := func(t *testing.T, p *testkit.Province, idNo string) *testkit.Answer {
		return atWindow(t, p).apply("custody", "applicant", "unit", "unit", unit, "unitCode", code, "name", "周知行", "idNo", idNo, "letter", "介绍信 9 号", "consent", "2026年11月20日",
			"seen", []string{"居民身份证", "单位介绍信", "本人书面同意书"}, "keys", []string{"custody"})
	}
	reads := func(p *testkit.Province, readers ...map[string]any) *testkit.Answer {
		return p.Client(clerk).Post("/api/v1/consultations", form(stock(p, nil).ID, with("unitKind", "unit"), with("unit", unit), with("unitCode", code), with("readers", readers)))
	}
	visits := func(t *testing.T, p *testkit.Province, ref string) int64 {
		t.Helper()
		n, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM unit_visit WHERE case_ref=?", ref)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	check(t, []Case{
		{Rule: "12c", Name: "来申请证明的是单位登记的经办人，自动记在件上和账户上", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			account = p.Client(clerk).Post("/api/v1/unit-accounts", papers(j{"unit": unit, "uscc": code})).OK().String("id")
			a := asks(t, p, testkit.IDNo(9001)).OK()
			if x := p.Client(clerk).Get("/api/v1/certificates/" + a.String("id")).OK(); x.String("bearer.name") != "周知行" {
				t.Errorf("who came: %s", x.Body)
			}
			if x := p.Client(clerk).Get("/api/v1/unit-accounts/" + account).OK(); !strings.Contains(string(x.Body), "Certificate:"+a.String("id")) {
				t.Errorf("%s", x.Body)
			}
			return a
		}},
		{Rule: "23", Name: "没有介绍信的，登记的经办人也不能申请证明", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return atWindow(t, p).apply("custody", "applicant", "unit", "unit", unit, "unitCode", code, "name", "周知行", "idNo", testkit.IDNo(9001), "keys", []string{"custody"})
		}},
		{Rule: "21.1", Name: "查阅人中有单位登记的经办人的，自动记在件上", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := reads(p, reader(0), reader(2)).OK()
			ref := "Consultation:" + a.String("id")
			if visits(t, p, ref) != 0 { // neither is the worker
				t.Errorf("somebody else was taken for the worker")
			}
			a = reads(p, worker, reader(2)).OK()
			if x := p.Client(clerk).Get("/api/v1/consultations/" + a.String("id")).OK(); x.String("bearer.name") != "周知行" {
				t.Errorf("who came: %s", x.Body)
			}
			return a
		}},
		{Rule: "21.2", Name: "单位登记的经办人一个人也不能查阅", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(clerk).Post("/api/v1/consultations/"+reads(p, worker).OK().String("id")+"/submit", j{})
		}},
		{Rule: "12c", Name: "授权终止以后来的，凭介绍信，不再记作经办人", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			var v struct{ Workers []struct{ ID string } }
			p.Client(clerk).Get("/api/v1/unit-accounts/" + account).OK().JSON(&v)
			p.Client(clerk).Post("/api/v1/unit-accounts/"+account+"/workers/"+v.Workers[0].ID+"/revoke", j{"why": "单位来函更换经办人"}).OK()
			a := asks(t, p, testkit.IDNo(9001)).OK()
			if visits(t, p, "Certificate:"+a.String("id")) != 0 {
				t.Errorf("an authorization that ended is recorded")
			}
			return a
		}},
	})
}

// issuedOf counts the papers of a kind that a case has and that hold.
func issuedOf(t *testing.T, p *testkit.Province, ref, kind string) int64 {
	t.Helper()
	n, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM document WHERE case_ref=? AND kind=? AND state='issued'", ref, kind)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// receiptOf is a case's 受理回执 that holds.
func receiptOf(t *testing.T, p *testkit.Province, ref string) (number, code string) {
	t.Helper()
	if err := p.DB.QueryRow(t.Context(), "SELECT number, code FROM document WHERE case_ref=? AND kind='acceptance' AND state='issued'", ref).Scan(&number, &code); err != nil {
		t.Fatalf("%s has no receipt: %v", ref, err)
	}
	return number, code
}
