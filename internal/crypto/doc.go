// Package crypto holds a province's keys and the suite they are used in. One
// root key outside the database (key file or environment) wraps versioned data
// keys; everything else is derived. Old versions stay readable, new ones are
// started by Rotate.
//
// The suite's name stands in the key ring, so that the national suite (SM2, SM3,
// SM4) can stand beside the international one. What does not belong here:
// what is encrypted or signed, and any storage but the key folder.
package crypto
