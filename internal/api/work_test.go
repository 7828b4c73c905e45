package api

import (
	"context"
	"testing"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/clock"
	"dangan/internal/gate"
	"dangan/internal/instance"
	"dangan/internal/policy"
	"dangan/internal/staff"
	"dangan/internal/work"
)

// The first page: overdue before near before the rest, days counted as working
// days, and nobody sees another post's work but those who distribute it.
func TestWork(t *testing.T) {
	now := clock.NewManual(time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)) // Monday
	items := []work.Item{
		{Room: "dossier", Subject: "无期限", Lane: work.Todo, Since: now.Now().AddDate(0, 0, -10)},
		{Room: "transfer", Subject: "周五到期", DueOn: "2026-11-20", Basis: "20.2b", Lane: work.Todo},
		{Room: "transfer", Subject: "周六到期", DueOn: "2026-11-21", Basis: work.Agreed, Lane: work.Todo},
		{Room: "access", Subject: "今天", DueOn: "2026-11-23", Basis: work.Promise, Lane: work.Todo},
		{Room: "access", Subject: "周四", DueOn: "2026-11-26", Basis: work.Promise, Lane: work.Todo},
		{Room: "access", Subject: "下周五", DueOn: "2026-12-04", Basis: "13a", Lane: work.Todo},
		{Room: "transfer", Subject: "明年", DueOn: "2027-01-06", Tentative: true, Basis: "13a", Lane: work.Todo},
		{Room: "transfer", Subject: "调档函", DueOn: "2026-11-20", Lane: work.Sent},
	}
	source := func(_ context.Context, by policy.Actor) ([]work.Item, error) {
		if !by.Has(staff.Clerk) {
			return nil, nil
		}
		return items, nil
	}
	s := &Server{Instance: &instance.Instance{Config: instance.Config{Clock: now}, Gate: gate.New(gate.Config{Clock: now}), Work: []work.Source{source}}}
	clerk := policy.Actor{Posts: []string{staff.Clerk}}
	all, err := s.waiting(t.Context(), clerk)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]struct {
		subjects []string
		left     []int
	}{
		"overdue": {[]string{"周五到期", "周六到期"}, []int{-1, -1}},
		"soon":    {[]string{"今天", "周四"}, []int{0, 3}},
		"other":   {[]string{"下周五", "明年", "无期限"}, []int{9, calendar.Default().Workdays("2026-11-23", "2027-01-06"), 0}},
	}
	groups := s.urgency(lane(all, work.Todo))
	if len(groups) != 3 {
		t.Fatalf("%d groups", len(groups))
	}
	for _, g := range groups {
		for i, item := range g.Items {
			if item.Subject != want[g.Key].subjects[i] {
				t.Errorf("%s %d: %s, want %s", g.Key, i, item.Subject, want[g.Key].subjects[i])
			}
			if item.Due != nil && item.Due.Left != want[g.Key].left[i] {
				t.Errorf("%s: %d days left, want %d", item.Subject, item.Due.Left, want[g.Key].left[i])
			}
		}
	}
	if d := groups[0].Items[0].Due; d.Clause != "第二十条（二）" || d.Word != "" {
		t.Errorf("statutory term shown as %+v", d)
	}
	if d := groups[0].Items[1].Due; d.Clause != "" || d.Word != work.Agreed {
		t.Errorf("agreed term shown as %+v", d)
	}
	counts, err := s.menuCounts(t.Context(), clerk)
	if err != nil || counts["work"] != 7 || counts["transfer"] != 3 || counts["access"] != 3 {
		t.Errorf("counts %v %v", counts, err)
	}
	if counts, _ = s.menuCounts(t.Context(), policy.Actor{Posts: []string{staff.Keeper}}); counts["work"] != 0 {
		t.Errorf("keeper counts %v", counts)
	}
	if !seesOffice(policy.Actor{Posts: []string{staff.Head}}) || seesOffice(policy.Actor{Posts: []string{staff.SysAdmin}}) {
		t.Error("who sees the office's work")
	}
}
