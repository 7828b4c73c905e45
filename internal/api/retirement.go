package api

import (
	"context"
	"net/http"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/mandate"
	"dangan/internal/retirement"
)

func init() { capabilities = append(capabilities, (*Server).retirementRoutes) }

// RetirementTerm is when a person of one group may retire.
type RetirementTerm struct {
	Group       string `json:"group" enum:"men,women_55,women_50"`
	GroupName   string `json:"groupName"`
	AgeName     string `json:"ageName" doc:"法定退休年龄，如60周岁4个月"`
	StatutoryOn string `json:"statutoryOn" doc:"达到法定退休年龄的日期"`
	EarliestOn  string `json:"earliestOn" doc:"弹性提前的最早日期：最多3年，不低于原法定退休年龄"`
	LatestOn    string `json:"latestOn" doc:"弹性延迟的最迟日期：最多3年"`
	// NoticeEarlier and NoticeLater are settings of the province.
	NoticeEarlier int `json:"noticeEarlier" doc:"弹性提前的书面告知至少提前几个月"`
	NoticeLater   int `json:"noticeLater" doc:"弹性延迟的书面约定至少在法定日期前几个月"`
}

// RetirementPerson is one near or over the age whose matter was not taken up.
type RetirementPerson struct {
	DossierID  string           `json:"dossierId"`
	DossierNo  string           `json:"dossierNo"`
	PersonName string           `json:"personName"`
	AgencyName string           `json:"agencyName"`
	BornOn     string           `json:"bornOn"`
	Decided    bool             `json:"decided" doc:"出生日期经主管部门认定"`
	Terms      []RetirementTerm `json:"terms" nullable:"false" doc:"女性在身份待核前有两种"`
}

// RetirementDue is a page of them.
type RetirementDue struct {
	Items  []RetirementPerson `json:"items" nullable:"false"`
	Next   string             `json:"next,omitempty"`
	Counts map[string]int64   `json:"counts"`
	Months int                `json:"months" doc:"到龄前几个月列入名单"`
}

// RetirementItem is one case in the list.
type RetirementItem struct {
	ID          string `json:"id"`
	State       string `json:"state" enum:"checking,ready,listed,out,counted,back,kept,passed,dropped"`
	StateName   string `json:"stateName"`
	Tone        string `json:"tone" enum:"plain,run,wait,done,bad,void"`
	AgencyName  string `json:"agencyName"`
	DossierID   string `json:"dossierId"`
	DossierNo   string `json:"dossierNo"`
	PersonName  string `json:"personName"`
	GroupName   string `json:"groupName"`
	BornOn      string `json:"bornOn"`
	StatutoryOn string `json:"statutoryOn"`
	ChoiceName  string `json:"choiceName"`
	DueOn       string `json:"dueOn" doc:"退休日期"`
	Findings    int    `json:"findings" doc:"核对发现的不一致和缺失"`
	Materials   int64  `json:"materials"`
	Pages       int64  `json:"pages"`
	Returned    string `json:"returned,omitempty" doc:"在清单页：退回核对的结果"`
	ReturnedOn  string `json:"returnedOn,omitempty"`
}

// RetirementLine is one piece as it went to the reviewer and came back.
type RetirementLine struct {
	LineNo     int64  `json:"lineNo"`
	Number     string `json:"number,omitempty" doc:"类号；零散材料没有"`
	Title      string `json:"title"`
	Copies     int64  `json:"copies"`
	Pages      int64  `json:"pages"`
	Result     string `json:"result,omitempty" enum:"ok,missing,pages,content,extra"`
	ResultName string `json:"resultName,omitempty"`
	BackPages  int64  `json:"backPages"`
	Note       string `json:"note,omitempty"`
}

// RetirementPage is a page of the list with the number in each part.
type RetirementPage struct {
	Items  []RetirementItem `json:"items" nullable:"false"`
	Next   string           `json:"next,omitempty"`
	Counts map[string]int64 `json:"counts"`
}

// RetirementFact is a key fact as it stands now.
type RetirementFact struct {
	Kind    string `json:"kind"`
	Name    string `json:"name"`
	Verdict string `json:"verdict"`
	Note    string `json:"note"`
}

