package oversight

import (
	"context"
	"slices"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/collect"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rating"
	"dangan/internal/register"
	"dangan/internal/roster"
	"dangan/internal/rule"
	"dangan/internal/supplement"
	"dangan/internal/transfer"
	"dangan/internal/window"
)

// Acts of this room, which are asked for and never done: what is read is numbers.
const (
	ActFigures  = "oversight.figures"
	ActRefusals = "oversight.refusals"
	ActChanges  = "oversight.changes"
)

// Desk is the room's door. It holds the desks whose figures it shows.
type Desk struct {
	Gate        *gate.Gate
	Agencies    *agency.Registry
	Dossiers    *dossier.Desk
	Rosters     *roster.Desk
	Transfers   *transfer.Desk
	Supplements *supplement.Desk
	Collections *collect.Desk
	Window      *window.Desk
	Ratings     *rating.Desk
	Registers   *register.Desk
}

// scope is what a policy of this room is asked on: an agency, or the own subtree as a whole.
func scope(code string) policy.Resource {
	r := policy.Resource{Type: "Oversight", ID: code}
	if code != "" {
		r.Agencies = []string{code}
	}
	return r
}

// may asks the policies, and gives the actor that the rooms are asked as. Their scopes name the
// posts that read cases, and a figure shown here has to be the one a supervisor of the same
// subtree sees: it is counted as for a supervisor, in the reach, under the clearance and with the
// recusal of the one who asks. Nothing but numbers and lists without persons may come back from
// what is asked so.
func (k *Desk) may(by policy.Actor, action, code string) (policy.Actor, error) {
	if err := k.Gate.Allowed(by, action, scope(code)); err != nil {
		return policy.Actor{}, err
	}
	by.Posts = []string{"supervisor"}
	return by, nil
}

// Row is how one agency stands.
type Row struct {
	Agency   agency.Agency
	Above    string // name of the authority
	Holding  dossier.Holding
	Unclear  int64 // packets on the shelf whose person is not certain
	Filing   dossier.Backlog
	Transfer transfer.Standing
	Owed     supplement.Tally
	Tardy    collect.TardyAt
	Window   window.Figure
	Rating   rating.Figure
}

// Sheet is all figures of a subtree.
type Sheet struct {
	Rows         []Row
	Matters      []rating.Figure // ratings by kind of matter
	FilingMore   bool            // counting stopped
	TransferMore bool
}

// Figures are how the agencies of the actor's subtree stand today, and what came late and was
// rated in a period.
func (k *Desk) Figures(ctx context.Context, by policy.Actor, from, until calendar.Date) (out Sheet, err error) {
	as, err := k.may(by, ActFigures, "")
	if err != nil {
		return out, err
	}
	if !from.Valid() || !until.Valid() || from > until {
		return out, rule.Mistake(rule.Reason{Rule: "5", Slug: "period_invalid", Field: "from", Message: "期间的起止日期不对。", Next: "请填写起止日期，起始日期不晚于截止日期。"})
	}
	tree, err := k.Agencies.Tree(ctx)
	if err != nil {
		return out, err
	}
	rows := map[string]*Row{}
	at := func(code string) *Row {
		if rows[code] == nil {
			rows[code] = &Row{}
		}
		return rows[code]
	}
	holdings, err := k.Dossiers.Holdings(ctx, as)
	if err != nil {
		return out, err
	}
	for code, h := range holdings {
		at(code).Holding = h
	}
	unclear, err := k.Rosters.UnclearAt(ctx, as)
	if err != nil {
		return out, err
	}
	for code, n := range unclear {
		at(code).Unclear = n
	}
	backlogs, more, err := k.Dossiers.Backlogs(ctx, as)
	if err != nil {
		return out, err
	}
	out.FilingMore = more
	for _, b := range backlogs {
		at(b.Agency).Filing = b
	}
	standings, more, err := k.Transfers.Tally(ctx, as)
	if err != nil {
		return out, err
	}
	out.TransferMore = more
	for _, s := range standings {
		at(s.Agency).Transfer = s
	}
	owed, err := k.Supplements.Agencies(ctx, as)
	if err != nil {
		return out, err
	}
	for _, t := range owed {
		at(t.Agency).Owed = t
	}
	tardy, err := k.Collections.TardyAgencies(ctx, as, from, until)
	if err != nil {
		return out, err
	}
	for _, t := range tardy {
		at(t.Agency).Tardy = t
	}
	matters, err := k.Window.Figures(ctx, as)
	if err != nil {
		return out, err
	}
	for _, f := range matters {
		at(f.Agency).Window = f
	}
	ratings, err := k.Ratings.Figures(ctx, as, "agency", from, until)
	if err != nil {
		return out, err
	}
	for _, f := range ratings {
		at(f.Key).Rating = f
	}
	if out.Matters, err = k.Ratings.Figures(ctx, as, "matter", from, until); err != nil {
		return out, err
	}
	for _, a := range tree.Nodes() {
		// One that was merged or closed is listed as long as a figure is left under its name.
		row := rows[a.ID]
		if !as.Reaches(a.ID) || row == nil && (!a.Keeps() || a.State != agency.Active) {
			continue
		}
		if row == nil {
			row = &Row{}
		}
		row.Agency, row.Above = a, tree.Name(a.Parent)
		out.Rows = append(out.Rows, *row)
	}
	return out, nil
}

// Kept is one register and how many lines it has in a period.
type Kept struct {
	Register register.Register
	N        int64
	More     bool // at least so many
}

// Kept counts the lines of every register in a period, of one agency or of the whole subtree.
func (k *Desk) Kept(ctx context.Context, by policy.Actor, from, until calendar.Date, code string) ([]Kept, error) {
	as, err := k.may(by, ActFigures, code)
	if err != nil {
		return nil, err
	}
	var out []Kept
	for _, r := range k.Registers.Offered(as) {
		n, more, err := k.Registers.Lines(ctx, as, r.Key, register.Filter{From: from, Until: until, Agency: code})
		if err != nil {
			return nil, err
		}
		out = append(out, Kept{r, n, more})
	}
	return out, nil
}

// Refusals lists notices of 不予办理: business, number, clauses, never to whom. There is no
// searching in it, which would tell whether somebody was refused.
func (k *Desk) Refusals(ctx context.Context, by policy.Actor, f register.Filter) (register.Page, error) {
	return k.lines(ctx, by, ActRefusals, "refusals", f)
}

// Changes lists decisions on agencies, on which document and from which day.
func (k *Desk) Changes(ctx context.Context, by policy.Actor, f register.Filter) (register.Page, error) {
	return k.lines(ctx, by, ActChanges, "agency-changes", f)
}

// lines is a page of a register without what belongs to persons: the columns that a room keeps
// for the dossier, the person, the case and who handled it go, whatever the register is.
func (k *Desk) lines(ctx context.Context, by policy.Actor, action, key string, f register.Filter) (register.Page, error) {
	as, err := k.may(by, action, f.Agency)
	if err != nil {
		return register.Page{}, err
	}
	f.Text = ""
	p, err := k.Registers.List(ctx, as, key, f)
	if err != nil {
		return p, err
	}
	p.Rows = slices.Clone(p.Rows)
	for i := range p.Rows {
		r := &p.Rows[i]
		r.DossierID, r.DossierNo, r.Person, r.CaseRef, r.CaseNo, r.Handler, r.Link = "", "", "", "", "", "", ""
		if key == "refusals" {
			r.Own[refused] = ""
		}
	}
	return p, nil
}

// refused is the column of register 不予办理 that says to whom.
const refused = 2
