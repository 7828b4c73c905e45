package api

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"time"

	"dangan/internal/codes"
	"dangan/internal/dossier"

	"github.com/danielgtaylor/huma/v2"
)

// AppraisalBody is what an appraisal found.
type AppraisalBody struct {
	Decision string   `json:"decision" enum:"file,cure,return,transfer,verify"`
	Defects  []string `json:"defects,omitempty" maxItems:"26" nullable:"false"`
	Note     string   `json:"note,omitempty" maxLength:"300"`
	Class    string   `json:"class,omitempty" maxLength:"4" doc:"合格时可一并归类"`
	Main     string   `json:"main,omitempty" maxLength:"40" doc:"作附件的：所附的主件，同类、与主件同号"`
	CureBy   string   `json:"cureBy,omitempty" maxLength:"10"`

	ForwardTo string `json:"forwardTo,omitempty" maxLength:"120" doc:"转交给哪个单位"`
}

// ForwardBody is how a material goes on to who it concerns.
type ForwardBody struct {
	Way      string `json:"way" enum:"机要通信,专人送取,给据邮件,窗口领取"`
	Tracking string `json:"tracking,omitempty" maxLength:"60"`
	Receiver string `json:"receiver,omitempty" maxLength:"60"`
}

// ReturnBody is how a material goes back to its maker.
type ReturnBody struct {
	Way      string `json:"way" enum:"机要通信,专人送取,给据邮件,窗口领取"`
	Tracking string `json:"tracking,omitempty" maxLength:"60"`
	Receiver string `json:"receiver,omitempty" maxLength:"60"`
	Request  string `json:"request,omitempty" enum:"补办后重新移交,重新形成,核实说明,自行留存"`
}

// LooseView is a waiting material with its dossier.
type LooseView struct {
	MaterialView
	DossierNo  string `json:"dossierNo"`
	Person     string `json:"person"`
	Agency     string `json:"agency"`
	AgencyName string `json:"agencyName"`
}

// LooseList is a page of waiting materials with the counts of the states.
type LooseList struct {
	Items  []LooseView      `json:"items" nullable:"false"`
	Next   *string          `json:"next"`
	Counts map[string]int64 `json:"counts"`
	More   bool             `json:"more,omitempty" doc:"至少这么多，没有再数"`
}

// BatchView is a filing batch.
type BatchView struct {
	ID           string      `json:"id"`
	Version      int64       `json:"version"`
	No           string      `json:"no"`
	Kind         string      `json:"kind" enum:"filing,catalog"`
	KindName     string      `json:"kindName"`
	State        string      `json:"state" enum:"waiting,accepted,rejected"`
	StateName    string      `json:"stateName"`
	Tone         string      `json:"tone"`
	AgencyName   string      `json:"agencyName"`
	Materials    int64       `json:"materials"`
	Dossiers     int64       `json:"dossiers"`
	SubmittedBy  string      `json:"submittedBy"`
	SubmittedOwn bool        `json:"submittedOwn"`
	SubmittedAt  time.Time   `json:"submittedAt"`
	ReviewedBy   string      `json:"reviewedBy,omitempty"`
	ReviewedAt   *time.Time  `json:"reviewedAt,omitempty"`
	Note         string      `json:"note,omitempty"`
	Sample       []string    `json:"sample" nullable:"false" doc:"抽中的材料"`
	Items        []LooseView `json:"items,omitempty"`
	Packets      []Packet    `json:"packets,omitempty" doc:"材料所归的档案，提出后才能归档"`
	Possible     []Possible  `json:"possible" nullable:"false"`
}

// Packet is a dossier a batch goes into, and where its packet is.
type Packet struct {
	DossierID string `json:"dossierId"`
	No        string `json:"no"`
	Where     string `json:"where"`
	Ready     bool   `json:"ready"`
}

var batchNames = map[string]string{dossier.BatchWaiting: "待审核", dossier.BatchAccepted: "已归档", dossier.BatchRejected: "已退回"}

var batchKinds = map[string]string{dossier.BatchFiling: "零散材料归档", dossier.BatchCatalog: "目录录入核对"}

var batchTones = map[string]string{dossier.BatchWaiting: "run", dossier.BatchAccepted: "plain", dossier.BatchRejected: "void"}

