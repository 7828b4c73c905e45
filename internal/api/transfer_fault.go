package api

import (
	"context"
	"net/http"

	"dangan/internal/calendar"
	"dangan/internal/transfer"
)

// TransferFault is one thing gone wrong with a packet on its way.
type TransferFault struct {
	No           string `json:"no"`
	Kind         string `json:"kind" enum:"late,misdelivered,refused,lost,damaged,opened,unreceipted"`
	KindName     string `json:"kindName"`
	State        string `json:"state"`
	StateName    string `json:"stateName"`
	Tone         string `json:"tone" enum:"plain,run,wait,done,bad,void"`
	FoundOn      string `json:"foundOn"`
	FoundBy      string `json:"foundBy"`
	Seen         string `json:"seen,omitempty"`
	Place        string `json:"place,omitempty" doc:"误投到何处，或由谁拒收"`
	WayName      string `json:"wayName,omitempty"`
	TrackingNo   string `json:"trackingNo,omitempty"`
	Office       string `json:"office,omitempty"`
	DispatchedOn string `json:"dispatchedOn,omitempty"`
	Carrier      string `json:"carrier,omitempty"`
	InquiryNo    string `json:"inquiryNo,omitempty"`
	InquiryOn    string `json:"inquiryOn,omitempty"`
	InquiryDue   string `json:"inquiryDue,omitempty"`
	Answer       string `json:"answer,omitempty" doc:"承运方答复"`
	AnswerOn     string `json:"answerOn,omitempty"`
	AnswerNote   string `json:"answerNote,omitempty"`
	LostOn       string `json:"lostOn,omitempty"`
	ReportNo     string `json:"reportNo,omitempty"`
	SearchDue    string `json:"searchDue,omitempty"`
	Record       string `json:"record,omitempty" doc:"调查结论"`
	RecordNo     string `json:"recordNo,omitempty"`
	DecidedBy    string `json:"decidedBy,omitempty"`
	DecidedOn    string `json:"decidedOn,omitempty"`
	DecidedNote  string `json:"decidedNote,omitempty"`
	SignedBy     string `json:"signedBy,omitempty"`
	SignedNote   string `json:"signedNote,omitempty"`
	Outcome      string `json:"outcome,omitempty"`
	ClosedOn     string `json:"closedOn,omitempty"`
}

func (s *Server) transferFault(ctx context.Context, f transfer.Fault) TransferFault {
	v := TransferFault{No: f.No, Kind: f.Kind, KindName: transfer.FaultName(f.Kind), State: f.State, StateName: f.StateName(), Tone: f.Tone(), FoundOn: f.FoundOn, FoundBy: s.staffName(ctx, f.FoundBy),
		Seen: f.Seen, Place: f.Place, TrackingNo: f.TrackingNo, Office: f.Office, DispatchedOn: f.DispatchedOn, Carrier: f.Carrier, InquiryNo: f.InquiryNo, InquiryOn: f.InquiryOn, InquiryDue: f.InquiryDue,
		Answer: transfer.AnswerName(f.Answer), AnswerOn: f.AnswerOn, AnswerNote: f.AnswerNote, LostOn: f.LostOn, ReportNo: f.ReportNo, SearchDue: f.SearchDue, Record: f.Record, RecordNo: f.RecordNo,
		DecidedOn: f.DecidedOn, DecidedNote: f.DecidedNote, SignedNote: f.SignedNote, Outcome: f.Outcome, ClosedOn: f.ClosedOn}
	if f.Way != "" {
		v.WayName = transfer.WayName(f.Way)
	}
	if f.DecidedBy != "" {
		v.DecidedBy = s.staffName(ctx, f.DecidedBy)
	}
	if f.SignedBy != "" {
		v.SignedBy = s.staffName(ctx, f.SignedBy)
	}
	return v
}

