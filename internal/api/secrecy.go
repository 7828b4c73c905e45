package api

import (
	"context"
	"net/http"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/secrecy"
)

func init() { capabilities = append(capabilities, (*Server).secrecyRoutes) }

// SecrecyClass is one of the closed list.
type SecrecyClass struct {
	Key      string `json:"key"`
	Name     string `json:"name"`
	State    bool   `json:"state" doc:"国家秘密：只登记纸质件"`
	Material bool   `json:"material" doc:"只定在单份材料上"`
}

// SecrecyChangeView is a change of class.
type SecrecyChangeView struct {
	ID         string     `json:"id"`
	Version    int64      `json:"version"`
	No         string     `json:"no"`
	DossierID  string     `json:"dossierId"`
	DossierNo  string     `json:"dossierNo"`
	PersonName string     `json:"personName"`
	MaterialID string     `json:"materialId,omitempty"`
	Label      string     `json:"label" doc:"整卷，或材料"`
	Kind       string     `json:"kind" enum:"raise,lower"`
	State      string     `json:"state" enum:"done,asked,approved,refused,lapsed"`
	StateName  string     `json:"stateName"`
	Tone       string     `json:"tone"`
	From       string     `json:"from"`
	FromName   string     `json:"fromName"`
	To         string     `json:"to"`
	ToName     string     `json:"toName"`
	Reason     string     `json:"reason"`
	Organ      string     `json:"organ,omitempty"`
	Document   string     `json:"document,omitempty"`
	DocOn      string     `json:"docOn,omitempty"`
	AskedBy    string     `json:"askedBy"`
	AskedAt    time.Time  `json:"askedAt"`
	DecidedBy  string     `json:"decidedBy,omitempty"`
	DecidedAt  *time.Time `json:"decidedAt,omitempty"`
	Note       string     `json:"note,omitempty"`
	Possible   []Possible `json:"possible" nullable:"false"`
}

// SecrecyChangeList is a page of changes with the number in each view.
type SecrecyChangeList struct {
	Items  []SecrecyChangeView `json:"items" nullable:"false"`
	Next   *string             `json:"next"`
	Counts map[string]int64    `json:"counts" nullable:"false"`
	More   bool                `json:"more,omitempty"`
}

// SecrecyReaderView is a person named to know.
type SecrecyReaderView struct {
	ID         string     `json:"id"`
	MaterialID string     `json:"materialId,omitempty"`
	Person     string     `json:"person"`
	Reason     string     `json:"reason"`
	NamedBy    string     `json:"namedBy"`
	NamedAt    time.Time  `json:"namedAt"`
	EndedAt    *time.Time `json:"endedAt,omitempty"`
}

// SecrecySheet is a dossier's secrecy.
type SecrecySheet struct {
	DossierID string              `json:"dossierId"`
	DossierNo string              `json:"dossierNo"`
	Person    string              `json:"person"`
	Own       string              `json:"own" doc:"整卷自身的密级"`
	OwnName   string              `json:"ownName"`
	Highest   string              `json:"highest" doc:"整卷与卷内材料中最高的"`
	HighName  string              `json:"highName"`
	Shelfmark string              `json:"shelfmark,omitempty"`
	Marked    []MaterialView      `json:"marked" nullable:"false"`
	History   []SecrecyChangeView `json:"history" nullable:"false"`
	Readers   []SecrecyReaderView `json:"readers" nullable:"false"`
	Possible  []Possible          `json:"possible" nullable:"false"`
}

// SecrecyReceipt is what who raised a class gets: the dossier may be out of their sight now.
type SecrecyReceipt struct {
	No      string `json:"no"`
	ID      string `json:"id"`
	Visible bool   `json:"visible" doc:"本人是否仍在知悉范围内"`
	Told    string `json:"told"`
}

// SecrecyBody is what is entered for a change.
type SecrecyBody struct {
	MaterialID string `json:"materialId,omitempty" maxLength:"40"`
	To         string `json:"to" maxLength:"20" doc:"密级"`
	Class      string `json:"class,omitempty" maxLength:"4" doc:"未归类的材料定为涉密件时的类号"`
	Reason     string `json:"reason,omitempty" maxLength:"200" doc:"依据，不写材料的内容"`
	Organ      string `json:"organ,omitempty" maxLength:"80" doc:"定密机关"`
	DocName    string `json:"docName,omitempty" maxLength:"80"`
	DocNo      string `json:"docNo,omitempty" maxLength:"60"`
	DocOn      string `json:"docOn,omitempty" maxLength:"10"`
}

