// Package rating is 好差评 (28): whoever applied rates the service once, after the application
// has its end, on the slip's number and code or signed in; in five grades, with reasons, also
// nameless. A rating is never changed and nobody at the agency reads one: what they see are
// figures, which hide what few ratings would tell of one. A bad one opens a case, and only then
// is told what is needed to call back; who had a hand in the matter neither sees nor calls.
// What is overdue is told to the authority above, and the person hears that it was dealt with.
//
// What does not belong here: objections and complaints (window), and ratings of their answers.
package rating
