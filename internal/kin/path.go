package kin

import (
	"strings"
	"sync"

	"dangan/internal/codes"
)

// A path is kinship seen from a person (codes.md 8): U to a parent, D to a child, S to the
// spouse, one after the other; "" is oneself. Records tell it in pieces, and often by way of
// somebody whom nobody named: a brother's father is UDU. form says it as a family would.

// dead is the form of what is no kinship that a rule asks for.
const dead = "-"

// form is a path without detours:
//   - a child's parent is the parent one came from, or that parent's spouse (DU is S): a
//     brother's father is one's father, an uncle's father one's grandfather;
//   - steps are parents and children, whoever brought up whom (US is U, SD is D);
//   - a spouse's spouse is oneself or was somebody's former spouse, who is outside the set.
func form(path string) string {
	for {
		switch {
		case strings.Contains(path, "SDU"), strings.Contains(path, "SS"):
			return dead
		case strings.Contains(path, "DU"):
			path = strings.Replace(path, "DU", "S", 1)
		case strings.Contains(path, "US"):
			path = strings.Replace(path, "US", "U", 1)
		case strings.Contains(path, "SD"):
			path = strings.Replace(path, "SD", "D", 1)
		default:
			return path
		}
	}
}

// inverse is the same kinship seen from the other end.
func inverse(path string) string {
	out := []byte(path)
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	for i, step := range out {
		switch step {
		case 'U':
			out[i] = 'D'
		case 'D':
			out[i] = 'U'
		}
	}
	return string(out)
}

// Lineal kin have no limit by the rule; nobody has more ancestors on record than these.
const maxLineal = 12

// prefixes are the beginnings of all forbidden forms, oneself among them.
var prefixes = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	begin := func(path string) {
		for i := range len(path) + 1 {
			out[path[:i]] = true
		}
	}
	begin(strings.Repeat("U", maxLineal))
	begin(strings.Repeat("D", maxLineal))
	level := []string{""}
	for range 6 {
		var next []string
		for _, path := range level {
			for _, step := range []string{"U", "D", "S"} {
				next = append(next, path+step)
				if form(path+step) == path+step && codes.ForbiddenPath(path+step) {
					begin(path + step)
				}
			}
		}
		level = next
	}
	return out
})

// leads says whether a form is the beginning of a forbidden one, or comes back to one by a
// detour of two steps: a cousin's child is outside the set, that child's other parent is not.
func leads(f string) bool {
	if f == dead {
		return false
	}
	if prefixes()[f] {
		return true
	}
	for _, detour := range []string{"U", "D", "S", "UU", "UD", "US", "DU", "DD", "DS", "SU", "SD"} {
		if prefixes()[form(f+detour)] {
			return true
		}
	}
	return false
}

// pathOf is the path of a relation of the list, by its slug or its name. ask: it is kin that nobody described further,
// which is refused until it is. ok: it is kin at all.
func pathOf(slug string) (path string, ask, ok bool) {
	for _, k := range codes.Kins() {
		if k.Slug != slug && k.Name != slug {
			continue
		}
		if k.Forbidden == "ask" {
			return "", true, true
		}
		return k.Path, false, k.Path != "" && k.Slug != "self"
	}
	return "", true, true
}
