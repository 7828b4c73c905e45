package staff

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/agency"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
)

// Indexer makes keyed indexes of identity numbers.
type Indexer interface {
	Index(purpose, value string) []byte
}

// Office is the room's door.
type Office struct {
	gate     *gate.Gate
	agencies *agency.Registry
	settings *setting.Desk
	keys     Indexer
	// Need tells what an account knows beside its clearance (15): the persons it is kept
	// from since others were named, the materials it was named for. Secrecy, which stands
	// on this room, gives it when the instance is put together.
	Need func(ctx context.Context, q store.Querier, staffID string, clearance int, now time.Time) (barred, named []string, err error)
	// Kin tells which persons of the register stand within the set of 10b around a member,
	// whose number's keyed index may be unknown: kin, which knows the recorded families, gives
	// it when the instance is put together.
	Kin func(ctx context.Context, q store.Querier, staffID string, index []byte) ([]string, error)

	cost  Cost   // of new passwords
	decoy string // verified for unknown users, so that the answer takes the same time
	demo  bool   // no compulsory TOTP, no password that grows old, no account suspended as unused
}

// New opens the room. In the demo one-time codes are not compulsory.
func New(g *gate.Gate, agencies *agency.Registry, settings *setting.Desk, keys Indexer, cost Cost, demo bool) *Office {
	return &Office{gate: g, agencies: agencies, settings: settings, keys: keys, cost: cost, decoy: cost.decoy(), demo: demo}
}

// NewMember is what the system administrator fills in.
type NewMember struct {
	Username, Name, Agency string
	PartyMember            bool
	Clearance              int
	IDNo                   string // 18 characters, checked by the face; "" when not yet known
	PasswordHash           string // given by the demo only: all its accounts share one hash
}

// Create makes an empty account and returns its one-time password.
func (o *Office) Create(ctx context.Context, by policy.Actor, n NewMember) (Member, string, error) {
	var mistakes []rule.Reason
	if strings.TrimSpace(n.Username) == "" || strings.ContainsAny(n.Username, " \t\n") {
		mistakes = append(mistakes, rule.Reason{Rule: "10a", Slug: "username_missing", Field: "username", Message: "用户名不能为空，也不能含空格。", Next: "请填写用户名，例如 clerk-500108。"})
	}
	if strings.TrimSpace(n.Name) == "" {
		mistakes = append(mistakes, rule.Reason{Rule: "10a", Slug: "name_missing", Field: "name", Message: "姓名不能为空。", Next: "请填写工作人员姓名。"})
	}
	if len(mistakes) > 0 {
		return Member{}, "", rule.Mistake(mistakes...)
	}
	m := Member{ID: gate.NewID(), Version: 1, Username: n.Username, Name: n.Name, Agency: n.Agency, State: Active,
		PartyMember: n.PartyMember, Clearance: n.Clearance, IDNo: n.IDNo, Password: n.PasswordHash, MustChange: n.PasswordHash == ""}
	if n.IDNo != "" {
		m.IDIndex = o.keys.Index("identity", n.IDNo)
	}
	password := ""
	if m.Password == "" {
		password = OneTimePassword()
		var err error
		if m.Password, err = o.cost.Hash(password); err != nil {
			return Member{}, "", err
		}
	}
	_, err := o.gate.Do(ctx, gate.Act{Actor: by, Action: "staff.create", Rules: []rule.ID{"10a"}}, func(tx *gate.Tx) error {
		if err := tx.Permit(m.Resource()); err != nil {
			return err
		}
		if _, err := agency.Get(ctx, tx, n.Agency); err != nil {
			return fmt.Errorf("agency %s: %w", n.Agency, err)
		}
		m.CreatedAt, m.PasswordAt = tx.Now(), tx.Now()
		err := tx.Insert(m)
		if errors.Is(err, store.ErrUnique) {
			return rule.Mistake(rule.Reason{Rule: "10a", Slug: "username_taken", Field: "username",
				Message: "用户名或身份证号已有账户，一人一个账户。", Next: "请换一个用户名，或在原账户上办理。"})
		}
		return err
	})
	return m, password, err
}

// Appointment is one grant of a post.
type Appointment struct {
	StaffID    string
	Post       string
	Org        string // default: the member's agency
	Until      time.Time
	StandInFor string
	Reason     string
	Exception  string // 10a: reason and document for a non-member in a key post
}

