package sheet

import (
	"archive/zip"
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"
)

// Look is how a written cell looks.
type Look uint8

// Looks of cells.
const (
	Plain   Look = iota
	Heading      // of a column
	Problem      // red: what is to be corrected
	Reason       // wraps, for sentences
	looks
)

// Writer writes one sheet, row by row, without holding it: excelize's stream
// goes to a temporary file beyond 16 MB.
type Writer struct {
	file   *excelize.File
	stream *excelize.StreamWriter
	styles [looks]int
	row    int
}

// NewWriter begins a workbook of one sheet; widths are those of the columns, in characters.
func NewWriter(name string, widths []float64) (*Writer, error) {
	f := excelize.NewFile()
	w := &Writer{file: f}
	if err := w.begin(name, widths); err != nil {
		return nil, fmt.Errorf("begin workbook: %w", err)
	}
	return w, nil
}

func (w *Writer) begin(name string, widths []float64) error {
	if err := w.file.SetSheetName("Sheet1", name); err != nil {
		return err
	}
	// 49 is “text”: Excel must not make numbers of identity numbers when somebody corrects them.
	for look, style := range [looks]excelize.Style{
		Plain:   {NumFmt: 49},
		Heading: {NumFmt: 49, Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"EEF1F5"}}},
		Problem: {NumFmt: 49, Font: &excelize.Font{Color: "9C1C1C"}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"FFC7CE"}}},
		Reason:  {NumFmt: 49, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}},
	} {
		id, err := w.file.NewStyle(&style)
		if err != nil {
			return err
		}
		w.styles[look] = id
	}
	var err error
	if w.stream, err = w.file.NewStreamWriter(name); err != nil {
		return err
	}
	for i, width := range widths {
		if err := w.stream.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	return nil
}

// Put writes the next row; every cell is text. looks may be shorter than cells.
func (w *Writer) Put(cells []string, looks []Look) error {
	w.row++
	out := make([]any, len(cells))
	for i, text := range cells {
		look := Plain
		if i < len(looks) {
			look = looks[i]
		}
		out[i] = excelize.Cell{StyleID: w.styles[look], Value: text}
	}
	at, err := excelize.CoordinatesToCellName(1, w.row)
	if err != nil {
		return err
	}
	if err := w.stream.SetRow(at, out); err != nil {
		return fmt.Errorf("write row %d: %w", w.row, err)
	}
	return nil
}

// Finish writes the workbook out and drops the temporary files.
func (w *Writer) Finish(to io.Writer) error {
	if err := w.stream.Flush(); err != nil {
		return fmt.Errorf("flush workbook: %w", err)
	}
	// Left to itself, excelize holds the whole file before it writes a byte.
	w.file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(to) })
	if _, err := w.file.WriteToBuffer(); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	return w.file.Close()
}

// Discard drops an unfinished workbook.
func (w *Writer) Discard() error { return w.file.Close() }
