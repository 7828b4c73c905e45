package api

import (
	"context"
	"net/http"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/identity"
	"dangan/internal/rule"
	"dangan/internal/transfer"
)

// TransferListItem is one list: a letter that names many.
type TransferListItem struct {
	ID           string    `json:"id"`
	No           string    `json:"no"`
	State        string    `json:"state" enum:"open,packed,sent,done,ended"`
	StateName    string    `json:"stateName"`
	Tone         string    `json:"tone" enum:"run,wait,done,void"`
	ReceiverName string    `json:"receiverName"`
	LetterNo     string    `json:"letterNo"`
	Persons      int64     `json:"persons"`
	DueOn        string    `json:"dueOn"`
	Tentative    bool      `json:"tentative"`
	Left         int       `json:"left" doc:"剩余工作日，逾期为负"`
	Clock        bool      `json:"clock"`
	ChangedAt    time.Time `json:"changedAt"`
}

// TransferLeft is who does not go on with the others, and why.
type TransferLeft struct {
	Name    string   `json:"name"`
	IDNo    string   `json:"idNo,omitempty" doc:"遮盖的公民身份号码，或档案编号"`
	CaseID  string   `json:"caseId,omitempty"`
	Reasons []Reason `json:"reasons" nullable:"false"`
}

// TransferListView is a list in full.
type TransferListView struct {
	TransferListItem
	ReceiverAddr string         `json:"receiverAddr,omitempty"`
	Province     string         `json:"province,omitempty"`
	Reason       string         `json:"reason"`
	LetterOn     string         `json:"letterOn"`
	Verified     string         `json:"verified"`
	ReceivedOn   string         `json:"receivedOn"`
	HandledBy    string         `json:"handledBy"`
	ReviewedBy   string         `json:"reviewedBy,omitempty"`
	SealNo       string         `json:"sealNo,omitempty"`
	NoticeNo     string         `json:"noticeNo,omitempty"`
	WayName      string         `json:"wayName,omitempty"`
	TrackingNo   string         `json:"trackingNo,omitempty"`
	Office       string         `json:"office,omitempty" doc:"交寄的机要通信局（站），或收寄的邮政网点"`
	Carriers     []string       `json:"carriers" nullable:"false"`
	DispatchedOn string         `json:"dispatchedOn,omitempty"`
	ReceiptDue   string         `json:"receiptDue,omitempty"`
	ReceiptOn    string         `json:"receiptOn,omitempty"`
	ReceiptNo    string         `json:"receiptNo,omitempty"`
	Answered     string         `json:"answered,omitempty" doc:"回执所载：实收、处理、收件人、核对人"`
	Chased       int64          `json:"chased" doc:"已催办次数"`
	Ready        int            `json:"ready" doc:"现在可以一并审核的份数"`
	Waiting      []TransferLeft `json:"waiting" nullable:"false" doc:"还不能一并审核的，及理由"`
	LeftOut      []TransferLeft `json:"leftOut" nullable:"false" doc:"函上列名而未纳入本批的，及理由"`
	Cases        []TransferLine `json:"cases" nullable:"false"`
	Documents    []DocumentView `json:"documents" nullable:"false"`
	Possible     []Possible     `json:"possible" nullable:"false"`
}

// TransferNamed is one person of a letter.
type TransferNamed struct {
	Name string `json:"name" maxLength:"100"`
	IDNo string `json:"idNo" maxLength:"40" doc:"公民身份号码，或袋面的档案编号"`
}

