package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"dangan/internal/account"
	"dangan/internal/dossier"
	"dangan/internal/graduate"
	"dangan/internal/identity"
	"dangan/internal/intake"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

func init() { capabilities = append(capabilities, (*Server).intakeRoutes) }

// IntakeItem is one application that was not taken in as it came.
type IntakeItem struct {
	ID         string    `json:"id"`
	No         string    `json:"no"`
	Matter     string    `json:"matter" enum:"transfer,certificate,standing,account,whereabouts,consultation,closing,claim"`
	MatterName string    `json:"matterName"`
	Name       string    `json:"name" doc:"存档人员或单位"`
	AgencyName string    `json:"agencyName"`
	State      string    `json:"state" enum:"sent,completing,proposed,refused,returned,taken,lapsed,withdrawn"`
	StateName  string    `json:"stateName"`
	Tone       string    `json:"tone" enum:"plain,run,wait,done,bad,void"`
	RecordedAt time.Time `json:"recordedAt"`
	DueOn      string    `json:"dueOn"`
	Overdue    bool      `json:"overdue"`
	Clauses    string    `json:"clauses" doc:"依据的条款"`
	Online     bool      `json:"online" doc:"网上申请"`
}

// IntakeFile is one photo or PDF that came with an application over the net.
type IntakeFile struct {
	No     int64     `json:"no"`
	Paper  string    `json:"paper" doc:"所附的是什么"`
	Format string    `json:"format" enum:"jpeg,tiff,pdf"`
	Pages  int64     `json:"pages"`
	Bytes  int64     `json:"bytes"`
	At     time.Time `json:"at"`
}

func intakeFile(f intake.File) IntakeFile {
	return IntakeFile{No: f.No, Paper: f.Paper, Format: f.Format, Pages: f.Pages, Bytes: f.Bytes, At: f.SentAt}
}

// IntakeView is its page.
type IntakeView struct {
	IntakeItem
	Applicant   string          `json:"applicant"`
	Contact     string          `json:"contact,omitempty"`
	IDNo        string          `json:"idNo,omitempty" doc:"前三后四"`
	DossierID   string          `json:"dossierId,omitempty"`
	Reasons     []Reason        `json:"reasons" nullable:"false" doc:"需补正的内容，或者不予办理的理由"`
	Told        bool            `json:"told" doc:"已经一次性告知过补正"`
	RecordedBy  string          `json:"recordedBy"`
	DecidedBy   string          `json:"decidedBy,omitempty"`
	DecidedAt   *time.Time      `json:"decidedAt,omitempty"`
	Note        string          `json:"note,omitempty"`
	NoticeNo    string          `json:"noticeNo,omitempty" doc:"不予办理告知单编号"`
	Upheld      bool            `json:"upheld" doc:"对告知单的异议成立"`
	Case        string          `json:"case,omitempty" doc:"受理后的业务页面"`
	EndedOn     string          `json:"endedOn,omitempty"`
	Application json.RawMessage `json:"application,omitempty" doc:"当时填写的申请；只给可以继续受理的人"`
	KeptHere    bool            `json:"keptHere" doc:"本机构保管着这份档案"`
	Sender      string          `json:"sender,omitempty" doc:"网上申请的：登录提交的人"`
	SenderUnit  bool            `json:"senderUnit" doc:"由单位经办人提交"`
	Said        []PortalSaid    `json:"said" nullable:"false" doc:"网上申请的内容"`
	Files       []IntakeFile    `json:"files" nullable:"false" doc:"网上申请附来的文件"`
	Answer      string          `json:"answer,omitempty" doc:"网上补正的说明"`
	AnsweredOn  string          `json:"answeredOn,omitempty"`
	Possible    []Possible      `json:"possible" nullable:"false"`
}

// IntakePage is a page of the list.
type IntakePage struct {
	Items  []IntakeItem     `json:"items" nullable:"false"`
	Next   *string          `json:"next"`
	Counts map[string]int64 `json:"counts" nullable:"false"`
	More   bool             `json:"more,omitempty" doc:"至少这么多，没有再数"`
}

