package api

import (
	"context"
	"net/http"

	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/oversight"
	"dangan/internal/rating"
	"dangan/internal/register"
	"dangan/internal/window"
)

func init() { capabilities = append(capabilities, (*Server).oversightRoutes) }

// OversightRow is how one agency stands: numbers only.
type OversightRow struct {
	Agency     string           `json:"agency"`
	AgencyName string           `json:"agencyName"`
	Above      string           `json:"above,omitempty" doc:"主管部门"`
	State      string           `json:"state" enum:"pending,active,merged,closed"`
	ValidUntil string           `json:"validUntil,omitempty" doc:"授权有效期至"`
	Ended      bool             `json:"ended,omitempty" doc:"授权已到期"`
	Holding    OversightHolding `json:"holding"`
	Filing     BacklogView      `json:"filing" doc:"两个月归档期限"`
	Transfers  TransferStanding `json:"transfers" doc:"转递时限"`
	Owed       OversightOwed    `json:"owed" doc:"承诺补充和先存后补的材料"`
	Tardy      OversightTardy   `json:"tardy" doc:"期间迟交的材料，不列单位和个人"`
	Window     OversightMatters `json:"window" doc:"不予办理、异议、投诉"`
	Rating     OversightRatings `json:"rating" doc:"期间好差评"`
}

// OversightHolding is what an agency keeps.
type OversightHolding struct {
	Total    int64   `json:"total" doc:"在管档案"`
	InStore  int64   `json:"inStore" doc:"在库"`
	Out      int64   `json:"out" doc:"整理、查阅、借阅中"`
	Moving   int64   `json:"moving" doc:"转出办理中、在途、转入核对中"`
	Unclear  int64   `json:"unclear" doc:"身份待核的档案袋"`
	Category []int64 `json:"category" nullable:"false" doc:"按 categories 的次序"`
}

// OversightOwed is what is to be supplemented.
type OversightOwed struct {
	Open      int64  `json:"open"`
	Overdue   int64  `json:"overdue"`
	Promised  int64  `json:"promised" doc:"逾期的承诺补充"`
	Escalated int64  `json:"escalated" doc:"已报负责人或上级"`
	Oldest    string `json:"oldest,omitempty"`
}

// OversightTardy is what came late in a period, and what did not come.
type OversightTardy struct {
	Materials int64 `json:"materials" doc:"迟交份数"`
	Days      int64 `json:"days" doc:"迟交合计天数"`
	Longest   int64 `json:"longest"`
	Owed      int64 `json:"owed" doc:"催收期满未交份数"`
	OwedDays  int64 `json:"owedDays"`
	OwedMost  int64 `json:"owedMost"`
}

// OversightMatters are an agency's refusals, objections and complaints.
type OversightMatters struct {
	Refusals   int64 `json:"refusals"`
	Objections int64 `json:"objections"`
	Upheld     int64 `json:"upheld"`
	Complaints int64 `json:"complaints"`
	Justly     int64 `json:"justly"`
	Free       int64 `json:"free"`
	Overdue    int64 `json:"overdue"`
}

// OversightRatings are what an agency or a kind of matter was rated in a period.
type OversightRatings struct {
	Ended   int64 `json:"ended"`
	Rated   int64 `json:"rated"`
	Hidden  bool  `json:"hidden" doc:"评价太少，不显示满意数"`
	Content int64 `json:"content"`
	Calls   int64 `json:"calls"`
	Late    int64 `json:"late"`
	Fixed   int64 `json:"fixed"`
}

// OversightMatter are the ratings of one kind of matter.
type OversightMatter struct {
	Name string `json:"name"`
	OversightRatings
}

// OversightSheet is all figures of the own subtree.
type OversightSheet struct {
	Today        string            `json:"today"`
	From         string            `json:"from"`
	Until        string            `json:"until"`
	Items        []OversightRow    `json:"items" nullable:"false"`
	Categories   []codes.Code      `json:"categories" nullable:"false"`
	Matters      []OversightMatter `json:"matters" nullable:"false"`
	FilingMore   bool              `json:"filingMore,omitempty" doc:"归档逾期只数到这里"`
	TransferMore bool              `json:"transferMore,omitempty" doc:"转递只数到这里"`
}

