package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"dangan/internal/account"
	"dangan/internal/calendar"
	"dangan/internal/codes"
)

func init() { capabilities = append(capabilities, (*Server).unitRoutes) }

// UnitItem is a unit's collective account in a list; one without id is a unit that only
// dossiers of the stock name.
type UnitItem struct {
	ID         string    `json:"id,omitempty"`
	No         string    `json:"no,omitempty"`
	Unit       string    `json:"unit"`
	USCC       string    `json:"uscc,omitempty"`
	Agency     string    `json:"agency"`
	AgencyName string    `json:"agencyName"`
	State      string    `json:"state" enum:"open,closed,loose"`
	StateName  string    `json:"stateName"`
	Tone       string    `json:"tone"`
	Dossiers   int64     `json:"dossiers"`
	OpenedAt   time.Time `json:"openedAt,omitzero"`
}

// UnitList is a page of accounts with the number in each view.
type UnitList struct {
	Items  []UnitItem       `json:"items" nullable:"false"`
	Next   *string          `json:"next"`
	Counts map[string]int64 `json:"counts" nullable:"false"`
	More   bool             `json:"more,omitempty" doc:"至少这么多，没有再数"`
}

// UnitView is one account with what may be done.
type UnitView struct {
	UnitItem
	PaperName  string           `json:"paperName,omitempty"`
	PaperNo    string           `json:"paperNo,omitempty"`
	BasisName  string           `json:"basisName"`
	OpenedBy   string           `json:"openedBy"`
	Why        string           `json:"why,omitempty"`
	Document   string           `json:"document,omitempty"`
	DocumentOn string           `json:"documentOn,omitempty"`
	Reason     string           `json:"reason,omitempty"`
	ClosedBy   string           `json:"closedBy,omitempty"`
	ClosedAt   *time.Time       `json:"closedAt,omitempty"`
	Workers    []UnitWorker     `json:"workers" nullable:"false" doc:"经办人授权"`
	Renamed    []UnitRenamed    `json:"renamed" nullable:"false" doc:"更名，新的在前"`
	Accepted   []AcceptanceView `json:"accepted" nullable:"false" doc:"协议的接受"`
	Calls      []UnitCall       `json:"calls" nullable:"false" doc:"经办人来办的事项，新的在前，至多 50 件"`
	Untold     int64            `json:"untold" doc:"还没有告知的人数"`
	Agreed     bool             `json:"agreed" doc:"单位已接受有效的协议"`
	Ways       []string         `json:"ways" nullable:"false" doc:"告知方式"`
	Possible   []Possible       `json:"possible" nullable:"false"`
}

// UnitMember is a dossier that hangs on an account.
type UnitMember struct {
	ID       string `json:"id"`
	No       string `json:"no"`
	Name     string `json:"name"`
	State    string `json:"state"`
	Accepted bool   `json:"accepted" doc:"本人已接受须知"`
}

// UnitMembers is a page of them.
type UnitMembers struct {
	Items []UnitMember `json:"items" nullable:"false"`
	Next  *string      `json:"next"`
}

// UnitChange is a line of what changed on an account.
type UnitChange struct {
	ID        string    `json:"id"`
	KindName  string    `json:"kindName"`
	DossierID string    `json:"dossierId,omitempty"`
	DossierNo string    `json:"dossierNo,omitempty"`
	Name      string    `json:"name,omitempty"`
	To        string    `json:"to,omitempty"`
	Link      string    `json:"link,omitempty" doc:"所启动的转递"`
	By        string    `json:"by"`
	At        time.Time `json:"at"`
	Told      string    `json:"told,omitempty"`
}

// UnitChanges is a page of them.
type UnitChanges struct {
	Items []UnitChange `json:"items" nullable:"false"`
	Next  *string      `json:"next"`
}