// IntakeEntry is an application as it was filled in and not taken in.
type IntakeEntry struct {
	Intake      string          `json:"intake,omitempty" maxLength:"64" doc:"继续先前的登记"`
	Matter      string          `json:"matter" maxLength:"20" doc:"transfer 档案转入、certificate 出具证明、standing 档案信息变更、account 开立集体户、whereabouts 查档去向、consultation 查阅档案（网上申请的）、closing 注销集体户（另带 accountId）、claim 毕业生认领（另带 graduateId）"`
	Application json.RawMessage `json:"application" doc:"申请内容，与受理该申请的请求相同；档案信息变更另带 dossierId"`
	Contact     string          `json:"contact,omitempty" maxLength:"120"`
	More        []string        `json:"more,omitempty" maxItems:"20" doc:"系统之外，经办人核对出的需补正内容"`
}

// IntakeNote is a word on a record.
type IntakeNote struct {
	IntakeIn
	Body struct {
		Note string `json:"note,omitempty" maxLength:"500"`
	}
}

// IntakeIn names a record and the version it was seen at.
type IntakeIn struct {
	IfMatch
	ID string `path:"id" maxLength:"64"`
}

// StandingOn is an application for a change with the dossier it is about.
type StandingOn struct {
	StandingApplication
	DossierID  string `json:"dossierId"`
	PersonName string `json:"personName,omitempty"` // over the net a unit names the person
	PersonIDNo string `json:"personIdNo,omitempty"`
}

// UnitClosingOn is a unit's request to close its account, with the account.
type UnitClosingOn struct {
	UnitClosing
	AccountID string `json:"accountId"`
}

// GraduateClaimOn is a graduate's claim, with the packet it is about.
type GraduateClaimOn struct {
	GraduateClaim
	GraduateID string `json:"graduateId"`
}

// keptBy is the dossier of a number that an actor's agency keeps; "" where there is none of which
// the actor may know (15).
func (s *Server) keptBy(ctx context.Context, by policy.Actor, idNo string) (string, error) {
	org := by.Org
	p, err := person.KnownTo(ctx, s.DB, s.Keys, by, idNo)
	if err == nil {
		var d dossier.Dossier
		if d, err = store.Get[dossier.Dossier](ctx, s.DB, "WHERE person_id=? AND agency=? AND state<>'left'", p.ID, org); err == nil {
			return d.ID, nil
		}
	}
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	return "", err
}

