package conformance

import (
	"slices"
	"strings"
	"testing"

	"dangan/internal/store"
	"dangan/internal/testkit"
)

func say(p *testkit.Province, user string, pairs ...any) *testkit.Answer {
	return p.Client(user).Post("/api/v1/matters", merge(map[string]any{"kind": "complaint", "about": "attitude", "text": "事实"}, pairs...))
}

func answered(p *testkit.Province, user, id string, upheld bool) *testkit.Answer {
	return p.Client(user).Post("/api/v1/matters/"+id+"/answer", map[string]any{"upheld": upheld, "text": "查明的情况和依据"})
}

// turnedDown is a certificate that was refused, with the number of its notice.
func turnedDown(t *testing.T, p *testkit.Province) (c *certifying, notice string) {
	n := int(buried.Add(1))
	c = &certifying{t: t, p: p, n: n, dossier: testkit.Stock(p, "50010801", n, nil).ID}
	c.id = c.apply("custody", "keys", []string{"custody"}).OK().String("id")
	p.Client("reviewer-500108").Post("/api/v1/certificates/"+c.id+"/refuse", map[string]any{"reasons": []any{map[string]any{"rule": "23", "fact": "没有相应记载"}}, "next": "向公证机构申请"}).OK()
	a := p.Client("clerk-500108").Get("/api/v1/documents?case=Certificate:" + c.id).OK()
	var list struct {
		Items []struct{ Kind, Number string }
	}
	a.JSON(&list)
	for _, d := range list.Items {
		if d.Kind == "refusal_notice" {
			notice = d.Number
		}
	}
	if notice == "" {
		t.Fatalf("no notice: %s", a.Body)
	}
	return c, notice
}

func object(p *testkit.Province, notice string, pairs ...any) *testkit.Answer {
	return say(p, "clerk-500108", append([]any{"kind", "objection", "about", "", "notice", notice, "who", "申请人", "contact", "电话"}, pairs...)...)
}