// OversightRegister is one register and how many lines it has in a period.
type OversightRegister struct {
	No     int    `json:"no"`
	Name   string `json:"name"`
	Clause string `json:"clause" doc:"依据"`
	Note   string `json:"note" doc:"哪些事项列入"`
	N      int64  `json:"n"`
	More   bool   `json:"more,omitempty" doc:"至少这么多，没有再数"`
}

// OversightRefusal is one notice of 不予办理, without who it was given to.
type OversightRefusal struct {
	ID      string `json:"id"`
	On      string `json:"on"`
	Agency  string `json:"agency"`
	Kind    string `json:"kind" doc:"业务"`
	Number  string `json:"number" doc:"告知单编号"`
	Clauses string `json:"clauses" doc:"依据的条款"`
	State   string `json:"state"`
	Tone    string `json:"tone" enum:"plain,run,wait,done,bad,void"`
}

// OversightChange is one decision on an agency.
type OversightChange struct {
	ID          string `json:"id"`
	On          string `json:"on"`
	Agency      string `json:"agency"`
	Kind        string `json:"kind"`
	Document    string `json:"document"`
	EffectiveOn string `json:"effectiveOn"`
	What        string `json:"what"`
	ValidUntil  string `json:"validUntil"`
	Done        string `json:"done"`
	Tone        string `json:"tone" enum:"plain,run,wait,done,bad,void"`
}

// OversightPeriod is what lists and figures are narrowed by.
type OversightPeriod struct {
	From  string `query:"from" maxLength:"10" required:"true" doc:"起始日期"`
	Until string `query:"until" maxLength:"10" required:"true" doc:"截止日期，含当日"`
}

