// Package random lets random posts do random acts through the API, alone and in crowds, and
// looks after them at what must hold whatever was done: a dossier is in exactly one custody,
// no deadline disappears, every refusal has its rule, every register counts what the ledger
// counts, and the whole check finds no difference. It knows the operations from the OpenAPI
// document and what to send from what the province holds, so that a new room is walked
// without a word here. No expectation about one act belongs here: that is conformance.
package random
