// Package agency keeps the tree of authorities and agencies (5, 6a): who is set
// up or authorized on which basis, what region each serves, and which codes an
// actor's scope covers.
//
// What does not belong here: staff (staff), dossiers, accounts of units.
package agency
