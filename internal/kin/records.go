package kin

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"dangan/internal/dossier"
	"dangan/internal/person"
	"dangan/internal/staff"
	"dangan/internal/store"
)

// Of finds the circle around a dossier's person, in a few queries for each step away.
func Of(ctx context.Context, q store.Querier, dossierID string) (*Circle, error) {
	d, err := dossier.Get(ctx, q, dossierID)
	if err != nil {
		return nil, err
	}
	all, err := OfAll(ctx, q, []dossier.Dossier{d})
	return all[dossierID], err
}

// OfAll finds the circles around the persons of many dossiers, in as many queries as for one.
func OfAll(ctx context.Context, q store.Querier, list []dossier.Dossier) (map[string]*Circle, error) {
	ids := make([]string, len(list))
	for i, d := range list {
		ids[i] = d.PersonID
	}
	into, err := person.MergedInto(ctx, q, ids)
	if err != nil {
		return nil, fmt.Errorf("the dossiers' persons: %w", err)
	}
	r := register{q}
	starts := make([]someone, len(list))
	for i, d := range list {
		starts[i] = registered(cmp.Or(into[d.PersonID], d.PersonID))
	}
	circles, err := walkAll(ctx, starts, r)
	if err != nil {
		return nil, fmt.Errorf("kin: %w", err)
	}
	known := map[string]someone{} // whoever comes is held against every circle, and asked for once
	resolve := func(ctx context.Context, index []byte) (someone, error) {
		if s, ok := known[string(index)]; ok {
			return s, nil
		}
		who, err := r.who(ctx, [][]byte{index})
		if err != nil {
			return "", err
		}
		known[string(index)] = who(index)
		return who(index), nil
	}
	out := map[string]*Circle{}
	for i, d := range list {
		out[d.ID] = circles[starts[i]]
		out[d.ID].resolve = resolve
	}
	return out, nil
}

// Around tells which persons of the register stand within the set around a member of staff,
// themselves among them: whom they keep away from (10b). index is the keyed one of their number,
// nil if none is on record: then what they declared is all there is to begin with.
func Around(ctx context.Context, q store.Querier, staffID string, index []byte) ([]string, error) {
	r := register{q}
	who, err := r.who(ctx, [][]byte{index})
	if err != nil {
		return nil, err
	}
	c, err := walk(ctx, member(who(index), staffID), r)
	if err != nil {
		return nil, fmt.Errorf("kin: %w", err)
	}
	var out []string
	for s := range c.within {
		if s[0] == byPerson {
			out = append(out, string(s[1:]))
		}
	}
	slices.Sort(out)
	return out, nil
}

// Whom the register of persons knows, and whom only a number tells.
const (
	byPerson = 'p'
	byNumber = 'n'
	byStaff  = 's' // a member of staff whose number is on no record
)

// member is a member of staff: by their number, if it is known.
func member(s someone, staffID string) someone {
	if s == "" {
		return someone(byStaff) + someone(staffID)
	}
	return s
}

func registered(id string) someone { return someone(byPerson) + someone(id) }

// register reads ties from the families of dossiers and the declarations of staff.
type register struct{ q store.Querier }

// who tells persons apart by the keyed indexes of their numbers.
func (r register) who(ctx context.Context, indexes [][]byte) (func(index []byte) someone, error) {
	known, err := person.Known(ctx, r.q, indexes)
	return func(index []byte) someone {
		if len(index) == 0 {
			return ""
		}
		if id, ok := known[string(index)]; ok {
			return registered(id)
		}
		return someone(byNumber) + someone(index)
	}, err
}

// atOnce bounds the persons of one query: databases bound the parameters.
const atOnce = 500

func (r register) ties(ctx context.Context, of []someone) ([]tie, error) {
	var out []tie
	for some := range slices.Chunk(of, atOnce) {
		list, err := r.some(ctx, some)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

// recorded is a relation as somebody wrote it down: of whom, to whom.
type recorded struct {
	owner, relative         []byte  // keyed indexes
	whose                   someone // who wrote it down, where no number need tell
	ownerName, relativeName string
	relation                string
}

func (r register) some(ctx context.Context, of []someone) ([]tie, error) {
	var persons, members []string
	var numbers [][]byte
	for _, s := range of {
		switch s[0] {
		case byPerson:
			persons = append(persons, string(s[1:]))
		case byStaff:
			members = append(members, string(s[1:]))
		default:
			numbers = append(numbers, []byte(s[1:]))
		}
	}
	theirs, err := person.NumbersOf(ctx, r.q, persons)
	if err != nil {
		return nil, err
	}
	for _, list := range theirs {
		numbers = append(numbers, list...)
	}
	var rows []recorded
	families, err := dossier.FamiliesOf(ctx, r.q, persons)
	if err != nil {
		return nil, fmt.Errorf("families: %w", err)
	}
	named, err := dossier.FamiliesNaming(ctx, r.q, numbers)
	if err != nil {
		return nil, fmt.Errorf("families naming: %w", err)
	}
	for _, f := range append(families, named...) {
		rows = append(rows, recorded{whose: registered(f.PersonID), relative: f.IDIndex, relativeName: f.Name, relation: f.Relation})
	}
	declared, err := staff.DeclarationsAmong(ctx, r.q, members, numbers)
	if err != nil {
		return nil, fmt.Errorf("declarations: %w", err)
	}
	for _, d := range declared {
		rows = append(rows, recorded{whose: member("", d.StaffID), owner: d.Member, ownerName: d.MemberName, relative: d.IDIndex, relativeName: d.Name, relation: d.Relation})
	}
	indexes := make([][]byte, 0, 2*len(rows))
	for _, row := range rows {
		for _, ix := range [][]byte{row.owner, row.relative} {
			if len(ix) > 0 {
				indexes = append(indexes, ix)
			}
		}
	}
	who, err := r.who(ctx, indexes)
	if err != nil {
		return nil, err
	}
	asked := map[someone]bool{}
	for _, s := range of {
		asked[s] = true
	}
	var out []tie
	for _, row := range rows {
		path, ask, kin := pathOf(row.relation)
		if !kin {
			continue
		}
		owner, relative := cmp.Or(who(row.owner), row.whose), who(row.relative)
		if asked[owner] {
			out = append(out, tie{owner, relative, row.relativeName, path, ask})
		}
		if relative != "" && asked[relative] {
			out = append(out, tie{relative, owner, row.ownerName, inverse(path), ask})
		}
	}
	return out, nil
}

// Named is somebody who comes with a paper: the keyed index of their number, and their name.
type Named struct {
	Index []byte
	Name  string
}

// Among says whether one of those who come is the dossier's person or stands within the set
// of 21c around them; not who, nor which kinship.
func Among(ctx context.Context, q store.Querier, dossierID string, who []Named) (bool, error) {
	circle, err := Of(ctx, q, dossierID)
	if err != nil {
		return false, err
	}
	for _, n := range who {
		if found, err := circle.Has(ctx, n.Index, n.Name); err != nil || found {
			return found, err
		}
	}
	return false, nil
}
