package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"reflect"
	"strings"
	"time"

	"dangan/internal/access"
	"dangan/internal/account"
	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/handin"
	"dangan/internal/identity"
	"dangan/internal/intake"
	"dangan/internal/policy"
	"dangan/internal/portal"
	"dangan/internal/region"
	"dangan/internal/rule"
	"dangan/internal/store"
	"dangan/internal/transfer"

	"github.com/danielgtaylor/huma/v2"
)

func init() { capabilities = append(capabilities, (*Server).portalApplyRoutes) }

// PortalPaper is one kind of paper that an application comes with.
type PortalPaper struct {
	Key    string `json:"key" doc:"上传时的字段名"`
	Name   string `json:"name"`
	Needed bool   `json:"needed" doc:"不附就不能提交"`
}

// PortalMatter is what can be applied for over the net.
type PortalMatter struct {
	Code   string        `json:"code" enum:"certificate,transfer,consultation,standing"`
	Name   string        `json:"name"`
	Papers []PortalPaper `json:"papers" nullable:"false"`
}

// PortalChoices are the lists an application is filled in from.
type PortalChoices struct {
	Matters    []PortalMatter `json:"matters" nullable:"false"`
	Kept       string         `json:"kept,omitempty" doc:"本人的档案现由哪个机构保管；不能在网上办理的为空"`
	Offices    []codes.Code   `json:"offices" nullable:"false" doc:"可以申请的存档机构：单位为有集体户、授权有效的，个人为全部"`
	Agencies   []codes.Code   `json:"agencies" nullable:"false" doc:"全市存档机构"`
	Provinces  []codes.Code   `json:"provinces" nullable:"false"`
	Ends       []codes.Code   `json:"ends" nullable:"false" doc:"外单位的性质"`
	Reasons    []string       `json:"reasons" nullable:"false"`
	Ties       []string       `json:"ties" nullable:"false"`
	Divisions  []codes.Code   `json:"divisions" nullable:"false"`
	Categories []codes.Code   `json:"categories" nullable:"false"`
	Politicals []codes.Code   `json:"politicals" nullable:"false"`
	Purposes   []PurposeView  `json:"purposes" nullable:"false"`
	Files      int            `json:"files" doc:"一次最多几个文件"`
	FileSize   int64          `json:"fileSize"`
}

// PortalApplying is an application as a page sends it.
type PortalApplying struct {
	Matter       string              `json:"matter" enum:"certificate,transfer,consultation,standing"`
	Agency       string              `json:"agency,omitempty" maxLength:"16" doc:"向哪个存档机构申请；出具证明的不填，向现存档机构申请"`
	Contact      string              `json:"contact,omitempty" maxLength:"120" doc:"联系电话"`
	Certificate  *PortalCertificate  `json:"certificate,omitempty"`
	Transfer     *PortalTransfer     `json:"transfer,omitempty"`
	Consultation *PortalConsultation `json:"consultation,omitempty"`
	Standing     *PortalStanding     `json:"standing,omitempty"`
}

// PortalCertificate is what a person wants certified (23).
type PortalCertificate struct {
	Kind string   `json:"kind" enum:"custody,history,kinship,facts"`
	Use  string   `json:"use" maxLength:"120"`
	Asks []string `json:"asks,omitempty" maxItems:"10" doc:"档案记载情况证明：申请证明的事项"`
}

// PortalTransfer is what is asked to be transferred (20.1). A person names no one else.
type PortalTransfer struct {
	Name        string `json:"name,omitempty" maxLength:"100" doc:"单位申请的：存档人员"`
	IDNo        string `json:"idNo,omitempty" maxLength:"40"`
	Direction   string `json:"direction" enum:"inner,in" doc:"inner 市内机构，in 外单位或外省"`
	Holder      string `json:"holder,omitempty" maxLength:"16"`
	HolderName  string `json:"holderName,omitempty" maxLength:"120"`
	HolderKind  string `json:"holderKind,omitempty" maxLength:"20" doc:"现在保管档案的单位的性质"`
	Province    string `json:"province,omitempty" maxLength:"2"`
	OnlineNo    string `json:"onlineNo,omitempty" maxLength:"60" doc:"全国平台网上申请编号"`
	Reason      string `json:"reason" maxLength:"40"`
	RegionBasis string `json:"regionBasis" maxLength:"40"`
	TiePlace    string `json:"tiePlace,omitempty" maxLength:"6"`
	Employer    string `json:"employer,omitempty" maxLength:"120"`
	Category    string `json:"category,omitempty" maxLength:"60" doc:"人员类别，如 4.1 或 4.7/other"`
	Political   string `json:"political,omitempty" maxLength:"4"`
}

