package api

import (
	"context"
	"io"
	"mime"
	"net/http"
	"time"

	"dangan/internal/collect"
	"dangan/internal/dossier"
	"dangan/internal/handin"
	"dangan/internal/instance"
	"dangan/internal/policy"
	"dangan/internal/portal"
	"dangan/internal/rule"

	"github.com/danielgtaylor/huma/v2"
)

func init() { capabilities = append(capabilities, (*Server).portalRoutes) }

// portalPath is what actors from outside reach, and staff do not.
const portalPath = "/api/v1/portal"

// Cookies of those from outside: the session, and a sign-in under way. The second comes back
// with a navigation from the provider's page, which Strict would not let it.
func portalCookie(in *instance.Instance, name string) string {
	if in.Secure {
		return "__Host-" + name
	}
	return name
}

const (
	outsideCookie = "dangan-outside"
	signInCookie  = "dangan-signing-in"
)

func (s *Server) outsideCookies(session, begun string, keepBegun bool) []http.Cookie {
	one := func(name, value string, same http.SameSite, age int) http.Cookie {
		return http.Cookie{Name: portalCookie(s.Instance, name), Value: value, Path: "/", HttpOnly: true, Secure: s.Secure, SameSite: same, MaxAge: age}
	}
	if keepBegun {
		return []http.Cookie{one(signInCookie, begun, http.SameSiteLaxMode, 600)}
	}
	age := 0
	if session == "" {
		age = -1
	}
	return []http.Cookie{one(outsideCookie, session, http.SameSiteStrictMode, age), one(signInCookie, "", http.SameSiteLaxMode, -1)}
}

// PortalProvider is one door: a button.
type PortalProvider struct {
	Key  string `json:"key"`
	Name string `json:"name" doc:"登录方式的名称，如电子营业执照"`
	Kind string `json:"kind" enum:"unit,person"`
}

// PortalOffice is an agency at which a worker acts for the unit.
type PortalOffice struct {
	Name    string `json:"name"`
	Hotline string `json:"hotline,omitempty"`
}

// PortalVisitor is who is signed in from outside.
type PortalVisitor struct {
	Kind     string         `json:"kind" enum:"unit,person"`
	Name     string         `json:"name" doc:"登录人姓名"`
	Unit     string         `json:"unit,omitempty"`
	USCC     string         `json:"uscc,omitempty"`
	Provider string         `json:"provider" doc:"登录方式"`
	Offices  []PortalOffice `json:"offices" nullable:"false" doc:"可以代表单位办理的存档机构"`
	Lapsed   []Reason       `json:"lapsed" nullable:"false" doc:"现在不能办理的原因，如授权到期"`
}

// PortalHome is what the door shows.
type PortalHome struct {
	Providers []PortalProvider `json:"providers" nullable:"false" doc:"可用的登录方式，空为没有开通"`
	Visitor   *PortalVisitor   `json:"visitor,omitempty" doc:"已登录的人，没有登录的为空"`
}

// PortalBegin is where the browser goes to sign in.
type PortalBegin struct {
	Location string `json:"location"`
}

// PortalItem is one material of a request, as whom it is asked of sees it.
type PortalItem struct {
	ID        string `json:"id"`
	Title     string `json:"title"`
	StateName string `json:"stateName"`
	Tone      string `json:"tone" enum:"plain,run,wait,done,bad,void"`
	Open      bool   `json:"open" doc:"现在可以提交"`
}

// PortalRequest is a request for materials in the list.
type PortalRequest struct {
	ID         string       `json:"id"`
	No         string       `json:"no" doc:"通知单编号"`
	AgencyName string       `json:"agencyName"`
	PersonName string       `json:"personName" doc:"谁的材料"`
	EventName  string       `json:"eventName,omitempty"`
	OpenedOn   string       `json:"openedOn"`
	DueOn      string       `json:"dueOn"`
	LateDays   int          `json:"lateDays"`
	StateName  string       `json:"stateName"`
	Tone       string       `json:"tone" enum:"plain,run,wait,done,bad,void"`
	Items      []PortalItem `json:"items" nullable:"false"`
}

