// Package work is the one form in which every room says what waits for a member
// of staff: the first page of each post is made of it. What does not belong
// here: finding the items (each room does) and grouping them (the face does).
package work
