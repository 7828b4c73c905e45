package dossier

import (
	"regexp"
	"slices"
	"strings"

	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/rule"
)

// KeyFacts are the five key facts (20.4), in order.
var KeyFacts = []string{"birth_date", "work_start", "party_joining", "education_degree", "work_history"}

var keyFactNames = map[string]string{
	"birth_date": "出生日期", "work_start": "参加工作时间", "party_joining": "入党时间", "education_degree": "学历学位", "work_history": "工作经历",
	partyFull: "转正时间（党员）", nameFact: "姓名", sexFact: "性别", ethnicFact: "民族", nativeFact: "籍贯",
}

// KeyFactName is a fact as papers say it.
func KeyFactName(kind string) string { return keyFactNames[kind] }

// Kinds of periods.
const (
	Study   = "study"
	Work    = "work"
	Service = "service" // 服役
)

// Source is where an entry stands: a filed material of the dossier, or a piece of
// the paper dossier cited by hand (class, title), and the page.
type Source struct {
	MaterialID string `json:"materialId,omitempty"`
	Class      string `json:"class,omitempty"`
	Title      string `json:"title,omitempty"`
	Page       int64  `json:"page,omitempty"`
}

// Cite is how a piece on paper is named in a row: class, blank, title.
func Cite(class, title string) string { return class + " " + strings.TrimSpace(title) }

// ParseCite is the inverse of Cite.
func ParseCite(cite string) (class, title string) {
	class, title, _ = strings.Cut(cite, " ")
	return class, title
}

// check holds a source to being complete: a cited piece needs class, title and page.
func (s Source) check() []rule.Reason {
	var out []rule.Reason
	add := func(field, message, next string) {
		out = append(out, rule.Reason{Rule: "29.2", Slug: "source_" + field, Field: "source." + field, Message: message, Next: next})
	}
	if s.Page < 1 {
		add("page", "出处须注明页码。", "请填写记载所在的页，从 1 起。")
	}
	if s.MaterialID != "" {
		return out
	}
	if _, ok := codes.FindClass(s.Class); !ok {
		add("class", "出处须注明类号，第四、第九类注明到小类。", "请从十类目录中选择，例如 4-1、9-2。")
	}
	if strings.TrimSpace(s.Title) == "" {
		add("title", "出处须注明材料名称。", "请按材料原题名填写。")
	}
	if secretMark(s.Title) {
		out = append(out, secretTitle("source.title"))
	}
	return out
}

var monthForm = regexp.MustCompile(`^\d{4}-(0[1-9]|1[0-2])$`)

// NewFact is a mention of a key fact as a material writes it.
type NewFact struct {
	Kind, Written string
	Source        Source
}

// normalized is the mention in a comparable form: a date for dates, else the text.
func (n NewFact) normalized() string {
	switch n.Kind {
	case nameFact, sexFact, ethnicFact, nativeFact:
		return plainValue(n.Kind, n.Written)
	case "birth_date", "work_start", "party_joining", partyFull:
		if solar, said := asLunar(n.Kind, n.Written); said != "" {
			return solar
		}
		p, ok := calendar.Parse(n.Written)
		switch {
		case !ok:
			return ""
		case p.Day > 0:
			return string(p.Date())
		case p.Month > 0:
			return calendar.New(p.Year, p.Month, 1).String()[:7]
		}
	}
	return strings.TrimSpace(n.Written)
}

func (n NewFact) check() error { return mistakes(n.reasons()) }

func (n NewFact) reasons() []rule.Reason {
	reasons := n.Source.check()
	if !slices.Contains(FactKinds, n.Kind) {
		reasons = append(reasons, rule.Reason{Rule: "20.4a", Slug: "fact_kind", Field: "kind", Message: "没有这一项信息。", Next: "请从出生日期、参加工作时间、入党时间、转正时间、学历学位、工作经历、姓名、性别、民族、籍贯中选择。"})
	}
	if strings.TrimSpace(n.Written) == "" {
		reasons = append(reasons, rule.Reason{Rule: "29.2", Slug: "fact_written", Field: "written", Message: "记载内容不能为空。", Next: "请照材料原文填写。"})
	} else if _, lunar := asLunar(n.Kind, n.Written); slices.Contains(dated, n.Kind) && lunar == "" && n.normalized() == "" {
		reasons = append(reasons, rule.Reason{Rule: "29.2", Slug: "fact_date", Field: "written", Message: "日期无法识别。", Next: "请照材料原文填写，例如 1991年3月14日、1991.3、农历1991年正月廿九。"})
	}
	return reasons
}

// NewPeriod is a period of study, work or service as a material records it.
type NewPeriod struct {
	Kind, FromMonth, ToMonth, Unit, Post, Identity string
	Source                                         Source
}

func (n NewPeriod) check() error {
	reasons := n.Source.check()
	add := func(field, message, next string) {
		reasons = append(reasons, rule.Reason{Rule: "29.2", Slug: "period_" + field, Field: field, Message: message, Next: next})
	}
	if !slices.Contains([]string{Study, Work, Service}, n.Kind) {
		add("kind", "经历类型应为学习、工作或服役。", "请重新选择。")
	}
	if !monthForm.MatchString(n.FromMonth) {
		add("fromMonth", "起始年月不对。", "请填写年月，例如 2013-07。")
	}
	if n.ToMonth != "" && (!monthForm.MatchString(n.ToMonth) || n.ToMonth < n.FromMonth) {
		add("toMonth", "截止年月不对，或早于起始年月。", "请填写年月；至今的留空。")
	}
	if strings.TrimSpace(n.Unit) == "" {
		add("unit", "单位（学校）不能为空。", "请照材料原文填写全称。")
	}
	if n.Identity != "" {
		if _, ok := codes.FindIdentity(n.Identity); !ok {
			add("identity", "没有这种身份。", "请从原身份列表中选择；材料没有写明的留空。")
		}
	}
	return mistakes(reasons)
}

// NewFamily is a member of the family as a material records it.
type NewFamily struct {
	Relation, Name, IDNo string
	Source               Source
}

func mistakes(reasons []rule.Reason) error {
	if len(reasons) == 0 {
		return nil
	}
	return rule.Mistake(reasons...)
}

var stateUnit = regexp.MustCompile(`(局|厅|委|委员会|政府|人大|政协|法院|检察院|公安|税务|海关|部队|街道办事处|镇|乡|学校|中学|小学|大学|学院|幼儿园|医院|卫生院|疾控中心|研究院|研究所|事务中心|服务中心|管理处|管理站|出版社|电视台|图书馆|国有|国营|集团|供电|烟草|邮政|铁路)`)

// ForcedBy computes whether 20.3b forces confidential post or messenger from the
// recorded history, and names the period that decides. One forcing identity is
// enough and does not lapse. A period at an organ or state unit without a
// recorded identity counts as forcing (codes.md 11). "No" needs a history that
// was stated as complete and confirmed; till then it is unknown, which counts
// as yes.
func ForcedBy(periods []Period, complete bool) (Forced, Period) {
	for _, p := range periods {
		if id, ok := codes.FindIdentity(p.Identity); ok && id.Forces && p.Void == "" {
			return ForcedYes, p
		}
	}
	unclear := !complete
	for _, p := range periods {
		if p.Void != "" || p.Kind == Study {
			continue
		}
		if p.Identity == "" && (p.Kind == Service || stateUnit.MatchString(p.Unit)) {
			return ForcedYes, p
		}
		unclear = unclear || p.ConfirmedBy == ""
	}
	if unclear {
		return ForcedUnknown, Period{}
	}
	return ForcedNo, Period{}
}
