package policy

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"
)

// TestOutsideIsNamed holds what actors from outside (a unit's session, a person signed in,
// anybody) may do to a list that is read and not guessed: every permit says which kind of
// actor it is for, so an act that staff may do is never open to another kind by an omission,
// and a new act that is opened to the outside has to be added here (29.3).
func TestOutsideIsNamed(t *testing.T) {
	e, err := New()
	if err != nil {
		t.Fatal(err)
	}
	open := map[string][]string{}
	permits := 0
	for _, n := range e.all {
		if !n.permit {
			continue
		}
		permits++
		raw, err := n.policy.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		var doc struct {
			Principal struct {
				Op   string `json:"op"`
				Type string `json:"entity_type"`
			} `json:"principal"`
		}
		if err := json.Unmarshal(raw, &doc); err != nil {
			t.Fatal(err)
		}
		if doc.Principal.Op != "is" || doc.Principal.Type == "" {
			t.Errorf("%s permits any kind of actor: %s", n.id, doc.Principal.Op)
			continue
		}
		if doc.Principal.Type == Staff || doc.Principal.Type == System {
			continue
		}
		if len(n.actions) == 0 {
			t.Errorf("%s permits %s every act", n.id, doc.Principal.Type)
		}
		open[doc.Principal.Type] = append(open[doc.Principal.Type], n.actions...)
	}
	if permits < 50 {
		t.Fatalf("only %d permits were read", permits)
	}
	want := map[string][]string{
		Unit:      {"certificate.withdraw", "consultation.withdraw", "hand_in.submit", "intake.answer", "intake.apply", "intake.withdraw", "portal.sign_in", "portal.sign_out", "rating.rate", "reading.page", "transfer.withdraw"},                                       // what was asked of the unit, what it applies for; two readers at the desk
		Citizen:   {"certificate.withdraw", "consent.decline", "consent.grant", "consent.revoke", "consultation.withdraw", "hand_in.submit", "intake.answer", "intake.apply", "intake.withdraw", "portal.sign_in", "portal.sign_out", "rating.rate", "transfer.withdraw"}, // what was asked of the person, and applied for
		Requester: {"consent.answer", "consent.ask"},                                                                                                                                                                                                                      // a registered program, of those who consented
		Public:    {"account.sign", "hand_in.submit", "rating.rate", "staff.sign_in_failed"},                                                                                                                                                                              // what a one-time link brings; a wrong password is counted
	}
	for kind, actions := range open {
		slices.Sort(actions)
		open[kind] = slices.Compact(actions)
	}
	if !maps.EqualFunc(open, want, slices.Equal) {
		t.Errorf("open to the outside: %q, want %q", open, want)
	}
}
