// Package standing decides whose a dossier is and under what it is kept: one person
// has one dossier (2), of one of the seven categories with its evidence (4), on one
// account (12b, 12c). Merging two dossiers, splitting a wrong merge, a changed name or
// number, a change of category or account, and rebuilding what was lost (29.5) are
// asked for by one person with the document seen, and decided by another.
//
// A merge loses nothing: materials, pages, entries and what is owed move to the dossier
// that stays, each listed, so that a wrong merge is taken apart again. Custody, papers
// and finished cases stay with the row they were about, which is kept and linked.
//
// What does not belong here: packets whose person is not certain (roster), the transfer
// between agencies (transfer).
package standing
