package api

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"dangan/internal/account"
	"dangan/internal/identity"
	"dangan/internal/rule"
	"dangan/internal/sheet"
)

func init() { capabilities = append(capabilities, (*Server).unitStaffRoutes) }

// maxUnitStaff bounds the file of a list of staff.
const maxUnitStaff = 4 << 20

// shownRows bounds the rows an answer lists; those to be seen to come first.
const shownRows = 500

// UnitStaffRow is one row of a list, with what it is and does.
type UnitStaffRow struct {
	Row       int64    `json:"row"`
	Name      string   `json:"name"`
	IDNo      string   `json:"idNo,omitempty" doc:"前三后四"`
	LeftOn    string   `json:"leftOn,omitempty"`
	Gone      bool     `json:"gone,omitempty" doc:"已离职"`
	Outcome   string   `json:"outcome" enum:"wrong,left,personal,other,elsewhere,none,on,gone"`
	Problems  []string `json:"problems,omitempty"`
	DossierID string   `json:"dossierId,omitempty"`
}

// UnitStaffOutcome is one outcome with how many rows have it.
type UnitStaffOutcome struct {
	Key  string `json:"key"`
	Name string `json:"name"`
	Does string `json:"does" doc:"这样的行会怎样办"`
	N    int64  `json:"n"`
}

// UnitStaffReport says what each row of a file is and does.
type UnitStaffReport struct {
	ListNo   string             `json:"listNo,omitempty" doc:"登记后的名册编号"`
	FileName string             `json:"fileName"`
	Preview  bool               `json:"preview"`
	Already  bool               `json:"already,omitempty" doc:"同一份文件以前登记过，没有变化"`
	Rows     int                `json:"rows"`
	Outcomes []UnitStaffOutcome `json:"outcomes" nullable:"false"`
	Items    []UnitStaffRow     `json:"items" nullable:"false" doc:"需办理的在前，最多 500 行"`
	Unlisted []UnitMember       `json:"unlisted" nullable:"false" doc:"名下有、名册没有的，最多 500 卷"`
	Missing  int                `json:"missing" doc:"名下有、名册没有的卷数"`
}

// UnitStaff is the list of an account that counts.
type UnitStaff struct {
	ListNo     string             `json:"listNo,omitempty"`
	FileName   string             `json:"fileName,omitempty"`
	ImportedBy string             `json:"importedBy,omitempty"`
	ImportedAt *time.Time         `json:"importedAt,omitempty"`
	Missing    int64              `json:"missing"`
	Outcomes   []UnitStaffOutcome `json:"outcomes" nullable:"false"`
	Items      []UnitStaffRow     `json:"items" nullable:"false"`
	Next       *string            `json:"next"`
}

func (s *Server) unitStaffRoutes() {
	const tag = "集体账户"
	upload := op("importUnitStaff", http.MethodPost, "/unit-accounts/{id}/staff", "上传单位名册（XLSX 或 UTF-8 的 CSV）：先预检（preview=true），再整份登记", tag)
	upload.MaxBodyBytes = maxUnitStaff
	route(s, upload, func(ctx context.Context, in *struct {
		ID      string `path:"id" maxLength:"64"`
		Name    string `query:"name" maxLength:"255" required:"true" doc:"文件名"`
		Preview bool   `query:"preview" doc:"只预检，不登记"`
		Worker  string `query:"worker" maxLength:"64" doc:"经办人送来的：其授权"`
		RawBody []byte `contentType:"application/octet-stream"`
	}) (*Body[UnitStaffReport], error) {
		r, err := s.Accounts.ImportRoll(ctx, actor(ctx), account.RollSource{Account: in.ID, FileName: in.Name, Content: bytes.NewReader(in.RawBody), Size: int64(len(in.RawBody)), DryRun: in.Preview, Worker: in.Worker})
		var file *sheet.Error
		if errors.As(err, &file) {
			return nil, rule.Mistake(rule.Reason{Rule: "12c", Slug: string(file.Code), Field: "file", Message: file.Message + "。", Next: file.Next + "。"})
		} else if err != nil {
			return nil, err
		}
		return &Body[UnitStaffReport]{unitStaffReport(r, in.Preview)}, nil
	})
	route(s, op("getUnitStaff", http.MethodGet, "/unit-accounts/{id}/staff", "单位最近一份名册，逐行核对的结果", tag), func(ctx context.Context, in *struct {
		ID      string `path:"id" maxLength:"64"`
		Outcome string `query:"outcome" enum:"left,personal,other,elsewhere,none,on,gone,"`
		Cursor  int    `query:"cursor" minimum:"0"`
		Limit   int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}) (*Body[UnitStaff], error) {
		r, counts, rows, ok, err := s.Accounts.RollOf(ctx, actor(ctx), in.ID, in.Outcome, in.Cursor, in.Limit+1)
		if err != nil {
			return nil, err
		}
		out := UnitStaff{Outcomes: []UnitStaffOutcome{}, Items: []UnitStaffRow{}}
		if !ok {
			return &Body[UnitStaff]{out}, nil
		}
		out.ListNo, out.FileName, out.ImportedBy, out.ImportedAt, out.Missing = r.No, r.FileName, s.staffName(ctx, r.ImportedBy), &r.ImportedAt, r.Unlisted
		for _, o := range account.RollOutcomes[1:] {
			out.Outcomes = append(out.Outcomes, rollOutcome(o, counts[o]))
		}
		if len(rows) > in.Limit {
			rows = rows[:in.Limit]
			next := strconv.FormatInt(rows[in.Limit-1].Row, 10)
			out.Next = &next
		}
		for _, c := range rows {
			out.Items = append(out.Items, UnitStaffRow{Row: c.Row, Name: c.Name, IDNo: identity.Mask(c.IDNo), LeftOn: c.LeftOn, Gone: c.Gone, Outcome: c.Outcome, DossierID: c.DossierID})
		}
		return &Body[UnitStaff]{out}, nil
	})
}

func rollOutcome(key string, n int64) UnitStaffOutcome {
	name, does := account.RollName(key)
	return UnitStaffOutcome{key, name, does, n}
}

func unitStaffReport(r account.RollReport, preview bool) UnitStaffReport {
	out := UnitStaffReport{ListNo: r.List.No, FileName: r.File, Preview: preview, Already: r.Already, Rows: len(r.Lines), Outcomes: []UnitStaffOutcome{}, Items: []UnitStaffRow{}, Unlisted: []UnitMember{}, Missing: len(r.Unlisted)}
	for _, o := range account.RollOutcomes {
		if r.Counts[o] > 0 {
			out.Outcomes = append(out.Outcomes, rollOutcome(o, int64(r.Counts[o])))
		}
		for _, l := range r.Lines {
			if l.Outcome == o && len(out.Items) < shownRows {
				out.Items = append(out.Items, UnitStaffRow{Row: int64(l.Row), Name: l.Name, IDNo: identity.Mask(l.IDNo), LeftOn: string(l.LeftOn), Gone: l.Gone, Outcome: l.Outcome, Problems: l.Problems})
			}
		}
	}
	for _, u := range r.Unlisted[:min(shownRows, len(r.Unlisted))] {
		out.Unlisted = append(out.Unlisted, UnitMember{ID: u.ID, No: u.No, Name: u.Name})
	}
	return out
}
