package roster

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"dangan/internal/calendar"
	"dangan/internal/region"
	"dangan/internal/sheet"

	"golang.org/x/text/width"
)

// blankless takes out every blank, zero-width ones included.
func blankless(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' || r == '\u3000' {
			return -1
		}
		return r
	}, text)
}

// written is a cell as a person would write it again: dates with dashes,
// numbers without exponent.
func written(c sheet.Cell, base1904 bool) string {
	switch c.Kind {
	case sheet.Date:
		y, m, d, ok := c.Day(base1904)
		switch {
		case !ok:
			return c.Digits()
		case c.Shows == sheet.ShowsMonth:
			return fmt.Sprintf("%d年%d月", y, m)
		case c.Shows == sheet.ShowsYear:
			return fmt.Sprintf("%d年", y)
		}
		return fmt.Sprintf("%04d-%02d-%02d", y, m, d)
	case sheet.Number:
		return c.Digits()
	}
	return c.Text
}

// text is a field as written; a formula's failure is nothing written.
func (r *Row) text(f Field) string {
	c := r.cell(f)
	if c.Kind == sheet.Blank || c.Kind == sheet.Failed {
		return ""
	}
	return strings.TrimLeft(strings.TrimSpace(written(c, r.base)), "'‘`")
}

// optional is text, where 无 and strokes mean nothing.
func (r *Row) optional(f Field) string {
	t := r.text(f)
	switch blankless(width.Narrow.String(t)) {
	case "", "无", "-", "--", "—", "——", "/", "\\", "N/A", "暂无", "空":
		return ""
	}
	return t
}

var (
	timeOfDay = regexp.MustCompile(`[\sT]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?Z?$`)
	yearAlone = regexp.MustCompile(`^(\d{4})年?$`)
)

// date reads a field as far as it goes. open: a number such as 1988.1 may have lost the zero of October.
func (r *Row) date(f Field) (p calendar.Partial, open, ok bool) {
	c := r.cell(f)
	switch c.Kind {
	case sheet.Date:
		y, m, d, ok := c.Day(r.base)
		p = calendar.Partial{Year: y, Month: m, Day: d}
		if f == Birth && c.Shows >= sheet.ShowsMonth {
			p.Day = 0 // typed as a month; Excel added the first
		}
		if f == Birth && c.Shows == sheet.ShowsYear {
			p.Month = 0
		}
		return p, false, ok
	case sheet.Number:
		text := c.Digits()
		if n, err := strconv.Atoi(text); err == nil && len(text) == 5 && n < 73_051 { // before 2100: a date whose format was lost
			y, m, d, ok := sheet.Cell{Kind: sheet.Date, Text: text}.Day(r.base)
			return calendar.Partial{Year: y, Month: m, Day: d}, false, ok
		}
		p, ok = parseDate(text)
		return p, ok && p.Day == 0 && p.Month == 1 && strings.HasSuffix(text, ".1"), ok
	}
	p, ok = parseDate(r.text(f))
	return p, false, ok
}

func parseDate(text string) (calendar.Partial, bool) {
	text = strings.TrimSpace(width.Narrow.String(text))
	if strings.Contains(text, ":") {
		text = timeOfDay.ReplaceAllString(text, "")
	}
	if m := yearAlone.FindStringSubmatch(blankless(text)); m != nil {
		y, err := strconv.Atoi(m[1])
		return calendar.Partial{Year: y}, err == nil && y >= 1850
	}
	return calendar.Parse(blankless(text))
}

// place turns what stands in a column of places, addresses included, into a
// division's code; "" when none is recognized.
func place(text string) string {
	t := blankless(width.Narrow.String(text))
	digits := len(t) - len(strings.TrimLeft(t, "0123456789"))
	if digits >= 6 && region.Known(t[:6]) {
		return t[:6]
	}
	if code, ok := region.Find(t); ok {
		return code
	}
	runes := []rune(t)
	for i := min(len(runes)-1, 24); i > 1; i-- { // the longest beginning that is a division
		if strings.ContainsRune("区县市州盟旗省", runes[i]) {
			if code, ok := region.Find(string(runes[:i+1])); ok {
				return code
			}
		}
	}
	return ""
}

// personName takes the blanks out of a name; between words in Latin letters one stays.
func personName(text string) (name string, changed bool) {
	var b strings.Builder
	runes := []rune(text)
	for i, r := range runes {
		if r == '\u200b' || r == '\ufeff' {
			continue
		}
		if !unicode.IsSpace(r) {
			b.WriteRune(r)
			continue
		}
		if i > 0 && i+1 < len(runes) && latin(runes[i-1]) && latin(runes[i+1]) {
			b.WriteByte(' ')
		}
	}
	return b.String(), b.String() != text
}

func latin(r rune) bool { return unicode.Is(unicode.Latin, r) || r == '.' }

// memory keeps what texts were read as: a column of a roster holds few
// different ones. It is bounded, should somebody make it hold many.
var memory = struct {
	sync.RWMutex
	read map[[2]string]string
}{read: map[[2]string]string{}}

const remembers = 20_000

// remembered reads a text of a kind, once.
func remembered(kind, text string, read func(string) string) string {
	key := [2]string{kind, text}
	memory.RLock()
	value, ok := memory.read[key]
	memory.RUnlock()
	if ok {
		return value
	}
	value = read(text)
	memory.Lock()
	defer memory.Unlock()
	if len(memory.read) >= remembers {
		clear(memory.read)
	}
	memory.read[[2]string{kind, strings.Clone(text)}] = value
	return value
}
