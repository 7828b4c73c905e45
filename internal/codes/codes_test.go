package codes

import (
	"slices"
	"testing"
)

func TestForbiddenPaths(t *testing.T) {
	for _, path := range []string{"", "S", "U", "DDD", "UD", "UUD", "UDD", "UUDD", "UUUU", "SUD", "SUDS", "DSU", "UUDS", "SUDD", "SUUDD"} {
		if !ForbiddenPath(path) {
			t.Errorf("%q is allowed", path)
		}
	}
	for _, path := range []string{"DDS", "SUU", "UUUD", "UDDD", "UUDDD", "UUUDD", "UUUDDD"} {
		if ForbiddenPath(path) {
			t.Errorf("%q is forbidden", path)
		}
	}
}

func TestKinListAgreesWithThePattern(t *testing.T) {
	for _, k := range Kins() {
		if k.Forbidden == "ask" || k.Path == "" && k.Slug != "self" {
			continue
		}
		if got, want := ForbiddenPath(k.Path), k.Forbidden != "no"; got != want {
			t.Errorf("%s (%s): %v", k.Slug, k.Path, got)
		}
	}
}

func TestCategories(t *testing.T) {
	for text, want := range map[string]string{
		"4.1": "4.1", "自费留学及其他因私出国(境)人员": "4.4", "辞职辞退等未就业人员": "4.2", "解除或终止人事（劳动）关系的未就业的原公职和国有单位人员": "4.2", "社会人员": "",
	} {
		if got := FindCategory(text); got != want {
			t.Errorf("%s = %q, want %q", text, got, want)
		}
	}
	for _, c := range Categories() {
		if c.Evidence == "" || c.Name == "" {
			t.Errorf("%+v lacks a Chinese name or evidence", c)
		}
	}
}

func TestClasses(t *testing.T) {
	if len(Classes()) != 18 || ClassOrder("4-1") > ClassOrder("10") {
		t.Error(len(Classes()))
	}
	for _, bad := range []string{"4", "9", "11", ""} {
		if _, ok := FindClass(bad); ok {
			t.Errorf("%q can be filed to", bad)
		}
	}
}

func TestChecklistOfASubtypeReplacesTheGeneralRow(t *testing.T) {
	list := Checklist("4.3", "college_graduate")
	i := slices.IndexFunc(list, func(w Wanted) bool { return w.Title == "普通高等学校毕业生登记表" })
	if i < 0 || list[i].Level != "required" {
		t.Errorf("%v", list)
	}
}

func TestAliases(t *testing.T) {
	if got := Canonical("《干部履历表》"); got != "履历表（存档人员登记表）" {
		t.Error(got)
	}
	if got := Proves("中国共产党入党志愿书", "6"); !slices.Contains(got, "party_joining") {
		t.Error(got)
	}
}

func TestWritings(t *testing.T) {
	for text, want := range map[string]string{"本科": "21", "大专": "31", "大学本科毕业": "21"} {
		if got := FindEducation(text); got != want {
			t.Errorf("%s = %s", text, got)
		}
	}
	if FindEthnic("汉") != "01" || FindPolitical("中共党员") != "01" || FindSex("女") != "2" || FindSex("其他") != "" {
		t.Error("writings of forms")
	}
}
