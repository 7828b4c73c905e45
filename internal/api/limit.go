package api

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// A limit is how many requests a minute one address or account may make to
// operations of a kind (security.md 6).
type limit struct {
	name      string
	perMinute int
	byAddress bool
	matches   func(r *http.Request) bool
}

var limits = []limit{
	{"sign-in", 10, true, func(r *http.Request) bool { return r.Method == http.MethodPost && r.URL.Path == "/api/v1/session" }},
	{"verify", 20, true, func(r *http.Request) bool {
		return strings.HasPrefix(r.URL.Path, "/api/v1/verify") || strings.HasSuffix(r.URL.Path, "/ratings")
	}},
	{"notice-link", 20, true, func(r *http.Request) bool { return r.URL.Path == "/api/v1/notice-link" }},
	{"hand-in", 60, true, func(r *http.Request) bool { return r.URL.Path == handInPath }},
	{"portal-sign-in", 20, true, func(r *http.Request) bool {
		return r.Method == http.MethodPost && (r.URL.Path == portalPath+"/sign-in" || r.URL.Path == portalPath+"/session")
	}},
	{"portal-upload", 60, false, func(r *http.Request) bool {
		return r.Method == http.MethodPost && strings.HasPrefix(r.URL.Path, portalPath+"/requests/")
	}},
	{"page", 120, false, func(r *http.Request) bool {
		return strings.Contains(r.URL.Path, "/pages/") && r.Method == http.MethodGet
	}},
	{"list", 5, false, func(r *http.Request) bool { return r.URL.Path == exportPath }},
	// All registers of an agency at a month's end, one after the other.
	{"export", 60, false, func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, ".xlsx") }},
	{"search", 240, false, func(r *http.Request) bool { return r.Method == http.MethodGet && r.URL.Query().Get("q") != "" }},
}

// limiter counts by kind and by who asks; what nobody asked for in ten minutes is forgotten.
type limiter struct {
	mu    sync.Mutex
	by    map[string]*bucket
	swept time.Time
}

type bucket struct {
	rate *rate.Limiter
	used time.Time
}

// exceeded says whether a request is one too many.
func (l *limiter) exceeded(r *http.Request, who asker, now time.Time) bool {
	for _, k := range limits {
		if !k.matches(r) {
			continue
		}
		subject := who.actor.ID
		if k.byAddress || subject == "" {
			subject = who.address
		}
		if !l.bucket(k.name+" "+subject, k.perMinute, now).AllowN(now, 1) {
			return true
		}
	}
	return false
}

func (l *limiter) bucket(key string, perMinute int, now time.Time) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Sub(l.swept) > 10*time.Minute {
		for k, b := range l.by {
			if now.Sub(b.used) > 10*time.Minute {
				delete(l.by, k)
			}
		}
		l.swept = now
	}
	b := l.by[key]
	if b == nil {
		b = &bucket{rate: rate.NewLimiter(rate.Limit(float64(perMinute)/60), perMinute)}
		l.by[key] = b
	}
	b.used = now
	return b.rate
}

func tooMany() *Problem {
	return &Problem{Type: "about:blank", Title: "请求过于频繁", Status: http.StatusTooManyRequests, Kind: kindError, Detail: "请求过于频繁，这次没有办理。请过一分钟再试。"}
}
