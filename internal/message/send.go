package message

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Sender hands one message over. It returns the other side's number; a Refusal when it was
// turned down for good, an Unknown when it may have arrived, any other error when it may be
// tried again.
type Sender interface {
	Send(ctx context.Context, id, to, text string) (receipt string, err error)
	Check(ctx context.Context) error // can it be reached? sends nothing
}

// Refusal is a no for good: the number does not exist, the gateway forbids the text.
type Refusal struct{ Why string }

func (r Refusal) Error() string { return r.Why }

// Unknown is neither: the other side had the whole message and said nothing. It is not sent
// again, as the person may have it; somebody tells by hand.
type Unknown struct{ Why string }

func (u Unknown) Error() string { return u.Why }

// batch is how many are sent in one run of the timer.
const batch = 200

// patience is how long a message is tried again: a gateway that is down for some days loses
// nothing.
const patience = 7 * 24 * time.Hour

// wait is how long after the n-th try the next one is.
func wait(n int64) time.Duration {
	return min(time.Minute<<min(n, 6), time.Hour)
}

// unknown is how old a begun e-mail must be for its fate to count as unknown.
const unknown = 10 * time.Minute

type queued struct {
	id                     string
	tries, nextAt, takenAt int64
}

// Send hands over what is queued: the timer. It stops at the first failure of a way, which
// the others of that way would meet too.
func (k *Desk) Send(ctx context.Context) error {
	list, err := k.due(ctx)
	if err != nil {
		return err
	}
	down := map[string]bool{}
	for _, q := range list {
		m, err := store.Get[Message](ctx, k.gate.DB(), "WHERE id=?", q.id)
		if err != nil {
			return err
		}
		sender := k.Senders[m.Way]
		if sender == nil || down[m.Way] || m.State != Queued {
			continue
		}
		if q.takenAt != 0 && m.Way == Email {
			if k.gate.Now().UnixMicro()-q.takenAt > unknown.Microseconds() {
				if err := k.end(ctx, m.ID, "message.doubt", func(m *Message) { m.State, m.Why = Doubtful, "发送时系统中断，是否发出不明" }); err != nil {
					return err
				}
			}
			continue
		}
		text := m.Text
		if strings.Contains(text, link) {
			at, err := k.Link(ctx, m.CaseRef)
			if errors.Is(err, store.ErrNotFound) {
				err = k.end(ctx, m.ID, "message.fail", func(m *Message) { m.State, m.Why = Failed, "链接在发出之前已失效" })
				if err != nil {
					return err
				}
				continue
			} else if err != nil {
				return err
			}
			text = strings.ReplaceAll(text, link, at)
		}
		if err := k.take(ctx, q); err != nil {
			return err
		}
		receipt, err := sender.Send(ctx, m.ID, m.Address, text)
		var (
			no   Refusal
			lost Unknown
		)
		switch {
		case err == nil:
			err = k.end(ctx, m.ID, "message.sent", func(m *Message) { m.State, m.Receipt = Sent, receipt })
		case errors.As(err, &no):
			err = k.end(ctx, m.ID, "message.fail", func(m *Message) { m.State, m.Why = Failed, no.Why })
		case errors.As(err, &lost):
			err = k.end(ctx, m.ID, "message.doubt", func(m *Message) { m.State, m.Why = Doubtful, lost.Why })
		case ctx.Err() != nil:
			return ctx.Err()
		case k.gate.Now().Sub(m.CreatedAt) > patience:
			err = k.end(ctx, m.ID, "message.fail", func(m *Message) { m.State, m.Why = Failed, "七天内未能发出："+err.Error() })
		default:
			down[m.Way] = true
			err = k.again(ctx, q, err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (k *Desk) due(ctx context.Context) (out []queued, err error) {
	rows, err := k.gate.DB().Query(ctx, `SELECT m.id, coalesce(t.tries,0), coalesce(t.next_at,0), coalesce(t.taken_at,0) FROM message m LEFT JOIN message_try t ON t.message_id=m.id
 WHERE m.state='queued' AND coalesce(t.next_at,0)<=? ORDER BY m.created_at, m.id LIMIT ?`, k.gate.Now().UnixMicro(), batch)
	if err != nil {
		return nil, fmt.Errorf("queued messages: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var q queued
		if err := rows.Scan(&q.id, &q.tries, &q.nextAt, &q.takenAt); err != nil {
			return nil, err
		}
		out = append(out, q)
	}
	return out, rows.Err()
}

// take notes that a try begins, before it does.
func (k *Desk) take(ctx context.Context, q queued) error {
	now := k.gate.Now()
	return k.gate.Touch(ctx, `INSERT INTO message_try(message_id,tries,next_at,taken_at) VALUES(?,?,?,?)
 ON CONFLICT(message_id) DO UPDATE SET tries=excluded.tries, next_at=excluded.next_at, taken_at=excluded.taken_at`, q.id, q.tries+1, now.Add(wait(q.tries)).UnixMicro(), now.UnixMicro())
}

// again notes that a try failed and when the next one is.
func (k *Desk) again(ctx context.Context, q queued, why error) error {
	return k.gate.Touch(ctx, "UPDATE message_try SET taken_at=NULL, error=? WHERE message_id=?", why.Error(), q.id)
}

var system = policy.Actor{ID: "system", Kind: policy.System, Name: "系统"}

// end records what became of a message; nothing when another process was first.
func (k *Desk) end(ctx context.Context, id, action string, change func(m *Message)) error {
	_, err := k.gate.Do(ctx, gate.Act{Actor: system, Action: action, Rules: []rule.ID{"29.8"}}, func(tx *gate.Tx) error {
		m, err := store.Get[Message](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id)
		if err != nil {
			return err
		}
		d, err := dossierOf(ctx, tx, m)
		if err != nil {
			return err
		}
		if err := tx.Permit(m.Resource(d)); err != nil {
			return err
		}
		if m.State != Queued {
			return errOver
		}
		change(&m)
		m.EndedAt = tx.Now()
		return tx.Update(&m)
	})
	if errors.Is(err, errOver) {
		return nil
	}
	return err
}

var errOver = errors.New("the message is queued no more")

// ahead is how many days before its end a supplement is reminded of.
const ahead = 7

// Remind tells the person that a term comes near, once for all that is owed by that day: the
// timer. What was asked of a unit or of the agency's own staff (14b) is not the person's to
// bring; who is told nothing (dead, a class on the dossier, no wish to be written to) is not
// gone through anew each time.
func (k *Desk) Remind(ctx context.Context) error {
	rows, err := k.gate.DB().Query(ctx, `SELECT min(s.id), s.dossier_id, s.due_on FROM supplement s JOIN dossier d ON d.id=s.dossier_id
 WHERE s.state='open' AND s.due_on>=? AND s.due_on<=? AND d.state<>'left' AND d.secrecy=0
 AND NOT EXISTS (SELECT 1 FROM collection c WHERE s.case_ref='Collection:'||c.id AND c.target<>'person')
 AND NOT EXISTS (SELECT 1 FROM message_contact w WHERE w.person_id=d.person_id AND w.way='none')
 AND NOT EXISTS (SELECT 1 FROM death x WHERE x.dossier_id=d.id AND x.state IN ('kept','retained','listed','sent','handed'))
 AND NOT EXISTS (SELECT 1 FROM message m JOIN supplement r ON m.case_ref='Supplement:'||r.id WHERE m.dossier_id=s.dossier_id AND m.template='supplement' AND r.due_on=s.due_on)
 GROUP BY s.dossier_id, s.due_on ORDER BY s.due_on, min(s.id) LIMIT 500`,
		k.gate.Today().String(), k.gate.Today().AddDays(ahead).String())
	if err != nil {
		return fmt.Errorf("supplements to remind of: %w", err)
	}
	defer rows.Close()
	var list [][3]string
	for rows.Next() {
		var s [3]string
		if err := rows.Scan(&s[0], &s[1], &s[2]); err != nil {
			return err
		}
		list = append(list, s)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, s := range list {
		_, err := k.gate.Do(ctx, gate.Act{Actor: system, Action: "message.remind", On: "Supplement:" + s[0], Rules: []rule.ID{"20.4b"}}, func(tx *gate.Tx) error {
			d, err := dossier.Load(tx, s[1])
			if err != nil {
				return err
			}
			tx.Note("due", s[2])
			return tx.Permit(d.Resource())
		})
		if err != nil {
			return err
		}
	}
	return nil
}
