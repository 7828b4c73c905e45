package staff

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"time"

	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
)

// Limits of security.md 6.
const (
	failuresToLock  = 5
	failureWindow   = 15 * time.Minute
	firstLock       = 15 * time.Minute
	idleTimeout     = 15 * time.Minute
	absoluteTimeout = 12 * time.Hour
	totpPeriod      = 30
	recoveryCodes   = 10
)

// Stages of a session.
const (
	StageFull     = "full"
	StagePassword = "must_change" // signed in with a one-time password
	StageTOTP     = "must_enroll" // an administrator without a second factor
)

// Session is one signed-in browser.
type Session struct {
	Digest    []byte    `db:"digest"`
	StaffID   string    `db:"staff_id"`
	CreatedAt time.Time `db:"created_at"`
	SeenAt    time.Time `db:"seen_at"`
	SteppedAt time.Time `db:"stepped_at,null"`
	Stage     string    `db:"stage"`
	Address   string    `db:"address"`
	Agent     string    `db:"agent"`
	PublicID  string    `db:"public_id"` // for the list and for ending one
}

// Table names the table of sessions.
func (Session) Table() string { return "session" }

// wrong is the one answer for an unknown user, a wrong password and a wrong code.
func wrong() *rule.Refusal {
	return rule.Mistake(rule.Reason{Rule: "29.3", Slug: "signin_wrong", Field: "password",
		Message: "用户名、口令或动态码不对。", Next: "请核对后重试；连续 5 次不对将锁定 15 分钟。"})
}

// SignIn checks password and second factor and opens a session. It returns the
// session's token. needCode says that the password was right and a code is asked for.
func (o *Office) SignIn(ctx context.Context, username, password, code, address, agent string) (token string, session Session, needCode bool, err error) {
	now := o.gate.Now()
	q := o.gate.DB()
	m, err := Named(ctx, q, username)
	known := err == nil
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return "", Session{}, false, err
	}
	if byAddress, err := recentFailures(ctx, q, "address:"+address, now.Add(-time.Minute)); err != nil {
		return "", Session{}, false, err
	} else if byAddress >= 10 {
		return "", Session{}, false, tooMany()
	}
	if known && now.Before(m.LockedUntil) {
		return "", Session{}, false, locked(m.LockedUntil)
	}
	if !known {
		until, err := unknownLocked(ctx, q, username, now)
		if err != nil {
			return "", Session{}, false, err
		}
		if !until.IsZero() {
			return "", Session{}, false, locked(until)
		}
	}
	hash := o.decoy
	if known {
		hash = m.Password
	}
	if !VerifyPassword(hash, password) || !known || m.State == Gone {
		return "", Session{}, false, o.denied(ctx, m, username, address)
	}
	var step int64
	var recovery string
	if m.TOTPOn {
		if code == "" {
			return "", Session{}, true, nil
		}
		var ok bool
		if step, recovery, ok = checkCode(m, code, now); !ok {
			return "", Session{}, false, o.denied(ctx, m, username, address)
		}
	}
	if m.State == Suspended { // told to nobody but who proved to be the person
		return "", Session{}, false, rule.Refuse(rule.Reason{Rule: "29.3", Slug: "account_suspended", Message: "账户已停用：长期未使用，或由安全管理员停用。", Next: "请由安全管理员核对身份后恢复。"})
	}
	actor, err := o.ActorOf(ctx, m)
	if err != nil {
		return "", Session{}, false, err
	}
	token, digest := randomToken("")
	session = Session{Digest: digest, StaffID: m.ID, CreatedAt: now, SeenAt: now, SteppedAt: now, Stage: o.stage(m, actor), Address: address, Agent: agent, PublicID: gate.NewID()}
	_, err = o.gate.Do(ctx, gate.Act{Actor: actor, Action: "staff.sign_in", Rules: []rule.ID{"29.3"}}, func(tx *gate.Tx) error {
		m, err := load(tx, m.ID)
		if err != nil {
			return err
		}
		if err := tx.Permit(m.Resource()); err != nil {
			return err
		}
		if err := spend(tx, &m, step, recovery); err != nil {
			return err
		}
		if tx.Now().Sub(m.UsedAt) > 24*time.Hour {
			m.UsedAt = tx.Now()
			if err := tx.Update(&m); err != nil {
				return err
			}
		}
		return session.insert(tx)
	})
	if err != nil {
		return "", Session{}, false, err
	}
	return token, session, false, nil
}

