package store

import (
	"context"
	"reflect"
	"sort"
)

// Kind tells how a table's rows are protected.
type Kind string

// The three kinds of tables; `dangan schema` lists them.
const (
	// Audited rows are sealed in the ledger; changed only through the gate, never deleted.
	Audited Kind = "audited"
	// Derived rows are rebuilt from audited ones, and compared by verify.
	Derived Kind = "derived"
	// Transient rows carry no proof: sessions, queues, the tools' own tables.
	Transient Kind = "transient"
)

// Table is one line of the schema list.
type Table struct {
	Name   string `json:"name"`
	Kind   Kind   `json:"kind"`
	Reason string `json:"reason"`
}

var tables = map[string]Table{}

// Register adds a table to the schema list; rooms call it from an init beside
// their rows. reason says why the kind is right.
func Register(name string, kind Kind, reason string) {
	if _, twice := tables[name]; twice {
		panic("store: table registered twice: " + name)
	}
	tables[name] = Table{name, kind, reason}
}

// KindOf returns a table's kind; "" for an unknown one.
func KindOf(name string) Kind { return tables[name].Kind }

// ReasonOf returns why a table has its kind; "" for an unknown one.
func ReasonOf(name string) string { return tables[name].Reason }

// TablesOf lists the registered tables of a kind, sorted.
func TablesOf(kind Kind) []string {
	var out []string
	for name, t := range tables {
		if t.Kind == kind {
			out = append(out, name)
		}
	}
	sort.Strings(out)
	return out
}

// Rebuild tells how a derived table follows from audited ones.
type Rebuild struct {
	Key     []string // columns that name a row
	Columns []string // all columns
	From    string   // the audited table each row follows from
	// Rows gives the rows that should be there for a share of From's rows, told by a
	// condition on them, in any order. What it emits is good until the next row. The
	// view has one connection: a query must not run inside another's rows.
	Rows func(ctx context.Context, view *Snapshot, share string, emit func(row []Value) error) error
}

var rebuilds = map[string]Rebuild{}

// Derive says how a registered derived table is rebuilt; verify compares it.
func Derive(table string, r Rebuild) { rebuilds[table] = r }

// RebuildOf returns how a derived table is rebuilt.
func RebuildOf(table string) (Rebuild, bool) {
	r, ok := rebuilds[table]
	return r, ok
}

var described = map[string]*Plan{}

// Describe names the row type of each audited table; rooms call it from the init
// that registers them. From it verify knows which columns are secret.
func Describe(rows ...Row) {
	for _, r := range rows {
		p := PlanOf(reflect.Indirect(reflect.ValueOf(r)).Type())
		described[p.Table] = p
	}
}

// PlanFor returns the plan of a described table, nil if nobody described it.
func PlanFor(table string) *Plan { return described[table] }

// Secrets lists the plan's secret columns.
func (p *Plan) Secrets() []string {
	var out []string
	for _, f := range p.fields {
		if f.secret {
			out = append(out, f.column)
		}
	}
	return out
}

// SecretOf is what binds a secret value to its place.
func SecretOf(table, column, id string) string { return table + "." + column + ":" + id }

func init() {
	Register("goose_db_version", Transient, "goose 的迁移版本表，由迁移工具自己维护")
}
