package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"dangan/internal/certificate"
	"dangan/internal/codes"
	"dangan/internal/dossier"
	"dangan/internal/identity"
	"dangan/internal/mandate"
	"dangan/internal/rule"
	"dangan/internal/statement"
)

func init() { capabilities = append(capabilities, (*Server).certificateRoutes) }

// CertificateItem is one certificate in the list.
type CertificateItem struct {
	ID         string    `json:"id"`
	Kind       string    `json:"kind" enum:"custody,history,kinship,facts"`
	KindName   string    `json:"kindName"`
	State      string    `json:"state" enum:"draft,submitted,returned,issued,unrecorded,withdrawn,refused,void,superseded"`
	StateName  string    `json:"stateName"`
	Tone       string    `json:"tone" enum:"plain,run,wait,done,bad,void"`
	Agency     string    `json:"agency"`
	AgencyName string    `json:"agencyName"`
	DossierID  string    `json:"dossierId"`
	DossierNo  string    `json:"dossierNo"`
	PersonName string    `json:"personName"`
	Use        string    `json:"use"`
	Number     string    `json:"number,omitempty"`
	NoticeNo   string    `json:"noticeNo,omitempty" doc:"查无记载告知单的编号"`
	AppliedOn  string    `json:"appliedOn"`
	IssuedOn   string    `json:"issuedOn,omitempty"`
	ValidUntil string    `json:"validUntil,omitempty"`
	Expired    bool      `json:"expired,omitempty"`
	ChangedAt  time.Time `json:"changedAt"`
}

// StatementView is one recorded statement and what it rests on, or why it can't be stated.
type StatementView struct {
	Key          string   `json:"key"`
	Kind         string   `json:"kind,omitempty"`
	KindName     string   `json:"kindName,omitempty"`
	From         string   `json:"from,omitempty"`
	To           string   `json:"to,omitempty"`
	Unit         string   `json:"unit,omitempty"`
	Post         string   `json:"post,omitempty"`
	Name         string   `json:"name,omitempty"`
	Relation     string   `json:"relation,omitempty"`
	IDNo         string   `json:"idNo,omitempty" doc:"前三后四"`
	Written      string   `json:"written,omitempty" doc:"关键信息，照材料原文"`
	Authority    string   `json:"authority,omitempty" doc:"作出认定的机关"`
	Source       string   `json:"source"`
	Recorded     string   `json:"recorded,omitempty"`
	Remark       string   `json:"remark,omitempty"`
	Available    bool     `json:"available"`
	Why          *Reason  `json:"why,omitempty"`
	Entry        string   `json:"entry,omitempty" doc:"登记号，供第二人核对"`
	EntryKind    string   `json:"entryKind,omitempty" doc:"登记的种类：fact、period、family、determination"`
	WaitsConfirm bool     `json:"waitsConfirm,omitempty"`
	EnteredOwn   bool     `json:"enteredOwn,omitempty"`
	Conflicts    []string `json:"conflicts,omitempty"`
}

// CertificateView is a certificate's page.
type CertificateView struct {
	CertificateItem
	Person       PersonView      `json:"person"`
	Applicant    string          `json:"applicant" enum:"self,kin,unit,agent"`
	Name         string          `json:"name" doc:"申请人或单位经办人"`
	IDNo         string          `json:"idNo,omitempty" doc:"前三后四"`
	RelationName string          `json:"relationName,omitempty"`
	RightName    string          `json:"rightName,omitempty" doc:"亲属申请所涉的权益"`
	RightProof   string          `json:"rightProof,omitempty"`
	Recorded     []string        `json:"recorded,omitempty" doc:"亲属申请的：档案对申请人关系的记载"`
	Subjects     []SubjectView   `json:"subjects" nullable:"false" doc:"申请证明的事项"`
	Searched     bool            `json:"searched" doc:"纸质档案已提到本件，可以查找"`
	NoticeID     string          `json:"noticeId,omitempty"`
	Unit         string          `json:"unit,omitempty"`
	Letter       string          `json:"letter,omitempty"`
	Consent      string          `json:"consent,omitempty"`
	Bearer       *UnitBearer     `json:"bearer,omitempty" doc:"单位申请的，来办的经办人"`
	Mandate      *MandateItem    `json:"mandate,omitempty" doc:"代办的，所凭的委托书"`
	Seen         string          `json:"seen"`
	DraftedBy    string          `json:"draftedBy"`
	SubmittedBy  string          `json:"submittedBy,omitempty"`
	SubmittedAt  *time.Time      `json:"submittedAt,omitempty"`
	ReviewedBy   string          `json:"reviewedBy,omitempty"`
	ReviewedAt   *time.Time      `json:"reviewedAt,omitempty"`
	ReviewNote   string          `json:"reviewNote,omitempty"`
	Reason       string          `json:"reason,omitempty"`
	Hindrance    []Reason        `json:"hindrance" nullable:"false" doc:"申请人不能申请而坚持申请的，不能申请的理由"`
	Refusal      []Reason        `json:"refusal" nullable:"false" doc:"不予出具的理由"`
	Asked        bool            `json:"asked"`
	DocumentID   string          `json:"documentId,omitempty"`
	Lines        []StatementView `json:"lines" nullable:"false" doc:"拟证明或已证明的内容"`
	Statements   []StatementView `json:"statements" nullable:"false" doc:"尚可选定时：档案记载及能否证明"`
	Replaces     string          `json:"replaces,omitempty"`
	ReplacesNo   string          `json:"replacesNo,omitempty"`
	SupersededBy string          `json:"supersededBy,omitempty"`
	Possible     []Possible      `json:"possible" nullable:"false"`
}

