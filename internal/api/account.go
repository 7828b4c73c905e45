package api

import (
	"context"
	"net/http"
	"time"

	"dangan/internal/rule"
	"dangan/internal/staff"
)

func init() { capabilities = append(capabilities, (*Server).accountRoutes) }

// PostView is a post as screens show it.
type PostView struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// SessionView is who is signed in, with the counts of the menu.
type SessionView struct {
	User struct {
		ID       string `json:"id"`
		Name     string `json:"name"`
		Username string `json:"username"`
		Agency   struct {
			Code string `json:"code"`
			Name string `json:"name"`
		} `json:"agency"`
		Posts []PostView `json:"posts" nullable:"false"`
	} `json:"user"`
	Demo                bool           `json:"demo"`
	MenuCounts          map[string]int `json:"menuCounts"`
	NeedsPasswordChange bool           `json:"needsPasswordChange"`
	NeedsTOTP           bool           `json:"needsTotp"`
	TOTPOn              bool           `json:"totpOn"`
}

// SignInRequest is what the sign-in page sends.
type SignInRequest struct {
	Username string `json:"username" maxLength:"64"`
	Password string `json:"password" maxLength:"256"`
	Code     string `json:"code,omitempty" maxLength:"20" doc:"动态码或备用码"`
}

// SignInAnswer asks for the code, or says that the session is open.
type SignInAnswer struct {
	NeedsCode bool   `json:"needsCode"`
	Stage     string `json:"stage,omitempty"`
}

// SessionItem is one open session in the list.
type SessionItem struct {
	ID        string    `json:"id"`
	Address   string    `json:"address"`
	Agent     string    `json:"agent"`
	CreatedAt time.Time `json:"createdAt"`
	SeenAt    time.Time `json:"seenAt"`
	Current   bool      `json:"current"`
}

