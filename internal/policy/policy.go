package policy

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"

	"dangan/internal/rule"

	"github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/types"
)

//go:embed *.cedar
var files embed.FS

// Kinds of actors.
const (
	Staff   = "Staff"   // a person with an account and posts
	Unit    = "Unit"    // an outside organization's session, such as two readers at the desk
	System  = "System"  // the program itself: timers, the first start
	Public  = "Public"  // anybody, unsigned
	Citizen = "Citizen" // the person, signed in

	Requester = "Requester" // a program outside, with a key of its own (N2)
)

// Actor is who acts. Reach holds the agencies the actor's scope covers: the own
// agency for business posts, the subtree for supervising ones.
type Actor struct {
	ID        string   // UUID of the account; "system", "public" for those
	Kind      string   // one of the kinds
	Name      string   // for papers and screens; never in the ledger
	Org       string   // code of the agency or authority the actor belongs to
	Posts     []string // posts in force at this moment, stand-ins included
	Reach     []string // agency and authority codes, sorted
	Clearance int      // highest secrecy the actor may see: 0 none … 4
	Persons   []string // person ids of the actor and of declared kin (10b), sorted
	Attrs     map[string]any
	// Workers are, of a unit's worker who signed in, the ids of the authorizations they act on,
	// by agency (12c): each of Reach has one.
	Workers map[string]string

	// Barred are those of Persons whose dossier is closed to the actor because others were
	// named to know it (15), Named the closed materials the actor was named for.
	Barred, Named []string

	// Session says that the actor is a browser's session, which somebody may have left
	// open: what policies call @fresh asks it for a proof of identity, last given at
	// Proved. Tokens and the console are credentials of their own.
	Session bool
	Proved  time.Time
}

// Has says whether the actor holds a post now.
func (a Actor) Has(post string) bool { return slices.Contains(a.Posts, post) }

// kin are the persons to keep away from because they are the actor's own (10b).
func (a Actor) kin() []string {
	if len(a.Barred) == 0 {
		return a.Persons
	}
	return slices.DeleteFunc(slices.Clone(a.Persons), func(id string) bool { return slices.Contains(a.Barred, id) })
}

// Reaches says whether the actor's scope covers an agency.
func (a Actor) Reaches(agency string) bool {
	_, ok := slices.BinarySearch(a.Reach, agency)
	return ok
}

// Within narrows what an actor sees to one agency of the own scope: to nothing where it is none
// of it, and not at all for "". For lists; who may do what is asked of the whole actor.
func (a Actor) Within(agency string) Actor {
	if agency == "" {
		return a
	}
	if !a.Reaches(agency) {
		a.Reach = nil
		return a
	}
	a.Reach = []string{agency}
	return a
}

// Resource is on what an act is done. Agencies are the ones it belongs to: an
// actor whose reach covers none of them may not even know that it exists.
type Resource struct {
	Type     string         // "Dossier", "Transfer" …
	ID       string         // "" for a resource that is being made
	Agencies []string       // empty: everybody may know of it
	Secrecy  int            // 0 none … 4
	Attrs    map[string]any // string, int, bool, []string: what the policies ask for
}

// Decision is the answer. Hidden means that the actor may not know of the
// resource: the API says 404. Otherwise Refusal is nil or carries all reasons.
type Decision struct {
	Hidden  bool
	Refusal *rule.Refusal
}

// Allowed says whether the act may be done.
func (d Decision) Allowed() bool { return !d.Hidden && d.Refusal == nil }

// Engine holds the parsed policies, grouped by action. Safe for concurrent use.
type Engine struct {
	all      []named
	byAction sync.Map // action → *group
}

type named struct {
	id      types.PolicyID
	policy  *cedar.Policy
	actions []string // empty: any
	permit  bool
}

type group struct {
	set   *cedar.PolicySet
	who   []string // posts that a permit names
	rule  rule.ID
	fresh string // what must be proved anew for, as people say it
	notes map[types.PolicyID]types.Annotations
}

// New parses the embedded policies.
func New() (*Engine, error) {
	e := &Engine{}
	names, err := fs.Glob(files, "*.cedar")
	if err != nil {
		return nil, err
	}
	sort.Strings(names)
	for _, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		list, err := cedar.NewPolicyListFromBytes(name, text)
		if err != nil {
			return nil, fmt.Errorf("policies: %w", err)
		}
		for i, p := range list {
			actions, err := actionsOf(p)
			if err != nil {
				return nil, fmt.Errorf("policies: %s: %w", name, err)
			}
			e.all = append(e.all, named{types.PolicyID(fmt.Sprintf("%s#%d", name, i+1)), p, actions, p.Effect() == cedar.Permit})
		}
	}
	return e, nil
}

// actionsOf reads the action scope of a policy: == one, in several, or any.
func actionsOf(p *cedar.Policy) ([]string, error) {
	raw, err := p.MarshalJSON()
	if err != nil {
		return nil, err
	}
	type uid struct {
		ID string `json:"id"`
	}
	var doc struct {
		Action struct {
			Op       string `json:"op"`
			Entity   uid    `json:"entity"`
			Entities []uid  `json:"entities"`
		} `json:"action"`
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		return nil, err
	}
	switch {
	case doc.Action.Op == "All":
		return nil, nil
	case doc.Action.Entity.ID != "":
		return []string{doc.Action.Entity.ID}, nil
	}
	var out []string
	for _, u := range doc.Action.Entities {
		out = append(out, u.ID)
	}
	return out, nil
}

