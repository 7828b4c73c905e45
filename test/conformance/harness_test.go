package conformance

import (
	"slices"
	"sync"
	"testing"

	"dangan/internal/gate"
	"dangan/internal/rule"
	"dangan/internal/testkit"
)

// Case is one sentence a clerk would say, and what the system answers.
type Case struct {
	Rule    string
	Name    string
	Refused bool // expected: refused (or incomplete, invalid) naming Rule; else 2xx
	Run     func(t *testing.T, p *testkit.Province) *testkit.Answer
}

// check runs the cases, each database with a province of its own that they share in order.
// The provinces are founded side by side; the cases run on one database after the
// other, as they hand each other their ids in variables of the test.
func check(t *testing.T, cases []Case) {
	var turn sync.Mutex
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		turn.Lock()
		defer turn.Unlock()
		defer walkPapers(t, p)
		for _, c := range cases {
			t.Run(c.Rule+" "+c.Name, func(t *testing.T) {
				if _, known := rule.Get(rule.ID(c.Rule)); !known {
					t.Fatalf("no rule %s", c.Rule)
				}
				a := c.Run(t, p.In(t))
				if !c.Refused {
					a.OK()
					return
				}
				if a.Status != 403 && a.Status != 422 {
					t.Fatalf("%s answered %d, want a refusal: %s", a.Request, a.Status, a.Body)
				}
				problem := a.Problem()
				if !slices.Contains(a.Rules(), c.Rule) {
					t.Errorf("refused by %v, want %s: %s", a.Rules(), c.Rule, a.Body)
				}
				for _, r := range problem.Reasons {
					if r.Message == "" || r.Next == "" || r.Slug == "" {
						t.Errorf("a refusal that does not teach: %+v", r)
					}
				}
			})
		}
	})
}

// unique is a name no other case uses.
func unique() string { return gate.NewID()[24:] }
