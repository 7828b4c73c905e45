package collect

import (
	"context"
	"fmt"
	"slices"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// TardyAt is what came late to one agency, or was asked for and did not come (14b): the figures
// of Tardy without who it was.
type TardyAt struct {
	Agency    string
	Materials int64
	Days      int64
	Longest   int64
	Owed      int64
	OwedDays  int64
	OwedMost  int64
}

// TardyAgencies counts as Tardy does, units and persons together, by the agency that keeps the
// dossier.
func (k *Desk) TardyAgencies(ctx context.Context, by policy.Actor, from, until calendar.Date) ([]TardyAt, error) {
	if !from.Valid() || !until.Valid() || until < from {
		return nil, rule.Mistake(reason("14b", "period", "from", "起止日期缺失或颠倒。", "请填写起止日期。"))
	}
	where, args := dossier.Scope(by)
	if !slices.ContainsFunc(posts, by.Has) {
		return nil, nil
	}
	asked, askedArgs := scope(by)
	today := k.gate.Today()
	rows, err := k.gate.DB().Query(ctx, `SELECT agency, sum(1-owed), sum((1-owed)*n), max((1-owed)*n), sum(owed), sum(owed*n), max(owed*n) FROM (
 SELECT dossier.agency AS agency, 0 AS owed, material.late_days AS n FROM material JOIN dossier ON dossier.id=material.dossier_id
 WHERE material.late_days>0 AND material.received_on>=? AND material.received_on<=? AND material.secrecy=0 AND material.guard IS NULL AND material.source IS NOT NULL AND material.origin IN ('unit','window','person') AND `+where+`
 UNION ALL SELECT dossier.agency, 1, ?-`+store.DayNumber("collection.due_on")+` FROM collection
 JOIN supplement s ON s.case_ref='Collection:'||collection.id JOIN dossier ON dossier.id=s.dossier_id
 WHERE collection.ended_on IS NULL AND collection.due_on<? AND collection.due_on<=? AND collection.target IN ('unit','person') AND s.state='open' AND s.handed_id IS NULL AND dossier.secrecy=0 AND dossier.state<>'left' AND `+unsent+` AND `+asked+`) AS tardy
 GROUP BY agency ORDER BY agency`, slices.Concat([]any{from.String(), until.String()}, args, []any{store.Day(today.Time()), today.String(), until.String()}, askedArgs)...)
	if err != nil {
		return nil, fmt.Errorf("where it is late: %w", err)
	}
	defer rows.Close()
	out := []TardyAt{}
	for rows.Next() {
		var t TardyAt
		if err := rows.Scan(&t.Agency, &t.Materials, &t.Days, &t.Longest, &t.Owed, &t.OwedDays, &t.OwedMost); err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, rows.Err()
}
