package api

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"

	"dangan/internal/handin"
	"dangan/internal/rule"
	"dangan/internal/store"

	"github.com/danielgtaylor/huma/v2"
)

func init() { capabilities = append(capabilities, (*Server).handInRoutes) }

// handInPath is where the page behind a one-time link asks and sends.
const handInPath = "/api/v1/hand-in"

// HandInPage is all that a one-time link shows.
type HandInPage struct {
	Agency   string      `json:"agency" doc:"请您提交材料的机构"`
	Hotline  string      `json:"hotline,omitempty"`
	Until    string      `json:"until,omitempty" doc:"链接的截止日期"`
	Kinds    []string    `json:"kinds" nullable:"false" doc:"所要的材料，只说种类"`
	Why      string      `json:"why,omitempty" doc:"上次提交退回的说明"`
	Files    int         `json:"files" doc:"最多几个文件"`
	FileSize int64       `json:"fileSize" doc:"一个文件最大字节数"`
	Sent     *HandInSent `json:"sent,omitempty" doc:"本页已经提交"`
}

// HandInSent says that a submission was taken: how many files and when, nothing else.
type HandInSent struct {
	No    string    `json:"no" doc:"提交编号"`
	Files int64     `json:"files"`
	At    time.Time `json:"at"`
}

// LinkKey is how the page behind a link names it: the secret stands behind # in the address
// and never in a path, which is logged.
type LinkKey struct {
	Token   string `header:"Link-Token" maxLength:"80" required:"true" doc:"链接 # 后的部分"`
	Session string `header:"Link-Session" maxLength:"80" doc:"页面自己的随机标识，同一页面重复提交只算一次"`
}

// HandInUpload takes its form as a stream.
type HandInUpload struct {
	Token   string `header:"Link-Token" maxLength:"80" required:"true" doc:"链接 # 后的部分"`
	Session string `header:"Link-Session" maxLength:"80" required:"true"`
	Type    string `header:"Content-Type"`

	content io.Reader
}

// Resolve keeps the request's body for the handler.
func (u *HandInUpload) Resolve(ctx huma.Context) []error {
	u.content = ctx.BodyReader()
	return nil
}

// HandInLinkView is a link as the agency sees it: never the link itself.
type HandInLinkView struct {
	SentAt    time.Time `json:"sentAt"`
	SentBy    string    `json:"sentBy"`
	UntilOn   string    `json:"untilOn"`
	StateName string    `json:"stateName"`
}

// HandInItem is one submission in a list.
type HandInItem struct {
	ID        string    `json:"id"`
	No        string    `json:"no"`
	SentAt    time.Time `json:"sentAt"`
	Files     int64     `json:"files"`
	State     string    `json:"state" enum:"waiting,taken,returned"`
	StateName string    `json:"stateName"`
	Tone      string    `json:"tone" enum:"plain,run,wait,done,bad,void"`
}

// HandInList is what was sent for a request.
type HandInList struct {
	Links    []HandInLinkView `json:"links" nullable:"false"`
	Items    []HandInItem     `json:"items" nullable:"false"`
	Possible []Possible       `json:"possible" nullable:"false"`
}

// HandInFile is one file of a submission.
type HandInFile struct {
	No     int64  `json:"no"`
	Format string `json:"format" enum:"jpeg,pdf"`
	Pages  int64  `json:"pages"`
	Bytes  int64  `json:"bytes"`
}

// HandInSlot is one material with what was sent for it.
type HandInSlot struct {
	Item       string       `json:"item"`
	Title      string       `json:"title"`
	Files      []HandInFile `json:"files" nullable:"false"`
	MaterialID string       `json:"materialId,omitempty" doc:"已接收为这份材料"`
}

// HandInWhy is a reason to return.
type HandInWhy struct {
	Key  string `json:"key"`
	Name string `json:"name"`
	Text string `json:"text" doc:"本人在页面上看到的说明"`
}

// HandInView is a submission's page.
type HandInView struct {
	HandInItem
	DossierID    string       `json:"dossierId"`
	DossierNo    string       `json:"dossierNo"`
	PersonName   string       `json:"personName"`
	CollectionID string       `json:"collectionId"`
	CollectionNo string       `json:"collectionNo"`
	Unit         string       `json:"unit,omitempty" doc:"代表哪个单位提交；空为本人"`
	Sender       string       `json:"sender,omitempty" doc:"登录提交的人；空为凭一次性链接"`
	Slots        []HandInSlot `json:"slots" nullable:"false"`
	Why          string       `json:"why,omitempty"`
	EndedBy      string       `json:"endedBy,omitempty"`
	EndedAt      *time.Time   `json:"endedAt,omitempty"`
	Whys         []HandInWhy  `json:"whys" nullable:"false"`
	Possible     []Possible   `json:"possible" nullable:"false"`
}

