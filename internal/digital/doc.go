// Package digital takes scans into dossiers and shows them: deliveries of
// contractors with the four checks at intake, quarantine of what does not pass,
// a reviewer's acceptance by sample, and pages as reduced, watermarked renderings
// (15, 18a, 18c, 29.3, 29.4).
//
// A delivery is judged folder by folder: a dossier is taken in whole or not at
// all, and every problem of a folder is told at once. What came is kept as it
// came, taken in or not. A later delivery adds, it never replaces. An original
// never leaves the store; whoever sees a page sees a rendering made for this
// reader and minute, and each one is an act on record.
//
// What does not belong here: how an image is decoded (scan), the catalog's other
// ways (dossier), who may consult and why (access, which shows pages through
// Desk.Page).
package digital
