// Package death is the room of the dossiers of the dead (20c): a death is registered by
// notice or from other authorities' data and holds only when a second person has
// confirmed it; from the day of death a dossier is kept for five years, is due then,
// and goes to an archive or another keeper by the present channel, or stays. Dossiers of
// heroes and models go to an archive by their own rules, at any time.
//
// A handover is a transfer of its own kind: no letter, no applicant, several packets by
// one list that two of the agency's staff answer for, and closed by the taker's receipt.
// Until then kin and the units that settle pensions and survivors' matters are served:
// other rooms ask Dead and Of what a dossier's person can still be asked for.
//
// What does not belong here: transfers on a letter (transfer), the packet's way through
// the house (custody), and what certificates and readings are (certificate, access).
package death