// intakeOf reads an application of any matter: whom it is about, and how its room is asked.
func (s *Server) intakeOf(ctx context.Context, matter string, raw json.RawMessage, id string) (e intake.Entry, try intake.Try, err error) {
	e = intake.Entry{ID: id, Matter: matter, Application: raw}
	read := func(into any) bool {
		d := json.NewDecoder(bytes.NewReader(raw))
		d.DisallowUnknownFields()
		err = d.Decode(into)
		return err == nil
	}
	switch matter {
	case intake.Transfer:
		var a TransferApplication
		if read(&a) {
			a.IntakeID = id
			e.Name, e.IDNo, e.Applicant = a.Name, a.IDNo, a.Applicant
			try = func(ctx context.Context, by policy.Actor) error {
				_, err := s.Transfers.Apply(ctx, by, a.application())
				return err
			}
		}
	case intake.Certificate:
		var a CertificateApplication
		if read(&a) {
			a.IntakeID = id
			e.DossierID, e.Applicant = a.DossierID, a.Name
			if a.Unit != "" && a.Applicant == "unit" {
				e.Applicant = a.Unit
			}
			try = func(ctx context.Context, by policy.Actor) error {
				_, err := s.Certificates.Open(ctx, by, a.application())
				return err
			}
		}
	case intake.Standing:
		var a StandingOn
		if read(&a) {
			a.IntakeID = id
			if e.DossierID = a.DossierID; a.DossierID == "" {
				e.Name, e.IDNo, e.Applicant = a.PersonName, a.PersonIDNo, a.AccountUnit
			}
			try = func(ctx context.Context, by policy.Actor) (err error) {
				if a.DossierID == "" {
					if a.DossierID, err = s.keptBy(ctx, by, a.PersonIDNo); err != nil {
						return err
					}
				}
				if a.DossierID == "" {
					return rule.Refuse(rule.Reason{Rule: "12", Slug: "not_kept_here", Message: "本机构没有保管该人员的档案。", Next: "请核对姓名和号码；档案在别处的，先申请转入。"})
				}
				_, err = s.Standing.Apply(ctx, by, a.application(a.DossierID))
				return err
			}
		}
	case intake.Whereabouts:
		var q WhereaboutsQuestion
		if read(&q) {
			q.IntakeID = id
			e.Name, e.IDNo, e.Applicant = q.Name, q.IDNo, q.Name
			try = func(ctx context.Context, by policy.Actor) error {
				_, _, err := s.Dossiers.Whereabouts(ctx, by, q.question(by))
				return err
			}
		}
	case intake.Closing:
		var c UnitClosingOn
		if read(&c) {
			a, err := account.Get(ctx, s.DB, c.AccountID)
			if err == nil && a.Agency != actor(ctx).Org { // as one that does not exist
				err = store.ErrNotFound
			}
			if err != nil {
				return e, nil, err
			}
			if c.Why == account.Deregistered || c.Why == account.Unreachable {
				return e, nil, rule.Mistake(rule.Reason{Rule: "29.8", Slug: "nobody_applied", Field: "why", Message: "单位已注销登记或者失联的，没有人申请。", Next: "请直接办理销户。"})
			}
			c.IntakeID = id
			e.Name, e.Applicant = a.Unit, a.Unit
			try = func(ctx context.Context, by policy.Actor) error { return s.Accounts.Asks(ctx, by, a.ID, c.closing()) }
		}
	case intake.Claim:
		var c GraduateClaimOn
		if read(&c) {
			g, err := store.Get[graduate.Graduate](ctx, s.DB, "WHERE id=? AND agency=?", c.GraduateID, actor(ctx).Org)
			if err != nil {
				return e, nil, err
			}
			c.IntakeID = id
			if e.DossierID = g.DossierID; e.DossierID == "" {
				e.Name, e.IDNo, e.Applicant = g.Name, g.IDNo, g.Name
			}
			try = func(ctx context.Context, by policy.Actor) error {
				_, err := s.Graduates.Claim(ctx, by, g.ID, c.claim())
				return err
			}
		}
	case intake.Account:
		var a UnitOpening
		if read(&a) {
			a.IntakeID = id
			e.Name, e.Applicant = a.Unit, a.Unit
			try = func(ctx context.Context, by policy.Actor) error {
				_, err := s.Accounts.Open(ctx, by, a.opening())
				return err
			}
		}
	}
	if matter == intake.Consultation {
		var a ConsultationOn
		if read(&a) {
			a.IntakeID = id
			e.DossierID, e.Name, e.IDNo, e.Applicant = a.DossierID, a.PersonName, a.PersonIDNo, a.Unit
			try = func(ctx context.Context, by policy.Actor) (err error) {
				if a.DossierID == "" {
					if a.DossierID, err = s.keptBy(ctx, by, a.PersonIDNo); err != nil {
						return err
					}
				}
				if a.DossierID == "" {
					return rule.Refuse(rule.Reason{Rule: "21a", Slug: "not_kept_here", Message: "本机构没有保管申请查阅的档案。", Next: "请查阅单位核对被查阅人的姓名、号码后，向现存档机构申请。"})
				}
				_, err = s.Access.Apply(ctx, by, a.application())
				return err
			}
		}
	}
	if err != nil || try == nil {
		return e, nil, rule.Mistake(rule.Reason{Rule: "28", Slug: "application_unreadable", Field: "application", Message: "申请内容无法识别。", Next: "请从受理页面登记。"})
	}
	return e, try, nil
}

