package sheet

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"
)

// Bounds of a worksheet.
const (
	maxRow    = 1_048_576
	maxColumn = 16_384
	maxCell   = 32_767
)

// shared are the texts that cells point at, in blocks, because one slice would
// be copied while it grows and cost twice.
type shared struct {
	blocks []string
	at     []uint64 // block<<32 | offset
	length []uint32
}

const blockSize = 1 << 20

func (t *shared) get(i int) (string, bool) {
	if i < 0 || i >= len(t.at) {
		return "", false
	}
	off := uint32(t.at[i])
	return t.blocks[t.at[i]>>32][off : off+t.length[i]], true
}

func (b *Book) loadShared(part string) error {
	t := &b.shared
	block := make([]byte, 0, blockSize)
	var text []byte
	bytes, phonetic, inT := 0, false, false
	err := b.scan(part, func(s *scanner) error {
		switch string(s.name) {
		case "si":
			if s.is("si") {
				text = text[:0]
			}
			if !s.ends("si") {
				return nil
			}
			if !fits(text) {
				return refuse(CellLong, nil)
			}
			text = plain(text)
			if bytes += len(text) + 12; bytes > b.limits.SharedBytes {
				return refuse(Bomb, nil)
			}
			if len(block)+len(text) > blockSize && len(block) > 0 {
				t.blocks = append(t.blocks, string(block))
				block = block[:0]
			}
			t.at = append(t.at, uint64(len(t.blocks))<<32|uint64(len(block)))
			t.length = append(t.length, uint32(len(text)))
			block = append(block, text...)
		case "rPh": // how a name is read in Japanese, not what is written
			phonetic = s.is("rPh") && !s.empty
		case "t":
			if inT && s.close && !phonetic {
				text = unescape(text, s.text)
			}
			inT = !s.close && !s.empty
			if len(text) > 4*maxCell {
				return refuse(CellLong, nil)
			}
		}
		return nil
	})
	t.blocks = append(t.blocks, string(block))
	return err
}

// fits says whether a text is no longer than a cell can be; Excel counts UTF-16 units, and so does this nearly.
func fits(text []byte) bool {
	return len(text) <= maxCell || utf8.RuneCount(text) <= maxCell
}

// rowReader holds the state of one walk over a worksheet.
type rowReader struct {
	book     *Book
	s        *scanner
	row      Row
	text     []byte // of the row's cells
	ends     []int  // where each cell's text ends in text; -1 for shared ones
	last     int    // number of the last row seen
	filled   int    // number of the last row with content
	lastDim  int
	inData   bool
	sawData  bool
	rootDone bool
	root     string
}

// Each walks the rows of a worksheet that hold anything, in order. The row is
// overwritten by the next one; its texts are not. An error of each stops the
// walk and comes back. Only a nil error says that the sheet was seen whole.
func (b *Book) Each(sheet Sheet, each func(*Row) error) error {
	in, err := b.open(sheet.part)
	if err != nil {
		return err
	}
	r := &rowReader{book: b, s: newScanner(in)}
	if err := r.walk(each); err != nil {
		return errors.Join(err, in.Close())
	}
	if err := in.Close(); err != nil {
		return reading(err)
	}
	return nil
}

func (r *rowReader) walk(each func(*Row) error) error {
	s := r.s
	for {
		err := s.next()
		if errors.Is(err, io.EOF) {
			return r.complete()
		}
		if err != nil {
			return err
		}
		if r.root == "" {
			r.root = string(s.name)
		}
		switch {
		case s.is("dimension"):
			r.dimension(s.raw("ref"))
		case string(s.name) == "sheetData":
			r.inData = !s.close && !s.empty
			r.sawData = r.sawData || s.close || s.empty
		case s.is("row") && r.inData:
			if err := r.readRow(); err != nil {
				return err
			}
			if len(r.row.Cells) == 0 {
				continue
			}
			if r.row.Number-r.filled > r.book.limits.Gap {
				return refuse(RowJump, nil)
			}
			r.filled = r.row.Number
			if err := each(&r.row); err != nil {
				return err
			}
		case s.close && string(s.name) == r.root:
			r.rootDone = true
		}
	}
}

// complete checks that nothing is missing behind the last row.
func (r *rowReader) complete() error {
	if !r.sawData || !r.rootDone {
		return refuse(Cut, nil)
	}
	if r.lastDim > r.last {
		return refuse(RowsLost, nil)
	}
	return nil
}

// dimension notes the last row a sheet claims. One that claims the whole sheet
// says nothing; some writers do that.
func (r *rowReader) dimension(ref []byte) {
	if i := bytes.IndexByte(ref, ':'); i >= 0 {
		ref = ref[i+1:]
	}
	if _, n := position(ref); n < maxRow {
		r.lastDim = n
	}
}

