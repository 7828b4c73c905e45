package api

import (
	"context"
	"net/http"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/double"
	"dangan/internal/gate"
	"dangan/internal/person"
	"dangan/internal/roster"
)

func init() { capabilities = append(capabilities, (*Server).doubleRoutes) }

// DoubleView are two dossiers that are likely of one person.
type DoubleView struct {
	Likely []LikelyView `json:"likely" nullable:"false"`
	Merge  string       `json:"merge,omitempty" doc:"两卷都由本机构保管时，申请并档的档案"`
	Into   string       `json:"into,omitempty" doc:"并入的另一卷的编号，申请时已填好"`
}

// DoubleList is a page of them.
type DoubleList struct {
	Items    []DoubleView `json:"items" nullable:"false"`
	Next     *string      `json:"next"`
	MayState bool         `json:"mayState" doc:"可以认定不是同一人"`
}

// DistinctView is what was said of two people of one name and birth date.
type DistinctView struct {
	ID         string       `json:"id"`
	Version    string       `json:"version" doc:"撤销时放在 If-Match 中"`
	Name       string       `json:"name"`
	BirthDate  string       `json:"birthDate"`
	State      string       `json:"state" enum:"stated,undone"`
	Reason     string       `json:"reason"`
	Document   string       `json:"document"`
	SeenBy     string       `json:"seenBy"`
	SeenOn     string       `json:"seenOn"`
	AgencyName string       `json:"agencyName"`
	StatedBy   string       `json:"statedBy"`
	StatedAt   time.Time    `json:"statedAt"`
	UndoneBy   string       `json:"undoneBy,omitempty"`
	UndoneAt   *time.Time   `json:"undoneAt,omitempty"`
	UndoneWhy  string       `json:"undoneWhy,omitempty"`
	Likely     []LikelyView `json:"likely" nullable:"false" doc:"两人中已有档案的"`
	Possible   []Possible   `json:"possible" nullable:"false"`
}

// DistinctIn says that two people are two.
type DistinctIn struct {
	DossierID string            `json:"dossierId" maxLength:"64"`
	OtherID   string            `json:"otherId,omitempty" maxLength:"64" doc:"另一卷"`
	Candidate *double.Candidate `json:"candidate,omitempty" doc:"还没有档案的另一人，照被拦下时给出的填写"`
	Reason    string            `json:"reason,omitempty" maxLength:"200"`
	Document  string            `json:"document,omitempty" maxLength:"200" doc:"查看了什么证件或材料"`
	SeenBy    string            `json:"seenBy,omitempty" maxLength:"60"`
	SeenOn    string            `json:"seenOn,omitempty" maxLength:"10"`
}

func (s *Server) doubleRoutes() {
	const tag = "可能重复的档案"
	route(s, op("listDoubles", http.MethodGet, "/likely-doubles", "姓名（含曾用名）、出生日期相同而号码不同，还没有认定的两卷", tag), func(ctx context.Context, in *struct {
		After string `query:"after" maxLength:"200"`
		Limit int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
	}) (*Body[DoubleList], error) {
		by := actor(ctx)
		list, next, err := s.Doubles.Open(ctx, by, in.After, in.Limit)
		if err != nil {
			return nil, err
		}
		out := &Body[DoubleList]{Body: DoubleList{Items: []DoubleView{}, MayState: s.Doubles.MayState(by)}}
		if next != "" {
			out.Body.Next = &next
		}
		for _, p := range list {
			v := DoubleView{}
			if v.Likely, err = s.doubleLikely(ctx, p); err != nil {
				return nil, err
			}
			if a, b := p.Likely[0].Dossier, p.Likely[1].Dossier; a.Agency == by.Org && b.Agency == by.Org {
				if v.Merge, v.Into = a.ID, b.No; b.ID < a.ID {
					v.Merge, v.Into = b.ID, a.No
				}
			}
			out.Body.Items = append(out.Body.Items, v)
		}
		return out, nil
	})
	route(s, op("stateDistinct", http.MethodPost, "/likely-doubles/distinct", "凭证件材料认定不是同一人", tag), func(ctx context.Context, in *struct {
		Body DistinctIn
	}) (*Body[DistinctView], error) {
		b := in.Body
		said, err := s.Doubles.State(ctx, actor(ctx), double.Statement{DossierID: b.DossierID, OtherID: b.OtherID, Candidate: b.Candidate, Reason: b.Reason, Document: b.Document, SeenBy: b.SeenBy, SeenOn: calendar.Date(b.SeenOn)})
		if err != nil {
			return nil, err
		}
		v, err := s.distinctView(ctx, double.Pair{Said: &said})
		return &Body[DistinctView]{Body: v}, err
	})
	route(s, op("listDistinct", http.MethodGet, "/likely-doubles/distinct", "已认定不是同一人的，和已撤销的认定", tag), func(ctx context.Context, in *struct {
		State  string `query:"state" enum:"stated,undone,"`
		Before string `query:"before" maxLength:"64"`
		Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
	}) (*Body[Page[DistinctView]], error) {
		list, err := s.Doubles.Said(ctx, actor(ctx), in.State, in.Before, in.Limit+1)
		if err != nil {
			return nil, err
		}
		out := &Body[Page[DistinctView]]{Body: Page[DistinctView]{Items: []DistinctView{}}}
		if len(list) > in.Limit {
			list = list[:in.Limit]
			out.Body.Next = &list[in.Limit-1].Said.ID
		}
		for _, p := range list {
			v, err := s.distinctView(ctx, p)
			if err != nil {
				return nil, err
			}
			out.Body.Items = append(out.Body.Items, v)
		}
		return out, nil
	})
	route(s, op("undoDistinct", http.MethodPost, "/likely-doubles/distinct/{id}/undo", "撤销不是同一人的认定", tag), func(ctx context.Context, in *struct {
		IfMatch
		ID   string `path:"id" maxLength:"64"`
		Body struct {
			Reason string `json:"reason,omitempty" maxLength:"200"`
		}
	}) (*Body[DistinctView], error) {
		said, err := s.Doubles.Undo(ctx, actor(ctx), in.ID, in.Body.Reason)
		if err != nil {
			return nil, err
		}
		v, err := s.distinctView(ctx, double.Pair{Said: &said})
		return &Body[DistinctView]{Body: v}, err
	})
}

func (s *Server) doubleLikely(ctx context.Context, p double.Pair) ([]LikelyView, error) {
	list := make([]roster.Likely, len(p.Likely))
	for i, l := range p.Likely {
		list[i] = roster.Likely{Dossier: l.Dossier, Person: l.Person}
	}
	return s.likelyViews(ctx, list)
}

func (s *Server) distinctView(ctx context.Context, p double.Pair) (v DistinctView, err error) {
	d := p.Said
	v = DistinctView{ID: d.ID, Version: etag(d.Version), Name: d.Name, BirthDate: d.BirthDate, State: d.State, Reason: d.Reason, Document: d.Document, SeenBy: d.SeenBy, SeenOn: d.SeenOn,
		AgencyName: s.agencyName(ctx, d.Agency), StatedBy: s.staffName(ctx, d.StatedBy), StatedAt: d.StatedAt, UndoneWhy: d.UndoneWhy, Possible: []Possible{}}
	if d.State == person.Undone {
		at := d.UndoneAt
		v.UndoneBy, v.UndoneAt = s.staffName(ctx, d.UndoneBy), &at
	}
	if x, ok := s.Doubles.MayUndo(actor(ctx), *d); ok {
		v.Possible = append(v.Possible, possible([]gate.Possible{x})...)
	}
	v.Likely, err = s.doubleLikely(ctx, p)
	return v, err
}
