// Package staff is the people of the system: accounts, posts and stand-ins,
// sign-in with password and one-time code, lock-out, sessions, bearer tokens,
// declared kin (10a, 10b; security.md 3, 5, 6).
//
// Three administrators are three persons and hold no business post: the system
// administrator makes empty accounts, the security administrator gives posts and
// unlocks, the auditor reads the log. What does not belong here: what a post may
// do (policy), citizens and outside units.
package staff
