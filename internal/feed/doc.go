// Package feed is the room of other departments' data (14a, 18b): what the authorities of
// social insurance, employment and education know of a person whose dossier is kept here.
// A file is signed by its source, whose key one person registered and another confirmed.
// It is kept as it came and read by a job, row by row: a row that is wrong is refused by
// row and column, a fact that no material of the dossier shows opens a collection, and
// nothing else is changed. Of persons whose dossier is not kept here only a count is kept.
//
// What does not belong here: the collections themselves (collect) and what becomes of a
// death that is told by data (death).
package feed
