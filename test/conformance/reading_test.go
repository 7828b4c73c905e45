package conformance

import (
	"strings"
	"testing"
	"time"

	"dangan/internal/access"
	"dangan/internal/dossier"
	"dangan/internal/testkit"
)

// reading is an open reading on the screen, of as many readers as came.
func reading(p *testkit.Province, came int, change ...func(map[string]any)) consultation {
	c := ready(p, stock(p, nil), append([]func(map[string]any){with("paperOn", today(p))}, change...)...)
	c.open(came).OK()
	return c
}

// onScreen is a piece that the readers can turn the pages of.
func (c consultation) onScreen() string {
	var v struct {
		Materials []struct {
			ID     string
			Leaves []int64
		}
	}
	c.p.Client("keeper-500108").Get(c.path("/reading")).JSON(&v)
	for _, m := range v.Materials {
		if len(m.Leaves) > 0 {
			return m.ID
		}
	}
	return ""
}

func (c consultation) turn(no string) *testkit.Answer {
	return c.p.Client("keeper-500108").Get(c.path("/reading/pages/" + c.onScreen() + "/" + no))
}

func three() func(map[string]any) {
	return with("readers", []map[string]any{reader(0), reader(1), reader(2)})
}

// A session at the desk: who is there, how long, and what stood on the screen.
func TestReadingSessions(t *testing.T) {
	check(t, []Case{
		{Rule: "21.4", Name: "监阅人延长一次，写明原因", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := reading(p, 2)
			a := c.post("keeper-500108", "/reading/extend", map[string]any{"minutes": 20, "reason": "材料较多"})
			var v struct {
				Consultation struct{ Session struct{ Seconds int64 } }
			}
			if a.OK().JSON(&v); v.Consultation.Session.Seconds < 79*60 {
				t.Errorf("%d seconds are left", v.Consultation.Session.Seconds)
			}
			return a
		}},
		{Rule: "21.4", Name: "只能延长一次", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			c := reading(p, 2)
			c.post("keeper-500108", "/reading/extend", map[string]any{"minutes": 20, "reason": "材料较多"}).OK()
			return c.post("keeper-500108", "/reading/extend", map[string]any{"minutes": 20, "reason": "还要看"})
		}},
		{Rule: "21.4", Name: "延长没有写明原因", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return reading(p, 2).post("keeper-500108", "/reading/extend", map[string]any{"minutes": 20, "reason": " "})
		}},
		{Rule: "21.4", Name: "延长超过全市上限", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return reading(p, 2).post("keeper-500108", "/reading/extend", map[string]any{"minutes": 90, "reason": "材料较多"})
		}},
		{Rule: "21.4", Name: "负责人不在阅档室，不能延长", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return reading(p, 2).post("head-500108", "/reading/extend", map[string]any{"minutes": 20, "reason": "材料较多"})
		}},
		{Rule: "21.4", Name: "到时已结束，不能再延长", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			c := reading(p, 2)
			p.Clock.Advance(61 * time.Minute)
			return c.post("keeper-500108", "/reading/extend", map[string]any{"minutes": 20, "reason": "材料较多"})
		}},
		{Rule: "21.2", Name: "三人中一人离席，在场两人可以解锁继续", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := reading(p, 3, three())
			all := c.readersOf()
			c.post("keeper-500108", "/reading/lock", map[string]any{"away": all[:1]}).OK()
			a := c.post("keeper-500108", "/reading/unlock", map[string]any{"here": all[1:]})
			if strings.Contains(string(a.OK().Body), `"locked":true`) || !strings.Contains(string(a.Body), `"away":true`) {
				t.Errorf("two of three are there: %s", a.Body)
			}
			c.turn("1").OK()
			return a
		}},
		{Rule: "21.2", Name: "只剩一人在场，不能解锁", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			c := reading(p, 2)
			c.post("keeper-500108", "/reading/lock", nil).OK()
			return c.post("keeper-500108", "/reading/unlock", map[string]any{"here": c.readersOf()[:1]})
		}},
		{Rule: "21.2", Name: "锁屏期间不能翻阅", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			c := reading(p, 2)
			c.turn("1").OK()
			c.post("keeper-500108", "/reading/lock", nil).OK()
			return c.turn("2")
		}},
		{Rule: "18c", Name: "每页的显示时长都有记录，离屏即止", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := reading(p, 2)
			c.turn("1").OK()
			p.Clock.Advance(90 * time.Second)
			c.turn("2").OK()
			p.Clock.Advance(30 * time.Second)
			c.post("keeper-500108", "/reading/leave", nil).OK()
			p.Clock.Advance(10 * time.Minute) // nobody saw it meanwhile
			c.post("keeper-500108", "/reading/end", nil).OK()
			a := c.p.Client("clerk-500108").Get(c.path(""))
			var v struct{ Read []struct{ Shown int64 } }
			a.JSON(&v)
			if len(v.Read) != 1 || v.Read[0].Shown != 120 {
				t.Errorf("two pages stood there for two minutes: %+v", v.Read)
			}
			return a
		}},
		{Rule: "18c", Name: "到场的查阅人写进记录，没有到场的不写", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := reading(p, 2, three())
			c.post("keeper-500108", "/reading/end", nil).OK()
			paper := hasPaper(t, c, "reading_record")
			if said := testkit.PaperText(t, paper.Body); !strings.Contains(said, "冯澜、石漱玉") || strings.Contains(said, "罗一鸣") {
				t.Errorf("the record names %s", said)
			}
			return paper
		}},
		{Rule: "21b", Name: "批准以后列为从严查阅，负责人补充批准才能开始", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			d := stock(p, nil)
			c := ready(p, d, with("paperOn", today(p)))
			readers := c.readersOf()
			p.Client("clerk-500108").Post("/api/v1/dossiers/"+d.ID+"/secrecy/raise", map[string]any{"to": "work", "reason": "封面标有工作秘密"}).OK()
			keeper := cleared(t, p, "keeper")
			if a := p.Client(keeper).Post(c.path("/reading"), map[string]any{"readers": readers}); a.Status != 409 && a.Status != 403 || !strings.Contains(string(a.Body), "head_missing") {
				t.Errorf("opened without the head: %d %s", a.Status, a.Body)
			}
			p.Client(cleared(t, p, "head")).Post(c.path("/confirm"), map[string]any{"opinion": "同意"}).OK()
			return p.Client(keeper).Post(c.path("/reading"), map[string]any{"readers": readers})
		}},
		{Rule: "21b", Name: "涉密档案不提供数字影像查阅", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			d := stock(p, func(d *dossier.Dossier) { d.Secrecy = dossier.Secret })
			return p.Client(cleared(t, p, "clerk")).Post("/api/v1/consultations", form(d.ID, with("paperOn", today(p))))
		}},
	})
}

