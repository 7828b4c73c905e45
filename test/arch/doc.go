// Package arch holds the house to its plan: arrows point down only (faces →
// business → law → ground), only the gate begins a write, every room has the
// same furniture.
package arch
