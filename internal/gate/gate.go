package gate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/clock"
	"dangan/internal/ledger"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"

	"github.com/google/uuid"
)

// Errors that cross layers.
var (
	// ErrHidden says that the actor may not know whether the resource exists; the API says 404.
	ErrHidden = errors.New("hidden from the actor")
	// ErrReplay says that this Idempotency-Key was used for the same request before; Receipt names the first entry.
	ErrReplay = errors.New("request replayed")
	// ErrKeyReused says that this Idempotency-Key was used for another request.
	ErrKeyReused = errors.New("idempotency key reused")
)

// Conflict says that somebody else changed the aggregate first (409). By and At
// tell who and when, if the ledger knows.
type Conflict struct {
	Table, ID string
	Want, Has int64
	By        string // account id
	Action    string
	At        time.Time
}

func (c *Conflict) Error() string {
	return fmt.Sprintf("conflict: %s %s is at version %d, not %d", c.Table, c.ID, c.Has, c.Want)
}

// Unproved says that the act may be done, but that the session behind it must first
// prove anew who sits before it (security.md 6). It is a question, not a refusal, and
// is not recorded: the proof is.
type Unproved struct {
	What   string        // 批准查阅, 导出清单 …
	Within time.Duration // how old a proof may be
}

func (u *Unproved) Error() string { return "fresh proof of identity needed: " + u.What }

// Act says who does what, and under which rules it stands.
type Act struct {
	Actor  policy.Actor
	Action string    // Cedar action, such as "transfer.dispatch"
	Rules  []rule.ID // the rules the act carries out
	Via    string    // web, api, console, job; empty: from the context
	On     string    // "Transfer:<id>" when known before; else the first Permit sets it
}

// Request identifies a repeated request: the same Key with the same Hash is
// done once, with another Hash it is refused. Faces put it in the context. Who is not signed
// in acts as the public: Scope keeps the keys of one client from another's.
type Request struct {
	Scope   string // whose key it is: the actor's id, or a client's of the public
	Key     string
	Hash    string
	Via     string
	IfMatch int64 // version the request was based on, 0: none named; see Tx.Expect
}

type requestKey struct{}

// WithRequest attaches the request's idempotency key and origin to the context.
func WithRequest(ctx context.Context, r Request) context.Context {
	return context.WithValue(ctx, requestKey{}, r)
}

// WithoutKey keeps where a request came from and drops its key: for the acts a
// request does beside the one that answers for its key, such as a decision that is
// carried out dossier by dossier and goes on when it is repeated.
func WithoutKey(ctx context.Context) context.Context {
	r, _ := ctx.Value(requestKey{}).(Request)
	return WithRequest(ctx, Request{Via: r.Via})
}

type dryKey struct{}

// Dry makes acts answer what they would answer, and do nothing: what an act wrote is undone,
// neither its refusal nor its key is recorded, and nothing follows. For a room that must
// know what another one says to an application.
func Dry(ctx context.Context) context.Context {
	return context.WithValue(WithRequest(ctx, Request{}), dryKey{}, true)
}

func dry(ctx context.Context) bool { return ctx.Value(dryKey{}) != nil }

var errDryBatch = errors.New("several acts cannot be tried at once")

// Receipt is the proof that an act was done. Number is 0 if the sequencer did
// not answer within a second: the act stands all the same.
type Receipt struct {
	Entry  string    `json:"entry"`
	Number int64     `json:"number"`
	At     time.Time `json:"at"`
}

// Job is what must follow an act. It is queued in the act's transaction.
type Job struct {
	Kind    string // such as "transfer.remind"
	Payload any    // JSON
	At      time.Time
}

// Queue takes jobs inside the act's transaction.
type Queue interface {
	Enqueue(ctx context.Context, tx *store.Tx, jobs []Job) error
}

// Config wires a gate.
type Config struct {
	DB       *store.DB
	Policies *policy.Engine
	Auth     ledger.Authenticator
	Clock    clock.Clock
	Calendar func() *calendar.Calendar // working days; nil: the embedded years
	Queue    Queue                     // nil: acts that queue something fail
	Proof    func() time.Duration      // how old a session's proof of identity may be (the setting says); nil: asked anew each time
	Sample   func() bool               // whether the province holds made-up persons only; nil: it does not
	Follow   func(tx *Tx) error        // what follows from an act inside it, such as telling the person; not asked in a bulk, nil for nothing
	Log      *slog.Logger
}

