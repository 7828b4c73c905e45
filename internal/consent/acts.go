package consent

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"dangan/internal/agency"
	"dangan/internal/gate"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/portal"
	"dangan/internal/rule"
	"dangan/internal/statement"
	"dangan/internal/store"
)

// Desk is the room's door.
type Desk struct {
	gate     *gate.Gate
	agencies *agency.Registry
	keys     portal.Keys
}

// New opens the room.
func New(g *gate.Gate, agencies *agency.Registry, keys portal.Keys) *Desk {
	return &Desk{gate: g, agencies: agencies, keys: keys}
}

var rules = []rule.ID{"N2", "29.3"}

// newKey draws a requester's key and its digest; the key itself is kept nowhere.
func newKey() (key string, digest []byte, err error) {
	raw := make([]byte, 32)
	if _, err := rand.Read(raw); err != nil {
		return "", nil, err
	}
	key = base64.RawURLEncoding.EncodeToString(raw)
	return key, digestOf(key), nil
}

func digestOf(key string) []byte {
	sum := sha256.Sum256([]byte(key))
	return sum[:]
}

// top says whether an agency is the province's own authority.
func (k *Desk) top(ctx context.Context, q store.Querier, code string) (bool, error) {
	a, err := agency.Get(ctx, q, code)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return a.Kind == agency.Province, err
}

// Register takes down a requester and gives the key, this once. It opens nothing before
// another person has confirmed the registration.
func (k *Desk) Register(ctx context.Context, by policy.Actor, d Draft) (r Requester, key string, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActRegister, Rules: rules}, func(tx *gate.Tx) error {
		r = Requester{ID: gate.NewID(), Version: 1, Agency: by.Org}
		top, err := k.top(ctx, tx, by.Org)
		if err != nil {
			return err
		}
		if err := tx.Permit(r.resource(top)); err != nil {
			return err
		}
		if err := d.check(tx.Today()); err != nil {
			return err
		}
		n, err := store.Count(ctx, tx, "SELECT count(*) FROM requester WHERE uscc=? AND ended_by IS NULL", d.USCC)
		if err != nil {
			return err
		}
		if n > 0 {
			return rule.Refuse(reason("N2", "requester_twice", "uscc", "这个单位已经登记过。", "密钥丢失的，请换发密钥；到期续用的，先停用原来的再登记。"))
		}
		if key, r.KeyDigest, err = newKey(); err != nil {
			return err
		}
		r.Name, r.USCC, r.Basis, r.ValidUntil, r.RegisteredBy, r.RegisteredAt = d.Name, d.USCC, d.Basis, d.Until, by.ID, tx.Now()
		return tx.Insert(r)
	})
	if errors.Is(err, store.ErrUnique) { // two registered the same at once
		err = rule.Refuse(reason("N2", "requester_twice", "uscc", "这个单位已经登记过。", "请刷新后查看。"))
	}
	return r, key, err
}

func (k *Desk) onRequester(ctx context.Context, by policy.Actor, action, id string, fn func(tx *gate.Tx, r *Requester) error) (r Requester, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: action, Rules: rules, On: "Requester:" + id}, func(tx *gate.Tx) error {
		if r, err = store.Get[Requester](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
			return err
		}
		top, err := k.top(ctx, tx, r.Agency)
		if err != nil {
			return err
		}
		if err := tx.Permit(r.resource(top)); err != nil {
			return err
		}
		if err := tx.Expect(r.Version); err != nil {
			return err
		}
		if err := fn(tx, &r); err != nil {
			return err
		}
		return tx.Update(&r)
	})
	return r, err
}

// Confirm puts a requester's key in force; another person has compared its papers.
func (k *Desk) Confirm(ctx context.Context, by policy.Actor, id string) (Requester, error) {
	return k.onRequester(ctx, by, ActConfirm, id, func(tx *gate.Tx, r *Requester) error { return r.confirm(by.ID, tx.Now()) })
}

// Renew draws a new key for one that was lost: the old one ends at once, and the new one waits
// for another person as the first did.
func (k *Desk) Renew(ctx context.Context, by policy.Actor, id string) (r Requester, key string, err error) {
	r, err = k.onRequester(ctx, by, ActRenew, id, func(tx *gate.Tx, r *Requester) error {
		if r.EndedBy != "" {
			return r.over()
		}
		// Who renews takes the registration over as its first person: only where two already stood for it.
		if r.ConfirmedBy == "" {
			return rule.Refuse(reason("N2", "renew_unconfirmed", "", "核验单位的登记还没有经第二人核对，不能换发密钥。", "请先由另一名人员核对；密钥没有送达的，终止后重新登记。"))
		}
		if key, r.KeyDigest, err = newKey(); err != nil {
			return err
		}
		r.RegisteredBy, r.ConfirmedBy, r.ConfirmedAt = by.ID, "", time.Time{}
		return nil
	})
	return r, key, err
}