// PortalConsultation is a unit's application to consult a dossier (21).
type PortalConsultation struct {
	Name       string         `json:"name" maxLength:"60" doc:"被查阅人"`
	IDNo       string         `json:"idNo" maxLength:"32"`
	Purpose    string         `json:"purpose" maxLength:"48"`
	Reason     string         `json:"reason,omitempty" maxLength:"1000"`
	Basis      string         `json:"basis,omitempty" maxLength:"1000"`
	PaperName  string         `json:"paperName,omitempty" maxLength:"60"`
	PaperNo    string         `json:"paperNo,omitempty" maxLength:"80"`
	PaperOn    string         `json:"paperOn,omitempty" maxLength:"10"`
	PaperUntil string         `json:"paperUntil,omitempty" maxLength:"10"`
	FormBy     string         `json:"formBy,omitempty" maxLength:"60"`
	Readers    []PortalReader `json:"readers" maxItems:"10" nullable:"false"`
}

// PortalReader is a reader whom the unit sends.
type PortalReader struct {
	Name      string `json:"name" maxLength:"60"`
	IDNo      string `json:"idNo" maxLength:"32"`
	Post      string `json:"post,omitempty" maxLength:"120"`
	Political string `json:"political,omitempty" maxLength:"4"`
	NonMember string `json:"nonMember,omitempty" maxLength:"200"`
	Card      string `json:"card,omitempty" maxLength:"60"`
}

// PortalStanding is a person joining or leaving the unit's collective account (12).
type PortalStanding struct {
	Name  string `json:"name" maxLength:"60"`
	IDNo  string `json:"idNo" maxLength:"32"`
	Leave bool   `json:"leave,omitempty" doc:"退出集体户，转为个人账户；否则加入"`
}

// ConsultationOn is an application to consult the dossier of somebody who is named, as it
// came over the net: which dossier that is the clerk says.
type ConsultationOn struct {
	ApplicationBody
	PersonName string `json:"personName"`
	PersonIDNo string `json:"personIdNo"`
}

// PortalIssued is a paper of an application: who has its number and code can check it.
type PortalIssued struct {
	Name   string    `json:"name"`
	Number string    `json:"number"`
	Code   string    `json:"code" doc:"查验码"`
	At     time.Time `json:"at"`
}

// PortalStep is one step of an application.
type PortalStep struct {
	Name  string `json:"name"`
	State string `json:"state" enum:"done,now,todo,stopped"`
	On    string `json:"on,omitempty"`
}

// PortalApplicationView is an application's page.
type PortalApplicationView struct {
	PortalApplication
	Said     []PortalSaid   `json:"said" nullable:"false" doc:"申请的内容"`
	Files    []IntakeFile   `json:"files" nullable:"false"`
	Steps    []PortalStep   `json:"steps" nullable:"false"`
	Asked    []Reason       `json:"asked" nullable:"false" doc:"需补正的内容，或者不予办理的理由"`
	Answer   string         `json:"answer,omitempty"`
	DueOn    string         `json:"dueOn,omitempty" doc:"补正期限"`
	Papers   []PortalIssued `json:"papers" nullable:"false"`
	Hotline  string         `json:"hotline,omitempty"`
	Answers  bool           `json:"answers" doc:"现在可以补正"`
	Withdraw bool           `json:"withdraw" doc:"现在可以撤回"`
	MaxFiles int            `json:"maxFiles"`
	FileSize int64          `json:"fileSize"`
}

// PortalSaid is one line of what was applied for; numbers of persons are masked.
type PortalSaid struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

// PortalSending takes its form as a stream.
type PortalSending struct {
	Session string `header:"Page-Session" maxLength:"80" required:"true" doc:"页面为这次提交生成的随机标识，重复提交只算一次"`
	Type    string `header:"Content-Type"`

	content io.Reader
}

