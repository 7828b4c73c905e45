package backup

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Rows are written value by value: a tag (n, i, s, b), then the number or the
// length and the bytes. Tags keep a text apart from a blob of the same bytes,
// as seals do.
type rowWriter struct {
	w   io.Writer
	buf []byte
}

func (r *rowWriter) row(values []any) error {
	b := r.buf[:0]
	for _, v := range values {
		switch v := v.(type) {
		case nil:
			b = append(b, 'n')
		case int64:
			b = binary.AppendVarint(append(b, 'i'), v)
		case string:
			b = append(binary.AppendUvarint(append(b, 's'), uint64(len(v))), v...)
		case []byte:
			b = append(binary.AppendUvarint(append(b, 'b'), uint64(len(v))), v...)
		default:
			return fmt.Errorf("backup: value of type %T", v)
		}
	}
	r.buf = b
	_, err := r.w.Write(b)
	return err
}

// longestValue bounds one value: a damaged length must not take all memory.
const longestValue = 64 << 20

type rowReader struct{ r *bufio.Reader }

// row reads the values of one row; io.EOF at the end.
func (r *rowReader) row(n int) ([]any, error) {
	out := make([]any, n)
	for i := range out {
		tag, err := r.r.ReadByte()
		if errors.Is(err, io.EOF) && i == 0 {
			return nil, io.EOF
		} else if err != nil {
			return nil, io.ErrUnexpectedEOF
		}
		switch tag {
		case 'n':
		case 'i':
			v, err := binary.ReadVarint(r.r)
			if err != nil {
				return nil, io.ErrUnexpectedEOF
			}
			out[i] = v
		case 's', 'b':
			length, err := binary.ReadUvarint(r.r)
			if err != nil || length > longestValue {
				return nil, io.ErrUnexpectedEOF
			}
			raw := make([]byte, length)
			if _, err := io.ReadFull(r.r, raw); err != nil {
				return nil, io.ErrUnexpectedEOF
			}
			out[i] = raw
			if tag == 's' {
				out[i] = string(raw)
			}
		default:
			return nil, fmt.Errorf("value tag %q", tag)
		}
	}
	return out, nil
}