// transferLists are the acts on many dossiers that go to one school on one letter (20b).
func (s *Server) transferLists() {
	route(s, op("listTransferLists", http.MethodGet, "/transfer-lists", "批量转出", transferTag), func(ctx context.Context, in *struct {
		After string `query:"after" maxLength:"100"`
		Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}) (*Body[Page[TransferListItem]], error) {
		list, err := s.Transfers.Lists(ctx, actor(ctx), in.After, in.Limit+1)
		if err != nil {
			return nil, err
		}
		out := &Body[Page[TransferListItem]]{Body: Page[TransferListItem]{Items: []TransferListItem{}}}
		if len(list) > in.Limit {
			list = list[:in.Limit]
			next := list[in.Limit-1].Cursor()
			out.Body.Next = &next
		}
		for _, l := range list {
			out.Body.Items = append(out.Body.Items, s.transferListItem(l))
		}
		return out, nil
	})
	route(s, op("getTransferList", http.MethodGet, "/transfer-lists/{id}", "一批转出，查看留痕", transferTag), func(ctx context.Context, in *TransferIn) (*Tagged[TransferListView], error) {
		v, err := s.Transfers.ReadList(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return s.transferListView(ctx, v)
	})
	route(s, op("registerTransferList", http.MethodPost, "/transfer-lists", "登记一函多人的来函（升学等），逐人立案", transferTag), func(ctx context.Context, in *struct {
		Body struct {
			ReceiverName string          `json:"receiverName" maxLength:"120"`
			ReceiverKind string          `json:"receiverKind,omitempty" maxLength:"20" doc:"接收单位的性质"`
			ReceiverAddr string          `json:"receiverAddr,omitempty" maxLength:"200"`
			Province     string          `json:"province,omitempty" maxLength:"2"`
			OnlineNo     string          `json:"onlineNo,omitempty" maxLength:"60"`
			Reason       string          `json:"reason" maxLength:"40"`
			LetterNo     string          `json:"letterNo" maxLength:"60"`
			LetterOn     string          `json:"letterOn" maxLength:"10"`
			ValidUntil   string          `json:"validUntil,omitempty" maxLength:"10"`
			ReceivedOn   string          `json:"receivedOn" maxLength:"10"`
			Telephone    string          `json:"telephone,omitempty" maxLength:"40"`
			Spoke        string          `json:"spoke,omitempty" maxLength:"60"`
			Persons      []TransferNamed `json:"persons" maxItems:"200" nullable:"false"`
		}
	}) (*Tagged[TransferListView], error) {
		b := in.Body
		l, err := s.Transfers.RegisterList(ctx, actor(ctx), transfer.OutsideLetter{ReceiverName: b.ReceiverName, Kind: b.ReceiverKind, ReceiverAddr: b.ReceiverAddr, Province: b.Province, OnlineNo: b.OnlineNo, Reason: b.Reason,
			LetterOn: calendar.Date(b.LetterOn), ValidUntil: calendar.Date(b.ValidUntil),
			Registration: transfer.Registration{LetterNo: b.LetterNo, Telephone: b.Telephone, Spoke: b.Spoke, ReceivedOn: calendar.Date(b.ReceivedOn)}}, namedPersons(b.Persons))
		return s.listAfter(ctx, l, err)
	})
	route(s, op("addToTransferList", http.MethodPost, "/transfer-lists/{id}/add", "补登同一来函的其他人员", transferTag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			Persons []TransferNamed `json:"persons" maxItems:"200" nullable:"false"`
		}
	}) (*Tagged[TransferListView], error) {
		l, err := s.Transfers.AddToList(ctx, actor(ctx), in.ID, namedPersons(in.Body.Persons))
		return s.listAfter(ctx, l, err)
	})
	route(s, op("reviewTransferList", http.MethodPost, "/transfer-lists/{id}/review", "一并审核，一次签名", transferTag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			Note string `json:"note,omitempty" maxLength:"500"`
		}
	}) (*Tagged[TransferListView], error) {
		l, err := s.Transfers.ReviewList(ctx, actor(ctx), in.ID, in.Body.Note)
		return s.listAfter(ctx, l, err)
	})
	route(s, op("packTransferList", http.MethodPost, "/transfer-lists/{id}/pack", "装封：一个包封、一份通知单、一份清单", transferTag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			SealNo  string `json:"sealNo" maxLength:"40"`
			Volumes []struct {
				ID      string `json:"id" maxLength:"64"`
				Volumes int64  `json:"volumes"`
			} `json:"volumes,omitempty" maxItems:"200" doc:"各件的卷数；没有列出的为一卷"`
		}
	}) (*Tagged[TransferListView], error) {
		volumes := map[string]int64{}
		for _, v := range in.Body.Volumes {
			volumes[v.ID] = v.Volumes
		}
		l, err := s.Transfers.PackList(ctx, actor(ctx), in.ID, in.Body.SealNo, volumes)
		return s.listAfter(ctx, l, err)
	})
	route(s, op("reopenTransferList", http.MethodPost, "/transfer-lists/{id}/reopen", "拆封重审，通知单和清单作废", transferTag), func(ctx context.Context, in *transferOnly) (*Tagged[TransferListView], error) {
		l, err := s.Transfers.ReopenList(ctx, actor(ctx), in.ID)
		return s.listAfter(ctx, l, err)
	})
	route(s, op("dispatchTransferList", http.MethodPost, "/transfer-lists/{id}/dispatch", "登记寄送，逐人核对转递方式", transferTag), func(ctx context.Context, in *struct {
		TransferIn
		Body TransferDispatch
	}) (*Tagged[TransferListView], error) {
		l, err := s.Transfers.DispatchList(ctx, actor(ctx), in.ID, in.Body.dispatch())
		return s.listAfter(ctx, l, err)
	})
	route(s, op("chaseTransferList", http.MethodPost, "/transfer-lists/{id}/chase", "催办全批回执，一件包封一份催办函", transferTag), func(ctx context.Context, in *transferOnly) (*Tagged[TransferListView], error) {
		l, err := s.Transfers.ChaseList(ctx, actor(ctx), in.ID)
		return s.listAfter(ctx, l, err)
	})
	route(s, op("receiptTransferList", http.MethodPost, "/transfer-lists/{id}/receipt", "登记学校回执", transferTag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			TransferReceipt
			Absent []string `json:"absent,omitempty" maxItems:"200" doc:"回执写明没有收到的件"`
		}
	}) (*Tagged[TransferListView], error) {
		l, err := s.Transfers.ReceiptList(ctx, actor(ctx), in.ID, in.Body.receipt(), in.Body.Absent)
		return s.listAfter(ctx, l, err)
	})
}

