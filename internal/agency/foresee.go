package agency

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/region"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Open is what a room holds or has under way at an agency: 转递 3 件.
type Open struct {
	Name string
	Unit string
	N    int64
	More bool   // at least so many: counting stopped
	Due  string // the earliest day one of them is due, "" for none
	// Since is the day of the one that waits longest, "" for none, and From what was done on that
	// day: 申请, 登记.
	Since, From string
	Link        string // the room's list, for those who work there
}

// Line is what a room counts for one line of Open: rows of a table, the column of the day they
// are due, if any, the column of the day or moment they came and what that is called, and the
// list where they are seen.
type Line struct{ Name, Unit, Table, Due, Since, From, Link string }

// maxOpen is where counting stops.
const maxOpen = 50_000

type asking struct{}

// knownTo narrows a count to what the actor who asks may know of (15): a number that holds
// a concealed dossier tells of it.
func knownTo(ctx context.Context, table string) (where string, args []any) {
	by, told := ctx.Value(asking{}).(policy.Actor)
	p := store.PlanFor(table)
	if !told || p == nil {
		return "", nil
	}
	columns := p.Names()
	barred := func(column string) string {
		if len(by.Persons) == 0 {
			return ""
		}
		args = append(args, store.Args(by.Persons)...)
		return " AND " + column + " NOT IN (" + store.Marks(len(by.Persons)) + ")"
	}
	switch {
	case slices.Contains(columns, "dossier_id"):
		args = append(args, by.Clearance)
		return " AND (" + table + ".dossier_id IS NULL OR EXISTS (SELECT 1 FROM dossier kd WHERE kd.id=" + table + ".dossier_id AND kd.secrecy<=?" + barred("kd.person_id") + "))", args
	case slices.Contains(columns, "secrecy"):
		args = append(args, by.Clearance)
		where = " AND " + table + ".secrecy<=?"
		if slices.Contains(columns, "person_id") {
			where += barred(table + ".person_id")
		}
		return where, args
	}
	return "", nil
}

// CountOpen counts a room's rows for one line of Open, and finds the earliest day one is due.
func CountOpen(ctx context.Context, q store.Querier, l Line, where string, args ...any) (Open, error) {
	known, more := knownTo(ctx, l.Table)
	args = append(args[:len(args):len(args)], more...)
	n, err := store.Count(ctx, q, fmt.Sprintf("SELECT count(*) FROM (SELECT 1 FROM %s WHERE (%s)%s LIMIT %d) AS n", l.Table, where, known, maxOpen), args...)
	o := Open{Name: l.Name, Unit: l.Unit, N: n, More: n == maxOpen, Link: l.Link}
	if err != nil || n == 0 || o.More {
		return o, err
	}
	first := func(column string) (day string, err error) {
		from := fmt.Sprintf(" FROM %s WHERE (%s)%s", l.Table, where, known)
		if strings.HasSuffix(column, "_at") { // a moment
			at, err := store.Count(ctx, q, fmt.Sprintf("SELECT coalesce(min(%s.%s),0)", l.Table, column)+from, args...)
			if err != nil || at == 0 {
				return "", err
			}
			return calendar.Of(time.UnixMicro(at)).String(), nil
		}
		found, err := store.Texts(ctx, q, fmt.Sprintf("SELECT coalesce(min(%s.%s),'')", l.Table, column)+from, args...)
		if err != nil || len(found) == 0 {
			return "", err
		}
		return found[0], nil
	}
	if l.Due != "" {
		if o.Due, err = first(l.Due); err != nil {
			return o, err
		}
	}
	if l.Since != "" {
		if o.Since, err = first(l.Since); err == nil && o.Since != "" {
			o.From = l.From
		}
	}
	return o, err
}

// Holds lists what an agency holds and has under way, room by room, for those whose
// scope covers it. Numbers only: who may see the cases is the rooms' own question.
func (r *Registry) Holds(ctx context.Context, by policy.Actor, code string) ([]Open, error) {
	a, err := Get(ctx, r.gate.DB(), code)
	if err != nil {
		return nil, err
	}
	if err := r.gate.Allowed(by, "agency.read", a.Resource()); err != nil {
		return nil, err
	}
	return r.open(ctx, by, code)
}

