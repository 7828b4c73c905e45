package cli

import (
	"fmt"

	"dangan/internal/api"
	"dangan/internal/store"
)

type schemaCmd struct {
	Where
	JSON bool `help:"输出 JSON"`
}

// Run lists the tables of the database.
func (c *schemaCmd) Run(e *env) error {
	in, err := e.open(c.Where, true)
	if err != nil {
		return err
	}
	defer in.Close()
	tables, err := in.DB.Schema(e.ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return e.json(map[string][]store.Table{"tables": tables})
	}
	for _, t := range tables {
		fmt.Fprintf(e.out, "%-24s %-10s %s\n", t.Name, t.Kind, t.Reason)
	}
	return nil
}

type openapiCmd struct{}

// Run prints the API document, which is made from the code and needs no data.
func (c *openapiCmd) Run(e *env) error {
	doc, err := api.Document(e.version)
	if err != nil {
		return err
	}
	_, err = e.out.Write(doc)
	return err
}
