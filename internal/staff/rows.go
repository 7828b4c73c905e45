package staff

import (
	"context"
	"dangan/internal/agency"
	"fmt"
	"slices"
	"time"

	"dangan/internal/gate"
	"dangan/internal/store"
)

// Named reads an account by its name.
func Named(ctx context.Context, q store.Querier, username string) (Member, error) {
	return store.Get[Member](ctx, q, "WHERE username=?", username)
}

// Get reads an account.
func Get(ctx context.Context, q store.Querier, id string) (Member, error) {
	return store.Get[Member](ctx, q, "WHERE id=?", id)
}

func load(tx *gate.Tx, id string) (Member, error) {
	return store.Get[Member](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), id)
}

// postsOf reads every post a member ever held, oldest first.
func postsOf(ctx context.Context, q store.Querier, staffID string) ([]Post, error) {
	return store.List[Post](ctx, q, "WHERE staff_id=? ORDER BY from_at, id", staffID)
}

// administrator is one who holds a post of the three, at present.
type administrator struct{ Name, Post string }

// administratorsKinTo finds the administrators who declared a member as kin, or whom
// the member declared (10b).
func administratorsKinTo(tx *gate.Tx, m Member) ([]administrator, error) {
	args := append(store.Args(administrative), tx.Now(), m.ID, m.ID, m.IDIndex)
	rows, err := tx.Query(tx.Context(), `SELECT DISTINCT s.name,p.post FROM post p JOIN staff s ON s.id=p.staff_id
		WHERE p.post IN (`+store.Marks(len(administrative))+`) AND p.ended_at IS NULL AND (p.until_at IS NULL OR p.until_at>?) AND s.id<>?
		AND (s.id_ix IN (SELECT id_ix FROM kin_declaration WHERE staff_id=?) OR EXISTS (SELECT 1 FROM kin_declaration k WHERE k.staff_id=s.id AND k.id_ix=?))
		ORDER BY s.name, p.post LIMIT 20`, args...)
	if err != nil {
		return nil, fmt.Errorf("administrators' kin: %w", err)
	}
	defer rows.Close()
	var out []administrator
	for rows.Next() {
		var a administrator
		if err := rows.Scan(&a.Name, &a.Post); err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, rows.Err()
}

// lastSecAdmin says whether a member is a security administrator and no other
// account in use is.
func lastSecAdmin(tx *gate.Tx, id string) (bool, error) {
	var own, others int64
	err := tx.QueryRow(tx.Context(), `SELECT coalesce(sum(CASE WHEN s.id=? THEN 1 ELSE 0 END),0), coalesce(sum(CASE WHEN s.id<>? THEN 1 ELSE 0 END),0)
		FROM post p JOIN staff s ON s.id=p.staff_id WHERE p.post=? AND s.state=? AND p.ended_at IS NULL AND (p.until_at IS NULL OR p.until_at>?)`,
		id, id, SecAdmin, Active, tx.Now()).Scan(&own, &others)
	return own > 0 && others == 0, err
}

// recentFailures counts failed sign-ins of an account or address since a moment.
func recentFailures(ctx context.Context, q store.Querier, subject string, since time.Time) (int, error) {
	var n int
	err := q.QueryRow(ctx, "SELECT count(*) FROM signin_failure WHERE subject=? AND at>=?", subject, since).Scan(&n)
	return n, err
}

// endSessions ends every session of an account, but for the one kept.
func endSessions(tx *gate.Tx, staffID string, keep []byte) error {
	if keep == nil {
		keep = []byte{}
	}
	return tx.Exec("DELETE FROM session WHERE staff_id=? AND digest<>?", staffID, keep)
}

// Works says whether somebody with this identity is on the staff of one of the agencies, or of
// one that was merged into it.
func Works(ctx context.Context, q store.Querier, ix []byte, agencies ...string) (bool, error) {
	n, err := store.Count(ctx, q, `WITH RECURSIVE line(id) AS (SELECT id FROM agency WHERE id IN (`+store.Marks(len(agencies))+`)
 UNION SELECT a.id FROM agency a JOIN line ON a.successor=line.id WHERE a.state='merged')
 SELECT count(*) FROM staff WHERE id_ix=? AND state<>'gone' AND agency IN (SELECT id FROM line)`, append(store.Args(agencies), ix)...)
	return n > 0, err
}

// Serves says whether a member in service works for an agency: it is theirs, or went on as it.
func Serves(ctx context.Context, q store.Querier, m Member, code string) (bool, error) {
	if m.State != Active || m.Agency == code {
		return m.State == Active, nil
	}
	now, err := agency.Now(ctx, q, m.Agency)
	return now == code, err
}

// Own says whether an identity is the member's own or of somebody declared as kin (10b): also of
// persons whom no register knows yet.
func Own(ctx context.Context, q store.Querier, id string, ix []byte) (bool, error) {
	n, err := store.Count(ctx, q, "SELECT count(*) FROM staff WHERE id=? AND id_ix=?", id, ix)
	if err != nil || n > 0 {
		return n > 0, err
	}
	return DeclaredKin(ctx, q, id, ix)
}

// DeclaredKin says whether a member of staff declared somebody with this identity as kin (10b).
func DeclaredKin(ctx context.Context, q store.Querier, id string, ix []byte) (bool, error) {
	n, err := store.Count(ctx, q, "SELECT count(*) FROM kin_declaration WHERE staff_id=? AND id_ix=?", id, ix)
	return n > 0, err
}

// Declared is one relation that a member of staff declared (10b), with the member's own number.
type Declared struct {
	Member     []byte // keyed index of the member's number; nil where none is on record
	MemberName string
	Kin
}

// DeclarationsAmong reads the declarations that some members made, or that a person with one of
// these keyed indexes of a number made or is named in.
func DeclarationsAmong(ctx context.Context, q store.Querier, members []string, indexes [][]byte) ([]Declared, error) {
	if len(members)+len(indexes) == 0 {
		return nil, nil
	}
	in, args := "("+store.Marks(len(indexes))+")", store.Args(indexes)
	kin, err := store.List[Kin](ctx, q, "WHERE id_ix IN "+in+" OR staff_id IN (SELECT id FROM staff WHERE id_ix IN "+in+") OR staff_id IN ("+store.Marks(len(members))+")",
		slices.Concat(args, args, store.Args(members))...)
	if err != nil || len(kin) == 0 {
		return nil, err
	}
	var ids []string
	for _, k := range kin {
		ids = append(ids, k.StaffID)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	known, err := store.List[Member](ctx, q, "WHERE id IN ("+store.Marks(len(ids))+")", store.Args(ids)...)
	out := make([]Declared, 0, len(kin))
	for _, k := range kin {
		if i := slices.IndexFunc(known, func(m Member) bool { return m.ID == k.StaffID }); i >= 0 {
			out = append(out, Declared{known[i].IDIndex, known[i].Name, k})
		}
	}
	return out, err
}

// Serving says which of some members are in service and hold a post at their own agency.
func Serving(ctx context.Context, q store.Querier, post string, now time.Time, ids ...string) (map[string]bool, error) {
	out := map[string]bool{}
	if len(ids) == 0 {
		return out, nil
	}
	held, err := store.Texts(ctx, q, "SELECT DISTINCT s.id FROM staff s JOIN post p ON p.staff_id=s.id WHERE s.id IN ("+store.Marks(len(ids))+") AND "+holding, append(store.Args(ids), post, now)...)
	for _, id := range held {
		out[id] = true
	}
	return out, err
}

// holding holds for a member s and a post p held now at the own agency: its kind, this moment.
const holding = "s.state='active' AND p.org=s.agency AND p.post=? AND p.ended_at IS NULL AND (p.until_at IS NULL OR p.until_at>?)"

// maxHolders bounds who is listed to choose from.
const maxHolders = 200

// Holders lists the members in service who hold a post at an agency, or at one that was merged
// into it, by name: for who gives a task to one of them.
func Holders(ctx context.Context, q store.Querier, code, post string, now time.Time) ([]Member, error) {
	return store.List[Member](ctx, q, "s WHERE s.agency IN (WITH RECURSIVE line(id) AS (SELECT id FROM agency WHERE id=? UNION SELECT a.id FROM agency a JOIN line ON a.successor=line.id WHERE a.state='merged') SELECT id FROM line)"+
		" AND EXISTS (SELECT 1 FROM post p WHERE p.staff_id=s.id AND "+holding+fmt.Sprintf(") ORDER BY s.name, s.id LIMIT %d", maxHolders), code, post, now)
}
