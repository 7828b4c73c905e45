package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"dangan/internal/calendar"
	"dangan/internal/policy"
	"dangan/internal/staff"
	"dangan/internal/work"
)

func init() { capabilities = append(capabilities, (*Server).workRoutes) }

// WorkItem is one thing that waits, as the first page shows it.
type WorkItem struct {
	Room        string `json:"room"`
	Kind        string `json:"kind" doc:"事项，如 转递·转出"`
	Subject     string `json:"subject"`
	SubjectNote string `json:"subjectNote,omitempty"`
	DossierID   string `json:"dossierId,omitempty"`
	Todo        string `json:"todo"`
	Link        string `json:"link"`
	Action      string `json:"action"`
	Due         *Due   `json:"due,omitempty"`
	Waited      int    `json:"waited" doc:"已等工作日"`
}

// WorkGroup holds the items of one urgency, the most urgent first.
type WorkGroup struct {
	Key   string     `json:"key" enum:"overdue,soon,other"`
	Items []WorkItem `json:"items" nullable:"false"`
}

// WorkView is the first page of a member of staff.
type WorkView struct {
	Today  string      `json:"today"`
	Groups []WorkGroup `json:"groups" nullable:"false"`
	Sent   []WorkItem  `json:"sent" nullable:"false"`
	Counts struct {
		Todo int `json:"todo"`
		Sent int `json:"sent"`
		All  int `json:"all" doc:"本机构全部待办；无权查看时为 0"`
	} `json:"counts"`
}

// soonDays is from when on a term is shown as near: issue of the first page, 3 working days.
const soonDays = 3

// officePosts are the posts of one agency's office; those who distribute its work see all of it.
var officePosts = []string{staff.Clerk, staff.Reviewer, staff.Keeper, staff.Scanner, staff.Head}

func (s *Server) workRoutes() {
	route(s, op("work", http.MethodGet, "/work", "我的工作", "工作"), func(ctx context.Context, in *struct {
		Lane string `query:"lane" enum:"todo,all" default:"todo" doc:"todo 等我办理；all 本科室全部"`
	}) (*Body[WorkView], error) {
		by := actor(ctx)
		mine, err := s.waiting(ctx, by)
		if err != nil {
			return nil, err
		}
		everything := mine
		if seesOffice(by) {
			all := by
			all.Posts = officePosts
			if everything, err = s.waiting(ctx, all); err != nil {
				return nil, err
			}
		}
		out := &Body[WorkView]{}
		v := &out.Body
		v.Today = string(s.Gate.Today())
		v.Sent = []WorkItem{}
		todo := lane(mine, work.Todo)
		for _, i := range lane(mine, work.Sent) {
			v.Sent = append(v.Sent, s.workItem(i))
		}
		v.Counts.Todo, v.Counts.Sent = len(todo), len(v.Sent)
		if seesOffice(by) {
			v.Counts.All = len(lane(everything, work.Todo))
		}
		if in.Lane == "all" && seesOffice(by) {
			todo = lane(everything, work.Todo)
		}
		v.Groups = s.urgency(todo)
		return out, nil
	})
}

// seesOffice: who serves the counter, reviews or heads the office may look at all of its open work.
func seesOffice(by policy.Actor) bool {
	return by.Has(staff.Clerk) || by.Has(staff.Reviewer) || by.Has(staff.Head)
}

// waiting asks every room what waits for an actor, ordered by due day; without one, by age.
func (s *Server) waiting(ctx context.Context, by policy.Actor) ([]work.Item, error) {
	var all []work.Item
	for _, source := range s.Work {
		items, err := source(ctx, by)
		if err != nil {
			return nil, fmt.Errorf("list waiting work: %w", err)
		}
		all = append(all, items...)
	}
	slices.SortStableFunc(all, func(a, b work.Item) int {
		if a.DueOn == "" || b.DueOn == "" {
			// An item without a term comes after those with one.
			if c := strings.Compare(b.DueOn, a.DueOn); c != 0 {
				return c
			}
			return a.Since.Compare(b.Since)
		}
		return strings.Compare(a.DueOn, b.DueOn)
	})
	return all, nil
}

func lane(all []work.Item, which string) []work.Item {
	var out []work.Item
	for _, i := range all {
		if i.Lane == which {
			out = append(out, i)
		}
	}
	return out
}

// urgency groups by working days left; empty groups are left out.
func (s *Server) urgency(items []work.Item) []WorkGroup {
	groups := []WorkGroup{{Key: "overdue"}, {Key: "soon"}, {Key: "other"}}
	for _, i := range items {
		shown := s.workItem(i)
		at := 2
		switch {
		case shown.Due == nil:
		case shown.Due.Left < 0:
			at = 0
		case shown.Due.Left <= soonDays:
			at = 1
		}
		groups[at].Items = append(groups[at].Items, shown)
	}
	return slices.DeleteFunc(groups, func(g WorkGroup) bool { return len(g.Items) == 0 })
}

func (s *Server) workItem(i work.Item) WorkItem {
	out := WorkItem{Room: i.Room, Kind: i.Kind, Subject: i.Subject, SubjectNote: i.SubjectNote, DossierID: i.DossierID, Todo: i.Todo, Link: i.Link, Action: i.Action,
		Due: s.due(i.DueOn, i.Tentative, i.Basis)}
	if !i.Since.IsZero() {
		out.Waited = max(0, s.Gate.Calendar().Workdays(calendar.Of(i.Since), s.Gate.Today()))
	}
	return out
}

// menuCounts counts the open to-dos: "work" all of them, each room its own.
func (s *Server) menuCounts(ctx context.Context, by policy.Actor) (map[string]int, error) {
	counts := map[string]int{}
	items, err := s.waiting(ctx, by)
	if err != nil {
		return nil, err
	}
	for _, i := range lane(items, work.Todo) {
		counts["work"]++
		counts[i.Room]++
	}
	return counts, nil
}
