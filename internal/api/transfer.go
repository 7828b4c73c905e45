package api

import (
	"context"
	"net/http"

	"dangan/internal/codes"
	"dangan/internal/dossier"
	"dangan/internal/region"
	"dangan/internal/transfer"
)

func init() { capabilities = append(capabilities, (*Server).transferRoutes) }

// transferTag heads the operations of transfer in the API's document.
const transferTag = "转递"

func (s *Server) transferRoutes() {
	s.transferQueries()
	s.transferAsking()
	s.transferLeaving()
	s.transferArriving()
	s.transferFaults()
	s.transferLists()
	s.transferStrays()
}

// transferQueries are what can be asked.
func (s *Server) transferQueries() {
	route(s, op("listTransfers", http.MethodGet, "/transfers", "转递", transferTag), func(ctx context.Context, in *struct {
		OfAgency
		Side  string `query:"side" enum:"in,out,"`
		State string `query:"state" maxLength:"20" doc:"某一状态，或 open、done"`
		Due   string `query:"due" enum:"overdue,soon,unbooked,"`
		Text  string `query:"q" maxLength:"100" doc:"姓名、身份证号、案号、函号、通知单号"`
		After string `query:"after" maxLength:"100"`
		Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}) (*Body[TransferPage], error) {
		by := in.of(ctx)
		f := transfer.Filter{Side: in.Side, State: in.State, Due: in.Due, Text: in.Text, After: in.After, Limit: in.Limit + 1}
		list, err := s.Transfers.Cases(ctx, by, f)
		if err != nil {
			return nil, err
		}
		n, err := s.Transfers.Counts(ctx, by)
		if err != nil {
			return nil, err
		}
		out := &Body[TransferPage]{Body: TransferPage{Items: []TransferLine{}, Open: n.Open, Overdue: n.Overdue, Soon: n.Soon, Unbooked: n.Unbooked, Incoming: n.Incoming, Outgoing: n.Outgoing, More: n.More,
			MayApply: s.Gate.Decide(by, "transfer.apply", transfer.Case{Receiver: by.Org}.Resource(dossier.Dossier{})).Allowed()}}
		if len(list) > in.Limit {
			list = list[:in.Limit]
			next := list[in.Limit-1].Cursor(f)
			out.Body.Next = &next
		}
		for _, c := range list {
			out.Body.Items = append(out.Body.Items, s.transferLine(ctx, c))
		}
		return out, nil
	})
	route(s, op("tallyTransfers", http.MethodGet, "/transfer-tally", "按机构统计转递时限", transferTag), func(ctx context.Context, _ *struct{}) (*Body[TransferTally], error) {
		list, more, err := s.Transfers.Tally(ctx, actor(ctx))
		if err != nil {
			return nil, err
		}
		out := &Body[TransferTally]{Body: TransferTally{Items: []TransferStanding{}, More: more}}
		for _, r := range list {
			out.Body.Items = append(out.Body.Items, TransferStanding{Agency: r.Agency, AgencyName: s.agencyName(ctx, r.Agency), Running: r.Running, Overdue: r.Overdue, Soon: r.Soon, Oldest: r.Oldest, Unbooked: r.Unbooked, Receipts: r.Receipts, Astray: r.Astray})
		}
		return out, nil
	})
	route(s, op("transferChoices", http.MethodGet, "/transfers/choices", "转递用到的选项", transferTag), func(ctx context.Context, _ *struct{}) (*Body[TransferChoices], error) {
		tree, err := s.Agencies.Tree(ctx)
		if err != nil {
			return nil, err
		}
		v := TransferChoices{Reasons: transfer.ReasonNames, Ties: s.Transfers.Ties(), Documents: transfer.IDDocuments, Ways: codes.TransferWays(), Agencies: []codes.Code{},
			Categories: codes.CategoryChoices(), Politicals: codes.Politicals(), Classes: []codes.Code{}, KeyFacts: []codes.Code{}, Divisions: []codes.Code{}, Identities: codes.Identities(), Provinces: transfer.Provinces(), Ends: transfer.OutsideKinds, Today: s.Gate.Today().String()}
		for _, a := range tree.Keepers() {
			if a.ID != actor(ctx).Org {
				v.Agencies = append(v.Agencies, codes.Code{Code: a.ID, Name: a.Name})
			}
		}
		for _, c := range codes.Classes() {
			if c.Selectable {
				v.Classes = append(v.Classes, codes.Code{Code: c.Code, Name: c.Short})
			}
		}
		for _, d := range region.Chongqing() {
			if d.Status == "active" && d.Code != "500000" {
				v.Divisions = append(v.Divisions, codes.Code{Code: d.Code, Name: d.Name})
			}
		}
		for _, f := range dossier.KeyFacts {
			v.KeyFacts = append(v.KeyFacts, codes.Code{Code: f, Name: dossier.KeyFactName(f)})
		}
		return &Body[TransferChoices]{v}, nil
	})
	route(s, op("getTransfer", http.MethodGet, "/transfers/{id}", "一件转递，查看留痕", transferTag), func(ctx context.Context, in *TransferIn) (*Tagged[TransferView], error) {
		v, err := s.Transfers.Read(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return s.transferView(ctx, v)
	})
}

// TransferStanding is how one agency stands with the terms of its transfers.
type TransferStanding struct {
	Agency     string `json:"agency"`
	AgencyName string `json:"agencyName"`
	Running    int64  `json:"running" doc:"十五个工作日内在办"`
	Overdue    int64  `json:"overdue"`
	Soon       int64  `json:"soon" doc:"三个工作日内到期"`
	Oldest     string `json:"oldest,omitempty" doc:"最早的逾期期限"`
	Unbooked   int64  `json:"unbooked" doc:"系统内来函逾期未登记"`
	Receipts   int64  `json:"receipts" doc:"回执逾期"`
	Astray     int64  `json:"astray" doc:"包裹异常未了结"`
}

// TransferTally is the tally by agency, the one most behind first.
type TransferTally struct {
	Items []TransferStanding `json:"items" nullable:"false"`
	More  bool               `json:"more,omitempty" doc:"至少这么多，没有再数"`
}

// TransferChoices are the lists an application is filled in from.
type TransferChoices struct {
	Reasons    []string         `json:"reasons" nullable:"false"`
	Ties       []string         `json:"ties" nullable:"false"`
	Documents  []string         `json:"documents" nullable:"false"`
	Ways       []codes.Way      `json:"ways" nullable:"false"`
	Agencies   []codes.Code     `json:"agencies" nullable:"false"`
	Categories []codes.Code     `json:"categories" nullable:"false"`
	Politicals []codes.Code     `json:"politicals" nullable:"false"`
	Classes    []codes.Code     `json:"classes" nullable:"false"`
	KeyFacts   []codes.Code     `json:"keyFacts" nullable:"false"`
	Divisions  []codes.Code     `json:"divisions" nullable:"false" doc:"区县"`
	Identities []codes.Identity `json:"identities" nullable:"false" doc:"原身份"`
	Provinces  []codes.Code     `json:"provinces" nullable:"false" doc:"其他省份"`
	Ends       []codes.Code     `json:"ends" nullable:"false" doc:"外单位的性质；other 不得接收档案"`
	Today      string           `json:"today"`
}

// TransferPage is a page of the list with the figures above it.
type TransferPage struct {
	Items    []TransferLine `json:"items" nullable:"false"`
	Next     *string        `json:"next"`
	Open     int64          `json:"open"`
	Overdue  int64          `json:"overdue"`
	Soon     int64          `json:"soon"`
	Unbooked int64          `json:"unbooked" doc:"系统内来函逾期未登记"`
	Incoming int64          `json:"incoming"`
	Outgoing int64          `json:"outgoing"`
	More     bool           `json:"more,omitempty" doc:"至少这么多，没有再数"`
	MayApply bool           `json:"mayApply"`
}

// TransferIn names a case and the version it was seen in.
type TransferIn struct {
	IfMatch
	ID string `path:"id" maxLength:"64"`
}

// transferOnly is an act that says nothing but which case.
type transferOnly = struct{ TransferIn }

func (s *Server) simpleTransfer(id, path, summary string, do func(context.Context, *transferOnly) (transfer.Case, error)) {
	route(s, op(id, http.MethodPost, "/transfers/{id}/"+path, summary, transferTag), func(ctx context.Context, in *transferOnly) (*Tagged[TransferView], error) {
		c, err := do(ctx, in)
		return s.transferAfter(ctx, c, err)
	})
}

// transferAfter shows a case after an act of the asker's own.
func (s *Server) transferAfter(ctx context.Context, c transfer.Case, err error) (*Tagged[TransferView], error) {
	if err != nil {
		return nil, err
	}
	v, err := s.Transfers.View(ctx, actor(ctx), c.ID)
	if err != nil {
		return nil, err
	}
	return s.transferView(ctx, v)
}
