// Package gate is the one door through which state changes. An act is an actor
// doing an action on a resource; Do performs one act, DoBatch many in one
// transaction, each in a savepoint with a ledger entry of its own.
//
// The way of an act: begin → the room loads what the act is about and asks
// tx.Permit (policies decide on the row that is locked, so nothing can change
// between the answer and the write) → the room's pure rule → tx.Insert and
// tx.Update seal what changed → the entry is appended → follow-ups are queued →
// commit, all or nothing. A transaction in which no policy was asked does not
// commit, and does not write. A refusal, by policy or rule, undoes the act and is
// itself recorded.
//
// Only this package makes a *Tx, and every writing function takes one: a write
// that bypasses the gate does not compile. Reads that are on record (a dossier,
// a page, a person) are acts too.
//
// What does not belong here: any rule of the regulation, any table of a room.
package gate
