package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"dangan/internal/codes"
	"dangan/internal/dossier"
	"dangan/internal/identity"
	"dangan/internal/store"
)

func init() { capabilities = append(capabilities, (*Server).sittingRoutes) }

// PileBody is what all pieces of a sitting have in common.
type PileBody struct {
	Title    string `json:"title" maxLength:"120"`
	Class    string `json:"class" maxLength:"4"`
	Maker    string `json:"maker" maxLength:"80" doc:"形成单位"`
	Giver    string `json:"giver,omitempty" maxLength:"80" doc:"移交单位，与形成单位不同时"`
	Year     int64  `json:"year" minimum:"0" maximum:"2200"`
	Month    int64  `json:"month,omitempty" minimum:"0" maximum:"12"`
	Day      int64  `json:"day,omitempty" minimum:"0" maximum:"31"`
	Copies   int64  `json:"copies" minimum:"1" maximum:"99" default:"1"`
	Pages    int64  `json:"pages" minimum:"1" maximum:"9999"`
	IsCopy   bool   `json:"isCopy,omitempty"`
	Compared string `json:"compared,omitempty" maxLength:"80" doc:"复制件：与原件核对盖章的单位"`
	Note     string `json:"note,omitempty" maxLength:"200"`
	Expected int64  `json:"expected,omitempty" minimum:"0" maximum:"200" doc:"移交清单的份数"`
}

// SittingPiece is one scanned piece.
type SittingPiece struct {
	ID         string    `json:"id"`
	Seq        int64     `json:"seq"`
	State      string    `json:"state" enum:"ready,aside,dropped,received"`
	Number     string    `json:"number" doc:"扫描的号码，身份证号遮盖"`
	Why        string    `json:"why,omitempty" doc:"搁置的原因"`
	Next       string    `json:"next,omitempty"`
	Name       string    `json:"name,omitempty"`
	IDNo       string    `json:"idNo,omitempty" doc:"遮盖"`
	DossierID  string    `json:"dossierId,omitempty"`
	DossierNo  string    `json:"dossierNo,omitempty"`
	MaterialID string    `json:"materialId,omitempty"`
	ScannedAt  time.Time `json:"scannedAt"`
}

// SittingView is one pile, as lists show it.
type SittingView struct {
	PileBody
	ID        string     `json:"id"`
	Version   int64      `json:"version"`
	No        string     `json:"no"`
	ClassName string     `json:"className"`
	State     string     `json:"state" enum:"open,waiting,accepted,rejected"`
	StateName string     `json:"stateName"`
	Tone      string     `json:"tone"`
	Agency    string     `json:"agencyName"`
	By        string     `json:"by"`
	Own       bool       `json:"own"`
	Pieces    int64      `json:"pieces"`
	Aside     int64      `json:"aside"`
	OpenedAt  time.Time  `json:"openedAt"`
	SignedAt  *time.Time `json:"signedAt,omitempty"`
	BatchID   string     `json:"batchId,omitempty"`
	BatchNo   string     `json:"batchNo,omitempty"`
	Returned  string     `json:"reviewNote,omitempty" doc:"审核退回的说明"`
}

// SittingPageView is one pile with its pieces, the last scanned first.
type SittingPageView struct {
	SittingView
	Lines []SittingPiece `json:"lines" nullable:"false"`
}

// OpenSitting is the actor's pile under way, if there is one.
type OpenSitting struct {
	Sitting *SittingPageView `json:"sitting"`
}

// SittingScanned is a piece as it was just scanned, and how far the pile is.
type SittingScanned struct {
	Piece  SittingPiece `json:"piece"`
	Pieces int64        `json:"pieces"`
	Aside  int64        `json:"aside"`
}

