package staff

import (
	"strings"
	"testing"
)

// Checking a password of nobody must take what checking one of somebody takes.
func TestTheDecoyCostsWhatATrueHashCosts(t *testing.T) {
	hash, err := Strong.Hash("Ce-Shi-Kou-Ling-42")
	if err != nil {
		t.Fatal(err)
	}
	decoy := Strong.decoy()
	a, b := strings.Split(hash, "$"), strings.Split(decoy, "$")
	if len(a) != 6 || len(b) != 6 || strings.Join(a[:4], "$") != strings.Join(b[:4], "$") || len(a[4]) != len(b[4]) || len(a[5]) != len(b[5]) {
		t.Errorf("a true hash %s, the decoy %s", hash, decoy)
	}
	if decoy == Strong.decoy() {
		t.Error("every decoy is the same")
	}
	if VerifyPassword(decoy, "") || VerifyPassword(decoy, "Ce-Shi-Kou-Ling-42") {
		t.Error("a password fits the decoy")
	}
}
