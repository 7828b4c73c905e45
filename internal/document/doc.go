// Package document issues the papers that travel: it draws the number in the
// issuing act, has the paper laid out and signed, stores the file and keeps its
// register (forms.md 0). An issued paper never changes; a correction is a new
// number that names the old one, a void number stays in the register.
//
// What does not belong here: what a paper says (the rooms write that, with
// internal/paper) and when it may be issued.
package document