// Resolve keeps the request's body for the handler.
func (u *PortalSending) Resolve(ctx huma.Context) []error {
	u.content = ctx.BodyReader()
	return nil
}

func unreadable(what string) error {
	return rule.Mistake(rule.Reason{Rule: "28", Slug: "application_unreadable", Field: "application", Message: what, Next: "请在网上办事页面填写后提交。"})
}

// open opens what a page sent.
func (u *PortalSending) open(first string) (portal.Form, error) {
	_, params, err := mime.ParseMediaType(u.Type)
	if err != nil || params["boundary"] == "" {
		return portal.Form{}, unreadable("提交的不是表单。")
	}
	return portal.Open(u.content, params["boundary"], first)
}

// drain lets a browser hear why: it does only when it has sent all.
func (u *PortalSending) drain() {
	_, _ = io.Copy(io.Discard, io.LimitReader(u.content, handin.MaxBytes))
}

// applying reads the first part of an application under the rules of its schema.
func applying(raw []byte) (a PortalApplying, err error) {
	var whole map[string]any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if json.Unmarshal(raw, &whole) != nil || d.Decode(&a) != nil {
		return a, unreadable("申请内容无法识别。")
	}
	if errs := huma.NewModelValidator().Validate(reflect.TypeOf(a), whole); len(errs) > 0 {
		return a, unreadable("申请内容有缺项，或者超过了长度。")
	}
	return a, legible(&a)
}

// form describes an operation whose body is a form that its handler reads as a stream: huma
// takes the body for opaque, and what it says is told to the document afterwards.
func form(o huma.Operation) huma.Operation {
	o.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {Schema: &huma.Schema{Type: "string", Format: "binary"}}}}
	return o
}

// says tells the document what a form's first part is; files follow.
func says(o huma.Operation, first string, schema *huma.Schema) {
	o.RequestBody.Content["multipart/form-data"].Schema = &huma.Schema{Type: "object", Required: []string{first}, Properties: map[string]*huma.Schema{first: schema}, AdditionalProperties: &huma.Schema{Type: "string", Format: "binary"}}
}

func (s *Server) portalApplyRoutes() {
	route(s, portalOp("portalChoices", http.MethodGet, "/choices", "网上申请用到的选项"), func(ctx context.Context, _ *struct{}) (*Body[PortalChoices], error) {
		return s.portalChoices(ctx, askerOf(ctx).visit)
	})
	apply := form(portalOp("portalApply", http.MethodPost, "/applications", "网上申请：第一部分为申请内容，其后为照片或 PDF，字段名为所附材料"))
	route(s, apply, func(ctx context.Context, in *PortalSending) (*Body[PortalApplicationView], error) {
		v := askerOf(ctx).visit
		f, err := in.open("application")
		var sending intake.Sending
		if err == nil {
			var a PortalApplying
			if a, err = applying(f.First); err == nil {
				sending, err = s.sending(ctx, v, a)
			}
		}
		var c intake.Case
		if err == nil {
			c, err = s.Portal.Apply(ctx, v, sending, in.Session, f)
		}
		if err != nil {
			in.drain()
			return nil, err
		}
		return s.portalApplication(ctx, v, c.ID)
	})
	says(apply, "application", s.api.OpenAPI().Components.Schemas.Schema(reflect.TypeOf(PortalApplying{}), true, "PortalApplying"))
	route(s, portalOp("portalApplication", http.MethodGet, "/applications/{id}", "一件网上申请：内容、办到哪一步、需补正什么"), func(ctx context.Context, in *PortalIn) (*Body[PortalApplicationView], error) {
		return s.portalApplication(ctx, askerOf(ctx).visit, in.ID)
	})
	answer := form(portalOp("portalAnswer", http.MethodPost, "/applications/{id}/answer", "补正：第一部分为说明，其后为照片或 PDF，字段名为 more"))
	route(s, answer, func(ctx context.Context, in *struct {
		PortalIn
		PortalSending
	}) (*Body[PortalApplicationView], error) {
		v := askerOf(ctx).visit
		f, err := in.open("answer")
		if err == nil {
			said := struct{ Answer string }{string(f.First)}
			err = legible(&said)
		}
		if err == nil {
			_, err = s.Portal.Answer(ctx, v, in.ID, in.Session, f)
		}
		if err != nil {
			in.drain()
			return nil, err
		}
		return s.portalApplication(ctx, v, in.ID)
	})
	says(answer, "answer", &huma.Schema{Type: "string"})
	route(s, portalOp("portalWithdraw", http.MethodPost, "/applications/{id}/withdraw", "撤回网上申请：受理以后，以所办事项还能撤回为限"), func(ctx context.Context, in *PortalIn) (*Body[PortalApplicationView], error) {
		v := askerOf(ctx).visit
		if err := s.Portal.Withdraw(ctx, v, in.ID); err != nil {
			return nil, err
		}
		return s.portalApplication(ctx, v, in.ID)
	})
}