// UnitOpening is what an account is opened on.
type UnitOpening struct {
	Unit    string `json:"unit,omitempty" maxLength:"100"`
	USCC    string `json:"uscc,omitempty" maxLength:"30" doc:"统一社会信用代码"`
	Paper   string `json:"paper,omitempty" maxLength:"40" doc:"查看的单位证照"`
	PaperNo string `json:"paperNo,omitempty" maxLength:"60" doc:"证照编号"`
	UnitAuthorization
	NoticeNo  string `json:"noticeNo,omitempty" maxLength:"20" doc:"接受的协议版本"`
	NoticeWay string `json:"noticeWay,omitempty" enum:"screen,paper,"`
	NoticeBy  string `json:"noticeBy,omitempty" maxLength:"60" doc:"由谁接受"`
	Stock     bool   `json:"stock,omitempty" doc:"只登记存量档案已挂在名下的单位，证照未见"`
	IntakeID  string `json:"intakeId,omitempty" maxLength:"64" doc:"先前登记的收件（补正后、应予受理后继续）"`
}

// UnitAuthorization is what a unit's letter says of its worker.
type UnitAuthorization struct {
	WorkerName   string `json:"workerName,omitempty" maxLength:"60" doc:"经办人"`
	WorkerIDNo   string `json:"workerIdNo,omitempty" maxLength:"30"`
	WorkerLetter string `json:"workerLetter,omitempty" maxLength:"80" doc:"授权书名称、文号"`
	WorkerFrom   string `json:"workerFrom,omitempty" maxLength:"10" doc:"空为今天"`
	WorkerUntil  string `json:"workerUntil,omitempty" maxLength:"10" doc:"授权到哪一天（含）"`

	WorkerAddress string `json:"workerAddress,omitempty" maxLength:"120" doc:"手机号或邮箱，用于告知"`
}

func (a UnitAuthorization) letter() account.Authorization {
	return account.Authorization{Name: a.WorkerName, IDNo: a.WorkerIDNo, LetterNo: a.WorkerLetter, From: calendar.Date(a.WorkerFrom), Until: calendar.Date(a.WorkerUntil), Address: a.WorkerAddress}
}

// UnitWorker is an authorization of an account.
type UnitWorker struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	IDNo      string `json:"idNo" doc:"遮盖"`
	Letter    string `json:"letter"`
	From      string `json:"from"`
	Until     string `json:"until"`
	StateName string `json:"stateName"`
	Tone      string `json:"tone"`
	EndedOn   string `json:"endedOn,omitempty"`
	EndedWhy  string `json:"endedWhy,omitempty"`
	Address   string `json:"address,omitempty" doc:"手机号或邮箱，中间隐去"`
}

// TermsView is a version of the notice of rights and duties.
type TermsView struct {
	No          string     `json:"no"`
	Kind        string     `json:"kind" enum:"personal,collective"`
	Name        string     `json:"name"`
	Text        string     `json:"text"`
	PublishedBy string     `json:"publishedBy,omitempty"`
	PublishedAt *time.Time `json:"publishedAt,omitempty"`
	Current     bool       `json:"current"`
	Again       bool       `json:"again,omitempty" doc:"已接受旧版本的须重新接受"`
}

// TermsList is its versions, the newest first.
type TermsList struct {
	Items    []TermsView `json:"items" nullable:"false"`
	Possible []Possible  `json:"possible" nullable:"false"`
}

// TermsPublication is a text to be put to acceptance.
type TermsPublication struct {
	Kind  string `json:"kind" enum:"personal,collective"`
	Text  string `json:"text" maxLength:"20000"`
	Again bool   `json:"again,omitempty" doc:"已接受旧版本的须重新接受"`
}

// TermsAcceptance says who accepted which version, and how.
type TermsAcceptance struct {
	NoticeNo  string `json:"noticeNo,omitempty" maxLength:"20"`
	NoticeWay string `json:"noticeWay,omitempty" enum:"screen,paper,"`
	NoticeBy  string `json:"noticeBy,omitempty" maxLength:"60"`
	MandateID string `json:"mandateId,omitempty" maxLength:"64" doc:"代办的：已登记的委托书"`
}

