package api

import (
	"context"
	"net/http"

	"dangan/internal/calendar"
	"dangan/internal/transfer"
)

// transferAsking are the acts that begin a case or end it early: application, letter,
// letter of an outside organ, withdrawal.
func (s *Server) transferAsking() {
	route(s, op("applyTransfer", http.MethodPost, "/transfers", "受理转入申请", transferTag), func(ctx context.Context, in *struct {
		Body TransferApplication
	}) (*Tagged[TransferView], error) {
		c, err := s.Transfers.Apply(ctx, actor(ctx), in.Body.application())
		return s.transferAfter(ctx, c, err)
	})
	route(s, op("issueLetter", http.MethodPost, "/transfers/{id}/letter", "开具调档函", transferTag), func(ctx context.Context, in *struct {
		TransferIn
		Body *struct {
			PartyHeading string `json:"partyHeading,omitempty" maxLength:"120" doc:"党员的党组织关系接转抬头；空为本机构登记的"`
		}
	}) (*Tagged[TransferView], error) {
		heading := ""
		if in.Body != nil {
			heading = in.Body.PartyHeading
		}
		c, err := s.Transfers.Letter(ctx, actor(ctx), in.ID, heading)
		return s.transferAfter(ctx, c, err)
	})
	route(s, op("registerOutsideLetter", http.MethodPost, "/transfers/outside-letters", "登记外单位来函，开始转出", transferTag), func(ctx context.Context, in *struct {
		Body struct {
			DossierID    string `json:"dossierId" maxLength:"64"`
			ReceiverName string `json:"receiverName" maxLength:"120"`
			ReceiverKind string `json:"receiverKind,omitempty" maxLength:"20" doc:"接收单位的性质"`
			ReceiverAddr string `json:"receiverAddr,omitempty" maxLength:"200"`
			Reason       string `json:"reason" maxLength:"40"`
			LetterNo     string `json:"letterNo" maxLength:"60"`
			LetterOn     string `json:"letterOn" maxLength:"10"`
			ValidUntil   string `json:"validUntil,omitempty" maxLength:"10"`
			ReceivedOn   string `json:"receivedOn" maxLength:"10"`
			Telephone    string `json:"telephone,omitempty" maxLength:"40"`
			Spoke        string `json:"spoke,omitempty" maxLength:"60"`
			Province     string `json:"province,omitempty" maxLength:"2" doc:"接收机构所在省份；本市不填"`
			OnlineNo     string `json:"onlineNo,omitempty" maxLength:"60" doc:"全国平台编号；凭此核实的不再电话核实"`
		}
	}) (*Tagged[TransferView], error) {
		b := in.Body
		c, err := s.Transfers.RegisterOutside(ctx, actor(ctx), transfer.OutsideLetter{Province: b.Province, OnlineNo: b.OnlineNo, DossierID: b.DossierID, ReceiverName: b.ReceiverName, Kind: b.ReceiverKind, ReceiverAddr: b.ReceiverAddr, Reason: b.Reason,
			LetterOn: calendar.Date(b.LetterOn), ValidUntil: calendar.Date(b.ValidUntil),
			Registration: transfer.Registration{LetterNo: b.LetterNo, Telephone: b.Telephone, Spoke: b.Spoke, ReceivedOn: calendar.Date(b.ReceivedOn)}})
		return s.transferAfter(ctx, c, err)
	})
	route(s, op("answerTransfer", http.MethodPost, "/transfers/{id}/answer", "登记（作出）预审答复", transferTag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			Answer string `json:"answer" enum:"agree,decline"`
			On     string `json:"on,omitempty" maxLength:"10" doc:"对方答复的日期；本机构答复为当天"`
			Note   string `json:"note,omitempty" maxLength:"500" doc:"不予转出的，对方的全部理由"`
		}
	}) (*Tagged[TransferView], error) {
		b := in.Body
		c, err := s.Transfers.Answer(ctx, actor(ctx), in.ID, transfer.Answering{Answer: b.Answer, On: calendar.Date(b.On), Note: b.Note})
		return s.transferAfter(ctx, c, err)
	})
	route(s, op("forwardedTransfer", http.MethodPost, "/transfers/{id}/forwarded", "登记对方已寄出", transferTag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			TransferDispatch
			NoticeNo string `json:"noticeNo,omitempty" maxLength:"60"`
		}
	}) (*Tagged[TransferView], error) {
		c, err := s.Transfers.Forwarded(ctx, actor(ctx), in.ID, in.Body.dispatch(), in.Body.NoticeNo)
		return s.transferAfter(ctx, c, err)
	})
	s.simpleTransfer("chaseTransfer", "chase", "催办：请对方答复", func(ctx context.Context, in *transferOnly) (transfer.Case, error) {
		return s.Transfers.Chase(ctx, actor(ctx), in.ID)
	})
	route(s, op("forwardTransfer", http.MethodPost, "/transfers/{id}/forward", "转交有联系的机构", transferTag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			To       string `json:"to" maxLength:"12" doc:"接着办理的机构"`
			TiePlace string `json:"tiePlace,omitempty" maxLength:"6" doc:"存档依据所在的区县；空为原登记的"`
		}
	}) (*Tagged[TransferView], error) {
		c, err := s.Transfers.Forward(ctx, actor(ctx), in.ID, in.Body.To, in.Body.TiePlace)
		return s.transferAfter(ctx, c, err)
	})
	route(s, op("correctTransfer", http.MethodPost, "/transfers/{id}/correct", "更正在办转递的登记信息", transferTag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			Changes  []TransferChange `json:"changes" minItems:"1" maxItems:"20" nullable:"false"`
			Why      string           `json:"why" maxLength:"300" doc:"更正原因"`
			WorkerID string           `json:"workerId,omitempty" maxLength:"64" doc:"更正申请单位的：来办的经办人授权"`
		}
	}) (*Tagged[TransferView], error) {
		changes := make([]transfer.Change, len(in.Body.Changes))
		for i, c := range in.Body.Changes {
			changes[i] = transfer.Change(c)
		}
		c, err := s.Transfers.Correct(ctx, actor(ctx), in.ID, changes, in.Body.Why, in.Body.WorkerID)
		return s.transferAfter(ctx, c, err)
	})
	route(s, op("correctTransferWay", http.MethodPost, "/transfers/{id}/correct-way", "更正寄送登记：方式、编号、送取人", transferTag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			TransferDispatch
			Why string `json:"why" maxLength:"300" doc:"更正原因"`
		}
	}) (*Tagged[TransferView], error) {
		c, err := s.Transfers.CorrectWay(ctx, actor(ctx), in.ID, in.Body.dispatch(), in.Body.Why)
		return s.transferAfter(ctx, c, err)
	})
	route(s, op("withdrawTransfer", http.MethodPost, "/transfers/{id}/withdraw", "撤回", transferTag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			Why   string `json:"why" maxLength:"300"`
			Paper string `json:"paper,omitempty" maxLength:"120" doc:"申请人书面申请或者来函单位撤函的编号"`
		}
	}) (*Tagged[TransferView], error) {
		c, err := s.Transfers.Withdraw(ctx, actor(ctx), in.ID, transfer.Withdrawal(in.Body))
		return s.transferAfter(ctx, c, err)
	})
}

