package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/custody"
	"dangan/internal/dossier"
	"dangan/internal/identity"
	"dangan/internal/ledger"
	"dangan/internal/person"
	"dangan/internal/rule"
	"dangan/internal/staff"
)

func init() { capabilities = append(capabilities, (*Server).dossierRoutes) }

// Attention is one thing a list row wants noticed.
type Attention struct {
	Text string `json:"text"`
	Tone string `json:"tone" enum:"plain,wait,bad"`
}

// DossierItem is one row of the list.
type DossierItem struct {
	ID           string      `json:"id"`
	Version      int64       `json:"version"`
	No           string      `json:"no" doc:"档案编号"`
	Name         string      `json:"name"`
	Sex          string      `json:"sex"`
	IDNo         string      `json:"idNo" doc:"前三后四"`
	Category     string      `json:"category"`
	CategoryName string      `json:"categoryName"`
	State        string      `json:"state"`
	StateName    string      `json:"stateName"`
	Tone         string      `json:"tone" enum:"plain,run,wait,done,bad,void"`
	Agency       string      `json:"agency"`
	AgencyName   string      `json:"agencyName"`
	Place        string      `json:"place"`
	Where        string      `json:"where" doc:"现在何处"`
	Materials    int64       `json:"materials"`
	Pages        int64       `json:"pages"`
	Images       int64       `json:"images"`
	Forced       string      `json:"forced" enum:"unknown,yes,no"`
	Attention    []Attention `json:"attention" nullable:"false"`
	ChangedAt    time.Time   `json:"changedAt"`
}

// DossierQuery is what a list asks for.
type DossierQuery struct {
	Q        string `query:"q" maxLength:"60" doc:"姓名、拼音、首字母、完整身份证号、档案编号（含旧号）、单位"`
	View     string `query:"view" enum:"all,attention,owed,paper,forced,hold" doc:"视图"`
	Agency   string `query:"agency" maxLength:"12"`
	State    string `query:"state" maxLength:"20"`
	Category string `query:"category" maxLength:"60"`
	Account  string `query:"account" enum:"personal,collective,none"`
	Place    string `query:"place" maxLength:"20"`
	From     string `query:"from" maxLength:"10" doc:"更新起日"`
	To       string `query:"to" maxLength:"10" doc:"更新止日"`
	Sort     string `query:"sort" enum:"changed,no"`
	Limit    int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
	Cursor   string `query:"cursor" maxLength:"400"`
}

func (q DossierQuery) filter() dossier.Filter {
	return dossier.Filter{Q: q.Q, View: q.View, Agency: q.Agency, State: q.State, Category: q.Category, Account: q.Account, Place: q.Place,
		From: q.From, To: q.To, Sort: q.Sort, Limit: q.Limit, Cursor: q.Cursor}
}

// ViewCount is a named view with its count.
type ViewCount struct {
	Code  string `json:"code"`
	Name  string `json:"name"`
	Count int64  `json:"count"`
	More  bool   `json:"more,omitempty" doc:"至少这么多，没有再数"`
}

// DossierCount is how many dossiers answer a filter.
type DossierCount struct {
	Total int64 `json:"total"`
	More  bool  `json:"more,omitempty" doc:"至少这么多，没有再数"`
}

// SavedView is a filter a member of staff keeps.
type SavedView struct {
	Name  string `json:"name" maxLength:"20"`
	Query string `json:"query" maxLength:"500" doc:"列表的查询参数"`
}

// ViewsView are the counts of the views and the own saved ones.
type ViewsView struct {
	Views []ViewCount `json:"views" nullable:"false"`
	Saved []SavedView `json:"saved" nullable:"false"`
}

