package agency

import (
	"context"
	"maps"
	"slices"
	"strings"

	"dangan/internal/calendar"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Kinds of nodes in the tree.
const (
	Province = "province" // the province's HRSS department, code 500000
	Bureau   = "bureau"   // a district's HRSS bureau, code 500108: the direct supervisor
	Center   = "center"   // the municipal center 50000001: serves the whole city
	Office   = "agency"   // a district's agency, 50010801
)

// Kinds of basis (6a).
const (
	Established = "established" // set up by a government of county level or above: no end
	Authorized  = "authorized"  // by the provincial department, for a term
)

// States of a node. One that ended stays readable under its code.
const (
	Active  = "active"
	Pending = "pending" // its establishing or authorizing holds from a coming day
	Merged  = "merged"  // its successor goes on with everything
	Closed  = "closed"
)

// Agency is a node of the tree; its code is its id.
type Agency struct {
	ID           string `db:"id"`
	Version      int64  `db:"version"`
	Name         string `db:"name"`
	Short        string `db:"short"` // 代字 of its papers, such as 南岸人才
	Kind         string `db:"kind"`
	Parent       string `db:"parent,null"`
	Region       string `db:"region"` // division code, or the product's own for functional areas
	BasisKind    string `db:"basis_kind,null"`
	Basis        string `db:"basis,null"`       // document number
	ValidUntil   string `db:"valid_until,null"` // of an authorization
	Address      string `db:"address,null"`
	Postcode     string `db:"postcode,null"`
	Desk         string `db:"desk,null"` // who opens the mail: 档案收发室
	Phone        string `db:"phone,null"`
	Hotline      string `db:"hotline,null"`
	Oversight    string `db:"oversight,null"`     // 监督电话; empty: the hotline is for both
	PostNo       string `db:"post_no,null"`       // number at the confidential post
	PartyHeading string `db:"party_heading,null"` // to whom membership letters of its members are addressed
	State        string `db:"state"`
	Successor    string `db:"successor,null"` // of one that was merged: who holds what it held
}

// Table names the table of agencies.
func (Agency) Table() string { return "agency" }

func init() { store.Describe(Agency{}, Change{}) }

func init() {
	store.Register("agency", store.Audited, "主管部门与档案管理服务机构")
	store.Register("agency_change", store.Audited, "机构设立、授权、更名、合并、撤销、联系方式变更：文号与生效日")
}

// Keeps says whether the node keeps dossiers (bureaus and the province do not).
func (a Agency) Keeps() bool { return a.Kind == Center || a.Kind == Office }

// gone says whether the node is no more.
func (a Agency) gone() bool { return a.State == Merged || a.State == Closed }

// Resource is the agency as the policies see it.
func (a Agency) Resource() policy.Resource {
	return policy.Resource{Type: "Agency", ID: a.ID, Agencies: []string{a.ID}, Attrs: map[string]any{"kind": a.Kind}}
}

// MayTakeIn says whether the agency may take in dossiers on a day (6a): without a
// basis, or after its authorization ended, it may not.
func (a Agency) MayTakeIn(today calendar.Date) *rule.Refusal {
	ended := a.BasisKind == Authorized && a.ValidUntil != "" && a.ValidUntil < today.String()
	if a.Keeps() && a.State == Active && a.BasisKind != "" && !ended {
		return nil
	}
	return rule.Refuse(rule.Reason{Rule: "6a", Slug: "agency_not_qualified",
		Message: a.Name + "未经设立或授权，或者授权已到期，不能新接收档案。",
		Next:    "请由上级主管部门办理设立或授权登记；在办事项和出具证明、查阅不受影响。"})
}

// Tree answers questions of scope. It is a snapshot: agencies change rarely, as acts.
type Tree struct {
	byCode   map[string]Agency
	children map[string][]string
	merged   map[string][]string // successor → those that were merged into it
}

// NewTree builds a tree of all nodes.
func NewTree(all []Agency) *Tree {
	t := &Tree{byCode: map[string]Agency{}, children: map[string][]string{}, merged: map[string][]string{}}
	for _, a := range all {
		t.byCode[a.ID] = a
		t.children[a.Parent] = append(t.children[a.Parent], a.ID)
		if a.State == Merged {
			t.merged[a.Successor] = append(t.merged[a.Successor], a.ID)
		}
	}
	for _, c := range t.children {
		slices.Sort(c)
	}
	return t
}

// Get returns a node by its code.
func (t *Tree) Get(code string) (Agency, bool) {
	a, ok := t.byCode[code]
	return a, ok
}

// Name returns a node's name, or the code itself when there is none.
func (t *Tree) Name(code string) string {
	if a, ok := t.byCode[code]; ok {
		return a.Name
	}
	return code
}

// Subtree lists the codes of a node, of everything below it and of what was merged
// into any of these, sorted.
func (t *Tree) Subtree(code string) []string {
	out := t.Line(code)
	for _, c := range t.children[code] {
		out = append(out, t.Subtree(c)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Line lists a node and all that were merged into it, whose past it answers for.
func (t *Tree) Line(code string) []string {
	out := []string{code}
	for _, c := range t.merged[code] {
		out = append(out, t.Line(c)...)
	}
	return out
}

// Now is the node that goes on with what a node did: itself, or its successor's successor.
func (t *Tree) Now(code string) string {
	for a := t.byCode[code]; a.State == Merged && a.Successor != ""; a = t.byCode[code] {
		code = a.Successor
	}
	return code
}

// Now is Tree.Now for an act, which sees what its own transaction sees.
func Now(ctx context.Context, q store.Querier, code string) (string, error) {
	for {
		a, err := Get(ctx, q, code)
		if err != nil || a.State != Merged || a.Successor == "" {
			return code, err
		}
		code = a.Successor
	}
}

// Nodes lists all nodes by code.
func (t *Tree) Nodes() []Agency {
	out := slices.Collect(maps.Values(t.byCode))
	slices.SortFunc(out, func(a, b Agency) int { return strings.Compare(a.ID, b.ID) })
	return out
}

// Keepers lists the nodes in being that keep dossiers, by code.
func (t *Tree) Keepers() []Agency {
	return slices.DeleteFunc(t.Nodes(), func(a Agency) bool { return !a.Keeps() || a.State != Active })
}

// Below lists the nodes directly below one, by code.
func (t *Tree) Below(code string) []Agency {
	out := make([]Agency, 0, len(t.children[code]))
	for _, c := range t.children[code] {
		out = append(out, t.byCode[c])
	}
	return out
}

// Supervisor returns the direct supervisor of a node.
func (t *Tree) Supervisor(code string) (Agency, bool) {
	a, ok := t.byCode[code]
	if !ok {
		return Agency{}, false
	}
	return t.Get(a.Parent)
}
