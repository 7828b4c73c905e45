// Package setting keeps what a province decides for itself: terms, shares of
// samples, and the State Council's arrangement of holidays year by year. Each
// change is an act of the province's supervisor (N1): agencies cannot loosen it.
//
// Values marked [unverified] in the domain's sources live here, never as a fixed
// number in a rule. What does not belong here: terms the regulation itself sets
// (15 working days, 2 months, 1 month): nobody may change those.
package setting