// DossierView is a dossier's page.
type DossierView struct {
	ID            string           `json:"id"`
	Version       int64            `json:"version"`
	No            string           `json:"no"`
	State         string           `json:"state"`
	StateName     string           `json:"stateName"`
	Tone          string           `json:"tone"`
	Agency        string           `json:"agency"`
	AgencyName    string           `json:"agencyName"`
	Place         string           `json:"place"`
	Where         string           `json:"where"`
	Shelfmark     string           `json:"shelfmark,omitempty"`
	Hold          string           `json:"hold,omitempty"`
	Person        PersonView       `json:"person"`
	Category      CategoryView     `json:"category"`
	Account       AccountView      `json:"account"`
	Secrecy       int              `json:"secrecy"`
	SecrecyName   string           `json:"secrecyName"`
	Senior        bool             `json:"senior"`
	Forced        ForcedView       `json:"forced"`
	Basis         string           `json:"basis"`
	ReceivedOn    string           `json:"receivedOn"`
	ReceivedFrom  string           `json:"receivedFrom,omitempty"`
	Remark        string           `json:"remark,omitempty"`
	Catalog       CatalogView      `json:"catalog"`
	Loose         []MaterialView   `json:"loose" nullable:"false" doc:"零散材料"`
	Returned      []MaterialView   `json:"returned" nullable:"false"`
	KeyFacts      []KeyFactView    `json:"keyFacts" nullable:"false" doc:"信息核对：只列记载和差异，不作认定"`
	Facts         []EntryView      `json:"facts" nullable:"false"`
	Periods       []PeriodView     `json:"periods" nullable:"false"`
	History       HistoryView      `json:"history"`
	FamilyCount   int              `json:"familyCount"`
	Unconfirmed   int              `json:"unconfirmed" doc:"待第二人核对"`
	Gaps          []GapView        `json:"gaps" nullable:"false"`
	GapsKnown     bool             `json:"gapsKnown" doc:"否：纸质档案未录目录，无从比对"`
	Supplements   []SupplementView `json:"supplements" nullable:"false"`
	Corrections   []CorrectionView `json:"corrections" nullable:"false"`
	Cases         []CaseView       `json:"cases" nullable:"false"`
	Custody       []CustodyView    `json:"custody" nullable:"false"`
	Timeline      []MomentView     `json:"timeline" nullable:"false" doc:"最近的若干条"`
	TimelineCount int64            `json:"timelineCount"`
	ChangedAt     time.Time        `json:"changedAt"`
	Possible      []Possible       `json:"possible" nullable:"false"`
}

// PersonView is whose dossier it is, identity number and phone masked.
type PersonView struct {
	Name        string `json:"name"`
	FormerNames string `json:"formerNames,omitempty"`
	Sex         string `json:"sex"`
	BirthDate   string `json:"birthDate"`
	Ethnic      string `json:"ethnic,omitempty"`
	Political   string `json:"political,omitempty"`
	Education   string `json:"education,omitempty"`
	IDNo        string `json:"idNo"`
	Phone       string `json:"phone,omitempty"`
	Employer    string `json:"employer,omitempty"`
	Synthetic   bool   `json:"synthetic"`
}

// CategoryView is the category with its evidence.
type CategoryView struct {
	Code    string `json:"code"`
	Name    string `json:"name"`
	Subtype string `json:"subtype,omitempty"`
	SubName string `json:"subName,omitempty"`
	Basis   string `json:"evidence,omitempty"`
}

// AccountView is the account.
type AccountView struct {
	Kind string `json:"kind,omitempty"`
	Name string `json:"name"`
	Unit string `json:"unit,omitempty"`
	On   string `json:"on,omitempty"`
}

// ForcedView says which ways of transfer are open, and why (20.3b).
type ForcedView struct {
	Code   string `json:"code" enum:"unknown,yes,no"`
	Text   string `json:"text"`
	Reason string `json:"reason,omitempty"`
}

// CatalogView is the catalog by class.
type CatalogView struct {
	Version   int64       `json:"version"`
	Materials int64       `json:"materials"`
	Pages     int64       `json:"pages"`
	Images    int64       `json:"images"`
	Classes   []ClassView `json:"classes" nullable:"false"`
}

// ClassView is one class with its materials.
type ClassView struct {
	Code  string         `json:"code"`
	Name  string         `json:"name"`
	Short string         `json:"short"`
	Items []MaterialView `json:"items" nullable:"false"`
	Pages int64          `json:"pages"`
}

// KeyFactView is one key fact with all its mentions.
type KeyFactView struct {
	Kind     string        `json:"kind"`
	Name     string        `json:"name"`
	Verdict  string        `json:"verdict" enum:"agree,differ,missing,silent"`
	Note     string        `json:"note"`
	Mentions []MentionView `json:"mentions" nullable:"false"`
}

// MentionView is one writing of a key fact.
type MentionView struct {
	Label      string `json:"label"`
	MaterialID string `json:"materialId,omitempty"`
	Page       int64  `json:"page,omitempty"`
	Written    string `json:"written"`
	Weight     string `json:"weight"`
	Confirmed  bool   `json:"confirmed"`
	Differs    bool   `json:"differs"`
}

