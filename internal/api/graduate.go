package api

import (
	"context"
	"net/http"
	"time"

	"dangan/internal/graduate"
	"dangan/internal/identity"
)

func init() { capabilities = append(capabilities, (*Server).graduateRoutes) }

// GraduateList is one list of a school.
type GraduateList struct {
	ID       string    `json:"id"`
	School   string    `json:"school"`
	FileName string    `json:"fileName"`
	Rows     int64     `json:"rows" doc:"文件中的行数，含需改正的"`
	ListedAt time.Time `json:"listedAt"`
}

// GraduateListView is a list with how many of its people are in each state.
type GraduateListView struct {
	GraduateList
	Counts map[string]int64 `json:"counts" nullable:"false" doc:"未到 awaited、待认领 unclaimed、已认领 claimed、已有档案 elsewhere"`
}

// GraduateItem is one person of a list.
type GraduateItem struct {
	ID         string     `json:"id"`
	Name       string     `json:"name"`
	IDNo       string     `json:"idNo" doc:"遮盖"`
	TransferNo string     `json:"transferNo"`
	MailNo     string     `json:"mailNo,omitempty"`
	State      string     `json:"state" enum:"awaited,unclaimed,claimed,elsewhere"`
	StateName  string     `json:"stateName"`
	Seal       string     `json:"seal,omitempty"`
	Note       string     `json:"note,omitempty"`
	ReceivedAt *time.Time `json:"receivedAt,omitempty"`
	ToldWay    string     `json:"toldWay,omitempty"`
	DossierID  string     `json:"dossierId,omitempty" doc:"本机构保管的档案"`
}

// GraduateView is one person of a list with what may be done.
type GraduateView struct {
	GraduateItem
	ListID        string     `json:"listId"`
	School        string     `json:"school"`
	NoticeVersion string     `json:"noticeVersion,omitempty"`
	Missing       string     `json:"missing,omitempty" doc:"缺少的关键材料"`
	Possible      []Possible `json:"possible" nullable:"false"`
}

// GraduateIn names a person of a list and the version it was seen at.
type GraduateIn struct {
	IfMatch
	ID string `path:"id" maxLength:"64"`
}