// matters are what a visitor may apply for over the net.
func matters(v portal.Visit) []string {
	if v.Actor.Kind == policy.Unit {
		return []string{intake.Transfer, intake.Standing, intake.Consultation}
	}
	return []string{intake.Certificate, intake.Transfer}
}

func (s *Server) portalChoices(ctx context.Context, v portal.Visit) (*Body[PortalChoices], error) {
	out := PortalChoices{Matters: []PortalMatter{}, Offices: []codes.Code{}, Agencies: []codes.Code{}, Provinces: transfer.Provinces(), Ends: transfer.OutsideKinds, Reasons: transfer.ReasonNames, Ties: s.Transfers.Ties(), Divisions: []codes.Code{},
		Categories: codes.CategoryChoices(), Politicals: codes.Politicals(), Purposes: []PurposeView{}, Files: handin.MaxFiles, FileSize: handin.MaxFileBytes}
	unit := v.Actor.Kind == policy.Unit
	for _, m := range matters(v) {
		one := PortalMatter{Code: m, Name: matterName(m, unit), Papers: []PortalPaper{}}
		for _, p := range portal.PapersOf(m, unit) {
			one.Papers = append(one.Papers, PortalPaper(p))
		}
		out.Matters = append(out.Matters, one)
	}
	tree, err := s.Agencies.Tree(ctx)
	if err != nil {
		return nil, err
	}
	for _, a := range tree.Keepers() {
		out.Agencies = append(out.Agencies, codes.Code{Code: a.ID, Name: a.Name})
		if !unit || v.Actor.Reaches(a.ID) {
			out.Offices = append(out.Offices, codes.Code{Code: a.ID, Name: a.Name})
		}
	}
	for _, d := range region.Chongqing() {
		if d.Status == "active" && d.Code != "500000" {
			out.Divisions = append(out.Divisions, codes.Code{Code: d.Code, Name: d.Name})
		}
	}
	if unit {
		for _, p := range codes.Purposes() {
			out.Purposes = append(out.Purposes, PurposeView{p.Slug, p.Name, p.Papers, p.Powers, p.Basis})
		}
		return &Body[PortalChoices]{out}, nil
	}
	switch d, err := s.Portal.Kept(ctx, v); {
	case err == nil:
		out.Kept = tree.Name(d.Agency)
	case !errors.Is(err, store.ErrNotFound):
		return nil, err
	}
	return &Body[PortalChoices]{out}, nil
}

// matterName is a matter as those from outside call it.
func matterName(matter string, unit bool) string {
	if matter == intake.Standing && unit {
		return "加入、退出集体户"
	}
	return codes.Name(intake.Matters, matter)
}

