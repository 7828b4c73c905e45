// Package classify proposes the class of a material by its title. It only reads
// the title: a material belongs to the class of its content and purpose
// (13a; materials.md 1), so a person decides and each proposal says its ground.
package classify
