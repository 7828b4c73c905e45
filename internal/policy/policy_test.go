package policy

import "testing"

func TestEveryPolicyIsAnnotated(t *testing.T) {
	e, err := New()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range e.all {
		notes := p.policy.Annotations()
		if notes["rule"] == "" {
			t.Errorf("%s: no @rule", p.id)
		}
		if !p.permit && (notes["message"] == "" || notes["next"] == "" || notes["slug"] == "") {
			t.Errorf("%s: a forbid must teach: @slug, @message, @next", p.id)
		}
	}
}
