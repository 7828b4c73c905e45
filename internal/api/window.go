package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"dangan/internal/mandate"
	"dangan/internal/window"
)

func init() { capabilities = append(capabilities, (*Server).windowRoutes) }

// MatterItem is one objection or complaint in the list.
type MatterItem struct {
	ID         string    `json:"id"`
	No         string    `json:"no"`
	Kind       string    `json:"kind" enum:"objection,complaint"`
	KindName   string    `json:"kindName"`
	Subject    string    `json:"subject" doc:"告知单编号或投诉事项"`
	AgencyName string    `json:"agencyName"`
	Authority  string    `json:"authority" doc:"答复机构"`
	State      string    `json:"state" enum:"received,answered"`
	StateName  string    `json:"stateName"`
	Tone       string    `json:"tone" enum:"plain,run,wait,done,bad,void"`
	ReceivedAt time.Time `json:"receivedAt"`
	DueOn      string    `json:"dueOn"`
	Overdue    bool      `json:"overdue"`
}

// MatterView is a matter's page. Who complained is told only to who answers.
type MatterView struct {
	MatterItem
	Mandate    *MandateItem `json:"mandate,omitempty" doc:"代办的，所凭的委托书"`
	Who        string       `json:"who,omitempty"`
	Contact    string       `json:"contact,omitempty"`
	Text       string       `json:"text"`
	ReceivedBy string       `json:"receivedBy"`
	Case       string       `json:"case,omitempty" doc:"所涉业务的页面"`
	Upheld     bool         `json:"upheld"`
	Answer     string       `json:"answer,omitempty"`
	AnsweredBy string       `json:"answeredBy,omitempty"`
	AnsweredOn string       `json:"answeredOn,omitempty"`
	DocumentID string       `json:"documentId,omitempty"`
	Possible   []Possible   `json:"possible" nullable:"false"`
}

// MatterAbout is what a complaint can be about.
type MatterAbout struct {
	Key  string `json:"key"`
	Name string `json:"name"`
}

// MatterPage is a page of the list, with the window's rules of conduct.
type MatterPage struct {
	Items   []MatterItem     `json:"items" nullable:"false"`
	Next    string           `json:"next,omitempty"`
	Counts  map[string]int64 `json:"counts"`
	Abouts  []MatterAbout    `json:"abouts" nullable:"false"`
	Conduct []string         `json:"conduct" nullable:"false" doc:"窗口服务规范"`
}

// MatterFigure is one agency's figures.
type MatterFigure struct {
	AgencyName string `json:"agencyName"`
	Refusals   int64  `json:"refusals" doc:"不予办理"`
	Objections int64  `json:"objections"`
	Upheld     int64  `json:"upheld" doc:"异议成立"`
	Complaints int64  `json:"complaints"`
	Justly     int64  `json:"justly" doc:"投诉属实"`
	Free       int64  `json:"free" doc:"涉及免费规定的投诉"`
	Overdue    int64  `json:"overdue" doc:"逾期答复"`
}

// LateReceipt is a 受理回执 whose case has no end beyond its term.
type LateReceipt struct {
	ID         string    `json:"id"`
	Number     string    `json:"number"`
	Name       string    `json:"name" doc:"申请事项"`
	AgencyName string    `json:"agencyName"`
	IssuedAt   time.Time `json:"issuedAt"`
	DueOn      string    `json:"dueOn"`
	HeadOn     string    `json:"headOn,omitempty" doc:"提醒负责人的日期"`
	AboveOn    string    `json:"aboveOn,omitempty" doc:"报主管部门的日期"`
	Link       string    `json:"link"`
}

// MatterEntry is what is entered of an objection or a complaint.
type MatterEntry struct {
	Kind      string `json:"kind" maxLength:"20" doc:"objection 异议、complaint 投诉"`
	About     string `json:"about,omitempty" maxLength:"20"`
	Agency    string `json:"agency,omitempty" maxLength:"20" doc:"所涉机构；空为本机构"`
	Notice    string `json:"notice,omitempty" maxLength:"80" doc:"不予办理告知单编号"`
	MandateID string `json:"mandateId,omitempty" maxLength:"64" doc:"代办的：已登记的委托书"`
	Who       string `json:"who,omitempty" maxLength:"60" doc:"投诉可以匿名"`
	Contact   string `json:"contact,omitempty" maxLength:"120"`
	Text      string `json:"text" maxLength:"2000"`
}

// MatterPath names a matter.
type MatterPath struct {
	ID string `path:"id" maxLength:"40"`
}

