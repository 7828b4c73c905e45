package staff

import (
	"context"
	"time"

	"dangan/internal/gate"
	"dangan/internal/store"
)

// byUsername reads an account by its name for signing in.
func byUsername(ctx context.Context, q store.Querier, username string) (Member, error) {
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