// A reading ends on the day it began, whatever it was granted (21.4).
func TestAReadingEndsOnItsDay(t *testing.T) {
	at := func(hour, minute int) time.Time {
		return time.Date(2026, 11, 25, hour, minute, 0, 0, access.Closing(time.Now(), 24).Location())
	}
	for _, c := range []struct {
		name    string
		begin   time.Time
		minutes int64
		hour    int
		ends    time.Time
		refused bool
	}{
		{"白天", at(10, 0), 60, 18, at(11, 0), false},
		{"闭室前", at(17, 30), 60, 18, at(18, 0), false},
		{"已闭室", at(18, 0), 60, 18, time.Time{}, true},
		{"到午夜", at(23, 30), 60, 24, at(24, 0), false},
	} {
		ends, err := access.Ends(c.begin, c.minutes, c.hour)
		if (err != nil) != c.refused || !ends.Equal(c.ends) {
			t.Errorf("%s: ends %s, %v", c.name, ends, err)
		}
	}
	s := access.Session{OpenedAt: at(17, 0), EndsAt: at(17, 50), MaxPages: 10}
	if err := s.Extend("k", at(17, 40), 30, 30, 18, "材料较多"); err != nil || !s.EndsAt.Equal(at(18, 0)) {
		t.Errorf("prolonged to %s, %v", s.EndsAt, err)
	}
	s = access.Session{OpenedAt: at(17, 0), EndsAt: at(18, 0), MaxPages: 10}
	if err := s.Extend("k", at(17, 40), 30, 30, 18, "材料较多"); err == nil {
		t.Error("prolonged past the closing of the room")
	}
}
