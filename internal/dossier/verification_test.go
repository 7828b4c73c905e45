package dossier

import (
	"errors"
	"testing"

	"dangan/internal/rule"
)

func TestOnlyWhatIsVerifiedIsFiled(t *testing.T) {
	yes := func(kind string) Verification { return Verification{Kind: kind, Agrees: true} }
	no := func(kind string) Verification { return Verification{Kind: kind} }
	for name, c := range map[string]struct {
		m       Material
		answers []Verification
		slugs   []string
	}{
		"from its unit, original":        {m: Material{Origin: FromUnit}},
		"by the person, not asked":       {m: Material{Origin: FromPerson}, slugs: []string{"not_verified_with_maker"}},
		"by the person, verified":        {m: Material{Origin: FromPerson}, answers: []Verification{yes(WithMaker)}},
		"by the person, denied":          {m: Material{Origin: FromPerson}, answers: []Verification{no(WithMaker)}, slugs: []string{"maker_denies"}},
		"denied first, then cleared":     {m: Material{Origin: FromPerson}, answers: []Verification{no(WithMaker), yes(WithMaker)}},
		"a copy, not compared":           {m: Material{Origin: FromUnit, IsCopy: true}, slugs: []string{"copy_not_compared"}},
		"a copy that differs":            {m: Material{Origin: FromUnit, IsCopy: true}, answers: []Verification{no(WithOriginal)}, slugs: []string{"copy_differs"}},
		"a copy by the person: both":     {m: Material{Origin: FromPerson, IsCopy: true}, slugs: []string{"not_verified_with_maker", "copy_not_compared"}},
		"one answer is not the other's":  {m: Material{Origin: FromPerson, IsCopy: true}, answers: []Verification{yes(WithMaker)}, slugs: []string{"copy_not_compared"}},
		"a line of an old paper catalog": {m: Material{Origin: Cited, IsCopy: true}},
	} {
		err := verified(c.m, c.answers)
		var got []string
		var refusal *rule.Refusal
		if errors.As(err, &refusal) {
			for _, r := range refusal.Reasons {
				got = append(got, r.Slug)
			}
		}
		if len(got) != len(c.slugs) {
			t.Errorf("%s: %v, want %v", name, got, c.slugs)
			continue
		}
		for i := range got {
			if got[i] != c.slugs[i] {
				t.Errorf("%s: %v, want %v", name, got, c.slugs)
			}
		}
	}
}
