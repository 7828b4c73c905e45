package access

import (
	"context"
	"encoding/json"
	"errors"

	"dangan/internal/custody"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Lapse ends a case whose term passed.
func (k *Desk) lapse(ctx context.Context, id string) error {
	_, err := k.act(ctx, system, "consultation.lapse", []rule.ID{"21.4"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := c.Lapse(tx.Now()); err != nil {
			return err
		}
		return custody.Finish(tx, d, c.Ref())
	})
	return err
}

// Sweep ends every session whose time is over and every case whose term passed:
// a server that stood still catches up here.
func (k *Desk) Sweep(ctx context.Context) error {
	var errs []error
	over, err := store.List[Session](ctx, k.gate.DB(), "WHERE ended_at IS NULL AND ends_at<=? ORDER BY ends_at LIMIT 500", k.gate.Now())
	if err != nil {
		return err
	}
	for _, s := range over {
		errs = append(errs, k.closeOver(ctx, s.ID))
	}
	today := k.gate.Today().String()
	lapsed, err := store.List[Case](ctx, k.gate.DB(), "WHERE (state=? AND valid_until<?) OR (state=? AND told_due<?) ORDER BY id LIMIT 500", string(Ready), today, string(Incomplete), today)
	if err != nil {
		return err
	}
	for _, c := range lapsed {
		errs = append(errs, k.lapse(ctx, c.ID))
	}
	return errors.Join(errs...)
}

// HandleClose is the job at a session's end.
func (k *Desk) HandleClose(ctx context.Context, payload []byte) error {
	var p struct{ Session string }
	if err := json.Unmarshal(payload, &p); err != nil {
		return err
	}
	return k.closeOver(ctx, p.Session)
}

// catchUp closes a session whose time is over before anything is done with it.
func (k *Desk) catchUp(ctx context.Context, caseID string) error {
	s, err := SessionOf(ctx, k.gate.DB(), caseID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	if s.Over(k.gate.Now()) {
		return k.closeOver(ctx, s.ID)
	}
	return nil
}

// closeOver ends a session at its time. Doing it twice does nothing.
func (k *Desk) closeOver(ctx context.Context, sessionID string) error {
	s, err := store.Get[Session](ctx, k.gate.DB(), "WHERE id=?", sessionID)
	if err != nil {
		return err
	}
	if !s.Over(k.gate.Now()) {
		return nil
	}
	// The readers' request is no repetition of this act, whatever key it carries.
	_, err = k.on(gate.WithRequest(ctx, gate.Request{Via: "job"}), system, "reading.close", []rule.ID{"21.4"}, s.CaseID, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		s, err := store.Get[Session](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), sessionID)
		if err != nil || !s.Over(tx.Now()) {
			return err
		}
		// What ended it is the clock, at its time, however late that was noticed.
		if err := k.finish(tx, &s, c, d, s.EndsAt, EndedByTime); err != nil {
			return err
		}
		return tx.Update(&s)
	})
	return err
}