// open counts room by room. Who reads figures only (5) is led nowhere; who sees several agencies
// is led to the part of the list that was counted.
func (r *Registry) open(ctx context.Context, by policy.Actor, code string) ([]Open, error) {
	ctx = context.WithValue(ctx, asking{}, by)
	led := slices.ContainsFunc([]string{"clerk", "reviewer", "keeper", "head", "supervisor"}, by.Has)
	var out []Open
	for _, count := range r.Open {
		o, err := count(ctx, r.gate.DB(), code)
		if err != nil {
			return nil, err
		}
		switch {
		case !led:
			o.Link = ""
		case len(by.Reach) > 1:
			o.Link += "?agency=" + code
		}
		out = append(out, o)
	}
	return out, nil
}

// Foreseen is what a decision would do if it were made now.
type Foreseen struct {
	Against *rule.Refusal // what stands against it, nil for nothing
	Effects []string
	Open    []Open // what the agency holds and has under way
}

// Foresee says what a decision would do, and changes nothing: the same checks as the
// act itself, for whoever may decide.
func (r *Registry) Foresee(ctx context.Context, by policy.Actor, c Change) (f Foreseen, err error) {
	a, err := Get(ctx, r.gate.DB(), c.Agency)
	if err != nil {
		return f, err
	}
	if _, known := changes[c.Kind]; !known || c.Kind == Established {
		return f, rule.Mistake(mistake("5", "kind_unknown", "kind", "没有这种变动。", "请从授权、更名、合并、撤销中选择。"))
	}
	if err := r.gate.Allowed(by, changes[c.Kind].action, a.Resource()); err != nil {
		return f, err
	}
	if f.Open, err = r.open(ctx, by, a.ID); err != nil {
		return f, err
	}
	if c.Kind == Merging && c.Successor == "" || c.Kind == Assigned && c.NewParent == "" {
		return f, nil
	}
	if f.Against, err = r.against(ctx, a, c); err != nil || f.Against != nil {
		return f, err
	}
	tree, err := r.Tree(ctx)
	if err != nil {
		return f, err
	}
	switch {
	case c.Kind == Assigned:
		f.Effects = []string{"由" + tree.Name(a.Parent) + "改由" + tree.Name(c.NewParent) + "主管；档案、工作人员和在办事项不动，待答复的异议、投诉由" + tree.Name(c.NewParent) + "答复。"}
	case c.Kind == Merging && !a.Keeps():
		f.Effects = inherited(a, tree, c.Successor)
	default:
		f.Effects = effects(a, c, tree.Name(c.Successor), f.Open)
	}
	if c.EffectiveOn > r.gate.Today().String() {
		f.Effects = append(f.Effects, "到"+calendar.Date(c.EffectiveOn).Long()+"由系统执行；当日再核对一次，那时有妨碍的不生效，列入作出决定者的待办。")
	}
	return f, nil
}

// effects says in sentences what a decision does to what is under way.
func effects(a Agency, c Change, successor string, open []Open) []string {
	switch c.Kind {
	case Authorized:
		return []string{"有效期内可以新接收档案；在办事项不受影响。"}
	case Renamed:
		return []string{"此后出具的文书使用新名称，已出具的不变；查看以前的日期，仍显示当日的名称。"}
	case Contact:
		return []string{"生效之后出具的文书、办事指南和回执印新的联系方式，已出具的不变；查看以前的日期，仍显示当日的联系方式。"}
	case Closing:
		return []string{"没有档案和在办事项。撤销后不再办理任何业务，机构编码不再使用，沿革仍可查看。"}
	}
	out := []string{}
	for _, o := range open {
		if o.N > 0 {
			out = append(out, fmt.Sprintf("%s %d %s，由%s接续，编号、期限不变。", o.Name, o.N, o.Unit, successor))
		}
	}
	return append(out, a.Name+"的工作人员此后属于"+successor+"；沿革和已出具的文书保持原样。")
}

// inherited says what the merging of an authority does: to the agencies below, to its
// staff, and to whom its division's residents go (7b).
func inherited(a Agency, tree *Tree, successor string) []string {
	to := tree.Name(successor)
	var names []string
	for _, b := range tree.Below(a.ID) {
		if !b.gone() {
			names = append(names, b.Name)
		}
	}
	var out []string
	if len(names) > 0 {
		out = append(out, fmt.Sprintf("下属机构 %d 个（%s）改由%s主管，档案和在办事项不动，编码、编号不变。", len(names), strings.Join(names, "、"), to))
	}
	return append(out, a.Name+"的工作人员此后属于"+to+"，待答复的异议、投诉由"+to+"答复。",
		region.Name(a.Region)+"的户籍、工作单位所在地，此后也由"+to+"所属机构服务（第七条）。",
		"沿革和已出具的文书保持原样；查看以前的日期，仍显示当日的隶属。")
}