// Gate performs acts. Safe for concurrent use.
type Gate struct {
	cfg       Config
	sequencer *ledger.Sequencer
}

// New makes a gate.
func New(cfg Config) *Gate {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Gate{cfg: cfg, sequencer: ledger.NewSequencer(cfg.DB)}
}

// DB is for reading. Inside an act read through the Tx.
func (g *Gate) DB() *store.DB { return g.cfg.DB }

// Now is the present time.
func (g *Gate) Now() time.Time { return g.cfg.Clock.Now() }

// Calendar is the calendar of working days with every year loaded so far.
func (g *Gate) Calendar() *calendar.Calendar {
	if g.cfg.Calendar == nil {
		return calendar.Default()
	}
	return g.cfg.Calendar()
}

// Today is the present day in Chongqing.
func (g *Gate) Today() calendar.Date { return calendar.Of(g.cfg.Clock.Now()) }

// Clock is the source of time.
func (g *Gate) Clock() clock.Clock { return g.cfg.Clock }

// Decide asks the policies without doing anything: for the list of possible
// acts that every case carries.
func (g *Gate) Decide(actor policy.Actor, action string, r policy.Resource) policy.Decision {
	return g.cfg.Policies.Decide(actor, action, r)
}

// Do performs one act. fn must ask tx.Permit before it writes. A *rule.Refusal
// returned by fn is recorded and returned; ErrHidden likewise.
func (g *Gate) Do(ctx context.Context, act Act, fn func(tx *Tx) error) (Receipt, error) {
	raw, err := g.cfg.DB.Begin(ctx)
	if err != nil {
		return Receipt{}, fmt.Errorf("%s: %w", act.Action, err)
	}
	defer raw.Rollback()
	tx := g.newTx(ctx, raw, act)
	if replayed, err := tx.claim(); err != nil || replayed.Entry != "" {
		if err == nil {
			err = ErrReplay
		}
		return replayed, err
	}
	if err := tx.run(fn); err != nil {
		raw.Rollback()
		return Receipt{}, g.refused(ctx, tx, err)
	}
	if dry(ctx) {
		return Receipt{}, nil
	}
	number, err := tx.append(ledger.Done, nil)
	if err != nil {
		return Receipt{}, fmt.Errorf("%s: %w", act.Action, err)
	}
	if err := g.enqueue(ctx, raw, tx.jobs); err != nil {
		return Receipt{}, fmt.Errorf("%s: %w", act.Action, err)
	}
	if err := raw.Commit(); err != nil {
		return Receipt{}, fmt.Errorf("%s: %w", act.Action, err)
	}
	for _, after := range tx.after {
		after()
	}
	return Receipt{Entry: tx.id, Number: g.numbered(ctx, tx.id, number), At: tx.at}, nil
}

func (g *Gate) enqueue(ctx context.Context, raw *store.Tx, jobs []Job) error {
	if len(jobs) == 0 {
		return nil
	}
	if g.cfg.Queue == nil {
		return errors.New("no queue to take the act's follow-ups")
	}
	return g.cfg.Queue.Enqueue(ctx, raw, jobs)
}

// Outcome is what became of one act of a batch.
type Outcome struct {
	Receipt Receipt
	Err     error // a refusal, a conflict or a failure of this act alone
}