// position reads B12 into column and row; 0 for what is missing or out of bounds.
func position(ref []byte) (column, row int) {
	i := 0
	for ; i < len(ref) && ref[i] >= 'A' && ref[i] <= 'Z'; i++ {
		if column = column*26 + int(ref[i]-'A') + 1; column > maxColumn {
			return 0, 0
		}
	}
	for ; i < len(ref); i++ {
		if ref[i] < '0' || ref[i] > '9' {
			return 0, 0
		}
		if row = row*10 + int(ref[i]-'0'); row > 10*maxRow {
			return 0, 0
		}
	}
	return column, row
}

func (r *rowReader) readRow() error {
	s := r.s
	number := r.last + 1
	if found, v := s.find("r"); found {
		n, err := strconv.Atoi(string(v))
		if err != nil || n < number {
			return refuse(Damaged, nil) // twice or backwards: two readers would read two lists
		}
		number = n
	}
	if number > maxRow {
		return refuse(TooMany, nil)
	}
	r.last, r.row.Number = number, number
	r.row.Cells, r.text, r.ends = r.row.Cells[:0], r.text[:0], r.ends[:0]
	if s.empty {
		return nil
	}
	column := 0
	for {
		if err := r.within(); err != nil {
			return err
		}
		switch {
		case s.close && string(s.name) == "row":
			r.settle()
			return nil
		case s.is("row"):
			return refuse(Damaged, nil)
		case s.is("c"):
			column++
			if found, v := s.find("r"); found {
				c, n := position(v)
				if c < column || n != 0 && n != number {
					return refuse(Damaged, nil)
				}
				column = c
			}
			if column > maxColumn {
				return refuse(TooMany, nil)
			}
			if err := r.readCell(column); err != nil {
				return err
			}
		}
	}
}

// within moves on inside a row, where the file must not end.
func (r *rowReader) within() error {
	err := r.s.next()
	if errors.Is(err, io.EOF) {
		return refuse(Cut, nil)
	}
	if err == nil && r.s.close && string(r.s.name) == "sheetData" {
		return refuse(Damaged, nil)
	}
	return err
}

// settle gives the cells their texts, all cut from one string.
func (r *rowReader) settle() {
	all, from := string(r.text), 0
	for i := range r.row.Cells {
		if end := r.ends[i]; end >= 0 {
			r.row.Cells[i].Text = all[from:end]
			from = end
		}
	}
}

func (r *rowReader) readCell(column int) error {
	s := r.s
	if s.empty {
		return nil
	}
	kind, style := typeOf(s.raw("t")), 0
	for _, d := range s.raw("s") {
		style = min(style*10+int(d-'0'), 1<<20)
	}
	from := len(r.text)
	phonetic := false
	for {
		if err := r.within(); err != nil {
			return err
		}
		switch {
		case s.close && len(s.name) == 1 && s.name[0] == 'c':
			return r.add(column, kind, style, from)
		case s.close && len(s.name) == 1 && (s.name[0] == 'v' && kind != inline || s.name[0] == 't' && kind == inline && !phonetic):
			r.text = unescape(r.text, s.text)
			if len(r.text)-from > 4*maxCell {
				return refuse(CellLong, nil)
			}
		case string(s.name) == "rPh":
			phonetic = !s.close && !s.empty
		case string(s.name) == "row" || s.is("c"):
			return refuse(Damaged, nil)
		}
	}
}

// Types of cells in the file.
const (
	numeric = iota
	sharedText
	inline
	computed
	boolean
	failed
	isoDate
)

func typeOf(t []byte) int {
	switch string(t) {
	case "s":
		return sharedText
	case "inlineStr":
		return inline
	case "str":
		return computed
	case "b":
		return boolean
	case "e":
		return failed
	case "d":
		return isoDate
	}
	return numeric
}

func (r *rowReader) add(column, kind, style, from int) error {
	if len(r.text) == from {
		return nil
	}
	c := Cell{Column: column}
	switch kind {
	case sharedText:
		i, err := strconv.Atoi(string(bytes.TrimSpace(r.text[from:])))
		text, ok := r.book.shared.get(i)
		if err != nil || !ok {
			return refuse(Damaged, err)
		}
		r.text = r.text[:from]
		if text != "" {
			r.row.Cells = append(r.row.Cells, Cell{Column: column, Kind: Text, Text: text})
			r.ends = append(r.ends, -1)
		}
		return nil
	case inline, computed:
		c.Kind = Text
		if !fits(r.text[from:]) {
			return refuse(CellLong, nil)
		}
		r.text = append(r.text[:from], plain(r.text[from:])...)
	case boolean:
		c.Kind = Bool
		word := "FALSE"
		if r.text[from] == '1' || r.text[from] == 't' {
			word = "TRUE"
		}
		r.text = append(r.text[:from], word...)
	case failed:
		c.Kind = Failed
	case isoDate:
		c.Kind, c.Shows = Date, ShowsDay
	default:
		c.Kind = Number
		if style < len(r.book.styles) && r.book.styles[style] != 0 {
			c.Kind, c.Shows = Date, r.book.styles[style]
		}
	}
	if len(r.text) > from {
		r.row.Cells = append(r.row.Cells, c)
		r.ends = append(r.ends, len(r.text))
	}
	return nil
}