// Standing is an agency as it was on a day, from the decisions in force then.
type Standing struct {
	There      bool // it had been set up
	Name       string
	Short      string
	BasisKind  string
	Basis      string
	ValidUntil string
	State      string
	Successor  string
	Parent     string
}

// StandingOn replays an agency's decisions up to a day, oldest first. What was no
// decision of its own (the province's authorities) is as its row says.
func StandingOn(a Agency, history []Change, day string) Standing {
	s := Standing{Name: a.Name, Short: a.Short, State: Active}
	for _, c := range history {
		if c.Agency != a.ID || c.AppliedAt.IsZero() || c.EffectiveOn > day {
			continue
		}
		switch c.Kind {
		case Established, Authorized:
			s.BasisKind, s.Basis, s.ValidUntil = c.Kind, c.Document, c.ValidUntil
			if !a.Keeps() && a.BasisKind == "" {
				s.BasisKind, s.Basis, s.ValidUntil = "", "", ""
			}
			if !s.There {
				s.There, s.Short = true, c.NewShort
			}
		case Renamed:
			if c.NewShort != "" {
				s.Short = c.NewShort
			}
		case Merging:
			s.State, s.Successor = Merged, c.Successor
		case Closing:
			s.State = Closed
		}
	}
	s.Name, s.Parent = NameOn(a, history, day), ParentOn(a, history, day)
	return s
}

// Below lists what stood directly under a node on a day, as it was then, by code.
func (r *Registry) Below(ctx context.Context, code, day string) ([]Agency, error) {
	tree, err := r.Tree(ctx)
	if err != nil {
		return nil, err
	}
	// Who went elsewhere since stood here then.
	gone, err := store.List[Change](ctx, r.gate.DB(), "WHERE old_parent=? AND kind=? AND applied_at IS NOT NULL AND effective_on>? ORDER BY id LIMIT 1000", code, Assigned, day)
	if err != nil {
		return nil, err
	}
	ids := slices.Clone(tree.children[code])
	for _, c := range gone {
		ids = append(ids, c.Agency)
	}
	slices.Sort(ids)
	if ids = slices.Compact(ids); len(ids) == 0 {
		return nil, nil
	}
	changes, err := store.List[Change](ctx, r.gate.DB(), "WHERE agency IN ("+store.Marks(len(ids))+") ORDER BY effective_on, id LIMIT 5000", store.Args(ids)...)
	if err != nil {
		return nil, err
	}
	history := map[string][]Change{}
	for _, c := range changes {
		history[c.Agency] = append(history[c.Agency], c)
	}
	var out []Agency
	for _, id := range ids {
		a := tree.byCode[id]
		then := StandingOn(a, history[id], day)
		if then.Parent != code || !then.There && (a.State != Pending || day < r.gate.Today().String()) {
			continue
		}
		a.Name, a.Short, a.BasisKind, a.Basis, a.ValidUntil = then.Name, then.Short, then.BasisKind, then.Basis, then.ValidUntil
		if then.There {
			a.State, a.Successor = then.State, then.Successor
		}
		out = append(out, a)
	}
	return out, nil
}

// TookIn says whether an agency standing so could take in dossiers on that day (6a).
func (s Standing) TookIn(a Agency, day calendar.Date) bool {
	a.BasisKind, a.Basis, a.ValidUntil, a.State = s.BasisKind, s.Basis, s.ValidUntil, s.State
	return s.There && a.MayTakeIn(day) == nil
}

// Ended says whether an authorization was over on a day.
func (a Agency) Ended(day calendar.Date) bool {
	return a.State == Active && a.BasisKind == Authorized && a.ValidUntil != "" && a.ValidUntil < day.String()
}

// MayEstablish says whether the actor can set up or authorize an agency, for the tree's page.
func (r *Registry) MayEstablish(by policy.Actor) (gate.Possible, bool) {
	return r.gate.Possible(by, "agency.found", "设立或授权", policy.Resource{Type: "Agency", Attrs: map[string]any{"kind": Office}}, nil)
}

// against is what the act's own check refuses, told apart from its failing.
func (r *Registry) against(ctx context.Context, a Agency, c Change) (refused *rule.Refusal, err error) {
	if err = r.check(ctx, r.gate.DB(), a, c); errors.As(err, &refused) {
		err = nil
	}
	return refused, err
}
