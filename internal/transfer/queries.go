package transfer

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"dangan/internal/dossier"
	"dangan/internal/policy"
	"dangan/internal/store"
)

// readers are the posts that transfer.cedar lets read a case.
var readers = []string{"clerk", "reviewer", "keeper", "head", "supervisor"}

// scope is the predicate over table transfer that holds exactly for the cases
// the policies let an actor read: either end in reach, clearance, recusal.
func scope(actor policy.Actor) (string, []any) {
	if !reads(actor) {
		return "1=0", nil
	}
	in, reach := store.Marks(len(actor.Reach)), store.Args(actor.Reach)
	known, args := knownTo(actor)
	return "(receiver IN (" + in + ") OR holder IN (" + in + ") OR passed_by IN (" + in + ")) AND " + known, slices.Concat(reach, reach, reach, args)
}

// reads tells whether an actor's posts have to do with transfers at all.
func reads(actor policy.Actor) bool {
	return actor.Kind == policy.Staff && len(actor.Reach) > 0 && slices.ContainsFunc(readers, actor.Has)
}

// knownTo is the part of scope that says whose cases an actor may know of (10b, 15).
func knownTo(actor policy.Actor) (where string, args []any) {
	where = "(coalesce(dossier_id,joins_id) IS NULL OR EXISTS (SELECT 1 FROM dossier d WHERE d.id=coalesce(transfer.dossier_id,transfer.joins_id) AND d.secrecy<=?"
	args = []any{actor.Clearance}
	if len(actor.Persons) > 0 {
		where += " AND d.person_id NOT IN (" + store.Marks(len(actor.Persons)) + ")"
		args = append(args, store.Args(actor.Persons)...)
	}
	return where + "))", args
}

// Filter narrows the list of transfers.
type Filter struct {
	Side  string // "in", "out", empty: both
	State string // one state, "open" or "done"; empty: all
	Due   string // "overdue", "soon": by the 15 working days; "unbooked": letters of the system that nobody booked in time
	Text  string // name, case, letter or notice number
	After string // cursor: changed_at in µs, "|", id
	Limit int
}

// Cases lists cases, those changed last first.
func (k *Desk) Cases(ctx context.Context, actor policy.Actor, f Filter) ([]Case, error) {
	where, args := scope(actor)
	in := store.Marks(len(actor.Reach))
	switch f.Side {
	case "in":
		where, args = where+" AND receiver IN ("+in+")", append(args, store.Args(actor.Reach)...)
	case "out":
		where, args = where+" AND holder IN ("+in+")", append(args, store.Args(actor.Reach)...)
	}
	const done = "('closed','not_sent','withdrawn','expired','returned')"
	switch f.State {
	case "":
	case "open":
		where += " AND state NOT IN " + done
	case "done":
		where += " AND state IN " + done
	default:
		where, args = where+" AND state=?", append(args, f.State)
	}
	today := k.gate.Today()
	switch f.Due {
	case "overdue":
		where, args = where+" AND "+byTerm+"<?", append(args, today.String())
	case "soon":
		soon, _ := k.gate.Calendar().AddWorkdays(today, 3)
		where, args = where+" AND "+byTerm+">=? AND "+byTerm+"<=?", append(args, today.String(), soon.String())
	}
	if f.Due == "unbooked" {
		where, args = where+" AND state='lettered' AND direction='inner' AND letter_on<=?", append(args, unbookedSince(k.gate.Calendar(), today).String())
	}
	if t := strings.TrimSpace(f.Text); t != "" {
		where += " AND (person_name=? OR no=? OR letter_no=? OR notice_no=? OR id_ix=?)"
		args = append(args, t, strings.ToUpper(t), sameNo(t), sameNo(t), k.keys.Index("identity", strings.ToUpper(t)))
	}
	if f.Due != "" {
		return k.due(ctx, f, where, args)
	}
	if at, id, ok := strings.Cut(f.After, "|"); ok {
		where += " AND (changed_at<CAST(? AS BIGINT) OR changed_at=CAST(? AS BIGINT) AND id<?)"
		args = append(args, at, at, id)
	}
	return store.List[Case](ctx, k.gate.DB(), "WHERE "+where+" ORDER BY changed_at DESC, id DESC LIMIT ?", append(args, f.Limit)...)
}

