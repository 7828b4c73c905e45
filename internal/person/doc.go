// Package person keeps who a dossier is about: the identity as its documents
// state it, with the identity number, phone and address encrypted and found by
// keyed index only (12b, security.md 8).
//
// What does not belong here: the dossier and its materials (dossier), accounts.
package person
