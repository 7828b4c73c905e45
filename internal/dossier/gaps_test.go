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
		known := dossier.Recorded{Category: c.category, Held: c.held, Conditions: map[string]dossier.Showing{}}
		if c.member {
			known.Conditions = dossier.Known{Political: "01"}.Conditions()
		}
		gaps := dossier.FindGaps(known)
		for _, x := range dossier.Expected(known) { // usual, never told as missing
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

// materials.md 4: what the checklist requires is a gap as long as it is not there; of a key
// fact that another paper proves, a non-key one. What it requires under a condition waits for it.
func TestARequiredMaterialIsAlwaysAGap(t *testing.T) {
	titles := func(r dossier.Recorded) (key, other []string) {
		for _, g := range dossier.FindGaps(r) {
			if g.KeyFact != "" {
				key = append(key, g.Title)
			} else {
				other = append(other, g.Title)
			}
		}
		return key, other
	}
	graduate := dossier.Recorded{Category: "4.3", Subtype: "college_graduate", Held: []dossier.Held{{Title: "高等学校学籍表（学生登记表）", Class: "4-1"}, {Title: "学生成绩表", Class: "4-1"}}}
	if key, other := titles(graduate); len(key) != 0 || !slices.Equal(other, []string{"高中毕业生登记表", "普通高等学校毕业生登记表"}) {
		t.Errorf("graduate: key %v, other %v", key, other)
	}
	employed := dossier.Recorded{Category: "4.1", Held: []dossier.Held{{Title: "劳动合同书", Class: "9-2"}}}
	if key, other := titles(employed); len(key) != 0 || !slices.Equal(other, []string{"履历表（存档人员登记表）"}) {
		t.Errorf("employed: key %v, other %v", key, other)
	}
	// A fact that was read in a piece: the material stays wanted, no longer as a key one.
	employed.Held, employed.Proved = nil, []string{"work_start", "work_history"}
	if key, other := titles(employed); len(key) != 0 || !slices.Equal(other, []string{"履历表（存档人员登记表）", "劳动合同书"}) {
		t.Errorf("proved: key %v, other %v", key, other)
	}
	flexible := dossier.Recorded{Category: "4.6", Held: []dossier.Held{{Title: "社会保险参保缴费证明", Class: "9-1"}}}
	if _, other := titles(flexible); slices.Contains(other, "解除（终止）劳动合同证明书") {
		t.Errorf("never employed, as far as is known: %v", other)
	}
	flexible.Conditions = map[string]dossier.Showing{"left_employer": {Because: "x"}}
	if _, other := titles(flexible); !slices.Contains(other, "解除（终止）劳动合同证明书") {
		t.Errorf("left an employer: %v", other)
	}
}

// 14a: what is recorded of a life makes its materials due.
func TestWhatIsRecordedMakesMaterialsDue(t *testing.T) {
	period := func(kind, from, to, unit, post string) dossier.Period {
		return dossier.Period{Kind: kind, FromMonth: from, ToMonth: to, Unit: unit, Post: post, ConfirmedBy: "x"}
	}
	fact := func(kind, written string) dossier.Fact {
		return dossier.Fact{Kind: kind, Written: written, ConfirmedBy: "x"}
	}
	two := []dossier.Period{period("work", "2018-07", "2020-06", "甲科技有限公司", ""), period("work", "2020-07", "2023-12", "乙科技有限公司", "高级工程师")}
	for _, c := range []struct {
		name string
		k    dossier.Known
		want map[string]string // title: what is said
		not  []string
	}{
		{"nothing recorded", dossier.Known{}, nil, []string{"解除（终止）劳动合同证明书", "学位审批（授予）材料", "士兵退出现役登记表（转业审批表）", "中国共产党入党志愿书"}},
		{"two employers left", dossier.Known{Periods: two}, map[string]string{"解除（终止）劳动合同证明书": "已离开：甲科技有限公司、乙科技有限公司", "专业技术职务任职资格评审（认定）表": "经历记载 2020.07—2023.12 乙科技有限公司，高级工程师"}, nil},
		{"of one the paper is there", dossier.Known{Periods: two, Held: []dossier.Held{{Title: "解除（终止）劳动合同证明书", Class: "9-2", Maker: "甲科技有限公司"}}}, map[string]string{"解除（终止）劳动合同证明书": "已离开：乙科技有限公司"}, nil},
		{"not confirmed", dossier.Known{Periods: []dossier.Period{{Kind: "work", FromMonth: "2018-07", ToMonth: "2020-06", Unit: "甲"}}}, nil, []string{"解除（终止）劳动合同证明书"}},
		{"served", dossier.Known{Periods: []dossier.Period{period("service", "2010-12", "2015-12", "某部队", "")}}, map[string]string{"士兵退出现役登记表（转业审批表）": "", "入伍批准书（入伍登记表）": ""}, nil},
		{"a degree", dossier.Known{Facts: []dossier.Fact{fact("education_degree", "大学本科，工学学士")}}, map[string]string{"学位审批（授予）材料": "材料记载“大学本科，工学学士”"}, nil},
		{"a full member", dossier.Known{Political: "01"}, map[string]string{"转正申请书": "政治面貌为中共党员", "入党申请书": ""}, nil},
		{"on probation as a member", dossier.Known{Political: "02"}, nil, []string{"转正申请书"}},
		{"data of another department", dossier.Known{Told: []dossier.Told{{Condition: "left_employer", Because: "部门数据", Unit: "丙有限公司"}}}, map[string]string{"解除（终止）劳动合同证明书": "已离开：丙有限公司"}, nil},
		{"seen in another material", dossier.Known{Held: []dossier.Held{{Title: "转正申请书", Class: "6"}}}, map[string]string{"中国共产党入党志愿书": ""}, nil},
		{"closed to some", dossier.Known{Held: []dossier.Held{{Title: "转正申请书", Class: "6", Quiet: true}}}, nil, []string{"中国共产党入党志愿书"}},
	} {
		gaps := dossier.FindGaps(dossier.Recorded{Category: "4.1", Held: c.k.Held, Conditions: c.k.Conditions()})
		for title, because := range c.want {
			i := slices.IndexFunc(gaps, func(g dossier.Gap) bool { return g.Title == title })
			if i < 0 || because != "" && gaps[i].Because != because || gaps[i].Because == "" {
				t.Errorf("%s: %s in %+v", c.name, title, gaps)
			}
		}
		for _, title := range c.not {
			if slices.ContainsFunc(gaps, func(g dossier.Gap) bool { return g.Title == title }) {
				t.Errorf("%s: %s is asked for", c.name, title)
			}
		}
	}
}

// A yearly review is expected of each full year in work: the plan names those that are not there.
func TestReviewsAreWantedByYear(t *testing.T) {
	k := dossier.Known{Periods: []dossier.Period{{Kind: "work", FromMonth: "2018-07", ToMonth: "2022-06", Unit: "甲", ConfirmedBy: "x"}}, Held: []dossier.Held{{Title: "2020年度考核登记表", Class: "3"}}}
	expected := dossier.Expected(dossier.Recorded{Category: "4.1", Held: k.Held, Conditions: k.Conditions()})
	i := slices.IndexFunc(expected, func(g dossier.Gap) bool { return g.Title == "年度考核登记表" })
	if i < 0 || expected[i].Because != "缺 2019、2021 年度" {
		t.Errorf("%+v", expected)
	}
}
