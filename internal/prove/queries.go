package prove

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/gate"
	"dangan/internal/ledger"
	"dangan/internal/policy"
	"dangan/internal/store"
)

// look asks whether an actor may look at the ledger.
func (d *Desk) look(by policy.Actor, r policy.Resource) error {
	switch decision := d.gate.Decide(by, "ledger.look", r); {
	case decision.Hidden:
		return gate.ErrHidden
	case decision.Refusal != nil:
		return decision.Refusal
	}
	return nil
}

// Checks lists whole checks, the newest first.
func (d *Desk) Checks(ctx context.Context, by policy.Actor, limit int) ([]Check, error) {
	if err := d.look(by, log("")); err != nil {
		return nil, err
	}
	return store.List[Check](ctx, d.gate.DB(), "ORDER BY started_at DESC, id DESC LIMIT ?", limit)
}

// CheckOf reads one check.
func (d *Desk) CheckOf(ctx context.Context, by policy.Actor, id string) (Check, error) {
	if err := d.look(by, log(id)); err != nil {
		return Check{}, err
	}
	c, err := store.Get[Check](ctx, d.gate.DB(), "WHERE id=?", id)
	if errors.Is(err, store.ErrNotFound) {
		err = gate.ErrHidden
	}
	return c, err
}

// Progress is how far a check is; empty before it began.
func (d *Desk) Progress(ctx context.Context, id string) (Progress, error) {
	p, err := store.Get[Progress](ctx, d.gate.DB(), "WHERE check_id=?", id)
	if errors.Is(err, store.ErrNotFound) {
		return Progress{CheckID: id}, nil
	}
	return p, err
}

// Report reads the kept report of a check that is done, as JSON.
func (d *Desk) Report(ctx context.Context, by policy.Actor, id string) ([]byte, error) {
	c, err := d.CheckOf(ctx, by, id)
	if err != nil {
		return nil, err
	}
	if c.Report == "" {
		return nil, gate.ErrHidden
	}
	r, err := d.Files.Open(ctx, c.Report)
	if err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(r)
	return raw, errors.Join(err, r.Close())
}

// Possible lists what an actor may do with a check, or (nil) with the ledger.
func (d *Desk) Possible(by policy.Actor, c *Check) []gate.Possible {
	var out []gate.Possible
	add := func(action, label, id string, hindered error) {
		if p, ok := d.gate.Possible(by, action, label, log(id), hindered); ok {
			out = append(out, p)
		}
	}
	if c == nil {
		add("ledger.check", "开始全量核验", "", nil)
		return out
	}
	copied := *c
	add("ledger.cancel", "取消核验", c.ID, copied.cancel(time.Time{}))
	return out
}

// Point is one checkpoint, held against the one before it.
type Point struct {
	ledger.Checkpoint
	Consistent bool // its tree contains that of the one before
}

// Points lists checkpoints, the newest first, of sizes below before (0: from the newest).
func (d *Desk) Points(by policy.Actor, before int64, limit int) ([]Point, error) {
	if err := d.look(by, log("")); err != nil {
		return nil, err
	}
	all, err := ledger.Checkpoints(d.Dir, d.Verifier)
	if err != nil {
		return nil, err
	}
	var out []Point
	for i := len(all) - 1; i >= 0 && len(out) < limit; i-- {
		if before > 0 && all[i].Size >= before {
			continue
		}
		p := Point{Checkpoint: all[i], Consistent: true}
		if i > 0 {
			p.Consistent = ledger.Extends(d.Dir, all[i-1], all[i]) == nil
		}
		out = append(out, p)
	}
	return out, nil
}

// CheckpointAt is the signed text of a checkpoint; size 0 is the newest.
func (d *Desk) CheckpointAt(by policy.Actor, size int64) (ledger.Checkpoint, error) {
	if err := d.look(by, log("")); err != nil {
		return ledger.Checkpoint{}, err
	}
	if size == 0 {
		c, err := ledger.Latest(d.Dir, d.Verifier)
		if errors.Is(err, fs.ErrNotExist) {
			err = gate.ErrHidden
		}
		return c, err
	}
	all, err := ledger.Checkpoints(d.Dir, d.Verifier)
	if err != nil {
		return ledger.Checkpoint{}, err
	}
	i := slices.IndexFunc(all, func(c ledger.Checkpoint) bool { return c.Size == size })
	if i < 0 {
		return ledger.Checkpoint{}, gate.ErrHidden
	}
	return all[i], nil
}

// Found is an act as the ledger has it.
type Found struct {
	ledger.Entry
	Of ledger.Body
}

// Entry reads an act by number, voucher or id, within the actor's reach.
func (d *Desk) Entry(ctx context.Context, by policy.Actor, name string) (Found, error) {
	e, body, err := find(ctx, d.gate.DB(), name)
	if err != nil {
		// Who may not look learns nothing about which numbers there are.
		return Found{}, errors.Join(d.look(by, log("")), err)
	}
	if err := d.look(by, ofEntry(body)); err != nil {
		return Found{}, err
	}
	hidden, err := d.concealed(ctx, by, []ledger.Entry{e})
	if err == nil && hidden[e.Ord] {
		err = gate.ErrHidden
	}
	return Found{e, body}, err
}

