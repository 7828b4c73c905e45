package codes

import (
	"embed"
	"encoding/csv"
	"regexp"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/width"
)

//go:embed data/*.csv
var data embed.FS

// Version names the edition of the lists, for records of what was decided under it.
const Version = "2026-11"

func table(name string) [][]string {
	f, err := data.Open("data/" + name + ".csv")
	if err != nil {
		panic(err) // embedded: found by the first test
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		panic(err) // embedded: found by the first test
	}
	return rows[1:]
}

// Code is one entry of a simple list.
type Code struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

func simple(name string) func() []Code {
	return sync.OnceValue(func() []Code {
		var out []Code
		for _, row := range table(name) {
			out = append(out, Code{row[0], row[1]})
		}
		return out
	})
}

// The simple national lists.
var (
	Sexes       = simple("sex")              // GB/T 2261.1
	Marital     = simple("marital-status")   // GB/T 2261.2
	Ethnics     = simple("ethnic-groups")    // GB/T 3304
	Educations  = simple("education")        // GB/T 4658
	Degrees     = simple("degrees")          // GB/T 6864
	Politicals  = simple("political-status") // GB/T 4762
	Occupations = simple("occupations")      // GB/T 6565
	SkillLevels = simple("skill-levels")
	Causes      = simple("separation-causes")
)

// Name looks a code up in a list; "" if it is not there.
func Name(list []Code, code string) string {
	for _, c := range list {
		if c.Code == code {
			return c.Name
		}
	}
	return ""
}

var unspaced = strings.NewReplacer(" ", "", "　", "")

func find(list []Code, text string, also map[string]string) string {
	text = unspaced.Replace(width.Narrow.String(text))
	if code := also[text]; code != "" {
		return code
	}
	for _, c := range list {
		if c.Code == text || c.Name == text {
			return c.Code
		}
	}
	return ""
}

// FindSex reads 男, 女, 男性, M … into a code; "" for anything else.
func FindSex(text string) string {
	return find(nil, text, map[string]string{"男": "1", "女": "2", "男性": "1", "女性": "2", "1": "1", "2": "2", "M": "1", "F": "2"})
}

// FindEthnic reads 汉 or 汉族.
func FindEthnic(text string) string {
	if code := find(Ethnics(), text, nil); code != "" {
		return code
	}
	return find(Ethnics(), text+"族", nil)
}

// FindPolitical reads what forms write (codes.md 7.6).
func FindPolitical(text string) string {
	return find(Politicals(), text, map[string]string{"党员": "01", "中共党员": "01", "预备党员": "02", "中共预备党员": "02", "团员": "03", "共青团员": "03",
		"民革党员": "04", "民革会员": "04", "民盟盟员": "05", "民建会员": "06", "民进会员": "07", "农工党党员": "08", "致公党党员": "09", "九三学社社员": "10", "台盟盟员": "11", "无党派人士": "12", "无党派": "12", "群众": "13"})
}

// FindEducation reads 本科, 大专, 研究生 ….
func FindEducation(text string) string {
	return find(Educations(), text, map[string]string{"博士": "11", "博士研究生": "11", "硕士": "14", "硕士研究生": "14", "研究生": "10", "本科": "21", "大学本科": "21", "大学": "21", "学士": "21",
		"大专": "31", "专科": "31", "大学专科": "31", "高职": "31", "中专": "41", "中职": "40", "职高": "44", "技校": "47", "高中": "61", "普通高中": "61", "初中": "71", "小学": "81"})
}

// Kin is one relation (codes.md 8).
type Kin struct {
	Slug      string `json:"slug"`
	Name      string `json:"name"`
	Path      string `json:"path"`
	Forbidden string `json:"forbidden"` // yes, yes_by_inverse, no, ask
}

// Kins lists the relations.
var Kins = sync.OnceValue(func() []Kin {
	var out []Kin
	for _, row := range table("kin") {
		path := row[4]
		if path == "(self)" {
			path = ""
		}
		out = append(out, Kin{row[0], row[2], path, row[8]})
	}
	return out
})

var forbiddenPath = regexp.MustCompile(`^(|S|U+|D+|U{1,2}D{1,2}|SU|SUD|SUDS|DS|DSU|U{1,2}D{1,2}S|US|SD)$`)

