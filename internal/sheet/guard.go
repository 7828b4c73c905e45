package sheet

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// Limits bound what a workbook may ask for. Zero values take the defaults.
type Limits struct {
	PartBytes   int64 // of one part, decompressed; 1 GiB
	TotalBytes  int64 // of all parts that are read; 2 GiB
	Ratio       int64 // decompressed to compressed, once a part passes 16 MiB; 250
	SharedBytes int   // of all shared texts, which are kept in memory; 96 MiB
	Parts       int   // files in the zip; 10,000
	Gap         int   // blank rows between two rows with content; 100,000
}

func (l Limits) filled() Limits {
	def := func(v *int64, d int64) {
		if *v == 0 {
			*v = d
		}
	}
	def(&l.PartBytes, 1<<30)
	def(&l.TotalBytes, 2<<30)
	def(&l.Ratio, 250)
	if l.SharedBytes == 0 {
		l.SharedBytes = 96 << 20
	}
	if l.Parts == 0 {
		l.Parts = 10_000
	}
	if l.Gap == 0 {
		l.Gap = 100_000
	}
	return l
}

// ratioFrom is the size from which a part's ratio is looked at: short lists compress absurdly well and harm nobody.
const ratioFrom = 16 << 20

// guarded counts what comes out of a part, against the zip directory's lies as well.
type guarded struct {
	io.Reader
	book       *Book
	left       int64
	compressed int64
	read       int64
}

func (g *guarded) Read(p []byte) (int, error) {
	n, err := g.Reader.Read(p)
	g.read += int64(n)
	g.book.total += int64(n)
	if g.read > g.left || g.book.total > g.book.limits.TotalBytes ||
		g.read > ratioFrom && g.read/max(g.compressed, 1) > g.book.limits.Ratio {
		return n, refuse(Bomb, nil)
	}
	return n, err
}

// reading turns what zip and flate report into a sentence.
func reading(err error) error {
	var own *Error
	var corrupt flate.CorruptInputError
	switch {
	case errors.As(err, &own):
		return own
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return refuse(Cut, err)
	case errors.Is(err, zip.ErrChecksum), errors.Is(err, zip.ErrFormat), errors.Is(err, zip.ErrAlgorithm), errors.As(err, &corrupt):
		return refuse(Damaged, err)
	case strings.HasPrefix(err.Error(), "flate:"): // klauspost's own type of corruption
		return refuse(Damaged, err)
	}
	return err // the disk, not the file
}

// sniff says what a file is that is no readable zip.
func sniff(r io.ReaderAt, size int64) *Error {
	if size == 0 {
		return refuse(Empty, nil)
	}
	head := make([]byte, min(size, 4096))
	n, err := r.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return refuse(Damaged, err)
	}
	head = head[:n]
	low := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n"))
	has := func(p string) bool { return bytes.HasPrefix(head, []byte(p)) }
	switch {
	case has("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
		if holds(r, size, utf16("EncryptedPackage")) {
			return refuse(Encrypted, nil)
		}
		return refuse(OldExcel, nil)
	case has("PK\x03\x04"), has("PK\x05\x06"):
		return refuse(Cut, nil) // begins as a zip, has no directory
	case has("\x09\x08\x10\x00"), has("\x09\x08\x08\x00"), has("\x09\x04\x06\x00"), has("\x09\x02\x06\x00"):
		return refuse(OldExcel, nil)
	case has("%PDF-"):
		return refuse(PDF, nil)
	case has("\xff\xd8\xff"), has("\x89PNG"), has("GIF8"), has("II*\x00"), has("MM\x00*"), has("BM"):
		return refuse(Image, nil)
	case has("Rar!"), has("7z\xbc\xaf"), has("\x1f\x8b"):
		return refuse(Archive, nil)
	case bytes.HasPrefix(low, []byte("<?xml")) && !bytes.Contains(low, []byte("<html")):
		return refuse(XML2003, nil)
	case bytes.HasPrefix(low, []byte("<!doctype html")), bytes.HasPrefix(low, []byte("<html")), bytes.HasPrefix(low, []byte("<?xml")),
		bytes.HasPrefix(low, []byte("<table")), bytes.HasPrefix(low, []byte("<meta")), bytes.HasPrefix(low, []byte("<head")), bytes.Contains(low, []byte("<table")):
		return refuse(HTML, nil)
	case has("\xff\xfe"), has("\xfe\xff"), textual(head):
		return refuse(CSV, nil)
	}
	return refuse(Other, nil)
}

// textual says whether bytes look like lines of text in UTF-8 or GB 18030: no
// control characters, and something that parts lines or columns.
func textual(b []byte) bool {
	if bytes.IndexFunc(b, func(r rune) bool { return r < ' ' && r != '\n' && r != '\r' && r != '\t' }) >= 0 {
		return false
	}
	return bytes.ContainsAny(b, ",;\t\n") || utf8.Valid(b)
}

func utf16(ascii string) []byte {
	out := make([]byte, 0, 2*len(ascii))
	for i := range len(ascii) {
		out = append(out, ascii[i], 0)
	}
	return out
}

// holds looks for bytes in a file's first 256 MiB.
func holds(r io.ReaderAt, size int64, what []byte) bool {
	buf := make([]byte, 256<<10)
	keep := 0
	in := io.NewSectionReader(r, 0, min(size, 256<<20))
	for {
		n, err := in.Read(buf[keep:])
		if bytes.Contains(buf[:keep+n], what) {
			return true
		}
		if err != nil {
			return false
		}
		tail := min(keep+n, len(what)-1)
		copy(buf, buf[keep+n-tail:keep+n])
		keep = tail
	}
}
