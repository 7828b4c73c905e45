package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/collect"
	"dangan/internal/staff"
)

func init() { capabilities = append(capabilities, (*Server).collectRoutes) }

// CollectionItem is one notice in the list.
type CollectionItem struct {
	ID         string           `json:"id"`
	No         string           `json:"no"`
	State      string           `json:"state" enum:"waiting,handed,done,withdrawn"`
	StateName  string           `json:"stateName"`
	Tone       string           `json:"tone" enum:"plain,run,wait,done,bad,void"`
	DossierID  string           `json:"dossierId"`
	DossierNo  string           `json:"dossierNo"`
	PersonName string           `json:"personName"`
	AgencyName string           `json:"agencyName"`
	Target     string           `json:"target" enum:"unit,person,office"`
	TargetName string           `json:"targetName"`
	Addressee  string           `json:"addressee"`
	EventName  string           `json:"eventName,omitempty"`
	FormedOn   string           `json:"formedOn,omitempty" doc:"事项发生的日期"`
	OpenedOn   string           `json:"openedOn"`
	DueOn      string           `json:"dueOn"`
	LateDays   int              `json:"lateDays" doc:"逾期天数"`
	Urged      int64            `json:"urged" doc:"已催收次数"`
	UrgedOn    string           `json:"urgedOn,omitempty"`
	Reminded   string           `json:"reminded,omitempty" doc:"系统已发的提醒：期满前、期满后"`
	RemindedOn string           `json:"remindedOn,omitempty"`
	Vacant     bool             `json:"vacant" doc:"本机构的任务：办理人已不在岗，待负责人交由他人办理"`
	Materials  []CollectionLine `json:"materials" nullable:"false"`
}

// CollectionLine is one material that is asked for.
type CollectionLine struct {
	Title     string `json:"title"`
	ClassName string `json:"className,omitempty"`
	Maker     string `json:"maker,omitempty" doc:"形成单位"`
	StateName string `json:"stateName"`
	HandedOn  string `json:"handedOn,omitempty" doc:"收到日期"`
}

// CollectionView is a notice's page.
type CollectionView struct {
	CollectionItem
	Number      string     `json:"number" doc:"通知单号"`
	Online      bool       `json:"online" doc:"单位经办人登录后可以看到并提交"`
	DocumentID  string     `json:"documentId"`
	OpenedBy    string     `json:"openedBy"`
	OpenedAt    time.Time  `json:"openedAt"`
	WithdrawnOn string     `json:"withdrawnOn,omitempty"`
	WithdrawnBy string     `json:"withdrawnBy,omitempty"`
	Why         string     `json:"why,omitempty"`
	Possible    []Possible `json:"possible" nullable:"false"`

	Staff []CollectionStaff `json:"staff" nullable:"false" doc:"可以改交的经办人员；只给可以改交的人"`
}

// CollectionStaff is a clerk to whom a task may be given.
type CollectionStaff struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// CollectionList is a page of notices.
type CollectionList struct {
	Items  []CollectionItem `json:"items" nullable:"false"`
	Next   *string          `json:"next,omitempty"`
	Counts map[string]int64 `json:"counts"`
	More   bool             `json:"more" doc:"计数到上限为止"`
}

// CollectionEvent is something in a working life that forms materials (14a).
type CollectionEvent struct {
	Slug   string   `json:"slug"`
	Name   string   `json:"name"`
	Target string   `json:"target" doc:"通常由谁形成"`
	Titles []string `json:"titles" nullable:"false"`
	Filed  []string `json:"filed" nullable:"false" doc:"其中已有归档材料的"`
}

// CollectionWanted is one material that a dossier lacks.
type CollectionWanted struct {
	Title       string   `json:"title"`
	ClassName   string   `json:"className,omitempty"`
	Others      []string `json:"others" nullable:"false" doc:"可以代替的材料"`
	Key         bool     `json:"key" doc:"关键材料（第二十条）"`
	Consequence string   `json:"consequence,omitempty"`
	Expected    bool     `json:"expected" doc:"一般应有，不是必须"`
	Because     string   `json:"because,omitempty" doc:"有条件才需要的材料：哪项记载表明需要"`

	Asked []CollectionAsked `json:"asked" nullable:"false" doc:"已开具、尚未交来的通知单"`
}

