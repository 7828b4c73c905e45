package region

import "testing"

func TestFind(t *testing.T) {
	for text, want := range map[string]string{
		"南岸区": "500108", "重庆市南岸区": "500108", "重庆南岸": "500108", "500108": "500108", "渝北区": "500112", "石柱土家族自治县": "500240",
		"四川省成都市武侯区": "510107", "贵州省": "520000",
	} {
		if got, ok := Find(text); !ok || got != want {
			t.Errorf("%s = %s %v, want %s", text, got, ok, want)
		}
	}
	if got, ok := Find("火星"); ok {
		t.Errorf("火星 = %s", got)
	}
}

func TestCovers(t *testing.T) {
	for _, c := range []struct {
		name, serving, place string
		want                 bool
	}{
		{"its own district", "500108", "500108", true},
		{"the neighbor is not served", "500108", "500113", false},
		{"a person of abolished 渝北 is served by 两江新区", "500157", "500112", true},
		{"the old agency of 江北 serves the new district it became", "500105", "500157", true},
		{"five towns of 渝北 went to 北碚", "500109", "500112", true},
		{"万盛 lies in 綦江", "50WSJK", "500110", true},
		{"the center serves the whole city", "500000", "500243", true},
		{"another province is not", "500108", "510107", false},
	} {
		if got := Covers(c.serving, c.place); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestName(t *testing.T) {
	if Name("500108") != "南岸区" || Name("500105") != "江北区" || !Retired("500105") || Retired("500108") || Known("509999") {
		t.Error(Name("500108"), Name("500105"))
	}
}
