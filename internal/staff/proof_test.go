package staff_test

import (
	"errors"
	"testing"
	"time"

	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/staff"
	"dangan/internal/store"
	"dangan/internal/testkit"

	"github.com/pquerna/otp/totp"
)

// session signs in and returns the actor a browser's request has.
func session(t *testing.T, p *testkit.Province, office *staff.Office, username, code string) (policy.Actor, staff.Session, string) {
	t.Helper()
	p.Clock.Advance(time.Minute)
	token, _, _, err := office.SignIn(t.Context(), username, testkit.Password, code, address, agent)
	if err != nil {
		t.Fatal(err)
	}
	return resumed(t, office, token)
}

func resumed(t *testing.T, office *staff.Office, token string) (policy.Actor, staff.Session, string) {
	t.Helper()
	s, m, err := office.Resume(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	by, err := office.ActorOf(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	by.Session, by.Proved = true, s.SteppedAt
	return by, s, token
}

func TestGrantingAsksASessionForAFreshProof(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		m, _, err := p.Staff.Create(t.Context(), p.As("sysadmin-500000"), staff.NewMember{Username: "new", Name: "新来", Agency: "50010801", PartyMember: true})
		if err != nil {
			t.Fatal(err)
		}
		grant := func(by policy.Actor, post string) error {
			_, err := p.Staff.Grant(t.Context(), by, staff.Appointment{StaffID: m.ID, Post: post})
			return err
		}
		by, s, token := session(t, p, p.Staff, "secadmin-500000", "")
		if err := grant(by, staff.Clerk); err != nil {
			t.Fatalf("just signed in: %v", err)
		}
		p.Clock.Advance(6 * time.Minute)
		var unproved *gate.Unproved
		if err := grant(by, staff.Reviewer); !errors.As(err, &unproved) || unproved.What != "授权" || unproved.Within != 5*time.Minute {
			t.Fatalf("after six minutes: %v", err)
		}
		if err := p.Staff.Suspend(t.Context(), p.As("secadmin-500000"), p.As("clerk-500103").ID); err != nil {
			t.Errorf("the console, which is no session: %v", err)
		}
		if _, err := p.Staff.StepUp(t.Context(), by, s, "Falsch-12345678", ""); slug(err) != "signin_wrong" {
			t.Errorf("a wrong password: %v", err)
		}
		fresh, err := p.Staff.StepUp(t.Context(), by, s, testkit.Password, "")
		if err != nil || fresh == token {
			t.Fatalf("a proof gives a new id: %v", err)
		}
		by, _, _ = resumed(t, p.Staff, fresh)
		if err := grant(by, staff.Reviewer); err != nil {
			t.Errorf("proved: %v", err)
		}
		p.Clock.Advance(31 * time.Second)
		if _, _, err := p.Staff.Resume(t.Context(), token); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("the old id still answers: %v", err)
		}
		if list, err := p.Staff.Sessions(t.Context(), by.ID); err != nil || len(list) != 1 {
			t.Errorf("%d sessions, %v", len(list), err)
		}
		// Guessing at a browser left open locks the account as guessing at the door does.
		_, s, _ = resumed(t, p.Staff, fresh)
		for range 4 {
			_, _ = p.Staff.StepUp(t.Context(), by, s, "Falsch-12345678", "")
		}
		if _, err := p.Staff.StepUp(t.Context(), by, s, "Falsch-12345678", ""); slug(err) != "account_locked" {
			t.Errorf("the fifth guess: %v", err)
		}
		if _, err := p.Staff.StepUp(t.Context(), by, s, testkit.Password, ""); slug(err) != "account_locked" {
			t.Errorf("the right password of a locked account: %v", err)
		}
	})
}