// Grant gives a post, or a stand-in with a term (代岗).
func (o *Office) Grant(ctx context.Context, by policy.Actor, a Appointment) (Post, error) {
	if _, known := postNames[a.Post]; !known {
		return Post{}, rule.Mistake(rule.Reason{Rule: "10a", Slug: "post_unknown", Field: "post", Message: "没有这个岗位。", Next: "请从岗位列表中选择。"})
	}
	if a.StandInFor != "" && a.Until.IsZero() {
		return Post{}, rule.Mistake(rule.Reason{Rule: "10a", Slug: "stand_in_without_term", Field: "until", Message: "代岗须有截止时间。", Next: "请填写代岗截止日期。"})
	}
	var p Post
	_, err := o.gate.Do(ctx, gate.Act{Actor: by, Action: "staff.grant", Rules: []rule.ID{"10a"}}, func(tx *gate.Tx) error {
		m, err := load(tx, a.StaffID)
		if err != nil {
			return err
		}
		if err := tx.Permit(m.Resource()); err != nil {
			return err
		}
		if err := tx.Expect(m.Version); err != nil {
			return err
		}
		held, err := postsOf(ctx, tx, m.ID)
		if err != nil {
			return err
		}
		apart, err := o.apart(tx, m, a.Post)
		if err != nil {
			return err
		}
		if r := MayHold(m, held, a.Post, by.ID, a.Exception, tx.Now()); r != nil {
			return rule.Refuse(append(r.Reasons, apart...)...)
		} else if len(apart) > 0 {
			return rule.Refuse(apart...)
		}
		if a.Org == "" {
			a.Org = m.Agency
		}
		p = Post{ID: gate.NewID(), Version: 1, StaffID: m.ID, Post: a.Post, Org: a.Org, FromAt: tx.Now(), UntilAt: a.Until,
			StandInFor: a.StandInFor, Reason: strings.TrimSpace(a.Reason + " " + a.Exception), GrantedBy: by.ID}
		tx.Note("post", a.Post)
		if err := endSessions(tx, m.ID, nil); err != nil {
			return err
		}
		return tx.Insert(p)
	})
	return p, err
}

// apart holds an administrator's post to security.md 5: three different persons, and
// none the kin of another. Who an account is must be known for that; the program,
// which founds the province, appoints before anybody's number is known.
func (o *Office) apart(tx *gate.Tx, m Member, post string) ([]rule.Reason, error) {
	if !Administrative(post) || tx.Actor().Kind == policy.System {
		return nil, nil
	}
	var reasons []rule.Reason
	if m.IDIndex == nil && !o.demo {
		reasons = append(reasons, rule.Reason{Rule: "10a", Slug: "administrator_unknown",
			Message: m.Name + "的账户没有登记公民身份号码，无法核对三类管理员是否分由三人担任、有无亲属关系。",
			Next:    "请系统管理员凭本人身份证件另建账户并登记身份号码。"})
	}
	others, err := administratorsKinTo(tx, m)
	for _, other := range others {
		reasons = append(reasons, rule.Reason{Rule: "10b", Slug: "administrators_kin",
			Message: m.Name + "与" + other.Name + "（" + PostName(other.Post) + "）申报为亲属，不得分任系统、安全、审计管理员。",
			Next:    "请另选没有亲属关系的人员。"})
	}
	return reasons, err
}

// EndPost ends a post at once; open sessions end with it.
func (o *Office) EndPost(ctx context.Context, by policy.Actor, postID, reason string) error {
	_, err := o.gate.Do(ctx, gate.Act{Actor: by, Action: "staff.end_post", Rules: []rule.ID{"10a"}}, func(tx *gate.Tx) error {
		p, err := store.Get[Post](ctx, tx, "WHERE id=?"+tx.ForUpdate(), postID)
		if err != nil {
			return err
		}
		m, err := load(tx, p.StaffID)
		if err != nil {
			return err
		}
		if err := tx.Permit(m.Resource()); err != nil {
			return err
		}
		p.EndedAt, p.Reason = tx.Now(), strings.TrimSpace(p.Reason+" "+reason)
		tx.Note("post", p.Post)
		if err := endSessions(tx, m.ID, nil); err != nil {
			return err
		}
		return tx.Update(&p)
	})
	return err
}

