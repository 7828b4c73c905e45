package agency

import (
	"slices"
	"testing"
)

// A district that became part of another (7b): the tree, its scope and its past.
func TestAuthoritiesMerged(t *testing.T) {
	moved := Change{Agency: "50010501", Kind: Assigned, EffectiveOn: "2026-01-25", OldParent: "500105", NewParent: "500157"}
	moved.AppliedAt = moved.AppliedAt.AddDate(2025, 0, 0)
	a := Agency{ID: "50010501", Kind: Office, Parent: "500157", Region: "500105", State: Active}
	tree := NewTree([]Agency{{ID: "500000", Kind: Province, State: Active}, {ID: "500105", Kind: Bureau, Parent: "500000", State: Merged, Successor: "500157"},
		{ID: "500157", Kind: Bureau, Parent: "500000", State: Active}, a})
	if got := tree.Subtree(tree.Now("500105")); !slices.Equal(got, []string{"500105", "500157", "50010501"}) && !slices.Equal(got, []string{"500105", "50010501", "500157"}) {
		t.Errorf("scope of the merged authority's staff: %v", got)
	}
	for day, want := range map[string]string{"2026-01-24": "500105", "2026-01-25": "500157"} {
		if got := ParentOn(a, []Change{moved}, day); got != want {
			t.Errorf("above it on %s: %s, want %s", day, got, want)
		}
	}
	if below := tree.Below("500157"); len(below) != 1 || below[0].ID != a.ID {
		t.Errorf("below: %v", below)
	}
}