// EntryView is a key fact as entered.
type EntryView struct {
	ID         string     `json:"id"`
	Kind       string     `json:"kind"`
	KindName   string     `json:"kindName"`
	Written    string     `json:"written"`
	Source     SourceView `json:"source"`
	Confirmed  bool       `json:"confirmed"`
	EnteredBy  string     `json:"enteredBy"`
	EnteredOwn bool       `json:"enteredOwn" doc:"本人登记，须他人核对"`
	At         time.Time  `json:"at"`
}

// SourceView is where an entry stands.
type SourceView struct {
	MaterialID string `json:"materialId,omitempty"`
	Label      string `json:"label"`
	Page       int64  `json:"page,omitempty"`
}

// PeriodView is a period as entered.
type PeriodView struct {
	ID           string     `json:"id"`
	Kind         string     `json:"kind"`
	KindName     string     `json:"kindName"`
	From         string     `json:"from"`
	To           string     `json:"to,omitempty"`
	Unit         string     `json:"unit"`
	Post         string     `json:"post,omitempty"`
	Identity     string     `json:"identity,omitempty"`
	IdentityName string     `json:"identityName,omitempty"`
	Forces       bool       `json:"forces"`
	Source       SourceView `json:"source"`
	Confirmed    bool       `json:"confirmed"`
	EnteredBy    string     `json:"enteredBy"`
	EnteredOwn   bool       `json:"enteredOwn"`
}

// HistoryView says whether the history was stated as complete and confirmed.
type HistoryView struct {
	Stated      bool   `json:"stated"`
	StatedBy    string `json:"statedBy,omitempty"`
	StatedOwn   bool   `json:"statedOwn"`
	Confirmed   bool   `json:"confirmed"`
	ConfirmedBy string `json:"confirmedBy,omitempty"`
}

// GapView is what the checklist or a key fact lacks.
type GapView struct {
	KeyFact     string   `json:"keyFact,omitempty"`
	KeyFactName string   `json:"keyFactName,omitempty"`
	Title       string   `json:"title"`
	Class       string   `json:"class"`
	Others      []string `json:"others,omitempty"`
	Consequence string   `json:"consequence,omitempty"`
}

// SupplementView is what is owed.
type SupplementView struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Class    string `json:"class,omitempty"`
	KeyFact  string `json:"keyFact,omitempty"`
	Promised bool   `json:"promised"`
	DueOn    string `json:"dueOn,omitempty"`
	DaysLeft *int   `json:"daysLeft,omitempty"`
}

// CaseView is another room's case.
type CaseView struct {
	Ref       string `json:"ref"`
	Room      string `json:"room"`
	Kind      string `json:"kind"`
	No        string `json:"no"`
	State     string `json:"state"`
	StateName string `json:"stateName"`
	Tone      string `json:"tone"`
	Since     string `json:"since,omitempty"`
	DueOn     string `json:"dueOn,omitempty"`
	Note      string `json:"note,omitempty"`
	Link      string `json:"link"`
	Open      bool   `json:"open"`
}

// CustodyView is one handover in the chain.
type CustodyView struct {
	At         time.Time `json:"at"`
	Kind       string    `json:"kind"`
	Name       string    `json:"name"`
	AgencyName string    `json:"agencyName"`
	From       string    `json:"from"`
	To         string    `json:"to"`
	By         string    `json:"by"`
	Note       string    `json:"note,omitempty"`
}

// MomentView is one act of the time line.
type MomentView struct {
	Ord     int64     `json:"ord"`
	At      time.Time `json:"at"`
	Action  string    `json:"action"`
	Label   string    `json:"label"`
	By      string    `json:"by"`
	Org     string    `json:"org,omitempty"`
	Refused bool      `json:"refused"`
	Reasons []string  `json:"reasons,omitempty"`
	Via     string    `json:"via"`
	Entry   string    `json:"entry"`
	Number  int64     `json:"number,omitempty"`
}

