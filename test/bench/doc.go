// Package bench measures what the house promises, as ratios to a reference in the
// same run with the same durability. Each line reads
//
//	BENCH name value unit ratio
//
// `make bench` runs it. The figures are of this machine at this moment.
package bench
