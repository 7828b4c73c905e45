// Package statementtest draws random records for property tests of whatever prints
// or answers statements. Nothing but tests may use it.
package statementtest