func (s *Server) dossierRoutes() {
	route(s, op("listDossiers", http.MethodGet, "/dossiers", "档案查询", "档案"), func(ctx context.Context, in *DossierQuery) (*Body[Page[DossierItem]], error) {
		list, err := s.Dossiers.Find(ctx, actor(ctx), in.filter())
		if err != nil {
			return nil, err
		}
		out := &Body[Page[DossierItem]]{Body: Page[DossierItem]{Items: []DossierItem{}}}
		for _, f := range list.Items {
			out.Body.Items = append(out.Body.Items, s.dossierItem(ctx, f))
		}
		if list.Next != "" {
			out.Body.Next = &list.Next
		}
		return out, nil
	})
	route(s, op("countDossiers", http.MethodGet, "/dossiers/count", "符合条件的卷数", "档案"), func(ctx context.Context, in *DossierQuery) (*Body[DossierCount], error) {
		n, err := s.Dossiers.Count(ctx, actor(ctx), in.filter())
		if err != nil {
			return nil, err
		}
		return &Body[DossierCount]{Body: DossierCount{n.N, n.More}}, nil
	})
	route(s, op("dossierViews", http.MethodGet, "/dossier-views", "视图与计数", "档案"), func(ctx context.Context, _ *struct{}) (*Body[ViewsView], error) {
		return s.views(ctx)
	})
	route(s, op("saveDossierViews", http.MethodPut, "/dossier-views", "保存自己的视图", "档案"), func(ctx context.Context, in *struct {
		Body struct {
			Saved []SavedView `json:"saved" maxItems:"30" nullable:"false"`
		}
	}) (*Body[ViewsView], error) {
		raw, err := json.Marshal(in.Body.Saved)
		if err != nil {
			return nil, err
		}
		if err := s.Dossiers.SaveViews(ctx, actor(ctx), string(raw)); err != nil {
			return nil, err
		}
		return s.views(ctx)
	})
	route(s, op("getDossier", http.MethodGet, "/dossiers/{id}", "档案页", "档案"), func(ctx context.Context, in *struct {
		ID string `path:"id" maxLength:"40"`
	}) (*Tagged[DossierView], error) {
		return s.dossierView(ctx, in.ID)
	})
	route(s, op("dossierTimeline", http.MethodGet, "/dossiers/{id}/timeline", "时间线", "档案"), func(ctx context.Context, in *struct {
		ID     string `path:"id" maxLength:"40"`
		Before int64  `query:"before" doc:"上一页最后一条的 ord"`
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}) (*Body[Page[MomentView]], error) {
		list, err := s.Dossiers.Timeline(ctx, actor(ctx), in.ID, in.Before, in.Limit+1)
		if err != nil {
			return nil, err
		}
		out := &Body[Page[MomentView]]{Body: Page[MomentView]{}}
		if len(list) > in.Limit {
			list = list[:in.Limit]
			next := strconv.FormatInt(list[in.Limit-1].Ord, 10)
			out.Body.Next = &next
		}
		out.Body.Items = s.moments(ctx, list)
		return out, nil
	})
	route(s, op("revealDossier", http.MethodPost, "/dossiers/{id}/reveal", "显示完整证件号（须说明用途）", "档案"), func(ctx context.Context, in *struct {
		ID   string `path:"id" maxLength:"40"`
		Body struct {
			Reason string `json:"reason" maxLength:"200"`
		}
	}) (*Body[struct {
		IDNo      string `json:"idNo"`
		IDWritten string `json:"idWritten,omitempty" doc:"证件或名册上的写法"`
		Phone     string `json:"phone,omitempty"`
	}], error) {
		r, err := s.Dossiers.Reveal(ctx, actor(ctx), in.ID, in.Body.Reason)
		if err != nil {
			return nil, err
		}
		out := &Body[struct {
			IDNo      string `json:"idNo"`
			IDWritten string `json:"idWritten,omitempty" doc:"证件或名册上的写法"`
			Phone     string `json:"phone,omitempty"`
		}]{}
		out.Body.IDNo, out.Body.IDWritten, out.Body.Phone = r.IDNo, r.IDWritten, r.Phone
		return out, nil
	})
	s.recordRoutes()
}

// views are the counts and the saved filters.
func (s *Server) views(ctx context.Context) (*Body[ViewsView], error) {
	counts, err := s.Dossiers.Counts(ctx, actor(ctx))
	if err != nil {
		return nil, err
	}
	out := &Body[ViewsView]{Body: ViewsView{Views: []ViewCount{}, Saved: []SavedView{}}}
	for _, v := range dossier.Views {
		out.Body.Views = append(out.Body.Views, ViewCount{v.Code, v.Name, counts[v.Code].N, counts[v.Code].More})
	}
	raw, err := s.Dossiers.SavedViews(ctx, actor(ctx))
	if err != nil || raw == "" {
		return out, err
	}
	return out, json.Unmarshal([]byte(raw), &out.Body.Saved)
}

