package work

import (
	"context"
	"time"

	"dangan/internal/policy"
	"dangan/internal/store"
)

// Figures of the first page: 本周办结. Each room says under which heading its cases count.
const (
	In           = "转入"
	Out          = "转出"
	Filed        = "归档（份）"
	Consulted    = "查阅借阅"
	Certificates = "出具证明"
)

// Tally is what was finished of one kind of business in a span of time, within an
// actor's scope.
type Tally struct {
	Kind   string
	Done   int
	Termed int // of those, the ones that had a term
	OnTime int // of those with a term, the ones within it
}

// Finished counts what one room finished from one moment until before another.
type Finished func(ctx context.Context, actor policy.Actor, from, until time.Time) ([]Tally, error)

// Part is a case an actor has handled: what others do to it concerns them (通知).
type Part struct {
	Ref     string // of the case in the ledger, such as Transfer:<id>
	Kind    string // 转递·转出
	Subject string // name of the person, number of a batch
	Link    string
}

// Parts lists the cases an actor has a part in that changed since a moment: bounded,
// those changed last first.
type Parts func(ctx context.Context, actor policy.Actor, since time.Time) ([]Part, error)

// dayOf is SQL for the day of a moment in China, as days since 1970, on both engines.
func dayOf(column string) string { return "((" + column + "+28800000000)/86400000000)" }

// CountOnTime counts the rows that FROM names by the day they were finished (column, in
// microseconds) against the day they were due.
func CountOnTime(ctx context.Context, q store.Querier, kind, column, due, from string, args ...any) (t Tally, err error) {
	t.Kind = kind
	rows, err := q.Query(ctx, "SELECT "+dayOf(column)+" AS day, coalesce("+due+",'') AS due, count(*) FROM "+from+" GROUP BY "+dayOf(column)+", coalesce("+due+",'')", args...)
	if err != nil {
		return t, err
	}
	defer rows.Close()
	for rows.Next() {
		var day int64
		var on string
		var n int
		if err := rows.Scan(&day, &on, &n); err != nil {
			return t, err
		}
		t.Done += n
		if on == "" {
			continue
		}
		t.Termed += n
		if time.Unix(day*86400, 0).UTC().Format(time.DateOnly) <= on {
			t.OnTime += n
		}
	}
	return t, rows.Err()
}
