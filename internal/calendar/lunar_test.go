package calendar

import "testing"

// The solar days are those of the Hong Kong Observatory's conversion tables.
func TestLunarDatesOfPapers(t *testing.T) {
	for text, want := range map[string]struct {
		on   Date
		text string
	}{
		"农历1991年正月廿九":    {"1991-03-15", "农历1991年正月廿九"},
		"1991年1月29日（农历）": {"1991-03-15", "农历1991年正月廿九"},
		"阴历1990年闰五月初一":   {"1990-06-23", "农历1990年闰五月初一"},
		"1985年腊月三十":      {"1986-02-08", "农历1985年腊月三十"},
		"旧历 1970.8.15":   {"1970-09-15", "农历1970年八月十五"},
		"农历2000年二月二十":    {"2000-03-25", "农历2000年二月二十"},
	} {
		l, ok := ParseLunar(text)
		if from, to := l.Solar(); !ok || from != want.on || to != want.on || l.String() != want.text {
			t.Errorf("%s: %v %s–%s %s", text, ok, from, to, l)
		}
	}
	if l, ok := ParseLunar("农历1991年正月"); !ok {
		t.Error("a month alone is a lunar date")
	} else if from, to := l.Solar(); from != "1991-02-15" || to != "1991-03-15" {
		t.Errorf("the month runs %s to %s", from, to)
	}
	for _, text := range []string{"1991年1月29日", "1991-01-29", "农历1991年正月三十", "农历1991年闰五月初一", "农历1991年13月1日", "农历", "农历不详"} {
		if l, ok := ParseLunar(text); ok {
			t.Errorf("%s was read as %v", text, l)
		}
	}
	if l, ok := LunarReadings("1991-03-15", "1991-01-29"); !ok || l.String() != "农历1991年正月廿九" {
		t.Errorf("one is the lunar date of the other: %v %v", l, ok)
	}
	if _, ok := LunarReadings("1991-03-15", "1991-01-28"); ok {
		t.Error("a day beside it is none")
	}
}
