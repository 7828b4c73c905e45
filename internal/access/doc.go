// Package access lets an outside unit's readers consult a dossier (21, 21a–21d):
// the application with its letter or legal paper, two readers with their
// declarations, the check, the approval by another person, and the reading
// session under a monitor that ends by itself. What was read is on record.
//
// Rules that live here: 15 (secret parts stay closed), 18c (no path to a page
// without an open session), 21a, 21.1–21.4, 21b, 21c, 29.6, 29.8. What does not
// belong here: where the packet lies (custody), how a page is drawn (digital),
// loans, and what members of staff read for their own work (dossier).
package access
