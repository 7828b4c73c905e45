package dossier

import (
	"context"

	"dangan/internal/gate"
	"dangan/internal/policy"
)

// Bound is a case that binds one dossier, such as a consultation or a certificate. One that
// comes from outside binds none yet.
type Bound interface {
	// Binds names the dossier and the version of the case.
	Binds() (dossierID string, version int64)
	// Resource is the case as the policies see it.
	Resource(d Dossier) policy.Resource
}

// On performs one act on a case: it and its dossier are loaded and locked, the
// policies asked, the version the caller saw expected; fn does the act and saves.
func On[C Bound](ctx context.Context, g *gate.Gate, act gate.Act, load func(tx *gate.Tx) (C, error), fn func(tx *gate.Tx, c *C, d *Dossier) error) (c C, err error) {
	_, err = g.Do(ctx, act, func(tx *gate.Tx) error {
		if c, err = load(tx); err != nil {
			return err
		}
		dossierID, version := c.Binds()
		var d Dossier
		if dossierID != "" {
			if d, err = Load(tx, dossierID); err != nil {
				return err
			}
		}
		if err := tx.Permit(c.Resource(d)); err != nil {
			return err
		}
		if err := tx.Expect(version); err != nil {
			return err
		}
		if d.ID != "" {
			tx.About("Dossier", d.ID)
		}
		return fn(tx, &c, &d)
	})
	return c, err
}
