package dossier

import (
	"strings"
	"testing"
)

func TestIntervalsNameGapsAndOverlaps(t *testing.T) {
	p := func(kind, from, to, unit string) Period {
		return Period{Kind: kind, FromMonth: from, ToMonth: to, Unit: unit}
	}
	void := p(Work, "2011-01", "2012-12", "撤销的登记")
	void.Void = "登记有误"
	for name, c := range map[string]struct {
		periods []Period
		want    string // kind from—to months, parted by blanks
	}{
		"nothing recorded":                {nil, ""},
		"one to now":                      {[]Period{p(Work, "2013-07", "", "甲")}, ""},
		"joined in the month of leaving":  {[]Period{p(Work, "2013-07", "2016-03", "甲"), p(Work, "2016-03", "", "乙")}, ""},
		"joined the month after":          {[]Period{p(Work, "2013-07", "2016-03", "甲"), p(Work, "2016-04", "", "乙")}, ""},
		"three months are borne":          {[]Period{p(Work, "2013-07", "2016-03", "甲"), p(Work, "2016-07", "", "乙")}, ""},
		"four are named":                  {[]Period{p(Work, "2013-07", "2016-03", "甲"), p(Work, "2016-08", "", "乙")}, "gap:2016-04:2016-07:4"},
		"over the turn of the year":       {[]Period{p(Work, "2013-07", "2015-10", "甲"), p(Work, "2016-03", "", "乙")}, "gap:2015-11:2016-02:4"},
		"silent till now":                 {[]Period{p(Work, "2013-07", "2026-01", "甲")}, "gap:2026-02:2026-11:10"},
		"a long period covers short ones": {[]Period{p(Study, "2009-09", "2013-06", "大学"), p(Study, "2010-01", "2010-02", "进修"), p(Work, "2013-07", "", "甲")}, ""},
		"two posts":                       {[]Period{p(Work, "2013-07", "2016-03", "甲"), p(Work, "2015-12", "", "乙")}, "overlap:2015-12:2016-03:4"},
		"the same spell twice":            {[]Period{p(Work, "2013-07", "2016-03", "甲"), p(Work, "2013-07", "2016-04", "甲"), p(Work, "2016-04", "", "乙")}, ""},
		"study beside work":               {[]Period{p(Work, "2013-07", "", "甲"), p(Study, "2018-09", "2021-06", "大学")}, "study:2018-09:2021-06:34"},
		"withdrawn entries don't count":   {[]Period{p(Work, "2010-07", "2010-12", "甲"), void, p(Work, "2013-01", "", "乙")}, "gap:2011-01:2012-12:24"},
		"unordered":                       {[]Period{p(Work, "2016-08", "", "乙"), p(Work, "2013-07", "2016-03", "甲")}, "gap:2016-04:2016-07:4"},
	} {
		var got []string
		for _, i := range Intervals(c.periods, "2026-11") {
			got = append(got, strings.Join([]string{i.Kind, i.From, i.To, number(int64(i.Months))}, ":"))
			if i.Name() == "" || len(i.Between) == 0 || !strings.Contains(i.Text(), "个月") {
				t.Errorf("%s: an interval that says nothing: %+v", name, i)
			}
		}
		if g := strings.Join(got, " "); g != c.want {
			t.Errorf("%s: %q, want %q", name, g, c.want)
		}
	}
}
