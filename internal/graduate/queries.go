package graduate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/store"
	"dangan/internal/undertaking"
)

// States are all states, as lists count them.
var States = []State{Awaited, Unclaimed, Claimed, Elsewhere, Handing, Joined, SentBack, GoneOn}

var readers = []string{"clerk", "reviewer", "keeper", "head", "supervisor"}

// scope is what an actor may see: the own reach, no dossier above the clearance, none of
// persons to keep away from (10b). A packet whose person has a dossier elsewhere shows
// nothing of that one.
func scope(by policy.Actor) (string, []any) {
	if by.Kind != policy.Staff || len(by.Reach) == 0 || !slices.ContainsFunc(readers, by.Has) {
		return "1=0", nil
	}
	where := "graduate.agency IN (" + store.Marks(len(by.Reach)) + ") AND (graduate.dossier_id IS NULL OR EXISTS (SELECT 1 FROM dossier d WHERE d.id=graduate.dossier_id AND (graduate.state IN ('elsewhere','handing','joined','sent_back') OR d.secrecy<=?)"
	args := append(store.Args(by.Reach), by.Clearance)
	if len(by.Persons) > 0 {
		where += " AND d.person_id NOT IN (" + store.Marks(len(by.Persons)) + ")"
		args = append(args, store.Args(by.Persons)...)
	}
	return where + "))", args
}

// Filter narrows the list of graduates.
type Filter struct {
	List, School string
	State        State
	Untold       bool   // of those who wait: nobody told them yet
	Text         string // beginning of the name, 转递编号, mail number or identity number
	After        string
	Limit        int
}

func (d *Desk) where(by policy.Actor, f Filter) (string, []any) {
	where, args := scope(by)
	and := func(clause string, more ...any) { where, args = where+" AND "+clause, append(args, more...) }
	if f.List != "" {
		and("list_id=?", f.List)
	}
	if f.School != "" {
		and("school=?", f.School)
	}
	if f.Untold {
		and("state='unclaimed' AND told_at IS NULL")
	}
	if text := strings.TrimSpace(f.Text); text != "" {
		number := strings.ToUpper(text)
		if c, problem := identity.Parse(number, d.gate.Today()); problem == "" {
			and("id IN (SELECT id FROM graduate_key WHERE id_ix=?)", d.keys.Index(person.IndexPurpose, c.Number))
		} else {
			and("(name>=? AND name<? OR transfer_no=? OR mail_no=?)", text, text+"\U0010ffff", number, number)
		}
	}
	return where, args
}

// Search lists graduates in the order in which they were listed.
func (d *Desk) Search(ctx context.Context, by policy.Actor, f Filter) ([]Graduate, error) {
	where, args := d.where(by, f)
	if f.State != "" {
		where, args = where+" AND state=?", append(args, string(f.State))
	}
	return store.List[Graduate](ctx, d.gate.DB(), "WHERE "+where+" AND id>? ORDER BY id LIMIT ?", append(args, f.After, f.Limit)...)
}

// Count counts those of a filter by state, whatever state it names.
func (d *Desk) Count(ctx context.Context, by policy.Actor, f Filter) (map[State]int64, error) {
	where, args := d.where(by, f)
	out := map[State]int64{}
	for _, s := range States {
		out[s] = 0
	}
	rows, err := d.gate.DB().Query(ctx, "SELECT state, count(*) FROM graduate WHERE "+where+" GROUP BY state", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var s State
		var n int64
		if err := rows.Scan(&s, &n); err != nil {
			return nil, err
		}
		out[s] = n
	}
	return out, rows.Err()
}

// SchoolCount is how a school's graduates stand.
type SchoolCount struct {
	School string
	Counts map[State]int64
	Untold int64
}

