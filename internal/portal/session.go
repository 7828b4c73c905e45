package portal

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"dangan/internal/account"
	"dangan/internal/collect"
	"dangan/internal/gate"
	"dangan/internal/handin"
	"dangan/internal/intake"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Limits of a session from outside: a counter in a shop or a telephone that lies about.
const (
	idleTimeout     = 30 * time.Minute
	absoluteTimeout = 8 * time.Hour
)

// Keys computes what the database can't.
type Keys interface {
	Index(purpose, value string) []byte
}

// Desk is the room's door.
type Desk struct {
	gate        *gate.Gate
	keys        Keys
	collections *collect.Desk
	handIns     *handin.Desk
	intakes     *intake.Desk
	providers   []Provider
	discovery   *discovery
	withdraw    map[string]Withdrawer
	public      string
	log         *slog.Logger
}

// Withdrawer takes back a case for who applied for it over the net: the act of its own room.
type Withdrawer func(ctx context.Context, by policy.Actor, id string) error

// Config is what the room is opened with.
type Config struct {
	Gate        *gate.Gate
	Keys        Keys
	Collections *collect.Desk
	HandIns     *handin.Desk
	Intakes     *intake.Desk
	Withdraw    map[string]Withdrawer // by the kind of case an application becomes
	Providers   []Provider
	Public      string
	Log         *slog.Logger
}

// New opens the room.
func New(c Config) *Desk {
	return &Desk{gate: c.Gate, keys: c.Keys, collections: c.Collections, handIns: c.HandIns, intakes: c.Intakes, withdraw: c.Withdraw, providers: c.Providers, discovery: newDiscovery(), public: strings.TrimSuffix(c.Public, "/"), log: c.Log}
}

// Visit is a session as it stands at this moment.
type Visit struct {
	Session Session
	Who     Actor
	Actor   policy.Actor
	// Lapsed says why a unit's worker may do nothing at present; nil: may act.
	Lapsed   *rule.Refusal
	Accounts []account.Account // for which a unit's worker may act
}

