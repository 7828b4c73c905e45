package api

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"dangan/internal/codes"
	"dangan/internal/digital"
	"dangan/internal/dossier"
)

func init() { capabilities = append(capabilities, (*Server).digitalRoutes) }

// DeliveryItem is one delivery in the list.
type DeliveryItem struct {
	ID          string     `json:"id"`
	No          string     `json:"no"`
	Label       string     `json:"label" doc:"交付目录名"`
	State       string     `json:"state" enum:"running,stopped,faulty,received,sampling,accepted,sent_back"`
	StateName   string     `json:"stateName"`
	Agency      string     `json:"agency"`
	AgencyName  string     `json:"agencyName"`
	StaffName   string     `json:"staffName"`
	Folders     int64      `json:"folders"`
	Ingested    int64      `json:"ingested"`
	Quarantined int64      `json:"quarantined"`
	Already     int64      `json:"already"`
	Pages       int64      `json:"pages"`
	Note        string     `json:"note,omitempty"`
	Decision    string     `json:"decision,omitempty"`
	DecidedBy   string     `json:"decidedBy,omitempty"`
	StartedAt   time.Time  `json:"startedAt"`
	EndedAt     *time.Time `json:"endedAt,omitempty"`
	DecidedAt   *time.Time `json:"decidedAt,omitempty"`
}

// DeliveryView is one delivery with its sample's tally.
type DeliveryView struct {
	DeliveryItem
	Sample   DeliveryTally `json:"sample"`
	Possible []Possible    `json:"possible" nullable:"false"`
}

// DeliveryTally counts verdicts.
type DeliveryTally struct {
	Drawn  int64 `json:"drawn"`
	Passed int64 `json:"passed"`
	Failed int64 `json:"failed"`
	Line   int   `json:"line" doc:"合格线，百分数"`
}

// DeliveryFinding is one problem or warning of a folder.
type DeliveryFinding struct {
	Path     string `json:"path"`
	Code     string `json:"code"`
	Label    string `json:"label"`
	Property string `json:"property" doc:"四性检测"`
	Next     string `json:"next"`
	Warning  bool   `json:"warning"`
}

// DeliveryFolder is one folder.
type DeliveryFolder struct {
	ID        string            `json:"id"`
	Folder    string            `json:"folder" doc:"身份证号已遮盖"`
	State     string            `json:"state" enum:"waiting,quarantined,accepted,rejected"`
	StateName string            `json:"stateName"`
	DossierID string            `json:"dossierId,omitempty"`
	DossierNo string            `json:"dossierNo,omitempty"`
	Materials int64             `json:"materials"`
	Pages     int64             `json:"pages"`
	Bytes     int64             `json:"bytes"`
	Reason    string            `json:"reason,omitempty"`
	Findings  []DeliveryFinding `json:"findings" nullable:"false"`
}

// SampledPage is one page of the sample.
type SampledPage struct {
	ID         string       `json:"id"`
	PageID     string       `json:"pageId"`
	PageNo     int64        `json:"pageNo"`
	MaterialID string       `json:"materialId"`
	Title      string       `json:"title"`
	Place      string       `json:"place" doc:"类号-序号"`
	Pages      int64        `json:"pages"`
	Person     string       `json:"person"`
	DossierNo  string       `json:"dossierNo"`
	Why        string       `json:"why" enum:"key,random"`
	Verdict    string       `json:"verdict"`
	Note       string       `json:"note,omitempty"`
	Image      ImageQuality `json:"image"`
}

// PageVerdict is what a reviewer says of one page.
type PageVerdict struct {
	ID      string `json:"id" maxLength:"64"`
	Verdict string `json:"verdict" enum:"pass,fail"`
	Note    string `json:"note,omitempty" maxLength:"200"`
}

// ImageQuality is what the automatic check measured.
type ImageQuality struct {
	Width  int64    `json:"width"`
	Height int64    `json:"height"`
	DPI    int64    `json:"dpi"`
	Format string   `json:"format"`
	JPEG   int      `json:"jpeg,omitempty" doc:"压缩质量估计"`
	Skew   float64  `json:"skew,omitempty" doc:"倾斜，度"`
	Blank  bool     `json:"blank"`
	Hints  []string `json:"hints" nullable:"false" doc:"gray quality skew soft size"`
}

// DigitalPage is one page of a material.
type DigitalPage struct {
	ID    string       `json:"id"`
	No    int64        `json:"no"`
	State string       `json:"state" enum:"waiting,accepted,rejected"`
	Image ImageQuality `json:"image"`
}

