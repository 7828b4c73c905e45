package cli

import (
	"errors"
	"fmt"

	"dangan/internal/instance"
	"dangan/internal/ledger"
	"dangan/internal/store"
)

type proveCmd struct {
	Where
	Entry string `arg:"" help:"存证编号（如 1024）、凭证号（CZ-1024-7F2C）或条目标识" placeholder:"ENTRY"`
}

// Run prints the proof of one act: the file that any program can check with the
// log's public key alone.
func (c *proveCmd) Run(e *env) error {
	v, err := instance.OpenVault(e.ctx, instance.Config{Data: c.Data, Database: c.Database})
	if err != nil {
		return err
	}
	defer v.Close()
	proof, err := v.Prove(e.ctx, c.Entry)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return fmt.Errorf("没有存证条目 %s", c.Entry)
	case errors.Is(err, ledger.ErrNotPublished):
		return err
	case err != nil:
		return fmt.Errorf("prove %s: %w", c.Entry, err)
	}
	return e.json(proof)
}
