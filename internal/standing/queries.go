package standing

import (
	"context"
	"fmt"
	"slices"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/store"
	"dangan/internal/work"
)

const room = "standing"

// readers are the posts that standing.cedar lets read cases.
var readers = []string{"clerk", "reviewer", "keeper", "head", "supervisor"}

// scope holds exactly for the cases about dossiers the actor may know of.
func scope(by policy.Actor) (string, []any) {
	where, args := dossier.Scope(by)
	if !slices.ContainsFunc(readers, by.Has) {
		return "1=0", nil
	}
	return "agency IN (" + store.Marks(len(by.Reach)) + ") AND EXISTS (SELECT 1 FROM dossier WHERE dossier.id=person_case.dossier_id AND " + where + ")", append(store.Args(by.Reach), args...)
}

// Line is a case with the dossier it is about.
type Line struct {
	Case
	Dossier dossier.Dossier
	Person  person.Person
}

// List lists cases of an actor's agencies, the newest first, before an id.
func (k *Desk) List(ctx context.Context, by policy.Actor, state State, before string, limit int) ([]Line, error) {
	where, args := scope(by)
	if state != "" {
		where, args = where+" AND state=?", append(args, string(state))
	}
	if before != "" {
		where, args = where+" AND id<?", append(args, before)
	}
	list, err := store.List[Case](ctx, k.gate.DB(), "WHERE "+where+" ORDER BY id DESC LIMIT ?", append(args, limit)...)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return k.lines(ctx, list)
}

func (k *Desk) lines(ctx context.Context, list []Case) ([]Line, error) {
	ids := make([]string, len(list))
	for i, c := range list {
		ids[i] = c.DossierID
	}
	in, args := "("+store.Marks(len(ids))+")", store.Args(ids)
	dossiers, err := store.List[dossier.Dossier](ctx, k.gate.DB(), "WHERE id IN "+in, args...)
	if err != nil {
		return nil, err
	}
	people, err := store.List[person.Person](ctx, k.gate.DB(), "WHERE id IN (SELECT person_id FROM dossier WHERE id IN "+in+")", args...)
	if err != nil {
		return nil, err
	}
	out := make([]Line, len(list))
	for i, c := range list {
		out[i].Case = c
		for _, d := range dossiers {
			if d.ID == c.DossierID {
				out[i].Dossier = d
			}
		}
		for _, p := range people {
			if p.ID == out[i].Dossier.PersonID {
				out[i].Person = p
			}
		}
	}
	return out, nil
}

// Counts says how many cases are in each state, of as many as counting looks at.
func (k *Desk) Counts(ctx context.Context, by policy.Actor) (map[string]int64, error) {
	where, args := scope(by)
	rows, err := k.gate.DB().Query(ctx, "SELECT state, count(*) FROM (SELECT state FROM person_case WHERE "+where+" LIMIT ?) AS c GROUP BY state", append(args, k.gate.DB().CountCap)...)
	if err != nil {
		return nil, fmt.Errorf("count cases: %w", err)
	}
	defer rows.Close()
	out := map[string]int64{}
	for rows.Next() {
		var state string
		var n int64
		if err := rows.Scan(&state, &n); err != nil {
			return nil, err
		}
		out[state] = n
	}
	return out, rows.Err()
}

// Page is a case with what it changes and what may be done.
type Page struct {
	Line
	Proposed, Was Content
	Other         *Line // merge, split: the other dossier
	Possible      []gate.Possible
}

// Of reads one case for its page.
func (k *Desk) Of(ctx context.Context, by policy.Actor, id string) (out Page, err error) {
	q := k.gate.DB()
	c, err := store.Get[Case](ctx, q, "WHERE id=?", id)
	if err != nil {
		return out, err
	}
	lines, err := k.lines(ctx, []Case{c})
	if err != nil {
		return out, err
	}
	out.Line = lines[0]
	if err := k.gate.Allowed(by, "standing.list", c.Resource(out.Dossier)); err != nil {
		return out, err
	}
	if out.Proposed, out.Was, err = c.contents(); err != nil {
		return out, err
	}
	resource := c.Resource(out.Dossier)
	if c.OtherID != "" {
		x := c
		x.DossierID = c.OtherID
		others, err := k.lines(ctx, []Case{x})
		if err != nil {
			return out, err
		}
		out.Other = &others[0]
		if err := k.gate.Allowed(by, "standing.list", c.Resource(out.Other.Dossier)); err != nil {
			return out, err
		}
	}
	if c.State == Asked {
		if p, ok := k.gate.Possible(by, "standing.decide", "审批", resource, nil); ok {
			p.Primary = p.Refusal == nil
			out.Possible = append(out.Possible, p)
		}
	}
	return out, nil
}