// dossierTone is the tone of a dossier's state (design/README, Color).
func dossierTone(d dossier.Dossier) string {
	switch d.State {
	case dossier.InStore:
		if d.Hold != "" {
			return "bad"
		}
		return "plain"
	case dossier.Lent:
		return "wait"
	case dossier.Left:
		return "void"
	}
	return "run"
}

func dossierState(d dossier.Dossier) string {
	if d.State == dossier.InStore && d.Hold != "" {
		return "限制"
	}
	return d.State.Name()
}

var placeNames = map[string]string{
	dossier.PlaceStore: "库房", dossier.PlaceArranging: "整理室", dossier.PlaceReading: "阅档室", dossier.PlaceWindow: "窗口", dossier.PlaceTransit: "在途", dossier.PlaceOutside: "外单位",
}

func placeName(place string) string {
	if n, ok := placeNames[place]; ok {
		return n
	}
	return place
}

// whereIs says where the packet is now: its shelf when it is in store.
func whereIs(d dossier.Dossier) string {
	if d.Place == dossier.PlaceStore && d.Shelfmark != "" {
		return d.Shelfmark
	}
	return placeName(d.Place)
}

func (s *Server) today() calendar.Date { return calendar.Of(s.Gate.Now()) }

// daysLeft counts working days to a day, negative when it is over.
func (s *Server) daysLeft(due string) *int {
	d := calendar.Date(due)
	if !d.Valid() {
		return nil
	}
	n := s.Gate.Calendar().Workdays(s.today(), d)
	return &n
}

func (s *Server) dossierItem(ctx context.Context, f dossier.Found) DossierItem {
	d, p := f.Dossier, f.Person
	v := DossierItem{ID: d.ID, Version: d.Version, No: d.No, Name: p.Name, Sex: sexName(p.Sex), IDNo: identity.Mask(p.IDNo), Category: d.Category, CategoryName: codes.CategoryName(d.Category),
		State: string(d.State), StateName: dossierState(d), Tone: dossierTone(d), Agency: d.Agency, AgencyName: s.agencyName(ctx, d.Agency), Place: d.Place, Where: whereIs(d),
		Materials: d.Materials, Pages: d.Pages, Images: d.Images, Forced: string(d.Forced), ChangedAt: d.ChangedAt, Attention: []Attention{}}
	if d.Hold != "" {
		v.Attention = append(v.Attention, Attention{"限制", "bad"})
	}
	if left := s.daysLeft(f.DueOn); left != nil && *left <= 3 {
		if *left < 0 {
			v.Attention = append(v.Attention, Attention{fmt.Sprintf("逾期 %d 天", -*left), "bad"})
		} else {
			v.Attention = append(v.Attention, Attention{fmt.Sprintf("剩 %d 天", *left), "wait"})
		}
	}
	if n := f.Open[dossier.Received] + f.Open[dossier.Appraising]; n > 0 {
		v.Attention = append(v.Attention, Attention{fmt.Sprintf("待鉴别 %d", n), "plain"})
	}
	if n := f.Open[dossier.ToFile]; n > 0 {
		v.Attention = append(v.Attention, Attention{fmt.Sprintf("待归档 %d", n), "plain"})
	}
	if n := f.Open[dossier.Curing]; n > 0 {
		v.Attention = append(v.Attention, Attention{fmt.Sprintf("限期补办 %d", n), "wait"})
	}
	if d.Owed > 0 {
		v.Attention = append(v.Attention, Attention{fmt.Sprintf("待补充 %d", d.Owed), "plain"})
	}
	return v
}

func maskPhone(phone string) string {
	if len(phone) < 8 {
		return strings.Repeat("*", len(phone))
	}
	return phone[:3] + "****" + phone[len(phone)-4:]
}

func (s *Server) personView(p person.Person) PersonView {
	return PersonView{Name: p.Name, FormerNames: p.FormerNames, Sex: sexName(p.Sex), BirthDate: p.BirthDate, Ethnic: codes.Name(codes.Ethnics(), p.Ethnic),
		Political: codes.Name(codes.Politicals(), p.Political), Education: codes.Name(codes.Educations(), p.Education), IDNo: identity.Mask(p.IDNo), Phone: maskPhone(p.Phone), Employer: p.Employer, Synthetic: p.Synthetic}
}

