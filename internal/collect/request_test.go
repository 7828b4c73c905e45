package collect

import (
	"testing"

	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/dossier"
	"dangan/internal/policy"
)

func TestARequestStandsWhereItsItemsStand(t *testing.T) {
	owed := Item{Supplement: dossier.Supplement{State: dossier.Owed}}
	handed := Item{dossier.Supplement{State: dossier.Owed, HandedID: "m", HandedOn: "2026-11-20"}}
	filed := Item{Supplement: dossier.Supplement{State: dossier.Supplied}}
	waived := Item{Supplement: dossier.Supplement{State: dossier.Waived}}
	for _, c := range []struct {
		name  string
		r     Request
		items []Item
		want  State
	}{
		{"nothing came", Request{}, []Item{owed, filed}, Waiting},
		{"all came, one is not filed", Request{}, []Item{handed, filed}, Handed},
		{"one came, one did not", Request{}, []Item{handed, owed}, Waiting},
		{"all filed", Request{}, []Item{filed, filed}, Done},
		{"filed or explained", Request{}, []Item{filed, waived}, Done},
		{"withdrawn", Request{WithdrawnOn: "2026-11-20"}, []Item{waived}, Withdrawn},
	} {
		if got := StateOf(c.r, c.items); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestTheMonthRunsFromTheEventUnlessItIsOver(t *testing.T) {
	c := calendar.Default()
	for _, x := range []struct{ today, formed, want calendar.Date }{
		{"2026-11-26", "2026-11-10", "2026-12-10"}, // 14b
		{"2026-11-26", "2026-05-01", "2026-12-28"}, // over: a month from the notice, which ends on a Saturday
		{"2026-11-26", "", "2026-12-28"},
		{"2026-11-26", "2026-10-26", "2026-12-28"}, // the last day is today
	} {
		if got := Due(c, x.today, x.formed); got != x.want {
			t.Errorf("%s of %s: %s, want %s", x.today, x.formed, got, x.want)
		}
	}
}

func TestLateIsCountedWhileSomethingIsWaitedFor(t *testing.T) {
	r := Request{DueOn: "2026-11-20"}
	for state, want := range map[State]int{Waiting: 6, Handed: 0, Done: 0, Withdrawn: 0} {
		if got := r.Late(state, "2026-11-26"); got != want {
			t.Errorf("%s: %d days, want %d", state, got, want)
		}
	}
	if got := r.Late(Waiting, "2026-11-20"); got != 0 {
		t.Errorf("on the last day: %d", got)
	}
}

func TestEveryEventFormsMaterialsTheChecklistsName(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range Events {
		if seen[e.Slug] || e.Name == "" || e.Target.Name() == "" || len(e.Titles) == 0 {
			t.Errorf("%+v", e)
		}
		seen[e.Slug] = true
		for _, title := range e.Titles {
			if codes.ClassOf(title) == "" {
				t.Errorf("%s: no checklist names %s", e.Name, title)
			}
		}
	}
}

func TestAMaterialIsAskedForOnceADay(t *testing.T) {
	r := Request{}
	if err := r.Urge(Waiting, "2026-11-26"); err != nil || r.Urged != 1 {
		t.Fatalf("%v %+v", err, r)
	}
	for state, today := range map[State]calendar.Date{Waiting: "2026-11-26", Done: "2026-11-27", Handed: "2026-11-27", Withdrawn: "2026-11-27"} {
		if err := r.Urge(state, today); err == nil {
			t.Errorf("asked again on %s while %s", today, state)
		}
	}
}

func TestTwoEmployersAreAskedForOneTitle(t *testing.T) {
	open := []Asked{{"一号", "甲（演示）有限公司"}}
	for maker, twice := range map[string]bool{"甲(演示)有限公司": true, "乙有限公司": false, "": true} {
		if a, got := alreadyAsked(open, maker); got != twice || got && a.No != "一号" {
			t.Errorf("%q: %v", maker, got)
		}
	}
	if _, twice := alreadyAsked([]Asked{{"二号", ""}}, "乙有限公司"); !twice {
		t.Error("of what names no maker it is not known to be another")
	}
	if _, twice := alreadyAsked(nil, ""); twice {
		t.Error("asked by nobody")
	}
}

func TestThePlanTellsWhatIsExpectedApart(t *testing.T) {
	got := plan([]dossier.Gap{{Title: "劳动合同书"}}, []dossier.Gap{{Title: "年度考核登记表"}}, map[string][]Asked{"年度考核登记表": {{"一号", "甲"}}})
	if len(got) != 2 || got[0].Expected || !got[1].Expected || len(got[0].Asked) != 0 || len(got[1].Asked) != 1 {
		t.Errorf("%+v", got)
	}
}

func TestEachStageIsRemindedOfOnce(t *testing.T) {
	r := Request{Target: Unit, DueOn: "2026-12-23"}
	for _, x := range []struct {
		today calendar.Date
		want  Stage // empty: refused
	}{{"2026-12-15", ""}, {"2026-12-16", Near}, {"2026-12-23", ""}, {"2026-12-24", Over}, {"2026-12-25", ""}} {
		err := r.Remind(Waiting, x.today)
		if (err == nil) != (x.want != "") || err == nil && (r.Reminded != x.want || r.RemindedOn != x.today.String()) {
			t.Errorf("%s: %v %+v", x.today, err, r)
		}
	}
	person := Request{Target: Person, DueOn: "2026-12-23"}
	if err := person.Remind(Waiting, "2026-12-20"); err == nil {
		t.Error("a person is told of what falls due by room message")
	}
	if err := person.Remind(Waiting, "2026-12-24"); err != nil || person.Reminded != Over {
		t.Errorf("%v %+v", err, person)
	}
	office := Request{Target: Office, DueOn: "2026-12-23"}
	if err := office.Remind(Waiting, "2026-12-18"); err != nil || office.Reminded != Near {
		t.Errorf("who fetches it is reminded like a unit: %v %+v", err, office)
	}
	handed := Request{Target: Unit, DueOn: "2026-12-23"}
	if err := handed.Remind(Handed, "2026-12-24"); err == nil {
		t.Error("what was handed in is reminded of")
	}
}

func TestWhatTheOwnStaffFetchIsPutIntoOtherHands(t *testing.T) {
	to := policy.Actor{ID: "b", Name: "乙"}
	for _, x := range []struct {
		name   string
		r      Request
		state  State
		vacant bool
		given  bool
	}{
		{"另一人在办", Request{Target: Office, Handler: "a"}, Waiting, false, true},
		{"开具人自己在办", Request{Target: Office, OpenedBy: "a"}, Waiting, false, true},
		{"交来待归档", Request{Target: Office, Handler: "a"}, Handed, false, true},
		{"本人已在办", Request{Target: Office, Handler: "b"}, Waiting, false, false},
		{"以前没有办理人，开具人就是本人", Request{Target: Office, OpenedBy: "b"}, Waiting, false, false},
		{"离岗后回来的接回自己的", Request{Target: Office, Handler: "b"}, Waiting, true, true},
		{"向单位收集的", Request{Target: Unit}, Waiting, false, false},
		{"向本人收集的", Request{Target: Person}, Waiting, false, false},
		{"已收齐", Request{Target: Office, Handler: "a"}, Done, false, false},
		{"已撤回", Request{Target: Office, Handler: "a"}, Withdrawn, false, false},
	} {
		r := x.r
		r.Reminded, r.RemindedOn = Over, "2026-12-24"
		err := r.Assign(x.state, to, x.vacant)
		if (err == nil) != x.given || err == nil && (r.InHand() != "b" || r.Addressee != "乙" || r.Reminded != "") {
			t.Errorf("%s: %v %+v", x.name, err, r)
		}
	}
}
