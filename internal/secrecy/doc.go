// Package secrecy is where security classes are given and taken (15, 21b, 29.3): on a
// whole dossier or on one material, of the closed list in the dossier's room. A class is
// raised at once by one person, who may be anybody that handles dossiers: whoever finds a
// mark on a paper acts on it. It is lowered by two, on the document of the organ that
// decided: one person enters it, the head, who is another person, approves. Every change
// stands in the register 定密变更.
//
// Raising a material to a state secret leaves a placeholder: class number, pages, mark.
// Titles, texts read in it, versions before and images go out of the rows and out of use
// in the same act; the room hands the paper to the keepers of the marked zone by a task.
//
// Beside the class stands the need to know: the head names the persons who know a dossier,
// or one closed material. Where persons are named for a dossier, nobody else learns that it
// exists, whatever the clearance; the list holds as long as a head is on it.
//
// What does not belong here: who sees what. That is policy (common.cedar, dossier.cedar);
// this room only writes what the policies ask of.
package secrecy
