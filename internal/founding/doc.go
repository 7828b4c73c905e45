// Package founding sets a province up: authorities, agencies, the center, the
// three administrators and, where asked for, staff for every post. `dangan init`,
// the demo and the tests use it; all of it goes through the gate as acts of the
// system itself (6a, 10a).
//
// What does not belong here: persons, dossiers and cases (demo).
package founding
