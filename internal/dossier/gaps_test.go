package dossier_test

import (
	"slices"
	"testing"

	"dangan/internal/dossier"
)

// 20.4a and 20.4b: what is told as missing, by category, membership and what is there.
func TestFindGaps(t *testing.T) {
	form := dossier.Held{Title: "流动人员履历表", Class: "1"}
	school := dossier.Held{Title: "普通高等学校毕业生登记表", Class: "4-1"}
	contract := dossier.Held{Title: "劳动合同书", Class: "9-2"}
	party := dossier.Held{Title: "入党志愿书", Class: "6"}
	for _, c := range []struct {
		name     string
		category string
		member   bool
		held     []dossier.Held
		facts    []string // the key facts that must be told
		not      []string // and those that must not
	}{
		{"用人单位存档，空档案，非党员", "4.1", false, nil, []string{"work_start", "work_history"}, []string{"party_joining"}},
		{"用人单位存档，空档案，党员", "4.1", true, nil, []string{"work_start", "work_history", "party_joining"}, nil},
		{"有劳动合同，参加工作和经历有依据", "4.1", false, []dossier.Held{contract}, nil, []string{"work_start", "work_history"}},
		{"党员有入党志愿书", "4.1", true, []dossier.Held{party}, []string{"work_start"}, []string{"party_joining"}},
		{"灵活就业，空档案", "4.6", false, nil, []string{"work_history"}, []string{"work_start", "party_joining"}},
		{"履历、学历、合同、入党齐备", "4.1", true, []dossier.Held{form, school, contract, party}, nil, dossier.KeyFacts},
	} {
		gaps := dossier.FindGaps(c.category, "", c.member, c.held)
		for _, x := range dossier.Expected(c.category, "", c.held) { // usual, never told as missing
			if slices.ContainsFunc(gaps, func(g dossier.Gap) bool { return g.KeyFact == "" && g.Title == x.Title }) || x.KeyFact != "" || x.Consequence != "" {
				t.Errorf("%s：%s 既是必须又是一般应有", c.name, x.Title)
			}
		}
		var told []string
		for _, g := range gaps {
			if g.Title == "" || g.Title == "就业报到证" {
				t.Errorf("%s：要求补充 %q", c.name, g.Title)
			}
			if g.KeyFact == "" {
				continue
			}
			told = append(told, g.KeyFact)
			if g.Consequence == "" {
				t.Errorf("%s：%s 没有说明影响", c.name, g.KeyFact)
			}
			if slices.Contains(g.Others, g.Title) || len(g.Others) > 4 {
				t.Errorf("%s：%s 的其他材料 %v", c.name, g.KeyFact, g.Others)
			}
		}
		for _, f := range c.facts {
			if !slices.Contains(told, f) {
				t.Errorf("%s：没有告知缺 %s（%v）", c.name, f, told)
			}
		}
		for _, f := range c.not {
			if slices.Contains(told, f) {
				t.Errorf("%s：不应告知缺 %s", c.name, f)
			}
		}
	}
}
