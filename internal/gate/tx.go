package gate

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/ledger"
	"dangan/internal/policy"
	"dangan/internal/store"
)

// Tx is an act under way. Only the gate makes one.
type Tx struct {
	ctx       context.Context
	gate      *Gate
	raw       *store.Tx
	act       Act
	req       Request
	id        string
	at        time.Time
	permitted bool
	seals     []ledger.Seal
	touched   map[string]int // table+key → place in seals: the last seal counts
	subjects  []string
	about     map[string]bool // of subjects
	facts     map[string]any
	jobs      []Job
	after     []func()
	buffer    *buffer  // in a bulk: rows wait here
	numbers   []string // in a bulk: series drawn from, once a number
}

// run calls the room's function and holds it to asking a policy.
func (tx *Tx) run(fn func(tx *Tx) error) error {
	if err := fn(tx); err != nil {
		return fmt.Errorf("%s: %w", tx.act.Action, err)
	}
	if !tx.permitted {
		return fmt.Errorf("%s: no policy was asked", tx.act.Action)
	}
	if tx.gate.cfg.Follow != nil && tx.buffer == nil {
		if err := tx.gate.cfg.Follow(tx); err != nil {
			return fmt.Errorf("what follows %s: %w", tx.act.Action, err)
		}
	}
	return nil
}

// Action is what is done.
func (tx *Tx) Action() string { return tx.act.Action }

// On names what it is done on, such as "Transfer:<id>".
func (tx *Tx) On() string { return tx.act.On }

// Fact is what was noted under a name, nil if nothing was.
func (tx *Tx) Fact(name string) any { return tx.facts[name] }

// Subjects are the ids of one kind that the act is about.
func (tx *Tx) Subjects(kind string) (out []string) {
	for _, s := range tx.subjects {
		if id, ok := strings.CutPrefix(s, kind+":"); ok {
			out = append(out, id)
		}
	}
	return out
}

// Permit asks the policies whether the actor may do the act's action on r, and
// takes r's name into the entry. It must come before the first write.
func (tx *Tx) Permit(r policy.Resource) error {
	name := r.Type + ":" + r.ID
	if tx.act.On == "" {
		tx.act.On = name
	}
	if r.ID != "" {
		tx.About(r.Type, r.ID)
	}
	decide := tx.gate.cfg.Policies.Decide
	if tx.buffer != nil {
		decide = tx.buffer.memo.Decide
	}
	d := decide(tx.act.Actor, tx.act.Action, r)
	switch {
	case d.Hidden:
		return ErrHidden
	case d.Refusal != nil:
		return d.Refusal
	}
	if err := tx.gate.proved(tx.act, tx.at); err != nil {
		return err
	}
	tx.permitted = true
	return nil
}

// proved holds a browser's session to a fresh proof of identity where the policies
// ask for one.
func (g *Gate) proved(act Act, now time.Time) error {
	what := g.cfg.Policies.Fresh(act.Action)
	if what == "" || !act.Actor.Session {
		return nil
	}
	var within time.Duration
	if g.cfg.Proof != nil {
		within = g.cfg.Proof()
	}
	if now.Sub(act.Actor.Proved) <= within {
		return nil
	}
	return &Unproved{What: what, Within: within}
}

// Context is the act's context.
func (tx *Tx) Context() context.Context { return tx.ctx }

// Actor is who acts.
func (tx *Tx) Actor() policy.Actor { return tx.act.Actor }

// Now is the time of the act: one for all it writes.
func (tx *Tx) Now() time.Time { return tx.at }

// Sample says whether this is a sample province: whoever is entered there is made up.
func (tx *Tx) Sample() bool { return tx.gate.cfg.Sample != nil && tx.gate.cfg.Sample() }

// Today is the day of the act in Chongqing.
func (tx *Tx) Today() calendar.Date { return calendar.Of(tx.at) }

// Calendar is the calendar of working days.
func (tx *Tx) Calendar() *calendar.Calendar { return tx.gate.Calendar() }

// EntryID is the id the act's ledger entry will have.
func (tx *Tx) EntryID() string { return tx.id }

// Cipher returns the cipher of secret columns.
func (tx *Tx) Cipher() store.Cipher { return tx.raw.Cipher() }

// ForUpdate is the clause that locks selected rows, empty on SQLite.
func (tx *Tx) ForUpdate() string { return tx.raw.ForUpdate() }

// Query reads inside the act.
func (tx *Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return tx.raw.Query(ctx, query, args...)
}

// QueryRow reads one row inside the act.
func (tx *Tx) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	return tx.raw.QueryRow(ctx, query, args...)
}

// About adds a subject to the entry: the act appears in the subject's time line.
func (tx *Tx) About(kind, id string) {
	s := kind + ":" + id
	if tx.about == nil {
		tx.about = map[string]bool{}
	}
	if !tx.about[s] {
		tx.about[s], tx.subjects = true, append(tx.subjects, s)
	}
}

