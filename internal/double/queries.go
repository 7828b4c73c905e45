package double

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/store"
)

// readers are the posts that double.cedar lets see the list.
var readers = []string{"clerk", "reviewer", "keeper", "head", "supervisor"}

// Pair are two dossiers that are likely of one person, or what was said of two people. Of
// somebody who is not kept there is no dossier.
type Pair struct {
	Likely []Likely
	Said   *person.Distinct
	Hidden bool // one of them the actor may not know of (10b, 15)
}

// The list is read in two walks, each along an index: whose present names are alike, and
// whom a former name or number leads to.
const (
	byName   = "n"
	byFormer = "f"
)

// stretch is how many groups a walk looks at in one query, stretches how many it looks at
// for one page: a page may be short, and the next one goes on from there.
const (
	stretch   = 100
	stretches = 50
)

// Open lists pairs that are likely one person and of whom nobody said otherwise, one of
// them at least with an agency of the actor; next goes on after the page, "" at the end.
func (k *Desk) Open(ctx context.Context, by policy.Actor, after string, limit int) (out []Pair, next string, err error) {
	if by.Kind != policy.Staff || len(by.Reach) == 0 || !slices.ContainsFunc(readers, by.Has) {
		return nil, "", nil
	}
	walk, day, last := place(after)
	for range stretches {
		var groups []group
		if walk == byName {
			groups, err = k.named(ctx, day, last)
		} else {
			groups, err = k.formerly(ctx, day, last)
		}
		if err != nil {
			return nil, "", err
		}
		if err := k.fill(ctx, by, walk, groups); err != nil {
			return nil, "", err
		}
		for _, g := range groups {
			day, last = g.day, g.last
			if out = append(out, g.pairs...); len(out) >= limit {
				return out, strings.Join([]string{walk, day, last}, "|"), nil
			}
		}
		if len(groups) == stretch {
			continue
		}
		if walk == byFormer {
			return out, "", nil
		}
		walk, day, last = byFormer, "", ""
	}
	return out, strings.Join([]string{walk, day, last}, "|"), nil
}

// place reads where a page ended.
func place(after string) (walk, day, last string) {
	part := strings.SplitN(after, "|", 3)
	if len(part) != 3 || part[0] != byName && part[0] != byFormer {
		return byName, "", ""
	}
	return part[0], part[1], part[2]
}

// group are persons that may be one, with the place of the group in its walk.
type group struct {
	day, last string
	who       []person.Candidate
	pairs     []Pair
}

// groupMost bounds how many persons of one name and birth date are looked at together.
const groupMost = 20

