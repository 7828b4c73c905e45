package ledger

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"dangan/internal/rule"
	"dangan/internal/store"

	"golang.org/x/mod/sumdb/tlog"
)

// Outcomes of an act.
const (
	Done    = "done"    // committed
	Refused = "refused" // a rule or a policy said no; nothing but this entry was written
)

// Body is what an entry says: who, when, what, under which rule, on what. It
// holds no name, number or other value of a person.
type Body struct {
	ID      string         `json:"id"`                // UUIDv7
	At      int64          `json:"at"`                // microseconds since 1970 UTC
	Actor   string         `json:"actor"`             // account id, "system" or "public"
	Kind    string         `json:"kind"`              // of the actor
	Org     string         `json:"org,omitempty"`     // agency or authority the actor acted for
	Posts   []string       `json:"posts,omitempty"`   // posts held at that moment
	Via     string         `json:"via"`               // web, api, console, job
	Action  string         `json:"action"`            // such as "transfer.dispatch"
	Rules   []rule.ID      `json:"rules,omitempty"`   // under which it stands
	On      string         `json:"on"`                // "Transfer:<id>"
	Outcome string         `json:"outcome"`           // done or refused
	Reasons []string       `json:"reasons,omitempty"` // rule/slug of a refusal
	Facts   map[string]any `json:"facts,omitempty"`   // what the act adds: way, counts, versions
}

// Time returns when the act was done.
func (b Body) Time() time.Time { return time.UnixMicro(b.At).UTC() }

// Seal is the digest that one row had after an act.
type Seal struct {
	Table  string
	Key    string
	Digest store.Digest
}

// Entry is one line of the ledger as the database keeps it.
type Entry struct {
	ID    string `db:"id"`
	Seq   int64  `db:"seq,null"` // from 1; 0 while not yet numbered
	Ord   int64  `db:"ord"`      // order of insertion, which the numbers follow
	Body  string `db:"body"`
	Trace string `db:"trace"`
	Salt  []byte `db:"salt"`
	MAC   []byte `db:"mac"`
}

// Table names the table of entries.
func (Entry) Table() string { return "ledger_entry" }

func init() {
	store.Register("ledger_entry", store.Audited, "存证条目本身：逐条鉴别码，逐条进入防改树")
	store.Register("ledger_subject", store.Derived, "按事由索引存证条目，由条目重建")
}

// Parse reads the body.
func (e Entry) Parse() (Body, error) {
	var b Body
	if err := json.Unmarshal([]byte(e.Body), &b); err != nil {
		return b, fmt.Errorf("ledger entry %s: %w", e.ID, err)
	}
	return b, nil
}

// Commitment is the entry's leaf: SHA-256 over salt, body and trace with their lengths.
func (e Entry) Commitment() [32]byte { return commitment(e.Salt, e.Body, e.Trace) }

func commitment(salt []byte, body, trace string) [32]byte {
	_, c := commit(nil, salt, []byte(body), []byte(trace))
	return c
}

// commit is commitment with a buffer to use again.
func commit(buf []byte, parts ...[]byte) ([]byte, [32]byte) {
	buf = buf[:0]
	for _, part := range parts {
		buf = binary.BigEndian.AppendUint32(buf, uint32(len(part)))
		buf = append(buf, part...)
	}
	return buf, sha256.Sum256(buf)
}

// LeafHash is the RFC 6962 hash of the entry's leaf in the tree.
func (e Entry) LeafHash() tlog.Hash {
	c := e.Commitment()
	return tlog.RecordHash(c[:])
}

// macInput binds the commitment to the entry's key and place: by ord the last
// seal of a row is told from earlier ones.
func macInput(id string, ord int64, c [32]byte) []byte {
	return append(binary.BigEndian.AppendUint64([]byte(id+"\x00"), uint64(ord)), c[:]...)
}

// Seals reads the seals of the trace.
func (e Entry) Seals() ([]Seal, error) {
	var out []Seal
	err := eachTrace(e.Trace, func(s Seal) error { out = append(out, s); return nil }, nil)
	return out, err
}

// Subjects reads what the entry is about, such as "Dossier:<id>".
func (e Entry) Subjects() ([]string, error) {
	var out []string
	err := eachTrace(e.Trace, nil, func(s string) error { out = append(out, s); return nil })
	return out, err
}

// The trace is lines: `r table key hex-digest` for a row, `s subject` for a subject.
func formatTrace(seals []Seal, subjects []string) string {
	var b strings.Builder
	for _, s := range seals {
		b.WriteString("r ")
		b.WriteString(s.Table)
		b.WriteByte(' ')
		b.WriteString(s.Key)
		b.WriteByte(' ')
		b.WriteString(hex.EncodeToString(s.Digest[:]))
		b.WriteByte('\n')
	}
	for _, s := range subjects {
		b.WriteString("s ")
		b.WriteString(s)
		b.WriteByte('\n')
	}
	return b.String()
}