func (s *Server) accountRoutes() {
	route(s, public(op("signIn", http.MethodPost, "/session", "登录", "账户")), func(ctx context.Context, in *struct{ Body SignInRequest }) (*struct {
		SetCookie http.Cookie `header:"Set-Cookie"`
		Body      SignInAnswer
	}, error) {
		who := askerOf(ctx)
		token, session, needCode, err := s.Staff.SignIn(ctx, in.Body.Username, in.Body.Password, in.Body.Code, who.address, who.agent)
		if err != nil {
			return nil, err
		}
		out := &struct {
			SetCookie http.Cookie `header:"Set-Cookie"`
			Body      SignInAnswer
		}{Body: SignInAnswer{NeedsCode: needCode, Stage: session.Stage}}
		if !needCode {
			out.SetCookie = s.cookie(token)
		}
		return out, nil
	})
	route(s, op("session", http.MethodGet, "/session", "当前登录", "账户"), func(ctx context.Context, _ *struct{}) (*Body[SessionView], error) {
		return s.sessionView(ctx)
	})
	route(s, op("signOut", http.MethodDelete, "/session", "退出", "账户"), func(ctx context.Context, in *struct {
		Everywhere bool `query:"everywhere" doc:"所有设备一并退出"`
	}) (*struct {
		SetCookie http.Cookie `header:"Set-Cookie"`
	}, error) {
		who := askerOf(ctx)
		if err := s.Staff.SignOut(ctx, who.actor, who.session.PublicID, in.Everywhere); err != nil {
			return nil, err
		}
		out := &struct {
			SetCookie http.Cookie `header:"Set-Cookie"`
		}{http.Cookie{Name: cookieName(s.Instance), Path: "/", MaxAge: -1, HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteStrictMode}}
		return out, nil
	})
	route(s, op("listSessions", http.MethodGet, "/account/sessions", "登录会话", "账户"), func(ctx context.Context, _ *struct{}) (*Body[Page[SessionItem]], error) {
		who := askerOf(ctx)
		list, err := s.Staff.Sessions(ctx, who.actor.ID)
		if err != nil {
			return nil, err
		}
		out := &Body[Page[SessionItem]]{Body: Page[SessionItem]{Items: []SessionItem{}}}
		for _, x := range list {
			out.Body.Items = append(out.Body.Items, SessionItem{x.PublicID, x.Address, x.Agent, x.CreatedAt, x.SeenAt, x.PublicID == who.session.PublicID})
		}
		return out, nil
	})
	route(s, op("endSession", http.MethodDelete, "/account/sessions/{id}", "结束一个会话", "账户"), func(ctx context.Context, in *struct {
		ID string `path:"id"`
	}) (*struct{}, error) {
		return nil, s.Staff.SignOut(ctx, actor(ctx), in.ID, false)
	})
	route(s, op("changePassword", http.MethodPost, "/account/password", "修改口令", "账户"), func(ctx context.Context, in *struct {
		Body struct {
			Old      string `json:"old" maxLength:"256"`
			Password string `json:"password" maxLength:"256"`
		}
	}) (*struct{}, error) {
		who := askerOf(ctx)
		return nil, s.Staff.ChangePassword(ctx, who.actor, who.session, in.Body.Old, in.Body.Password)
	})
	route(s, op("beginTotp", http.MethodGet, "/account/totp", "准备启用动态码", "账户"), func(ctx context.Context, _ *struct{}) (*Body[struct {
		Secret string `json:"secret"`
		URL    string `json:"url"`
	}], error) {
		secret, url, err := s.Staff.BeginTOTP(ctx, actor(ctx))
		if err != nil {
			return nil, err
		}
		out := &Body[struct {
			Secret string `json:"secret"`
			URL    string `json:"url"`
		}]{}
		out.Body.Secret, out.Body.URL = secret, url
		return out, nil
	})
	route(s, op("confirmTotp", http.MethodPost, "/account/totp", "启用动态码", "账户"), func(ctx context.Context, in *struct {
		Body struct {
			Secret string `json:"secret" maxLength:"64"`
			Code   string `json:"code" maxLength:"12"`
		}
	}) (*Body[struct {
		RecoveryCodes []string `json:"recoveryCodes" nullable:"false"`
	}], error) {
		who := askerOf(ctx)
		codes, err := s.Staff.ConfirmTOTP(ctx, who.actor, who.session, in.Body.Secret, in.Body.Code)
		if err != nil {
			return nil, err
		}
		out := &Body[struct {
			RecoveryCodes []string `json:"recoveryCodes" nullable:"false"`
		}]{}
		out.Body.RecoveryCodes = codes
		return out, nil
	})
	route(s, op("stepUp", http.MethodPost, "/account/step-up", "再次确认身份", "账户"), func(ctx context.Context, in *struct {
		Body struct {
			Password string `json:"password" maxLength:"256"`
			Code     string `json:"code,omitempty" maxLength:"20"`
		}
	}) (*struct {
		SetCookie http.Cookie `header:"Set-Cookie"`
	}, error) {
		who := askerOf(ctx)
		token, err := s.Staff.StepUp(ctx, who.actor, who.session, in.Body.Password, in.Body.Code)
		if err != nil {
			return nil, err
		}
		return &struct {
			SetCookie http.Cookie `header:"Set-Cookie"`
		}{s.cookie(token)}, nil
	})
	route(s, public(op("listRules", http.MethodGet, "/rules", "规则与条文", "公开")), func(_ context.Context, _ *struct{}) (*Body[Page[rule.Rule]], error) {
		return &Body[Page[rule.Rule]]{Body: Page[rule.Rule]{Items: rule.All()}}, nil
	})
}

// cookie carries a session's id.
func (s *Server) cookie(token string) http.Cookie {
	return http.Cookie{Name: cookieName(s.Instance), Value: token, Path: "/", HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteStrictMode}
}

func (s *Server) sessionView(ctx context.Context) (*Body[SessionView], error) {
	who := askerOf(ctx)
	m, err := staff.Get(ctx, s.DB, who.actor.ID)
	if err != nil {
		return nil, err
	}
	tree, err := s.Agencies.Tree(ctx)
	if err != nil {
		return nil, err
	}
	out := &Body[SessionView]{}
	v := &out.Body
	v.User.ID, v.User.Name, v.User.Username = m.ID, m.Name, m.Username
	v.User.Agency.Code, v.User.Agency.Name = m.Agency, tree.Name(m.Agency)
	v.User.Posts = []PostView{}
	for _, p := range who.actor.Posts {
		v.User.Posts = append(v.User.Posts, PostView{p, staff.PostName(p)})
	}
	v.Demo, v.TOTPOn = s.Demo, m.TOTPOn
	v.NeedsPasswordChange = who.session.Stage == staff.StagePassword
	v.NeedsTOTP = who.session.Stage == staff.StageTOTP
	if v.MenuCounts, err = s.menuCounts(ctx, who.actor); err != nil {
		return nil, err
	}
	return out, nil
}
