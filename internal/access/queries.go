package access

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/paper"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
	"dangan/internal/work"
)

// readers of cases, as consultation.read of access.cedar names them.
var readingPosts = []string{"clerk", "reviewer", "keeper", "head", "supervisor"}

// scope is the SQL predicate over consultations that holds exactly for the cases
// the policies let an actor read.
func scope(actor policy.Actor) (string, []any) {
	return dossier.CaseScope(actor, "consultation", readingPosts...)
}

// Line is a case in the list, with whose dossier it is.
type Line struct {
	Case
	PersonName, DossierNo string
}

// Filter narrows the list.
type Filter struct {
	States    []State
	DossierID string
	Text      string // number, unit, or name, pinyin, initials of the person
	After     string // cursor
	Limit     int
}

// Cursor is where the list goes on after a line.
func (l Line) Cursor() string {
	return strconv.FormatInt(l.ChangedAt.UnixMicro(), 10) + "." + l.ID
}

// List lists cases in the actor's scope, the last changed first; one more than
// Limit when there are more.
func (k *Desk) List(ctx context.Context, actor policy.Actor, f Filter) ([]Line, error) {
	where, args := scope(actor)
	if len(f.States) > 0 {
		where += " AND state IN (" + store.Marks(len(f.States)) + ")"
		args = append(args, store.Args(f.States)...)
	}
	if f.DossierID != "" {
		where, args = where+" AND dossier_id=?", append(args, f.DossierID)
	}
	if text := strings.ToLower(strings.TrimSpace(f.Text)); text != "" {
		like := strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(text) + "%"
		// Asked case by case: there are some hundred cases and millions of search keys.
		where += ` AND (no=? OR unit LIKE ? ESCAPE '\' OR EXISTS (SELECT 1 FROM name_key n WHERE n.dossier_id=consultation.dossier_id AND n.key>=? AND n.key<?)
 OR EXISTS (SELECT 1 FROM dossier d WHERE d.id=consultation.dossier_id AND d.no=?))`
		args = append(args, strings.ToUpper(text), "%"+like, text, text+"\U0010ffff", strings.ToUpper(text))
	}
	if at, id, ok := strings.Cut(f.After, "."); ok {
		micro, err := strconv.ParseInt(at, 10, 64)
		if err != nil {
			return nil, rule.Mistake(reason("21.3", "cursor_invalid", "after", "翻页位置无效。", "请从第一页重新载入。"))
		}
		where += " AND (changed_at<? OR (changed_at=? AND id<?))"
		args = append(args, micro, micro, id)
	}
	if len(f.States) == 1 {
		where = dossier.InOrder(actor, "consultation", where)
	}
	list, err := store.List[Case](ctx, k.gate.DB(), "WHERE "+where+" ORDER BY changed_at DESC, id DESC LIMIT ?", append(args, f.Limit+1)...)
	if err != nil {
		return nil, err
	}
	return k.lines(ctx, list)
}

// lines adds names and numbers.
func (k *Desk) lines(ctx context.Context, list []Case) ([]Line, error) {
	ids := make([]string, len(list))
	for i, c := range list {
		ids[i] = c.DossierID
	}
	heads, err := dossier.Heads(ctx, k.gate.DB(), ids)
	if err != nil {
		return nil, err
	}
	out := make([]Line, len(list))
	for i, c := range list {
		out[i] = Line{c, heads[c.DossierID].Name, heads[c.DossierID].No}
	}
	return out, nil
}

// Counts says how many cases of the actor's scope stand in each open state, of as
// many as counting looks at.
func (k *Desk) Counts(ctx context.Context, actor policy.Actor) (map[State]int64, error) {
	where, args := scope(actor)
	rows, err := k.gate.DB().Query(ctx, "SELECT state, COUNT(*) FROM (SELECT state FROM consultation WHERE "+where+" AND state NOT IN ('closed','refused','withdrawn','expired') LIMIT ?) AS c GROUP BY state", append(args, k.gate.DB().CountCap)...)
	if err != nil {
		return nil, fmt.Errorf("count cases: %w", err)
	}
	defer rows.Close()
	out := map[State]int64{}
	for rows.Next() {
		var state string
		var n int64
		if err := rows.Scan(&state, &n); err != nil {
			return nil, err
		}
		out[State(state)] = n
	}
	return out, rows.Err()
}

