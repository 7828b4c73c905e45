package custody

import (
	"context"
	"errors"
	"strings"
	"time"

	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/store"
	"dangan/internal/work"
)

// Line is a request with the dossier it is about, for the keeper's list.
type Line struct {
	Request
	No, Name, Shelfmark string
	DossierPlace        string
}

// Filter narrows the keeper's list. After is the id of the last line seen.
type Filter struct {
	State string // Asked, Out, Back; empty: all open
	After string
	Limit int
}

// scope is what an actor's own agencies hold, but for dossiers the actor must keep away from (10b).
func scope(actor policy.Actor) (string, []any) {
	where, args := "r.agency IN ("+store.Marks(len(actor.Reach))+")", store.Args(actor.Reach)
	if len(actor.Persons) > 0 {
		where += " AND d.person_id NOT IN (" + store.Marks(len(actor.Persons)) + ")"
		args = append(args, store.Args(actor.Persons)...)
	}
	return where + " AND d.secrecy<=?", append(args, actor.Clearance)
}

// Requests lists open requests of the actor's agencies, oldest first; ids grow
// with time, so they are the cursor.
func (k *Desk) Requests(ctx context.Context, actor policy.Actor, f Filter) ([]Line, error) {
	if !mayList(actor) {
		return []Line{}, nil
	}
	where, args := scope(actor)
	if f.State != "" {
		where, args = where+" AND r.state=?", append(args, f.State)
	} else {
		where += " AND r.state<>'closed'"
	}
	if f.After != "" {
		where, args = where+" AND r.id>?", append(args, f.After)
	}
	rows, err := k.gate.DB().Query(ctx, `SELECT r.id,r.dossier_id,r.agency,r.case_ref,r.purpose,r.state,r.asked_by,r.asked_at,COALESCE(r.place,''),d.no,p.name,COALESCE(d.shelfmark,''),d.place
		FROM pull_request r JOIN dossier d ON d.id=r.dossier_id JOIN person p ON p.id=d.person_id WHERE `+where+" ORDER BY r.id LIMIT ?", append(args, f.Limit)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []Line{}
	for rows.Next() {
		var l Line
		var at int64
		if err := rows.Scan(&l.ID, &l.DossierID, &l.Agency, &l.CaseRef, &l.Purpose, &l.State, &l.AskedBy, &at, &l.Place, &l.No, &l.Name, &l.Shelfmark, &l.DossierPlace); err != nil {
			return nil, err
		}
		l.AskedAt = time.UnixMicro(at).UTC()
		out = append(out, l)
	}
	return out, rows.Err()
}

func mayList(actor policy.Actor) bool {
	return actor.Has("keeper") || actor.Has("clerk") || actor.Has("reviewer") || actor.Has("head")
}

// Counts says how many requests are in each open state, of as many as counting looks at.
func (k *Desk) Counts(ctx context.Context, actor policy.Actor) (map[string]int64, error) {
	out := map[string]int64{Asked: 0, Out: 0, Back: 0}
	if !mayList(actor) {
		return out, nil
	}
	where, args := scope(actor)
	rows, err := k.gate.DB().Query(ctx, "SELECT state,count(*) FROM (SELECT r.state AS state FROM pull_request r JOIN dossier d ON d.id=r.dossier_id WHERE "+where+" AND r.state<>'closed' LIMIT ?) AS c GROUP BY state", append(args, k.gate.DB().CountCap)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
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

// Card is a packet as the keeper sees it after a scan.
type Card struct {
	Dossier  dossier.Dossier
	Name     string
	Open     []Request
	Chain    []Event
	Possible []gate.Possible
}

// Scan finds a packet by the number on its cover, present or former, in the
// actor's own agencies. ErrHidden if there is none there.
func (k *Desk) Scan(ctx context.Context, actor policy.Actor, no string) (Card, error) {
	no = strings.ToUpper(strings.TrimSpace(no))
	q := k.gate.DB()
	in, args := store.Marks(len(actor.Reach)), store.Args(actor.Reach)
	d, err := store.Get[dossier.Dossier](ctx, q, "WHERE no=? AND agency IN ("+in+")", append([]any{no}, args...)...)
	if errors.Is(err, store.ErrNotFound) {
		d, err = store.Get[dossier.Dossier](ctx, q, "WHERE id IN (SELECT dossier_id FROM dossier_number WHERE no=?) AND agency IN ("+in+")", append([]any{no}, args...)...)
	}
	if err != nil {
		return Card{}, err
	}
	return k.card(ctx, actor, d)
}

// Card reads a packet's place, requests, handovers, and what the actor may do with it.
func (k *Desk) Card(ctx context.Context, actor policy.Actor, dossierID string) (Card, error) {
	d, err := dossier.Get(ctx, k.gate.DB(), dossierID)
	if err != nil {
		return Card{}, err
	}
	return k.card(ctx, actor, d)
}

func (k *Desk) card(ctx context.Context, actor policy.Actor, d dossier.Dossier) (Card, error) {
	c := Card{Dossier: d}
	switch decision := k.gate.Decide(actor, "custody.read", Resource(d)); {
	case decision.Hidden:
		return c, gate.ErrHidden
	case decision.Refusal != nil:
		return c, decision.Refusal
	}
	p, err := person.Get(ctx, k.gate.DB(), d.PersonID)
	if err != nil {
		return c, err
	}
	c.Name = p.Name
	if c.Open, err = OpenOf(ctx, k.gate.DB(), d.ID); err != nil {
		return c, err
	}
	if c.Chain, err = Chain(ctx, k.gate.DB(), d.ID); err != nil {
		return c, err
	}
	c.Possible = k.possible(actor, d, c.Open)
	return c, nil
}

// possible lists the keeper's acts on a packet; the first that is free is the next.
func (k *Desk) possible(actor policy.Actor, d dossier.Dossier, open []Request) []gate.Possible {
	other := dossier.PlaceArranging
	if d.Place == other {
		other = dossier.PlaceReading
	}
	known := d.Shelfmark
	if known == "" {
		known = "00-A-000-00-0-00" // asked for on the screen; here the question is whether anything else hinders
	}
	out := []gate.Possible{}
	primary := false
	for _, a := range []struct {
		action, label string
		hindered      error
	}{
		{"custody.pull", "提档出库", CheckPull(d, open, "")},
		{"custody.put_back", "归还入库", CheckPutBack(d, open, "", known)},
		{"custody.handover", "室间交接", CheckHandover(d, other)},
	} {
		if p, ok := k.gate.Possible(actor, a.action, a.label, Resource(d), a.hindered); ok {
			p.Primary = p.Refusal == nil && !primary
			primary = primary || p.Primary
			out = append(out, p)
		}
	}
	return out
}

// Work lists what waits for the keeper: packets to be pulled, packets to be
// shelved, and those that lie at the window, which empties at the day's end (16b).
func (k *Desk) Work(ctx context.Context, actor policy.Actor) ([]work.Item, error) {
	if !actor.Has("keeper") {
		return nil, nil
	}
	var out []work.Item
	for _, state := range []string{Asked, Back} {
		lines, err := k.Requests(ctx, actor, Filter{State: state, Limit: 100})
		if err != nil {
			return nil, err
		}
		for _, l := range lines {
			i := work.Item{Room: "custody", Kind: "库房·" + PurposeName(l.Purpose), Subject: l.Name, SubjectNote: l.No, DossierID: l.DossierID, Todo: "提档出库", Action: "提档",
				Link: "/custody?no=" + l.No, Lane: work.Todo, Since: l.AskedAt}
			if state == Back {
				i.Todo, i.Action = "归还入库", "入库"
			}
			if l.DossierPlace == dossier.PlaceWindow {
				i.DueOn, i.Basis = k.gate.Today().String(), "16b"
			}
			out = append(out, i)
		}
	}
	return out, nil
}