// concealed finds the acts about dossiers that the actor may not know of (15). The audit
// administrator, who sees that something was done and never what it was about, sees all.
func (d *Desk) concealed(ctx context.Context, by policy.Actor, list []ledger.Entry) (map[int64]bool, error) {
	out := map[int64]bool{}
	if len(list) == 0 || by.Has("auditor") {
		return out, nil
	}
	ords := make([]int64, len(list))
	for i, e := range list {
		ords[i] = e.Ord
	}
	which, args := "d.secrecy>?", []any{by.Clearance}
	if len(by.Barred) > 0 {
		which, args = "(d.secrecy>? OR d.person_id IN ("+store.Marks(len(by.Barred))+"))", append(args, store.Args(by.Barred)...)
	}
	rows, err := d.gate.DB().Query(ctx, "SELECT s.ord FROM dossier d JOIN ledger_subject s ON s.subject='Dossier:'||d.id WHERE d.secrecy>0 AND "+which+" AND s.ord IN ("+store.Marks(len(ords))+")", append(args, store.Args(ords)...)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var ord int64
		if err := rows.Scan(&ord); err != nil {
			return nil, err
		}
		out[ord] = true
	}
	return out, rows.Err()
}

// Timeline lists the acts about a subject, such as "Transfer:<id>", the newest
// first, before ord (0: from the newest): those within the actor's reach.
func (d *Desk) Timeline(ctx context.Context, by policy.Actor, subject string, before int64, limit int) ([]Found, error) {
	if err := d.look(by, log("")); err != nil {
		return nil, err
	}
	list, err := ledger.About(ctx, d.gate.DB(), subject, before, limit)
	if err != nil {
		return nil, err
	}
	hidden, err := d.concealed(ctx, by, list)
	if err != nil {
		return nil, err
	}
	out := []Found{}
	for _, e := range list {
		if hidden[e.Ord] {
			continue
		}
		body, err := e.Parse()
		if err != nil {
			return nil, err
		}
		if d.look(by, ofEntry(body)) == nil {
			out = append(out, Found{e, body})
		}
	}
	return out, nil
}

// Checked is what a proof's file proves: an act under a checkpoint, or, with Trouble,
// why it proves nothing.
type Checked struct {
	Found
	At      ledger.Checkpoint
	Trouble string
}

// CheckProof verifies a proof's file with the province's own key. Whoever does not
// trust this server does it without: test/proofcheck.
func (d *Desk) CheckProof(by policy.Actor, p ledger.Proof) (Checked, error) {
	if err := d.look(by, log("")); err != nil {
		return Checked{}, err
	}
	c := Checked{}
	var trouble error
	if c.Entry, c.At, trouble = p.Check(d.Verifier); trouble == nil {
		c.Of, trouble = c.Parse()
	}
	if trouble != nil {
		c.Trouble = trouble.Error()
	}
	return c, nil
}

// DayCount is how many acts one day had.
type DayCount struct {
	Day   calendar.Date
	Count int64
}

// dayCounts remembers what was counted: each entry is looked at once.
type dayCounts struct {
	mu   sync.Mutex
	upTo int64
	by   map[calendar.Date]map[string]int64 // of each day, by the agency acted for
}

// countedBack is how many entries before the newest are counted at the start: some
// months of a busy province.
const countedBack = 300_000

// Days counts the acts of the last n days, today included: of the actor's own scope (5);
// for who watches over the province of all, the program's and the public's among them.
func (d *Desk) Days(ctx context.Context, by policy.Actor, n int) ([]DayCount, error) {
	if err := d.look(by, log("")); err != nil {
		return nil, err
	}
	c := &d.days
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.by == nil {
		var highest int64
		if err := d.gate.DB().QueryRow(ctx, "SELECT coalesce(max(seq),0) FROM ledger_entry").Scan(&highest); err != nil {
			return nil, err
		}
		c.by, c.upTo = map[calendar.Date]map[string]int64{}, max(0, highest-countedBack)
	}
	rows, err := d.gate.DB().Query(ctx, "SELECT seq,body FROM ledger_entry WHERE seq>? ORDER BY seq", c.upTo)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var seq int64
		var body string
		if err := rows.Scan(&seq, &body); err != nil {
			return nil, err
		}
		day := dayOf(body)
		if c.by[day] == nil {
			c.by[day] = map[string]int64{}
		}
		c.by[day][orgOf(body)]++
		c.upTo = seq
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	out := make([]DayCount, n)
	for i := range out {
		day := calendar.Of(d.gate.Now().AddDate(0, 0, i-n+1))
		out[i].Day = day
		for org, count := range c.by[day] {
			if by.Reaches(wholeProvince) || by.Reaches(org) {
				out[i].Count += count
			}
		}
	}
	return out, nil
}

// wholeProvince is the authority whose scope is everything.
const wholeProvince = "500000"

// orgOf reads for which agency an entry was done, "" for none, without the rest of it.
func orgOf(body string) string {
	head, _, _ := strings.Cut(body, `"via":`)
	_, rest, _ := strings.Cut(head, `"org":"`)
	org, _, _ := strings.Cut(rest, `"`)
	return org
}

// dayOf reads the day of an entry's body without the rest of it.
func dayOf(body string) calendar.Date {
	_, rest, _ := strings.Cut(body, `"at":`)
	digits, _, _ := strings.Cut(rest, ",")
	micros, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return ""
	}
	return calendar.Of(time.UnixMicro(micros))
}
