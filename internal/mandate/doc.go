// Package mandate keeps the powers of attorney (委托书) on which one person applies for
// another (12a): the paper with its day, its end and the matters it names, both identity
// documents as they were seen, and the agent's word that nobody is paid for it (29.9).
//
// There is one record for all rooms: a room that takes an application from an agent has
// it rest on a mandate (Rest), inside its own act, and what was applied for on it stands
// beside it. Staff and the actor's kin are no agents (10b), and one who stands for
// unusually many persons waits for the head: a quiet intermediary looks like that.
//
// What does not belong here: the worker whom a unit sends with its letter (account), kin
// who ask in their own right (certificate, 23), and the applications themselves.
package mandate
