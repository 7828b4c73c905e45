// Package handin is the room of what comes in over the net for an open request for materials
// (14): the agency sends the person a one-time link, the page behind it takes photos and PDF
// and shows nothing of any dossier, and what was sent is a submission that a clerk looks at,
// receives piece by piece (the receiving itself is the act of room dossier) or returns for a
// reason from a closed list, with a new link.
//
// Callers may rely on: nothing in a dossier changes by an upload; a link's token is nowhere
// kept, only its SHA-256 (it is computed anew, under a key the database does not hold, when
// the message goes out); a link ends with its request, at its date, or when one submission
// was confirmed; and nothing can be read back through it.
//
// What does not belong here: asking for materials (collect), receiving, verifying and filing
// them (dossier), and telling the person (message).
package handin