func (s *Server) sittingView(ctx context.Context, p dossier.SittingPage) SittingView {
	x, name := p.Sitting, s.names(ctx)
	v := SittingView{PileBody: PileBody{Title: x.Title, Class: x.Class, Maker: x.Maker, Giver: x.Giver, Year: x.FormedYear, Month: x.FormedMonth, Day: x.FormedDay, Copies: x.Copies, Pages: x.Pages, IsCopy: x.IsCopy,
		Compared: x.Compared, Note: x.Note, Expected: x.Expected}, ID: x.ID, Version: x.Version, No: x.No, State: dossier.SittingOpen, StateName: "扫描中", Tone: "run", Agency: s.agencyName(ctx, x.Agency),
		By: name(x.StaffID), Own: x.StaffID == actor(ctx).ID, Pieces: x.Pieces, Aside: x.Aside, OpenedAt: x.OpenedAt, BatchID: x.BatchID, BatchNo: p.Batch.No}
	if c, ok := codes.FindClass(x.Class); ok {
		v.ClassName = c.Short
	}
	if x.State != dossier.SittingOpen {
		v.SignedAt = &x.SignedAt
		v.State, v.StateName, v.Tone = p.Batch.State, batchNames[p.Batch.State], batchTones[p.Batch.State]
		if p.Batch.State == dossier.BatchRejected {
			v.Tone, v.Returned = "wait", p.Batch.Note
		}
	}
	return v
}

func sittingPiece(l dossier.SittingLine) SittingPiece {
	v := SittingPiece{ID: l.ID, Seq: l.Seq, State: l.State, Number: l.Number, DossierID: l.Dossier.ID, DossierNo: l.Dossier.No, Name: l.Person.Name, MaterialID: l.MaterialID, ScannedAt: l.ScannedAt}
	if l.Person.IDNo != "" {
		v.IDNo = identity.Mask(l.Person.IDNo)
	}
	if l.State == dossier.PieceAside {
		r := l.Reason()
		v.Why, v.Next = r.Message, r.Next
	}
	return v
}

func (s *Server) sittingPage(ctx context.Context, p dossier.SittingPage) SittingPageView {
	v := SittingPageView{SittingView: s.sittingView(ctx, p), Lines: []SittingPiece{}}
	for _, l := range p.Lines {
		v.Lines = append(v.Lines, sittingPiece(l))
	}
	return v
}

func (s *Server) sittingShown(ctx context.Context, id string) (*Tagged[SittingPageView], error) {
	p, err := s.Dossiers.SittingOf(ctx, actor(ctx), id)
	if err != nil {
		return nil, err
	}
	return &Tagged[SittingPageView]{ETag: etag(p.Sitting.Version), Body: s.sittingPage(ctx, p)}, nil
}

