package custody

import (
	"context"
	"strings"

	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
)

// Follower is what a room does inside the keeper's own act, so that a case and
// its packet never disagree. Either may be nil.
type Follower struct {
	Pulled  func(tx *gate.Tx, d *dossier.Dossier, caseRef string) error
	Shelved func(tx *gate.Tx, d *dossier.Dossier, caseRef string) error
}

// Desk is the room's door.
type Desk struct {
	gate      *gate.Gate
	followers map[string]Follower

	// Guard says who may put a packet on a shelf or take it off (21b); secrecy, which
	// stands on this room, gives it when the instance is put together.
	Guard func(tx *gate.Tx, d dossier.Dossier, shelfmark string, onto bool) error
}

// New opens the room.
func New(g *gate.Gate) *Desk { return &Desk{gate: g, followers: map[string]Follower{}} }

// Follow registers what a room does when a packet is pulled or shelved for its
// cases, whose references begin with kind and a colon. For the start only.
func (k *Desk) Follow(kind string, f Follower) { k.followers[kind] = f }

func (k *Desk) follower(caseRef string) Follower {
	kind, _, _ := strings.Cut(caseRef, ":")
	return k.followers[kind]
}

// Handling is what a keeper says at a handover. To is a room, empty for the one
// the purpose asks for.
type Handling struct {
	To     string
	Packet string // Intact, Broken or empty
	Note   string
}

// Pull takes the packet from its shelf, by one scan, for every case that asked for
// it in that room; without a room named, in the one that the oldest asks for. A
// packet that is out for another case is handed on. Cases that need it in another
// room go on waiting.
func (k *Desk) Pull(ctx context.Context, by policy.Actor, dossierID string, h Handling) (gate.Receipt, error) {
	return k.gate.Do(ctx, gate.Act{Actor: by, Action: "custody.pull", Rules: []rule.ID{"16b"}}, func(tx *gate.Tx) error {
		d, open, err := load(tx, dossierID)
		if err != nil {
			return err
		}
		if err := CheckPull(d, open, h.To); err != nil {
			return err
		}
		if d.Place == dossier.PlaceStore {
			if err := k.guarded(tx, d, d.Shelfmark, false); err != nil {
				return err
			}
		}
		first := next(open, h.To)
		to := h.To
		if to == "" {
			to = PlaceFor(first.Purpose)
		}
		kind := Pulled
		if d.Place != dossier.PlaceStore {
			kind = Handed
		}
		if err := move(tx, &d, Event{Kind: kind, ToPlace: to, CaseRef: first.CaseRef, Packet: h.Packet, Note: h.Note}); err != nil {
			return err
		}
		d.State = stateIn(d, to)
		if err := k.serve(tx, &d, open); err != nil {
			return err
		}
		return dossier.Save(tx, &d)
	})
}

func (k *Desk) guarded(tx *gate.Tx, d dossier.Dossier, shelfmark string, onto bool) error {
	if k.Guard == nil {
		return nil
	}
	return k.Guard(tx, d, shelfmark, onto)
}

// serve tells the cases that asked for the packet in the room where it now is; those
// that work with it keep it wherever it goes.
func (k *Desk) serve(tx *gate.Tx, d *dossier.Dossier, open []Request) error {
	for i := range open {
		r := &open[i]
		asked := r.State == Asked && serves(r.Purpose, d.Place)
		if !asked && r.State != Out && r.State != Back {
			continue
		}
		r.Place = d.Place
		if asked {
			r.State, r.PulledBy, r.PulledAt = Out, tx.Actor().ID, tx.Now()
		}
		if err := tx.Update(r); err != nil {
			return err
		}
		if f := k.follower(r.CaseRef); asked && f.Pulled != nil {
			if err := f.Pulled(tx, d, r.CaseRef); err != nil {
				return err
			}
		}
	}
	return nil
}

// stateIn is a dossier's state once its packet is in a room. One that is leaving
// stays so.
func stateIn(d dossier.Dossier, place string) dossier.State {
	switch {
	case d.State == dossier.Leaving:
		return d.State
	case place == dossier.PlaceReading:
		return dossier.Reading
	}
	return dossier.Arranging
}

// Handover passes the packet from one room to another; a case that waited for it
// there can begin.
func (k *Desk) Handover(ctx context.Context, by policy.Actor, dossierID string, h Handling) (gate.Receipt, error) {
	return k.gate.Do(ctx, gate.Act{Actor: by, Action: "custody.handover", Rules: []rule.ID{"16b"}}, func(tx *gate.Tx) error {
		d, open, err := load(tx, dossierID)
		if err != nil {
			return err
		}
		if err := CheckHandover(d, h.To); err != nil {
			return err
		}
		caseRef := ""
		for i := range open {
			if r := &open[i]; r.State == Out || r.State == Back || r.State == Asked && serves(r.Purpose, h.To) {
				caseRef = r.CaseRef
			}
		}
		if err := move(tx, &d, Event{Kind: Handed, ToPlace: h.To, CaseRef: caseRef, Packet: h.Packet, Note: h.Note}); err != nil {
			return err
		}
		d.State = stateIn(d, h.To)
		if err := k.serve(tx, &d, open); err != nil {
			return err
		}
		return dossier.Save(tx, &d)
	})
}

// Shelf says where a packet is put.
type Shelf struct {
	Room      string // empty: the store
	Shelfmark string // empty: the present one
	Packet    string
	Note      string
}

// PutBack shelves the packet; every case that was done with it is told.
func (k *Desk) PutBack(ctx context.Context, by policy.Actor, dossierID string, s Shelf) (gate.Receipt, error) {
	s.Shelfmark = strings.ToUpper(strings.TrimSpace(s.Shelfmark))
	return k.gate.Do(ctx, gate.Act{Actor: by, Action: "custody.put_back", Rules: []rule.ID{"16b"}}, func(tx *gate.Tx) error {
		d, open, err := load(tx, dossierID)
		if err != nil {
			return err
		}
		if err := CheckPutBack(d, open, s.Room, s.Shelfmark); err != nil {
			return err
		}
		if s.Shelfmark != "" {
			d.Shelfmark = s.Shelfmark
		}
		if err := k.guarded(tx, d, d.Shelfmark, true); err != nil {
			return err
		}
		caseRef := ""
		for _, r := range open {
			if r.State == Back {
				caseRef = r.CaseRef
			}
		}
		if err := move(tx, &d, Event{Kind: Shelved, ToPlace: dossier.PlaceStore, CaseRef: caseRef, Packet: s.Packet, Note: s.Note}); err != nil {
			return err
		}
		d.State = dossier.InStore
		for i := range open {
			r := &open[i]
			if r.State != Back {
				continue
			}
			if err := closeRequest(tx, r); err != nil {
				return err
			}
			if f := k.follower(r.CaseRef); f.Shelved != nil {
				if err := f.Shelved(tx, &d, r.CaseRef); err != nil {
					return err
				}
			}
		}
		return dossier.Save(tx, &d)
	})
}