// change performs one act on an account that ends its sessions.
func (o *Office) change(ctx context.Context, by policy.Actor, action, id string, keep []byte, fn func(tx *gate.Tx, m *Member) error) error {
	_, err := o.gate.Do(ctx, gate.Act{Actor: by, Action: action, Rules: []rule.ID{"10a"}}, func(tx *gate.Tx) error {
		m, err := load(tx, id)
		if err != nil {
			return err
		}
		if err := tx.Permit(m.Resource()); err != nil {
			return err
		}
		if err := tx.Expect(m.Version); err != nil {
			return err
		}
		if err := fn(tx, &m); err != nil {
			return err
		}
		if err := endSessions(tx, m.ID, keep); err != nil {
			return err
		}
		return tx.Update(&m)
	})
	return err
}

// Unlock lifts a lock-out.
func (o *Office) Unlock(ctx context.Context, by policy.Actor, id string) error {
	return o.change(ctx, by, "staff.unlock", id, nil, func(tx *gate.Tx, m *Member) error {
		m.LockedUntil, m.Locks = time.Time{}, 0
		if m.State == Suspended {
			m.State, m.UsedAt = Active, tx.Now()
		}
		return tx.Exec("DELETE FROM signin_failure WHERE subject=?", m.Username)
	})
}

// topClearance is 绝密; the levels are the dossier's room's.
const topClearance = 4

// Clear sets which classes of secrecy an account may know of (15, 21b; security.md 5).
func (o *Office) Clear(ctx context.Context, by policy.Actor, id string, level int, reason string) error {
	var wrong []rule.Reason
	if level < 0 || level > topClearance {
		wrong = append(wrong, rule.Reason{Rule: "15", Slug: "clearance_unknown", Field: "level", Message: "没有这一级知悉范围。", Next: "请从普通、工作秘密、秘密、机密、绝密中选择。"})
	}
	if strings.TrimSpace(reason) == "" {
		wrong = append(wrong, rule.Reason{Rule: "15", Slug: "clearance_reason", Field: "reason", Message: "核定知悉范围须写明依据。", Next: "请填写审查批准的文号或理由。"})
	}
	if len(wrong) > 0 {
		return rule.Mistake(wrong...)
	}
	return o.change(ctx, by, "staff.clear", id, nil, func(tx *gate.Tx, m *Member) error {
		if m.State != Active {
			return rule.Refuse(rule.Reason{Rule: "15", Slug: "account_state", Message: "该账户不在使用中。", Next: "请先恢复账户。"})
		}
		tx.Note("level", level)
		tx.Note("basis", strings.TrimSpace(reason))
		m.Clearance = level
		return nil
	})
}

// Suspend stops an account without ending it; Leave ends everything at once.
func (o *Office) Suspend(ctx context.Context, by policy.Actor, id string) error {
	return o.change(ctx, by, "staff.suspend", id, nil, func(_ *gate.Tx, m *Member) error { m.State = Suspended; return nil })
}

// SuspendUnused is the timer that suspends accounts nobody signed in with, and no
// program used, for as long as the settings say (security.md 3: 90 days). The last
// security administrator stays: nobody else could lift a suspension.
func (o *Office) SuspendUnused(ctx context.Context) error {
	if o.demo {
		return nil
	}
	since := o.gate.Now().AddDate(0, 0, -o.settings.Int(setting.UnusedDays))
	unused, err := store.List[Member](ctx, o.gate.DB(), "WHERE state=? AND coalesce(used_at,created_at)<? ORDER BY coalesce(used_at,created_at), id LIMIT 1000", Active, since)
	if err != nil {
		return fmt.Errorf("unused accounts: %w", err)
	}
	clock := policy.Actor{ID: "system", Kind: policy.System}
	for _, m := range unused {
		_, err := o.gate.Do(ctx, gate.Act{Actor: clock, Action: "staff.suspend_unused", Rules: []rule.ID{"29.3"}}, func(tx *gate.Tx) error {
			m, err := load(tx, m.ID)
			if err != nil {
				return err
			}
			if err := tx.Permit(m.Resource()); err != nil {
				return err
			}
			if m.State != Active || !m.lastUsed().Before(since) {
				return errNotUnused
			}
			if last, err := lastSecAdmin(tx, m.ID); err != nil || last {
				return errors.Join(err, errNotUnused)
			}
			m.State = Suspended
			if err := endSessions(tx, m.ID, nil); err != nil {
				return err
			}
			return tx.Update(&m)
		})
		if err != nil && !errors.Is(err, errNotUnused) {
			return fmt.Errorf("suspend %s: %w", m.ID, err)
		}
	}
	return nil
}

// errNotUnused undoes a suspension that has no ground any more.
var errNotUnused = errors.New("account is in use, or the last security administrator")

