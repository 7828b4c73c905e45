// Package identity checks and writes the numbers people and units are known by:
// citizens' numbers (GB 11643-1999) with their 15-digit form, residence permits,
// unified social credit codes (GB 32100-2015), telephones; and masks them for
// screens (security.md 8). A passed check proves no number was issued.
//
// What does not belong here: whose number it is, and where it is kept.
package identity
