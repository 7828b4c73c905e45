// Package testkit gives tests a small real province (center, 南岸 500108, 渝中
// 500103, 万州 500101 with staff for every post) on both databases, and its API
// behind a real HTTP server. Only tests import it.
//
// What does not belong here: a way around the gate, a fake of anything.
package testkit
