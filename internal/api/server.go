package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"net/http"
	"reflect"
	"strings"
	"time"

	"dangan/internal/clock"
	"dangan/internal/gate"
	"dangan/internal/instance"
	"dangan/internal/policy"
	"dangan/internal/staff"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// Server answers HTTP for one instance.
type Server struct {
	*instance.Instance
	api huma.API
	log *slog.Logger
	mux *http.ServeMux

	limiter limiter
}

// Bound of a request's body, in bytes.
const maxJSON = 2 << 20

// New builds the face. Every capability registers its operations here, one line each.
func New(in *instance.Instance, log *slog.Logger) *Server {
	config := huma.DefaultConfig("流动人员人事档案管理服务信息系统", in.Version)
	config.OpenAPIPath = "/api/openapi"
	config.DocsPath = ""
	config.SchemasPath = ""
	config.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	config.CreateHooks = nil // no $schema links in answers
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session":   {Type: "apiKey", In: "cookie", Name: cookieName(in)},
		"bearer":    {Type: "http", Scheme: "bearer"},
		"outside":   {Type: "apiKey", In: "cookie", Name: portalCookie(in, outsideCookie)},
		"requester": {Type: "apiKey", In: "header", Name: requesterHeader, Description: "登记核验单位时发给的密钥，只用于 /api/v1/requester"},
	}
	config.Security = []map[string][]string{{"session": {}}, {"bearer": {}}}
	s := &Server{Instance: in, log: log, mux: http.NewServeMux(), limiter: limiter{by: map[string]*bucket{}}}
	s.api = humago.New(s.mux, config)
	for _, register := range capabilities {
		register(s)
	}
	return s
}

// schemaName tells structs without a name apart by their content: two rooms may
// both have a body with a list called items.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Name() == "" {
		sum := sha256.Sum256([]byte(t.String()))
		name += hex.EncodeToString(sum[:3])
	}
	return name
}

// capabilities is filled by the files of this package, one a capability.
var capabilities []func(*Server)

// Handler is the API with its middleware, to be mounted beside the pages.
func (s *Server) Handler() http.Handler { return s.withRequest(http.HandlerFunc(s.routed)) }

// routed answers what no operation is there for as a problem in Chinese, not as the plain
// text of net/http: an unknown path, or a method that the path does not know, with those it
// does in Allow.
func (s *Server) routed(w http.ResponseWriter, r *http.Request) {
	none, pattern := s.mux.Handler(r)
	if pattern != "" {
		s.mux.ServeHTTP(w, r)
		return
	}
	plain := answerOnly{header: http.Header{}}
	none.ServeHTTP(&plain, r)
	if plain.status != http.StatusMethodNotAllowed {
		s.write(w, absent())
		return
	}
	w.Header().Set("Allow", plain.header.Get("Allow"))
	s.write(w, &Problem{Type: "about:blank", Title: "没有这种操作", Status: http.StatusMethodNotAllowed, Kind: kindError,
		Detail: "这个接口不支持 " + r.Method + "，可用的方法：" + plain.header.Get("Allow") + "。档案和材料不能删除，也不能整体替换。"})
}

// answerOnly takes an answer's status and header, and drops its text.
type answerOnly struct {
	header http.Header
	status int
}

func (a *answerOnly) Header() http.Header         { return a.header }
func (a *answerOnly) Write(b []byte) (int, error) { return len(b), nil }
func (a *answerOnly) WriteHeader(status int)      { a.status = status }

// OpenAPI is the document, for the generated client.
func (s *Server) OpenAPI() ([]byte, error) { return s.api.OpenAPI().YAML() }

// OpenAPIJSON is the document as JSON.
func (s *Server) OpenAPIJSON() ([]byte, error) { return s.api.OpenAPI().MarshalJSON() }

// op describes an operation of /api/v1.
func op(id, method, path, summary, tag string) huma.Operation {
	return huma.Operation{OperationID: id, Method: method, Path: "/api/v1" + path, Summary: summary, Tags: []string{tag}, MaxBodyBytes: maxJSON}
}

// public marks an operation that needs no sign-in.
func public(o huma.Operation) huma.Operation {
	o.Security = []map[string][]string{}
	return o
}