func TestObjectionsAndComplaintsByRule(t *testing.T) {
	check(t, append(slices.Clone(intakes), []Case{
		{Rule: "29.8", Name: "对不予办理告知单提出异议，受理后由主管部门限期答复", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			_, notice := turnedDown(t, p)
			a := object(p, notice).OK()
			if a.String("dueOn") <= p.Gate.Today().String() || a.String("authority") == a.String("agencyName") {
				t.Errorf("%s", a.Body)
			}
			return a
		}},
		{Rule: "29.8", Name: "异议成立的撤销告知单，恢复办理，无需重新申请", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c, notice := turnedDown(t, p)
			id := object(p, notice).OK().String("id")
			a := answered(p, "supervisor-500108", id, true).OK()
			if got := p.Client("clerk-500108").Get("/api/v1/certificates/" + c.id).OK().String("state"); got != "draft" {
				t.Errorf("certificate %s", got)
			}
			if papers := p.Client("clerk-500108").Get("/api/v1/documents?case=Certificate:" + c.id).OK(); !strings.Contains(string(papers.Body), `"state":"void"`) {
				t.Errorf("the notice stands: %s", papers.Body)
			}
			return a
		}},
		{Rule: "29.8", Name: "对不予转出的异议成立，转递恢复到已登记，十五个工作日重新起算", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, 7790, nil).listed(whole)
			restrain(m)
			m.post("reviewer-500108", "decline", nil).OK()
			var list struct {
				Items []struct{ Kind, Number string }
			}
			p.Client("clerk-500108").Get("/api/v1/documents?case=Transfer:" + m.id).OK().JSON(&list)
			i := slices.IndexFunc(list.Items, func(d struct{ Kind, Number string }) bool { return d.Kind == "refusal_notice" })
			if i < 0 {
				t.Fatalf("no notice among %+v", list.Items)
			}
			a := answered(p, "supervisor-500108", object(p, list.Items[i].Number).OK().String("id"), true).OK()
			var c struct{ State, DueOn string }
			p.Client("clerk-500108").Get("/api/v1/transfers/" + m.id).OK().JSON(&c)
			due, _ := p.Gate.Calendar().AddWorkdays(p.Gate.Today(), 15)
			if c.State != "pulled" && c.State != "registered" || c.DueOn != due.String() {
				t.Errorf("the transfer is %+v, want its term on %s", c, due)
			}
			return a
		}},
		{Rule: "29.8", Name: "对撤回的异议成立，恢复为已申请，重新开函", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, 7791, nil).registered()
			m.post("clerk-500101", "withdraw", j{"why": "本人改变主意", "paper": "本人申请 2026-7"}).OK()
			notice := papersOf(p, "clerk-500101", "Transfer:"+m.id)["withdrawal"]
			if notice == "" {
				t.Fatal("no notice of the withdrawal")
			}
			id := say(p, "clerk-500101", "kind", "objection", "about", "", "notice", notice, "who", "申请人", "contact", "电话").OK().String("id")
			a := answered(p, "supervisor-500101", id, true).OK()
			if got := p.Client("clerk-500101").Get("/api/v1/transfers/" + m.id).OK().String("state"); got != "applied" {
				t.Errorf("the transfer is %s", got)
			}
			m.post("clerk-500101", "letter", nil).OK()
			no, code := m.letter()
			m.post("clerk-500108", "register", j{"letterNo": no, "code": code, "receivedOn": p.Gate.Today().String()}).OK()
			return a
		}},
		{Rule: "10b", Name: "亲属档案的异议，申报了亲属关系的人不能看，也不在其列表中", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c, notice := turnedDown(t, p)
			id := object(p, notice).OK().String("id")
			head := p.Client("head-500108")
			head.Get("/api/v1/matters/" + id).OK()
			head.Post("/api/v1/account/kin", map[string]any{"relation": "wife", "name": testkit.Name(c.n), "idNo": testkit.IDNo(c.n)}).OK()
			if list := head.Get("/api/v1/matters?limit=100").OK(); strings.Contains(string(list.Body), id) {
				t.Errorf("it is listed: %s", list.Body)
			}
			return head.Get("/api/v1/matters/" + id)
		}},
		{Rule: "29.8", Name: "没有告知单的异议不成其为异议", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return object(p, "南岸人才告〔2026〕9999号")
		}},
		{Rule: "29.8", Name: "同一告知单不重复提出异议", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			_, notice := turnedDown(t, p)
			object(p, notice).OK()
			return object(p, notice)
		}},
		{Rule: "29.8", Name: "被异议的机构不能自己答复", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			_, notice := turnedDown(t, p)
			return answered(p, "reviewer-500108", object(p, notice).OK().String("id"), false)
		}},
		{Rule: "28", Name: "投诉可以匿名，办理期限内答复，各机构的数字主管部门可见", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			id := say(p, "clerk-500108").OK().String("id")
			answered(p, "supervisor-500108", id, true).OK()
			a := p.Client("supervisor-500108").Get("/api/v1/matter-figures").OK()
			if !strings.Contains(string(a.Body), `"justly":`) {
				t.Errorf("%s", a.Body)
			}
			return a
		}},
		{Rule: "28", Name: "投诉人的姓名不给所涉机构看，登记人和答复机构可见", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			id := say(p, "clerk-500108", "who", "投诉人某某", "contact", "13800000000").OK().String("id")
			if a := p.Client("head-500108").Get("/api/v1/matters/" + id).OK(); strings.Contains(string(a.Body), "投诉人某某") || strings.Contains(string(a.Body), "13800000000") {
				t.Errorf("told: %s", a.Body)
			}
			a := p.Client("supervisor-500108").Get("/api/v1/matters/" + id)
			if !strings.Contains(string(a.Body), "投诉人某某") {
				t.Errorf("who answers does not know whom: %s", a.Body)
			}
			return a
		}},
		{Rule: "28", Name: "已经答复的不再答复", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			id := say(p, "clerk-500108").OK().String("id")
			answered(p, "supervisor-500108", id, false).OK()
			return answered(p, "supervisor-500108", id, true)
		}},
		{Rule: "28", Name: "没有写明事实的不能登记", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer { return say(p, "clerk-500108", "text", "") }},
		{Rule: "29.10", Name: "对收取保管等费用的投诉单列", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			figures := func() (a *testkit.Answer, fees, all int) {
				var list struct {
					Items []struct {
						AgencyName       string
						Free, Complaints int
					}
				}
				a = p.Client("supervisor-500108").Get("/api/v1/matter-figures").OK()
				a.JSON(&list)
				for _, f := range list.Items {
					if strings.HasPrefix(f.AgencyName, "南岸区") {
						return a, f.Free, f.Complaints
					}
				}
				return a, 0, 0
			}
			_, fees, all := figures()
			say(p, "clerk-500108", "about", "fee").OK()
			say(p, "clerk-500108", "about", "delay").OK()
			a, after, total := figures()
			if after != fees+1 || total != all+2 {
				t.Errorf("%d of %d complaints were of charges, then %d of %d: %s", fees, all, after, total, a.Body)
			}
			return a
		}},
		{Rule: "28", Name: "每个业务的回执逾期没有办结的都列出，提醒负责人，再报主管部门；办结的不列", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			refs := map[string]string{}
			c := atWindow(t, p)
			refs["Certificate"] = c.apply("custody").OK().String("id")
			m := move(t, p, next(), nil)
			m.apply()
			refs["Transfer"] = m.id
			refs["Matter"] = say(p, "clerk-500108").OK().String("id")
			refs["Intake"] = record(p, "clerk-500108", "certificate", without(atWindow(t, p))).OK().String("id")
			done := atWindow(t, p)
			done.apply("custody", "keys", []string{"custody"}).OK()
			done.post("reviewer-500108", "issue", nil).OK()
			late := func(user string) (out string) {
				for cursor := ""; ; {
					var page struct {
						Items []struct{ Link string }
						Next  *string
					}
					p.Client(user).Get("/api/v1/late-receipts?limit=7&cursor=" + cursor).OK().JSON(&page)
					for _, i := range page.Items {
						out += i.Link + "\n"
					}
					if page.Next == nil {
						return out
					}
					cursor = *page.Next
				}
			}
			if all := late("supervisor-500000"); strings.Contains(all, refs["Certificate"]) {
				t.Errorf("late on its first day: %s", all)
			}
			now := p.Clock.Now()
			defer func() {
				p.Clock.Set(now)
				p.Forget()
			}()
			p.Clock.Set(now.AddDate(0, 2, 0))
			p.Forget()
			all := late("supervisor-500000")
			for kind, id := range refs {
				if !strings.Contains(all, id) {
					t.Errorf("a late %s is not listed: %s", kind, all)
				}
			}
			if strings.Contains(all, done.id) {
				t.Errorf("what has an end is listed: %s", all)
			}
			if own := late("head-500108"); !strings.Contains(own, refs["Certificate"]) || strings.Contains(own, m.id) {
				t.Errorf("the head of 500108 sees %s", own)
			}
			if clerk := late("clerk-500108"); clerk != "" {
				t.Errorf("a clerk sees %s", clerk)
			}
			notices := func(agency, post string) int64 {
				n, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM staff_notice WHERE agency=? AND post=? AND case_ref=?", agency, post, "Certificate:"+refs["Certificate"])
				if err != nil {
					t.Fatal(err)
				}
				return n
			}
			escalate := func(head, above int64) {
				t.Helper()
				if err := p.Window.Escalate(t.Context()); err != nil {
					t.Error(err)
				}
				if h, a := notices("50010801", "head"), notices("500108", "supervisor"); h != head || a != above {
					t.Errorf("the head was told %d times, the authority %d times; want %d and %d", h, a, head, above)
				}
			}
			escalate(1, 0)
			escalate(1, 0)
			p.Clock.Set(p.Clock.Now().AddDate(0, 0, 14))
			p.Forget()
			escalate(1, 1)
			escalate(1, 1)
			return p.Client("supervisor-500108").Get("/api/v1/late-receipts?limit=100")
		}},
		{Rule: "29.9", Name: "对与有偿业务挂钩的投诉由主管部门答复", Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return answered(p, "supervisor-500108", say(p, "clerk-500108", "about", "paid").OK().String("id"), true)
		}},
		{Rule: "8", Name: "对捆绑、变相收费的投诉由主管部门答复", Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return answered(p, "supervisor-500108", say(p, "clerk-500108", "about", "bundled").OK().String("id"), false)
		}},
	}...))
}
