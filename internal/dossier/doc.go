// Package dossier is the one record of one person: its category and evidence,
// its state and number, the materials with their life from receipt to the
// catalog, the facts, history and family they record (2, 3, 4, 13, 14, 29.2).
//
// A filed material never changes; a correction is a new version with applicant,
// approver and reason. What does not belong here: where the packet lies and who
// hands it over (custody), images and their checks (digital), transfers,
// consultations and certificates: they use this room and this room never hears
// of them.
package dossier
