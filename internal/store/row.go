package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"
)

// Row is a struct that stands for one row of one table. Its fields carry
// `db:"column"` tags, with options after a comma:
//
//	null    the zero value is stored as NULL
//	secret  a string stored encrypted (a BLOB), bound to table, column and id
//
// Field types are string, int, int64, bool (0 or 1), []byte and time.Time
// (microseconds since 1970 UTC; the zero time needs `null`). The first field of
// an audited row is `db:"id"`; `db:"version"` makes updates optimistic.
type Row interface{ Table() string }

type field struct {
	index        []int
	column       string
	null, secret bool
	kind         fieldKind
}

type fieldKind int

const (
	kindString fieldKind = iota
	kindInt
	kindBool
	kindBytes
	kindTime
)

// Plan is what reflection found out about a row type, once.
type Plan struct {
	Table   string
	Columns string // comma-separated, for SELECT
	Type    reflect.Type
	fields  []field
	version int // place of the version field, or -1
	insert  string
	update  string
	canons  sync.Pool // of *Canon: each keeps a buffer
}

var plans sync.Map // reflect.Type → *Plan

// PlanOf returns the plan of a row's type. It panics on a type that breaks the
// rules of Row: that is an error of the program, found by its first test.
func PlanOf(t reflect.Type) *Plan {
	if p, ok := plans.Load(t); ok {
		return p.(*Plan)
	}
	p := &Plan{Table: reflect.Zero(t).Interface().(Row).Table(), Type: t, version: -1}
	p.collect(t, nil)
	names := make([]string, len(p.fields))
	marks := make([]string, len(p.fields))
	var sets []string
	for i, f := range p.fields {
		names[i], marks[i] = f.column, "?"
		if f.column == "version" {
			p.version = i
		}
		if f.column != "id" {
			sets = append(sets, f.column+"=?")
		}
	}
	p.Columns = strings.Join(names, ",")
	p.insert = "INSERT INTO " + p.Table + "(" + p.Columns + ") VALUES(" + strings.Join(marks, ",") + ")"
	p.update = "UPDATE " + p.Table + " SET " + strings.Join(sets, ",") + " WHERE id=?"
	if p.version >= 0 {
		p.update += " AND version=?"
	}
	plans.Store(t, p)
	return p
}

func (p *Plan) collect(t reflect.Type, at []int) {
	for i := range t.NumField() {
		sf := t.Field(i)
		index := append(append([]int(nil), at...), i)
		tag := sf.Tag.Get("db")
		if sf.Anonymous && tag == "" && sf.Type.Kind() == reflect.Struct {
			p.collect(sf.Type, index)
			continue
		}
		if tag == "" || tag == "-" {
			continue
		}
		name, opts, _ := strings.Cut(tag, ",")
		f := field{index: index, column: name, null: strings.Contains(opts, "null"), secret: strings.Contains(opts, "secret")}
		switch {
		case sf.Type == reflect.TypeFor[time.Time]():
			f.kind = kindTime
		case sf.Type.Kind() == reflect.String:
			f.kind = kindString
		case sf.Type.Kind() == reflect.Int64 || sf.Type.Kind() == reflect.Int:
			f.kind = kindInt
		case sf.Type.Kind() == reflect.Bool:
			f.kind = kindBool
		case sf.Type.Kind() == reflect.Slice && sf.Type.Elem().Kind() == reflect.Uint8:
			f.kind = kindBytes
		default:
			panic(fmt.Sprintf("store: %s.%s: type %s can't be stored", t, sf.Name, sf.Type))
		}
		p.fields = append(p.fields, f)
	}
}

// Values returns what is stored for a row: int64, string, []byte or nil, in
// the order of the plan's columns. Secrets are sealed anew at every call.
func (p *Plan) Values(c Cipher, row Row) ([]any, error) {
	v := reflect.Indirect(reflect.ValueOf(row))
	out := make([]any, len(p.fields))
	for i, f := range p.fields {
		fv := v.FieldByIndex(f.index)
		if f.null && fv.IsZero() {
			continue
		}
		switch f.kind {
		case kindString:
			out[i] = fv.String()
		case kindInt:
			out[i] = fv.Int()
		case kindBool:
			if fv.Bool() {
				out[i] = int64(1)
			} else {
				out[i] = int64(0)
			}
		case kindBytes:
			out[i] = fv.Bytes()
		case kindTime:
			out[i] = fv.Interface().(time.Time).UnixMicro()
		}
		if f.secret {
			sealed, err := c.SealField([]byte(fv.String()), p.aad(f, v))
			if err != nil {
				return nil, fmt.Errorf("seal %s.%s: %w", p.Table, f.column, err)
			}
			out[i] = sealed
		}
	}
	return out, nil
}

