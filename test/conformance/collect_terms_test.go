package conformance

import (
	"strings"
	"testing"
	"time"

	"dangan/internal/dossier"
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
