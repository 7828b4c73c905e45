package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"dangan/internal/found"
	"dangan/internal/identity"
	"dangan/internal/transfer"
)

func init() { capabilities = append(capabilities, (*Server).foundRoutes) }

// FoundItem is one packet found in private hands, in the list.
type FoundItem struct {
	ID           string    `json:"id"`
	No           string    `json:"no"`
	State        string    `json:"state" enum:"registered,sealed,asked,verified,received,joined"`
	StateName    string    `json:"stateName"`
	Tone         string    `json:"tone" enum:"plain,run,wait,done,bad,void"`
	AgencyName   string    `json:"agencyName"`
	PersonName   string    `json:"personName"`
	Came         string    `json:"came"`
	Seal         string    `json:"seal"`
	Keeper       string    `json:"keeper,omitempty" doc:"最后存档单位（交来人所述、封面所载）"`
	RegisteredAt time.Time `json:"registeredAt"`
	Shelf        string    `json:"shelf,omitempty"`
}

// FoundInquiry is one letter of inquiry and its answer.
type FoundInquiry struct {
	KindName   string `json:"kindName"`
	Addressee  string `json:"addressee"`
	Number     string `json:"number"`
	DocumentID string `json:"documentId"`
	SentOn     string `json:"sentOn"`
	DueOn      string `json:"dueOn"`
	Overdue    bool   `json:"overdue"`
	Reminded   int64  `json:"reminded" doc:"已催复次数"`
	ResultName string `json:"resultName,omitempty"`
	AnswerNo   string `json:"answerNo,omitempty"`
	AnsweredOn string `json:"answeredOn,omitempty"`
	Answer     string `json:"answer,omitempty"`
}

// FoundView is a packet's page.
type FoundView struct {
	FoundItem
	IDNo         string         `json:"idNo,omitempty" doc:"遮蔽后的公民身份号码"`
	Bringer      string         `json:"bringer"`
	BringerPaper string         `json:"bringerPaper,omitempty"`
	Relation     string         `json:"relation"`
	Phone        string         `json:"phone,omitempty"`
	Seen         string         `json:"seen,omitempty"`
	Volumes      int64          `json:"volumes"`
	RegisteredBy string         `json:"registeredBy"`
	SealedBy     string         `json:"sealedBy,omitempty"`
	SealedAt     *time.Time     `json:"sealedAt,omitempty"`
	SealNo       string         `json:"sealNo,omitempty"`
	Holder       string         `json:"holder,omitempty"`
	ProofNo      string         `json:"proofNo,omitempty"`
	TransferID   string         `json:"transferId,omitempty"`
	DossierID    string         `json:"dossierId,omitempty"`
	SlipID       string         `json:"slipId,omitempty"`
	Inquiries    []FoundInquiry `json:"inquiries" nullable:"false"`
	Pictures     []FoundPicture `json:"pictures" nullable:"false" doc:"包封照片、封存签名"`
	MaySign      bool           `json:"maySign,omitempty" doc:"本人是封存在场的二人之一，可以上传签名"`
	Possible     []Possible     `json:"possible" nullable:"false"`
}

// FoundPicture is a photo of the packet or a signature to its seal.
type FoundPicture struct {
	No       int64     `json:"no"`
	Kind     string    `json:"kind" enum:"photo,signature"`
	KindName string    `json:"kindName"`
	Format   string    `json:"format"`
	By       string    `json:"by"`
	At       time.Time `json:"at"`
}

// FoundKind is a kind of those who are asked.
type FoundKind struct {
	Key  string `json:"key"`
	Name string `json:"name"`
}

// FoundPage is a page of the list, with what a clerk chooses from.
type FoundPage struct {
	Items  []FoundItem      `json:"items" nullable:"false"`
	Next   string           `json:"next,omitempty"`
	Counts map[string]int64 `json:"counts"`
	Ways   []string         `json:"ways" nullable:"false"`
	Seals  []string         `json:"seals" nullable:"false"`
	Kinds  []FoundKind      `json:"kinds" nullable:"false"`
}

