// Package sheet reads workbooks that strangers send, and writes those they get
// back. Reading is streamed, typed and guarded: what a cell holds (text, number,
// date) and the digits a number is stored with come out as they stand in the
// file, a workbook that is encrypted, cut, renamed, or built to exhaust the reader is
// refused with a sentence of its own, and no row is lost in silence.
//
// Why not a library: excelize's streaming rows give no kinds of cells and end
// without an error where the XML is cut; thedatashed/xlsxreader drops the runs of
// rich text. So the reader is our own over archive/zip; excelize writes.
//
// What does not belong here: what a column means (roster, digital).
package sheet
