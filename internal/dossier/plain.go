package dossier

import (
	"regexp"
	"slices"
	"strings"

	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/person"
)

// Facts beside the five key ones that the comparison lays side by side (materials.md 3.3, 3.6).
const (
	partyFull  = "party_full" // 转正时间: from which 党龄 counts
	nameFact   = "name"
	sexFact    = "sex"
	ethnicFact = "ethnic"
	nativeFact = "native_place"
)

// FactKinds are all facts a mention may be entered of: the five key facts, when a Party member's
// probation ended, and what is compared plainly.
var FactKinds = []string{"birth_date", "work_start", "party_joining", partyFull, "education_degree", "work_history", nameFact, sexFact, ethnicFact, nativeFact}

// dated are the facts that are a date.
var dated = []string{"birth_date", "work_start", "party_joining", partyFull}

// evidenceKind is the key fact by whose evidence a fact is weighed.
func evidenceKind(kind string) string {
	if kind == partyFull {
		return "party_joining"
	}
	return kind
}

var (
	placeWords  = regexp.MustCompile(`特别行政区|自治区|自治州|自治县|地区|[省市县区盟旗镇乡村]`)
	peopleWords = regexp.MustCompile(`壮族|回族|维吾尔族?`) // 广西壮族自治区
)

// plainValue is a plain fact in a comparable form.
func plainValue(kind, written string) string {
	text := strings.NewReplacer(" ", "", "　", "", "·", "", "•", "").Replace(strings.TrimSpace(written))
	switch kind {
	case sexFact:
		switch {
		case strings.HasPrefix(text, "男"):
			return "男"
		case strings.HasPrefix(text, "女"):
			return "女"
		}
	case ethnicFact:
		if name := codes.Name(codes.Ethnics(), codes.FindEthnic(text)); name != "" {
			return name
		}
	case nativeFact:
		if short := placeWords.ReplaceAllString(peopleWords.ReplaceAllString(text, ""), ""); short != "" {
			return short
		}
	}
	return text
}

// registered is what the register holds of a plain fact: a reference beside the mentions, no
// material (materials.md 3.6).
func registered(kind string, p person.Person) string {
	switch kind {
	case nameFact:
		return p.Name
	case sexFact:
		return sexNames[p.Sex]
	case ethnicFact:
		return codes.Name(codes.Ethnics(), p.Ethnic)
	}
	return ""
}

var sexNames = map[string]string{"1": "男", "2": "女"}

// formerly says whether a name is one the person had before.
func formerly(p person.Person, name string) bool {
	return slices.ContainsFunc(strings.Split(p.FormerNames, "、"), func(n string) bool { return n != "" && plainValue(nameFact, n) == name })
}

// asLunar reads a mention of the birth date that is of the lunar calendar, and says what it is
// in the solar one.
func asLunar(kind, written string) (value, conversion string) {
	if kind != "birth_date" {
		return "", ""
	}
	l, ok := calendar.ParseLunar(written)
	if !ok {
		return "", ""
	}
	from, to := l.Solar()
	if from != to {
		return "", "农历，折合公历" + from.Long() + "至" + to.Long()
	}
	return string(from), "农历，折合公历" + from.Long()
}
