package conformance

import (
	"strings"
	"testing"
	"time"

	"dangan/internal/dossier"
	people "dangan/internal/person"
	"dangan/internal/staff"
	"dangan/internal/store"
	"dangan/internal/testkit"
)

// TestTermsOfCollection is what becomes of notices nobody answers: both are reminded, once a
// stage, and stand among the late (14a, 14b).
func TestTermsOfCollection(t *testing.T) {
	const unit, uscc, person = "缙云山测绘（演示）有限公司", "91500106MA5UPR0189", "13800000007"
	var first, second, own dossier.Dossier
	var request string
	told := func(t *testing.T, p *testkit.Province, template string, want int64) {
		t.Helper()
		if n, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM message WHERE template=?", template); err != nil || n != want {
			t.Errorf("%s: %d messages, want %d, %v", template, n, want, err)
		}
	}
	remind := func(t *testing.T, p *testkit.Province) {
		t.Helper()
		for range 2 { // what was told is not told again
			if err := p.Collections.Remind(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	tardy := func(p *testkit.Province, by string) *testkit.Answer {
		return p.Client("clerk-500108").Get("/api/v1/collections/tardy?by=" + by + "&from=2026-12-01&until=2026-12-31").OK()
	}
	check(t, []Case{
		{Rule: "14a", Name: "期满前一周提醒单位经办人：两张通知单只收一条，提醒过的不再提醒", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			p.Client("clerk-500108").Post("/api/v1/unit-accounts", papers(j{"unit": unit, "uscc": uscc, "workerUntil": "2027-06-30", "workerAddress": "13800000008"})).OK()
			first, second, own = stock(p, nil), stock(p, nil), stock(p, nil)
			request = ask(p, "clerk-500108", first.ID, j{"addressee": unit, "titles": []string{"年度考核登记表"}}).OK().String("id")
			ask(p, "clerk-500108", second.ID, j{"addressee": unit, "titles": []string{"年度考核登记表"}}).OK()
			ask(p, "clerk-500108", second.ID, j{"addressee": "没有开户（演示）有限公司", "titles": []string{"奖励审批（登记）表"}}).OK()
			p.Client("clerk-500108").Put("/api/v1/dossiers/"+own.ID+"/contact", j{"way": "sms", "address": person}).OK()
			ask(p, "clerk-500108", own.ID, j{"target": "person", "addressee": "", "titles": []string{"年度考核登记表"}}).OK()
			remind(t, p)
			told(t, p, "unit_due", 0)
			p.Clock.Set(time.Date(2026, 12, 18, 2, 0, 0, 0, time.UTC))
			p.Forget()
			remind(t, p)
			told(t, p, "unit_due", 1)
			told(t, p, "unit_over", 0)
			told(t, p, "overdue", 0)
			a := p.Client("clerk-500108").Get("/api/v1/collections/" + request)
			if a.String("reminded") != "期满前" || a.String("remindedOn") != "2026-12-18" {
				t.Errorf("%s", a.Body)
			}
			return a
		}},
		{Rule: "14a", Name: "期满后提醒单位和本人各一次", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			p.Clock.Set(time.Date(2026, 12, 29, 2, 0, 0, 0, time.UTC))
			p.Forget()
			remind(t, p)
			told(t, p, "unit_due", 1)
			told(t, p, "unit_over", 1)
			told(t, p, "overdue", 1)
			a := p.Client("clerk-500108").Get("/api/v1/collections/" + request)
			if a.String("reminded") != "期满后" {
				t.Errorf("%s", a.Body)
			}
			return a
		}},
		{Rule: "14b", Name: "从未交来的，按单位、按人列出到今天的天数，与迟交的分开", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			p.Client("clerk-500108").Post("/api/v1/dossiers/"+first.ID+"/materials", piece("奖励审批（登记）表", j{"maker": unit, "giver": unit, "month": 9, "day": 29})).OK()
			a := tardy(p, "unit")
			if s := string(a.Body); !strings.Contains(s, `"name":"`+unit+`","materials":1,"days":61,"longest":61,"owed":2,"owedDays":12,"owedMost":6`) || !strings.Contains(s, `"name":"没有开户（演示）有限公司","materials":0,"days":0,"longest":0,"owed":1,"owedDays":6,"owedMost":6`) {
				t.Errorf("%s", s)
			}
			if s := string(tardy(p, "person").Body); !strings.Contains(s, own.ID) || !strings.Contains(s, `"owed":1,"owedDays":6,"owedMost":6`) || strings.Contains(s, first.ID) {
				t.Errorf("%s", s)
			}
			if other := p.Client("clerk-500103").Get("/api/v1/collections/tardy?by=unit&from=2026-12-01&until=2026-12-31").OK(); strings.Contains(string(other.Body), unit) {
				t.Errorf("another agency sees it: %s", other.Body)
			}
			if before := p.Client("clerk-500108").Get("/api/v1/collections/tardy?by=unit&from=2026-12-01&until=2026-12-22").OK(); strings.Contains(string(before.Body), `"owed":1`) {
				t.Errorf("late before its term: %s", before.Body)
			}
			return a
		}},
		{Rule: "14b", Name: "交来的不再列为未交", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			p.Client("clerk-500108").Post("/api/v1/dossiers/"+first.ID+"/materials", piece("年度考核登记表", j{"maker": unit, "giver": unit, "year": 2026, "month": 12, "day": 20})).OK()
			a := tardy(p, "unit")
			if !strings.Contains(string(a.Body), `"owed":1,"owedDays":6,"owedMost":6`) || strings.Contains(string(a.Body), `"owed":2`) {
				t.Errorf("%s", a.Body)
			}
			return a
		}},
		{Rule: "14b", Name: "收齐的不能再催", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/collections/"+request+"/urge", j{})
		}},
	})
}

