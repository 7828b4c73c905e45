package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"dangan/internal/account"
	"dangan/internal/mandate"
	"dangan/internal/store"
)

func init() { capabilities = append(capabilities, (*Server).noticeRoutes) }

// NoticeOwing is a personal account in the list of notices that wait for acceptance.
type NoticeOwing struct {
	ID         string    `json:"id"`
	No         string    `json:"no"`
	DossierID  string    `json:"dossierId"`
	DossierNo  string    `json:"dossierNo"`
	Name       string    `json:"name"`
	AgencyName string    `json:"agencyName"`
	HowName    string    `json:"howName" doc:"账户因何开立"`
	OpenedAt   time.Time `json:"openedAt"`
	NoticeNo   string    `json:"noticeNo,omitempty" doc:"接受过的版本"`
	Reminded   int64     `json:"reminded" doc:"提醒过几次"`
	RemindedOn string    `json:"remindedOn,omitempty"`
	RemindedBy string    `json:"remindedBy,omitempty" doc:"最近一次怎样提醒"`
}

// NoticeOwings is a page of them with the number in each view.
type NoticeOwings struct {
	Items  []NoticeOwing    `json:"items" nullable:"false"`
	Next   *string          `json:"next"`
	Counts map[string]int64 `json:"counts" nullable:"false"`
	More   bool             `json:"more,omitempty" doc:"至少这么多，没有再数"`
}

// PersonalLink is a one-time link as the agency sees it: never the link itself.
type PersonalLink struct {
	SentAt    time.Time `json:"sentAt"`
	SentBy    string    `json:"sentBy"`
	UntilOn   string    `json:"untilOn"`
	StateName string    `json:"stateName"`
}

// PersonalView is one personal account's page.
type PersonalView struct {
	NoticeOwing
	Mandate   *MandateItem     `json:"mandate,omitempty" doc:"代办的，所凭的委托书"`
	State     string           `json:"state" enum:"open,closed"`
	StateName string           `json:"stateName"`
	Tone      string           `json:"tone"`
	NoticeOn  string           `json:"noticeOn,omitempty"`
	Owes      string           `json:"owes" enum:"never,again," doc:"待接受：从未接受，或须接受新版本"`
	EndedAt   *time.Time       `json:"endedAt,omitempty"`
	EndedName string           `json:"endedName,omitempty"`
	Accepted  []AcceptanceView `json:"accepted" nullable:"false"`
	Links     []PersonalLink   `json:"links" nullable:"false"`
	Ways      []string         `json:"ways" nullable:"false" doc:"链接以外的提醒方式"`
	Possible  []Possible       `json:"possible" nullable:"false"`
}

// PersonalIn names a personal account and the version it was seen at.
type PersonalIn struct {
	IfMatch
	ID string `path:"id" maxLength:"64"`
}

// PersonalReminder says how the person was asked.
type PersonalReminder struct {
	Way string `json:"way,omitempty" maxLength:"20" doc:"link 为发送一次性链接，其余见 ways"`
}

// NoticeKey is how the page behind a link names it: the secret stands behind # in the address.
type NoticeKey struct {
	Token string `header:"Link-Token" maxLength:"80" required:"true" doc:"链接 # 后的部分"`
}

// NoticePage is all that a link shows.
type NoticePage struct {
	Agency  string `json:"agency"`
	Hotline string `json:"hotline,omitempty"`
	Until   string `json:"until"`
	No      string `json:"no"`
	Name    string `json:"name" doc:"须知的名称"`
	Text    string `json:"text"`
}

// NoticeSigning is what the person sends.
type NoticeSigning struct {
	NoticeNo string `json:"noticeNo,omitempty" maxLength:"20"`
	Name     string `json:"name,omitempty" maxLength:"60" doc:"本人姓名"`
	IDTail   string `json:"idTail,omitempty" maxLength:"8" doc:"证件号码后四位"`
	Agreed   bool   `json:"agreed,omitempty" doc:"已阅读并接受"`
}

// NoticeSigned says what was accepted.
type NoticeSigned struct {
	NoticeNo string `json:"noticeNo"`
	On       string `json:"on"`
}

