package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/dossier"
	"dangan/internal/mandate"
	"dangan/internal/supplement"
)

func init() { capabilities = append(capabilities, (*Server).supplementRoutes) }

// OwedItem is one supplement in the list.
type OwedItem struct {
	ID          string     `json:"id"`
	Version     int64      `json:"version"`
	DossierID   string     `json:"dossierId"`
	DossierNo   string     `json:"dossierNo"`
	PersonName  string     `json:"personName"`
	AgencyName  string     `json:"agencyName"`
	Title       string     `json:"title"`
	ClassName   string     `json:"className,omitempty"`
	KeyName     string     `json:"keyName,omitempty" doc:"所缺的关键信息"`
	Consequence string     `json:"consequence,omitempty" doc:"缺少的影响"`
	Promised    bool       `json:"promised" doc:"本人书面承诺；否则为先存后补"`
	State       string     `json:"state" enum:"open,done,closed"`
	DueOn       string     `json:"dueOn,omitempty"`
	FirstDue    string     `json:"firstDue,omitempty" doc:"延期前的期限"`
	LateDays    int        `json:"lateDays" doc:"逾期天数"`
	Reminded    int64      `json:"reminded"`
	RemindedOn  string     `json:"remindedOn,omitempty"`
	Escalated   int64      `json:"escalated" doc:"1 已报负责人，2 已报上级"`
	AskedUntil  string     `json:"askedUntil,omitempty" doc:"申请延至"`
	AskedWhy    string     `json:"askedWhy,omitempty"`
	CaseLink    string     `json:"caseLink,omitempty" doc:"产生这一项的转递"`
	Possible    []Possible `json:"possible" nullable:"false"`
}

// OwedStep is one thing done about a supplement.
type OwedStep struct {
	At    time.Time `json:"at"`
	By    string    `json:"by"`
	What  string    `json:"what"`
	DueOn string    `json:"dueOn,omitempty"`
	Until string    `json:"until,omitempty"`
	Note  string    `json:"note,omitempty"`
}

// OwedView is a supplement's page.
type OwedView struct {
	OwedItem
	Mandate *MandateItem `json:"mandate,omitempty" doc:"代办的，所凭的委托书"`
	Steps   []OwedStep   `json:"steps" nullable:"false"`
}

// OwedList is a page of what is owed.
type OwedList struct {
	Items  []OwedItem       `json:"items" nullable:"false"`
	Next   *string          `json:"next,omitempty"`
	Counts map[string]int64 `json:"counts"`
	More   bool             `json:"more" doc:"计数到上限为止"`
}

// OwedAgency is what one agency's people owe.
type OwedAgency struct {
	Code      string `json:"code"`
	Name      string `json:"name"`
	Open      int64  `json:"open"`
	Overdue   int64  `json:"overdue"`
	Promised  int64  `json:"promised" doc:"逾期中属于书面承诺的"`
	Asked     int64  `json:"asked" doc:"待批延期"`
	Escalated int64  `json:"escalated" doc:"已报请处置"`
	Oldest    string `json:"oldest,omitempty" doc:"最早的逾期期限"`
}

// OwedAgencies is the list by agency.
type OwedAgencies struct {
	Items []OwedAgency `json:"items" nullable:"false"`
}

// OwedIn names a supplement and the version it was seen at.
type OwedIn struct {
	IfMatch
	ID string `path:"id" maxLength:"64"`
}

// OwedNote is what is said with an act.
type OwedNote struct {
	Note string `json:"note,omitempty" maxLength:"300"`
}