// TestCollectionByStaff is what the agency's own staff fetch: in the hands of one of its clerks,
// reminded as others are, put into other hands by the head, and back with the head when who had it
// has left (14a, 14b).
func TestCollectionByStaff(t *testing.T) {
	const office = "50010801"
	var d, own dossier.Dossier
	var wang, li, id, notice string
	member := func(t *testing.T, p *testkit.Province, username, name, at, post string) string {
		t.Helper()
		hash, err := testkit.Passwords.Hash(testkit.Password)
		if err != nil {
			t.Fatal(err)
		}
		m, _, err := p.Staff.Create(t.Context(), p.As("sysadmin-500000"), staff.NewMember{Username: username, Name: name, Agency: at, PartyMember: true, PasswordHash: hash})
		if err == nil {
			_, err = p.Staff.Grant(t.Context(), p.As("secadmin-500000"), staff.Appointment{StaffID: m.ID, Post: post, Reason: "到岗"})
		}
		if err != nil {
			t.Fatal(err)
		}
		return m.ID
	}
	give := func(p *testkit.Province, handler string) *testkit.Answer {
		return ask(p, "clerk-500108", d.ID, j{"target": "office", "addressee": "", "maker": "南岸区社会保险局（演示）", "titles": []string{"社会保险参保缴费证明"}, "handler": handler})
	}
	assign := func(p *testkit.Province, user, handler string) *testkit.Answer {
		return p.Client(user).Post("/api/v1/collections/"+id+"/assign", j{"handler": handler})
	}
	waits := func(p *testkit.Province, user string) bool {
		return strings.Contains(string(p.Client(user).Get("/api/v1/work").OK().Body), "/collections/"+id)
	}
	told := func(t *testing.T, p *testkit.Province, subject, staffID string, want int64) {
		t.Helper()
		if n, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM staff_notice WHERE subject=? AND case_ref=? AND coalesce(staff_id,'')=?", subject, "Collection:"+id, staffID); n != want || err != nil {
			t.Errorf("%s: %d notices, want %d, %v", subject, n, want, err)
		}
	}
	remind := func(t *testing.T, p *testkit.Province, day time.Time) {
		t.Helper()
		p.Clock.Set(day)
		p.Forget()
		for range 2 { // what was told is not told again
			if err := p.Collections.Remind(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	check(t, []Case{
		{Rule: "14a", Name: "本机构的任务不能交给外机构的人", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			d, own = stock(p, nil), stock(p, nil)
			wang, li = member(t, p, "wang-500108", "王调取", office, staff.Clerk), member(t, p, "li-500108", "李接手", office, staff.Clerk)
			return give(p, member(t, p, "far-500103", "外机构", "50010301", staff.Clerk))
		}},
		{Rule: "14a", Name: "没有这个人的答复与不能办理的一样", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return give(p, "00000000-0000-0000-0000-000000000000")
		}},
		{Rule: "14a", Name: "不能归档的人（审核）不接任务", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return give(p, member(t, p, "rev-500108", "另一审核", office, staff.Reviewer))
		}},
		{Rule: "14a", Name: "任务不交给与存档人有亲属关系的经办，也不说明原因", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			who, err := people.Get(t.Context(), p.DB, d.PersonID)
			if err != nil {
				t.Fatal(err)
			}
			kin := member(t, p, "kin-500108", "有亲属", office, staff.Clerk)
			p.Client("kin-500108").Post("/api/v1/account/kin", j{"relation": "wife", "name": who.Name, "idNo": who.IDNo}).OK()
			a := give(p, kin)
			if strings.Contains(string(a.Body), "亲属") || strings.Contains(string(a.Body), "回避") {
				t.Errorf("%s", a.Body)
			}
			return a
		}},
		{Rule: "14a", Name: "交给本机构另一名经办：进入其我的工作，带期限，收到提醒；开具人的清单里没有", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := give(p, wang)
			a.OK()
			id, notice = a.String("id"), a.String("documentId")
			if a.String("addressee") != "王调取" || !waits(p, "wang-500108") || waits(p, "clerk-500108") || waits(p, "head-500108") {
				t.Errorf("in whose hands: %s", a.Body)
			}
			if w := string(p.Client("wang-500108").Get("/api/v1/work").Body); !strings.Contains(w, "2026-12-23") || !strings.Contains(w, "调取《社会保险参保缴费证明》") {
				t.Errorf("%s", w)
			}
			told(t, p, "交给您一项材料收集", wang, 1)
			return a
		}},
		{Rule: "14a", Name: "不指定人的由开具人自己办理", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := ask(p, "clerk-500108", own.ID, j{"target": "office", "addressee": "", "titles": []string{"就业登记表"}})
			if w := string(p.Client("clerk-500108").Get("/api/v1/work").OK().Body); !strings.Contains(w, "/collections/"+a.String("id")) {
				t.Errorf("%s", w)
			}
			if u := p.Client("clerk-500108").Post("/api/v1/collections/"+a.String("id")+"/urge", j{}); u.Status != 403 || !strings.Contains(string(u.Body), "collection_own") {
				t.Errorf("asks themselves again: %s", u.Body)
			}
			return a
		}},
		{Rule: "14b", Name: "期满前、期满后各提醒办理人一次", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			remind(t, p, time.Date(2026, 12, 18, 2, 0, 0, 0, time.UTC))
			told(t, p, "材料收集期限将满", wang, 1)
			remind(t, p, time.Date(2026, 12, 29, 2, 0, 0, 0, time.UTC))
			told(t, p, "材料收集期限将满", wang, 1)
			told(t, p, "材料收集期限已过", wang, 1)
			if !waits(p, "head-500108") { // an overdue one is the head's business too
				t.Error("the head does not see what is overdue")
			}
			a := p.Client("clerk-500108").Post("/api/v1/collections/"+id+"/urge", j{})
			a.OK()
			told(t, p, "催办材料收集", wang, 1)
			return a
		}},
		{Rule: "14a", Name: "经办自己不能改交他人", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer { return assign(p, "clerk-500108", li) }},
		{Rule: "14a", Name: "不能改交给已经在办理的人", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer { return assign(p, "head-500108", wang) }},
		{Rule: "14a", Name: "向单位收集的不能交给工作人员", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			other := ask(p, "clerk-500108", own.ID, nil).OK().String("id")
			return p.Client("head-500108").Post("/api/v1/collections/"+other+"/assign", j{"handler": li})
		}},
		{Rule: "14a", Name: "负责人改交另一名经办：重新开具通知单，原单作废，提醒重新计", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			if far := assign(p, "head-500103", li); far.Status != 404 {
				t.Errorf("another agency's head: %d", far.Status)
			}
			if p.Client("head-500108").Get("/api/v1/collections/"+id).Status != 200 {
				t.Fatal("the head does not read it")
			}
			a := assign(p, "head-500108", li)
			a.OK()
			if a.String("addressee") != "李接手" || a.String("documentId") == notice || strings.Contains(string(a.Body), `"reminded"`) || waits(p, "wang-500108") || !waits(p, "li-500108") {
				t.Errorf("%s", a.Body)
			}
			if n, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM document WHERE id=? AND state='void'", notice); n != 1 || err != nil {
				t.Errorf("the first notice is not void: %v", err)
			}
			told(t, p, "材料收集已改由李接手办理", wang, 1)
			told(t, p, "交给您一项材料收集", li, 1)
			remind(t, p, time.Date(2026, 12, 30, 2, 0, 0, 0, time.UTC))
			told(t, p, "材料收集期限已过", li, 1)
			return a
		}},
		{Rule: "14a", Name: "办理人离岗，任务回到负责人的清单，由负责人交给他人", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			if err := p.Staff.Leave(t.Context(), p.As("secadmin-500000"), li); err != nil {
				t.Fatal(err)
			}
			list := func() string {
				return string(p.Client("head-500108").Get("/api/v1/collections?view=vacant").OK().Body)
			}
			if !strings.Contains(list(), id) || !waits(p, "head-500108") || waits(p, "clerk-500108") {
				t.Errorf("%s", list())
			}
			if again := assign(p, "head-500108", li); again.Status != 403 {
				t.Errorf("given to who has left: %s", again.Body)
			}
			a := assign(p, "head-500108", wang)
			if strings.Contains(list(), id) || !waits(p, "wang-500108") {
				t.Errorf("%s", a.Body)
			}
			return a
		}},
		{Rule: "14b", Name: "没有人办理的到期提醒负责人", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			if err := p.Staff.Suspend(t.Context(), p.As("secadmin-500000"), wang); err != nil {
				t.Fatal(err)
			}
			remind(t, p, time.Date(2026, 12, 31, 2, 0, 0, 0, time.UTC))
			told(t, p, "材料收集期限已过", "", 1)
			return p.Client("head-500108").Get("/api/v1/collections/" + id)
		}},
		{Rule: "14b", Name: "收齐、撤回的不再改交", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			p.Client("clerk-500108").Post("/api/v1/collections/"+id+"/withdraw", j{"why": "社会保险数据中已有"}).OK()
			clerk, err := staff.Named(t.Context(), p.DB, "clerk-500108")
			if err != nil {
				t.Fatal(err)
			}
			return assign(p, "head-500108", clerk.ID)
		}},
	})
}
