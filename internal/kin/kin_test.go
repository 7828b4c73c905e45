package kin

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"dangan/internal/codes"
)

// family is a true one: parents, children and spouses as they are, whoever recorded them.
// Nobody married twice, so that every kinship has one name.
type family struct {
	parents [][]int // of each person: none or two
	spouse  []int   // -1: none
}

func (f *family) person() int {
	f.parents, f.spouse = append(f.parents, nil), append(f.spouse, -1)
	return len(f.spouse) - 1
}

func (f *family) marry(a, b int) { f.spouse[a], f.spouse[b] = b, a }

// drawFamily is some families of four or five generations, who marry into each other.
func drawFamily(rt *rapid.T) *family {
	f := &family{}
	var young []int
	for range rapid.IntRange(2, 4).Draw(rt, "founders") {
		a, b := f.person(), f.person()
		f.marry(a, b)
		young = append(young, a)
	}
	for range rapid.IntRange(3, 4).Draw(rt, "generations") {
		var born []int
		for _, p := range young {
			if f.spouse[p] < 0 {
				continue
			}
			for range rapid.IntRange(0, 3).Draw(rt, "children") {
				c := f.person()
				f.parents[c] = []int{p, f.spouse[p]}
				born = append(born, c)
			}
		}
		for i, a := range born {
			if f.spouse[a] >= 0 {
				continue
			}
			switch rapid.IntRange(0, 2).Draw(rt, "marries") {
			case 1: // somebody from elsewhere
				f.marry(a, f.person())
			case 2: // somebody of another house, if one is free
				for _, b := range born[i+1:] {
					if f.spouse[b] < 0 && !f.kin(a, b) {
						f.marry(a, b)
						break
					}
				}
			}
		}
		young = born
		if len(f.spouse) > 60 {
			break
		}
	}
	return f
}

// step is one of U, D, S from a person.
type step struct {
	to  int
	how string
}

func (f *family) steps(p int) []step {
	var out []step
	for _, parent := range f.parents[p] {
		out = append(out, step{parent, "U"})
	}
	for c, parents := range f.parents {
		if slices.Contains(parents, p) {
			out = append(out, step{c, "D"})
		}
	}
	if s := f.spouse[p]; s >= 0 {
		out = append(out, step{s, "S"})
	}
	return out
}

// paths tells every kinship between two persons as codes.md 8 says to look for it: at most
// four blood steps and two marriages, lineal kin at any length, nobody twice.
func (f *family) paths(from, to int) []string {
	var out []string
	been := make([]bool, len(f.spouse))
	var go1 func(at int, path string)
	go1 = func(at int, path string) {
		if at == to {
			out = append(out, path)
			return
		}
		been[at] = true
		for _, s := range f.steps(at) {
			next := path + s.how
			lineal := strings.Trim(next, "U") == "" || strings.Trim(next, "D") == ""
			if been[s.to] || !lineal && (strings.Count(next, "S") > 2 || len(next)-strings.Count(next, "S") > 4) {
				continue
			}
			go1(s.to, next)
		}
		been[at] = false
	}
	go1(from, "")
	return out
}

func (f *family) kin(a, b int) bool { return slices.ContainsFunc(f.paths(a, b), codes.ForbiddenPath) }

// paper is what some dossiers record of a family. Who has no dossier records nothing.
type paper struct {
	ties1 []tie
}

func name(p int) someone { return someone(fmt.Sprintf("n%03d", p)) }

// write records one relation in its owner's dossier; it is found from both ends.
func (r *paper) write(owner, relative int, path string) {
	r.ties1 = append(r.ties1, tie{name(owner), name(relative), "", path, false}, tie{name(relative), name(owner), "", inverse(path), false})
}

func (r *paper) ties(_ context.Context, of []someone) (out []tie, err error) {
	for _, t := range r.ties1 {
		if slices.Contains(of, t.from) {
			out = append(out, t)
		}
	}
	return out, nil
}

// siblings as one relation, which families write more often than two steps.
func (f *family) relations(p int) []step {
	out := f.steps(p)
	for other, parents := range f.parents {
		if other != p && len(parents) > 0 && slices.Equal(parents, f.parents[p]) {
			out = append(out, step{other, "UD"})
		}
	}
	return out
}