func forcedView(d dossier.Dossier, because dossier.Period) ForcedView {
	v := ForcedView{Code: string(d.Forced)}
	switch d.Forced {
	case dossier.ForcedYes:
		v.Text = "只能机要通信或专人送取"
		span := strings.ReplaceAll(because.FromMonth, "-", ".") + "—"
		if because.ToMonth == "" {
			span += "至今"
		} else {
			span += strings.ReplaceAll(because.ToMonth, "-", ".")
		}
		if id, ok := codes.FindIdentity(because.Identity); ok {
			v.Reason = "曾任" + id.Name + " " + span
		} else if because.Unit != "" {
			v.Reason = because.Unit + " " + span + "，岗位未登记"
		}
	case dossier.ForcedNo:
		v.Text = "机要通信、专人送取、给据邮件均可"
	default:
		v.Text = "按只能机要通信或专人送取办理"
		v.Reason = "工作经历未登记完整并核对"
	}
	return v
}

func (s *Server) dossierView(ctx context.Context, id string) (*Tagged[DossierView], error) {
	page, err := s.Dossiers.Open(ctx, actor(ctx), id)
	if err != nil {
		return nil, err
	}
	chain, err := custody.Chain(ctx, s.DB, id)
	if err != nil {
		return nil, err
	}
	moments, err := s.Dossiers.Timeline(ctx, actor(ctx), id, 0, 8)
	if err != nil {
		return nil, err
	}
	acts, err := s.Dossiers.ActsAbout(ctx, id)
	if err != nil {
		return nil, err
	}
	d := page.Dossier
	me := actor(ctx).ID
	name := s.names(ctx)
	v := DossierView{ID: d.ID, Version: d.Version, No: d.No, State: string(d.State), StateName: dossierState(d), Tone: dossierTone(d), Agency: d.Agency, AgencyName: s.agencyName(ctx, d.Agency),
		Place: d.Place, Where: whereIs(d), Shelfmark: d.Shelfmark, Hold: d.Hold, Person: s.personView(page.Person), Secrecy: d.Secrecy, SecrecyName: dossier.SecrecyName(d.Secrecy), Senior: d.Senior,
		Category: CategoryView{d.Category, codes.CategoryName(d.Category), d.Subtype, codes.SubtypeName(d.Subtype), d.Evidence},
		Account:  AccountView{Kind: d.AccountKind, Name: map[string]string{"personal": "个人账户", "collective": "集体账户"}[d.AccountKind], Unit: d.AccountUnit, On: d.AccountOn},
		Forced:   forcedView(d, page.Forcing), Basis: d.BasisName(), ReceivedOn: d.ReceivedOn, ReceivedFrom: d.ReceivedFrom, Remark: d.Remark,
		Catalog: s.catalogView(ctx, d, page.Catalog), Loose: s.materials(ctx, page.Loose), Returned: s.materials(ctx, page.Returned),
		KeyFacts: keyFacts(page.KeyFacts), Facts: []EntryView{}, Periods: []PeriodView{}, Gaps: []GapView{}, Supplements: []SupplementView{}, Corrections: []CorrectionView{}, Cases: []CaseView{}, Custody: []CustodyView{},
		History:     HistoryView{Stated: d.HistoryBy != "", StatedBy: name(d.HistoryBy), StatedOwn: d.HistoryBy == me, Confirmed: d.HistoryOkBy != "", ConfirmedBy: name(d.HistoryOkBy)},
		FamilyCount: page.Family, Unconfirmed: page.Unconfirmed, GapsKnown: page.GapsKnown, Timeline: s.moments(ctx, moments), TimelineCount: acts, ChangedAt: d.ChangedAt, Possible: possible(page.Possible)}
	if v.Account.Name == "" {
		v.Account.Name = "未开户"
	}
	labels := map[string]string{}
	for _, m := range page.Catalog {
		labels[m.ID] = m.Label()
	}
	source := func(materialID, cite string, pageNo int64) SourceView {
		if l := labels[materialID]; l != "" {
			cite = l
		}
		return SourceView{materialID, cite, pageNo}
	}
	for _, f := range page.Facts {
		v.Facts = append(v.Facts, EntryView{f.ID, f.Kind, dossier.KeyFactName(f.Kind), f.Written, source(f.MaterialID, f.Cite, f.PageNo), f.ConfirmedBy != "", name(f.EnteredBy), f.EnteredBy == me, f.At})
	}
	for _, p := range page.Periods {
		pv := PeriodView{ID: p.ID, Kind: p.Kind, KindName: periodNames[p.Kind], From: p.FromMonth, To: p.ToMonth, Unit: p.Unit, Post: p.Post, Identity: p.Identity,
			Source: source(p.MaterialID, p.Cite, p.PageNo), Confirmed: p.ConfirmedBy != "", EnteredBy: name(p.EnteredBy), EnteredOwn: p.EnteredBy == me}
		if id, ok := codes.FindIdentity(p.Identity); ok {
			pv.IdentityName, pv.Forces = id.Name, id.Forces
		}
		v.Periods = append(v.Periods, pv)
	}
	for _, g := range page.Gaps {
		v.Gaps = append(v.Gaps, GapView{g.KeyFact, dossier.KeyFactName(g.KeyFact), g.Title, g.Class, g.Others, g.Consequence})
	}
	for _, x := range page.Supplements {
		v.Supplements = append(v.Supplements, SupplementView{x.ID, x.Title, x.Class, x.KeyFact, x.Promised, x.DueOn, s.daysLeft(x.DueOn)})
	}
	for _, c := range page.Corrections {
		v.Corrections = append(v.Corrections, s.correctionView(ctx, c, labels[c.MaterialID]))
	}
	for _, c := range page.Cases {
		v.Cases = append(v.Cases, CaseView(c))
	}
	for _, e := range chain {
		v.Custody = append(v.Custody, CustodyView{e.At, e.Kind, custodyNames[e.Kind], s.agencyName(ctx, e.Agency), placeName(e.FromPlace), placeName(e.ToPlace), name(e.StaffID), e.Note})
	}
	return &Tagged[DossierView]{ETag: etag(d.Version), Body: v}, nil
}