// sending is an application as its room will read it: what the sign-in proved stands in it,
// and what only a clerk can see does not.
func (s *Server) sending(ctx context.Context, v portal.Visit, a PortalApplying) (out intake.Sending, err error) {
	unit := v.Actor.Kind == policy.Unit
	out = intake.Sending{Matter: a.Matter, Agency: a.Agency, Contact: a.Contact, Applicant: v.Who.Name, Name: v.Who.Name, IDNo: v.Who.IDNo}
	if unit {
		out.Applicant = v.Who.Unit
		for _, x := range v.Accounts { // as the agency knows the unit, whose messages go by that name
			if x.Agency == a.Agency {
				out.Applicant = x.Unit
			}
		}
		if v.Lapsed == nil && !v.Actor.Reaches(a.Agency) {
			return out, rule.Mistake(rule.Reason{Rule: "12c", Slug: "office_unknown", Field: "agency", Message: "没有选择存档机构，或贵单位在这个机构没有集体户。", Next: "请从可以办理的存档机构中选择；没有集体户的，先到窗口开户。"})
		}
	}
	var body any
	switch {
	case a.Matter == intake.Certificate && a.Certificate != nil && !unit:
		body, err = s.sendingCertificate(ctx, v, &out, *a.Certificate)
	case a.Matter == intake.Transfer && a.Transfer != nil:
		body, err = s.sendingTransfer(v, &out, *a.Transfer)
	case a.Matter == intake.Consultation && a.Consultation != nil && unit:
		body, err = s.sendingConsultation(v, &out, *a.Consultation)
	case a.Matter == intake.Standing && a.Standing != nil && unit:
		body, err = s.sendingStanding(v, &out, *a.Standing)
	default:
		err = rule.Mistake(rule.Reason{Rule: "28", Slug: "matter_not_online", Field: "matter", Message: "这一事项不在网上申请。", Next: "请从页面所列的事项中选择，其他的到存档机构窗口办理。"})
	}
	if err != nil {
		return out, err
	}
	out.Application, err = json.Marshal(body)
	return out, err
}

func (s *Server) sendingCertificate(ctx context.Context, v portal.Visit, out *intake.Sending, c PortalCertificate) (any, error) {
	d, err := s.Portal.Kept(ctx, v)
	if errors.Is(err, store.ErrNotFound) {
		return nil, rule.Refuse(rule.Reason{Rule: "23", Slug: "nothing_online", Message: "没有查到您可以在网上办理的档案。", Next: "请携带身份证件到存档机构窗口办理；不知道档案在哪里的，可以拨打咨询电话查询。"})
	} else if err != nil {
		return nil, err
	}
	body := CertificateApplication{Kind: c.Kind, DossierID: d.ID, Use: strings.TrimSpace(c.Use), Applicant: "self", Asks: c.Asks, Name: v.Who.Name, IDNo: v.Who.IDNo, Seen: []string{transfer.OnlineDocument}}
	out.Agency = d.Agency
	return body, body.application().Shape()
}

func (s *Server) sendingTransfer(v portal.Visit, out *intake.Sending, t PortalTransfer) (any, error) {
	category, subtype, _ := strings.Cut(t.Category, "/")
	body := TransferApplication{Direction: t.Direction, Name: v.Who.Name, IDNo: v.Who.IDNo, Document: transfer.OnlineDocument, Applicant: v.Who.Name, ApplicantKind: transfer.Self, Holder: t.Holder, HolderName: t.HolderName, HolderKind: t.HolderKind, Province: t.Province,
		OnlineNo: t.OnlineNo, Reason: t.Reason, RegionBasis: t.RegionBasis, TiePlace: t.TiePlace, Employer: t.Employer, Category: category, Subtype: subtype, Political: t.Political}
	if v.Actor.Kind == policy.Unit {
		body.Name, body.IDNo, body.Document = strings.TrimSpace(t.Name), strings.TrimSpace(t.IDNo), ""
		body.Applicant, body.ApplicantUSCC, body.ApplicantKind, body.ApplicantDoc = out.Applicant, v.Who.USCC, transfer.Unit, "网上提交的单位申请函"
		if body.Employer == "" && t.RegionBasis == "现工作单位所在地" {
			body.Employer = out.Applicant
		}
		out.Name, out.IDNo = body.Name, body.IDNo
	}
	return body, s.Transfers.Wrong(body.application(), out.Agency)
}

