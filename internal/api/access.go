package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"dangan/internal/access"
	"dangan/internal/codes"
	"dangan/internal/identity"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/work"
)

func init() { capabilities = append(capabilities, (*Server).accessRoutes) }

// ConsultationItem is one consultation in the list.
type ConsultationItem struct {
	ID          string    `json:"id"`
	No          string    `json:"no"`
	State       string    `json:"state" enum:"draft,incomplete,checking,approving,heading,ready,reading,closed,refused,withdrawn,expired"`
	StateName   string    `json:"stateName"`
	Tone        string    `json:"tone" enum:"plain,run,wait,done,bad,void"`
	Agency      string    `json:"agency"`
	AgencyName  string    `json:"agencyName"`
	DossierID   string    `json:"dossierId"`
	DossierNo   string    `json:"dossierNo"`
	PersonName  string    `json:"personName"`
	Unit        string    `json:"unit"`
	Purpose     string    `json:"purpose"`
	PurposeName string    `json:"purposeName"`
	Way         string    `json:"way" enum:"digital,paper"`
	AppliedAt   time.Time `json:"appliedAt"`
	Due         *Due      `json:"due,omitempty" doc:"批准有效期或补正期限"`
	ChangedAt   time.Time `json:"changedAt"`
}

// ReaderView is a reader of the form; the number is masked.
type ReaderView struct {
	ID            string `json:"id"`
	Name          string `json:"name"`
	IDNo          string `json:"idNo"`
	Post          string `json:"post,omitempty"`
	Political     string `json:"political,omitempty"`
	PoliticalName string `json:"politicalName,omitempty"`
	NonMember     string `json:"nonMember,omitempty"`
	Card          string `json:"card,omitempty"`
	Declared      bool   `json:"declared"`
	Pledged       bool   `json:"pledged"`
	Came          bool   `json:"came,omitempty" doc:"到场"`
	Away          bool   `json:"away,omitempty" doc:"到场后离席"`
}

// DecisionView is one decision on a consultation: who, when, in what words.
type DecisionView struct {
	Step    string    `json:"step"`
	By      string    `json:"by"`
	At      time.Time `json:"at"`
	Opinion string    `json:"opinion,omitempty"`
}

// ReadLineView is one material of what was read.
type ReadLineView struct {
	Class string    `json:"class"`
	Title string    `json:"title"`
	What  string    `json:"what"`
	Pages int64     `json:"pages"`
	First time.Time `json:"first"`
	Shown int64     `json:"shown" doc:"影像在屏幕上显示的秒数"`
}

// SessionInfo is the reading at the desk.
type SessionInfo struct {
	No       string     `json:"no" doc:"查阅号"`
	Monitor  string     `json:"monitor" doc:"监阅人"`
	Way      string     `json:"way" enum:"digital,paper"`
	OpenedAt time.Time  `json:"openedAt"`
	EndsAt   time.Time  `json:"endsAt"`
	EndedAt  *time.Time `json:"endedAt,omitempty"`
	EndedWhy string     `json:"endedWhy,omitempty" enum:"hand,time"`
	Seconds  int64      `json:"seconds" doc:"剩余秒数"`
	Pages    int64      `json:"pages"`
	MaxPages int64      `json:"maxPages"`
	Locked   bool       `json:"locked"`
	Extended string     `json:"extended,omitempty" doc:"延长的原因；已延长过一次"`
	Longest  int64      `json:"longest" doc:"最多可延长的分钟数"`
	Dim      int64      `json:"dim" doc:"无人操作多少秒后变暗"`
	Idle     int64      `json:"idle" doc:"无人操作多少秒后锁屏"`
}

