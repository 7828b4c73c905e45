package conformance

import (
	"strings"
	"testing"

	"dangan/internal/testkit"
)

func court(more j) j {
	b := j{"organ": "重庆市南岸区人民法院（演示）", "basis": "civil", "name": "协助执行通知书", "no": "（2026）渝0108执123号", "on": "2026-11-20", "until": "2027-05-20"}
	for k, v := range more {
		b[k] = v
	}
	return b
}

// restrain has a court's paper entered and confirmed by another person: the dossier may not leave.
func restrain(m *moving) {
	m.t.Helper()
	id := m.p.Client("clerk-500108").Post("/api/v1/dossiers/"+m.d.ID+"/holds", court(nil)).OK().String("id")
	m.p.Client("reviewer-500108").Post("/api/v1/holds/"+id+"/decide", j{"confirm": true}).OK()
}

func TestLegalHold(t *testing.T) {
	var m *moving
	var id, second string
	check(t, []Case{
		{Rule: "20.2a", Name: "没有法律依据的，不得限制转出", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m = move(t, p, 61, nil).listed(whole)
			return p.Client("clerk-500108").Post("/api/v1/dossiers/"+m.d.ID+"/holds", court(j{"basis": ""}))
		}},
		{Rule: "20.2a", Name: "没有期限的，不得限制转出", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/dossiers/"+m.d.ID+"/holds", court(j{"until": ""}))
		}},
		{Rule: "20.2a", Name: "库管不登记限制", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("keeper-500108").Post("/api/v1/dossiers/"+m.d.ID+"/holds", court(nil))
		}},
		{Rule: "20.2a", Name: "经办照法院文书登记限制，确认前不影响转出", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("clerk-500108").Post("/api/v1/dossiers/"+m.d.ID+"/holds", court(nil))
			id = a.String("id")
			if n := a.String("no"); !strings.HasPrefix(n, "XZ-50010801-2026-") {
				t.Errorf("number %s", n)
			}
			if other := p.Client("reviewer-500103").Get("/api/v1/holds/" + id); other.Status != 404 {
				t.Errorf("another district reads it: %d", other.Status)
			}
			return a
		}},
		{Rule: "20.2a", Name: "同一份文书不登记两次", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/dossiers/"+m.d.ID+"/holds", court(nil))
		}},
		{Rule: "20.2a", Name: "经办不能确认限制", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/holds/"+id+"/decide", j{"confirm": true})
		}},
		{Rule: "20.2a", Name: "另一人对照文书确认，限制生效", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("reviewer-500108").Post("/api/v1/holds/"+id+"/decide", j{"confirm": true})
			if s := a.String("state"); s != "active" {
				t.Errorf("state %s", s)
			}
			inboxTells(t, p, "clerk-500108", "限制转出已生效")
			return a
		}},
		{Rule: "20.2a", Name: "限制中的档案不能转出，写明机关、文书、期限和出路", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m.p, m.t = p, t
			a := m.post("reviewer-500108", "review", j{})
			for _, want := range []string{"重庆市南岸区人民法院", "协助执行通知书", "渝0108执123号", "2027年5月20日", "书面解除", "书面答复"} {
				if !strings.Contains(string(a.Body), want) {
					t.Errorf("the refusal does not say %s: %s", want, a.Body)
				}
			}
			return a
		}},
		{Rule: "20.2b", Name: "限制中的转递列入审核的待办：期限内书面答复", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("reviewer-500108").Get("/api/v1/work")
			if !strings.Contains(string(a.Body), "期限内书面答复") {
				t.Errorf("the reviewer is not told to answer: %s", a.Body)
			}
			return a
		}},
		{Rule: "20.2a", Name: "没有解除文书，不得提前解除", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/holds/"+id+"/lift", j{"on": "2026-11-23"})
		}},
		{Rule: "20.2a", Name: "续期须由原机关作出", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/dossiers/"+m.d.ID+"/holds", court(j{"organ": "南岸区监察委员会（演示）", "no": "1号", "until": "2027-09-20", "extends": id}))
		}},
		{Rule: "20.2a", Name: "凭续期文书续期，原限制不再单独计算", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			second = p.Client("clerk-500108").Post("/api/v1/dossiers/"+m.d.ID+"/holds", court(j{"no": "（2026）渝0108执123号之一", "until": "2027-09-20", "extends": id})).String("id")
			a := p.Client("head-500108").Post("/api/v1/holds/"+second+"/decide", j{"confirm": true})
			if s := p.Client("clerk-500108").Get("/api/v1/holds/" + id).String("state"); s != "extended" {
				t.Errorf("the first one is %s", s)
			}
			return a
		}},
		{Rule: "20.2a", Name: "凭解除文书登记解除，另一人确认后可以转出", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m.p, m.t = p, t
			p.Client("clerk-500108").Post("/api/v1/holds/"+second+"/lift", j{"name": "解除协助执行通知书", "no": "（2026）渝0108执123号之二", "on": "2026-11-23"}).OK()
			if a := m.post("reviewer-500108", "review", j{}); a.Status != 403 {
				t.Errorf("it may leave before the release is confirmed: %d", a.Status)
			}
			p.Client("reviewer-500108").Post("/api/v1/holds/"+second+"/decide-lift", j{"confirm": true}).OK()
			inboxTells(t, p, "clerk-500108", "限制转出已解除")
			return m.post("reviewer-500108", "review", j{})
		}},
		{Rule: "20.2a", Name: "已经解除的，不能再解除", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/holds/"+second+"/lift", j{"name": "解除通知书", "no": "3号", "on": "2026-11-23"})
		}},
	})
}