func (s *Server) graduateRoutes() {
	const tag = "毕业生接收"
	route(s, op("listGraduateLists", http.MethodGet, "/graduate-lists", "本机构的毕业去向登记名单", tag), func(ctx context.Context, in *struct {
		After string `query:"after" maxLength:"64"`
		Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}) (*Body[Page[GraduateList]], error) {
		list, err := s.Graduates.Lists(ctx, actor(ctx), in.After, in.Limit+1)
		if err != nil {
			return nil, err
		}
		out := &Body[Page[GraduateList]]{Body: Page[GraduateList]{Items: []GraduateList{}}}
		if len(list) > in.Limit {
			list = list[:in.Limit]
			out.Body.Next = &list[in.Limit-1].ID
		}
		for _, l := range list {
			out.Body.Items = append(out.Body.Items, graduateList(l))
		}
		return out, nil
	})
	route(s, op("getGraduateList", http.MethodGet, "/graduate-lists/{id}", "一份名单：未到、待认领、已认领、已有档案各几人", tag), func(ctx context.Context, in *GraduateIn) (*Tagged[GraduateListView], error) {
		l, counts, err := s.Graduates.ListOf(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		v := GraduateListView{GraduateList: graduateList(l), Counts: map[string]int64{}}
		for state, n := range counts {
			v.Counts[string(state)] = n
		}
		return &Tagged[GraduateListView]{ETag: etag(l.Version), Body: v}, nil
	})
	route(s, op("listGraduates", http.MethodGet, "/graduate-lists/{id}/graduates", "名单中的毕业生", tag), func(ctx context.Context, in *struct {
		ID    string `path:"id" maxLength:"64"`
		State string `query:"state" enum:"awaited,unclaimed,claimed,elsewhere,"`
		After string `query:"after" maxLength:"64"`
		Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}) (*Body[Page[GraduateItem]], error) {
		list, err := s.Graduates.People(ctx, actor(ctx), in.ID, graduate.State(in.State), in.After, in.Limit+1)
		if err != nil {
			return nil, err
		}
		out := &Body[Page[GraduateItem]]{Body: Page[GraduateItem]{Items: []GraduateItem{}}}
		if len(list) > in.Limit {
			list = list[:in.Limit]
			out.Body.Next = &list[in.Limit-1].ID
		}
		for _, g := range list {
			out.Body.Items = append(out.Body.Items, graduateItem(g))
		}
		return out, nil
	})
	route(s, op("receiveGraduate", http.MethodPost, "/graduate-packets", "收到一袋毕业生档案：按转递编号或邮件号对名单，当日起保管", tag), func(ctx context.Context, in *struct {
		Body struct {
			Number string `json:"number" maxLength:"64" doc:"转递编号或邮件号"`
			Seal   string `json:"seal" enum:"intact,broken" doc:"封存完好、封存有损"`
			Note   string `json:"note,omitempty" maxLength:"200" doc:"有损的，写明情况"`
		}
	}) (*Tagged[GraduateView], error) {
		g, err := s.Graduates.Receive(ctx, actor(ctx), graduate.Arrival{Number: in.Body.Number, Seal: in.Body.Seal, Note: in.Body.Note})
		if err != nil {
			return nil, err
		}
		return s.graduateView(ctx, g.ID)
	})
	route(s, op("getGraduate", http.MethodGet, "/graduates/{id}", "名单中的一名毕业生", tag), func(ctx context.Context, in *GraduateIn) (*Tagged[GraduateView], error) {
		return s.graduateView(ctx, in.ID)
	})
	route(s, op("tellGraduate", http.MethodPost, "/graduates/{id}/tell", "登记已告知本人档案在此", tag), func(ctx context.Context, in *struct {
		GraduateIn
		Body struct {
			Way string `json:"way,omitempty" maxLength:"100" doc:"怎样告知，如电话、短信、信函"`
		}
	}) (*Tagged[GraduateView], error) {
		if _, err := s.Graduates.Tell(ctx, actor(ctx), in.ID, in.Body.Way); err != nil {
			return nil, err
		}
		return s.graduateView(ctx, in.ID)
	})
	route(s, op("claimGraduate", http.MethodPost, "/graduates/{id}/claim", "本人认领：开户，告知权利义务，缺关键材料的书面说明并承诺", tag), func(ctx context.Context, in *struct {
		GraduateIn
		Body struct {
			NoticeVersion string   `json:"noticeVersion,omitempty" maxLength:"40" doc:"告知书版本"`
			Missing       []string `json:"missing,omitempty" maxItems:"20" doc:"缺少的关键材料"`
			Undertaking   bool     `json:"undertaking,omitempty" doc:"本人已书面说明并承诺"`
		}
	}) (*Tagged[GraduateView], error) {
		b := in.Body
		if _, err := s.Graduates.Claim(ctx, actor(ctx), in.ID, graduate.Claim{NoticeVersion: b.NoticeVersion, Missing: b.Missing, Undertaking: b.Undertaking}); err != nil {
			return nil, err
		}
		return s.graduateView(ctx, in.ID)
	})
}

func graduateList(l graduate.List) GraduateList {
	return GraduateList{ID: l.ID, School: l.School, FileName: l.FileName, Rows: l.Rows, ListedAt: l.ListedAt}
}

func graduateItem(g graduate.Graduate) GraduateItem {
	v := GraduateItem{ID: g.ID, Name: g.Name, IDNo: identity.Mask(g.IDNo), TransferNo: g.TransferNo, MailNo: g.MailNo, State: string(g.State), StateName: g.State.Name(),
		Seal: g.Seal, Note: g.Note, ToldWay: g.ToldWay}
	if !g.ReceivedAt.IsZero() {
		v.ReceivedAt = &g.ReceivedAt
	}
	if g.State != graduate.Elsewhere {
		v.DossierID = g.DossierID
	}
	return v
}

func (s *Server) graduateView(ctx context.Context, id string) (*Tagged[GraduateView], error) {
	g, may, err := s.Graduates.Of(ctx, actor(ctx), id)
	if err != nil {
		return nil, err
	}
	return &Tagged[GraduateView]{ETag: etag(g.Version), Body: GraduateView{GraduateItem: graduateItem(g), ListID: g.ListID, School: g.School,
		NoticeVersion: g.NoticeVersion, Missing: g.Missing, Possible: possible(may)}}, nil
}
