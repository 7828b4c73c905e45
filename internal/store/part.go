package store

import (
	"fmt"
	"strconv"
	"strings"
)

// Part is a query of one value: Head, the value, Tail, in Order, up to Limit rows.
// Head ends with the column and its equals sign, and names every column it selects.
type Part struct {
	Head, Tail, Order string
	Args              []any // Tail's
	Limit             int
}

// FirstOfEach is the query that reads the first rows of every value's part, in no
// order among the parts: each is a walk along one index, however many rows there
// are. PostgreSQL plans a UNION part by part, each time anew (twenty milliseconds
// for a province of forty agencies), and so is asked laterally, with the limit in
// the text, which it would guess to be a tenth of all otherwise; SQLite knows no
// lateral join, but keeps the UNION prepared.
func (db *DB) FirstOfEach(values []string, p Part) (query string, args []any) {
	if db.Engine == Postgres && len(values) > 1 {
		return "SELECT part.* FROM unnest(CAST(? AS TEXT[])) AS each_of(value) CROSS JOIN LATERAL (" + p.Head + "each_of.value" + p.Tail +
			" ORDER BY " + p.Order + " LIMIT " + strconv.Itoa(p.Limit) + ") AS part", append([]any{values}, p.Args...)
	}
	var b strings.Builder
	for i, v := range values {
		if i > 0 {
			b.WriteString(" UNION ALL ")
		}
		fmt.Fprintf(&b, "SELECT part%d.* FROM (%s?%s ORDER BY %s LIMIT ?) AS part%d", i, p.Head, p.Tail, p.Order, i)
		args = append(append(append(args, v), p.Args...), p.Limit)
	}
	return b.String(), args
}
