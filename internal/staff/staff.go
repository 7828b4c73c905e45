package staff

import (
	"slices"
	"time"

	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Posts of the system (A.7). Codes stand in tables and policies, names on screens.
const (
	Clerk        = "clerk"
	Reviewer     = "reviewer"
	Keeper       = "keeper"
	Scanner      = "scanner"
	Head         = "head"
	Supervisor   = "supervisor"
	Statistician = "statistician"
	Organization = "organization" // 组织部门, reading only (5)
	Archives     = "archives"     // 档案主管部门, reading only (5)
	SysAdmin     = "sysadmin"
	SecAdmin     = "secadmin"
	Auditor      = "auditor"
)

// Posts lists them in the order of screens.
var Posts = []string{Clerk, Reviewer, Keeper, Scanner, Head, Supervisor, Statistician, Organization, Archives, SysAdmin, SecAdmin, Auditor}

var postNames = map[string]string{
	Clerk: "经办", Reviewer: "审核", Keeper: "库管", Scanner: "数字化", Head: "负责人", Supervisor: "监督",
	Statistician: "统计", Organization: "组织部门", Archives: "档案主管部门", SysAdmin: "系统管理员", SecAdmin: "安全管理员", Auditor: "审计管理员",
}

// PostName is a post as screens say it.
func PostName(post string) string { return postNames[post] }

// administrative posts are three persons and hold nothing else.
var administrative = []string{SysAdmin, SecAdmin, Auditor}

// watching posts see what agencies below do and do nothing there; beside an agency's own post
// they would carry its acts into all of them.
var watching = []string{Supervisor, Statistician}

// supervising posts see a subtree; the others their own agency.
var supervising = []string{Supervisor, Statistician, Organization, Archives, Auditor, SecAdmin, SysAdmin}

// guiding posts belong to other departments of the level: they read within the tree and
// hold nothing else (5).
var guiding = []string{Organization, Archives}

// keyPosts are held by members of the Communist Party (10a).
var keyPosts = []string{Reviewer, Keeper, SecAdmin, Auditor}

// States of an account.
const (
	Active    = "active"
	Suspended = "suspended" // unused for 90 days, or by the security administrator
	Gone      = "gone"      // left: everything ended
)

// Member is a member of staff with an account.
type Member struct {
	ID          string    `db:"id"`
	Version     int64     `db:"version"`
	Username    string    `db:"username"`
	Name        string    `db:"name"`
	Agency      string    `db:"agency"` // code of the agency or authority
	State       string    `db:"state"`
	PartyMember bool      `db:"party_member"`
	Clearance   int       `db:"clearance"`
	IDNo        string    `db:"id_no,null,secret"`
	IDIndex     []byte    `db:"id_ix,null"`
	Password    string    `db:"password,null"` // argon2id, PHC form
	PasswordAt  time.Time `db:"password_at,null"`
	MustChange  bool      `db:"must_change"`
	TOTP        string    `db:"totp,null,secret"` // base32
	TOTPOn      bool      `db:"totp_on"`
	TOTPStep    int64     `db:"totp_step,null"` // last step used: each code once
	Recovery    string    `db:"recovery,null"`  // digests of unused recovery codes, parted by blanks
	LockedUntil time.Time `db:"locked_until,null"`
	Locks       int64     `db:"locks"` // in a row; the lock grows
	CreatedAt   time.Time `db:"created_at"`
	UsedAt      time.Time `db:"used_at,null"` // signed in, or used by a program: to the week
}

// Table names the table of staff.
func (Member) Table() string { return "staff" }

// lastUsed is when somebody last used the account, or when it was made.
func (m Member) lastUsed() time.Time {
	if m.UsedAt.IsZero() {
		return m.CreatedAt
	}
	return m.UsedAt
}

// Resource is the account as the policies see it.
func (m Member) Resource() policy.Resource {
	return policy.Resource{Type: "Account", ID: m.ID, Agencies: []string{m.Agency}, Attrs: map[string]any{"owner": m.ID}}
}

// Post is one post held, for a term or until ended.
type Post struct {
	ID         string    `db:"id"`
	Version    int64     `db:"version"`
	StaffID    string    `db:"staff_id"`
	Post       string    `db:"post"`
	Org        string    `db:"org"`
	FromAt     time.Time `db:"from_at"`
	UntilAt    time.Time `db:"until_at,null"`
	EndedAt    time.Time `db:"ended_at,null"`
	StandInFor string    `db:"stand_in_for,null"` // 代岗: whose post
	Reason     string    `db:"reason,null"`
	GrantedBy  string    `db:"granted_by"`
}

// Table names the table of posts.
func (Post) Table() string { return "post" }

// InForce says whether the post is held at a moment.
func (p Post) InForce(now time.Time) bool {
	return !p.FromAt.After(now) && (p.UntilAt.IsZero() || now.Before(p.UntilAt)) && (p.EndedAt.IsZero() || now.Before(p.EndedAt))
}

// Kin is a relative a member of staff has declared (10b).
type Kin struct {
	ID       string    `db:"id"`
	Version  int64     `db:"version"`
	StaffID  string    `db:"staff_id"`
	Relation string    `db:"relation"`
	Name     string    `db:"name,secret"`
	IDNo     string    `db:"id_no,secret"`
	IDIndex  []byte    `db:"id_ix"`
	At       time.Time `db:"at"`
}

// Table names the table of declarations.
func (Kin) Table() string { return "kin_declaration" }

// Token is a bearer token for programs; only its digest is kept.
type Token struct {
	ID        string    `db:"id"`
	Version   int64     `db:"version"`
	StaffID   string    `db:"staff_id"`
	Name      string    `db:"name"`
	Digest    []byte    `db:"digest"`
	CreatedAt time.Time `db:"created_at"`
	ExpiresAt time.Time `db:"expires_at"`
	RevokedAt time.Time `db:"revoked_at,null"`
}

// Table names the table of tokens.
func (Token) Table() string { return "api_token" }

func init() { store.Describe(Member{}, Post{}, Kin{}, Token{}) }

func init() {
	store.Register("staff", store.Audited, "工作人员账户；口令仅存散列，动态码密钥加密")
	store.Register("post", store.Audited, "岗位与代岗：授予、期限、终止")
	store.Register("kin_declaration", store.Audited, "工作人员亲属申报，加密保存")
	store.Register("api_token", store.Audited, "接口令牌，仅存散列")
	store.Register("session", store.Transient, "登录会话；登录本身另有存证")
	store.Register("signin_failure", store.Transient, "登录失败计数；锁定本身另有存证")
}

// MayHold is the pure rule of appointing: what a member already holds, and who
// grants. Stand-ins follow it too.
func MayHold(m Member, held []Post, post string, grantedBy string, exception string, now time.Time) *rule.Refusal {
	var reasons []rule.Reason
	admin := slices.Contains(administrative, post)
	for _, p := range held {
		if !p.InForce(now) {
			continue
		}
		if admin != slices.Contains(administrative, p.Post) || admin && p.Post != post {
			reasons = append(reasons, rule.Reason{Rule: "10a", Slug: "administrators_apart",
				Message: "系统、安全、审计三类管理员须由三人分任，且不得兼任业务岗位；" + m.Name + "已任" + PostName(p.Post) + "。",
				Next:    "请另选人员，或先终止其现有岗位。"})
			break
		}
	}
	for _, p := range held {
		if p.InForce(now) && slices.Contains(guiding, post) != slices.Contains(guiding, p.Post) {
			reasons = append(reasons, rule.Reason{Rule: "5", Slug: "guides_apart",
				Message: "组织部门、档案主管部门的岗位只供查看，不得兼任其他岗位；" + m.Name + "已任" + PostName(p.Post) + "。",
				Next:    "请为该部门的人员另建账户，或先终止其现有岗位。"})
			break
		}
	}
	for _, p := range held {
		if p.InForce(now) && !admin && slices.Contains(watching, post) != slices.Contains(watching, p.Post) && !slices.Contains(guiding, p.Post) {
			reasons = append(reasons, rule.Reason{Rule: "5", Slug: "supervisors_apart",
				Message: "监督、统计岗位看到本级以下各机构，不得与机构的业务岗位由一人兼任；" + m.Name + "已任" + PostName(p.Post) + "。",
				Next:    "请另选人员，或先终止其现有岗位。"})
			break
		}
	}
	if grantedBy == m.ID {
		reasons = append(reasons, rule.Reason{Rule: "10a", Slug: "grant_to_self",
			Message: "不得给自己授予岗位。", Next: "请由另一名安全管理员办理。"})
	}
	if slices.Contains(keyPosts, post) && !m.PartyMember && exception == "" {
		reasons = append(reasons, rule.Reason{Rule: "10a", Slug: "post_needs_party_member",
			Message: PostName(post) + "属于关键核心岗位，应当选配中共党员。",
			Next:    "请另选人员；确需例外的，填写理由和上级部门批准文号。"})
	}
	if len(reasons) > 0 {
		return rule.Refuse(reasons...)
	}
	return nil
}