// AcceptanceView is an acceptance on record.
type AcceptanceView struct {
	NoticeNo string    `json:"noticeNo"`
	Way      string    `json:"way"`
	By       string    `json:"by"`
	On       string    `json:"on"`
	Staff    string    `json:"staff"`
	At       time.Time `json:"at"`
}

// UnitRename is what a change of name is registered on.
type UnitRename struct {
	Unit       string `json:"unit,omitempty" maxLength:"100" doc:"变更后的全称"`
	USCC       string `json:"uscc,omitempty" maxLength:"30" doc:"变更后证照上的统一社会信用代码"`
	From       string `json:"from,omitempty" maxLength:"10" doc:"核准变更的日期"`
	Document   string `json:"document,omitempty" maxLength:"200" doc:"登记机关变更证明的名称、文号"`
	DocumentOn string `json:"documentOn,omitempty" maxLength:"10"`
	WorkerID   string `json:"workerId,omitempty" maxLength:"64" doc:"有人来办的：经办人授权"`
}

// UnitRenamed is a change of name on record.
type UnitRenamed struct {
	Was        string    `json:"was"`
	Became     string    `json:"became"`
	From       string    `json:"from"`
	Document   string    `json:"document"`
	DocumentOn string    `json:"documentOn"`
	By         string    `json:"by"`
	At         time.Time `json:"at"`
}

// UnitRevocation says why an authorization ends.
type UnitRevocation struct {
	Why string `json:"why,omitempty" maxLength:"200"`
}

// UnitClosing is why an account is closed, with the evidence.
type UnitClosing struct {
	Why        string `json:"why,omitempty" enum:"asked,deregistered,unreachable,"`
	Document   string `json:"document,omitempty" maxLength:"200" doc:"依据材料的名称、文号"`
	DocumentOn string `json:"documentOn,omitempty" maxLength:"10"`
	WorkerID   string `json:"workerId,omitempty" maxLength:"64" doc:"单位申请销户的：来办的经办人授权"`
	Reason     string `json:"reason,omitempty" maxLength:"300" doc:"说明；单位失联的写明联系经过"`
	IntakeID   string `json:"intakeId,omitempty" maxLength:"64" doc:"单位申请销户的：先前登记的收件（补正后、应予受理后继续）"`
}

// UnitChoice is where one dossier goes.
type UnitChoice struct {
	DossierID string `json:"dossierId" maxLength:"64"`
	To        string `json:"to,omitempty" maxLength:"12" doc:"启动转递的接收机构，空为转个人账户"`
	Tie       string `json:"tie,omitempty" maxLength:"40" doc:"存档依据"`
}

// UnitSettlement closes an account on which dossiers hang, in one act.
type UnitSettlement struct {
	UnitClosing
	Seen    string       `json:"seen" maxLength:"64" doc:"核对时的名单标记"`
	Choices []UnitChoice `json:"choices" nullable:"false" maxItems:"5000"`
}

// UnitPreview says what a settlement is about.
type UnitPreview struct {
	Dossiers int        `json:"dossiers"`
	Seen     string     `json:"seen"`
	Agencies []UnitCode `json:"agencies" nullable:"false"`
	Ties     []string   `json:"ties" nullable:"false"`
}

// UnitCode is an agency that can receive.
type UnitCode struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// UnitTelling says how persons were told.
type UnitTelling struct {
	Changes []string `json:"changes,omitempty" maxItems:"500" doc:"变动的 id；空为全部未告知的"`
	Way     string   `json:"way,omitempty" maxLength:"20"`
	On      string   `json:"on,omitempty" maxLength:"10"`
}

// UnitIn names an account and the version it was seen at.
type UnitIn struct {
	IfMatch
	ID string `path:"id" maxLength:"64"`
}

func (b UnitOpening) opening() account.Opening {
	return account.Opening{Unit: b.Unit, USCC: b.USCC, Paper: b.Paper, PaperNo: b.PaperNo, Stock: b.Stock, Worker: b.letter(), IntakeID: b.IntakeID, Notice: account.Accepting{No: b.NoticeNo, Way: b.NoticeWay, By: b.NoticeBy}}
}

