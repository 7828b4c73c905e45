package dossier

import (
	"errors"
	"slices"
	"testing"

	"dangan/internal/codes"
	"dangan/internal/rule"
)

// 13b: every defect has its way, and no decision goes another.
func TestTheWayOfADefectIsKept(t *testing.T) {
	may := func(decision string, defects ...string) bool {
		err := Judge(Judgement{Decision: decision, Defects: defects, Note: "已处理"})
		var refusal *rule.Refusal
		if err != nil && (!errors.As(err, &refusal) || refusal.Reasons[0].Rule != "13b") {
			t.Errorf("%s %v: %v", decision, defects, err)
		}
		return err == nil
	}
	seen := map[string]int{}
	for _, d := range codes.Defects() {
		seen[d.Way]++
		returned := slices.Contains(d.Ways, "return") || slices.Contains(d.Ways, "refuse")
		if got := may(ToReturn, d.Code); got != returned {
			t.Errorf("%s (%v) returned: %v", d.Code, d.Ways, got)
		}
		if got, want := may(ToCure, d.Code), slices.Contains(d.Ways, "cure") || !returned; got != want {
			t.Errorf("%s (%v) cured: %v", d.Code, d.Ways, got)
		}
		if got, want := may(ToCatalog, d.Code), d.Way == "repair" || d.Way == "case"; got != want {
			t.Errorf("%s (%v) filed: %v", d.Code, d.Ways, got)
		}
		if !may(ToVerify, d.Code) {
			t.Errorf("%s is not asked about", d.Code)
		}
	}
	if len(codes.Defects()) != 26 || len(seen) != 5 {
		t.Errorf("%d defects, ways %v", len(codes.Defects()), seen)
	}
	if !may(ToReturn, "missing-seal", "altered") || may(ToCure, "missing-seal", "altered") {
		t.Error("of both kinds together: returned")
	}
	if may(ToReturn, "missing-seal", "damaged") {
		t.Error("what can be cured and mended is not returned")
	}
}
