package feed

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"dangan/internal/calendar"
	"dangan/internal/identity"
	"dangan/internal/rule"
)

// number is a made-up identity number.
func number(n int) string {
	body := fmt.Sprintf("5001081980010%d001", n)
	return body + string(identity.CheckCharacter(body))
}

func TestAFileIsRightOrItsFaultsAreToldByRowAndColumn(t *testing.T) {
	a, b := number(1), number(2)
	head := "姓名,公民身份号码,参保单位,参保日期,停保日期\n"
	for name, c := range map[string]struct {
		content string
		rows    int
		faults  []string
	}{
		"right":          {head + "甲," + a + ",机械厂,2019-03,2020年5月\n乙," + b + ",纺织厂,20210301,\n", 2, nil},
		"marked UTF-8":   {"\ufeff" + head + "甲," + a + ",机械厂,2019-03,\n", 1, nil},
		"two faults":     {head + "甲," + a + ",,2019-13,\n", 1, []string{"“参保单位”", "“参保日期”"}},
		"number":         {head + "甲,123,机械厂,2019-03,\n乙," + b + ",纺织厂,20210301,\n", 2, []string{"“公民身份号码”"}},
		"future":         {head + "甲," + a + ",机械厂,2099-03,\n", 1, []string{"晚于今天"}},
		"backwards":      {head + "甲," + a + ",机械厂,2020-03,2019-03\n", 1, []string{"早于“参保日期”"}},
		"no date at all": {head + "甲," + a + ",机械厂,,\n", 1, []string{"至少填一项"}},
		"blank rows":     {head + ",,,,\n甲," + a + ",机械厂,2019-03,\n,,,,\n", 1, nil},
	} {
		var rows, faults = 0, []string(nil)
		err := read(KindOf("insurance"), strings.NewReader(c.content), calendar.Date("2026-11-26"), func(l told) error {
			rows, faults = rows+1, append(faults, l.faults...)
			return nil
		})
		if err != nil || rows != c.rows || len(faults) != len(c.faults) {
			t.Errorf("%s: %d rows, %v, %v", name, rows, faults, err)
			continue
		}
		for i, want := range c.faults {
			if !strings.Contains(faults[i], want) {
				t.Errorf("%s: %s, want %s", name, faults[i], want)
			}
		}
	}
	for name, c := range map[string]struct{ content, want string }{
		"no column": {"姓名,公民身份号码\n甲," + a + "\n", "缺少“参保单位”"},
		"no head":   {"a,b\n", "没有找到社会保险数据的表头"},
		"empty":     {head, "没有数据行"},
		"not text":  {head + "\xff\xfe,1\n", "读不通"},
		"twice":     {"姓名,姓名\n", "出现两次"},
	} {
		err := read(KindOf("insurance"), strings.NewReader(c.content), calendar.Date("2026-11-26"), func(told) error { return nil })
		var refused *rule.Refusal
		if !errors.As(err, &refused) || !strings.Contains(refused.Reasons[0].Message, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAMonthRunsFromTheLastDayThatIsTold(t *testing.T) {
	for _, c := range []struct {
		on   calendar.Partial
		want calendar.Date
	}{{calendar.Partial{Year: 2026, Month: 3, Day: 5}, "2026-03-05"}, {calendar.Partial{Year: 2025, Month: 12}, "2025-12-31"}, {calendar.Partial{Year: 2026, Month: 11}, "2026-11-26"}} {
		if got := day(c.on, "2026-11-26"); got != c.want {
			t.Errorf("%+v: %s, want %s", c.on, got, c.want)
		}
	}
}

func TestWhichMaterialShowsAnEvent(t *testing.T) {
	for _, c := range []struct {
		event string
		held  held
		shown bool
	}{
		{"insured", held{"社会保险参保缴费证明", 2021, 1, false}, true},
		{"insured", held{"社会保险参保缴费证明", 2018, 12, false}, false},
		{"insured", held{"劳动合同书", 2019, 3, false}, false},
		{"employed", held{"劳动合同书", 2019, 2, false}, true},
		{"employed", held{"劳动合同书", 2016, 2, false}, false},
		{"employed", held{"劳动合同书", 0, 0, false}, false},
		{"employed", held{"就业登记表", 2019, 0, false}, true},
	} {
		if got := EventOf(c.event).shows(calendar.Partial{Year: 2019, Month: 3}, []held{c.held}); (got != "") != c.shown {
			t.Errorf("%s by %+v: %q", c.event, c.held, got)
		}
	}
}

// A title that is not everybody's to see is not told by a row of somebody else's data.
func TestANarrowTitleIsNotTold(t *testing.T) {
	on := calendar.Partial{Year: 2019, Month: 3}
	if got := EventOf("employed").shows(on, []held{{"劳动合同书", 2019, 2, true}}); got == "" || strings.Contains(got, "劳动合同书") {
		t.Errorf("%q", got)
	}
}
