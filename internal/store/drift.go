package store

import (
	"context"
	"database/sql"
	"fmt"
	"sort"
	"strings"
	"sync"
)

// Drift is one thing in which a database's schema is not what the migrations made.
type Drift struct {
	Kind   string // added, removed, changed
	Table  string
	Key    string // what of the table: "column x", "trigger y"; "" for the table itself
	Detail string
}

// layout is what a schema consists of, by table; values are compared as text.
type layout map[string]map[string]string

func (l layout) put(table, key, value string) {
	if l[table] == nil {
		l[table] = map[string]string{}
	}
	l[table][key] = value
}

// Drift compares the snapshot's schema with the one that the migrations make: in
// an empty database in memory, brought to the same migration. Deleting a trigger
// or loosening a column is found even when no row was touched yet.
func (s *Snapshot) Drift(ctx context.Context) ([]Drift, error) {
	version, err := s.Migration(ctx)
	if err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	want, err := made(ctx, version)
	if err != nil {
		return nil, err
	}
	has, err := s.layout(ctx)
	if err != nil {
		return nil, err
	}
	if s.db.Engine == Postgres {
		want = want.onPostgres()
	}
	return drift(want, has), nil
}

// models are the schemas that the migrations make, by the last of them. What a program's
// migrations make never changes while it runs, and making it takes a second.
var models = struct {
	sync.Mutex
	by map[int64]layout
}{by: map[int64]layout{}}

// made is the schema of an empty database brought to a migration; nobody writes into it.
func made(ctx context.Context, version int64) (layout, error) {
	models.Lock()
	defer models.Unlock()
	if l, known := models.by[version]; known {
		return l, nil
	}
	pool, err := sql.Open("sqlite", "file::memory:?"+sqlitePragmas)
	if err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	pool.SetMaxOpenConns(1)
	model := &DB{Engine: SQLite, write: pool, read: pool}
	defer model.Close()
	if err := model.migrate(ctx, version); err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	moment, err := model.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	defer moment.Close()
	l, err := moment.layout(ctx)
	if err != nil {
		return nil, err
	}
	models.by[version] = l
	return l, nil
}

func drift(want, has layout) []Drift {
	var out []Drift
	for table, w := range want {
		h, there := has[table]
		if !there {
			out = append(out, Drift{"removed", table, "", "数据表不见了"})
			continue
		}
		for key, value := range w {
			if now, there := h[key]; !there {
				out = append(out, Drift{"removed", table, key, "表结构中缺少此项"})
			} else if now != value {
				out = append(out, Drift{"changed", table, key, "应为 " + value + "，现为 " + now})
			}
		}
		for key := range h {
			if _, known := w[key]; !known {
				out = append(out, Drift{"added", table, key, "表结构中多出此项"})
			}
		}
	}
	for table := range has {
		if _, known := want[table]; !known {
			out = append(out, Drift{"added", table, "", "多出的数据表"})
		}
	}
	sort.Slice(out, func(a, b int) bool {
		return strings.Join([]string{out[a].Table, out[a].Key}, "\x00") < strings.Join([]string{out[b].Table, out[b].Key}, "\x00")
	})
	return out
}

// foreign tables are the tools' own: their form is the tools' business.
func foreign(table string) bool {
	for _, prefix := range []string{"river_", "sqlite_", "goose_"} {
		if strings.HasPrefix(table, prefix) {
			return true
		}
	}
	return false
}