// Schools counts by school and state, at most two hundred schools.
func (d *Desk) Schools(ctx context.Context, by policy.Actor) ([]SchoolCount, error) {
	where, args := scope(by)
	rows, err := d.gate.DB().Query(ctx, "SELECT school, state, count(*), sum(CASE WHEN state='unclaimed' AND told_at IS NULL THEN 1 ELSE 0 END) FROM graduate WHERE "+where+" GROUP BY school, state ORDER BY school, state LIMIT 1400", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []SchoolCount
	for rows.Next() {
		var school string
		var s State
		var n, untold int64
		if err := rows.Scan(&school, &s, &n, &untold); err != nil {
			return nil, err
		}
		if len(out) == 0 || out[len(out)-1].School != school {
			out = append(out, SchoolCount{School: school, Counts: map[State]int64{}})
		}
		last := &out[len(out)-1]
		last.Counts[s] = n
		last.Untold += untold
	}
	return out, rows.Err()
}

// Lookup finds whose a packet is by what the scanner reads: 转递编号, mail number or
// identity card; at most twenty of one confidential mail.
func (d *Desk) Lookup(ctx context.Context, by policy.Actor, number string) ([]Graduate, error) {
	if err := d.gate.Allowed(by, "graduate.list", List{Agency: by.Org}.Resource()); err != nil {
		return nil, err
	}
	found, err := d.find(ctx, d.gate.DB(), by.Org, number, 20, "")
	if err != nil || len(found) == 0 {
		return found, err
	}
	ids := make([]string, len(found))
	for i, g := range found {
		ids[i] = g.ID
	}
	where, args := scope(by)
	return store.List[Graduate](ctx, d.gate.DB(), "WHERE "+where+" AND id IN ("+store.Marks(len(ids))+") ORDER BY id LIMIT 20", append(args, store.Args(ids)...)...)
}

// Lists lists the own agency's lists, newest first.
func (d *Desk) Lists(ctx context.Context, by policy.Actor, before string, limit int) ([]List, error) {
	if err := d.gate.Allowed(by, "graduate.list", List{Agency: by.Org}.Resource()); err != nil {
		return nil, err
	}
	return store.List[List](ctx, d.gate.DB(), "WHERE agency=? AND (?='' OR id<?) ORDER BY id DESC LIMIT ?", by.Org, before, before, limit)
}

// ListOf reads a list with how many of its people are in each state.
func (d *Desk) ListOf(ctx context.Context, by policy.Actor, id string) (List, map[State]int64, error) {
	l, err := store.Get[List](ctx, d.gate.DB(), "WHERE id=?", id)
	if err != nil {
		return l, nil, err
	}
	if err := d.gate.Allowed(by, "graduate.list", l.Resource()); err != nil {
		return List{}, nil, err
	}
	counts, err := d.Count(ctx, by, Filter{List: id})
	return l, counts, err
}

// People lists a list's people in a state, all when it is empty.
func (d *Desk) People(ctx context.Context, by policy.Actor, list string, state State, after string, limit int) ([]Graduate, error) {
	if _, _, err := d.ListOf(ctx, by, list); err != nil {
		return nil, err
	}
	return d.Search(ctx, by, Filter{List: list, State: state, After: after, Limit: limit})
}

// Of reads one person of a list and what may be done.
func (d *Desk) Of(ctx context.Context, by policy.Actor, id string) (Graduate, []gate.Possible, error) {
	g, err := store.Get[Graduate](ctx, d.gate.DB(), "WHERE id=?", id)
	if err != nil {
		return g, nil, err
	}
	res := g.Resource()
	if g.DossierID != "" {
		var holder string
		if err := d.gate.DB().QueryRow(ctx, "SELECT person_id FROM dossier WHERE id=?", g.DossierID).Scan(&holder); err != nil {
			return Graduate{}, nil, store.Classify(err)
		}
		res.Attrs["person"] = holder // 10b
	}
	if err := d.gate.Allowed(by, "graduate.list", res); err != nil {
		return Graduate{}, nil, err
	}
	var out []gate.Possible
	for _, a := range [][2]string{{"graduate.tell", "告知本人"}, {"graduate.claim", "认领"}} {
		if x, ok := d.gate.Possible(by, a[0], a[1], res, g.waits()); ok {
			x.Primary = a[0] == "graduate.claim" && x.Refusal == nil
			out = append(out, x)
		}
	}
	if g.State == Claimed {
		out = nil // told and claimed: what is left is the undertaking
		for _, a := range []struct {
			action, label string
			may           error
		}{{"graduate.promise", "登记承诺", g.mayPromise()}, {"graduate.dispose", "处置", g.mayDispose()}, {"graduate.attach", "上传签署件", undertaking.MayAttach(g.PromisedOn, g.Signing)}} {
			if a.may != nil {
				continue
			}
			if x, ok := d.gate.Possible(by, a.action, a.label, res, nil); ok {
				x.Primary = a.action == "graduate.promise" && x.Refusal == nil
				out = append(out, x)
			}
		}
	}
	if g.State != Elsewhere {
		return g, out, nil
	}
	out = nil // it is not claimed: the person's dossier is another one
	for _, a := range []struct {
		action, label string
		hinders       error
	}{{"graduate.settle", "提出处理", nil}, {"graduate.decide", "审核处理", g.proposed()}, {"graduate.shelve", "登记库位", nil}} {
		if x, ok := d.gate.Possible(by, a.action, a.label, res, a.hinders); ok {
			x.Primary = x.Refusal == nil && a.action != "graduate.shelve"
			out = append(out, x)
		}
	}
	return g, out, nil
}

// Seen is the document that was seen at the claim, empty before it.
func (d *Desk) Seen(ctx context.Context, id string) (Proof, error) {
	p, err := store.Get[Proof](ctx, d.gate.DB(), "WHERE id=?", id)
	if errors.Is(err, store.ErrNotFound) {
		return Proof{}, nil
	}
	return p, err
}

// OpenBatch is the actor's own open batch with its packets; no id when there is none.
func (d *Desk) OpenBatch(ctx context.Context, by policy.Actor) (Batch, []Line, error) {
	if err := d.gate.Allowed(by, "graduate.scan", Graduate{Agency: by.Org}.Resource()); err != nil {
		return Batch{}, nil, err
	}
	b, err := store.Get[Batch](ctx, d.gate.DB(), "WHERE staff_id=? AND state=?", by.ID, Open)
	if errors.Is(err, store.ErrNotFound) {
		return Batch{}, nil, nil
	} else if err != nil {
		return b, nil, err
	}
	return d.Batch(ctx, by, b.ID)
}

// Batch reads a batch with its packets as they were scanned.
func (d *Desk) Batch(ctx context.Context, by policy.Actor, id string) (Batch, []Line, error) {
	b, err := store.Get[Batch](ctx, d.gate.DB(), "WHERE id=?", id)
	if err != nil {
		return b, nil, err
	}
	if err := d.gate.Allowed(by, "graduate.list", b.Resource()); err != nil {
		return Batch{}, nil, err
	}
	scans, err := store.List[Scan](ctx, d.gate.DB(), "WHERE batch_id=? AND state<>? ORDER BY seq LIMIT ?", id, Dropped, batchMost)
	if err != nil || len(scans) == 0 {
		return b, nil, err
	}
	ids := make([]string, len(scans))
	for i, s := range scans {
		ids[i] = s.GraduateID
	}
	people, err := store.List[Graduate](ctx, d.gate.DB(), "WHERE id IN ("+store.Marks(len(ids))+")", store.Args(ids)...)
	if err != nil {
		return b, nil, err
	}
	byID := map[string]Graduate{}
	for _, g := range people {
		byID[g.ID] = g
	}
	lines := make([]Line, len(scans))
	for i, s := range scans {
		lines[i] = Line{Scan: s, Graduate: byID[s.GraduateID]}
	}
	return b, lines, nil
}

// Batches lists the agency's batches, newest first.
func (d *Desk) Batches(ctx context.Context, by policy.Actor, before string, limit int) ([]Batch, error) {
	if err := d.gate.Allowed(by, "graduate.list", List{Agency: by.Org}.Resource()); err != nil {
		return nil, err
	}
	return store.List[Batch](ctx, d.gate.DB(), "WHERE agency=? AND (?='' OR id<?) ORDER BY id DESC LIMIT ?", by.Org, before, before, limit)
}

// ByNumber finds the dossiers that an agency opened for listed persons by the 转递编号 or the
// number of the mail, for the rooms that ask whose a paper is.
func ByNumber(ctx context.Context, q store.Querier, agency, number string) ([]string, error) {
	rows, err := q.Query(ctx, "SELECT dossier_id FROM graduate WHERE agency=? AND (transfer_no=? OR mail_no=?) AND dossier_id IS NOT NULL ORDER BY id LIMIT 3", agency, number, number)
	if err != nil {
		return nil, fmt.Errorf("dossiers by transfer number: %w", err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, rows.Err()
}
