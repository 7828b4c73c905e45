// Package fault kills the real program at random moments and looks at what is
// left: what was acknowledged is there once, what was not is there once or not at
// all, and `dangan verify` finds nothing.
//
// A round kills the server in the middle of applications and of whole transfers
// from letter to receipt, an import, an ingest and a whole check; and, on what they
// left, the ledger's publisher alone.
//
// DANGAN_SOAK sets the number of rounds on each database (5 by default).
package fault