// transferFaults are the acts on a packet that something is wrong with.
func (s *Server) transferFaults() {
	route(s, op("reportFault", http.MethodPost, "/transfers/{id}/fault", "登记包裹异常：逾期、误投、拒收", transferTag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			Kind  string `json:"kind" maxLength:"20" doc:"late 逾期未到、misdelivered 误投、refused 拒收"`
			On    string `json:"on" maxLength:"10"`
			Seen  string `json:"seen,omitempty" maxLength:"300"`
			Place string `json:"place,omitempty" maxLength:"100" doc:"误投到何处，或由谁拒收"`
		}
	}) (*Tagged[TransferView], error) {
		b := in.Body
		c, err := s.Transfers.Report(ctx, actor(ctx), in.ID, transfer.Trouble{Kind: b.Kind, On: calendar.Date(b.On), Seen: b.Seen, Place: b.Place})
		return s.transferAfter(ctx, c, err)
	})
	route(s, op("inquireCarrier", http.MethodPost, "/transfers/{id}/fault/inquiry", "向承运方发查询函", transferTag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			Carrier string `json:"carrier" maxLength:"100"`
		}
	}) (*Tagged[TransferView], error) {
		c, err := s.Transfers.Inquire(ctx, actor(ctx), in.ID, in.Body.Carrier)
		return s.transferAfter(ctx, c, err)
	})
	route(s, op("answerInquiry", http.MethodPost, "/transfers/{id}/fault/answer", "登记承运方的答复", transferTag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			Answer string `json:"answer" maxLength:"20" doc:"on_way、delivered、misdelivered、lost"`
			On     string `json:"on" maxLength:"10"`
			Note   string `json:"note,omitempty" maxLength:"300"`
			Place  string `json:"place,omitempty" maxLength:"100"`
		}
	}) (*Tagged[TransferView], error) {
		b := in.Body
		c, err := s.Transfers.CarrierAnswered(ctx, actor(ctx), in.ID, transfer.CarrierAnswer{Answer: b.Answer, On: calendar.Date(b.On), Note: b.Note, Place: b.Place})
		return s.transferAfter(ctx, c, err)
	})
	route(s, op("redeliverTransfer", http.MethodPost, "/transfers/{id}/fault/redeliver", "误投、拒收的改投接收单位", transferTag), func(ctx context.Context, in *struct {
		TransferIn
		Body TransferDispatch
	}) (*Tagged[TransferView], error) {
		c, err := s.Transfers.Redeliver(ctx, actor(ctx), in.ID, in.Body.dispatch())
		return s.transferAfter(ctx, c, err)
	})
	route(s, op("packetCameBack", http.MethodPost, "/transfers/{id}/fault/came-back", "登记包裹退回到件", transferTag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			On     string `json:"on" maxLength:"10"`
			Intact bool   `json:"intact"`
			Seen   string `json:"seen,omitempty" maxLength:"300"`
		}
	}) (*Tagged[TransferView], error) {
		b := in.Body
		c, err := s.Transfers.CameBack(ctx, actor(ctx), in.ID, transfer.Back{On: calendar.Date(b.On), Intact: b.Intact, Seen: b.Seen})
		return s.transferAfter(ctx, c, err)
	})
	s.simpleTransfer("reportLoss", "fault/lost", "向上级报告遗失，开始查找", func(ctx context.Context, in *transferOnly) (transfer.Case, error) {
		return s.Transfers.Lost(ctx, actor(ctx), in.ID)
	})
	route(s, op("askRebuild", http.MethodPost, "/transfers/{id}/fault/rebuild", "报送调查记录，申请重建", transferTag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			RecordNo string `json:"recordNo,omitempty" maxLength:"100" doc:"调查记录名称和文号"`
			Record   string `json:"record,omitempty" maxLength:"1000" doc:"查找经过、遗失环节、责任、可收集的材料"`
		}
	}) (*Tagged[TransferView], error) {
		c, err := s.Transfers.AskRebuild(ctx, actor(ctx), in.ID, in.Body.Record, in.Body.RecordNo)
		return s.transferAfter(ctx, c, err)
	})
	route(s, op("decideRebuild", http.MethodPost, "/transfers/{id}/fault/decide", "上级批复重建，或者退回继续查找", transferTag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			Approve bool   `json:"approve"`
			Note    string `json:"note,omitempty" maxLength:"300"`
		}
	}) (*Tagged[TransferView], error) {
		c, err := s.Transfers.DecideRebuild(ctx, actor(ctx), in.ID, in.Body.Approve, in.Body.Note)
		return s.transferAfter(ctx, c, err)
	})
	route(s, op("signFault", http.MethodPost, "/transfers/{id}/fault/sign", "第二人签认包封异常", transferTag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			Note string `json:"note,omitempty" maxLength:"300" doc:"第二人所见"`
		}
	}) (*Tagged[TransferView], error) {
		c, err := s.Transfers.SignFault(ctx, actor(ctx), in.ID, in.Body.Note)
		return s.transferAfter(ctx, c, err)
	})
}