func (s *Server) windowRoutes() {
	const tag = "异议与投诉"
	route(s, op("listMatters", http.MethodGet, "/matters", "异议与投诉，按答复期限", tag), func(ctx context.Context, in *struct {
		OfAgency
		View   string `query:"view" maxLength:"20" doc:"open 待答复、overdue 逾期、answered 已答复；空为全部"`
		Cursor string `query:"cursor" maxLength:"80"`
		Limit  int    `query:"limit" default:"20" minimum:"1" maximum:"100"`
	}) (*Body[MatterPage], error) {
		rows, next, err := s.Window.List(ctx, in.of(ctx), window.Filter{View: in.View, Cursor: in.Cursor, Limit: in.Limit})
		if err != nil {
			return nil, err
		}
		counts, err := s.Window.Counts(ctx, in.of(ctx))
		if err != nil {
			return nil, err
		}
		out := MatterPage{Items: []MatterItem{}, Next: next, Counts: counts, Abouts: []MatterAbout{}, Conduct: window.Conduct}
		for _, a := range window.Abouts {
			out.Abouts = append(out.Abouts, MatterAbout{a.Key, a.Name})
		}
		for _, m := range rows {
			out.Items = append(out.Items, s.matterItem(ctx, m))
		}
		return &Body[MatterPage]{out}, nil
	})
	route(s, op("receiveMatter", http.MethodPost, "/matters", "登记异议或投诉，出具受理回执", tag), func(ctx context.Context, in *struct{ Body MatterEntry }) (*Tagged[MatterView], error) {
		m, err := s.Window.Receive(ctx, actor(ctx), window.Entry{Kind: in.Body.Kind, About: in.Body.About, Agency: in.Body.Agency, Notice: in.Body.Notice, Who: in.Body.Who, Contact: in.Body.Contact, Text: in.Body.Text, MandateID: in.Body.MandateID})
		return s.matterAnswer(ctx, m, err)
	})
	route(s, op("getMatter", http.MethodGet, "/matters/{id}", "一件异议或投诉（查看留痕）", tag), func(ctx context.Context, in *MatterPath) (*Tagged[MatterView], error) {
		v, err := s.Window.Read(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return s.matterView(ctx, v)
	})
	route(s, op("answerMatter", http.MethodPost, "/matters/{id}/answer", "主管部门答复；异议成立的恢复办理", tag), func(ctx context.Context, in *struct {
		MatterPath
		Body struct {
			Upheld bool   `json:"upheld" doc:"异议成立、投诉属实"`
			Text   string `json:"text,omitempty" maxLength:"2000"`
		}
	}) (*Tagged[MatterView], error) {
		m, err := s.Window.Answer(ctx, actor(ctx), in.ID, in.Body.Upheld, in.Body.Text)
		return s.matterAnswer(ctx, m, err)
	})
	route(s, op("listLateReceipts", http.MethodGet, "/late-receipts", "超过期限没有办结的受理回执（负责人、监督）", tag), func(ctx context.Context, in *struct {
		Cursor string `query:"cursor" maxLength:"80"`
		Limit  int    `query:"limit" default:"20" minimum:"1" maximum:"100"`
	}) (*Body[Page[LateReceipt]], error) {
		list, next, err := s.Window.Late(ctx, actor(ctx), in.Cursor, in.Limit)
		if err != nil {
			return nil, err
		}
		out := Page[LateReceipt]{Items: []LateReceipt{}}
		if next != "" {
			out.Next = &next
		}
		for _, r := range list {
			out.Items = append(out.Items, LateReceipt{ID: r.ID, Number: r.Number, Name: r.Name(), AgencyName: s.agencyName(ctx, r.Agency), IssuedAt: r.IssuedAt, DueOn: r.DueOn, HeadOn: r.HeadOn, AboveOn: r.AboveOn, Link: r.Link()})
		}
		return &Body[Page[LateReceipt]]{out}, nil
	})
	route(s, op("matterFigures", http.MethodGet, "/matter-figures", "各机构的不予办理、异议、投诉数", tag), func(ctx context.Context, _ *struct{}) (*Body[Page[MatterFigure]], error) {
		list, err := s.Window.Figures(ctx, actor(ctx))
		if err != nil {
			return nil, err
		}
		items := []MatterFigure{}
		for _, f := range list {
			items = append(items, MatterFigure{AgencyName: s.agencyName(ctx, f.Agency), Refusals: f.Refusals, Objections: f.Objections, Upheld: f.Upheld, Complaints: f.Complaints, Justly: f.Justly, Free: f.Fees, Overdue: f.Overdue})
		}
		return &Body[Page[MatterFigure]]{Page[MatterFigure]{Items: items}}, nil
	})
}

func (s *Server) matterItem(ctx context.Context, m window.Matter) MatterItem {
	today := s.Gate.Today()
	name, tone := m.StateName(today)
	subject := m.NoticeNo
	if a, ok := window.AboutOf(m.About); ok {
		subject = a.Name
	}
	return MatterItem{ID: m.ID, No: m.No, Kind: m.Kind, KindName: window.KindName(m.Kind), Subject: subject, AgencyName: s.agencyName(ctx, m.Agency), Authority: s.agencyName(ctx, m.Authority),
		State: m.State, StateName: name, Tone: tone, ReceivedAt: m.ReceivedAt, DueOn: m.DueOn, Overdue: m.Overdue(today)}
}

func (s *Server) matterAnswer(ctx context.Context, m window.Matter, err error) (*Tagged[MatterView], error) {
	if err != nil {
		return nil, err
	}
	v, err := s.Window.After(ctx, actor(ctx), m)
	if err != nil {
		return nil, err
	}
	return s.matterView(ctx, v)
}

func (s *Server) matterView(ctx context.Context, v window.View) (*Tagged[MatterView], error) {
	out := MatterView{MatterItem: s.matterItem(ctx, v.Matter), Who: v.Who, Contact: v.Contact, Text: v.Text, ReceivedBy: s.staffName(ctx, v.ReceivedBy), Upheld: v.Upheld, Answer: v.Answer,
		AnsweredOn: v.AnsweredOn, DocumentID: v.DocumentID, Possible: possible(v.Possible)}
	if v.AnsweredBy != "" {
		out.AnsweredBy = s.staffName(ctx, v.AnsweredBy)
	}
	kind, id, _ := strings.Cut(v.CaseRef, ":")
	if room := map[string]string{"Transfer": "/transfers/", "Consultation": "/consultations/", "Loan": "/loans/", "Certificate": "/certificates/", "PersonCase": "/standing/", "Intake": "/intakes/"}[kind]; room != "" {
		out.Case = room + id
	}
	var err error
	if out.Mandate, err = s.mandateSeen(ctx, v.Ref(), mandate.Objection); err != nil {
		return nil, err
	}
	return &Tagged[MatterView]{etag(v.Version), out}, nil
}
