package classify

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"os"
	"strings"
	"testing"
)

func read(t *testing.T, file string) [][]string {
	t.Helper()
	f, err := os.Open("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

func rate(t *testing.T, file string, tell bool) float64 {
	t.Helper()
	rows := read(t, file)
	right := 0
	for _, r := range rows {
		sum := sha256.Sum256([]byte(r[0]))
		if held := hex.EncodeToString(sum[:1])[0] <= '3'; file != "field-later.csv" && held != strings.Contains(file, "heldout") {
			t.Errorf("%s stands on the wrong side of the split", r[0])
		}
		s := Suggest(r[0])
		if len(s) > 0 && s[0].Class == r[1] {
			right++
		} else if tell {
			t.Logf("%s is %s, proposed %v", r[0], r[1], s)
		}
	}
	t.Logf("%s: %d of %d right at first place (%.1f %%)", file, right, len(rows), 100*float64(right)/float64(len(rows)))
	return float64(right) / float64(len(rows))
}

// The titles of the field's handbooks, lists and real catalogs (sources.csv) were taken
// down, classed and split before a rule was written for any of them. Those held out are
// only counted, never listed: who sees which ones fail tunes to them.
func TestTitlesOfTheFieldHeldOutFindTheirClass(t *testing.T) {
	rate(t, "field-known.csv", true)
	if r := rate(t, "field-heldout.csv", false); r < 0.9 {
		t.Errorf("%.1f %% of the held-out titles of the field right, 90 wanted", 100*r)
	}
	// taken down after the last rule, from pages not read before: no rule knows any of them
	if r := rate(t, "field-later.csv", false); r < 0.9 {
		t.Errorf("%.1f %% of the titles taken down later right, 90 wanted", 100*r)
	}
}

// Titles of the field's literature, 228 of them word for word and 226 written from a line of
// the classes (testdata/README.md), split and committed before the rules were opened. The
// rules were worked on with literature.csv alone; the held-out ones are only counted. Read
// once after the last rule: 109 of 115 (94.8 %), word for word 49 of 52.
func TestTitlesOfTheLiteratureHeldOutFindTheirClass(t *testing.T) {
	rate(t, "literature.csv", true)
	right, of := map[string]int{}, map[string]int{}
	for _, r := range read(t, "literature-heldout.csv") {
		of[r[3]]++
		if s := Suggest(r[0]); len(s) > 0 && s[0].Class == r[1] {
			right[r[3]]++
		}
	}
	t.Logf("of the held-out titles %d of %d word for word, %d of %d written instances right", right["verbatim"], of["verbatim"], right["instance"], of["instance"])
	if of["verbatim"] != 52 || of["instance"] != 63 {
		t.Fatal("the split was changed", of)
	}
	if 10*right["verbatim"] < 9*of["verbatim"] {
		t.Errorf("%d of %d held-out titles word for word right, 90 %% wanted", right["verbatim"], of["verbatim"])
	}
	if r := rate(t, "literature-heldout.csv", false); r < 0.9 {
		t.Errorf("%.1f %% of the held-out titles of the literature right, 90 wanted", 100*r)
	}
}

// Titles taken down in a later session by somebody who had not read the rules, most of them
// from memory (sources.csv), split and committed before they were put to the classifier. What
// fails of those held out is only counted: 38 of the 44 on that day (86.4 %), 39 (88.6 %) since
// literature.csv. They may not get fewer. The other 119 taught the rules of the day on which
// notices.csv came, and prove nothing since.
func TestUnseenTitlesFindTheirClass(t *testing.T) {
	rate(t, "field-unseen.csv", true)
	if r := rate(t, "field-unseen-heldout.csv", false); r < 0.88 {
		t.Errorf("%.1f %% of the held-out titles right, there were more", 100*r)
	}
}

// Titles of notices, menus of public programs and lists of papers that no file had, word for
// word (notices-sources.csv), classed before they were put to the classifier and split. The rules
// were worked on with notices.csv alone; read once after the last rule: 20 of 22 (90.9 %), as many as
// before it. That is few: what holds for the kind is 59 of 66 together with field-unseen-heldout.
func TestTitlesOfNoticesHeldOutFindTheirClass(t *testing.T) {
	rate(t, "notices.csv", true)
	if r := rate(t, "notices-heldout.csv", false); r < 0.9 {
		t.Errorf("%.1f %% of the held-out titles of notices right, 90 wanted", 100*r)
	}
}

// Whatever was held out, in whatever session, taken together: 432 of 456 (94.7 %) on the day of
// the last rule. No single set is large; this says what the clause asks.
func TestAllHeldOutTitlesTogether(t *testing.T) {
	right, of := 0, 0
	for _, file := range []string{"heldout.csv", "field-heldout.csv", "field-later.csv", "field-unseen-heldout.csv", "literature-heldout.csv", "notices-heldout.csv"} {
		for _, r := range read(t, file) {
			of++
			if s := Suggest(r[0]); len(s) > 0 && s[0].Class == r[1] {
				right++
			}
		}
	}
	t.Logf("%d of %d held-out titles right at first place (%.1f %%)", right, of, 100*float64(right)/float64(of))
	if 100*right < 94*of {
		t.Errorf("%d of %d held-out titles right, there were more", right, of)
	}
}

// The titles of the domain's own text: the rules grew from the same text, so this says less.
func TestTitlesHeldOutFindTheirClass(t *testing.T) {
	rate(t, "known.csv", true)
	if r := rate(t, "heldout.csv", false); r < 0.9 {
		t.Errorf("%.1f %% of the held-out titles right, 90 wanted", 100*r)
	}
}

// Titles of other handbooks than the rules' author had at hand, taken down after the
// rules of that day: whoever changes a rule for one of them moves it to known.csv.
func TestTitlesOfOtherHandbooks(t *testing.T) {
	rows, right := read(t, "fresh.csv"), 0
	for _, r := range rows {
		if s := Suggest(r[0]); len(s) > 0 && s[0].Class == r[1] {
			right++
		}
	}
	t.Logf("%d of %d right at first place", right, len(rows))
	if 10*right < 9*len(rows) {
		t.Errorf("%d of %d titles of other handbooks right", right, len(rows))
	}
}

// Every title of the field names where it was read, and stands in one file only.
func TestTitlesOfTheFieldHaveASource(t *testing.T) {
	sources, classes, seen := map[string]bool{}, map[string]int{}, map[string]string{}
	for _, file := range []string{"sources.csv", "literature-sources.csv", "notices-sources.csv"} {
		for _, r := range read(t, file) {
			sources[r[0]] = r[1] != "" && r[2] != ""
		}
	}
	n := 0
	for _, file := range []string{"known.csv", "heldout.csv", "fresh.csv", "field-known.csv", "field-heldout.csv", "field-later.csv", "field-unseen.csv", "field-unseen-heldout.csv", "literature.csv", "literature-heldout.csv", "notices.csv", "notices-heldout.csv"} {
		for _, r := range read(t, file) {
			if in, twice := seen[Fold(r[0])]; twice && (later(file) || in != file) {
				t.Errorf("%s stands in %s and %s", r[0], in, file)
			}
			seen[Fold(r[0])] = file
			if !later(file) {
				continue
			}
			if !sources[r[2]] {
				t.Errorf("%s has no source", r[0])
			}
			n++
			classes[r[1]]++
		}
	}
	if n < 800 || len(classes) != 16 {
		t.Errorf("%d titles in %d classes, 800 in 16 wanted", n, len(classes))
	}
}

// later says whether the titles of a file were taken down with their sources.
func later(file string) bool {
	return strings.HasPrefix(file, "field") || strings.HasPrefix(file, "literature") || strings.HasPrefix(file, "notices")
}

func TestUnusualSpellings(t *testing.T) {
	for title, want := range map[string]string{"《劳动合同书》（复印件）": "9-2", "２０１９年度 考核登记表": "3", "入 党 志 愿 书": "6", "甲乙丙": ""} {
		got := ""
		if s := Suggest(title); len(s) > 0 {
			got = s[0].Class
		}
		if got != want {
			t.Errorf("%s: %q, want %q", title, got, want)
		}
	}
}
