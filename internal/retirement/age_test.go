package retirement

import (
	"bytes"
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/rule"
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

// The rows of the decision's annexes that begin, turn and end each of the three tables: birth
// month, months by which it is later, month of retirement.
func TestTheAgesAreThoseOfTheAnnexes(t *testing.T) {
	former := map[string]int{Men: 720, Women55: 660, Women50: 600}
	for _, c := range []struct {
		group, born string
		later       int
		retires     string
	}{
		{Men, "1964-12", 0, "2024-12"}, {Men, "1965-01", 1, "2025-02"}, {Men, "1965-04", 1, "2025-05"}, {Men, "1965-05", 2, "2025-07"}, {Men, "1965-12", 3, "2026-03"}, {Men, "1966-01", 4, "2026-05"}, {Men, "1970-08", 17, "2032-01"},
		{Men, "1976-08", 35, "2039-07"}, {Men, "1976-09", 36, "2039-09"}, {Men, "1976-12", 36, "2039-12"}, {Men, "1990-06", 36, "2053-06"},
		{Women55, "1969-12", 0, "2024-12"}, {Women55, "1970-01", 1, "2025-02"}, {Women55, "1970-05", 2, "2025-07"}, {Women55, "1981-08", 35, "2039-07"}, {Women55, "1981-09", 36, "2039-09"},
		{Women50, "1974-12", 0, "2024-12"}, {Women50, "1975-01", 1, "2025-02"}, {Women50, "1975-02", 1, "2025-03"}, {Women50, "1975-03", 2, "2025-05"}, {Women50, "1980-01", 31, "2032-08"}, {Women50, "1984-10", 59, "2039-09"},
		{Women50, "1984-11", 60, "2039-11"}, {Women50, "1990-01", 60, "2045-01"},
	} {
		term := Default.Term(c.group, calendar.Date(c.born+"-15"))
		if term.Months != former[c.group]+c.later || term.Statutory.String()[:7] != c.retires {
			t.Errorf("%s born %s: %s on %s, want %d months later, %s", c.group, c.born, AgeName(term.Months), term.Statutory, c.later, c.retires)
		}
	}
}

// Every birth month: one month for every four (two) begun from the first month of the annex.
func TestEveryStepOfTheTable(t *testing.T) {
	for _, g := range []struct {
		group             string
		first, step, most int
		former            int
	}{{Men, 1965, 4, 36, 720}, {Women55, 1970, 4, 36, 660}, {Women50, 1975, 2, 60, 600}} {
		for i := -24; i < 400; i++ {
			born := calendar.Of(time.Date(g.first, time.Month(1+i), 10, 12, 0, 0, 0, time.UTC))
			want := g.former
			if i >= 0 {
				want += min(i/g.step+1, g.most)
			}
			if got := Default.Term(g.group, born).Months; got != want {
				t.Fatalf("%s born %s: %d months, want %d", g.group, born, got, want)
			}
		}
	}
}

func TestChoicesAndTheirLimits(t *testing.T) {
	// 60周岁1个月: three years earlier would be below 60, so 60 it is.
	term := Default.Term(Men, "1965-03-31")
	if term.Statutory != "2025-04-30" || term.Earliest != "2025-03-31" || term.Latest != "2028-04-30" {
		t.Errorf("%+v", term)
	}
	if term = Default.Term(Men, "1985-03-08"); term.Earliest != "2045-03-08" || term.Statutory != "2048-03-08" || term.Latest != "2051-03-08" {
		t.Errorf("%+v", term)
	}
	const born, today, horizon = calendar.Date("1976-05-04"), calendar.Date("2026-11-23"), calendar.Date("2027-05-23")
	for _, c := range []struct {
		name string
		o    Opening
		sex  string
		want string
	}{
		{"on time, 2027-02-04", Opening{Group: Women50, Ground: "劳动合同"}, "2", ""},
		{"a man of a women's group", Opening{Group: Women50, Ground: "劳动合同"}, "1", "group_wrong"},
		{"no ground for the group", Opening{Group: Women50}, "2", "ground_missing"},
		{"not near as one of the other group", Opening{Group: Women55, Ground: "聘任审批表"}, "2", "not_near"},
		{"early, not below 50", Opening{Group: Women50, Ground: "劳动合同", Choice: Earlier, DueOn: "2026-12-01", Paper: "书面告知", PaperOn: "2026-08-20"}, "2", ""},
		{"early, told two months before", Opening{Group: Women50, Ground: "劳动合同", Choice: Earlier, DueOn: "2026-12-01", Paper: "书面告知", PaperOn: "2026-09-20"}, "2", "notice_early"},
		{"early, told on no day", Opening{Group: Women50, Ground: "劳动合同", Choice: Earlier, DueOn: "2026-12-01", Paper: "书面告知"}, "2", "notice_on"},
		{"late, told in the future", Opening{Group: Women50, Ground: "劳动合同", Choice: Later, DueOn: "2030-02-04", Paper: "延迟协议", PaperOn: "2027-01-02"}, "2", "notice_on"},
		{"early, below 50", Opening{Group: Women50, Ground: "劳动合同", Choice: Earlier, DueOn: "2026-05-03", Paper: "书面告知"}, "2", "early_limits"},
		{"early, on the day itself", Opening{Group: Women50, Ground: "劳动合同", Choice: Earlier, DueOn: "2027-02-04", Paper: "书面告知"}, "2", "early_limits"},
		{"chosen without a paper", Opening{Group: Women50, Ground: "劳动合同", Choice: Earlier, DueOn: "2026-12-01"}, "2", "choice_paper_missing"},
		{"late", Opening{Group: Women50, Ground: "劳动合同", Choice: Later, DueOn: "2030-02-04", Paper: "延迟协议", PaperOn: "2026-11-01"}, "2", ""},
		{"later than three years", Opening{Group: Women50, Ground: "劳动合同", Choice: Later, DueOn: "2030-02-05", Paper: "延迟协议"}, "2", "late_limits"},
		{"neither", Opening{Group: Women50, Ground: "劳动合同", Choice: "someday"}, "2", "choice_unknown"},
	} {
		_, err := c.o.check(Default, Notice{3, 1}, c.sex, born, "2026-11-23", horizon)
		if got := slug(err); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// Who is listed by birthday is who the table says is near.
func TestBirthdaysOfThoseNear(t *testing.T) {
	for _, g := range Groups {
		for _, day := range []calendar.Date{"2024-12-31", "2025-02-28", "2026-11-23", "2027-05-23", "2039-11-01"} {
			last := Default.BornBy(g, day)
			if Default.Term(g, last).Statutory > day || Default.Term(g, last.AddDays(1)).Statutory <= day {
				t.Errorf("%s by %s: born by %s", g, day, last)
			}
		}
	}
}

func TestATableIsHeldToForm(t *testing.T) {
	const head = "group,born_from,age_months\n"
	whole := "men,1900-01,720\nwomen_55,1900-01,660\nwomen_50,1900-01,600\n"
	for _, c := range []struct{ name, text, want string }{
		{"whole", head + whole, ""},
		{"other columns", "a,b,c\n", "第一行"}, {"no such group", head + "boys,1900-01,720\n", "没有 boys"}, {"no month", head + "men,1965,720\n", "出生年月"}, {"no age", head + "men,1900-01,sixty\n", "退休年龄"},
		{"out of order", head + whole + "men,1899-01,730\n", "由早到晚"}, {"an age that falls", head + whole + "men,1965-01,700\n", "不降低"}, {"a group is missing", head + "men,1900-01,720\n", "缺少"},
	} {
		_, err := ParseTable(strings.NewReader(c.text))
		if err == nil && c.want != "" || err != nil && (c.want == "" || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

func TestTheCheckTellsAndDecidesNothing(t *testing.T) {
	agree := func(kind, verdict string) dossier.Compared {
		return dossier.Compared{Kind: kind, Name: dossier.KeyFactName(kind), Verdict: verdict, Note: "相差 1 个月"}
	}
	lines, missing, err := findings([]dossier.Compared{agree("birth_date", dossier.Differs), agree("work_start", dossier.Missing), agree("party_joining", dossier.Silent), agree("work_history", dossier.Agrees)})
	if err != nil || len(lines) != 2 || len(missing) != 1 || missing[0] != "work_start" {
		t.Errorf("%v %v %v", lines, missing, err)
	}
	if _, _, err := findings([]dossier.Compared{agree("birth_date", dossier.Silent)}); slug(err) != "fact_silent" {
		t.Errorf("%v", err)
	}
	c := Case{State: Checking}
	if got := slug(c.Checked(Check{Materials: 3, Pages: 9}, lines, "u", time.Time{})); got != "findings_unsaid" {
		t.Error(got)
	}
	if got := slug(c.Checked(Check{Materials: 3, Pages: 2, Note: "已告知"}, lines, "u", time.Time{})); got != "count_wrong" {
		t.Error(got)
	}
	if err := c.Checked(Check{Materials: 3, Pages: 9, Note: "已告知本人"}, lines, "u", time.Time{}); err != nil || c.State != Ready || !strings.Contains(c.Findings, "相差") {
		t.Errorf("%v %+v", err, c)
	}
}

func TestWhatComesBackIsCounted(t *testing.T) {
	whole := Return{Materials: 3, Pages: 9, Packet: "intact", Result: Approved, ApprovalNo: "渝退审1号", ApprovedOn: "2026-11-20"}
	for _, c := range []struct {
		name   string
		change func(*Return)
		want   string
		state  State
	}{
		{"whole", func(*Return) {}, "", Counted},
		{"a page is missing and nobody says so", func(r *Return) { r.Pages = 8 }, "difference_unsaid", Out},
		{"a page is missing", func(r *Return) { r.Pages, r.Difference = 8, "少 9-2 第3页，已追查" }, "", Counted},
		{"the seal is broken", func(r *Return) { r.Packet = "broken" }, "difference_unsaid", Out},
		{"no number", func(r *Return) { r.ApprovalNo = "" }, "approval_missing", Out},
		{"tomorrow", func(r *Return) { r.ApprovedOn = "2026-11-24" }, "approved_on_wrong", Out},
		{"not approved", func(r *Return) { r.Result, r.Why = Declined, "视同缴费年限材料不足" }, "", Counted},
		{"not approved, no reason", func(r *Return) { r.Result = Declined }, "decline_unsaid", Out},
		{"no result", func(r *Return) { r.Result = "" }, "result_unknown", Out},
	} {
		k, r := Case{State: Out, Materials: 3, Pages: 9, ListID: "l"}, whole
		c.change(&r)
		if got := slug(k.Returned(&r, nil, "u", time.Time{}, "2026-11-23")); got != c.want || k.State != c.state {
			t.Errorf("%s: %q %s, want %q %s", c.name, got, k.State, c.want, c.state)
		}
	}
}

// What came back is held against every line that went out, or nothing is entered; what came
// back beyond it stands after the lines, and a new count strikes what the last one added.
func TestLinesOfAReturn(t *testing.T) {
	went := []Item{{LineNo: 1, MaterialID: "a", Title: "履历表", Pages: 4}, {LineNo: 2, MaterialID: "b", Title: "考核表", Pages: 2}}
	all := []Found{{LineNo: 1, Result: PagesOff, Pages: 3}, {LineNo: 2, Result: Agrees}}
	for _, c := range []struct {
		name string
		r    Return
		want string
	}{
		{"a line left out", Return{Found: all[:1]}, "lines_unchecked"},
		{"a line that did not go out", Return{Found: append([]Found{{LineNo: 3, Result: Agrees}}, all...)}, "line_wrong"},
		{"a line twice", Return{Found: append([]Found{{LineNo: 1, Result: Agrees}}, all...)}, "line_wrong"},
		{"as many pages as went out", Return{Found: []Found{{LineNo: 1, Result: PagesOff, Pages: 4}, all[1]}}, "line_wrong"},
		{"changed, nobody says how", Return{Found: []Found{{LineNo: 1, Result: Changed}, all[1]}}, "line_wrong"},
		{"beyond, without a title", Return{Found: all, Beyond: []Beyond{{Copies: 1, Pages: 1}}}, "beyond_wrong"},
		{"a state secret by its title", Return{Found: all, Beyond: []Beyond{{Title: "机密★材料", Copies: 1, Pages: 1}}}, "beyond_wrong"},
	} {
		if _, err := c.r.hold(went); slug(err) != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
	held, err := Return{Found: all, Beyond: []Beyond{{Title: "体检表", Copies: 1, Pages: 1}}}.hold(went)
	if err != nil || len(held) != 3 || held[2].Result != Extra || held[2].LineNo != 3 {
		t.Fatalf("%v %v", held, err)
	}
	again, err := Return{Found: all}.hold(held)
	if err != nil || len(again) != 3 || again[2].Result != Struck || again[2].differs() {
		t.Errorf("%v %v", again, err)
	}
	k, r := Case{State: Out, Materials: 2, Pages: 6}, Return{Materials: 2, Pages: 5, Packet: "intact", Result: Approved, ApprovalNo: "1", ApprovedOn: "2026-11-23", Difference: "当场追回", Found: all}
	if err := k.Returned(&r, again, "u", time.Time{}, "2026-11-23"); err != nil || k.Difference != "第1项“履历表”页数不符（送出4页，退回3页）；送出2份6页，退回2份5页。审核单位说明：当场追回" {
		t.Errorf("%q %v", k.Difference, err)
	}
}

// The second person is another than who counted; a difference both signed has to be settled.
func TestTheSecondPerson(t *testing.T) {
	counted := Case{State: Counted, Result: Approved, ReturnedBy: "u", Difference: "缺一页"}
	k := counted
	if slug(k.Countersign("u", time.Time{})) != "own_count" || slug(k.Dispute("u", "x")) != "own_count" || slug(k.Dispute("v", " ")) != "basis_missing" {
		t.Error("one person alone may sign")
	}
	k = counted
	if err := k.Dispute("v", "少点一份"); err != nil || slug(k.Countersign("v", time.Time{})) != "count_disputed" {
		t.Error("signed though it is disputed")
	}
	k = counted
	if err := k.Countersign("v", time.Time{}); err != nil || k.State != Back || !k.Unsettled() || slug(k.Finish(Keep, "", true, dossier.Dossier{}, "u", time.Time{})) != "difference_open" {
		t.Errorf("%v", k)
	}
	if slug(k.Settle("u", "", time.Time{})) != "basis_missing" {
		t.Error("settled without a word")
	}
	if err := k.Settle("u", "已追回", time.Time{}); err != nil || k.Unsettled() || slug(k.Settle("u", "再次", time.Time{})) != "nothing_to_settle" {
		t.Errorf("%v", k)
	}
	k = Case{State: Counted, Result: Declined, ReturnedBy: "u", ListID: "l"}
	if err := k.Countersign("v", time.Time{}); err != nil || k.State != Checking || k.ListID != "" {
		t.Errorf("%v %v", k, err)
	}
}

func TestTheEnd(t *testing.T) {
	for _, c := range []struct {
		name  string
		way   string
		filed bool
		d     dossier.State
		want  string
	}{
		{"kept", Keep, true, dossier.InStore, ""}, {"the form is not filed", Keep, false, dossier.InStore, "approval_not_filed"}, {"passed on by a letter", Pass, true, dossier.Leaving, ""},
		{"passed on without a letter", Pass, true, dossier.InStore, "no_letter"}, {"nowhere", "", true, dossier.InStore, "way_unknown"},
	} {
		k := Case{State: Back}
		if got := slug(k.Finish(c.way, "", c.filed, dossier.Dossier{State: c.d}, "u", time.Time{})); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	l := List{State: Preparing, PreparedBy: "a", Agency: "x"}
	in := func(change func(*dossier.Dossier)) []line {
		d := dossier.Dossier{Agency: "x", State: dossier.Arranging, Place: dossier.PlaceArranging}
		change(&d)
		return []line{{dossier: d}}
	}
	nothing := func(*dossier.Dossier) {}
	h := Handing{On: "2026-11-23", Taker: "接收人"}
	l.PreparedAt = calendar.Date("2026-11-20").Moment()
	for _, c := range []struct {
		name  string
		by    string
		h     Handing
		lines []line
		want  string
	}{
		{"by the one who made it", "a", h, in(nothing), "own_list"}, {"before it was made", "b", Handing{On: "2026-11-19", Taker: "接收人"}, in(nothing), "handed_on_wrong"}, {"nobody signed", "b", Handing{On: h.On}, in(nothing), "taker_missing"},
		{"on its shelf", "b", h, in(func(d *dossier.Dossier) { d.Place = dossier.PlaceStore }), "not_pulled"}, {"lent", "b", h, in(func(d *dossier.Dossier) { d.State = dossier.Lent }), "in_use"},
		{"leaving", "b", h, in(func(d *dossier.Dossier) { d.State = dossier.Leaving }), "moving"}, {"in hand", "b", h, in(nothing), ""},
	} {
		k := l
		if got := slug(k.Deliver(c.by, c.h, "2026-11-23", "2026-12-21", c.lines)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// The table that operators find in docs is the one the program begins with.
func TestTheTableInDocsIsTheOneInUse(t *testing.T) {
	raw, err := os.ReadFile("../../docs/retirement-ages.csv")
	if err != nil {
		t.Fatal(err)
	}
	table, err := ParseTable(bytes.NewReader(raw))
	if err != nil || !reflect.DeepEqual(table, Default) {
		t.Errorf("docs/retirement-ages.csv is another table than internal/retirement/ages.csv (%v)", err)
	}
}
