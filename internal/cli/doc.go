// Package cli is the command line: one file a command, each opens the instance,
// calls a room and prints. Standard output carries the result (with --json
// exactly one document), standard error progress and logs.
//
// Exit status: 0 done, 1 failure, 2 usage, 3 the whole command refused by a
// rule, 4 verification found differences.
package cli
