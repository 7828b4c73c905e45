package codes

import (
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/width"
)

// Class is one class of materials; 4 and 9 are headings, nothing is filed to them.
type Class struct {
	Code       string `json:"code"`
	Name       string `json:"name"`
	Short      string `json:"short"`
	Selectable bool   `json:"selectable"`
}

var classShort = map[string]string{
	"1": "履历类", "2": "自传和思想类", "3": "考核鉴定类", "4-1": "学历学位", "4-2": "职称和任职资格", "4-3": "科研学术", "4-4": "教育培训", "5": "政审审核类",
	"6": "党、团类", "7": "表彰奖励类", "8": "处分类", "9-1": "工资", "9-2": "任免、聘用", "9-3": "出国（境）", "9-4": "会议代表", "10": "其他",
}

// Classes lists the ten classes with their subclasses, in order.
var Classes = sync.OnceValue(func() []Class {
	var out []Class
	for _, row := range table("material-classes") {
		out = append(out, Class{row[0], row[1], classShort[row[0]], row[0] != "4" && row[0] != "9"})
	}
	return out
})

// PauseReason is a reason for which the clock of two months may stand still (13a).
type PauseReason struct {
	Slug  string `json:"slug"`
	Name  string `json:"name"`
	Rule  string `json:"rule"`  // that makes the agency wait
	Basis string `json:"basis"` // the paper that shows it
}

// PauseReasons lists the reasons; there are no others.
var PauseReasons = sync.OnceValue(func() []PauseReason {
	var out []PauseReason
	for _, row := range table("pause-reasons") {
		out = append(out, PauseReason{row[0], row[1], row[2], row[3]})
	}
	return out
})

// FindPause returns a reason by its slug.
func FindPause(slug string) (PauseReason, bool) {
	i := slices.IndexFunc(PauseReasons(), func(r PauseReason) bool { return r.Slug == slug })
	if i < 0 {
		return PauseReason{}, false
	}
	return PauseReasons()[i], true
}

// FindClass returns a class by its code; ok is false for headings and unknown ones.
func FindClass(code string) (Class, bool) {
	for _, c := range Classes() {
		if c.Code == code {
			return c, c.Selectable
		}
	}
	return Class{}, false
}

// ClassOrder is a class's place in the catalog.
func ClassOrder(code string) int {
	return slices.IndexFunc(Classes(), func(c Class) bool { return c.Code == code })
}

// ClassOf is the class that the checklists give a title; empty where none names it.
func ClassOf(title string) string {
	for _, r := range checklists() {
		if Canonical(r.Title) == Canonical(title) {
			return r.Class
		}
	}
	return ""
}

// Wanted is one line of a checklist (materials.md 4).
type Wanted struct {
	Title    string   `json:"title"`
	Class    string   `json:"class"`
	KeyFacts []string `json:"keyFacts"`
	Level    string   `json:"level"` // required, expected, if-applicable

	// Condition is what has to be known before its absence is a gap; empty: nothing.
	Condition string `json:"condition,omitempty"`
}

// Conditions that nothing recorded shows: what is collected by hand when somebody tells of it,
// and what is asked of nobody.
const (
	ByHand = "by_hand"
	Never  = "never"
)

// conditions says, by category, title and class, when a line of a checklist applies: those of
// level if-applicable, and the required ones that presuppose something (materials.md 4).
var conditions = sync.OnceValue(func() map[[3]string]string {
	out := map[[3]string]string{}
	for _, row := range table("material-conditions") {
		out[[3]string{row[0], row[1], row[2]}] = row[3]
	}
	return out
})

func conditionOf(category string, w Wanted) string {
	if c := conditions()[[3]string{category, w.Title, w.Class}]; c != "" || w.Level != "if-applicable" {
		return c
	}
	return conditions()[[3]string{"*", w.Title, w.Class}]
}

// ConditionOf is the condition under which a title is formed at all, whatever level a category
// gives it; empty: none is known.
func ConditionOf(title, class string) string { return conditions()[[3]string{"*", title, class}] }

