package api

import (
	"context"
	"net/http"
	"strings"

	"dangan/internal/codes"
	"dangan/internal/region"
	"dangan/internal/store"
)

func init() { capabilities = append(capabilities, (*Server).codeRoutes) }

// CodeItem is one entry of a list; Note tells what a form says beside it.
type CodeItem struct {
	Code string `json:"code"`
	Name string `json:"name"`
	Note string `json:"note,omitempty"`
}

// AgencyItem is a node of the tree that keeps dossiers.
type AgencyItem struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	Region string `json:"region"`
}

func plain(list []codes.Code) []CodeItem {
	out := make([]CodeItem, len(list))
	for i, c := range list {
		out[i] = CodeItem{Code: c.Code, Name: c.Name}
	}
	return out
}

// codeLists are the lists forms choose from.
var codeLists = map[string]func() []CodeItem{
	"sex":       func() []CodeItem { return plain(codes.Sexes()) },
	"ethnic":    func() []CodeItem { return plain(codes.Ethnics()) },
	"education": func() []CodeItem { return plain(codes.Educations()) },
	"political": func() []CodeItem { return plain(codes.Politicals()) },
	"kin": func() []CodeItem {
		var out []CodeItem
		for _, k := range codes.Kins() {
			out = append(out, CodeItem{Code: k.Slug, Name: k.Name})
		}
		return out
	},
	"categories": func() []CodeItem {
		var out []CodeItem
		for _, c := range codes.Categories() {
			item := CodeItem{Code: c.Rule, Name: c.Name, Note: c.Evidence}
			if c.Subtype != "" {
				item.Code, item.Name = c.Rule+"/"+c.Subtype, c.Name+"："+c.SubName
			}
			out = append(out, item)
		}
		return out
	},
	"identities": func() []CodeItem {
		var out []CodeItem
		for _, c := range codes.Identities() {
			out = append(out, CodeItem{Code: c.Slug, Name: c.Name})
		}
		return out
	},
	"purposes": func() []CodeItem {
		var out []CodeItem
		for _, c := range codes.Purposes() {
			out = append(out, CodeItem{Code: c.Slug, Name: c.Name})
		}
		return out
	},
	"ways": func() []CodeItem {
		var out []CodeItem
		for _, c := range codes.TransferWays() {
			out = append(out, CodeItem{Code: c.Slug, Name: c.Name})
		}
		return out
	},
	"classes": func() []CodeItem {
		var out []CodeItem
		for _, c := range codes.Classes() {
			if !c.Selectable {
				continue
			}
			out = append(out, CodeItem{Code: c.Code, Name: c.Name})
		}
		return out
	},
	"divisions": func() []CodeItem {
		var out []CodeItem
		for _, d := range region.Chongqing() {
			if d.Status == "active" {
				out = append(out, CodeItem{Code: d.Code, Name: d.Name})
			}
		}
		return out
	},
}

func (s *Server) codeRoutes() {
	route(s, op("listCodes", http.MethodGet, "/codes/{list}", "代码表", "代码"), func(_ context.Context, in *struct {
		List string `path:"list" enum:"sex,ethnic,education,political,kin,categories,identities,purposes,ways,classes,divisions"`
	}) (*Body[Page[CodeItem]], error) {
		items, known := codeLists[in.List]
		if !known {
			return nil, store.ErrNotFound
		}
		return &Body[Page[CodeItem]]{Body: Page[CodeItem]{Items: items()}}, nil
	})
	route(s, op("listAgencies", http.MethodGet, "/agencies", "档案管理服务机构", "代码"), func(ctx context.Context, _ *struct{}) (*Body[Page[AgencyItem]], error) {
		tree, err := s.Agencies.Tree(ctx)
		if err != nil {
			return nil, err
		}
		out := &Body[Page[AgencyItem]]{Body: Page[AgencyItem]{Items: []AgencyItem{}}}
		for _, a := range tree.Keepers() {
			out.Body.Items = append(out.Body.Items, AgencyItem{Code: a.ID, Name: a.Name, Region: a.Region})
		}
		return out, nil
	})
}

// sexName is a sex as screens say it: 男, 女 (GB/T 2261.1 says 男性, 女性).
func sexName(code string) string { return strings.TrimSuffix(codes.Name(codes.Sexes(), code), "性") }
