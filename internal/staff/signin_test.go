package staff_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"dangan/internal/founding"
	"dangan/internal/rule"
	"dangan/internal/staff"
	"dangan/internal/store"
	"dangan/internal/testkit"

	"github.com/pquerna/otp/totp"
)

const address, agent = "192.0.2.7", "test browser"

// slug is the reason of a refusal, "" for none.
func slug(err error) string {
	var r *rule.Refusal
	if !errors.As(err, &r) {
		return ""
	}
	return r.Reasons[0].Slug
}

func TestFiveWrongPasswordsLockForAGrowingWhile(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		try := func(password string) string {
			p.Clock.Advance(11 * time.Second) // below the limit of an address
			_, _, _, err := p.Staff.SignIn(t.Context(), "clerk-500108", password, "", address, agent)
			if err != nil && slug(err) == "" {
				t.Fatal(err)
			}
			return slug(err)
		}
		for range 5 {
			if got := try("Falsch-12345678"); got != "signin_wrong" && got != "account_locked" {
				t.Fatalf("a wrong password: %q", got)
			}
		}
		if got := try(testkit.Password); got == "" {
			t.Fatal("the right password opened a locked account")
		}
		p.Clock.Advance(16 * time.Minute)
		if got := try(testkit.Password); got != "" {
			t.Fatalf("after a quarter of an hour: %q", got)
		}
		for range 5 {
			try("Falsch-12345678")
		}
		p.Clock.Advance(16 * time.Minute)
		for range 5 {
			try("Falsch-12345678")
		}
		p.Clock.Advance(16 * time.Minute)
		if got := try(testkit.Password); got == "" {
			t.Error("the second lock in a row is no longer than the first")
		}
		if err := p.Staff.Unlock(t.Context(), p.As("secadmin-500000"), p.As("clerk-500108").ID); err != nil {
			t.Fatal(err)
		}
		if got := try(testkit.Password); got != "" {
			t.Errorf("after being unlocked: %q", got)
		}
	})
}

func TestUnknownUserAndWrongPasswordAreOneAnswer(t *testing.T) {
	p := testkit.New(t, store.SQLite)
	_, _, _, unknown := p.Staff.SignIn(t.Context(), "nobody", testkit.Password, "", address, agent)
	_, _, _, wrong := p.Staff.SignIn(t.Context(), "clerk-500108", "Falsch-12345678", "", address, agent)
	if unknown == nil || wrong == nil || unknown.Error() != wrong.Error() {
		t.Errorf("%v and %v differ", unknown, wrong)
	}
}

func TestALockDoesNotTellWhichNamesExist(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		for range 7 {
			p.Clock.Advance(11 * time.Second) // below the limit of an address
			_, _, _, unknown := p.Staff.SignIn(t.Context(), "nobody", "Falsch-12345678", "", address, agent)
			_, _, _, known := p.Staff.SignIn(t.Context(), "clerk-500108", "Falsch-12345678", "", "192.0.2.8", agent)
			if slug(known) == "" || slug(unknown) != slug(known) {
				t.Fatalf("unknown is told %q, known %q", slug(unknown), slug(known))
			}
		}
		p.Clock.Advance(16 * time.Minute)
		if _, _, _, err := p.Staff.SignIn(t.Context(), "nobody", "Falsch-12345678", "", address, agent); slug(err) != "signin_wrong" {
			t.Errorf("after a quarter of an hour: %v", err)
		}
	})
}

func TestSessionsEndWhenIdleOldOrReplaced(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		open := func() string {
			token, _, _, err := p.Staff.SignIn(t.Context(), "clerk-500108", testkit.Password, "", address, agent)
			if err != nil {
				t.Fatal(err)
			}
			return token
		}
		alive := func(token string) bool {
			_, _, err := p.Staff.Resume(t.Context(), token)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				t.Fatal(err)
			}
			return err == nil
		}
		idle := open()
		p.Clock.Advance(14 * time.Minute)
		if !alive(idle) {
			t.Error("ended before a quarter of an hour")
		}
		p.Clock.Advance(16 * time.Minute)
		if alive(idle) {
			t.Error("idle for a quarter of an hour and still open")
		}
		old := open()
		for range 12*6 + 1 {
			p.Clock.Advance(10 * time.Minute)
			alive(old)
		}
		if alive(old) {
			t.Error("still open after twelve hours")
		}
		first, second := open(), open()
		session, m, err := p.Staff.Resume(t.Context(), first)
		if err != nil {
			t.Fatal(err)
		}
		by, err := p.Staff.ActorOf(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		if got := slug(p.Staff.ChangePassword(t.Context(), by, session, testkit.Password, "kurz")); got != "password_weak" {
			t.Errorf("a weak password: %q", got)
		}
		if err := p.Staff.ChangePassword(t.Context(), by, session, testkit.Password, "Xin-Kou-Ling-2026"); err != nil {
			t.Fatal(err)
		}
		if !alive(first) || alive(second) {
			t.Error("a new password keeps the own session and ends all others")
		}
		if err := p.Staff.SignOut(t.Context(), by, session.PublicID, true); err != nil {
			t.Fatal(err)
		}
		if alive(first) {
			t.Error("signed out everywhere and still open")
		}
	})
}