func (s *Server) sendingConsultation(v portal.Visit, out *intake.Sending, c PortalConsultation) (any, error) {
	body := ConsultationOn{PersonName: strings.TrimSpace(c.Name), PersonIDNo: c.IDNo, ApplicationBody: ApplicationBody{UnitKind: access.Enterprise, Unit: out.Applicant, UnitCode: v.Who.USCC, Purpose: c.Purpose, Reason: c.Reason, Basis: c.Basis,
		PaperName: c.PaperName, PaperNo: c.PaperNo, PaperOn: c.PaperOn, PaperUntil: c.PaperUntil, FormBy: c.FormBy, Way: access.Paper}}
	for _, r := range c.Readers {
		body.Readers = append(body.Readers, ReaderBody{Name: r.Name, IDNo: r.IDNo, Post: r.Post, Political: r.Political, NonMember: r.NonMember, Card: r.Card})
	}
	out.Name, out.IDNo = body.PersonName, c.IDNo
	wrong := s.named(out)
	if _, listed := codes.FindPurpose(c.Purpose); !listed {
		wrong = append(wrong, rule.Reason{Rule: "21a", Slug: "purpose_not_listed", Field: "purpose", Message: "没有选择查阅事由。", Next: "请从所列事由中选择。"})
	}
	if len(c.Readers) < 2 {
		wrong = append(wrong, rule.Reason{Rule: "21.2", Slug: "too_few_readers", Field: "readers", Message: "查阅人不足两人。", Next: "请填写两名以上查阅人，一般为中共党员。"})
	}
	var said *rule.Refusal
	if err := s.Access.Wrong(body.application()); errors.As(err, &said) {
		wrong = append(wrong, said.Reasons...)
	} else if err != nil {
		return nil, err
	}
	if len(wrong) > 0 {
		return nil, rule.Mistake(wrong...)
	}
	return body, nil
}

func (s *Server) sendingStanding(v portal.Visit, out *intake.Sending, m PortalStanding) (any, error) {
	out.Name, out.IDNo = strings.TrimSpace(m.Name), m.IDNo
	if wrong := s.named(out); len(wrong) > 0 {
		return nil, rule.Mistake(wrong...)
	}
	body := StandingOn{StandingApplication: StandingApplication{Kind: "account", AccountKind: account.Collective, AccountUnit: out.Applicant, AccountUSCC: v.Who.USCC, Document: "网上提交的单位申请函", Reason: out.Applicant + "网上申请加入集体户"}}
	if m.Leave {
		body.StandingApplication = StandingApplication{Kind: "account", AccountKind: account.Personal, Document: "网上提交的单位申请函", Reason: out.Applicant + "网上申请退出集体户"}
	}
	body.PersonName, body.PersonIDNo = out.Name, out.IDNo
	return body, nil
}

// named holds whom an application is about to its form.
func (s *Server) named(out *intake.Sending) (wrong []rule.Reason) {
	if out.Name == "" {
		wrong = append(wrong, rule.Reason{Rule: "12b", Slug: "name_missing", Field: "name", Message: "姓名不能为空。", Next: "请照证件填写。"})
	}
	who, problem := identity.Parse(out.IDNo, s.Gate.Today())
	if problem != "" {
		wrong = append(wrong, rule.Reason{Rule: "12b", Slug: "identity_number_invalid", Field: "idNo", Message: "公民身份号码有误：" + identity.ProblemText(problem) + "。", Next: "请对照证件核对后重新填写。"})
	}
	out.IDNo = who.Number
	return wrong
}

// portalApplication is an application as its sender sees it; nobody who handles it, and
// nothing of a dossier.
func (s *Server) portalApplication(ctx context.Context, v portal.Visit, id string) (*Body[PortalApplicationView], error) {
	c, err := s.Intakes.Own(ctx, v.Actor, id)
	if err != nil {
		return nil, err
	}
	line, err := s.Portal.Line(ctx, v, c)
	if err != nil {
		return nil, err
	}
	out := PortalApplicationView{PortalApplication: s.portalLine(ctx, line), Said: s.saidOf(ctx, c), Files: []IntakeFile{}, Steps: []PortalStep{}, Asked: []Reason{}, Answer: c.Answer, Papers: []PortalIssued{}, Hotline: s.hotline(ctx, c.Agency), MaxFiles: handin.MaxFiles, FileSize: handin.MaxFileBytes}
	lines := []PortalApplication{out.PortalApplication}
	if err := s.rateable(ctx, lines, []string{line.Ref}); err != nil {
		return nil, err
	}
	out.PortalApplication = lines[0]
	files, err := intake.Files(ctx, s.DB, c.ID)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		out.Files = append(out.Files, intakeFile(f))
	}
	_, steps, _, err := s.Intakes.Progress(ctx, c.Ref())
	if err != nil {
		return nil, err
	}
	for _, x := range steps {
		out.Steps = append(out.Steps, PortalStep(x))
	}
	if c.State == intake.Completing || c.State == intake.Refused || c.State == intake.Sent || c.State == intake.Lapsed {
		for _, r := range c.Why() {
			out.Asked = append(out.Asked, reasonView(r))
		}
	}
	if c.State == intake.Completing {
		out.DueOn = c.DueOn
	}
	papers, err := document.Of(ctx, s.DB, c.Ref())
	if err != nil {
		return nil, err
	}
	for _, p := range papers {
		out.Papers = append(out.Papers, PortalIssued{p.KindName(), p.Number, p.Code, p.IssuedAt})
	}
	out.Answers, out.Withdraw = c.State == intake.Completing && v.Lapsed == nil, line.Withdraw && v.Lapsed == nil
	return &Body[PortalApplicationView]{out}, nil
}

