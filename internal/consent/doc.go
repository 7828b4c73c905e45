// Package consent is the room of verification under consent (N2, 29.3): a program outside that
// the province registered asks a person, the person consents on the portal to this requester,
// these questions, one purpose and an end, and the requester hears yes, no or not recorded to
// each, with the time and the entry in the ledger. It never gets a page, a writing or a value.
//
// Callers may rely on: what is asked compares with a value of a closed kind, for equality or
// on a fixed ladder; each question is answered once, and asking again finds the same row;
// a person's fact is compared with so many values in twelve months and no more, whoever asks
// and under however many consents, counted in rows inside the person's own act, so that many
// servers and many requesters together have the same limit as one. A dossier that is secret,
// is elsewhere or is not there is answered as what is not recorded.
//
// What does not belong here: what a dossier states (statement), the sign-in of persons
// (portal), and reading a dossier with the two readers of an outside unit (access).
package consent
