package policy

import (
	"regexp"
	"slices"
	"testing"
)

// TestGuidesReadFigures walks every act that any policy names, on things of the own agency, of
// the whole province and of the actor's own, and holds what the reading posts may to a list: the
// tree of agencies, figures and lists without persons, and their own account (5, 29.3). A new
// act that is opened to all staff, or to them, has to be added here.
func TestGuidesReadFigures(t *testing.T) {
	e, err := New()
	if err != nil {
		t.Fatal(err)
	}
	// Every attribute that a policy asks of a resource, so that none is refused for being absent.
	asked := map[string]bool{}
	for _, n := range e.all {
		for _, m := range regexp.MustCompile(`resource(?: has |\.)([a-zA-Z]+)`).FindAllStringSubmatch(string(n.policy.MarshalCedar()), -1) {
			asked[m[1]] = true
		}
	}
	for _, policyOwn := range []string{"agencies", "secrecy"} {
		delete(asked, policyOwn)
	}
	if len(asked) < 30 {
		t.Fatalf("the policies ask for %d attributes only", len(asked))
	}
	kinds := map[string][]any{ // what is no text
		"ended": {true}, "granted": {true}, "top": {true}, "handlers": {[]string{}}, "checkers": {[]string{}}, "keptFrom": {[]string{}}, "materialSecrecy": {0},
		"kind": {"agency", "rebuild"}, "direction": {"inner", "in", "out", "beside", "beside_out"}, "state": {"open", "asked"}, "pageState": {"accepted", "delivered"}, "guard": {"privacy", "trade"}, "target": {"unit", "person"}}
	want := map[string][]string{
		"organization": {"agency.read", "oversight.changes", "oversight.figures", "oversight.refusals"},
		"archives":     {"agency.read", "oversight.changes", "oversight.figures", "oversight.refusals"},
		"statistician": {"agency.read", "oversight.changes", "oversight.figures", "oversight.refusals"},
	}
	own := []string{"staff.change_password", "staff.declare_kin", "staff.enroll_totp", "staff.revoke_token", "staff.sign_in", "staff.sign_out", "staff.step_up", "staff.token", "staff.use"}
	for post, open := range want {
		for _, org := range []string{"500000", "500108", "50010801"} {
			a := Actor{ID: "u1", Kind: Staff, Org: org, Posts: []string{post}, Reach: []string{"500000", "500108", "50010801"}, Clearance: 4, Persons: []string{"p9"}}
			mine := map[string]bool{}
			for _, owner := range []string{"u1", "u2"} {
				for _, place := range []string{org, "500000", "50010801"} {
					for turn := range 5 {
						attrs := map[string]any{}
						for name := range asked {
							switch values, known := kinds[name]; {
							case name == "owner":
								attrs[name] = owner
							case known:
								attrs[name] = values[turn%len(values)]
							default: // an agency, or somebody else's id: what no policy takes for the actor
								attrs[name] = place
							}
						}
						for _, action := range e.Actions() {
							if !e.Decide(a, action, Resource{Type: "Thing", ID: "t1", Agencies: []string{"50010801"}, Attrs: attrs}).Allowed() {
								continue
							}
							if mine[action] = true; owner == "u2" && !slices.Contains(open, action) {
								t.Errorf("%s of %s may %s", post, org, action)
							}
						}
					}
				}
			}
			got := []string{}
			for action := range mine {
				got = append(got, action)
			}
			slices.Sort(got)
			all := slices.Concat(open, own)
			slices.Sort(all)
			if !slices.Equal(got, all) {
				t.Errorf("%s of %s may %q, want %q", post, org, got, all)
			}
		}
	}
	// Beside the own subtree there is nothing at all.
	stranger := Actor{ID: "u1", Kind: Staff, Org: "500103", Posts: []string{"organization"}, Reach: []string{"500103", "50010301"}}
	for _, action := range e.Actions() {
		if d := e.Decide(stranger, action, Resource{Type: "Thing", Agencies: []string{"50010801"}}); !d.Hidden {
			t.Errorf("another district's post learns of %s", action)
		}
	}
}
