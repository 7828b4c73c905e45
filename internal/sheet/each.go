package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
)

// ErrText is a file of text that is no CSV: what it was to be is the caller's to say.
var ErrText = errors.New("sheet: unreadable CSV")

// Each gives the rows of a list that somebody made: of a workbook's first sheet, or of UTF-8 CSV,
// whose cells are all text. It ends with the first error of row.
func Each(content io.ReaderAt, size int64, row func(*Row) error) error {
	head := make([]byte, 4)
	n, err := content.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	// A zip is a workbook; what old Excel wrote is refused by the reader with a sentence of its own.
	if head = head[:n]; bytes.HasPrefix(head, []byte("PK")) || bytes.HasPrefix(head, []byte{0xD0, 0xCF}) {
		book, err := Read(content, size, Limits{})
		if err != nil {
			return err
		}
		return book.Each(book.Sheets[0], row)
	}
	text := io.NewSectionReader(content, 0, size)
	if bytes.HasPrefix(head, []byte("\ufeff")) {
		if _, err := text.Seek(3, io.SeekStart); err != nil {
			return err
		}
	}
	in := csv.NewReader(text)
	in.FieldsPerRecord = -1
	for {
		record, err := in.Read()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("%w: %w", ErrText, err)
		}
		number, _ := in.FieldPos(0)
		r := Row{Number: number}
		for i, v := range record {
			r.Cells = append(r.Cells, Cell{Column: i + 1, Kind: Text, Text: v})
		}
		if err := row(&r); err != nil {
			return err
		}
	}
}
