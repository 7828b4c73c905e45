package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"dangan/internal/clock"
	"dangan/internal/document"
	"dangan/internal/rule"
	"dangan/internal/store"
)

func init() { capabilities = append(capabilities, (*Server).documentRoutes) }

// DocumentView is one line of the register of papers.
type DocumentView struct {
	ID         string `json:"id"`
	Kind       string `json:"kind"`
	KindName   string `json:"kindName"`
	Number     string `json:"number"`
	Agency     string `json:"agency"`
	AgencyName string `json:"agencyName"`
	State      string `json:"state" enum:"issued,answered,void,superseded"`
	StateName  string `json:"stateName"`
	Addressee  string `json:"addressee,omitempty"`
	IssuedOn   string `json:"issuedOn" format:"date"`
	ValidUntil string `json:"validUntil,omitempty"`
	Replaces   string `json:"replaces,omitempty" doc:"所代替的文书"`
	Code       string `json:"code" doc:"验证码"`
}

// CheckView is all that anybody may know of a paper by number and code (forms.md 19.6).
type CheckView struct {
	Kind       string `json:"kind"`
	Number     string `json:"number"`
	State      string `json:"state" enum:"valid,expired,void,superseded,damaged"`
	StateName  string `json:"stateName"`
	Agency     string `json:"agency"`
	IssuedOn   string `json:"issuedOn" format:"date"`
	ValidUntil string `json:"validUntil,omitempty"`
	ValidDays  int    `json:"validDays,omitempty" doc:"还有多少天"`
	IDTail     string `json:"idTail,omitempty" doc:"身份证号末四位"`
	CheckedAt  string `json:"checkedAt" format:"date-time"`
	Hotline    string `json:"hotline,omitempty"`
	// Of an application's slip: how far the case is, without anything of the person.
	Progress      []CheckStep `json:"progress,omitempty" doc:"受理回执所载申请办到哪一步"`
	ProgressState string      `json:"progressState,omitempty"`
	Rating        string      `json:"rating,omitempty" enum:"open,done" doc:"办结的申请：open 可以评价，done 已经评价"`
}

// CheckStep is one step of an application, as the holder of its slip may know it.
type CheckStep struct {
	Name  string `json:"name"`
	State string `json:"state" enum:"done,now,todo,stopped"`
	On    string `json:"on,omitempty"`
}

func (s *Server) documentRoutes() {
	route(s, op("listDocuments", http.MethodGet, "/documents", "某项业务或某份档案的文书", "文书"), func(ctx context.Context, in *struct {
		Case    string `query:"case" maxLength:"80" doc:"业务，如 Transfer:<id>"`
		Dossier string `query:"dossier" maxLength:"40"`
	}) (*Body[Page[DocumentView]], error) {
		var list []document.Document
		var err error
		switch {
		case in.Case != "":
			list, err = s.Documents.OfCase(ctx, actor(ctx), in.Case)
		case in.Dossier != "":
			list, err = s.Documents.OfDossier(ctx, actor(ctx), in.Dossier)
		default:
			err = rule.Mistake(rule.Reason{Rule: "29.3", Slug: "case_or_dossier", Field: "case", Message: "请指明业务或档案。", Next: "请从业务或档案页面查看文书。"})
		}
		if err != nil {
			return nil, err
		}
		out := &Body[Page[DocumentView]]{Body: Page[DocumentView]{Items: []DocumentView{}}}
		for _, d := range list {
			out.Body.Items = append(out.Body.Items, s.documentView(ctx, d))
		}
		return out, nil
	})
	route(s, op("getDocument", http.MethodGet, "/documents/{id}", "一份文书的登记", "文书"), func(ctx context.Context, in *struct {
		ID string `path:"id" maxLength:"40"`
	}) (*Tagged[DocumentView], error) {
		d, err := s.Documents.Show(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return &Tagged[DocumentView]{etag(d.Version), s.documentView(ctx, d)}, nil
	})
	route(s, op("readDocument", http.MethodGet, "/documents/{id}/pdf", "文书原件（PDF），查看留痕", "文书"), func(ctx context.Context, in *struct {
		ID       string `path:"id" maxLength:"40"`
		Download bool   `query:"download"`
	}) (*File, error) {
		p, err := s.Documents.Read(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return pdfFile(p.PDF, p.KindName()+" "+p.Number+".pdf", in.Download), nil
	})
	route(s, public(op("verifyDocument", http.MethodGet, "/verify", "凭编号和验证码查验文书真伪", "查验")), func(ctx context.Context, in *struct {
		Number string `query:"number" maxLength:"80" required:"true"`
		Code   string `query:"code" maxLength:"20" required:"true"`
	}) (*Body[CheckView], error) {
		c, err := s.Documents.Check(ctx, in.Number, in.Code)
		if errors.Is(err, store.ErrNotFound) {
			return nil, &Problem{Type: "about:blank", Title: "没有查到", Status: http.StatusNotFound, Kind: kindAbsent,
				Detail: "没有查到与编号、验证码都相符的文书。请对照纸面逐字核对；仍查不到的，请向出具机构电话核实。"}
		} else if err != nil {
			return nil, err
		}
		v := s.checkView(ctx, c)
		if c.Kind == document.Acceptance && v.State == "valid" {
			ref := c.CaseRef
			first, before, onward, err := s.Intakes.Progress(ctx, ref)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return nil, err
			}
			v.ProgressState = first
			for _, st := range before {
				v.Progress = append(v.Progress, CheckStep{st.Name, st.State, st.On})
			}
			if onward != "" { // the slip goes on for what the application became
				ref = onward
			}
			state, steps, err := s.Transfers.Progress(ctx, ref)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return nil, err
			}
			if state != "" {
				v.ProgressState = state
			}
			for _, st := range steps {
				v.Progress = append(v.Progress, CheckStep{st.Name, st.State, st.On})
			}
			if v.Rating, err = s.Ratings.Asked(ctx, c.Document); err != nil {
				return nil, err
			}
		}
		return &Body[CheckView]{v}, nil
	})
	route(s, public(op("getTrust", http.MethodGet, "/verify/trust", "公开的文书核验证书，供 dangan verify certificate --trust 使用", "查验")), func(_ context.Context, _ *struct{}) (*File, error) {
		return &File{Type: "application/x-pem-file", Disposition: disposition("dangan-trust.pem", true), Body: s.Keys.TrustPEM()}, nil
	})
}

