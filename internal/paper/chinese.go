package paper

import (
	"fmt"
	"strings"
	"time"
)

// zone is the time of all people in the country; a paper never shows another.
var zone = time.FixedZone("Asia/Shanghai", 8*60*60)

// Date prints 2026年11月23日: Arabic, no leading zeros (forms.md 19.1).
func Date(t time.Time) string {
	y, m, d := t.In(zone).Date()
	return fmt.Sprintf("%d年%d月%d日", y, int(m), d)
}

// Month prints 2026年11月.
func Month(t time.Time) string {
	y, m, _ := t.In(zone).Date()
	return fmt.Sprintf("%d年%d月", y, int(m))
}

// DateTime prints 2026年11月23日14时30分.
func DateTime(t time.Time) string {
	t = t.In(zone)
	return fmt.Sprintf("%s%d时%02d分", Date(t), t.Hour(), t.Minute())
}

// DayTime prints 2026-11-23 14:30, for columns of tables.
func DayTime(t time.Time) string { return t.In(zone).Format("2006-01-02 15:04") }

// DateSpan prints 2020年9月1日—2024年6月30日; a zero end is 至今.
func DateSpan(from, to time.Time) string {
	if to.IsZero() {
		return Date(from) + "—至今"
	}
	return Date(from) + "—" + Date(to)
}

// PartialDate prints as much of a date as is known: 2001年, 2001年7月, 2001年7月1日;
// month or day 0 is unknown.
func PartialDate(year, month, day int) string {
	switch {
	case year == 0:
		return ""
	case month == 0:
		return fmt.Sprintf("%d年", year)
	case day == 0:
		return fmt.Sprintf("%d年%d月", year, month)
	}
	return fmt.Sprintf("%d年%d月%d日", year, month, day)
}

// Number is the number of a paper, kept in parts and sorted by them (forms.md 0).
type Number struct {
	// Prefix is the agency's short form (代字), such as 渝北人才.
	Prefix string
	// Kind is the mark of the kind of paper, such as 调 or 证.
	Kind string
	Year int
	Seq  int
}

// String prints 渝北人才调〔2026〕123号.
func (n Number) String() string {
	return fmt.Sprintf("%s%s〔%d〕%d号", n.Prefix, n.Kind, n.Year, n.Seq)
}

var (
	plainDigits   = []rune("零一二三四五六七八九")
	plainUnits    = []string{"", "十", "百", "千"}
	capitalDigits = []rune("零壹贰叁肆伍陆柒捌玖")
	capitalUnits  = []string{"", "拾", "佰", "仟"}
)

// Numeral prints n (0 to 99,999,999) in Chinese numerals: 二十, 一百零五.
func Numeral(n int) string {
	s := spell(n, plainDigits, plainUnits)
	if strings.HasPrefix(s, "一十") { // 十五, 十二万; but 一百一十
		return strings.TrimPrefix(s, "一")
	}
	return s
}

// Capital prints n (0 to 99,999,999) in capital numerals: 叁拾, 壹佰零伍. Only
// where the form says so (forms.md 19.2).
func Capital(n int) string { return spell(n, capitalDigits, capitalUnits) }

// CapitalMonth prints 贰零贰陆年壹拾壹月, for the dues month of a membership letter.
func CapitalMonth(year, month int) string {
	var b strings.Builder
	for _, c := range fmt.Sprint(year) {
		b.WriteRune(capitalDigits[c-'0'])
	}
	return b.String() + "年" + Capital(month) + "月"
}

func spell(n int, digits []rune, units []string) string {
	if n < 0 {
		return "负" + spell(-n, digits, units)
	}
	if n == 0 {
		return string(digits[0])
	}
	if n >= 10000 {
		high, low := spell(n/10000, digits, units)+"万", n%10000
		switch {
		case low == 0:
			return high
		case low < 1000:
			return high + string(digits[0]) + spell(low, digits, units)
		}
		return high + spell(low, digits, units)
	}
	var b strings.Builder
	zero := false
	for place := 3; place >= 0; place-- {
		unit := 1
		for range place {
			unit *= 10
		}
		digit := n / unit % 10
		if digit == 0 {
			zero = b.Len() > 0
			continue
		}
		if zero {
			b.WriteRune(digits[0])
			zero = false
		}
		b.WriteRune(digits[digit])
		b.WriteString(units[place])
	}
	return b.String()
}

// Choose prints a list to tick: ■相符　□不符. Options that are chosen are black.
func Choose(options []string, chosen ...string) string {
	parts := make([]string, len(options))
	for i, option := range options {
		mark := "□"
		for _, c := range chosen {
			if c == option {
				mark = "■"
			}
		}
		parts[i] = mark + option
	}
	return strings.Join(parts, "　")
}
