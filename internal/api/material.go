package api

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/dossier"
	"dangan/internal/mandate"
)

func init() { capabilities = append(capabilities, (*Server).materialRoutes) }

// MaterialView is one material. A state-secret item has no title.
type MaterialView struct {
	ID           string       `json:"id"`
	Version      int64        `json:"version"`
	DossierID    string       `json:"dossierId"`
	State        string       `json:"state"`
	StateName    string       `json:"stateName"`
	Tone         string       `json:"tone" enum:"plain,run,wait,done,bad,void"`
	Class        string       `json:"class,omitempty"`
	ClassName    string       `json:"className,omitempty"`
	Seq          int64        `json:"seq,omitempty"`
	Number       string       `json:"number,omitempty" doc:"类号-顺序号"`
	MainID       string       `json:"mainId,omitempty" doc:"附件：所附的主件，与主件同号"`
	Title        string       `json:"title"`
	Year         int64        `json:"year,omitempty"`
	Month        int64        `json:"month,omitempty"`
	Day          int64        `json:"day,omitempty"`
	Copies       int64        `json:"copies"`
	Pages        int64        `json:"pages"`
	Images       int64        `json:"images"`
	IsCopy       bool         `json:"isCopy"`
	KeyFacts     []string     `json:"keyFacts" nullable:"false"`
	KeyFactNames []string     `json:"keyFactNames" nullable:"false"`
	Secrecy      int          `json:"secrecy"`
	SecrecyName  string       `json:"secrecyName"`
	Mark         string       `json:"mark,omitempty" doc:"密级：normal privacy trade work secret confidential top_secret；限定知悉的不告知"`
	Withheld     bool         `json:"withheld,omitempty" doc:"限定知悉，只列类号、份数、页数"`
	Note         string       `json:"note,omitempty"`
	Origin       string       `json:"origin"`
	OriginName   string       `json:"originName"`
	Source       string       `json:"source,omitempty"`
	Maker        string       `json:"maker,omitempty"`
	IntakeNo     string       `json:"intakeNo,omitempty"`
	ReceivedOn   string       `json:"receivedOn,omitempty"`
	DueOn        string       `json:"dueOn,omitempty" doc:"收到之日起两个月"`
	DueTentative bool         `json:"dueTentative,omitempty"`
	DaysLeft     *int         `json:"daysLeft,omitempty"`
	PausedOn     string       `json:"pausedOn,omitempty" doc:"两个月期限自此暂停"`
	PausedDays   int64        `json:"pausedDays,omitempty" doc:"已暂停的天数，期限顺延"`
	LateDays     int64        `json:"lateDays" doc:"超过形成之日起一个月的天数"`
	Defects      []DefectView `json:"defects" nullable:"false"`
	Decision     string       `json:"decision,omitempty"`
	ForwardTo    string       `json:"forwardTo,omitempty" doc:"转交给哪个单位"`
	CureBy       string       `json:"cureBy,omitempty"`
	AppraisedBy  string       `json:"appraisedBy,omitempty"`
	AppraisedOwn bool         `json:"appraisedOwn,omitempty"`
	BatchID      string       `json:"batchId,omitempty"`
	FiledAt      *time.Time   `json:"filedAt,omitempty"`
	Reason       string       `json:"reason,omitempty"`
	Resubmits    string       `json:"resubmits,omitempty" doc:"补办件：所补办的原件"`
}

// DefectView is one appraisal defect.
type DefectView struct {
	Code string `json:"code"`
	Text string `json:"text"`
	Way  string `json:"way"`
}

// DescriptionView is what a catalog line says; in a correction, what is asked for.
type DescriptionView struct {
	Title  string `json:"title" maxLength:"120"`
	Class  string `json:"class" maxLength:"4"`
	Year   int64  `json:"year,omitempty" minimum:"0" maximum:"2200"`
	Month  int64  `json:"month,omitempty" minimum:"0" maximum:"12"`
	Day    int64  `json:"day,omitempty" minimum:"0" maximum:"31"`
	Copies int64  `json:"copies" minimum:"1" maximum:"99"`
	Pages  int64  `json:"pages" minimum:"0" maximum:"9999"`
	IsCopy bool   `json:"isCopy,omitempty"`
	Note   string `json:"note,omitempty" maxLength:"200"`
}

// CorrectionView is an application to correct a filed material.
type CorrectionView struct {
	ID           string          `json:"id"`
	Version      int64           `json:"version"`
	MaterialID   string          `json:"materialId"`
	DossierID    string          `json:"dossierId"`
	Label        string          `json:"label"`
	State        string          `json:"state" enum:"asked,approved,refused"`
	StateName    string          `json:"stateName"`
	Proposed     DescriptionView `json:"proposed"`
	Reason       string          `json:"reason"`
	Basis        string          `json:"basis,omitempty"`
	Applicant    string          `json:"applicant"`
	ApplicantOwn bool            `json:"applicantOwn"`
	AppliedAt    time.Time       `json:"appliedAt"`
	DecidedBy    string          `json:"decidedBy,omitempty"`
	Note         string          `json:"note,omitempty"`
}

