package conformance

import (
	"fmt"
	"testing"

	"dangan/internal/testkit"
)

// Registers (N3): each post has its own, for any period, within its scope; what leaves is
// numbered and on record.
func TestRegistersByRule(t *testing.T) {
	const year = "?from=2026-01-01&until=2026-12-31"
	get := func(user, path string) func(*testing.T, *testkit.Province) *testkit.Answer {
		return func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(user).Get("/api/v1/registers/" + path)
		}
	}
	check(t, []Case{
		{Rule: "N3", Name: "转出台账按期间列出已寄送的转递", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			outsideSent(move(t, p, 601, nil))
			return get("clerk-500108", "transfer-out"+year)(t, p)
		}},
		{Rule: "N3", Name: "台账打印有编号、签章", Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("head-500108").Post("/api/v1/registers/transfer-out/print"+year, nil)
		}},
		{Rule: "N3", Name: "期间的起日晚于止日", Refused: true, Run: get("clerk-500108", "transfer-out?from=2026-12-31&until=2026-01-01")},
		{Rule: "N3", Name: "变更与并档、限制转出、材料核实、关键信息认定、待核档案袋、须知接受各有台账", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			for _, key := range []string{"standing", "holds", "verifications", "determinations", "unclear"} {
				p.Client("reviewer-500108").Get("/api/v1/registers/" + key + year).OK()
			}
			return get("clerk-500108", "acceptances"+year)(t, p)
		}},
		{Rule: "6a", Name: "机构变动台账列出设立的机构", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := get("supervisor-500000", "agency-changes"+year)(t, p)
			var page struct{ Total float64 }
			if a.OK().JSON(&page); page.Total == 0 {
				t.Error("no agency was ever founded")
			}
			return a
		}},
		{Rule: "29.3", Name: "导出台账", Run: get("clerk-500108", "letters/book.xlsx"+year)},
	})
}

func TestARegisterIsOfItsPostsAndScope(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		const year = "?from=2026-01-01&until=2026-12-31"
		outsideSent(move(t, p, 602, nil))
		total := func(user, path string) float64 {
			t.Helper()
			var page struct{ Total float64 }
			p.Client(user).Get("/api/v1/registers/" + path).OK().JSON(&page)
			return page.Total
		}
		for _, c := range []struct {
			user, path string
			want       float64
		}{
			{"clerk-500108", "transfer-out" + year, 1}, {"clerk-500101", "transfer-out" + year, 0}, {"supervisor-500000", "transfer-out" + year, 1},
			{"supervisor-500000", "transfer-out" + year + "&agency=50010101", 0}, {"clerk-500108", "transfer-out" + year + "&agency=50010101", 0},
			{"clerk-500108", "transfer-out?from=2025-01-01&until=2025-12-31", 0}, {"clerk-500108", "transfer-out" + year + "&state=awaiting", 1}, {"clerk-500108", "transfer-out" + year + "&state=closed", 0},
			{"clerk-500108", "transfer-out" + year + "&q=" + testkit.Name(602), 1}, {"clerk-500108", "transfer-out" + year + "&q=查无此人", 0},
		} {
			if got := total(c.user, c.path); got != c.want {
				t.Errorf("%s %s: %v lines, want %v", c.user, c.path, got, c.want)
			}
		}
		for _, c := range []struct{ user, path string }{{"scanner-500108", "transfer-out" + year}, {"keeper-500108", "certificates" + year}, {"sysadmin-500000", "handovers" + year}, {"clerk-500108", "agency-changes" + year}, {"clerk-500108", "no-such" + year}} {
			if a := p.Client(c.user).Get("/api/v1/registers/" + c.path); a.Status != 404 {
				t.Errorf("%s %s: %d", c.user, c.path, a.Status)
			}
		}
		var offered []struct{ Key string }
		p.Client("supervisor-500000").Get("/api/v1/registers").OK().JSON(&offered)
		if len(offered) < 23 {
			t.Errorf("%d registers", len(offered))
		}
		for _, r := range offered {
			p.Client("supervisor-500000").Get("/api/v1/registers/" + r.Key + year + "&q=CY-1").OK()
			who := "head-500108"
			if r.Key == "consent-answers" { // no agency's business: supervisors count, nobody reads them (N2)
				if a := p.Client(who).Get("/api/v1/registers/" + r.Key + year); a.Status != 404 {
					t.Errorf("the head of an agency reads %s: %d", r.Key, a.Status)
				}
				who = "supervisor-500000"
			}
			p.Client(who).Get("/api/v1/registers/" + r.Key + "/book.xlsx" + year).OK()
		}
		if a := p.Client("clerk-500108").Get("/api/v1/registers/transfer-out/book.xlsx" + year); a.Header.Get("X-Number") != fmt.Sprintf("TZ-2026-%05d", len(offered)+1) || a.Header.Get("X-Rows") != "1" {
			t.Errorf("exported: %s, %s rows", a.Header.Get("X-Number"), a.Header.Get("X-Rows"))
		}
	})
}