// ConsultationView is one consultation with everything its page shows.
type ConsultationView struct {
	ConsultationItem
	UnitKind       string         `json:"unitKind" enum:"unit,organ"`
	UnitCode       string         `json:"unitCode,omitempty"`
	Bearer         *UnitBearer    `json:"bearer,omitempty" doc:"查阅人中有单位登记的经办人的"`
	PersonIDNo     string         `json:"personIdNo"`
	Reason         string         `json:"reason,omitempty"`
	Basis          string         `json:"basis,omitempty"`
	PaperName      string         `json:"paperName,omitempty"`
	PaperNo        string         `json:"paperNo,omitempty"`
	PaperOn        string         `json:"paperOn,omitempty"`
	PaperUntil     string         `json:"paperUntil,omitempty"`
	Sealed         bool           `json:"sealed"`
	Matches        bool           `json:"matches"`
	FormSigned     bool           `json:"formSigned"`
	FormBy         string         `json:"formBy,omitempty"`
	Classes        []string       `json:"classes" nullable:"false" doc:"申请查阅的类别，空为全卷"`
	AskedText      string         `json:"askedText"`
	NeedsHead      bool           `json:"needsHead" doc:"须机构负责人批准"`
	Powers         bool           `json:"powers" doc:"凭法律文书查阅"`
	Readers        []ReaderView   `json:"readers" nullable:"false"`
	Decisions      []DecisionView `json:"decisions" nullable:"false"`
	Missing        []Reason       `json:"missing" nullable:"false" doc:"一次性告知的补正内容"`
	ToldOn         string         `json:"toldOn,omitempty"`
	Refusal        []Reason       `json:"refusal" nullable:"false"`
	GrantKind      string         `json:"grantKind,omitempty" enum:"whole,classes,materials"`
	GrantText      string         `json:"grantText,omitempty"`
	GrantReason    string         `json:"grantReason,omitempty"`
	Minutes        int64          `json:"minutes,omitempty"`
	MaxPages       int64          `json:"maxPages,omitempty"`
	LimitMinutes   int64          `json:"limitMinutes" doc:"全市单次查阅最长分钟数"`
	LimitPages     int64          `json:"limitPages"`
	ClosedAt       *time.Time     `json:"closedAt,omitempty"`
	ClosedWhy      string         `json:"closedWhy,omitempty"`
	DossierState   string         `json:"dossierState"`
	DossierPlace   string         `json:"dossierPlace"`
	ScreenPages    int64          `json:"screenPages" doc:"申请（批准）范围内可在屏幕上查阅的页"`
	DossierCatalog int64          `json:"dossierCatalog" doc:"目录版本，0为系统内无目录"`
	Session        *SessionInfo   `json:"session,omitempty"`
	Read           []ReadLineView `json:"read" nullable:"false"`
	Possible       []Possible     `json:"possible" nullable:"false"`
}

// ApplicationBody is the application form (查阅申请表 and 介绍信).
type ApplicationBody struct {
	DossierID  string       `json:"dossierId" maxLength:"64"`
	UnitKind   string       `json:"unitKind" maxLength:"16" enum:"unit,organ"`
	Unit       string       `json:"unit" maxLength:"120"`
	UnitCode   string       `json:"unitCode,omitempty" maxLength:"32"`
	Purpose    string       `json:"purpose" maxLength:"48"`
	Reason     string       `json:"reason,omitempty" maxLength:"1000" doc:"事由说明（依据文件）"`
	Basis      string       `json:"basis,omitempty" maxLength:"1000" doc:"法律依据（事由为其他时）"`
	PaperName  string       `json:"paperName,omitempty" maxLength:"60" doc:"介绍信或法律文书名称"`
	PaperNo    string       `json:"paperNo,omitempty" maxLength:"80"`
	PaperOn    string       `json:"paperOn,omitempty" maxLength:"10"`
	PaperUntil string       `json:"paperUntil,omitempty" maxLength:"10"`
	Sealed     bool         `json:"sealed,omitempty" doc:"已见加盖公章"`
	Matches    bool         `json:"matches,omitempty" doc:"抬头、被查阅人、查阅人与申请一致"`
	FormSigned bool         `json:"formSigned,omitempty" doc:"申请表经单位负责人签署并盖章"`
	FormBy     string       `json:"formBy,omitempty" maxLength:"60"`
	Classes    []string     `json:"classes,omitempty" maxItems:"20" doc:"申请查阅的类别，空为全卷"`
	Way        string       `json:"way" maxLength:"16" enum:"digital,paper"`
	Readers    []ReaderBody `json:"readers,omitempty" maxItems:"10"`
	IntakeID   string       `json:"intakeId,omitempty" maxLength:"64" doc:"网上申请的收件"`
}

// ReaderBody is one reader of the form.
type ReaderBody struct {
	ID        string `json:"id,omitempty" maxLength:"64" doc:"已登记的查阅人；证件号不变时可留空"`
	Name      string `json:"name" maxLength:"60"`
	IDNo      string `json:"idNo" maxLength:"32"`
	Post      string `json:"post,omitempty" maxLength:"120"`
	Political string `json:"political,omitempty" maxLength:"4"`
	NonMember string `json:"nonMember,omitempty" maxLength:"200"`
	Card      string `json:"card,omitempty" maxLength:"60"`
	Declared  bool   `json:"declared,omitempty"`
	Pledged   bool   `json:"pledged,omitempty"`
}