var materialTones = map[dossier.MaterialState]string{
	dossier.Received: "run", dossier.Appraising: "run", dossier.ToFile: "run", dossier.Curing: "wait", dossier.Delivered: "run", dossier.Filed: "plain", dossier.Returned: "void", dossier.Cured: "done", dossier.Superseded: "void",
}

var originNames = map[string]string{"window": "窗口", "unit": "单位移交", "person": "本人提交", "delivery": "数字化", "transfer": "转入", "cited": "目录录入"}

var correctionNames = map[string]string{dossier.CorrectionAsked: "待审批", dossier.CorrectionApproved: "已更正", dossier.CorrectionRefused: "未批准"}

func split(list string) []string {
	if list == "" {
		return []string{}
	}
	return strings.Split(list, "|")
}

func (s *Server) materialView(ctx context.Context, m dossier.Material, name func(string) string) MaterialView {
	m = s.Dossiers.Seen(actor(ctx), m)
	v := MaterialView{ID: m.ID, Version: m.Version, DossierID: m.DossierID, State: string(m.State), StateName: m.StateName(), Tone: materialTones[m.State], Class: m.Class, Seq: m.Seq, MainID: m.MainID, Title: m.Title,
		Year: m.FormedYear, Month: m.FormedMonth, Day: m.FormedDay, Copies: m.Copies, Pages: m.Pages, Images: m.Images, IsCopy: m.IsCopy, KeyFacts: split(m.KeyFacts), KeyFactNames: []string{},
		Secrecy: m.Secrecy, SecrecyName: m.Mark().Name(), Mark: string(m.Mark()), Withheld: m.Withheld(), Note: m.Note, Origin: m.Origin, OriginName: originNames[m.Origin], Source: m.Source, Maker: m.Maker, IntakeNo: m.IntakeNo,
		ReceivedOn: m.ReceivedOn, DueOn: m.DueOn, DueTentative: m.DueTentative, PausedOn: m.PausedOn, PausedDays: m.PausedDays, LateDays: m.LateDays, Defects: []DefectView{}, Decision: m.Decision, ForwardTo: m.ForwardTo, CureBy: m.CureBy,
		AppraisedBy: name(m.AppraisedBy), AppraisedOwn: m.AppraisedBy != "" && m.AppraisedBy == actor(ctx).ID, BatchID: m.BatchID, Reason: m.Reason, Resubmits: m.Resubmits}
	if m.Title == "" {
		v.Title = "涉密件（纸质）"
	}
	if v.Withheld {
		v.Mark, v.SecrecyName = "", ""
	}
	if c, ok := codes.FindClass(m.Class); ok {
		v.ClassName = c.Short
		if m.State == dossier.Filed {
			v.Number = m.Number()
		}
	}
	for _, fact := range v.KeyFacts {
		v.KeyFactNames = append(v.KeyFactNames, dossier.KeyFactName(fact))
	}
	for _, code := range split(m.Defects) {
		if d, ok := codes.FindDefect(code); ok {
			v.Defects = append(v.Defects, DefectView{d.Code, d.Text, d.Way})
		}
	}
	if !m.FiledAt.IsZero() {
		v.FiledAt = &m.FiledAt
	}
	if m.State != dossier.Filed && m.State != dossier.Returned && m.State != dossier.Cured && m.State != dossier.Superseded {
		due := m.DueOn
		if m.State == dossier.Curing {
			due = m.CureBy
		}
		v.DaysLeft = s.daysLeft(due)
	}
	return v
}

func (s *Server) materials(ctx context.Context, list []dossier.Material) []MaterialView {
	out := []MaterialView{}
	name := s.names(ctx)
	for _, m := range list {
		out = append(out, s.materialView(ctx, m, name))
	}
	return out
}

// catalogView groups the filed materials by class; every class stands in it.
func (s *Server) catalogView(ctx context.Context, d dossier.Dossier, catalog []dossier.Material) CatalogView {
	v := CatalogView{Version: d.Catalog, Materials: d.Materials, Pages: d.Pages, Images: d.Images, Classes: []ClassView{}}
	at := map[string]int{}
	for _, c := range codes.Classes() {
		if c.Selectable {
			at[c.Code] = len(v.Classes)
			v.Classes = append(v.Classes, ClassView{Code: c.Code, Name: c.Name, Short: c.Short, Items: []MaterialView{}})
		}
	}
	name := s.names(ctx)
	for _, m := range catalog {
		if i, ok := at[m.Class]; ok {
			v.Classes[i].Items = append(v.Classes[i].Items, s.materialView(ctx, m, name))
			v.Classes[i].Pages += m.Pages
		}
	}
	return v
}