// FoundArrival is what is entered when somebody brings a packet.
type FoundArrival struct {
	PersonName   string `json:"personName" maxLength:"60"`
	IDNo         string `json:"idNo,omitempty" maxLength:"30"`
	Bringer      string `json:"bringer" maxLength:"60"`
	BringerPaper string `json:"bringerPaper,omitempty" maxLength:"100"`
	Relation     string `json:"relation" maxLength:"30"`
	Phone        string `json:"phone,omitempty" maxLength:"30"`
	Came         string `json:"came" maxLength:"30"`
	Seal         string `json:"seal" maxLength:"30"`
	Seen         string `json:"seen,omitempty" maxLength:"200"`
	Volumes      int64  `json:"volumes"`
	Keeper       string `json:"keeper,omitempty" maxLength:"120"`
}

// FoundAnswer is what a keeper answered.
type FoundAnswer struct {
	Result string `json:"result" maxLength:"20" doc:"genuine 属实、unknown 查无记载、differs 与记载不符"`
	No     string `json:"no,omitempty" maxLength:"100"`
	On     string `json:"on" maxLength:"10"`
	Note   string `json:"note,omitempty" maxLength:"500"`
	IDNo   string `json:"idNo,omitempty" maxLength:"30"`
}

// FoundReceive is what an application for receiving says of a verified packet.
type FoundReceive struct {
	IDNo        string `json:"idNo,omitempty" maxLength:"30"`
	Document    string `json:"document,omitempty" maxLength:"60"`
	RegionBasis string `json:"regionBasis,omitempty" maxLength:"60"`
	TiePlace    string `json:"tiePlace,omitempty" maxLength:"20"`
	TieDespite  string `json:"tieDespite,omitempty" maxLength:"200"`
	Employer    string `json:"employer,omitempty" maxLength:"120"`
	Category    string `json:"category,omitempty" maxLength:"20"`
	Subtype     string `json:"subtype,omitempty" maxLength:"40"`
	Evidence    string `json:"evidence,omitempty" maxLength:"200"`
	Political   string `json:"political,omitempty" maxLength:"4"`
	MandateID   string `json:"mandateId,omitempty" maxLength:"64" doc:"代办的：已登记的委托书（转递档案）"`
}

// FoundPath names a packet.
type FoundPath struct {
	ID string `path:"id" maxLength:"40"`
}

