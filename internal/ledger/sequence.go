package ledger

import (
	"context"
	"fmt"
	"sync"
	"time"

	"dangan/internal/store"
)

// numberLock is the lock under which numbers are given on PostgreSQL.
const numberLock = 7111

// reserve takes places in the order for n entries, and their numbers where those
// can be given at once: all of them, or none (0). The order is taken after the act
// has locked its rows, so that the last seal of a row is the last in the log.
func reserve(ctx context.Context, tx *store.Tx, n int) (seqs, ords []int64, err error) {
	seqs = make([]int64, n)
	free, ords, err := tx.Places(ctx, numberLock, "ledger_ord", n)
	if err != nil {
		return nil, nil, fmt.Errorf("ledger order: %w", err)
	}
	if !free {
		return seqs, ords, nil
	}
	next, _, err := number(ctx, tx)
	if err != nil {
		return nil, nil, err
	}
	for i := range seqs {
		seqs[i] = next + int64(i)
	}
	if ords == nil { // writers queue up: the number is the place
		ords = seqs
	}
	return seqs, ords, nil
}

// number gives numbers to all committed entries that wait, in the order of
// their insertion, and returns the next free one and those it gave. The caller
// holds the lock.
func number(ctx context.Context, tx *store.Tx) (next int64, given map[string]int64, err error) {
	var waiting int
	if err := tx.QueryRow(ctx, `SELECT (SELECT coalesce(max(seq),0)+1 FROM ledger_entry),
(SELECT count(*) FROM (SELECT 1 FROM ledger_entry WHERE seq IS NULL LIMIT 1) AS any_waits)`).Scan(&next, &waiting); err != nil {
		return 0, nil, fmt.Errorf("ledger number: %w", err)
	}
	if waiting == 0 {
		return next, nil, nil
	}
	rows, err := tx.Query(ctx, `UPDATE ledger_entry SET seq=w.place FROM
(SELECT id, ?-1+row_number() OVER (ORDER BY ord) AS place FROM ledger_entry WHERE seq IS NULL) AS w
WHERE ledger_entry.id=w.id RETURNING ledger_entry.id, ledger_entry.seq`, next)
	if err != nil {
		return 0, nil, fmt.Errorf("ledger number: %w", err)
	}
	defer rows.Close()
	given = map[string]int64{}
	for rows.Next() {
		var id string
		var seq int64
		if err := rows.Scan(&id, &seq); err != nil {
			return 0, nil, fmt.Errorf("ledger number: %w", err)
		}
		given[id] = seq
	}
	return next + int64(len(given)), given, rows.Err()
}

// Sequence numbers what waits.
func Sequence(ctx context.Context, db *store.DB) error {
	_, err := sequence(ctx, db)
	return err
}

func sequence(ctx context.Context, db *store.DB) (map[string]int64, error) {
	if db.Engine == store.SQLite {
		return nil, nil
	}
	tx, err := db.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	if err := tx.Lock(ctx, numberLock); err != nil {
		return nil, fmt.Errorf("sequence: %w", err)
	}
	_, given, err := number(ctx, tx)
	if err != nil || len(given) == 0 {
		return nil, err
	}
	return given, tx.Commit()
}

// Sequencer numbers, for all who wait at the same time, by one transaction: with
// eight writers on PostgreSQL one each cost as much as the acts themselves.
// Safe for concurrent use.
type Sequencer struct {
	db      *store.DB
	mu      sync.Mutex
	waiting map[string]chan int64
	running bool
}

// NewSequencer makes the sequencer of one process. Several processes may have one each.
func NewSequencer(db *store.DB) *Sequencer {
	return &Sequencer{db: db, waiting: map[string]chan int64{}}
}

// roundTime bounds one round: a database that does not answer keeps nobody waiting.
const roundTime = 5 * time.Second

// Number waits until a committed entry has its number and returns it; 0 if the
// context ends or the database fails before: the entry stands all the same, and the
// publisher's timer numbers it.
func (s *Sequencer) Number(ctx context.Context, entry string) int64 {
	answer := make(chan int64, 1)
	s.mu.Lock()
	s.waiting[entry] = answer
	if !s.running {
		s.running = true
		go s.run(context.WithoutCancel(ctx))
	}
	s.mu.Unlock()
	select {
	case n := <-answer:
		return n
	case <-ctx.Done():
		return 0
	}
}

// run goes round until nobody waits. Who comes during a round is of the next one.
func (s *Sequencer) run(ctx context.Context) {
	for {
		s.mu.Lock()
		if len(s.waiting) == 0 {
			s.running = false
			s.mu.Unlock()
			return
		}
		batch := s.waiting
		s.waiting = map[string]chan int64{}
		s.mu.Unlock()
		s.round(ctx, batch)
	}
}

func (s *Sequencer) round(ctx context.Context, batch map[string]chan int64) {
	ctx, cancel := context.WithTimeout(ctx, roundTime)
	defer cancel()
	given, err := sequence(ctx, s.db)
	var others []any // numbered by an act that held the lock
	for id, answer := range batch {
		if n := given[id]; n > 0 && err == nil {
			answer <- n
		} else {
			others = append(others, id)
		}
	}
	numbers, err := numbersOf(ctx, s.db, others)
	for _, id := range others {
		id := id.(string)
		if err != nil {
			batch[id] <- 0
		} else {
			batch[id] <- numbers[id]
		}
	}
}

// numbersOf returns the numbers entries have; 0 for those without.
func numbersOf(ctx context.Context, q store.Querier, ids []any) (map[string]int64, error) {
	out := map[string]int64{}
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := q.Query(ctx, "SELECT id,coalesce(seq,0) FROM ledger_entry WHERE id IN ("+store.Marks(len(ids))+")", ids...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var n int64
		if err := rows.Scan(&id, &n); err != nil {
			return nil, err
		}
		out[id] = n
	}
	return out, rows.Err()
}
