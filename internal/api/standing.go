package api

import (
	"context"
	"net/http"
	"time"

	"dangan/internal/account"
	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/dossier"
	"dangan/internal/identity"
	"dangan/internal/mandate"
	"dangan/internal/person"
	"dangan/internal/standing"
)

func init() { capabilities = append(capabilities, (*Server).standingRoutes) }

// StandingItem is a case of 变更与并档 in the list.
type StandingItem struct {
	ID         string    `json:"id"`
	No         string    `json:"no"`
	Kind       string    `json:"kind" enum:"identity,category,account,merge,split,rebuild"`
	KindName   string    `json:"kindName"`
	State      string    `json:"state" enum:"asked,approved,refused,undone"`
	StateName  string    `json:"stateName"`
	Tone       string    `json:"tone"`
	Name       string    `json:"name"`
	DossierID  string    `json:"dossierId"`
	DossierNo  string    `json:"dossierNo"`
	AgencyName string    `json:"agencyName"`
	Reason     string    `json:"reason"`
	Applicant  string    `json:"applicant"`
	AppliedAt  time.Time `json:"appliedAt"`
}

// StandingList is a page of cases with the number in each state.
type StandingList struct {
	Items  []StandingItem   `json:"items" nullable:"false"`
	Next   *string          `json:"next"`
	Counts map[string]int64 `json:"counts" nullable:"false"`
	More   bool             `json:"more,omitempty" doc:"至少这么多，没有再数"`
}

// StandingChange is one line of what changes.
type StandingChange struct {
	Label string `json:"label"`
	Was   string `json:"was"`
	Now   string `json:"now"`
}

// StandingSide is one of the two dossiers of a merge or split.
type StandingSide struct {
	DossierID string `json:"dossierId"`
	No        string `json:"no"`
	Name      string `json:"name"`
	IDNo      string `json:"idNo" doc:"遮盖"`
	BirthDate string `json:"birthDate"`
	Category  string `json:"category"`
	Materials int64  `json:"materials"`
	Pages     int64  `json:"pages"`
	Shelfmark string `json:"shelfmark,omitempty"`
	StateName string `json:"stateName"`
}

// StandingView is one case.
type StandingView struct {
	StandingItem
	Changes   []StandingChange `json:"changes" nullable:"false"`
	Mandate   *MandateItem     `json:"mandate,omitempty" doc:"代办的，所凭的委托书"`
	Bearer    *UnitBearer      `json:"bearer,omitempty" doc:"单位申请的，来办的经办人"`
	Sides     []StandingSide   `json:"sides" nullable:"false" doc:"并档、拆档：保留的一卷在前"`
	Document  string           `json:"document"`
	SeenBy    string           `json:"seenBy"`
	SeenOn    string           `json:"seenOn"`
	DecidedBy string           `json:"decidedBy,omitempty"`
	DecidedAt *time.Time       `json:"decidedAt,omitempty"`
	Note      string           `json:"note,omitempty"`
	Possible  []Possible       `json:"possible" nullable:"false"`
}

// StandingForm is what an application starts from: the dossier, and the one table of
// categories with the evidence each asks for (4).
type StandingForm struct {
	DossierID  string           `json:"dossierId"`
	No         string           `json:"no"`
	Name       string           `json:"name"`
	IDNo       string           `json:"idNo" doc:"遮盖"`
	Category   string           `json:"category"`
	Subtype    string           `json:"subtype,omitempty"`
	Account    string           `json:"account"`
	Unit       string           `json:"unit,omitempty"`
	Kinds      []codes.Code     `json:"kinds" nullable:"false"`
	Categories []codes.Category `json:"categories" nullable:"false"`
	UnitPapers []codes.Code     `json:"unitPapers" nullable:"false"`
}