func (b SecrecyBody) change(dossierID string) secrecy.Entry {
	return secrecy.Entry{DossierID: dossierID, MaterialID: b.MaterialID, To: dossier.Class(b.To), Class: b.Class,
		Basis: secrecy.Basis{Reason: b.Reason, Organ: b.Organ, DocName: b.DocName, DocNo: b.DocNo, DocOn: calendar.Date(b.DocOn)}}
}

// SecrecyIn names a change and the version it was seen at.
type SecrecyIn struct {
	IfMatch
	ID string `path:"id" maxLength:"40"`
}

// SecrecyDecision approves, or refuses with a note.
type SecrecyDecision struct {
	Approve bool   `json:"approve"`
	Note    string `json:"note,omitempty" maxLength:"200"`
}

// SecrecyNaming names persons.
type SecrecyNaming struct {
	MaterialID string   `json:"materialId,omitempty" maxLength:"40"`
	Staff      []string `json:"staff" maxItems:"50" nullable:"false"`
	Reason     string   `json:"reason,omitempty" maxLength:"200"`
}

// SecretZoneView is a marked zone of a store.
type SecretZoneView struct {
	ID       string     `json:"id"`
	Version  int64      `json:"version"`
	Zone     string     `json:"zone"`
	Reason   string     `json:"reason"`
	MarkedBy string     `json:"markedBy"`
	MarkedAt time.Time  `json:"markedAt"`
	EndedAt  *time.Time `json:"endedAt,omitempty"`
	Keepers  []string   `json:"keepers" nullable:"false" doc:"保管人员姓名"`
	KeeperID []string   `json:"keeperIds" nullable:"false"`
	Possible []Possible `json:"possible" nullable:"false"`
}

// SecretZoneList are an agency's zones.
type SecretZoneList struct {
	Items    []SecretZoneView `json:"items" nullable:"false"`
	Possible []Possible       `json:"possible" nullable:"false"`
}

// SecretZoneBody marks a zone.
type SecretZoneBody struct {
	Zone    string   `json:"zone,omitempty" maxLength:"10" doc:"库号-区号，如 01-Z"`
	Reason  string   `json:"reason,omitempty" maxLength:"120"`
	Keepers []string `json:"keepers" maxItems:"50" nullable:"false"`
}

func (s *Server) zoneRoutes(tag string) {
	route(s, op("listSecretZones", http.MethodGet, "/secret-zones", "涉密专区和保管人员", tag), func(ctx context.Context, _ *struct{}) (*Body[SecretZoneList], error) {
		list, mark, err := s.Secrecy.Zones(ctx, actor(ctx))
		if err != nil {
			return nil, err
		}
		name := s.names(ctx)
		out := &Body[SecretZoneList]{Body: SecretZoneList{Items: []SecretZoneView{}, Possible: possible(mark)}}
		for _, z := range list {
			v := SecretZoneView{ID: z.ID, Version: z.Version, Zone: z.Zone.Zone, Reason: z.Reason, MarkedBy: name(z.MarkedBy), MarkedAt: z.MarkedAt, Keepers: []string{}, KeeperID: append([]string{}, z.Keepers...), Possible: possible(z.Possible)}
			for _, id := range z.Keepers {
				v.Keepers = append(v.Keepers, name(id))
			}
			if !z.EndedAt.IsZero() {
				v.EndedAt = &z.EndedAt
			}
			out.Body.Items = append(out.Body.Items, v)
		}
		return out, nil
	})
	route(s, op("markSecretZone", http.MethodPost, "/secret-zones", "标记涉密专区，指定保管人员", tag), func(ctx context.Context, in *struct{ Body SecretZoneBody }) (*Body[EnteredView], error) {
		z, err := s.Secrecy.MarkZone(ctx, actor(ctx), in.Body.Zone, in.Body.Reason, in.Body.Keepers)
		return &Body[EnteredView]{Body: EnteredView{z.ID}}, err
	})
	route(s, op("setZoneKeepers", http.MethodPost, "/secret-zones/{id}/keepers", "变更专区保管人员", tag), func(ctx context.Context, in *struct {
		SecrecyIn
		Body SecretZoneBody
	}) (*struct{}, error) {
		_, err := s.Secrecy.SetKeepers(ctx, actor(ctx), in.ID, in.Body.Keepers)
		return nil, err
	})
	route(s, op("endSecretZone", http.MethodPost, "/secret-zones/{id}/end", "取消涉密专区", tag), func(ctx context.Context, in *SecrecyIn) (*struct{}, error) {
		_, err := s.Secrecy.EndZone(ctx, actor(ctx), in.ID)
		return nil, err
	})
	route(s, op("moveIntoZone", http.MethodPost, "/dossiers/{id}/secrecy/move", "移入专区", tag), func(ctx context.Context, in *struct {
		DossierPath
		Body struct {
			Shelfmark string `json:"shelfmark" maxLength:"30"`
		}
	}) (*struct{}, error) {
		return nil, s.Secrecy.Move(ctx, actor(ctx), in.ID, in.Body.Shelfmark)
	})
}

