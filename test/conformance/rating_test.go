package conformance

import (
	"strings"
	"testing"

	"dangan/internal/store"
	"dangan/internal/testkit"
)

// slip is the number and code of a case's 受理回执.
func slip(t *testing.T, p *testkit.Province, ref string) (number, code string) {
	t.Helper()
	var list struct {
		Items []struct{ Kind, Number, Code string }
	}
	p.Client("clerk-500108").Get("/api/v1/documents?case=" + ref).OK().JSON(&list)
	for _, d := range list.Items {
		if d.Kind == "acceptance" {
			return d.Number, d.Code
		}
	}
	t.Fatalf("%s has no slip", ref)
	return "", ""
}

// served is an application that has its end, with its slip.
func served(t *testing.T, p *testkit.Province) (c *certifying, number, code string) {
	c = atWindow(t, p)
	c.apply("custody", "keys", []string{"custody"}).OK()
	c.post("reviewer-500108", "issue", nil).OK()
	number, code = slip(t, p, "Certificate:"+c.id)
	return c, number, code
}

func grade(p *testkit.Province, number, code string, n int, pairs ...any) *testkit.Answer {
	return p.Client("").Post("/api/v1/ratings", merge(map[string]any{"number": number, "code": code, "grade": n}, pairs...))
}

// unhappy is a bad rating's case, as the head finds it.
func unhappy(t *testing.T, p *testkit.Province, pairs ...any) (c *certifying, id string) {
	c, number, code := served(t, p)
	grade(p, number, code, 2, append([]any{"reasons", []string{"slow"}, "text", "等得太久", "contact", "023-12345678"}, pairs...)...).OK()
	err := p.DB.QueryRow(t.Context(), "SELECT id FROM rating_case ORDER BY id DESC LIMIT 1").Scan(&id)
	if err != nil {
		t.Fatal(err)
	}
	return c, id
}