func (s *Server) portalLine(ctx context.Context, a portal.Application) PortalApplication {
	return PortalApplication{ID: a.ID, Kind: a.Kind, No: a.No, AgencyName: s.agencyName(ctx, a.Agency), PersonName: a.Person, StateName: a.State, Tone: a.Tone, On: a.On.String(), Online: a.Online, Waits: a.Waits}
}

// saidOf are the lines of an application as it was sent, for its sender and the clerk.
func (s *Server) saidOf(ctx context.Context, c intake.Case) []PortalSaid {
	out := []PortalSaid{}
	add := func(label, value string) {
		if value = strings.TrimSpace(value); value != "" {
			out = append(out, PortalSaid{label, value})
		}
	}
	day := func(text string) string {
		if d := calendar.Date(text); d.Valid() {
			return d.Long()
		}
		return text
	}
	raw := []byte(c.Application)
	switch c.Matter {
	case intake.Certificate:
		var a CertificateApplication
		if json.Unmarshal(raw, &a) == nil {
			add("证明种类", a.application().Kind.Name())
			asks := make([]string, len(a.Asks))
			for i, ask := range a.Asks {
				asks[i] = dossier.KeyFactName(ask)
			}
			add("证明的事项", strings.Join(asks, "、"))
			add("用途", a.Use)
		}
	case intake.Transfer:
		var a TransferApplication
		if json.Unmarshal(raw, &a) == nil {
			add("存档人员", a.Name+"　"+identity.Mask(a.IDNo))
			if a.Direction == transfer.Inner {
				add("档案现在", s.agencyName(ctx, a.Holder))
			}
			add("档案现在", a.HolderName)
			add("单位性质", transfer.EndName(a.HolderKind))
			add("所在省份", transfer.ProvinceName(a.Province))
			add("网上申请编号", a.OnlineNo)
			add("调档原因", a.Reason)
			add("存档依据", a.RegionBasis+"　"+region.Name(a.TiePlace))
			add("工作单位", a.Employer)
			if a.Category != "" {
				add("人员类别", codes.CategoryName(a.Category)+"　"+codes.SubtypeName(a.Subtype))
			}
		}
	case intake.Consultation:
		var a ConsultationOn
		if json.Unmarshal(raw, &a) == nil {
			p, _ := codes.FindPurpose(a.Purpose)
			add("被查阅人", a.PersonName+"　"+identity.Mask(a.PersonIDNo))
			add("查阅事由", p.Name)
			add("事由说明", a.Reason)
			add("法律依据", a.Basis)
			add("介绍信或法律文书", strings.TrimSpace(a.PaperName+"　"+a.PaperNo+"　"+day(a.PaperOn)))
			add("有效期至", day(a.PaperUntil))
			for _, r := range a.Readers {
				add("查阅人", strings.Join([]string{r.Name, identity.Mask(r.IDNo), r.Post, codes.Name(codes.Politicals(), r.Political)}, "　"))
			}
		}
	case intake.Standing:
		var a StandingOn
		if json.Unmarshal(raw, &a) == nil {
			add("办理", map[bool]string{true: "加入集体户", false: "退出集体户，转为个人账户"}[a.AccountKind == account.Collective])
			add("存档人员", c.Name+"　"+identity.Mask(c.IDNo))
		}
	}
	return out
}