func namedPersons(list []TransferNamed) []transfer.Named {
	out := make([]transfer.Named, len(list))
	for i, p := range list {
		out[i] = transfer.Named{Name: p.Name, IDNo: p.IDNo}
	}
	return out
}

func (s *Server) listAfter(ctx context.Context, l transfer.List, err error) (*Tagged[TransferListView], error) {
	if err != nil {
		return nil, err
	}
	v, err := s.Transfers.ListView(ctx, actor(ctx), l.ID)
	if err != nil {
		return nil, err
	}
	return s.transferListView(ctx, v)
}

func (s *Server) transferListItem(l transfer.List) TransferListItem {
	return TransferListItem{ID: l.ID, No: l.No, State: l.State, StateName: transfer.ListStateName(l.State), Tone: l.Tone(), ReceiverName: l.ReceiverName, LetterNo: l.LetterNo, Persons: l.Persons,
		DueOn: l.DueOn, Tentative: l.DueTentative, Left: s.Transfers.ListLeft(l), Clock: l.State == transfer.ListOpen || l.State == transfer.ListPacked, ChangedAt: l.ChangedAt}
}

func (s *Server) transferListView(ctx context.Context, v transfer.ListView) (*Tagged[TransferListView], error) {
	l := v.List
	out := TransferListView{TransferListItem: s.transferListItem(l), ReceiverAddr: l.ReceiverAddr, Province: transfer.ProvinceName(l.Province), Reason: l.Reason, LetterOn: l.LetterOn, Verified: l.Verified, ReceivedOn: l.ReceivedOn,
		HandledBy: s.staffName(ctx, l.RegisteredBy), SealNo: l.SealNo, NoticeNo: l.NoticeNo, TrackingNo: l.TrackingNo, Office: l.Office, DispatchedOn: l.DispatchedOn, ReceiptDue: l.ReceiptDue, ReceiptOn: l.ReceiptOn, ReceiptNo: l.ReceiptNo, Answered: l.Answered(), Chased: l.Chased,
		Ready: v.Ready, Waiting: transferLeft(v.Left), LeftOut: transferLeft(l.LeftOuts()), Carriers: []string{}, Cases: []TransferLine{}, Documents: []DocumentView{}, Possible: possible(v.Possible)}
	if l.ReviewedBy != "" {
		out.ReviewedBy = s.staffName(ctx, l.ReviewedBy)
	}
	if l.Way != "" {
		out.WayName = transfer.WayName(l.Way)
	}
	for _, m := range l.Carriers() {
		out.Carriers = append(out.Carriers, m.Name)
	}
	for _, c := range v.Cases {
		out.Cases = append(out.Cases, s.transferLine(ctx, c))
	}
	papers, err := s.Documents.OfCase(ctx, actor(ctx), l.Ref())
	if err != nil {
		return nil, err
	}
	for _, d := range papers {
		out.Documents = append(out.Documents, s.documentView(ctx, d))
	}
	return &Tagged[TransferListView]{ETag: etag(l.Version), Body: out}, nil
}

func transferLeft(list []transfer.Left) []TransferLeft {
	out := []TransferLeft{}
	for _, l := range list {
		x := TransferLeft{Name: l.Name, CaseID: l.CaseID, Reasons: refusalProblem(rule.Refuse(l.Reasons...)).Reasons}
		x.IDNo = l.DossierNo
		if l.IDNo != "" {
			x.IDNo = identity.Mask(l.IDNo)
		}
		out = append(out, x)
	}
	return out
}
