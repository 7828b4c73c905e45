// Package blob is the write-once content store: what was put is found by the
// SHA-256 of its plain bytes, encrypted at rest in packages (DARE, minio/sio), in
// a folder or an S3 store. There is no delete and no overwrite (29.4).
//
// What does not belong here: what a file is, and who may read it.
package blob
