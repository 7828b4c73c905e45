package retirement

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Person is one who is near the age and was not taken up yet.
type Person struct {
	DossierID, DossierNo, Name, Agency, BornOn string
	Terms                                      []GroupTerm // a woman's may be one of two
}

// GroupTerm is what a table says of one group.
type GroupTerm struct {
	Group string
	Term
}

// Lists of persons without a case.
const (
	Near   = "near"   // within the months of the setting
	Past   = "past"   // over the age, whichever group
	Unsure = "unsure" // women over the lower age: their group is to be found out
)

// band is the birthdays of one group that reach the age after one day and by another.
func (t Table) band(group string, after, by calendar.Date) (string, string) {
	return t.BornBy(group, after).String(), t.BornBy(group, by).String()
}

// candidates is the SQL predicate of one of these lists.
func (k *Desk) candidates(by policy.Actor, view string) (string, []any, error) {
	t, today := k.Table(), k.gate.Today()
	yesterday, horizon := today.AddDays(-1), k.horizon(today)
	m0, m1 := t.band(Men, yesterday, horizon)
	l0, l1 := t.band(Women50, yesterday, horizon)
	h0, h1 := t.band(Women55, yesterday, horizon)
	where, args := scopePersons(by)
	where += " AND d.state NOT IN ('left','in_transit') AND NOT EXISTS (SELECT 1 FROM retirement r WHERE r.dossier_id=d.id AND r.state<>'dropped') AND NOT EXISTS (SELECT 1 FROM death x WHERE x.dossier_id=d.id AND x.state NOT IN ('rejected','revoked'))"
	switch view {
	case Near:
		return where + " AND (p.sex='1' AND p.birth_date>? AND p.birth_date<=? OR p.sex='2' AND (p.birth_date>? AND p.birth_date<=? OR p.birth_date>? AND p.birth_date<=?))", append(args, m0, m1, l0, l1, h0, h1), nil
	case Past:
		return where + " AND (p.sex='1' AND p.birth_date<=? OR p.sex='2' AND p.birth_date<=?)", append(args, m0, h0), nil
	case Unsure:
		return where + " AND p.sex='2' AND p.birth_date>? AND p.birth_date<=?", append(args, h1, l0), nil
	}
	return "", nil, rule.Mistake(reason("view_unknown", "view", "没有这一栏。", "请从页面所列各栏中选择。"))
}

// scopePersons is the SQL predicate for the dossiers retirement.read lets an actor see.
func scopePersons(by policy.Actor) (string, []any) {
	if by.Kind != policy.Staff || len(by.Reach) == 0 || !slices.ContainsFunc(posts, by.Has) {
		return "1=0", nil
	}
	where := "d.agency IN (" + store.Marks(len(by.Reach)) + ") AND d.secrecy<=?"
	args := append(store.Args(by.Reach), by.Clearance)
	if len(by.Persons) > 0 {
		where += " AND d.person_id NOT IN (" + store.Marks(len(by.Persons)) + ")"
		args = append(args, store.Args(by.Persons)...)
	}
	return where, args
}

// Due lists those near or over the age who were not taken up, the oldest first.
func (k *Desk) Due(ctx context.Context, by policy.Actor, view, after string, limit int) (out []Person, next string, err error) {
	where, args, err := k.candidates(by, view)
	if err != nil {
		return nil, "", err
	}
	if after != "" {
		c, err := parseCursor(after)
		if err != nil {
			return nil, "", err
		}
		where, args = where+" AND (p.birth_date>? OR p.birth_date=? AND d.id>?)", append(args, c.End, c.End, c.ID)
	}
	limit = min(max(limit, 1), 100)
	rows, err := k.gate.DB().Query(ctx, "SELECT d.id,d.no,p.name,d.agency,p.birth_date,p.sex FROM dossier d JOIN person p ON p.id=d.person_id WHERE "+where+fmt.Sprintf(" ORDER BY p.birth_date, d.id LIMIT %d", limit+1), args...)
	if err != nil {
		return nil, "", err
	}
	defer rows.Close()
	t := k.Table()
	for rows.Next() {
		var x Person
		var sex string
		if err := rows.Scan(&x.DossierID, &x.DossierNo, &x.Name, &x.Agency, &x.BornOn, &sex); err != nil {
			return nil, "", err
		}
		for _, g := range Groups {
			if sexOf(g) == sex {
				x.Terms = append(x.Terms, GroupTerm{g, t.Term(g, calendar.Date(x.BornOn))})
			}
		}
		slices.SortFunc(x.Terms, func(a, b GroupTerm) int { return strings.Compare(a.Statutory.String(), b.Statutory.String()) })
		out = append(out, x)
	}
	if len(out) > limit {
		out = out[:limit]
		next = makeCursor(out[limit-1].BornOn, out[limit-1].DossierID)
	}
	return out, next, rows.Err()
}

// TermsOf is what the table says of one dossier's person, for the form that takes a case up.
func (k *Desk) TermsOf(ctx context.Context, by policy.Actor, dossierID string) (out Person, err error) {
	d, err := dossier.Get(ctx, k.gate.DB(), dossierID)
	if err != nil {
		return out, err
	}
	if err := k.gate.Allowed(by, ActOpen, Case{Agency: d.Agency}.Resource(d)); err != nil {
		return out, err
	}
	p, err := person.Get(ctx, k.gate.DB(), d.PersonID)
	if err != nil {
		return out, err
	}
	on, _, err := born(ctx, k.gate.DB(), d, p)
	if err != nil || !on.Valid() {
		return out, err
	}
	out = Person{DossierID: d.ID, DossierNo: d.No, Name: p.Name, Agency: d.Agency, BornOn: on.String()}
	for _, g := range Groups {
		if sexOf(g) == p.Sex {
			out.Terms = append(out.Terms, GroupTerm{g, k.Table().Term(g, on)})
		}
	}
	return out, nil
}
