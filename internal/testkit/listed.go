package testkit

import (
	"slices"
	"testing"

	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"

	"pgregory.net/rapid"
)

// Offices are three agencies and the center, for what lies at several of them.
var Offices = []string{"50010801", "50010301", "50010101", "50000001"}

// Someone is a random member of staff: posts, reach, clearance, relatives among persons.
func Someone(rt *rapid.T, persons []string) policy.Actor {
	posts := []string{"clerk", "reviewer", "keeper", "scanner", "head", "supervisor", "statistician", "sysadmin", "secadmin", "auditor"}
	a := policy.Actor{ID: gate.NewID(), Kind: policy.Staff, Org: "50010801", Clearance: rapid.IntRange(0, 2).Draw(rt, "clearance")}
	a.Posts = rapid.SliceOfNDistinct(rapid.SampledFrom(posts), 0, 3, rapid.ID[string]).Draw(rt, "posts")
	a.Reach = rapid.SliceOfNDistinct(rapid.SampledFrom(append([]string{"500108", "500000"}, Offices...)), 0, 4, rapid.ID[string]).Draw(rt, "reach")
	a.Persons = rapid.SliceOfNDistinct(rapid.SampledFrom(persons), 0, min(3, len(persons)), rapid.ID[string]).Draw(rt, "kin")
	slices.Sort(a.Reach)
	slices.Sort(a.Persons)
	return a
}

// Held is one case of a room with its dossier; without one, Dossier.ID is empty.
type Held[C any] struct {
	ID      string
	Case    C
	Dossier dossier.Dossier
}

// Rows is what a room lists, and what its policies say.
type Rows[C any] struct {
	Read     string // the action that reading one is
	All      []Held[C]
	Resource func(Held[C]) policy.Resource
	List     func(a policy.Actor) ([]string, error)                    // ids on all pages
	Count    func(a policy.Actor) (int, error)                         // nil: the room counts nothing
	OnPage   func(a policy.Actor, dossierID string) (n int, err error) // nil: nothing on the dossier's page
}

// ListedIsPermitted holds a room's list to its policies: for random actors a row is in the
// list, in its counts and on the dossier's page exactly when reading it is permitted.
func ListedIsPermitted[C any](t *testing.T, p *Province, r Rows[C]) {
	t.Helper()
	var persons []string
	for _, x := range r.All {
		if x.Dossier.PersonID != "" {
			persons = append(persons, x.Dossier.PersonID)
		}
	}
	// Draws that never meet a row, or never miss one, would prove nothing.
	var met, missed int
	rapid.Check(t, func(rt *rapid.T) {
		a := Someone(rt, persons)
		list, err := r.List(a)
		if err != nil {
			rt.Fatal(err)
		}
		if r.Count != nil {
			if n, err := r.Count(a); err != nil || n != len(list) {
				rt.Fatalf("the counts know of %d, the list of %d: %v", n, len(list), err)
			}
		}
		for _, x := range r.All {
			listed := slices.Contains(list, x.ID)
			if permitted := p.Gate.Decide(a, r.Read, r.Resource(x)).Allowed(); listed != permitted {
				rt.Fatalf("%s (secrecy %d, %s, %+v): listed %v, permitted %v, actor %+v", x.ID, x.Dossier.Secrecy, x.Dossier.Agency, x.Case, listed, permitted, a)
			}
			if listed {
				met++
			} else {
				missed++
			}
			if r.OnPage == nil || x.Dossier.ID == "" {
				continue
			}
			if n, err := r.OnPage(a, x.Dossier.ID); err != nil || (n == 1) != listed {
				rt.Fatalf("%s: %d on the dossier's page, listed %v: %v", x.ID, n, listed, err)
			}
		}
	})
	if met == 0 || missed == 0 {
		t.Errorf("no actor was drawn that tells the rows apart: %d listed, %d not", met, missed)
	}
}

// IDs are the ids of what a list gave.
func IDs[T any](list []T, id func(T) string) []string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = id(x)
	}
	return out
}
