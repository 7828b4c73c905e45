package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"dangan/internal/gate"
	"dangan/internal/instance"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/portal"
	"dangan/internal/rule"
	"dangan/internal/staff"
	"dangan/internal/store"
)

// asker is who sent the request.
type asker struct {
	actor   policy.Actor
	session staff.Session
	address string
	agent   string

	visit     portal.Visit  // of an actor from outside
	begun     string        // the cookie of a sign-in from outside that is under way
	elsewhere bool          // signed in, but by the other door: staff at the portal, or from outside at the office
	lapsed    *rule.Refusal // why a requester's key opens nothing

	answering *http.ResponseController
}

// scope is whose Idempotency-Keys the request's is one of. Nobody is signed in at a public
// page: there it is the client's, so that no stranger who sends the same key meets its answer.
func (a asker) scope() string {
	if a.actor.ID != "" {
		return a.actor.ID
	}
	client := sha256.Sum256([]byte(a.address + "\n" + a.agent))
	return "public:" + hex.EncodeToString(client[:16])
}

// arrived lifts the deadline for reading a body once it was read. net/http goes on reading
// to notice who hangs up, and would take the deadline for that: an act that waits for its
// turn longer than a body may take would be cancelled.
func (a asker) arrived() {
	if a.answering != nil {
		_ = a.answering.SetReadDeadline(time.Time{}) // a writer without deadlines has none to lift
	}
}

type askerKey struct{}

func askerOf(ctx context.Context) asker {
	who, _ := ctx.Value(askerKey{}).(asker)
	return who
}

// cookieName carries the __Host- prefix wherever the connection is protected.
func cookieName(in *instance.Instance) string {
	if in.Secure {
		return "__Host-dangan"
	}
	return "dangan"
}

// withRequest resolves the actor, holds browsers to same-origin JSON, and gives
// acts their idempotency: the same key with the same content is answered as the
// first time.
func (s *Server) withRequest(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		who, err := s.identify(r)
		if err != nil {
			s.write(w, s.problem(r.Context(), err))
			return
		}
		if s.limiter.exceeded(r, who, time.Now()) {
			w.Header().Set("Retry-After", "60")
			s.write(w, tooMany())
			return
		}
		who.answering = http.NewResponseController(w)
		ctx := context.WithValue(r.Context(), askerKey{}, who)
		// The route's pattern goes back to the request that came in, for logs and metrics.
		serve := func(w http.ResponseWriter, ctx context.Context) {
			inner := r.WithContext(ctx)
			next.ServeHTTP(w, inner)
			r.Pattern = inner.Pattern
		}
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			ctx = gate.WithRequest(ctx, gate.Request{Via: via(r)})
			serve(w, ctx)
			return
		}
		if crossSite(r) {
			s.write(w, &Problem{Type: "about:blank", Title: "来源不符", Status: http.StatusForbidden, Kind: kindError, Detail: "请求不是从本系统页面发出的，没有办理。"})
			return
		}
		req := gate.Request{Scope: who.scope(), Via: via(r), Key: r.Header.Get("Idempotency-Key"), IfMatch: IfMatch{r.Header.Get("If-Match")}.Want()}
		// Answers under consent are asked anew each time: what was kept would outlive the consent (N2).
		if req.Key == "" || answersUnderConsent(r.URL.Path) {
			req.Key = ""
			serve(w, gate.WithRequest(ctx, req))
			return
		}
		if len(req.Key) > 100 {
			s.write(w, &Problem{Type: "about:blank", Title: "请求有误", Status: http.StatusUnprocessableEntity, Kind: string(rule.Invalid), Detail: "Idempotency-Key 不超过 100 个字符。"})
			return
		}
		if err := hashBody(s.Keys, r, &req); err != nil {
			s.write(w, &Problem{Type: "about:blank", Title: "内容过大", Status: http.StatusRequestEntityTooLarge, Kind: string(rule.Invalid), Detail: "内容过大，没有接收。请拆分后重试。"})
			return
		}
		status, answer, err := s.Gate.Answer(ctx, req)
		switch {
		case err != nil:
			s.write(w, s.problem(ctx, err))
			return
		case status > 0:
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Idempotent-Replayed", "true")
			w.WriteHeader(status)
			_, _ = w.Write(answer)
			return
		}
		kept := &keeper{ResponseWriter: w}
		serve(kept, gate.WithRequest(ctx, req))
		// An answer that signs in is no answer without its cookie; a key is shown once and kept nowhere.
		if kept.status < 300 && !showsKey(r.URL.Path) && kept.body.Len() > 0 && kept.body.Len() < maxJSON && kept.Header().Get("Set-Cookie") == "" {
			if err := s.Gate.Answered(context.WithoutCancel(ctx), req, kept.status, kept.body.Bytes()); err != nil {
				s.log.WarnContext(ctx, "answer not kept", "error", err)
			}
		}
	})
}