// ForbiddenPath says whether 21c forbids along a path of kinship, seen from
// either end: U to a parent, D to a child, S to the spouse, "" oneself.
func ForbiddenPath(path string) bool {
	inverse := []byte(path)
	slices.Reverse(inverse)
	for i, step := range inverse {
		switch step {
		case 'U':
			inverse[i] = 'D'
		case 'D':
			inverse[i] = 'U'
		}
	}
	return forbiddenPath.MatchString(path) || forbiddenPath.Match(inverse)
}

// ForbiddenKin says whether a relation is on the list of 21c; an undetermined or
// unknown one counts as forbidden until it is described.
func ForbiddenKin(slug string) bool {
	for _, k := range Kins() {
		if k.Slug == slug {
			return k.Forbidden != "no"
		}
	}
	return true
}

// KinName is a relation as people say it.
func KinName(slug string) string {
	for _, k := range Kins() {
		if k.Slug == slug {
			return k.Name
		}
	}
	return slug
}

// Category is one of the seven of rule 4, or a subtype of one.
type Category struct {
	Rule     string `json:"rule"` // 4.1 … 4.7
	Name     string `json:"name"`
	Subtype  string `json:"subtype,omitempty"`
	SubName  string `json:"subName,omitempty"`
	Evidence string `json:"evidence"`
}

var evidenceZH = map[string]string{
	"labour contract or proof of employment":                                       "劳动合同或在职证明",
	"decision or document ending the relation":                                     "解除或终止人事（劳动）关系的决定或证明",
	"diploma, registration or transfer document of the school":                     "毕业证书、毕业生登记表或学校转递材料",
	"admission, visa or certificate of study":                                      "录取通知、签证或在读证明",
	"passport or travel document":                                                  "护照或出入境证件",
	"contract, registration of the representative office":                          "劳动合同、代表机构登记证",
	"own declaration, social insurance record":                                     "本人声明、社会保险参保记录",
	"diploma, skill certificate (N2, 25)":                                          "毕业证书、技能等级证书",
	"certificate of ended contract or unemployment registration":                   "解除（终止）合同证明或失业登记",
	"discharge papers":                                                             "退役证件",
	"retirement approval":                                                          "退休审批表",
	"reason written by the agency and seen by the superior department in its list": "机构书面说明理由，列入清单报上级部门",
}

// categoryShort are the titles as rosters write them.
var categoryShort = map[string]string{
	"4.1": "非公有制经济组织和社会组织聘用人员", "4.2": "辞职辞退等未就业人员", "4.3": "未就业的高校毕业生及中专毕业生", "4.4": "自费留学及其他因私出国（境）人员",
	"4.5": "外国企业常驻代表机构中方雇员", "4.6": "自由职业或灵活就业人员", "4.7": "其他流动人员",
}

// Categories lists the categories with their subtypes.
var Categories = sync.OnceValue(func() []Category {
	var out []Category
	name := ""
	for _, row := range table("categories") {
		if row[2] != "" {
			name = row[2]
		}
		out = append(out, Category{row[0], name, row[3], row[4], evidenceZH[row[5]]})
	}
	return out
})

// CategoryName is the title of a category as rosters and screens write it.
func CategoryName(rule string) string { return categoryShort[rule] }

// CategoryCodes are the seven categories, one each, to choose from.
func CategoryCodes() []Code {
	var out []Code
	for _, c := range Categories() {
		if len(out) == 0 || out[len(out)-1].Code != c.Rule {
			out = append(out, Code{Code: c.Rule, Name: CategoryName(c.Rule)})
		}
	}
	return out
}

// HasSubtypes says whether a category is told apart further.
func HasSubtypes(rule string) bool {
	return slices.ContainsFunc(Categories(), func(c Category) bool { return c.Rule == rule && c.Subtype != "" })
}

// CategoryChoices are the categories down to their subtypes, 4.7/other, with the evidence
// each asks for.
func CategoryChoices() []Code {
	var out []Code
	for _, c := range Categories() {
		code, name := c.Rule, c.Rule+" "+CategoryName(c.Rule)
		if c.Subtype != "" {
			code, name = code+"/"+c.Subtype, name+"："+c.SubName
		}
		out = append(out, Code{Code: code, Name: name})
	}
	return out
}

// SubtypeName is the title of a subtype.
func SubtypeName(subtype string) string {
	for _, c := range Categories() {
		if c.Subtype == subtype {
			return c.SubName
		}
	}
	return ""
}

