// Package server puts the faces behind one listener: the API, the pages, health
// and readiness, metrics; with TLS from files or behind a declared proxy, strict
// headers (security.md 6), logs without personal data, and a graceful stop.
//
// What does not belong here: any operation of the API, any rule.
package server
