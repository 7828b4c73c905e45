package dossier

import (
	"slices"
	"strings"
	"testing"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/person"
)

func mention(kind, written, material string) Fact {
	n := NewFact{Kind: kind, Written: written}
	return Fact{ID: kind + written + material, Kind: kind, Written: written, Value: n.normalized(), MaterialID: material, EnteredBy: "a", ConfirmedBy: "b", ConfirmedAt: time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)}
}

func of(list []Compared, kind string) Compared {
	return list[slices.IndexFunc(list, func(c Compared) bool { return c.Kind == kind })]
}

// materials.md 3.6: each flag is named with what it rests on, and what is sound has none.
func TestFlagsNameWhatIsNotPlausible(t *testing.T) {
	p := person.Person{Name: "程砚清", Sex: "2", BirthDate: "1991-03-14", FormerNames: "程小清"}
	paper := func(id, class, title string, y, m, d int64) Material {
		return Material{ID: id, State: Filed, Class: class, Seq: 1, Title: title, FormedYear: y, FormedMonth: m, FormedDay: d}
	}
	for name, c := range map[string]struct {
		catalog []Material
		facts   []Fact
		periods []Period
		want    []string
	}{
		"nothing to remark": {[]Material{paper("league", "6", "中国共产主义青年团入团志愿书", 2005, 5, 4)}, []Fact{mention("party_joining", "2012年6月1日", "x"), mention("party_full", "2013年6月1日", "x"), mention("name", "程小清", "y"), mention("work_start", "2013.7", "z")},
			nil, []string{"曾用名没有更名材料"}},
		"too young": {[]Material{paper("league", "6", "中国共产主义青年团入团志愿书", 2004, 5, 4), paper("high", "4-1", "高中毕业生登记表", 2006, 6, 1)}, []Fact{mention("party_joining", "2009年3月13日", "x"), mention("work_start", "2007年1月", "x")},
			[]Period{{Kind: Work, Unit: "甲厂", FromMonth: "2006-07"}}, []string{"入团不满 14 周岁", "高中毕业不满 16 周岁", "入党不满 18 周岁", "参加工作不满 16 周岁", "参加工作不满 16 周岁"}},
		"in the month of the birthday it is taken in the person's favour": {nil, []Fact{mention("party_joining", "2009年3月", "x")}, nil, nil},
		"probation":                  {nil, []Fact{mention("party_joining", "2012年6月", "x"), mention("party_full", "2012年12月", "x")}, nil, []string{"预备期不满一年"}},
		"full before joining":        {nil, []Fact{mention("party_joining", "2012年6月", "x"), mention("party_full", "2011年6月", "x")}, nil, []string{"转正早于入党"}},
		"formed after receipt":       {[]Material{{ID: "late", State: Filed, Class: "3", Seq: 1, Title: "年度考核登记表", FormedYear: 2020, FormedMonth: 2, FormedDay: 2, ReceivedOn: "2020-01-15"}}, nil, nil, []string{"形成时间晚于收到时间"}},
		"tells of what had not been": {[]Material{paper("form", "1", "履历表", 2010, 5, 1)}, []Fact{mention("work_start", "2013年7月", "form")}, nil, []string{"记载的日期晚于材料形成时间"}},
		"another name":               {nil, []Fact{mention("name", "程砚青", "x")}, nil, []string{"姓名与登记不一致"}},
		"all of one day":             {[]Material{paper("a", "1", "履历表", 2019, 5, 1), paper("b", "1", "职工登记表", 2019, 5, 1)}, []Fact{mention("work_start", "2013年7月", "a"), mention("work_start", "2013年7月", "b")}, nil, []string{"全部记载形成于同一天"}},
	} {
		facts := compare(FactKinds, p, c.catalog, c.facts, c.periods, nil, nil)
		var got []string
		for _, f := range Flags(p, c.catalog, facts, c.periods, "2026-11-27") {
			got = append(got, f.Name)
			if f.Text == "" || f.Kind == "" {
				t.Errorf("%s: %+v says nothing", name, f)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// A lunar date of birth is shown with its conversion and is no contradiction by itself; one copied
// without its calendar is shown as that, and the difference stays named.
func TestALunarBirthDateIsConverted(t *testing.T) {
	p := person.Person{BirthDate: "1991-03-15"}
	catalog := []Material{{ID: "a", State: Filed, Class: "4-1", Seq: 1, Title: "高中毕业生登记表", FormedYear: 2009}, {ID: "b", State: Filed, Class: "1", Seq: 1, Title: "履历表", FormedYear: 2015}}
	c := of(Compare(p, catalog, []Fact{mention("birth_date", "农历1991年正月廿九", "a")}, nil, nil, nil), "birth_date")
	if c.Verdict != Agrees || c.Mentions[0].Value != "1991-03-15" || c.Mentions[0].Conversion != "农历，折合公历1991年3月15日" {
		t.Errorf("%s %+v", c.Verdict, c.Mentions[0])
	}
	c = of(Compare(p, catalog, []Fact{mention("birth_date", "1991年3月15日", "a"), mention("birth_date", "1991年1月29日", "b")}, nil, nil, nil), "birth_date")
	if c.Verdict != Differs || !strings.Contains(c.Note, "恰为农历与公历之差") {
		t.Errorf("%s %s", c.Verdict, c.Note)
	}
	if err := (NewFact{Kind: "birth_date", Written: "农历1991年正月三十", Source: Source{Class: "1", Title: "履历表", Page: 1}}).check(); err == nil {
		t.Error("a lunar month of 29 days has no 三十")
	}
	if err := (NewFact{Kind: "birth_date", Written: "农历1991年正月", Source: Source{Class: "1", Title: "履历表", Page: 1}}).check(); err != nil {
		t.Errorf("a lunar month alone: %v", err)
	}
}

// Name, sex, people and native place stand beside the register; short and long ways of writing
// are one.
func TestPlainFactsAreComparedSideBySide(t *testing.T) {
	p := person.Person{Name: "程砚清", Sex: "2", Ethnic: "01", BirthDate: "1991-03-14", FormerNames: "程小清"}
	facts := compare(FactKinds, p, nil, []Fact{mention("name", "程 砚清", "x"), mention("name", "程小清", "y"), mention("sex", "女性", "x"), mention("ethnic", "汉", "x"), mention("native_place", "重庆市万州区", "x"), mention("native_place", "重庆万州", "y"), mention("ethnic", "土家族", "y")}, nil, nil, nil)
	for kind, want := range map[string]string{"name": Agrees, "sex": Agrees, "ethnic": Differs, "native_place": Agrees, "party_full": Silent} {
		if c := of(facts, kind); c.Verdict != want {
			t.Errorf("%s: %s %s %+v", kind, c.Verdict, c.Note, c.Mentions)
		}
	}
	if m := of(facts, "ethnic").Mentions; m[0].Against != "一致" || m[1].Against != "与登记不一致" || m[2].Against != "" {
		t.Errorf("%+v", m)
	}
	if m := of(facts, "name").Mentions; m[1].Against != formerName || m[2].Label != "登记信息" {
		t.Errorf("%+v", m)
	}
	if len(Compare(p, nil, nil, nil, nil, nil)) != len(KeyFacts) {
		t.Error("other rooms weigh the five key facts")
	}
}

// The paper names who entered and who compared, with the days (3.6).
func TestTheComparisonNamesBothHands(t *testing.T) {
	f := mention("work_start", "2013年7月", "x")
	f.At = calendar.Date("2026-11-20").Moment()
	w := weighing{facts: compare(FactKinds, person.Person{}, nil, []Fact{f}, nil, nil, nil), hands: map[string]string{"a": "罗以宁", "b": "何文"}}
	rows := ""
	for _, r := range w.table().Rows {
		rows += strings.Join(r, "|") + "\n"
	}
	if !strings.Contains(rows, "|罗以宁 2026.11.20|何文 2026.11.21\n") {
		t.Error(rows)
	}
}
