package store

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"sort"
)

// Digest is the canonical form's SHA-256: the row's seal.
type Digest [sha256.Size]byte

// Canon computes digests of one table's rows. The canonical form is the table's
// name, then for every column that is not NULL, in the order of column names:
// name, type tag (i, s or b: a text changed to a blob of the same bytes must
// not pass), value; names and values are length-prefixed.
type Canon struct {
	table string
	order []int
	names []string
	buf   []byte
}

// NewCanon prepares for rows of table whose values come in the order of columns.
// Not safe for concurrent use.
func NewCanon(table string, columns []string) *Canon {
	c := &Canon{table: table, names: columns, order: make([]int, len(columns))}
	for i := range c.order {
		c.order[i] = i
	}
	sort.Slice(c.order, func(a, b int) bool { return columns[c.order[a]] < columns[c.order[b]] })
	return c
}

// Sum returns the digest of one row's stored values (int64, string, []byte, nil).
func (c *Canon) Sum(values []any) (Digest, error) {
	b := c.buf[:0]
	b = append(b, c.table...)
	b = append(b, 0)
	for _, i := range c.order {
		name := c.names[i]
		switch v := values[i].(type) {
		case nil:
			continue
		case int64:
			b = prefix(b, name, 'i', 8)
			b = binary.BigEndian.AppendUint64(b, uint64(v))
		case string:
			b = prefix(b, name, 's', len(v))
			b = append(b, v...)
		case []byte:
			b = prefix(b, name, 'b', len(v))
			b = append(b, v...)
		default:
			return Digest{}, fmt.Errorf("digest %s.%s: type %T is not one of the stored ones", c.table, name, v)
		}
	}
	c.buf = b
	return sha256.Sum256(b), nil
}

// Encode is the canonical form of one row as a snapshot's Scan gives it; good until
// the next call.
func (c *Canon) Encode(values []Value) []byte {
	b := c.buf[:0]
	b = append(b, c.table...)
	b = append(b, 0)
	for _, i := range c.order {
		v, name := &values[i], c.names[i]
		switch v.Tag {
		case TagNull:
		case TagInt:
			b = prefix(b, name, TagInt, 8)
			b = binary.BigEndian.AppendUint64(b, uint64(v.Int))
		default:
			b = prefix(b, name, v.Tag, len(v.Bytes))
			b = append(b, v.Bytes...)
		}
	}
	c.buf = b
	return b
}

// SumValues returns the digest of one row as a snapshot's Scan gives it.
func (c *Canon) SumValues(values []Value) Digest { return sha256.Sum256(c.Encode(values)) }

func prefix(b []byte, name string, tag byte, n int) []byte {
	b = append(b, byte(len(name)))
	b = append(b, name...)
	b = append(b, tag)
	return binary.BigEndian.AppendUint32(b, uint32(n))
}
