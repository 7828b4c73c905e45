package dossier

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"dangan/internal/calendar"
)

// Levels of education, from the lowest (materials.md 3.4). A degree names the level it is of.
const (
	levelUnknown = iota
	levelJunior
	levelHigh
	levelVocational
	levelCollege
	levelBachelor
	levelGraduate // 研究生, of which level is not said
	levelMaster
	levelDoctor
)

var levelNames = []string{"", "初中", "高中", "中专", "大专", "本科", "研究生", "硕士研究生", "博士研究生"}

// levelWords are how writings name a level, the more telling ones first.
var levelWords = []struct {
	words *regexp.Regexp
	level int
}{
	{regexp.MustCompile("博士"), levelDoctor},
	{regexp.MustCompile("硕士|研究生班"), levelMaster},
	{regexp.MustCompile("研究生"), levelGraduate},
	{regexp.MustCompile("大学本科|本科|学士|大学普通班"), levelBachelor},
	{regexp.MustCompile("大学专科|大专|专科|高职"), levelCollege},
	{regexp.MustCompile("中专|中等专|中职|职高|职业高中|技校|技工|技师"), levelVocational},
	{regexp.MustCompile("普通高中|高级中学|高中"), levelHigh},
	{regexp.MustCompile("初级中学|初中"), levelJunior},
	{regexp.MustCompile("大学毕业|大学文化|大学学历|^大学$"), levelBachelor},
}

// Forms of study.
const (
	formFull    = "全日制"
	formService = "在职"
)

var (
	fullWords    = regexp.MustCompile(`全日制|普通高等|统招`)
	serviceWords = regexp.MustCompile(`在职|非全日制|函授|成人|自学考试|自考|网络教育|远程教育|夜大|业余|电大|广播电视大学|开放大学|中央党校|省委党校|市委党校`)
	schoolForm   = regexp.MustCompile(`[\p{Han}（）()]{2,20}?(?:大学|学院|党校|专科学校|职业学校|技工学校|中等专业学校|中学|学校)`)
	dateForm     = regexp.MustCompile(`\d{4}\s*[年.\-/]\s*\d{1,2}(?:\s*[月.\-/]\s*\d{1,2}日?|月)?|\d{4}年`)
	schoolHead   = regexp.MustCompile(`^(?:.*毕业于|.*就读于|.*考入|(?:全日制|在职|普通高等教育|大学|本科|专科|大专|硕士|博士|研究生|学历|学位|毕业|学士|，|、|于|在)+)`)
	// What ended a study is told by these; the bare level says nothing of it.
	endWords = []string{"结业", "肄业", "毕业"}
)

// schooling is one education as a writing tells it: level, form, school, day, how it ended. What
// the writing leaves out is empty.
type schooling struct {
	level  int
	form   string
	school string
	on     string // 2013-06-30, 2013-06, 2013
	end    string
}

// schoolingOf reads an education; ok is false where no level can be told.
func schoolingOf(written string) (s schooling, ok bool) {
	text := strings.NewReplacer("　", "", " ", "", "（", "(", "）", ")").Replace(strings.TrimSpace(written))
	day := dateForm.FindString(text)
	bare := dateForm.ReplaceAllString(text, "，")
	// The name of a school is no level: 大学 in 重庆大学, 专科 in 某专科学校.
	s.school = schoolIn(bare)
	words := strings.ReplaceAll(bare, s.school, "")
	if s.school == "" {
		words = bare
	}
	for _, w := range levelWords {
		if w.words.MatchString(words) {
			s.level = w.level
			break
		}
	}
	if s.level == levelUnknown && strings.Trim(words, "，。、；,.; 毕业学历") == "大学" {
		s.level = levelBachelor
	}
	switch {
	case serviceWords.MatchString(text):
		s.form = formService
	case fullWords.MatchString(text):
		s.form = formFull
	}
	for _, e := range endWords {
		if strings.Contains(words, e) {
			s.end = e
			break
		}
	}
	if p, parsed := calendar.Parse(day); parsed {
		s.on = fmt.Sprintf("%04d", p.Year)
		if p.Month > 0 {
			s.on += fmt.Sprintf("-%02d", p.Month)
		}
		if p.Month > 0 && p.Day > 0 {
			s.on += fmt.Sprintf("-%02d", p.Day)
		}
	}
	return s, s.level != levelUnknown
}

// schoolIn is the school a writing names, without the words that lead to it.
func schoolIn(text string) string {
	for _, found := range schoolForm.FindAllString(text, 4) {
		name := schoolHead.ReplaceAllString(found, "")
		if len([]rune(name)) > 2 && !slices.Contains([]string{"普通高等学校", "高等学校", "技工学校", "职业学校"}, name) {
			return name
		}
	}
	return ""
}

// String is the education in one way of writing: 本科　全日制　重庆大学　2013-06.
func (s schooling) String() string {
	parts := []string{levelNames[s.level]}
	for _, p := range []string{s.form, s.school, s.on} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	if s.end != "" && s.end != "毕业" {
		parts[0] += s.end
	}
	return strings.Join(parts, " ")
}

