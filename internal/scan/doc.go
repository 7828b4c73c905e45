// Package scan judges images of scanned pages and makes what browsers get from
// them: it decodes a page's data to its last line, measures what digitization
// norms ask for (GB/T 33870-2017, DA/T 31-2017), and draws reduced renderings
// with a watermark.
//
// A file of a stranger is read once, as a stream, its dimensions before anything
// is allocated. The check of a JPEG decodes the entropy-coded data without the
// inverse transform: as strict as a decoder, several times faster, and the
// average of every block falls out of it, a picture an eighth as large that tells
// blank pages and skew.
//
// What does not belong here: names, catalogs and dossiers (digital).
package scan
