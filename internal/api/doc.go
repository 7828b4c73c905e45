// Package api is the HTTP face: one file a capability, each operation decodes
// and checks shape, calls one method of a room, and encodes the answer. The
// OpenAPI 3.1 document is made from the code (huma) and served at
// /api/openapi.json; operations stand under /api/v1/.
//
// What does not belong here: rules, SQL, and anything that decides. A refusal
// becomes problem+json in one place (problem.go); an act carries its
// Idempotency-Key and If-Match through one middleware (request.go).
package api