func (s *Server) supplementRoutes() {
	const tag = "补充材料"
	route(s, op("listSupplements", http.MethodGet, "/supplements", "承诺补充和先存后补的材料：逾期、将到期、待批延期、已报请", tag), func(ctx context.Context, in *struct {
		View     string `query:"view" enum:"overdue,soon,asked,escalated,open" default:"overdue"`
		Agency   string `query:"agency" maxLength:"16"`
		Promised string `query:"promised" enum:"yes,no,"`
		Cursor   string `query:"cursor" maxLength:"64"`
		Limit    int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}) (*Body[OwedList], error) {
		by, f := actor(ctx), supplement.Filter{View: in.View, Agency: in.Agency, Promised: in.Promised, After: in.Cursor, Limit: in.Limit}
		list, next, err := s.Supplements.List(ctx, by, f)
		if err != nil {
			return nil, err
		}
		counts, err := s.Supplements.Counts(ctx, by, f)
		if err != nil {
			return nil, err
		}
		out := &Body[OwedList]{Body: OwedList{Items: []OwedItem{}, Counts: counts, More: s.capped(counts)}}
		for _, l := range list {
			out.Body.Items = append(out.Body.Items, s.owedItem(ctx, l))
		}
		if next != "" {
			out.Body.Next = &next
		}
		return out, nil
	})
	route(s, op("listSupplementAgencies", http.MethodGet, "/supplements/agencies", "各机构应补充和逾期的数目", tag), func(ctx context.Context, _ *struct{}) (*Body[OwedAgencies], error) {
		list, err := s.Supplements.Agencies(ctx, actor(ctx))
		if err != nil {
			return nil, err
		}
		out := &Body[OwedAgencies]{Body: OwedAgencies{Items: []OwedAgency{}}}
		for _, t := range list {
			out.Body.Items = append(out.Body.Items, OwedAgency{t.Agency, s.agencyName(ctx, t.Agency), t.Open, t.Overdue, t.Promised, t.Asked, t.Escalated, t.Oldest})
		}
		return out, nil
	})
	route(s, op("getSupplement", http.MethodGet, "/supplements/{id}", "一项应补充的材料（查看留痕）", tag), func(ctx context.Context, in *OwedIn) (*Tagged[OwedView], error) {
		v, err := s.Supplements.Show(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return s.owedView(ctx, v)
	})
	noted := func(id, path, summary string, do func(ctx context.Context, in *OwedIn, note string) (supplement.Owed, error)) {
		route(s, op(id, http.MethodPost, "/supplements/{id}/"+path, summary, tag), func(ctx context.Context, in *struct {
			OwedIn
			Body OwedNote
		}) (*Tagged[OwedView], error) {
			o, err := do(ctx, &in.OwedIn, in.Body.Note)
			return s.owedDone(ctx, o, err)
		})
	}
	noted("remindSupplement", "remind", "催补：告知本人期限已过", func(ctx context.Context, in *OwedIn, note string) (supplement.Owed, error) {
		return s.Supplements.Remind(ctx, actor(ctx), in.ID, note)
	})
	noted("grantSupplement", "grant", "同意延期", func(ctx context.Context, in *OwedIn, note string) (supplement.Owed, error) {
		return s.Supplements.Grant(ctx, actor(ctx), in.ID, note)
	})
	noted("denySupplement", "deny", "不同意延期，写明理由", func(ctx context.Context, in *OwedIn, note string) (supplement.Owed, error) {
		return s.Supplements.Deny(ctx, actor(ctx), in.ID, note)
	})
	noted("disposeSupplement", "dispose", "处置长期未补的材料", func(ctx context.Context, in *OwedIn, note string) (supplement.Owed, error) {
		return s.Supplements.Dispose(ctx, actor(ctx), in.ID, note)
	})
	route(s, op("askSupplement", http.MethodPost, "/supplements/{id}/ask", "申请延期一次", tag), func(ctx context.Context, in *struct {
		OwedIn
		Body struct {
			Until     string `json:"until" maxLength:"10" doc:"延至"`
			Why       string `json:"why" maxLength:"300"`
			MandateID string `json:"mandateId,omitempty" maxLength:"64" doc:"代办的：已登记的委托书"`
		}
	}) (*Tagged[OwedView], error) {
		o, err := s.Supplements.Ask(ctx, actor(ctx), in.ID, calendar.Date(in.Body.Until), in.Body.Why, in.Body.MandateID)
		return s.owedDone(ctx, o, err)
	})
}

func (s *Server) owedDone(ctx context.Context, o supplement.Owed, err error) (*Tagged[OwedView], error) {
	if err != nil {
		return nil, err
	}
	v, err := s.Supplements.After(ctx, actor(ctx), o.ID)
	if err != nil {
		return nil, err
	}
	return s.owedView(ctx, v)
}

func (s *Server) owedItem(ctx context.Context, l supplement.Listed) OwedItem {
	class, _ := codes.FindClass(l.Class)
	v := OwedItem{ID: l.ID, Version: l.Version, DossierID: l.DossierID, DossierNo: l.DossierNo, PersonName: l.PersonName, AgencyName: s.agencyName(ctx, l.Agency), Title: l.Title, ClassName: class.Short,
		Consequence: l.Consequence, Promised: l.Promised, State: l.State, DueOn: l.DueOn, FirstDue: l.FirstDue, LateDays: l.Late, Reminded: l.Reminded, RemindedOn: l.RemindedOn,
		Escalated: l.Escalated, AskedUntil: l.AskedUntil, AskedWhy: l.AskedWhy, Possible: possible(l.Possible)}
	if l.KeyFact != "" {
		v.KeyName = dossier.KeyFactName(l.KeyFact)
	}
	if id, ok := strings.CutPrefix(l.CaseRef, "Transfer:"); ok {
		v.CaseLink = "/transfers/" + id
	}
	return v
}

func (s *Server) owedView(ctx context.Context, v supplement.View) (*Tagged[OwedView], error) {
	out := OwedView{OwedItem: s.owedItem(ctx, v.Listed), Steps: []OwedStep{}}
	var err error
	if out.Mandate, err = s.mandateSeen(ctx, v.Ref(), mandate.Supplement); err != nil {
		return nil, err
	}
	for _, t := range v.Steps {
		step := OwedStep{At: t.At, By: "系统", What: supplement.KindName(t.Kind), DueOn: t.DueOn, Until: t.UntilOn, Note: t.Note}
		if t.MadeBy != "system" {
			step.By = s.staffName(ctx, t.MadeBy)
		}
		out.Steps = append(out.Steps, step)
	}
	return &Tagged[OwedView]{etag(v.Version), out}, nil
}