// Note adds a fact to the entry. Facts hold no name, number or other value of a person.
func (tx *Tx) Note(key string, value any) {
	if tx.facts == nil {
		tx.facts = map[string]any{}
	}
	tx.facts[key] = value
}

// Enqueue adds what must follow, in the act's own transaction.
func (tx *Tx) Enqueue(j Job) {
	if j.At.IsZero() {
		j.At = tx.at
	}
	tx.jobs = append(tx.jobs, j)
}

// After runs f when the act is committed: for waking somebody up, never for work that must be done.
func (tx *Tx) After(f func()) { tx.after = append(tx.after, f) }

// Insert writes a new audited row and seals it.
func (tx *Tx) Insert(row store.Row) error {
	if err := tx.writable(row.Table()); err != nil {
		return err
	}
	p := store.PlanOf(reflect.Indirect(reflect.ValueOf(row)).Type())
	values, err := p.Values(tx.Cipher(), row)
	if err != nil {
		return err
	}
	if tx.buffer != nil {
		tx.buffer.add(p.Table, p.Columns, len(values), values)
		return tx.seal(p, values)
	}
	if _, err := tx.raw.Exec(tx.ctx, p.InsertSQL(), values...); err != nil {
		return fmt.Errorf("insert %s: %w", p.Table, err)
	}
	return tx.seal(p, values)
}

// Update replaces an audited row and seals it. With a version column it fails
// with *Conflict when somebody else was first; a row given by pointer gets its
// new version.
func (tx *Tx) Update(row store.Row) error {
	if err := tx.writable(row.Table()); err != nil {
		return err
	}
	if tx.buffer != nil {
		return errNotBulk
	}
	p := store.PlanOf(reflect.Indirect(reflect.ValueOf(row)).Type())
	values, err := p.Values(tx.Cipher(), row)
	if err != nil {
		return err
	}
	args := p.UpdateArgs(values)
	n, err := tx.raw.Exec(tx.ctx, p.UpdateSQL(), args...)
	if err != nil {
		return fmt.Errorf("update %s: %w", p.Table, err)
	}
	if n == 0 {
		return tx.conflict(p, values)
	}
	if p.Versioned() {
		p.SetVersion(row, values[slices.Index(p.Names(), "version")].(int64))
	}
	return tx.seal(p, values)
}

func (tx *Tx) writable(table string) error {
	if !tx.permitted {
		return fmt.Errorf("write %s before any policy was asked", table)
	}
	if store.KindOf(table) != store.Audited {
		return fmt.Errorf("table %s is not audited: use Exec", table)
	}
	return nil
}

func (tx *Tx) seal(p *store.Plan, values []any) error {
	digest, err := p.Digest(values)
	if err != nil {
		return err
	}
	key, ok := values[p.Key()].(string)
	if !ok {
		return fmt.Errorf("table %s has no text id", p.Table)
	}
	at := p.Table + "\x00" + key
	if i, again := tx.touched[at]; again {
		tx.seals[i].Digest = digest
		return nil
	}
	if tx.touched == nil {
		tx.touched = map[string]int{}
	}
	tx.touched[at] = len(tx.seals)
	tx.seals = append(tx.seals, ledger.Seal{Table: p.Table, Key: key, Digest: digest})
	return nil
}

// Expect compares an aggregate's version with the one the request was based on
// (If-Match); a request that names none is taken at its word. Call it after Permit.
func (tx *Tx) Expect(version int64) error {
	return expect(tx.ctx, tx, tx.req, tx.act.On, version)
}

// Expect is the same before an act that is carried out in parts, so that no part of it is
// done on what the request did not see. on is the aggregate, such as "Delivery:<id>".
func (g *Gate) Expect(ctx context.Context, on string, version int64) error {
	req, _ := ctx.Value(requestKey{}).(Request)
	return expect(ctx, g.cfg.DB, req, on, version)
}

func expect(ctx context.Context, q store.Querier, req Request, on string, version int64) error {
	if req.IfMatch == 0 || req.IfMatch == version {
		return nil
	}
	_, id, _ := strings.Cut(on, ":")
	return first(ctx, q, on, &Conflict{ID: id, Want: req.IfMatch, Has: version})
}

// first fills in who was first, and with what, if the ledger knows.
func first(ctx context.Context, q store.Querier, on string, c *Conflict) error {
	entries, err := ledger.About(ctx, q, on, 0, 5)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if body, err := e.Parse(); err == nil && body.Outcome == ledger.Done {
			c.By, c.Action, c.At = body.Actor, body.Action, body.Time()
			break
		}
	}
	return c
}

