package api

import (
	"context"
	"net/http"
	"time"

	"dangan/internal/message"
)

func init() { capabilities = append(capabilities, (*Server).messageRoutes) }

// MessageItem is one message to a person.
type MessageItem struct {
	ID           string     `json:"id"`
	Version      int64      `json:"version"`
	State        string     `json:"state" enum:"queued,sent,failed,doubtful,unaddressed,by_hand,replaced"`
	StateName    string     `json:"stateName"`
	Tone         string     `json:"tone"`
	Template     string     `json:"template"`
	TemplateName string     `json:"templateName"`
	WayName      string     `json:"wayName"`
	Address      string     `json:"address,omitempty" doc:"号码或邮箱，中间隐去"`
	Text         string     `json:"text"`
	Why          string     `json:"why,omitempty" doc:"未送达的原因"`
	Note         string     `json:"note,omitempty" doc:"怎样人工告知"`
	DossierID    string     `json:"dossierId"`
	DossierNo    string     `json:"dossierNo"`
	PersonName   string     `json:"personName"`
	AgencyName   string     `json:"agencyName"`
	CreatedAt    time.Time  `json:"createdAt"`
	EndedAt      *time.Time `json:"endedAt,omitempty"`
	HandledBy    string     `json:"handledBy,omitempty"`
	Possible     []Possible `json:"possible" nullable:"false"`
}

// MessageList is a page of messages with the number in each view.
type MessageList struct {
	Items  []MessageItem    `json:"items" nullable:"false"`
	Next   *string          `json:"next"`
	Counts map[string]int64 `json:"counts" nullable:"false"`
	More   bool             `json:"more,omitempty"`
}

// WordingView is one version of a text.
type WordingView struct {
	Wording     int64      `json:"wording" doc:"0 为系统自带"`
	Text        string     `json:"text"`
	PublishedBy string     `json:"publishedBy,omitempty"`
	PublishedAt *time.Time `json:"publishedAt,omitempty"`
}

// TemplateView is a template with its versions.
type TemplateView struct {
	Key    string        `json:"key"`
	Name   string        `json:"name"`
	Now    WordingView   `json:"now"`
	Before []WordingView `json:"before" nullable:"false"`
}

// TemplateList is all templates and what a wording may name.
type TemplateList struct {
	Items      []TemplateView `json:"items" nullable:"false"`
	Fields     []string       `json:"fields" nullable:"false"`
	MayPublish bool           `json:"mayPublish"`
}

// ContactView is how a person is told.
type ContactView struct {
	Way     string `json:"way" enum:"sms,email,none"`
	WayName string `json:"wayName"`
	Address string `json:"address,omitempty" doc:"中间隐去"`
}

// ContactBody is how a person wants to be told.
type ContactBody struct {
	Way     string `json:"way" enum:"sms,email,none"`
	Address string `json:"address,omitempty" maxLength:"120"`
}

// MessageNote says how the person was told.
type MessageNote struct {
	Note string `json:"note" maxLength:"200"`
}

// WordingBody is a new text.
type WordingBody struct {
	Text string `json:"text" maxLength:"1000"`
}

// MessageIn names a message and the version it was seen at.
type MessageIn struct {
	IfMatch
	ID string `path:"id" maxLength:"64"`
}

// NoticeItem is one line of the inbox.
type NoticeItem struct {
	ID      string    `json:"id"`
	Subject string    `json:"subject"`
	Text    string    `json:"text"`
	Name    string    `json:"name,omitempty" doc:"存档人员"`
	Link    string    `json:"link"`
	By      string    `json:"by"`
	Office  string    `json:"office,omitempty" doc:"来自哪个机构，本机构的为空"`
	At      time.Time `json:"at"`
	Read    bool      `json:"read"`
}

// Inbox is a page of notices with the number of unread ones.
type Inbox struct {
	Items  []NoticeItem `json:"items" nullable:"false"`
	Next   *string      `json:"next"`
	Unread int64        `json:"unread"`
	More   bool         `json:"more,omitempty"`
}

// NoticesRead names the notices that were read; none for all.
type NoticesRead struct {
	IDs []string `json:"ids" maxItems:"500" nullable:"false" doc:"空为全部"`
}

// Unread is how many notices are not read yet.
type Unread struct {
	Unread int64 `json:"unread"`
}

func (s *Server) inboxRoutes(tag string) {
	route(s, op("listInbox", http.MethodGet, "/inbox", "工作人员收件箱", tag), func(ctx context.Context, in *struct {
		View   string `query:"view" enum:"unread,all" default:"unread"`
		Cursor string `query:"cursor" maxLength:"64"`
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}) (*Body[Inbox], error) {
		by := actor(ctx)
		list, next, err := s.Messages.Inbox(ctx, by, in.View == "unread", in.Cursor, in.Limit)
		if err != nil {
			return nil, err
		}
		n, err := s.Messages.Unread(ctx, by)
		if err != nil {
			return nil, err
		}
		out := &Body[Inbox]{Body: Inbox{Items: []NoticeItem{}, Unread: n, More: s.capped(map[string]int64{"unread": n})}}
		for _, t := range list {
			out.Body.Items = append(out.Body.Items, NoticeItem{ID: t.ID, Subject: t.Subject, Text: t.Text, Name: t.Name, Link: t.Link, By: t.Actor, Office: t.Office, At: t.At, Read: t.Read})
		}
		if next != "" {
			out.Body.Next = &next
		}
		return out, nil
	})
	route(s, op("readInbox", http.MethodPost, "/inbox/read", "标为已读", tag), func(ctx context.Context, in *struct{ Body NoticesRead }) (*Body[Unread], error) {
		by := actor(ctx)
		if err := s.Messages.MarkRead(ctx, by, in.Body.IDs); err != nil {
			return nil, err
		}
		n, err := s.Messages.Unread(ctx, by)
		if err != nil {
			return nil, err
		}
		return &Body[Unread]{Body: Unread{n}}, nil
	})
}