func (s *Server) correctionView(ctx context.Context, c dossier.Correction, label string) CorrectionView {
	name := s.names(ctx)
	v := CorrectionView{ID: c.ID, Version: c.Version, MaterialID: c.MaterialID, DossierID: c.DossierID, Label: label, State: c.State, StateName: correctionNames[c.State], Reason: c.Reason, Basis: c.Basis,
		Applicant: name(c.Applicant), ApplicantOwn: c.Applicant == actor(ctx).ID, AppliedAt: c.AppliedAt, DecidedBy: name(c.DecidedBy), Note: c.Note}
	var d dossier.Description
	if json.Unmarshal([]byte(c.Proposed), &d) == nil {
		v.Proposed = DescriptionView(d)
	}
	return v
}

// ClassHint is a class that a title speaks for, and why.
type ClassHint struct {
	Class  string `json:"class"`
	Name   string `json:"name"`
	Reason string `json:"reason"`
}

// MainChoice is a material that another may be an attachment of.
type MainChoice struct {
	ID       string `json:"id"`
	Class    string `json:"class"`
	Label    string `json:"label"`
	Proposed bool   `json:"proposed" doc:"按本类的排列规则建议：附于它"`
}

// MaterialPageView is one material with what may be done.
type MaterialPageView struct {
	MaterialView
	Mandate        *MandateItem       `json:"mandate,omitempty" doc:"代办的，所凭的委托书"`
	DossierNo      string             `json:"dossierNo"`
	Person         string             `json:"person"`
	Mains          []MainChoice       `json:"mains" nullable:"false" doc:"可以作它的主件的材料：同一档案中已归档、待归档的"`
	Main           string             `json:"main,omitempty" doc:"附件：所附的主件"`
	Suggested      []ClassHint        `json:"suggested" nullable:"false" doc:"按题名建议的类号，至多三个，由人决定"`
	SuggestedFacts []string           `json:"suggestedFacts" nullable:"false"`
	Duplicates     []MaterialView     `json:"duplicates" nullable:"false"`
	Versions       []MaterialView     `json:"versions" nullable:"false" doc:"旧版本"`
	First          *MaterialView      `json:"first,omitempty" doc:"所补办的原件，退回时的缺陷、结论照旧"`
	Again          *MaterialView      `json:"again,omitempty" doc:"退回后重新收到的补办件"`
	Possible       []Possible         `json:"possible" nullable:"false"`
	Needed         []string           `json:"needed" nullable:"false" doc:"归档前须核实：maker 向形成单位，original 与原件"`
	Verifications  []VerificationView `json:"verifications" nullable:"false"`
	Tasks          []MakerTaskView    `json:"tasks" nullable:"false" doc:"向形成单位核实的任务"`
	Pauses         []PauseView        `json:"pauses" nullable:"false" doc:"两个月期限的暂停与恢复"`
	Move           *MaterialMoveView  `json:"move,omitempty" doc:"待核对的移入所属档案；只给可以知悉那一卷的人"`
	MovedIn        bool               `json:"movedIn,omitempty" doc:"由同名异人的档案移入"`
	Forward        *ForwardView       `json:"forward,omitempty" doc:"转交了哪里，回执"`
	Reports        []FalsityView      `json:"reports" nullable:"false" doc:"涉嫌涂改、造假的报告"`
}

// MaterialMoveView is a piece that waits to be moved to the dossier it belongs to.
type MaterialMoveView struct {
	DossierNo  string `json:"dossierNo"`
	Person     string `json:"person"`
	Why        string `json:"why"`
	ProposedBy string `json:"proposedBy"`
	ProposedOn string `json:"proposedOn"`
}

// ForwardView is where a piece went.
type ForwardView struct {
	Recipient string `json:"recipient"`
	Way       string `json:"way"`
	Tracking  string `json:"tracking,omitempty"`
	Receiver  string `json:"receiver,omitempty"`
	Number    string `json:"number"`
	SentOn    string `json:"sentOn"`
	DueOn     string `json:"dueOn" doc:"等候回执的期限"`
	ReceiptOn string `json:"receiptOn,omitempty"`
	SignedBy  string `json:"signedBy,omitempty"`
}