func (s *Server) foundRoutes() {
	const tag = "个人手中档案"
	route(s, op("listFound", http.MethodGet, "/found-packets", "个人手中档案", tag), func(ctx context.Context, in *struct {
		OfAgency
		View   string `query:"view" maxLength:"20" doc:"waiting 待核实、verified 已核实待接收、ended 已办结；空为全部"`
		Cursor string `query:"cursor" maxLength:"80"`
		Limit  int    `query:"limit" default:"20" minimum:"1" maximum:"100"`
	}) (*Body[FoundPage], error) {
		rows, next, err := s.Found.List(ctx, in.of(ctx), found.Filter{View: in.View, Cursor: in.Cursor, Limit: in.Limit})
		if err != nil {
			return nil, err
		}
		counts, err := s.Found.Counts(ctx, in.of(ctx))
		if err != nil {
			return nil, err
		}
		out := FoundPage{Items: []FoundItem{}, Next: next, Counts: counts, Ways: found.Ways, Seals: found.Seals, Kinds: []FoundKind{}}
		for _, k := range found.Kinds {
			out.Kinds = append(out.Kinds, FoundKind(k))
		}
		for _, p := range rows {
			out.Items = append(out.Items, s.foundItem(ctx, p))
		}
		return &Body[FoundPage]{out}, nil
	})
	route(s, op("registerFound", http.MethodPost, "/found-packets", "登记个人手中档案，出具接收登记单", tag), func(ctx context.Context, in *struct{ Body FoundArrival }) (*Tagged[FoundView], error) {
		p, err := s.Found.Register(ctx, actor(ctx), found.Arrival(in.Body))
		return s.foundAnswer(ctx, p, err)
	})
	route(s, op("getFound", http.MethodGet, "/found-packets/{id}", "一件个人手中档案（查看留痕）", tag), func(ctx context.Context, in *FoundPath) (*Tagged[FoundView], error) {
		v, err := s.Found.Read(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return s.foundView(ctx, v), nil
	})
	route(s, op("sealFound", http.MethodPost, "/found-packets/{id}/seal", "第二名工作人员当面封存，转为待核实", tag), func(ctx context.Context, in *struct {
		FoundPath
		Body struct {
			SealNo string `json:"sealNo,omitempty" maxLength:"60"`
			Shelf  string `json:"shelf,omitempty" maxLength:"60" doc:"待核实专柜的位置"`
		}
	}) (*Tagged[FoundView], error) {
		p, err := s.Found.Seal(ctx, actor(ctx), in.ID, in.Body.SealNo, in.Body.Shelf)
		return s.foundAnswer(ctx, p, err)
	})
	picture := op("addFoundPicture", http.MethodPost, "/found-packets/{id}/pictures", "上传包封照片（JPG 或 PDF）或封存签名（也可以是 PNG）", tag)
	attached(s, picture, found.MaxPictureBytes, func(ctx context.Context, in *struct {
		FoundPath
		Kind    string `query:"kind" maxLength:"20" doc:"photo 包封照片、signature 封存签名"`
		RawBody []byte `contentType:"application/octet-stream"`
	}) (*Tagged[FoundView], error) {
		p, err := s.Found.AddPicture(ctx, actor(ctx), in.ID, in.Kind, in.RawBody)
		return s.foundAnswer(ctx, p, err)
	})
	route(s, op("getFoundPicture", http.MethodGet, "/found-packets/{id}/pictures/{no}", "一个照片或签名（查看留痕）", tag), func(ctx context.Context, in *struct {
		FoundPath
		No int64 `path:"no" minimum:"1" maximum:"99"`
	}) (*File, error) {
		kind, content, err := s.Found.Look(ctx, actor(ctx), in.ID, in.No)
		if err != nil {
			return nil, err
		}
		return pictureFile(kind, content, "个人手中档案-"+strconv.FormatInt(in.No, 10)), nil
	})
	route(s, op("askFound", http.MethodPost, "/found-packets/{id}/ask", "发函核实", tag), func(ctx context.Context, in *struct {
		FoundPath
		Body struct {
			Kind      string `json:"kind" maxLength:"20" doc:"keeper 最后存档单位、successor 承继单位、bureau 主管部门、school 毕业院校"`
			Addressee string `json:"addressee,omitempty" maxLength:"120"`
		}
	}) (*Tagged[FoundView], error) {
		p, err := s.Found.Ask(ctx, actor(ctx), in.ID, in.Body.Kind, in.Body.Addressee)
		return s.foundAnswer(ctx, p, err)
	})
	route(s, op("remindFound", http.MethodPost, "/found-packets/{id}/remind", "催复逾期的核实函", tag), func(ctx context.Context, in *FoundPath) (*Tagged[FoundView], error) {
		p, err := s.Found.Remind(ctx, actor(ctx), in.ID)
		return s.foundAnswer(ctx, p, err)
	})
	route(s, op("answerFound", http.MethodPost, "/found-packets/{id}/answer", "登记核实答复", tag), func(ctx context.Context, in *struct {
		FoundPath
		Body FoundAnswer
	}) (*Tagged[FoundView], error) {
		p, err := s.Found.Answer(ctx, actor(ctx), in.ID, found.Answer(in.Body))
		return s.foundAnswer(ctx, p, err)
	})
	route(s, op("receiveFound", http.MethodPost, "/found-packets/{id}/receive", "核实属实的转接收，逐份核对后签收", tag), func(ctx context.Context, in *struct {
		FoundPath
		Body FoundReceive
	}) (*Tagged[FoundView], error) {
		b := in.Body
		p, err := s.Found.Receive(ctx, actor(ctx), in.ID, transfer.Application{IDNo: b.IDNo, Document: b.Document, RegionBasis: b.RegionBasis, TiePlace: b.TiePlace, TieDespite: b.TieDespite,
			Employer: b.Employer, Category: b.Category, Subtype: b.Subtype, Evidence: b.Evidence, Political: b.Political, MandateID: b.MandateID})
		return s.foundAnswer(ctx, p, err)
	})
	route(s, op("joinFound", http.MethodPost, "/found-packets/{id}/join", "并入本机构在档的档案", tag), func(ctx context.Context, in *struct {
		FoundPath
		Body struct {
			DossierID string `json:"dossierId" maxLength:"40"`
		}
	}) (*Tagged[FoundView], error) {
		p, err := s.Found.Join(ctx, actor(ctx), in.ID, in.Body.DossierID)
		return s.foundAnswer(ctx, p, err)
	})
}

func (s *Server) foundItem(ctx context.Context, p found.Packet) FoundItem {
	return FoundItem{ID: p.ID, No: p.No, State: string(p.State), StateName: p.State.Name(), Tone: p.State.Tone(), AgencyName: s.agencyName(ctx, p.Agency), PersonName: p.PersonName,
		Came: p.Came, Seal: p.Seal, Keeper: p.Keeper, RegisteredAt: p.RegisteredAt, Shelf: p.Shelf}
}

func (s *Server) foundAnswer(ctx context.Context, p found.Packet, err error) (*Tagged[FoundView], error) {
	if err != nil {
		return nil, err
	}
	v, err := s.Found.After(ctx, actor(ctx), p)
	if err != nil {
		return nil, err
	}
	return s.foundView(ctx, v), nil
}

func (s *Server) foundView(ctx context.Context, v found.View) *Tagged[FoundView] {
	out := FoundView{FoundItem: s.foundItem(ctx, v.Packet), Bringer: v.Bringer, BringerPaper: v.BringerPaper, Relation: v.Relation, Phone: v.Phone, Seen: v.Seen, Volumes: v.Volumes,
		RegisteredBy: s.staffName(ctx, v.RegisteredBy), SealNo: v.SealNo, Holder: v.Holder, ProofNo: v.ProofNo, TransferID: v.TransferID, DossierID: v.DossierID, SlipID: v.Slip,
		Inquiries: []FoundInquiry{}, Pictures: []FoundPicture{}, Possible: possible(v.Possible)}
	if v.IDNo != "" {
		out.IDNo = identity.Mask(v.IDNo)
	}
	if v.SealedBy != "" {
		out.SealedBy, out.SealedAt = s.staffName(ctx, v.SealedBy), &v.SealedAt
	}
	out.MaySign = v.SealedBy != "" && (actor(ctx).ID == v.SealedBy || actor(ctx).ID == v.RegisteredBy)
	for _, x := range v.Pictures {
		out.Pictures = append(out.Pictures, FoundPicture{No: x.No, Kind: x.Kind, KindName: found.PictureName(x.Kind), Format: x.Format, By: s.staffName(ctx, x.AddedBy), At: x.AddedAt})
	}
	for _, q := range v.Inquiries {
		out.Inquiries = append(out.Inquiries, FoundInquiry{KindName: found.KindName(q.Kind), Addressee: q.Addressee, Number: q.Number, DocumentID: q.DocumentID, SentOn: q.SentOn, DueOn: q.DueOn,
			Overdue: q.Result == "" && q.DueOn < s.Gate.Today().String(), Reminded: q.Reminded, ResultName: found.ResultName(q.Result), AnswerNo: q.AnswerNo, AnsweredOn: q.AnsweredOn, Answer: q.Answer})
	}
	return &Tagged[FoundView]{etag(v.Version), out}
}