// CollectionAsked is a notice that asks for a material already.
type CollectionAsked struct {
	No    string `json:"no"`
	Maker string `json:"maker,omitempty" doc:"形成单位"`
}

// NotFormedView is a material that is stated as not formed.
type NotFormedView struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	StatedBy    string `json:"statedBy"`
	StatedOn    string `json:"statedOn"`
	Statement   string `json:"statement"`
	EnteredBy   string `json:"enteredBy"`
	EnteredOwn  bool   `json:"enteredOwn"`
	Confirmed   bool   `json:"confirmed"`
	ConfirmedBy string `json:"confirmedBy,omitempty"`
}

// CollectionPlan is what a dossier lacks, and what events bring.
type CollectionPlan struct {
	Known  bool               `json:"known" doc:"目录已录入，可以对照"`
	Wanted []CollectionWanted `json:"wanted" nullable:"false"`

	NotFormed []NotFormedView `json:"notFormed" nullable:"false" doc:"登记为未形成的材料"`

	Staff []CollectionStaff `json:"staff" nullable:"false" doc:"本机构的经办人员：向本机构收集的可以交给其中一人"`

	Events []CollectionEvent `json:"events" nullable:"false"`
}

// CollectionOrder is what a clerk asks for.
type CollectionOrder struct {
	Target    string   `json:"target,omitempty" maxLength:"20" doc:"unit 形成单位、person 本人、office 本机构"`
	Addressee string   `json:"addressee,omitempty" maxLength:"120" doc:"单位全称"`
	Event     string   `json:"event,omitempty" maxLength:"40"`
	FormedOn  string   `json:"formedOn,omitempty" maxLength:"10"`
	Maker     string   `json:"maker,omitempty" maxLength:"120" doc:"向本人、本机构收集的材料由哪个单位形成；本人书写的写“本人”"`
	Handler   string   `json:"handler,omitempty" maxLength:"64" doc:"向本机构收集的交给哪一名经办；空着由开具人办理"`
	Titles    []string `json:"titles,omitempty" maxItems:"100" maxLength:"200"`
}

// CollectionTardy is how late one unit or person was.
type CollectionTardy struct {
	Name      string `json:"name"`
	DossierID string `json:"dossierId,omitempty"`
	Materials int64  `json:"materials" doc:"已交，迟交份数"`
	Days      int64  `json:"days" doc:"已交，迟交天数合计"`
	Longest   int64  `json:"longest" doc:"已交，最长一份迟交天数"`
	Owed      int64  `json:"owed" doc:"逾期至今未交份数"`
	OwedDays  int64  `json:"owedDays" doc:"未交，到今天的逾期天数合计"`
	OwedMost  int64  `json:"owedMost" doc:"未交，最长一份到今天的逾期天数"`
}

// CollectionTardies is the list of the late.
type CollectionTardies struct {
	Items []CollectionTardy `json:"items" nullable:"false"`
}

// CollectionIn names a notice and the version it was seen at.
type CollectionIn struct {
	IfMatch
	ID string `path:"id" maxLength:"64"`
}