// Checklisted are the lines of all checklists, whatever the category.
func Checklisted() []Wanted {
	var out []Wanted
	for _, r := range checklists() {
		out = append(out, r.Wanted)
	}
	return out
}

type wantedRow struct {
	category string
	Wanted
}

var checklists = sync.OnceValue(func() []wantedRow {
	var out []wantedRow
	for _, row := range table("material-checklists") {
		w := Wanted{Title: row[1], Class: row[2], Level: row[4]}
		if row[3] != "non_key" {
			w.KeyFacts = strings.Split(row[3], "|")
		}
		w.Condition = conditionOf(row[0], w)
		out = append(out, wantedRow{row[0], w})
	}
	return out
})

// Checklist is what a dossier of a category (and subtype) should hold: the rows of
// the subtype, of the category, and those for everybody; a nearer row replaces
// one of the same title and class.
func Checklist(category, subtype string) []Wanted {
	var out []Wanted
	seen := map[string]bool{}
	for _, level := range []string{category + "/" + subtype, category, "*"} {
		for _, r := range checklists() {
			if r.category != level || seen[r.Title+r.Class] {
				continue
			}
			seen[r.Title+r.Class] = true
			out = append(out, r.Wanted)
		}
	}
	return out
}

// Evidence says which title proves which key fact, and how strongly.
type Evidence struct {
	KeyFact string `json:"keyFact"`
	Rank    string `json:"rank"`
	Title   string `json:"title"`
	Class   string `json:"class"`
	Weight  string `json:"weight"` // determines, primary, supports, statement
}

// KeyFactEvidence lists the evidence of the five key facts.
var KeyFactEvidence = sync.OnceValue(func() []Evidence {
	var out []Evidence
	for _, row := range table("key-fact-evidence") {
		out = append(out, Evidence{row[0], row[1], row[2], row[3], row[4]})
	}
	return out
})

var aliases = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for _, w := range checklists() {
		out[fold(w.Title)] = w.Title
	}
	for _, e := range KeyFactEvidence() {
		out[fold(e.Title)] = e.Title
	}
	for _, row := range table("material-aliases") {
		if key := fold(row[1]); out[key] == "" {
			out[key] = row[0]
		}
	}
	return out
})

// fold strips blanks, brackets and 《》 and folds widths, for comparing titles.
func fold(title string) string {
	return strings.NewReplacer(" ", "", "　", "", "（", "", "）", "", "(", "", ")", "", "《", "", "》", "", "【", "", "】", "", "\"", "", "“", "", "”", "").
		Replace(width.Fold.String(title))
}

// Canonical is the canonical title of a material, or the title itself when no
// list knows it.
func Canonical(title string) string {
	if c := aliases()[fold(title)]; c != "" {
		return c
	}
	return title
}

// Proves lists the key facts that a material of this title and class is evidence of.
func Proves(title, class string) []string {
	canonical := Canonical(title)
	var out []string
	for _, e := range KeyFactEvidence() {
		if e.Title == canonical && (e.Class == class || class == "") && e.Weight != "statement" && !slices.Contains(out, e.KeyFact) {
			out = append(out, e.KeyFact)
		}
	}
	return out
}

// makers are who forms the materials of a class, by the longest code that is known.
var makers = map[string]string{
	"1": "本人填写，用人单位审核", "2": "本人", "3": "用人单位", "4-1": "毕业院校", "4-2": "评审、考试机构", "4-3": "用人单位", "4-4": "培训单位",
	"5": "审核、审计部门", "6": "党（团）组织", "7": "授予单位", "8": "作出决定的单位", "9-1": "用人单位", "9-2": "用人单位", "9-3": "审批部门", "9-4": "有关组织", "10": "出具单位",
}

// FormedBy says which unit forms the materials of a class, as a notice names it (forms.md 5).
func FormedBy(class string) string {
	if m, known := makers[class]; known {
		return m
	}
	main, _, _ := strings.Cut(class, "-")
	if m, known := makers[main]; known {
		return m
	}
	return "材料形成单位"
}