// PortalSent is one submission: what for, and what became of it.
type PortalSent struct {
	No        string    `json:"no"`
	At        time.Time `json:"at"`
	Files     int64     `json:"files"`
	Titles    []string  `json:"titles" nullable:"false"`
	StateName string    `json:"stateName"`
	Tone      string    `json:"tone" enum:"plain,run,wait,done,bad,void"`
	Why       string    `json:"why,omitempty" doc:"退回的说明"`
}

// PortalApplication is something applied for: what, of whom, where it stands.
type PortalApplication struct {
	ID         string `json:"id"`
	Kind       string `json:"kind" doc:"转入档案、查阅档案、出具证明"`
	No         string `json:"no" doc:"办理编号，没有编号的为空"`
	AgencyName string `json:"agencyName"`
	PersonName string `json:"personName"`
	StateName  string `json:"stateName"`
	Tone       string `json:"tone" enum:"plain,run,wait,done,bad,void"`
	On         string `json:"on" doc:"申请日期"`
	Online     bool   `json:"online" doc:"网上申请的，可以打开"`
	Waits      bool   `json:"waits" doc:"等申请人补正"`

	Rate *PortalSlip `json:"rate,omitempty" doc:"已办结，可以评价的受理回执"`
}

// PortalRequestView is a request's page.
type PortalRequestView struct {
	PortalRequest
	Hotline  string       `json:"hotline,omitempty"`
	Number   string       `json:"number" doc:"通知单文号"`
	Sent     []PortalSent `json:"sent" nullable:"false"`
	Files    int          `json:"files" doc:"一次最多几个文件"`
	FileSize int64        `json:"fileSize" doc:"一个文件最大字节数"`
}

// PortalEnd is where the session at the provider is ended.
type PortalEnd struct {
	Location string `json:"location,omitempty" doc:"登录服务的退出网址；没有的为空"`
}

// PortalIn names a request.
type PortalIn struct {
	ID string `path:"id" maxLength:"64"`
}

// PortalUpload takes its form as a stream.
type PortalUpload struct {
	ID      string `path:"id" maxLength:"64"`
	Session string `header:"Page-Session" maxLength:"80" required:"true" doc:"页面为这次提交生成的随机标识，重复提交只算一次"`
	Type    string `header:"Content-Type"`

	content io.Reader
}

// Resolve keeps the request's body for the handler.
func (u *PortalUpload) Resolve(ctx huma.Context) []error {
	u.content = ctx.BodyReader()
	return nil
}

// portalOp describes an operation for those from outside.
func portalOp(id, method, path, summary string) huma.Operation {
	o := op(id, method, "/portal"+path, summary, "单位和个人网上办事")
	o.Security = []map[string][]string{{"outside": {}}}
	return o
}

