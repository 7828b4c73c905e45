package api

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"dangan/internal/clock"
	"dangan/internal/codes"
	"dangan/internal/dossier"
	"dangan/internal/identity"

	"github.com/danielgtaylor/huma/v2"
)

func init() { capabilities = append(capabilities, (*Server).exportRoutes) }

const exportPath = "/api/v1/dossiers/list.xlsx"

// Workbook is a spreadsheet sent as a file, as it is read.
type Workbook struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Rows        int    `header:"X-Rows" doc:"行数"`
	Body        func(huma.Context)
}

func (s *Server) exportRoutes() {
	route(s, op("exportDossiers", http.MethodGet, "/dossiers/list.xlsx", "导出清单：当前条件或所选的档案，证件号遮盖，导出留存记录", "档案"), func(ctx context.Context, in *struct {
		DossierQuery
		IDs []string `query:"ids" maxItems:"100" doc:"只导出所选"`
	}) (*Workbook, error) {
		book, rows, err := s.Dossiers.Export(ctx, actor(ctx), in.filter(), in.IDs, s.dossierSheet(ctx))
		if err != nil {
			return nil, err
		}
		name := "档案清单-" + string(s.Gate.Today()) + ".xlsx"
		return &Workbook{workbookType, "attachment; filename*=UTF-8''" + url.PathEscape(name), rows, func(answer huma.Context) {
			defer func() { _ = book.Close() }()
			_, _ = io.Copy(answer.BodyWriter(), book) // who went away gets the rest no more
		}}, nil
	})
}

// dossierSheet are the columns of an exported list: the list's own, numbers masked (security.md 8).
func (s *Server) dossierSheet(ctx context.Context) dossier.Sheet {
	count := func(n int64) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatInt(n, 10)
	}
	return dossier.Sheet{Name: "档案清单",
		Heads:  []string{"序号", "档案编号", "姓名", "性别", "身份证号", "人员类别", "存档机构", "状态", "现在何处", "份", "页", "影像页", "要留意", "最近办理"},
		Widths: []float64{6, 24, 12, 6, 22, 22, 34, 12, 18, 6, 6, 8, 24, 12},
		Cells: func(n int, f dossier.Found) []string {
			v := s.dossierItem(ctx, f)
			var notes []string
			for _, a := range v.Attention {
				notes = append(notes, a.Text)
			}
			return []string{strconv.Itoa(n), v.No, v.Name, v.Sex, identity.Mask(f.Person.IDNo), v.Category + " " + codes.CategoryName(v.Category), v.AgencyName, v.StateName, v.Where,
				count(v.Materials), count(v.Pages), count(v.Images), strings.Join(notes, "，"), v.ChangedAt.In(clock.Shanghai).Format(time.DateOnly)}
		}}
}
