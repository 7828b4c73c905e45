// Package rule holds every rule id of the regulation's reading with its Chinese
// clause, quoted from the regulation's own text, and the one value by which
// policies and state machines say no.
//
// What does not belong here: deciding anything.
package rule
