// Package guide says what can be applied for, by whom, with which papers and in what time (26):
// the service guide that anybody may read, at home or at the window.
//
// It has no words of its own where a table has them: categories with their evidence, ties, papers
// of units, kinds of certificates, what agents may do and the terms of the province come from where
// screens and rules read them, agencies from the tree. Nothing is written here.
package guide
