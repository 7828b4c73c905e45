package custody

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Ask opens a pull request inside an act of the room that needs the packet. A
// case that has an open one already keeps it.
func Ask(tx *gate.Tx, d *dossier.Dossier, caseRef, purpose string) error {
	if _, err := of(tx, d.ID, caseRef); !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if d.State == dossier.Left || d.State == dossier.InTransit {
		return rule.Refuse(rule.Reason{Rule: "16b", Slug: "not_in_house", Message: "档案" + d.State.Name() + "，不在本机构，不能提档。", Next: "请向现保管单位办理。"})
	}
	tx.About("Dossier", d.ID)
	return tx.Insert(Request{ID: gate.NewID(), Version: 1, DossierID: d.ID, Agency: d.Agency, CaseRef: caseRef, Purpose: purpose,
		State: Asked, AskedBy: tx.Actor().ID, AskedAt: tx.Now()})
}

// OutFor says whether the packet is out for a case: pulled, and in the hands of who works on it.
func OutFor(ctx context.Context, q store.Querier, dossierID, caseRef string) (bool, error) {
	open, err := openOf(ctx, q, dossierID, "")
	return slices.ContainsFunc(open, func(r Request) bool { return r.CaseRef == caseRef && r.State == Out }), err
}

// Finish says inside another room's act that a case no longer needs the packet:
// a request not yet answered is closed, a packet that is out waits for its shelf.
func Finish(tx *gate.Tx, d *dossier.Dossier, caseRef string) error {
	r, err := of(tx, d.ID, caseRef)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	switch r.State {
	case Asked:
		return closeRequest(tx, &r)
	case Out:
		r.State, r.FinishedAt = Back, tx.Now()
		return tx.Update(&r)
	}
	return nil
}

// Send records inside an act that the packet leaves the house for a case: its
// request ends and it is on the way. It is refused while another case works with it.
func Send(tx *gate.Tx, d *dossier.Dossier, caseRef, note string) error {
	open, err := openOf(tx.Context(), tx, d.ID, tx.ForUpdate())
	if err != nil {
		return err
	}
	for i := range open {
		r := &open[i]
		if r.CaseRef != caseRef && r.State == Out {
			return rule.Refuse(rule.Reason{Rule: "20.2a", Slug: "reading_in_progress", Message: "“" + PurposeName(r.Purpose) + "”正在使用这份档案。", Next: "该事项办结后即可寄送。"})
		}
		// What others asked for, or are done with, ends with the packet's leaving.
		if err := closeRequest(tx, r); err != nil {
			return err
		}
	}
	return Move(tx, d, Dispatched, dossier.PlaceTransit, caseRef, note)
}

// Lend records inside an act that the packet is handed to somebody outside for a while
// (22). Its agency stays the keeper; the case's request stays open until it is back. It is
// refused while another case works with the packet; those that asked for it wait.
func Lend(tx *gate.Tx, d *dossier.Dossier, caseRef, note string) error {
	open, err := openOf(tx.Context(), tx, d.ID, tx.ForUpdate())
	if err != nil {
		return err
	}
	mine := -1
	for i := range open {
		r := &open[i]
		switch {
		case r.CaseRef == caseRef:
			mine = i
		case r.State == Out:
			return rule.Refuse(rule.Reason{Rule: "22", Slug: "in_use_here", Message: "“" + PurposeName(r.Purpose) + "”正在使用这份档案。", Next: "该事项办结后再交出。"})
		case r.State == Back: // what waits for its shelf goes on waiting with the case that took it on
			if err := closeRequest(tx, r); err != nil {
				return err
			}
		}
	}
	if mine < 0 || open[mine].State != Out {
		return rule.Refuse(rule.Reason{Rule: "16b", Slug: "not_pulled", Message: "档案没有按本事项的提档单提出。", Next: "请库管按提档单提出后再交出。"})
	}
	open[mine].Place = dossier.PlaceOutside
	if err := tx.Update(&open[mine]); err != nil {
		return err
	}
	d.State = dossier.Lent
	return Move(tx, d, Lent, dossier.PlaceOutside, caseRef, note)
}