// RetirementView is a case's page.
type RetirementView struct {
	RetirementItem
	Term          RetirementTerm   `json:"term"`
	BornBy        string           `json:"bornBy" doc:"出生日期的依据"`
	Ground        string           `json:"ground,omitempty"`
	ChoicePaper   string           `json:"choicePaper,omitempty"`
	ChoicePaperOn string           `json:"choicePaperOn,omitempty"`
	Mandate       *MandateItem     `json:"mandate,omitempty" doc:"代办的，所凭的委托书"`
	OpenedBy      string           `json:"openedBy"`
	OpenedAt      time.Time        `json:"openedAt"`
	Facts         []RetirementFact `json:"facts" nullable:"false"`
	FindingList   string           `json:"findingList,omitempty"`
	Note          string           `json:"note,omitempty"`
	CheckedBy     string           `json:"checkedBy,omitempty"`
	CheckedAt     *time.Time       `json:"checkedAt,omitempty"`
	ListID        string           `json:"listId,omitempty"`
	ListNo        string           `json:"listNo,omitempty"`
	Recipient     string           `json:"recipient,omitempty"`
	HandedOn      string           `json:"handedOn,omitempty"`
	DueBack       string           `json:"dueBack,omitempty"`
	Result        string           `json:"result,omitempty"`
	ApprovalNo    string           `json:"approvalNo,omitempty"`
	ApprovedOn    string           `json:"approvedOn,omitempty"`
	Difference    string           `json:"difference,omitempty"`
	ReturnedBy    string           `json:"returnedBy,omitempty"`
	ReturnedAt    *time.Time       `json:"returnedAt,omitempty"`
	Items         []RetirementLine `json:"items" nullable:"false" doc:"最近一次送审的逐份清单和退回核对的结果"`
	BackMaterials int64            `json:"backMaterials,omitempty"`
	BackPages     int64            `json:"backPages,omitempty"`
	Packet        string           `json:"packet,omitempty"`
	Disputed      string           `json:"disputed,omitempty" doc:"第二人认为清点有误，待重新清点"`
	SignedBy      string           `json:"signedBy,omitempty" doc:"复核的第二人"`
	SignedAt      *time.Time       `json:"signedAt,omitempty"`
	Settled       string           `json:"settled,omitempty" doc:"差异怎样查清"`
	SettledBy     string           `json:"settledBy,omitempty"`
	SettledAt     *time.Time       `json:"settledAt,omitempty"`
	RecordID      string           `json:"recordId,omitempty" doc:"二人签名的差异记录"`
	RecordNo      string           `json:"recordNo,omitempty"`
	FormID        string           `json:"formId,omitempty" doc:"收到的退休审批表"`
	FormState     string           `json:"formState,omitempty"`
	Basis         string           `json:"basis,omitempty"`
	EndedBy       string           `json:"endedBy,omitempty"`
	EndedAt       *time.Time       `json:"endedAt,omitempty"`
	Possible      []Possible       `json:"possible" nullable:"false"`
}

// RetirementListItem is one list of packets sent for review.
type RetirementListItem struct {
	ID         string `json:"id"`
	No         string `json:"no"`
	State      string `json:"state" enum:"preparing,delivered,returned,cancelled"`
	StateName  string `json:"stateName"`
	Tone       string `json:"tone" enum:"plain,run,wait,done,bad,void"`
	AgencyName string `json:"agencyName"`
	Recipient  string `json:"recipient"`
	Persons    int64  `json:"persons"`
	Away       int64  `json:"away" doc:"未退回的卷数"`
	PreparedOn string `json:"preparedOn"`
	HandedOn   string `json:"handedOn,omitempty"`
	DueBack    string `json:"dueBack,omitempty"`
	Overdue    bool   `json:"overdue"`
}

// RetirementListView is a list's page.
type RetirementListView struct {
	RetirementListItem
	PreparedBy  string           `json:"preparedBy"`
	DeliveredBy string           `json:"deliveredBy,omitempty"`
	Taker       string           `json:"taker,omitempty"`
	Number      string           `json:"number,omitempty"`
	DocumentID  string           `json:"documentId,omitempty"`
	Note        string           `json:"note,omitempty"`
	Lines       []RetirementItem `json:"lines" nullable:"false"`
	Possible    []Possible       `json:"possible" nullable:"false"`
}