// DoBatch performs acts in one transaction: each in a savepoint and with a
// ledger entry of its own, those that fail undone and recorded as refused. It
// fails as a whole only if the transaction does.
func (g *Gate) DoBatch(ctx context.Context, acts []Act, fn func(i int, tx *Tx) error) ([]Outcome, error) {
	if dry(ctx) {
		return nil, errDryBatch
	}
	raw, err := g.cfg.DB.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer raw.Rollback()
	out := make([]Outcome, len(acts))
	var jobs []Job
	var after []func()
	for i, act := range acts {
		if err := raw.Savepoint(ctx, "act"); err != nil {
			return nil, err
		}
		tx := g.newTx(ctx, raw, act)
		err := tx.run(func(tx *Tx) error { return fn(i, tx) })
		var reasons []string
		outcome := ledger.Done
		if err != nil {
			if err := raw.RollbackTo(ctx, "act"); err != nil {
				return nil, err
			}
			out[i].Err = err
			if reasons = reasonsOf(err); reasons == nil {
				continue
			}
			outcome = ledger.Refused
			tx.seals, tx.touched = nil, nil
		} else if err := raw.Release(ctx, "act"); err != nil {
			return nil, err
		}
		number, err := tx.append(outcome, reasons)
		if err != nil {
			return nil, err
		}
		out[i].Receipt = Receipt{Entry: tx.id, Number: number, At: tx.at}
		if outcome == ledger.Done {
			jobs = append(jobs, tx.jobs...)
			after = append(after, tx.after...)
		}
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

// DoAll performs acts in one transaction, all or none: the first that fails
// undoes all, and its refusal is recorded. The first act claims the request's
// key for all of them.
func (g *Gate) DoAll(ctx context.Context, acts []Act, fn func(i int, tx *Tx) error) ([]Receipt, error) {
	if dry(ctx) {
		return nil, errDryBatch
	}
	raw, err := g.cfg.DB.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer raw.Rollback()
	out := make([]Receipt, len(acts))
	var jobs []Job
	for i, act := range acts {
		tx := g.newTx(ctx, raw, act)
		if i == 0 {
			if replayed, err := tx.claim(); err != nil {
				return nil, err
			} else if replayed.Entry != "" {
				return []Receipt{replayed}, ErrReplay
			}
		}
		if err := tx.run(func(tx *Tx) error { return fn(i, tx) }); err != nil {
			raw.Rollback()
			return nil, g.refused(ctx, tx, err)
		}
		number, err := tx.append(ledger.Done, nil)
		if err != nil {
			return nil, err
		}
		out[i] = Receipt{Entry: tx.id, Number: number, At: tx.at}
		jobs = append(jobs, tx.jobs...)
	}
	if err := g.enqueue(ctx, raw, jobs); err != nil {
		return nil, err
	}
	return out, raw.Commit()
}

// reasonsOf tells why an act was refused; nil for a failure that is no refusal.
func reasonsOf(err error) []string {
	var refusal *rule.Refusal
	switch {
	case errors.Is(err, ErrHidden):
		return []string{"hidden"}
	case errors.As(err, &refusal):
		out := make([]string, len(refusal.Reasons))
		for i, r := range refusal.Reasons {
			out[i] = string(r.Rule) + "/" + r.Slug
		}
		return out
	}
	return nil
}

// refused records a refusal in a transaction of its own and returns the error
// it was given. An input that can't be right is no act and is not recorded.
func (g *Gate) refused(ctx context.Context, tx *Tx, cause error) error {
	reasons := reasonsOf(cause)
	var refusal *rule.Refusal
	if reasons == nil || dry(ctx) || errors.As(cause, &refusal) && refusal.Kind == rule.Invalid {
		return cause
	}
	raw, err := g.cfg.DB.Begin(context.WithoutCancel(ctx))
	if err != nil {
		return errors.Join(cause, fmt.Errorf("record refusal: %w", err))
	}
	defer raw.Rollback()
	tx.raw, tx.seals, tx.touched = raw, nil, nil
	if _, err := tx.append(ledger.Refused, reasons); err != nil {
		return errors.Join(cause, fmt.Errorf("record refusal: %w", err))
	}
	if err := raw.Commit(); err != nil {
		return errors.Join(cause, fmt.Errorf("record refusal: %w", err))
	}
	return cause
}

// numbered waits at most a second for an entry's number.
func (g *Gate) numbered(ctx context.Context, entry string, number int64) int64 {
	if number > 0 {
		return number
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if number = g.sequencer.Number(ctx, entry); number == 0 {
		g.cfg.Log.Warn("ledger number not yet given", "entry", entry)
	}
	return number
}

func (g *Gate) newTx(ctx context.Context, raw *store.Tx, act Act) *Tx {
	req, _ := ctx.Value(requestKey{}).(Request)
	if act.Via == "" {
		act.Via = req.Via
	}
	if act.Via == "" {
		act.Via = "job"
	}
	return &Tx{ctx: ctx, gate: g, raw: raw, act: act, req: req, id: NewID(), at: g.cfg.Clock.Now()}
}

// NewID makes a UUIDv7.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }

// scope is whose key a request's is: the actor's, and for the public the client's.
func (tx *Tx) scope() string {
	if tx.act.Actor.Kind == policy.Public && tx.req.Scope != "" {
		return tx.req.Scope
	}
	return tx.act.Actor.ID
}

// claim books the request's key in the act's own transaction. On a replay it
// returns the receipt of the first time.
func (tx *Tx) claim() (Receipt, error) {
	if tx.req.Key == "" {
		return Receipt{}, nil
	}
	n, err := tx.raw.Exec(tx.ctx, `INSERT INTO idempotency(actor,key,request,entry_id,status,at) VALUES(?,?,?,?,0,?) ON CONFLICT DO NOTHING`,
		tx.scope(), tx.req.Key, tx.req.Hash, tx.id, tx.at)
	if err != nil {
		return Receipt{}, fmt.Errorf("claim request: %w", err)
	}
	if n == 1 {
		return Receipt{}, nil
	}
	var hash, entry string
	if err := tx.raw.QueryRow(tx.ctx, "SELECT request,entry_id FROM idempotency WHERE actor=? AND key=?", tx.scope(), tx.req.Key).Scan(&hash, &entry); err != nil {
		return Receipt{}, fmt.Errorf("claim request: %w", err)
	}
	if hash != tx.req.Hash {
		return Receipt{}, ErrKeyReused
	}
	return Receipt{Entry: entry}, nil
}

// Answered keeps the answer given to a request, so that a repetition gets the
// same one. The row carries no proof: the act does.
func (g *Gate) Answered(ctx context.Context, r Request, status int, response json.RawMessage) error {
	return g.Touch(ctx, "UPDATE idempotency SET status=?, response=? WHERE actor=? AND key=?", status, string(response), r.Scope, r.Key)
}

// Answer returns the answer kept for a request: status 0 if the key is new or
// its act was done without an answer kept.
func (g *Gate) Answer(ctx context.Context, r Request) (status int, response []byte, err error) {
	var hash string
	var body *string
	err = g.cfg.DB.QueryRow(ctx, "SELECT request,status,response FROM idempotency WHERE actor=? AND key=?", r.Scope, r.Key).Scan(&hash, &status, &body)
	switch {
	case errors.Is(store.Classify(err), store.ErrNotFound):
		return 0, nil, nil
	case err != nil:
		return 0, nil, err
	case hash != r.Hash:
		return 0, nil, ErrKeyReused
	case body != nil:
		response = []byte(*body)
	}
	return status, response, nil
}

// Touch writes a transient row that is no act, such as a last-seen time. It
// refuses audited and derived tables.
func (g *Gate) Touch(ctx context.Context, query string, args ...any) error {
	if m := reWrites.FindStringSubmatch(query); m == nil || store.KindOf(m[1]) != store.Transient {
		return fmt.Errorf("touch: not a transient table in %q", query)
	}
	tx, err := g.cfg.DB.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.Exec(ctx, query, args...); err != nil {
		return err
	}
	return tx.Commit()
}

func init() {
	store.Register("idempotency", store.Transient, "重复请求的去重键与答复，业务本身另有存证")
	store.Register("blob", store.Audited, "影像与文书文件的登记：校验值、大小")
	store.Register("number_series", store.Audited, "文书与业务编号序列，编号不跳号")
}

// Possible is one act on an aggregate: allowed now (Refusal nil), or why not.
// Every read of a case carries them, so that screens hold no rule of their own.
type Possible struct {
	Action  string // Cedar action
	Label   string // 2–6 characters: 登记寄送
	Primary bool   // the next act
	Refusal *rule.Refusal
}

// Possible asks the policies and adds what the room's own state machine says
// (nil when nothing hinders). A hidden resource gives ok=false.
func (g *Gate) Possible(actor policy.Actor, action, label string, r policy.Resource, hindered error) (p Possible, ok bool) {
	d := g.Decide(actor, action, r)
	if d.Hidden {
		return Possible{}, false
	}
	p = Possible{Action: action, Label: label, Refusal: d.Refusal}
	var own *rule.Refusal
	if errors.As(hindered, &own) {
		if p.Refusal == nil {
			p.Refusal = own
		} else {
			p.Refusal = rule.Refuse(append(append([]rule.Reason(nil), p.Refusal.Reasons...), own.Reasons...)...)
		}
	}
	return p, true
}
