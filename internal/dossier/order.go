package dossier

import (
	"cmp"
	"regexp"
	"slices"
)

// byMatter are the classes whose order follows the matter and the weight of its papers, not
// time alone (materials.md 5.2).
var byMatter = []string{"5", "6", "8"}

// Rungs of a matter in classes 5 and 8, as materials.md 5.2 lists them.
const (
	rungApproval = iota // 上级批复
	rungDecision        // 结论、决定; a paper that says nothing else stands for itself here
	rungOpinion         // 本人对结论的意见
	rungReport          // 调查报告
	rungProof           // 证明材料
	rungOwn             // 本人检讨或说明
	rungLifted          // 解除处分, after its 处分
)

// nouns tell the rung: the noun that stands last in a title is what the paper is, what
// stands before it is what the paper is about (处分决定的批复, 对处分决定的意见).
var nouns = []struct {
	rung  int
	words *regexp.Regexp
}{
	{rungApproval, regexp.MustCompile(`批复|批示`)},
	{rungDecision, regexp.MustCompile(`决定|结论|判决|裁定|认定|审批|审核|审计|处罚|处分|通报|政审|政治审查|政治考核|结果|开除|(审查|审核|复查|组织|处理|认定)意见|审计结果报告|审计报告`)},
	{rungOpinion, regexp.MustCompile(`意见`)},
	{rungReport, regexp.MustCompile(`报告|调查材料|核查材料|调查`)},
	{rungProof, regexp.MustCompile(`证明材料|证明|证言|证词|旁证|依据|笔录|谈话记录|函`)},
	{rungOwn, regexp.MustCompile(`检查|检讨|交代|交待|说明|申诉|自述|陈述|反省|申请`)},
}

var (
	lifting = regexp.MustCompile(`(解除|撤销|变更|复查|影响期满).{0,6}(处分|处理)|处分.{0,3}(解除|撤销|变更|复查|影响期满)|恢复.{0,4}权利`)
	demoted = regexp.MustCompile(`撤销[^处]{0,6}职务`) // a discipline of its own, which lifts none
)

// rungOf says what a paper of class 5 or 8 is within its matter.
func rungOf(title string) int {
	if lifting.MatchString(title) && !demoted.MatchString(title) {
		return rungLifted
	}
	rung, end, length := rungDecision, 0, 0
	for _, n := range nouns {
		for _, at := range n.words.FindAllStringIndex(title, -1) {
			if at[1] > end || at[1] == end && at[1]-at[0] > length {
				rung, end, length = n.rung, at[1], at[1]-at[0]
			}
		}
	}
	return rung
}

// subjects part the matters of class 5: a decision on the birth date is no conclusion on the
// start of work. What names none of them is one subject of its own.
var subjects = []struct {
	name  string
	words *regexp.Regexp
}{
	{"review", regexp.MustCompile(`专项审核|任前审核|信息审核`)},
	{"audit", regexp.MustCompile(`审计|离任`)},
	{"birth", regexp.MustCompile(`出生|年龄`)},
	{"work", regexp.MustCompile(`参加工作|工龄|工作时间`)},
	{"party", regexp.MustCompile(`入党时间|党龄|党籍|党员身份`)},
	{"league", regexp.MustCompile(`入团时间|团籍`)},
	{"people", regexp.MustCompile(`民族|国籍|籍贯|性别|姓名`)},
	{"school", regexp.MustCompile(`学历|学位`)},
	{"cadre", regexp.MustCompile(`干部身份|身份认定`)},
	{"abroad", regexp.MustCompile(`移居|出国|出境`)},
	{"history", regexp.MustCompile(`历史|甄别|平反|问题`)},
}

func subjectOf(class, title string) string {
	if class != "5" {
		return "" // one investigation may end in several disciplines
	}
	for _, s := range subjects {
		if s.words.MatchString(title) {
			return s.name
		}
	}
	return ""
}