// File is an answer that is a file.
type File struct {
	Type        string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Policy      string `header:"Content-Security-Policy"`
	Body        []byte
}

func pdfFile(content []byte, name string, download bool) *File {
	// A paper is shown inside our own pages only, and runs nothing.
	return &File{Type: "application/pdf", Disposition: disposition(name, download), Policy: "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'", Body: content}
}

func disposition(name string, download bool) string {
	kind := "inline"
	if download {
		kind = "attachment"
	}
	return kind + "; filename*=UTF-8''" + url.PathEscape(name)
}

func (s *Server) agencyName(ctx context.Context, code string) string {
	tree, err := s.Agencies.Tree(ctx)
	if err != nil {
		return code
	}
	return tree.Name(code)
}

func (s *Server) documentView(ctx context.Context, d document.Document) DocumentView {
	return DocumentView{ID: d.ID, Kind: d.Kind, KindName: d.KindName(), Number: d.Number, Agency: d.Agency, AgencyName: s.agencyName(ctx, d.Agency), State: d.State, StateName: d.StateName(),
		Addressee: d.Addressee, IssuedOn: d.IssuedAt.In(clock.Shanghai).Format(time.DateOnly), ValidUntil: d.ValidUntil, Replaces: d.Replaces, Code: d.Code}
}

func (s *Server) checkView(ctx context.Context, c document.Checked) CheckView {
	v := CheckView{Kind: c.KindName(), Number: c.Number, Agency: s.agencyName(ctx, c.Agency), IssuedOn: c.IssuedAt.In(clock.Shanghai).Format(time.DateOnly),
		ValidUntil: c.ValidUntil, ValidDays: c.ValidDays(s.Gate.Today()), IDTail: c.IDTail, CheckedAt: s.Gate.Now().UTC().Format(time.RFC3339)}
	switch {
	case !c.Intact:
		v.State, v.StateName = "damaged", "核对不符，请勿采信"
	case c.State == document.Void:
		v.State, v.StateName = "void", "已作废"
	case c.State == document.Superseded:
		v.State, v.StateName = "superseded", "已被新件代替"
	case c.Expired:
		v.State, v.StateName = "expired", "已过有效期"
	default:
		v.State, v.StateName = "valid", "有效"
	}
	if tree, err := s.Agencies.Tree(ctx); err == nil {
		if a, ok := tree.Get(c.Agency); ok {
			v.Hotline = a.Hotline
		}
	}
	return v
}
