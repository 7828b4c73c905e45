// Package found is the room of the packets that turn up in private hands (6b): no person
// may keep a dossier, so who brings one is never sent away with it. It is registered as it
// came, sealed before two of the agency's staff, and from then on the agency keeps it as
// 待核实; the last keeper, its successor, the supervising bureau or the school is asked
// in writing. On an answer that it is genuine the packet goes on as one that has
// arrived (20.4, room transfer), or into the dossier that is already kept here; without
// one it stays, and the next is asked.
//
// What does not belong here: checking a packet against a list and receiving it (transfer),
// and what becomes of single materials (dossier).
package found
