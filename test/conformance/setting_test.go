package conformance

import (
	"testing"

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
		table := "date,kind,name_zh\n2027-01-01,holiday,元旦\n2027-01-03,workday,元旦\n"
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
	})
}