func (p *Plan) aad(f field, v reflect.Value) string {
	return SecretOf(p.Table, f.column, v.FieldByIndex(p.fields[0].index).String())
}

// Key is the place of the id among the values: the first field of an audited row.
func (p *Plan) Key() int {
	return slices.IndexFunc(p.fields, func(f field) bool { return f.column == "id" })
}

// Digest is the seal of a row with these stored values.
func (p *Plan) Digest(values []any) (Digest, error) {
	c, ok := p.canons.Get().(*Canon)
	if !ok {
		c = NewCanon(p.Table, p.Names())
	}
	defer p.canons.Put(c)
	return c.Sum(values)
}

// Names returns the plan's columns in order.
func (p *Plan) Names() []string {
	out := make([]string, len(p.fields))
	for i, f := range p.fields {
		out[i] = f.column
	}
	return out
}

// InsertSQL is the statement that inserts a row of this plan.
func (p *Plan) InsertSQL() string { return p.insert }

// UpdateSQL is the statement that replaces every column of the row with the id
// (and version, if the table has one) of its last arguments.
func (p *Plan) UpdateSQL() string { return p.update }

// UpdateArgs orders the values of a row for UpdateSQL. The row carries the
// version that was read; what is stored is the next one.
func (p *Plan) UpdateArgs(values []any) []any {
	args := make([]any, 0, len(values)+2)
	var id, old any
	for i, f := range p.fields {
		switch {
		case f.column == "id":
			id = values[i]
			continue
		case i == p.version:
			old = values[i]
			values[i] = values[i].(int64) + 1
		}
		args = append(args, values[i])
	}
	args = append(args, id)
	if p.version >= 0 {
		args = append(args, old)
	}
	return args
}

// Versioned says whether the table counts versions.
func (p *Plan) Versioned() bool { return p.version >= 0 }

// SetVersion writes the version of a row given by pointer.
func (p *Plan) SetVersion(row Row, version int64) {
	if v := reflect.ValueOf(row); p.version >= 0 && v.Kind() == reflect.Pointer {
		v.Elem().FieldByIndex(p.fields[p.version].index).SetInt(version)
	}
}

// Get reads one row: `SELECT columns FROM table <tail>`. ErrNotFound if none.
func Get[T Row](ctx context.Context, q Querier, tail string, args ...any) (T, error) {
	var out T
	found := false
	err := each(ctx, q, tail, args, func(row T) error {
		out, found = row, true
		return errStop
	})
	if err == nil && !found {
		err = ErrNotFound
	}
	return out, err
}

// List reads all rows of `SELECT columns FROM table <tail>`; the tail bounds them.
func List[T Row](ctx context.Context, q Querier, tail string, args ...any) ([]T, error) {
	out := []T{}
	err := each(ctx, q, tail, args, func(row T) error {
		out = append(out, row)
		return nil
	})
	return out, err
}

// Each streams the rows of `SELECT columns FROM table <tail>` to fn.
func Each[T Row](ctx context.Context, q Querier, tail string, args []any, fn func(T) error) error {
	return each(ctx, q, tail, args, fn)
}

var errStop = fmt.Errorf("stop")

func each[T Row](ctx context.Context, q Querier, tail string, args []any, fn func(T) error) error {
	p := PlanOf(reflect.TypeFor[T]())
	rows, err := q.Query(ctx, "SELECT "+p.Columns+" FROM "+p.Table+" "+tail, args...)
	if err != nil {
		return fmt.Errorf("read %s: %w", p.Table, Classify(err))
	}
	defer rows.Close()
	for rows.Next() {
		var row T
		if err := p.scan(q.Cipher(), rows, &row); err != nil {
			return fmt.Errorf("read %s: %w", p.Table, err)
		}
		if err := fn(row); errors.Is(err, errStop) {
			return nil
		} else if err != nil {
			return err
		}
	}
	return rows.Err()
}