// FalsityView is a report of a suspected falsification.
type FalsityView struct {
	No        string `json:"no"`
	KindName  string `json:"kindName"`
	Found     string `json:"found"`
	State     string `json:"state" enum:"open,referred,closed"`
	StateName string `json:"stateName"`
	Tone      string `json:"tone" enum:"plain,run,wait,done,bad,void"`
	OpenedBy  string `json:"openedBy"`
	OpenedOn  string `json:"openedOn"`
	DecidedBy string `json:"decidedBy,omitempty"`
	DecidedOn string `json:"decidedOn,omitempty"`
	Finding   string `json:"finding,omitempty"`
	Recipient string `json:"recipient,omitempty"`
	Number    string `json:"number,omitempty"`
}

// aside adds to a material's page what became of it beside the catalog.
func (s *Server) aside(ctx context.Context, v *MaterialPageView, p dossier.MaterialPage) {
	name := s.names(ctx)
	v.MovedIn, v.Reports = p.Material.MovedFrom != "", []FalsityView{}
	if p.Move.ID != "" {
		v.Move = &MaterialMoveView{p.MoveTo.No, p.MoveTo.Name, p.Move.Why, name(p.Move.ProposedBy), p.Move.ProposedOn}
	}
	if f := p.Forward; f.ID != "" {
		v.Forward = &ForwardView{f.Recipient, f.Way, f.Tracking, f.Receiver, f.Number, f.SentOn, f.DueOn, f.ReceiptOn, f.SignedBy}
	}
	for _, r := range p.Reports {
		v.Reports = append(v.Reports, FalsityView{r.No, r.KindName(), r.Found, r.State, r.StateName(), r.Tone(), name(r.OpenedBy), r.OpenedOn, name(r.DecidedBy), r.DecidedOn, r.Finding, r.Recipient, r.Number})
	}
}

// PauseView is one stretch in which the clock of two months stood still.
type PauseView struct {
	Reason    string `json:"reason"`
	Basis     string `json:"basis"`
	PausedOn  string `json:"pausedOn"`
	PausedBy  string `json:"pausedBy"`
	ResumedOn string `json:"resumedOn,omitempty"`
	ResumedBy string `json:"resumedBy,omitempty"`
	Outcome   string `json:"outcome,omitempty"`
	Days      int64  `json:"days,omitempty"`
}

// BacklogView is what one agency has not filed within two months.
type BacklogView struct {
	Agency     string `json:"agency"`
	AgencyName string `json:"agencyName"`
	Overdue    int64  `json:"overdue"`
	Oldest     string `json:"oldest,omitempty" doc:"最早的到期日"`
	DaysOver   int    `json:"daysOver,omitempty" doc:"最早的一份逾期天数"`
	Paused     int64  `json:"paused" doc:"暂停计时的份数"`
}

// BacklogList is the backlog of every agency in sight.
type BacklogList struct {
	Items []BacklogView `json:"items" nullable:"false"`
	More  bool          `json:"more,omitempty" doc:"至少这么多，没有再数"`
}

// MakerTaskView is a task to ask the unit that formed a material.
type MakerTaskView struct {
	No        string `json:"no"`
	Party     string `json:"party,omitempty"`
	Question  string `json:"question"`
	State     string `json:"state" enum:"open,agreed,denied,dropped"`
	StateName string `json:"stateName"`
	Tone      string `json:"tone" enum:"plain,run,wait,done,bad,void"`
	OpenedOn  string `json:"openedOn"`
	DueOn     string `json:"dueOn"`
	DaysLeft  *int   `json:"daysLeft,omitempty"`
	ClosedOn  string `json:"closedOn,omitempty"`
	Letter    string `json:"letter,omitempty" doc:"材料核实函文号"`
	LetterID  string `json:"letterId,omitempty"`
}

// VerificationView is what came of verifying a material.
type VerificationView struct {
	Kind   string `json:"kind" enum:"maker,original"`
	Party  string `json:"party"`
	Way    string `json:"way"`
	Agrees bool   `json:"agrees"`
	Answer string `json:"answer,omitempty"`
	On     string `json:"on"`
	By     string `json:"by"`
}

