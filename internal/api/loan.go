package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"dangan/internal/codes"
	"dangan/internal/identity"
	"dangan/internal/loan"
	"dangan/internal/rule"
	"dangan/internal/work"
)

func init() { capabilities = append(capabilities, (*Server).loanRoutes) }

// LoanItem is one loan in the list.
type LoanItem struct {
	ID          string    `json:"id"`
	No          string    `json:"no"`
	State       string    `json:"state" enum:"draft,incomplete,checking,approving,heading,ready,out,counted,disputed,closed,refused,withdrawn,expired"`
	StateName   string    `json:"stateName"`
	Tone        string    `json:"tone" enum:"plain,run,wait,done,bad,void"`
	AgencyName  string    `json:"agencyName"`
	DossierID   string    `json:"dossierId"`
	DossierNo   string    `json:"dossierNo"`
	PersonName  string    `json:"personName"`
	Unit        string    `json:"unit"`
	Purpose     string    `json:"purpose"`
	PurposeName string    `json:"purposeName"`
	Way         string    `json:"way" enum:"messenger,confidential"`
	WayName     string    `json:"wayName"`
	AppliedAt   time.Time `json:"appliedAt"`
	Due         *Due      `json:"due,omitempty" doc:"补正、批准有效期或应还日期"`
	ChangedAt   time.Time `json:"changedAt"`
}

// BorrowerView is one of the unit's people; the number is masked.
type BorrowerView struct {
	ID            string `json:"id"`
	Name          string `json:"name"`
	IDNo          string `json:"idNo"`
	Post          string `json:"post,omitempty"`
	Political     string `json:"political,omitempty"`
	PoliticalName string `json:"politicalName,omitempty"`
	NonMember     string `json:"nonMember,omitempty"`
	Card          string `json:"card,omitempty"`
	Carries       bool   `json:"carries" doc:"取送人"`
	Keeps         bool   `json:"keeps" doc:"保管责任人"`
	Declared      bool   `json:"declared"`
	Pledged       bool   `json:"pledged"`
}

// LoanLine is a piece of the packet, as it went out and as it came back.
type LoanLine struct {
	LineNo     int64  `json:"lineNo"`
	Number     string `json:"number,omitempty"`
	Title      string `json:"title"`
	Copies     int64  `json:"copies"`
	Pages      int64  `json:"pages"`
	Result     string `json:"result,omitempty" enum:"ok,missing,pages,damaged,replaced,extra,struck"`
	ResultName string `json:"resultName,omitempty"`
	BackPages  int64  `json:"backPages"`
	Note       string `json:"note,omitempty"`
}

