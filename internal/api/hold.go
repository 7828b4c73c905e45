package api

import (
	"context"
	"net/http"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/hold"
)

func init() { capabilities = append(capabilities, (*Server).holdRoutes) }

// HoldItem is a hold in a list.
type HoldItem struct {
	ID         string    `json:"id"`
	No         string    `json:"no"`
	State      string    `json:"state" enum:"asked,active,lifting,lifted,extended,expired,refused"`
	StateName  string    `json:"stateName"`
	Tone       string    `json:"tone"`
	DossierID  string    `json:"dossierId"`
	DossierNo  string    `json:"dossierNo"`
	PersonName string    `json:"personName"`
	AgencyName string    `json:"agencyName"`
	Organ      string    `json:"organ"`
	OrderName  string    `json:"orderName"`
	OrderNo    string    `json:"orderNo"`
	Order      string    `json:"order" doc:"文书名称和文号"`
	OrderOn    string    `json:"orderOn"`
	Until      string    `json:"until"`
	DaysLeft   *int      `json:"daysLeft,omitempty" doc:"限制中的，到期前的工作日"`
	ChangedAt  time.Time `json:"changedAt"`
}

// HoldList is a page of holds with the number in each view.
type HoldList struct {
	Items  []HoldItem       `json:"items" nullable:"false"`
	Next   *string          `json:"next"`
	Counts map[string]int64 `json:"counts" nullable:"false"`
	More   bool             `json:"more,omitempty" doc:"至少这么多，没有再数"`
}

// HoldView is one hold with what may be done.
type HoldView struct {
	HoldItem
	Basis     string     `json:"basis"`
	BasisName string     `json:"basisName"`
	Contact   string     `json:"contact,omitempty"`
	Before    *HoldItem  `json:"before,omitempty" doc:"所续的限制"`
	AskedBy   string     `json:"askedBy"`
	AskedAt   time.Time  `json:"askedAt"`
	DecidedBy string     `json:"decidedBy,omitempty"`
	DecidedAt *time.Time `json:"decidedAt,omitempty"`
	Note      string     `json:"note,omitempty"`
	Release   string     `json:"release,omitempty" doc:"解除文书名称和文号"`
	LiftOn    string     `json:"liftOn,omitempty"`
	LiftBy    string     `json:"liftBy,omitempty"`
	LiftOkBy  string     `json:"liftOkBy,omitempty"`
	EndedAt   *time.Time `json:"endedAt,omitempty"`
	Possible  []Possible `json:"possible" nullable:"false"`
}

// HoldOrder is the organ's document as it is entered.
type HoldOrder struct {
	Organ   string `json:"organ,omitempty" maxLength:"120" doc:"作出限制的机关"`
	Basis   string `json:"basis,omitempty" maxLength:"40" doc:"法律依据"`
	Name    string `json:"name,omitempty" maxLength:"80" doc:"法律文书名称"`
	No      string `json:"no,omitempty" maxLength:"80" doc:"文号"`
	On      string `json:"on,omitempty" maxLength:"10" doc:"文书日期"`
	Until   string `json:"until,omitempty" maxLength:"10" doc:"限制到哪一天（含）"`
	Contact string `json:"contact,omitempty" maxLength:"80" doc:"机关联系人、电话"`
	Extends string `json:"extends,omitempty" maxLength:"64" doc:"续期的，原限制的编号（id）"`
}

// HoldRelease is the organ's document that lifts a hold.
type HoldRelease struct {
	Name string `json:"name,omitempty" maxLength:"80"`
	No   string `json:"no,omitempty" maxLength:"80"`
	On   string `json:"on,omitempty" maxLength:"10"`
}

// HoldDecision confirms, or sends back with a note.
type HoldDecision struct {
	Confirm bool   `json:"confirm"`
	Note    string `json:"note,omitempty" maxLength:"200"`
}

// HoldIn names a hold and the version it was seen at.
type HoldIn struct {
	IfMatch
	ID string `path:"id" maxLength:"64"`
}