func (s *Server) materialRoutes() {
	route(s, op("listMaterials", http.MethodGet, "/materials", "待办材料（收、鉴别、补办、待归档）", "材料"), func(ctx context.Context, in *struct {
		State   []dossier.MaterialState `query:"state,explode" enum:"received,appraising,curing,to_file" maxItems:"4"`
		Overdue bool                    `query:"overdue" doc:"已逾期"`
		Ready   bool                    `query:"ready" doc:"已归类、未提交批次"`
		Paused  bool                    `query:"paused" doc:"期限暂停中"`
		Agency  string                  `query:"agency" maxLength:"8" doc:"保管机构"`
		Limit   int                     `query:"limit" minimum:"1" maximum:"200" default:"50"`
		Cursor  string                  `query:"cursor" maxLength:"400"`
	}) (*Body[LooseList], error) {
		list, next, err := s.Dossiers.LooseMaterials(ctx, actor(ctx), dossier.LooseFilter{States: in.State, Overdue: in.Overdue, Ready: in.Ready, Paused: in.Paused, Agency: in.Agency, Limit: in.Limit, After: in.Cursor})
		if err != nil {
			return nil, err
		}
		counts, err := s.Dossiers.LooseCounts(ctx, actor(ctx))
		if err != nil {
			return nil, err
		}
		out := &Body[LooseList]{Body: LooseList{Items: s.looseViews(ctx, list), Counts: map[string]int64{}}}
		for state, n := range counts {
			out.Body.Counts[string(state)] = n
		}
		out.Body.More = s.capped(out.Body.Counts)
		if next != "" {
			out.Body.Next = &next
		}
		return out, nil
	})
	route(s, op("getMaterial", http.MethodGet, "/materials/{id}", "一份材料", "材料"), func(ctx context.Context, in *struct {
		ID string `path:"id" maxLength:"40"`
	}) (*Tagged[MaterialPageView], error) {
		return s.materialPage(ctx, in.ID)
	})
	route(s, op("receiveMaterial", http.MethodPost, "/dossiers/{id}/materials", "收材料", "材料"), func(ctx context.Context, in *struct {
		DossierPath
		Body struct {
			Origin    string `json:"origin" enum:"window,unit,person"`
			Giver     string `json:"giver" maxLength:"80" doc:"交来人或单位"`
			MandateID string `json:"mandateId,omitempty" maxLength:"64" doc:"代办的：已登记的委托书"`
			Maker     string `json:"maker,omitempty" maxLength:"80" doc:"形成单位"`
			Secrecy   int    `json:"secrecy,omitempty" minimum:"0" maximum:"4" doc:"0 普通 1 工作秘密 2 秘密 3 机密 4 绝密"`
			Guard     string `json:"guard,omitempty" enum:"privacy,trade" doc:"个人隐私、商业秘密：限定知悉这份材料"`
			Title     string `json:"title,omitempty" maxLength:"120" doc:"涉密件不得填写"`
			Class     string `json:"class,omitempty" maxLength:"4" doc:"只有涉密件在接收时归类"`
			Year      int64  `json:"year,omitempty" minimum:"0" maximum:"2200"`
			Month     int64  `json:"month,omitempty" minimum:"0" maximum:"12"`
			Day       int64  `json:"day,omitempty" minimum:"0" maximum:"31"`
			Copies    int64  `json:"copies" minimum:"1" maximum:"99" default:"1"`
			Pages     int64  `json:"pages" minimum:"1" maximum:"9999"`
			IsCopy    bool   `json:"isCopy,omitempty"`
			Note      string `json:"note,omitempty" maxLength:"200"`
		}
	}) (*Tagged[MaterialView], error) {
		b := in.Body
		m, err := s.Dossiers.Receive(ctx, actor(ctx), dossier.Intake{DossierID: in.ID, MandateID: b.MandateID, Origin: b.Origin, Giver: b.Giver, Maker: b.Maker, Secrecy: b.Secrecy, Guard: b.Guard,
			Description: dossier.Description{Title: b.Title, Class: b.Class, Year: b.Year, Month: b.Month, Day: b.Day, Copies: b.Copies, Pages: b.Pages, IsCopy: b.IsCopy, Note: b.Note}})
		return s.materialDone(ctx, m, err)
	})
	route(s, op("appraiseMaterial", http.MethodPost, "/materials/{id}/appraise", "鉴别", "材料"), func(ctx context.Context, in *struct {
		DossierPath
		IfMatch
		Body AppraisalBody
	}) (*Tagged[MaterialView], error) {
		b := in.Body
		m, err := s.Dossiers.Appraise(ctx, actor(ctx), in.ID, dossier.Judgement{Decision: b.Decision, Defects: b.Defects, Note: b.Note, Class: b.Class, Main: b.Main, CureBy: b.CureBy, ForwardTo: b.ForwardTo})
		return s.materialDone(ctx, m, err)
	})
	route(s, op("inquireMaterial", http.MethodPost, "/materials/{id}/inquiry", "开具材料核实函（向形成单位）", "材料"), func(ctx context.Context, in *struct {
		DossierPath
		IfMatch
		Body struct {
			Party string `json:"party,omitempty" maxLength:"120" doc:"形成单位全称；空着的用收件时登记的"`
		}
	}) (*Body[DocumentView], error) {
		_, d, err := s.Dossiers.Inquire(ctx, actor(ctx), in.ID, in.Body.Party)
		if err != nil {
			return nil, err
		}
		return &Body[DocumentView]{Body: s.documentView(ctx, d)}, nil
	})
	route(s, op("verifyMaterial", http.MethodPost, "/materials/{id}/verifications", "登记核实结果（向形成单位核实、与原件核对）", "材料"), func(ctx context.Context, in *struct {
		DossierPath
		IfMatch
		Body struct {
			Kind   string `json:"kind" enum:"maker,original"`
			Party  string `json:"party" maxLength:"80" doc:"答复的单位和人，或原件保管单位"`
			Way    string `json:"way" maxLength:"20"`
			Agrees bool   `json:"agrees"`
			Answer string `json:"answer,omitempty" maxLength:"300"`
			On     string `json:"on" maxLength:"10"`
		}
	}) (*Tagged[MaterialView], error) {
		b := in.Body
		m, err := s.Dossiers.Verify(ctx, actor(ctx), in.ID, dossier.NewVerification{Kind: b.Kind, Party: b.Party, Way: b.Way, Agrees: b.Agrees, Answer: b.Answer, On: b.On})
		return s.materialDone(ctx, m, err)
	})
	route(s, op("classifyMaterial", http.MethodPost, "/materials/{id}/classify", "归类", "材料"), func(ctx context.Context, in *struct {
		DossierPath
		IfMatch
		Body struct {
			Class string `json:"class" maxLength:"4"`
			Main  string `json:"main,omitempty" maxLength:"40" doc:"作附件的：所附的主件，同类、与主件同号"`
		}
	}) (*Tagged[MaterialView], error) {
		m, err := s.Dossiers.Classify(ctx, actor(ctx), in.ID, in.Body.Class, in.Body.Main)
		return s.materialDone(ctx, m, err)
	})
	route(s, op("sendBackMaterial", http.MethodPost, "/materials/{id}/send-back", "出具材料退回通知单", "材料"), func(ctx context.Context, in *struct {
		DossierPath
		IfMatch
		Body ReturnBody
	}) (*Tagged[struct {
		Material MaterialView `json:"material"`
		Slip     DocumentView `json:"slip"`
	}], error) {
		b := in.Body
		m, slip, err := s.Dossiers.SendBack(ctx, actor(ctx), in.ID, dossier.Return{Way: b.Way, Tracking: b.Tracking, Receiver: b.Receiver, Request: b.Request})
		if err != nil {
			return nil, err
		}
		out := &Tagged[struct {
			Material MaterialView `json:"material"`
			Slip     DocumentView `json:"slip"`
		}]{ETag: etag(m.Version)}
		out.Body.Material, out.Body.Slip = s.materialView(ctx, m, s.names(ctx)), s.documentView(ctx, slip)
		return out, nil
	})
	route(s, op("forwardMaterial", http.MethodPost, "/materials/{id}/forward", "出具材料转交单（转有关部门、所属档案的保管机构）", "材料"), func(ctx context.Context, in *struct {
		DossierPath
		IfMatch
		Body ForwardBody
	}) (*Body[DocumentView], error) {
		b := in.Body
		_, slip, err := s.Dossiers.Forward(ctx, actor(ctx), in.ID, dossier.Return{Way: b.Way, Tracking: b.Tracking, Receiver: b.Receiver})
		if err != nil {
			return nil, err
		}
		return &Body[DocumentView]{Body: s.documentView(ctx, slip)}, nil
	})
	route(s, op("receiptOfForward", http.MethodPost, "/materials/{id}/forward-receipt", "登记材料转交单回执", "材料"), func(ctx context.Context, in *struct {
		DossierPath
		IfMatch
		Body struct {
			On       string `json:"on,omitempty" maxLength:"10" doc:"签收日期"`
			SignedBy string `json:"signedBy,omitempty" maxLength:"80" doc:"接收人和单位"`
		}
	}) (*Tagged[MaterialView], error) {
		m, err := s.Dossiers.ForwardReceipt(ctx, actor(ctx), in.ID, in.Body.On, in.Body.SignedBy)
		return s.materialDone(ctx, m, err)
	})
	route(s, op("proposeMove", http.MethodPost, "/materials/{id}/move", "同名异人的材料：提出移入本机构的所属档案", "材料"), func(ctx context.Context, in *struct {
		DossierPath
		IfMatch
		Body struct {
			DossierID string `json:"dossierId,omitempty" maxLength:"40" doc:"所属的档案"`
			Why       string `json:"why,omitempty" maxLength:"200" doc:"凭什么认定"`
		}
	}) (*Tagged[MaterialView], error) {
		m, err := s.Dossiers.ProposeMove(ctx, actor(ctx), in.ID, in.Body.DossierID, in.Body.Why)
		return s.materialDone(ctx, m, err)
	})
	route(s, op("acceptMove", http.MethodPost, "/materials/{id}/move/accept", "核对后移入所属档案，在那里成为零散材料", "材料"), func(ctx context.Context, in *struct {
		DossierPath
		IfMatch
	}) (*Tagged[MaterialView], error) {
		m, err := s.Dossiers.AcceptMove(ctx, actor(ctx), in.ID)
		return s.materialDone(ctx, m, err)
	})
	route(s, op("refuseMove", http.MethodPost, "/materials/{id}/move/refuse", "不予移入，写明理由，交经办重新鉴别", "材料"), func(ctx context.Context, in *struct {
		DossierPath
		IfMatch
		Body struct {
			Note string `json:"note,omitempty" maxLength:"200"`
		}
	}) (*Tagged[MaterialView], error) {
		m, err := s.Dossiers.RefuseMove(ctx, actor(ctx), in.ID, in.Body.Note)
		return s.materialDone(ctx, m, err)
	})
	route(s, op("decideFalsity", http.MethodPost, "/materials/{id}/report", "负责人处理涉嫌涂改、造假的报告：报送主管部门，或写明理由办结", "材料"), func(ctx context.Context, in *struct {
		DossierPath
		IfMatch
		Body struct {
			Refer     bool   `json:"refer" doc:"报送主管部门"`
			Recipient string `json:"recipient,omitempty" maxLength:"120" doc:"主管部门全称"`
			Finding   string `json:"finding,omitempty" maxLength:"300" doc:"处理意见"`
		}
	}) (*Tagged[MaterialView], error) {
		b := in.Body
		m, _, err := s.Dossiers.DecideReport(ctx, actor(ctx), in.ID, dossier.Reporting{Refer: b.Refer, Recipient: b.Recipient, Finding: b.Finding})
		return s.materialDone(ctx, m, err)
	})
	route(s, op("describeMaterial", http.MethodPost, "/materials/{id}/describe", "更正未归档材料的登记：题名、日期、份数、页数、交来和形成单位", "材料"), func(ctx context.Context, in *struct {
		DossierPath
		IfMatch
		Body struct {
			DescriptionView
			Giver string `json:"giver" maxLength:"120" doc:"交来人（单位）"`
			Maker string `json:"maker,omitempty" maxLength:"120" doc:"形成单位"`
		}
	}) (*Tagged[MaterialView], error) {
		m, err := s.Dossiers.Redescribe(ctx, actor(ctx), in.ID, in.Body.Giver, in.Body.Maker, dossier.Description(in.Body.DescriptionView))
		return s.materialDone(ctx, m, err)
	})
	route(s, op("resubmitMaterial", http.MethodPost, "/materials/{id}/resubmit", "退回的材料补办、重新形成后收到：另立一份，注明所补办的原件", "材料"), func(ctx context.Context, in *struct {
		DossierPath
		IfMatch
		Body DescriptionView
	}) (*Tagged[MaterialView], error) {
		m, err := s.Dossiers.Resubmit(ctx, actor(ctx), in.ID, dossier.Description(in.Body))
		return s.materialDone(ctx, m, err)
	})
	route(s, op("pauseMaterial", http.MethodPost, "/materials/{id}/pause", "暂停两个月归档期限，只限清单所列事由", "材料"), func(ctx context.Context, in *struct {
		DossierPath
		IfMatch
		Body struct {
			Reason string `json:"reason" maxLength:"40" doc:"事由，见 pauseReasons"`
			Basis  string `json:"basis" maxLength:"200" doc:"依据的文书"`
		}
	}) (*Tagged[MaterialView], error) {
		m, err := s.Dossiers.PauseClock(ctx, actor(ctx), in.ID, in.Body.Reason, in.Body.Basis)
		return s.materialDone(ctx, m, err)
	})
	route(s, op("resumeMaterial", http.MethodPost, "/materials/{id}/resume", "恢复归档期限，按暂停天数顺延", "材料"), func(ctx context.Context, in *struct {
		DossierPath
		IfMatch
		Body struct {
			Outcome string `json:"outcome" maxLength:"200" doc:"暂停的事由怎样了结"`
		}
	}) (*Tagged[MaterialView], error) {
		m, err := s.Dossiers.ResumeClock(ctx, actor(ctx), in.ID, in.Body.Outcome)
		return s.materialDone(ctx, m, err)
	})
	route(s, op("listBacklogs", http.MethodGet, "/material-backlogs", "各机构逾期未归档的材料数", "材料"), func(ctx context.Context, _ *struct{}) (*Body[BacklogList], error) {
		list, more, err := s.Dossiers.Backlogs(ctx, actor(ctx))
		if err != nil {
			return nil, err
		}
		out := &Body[BacklogList]{BacklogList{Items: []BacklogView{}, More: more}}
		for _, b := range list {
			out.Body.Items = append(out.Body.Items, backlogView(b, b.Agency, s.agencyName(ctx, b.Agency), s.Gate.Today()))
		}
		return out, nil
	})
	s.filingRoutes()
	s.inquiryRoutes()
}

