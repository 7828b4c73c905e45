package paper

import (
	"testing"
	"time"
)

func TestChineseDatesAndNumbers(t *testing.T) {
	late := time.Date(2026, 11, 23, 16, 5, 0, 0, time.UTC) // past midnight in China
	for want, got := range map[string]string{
		"2026年11月24日":             Date(late),
		"2026年11月":                Month(late),
		"2026年11月24日0时05分":        DateTime(late),
		"2026-11-24 00:05":        DayTime(late),
		"2026年11月24日—至今":          DateSpan(late, time.Time{}),
		"2026年11月24日—2026年11月25日": DateSpan(late, late.AddDate(0, 0, 1)),
		"2001年":                   PartialDate(2001, 0, 0),
		"2001年7月":                 PartialDate(2001, 7, 0),
		"2001年7月1日":               PartialDate(2001, 7, 1),
		"":                        PartialDate(0, 0, 0),
		"渝北人才调〔2026〕123号":         Number{"渝北人才", "调", 2026, 123}.String(),
		"贰零贰陆年壹拾壹月":               CapitalMonth(2026, 11),
		"■相符　□不符":                 Choose([]string{"相符", "不符"}, "相符"),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	for n, want := range map[int][2]string{
		0: {"零", "零"}, 5: {"五", "伍"}, 10: {"十", "壹拾"}, 15: {"十五", "壹拾伍"}, 20: {"二十", "贰拾"}, 30: {"三十", "叁拾"},
		100: {"一百", "壹佰"}, 105: {"一百零五", "壹佰零伍"}, 110: {"一百一十", "壹佰壹拾"}, 1001: {"一千零一", "壹仟零壹"}, 1010: {"一千零一十", "壹仟零壹拾"},
		10000: {"一万", "壹万"}, 10100: {"一万零一百", "壹万零壹佰"}, 100000: {"十万", "壹拾万"}, 120345: {"十二万零三百四十五", "壹拾贰万零叁佰肆拾伍"},
	} {
		if got := [2]string{Numeral(n), Capital(n)}; got != want {
			t.Errorf("%d is %v, want %v", n, got, want)
		}
	}
}