// membership is the order of class 6: the Party's papers, the League's, those of a
// democratic party; 0 is the first.
var membership = []*regexp.Regexp{
	regexp.MustCompile(`入党志愿`),
	regexp.MustCompile(`入党申请|申请入党`),
	regexp.MustCompile(`转正`),
	regexp.MustCompile(`积极分子|培养|考察|考查|发展对象|推优`),
	nil, // other papers of the Party
	regexp.MustCompile(`入团志愿`),
	regexp.MustCompile(`入团申请|申请入团`),
	regexp.MustCompile(`入团|退团|离团|团员|共青团|共产主义青年团|团籍`),
	regexp.MustCompile(`民主党派|民革|国民党革命委员会|民盟|民主同盟|民建|民主建国会|民进|民主促进会|农工|致公|九三学社|台盟|民主自治同盟`),
}

const otherOfParty = 4

func membershipOf(title string) int {
	if membership[len(membership)-1].MatchString(title) {
		return len(membership) - 1
	}
	for i, words := range membership {
		if words != nil && words.MatchString(title) {
			return i
		}
	}
	return otherOfParty
}

// day is when a material was formed as a number to compare and to measure by; what is not
// known stands last.
func day(m Material) int64 {
	unknown := func(n, last int64) int64 {
		if n == 0 {
			return last
		}
		return n
	}
	if m.FormedYear == 0 {
		return 1 << 40
	}
	return m.FormedYear*416 + unknown(m.FormedMonth, 12)*32 + unknown(m.FormedDay, 32) + monthless(m)
}

// monthless puts a year alone behind every day of it.
func monthless(m Material) int64 {
	if m.FormedMonth == 0 {
		return 1
	}
	return 0
}

// Arrange proposes an order within a class (materials.md 5.2): by time formed, old to new, a
// material of unknown date last; classes 5 and 8 by matter and the weight of its papers, class 6
// by the steps of joining. Where two are alike the present order stays, and an attachment stands
// behind its main paper. A person lays out what counts.
func Arrange(class string, list []Material) []Material {
	mains, annexes := parted(list)
	switch class {
	case "6":
		slices.SortStableFunc(mains, func(a, b Material) int {
			return cmp.Or(cmp.Compare(membershipOf(a.Title), membershipOf(b.Title)), cmp.Compare(day(a), day(b)))
		})
	case "5", "8":
		mains = flat(matters(class, mains))
	default:
		slices.SortStableFunc(mains, func(a, b Material) int { return cmp.Compare(day(a), day(b)) })
	}
	out := make([]Material, 0, len(list))
	for _, m := range mains {
		out = append(out, m)
		own := annexes[m.ID]
		slices.SortStableFunc(own, func(a, b Material) int { return cmp.Or(weigh(class, a, b), cmp.Compare(day(a), day(b))) })
		out = append(out, own...)
	}
	return out
}

func weigh(class string, a, b Material) int {
	if class == "5" || class == "8" {
		return cmp.Compare(rungOf(a.Title), rungOf(b.Title))
	}
	return 0
}

// parted parts what is numbered for itself from what shares a number, by main paper. An
// attachment whose main paper is not among the list stands for itself.
func parted(list []Material) (mains []Material, annexes map[string][]Material) {
	annexes = map[string][]Material{}
	for _, m := range list {
		if m.MainID != "" && slices.ContainsFunc(list, func(x Material) bool { return x.ID == m.MainID && x.MainID == "" }) {
			annexes[m.MainID] = append(annexes[m.MainID], m)
		} else {
			mains = append(mains, m)
		}
	}
	return mains, annexes
}

// matter is one decision with the papers that belong to it.
type matter struct {
	decision Material // no id: nothing was decided yet
	papers   []Material
}

func (x matter) day() int64 {
	if x.decision.ID != "" {
		return day(x.decision)
	}
	first := day(x.papers[0])
	for _, m := range x.papers {
		first = min(first, day(m))
	}
	return first
}

