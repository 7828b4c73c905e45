package dossier

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Kinds of what the intervals of a history show. They are named, never filled in.
const (
	IntervalGap     = "gap"     // 无记载
	IntervalOverlap = "overlap" // two posts at the same time
	IntervalStudy   = "study"   // study and work at the same time
)

// silentMonths is how long a history may be silent before it is named (materials.md 3.6).
const silentMonths = 3

// Interval is a gap or an overlap of the recorded history (20.4, 23).
type Interval struct {
	Kind     string
	From, To string // first and last month of it
	Months   int
	Between  []string // the units it lies between, or that overlap
}

var intervalNames = map[string]string{IntervalGap: "无记载", IntervalOverlap: "工作经历重叠", IntervalStudy: "学习与工作同期"}

// Name is the kind as papers say it.
func (i Interval) Name() string { return intervalNames[i.Kind] }

// Text says the interval in one line.
func (i Interval) Text() string {
	return fmt.Sprintf("%s—%s，%d 个月：%s", dots(i.From), dots(i.To), i.Months, strings.Join(i.Between, "；"))
}

func monthNo(m string) int {
	year, month, _ := strings.Cut(m, "-")
	y, _ := strconv.Atoi(year)
	n, _ := strconv.Atoi(month)
	return y*12 + n - 1
}

func monthOf(n int) string { return fmt.Sprintf("%04d-%02d", n/12, n%12+1) }

// Intervals names the gaps and overlaps of a history up to a month (2026-11). A
// month that two periods share as the last of one and the first of the other is no
// overlap, and the same spell recorded by two materials isn't one either.
func Intervals(periods []Period, until string) []Interval {
	type span struct {
		from, to int
		p        Period
	}
	var spans []span
	end := monthNo(until)
	for _, p := range periods {
		s := span{monthNo(p.FromMonth), end, p}
		if p.ToMonth != "" {
			s.to = monthNo(p.ToMonth)
		}
		if p.Void == "" && s.from <= s.to {
			spans = append(spans, s)
		}
	}
	slices.SortStableFunc(spans, func(a, b span) int { return cmp.Or(a.from-b.from, a.to-b.to) })
	var out []Interval
	for i, s := range spans {
		if i == 0 {
			continue
		}
		last := spans[0] // the one of those before that reaches farthest
		for _, before := range spans[1:i] {
			if before.to > last.to {
				last = before
			}
		}
		if n := s.from - last.to - 1; n > silentMonths {
			out = append(out, Interval{IntervalGap, monthOf(last.to + 1), monthOf(s.from - 1), n, []string{last.p.Unit + "之后", s.p.Unit + "之前"}})
		}
	}
	if len(spans) > 0 {
		last := slices.MaxFunc(spans, func(a, b span) int { return a.to - b.to })
		if n := end - last.to; n > silentMonths {
			out = append(out, Interval{IntervalGap, monthOf(last.to + 1), until, n, []string{last.p.Unit + "之后至今"}})
		}
	}
	for i, a := range spans {
		for _, b := range spans[i+1:] {
			shared := min(a.to, b.to) - b.from + 1
			if shared <= 1 || a.p.Unit == b.p.Unit || a.p.Kind == Study && b.p.Kind == Study {
				continue
			}
			kind := IntervalOverlap
			if a.p.Kind == Study || b.p.Kind == Study {
				kind = IntervalStudy
			}
			out = append(out, Interval{kind, monthOf(b.from), monthOf(b.from + shared - 1), shared, []string{a.p.Unit, b.p.Unit}})
		}
	}
	slices.SortStableFunc(out, func(a, b Interval) int { return strings.Compare(a.From, b.From) })
	return out
}
