package api

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"dangan/internal/codes"
	"dangan/internal/dossier"
	"dangan/internal/identity"
)

func init() { capabilities = append(capabilities, (*Server).materialRoutes) }

// MaterialView is one material. A state-secret item has no title.
type MaterialView struct {
	ID           string       `json:"id"`
	Version      int64        `json:"version"`
	DossierID    string       `json:"dossierId"`
	State        string       `json:"state"`
	StateName    string       `json:"stateName"`
	Tone         string       `json:"tone" enum:"plain,run,wait,done,bad,void"`
	Class        string       `json:"class,omitempty"`
	ClassName    string       `json:"className,omitempty"`
	Seq          int64        `json:"seq,omitempty"`
	Number       string       `json:"number,omitempty" doc:"类号-顺序号"`
	Title        string       `json:"title"`
	Year         int64        `json:"year,omitempty"`
	Month        int64        `json:"month,omitempty"`
	Day          int64        `json:"day,omitempty"`
	Copies       int64        `json:"copies"`
	Pages        int64        `json:"pages"`
	Images       int64        `json:"images"`
	IsCopy       bool         `json:"isCopy"`
	KeyFacts     []string     `json:"keyFacts" nullable:"false"`
	KeyFactNames []string     `json:"keyFactNames" nullable:"false"`
	Secrecy      int          `json:"secrecy"`
	SecrecyName  string       `json:"secrecyName"`
	Note         string       `json:"note,omitempty"`
	Origin       string       `json:"origin"`
	OriginName   string       `json:"originName"`
	Source       string       `json:"source,omitempty"`
	Maker        string       `json:"maker,omitempty"`
	IntakeNo     string       `json:"intakeNo,omitempty"`
	ReceivedOn   string       `json:"receivedOn,omitempty"`
	DueOn        string       `json:"dueOn,omitempty" doc:"收到之日起两个月"`
	DueTentative bool         `json:"dueTentative,omitempty"`
	DaysLeft     *int         `json:"daysLeft,omitempty"`
	LateDays     int64        `json:"lateDays" doc:"超过形成之日起一个月的天数"`
	Defects      []DefectView `json:"defects" nullable:"false"`
	Decision     string       `json:"decision,omitempty"`
	CureBy       string       `json:"cureBy,omitempty"`
	AppraisedBy  string       `json:"appraisedBy,omitempty"`
	AppraisedOwn bool         `json:"appraisedOwn,omitempty"`
	BatchID      string       `json:"batchId,omitempty"`
	FiledAt      *time.Time   `json:"filedAt,omitempty"`
	Reason       string       `json:"reason,omitempty"`
}

// DefectView is one appraisal defect.
type DefectView struct {
	Code string `json:"code"`
	Text string `json:"text"`
	Way  string `json:"way"`
}

// DescriptionView is what a catalog line says; in a correction, what is asked for.
type DescriptionView struct {
	Title  string `json:"title" maxLength:"120"`
	Class  string `json:"class" maxLength:"4"`
	Year   int64  `json:"year,omitempty" minimum:"0" maximum:"2200"`
	Month  int64  `json:"month,omitempty" minimum:"0" maximum:"12"`
	Day    int64  `json:"day,omitempty" minimum:"0" maximum:"31"`
	Copies int64  `json:"copies" minimum:"1" maximum:"99"`
	Pages  int64  `json:"pages" minimum:"0" maximum:"9999"`
	IsCopy bool   `json:"isCopy,omitempty"`
	Note   string `json:"note,omitempty" maxLength:"200"`
}

// CorrectionView is an application to correct a filed material.
type CorrectionView struct {
	ID           string          `json:"id"`
	Version      int64           `json:"version"`
	MaterialID   string          `json:"materialId"`
	DossierID    string          `json:"dossierId"`
	Label        string          `json:"label"`
	State        string          `json:"state" enum:"asked,approved,refused"`
	StateName    string          `json:"stateName"`
	Proposed     DescriptionView `json:"proposed"`
	Reason       string          `json:"reason"`
	Basis        string          `json:"basis,omitempty"`
	Applicant    string          `json:"applicant"`
	ApplicantOwn bool            `json:"applicantOwn"`
	AppliedAt    time.Time       `json:"appliedAt"`
	DecidedBy    string          `json:"decidedBy,omitempty"`
	Note         string          `json:"note,omitempty"`
}