// matters lays the papers of class 5 or 8 to their decisions: each paper to the decision of its
// subject that is nearest in time, what lifts a discipline to the last one before it. Old to new.
func matters(class string, list []Material) []matter {
	var out []matter
	at := map[string][]int{} // the decided matters of a subject
	for _, m := range list {
		if rungOf(m.Title) == rungDecision {
			s := subjectOf(class, m.Title)
			at[s] = append(at[s], len(out))
			out = append(out, matter{m, []Material{m}})
		}
	}
	loose := map[string]int{} // papers of a subject in which nothing is decided
	for _, m := range list {
		rung := rungOf(m.Title)
		if rung == rungDecision {
			continue
		}
		s := subjectOf(class, m.Title)
		of := at[s]
		if len(of) == 0 && len(at) == 1 && s == "" { // it names no subject, and there is but one
			for _, only := range at {
				of = only
			}
		}
		if len(of) == 0 {
			i, known := loose[s]
			if !known {
				i = len(out)
				loose[s] = i
				out = append(out, matter{})
			}
			out[i].papers = append(out[i].papers, m)
			continue
		}
		best := of[0]
		for _, i := range of[1:] {
			if nearer(rung, m, out[i].decision, out[best].decision) {
				best = i
			}
		}
		out[best].papers = append(out[best].papers, m)
	}
	for _, x := range out {
		slices.SortStableFunc(x.papers, func(a, b Material) int {
			return cmp.Or(cmp.Compare(rungOf(a.Title), rungOf(b.Title)), cmp.Compare(day(a), day(b)))
		})
	}
	slices.SortStableFunc(out, func(a, b matter) int { return cmp.Compare(a.day(), b.day()) })
	return out
}

// nearer says whether a decision is nearer to a paper than another is.
func nearer(rung int, m, a, b Material) bool {
	far := func(d Material) int64 {
		gap := day(m) - day(d)
		switch {
		case gap >= 0:
			return gap
		case rung == rungLifted:
			return -gap + 1<<41 // nothing is lifted before it was laid
		}
		return -gap
	}
	return far(a) < far(b)
}

func flat(list []matter) []Material {
	var out []Material
	for _, x := range list {
		out = append(out, x.papers...)
	}
	return out
}

var (
	looked     = regexp.MustCompile(`考察(材料|报告|意见|情况)|表现材料`)
	appointing = regexp.MustCompile(`任免`)
)

// Annexed proposes which papers share the number of another (materials.md 5.2: attachments
// follow their main paper): in classes 5 and 8 the opinion, report, proofs and self-criticism of
// a decision, in 9-2 what was looked into for an appointment. By id, the main paper's id. What is so already stays.
func Annexed(class string, list []Material) map[string]string {
	mains, annexes := parted(list)
	out := map[string]string{}
	for id, own := range annexes {
		for _, m := range own {
			out[m.ID] = id
		}
	}
	if class == "9-2" { // 考察材料 made for one appointment stands behind its 任免审批表 (materials.md 1.1)
		for _, m := range mains {
			if len(annexes[m.ID]) > 0 || !looked.MatchString(m.Title) || appointing.MatchString(m.Title) {
				continue
			}
			best := Material{}
			for _, x := range mains {
				if appointing.MatchString(x.Title) && (best.ID == "" || nearer(rungProof, m, x, best)) {
					best = x
				}
			}
			if best.ID != "" {
				out[m.ID] = best.ID
			}
		}
	}
	if class != "5" && class != "8" {
		return out
	}
	for _, x := range matters(class, mains) {
		if x.decision.ID == "" {
			continue
		}
		for _, m := range x.papers {
			if rung := rungOf(m.Title); rung >= rungOpinion && rung <= rungOwn && len(annexes[m.ID]) == 0 {
				out[m.ID] = x.decision.ID
			}
		}
	}
	return out
}
