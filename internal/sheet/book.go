package sheet

import (
	"archive/zip"
	"errors"
	"io"
	"os"
	"path"
	"strconv"
	"strings"

	"github.com/klauspost/compress/flate"
)

// Sheet is one worksheet.
type Sheet struct {
	Name   string
	Hidden bool
	part   string
}

// Book is an open workbook.
type Book struct {
	Sheets   []Sheet
	Base1904 bool // dates count from 1904, as old Macs did

	parts  map[string]*zip.File
	limits Limits
	total  int64
	file   *os.File
	styles []Shown // by style; 0 = no date
	shared shared
}

// Open opens a workbook on disk. What is wrong with the file itself is an
// *Error; any other error is the system's.
func Open(name string, limits Limits) (*Book, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil {
		var b *Book
		if b, err = Read(f, info.Size(), limits); err == nil {
			b.file = f
			return b, nil
		}
	}
	return nil, errors.Join(err, f.Close())
}

// Close releases the file of Open.
func (b *Book) Close() error {
	if b.file == nil {
		return nil
	}
	return b.file.Close()
}

// within answers a place outside the file, to which a crooked directory leads, as a cut: the
// reader beneath would call it a fault of its own.
type within struct {
	io.ReaderAt
	size int64
}

func (w within) ReadAt(p []byte, at int64) (int, error) {
	if at < 0 || at > w.size {
		return 0, io.ErrUnexpectedEOF
	}
	return w.ReaderAt.ReadAt(p, at)
}

// Read opens a workbook of size bytes; r is read until the last Each.
func Read(r io.ReaderAt, size int64, limits Limits) (*Book, error) {
	z, err := zip.NewReader(within{r, size}, size)
	if err != nil {
		return nil, sniff(r, size)
	}
	// klauspost inflates in about half the time of the standard library.
	z.RegisterDecompressor(zip.Deflate, flate.NewReader)
	b := &Book{limits: limits.filled(), parts: map[string]*zip.File{}}
	if len(z.File) > b.limits.Parts {
		return nil, refuse(Bomb, nil)
	}
	for _, f := range z.File {
		name := strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/"))
		switch {
		case f.Flags&1 != 0:
			return nil, refuse(Encrypted, nil)
		case path.Base(name) == "vbaproject.bin", strings.HasPrefix(name, "xl/macrosheets/"):
			return nil, refuse(Macro, nil)
		}
		if _, twice := b.parts[name]; twice {
			return nil, refuse(Damaged, nil) // two readers would read two workbooks
		}
		b.parts[name] = f
	}
	if err := b.kind(); err != nil {
		return nil, err
	}
	if err := b.load(); err != nil {
		return nil, err
	}
	return b, nil
}

// kind refuses what is a zip but no workbook.
func (b *Book) kind() error {
	switch {
	case b.parts["xl/workbook.bin"] != nil:
		return refuse(Binary, nil)
	case b.parts["content.xml"] != nil && b.parts["mimetype"] != nil:
		return refuse(OpenDoc, nil)
	case b.parts["[content_types].xml"] == nil, b.parts["word/document.xml"] != nil, b.parts["ppt/presentation.xml"] != nil:
		return refuse(Archive, nil)
	}
	return b.scan("[content_types].xml", func(s *scanner) error {
		if t := s.attr("ContentType"); strings.Contains(strings.ToLower(t), "macroenabled") || strings.Contains(t, "vbaProject") {
			return refuse(Macro, nil)
		}
		return nil
	})
}

