// Package calendar counts China's working days and terms in months by the State
// Council's arrangement, loaded year by year, and holds the civil date (codes.md
// 1; Civil Code 201–203). A deadline that reaches past the last year loaded is
// provisional and is computed again when that year comes.
//
// What does not belong here: which deadline an act has (rooms), time of day (clock).
package calendar
