package access

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/rule"
)

var monday = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)

func standards() Standards {
	return Standards{Today: calendar.Of(monday), CandidateCounts: true}
}

func limits() Limits { return Limits{Minutes: 60, Pages: 300} }

func complete() (Case, []Reader) {
	c := Case{State: Draft, Unit: "南岸区委组织部（演示）", Purpose: "vetting", Reason: "拟任职考察", PaperName: "介绍信", PaperNo: "南组信〔2026〕12号", PaperOn: "2026-11-20",
		Sealed: true, Matches: true, FormSigned: true, AskedKind: Whole, Way: Digital, AppliedBy: "a"}
	r := Reader{Name: "冯澜", Political: "01", Declared: true, Pledged: true}
	s := r
	s.Name = "石漱玉"
	return c, []Reader{r, s}
}

func slugs(reasons []rule.Reason) []string {
	out := []string{}
	for _, r := range reasons {
		out = append(out, string(r.Rule)+"/"+r.Slug)
	}
	return out
}

func TestWhatAnApplicationLacks(t *testing.T) {
	for _, x := range []struct {
		name   string
		change func(c *Case, r *[]Reader, s *Standards)
		want   []string
	}{
		{"齐全的申请", func(*Case, *[]Reader, *Standards) {}, []string{}},
		{"没有介绍信文号", func(c *Case, _ *[]Reader, _ *Standards) { c.PaperNo = "" }, []string{"21.1/introduction_letter_missing"}},
		{"介绍信未盖章", func(c *Case, _ *[]Reader, _ *Standards) { c.Sealed = false }, []string{"21.1/letter_without_seal"}},
		{"介绍信与申请不一致", func(c *Case, _ *[]Reader, _ *Standards) { c.Matches = false }, []string{"21.1/letter_differs"}},
		{"没有写明理由", func(c *Case, _ *[]Reader, _ *Standards) { c.Reason = " " }, []string{"21.1/reason_missing"}},
		{"介绍信写明的有效期已过", func(c *Case, _ *[]Reader, _ *Standards) { c.PaperUntil = "2026-11-22" }, []string{"21.1/letter_expired"}},
		{"未写有效期的介绍信满十五天", func(c *Case, _ *[]Reader, _ *Standards) { c.PaperOn = "2026-11-07" }, []string{"21.1/letter_expired"}},
		{"未写有效期的介绍信第十五天", func(c *Case, _ *[]Reader, _ *Standards) { c.PaperOn = "2026-11-08" }, []string{}},
		{"申请表未签署盖章", func(c *Case, _ *[]Reader, _ *Standards) { c.FormSigned = false }, []string{"21.1/form_not_signed"}},
		{"只来一人", func(_ *Case, r *[]Reader, _ *Standards) { *r = (*r)[:1] }, []string{"21.2/too_few_readers"}},
		{"非党员未说明理由", func(_ *Case, r *[]Reader, _ *Standards) { (*r)[1].Political = "13" }, []string{"21.2/non_member_without_reason"}},
		{"非党员说明了理由", func(_ *Case, r *[]Reader, _ *Standards) {
			(*r)[1].Political, (*r)[1].NonMember = "13", "单位仅有两名人事干部"
		}, []string{}},
		{"预备党员按设置视为党员", func(_ *Case, r *[]Reader, _ *Standards) { (*r)[1].Political = "02" }, []string{}},
		{"预备党员按设置不视为党员", func(_ *Case, r *[]Reader, s *Standards) {
			(*r)[1].Political, s.CandidateCounts = "02", false
		}, []string{"21.2/non_member_without_reason"}},
		{"未签回避声明", func(_ *Case, r *[]Reader, _ *Standards) { (*r)[0].Declared = false }, []string{"21c/declaration_missing"}},
		{"未签保密承诺", func(_ *Case, r *[]Reader, _ *Standards) { (*r)[0].Pledged = false }, []string{"29.3/pledge_missing"}},
		{"纪检凭通知书，不用申请表，非党员不问理由", func(c *Case, r *[]Reader, _ *Standards) {
			c.Purpose, c.FormSigned, c.PaperOn = "discipline_inspection", false, "2026-09-01"
			for i := range *r {
				(*r)[i].Political, (*r)[i].Card = "13", "渝纪0001"
			}
		}, []string{}},
		{"公安凭通知书，未出示工作证", func(c *Case, r *[]Reader, _ *Standards) {
			c.Purpose = "judicial_evidence"
			(*r)[0].Card = "警0001"
		}, []string{"21.1/card_not_seen"}},
		{"其他事由未写法律依据", func(c *Case, _ *[]Reader, _ *Standards) { c.Purpose = "other_legal_basis" }, []string{"21a/legal_basis_missing"}},
		{"样样都缺，一次说完", func(c *Case, r *[]Reader, _ *Standards) {
			*c = Case{State: Draft, Purpose: "vetting", AskedKind: Whole, Way: Digital}
			*r = nil
		}, []string{"21.1/introduction_letter_missing", "21.1/letter_without_seal", "21.1/letter_differs", "21.1/reason_missing", "21.1/form_not_signed", "21.2/too_few_readers"}},
	} {
		t.Run(x.name, func(t *testing.T) {
			c, r := complete()
			s := standards()
			x.change(&c, &r, &s)
			lacks := c.Lacks(r, s)
			if got := slugs(lacks); !slices.Equal(got, x.want) {
				t.Errorf("lacks %v, want %v", got, x.want)
			}
			for _, l := range lacks {
				if l.Message == "" || l.Next == "" || l.Field == "" {
					t.Errorf("a lack that does not teach: %+v", l)
				}
			}
		})
	}
}

