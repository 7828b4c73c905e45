package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"dangan/internal/clock"
	"dangan/internal/codes"
	"dangan/internal/identity"
	"dangan/internal/rule"
	"dangan/internal/staff"
)

func init() { capabilities = append(capabilities, (*Server).staffRoutes) }

// StaffItem is one account in the list.
type StaffItem struct {
	ID          string     `json:"id"`
	Username    string     `json:"username"`
	Name        string     `json:"name"`
	Agency      string     `json:"agency"`
	AgencyName  string     `json:"agencyName"`
	State       string     `json:"state"`
	StateName   string     `json:"stateName"`
	PartyMember bool       `json:"partyMember"`
	TOTPOn      bool       `json:"totpOn"`
	Clearance   int        `json:"clearance" doc:"知悉范围：0 普通 … 4 绝密"`
	Posts       []HeldPost `json:"posts" nullable:"false"`
}

// HeldPost is one post held, for a term or until ended.
type HeldPost struct {
	ID         string     `json:"id"`
	Post       string     `json:"post"`
	Name       string     `json:"name"`
	Org        string     `json:"org"`
	From       time.Time  `json:"from"`
	Until      *time.Time `json:"until,omitempty"`
	Ended      *time.Time `json:"ended,omitempty"`
	InForce    bool       `json:"inForce"`
	StandInFor string     `json:"standInFor,omitempty" doc:"代岗：代替谁"`
	Reason     string     `json:"reason,omitempty"`
}

// StaffView is one account with its history of posts and the acts on it.
type StaffView struct {
	StaffItem
	CreatedAt time.Time  `json:"createdAt"`
	Possible  []Possible `json:"possible" nullable:"false"`
}

// OneTime carries a one-time password, shown once.
type OneTime struct {
	ID       string `json:"id"`
	Password string `json:"password" doc:"一次性口令，只显示一次"`
}

// KinItem is a declared relative; the number is masked even for the member.
type KinItem struct {
	ID       string    `json:"id"`
	Relation string    `json:"relation"`
	Name     string    `json:"name"`
	IDNo     string    `json:"idNo"`
	At       time.Time `json:"at"`
}

// StaffPath names an account and the version a change is based on.
type StaffPath struct {
	ID string `path:"id" maxLength:"64"`
	IfMatch
}

