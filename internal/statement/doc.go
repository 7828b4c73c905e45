// Package statement is the one law of what may be said of a dossier (23, 29.7): the
// custody record, and what filed materials, or pieces of the paper dossier that one
// person cited and another confirmed, record of history, kin and key facts. Each
// statement carries the material and page it rests on; records that disagree are
// named beside each other; what has no source has no statement.
//
// Certificates, vetting answers and answers under consent all take their sentences
// from here, so that none of them can say more than another.
//
// What does not belong here: entering and confirming what materials record (dossier),
// applications and their states, papers, and any question of who may ask.
package statement
