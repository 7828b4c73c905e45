package api

import (
	"bytes"
	"context"
	"net/http"
	"net/url"

	"dangan/internal/calendar"
	"dangan/internal/register"
	"dangan/internal/rule"
)

func init() { capabilities = append(capabilities, (*Server).registerRoutes) }

const registerTag = "台账"

// RegisterChoice is a state that a register can be narrowed to.
type RegisterChoice struct {
	Key  string `json:"key"`
	Name string `json:"name"`
}

// RegisterHead says what a register is.
type RegisterHead struct {
	Key    string           `json:"key"`
	No     int              `json:"no"`
	Name   string           `json:"name"`
	Clause string           `json:"clause" doc:"依据"`
	Date   string           `json:"date" doc:"日期栏的名称"`
	Heads  []string         `json:"heads" nullable:"false" doc:"本台账自己的栏"`
	States []RegisterChoice `json:"states" nullable:"false"`
	Note   string           `json:"note" doc:"哪些事项列入"`
}

// RegisterRow is one line.
type RegisterRow struct {
	ID        string   `json:"id"`
	On        string   `json:"on"`
	Agency    string   `json:"agency"`
	Handler   string   `json:"handler"`
	Person    string   `json:"person"`
	DossierNo string   `json:"dossierNo"`
	CaseNo    string   `json:"caseNo"`
	Own       []string `json:"own" nullable:"false"`
	State     string   `json:"state"`
	Tone      string   `json:"tone"`
	Link      string   `json:"link"`
}

// RegisterPage is a part of a register.
type RegisterPage struct {
	Register RegisterHead  `json:"register"`
	Rows     []RegisterRow `json:"rows" nullable:"false"`
	Next     string        `json:"next,omitempty"`
	Total    int64         `json:"total"`
	Capped   bool          `json:"capped,omitempty" doc:"超过所计的条数"`
}

// RegisterQuery narrows a register.
type RegisterQuery struct {
	Key    string `path:"key" maxLength:"40"`
	From   string `query:"from" maxLength:"10" required:"true" doc:"起始日期"`
	Until  string `query:"until" maxLength:"10" required:"true" doc:"截止日期，含当日"`
	Agency string `query:"agency" maxLength:"20" doc:"一个机构；不填为所属全部"`
	State  string `query:"state" maxLength:"40"`
	Q      string `query:"q" maxLength:"60" doc:"姓名、档案编号或文号"`
}

func (q RegisterQuery) filter() register.Filter {
	return register.Filter{From: calendar.Date(q.From), Until: calendar.Date(q.Until), Agency: q.Agency, State: q.State, Text: q.Q}
}

// RegisterBook is an exported register; its number stands in the header and the name.
type RegisterBook struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Number      string `header:"X-Number" doc:"导出编号"`
	Rows        int    `header:"X-Rows" doc:"条数"`
	Body        []byte
}

func (s *Server) registerRoutes() {
	route(s, op("listRegisters", http.MethodGet, "/registers", "本岗位的台账", registerTag), func(ctx context.Context, _ *struct{}) (*Body[[]RegisterHead], error) {
		out := []RegisterHead{}
		for _, r := range s.Registers.Offered(actor(ctx)) {
			out = append(out, registerHead(r))
		}
		return &Body[[]RegisterHead]{Body: out}, nil
	})
	route(s, op("readRegister", http.MethodGet, "/registers/{key}", "台账：按期间、机构、状态", registerTag), func(ctx context.Context, in *struct {
		RegisterQuery
		Cursor string `query:"cursor" maxLength:"80"`
		Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
	}) (*Body[RegisterPage], error) {
		f := in.filter()
		f.After, f.Limit = in.Cursor, in.Limit
		p, err := s.Registers.List(ctx, actor(ctx), in.Key, f)
		if err != nil {
			return nil, err
		}
		out := &Body[RegisterPage]{Body: RegisterPage{Register: registerHead(p.Register), Rows: []RegisterRow{}, Next: p.Next, Total: p.Total, Capped: p.Capped}}
		for _, r := range p.Rows {
			out.Body.Rows = append(out.Body.Rows, RegisterRow{r.ID, r.On, r.Agency, r.Handler, r.Person, r.DossierNo, r.CaseNo, r.Own, r.State, r.Tone, r.Link})
		}
		return out, nil
	})
	route(s, op("exportRegister", http.MethodGet, "/registers/{key}/book.xlsx", "导出台账：电子表格，有编号，导出留存记录", registerTag), func(ctx context.Context, in *struct{ RegisterQuery }) (*RegisterBook, error) {
		var book bytes.Buffer
		made, err := s.Registers.Export(ctx, actor(ctx), in.Key, in.filter(), &book)
		if err != nil {
			return nil, err
		}
		name := made.Name + "台账-" + made.Number + ".xlsx"
		return &RegisterBook{workbookType, "attachment; filename*=UTF-8''" + url.PathEscape(name), made.Number, made.Rows, book.Bytes()}, nil
	})
	route(s, op("printRegister", http.MethodPost, "/registers/{key}/print", "打印台账：有编号、签章", registerTag), func(ctx context.Context, in *struct{ RegisterQuery }) (*Body[DocumentView], error) {
		doc, err := s.Registers.Print(ctx, actor(ctx), in.Key, in.filter())
		if err != nil {
			return nil, err
		}
		return &Body[DocumentView]{Body: s.documentView(ctx, doc)}, nil
	})
}

func registerHead(r register.Register) RegisterHead {
	h := RegisterHead{Key: r.Key, No: r.No, Name: r.Name, Date: r.Date, Heads: r.Heads, States: []RegisterChoice{}, Note: r.Note}
	if known, ok := rule.Get(r.Rule); ok {
		h.Clause = known.Clause
	}
	for _, c := range r.States {
		h.States = append(h.States, RegisterChoice(c))
	}
	return h
}