func (s *Server) filingRoutes() {
	route(s, op("listBatches", http.MethodGet, "/filing/batches", "归档批次", "材料"), func(ctx context.Context, in *struct {
		State  string `query:"state" enum:"waiting,accepted,rejected"`
		Before string `query:"cursor" maxLength:"40"`
		Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"30"`
	}) (*Body[Page[BatchView]], error) {
		list, err := s.Dossiers.Batches(ctx, actor(ctx), in.State, in.Before, in.Limit+1)
		if err != nil {
			return nil, err
		}
		out := &Body[Page[BatchView]]{Body: Page[BatchView]{Items: []BatchView{}}}
		if len(list) > in.Limit {
			list = list[:in.Limit]
			out.Body.Next = &list[in.Limit-1].ID
		}
		for _, b := range list {
			out.Body.Items = append(out.Body.Items, s.batchView(ctx, b))
		}
		return out, nil
	})
	route(s, op("submitBatch", http.MethodPost, "/filing/batches", "提交归档批次", "材料"), func(ctx context.Context, in *struct {
		Body struct {
			Materials []string `json:"materials" minItems:"1" maxItems:"200" nullable:"false"`
		}
	}) (*Tagged[BatchView], error) {
		b, err := s.Dossiers.SubmitBatch(ctx, actor(ctx), in.Body.Materials)
		if err != nil {
			return nil, err
		}
		return &Tagged[BatchView]{ETag: etag(b.Version), Body: s.batchView(ctx, b)}, nil
	})
	route(s, op("getBatch", http.MethodGet, "/filing/batches/{id}", "一个归档批次", "材料"), func(ctx context.Context, in *DossierPath) (*Tagged[BatchView], error) {
		return s.batchPage(ctx, in.ID)
	})
	route(s, op("reviewBatch", http.MethodPost, "/filing/batches/{id}/review", "审核归档批次（抽查）", "材料"), func(ctx context.Context, in *struct {
		DossierPath
		IfMatch
		Body struct {
			Accept bool            `json:"accept"`
			Checks map[string]bool `json:"checks,omitempty" doc:"抽中材料逐份：相符为 true"`
			Note   string          `json:"note,omitempty" maxLength:"300"`
		}
	}) (*Tagged[BatchView], error) {
		b, err := s.Dossiers.ReviewBatch(ctx, actor(ctx), in.ID, dossier.Review{Accept: in.Body.Accept, Checks: in.Body.Checks, Note: in.Body.Note})
		if err != nil {
			return nil, err
		}
		return &Tagged[BatchView]{ETag: etag(b.Version), Body: s.batchView(ctx, b)}, nil
	})
	route(s, op("enterCatalog", http.MethodPost, "/dossiers/{id}/catalog", "照纸质档案录入目录（第二人核对后生效）", "材料"), func(ctx context.Context, in *struct {
		DossierPath
		IfMatch
		Body struct {
			Lines []DescriptionView `json:"lines" minItems:"1" maxItems:"200" nullable:"false"`
		}
	}) (*Tagged[BatchView], error) {
		lines := make([]dossier.Description, len(in.Body.Lines))
		for i, l := range in.Body.Lines {
			lines[i] = dossier.Description(l)
		}
		b, err := s.Dossiers.EnterCatalog(ctx, actor(ctx), in.ID, lines)
		if err != nil {
			return nil, err
		}
		return &Tagged[BatchView]{ETag: etag(b.Version), Body: s.batchView(ctx, b)}, nil
	})
	route(s, op("printMaterialReceipt", http.MethodPost, "/dossiers/{id}/material-receipts", "出具材料接收回单：同一交来人（单位）的一件或几件", "材料"), func(ctx context.Context, in *struct {
		DossierPath
		Body struct {
			Materials []string `json:"materials" maxItems:"50" doc:"材料"`
		}
	}) (*Body[DocumentView], error) {
		d, err := s.Dossiers.PrintReceipt(ctx, actor(ctx), in.ID, in.Body.Materials)
		if err != nil {
			return nil, err
		}
		return &Body[DocumentView]{Body: s.documentView(ctx, d)}, nil
	})
	route(s, op("printCatalog", http.MethodPost, "/dossiers/{id}/catalog/print", "打印目录", "材料"), func(ctx context.Context, in *struct {
		DossierPath
		Sheet string `query:"sheet" enum:"a4,16k" default:"a4" doc:"用纸：A4，或旧卷的 16 开"`
	}) (*Body[DocumentView], error) {
		d, err := s.Dossiers.PrintCatalog(ctx, actor(ctx), in.ID, in.Sheet)
		if err != nil {
			return nil, err
		}
		return &Body[DocumentView]{Body: s.documentView(ctx, d)}, nil
	})
	for _, form := range []struct{ id, ext, name string }{{"exportCatalog", dossier.AsSheet, "目录导出为表格"}, {"catalogData", dossier.AsData, "目录导出为数据"}} {
		route(s, op(form.id, http.MethodGet, "/dossiers/{id}/catalog."+form.ext, form.name+"，导出留存记录", "材料"), func(ctx context.Context, in *DossierPath) (*SavedFile, error) {
			file, no, err := s.Dossiers.ExportCatalog(ctx, actor(ctx), in.ID, form.ext)
			if err != nil {
				return nil, err
			}
			kind := map[string]string{dossier.AsSheet: workbookType, dossier.AsData: "application/json; charset=utf-8"}[form.ext]
			return &SavedFile{kind, "attachment; filename*=UTF-8''" + url.PathEscape("目录-"+no+"."+form.ext), func(answer huma.Context) {
				defer func() { _ = file.Close() }()
				_, _ = io.Copy(answer.BodyWriter(), file) // who went away gets the rest no more
			}}, nil
		})
	}
	route(s, op("listRearrangements", http.MethodGet, "/rearrangements", "重新编号申请", "材料"), func(ctx context.Context, in *struct {
		State string `query:"state" enum:"asked,approved,refused"`
	}) (*Body[Page[RearrangementView]], error) {
		list, err := s.Dossiers.Rearrangements(ctx, actor(ctx), in.State, 100)
		if err != nil {
			return nil, err
		}
		out := &Body[Page[RearrangementView]]{Body: Page[RearrangementView]{Items: []RearrangementView{}}}
		for _, r := range list {
			v, err := s.rearrangementView(ctx, r)
			if err != nil {
				return nil, err
			}
			out.Body.Items = append(out.Body.Items, v)
		}
		return out, nil
	})
	route(s, op("proposeArrangement", http.MethodGet, "/dossiers/{id}/arrangement", "一类材料按规定的顺序：第五、六、八类按事项，其余按形成时间；哪些作附件", "材料"), func(ctx context.Context, in *struct {
		DossierPath
		Class string `query:"class" required:"true" maxLength:"4"`
	}) (*Body[ArrangementView], error) {
		l, err := s.Dossiers.Proposal(ctx, actor(ctx), in.ID, in.Class)
		if err != nil {
			return nil, err
		}
		return &Body[ArrangementView]{ArrangementView{Order: l.Order, Annexes: annexList(l)}}, nil
	})
	route(s, op("requestRearrangement", http.MethodPost, "/dossiers/{id}/rearrangements", "申请对一类材料重新编号", "材料"), func(ctx context.Context, in *struct {
		DossierPath
		IfMatch
		Body struct {
			Class   string      `json:"class" maxLength:"4"`
			Order   []string    `json:"order" minItems:"1" maxItems:"2000" nullable:"false" doc:"本类全部材料，按新的顺序"`
			Annexes []AnnexView `json:"annexes,omitempty" maxItems:"2000" nullable:"true" doc:"哪些作附件、附于哪份主件；不写的照现在的"`
			Reason  string      `json:"reason" maxLength:"300"`
		}
	}) (*Tagged[RearrangementView], error) {
		layout := dossier.Layout{Order: in.Body.Order}
		if in.Body.Annexes != nil {
			layout.Annexes = map[string]string{}
			for _, a := range in.Body.Annexes {
				layout.Annexes[a.ID] = a.MainID
			}
		}
		r, err := s.Dossiers.Rearrange(ctx, actor(ctx), in.ID, in.Body.Class, layout, in.Body.Reason)
		return s.rearranged(ctx, r, err)
	})
	route(s, op("decideRearrangement", http.MethodPost, "/rearrangements/{id}/decide", "审批重新编号", "材料"), func(ctx context.Context, in *struct {
		DossierPath
		IfMatch
		Body struct {
			Approve bool   `json:"approve"`
			Note    string `json:"note,omitempty" maxLength:"300"`
		}
	}) (*Tagged[RearrangementView], error) {
		r, err := s.Dossiers.DecideRearrangement(ctx, actor(ctx), in.ID, in.Body.Approve, in.Body.Note)
		return s.rearranged(ctx, r, err)
	})
	route(s, op("printComparison", http.MethodPost, "/dossiers/{id}/comparison/print", "打印信息核对表", "档案"), func(ctx context.Context, in *DossierPath) (*Body[DocumentView], error) {
		d, err := s.Dossiers.PrintComparison(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return &Body[DocumentView]{Body: s.documentView(ctx, d)}, nil
	})
	route(s, op("askPacket", http.MethodPost, "/dossiers/{id}/packet", "请库管提档，以便照原件录入目录", "材料"), func(ctx context.Context, in *DossierPath) (*struct{}, error) {
		return nil, s.Dossiers.AskPacket(ctx, actor(ctx), in.ID)
	})
	route(s, op("listCorrections", http.MethodGet, "/corrections", "更正申请", "材料"), func(ctx context.Context, in *struct {
		State string `query:"state" enum:"asked,approved,refused"`
	}) (*Body[Page[CorrectionView]], error) {
		list, err := s.Dossiers.Corrections(ctx, actor(ctx), in.State, 200)
		if err != nil {
			return nil, err
		}
		out := &Body[Page[CorrectionView]]{Body: Page[CorrectionView]{Items: []CorrectionView{}}}
		for _, c := range list {
			label, err := s.Dossiers.LabelOf(ctx, c.MaterialID)
			if err != nil {
				return nil, err
			}
			out.Body.Items = append(out.Body.Items, s.correctionView(ctx, c, label))
		}
		return out, nil
	})
	route(s, op("requestCorrection", http.MethodPost, "/materials/{id}/corrections", "申请更正", "材料"), func(ctx context.Context, in *struct {
		DossierPath
		IfMatch
		Body struct {
			Proposed DescriptionView `json:"proposed"`
			Reason   string          `json:"reason" maxLength:"300"`
			Basis    string          `json:"basis,omitempty" maxLength:"200" doc:"依据的材料或文号"`
		}
	}) (*Tagged[CorrectionView], error) {
		c, err := s.Dossiers.RequestCorrection(ctx, actor(ctx), in.ID, dossier.Description(in.Body.Proposed), in.Body.Reason, in.Body.Basis)
		return s.correctionDone(ctx, c, err)
	})
	route(s, op("decideCorrection", http.MethodPost, "/corrections/{id}/decide", "审批更正", "材料"), func(ctx context.Context, in *struct {
		DossierPath
		IfMatch
		Body struct {
			Approve bool   `json:"approve"`
			Note    string `json:"note,omitempty" maxLength:"300"`
		}
	}) (*Tagged[CorrectionView], error) {
		c, err := s.Dossiers.DecideCorrection(ctx, actor(ctx), in.ID, in.Body.Approve, in.Body.Note)
		return s.correctionDone(ctx, c, err)
	})
}

// SavedFile is a file that leaves the system to be kept by who asked.
type SavedFile struct {
	Type        string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        func(huma.Context)
}

// RearrangementView is an application to number a class anew.
type RearrangementView struct {
	ID           string      `json:"id"`
	Version      int64       `json:"version"`
	DossierID    string      `json:"dossierId"`
	DossierNo    string      `json:"dossierNo"`
	Class        string      `json:"class"`
	ClassName    string      `json:"className"`
	State        string      `json:"state" enum:"asked,approved,refused"`
	StateName    string      `json:"stateName"`
	Lines        []OrderView `json:"lines" nullable:"false" doc:"按新的顺序，注明现在的编号"`
	Reason       string      `json:"reason"`
	Applicant    string      `json:"applicant"`
	ApplicantOwn bool        `json:"applicantOwn"`
	AppliedAt    time.Time   `json:"appliedAt"`
	DecidedBy    string      `json:"decidedBy,omitempty"`
	Note         string      `json:"note,omitempty"`
}

// ArrangementView is an order of a class, with its attachments.
type ArrangementView struct {
	Order   []string    `json:"order" nullable:"false"`
	Annexes []AnnexView `json:"annexes" nullable:"false"`
}

// AnnexView says of which main paper a material is an attachment.
type AnnexView struct {
	ID     string `json:"id" maxLength:"40"`
	MainID string `json:"mainId" maxLength:"40"`
}

// annexList lists a layout's attachments in its order.
func annexList(l dossier.Layout) []AnnexView {
	out := []AnnexView{}
	for _, id := range l.Order {
		if main := l.Annexes[id]; main != "" {
			out = append(out, AnnexView{id, main})
		}
	}
	return out
}

// OrderView is one material in an order.
type OrderView struct {
	Number string `json:"number"`
	Title  string `json:"title"`
	Formed string `json:"formed,omitempty"`
	Annex  bool   `json:"annex,omitempty" doc:"附件，与上面的主件同号"`
}

func (s *Server) rearrangementView(ctx context.Context, r dossier.Rearrangement) (RearrangementView, error) {
	name := s.names(ctx)
	d, err := dossier.Get(ctx, s.DB, r.DossierID)
	if err != nil {
		return RearrangementView{}, err
	}
	class, _ := codes.FindClass(r.Class)
	v := RearrangementView{ID: r.ID, Version: r.Version, DossierID: r.DossierID, DossierNo: d.No, Class: r.Class, ClassName: class.Short, State: r.State, StateName: rearrangementNames[r.State], Lines: []OrderView{}, Reason: r.Reason,
		Applicant: name(r.Applicant), ApplicantOwn: r.Applicant == actor(ctx).ID, AppliedAt: r.AppliedAt, DecidedBy: name(r.DecidedBy), Note: r.Note}
	if r.State != dossier.CorrectionAsked {
		return v, nil // decided: the numbers of then stand in the old version
	}
	lines, err := s.Dossiers.Laid(ctx, r)
	for _, l := range lines {
		v.Lines = append(v.Lines, OrderView(l))
	}
	return v, err
}

func (s *Server) rearranged(ctx context.Context, r dossier.Rearrangement, err error) (*Tagged[RearrangementView], error) {
	if err != nil {
		return nil, err
	}
	v, err := s.rearrangementView(ctx, r)
	return &Tagged[RearrangementView]{ETag: etag(r.Version), Body: v}, err
}

var rearrangementNames = map[string]string{dossier.CorrectionAsked: "待审批", dossier.CorrectionApproved: "已编号", dossier.CorrectionRefused: "未批准"}

func (s *Server) looseViews(ctx context.Context, list []dossier.Loose) []LooseView {
	out := []LooseView{}
	name := s.names(ctx)
	for _, l := range list {
		out = append(out, LooseView{s.materialView(ctx, l.Material, name), l.DossierNo, l.Person, l.Agency, s.agencyName(ctx, l.Agency)})
	}
	return out
}

func (s *Server) batchView(ctx context.Context, b dossier.Batch) BatchView {
	name := s.names(ctx)
	v := BatchView{ID: b.ID, Version: b.Version, No: b.No, Kind: b.Kind, KindName: batchKinds[b.Kind], State: b.State, StateName: batchNames[b.State], Tone: batchTones[b.State], AgencyName: s.agencyName(ctx, b.Agency),
		Materials: b.Materials, Dossiers: b.Dossiers, SubmittedBy: name(b.SubmittedBy), SubmittedOwn: b.SubmittedBy == actor(ctx).ID, SubmittedAt: b.SubmittedAt, ReviewedBy: name(b.ReviewedBy), Note: b.Note, Sample: b.Drawn(), Possible: []Possible{}}
	if !b.ReviewedAt.IsZero() {
		v.ReviewedAt = &b.ReviewedAt
	}
	return v
}

func (s *Server) batchPage(ctx context.Context, id string) (*Tagged[BatchView], error) {
	p, err := s.Dossiers.BatchOf(ctx, actor(ctx), id)
	if err != nil {
		return nil, err
	}
	v := s.batchView(ctx, p.Batch)
	v.Items, v.Possible = s.looseViews(ctx, p.Materials), possible(p.Possible)
	for _, d := range p.Packets {
		v.Packets = append(v.Packets, Packet{d.ID, d.No, whereIs(d), d.Place != dossier.PlaceStore})
	}
	return &Tagged[BatchView]{ETag: etag(p.Batch.Version), Body: v}, nil
}