// stage tells what a session must do before anything else.
func (o *Office) stage(m Member, a policy.Actor) string {
	switch {
	case m.MustChange, o.passwordOld(m):
		return StagePassword
	case !o.demo && !m.TOTPOn && slices.ContainsFunc(administrative, a.Has):
		return StageTOTP
	}
	return StageFull
}

// spend counts a code once, also between two browsers, and lifts the lock.
func spend(tx *gate.Tx, m *Member, step int64, recovery string) error {
	if err := tx.Exec("DELETE FROM signin_failure WHERE subject=?", m.Username); err != nil {
		return err
	}
	if step == 0 && recovery == "" && m.Locks == 0 {
		return nil
	}
	if step > 0 && m.TOTPStep >= step {
		return wrong()
	}
	if recovery != "" && !slices.Contains(strings.Fields(m.Recovery), recovery) {
		return wrong()
	}
	if step > 0 {
		m.TOTPStep = step
	}
	m.Recovery = strings.TrimSpace(strings.ReplaceAll(" "+m.Recovery+" ", " "+recovery+" ", " "))
	m.Locks, m.LockedUntil = 0, time.Time{}
	return tx.Update(m)
}

// insert writes the session's row.
func (s Session) insert(tx *gate.Tx) error {
	return tx.Exec("INSERT INTO session(digest,staff_id,created_at,seen_at,stepped_at,stage,address,agent,public_id) VALUES(?,?,?,?,?,?,?,?,?)",
		s.Digest, s.StaffID, s.CreatedAt, s.SeenAt, s.SteppedAt, s.Stage, s.Address, s.Agent, s.PublicID)
}

// passwordOld says that a password must be changed for its age (等保; the settings
// say after how many days, 0 never).
func (o *Office) passwordOld(m Member) bool {
	days := o.settings.Int(setting.PasswordDays)
	return !o.demo && days > 0 && !m.PasswordAt.IsZero() && o.gate.Now().Sub(m.PasswordAt) > time.Duration(days)*24*time.Hour
}

func locked(until time.Time) *rule.Refusal {
	return rule.Refuse(rule.Reason{Rule: "29.3", Slug: "account_locked", Message: "账户已锁定。",
		Next: "请在锁定到期后重试，或由安全管理员解锁。", Facts: map[string]any{"until": until}})
}

func tooMany() *rule.Refusal {
	return rule.Refuse(rule.Reason{Rule: "29.3", Slug: "too_many_attempts", Message: "此地址登录过于频繁。", Next: "请一分钟后再试。"})
}

// unknownSubject counts failures of a name that has no account. The name may be a
// password typed in the wrong field: it is not kept.
func unknownSubject(username string) string {
	sum := sha256.Sum256([]byte(username))
	return "unknown:" + hex.EncodeToString(sum[:8])
}

// unknownLocked gives a name without an account the lock an account would have,
// so that the answer does not tell which names exist. Zero: not locked.
func unknownLocked(ctx context.Context, q store.Querier, username string, now time.Time) (time.Time, error) {
	var n, last int64
	err := q.QueryRow(ctx, "SELECT count(*), coalesce(max(at),0) FROM signin_failure WHERE subject=? AND at>?", unknownSubject(username), now.Add(-firstLock)).Scan(&n, &last)
	if err != nil || n < failuresToLock {
		return time.Time{}, err
	}
	return time.UnixMicro(last).UTC().Add(firstLock), nil
}