func (s *Server) collectRoutes() {
	const tag = "材料收集"
	route(s, op("listCollections", http.MethodGet, "/collections", "材料收集通知", tag), func(ctx context.Context, in *struct {
		OfAgency
		View   string `query:"view" enum:"waiting,overdue,vacant,ended" default:"waiting"`
		Target string `query:"target" enum:"unit,person,office"`
		Cursor string `query:"cursor" maxLength:"64"`
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}) (*Body[CollectionList], error) {
		by := in.of(ctx)
		list, next, err := s.Collections.List(ctx, by, collect.Filter{View: in.View, Target: in.Target, After: in.Cursor, Limit: in.Limit})
		if err != nil {
			return nil, err
		}
		counts, err := s.Collections.Counts(ctx, by)
		if err != nil {
			return nil, err
		}
		out := &Body[CollectionList]{Body: CollectionList{Items: []CollectionItem{}, Counts: counts, More: s.capped(counts)}}
		for _, r := range list {
			out.Body.Items = append(out.Body.Items, s.collectionItem(ctx, r))
		}
		if next != "" {
			out.Body.Next = &next
		}
		return out, nil
	})
	route(s, op("listTardy", http.MethodGet, "/collections/tardy", "迟交清单：按单位、按人", tag), func(ctx context.Context, in *struct {
		By    string `query:"by" enum:"unit,person" default:"unit"`
		From  string `query:"from" maxLength:"10" required:"true"`
		Until string `query:"until" maxLength:"10" required:"true"`
	}) (*Body[CollectionTardies], error) {
		list, err := s.Collections.Tardy(ctx, actor(ctx), collect.Target(in.By), calendar.Date(in.From), calendar.Date(in.Until))
		if err != nil {
			return nil, err
		}
		out := &Body[CollectionTardies]{Body: CollectionTardies{Items: []CollectionTardy{}}}
		for _, t := range list {
			out.Body.Items = append(out.Body.Items, CollectionTardy(t))
		}
		return out, nil
	})
	route(s, op("getCollectionPlan", http.MethodGet, "/dossiers/{id}/collection-plan", "对照清单缺哪些材料（查看留痕）", tag), func(ctx context.Context, in *DossierPath) (*Body[CollectionPlan], error) {
		plan, err := s.Collections.Plan(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		out := &Body[CollectionPlan]{Body: CollectionPlan{Known: plan.Known, Wanted: []CollectionWanted{}, NotFormed: []NotFormedView{}, Staff: collectionStaff(plan.Staff), Events: []CollectionEvent{}}}
		me, name := actor(ctx).ID, s.names(ctx)
		for _, e := range plan.NotFormed {
			v := NotFormedView{ID: e.ID, Title: e.Title, StatedBy: e.StatedBy, StatedOn: e.StatedOn, Statement: e.Statement, EnteredBy: name(e.EnteredBy), EnteredOwn: e.EnteredBy == me, Confirmed: e.ConfirmedBy != ""}
			if v.Confirmed {
				v.ConfirmedBy = name(e.ConfirmedBy)
			}
			out.Body.NotFormed = append(out.Body.NotFormed, v)
		}
		for _, w := range plan.Wanted {
			class, _ := codes.FindClass(w.Class)
			line := CollectionWanted{Title: w.Title, ClassName: class.Short, Others: append([]string{}, w.Others...), Key: w.KeyFact != "", Consequence: w.Consequence, Expected: w.Expected, Because: w.Because, Asked: []CollectionAsked{}}
			for _, a := range w.Asked {
				line.Asked = append(line.Asked, CollectionAsked(a))
			}
			out.Body.Wanted = append(out.Body.Wanted, line)
		}
		for _, e := range collect.Events {
			out.Body.Events = append(out.Body.Events, CollectionEvent{e.Slug, e.Name, string(e.Target), e.Titles, slices.DeleteFunc(slices.Clone(e.Titles), func(t string) bool { return !plan.Filed[t] })})
		}
		return out, nil
	})
	route(s, op("openCollection", http.MethodPost, "/dossiers/{id}/collections", "开具材料收集通知单", tag), func(ctx context.Context, in *struct {
		DossierPath
		Body CollectionOrder
	}) (*Tagged[CollectionView], error) {
		b := in.Body
		r, err := s.Collections.Open(ctx, actor(ctx), in.ID, collect.Order{Target: collect.Target(b.Target), Addressee: b.Addressee, Event: b.Event, FormedOn: calendar.Date(b.FormedOn), Maker: b.Maker, Handler: b.Handler, Titles: b.Titles})
		return s.collectionDone(ctx, r, err)
	})
	route(s, op("getCollection", http.MethodGet, "/collections/{id}", "一张材料收集通知单（查看留痕）", tag), func(ctx context.Context, in *CollectionIn) (*Tagged[CollectionView], error) {
		v, err := s.Collections.Show(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return s.collectionView(ctx, v), nil
	})
	route(s, op("urgeCollection", http.MethodPost, "/collections/{id}/urge", "催收", tag), func(ctx context.Context, in *CollectionIn) (*Tagged[CollectionView], error) {
		r, err := s.Collections.Urge(ctx, actor(ctx), in.ID)
		return s.collectionDone(ctx, r, err)
	})
	route(s, op("assignCollection", http.MethodPost, "/collections/{id}/assign", "本机构的任务改交另一名经办", tag), func(ctx context.Context, in *struct {
		CollectionIn
		Body struct {
			Handler string `json:"handler,omitempty" maxLength:"64"`
		}
	}) (*Tagged[CollectionView], error) {
		r, err := s.Collections.Assign(ctx, actor(ctx), in.ID, in.Body.Handler)
		return s.collectionDone(ctx, r, err)
	})
	route(s, op("withdrawCollection", http.MethodPost, "/collections/{id}/withdraw", "撤回，写明理由", tag), func(ctx context.Context, in *struct {
		CollectionIn
		Body struct {
			Why string `json:"why,omitempty" maxLength:"200"`
		}
	}) (*Tagged[CollectionView], error) {
		r, err := s.Collections.Withdraw(ctx, actor(ctx), in.ID, in.Body.Why)
		return s.collectionDone(ctx, r, err)
	})
}

func (s *Server) collectionDone(ctx context.Context, r collect.Request, err error) (*Tagged[CollectionView], error) {
	if err != nil {
		return nil, err
	}
	v, err := s.Collections.After(ctx, actor(ctx), r)
	if err != nil {
		return nil, err
	}
	return s.collectionView(ctx, v), nil
}

func (s *Server) collectionItem(ctx context.Context, r collect.Listed) CollectionItem {
	event, _ := collect.FindEvent(r.Event)
	v := CollectionItem{ID: r.ID, No: r.No, State: string(r.State), StateName: r.State.Name(), Tone: r.State.Tone(), DossierID: r.DossierID, DossierNo: r.DossierNo, PersonName: r.PersonName, AgencyName: s.agencyName(ctx, r.Agency),
		Target: string(r.Target), TargetName: r.Target.Name(), Addressee: r.Addressee, EventName: event.Name, FormedOn: r.FormedOn, OpenedOn: r.OpenedOn, DueOn: r.DueOn, LateDays: r.Late, Urged: r.Urged, UrgedOn: r.UrgedOn, Reminded: r.Reminded.Name(), RemindedOn: r.RemindedOn, Vacant: r.Vacant, Materials: []CollectionLine{}}
	for _, i := range r.Items {
		class, _ := codes.FindClass(i.Class)
		v.Materials = append(v.Materials, CollectionLine{Title: i.Title, ClassName: class.Short, Maker: i.Maker, StateName: i.Name(), HandedOn: i.HandedOn})
	}
	return v
}

func (s *Server) collectionView(ctx context.Context, v collect.View) *Tagged[CollectionView] {
	out := CollectionView{CollectionItem: s.collectionItem(ctx, v.Listed), Number: v.Number, DocumentID: v.DocumentID, Online: v.USCC != "", OpenedBy: s.staffName(ctx, v.OpenedBy), OpenedAt: v.OpenedAt,
		WithdrawnOn: v.WithdrawnOn, Why: v.Why, Possible: possible(v.Possible), Staff: collectionStaff(v.Staff)}
	if v.WithdrawnBy != "" {
		out.WithdrawnBy = s.staffName(ctx, v.WithdrawnBy)
	}
	return &Tagged[CollectionView]{etag(v.Version), out}
}

func collectionStaff(list []staff.Member) []CollectionStaff {
	out := []CollectionStaff{}
	for _, m := range list {
		out = append(out, CollectionStaff{m.ID, m.Name})
	}
	return out
}