// Full is a case with everything its page shows.
type Full struct {
	Case
	Dossier  dossier.Dossier
	Person   person.Person
	Readers  []Reader
	Session  *Session
	Came     []Attendance // who came to the desk
	Read     []ReadLine
	Leaves   int64 // pages the screen can show within the scope
	Possible []gate.Possible
}

// Show reads a case for its page. A session whose time is over is closed first.
func (k *Desk) Show(ctx context.Context, actor policy.Actor, id string) (f Full, err error) {
	if err := k.catchUp(ctx, id); err != nil {
		return f, err
	}
	q := k.gate.DB()
	if f.Case, err = Get(ctx, q, id); err != nil {
		return f, err
	}
	if f.Dossier, err = dossier.Get(ctx, q, f.DossierID); err != nil {
		return f, err
	}
	if decision := k.gate.Decide(actor, "consultation.read", f.Resource(f.Dossier)); decision.Hidden {
		return f, gate.ErrHidden
	} else if decision.Refusal != nil {
		return f, decision.Refusal
	}
	if f.Person, err = person.Get(ctx, q, f.Dossier.PersonID); err != nil {
		return f, err
	}
	if f.Readers, err = Readers(ctx, q, id); err != nil {
		return f, err
	}
	s, err := SessionOf(ctx, q, id)
	switch {
	case errors.Is(err, store.ErrNotFound):
	case err != nil:
		return f, err
	default:
		f.Session = &s
		views, err := Views(ctx, q, s.ID)
		if err != nil {
			return f, err
		}
		left, err := Leaves(ctx, q, s.ID)
		if err != nil {
			return f, err
		}
		f.Read = Digest(views, left)
		if f.Came, err = attendances(ctx, q, s.ID); err != nil {
			return f, err
		}
	}
	if f.Leaves, err = leaves(ctx, q, f.Case); err != nil {
		return f, err
	}
	f.Possible = k.possible(actor, f)
	return f, nil
}

// possible asks the policies and the state machine what this actor may do now.
func (k *Desk) possible(actor policy.Actor, f Full) []gate.Possible {
	c, now := f.Case, k.gate.Now()
	today := k.gate.Today()
	try := func(fn func(c *Case) error) error { x := c; return fn(&x) }
	whole := Grant{Kind: Whole, Minutes: k.Limits().Minutes, Pages: k.Limits().Pages}
	refusal := []rule.Reason{{Rule: "21a", Message: "依据"}}
	submit := "提交申请"
	if c.State == Incomplete {
		submit = "补正申请"
	}
	acts := []struct {
		action, label string
		primary       []State
		hindered      error
	}{
		{"consultation.submit", submit, []State{Draft, Incomplete}, either(c.step("提交申请", Draft, Incomplete), c.readable(f.Leaves, f.Dossier))},
		{"consultation.edit", "更改申请", nil, c.step("更改申请", Draft)},
		{"consultation.check", "核对原件", []State{Checking}, c.step("核对原件", Checking)},
		{"consultation.approve", "准予查阅", []State{Approving},
			either(try(func(x *Case) error { return x.Approve("", now, whole, k.Limits(), k.gate.Calendar()) }), c.readable(f.Leaves, f.Dossier))},
		{"consultation.onpaper", "改查原件", nil, either(c.step("改为纸质原件", Checking, Approving, Heading), try((*Case).OnPaper))},
		{"consultation.confirm", "负责人批准", []State{Heading, Ready}, try(func(x *Case) error {
			x.NeedsHead = x.NeedsHead || Level(f.Dossier, x.Purpose)
			return x.Confirm("", now, "", k.gate.Calendar())
		})},
		{"consultation.refuse", "告知不予查阅", nil, try(func(x *Case) error { return x.Refuse(now, refusal) })},
		{"reading.open", "开始查阅", []State{Ready}, either(c.mayStart(f.Dossier, today.String()), c.readable(f.Leaves, f.Dossier))},
		{"reading.end", "结束查阅", []State{Reading}, c.step("结束查阅", Reading)},
		{"consultation.withdraw", "撤回申请", nil, try(func(x *Case) error { return x.Withdraw(now, "撤回") })},
	}
	var out []gate.Possible
	for _, a := range acts {
		// A step that is past or far ahead is no hindrance; that reading waits for its
		// turn is what people ask about.
		if outOfOrder(a.hindered) && (a.action != "reading.open" || !c.State.Open() || c.State == Reading) {
			continue
		}
		p, ok := k.gate.Possible(actor, a.action, a.label, c.Resource(f.Dossier), a.hindered)
		if !ok {
			continue
		}
		if a.action == "consultation.onpaper" && p.Refusal != nil && f.Leaves > 0 {
			continue // a choice of the clerk's, and no hindrance to anybody else
		}
		p.Primary = slices.Contains(a.primary, c.State)
		out = append(out, p)
	}
	return out
}