// denied is the answer to a wrong password or code.
func (o *Office) denied(ctx context.Context, m Member, username, address string) error {
	until, err := o.failed(ctx, m, username, address)
	switch {
	case err != nil:
		return err
	case !until.IsZero():
		return locked(until)
	}
	return wrong()
}

// failed counts a failure and, at the fifth, locks, and says until when; the lock
// grows with each one.
func (o *Office) failed(ctx context.Context, m Member, username, address string) (time.Time, error) {
	public := policy.Actor{ID: "public", Kind: policy.Public}
	lockedUntil := time.Time{}
	_, err := o.gate.Do(ctx, gate.Act{Actor: public, Action: "staff.sign_in_failed", Rules: []rule.ID{"29.3"}}, func(tx *gate.Tx) error {
		if err := tx.Permit(policy.Resource{Type: "Account", ID: m.ID}); err != nil {
			return err
		}
		subject := username
		if m.ID == "" {
			subject = unknownSubject(username)
		}
		for _, s := range []string{subject, "address:" + address} {
			if err := tx.Exec("INSERT INTO signin_failure(subject,at) VALUES(?,?)", s, tx.Now()); err != nil {
				return err
			}
		}
		if m.ID == "" {
			n, err := recentFailures(ctx, tx, subject, tx.Now().Add(-failureWindow))
			if n >= failuresToLock {
				lockedUntil = tx.Now().Add(firstLock)
			}
			return err
		}
		n, err := recentFailures(ctx, tx, subject, tx.Now().Add(-failureWindow))
		if err != nil || n < failuresToLock {
			return err
		}
		m, err := load(tx, m.ID)
		if err != nil {
			return err
		}
		m.Locks++
		m.LockedUntil = tx.Now().Add(firstLock * time.Duration(min(m.Locks, 16)))
		lockedUntil = m.LockedUntil
		tx.Note("locked", true)
		if err := tx.Exec("DELETE FROM signin_failure WHERE subject=?", subject); err != nil {
			return err
		}
		return tx.Update(&m)
	})
	return lockedUntil, err
}