var materialTones = map[dossier.MaterialState]string{
	dossier.Received: "run", dossier.Appraising: "run", dossier.ToFile: "run", dossier.Curing: "wait", dossier.Delivered: "run", dossier.Filed: "plain", dossier.Returned: "void", dossier.Superseded: "void",
}

var originNames = map[string]string{"window": "窗口", "unit": "单位移交", "person": "本人提交", "delivery": "数字化", "transfer": "转入", "cited": "目录录入"}

var correctionNames = map[string]string{dossier.CorrectionAsked: "待审批", dossier.CorrectionApproved: "已更正", dossier.CorrectionRefused: "未批准"}

func split(list string) []string {
	if list == "" {
		return []string{}
	}
	return strings.Split(list, "|")
}

func (s *Server) materialView(ctx context.Context, m dossier.Material, name func(string) string) MaterialView {
	v := MaterialView{ID: m.ID, Version: m.Version, DossierID: m.DossierID, State: string(m.State), StateName: m.State.Name(), Tone: materialTones[m.State], Class: m.Class, Seq: m.Seq, Title: m.Title,
		Year: m.FormedYear, Month: m.FormedMonth, Day: m.FormedDay, Copies: m.Copies, Pages: m.Pages, Images: m.Images, IsCopy: m.IsCopy, KeyFacts: split(m.KeyFacts), KeyFactNames: []string{},
		Secrecy: m.Secrecy, SecrecyName: dossier.SecrecyName(m.Secrecy), Note: m.Note, Origin: m.Origin, OriginName: originNames[m.Origin], Source: m.Source, Maker: m.Maker, IntakeNo: m.IntakeNo,
		ReceivedOn: m.ReceivedOn, DueOn: m.DueOn, DueTentative: m.DueTentative, LateDays: m.LateDays, Defects: []DefectView{}, Decision: m.Decision, CureBy: m.CureBy,
		AppraisedBy: name(m.AppraisedBy), AppraisedOwn: m.AppraisedBy != "" && m.AppraisedBy == actor(ctx).ID, BatchID: m.BatchID, Reason: m.Reason}
	if m.Title == "" {
		v.Title = "涉密件（纸质）"
	}
	if c, ok := codes.FindClass(m.Class); ok {
		v.ClassName = c.Short
		if m.State == dossier.Filed {
			v.Number = m.Number()
		}
	}
	for _, fact := range v.KeyFacts {
		v.KeyFactNames = append(v.KeyFactNames, dossier.KeyFactName(fact))
	}
	for _, code := range split(m.Defects) {
		if d, ok := codes.FindDefect(code); ok {
			v.Defects = append(v.Defects, DefectView(d))
		}
	}
	if !m.FiledAt.IsZero() {
		v.FiledAt = &m.FiledAt
	}
	if m.State != dossier.Filed && m.State != dossier.Returned && m.State != dossier.Superseded {
		due := m.DueOn
		if m.State == dossier.Curing {
			due = m.CureBy
		}
		v.DaysLeft = s.daysLeft(due)
	}
	return v
}

func (s *Server) materials(ctx context.Context, list []dossier.Material) []MaterialView {
	out := []MaterialView{}
	name := s.names(ctx)
	for _, m := range list {
		out = append(out, s.materialView(ctx, m, name))
	}
	return out
}

// catalogView groups the filed materials by class; every class stands in it.
func (s *Server) catalogView(ctx context.Context, d dossier.Dossier, catalog []dossier.Material) CatalogView {
	v := CatalogView{Version: d.Catalog, Materials: d.Materials, Pages: d.Pages, Images: d.Images, Classes: []ClassView{}}
	at := map[string]int{}
	for _, c := range codes.Classes() {
		if c.Selectable {
			at[c.Code] = len(v.Classes)
			v.Classes = append(v.Classes, ClassView{Code: c.Code, Name: c.Name, Short: c.Short, Items: []MaterialView{}})
		}
	}
	name := s.names(ctx)
	for _, m := range catalog {
		if i, ok := at[m.Class]; ok {
			v.Classes[i].Items = append(v.Classes[i].Items, s.materialView(ctx, m, name))
			v.Classes[i].Pages += m.Pages
		}
	}
	return v
}

