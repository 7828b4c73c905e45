package roster

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"dangan/internal/sheet"
)

const (
	headProblem = "问题"
	headRemedy  = "怎样改"
)

// ErrorBook writes the rows to be corrected with all their columns as text and
// two more, 问题 and 怎样改; it can be corrected and imported again.
type ErrorBook struct {
	file *File
	out  *sheet.Writer
	cols []Column
	Rows int
}

// NewErrorBook begins a workbook for the rejected rows of a file.
func NewErrorBook(f *File) (*ErrorBook, error) {
	b := &ErrorBook{file: f, cols: slices.DeleteFunc(slices.Clone(f.Columns), func(c Column) bool { return c.Field == Ours })}
	var widths []float64
	var heads []string
	for _, c := range b.cols {
		width := 14.0
		if c.Field == Identity || c.Field == Credit || c.Field == Category || c.Field == Employer {
			width = 24
		}
		head := c.Header
		if head == "" {
			head = c.Field.Label()
		}
		if field, _ := recognize(head); c.Field != "" && field != c.Field {
			head = c.Field.Label() // chosen by hand: the next import should not have to ask again
		}
		widths, heads = append(widths, width), append(heads, head)
	}
	widths, heads = append(widths, 48, 40), append(heads, headProblem, headRemedy)
	var err error
	if b.out, err = sheet.NewWriter("需改正", widths); err != nil {
		return nil, err
	}
	return b, b.out.Put(heads, slices.Repeat([]sheet.Look{sheet.Heading}, len(heads)))
}

// Put adds a row if it was rejected.
func (b *ErrorBook) Put(j *Judged) error {
	if j.Outcome != Rejected {
		return nil
	}
	b.Rows++
	cells := make([]string, len(b.cols), len(b.cols)+2)
	looks := make([]sheet.Look, len(b.cols), len(b.cols)+2)
	source := sheet.Row{Cells: j.Row.all}
	for i, c := range b.cols {
		cells[i] = written(source.At(c.Number), j.Row.base)
		for _, e := range j.Errors {
			if e.Field == c.Field && c.Field != "" {
				looks[i] = sheet.Problem
			}
			if e.Code == IDPrecisionLost && c.Field == Identity || e.Code == CreditChecksum && e.Detail != "" && c.Field == Credit {
				cells[i] = "（请重新录入）" // the digits shown were never typed, and might pass the check
			}
		}
	}
	var problems, remedies []string
	for _, e := range j.Errors {
		problems = append(problems, e.Column()+"："+e.Problem())
		remedies = append(remedies, e.Column()+"："+e.Remedy())
	}
	cells = append(cells, fmt.Sprintf("原表第 %d 行。%s", j.Row.Number, strings.Join(problems, "；")), strings.Join(remedies, "；"))
	return b.out.Put(cells, append(looks, sheet.Reason, sheet.Reason))
}

// Finish writes the workbook out.
func (b *ErrorBook) Finish(to io.Writer) error { return b.out.Finish(to) }

// Discard drops it.
func (b *ErrorBook) Discard() error { return b.out.Discard() }