// conflict finds out who was first.
func (tx *Tx) conflict(p *store.Plan, values []any) error {
	names := p.Names()
	id, _ := values[slices.Index(names, "id")].(string)
	c := &Conflict{Table: p.Table, ID: id}
	if !p.Versioned() {
		return fmt.Errorf("update %s: %w", p.Table, store.ErrNotFound)
	}
	c.Want = values[slices.Index(names, "version")].(int64) - 1
	err := tx.raw.QueryRow(tx.ctx, "SELECT version FROM "+p.Table+" WHERE id=?", id).Scan(&c.Has)
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("update %s: %w", p.Table, store.ErrNotFound)
	} else if err != nil {
		return fmt.Errorf("update %s: %w", p.Table, err)
	}
	return first(tx.ctx, tx, tx.act.On, c)
}

var reWrites = regexp.MustCompile(`(?is)^\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+([a-z_]+)`)

// Exec writes derived or transient tables; audited ones only go through Insert
// and Update, which seal.
func (tx *Tx) Exec(query string, args ...any) error {
	m := reWrites.FindStringSubmatch(query)
	if m == nil {
		return fmt.Errorf("exec: no table found in %q", query)
	}
	if kind := store.KindOf(m[1]); kind != store.Derived && kind != store.Transient {
		return fmt.Errorf("exec: table %s is not derived or transient", m[1])
	}
	if !tx.permitted {
		return fmt.Errorf("write %s before any policy was asked", m[1])
	}
	if tx.buffer != nil {
		return errNotBulk
	}
	_, err := tx.raw.Exec(tx.ctx, query, args...)
	return err
}

// append writes the act's entry and returns its number, 0 while it has none.
func (tx *Tx) append(outcome string, reasons []string) (int64, error) {
	return ledger.Append(tx.ctx, tx.raw, tx.gate.cfg.Auth, tx.body(outcome, reasons), tx.seals, tx.subjects)
}

// body is what the act's entry says.
func (tx *Tx) body(outcome string, reasons []string) ledger.Body {
	a := tx.act
	return ledger.Body{
		ID: tx.id, At: tx.at.UnixMicro(), Actor: a.Actor.ID, Kind: a.Actor.Kind, Org: a.Actor.Org, Posts: a.Actor.Posts,
		Via: a.Via, Action: a.Action, Rules: a.Rules, On: a.On, Outcome: outcome, Reasons: reasons, Facts: tx.facts,
	}
}

// BlobRow registers one stored file; its id is the content's SHA-256.
type BlobRow struct {
	ID     string    `db:"id"`
	Size   int64     `db:"size"` // bytes of the plain content
	Kind   string    `db:"kind"` // page, paper, delivery …
	MadeAt time.Time `db:"made_at"`
}

// Table names the table of stored files.
func (BlobRow) Table() string { return "blob" }

// File registers a stored file, once; the same content may stand in many places.
func (tx *Tx) File(digest string, size int64, kind string) error {
	known := func() (bool, error) {
		var n int
		err := tx.QueryRow(tx.ctx, "SELECT count(*) FROM blob WHERE id=?", digest).Scan(&n)
		return n > 0, err
	}
	there, err := tx.alone("blob/"+digest, known)
	if err != nil {
		return fmt.Errorf("register file: %w", err)
	}
	if there {
		return nil
	}
	return tx.Insert(BlobRow{ID: digest, Size: size, Kind: kind, MadeAt: tx.at})
}

// alone asks whether a row is there and, if not, asks again behind a lock of its
// name: two acts that make the same first row would else collide on PostgreSQL.
func (tx *Tx) alone(name string, there func() (bool, error)) (bool, error) {
	if ok, err := there(); ok || err != nil {
		return ok, err
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(name))
	if err := tx.raw.Lock(tx.ctx, int64(h.Sum64()>>1)); err != nil {
		return false, err
	}
	return there()
}

// Series draws numbers without gaps: they are taken when a paper is issued, in
// the issuing transaction, so that one rolled back takes none.
type Series struct {
	ID      string `db:"id"` // agency/kind/year
	Version int64  `db:"version"`
	Next    int64  `db:"next"`
}

// Table names the table of number series.
func (Series) Table() string { return "number_series" }

func init() { store.Describe(BlobRow{}, Series{}) }

// Number draws the next number of a series, from 1. Others wait for the act's end.
func (tx *Tx) Number(series string) (int64, error) {
	if tx.buffer != nil {
		return tx.draw(series)
	}
	s, there, err := tx.lockSeries(series)
	if err != nil {
		return 0, err
	}
	if !there {
		return 1, tx.Insert(Series{ID: series, Version: 1, Next: 2})
	}
	n := s.Next
	s.Next++
	return n, tx.Update(&s)
}

// lockSeries reads a series for drawing from it; there is false for a new one,
// which then is this act's alone.
func (tx *Tx) lockSeries(series string) (s Series, there bool, err error) {
	there, err = tx.alone("series/"+series, func() (bool, error) {
		var err error
		s, err = store.Get[Series](tx.ctx, tx, "WHERE id=?"+tx.ForUpdate(), series)
		if errors.Is(err, store.ErrNotFound) {
			return false, nil
		}
		return err == nil, err
	})
	if err != nil {
		return s, false, fmt.Errorf("number of %s: %w", series, err)
	}
	return s, there, nil
}
