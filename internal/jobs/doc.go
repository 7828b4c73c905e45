// Package jobs runs what follows an act and what the clock demands: follow-ups
// queued in the act's own transaction, and timers. It stands on River, on both
// databases, behind a narrow interface: Handle, Every, Enqueue, Start.
//
// A handler is called at least once: what it does must be idempotent, and it
// changes state only by acts through the gate. Who runs jobs reports as alive: what a killed
// process had in hand goes back to the queue within a minute. What does not belong here: what a
// job does (the rooms register that).
package jobs
