// Package paper makes the papers that travel: A4 documents as PDF with
// embedded Chinese type, tables, the agency's drawn seal, a QR code and an
// embedded signature; and workbooks for exports and lists of errors.
//
// What callers may rely on:
//
//   - Text comes out as it went in: every character, beyond U+FFFF too, is
//     drawn from an embedded subset and extracts to the same code points. A
//     character without a glyph in any face makes Render fail with a
//     *MissingGlyph that names it; a box is never printed (forms.md 19.4).
//   - The same blocks and options give the same bytes. Nothing here reads a
//     clock or draws random numbers, except the signature itself.
//   - A signed paper is one signature over the whole file. Verify finds any
//     changed, added or hidden byte and never says valid without a trusted key.
//
// The room is ground: it knows no dossiers and no rules. What a transfer
// letter or a certificate says is written in the room that issues it. Blocks
// (Paragraph, Fields, Table, Part, Closing …) are shared by all of them, so
// that the papers of one agency look like one hand.
//
// Layout follows GB/T 9704-2012 for letters and certificates (type area
// 156 × 225 mm, 22 lines of 28 characters) and a tighter page for forms.
package paper
