package sheet

import (
	"math/big"
	"strconv"
	"strings"
	"time"
)

// Kind says how a cell is stored, which is not always how it looks.
type Kind uint8

// Kinds of cells.
const (
	Blank  Kind = iota
	Text        // shared, inline, rich or computed text
	Number      // stored as a number; Text is the digits of the file
	Date        // a number whose format shows a date, or an ISO 8601 date
	Bool        // Text is TRUE or FALSE
	Failed      // Text is #N/A and the like
)

// Shown says which parts of a date a cell's format shows: a date typed as
// 1988年12月 is stored as its first day.
type Shown uint8

// Parts of a date.
const (
	ShowsDay Shown = iota + 1
	ShowsMonth
	ShowsYear
)

// Cell is one cell of a row. Its text lives as long as the reader lets the row
// live, and longer only as a part of the whole row's text: clone what is kept.
type Cell struct {
	Column int // from 1
	Kind   Kind
	Shows  Shown // of a Date
	Text   string
}

// Row is one row as Excel numbers it; blank cells are left out.
type Row struct {
	Number int
	Cells  []Cell
}

// At returns the cell of a column, a blank one when the row has none.
func (r *Row) At(column int) Cell {
	if i := column - 1; i >= 0 && i < len(r.Cells) && r.Cells[i].Column == column {
		return r.Cells[i]
	}
	for _, c := range r.Cells {
		if c.Column == column {
			return c
		}
	}
	return Cell{Column: column}
}

// Digits writes a number without exponent, as Excel would in a wide column:
// 5.00108196309017e+17 is 500108196309017000. A text comes back as it is.
func (c Cell) Digits() string {
	if c.Kind != Number && c.Kind != Date || len(c.Text) > 64 {
		return c.Text
	}
	if strings.IndexFunc(c.Text, func(r rune) bool { return r < '0' || r > '9' }) < 0 {
		return c.Text
	}
	f, err := strconv.ParseFloat(c.Text, 64)
	if err != nil {
		return c.Text
	}
	if f == float64(int64(f)) && f < 1e18 && f > -1e18 {
		// The shortest digits that give this number, padded: the exact binary value would show digits nobody typed.
		if b, _, err := big.ParseFloat(strconv.FormatFloat(f, 'g', 15, 64), 10, 200, big.ToNearestEven); err == nil {
			if s := b.Text('f', 0); len(strings.TrimLeft(s, "-")) > 15 {
				return s
			}
		}
		return strconv.FormatInt(int64(f), 10)
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// Significant counts the digits of a stored number before its point.
func (c Cell) Significant() int {
	s, _, _ := strings.Cut(strings.TrimLeft(c.Digits(), "-0"), ".")
	return len(s)
}

// Day turns a Date cell, or a number, into year, month and day. base1904 is
// the workbook's. ok is false for what is no day, the 29 February 1900 that Excel invented included.
func (c Cell) Day(base1904 bool) (year, month, day int, ok bool) {
	if len(c.Text) >= 10 && c.Text[4] == '-' {
		t, err := time.Parse(time.DateOnly, c.Text[:10])
		return t.Year(), int(t.Month()), t.Day(), err == nil
	}
	f, err := strconv.ParseFloat(c.Text, 64)
	if err != nil || !(f >= 1 || f >= 0 && base1904) || f >= 2958466 { // 10000-01-01
		return 0, 0, 0, false
	}
	n := int(f)
	start := time.Date(1899, 12, 31, 0, 0, 0, 0, time.UTC)
	switch {
	case base1904:
		start = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case n == 60:
		return 0, 0, 0, false
	case n > 60:
		n--
	}
	t := start.AddDate(0, 0, n)
	return t.Year(), int(t.Month()), t.Day(), true
}
