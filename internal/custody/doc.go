// Package custody is where a packet was, is, and who handed it to whom (6b,
// 16b): one row a handover, never changed. The keeper of a dossier is always an
// agency, an organ or a carrier under a transfer, never a natural person.
//
// What does not belong here: why it moves (transfer, access), its contents.
package custody
