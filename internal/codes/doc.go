// Package codes holds the national and provincial code lists (codes.md 7–13,
// materials.md 7): sexes, ethnic groups, education, political status, kin,
// categories of rule 4, purposes of rule 21a, ways of 20.3, material classes,
// checklists, evidence of key facts, appraisal defects, aliases of titles.
//
// Store the code, show the name; a value outside a list is kept as text beside an
// empty code, never guessed. What does not belong here: any decision.
package codes