func (s *Server) unitRoutes() {
	const tag = "集体账户"
	route(s, op("listUnits", http.MethodGet, "/unit-accounts", "单位集体账户", tag), func(ctx context.Context, in *struct {
		View   string `query:"view" enum:"open,closed,untold,unagreed,loose" default:"open"`
		Q      string `query:"q" maxLength:"100"`
		Cursor string `query:"cursor" maxLength:"200"`
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}) (*Body[UnitList], error) {
		by := actor(ctx)
		out := &Body[UnitList]{Body: UnitList{Items: []UnitItem{}}}
		var err error
		if out.Body.Counts, err = s.Accounts.Counts(ctx, by); err != nil {
			return nil, err
		}
		out.Body.More = s.capped(out.Body.Counts)
		if in.View == "loose" {
			code, unit, _ := strings.Cut(in.Cursor, "|")
			list, err := s.Accounts.Loose(ctx, by, code, unit, in.Limit+1)
			if err != nil {
				return nil, err
			}
			if len(list) > in.Limit {
				list = list[:in.Limit]
				next := list[in.Limit-1].Agency + "|" + list[in.Limit-1].Unit
				out.Body.Next = &next
			}
			for _, l := range list {
				out.Body.Items = append(out.Body.Items, UnitItem{Unit: l.Unit, Agency: l.Agency, AgencyName: s.agencyName(ctx, l.Agency), State: "loose", StateName: "未登记账户", Tone: "wait", Dossiers: l.Dossiers})
			}
			return out, nil
		}
		list, err := s.Accounts.List(ctx, by, in.View, in.Q, in.Cursor, in.Limit+1)
		if err != nil {
			return nil, err
		}
		if len(list) > in.Limit {
			list = list[:in.Limit]
			out.Body.Next = &list[in.Limit-1].ID
		}
		for _, a := range list {
			out.Body.Items = append(out.Body.Items, s.unitItem(ctx, a))
		}
		return out, nil
	})
	route(s, op("listUnitPapers", http.MethodGet, "/unit-papers", "开立集体账户查看的证照", tag), func(_ context.Context, _ *struct{}) (*Body[[]codes.Code], error) {
		return &Body[[]codes.Code]{Body: account.Papers}, nil
	})
	route(s, op("openUnit", http.MethodPost, "/unit-accounts", "开立集体账户，或登记存量单位", tag), func(ctx context.Context, in *struct{ Body UnitOpening }) (*Tagged[UnitView], error) {
		a, err := s.Accounts.Open(ctx, actor(ctx), in.Body.opening())
		return s.unitDone(ctx, a, err)
	})
	route(s, op("getUnit", http.MethodGet, "/unit-accounts/{id}", "一个集体账户", tag), func(ctx context.Context, in *UnitIn) (*Tagged[UnitView], error) {
		return s.unitView(ctx, in.ID)
	})
	route(s, op("listUnitMembers", http.MethodGet, "/unit-accounts/{id}/dossiers", "挂在账户下的档案", tag), func(ctx context.Context, in *struct {
		ID     string `path:"id" maxLength:"64"`
		Cursor string `query:"cursor" maxLength:"64"`
		Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"50"`
	}) (*Body[UnitMembers], error) {
		list, err := s.Accounts.Members(ctx, actor(ctx), in.ID, in.Cursor, in.Limit+1)
		if err != nil {
			return nil, err
		}
		out := &Body[UnitMembers]{Body: UnitMembers{Items: []UnitMember{}}}
		if len(list) > in.Limit {
			list = list[:in.Limit]
			out.Body.Next = &list[in.Limit-1].ID
		}
		for _, m := range list {
			out.Body.Items = append(out.Body.Items, UnitMember{ID: m.ID, No: m.No, Name: m.Name, State: m.State, Accepted: m.Accepted})
		}
		return out, nil
	})
	route(s, op("listUnitChanges", http.MethodGet, "/unit-accounts/{id}/changes", "账户的变动", tag), func(ctx context.Context, in *struct {
		ID     string `path:"id" maxLength:"64"`
		Untold bool   `query:"untold" doc:"只列还没有告知的"`
		Cursor string `query:"cursor" maxLength:"64"`
		Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"50"`
	}) (*Body[UnitChanges], error) {
		list, err := s.Accounts.Changes(ctx, actor(ctx), in.ID, in.Cursor, in.Untold, in.Limit+1)
		if err != nil {
			return nil, err
		}
		out := &Body[UnitChanges]{Body: UnitChanges{Items: []UnitChange{}}}
		if len(list) > in.Limit {
			list = list[:in.Limit]
			out.Body.Next = &list[in.Limit-1].Change.ID
		}
		for _, m := range list {
			c := m.Change
			v := UnitChange{ID: c.ID, KindName: account.ChangeName(c.Kind), DossierID: c.DossierID, DossierNo: m.No, Name: m.Name, By: s.staffName(ctx, c.ChangedBy), At: c.ChangedAt}
			if c.ToAgency != "" {
				v.To = s.agencyName(ctx, c.ToAgency)
			}
			if kind, id, _ := strings.Cut(c.CaseRef, ":"); kind == "Transfer" {
				v.Link = "/transfers/" + id
			}
			if c.ToldOn != "" {
				v.Told = calendar.Date(c.ToldOn).Long() + "，" + c.ToldWay
			}
			out.Body.Items = append(out.Body.Items, v)
		}
		return out, nil
	})
	route(s, op("previewUnit", http.MethodGet, "/unit-accounts/{id}/settlement", "销户前核对：名单标记、可以接收的机构", tag), func(ctx context.Context, in *UnitIn) (*Tagged[UnitPreview], error) {
		p, err := s.Accounts.Preview(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		a, err := account.Get(ctx, s.DB, in.ID)
		if err != nil {
			return nil, err
		}
		tree, err := s.Agencies.Tree(ctx)
		if err != nil {
			return nil, err
		}
		out := UnitPreview{Dossiers: p.Dossiers, Seen: p.Token, Agencies: []UnitCode{}, Ties: s.Transfers.Ties()}
		for _, x := range tree.Nodes() {
			if x.ID != a.Agency && x.Keeps() && x.MayTakeIn(s.Gate.Today()) == nil {
				out.Agencies = append(out.Agencies, UnitCode{x.ID, x.Name})
			}
		}
		return &Tagged[UnitPreview]{etag(a.Version), out}, nil
	})
	route(s, op("settleUnit", http.MethodPost, "/unit-accounts/{id}/settle", "销户：一次把每卷档案转为个人账户或启动转递，全部办理或都不办理", tag), func(ctx context.Context, in *struct {
		UnitIn
		Body UnitSettlement
	}) (*Tagged[UnitView], error) {
		b := in.Body
		x := account.Settlement{Closing: b.closing(), Seen: b.Seen}
		for _, c := range b.Choices {
			x.Choices = append(x.Choices, account.Choice(c))
		}
		a, err := s.Accounts.Settle(ctx, actor(ctx), in.ID, x)
		return s.unitDone(ctx, a, err)
	})
	route(s, op("closeUnit", http.MethodPost, "/unit-accounts/{id}/close", "注销已没有档案的集体账户", tag), func(ctx context.Context, in *struct {
		UnitIn
		Body UnitClosing
	}) (*Tagged[UnitView], error) {
		a, err := s.Accounts.Close(ctx, actor(ctx), in.ID, in.Body.closing())
		return s.unitDone(ctx, a, err)
	})
	route(s, op("authorizeUnitWorker", http.MethodPost, "/unit-accounts/{id}/workers", "登记单位经办人授权或续期", tag), func(ctx context.Context, in *struct {
		UnitIn
		Body UnitAuthorization
	}) (*Tagged[UnitView], error) {
		a, err := s.Accounts.Authorize(ctx, actor(ctx), in.ID, in.Body.letter())
		return s.unitDone(ctx, a, err)
	})
	route(s, op("revokeUnitWorker", http.MethodPost, "/unit-accounts/{id}/workers/{worker}/revoke", "终止单位经办人授权", tag), func(ctx context.Context, in *struct {
		UnitIn
		Worker string `path:"worker" maxLength:"64"`
		Body   UnitRevocation
	}) (*Tagged[UnitView], error) {
		a, err := s.Accounts.Revoke(ctx, actor(ctx), in.ID, in.Worker, in.Body.Why)
		return s.unitDone(ctx, a, err)
	})
	route(s, op("renameUnit", http.MethodPost, "/unit-accounts/{id}/rename", "登记单位更名：登记机关变更证明、自何日起", tag), func(ctx context.Context, in *struct {
		UnitIn
		Body UnitRename
	}) (*Tagged[UnitView], error) {
		b := in.Body
		a, err := s.Accounts.Rename(ctx, actor(ctx), in.ID, account.Rename{Unit: b.Unit, USCC: b.USCC, From: calendar.Date(b.From), Document: b.Document, DocumentOn: calendar.Date(b.DocumentOn), Worker: b.WorkerID})
		return s.unitDone(ctx, a, err)
	})
	route(s, op("listNotices", http.MethodGet, "/account-notices", "权利义务须知的各个版本", tag), func(ctx context.Context, in *struct {
		Kind string `query:"kind" enum:"personal,collective" default:"personal"`
	}) (*Body[TermsList], error) {
		return s.terms(ctx, in.Kind)
	})
	route(s, op("publishNotice", http.MethodPost, "/account-notices", "发布权利义务须知的新版本", tag), func(ctx context.Context, in *struct{ Body TermsPublication }) (*Body[TermsList], error) {
		if _, err := s.Accounts.Publish(ctx, actor(ctx), in.Body.Kind, in.Body.Text, in.Body.Again); err != nil {
			return nil, err
		}
		return s.terms(ctx, in.Body.Kind)
	})
	route(s, op("acceptNotice", http.MethodPost, "/dossiers/{id}/notice", "登记本人接受现行须知", tag), func(ctx context.Context, in *struct {
		DossierPath
		Body TermsAcceptance
	}) (*Body[AcceptanceView], error) {
		x, err := s.Accounts.Accept(ctx, actor(ctx), in.ID, account.Accepting{No: in.Body.NoticeNo, Way: in.Body.NoticeWay, By: in.Body.NoticeBy, MandateID: in.Body.MandateID})
		if err != nil {
			return nil, err
		}
		return &Body[AcceptanceView]{s.acceptance(ctx, x)}, nil
	})
	route(s, op("agreeUnit", http.MethodPost, "/unit-accounts/{id}/agree", "登记单位接受现行协议，出具协议文书", tag), func(ctx context.Context, in *struct {
		UnitIn
		Body TermsAcceptance
	}) (*Tagged[UnitView], error) {
		a, err := s.Accounts.Agree(ctx, actor(ctx), in.ID, account.Accepting{No: in.Body.NoticeNo, Way: in.Body.NoticeWay, By: in.Body.NoticeBy})
		return s.unitDone(ctx, a, err)
	})
	route(s, op("tellUnit", http.MethodPost, "/unit-accounts/{id}/tell", "登记已告知本人", tag), func(ctx context.Context, in *struct {
		UnitIn
		Body UnitTelling
	}) (*Tagged[UnitView], error) {
		a, err := s.Accounts.Tell(ctx, actor(ctx), in.ID, in.Body.Changes, in.Body.Way, calendar.Date(in.Body.On))
		return s.unitDone(ctx, a, err)
	})
}

func (s *Server) terms(ctx context.Context, kind string) (*Body[TermsList], error) {
	list, err := s.Accounts.Notices(ctx, kind)
	if err != nil {
		return nil, err
	}
	out := &Body[TermsList]{Body: TermsList{Items: []TermsView{}}}
	for i, n := range list {
		v := TermsView{No: n.No, Kind: n.Kind, Name: account.NoticeName(n.Kind), Text: n.Text, Current: i == 0, Again: n.Again}
		if n.PublishedBy != "" {
			v.PublishedBy, v.PublishedAt = s.staffName(ctx, n.PublishedBy), &n.PublishedAt
		}
		out.Body.Items = append(out.Body.Items, v)
	}
	out.Body.Possible = possible(s.Accounts.MayPublish(actor(ctx)))
	return out, nil
}

func (s *Server) acceptance(ctx context.Context, x account.Acceptance) AcceptanceView {
	v := AcceptanceView{NoticeNo: x.NoticeNo, Way: account.WayName(x.Way), By: x.AcceptedBy, On: x.AcceptedOn, Staff: "本人", At: x.RecordedAt}
	if x.Way != account.OnLink {
		v.Staff = s.staffName(ctx, x.RecordedBy)
	}
	return v
}

func (c UnitClosing) closing() account.Closing {
	return account.Closing{Why: c.Why, Document: c.Document, DocumentOn: calendar.Date(c.DocumentOn), Reason: c.Reason, Worker: c.WorkerID, IntakeID: c.IntakeID}
}

func (s *Server) unitItem(ctx context.Context, a account.Listed) UnitItem {
	return UnitItem{ID: a.ID, No: a.No, Unit: a.Unit, USCC: a.USCC, Agency: a.Agency, AgencyName: s.agencyName(ctx, a.Agency), State: string(a.State), StateName: a.State.Name(), Tone: a.State.Tone(), Dossiers: a.Dossiers, OpenedAt: a.OpenedAt}
}

func (s *Server) unitDone(ctx context.Context, a account.Account, err error) (*Tagged[UnitView], error) {
	if err != nil {
		return nil, err
	}
	return s.unitView(ctx, a.ID)
}

// unitView reads an account for its page; the reading is no act of its own.
func (s *Server) unitView(ctx context.Context, id string) (*Tagged[UnitView], error) {
	by := actor(ctx)
	p, err := s.Accounts.Of(ctx, by, id)
	if err != nil {
		return nil, err
	}
	a := p.Account
	out := UnitView{UnitItem: s.unitItem(ctx, p.Listed), PaperName: codes.Name(account.Papers, a.Paper), PaperNo: a.PaperNo, BasisName: map[string]string{account.Opened: "凭单位证照开户", account.Stock: "存量登记，证照待补"}[a.Basis],
		OpenedBy: s.staffName(ctx, a.OpenedBy), Document: a.Document, DocumentOn: a.DocumentOn, Reason: a.Reason, Untold: p.Untold, Agreed: p.Agreed, Ways: account.Ways, Possible: possible(p.Possible)}
	workers, err := s.Accounts.Workers(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	out.Workers, out.Accepted = []UnitWorker{}, []AcceptanceView{}
	for _, w := range workers {
		out.Workers = append(out.Workers, s.unitWorker(w))
	}
	if out.Calls, err = s.unitCalls(ctx, a.ID); err != nil {
		return nil, err
	}
	renamed, err := s.Accounts.Renamings(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	out.Renamed = []UnitRenamed{}
	for _, r := range renamed {
		out.Renamed = append(out.Renamed, UnitRenamed{Was: r.Was, Became: r.Became, From: r.FromOn, Document: r.Document, DocumentOn: r.DocumentOn, By: s.staffName(ctx, r.ChangedBy), At: r.ChangedAt})
	}
	accepted, err := s.Accounts.Acceptances(ctx, "account", a.ID)
	if err != nil {
		return nil, err
	}
	for _, x := range accepted {
		out.Accepted = append(out.Accepted, s.acceptance(ctx, x))
	}
	if a.USCC != "" && a.Basis == account.Stock {
		out.BasisName = "存量登记，证照已补"
	}
	if a.Why != "" {
		out.Why, out.ClosedBy, out.ClosedAt = account.WhyName(a.Why), s.staffName(ctx, a.ClosedBy), &a.ClosedAt
	}
	return &Tagged[UnitView]{etag(a.Version), out}, nil
}
