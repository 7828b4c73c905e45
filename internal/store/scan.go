package store

import (
	"context"
	"database/sql/driver"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unsafe"

	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"
)

// Tags of a stored value's type. A value of any other type keeps TagOther, which
// no seal was ever made with.
const (
	TagNull  = 0
	TagInt   = 'i'
	TagText  = 's'
	TagBytes = 'b'
	TagOther = '?'
)

// Value is one stored value as the engine gives it, not copied: it is good until
// the next row.
type Value struct {
	Tag   byte
	Int   int64
	Bytes []byte // of a text too
}

// String copies a text; "" for anything else.
func (v Value) String() string {
	if v.Tag != TagText {
		return ""
	}
	return string(v.Bytes)
}

// Scan streams the rows of a query past the copying of database/sql: a whole
// check reads every row there is.
func (s *Snapshot) Scan(ctx context.Context, query string, args []any, fn func([]Value) error) error {
	args = normalize(args)
	return s.conn.Raw(func(raw any) error {
		if c, ok := raw.(*stdlib.Conn); ok {
			return scanPostgres(ctx, c, s.db.bind(query), args, fn)
		}
		q, ok := raw.(driver.QueryerContext)
		if !ok {
			return fmt.Errorf("scan: driver %T can't query", raw)
		}
		return scanSQLite(ctx, q, query, args, fn)
	})
}

// lookUp is how many rows are read between two looks at the context.
const lookUp = 1024

func scanSQLite(ctx context.Context, q driver.QueryerContext, query string, args []any, fn func([]Value) error) (err error) {
	named := make([]driver.NamedValue, len(args))
	for i, a := range args {
		named[i] = driver.NamedValue{Ordinal: i + 1, Value: a}
	}
	// The driver would start a goroutine a row to watch a context that can end.
	rows, err := q.QueryContext(context.WithoutCancel(ctx), query, named)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	dest := make([]driver.Value, len(rows.Columns()))
	values := make([]Value, len(dest))
	for n := 0; ; n++ {
		if n%lookUp == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if err := rows.Next(dest); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		for i, d := range dest {
			switch d := d.(type) {
			case nil:
				values[i] = Value{}
			case int64:
				values[i] = Value{Tag: TagInt, Int: d}
			case string:
				values[i] = Value{Tag: TagText, Bytes: unsafe.Slice(unsafe.StringData(d), len(d))}
			case []byte:
				values[i] = Value{Tag: TagBytes, Bytes: d}
			default:
				values[i] = Value{Tag: TagOther, Bytes: fmt.Append(nil, d)}
			}
		}
		if err := fn(values); err != nil {
			return err
		}
	}
}

func scanPostgres(ctx context.Context, c *stdlib.Conn, query string, args []any, fn func([]Value) error) error {
	rows, err := c.Conn().Query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	fields := rows.FieldDescriptions()
	values := make([]Value, len(fields))
	for rows.Next() {
		for i, raw := range rows.RawValues() {
			v := &values[i]
			*v = Value{}
			if raw == nil {
				continue
			}
			binaryFormat := fields[i].Format == pgtype.BinaryFormatCode
			switch oid := fields[i].DataTypeOID; {
			case (oid == pgtype.TextOID || oid == pgtype.VarcharOID || oid == pgtype.NameOID):
				v.Tag, v.Bytes = TagText, raw
			case oid == pgtype.ByteaOID && binaryFormat:
				v.Tag, v.Bytes = TagBytes, raw
			case oid == pgtype.Int8OID && binaryFormat && len(raw) == 8:
				v.Tag, v.Int = TagInt, int64(binary.BigEndian.Uint64(raw))
			case oid == pgtype.Int4OID && binaryFormat && len(raw) == 4:
				v.Tag, v.Int = TagInt, int64(int32(binary.BigEndian.Uint32(raw)))
			default:
				v.Tag, v.Bytes = TagOther, raw
			}
		}
		if err := fn(values); err != nil {
			return err
		}
	}
	return rows.Err()
}

