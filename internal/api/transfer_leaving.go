package api

import (
	"context"
	"net/http"

	"dangan/internal/calendar"
	"dangan/internal/transfer"
)

// transferLeaving are the holder's acts, from the letter registered to the receipt.
func (s *Server) transferLeaving() {
	route(s, op("registerLetter", http.MethodPost, "/transfers/{id}/register", "登记来函，15 个工作日起算", transferTag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			LetterNo   string `json:"letterNo" maxLength:"60"`
			Code       string `json:"code,omitempty" maxLength:"20"`
			Telephone  string `json:"telephone,omitempty" maxLength:"40"`
			Spoke      string `json:"spoke,omitempty" maxLength:"60"`
			ReceivedOn string `json:"receivedOn" maxLength:"10"`
		}
	}) (*Tagged[TransferView], error) {
		b := in.Body
		c, err := s.Transfers.Register(ctx, actor(ctx), in.ID, transfer.Registration{LetterNo: b.LetterNo, Code: b.Code, Telephone: b.Telephone, Spoke: b.Spoke, ReceivedOn: calendar.Date(b.ReceivedOn)})
		return s.transferAfter(ctx, c, err)
	})
	route(s, op("enterPackingList", http.MethodPut, "/transfers/{id}/list", "逐份登记材料清单", transferTag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			Lines []TransferListLine `json:"lines" maxItems:"2000" nullable:"false"`
		}
	}) (*Tagged[TransferView], error) {
		c, err := s.Transfers.List(ctx, actor(ctx), in.ID, listLines(in.Body.Lines))
		return s.transferAfter(ctx, c, err)
	})
	route(s, op("reviewTransfer", http.MethodPost, "/transfers/{id}/review", "审核通过", transferTag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			Note string `json:"note,omitempty" maxLength:"500" doc:"关键信息记载情况等，仅提示"`
		}
	}) (*Tagged[TransferView], error) {
		c, err := s.Transfers.Review(ctx, actor(ctx), in.ID, in.Body.Note)
		return s.transferAfter(ctx, c, err)
	})
	s.simpleTransfer("declineTransfer", "decline", "不予转出，出具告知单", func(ctx context.Context, in *transferOnly) (transfer.Case, error) {
		return s.Transfers.Decline(ctx, actor(ctx), in.ID)
	})
	route(s, op("packTransfer", http.MethodPost, "/transfers/{id}/pack", "装封，出具清单与通知单", transferTag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			SealNo  string `json:"sealNo" maxLength:"40"`
			Volumes int64  `json:"volumes"`
		}
	}) (*Tagged[TransferView], error) {
		c, err := s.Transfers.Pack(ctx, actor(ctx), in.ID, transfer.Seal(in.Body))
		return s.transferAfter(ctx, c, err)
	})
	s.simpleTransfer("reopenTransfer", "reopen", "退回审核", func(ctx context.Context, in *transferOnly) (transfer.Case, error) {
		return s.Transfers.Reopen(ctx, actor(ctx), in.ID)
	})
	route(s, op("dispatchTransfer", http.MethodPost, "/transfers/{id}/dispatch", "登记寄送", transferTag), func(ctx context.Context, in *struct {
		TransferIn
		Body TransferDispatch
	}) (*Tagged[TransferView], error) {
		c, err := s.Transfers.Send(ctx, actor(ctx), in.ID, in.Body.dispatch())
		return s.transferAfter(ctx, c, err)
	})
	route(s, op("keepDispatch", http.MethodPut, "/transfers/{id}/draft", "存寄送草稿，不登记寄送", transferTag), func(ctx context.Context, in *struct {
		TransferIn
		Body TransferDispatch
	}) (*Tagged[TransferView], error) {
		c, err := s.Transfers.Keep(ctx, actor(ctx), in.ID, in.Body.dispatch())
		return s.transferAfter(ctx, c, err)
	})
	route(s, op("registerReceipt", http.MethodPost, "/transfers/{id}/receipt", "登记外单位回执", transferTag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			TransferReceipt
		}
	}) (*Tagged[TransferView], error) {
		c, err := s.Transfers.Receipt(ctx, actor(ctx), in.ID, in.Body.receipt())
		return s.transferAfter(ctx, c, err)
	})
}

// TransferReceipt is a receipt from outside as it was filled in there (20.5).
type TransferReceipt struct {
	No         string `json:"no,omitempty" maxLength:"60"`
	On         string `json:"on" maxLength:"10"`
	Intact     bool   `json:"intact"`
	Match      bool   `json:"match"`
	Volumes    int64  `json:"volumes,omitempty" doc:"实收卷数"`
	Materials  int64  `json:"materials,omitempty" doc:"实收份数"`
	Pages      int64  `json:"pages,omitempty" doc:"实收页数"`
	Outcome    string `json:"outcome,omitempty" maxLength:"20" doc:"处理；退回原单位的回执不填"`
	MissingKey string `json:"missingKey,omitempty" maxLength:"300" doc:"回执写明缺少的关键材料"`
	ReceivedBy string `json:"receivedBy,omitempty" maxLength:"60" doc:"收件人"`
	CheckedBy  string `json:"checkedBy,omitempty" maxLength:"60" doc:"核对人"`
	Note       string `json:"note,omitempty" maxLength:"500"`
}

func (r TransferReceipt) receipt() transfer.OutsideReceipt {
	return transfer.OutsideReceipt{No: r.No, On: calendar.Date(r.On), Intact: r.Intact, Match: r.Match, Volumes: r.Volumes, Copies: r.Materials, Pages: r.Pages,
		Outcome: r.Outcome, Missing: r.MissingKey, By: r.ReceivedBy, Checker: r.CheckedBy, Note: r.Note}
}

// TransferDispatch is how a packet goes.
type TransferDispatch struct {
	Way        string                 `json:"way" maxLength:"40"`
	TrackingNo string                 `json:"trackingNo,omitempty" maxLength:"60"`
	Office     string                 `json:"office,omitempty" maxLength:"80" doc:"交寄的机要通信局（站），或收寄的邮政网点"`
	On         string                 `json:"on" maxLength:"10"`
	Messengers []transfer.MessengerID `json:"messengers,omitempty" maxItems:"4"`
}

func (d TransferDispatch) dispatch() transfer.Dispatch {
	return transfer.Dispatch{Way: d.Way, TrackingNo: d.TrackingNo, Office: d.Office, On: d.On, Messengers: d.Messengers}
}

// TransferListLine is one line of a packing list entered by hand.
type TransferListLine struct {
	Class    string   `json:"class" maxLength:"8"`
	Title    string   `json:"title" maxLength:"400"`
	Formed   string   `json:"formed,omitempty" maxLength:"20"`
	Copies   int64    `json:"copies"`
	Pages    int64    `json:"pages"`
	IsCopy   bool     `json:"isCopy,omitempty"`
	KeyFacts []string `json:"keyFacts,omitempty" maxItems:"5"`
	Loose    bool     `json:"loose,omitempty"`
	Secret   bool     `json:"secret,omitempty"`
	Note     string   `json:"note,omitempty" maxLength:"200"`
}

func (l TransferListLine) line() transfer.Line {
	return transfer.Line{Class: l.Class, Title: l.Title, Formed: l.Formed, Copies: l.Copies, Pages: l.Pages, IsCopy: l.IsCopy, KeyFacts: l.KeyFacts, Loose: l.Loose, Secret: l.Secret, Note: l.Note}
}

func listLines(in []TransferListLine) []transfer.Line {
	out := make([]transfer.Line, len(in))
	for i, l := range in {
		out[i] = l.line()
	}
	return out
}
