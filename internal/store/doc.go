// Package store opens the database, SQLite by default and PostgreSQL by URL, and
// holds everything in which the two differ: connection settings, placeholders,
// column types, triggers, locks, error codes. Above it there is one set of
// migrations and of queries, written with `?` placeholders in SQLite's types.
//
// What belongs here: opening, reading, mapping rows to structs, the canonical
// digest of a row, the list of tables with their kind. What does not: any rule
// of the regulation, and any decision whether a write may happen. Begin is for
// the gate alone (test/arch checks it); everybody else reads, or writes through
// a *gate.Tx.
package store
