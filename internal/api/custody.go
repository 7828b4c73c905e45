package api

import (
	"context"
	"net/http"
	"time"

	"dangan/internal/custody"
)

func init() { capabilities = append(capabilities, (*Server).custodyRoutes) }

// PullLineView is one 提档单 on the keeper's list.
type PullLineView struct {
	ID          string    `json:"id"`
	DossierID   string    `json:"dossierId"`
	DossierNo   string    `json:"dossierNo"`
	Name        string    `json:"name"`
	Shelfmark   string    `json:"shelfmark"`
	Place       string    `json:"place" doc:"档案现在何处"`
	Purpose     string    `json:"purpose"`
	Room        string    `json:"room" doc:"该用途送往的房间"`
	RoomName    string    `json:"roomName"`
	Case        string    `json:"case" doc:"所属业务，如 Transfer:编号"`
	State       string    `json:"state" enum:"asked,out,back,closed"`
	StateName   string    `json:"stateName"`
	AskedAt     time.Time `json:"askedAt"`
	AskedByName string    `json:"askedByName"`
}

// PullPage is a page of them with the number in each state.
type PullPage struct {
	Items  []PullLineView   `json:"items" nullable:"false"`
	Next   *string          `json:"next"`
	Counts map[string]int64 `json:"counts" nullable:"false"`
	More   bool             `json:"more,omitempty" doc:"至少这么多，没有再数"`
}

// HandoverView is one line of the custody chain.
type HandoverView struct {
	At     time.Time `json:"at"`
	Kind   string    `json:"kind"`
	From   string    `json:"from"`
	To     string    `json:"to"`
	Agency string    `json:"agency"`
	By     string    `json:"by"`
	Packet string    `json:"packet,omitempty"`
	Note   string    `json:"note,omitempty"`
	Case   string    `json:"case,omitempty"`
}

// PacketView is a packet as the keeper sees it after a scan.
type PacketView struct {
	DossierID string         `json:"dossierId"`
	DossierNo string         `json:"dossierNo"`
	Name      string         `json:"name"`
	State     string         `json:"state"`
	StateName string         `json:"stateName"`
	Place     string         `json:"place"`
	PlaceName string         `json:"placeName"`
	Shelfmark string         `json:"shelfmark"`
	Hold      string         `json:"hold,omitempty"`
	Requests  []PullLineView `json:"requests" nullable:"false"`
	Chain     []HandoverView `json:"chain" nullable:"false"`
	Possible  []Possible     `json:"possible" nullable:"false"`
	Goes      string         `json:"goes" doc:"按提档单应送往何处"`
}

// PacketIn names a packet and the version it was seen at.
type PacketIn struct {
	IfMatch
	ID string `path:"id" maxLength:"64"`
}

type handlingBody struct {
	To     string `json:"to,omitempty" enum:"arranging,reading,window,store," doc:"送往何处；空为按提档单"`
	Packet string `json:"packet,omitempty" enum:"intact,broken," doc:"封存情况"`
	Note   string `json:"note,omitempty" maxLength:"200"`
}

