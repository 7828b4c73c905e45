package introduction

import (
	"slices"
	"strings"
	"testing"

	"dangan/internal/rule"
)

func whole() (Letter, []Person) {
	p := Person{Name: "演示甲", IDNo: "500108199103140029", Political: "01", Declared: true, Pledged: true}
	q := p
	q.Name, q.IDNo = "演示乙", "500108199103140037"
	return Letter{UnitKind: Organ, Unit: "演示机关", Purpose: "vetting", Reason: "考察", PaperNo: "1号", PaperOn: "2026-11-20", Sealed: true, Matches: true, FormSigned: true}, []Person{p, q}
}

func slugs(list []rule.Reason) string {
	var out []string
	for _, r := range list {
		out = append(out, string(r.Rule)+" "+r.Slug+" "+r.Field)
	}
	return strings.Join(out, ", ")
}

// Each paper and statement is asked for, and nothing else (21.1, 21.2, 21a, 21c, 29.3).
func TestLacks(t *testing.T) {
	w := Words{Verb: "借阅", Whose: "存档人员", People: "people"}
	for name, c := range map[string]struct {
		change func(l *Letter, p *[]Person)
		want   string
	}{
		"齐备":      {func(*Letter, *[]Person) {}, ""},
		"没有文号":    {func(l *Letter, _ *[]Person) { l.PaperNo = "" }, "21.1 introduction_letter_missing paperNo"},
		"没有公章":    {func(l *Letter, _ *[]Person) { l.Sealed = false }, "21.1 letter_without_seal sealed"},
		"不一致":     {func(l *Letter, _ *[]Person) { l.Matches = false }, "21.1 letter_differs matches"},
		"没有理由":    {func(l *Letter, _ *[]Person) { l.Reason = " " }, "21.1 reason_missing reason"},
		"满十五天":    {func(l *Letter, _ *[]Person) { l.PaperOn = "2026-11-01" }, "21.1 letter_expired paperUntil"},
		"写明期限未过":  {func(l *Letter, _ *[]Person) { l.PaperOn, l.PaperUntil = "2026-11-01", "2026-12-01" }, ""},
		"申请表没有签署": {func(l *Letter, _ *[]Person) { l.FormSigned = false }, "21.1 form_not_signed formSigned"},
		"一个人":     {func(_ *Letter, p *[]Person) { *p = (*p)[:1] }, "21.2 too_few_readers people"},
		"非党员":     {func(_ *Letter, p *[]Person) { (*p)[1].Political = "13" }, "21.2 non_member_without_reason people.1.nonMember"},
		"预备党员不算":  {func(_ *Letter, p *[]Person) { (*p)[1].Political = "02" }, "21.2 non_member_without_reason people.1.nonMember"},
		"没有声明":    {func(_ *Letter, p *[]Person) { (*p)[0].Declared = false }, "21c declaration_missing people.0.declared"},
		"没有承诺":    {func(_ *Letter, p *[]Person) { (*p)[0].Pledged = false }, "29.3 pledge_missing people.0.pledged"},
	} {
		l, people := whole()
		c.change(&l, &people)
		if got := slugs(l.Lacks(people, w, Standards{Today: "2026-11-27"})); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// What can't be right is told beside its field; numbers are kept as the register writes them.
func TestWrong(t *testing.T) {
	w := Words{Verb: "查阅", Whose: "被查阅人", People: "readers"}
	l, people := whole()
	l.UnitCode, l.PaperOn = "91500112MAABCDEF8X", "2026-12-01"
	if got := slugs(l.Wrong(w, "2026-11-27")); got != "12c credit_code_invalid unitCode, 21.1 letter_in_future paperOn" {
		t.Error(got)
	}
	people = append(people, people[0])
	people[1].IDNo, people[1].Political = "500108199103140021", "99"
	got := slugs(WrongPeople(people, w, "2026-11-27"))
	for _, want := range []string{"12b identity_number_invalid readers.1.idNo", "21.2 political_unknown readers.1.political", "21.2 reader_twice readers.2.idNo"} {
		if !slices.Contains(strings.Split(got, ", "), want) {
			t.Errorf("%q is not told: %s", want, got)
		}
	}
}
