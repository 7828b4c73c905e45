package conformance

import (
	"testing"

	"dangan/internal/dossier"
	"dangan/internal/store"
	"dangan/internal/testkit"
)

func TestProvincialSettings(t *testing.T) {
	change := func(user, key, value string) func(*testing.T, *testkit.Province) *testkit.Answer {
		return func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(user).Put("/api/v1/settings/"+key, map[string]string{"value": value})
		}
	}
	check(t, []Case{
		{Rule: "N1", Name: "市级监督调整调档函有效期", Run: change("supervisor-500000", "letter_valid_days", "45")},
		{Rule: "N1", Name: "区县机构不得自行调整全市参数", Refused: true, Run: change("head-500108", "letter_valid_days", "90")},
		{Rule: "18a", Name: "人工抽查比例不得低于百分之五", Refused: true, Run: change("supervisor-500000", "scan_sample_percent", "1")},
	})
}

func TestHolidaysOfANewYear(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		c := p.Client("supervisor-500000")
		table := "date,kind,name_zh\n2027-01-01,holiday,元旦\n2027-01-03,workday,元旦\n2027-01-23,workday,演示调休\n"
		piece := p.Client("clerk-500108").Post("/api/v1/dossiers/"+oneOf(t, p, 31)+"/materials", piece("劳动合同书", nil)).String("id")
		due := func() (m dossier.Material) {
			m, err := store.Get[dossier.Material](t.Context(), p.DB, "WHERE id=?", piece)
			if err != nil {
				t.Fatal(err)
			}
			return m
		}
		// Two months after 23 November is a Saturday in a year nobody has published yet.
		if m := due(); m.DueOn != "2027-01-25" || !m.DueTentative {
			t.Errorf("due %s, tentative %v", m.DueOn, m.DueTentative)
		}
		c.Post("/api/v1/calendar", map[string]any{"year": 2027, "table": table}).OK()
		if y := p.Settings.Calendar().LastYear(); y != 2027 {
			t.Errorf("calendar reaches %d, want 2027", y)
		}
		if p.Settings.Calendar().IsWorkday("2027-01-01") || !p.Settings.Calendar().IsWorkday("2027-01-03") {
			t.Error("the days loaded do not count")
		}
		if a := c.Post("/api/v1/calendar", map[string]any{"year": 2028, "table": table}); a.Status != 422 {
			t.Errorf("a table of another year answered %d: %s", a.Status, a.Body)
		}
		p.RunJobs()
		if m := due(); m.DueOn != "2027-01-23" || m.DueTentative {
			t.Errorf("due %s, tentative %v, once 2027 is loaded", m.DueOn, m.DueTentative)
		}
	})
}