func backlogView(b dossier.Backlog, code, name string, today calendar.Date) BacklogView {
	v := BacklogView{Agency: code, AgencyName: name, Overdue: b.Overdue, Oldest: b.Oldest, Paused: b.Paused}
	if b.Oldest != "" {
		v.DaysOver = int(today.Time().Sub(calendar.Date(b.Oldest).Time()).Hours() / 24)
	}
	return v
}

func (s *Server) correctionDone(ctx context.Context, c dossier.Correction, err error) (*Tagged[CorrectionView], error) {
	if err != nil {
		return nil, err
	}
	label, err := s.Dossiers.LabelOf(ctx, c.MaterialID)
	if err != nil {
		return nil, err
	}
	return &Tagged[CorrectionView]{ETag: etag(c.Version), Body: s.correctionView(ctx, c, label)}, nil
}

func (s *Server) materialDone(ctx context.Context, m dossier.Material, err error) (*Tagged[MaterialView], error) {
	if err != nil {
		return nil, err
	}
	return &Tagged[MaterialView]{ETag: etag(m.Version), Body: s.materialView(ctx, m, s.names(ctx))}, nil
}

func (s *Server) materialPage(ctx context.Context, id string) (*Tagged[MaterialPageView], error) {
	p, err := s.Dossiers.MaterialOf(ctx, actor(ctx), id)
	if err != nil {
		return nil, err
	}
	v := MaterialPageView{MaterialView: s.materialView(ctx, p.Material, s.names(ctx)), DossierNo: p.Dossier.No, Person: p.Person, Mains: []MainChoice{}, Suggested: []ClassHint{}, SuggestedFacts: []string{},
		Duplicates: s.materials(ctx, p.Duplicates), Versions: s.materials(ctx, p.Versions), Possible: possible(p.Possible), Needed: append([]string{}, p.Needed...), Verifications: []VerificationView{}, Tasks: []MakerTaskView{}, Pauses: []PauseView{}}
	if v.Mandate, err = s.mandateSeen(ctx, "Material:"+p.Material.ID, mandate.Materials); err != nil {
		return nil, err
	}
	for _, x := range p.Mains {
		v.Mains = append(v.Mains, MainChoice{x.ID, x.Class, x.Label(), p.MainFor[x.Class] == x.ID})
	}
	if p.Main.ID != "" {
		v.Main = p.Main.Label()
	}
	s.aside(ctx, &v, p)
	name := s.names(ctx)
	for _, x := range p.Pauses {
		reason, _ := codes.FindPause(x.Reason)
		v.Pauses = append(v.Pauses, PauseView{reason.Name, x.Basis, x.PausedOn, name(x.PausedBy), x.ResumedOn, name(x.ResumedBy), x.Outcome, x.Days})
	}
	for _, i := range p.Tasks {
		line := MakerTaskView{No: i.No, Party: i.Party, Question: i.Question, State: string(i.State), StateName: i.State.Name(), Tone: i.State.Tone(), OpenedOn: i.OpenedOn, DueOn: i.DueOn, ClosedOn: i.ClosedOn, Letter: i.Letter, LetterID: i.LetterID}
		if i.State == dossier.TaskOpen {
			line.DaysLeft = s.daysLeft(i.DueOn)
		}
		v.Tasks = append(v.Tasks, line)
	}
	for _, a := range p.Answers {
		v.Verifications = append(v.Verifications, VerificationView{a.Kind, a.Party, a.Way, a.Agrees, a.Answer, a.AnsweredOn, name(a.ByStaff)})
	}
	for _, link := range []struct {
		m  dossier.Material
		to **MaterialView
	}{{p.First, &v.First}, {p.Again, &v.Again}} {
		if link.m.ID != "" {
			shown := s.materialView(ctx, link.m, name)
			*link.to = &shown
		}
	}
	for _, hint := range p.Suggested {
		c, _ := codes.FindClass(hint.Class)
		v.Suggested = append(v.Suggested, ClassHint{hint.Class, c.Short, hint.Reason})
	}
	for _, fact := range codes.Proves(p.Material.Title, "") {
		v.SuggestedFacts = append(v.SuggestedFacts, dossier.KeyFactName(fact))
	}
	return &Tagged[MaterialPageView]{ETag: etag(p.Material.Version), Body: v}, nil
}
