package api

import (
	"context"
	"net/http"

	"dangan/internal/calendar"
	"dangan/internal/transfer"
)

// StrayItem is a packet between two others that came to an agency.
type StrayItem struct {
	ID         string `json:"id"`
	No         string `json:"no"`
	State      string `json:"state" enum:"held,sent,ended"`
	StateName  string `json:"stateName"`
	Tone       string `json:"tone" enum:"plain,run,wait,done,bad,void"`
	AgencyName string `json:"agencyName"`
	FoundOn    string `json:"foundOn"`
	DueOn      string `json:"dueOn" doc:"转送、退回的期限"`
	SlipNo     string `json:"slipNo"`
	Intact     bool   `json:"intact"`
	SentOn     string `json:"sentOn,omitempty"`
}

// StrayPage is a page of the list.
type StrayPage struct {
	Items []StrayItem `json:"items" nullable:"false"`
	Next  *string     `json:"next"`
}

// StrayView is a stray packet's page: numbers and ends of the transfer, nothing of the person.
type StrayView struct {
	StrayItem
	CaseNo     string     `json:"caseNo"`
	NoticeNo   string     `json:"noticeNo,omitempty"`
	SealNo     string     `json:"sealNo,omitempty"`
	Holder     string     `json:"holder"`
	Receiver   string     `json:"receiver"`
	FoundBy    string     `json:"foundBy"`
	Seen       string     `json:"seen,omitempty"`
	WayName    string     `json:"wayName,omitempty"`
	TrackingNo string     `json:"trackingNo,omitempty"`
	Office     string     `json:"office,omitempty"`
	Carriers   []string   `json:"carriers" nullable:"false"`
	SentBy     string     `json:"sentBy,omitempty"`
	Outcome    string     `json:"outcome,omitempty"`
	Bound      bool       `json:"bound" doc:"限机要通信或专人送取"`
	Possible   []Possible `json:"possible" nullable:"false"`
}

func (s *Server) strayItem(ctx context.Context, r transfer.Stray) StrayItem {
	return StrayItem{ID: r.ID, No: r.No, State: r.State, StateName: r.StateName(), Tone: r.Tone(), AgencyName: s.agencyName(ctx, r.Agency), FoundOn: r.FoundOn, DueOn: r.DueOn, SlipNo: r.SlipNo, Intact: r.Intact, SentOn: r.SentOn}
}

func (s *Server) strayView(ctx context.Context, v transfer.StrayView, err error) (*Tagged[StrayView], error) {
	if err != nil {
		return nil, err
	}
	c := v.Case
	out := StrayView{StrayItem: s.strayItem(ctx, v.Stray), CaseNo: c.No, NoticeNo: c.NoticeNo, SealNo: c.SealNo, Holder: c.HolderName, Receiver: c.ReceiverName, FoundBy: s.staffName(ctx, v.FoundBy), Seen: v.Seen,
		TrackingNo: v.TrackingNo, Office: v.Office, Carriers: []string{}, Outcome: v.Outcome, Bound: v.Bound.Any(), Possible: possible(v.Possible)}
	if c.BackNo != "" {
		out.NoticeNo = c.BackNo
	}
	if v.Way != "" {
		out.WayName = transfer.WayName(v.Way)
	}
	for _, m := range v.Carriers() {
		out.Carriers = append(out.Carriers, m.Name)
	}
	if v.SentBy != "" {
		out.SentBy = s.staffName(ctx, v.SentBy)
	}
	return &Tagged[StrayView]{ETag: etag(v.Version), Body: out}, nil
}

// transferStrays are the acts of an agency that is neither end.
func (s *Server) transferStrays() {
	route(s, op("listStrays", http.MethodGet, "/strays", "误投到本机构的包裹", transferTag), func(ctx context.Context, in *struct {
		After string `query:"after" maxLength:"64"`
		Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}) (*Body[StrayPage], error) {
		list, err := s.Transfers.Strays(ctx, actor(ctx), in.After, in.Limit+1)
		if err != nil {
			return nil, err
		}
		out := &Body[StrayPage]{Body: StrayPage{Items: []StrayItem{}}}
		if len(list) > in.Limit {
			list = list[:in.Limit]
			out.Body.Next = &list[in.Limit-1].ID
		}
		for _, r := range list {
			out.Body.Items = append(out.Body.Items, s.strayItem(ctx, r))
		}
		return out, nil
	})
	route(s, op("reportStray", http.MethodPost, "/strays", "登记误投到本机构的包裹", transferTag), func(ctx context.Context, in *struct {
		Body struct {
			No     string `json:"no" maxLength:"60" doc:"包裹上的转递通知单编号、案号、机要号或邮件号"`
			On     string `json:"on" maxLength:"10"`
			Intact bool   `json:"intact"`
			Seen   string `json:"seen,omitempty" maxLength:"300" doc:"不完好时写明"`
		}
	}) (*Tagged[StrayView], error) {
		b := in.Body
		r, err := s.Transfers.ReportStray(ctx, actor(ctx), transfer.Came{No: b.No, On: calendar.Date(b.On), Intact: b.Intact, Seen: b.Seen})
		if err != nil {
			return nil, err
		}
		v, err := s.Transfers.StrayAfter(ctx, actor(ctx), r.ID)
		return s.strayView(ctx, v, err)
	})
	route(s, op("getStray", http.MethodGet, "/strays/{id}", "一件误投的包裹，查看留痕", transferTag), func(ctx context.Context, in *TransferIn) (*Tagged[StrayView], error) {
		v, err := s.Transfers.ReadStray(ctx, actor(ctx), in.ID)
		return s.strayView(ctx, v, err)
	})
	route(s, op("sendStray", http.MethodPost, "/strays/{id}/send", "误投的包裹转送接收单位，或退回发出单位", transferTag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			To string `json:"to" maxLength:"10" doc:"receiver 转送接收单位、sender 退回发出单位"`
			TransferDispatch
		}
	}) (*Tagged[StrayView], error) {
		r, err := s.Transfers.SendStray(ctx, actor(ctx), in.ID, in.Body.To, in.Body.dispatch())
		if err != nil {
			return nil, err
		}
		v, err := s.Transfers.StrayAfter(ctx, actor(ctx), r.ID)
		return s.strayView(ctx, v, err)
	})
}