func TestRatingsByRule(t *testing.T) {
	const text = "等得太久"
	call := func(p *testkit.Province, user, id string, reached bool) *testkit.Answer {
		return p.Client(user).Post("/api/v1/rating-cases/"+id+"/calls", map[string]any{"way": "phone", "reached": reached, "said": "没有告诉进度"})
	}
	finish := func(p *testkit.Province, user, id string) *testkit.Answer {
		return p.Client(user).Post("/api/v1/rating-cases/"+id+"/finish", map[string]any{"result": "true", "corrected": true, "answer": "已改正"})
	}
	check(t, []Case{
		{Rule: "28", Name: "办结的申请凭受理回执评价一次；进度页上只说评价过，不说几级", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			_, number, code := served(t, p)
			if a := p.Client("").Get("/api/v1/verify?number=" + number + "&code=" + code).OK(); a.String("rating") != "open" {
				t.Errorf("%s", a.Body)
			}
			a := grade(p, number, code, 5, "reasons", []string{"clear"}).OK()
			if v := p.Client("").Get("/api/v1/verify?number=" + number + "&code=" + code).OK(); v.String("rating") != "done" || strings.Contains(string(v.Body), "满意") {
				t.Errorf("%s", v.Body)
			}
			return a
		}},
		{Rule: "28", Name: "评价过的不能再评价，也就不能修改", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			_, number, code := served(t, p)
			grade(p, number, code, 1, "text", "不好").OK()
			return grade(p, number, code, 5)
		}},
		{Rule: "28", Name: "没有办结的不能评价", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := atWindow(t, p)
			c.apply("custody").OK()
			number, code := slip(t, p, "Certificate:"+c.id)
			return grade(p, number, code, 5)
		}},
		{Rule: "28", Name: "经补正受理的是同一件申请，两张回执只评价一次", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := atWindow(t, p)
			id := record(p, "clerk-500108", "certificate", without(c)).OK().String("id")
			a := c.apply("custody", "keys", []string{"custody"}, "intakeId", id).OK()
			c.id = a.String("id")
			c.post("reviewer-500108", "issue", nil).OK()
			number, code := slip(t, p, "Intake:"+id)
			grade(p, number, code, 4).OK()
			return grade(p, number, code, 4)
		}},
		{Rule: "28", Name: "投诉的受理回执不评价", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			id := say(p, "clerk-500108").OK().String("id")
			answered(p, "supervisor-500108", id, true).OK()
			number, code := slip(t, p, "Matter:"+id)
			return grade(p, number, code, 5)
		}},
		{Rule: "28", Name: "差评要说明原因", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			_, number, code := served(t, p)
			return grade(p, number, code, 1)
		}},
		{Rule: "28", Name: "好评不开回访，没有人看得到是谁评的", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c, number, code := served(t, p)
			grade(p, number, code, 3).OK()
			n, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM rating_case WHERE case_ref=?", "Certificate:"+c.id)
			if n != 0 || err != nil {
				t.Errorf("%d cases, %v", n, err)
			}
			a := p.Client("supervisor-500108").Get("/api/v1/rating-figures?by=agency&from=2026-01-01&until=2026-12-31").OK()
			if strings.Contains(string(a.Body), number) {
				t.Errorf("%s", a.Body)
			}
			return a
		}},
		{Rule: "28", Name: "差评由没有经手的人回访、核实、整改后办结，告诉评价人", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c, id := unhappy(t, p)
			var v struct{ Text, Phone, Case, ReceiptNo string }
			p.Client("head-500108").Get("/api/v1/rating-cases/" + id).OK().JSON(&v)
			if v.Text != text || v.Phone != "023-12345678" || v.Case != "/certificates/"+c.id || v.ReceiptNo == "" {
				t.Errorf("%+v", v)
			}
			call(p, "head-500108", id, true).OK()
			a := finish(p, "head-500108", id).OK()
			if n, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM message WHERE dossier_id=? AND template='rated'", c.dossier); n != 1 || err != nil {
				t.Errorf("told %d times, %v", n, err)
			}
			return a
		}},
		{Rule: "28", Name: "办结不出现在档案的时间线和经手人看得到的消息里，经手人不会因此知道谁给了差评", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c, id := unhappy(t, p)
			call(p, "head-500108", id, true).OK()
			finish(p, "head-500108", id).OK()
			paths := []string{"/api/v1/dossiers/" + c.dossier + "/timeline", "/api/v1/messages?view=all&dossier=" + c.dossier, "/api/v1/registers/messages?from=2026-01-01&until=2026-12-31"}
			for _, user := range []string{"clerk-500108", "reviewer-500108"} {
				for _, path := range paths {
					if a := p.Client(user).Get(path).OK(); strings.Contains(string(a.Body), "rating.") || strings.Contains(string(a.Body), "评价") {
						t.Errorf("%s, %s: %s", user, path, a.Body)
					}
				}
			}
			a := p.Client("head-500108").Get(paths[1]).OK() // who called back does see that the person was told
			if !strings.Contains(string(a.Body), "评价") {
				t.Errorf("%s", a.Body)
			}
			return a
		}},
		{Rule: "28", Name: "告知评价人的消息没有送达的，经手人不能处理", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c, id := unhappy(t, p)
			call(p, "head-500108", id, true).OK()
			finish(p, "head-500108", id).OK()
			var message string
			if err := p.DB.QueryRow(t.Context(), "SELECT id FROM message WHERE dossier_id=? AND template='rated'", c.dossier).Scan(&message); err != nil {
				t.Fatal(err)
			}
			return p.Client("clerk-500108").Post("/api/v1/messages/"+message+"/by-hand", map[string]any{"note": "电话告知"})
		}},
		{Rule: "28", Name: "经手的人不能回访", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			_, id := unhappy(t, p)
			return call(p, "clerk-500108", id, true)
		}},
		{Rule: "28", Name: "经手的人看不到，列表里也没有", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			_, id := unhappy(t, p)
			if a := p.Client("reviewer-500108").Get("/api/v1/rating-cases?limit=100").OK(); strings.Contains(string(a.Body), id) {
				t.Errorf("%s", a.Body)
			}
			return p.Client("reviewer-500108").Get("/api/v1/rating-cases/" + id)
		}},
		{Rule: "28", Name: "没有回访的不能办结", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			_, id := unhappy(t, p)
			call(p, "head-500108", id, false).OK()
			return finish(p, "head-500108", id)
		}},
		{Rule: "28", Name: "匿名的差评不知道是谁、哪一件，照所述核实", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c, id := unhappy(t, p, "nameless", true)
			a := p.Client("head-500108").Get("/api/v1/rating-cases/" + id).OK()
			if s := string(a.Body); strings.Contains(s, c.id) || strings.Contains(s, "023-12345678") || strings.Contains(s, testkit.Name(c.n)) {
				t.Errorf("%s", s)
			}
			return finish(p, "head-500108", id)
		}},
		{Rule: "28", Name: "匿名的差评不能登记回访", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			_, id := unhappy(t, p, "nameless", true)
			return call(p, "head-500108", id, true)
		}},
		{Rule: "28", Name: "逾期的报主管部门一次，主管部门可以直接回访", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			_, id := unhappy(t, p)
			now := p.Clock.Now()
			defer func() {
				p.Clock.Set(now)
				p.Forget()
			}()
			p.Clock.Set(now.AddDate(0, 0, 40))
			p.Forget()
			for range 2 {
				if err := p.Ratings.Remind(t.Context()); err != nil {
					t.Error(err)
				}
			}
			if n, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM staff_notice WHERE agency='500108' AND post='supervisor' AND case_ref=?", "RatingCase:"+id); n != 1 || err != nil {
				t.Errorf("told %d times, %v", n, err)
			}
			if a := p.Client("supervisor-500108").Get("/api/v1/rating-cases?view=overdue&limit=100").OK(); !strings.Contains(string(a.Body), id) {
				t.Errorf("%s", a.Body)
			}
			return call(p, "supervisor-500108", id, true)
		}},
		{Rule: "28", Name: "各经办人的评价率有数字，评价少的不显示分级", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			if a := p.Client("clerk-500108").Get("/api/v1/rating-figures?by=clerk&from=2026-01-01&until=2026-12-31").OK(); strings.Contains(string(a.Body), `"name"`) {
				t.Errorf("a clerk sees %s", a.Body)
			}
			for _, by := range []string{"matter", "clerk"} {
				var list struct {
					Items []struct {
						Name         string
						Ended, Rated int64
						Hidden       bool
						Grades       []int64
					}
				}
				p.Client("head-500108").Get("/api/v1/rating-figures?by=" + by + "&from=2026-01-01&until=2026-12-31").OK().JSON(&list)
				for _, f := range list.Items {
					sum := int64(0)
					for _, n := range f.Grades {
						sum += n
					}
					if f.Name == "" || f.Hidden != (f.Rated > 0 && f.Rated < 5) || f.Hidden && sum != 0 || !f.Hidden && sum != f.Rated || f.Ended < f.Rated {
						t.Errorf("%s: %+v", by, f)
					}
				}
				if len(list.Items) == 0 {
					t.Errorf("no figures by %s", by)
				}
			}
			return p.Client("head-500108").Get("/api/v1/registers/ratings?from=2026-01-01&until=2026-12-31")
		}},
	})
}