func (s *Server) portalRoutes() {
	route(s, public(portalOp("portalHome", http.MethodGet, "", "网上办事：登录方式，当前登录人")), func(ctx context.Context, _ *struct{}) (*Body[PortalHome], error) {
		return s.portalHome(ctx, askerOf(ctx).visit), nil
	})
	route(s, public(portalOp("portalBegin", http.MethodPost, "/sign-in", "开始登录：转到登录服务的网址")), func(ctx context.Context, in *struct {
		Body struct {
			Provider string `json:"provider" maxLength:"30"`
		}
	}) (*struct {
		SetCookie []http.Cookie `header:"Set-Cookie"`
		Body      PortalBegin
	}, error) {
		location, begun, err := s.Portal.Leads(ctx, in.Body.Provider)
		if err != nil {
			return nil, err
		}
		return &struct {
			SetCookie []http.Cookie `header:"Set-Cookie"`
			Body      PortalBegin
		}{s.outsideCookies("", begun, true), PortalBegin{location}}, nil
	})
	route(s, public(portalOp("portalComplete", http.MethodPost, "/session", "完成登录：登录服务交回的 code 和 state")), func(ctx context.Context, in *struct {
		Body struct {
			Code  string `json:"code" maxLength:"2000"`
			State string `json:"state" maxLength:"200"`
		}
	}) (*struct {
		SetCookie []http.Cookie `header:"Set-Cookie"`
		Body      PortalHome
	}, error) {
		who := askerOf(ctx)
		id, err := s.Portal.Complete(ctx, who.begun, in.Body.State, in.Body.Code)
		if err != nil {
			return nil, err
		}
		token, v, err := s.Portal.Enter(ctx, id, who.address, who.agent)
		if err != nil {
			return nil, err
		}
		return &struct {
			SetCookie []http.Cookie `header:"Set-Cookie"`
			Body      PortalHome
		}{s.outsideCookies(token, "", false), s.portalHome(ctx, v).Body}, nil
	})
	route(s, portalOp("portalLeave", http.MethodDelete, "/session", "退出；登录服务也可以退出的，给出网址"), func(ctx context.Context, _ *struct{}) (*struct {
		SetCookie []http.Cookie `header:"Set-Cookie"`
		Body      PortalEnd
	}, error) {
		v := askerOf(ctx).visit
		if err := s.Portal.Leave(ctx, v); err != nil {
			return nil, err
		}
		return &struct {
			SetCookie []http.Cookie `header:"Set-Cookie"`
			Body      PortalEnd
		}{s.outsideCookies("", "", false), PortalEnd{s.Portal.Ends(ctx, v.Session.Provider)}}, nil
	})
	route(s, portalOp("portalRequests", http.MethodGet, "/requests", "向本单位或本人收集材料的通知"), func(ctx context.Context, in *struct {
		View   string `query:"view" enum:"waiting,ended" default:"waiting"`
		Cursor string `query:"cursor" maxLength:"64"`
		Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
	}) (*Body[Page[PortalRequest]], error) {
		list, next, err := s.Collections.List(ctx, actor(ctx), collect.Filter{View: in.View, After: in.Cursor, Limit: in.Limit})
		if err != nil {
			return nil, err
		}
		out := &Body[Page[PortalRequest]]{Body: Page[PortalRequest]{Items: []PortalRequest{}}}
		ids := make([]string, len(list))
		for i, r := range list {
			ids[i] = r.ID
		}
		pending, err := s.HandIns.Pending(ctx, ids)
		if err != nil {
			return nil, err
		}
		for _, r := range list {
			v := s.portalRequest(ctx, r, nil)
			all := r.State == collect.Waiting
			for i, x := range r.Items {
				if x.State == dossier.Owed && x.HandedOn == "" {
					if all = all && pending[x.ID]; pending[x.ID] {
						v.Items[i].StateName, v.Items[i].Tone = handin.SentName, handin.SentTone
					}
				}
			}
			if all {
				v.StateName, v.Tone = handin.SentName, handin.SentTone
			}
			out.Body.Items = append(out.Body.Items, v)
		}
		if next != "" {
			out.Body.Next = &next
		}
		return out, nil
	})
	route(s, portalOp("portalRequest", http.MethodGet, "/requests/{id}", "一张通知：要哪些材料，交了什么，办到哪一步"), func(ctx context.Context, in *PortalIn) (*Body[PortalRequestView], error) {
		return s.portalRequestView(ctx, in.ID)
	})
	route(s, portalOp("portalApplications", http.MethodGet, "/applications", "本单位或本人申请的事项和办理状态"), func(ctx context.Context, in *struct {
		Cursor string `query:"cursor" maxLength:"64"`
		Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
	}) (*Body[Page[PortalApplication]], error) {
		list, next, err := s.Portal.Applications(ctx, askerOf(ctx).visit, in.Cursor, in.Limit)
		if err != nil {
			return nil, err
		}
		var refs []string
		out := &Body[Page[PortalApplication]]{Body: Page[PortalApplication]{Items: []PortalApplication{}}}
		for _, a := range list {
			out.Body.Items = append(out.Body.Items, s.portalLine(ctx, a))
			refs = append(refs, a.Ref)
		}
		if err := s.rateable(ctx, out.Body.Items, refs); err != nil {
			return nil, err
		}
		if next != "" {
			out.Body.Next = &next
		}
		return out, nil
	})
	submit := portalOp("portalSubmit", http.MethodPost, "/requests/{id}/hand-ins", "提交照片或 PDF；每个文件的字段名为材料的编号")
	submit.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {Schema: &huma.Schema{Type: "string", Format: "binary"}}}}
	route(s, submit, func(ctx context.Context, in *PortalUpload) (*Body[PortalRequestView], error) {
		_, params, err := mime.ParseMediaType(in.Type)
		if err != nil || params["boundary"] == "" {
			return nil, rule.Mistake(rule.Reason{Rule: "14b", Slug: "hand_in_form", Field: "file", Message: "提交的不是表单。", Next: "请在页面上提交。"})
		}
		if _, err := s.HandIns.SubmitAs(ctx, actor(ctx), in.ID, in.Session, in.content, params["boundary"]); err != nil {
			// A browser hears why only when it has sent all.
			_, _ = io.Copy(io.Discard, io.LimitReader(in.content, handin.MaxBytes))
			return nil, err
		}
		return s.portalRequestView(ctx, in.ID)
	})
}

