// Package loan lets a dossier out of the house by exception (22): an application that
// says why it can't be read here, two readers with their declarations, the originals
// compared, an opinion, and the approval of the head, always; a packet counted by the
// page and sealed when it goes and when it comes back; a term, extended once at the
// most; recall; and a clock that asks the unit, then tells the supervisor.
//
// Rules that live here: 15 (state secrets are not lent), 21c (nobody who reads, keeps
// or carries it is the person or kin), 22, 29.2, 29.6, 29.8. What does not belong here:
// where the packet lies (custody), reading in the house (access), and what goes to the
// retirement's reviewer (retirement).
package loan