func (s *Server) messageRoutes() {
	const tag = "消息"
	s.inboxRoutes(tag)
	route(s, op("listMessages", http.MethodGet, "/messages", "发给本人、单位经办人的消息", tag), func(ctx context.Context, in *struct {
		View    string `query:"view" enum:"open,queued,all" default:"open"`
		Dossier string `query:"dossier" maxLength:"64"`
		Cursor  string `query:"cursor" maxLength:"64"`
		Limit   int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}) (*Body[MessageList], error) {
		by := actor(ctx)
		list, next, err := s.Messages.List(ctx, by, in.View, in.Dossier, in.Cursor, in.Limit)
		if err != nil {
			return nil, err
		}
		counts, err := s.Messages.Counts(ctx, by)
		if err != nil {
			return nil, err
		}
		out := &Body[MessageList]{Body: MessageList{Items: []MessageItem{}, Counts: counts, More: s.capped(counts)}}
		for _, m := range list {
			out.Body.Items = append(out.Body.Items, s.messageItem(ctx, m))
		}
		if next != "" {
			out.Body.Next = &next
		}
		return out, nil
	})
	route(s, op("tellByHand", http.MethodPost, "/messages/{id}/by-hand", "登记人工告知", tag), func(ctx context.Context, in *struct {
		MessageIn
		Body MessageNote
	}) (*Tagged[MessageItem], error) {
		m, err := s.Messages.TellByHand(ctx, actor(ctx), in.ID, in.Body.Note)
		return s.messageDone(ctx, m, err)
	})
	route(s, op("resendMessage", http.MethodPost, "/messages/{id}/resend", "按现在的联系方式重发", tag), func(ctx context.Context, in *MessageIn) (*Tagged[MessageItem], error) {
		m, err := s.Messages.Resend(ctx, actor(ctx), in.ID)
		return s.messageDone(ctx, m, err)
	})
	route(s, op("getContact", http.MethodGet, "/dossiers/{id}/contact", "本人的告知方式", tag), func(ctx context.Context, in *DossierPath) (*Body[ContactView], error) {
		way, address, err := s.Messages.ContactOf(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return &Body[ContactView]{Body: ContactView{way, message.WayName(way), address}}, nil
	})
	route(s, op("setContact", http.MethodPut, "/dossiers/{id}/contact", "登记本人选择的告知方式", tag), func(ctx context.Context, in *struct {
		DossierPath
		Body ContactBody
	}) (*struct{}, error) {
		return nil, s.Messages.SetContact(ctx, actor(ctx), in.ID, in.Body.Way, in.Body.Address)
	})
	route(s, op("listTemplates", http.MethodGet, "/message-templates", "消息用语", tag), func(ctx context.Context, _ *struct{}) (*Body[TemplateList], error) {
		return s.templates(ctx)
	})
	route(s, op("publishWording", http.MethodPut, "/message-templates/{key}", "发布消息用语的新版本", tag), func(ctx context.Context, in *struct {
		Key  string `path:"key" maxLength:"20"`
		Body WordingBody
	}) (*Body[TemplateList], error) {
		if _, err := s.Messages.Publish(ctx, actor(ctx), in.Key, in.Body.Text); err != nil {
			return nil, err
		}
		return s.templates(ctx)
	})
}

func (s *Server) templates(ctx context.Context) (*Body[TemplateList], error) {
	list, err := s.Messages.Wordings(ctx)
	if err != nil {
		return nil, err
	}
	view := func(w message.Wording) WordingView {
		v := WordingView{Wording: w.Wording, Text: w.Text}
		if w.Wording > 0 {
			v.PublishedBy, v.PublishedAt = s.staffName(ctx, w.PublishedBy), &w.PublishedAt
		}
		return v
	}
	out := &Body[TemplateList]{Body: TemplateList{Items: []TemplateView{}, Fields: message.Fields, MayPublish: s.Messages.MayPublish(actor(ctx))}}
	for _, p := range list {
		v := TemplateView{Key: p.Key, Name: p.Name, Now: view(p.Now), Before: []WordingView{}}
		for _, w := range p.Before {
			v.Before = append(v.Before, view(w))
		}
		out.Body.Items = append(out.Body.Items, v)
	}
	return out, nil
}

func (s *Server) messageDone(ctx context.Context, m message.Message, err error) (*Tagged[MessageItem], error) {
	if err != nil {
		return nil, err
	}
	l, err := s.Messages.After(ctx, actor(ctx), m)
	if err != nil {
		return nil, err
	}
	return &Tagged[MessageItem]{etag(m.Version), s.messageItem(ctx, l)}, nil
}

func (s *Server) messageItem(ctx context.Context, l message.Listed) MessageItem {
	t, _ := message.Find(l.Template)
	v := MessageItem{ID: l.ID, Version: l.Version, State: l.State, StateName: message.StateName(l.State), Tone: message.Tone(l.State), Template: l.Template, TemplateName: t.Name, WayName: message.WayName(l.Way), Address: message.Hide(l.Address),
		Text: l.Text, Why: l.Why, Note: l.Note, DossierID: l.DossierID, DossierNo: l.DossierNo, PersonName: l.PersonName, AgencyName: s.agencyName(ctx, l.Agency), CreatedAt: l.CreatedAt, Possible: possible(l.Possible)}
	if !l.EndedAt.IsZero() {
		v.EndedAt = &l.EndedAt
	}
	if l.HandledBy != "" {
		v.HandledBy = s.staffName(ctx, l.HandledBy)
	}
	return v
}
