package consent

import (
	"testing"
	"time"

	"dangan/internal/dossier"
	"dangan/internal/statement"

	"pgregory.net/rapid"
)

// record is a dossier with statable facts, pairs of kind, writing and normalized value.
func record(triples ...string) statement.Record {
	r := statement.Record{Dossier: dossier.Dossier{ID: "d", Agency: "50010801", State: dossier.InStore}, Materials: map[string]dossier.Material{}}
	for i := 0; i < len(triples); i += 3 {
		r.Facts = append(r.Facts, dossier.Fact{ID: string(rune('a' + i)), Kind: triples[i], Written: triples[i+1], Value: triples[i+2], Cite: "1 履历表", EnteredBy: "u1", ConfirmedBy: "u2"})
	}
	return r
}

func TestAnswer(t *testing.T) {
	unconfirmed := record("birth_date", "1991年3月", "1991-03")
	unconfirmed.Facts[0].ConfirmedBy = ""
	away := record()
	away.Dossier.State = dossier.InTransit
	for _, c := range []struct {
		name        string
		r           statement.Record
		kind, value string
		want        Outcome
	}{
		{"记载的年份是所问的", record("birth_date", "1991年3月", "1991-03"), BirthYear, "1991", Yes},
		{"记载的年份不是所问的", record("birth_date", "1991年3月", "1991-03"), BirthYear, "1990", No},
		{"没有记载", record(), BirthYear, "1991", NotRecorded},
		{"没有经第二人核对", unconfirmed, BirthYear, "1991", NotRecorded},
		{"两份材料年份不同", record("birth_date", "1991年3月", "1991-03", "birth_date", "1990年3月", "1990-03"), BirthYear, "1991", NotRecorded},
		{"日期读不出来", record("birth_date", "羊年", ""), BirthYear, "1991", NotRecorded},
		{"本科不低于本科", record("education_degree", "重庆大学 本科 2013年6月", ""), EducationAtLeast, "bachelor", Yes},
		{"本科低于硕士研究生", record("education_degree", "重庆大学 本科 2013年6月", ""), EducationAtLeast, "master", No},
		{"有本科又有硕士，按最高的", record("education_degree", "重庆大学 本科 2013年6月", "", "education_degree", "西南大学 硕士研究生 2016年6月", ""), EducationAtLeast, "master", Yes},
		{"只写研究生，不知是硕士还是博士", record("education_degree", "研究生", ""), EducationAtLeast, "master", NotRecorded},
		{"只写研究生，本科以上是确定的", record("education_degree", "研究生", ""), EducationAtLeast, "bachelor", Yes},
		{"肄业不算学历", record("education_degree", "重庆大学 本科 肄业", ""), EducationAtLeast, "bachelor", NotRecorded},
		{"读不出来的可能更高，不答否", record("education_degree", "大专", "", "education_degree", "某种学历", ""), EducationAtLeast, "bachelor", NotRecorded},
		{"有入党记载", record("party_joining", "1986年6月", "1986-06-01"), PartyRecorded, "recorded", Yes},
		{"没有入党记载，不答否", record(), PartyRecorded, "recorded", NotRecorded},
		{"由该机构保管", record(), CustodyAt, "50010801", Yes},
		{"由别的机构保管", record(), CustodyAt, "50010301", No},
		{"在转递途中", away, CustodyAt, "50010801", NotRecorded},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := answer(c.r, c.kind, c.value, func(code string) string { return code }); got != c.want {
				t.Errorf("%s %s: %s, want %s", c.kind, c.value, got, c.want)
			}
		})
	}
}

// TestTheBudgetHoldsInEveryYear draws consents given and answered at any times, by the rule of
// Grant: in no twelve months is a fact compared with more values than its kind allows, though
// an answer comes up to ninety days after the consent.
func TestTheBudgetHoldsInEveryYear(t *testing.T) {
	type done struct {
		value            string
		granted, replied int // days
	}
	rapid.Check(t, func(rt *rapid.T) {
		k, _ := KindOf(BirthYear)
		var all []done
		day := 0
		for range rapid.IntRange(1, 40).Draw(rt, "consents") {
			day += rapid.IntRange(0, 120).Draw(rt, "later")
			value := rapid.SampledFrom([]string{"1987", "1988", "1989", "1990", "1991", "1992"}).Draw(rt, "value")
			var before []Asking
			for _, d := range all {
				if d.replied > day || d.replied >= day-365 { // still waits, or was answered within the year
					before = append(before, Asking{BirthYear, d.value})
				}
			}
			if spent(before, []Question{{Kind: BirthYear, Value: value}}) == nil {
				all = append(all, done{value, day, day + rapid.IntRange(0, MaxDays).Draw(rt, "answered after")})
			}
		}
		for _, last := range all {
			values := map[string]bool{}
			for _, d := range all {
				if d.replied <= last.replied && d.replied >= last.replied-365 {
					values[d.value] = true
				}
			}
			if len(values) > k.Most {
				rt.Fatalf("%d values within a year of day %d: %+v", len(values), last.replied, all)
			}
		}
	})
}

func TestAConsentHasOneEnd(t *testing.T) {
	at := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	c := Consent{State: Asked, Days: 30, AskUntil: "2026-12-23"}
	if err := c.grant(31, at, at); err == nil {
		t.Error("granted for longer than was asked")
	}
	if err := c.grant(7, at, at); err != nil || c.ValidUntil != "2026-11-30" {
		t.Errorf("%v %+v", err, c)
	}
	if err := c.decline(at); err == nil {
		t.Error("declined after it was granted")
	}
	if c.On("2026-12-01") != Expired || c.On("2026-11-30") != Granted {
		t.Error("its end is not its last day")
	}
	if err := c.revoke(at); err != nil {
		t.Error(err)
	}
	if err := c.grant(7, at, at); err == nil {
		t.Error("granted again after it was taken back")
	}
	if late := (Consent{State: Asked, Days: 30, AskUntil: "2026-11-22"}); late.grant(7, at, at) == nil {
		t.Error("granted after the request ran out")
	}
}
