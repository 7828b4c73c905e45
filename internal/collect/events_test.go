package collect

import (
	"slices"
	"testing"

	"dangan/internal/codes"
)

// 14a: the events and the checklists speak of the same materials, and what the checklists ask
// for under a condition can be collected: by itself once something recorded shows it, else by
// an event or by its title.
func TestEventsAreOfTheCatalog(t *testing.T) {
	listed := map[string]bool{}
	for _, w := range codes.Checklisted() {
		listed[w.Title] = true
	}
	seen := map[string]bool{}
	for _, e := range Events {
		if e.Name == "" || seen[e.Slug] || !slices.Contains(Targets, e.Target) || len(e.Titles) == 0 {
			t.Errorf("%+v", e)
		}
		seen[e.Slug] = true
		for _, title := range e.Titles {
			if !listed[title] || codes.Canonical(title) != title || codes.ClassOf(title) == "" {
				t.Errorf("%s: no checklist names %s", e.Slug, title)
			}
		}
	}
	for _, w := range codes.Checklisted() {
		if w.Level == "if-applicable" && w.Condition == "" {
			t.Errorf("%s: nothing says when it applies", w.Title)
		}
	}
}
