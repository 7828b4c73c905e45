// Package supplement is the room of what follows when a promised or later material has not
// come by its term (20.4a, 20.4b): who owes what since when, by agency; reminders, the head
// and then the superior; a longer term, once, asked for with a reason and granted by another.
//
// The supplements themselves are of room dossier: they are opened by the rooms that find a gap
// and closed by the material's own dossier. What is asked for by a notice of collection has its
// term there (collect), and does not belong here.
package supplement