// Used notes that a program or the console used an account, once a week: enough to
// tell that it is not unused.
func (o *Office) Used(ctx context.Context, m Member) error {
	if o.gate.Now().Sub(m.lastUsed()) < 7*24*time.Hour {
		return nil
	}
	_, err := o.gate.Do(gate.WithoutKey(ctx), gate.Act{Actor: policy.Actor{ID: m.ID, Kind: policy.Staff, Org: m.Agency, Reach: []string{m.Agency}}, Action: "staff.use", Rules: []rule.ID{"29.3"}}, func(tx *gate.Tx) error {
		m, err := load(tx, m.ID)
		if err != nil {
			return err
		}
		if err := tx.Permit(m.Resource()); err != nil {
			return err
		}
		m.UsedAt = tx.Now()
		return tx.Update(&m)
	})
	return err
}

// Leave ends an account: posts, sessions and tokens end with it, its open work goes on with others.
func (o *Office) Leave(ctx context.Context, by policy.Actor, id string) error {
	return o.change(ctx, by, "staff.leave", id, nil, func(tx *gate.Tx, m *Member) error {
		m.State = Gone
		held, err := postsOf(ctx, tx, m.ID)
		if err != nil {
			return err
		}
		for _, p := range held {
			if !p.InForce(tx.Now()) {
				continue
			}
			p.EndedAt = tx.Now()
			if err := tx.Update(&p); err != nil {
				return err
			}
		}
		return nil
	})
}

// ResetPassword gives a new one-time password.
func (o *Office) ResetPassword(ctx context.Context, by policy.Actor, id string) (string, error) {
	password := OneTimePassword()
	hash, err := o.cost.Hash(password)
	if err != nil {
		return "", err
	}
	return password, o.change(ctx, by, "staff.reset_password", id, nil, func(tx *gate.Tx, m *Member) error {
		m.Password, m.PasswordAt, m.MustChange = hash, tx.Now(), true
		return nil
	})
}

// ResetTOTP takes the second factor away after an identity check, to be enrolled anew.
func (o *Office) ResetTOTP(ctx context.Context, by policy.Actor, id string) error {
	return o.change(ctx, by, "staff.reset_totp", id, nil, func(_ *gate.Tx, m *Member) error {
		m.TOTP, m.TOTPOn, m.TOTPStep, m.Recovery = "", false, 0, ""
		return nil
	})
}

// ChangePassword replaces the own password; all other sessions end.
func (o *Office) ChangePassword(ctx context.Context, by policy.Actor, session Session, old, fresh string) error {
	m, err := Get(ctx, o.gate.DB(), by.ID)
	if err != nil {
		return err
	}
	if now := o.gate.Now(); now.Before(m.LockedUntil) {
		return locked(m.LockedUntil)
	}
	if !VerifyPassword(m.Password, old) {
		until, err := o.failed(ctx, m, m.Username, session.Address)
		if err != nil {
			return err
		} else if !until.IsZero() {
			return locked(until)
		}
		return rule.Mistake(rule.Reason{Rule: "29.3", Slug: "password_wrong", Field: "old", Message: "原口令不对。", Next: "请重新输入原口令；连续 5 次不对将锁定账户。"})
	}
	if r := CheckPassword(fresh, m.Username, m.Name); r != nil {
		return r
	}
	if old == fresh {
		return rule.Mistake(rule.Reason{Rule: "29.3", Slug: "password_same", Field: "password", Message: "新口令与原口令相同。", Next: "请换一个口令。"})
	}
	hash, err := o.cost.Hash(fresh)
	if err != nil {
		return err
	}
	return o.change(ctx, by, "staff.change_password", by.ID, session.Digest, func(tx *gate.Tx, m *Member) error {
		m.Password, m.PasswordAt, m.MustChange = hash, tx.Now(), false
		return tx.Exec("UPDATE session SET stage=? WHERE digest=?", o.stage(*m, by), session.Digest)
	})
}

