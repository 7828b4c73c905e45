package paper

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
)

// file is as much of a PDF as signing and verifying need: where the objects of
// this program's own papers stand. It is no general reader.
type file struct {
	data    []byte
	offsets map[int]int
	root    int
	size    int
	start   int // offset of the last cross-reference table
	id      string
}

var (
	startPattern = regexp.MustCompile(`startxref\r?\n(\d{1,10})\r?\n%%EOF\s*$`)
	rootPattern  = regexp.MustCompile(`/Root (\d{1,9}) 0 R`)
	sizePattern  = regexp.MustCompile(`/Size (\d{1,9})`)
	prevPattern  = regexp.MustCompile(`/Prev (\d{1,10})`)
	idPattern    = regexp.MustCompile(`/ID \[ ?<[0-9a-fA-F]+> ?<[0-9a-fA-F]+> ?\]`)
	errNotOurs   = errors.New("not a PDF of this program")
)

// openFile finds the objects of the newest revision.
func openFile(data []byte) (*file, error) {
	if !bytes.HasPrefix(data, []byte("%PDF-1.")) {
		return nil, fmt.Errorf("%w: no header", errNotOurs)
	}
	tail := data[max(0, len(data)-1024):]
	match := startPattern.FindSubmatch(tail)
	if match == nil {
		return nil, fmt.Errorf("%w: no end mark", errNotOurs)
	}
	f := &file{data: data, offsets: map[int]int{}}
	f.start, _ = strconv.Atoi(string(match[1]))
	at := f.start
	for newest := true; ; newest = false {
		trailer, err := f.section(at)
		if err != nil {
			return nil, err
		}
		if newest {
			root, size := rootPattern.FindSubmatch(trailer), sizePattern.FindSubmatch(trailer)
			if root == nil || size == nil {
				return nil, fmt.Errorf("%w: no root", errNotOurs)
			}
			f.root, _ = strconv.Atoi(string(root[1]))
			f.size, _ = strconv.Atoi(string(size[1]))
			f.id = string(idPattern.Find(trailer))
		}
		prev := prevPattern.FindSubmatch(trailer)
		if prev == nil {
			return f, nil
		}
		next, _ := strconv.Atoi(string(prev[1]))
		if next >= at { // older revisions stand before; this also ends loops
			return nil, fmt.Errorf("%w: revisions out of order", errNotOurs)
		}
		at = next
	}
}

// section reads one cross-reference table and returns its trailer.
func (f *file) section(at int) ([]byte, error) {
	if at < 0 || at >= len(f.data) || !bytes.HasPrefix(f.data[at:], []byte("xref\n")) {
		return nil, fmt.Errorf("%w: no cross-reference table", errNotOurs)
	}
	rest := f.data[at+len("xref\n"):]
	for !bytes.HasPrefix(rest, []byte("trailer")) {
		line, after, found := bytes.Cut(rest, []byte("\n"))
		var first, count int
		if n, err := fmt.Sscanf(string(line[:min(len(line), 40)]), "%d %d", &first, &count); !found || n != 2 || err != nil ||
			first < 0 || count < 0 || count > len(after)/20 {
			return nil, fmt.Errorf("%w: bad cross-reference table", errNotOurs)
		}
		for i := range count {
			entry := after[i*20 : i*20+20]
			offset, err := strconv.Atoi(string(entry[:10]))
			if err != nil {
				return nil, fmt.Errorf("%w: bad cross-reference entry", errNotOurs)
			}
			if _, newer := f.offsets[first+i]; !newer && entry[17] == 'n' {
				f.offsets[first+i] = offset
			}
		}
		rest = after[count*20:]
	}
	end := bytes.Index(rest, []byte("startxref"))
	if end < 0 {
		return nil, fmt.Errorf("%w: no trailer", errNotOurs)
	}
	return rest[:end], nil
}

// object returns the dictionary text "<<…>>" of an object that is no stream.
func (f *file) object(number int) (string, error) {
	at, ok := f.offsets[number]
	if !ok || at < 0 || at >= len(f.data) {
		return "", fmt.Errorf("%w: object %d missing", errNotOurs, number)
	}
	head := strconv.Itoa(number) + " 0 obj\n"
	body, ok := bytes.CutPrefix(f.data[at:], []byte(head))
	if !ok {
		return "", fmt.Errorf("%w: object %d not where it should be", errNotOurs, number)
	}
	body, _, ok = bytes.Cut(body, []byte("\nendobj"))
	if !ok || !bytes.HasPrefix(body, []byte("<<")) || !bytes.HasSuffix(body, []byte(">>")) {
		return "", fmt.Errorf("%w: object %d unreadable", errNotOurs, number)
	}
	return string(body), nil
}

// catalogHex reads a hexadecimal string entry of the catalog.
func (f *file) catalogHex(key string) (string, bool) {
	catalog, err := f.object(f.root)
	if err != nil {
		return "", false
	}
	match := regexp.MustCompile(`/` + key + ` <([0-9a-f]*)>`).FindStringSubmatch(catalog)
	if match == nil {
		return "", false
	}
	return match[1], true
}
