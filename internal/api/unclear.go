package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/identity"
	"dangan/internal/roster"
)

func init() { capabilities = append(capabilities, (*Server).unclearRoutes) }

// UnclearItem is a packet on the shelf that is nobody's dossier yet.
type UnclearItem struct {
	ID         string    `json:"id"`
	No         string    `json:"no"`
	Kind       string    `json:"kind" enum:"unverified,second"`
	KindName   string    `json:"kindName"`
	State      string    `json:"state" enum:"open,proposed,sending,resolved"`
	StateName  string    `json:"stateName"`
	Tone       string    `json:"tone"`
	Name       string    `json:"name,omitempty"`
	IDNo       string    `json:"idNo,omitempty" doc:"花名册所写的号码，遮盖"`
	BirthDate  string    `json:"birthDate,omitempty"`
	CoverNo    string    `json:"coverNo,omitempty" doc:"袋面编号"`
	Shelfmark  string    `json:"shelfmark"`
	SealName   string    `json:"sealName"`
	AgencyName string    `json:"agencyName"`
	Receiver   string    `json:"receiver,omitempty" doc:"保管此人档案的其他机构"`
	Found      []string  `json:"found" nullable:"false" doc:"花名册中的问题"`
	TakenAt    time.Time `json:"takenAt"`
}

// UnclearList is a page of them with the number in each state.
type UnclearList struct {
	Items  []UnclearItem    `json:"items" nullable:"false"`
	Next   *string          `json:"next"`
	Counts map[string]int64 `json:"counts" nullable:"false"`
	More   bool             `json:"more,omitempty" doc:"至少这么多，没有再数"`
}

// LikelyView is a dossier that may be the same person's.
type LikelyView struct {
	DossierID  string `json:"dossierId"`
	No         string `json:"no,omitempty" doc:"其他机构的不显示"`
	Name       string `json:"name"`
	IDNo       string `json:"idNo" doc:"遮盖"`
	BirthDate  string `json:"birthDate"`
	AgencyName string `json:"agencyName"`
	StateName  string `json:"stateName"`
	Own        bool   `json:"own" doc:"在本人可查范围内"`
	Why        string `json:"why,omitempty"`
}

// UnclearFinding is what was found out, and by which document.
type UnclearFinding struct {
	Ending     string    `json:"ending" enum:"person,same"`
	Name       string    `json:"name,omitempty"`
	IDNo       string    `json:"idNo,omitempty" doc:"遮盖"`
	Category   string    `json:"category,omitempty"`
	DossierNo  string    `json:"dossierNo,omitempty"`
	Document   string    `json:"document"`
	SeenBy     string    `json:"seenBy"`
	SeenOn     string    `json:"seenOn"`
	Evidence   string    `json:"evidence,omitempty" doc:"类别依据"`
	Way        string    `json:"way,omitempty" doc:"以前登记的移交方式；现在按转递登记"`
	ProposedBy string    `json:"proposedBy"`
	ProposedAt time.Time `json:"proposedAt"`
	DecidedBy  string    `json:"decidedBy,omitempty"`
}

// UnclearView is one packet with what it may be and what may be done.
type UnclearView struct {
	UnclearItem
	Category     string           `json:"category,omitempty"`
	ReceivedOn   string           `json:"receivedOn,omitempty"`
	ReceivedFrom string           `json:"receivedFrom,omitempty"`
	Remark       string           `json:"remark,omitempty"`
	Roster       string           `json:"roster,omitempty"`
	Row          int64            `json:"row,omitempty"`
	CameOn       string           `json:"cameOn,omitempty" doc:"随哪一件转递到来（核对时发现一人多档）"`
	TakenBy      string           `json:"takenBy"`
	Returned     string           `json:"returned,omitempty" doc:"审核退回的说明"`
	Finding      *UnclearFinding  `json:"finding,omitempty"`
	DossierID    string           `json:"dossierId,omitempty" doc:"已归入的档案"`
	Likely       []LikelyView     `json:"likely" nullable:"false"`
	TransferID   string           `json:"transferId,omitempty" doc:"移交保管机构的转递"`
	Categories   []codes.Category `json:"categories" nullable:"false" doc:"七类及小类，各有应有的依据"`
	Possible     []Possible       `json:"possible" nullable:"false"`
}

// UnclearIn names a packet and the version it was seen at.
type UnclearIn struct {
	IfMatch
	ID string `path:"id" maxLength:"64"`
}

