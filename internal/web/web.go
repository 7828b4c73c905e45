package web

import (
	"crypto/rand"
	"embed"
	"encoding/base64"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

//go:embed all:dist
var dist embed.FS

// page is the one page; nonceMark is where its style nonce goes.
const (
	page      = "index.html"
	nonceMark = "__CSP_NONCE__"
)

// Handler serves the pages. Without a build it says so.
func Handler() http.Handler {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // embedded
	}
	index, missing := fs.ReadFile(files, page)
	static := http.FileServerFS(files)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
		if info, err := fs.Stat(files, name); err == nil && !info.IsDir() && name != page {
			if strings.HasPrefix(name, "assets/") {
				w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
			}
			static.ServeHTTP(w, r)
			return
		}
		if missing != nil {
			http.Error(w, "页面没有构建：请运行 make build。", http.StatusServiceUnavailable)
			return
		}
		nonce := make([]byte, 16)
		_, _ = rand.Read(nonce)
		n := base64.StdEncoding.EncodeToString(nonce)
		w.Header().Set("Content-Security-Policy", policy(n))
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Cache-Control", "no-cache")
		_, _ = w.Write([]byte(strings.ReplaceAll(string(index), nonceMark, n)))
	})
}

// policy is security.md 6; antd writes its styles into the page under the nonce,
// and its style attributes need style-src-attr.
func policy(nonce string) string {
	return "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-" + nonce + "'; style-src-attr 'unsafe-inline'; img-src 'self' blob: data:; font-src 'self'; " +
		"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'; frame-src blob: 'self'; object-src 'none'"
}