var periodNames = map[string]string{dossier.Study: "学习", dossier.Work: "工作", dossier.Service: "服役"}

var custodyNames = map[string]string{
	custody.Taken: "转入接收", custody.Shelved: "入库", custody.Pulled: "提档", custody.Handed: "交接", custody.Dispatched: "寄送", custody.Arrived: "签收",
}

func keyFacts(list []dossier.Compared) []KeyFactView {
	out := []KeyFactView{}
	for _, c := range list {
		v := KeyFactView{Kind: c.Kind, Name: c.Name, Verdict: c.Verdict, Note: c.Note, Mentions: []MentionView{}}
		for _, m := range c.Mentions {
			differs := m.Value != "" && c.Mentions[0].Value != "" && !strings.HasPrefix(m.Value, c.Mentions[0].Value) && !strings.HasPrefix(c.Mentions[0].Value, m.Value)
			v.Mentions = append(v.Mentions, MentionView{m.Label, m.MaterialID, m.Page, m.Written, m.Weight, m.Confirmed, differs})
		}
		out = append(out, v)
	}
	return out
}

// names looks members of staff up once an answer.
func (s *Server) names(ctx context.Context) func(id string) string {
	known := map[string]string{"": "", "system": "系统", "public": "公众"}
	return func(id string) string {
		if n, ok := known[id]; ok {
			return n
		}
		n := "—"
		if m, err := staff.Get(ctx, s.DB, id); err == nil {
			n = m.Name
		}
		known[id] = n
		return n
	}
}

func (s *Server) moments(ctx context.Context, list []dossier.Moment) []MomentView {
	out := []MomentView{}
	name := s.names(ctx)
	for _, m := range list {
		v := MomentView{Ord: m.Ord, At: m.Body.Time(), Action: m.Body.Action, Label: dossier.ActName(m.Body.Action), By: name(m.Body.Actor), Org: s.agencyName(ctx, m.Body.Org),
			Refused: m.Body.Outcome == ledger.Refused, Via: m.Body.Via, Entry: m.Entry, Number: m.Number}
		for _, why := range m.Body.Reasons {
			id, _, _ := strings.Cut(why, "/")
			if r, ok := rule.Get(rule.ID(id)); ok {
				v.Reasons = append(v.Reasons, r.Clause)
			}
		}
		out = append(out, v)
	}
	return out
}