func (b ApplicationBody) application() access.Application {
	a := access.Application{DossierID: b.DossierID, UnitKind: b.UnitKind, Unit: b.Unit, UnitCode: b.UnitCode, Purpose: b.Purpose, Reason: b.Reason, Basis: b.Basis,
		PaperName: b.PaperName, PaperNo: b.PaperNo, PaperOn: b.PaperOn, PaperUntil: b.PaperUntil, Sealed: b.Sealed, Matches: b.Matches,
		FormSigned: b.FormSigned, FormBy: b.FormBy, Classes: b.Classes, Way: b.Way, IntakeID: b.IntakeID}
	for _, r := range b.Readers {
		a.Readers = append(a.Readers, access.NewReader(r))
	}
	return a
}

// RefusalFact is one reason of 不予查阅: the clause it rests on, and the fact.
type RefusalFact struct {
	Rule string `json:"rule" maxLength:"8"`
	Fact string `json:"fact" maxLength:"500"`
}

// ConsultationPath names a consultation and the version a change is based on.
type ConsultationPath struct {
	ID string `path:"id" maxLength:"64"`
	IfMatch
}

// ConsultationPage is a page of consultations with the number in each open state.
type ConsultationPage struct {
	Items  []ConsultationItem `json:"items" nullable:"false"`
	Next   *string            `json:"next"`
	Counts map[string]int64   `json:"counts" nullable:"false"`
	More   bool               `json:"more,omitempty" doc:"至少这么多，没有再数"`
}

// PurposeView is a purpose of consultation with its papers.
type PurposeView struct {
	Slug   string `json:"slug"`
	Name   string `json:"name"`
	Papers string `json:"papers"`
	Powers bool   `json:"powers" doc:"凭法律文书，不用介绍信和申请表"`
	Basis  bool   `json:"basis" doc:"须写明法律依据，提高一级审批"`
}

// WayView is a way of reading: open, or the reasons why not.
type WayView struct {
	Way     string   `json:"way" enum:"digital,paper"`
	Name    string   `json:"name"`
	Reasons []Reason `json:"reasons" nullable:"false" doc:"空为可用"`
}

// ConsultationWays are the ways in which one dossier can be read.
type ConsultationWays struct {
	Ways []WayView `json:"ways" nullable:"false"`
}

// ConsultationOptions are the lists of the form.
type ConsultationOptions struct {
	Purposes   []PurposeView `json:"purposes" nullable:"false"`
	Politicals []codes.Code  `json:"politicals" nullable:"false"`
	Classes    []codes.Class `json:"classes" nullable:"false"`
}