// either is the first of two hindrances.
func either(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

func outOfOrder(err error) bool {
	var r *rule.Refusal
	return errors.As(err, &r) && r.Reasons[0].Slug == "step_out_of_order"
}

// mayStart is Start with what stands in the way at the desk.
func (c Case) mayStart(d dossier.Dossier, today string) error {
	if err := c.step("开始查阅", Ready); err != nil {
		return err
	}
	if Level(d, c.Purpose) && c.HeadBy == "" {
		return rule.Refuse(headMissing())
	}
	if c.Way == Paper && d.Place != dossier.PlaceReading {
		return rule.Refuse(reason("21.4", "packet_not_here", "", "档案原件尚未送到阅档室。", "请库管提档并交接到阅档室。"))
	}
	if c.ValidUntil < today {
		return rule.Refuse(reason("21.4", "approval_expired", "", "查阅批准已到期。", "请查阅单位重新申请。"))
	}
	return nil
}

// ReadLine is one material of what was read.
type ReadLine struct {
	MaterialID string
	Class      string
	Title      string
	What       string // 第1、2页, 纸质
	Kind       string
	Pages      int64 // different ones
	First      time.Time
	Shown      time.Duration // how long its pages stood on the screen; 0 of paper
}

// Digest gathers what was read by material, in the order it was first read; left says when
// each page left the screen.
func Digest(views []View, left map[string]time.Time) []ReadLine {
	var out []ReadLine
	at := map[string]int{}
	pages := map[string][]string{}
	for _, v := range views {
		key := v.Kind + v.MaterialID
		if v.MaterialID == "" {
			key = v.Kind + v.ID
		}
		i, seen := at[key]
		if !seen {
			i = len(out)
			at[key] = i
			out = append(out, ReadLine{MaterialID: v.MaterialID, Class: v.Class, Title: v.Title, Kind: v.Kind, What: "纸质", First: v.At})
		}
		if v.Kind == Paper {
			out[i].Pages += v.Pages
			continue
		}
		if end, ok := left[v.ID]; ok {
			out[i].Shown += end.Sub(v.At)
		}
		if no := strconv.FormatInt(v.PageNo, 10); !slices.Contains(pages[key], no) {
			pages[key] = append(pages[key], no)
			out[i].Pages++
		}
		out[i].What = "第" + strings.Join(pages[key], "、") + "页"
	}
	return out
}

// Leafing is a material as the reading view lists it.
type Leafing struct {
	dossier.Material
	Leaves []int64 // its pages that can be shown on the screen
	Viewed []int64 // pages read in this session
	Ticked bool    // read on paper
}

// Desktop is what the reading view draws: the session, the readers, and of the
// catalog what is open to them. Closed and secret pieces are not on it.
type Desktop struct {
	Full
	Catalog []Leafing
}

// Table opens the reading view for the monitor's terminal. Without a session that
// is open there is none.
func (k *Desk) Table(ctx context.Context, monitor policy.Actor, caseID string) (t Desktop, err error) {
	if t.Full, err = k.Show(ctx, monitor, caseID); err != nil {
		return t, err
	}
	at, err := k.desk(ctx, monitor, caseID)
	if err != nil {
		return t, err
	}
	if s := at.session; !s.EndedAt.IsZero() {
		return t, s.Readable(k.gate.Now(), true)
	}
	list, err := store.List[dossier.Material](ctx, k.gate.DB(), "WHERE dossier_id=? AND state=? ORDER BY class, seq LIMIT 2000", t.DossierID, string(dossier.Filed))
	if err != nil {
		return t, err
	}
	slices.SortStableFunc(list, func(a, b dossier.Material) int { return codes.ClassOrder(a.Class) - codes.ClassOrder(b.Class) })
	views, err := Views(ctx, k.gate.DB(), at.session.ID)
	if err != nil {
		return t, err
	}
	scans := map[string][]int64{}
	if err := eachScanned(ctx, k.gate.DB(), t.DossierID, func(m dossier.Material, no int64) { scans[m.ID] = append(scans[m.ID], no) }); err != nil {
		return t, err
	}
	for _, m := range list {
		if !t.Covers(m) {
			continue // neither title nor number nor count: readers don't learn that it is there (15, 21.3)
		}
		l := Leafing{Material: m, Leaves: scans[m.ID]}
		for _, v := range views {
			switch {
			case v.MaterialID != m.ID:
			case v.Kind == Paper:
				l.Ticked = true
			case !slices.Contains(l.Viewed, v.PageNo):
				l.Viewed = append(l.Viewed, v.PageNo)
			}
		}
		t.Catalog = append(t.Catalog, l)
	}
	return t, nil
}

// OpenReading is the number of the session in which a dossier is being read, ""
// if none: it keeps a dossier from leaving (20.2a).
func OpenReading(ctx context.Context, q store.Querier, dossierID string) (string, error) {
	s, err := store.Get[Session](ctx, q, "WHERE dossier_id=? AND ended_at IS NULL", dossierID)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	return s.No, err
}

var tones = map[State]string{
	Draft: "plain", Ready: "plain", Checking: "run", Approving: "run", Heading: "run", Reading: "run", Incomplete: "wait",
	Closed: "done", Refused: "bad", Withdrawn: "void", Expired: "void",
}

// Tone is how a state looks (design/README, Color).
func (s State) Tone() string { return tones[s] }

// Cases lists the consultations of a dossier for its page.
func (k *Desk) Cases(ctx context.Context, q store.Querier, actor policy.Actor, dossierID string) ([]dossier.Case, error) {
	where, args := scope(actor)
	list, err := store.List[Case](ctx, q, "WHERE "+where+" AND dossier_id=? ORDER BY applied_at DESC, id DESC LIMIT 50", append(args, dossierID)...)
	if err != nil {
		return nil, err
	}
	out := make([]dossier.Case, len(list))
	for i, c := range list {
		out[i] = dossier.Case{Ref: c.Ref(), Room: "access", Kind: "查阅", No: c.No, State: string(c.State), StateName: c.State.Name(), Tone: c.State.Tone(),
			Since: calendar.Of(c.AppliedAt).String(), DueOn: c.DueOn(), Note: c.Unit, Link: "/consultations/" + c.ID, Open: c.State.Open()}
	}
	return out, nil
}

// DueOn is the day until which a case waits, empty when it does not.
func (c Case) DueOn() string {
	switch c.State {
	case Ready:
		return c.ValidUntil
	case Incomplete:
		return c.ToldDue
	}
	return ""
}

// Work lists what waits for an actor's posts.
func (k *Desk) Work(ctx context.Context, actor policy.Actor) ([]work.Item, error) {
	if actor.Kind != policy.Staff {
		return nil, nil
	}
	type want struct {
		state              State
		post, todo, action string
		lane               string
	}
	wants := []want{
		{Draft, "clerk", "补全并提交申请", "办理", work.Todo}, {Checking, "clerk", "核对介绍信、证件原件", "核对", work.Todo},
		{Incomplete, "clerk", "等待查阅单位补正", "查看", work.Sent}, {Ready, "clerk", "查阅人到场后开始查阅", "开始查阅", work.Todo},
		{Reading, "clerk", "正在查阅，监阅至结束", "监阅", work.Todo}, {Ready, "keeper", "查阅人到场后开始查阅", "开始查阅", work.Todo},
		{Approving, "reviewer", "审批查阅申请", "审批", work.Todo}, {Heading, "head", "从严查阅，负责人批准", "批准", work.Todo},
	}
	own, args := scope(actor)
	var out []work.Item
	done := map[State]bool{}
	for _, w := range wants {
		if !actor.Has(w.post) || done[w.state] {
			continue
		}
		done[w.state] = true
		where, with := own+" AND state=?", append(slices.Clone(args), string(w.state))
		switch w.state {
		case Draft:
			where, with = where+" AND applied_by=?", append(with, actor.ID)
		case Approving:
			where, with = where+" AND applied_by<>? AND COALESCE(checked_by,'')<>?", append(with, actor.ID, actor.ID)
		case Heading:
			where, with = where+" AND applied_by<>? AND COALESCE(approved_by,'')<>?", append(with, actor.ID, actor.ID)
		}
		list, err := store.List[Case](ctx, k.gate.DB(), "WHERE "+where+" ORDER BY changed_at, id LIMIT 100", with...)
		if err != nil {
			return nil, err
		}
		lines, err := k.lines(ctx, list)
		if err != nil {
			return nil, err
		}
		for _, l := range lines {
			i := work.Item{Room: "access", Kind: "查阅", Subject: l.PersonName, SubjectNote: l.Unit, DossierID: l.DossierID, Todo: w.todo, Link: "/consultations/" + l.ID, Action: w.action,
				DueOn: l.DueOn(), Lane: w.lane, Since: l.ChangedAt}
			if i.DueOn != "" {
				i.Basis, i.Tentative = work.Agreed, l.State == Ready && l.ValidTentative
			}
			out = append(out, i)
		}
	}
	slices.SortStableFunc(out, func(a, b work.Item) int { return strings.Compare(dueLast(a.DueOn), dueLast(b.DueOn)) })
	return out, nil
}

func dueLast(due string) string {
	if due == "" {
		return "9999"
	}
	return due
}

// AskedClasses lists the classes asked for, none for the whole dossier.
func (c Case) AskedClasses() []string {
	if c.AskedKind != Classes {
		return []string{}
	}
	return strings.Split(c.Asked, "|")
}

// Formed is when a material was formed, as far as known.
func Formed(m dossier.Material) string {
	return paper.PartialDate(int(m.FormedYear), int(m.FormedMonth), int(m.FormedDay))
}

// Finished counts the readings that ended.
func (k *Desk) Finished(ctx context.Context, actor policy.Actor, from, until time.Time) ([]work.Tally, error) {
	where, args := scope(actor)
	if where == "1=0" {
		return nil, nil
	}
	t, err := work.CountOnTime(ctx, k.gate.DB(), work.Consulted, "closed_at", "NULL",
		"consultation WHERE "+where+" AND state=? AND closed_at>=? AND closed_at<?", append(args, string(Closed), from.UnixMicro(), until.UnixMicro())...)
	return []work.Tally{t}, err
}

// Parts lists the consultations an actor has a part in that changed since a moment.
func (k *Desk) Parts(ctx context.Context, actor policy.Actor, since time.Time) ([]work.Part, error) {
	where, args := scope(actor)
	list, err := store.List[Case](ctx, k.gate.DB(), "WHERE "+where+" AND changed_at>=? AND (applied_by=? OR checked_by=? OR approved_by=? OR head_by=?) ORDER BY changed_at DESC, id DESC LIMIT 40",
		append(args, since.UnixMicro(), actor.ID, actor.ID, actor.ID, actor.ID)...)
	if err != nil {
		return nil, err
	}
	lines, err := k.lines(ctx, list)
	if err != nil {
		return nil, err
	}
	out := make([]work.Part, len(lines))
	for i, l := range lines {
		out[i] = work.Part{Ref: l.Ref(), Kind: "查阅", Subject: l.PersonName, Link: "/consultations/" + l.ID}
	}
	return out, nil
}
