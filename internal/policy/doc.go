// Package policy answers who may do what to what. The answers stand as Cedar
// policies in *.cedar, one file a room, each annotated with the rule it comes
// from; this package only builds the entities they speak of and turns a denial
// into a refusal with every reason.
//
// Annotations: @rule("20.2a") the rule, @slug("…") its reason code,
// @message("…") and @next("…") the Chinese sentences of a denial. On permit
// policies @who("经办") names the post that may, for the sentence that is said
// when nothing permits.
//
// What does not belong here: what a state machine allows (that is pure Go in
// the rooms), and any reading of the database.
package policy
