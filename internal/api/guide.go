package api

import (
	"context"
	"net/http"

	"dangan/internal/codes"
	"dangan/internal/guide"
)

func init() { capabilities = append(capabilities, (*Server).guideRoutes) }

// GuideView is the service guide, for anybody.
type GuideView struct {
	Free       string          `json:"free" doc:"写明本服务不收取任何费用"`
	AsOf       string          `json:"asOf" doc:"内容截至哪一天"`
	Services   []GuideService  `json:"services" nullable:"false"`
	Categories []GuideCategory `json:"categories" nullable:"false" doc:"七类人员和各自的依据"`
	Ties       []string        `json:"ties" nullable:"false" doc:"存档依据，有一项即可"`
	Agents     []CodeItem      `json:"agents" nullable:"false" doc:"可以委托代办的事项"`
	Personal   []CodeItem      `json:"personal" nullable:"false" doc:"不能代办的，编号为规则"`
	Agencies   []GuideAgency   `json:"agencies" nullable:"false"`
}

// GuideService is one matter.
type GuideService struct {
	Key    string   `json:"key"`
	Name   string   `json:"name"`
	Rule   string   `json:"rule"`
	Who    string   `json:"who" doc:"谁可以申请"`
	Papers []string `json:"papers" nullable:"false" doc:"带什么"`
	Term   string   `json:"term" doc:"多久"`
	Result string   `json:"result" doc:"得到什么"`
	Online bool     `json:"online" doc:"可以网上申请"`
}

// GuideCategory is one of the seven.
type GuideCategory struct {
	Code  string      `json:"code"`
	Name  string      `json:"name"`
	Kinds []GuideKind `json:"kinds" nullable:"false"`
}

// GuideKind is a kind of a category and what it has to show.
type GuideKind struct {
	Name     string `json:"name,omitempty"`
	Evidence string `json:"evidence"`
}

// GuideAgency is where to go.
type GuideAgency struct {
	Code      string `json:"code"`
	Name      string `json:"name"`
	Address   string `json:"address,omitempty"`
	Postcode  string `json:"postcode,omitempty"`
	Phone     string `json:"phone,omitempty"`
	Hotline   string `json:"hotline,omitempty" doc:"咨询电话"`
	Oversight string `json:"oversight,omitempty" doc:"监督电话"`
	Closed    string `json:"closed,omitempty" doc:"不再接收新档案的原因"`
}

func (s *Server) guideRoutes() {
	route(s, public(op("getGuide", http.MethodGet, "/guide", "办事指南：办什么、带什么、多久、到哪里", "公开")), func(ctx context.Context, _ *struct{}) (*Body[GuideView], error) {
		now, err := s.Guide.Now(ctx)
		if err != nil {
			return nil, err
		}
		return &Body[GuideView]{Body: s.guideView(now)}, nil
	})
}

func (s *Server) guideView(g guide.Guide) GuideView {
	today := s.Gate.Today()
	out := GuideView{Free: guide.Free, AsOf: today.String(), Ties: g.Ties, Agents: plain(g.Agents), Personal: plain(g.Personal)}
	for _, x := range g.Services {
		out.Services = append(out.Services, GuideService{x.Key, x.Name, string(x.Rule), x.Who, x.Papers, x.Term, x.Result, x.Online})
	}
	for _, c := range g.Categories {
		kinds := make([]GuideKind, len(c.Kinds))
		for i, k := range c.Kinds {
			kinds[i] = GuideKind(k)
		}
		out.Categories = append(out.Categories, GuideCategory{c.Code, codes.CategoryName(c.Code), kinds})
	}
	for _, a := range g.Agencies {
		v := GuideAgency{Code: a.ID, Name: a.Name, Address: a.Address, Postcode: a.Postcode, Phone: a.Phone, Hotline: a.Hotline, Oversight: a.Oversight}
		if r := a.MayTakeIn(today); r != nil {
			v.Closed = r.Reasons[0].Message
		}
		out.Agencies = append(out.Agencies, v)
	}
	return out
}