func TestWhoApprovesAtWhichLevel(t *testing.T) {
	for _, x := range []struct {
		name    string
		d       dossier.Dossier
		purpose string
		head    bool
	}{
		{"一般档案、所列事由", dossier.Dossier{}, "vetting", false},
		{"高级职称人员", dossier.Dossier{Senior: true}, "vetting", true},
		{"涉密档案", dossier.Dossier{Secrecy: dossier.WorkSecret}, "vetting", true},
		{"其他有法律依据的事由", dossier.Dossier{}, "other_legal_basis", true},
	} {
		if got := Level(x.d, x.purpose); got != x.head {
			t.Errorf("%s: head %v, want %v", x.name, got, x.head)
		}
	}
}

func TestWhatAGrantCovers(t *testing.T) {
	filed := func(class string, secrecy int) dossier.Material {
		return dossier.Material{ID: "m" + class, State: dossier.Filed, Class: class, Secrecy: secrecy}
	}
	for _, x := range []struct {
		name    string
		kind    string
		granted string
		m       dossier.Material
		want    bool
	}{
		{"全卷含一般材料", Whole, "", filed("4-1", 0), true},
		{"全卷不含涉密材料", Whole, "", filed("4-1", dossier.Secret), false},
		{"全卷不含工作秘密", Whole, "", filed("4-1", dossier.WorkSecret), false},
		{"未归档的不给看", Whole, "", dossier.Material{State: dossier.ToFile, Class: "4-1"}, false},
		{"按类：所批的类", Classes, "1|4-1", filed("4-1", 0), true},
		{"按类：未批的类", Classes, "1|4-1", filed("4-2", 0), false},
		{"按类：1 不含 10", Classes, "1", filed("10", 0), false},
		{"按份：所批的一份", Materials, "m5|m6", filed("5", 0), true},
		{"按份：未批的一份", Materials, "m5|m6", filed("7", 0), false},
		{"按份也不含涉密", Materials, "m5", filed("5", dossier.Secret), false},
		{"未审批的什么也不给看", "", "", filed("5", 0), false},
	} {
		c := Case{GrantKind: x.kind, Granted: x.granted}
		if got := c.Covers(x.m); got != x.want {
			t.Errorf("%s: %v", x.name, got)
		}
	}
}