// Actions lists every action some policy names, sorted.
func (e *Engine) Actions() []string {
	var out []string
	for _, p := range e.all {
		out = append(out, p.actions...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (e *Engine) group(action string) *group {
	if g, ok := e.byAction.Load(action); ok {
		return g.(*group)
	}
	g := &group{set: cedar.NewPolicySet(), notes: map[types.PolicyID]types.Annotations{}}
	for _, p := range e.all {
		if len(p.actions) > 0 && !slices.Contains(p.actions, action) {
			continue
		}
		g.set.Add(p.id, p.policy)
		notes := p.policy.Annotations()
		g.notes[p.id] = notes
		if fresh := string(notes["fresh"]); p.permit && fresh != "" {
			g.fresh = fresh
		}
		if p.permit && len(p.actions) > 0 {
			if who := string(notes["who"]); who != "" && !slices.Contains(g.who, who) {
				g.who = append(g.who, who)
				if g.rule == "" { // the rule of those who may, not of the system's own permit
					g.rule = rule.ID(notes["rule"])
				}
			}
		}
	}
	kept, _ := e.byAction.LoadOrStore(action, g)
	return kept.(*group)
}

// Fresh names what an action is called where it asks a browser's session for a
// fresh proof of identity (security.md 6): approving, exporting, revealing,
// granting. Empty for all others.
func (e *Engine) Fresh(action string) string { return e.group(action).fresh }

// Decide asks every policy that speaks of the action.
func (e *Engine) Decide(actor Actor, action string, r Resource) Decision {
	if actor.Kind == Staff && len(r.Agencies) > 0 && !slices.ContainsFunc(r.Agencies, actor.Reaches) {
		return Decision{Hidden: true}
	}
	principal := types.NewEntityUID(types.EntityType(actor.Kind), types.String(actor.ID))
	resource := types.NewEntityUID(types.EntityType(r.Type), types.String(r.ID))
	entities := types.EntityMap{
		principal: {UID: principal, Attributes: actorRecord(actor)},
		resource:  {UID: resource, Attributes: resourceRecord(r)},
	}
	g := e.group(action)
	decision, diag := cedar.Authorize(g.set, entities, cedar.Request{
		Principal: principal,
		Action:    types.NewEntityUID("Action", types.String(action)),
		Resource:  resource,
		Context:   types.NewRecord(nil),
	})
	if decision == cedar.Allow {
		return Decision{}
	}
	var reasons []rule.Reason
	for _, why := range diag.Reasons {
		n := g.notes[why.PolicyID]
		if _, hide := n["hide"]; hide { // even a refusal would tell that it is there (15)
			return Decision{Hidden: true}
		}
		reasons = append(reasons, rule.Reason{Rule: rule.ID(n["rule"]), Slug: string(n["slug"]), Message: string(n["message"]), Next: string(n["next"])})
	}
	sort.SliceStable(reasons, func(i, j int) bool { return reasons[i].Slug < reasons[j].Slug })
	if len(reasons) == 0 {
		reasons = []rule.Reason{g.notPermitted()}
	}
	return Decision{Refusal: rule.Refuse(reasons...)}
}

// notPermitted is said when nothing permits: least privilege (29.3) unless the
// action's own permit names another rule.
func (g *group) notPermitted() rule.Reason {
	r := rule.Reason{Rule: g.rule, Slug: "post_not_entitled", Message: "您的岗位不办理此项。", Next: "请交由有权办理的岗位办理。"}
	if r.Rule == "" {
		r.Rule = "29.3"
	}
	if len(g.who) > 0 {
		who := strings.Join(g.who, "、")
		r.Message = "此项由" + who + "办理，当前岗位不能办理。"
		r.Next = "请交由本机构" + who + "办理；需要临时代岗的，由安全管理员登记。"
	}
	return r
}

func actorRecord(a Actor) types.Record {
	m := types.RecordMap{
		"org":       types.String(a.Org),
		"posts":     stringSet(a.Posts),
		"reach":     stringSet(a.Reach),
		"persons":   stringSet(a.kin()),
		"barred":    stringSet(a.Barred),
		"named":     stringSet(a.Named),
		"clearance": types.Long(a.Clearance),
		"uid":       types.String(a.ID),
	}
	for k, v := range a.Attrs {
		m[types.String(k)] = value(v)
	}
	return types.NewRecord(m)
}

func resourceRecord(r Resource) types.Record {
	m := types.RecordMap{
		"agencies": stringSet(r.Agencies),
		"secrecy":  types.Long(r.Secrecy),
	}
	for k, v := range r.Attrs {
		m[types.String(k)] = value(v)
	}
	return types.NewRecord(m)
}

func stringSet(s []string) types.Set {
	out := make([]types.Value, len(s))
	for i, v := range s {
		out[i] = types.String(v)
	}
	return types.NewSet(out...)
}

// value turns a Go value into Cedar's. Anything else is an error of the
// program that the first test of the act finds.
func value(v any) types.Value {
	switch v := v.(type) {
	case string:
		return types.String(v)
	case int:
		return types.Long(v)
	case int64:
		return types.Long(v)
	case bool:
		return types.Boolean(v)
	case []string:
		return stringSet(v)
	}
	panic(fmt.Sprintf("policy: attribute of type %T", v))
}
