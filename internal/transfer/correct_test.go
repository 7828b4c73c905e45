package transfer

import (
	"slices"
	"testing"

	"dangan/internal/calendar"
)

// Which field may be put right in which state: what a letter says until it is registered,
// what a notice says until the packet is sealed, who asks until it is taken in (20.1).
func TestEachFieldIsPutRightInItsTimeOnly(t *testing.T) {
	const today = calendar.Date("2026-11-23")
	states := []State{Applied, Lettered, Registered, Pulled, Approved, Packed, InTransit, Missing, Checking, Promising, Shelving, Closed, NotSent, Withdrawn, Expired, Awaiting, Returning, Returned}
	last := map[string]map[string]State{
		Inner: {"applicantKind": Checking, "applicant": Checking, "applicantDoc": Checking, "applicantUscc": Checking, "reason": Lettered, "regionBasis": Lettered, "tiePlace": Lettered, "tieDespite": Lettered, "employer": Lettered, "wayRequired": Lettered},
		In:    {"applicantKind": Checking, "applicant": Checking, "applicantDoc": Checking, "applicantUscc": Checking, "reason": Lettered, "regionBasis": Lettered, "tiePlace": Lettered, "tieDespite": Lettered, "employer": Lettered, "wayRequired": Lettered, "holderName": Lettered, "holderKind": Checking},
		Out:   {"reason": Approved, "receiverKind": Approved, "receiverName": Approved, "receiverAddr": Approved},
	}
	for direction, fields := range last {
		for _, s := range states {
			c := Case{Direction: direction, State: s, PersonName: "沈知遥", Applicant: "沈知遥", ApplicantKind: Self, Reason: "流动就业", RegionBasis: "户籍地", TiePlace: "500101", HolderName: "某厂", OutsideKind: EndSchool, ReceiverName: "某校", LetterOn: "2026-11-20", ValidUntil: "2026-12-20"}
			have := c.Fields(today)
			if len(have) != len(fields) {
				t.Fatalf("%s: %d fields, want %d", direction, len(have), len(fields))
			}
			for _, f := range have {
				want := s != Missing && slices.Index(states, s) <= slices.Index(states, fields[f.Field]) && (direction != Out || s != Applied && s != Lettered)
				if got := f.TooLate == nil; got != want {
					t.Errorf("%s %s in %s: may be put right %v, want %v", direction, f.Field, s, got, want)
				}
				if f.TooLate != nil && (f.TooLate.Reasons[0].Rule != "20.1" || f.TooLate.Reasons[0].Next == "") {
					t.Errorf("%s %s in %s: %v names no rule or way out", direction, f.Field, s, f.TooLate)
				}
			}
		}
	}
}

func TestCorrectionKeepsTheOldValueAndIsHeldToTheSameShape(t *testing.T) {
	const today = calendar.Date("2026-11-23")
	fresh := func() Case {
		return Case{Direction: Inner, State: Lettered, PersonName: "沈知遥", Applicant: "沈知遥", ApplicantKind: Self, Reason: "流动就业", RegionBasis: "户籍地", TiePlace: "500101", HolderName: "南岸", ReceiverName: "万州", LetterOn: "2026-11-20", ValidUntil: "2026-12-20"}
	}
	c := fresh()
	made, err := c.Correct([]Change{{"reason", "录用聘用"}, {"tiePlace", "500108"}, {"applicant", "沈知遥"}}, "照介绍信更正", today)
	if err != nil || len(made) != 2 || made[0].Was != "流动就业" || made[0].Became != "录用聘用" || made[1].Became != "南岸区" || c.Reason != "录用聘用" {
		t.Fatalf("%v %+v %v", err, made, c.Reason)
	}
	for name, wrong := range map[string]struct {
		changes []Change
		why     string
		set     func(*Case)
	}{
		"no reason": {[]Change{{"reason", "升学"}}, " ", nil}, "nothing new": {[]Change{{"reason", "流动就业"}}, "更正", nil}, "unknown field": {[]Change{{"idNo", "1"}}, "更正", nil},
		"unit without letter": {[]Change{{"applicantKind", Unit}, {"applicant", "某公司"}}, "更正", nil}, "from person to agent": {[]Change{{"applicantKind", Agent}}, "更正", nil},
		"answered": {[]Change{{"reason", "升学"}}, "更正", func(c *Case) { c.Direction, c.Answer = In, Agreed }}, "letter over": {[]Change{{"reason", "升学"}}, "更正", func(c *Case) { c.ValidUntil = "2026-11-22" }},
		"tie unknown": {[]Change{{"regionBasis", "喜欢"}}, "更正", nil}, "no applicant": {[]Change{{"applicant", ""}}, "更正", nil},
	} {
		c := fresh()
		if wrong.set != nil {
			wrong.set(&c)
		}
		if made, err := c.Correct(wrong.changes, wrong.why, today); err == nil {
			t.Errorf("%s: accepted: %+v", name, made)
		}
	}
}