// End takes a requester's key away. Its consents give no more answers.
func (k *Desk) End(ctx context.Context, by policy.Actor, id, why string) (Requester, error) {
	return k.onRequester(ctx, by, ActEnd, id, func(tx *gate.Tx, r *Requester) error { return r.end(by.ID, why, tx.Now()) })
}

// Ask puts a requester's questions before the person a number names. Nobody looks whether the
// person is known here: the answer is the same whoever it is.
func (k *Desk) Ask(ctx context.Context, by policy.Actor, f Form) (v View, err error) {
	tree, err := k.agencies.Tree(ctx)
	if err != nil {
		return v, err
	}
	keeps := func(code string) bool {
		a, there := tree.Get(code)
		return there && a.Keeps()
	}
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActAsk, Rules: rules}, func(tx *gate.Tx) error {
		c := Consent{ID: gate.NewID(), Version: 1, RequesterID: by.ID, State: Asked, AskedAt: tx.Now(), AskUntil: tx.Today().AddDays(askDays).String()}
		if err := tx.Permit(c.resource()); err != nil {
			return err
		}
		// Two requests of one requester wait for each other here: the limits count rows.
		r, err := store.Get[Requester](ctx, tx, "WHERE id=?"+tx.ForUpdate(), by.ID)
		if err != nil {
			return err
		}
		if refused := r.Lapsed(tx.Today()); refused != nil {
			return refused
		}
		if err := f.check(tx.Today(), keeps); err != nil {
			return err
		}
		c.Agency, c.Subject = r.Agency, portal.ActorID(k.keys, portal.Identity{Kind: policy.Citizen, IDNo: f.IDNo})
		c.Ref, c.Purpose, c.Matter, c.Days = f.Ref, f.Purpose, f.Matter, f.Days
		if err := k.room(tx, c); err != nil {
			return err
		}
		n, err := tx.Number(fmt.Sprintf("%s/同意核验/%d", c.Agency, tx.Today().Year()))
		if err != nil {
			return err
		}
		c.No = fmt.Sprintf("HY-%s-%d-%06d", c.Agency, tx.Today().Year(), n)
		if err := tx.Insert(c); err != nil {
			return err
		}
		v = View{Consent: c, Requester: r}
		for i, a := range f.Questions {
			q := Question{ID: gate.NewID(), Version: 1, ConsentID: c.ID, No: int64(i + 1), Kind: a.Kind, Value: a.Value}
			if err := tx.Insert(q); err != nil {
				return err
			}
			v.Questions = append(v.Questions, q)
		}
		return nil
	})
	return v, err
}

// declinedRest is for how many days a person who said no, or took the consent back,
// maxDeclined times is not asked again by the same requester.
const (
	declinedRest = 30
	maxDeclined  = 3
)

var askOpen = reason("N2", "ask_open", "idNo", "贵单位对同一人的请求还在等本人决定，或者本人近期多次没有同意。", "请等本人决定或者请求过期；本人多次没有同意的，30天后才能再提出。")

// room refuses what would flood persons with requests.
func (k *Desk) room(tx *gate.Tx, c Consent) error {
	ctx := tx.Context()
	n, err := store.Count(ctx, tx, "SELECT count(*) FROM consent WHERE requester_id=? AND subject=? AND state='asked' AND ask_until>=?", c.RequesterID, c.Subject, tx.Today().String())
	if err != nil {
		return err
	}
	if n > 0 {
		return rule.Refuse(askOpen)
	}
	// Whoever said no again and again is left in peace; the words are the same, so that none is told from the other.
	since := tx.Today().AddDays(-declinedRest).Moment()
	if n, err = store.Count(ctx, tx, "SELECT count(*) FROM consent WHERE requester_id=? AND subject=? AND state IN ('declined','revoked') AND asked_at>=?", c.RequesterID, c.Subject, since); err != nil {
		return err
	}
	if n >= maxDeclined {
		return rule.Refuse(askOpen)
	}
	if n, err = store.Count(ctx, tx, "SELECT count(*) FROM consent WHERE requester_id=? AND asked_at>=?", c.RequesterID, tx.Today().Moment()); err != nil {
		return err
	}
	if n >= maxAsks {
		return rule.Refuse(reason("N2", "ask_limit", "", fmt.Sprintf("今天已经提出%d件请求，达到每日上限。", n), "请明天再提出；确有需要的，请联系主管部门。"))
	}
	return nil
}

// onOwn does an act of the signed-in person on a consent that names them. The person's row is
// locked first, so that two consents of one person, wherever they are given, wait for each
// other: the budget counts rows.
func (k *Desk) onOwn(ctx context.Context, by policy.Actor, action, id string, fn func(tx *gate.Tx, c *Consent) error) (v View, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: action, Rules: rules, On: "Consent:" + id}, func(tx *gate.Tx) error {
		if _, err := store.Get[portal.Actor](ctx, tx, "WHERE id=?"+tx.ForUpdate(), by.ID); err != nil {
			return err
		}
		c, err := store.Get[Consent](ctx, tx, "WHERE id=? AND subject=?"+tx.ForUpdate(), id, by.ID)
		if err != nil {
			return err
		}
		if err := tx.Permit(c.resource()); err != nil {
			return err
		}
		if err := tx.Expect(c.Version); err != nil {
			return err
		}
		tx.About("Requester", c.RequesterID)
		if err := fn(tx, &c); err != nil {
			return err
		}
		if err := tx.Update(&c); err != nil {
			return err
		}
		v, err = viewOf(ctx, tx, c)
		return err
	})
	return v, err
}

