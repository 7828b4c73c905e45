package conformance

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"dangan/internal/dossier"
	"dangan/internal/testkit"
)

// figures is what of 监督概览 these tests read.
type figures struct {
	Items []struct {
		Agency    string
		Holding   struct{ Total, InStore, Moving int64 }
		Transfers struct{ Running int64 }
		Window    struct{ Refusals int64 }
		Tardy     struct{ Materials, Days int64 }
		Owed      struct{ Open int64 }
	}
}

const thisYear = "?from=2026-01-01&until=2026-12-31"

func overseen(p *testkit.Province, who string) (f figures) {
	p.Client(who).Get("/api/v1/oversight" + thisYear).OK().JSON(&f)
	return f
}

func (f figures) agencies() (out []string) {
	for _, r := range f.Items {
		out = append(out, r.Agency)
	}
	return out
}

func TestOversightByRule(t *testing.T) {
	check(t, []Case{
		{Rule: "5", Name: "区县组织部门看本区机构的数字，只到本区，与本区监督所见一致", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			for i, agency := range []string{"50010801", "50010801", "50010301"} {
				testkit.Stock(p, agency, 8801+i, nil)
			}
			move(t, p, 8811, nil).registered()
			p.Client("clerk-500108").Post("/api/v1/dossiers/"+testkit.Stock(p, "50010801", 8812, nil).ID+"/materials", piece("劳动合同书", j{"month": 3})).OK()
			mine, beside := overseen(p, "organization-500108"), overseen(p, "archives-500103")
			if got := mine.agencies(); !slices.Equal(got, []string{"50010801"}) {
				t.Errorf("the district's organization department is shown %v", got)
			}
			if got := beside.agencies(); !slices.Equal(got, []string{"50010301"}) {
				t.Errorf("the next district's archives department is shown %v", got)
			}
			r := mine.Items[0]
			if r.Holding.Total < 4 || r.Transfers.Running != 1 || r.Tardy.Materials != 1 || r.Tardy.Days == 0 {
				t.Errorf("the figures: %+v", r)
			}
			if of := overseen(p, "supervisor-500108"); fmt.Sprint(of) != fmt.Sprint(mine) {
				t.Errorf("the supervisor sees other figures: %v, %v", of, mine)
			}
			if got := overseen(p, "statistician-500000").agencies(); !slices.Contains(got, "50010301") || !slices.Contains(got, "50010801") {
				t.Errorf("the province's statistics are of %v", got)
			}
			return p.Client("organization-500108").Get("/api/v1/oversight" + thisYear)
		}},
		{Rule: "15", Name: "涉密档案不从数字中显露", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			before := overseen(p, "organization-500108").Items[0].Holding
			testkit.Stock(p, "50010801", 8821, func(d *dossier.Dossier) { d.Secrecy, d.OwnSecrecy = 2, 2 })
			if after := overseen(p, "organization-500108").Items[0].Holding; after != before {
				t.Errorf("a secret dossier is counted: %v, %v before", after, before)
			}
			return p.Client("organization-500108").Get("/api/v1/oversight" + thisYear)
		}},
		{Rule: "5", Name: "不予办理有业务、编号、依据，没有当事人；邻区看不到", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			_, notice := turnedDown(t, p)
			a := p.Client("archives-500108").Get("/api/v1/oversight/refusals" + thisYear).OK()
			if !strings.Contains(string(a.Body), notice) || !strings.Contains(string(a.Body), "出具证明") {
				t.Errorf("the notice %s is not on the list: %s", notice, a.Body)
			}
			var name, no string
			if err := p.DB.QueryRow(t.Context(), "SELECT d.addressee, o.no FROM document d JOIN dossier o ON o.id=d.dossier_id WHERE d.number=?", notice).Scan(&name, &no); err != nil {
				t.Fatal(err)
			}
			for _, told := range []string{name, no} {
				if strings.Contains(string(a.Body), told) {
					t.Errorf("%s is told to who inspects: %s", told, a.Body)
				}
			}
			if beside := p.Client("archives-500103").Get("/api/v1/oversight/refusals" + thisYear).OK(); strings.Contains(string(beside.Body), notice) {
				t.Errorf("the next district reads %s", beside.Body)
			}
			return a
		}},
		{Rule: "5", Name: "按期间看各台账条数，不看明细", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			var list struct {
				Items []struct {
					Name string
					N    int64
				}
			}
			c := p.Client("organization-500108")
			c.Get("/api/v1/oversight/registers" + thisYear).OK().JSON(&list)
			if i := slices.IndexFunc(list.Items, func(r struct {
				Name string
				N    int64
			}) bool {
				return r.Name == "不予办理"
			}); i < 0 || list.Items[i].N != 1 {
				t.Errorf("the registers: %v", list.Items)
			}
			if heads := c.Get("/api/v1/registers").OK(); string(heads.Body) != "[]\n" && string(heads.Body) != "[]" {
				t.Errorf("registers are offered: %s", heads.Body)
			}
			if a := c.Get("/api/v1/registers/refusals" + thisYear); a.Status != http.StatusNotFound {
				t.Errorf("the lines of a register answered %d", a.Status)
			}
			return c.Get("/api/v1/oversight/registers" + thisYear + "&agency=50010801")
		}},
		{Rule: "5", Name: "看所辖机构的变动决定", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			p.Client("supervisor-500000").Post("/api/v1/agencies/50010801/rename", order("渝编〔2026〕77号", "2027-03-01", j{"name": "南岸区人才发展中心"})).OK()
			a := p.Client("organization-500108").Get("/api/v1/oversight/agency-changes" + thisYear).OK()
			if !strings.Contains(string(a.Body), "渝编〔2026〕77号") {
				t.Errorf("the decision is not on the list: %s", a.Body)
			}
			if beside := p.Client("organization-500103").Get("/api/v1/oversight/agency-changes" + thisYear); strings.Contains(string(beside.Body), "渝编〔2026〕77号") {
				t.Errorf("the next district reads %s", beside.Body)
			}
			return a
		}},
		{Rule: "5", Name: "经办不看监督概览", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Get("/api/v1/oversight" + thisYear)
		}},
		{Rule: "5", Name: "审计管理员不看不予办理清单", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("auditor-500000").Get("/api/v1/oversight/refusals" + thisYear)
		}},
		{Rule: "5", Name: "期间颠倒的，指出来", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			for _, what := range []string{"registers", "refusals", "agency-changes"} {
				if a := p.Client("organization-500108").Get("/api/v1/oversight/" + what + thisYear + "&agency=50010301"); a.Status != http.StatusNotFound {
					t.Errorf("%s of another district's agency answered %d: %s", what, a.Status, a.Body)
				}
			}
			return p.Client("organization-500108").Get("/api/v1/oversight?from=2026-12-31&until=2026-01-01")
		}},
	})
}

