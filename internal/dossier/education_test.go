package dossier

import (
	"testing"

	"dangan/internal/person"
)

// 20.4, 23: education is compared one education at a time (materials.md 3.4).
func TestEducationIsComparedPerItem(t *testing.T) {
	catalog := []Material{
		{ID: "form", State: Filed, Class: "1", Seq: 1, Title: "干部履历表", FormedYear: 2020, FormedMonth: 5},
		{ID: "bachelor", State: Filed, Class: "4-1", Seq: 1, Title: "普通高等学校毕业生登记表", FormedYear: 2013, FormedMonth: 6},
		{ID: "master", State: Filed, Class: "4-1", Seq: 2, Title: "研究生毕业登记表", FormedYear: 2016, FormedMonth: 6},
	}
	for _, c := range []struct {
		name            string
		written         map[string]string
		verdict, note   string
		against, doubts map[string]string
		highest         []string
	}{
		{"a postgraduate has two", map[string]string{"bachelor": "本科", "master": "硕士研究生"}, Agrees, "", map[string]string{"master": otherSchooling}, map[string]string{"master": ""}, nil},
		{"one level by two names", map[string]string{"bachelor": "本科", "form": "大学本科"}, Agrees, "", map[string]string{"form": "一致"}, nil, nil},
		{"a degree is of its level", map[string]string{"bachelor": "大学本科毕业，工学学士", "form": "学士"}, Agrees, "", map[string]string{"form": "一致"}, nil, nil},
		{"full-time and in service", map[string]string{"bachelor": "全日制大专，重庆某某学院", "form": "在职本科"}, Agrees, "", map[string]string{"form": otherSchooling}, nil, []string{"最高全日制：大专 重庆某某学院", "最高在职：本科"}},
		{"graduate school of a level that is not said", map[string]string{"master": "硕士研究生", "form": "研究生"}, Agrees, "", map[string]string{"form": "一致"}, nil, nil},
		{"two schools for one education", map[string]string{"bachelor": "本科，重庆某某大学", "form": "本科，四川某某大学"}, Differs, "本科学校不一致", map[string]string{"form": "学校不一致"}, map[string]string{"form": "学校不一致|仅为本人填写"}, nil},
		{"two days for one education", map[string]string{"bachelor": "本科，2013年6月毕业", "form": "本科 2013.7"}, Differs, "本科毕业时间相差 1 个月", map[string]string{"form": "毕业时间相差 1 个月"}, nil, nil},
		{"a year agrees with its months", map[string]string{"bachelor": "本科，2013年6月毕业", "form": "本科，2013年"}, Agrees, "", map[string]string{"form": "一致"}, nil, nil},
		{"left, and graduated", map[string]string{"bachelor": "本科肄业", "form": "本科毕业"}, Differs, "本科毕业与肄业不一致", nil, nil, nil},
		{"unreadable", map[string]string{"bachelor": "本科", "form": "见附页"}, Agrees, "", map[string]string{"form": "无法比较"}, nil, nil},
		{"a university is no level", map[string]string{"bachelor": "重庆某某大学专科", "form": "大专"}, Agrees, "", map[string]string{"form": "一致"}, nil, nil},
	} {
		var facts []Fact
		for _, m := range catalog {
			if w := c.written[m.ID]; w != "" {
				facts = append(facts, Fact{ID: m.ID, Kind: "education_degree", Written: w, Value: w, MaterialID: m.ID})
			}
		}
		got := Compare(person.Person{}, catalog, facts, nil, nil, nil)[3]
		if got.Verdict != c.verdict || c.note != "" && got.Note != c.note {
			t.Errorf("%s: %s %s", c.name, got.Verdict, got.Note)
		}
		for _, m := range got.Mentions {
			if want, said := c.against[m.MaterialID]; said && m.Against != want {
				t.Errorf("%s: %s lies %q, want %q", c.name, m.MaterialID, m.Against, want)
			}
			if want, said := c.doubts[m.MaterialID]; said {
				if joined := join(m.Doubts); joined != want {
					t.Errorf("%s: doubts of %s %q, want %q", c.name, m.MaterialID, joined, want)
				}
			}
		}
		if c.highest != nil && join(got.Highest) != join(c.highest) {
			t.Errorf("%s: %v, want %v", c.name, got.Highest, c.highest)
		}
	}
}

func join(list []string) string {
	out := ""
	for _, s := range list {
		out += s + "|"
	}
	if out != "" {
		out = out[:len(out)-1]
	}
	return out
}
