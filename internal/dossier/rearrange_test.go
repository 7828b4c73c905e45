package dossier

import (
	"errors"
	"slices"
	"testing"

	"dangan/internal/rule"
)

func TestArrangeFollowsTheTimeFormed(t *testing.T) {
	list := []Material{{ID: "unknown"}, {ID: "2013", FormedYear: 2013}, {ID: "2013-06-20", FormedYear: 2013, FormedMonth: 6, FormedDay: 20}, {ID: "2013-06", FormedYear: 2013, FormedMonth: 6}, {ID: "2009", FormedYear: 2009, FormedMonth: 1}}
	ids := func(class string) (out []string) {
		for _, m := range Arrange(class, list) {
			out = append(out, m.ID)
		}
		return out
	}
	for class, want := range map[string][]string{
		"9-2": {"2009", "2013-06-20", "2013-06", "2013", "unknown"},
		"8":   {"unknown", "2013", "2013-06-20", "2013-06", "2009"}, // by matter: as a person laid it
	} {
		if got := ids(class); !slices.Equal(got, want) {
			t.Errorf("class %s: %v, want %v", class, got, want)
		}
	}
}

func TestAnOrderHoldsEveryMaterialOnce(t *testing.T) {
	present := []Material{{ID: "a", Seq: 1}, {ID: "b", Seq: 2}, {ID: "c", Seq: 3}}
	for name, c := range map[string]struct {
		order []string
		kind  rule.Kind
		fine  bool
	}{
		"turned":   {order: []string{"c", "a", "b"}, fine: true},
		"same":     {order: []string{"a", "b", "c"}, kind: rule.Invalid},
		"left out": {order: []string{"b", "a"}, kind: rule.Refused},
		"twice":    {order: []string{"b", "a", "a"}, kind: rule.Refused},
		"foreign":  {order: []string{"b", "a", "x"}, kind: rule.Refused},
	} {
		err := ordered(present, c.order)
		var refusal *rule.Refusal
		if c.fine != (err == nil) || err != nil && (!errors.As(err, &refusal) || refusal.Kind != c.kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := ordered([]Material{{ID: "a", Seq: 1}, {ID: "b", Seq: 3}}, []string{"a", "b"}); err != nil {
		t.Errorf("a gap in the numbers is closed: %v", err)
	}
}

func TestSuggestionsNameAtMostThreeWithTheirGround(t *testing.T) {
	for title, first := range map[string]string{"劳动合同书": "9-2", "见习期满转正定级考核鉴定表": "", "甲乙丙": ""} {
		got := Suggestions(title)
		if len(got) > 3 || first != "" && (len(got) == 0 || got[0].Class != first) {
			t.Errorf("%s: %+v", title, got)
		}
		seen := map[string]bool{}
		for _, s := range got {
			if s.Reason == "" || seen[s.Class] {
				t.Errorf("%s: %+v", title, got)
			}
			seen[s.Class] = true
		}
	}
}
