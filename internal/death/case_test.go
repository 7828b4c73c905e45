package death

import (
	"errors"
	"testing"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/person"
	"dangan/internal/rule"

	"pgregory.net/rapid"
)

func slug(err error) string {
	var r *rule.Refusal
	if errors.As(err, &r) {
		return r.Reasons[0].Slug
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

func TestTheTermIsFiveYears(t *testing.T) {
	for _, c := range []struct{ died, ends calendar.Date }{
		{"2021-11-26", "2026-11-26"}, {"2020-02-29", "2025-02-28"}, {"2019-02-28", "2024-02-28"}, {"2021-12-31", "2026-12-31"}, {"2015-02-28", "2020-02-28"},
	} {
		if got := TermEnds(c.died); got != c.ends {
			t.Errorf("died %s: ends %s, want %s", c.died, got, c.ends)
		}
	}
	c := Case{TermEndsOn: "2026-11-26"}
	if c.Due("2026-11-26") || !c.Due("2026-11-27") {
		t.Error("the last day belongs to the term")
	}
}

func TestAReportIsHeldToForm(t *testing.T) {
	whole := Report{DiedOn: "2026-10-01", Evidence: "死亡证明", EvidenceNo: "1号", Informant: "王某", Relation: "配偶"}
	for _, c := range []struct {
		name   string
		change func(*Report)
		want   string
	}{
		{"whole", func(*Report) {}, ""},
		{"data needs no informant", func(r *Report) { r.Evidence, r.Informant, r.Relation = "民政部门数据", "", "" }, ""},
		{"tomorrow", func(r *Report) { r.DiedOn = "2026-11-27" }, "died_on_wrong"},
		{"before the birth", func(r *Report) { r.DiedOn = "1949-01-01" }, "died_before_birth"},
		{"hearsay", func(r *Report) { r.Evidence = "听说" }, "evidence_unknown"},
		{"no number", func(r *Report) { r.EvidenceNo = "" }, "evidence_no_missing"},
		{"nobody told it", func(r *Report) { r.Informant = "" }, "informant_missing"},
	} {
		r := whole
		c.change(&r)
		if got := slug(r.check("2026-11-26", "1950-01-01")); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestWhatGoesOnAList(t *testing.T) {
	for _, c := range []struct {
		name string
		c    Case
		why  string
		want string
	}{
		{"after five years", Case{State: Kept, TermEndsOn: "2026-11-25"}, ForTerm, ""},
		{"kept on, later handed over", Case{State: Retained, TermEndsOn: "2026-11-25"}, ForTerm, ""},
		{"within the five years", Case{State: Kept, TermEndsOn: "2026-11-26"}, ForTerm, "term_running"},
		{"a hero at any time", Case{State: Kept, TermEndsOn: "2030-01-01", Merit: "全国劳动模范"}, ForMerit, ""},
		{"no honor recorded", Case{State: Kept, TermEndsOn: "2030-01-01"}, ForMerit, "merit_missing"},
		{"not confirmed", Case{State: Reported, TermEndsOn: "2020-01-01"}, ForTerm, "state_reported"},
		{"on a list already", Case{State: Listed, TermEndsOn: "2020-01-01"}, ForTerm, "state_listed"},
	} {
		if got := slug(c.c.Takes(c.why, "2026-11-26")); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if got := slug(Plan{Cases: []string{"a"}, Reason: ForMerit, RecipientKind: Keeper, Recipient: "某局", Basis: "文"}.check()); got != "heroes_to_archives" {
		t.Errorf("a hero to another keeper: %q", got)
	}
}

func TestAHandoverHasTwoOnEachSide(t *testing.T) {
	at := time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC)
	in := func(d dossier.Dossier) []line { return []line{{dossier: d, person: person.Person{Name: "某"}}} }
	ready := dossier.Dossier{State: dossier.Arranging, Place: dossier.PlaceArranging}
	counted := []Counted{{CaseID: "", Volumes: 1}}
	for _, c := range []struct {
		name, by string
		on       calendar.Date
		d        dossier.Dossier
		want     string
	}{
		{"by another", "b", "2026-11-25", ready, ""},
		{"by the one who listed", "a", "2026-11-25", ready, "own_list"},
		{"before it was listed", "b", "2026-11-01", ready, "handed_on_wrong"},
		{"still on the shelf", "b", "2026-11-25", dossier.Dossier{State: dossier.InStore, Place: dossier.PlaceStore}, "not_pulled"},
		{"lent", "b", "2026-11-25", dossier.Dossier{State: dossier.Lent, Place: dossier.PlaceOutside}, "in_use"},
		{"on hold", "b", "2026-11-25", dossier.Dossier{Hold: "法院查封", State: dossier.Arranging, Place: dossier.PlaceArranging}, "on_hold"},
	} {
		h := Handover{State: Preparing, PreparedBy: "a", PreparedAt: at}
		if got := slug(h.Deliver(c.by, c.on, "2026-11-26", in(c.d), counted)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	for name, counted := range map[string][]Counted{"none counted": nil, "no volumes": {{Volumes: 0}}, "too many": {{Volumes: mostVolumes + 1}}} {
		h := Handover{State: Preparing, PreparedBy: "a", PreparedAt: at}
		if got := slug(h.Deliver("b", "2026-11-25", "2026-11-26", in(ready), counted)); got != "volumes_missing" {
			t.Errorf("%s: %q", name, got)
		}
	}
	good := Check{ID: "1", Images: 3, Sum: "a", Catalog: 2, Authenticity: Passed, Integrity: Passed, Usability: Passed, Security: Passed}
	bad := good
	bad.Integrity = Failed
	for name, c := range map[string]struct {
		check   Check
		sum     string
		catalog int64
		want    string
	}{
		"never checked":           {Check{}, "a", 2, "not_checked"},
		"passed":                  {good, "a", 2, ""},
		"pages changed since":     {good, "b", 2, "check_outdated"},
		"catalog changed since":   {good, "a", 3, "check_outdated"},
		"one of the four did not": {bad, "a", 2, "check_failed"},
	} {
		got := ""
		if r := c.check.against("甲", 3, c.sum, c.catalog); r != nil {
			got = r.Slug
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	for name, c := range map[string]struct {
		r    Receipt
		want string
	}{
		"whole":             {Receipt{On: "2026-11-26", No: "1", Takers: []string{"甲", "乙"}}, ""},
		"the same twice":    {Receipt{On: "2026-11-26", No: "1", Takers: []string{"甲", "甲 "}}, "takers_missing"},
		"no receipt":        {Receipt{On: "2026-11-26", Takers: []string{"甲", "乙"}}, "receipt_missing"},
		"before the trip":   {Receipt{On: "2026-11-20", No: "1", Takers: []string{"甲", "乙"}}, "received_on_wrong"},
		"not a day of ours": {Receipt{On: "明天", No: "1", Takers: []string{"甲", "乙"}}, "received_on_wrong"},
	} {
		h := Handover{State: Delivered, HandedOn: "2026-11-25"}
		if got := slug(h.Receive(c.r, "2026-11-26")); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestWhoIsServedAfterADeath(t *testing.T) {
	for _, c := range []struct{ who, use, want string }{
		{"self", "办理落户", "person_dead"}, {"kin", "办理落户", ""}, {"unit", "办理遗属待遇", ""}, {"unit", "发放丧葬补助金、抚恤金", ""}, {"unit", "录用", "unit_matter"},
	} {
		if got := slug(Certify(c.who, c.use)); got != c.want {
			t.Errorf("%s for %s: %q, want %q", c.who, c.use, got, c.want)
		}
	}
	if slug(Consult("selection_recruitment")) != "purpose_of_the_living" || Consult("social_insurance") != nil || Consult("judicial_evidence") != nil {
		t.Error("purposes")
	}
}

// Whatever is tried in whatever order: a death holds only by another than the one who
// registered it, never lies before its evidence, and is retained only when due.
func TestADeathHoldsByTwo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		today := calendar.Date("2026-11-26")
		died := calendar.Of(today.Moment().AddDate(0, 0, -rapid.IntRange(0, 4000).Draw(t, "days")))
		c := Report{DiedOn: died.String(), Evidence: "死亡证明", EvidenceNo: "1", Informant: "某", Relation: "子"}.open("x", dossier.Dossier{}, "a", time.Now())
		for range rapid.IntRange(0, 8).Draw(t, "steps") {
			by, was := rapid.SampledFrom([]string{"a", "b"}).Draw(t, "by"), c
			var err error
			switch rapid.IntRange(0, 5).Draw(t, "act") {
			case 0:
				err = c.Confirm(by, time.Now(), rapid.SampledFrom([]string{"", "在途"}).Draw(t, "moving"))
			case 1:
				err = c.Reject(by, time.Now(), "核实在世")
			case 2:
				err = c.Retain(rapid.SampledFrom([]string{"", "文件"}).Draw(t, "basis"), today.AddDays(200), today)
			case 3:
				err = c.Revoke(by, "判决")
			case 4:
				err = c.Honor("全国劳动模范")
			case 5:
				err = c.Review("仍有遗属待遇在办", today.AddDays(rapid.IntRange(-10, 2200).Draw(t, "until")), today)
			}
			if err != nil {
				c = was // as the act that is undone
			}
			if c.Holds() && (c.DecidedBy == "" || c.DecidedBy == c.RegisteredBy) {
				t.Fatalf("holds by %q alone", c.DecidedBy)
			}
			if c.State == Retained && (!c.Due(today) || c.Basis == "") {
				t.Fatalf("retained before %s or without basis", c.TermEndsOn)
			}
			if until := calendar.Date(c.ReviewOn); c.State == Retained && (until <= today || until > TermEnds(today)) {
				t.Fatalf("kept on until %s", until)
			}
			if (was.State == Rejected || was.State == Revoked) && c.State != was.State {
				t.Fatalf("%s went on to %s", was.State, c.State)
			}
		}
	})
}
