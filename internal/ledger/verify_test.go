package ledger_test

import (
	"testing"

	"dangan/internal/testkit"
)

func TestUntouchedProvinceHasNoDifference(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		for _, published := range []bool{false, true} {
			if published {
				if err := p.Publish(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			r, err := p.Vault().Verify(t.Context(), nil, p.Clock.Now(), nil)
			if err != nil {
				t.Fatal(err)
			}
			if !r.OK || r.Rows == 0 || published && r.Published != r.Entries {
				t.Errorf("published %v: %+v", published, r)
			}
		}
	})
}
