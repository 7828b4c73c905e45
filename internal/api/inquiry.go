package api

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"dangan/internal/dossier"
	"dangan/internal/identity"
	"dangan/internal/policy"
)

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

// WhereaboutsQuestion is a person's question where the dossier is.
type WhereaboutsQuestion struct {
	Agency   string `json:"agency,omitempty" maxLength:"12" doc:"受理机构，默认本机构"`
	Name     string `json:"name" maxLength:"60"`
	IDNo     string `json:"idNo" maxLength:"30"`
	Document string `json:"document" maxLength:"40" doc:"查验的证件；没有出示的为空，一次性告知补正"`
	Contact  string `json:"contact,omitempty" maxLength:"120" doc:"手机号或邮箱：当场没有查到的，核实后由负责的机构联系"`
	Print    bool   `json:"print,omitempty"`
	Agent    bool   `json:"agent,omitempty" doc:"代办人查询，须有委托书"`
	Mandate  string `json:"mandateId,omitempty" maxLength:"64" doc:"代办的：已登记的委托书"`
	IntakeID string `json:"intakeId,omitempty" maxLength:"64" doc:"补正或审核后继续受理的登记"`
}

func (q WhereaboutsQuestion) question(by policy.Actor) dossier.Question {
	return dossier.Question{Agency: cmp.Or(q.Agency, by.Org), Name: q.Name, IDNo: q.IDNo, Document: q.Document, Contact: q.Contact, Agent: q.Agent, Mandate: q.Mandate, Print: q.Print, IntakeID: q.IntakeID}
}

func (s *Server) inquiryRoutes() {
	route(s, op("askWhereabouts", http.MethodPost, "/inquiries", "查档去向：答复到场的本人或代办人", "档案"), func(ctx context.Context, in *struct {
		Body WhereaboutsQuestion
	}) (*Body[InquiryView], error) {
		q, _, err := s.Dossiers.Whereabouts(ctx, actor(ctx), in.Body.question(actor(ctx)))
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
