package api

import (
	"context"
	"net/http"

	"dangan/internal/codes"
	"dangan/internal/dossier"
	"dangan/internal/identity"
)

// SourceBody says where an entry stands: a filed material, or a piece on paper
// cited by hand.
type SourceBody struct {
	MaterialID string `json:"materialId,omitempty" maxLength:"40"`
	Class      string `json:"class,omitempty" maxLength:"4"`
	Title      string `json:"title,omitempty" maxLength:"120"`
	Page       int64  `json:"page,omitempty" minimum:"0" maximum:"9999"`
}

// FamilyView is a recorded member of the family; reading it is on record.
type FamilyView struct {
	ID           string     `json:"id"`
	Relation     string     `json:"relation"`
	RelationName string     `json:"relationName"`
	Name         string     `json:"name"`
	IDNo         string     `json:"idNo,omitempty" doc:"前三后四"`
	Source       SourceView `json:"source"`
	Confirmed    bool       `json:"confirmed"`
	EnteredBy    string     `json:"enteredBy"`
	EnteredOwn   bool       `json:"enteredOwn"`
}

// EnteredView is the id of a new entry.
type EnteredView struct {
	ID string `json:"id"`
}

// DossierPath names a dossier.
type DossierPath struct {
	ID string `path:"id" maxLength:"40"`
}

// EntryPath names an entry.
type EntryPath struct {
	Kind  string `path:"kind" enum:"fact,period,family,determination,not_formed"`
	Entry string `path:"entry" maxLength:"40"`
}

