// Package region knows the divisions: Chongqing's districts and counties with
// their successors, the functional areas, and every code of GB/T 2260 since 1981
// (codes.md 2). Codes are kept as they were given; comparisons follow successors.
//
// What does not belong here: which agency serves a region (agency).
package region
