package kin

import (
	"context"
	"maps"
	"slices"

	"dangan/internal/codes"
	"dangan/internal/person"
	"dangan/internal/rule"
)

// someone is a person as records tell them apart: whom the register knows by their id there,
// whatever number a paper gives, others by the keyed index of their number.
type someone string

// tie is one recorded relation: from one person to another, whose number may be missing.
type tie struct {
	from someone
	to   someone // "" when the record gives no number
	name string  // as recorded, for who has no number there or is asked for without one
	path string  // seen from from
	ask  bool    // kin, of which nobody said more
}

// records answers what is recorded of some persons: every tie that begins or ends at one of
// them, told from that person's end.
type records interface {
	ties(ctx context.Context, of []someone) ([]tie, error)
}

// Circle is everybody found to stand within the set around one person.
type Circle struct {
	within  map[someone]bool
	names   map[string]bool // of those within whom no record gives a number
	named   map[string]bool // of all within, for somebody who comes without a number
	resolve func(ctx context.Context, index []byte) (someone, error)
}

// maxStates bounds the walk: a person whose family fills it is recorded wrongly.
const maxStates = 20000

// walk follows the records from a person, level by level, as far as a path can still be, or
// come back to, one of the set. A person may be met on several paths, and all of them count.
func walk(ctx context.Context, start someone, r records) (*Circle, error) {
	all, err := walkAll(ctx, []someone{start}, r)
	return all[start], err
}

// walkAll is walk around many persons at once: each level is asked for together, so that many
// cost no more questions than one.
func walkAll(ctx context.Context, starts []someone, r records) (map[someone]*Circle, error) {
	out := map[someone]*Circle{}
	walks := map[someone]*walker{}
	for _, start := range starts {
		w := newWalker(start)
		walks[start], out[start] = w, w.c
	}
	for {
		asked := map[someone]bool{}
		for _, w := range walks {
			for s := range w.at {
				asked[s] = true
			}
		}
		if len(asked) == 0 {
			return out, nil
		}
		ties, err := r.ties(ctx, slices.Sorted(maps.Keys(asked)))
		if err != nil {
			return nil, err
		}
		from := map[someone][]tie{}
		for _, t := range ties {
			from[t.from] = append(from[t.from], t)
		}
		for _, w := range walks {
			if err := w.step(from); err != nil {
				return nil, err
			}
		}
	}
}

// walker is one walk under way.
type walker struct {
	c      *Circle
	start  someone
	seen   map[someone]map[string]bool
	at     map[someone][]string
	states int
}

func newWalker(start someone) *walker {
	return &walker{c: &Circle{within: map[someone]bool{start: true}, names: map[string]bool{}, named: map[string]bool{}}, start: start,
		seen: map[someone]map[string]bool{start: {"": true}}, at: map[someone][]string{start: {""}}, states: 1}
}

// step goes one level on, by the ties that begin where the walk is.
func (w *walker) step(from map[someone][]tie) error {
	next := map[someone][]string{}
	for who, paths := range w.at {
		for _, t := range from[who] {
			for _, before := range paths {
				f := form(before + t.path)
				forbidden := codes.ForbiddenPath(f)
				if t.ask { // of the person's own kin it is refused until described; beyond, nobody knows what it would be
					f, forbidden = dead, before == ""
				}
				if forbidden {
					w.c.found(t)
				}
				if t.to == "" || t.to == w.start || !leads(f) || w.seen[t.to][f] {
					continue
				}
				if w.seen[t.to] == nil {
					w.seen[t.to] = map[string]bool{}
				}
				w.seen[t.to][f] = true
				next[t.to] = append(next[t.to], f)
				if w.states++; w.states > maxStates {
					return rule.Refuse(rule.Reason{Rule: "21c", Slug: "kin_unbounded", Message: "该档案及其亲属的家庭成员记载过多，不能自动核对亲属关系，暂不能办理。", Next: "请系统管理员核对家庭成员的记载，改正明显有误的之后再办理。"})
				}
			}
		}
	}
	w.at = next
	return nil
}

func (c *Circle) found(t tie) {
	name := person.Plain(t.name)
	if t.to != "" {
		c.within[t.to] = true
	} else if name != "" {
		c.names[name] = true
	}
	if name != "" {
		c.named[name] = true
	}
}

// Has says whether somebody stands within the set: by the keyed index of their number (nil if
// unknown), present or former, and by name where a record, or they themselves, give no number.
func (c *Circle) Has(ctx context.Context, index []byte, name string) (bool, error) {
	plain := person.Plain(name)
	if len(index) == 0 {
		return plain != "" && c.named[plain], nil
	}
	who, err := c.resolve(ctx, index)
	if err != nil {
		return false, err
	}
	return c.within[who] || plain != "" && c.names[plain], nil
}