// UnclearProposal is what a clerk found out.
type UnclearProposal struct {
	Ending    string `json:"ending" enum:"person,same"`
	Name      string `json:"name,omitempty" maxLength:"60"`
	IDNo      string `json:"idNo,omitempty" maxLength:"30"`
	Category  string `json:"category,omitempty" maxLength:"10"`
	Subtype   string `json:"subtype,omitempty" maxLength:"60"`
	Evidence  string `json:"evidence,omitempty" maxLength:"200" doc:"这一类别的依据材料（29.5）"`
	DossierNo string `json:"dossierNo,omitempty" maxLength:"64"`
	DossierID string `json:"dossierId,omitempty" maxLength:"64"`
	Document  string `json:"document,omitempty" maxLength:"200" doc:"查看了什么证件或材料"`
	SeenBy    string `json:"seenBy,omitempty" maxLength:"60"`
	SeenOn    string `json:"seenOn,omitempty" maxLength:"10"`
}

func (s *Server) unclearRoutes() {
	const tag = "身份待核、一人多档"
	route(s, op("takeUnclear", http.MethodPost, "/rosters/{id}/unclear", "把需改正的行登记为身份待核或一人多档：只保管，查实前不提供服务", tag), func(ctx context.Context, in *struct {
		RosterID
		Body struct {
			Rows  []int  `json:"rows,omitempty" maxItems:"1000" doc:"行号；空为全部可登记的"`
			Seal  string `json:"seal" enum:"intact,broken,unsealed" doc:"封存情况"`
			Shelf string `json:"shelf,omitempty" maxLength:"60" doc:"没有写库位的行放在何处"`
		}
	}) (*Body[roster.Taken], error) {
		out, err := s.Rosters.TakeUnclear(ctx, actor(ctx), in.ID, roster.Taking{Rows: in.Body.Rows, Seal: in.Body.Seal, Shelf: in.Body.Shelf})
		if err != nil {
			return nil, workbookProblem(err)
		}
		return &Body[roster.Taken]{Body: out}, nil
	})
	route(s, op("listUnclear", http.MethodGet, "/unclear", "身份待核和一人多档的档案袋", tag), func(ctx context.Context, in *struct {
		OfAgency
		State string `query:"state" enum:"open,proposed,sending,resolved,"`
		After string `query:"after" maxLength:"64"`
		Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}) (*Body[UnclearList], error) {
		by := in.of(ctx)
		list, err := s.Rosters.Packets(ctx, by, roster.PacketState(in.State), in.After, in.Limit+1)
		if err != nil {
			return nil, err
		}
		counts, err := s.Rosters.PacketCounts(ctx, by)
		if err != nil {
			return nil, err
		}
		out := &Body[UnclearList]{Body: UnclearList{Items: []UnclearItem{}, Counts: counts, More: s.capped(counts)}}
		if len(list) > in.Limit {
			list = list[:in.Limit]
			out.Body.Next = &list[in.Limit-1].ID
		}
		for _, p := range list {
			v, err := s.unclearItem(ctx, p)
			if err != nil {
				return nil, err
			}
			out.Body.Items = append(out.Body.Items, v)
		}
		return out, nil
	})
	route(s, op("getUnclear", http.MethodGet, "/unclear/{id}", "一袋身份待核或一人多档的档案", tag), func(ctx context.Context, in *UnclearIn) (*Tagged[UnclearView], error) {
		return s.unclearView(ctx, in.ID)
	})
	route(s, op("proposeUnclear", http.MethodPost, "/unclear/{id}/propose", "提交查实结果和依据", tag), func(ctx context.Context, in *struct {
		UnclearIn
		Body UnclearProposal
	}) (*Tagged[UnclearView], error) {
		b := in.Body
		_, err := s.Rosters.Propose(ctx, actor(ctx), in.ID, roster.Proposal{Ending: b.Ending, Person: roster.Identified{Name: b.Name, IDNo: b.IDNo, Category: b.Category, Subtype: b.Subtype, Evidence: b.Evidence},
			DossierNo: b.DossierNo, DossierID: b.DossierID, Document: b.Document, SeenBy: b.SeenBy, SeenOn: calendar.Date(b.SeenOn)})
		if err != nil {
			return nil, err
		}
		return s.unclearView(ctx, in.ID)
	})
	route(s, op("confirmUnclear", http.MethodPost, "/unclear/{id}/confirm", "核准查实结果", tag), func(ctx context.Context, in *UnclearIn) (*Tagged[UnclearView], error) {
		if _, err := s.Rosters.Confirm(ctx, actor(ctx), in.ID); err != nil {
			return nil, err
		}
		return s.unclearView(ctx, in.ID)
	})
	route(s, op("returnUnclear", http.MethodPost, "/unclear/{id}/return", "退回查实结果", tag), func(ctx context.Context, in *struct {
		UnclearIn
		Body struct {
			Note string `json:"note,omitempty" maxLength:"200"`
		}
	}) (*Tagged[UnclearView], error) {
		if _, err := s.Rosters.Return(ctx, actor(ctx), in.ID, in.Body.Note); err != nil {
			return nil, err
		}
		return s.unclearView(ctx, in.ID)
	})
}