// RetirementStep is a line of the table of ages.
type RetirementStep struct {
	Group    string `json:"group"`
	BornFrom string `json:"bornFrom"`
	Months   int    `json:"months"`
	AgeName  string `json:"ageName"`
}

// RetirementAges is the table that holds.
type RetirementAges struct {
	Own      bool             `json:"own" doc:"全市已另行载入；否则为2024年9月13日决定所附对照表"`
	Steps    []RetirementStep `json:"steps" nullable:"false"`
	Possible []Possible       `json:"possible" nullable:"false"`
}

// RetirementPath names a case or a list.
type RetirementPath struct {
	ID string `path:"id" maxLength:"40"`
}

// RetirementBasis is the ground of an act.
type RetirementBasis struct {
	RetirementPath
	Body struct {
		Basis string `json:"basis" maxLength:"200"`
	}
}

func (s *Server) retirementRoutes() {
	const tag = "退休送审"
	route(s, op("listRetirementDue", http.MethodGet, "/retirements/due", "将到龄、已过龄、身份待核而未办理的人，按出生日期", tag), func(ctx context.Context, in *struct {
		View   string `query:"view" enum:"near,past,unsure" default:"near"`
		Cursor string `query:"cursor" maxLength:"200"`
		Limit  int    `query:"limit" default:"20" minimum:"1" maximum:"100"`
	}) (*Body[RetirementDue], error) {
		rows, next, err := s.Retirements.Due(ctx, actor(ctx), in.View, in.Cursor, in.Limit)
		if err != nil {
			return nil, err
		}
		counts, err := s.Retirements.Counts(ctx, actor(ctx))
		if err != nil {
			return nil, err
		}
		out := RetirementDue{Items: []RetirementPerson{}, Next: next, Counts: counts, Months: s.Retirements.Months()}
		for _, p := range rows {
			out.Items = append(out.Items, s.retirementPerson(ctx, p))
		}
		return &Body[RetirementDue]{out}, nil
	})
	route(s, op("printRetirementNear", http.MethodPost, "/retirement-near-list", "打印本月将到龄人员名单：有编号、签章、人数", tag), func(ctx context.Context, _ *struct{}) (*Body[DocumentView], error) {
		doc, err := s.Retirements.PrintNear(ctx, actor(ctx))
		if err != nil {
			return nil, err
		}
		return &Body[DocumentView]{Body: s.documentView(ctx, doc)}, nil
	})
	route(s, op("getRetirementTerms", http.MethodGet, "/retirements/terms/{id}", "一名存档人各类别的法定退休日期和弹性范围", tag), func(ctx context.Context, in *RetirementPath) (*Body[RetirementPerson], error) {
		p, err := s.Retirements.TermsOf(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return &Body[RetirementPerson]{s.retirementPerson(ctx, p)}, nil
	})
	route(s, op("getRetirementAges", http.MethodGet, "/retirement-ages", "法定退休年龄对照表", tag), func(ctx context.Context, _ *struct{}) (*Body[RetirementAges], error) {
		return s.retirementAges(ctx), nil
	})
	route(s, op("replaceRetirementAges", http.MethodPut, "/retirement-ages", "以新的对照表整体替换，对此后受理的适用", tag), func(ctx context.Context, in *struct {
		Body struct {
			Table string `json:"table" maxLength:"40000" doc:"group,born_from,age_months 三列"`
		}
	}) (*Body[RetirementAges], error) {
		if _, err := s.Retirements.ReplaceTable(ctx, actor(ctx), in.Body.Table); err != nil {
			return nil, err
		}
		return s.retirementAges(ctx), nil
	})
	route(s, op("listRetirements", http.MethodGet, "/retirements", "退休事项，按退休日期", tag), func(ctx context.Context, in *struct {
		OfAgency
		View   string `query:"view" maxLength:"20" doc:"open 核对和待送审、out 送审中、back 审批表待归档、ended 已办结；空为全部"`
		Cursor string `query:"cursor" maxLength:"200"`
		Limit  int    `query:"limit" default:"20" minimum:"1" maximum:"100"`
	}) (*Body[RetirementPage], error) {
		rows, next, err := s.Retirements.List(ctx, in.of(ctx), retirement.Filter{View: in.View, Cursor: in.Cursor, Limit: in.Limit})
		if err != nil {
			return nil, err
		}
		counts, err := s.Retirements.Counts(ctx, in.of(ctx))
		if err != nil {
			return nil, err
		}
		return &Body[RetirementPage]{RetirementPage{Items: s.retirementItems(ctx, rows), Next: next, Counts: counts}}, nil
	})
	route(s, op("openRetirement", http.MethodPost, "/retirements", "受理一名将到龄人员的退休事项", tag), func(ctx context.Context, in *struct {
		Body struct {
			DossierID string `json:"dossierId" maxLength:"40"`
			Group     string `json:"group" enum:"men,women_55,women_50"`
			Ground    string `json:"ground,omitempty" maxLength:"200" doc:"所属类别的依据；女职工必填"`
			Choice    string `json:"choice,omitempty" maxLength:"20" doc:"statutory 按期、early 弹性提前、late 弹性延迟"`
			DueOn     string `json:"dueOn,omitempty" maxLength:"10" doc:"弹性退休所选日期"`
			Paper     string `json:"paper,omitempty" maxLength:"200" doc:"书面告知或约定"`
			PaperOn   string `json:"paperOn,omitempty" maxLength:"10" doc:"书面告知、约定的日期：提前多久见 noticeEarlier、noticeLater"`
			MandateID string `json:"mandateId,omitempty" maxLength:"64" doc:"代办的：已登记的委托书"`
		}
	}) (*Tagged[RetirementView], error) {
		c, err := s.Retirements.Open(ctx, actor(ctx), retirement.Opening(in.Body))
		return s.retirementAnswer(ctx, c, err)
	})
	route(s, op("getRetirement", http.MethodGet, "/retirements/{id}", "一件退休事项（查看留痕）", tag), func(ctx context.Context, in *RetirementPath) (*Tagged[RetirementView], error) {
		v, err := s.Retirements.Read(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return s.retirementView(ctx, v)
	})
	route(s, op("checkRetirement", http.MethodPost, "/retirements/{id}/check", "核对关键信息、清点份数页数", tag), func(ctx context.Context, in *struct {
		RetirementPath
		Body struct {
			Materials int64  `json:"materials" minimum:"0" maximum:"5000"`
			Pages     int64  `json:"pages" minimum:"0" maximum:"100000"`
			Note      string `json:"note,omitempty" maxLength:"500" doc:"不一致、缺失怎样告知本人"`
		}
	}) (*Tagged[RetirementView], error) {
		c, err := s.Retirements.Check(ctx, actor(ctx), in.ID, retirement.Check(in.Body))
		return s.retirementAnswer(ctx, c, err)
	})
	route(s, op("dropRetirement", http.MethodPost, "/retirements/{id}/drop", "不再办理", tag), func(ctx context.Context, in *RetirementBasis) (*Tagged[RetirementView], error) {
		c, err := s.Retirements.Drop(ctx, actor(ctx), in.ID, in.Body.Basis)
		return s.retirementAnswer(ctx, c, err)
	})
	route(s, op("returnRetirement", http.MethodPost, "/retirements/{id}/return", "登记送审退回，逐份逐页清点，待第二人复核", tag), func(ctx context.Context, in *struct {
		RetirementPath
		Body struct {
			Materials  int64  `json:"materials" minimum:"0" maximum:"5000"`
			Pages      int64  `json:"pages" minimum:"0" maximum:"100000"`
			Packet     string `json:"packet" enum:"intact,broken" doc:"intact 封存完好、broken 封存有损"`
			Difference string `json:"difference,omitempty" maxLength:"500" doc:"有差异时审核单位的说明"`
			Result     string `json:"result" enum:"approved,declined"`
			ApprovalNo string `json:"approvalNo,omitempty" maxLength:"100"`
			ApprovedOn string `json:"approvedOn,omitempty" maxLength:"10"`
			Why        string `json:"why,omitempty" maxLength:"500"`
			Found      []struct {
				LineNo int64  `json:"lineNo" minimum:"1" maximum:"6000"`
				Result string `json:"result" enum:"ok,missing,pages,content"`
				Pages  int64  `json:"pages,omitempty" minimum:"0" maximum:"20000" doc:"页数不符的，实际退回的页数"`
				Note   string `json:"note,omitempty" maxLength:"200"`
			} `json:"found,omitempty" maxItems:"6000" doc:"送出清单的每一项"`
			Beyond []struct {
				Title  string `json:"title" maxLength:"200"`
				Copies int64  `json:"copies" minimum:"1" maximum:"99"`
				Pages  int64  `json:"pages" minimum:"1" maximum:"2000"`
				Note   string `json:"note,omitempty" maxLength:"200"`
			} `json:"beyond,omitempty" maxItems:"100" doc:"清单以外的"`
		}
	}) (*Tagged[RetirementView], error) {
		b := in.Body
		r := retirement.Return{Materials: b.Materials, Pages: b.Pages, Packet: b.Packet, Difference: b.Difference, Result: b.Result, ApprovalNo: b.ApprovalNo, ApprovedOn: b.ApprovedOn, Why: b.Why}
		for _, f := range b.Found {
			r.Found = append(r.Found, retirement.Found(f))
		}
		for _, x := range b.Beyond {
			r.Beyond = append(r.Beyond, retirement.Beyond(x))
		}
		c, err := s.Retirements.Returned(ctx, actor(ctx), in.ID, r)
		return s.retirementAnswer(ctx, c, err)
	})
	route(s, op("countersignRetirement", http.MethodPost, "/retirements/{id}/countersign", "第二人复核退回的清点；有差异的出具差异记录", tag), func(ctx context.Context, in *RetirementPath) (*Tagged[RetirementView], error) {
		c, err := s.Retirements.Countersign(ctx, actor(ctx), in.ID)
		return s.retirementAnswer(ctx, c, err)
	})
	route(s, op("disputeRetirement", http.MethodPost, "/retirements/{id}/dispute", "第二人认为清点有误，退回重新清点", tag), func(ctx context.Context, in *RetirementBasis) (*Tagged[RetirementView], error) {
		c, err := s.Retirements.Dispute(ctx, actor(ctx), in.ID, in.Body.Basis)
		return s.retirementAnswer(ctx, c, err)
	})
	route(s, op("settleRetirement", http.MethodPost, "/retirements/{id}/settle", "登记退回差异怎样查清", tag), func(ctx context.Context, in *RetirementBasis) (*Tagged[RetirementView], error) {
		c, err := s.Retirements.Settle(ctx, actor(ctx), in.ID, in.Body.Basis)
		return s.retirementAnswer(ctx, c, err)
	})
	route(s, op("finishRetirement", http.MethodPost, "/retirements/{id}/finish", "退休审批表归档后办结：继续保管或转出", tag), func(ctx context.Context, in *struct {
		RetirementPath
		Body struct {
			Way   string `json:"way" enum:"keep,pass"`
			Basis string `json:"basis,omitempty" maxLength:"200"`
		}
	}) (*Tagged[RetirementView], error) {
		c, err := s.Retirements.Finish(ctx, actor(ctx), in.ID, in.Body.Way, in.Body.Basis)
		return s.retirementAnswer(ctx, c, err)
	})
	route(s, op("listReviewLists", http.MethodGet, "/retirement-lists", "退休送审清单", tag), func(ctx context.Context, in *struct {
		OfAgency
		Limit int `query:"limit" default:"50" minimum:"1" maximum:"100"`
	}) (*Body[Page[RetirementListItem]], error) {
		rows, err := s.Retirements.Lists(ctx, in.of(ctx), in.Limit)
		if err != nil {
			return nil, err
		}
		items := []RetirementListItem{}
		for _, l := range rows {
			items = append(items, s.reviewListItem(ctx, l))
		}
		return &Body[Page[RetirementListItem]]{Page[RetirementListItem]{Items: items}}, nil
	})
	route(s, op("prepareReviewList", http.MethodPost, "/retirement-lists", "拟定送审清单，请库管提档", tag), func(ctx context.Context, in *struct {
		Body struct {
			Cases     []string `json:"cases" maxItems:"100" nullable:"false"`
			Recipient string   `json:"recipient,omitempty" maxLength:"120"`
		}
	}) (*Tagged[RetirementListView], error) {
		l, err := s.Retirements.Prepare(ctx, actor(ctx), retirement.Plan(in.Body))
		return s.reviewListAnswer(ctx, l, err)
	})
	route(s, op("getReviewList", http.MethodGet, "/retirement-lists/{id}", "一份送审清单（查看留痕）", tag), func(ctx context.Context, in *RetirementPath) (*Tagged[RetirementListView], error) {
		v, err := s.Retirements.OpenList(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return s.reviewListView(ctx, v), nil
	})
	route(s, op("deliverReviewList", http.MethodPost, "/retirement-lists/{id}/deliver", "第二人核对实物后送审，出具送审清单", tag), func(ctx context.Context, in *struct {
		RetirementPath
		Body struct {
			On    string `json:"on" maxLength:"10"`
			Taker string `json:"taker,omitempty" maxLength:"60" doc:"审核单位的接收人"`
		}
	}) (*Tagged[RetirementListView], error) {
		l, err := s.Retirements.Deliver(ctx, actor(ctx), in.ID, retirement.Handing(in.Body))
		return s.reviewListAnswer(ctx, l, err)
	})
	route(s, op("cancelReviewList", http.MethodPost, "/retirement-lists/{id}/cancel", "取消未送出的清单", tag), func(ctx context.Context, in *RetirementBasis) (*Tagged[RetirementListView], error) {
		l, err := s.Retirements.Cancel(ctx, actor(ctx), in.ID, in.Body.Basis)
		return s.reviewListAnswer(ctx, l, err)
	})
}

func (s *Server) retirementAges(ctx context.Context) *Body[RetirementAges] {
	out := RetirementAges{Own: s.Retirements.Own(), Steps: []RetirementStep{}, Possible: possible(s.Retirements.PossibleTable(actor(ctx)))}
	t := s.Retirements.Table()
	for _, g := range retirement.Groups {
		for _, x := range t[g] {
			out.Steps = append(out.Steps, RetirementStep{g, x.BornFrom, x.Months, retirement.AgeName(x.Months)})
		}
	}
	return &Body[RetirementAges]{out}
}

func (s *Server) retirementTerm(group string, t retirement.Term) RetirementTerm {
	n := s.Retirements.Notice()
	return RetirementTerm{group, retirement.GroupName(group), retirement.AgeName(t.Months), t.Statutory.String(), t.Earliest.String(), t.Latest.String(), n.Earlier, n.Later}
}

func (s *Server) retirementPerson(ctx context.Context, p retirement.Person) RetirementPerson {
	out := RetirementPerson{DossierID: p.DossierID, DossierNo: p.DossierNo, PersonName: p.Name, AgencyName: s.agencyName(ctx, p.Agency), BornOn: p.BornOn, Decided: p.Decided, Terms: []RetirementTerm{}}
	for _, t := range p.Terms {
		out.Terms = append(out.Terms, s.retirementTerm(t.Group, t.Term))
	}
	return out
}

func (s *Server) retirementItems(ctx context.Context, rows []retirement.Row) []RetirementItem {
	out := []RetirementItem{}
	for _, r := range rows {
		i := s.retirementItem(ctx, r.Case)
		i.PersonName, i.DossierNo = r.PersonName, r.DossierNo
		if r.Sent != nil {
			i.Materials, i.Pages, i.Returned, i.ReturnedOn = r.Sent.Materials, r.Sent.Pages, r.Sent.Check(), r.Sent.ReturnedOn
		}
		out = append(out, i)
	}
	return out
}

func (s *Server) retirementItem(ctx context.Context, c retirement.Case) RetirementItem {
	return RetirementItem{ID: c.ID, State: string(c.State), StateName: c.State.Name(), Tone: c.State.Tone(), AgencyName: s.agencyName(ctx, c.Agency), DossierID: c.DossierID, GroupName: retirement.GroupName(c.Group),
		BornOn: c.BornOn, StatutoryOn: c.StatutoryOn, ChoiceName: retirement.ChoiceName(c.Choice), DueOn: c.DueOn, Findings: c.Found(), Materials: c.Materials, Pages: c.Pages}
}

func (s *Server) retirementAnswer(ctx context.Context, c retirement.Case, err error) (*Tagged[RetirementView], error) {
	if err != nil {
		return nil, err
	}
	v, err := s.Retirements.After(ctx, actor(ctx), c.ID)
	if err != nil {
		return nil, err
	}
	return s.retirementView(ctx, v)
}

func (s *Server) retirementView(ctx context.Context, v retirement.View) (*Tagged[RetirementView], error) {
	out := RetirementView{RetirementItem: s.retirementItem(ctx, v.Case), Term: s.retirementTerm(v.Group, v.Term), BornBy: v.BornBy, Ground: v.Ground, ChoicePaper: v.ChoicePaper, ChoicePaperOn: v.ChoicePaperOn, OpenedBy: s.staffName(ctx, v.OpenedBy), OpenedAt: v.OpenedAt,
		Facts: []RetirementFact{}, FindingList: v.Findings, Note: v.Note, Result: v.Result, ApprovalNo: v.ApprovalNo, ApprovedOn: v.ApprovedOn, Difference: v.Difference, Basis: v.Basis, Possible: possible(v.Possible)}
	out.PersonName, out.DossierNo = v.Person.Name, v.Dossier.No
	for _, f := range v.Facts {
		out.Facts = append(out.Facts, RetirementFact{f.Kind, f.Name, f.Verdict, f.Note})
	}
	at := func(by string, when time.Time) (string, *time.Time) {
		if by == "" {
			return "", nil
		}
		return s.staffName(ctx, by), &when
	}
	out.CheckedBy, out.CheckedAt = at(v.CheckedBy, v.CheckedAt)
	out.Items = []RetirementLine{}
	for _, i := range v.Items {
		out.Items = append(out.Items, RetirementLine{i.LineNo, i.Number, i.Text(), i.Copies, i.Pages, i.Result, i.ResultName(), i.BackPages, i.Note})
	}
	if n := len(v.Sendings); n > 0 && v.Sendings[n-1].ReturnedOn != "" {
		last := v.Sendings[n-1]
		out.BackMaterials, out.BackPages, out.Packet = last.BackPieces, last.BackPages, last.Packet
	}
	out.Disputed, out.Settled, out.RecordID, out.RecordNo = v.Disputed, v.Settled, v.Record.ID, v.Record.Number
	out.SignedBy, out.SignedAt = at(v.SignedBy, v.SignedAt)
	out.SettledBy, out.SettledAt = at(v.SettledBy, v.SettledAt)
	out.ReturnedBy, out.ReturnedAt = at(v.ReturnedBy, v.ReturnedAt)
	out.EndedBy, out.EndedAt = at(v.EndedBy, v.EndedAt)
	if v.List != nil && v.List.Secrecy <= actor(ctx).Clearance {
		out.ListID, out.ListNo, out.Recipient, out.HandedOn, out.DueBack = v.List.ID, v.List.No, v.List.Recipient, v.List.HandedOn, v.List.DueBack
	}
	if v.Form.ID != "" {
		out.FormID, out.FormState = v.Form.ID, v.Form.State.Name()
	}
	var err error
	if out.Mandate, err = s.mandateSeen(ctx, v.Ref(), mandate.Retirement); err != nil {
		return nil, err
	}
	return &Tagged[RetirementView]{etag(v.Version), out}, nil
}

func (s *Server) reviewListItem(ctx context.Context, l retirement.List) RetirementListItem {
	return RetirementListItem{ID: l.ID, No: l.No, State: string(l.State), StateName: l.State.Name(), Tone: l.State.Tone(), AgencyName: s.agencyName(ctx, l.Agency), Recipient: l.Recipient, Persons: l.Persons, Away: l.Away,
		PreparedOn: calendar.Of(l.PreparedAt).String(), HandedOn: l.HandedOn, DueBack: l.DueBack, Overdue: l.State == retirement.Delivered && l.DueBack < s.Gate.Today().String()}
}

func (s *Server) reviewListAnswer(ctx context.Context, l retirement.List, err error) (*Tagged[RetirementListView], error) {
	if err != nil {
		return nil, err
	}
	v, err := s.Retirements.AfterList(ctx, actor(ctx), l)
	if err != nil {
		return nil, err
	}
	return s.reviewListView(ctx, v), nil
}

func (s *Server) reviewListView(ctx context.Context, v retirement.ListView) *Tagged[RetirementListView] {
	out := RetirementListView{RetirementListItem: s.reviewListItem(ctx, v.List), PreparedBy: s.staffName(ctx, v.PreparedBy), Taker: v.Taker, Number: v.Number, DocumentID: v.DocumentID, Note: v.Note,
		Lines: s.retirementItems(ctx, v.Lines), Possible: possible(v.Possible)}
	if v.DeliveredBy != "" {
		out.DeliveredBy = s.staffName(ctx, v.DeliveredBy)
	}
	return &Tagged[RetirementListView]{etag(v.Version), out}
}
