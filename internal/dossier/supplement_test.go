package dossier

import (
	"slices"
	"strings"
	"testing"
)

// 14b: who formed a material tells which of two that are owed of one title it answers.
func TestAMaterialAnswersWhatItsMakerOwes(t *testing.T) {
	owed := func(id, title, maker string) Supplement {
		return Supplement{ID: id, Title: title, Maker: maker, State: Owed}
	}
	a, b, any, fact := owed("a", "劳动合同书", "甲（演示）有限公司"), owed("b", "劳动合同书", "乙（演示）有限公司"), owed("any", "劳动合同书", ""), Supplement{ID: "fact", Title: "劳动合同书等", KeyFact: "work_start", State: Owed}
	of := func(maker string) Material {
		return Material{Title: "全日制劳动合同书", Class: "9-2", Origin: FromUnit, Maker: maker} // by another name of the lists
	}
	for name, c := range map[string]struct {
		m    Material
		open []Supplement
		want string
	}{
		"its own maker's":                    {of("甲(演示)有限公司"), []Supplement{a, b}, "a"},
		"a third employer's answers neither": {of("丙有限公司"), []Supplement{a, b}, ""},
		"what names no maker is answered":    {of("丙有限公司"), []Supplement{a, any}, "any"},
		"both its maker's and the unnamed":   {of("甲（演示）有限公司"), []Supplement{a, b, any}, "a any"},
		"the sender of a unit is its maker":  {Material{Title: "劳动合同书", Class: "9-2", Origin: FromUnit, Source: "乙（演示）有限公司"}, []Supplement{a, b}, "b"},
		"maker not known, one owed":          {Material{Title: "劳动合同书", Class: "9-2", Origin: FromPerson, Source: "罗以宁"}, []Supplement{a}, "a"},
		"maker not known, two owed":          {Material{Title: "劳动合同书", Class: "9-2", Origin: FromPerson, Source: "罗以宁"}, []Supplement{a, b, any}, "any"},
		"the key fact that it proves":        {of("丙有限公司"), []Supplement{fact}, "fact"},
		"another title":                      {Material{Title: "年度考核登记表", Class: "3", Maker: "甲（演示）有限公司"}, []Supplement{a, any}, ""},
		"the person's own writing":           {Material{Title: "自传", Origin: FromPerson, Source: "罗以宁", Maker: "罗以宁"}, []Supplement{owed("self", "自传", SelfMade), owed("unit", "自传", "甲")}, "self"},
	} {
		var got []string
		for _, s := range answered(c.m, c.open) {
			got = append(got, s.ID)
		}
		slices.Sort(got)
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: %q, want %q", name, s, c.want)
		}
	}
}
