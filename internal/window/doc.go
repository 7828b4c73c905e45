// Package window is the one place for what people say of the service (28, 29.8–29.10):
// objections to a refusal, whichever room gave it, and complaints, also anonymous, also
// of charges and of tying to paid business. Each is acknowledged, goes to the authority
// above the agency it is about, and is answered within the province's working days; an
// objection that is upheld opens the refused case again. Supervisors see what is open,
// what is overdue, and the figures of every agency in their reach.
//
// What does not belong here: refusing itself (transfer, access, certificate).
package window
