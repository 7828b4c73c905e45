// Package clock is the one source of time. Everything that asks for the time
// takes a Clock, so that tests and the demo own it. Nothing else belongs here.
package clock
