package dossier

import (
	"errors"
	"testing"

	"dangan/internal/rule"
)

func TestAReceiptIsForWhatOneGiverHandedIn(t *testing.T) {
	for _, c := range []struct {
		name string
		err  error
		want string
	}{
		{"one giver", oneGiver([]Material{{Origin: FromUnit, Source: "甲公司"}, {Origin: FromPerson, Source: "甲公司"}}), ""},
		{"two givers", oneGiver([]Material{{Origin: FromUnit, Source: "甲公司"}, {Origin: FromUnit, Source: "乙公司"}}), "receipt_givers"},
		{"from a catalog", oneGiver([]Material{{Origin: Cited, Source: "甲公司"}}), "not_received"},
		{"pile not signed for", Sitting{State: SittingOpen, StaffID: "a"}.receipted("a"), "sitting_unsigned"},
		{"pile of another", Sitting{State: SittingSigned, StaffID: "a"}.receipted("b"), "sitting_of_another"},
		{"own pile", Sitting{State: SittingSigned, StaffID: "a"}.receipted("a"), ""},
	} {
		got := ""
		var refused *rule.Refusal
		if errors.As(c.err, &refused) {
			got = refused.Reasons[0].Slug
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