var unclearTones = map[roster.PacketState]string{roster.Open: "wait", roster.Proposed: "run", roster.Sending: "run", roster.Resolved: "done"}

func (s *Server) unclearItem(ctx context.Context, p roster.Packet) (UnclearItem, error) {
	tree, err := s.Agencies.Tree(ctx)
	if err != nil {
		return UnclearItem{}, err
	}
	v := UnclearItem{ID: p.ID, No: p.No, Kind: p.Kind, KindName: roster.KindName(p.Kind), State: string(p.State), StateName: p.State.Name(), Tone: unclearTones[p.State],
		Name: p.Name, BirthDate: p.BirthDate, CoverNo: p.CoverNo, Shelfmark: p.Shelfmark, SealName: roster.SealName(p.Seal), AgencyName: tree.Name(p.Agency), Found: []string{}, TakenAt: p.TakenAt}
	if p.Written != "" {
		v.IDNo = identity.Mask(identity.Normalize(p.Written))
	}
	if p.Receiver != "" {
		v.Receiver = tree.Name(p.Receiver)
	}
	for c := range strings.SplitSeq(p.Codes, ",") {
		v.Found = append(v.Found, roster.Code(c).Label())
	}
	return v, nil
}

func (s *Server) unclearView(ctx context.Context, id string) (*Tagged[UnclearView], error) {
	page, err := s.Rosters.PacketOf(ctx, actor(ctx), id)
	if err != nil {
		return nil, err
	}
	p := page.Packet
	item, err := s.unclearItem(ctx, p)
	if err != nil {
		return nil, err
	}
	m, err := s.Rosters.Named(ctx, p.ImportID)
	if err != nil {
		return nil, err
	}
	out := &Tagged[UnclearView]{ETag: etag(p.Version), Body: UnclearView{UnclearItem: item, Category: p.Category, ReceivedOn: p.ReceivedOn, ReceivedFrom: p.ReceivedFrom, Remark: p.Remark,
		Roster: m, Row: p.Row, TakenBy: s.staffName(ctx, p.TakenBy), TransferID: p.TransferID, CameOn: p.CameOn, Categories: codes.Categories(), Possible: possible(page.Possible)}}
	v := &out.Body
	if p.State == roster.Open {
		v.Returned = p.Note
	} else {
		v.Finding = &UnclearFinding{Ending: p.Ending, Name: page.Person.Name, Document: p.Document, SeenBy: p.SeenBy, SeenOn: p.SeenOn, Way: p.Way, ProposedBy: s.staffName(ctx, p.ProposedBy), ProposedAt: p.ProposedAt}
		if page.Person.IDNo != "" {
			v.Finding.IDNo, v.Finding.Category = identity.Mask(page.Person.IDNo), page.Person.Category+" "+codes.CategoryName(page.Person.Category)
			v.Finding.Evidence = page.Person.Evidence
		}
		if p.DecidedBy != "" {
			v.Finding.DecidedBy = s.staffName(ctx, p.DecidedBy)
		}
	}
	if page.Into != nil && actor(ctx).Reaches(page.Into.Agency) {
		v.DossierID = page.Into.ID
		if v.Finding != nil {
			v.Finding.DossierNo = page.Into.No
		}
	}
	if v.Likely, err = s.likelyViews(ctx, page.Likely); err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Server) likelyViews(ctx context.Context, list []roster.Likely) ([]LikelyView, error) {
	tree, err := s.Agencies.Tree(ctx)
	if err != nil {
		return nil, err
	}
	out := []LikelyView{}
	by := actor(ctx)
	for _, l := range list {
		v := LikelyView{DossierID: l.Dossier.ID, Name: l.Person.Name, IDNo: identity.Mask(l.Person.IDNo), BirthDate: l.Person.BirthDate, AgencyName: tree.Name(l.Dossier.Agency),
			StateName: dossierState(l.Dossier), Own: by.Reaches(l.Dossier.Agency), Why: l.Why}
		if v.Own {
			v.No = l.Dossier.No
		}
		out = append(out, v)
	}
	return out, nil
}
