package dossier

import (
	"fmt"
	"slices"
	"strings"

	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/identity"
	"dangan/internal/person"
)

// Flag is something in the records that does not look plausible (materials.md 3.6). It is shown
// to be looked at; it refuses nothing and decides nothing.
type Flag struct {
	Kind string
	Name string // 入团不满 14 周岁
	Text string // the material, the dates, what to look at
}

// Limits of age that the flags are drawn at, in years.
const (
	leagueFrom, leagueTo = 14, 28 // 团章
	partyFrom            = 18     // 党章
	workFrom             = 16     // 劳动法 art. 15
	highSchoolFrom       = 16
)

// minProbation is how long a Party member's probation lasts, in months (党章).
const minProbation = 12

// Flags names what does not look plausible in what is recorded of a person.
func Flags(p person.Person, catalog []Material, facts []Compared, periods []Period, today calendar.Date) []Flag {
	f := flagger{born: p.BirthDate, by: "证件出生日期"}
	byKind := map[string]Compared{}
	for _, c := range facts {
		byKind[c.Kind] = c
	}
	if birth := byKind["birth_date"]; birth.Adopted != "" {
		if v := (NewFact{Kind: "birth_date", Written: birth.Adopted}).normalized(); v != "" {
			f.born, f.by = v, "认定的出生日期"
		}
	} else {
		for _, m := range birth.Mentions {
			if m.Earliest && m.Value != "" {
				f.born, f.by = m.Value, "最早记载的出生日期"
			}
		}
	}
	f.ages(catalog, byKind, periods)
	f.probation(byKind)
	f.order(catalog, byKind)
	f.names(p, catalog, byKind[nameFact])
	f.number(p, byKind[sexFact], today)
	for _, c := range facts {
		f.oneDay(c)
	}
	return f.out
}

type flagger struct {
	born, by string
	out      []Flag
}

func (f *flagger) add(kind, name, format string, a ...any) {
	flag := Flag{kind, name, fmt.Sprintf(format, a...)}
	if !slices.Contains(f.out, flag) {
		f.out = append(f.out, flag)
	}
}

// stamp is when a material was formed, as far as known: 2013-06-20, 2013-06, 2013.
func stamp(m Material) string {
	switch {
	case m.FormedYear == 0:
		return ""
	case m.FormedMonth == 0:
		return fmt.Sprintf("%04d", m.FormedYear)
	case m.FormedDay == 0:
		return fmt.Sprintf("%04d-%02d", m.FormedYear, m.FormedMonth)
	}
	return fmt.Sprintf("%04d-%02d-%02d", m.FormedYear, m.FormedMonth, m.FormedDay)
}

func dots(v string) string { return strings.ReplaceAll(v, "-", ".") }

// age is how old somebody was on a day, in full years, as far as both dates are known: where a
// part is missing it is taken in the person's favour.
func age(born, on string) (years int, known bool) {
	if len(born) < 4 || len(on) < 4 {
		return 0, false
	}
	n := min(len(born), len(on))
	b, o := born[:n], on[:n]
	var y1, y2 int
	if _, err := fmt.Sscan(b[:4], &y1); err != nil {
		return 0, false
	}
	if _, err := fmt.Sscan(o[:4], &y2); err != nil {
		return 0, false
	}
	years = y2 - y1
	if n > 4 && o[4:] < b[4:] {
		years--
	}
	return years, true
}

func (f *flagger) young(kind, name string, limit int, what, on string) {
	if years, ok := age(f.born, on); ok && years < limit {
		f.add(kind, name, "%s（%s），按%s %s 时 %d 周岁", what, dots(on), f.by, dots(f.born), years)
	}
}

// ages are the years below which, or above which, a step of life does not happen.
func (f *flagger) ages(catalog []Material, facts map[string]Compared, periods []Period) {
	for _, m := range catalog {
		switch codes.Canonical(m.Title) {
		case "中国共产主义青年团入团志愿书":
			f.young("league_age", "入团不满 14 周岁", leagueFrom, m.Label(), stamp(m))
			if years, ok := age(f.born, stamp(m)); ok && years > leagueTo {
				f.add("league_age", "入团超过 28 周岁", "%s（%s），按%s %s 时 %d 周岁", m.Label(), dots(stamp(m)), f.by, dots(f.born), years)
			}
		case "高中毕业生登记表":
			f.young("school_age", "高中毕业不满 16 周岁", highSchoolFrom, m.Label(), stamp(m))
		}
	}
	for _, m := range facts["party_joining"].Mentions {
		f.young("party_age", "入党不满 18 周岁", partyFrom, m.Label+"记载“"+m.Written+"”", m.Value)
	}
	for _, m := range facts["work_start"].Mentions {
		f.young("work_age", "参加工作不满 16 周岁", workFrom, m.Label+"记载“"+m.Written+"”", m.Value)
	}
	for _, p := range periods {
		if p.Kind == Work && p.Void == "" {
			f.young("work_age", "参加工作不满 16 周岁", workFrom, p.Unit+"的经历", p.FromMonth)
		}
	}
}