// DeclareKin records a relative of the member (10b). Where it makes two administrators
// kin, that stands in the ledger, and waits for those who appoint and inspect (Work).
func (o *Office) DeclareKin(ctx context.Context, by policy.Actor, relation, name, idNo string) (Kin, error) {
	k := Kin{ID: gate.NewID(), Version: 1, StaffID: by.ID, Relation: relation, Name: name, IDNo: idNo, IDIndex: o.keys.Index("identity", idNo)}
	_, err := o.gate.Do(ctx, gate.Act{Actor: by, Action: "staff.declare_kin", Rules: []rule.ID{"10b"}}, func(tx *gate.Tx) error {
		m, err := load(tx, by.ID)
		if err != nil {
			return err
		}
		if err := tx.Permit(m.Resource()); err != nil {
			return err
		}
		k.At = tx.Now()
		if err := tx.Insert(k); err != nil {
			return err
		}
		held, err := postsOf(tx.Context(), tx, m.ID)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(held, func(p Post) bool { return Administrative(p.Post) && p.InForce(tx.Now()) }) {
			return nil
		}
		others, err := administratorsKinTo(tx, m)
		if len(others) > 0 {
			tx.Note("administrators_kin", len(others))
		}
		return err
	})
	return k, err
}

// ActorOf builds the actor for an account as it stands now: posts in force, reach
// by the tree, persons to keep away from (10b).
func (o *Office) ActorOf(ctx context.Context, m Member) (policy.Actor, error) {
	q := o.gate.DB()
	held, err := postsOf(ctx, q, m.ID)
	if err != nil {
		return policy.Actor{}, err
	}
	tree, err := o.agencies.Tree(ctx)
	if err != nil {
		return policy.Actor{}, err
	}
	a := policy.Actor{ID: m.ID, Kind: policy.Staff, Name: m.Name, Org: tree.Now(m.Agency), Clearance: m.Clearance,
		Attrs: map[string]any{"party": m.PartyMember}}
	now := o.gate.Now()
	for _, p := range held {
		if m.State != Active || !p.InForce(now) {
			continue
		}
		if !slices.Contains(a.Posts, p.Post) {
			a.Posts = append(a.Posts, p.Post)
		}
		if slices.Contains(supervising, p.Post) {
			a.Reach = append(a.Reach, tree.Subtree(tree.Now(p.Org))...)
		} else {
			a.Reach = append(a.Reach, tree.Line(tree.Now(p.Org))...)
		}
	}
	slices.Sort(a.Posts)
	slices.Sort(a.Reach)
	a.Reach = slices.Compact(a.Reach)
	if a.Persons, err = o.ownPersons(ctx, m); err != nil || o.Need == nil {
		return a, err
	}
	// Families tell what nobody declared: a brother's wife, an uncle of whom only a cousin's
	// dossier says so.
	if o.Kin != nil {
		related, err := o.Kin(ctx, q, m.ID, m.IDIndex)
		if err != nil {
			return a, fmt.Errorf("recusals: %w", err)
		}
		a.Persons = append(a.Persons, related...)
		slices.Sort(a.Persons)
		a.Persons = slices.Compact(a.Persons)
	}
	// Whom others were named to know the actor keeps away from, as from kin: lists leave
	// both out alike, and the policies tell them apart (15, 10b).
	if a.Barred, a.Named, err = o.Need(ctx, q, m.ID, m.Clearance, now); err != nil {
		return a, err
	}
	a.Barred = slices.DeleteFunc(a.Barred, func(id string) bool { return slices.Contains(a.Persons, id) })
	a.Persons = append(a.Persons, a.Barred...)
	slices.Sort(a.Persons)
	return a, nil
}

// ownPersons finds the person ids of a member and of the declared kin.
func (o *Office) ownPersons(ctx context.Context, m Member) ([]string, error) {
	q := o.gate.DB()
	rows, err := q.Query(ctx, `WITH own AS (SELECT id_ix FROM kin_declaration WHERE staff_id=? UNION SELECT id_ix FROM staff WHERE id=? AND id_ix IS NOT NULL),
 known AS (SELECT id, merged_into FROM person WHERE id_ix IN (SELECT id_ix FROM own)
  UNION SELECT id, merged_into FROM person WHERE id IN (SELECT person_id FROM person_number WHERE id_ix IN (SELECT id_ix FROM own)))
 SELECT id FROM known UNION SELECT merged_into FROM known WHERE merged_into IS NOT NULL`, m.ID, m.ID)
	if err != nil {
		return nil, fmt.Errorf("recusals: %w", err)
	}
	defer rows.Close()
	out := []string{}
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	slices.Sort(out)
	return out, rows.Err()
}

// ByUsername returns the actor of an account.
func (o *Office) ByUsername(ctx context.Context, username string) (policy.Actor, error) {
	m, err := Named(ctx, o.gate.DB(), username)
	if err != nil {
		return policy.Actor{}, err
	}
	return o.ActorOf(ctx, m)
}
