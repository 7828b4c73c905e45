// Package certificate states what a dossier records, and nothing else (23, 29.7):
// 存档证明 from the custody record, 经历证明, 亲属关系证明 and 档案记载情况证明 from filed
// materials or from pieces of the paper dossier that one person cited and another confirmed.
// What was searched for and is not recorded is told in a 查无记载告知单, which certifies nothing.
//
// A clerk drafts by choosing among what is recorded; no sentence can be written
// by hand. A reviewer, another person, issues it: numbered, sealed, signed, with
// an end of validity. A record that changed in between stops the issue. An issued
// certificate never changes; a correction is a new number that names the old one.
//
// What does not belong here: entering and confirming what materials record
// (dossier), what may be said of a dossier at all (statement), where the packet lies (custody), numbering, signing and checking of
// papers (document, paper), written opinions for vetting (7.6).
package certificate
