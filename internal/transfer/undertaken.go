package transfer

import (
	"context"

	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/undertaking"
)

// scans names a case's scans of its undertaking.
func (c Case) scans() undertaking.Of { return undertaking.Of{TransferID: c.ID} }

// mayAttach says whether the case has an undertaking that was signed on paper.
func (c Case) mayAttach() error { return undertaking.MayAttach(c.PromisedOn, c.Signing) }

// AttachSigned keeps a scan of the undertaking beside the case.
func (k *Desk) AttachSigned(ctx context.Context, by policy.Actor, id string, content []byte) (Case, error) {
	scan, err := undertaking.Look(content)
	if err != nil {
		return Case{}, err
	}
	c, err := Get(ctx, k.gate.DB(), id)
	if err != nil {
		return c, err
	}
	r, err := resource(ctx, k.gate.DB(), c)
	if err != nil {
		return c, err
	}
	if err := k.gate.Ready(by, "transfer.attach", r); err != nil { // nobody fills the store who may not
		return c, err
	}
	if err := scan.Put(ctx, k.press.Blobs, content); err != nil {
		return c, err
	}
	return k.on(ctx, by, "transfer.attach", []rule.ID{"20.4a"}, id, func(tx *gate.Tx, c *Case, _ *dossier.Dossier) error {
		if err := c.mayAttach(); err != nil {
			return err
		}
		return scan.Attach(tx, c.scans())
	})
}

// LookSigned shows one scan to who may read the case, on record.
func (k *Desk) LookSigned(ctx context.Context, by policy.Actor, id string, no int64) (mime string, content []byte, err error) {
	var f undertaking.File
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: "transfer.read", Rules: []rule.ID{"29.3"}, On: "Transfer:" + id}, func(tx *gate.Tx) error {
		c, err := Get(ctx, tx, id)
		if err != nil {
			return err
		}
		r, err := resource(ctx, tx, c)
		if err != nil {
			return err
		}
		if err := tx.Permit(r); err != nil {
			return err
		}
		tx.Note("file", no)
		f, err = undertaking.FileOf(ctx, tx, c.scans(), no)
		return err
	})
	if err != nil {
		return "", nil, err
	}
	return f.Show(ctx, k.press.Blobs)
}