func (s *Server) noticeRoutes() {
	const tag = "存档须知"
	route(s, op("listNoticesOwed", http.MethodGet, "/personal-accounts", "须知待接受的个人账户，等得久的在前", tag), func(ctx context.Context, in *struct {
		View   string `query:"view" enum:"never,again" default:"never"`
		Cursor string `query:"cursor" maxLength:"64"`
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}) (*Body[NoticeOwings], error) {
		by := actor(ctx)
		list, next, err := s.Accounts.Owed(ctx, by, in.View, in.Cursor, in.Limit)
		if err != nil {
			return nil, err
		}
		counts, err := s.Accounts.OwedCounts(ctx, by)
		if err != nil {
			return nil, err
		}
		out := &Body[NoticeOwings]{Body: NoticeOwings{Items: []NoticeOwing{}, Counts: counts, More: s.capped(counts)}}
		for _, p := range list {
			out.Body.Items = append(out.Body.Items, s.noticeOwing(ctx, p))
		}
		if next != "" {
			out.Body.Next = &next
		}
		return out, nil
	})
	route(s, op("getPersonalAccount", http.MethodGet, "/personal-accounts/{id}", "一个个人账户：须知接受、提醒、文书", tag), func(ctx context.Context, in *PersonalIn) (*Tagged[PersonalView], error) {
		return s.personalView(ctx, in.ID)
	})
	route(s, op("remindNotice", http.MethodPost, "/personal-accounts/{id}/remind", "提醒本人接受须知；可发送一次性链接", tag), func(ctx context.Context, in *struct {
		PersonalIn
		Body PersonalReminder
	}) (*Tagged[PersonalView], error) {
		if _, err := s.Accounts.Remind(ctx, actor(ctx), in.ID, in.Body.Way); err != nil {
			return nil, err
		}
		return s.personalView(ctx, in.ID)
	})
	route(s, public(op("openNoticeLink", http.MethodGet, "/notice-link", "一次性链接的页面：须知正文", tag)), func(ctx context.Context, in *NoticeKey) (*Body[NoticePage], error) {
		p, err := s.Accounts.OpenLink(ctx, in.Token)
		if errors.Is(err, store.ErrNotFound) {
			return nil, noLink()
		} else if err != nil {
			return nil, err
		}
		out := NoticePage{Agency: s.agencyName(ctx, p.Agency), Until: p.Until, No: p.Notice.No, Name: account.NoticeName(p.Notice.Kind), Text: p.Notice.Text}
		if tree, err := s.Agencies.Tree(ctx); err == nil {
			if a, ok := tree.Get(p.Agency); ok {
				out.Hotline = a.Hotline
			}
		}
		return &Body[NoticePage]{out}, nil
	})
	route(s, public(op("signNoticeLink", http.MethodPost, "/notice-link", "本人凭链接接受须知，链接用过即失效", tag)), func(ctx context.Context, in *struct {
		NoticeKey
		Body NoticeSigning
	}) (*Body[NoticeSigned], error) {
		a, err := s.Accounts.Sign(ctx, in.Token, account.Signing{NoticeNo: in.Body.NoticeNo, Name: in.Body.Name, IDTail: in.Body.IDTail, Agreed: in.Body.Agreed})
		if errors.Is(err, store.ErrNotFound) {
			return nil, noLink()
		} else if err != nil {
			return nil, err
		}
		return &Body[NoticeSigned]{NoticeSigned{a.NoticeNo, a.AcceptedOn}}, nil
	})
}

func (s *Server) noticeOwing(ctx context.Context, p account.Owing) NoticeOwing {
	return NoticeOwing{ID: p.ID, No: p.No, DossierID: p.DossierID, DossierNo: p.DossierNo, Name: p.Name, AgencyName: s.agencyName(ctx, p.Agency), HowName: account.HowName(p.How), OpenedAt: p.OpenedAt,
		NoticeNo: p.NoticeNo, Reminded: p.Reminded, RemindedOn: p.RemindedOn, RemindedBy: account.RemindName(p.RemindedBy)}
}

func (s *Server) personalView(ctx context.Context, id string) (*Tagged[PersonalView], error) {
	p, err := s.Accounts.PersonalOf(ctx, actor(ctx), id)
	if err != nil {
		return nil, err
	}
	out := PersonalView{NoticeOwing: s.noticeOwing(ctx, p.Owing), State: string(p.State), StateName: p.StateName(), Tone: p.State.Tone(), NoticeOn: p.NoticeOn, Owes: p.Owes, Accepted: []AcceptanceView{}, Links: []PersonalLink{}, Ways: account.RemindWays, Possible: possible(p.Possible)}
	if p.State == account.Closed {
		out.EndedAt, out.EndedName = &p.EndedAt, account.EndName(p.EndedHow)
	}
	for _, x := range p.Accepted {
		out.Accepted = append(out.Accepted, s.acceptance(ctx, x))
	}
	for _, l := range p.Links {
		out.Links = append(out.Links, PersonalLink{l.SentAt, s.staffName(ctx, l.SentBy), l.UntilOn, l.StateName(s.Gate.Today())})
	}
	if out.Mandate, err = s.mandateSeen(ctx, "Dossier:"+p.DossierID, mandate.Notice); err != nil {
		return nil, err
	}
	return &Tagged[PersonalView]{etag(p.Version), out}, nil
}