// HandInIn names a submission and the version it was seen at.
type HandInIn struct {
	IfMatch
	ID string `path:"id" maxLength:"40"`
}

// noLink answers for every link that can't be used, whatever the cause.
func noLink() *Problem {
	return &Problem{Type: "about:blank", Title: "链接不能使用", Status: http.StatusNotFound, Kind: kindAbsent, Detail: "链接不完整、已经用过、已过期或已撤回。请核对短信中的链接；仍不能打开的，请向发出短信的机构电话核实，或到窗口提交。"}
}

func (s *Server) handInRoutes() {
	const tag = "网上交材料"
	route(s, public(op("openHandIn", http.MethodGet, "/hand-in", "一次性链接的页面：哪个机构要哪类材料", tag)), func(ctx context.Context, in *LinkKey) (*Body[HandInPage], error) {
		p, err := s.HandIns.Open(ctx, in.Token, in.Session)
		if errors.Is(err, store.ErrNotFound) {
			return nil, noLink()
		} else if err != nil {
			return nil, err
		}
		out := HandInPage{Agency: s.agencyName(ctx, p.Agency), Until: p.Until, Kinds: append([]string{}, p.Kinds...), Why: p.Why.Text, Files: handin.MaxFiles, FileSize: handin.MaxFileBytes}
		if tree, err := s.Agencies.Tree(ctx); err == nil {
			if a, ok := tree.Get(p.Agency); ok {
				out.Hotline = a.Hotline
			}
		}
		if p.Sent != nil {
			out.Sent = &HandInSent{p.Sent.No, p.Sent.Files, p.Sent.SentAt}
		}
		return &Body[HandInPage]{out}, nil
	})
	submit := public(op("submitHandIn", http.MethodPost, "/hand-in", "提交照片或 PDF，链接用过即失效", tag))
	submit.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {Schema: &huma.Schema{Type: "string", Format: "binary"}}}}
	route(s, submit, func(ctx context.Context, in *HandInUpload) (*Body[HandInSent], error) {
		_, params, err := mime.ParseMediaType(in.Type)
		if err != nil || params["boundary"] == "" {
			return nil, rule.Mistake(rule.Reason{Rule: "14b", Slug: "hand_in_form", Field: "file", Message: "提交的不是表单。", Next: "请在链接打开的页面上提交。"})
		}
		h, err := s.HandIns.Submit(ctx, in.Token, in.Session, in.content, params["boundary"])
		if err != nil {
			// A browser hears why only when it has sent all.
			_, _ = io.Copy(io.Discard, io.LimitReader(in.content, handin.MaxBytes))
		}
		if errors.Is(err, store.ErrNotFound) {
			return nil, noLink()
		} else if err != nil {
			return nil, err
		}
		return &Body[HandInSent]{HandInSent{h.No, h.Files, h.SentAt}}, nil
	})
	route(s, op("sendHandInLink", http.MethodPost, "/collections/{id}/link", "给本人发送一次性链接", tag), func(ctx context.Context, in *CollectionIn) (*Body[HandInLinkView], error) {
		l, err := s.HandIns.Send(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return &Body[HandInLinkView]{s.handInLink(ctx, l)}, nil
	})
	route(s, op("listHandIns", http.MethodGet, "/collections/{id}/hand-ins", "一张通知单的链接和网上交件", tag), func(ctx context.Context, in *CollectionIn) (*Body[HandInList], error) {
		links, list, can, err := s.HandIns.Of(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		out := HandInList{Links: []HandInLinkView{}, Items: []HandInItem{}, Possible: possible(can)}
		for _, l := range links {
			out.Links = append(out.Links, s.handInLink(ctx, l))
		}
		for _, h := range list {
			out.Items = append(out.Items, handInItem(h))
		}
		return &Body[HandInList]{out}, nil
	})
	route(s, op("getHandIn", http.MethodGet, "/hand-ins/{id}", "一次网上交件（查看留痕）", tag), func(ctx context.Context, in *HandInIn) (*Tagged[HandInView], error) {
		v, err := s.HandIns.Read(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return s.handInView(ctx, v), nil
	})
	route(s, op("getHandInFile", http.MethodGet, "/hand-ins/{id}/files/{no}", "网上交来的一个文件（查看留痕）", tag), func(ctx context.Context, in *struct {
		HandInIn
		No int64 `path:"no" minimum:"1" maximum:"99"`
	}) (*File, error) {
		f, err := s.HandIns.Look(ctx, actor(ctx), in.ID, in.No)
		if err != nil {
			return nil, err
		}
		out := pdfFile(f.Content, "网上交件-"+strconv.FormatInt(in.No, 10)+".pdf", false)
		out.Type = f.Type
		if f.Type != "application/pdf" {
			out.Disposition = disposition("网上交件-"+strconv.FormatInt(in.No, 10)+".jpg", false)
		}
		return out, nil
	})
	route(s, op("takeHandIn", http.MethodPost, "/hand-ins/{id}/take", "接收其中一份材料（收材料）", tag), func(ctx context.Context, in *struct {
		HandInIn
		Body struct {
			Item  string `json:"item" maxLength:"40" doc:"所收集的哪一份材料"`
			Maker string `json:"maker,omitempty" maxLength:"80" doc:"形成单位"`
			Year  int64  `json:"year,omitempty" minimum:"0" maximum:"2200"`
			Month int64  `json:"month,omitempty" minimum:"0" maximum:"12"`
			Day   int64  `json:"day,omitempty" minimum:"0" maximum:"31"`
			Pages int64  `json:"pages" minimum:"1" maximum:"9999"`
		}
	}) (*Tagged[HandInView], error) {
		b := in.Body
		h, err := s.HandIns.Take(ctx, actor(ctx), in.ID, handin.Piece{Item: b.Item, Maker: b.Maker, Year: b.Year, Month: b.Month, Day: b.Day, Pages: b.Pages})
		return s.handInDone(ctx, h, err)
	})
	route(s, op("returnHandIn", http.MethodPost, "/hand-ins/{id}/return", "退回，写明原因，给本人发送新的链接", tag), func(ctx context.Context, in *struct {
		HandInIn
		Body struct {
			Why string `json:"why,omitempty" maxLength:"20"`
		}
	}) (*Tagged[HandInView], error) {
		h, err := s.HandIns.Return(ctx, actor(ctx), in.ID, in.Body.Why)
		return s.handInDone(ctx, h, err)
	})
}

func (s *Server) handInLink(ctx context.Context, l handin.Link) HandInLinkView {
	return HandInLinkView{SentAt: l.SentAt, SentBy: s.staffName(ctx, l.SentBy), UntilOn: l.UntilOn, StateName: l.StateName(s.Gate.Today())}
}

func handInItem(h handin.HandIn) HandInItem {
	return HandInItem{ID: h.ID, No: h.No, SentAt: h.SentAt, Files: h.Files, State: h.State, StateName: h.StateName(), Tone: h.Tone()}
}

func (s *Server) handInDone(ctx context.Context, h handin.HandIn, err error) (*Tagged[HandInView], error) {
	if err != nil {
		return nil, err
	}
	v, err := s.HandIns.After(ctx, actor(ctx), h)
	if err != nil {
		return nil, err
	}
	return s.handInView(ctx, v), nil
}

func (s *Server) handInView(ctx context.Context, v handin.View) *Tagged[HandInView] {
	why, _ := handin.WhyOf(v.Why)
	out := HandInView{HandInItem: handInItem(v.HandIn), DossierID: v.DossierID, DossierNo: v.DossierNo, PersonName: v.PersonName, CollectionID: v.CollectionID, CollectionNo: v.CollectionNo,
		Slots: []HandInSlot{}, Why: why.Name, Whys: []HandInWhy{}, Possible: possible(v.Possible)}
	out.Unit = v.Unit
	if v.Sender != "" {
		out.Sender, _ = s.Portal.NameOf(ctx, v.Sender)
	}
	if v.EndedBy != "" {
		out.EndedBy, out.EndedAt = s.staffName(ctx, v.EndedBy), &v.EndedAt
	}
	for _, w := range handin.Whys {
		out.Whys = append(out.Whys, HandInWhy{w.Key, w.Name, w.For(v.Unit != "")})
	}
	for _, x := range v.Slots {
		slot := HandInSlot{Item: x.Item, Title: x.Title, Files: []HandInFile{}, MaterialID: x.MaterialID}
		for _, f := range x.Files {
			slot.Files = append(slot.Files, HandInFile{f.No, f.Format, f.Pages, f.Bytes})
		}
		out.Slots = append(out.Slots, slot)
	}
	return &Tagged[HandInView]{etag(v.Version), out}
}