// Grant is the person's consent to what was asked, for as many days at most; 0 is what was
// asked for.
func (k *Desk) Grant(ctx context.Context, by policy.Actor, id string, days int64, signedIn time.Time) (View, error) {
	return k.onOwn(ctx, by, ActGrant, id, func(tx *gate.Tx, c *Consent) error {
		r, err := store.Get[Requester](ctx, tx, "WHERE id=?", c.RequesterID)
		if err != nil {
			return err
		}
		if refused := r.Lapsed(tx.Today()); refused != nil {
			return rule.Refuse(reason("N2", "requester_out", "", "提出请求的单位现在没有核验权限。", "请不要同意；有疑问的，请联系存档机构。"))
		}
		if err := c.grant(days, signedIn, tx.Now()); err != nil {
			return err
		}
		asked, err := questionsOf(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		before, err := compared(ctx, tx, c.Subject, tx.Now())
		if err != nil {
			return err
		}
		return spent(before, asked)
	})
}

// Decline is the person's no; nothing was told and nothing will be.
func (k *Desk) Decline(ctx context.Context, by policy.Actor, id string) (View, error) {
	return k.onOwn(ctx, by, ActDecline, id, func(tx *gate.Tx, c *Consent) error { return c.decline(tx.Now()) })
}

// Revoke ends a consent: from this act on it answers nothing, not even what it answered before.
func (k *Desk) Revoke(ctx context.Context, by policy.Actor, id string) (View, error) {
	return k.onOwn(ctx, by, ActRevoke, id, func(tx *gate.Tx, c *Consent) error { return c.revoke(tx.Now()) })
}

// Answer gives a requester the answers to a consent in force. They are made once: whoever asks
// again gets the same rows, whatever the dossier has become.
func (k *Desk) Answer(ctx context.Context, by policy.Actor, id string) (v View, err error) {
	tree, err := k.agencies.Tree(ctx)
	if err != nil {
		return v, err
	}
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActAnswer, Rules: rules, On: "Consent:" + id}, func(tx *gate.Tx) error {
		c, err := store.Get[Consent](ctx, tx, "WHERE id=? AND requester_id=?"+tx.ForUpdate(), id, by.ID)
		if err != nil {
			return err
		}
		if err := tx.Permit(c.resource()); err != nil {
			return err
		}
		if err := c.standing(tx.Today(), Granted); err != nil {
			return err
		}
		tx.About("Requester", by.ID)
		if c.EntryID == "" {
			if err := k.answer(tx, &c, tree.Now); err != nil {
				return err
			}
		} else {
			tx.Note("answers", 0)
		}
		v, err = viewOf(ctx, tx, c)
		return err
	})
	return v, err
}

// answer makes the answers of a consent.
func (k *Desk) answer(tx *gate.Tx, c *Consent, now func(string) string) error {
	ctx := tx.Context()
	asked, err := questionsOf(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	record, open, err := k.record(ctx, tx, c.Subject)
	if err != nil {
		return err
	}
	for _, q := range asked {
		outcome := answer(record, q.Kind, q.Value, now)
		if !open { // computed all the same: the way is as long as for one that answers
			outcome = NotRecorded
		}
		if err := tx.Insert(Answer{ID: gate.NewID(), Version: 1, QuestionID: q.ID, ConsentID: c.ID, RequesterID: c.RequesterID, Agency: c.Agency, Subject: c.Subject,
			Kind: q.Kind, Value: q.Value, Outcome: outcome, EntryID: tx.EntryID(), AnsweredAt: tx.Now()}); err != nil {
			return err
		}
	}
	tx.Note("answers", len(asked))
	c.EntryID, c.AnsweredAt = tx.EntryID(), tx.Now()
	return tx.Update(c)
}

// record reads what is recorded of a consent's person. open is false where nothing is told: there
// is no dossier here, or more than one, it has a class, or its person died. The same is read in
// every case, of a dossier that is not there if there is none.
func (k *Desk) record(ctx context.Context, q store.Querier, subject string) (r statement.Record, open bool, err error) {
	a, err := store.Get[portal.Actor](ctx, q, "WHERE id=?", subject)
	if err != nil {
		return r, false, err
	}
	p, err := person.ByIDNo(ctx, q, k.keys, a.IDNo)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return r, false, err
	}
	d, one, err := dossierOf(ctx, q, p.ID)
	if err != nil {
		return r, false, err
	}
	if r, err = statement.Read(ctx, q, d, statement.Facts); err != nil {
		return r, false, err
	}
	dead, err := died(ctx, q, d.ID)
	return r, one && !dead && d.Secrecy == 0 && d.OwnSecrecy == 0, err
}
