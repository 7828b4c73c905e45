// Package message tells persons what became of what they asked for: by SMS through the
// agency's gateway, by e-mail, or, where neither reaches them, by a clerk's call. A message
// is written in the transaction of the act that it follows from (Follow, called by the gate
// for every act: the table of events says which act tells what), so that none is lost and
// none told of what was undone. The timer sends what is queued: again after a failure, with
// the same key, so that the gateway takes it once; an e-mail whose fate a crash left open is
// not sent twice but shown to a clerk.
//
// A room that wants its act told adds a line to events, and nothing else:
//
//	"graduate.tell": {Template: Waiting, If: by("way", "短信")},
//
// A text says who, what kind of matter and which agency: the closed list of fields holds no
// identity number, no material and no fact of a dossier, and no wording with others can be
// published (29.3).
//
// Staff have an inbox: a room calls Inform inside an act that another post or agency should
// know of; who has read what is marked for each reader. What they have to do stands in their
// work list and not here. What does not belong here either: notices on paper, which are
// documents of the room they are about.
package message