func (s *Server) secrecyRoutes() {
	const tag = "定密"
	s.zoneRoutes(tag)
	route(s, op("listSecrecyClasses", http.MethodGet, "/secrecy-classes", "密级", tag), func(_ context.Context, _ *struct{}) (*Body[[]SecrecyClass], error) {
		out := []SecrecyClass{}
		for _, c := range dossier.Classes {
			out = append(out, SecrecyClass{string(c), c.Name(), c.State(), c.Guard() != ""})
		}
		return &Body[[]SecrecyClass]{Body: out}, nil
	})
	route(s, op("listSecrecyChanges", http.MethodGet, "/secrecy-changes", "定密变更", tag), func(ctx context.Context, in *struct {
		View   string `query:"view" enum:"asked,all" default:"asked"`
		Cursor string `query:"cursor" maxLength:"40"`
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}) (*Body[SecrecyChangeList], error) {
		by := actor(ctx)
		list, next, err := s.Secrecy.List(ctx, by, s.Dossiers, in.View, in.Cursor, in.Limit)
		if err != nil {
			return nil, err
		}
		counts, err := s.Secrecy.Counts(ctx, by)
		if err != nil {
			return nil, err
		}
		out := &Body[SecrecyChangeList]{Body: SecrecyChangeList{Items: s.secrecyChanges(ctx, list), Counts: counts, More: s.capped(counts)}}
		if next != "" {
			out.Body.Next = &next
		}
		return out, nil
	})
	route(s, op("getSecrecyChange", http.MethodGet, "/secrecy-changes/{id}", "一项定密变更", tag), func(ctx context.Context, in *SecrecyIn) (*Tagged[SecrecyChangeView], error) {
		l, can, err := s.Secrecy.Look(ctx, actor(ctx), s.Dossiers, in.ID)
		if err != nil {
			return nil, err
		}
		v := s.secrecyChange(l, s.names(ctx))
		v.Possible = possible(can)
		return &Tagged[SecrecyChangeView]{etag(l.Version), v}, nil
	})
	route(s, op("decideSecrecyChange", http.MethodPost, "/secrecy-changes/{id}/decide", "批准降低密级，或不予批准", tag), func(ctx context.Context, in *struct {
		SecrecyIn
		Body SecrecyDecision
	}) (*Tagged[SecrecyChangeView], error) {
		c, err := s.Secrecy.Decide(ctx, actor(ctx), in.ID, in.Body.Approve, in.Body.Note)
		return s.secrecyDone(ctx, c, err)
	})
	route(s, op("getSecrecy", http.MethodGet, "/dossiers/{id}/secrecy", "一卷档案的密级、变更和知悉人员", tag), func(ctx context.Context, in *DossierPath) (*Body[SecrecySheet], error) {
		v, err := s.Secrecy.Show(ctx, actor(ctx), s.Dossiers, in.ID)
		if err != nil {
			return nil, err
		}
		return &Body[SecrecySheet]{Body: s.secrecySheet(ctx, v)}, nil
	})
	route(s, op("raiseSecrecy", http.MethodPost, "/dossiers/{id}/secrecy/raise", "提高密级，当即生效", tag), func(ctx context.Context, in *struct {
		DossierPath
		Body SecrecyBody
	}) (*Body[SecrecyReceipt], error) {
		by := actor(ctx)
		c, err := s.Secrecy.Raise(ctx, by, in.Body.change(in.ID))
		if err != nil {
			return nil, err
		}
		out := SecrecyReceipt{No: c.No, ID: c.ID, Visible: s.Secrecy.Knows(ctx, by, in.ID), Told: "已定为“" + c.To.Name() + "”。"}
		switch {
		case !out.Visible:
			out.Told += "该档案已在您的知悉范围之外，请立即将纸质件当面移交本机构涉密档案管理人员。"
		case c.To.State():
			out.Told += "系统中只留类号、页数和密级，题名、记载和影像已停止使用；请将纸质件移入涉密专区。"
		}
		return &Body[SecrecyReceipt]{Body: out}, nil
	})
	route(s, op("proposeSecrecy", http.MethodPost, "/dossiers/{id}/secrecy/lower", "提出降低密级，待另一人批准", tag), func(ctx context.Context, in *struct {
		DossierPath
		Body SecrecyBody
	}) (*Tagged[SecrecyChangeView], error) {
		c, err := s.Secrecy.Propose(ctx, actor(ctx), in.Body.change(in.ID))
		return s.secrecyDone(ctx, c, err)
	})
	route(s, op("nameReaders", http.MethodPost, "/dossiers/{id}/secrecy/readers", "指定知悉人员", tag), func(ctx context.Context, in *struct {
		DossierPath
		Body SecrecyNaming
	}) (*struct{}, error) {
		return nil, s.Secrecy.Name(ctx, actor(ctx), in.ID, in.Body.MaterialID, in.Body.Staff, in.Body.Reason)
	})
	route(s, op("endReader", http.MethodPost, "/secrecy-readers/{id}/end", "不再指定", tag), func(ctx context.Context, in *DossierPath) (*struct{}, error) {
		_, err := s.Secrecy.Unname(ctx, actor(ctx), in.ID)
		return nil, err
	})
}

