// Package double guards that one person has one dossier (2) where numbers do not say so:
// whoever is about to come in and is born on the same day and called the same, now or before,
// as a person whose dossier the province keeps, comes in only once somebody said, with a
// reason and on evidence, that they are two. Every room that makes a person asks here
// (Guard, Find); the same question over what is kept is the list of likely doubles, from
// which two dossiers go to a merge (standing) or are said to be of two persons.
//
// What was said is of two numbers, so that it holds for somebody who is not kept yet; it
// can be taken back with a reason, and then the two are on the list again.
//
// Nothing is said of a dossier that the actor may not know of (10b, 15): it counts neither at
// an entry nor on the list, and whoever may know of it finds the pair there.
//
// What does not belong here: what is certain by the number (person.ByIDNo), merging and
// splitting (standing), packets whose person is not known (roster).
package double