// LoanView is one loan with everything its page shows.
type LoanView struct {
	LoanItem
	UnitKind      string         `json:"unitKind" enum:"unit,organ"`
	UnitCode      string         `json:"unitCode,omitempty"`
	Superior      string         `json:"superior,omitempty" doc:"借阅单位的上级主管单位"`
	Bearer        *UnitBearer    `json:"bearer,omitempty" doc:"借阅人中有单位登记的经办人的"`
	PersonIDNo    string         `json:"personIdNo"`
	Reason        string         `json:"reason,omitempty"`
	Basis         string         `json:"basis,omitempty"`
	WhyNotHere    string         `json:"whyNotHere,omitempty" doc:"不能就地查阅的理由"`
	KeptAt        string         `json:"keptAt,omitempty" doc:"借出后存放地点"`
	PaperName     string         `json:"paperName,omitempty"`
	PaperNo       string         `json:"paperNo,omitempty"`
	PaperOn       string         `json:"paperOn,omitempty"`
	PaperUntil    string         `json:"paperUntil,omitempty"`
	Sealed        bool           `json:"sealed"`
	Matches       bool           `json:"matches"`
	FormSigned    bool           `json:"formSigned"`
	FormBy        string         `json:"formBy,omitempty"`
	Pledged       bool           `json:"pledged" doc:"单位已签安全保密、按期归还承诺"`
	Days          int64          `json:"days" doc:"借阅期限（天）"`
	MostDays      int64          `json:"mostDays" doc:"全市最长期限"`
	Powers        bool           `json:"powers" doc:"凭法律文书"`
	People        []BorrowerView `json:"people" nullable:"false"`
	Decisions     []DecisionView `json:"decisions" nullable:"false"`
	Missing       []Reason       `json:"missing" nullable:"false" doc:"一次性告知的补正内容"`
	ToldOn        string         `json:"toldOn,omitempty"`
	Refusal       []Reason       `json:"refusal" nullable:"false"`
	Number        string         `json:"number,omitempty" doc:"审批编号"`
	HandedAt      *time.Time     `json:"handedAt,omitempty"`
	HandedBy      string         `json:"handedBy,omitempty"`
	TakenBy       string         `json:"takenBy,omitempty"`
	Tracking      string         `json:"tracking,omitempty" doc:"机要号"`
	Seal          string         `json:"seal,omitempty" doc:"密封条号"`
	Materials     int64          `json:"materials"`
	Pages         int64          `json:"pages"`
	DueOn         string         `json:"dueOn,omitempty"`
	Late          bool           `json:"late" doc:"逾期未还"`
	ExtendedOn    string         `json:"extendedOn,omitempty"`
	ExtendedWhy   string         `json:"extendedWhy,omitempty"`
	RecalledOn    string         `json:"recalledOn,omitempty"`
	RecalledWhy   string         `json:"recalledWhy,omitempty"`
	ChasedOn      string         `json:"chasedOn,omitempty"`
	EscalatedOn   string         `json:"escalatedOn,omitempty" doc:"报上级监督的日期"`
	ReturnedAt    *time.Time     `json:"returnedAt,omitempty"`
	ReturnedBy    string         `json:"returnedBy,omitempty"`
	BroughtBy     string         `json:"broughtBy,omitempty"`
	BackMaterials int64          `json:"backMaterials"`
	BackPages     int64          `json:"backPages"`
	Packet        string         `json:"packet,omitempty" enum:"intact,broken"`
	PacketName    string         `json:"packetName,omitempty"`
	Difference    string         `json:"difference,omitempty"`
	DifferenceNo  string         `json:"differenceNo,omitempty"`
	Recount       string         `json:"recount,omitempty" doc:"复核人要求重新清点的原因"`
	SignedBy      string         `json:"signedBy,omitempty"`
	Settled       string         `json:"settled,omitempty"`
	SettledBy     string         `json:"settledBy,omitempty"`
	ClosedAt      *time.Time     `json:"closedAt,omitempty"`
	ClosedWhy     string         `json:"closedWhy,omitempty"`
	DossierState  string         `json:"dossierState"`
	Items         []LoanLine     `json:"items" nullable:"false"`
	Possible      []Possible     `json:"possible" nullable:"false"`
}

// LoanBody is the application form (借阅申请表 and 介绍信).
type LoanBody struct {
	DossierID  string         `json:"dossierId" maxLength:"64"`
	UnitKind   string         `json:"unitKind" maxLength:"16" enum:"unit,organ"`
	Unit       string         `json:"unit" maxLength:"120"`
	UnitCode   string         `json:"unitCode,omitempty" maxLength:"32"`
	Superior   string         `json:"superior,omitempty" maxLength:"120"`
	Purpose    string         `json:"purpose" maxLength:"48"`
	Reason     string         `json:"reason,omitempty" maxLength:"1000" doc:"事由说明（依据文件）"`
	Basis      string         `json:"basis,omitempty" maxLength:"1000" doc:"法律依据（事由为其他时）"`
	WhyNotHere string         `json:"whyNotHere,omitempty" maxLength:"1000" doc:"不能就地查阅的理由"`
	KeptAt     string         `json:"keptAt,omitempty" maxLength:"200" doc:"借出后存放地点"`
	PaperName  string         `json:"paperName,omitempty" maxLength:"60"`
	PaperNo    string         `json:"paperNo,omitempty" maxLength:"80"`
	PaperOn    string         `json:"paperOn,omitempty" maxLength:"10"`
	PaperUntil string         `json:"paperUntil,omitempty" maxLength:"10"`
	Sealed     bool           `json:"sealed,omitempty"`
	Matches    bool           `json:"matches,omitempty"`
	FormSigned bool           `json:"formSigned,omitempty"`
	FormBy     string         `json:"formBy,omitempty" maxLength:"60"`
	Pledged    bool           `json:"pledged,omitempty"`
	Days       int64          `json:"days"`
	Way        string         `json:"way" maxLength:"16" enum:"messenger,confidential"`
	People     []BorrowerBody `json:"people,omitempty" maxItems:"10"`
}

