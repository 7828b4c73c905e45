package gate

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"dangan/internal/ledger"
	"dangan/internal/policy"
	"dangan/internal/store"
)

// errNotBulk says that an act does more than add rows, so its chunk needs savepoints.
var errNotBulk = errors.New("act changes rows: needs a savepoint")

// DoBulk performs acts that only add rows, as DoBatch does and with the same
// outcome, but many times faster: what the acts write is kept back, sent in
// multi-row inserts and entered in the ledger together. An act reads what was
// there before the chunk. Where a key turns out to be taken, or an act updates
// a row, the chunk is undone and replayed by DoBatch: fn may be called twice.
func (g *Gate) DoBulk(ctx context.Context, acts []Act, fn func(i int, tx *Tx) error) ([]Outcome, error) {
	out, err := g.doBulk(ctx, acts, fn)
	if errors.Is(err, store.ErrUnique) || errors.Is(err, errNotBulk) {
		return g.DoBatch(ctx, acts, fn)
	}
	return out, err
}

func (g *Gate) doBulk(ctx context.Context, acts []Act, fn func(i int, tx *Tx) error) ([]Outcome, error) {
	if dry(ctx) {
		return nil, errDryBatch
	}
	raw, err := g.cfg.DB.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer raw.Rollback()
	out := make([]Outcome, len(acts))
	kept := &buffer{memo: g.cfg.Policies.Memo(), series: map[string]*drawn{}}
	var jobs []Job
	var after []func()
	var entries []ledger.Draft
	var of []int // entries[k] is of acts[of[k]]
	for i, act := range acts {
		tx := g.newTx(ctx, raw, act)
		tx.buffer = kept
		before := kept.mark()
		err := tx.run(func(tx *Tx) error { return fn(i, tx) })
		outcome, reasons := ledger.Done, []string(nil)
		switch {
		case errors.Is(err, errNotBulk):
			return nil, err
		case err != nil:
			kept.rewind(before, tx.numbers)
			out[i].Err = err
			if reasons = reasonsOf(err); reasons == nil {
				continue
			}
			outcome = ledger.Refused
			tx.seals = nil
		default:
			jobs = append(jobs, tx.jobs...)
			after = append(after, tx.after...)
		}
		out[i].Receipt = Receipt{Entry: tx.id, At: tx.at}
		entries, of = append(entries, ledger.Draft{Body: tx.body(outcome, reasons), Seals: tx.seals, Subjects: tx.subjects}), append(of, i)
	}
	if err := kept.flush(ctx, raw); err != nil {
		return nil, err
	}
	numbers, err := ledger.AppendAll(ctx, raw, g.cfg.Auth, entries)
	if err != nil {
		return nil, err
	}
	for k, n := range numbers {
		out[of[k]].Receipt.Number = n
	}
	if err := g.enqueue(ctx, raw, jobs); err != nil {
		return nil, err
	}
	if err := raw.Commit(); err != nil {
		return nil, err
	}
	for _, f := range after {
		f()
	}
	return out, nil
}

// buffer keeps rows back until the chunk's end, by table, in the order in
// which the tables were first written: a row's parents come before it.
type buffer struct {
	memo   *policy.Memo
	tables []kept
	series map[string]*drawn
}

type kept struct {
	table, columns string
	width          int
	values         []any
}

func (b *buffer) add(table, columns string, width int, values []any) {
	i := slices.IndexFunc(b.tables, func(k kept) bool { return k.table == table && k.columns == columns })
	if i < 0 {
		i = len(b.tables)
		b.tables = append(b.tables, kept{table: table, columns: columns, width: width})
	}
	b.tables[i].values = append(b.tables[i].values, values...)
}

// mark is how much every table holds, to which rewind returns.
func (b *buffer) mark() []int {
	out := make([]int, len(b.tables))
	for i, k := range b.tables {
		out[i] = len(k.values)
	}
	return out
}

// rewind undoes what an act wrote, and puts back the numbers it drew.
func (b *buffer) rewind(to []int, numbers []string) {
	for i := range b.tables {
		n := 0
		if i < len(to) {
			n = to[i]
		}
		b.tables[i].values = b.tables[i].values[:n]
	}
	for _, name := range numbers {
		s := b.series[name]
		s.row.Next--
		s.row.Version--
	}
}

func (b *buffer) flush(ctx context.Context, raw *store.Tx) error {
	for _, k := range b.tables {
		values := k.values
		if store.KindOf(k.table) == store.Derived {
			values = sorted(values, k.width)
		}
		if err := raw.InsertRows(ctx, k.table, k.columns, k.width, values); err != nil {
			return err
		}
	}
	for _, s := range b.series {
		if err := s.write(ctx, raw); err != nil {
			return err
		}
	}
	return nil
}

