// Package kin knows who stands to a dossier's person within the set of 21c, 10b and 20.3c:
// oneself, the spouse, lineal kin, collateral kin within three generations, close in-laws.
//
// It follows what is recorded: the families of dossiers, from both ends, and what members of
// staff declared. That nothing is found proves nothing, so readers also sign. Nothing is
// written here, and nobody is told which kinship it was.
package kin