// SubjectView is one thing asked for: stated, told to be unrecorded, or still open.
type SubjectView struct {
	Subject string       `json:"subject" doc:"事项；whole 为整类"`
	Name    string       `json:"name"`
	Absent  bool         `json:"absent,omitempty" doc:"查无记载"`
	Looked  []LookedView `json:"looked" nullable:"false" doc:"尚未登记记载、能证明这一事项的材料"`
}

// LookedView is a filed material that could prove a subject and of which nobody took down what it says.
type LookedView struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	Done  bool   `json:"done,omitempty" doc:"已查看，未写明"`
}

// AbsentBody says that nothing is recorded of a subject.
type AbsentBody struct {
	Subject string   `json:"subject" maxLength:"40"`
	Looked  []string `json:"looked,omitempty" maxItems:"500" doc:"逐份查看过的材料"`
}

// CertificateWordsView is how a kind of certificate opens and closes.
type CertificateWordsView struct {
	Wording     int64      `json:"wording" doc:"0 为系统自带"`
	Opening     string     `json:"opening,omitempty"`
	Closing     string     `json:"closing"`
	PublishedBy string     `json:"publishedBy,omitempty"`
	PublishedAt *time.Time `json:"publishedAt,omitempty"`
}

// CertificateWorded is a kind with the wording that holds and those before it.
type CertificateWorded struct {
	Kind   string                 `json:"kind" enum:"custody,history,kinship,facts"`
	Name   string                 `json:"name"`
	Now    CertificateWordsView   `json:"now"`
	Before []CertificateWordsView `json:"before" nullable:"false"`
}

// CertificateWordings are the kinds with their wordings.
type CertificateWordings struct {
	Items   []CertificateWorded `json:"items" nullable:"false"`
	MayWord bool                `json:"mayWord"`
}

// CertificateLists are the lists of the application form.
type CertificateLists struct {
	Documents []string `json:"documents" nullable:"false" doc:"可查验的证件"`
	Relations []struct {
		Slug string `json:"slug"`
		Name string `json:"name"`
	} `json:"relations" nullable:"false"`
	Rights []struct {
		Slug  string `json:"slug"`
		Name  string `json:"name"`
		Proof string `json:"proof" doc:"例如查验什么材料"`
	} `json:"rights" nullable:"false" doc:"亲属申请所涉的权益"`
	Facts []struct {
		Slug string `json:"slug"`
		Name string `json:"name"`
	} `json:"facts" nullable:"false" doc:"档案记载情况证明的事项"`
}