// DigitalMaterial is one material beside its pages.
type DigitalMaterial struct {
	ID        string        `json:"id"`
	Class     string        `json:"class"`
	ClassName string        `json:"className"`
	Seq       int64         `json:"seq"`
	Title     string        `json:"title"`
	Formed    string        `json:"formed,omitempty" doc:"2013-06-20、2013-06 或 2013"`
	PageCount int64         `json:"pageCount"`
	State     string        `json:"state"`
	StateName string        `json:"stateName"`
	Secret    bool          `json:"secret"`
	Pages     []DigitalPage `json:"pages" nullable:"false"`
}

// DigitalVolume is a dossier's images beside its catalog.
type DigitalVolume struct {
	DossierID string            `json:"dossierId"`
	No        string            `json:"no"`
	Person    string            `json:"person"`
	Materials []DigitalMaterial `json:"materials" nullable:"false"`
}

// PageThumb is one thumbnail.
type PageThumb struct {
	ID    string `json:"id"`
	No    int64  `json:"no"`
	Image string `json:"image" doc:"data: 地址"`
}

// DeliveryID names a delivery, dossier, material or page.
type DeliveryID struct {
	ID string `path:"id" maxLength:"64"`
}

type pageImage struct {
	ContentType string `header:"Content-Type"`
	Cache       string `header:"Cache-Control"`
	Body        []byte
}