func TestNarrowingNeedsAReason(t *testing.T) {
	c, _ := complete()
	c.State = Approving
	err := c.Approve("b", monday, Grant{Kind: Classes, List: []string{"4-1"}, Minutes: 60, Pages: 100}, limits(), calendar.Default())
	var r *rule.Refusal
	if !errors.As(err, &r) || r.Kind != rule.Invalid || r.Reasons[0].Slug != "narrowed_without_reason" {
		t.Fatalf("narrowed without reason: %v", err)
	}
	if err := c.Approve("b", monday, Grant{Kind: Classes, List: []string{"4-1"}, Reason: "仅需核实学历", Minutes: 60, Pages: 100}, limits(), calendar.Default()); err != nil {
		t.Fatal(err)
	}
	if c.ValidUntil != "2026-12-07" || c.State != Ready {
		t.Errorf("approval holds until %s in %s", c.ValidUntil, c.State)
	}
}

// steps are all that can happen to a case, by whom.
var steps = map[string]func(c *Case, by string, now time.Time, r []Reader) error{
	"submit": func(c *Case, _ string, now time.Time, r []Reader) error {
		_, err := c.Submit(r, false, Standards{Today: calendar.Of(now)}, calendar.Of(now).AddDays(14))
		return err
	},
	"check": func(c *Case, by string, now time.Time, r []Reader) error {
		return c.Check(by, now, r, false, Standards{Today: calendar.Of(now)})
	},
	"approve": func(c *Case, by string, now time.Time, _ []Reader) error {
		return c.Approve(by, now, Grant{Kind: Whole, Minutes: 60, Pages: 300}, limits(), calendar.Default())
	},
	"confirm": func(c *Case, by string, now time.Time, _ []Reader) error {
		return c.Confirm(by, now, "", calendar.Default())
	},
	"start":    func(c *Case, _ string, now time.Time, _ []Reader) error { return c.Start(calendar.Of(now)) },
	"finish":   func(c *Case, _ string, now time.Time, _ []Reader) error { return c.Finish(now, EndedByHand) },
	"withdraw": func(c *Case, _ string, now time.Time, _ []Reader) error { return c.Withdraw(now, "单位来函撤回") },
	"lapse":    func(c *Case, _ string, now time.Time, _ []Reader) error { return c.Lapse(now) },
	"refuse": func(c *Case, _ string, now time.Time, _ []Reader) error {
		return c.Refuse(now, []rule.Reason{{Rule: "21a", Message: "事由不符"}})
	},
}

// allowed is the whole machine: from which states which step leads where.
var allowed = map[string]map[State][]State{
	"submit":   {Draft: {Checking, Incomplete}, Incomplete: {Checking, Incomplete}},
	"check":    {Checking: {Approving}},
	"approve":  {Approving: {Ready, Heading}},
	"confirm":  {Heading: {Ready}},
	"start":    {Ready: {Reading}},
	"finish":   {Reading: {Closed}},
	"withdraw": {Draft: {Withdrawn}, Incomplete: {Withdrawn}, Checking: {Withdrawn}, Approving: {Withdrawn}, Heading: {Withdrawn}, Ready: {Withdrawn}},
	"refuse":   {Draft: {Refused}, Incomplete: {Refused}, Checking: {Refused}, Approving: {Refused}, Heading: {Refused}},
	"lapse":    {Ready: {Expired}, Incomplete: {Expired}},
}