func (s *Server) correctionView(ctx context.Context, c dossier.Correction, label string) CorrectionView {
	name := s.names(ctx)
	v := CorrectionView{ID: c.ID, Version: c.Version, MaterialID: c.MaterialID, DossierID: c.DossierID, Label: label, State: c.State, StateName: correctionNames[c.State], Reason: c.Reason, Basis: c.Basis,
		Applicant: name(c.Applicant), ApplicantOwn: c.Applicant == actor(ctx).ID, AppliedAt: c.AppliedAt, DecidedBy: name(c.DecidedBy), Note: c.Note}
	var d dossier.Description
	if json.Unmarshal([]byte(c.Proposed), &d) == nil {
		v.Proposed = DescriptionView(d)
	}
	return v
}

// AppraisalBody is what an appraisal found.
type AppraisalBody struct {
	Decision string   `json:"decision" enum:"file,cure,return,verify"`
	Defects  []string `json:"defects,omitempty" maxItems:"26" nullable:"false"`
	Note     string   `json:"note,omitempty" maxLength:"300"`
	Class    string   `json:"class,omitempty" maxLength:"4" doc:"合格时可一并归类"`
	CureBy   string   `json:"cureBy,omitempty" maxLength:"10"`
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

// MaterialPageView is one material with what may be done.
type MaterialPageView struct {
	MaterialView
	DossierNo      string         `json:"dossierNo"`
	Person         string         `json:"person"`
	Suggested      string         `json:"suggested,omitempty" doc:"按题名建议的类号"`
	SuggestedFacts []string       `json:"suggestedFacts" nullable:"false"`
	Duplicates     []MaterialView `json:"duplicates" nullable:"false"`
	Versions       []MaterialView `json:"versions" nullable:"false" doc:"旧版本"`
	Possible       []Possible     `json:"possible" nullable:"false"`
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

// InquiryView is one answer to "where is my dossier".
type InquiryView struct {
	ID        string    `json:"id"`
	No        string    `json:"no"`
	Name      string    `json:"name"`
	IDNo      string    `json:"idNo" doc:"前三后四"`
	Asker     string    `json:"asker"`
	Document  string    `json:"document"`
	Answer    string    `json:"answer"`
	DossierID string    `json:"dossierId,omitempty" doc:"本机构可见时"`
	Paper     string    `json:"paper,omitempty" doc:"答复单，/documents/{id}/file"`
	By        string    `json:"by"`
	At        time.Time `json:"at"`
}

var batchNames = map[string]string{dossier.BatchWaiting: "待审核", dossier.BatchAccepted: "已归档", dossier.BatchRejected: "已退回"}
var batchKinds = map[string]string{dossier.BatchFiling: "零散材料归档", dossier.BatchCatalog: "目录录入核对"}
var batchTones = map[string]string{dossier.BatchWaiting: "run", dossier.BatchAccepted: "plain", dossier.BatchRejected: "void"}

func (s *Server) materialRoutes() {
	route(s, op("listMaterials", http.MethodGet, "/materials", "待办材料（收、鉴别、补办、待归档）", "材料"), func(ctx context.Context, in *struct {
		State   string `query:"state" enum:"received,appraising,curing,to_file"`
		Overdue bool   `query:"overdue" doc:"已逾期"`
		Ready   bool   `query:"ready" doc:"已归类、未提交批次"`
		Limit   int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
		Cursor  string `query:"cursor" maxLength:"400"`
	}) (*Body[LooseList], error) {
		list, next, err := s.Dossiers.LooseMaterials(ctx, actor(ctx), dossier.LooseFilter{State: dossier.MaterialState(in.State), Overdue: in.Overdue, Ready: in.Ready, Limit: in.Limit, After: in.Cursor})
		if err != nil {
			return nil, err
		}
		counts, err := s.Dossiers.LooseCounts(ctx, actor(ctx))
		if err != nil {
			return nil, err
		}
		out := &Body[LooseList]{Body: LooseList{Items: s.looseViews(ctx, list), Counts: map[string]int64{}}}
		for state, n := range counts {
			out.Body.Counts[string(state)] = n
		}
		out.Body.More = s.capped(out.Body.Counts)
		if next != "" {
			out.Body.Next = &next
		}
		return out, nil
	})
	route(s, op("getMaterial", http.MethodGet, "/materials/{id}", "一份材料", "材料"), func(ctx context.Context, in *struct {
		ID string `path:"id" maxLength:"40"`
	}) (*Tagged[MaterialPageView], error) {
		return s.materialPage(ctx, in.ID)
	})
	route(s, op("receiveMaterial", http.MethodPost, "/dossiers/{id}/materials", "收材料", "材料"), func(ctx context.Context, in *struct {
		DossierPath
		Body struct {
			Origin  string `json:"origin" enum:"window,unit,person"`
			Giver   string `json:"giver" maxLength:"80" doc:"交来人或单位"`
			Maker   string `json:"maker,omitempty" maxLength:"80" doc:"形成单位"`
			Secrecy int    `json:"secrecy,omitempty" minimum:"0" maximum:"4" doc:"0 未定密 1 工作秘密 2 秘密 3 机密 4 绝密"`
			Title   string `json:"title,omitempty" maxLength:"120" doc:"涉密件不得填写"`
			Class   string `json:"class,omitempty" maxLength:"4" doc:"只有涉密件在接收时归类"`
			Year    int64  `json:"year,omitempty" minimum:"0" maximum:"2200"`
			Month   int64  `json:"month,omitempty" minimum:"0" maximum:"12"`
			Day     int64  `json:"day,omitempty" minimum:"0" maximum:"31"`
			Copies  int64  `json:"copies" minimum:"1" maximum:"99" default:"1"`
			Pages   int64  `json:"pages" minimum:"1" maximum:"9999"`
			IsCopy  bool   `json:"isCopy,omitempty"`
			Note    string `json:"note,omitempty" maxLength:"200"`
		}
	}) (*Tagged[MaterialView], error) {
		b := in.Body
		m, err := s.Dossiers.Receive(ctx, actor(ctx), dossier.Intake{DossierID: in.ID, Origin: b.Origin, Giver: b.Giver, Maker: b.Maker, Secrecy: b.Secrecy,
			Description: dossier.Description{Title: b.Title, Class: b.Class, Year: b.Year, Month: b.Month, Day: b.Day, Copies: b.Copies, Pages: b.Pages, IsCopy: b.IsCopy, Note: b.Note}})
		return s.materialDone(ctx, m, err)
	})
	route(s, op("appraiseMaterial", http.MethodPost, "/materials/{id}/appraise", "鉴别", "材料"), func(ctx context.Context, in *struct {
		DossierPath
		IfMatch
		Body AppraisalBody
	}) (*Tagged[MaterialView], error) {
		b := in.Body
		m, err := s.Dossiers.Appraise(ctx, actor(ctx), in.ID, dossier.Judgement{Decision: b.Decision, Defects: b.Defects, Note: b.Note, Class: b.Class, CureBy: b.CureBy})
		return s.materialDone(ctx, m, err)
	})
	route(s, op("classifyMaterial", http.MethodPost, "/materials/{id}/classify", "归类", "材料"), func(ctx context.Context, in *struct {
		DossierPath
		IfMatch
		Body struct {
			Class string `json:"class" maxLength:"4"`
		}
	}) (*Tagged[MaterialView], error) {
		m, err := s.Dossiers.Classify(ctx, actor(ctx), in.ID, in.Body.Class)
		return s.materialDone(ctx, m, err)
	})
	route(s, op("sendBackMaterial", http.MethodPost, "/materials/{id}/send-back", "出具材料退回通知单", "材料"), func(ctx context.Context, in *struct {
		DossierPath
		IfMatch
		Body ReturnBody
	}) (*Tagged[struct {
		Material MaterialView `json:"material"`
		Slip     DocumentView `json:"slip"`
	}], error) {
		b := in.Body
		m, slip, err := s.Dossiers.SendBack(ctx, actor(ctx), in.ID, dossier.Return{Way: b.Way, Tracking: b.Tracking, Receiver: b.Receiver, Request: b.Request})
		if err != nil {
			return nil, err
		}
		out := &Tagged[struct {
			Material MaterialView `json:"material"`
			Slip     DocumentView `json:"slip"`
		}]{ETag: etag(m.Version)}
		out.Body.Material, out.Body.Slip = s.materialView(ctx, m, s.names(ctx)), s.documentView(ctx, slip)
		return out, nil
	})
	route(s, op("resubmitMaterial", http.MethodPost, "/materials/{id}/resubmit", "补办后重新收到", "材料"), func(ctx context.Context, in *struct {
		DossierPath
		IfMatch
		Body DescriptionView
	}) (*Tagged[MaterialView], error) {
		m, err := s.Dossiers.Resubmit(ctx, actor(ctx), in.ID, dossier.Description(in.Body))
		return s.materialDone(ctx, m, err)
	})
	s.filingRoutes()
	s.inquiryRoutes()
}

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
	route(s, op("printCatalog", http.MethodPost, "/dossiers/{id}/catalog/print", "打印目录", "材料"), func(ctx context.Context, in *DossierPath) (*Body[DocumentView], error) {
		d, err := s.Dossiers.PrintCatalog(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return &Body[DocumentView]{Body: s.documentView(ctx, d)}, nil
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

func (s *Server) correctionDone(ctx context.Context, c dossier.Correction, err error) (*Tagged[CorrectionView], error) {
	if err != nil {
		return nil, err
	}
	label, err := s.Dossiers.LabelOf(ctx, c.MaterialID)
	if err != nil {
		return nil, err
	}
	return &Tagged[CorrectionView]{ETag: etag(c.Version), Body: s.correctionView(ctx, c, label)}, nil
}

func (s *Server) inquiryRoutes() {
	route(s, op("askWhereabouts", http.MethodPost, "/inquiries", "查档去向：答复到场的本人或代办人", "档案"), func(ctx context.Context, in *struct {
		Body struct {
			Agency   string `json:"agency,omitempty" maxLength:"12" doc:"受理机构，默认本机构"`
			Name     string `json:"name" maxLength:"60"`
			IDNo     string `json:"idNo" maxLength:"30"`
			Document string `json:"document" maxLength:"40" doc:"查验的证件"`
			Agent    string `json:"agent,omitempty" maxLength:"120" doc:"代办人姓名及委托书"`
			Print    bool   `json:"print,omitempty"`
		}
	}) (*Body[InquiryView], error) {
		b := in.Body
		if b.Agency == "" {
			b.Agency = actor(ctx).Org
		}
		q, _, err := s.Dossiers.Whereabouts(ctx, actor(ctx), dossier.Question{Agency: b.Agency, Name: b.Name, IDNo: b.IDNo, Document: b.Document, Agent: b.Agent, Print: b.Print})
		if err != nil {
			return nil, err
		}
		return &Body[InquiryView]{Body: s.inquiryView(ctx, q)}, nil
	})
	route(s, op("listInquiries", http.MethodGet, "/inquiries", "查档去向登记", "档案"), func(ctx context.Context, in *struct {
		Cursor string `query:"cursor" maxLength:"40"`
		Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"30"`
	}) (*Body[Page[InquiryView]], error) {
		list, err := s.Dossiers.Inquiries(ctx, actor(ctx), in.Cursor, in.Limit+1)
		if err != nil {
			return nil, err
		}
		out := &Body[Page[InquiryView]]{Body: Page[InquiryView]{Items: []InquiryView{}}}
		if len(list) > in.Limit {
			list = list[:in.Limit]
			out.Body.Next = &list[in.Limit-1].ID
		}
		for _, q := range list {
			out.Body.Items = append(out.Body.Items, s.inquiryView(ctx, q))
		}
		return out, nil
	})
}

func (s *Server) inquiryView(ctx context.Context, q dossier.Inquiry) InquiryView {
	v := InquiryView{ID: q.ID, No: q.No, Name: q.Name, IDNo: identity.Mask(q.IDNo), Asker: q.Asker, Document: q.Document, Answer: q.Answer, Paper: q.Paper, By: s.names(ctx)(q.ByStaff), At: q.At}
	if q.DossierID != "" {
		if _, err := s.Dossiers.May(ctx, actor(ctx), "dossier.read", q.DossierID); err == nil {
			v.DossierID = q.DossierID
		}
	}
	return v
}

func (s *Server) materialDone(ctx context.Context, m dossier.Material, err error) (*Tagged[MaterialView], error) {
	if err != nil {
		return nil, err
	}
	return &Tagged[MaterialView]{ETag: etag(m.Version), Body: s.materialView(ctx, m, s.names(ctx))}, nil
}

func (s *Server) materialPage(ctx context.Context, id string) (*Tagged[MaterialPageView], error) {
	p, err := s.Dossiers.MaterialOf(ctx, actor(ctx), id)
	if err != nil {
		return nil, err
	}
	v := MaterialPageView{MaterialView: s.materialView(ctx, p.Material, s.names(ctx)), DossierNo: p.Dossier.No, Person: p.Person, Suggested: p.Suggested, SuggestedFacts: []string{},
		Duplicates: s.materials(ctx, p.Duplicates), Versions: s.materials(ctx, p.Versions), Possible: possible(p.Possible)}
	for _, fact := range codes.Proves(p.Material.Title, "") {
		v.SuggestedFacts = append(v.SuggestedFacts, dossier.KeyFactName(fact))
	}
	return &Tagged[MaterialPageView]{ETag: etag(p.Material.Version), Body: v}, nil
}

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