func (s *Server) sittingRoutes() {
	const tag = "材料"
	route(s, op("openSitting", http.MethodGet, "/material-sittings/open", "本人正在扫描、尚未签收的一批材料", tag), func(ctx context.Context, _ *struct{}) (*Body[OpenSitting], error) {
		p, err := s.Dossiers.OpenSittingOf(ctx, actor(ctx))
		if errors.Is(err, store.ErrNotFound) {
			return &Body[OpenSitting]{}, nil
		} else if err != nil {
			return nil, err
		}
		v := s.sittingPage(ctx, p)
		return &Body[OpenSitting]{OpenSitting{&v}}, nil
	})
	route(s, op("listSittings", http.MethodGet, "/material-sittings", "整批收的材料", tag), func(ctx context.Context, in *struct {
		Cursor string `query:"cursor" maxLength:"40"`
		Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"30"`
	}) (*Body[Page[SittingView]], error) {
		list, err := s.Dossiers.Sittings(ctx, actor(ctx), in.Cursor, in.Limit+1)
		if err != nil {
			return nil, err
		}
		out := &Body[Page[SittingView]]{Body: Page[SittingView]{Items: []SittingView{}}}
		if len(list) > in.Limit {
			list = list[:in.Limit]
			out.Body.Next = &list[in.Limit-1].Sitting.ID
		}
		for _, p := range list {
			out.Body.Items = append(out.Body.Items, s.sittingView(ctx, p))
		}
		return out, nil
	})
	route(s, op("getSitting", http.MethodGet, "/material-sittings/{id}", "一批材料和其中的各份", tag), func(ctx context.Context, in *DossierPath) (*Tagged[SittingPageView], error) {
		return s.sittingShown(ctx, in.ID)
	})
	route(s, op("beginSitting", http.MethodPost, "/material-sittings", "开始收一批同种材料，或更改本人正在扫描的一批的共同内容", tag), func(ctx context.Context, in *struct {
		IfMatch
		Body PileBody
	}) (*Tagged[SittingPageView], error) {
		b := in.Body
		x, err := s.Dossiers.OpenSitting(ctx, actor(ctx), dossier.Pile{Maker: b.Maker, Giver: b.Giver, Compared: b.Compared, Expected: b.Expected,
			Description: dossier.Description{Title: b.Title, Class: b.Class, Year: b.Year, Month: b.Month, Day: b.Day, Copies: b.Copies, Pages: b.Pages, IsCopy: b.IsCopy, Note: b.Note}})
		if err != nil {
			return nil, err
		}
		return s.sittingShown(ctx, x.ID)
	})
	route(s, op("scanPiece", http.MethodPost, "/material-sittings/{id}/scan", "扫入下一份；找不到人或不止一人的当即告知并搁置", tag), func(ctx context.Context, in *struct {
		DossierPath
		Body struct {
			Number string `json:"number" maxLength:"64" doc:"身份证号、档案编号、转递编号或条码"`
		}
	}) (*Body[SittingScanned], error) {
		p, err := s.Dossiers.Scan(ctx, actor(ctx), in.ID, in.Body.Number)
		if err != nil {
			return nil, err
		}
		l, err := s.Dossiers.PieceOf(ctx, actor(ctx), p)
		if err != nil {
			return nil, err
		}
		x, err := store.Get[dossier.Sitting](ctx, s.DB, "WHERE id=?", in.ID)
		return &Body[SittingScanned]{SittingScanned{sittingPiece(l), x.Pieces, x.Aside}}, err
	})
	route(s, op("dropPiece", http.MethodPost, "/material-sittings/{id}/drop", "从一批中取出一份", tag), func(ctx context.Context, in *struct {
		DossierPath
		Body struct {
			Piece string `json:"piece" maxLength:"40"`
		}
	}) (*Tagged[SittingPageView], error) {
		if err := s.Dossiers.Drop(ctx, actor(ctx), in.ID, in.Body.Piece); err != nil {
			return nil, err
		}
		return s.sittingShown(ctx, in.ID)
	})
	route(s, op("signSitting", http.MethodPost, "/material-sittings/{id}/sign", "点数、签收：整批收下、鉴别合格、归类并提交审核，全部或全不", tag), func(ctx context.Context, in *struct {
		DossierPath
		Body struct {
			Pieces int64 `json:"pieces" minimum:"0" maximum:"1000" doc:"桌上点到的份数，须与扫描数相同"`
		}
	}) (*Tagged[SittingPageView], error) {
		if _, err := s.Dossiers.SignSitting(ctx, actor(ctx), in.ID, in.Body.Pieces); err != nil {
			return nil, err
		}
		return s.sittingShown(ctx, in.ID)
	})
	route(s, op("printSittingReceipt", http.MethodPost, "/material-sittings/{id}/receipt", "出具整批的材料接收回单，逐份列明", tag), func(ctx context.Context, in *DossierPath) (*Body[DocumentView], error) {
		d, err := s.Dossiers.PrintSittingReceipt(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return &Body[DocumentView]{Body: s.documentView(ctx, d)}, nil
	})
	route(s, op("submitSitting", http.MethodPost, "/material-sittings/{id}/submit", "审核退回的一批更正后整批重新提交", tag), func(ctx context.Context, in *struct {
		DossierPath
		IfMatch
	}) (*Tagged[SittingPageView], error) {
		if _, err := s.Dossiers.SubmitSitting(ctx, actor(ctx), in.ID); err != nil {
			return nil, err
		}
		return s.sittingShown(ctx, in.ID)
	})
}