func (s *Server) staffRoutes() {
	const tag = "工作人员"
	route(s, op("listStaff", http.MethodGet, "/staff", "工作人员账户", tag), func(ctx context.Context, in *struct {
		Agency string `query:"agency" maxLength:"16"`
		Q      string `query:"q" maxLength:"64" doc:"用户名开头或姓名"`
		After  string `query:"after" maxLength:"64"`
		Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
	}) (*Body[Page[StaffItem]], error) {
		list, err := s.Staff.List(ctx, actor(ctx), staff.Filter{Agency: in.Agency, Text: in.Q, After: in.After, Limit: in.Limit})
		if err != nil {
			return nil, err
		}
		out := &Body[Page[StaffItem]]{Body: Page[StaffItem]{Items: []StaffItem{}}}
		for i, a := range list {
			if i == in.Limit {
				out.Body.Next = &list[i-1].Username
				break
			}
			out.Body.Items = append(out.Body.Items, s.staffItem(ctx, a))
		}
		return out, nil
	})
	route(s, op("createStaff", http.MethodPost, "/staff", "新建账户（不含岗位）", tag), func(ctx context.Context, in *struct {
		Body struct {
			Username    string `json:"username" maxLength:"64"`
			Name        string `json:"name" maxLength:"64"`
			Agency      string `json:"agency" maxLength:"16"`
			PartyMember bool   `json:"partyMember"`
			IDNo        string `json:"idNo,omitempty" maxLength:"32" doc:"公民身份号码，用于回避"`
		}
	}) (*Body[OneTime], error) {
		idNo, err := s.citizen(in.Body.IDNo, "idNo")
		if err != nil {
			return nil, err
		}
		m, password, err := s.Staff.Create(ctx, actor(ctx), staff.NewMember{Username: in.Body.Username, Name: in.Body.Name, Agency: in.Body.Agency, PartyMember: in.Body.PartyMember, IDNo: idNo})
		if err != nil {
			return nil, err
		}
		return &Body[OneTime]{Body: OneTime{m.ID, password}}, nil
	})
	route(s, op("getStaff", http.MethodGet, "/staff/{id}", "一个账户", tag), func(ctx context.Context, in *StaffPath) (*Tagged[StaffView], error) {
		return s.staffView(ctx, in.ID)
	})
	route(s, op("grantPost", http.MethodPost, "/staff/{id}/posts", "授予岗位或登记代岗", tag), func(ctx context.Context, in *struct {
		StaffPath
		Body struct {
			Post       string `json:"post" maxLength:"32"`
			Org        string `json:"org,omitempty" maxLength:"16"`
			Until      string `json:"until,omitempty" format:"date" doc:"截止日（含当日）；代岗必填"`
			StandInFor string `json:"standInFor,omitempty" maxLength:"64"`
			Reason     string `json:"reason,omitempty" maxLength:"200"`
			Exception  string `json:"exception,omitempty" maxLength:"200" doc:"非党员任关键岗位的理由和上级批准文号"`
		}
	}) (*Tagged[StaffView], error) {
		var until time.Time
		if in.Body.Until != "" {
			day, err := time.ParseInLocation(time.DateOnly, in.Body.Until, clock.Shanghai)
			if err != nil {
				return nil, rule.Mistake(rule.Reason{Rule: "10a", Slug: "date_invalid", Field: "until", Message: "截止日无法识别。", Next: "请按 2026-11-30 的写法填写。"})
			}
			until = day.AddDate(0, 0, 1).UTC()
		}
		_, err := s.Staff.Grant(ctx, actor(ctx), staff.Appointment{StaffID: in.ID, Post: in.Body.Post, Org: in.Body.Org, Until: until, StandInFor: in.Body.StandInFor, Reason: in.Body.Reason, Exception: in.Body.Exception})
		if err != nil {
			return nil, err
		}
		return s.staffView(ctx, in.ID)
	})
	route(s, op("clearStaff", http.MethodPost, "/staff/{id}/clearance", "核定知悉范围（密级）", tag), func(ctx context.Context, in *struct {
		StaffPath
		Body struct {
			Level  int    `json:"level" minimum:"0" maximum:"4" doc:"0 普通 1 工作秘密 2 秘密 3 机密 4 绝密"`
			Reason string `json:"reason" maxLength:"200" doc:"审查批准的依据"`
		}
	}) (*Tagged[StaffView], error) {
		if err := s.Staff.Clear(ctx, actor(ctx), in.ID, in.Body.Level, in.Body.Reason); err != nil {
			return nil, err
		}
		return s.staffView(ctx, in.ID)
	})
	route(s, op("endPost", http.MethodPost, "/staff/{id}/posts/{post}/end", "终止岗位", tag), func(ctx context.Context, in *struct {
		StaffPath
		Post string `path:"post" maxLength:"64"`
		Body struct {
			Reason string `json:"reason" minLength:"1" maxLength:"200"`
		}
	}) (*Tagged[StaffView], error) {
		if err := s.Staff.EndPost(ctx, actor(ctx), in.Post, in.Body.Reason); err != nil {
			return nil, err
		}
		return s.staffView(ctx, in.ID)
	})
	for _, act := range []struct {
		id, path, summary string
		do                func(context.Context, string) error
	}{
		{"unlockStaff", "unlock", "解锁", func(ctx context.Context, id string) error { return s.Staff.Unlock(ctx, actor(ctx), id) }},
		{"suspendStaff", "suspend", "停用", func(ctx context.Context, id string) error { return s.Staff.Suspend(ctx, actor(ctx), id) }},
		{"leaveStaff", "leave", "离岗注销", func(ctx context.Context, id string) error { return s.Staff.Leave(ctx, actor(ctx), id) }},
		{"resetTotp", "reset-totp", "重置动态码", func(ctx context.Context, id string) error { return s.Staff.ResetTOTP(ctx, actor(ctx), id) }},
	} {
		route(s, op(act.id, http.MethodPost, "/staff/{id}/"+act.path, act.summary, tag), func(ctx context.Context, in *StaffPath) (*Tagged[StaffView], error) {
			if err := act.do(ctx, in.ID); err != nil {
				return nil, err
			}
			return s.staffView(ctx, in.ID)
		})
	}
	route(s, op("resetPassword", http.MethodPost, "/staff/{id}/reset-password", "重置口令", tag), func(ctx context.Context, in *StaffPath) (*Body[OneTime], error) {
		password, err := s.Staff.ResetPassword(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return &Body[OneTime]{Body: OneTime{in.ID, password}}, nil
	})
	route(s, op("listKin", http.MethodGet, "/account/kin", "本人申报的亲属", "账户"), func(ctx context.Context, _ *struct{}) (*Body[Page[KinItem]], error) {
		list, err := s.Staff.KinOf(ctx, actor(ctx))
		if err != nil {
			return nil, err
		}
		out := &Body[Page[KinItem]]{Body: Page[KinItem]{Items: []KinItem{}}}
		for _, k := range list {
			out.Body.Items = append(out.Body.Items, KinItem{k.ID, codes.KinName(k.Relation), k.Name, identity.Mask(k.IDNo), k.At})
		}
		return out, nil
	})
	route(s, op("declareKin", http.MethodPost, "/account/kin", "申报亲属（回避）", "账户"), func(ctx context.Context, in *struct {
		Body struct {
			Relation string `json:"relation" maxLength:"48" doc:"亲属关系代码"`
			Name     string `json:"name" minLength:"1" maxLength:"64"`
			IDNo     string `json:"idNo" minLength:"1" maxLength:"32"`
		}
	}) (*struct{}, error) {
		if !slices.ContainsFunc(codes.Kins(), func(k codes.Kin) bool { return k.Slug == in.Body.Relation }) {
			return nil, rule.Mistake(rule.Reason{Rule: "10b", Slug: "relation_unknown", Field: "relation", Message: "没有这种亲属关系。", Next: "请从列表中选择。"})
		}
		idNo, err := s.citizen(in.Body.IDNo, "idNo")
		if err != nil {
			return nil, err
		}
		_, err = s.Staff.DeclareKin(ctx, actor(ctx), in.Body.Relation, in.Body.Name, idNo)
		return nil, err
	})
}

// citizen holds an identity number of a form to its checks; "" stays "".
func (s *Server) citizen(text, field string) (string, error) {
	n := identity.Normalize(text)
	if n == "" {
		return "", nil
	}
	c, problem := identity.Parse(n, s.Gate.Today())
	if problem != "" {
		return "", rule.Mistake(rule.Reason{Rule: "12b", Slug: "id_invalid", Field: field, Message: "公民身份号码不对：" + identity.ProblemText(problem) + "。", Next: "请对照证件重新录入。"})
	}
	return c.Number, nil
}

func (s *Server) staffItem(ctx context.Context, a staff.Account) StaffItem {
	out := StaffItem{ID: a.ID, Username: a.Username, Name: a.Name, Agency: a.Agency, AgencyName: a.Agency, State: a.State, StateName: a.StateName(s.Staff), PartyMember: a.PartyMember, TOTPOn: a.TOTPOn, Clearance: a.Clearance, Posts: []HeldPost{}}
	if tree, err := s.Agencies.Tree(ctx); err == nil {
		out.AgencyName = tree.Name(a.Agency)
	}
	optional := func(t time.Time) *time.Time {
		if t.IsZero() {
			return nil
		}
		return &t
	}
	for _, p := range a.Posts {
		out.Posts = append(out.Posts, HeldPost{ID: p.ID, Post: p.Post, Name: staff.PostName(p.Post), Org: p.Org, From: p.FromAt, Until: optional(p.UntilAt), Ended: optional(p.EndedAt),
			InForce: p.InForce(s.Gate.Now()), StandInFor: p.StandInFor, Reason: p.Reason})
	}
	return out
}

func (s *Server) staffView(ctx context.Context, id string) (*Tagged[StaffView], error) {
	a, err := s.Staff.Look(ctx, actor(ctx), id)
	if err != nil {
		return nil, err
	}
	return &Tagged[StaffView]{ETag: etag(a.Version), Body: StaffView{StaffItem: s.staffItem(ctx, a), CreatedAt: a.CreatedAt, Possible: possible(a.Possible)}}, nil
}