func outsideKind(kind string) string {
	return map[string]string{policy.Unit: "unit", policy.Citizen: "person"}[kind]
}

func (s *Server) portalHome(ctx context.Context, v portal.Visit) *Body[PortalHome] {
	out := &Body[PortalHome]{Body: PortalHome{Providers: []PortalProvider{}}}
	for _, p := range s.Portal.Providers() {
		out.Body.Providers = append(out.Body.Providers, PortalProvider{p.Key, p.Name, outsideKind(p.Kind)})
	}
	if v.Actor.Kind == "" {
		return out
	}
	me := &PortalVisitor{Kind: outsideKind(v.Actor.Kind), Name: v.Who.Name, Unit: v.Who.Unit, USCC: v.Who.USCC, Provider: s.Portal.ProviderName(v.Session.Provider), Offices: []PortalOffice{}, Lapsed: []Reason{}}
	for _, code := range v.Actor.Reach {
		me.Offices = append(me.Offices, PortalOffice{s.agencyName(ctx, code), s.hotline(ctx, code)})
	}
	if v.Lapsed != nil {
		me.Lapsed = refusalProblem(v.Lapsed).Reasons
	}
	out.Body.Visitor = me
	return out
}

func (s *Server) hotline(ctx context.Context, code string) string {
	if tree, err := s.Agencies.Tree(ctx); err == nil {
		if a, ok := tree.Get(code); ok {
			return a.Hotline
		}
	}
	return ""
}

func (s *Server) portalRequest(ctx context.Context, r collect.Listed, a *handin.Asked) PortalRequest {
	event, _ := collect.FindEvent(r.Event)
	v := PortalRequest{ID: r.ID, No: r.No, AgencyName: s.agencyName(ctx, r.Agency), PersonName: r.PersonName, EventName: event.Name, OpenedOn: r.OpenedOn, DueOn: r.DueOn, LateDays: r.Late, StateName: r.State.Name(), Tone: r.State.Tone(), Items: []PortalItem{}}
	for _, i := range r.Items {
		item := PortalItem{ID: i.ID, Title: i.Title, StateName: i.Name(), Tone: i.Tone()}
		if a != nil {
			item.Open, item.StateName, item.Tone = a.Of(i)
		}
		v.Items = append(v.Items, item)
	}
	return v
}

func (s *Server) portalRequestView(ctx context.Context, id string) (*Body[PortalRequestView], error) {
	a, err := s.HandIns.Asked(ctx, actor(ctx), id)
	if err != nil {
		return nil, err
	}
	out := PortalRequestView{PortalRequest: s.portalRequest(ctx, a.Listed, &a), Hotline: s.hotline(ctx, a.Agency), Number: a.Number, Sent: []PortalSent{}, Files: handin.MaxFiles, FileSize: handin.MaxFileBytes}
	for _, h := range a.Sent {
		why, _ := handin.WhyOf(h.Why)
		sent := PortalSent{No: h.No, At: h.SentAt, Files: h.Files, Titles: []string{}, StateName: h.StateName(), Tone: h.Tone(), Why: why.For(h.Unit != "")}
		for _, i := range a.Items {
			if h.For[i.ID] > 0 {
				sent.Titles = append(sent.Titles, i.Title)
			}
		}
		out.Sent = append(out.Sent, sent)
	}
	return &Body[PortalRequestView]{out}, nil
}
