package paper

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// Header is one column of a sheet.
type Header struct {
	Title string
	// Width in characters of half width; 0 means 16.
	Width float64
}

// Book writes a workbook row by row, with constant memory however long its
// sheets are (excelize's stream writer). Text never becomes a formula: see EscapeCell.
type Book struct {
	file  *excelize.File
	sheet *Sheet
	first bool
	head  int
	body  int
	day   int
}

// Sheet is one sheet of a Book, open until the next one is begun.
type Sheet struct {
	book   *Book
	stream *excelize.StreamWriter
	name   string
	row    int
	width  int
}

// NewBook begins a workbook.
func NewBook() (*Book, error) {
	b := &Book{file: excelize.NewFile(), first: true}
	font := func(bold bool) *excelize.Font { return &excelize.Font{Family: "宋体", Size: 11, Bold: bold} }
	border := []excelize.Border{}
	for _, side := range []string{"left", "right", "top", "bottom"} {
		border = append(border, excelize.Border{Type: side, Color: "BFBFBF", Style: 1})
	}
	var err error
	style := func(s *excelize.Style) int {
		id, e := b.file.NewStyle(s)
		err = errors.Join(err, e)
		return id
	}
	// 49 is the built-in text format: an identity number stays eighteen characters.
	b.head = style(&excelize.Style{Font: font(true), Border: border, NumFmt: 49,
		Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8EEF5"}},
		Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}})
	b.body = style(&excelize.Style{Font: font(false), Border: border, NumFmt: 49, Alignment: &excelize.Alignment{Vertical: "center"}})
	b.day = style(&excelize.Style{Font: font(false), Border: border, Alignment: &excelize.Alignment{Vertical: "center"}})
	if err != nil {
		return nil, fmt.Errorf("begin workbook: %w", err)
	}
	return b, nil
}

// Sheet closes the sheet before and begins the next: a fixed head row in Chinese
// style with a filter, columns formatted as text.
func (b *Book) Sheet(name string, headers ...Header) (*Sheet, error) {
	if err := b.flush(); err != nil {
		return nil, err
	}
	if b.first {
		b.first = false
		if err := b.file.SetSheetName("Sheet1", name); err != nil {
			return nil, fmt.Errorf("name sheet: %w", err)
		}
	} else if _, err := b.file.NewSheet(name); err != nil {
		return nil, fmt.Errorf("add sheet: %w", err)
	}
	stream, err := b.file.NewStreamWriter(name)
	if err != nil {
		return nil, fmt.Errorf("open sheet: %w", err)
	}
	s := &Sheet{book: b, stream: stream, name: name, width: len(headers)}
	cells := make([]any, len(headers))
	for i, header := range headers {
		width := header.Width
		if width == 0 {
			width = 16
		}
		if err := stream.SetColWidth(i+1, i+1, width); err != nil {
			return nil, fmt.Errorf("set column width: %w", err)
		}
		cells[i] = excelize.Cell{StyleID: b.head, Value: header.Title}
	}
	if err := stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return nil, fmt.Errorf("freeze head row: %w", err)
	}
	s.row = 1
	if err := stream.SetRow("A1", cells, excelize.RowOpts{Height: 24}); err != nil {
		return nil, fmt.Errorf("write head row: %w", err)
	}
	b.sheet = s
	return s, nil
}

// Row appends a row. Strings are escaped (EscapeCell); integers and floats stay
// numbers; a time.Time is written as 2006-01-02 15:04 of the country's time.
func (s *Sheet) Row(values ...any) error {
	s.row++
	cells := make([]any, len(values))
	for i, value := range values {
		cell := excelize.Cell{StyleID: s.book.body, Value: value}
		switch value := value.(type) {
		case string:
			cell.Value = EscapeCell(value)
		case time.Time:
			cell.Value = ""
			if !value.IsZero() {
				cell.Value = DayTime(value)
			}
		case nil:
		default:
			cell.StyleID = s.book.day
		}
		cells[i] = cell
	}
	at, err := excelize.CoordinatesToCellName(1, s.row)
	if err != nil {
		return fmt.Errorf("write row %d: %w", s.row, err)
	}
	if err := s.stream.SetRow(at, cells); err != nil {
		return fmt.Errorf("write row %d: %w", s.row, err)
	}
	return nil
}

func (b *Book) flush() error {
	if b.sheet == nil {
		return nil
	}
	s := b.sheet
	b.sheet = nil
	if err := s.stream.Flush(); err != nil {
		return fmt.Errorf("close sheet: %w", err)
	}
	if s.width == 0 {
		return nil
	}
	last, err := excelize.CoordinatesToCellName(s.width, max(s.row, 1))
	if err != nil {
		return fmt.Errorf("close sheet: %w", err)
	}
	if err := b.file.AutoFilter(s.name, "A1:"+last, nil); err != nil {
		return fmt.Errorf("set filter: %w", err)
	}
	return nil
}

// WriteTo closes the last sheet, writes the workbook and frees its temporary
// files; the book is used up.
func (b *Book) WriteTo(w io.Writer) (int64, error) {
	if err := b.flush(); err != nil {
		return 0, errors.Join(err, b.file.Close())
	}
	n, err := b.file.WriteTo(w)
	if err = errors.Join(err, b.file.Close()); err != nil {
		return n, fmt.Errorf("write workbook: %w", err)
	}
	return n, nil
}

// EscapeCell keeps a text from becoming a formula when the sheet is saved as CSV
// and opened again: one that begins with = + - @ or a control character gets an
// apostrophe in front. A lone sign is harmless and stays.
func EscapeCell(text string) string {
	bare := strings.TrimLeft(text, "'")
	if len(bare) > 1 && strings.ContainsRune("=+-@\t\r", rune(bare[0])) {
		return "'" + text
	}
	return text
}

// UnescapeCell is the inverse, for workbooks that come back corrected.
func UnescapeCell(text string) string {
	if rest, ok := strings.CutPrefix(text, "'"); ok && EscapeCell(rest) == text {
		return rest
	}
	return text
}
