package api

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"dangan/internal/roster"
	"dangan/internal/rule"
	"dangan/internal/sheet"
)

func init() { capabilities = append(capabilities, (*Server).rosterRoutes) }

const (
	workbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	maxWorkbook  = 64 << 20
)

// RosterCounts are the fates of the rows.
type RosterCounts struct {
	Rows        int64 `json:"rows"`
	Accepted    int64 `json:"accepted"`
	Warned      int64 `json:"warned" doc:"可导入行中有提示的"`
	Rejected    int64 `json:"rejected"`
	AlreadyHere int64 `json:"alreadyHere"`
}

// RosterItem is one import in the list.
type RosterItem struct {
	ID         string       `json:"id"`
	FileName   string       `json:"fileName"`
	State      string       `json:"state" enum:"uploaded,running,finished,cancelled,failed"`
	StateName  string       `json:"stateName"`
	Counts     RosterCounts `json:"counts"`
	Basis      string       `json:"basis,omitempty"`
	Note       string       `json:"note,omitempty"`
	StaffName  string       `json:"staffName"`
	UploadedAt time.Time    `json:"uploadedAt"`
	EndedAt    *time.Time   `json:"endedAt,omitempty"`
}

// RosterProgress is how far a check or run is.
type RosterProgress struct {
	Phase   string       `json:"phase" doc:"空、checking、checked、running、ended、failed"`
	Done    int64        `json:"done"`
	Total   int64        `json:"total"`
	Counts  RosterCounts `json:"counts"`
	TookMS  int64        `json:"tookMs"`
	At      *time.Time   `json:"at,omitempty"`
	Trouble string       `json:"trouble,omitempty"`
}

// RosterView is one import.
type RosterView struct {
	RosterItem
	Agency struct {
		Code string `json:"code"`
		Name string `json:"name"`
	} `json:"agency"`
	Sheet     string         `json:"sheet"`
	HeaderRow int64          `json:"headerRow"`
	Progress  RosterProgress `json:"progress"`
	Unclear   int64          `json:"unclear" doc:"需改正的行中可登记为身份待核、一人多档的"`
	Possible  []Possible     `json:"possible" nullable:"false"`
}

// RosterColumn is one column and what it is imported as.
type RosterColumn struct {
	Column     int    `json:"column"`
	Header     string `json:"header"`
	Field      string `json:"field" doc:"空为存为备注"`
	Confidence string `json:"confidence" enum:"auto,confirm,chosen,note"`
	Sample     string `json:"sample"`
}

// RosterField is what a column can be imported as.
type RosterField struct {
	Field string `json:"field"`
	Label string `json:"label"`
}

// RosterColumns is the mapping with its choices.
type RosterColumns struct {
	Columns []RosterColumn `json:"columns" nullable:"false"`
	Fields  []RosterField  `json:"fields" nullable:"false"`
	Missing []RosterField  `json:"missing" nullable:"false" doc:"必须有而没有找到的字段"`
}

// RosterID names an import.
type RosterID struct {
	ID string `path:"id" maxLength:"64"`
}

// RosterColumnChoice says as what a column is imported.
type RosterColumnChoice struct {
	Column int    `json:"column" minimum:"1" maximum:"16384"`
	Field  string `json:"field" maxLength:"32"`
}

