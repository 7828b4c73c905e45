package rule

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

func TestEveryRuleQuotesTheRegulation(t *testing.T) {
	pattern := regexp.MustCompile(`^(N[1-3]|([1-9]|[12][0-9]|3[0-3])(\.([1-9]|10))?[a-d]?)$`)
	seen := map[ID]bool{}
	for _, r := range All() {
		if seen[r.ID] {
			t.Errorf("%s stands twice", r.ID)
		}
		seen[r.ID] = true
		if !pattern.MatchString(string(r.ID)) {
			t.Errorf("%s is no rule id", r.ID)
		}
		if len([]rune(r.Text)) < 8 || !strings.Contains(regulation, r.Text) {
			t.Errorf("%s: text not in the regulation: %q", r.ID, r.Text)
		}
	}
	for _, id := range []ID{"4.7", "20.2a", "29.10", "N3", "21d"} {
		if !seen[id] {
			t.Errorf("%s is missing", id)
		}
	}
}

func TestEveryIDOfTheReadingIsHere(t *testing.T) {
	raw, err := os.ReadFile("../../../shared/domain/RULES.md")
	if os.IsNotExist(err) {
		t.Log("the reading is not beside this checkout: only the embedded table is checked")
		return
	} else if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`(?m)^\| ([0-9N][0-9a-z., N–]*) \|`).FindAllStringSubmatch(string(raw), -1) {
		for _, id := range regexp.MustCompile(`[0-9N][0-9a-z.]*`).FindAllString(m[1], -1) {
			if _, ok := Get(ID(id)); !ok {
				t.Errorf("%s of RULES.md has no clause", id)
			}
		}
	}
}
