package conformance

import (
	"slices"
	"strings"
	"testing"

	"dangan/internal/testkit"
)

// oneOf is a made-up dossier on the shelf of 南岸, by number.
func oneOf(t *testing.T, p *testkit.Province, n int) string {
	t.Helper()
	p = p.In(t)
	return testkit.Stock(p, "50010801", n, nil).ID
}

var cited = map[string]any{"class": "9-2", "title": "聘用合同书", "page": 2}

func TestDossierRecord(t *testing.T) {
	var id, period string
	check(t, []Case{
		{Rule: "12b", Name: "完整证件号码只有说明用途才显示", Refused: false, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			id = oneOf(t, p, 1)
			page := p.Client("clerk-500108").Get("/api/v1/dossiers/" + id)
			if strings.Contains(string(page.Body), testkit.IDNo(1)) {
				t.Error("the page shows the whole identity number")
			}
			page.OK()
			a := p.Client("clerk-500108").Post("/api/v1/dossiers/"+id+"/reveal", map[string]any{"reason": "核对转档手续"})
			if !strings.Contains(string(a.Body), testkit.IDNo(1)) {
				t.Errorf("not revealed: %s", a.Body)
			}
			return a
		}},
		{Rule: "29.3", Name: "不说明用途，不显示完整证件号码", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/dossiers/"+id+"/reveal", map[string]any{"reason": " "})
		}},
		{Rule: "29.2", Name: "登记记载须注明类号、材料名称和页码", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/dossiers/"+id+"/facts", map[string]any{"kind": "birth_date", "written": "1991年3月14日", "source": map[string]any{"title": "高中毕业生登记表"}})
		}},
		{Rule: "20.3b", Name: "登记一段事业单位专业技术人员经历，注明出处", Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("clerk-500108").Post("/api/v1/dossiers/"+id+"/periods", map[string]any{"kind": "work", "from": "2013-07", "to": "2019-05", "unit": "南岸区某中学", "identity": "institution_professional", "source": cited})
			period = a.String("id")
			return a
		}},
		{Rule: "29.2", Name: "登记人不能核对自己的登记", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/entries/period/"+period+"/confirm", nil)
		}},
		{Rule: "29.2", Name: "另一人核对后，记载有效", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("reviewer-500108").Post("/api/v1/entries/period/"+period+"/confirm", nil)
			if f := p.Client("clerk-500108").Get("/api/v1/dossiers/" + id).String("forced.code"); f != "yes" {
				t.Errorf("way of transfer %s, want yes", f)
			}
			return a
		}},
	})
}

// Unknown stays unknown until the history is stated as complete by one person and confirmed by another.
func TestForcedUntilConfirmed(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		id := testkit.Stock(p, "50010801", 3, nil).ID
		clerk, reviewer := p.Client("clerk-500108"), p.Client("reviewer-500108")
		forced := func() string { return clerk.Get("/api/v1/dossiers/" + id).String("forced.code") }
		entry := clerk.Post("/api/v1/dossiers/"+id+"/periods", map[string]any{"kind": "work", "from": "2013-07", "unit": "云岫智能（演示）有限公司", "identity": "none", "source": cited}).String("id")
		if forced() != "unknown" {
			t.Error("an unconfirmed history decides")
		}
		if a := reviewer.Post("/api/v1/dossiers/"+id+"/history/confirm", nil); a.Status != 422 || !slices.Contains(a.Rules(), "20.3b") {
			t.Errorf("confirmed before it was stated: %d %s", a.Status, a.Body)
		}
		clerk.Post("/api/v1/dossiers/"+id+"/history/state", nil).OK()
		if a := clerk.Post("/api/v1/dossiers/"+id+"/history/confirm", nil); a.Status != 403 {
			t.Errorf("confirmed by who stated it: %d", a.Status)
		}
		if a := reviewer.Post("/api/v1/dossiers/"+id+"/history/confirm", nil); a.Status != 422 {
			t.Errorf("confirmed with an unconfirmed period: %d", a.Status)
		}
		reviewer.Post("/api/v1/entries/period/"+entry+"/confirm", nil).OK()
		reviewer.Post("/api/v1/dossiers/"+id+"/history/confirm", nil).OK()
		if forced() != "no" {
			t.Errorf("forced %s after the history was confirmed", forced())
		}
		clerk.Post("/api/v1/dossiers/"+id+"/periods", map[string]any{"kind": "work", "from": "2010-07", "to": "2013-06", "unit": "某区财政局", "source": cited}).OK()
		if forced() != "yes" {
			t.Error("a period at an organ without a recorded post does not count as forcing")
		}
	})
}