// named are the groups of persons of one name and birth date, after a place.
func (k *Desk) named(ctx context.Context, day, name string) ([]group, error) {
	db := k.gate.DB()
	rows, err := db.Query(ctx, "SELECT birth_date, "+person.PlainSQL+" FROM person WHERE merged_into IS NULL AND (birth_date, "+person.PlainSQL+")>(?,?) GROUP BY birth_date, "+person.PlainSQL+
		" HAVING count(*)>1 ORDER BY birth_date, "+person.PlainSQL+" LIMIT ?", day, name, stretch)
	if err != nil {
		return nil, fmt.Errorf("names and birth dates alike: %w", err)
	}
	var out []group
	at := map[[2]string]int{}
	var args []any
	for rows.Next() {
		var g group
		if err := rows.Scan(&g.day, &g.last); err != nil {
			_ = rows.Close()
			return nil, err
		}
		at[[2]string{g.day, g.last}] = len(out)
		out, args = append(out, g), append(args, g.day, g.last)
	}
	if err := rows.Err(); err != nil || len(out) == 0 {
		return nil, err
	}
	plain := strings.Replace(person.PlainSQL, "(name,", "(p.name,", 1)
	rows, err = db.Query(ctx, "WITH c(birth, plain) AS (VALUES "+strings.TrimSuffix(strings.Repeat("(?,?),", len(out)), ",")+") SELECT p.id, c.birth, c.plain, p.name, coalesce(p.former_names,'') FROM c JOIN person p ON p.birth_date=c.birth AND "+
		plain+"=c.plain AND p.merged_into IS NULL ORDER BY p.id", args...)
	if err != nil {
		return nil, fmt.Errorf("persons alike: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var c person.Candidate
		var plain string
		if err := rows.Scan(&c.ID, &c.BirthDate, &plain, &c.Name, &c.FormerNames); err != nil {
			return nil, err
		}
		if g := &out[at[[2]string{c.BirthDate, plain}]]; len(g.who) < groupMost {
			g.who = append(g.who, c)
		}
	}
	return out, rows.Err()
}

// formerly are persons who had another name, or were registered under another number
// before, after a place: each a group of its own.
func (k *Desk) formerly(ctx context.Context, day, id string) ([]group, error) {
	rows, err := k.gate.DB().Query(ctx, "SELECT birth_date, id, coalesce(merged_into, id), name, coalesce(former_names,'') FROM person WHERE (former_names IS NOT NULL OR merged_into IS NOT NULL) AND (birth_date, id)>(?,?) ORDER BY birth_date, id LIMIT ?", day, id, stretch)
	if err != nil {
		return nil, fmt.Errorf("persons of former names: %w", err)
	}
	defer rows.Close()
	var out []group
	for rows.Next() {
		var g group
		var c person.Candidate
		if err := rows.Scan(&g.day, &g.last, &c.ID, &c.Name, &c.FormerNames); err != nil {
			return nil, err
		}
		c.BirthDate = g.day
		g.who = []person.Candidate{c}
		out = append(out, g)
	}
	return out, rows.Err()
}

// fill finds the pairs of groups, in a few queries for all of them.
func (k *Desk) fill(ctx context.Context, by policy.Actor, walk string, groups []group) error {
	var all []person.Candidate
	var ids []string
	for _, g := range groups {
		all = append(all, g.who...)
		for _, c := range g.who {
			ids = append(ids, c.ID)
		}
	}
	if len(all) == 0 {
		return nil
	}
	db := k.gate.DB()
	found, err := Find(ctx, db, k.keys, by, all)
	if err != nil {
		return err
	}
	people, err := store.List[person.Person](ctx, db, "WHERE id IN ("+store.Marks(len(ids))+")", store.Args(ids)...)
	if err != nil {
		return err
	}
	kept, err := KeptOf(ctx, db, by, people)
	if err != nil {
		return err
	}
	of := map[string]person.Person{}
	for _, p := range people {
		of[p.ID] = p
	}
	n := 0
	seen := map[string]bool{}
	for i := range groups {
		for _, c := range groups[i].who {
			own, ok := kept[c.ID]
			for _, l := range found[n] {
				same := person.SameName(of[c.ID].Name, l.Person.Name) && of[c.ID].BirthDate == l.Person.BirthDate
				switch {
				case !ok || !by.Reaches(own.Agency) && !by.Reaches(l.Dossier.Agency):
				case walk == byName && !same || walk == byFormer && same: // the other walk's
				case walk == byFormer && l.Person.FormerNames != "" && l.Person.BirthDate == c.BirthDate && l.Person.ID < c.ID: // shown from there
				case seen[min(c.ID, l.Person.ID)+max(c.ID, l.Person.ID)]:
				default:
					seen[min(c.ID, l.Person.ID)+max(c.ID, l.Person.ID)] = true
					groups[i].pairs = append(groups[i].pairs, Pair{Likely: []Likely{{own, of[c.ID]}, l}})
				}
			}
			n++
		}
	}
	return nil
}

// ofPair are the persons a statement is of, by their numbers now and before.
const ofPair = "(p.id_ix IN (distinct_persons.one_ix, distinct_persons.other_ix) OR p.id IN (SELECT n.person_id FROM person_number n WHERE n.id_ix IN (distinct_persons.one_ix, distinct_persons.other_ix)))"

// Said lists what was said, the last first: by an agency of the actor, or of a dossier
// there; nothing that is of a dossier the actor may not know of.
func (k *Desk) Said(ctx context.Context, by policy.Actor, state, before string, limit int) ([]Pair, error) {
	if by.Kind != policy.Staff || len(by.Reach) == 0 || !slices.ContainsFunc(readers, by.Has) {
		return nil, nil
	}
	in := "(" + store.Marks(len(by.Reach)) + ")"
	where, args := "WHERE (agency IN "+in+" OR EXISTS (SELECT 1 FROM person p JOIN dossier d ON d.person_id=p.id WHERE "+ofPair+" AND d.agency IN "+in+"))", append(store.Args(by.Reach), store.Args(by.Reach)...)
	hidden := "d.secrecy>?"
	args = append(args, by.Clearance)
	if len(by.Persons) > 0 {
		hidden, args = "(d.secrecy>? OR p.id IN ("+store.Marks(len(by.Persons))+"))", append(args, store.Args(by.Persons)...)
	}
	where += " AND NOT EXISTS (SELECT 1 FROM person p JOIN dossier d ON d.person_id=p.id WHERE " + ofPair + " AND " + hidden + ")"
	if state != "" {
		where, args = where+" AND state=?", append(args, state)
	}
	if before != "" {
		where, args = where+" AND id<?", append(args, before)
	}
	list, err := store.List[person.Distinct](ctx, k.gate.DB(), where+" ORDER BY id DESC LIMIT ?", append(args, limit)...)
	if err != nil {
		return nil, err
	}
	return k.pairs(ctx, k.gate.DB(), by, list)
}

// pairs adds to what was said the dossiers that are kept of the two.
func (k *Desk) pairs(ctx context.Context, q store.Querier, by policy.Actor, list []person.Distinct) ([]Pair, error) {
	out := make([]Pair, len(list))
	var args []any
	for i := range list {
		out[i].Said = &list[i]
		args = append(args, list[i].OneIndex, list[i].Other)
	}
	if len(list) == 0 {
		return out, nil
	}
	in := "(" + store.Marks(len(args)) + ")"
	people, err := store.List[person.Person](ctx, q, "WHERE id_ix IN "+in+" OR id IN (SELECT person_id FROM person_number WHERE id_ix IN "+in+") ORDER BY id", append(args, args...)...)
	if err != nil {
		return nil, err
	}
	former := map[string][]string{} // number before → persons
	if len(people) > 0 {
		ids := make([]any, len(people))
		for i, p := range people {
			ids[i] = p.ID
		}
		numbers, err := store.List[person.Number](ctx, q, "WHERE person_id IN ("+store.Marks(len(ids))+") ORDER BY id", ids...)
		if err != nil {
			return nil, err
		}
		for _, n := range numbers {
			former[string(n.IDIndex)] = append(former[string(n.IDIndex)], n.PersonID)
		}
	}
	kept, err := KeptOf(ctx, q, by, people)
	if err != nil {
		return nil, err
	}
	all, err := KeptOf(ctx, q, policy.Actor{Clearance: dossier.TopSecret}, people)
	if err != nil {
		return nil, err
	}
	for i := range out {
		for _, ix := range [][]byte{list[i].OneIndex, list[i].Other} {
			for _, p := range people {
				if string(p.IDIndex) != string(ix) && !slices.Contains(former[string(ix)], p.ID) {
					continue
				}
				if d, ok := kept[p.ID]; ok {
					out[i].Likely = append(out[i].Likely, Likely{d, p})
				} else if _, there := all[p.ID]; there {
					out[i].Hidden = true
				}
			}
		}
	}
	return out, nil
}

// MayUndo says whether the actor may take back what was said.
func (k *Desk) MayUndo(by policy.Actor, s person.Distinct) (gate.Possible, bool) {
	if s.State != person.Stated {
		return gate.Possible{}, false
	}
	return k.gate.Possible(by, ActUndo, "撤销认定", policy.Resource{Type: "DistinctPersons", ID: s.ID, Agencies: []string{s.Agency}, Attrs: map[string]any{"agency": s.Agency}}, nil)
}

// MayRead says whether the actor may see the list.
func (k *Desk) MayRead(by policy.Actor) error {
	return k.gate.Allowed(by, ActRead, policy.Resource{Type: "DistinctPersons", Agencies: []string{by.Org}, Attrs: map[string]any{"agency": by.Org}})
}

// MayState says whether the actor may say of two dossiers that they are of two persons.
func (k *Desk) MayState(by policy.Actor) bool {
	return k.gate.Allowed(by, ActState, policy.Resource{Type: "DistinctPersons", Agencies: []string{by.Org}, Attrs: map[string]any{"agency": by.Org}}) == nil
}
