package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/ledger"
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
	Chase       bool   `json:"chase,omitempty" doc:"现在可以催办"`
}

// WeekLine is what was finished of one kind of business, this week and last.
type WeekLine struct {
	Kind   string `json:"kind"`
	Now    int    `json:"now" doc:"本周"`
	Before int    `json:"before" doc:"上周"`
	Termed int    `json:"termed" doc:"两周办结中有期限的"`
	OnTime int    `json:"onTime" doc:"其中按时的"`
}

// WeekView is 本周办结.
type WeekView struct {
	From  string     `json:"from" doc:"本周一"`
	Until string     `json:"until" doc:"本周五"`
	Lines []WeekLine `json:"lines" nullable:"false"`
}

// NoticeView is one thing that another person did to a case of the asker's.
type NoticeView struct {
	At      time.Time `json:"at"`
	Kind    string    `json:"kind"`
	Subject string    `json:"subject"`
	What    string    `json:"what"`
	By      string    `json:"by"`
	Link    string    `json:"link"`
	Entry   string    `json:"entry"`
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
	Chase  int         `json:"chase" doc:"已发出、今天可以催办的件数"`
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
			if i.Chase {
				v.Chase++
			}
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
	route(s, op("workWeek", http.MethodGet, "/work/week", "本周办结", "工作"), func(ctx context.Context, _ *struct{}) (*Body[WeekView], error) {
		v, err := s.week(ctx, actor(ctx))
		return &Body[WeekView]{Body: v}, err
	})
	route(s, op("workNotices", http.MethodGet, "/work/notices", "通知：他人对本人经手事项的办理", "工作"), func(ctx context.Context, _ *struct{}) (*Body[[]NoticeView], error) {
		v, err := s.notices(ctx, actor(ctx))
		return &Body[[]NoticeView]{Body: v}, err
	})
	route(s, op("chaseAll", http.MethodPost, "/work/chase", "全部催办", "工作"), func(ctx context.Context, _ *struct{}) (*Body[ChasedView], error) {
		asked, refused, err := s.Transfers.ChaseAll(ctx, actor(ctx))
		if err != nil {
			return nil, err
		}
		return &Body[ChasedView]{Body: ChasedView{asked, len(refused)}}, nil
	})
}

// ChasedView says what became of 全部催办.
type ChasedView struct {
	Asked   int `json:"asked" doc:"已催办"`
	Refused int `json:"refused" doc:"未催办：状态已变化等"`
}

// week counts what was finished from Monday on, and in the week before.
func (s *Server) week(ctx context.Context, by policy.Actor) (WeekView, error) {
	today := s.Gate.Today()
	monday := today.AddDays(-(int(today.Time().Weekday()) + 6) % 7)
	v := WeekView{From: monday.String(), Until: monday.AddDays(4).String(), Lines: []WeekLine{}}
	for _, source := range s.Finished {
		now, err := source(ctx, by, monday.Moment(), monday.AddDays(7).Moment())
		if err != nil {
			return v, err
		}
		before, err := source(ctx, by, monday.AddDays(-7).Moment(), monday.Moment())
		if err != nil {
			return v, err
		}
		for i, t := range now {
			v.Lines = append(v.Lines, WeekLine{t.Kind, t.Done, before[i].Done, t.Termed + before[i].Termed, t.OnTime + before[i].OnTime})
		}
	}
	return v, nil
}

// noticeDays is how far back what others did is told; noticeMost is how much of it.
const (
	noticeDays = 7
	noticeMost = 8
)

// notices lists what others did to the cases an actor has a part in, newest first.
func (s *Server) notices(ctx context.Context, by policy.Actor) ([]NoticeView, error) {
	since := s.Gate.Today().AddDays(-noticeDays).Moment()
	parts := map[string]work.Part{}
	var refs []string
	for _, source := range s.Parts {
		list, err := source(ctx, by, since)
		if err != nil {
			return nil, err
		}
		for _, p := range list {
			parts[p.Ref] = p
			refs = append(refs, p.Ref)
		}
	}
	entries, err := ledger.AboutAny(ctx, s.DB, refs, 200)
	if err != nil {
		return nil, err
	}
	out := []NoticeView{}
	name := s.names(ctx)
	for _, e := range entries {
		body, err := e.Parse()
		if err != nil {
			return nil, err
		}
		if body.Actor == by.ID || body.Outcome != ledger.Done || body.Time().Before(since) || !told(body.Action) {
			continue
		}
		subjects, err := e.Subjects()
		if err != nil {
			return nil, err
		}
		for _, ref := range append([]string{body.On}, subjects...) {
			if p, mine := parts[ref]; mine {
				out = append(out, NoticeView{At: body.Time(), Kind: p.Kind, Subject: p.Subject, What: dossier.ActName(body.Action), By: name(body.Actor), Link: p.Link, Entry: e.ID})
				break
			}
		}
	}
	slices.SortStableFunc(out, func(a, b NoticeView) int { return b.At.Compare(a.At) })
	return out[:min(len(out), noticeMost)], nil
}

// told: that somebody looked at a case, or saved a draft, is no news to those who handle it.
func told(action string) bool {
	_, what, _ := strings.Cut(action, ".")
	return what != "read" && what != "draft" && what != "recount" && !strings.HasPrefix(action, "reading.") && !strings.HasPrefix(action, "document.")
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
		Due: s.due(i.DueOn, i.Tentative, i.Basis), Chase: i.Chase}
	if !i.Since.IsZero() {
		out.Waited = max(0, s.Gate.Calendar().Workdays(calendar.Of(i.Since), s.Gate.Today()))
	}
	return out
}

// menuCounts counts the open to-dos: "work" all of them, each room its own; and what the
// inbox holds unread.
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
	unread, err := s.Messages.Unread(ctx, by)
	if err != nil {
		return nil, err
	}
	counts["inbox"] = int(unread)
	return counts, nil
}
