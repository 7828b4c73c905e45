package instance_test

import (
	"strings"
	"testing"

	"dangan/internal/dossier"
	_ "dangan/internal/instance"
	"dangan/internal/policy"
)

// A time line says what was done, never only where.
func TestEveryActHasAName(t *testing.T) {
	e, err := policy.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, action := range e.Actions() {
		room, _, _ := strings.Cut(action, ".")
		if name := dossier.ActName(action); name == "" || name == dossier.ActName(room+".no_such_act") {
			t.Errorf("%s goes by %q", action, name)
		}
	}
}