func (s *Server) digitalRoutes() {
	const tag = "数字化"
	route(s, op("listDeliveries", http.MethodGet, "/deliveries", "数字化成果交付", tag), func(ctx context.Context, in *struct {
		OfAgency
		Cursor string `query:"cursor" maxLength:"64"`
		Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
	}) (*Body[Page[DeliveryItem]], error) {
		list, err := s.Digital.List(ctx, actor(ctx), in.Agency, in.Cursor, in.Limit+1)
		if err != nil {
			return nil, err
		}
		out := &Body[Page[DeliveryItem]]{Body: Page[DeliveryItem]{Items: []DeliveryItem{}}}
		if len(list) > in.Limit {
			list = list[:in.Limit]
			out.Body.Next = &list[in.Limit-1].ID
		}
		for _, v := range list {
			out.Body.Items = append(out.Body.Items, s.deliveryItem(ctx, v))
		}
		return out, nil
	})
	route(s, op("getDelivery", http.MethodGet, "/deliveries/{id}", "交付详情", tag), func(ctx context.Context, in *DeliveryID) (*Tagged[DeliveryView], error) {
		v, err := s.Digital.Get(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return s.deliveryView(ctx, v)
	})
	route(s, op("listDeliveryFolders", http.MethodGet, "/deliveries/{id}/folders", "交付中的文件夹", tag), func(ctx context.Context, in *struct {
		DeliveryID
		State  string `query:"state" enum:",waiting,quarantined,accepted,rejected" default:""`
		Cursor string `query:"cursor" maxLength:"64"`
		Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
	}) (*Body[Page[DeliveryFolder]], error) {
		v, err := s.Digital.Get(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		list, err := s.Digital.Folders(ctx, v.ID, digital.ItemState(in.State), in.Cursor, in.Limit+1)
		if err != nil {
			return nil, err
		}
		out := &Body[Page[DeliveryFolder]]{Body: Page[DeliveryFolder]{Items: []DeliveryFolder{}}}
		if len(list) > in.Limit {
			list = list[:in.Limit]
			out.Body.Next = &list[in.Limit-1].ID
		}
		for _, f := range list {
			x := DeliveryFolder{ID: f.ID, Folder: f.Shown, State: string(f.State), StateName: f.State.Name(), DossierID: f.DossierID, DossierNo: f.Dossier, Materials: f.Materials,
				Pages: f.Pages, Bytes: f.Bytes, Reason: f.Reason, Findings: []DeliveryFinding{}}
			for _, p := range f.Findings {
				x.Findings = append(x.Findings, DeliveryFinding{p.Path, string(p.Code), p.Code.Label(), p.Code.Property(), p.Code.Next(), p.Warning})
			}
			out.Body.Items = append(out.Body.Items, x)
		}
		return out, nil
	})
	route(s, op("downloadDeliveryProblems", http.MethodGet, "/deliveries/{id}/problems", "下载问题清单", tag), func(ctx context.Context, in *DeliveryID) (*struct {
		ContentType string `header:"Content-Type"`
		Disposition string `header:"Content-Disposition"`
		Body        []byte
	}, error) {
		var book bytes.Buffer
		v, err := s.Digital.Book(ctx, actor(ctx), in.ID, &book)
		if err != nil {
			return nil, err
		}
		return &struct {
			ContentType string `header:"Content-Type"`
			Disposition string `header:"Content-Disposition"`
			Body        []byte
		}{workbookType, "attachment; filename*=UTF-8''" + url.PathEscape(v.No+"-需改正.xlsx"), book.Bytes()}, nil
	})
	s.acceptanceRoutes(tag)
	s.pageRoutes(tag)
}

func (s *Server) acceptanceRoutes(tag string) {
	route(s, op("drawSample", http.MethodPost, "/deliveries/{id}/sample", "抽样", tag), func(ctx context.Context, in *struct {
		DeliveryID
		IfMatch
	}) (*Tagged[DeliveryView], error) {
		v, err := s.Digital.DrawSample(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return s.deliveryView(ctx, v)
	})
	route(s, op("listSample", http.MethodGet, "/deliveries/{id}/sample", "抽出的页", tag), func(ctx context.Context, in *struct {
		DeliveryID
		Cursor string `query:"cursor" maxLength:"64"`
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"100"`
	}) (*Body[Page[SampledPage]], error) {
		v, err := s.Digital.Get(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		list, err := s.Digital.Sample(ctx, v.ID, in.Cursor, in.Limit+1)
		if err != nil {
			return nil, err
		}
		out := &Body[Page[SampledPage]]{Body: Page[SampledPage]{Items: []SampledPage{}}}
		if len(list) > in.Limit {
			list = list[:in.Limit]
			out.Body.Next = &list[in.Limit-1].ID
		}
		for _, x := range list {
			out.Body.Items = append(out.Body.Items, SampledPage{ID: x.ID, PageID: x.PageID, PageNo: x.Page.No, MaterialID: x.Material.ID, Title: s.Dossiers.Seen(actor(ctx), x.Material).Title, Place: placeOf(x.Material),
				Pages: x.Material.Pages, Person: x.Person, DossierNo: x.Dossier, Why: x.Why, Verdict: x.Verdict, Note: x.Note, Image: imageQuality(x.Page)})
		}
		return out, nil
	})
	route(s, op("judgeSample", http.MethodPost, "/deliveries/{id}/verdicts", "逐页结论", tag), func(ctx context.Context, in *struct {
		DeliveryID
		Body struct {
			Verdicts []PageVerdict `json:"verdicts" minItems:"1" maxItems:"200"`
		}
	}) (*Tagged[DeliveryView], error) {
		opinions := make([]digital.Opinion, 0, len(in.Body.Verdicts))
		for _, o := range in.Body.Verdicts {
			opinions = append(opinions, digital.Opinion{Sample: o.ID, Verdict: o.Verdict, Note: o.Note})
		}
		if err := s.Digital.Judge(ctx, actor(ctx), in.ID, opinions); err != nil {
			return nil, err
		}
		v, err := s.Digital.Get(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return s.deliveryView(ctx, v)
	})
	route(s, op("acceptDelivery", http.MethodPost, "/deliveries/{id}/accept", "验收通过", tag), func(ctx context.Context, in *struct {
		DeliveryID
		IfMatch
	}) (*Tagged[DeliveryView], error) {
		v, err := s.Digital.Accept(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return s.deliveryView(ctx, v)
	})
	route(s, op("sendBackDelivery", http.MethodPost, "/deliveries/{id}/send-back", "整批退回", tag), func(ctx context.Context, in *struct {
		DeliveryID
		IfMatch
		Body struct {
			Note string `json:"note,omitempty" maxLength:"300" doc:"给承制单位的话"`
		}
	}) (*Tagged[DeliveryView], error) {
		v, err := s.Digital.SendBack(ctx, actor(ctx), in.ID, strings.TrimSpace(in.Body.Note))
		if err != nil {
			return nil, err
		}
		return s.deliveryView(ctx, v)
	})
}

func (s *Server) pageRoutes(tag string) {
	route(s, op("openDigital", http.MethodGet, "/dossiers/{id}/digital", "目录与影像", tag), func(ctx context.Context, in *DeliveryID) (*Body[DigitalVolume], error) {
		v, err := s.Digital.Open(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		out := DigitalVolume{DossierID: v.Dossier.ID, No: v.Dossier.No, Person: v.Person.Name, Materials: []DigitalMaterial{}}
		for _, m := range v.Materials {
			out.Materials = append(out.Materials, s.digitalMaterial(ctx, m))
		}
		return &Body[DigitalVolume]{Body: out}, nil
	})
	route(s, op("getPage", http.MethodGet, "/pages/{id}/image", "一页影像（缩小并加水印，逐页存证）", tag), func(ctx context.Context, in *DeliveryID) (*pageImage, error) {
		img, err := s.Digital.Page(ctx, actor(ctx), in.ID, s.watermark(ctx))
		if err != nil {
			return nil, err
		}
		return &pageImage{"image/jpeg", "no-store", img}, nil
	})
	route(s, op("listThumbs", http.MethodGet, "/materials/{id}/thumbs", "一份材料的缩略图，一次不超过 60 页", tag), func(ctx context.Context, in *struct {
		DeliveryID
		After int64 `query:"after" minimum:"0" doc:"此页号之后的"`
	}) (*Body[Page[PageThumb]], error) {
		list, err := s.Digital.Strip(ctx, actor(ctx), in.ID, in.After, s.watermark(ctx))
		if err != nil {
			return nil, err
		}
		out := &Body[Page[PageThumb]]{Body: Page[PageThumb]{Items: []PageThumb{}}}
		for _, x := range list {
			out.Body.Items = append(out.Body.Items, PageThumb{x.Page, x.No, "data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(x.JPEG)})
		}
		return out, nil
	})
}

// watermark names the member of staff who looks.
func (s *Server) watermark(ctx context.Context) digital.Watermark {
	who := actor(ctx)
	name := who.Name
	if tree, err := s.Agencies.Tree(ctx); err == nil {
		name += " " + tree.Name(who.Org)
	}
	return digital.Watermark{Who: name}
}

func (s *Server) deliveryItem(ctx context.Context, v digital.Delivery) DeliveryItem {
	out := DeliveryItem{ID: v.ID, No: v.No, Label: v.Label, State: string(v.State), StateName: v.State.Name(), Agency: v.Agency, AgencyName: v.Agency, StaffName: s.staffName(ctx, v.StaffID),
		Folders: v.Folders, Ingested: v.Ingested, Quarantined: v.Quarantined, Already: v.Already, Pages: v.Pages, Note: v.Note, Decision: v.Decision, StartedAt: v.StartedAt}
	if tree, err := s.Agencies.Tree(ctx); err == nil {
		out.AgencyName = tree.Name(v.Agency)
	}
	if v.DecidedBy != "" {
		out.DecidedBy = s.staffName(ctx, v.DecidedBy)
	}
	for _, t := range []struct {
		at time.Time
		to **time.Time
	}{{v.EndedAt, &out.EndedAt}, {v.DecidedAt, &out.DecidedAt}} {
		if !t.at.IsZero() {
			*t.to = &t.at
		}
	}
	return out
}

func (s *Server) deliveryView(ctx context.Context, v digital.Delivery) (*Tagged[DeliveryView], error) {
	out := DeliveryView{DeliveryItem: s.deliveryItem(ctx, v)}
	var err error
	if out.Sample.Drawn, out.Sample.Passed, out.Sample.Failed, out.Sample.Line, err = s.Digital.Tally(ctx, v.ID); err != nil {
		return nil, err
	}
	can, err := s.Digital.Possible(ctx, actor(ctx), v)
	if err != nil {
		return nil, err
	}
	out.Possible = possible(can)
	return &Tagged[DeliveryView]{ETag: etag(v.Version), Body: out}, nil
}

func (s *Server) digitalMaterial(ctx context.Context, m digital.Sheaf) DigitalMaterial {
	x := s.Dossiers.Seen(actor(ctx), m.Material)
	out := DigitalMaterial{ID: x.ID, Class: x.Class, Seq: x.Seq, Title: x.Title, Formed: formedOn(x), PageCount: x.Pages, State: string(x.State), StateName: x.State.Name(),
		Secret: x.Secrecy >= dossier.Secret, Pages: []DigitalPage{}}
	if c, ok := codes.FindClass(x.Class); ok {
		out.ClassName = c.Short
	}
	if out.Secret || x.Withheld() {
		return out
	}
	for _, p := range m.Pages {
		out.Pages = append(out.Pages, DigitalPage{p.ID, p.No, string(p.State), imageQuality(p)})
	}
	return out
}

func formedOn(m dossier.Material) string {
	parts := []string{}
	for i, n := range []int64{m.FormedYear, m.FormedMonth, m.FormedDay} {
		if n == 0 {
			break
		}
		parts = append(parts, fmt.Sprintf("%0*d", []int{4, 2, 2}[i], n))
	}
	return strings.Join(parts, "-")
}

func placeOf(m dossier.Material) string { return fmt.Sprintf("%s-%d", m.Class, m.Seq) }

func imageQuality(p digital.Page) ImageQuality {
	var q digital.Quality
	_ = json.Unmarshal([]byte(p.Quality), &q) // pages of older checks have none
	if q.Hints == nil {
		q.Hints = []string{}
	}
	return ImageQuality{p.Width, p.Height, p.DPI, p.Format, q.JPEG, q.Skew, p.Blank, q.Hints}
}