// CertificateApplication is who asks for what.
type CertificateApplication struct {
	Kind      string   `json:"kind" maxLength:"20"`
	DossierID string   `json:"dossierId" maxLength:"40"`
	Use       string   `json:"use" maxLength:"120"`
	Applicant string   `json:"applicant" maxLength:"10" doc:"self、kin、unit、agent"`
	Name      string   `json:"name,omitempty" maxLength:"60" doc:"代办的照委托书"`
	MandateID string   `json:"mandateId,omitempty" maxLength:"64" doc:"代办的：已登记的委托书"`
	IDNo      string   `json:"idNo,omitempty" maxLength:"30"`
	Relation  string   `json:"relation,omitempty" maxLength:"40"`
	Right     string   `json:"right,omitempty" maxLength:"40" doc:"亲属申请所涉的权益"`
	Proof     string   `json:"proof,omitempty" maxLength:"120" doc:"证明所涉权益的材料：名称、文号"`
	Asks      []string `json:"asks,omitempty" maxItems:"10" doc:"档案记载情况证明：申请证明的事项"`
	Unit      string   `json:"unit,omitempty" maxLength:"120"`
	UnitCode  string   `json:"unitCode,omitempty" maxLength:"30" doc:"单位的统一社会信用代码；没有填的，照本机构集体户登记的"`
	Letter    string   `json:"letter,omitempty" maxLength:"120"`
	Consent   string   `json:"consent,omitempty" maxLength:"120"`
	Seen      []string `json:"seen,omitempty" maxItems:"20"`
	Keys      []string `json:"keys,omitempty" maxItems:"200" doc:"选定的记载；给出即同时提交审核"`
	Replaces  string   `json:"replaces,omitempty" maxLength:"40" doc:"所更正的证明"`
	Reason    string   `json:"reason,omitempty" maxLength:"200"`
	IntakeID  string   `json:"intakeId,omitempty" maxLength:"64" doc:"先前登记的收件（补正后、应予受理后继续）"`
	Insists   bool     `json:"insists,omitempty" doc:"不能申请的人坚持申请：登记并报审核，由审核人员出具不予办理告知单（29.8）"`
}

// CertificatePath names a certificate.
type CertificatePath struct {
	ID string `path:"id" maxLength:"40"`
	IfMatch
}

// CertificateReason is an act that needs a reason or note.
type CertificateReason struct {
	CertificatePath
	Body struct {
		Reason string `json:"reason" maxLength:"200"`
	}
}

func (b CertificateApplication) application() certificate.Application {
	return certificate.Application{Kind: certificate.Kind(b.Kind), DossierID: b.DossierID, Use: b.Use, Applicant: b.Applicant, Name: b.Name, IDNo: b.IDNo, Relation: b.Relation, RightOf: b.Right, Proof: b.Proof, Asks: b.Asks, UnitName: b.Unit, UnitCode: b.UnitCode,
		Letter: b.Letter, Consent: b.Consent, MandateID: b.MandateID, Seen: b.Seen, Keys: b.Keys, Replaces: b.Replaces, Reason: b.Reason, IntakeID: b.IntakeID, Insists: b.Insists}
}