func (s *Server) custodyRoutes() {
	const tag = "出入库交接"
	route(s, op("listPulls", http.MethodGet, "/custody/requests", "提档单", tag), func(ctx context.Context, in *struct {
		State string `query:"state" enum:"asked,out,back,"`
		After string `query:"after" maxLength:"64"`
		Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}) (*Body[PullPage], error) {
		lines, err := s.Custody.Requests(ctx, actor(ctx), custody.Filter{State: in.State, After: in.After, Limit: in.Limit + 1})
		if err != nil {
			return nil, err
		}
		counts, err := s.Custody.Counts(ctx, actor(ctx))
		if err != nil {
			return nil, err
		}
		out := &Body[PullPage]{Body: PullPage{Items: []PullLineView{}, Counts: counts, More: s.capped(counts)}}
		if len(lines) > in.Limit {
			lines = lines[:in.Limit]
			out.Body.Next = &lines[in.Limit-1].ID
		}
		for _, l := range lines {
			v := s.pullView(ctx, l.Request)
			v.DossierNo, v.Name, v.Shelfmark, v.Place = l.No, l.Name, l.Shelfmark, custody.PlaceName(l.DossierPlace)
			out.Body.Items = append(out.Body.Items, v)
		}
		return out, nil
	})
	route(s, op("scanPacket", http.MethodGet, "/custody/scan", "按档案编号找到档案", tag), func(ctx context.Context, in *struct {
		No string `query:"no" required:"true" minLength:"1" maxLength:"64"`
	}) (*Tagged[PacketView], error) {
		card, err := s.Custody.Scan(ctx, actor(ctx), in.No)
		if err != nil {
			return nil, err
		}
		return s.packetView(ctx, card), nil
	})
	route(s, op("readPacket", http.MethodGet, "/custody/dossiers/{id}", "档案所在与交接记录", tag), func(ctx context.Context, in *PacketIn) (*Tagged[PacketView], error) {
		return s.packet(ctx, in.ID)
	})
	route(s, op("pullPacket", http.MethodPost, "/custody/dossiers/{id}/pull", "提档出库", tag), func(ctx context.Context, in *struct {
		PacketIn
		Body handlingBody
	}) (*Tagged[PacketView], error) {
		if _, err := s.Custody.Pull(ctx, actor(ctx), in.ID, custody.Handling{To: in.Body.To, Packet: in.Body.Packet, Note: in.Body.Note}); err != nil {
			return nil, err
		}
		return s.packet(ctx, in.ID)
	})
	route(s, op("handOverPacket", http.MethodPost, "/custody/dossiers/{id}/handover", "室间交接", tag), func(ctx context.Context, in *struct {
		PacketIn
		Body handlingBody
	}) (*Tagged[PacketView], error) {
		if _, err := s.Custody.Handover(ctx, actor(ctx), in.ID, custody.Handling{To: in.Body.To, Packet: in.Body.Packet, Note: in.Body.Note}); err != nil {
			return nil, err
		}
		return s.packet(ctx, in.ID)
	})
	route(s, op("putBackPacket", http.MethodPost, "/custody/dossiers/{id}/put-back", "归还入库", tag), func(ctx context.Context, in *struct {
		PacketIn
		Body struct {
			Shelfmark string `json:"shelfmark,omitempty" maxLength:"40" doc:"空为原库位"`
			Room      string `json:"room,omitempty" enum:"store,arranging,reading,window,"`
			Packet    string `json:"packet,omitempty" enum:"intact,broken,"`
			Note      string `json:"note,omitempty" maxLength:"200"`
		}
	}) (*Tagged[PacketView], error) {
		b := in.Body
		if _, err := s.Custody.PutBack(ctx, actor(ctx), in.ID, custody.Shelf{Room: b.Room, Shelfmark: b.Shelfmark, Packet: b.Packet, Note: b.Note}); err != nil {
			return nil, err
		}
		return s.packet(ctx, in.ID)
	})
}

func (s *Server) packet(ctx context.Context, id string) (*Tagged[PacketView], error) {
	card, err := s.Custody.Card(ctx, actor(ctx), id)
	if err != nil {
		return nil, err
	}
	return s.packetView(ctx, card), nil
}

func (s *Server) pullView(ctx context.Context, r custody.Request) PullLineView {
	room := custody.PlaceFor(r.Purpose)
	return PullLineView{ID: r.ID, DossierID: r.DossierID, Room: room, RoomName: custody.PlaceName(room), Purpose: custody.PurposeName(r.Purpose), Case: r.CaseRef, State: r.State, StateName: custody.StateName(r.State),
		AskedAt: r.AskedAt, AskedByName: s.staffName(ctx, r.AskedBy)}
}

func (s *Server) packetView(ctx context.Context, c custody.Card) *Tagged[PacketView] {
	d := c.Dossier
	v := PacketView{DossierID: d.ID, DossierNo: d.No, Name: c.Name, State: string(d.State), StateName: d.State.Name(), Place: d.Place, PlaceName: custody.PlaceName(d.Place),
		Shelfmark: d.Shelfmark, Hold: d.Hold, Requests: []PullLineView{}, Chain: []HandoverView{}, Possible: possible(c.Possible)}
	for _, r := range c.Open {
		line := s.pullView(ctx, r)
		line.DossierNo, line.Name, line.Shelfmark, line.Place = d.No, c.Name, d.Shelfmark, v.PlaceName
		v.Requests = append(v.Requests, line)
		if r.State == custody.Asked && v.Goes == "" {
			v.Goes = custody.PlaceFor(r.Purpose)
		}
	}
	tree, err := s.Agencies.Tree(ctx)
	for _, e := range c.Chain {
		h := HandoverView{At: e.At, Kind: custody.KindName(e.Kind), From: custody.PlaceName(e.FromPlace), To: custody.PlaceName(e.ToPlace), Agency: e.Agency,
			By: s.staffName(ctx, e.StaffID), Packet: e.Packet, Note: e.Note, Case: e.CaseRef}
		if err == nil {
			h.Agency = tree.Name(e.Agency)
		}
		v.Chain = append(v.Chain, h)
	}
	return &Tagged[PacketView]{ETag: etag(d.Version), Body: v}
}
