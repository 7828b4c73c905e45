package api

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
)

func init() { capabilities = append(capabilities, (*Server).dossierRoutes) }

func (s *Server) dossierRoutes() {
	route(s, op("listDossiers", http.MethodGet, "/dossiers", "档案查询", "档案"), func(ctx context.Context, in *DossierQuery) (*Body[Page[DossierItem]], error) {
		list, err := s.Dossiers.Find(ctx, actor(ctx), in.filter())
		if err != nil {
			return nil, err
		}
		out := &Body[Page[DossierItem]]{Body: Page[DossierItem]{Items: []DossierItem{}}}
		for _, f := range list.Items {
			out.Body.Items = append(out.Body.Items, s.dossierItem(ctx, f))
		}
		if list.Next != "" {
			out.Body.Next = &list.Next
		}
		return out, nil
	})
	route(s, op("countDossiers", http.MethodGet, "/dossiers/count", "符合条件的卷数", "档案"), func(ctx context.Context, in *DossierQuery) (*Body[DossierCount], error) {
		n, err := s.Dossiers.Count(ctx, actor(ctx), in.filter())
		if err != nil {
			return nil, err
		}
		return &Body[DossierCount]{Body: DossierCount{n.N, n.More}}, nil
	})
	route(s, op("dossierViews", http.MethodGet, "/dossier-views", "视图与计数", "档案"), func(ctx context.Context, _ *struct{}) (*Body[ViewsView], error) {
		return s.views(ctx)
	})
	route(s, op("saveDossierViews", http.MethodPut, "/dossier-views", "保存自己的视图", "档案"), func(ctx context.Context, in *struct {
		Body struct {
			Saved []SavedView `json:"saved" maxItems:"30" nullable:"false"`
		}
	}) (*Body[ViewsView], error) {
		raw, err := json.Marshal(in.Body.Saved)
		if err != nil {
			return nil, err
		}
		if err := s.Dossiers.SaveViews(ctx, actor(ctx), string(raw)); err != nil {
			return nil, err
		}
		return s.views(ctx)
	})
	route(s, op("getDossier", http.MethodGet, "/dossiers/{id}", "档案页", "档案"), func(ctx context.Context, in *struct {
		ID string `path:"id" maxLength:"40"`
	}) (*Tagged[DossierView], error) {
		return s.dossierView(ctx, in.ID)
	})
	route(s, op("dossierTimeline", http.MethodGet, "/dossiers/{id}/timeline", "时间线", "档案"), func(ctx context.Context, in *struct {
		ID     string `path:"id" maxLength:"40"`
		Before int64  `query:"before" doc:"上一页最后一条的 ord"`
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}) (*Body[Page[MomentView]], error) {
		list, err := s.Dossiers.Timeline(ctx, actor(ctx), in.ID, in.Before, in.Limit+1)
		if err != nil {
			return nil, err
		}
		out := &Body[Page[MomentView]]{Body: Page[MomentView]{}}
		if len(list) > in.Limit {
			list = list[:in.Limit]
			next := strconv.FormatInt(list[in.Limit-1].Ord, 10)
			out.Body.Next = &next
		}
		out.Body.Items = s.moments(ctx, list)
		return out, nil
	})
	route(s, op("revealDossier", http.MethodPost, "/dossiers/{id}/reveal", "显示完整证件号（须说明用途）", "档案"), func(ctx context.Context, in *struct {
		ID   string `path:"id" maxLength:"40"`
		Body struct {
			Reason string `json:"reason" maxLength:"200"`
		}
	}) (*Body[struct {
		IDNo      string `json:"idNo"`
		IDWritten string `json:"idWritten,omitempty" doc:"证件或名册上的写法"`
		Phone     string `json:"phone,omitempty"`
	}], error) {
		r, err := s.Dossiers.Reveal(ctx, actor(ctx), in.ID, in.Body.Reason)
		if err != nil {
			return nil, err
		}
		out := &Body[struct {
			IDNo      string `json:"idNo"`
			IDWritten string `json:"idWritten,omitempty" doc:"证件或名册上的写法"`
			Phone     string `json:"phone,omitempty"`
		}]{}
		out.Body.IDNo, out.Body.IDWritten, out.Body.Phone = r.IDNo, r.IDWritten, r.Phone
		return out, nil
	})
	s.recordRoutes()
}
