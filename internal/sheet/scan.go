package sheet

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"
)

// scanner cuts XML into tags and the text between them. It knows what
// spreadsheet writers produce and refuses document types: encoding/xml takes ten times as long.
type scanner struct {
	in       io.Reader
	buf      []byte
	pos, end int
	eof      bool

	name  []byte // of the tag, without prefix; valid until the next call
	attrs []byte
	close bool // </name>
	empty bool // <name/>
	text  []byte
}

const (
	bufferSize = 128 << 10
	maxToken   = 1 << 20 // 32,767 characters written as &#x1F600; take 330 KB
)

func newScanner(in io.Reader) *scanner {
	return &scanner{in: in, buf: make([]byte, bufferSize)}
}

// fill reads more behind what is kept; false at the end.
func (s *scanner) fill() (bool, error) {
	if s.eof {
		return false, nil
	}
	if s.pos > 0 {
		copy(s.buf, s.buf[s.pos:s.end])
		s.end -= s.pos
		s.pos = 0
	}
	if s.end == len(s.buf) {
		if len(s.buf) >= maxToken {
			return false, refuse(CellLong, nil)
		}
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
	}
	for range 100 {
		n, err := s.in.Read(s.buf[s.end:])
		s.end += n
		if errors.Is(err, io.EOF) {
			s.eof = true
			return n > 0, nil
		}
		if err != nil {
			return false, reading(err)
		}
		if n > 0 {
			return true, nil
		}
	}
	return false, io.ErrNoProgress
}

// upTo finds a mark at or after an offset from pos, reading as needed; -1 at the end.
func (s *scanner) upTo(from int, mark []byte) (int, error) {
	for {
		if i := bytes.Index(s.buf[s.pos+from:s.end], mark); i >= 0 {
			return from + i, nil
		}
		from = max(from, s.end-s.pos-len(mark)+1)
		more, err := s.fill()
		if err != nil {
			return -1, err
		}
		if !more {
			return -1, nil
		}
	}
}

var lt, gt = []byte("<"), []byte(">")

// next moves to the next tag; s.text is what stood before it, still escaped.
func (s *scanner) next() error {
	for {
		i, err := s.upTo(0, lt)
		if err != nil {
			return err
		}
		if i < 0 {
			return io.EOF
		}
		j, err := s.upTo(i+1, gt)
		if err != nil {
			return err
		}
		if j < 0 {
			return refuse(Cut, io.ErrUnexpectedEOF)
		}
		switch s.buf[s.pos+i+1] {
		case '?':
			s.pos += j + 1
			continue
		case '!':
			if err := s.declaration(i); err != nil {
				return err
			}
			continue
		}
		for !balanced(s.buf[s.pos+i+1 : s.pos+j]) { // a > inside an attribute
			if j, err = s.upTo(j+1, gt); err != nil {
				return err
			}
			if j < 0 {
				return refuse(Cut, io.ErrUnexpectedEOF)
			}
		}
		s.text = s.buf[s.pos : s.pos+i]
		s.tag(s.buf[s.pos+i+1 : s.pos+j])
		s.pos += j + 1
		return nil
	}
}

// declaration passes comments; sections and document types are made by no spreadsheet writer.
func (s *scanner) declaration(i int) error {
	switch head := s.buf[s.pos+i : s.end]; {
	case bytes.HasPrefix(head, []byte("<!--")):
	case bytes.HasPrefix(head, []byte("<![")):
		return refuse(Damaged, nil)
	default:
		return refuse(Entity, nil)
	}
	j, err := s.upTo(i+4, []byte("-->"))
	if err != nil {
		return err
	}
	if j < 0 {
		return refuse(Cut, io.ErrUnexpectedEOF)
	}
	s.pos += j + 3
	return nil
}

func balanced(tag []byte) bool {
	var quote byte
	for _, b := range tag {
		switch {
		case quote == 0 && (b == '"' || b == '\''):
			quote = b
		case b == quote:
			quote = 0
		}
	}
	return quote == 0
}