func (b *Book) load() error {
	main := "xl/workbook.xml"
	err := b.relations("_rels/.rels", "", func(_, kind, target string) {
		if strings.HasSuffix(kind, "/officeDocument") {
			main = target
		}
	})
	if err != nil {
		return err
	}
	targets := map[string]string{}
	var styles, texts string
	dir := path.Dir(main)
	err = b.relations(dir+"/_rels/"+path.Base(main)+".rels", dir, func(id, kind, target string) {
		switch {
		case strings.HasSuffix(kind, "/worksheet"):
			targets[id] = target
		case strings.HasSuffix(kind, "/styles"):
			styles = target
		case strings.HasSuffix(kind, "/sharedStrings"):
			texts = target
		}
	})
	if err != nil {
		return err
	}
	err = b.scan(main, func(s *scanner) error {
		switch {
		case s.is("workbookPr"):
			v := s.attr("date1904")
			b.Base1904 = v == "1" || v == "true"
		case s.is("sheet"):
			if part := targets[s.attr("id")]; part != "" {
				b.Sheets = append(b.Sheets, Sheet{Name: s.attr("name"), Hidden: s.attr("state") != "" && s.attr("state") != "visible", part: part})
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(b.Sheets) == 0 {
		return refuse(NoSheet, nil)
	}
	if b.parts[styles] != nil {
		if err := b.loadStyles(styles); err != nil {
			return err
		}
	}
	if b.parts[texts] != nil {
		return b.loadShared(texts)
	}
	return nil
}

// relations walks a .rels part; targets come as names of parts.
func (b *Book) relations(part, dir string, each func(id, kind, target string)) error {
	if b.parts[strings.ToLower(part)] == nil {
		return nil
	}
	return b.scan(part, func(s *scanner) error {
		if s.is("Relationship") && s.attr("TargetMode") != "External" {
			target := s.attr("Target")
			if !strings.HasPrefix(target, "/") {
				target = path.Join(dir, target)
			}
			each(s.attr("Id"), s.attr("Type"), strings.ToLower(strings.TrimPrefix(path.Clean(target), "/")))
		}
		return nil
	})
}

// scan walks all tags of a part and sees that it ends where it began.
func (b *Book) scan(part string, each func(*scanner) error) error {
	in, err := b.open(part)
	if err != nil {
		return err
	}
	s := newScanner(in)
	root, closed := "", false
	for {
		err := s.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = each(s)
		}
		if err != nil {
			return errors.Join(err, in.Close())
		}
		if root == "" {
			root = string(s.name)
		}
		closed = closed || s.ends(root)
	}
	if err := in.Close(); err != nil {
		return reading(err)
	}
	if !closed {
		return refuse(Cut, nil)
	}
	return nil
}

type part struct {
	guarded
	io.Closer
}

func (b *Book) open(name string) (io.ReadCloser, error) {
	f := b.parts[strings.ToLower(name)]
	if f == nil {
		return nil, refuse(Damaged, nil)
	}
	if f.UncompressedSize64 > uint64(b.limits.PartBytes) {
		return nil, refuse(Bomb, nil)
	}
	r, err := f.Open()
	if err != nil {
		return nil, reading(err)
	}
	return &part{guarded{Reader: r, book: b, left: b.limits.PartBytes, compressed: int64(f.CompressedSize64)}, r}, nil
}

// loadStyles notes for each style whether its number format shows a date.
func (b *Book) loadStyles(part string) error {
	custom := map[string]Shown{}
	inside := false
	return b.scan(part, func(s *scanner) error {
		switch {
		case s.is("numFmt"):
			custom[s.attr("numFmtId")] = shows(s.attr("formatCode"))
		case string(s.name) == "cellXfs":
			inside = !s.close && !s.empty
		case inside && s.is("xf"):
			id := s.attr("numFmtId")
			kind, ok := custom[id]
			if !ok {
				kind = builtin(id)
			}
			if b.styles = append(b.styles, kind); len(b.styles) > 65_535 {
				return refuse(Bomb, nil)
			}
		}
		return nil
	})
}

// builtin are the date formats that have only a number, those of Chinese
// Excel included (ECMA-376 part 1, 18.8.30).
func builtin(id string) Shown {
	n, err := strconv.Atoi(id)
	switch {
	case err != nil:
		return 0
	case n == 17 || n == 27 || n == 36 || n == 50 || n == 57 || n == 52:
		return ShowsMonth
	case n >= 14 && n <= 16, n == 22, n >= 28 && n <= 31, n == 51, n == 53, n == 54, n == 58:
		return ShowsDay
	}
	return 0 // times of day too: no date is meant
}

// shows reads a format code: y, m, d outside quotes and brackets. A month
// alone might be minutes.
func shows(format string) Shown {
	var y, m, d bool
	for i := 0; i < len(format); i++ {
		switch c := format[i]; c {
		case '"':
			for i++; i < len(format) && format[i] != '"'; i++ {
			}
		case '[':
			for i++; i < len(format) && format[i] != ']'; i++ {
			}
		case '\\', '_', '*':
			i++
		case ';':
			i = len(format)
		case 'G', 'g': // General; also the era letters, which no office here uses
			if strings.HasPrefix(format[i:], "General") {
				i += len("General") - 1
			}
		case 'y', 'Y', 'e':
			y = true
		case 'm', 'M':
			m = true
		case 'd', 'D':
			d = true
		}
	}
	switch {
	case d && (y || m):
		return ShowsDay
	case y && m:
		return ShowsMonth
	case y:
		return ShowsYear
	}
	return 0
}
