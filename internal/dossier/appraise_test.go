package dossier

import (
	"errors"
	"slices"
	"strings"
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

func TestWhatSeemsFalseIsVerifiedAndReported(t *testing.T) {
	asked := func(agrees bool) []Verification {
		return []Verification{{Kind: WithOriginal, Agrees: true}, {Kind: WithMaker, Agrees: !agrees}, {Kind: WithMaker, Agrees: agrees}}
	}
	key := Material{KeyFacts: "work_history"}
	for _, x := range []struct {
		name    string
		m       Material
		j       Judgement
		answers []Verification
		want    string // kinds, or what refuses it
	}{
		{"存疑而没有核实的不退回", key, Judgement{Decision: ToReturn, Defects: []string{falseMark}, Note: "存疑"}, nil, "suspect_not_verified"},
		{"只核对过原件的不算核实", key, Judgement{Decision: ToReturn, Defects: []string{falseMark}, Note: "存疑"}, asked(true)[:1], "suspect_not_verified"},
		{"存疑而没有核实的不转交", key, Judgement{Decision: ToForward, Defects: []string{falseMark}, Note: "存疑"}, nil, "suspect_not_verified"},
		{"后来答复相符的不再退回", key, Judgement{Decision: ToReturn, Defects: []string{falseMark}, Note: "存疑"}, asked(true), "suspect_confirmed_true"},
		{"后来答复不符的报告", key, Judgement{Decision: ToReturn, Defects: []string{falseMark}, Note: "查无此件"}, asked(false), "false"},
		{"报告须写明发现什么", key, Judgement{Decision: ToReturn, Defects: []string{falseMark}}, asked(false), "report_found"},
		{"核实是另一个结论", key, Judgement{Decision: ToVerify, Defects: []string{falseMark}, Note: "问"}, nil, ""},
		{"涂改了证明关键信息的材料，报告", key, Judgement{Decision: ToReturn, Defects: []string{alteredMark}, Note: "改年份"}, nil, "altered"},
		{"涂改了别的材料，不报告", Material{}, Judgement{Decision: ToReturn, Defects: []string{alteredMark}}, nil, ""},
		{"既不实又涂改", key, Judgement{Decision: ToForward, Defects: []string{alteredMark, falseMark}, Note: "改年份"}, asked(false), "false altered"},
	} {
		kinds, err := suspected(x.m, x.j, x.answers)
		got := strings.Join(kinds, " ")
		var refusal *rule.Refusal
		if errors.As(err, &refusal) {
			got = refusal.Reasons[0].Slug
		}
		if got != x.want {
			t.Errorf("%s: %q, want %q", x.name, got, x.want)
		}
	}
}

func TestForwardingIsForWhatIsNotToBeMended(t *testing.T) {
	for defects, want := range map[string]bool{"": true, "not-dossier-material": true, "wrong-person": true, "missing-seal": false, "damaged": false, "channel-invalid": false, "missing-seal not-dossier-material": true} {
		err := Judge(Judgement{Decision: ToForward, ForwardTo: "某局", Note: "归该局", Defects: strings.Fields(defects)})
		if (err == nil) != want {
			t.Errorf("%q: %v", defects, err)
		}
	}
	for _, j := range []Judgement{{Decision: ToForward, Note: "归该局"}, {Decision: ToForward, ForwardTo: "某局"}} {
		if Judge(j) == nil {
			t.Errorf("%+v", j)
		}
	}
}