// answersUnderConsent says whether a request asks for answers that only a consent in force gives.
// The act gives the same rows however often it is asked: it needs no key.
func answersUnderConsent(path string) bool {
	return doorOf(path) == requesterDoor && strings.HasSuffix(path, "/answers")
}

// identify finds the actor of a bearer token or cookie. An unknown or ended one
// is simply unsigned.
func (s *Server) identify(r *http.Request) (asker, error) {
	who := asker{address: s.address(r), agent: clip(r.UserAgent(), 200)}
	switch doorOf(r.URL.Path) {
	case portalDoor:
		return s.identifyOutside(r, who)
	case requesterDoor:
		return s.identifyRequester(r, who)
	}
	var member staff.Member
	var err error
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		member, err = s.Staff.Bearer(r.Context(), token)
	} else if cookie, missing := r.Cookie(cookieName(s.Instance)); missing == nil {
		who.session, member, err = s.Staff.Resume(r.Context(), cookie.Value)
	} else {
		if c, missing := r.Cookie(portalCookie(s.Instance, outsideCookie)); missing == nil {
			_, err := s.Portal.Resume(r.Context(), c.Value)
			who.elsewhere = err == nil
		}
		return who, nil
	}
	if errors.Is(err, store.ErrNotFound) {
		return asker{address: who.address, agent: who.agent}, nil
	} else if err != nil {
		return who, err
	}
	who.actor, err = s.Staff.ActorOf(r.Context(), member)
	who.actor.Session, who.actor.Proved = who.session.Digest != nil, who.session.SteppedAt
	return who, err
}

// identifyOutside finds the actor of a cookie from outside. No cookie or token of staff
// makes an actor here: at the portal nobody acts by a post.
func (s *Server) identifyOutside(r *http.Request, who asker) (asker, error) {
	if c, missing := r.Cookie(portalCookie(s.Instance, signInCookie)); missing == nil {
		who.begun = c.Value
	}
	c, missing := r.Cookie(portalCookie(s.Instance, outsideCookie))
	if missing != nil {
		if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
			_, err := s.Staff.Bearer(r.Context(), token)
			who.elsewhere = err == nil
		} else if c, missing := r.Cookie(cookieName(s.Instance)); missing == nil {
			_, _, err := s.Staff.Resume(r.Context(), c.Value)
			who.elsewhere = err == nil
		}
		return who, nil
	}
	v, err := s.Portal.Resume(r.Context(), c.Value)
	if errors.Is(err, store.ErrNotFound) {
		return who, nil
	} else if err != nil {
		return who, err
	}
	who.visit, who.actor = v, v.Actor
	return who, nil
}

// identifyRequester finds the requester of a key. Nothing else makes an actor at its door.
func (s *Server) identifyRequester(r *http.Request, who asker) (asker, error) {
	key := r.Header.Get(requesterHeader)
	if key == "" || len(key) > 100 {
		return who, nil
	}
	found, err := s.Consents.ByKey(r.Context(), key)
	if errors.Is(err, store.ErrNotFound) {
		return who, nil
	} else if err != nil {
		return who, err
	}
	who.actor, who.lapsed = found.Actor(), found.Lapsed(s.Consents.Today())
	return who, nil
}

