package api

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/feed"
	"dangan/internal/rule"

	"github.com/danielgtaylor/huma/v2"
)

func init() { capabilities = append(capabilities, (*Server).feedRoutes) }

// FeedColumn is one column of a schema.
type FeedColumn struct {
	Name     string `json:"name"`
	Required bool   `json:"required"`
	Note     string `json:"note,omitempty"`
}

// FeedKind is one kind of data and its schema.
type FeedKind struct {
	Key     string       `json:"key"`
	Name    string       `json:"name"`
	Columns []FeedColumn `json:"columns" nullable:"false"`
}

// FeedSource is a department that sends data, and its key.
type FeedSource struct {
	ID           string     `json:"id"`
	Version      int64      `json:"version"`
	Kind         string     `json:"kind"`
	KindName     string     `json:"kindName"`
	Name         string     `json:"name"`
	Basis        string     `json:"basis"`
	Fingerprint  string     `json:"fingerprint" doc:"公钥的 SHA-256"`
	ValidFrom    string     `json:"validFrom"`
	ValidUntil   string     `json:"validUntil"`
	AgencyName   string     `json:"agencyName"`
	Standing     string     `json:"standing"`
	Tone         string     `json:"tone" enum:"plain,run,wait,done,bad,void"`
	RegisteredBy string     `json:"registeredBy"`
	RegisteredAt time.Time  `json:"registeredAt"`
	ConfirmedBy  string     `json:"confirmedBy,omitempty"`
	ConfirmedAt  *time.Time `json:"confirmedAt,omitempty"`
	RevokedWhy   string     `json:"revokedWhy,omitempty"`
	Usable       bool       `json:"usable" doc:"本机构现在可以导入用它签名的文件"`
	Possible     []Possible `json:"possible" nullable:"false"`
}

// FeedSources are the sources, the schemas and what may be done.
type FeedSources struct {
	Items    []FeedSource `json:"items" nullable:"false"`
	Kinds    []FeedKind   `json:"kinds" nullable:"false"`
	Possible []Possible   `json:"possible" nullable:"false"`
}

// FeedDraft is what is entered of a source.
type FeedDraft struct {
	Kind      string `json:"kind,omitempty" maxLength:"20" doc:"insurance 社会保险、employment 就业登记、education 学历教育"`
	Name      string `json:"name,omitempty" maxLength:"100" doc:"提供数据的单位全称"`
	Basis     string `json:"basis,omitempty" maxLength:"200" doc:"数据共享的文号或协议号"`
	PublicKey string `json:"publicKey,omitempty" maxLength:"8000" doc:"PEM 公钥或证书"`
	From      string `json:"from,omitempty" maxLength:"10"`
	Until     string `json:"until,omitempty" maxLength:"10"`
}

// FeedFile is a file that came.
type FeedFile struct {
	ID         string    `json:"id"`
	No         string    `json:"no"`
	KindName   string    `json:"kindName"`
	FileName   string    `json:"fileName"`
	AgencyName string    `json:"agencyName"`
	State      string    `json:"state" enum:"running,finished,stopped,failed"`
	StateName  string    `json:"stateName"`
	Tone       string    `json:"tone" enum:"plain,run,wait,done,bad,void"`
	Note       string    `json:"note,omitempty"`
	Lines      int64     `json:"lines" doc:"数据行数"`
	Done       int64     `json:"done" doc:"已核对的行数"`
	Opened     int64     `json:"opened" doc:"新情况，已开收集通知"`
	Known      int64     `json:"known" doc:"已有或已在收集"`
	Differs    int64     `json:"differs" doc:"姓名不一致"`
	Elsewhere  int64     `json:"elsewhere" doc:"档案不在本机构的行，只计数"`
	Refused    int64     `json:"refused" doc:"没有采用的行"`
	ImportedBy string    `json:"importedBy"`
	ImportedAt time.Time `json:"importedAt"`
}

