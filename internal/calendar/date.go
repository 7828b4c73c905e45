package calendar

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"dangan/internal/clock"

	"golang.org/x/text/width"
)

// Date is a civil date as 2006-01-02; the empty Date is none. Dates compare as strings.
type Date string

// Of is the day of a moment in China.
func Of(t time.Time) Date { return Date(t.In(clock.Shanghai).Format(time.DateOnly)) }

// New makes a date; "" if there is no such day.
func New(year, month, day int) Date {
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if t.Year() != year || int(t.Month()) != month || t.Day() != day {
		return ""
	}
	return Date(t.Format(time.DateOnly))
}

// Time is midnight UTC of the day, for arithmetic; the zero time for none.
func (d Date) Time() time.Time {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return time.Time{}
	}
	return t
}

// Moment is the beginning of the day in China.
func (d Date) Moment() time.Time {
	t := d.Time()
	if t.IsZero() {
		return t
	}
	return t.Add(-8 * time.Hour)
}

// String is 2006-01-02.
func (d Date) String() string { return string(d) }

// Valid says whether it is a day.
func (d Date) Valid() bool { return !d.Time().IsZero() }

// Year of the date, 0 for none.
func (d Date) Year() int {
	if !d.Valid() {
		return 0
	}
	return d.Time().Year()
}

// AddDays steps n days.
func (d Date) AddDays(n int) Date { return Date(d.Time().AddDate(0, 0, n).Format(time.DateOnly)) }

// Long is 2026年11月25日.
func (d Date) Long() string {
	if !d.Valid() {
		return ""
	}
	t := d.Time()
	return fmt.Sprintf("%d年%d月%d日", t.Year(), t.Month(), t.Day())
}

// dateless takes out blanks and the apostrophes of spreadsheets.
var dateless = strings.NewReplacer(" ", "", "　", "", "'", "", "’", "")

// parseISO reads 2019-03-05, as most lists write it, without a regular expression:
// a column of dates costs a tenth. ok is false for whatever else.
func parseISO(text string) (p Partial, ok bool) {
	if len(text) != 10 || text[4] != '-' || text[7] != '-' {
		return p, false
	}
	number := func(digits string) (n int) {
		for i := range len(digits) {
			if digits[i] < '0' || digits[i] > '9' {
				return 0
			}
			n = n*10 + int(digits[i]-'0')
		}
		return n
	}
	p = Partial{Year: number(text[:4]), Month: number(text[5:7]), Day: number(text[8:])}
	return p, p.Year > 0 && New(p.Year, p.Month, p.Day) != ""
}

var dateForms = []*regexp.Regexp{
	regexp.MustCompile(`^(\d{4})[-./年](\d{1,2})(?:[-./月](\d{1,2})日?|月)?$`),
	regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`),
	regexp.MustCompile(`^(\d{4})(\d{2})$`),
}

// Partial is a date of which the day, or month and day, may be unknown (0).
type Partial struct{ Year, Month, Day int }

// Parse reads the writings offices use: 2019-3-5, 2019.03.05, 2019/3/5,
// 2019年3月5日, 20190305, and a year and month alone. ok is false for what is no day.
func Parse(text string) (p Partial, ok bool) {
	if p, ok = parseISO(text); ok {
		return p, true
	}
	text = dateless.Replace(width.Narrow.String(text))
	if i := strings.IndexAny(text, "T"); i > 0 {
		text = text[:i]
	}
	if len(text) > 8 && strings.HasSuffix(text, "00:00:00") {
		text = strings.TrimSuffix(text, "00:00:00")
	}
	for _, form := range dateForms {
		m := form.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		p.Year, _ = strconv.Atoi(m[1])
		p.Month, _ = strconv.Atoi(m[2])
		if len(m) > 3 && m[3] != "" {
			p.Day, _ = strconv.Atoi(m[3])
			return p, New(p.Year, p.Month, p.Day) != ""
		}
		return p, p.Month >= 1 && p.Month <= 12 && p.Year >= 1000
	}
	return p, false
}

// Date is the whole date, "" when a part is unknown.
func (p Partial) Date() Date {
	if p.Day == 0 {
		return ""
	}
	return New(p.Year, p.Month, p.Day)
}