// About lists a dossier's cases for its page.
func (k *Desk) About(ctx context.Context, q store.Querier, by policy.Actor, dossierID string) ([]dossier.Case, error) {
	where, args := scope(by)
	list, err := store.List[Case](ctx, q, "WHERE (dossier_id=? OR other_id=?) AND "+where+" ORDER BY id DESC LIMIT 50", append([]any{dossierID, dossierID}, args...)...)
	if err != nil {
		return nil, err
	}
	out := make([]dossier.Case, len(list))
	for i, c := range list {
		out[i] = dossier.Case{Ref: c.ref(), Room: room, Kind: c.Kind.Name(), No: c.No, State: string(c.State), StateName: c.State.Name(), Tone: Tone(c.State),
			Since: string(calendar.Of(c.AppliedAt)), Note: c.Reason, Link: "/standing/" + c.ID, Open: c.State == Asked}
	}
	return out, nil
}

// Tone is how a state is painted.
func Tone(s State) string {
	return map[State]string{Asked: "run", Approved: "done", Refused: "void", Undone: "void"}[s]
}

// Offers is what a dossier's page says of this room.
func (k *Desk) Offers(_ context.Context, _ store.Querier, by policy.Actor, d dossier.Dossier) ([]gate.Possible, error) {
	if d.State == dossier.Left {
		return nil, nil
	}
	p, ok := k.gate.Possible(by, "standing.apply", "变更与并档", Case{}.Resource(d), nil)
	if !ok {
		return nil, nil
	}
	return []gate.Possible{p}, nil
}

// Work lists the cases that wait for the actor's decision, each by itself.
func (k *Desk) Work(ctx context.Context, by policy.Actor) ([]work.Item, error) {
	own, above := k.mayDecide(by, Merge, by.Org), k.mayDecide(by, Rebuild, "")
	if !own && !above {
		return nil, nil
	}
	where, args := scope(by)
	if own {
		where, args = where+" AND kind<>'rebuild' AND agency=?", append(args, by.Org)
	} else {
		where += " AND kind='rebuild'"
	}
	list, err := store.List[Case](ctx, k.gate.DB(), "WHERE "+where+" AND state='asked' AND applicant<>? ORDER BY id LIMIT 20", append(args, by.ID)...)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	lines, err := k.lines(ctx, list)
	if err != nil {
		return nil, err
	}
	out := make([]work.Item, len(lines))
	for i, l := range lines {
		out[i] = work.Item{Room: room, Kind: l.Kind.Name(), Subject: l.Person.Name, SubjectNote: l.Dossier.No, DossierID: l.DossierID, Todo: "审批" + l.Kind.Name(), Link: "/standing/" + l.ID,
			Action: "审批", Basis: work.Agreed, Lane: work.Todo, Since: l.AppliedAt}
	}
	return out, nil
}

func (k *Desk) mayDecide(by policy.Actor, kind Kind, at string) bool {
	if len(by.Reach) == 0 {
		return false
	}
	if at == "" {
		for _, a := range by.Reach {
			if a != by.Org {
				at = a
			}
		}
	}
	return at != "" && k.gate.Allowed(by, "standing.decide", Case{Kind: kind, State: Asked}.Resource(dossier.Dossier{Agency: at})) == nil
}

// Succeed makes the successor of a merged agency go on with what is asked there.
func Succeed(tx *gate.Tx, from, to agency.Agency) (int, error) {
	return agency.HandOver(tx, "agency=? AND state='asked'", []any{from.ID}, func(c *Case) error {
		c.Agency = to.ID
		return tx.Update(c)
	})
}

// UnderWay counts the changes of a person's data, mergings and splittings that wait to be decided at an agency.
func UnderWay(ctx context.Context, q store.Querier, code string) (agency.Open, error) {
	return agency.CountOpen(ctx, q, agency.Line{Name: "待决定的变更与并档", Unit: "件", Table: "person_case", Since: "applied_at", From: "申请", Link: "/standing"}, "agency=? AND state='asked'", code)
}