// StandingApplication is what a clerk asks for.
type StandingApplication struct {
	Kind         string `json:"kind" enum:"identity,category,account,merge,split,rebuild"`
	Name         string `json:"name,omitempty" maxLength:"60"`
	IDNo         string `json:"idNo,omitempty" maxLength:"30"`
	Category     string `json:"category,omitempty" maxLength:"10"`
	Subtype      string `json:"subtype,omitempty" maxLength:"60"`
	AccountKind  string `json:"accountKind,omitempty" enum:"personal,collective,"`
	AccountUnit  string `json:"accountUnit,omitempty" maxLength:"100"`
	AccountUSCC  string `json:"accountUscc,omitempty" maxLength:"30"`
	AccountPaper string `json:"accountPaper,omitempty" maxLength:"40"`
	NoticeNo     string `json:"noticeNo,omitempty" maxLength:"20" doc:"账户变更：接受的须知版本"`
	NoticeWay    string `json:"noticeWay,omitempty" enum:"screen,paper,"`
	NoticeBy     string `json:"noticeBy,omitempty" maxLength:"60" doc:"由谁接受"`
	Other        string `json:"other,omitempty" maxLength:"64" doc:"并档：并入的一卷的编号"`
	Shelfmark    string `json:"shelfmark,omitempty" maxLength:"60" doc:"拆档：拆出的一卷的库位"`
	Reason       string `json:"reason,omitempty" maxLength:"200"`
	Document     string `json:"document,omitempty" maxLength:"200" doc:"查看了什么证件或材料"`
	SeenBy       string `json:"seenBy,omitempty" maxLength:"60"`
	SeenOn       string `json:"seenOn,omitempty" maxLength:"10"`
	WorkerID     string `json:"workerId,omitempty" maxLength:"64" doc:"转入集体户的：单位来办的经办人授权"`
	MandateID    string `json:"mandateId,omitempty" maxLength:"64" doc:"代办的：已登记的委托书（身份、类别、账户变更）"`
	IntakeID     string `json:"intakeId,omitempty" maxLength:"64" doc:"先前登记的收件（补正后、应予受理后继续）"`
}

func (b StandingApplication) application(dossierID string) standing.Application {
	return standing.Application{Kind: standing.Kind(b.Kind), DossierID: dossierID, Other: b.Other, Reason: b.Reason, Document: b.Document, SeenBy: b.SeenBy, SeenOn: calendar.Date(b.SeenOn), MandateID: b.MandateID, Worker: b.WorkerID, IntakeID: b.IntakeID,
		Content: standing.Content{Name: b.Name, IDNo: b.IDNo, Category: b.Category, Subtype: b.Subtype, AccountKind: b.AccountKind, AccountUnit: b.AccountUnit, AccountUSCC: b.AccountUSCC, AccountPaper: b.AccountPaper, NoticeNo: b.NoticeNo, NoticeWay: b.NoticeWay, NoticeBy: b.NoticeBy, Shelfmark: b.Shelfmark}}
}

// StandingIn names a case and the version it was seen at.
type StandingIn struct {
	IfMatch
	ID string `path:"id" maxLength:"64"`
}

// StandingOf names the dossier an application is about.
type StandingOf struct {
	IfMatch
	ID string `path:"id" maxLength:"64"`
}

// StandingDecision is the other person's word.
type StandingDecision struct {
	Approve bool   `json:"approve"`
	Note    string `json:"note,omitempty" maxLength:"200"`
}

