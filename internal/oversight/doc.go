// Package oversight is what those see who guide and inspect (5): the posts of the Party's
// organization department and of the archives department of each level, statistics, and the
// supervisors. It puts the rooms' figures side by side, agency by agency of the own subtree, and
// gives the lists that name no person: 不予办理 with its clauses, decisions on agencies, how many
// lines each register has.
//
// What does not belong here: a name, a number of a dossier or of an identity document, a title, a
// link to a case, a search by any of these, and anything that can be done. Figures are the rooms'
// own, so that two screens never tell two numbers.
package oversight
