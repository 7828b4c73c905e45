package api

import (
	"context"
	"net/http"
	"strconv"

	"dangan/internal/calendar"
	"dangan/internal/transfer"
	"dangan/internal/undertaking"
)

// transferArriving are the receiver's acts, from arrival to the undertaking.
func (s *Server) transferArriving() {
	route(s, op("arriveTransfer", http.MethodPost, "/transfers/{id}/arrive", "登记到件", transferTag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			On       string `json:"on" maxLength:"10"`
			Intact   bool   `json:"intact"`
			Seen     string `json:"seen,omitempty" maxLength:"300" doc:"不完好时写明"`
			Opened   bool   `json:"opened,omitempty" doc:"不只破损，已被拆封"`
			NoticeNo string `json:"noticeNo,omitempty" maxLength:"60" doc:"外来档案的通知单编号"`
			Volumes  int64  `json:"volumes,omitempty" doc:"实收卷数；不填的按转出机构的通知单"`
			Way      string `json:"way,omitempty" enum:"confidential_post,messenger,registered_mail,person," doc:"怎样送来的；与寄送登记相同的可以不填"`
			Carrier  string `json:"carrier,omitempty" maxLength:"100" doc:"承运方，或送取人及其单位"`
			No       string `json:"trackingNo,omitempty" maxLength:"40" doc:"包裹上的机要号、邮件号"`
		}
	}) (*Tagged[TransferView], error) {
		b := in.Body
		c, err := s.Transfers.Arrive(ctx, actor(ctx), in.ID, transfer.Arrival{On: calendar.Date(b.On), Intact: b.Intact, Seen: b.Seen, Opened: b.Opened, NoticeNo: b.NoticeNo, Volumes: b.Volumes, Way: b.Way, Carrier: b.Carrier, No: b.No})
		return s.transferAfter(ctx, c, err)
	})
	route(s, op("checkTransfer", http.MethodPost, "/transfers/{id}/check", "逐份核对，可分次登记", transferTag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			Results []TransferCheckLine `json:"results" maxItems:"5000" nullable:"false"`
			Extra   []TransferListLine  `json:"extra,omitempty" maxItems:"200"`
		}
	}) (*Tagged[TransferView], error) {
		var results []transfer.Result
		for _, r := range in.Body.Results {
			x := transfer.Result{LineNo: r.LineNo, Check: r.Check, Note: r.Note, Pages: r.Pages, Proves: r.Proves}
			if r.KeyFacts != nil {
				x.KeyFacts, x.MarkKeys = *r.KeyFacts, true
			}
			results = append(results, x)
		}
		c, err := s.Transfers.Check(ctx, actor(ctx), in.ID, results, listLines(in.Body.Extra))
		return s.transferAfter(ctx, c, err)
	})
	s.simpleTransfer("receiveTransfer", "receive", "复核签收：回执退回，保管权转移", func(ctx context.Context, in *transferOnly) (transfer.Case, error) {
		return s.Transfers.Receive(ctx, actor(ctx), in.ID)
	})
	route(s, op("keepSecondPacket", http.MethodPost, "/transfers/{id}/second", "核对发现此人已有一卷：回执退回，这一包登记为一人多档另行保管", transferTag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			DossierID string `json:"dossierId,omitempty" maxLength:"64" doc:"姓名、出生日期相同的一卷；身份证号相同的不用填"`
			Shelf     string `json:"shelf,omitempty" maxLength:"60" doc:"这一包放在何处"`
			Document  string `json:"document,omitempty" maxLength:"200" doc:"对照了什么材料"`
			SeenBy    string `json:"seenBy,omitempty" maxLength:"60"`
			SeenOn    string `json:"seenOn,omitempty" maxLength:"10"`
		}
	}) (*Tagged[TransferView], error) {
		b := in.Body
		c, err := s.Transfers.KeepSecond(ctx, actor(ctx), in.ID, transfer.Second{DossierID: b.DossierID, Shelf: b.Shelf, Document: b.Document, SeenBy: b.SeenBy, SeenOn: calendar.Date(b.SeenOn)})
		return s.transferAfter(ctx, c, err)
	})
	s.simpleTransfer("tellGaps", "tell", "一次性告知所缺关键材料", func(ctx context.Context, in *transferOnly) (transfer.Case, error) {
		return s.Transfers.Tell(ctx, actor(ctx), in.ID)
	})
	route(s, op("promiseGaps", http.MethodPost, "/transfers/{id}/promise", "登记本人书面承诺", transferTag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			Signed    bool    `json:"signed"`
			MandateID string  `json:"mandateId,omitempty" maxLength:"64" doc:"代办的：已登记的委托书"`
			Statement string  `json:"statement,omitempty" maxLength:"500"`
			Return    bool    `json:"return,omitempty" doc:"要求退回"`
			Signing   string  `json:"signing,omitempty" enum:"paper,screen," doc:"纸面或屏幕签名"`
			Strokes   [][]int `json:"strokes,omitempty" maxItems:"300" doc:"屏幕签名：一笔一行，x、y 相间，1000×300"`
			On        string  `json:"on,omitempty" maxLength:"10"`
			Due       string  `json:"due,omitempty" maxLength:"10"`
		}
	}) (*Tagged[TransferView], error) {
		b := in.Body
		c, err := s.Transfers.Promise(ctx, actor(ctx), in.ID, transfer.Promised{MandateID: b.MandateID, Signed: b.Signed, Statement: b.Statement, Return: b.Return, Signing: b.Signing, Strokes: b.Strokes, On: calendar.Date(b.On), Due: calendar.Date(b.Due)})
		return s.transferAfter(ctx, c, err)
	})
	attach := op("attachUndertaking", http.MethodPost, "/transfers/{id}/undertaking", "上传本人纸面签名的承诺书扫描件（照片 JPG 或 PDF）", transferTag)
	attached(s, attach, undertaking.MaxBytes, func(ctx context.Context, in *struct {
		TransferIn
		RawBody []byte `contentType:"application/octet-stream"`
	}) (*Tagged[TransferView], error) {
		c, err := s.Transfers.AttachSigned(ctx, actor(ctx), in.ID, in.RawBody)
		return s.transferAfter(ctx, c, err)
	})
	route(s, op("getUndertaking", http.MethodGet, "/transfers/{id}/undertaking/{no}", "承诺书的一个扫描件（查看留痕）", transferTag), func(ctx context.Context, in *struct {
		TransferIn
		No int64 `path:"no" minimum:"1" maximum:"99"`
	}) (*File, error) {
		kind, content, err := s.Transfers.LookSigned(ctx, actor(ctx), in.ID, in.No)
		if err != nil {
			return nil, err
		}
		return undertakingFile(kind, content, in.No), nil
	})
	route(s, op("tryPerson", http.MethodPost, "/transfers/{id}/contact", "登记联系本人的情况", transferTag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			Way     string `json:"way" maxLength:"20"`
			On      string `json:"on" maxLength:"10"`
			Reached bool   `json:"reached,omitempty"`
			Note    string `json:"note,omitempty" maxLength:"300"`
		}
	}) (*Tagged[TransferView], error) {
		b := in.Body
		c, err := s.Transfers.Try(ctx, actor(ctx), in.ID, transfer.Attempt{Way: b.Way, TriedOn: b.On, Reached: b.Reached, Note: b.Note})
		return s.transferAfter(ctx, c, err)
	})
	route(s, op("disposeKept", http.MethodPost, "/transfers/{id}/dispose", "负责人、上级处置代管待承诺", transferTag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			Note string `json:"note,omitempty" maxLength:"300"`
		}
	}) (*Tagged[TransferView], error) {
		c, err := s.Transfers.Dispose(ctx, actor(ctx), in.ID, in.Body.Note)
		return s.transferAfter(ctx, c, err)
	})
	route(s, op("returnTransfer", http.MethodPost, "/transfers/{id}/return", "与原单位商定退回", transferTag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			Agreement string `json:"agreement" maxLength:"500" doc:"与谁、何时协商一致，补充什么"`
		}
	}) (*Tagged[TransferView], error) {
		c, err := s.Transfers.Return(ctx, actor(ctx), in.ID, in.Body.Agreement)
		return s.transferAfter(ctx, c, err)
	})
	route(s, op("recordTransferHistory", http.MethodPut, "/transfers/{id}/history", "登记来件所载经历，退回时据以定转递方式", transferTag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			Periods []transfer.Recorded `json:"periods" maxItems:"60" nullable:"false"`
		}
	}) (*Tagged[TransferView], error) {
		c, err := s.Transfers.Record(ctx, actor(ctx), in.ID, in.Body.Periods)
		return s.transferAfter(ctx, c, err)
	})
	s.simpleTransfer("confirmTransferHistory", "history/confirm", "第二人核对来件所载经历", func(ctx context.Context, in *transferOnly) (transfer.Case, error) {
		return s.Transfers.ConfirmHistory(ctx, actor(ctx), in.ID)
	})
	route(s, op("sendBackTransfer", http.MethodPost, "/transfers/{id}/send-back", "登记退回寄送", transferTag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			TransferDispatch
			SealNo  string `json:"sealNo" maxLength:"40"`
			Volumes int64  `json:"volumes"`
		}
	}) (*Tagged[TransferView], error) {
		b := in.Body
		c, err := s.Transfers.SendBack(ctx, actor(ctx), in.ID, transfer.Seal{SealNo: b.SealNo, Volumes: b.Volumes}, b.dispatch())
		return s.transferAfter(ctx, c, err)
	})
}

// TransferCheckLine is what the first checker found for one line.
type TransferCheckLine struct {
	LineNo   int64     `json:"lineNo"`
	Check    string    `json:"check" enum:"ok,missing,pages,content,extra"`
	Note     string    `json:"note,omitempty" maxLength:"200"`
	KeyFacts *[]string `json:"keyFacts,omitempty" doc:"所证明的关键信息，改动时才给"`
	Pages    int64     `json:"pages,omitempty" doc:"页数不符的，实收页数"`
	Proves   bool      `json:"proves,omitempty" doc:"少页，仍能证明关键信息"`
}

// undertakingFile is a scan of what a person signed, as it is shown.
func undertakingFile(kind string, content []byte, no int64) *File {
	return pictureFile(kind, content, "告知承诺书-"+strconv.FormatInt(no, 10))
}
