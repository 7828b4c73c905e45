// Package web embeds the built pages (web/, Vite) and serves them: static files
// with long caching, every other path the one page, all under a strict
// Content-Security-Policy (security.md 6).
//
// What does not belong here: any data; the pages ask the API.
package web