// FeedView is a file's page.
type FeedView struct {
	FeedFile
	SourceName string     `json:"sourceName"`
	Digest     string     `json:"digest" doc:"文件的 SHA-256"`
	Again      bool       `json:"again" doc:"同一份文件已经导入过，没有再做一遍"`
	Possible   []Possible `json:"possible" nullable:"false"`
}

// FeedPreviewRow is a row as it is read.
type FeedPreviewRow struct {
	Row    int64    `json:"row"`
	Name   string   `json:"name"`
	IDNo   string   `json:"idNo" doc:"中间几位遮住"`
	Unit   string   `json:"unit"`
	Events []string `json:"events" nullable:"false"`
}

// FeedPreview is what stands in a file that has not been imported.
type FeedPreview struct {
	SourceName string           `json:"sourceName"`
	KindName   string           `json:"kindName"`
	FileName   string           `json:"fileName"`
	Digest     string           `json:"digest" doc:"文件的 SHA-256"`
	Lines      int64            `json:"lines" doc:"数据行数"`
	Wrong      int64            `json:"wrong" doc:"不能采用的行数"`
	Events     int64            `json:"events" doc:"能采用的行所示的情况数"`
	BeforeID   string           `json:"beforeId,omitempty" doc:"同一份文件已经导入过"`
	BeforeNo   string           `json:"beforeNo,omitempty"`
	BeforeAt   *time.Time       `json:"beforeAt,omitempty" doc:"哪一天导入的"`
	Rows       []FeedPreviewRow `json:"rows" nullable:"false" doc:"前 20 行"`
	Findings   []FeedRefusal    `json:"findings" nullable:"false" doc:"前 50 行问题"`
}

// FeedLine is one fact about a dossier kept here.
type FeedLine struct {
	ID           string `json:"id"`
	Row          int64  `json:"row"`
	DossierID    string `json:"dossierId"`
	DossierNo    string `json:"dossierNo"`
	PersonName   string `json:"personName"`
	EventName    string `json:"eventName"`
	Happened     string `json:"happened" doc:"年月日，或年月"`
	Unit         string `json:"unit"`
	Outcome      string `json:"outcome" enum:"opened,known,differs"`
	OutcomeName  string `json:"outcomeName"`
	Tone         string `json:"tone" enum:"plain,run,wait,done,bad,void"`
	Basis        string `json:"basis"`
	CollectionID string `json:"collectionId,omitempty"`
	CollectionNo string `json:"collectionNo,omitempty"`
}

// FeedRefusal is a row that was not used.
type FeedRefusal struct {
	Row      int64  `json:"row"`
	Problems string `json:"problems" doc:"一行一条"`
}

// FeedRefusals is a page of them; Next is the row to go on after.
type FeedRefusals struct {
	Items []FeedRefusal `json:"items" nullable:"false"`
	Next  *int64        `json:"next,omitempty"`
}

// FeedPath names a file.
type FeedPath struct {
	ID string `path:"id" maxLength:"64"`
}

// FeedSourcePath names a source and the version it was seen at.
type FeedSourcePath struct {
	IfMatch
	ID string `path:"id" maxLength:"64"`
}

// FeedUpload takes its file as a stream: it is not held in memory.
type FeedUpload struct {
	Source    string `query:"source" maxLength:"64" required:"true"`
	Name      string `query:"name" maxLength:"255" required:"true" doc:"文件名"`
	Signature string `query:"signature" maxLength:"4000" doc:"来源单位对文件的签名，Base64"`

	content io.Reader
}

// Resolve keeps the request's body for the handler.
func (u *FeedUpload) Resolve(ctx huma.Context) []error {
	u.content = ctx.BodyReader()
	return nil
}

// drain reads on what was refused: a browser hears why only when it has sent all.
func (u *FeedUpload) drain(why error) {
	var refusal *rule.Refusal
	if errors.As(why, &refusal) {
		_, _ = io.Copy(io.Discard, io.LimitReader(u.content, feed.MaxBytes))
	}
}