func TestAdministratorsNeedTheSecondFactorOutsideTheDemo(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		office := staff.New(p.Gate, p.Agencies, p.Settings, p.Keys, testkit.Passwords, false)
		sign := func(code string) (staff.Session, string, bool) {
			_, s, need, err := office.SignIn(t.Context(), "auditor-500000", testkit.Password, code, address, agent)
			if err != nil && slug(err) == "" {
				t.Fatal(err)
			}
			return s, slug(err), need
		}
		s, _, _ := sign("")
		if s.Stage != staff.StageTOTP {
			t.Fatalf("stage %q, want %q", s.Stage, staff.StageTOTP)
		}
		by := p.As("auditor-500000")
		secret, url, err := office.BeginTOTP(t.Context(), by)
		if err != nil || !strings.HasPrefix(url, "otpauth://totp/") {
			t.Fatalf("%q %v", url, err)
		}
		code := func() string {
			c, err := totp.GenerateCode(secret, p.Clock.Now())
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		recovery, err := office.ConfirmTOTP(t.Context(), by, s, secret, code())
		if err != nil || len(recovery) != 10 {
			t.Fatalf("%d recovery codes, %v", len(recovery), err)
		}
		if _, _, need := sign(""); !need {
			t.Error("a password alone opened the account")
		}
		p.Clock.Advance(time.Minute)
		used := code()
		if s, refused, _ := sign(used); refused != "" || s.Stage != staff.StageFull {
			t.Errorf("the right code: %q, stage %q", refused, s.Stage)
		}
		if _, refused, _ := sign(used); refused == "" {
			t.Error("one code opened two sessions")
		}
		if _, refused, _ := sign(recovery[0]); refused != "" {
			t.Errorf("a recovery code: %q", refused)
		}
		if _, refused, _ := sign(recovery[0]); refused == "" {
			t.Error("a recovery code worked twice")
		}
	})
}

func TestWhoMayHoldWhat(t *testing.T) {
	now := testkit.Day
	held := func(posts ...string) []staff.Post {
		var out []staff.Post
		for _, x := range posts {
			out = append(out, staff.Post{Post: x, FromAt: now.Add(-time.Hour)})
		}
		return out
	}
	member := staff.Member{ID: "m", Name: "演示", PartyMember: true}
	outsider := staff.Member{ID: "m", Name: "演示"}
	for _, c := range []struct {
		name      string
		m         staff.Member
		held      []staff.Post
		post, by  string
		exception string
		want      string
	}{
		{"党员任审核", member, nil, staff.Reviewer, "s", "", ""},
		{"一人兼任经办和库管", member, held(staff.Clerk), staff.Keeper, "s", "", ""},
		{"非党员任经办", outsider, nil, staff.Clerk, "s", "", ""},
		{"非党员任库管", outsider, nil, staff.Keeper, "s", "", "post_needs_party_member"},
		{"非党员经批准任库管", outsider, nil, staff.Keeper, "s", "批准文号", ""},
		{"系统管理员兼任经办", member, held(staff.SysAdmin), staff.Clerk, "s", "", "administrators_apart"},
		{"经办兼任审计管理员", member, held(staff.Clerk), staff.Auditor, "s", "", "administrators_apart"},
		{"一人任两类管理员", member, held(staff.SysAdmin), staff.SecAdmin, "s", "", "administrators_apart"},
		{"监督兼任负责人", member, held(staff.Supervisor), staff.Head, "s", "", "supervisors_apart"},
		{"经办兼任监督", member, held(staff.Clerk), staff.Supervisor, "s", "", "supervisors_apart"},
		{"监督兼任统计", member, held(staff.Supervisor), staff.Statistician, "s", "", ""},
		{"给自己授予", member, nil, staff.Clerk, "m", "", "grant_to_self"},
	} {
		r := staff.MayHold(c.m, c.held, c.post, c.by, c.exception, now)
		got := ""
		if r != nil {
			got = r.Reasons[0].Slug
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestSystemMayOnlyFound(t *testing.T) {
	p := testkit.New(t, store.SQLite)
	if err := p.Staff.Suspend(t.Context(), founding.By, p.As("clerk-500108").ID); err == nil {
		t.Error("the system itself suspended an account")
	}
}
