package policy

import (
	"io/fs"
	"regexp"
	"testing"
)

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

// TestNoPolicyLooksAtAResourcesID: Memo answers for resources that differ in their id only.
func TestNoPolicyLooksAtAResourcesID(t *testing.T) {
	names, err := fs.Glob(files, "*.cedar")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	byID := regexp.MustCompile(`resource\s*(==|!=|in\b)|(==|!=|\bin)\s*resource\b\s*[^.\s]`)
	for _, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if m := byID.Find(text); m != nil {
			t.Errorf("%s compares a resource as a whole: %q", name, m)
		}
	}
}

func TestMemoAnswersAsTheEngine(t *testing.T) {
	e, err := New()
	if err != nil {
		t.Fatal(err)
	}
	m := e.Memo()
	clerk := Actor{ID: "1", Kind: Staff, Org: "50010801", Posts: []string{"clerk"}, Reach: []string{"50010801"}}
	keeper := clerk
	keeper.Posts = []string{"keeper"}
	of := func(id, agency string) Resource {
		return Resource{Type: "Dossier", ID: id, Agencies: []string{agency}, Attrs: map[string]any{"agency": agency}}
	}
	for _, c := range []struct {
		actor   Actor
		action  string
		r       Resource
		allowed bool
	}{
		{clerk, "roster.register", of("a", "50010801"), true},
		{clerk, "roster.register", of("b", "50010801"), true},
		{clerk, "roster.register", of("c", "50010301"), false},
		{keeper, "roster.register", of("d", "50010801"), false},
		{clerk, "roster.register", of("e", "50010801"), true},
		{clerk, "custody.pull", of("e", "50010801"), false},
	} {
		if got := m.Decide(c.actor, c.action, c.r); got.Allowed() != c.allowed || got.Allowed() != e.Decide(c.actor, c.action, c.r).Allowed() {
			t.Errorf("%s %s by %v: allowed %v", c.action, c.r.ID, c.actor.Posts, got.Allowed())
		}
	}
}