func (s *Server) feedRoutes() {
	const tag = "部门数据"
	route(s, op("listFeedSources", http.MethodGet, "/feed-sources", "数据来源、公钥与文件格式", tag), func(ctx context.Context, _ *struct{}) (*Body[FeedSources], error) {
		by := actor(ctx)
		list, err := s.Feeds.Sources(ctx, by)
		if err != nil {
			return nil, err
		}
		out := FeedSources{Items: []FeedSource{}, Possible: possible(s.Feeds.Possible(by))}
		for _, x := range list {
			out.Items = append(out.Items, s.feedSource(ctx, x))
		}
		for _, kind := range feed.Kinds {
			v := FeedKind{Key: kind.Key, Name: kind.Name}
			for _, c := range kind.Columns {
				v.Columns = append(v.Columns, FeedColumn(c))
			}
			out.Kinds = append(out.Kinds, v)
		}
		return &Body[FeedSources]{out}, nil
	})
	route(s, op("registerFeedSource", http.MethodPost, "/feed-sources", "登记数据来源及其公钥，待第二人确认", tag), func(ctx context.Context, in *struct{ Body FeedDraft }) (*Tagged[FeedSource], error) {
		b := in.Body
		x, err := s.Feeds.Register(ctx, actor(ctx), feed.Draft{Kind: b.Kind, Name: b.Name, Basis: b.Basis, PublicKey: b.PublicKey, From: calendar.Date(b.From), Until: calendar.Date(b.Until)})
		return s.feedSourceDone(ctx, x, err)
	})
	route(s, op("confirmFeedSource", http.MethodPost, "/feed-sources/{id}/confirm", "第二人确认公钥", tag), func(ctx context.Context, in *FeedSourcePath) (*Tagged[FeedSource], error) {
		x, err := s.Feeds.Confirm(ctx, actor(ctx), in.ID)
		return s.feedSourceDone(ctx, x, err)
	})
	route(s, op("revokeFeedSource", http.MethodPost, "/feed-sources/{id}/revoke", "停用数据来源", tag), func(ctx context.Context, in *struct {
		FeedSourcePath
		Body struct {
			Why string `json:"why,omitempty" maxLength:"200"`
		}
	}) (*Tagged[FeedSource], error) {
		x, err := s.Feeds.Revoke(ctx, actor(ctx), in.ID, in.Body.Why)
		return s.feedSourceDone(ctx, x, err)
	})
	upload := op("importFeed", http.MethodPost, "/feeds", "导入来源单位签名的数据文件（CSV、XLSX）", tag)
	upload.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: "string", Format: "binary"}}}}
	route(s, upload, func(ctx context.Context, in *FeedUpload) (*Body[FeedView], error) {
		f, again, err := s.Feeds.Import(ctx, actor(ctx), feed.Delivery{SourceID: in.Source, FileName: in.Name, Content: in.content, Signature: in.Signature})
		if err != nil {
			in.drain(err)
			return nil, err
		}
		return s.feedView(ctx, f, again)
	})
	preview := op("previewFeed", http.MethodPost, "/feed-previews", "预检数据文件：核对签名，读出各行与问题，不留存", tag)
	preview.RequestBody = upload.RequestBody
	route(s, preview, func(ctx context.Context, in *FeedUpload) (*Body[FeedPreview], error) {
		p, err := s.Feeds.Preview(ctx, actor(ctx), feed.Delivery{SourceID: in.Source, FileName: in.Name, Content: in.content, Signature: in.Signature})
		if err != nil {
			in.drain(err)
			return nil, err
		}
		out := FeedPreview{SourceName: p.Source.Name, KindName: feed.KindOf(p.Source.Kind).Name, FileName: p.FileName, Digest: p.Digest, Lines: p.Lines, Wrong: p.Wrong, Events: p.Events, BeforeID: p.Before.ID, BeforeNo: p.Before.No, Rows: []FeedPreviewRow{}, Findings: []FeedRefusal{}}
		if p.Before.ID != "" {
			out.BeforeAt = &p.Before.ImportedAt
		}
		for _, r := range p.Rows {
			out.Rows = append(out.Rows, FeedPreviewRow(r))
		}
		for _, f := range p.Findings {
			out.Findings = append(out.Findings, FeedRefusal{f.Row, f.Problems})
		}
		return &Body[FeedPreview]{out}, nil
	})
	route(s, op("listFeeds", http.MethodGet, "/feeds", "导入的部门数据", tag), func(ctx context.Context, in *struct {
		Cursor string `query:"cursor" maxLength:"100"`
		Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
	}) (*Body[Page[FeedFile]], error) {
		list, next, err := s.Feeds.Files(ctx, actor(ctx), in.Cursor, in.Limit)
		if err != nil {
			return nil, err
		}
		out := &Body[Page[FeedFile]]{Body: Page[FeedFile]{Items: []FeedFile{}}}
		for _, f := range list {
			out.Body.Items = append(out.Body.Items, s.feedFile(ctx, f))
		}
		if next != "" {
			out.Body.Next = &next
		}
		return out, nil
	})
	route(s, op("getFeed", http.MethodGet, "/feeds/{id}", "一份部门数据与核对进度（查看留痕）", tag), func(ctx context.Context, in *FeedPath) (*Body[FeedView], error) {
		f, err := s.Feeds.Read(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return s.feedView(ctx, f, false)
	})
	route(s, op("listFeedFacts", http.MethodGet, "/feeds/{id}/facts", "在档人员的情况，逐条", tag), func(ctx context.Context, in *struct {
		FeedPath
		Outcome string `query:"outcome" enum:"opened,known,differs"`
		Cursor  string `query:"cursor" maxLength:"100"`
		Limit   int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}) (*Body[Page[FeedLine]], error) {
		list, next, err := s.Feeds.Facts(ctx, actor(ctx), in.ID, feed.Outcome(in.Outcome), in.Cursor, in.Limit)
		if err != nil {
			return nil, err
		}
		out := &Body[Page[FeedLine]]{Body: Page[FeedLine]{Items: []FeedLine{}}}
		for _, l := range list {
			out.Body.Items = append(out.Body.Items, FeedLine{ID: l.ID, Row: l.Row, DossierID: l.DossierID, DossierNo: l.DossierNo, PersonName: l.PersonName, EventName: feed.EventOf(l.Event).Name, Happened: l.Happened, Unit: l.Unit,
				Outcome: string(l.Outcome), OutcomeName: l.Outcome.Name(), Tone: l.Outcome.Tone(), Basis: l.Basis, CollectionID: l.CollectionID, CollectionNo: l.CollectionNo})
		}
		if next != "" {
			out.Body.Next = &next
		}
		return out, nil
	})
	route(s, op("listFeedRefusals", http.MethodGet, "/feeds/{id}/refused", "没有采用的行", tag), func(ctx context.Context, in *struct {
		FeedPath
		Cursor int64 `query:"cursor" minimum:"0" doc:"从哪一行之后"`
		Limit  int   `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}) (*Body[FeedRefusals], error) {
		list, err := s.Feeds.Refused(ctx, actor(ctx), in.ID, in.Cursor, in.Limit+1)
		if err != nil {
			return nil, err
		}
		out := &Body[FeedRefusals]{Body: FeedRefusals{Items: []FeedRefusal{}}}
		if len(list) > in.Limit {
			list = list[:in.Limit]
			out.Body.Next = &list[in.Limit-1].Row
		}
		for _, r := range list {
			out.Body.Items = append(out.Body.Items, FeedRefusal{r.Row, r.Problems})
		}
		return out, nil
	})
	route(s, op("downloadFeedRefusals", http.MethodGet, "/feeds/{id}/refused.xlsx", "下载没有采用的行，交来源单位改正", tag), func(ctx context.Context, in *FeedPath) (*struct {
		ContentType string `header:"Content-Type"`
		Disposition string `header:"Content-Disposition"`
		Body        []byte
	}, error) {
		f, err := s.Feeds.Read(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		var book bytes.Buffer
		if err := s.Feeds.RefusedBook(ctx, actor(ctx), f, &book); err != nil {
			return nil, err
		}
		return &struct {
			ContentType string `header:"Content-Type"`
			Disposition string `header:"Content-Disposition"`
			Body        []byte
		}{workbookType, "attachment; filename*=UTF-8''" + url.PathEscape(f.No+"-没有采用的行.xlsx"), book.Bytes()}, nil
	})
	route(s, op("stopFeed", http.MethodPost, "/feeds/{id}/stop", "停止核对", tag), func(ctx context.Context, in *FeedPath) (*Body[FeedView], error) {
		f, err := s.Feeds.Stop(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return s.feedView(ctx, f, false)
	})
	route(s, op("resumeFeed", http.MethodPost, "/feeds/{id}/resume", "接着核对", tag), func(ctx context.Context, in *FeedPath) (*Body[FeedView], error) {
		f, err := s.Feeds.Resume(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return s.feedView(ctx, f, false)
	})
}

func (s *Server) feedSourceDone(ctx context.Context, x feed.Source, err error) (*Tagged[FeedSource], error) {
	if err != nil {
		return nil, err
	}
	return &Tagged[FeedSource]{etag(x.Version), s.feedSource(ctx, x)}, nil
}

func (s *Server) feedSource(ctx context.Context, x feed.Source) FeedSource {
	v := FeedSource{ID: x.ID, Version: x.Version, Kind: x.Kind, KindName: feed.KindOf(x.Kind).Name, Name: x.Name, Basis: x.Basis, Fingerprint: x.Fingerprint, ValidFrom: x.ValidFrom, ValidUntil: x.ValidUntil,
		AgencyName: s.agencyName(ctx, x.Agency), RegisteredBy: s.staffName(ctx, x.RegisteredBy), RegisteredAt: x.RegisteredAt, RevokedWhy: x.RevokedWhy, Possible: possible(s.Feeds.OfSource(actor(ctx), x))}
	v.Standing, v.Tone = x.Standing(s.Gate.Today())
	v.Usable = x.Usable(s.Gate.Today()) && x.Agency == actor(ctx).Org
	if x.ConfirmedBy != "" {
		v.ConfirmedBy, v.ConfirmedAt = s.staffName(ctx, x.ConfirmedBy), &x.ConfirmedAt
	}
	return v
}

func (s *Server) feedFile(ctx context.Context, f feed.File) FeedFile {
	return FeedFile{ID: f.ID, No: f.No, KindName: feed.KindOf(f.Kind).Name, FileName: f.FileName, AgencyName: s.agencyName(ctx, f.Agency), State: string(f.State), StateName: f.State.Name(), Tone: f.State.Tone(), Note: f.Note,
		Lines: f.Lines, Done: f.Done, Opened: f.Opened, Known: f.Known, Differs: f.Differs, Elsewhere: f.Elsewhere, Refused: f.Refused, ImportedBy: s.staffName(ctx, f.ImportedBy), ImportedAt: f.ImportedAt}
}

func (s *Server) feedView(ctx context.Context, f feed.File, again bool) (*Body[FeedView], error) {
	source, err := s.Feeds.SourceOf(ctx, f)
	if err != nil {
		return nil, err
	}
	return &Body[FeedView]{FeedView{FeedFile: s.feedFile(ctx, f), SourceName: source.Name, Digest: f.Digest, Again: again, Possible: possible(s.Feeds.OfFile(actor(ctx), f))}}, nil
}