func (s *Server) rosterRoutes() {
	upload := op("uploadRoster", http.MethodPost, "/rosters", "上传花名册", "花名册")
	upload.MaxBodyBytes = maxWorkbook
	route(s, upload, func(ctx context.Context, in *struct {
		Name    string `query:"name" maxLength:"255" required:"true" doc:"文件名"`
		RawBody []byte `contentType:"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"`
	}) (*Tagged[RosterView], error) {
		who := actor(ctx)
		m, _, err := s.Rosters.Receive(ctx, who, roster.Source{Agency: who.Org, FileName: in.Name, Content: bytes.NewReader(in.RawBody), Size: int64(len(in.RawBody))})
		if err != nil {
			return nil, workbookProblem(err)
		}
		return s.rosterView(ctx, m)
	})
	route(s, op("listRosters", http.MethodGet, "/rosters", "导入记录", "花名册"), func(ctx context.Context, in *struct {
		Cursor string `query:"cursor" maxLength:"64"`
		Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
	}) (*Body[Page[RosterItem]], error) {
		who := actor(ctx)
		list, err := s.Rosters.List(ctx, who, who.Org, in.Cursor, in.Limit+1)
		if err != nil {
			return nil, err
		}
		out := &Body[Page[RosterItem]]{Body: Page[RosterItem]{Items: []RosterItem{}}}
		if len(list) > in.Limit {
			list = list[:in.Limit]
			out.Body.Next = &list[in.Limit-1].ID
		}
		for _, m := range list {
			out.Body.Items = append(out.Body.Items, s.rosterItem(ctx, m))
		}
		return out, nil
	})
	route(s, op("getRoster", http.MethodGet, "/rosters/{id}", "导入详情与进度", "花名册"), func(ctx context.Context, in *RosterID) (*Tagged[RosterView], error) {
		m, err := s.Rosters.Get(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return s.rosterView(ctx, m)
	})
	route(s, op("getRosterColumns", http.MethodGet, "/rosters/{id}/columns", "字段对应", "花名册"), func(ctx context.Context, in *RosterID) (*Body[RosterColumns], error) {
		m, err := s.Rosters.Get(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return s.rosterColumns(ctx, m)
	})
	route(s, op("mapRoster", http.MethodPut, "/rosters/{id}/columns", "改字段对应并重新预检", "花名册"), func(ctx context.Context, in *struct {
		RosterID
		IfMatch
		Body struct {
			Columns []RosterColumnChoice `json:"columns" maxItems:"500"`
		}
	}) (*Tagged[RosterView], error) {
		chosen := map[int]roster.Field{}
		for _, c := range in.Body.Columns {
			chosen[c.Column] = roster.Field(c.Field)
		}
		m, err := s.Rosters.Map(ctx, actor(ctx), in.ID, chosen)
		if err != nil {
			return nil, err
		}
		return s.rosterView(ctx, m)
	})
	route(s, op("startRoster", http.MethodPost, "/rosters/{id}/start", "确认导入", "花名册"), func(ctx context.Context, in *struct {
		RosterID
		IfMatch
		Body struct {
			Basis string `json:"basis,omitempty" maxLength:"200" doc:"登记依据"`
		}
	}) (*Tagged[RosterView], error) {
		m, err := s.Rosters.Start(ctx, actor(ctx), in.ID, strings.TrimSpace(in.Body.Basis))
		if err != nil {
			return nil, err
		}
		return s.rosterView(ctx, m)
	})
	route(s, op("cancelRoster", http.MethodPost, "/rosters/{id}/cancel", "取消导入", "花名册"), func(ctx context.Context, in *struct {
		RosterID
		IfMatch
	}) (*Tagged[RosterView], error) {
		m, err := s.Rosters.Cancel(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return s.rosterView(ctx, m)
	})
	route(s, op("saveRosterTemplate", http.MethodPost, "/rosters/{id}/template", "存为本机构模板", "花名册"), func(ctx context.Context, in *RosterID) (*struct{}, error) {
		return nil, s.Rosters.SaveTemplate(ctx, actor(ctx), in.ID)
	})
	route(s, op("listRosterRows", http.MethodGet, "/rosters/{id}/rows", "逐行结果", "花名册"), func(ctx context.Context, in *struct {
		RosterID
		Show   string `query:"show" enum:"all,findings,rejected" default:"findings" doc:"全部、需改正和提示、只看需改正"`
		Cursor int    `query:"cursor" minimum:"0" doc:"从哪一行之后"`
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}) (*Body[RosterRows], error) {
		m, err := s.Rosters.Get(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		least := map[string]int{"all": 0, "findings": 1, "rejected": 2}[in.Show]
		list, err := s.Rosters.Lines(ctx, m.ID, least, in.Cursor, in.Limit+1)
		if err != nil {
			return nil, err
		}
		out := &Body[RosterRows]{}
		if len(list) > in.Limit {
			list = list[:in.Limit]
			out.Body.Next = &list[in.Limit-1].Row
		}
		out.Body.Items = list
		return out, nil
	})
	route(s, op("downloadRosterErrors", http.MethodGet, "/rosters/{id}/errors", "下载错误工作簿", "花名册"), func(ctx context.Context, in *RosterID) (*struct {
		ContentType string `header:"Content-Type"`
		Disposition string `header:"Content-Disposition"`
		Body        []byte
	}, error) {
		m, err := s.Rosters.Get(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		var book bytes.Buffer
		if err := s.Rosters.Errors(ctx, m, &book); err != nil {
			return nil, workbookProblem(err)
		}
		name := strings.TrimSuffix(m.FileName, ".xlsx") + "-需改正.xlsx"
		return &struct {
			ContentType string `header:"Content-Type"`
			Disposition string `header:"Content-Disposition"`
			Body        []byte
		}{workbookType, "attachment; filename*=UTF-8''" + url.PathEscape(name), book.Bytes()}, nil
	})
}

// RosterRows is one page of fates; Next is the row to go on after.
type RosterRows struct {
	Items []roster.Line `json:"items" nullable:"false"`
	Next  *int          `json:"next"`
}

// workbookProblem says what is wrong with a workbook as a whole.
func workbookProblem(err error) error {
	var file *sheet.Error
	if !errors.As(err, &file) {
		return err
	}
	return rule.Mistake(rule.Reason{Rule: "2", Slug: string(file.Code), Field: "file", Message: file.Message + "。", Next: file.Next + "。"})
}

func (s *Server) rosterItem(ctx context.Context, m roster.Import) RosterItem {
	out := RosterItem{ID: m.ID, FileName: m.FileName, State: string(m.State), StateName: m.State.Name(), Basis: m.Basis, Note: m.Note, UploadedAt: m.UploadedAt,
		Counts: RosterCounts{m.Rows, m.Accepted, m.Warned, m.Rejected, m.AlreadyHere}, StaffName: s.staffName(ctx, m.StaffID)}
	if !m.EndedAt.IsZero() {
		out.EndedAt = &m.EndedAt
	}
	return out
}

func (s *Server) rosterView(ctx context.Context, m roster.Import) (*Tagged[RosterView], error) {
	p, err := s.Rosters.Progress(ctx, m.ID)
	if err != nil {
		return nil, err
	}
	tree, err := s.Agencies.Tree(ctx)
	if err != nil {
		return nil, err
	}
	out := &Tagged[RosterView]{ETag: etag(m.Version), Body: RosterView{RosterItem: s.rosterItem(ctx, m), Sheet: m.Sheet, HeaderRow: m.HeaderRow}}
	v := &out.Body
	v.Agency.Code, v.Agency.Name = m.Agency, tree.Name(m.Agency)
	v.Progress = RosterProgress{Phase: p.Phase, Done: p.Done, Total: p.Total, Counts: RosterCounts{p.Done, p.Accepted, p.Warned, p.Rejected, p.AlreadyHere}, TookMS: p.TookMS, Trouble: p.Trouble}
	if !p.BeatAt.IsZero() {
		v.Progress.At = &p.BeatAt
	}
	if v.Unclear, err = s.Rosters.Eligible(ctx, m.ID); err != nil {
		return nil, err
	}
	v.Possible = possible(s.Rosters.Possible(actor(ctx), m))
	return out, nil
}

func (s *Server) rosterColumns(ctx context.Context, m roster.Import) (*Body[RosterColumns], error) {
	columns, err := s.Rosters.Columns(ctx, m)
	if err != nil {
		return nil, workbookProblem(err)
	}
	out := &Body[RosterColumns]{Body: RosterColumns{Columns: []RosterColumn{}, Fields: []RosterField{}, Missing: []RosterField{}}}
	for _, c := range columns {
		if c.Field != roster.Ours {
			out.Body.Columns = append(out.Body.Columns, RosterColumn{c.Number, c.Header, string(c.Field), string(c.Confidence), c.Sample})
		}
	}
	for _, f := range roster.Fields() {
		out.Body.Fields = append(out.Body.Fields, RosterField{string(f), f.Label()})
	}
	for _, f := range roster.Missing(columns) {
		out.Body.Missing = append(out.Body.Missing, RosterField{string(f), f.Label()})
	}
	return out, nil
}