func eachTrace(trace string, onSeal func(Seal) error, onSubject func(string) error) error {
	for len(trace) > 0 {
		line := trace
		if i := strings.IndexByte(trace, '\n'); i >= 0 {
			line, trace = trace[:i], trace[i+1:]
		} else {
			trace = ""
		}
		switch {
		case strings.HasPrefix(line, "s "):
			if onSubject != nil {
				if err := onSubject(line[2:]); err != nil {
					return err
				}
			}
		case strings.HasPrefix(line, "r "):
			if onSeal == nil {
				continue
			}
			rest := line[2:]
			end, start := strings.LastIndexByte(rest, ' '), strings.IndexByte(rest, ' ')
			if start < 0 || end <= start {
				return fmt.Errorf("trace line %q", line)
			}
			s := Seal{Table: rest[:start], Key: rest[start+1 : end]}
			if n, err := hex.Decode(s.Digest[:], []byte(rest[end+1:])); err != nil || n != len(s.Digest) {
				return fmt.Errorf("trace line %q", line)
			}
			if err := onSeal(s); err != nil {
				return err
			}
		default:
			return fmt.Errorf("trace line %q", line)
		}
	}
	return nil
}

// Authenticator makes and checks the code that proves an entry came through the gate.
type Authenticator interface{ EntryMAC(data []byte) []byte }

// Append writes one entry as the last statements of an act. Where writers queue
// up anyway or the lock is free it is numbered at once (Seq > 0), after every
// entry that is still waiting; else the sequencer numbers it.
func Append(ctx context.Context, tx *store.Tx, auth Authenticator, body Body, seals []Seal, subjects []string) (int64, error) {
	numbers, err := AppendAll(ctx, tx, auth, []Draft{{body, seals, subjects}})
	if err != nil {
		return 0, err
	}
	return numbers[0], nil
}

// Draft is an entry to be, of AppendAll.
type Draft struct {
	Body     Body
	Seals    []Seal
	Subjects []string
}

// AppendAll writes the entries of many acts of one transaction, in order, in
// multi-row inserts; it returns their numbers, all 0 where the sequencer gives them.
func AppendAll(ctx context.Context, tx *store.Tx, auth Authenticator, drafts []Draft) ([]int64, error) {
	if len(drafts) == 0 {
		return nil, nil
	}
	seqs, ords, err := reserve(ctx, tx, len(drafts))
	if err != nil {
		return nil, err
	}
	entries, subjects := make([]any, 0, 7*len(drafts)), make([]any, 0, 6*len(drafts))
	for i, d := range drafts {
		e, err := write(d.Body, d.Seals, d.Subjects)
		if err != nil {
			return nil, err
		}
		e.MAC = auth.EntryMAC(macInput(e.ID, ords[i], e.Commitment()))
		var seq any
		if seqs[i] > 0 {
			seq = seqs[i]
		}
		entries = append(entries, e.ID, seq, ords[i], e.Body, e.Trace, e.Salt, e.MAC)
		for _, s := range d.Subjects {
			subjects = append(subjects, s, ords[i], e.ID)
		}
	}
	if err := tx.InsertRows(ctx, "ledger_entry", "id,seq,ord,body,trace,salt,mac", 7, entries); err != nil {
		return nil, fmt.Errorf("ledger append: %w", err)
	}
	if err := tx.InsertRows(ctx, "ledger_subject", "subject,ord,entry_id", 3, subjects); err != nil {
		return nil, fmt.Errorf("ledger subjects: %w", err)
	}
	return seqs, nil
}

// write makes an entry without its place and code.
func write(body Body, seals []Seal, subjects []string) (Entry, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return Entry{}, fmt.Errorf("ledger body: %w", err)
	}
	e := Entry{ID: body.ID, Body: string(raw), Trace: formatTrace(seals, subjects), Salt: make([]byte, 16)}
	if _, err := rand.Read(e.Salt); err != nil {
		return Entry{}, err
	}
	return e, nil
}

// About lists the newest entries about a subject, before ord (0: from the newest).
func About(ctx context.Context, q store.Querier, subject string, before int64, limit int) ([]Entry, error) {
	if before == 0 {
		before = 1 << 62
	}
	return store.List[Entry](ctx, q, `WHERE id IN (SELECT entry_id FROM ledger_subject WHERE subject=? AND ord<? ORDER BY ord DESC LIMIT ?) ORDER BY ord DESC`,
		subject, before, limit)
}

// AboutAny lists the newest entries about any of some subjects.
func AboutAny(ctx context.Context, q store.Querier, subjects []string, limit int) ([]Entry, error) {
	if len(subjects) == 0 {
		return nil, nil
	}
	return store.List[Entry](ctx, q, "WHERE id IN (SELECT entry_id FROM ledger_subject WHERE subject IN ("+store.Marks(len(subjects))+") ORDER BY ord DESC LIMIT ?) ORDER BY ord DESC",
		append(store.Args(subjects), limit)...)
}