func (s *Server) intakeRoutes() {
	const tag = "补正与不予受理"
	route(s, op("listIntakes", http.MethodGet, "/intakes", "未能当场受理的申请：待补正、待审核、不予办理", tag), func(ctx context.Context, in *struct {
		OfAgency
		View   string `query:"view" maxLength:"20" doc:"sent 网上申请待受理、proposed 待审核、completing 待补正、returned 应予受理、refused 不予办理、ended 已办结；空为全部"`
		Cursor string `query:"cursor" maxLength:"64"`
		Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"100"`
	}) (*Body[IntakePage], error) {
		list, next, err := s.Intakes.List(ctx, in.of(ctx), in.View, in.Cursor, in.Limit)
		if err != nil {
			return nil, err
		}
		out := &Body[IntakePage]{Body: IntakePage{Items: []IntakeItem{}}}
		if out.Body.Counts, err = s.Intakes.Counts(ctx, in.of(ctx)); err != nil {
			return nil, err
		}
		out.Body.More = s.capped(out.Body.Counts)
		if next != "" {
			out.Body.Next = &next
		}
		for _, c := range list {
			out.Body.Items = append(out.Body.Items, s.intakeItem(ctx, c))
		}
		return out, nil
	})
	route(s, op("recordIntake", http.MethodPost, "/intakes", "登记未能当场受理的申请：一次性告知补正，或者报审核不予受理；出具受理回执", tag), func(ctx context.Context, in *struct {
		IfMatch
		Body IntakeEntry
	}) (*Tagged[IntakeView], error) {
		e, try, err := s.intakeOf(ctx, in.Body.Matter, in.Body.Application, in.Body.Intake)
		if err != nil {
			return nil, err
		}
		e.Contact, e.More = in.Body.Contact, in.Body.More
		c, err := s.Intakes.Record(ctx, actor(ctx), e, try)
		return s.intakeAfter(ctx, c, err)
	})
	route(s, op("getIntake", http.MethodGet, "/intakes/{id}", "一件未能当场受理的申请（查看留痕）", tag), func(ctx context.Context, in *IntakeIn) (*Tagged[IntakeView], error) {
		v, err := s.Intakes.Read(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return s.intakeView(ctx, v), nil
	})
	route(s, op("getIntakeFile", http.MethodGet, "/intakes/{id}/files/{no}", "网上申请附来的一个文件（查看留痕）", tag), func(ctx context.Context, in *struct {
		IntakeIn
		No int64 `path:"no" minimum:"1" maximum:"99"`
	}) (*File, error) {
		f, err := s.Intakes.Look(ctx, actor(ctx), in.ID, in.No)
		if err != nil {
			return nil, err
		}
		shown, err := s.HandIns.Draw(ctx, f.Blob, f.Format, f.Bytes)
		if err != nil {
			return nil, err
		}
		name := "网上申请附件-" + strconv.FormatInt(in.No, 10)
		out := pdfFile(shown.Content, name+".pdf", false)
		out.Type = shown.Type
		if shown.Type != "application/pdf" {
			out.Disposition = disposition(name+".jpg", false)
		}
		return out, nil
	})
	route(s, op("askIntake", http.MethodPost, "/intakes/{id}/ask", "网上申请需要补正的，一次性告知；补正后仍缺的，只能勾选原来告知的", tag), func(ctx context.Context, in *struct {
		IntakeIn
		Body struct {
			Missing []string `json:"missing,omitempty" maxItems:"20" doc:"需补正的内容，每项一条"`
			Still   []int    `json:"still,omitempty" maxItems:"40" doc:"已告知过的，仍未补齐的是第几项，从 0 起"`
		}
	}) (*Tagged[IntakeView], error) {
		c, err := s.Intakes.Ask(ctx, actor(ctx), in.ID, in.Body.Missing, in.Body.Still)
		return s.intakeAfter(ctx, c, err)
	})
	route(s, op("refuseIntake", http.MethodPost, "/intakes/{id}/refuse", "审核同意不予受理，出具不予办理告知单", tag), func(ctx context.Context, in *IntakeNote) (*Tagged[IntakeView], error) {
		c, err := s.Intakes.Refuse(ctx, actor(ctx), in.ID, in.Body.Note, func(c intake.Case) intake.Try {
			_, try, err := s.intakeOf(ctx, c.Matter, json.RawMessage(c.Application), c.ID)
			if err != nil {
				return func(context.Context, policy.Actor) error { return err }
			}
			return try
		})
		return s.intakeAfter(ctx, c, err)
	})
	route(s, op("returnIntake", http.MethodPost, "/intakes/{id}/return", "审核认为应予受理，退回经办人继续受理", tag), func(ctx context.Context, in *IntakeNote) (*Tagged[IntakeView], error) {
		c, err := s.Intakes.Return(ctx, actor(ctx), in.ID, in.Body.Note)
		return s.intakeAfter(ctx, c, err)
	})
	route(s, op("withdrawIntake", http.MethodPost, "/intakes/{id}/withdraw", "登记申请人撤回", tag), func(ctx context.Context, in *IntakeNote) (*Tagged[IntakeView], error) {
		c, err := s.Intakes.Withdraw(ctx, actor(ctx), in.ID, in.Body.Note)
		return s.intakeAfter(ctx, c, err)
	})
}

func (s *Server) intakeItem(ctx context.Context, c intake.Case) IntakeItem {
	today := s.Gate.Today()
	name, tone := c.StateName(today)
	var clauses []string
	for _, r := range c.Why() {
		if known, ok := rule.Get(r.Rule); ok && !strings.Contains(strings.Join(clauses, "、"), known.Clause) {
			clauses = append(clauses, known.Clause)
		}
	}
	return IntakeItem{ID: c.ID, No: c.No, Matter: c.Matter, MatterName: c.MatterName(), Name: c.Name, AgencyName: s.agencyName(ctx, c.Agency), State: c.State, StateName: name, Tone: tone,
		RecordedAt: c.RecordedAt, DueOn: c.DueOn, Overdue: c.Overdue(today), Clauses: strings.Join(clauses, "、"), Online: c.Sender != ""}
}

func (s *Server) intakeAfter(ctx context.Context, c intake.Case, err error) (*Tagged[IntakeView], error) {
	if err != nil {
		return nil, err
	}
	v, err := s.Intakes.After(ctx, actor(ctx), c)
	if err != nil {
		return nil, err
	}
	return s.intakeView(ctx, v), nil
}

// pagesOf are the pages of cases, by kind.
var pagesOf = map[string]string{"Transfer": "/transfers/", "Consultation": "/consultations/", "Loan": "/loans/", "Certificate": "/certificates/", "PersonCase": "/standing/", "UnitAccount": "/units/", "UnitClosing": "/units/", "Graduate": "/graduates/", "Intake": "/intakes/", "Inquiry": "/whereabouts?inquiry="}

func (s *Server) intakeView(ctx context.Context, v intake.View) *Tagged[IntakeView] {
	out := IntakeView{IntakeItem: s.intakeItem(ctx, v.Case), Applicant: v.Applicant, Contact: v.Contact, DossierID: v.DossierID, Reasons: []Reason{}, Told: v.Told,
		RecordedBy: s.staffName(ctx, v.RecordedBy), Note: v.Note, NoticeNo: v.NoticeNo, Upheld: v.Upheld, EndedOn: v.EndedOn, Possible: possible(v.Possible), KeptHere: v.KeptHere}
	for _, r := range v.Why() {
		out.Reasons = append(out.Reasons, reasonView(r))
	}
	out.Said, out.Files = []PortalSaid{}, []IntakeFile{}
	if v.Sender != "" {
		out.Sender, _ = s.Portal.NameOf(ctx, v.Sender)
		out.SenderUnit, out.Said, out.Answer, out.AnsweredOn = v.SenderUSCC != "", s.saidOf(ctx, v.Case), v.Answer, v.AnsweredOn
		for _, f := range v.Files {
			out.Files = append(out.Files, intakeFile(f))
		}
		if v.RecordedBy == v.Sender {
			out.RecordedBy = ""
		}
	}
	if v.IDNo != "" {
		out.IDNo = identity.Mask(v.IDNo)
	}
	if v.DecidedBy != "" {
		out.DecidedBy, out.DecidedAt = s.staffName(ctx, v.DecidedBy), &v.DecidedAt
	}
	if kind, id, ok := strings.Cut(v.CaseRef, ":"); ok && pagesOf[kind] != "" {
		out.Case = pagesOf[kind] + id
	}
	if v.Form {
		out.Application = json.RawMessage(v.Application)
	}
	return &Tagged[IntakeView]{etag(v.Version), out}
}