func (p *Plan) scan(c Cipher, rows *sql.Rows, row any) error {
	v := reflect.ValueOf(row).Elem()
	holders := make([]any, len(p.fields))
	for i, f := range p.fields {
		switch {
		case f.kind == kindBytes || f.secret:
			holders[i] = new([]byte)
		case f.kind == kindString:
			holders[i] = new(sql.NullString)
		default:
			holders[i] = new(sql.NullInt64)
		}
	}
	if err := rows.Scan(holders...); err != nil {
		return err
	}
	for i, f := range p.fields {
		fv := v.FieldByIndex(f.index)
		switch h := holders[i].(type) {
		case *sql.NullString:
			fv.SetString(h.String)
		case *sql.NullInt64:
			if !h.Valid {
				continue
			}
			switch f.kind {
			case kindBool:
				fv.SetBool(h.Int64 != 0)
			case kindTime:
				fv.Set(reflect.ValueOf(time.UnixMicro(h.Int64).UTC()))
			default:
				fv.SetInt(h.Int64)
			}
		case *[]byte:
			if *h == nil {
				continue
			}
			if !f.secret {
				fv.SetBytes(*h)
				continue
			}
			plain, err := c.OpenField(*h, p.aad(f, v))
			if err != nil {
				return fmt.Errorf("open %s.%s: %w", p.Table, f.column, err)
			}
			fv.SetString(string(plain))
		}
	}
	return nil
}

// normalize brings arguments to the three stored types: driver defaults differ
// between the engines and would break seals and comparisons.
func normalize(args []any) []any {
	for i, a := range args {
		switch v := a.(type) {
		case nil, string, int64, []byte:
		case int:
			args[i] = int64(v)
		case bool:
			args[i] = int64(0)
			if v {
				args[i] = int64(1)
			}
		case time.Time:
			args[i] = v.UnixMicro()
		default:
			rv := reflect.ValueOf(a)
			switch rv.Kind() {
			case reflect.String:
				args[i] = rv.String()
			case reflect.Int, reflect.Int32, reflect.Int64:
				args[i] = rv.Int()
			}
		}
	}
	return args
}

// Marks returns n question marks, for IN lists.
func Marks(n int) string {
	if n == 0 {
		return "NULL"
	}
	return strings.Repeat("?,", n-1) + "?"
}

// Args turns a slice into arguments, for IN lists.
func Args[T any](s []T) []any {
	out := make([]any, len(s))
	for i, v := range s {
		out[i] = v
	}
	return out
}

// Count reads one number.
func Count(ctx context.Context, q Querier, query string, args ...any) (int64, error) {
	var n int64
	if err := q.QueryRow(ctx, query, args...).Scan(&n); err != nil {
		return 0, fmt.Errorf("count: %w", err)
	}
	return n, nil
}

// Texts reads the one text column of a query.
func Texts(ctx context.Context, q Querier, query string, args ...any) ([]string, error) {
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return nil, Classify(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, Classify(err)
		}
		out = append(out, s)
	}
	return out, Classify(rows.Err())
}

// DayNumber counts, in SQL that both engines read, the days from 1970-01-01 to a day that a
// column keeps as text (YYYY-MM-DD); Day says the same of a time.
func DayNumber(column string) string {
	part := func(from, n int) string { return fmt.Sprintf("CAST(substr(%s,%d,%d) AS INTEGER)", column, from, n) }
	// The year begins in March, so that the leap day ends it.
	early := "((14-" + part(6, 2) + ")/12)"
	year := "(" + part(1, 4) + "-" + early + ")"
	month := "(" + part(6, 2) + "+12*" + early + "-3)"
	return fmt.Sprintf("(%s+(153*%s+2)/5+365*%s+%s/4-%s/100+%s/400-719469)", part(9, 2), month, year, year, year, year)
}

// Day is the number of days from 1970-01-01 to a time's day (UTC).
func Day(t time.Time) int64 { return t.Unix() / (24 * 60 * 60) }

// Counts reads a grouped count: a key and its number a row.
func Counts(ctx context.Context, q Querier, query string, args ...any) (map[string]int64, error) {
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return nil, Classify(err)
	}
	defer rows.Close()
	out := map[string]int64{}
	for rows.Next() {
		var key string
		var n int64
		if err := rows.Scan(&key, &n); err != nil {
			return nil, Classify(err)
		}
		out[key] = n
	}
	return out, Classify(rows.Err())
}
