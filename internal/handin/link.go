package handin

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"strings"

	"dangan/internal/account"
	"dangan/internal/blob"
	"dangan/internal/collect"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/message"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Keys computes what the database can't.
type Keys interface {
	Index(purpose, value string) []byte
}

// Desk is the room's door.
type Desk struct {
	gate        *gate.Gate
	keys        Keys
	blobs       blob.Store
	dossiers    *dossier.Desk
	collections *collect.Desk
	messages    *message.Desk

	// TellUnit tells the authorized worker of a unit that has an account at an agency.
	TellUnit func(tx *gate.Tx, code string, u account.Unit, template, matter, caseRef string) error

	public  string // address of the system for persons
	staging string // folder where files lie while they come in
}

// Config is what the room is opened with.
type Config struct {
	Gate        *gate.Gate
	Keys        Keys
	Blobs       blob.Store
	Dossiers    *dossier.Desk
	Collections *collect.Desk
	Messages    *message.Desk
	Public      string
	Staging     string
}

// New opens the room.
func New(c Config) *Desk {
	return &Desk{gate: c.Gate, keys: c.Keys, blobs: c.Blobs, dossiers: c.Dossiers, collections: c.Collections, messages: c.Messages, public: strings.TrimSuffix(c.Public, "/"), staging: c.Staging}
}

var rules = []rule.ID{"14a", "14b"}

// public is who holds a link: nobody that the system knows.
var public = policy.Actor{ID: "public", Kind: policy.Public}

// token is the secret of a link: 160 bits under a key that the database does not hold, from
// 128 random bits that it does. So it is kept nowhere, and can be written into the message
// when the message goes out, however late.
func (k *Desk) token(l Link) string {
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(k.keys.Index("hand-in link", l.ID+" "+l.Salt)[:20]))
}

// issue writes a new link for a request inside an act; the one before it ends.
func (k *Desk) issue(tx *gate.Tx, r collect.Request, again string) (Link, error) {
	before, err := store.List[Link](tx.Context(), tx, "WHERE collection_id=? AND state='open' ORDER BY id"+tx.ForUpdate(), r.ID)
	if err != nil {
		return Link{}, err
	}
	for _, l := range before {
		l.State = Ended
		if err := tx.Update(&l); err != nil {
			return Link{}, err
		}
	}
	salt := make([]byte, 16)
	if _, err := rand.Read(salt); err != nil {
		return Link{}, err
	}
	l := Link{ID: gate.NewID(), Version: 1, Agency: r.Agency, CollectionID: r.ID, DossierID: r.DossierID, Again: again, Salt: hex.EncodeToString(salt), SentBy: tx.Actor().ID, SentAt: tx.Now(), UntilOn: tx.Today().AddDays(linkDays).String(), State: Open}
	l.Digest = digest(k.token(l))
	tx.About("HandInLink", l.ID)
	tx.Note("due", l.UntilOn)
	return l, tx.Insert(l)
}

// request loads a request for an act: its dossier first, as every act locks them.
func request(tx *gate.Tx, id string) (r collect.Request, items []collect.Item, d dossier.Dossier, err error) {
	if r, _, err = collect.Find(tx.Context(), tx, id); err != nil {
		return r, nil, d, err
	}
	if d, err = dossier.Load(tx, r.DossierID); err != nil {
		return r, nil, d, err
	}
	r, items, err = collect.Find(tx.Context(), tx, id)
	return r, items, d, err
}

// Send sends the person of a request a link: the message is written in the same act.
func (k *Desk) Send(ctx context.Context, by policy.Actor, collectionID string) (l Link, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActLink, Rules: rules, On: "Collection:" + collectionID}, func(tx *gate.Tx) error {
		r, items, d, err := request(tx, collectionID)
		if err != nil {
			return err
		}
		tx.About("Dossier", d.ID)
		tx.About("Collection", r.ID)
		if err := tx.Permit(r.Resource(d)); err != nil {
			return err
		}
		reachable, err := k.messages.Reachable(ctx, tx, d)
		if err != nil {
			return err
		}
		if err := may(r, items, d, reachable, k.public); err != nil {
			return err
		}
		l, err = k.issue(tx, r, "")
		return err
	})
	return l, err
}

// Address is the address of the link that a message of a case carries; store.ErrNotFound when
// it can be used no more.
func (k *Desk) Address(ctx context.Context, caseRef string) (string, error) {
	kind, id, _ := strings.Cut(caseRef, ":")
	where := map[string]string{"Collection": "WHERE collection_id=? AND again IS NULL", "HandIn": "WHERE again=?"}[kind]
	if where == "" {
		return "", store.ErrNotFound
	}
	l, err := store.Get[Link](ctx, k.gate.DB(), where+" ORDER BY id DESC LIMIT 1", id)
	if err != nil {
		return "", err
	}
	if l, _, _, err = k.find(ctx, k.gate.DB(), l.Digest); err != nil {
		return "", err
	}
	return k.public + "/hand-in#" + k.token(l), nil
}

// find is a link that can be used now, with its request and what that still asks for:
// store.ErrNotFound for one that is unknown, used, ended, over its date, or whose request is
// over, all alike.
func (k *Desk) find(ctx context.Context, q store.Querier, digest string) (Link, collect.Request, []collect.Item, error) {
	l, err := store.Get[Link](ctx, q, "WHERE digest=?", digest)
	if err != nil {
		return l, collect.Request{}, nil, err
	}
	r, items, err := collect.Find(ctx, q, l.CollectionID)
	if err != nil {
		return l, r, nil, fmt.Errorf("request of a link: %w", err)
	}
	if items = owed(items); l.State != Open || l.UntilOn < k.gate.Today().String() || r.EndedOn != "" || len(items) == 0 {
		return l, r, nil, store.ErrNotFound
	}
	return l, r, items, nil
}

// Page is all that a link shows: who asks, what kinds of material, until when; nobody's name
// and nothing of a dossier. Of one that was used, the page that used it learns when.
type Page struct {
	Agency string
	Until  string
	Kinds  []string
	Why    Why // of a submission before that was returned
	Sent   *HandIn
}

// Open is what the page behind a link shows.
func (k *Desk) Open(ctx context.Context, token, session string) (p Page, err error) {
	l, r, items, err := k.find(ctx, k.gate.DB(), digest(token))
	if l.ID == "" || err != nil {
		if sent, mine := k.own(ctx, l, session); mine {
			return Page{Agency: sent.Agency, Sent: &sent}, nil
		}
		return p, err
	}
	p = Page{Agency: r.Agency, Until: l.UntilOn}
	for _, i := range items {
		p.Kinds = append(p.Kinds, kind(i.Title))
	}
	if l.Again == "" {
		return p, nil
	}
	before, err := store.Get[HandIn](ctx, k.gate.DB(), "WHERE id=?", l.Again)
	p.Why, _ = WhyOf(before.Why)
	return p, err
}

// own is the submission that the same page made with this link before: an answer that was
// lost on the way must not look like a link that does not work.
func (k *Desk) own(ctx context.Context, l Link, session string) (HandIn, bool) {
	if l.ID == "" || len(session) < 20 {
		return HandIn{}, false
	}
	h, err := store.Get[HandIn](ctx, k.gate.DB(), "WHERE link_id=? AND session=?", l.ID, digest(session))
	return h, err == nil
}