// sorted orders rows as the key of their table does, whose first columns theirs
// are: search keys fall all over their index, and in order each page is met once.
func sorted(values []any, width int) []any {
	rows := slices.Collect(slices.Chunk(values, width))
	slices.SortFunc(rows, func(a, b []any) int {
		for i := range a {
			x, text := a[i].(string)
			y, both := b[i].(string)
			if !text || !both {
				return 0
			}
			if c := strings.Compare(x, y); c != 0 {
				return c
			}
		}
		return 0
	})
	return slices.Concat(rows...)
}

// drawn is a series of numbers as the acts of a chunk draw from it: locked and
// read once, written once. Each act seals the row as it leaves it, and the last
// one's is what is written.
type drawn struct {
	row   Series
	fresh bool
	had   int64 // version that stands in the database
}

func (s *drawn) write(ctx context.Context, raw *store.Tx) error {
	var err error
	switch {
	case s.row.Version == s.had:
	case s.fresh:
		_, err = raw.Exec(ctx, "INSERT INTO number_series(id,version,next) VALUES(?,?,?)", s.row.ID, s.row.Version, s.row.Next)
	default:
		_, err = raw.Exec(ctx, "UPDATE number_series SET version=?, next=? WHERE id=?", s.row.Version, s.row.Next, s.row.ID)
	}
	if err != nil {
		return fmt.Errorf("number of %s: %w", s.row.ID, err)
	}
	return nil
}

// draw is Number in a bulk.
func (tx *Tx) draw(series string) (int64, error) {
	s := tx.buffer.series[series]
	if s == nil {
		row, there, err := tx.lockSeries(series)
		if err != nil {
			return 0, err
		}
		if s = (&drawn{row: row, fresh: !there, had: row.Version}); s.fresh {
			s.row = Series{ID: series, Next: 1}
		}
		tx.buffer.series[series] = s
	}
	n := s.row.Next
	s.row.Next++
	s.row.Version++
	tx.numbers = append(tx.numbers, series)
	p := store.PlanOf(reflect.TypeFor[Series]())
	values, err := p.Values(tx.Cipher(), s.row)
	if err != nil {
		return 0, err
	}
	return n, tx.seal(p, values)
}

// Add writes rows of a derived or transient table, such as search keys: values
// holds them one after the other, each as wide as columns.
func (tx *Tx) Add(table, columns string, values ...any) error {
	if kind := store.KindOf(table); kind != store.Derived && kind != store.Transient {
		return fmt.Errorf("add: table %s is not derived or transient", table)
	}
	if !tx.permitted {
		return fmt.Errorf("write %s before any policy was asked", table)
	}
	width := strings.Count(columns, ",") + 1
	if tx.buffer != nil {
		tx.buffer.add(table, columns, width, values)
		return nil
	}
	return tx.raw.InsertRows(tx.ctx, table, columns, width, values)
}

// Keep writes many rows of a transient table that are no act, such as the
// preview of an import; rows that clear names go first.
func (g *Gate) Keep(ctx context.Context, clear string, clearArgs []any, table, columns string, values []any) error {
	if m := reWrites.FindStringSubmatch(clear); clear != "" && (m == nil || m[1] != table) || store.KindOf(table) != store.Transient {
		return fmt.Errorf("keep: not a transient table %s", table)
	}
	tx, err := g.cfg.DB.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if clear != "" {
		if _, err := tx.Exec(ctx, clear, clearArgs...); err != nil {
			return err
		}
	}
	if err := tx.InsertRows(ctx, table, columns, strings.Count(columns, ",")+1, values); err != nil {
		return err
	}
	return tx.Commit()
}

// Allowed asks the policies before something that is prepared and changes
// nothing yet, such as the preview of an import.
func (g *Gate) Allowed(actor policy.Actor, action string, r policy.Resource) error {
	d := g.Decide(actor, action, r)
	switch {
	case d.Hidden:
		return ErrHidden
	case d.Refusal != nil:
		return d.Refusal
	}
	return nil
}

// Ready is Allowed for what is prepared at length before its act is done: it asks for
// the fresh proof of identity too, before the work and not after it.
func (g *Gate) Ready(actor policy.Actor, action string, r policy.Resource) error {
	if err := g.Allowed(actor, action, r); err != nil {
		return err
	}
	return g.proved(Act{Actor: actor, Action: action}, g.Now())
}