func (s *Server) holdRoutes() {
	const tag = "限制转出"
	route(s, op("listHolds", http.MethodGet, "/holds", "有权机关限制转出的档案", tag), func(ctx context.Context, in *struct {
		OfAgency
		View   string `query:"view" enum:"running,asked,ended" default:"running"`
		Cursor string `query:"cursor" maxLength:"64"`
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}) (*Body[HoldList], error) {
		by := in.of(ctx)
		list, next, err := s.Holds.List(ctx, by, in.View, in.Cursor, in.Limit)
		if err != nil {
			return nil, err
		}
		counts, err := s.Holds.Counts(ctx, by)
		if err != nil {
			return nil, err
		}
		out := &Body[HoldList]{Body: HoldList{Items: []HoldItem{}, Counts: counts, More: s.capped(counts)}}
		for _, h := range list {
			out.Body.Items = append(out.Body.Items, s.holdItem(ctx, h))
		}
		if next != "" {
			out.Body.Next = &next
		}
		return out, nil
	})
	route(s, op("listHoldBases", http.MethodGet, "/hold-bases", "限制转出的法律依据", tag), func(_ context.Context, _ *struct{}) (*Body[[]hold.Basis], error) {
		return &Body[[]hold.Basis]{Body: hold.Bases()}, nil
	})
	route(s, op("getHold", http.MethodGet, "/holds/{id}", "一项限制", tag), func(ctx context.Context, in *HoldIn) (*Tagged[HoldView], error) {
		v, err := s.Holds.Show(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return s.holdView(ctx, v), nil
	})
	route(s, op("askHold", http.MethodPost, "/dossiers/{id}/holds", "登记限制转出或续期，待另一人确认", tag), func(ctx context.Context, in *struct {
		DossierPath
		Body HoldOrder
	}) (*Tagged[HoldView], error) {
		b := in.Body
		h, err := s.Holds.Ask(ctx, actor(ctx), in.ID, hold.Order{Organ: b.Organ, Basis: b.Basis, Name: b.Name, No: b.No, On: calendar.Date(b.On), Until: calendar.Date(b.Until), Contact: b.Contact, Extends: b.Extends})
		return s.holdDone(ctx, h, err)
	})
	route(s, op("decideHold", http.MethodPost, "/holds/{id}/decide", "确认限制，或不予登记", tag), func(ctx context.Context, in *struct {
		HoldIn
		Body HoldDecision
	}) (*Tagged[HoldView], error) {
		h, err := s.Holds.Decide(ctx, actor(ctx), in.ID, in.Body.Confirm, in.Body.Note)
		return s.holdDone(ctx, h, err)
	})
	route(s, op("liftHold", http.MethodPost, "/holds/{id}/lift", "登记解除文书，待另一人确认", tag), func(ctx context.Context, in *struct {
		HoldIn
		Body HoldRelease
	}) (*Tagged[HoldView], error) {
		h, err := s.Holds.Lift(ctx, actor(ctx), in.ID, hold.Release{Name: in.Body.Name, No: in.Body.No, On: calendar.Date(in.Body.On)})
		return s.holdDone(ctx, h, err)
	})
	route(s, op("decideLift", http.MethodPost, "/holds/{id}/decide-lift", "确认解除，或继续限制", tag), func(ctx context.Context, in *struct {
		HoldIn
		Body HoldDecision
	}) (*Tagged[HoldView], error) {
		h, err := s.Holds.DecideLift(ctx, actor(ctx), in.ID, in.Body.Confirm, in.Body.Note)
		return s.holdDone(ctx, h, err)
	})
}

func (s *Server) holdDone(ctx context.Context, h hold.Hold, err error) (*Tagged[HoldView], error) {
	if err != nil {
		return nil, err
	}
	v, err := s.Holds.After(ctx, actor(ctx), h)
	if err != nil {
		return nil, err
	}
	return s.holdView(ctx, v), nil
}

func (s *Server) holdItem(ctx context.Context, h hold.Listed) HoldItem {
	v := HoldItem{ID: h.ID, No: h.No, State: string(h.State), StateName: h.State.Name(), Tone: h.State.Tone(), DossierID: h.DossierID, DossierNo: h.DossierNo, PersonName: h.PersonName, AgencyName: s.agencyName(ctx, h.Agency),
		Organ: h.Organ, OrderName: h.OrderName, OrderNo: h.OrderNo, Order: h.Order(), OrderOn: h.OrderOn.String(), Until: h.Until.String(), ChangedAt: h.ChangedAt}
	if h.State.InForce() {
		v.DaysLeft = s.daysLeft(h.Until.String())
	}
	return v
}

func (s *Server) holdView(ctx context.Context, v hold.View) *Tagged[HoldView] {
	h := v.Hold
	out := HoldView{HoldItem: s.holdItem(ctx, v.Listed), Basis: h.Basis, BasisName: hold.BasisName(h.Basis), Contact: h.Contact, AskedBy: s.staffName(ctx, h.AskedBy), AskedAt: h.AskedAt, Note: h.Note,
		Release: h.Release(), LiftOn: h.LiftOn.String(), Possible: possible(v.Possible)}
	for to, by := range map[*string]string{&out.DecidedBy: h.DecidedBy, &out.LiftBy: h.LiftBy, &out.LiftOkBy: h.LiftOkBy} {
		if by != "" {
			*to = s.staffName(ctx, by)
		}
	}
	if !h.DecidedAt.IsZero() {
		out.DecidedAt = &h.DecidedAt
	}
	if !h.EndedAt.IsZero() {
		out.EndedAt = &h.EndedAt
	}
	if v.Before != nil {
		before := s.holdItem(ctx, hold.Listed{Hold: *v.Before, DossierNo: v.DossierNo, PersonName: v.PersonName})
		out.Before = &before
	}
	return &Tagged[HoldView]{etag(h.Version), out}
}
