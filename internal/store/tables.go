package store

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

func init() {
	Register("goose_db_version", Transient, "goose 的迁移版本表，由迁移工具自己维护")
}
