package conformance

import (
	"slices"
	"strings"
	"testing"

	"dangan/internal/codes"
	"dangan/internal/testkit"
)

// The guide is everybody's, and says what the rules and tables say now (4, 8, 26).
func TestTheGuideSaysWhatHolds(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		type guide struct {
			Free     string
			Services []struct {
				Name, Term string
				Papers     []string
			}
			Categories []struct {
				Code  string
				Kinds []struct{ Evidence string }
			}
			Ties     []string
			Agencies []struct{ Code, Phone, Closed string }
		}
		read := func() (g guide) {
			t.Helper()
			p.Client("").Get("/api/v1/guide").OK().JSON(&g)
			return g
		}
		before := read()
		if !strings.Contains(before.Free, "不收取任何费用") {
			t.Errorf("the guide begins with %q", before.Free)
		}
		n := 0
		for _, c := range before.Categories {
			for _, k := range c.Kinds {
				if n++; k.Evidence == "" {
					t.Errorf("%s has a kind whose evidence nobody is told", c.Code)
				}
			}
		}
		if len(before.Categories) != 7 || n != len(codes.Categories()) {
			t.Errorf("%d categories of %d kinds", len(before.Categories), n)
		}
		// What the province or an agency decides stands in it at once.
		province := p.Client("supervisor-500000")
		province.Put("/api/v1/settings/certificate_months", map[string]any{"value": "7"}).OK()
		province.Put("/api/v1/settings/tie_insurance", map[string]any{"value": "0"}).OK()
		province.Post("/api/v1/agencies/50010801/contact", map[string]any{"effectiveOn": today(p), "evidence": "办公电话变更通知", "contacts": []map[string]any{{"key": "phone", "value": "023-62810000"}}}).OK()
		after := read()
		if !slices.ContainsFunc(after.Services, func(s struct {
			Name, Term string
			Papers     []string
		}) bool {
			return s.Name == "出具证明" && strings.Contains(s.Term, "7个月")
		}) {
			t.Error("the guide does not say the new term of certificates")
		}
		if !slices.Contains(before.Ties, "参保地") || slices.Contains(after.Ties, "参保地") {
			t.Errorf("ties before %v, after %v", before.Ties, after.Ties)
		}
		if !slices.ContainsFunc(after.Agencies, func(a struct{ Code, Phone, Closed string }) bool {
			return a.Code == "50010801" && a.Phone == "023-62810000"
		}) {
			t.Error("the guide does not say the agency's new telephone")
		}
	})
}