func TestEveryStepFromEveryState(t *testing.T) {
	for name, step := range steps {
		for _, from := range States {
			c, r := complete()
			c.State, c.ValidUntil, c.ToldDue = from, "2026-12-07", "2026-12-07"
			now := monday
			if name == "lapse" {
				now = monday.AddDate(0, 1, 0)
			}
			before := c
			err := step(&c, "x", now, r)
			to, possible := allowed[name][from]
			switch {
			case possible && err != nil:
				t.Errorf("%s from %s: %v", name, from.Name(), err)
			case possible && !slices.Contains(to, c.State):
				t.Errorf("%s from %s leads to %s", name, from.Name(), c.State.Name())
			case !possible && err == nil:
				t.Errorf("%s from %s was let through", name, from.Name())
			case !possible && c != before:
				t.Errorf("%s from %s changed a case it refused", name, from.Name())
			}
			var refusal *rule.Refusal
			if err != nil && (!errors.As(err, &refusal) || refusal.Reasons[0].Rule != "29.6") {
				t.Errorf("%s from %s refused by %v", name, from.Name(), err)
			}
		}
	}
}

// Whatever happens in whatever order, nobody reads without the approvals the case
// asks for, and what is over stays over.
func TestRandomOrders(t *testing.T) {
	names := make([]string, 0, len(steps))
	for n := range steps {
		names = append(names, n)
	}
	slices.Sort(names)
	rnd := rand.New(rand.NewPCG(21, 4))
	for range 20_000 {
		c, r := complete()
		c.NeedsHead = rnd.IntN(2) == 0
		if rnd.IntN(3) == 0 {
			c.Sealed = false
		}
		now, over := monday, false
		for range 14 {
			if rnd.IntN(4) == 0 {
				c.Sealed = true
			}
			now = now.Add(time.Duration(rnd.IntN(72)) * time.Hour)
			n := names[rnd.IntN(len(names))]
			before := c.State
			err := steps[n](&c, string(rune('b'+rnd.IntN(3))), now, r)
			if err != nil && c.State != before {
				t.Fatalf("%s was refused and changed %s to %s", n, before, c.State)
			}
			if over && c.State != before {
				t.Fatalf("a case that was over went on to %s by %s", c.State, n)
			}
			over = !c.State.Open()
			if c.State == Reading || c.State == Ready {
				switch {
				case c.CheckedBy == "" || c.ApprovedBy == "" || c.GrantKind == "":
					t.Fatalf("%s without check or approval", c.State)
				case c.NeedsHead && c.HeadBy == "":
					t.Fatalf("%s without the head", c.State)
				case !c.Sealed:
					t.Fatalf("%s with an unsealed letter", c.State)
				}
			}
		}
	}
}

func TestASessionEndsByItself(t *testing.T) {
	s := Session{OpenedAt: monday, EndsAt: monday.Add(time.Hour), MaxPages: 2}
	slug := func(err error) string {
		var r *rule.Refusal
		if !errors.As(err, &r) {
			return ""
		}
		return string(r.Reasons[0].Rule) + "/" + r.Reasons[0].Slug
	}
	for _, x := range []struct {
		name   string
		change func(*Session)
		after  time.Duration
		again  bool
		want   string
	}{
		{"时限内", func(*Session) {}, 59 * time.Minute, false, ""},
		{"到时的那一刻", func(*Session) {}, time.Hour, false, "21.4/reading_time_over"},
		{"服务停了三天以后", func(*Session) {}, 72 * time.Hour, false, "21.4/reading_time_over"},
		{"已由监阅人结束", func(s *Session) { s.EndedAt, s.EndedWhy = monday, EndedByHand }, time.Minute, false, "18c/no_open_session"},
		{"已到时关闭", func(s *Session) { s.EndedAt, s.EndedWhy = s.EndsAt, EndedByTime }, 2 * time.Hour, false, "21.4/reading_time_over"},
		{"页数已满", func(s *Session) { s.Pages = 2 }, time.Minute, false, "21.4/page_limit_reached"},
		{"页数已满，重看已阅的页", func(s *Session) { s.Pages = 2 }, time.Minute, true, ""},
		{"一人离席锁屏", func(s *Session) { s.LockedAt = monday }, time.Minute, true, "21.2/screen_locked"},
	} {
		y := s
		x.change(&y)
		if got := slug(y.Readable(monday.Add(x.after), x.again)); got != x.want {
			t.Errorf("%s: %q, want %q", x.name, got, x.want)
		}
	}
}
