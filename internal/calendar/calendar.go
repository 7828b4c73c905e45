package calendar

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"sync"
	"time"
)

//go:embed holidays.csv
var holidays []byte

// Calendar knows the exceptions to the week of Monday to Friday. The zero
// calendar knows none, so that every deadline is provisional.
type Calendar struct {
	days map[Date]bool // true: a make-up working day, false: a holiday
	last int           // last year loaded
}

// Load reads a table `date,kind,name_zh` on top of a calendar and returns the
// new one; a correction in the year itself replaces the day.
func (c *Calendar) Load(r io.Reader) (*Calendar, error) {
	rows, err := csv.NewReader(r).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("放假安排表无法读取：%w", err)
	}
	out := &Calendar{days: maps.Clone(c.days), last: c.last}
	if out.days == nil {
		out.days = map[Date]bool{}
	}
	for i, row := range rows {
		if i == 0 {
			continue
		}
		d := Date(row[0])
		if !d.Valid() || row[1] != "holiday" && row[1] != "workday" {
			return nil, fmt.Errorf("放假安排表第 %d 行有误：日期应为 2026-01-01 的写法，类型应为 holiday 或 workday", i+1)
		}
		out.days[d] = row[1] == "workday"
		out.last = max(out.last, d.Year())
	}
	return out, nil
}

// Default is the embedded calendar, 2018 to 2026.
var Default = sync.OnceValue(func() *Calendar {
	c, err := new(Calendar).Load(bytes.NewReader(holidays))
	if err != nil {
		panic(err) // embedded: found by the first test
	}
	return c
})

// Span is the first and the last day the calendar lists; two empty days for none.
func (c *Calendar) Span() (first, last Date) {
	for d := range c.days {
		if first == "" || d < first {
			first = d
		}
		last = max(last, d)
	}
	return first, last
}

// LastYear is the last year the State Council's arrangement is loaded for.
func (c *Calendar) LastYear() int { return c.last }

// IsWorkday says whether people work on a day; beyond the last year it is a guess.
func (c *Calendar) IsWorkday(d Date) bool {
	if w, listed := c.days[d]; listed {
		return w
	}
	day := d.Time().Weekday()
	return day != time.Saturday && day != time.Sunday
}

// AddWorkdays is the n-th working day after start; the start does not count
// (Civil Code 201), n = 0 is the start itself. provisional: it reaches past the
// last year loaded.
func (c *Calendar) AddWorkdays(start Date, n int) (end Date, provisional bool) {
	end = start
	for n > 0 {
		end = end.AddDays(1)
		if c.IsWorkday(end) {
			n--
		}
	}
	return end, end.Year() > c.last
}

// AddMonths is the same day n months later, or that month's last day (Civil Code
// 202); on a day off, the next working day (203).
func (c *Calendar) AddMonths(start Date, n int) (end Date, provisional bool) {
	return c.AddMonthsDays(start, n, 0)
}

// AddMonthsDays is AddMonths and more days, by which a term was stopped meanwhile.
func (c *Calendar) AddMonthsDays(start Date, n, more int) (end Date, provisional bool) {
	t := start.Time()
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	end = Date(first.AddDate(0, 0, min(t.Day(), last)-1+more).Format(time.DateOnly))
	for !c.IsWorkday(end) {
		end = end.AddDays(1)
	}
	return end, end.Year() > c.last
}

// Workdays counts the working days after from up to and with to; negative when
// to lies before from.
func (c *Calendar) Workdays(from, to Date) int {
	if to < from {
		return -c.Workdays(to, from)
	}
	n := 0
	for d := from; d < to; {
		d = d.AddDays(1)
		if c.IsWorkday(d) {
			n++
		}
	}
	return n
}
