// Package hold is the legal hold (限制转出) on a dossier: an organ with the power to
// do so says by document that it may not leave, on a legal basis and until a day
// (20.2a). One person enters the document, another confirms it; the organ extends it
// by a further document or lifts it early, again by two persons; else it ends by itself
// the day after its last. Nothing else than these four hindrances keeps a dossier from
// leaving, so a hold without basis or end can't be entered.
//
// The dossier carries what is in force as one sentence, which only this room writes;
// transfer asks the dossier and never hears of holds. What does not belong here: the
// agency's own reasons to keep a dossier, such as its backlog or doubts about a
// material. They are no hindrance.
package hold
