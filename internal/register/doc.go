// Package register is the room of the registers (台账, N3; custody-and-statistics.md 2):
// each is a view of what the rooms' own rows say, never typed. It gives all of them one
// furniture: a page on screen by period, agency and state, an exported workbook with a
// number, a printed paper. A room offers its registers as values (Of); what lists a
// register is the room's own scope, so nobody sees a line that the policies would not
// let them read.
//
// What does not belong here: the columns of a register (its room knows them), figures
// and statistics, and any way to change a line.
package register
