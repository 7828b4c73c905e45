package staff

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Account is a member with the posts held now.
type Account struct {
	Member
	Posts    []Post
	Possible []gate.Possible
}

// Filter narrows the list of accounts.
type Filter struct {
	Agency string
	Text   string // beginning of a username, or part of a name
	After  string // username of the last one seen
	Limit  int
}

// List lists the accounts in the actor's reach by username; a further one says
// that there are more. Who may list stands in the policies.
func (o *Office) List(ctx context.Context, by policy.Actor, f Filter) ([]Account, error) {
	if d := o.gate.Decide(by, "staff.list", policy.Resource{Type: "Account"}); !d.Allowed() {
		return nil, d.Refusal
	}
	if f.Limit <= 0 || f.Limit > 100 {
		f.Limit = 50
	}
	where := []string{"agency IN (" + store.Marks(len(by.Reach)) + ")", "username>?"}
	args := append(store.Args(by.Reach), f.After)
	if f.Agency != "" {
		where, args = append(where, "agency=?"), append(args, f.Agency)
	}
	if f.Text != "" {
		escaped := strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(f.Text)
		where, args = append(where, `(username LIKE ? ESCAPE '\' OR name LIKE ? ESCAPE '\')`), append(args, escaped+"%", "%"+escaped+"%")
	}
	members, err := store.List[Member](ctx, o.gate.DB(), "WHERE "+strings.Join(where, " AND ")+" ORDER BY username LIMIT ?", append(args, f.Limit+1)...)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(members))
	for i, m := range members {
		ids[i] = m.ID
	}
	posts, err := store.List[Post](ctx, o.gate.DB(), "WHERE staff_id IN ("+store.Marks(len(ids))+") ORDER BY from_at, id", store.Args(ids)...)
	if err != nil {
		return nil, err
	}
	out := make([]Account, len(members))
	for i, m := range members {
		out[i].Member = m
		for _, p := range posts {
			if p.StaffID == m.ID && p.InForce(o.gate.Now()) {
				out[i].Posts = append(out[i].Posts, p)
			}
		}
	}
	return out, nil
}

// Look reads one account with every post it ever held and what the actor may do with it.
func (o *Office) Look(ctx context.Context, by policy.Actor, id string) (Account, error) {
	m, err := Get(ctx, o.gate.DB(), id)
	if err != nil {
		return Account{}, err
	}
	if d := o.gate.Decide(by, "staff.list", m.Resource()); d.Hidden {
		return Account{}, gate.ErrHidden
	} else if d.Refusal != nil {
		return Account{}, d.Refusal
	}
	a := Account{Member: m}
	if a.Posts, err = postsOf(ctx, o.gate.DB(), id); err != nil {
		return a, err
	}
	gone := func(hindered bool, message string) error {
		if !hindered {
			return nil
		}
		return rule.Refuse(rule.Reason{Rule: "10a", Slug: "account_state", Message: message, Next: "请核对账户状态。"})
	}
	for _, p := range []struct {
		action, label string
		hindered      error
	}{
		{"staff.grant", "授予岗位", gone(m.State == Gone, "该账户已离岗注销，不能再授予岗位。")},
		{"staff.clear", "核定知悉范围", gone(m.State != Active, "该账户不在使用中。")},
		{"staff.unlock", "解锁", gone(m.State == Active && !o.gate.Now().Before(m.LockedUntil), "该账户没有锁定或停用。")},
		{"staff.reset_password", "重置口令", gone(m.State == Gone, "该账户已离岗注销。")},
		{"staff.reset_totp", "重置动态码", gone(!m.TOTPOn, "该账户没有启用动态码。")},
		{"staff.suspend", "停用", gone(m.State != Active, "该账户不在使用中。")},
		{"staff.leave", "离岗注销", gone(m.State == Gone, "该账户已离岗注销。")},
	} {
		if possible, ok := o.gate.Possible(by, p.action, p.label, m.Resource(), p.hindered); ok {
			a.Possible = append(a.Possible, possible)
		}
	}
	return a, nil
}

// KinOf lists what a member declared (10b), for the member alone.
func (o *Office) KinOf(ctx context.Context, by policy.Actor) ([]Kin, error) {
	list, err := store.List[Kin](ctx, o.gate.DB(), "WHERE staff_id=? ORDER BY at, id LIMIT 200", by.ID)
	if err != nil {
		return nil, fmt.Errorf("declared kin: %w", err)
	}
	return list, nil
}

// StateName is an account's state as screens say it.
func (m Member) StateName(o *Office) string {
	switch {
	case m.State == Gone:
		return "已离岗"
	case m.State == Suspended:
		return "已停用"
	case o.gate.Now().Before(m.LockedUntil):
		return "已锁定"
	}
	return "使用中"
}

// Administrative says whether a post is one of the three administrators'.
func Administrative(post string) bool { return slices.Contains(administrative, post) }