// Restore records inside an act that a lent packet is back: it lies in the arranging room,
// in the hands of the case that had lent it, until that case is done with it.
func Restore(tx *gate.Tx, d *dossier.Dossier, caseRef, packet, note string) error {
	r, err := of(tx, d.ID, caseRef)
	if err != nil {
		return err
	}
	r.Place = dossier.PlaceArranging
	if err := tx.Update(&r); err != nil {
		return err
	}
	d.State = dossier.Arranging
	return move(tx, d, Event{Kind: Restored, ToPlace: dossier.PlaceArranging, CaseRef: caseRef, Packet: packet, Note: note})
}

// Take records inside an act that d.Agency takes the packet into custody: it lies
// in the arranging room and waits for its shelf.
func Take(tx *gate.Tx, d *dossier.Dossier, caseRef, packet, note string) error {
	if err := move(tx, d, Event{Kind: Taken, ToPlace: dossier.PlaceArranging, CaseRef: caseRef, Packet: packet, Note: note}); err != nil {
		return err
	}
	return tx.Insert(Request{ID: gate.NewID(), Version: 1, DossierID: d.ID, Agency: d.Agency, CaseRef: caseRef, Purpose: ForShelf, State: Back,
		AskedBy: tx.Actor().ID, AskedAt: tx.Now(), Place: dossier.PlaceArranging, FinishedAt: tx.Now()})
}

// Return records inside an act that a packet that had left for a case is in the house
// again, or was rebuilt after it was lost (kind): the case works with it as before.
func Return(tx *gate.Tx, d *dossier.Dossier, caseRef, kind, packet, note string) error {
	if err := move(tx, d, Event{Kind: kind, ToPlace: dossier.PlaceArranging, CaseRef: caseRef, Packet: packet, Note: note}); err != nil {
		return err
	}
	return tx.Insert(Request{ID: gate.NewID(), Version: 1, DossierID: d.ID, Agency: d.Agency, CaseRef: caseRef, Purpose: ForTransfer, State: Out,
		AskedBy: tx.Actor().ID, AskedAt: tx.Now(), PulledBy: tx.Actor().ID, PulledAt: tx.Now(), Place: dossier.PlaceArranging})
}

func closeRequest(tx *gate.Tx, r *Request) error {
	r.State, r.ClosedBy, r.ClosedAt = Closed, tx.Actor().ID, tx.Now()
	return tx.Update(r)
}

func of(tx *gate.Tx, dossierID, caseRef string) (Request, error) {
	return store.Get[Request](tx.Context(), tx, "WHERE dossier_id=? AND case_ref=? AND state<>'closed'"+tx.ForUpdate(), dossierID, caseRef)
}

func openOf(ctx context.Context, q store.Querier, dossierID, lock string) ([]Request, error) {
	return store.List[Request](ctx, q, "WHERE dossier_id=? AND state<>'closed' ORDER BY asked_at, id LIMIT 50"+lock, dossierID)
}

// OpenOf lists the open requests for a dossier, oldest first.
func OpenOf(ctx context.Context, q store.Querier, dossierID string) ([]Request, error) {
	return openOf(ctx, q, dossierID, "")
}

// Chain lists the handovers of a dossier, oldest first.
func Chain(ctx context.Context, q store.Querier, dossierID string) ([]Event, error) {
	return store.List[Event](ctx, q, "WHERE dossier_id=? ORDER BY at, id LIMIT 500", dossierID)
}

// load reads and locks a dossier and its open requests.
func load(tx *gate.Tx, id string) (dossier.Dossier, []Request, error) {
	d, err := dossier.Load(tx, id)
	if err != nil {
		return d, nil, err
	}
	if err := tx.Permit(Resource(d)); err != nil {
		return d, nil, err
	}
	if err := tx.Expect(d.Version); err != nil {
		return d, nil, err
	}
	open, err := openOf(tx.Context(), tx, id, tx.ForUpdate())
	if err != nil {
		return d, nil, fmt.Errorf("requests of dossier: %w", err)
	}
	return d, open, nil
}
