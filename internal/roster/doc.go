// Package roster reads an office's list of the dossiers it keeps (花名册) and
// judges every row as a careful clerk would: all errors at once, with what is
// wrong and how to put it right. An import of stock registers what the agency
// already keeps; it opens no new dossier in the sense of rule 29.5.
//
// Rules here: 2 (one person, one keeper in the province: held-elsewhere,
// id-name-conflict; packets whose person is not certain are kept apart,
// unclear.go), 4 (category-unknown), 7b (jurisdiction-mismatch, a warning for stock).
//
// What does not belong here: how a workbook is stored (sheet), what a number is
// (identity), and any writing but through the gate.
package roster