func (s *Server) accessRoutes() {
	const tag = "查阅"
	route(s, op("consultationOptions", http.MethodGet, "/consultation-options", "查阅申请的选项", tag), func(_ context.Context, _ *struct{}) (*Body[ConsultationOptions], error) {
		out := &Body[ConsultationOptions]{}
		for _, p := range codes.Purposes() {
			out.Body.Purposes = append(out.Body.Purposes, PurposeView{p.Slug, p.Name, p.Papers, p.Powers, p.Basis})
		}
		for _, c := range codes.Classes() {
			if c.Selectable {
				out.Body.Classes = append(out.Body.Classes, c)
			}
		}
		out.Body.Politicals = codes.Politicals()
		return out, nil
	})
	route(s, op("consultationWays", http.MethodGet, "/consultation-ways", "一卷档案可用的查阅方式，不可用的说明理由", tag), func(ctx context.Context, in *struct {
		Dossier string `query:"dossier" maxLength:"64" required:"true"`
	}) (*Body[ConsultationWays], error) {
		list, err := s.Access.Ways(ctx, actor(ctx), in.Dossier)
		if err != nil {
			return nil, err
		}
		out := &Body[ConsultationWays]{}
		for _, w := range list {
			v := WayView{Way: w.Way, Name: w.Name, Reasons: []Reason{}}
			if w.Refusal != nil {
				v.Reasons = refusalProblem(w.Refusal).Reasons
			}
			out.Body.Ways = append(out.Body.Ways, v)
		}
		return out, nil
	})
	route(s, op("listConsultations", http.MethodGet, "/consultations", "查阅业务", tag), func(ctx context.Context, in *struct {
		OfAgency
		State   []string `query:"state,explode" maxItems:"12"`
		Dossier string   `query:"dossier" maxLength:"64"`
		Q       string   `query:"q" maxLength:"64" doc:"编号、单位或姓名"`
		After   string   `query:"after" maxLength:"80"`
		Limit   int      `query:"limit" minimum:"1" maximum:"100" default:"40"`
	}) (*Body[ConsultationPage], error) {
		f := access.Filter{DossierID: in.Dossier, Text: in.Q, After: in.After, Limit: in.Limit}
		for _, x := range in.State {
			f.States = append(f.States, access.State(x))
		}
		list, err := s.Access.List(ctx, in.of(ctx), f)
		if err != nil {
			return nil, err
		}
		counts, err := s.Access.Counts(ctx, in.of(ctx))
		if err != nil {
			return nil, err
		}
		out := &Body[ConsultationPage]{Body: ConsultationPage{Items: []ConsultationItem{}, Counts: map[string]int64{}}}
		for state, n := range counts {
			out.Body.Counts[string(state)] = n
		}
		out.Body.More = s.capped(out.Body.Counts)
		for i, l := range list {
			if i == in.Limit {
				next := list[i-1].Cursor()
				out.Body.Next = &next
				break
			}
			out.Body.Items = append(out.Body.Items, s.consultationItem(ctx, l.Case, l.PersonName, l.DossierNo))
		}
		return out, nil
	})
	route(s, op("applyConsultation", http.MethodPost, "/consultations", "登记查阅申请", tag), func(ctx context.Context, in *struct{ Body ApplicationBody }) (*Tagged[ConsultationView], error) {
		c, err := s.Access.Apply(ctx, actor(ctx), in.Body.application())
		if err != nil {
			return nil, err
		}
		return s.consultationView(ctx, c.ID)
	})
	route(s, op("getConsultation", http.MethodGet, "/consultations/{id}", "一件查阅", tag), func(ctx context.Context, in *ConsultationPath) (*Tagged[ConsultationView], error) {
		return s.consultationView(ctx, in.ID)
	})
	route(s, op("editConsultation", http.MethodPut, "/consultations/{id}", "更改或补正申请", tag), func(ctx context.Context, in *struct {
		ConsultationPath
		Body ApplicationBody
	}) (*Tagged[ConsultationView], error) {
		if _, err := s.Access.Edit(ctx, actor(ctx), in.ID, in.Body.application()); err != nil {
			return nil, err
		}
		return s.consultationView(ctx, in.ID)
	})
	route(s, op("submitConsultation", http.MethodPost, "/consultations/{id}/submit", "提交申请", tag), func(ctx context.Context, in *ConsultationPath) (*Tagged[ConsultationView], error) {
		_, lacks, err := s.Access.Submit(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		if len(lacks) > 0 {
			// The case stands and waits; the answer says what for, once and whole.
			return nil, rule.Complete(lacks...)
		}
		return s.consultationView(ctx, in.ID)
	})
	route(s, op("checkConsultation", http.MethodPost, "/consultations/{id}/check", "核对原件", tag), func(ctx context.Context, in *ConsultationPath) (*Tagged[ConsultationView], error) {
		if _, err := s.Access.Check(ctx, actor(ctx), in.ID); err != nil {
			return nil, err
		}
		return s.consultationView(ctx, in.ID)
	})
	route(s, op("consultOnPaper", http.MethodPost, "/consultations/{id}/onpaper", "改为查阅纸质原件", tag), func(ctx context.Context, in *ConsultationPath) (*Tagged[ConsultationView], error) {
		if _, err := s.Access.OnPaper(ctx, actor(ctx), in.ID); err != nil {
			return nil, err
		}
		return s.consultationView(ctx, in.ID)
	})
	route(s, op("approveConsultation", http.MethodPost, "/consultations/{id}/approve", "准予查阅", tag), func(ctx context.Context, in *struct {
		ConsultationPath
		Body struct {
			Opinion string   `json:"opinion,omitempty" maxLength:"500"`
			Kind    string   `json:"kind" maxLength:"16" enum:"whole,classes,materials"`
			List    []string `json:"list,omitempty" maxItems:"500" doc:"类号或材料"`
			Reason  string   `json:"reason,omitempty" maxLength:"500" doc:"缩小范围的理由"`
			Minutes int64    `json:"minutes"`
			Pages   int64    `json:"pages"`
		}
	}) (*Tagged[ConsultationView], error) {
		b := in.Body
		if _, err := s.Access.Approve(ctx, actor(ctx), in.ID, access.Grant{Opinion: b.Opinion, Kind: b.Kind, List: b.List, Reason: b.Reason, Minutes: b.Minutes, Pages: b.Pages}); err != nil {
			return nil, err
		}
		return s.consultationView(ctx, in.ID)
	})
	route(s, op("confirmConsultation", http.MethodPost, "/consultations/{id}/confirm", "负责人批准", tag), func(ctx context.Context, in *struct {
		ConsultationPath
		Body struct {
			Opinion string `json:"opinion,omitempty" maxLength:"500"`
		}
	}) (*Tagged[ConsultationView], error) {
		if _, err := s.Access.Confirm(ctx, actor(ctx), in.ID, in.Body.Opinion); err != nil {
			return nil, err
		}
		return s.consultationView(ctx, in.ID)
	})
	route(s, op("refuseConsultation", http.MethodPost, "/consultations/{id}/refuse", "不予查阅", tag), func(ctx context.Context, in *struct {
		ConsultationPath
		Body struct {
			Reasons []RefusalFact `json:"reasons" maxItems:"10"`
			Next    string        `json:"next" maxLength:"500" doc:"可以怎样办"`
		}
	}) (*Tagged[ConsultationView], error) {
		var facts []access.RefuseReason
		for _, r := range in.Body.Reasons {
			facts = append(facts, access.RefuseReason{Rule: rule.ID(r.Rule), Fact: r.Fact})
		}
		if _, err := s.Access.Refuse(ctx, actor(ctx), in.ID, facts, in.Body.Next); err != nil {
			return nil, err
		}
		return s.consultationView(ctx, in.ID)
	})
	route(s, op("withdrawConsultation", http.MethodPost, "/consultations/{id}/withdraw", "撤回申请", tag), func(ctx context.Context, in *struct {
		ConsultationPath
		Body struct {
			Reason string `json:"reason" maxLength:"200"`
		}
	}) (*Tagged[ConsultationView], error) {
		if _, err := s.Access.Withdraw(ctx, actor(ctx), in.ID, in.Body.Reason); err != nil {
			return nil, err
		}
		return s.consultationView(ctx, in.ID)
	})
	s.readingRoutes(tag)
}

func (s *Server) consultationItem(ctx context.Context, c access.Case, name, no string) ConsultationItem {
	v := ConsultationItem{ID: c.ID, No: c.No, State: string(c.State), StateName: c.State.Name(), Tone: c.State.Tone(), Agency: c.Agency, AgencyName: c.Agency,
		DossierID: c.DossierID, DossierNo: no, PersonName: name, Unit: c.Unit, Purpose: c.Purpose, Way: c.Way, AppliedAt: c.AppliedAt,
		Due: s.due(c.DueOn(), c.State == access.Ready && c.ValidTentative, work.Agreed), ChangedAt: c.ChangedAt}
	if p, ok := codes.FindPurpose(c.Purpose); ok {
		v.PurposeName = p.Name
	}
	if tree, err := s.Agencies.Tree(ctx); err == nil {
		v.AgencyName = tree.Name(c.Agency)
	}
	return v
}

func (s *Server) consultationView(ctx context.Context, id string) (*Tagged[ConsultationView], error) {
	f, err := s.Access.Show(ctx, actor(ctx), id)
	if err != nil {
		return nil, err
	}
	v, err := s.consultation(ctx, f)
	return &Tagged[ConsultationView]{ETag: etag(f.Version), Body: v}, err
}

func (s *Server) consultation(ctx context.Context, f access.Full) (ConsultationView, error) {
	p, _ := codes.FindPurpose(f.Purpose)
	limits := s.Access.Limits()
	v := ConsultationView{ConsultationItem: s.consultationItem(ctx, f.Case, f.Person.Name, f.Dossier.No), UnitKind: f.UnitKind, UnitCode: f.UnitCode, PersonIDNo: identity.Mask(f.Person.IDNo),
		Reason: f.Reason, Basis: f.Basis, PaperName: f.PaperName, PaperNo: f.PaperNo, PaperOn: f.PaperOn, PaperUntil: f.PaperUntil, Sealed: f.Sealed, Matches: f.Matches,
		FormSigned: f.FormSigned, FormBy: f.FormBy, Classes: f.AskedClasses(), AskedText: f.AskedText(), NeedsHead: f.NeedsHead, Powers: p.Powers,
		Readers: []ReaderView{}, Decisions: s.decisions(ctx, f), Missing: []Reason{}, ToldOn: f.ToldOn, Refusal: []Reason{}, GrantKind: f.GrantKind, GrantReason: f.GrantReason,
		Minutes: f.Minutes, MaxPages: f.MaxPages, LimitMinutes: limits.Minutes, LimitPages: limits.Pages, ClosedWhy: f.ClosedWhy,
		DossierState: f.Dossier.State.Name(), DossierPlace: f.Dossier.Place, ScreenPages: f.Leaves, DossierCatalog: f.Dossier.Catalog,
		Read: []ReadLineView{}, Possible: possible(f.Possible)}
	var err error
	if v.Bearer, err = s.bearerOf(ctx, f.Ref()); err != nil {
		return v, err
	}
	if f.GrantKind != "" {
		v.GrantText = f.GrantText()
	}
	if !f.ClosedAt.IsZero() {
		v.ClosedAt = &f.ClosedAt
	}
	for _, r := range f.Readers {
		v.Readers = append(v.Readers, ReaderView{r.ID, r.Name, identity.Mask(r.IDNo), r.Post, r.Political, codes.Name(codes.Politicals(), r.Political), r.NonMember, r.Card, r.Declared, r.Pledged, false, false})
		one := &v.Readers[len(v.Readers)-1]
		for _, a := range f.Came {
			if a.ReaderID == r.ID {
				one.Came, one.Away = true, !a.Here()
			}
		}
	}
	if v.Missing, err = keptReasons(f.Missing); err != nil {
		return v, err
	}
	if v.Refusal, err = keptReasons(f.Refusal); err != nil {
		return v, err
	}
	for _, r := range f.Read {
		v.Read = append(v.Read, ReadLineView{r.Class, r.Title, r.What, r.Pages, r.First, int64(r.Shown / time.Second)})
	}
	if f.Session != nil {
		v.Session = s.sessionInfo(ctx, *f.Session)
	}
	return v, nil
}

// keptReasons reads reasons that a case keeps, with their clauses.
func keptReasons(raw string) ([]Reason, error) {
	if raw == "" {
		return []Reason{}, nil
	}
	var list []rule.Reason
	if err := json.Unmarshal([]byte(raw), &list); err != nil {
		return nil, err
	}
	return refusalProblem(rule.Refuse(list...)).Reasons, nil
}

func (s *Server) decisions(ctx context.Context, f access.Full) []DecisionView {
	out := []DecisionView{{Step: "登记", By: s.staffName(ctx, f.AppliedBy), At: f.AppliedAt}}
	if f.CheckedBy != "" {
		out = append(out, DecisionView{"核对", s.staffName(ctx, f.CheckedBy), f.CheckedAt, ""})
	}
	if f.ApprovedBy != "" {
		out = append(out, DecisionView{"审批", s.staffName(ctx, f.ApprovedBy), f.ApprovedAt, f.Opinion})
	}
	if f.HeadBy != "" {
		out = append(out, DecisionView{"负责人批准", s.staffName(ctx, f.HeadBy), f.HeadAt, f.HeadOpinion})
	}
	return out
}

func (s *Server) sessionInfo(ctx context.Context, r access.Session) *SessionInfo {
	now := s.Gate.Now()
	v := &SessionInfo{No: r.No, Monitor: s.staffName(ctx, r.Monitor), Way: r.Way, OpenedAt: r.OpenedAt, EndsAt: r.EndsAt, EndedWhy: r.EndedWhy,
		Seconds: int64(r.Left(now) / time.Second), Pages: r.Pages, MaxPages: r.MaxPages, Locked: !r.LockedAt.IsZero(), Extended: r.ExtendedBecause,
		Longest: int64(s.Settings.Int(setting.ReadingExtend)), Dim: int64(s.Settings.Int(setting.ReadingDim)), Idle: int64(s.Settings.Int(setting.ReadingIdle))}
	if !r.EndedAt.IsZero() {
		v.EndedAt = &r.EndedAt
	}
	return v
}
