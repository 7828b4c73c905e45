package transfer

import (
	"context"

	"dangan/internal/policy"
	"dangan/internal/store"
)

// Standing is how one agency stands with the terms of its transfers (20.1, 20.2b, 20.5).
type Standing struct {
	Agency   string
	Running  int64 // under the fifteen working days
	Overdue  int64
	Soon     int64  // within three working days
	Oldest   string // the first term that is over
	Unbooked int64  // letters of the system that nobody booked in time
	Receipts int64  // packets whose receipt is late
	Astray   int64  // packets that something is wrong with
}

// Tally counts the terms by the agency that has to keep them, the one most behind first, for
// those who oversee several; more says that counting stopped at the cap.
func (k *Desk) Tally(ctx context.Context, by policy.Actor) (out []Standing, more bool, err error) {
	if by.Kind != policy.Staff || len(by.Reach) == 0 || !by.Has("supervisor") && !by.Has("head") {
		return nil, false, nil
	}
	where, args := scope(by)
	today := k.gate.Today().String()
	soon, _ := k.gate.Calendar().AddWorkdays(k.gate.Today(), 3)
	const term = "state IN ('registered','pulled','approved','packed')"
	query := `SELECT holder, sum(CASE WHEN ` + term + ` THEN 1 ELSE 0 END), sum(CASE WHEN ` + term + ` AND due_on<? THEN 1 ELSE 0 END), sum(CASE WHEN ` + term + ` AND due_on>=? AND due_on<=? THEN 1 ELSE 0 END),
		coalesce(min(CASE WHEN ` + term + ` AND due_on<? THEN due_on END),''), sum(CASE WHEN state='lettered' AND direction='inner' AND letter_on<=? THEN 1 ELSE 0 END),
		sum(CASE WHEN state IN ('in_transit','checking','awaiting') AND receipt_due<? THEN 1 ELSE 0 END), sum(CASE WHEN fault IS NOT NULL THEN 1 ELSE 0 END), count(*)
		FROM (SELECT holder, state, due_on, direction, letter_on, receipt_due, fault FROM transfer WHERE ` + where + ` AND holder IN (` + store.Marks(len(by.Reach)) + `) AND ` + running + ` LIMIT ?) AS c GROUP BY holder ORDER BY 3 DESC, 6 DESC, holder`
	all := []any{today, today, soon.String(), today, unbookedSince(k.gate.Calendar(), k.gate.Today()).String(), today}
	limit := k.gate.DB().CountCap
	rows, err := k.gate.DB().Query(ctx, query, append(append(append(all, args...), store.Args(by.Reach)...), limit)...)
	if err != nil {
		return nil, false, err
	}
	defer rows.Close()
	var counted int64
	for rows.Next() {
		var s Standing
		var n int64
		if err := rows.Scan(&s.Agency, &s.Running, &s.Overdue, &s.Soon, &s.Oldest, &s.Unbooked, &s.Receipts, &s.Astray, &n); err != nil {
			return nil, false, err
		}
		if counted += n; s.Running+s.Unbooked+s.Receipts+s.Astray > 0 {
			out = append(out, s)
		}
	}
	return out, counted >= limit, rows.Err()
}