func (s *scanner) tag(t []byte) {
	s.close, s.empty = false, false
	if len(t) > 0 && t[0] == '/' {
		s.close = true
		t = t[1:]
	}
	if n := len(t); n > 0 && t[n-1] == '/' {
		s.empty = true
		t = t[:n-1]
	}
	n := 0
	for n < len(t) && t[n] > ' ' {
		n++
	}
	s.name, s.attrs = t[:n], t[n:]
	if i := bytes.IndexByte(s.name, ':'); i >= 0 {
		s.name = s.name[i+1:]
	}
}

// attr returns an attribute's value by its name with or without a prefix, escapes resolved.
func (s *scanner) attr(name string) string { return string(unescape(nil, s.raw(name))) }

// raw returns an attribute's value as it stands.
func (s *scanner) raw(name string) []byte {
	_, v := s.find(name)
	return v
}

func (s *scanner) find(name string) (found bool, value []byte) {
	a := s.attrs
	for {
		eq := bytes.IndexByte(a, '=')
		if eq < 0 {
			return false, nil
		}
		key := bytes.TrimSpace(a[:eq])
		if i := bytes.IndexByte(key, ':'); i >= 0 && !bytes.HasPrefix(key, []byte("xmlns:")) {
			key = key[i+1:]
		}
		a = bytes.TrimLeft(a[eq+1:], " \t\r\n")
		if len(a) == 0 {
			return false, nil
		}
		end := bytes.IndexByte(a[1:], a[0])
		if end < 0 {
			return false, nil
		}
		if string(key) == name {
			return true, a[1 : 1+end]
		}
		a = a[end+2:]
	}
}

// is says whether the tag opens (or is) an element.
func (s *scanner) is(name string) bool { return !s.close && string(s.name) == name }

// ends says whether the tag closes an element, also an empty one.
func (s *scanner) ends(name string) bool { return (s.close || s.empty) && string(s.name) == name }

// unescape appends text with its entities resolved. Only the five of XML and
// character references exist here; anything else stays as written.
func unescape(to, text []byte) []byte {
	for {
		i := bytes.IndexByte(text, '&')
		if i < 0 {
			return append(to, text...)
		}
		to = append(to, text[:i]...)
		text = text[i:]
		semi := bytes.IndexByte(text[:min(len(text), 12)], ';')
		if semi < 0 {
			to = append(to, '&')
			text = text[1:]
			continue
		}
		ref := text[1:semi]
		switch {
		case len(ref) > 1 && ref[0] == '#':
			to = utf8.AppendRune(to, reference(ref[1:]))
		case string(ref) == "amp":
			to = append(to, '&')
		case string(ref) == "lt":
			to = append(to, '<')
		case string(ref) == "gt":
			to = append(to, '>')
		case string(ref) == "quot":
			to = append(to, '"')
		case string(ref) == "apos":
			to = append(to, '\'')
		default:
			to = append(to, text[:semi+1]...)
		}
		text = text[semi+1:]
	}
}

func reference(digits []byte) rune {
	n := 0
	if digits[0] == 'x' || digits[0] == 'X' {
		v, err := strconv.ParseUint(string(digits[1:]), 16, 31)
		if err != nil {
			return utf8.RuneError
		}
		return rune(v)
	}
	for _, d := range digits {
		if d < '0' || d > '9' {
			return utf8.RuneError
		}
		n = n*10 + int(d-'0')
	}
	if n > utf8.MaxRune {
		return utf8.RuneError
	}
	return rune(n)
}

// plain resolves the _x000D_ with which Excel writes characters XML can't hold,
// and drops control characters; it returns text itself when there is none.
func plain(text []byte) []byte {
	if bytes.Contains(text, []byte("_x")) {
		out := text[:0]
		for i := 0; i < len(text); i++ {
			if text[i] == '_' && i+6 < len(text) && text[i+1] == 'x' && text[i+6] == '_' {
				if v, err := strconv.ParseUint(string(text[i+2:i+6]), 16, 16); err == nil && v < 0x80 {
					out = append(out, byte(v))
					i += 6
					continue
				}
			}
			out = append(out, text[i])
		}
		text = out
	}
	for i, b := range text {
		if b < ' ' && b != '\n' && b != '\t' || b == 0x7f {
			out := text[:i]
			for _, b := range text[i:] {
				if b >= ' ' && b != 0x7f || b == '\n' || b == '\t' {
					out = append(out, b)
				}
			}
			return out
		}
	}
	return text
}