// BorrowerBody is one of the unit's people on the form.
type BorrowerBody struct {
	ID        string `json:"id,omitempty" maxLength:"64" doc:"已登记的；证件号不变时可留空"`
	Name      string `json:"name" maxLength:"60"`
	IDNo      string `json:"idNo" maxLength:"32"`
	Post      string `json:"post,omitempty" maxLength:"120"`
	Political string `json:"political,omitempty" maxLength:"4"`
	NonMember string `json:"nonMember,omitempty" maxLength:"200"`
	Card      string `json:"card,omitempty" maxLength:"60"`
	Carries   bool   `json:"carries,omitempty"`
	Keeps     bool   `json:"keeps,omitempty"`
	Declared  bool   `json:"declared,omitempty"`
	Pledged   bool   `json:"pledged,omitempty"`
}

func (b LoanBody) application() loan.Application {
	a := loan.Application{DossierID: b.DossierID, UnitKind: b.UnitKind, Unit: b.Unit, UnitCode: b.UnitCode, Superior: b.Superior, Purpose: b.Purpose, Reason: b.Reason, Basis: b.Basis, WhyNotHere: b.WhyNotHere, KeptAt: b.KeptAt,
		PaperName: b.PaperName, PaperNo: b.PaperNo, PaperOn: b.PaperOn, PaperUntil: b.PaperUntil, Sealed: b.Sealed, Matches: b.Matches, FormSigned: b.FormSigned, FormBy: b.FormBy, Pledged: b.Pledged, Days: b.Days, Way: b.Way}
	for _, p := range b.People {
		a.People = append(a.People, loan.NewPerson(p))
	}
	return a
}

// LoanPath names a loan and the version a change is based on.
type LoanPath struct {
	ID string `path:"id" maxLength:"64"`
	IfMatch
}

// LoanPage is a page of loans with the number in each open state.
type LoanPage struct {
	Items  []LoanItem       `json:"items" nullable:"false"`
	Next   *string          `json:"next"`
	Counts map[string]int64 `json:"counts" nullable:"false" doc:"late 为逾期未还"`
	More   bool             `json:"more,omitempty" doc:"至少这么多，没有再数"`
}

// LoanOptions are the lists and bounds of the form.
type LoanOptions struct {
	Purposes   []PurposeView `json:"purposes" nullable:"false"`
	Politicals []codes.Code  `json:"politicals" nullable:"false"`
	MostDays   int64         `json:"mostDays"`
}

// LoanWord is a reason in words.
type LoanWord struct {
	Reason string `json:"reason" maxLength:"500"`
}

// loanAct is an act that answers with the case as it then stands.
func loanAct[B any](s *Server, id, path, summary string, act func(ctx context.Context, loanID string, body B) error) {
	route(s, op(id, http.MethodPost, "/loans/{id}/"+path, summary, "借阅"), func(ctx context.Context, in *struct {
		LoanPath
		Body B
	}) (*Tagged[LoanView], error) {
		if err := act(ctx, in.ID, in.Body); err != nil {
			return nil, err
		}
		return s.loanView(ctx, in.ID)
	})
}

