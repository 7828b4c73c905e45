// Package conformance drives the API from outside, rule by rule: every act and
// rule has a case that is allowed and one that is refused. Each case holds its
// rule id as a literal, so that a search for "20.3b" finds what is promised.
package conformance