func (s *Snapshot) layout(ctx context.Context) (layout, error) {
	out := layout{}
	names, err := s.TableNames(ctx)
	if err != nil {
		return nil, err
	}
	for _, n := range names {
		if !foreign(n) {
			out[n] = map[string]string{}
		}
	}
	add := func(query string) error {
		rows, err := s.Query(ctx, query)
		if err != nil {
			return fmt.Errorf("schema: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			var table, key, value string
			if err := rows.Scan(&table, &key, &value); err != nil {
				return err
			}
			if !foreign(table) {
				out.put(table, key, value)
			}
		}
		return rows.Err()
	}
	queries := sqliteLayout
	if s.db.Engine == Postgres {
		queries = postgresLayout
	}
	for _, q := range queries {
		if err := add(q); err != nil {
			return nil, err
		}
	}
	return out, nil
}

var sqliteLayout = []string{
	`SELECT m.name, 'column '||c.name, c.type||CASE WHEN c."notnull"=1 OR c.pk>0 THEN ' NOT NULL' ELSE '' END FROM sqlite_master m, pragma_table_xinfo(m.name) c WHERE m.type='table'`,
	`SELECT tbl_name, 'trigger '||name, sql FROM sqlite_master WHERE type='trigger'`,
	`SELECT name, 'view', sql FROM sqlite_master WHERE type='view'`,
	`SELECT name, 'strict', CASE WHEN sql LIKE '%STRICT%' THEN 'STRICT' ELSE 'loose' END FROM sqlite_master WHERE type='table'`,
	`SELECT tbl_name, 'index '||name, sql FROM sqlite_master WHERE type='index' AND sql IS NOT NULL`,
	`SELECT m.name, 'unique ('||(SELECT group_concat(name, ',') FROM (SELECT i.name FROM pragma_index_info(l.name) i ORDER BY i.name))||')', 'unique' FROM sqlite_master m, pragma_index_list(m.name) l WHERE m.type='table' AND l."unique"=1 AND l.partial=0`,
	`SELECT m.name, 'reference '||f."from", f."table" FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type='table'`,
}

var postgresLayout = []string{
	`SELECT table_name, 'column '||column_name, data_type||CASE WHEN is_nullable='NO' THEN ' NOT NULL' ELSE '' END FROM information_schema.columns
WHERE table_schema=current_schema() AND table_name IN (SELECT tablename FROM pg_tables WHERE schemaname=current_schema())`,
	`SELECT c.relname, 'trigger '||t.tgname, CASE WHEN t.tgenabled='O' THEN (SELECT prosrc FROM pg_proc p WHERE p.oid=t.tgfoid) ELSE 'disabled' END
FROM pg_trigger t JOIN pg_class c ON c.oid=t.tgrelid WHERE NOT t.tgisinternal AND c.relnamespace=current_schema()::regnamespace`,
	`SELECT tablename, 'rule '||rulename, definition FROM pg_rules WHERE schemaname=current_schema()`,
	`SELECT viewname, 'view', definition FROM pg_views WHERE schemaname=current_schema()`,
	`SELECT tablename, 'index '||indexname, '' FROM pg_indexes WHERE schemaname=current_schema()
AND indexname::text NOT IN (SELECT conname::text FROM pg_constraint WHERE connamespace=current_schema()::regnamespace)`,
	`SELECT c.relname, 'unique ('||(SELECT string_agg(a.attname, ',' ORDER BY a.attname COLLATE "C") FROM pg_attribute a WHERE a.attrelid=c.oid AND a.attnum=ANY(i.indkey))||')', 'unique'
FROM pg_index i JOIN pg_class c ON c.oid=i.indrelid WHERE i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL AND c.relnamespace=current_schema()::regnamespace`,
	`SELECT c.relname, 'reference '||(SELECT a.attname FROM pg_attribute a WHERE a.attrelid=c.oid AND a.attnum=k.conkey[1]), r.relname
FROM pg_constraint k JOIN pg_class c ON c.oid=k.conrelid JOIN pg_class r ON r.oid=k.confrelid WHERE k.contype='f' AND c.relnamespace=current_schema()::regnamespace`,
}

// onPostgres is the same layout in the other engine's words.
func (l layout) onPostgres() layout {
	types := strings.NewReplacer("INTEGER", "bigint", "TEXT", "text", "BLOB", "bytea")
	out := layout{}
	for table, keys := range l {
		out[table] = map[string]string{}
		for key, value := range keys {
			what, name, _ := strings.Cut(key, " ")
			switch what {
			case "strict":
				continue
			case "column":
				value = types.Replace(value)
			case "index":
				value = ""
			case "trigger":
				value = raising(noDelete)
				if name == entryFixed {
					value = raising(entriesFixed)
				}
			}
			out[table][key] = value
		}
	}
	return out
}
