// Package backup copies a whole province while it serves, and puts it back: the
// database from one snapshot (as rows, so that either engine can take it), every
// stored file, and the published log. Keys are not in it: `dangan key export`
// is kept apart.
//
// A backup is a folder. Every file in it stands in manifest.json with its
// digest; Check reads all of it again. A second backup into the same folder
// copies only the stored files it has not yet.
//
// What does not belong here: any row's meaning.
package backup