// TestGuidesHearOfNobody asks every GET there is as each reading post: no answer names a person,
// a dossier or an identity number, whatever is asked for (5, 29.3).
func TestGuidesHearOfNobody(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		ids := somethingOfEverything(t, p)
		_, notice := turnedDown(t, p)
		testkit.Stock(p, "50010801", 8891, nil)
		rows, err := p.DB.Query(t.Context(), "SELECT d.no, p.name FROM dossier d JOIN person p ON p.id=d.person_id")
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		words := []string{testkit.IDNo(8891), testkit.IDNo(7002)}
		for rows.Next() {
			var no, name string
			if err := rows.Scan(&no, &name); err != nil {
				t.Fatal(err)
			}
			words = append(words, no, name)
		}
		search := url.Values{"from": {"2026-01-01"}, "until": {"2026-12-31"}, "to": {"2026-12-31"}, "limit": {"100"}}
		asked, heard := 0, map[string]int{}
		for _, who := range []string{"organization-500108", "archives-500000", "statistician-500000"} {
			c := p.Client(who)
			for _, o := range getters(t, p) {
				if strings.HasPrefix(o.path, "/api/v1/verify") {
					continue
				}
				for _, place := range ids.places(o.path) {
					q := url.Values{}
					for _, x := range o.params {
						if v, known := search[x.Name]; known && x.In == "query" {
							q[x.Name] = v
						}
					}
					a := c.Get(place + "?" + q.Encode())
					asked++
					if a.Status != http.StatusOK {
						continue
					}
					heard[who]++
					for _, word := range words {
						if strings.Contains(string(a.Body), word) {
							t.Errorf("%s hears of %s at %s: %.300s", who, word, place, a.Body)
						}
					}
				}
			}
			if got := c.Get("/api/v1/oversight/refusals?" + search.Encode()).OK(); !strings.Contains(string(got.Body), notice) {
				t.Errorf("%s does not see the notice: %s", who, got.Body)
			}
		}
		if asked < 500 || heard["archives-500000"] < 30 {
			t.Errorf("%d questions, answered %v", asked, heard)
		}
	})
}