// route registers an operation: 401 for the unsigned unless it is public, before
// anything they sent is looked at; text that can be no text is refused; and every
// error goes through one door.
func route[I, O any](s *Server, o huma.Operation, h func(context.Context, *I) (*O, error)) {
	if open := o.Security != nil && len(o.Security) == 0; !open {
		o.Middlewares = append(o.Middlewares, s.signedIn)
	}
	huma.Register(s.api, o, func(ctx context.Context, in *I) (*O, error) {
		askerOf(ctx).arrived()
		if err := legible(in); err != nil {
			return nil, s.problem(ctx, err)
		}
		out, err := h(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		return out, nil
	})
}

// attached registers an operation that takes a file as its body. An empty one is no matter of the
// framework's: the room judges it as any other file, and refuses it by its rule.
func attached[I, O any](s *Server, o huma.Operation, most int64, h func(context.Context, *I) (*O, error)) {
	o.MaxBodyBytes, o.RequestBody = most, &huma.RequestBody{}
	route(s, o, h)
	o.RequestBody.Required = false
}

// pictureFile answers with a kept copy as the room shows it: a PDF or a picture drawn anew.
func pictureFile(kind string, content []byte, name string) *File {
	out := pdfFile(content, name+".pdf", false)
	if out.Type = kind; kind != "application/pdf" {
		out.Disposition = disposition(name+".jpg", false)
	}
	return out
}

// door is for whom a part of the API is.
type door string

// Doors of the API. Each has its own way of saying who asks, and none takes another's.
const (
	officeDoor    door = ""
	portalDoor    door = "portal"
	requesterDoor door = "requester"
)

// doors are the doors of actors; staff have the office's.
var doors = map[string]door{policy.Unit: portalDoor, policy.Citizen: portalDoor, policy.Requester: requesterDoor}

// doorOf is the door of a path.
func doorOf(path string) door {
	for _, d := range []door{portalDoor, requesterDoor} {
		if head := "/api/v1/" + string(d); path == head || strings.HasPrefix(path, head+"/") {
			return d
		}
	}
	return officeDoor
}

// signedIn lets those pass who are signed in, and those whose session is not full
// yet to what makes it so.
func (s *Server) signedIn(ctx huma.Context, next func(huma.Context)) {
	who := askerOf(ctx.Context())
	path := ctx.Operation().Path
	var err error
	switch {
	case who.actor.Kind == "" && doorOf(path) == requesterDoor:
		err = keyless()
	case who.lapsed != nil:
		err = s.problem(ctx.Context(), who.lapsed)
	case who.actor.Kind == "" && who.elsewhere && path != "/api/v1/session", who.actor.Kind != "" && doors[who.actor.Kind] != doorOf(path):
		err = s.problem(ctx.Context(), otherDoor(doorOf(path) == portalDoor))
	case who.visit.Lapsed != nil && path != portalPath+"/session":
		err = s.problem(ctx.Context(), who.visit.Lapsed)
	case who.actor.Kind == "":
		err = unsigned()
	case who.session.Stage != "" && who.session.Stage != staff.StageFull && !ofAccount(path):
		err = s.problem(ctx.Context(), stageRefusal(who.session.Stage))
	default:
		next(ctx)
		return
	}
	status, raw := encoded(err)
	ctx.SetHeader("Content-Type", "application/problem+json")
	ctx.SetStatus(status)
	_, _ = ctx.BodyWriter().Write(raw)
}

// actor is who asks.
func actor(ctx context.Context) policy.Actor { return askerOf(ctx).actor }

// Body wraps an answer's body.
type Body[T any] struct {
	Body T
}

// Tagged wraps an aggregate with its version as ETag.
type Tagged[T any] struct {
	ETag string `header:"ETag"`
	Body T
}

// Page is one page of a list; Next is the cursor of the following one, or null.
type Page[T any] struct {
	Items []T     `json:"items" nullable:"false"`
	Next  *string `json:"next" doc:"下一页游标，空为没有了"`
	Total *int64  `json:"total,omitempty"`
}

// OfAgency narrows a list to one agency; one that is not in the asker's scope has nothing in it.
type OfAgency struct {
	Agency string `query:"agency" maxLength:"20" doc:"只列一个机构的；不填为本人范围内全部"`
}

// of is who asks, seeing no further than the agency asked for.
func (o OfAgency) of(ctx context.Context) policy.Actor { return actor(ctx).Within(o.Agency) }

// Possible is one act on an aggregate: allowed now, or why not (every no teaches).
type Possible struct {
	Action  string   `json:"action"`
	Label   string   `json:"label"`
	Allowed bool     `json:"allowed"`
	Primary bool     `json:"primary,omitempty"`
	Reasons []Reason `json:"reasons,omitempty"`
}

// possible turns a room's answer into what screens draw their buttons from.
func possible(list []gate.Possible) []Possible {
	out := []Possible{}
	for _, p := range list {
		v := Possible{Action: p.Action, Label: p.Label, Allowed: p.Refusal == nil, Primary: p.Primary}
		if p.Refusal != nil {
			v.Reasons = refusalProblem(p.Refusal).Reasons
		}
		out = append(out, v)
	}
	return out
}

func chineseTime(t time.Time) string { return t.In(clock.Shanghai).Format("1月2日15:04") }

func (s *Server) staffName(ctx context.Context, id string) string {
	if id == "system" { // what the timers found
		return "系统"
	}
	m, err := staff.Get(ctx, s.Gate.DB(), id)
	if err != nil {
		return "他人"
	}
	return m.Name
}

// Document is the OpenAPI document without any data behind it.
func Document(version string) ([]byte, error) {
	s := New(&instance.Instance{Config: instance.Config{Version: version}}, slog.New(slog.DiscardHandler))
	return s.OpenAPIJSON()
}