// byTerm is the term of a case at its holder, as its index has it; of others: none.
const byTerm = "(CASE WHEN state IN ('registered','pulled','approved','packed') THEN due_on END)"

// due lists those whose term was asked for, what is due first before the others: the
// database goes through the open terms in their order and looks at either end on the way.
func (k *Desk) due(ctx context.Context, f Filter, where string, args []any) ([]Case, error) {
	for _, end := range []string{"receiver", "holder", "passed_by"} {
		where = strings.ReplaceAll(where, end+" IN (", "coalesce("+end+",'') IN (")
	}
	if due, id, ok := strings.Cut(f.After, "|"); ok {
		where, args = where+" AND ("+byTerm+",id)>(?,?)", append(args, due, id)
	}
	return store.List[Case](ctx, k.gate.DB(), "WHERE "+where+" ORDER BY "+byTerm+", id LIMIT ?", append(args, f.Limit)...)
}

// Cursor is a case's place in a list.
func (c Case) Cursor(f Filter) string {
	if f.Due != "" {
		return c.DueOn + "|" + c.ID
	}
	return fmt.Sprintf("%d|%s", c.ChangedAt.UnixMicro(), c.ID)
}

// Counts are the figures above the list; with More, at least as many: counting stops.
type Counts struct {
	Open, Overdue, Soon, Incoming, Outgoing int64
	Unbooked                                int64 // letters of the system that nobody booked in time
	More                                    bool
}

// Counts counts what an actor's agencies have open.
func (k *Desk) Counts(ctx context.Context, actor policy.Actor) (n Counts, err error) {
	where, args := scope(actor)
	if len(actor.Reach) == 0 {
		return n, nil
	}
	soon, _ := k.gate.Calendar().AddWorkdays(k.gate.Today(), 3)
	in := store.Marks(len(actor.Reach))
	if len(actor.Reach) > 1 { // by the index of what is open, not by those of all that each agency ever had
		for _, end := range []string{"receiver", "holder", "passed_by"} {
			where = strings.Replace(where, end+" IN", "coalesce("+end+",'') IN", 1)
		}
	}
	query := `SELECT count(*), coalesce(sum(CASE WHEN holder IN (` + in + `) THEN 1 ELSE 0 END),0), coalesce(sum(CASE WHEN receiver IN (` + in + `) THEN 1 ELSE 0 END),0),
		coalesce(sum(CASE WHEN state IN ('registered','pulled','approved','packed') AND due_on<? THEN 1 ELSE 0 END),0),
		coalesce(sum(CASE WHEN state IN ('registered','pulled','approved','packed') AND due_on>=? AND due_on<=? THEN 1 ELSE 0 END),0),
		coalesce(sum(CASE WHEN state='lettered' AND direction='inner' AND letter_on<=? THEN 1 ELSE 0 END),0)
		FROM (SELECT holder, receiver, state, due_on, direction, letter_on FROM transfer WHERE ` + where + ` AND state NOT IN ('closed','not_sent','withdrawn','expired','returned') LIMIT ?) AS c`
	all := append(append(store.Args(actor.Reach), store.Args(actor.Reach)...), k.gate.Today().String(), k.gate.Today().String(), soon.String(), unbookedSince(k.gate.Calendar(), k.gate.Today()).String())
	limit := k.gate.DB().CountCap
	err = k.gate.DB().QueryRow(ctx, query, append(append(all, args...), limit)...).Scan(&n.Open, &n.Outgoing, &n.Incoming, &n.Overdue, &n.Soon, &n.Unbooked)
	n.More = n.Open == limit
	return n, store.Classify(err)
}

// Parties tells which agencies may read a case's papers.
func Parties(ctx context.Context, q store.Querier, caseID string) ([]string, error) {
	c, err := Get(ctx, q, caseID)
	if err != nil {
		return nil, err
	}
	return c.Resource(dossier.Dossier{}).Agencies, nil
}