// TransferChange is one field with its right value.
type TransferChange struct {
	Field string `json:"field" maxLength:"40"`
	Value string `json:"value" maxLength:"300"`
}

// TransferApplication is what the window takes in.
type TransferApplication struct {
	Direction     string `json:"direction" enum:"inner,in" doc:"inner 市内机构，in 外单位或外省"`
	Name          string `json:"name" maxLength:"100"`
	IDNo          string `json:"idNo" maxLength:"40"`
	Document      string `json:"document,omitempty" maxLength:"40" doc:"核验的证件"`
	Holder        string `json:"holder,omitempty" maxLength:"16"`
	HolderName    string `json:"holderName,omitempty" maxLength:"120"`
	HolderKind    string `json:"holderKind,omitempty" maxLength:"20" doc:"原存档单位的性质"`
	Applicant     string `json:"applicant" maxLength:"120"`
	Contact       string `json:"contact,omitempty" maxLength:"100" doc:"本人的手机号或邮箱，用于告知办理情况；可以不填"`
	Reason        string `json:"reason" maxLength:"40"`
	RegionBasis   string `json:"regionBasis" maxLength:"40"`
	TiePlace      string `json:"tiePlace,omitempty" maxLength:"6" doc:"存档依据所在区县的代码"`
	TieDespite    string `json:"tieDespite,omitempty" maxLength:"200" doc:"不在服务区域而仍在本机构受理的理由"`
	PassTo        string `json:"passTo,omitempty" maxLength:"16" doc:"转交有联系的机构办理"`
	Employer      string `json:"employer,omitempty" maxLength:"120"`
	Category      string `json:"category,omitempty" maxLength:"8"`
	Subtype       string `json:"subtype,omitempty" maxLength:"40"`
	Evidence      string `json:"evidence,omitempty" maxLength:"200"`
	Political     string `json:"political,omitempty" maxLength:"4"`
	WayRequired   string `json:"wayRequired,omitempty" maxLength:"40"`
	ApplicantKind string `json:"applicantKind,omitempty" enum:"person,unit,agent," doc:"本人 person、单位 unit、代办人 agent"`
	ApplicantDoc  string `json:"applicantDoc,omitempty" maxLength:"120" doc:"单位介绍信或者申请函"`
	ApplicantUSCC string `json:"applicantUscc,omitempty" maxLength:"30" doc:"单位申请的，单位的统一社会信用代码"`
	WorkerID      string `json:"workerId,omitempty" maxLength:"64" doc:"在本机构有集体户的单位申请的：来办的经办人授权"`
	MandateID     string `json:"mandateId,omitempty" maxLength:"64" doc:"代办的：已登记的委托书"`
	Province      string `json:"province,omitempty" maxLength:"2" doc:"原存档机构所在省份，前两位代码；本市不填"`
	OnlineNo      string `json:"onlineNo,omitempty" maxLength:"60" doc:"全国平台网上申请编号"`
	IntakeID      string `json:"intakeId,omitempty" maxLength:"64" doc:"先前登记的收件（补正后、应予受理后继续）"`
}

func (a TransferApplication) application() transfer.Application {
	return transfer.Application{Direction: a.Direction, Name: a.Name, IDNo: a.IDNo, Document: a.Document, Holder: a.Holder, HolderName: a.HolderName, HolderKind: a.HolderKind, Applicant: a.Applicant, Contact: a.Contact, Reason: a.Reason, RegionBasis: a.RegionBasis, TiePlace: a.TiePlace, TieDespite: a.TieDespite, PassTo: a.PassTo, Employer: a.Employer, Category: a.Category, Subtype: a.Subtype, Evidence: a.Evidence, Political: a.Political, WayRequired: a.WayRequired,
		ApplicantKind: a.ApplicantKind, ApplicantDoc: a.ApplicantDoc, ApplicantUSCC: a.ApplicantUSCC, MandateID: a.MandateID, Worker: a.WorkerID, Province: a.Province, OnlineNo: a.OnlineNo, IntakeID: a.IntakeID}
}
