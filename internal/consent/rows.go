package consent

import (
	"context"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/death"
	"dangan/internal/dossier"
	"dangan/internal/store"
)

func questionsOf(ctx context.Context, q store.Querier, consent string) ([]Question, error) {
	return store.List[Question](ctx, q, "WHERE consent_id=? ORDER BY no LIMIT 20", consent)
}

func answersOf(ctx context.Context, q store.Querier, consent string) ([]Answer, error) {
	return store.List[Answer](ctx, q, "WHERE consent_id=? ORDER BY id LIMIT 20", consent)
}

// compared are the values a person's facts were compared with in the twelve months before a
// moment, over all requesters, and those of consents that may still be answered. Counting the
// latter when a consent is given is what makes the limit hold for every twelve months: whichever
// of them is given last finds all others, answered or waiting.
func compared(ctx context.Context, q store.Querier, subject string, at time.Time) (out []Asking, err error) {
	since := at.In(time.UTC).AddDate(-1, 0, 0)
	rows, err := q.Query(ctx, `SELECT kind, value FROM consent_answer WHERE subject=? AND answered_at>=?
		UNION SELECT x.kind, x.value FROM consent c JOIN consent_question x ON x.consent_id=c.id
		WHERE c.subject=? AND c.state='granted' AND c.entry_id IS NULL AND c.valid_until>=?`, subject, since, subject, calendar.Of(at).String())
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var a Asking
		if err := rows.Scan(&a.Kind, &a.Value); err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, rows.Err()
}

// nowhere is the id of a dossier that is not there: what is read of it takes the same way.
const nowhere = "00000000-0000-7000-8000-000000000000"

// dossierOf is the one dossier of a person that is kept in the province.
func dossierOf(ctx context.Context, q store.Querier, personID string) (d dossier.Dossier, one bool, err error) {
	list, err := store.List[dossier.Dossier](ctx, q, "WHERE person_id=? AND state<>'left' ORDER BY id LIMIT 2", personID)
	if err != nil || len(list) != 1 {
		return dossier.Dossier{ID: nowhere}, false, err
	}
	return list[0], true, nil
}

func died(ctx context.Context, q store.Querier, dossierID string) (bool, error) {
	_, dead, err := death.Of(ctx, q, dossierID)
	return dead, err
}
