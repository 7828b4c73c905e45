package retirement

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"io"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/rule"
)

// Groups of the decision, by the age that held before it.
const (
	Men     = "men"      // 60
	Women55 = "women_55" // 55: women in posts of administration and of the professions
	Women50 = "women_50" // 50: other women workers
)

// Groups in the order of screens.
var Groups = []string{Men, Women55, Women50}

var groups = map[string]string{Men: "男职工（原60周岁）", Women55: "女职工（原55周岁）", Women50: "女职工（原50周岁）"}

// GroupName is a group as screens say it.
func GroupName(g string) string { return groups[g] }

// sexOf is the sex a group is of, by GB/T 2261.1.
func sexOf(g string) string {
	if g == Men {
		return "1"
	}
	return "2"
}

// flexible is by how many months a person may choose to retire earlier or later.
const flexible = 36

//go:embed ages.csv
var embedded string

// Table says at which age, in months, whoever was born in a month retires: for each group
// the steps in the order of birth months. The first step of a group is the age before the
// decision.
type Table map[string][]Step

// Step is an age that holds from a birth month on.
type Step struct {
	BornFrom string // 2006-01
	Months   int
}

// Default is the table of the decision's annexes.
var Default = func() Table {
	t, err := ParseTable(strings.NewReader(embedded))
	if err != nil {
		panic(err)
	}
	return t
}()

var monthForm = regexp.MustCompile(`^\d{4}-(0[1-9]|1[0-2])$`)

// ParseTable reads a table group,born_from,age_months. Ages never fall with the birth
// month: the lists of who is near the age rest on that.
func ParseTable(r io.Reader) (Table, error) {
	lines, err := csv.NewReader(r).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("表格不是有效的 CSV：%w", err)
	}
	if len(lines) == 0 || strings.Join(lines[0], ",") != "group,born_from,age_months" {
		return nil, fmt.Errorf("第一行应为 group,born_from,age_months")
	}
	t := Table{}
	for i, l := range lines[1:] {
		n, err := strconv.Atoi(l[2])
		steps := t[l[0]]
		switch {
		case groups[l[0]] == "":
			return nil, fmt.Errorf("第 %d 行：没有 %s 这一组，应为 men、women_55 或 women_50", i+2, l[0])
		case !monthForm.MatchString(l[1]):
			return nil, fmt.Errorf("第 %d 行：出生年月应写成 1965-01", i+2)
		case err != nil || n < 40*12 || n > 75*12:
			return nil, fmt.Errorf("第 %d 行：退休年龄应为 480 至 900 个月之间的整数", i+2)
		case len(steps) > 0 && (l[1] <= steps[len(steps)-1].BornFrom || n < steps[len(steps)-1].Months):
			return nil, fmt.Errorf("第 %d 行：同一组应按出生年月由早到晚，年龄不降低", i+2)
		}
		t[l[0]] = append(steps, Step{l[1], n})
	}
	for _, g := range Groups {
		if len(t[g]) == 0 || t[g][0].BornFrom != "1900-01" {
			return nil, fmt.Errorf("缺少“%s”，或没有从 1900-01 起的原退休年龄", groups[g])
		}
	}
	return t, nil
}

// months is the age at which somebody born on a day retires.
func (t Table) months(group, born string) int {
	steps := t[group]
	i := sort.Search(len(steps), func(i int) bool { return steps[i].BornFrom > born[:7] })
	return steps[max(i-1, 0)].Months
}

// Term is when a person may retire.
type Term struct {
	Months    int           // the age that holds, in months
	Statutory calendar.Date // the day it is reached
	Earliest  calendar.Date // of choice: three years earlier, never below the former age
	Latest    calendar.Date // of choice: three years later
}

// Term computes when somebody of a group, born on a day, may retire.
func (t Table) Term(group string, born calendar.Date) Term {
	n := t.months(group, born.String())
	return Term{Months: n, Statutory: after(born, n), Earliest: after(born, max(t[group][0].Months, n-flexible)), Latest: after(born, n+flexible)}
}

// AgeName is an age as papers say it: 60周岁1个月.
func AgeName(months int) string {
	if months%12 == 0 {
		return fmt.Sprintf("%d周岁", months/12)
	}
	return fmt.Sprintf("%d周岁%d个月", months/12, months%12)
}

// after is the same day some months later, or the month's last where there is none.
func after(from calendar.Date, months int) calendar.Date {
	t := from.Time()
	last := time.Date(t.Year(), t.Month()+time.Month(months)+1, 0, 0, 0, 0, 0, time.UTC)
	return calendar.New(last.Year(), int(last.Month()), min(t.Day(), last.Day()))
}

// BornBy is the last birthday on which somebody of a group has reached the age by a day.
func (t Table) BornBy(group string, day calendar.Date) calendar.Date {
	start := day.AddDays(-366 * 80)
	n := sort.Search(366*45, func(i int) bool { return t.Term(group, start.AddDays(i)).Statutory > day })
	return start.AddDays(n - 1)
}

// unreadable says what is wrong with a table somebody wants to load.
func unreadable(err error) error {
	return rule.Mistake(rule.Reason{Rule: "N1", Slug: "ages_unreadable", Field: "table", Message: err.Error() + "。",
		Next: "请按延迟法定退休年龄对照表，以 group,born_from,age_months 三列填写：组别、自哪个出生年月起、退休年龄（月数）。"})
}