func (s *Server) secrecyDone(ctx context.Context, c secrecy.Change, err error) (*Tagged[SecrecyChangeView], error) {
	if err != nil {
		return nil, err
	}
	l, can, err := s.Secrecy.After(ctx, actor(ctx), s.Dossiers, c)
	if err != nil {
		return nil, err
	}
	v := s.secrecyChange(l, s.names(ctx))
	v.Possible = possible(can)
	return &Tagged[SecrecyChangeView]{etag(c.Version), v}, nil
}

func (s *Server) secrecyChanges(ctx context.Context, list []secrecy.Listed) []SecrecyChangeView {
	out := []SecrecyChangeView{}
	name := s.names(ctx)
	for _, l := range list {
		out = append(out, s.secrecyChange(l, name))
	}
	return out
}

func (s *Server) secrecyChange(l secrecy.Listed, name func(string) string) SecrecyChangeView {
	v := SecrecyChangeView{ID: l.ID, Version: l.Version, No: l.No, DossierID: l.DossierID, DossierNo: l.DossierNo, PersonName: l.PersonName, MaterialID: l.MaterialID, Label: l.Label, Kind: l.Kind, State: l.State,
		StateName: secrecy.StateName(l.State), Tone: secrecy.Tone(l.State), From: string(l.From), FromName: l.From.Name(), To: string(l.To), ToName: l.To.Name(), Reason: l.Reason, Organ: l.Organ, Document: l.Document(),
		DocOn: l.DocOn.String(), AskedBy: name(l.AskedBy), AskedAt: l.AskedAt, DecidedBy: name(l.DecidedBy), Note: l.Note, Possible: []Possible{}}
	if !l.DecidedAt.IsZero() {
		v.DecidedAt = &l.DecidedAt
	}
	return v
}

func (s *Server) secrecySheet(ctx context.Context, v secrecy.Sheet) SecrecySheet {
	out := SecrecySheet{DossierID: v.Dossier.ID, DossierNo: v.Dossier.No, Person: v.Person, Own: string(v.Own), OwnName: v.Own.Name(), Highest: string(v.Highest), HighName: v.Highest.Name(), Shelfmark: v.Dossier.Shelfmark,
		Marked: s.materials(ctx, v.Marked), History: s.secrecyChanges(ctx, v.History), Readers: []SecrecyReaderView{}, Possible: possible(v.Possible)}
	for _, r := range v.Readers {
		x := SecrecyReaderView{ID: r.ID, MaterialID: r.MaterialID, Person: r.Person, Reason: r.Reason, NamedBy: r.By, NamedAt: r.NamedAt}
		if !r.EndedAt.IsZero() {
			x.EndedAt = &r.EndedAt
		}
		out.Readers = append(out.Readers, x)
	}
	return out
}
