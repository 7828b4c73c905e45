// Package instance puts one province together: keys, database, blobs, policies,
// gate, queue and rooms, opened from one configuration. Faces and the command
// line start here; a room never imports it.
//
// What does not belong here: any rule, any SQL, anything a single room could do.
package instance