// checkCode accepts a TOTP code (30 s, one step of drift, each once) or an unused
// recovery code.
func checkCode(m Member, code string, now time.Time) (step int64, recovery string, ok bool) {
	code = strings.ReplaceAll(strings.TrimSpace(code), " ", "")
	for _, drift := range []int64{0, -1, 1} {
		step = now.Unix()/totpPeriod + drift
		if step <= m.TOTPStep {
			continue
		}
		want, err := totp.GenerateCodeCustom(m.TOTP, time.Unix(step*totpPeriod, 0), totp.ValidateOpts{Period: totpPeriod, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && want == code {
			return step, "", true
		}
	}
	digest := hex.EncodeToString(tokenDigest(strings.ToUpper(code)))
	if slices.Contains(strings.Fields(m.Recovery), digest) {
		return 0, digest, true
	}
	return 0, "", false
}

// Resume finds the session of a cookie; last-seen times are no acts. An idle or
// too old session is gone.
func (o *Office) Resume(ctx context.Context, token string) (Session, Member, error) {
	s, err := store.Get[Session](ctx, o.gate.DB(), "WHERE digest=?", tokenDigest(token))
	if err != nil {
		return Session{}, Member{}, err
	}
	now := o.gate.Now()
	if now.Sub(s.SeenAt) > idleTimeout || now.Sub(s.CreatedAt) > absoluteTimeout {
		return Session{}, Member{}, store.ErrNotFound
	}
	m, err := Get(ctx, o.gate.DB(), s.StaffID)
	if err != nil || m.State != Active {
		return Session{}, Member{}, errors.Join(err, store.ErrNotFound)
	}
	if now.Sub(s.SeenAt) > time.Minute {
		if err := o.gate.Touch(ctx, "UPDATE session SET seen_at=? WHERE digest=?", now, s.Digest); err != nil {
			return Session{}, Member{}, err
		}
	}
	return s, m, nil
}

// Bearer finds the account of a token.
func (o *Office) Bearer(ctx context.Context, token string) (Member, error) {
	t, err := store.Get[Token](ctx, o.gate.DB(), "WHERE digest=?", tokenDigest(token))
	if err != nil {
		return Member{}, err
	}
	if !t.RevokedAt.IsZero() || !o.gate.Now().Before(t.ExpiresAt) {
		return Member{}, store.ErrNotFound
	}
	m, err := Get(ctx, o.gate.DB(), t.StaffID)
	if err == nil && m.State != Active {
		err = store.ErrNotFound
	}
	if err != nil {
		return m, err
	}
	return m, o.Used(ctx, m)
}

// Sessions lists the open sessions of an account, without ids that were replaced.
func (o *Office) Sessions(ctx context.Context, staffID string) ([]Session, error) {
	now := o.gate.Now()
	return store.List[Session](ctx, o.gate.DB(), "WHERE staff_id=? AND seen_at>=? AND created_at>=? ORDER BY seen_at DESC LIMIT 100",
		staffID, now.Add(-idleTimeout), now.Add(overlap-absoluteTimeout+time.Second))
}

// SignOut ends one session, or with everywhere all of them.
func (o *Office) SignOut(ctx context.Context, by policy.Actor, publicID string, everywhere bool) error {
	_, err := o.gate.Do(ctx, gate.Act{Actor: by, Action: "staff.sign_out", Rules: []rule.ID{"29.3"}}, func(tx *gate.Tx) error {
		if err := tx.Permit(Member{ID: by.ID, Agency: by.Org}.Resource()); err != nil {
			return err
		}
		if everywhere {
			return endSessions(tx, by.ID, nil)
		}
		return tx.Exec("DELETE FROM session WHERE staff_id=? AND public_id=?", by.ID, publicID)
	})
	return err
}

// BeginTOTP makes a secret of 160 bits for the account; it counts once confirmed.
func (o *Office) BeginTOTP(ctx context.Context, by policy.Actor) (secret, url string, err error) {
	m, err := Get(ctx, o.gate.DB(), by.ID)
	if err != nil {
		return "", "", err
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "dangan", AccountName: m.Username, SecretSize: 20, Period: totpPeriod})
	if err != nil {
		return "", "", err
	}
	return key.Secret(), key.URL(), nil
}

// ConfirmTOTP switches the second factor on with a code made from the secret,
// and returns ten recovery codes that are shown once.
func (o *Office) ConfirmTOTP(ctx context.Context, by policy.Actor, session Session, secret, code string) ([]string, error) {
	now := o.gate.Now()
	step, _, ok := checkCode(Member{TOTP: secret}, code, now)
	if !ok || len(secret) < 32 {
		return nil, rule.Mistake(rule.Reason{Rule: "29.3", Slug: "totp_wrong", Field: "code", Message: "动态码不对。", Next: "请核对手机时间，输入当前显示的 6 位数字。"})
	}
	codes := make([]string, recoveryCodes)
	digests := make([]string, recoveryCodes)
	for i := range codes {
		codes[i] = strings.ToUpper(OneTimePassword()[:8])
		digests[i] = hex.EncodeToString(tokenDigest(codes[i]))
	}
	err := o.change(ctx, by, "staff.enroll_totp", by.ID, session.Digest, func(tx *gate.Tx, m *Member) error {
		m.TOTP, m.TOTPOn, m.TOTPStep, m.Recovery = secret, true, step, strings.Join(digests, " ")
		if session.Digest == nil {
			return nil
		}
		return tx.Exec("UPDATE session SET stage=? WHERE digest=?", StageFull, session.Digest)
	})
	return codes, err
}

// overlap is how long a replaced session id still answers: for requests that were
// under way when it was replaced.
const overlap = 30 * time.Second

// StepUp proves anew who sits before a session: password, and code where the account
// has one. The session goes on under a new id, which it returns; failures count
// towards the account's lock.
func (o *Office) StepUp(ctx context.Context, by policy.Actor, session Session, password, code string) (string, error) {
	now := o.gate.Now()
	m, err := Get(ctx, o.gate.DB(), by.ID)
	if err != nil {
		return "", err
	}
	if now.Before(m.LockedUntil) {
		return "", locked(m.LockedUntil)
	}
	if session.Digest == nil {
		return "", rule.Refuse(rule.Reason{Rule: "29.3", Slug: "no_session", Message: "令牌不是登录会话，无需再次确认身份。", Next: "请直接办理。"})
	}
	var step int64
	var recovery string
	proved := VerifyPassword(m.Password, password)
	if proved && m.TOTPOn {
		step, recovery, proved = checkCode(m, code, now)
	}
	if !proved {
		return "", o.denied(ctx, m, m.Username, session.Address)
	}
	token, digest := randomToken("")
	_, err = o.gate.Do(ctx, gate.Act{Actor: by, Action: "staff.step_up", Rules: []rule.ID{"29.3"}}, func(tx *gate.Tx) error {
		m, err := load(tx, by.ID)
		if err != nil {
			return err
		}
		if err := tx.Permit(m.Resource()); err != nil {
			return err
		}
		if err := spend(tx, &m, step, recovery); err != nil {
			return err
		}
		if err := tx.Exec("UPDATE session SET created_at=? WHERE digest=?", tx.Now().Add(overlap-absoluteTimeout), session.Digest); err != nil {
			return err
		}
		fresh := session
		fresh.Digest, fresh.SteppedAt, fresh.SeenAt = digest, tx.Now(), tx.Now()
		return fresh.insert(tx)
	})
	return token, err
}

// NewToken makes a bearer token for a program; it is shown once.
func (o *Office) NewToken(ctx context.Context, by policy.Actor, name string, days int) (string, Token, error) {
	token, digest := randomToken("dgn_")
	t := Token{ID: gate.NewID(), Version: 1, StaffID: by.ID, Name: name, Digest: digest}
	_, err := o.gate.Do(ctx, gate.Act{Actor: by, Action: "staff.token", Rules: []rule.ID{"29.3"}}, func(tx *gate.Tx) error {
		m, err := load(tx, by.ID)
		if err != nil {
			return err
		}
		if err := tx.Permit(m.Resource()); err != nil {
			return err
		}
		t.CreatedAt, t.ExpiresAt = tx.Now(), tx.Now().AddDate(0, 0, max(1, min(days, 366)))
		m.UsedAt = tx.Now()
		if err := tx.Update(&m); err != nil {
			return err
		}
		return tx.Insert(t)
	})
	return token, t, err
}

// RevokeToken ends a token.
func (o *Office) RevokeToken(ctx context.Context, by policy.Actor, id string) error {
	_, err := o.gate.Do(ctx, gate.Act{Actor: by, Action: "staff.revoke_token", Rules: []rule.ID{"29.3"}}, func(tx *gate.Tx) error {
		t, err := store.Get[Token](ctx, tx, "WHERE id=? AND staff_id=?", id, by.ID)
		if err != nil {
			return err
		}
		if err := tx.Permit(Member{ID: by.ID, Agency: by.Org}.Resource()); err != nil {
			return err
		}
		t.RevokedAt = tx.Now()
		return tx.Update(&t)
	})
	return err
}

// Tokens lists an account's tokens, the newest first.
func (o *Office) Tokens(ctx context.Context, staffID string) ([]Token, error) {
	return store.List[Token](ctx, o.gate.DB(), "WHERE staff_id=? ORDER BY created_at DESC LIMIT 200", staffID)
}
