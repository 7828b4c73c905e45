// Package introduction is the one law of what a unit shows that wants a dossier read or
// lent (21.1, 21.2, 21a, 21c, 29.3; forms.md 8 and 9): its letter or legal paper, and the
// two or more people it sends. Consultations and loans hold their forms to it, so that
// neither asks for less than the other.
//
// It is pure: no store, no settings but what it is given. What does not belong here: the
// states of a case, who may approve it, what else a loan or a reading asks for, and whether
// somebody is kin (package kin).
package introduction