// recordRoutes are the entries of what materials record: facts, periods, family,
// each confirmed by a second person.
func (s *Server) recordRoutes() {
	route(s, op("addFact", http.MethodPost, "/dossiers/{id}/facts", "登记关键信息（注明出处）", "档案"), func(ctx context.Context, in *struct {
		DossierPath
		Body struct {
			Kind    string     `json:"kind" enum:"birth_date,work_start,party_joining,party_full,education_degree,work_history,name,sex,ethnic,native_place"`
			Written string     `json:"written" maxLength:"200" doc:"照材料原文"`
			Source  SourceBody `json:"source"`
		}
	}) (*Body[EnteredView], error) {
		f, err := s.Dossiers.AddFact(ctx, actor(ctx), in.ID, dossier.NewFact{Kind: in.Body.Kind, Written: in.Body.Written, Source: dossier.Source(in.Body.Source)})
		return &Body[EnteredView]{Body: EnteredView{f.ID}}, err
	})
	route(s, op("addPeriod", http.MethodPost, "/dossiers/{id}/periods", "登记经历（注明出处）", "档案"), func(ctx context.Context, in *struct {
		DossierPath
		Body struct {
			Kind     string     `json:"kind" enum:"study,work,service"`
			From     string     `json:"from" maxLength:"7" doc:"2013-07"`
			To       string     `json:"to,omitempty" maxLength:"7" doc:"至今留空"`
			Unit     string     `json:"unit" maxLength:"120"`
			Post     string     `json:"post,omitempty" maxLength:"80"`
			Identity string     `json:"identity,omitempty" maxLength:"40" doc:"第二十条（三）所列身份"`
			Source   SourceBody `json:"source"`
		}
	}) (*Body[EnteredView], error) {
		b := in.Body
		p, err := s.Dossiers.AddPeriod(ctx, actor(ctx), in.ID, dossier.NewPeriod{Kind: b.Kind, FromMonth: b.From, ToMonth: b.To, Unit: b.Unit, Post: b.Post, Identity: b.Identity, Source: dossier.Source(b.Source)})
		return &Body[EnteredView]{Body: EnteredView{p.ID}}, err
	})
	route(s, op("addFamily", http.MethodPost, "/dossiers/{id}/family", "登记家庭成员（注明出处）", "档案"), func(ctx context.Context, in *struct {
		DossierPath
		Body struct {
			Relation string     `json:"relation" maxLength:"60"`
			Name     string     `json:"name" maxLength:"60"`
			IDNo     string     `json:"idNo,omitempty" maxLength:"30"`
			Source   SourceBody `json:"source"`
		}
	}) (*Body[EnteredView], error) {
		b := in.Body
		m, err := s.Dossiers.AddFamily(ctx, actor(ctx), in.ID, dossier.NewFamily{Relation: b.Relation, Name: b.Name, IDNo: b.IDNo, Source: dossier.Source(b.Source)})
		return &Body[EnteredView]{Body: EnteredView{m.ID}}, err
	})
	route(s, op("listFamily", http.MethodGet, "/dossiers/{id}/family", "家庭成员（查看留痕）", "档案"), func(ctx context.Context, in *DossierPath) (*Body[Page[FamilyView]], error) {
		list, err := s.Dossiers.FamilyOf(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		out := &Body[Page[FamilyView]]{Body: Page[FamilyView]{Items: []FamilyView{}}}
		name := s.names(ctx)
		labels := map[string]string{}
		catalog, err := dossier.CatalogOf(ctx, s.DB, in.ID)
		if err != nil {
			return nil, err
		}
		for _, m := range catalog {
			labels[m.ID] = s.Dossiers.Seen(actor(ctx), m).Label()
		}
		for _, m := range list {
			label := m.Cite
			if l := labels[m.MaterialID]; l != "" {
				label = l
			}
			out.Body.Items = append(out.Body.Items, FamilyView{m.ID, m.Relation, codes.KinName(m.Relation), m.Name, identity.Mask(m.IDNo), SourceView{m.MaterialID, label, m.PageNo},
				m.ConfirmedBy != "", name(m.EnteredBy), m.EnteredBy == actor(ctx).ID})
		}
		return out, nil
	})
	route(s, op("compareFacts", http.MethodGet, "/dossiers/{id}/comparison", "信息核对表：记载并列、差异、认定、经历衔接（查看留痕）", "档案"), func(ctx context.Context, in *DossierPath) (*Body[ComparisonView], error) {
		c, err := s.Dossiers.CompareAll(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		out := &Body[ComparisonView]{Body: ComparisonView{DossierID: c.Dossier.ID, No: c.Dossier.No, Person: c.Person, Intervals: []IntervalView{}, Flags: []FlagView{},
			Facts: s.keyFacts(ctx, c.Facts, func(id string) string { return c.Hands[id] }), Possible: possible(c.Possible)}}
		for _, f := range c.Flags {
			out.Body.Flags = append(out.Body.Flags, FlagView(f))
		}
		for _, i := range c.Intervals {
			out.Body.Intervals = append(out.Body.Intervals, IntervalView{i.Kind, i.Name(), i.Months, i.Text()})
		}
		return out, nil
	})
	route(s, op("addDetermination", http.MethodPost, "/dossiers/{id}/determinations", "登记主管部门对关键信息的认定（凭认定材料）", "档案"), func(ctx context.Context, in *struct {
		DossierPath
		Body struct {
			Kind      string     `json:"kind" enum:"birth_date,work_start,party_joining,party_full,education_degree,work_history,name,sex,ethnic,native_place"`
			Written   string     `json:"written" maxLength:"200" doc:"认定的内容，照材料原文"`
			Authority string     `json:"authority" maxLength:"80" doc:"作出认定的主管部门"`
			DocNo     string     `json:"docNo" maxLength:"60"`
			On        string     `json:"on" maxLength:"10" doc:"认定日期"`
			Source    SourceBody `json:"source"`
		}
	}) (*Body[EnteredView], error) {
		b := in.Body
		e, err := s.Dossiers.Determine(ctx, actor(ctx), in.ID, dossier.NewDetermination{Kind: b.Kind, Written: b.Written, Authority: b.Authority, DocNo: b.DocNo, On: b.On, Source: dossier.Source(b.Source)})
		return &Body[EnteredView]{Body: EnteredView{e.ID}}, err
	})
	route(s, op("stateNotFormed", http.MethodPost, "/dossiers/{id}/not-formed", "登记一般应有的材料没有形成（凭说明）", "档案"), func(ctx context.Context, in *struct {
		DossierPath
		Body struct {
			Title     string `json:"title" maxLength:"200" doc:"清单上的材料名称"`
			StatedBy  string `json:"statedBy,omitempty" maxLength:"120" doc:"说明的单位；由本人说明的写“本人”"`
			On        string `json:"on,omitempty" maxLength:"10" doc:"说明的日期"`
			Statement string `json:"statement,omitempty" maxLength:"200" doc:"凭什么说明、存放在哪里"`
		}
	}) (*Body[EnteredView], error) {
		b := in.Body
		e, err := s.Dossiers.StateNotFormed(ctx, actor(ctx), in.ID, dossier.NewNotFormed{Title: b.Title, StatedBy: b.StatedBy, On: b.On, Statement: b.Statement})
		return &Body[EnteredView]{Body: EnteredView{e.ID}}, err
	})
	route(s, op("confirmEntry", http.MethodPost, "/entries/{kind}/{entry}/confirm", "第二人核对一条记载", "档案"), func(ctx context.Context, in *EntryPath) (*struct{}, error) {
		_, err := s.Dossiers.Confirm(ctx, actor(ctx), in.Kind, in.Entry)
		return nil, err
	})
	route(s, op("withdrawEntry", http.MethodPost, "/entries/{kind}/{entry}/withdraw", "撤销一条登记（材料不变）", "档案"), func(ctx context.Context, in *struct {
		EntryPath
		Body struct {
			Reason string `json:"reason" maxLength:"200"`
		}
	}) (*struct{}, error) {
		_, err := s.Dossiers.Withdraw(ctx, actor(ctx), in.Kind, in.Entry, in.Body.Reason)
		return nil, err
	})
	route(s, op("stateHistory", http.MethodPost, "/dossiers/{id}/history/state", "登记经历已完整", "档案"), func(ctx context.Context, in *struct {
		DossierPath
		IfMatch
	}) (*struct{}, error) {
		_, err := s.Dossiers.StateHistory(ctx, actor(ctx), in.ID)
		return nil, err
	})
	route(s, op("confirmHistory", http.MethodPost, "/dossiers/{id}/history/confirm", "第二人核对经历完整", "档案"), func(ctx context.Context, in *struct {
		DossierPath
		IfMatch
	}) (*struct{}, error) {
		_, err := s.Dossiers.ConfirmHistory(ctx, actor(ctx), in.ID)
		return nil, err
	})
	route(s, op("closeSupplement", http.MethodPost, "/supplements/{id}/close", "补充材料办结", "档案"), func(ctx context.Context, in *struct {
		DossierPath
		Body struct {
			MaterialID string `json:"materialId,omitempty" maxLength:"40"`
			Why        string `json:"why,omitempty" maxLength:"200" doc:"无此材料的说明"`
		}
	}) (*struct{}, error) {
		_, err := s.Dossiers.Supply(ctx, actor(ctx), in.ID, in.Body.MaterialID, in.Body.Why)
		return nil, err
	})
	route(s, op("dossierLists", http.MethodGet, "/dossier-lists", "类别、类号、身份、亲属关系、缺陷等码表", "档案"), func(_ context.Context, _ *struct{}) (*Body[ListsView], error) {
		out := &Body[ListsView]{Body: ListsView{Classes: codes.Classes(), Identities: codes.Identities(), Kins: codes.Kins()[1:], Defects: codes.Defects(), Pauses: codes.PauseReasons(), Categories: codes.Categories()}}
		for _, kind := range dossier.FactKinds {
			out.Body.KeyFacts = append(out.Body.KeyFacts, codes.Code{Code: kind, Name: dossier.KeyFactName(kind)})
		}
		return out, nil
	})
}

// ListsView are the lists that forms offer.
type ListsView struct {
	Classes    []codes.Class       `json:"classes" nullable:"false"`
	Identities []codes.Identity    `json:"identities" nullable:"false"`
	Kins       []codes.Kin         `json:"kins" nullable:"false"`
	Defects    []codes.Defect      `json:"defects" nullable:"false"`
	Pauses     []codes.PauseReason `json:"pauses" nullable:"false"`
	Categories []codes.Category    `json:"categories" nullable:"false"`
	KeyFacts   []codes.Code        `json:"keyFacts" nullable:"false"`
}
