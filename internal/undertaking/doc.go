// Package undertaking is the 告知承诺书 (20.4a, forms.md 4) wherever it is asked for: what is told
// at once, what the person signs, on the screen or on paper, until when, and the scan of what was
// signed. Rooms that find key materials missing issue it in their own acts and hold their own
// cases to it.
package undertaking