func (s *Server) loanRoutes() {
	const tag = "借阅"
	route(s, op("loanOptions", http.MethodGet, "/loan-options", "借阅申请的选项", tag), func(_ context.Context, _ *struct{}) (*Body[LoanOptions], error) {
		out := &Body[LoanOptions]{Body: LoanOptions{Politicals: codes.Politicals(), MostDays: s.Loans.MostDays()}}
		for _, p := range codes.Purposes() {
			if p.Slug != "court_order" {
				out.Body.Purposes = append(out.Body.Purposes, PurposeView{p.Slug, p.Name, strings.ReplaceAll(p.Papers, "查阅申请表", "借阅申请表"), p.Powers, p.Basis})
			}
		}
		return out, nil
	})
	route(s, op("listLoans", http.MethodGet, "/loans", "借阅业务", tag), func(ctx context.Context, in *struct {
		OfAgency
		State []string `query:"state,explode" maxItems:"14"`
		Late  bool     `query:"late" doc:"只列逾期未还的"`
		Q     string   `query:"q" maxLength:"64" doc:"编号、单位或姓名"`
		After string   `query:"after" maxLength:"80"`
		Limit int      `query:"limit" minimum:"1" maximum:"100" default:"40"`
	}) (*Body[LoanPage], error) {
		f := loan.Filter{Late: in.Late, Text: in.Q, After: in.After, Limit: in.Limit}
		for _, x := range in.State {
			f.States = append(f.States, loan.State(x))
		}
		list, err := s.Loans.List(ctx, in.of(ctx), f)
		if err != nil {
			return nil, err
		}
		counts, err := s.Loans.Counts(ctx, in.of(ctx))
		if err != nil {
			return nil, err
		}
		late := counts["late"] // counted once already, among what is out
		delete(counts, "late")
		out := &Body[LoanPage]{Body: LoanPage{Items: []LoanItem{}, Counts: counts, More: s.capped(counts)}}
		counts["late"] = late
		for i, l := range list {
			if i == in.Limit {
				next := list[i-1].Cursor()
				out.Body.Next = &next
				break
			}
			out.Body.Items = append(out.Body.Items, s.loanItem(ctx, l.Case, l.PersonName, l.DossierNo))
		}
		return out, nil
	})
	route(s, op("applyLoan", http.MethodPost, "/loans", "登记借阅申请", tag), func(ctx context.Context, in *struct{ Body LoanBody }) (*Tagged[LoanView], error) {
		c, err := s.Loans.Apply(ctx, actor(ctx), in.Body.application())
		if err != nil {
			return nil, err
		}
		return s.loanView(ctx, c.ID)
	})
	route(s, op("getLoan", http.MethodGet, "/loans/{id}", "一件借阅", tag), func(ctx context.Context, in *LoanPath) (*Tagged[LoanView], error) {
		return s.loanView(ctx, in.ID)
	})
	route(s, op("editLoan", http.MethodPut, "/loans/{id}", "更改或补正申请", tag), func(ctx context.Context, in *struct {
		LoanPath
		Body LoanBody
	}) (*Tagged[LoanView], error) {
		if _, err := s.Loans.Edit(ctx, actor(ctx), in.ID, in.Body.application()); err != nil {
			return nil, err
		}
		return s.loanView(ctx, in.ID)
	})
	route(s, op("submitLoan", http.MethodPost, "/loans/{id}/submit", "提交申请", tag), func(ctx context.Context, in *LoanPath) (*Tagged[LoanView], error) {
		_, lacks, err := s.Loans.Submit(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		if len(lacks) > 0 {
			// The case stands and waits; the answer says what for, once and whole.
			return nil, rule.Complete(lacks...)
		}
		return s.loanView(ctx, in.ID)
	})
	route(s, op("checkLoan", http.MethodPost, "/loans/{id}/check", "核对原件", tag), func(ctx context.Context, in *LoanPath) (*Tagged[LoanView], error) {
		if _, err := s.Loans.Check(ctx, actor(ctx), in.ID); err != nil {
			return nil, err
		}
		return s.loanView(ctx, in.ID)
	})
	route(s, op("countersignLoan", http.MethodPost, "/loans/{id}/countersign", "复核归还", tag), func(ctx context.Context, in *LoanPath) (*Tagged[LoanView], error) {
		if _, err := s.Loans.Countersign(ctx, actor(ctx), in.ID); err != nil {
			return nil, err
		}
		return s.loanView(ctx, in.ID)
	})
	loanAct(s, "approveLoan", "approve", "审核同意，可以缩短期限", func(ctx context.Context, id string, b struct {
		Days    int64  `json:"days"`
		Opinion string `json:"opinion,omitempty" maxLength:"500"`
	}) error {
		_, err := s.Loans.Approve(ctx, actor(ctx), id, b.Days, b.Opinion)
		return err
	})
	loanAct(s, "confirmLoan", "confirm", "负责人批准借阅", func(ctx context.Context, id string, b struct {
		Opinion string `json:"opinion,omitempty" maxLength:"500"`
	}) error {
		_, err := s.Loans.Confirm(ctx, actor(ctx), id, b.Opinion)
		return err
	})
	loanAct(s, "refuseLoan", "refuse", "不予借阅", func(ctx context.Context, id string, b struct {
		Reasons []RefusalFact `json:"reasons" maxItems:"10"`
		Next    string        `json:"next" maxLength:"500" doc:"可以怎样办"`
	}) error {
		var facts []loan.RefuseReason
		for _, r := range b.Reasons {
			facts = append(facts, loan.RefuseReason{Rule: rule.ID(r.Rule), Fact: r.Fact})
		}
		_, err := s.Loans.Refuse(ctx, actor(ctx), id, facts, b.Next)
		return err
	})
	loanAct(s, "withdrawLoan", "withdraw", "撤回申请", func(ctx context.Context, id string, b LoanWord) error {
		_, err := s.Loans.Withdraw(ctx, actor(ctx), id, b.Reason)
		return err
	})
	loanAct(s, "handOutLoan", "hand-out", "清点、密封、借出交接", func(ctx context.Context, id string, b struct {
		Materials int64    `json:"materials"`
		Pages     int64    `json:"pages"`
		Seal      string   `json:"seal" maxLength:"60" doc:"密封条号"`
		Came      []string `json:"came,omitempty" maxItems:"10" doc:"到场的取送人"`
		TakenBy   string   `json:"takenBy,omitempty" maxLength:"60" doc:"机要通信的接收人"`
		Tracking  string   `json:"tracking,omitempty" maxLength:"60" doc:"机要号"`
	}) error {
		_, err := s.Loans.HandOut(ctx, actor(ctx), id, loan.Handing(b))
		return err
	})
	loanAct(s, "extendLoan", "extend", "同意续借一次", func(ctx context.Context, id string, b struct {
		Days   int64  `json:"days"`
		Reason string `json:"reason" maxLength:"500" doc:"续借函的理由和文号"`
	}) error {
		_, err := s.Loans.Extend(ctx, actor(ctx), id, b.Days, b.Reason)
		return err
	})
	loanAct(s, "recallLoan", "recall", "召回借出的档案", func(ctx context.Context, id string, b struct {
		DueOn  string `json:"dueOn" maxLength:"10" doc:"召回后的归还日期"`
		Reason string `json:"reason" maxLength:"500"`
	}) error {
		_, err := s.Loans.Recall(ctx, actor(ctx), id, b.DueOn, b.Reason)
		return err
	})
	loanAct(s, "returnLoan", "return", "登记归还（第一人清点）", func(ctx context.Context, id string, b struct {
		Materials  int64  `json:"materials"`
		Pages      int64  `json:"pages"`
		Packet     string `json:"packet" maxLength:"16" enum:"intact,broken"`
		BroughtBy  string `json:"broughtBy" maxLength:"120" doc:"归还人，或机要件号"`
		Difference string `json:"difference,omitempty" maxLength:"1000" doc:"借阅单位对差异的说明"`
		Found      []struct {
			LineNo int64  `json:"lineNo"`
			Result string `json:"result" maxLength:"16" enum:"ok,missing,pages,damaged,replaced"`
			Pages  int64  `json:"pages,omitempty"`
			Note   string `json:"note,omitempty" maxLength:"200"`
		} `json:"found,omitempty" maxItems:"6000"`
		Beyond []struct {
			Title  string `json:"title" maxLength:"200"`
			Copies int64  `json:"copies"`
			Pages  int64  `json:"pages"`
			Note   string `json:"note,omitempty" maxLength:"200"`
		} `json:"beyond,omitempty" maxItems:"100"`
	}) error {
		r := loan.Return{Materials: b.Materials, Pages: b.Pages, Packet: b.Packet, BroughtBy: b.BroughtBy, Difference: b.Difference}
		for _, f := range b.Found {
			r.Found = append(r.Found, loan.Found(f))
		}
		for _, x := range b.Beyond {
			r.Beyond = append(r.Beyond, loan.Beyond(x))
		}
		_, err := s.Loans.Returned(ctx, actor(ctx), id, r)
		return err
	})
	loanAct(s, "disputeLoan", "dispute", "复核人要求重新清点", func(ctx context.Context, id string, b LoanWord) error {
		_, err := s.Loans.Dispute(ctx, actor(ctx), id, b.Reason)
		return err
	})
	loanAct(s, "settleLoan", "settle", "查清归还的差异", func(ctx context.Context, id string, b LoanWord) error {
		_, err := s.Loans.Settle(ctx, actor(ctx), id, b.Reason)
		return err
	})
}

func (s *Server) loanItem(ctx context.Context, c loan.Case, name, no string) LoanItem {
	today, basis := s.Gate.Today(), work.Agreed
	if c.State == loan.Out {
		basis = "22"
	}
	v := LoanItem{ID: c.ID, No: c.No, State: string(c.State), StateName: c.Name(today), Tone: c.Tone(today), AgencyName: c.Agency, DossierID: c.DossierID, DossierNo: no, PersonName: name,
		Unit: c.Unit, Purpose: c.Purpose, PurposeName: c.PurposeText(), Way: c.Way, WayName: loan.WayName(c.Way), AppliedAt: c.AppliedAt, ChangedAt: c.ChangedAt,
		Due: s.due(c.Ends(), c.State == loan.Ready && c.ValidTentative, basis)}
	if tree, err := s.Agencies.Tree(ctx); err == nil {
		v.AgencyName = tree.Name(c.Agency)
	}
	return v
}

func (s *Server) loanView(ctx context.Context, id string) (*Tagged[LoanView], error) {
	f, err := s.Loans.Show(ctx, actor(ctx), id)
	if err != nil {
		return nil, err
	}
	p, _ := codes.FindPurpose(f.Purpose)
	v := LoanView{LoanItem: s.loanItem(ctx, f.Case, f.Person.Name, f.Dossier.No), UnitKind: f.UnitKind, UnitCode: f.UnitCode, Superior: f.Superior, PersonIDNo: identity.Mask(f.Person.IDNo),
		Reason: f.Reason, Basis: f.Basis, WhyNotHere: f.WhyNotHere, KeptAt: f.KeptAt, PaperName: f.PaperName, PaperNo: f.PaperNo, PaperOn: f.PaperOn, PaperUntil: f.PaperUntil,
		Sealed: f.Sealed, Matches: f.Matches, FormSigned: f.FormSigned, FormBy: f.FormBy, Pledged: f.Pledged, Days: f.Days, MostDays: s.Loans.MostDays(), Powers: p.Powers,
		People: []BorrowerView{}, Decisions: s.loanDecisions(ctx, f), ToldOn: f.ToldOn, Number: f.Number, TakenBy: f.TakenBy, Tracking: f.Tracking, Seal: f.Seal,
		Materials: f.Materials, Pages: f.Pages, DueOn: f.DueOn, Late: f.Late, ExtendedOn: f.ExtendedOn, ExtendedWhy: f.ExtendedWhy, RecalledOn: f.RecalledOn, RecalledWhy: f.RecalledWhy,
		ChasedOn: f.ChasedOn, EscalatedOn: f.EscalatedOn, BroughtBy: f.BroughtBy, BackMaterials: f.BackMaterials, BackPages: f.BackPages, Packet: f.Packet, PacketName: loan.PacketName(f.Packet),
		Difference: f.Difference, DifferenceNo: f.DifferenceNo, Recount: f.Recount, Settled: f.Settled, ClosedWhy: f.ClosedWhy, DossierState: f.Dossier.State.Name(), Items: []LoanLine{}, Possible: possible(f.Possible)}
	if v.Bearer, err = s.bearerOf(ctx, f.Ref()); err != nil {
		return nil, err
	}
	for _, x := range []struct {
		at *time.Time
		to **time.Time
	}{{&f.HandedAt, &v.HandedAt}, {&f.ReturnedAt, &v.ReturnedAt}, {&f.ClosedAt, &v.ClosedAt}} {
		if !x.at.IsZero() {
			*x.to = x.at
		}
	}
	for _, x := range []struct {
		id string
		to *string
	}{{f.HandedBy, &v.HandedBy}, {f.ReturnedBy, &v.ReturnedBy}, {f.SignedBy, &v.SignedBy}, {f.SettledBy, &v.SettledBy}} {
		if x.id != "" {
			*x.to = s.staffName(ctx, x.id)
		}
	}
	for _, b := range f.People {
		v.People = append(v.People, BorrowerView{ID: b.ID, Name: b.Name, IDNo: identity.Mask(b.IDNo), Post: b.Post, Political: b.Political, PoliticalName: codes.Name(codes.Politicals(), b.Political),
			NonMember: b.NonMember, Card: b.Card, Carries: b.Carries, Keeps: b.Keeps, Declared: b.Declared, Pledged: b.Pledged})
	}
	for _, i := range f.Items {
		v.Items = append(v.Items, LoanLine{i.LineNo, i.Number, i.Text(), i.Copies, i.Pages, i.Result, i.ResultName(), i.BackPages, i.Note})
	}
	if v.Missing, err = keptReasons(f.Missing); err != nil {
		return nil, err
	}
	if v.Refusal, err = keptReasons(f.Refusal); err != nil {
		return nil, err
	}
	return &Tagged[LoanView]{ETag: etag(f.Version), Body: v}, nil
}

func (s *Server) loanDecisions(ctx context.Context, f loan.Full) []DecisionView {
	out := []DecisionView{}
	for _, d := range []struct {
		step, by string
		at       time.Time
		opinion  string
	}{{"登记", f.AppliedBy, f.AppliedAt, ""}, {"核对", f.CheckedBy, f.CheckedAt, ""}, {"审核", f.ApprovedBy, f.ApprovedAt, f.Opinion}, {"负责人批准", f.HeadBy, f.HeadAt, f.HeadOpinion},
		{"借出", f.HandedBy, f.HandedAt, ""}, {"归还清点", f.ReturnedBy, f.ReturnedAt, ""}, {"归还复核", f.SignedBy, f.SignedAt, ""}, {"差异查清", f.SettledBy, f.SettledAt, f.Settled}} {
		if d.by != "" {
			out = append(out, DecisionView{d.step, s.staffName(ctx, d.by), d.at, d.opinion})
		}
	}
	return out
}
