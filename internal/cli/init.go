package cli

import (
	"fmt"

	"dangan/internal/founding"
	"dangan/internal/instance"
)

type initCmd struct {
	Where
	JSON bool `help:"输出 JSON"`
}

// Run makes the keys, province, center and the three administrators of a real province.
func (c *initCmd) Run(e *env) error {
	if instance.Exists(c.Data) {
		return fmt.Errorf("%s 中已经建立系统，没有改动", c.Data)
	}
	in, err := instance.Create(e.ctx, instance.Config{Data: c.Data, Database: c.Database, Version: e.version, Log: e.log}, founding.Province)
	if err != nil {
		return err
	}
	defer in.Close()
	accounts, err := founding.Found(e.ctx, in, founding.Options{Districts: []string{}})
	if err != nil {
		return err
	}
	if c.JSON {
		return e.json(accounts)
	}
	for _, a := range accounts {
		fmt.Fprintf(e.out, "%-22s %-10s 一次性口令 %s\n", a.Username, a.Post, a.Password)
	}
	return nil
}