// probation holds the two Party dates against each other.
func (f *flagger) probation(facts map[string]Compared) {
	for _, joined := range facts["party_joining"].Mentions {
		for _, full := range facts[partyFull].Mentions {
			a, okA := month(joined.Value)
			b, okB := month(full.Value)
			if !okA || !okB {
				continue
			}
			months := (b.Year()-a.Year())*12 + int(b.Month()) - int(a.Month())
			switch {
			case months < 0:
				f.add("probation", "转正早于入党", "入党 %s（%s），转正 %s（%s）", dots(joined.Value), joined.Label, dots(full.Value), full.Label)
			case months < minProbation:
				f.add("probation", "预备期不满一年", "入党 %s（%s），转正 %s（%s）", dots(joined.Value), joined.Label, dots(full.Value), full.Label)
			}
		}
	}
}

// order names what stands in a material before it could: formed after it was received, or
// telling of a day after it was formed.
func (f *flagger) order(catalog []Material, facts map[string]Compared) {
	byID := map[string]Material{}
	for _, m := range catalog {
		byID[m.ID] = m
		if on := stamp(m); len(on) == len("2006-01-02") && m.ReceivedOn != "" && on > m.ReceivedOn {
			f.add("formed_late", "形成时间晚于收到时间", "%s形成于 %s，%s 收到", m.Label(), dots(on), dots(m.ReceivedOn))
		}
	}
	for _, kind := range dated {
		for _, m := range facts[kind].Mentions {
			on := stamp(byID[m.MaterialID])
			if n := min(len(on), len(m.Value)); n > 0 && m.Value[:n] > on[:n] {
				f.add("told_early", "记载的日期晚于材料形成时间", "%s形成于 %s，记载%s“%s”", m.Label, dots(on), keyFactNames[kind], m.Written)
			}
		}
	}
}

// names names another name than the registered one, and a former name without a paper of the change.
func (f *flagger) names(p person.Person, catalog []Material, c Compared) {
	changed := slices.ContainsFunc(catalog, func(m Material) bool {
		return strings.Contains(m.Title, "更改姓名") || strings.Contains(m.Title, "更名") || strings.Contains(m.Title, "姓名变更")
	}) || c.Adopted != ""
	for _, m := range c.Mentions {
		switch {
		case m.MaterialID == "" && m.EntryID == "" || m.Value == plainValue(nameFact, p.Name):
		case !formerly(p, m.Value):
			f.add("name", "姓名与登记不一致", "%s记载“%s”，登记姓名“%s”，曾用名中没有", m.Label, m.Written, p.Name)
		case !changed:
			f.add("name", "曾用名没有更名材料", "%s记载曾用名“%s”，目录中没有更改姓名的材料，也没有主管部门的认定", m.Label, m.Written)
		}
	}
}

// number holds the sex that the identity number says against what is written.
func (f *flagger) number(p person.Person, c Compared, today calendar.Date) {
	id, problem := identity.Parse(p.IDNo, today)
	if problem != "" {
		return
	}
	said := sexNames[id.Sex()]
	if p.Sex != "" && said != sexNames[p.Sex] {
		f.add("number", "身份证号性别位与登记不一致", "身份证号第 17 位为%s性，登记为%s性", said, sexNames[p.Sex])
	}
	for _, m := range c.Mentions {
		if m.EntryID != "" && (m.Value == "男" || m.Value == "女") && m.Value != said {
			f.add("number", "身份证号性别位与记载不一致", "身份证号第 17 位为%s性，%s记载“%s”", said, m.Label, m.Written)
		}
	}
}

// oneDay names a fact of which all that is told was formed on one day, by several materials: they
// may stand on one statement.
func (f *flagger) oneDay(c Compared) {
	seen, on := map[string]bool{}, ""
	for _, m := range c.Mentions {
		if m.EntryID == "" {
			continue
		}
		if m.formed == "" || strings.Contains(m.formed, "-00") || on != "" && m.formed != on {
			return
		}
		on = m.formed
		seen[m.MaterialID] = true
	}
	if len(seen) > 1 {
		f.add("one_day", "全部记载形成于同一天", "%s的 %d 份材料都形成于 %s，可能出自同一次填写", c.Name, len(seen), calendar.Date(on).Long())
	}
}