// partRows is about how many rows one part of a table has.
const partRows = 20000

// Parts splits a table into conditions that meet every row once, by its place in
// the file: several readers share it. The ends are open.
func (s *Snapshot) Parts(ctx context.Context, table string) ([]string, error) {
	if s.db.Engine == Postgres {
		var blocks int64
		if err := s.QueryRow(ctx, "SELECT pg_relation_size(CAST(CAST(? AS TEXT) AS regclass))/8192", table).Scan(&blocks); err != nil {
			return nil, fmt.Errorf("size of %s: %w", table, err)
		}
		return ranges(0, blocks, partRows/40, func(n int64) string { return "'(" + strconv.FormatInt(n, 10) + ",0)'" }, "ctid"), nil
	}
	var low, high int64
	if err := s.QueryRow(ctx, "SELECT coalesce(min(rowid),0),coalesce(max(rowid),0) FROM "+table).Scan(&low, &high); err != nil {
		return nil, fmt.Errorf("size of %s: %w", table, err)
	}
	// Rows are seldom far apart; should they be, there are fewer and longer parts.
	step := max(partRows, (high-low)/1000)
	return ranges(low, high, step, func(n int64) string { return strconv.FormatInt(n, 10) }, "rowid"), nil
}

func ranges(low, high, step int64, literal func(int64) string, column string) []string {
	var out []string
	for at := low; ; at += step {
		var where []string
		if at > low {
			where = append(where, column+">="+literal(at))
		}
		last := at+step > high
		if !last {
			where = append(where, column+"<"+literal(at+step))
		}
		out = append(out, strings.Join(append(where, "1=1"), " AND "))
		if last {
			return out
		}
	}
}

// sameMoment is how often SQLite readers are opened anew until all see the same
// last entry: every act appends one.
const sameMoment = 200

// Snapshots opens n views of one and the same moment.
func (db *DB) Snapshots(ctx context.Context, n int) ([]*Snapshot, error) {
	first, err := db.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	out := []*Snapshot{first}
	fail := func(err error) ([]*Snapshot, error) {
		for _, s := range out {
			s.Close()
		}
		return nil, err
	}
	if db.Engine == Postgres {
		name, err := first.Export(ctx)
		if err != nil {
			return fail(fmt.Errorf("export snapshot: %w", err))
		}
		for len(out) < n {
			s, err := db.Join(ctx, name)
			if err != nil {
				return fail(err)
			}
			out = append(out, s)
		}
		return out, nil
	}
	for try := 0; len(out) < n; try++ {
		s, err := db.Snapshot(ctx)
		if err != nil {
			return fail(err)
		}
		has, err := s.lastEntry(ctx)
		want, err2 := out[0].lastEntry(ctx)
		if err := errors.Join(err, err2); err != nil {
			s.Close()
			return fail(err)
		}
		if has == want {
			out = append(out, s)
			continue
		}
		if try == sameMoment { // writers never pause: fewer readers do the same
			s.Close()
			return out, nil
		}
		for _, old := range out {
			old.Close()
		}
		out = []*Snapshot{s}
	}
	return out, nil
}

func (s *Snapshot) lastEntry(ctx context.Context) (int64, error) {
	var n int64
	err := s.QueryRow(ctx, "SELECT coalesce(max(ord),0) FROM ledger_entry").Scan(&n)
	return n, err
}

// ValueOf is a stored value (int64, int, string, []byte, nil) as Scan gives it.
func ValueOf(v any) Value {
	switch v := normalize([]any{v})[0].(type) {
	case nil:
		return Value{}
	case int64:
		return Value{Tag: TagInt, Int: v}
	case string:
		return Value{Tag: TagText, Bytes: unsafe.Slice(unsafe.StringData(v), len(v))}
	case []byte:
		return Value{Tag: TagBytes, Bytes: v}
	default:
		return Value{Tag: TagOther, Bytes: fmt.Append(nil, v)}
	}
}