// Whatever part of a family is recorded, by whomever: nobody is called kin who is not. This is
// what a dossier's person would be told otherwise: that a colleague may not read it.
func TestNobodyIsCalledKinWhoIsNot(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		f := drawFamily(rt)
		var r paper
		for p := range f.spouse {
			if !rapid.Bool().Draw(rt, "has a dossier") {
				continue
			}
			for _, s := range f.relations(p) {
				if rapid.IntRange(0, 3).Draw(rt, "recorded") > 0 {
					r.write(p, s.to, s.how)
				}
			}
			for range rapid.IntRange(0, 2).Draw(rt, "distant") { // an uncle, a cousin, an in-law at once
				other := rapid.IntRange(0, len(f.spouse)-1).Draw(rt, "whom")
				if paths := f.paths(p, other); len(paths) > 0 && other != p {
					path := slices.MinFunc(paths, func(a, b string) int { return len(a) - len(b) })
					if slices.ContainsFunc(codes.Kins(), func(k codes.Kin) bool { return k.Path == path }) {
						r.write(p, other, path)
					}
				}
			}
		}
		who := rapid.IntRange(0, len(f.spouse)-1).Draw(rt, "whose dossier")
		c, err := walk(context.Background(), name(who), &r)
		if err != nil {
			rt.Fatal(err)
		}
		for other := range f.spouse {
			if other != who && c.within[name(other)] && !f.kin(who, other) {
				rt.Fatalf("%d is called kin to %d, whose kinship is %v; recorded: %v", other, who, f.paths(who, other), r.ties1)
			}
		}
	})
}

// Where the records tell every step between two persons, each at either end, by parents,
// children, spouses or brothers and sisters, whoever is within the set is found.
func TestKinIsFoundWhereverItIsRecorded(t *testing.T) {
	found := 0
	rapid.Check(t, func(rt *rapid.T) {
		f := drawFamily(rt)
		who := rapid.IntRange(0, len(f.spouse)-1).Draw(rt, "whose dossier")
		other := rapid.IntRange(0, len(f.spouse)-1).Draw(rt, "who comes")
		if who == other || !f.kin(who, other) {
			return
		}
		forbidden := slices.DeleteFunc(f.paths(who, other), func(p string) bool { return !codes.ForbiddenPath(p) })
		slices.SortFunc(forbidden, func(a, b string) int { return len(a) - len(b) })
		path := forbidden[0]
		at, r := who, paper{}
		for rest := path; rest != ""; {
			// Families often tell of parents by way of a brother or sister.
			if rest[0] == 'U' && rapid.Bool().Draw(rt, "by a brother or sister") {
				for _, s := range f.relations(at) {
					if s.how == "UD" && s.to != other && slices.Contains(f.paths(s.to, other), rest) {
						r.write(at, s.to, "UD")
						at = s.to
						break
					}
				}
			}
			// Somebody on the way from whom the rest of the path leads to the other.
			var by []step
			for _, s := range f.relations(at) {
				if strings.HasPrefix(rest, s.how) && (s.to == other && s.how == rest || slices.Contains(f.paths(s.to, other), rest[len(s.how):])) {
					by = append(by, s)
				}
			}
			if len(by) == 0 {
				return // the path runs through one person twice
			}
			s := rapid.SampledFrom(by).Draw(rt, "next")
			if rapid.Bool().Draw(rt, "the nearer records it") {
				r.write(at, s.to, s.how)
			} else {
				r.write(s.to, at, inverse(s.how))
			}
			at, rest = s.to, rest[len(s.how):]
		}
		found++
		c, err := walk(context.Background(), name(who), &r)
		if err != nil {
			rt.Fatal(err)
		}
		if !c.within[name(other)] {
			rt.Fatalf("%d is not found by %s from %d; recorded: %v", other, path, who, r.ties1)
		}
		// The decision is the same from both ends.
		back, err := walk(context.Background(), name(other), &r)
		if err != nil || !back.within[name(who)] {
			rt.Fatalf("found from %d, not from %d (%v)", who, other, err)
		}
	})
	t.Logf("%d pairs of kin", found)
	if found == 0 {
		t.Error("no family had kin: the test tests nothing")
	}
}

func TestDetoursAreTakenOut(t *testing.T) {
	for path, want := range map[string]string{
		"": "", "U": "U", "UDU": "U", "UDUD": "UD", "UUDU": "UU", "UUDUDD": "UUDD", "USD": "UD", "US": "U", "SD": "D", "DU": "S",
		"DDU": "DS", "UDDU": "UDS", "UUDDU": "UUDS", "SUDU": "SU", "SDU": dead, "SS": dead, "DSUD": "DSUD", "USU": "UU", "DSD": "DD",
	} {
		if got := form(path); got != want {
			t.Errorf("%q is %q, not %q", path, got, want)
		}
	}
	for _, k := range codes.Kins() {
		if k.Path == "" {
			continue
		}
		if got, want := codes.ForbiddenPath(form(k.Path)), k.Forbidden != "no"; got != want {
			t.Errorf("%s (%s): %v", k.Name, k.Path, got)
		}
		if inverse(inverse(k.Path)) != k.Path || codes.ForbiddenPath(inverse(k.Path)) != codes.ForbiddenPath(k.Path) {
			t.Errorf("%s (%s): seen from the other end it is another decision", k.Name, k.Path)
		}
	}
}
