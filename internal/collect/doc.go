// Package collect is the room of the collection of materials (14a, 14b): what a dossier
// lacks by the checklist of its category, and what an event of a working life brings with
// it, is asked for in one notice of the unit that forms it, of the person or of the
// agency's own staff, with a term; who is late is asked again, and stands on a list of
// units and one of persons.
//
// What is asked for are supplements of room dossier, which closes them itself when such a
// material is filed: a request says whom they are asked of, and never writes a material.
// What does not belong here: receiving, appraising and filing (dossier), and what a person
// promised when a dossier arrived (transfer).
package collect