func (s *Server) certificateRoutes() {
	const tag = "出具证明"
	route(s, op("listCertificates", http.MethodGet, "/certificates", "证明列表", tag), func(ctx context.Context, in *struct {
		OfAgency
		State  string `query:"state" maxLength:"20" doc:"状态；open 为在办"`
		Kind   string `query:"kind" maxLength:"20"`
		Mine   bool   `query:"mine"`
		Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"30"`
		Cursor string `query:"cursor" maxLength:"200"`
	}) (*Body[Page[CertificateItem]], error) {
		list, next, err := s.Certificates.List(ctx, in.of(ctx), certificate.Filter{State: in.State, Kind: in.Kind, Mine: in.Mine, Limit: in.Limit, Cursor: in.Cursor})
		if err != nil {
			return nil, err
		}
		out := &Body[Page[CertificateItem]]{Body: Page[CertificateItem]{Items: []CertificateItem{}}}
		for _, c := range list {
			item := s.certificateItem(ctx, c.Certificate)
			item.PersonName, item.DossierNo = c.PersonName, c.DossierNo
			out.Body.Items = append(out.Body.Items, item)
		}
		if next != "" {
			out.Body.Next = &next
		}
		return out, nil
	})
	route(s, op("certificateLists", http.MethodGet, "/certificate-lists", "申请证明所用码表", tag), func(_ context.Context, _ *struct{}) (*Body[CertificateLists], error) {
		out := &Body[CertificateLists]{Body: CertificateLists{Documents: certificate.Documents}}
		for _, k := range codes.Kins() {
			if k.Slug != "self" {
				out.Body.Relations = append(out.Body.Relations, struct {
					Slug string `json:"slug"`
					Name string `json:"name"`
				}{k.Slug, k.Name})
			}
		}
		for _, r := range certificate.Rights {
			out.Body.Rights = append(out.Body.Rights, struct {
				Slug  string `json:"slug"`
				Name  string `json:"name"`
				Proof string `json:"proof" doc:"例如查验什么材料"`
			}{r.Slug, r.Name, r.Proof})
		}
		for _, f := range statement.FactKinds {
			out.Body.Facts = append(out.Body.Facts, struct {
				Slug string `json:"slug"`
				Name string `json:"name"`
			}{f, dossier.KeyFactName(f)})
		}
		return out, nil
	})
	route(s, op("proposeCertificate", http.MethodGet, "/dossiers/{id}/statements", "档案记载能证明什么、不能证明什么（查看留痕）", tag), func(ctx context.Context, in *struct {
		ID   string `path:"id" maxLength:"40"`
		Kind string `query:"kind" maxLength:"20" required:"true"`
	}) (*Body[Page[StatementView]], error) {
		list, err := s.Certificates.Propose(ctx, actor(ctx), in.ID, certificate.Kind(in.Kind))
		if err != nil {
			return nil, err
		}
		return &Body[Page[StatementView]]{Page[StatementView]{Items: statements(ctx, list)}}, nil
	})
	route(s, op("openCertificate", http.MethodPost, "/certificates", "受理证明申请；选定记载的同时提交审核", tag), func(ctx context.Context, in *struct{ Body CertificateApplication }) (*Tagged[CertificateView], error) {
		c, err := s.Certificates.Open(ctx, actor(ctx), in.Body.application())
		return s.certificateAnswer(ctx, c, err)
	})
	route(s, op("getCertificate", http.MethodGet, "/certificates/{id}", "一件证明（查看留痕）", tag), func(ctx context.Context, in *CertificatePath) (*Tagged[CertificateView], error) {
		v, err := s.Certificates.Read(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return s.certificateView(ctx, v)
	})
	route(s, op("previewCertificate", http.MethodGet, "/certificates/{id}/preview", "审核预览（PDF），不编号不签章", tag), func(ctx context.Context, in *CertificatePath) (*File, error) {
		pdf, err := s.Certificates.Preview(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return pdfFile(pdf, "审核预览.pdf", false), nil
	})
	route(s, op("pullForCertificate", http.MethodPost, "/certificates/{id}/pull", "请库管提档，供对照原件引用", tag), func(ctx context.Context, in *CertificatePath) (*Tagged[CertificateView], error) {
		c, err := s.Certificates.Pull(ctx, actor(ctx), in.ID)
		return s.certificateAnswer(ctx, c, err)
	})
	route(s, op("submitCertificate", http.MethodPost, "/certificates/{id}/submit", "选定记载、注明查无记载的事项，提交审核", tag), func(ctx context.Context, in *struct {
		CertificatePath
		Body struct {
			Keys   []string     `json:"keys" maxItems:"200" nullable:"false"`
			Absent []AbsentBody `json:"absent,omitempty" maxItems:"10" doc:"提档查找后没有记载的事项：出具查无记载告知单"`
		}
	}) (*Tagged[CertificateView], error) {
		chosen := certificate.Choice{Keys: in.Body.Keys}
		for _, a := range in.Body.Absent {
			chosen.Absent = append(chosen.Absent, statement.Absent(a))
		}
		c, err := s.Certificates.Submit(ctx, actor(ctx), in.ID, chosen)
		return s.certificateAnswer(ctx, c, err)
	})
	route(s, op("returnCertificate", http.MethodPost, "/certificates/{id}/return", "退回经办人员修改", tag), func(ctx context.Context, in *CertificateReason) (*Tagged[CertificateView], error) {
		c, err := s.Certificates.Return(ctx, actor(ctx), in.ID, in.Body.Reason)
		return s.certificateAnswer(ctx, c, err)
	})
	route(s, op("issueCertificate", http.MethodPost, "/certificates/{id}/issue", "签发：编号、签章、签名；查无记载的出具告知单", tag), func(ctx context.Context, in *CertificatePath) (*Tagged[CertificateView], error) {
		c, err := s.Certificates.Issue(ctx, actor(ctx), in.ID)
		return s.certificateAnswer(ctx, c, err)
	})
	route(s, op("withdrawCertificate", http.MethodPost, "/certificates/{id}/withdraw", "撤回申请", tag), func(ctx context.Context, in *CertificateReason) (*Tagged[CertificateView], error) {
		c, err := s.Certificates.Withdraw(ctx, actor(ctx), in.ID, in.Body.Reason)
		return s.certificateAnswer(ctx, c, err)
	})
	route(s, op("refuseCertificate", http.MethodPost, "/certificates/{id}/refuse", "不予出具，出具不予办理告知单", tag), func(ctx context.Context, in *struct {
		CertificatePath
		Body struct {
			Reasons []RefusalFact `json:"reasons" maxItems:"10"`
			Next    string        `json:"next" maxLength:"500" doc:"可以怎样办"`
		}
	}) (*Tagged[CertificateView], error) {
		var facts []certificate.RefuseReason
		for _, r := range in.Body.Reasons {
			facts = append(facts, certificate.RefuseReason{Rule: rule.ID(r.Rule), Fact: r.Fact})
		}
		c, err := s.Certificates.Refuse(ctx, actor(ctx), in.ID, facts, in.Body.Next)
		return s.certificateAnswer(ctx, c, err)
	})
	route(s, op("listCertificateWordings", http.MethodGet, "/certificate-wordings", "证明的固定用语", tag), func(ctx context.Context, _ *struct{}) (*Body[CertificateWordings], error) {
		return s.certificateWordings(ctx)
	})
	route(s, op("wordCertificate", http.MethodPut, "/certificate-wordings/{kind}", "发布证明用语的新版本", tag), func(ctx context.Context, in *struct {
		Kind string `path:"kind" maxLength:"20"`
		Body struct {
			Opening string `json:"opening,omitempty" maxLength:"500" doc:"写明 {存档人}；没有开头的证明不填"`
			Closing string `json:"closing" maxLength:"500"`
		}
	}) (*Body[CertificateWordings], error) {
		if _, err := s.Certificates.Word(ctx, actor(ctx), certificate.Kind(in.Kind), in.Body.Opening, in.Body.Closing); err != nil {
			return nil, err
		}
		return s.certificateWordings(ctx)
	})
	route(s, op("voidCertificate", http.MethodPost, "/certificates/{id}/void", "作废已签发的证明", tag), func(ctx context.Context, in *CertificateReason) (*Tagged[CertificateView], error) {
		c, err := s.Certificates.Void(ctx, actor(ctx), in.ID, in.Body.Reason)
		return s.certificateAnswer(ctx, c, err)
	})
}

func (s *Server) certificateWordings(ctx context.Context) (*Body[CertificateWordings], error) {
	list, err := s.Certificates.Wordings(ctx)
	if err != nil {
		return nil, err
	}
	view := func(w certificate.Words) CertificateWordsView {
		v := CertificateWordsView{Wording: w.Wording, Opening: w.Opening, Closing: w.Closing}
		if w.Wording > 0 {
			v.PublishedBy, v.PublishedAt = s.staffName(ctx, w.PublishedBy), &w.PublishedAt
		}
		return v
	}
	out := &Body[CertificateWordings]{Body: CertificateWordings{Items: []CertificateWorded{}, MayWord: s.Certificates.MayWord(actor(ctx))}}
	for _, w := range list {
		v := CertificateWorded{Kind: string(w.Now.Kind), Name: w.Now.Kind.Name(), Now: view(w.Now), Before: []CertificateWordsView{}}
		for _, b := range w.Before {
			v.Before = append(v.Before, view(b))
		}
		out.Body.Items = append(out.Body.Items, v)
	}
	return out, nil
}

// subjects says of each thing asked for whether it was told to be unrecorded, and what is left
// to look through.
func subjects(v certificate.View) ([]SubjectView, error) {
	absent, err := v.Unrecorded()
	if err != nil {
		return nil, err
	}
	out := []SubjectView{}
	for _, subject := range v.Subjects() {
		one := SubjectView{Subject: subject, Name: statement.SubjectName(v.Kind.States(), subject), Looked: []LookedView{}}
		var looked []string
		for _, a := range absent {
			if a.Subject == subject {
				one.Absent, looked = true, a.Looked
			}
		}
		for _, m := range v.Unread[subject] {
			one.Looked = append(one.Looked, LookedView{ID: m.ID, Label: m.Label(), Done: slices.Contains(looked, m.ID)})
		}
		out = append(out, one)
	}
	return out, nil
}

func (s *Server) certificateItem(ctx context.Context, c certificate.Certificate) CertificateItem {
	return CertificateItem{ID: c.ID, Kind: string(c.Kind), KindName: c.Kind.Name(), State: string(c.State), StateName: c.State.Name(), Tone: c.State.Tone(), Agency: c.Agency,
		AgencyName: s.agencyName(ctx, c.Agency), DossierID: c.DossierID, Use: c.Use, Number: c.Number, NoticeNo: c.NoticeNo, AppliedOn: c.AppliedOn, IssuedOn: c.IssuedOn(), ValidUntil: c.ValidUntil,
		Expired: c.Expired(s.Gate.Today()), ChangedAt: c.ChangedAt}
}

// certificateAnswer is the case after an act, as the actor may see it.
func (s *Server) certificateAnswer(ctx context.Context, c certificate.Certificate, err error) (*Tagged[CertificateView], error) {
	if err != nil {
		return nil, err
	}
	v, err := s.Certificates.After(ctx, actor(ctx), c.ID)
	if err != nil {
		return nil, err
	}
	return s.certificateView(ctx, v)
}

func (s *Server) certificateView(ctx context.Context, v certificate.View) (*Tagged[CertificateView], error) {
	out := CertificateView{CertificateItem: s.certificateItem(ctx, v.Certificate), Person: s.personView(v.Person), Applicant: v.Applicant, Name: v.Name, IDNo: identity.Mask(v.IDNo),
		Unit: v.UnitName, Letter: v.Letter, Consent: v.Consent, Seen: v.Seen, DraftedBy: s.staffName(ctx, v.DraftedBy), ReviewNote: v.ReviewNote, Reason: v.Reason, Asked: v.Asked,
		DocumentID: v.DocumentID, Lines: []StatementView{}, Statements: statements(ctx, v.Proposals), Replaces: v.Replaces, SupersededBy: v.SupersededBy, Possible: possible(v.Possible)}
	out.PersonName, out.DossierNo = v.Person.Name, v.Dossier.No
	out.Searched, out.NoticeID, out.RightName, out.RightProof = v.Searched, v.NoticeID, certificate.RightName(v.RightOf), v.RightProof
	for _, r := range v.Recorded {
		out.Recorded = append(out.Recorded, codes.KinName(r))
	}
	var err error
	if out.Subjects, err = subjects(v); err != nil {
		return nil, err
	}
	if out.Bearer, err = s.bearerOf(ctx, v.Ref()); err != nil {
		return nil, err
	}
	if v.Applicant == certificate.Agent {
		if out.Mandate, err = s.mandateOf(ctx, v.Ref(), mandate.Certificate); err != nil {
			return nil, err
		}
	}
	if v.Relation != "" {
		out.RelationName = codes.KinName(v.Relation)
	}
	if v.SubmittedBy != "" {
		out.SubmittedBy, out.SubmittedAt = s.staffName(ctx, v.SubmittedBy), &v.SubmittedAt
	}
	if v.ReviewedBy != "" {
		out.ReviewedBy, out.ReviewedAt = s.staffName(ctx, v.ReviewedBy), &v.ReviewedAt
	}
	for _, l := range v.Lines {
		out.Lines = append(out.Lines, statementView(statement.Proposal{Line: l}))
	}
	if v.Old != nil {
		out.ReplacesNo = v.Old.Number
	}
	if out.Hindrance, err = keptReasons(v.Hindrance); err != nil {
		return nil, err
	}
	out.Refusal, err = keptReasons(v.Refusal)
	return &Tagged[CertificateView]{etag(v.Version), out}, err
}

var statementKinds = map[string]string{dossier.Study: "学习", dossier.Work: "工作", dossier.Service: "服役", "custody": "存档"}

func statementView(p statement.Proposal) StatementView {
	v := StatementView{Key: p.Key, Kind: p.Kind, KindName: statementKinds[p.Kind], From: p.From, To: p.To, Unit: p.Unit, Post: p.Post, Name: p.Name, Relation: p.Relation, IDNo: identity.Mask(p.IDNo), Written: p.Written, Authority: p.Authority, EntryKind: p.EntryKind,
		Source: p.Source, Recorded: p.Recorded, Remark: p.Remark, Available: p.Hindrance == nil, Entry: p.Entry, WaitsConfirm: p.Waits == "confirm", Conflicts: p.Conflicts}
	if p.Written != "" {
		v.KindName = dossier.KeyFactName(p.Kind)
	}
	if p.Hindrance != nil {
		why := reasonView(*p.Hindrance)
		v.Why = &why
	}
	return v
}

func statements(ctx context.Context, list []statement.Proposal) []StatementView {
	out := []StatementView{}
	for _, p := range list {
		v := statementView(p)
		v.EnteredOwn = p.EnteredBy != "" && p.EnteredBy == actor(ctx).ID
		out = append(out, v)
	}
	return out
}