// same says whether two writings tell of one education: of one level, and not one full-time
// and the other in service.
func (s schooling) same(o schooling) bool {
	level := s.level == o.level || s.level == levelGraduate && o.level > levelGraduate || o.level == levelGraduate && s.level > levelGraduate
	return level && (s.form == "" || o.form == "" || s.form == o.form)
}

// against names in what two writings of one education differ; empty: in nothing both tell.
func (s schooling) against(o schooling) string {
	var out []string
	if s.school != "" && o.school != "" && !strings.HasPrefix(s.school, o.school) && !strings.HasPrefix(o.school, s.school) {
		out = append(out, "学校不一致")
	}
	if s.on != "" && o.on != "" && !strings.HasPrefix(s.on, o.on) && !strings.HasPrefix(o.on, s.on) {
		out = append(out, "毕业时间"+apart(s.on, o.on))
	}
	if s.end != "" && o.end != "" && s.end != o.end {
		out = append(out, o.end+"与"+s.end+"不一致")
	}
	return strings.Join(out, "；")
}

// otherSchooling is what lies beside the first recorded education and is of another.
const otherSchooling = "另一学历"

// schooled compares the mentions of education one education at a time (materials.md 3.4): a
// postgraduate has two, and they contradict nothing. The highest full-time and the highest in
// service are named apart.
func (c *Compared) schooled() {
	items := make([]schooling, len(c.Mentions))
	known := make([]bool, len(c.Mentions))
	for i := range c.Mentions {
		items[i], known[i] = schoolingOf(c.Mentions[i].Written)
		c.Mentions[i].Value = ""
		if known[i] {
			c.Mentions[i].Value = items[i].String()
		}
	}
	first := -1
	for i, m := range c.Mentions {
		if m.formed != "" && (first < 0 || m.formed < c.Mentions[first].formed) {
			first = i
		}
	}
	if first >= 0 {
		c.Mentions[first].Earliest = true
	}
	order := make([]int, len(c.Mentions)) // by time recorded, those of unknown time last
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := c.Mentions[a].formed, c.Mentions[b].formed
		switch {
		case x == y:
			return 0
		case x == "":
			return 1
		case y == "":
			return -1
		}
		return strings.Compare(x, y)
	})
	differs := ""
	var heads []int // the first recorded of each education
	for _, i := range order {
		m := &c.Mentions[i]
		if !known[i] {
			m.Against = "无法比较"
			continue
		}
		at := slices.IndexFunc(heads, func(h int) bool { return items[h].same(items[i]) })
		if at < 0 {
			if len(heads) > 0 {
				m.Against = otherSchooling
			} else if first < 0 && len(c.Mentions) > 1 {
				m.Against = "以此对照"
			}
			heads = append(heads, i)
			continue
		}
		m.Against = "一致"
		if d := items[heads[at]].against(items[i]); d != "" {
			m.Against = d
			if differs == "" {
				differs = levelNames[items[i].level] + d
			}
		}
		items[heads[at]] = items[heads[at]].with(items[i])
	}
	for _, form := range []string{formFull, formService} {
		best := schooling{}
		for _, h := range heads {
			if items[h].form == form && items[h].level > best.level {
				best = items[h]
			}
		}
		if best.level > 0 {
			c.Highest = append(c.Highest, "最高"+form+"："+strings.TrimSpace(strings.ReplaceAll(best.String(), form, "")))
		}
	}
	for i := range c.Highest {
		c.Highest[i] = strings.Join(strings.Fields(c.Highest[i]), " ")
	}
	if differs != "" {
		c.Verdict, c.Note = Differs, differs
	}
}

// Disagree says whether two writings of one key fact can't both be so. Dates known to the
// month agree with every day of it; education is compared one education at a time; what
// can't be read disagrees with nothing.
func Disagree(a, b Fact) bool {
	if a.Kind != b.Kind {
		return false
	}
	if a.Kind == "education_degree" {
		x, known := schoolingOf(a.Written)
		y, both := schoolingOf(b.Written)
		return known && both && x.same(y) && x.against(y) != ""
	}
	return a.Value != "" && b.Value != "" && !strings.HasPrefix(a.Value, b.Value) && !strings.HasPrefix(b.Value, a.Value)
}

// with is an education with what another writing of it adds.
func (s schooling) with(o schooling) schooling {
	if s.level == levelGraduate {
		s.level = o.level
	}
	if s.form == "" {
		s.form = o.form
	}
	if s.school == "" {
		s.school = o.school
	}
	if s.on == "" {
		s.on = o.on
	}
	if s.end == "" {
		s.end = o.end
	}
	return s
}

// rungs are the levels a question about education may name.
var rungs = map[string]int{"college": levelCollege, "bachelor": levelBachelor, "master": levelMaster, "doctor": levelDoctor}

// AtLeast says whether a writing tells of an education, or a degree, that reaches a rung
// (college, bachelor, master, doctor). known is false where the writing does not tell: no level
// can be read in it, the study was ended without the qualification, or it says 研究生 and no more.
func AtLeast(written, rung string) (reached, known bool) {
	s, ok := schoolingOf(written)
	want := rungs[rung]
	if !ok || want == 0 || s.end == "结业" || s.end == "肄业" || s.level == levelGraduate && want > levelGraduate {
		return false, false
	}
	return s.level >= want, true
}
