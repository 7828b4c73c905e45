// Package prove is the inspector's room: whole checks of the ledger as jobs with
// progress and a kept report, checkpoints over time, acts found by number, voucher
// or subject, and the proof of one act in one file (29.1, 29.4).
//
// Having a check done, calling it off and taking a proof are acts and stand in the
// ledger themselves; what a check found stands there too, so that a report can't be
// lost or written over.
//
// What does not belong here: how the check is done (ledger), and what a dossier is.
package prove