// OversightPaged is a page of a list.
type OversightPaged struct {
	OversightPeriod
	Agency string `query:"agency" maxLength:"20" doc:"一个机构；不填为所辖全部"`
	Cursor string `query:"cursor" maxLength:"80"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

func (p OversightPaged) filter() register.Filter {
	return register.Filter{From: calendar.Date(p.From), Until: calendar.Date(p.Until), Agency: p.Agency, After: p.Cursor, Limit: p.Limit}
}

func (s *Server) oversightRoutes() {
	const tag = "监督检查"
	route(s, op("oversightFigures", http.MethodGet, "/oversight", "所辖机构的各项数字，不列个人（组织部门、档案主管部门、统计、监督）", tag), func(ctx context.Context, in *OversightPeriod) (*Body[OversightSheet], error) {
		sheet, err := s.Oversight.Figures(ctx, actor(ctx), calendar.Date(in.From), calendar.Date(in.Until))
		if err != nil {
			return nil, err
		}
		out := OversightSheet{Today: s.Gate.Today().String(), From: in.From, Until: in.Until, Items: []OversightRow{}, Categories: codes.CategoryCodes(), Matters: []OversightMatter{}, FilingMore: sheet.FilingMore, TransferMore: sheet.TransferMore}
		for _, r := range sheet.Rows {
			out.Items = append(out.Items, s.oversightRow(r, out.Categories))
		}
		for _, f := range sheet.Matters {
			out.Matters = append(out.Matters, OversightMatter{window.ReceiptName(f.Key), oversightRatings(f)})
		}
		return &Body[OversightSheet]{out}, nil
	})
	route(s, op("oversightRegisters", http.MethodGet, "/oversight/registers", "各台账在一段期间的条数", tag), func(ctx context.Context, in *struct {
		OversightPeriod
		Agency string `query:"agency" maxLength:"20" doc:"一个机构；不填为所辖全部"`
	}) (*Body[Page[OversightRegister]], error) {
		list, err := s.Oversight.Kept(ctx, actor(ctx), calendar.Date(in.From), calendar.Date(in.Until), in.Agency)
		if err != nil {
			return nil, err
		}
		items := []OversightRegister{}
		for _, k := range list {
			h := registerHead(k.Register)
			items = append(items, OversightRegister{h.No, h.Name, h.Clause, h.Note, k.N, k.More})
		}
		return &Body[Page[OversightRegister]]{Page[OversightRegister]{Items: items}}, nil
	})
	route(s, op("oversightRefusals", http.MethodGet, "/oversight/refusals", "不予办理：业务、编号和依据，不列当事人", tag), func(ctx context.Context, in *OversightPaged) (*Body[Page[OversightRefusal]], error) {
		p, err := s.Oversight.Refusals(ctx, actor(ctx), in.filter())
		if err != nil {
			return nil, err
		}
		items := []OversightRefusal{}
		for _, r := range p.Rows {
			items = append(items, OversightRefusal{r.ID, r.On, r.Agency, r.Own[0], r.Own[1], r.Own[3], r.State, r.Tone})
		}
		return oversightPage(p, items), nil
	})
	route(s, op("oversightChanges", http.MethodGet, "/oversight/agency-changes", "机构变动：文号、生效日期和内容", tag), func(ctx context.Context, in *OversightPaged) (*Body[Page[OversightChange]], error) {
		p, err := s.Oversight.Changes(ctx, actor(ctx), in.filter())
		if err != nil {
			return nil, err
		}
		items := []OversightChange{}
		for _, r := range p.Rows {
			items = append(items, OversightChange{r.ID, r.On, r.Agency, r.State, r.Own[0], r.Own[1], r.Own[2], r.Own[3], r.Own[5], r.Tone})
		}
		return oversightPage(p, items), nil
	})
}

// oversightPage answers a part of a register.
func oversightPage[T any](p register.Page, items []T) *Body[Page[T]] {
	out := Page[T]{Items: items, Total: &p.Total}
	if p.Next != "" {
		out.Next = &p.Next
	}
	return &Body[Page[T]]{out}
}

func (s *Server) oversightRow(r oversight.Row, categories []codes.Code) OversightRow {
	today := s.Gate.Today()
	h := OversightHolding{Total: r.Holding.Total, InStore: r.Holding.InStore, Out: r.Holding.Out, Moving: r.Holding.Moving, Unclear: r.Unclear, Category: make([]int64, len(categories))}
	for i, c := range categories {
		h.Category[i] = r.Holding.Category[c.Code]
	}
	t := r.Transfer
	return OversightRow{Agency: r.Agency.ID, AgencyName: r.Agency.Name, Above: r.Above, State: r.Agency.State, ValidUntil: r.Agency.ValidUntil, Ended: r.Agency.Ended(today), Holding: h,
		Filing:    backlogView(r.Filing, r.Agency.ID, r.Agency.Name, today),
		Transfers: TransferStanding{Agency: r.Agency.ID, AgencyName: r.Agency.Name, Running: t.Running, Overdue: t.Overdue, Soon: t.Soon, Oldest: t.Oldest, Unbooked: t.Unbooked, Receipts: t.Receipts, Astray: t.Astray},
		Owed:      OversightOwed{r.Owed.Open, r.Owed.Overdue, r.Owed.Promised, r.Owed.Escalated, r.Owed.Oldest},
		Tardy:     OversightTardy{r.Tardy.Materials, r.Tardy.Days, r.Tardy.Longest, r.Tardy.Owed, r.Tardy.OwedDays, r.Tardy.OwedMost},
		Window:    OversightMatters{r.Window.Refusals, r.Window.Objections, r.Window.Upheld, r.Window.Complaints, r.Window.Justly, r.Window.Fees, r.Window.Overdue},
		Rating:    oversightRatings(r.Rating)}
}

func oversightRatings(f rating.Figure) OversightRatings {
	return OversightRatings{f.Ended, f.Rated, f.Hidden, f.Content(), f.Calls, f.Late, f.Fixed}
}
