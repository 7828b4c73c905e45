// Package transfer moves a dossier from one keeper to another (20.1–20.5,
// 29.6): application, letter, registration, pulling, review, packing, dispatch,
// arrival, item-by-item check, receipt, undertaking or supplements, shelf.
//
// One case is seen from both ends. Custody moves exactly once, in the act that
// accepts at the receiver; until then the sender answers for the packet. What
// does not belong here: the dossier's own contents (dossier), where the packet
// lies (custody), the layout of papers (paper; papers.go only writes them).
package transfer
