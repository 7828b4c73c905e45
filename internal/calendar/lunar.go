package calendar

import (
	"regexp"
	"strconv"
	"strings"

	lunar "github.com/6tail/lunar-go/calendar"
	"golang.org/x/text/width"
)

// Lunar is a day of the Chinese lunar calendar, as older papers write dates of birth. Day 0 is
// unknown; a leap month follows the month of its number.
type Lunar struct {
	Year, Month, Day int
	Leap             bool
}

// The years between which lunar dates are converted: nobody's dossier is older.
const (
	firstLunarYear = 1900
	lastLunarYear  = 2100
)

var (
	lunarWords = regexp.MustCompile(`农历|阴历|旧历|夏历`)
	lunarForm  = regexp.MustCompile(`^(\d{4})年?[-./]?(闰?)(\d{1,2}|[正一二三四五六七八九十冬腊]{1,2})(?:月|[-./])?(\d{1,2}|初?[一二三四五六七八九十廿卅]{1,3})?[日号]?$`)
	// A month or day that only the lunar calendar names.
	lunarNames = regexp.MustCompile(`[正冬腊]月|初[一二三四五六七八九十]|廿|闰`)
)

var (
	lunarMonths = map[string]int{"正": 1, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10, "十一": 11, "冬": 11, "十二": 12, "腊": 12}
	lunarDigits = map[rune]int{'一': 1, '二': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9}
	monthNames  = []string{"", "正", "二", "三", "四", "五", "六", "七", "八", "九", "十", "冬", "腊"}
)

// ParseLunar reads a date that says it is of the lunar calendar: 农历1991年正月廿九,
// 1991年1月29日（农历）, 1991年腊月. ok is false where the writing does not say so, or where the
// lunar calendar has no such day.
func ParseLunar(text string) (l Lunar, ok bool) {
	text = dateless.Replace(width.Narrow.String(text))
	if !lunarWords.MatchString(text) && !lunarNames.MatchString(text) {
		return l, false
	}
	text = strings.NewReplacer("(", "", ")", "", ":", "", "出生", "", "生", "").Replace(lunarWords.ReplaceAllString(text, ""))
	m := lunarForm.FindStringSubmatch(text)
	if m == nil {
		return l, false
	}
	l.Year, _ = strconv.Atoi(m[1])
	l.Leap = m[2] != ""
	if n, err := strconv.Atoi(m[3]); err == nil {
		l.Month = n
	} else {
		l.Month = lunarMonths[m[3]]
	}
	if m[4] != "" {
		l.Day = lunarDay(m[4])
	}
	_, last := l.span()
	return l, last > 0 && (m[4] == "" || l.Day >= 1 && l.Day <= last)
}

// lunarDay reads 29, 初九, 十五, 廿九, 二十九, 三十; 0 for none of these.
func lunarDay(text string) int {
	if n, err := strconv.Atoi(text); err == nil {
		return n
	}
	n := 0
	for _, r := range strings.TrimPrefix(text, "初") {
		switch r {
		case '十':
			n = max(n, 1) * 10
		case '廿':
			n = 20
		case '卅':
			n = 30
		default:
			n += lunarDigits[r]
		}
	}
	return n
}

// span is the solar day on which the lunar month begins and how many days it has; 0 for a month
// that the year does not have.
func (l Lunar) span() (Date, int) {
	if l.Year < firstLunarYear || l.Year > lastLunarYear || l.Month < 1 || l.Month > 12 {
		return "", 0
	}
	n := l.Month
	if l.Leap {
		n = -n
	}
	m := lunar.NewLunarYear(l.Year).GetMonth(n)
	if m == nil {
		return "", 0
	}
	return Date(lunar.NewSolarFromJulianDay(m.GetFirstJulianDay()).ToYmd()), m.GetDayCount()
}

// Solar is the day in the solar calendar; the first and last one where the day is not known.
func (l Lunar) Solar() (from, to Date) {
	first, days := l.span()
	switch {
	case days == 0:
		return "", ""
	case l.Day == 0:
		return first, first.AddDays(days - 1)
	}
	d := first.AddDays(l.Day - 1)
	return d, d
}

// LunarReadings says whether one of two whole dates is the other's lunar date, written without
// its calendar: 1991-01-29 beside 1991-03-15. The lunar one is given back.
func LunarReadings(a, b Date) (l Lunar, ok bool) {
	for _, pair := range [][2]Date{{a, b}, {b, a}} {
		t := pair[0].Time()
		if t.IsZero() || !pair[1].Valid() {
			return l, false
		}
		for _, leap := range []bool{false, true} {
			l = Lunar{Year: t.Year(), Month: int(t.Month()), Day: t.Day(), Leap: leap}
			if _, days := l.span(); l.Day > days {
				continue
			}
			if from, _ := l.Solar(); from == pair[1] {
				return l, true
			}
		}
	}
	return Lunar{}, false
}

// String is 农历1991年正月廿九.
func (l Lunar) String() string {
	leap := ""
	if l.Leap {
		leap = "闰"
	}
	s := "农历" + strconv.Itoa(l.Year) + "年" + leap + monthNames[l.Month] + "月"
	tens := []rune("初十廿三")
	digits := []rune("十一二三四五六七八九")
	switch {
	case l.Day == 0:
		return s
	case l.Day == 10, l.Day == 20, l.Day == 30:
		return s + map[int]string{10: "初十", 20: "二十", 30: "三十"}[l.Day]
	}
	return s + string(tens[l.Day/10]) + string(digits[l.Day%10])
}