var unbracketed = strings.NewReplacer(" ", "", "　", "", "(", "", ")", "", "（", "", "）", "")

// FindCategory reads a code 4.1–4.7 or a title, brackets of either width.
func FindCategory(text string) string {
	norm := func(s string) string { return unbracketed.Replace(width.Narrow.String(s)) }
	t := norm(text)
	for rule, short := range categoryShort {
		if t == rule || t == norm(short) || strings.HasPrefix(t, rule) && norm(strings.TrimPrefix(t, rule)) == norm(short) {
			return rule
		}
	}
	for _, c := range Categories() {
		if t == norm(c.Name) {
			return c.Rule
		}
	}
	return ""
}

// Identity is a previous identity of rule 20.3b.
type Identity struct {
	Slug   string `json:"slug"`
	Name   string `json:"name"`
	Forces bool   `json:"forces"`
}

// Identities lists the previous identities.
var Identities = sync.OnceValue(func() []Identity {
	var out []Identity
	for _, row := range table("previous-identities") {
		out = append(out, Identity{row[0], row[1], row[2] == "yes"})
	}
	return out
})

// FindIdentity returns a previous identity by its slug.
func FindIdentity(slug string) (Identity, bool) {
	i := slices.IndexFunc(Identities(), func(x Identity) bool { return x.Slug == slug })
	if i < 0 {
		return Identity{}, false
	}
	return Identities()[i], true
}

// Purpose is a purpose of consultation (21a) with the papers it asks for.
type Purpose struct {
	Slug   string `json:"slug"`
	Name   string `json:"name"`
	Papers string `json:"papers"`
	// Powers marks bodies that bring their own legal papers in place of the letter.
	Powers bool `json:"powers"`
	// Basis marks the open end of the list: the legal basis in words, one level higher.
	Basis bool `json:"basis"`
}

// Purposes lists the purposes of consultation.
var Purposes = sync.OnceValue(func() []Purpose {
	var out []Purpose
	for _, row := range table("purposes") {
		p := Purpose{Slug: row[0], Name: row[1], Papers: row[2]}
		p.Powers = slices.Contains([]string{"discipline_inspection", "judicial_evidence", "audit", "notarization", "court_order"}, p.Slug)
		p.Basis = p.Slug == "other_legal_basis"
		out = append(out, p)
	}
	return out
})

// FindPurpose returns a purpose by its slug.
func FindPurpose(slug string) (Purpose, bool) {
	i := slices.IndexFunc(Purposes(), func(x Purpose) bool { return x.Slug == slug })
	if i < 0 {
		return Purpose{}, false
	}
	return Purposes()[i], true
}

// Way is a way of transfer (20.3a).
type Way struct {
	Slug   string `json:"slug"`
	Name   string `json:"name"`
	Forced bool   `json:"forced"` // open to dossiers of 20.3b
}

// TransferWays lists the three ways.
var TransferWays = sync.OnceValue(func() []Way {
	var out []Way
	for _, row := range table("transfer-ways") {
		out = append(out, Way{row[0], row[1], row[2] == "yes"})
	}
	return out
})

// Defect is an appraisal defect (materials.md 6).
type Defect struct {
	Code string `json:"code"`
	Text string `json:"text"`
	Way  string `json:"way"` // cure, return, repair, refuse, case
	// Ways are all that are open; where two are, the first is the usual one.
	Ways []string `json:"ways" nullable:"false"`
}

// otherWays are the second ways of defects that materials.md 6 leaves a choice for.
var otherWays = map[string]string{"incomplete": "return", "unqualified-paper": "repair", "false-or-suspect": "case", "contradiction": "return"}

// Defects lists the appraisal defects.
var Defects = sync.OnceValue(func() []Defect {
	var out []Defect
	for _, row := range table("appraisal-defects") {
		d := Defect{row[0], row[1], row[2], []string{row[2]}}
		if other := otherWays[d.Code]; other != "" {
			d.Ways = append(d.Ways, other)
		}
		out = append(out, d)
	}
	return out
})

// FindDefect returns a defect by its code.
func FindDefect(code string) (Defect, bool) {
	i := slices.IndexFunc(Defects(), func(x Defect) bool { return x.Code == code })
	if i < 0 {
		return Defect{}, false
	}
	return Defects()[i], true
}