func TestAProofOfAnEnrolledAccountTakesACodeOnce(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		by, s, _ := session(t, p, p.Staff, "reviewer-500108", "")
		secret, _, err := p.Staff.BeginTOTP(t.Context(), by)
		if err != nil {
			t.Fatal(err)
		}
		code := func() string {
			c, err := totp.GenerateCode(secret, p.Clock.Now())
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		p.Clock.Advance(6 * time.Minute)
		var unproved *gate.Unproved
		if _, err := p.Staff.ConfirmTOTP(t.Context(), by, s, secret, code()); !errors.As(err, &unproved) {
			t.Fatalf("a browser left open bound the account to another phone: %v", err)
		}
		token, err := p.Staff.StepUp(t.Context(), by, s, testkit.Password, "")
		if err != nil {
			t.Fatal(err)
		}
		by, s, _ = resumed(t, p.Staff, token)
		recovery, err := p.Staff.ConfirmTOTP(t.Context(), by, s, secret, code())
		if err != nil {
			t.Fatal(err)
		}
		p.Clock.Advance(time.Minute)
		if _, err := p.Staff.StepUp(t.Context(), by, s, testkit.Password, ""); slug(err) != "signin_wrong" {
			t.Errorf("the password alone: %v", err)
		}
		used := code()
		if token, err = p.Staff.StepUp(t.Context(), by, s, testkit.Password, used); err != nil {
			t.Fatalf("password and code: %v", err)
		}
		by, s, _ = resumed(t, p.Staff, token)
		if _, err := p.Staff.StepUp(t.Context(), by, s, testkit.Password, used); slug(err) != "signin_wrong" {
			t.Errorf("the same code again: %v", err)
		}
		if token, err = p.Staff.StepUp(t.Context(), by, s, testkit.Password, recovery[3]); err != nil {
			t.Fatalf("a recovery code: %v", err)
		}
		by, s, _ = resumed(t, p.Staff, token)
		if _, err := p.Staff.StepUp(t.Context(), by, s, testkit.Password, recovery[3]); slug(err) != "signin_wrong" {
			t.Errorf("the same recovery code again: %v", err)
		}
	})
}

func TestAnOldPasswordMustBeChanged(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		office := staff.New(p.Gate, p.Agencies, p.Settings, p.Keys, testkit.Passwords, false)
		stage := func(office *staff.Office) string {
			_, s, _ := session(t, p, office, "clerk-500108", "")
			return s.Stage
		}
		p.Clock.Advance(89 * 24 * time.Hour)
		if got := stage(office); got != staff.StageFull {
			t.Errorf("after 89 days: %s", got)
		}
		p.Clock.Advance(2 * 24 * time.Hour)
		if got := stage(p.Staff); got != staff.StageFull {
			t.Errorf("in the demo: %s", got)
		}
		by, s, _ := session(t, p, office, "clerk-500108", "")
		if s.Stage != staff.StagePassword {
			t.Fatalf("after 91 days: %s", s.Stage)
		}
		if err := office.ChangePassword(t.Context(), by, s, testkit.Password, "Xin-Kou-Ling-2027"); err != nil {
			t.Fatal(err)
		}
		if sessions, err := office.Sessions(t.Context(), by.ID); err != nil || len(sessions) != 1 || sessions[0].Stage != staff.StageFull {
			t.Errorf("%+v %v", sessions, err)
		}
		if _, err := p.Settings.Change(t.Context(), p.As("supervisor-500000"), "password_days", "0"); err != nil {
			t.Fatal(err)
		}
		_, other, _ := session(t, p, office, "keeper-500108", "")
		if other.Stage != staff.StageFull {
			t.Errorf("where no age is set: %s", other.Stage)
		}
	})
}

func TestUnusedAccountsAreSuspended(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		office := staff.New(p.Gate, p.Agencies, p.Settings, p.Keys, testkit.Passwords, false)
		state := func(username string) string {
			m, err := staff.Named(t.Context(), p.DB, username)
			if err != nil {
				t.Fatal(err)
			}
			return m.State
		}
		token := p.Token("scanner-500108")
		p.Clock.Advance(60 * 24 * time.Hour)
		session(t, p, office, "clerk-500108", "")
		if _, err := office.Bearer(t.Context(), token); err == nil {
			t.Error("a token outlived its term")
		}
		token = p.Token("scanner-500108")
		p.Clock.Advance(20 * 24 * time.Hour)
		if _, err := office.Bearer(t.Context(), token); err != nil {
			t.Fatal(err)
		}
		p.Clock.Advance(11 * 24 * time.Hour)
		if err := p.Staff.SuspendUnused(t.Context()); err != nil || state("keeper-500108") != staff.Active {
			t.Errorf("in the demo: %s, %v", state("keeper-500108"), err)
		}
		for range 2 { // the second time finds nothing to do
			if err := office.SuspendUnused(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		for username, want := range map[string]string{
			"keeper-500108": staff.Suspended, "sysadmin-500000": staff.Suspended,
			"clerk-500108": staff.Active, "scanner-500108": staff.Active, "secadmin-500000": staff.Active, // the last one who could lift it
		} {
			if got := state(username); got != want {
				t.Errorf("%s is %s, want %s", username, got, want)
			}
		}
		p.Clock.Advance(time.Minute)
		_, _, _, err := office.SignIn(t.Context(), "keeper-500108", testkit.Password, "", address, agent)
		if slug(err) != "account_suspended" {
			t.Errorf("the right password of a suspended account: %v", err)
		}
		if _, _, _, err := office.SignIn(t.Context(), "keeper-500108", "Falsch-12345678", "", address, agent); slug(err) != "signin_wrong" {
			t.Errorf("a wrong password of a suspended account: %v", err)
		}
		if err := office.Unlock(t.Context(), p.As("secadmin-500000"), p.As("keeper-500108").ID); err != nil {
			t.Fatal(err)
		}
		if err := office.SuspendUnused(t.Context()); err != nil || state("keeper-500108") != staff.Active {
			t.Errorf("after being lifted: %s, %v", state("keeper-500108"), err)
		}
	})
}