// address is the peer's, or what the proxy in front says when one is declared.
func (s *Server) address(r *http.Request) string {
	if s.BehindProxy {
		if first, _, _ := strings.Cut(r.Header.Get("X-Forwarded-For"), ","); first != "" {
			return clip(strings.TrimSpace(first), 64)
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

func via(r *http.Request) string {
	if r.Header.Get("Authorization") != "" || r.Header.Get(requesterHeader) != "" {
		return "api"
	}
	return "web"
}

// crossSite tells a browser's request from another site; programs with a token send neither header.
func crossSite(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" && site != "none" {
		return true
	}
	origin := r.Header.Get("Origin")
	return origin != "" && !strings.HasSuffix(origin, "://"+r.Host)
}

// hashBody digests method, path and JSON body and puts the body back. Uploads
// are known by their length and name: their content is addressed by digest anyway.
func hashBody(keys person.Indexer, r *http.Request, req *gate.Request) error {
	h := sha256.New()
	// Of a one-time link, the link is what says whose request it is.
	fmt.Fprintf(h, "%s %s\n%q\n", r.Method, r.URL.RequestURI(), r.Header.Get("Link-Token"))
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") || r.ContentLength == 0 {
		body, err := io.ReadAll(io.LimitReader(r.Body, maxJSON+1))
		if err != nil || len(body) > maxJSON {
			return errors.New("body too large")
		}
		h.Write(body)
		r.Body = io.NopCloser(bytes.NewReader(body))
	} else {
		fmt.Fprintf(h, "%d %s", r.ContentLength, r.Header.Get("Content-Type"))
	}
	// Keyed: what a request said can't be tried out by who reads the database (security.md 8).
	req.Hash = hex.EncodeToString(keys.Index("request", string(h.Sum(nil))))
	return nil
}

// keeper copies an answer while it is sent.
type keeper struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (k *keeper) WriteHeader(status int) {
	k.status = status
	k.ResponseWriter.WriteHeader(status)
}

func (k *keeper) Write(b []byte) (int, error) {
	if k.status == 0 {
		k.status = http.StatusOK
	}
	if k.body.Len() < maxJSON {
		k.body.Write(b)
	}
	return k.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the real writer.
func (k *keeper) Unwrap() http.ResponseWriter { return k.ResponseWriter }

func unsigned() *Problem {
	return &Problem{Type: "about:blank", Title: "请先登录", Status: http.StatusUnauthorized, Kind: kindSignIn, Detail: "尚未登录，或登录已过期。请重新登录。"}
}

// ofAccount are the operations a session may use before it is full.
func ofAccount(path string) bool {
	return strings.HasPrefix(path, "/api/v1/session") || strings.HasPrefix(path, "/api/v1/account")
}

// otherDoor refuses those who are signed in, but not as whom an operation is for.
func otherDoor(portal bool) *rule.Refusal {
	reason := rule.Reason{Rule: "29.3", Slug: "outside_session", Message: "单位和个人登录后只能办理网上办事页面上的事项，不能使用工作人员的功能。", Next: "请回到“网上办事”页面；工作人员请用本人账户登录。"}
	if portal {
		reason = rule.Reason{Rule: "29.3", Slug: "staff_session", Message: "网上办事由单位经办人和本人办理，工作人员账户不能代办。", Next: "请单位或本人自行登录；窗口收到的材料在“材料收件”登记。"}
	}
	return rule.Refuse(reason)
}

func stageRefusal(stage string) *rule.Refusal {
	reason := rule.Reason{Rule: "29.3", Slug: "password_must_change", Message: "一次性口令只能用来设置新口令。", Next: "请先修改口令。"}
	if stage == staff.StageTOTP {
		reason = rule.Reason{Rule: "29.3", Slug: "totp_required", Message: "管理员须启用动态码。", Next: "请先在本人账户中启用动态码。"}
	}
	return rule.Refuse(reason)
}

// IfMatch carries the version a change was based on.
type IfMatch struct {
	Version string `header:"If-Match" doc:"所依据的版本（读取时的 ETag）"`
}

// Want is the version the caller expects, 0 when it stated none.
func (m IfMatch) Want() int64 {
	want, _ := strconv.ParseInt(strings.Trim(m.Version, `W/"`), 10, 64)
	return want
}

func etag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

func clip(s string, n int) string {
	if len(s) > n {
		return s[:n]
	}
	return s
}

func (s *Server) write(w http.ResponseWriter, err error) {
	status, raw := encoded(err)
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_, _ = w.Write(raw)
}

// encoded is an error as it is sent.
func encoded(err error) (status int, raw []byte) {
	var p *Problem
	if !errors.As(err, &p) {
		p = &Problem{Type: "about:blank", Title: "系统出错", Status: http.StatusInternalServerError, Kind: kindError}
	}
	raw, _ = json.Marshal(p)
	return p.Status, raw
}
