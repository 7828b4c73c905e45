// Package intake keeps what was asked for and not taken in as it came (28, 29.8): an
// application that a rule stands against, or whose papers are not complete. Rooms refuse
// such an application with nothing but an answer; here the same application is put down
// with that answer, so that it has a slip, a term and an end like every other.
//
// What stands against it is not typed in: the application is tried at its own room
// (gate.Dry) and the record bears what the room said. Papers are asked for once and whole
// (补正告知); 不予办理 is another person's word, on a notice that can be objected to. An
// application goes on as soon as its room takes it in: the room says so inside its own act
// (Take), and the record ends there.
//
// There is one record for all rooms, as there is one of powers of attorney (mandate).
//
// What does not belong here: refusing a case that was taken in (transfer, access,
// certificate), and objections, which are the window's.
package intake