func (s *Server) standingRoutes() {
	const tag = "变更与并档"
	route(s, op("standingForm", http.MethodGet, "/dossiers/{id}/standing", "申请变更、并档所需的现状与代码表", tag), func(ctx context.Context, in *StandingOf) (*Tagged[StandingForm], error) {
		d, p, err := s.Dossiers.Read(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		out := StandingForm{DossierID: d.ID, No: d.No, Name: p.Name, IDNo: identity.Mask(p.IDNo), Category: d.Category, Subtype: d.Subtype, Account: accountName(d.AccountKind, ""), Unit: d.AccountUnit,
			Kinds: []codes.Code{}, Categories: codes.Categories(), UnitPapers: account.Papers}
		for _, k := range standing.Kinds {
			out.Kinds = append(out.Kinds, codes.Code{Code: string(k), Name: k.Name()})
		}
		return &Tagged[StandingForm]{ETag: etag(d.Version), Body: out}, nil
	})
	route(s, op("applyStanding", http.MethodPost, "/dossiers/{id}/standing", "申请变更、并档、拆档或重建，写明依据", tag), func(ctx context.Context, in *struct {
		StandingOf
		Body StandingApplication
	}) (*Tagged[StandingView], error) {
		c, err := s.Standing.Apply(ctx, actor(ctx), in.Body.application(in.ID))
		if err != nil {
			return nil, err
		}
		return s.standingView(ctx, c.ID)
	})
	route(s, op("listStanding", http.MethodGet, "/standing", "变更与并档的申请", tag), func(ctx context.Context, in *struct {
		OfAgency
		State  string `query:"state" enum:"asked,approved,refused,undone,"`
		Before string `query:"before" maxLength:"64"`
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}) (*Body[StandingList], error) {
		by := in.of(ctx)
		list, err := s.Standing.List(ctx, by, standing.State(in.State), in.Before, in.Limit+1)
		if err != nil {
			return nil, err
		}
		counts, err := s.Standing.Counts(ctx, by)
		if err != nil {
			return nil, err
		}
		out := &Body[StandingList]{Body: StandingList{Items: []StandingItem{}, Counts: counts, More: s.capped(counts)}}
		if len(list) > in.Limit {
			list = list[:in.Limit]
			out.Body.Next = &list[in.Limit-1].ID
		}
		name := s.names(ctx)
		for _, l := range list {
			out.Body.Items = append(out.Body.Items, s.standingItem(ctx, l, name))
		}
		return out, nil
	})
	route(s, op("getStanding", http.MethodGet, "/standing/{id}", "一件变更或并档", tag), func(ctx context.Context, in *StandingIn) (*Tagged[StandingView], error) {
		return s.standingView(ctx, in.ID)
	})
	route(s, op("decideStanding", http.MethodPost, "/standing/{id}/decide", "审批变更、并档", tag), func(ctx context.Context, in *struct {
		StandingIn
		Body StandingDecision
	}) (*Tagged[StandingView], error) {
		if _, err := s.Standing.Decide(ctx, actor(ctx), in.ID, in.Body.Approve, in.Body.Note); err != nil {
			return nil, err
		}
		return s.standingView(ctx, in.ID)
	})
}

func accountName(kind, unit string) string {
	switch kind {
	case standing.Personal:
		return "个人账户"
	case standing.Collective:
		if unit == "" {
			return "集体账户"
		}
		return "集体账户（" + unit + "）"
	}
	return "未开户"
}

func (s *Server) standingItem(ctx context.Context, l standing.Line, name func(string) string) StandingItem {
	return StandingItem{ID: l.ID, No: l.No, Kind: string(l.Kind), KindName: l.Kind.Name(), State: string(l.State), StateName: l.State.Name(), Tone: standing.Tone(l.State), Name: l.Person.Name,
		DossierID: l.DossierID, DossierNo: l.Dossier.No, AgencyName: s.agencyName(ctx, l.Agency), Reason: l.Reason, Applicant: name(l.Applicant), AppliedAt: l.AppliedAt}
}

func side(d dossier.Dossier, p person.Person) StandingSide {
	return StandingSide{DossierID: d.ID, No: d.No, Name: p.Name, IDNo: identity.Mask(p.IDNo), BirthDate: p.BirthDate, Category: categoryText(d.Category, d.Subtype), Materials: d.Materials, Pages: d.Pages,
		Shelfmark: d.Shelfmark, StateName: dossierState(d)}
}

func categoryText(category, subtype string) string {
	text := category + " " + codes.CategoryName(category)
	if subtype != "" {
		text += "·" + codes.SubtypeName(subtype)
	}
	return text
}

func (s *Server) standingView(ctx context.Context, id string) (*Tagged[StandingView], error) {
	page, err := s.Standing.Of(ctx, actor(ctx), id)
	if err != nil {
		return nil, err
	}
	c := page.Case
	name := s.names(ctx)
	v := StandingView{StandingItem: s.standingItem(ctx, page.Line, name), Changes: []StandingChange{}, Sides: []StandingSide{}, Document: c.Document, SeenBy: c.SeenBy, SeenOn: c.SeenOn, Note: c.Note, Possible: possible(page.Possible)}
	if v.Bearer, err = s.bearerOf(ctx, "PersonCase:"+c.ID); err != nil {
		return nil, err
	}
	if v.Mandate, err = s.mandateOf(ctx, "PersonCase:"+c.ID, mandate.Standing); err != nil {
		return nil, err
	}
	if c.DecidedBy != "" {
		v.DecidedBy, v.DecidedAt = name(c.DecidedBy), &c.DecidedAt
	}
	p, was := page.Proposed, page.Was
	change := func(label, before, after string) {
		v.Changes = append(v.Changes, StandingChange{label, before, after})
	}
	switch c.Kind {
	case standing.Identity:
		if p.Name != "" && p.Name != was.Name {
			change("姓名", was.Name, p.Name)
		}
		if p.IDNo != "" && p.IDNo != was.IDNo {
			change("身份证号", identity.Mask(was.IDNo), identity.Mask(p.IDNo))
		}
	case standing.Category:
		change("人员类别", categoryText(was.Category, was.Subtype), categoryText(p.Category, p.Subtype))
		change("依据", was.Evidence, c.Document)
	case standing.Account:
		change("账户", accountName(was.AccountKind, was.AccountUnit), accountName(p.AccountKind, p.AccountUnit))
		if p.NoticeNo != "" {
			change("权利义务须知", "", p.NoticeNo+"，"+account.WayName(p.NoticeWay)+"，"+p.NoticeBy)
		}
		if p.AccountPaper != "" {
			change("单位证照", "", codes.Name(account.Papers, p.AccountPaper)+" "+p.AccountUSCC)
		}
	case standing.Split:
		change("拆出一卷的库位", "", p.Shelfmark)
	}
	if page.Other != nil {
		v.Sides = append(v.Sides, side(page.Dossier, page.Person), side(page.Other.Dossier, page.Other.Person))
	}
	return &Tagged[StandingView]{ETag: etag(c.Version), Body: v}, nil
}