func TestAdministratorsAreThreePersonsAndNotKin(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		strict := staff.New(p.Gate, p.Agencies, p.Settings, p.Keys, testkit.Passwords, false)
		sys, sec := p.As("sysadmin-500000"), p.As("secadmin-500000")
		create := func(username, idNo string) staff.Member {
			m, _, err := p.Staff.Create(t.Context(), sys, staff.NewMember{Username: username, Name: username, Agency: "500000", PartyMember: true, IDNo: idNo})
			if err != nil {
				t.Fatal(err)
			}
			return m
		}
		grant := func(m staff.Member, post string) string {
			_, err := strict.Grant(t.Context(), sec, staff.Appointment{StaffID: m.ID, Post: post, Org: "500000"})
			if err != nil && slug(err) == "" {
				t.Fatal(err)
			}
			return slug(err)
		}
		if got := grant(create("nobody", ""), staff.Auditor); got != "administrator_unknown" {
			t.Errorf("a person nobody knows: %q", got)
		}
		first, second, third := create("first", testkit.IDNo(1)), create("second", testkit.IDNo(2)), create("third", testkit.IDNo(3))
		if _, _, err := p.Staff.Create(t.Context(), sys, staff.NewMember{Username: "again", Name: "again", Agency: "500000", IDNo: testkit.IDNo(1)}); slug(err) != "username_taken" {
			t.Errorf("a second account of one person: %v", err)
		}
		if got := grant(first, staff.SysAdmin); got != "" {
			t.Fatalf("the first: %q", got)
		}
		if _, err := p.Staff.DeclareKin(t.Context(), p.As("first"), "wife", "second", testkit.IDNo(2)); err != nil {
			t.Fatal(err)
		}
		clerk, err := strict.Grant(t.Context(), sec, staff.Appointment{StaffID: third.ID, Post: staff.Clerk, Org: "500000"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Staff.DeclareKin(t.Context(), p.As("third"), "elder_brother", "first", testkit.IDNo(1)); err != nil {
			t.Fatal(err)
		}
		if err := strict.EndPost(t.Context(), sec, clerk.ID, "另有任用"); err != nil {
			t.Fatal(err)
		}
		for _, m := range []staff.Member{second, third} {
			if got := grant(m, staff.Auditor); got != "administrators_kin" {
				t.Errorf("%s, kin of an administrator: %q", m.Name, got)
			}
		}
		if got := grant(second, staff.Clerk); got != "" {
			t.Errorf("kin in a business post: %q", got)
		}
		// two who are appointed already say only now that they are kin
		fourth := create("fourth", testkit.IDNo(4))
		auditor, err := strict.Grant(t.Context(), sec, staff.Appointment{StaffID: fourth.ID, Post: staff.Auditor, Org: "500000"})
		if err != nil {
			t.Fatal(err)
		}
		waits := func(who string) int {
			t.Helper()
			items, err := p.Staff.Work(t.Context(), p.As(who))
			if err != nil {
				t.Fatal(err)
			}
			return len(items)
		}
		if n := waits("secadmin-500000"); n != 0 {
			t.Errorf("%d pairs of kin before any is declared", n)
		}
		if _, err := p.Staff.DeclareKin(t.Context(), p.As("fourth"), "husband", "first", testkit.IDNo(1)); err != nil {
			t.Fatal(err)
		}
		if sec, audit, clerk := waits("secadmin-500000"), waits("auditor-500000"), waits("clerk-500108"); sec != 1 || audit != 1 || clerk != 0 {
			t.Errorf("kin appointed before: %d, %d, %d items", sec, audit, clerk)
		}
		if err := strict.EndPost(t.Context(), sec, auditor.ID, "与系统管理员为亲属"); err != nil {
			t.Fatal(err)
		}
		if n := waits("auditor-500000"); n != 0 {
			t.Errorf("ended, and still %d items", n)
		}
	})
}
