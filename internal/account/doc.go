// Package account is the room of units' collective accounts (12c, 12d): opened on the
// unit's papers, closed when no dossier hangs on them any more. One act of one signature
// turns every dossier of an account into a personal one, or starts its transfer to another
// agency, and closes the account: all of them or none, and nobody is forgotten, because
// the act counts what hangs there under the same lock under which it closes. A unit that
// is deregistered or can't be reached is closed by the agency's own act, with its evidence,
// and every person is told.
//
// A dossier hangs on the open account of its agency that bears the name of its unit. One
// whose transfer is started is kept as a personal one until it leaves, so that a transfer
// that comes to nothing leaves nobody on an account that is closed.
//
// What does not belong here: what one dossier's account is changed to (standing), the
// transfer itself (transfer), the accounts of the staff (staff).
package account
