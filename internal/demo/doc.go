// Package demo builds the sample province: Chongqing with an agency in each of
// its divisions, staff for every post and made-up persons with dossiers in every
// state, so that every screen has something true to show.
//
// Everything comes through the rooms' own acts, in the name of those who would
// do them and on the days they would: the build's clock is set back and moves
// forward to the present. The same seed, program and start day give the same
// persons, numbers, cases and states; keys, salts, ids and signatures differ.
//
// What does not belong here: a way around the gate, real persons, anything that
// only the demo could do.
package demo
