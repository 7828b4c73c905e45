// Package retirement is the room of dossiers that go to the social-insurance reviewer
// (7.4, 22): who is within half a year of the retirement age, the check of what the
// dossier says of the key facts, the list by which packets are handed over under two
// signatures, the count on their return, and the approval form that is filed before the
// case ends: kept here, or on its way to another keeper.
//
// The retirement age is flexible and was raised step by step from 2025 (National People's
// Congress decision of 2024-09-13). It is a table by birth month, ages.csv, which the
// province may replace as a whole; nothing else of the room knows a number of it. The
// agency decides nothing: it lists what is written, and what contradicts itself.
//
// What does not belong here: the facts themselves and the receiving and filing of the
// approval form (dossier), the packet's way within the house (custody), and transfers.
package retirement