func digest(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// idOf names an actor by who it is.
func (k *Desk) idOf(who Identity) string { return ActorID(k.keys, who) }

// ActorID is the id somebody from outside has, or will have at the first sign-in: a UUID of
// version 8.
func ActorID(keys Keys, who Identity) string {
	b := keys.Index("outside actor", who.Kind+" "+who.USCC+" "+who.IDNo)[:16]
	b[6], b[8] = b[6]&0x0f|0x80, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// visit says what an actor may do at this moment.
func (k *Desk) visit(ctx context.Context, q store.Querier, a Actor) (v Visit, err error) {
	v = Visit{Who: a, Actor: policy.Actor{ID: a.ID, Kind: a.Kind, Name: a.Name, Org: a.USCC}}
	if a.Kind == policy.Citizen {
		p, err := person.ByIDNo(ctx, q, k.keys, a.IDNo)
		switch {
		case err == nil:
			v.Actor.Persons = []string{p.ID}
		case !errors.Is(err, store.ErrNotFound):
			return v, err
		}
		return v, nil
	}
	v.Actor.Name = a.Unit
	v.Accounts, v.Actor.Workers, err = account.Acting(ctx, q, a.USCC, a.IDNo, k.gate.Today())
	var refused *rule.Refusal
	if errors.As(err, &refused) {
		v.Lapsed = refused
		return v, nil
	}
	for _, x := range v.Accounts {
		v.Actor.Reach = append(v.Actor.Reach, x.Agency)
	}
	slices.Sort(v.Actor.Reach)
	v.Actor.Reach = slices.Compact(v.Actor.Reach)
	return v, err
}

// Enter opens a session for somebody whom a provider named; a unit's worker without an
// authorization is refused, on record.
func (k *Desk) Enter(ctx context.Context, who Identity, address, agent string) (token string, v Visit, err error) {
	for range 2 { // two first sign-ins at once: one finds the other's row
		if token, v, err = k.enter(ctx, who, address, agent); !errors.Is(err, store.ErrUnique) {
			break
		}
	}
	return token, v, err
}

func (k *Desk) enter(ctx context.Context, who Identity, address, agent string) (token string, v Visit, err error) {
	a := Actor{ID: k.idOf(who), Version: 1, Kind: who.Kind, Provider: who.Provider, USCC: who.USCC, Unit: who.Unit, Name: who.Name, IDNo: who.IDNo}
	raw := make([]byte, 32)
	if _, err := rand.Read(raw); err != nil {
		return "", v, err
	}
	token = base64.RawURLEncoding.EncodeToString(raw)
	by := policy.Actor{ID: a.ID, Kind: a.Kind, Name: a.Name, Org: a.USCC}
	_, err = k.gate.Do(gate.WithoutKey(ctx), gate.Act{Actor: by, Action: ActSignIn, Rules: []rule.ID{"29.3"}}, func(tx *gate.Tx) error {
		tx.About("OutsideActor", a.ID)
		tx.Note("provider", who.Provider)
		known, err := store.Get[Actor](ctx, tx, "WHERE id=?"+tx.ForUpdate(), a.ID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		first := err != nil
		if err := tx.Permit(a.resource()); err != nil {
			return err
		}
		if v, err = k.visit(ctx, tx, a); err != nil {
			return err
		}
		if v.Lapsed != nil {
			return v.Lapsed
		}
		switch {
		case first:
			a.FirstAt = tx.Now()
			if err := tx.Insert(a); err != nil {
				return err
			}
		case known.Unit != a.Unit || known.Name != a.Name || known.Provider != a.Provider: // a unit takes another name
			known.Unit, known.Name, known.Provider = a.Unit, a.Name, a.Provider
			if err := tx.Update(&known); err != nil {
				return err
			}
		}
		if err := tx.Exec("DELETE FROM outside_session WHERE actor_id=? AND created_at<?", a.ID, tx.Now().Add(-absoluteTimeout)); err != nil {
			return err
		}
		v.Session = Session{Digest: digest(token), ActorID: a.ID, Provider: who.Provider, CreatedAt: tx.Now(), SeenAt: tx.Now(), Address: address, Agent: agent}
		s := v.Session
		return tx.Exec("INSERT INTO outside_session(digest,actor_id,provider,created_at,seen_at,address,agent) VALUES(?,?,?,?,?,?,?)", s.Digest, s.ActorID, s.Provider, s.CreatedAt, s.SeenAt, s.Address, s.Agent)
	})
	return token, v, err
}

// Resume finds the visit of a cookie; store.ErrNotFound when it is over.
func (k *Desk) Resume(ctx context.Context, token string) (v Visit, err error) {
	s, err := store.Get[Session](ctx, k.gate.DB(), "WHERE digest=?", digest(token))
	if err != nil {
		return v, err
	}
	now := k.gate.Now()
	if now.Sub(s.SeenAt) > idleTimeout || now.Sub(s.CreatedAt) > absoluteTimeout {
		return v, store.ErrNotFound
	}
	a, err := store.Get[Actor](ctx, k.gate.DB(), "WHERE id=?", s.ActorID)
	if err != nil {
		return v, err
	}
	if now.Sub(s.SeenAt) > time.Minute {
		if err := k.gate.Touch(ctx, "UPDATE outside_session SET seen_at=? WHERE digest=?", now, s.Digest); err != nil {
			return v, err
		}
	}
	v, err = k.visit(ctx, k.gate.DB(), a)
	v.Session = s
	return v, err
}

// Leave ends a session.
func (k *Desk) Leave(ctx context.Context, v Visit) error {
	_, err := k.gate.Do(ctx, gate.Act{Actor: v.Actor, Action: ActSignOut, Rules: []rule.ID{"29.3"}}, func(tx *gate.Tx) error {
		tx.About("OutsideActor", v.Who.ID)
		if err := tx.Permit(v.Who.resource()); err != nil {
			return err
		}
		return tx.Exec("DELETE FROM outside_session WHERE digest=?", v.Session.Digest)
	})
	return err
}

// NameOf is the name of somebody from outside, for staff who look at what was sent.
func (k *Desk) NameOf(ctx context.Context, id string) (string, error) {
	a, err := store.Get[Actor](ctx, k.gate.DB(), "WHERE id=?", id)
	return a.Name, err
}

// ProviderName is how a door is called.
func (k *Desk) ProviderName(key string) string {
	p, _ := k.provider(key)
	return p.Name
}
