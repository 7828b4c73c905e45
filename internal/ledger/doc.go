// Package ledger is the append-only Merkle log of acts: RFC 6962 hashing by
// golang.org/x/mod/sumdb/tlog, C2SP tiles and signed checkpoints outside the
// database. An entry is authenticated in the act's own transaction with a key
// that the database does not hold, gets a gap-free number there or from the
// sequencer, and is published from a timer.
//
// A leaf is a salted commitment to the entry, so that the log can be shown and
// witnessed without revealing a person. The entry's trace holds the seals: the
// digest of every row the act wrote. Verify re-computes all of it, read-only.
//
// What does not belong here: deciding or doing an act (gate), and anything that
// knows what a dossier is.
package ledger
